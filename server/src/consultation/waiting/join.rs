//! Nothing → WAITING.

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    access::{Class, Role},
    consultation::{
        Kind, KindRules, ParentException, Place, check,
        waiting::{State, Urgency},
    },
    ids::{CaseId, PersonId, SchoolId, WaitingEntryId},
    refusal::{Refusal, Violation},
};
use uuid::Uuid;

use super::{Entry, Seat, store};
use crate::{
    access::{affiliation, authenticate::today, circle::Circle},
    availability::{Who, freed},
    consultation::{
        book, kind,
        meeting::Meeting,
        table::{self, Around, Guest},
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// An entry as somebody wants it.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What it is to be.
    pub kind: Kind,
    /// The case it is about.
    pub case: Option<CaseId>,
    /// The school; absent means the child's own.
    pub school: Option<SchoolId>,
    /// Where.
    pub place: Place,
    /// How long.
    pub length: TimeDelta,
    /// Who is wanted, and who may stay away.
    pub seats: Vec<(Who, bool)>,
    /// How much it matters.
    pub urgency: Urgency,
    /// By when.
    pub target: Option<NaiveDate>,
    /// Why no parent with gezag is asked.
    pub parent_exception: Option<ParentException>,
}

/// Puts a meeting on the list.
pub async fn join(tx: &Tx, wish: &Wish) -> Result<Entry> {
    let actor = PersonId(tx.grant().actor().unwrap_or_default());
    let seated = wish.seats.iter().any(|(who, _)| *who == Who::Person(actor));
    let circle = book::permitted(tx, (wish.case, wish.school), seated).await?;
    let rules = kind::rules(tx, wish.kind, today(tx.now())).await?;
    let minutes = minutes(&rules, wish.length)?;
    let entry = Entry {
        id: WaitingEntryId(tx.new_id()),
        state: State::Waiting,
        kind: wish.kind,
        case: wish.case,
        school: wish.school.or(circle.as_ref().and_then(|circle| circle.school)),
        place: wish.place,
        minutes,
        parent_exception: wish.parent_exception,
        urgency: wish.urgency,
        target: wish.target,
        since: tx.now(),
        requested_by: actor,
        offer: None,
        rests_until: None,
        replaces: None,
        consultation: None,
        version: 1,
        seats: seats(tx, wish, circle.as_ref()).await?,
    };
    let found = impossible(tx, &entry, (circle.as_ref(), &rules))?;
    if !found.is_empty() {
        return Err(Error::Invalid(table::under("waiting_entry.", found)));
    }
    keep(tx, &entry, circle.map(|circle| circle.child)).await?;
    Ok(entry)
}

/// What would forbid the booking at any time and whoever came, but for what is told when an offer
/// is taken.
fn impossible(
    tx: &Tx,
    entry: &Entry,
    (circle, rules): (Option<&Circle>, &KindRules),
) -> Result<Vec<Violation>> {
    let guest = |(seat, stranger): (&Seat, u128)| Guest {
        // Whoever takes a seat of a role is nobody else at the table.
        person: seat.person.unwrap_or(PersonId(Uuid::from_u128(stranger))),
        role: seat.role,
        optional: seat.optional,
    };
    let guests = entry.seats.iter().zip(1..).map(guest).collect();
    let start = tx.now() + TimeDelta::hours(rules.notice_hours.into()) + TimeDelta::days(1);
    let meeting = book::planned(tx, &entry.wish(start, guests), circle)?;
    let around = Around { circle, has_parts: false, rules, keeps_notice: true };
    let mut found = check(&table::wish(&meeting, around), tx.now());
    found.retain(|violation| violation.refusal != Refusal::TwoProfessionalsRequired);
    for violation in &mut found {
        violation.field = violation.field.replacen("participants", "seats", 1);
    }
    Ok(found)
}

/// Puts a meeting on the list that gave way to a crisis: before all others, as its booker's. A part
/// waits as a meeting of its own, and is then as long as one has to be.
pub async fn displaced(tx: &Tx, meeting: &Meeting, rules: &KindRules) -> Result<Entry> {
    let seats = meeting.table.iter().map(|seat| Seat {
        person: Some(seat.person),
        role: seat.role,
        optional: seat.optional,
        offered: None,
    });
    let minutes = u16::try_from(meeting.time.duration().num_minutes()).unwrap_or(u16::MAX);
    let entry = Entry {
        id: WaitingEntryId(tx.new_id()),
        state: State::Waiting,
        kind: meeting.kind,
        case: meeting.case,
        school: meeting.school,
        place: meeting.place,
        // The search knows steps of five minutes.
        minutes: minutes.max(rules.min_minutes).div_ceil(5).saturating_mul(5),
        parent_exception: meeting.parent_exception,
        urgency: Urgency::Urgent,
        target: None,
        since: tx.now(),
        requested_by: meeting.booked_by,
        offer: None,
        rests_until: None,
        replaces: Some(meeting.id),
        consultation: None,
        version: 1,
        seats: seats.collect(),
    };
    keep(tx, &entry, meeting.case.map(|_| PersonId(meeting.subject))).await?;
    Ok(entry)
}

async fn keep(tx: &Tx, entry: &Entry, child: Option<PersonId>) -> Result<()> {
    store::insert(tx, entry).await?;
    freed::tell(tx, entry.id.0, entry.version).await?;
    tx.audit_all(&entry.lines(Deed::C, child, &[Class::K1])).await
}

fn minutes(rules: &KindRules, length: TimeDelta) -> Result<u16> {
    let minutes = u16::try_from(length.num_minutes()).unwrap_or(u16::MAX);
    let stepped = length.num_seconds() % 300 == 0;
    if !stepped || !(rules.min_minutes..=rules.max_minutes).contains(&minutes) {
        return Err(Error::field("waiting_entry.duration", Refusal::DurationInvalid));
    }
    Ok(minutes)
}

/// Everybody by name has a role: in the case, or the first that the register gives.
async fn seats(tx: &Tx, wish: &Wish, circle: Option<&Circle>) -> Result<Vec<Seat>> {
    let named = wish.seats.iter().filter_map(|(who, _)| match who {
        Who::Person(person) => Some(*person),
        Who::Role(_) | Who::Expertise(_) | Who::Interpreter(_) => None,
    });
    let named: Vec<PersonId> = named.collect();
    let posts = affiliation::of(tx, &named, today(tx.now())).await?;
    let role = |person: PersonId| {
        let of_case = circle.and_then(|circle| {
            let parent = circle.parents.iter().any(|(parent, _)| *parent == person);
            let child = (circle.child == person).then_some(Role::Jeugdige);
            child.or(parent.then_some(Role::Ouder))
        });
        of_case.or(posts.iter().find(|post| post.person == person).map(|post| post.role))
    };
    let mut seats = Vec::with_capacity(wish.seats.len());
    let mut unknown = Vec::new();
    for (at, (who, optional)) in wish.seats.iter().enumerate() {
        let known = match who {
            Who::Role(own) => Some((None, *own)),
            Who::Person(person) => role(*person).map(|role| (Some(*person), role)),
            Who::Expertise(_) | Who::Interpreter(_) => None,
        };
        if let Some((person, role)) = known {
            seats.push(Seat { person, role, optional: *optional, offered: None });
        } else {
            let field = format!("waiting_entry.seats[{at}].person");
            unknown.push(Violation::new(field, Refusal::ParticipantUnknown));
        }
    }
    if unknown.is_empty() { Ok(seats) } else { Err(Error::Invalid(unknown)) }
}
