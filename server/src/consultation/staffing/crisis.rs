//! Nothing → PLANNED within a day: who is on call, the school and a parent, and what gives way.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, DurationRound, TimeDelta, Timelike, Utc};
use schakel_domain::{
    access::Role,
    availability::Site,
    consultation::{
        Kind, KindRules, ParentException, Place, ShortNotice,
        preempt::{Candidate, Choice, Taken, choose},
    },
    ids::{CaseId, PersonId, SchoolId},
    refusal::Refusal,
    time::Period,
};

use super::{
    in_the_way::{self, Whole},
    replan::{self, Displaced},
};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
    },
    availability::{busy, on_call, outside, site, work},
    consultation::{
        book, kind,
        meeting::Meeting,
        table::{self, Guest},
    },
    directory::route,
    error::{Error, Result},
    store::Tx,
};

/// Meetings in a crisis begin from seven in the morning and are over by ten at night.
const DAY: (u32, u32) = (7, 22);
/// They begin on the quarter, the first of them in five minutes at least.
const STEP: TimeDelta = TimeDelta::minutes(15);
const SOONEST: TimeDelta = TimeDelta::minutes(5);
/// What it is.
const KIND: Kind = Kind::Crisis;
/// Who speaks for a school, the first to be asked first.
const SCHOOL: [Role; 3] = [Role::Iber, Role::Zorgcoordinator, Role::Directeur];

/// A crisis as somebody wants it.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// The case.
    pub case: CaseId,
    /// How long; absent means as the kind proposes.
    pub length: Option<TimeDelta>,
    /// Where.
    pub place: Place,
    /// Why no parent with gezag is asked.
    pub parent_exception: Option<ParentException>,
    /// Who has to come besides.
    pub guests: Vec<Guest>,
    /// Within which time from now.
    pub within: TimeDelta,
}

/// A crisis, booked.
#[derive(Debug, Clone)]
pub(super) struct Done {
    /// The meeting.
    pub meeting: Meeting,
    /// What gave way, and what became of it.
    pub displaced: Vec<Displaced>,
}

/// Who could fill each seat, the first to be asked first.
type Seats = Vec<Vec<Seat>>;

#[derive(Debug, Clone)]
struct Seat {
    guest: Guest,
    /// On call then; none for whoever may be asked at any time.
    within: Option<Vec<Period>>,
}

/// Books it, and moves or puts on the waiting list whatever gives way.
///
/// # Errors
/// `NOBODY_ON_CALL`, `NO_CRISIS_TIME`, and whatever a booking may refuse.
pub(super) async fn book(tx: &Tx, wish: &Wish) -> Result<Done> {
    let (circle, _) = circle::reach(tx, wish.case).await?;
    // Before anybody's calendar is looked into.
    let strangers = table::strangers(tx, &wish.guests, Some(&circle)).await?;
    if !strangers.is_empty() {
        return Err(Error::Invalid(strangers));
    }
    let rules = kind::rules(tx, KIND, today(tx.now())).await?;
    let length = wish.length.unwrap_or(TimeDelta::minutes(rules.default_minutes.into()));
    let window = Period::new(tx.now(), tx.now() + wish.within)?;
    let seats = who(tx, wish, &circle, window).await?;
    let persons: Vec<PersonId> = everybody(&seats);
    let held = in_the_way::hold(tx, &persons, window).await?;
    let site = site::of(tx, (wish.place, circle.school), &[], today(tx.now())).await?;
    let there =
        |one: &Seat| (one.guest.person, if one.guest.role.is_private() { Site::Remote } else { site });
    let people: HashMap<PersonId, Site> = seats.iter().flatten().map(there).collect();
    let people: Vec<(PersonId, Site)> = people.into_iter().collect();
    let taken = in_the_way::taken(tx, wish.case, &people, (&held, window)).await?;
    let mut away = work::away(tx, &persons, window).await?;
    away.extend(outside::of(tx, &persons, window).await?);
    let candidates: Vec<Vec<Candidate>> =
        seats.iter().map(|seat| seat.iter().map(|one| candidate(one, &taken, &away)).collect()).collect();
    let choice = choose(&candidates, starts(window, length), length).ok_or(Refusal::NoCrisisTime)?;
    let gone: Vec<Whole> =
        held.into_iter().filter(|whole| choice.displaced.contains(&whole.meeting.id)).collect();
    let bookings: Vec<_> = gone.iter().flat_map(Whole::all).map(|meeting| meeting.id.0).collect();
    busy::forget(tx, &bookings).await?;
    let asked = asked(wish, &circle, (&seats, &choice), (&rules, length));
    let meeting = book::seat(tx, &asked, Some(circle)).await?;
    let displaced = replan::all(tx, gone).await?;
    Ok(Done { meeting, displaced })
}

fn everybody(seats: &Seats) -> Vec<PersonId> {
    let people: BTreeSet<PersonId> = seats.iter().flatten().map(|seat| seat.guest.person).collect();
    people.into_iter().collect()
}

