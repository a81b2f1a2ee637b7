//! What a report counts, one by one: cases by what their logs come to, meetings and questions by their rows.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use schakel_domain::{
    access::{Reached, Role},
    consultation::State,
    ids::{CaseId, PersonId, SchoolId},
    monitor::{
        Life, Period,
        report::{
            AgeBand, Asked, Figure, Kind, Listed, Met, Seen, asked, is_placement, listed, measured, met,
            of_case, placed,
        },
    },
};
use uuid::Uuid;

use super::distance::Map;
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
        person,
    },
    consultation::figures::{Meeting, during},
    directory::places::Places,
    error::Result,
    hulpvraag,
    store::Read,
    thuiszitter::{
        self,
        figures::{self, Plain},
    },
};

/// Logs that are open at once.
const PAGE: usize = 250;

/// One thing that is counted.
pub(super) struct Unit {
    /// The circle of its case, or one of its school when it is about none: who is shown it now.
    pub circle: Circle,
    /// Where it counts, and to whom: the same, but that the child may have lived elsewhere then.
    pub place: Circle,
    /// Its case.
    pub case: Option<CaseId>,
    /// What it counts for.
    pub figures: Vec<Figure>,
    /// Of a meeting that was held: calendar days since a school asked for it.
    pub waited: Option<u32>,
    /// Of a meeting that was held: minutes of school social work, and of youth health care.
    pub minutes: (u32, u32),
    /// Its rows of the list of thuiszitters.
    pub rows: Vec<Listed>,
    /// Of a placement outside the wijk: how far from the middle of that.
    pub kilometres: Option<u32>,
}

impl Unit {
    /// Something that counts where its circle is.
    fn of(circle: Circle, case: Option<CaseId>, figures: Vec<Figure>) -> Self {
        let (waited, minutes, rows, kilometres) = (None, (0, 0), Vec::new(), None);
        Self { place: circle.clone(), circle, case, figures, waited, minutes, rows, kilometres }
    }
}

/// All of the region that counts for something: of what `known` knows, what lies within `wanted`. Both are
/// asked of where it counts: who knows of a gemeente's children tells of those that lived in it then.
pub(super) async fn units(
    read: &Read,
    (kind, period): (Kind, Period),
    places: &Places,
    (known, wanted): (impl Fn(&Circle) -> bool, impl Fn(&Circle) -> bool),
) -> Result<Vec<Unit>> {
    let all = circle::counted(read).await?;
    let found = match kind {
        Kind::Thuiszitters
        | Kind::Leerplichttelling
        | Kind::Jaarverslag
        | Kind::Placements
        | Kind::Opp
        | Kind::Continuity => {
            let now = |circle: &Circle| known(circle) && wanted(circle);
            let then = |circle: &Circle| known(circle) || known_anywhere(read, circle, &known);
            let is_then = kind.is_of_residents_then();
            let wants = |circle: &Circle| if is_then { then(circle) } else { now(circle) };
            let circles: Vec<Circle> = all.into_iter().filter(wants).collect();
            cases(read, (kind, period), places, circles).await?
        }
        Kind::Consultations => meetings(read, period, places, &by_case(all)).await?,
        Kind::Demand => questions(read, period, places, &by_case(all)).await?,
    };
    let wants = |unit: &Unit| !unit.figures.is_empty() && known(&unit.place) && wanted(&unit.place);
    Ok(found.into_iter().filter(wants).collect())
}

/// Whether the caller would know of the case if the child had lived in its gemeente.
fn known_anywhere(read: &Read, circle: &Circle, known: impl Fn(&Circle) -> bool) -> bool {
    read.grant().reached().iter().any(|(reached, _)| {
        let Reached::Residence(gemeente) = reached else { return false };
        known(&Circle { gemeente: gemeente.clone(), ..circle.clone() })
    })
}

fn by_case(circles: Vec<Circle>) -> HashMap<CaseId, Circle> {
    circles.into_iter().map(|circle| (circle.case, circle)).collect()
}

/// `WK053701` lies in `GM0537`.
pub(in crate::monitor) fn around_wijk(wijk: &str) -> Option<String> {
    wijk.get(2..6).map(|digits| format!("GM{digits}"))
}

