//! Nothing → held → nothing: by its owner, by booking it, or by itself.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::{Class, Classes, Denied},
    availability::{CalendarId, Site},
    consultation::Place,
    ids::{CaseId, HoldId, PersonId, RoomId, SchoolId},
    refusal::{Refusal, Violation},
    time::Period,
};

use super::store::{self, Hold};
use crate::{
    access::{affiliation, authenticate::today, circle},
    availability::{
        busy::{self, Booking},
        freed, site,
    },
    directory::{room, route},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// The most that one person holds at a time.
const MOST: u64 = 20;

/// What is to be kept free.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub persons: Vec<PersonId>,
    pub rooms: Vec<RoomId>,
    pub start: DateTime<Utc>,
    pub length: TimeDelta,
    pub place: Place,
    pub school: Option<SchoolId>,
    pub case: Option<CaseId>,
    pub ttl: TimeDelta,
}

/// A hold with those whom it keeps free.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub hold: Hold,
    pub persons: Vec<PersonId>,
    pub rooms: Vec<RoomId>,
}

/// Keeps people and rooms free.
///
/// # Errors
/// `TIME_CONFLICT`, `TOO_MANY_HOLDS`, `PERSON_NOT_FOUND`, `ROOM_NOT_FOUND`, `SCHOOL_NOT_FOUND`.
pub(super) async fn take(tx: &Tx, wish: &Wish) -> Result<Held> {
    let owner = PersonId(tx.grant().actor().ok_or(Denied::ActionNotAllowed)?);
    if store::count(tx, owner).await? >= MOST {
        return Err(Refusal::TooManyHolds.into());
    }
    if let Some(school) = wish.school
        && !route::exists(tx, school).await?
    {
        return Err(Error::NotFound("SCHOOL"));
    }
    let time = Period::new(wish.start, wish.start + wish.length)?;
    let private = strangers(tx, wish).await?;
    let day = today(wish.start);
    let rooms = room::among(tx, &wish.rooms, day).await?;
    if let Some(at) = wish.rooms.iter().position(|id| !rooms.iter().any(|room| room.id == *id)) {
        return Err(Error::field(format!("rooms[{at}]"), Refusal::RoomNotFound));
    }
    let site = site::of(tx, (wish.place, wish.school), &rooms, day).await?;
    let hold = Hold {
        id: HoldId(tx.new_id()),
        owner,
        time,
        place: wish.place,
        school: wish.school,
        expires: tx.now() + wish.ttl,
    };
    let seat = |person: &PersonId| {
        let site = if private.contains(person) { Site::Remote } else { site };
        (CalendarId::from(*person), site)
    };
    let persons = wish.persons.iter().map(seat);
    let seats = persons.chain(rooms.iter().map(|room| (room.id.into(), Site::Remote))).collect();
    let booking = Booking { id: hold.id.0, time, seats, expires: Some(hold.expires) };
    busy::change(tx, None, Some(&booking)).await?;
    store::insert(tx, &hold).await?;
    let line = |subject, classes: &[Class]| Line {
        deed: Deed::C,
        object: "hold",
        id: Some(hold.id.0),
        subject,
        classes: Classes::of(classes),
    };
    let mut lines: Vec<Line> = private.iter().map(|person| line(Some(person.0), &[Class::K1])).collect();
    if lines.is_empty() {
        lines.push(line(None, &[Class::K0]));
    }
    tx.audit_all(&lines).await?;
    Ok(Held { hold, persons: wish.persons.clone(), rooms: wish.rooms.clone() })
}

/// Those of the wish that are private: of the circle of its case. Who is neither of the circle
/// nor at work in the region is refused.
async fn strangers(tx: &Tx, wish: &Wish) -> Result<Vec<PersonId>> {
    let circle = match wish.case {
        Some(case) => Some(circle::reach(tx, case).await?.0),
        None => None,
    };
    let posts = affiliation::of(tx, &wish.persons, today(tx.now())).await?;
    let (mut private, mut found) = (Vec::new(), Vec::new());
    for (at, person) in wish.persons.iter().enumerate() {
        if circle.as_ref().is_some_and(|circle| circle.has(*person)) {
            private.push(*person);
        } else if !posts.iter().any(|post| post.person == *person) {
            found.push(Violation::new(format!("persons[{at}]"), Refusal::PersonNotFound));
        }
    }
    if found.is_empty() { Ok(private) } else { Err(Error::Invalid(found)) }
}

/// Lets the caller's own hold go.
///
/// # Errors
/// `HOLD_NOT_FOUND`.
pub(super) async fn release(tx: &Tx, id: HoldId) -> Result<()> {
    let hold = store::to_end(tx, id).await?;
    busy::forget(tx, &[hold.id.0]).await?;
    store::delete(tx, &[hold.id.0]).await?;
    freed::tell(tx, hold.id.0, 1).await?;
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::D, object: "hold", id: Some(id.0), subject: None, classes }).await
}

/// Ends the caller's own hold for a booking: what it kept free is for the caller to release in
/// the same step in which it is taken.
///
/// # Errors
/// `HOLD_NOT_FOUND`, `HOLD_EXPIRED`.
pub async fn redeem(tx: &Tx, id: HoldId) -> Result<Option<Booking>> {
    let hold = store::to_end(tx, id).await?;
    if hold.expires <= tx.now() {
        return Err(Refusal::HoldExpired.into());
    }
    store::delete(tx, &[id.0]).await?;
    Ok(busy::bookings(tx, &[id.0]).await?.pop())
}