/// The meeting that the choice makes.
fn asked(
    wish: &Wish,
    circle: &Circle,
    (seats, choice): (&Seats, &Choice),
    (rules, length): (&KindRules, TimeDelta),
) -> book::Wish {
    let guest = |(seat, person): (&Vec<Seat>, &PersonId)| {
        seat.iter().map(|one| one.guest).find(|guest| guest.person == *person)
    };
    book::Wish {
        kind: KIND,
        case: Some(wish.case),
        start: choice.start,
        length,
        place: wish.place,
        school: circle.school,
        guests: seats.iter().zip(&choice.chosen).filter_map(guest).collect(),
        parent_exception: wish.parent_exception,
        hulpvraag: None,
        rooms: Vec::new(),
        alone_because: None,
        hold: None,
        short_notice: (rules.notice_hours > 0).then_some(ShortNotice::Urgent),
        parts: Vec::new(),
        provider_reason: None,
        over_outside_busy: false,
    }
}

/// Somebody of the team, of the school, a parent with gezag, and who was named.
async fn who(tx: &Tx, wish: &Wish, circle: &Circle, window: Period) -> Result<Seats> {
    let school = circle.school.ok_or(Refusal::NobodyOnCall)?;
    let (of_team, of_school) = team_and_school(tx, school, circle, window).await?;
    let mut seats = vec![of_team];
    if !of_school.is_empty() {
        seats.push(of_school);
    }
    let free = |person, role| Seat { guest: Guest { person, role, optional: false }, within: None };
    if wish.parent_exception.is_none() {
        let parents: Vec<Seat> =
            circle.parents_with_gezag().map(|parent| free(parent, Role::Ouder)).collect();
        if parents.is_empty() {
            return Err(Error::field("parent_exception", Refusal::ParentRequired));
        }
        seats.push(parents);
    }
    seats.extend(wish.guests.iter().map(|guest| vec![Seat { guest: *guest, within: None }]));
    Ok(seats)
}

/// Who can be called of the team, and who speaks for the school.
async fn team_and_school(
    tx: &Tx,
    school: SchoolId,
    circle: &Circle,
    window: Period,
) -> Result<(Vec<Seat>, Vec<Seat>)> {
    let roles: Vec<Role> = on_call::CALLED.into_iter().chain(SCHOOL).collect();
    let day = today(tx.now());
    let around = route::around(tx, school, Some(&circle.gemeente), &roles).await?;
    let route = around.route(&on_call::CALLED, day);
    let seat = |person, role, within| Seat { guest: Guest { person, role, optional: false }, within };
    let mut team: Vec<Seat> = Vec::new();
    if let Ok(serving) = route.team {
        for shift in on_call::during(tx, serving, window).await? {
            match team.iter_mut().find(|one| one.guest.person == shift.person) {
                Some(one) => one.within.get_or_insert_default().push(shift.time),
                None => team.push(seat(shift.person, shift.role, Some(vec![shift.time]))),
            }
        }
    }
    if team.is_empty() {
        let others = on_call::fallback(&route).into_iter();
        team = others.map(|(person, role, _)| seat(person, role, None)).collect();
    }
    if team.is_empty() {
        return Err(Refusal::NobodyOnCall.into());
    }
    let actor = tx.grant().actor();
    let mut own: Vec<Seat> = SCHOOL
        .into_iter()
        .flat_map(|role| around.own(role, day).map(move |person| (person, role)))
        .map(|(person, role)| seat(person, role, None))
        .collect();
    // Whoever calls for help is there.
    own.sort_by_key(|one| Some(one.guest.person.0) != actor);
    Ok((team, own))
}

fn candidate(seat: &Seat, taken: &HashMap<PersonId, Vec<Taken>>, away: &[(PersonId, Period)]) -> Candidate {
    let person = seat.guest.person;
    Candidate {
        person,
        within: seat.within.clone(),
        away: away.iter().filter(|(who, _)| *who == person).map(|(_, time)| *time).collect(),
        taken: taken.get(&person).cloned().unwrap_or_default(),
    }
}

/// Every quarter of the window at which a meeting of `length` can be held by day.
fn starts(window: Period, length: TimeDelta) -> impl Iterator<Item = DateTime<Utc>> {
    let soonest = window.start() + SOONEST;
    let first = soonest.duration_trunc(STEP).map_or(soonest, |at| if at < soonest { at + STEP } else { at });
    let all = std::iter::successors(Some(first), |at| Some(*at + STEP));
    let by_day = move |at: &DateTime<Utc>| {
        let wall = |at: DateTime<Utc>| at.with_timezone(&chrono_tz::Europe::Amsterdam);
        let (from, until) = (wall(*at), wall(*at + length));
        let ends = until.hour() * 60 + until.minute() <= DAY.1 * 60;
        from.date_naive() == until.date_naive() && from.hour() >= DAY.0 && ends
    };
    all.take_while(move |at| *at + length <= window.end()).filter(by_day)
}