/// The gemeenten of the region: those of its register, and those in which its schools stand.
pub(in crate::monitor) fn gemeenten(places: &Places) -> BTreeSet<String> {
    let known = places.areas.keys().filter(|code| code.starts_with("GM")).cloned();
    known.chain(places.schools.values().filter_map(|stands| around_wijk(&stands.wijk))).collect()
}

/// Where something about no child counts: as a case of the school would, of the gemeente around it.
fn near(places: &Places, school: SchoolId) -> Circle {
    let stands = places.schools.get(&school.0);
    let gemeente = stands.and_then(|stands| around_wijk(&stands.wijk)).unwrap_or_default();
    Circle {
        case: CaseId(Uuid::nil()),
        school: Some(school),
        gemeente,
        child: PersonId(Uuid::nil()),
        open: true,
        hold: None,
        level: 0,
        escalated: None,
        parents: Vec::new(),
        guests: Vec::new(),
    }
}

/// The place of something about `case`, or about a school alone; none when the case is put aside.
fn at(
    places: &Places,
    circles: &HashMap<CaseId, Circle>,
    (case, school): (Option<CaseId>, Option<SchoolId>),
) -> Option<Circle> {
    match case {
        Some(case) => circles.get(&case).cloned(),
        None => school.map(|school| near(places, school)),
    }
}

/// From before the first day until after the last, wherever the sun stands; the days are looked at one by one.
pub(super) fn around(period: Period) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let eve = period.from().checked_sub_days(Days::new(1)).unwrap_or(period.from());
    let after = period.until().checked_add_days(Days::new(2)).unwrap_or(period.until());
    (midnight(eve), midnight(after))
}

async fn cases(
    read: &Read,
    (kind, period): (Kind, Period),
    places: &Places,
    circles: Vec<Circle>,
) -> Result<Vec<Unit>> {
    let profile = thuiszitter::store::profile(read, period.until()).await?;
    let plain: HashMap<Uuid, Plain> =
        figures::plain(read).await?.into_iter().map(|plain| (plain.case, plain)).collect();
    let gemeenten = gemeenten(places);
    let places_children = matches!(kind, Kind::Placements);
    let (left, map) = if places_children {
        (figures::schools_left(read, &circles).await?, Map::of(read, places).await?)
    } else {
        (HashMap::new(), Map::default())
    };
    let mut found = Vec::new();
    for page in circles.chunks(PAGE) {
        let known = figures::known(read, page).await?;
        for circle in page {
            let key = circle.case.0;
            let (Some(known), Some(plain)) = (known.get(&key), plain.get(&key)) else { continue };
            let Some(life) = Life::of(known, &profile, plain.opened, period.until()) else { continue };
            let seen = Seen { known, life: &life, profile: &profile, period, gemeenten: &gemeenten };
            let mut counts = of_case(kind, seen);
            let mut kilometres = None;
            if places_children {
                let left = left.get(&circle.case).map(Vec::as_slice).unwrap_or_default();
                let (more, far) = placement((places, &map), circle, (&life, left), period);
                (kilometres, counts) = (far, [counts, more].concat());
            }
            let rows = if matches!(kind, Kind::Thuiszitters) { listed(seen) } else { Vec::new() };
            let mut place = circle.clone();
            if kind.is_of_residents_then()
                && let Some(gemeente) = seen.gemeente()
            {
                place.gemeente = gemeente.to_string();
            }
            let circle = circle.clone();
            let (case, figures) = (Some(circle.case), counts);
            let (waited, minutes) = (None, (0, 0));
            found.push(Unit { circle, place, case, figures, waited, minutes, rows, kilometres });
        }
    }
    Ok(found)
}

