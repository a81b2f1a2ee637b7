//! Whose time a meeting takes, where everybody is then, and whether they take so much.

use schakel_domain::{
    availability::{CalendarId, Site},
    consultation::{KindRules, Place, kinds::Priority},
    ids::{ConsultationId, RoomId},
    refusal::{Refusal, Violation},
};

use super::meeting::Meeting;
use crate::{
    availability::{
        busy::{self, Booking},
        limits, site,
    },
    directory::room::{self, Room},
    error::Result,
    store::{Read, Tx},
};

/// The most rooms that one meeting takes.
const MOST_ROOMS: usize = 5;

/// Makes `after` stand in everybody's calendar where `before` stood; either may be nothing.
///
/// # Errors
/// `TIME_CONFLICT`, without a word of the other meeting.
pub(super) async fn change(tx: &Tx, before: Option<&Meeting>, after: Option<&Meeting>) -> Result<()> {
    change_all(tx, before.as_slice(), after.as_slice()).await
}

/// The same of several meetings at once: all of `after` stand, or nothing changes. They are at
/// one place, as a meeting and its parts are, the meeting first.
///
/// # Errors
/// `TIME_CONFLICT`.
pub(super) async fn change_all(tx: &Tx, before: &[&Meeting], after: &[&Meeting]) -> Result<()> {
    let before: Vec<Booking> = before.iter().map(|meeting| booking(meeting, Site::Remote)).collect();
    exchange(tx, &before, after).await
}

/// Takes everybody for new meetings, for which their owner may have held the time.
///
/// # Errors
/// `TIME_CONFLICT`.
pub(super) async fn take_all(tx: &Tx, held: Option<Booking>, after: &[&Meeting]) -> Result<()> {
    exchange(tx, held.as_slice(), after).await
}

async fn exchange(tx: &Tx, before: &[Booking], after: &[&Meeting]) -> Result<()> {
    let site = match after.first() {
        Some(after) => site(tx, after).await?,
        None => Site::Remote,
    };
    let after: Vec<Booking> = after.iter().map(|meeting| booking(meeting, site)).collect();
    busy::exchange(tx, before, &after).await
}

/// Where the professionals of a meeting have to be.
pub(super) async fn site(read: &Read, meeting: &Meeting) -> Result<Site> {
    let day = meeting.day();
    let rooms = room::among(read, &meeting.rooms, day).await?;
    site::of(read, (meeting.place, meeting.school), &rooms, day).await
}

/// What each of `meetings` takes, wherever it is, in two statements at most.
pub(super) async fn bookings(read: &Read, meetings: &[Meeting]) -> Result<Vec<Booking>> {
    let taken: Vec<RoomId> = meetings.iter().flat_map(|meeting| &meeting.rooms).copied().collect();
    let rooms = room::with_days(read, &taken).await?;
    let at = |meeting: &Meeting| {
        let day = meeting.day();
        let mut there = rooms.iter().filter(|(_, days)| days.holds_on(day)).map(|(room, _)| *room);
        let room = there.find(|room| meeting.rooms.contains(&room.id));
        site::At { place: meeting.place, school: meeting.school, room, day }
    };
    let sites = site::of_each(read, &meetings.iter().map(at).collect::<Vec<_>>()).await?;
    Ok(meetings.iter().zip(sites).map(|(meeting, site)| booking(meeting, site)).collect())
}

/// What `meeting` takes when its professionals have to be at `site`: of a part, who comes for that
/// part alone. The private are held to no travel, and rooms stay where they are.
pub(super) fn booking(meeting: &Meeting, site: Site) -> Booking {
    let persons = meeting.table.iter().filter(|seat| !seat.fixed).map(|seat| {
        let site = if seat.role.is_private() { Site::Remote } else { site };
        (CalendarId::from(seat.person), site)
    });
    let rooms = meeting.rooms.iter().map(|room| (CalendarId::from(*room), Site::Remote));
    Booking { id: meeting.id.0, time: meeting.time, seats: persons.chain(rooms).collect(), expires: None }
}

/// Refuses what somebody whom one of `taken` calls does not take. A meeting, its parts and `beside`
/// count as one; a crisis asks nobody how much they take.
///
/// # Errors
/// `LIMIT_REACHED`.
pub(super) async fn wanted(
    tx: &Tx,
    rules: &KindRules,
    taken: &[&Meeting],
    beside: &[ConsultationId],
) -> Result<()> {
    if rules.priority == Priority::Crisis {
        return Ok(());
    }
    let called = taken.iter().map(|meeting| (meeting.called_professionals().collect(), meeting.time));
    let own = taken.iter().map(|meeting| meeting.id.0).chain(beside.iter().map(|id| id.0));
    limits::keep(tx, &called.collect::<Vec<_>>(), &own.collect::<Vec<_>>()).await
}

/// Everything wrong with the rooms of `meeting`, in one statement at most.
pub(super) async fn rooms(read: &Read, meeting: &Meeting) -> Result<Vec<Violation>> {
    if meeting.rooms.is_empty() {
        return Ok(Vec::new());
    }
    let there = room::among(read, &meeting.rooms, meeting.day()).await?;
    let elsewhere = there.iter().any(|room| room.organisation != there[0].organisation);
    let nowhere = match meeting.place {
        Place::School | Place::Team => false,
        Place::Online | Place::Phone | Place::Home => true,
    };
    let twice = meeting.rooms.iter().enumerate().any(|(at, room)| meeting.rooms[..at].contains(room));
    let mut found = Vec::new();
    if nowhere || twice || elsewhere || meeting.rooms.len() > MOST_ROOMS {
        found.push(Violation::new("rooms", Refusal::FieldInvalid));
    }
    let fits = |room: &Room| {
        let at_school = meeting.school.is_some_and(|school| school.0 == room.organisation.0);
        at_school || meeting.place != Place::School
    };
    let wrong = |(at, id)| {
        let known = there.iter().find(|room| room.id == id && fits(room));
        match known {
            None => Some(Violation::new(format!("rooms[{at}]"), Refusal::RoomNotFound)),
            Some(room) if room.seats < meeting.table.len() => {
                Some(Violation::new(format!("rooms[{at}]"), Refusal::RoomTooSmall))
            }
            Some(_) => None,
        }
    };
    found.extend(meeting.rooms.iter().copied().enumerate().filter_map(wrong));
    Ok(found)
}