/// The last placement of a child in the period: a move to another school, or an outcome that says so; and how far
/// it is outside the wijk.
fn placement(
    (places, map): (&Places, &Map),
    circle: &Circle,
    (life, left): (&Life, &[(NaiveDate, SchoolId)]),
    period: Period,
) -> (Vec<Figure>, Option<u32>) {
    let wijk = |school: SchoolId| places.schools.get(&school.0).map(|stands| stands.wijk.as_str());
    let mut outcomes = life.rounds.iter().filter_map(|round| round.outcome);
    let last = outcomes.rfind(|(day, outcome)| period.has(*day) && is_placement(*outcome));
    let outcome = last.map(|(_, outcome)| outcome);
    let moved = left.iter().rposition(|(day, _)| period.has(*day));
    if let Some(at) = moved {
        let to = left.get(at + 1).map(|(_, school)| *school).or(circle.school);
        let from = left.get(at).map(|(_, school)| *school).and_then(wijk);
        let figures = placed(from, to.and_then(wijk), outcome);
        let far = from.zip(to).and_then(|(from, to)| map.kilometres(from, to));
        let known = measured(&figures, far);
        return (figures.into_iter().chain(known).collect(), far.filter(|_| known.is_some()));
    }
    let unmoved = || placed(circle.school.and_then(wijk), None, outcome).to_vec();
    (outcome.map_or_else(Vec::new, |_| unmoved()), None)
}

async fn meetings(
    read: &Read,
    period: Period,
    places: &Places,
    circles: &HashMap<CaseId, Circle>,
) -> Result<Vec<Unit>> {
    let (from, until) = around(period);
    let all = during(read, from, until).await?;
    let unit = |meeting: &Meeting| {
        // Of no child and asked for by nobody: a council.
        if !period.has(today(meeting.start)) || (meeting.case.is_none() && meeting.asked.is_none()) {
            return None;
        }
        let circle = at(places, circles, (meeting.case, meeting.school))?;
        let unit = Unit::of(circle, meeting.case, Vec::new());
        match meeting.state {
            State::Planned => None,
            State::Cancelled => Some(Unit { figures: vec![Figure::Cancelled], ..unit }),
            State::Held => {
                let waited = meeting.asked.map(|asked| {
                    let days = (today(meeting.start) - today(asked)).num_days().max(0);
                    u32::try_from(days).unwrap_or(u32::MAX)
                });
                Some(Unit { figures: of_held(meeting, waited), waited, minutes: minutes(meeting), ..unit })
            }
        }
    };
    Ok(all.iter().filter_map(unit).collect())
}

fn of_held(meeting: &Meeting, waited: Option<u32>) -> Vec<Figure> {
    let came = |role: Role| meeting.seats.iter().any(|seat| seat.role == role && seat.attended == Some(true));
    let missed = meeting.seats.iter().any(|seat| !seat.optional && seat.attended == Some(false));
    met(Met {
        parents: came(Role::Ouder),
        heard: meeting.heard,
        help: meeting.help,
        all_came: !missed,
        waited,
    })
}

/// The time of school social work, and of youth health care, at its table.
fn minutes(meeting: &Meeting) -> (u32, u32) {
    let of = |roles: [Role; 2]| {
        let there = meeting.seats.iter().filter(|seat| roles.contains(&seat.role));
        let there = there.filter(|seat| seat.attended != Some(false)).count();
        meeting.minutes.saturating_mul(u32::try_from(there).unwrap_or(u32::MAX))
    };
    (of([Role::Smw, Role::Gezinswerker]), of([Role::Jeugdarts, Role::Jeugdverpleegkundige]))
}

async fn questions(
    read: &Read,
    period: Period,
    places: &Places,
    circles: &HashMap<CaseId, Circle>,
) -> Result<Vec<Unit>> {
    let (from, until) = around(period);
    let all = hulpvraag::store::asked_in(read, from, until).await?;
    let children: Vec<PersonId> = all
        .iter()
        .filter_map(|question| question.case)
        .filter_map(|case| circles.get(&case))
        .map(|circle| circle.child)
        .collect();
    let children = person::open(read, &children).await?;
    let found = all.iter().filter(|question| period.has(today(question.created))).filter_map(|question| {
        let circle = at(places, circles, (question.case, Some(question.school)))?;
        let birth = children.get(&circle.child).and_then(|child| child.birth_date);
        let figures = asked(Asked {
            role: question.role,
            category: question.category,
            state: question.state,
            age: AgeBand::of(birth, today(question.created)),
        });
        Some(Unit::of(circle, question.case, figures))
    });
    Ok(found.collect())
}
