//! The coming meetings of a series change from a date on: they become a series of their own.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use schakel_domain::{
    access::Class,
    availability::CalendarId,
    consultation::{
        Event, Place, check,
        series::{Mode, Wall},
    },
    ids::{PersonId, SeriesId},
    refusal::{Refusal, Violation},
    time::{DayTime, Period, wall_clock},
};
use schakel_proto::v1::{self as pb, occurrence::Result as Done};
use uuid::Uuid;

use super::{
    cancel::is_coming,
    show,
    store::{self, Series},
    wire,
};
use crate::{
    access::{circle::Circle, sharing::guests},
    availability::{
        busy::{self, Booking},
        freed,
        proposed::{self, calendars},
    },
    consultation::{
        kind, many,
        meeting::{Meeting, Seat},
        provider, seats, shared,
        table::{self, Around, Guest},
        tell, together,
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// What changes.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// Of which series.
    pub(super) series: SeriesId,
    /// The version that was read.
    pub(super) etag: i32,
    /// From this date of the rule on; absent means all coming ones.
    pub(super) from: Option<NaiveDate>,
    /// When on the day; absent keeps it, as all below.
    pub(super) time: Option<DayTime>,
    /// How long.
    pub(super) length: Option<TimeDelta>,
    /// Where.
    pub(super) place: Option<Place>,
    /// The whole table.
    pub(super) guests: Option<Vec<Guest>>,
    /// Also those that changed by themselves.
    pub(super) overwrite: bool,
    /// Whether one taken time refuses all.
    pub(super) mode: Mode,
}

impl Wish {
    /// When the rule has a meeting that it had at `original`.
    fn at(&self, series: &Series, original: DateTime<Utc>) -> DateTime<Utc> {
        let zone = series.wall.zone;
        let date = wall_clock(zone, original).date();
        self.time.map_or(original, |time| Wall { time, zone }.on(date))
    }
}

/// Changes them.
pub(super) async fn change(tx: &Tx, wish: &Wish) -> Result<pb::BookSeriesResponse> {
    let mut series = store::hold(tx, wish.series).await?;
    let meetings = many::of_series_to_change(tx, wish.series).await?;
    let circle = show::leave(tx, &meetings).await?;
    if series.version != wish.etag {
        return Err(Error::Stale);
    }
    let (coming, behind): (Vec<Meeting>, Vec<Meeting>) =
        meetings.into_iter().partition(|meeting| is_coming(tx, &series, meeting, wish.from));
    let parts = many::parts_of(tx, &coming).await?;
    let is_left = |meeting: &Meeting| {
        let in_parts = parts.iter().any(|part| part.within == Some(meeting.id));
        in_parts || (meeting.member.is_some_and(|part| part.apart) && !wish.overwrite)
    };
    let (left, before): (Vec<Meeting>, Vec<Meeting>) = coming.into_iter().partition(is_left);
    if before.is_empty() {
        return Err(Refusal::AlreadyEnded.into());
    }
    let after =
        before.iter().map(|meeting| changed(tx, meeting, &series, wish)).collect::<Result<Vec<_>>>()?;
    refuse(tx, wish, &after, circle.as_ref()).await?;
    let clashes = rearrange(tx, wish, &before, &after).await?;
    // Whoever leaves is a subject of the change as much as whoever comes.
    let parted = before.iter().zip(&after).zip(&clashes).filter(|(_, clash)| !**clash);
    let parted = parted.flat_map(|((before, after), _)| {
        let is_there = |who: Uuid| who == after.subject || after.seat(PersonId(who)).is_some();
        tell::lines(before, Deed::U, &[Class::K1])
            .into_iter()
            .filter(move |line| line.subject.is_some_and(|who| !is_there(who)))
    });
    tx.audit_all(&parted.collect::<Vec<_>>()).await?;
    let next = continued(tx, &mut series, wish, (&behind, before.iter().chain(&left))).await?;
    let mut written: Vec<(Meeting, Done)> = Vec::with_capacity(before.len() + left.len());
    for ((before, after), clash) in before.into_iter().zip(after).zip(&clashes) {
        let mut meeting = if *clash { before } else { after };
        if *clash {
            meeting.set_apart();
        }
        written.push((meeting, if *clash { Done::Conflict } else { Done::Booked }));
    }
    written.extend(left.into_iter().map(|meeting| (meeting, Done::Kept)));
    let mut meetings: Vec<Meeting> = Vec::with_capacity(written.len());
    for (meeting, _) in &mut written {
        if let Some(part) = &mut meeting.member {
            part.series = next.id;
            // What is left alone belongs to the new rule too, and can go back to it later.
            part.original = wish.at(&next, part.original);
        }
        meetings.push(meeting.clone());
    }
    many::update(tx, &mut meetings).await?;
    let ours =
        |(meeting, (_, done)): (&Meeting, &(Meeting, Done))| (*done == Done::Booked).then(|| meeting.clone());
    let moved: Vec<Meeting> = meetings.iter().zip(&written).filter_map(ours).collect();
    together::follow(tx, &moved, Deed::U, "CONSULTATION_MOVED").await?;
    shared::tell(tx, &moved.iter().collect::<Vec<_>>()).await?;
    for meeting in moved.iter().filter(|_| wish.guests.is_some()) {
        guests::unshare(tx, meeting.id).await?;
        shared::share(tx, meeting, circle.as_ref(), Deed::U).await?;
    }
    let delay = TimeDelta::seconds(tx.app().settings.mail.update_delay_seconds.into());
    together::invite(tx, &[(next.id, next.version)], tx.now() + delay).await?;
    let mut occurrences: Vec<_> = meetings
        .iter()
        .zip(&written)
        .map(|(meeting, (_, done))| wire::changed_to_wire(&next, meeting, *done))
        .collect();
    occurrences.sort_by(|one, other| one.original_date.cmp(&other.original_date));
    let series = Some(wire::to_wire(&next, (&meetings, true), tx.now()));
    Ok(pb::BookSeriesResponse { series, occurrences, warnings: Vec::new() })
}

/// A meeting as it is to be. One that had changed by itself goes back to its rule first.
fn changed(tx: &Tx, before: &Meeting, series: &Series, wish: &Wish) -> Result<Meeting> {
    let mut meeting = before.clone();
    let Some(mut part) = meeting.member else { return Ok(meeting) };
    let own = if part.apart { part.original } else { meeting.time.start() };
    let start = wish.at(series, own);
    let usual = if part.apart { series.length } else { meeting.time.duration() };
    let time = Period::new(start, start + wish.length.unwrap_or(usual))?;
    part.apart = false;
    let place = wish.place.unwrap_or(meeting.place);
    let event = if time != meeting.time {
        Event::Move(time)
    } else if place != meeting.place {
        Event::ChangePlace
    } else {
        Event::ChangeParticipants
    };
    meeting.live_on(meeting.life().after(event, tx.now())?);
    if place != meeting.place {
        meeting.rooms.clear();
    }
    (meeting.place, meeting.member) = (place, Some(part));
    if let Some(guests) = &wish.guests {
        let seat = |guest: &Guest| match meeting.seat(guest.person) {
            Some(seat) => Seat { role: guest.role, optional: guest.optional, ..seat.clone() },
            None => guest.seat(),
        };
        meeting.table = guests.iter().map(seat).collect();
    }
    Ok(meeting)
}

/// Everything that forbids one of the meetings, once.
async fn refuse(tx: &Tx, wish: &Wish, after: &[Meeting], circle: Option<&Circle>) -> Result<()> {
    let mut wrong: Vec<Violation> = Vec::new();
    let Some(first) = after.first() else { return Ok(()) };
    let rules = kind::rules(tx, first.kind, first.day()).await?;
    for meeting in after {
        let around = Around { circle, has_parts: false, rules: &rules, keeps_notice: false };
        for violation in check(&table::wish(meeting, around), tx.now()) {
            let field =
                if violation.field == "start_time" { "time_of_day".into() } else { violation.field.clone() };
            let violation = Violation { field, ..violation };
            if !wrong.contains(&violation) {
                wrong.push(violation);
            }
        }
    }
    for meeting in [Some(first), after.last()].into_iter().flatten() {
        let rooms = seats::rooms(tx, meeting).await?;
        wrong.extend(rooms.into_iter().filter(|violation| !wrong.contains(violation)).collect::<Vec<_>>());
    }
    if let Some(guests) = &wish.guests {
        wrong.extend(table::strangers(tx, guests, circle).await?);
        if after.iter().any(|meeting| meeting.sealed_provider_reason.is_none()) {
            wrong.extend(provider::unexplained(guests, None));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(Error::Invalid(wrong)) }
}

/// Takes everybody's new times, and the old ones where the new are taken; says where.
async fn rearrange(tx: &Tx, wish: &Wish, before: &[Meeting], after: &[Meeting]) -> Result<Vec<bool>> {
    let stood = seats::bookings(tx, before).await?;
    let wanted = seats::bookings(tx, after).await?;
    let both: BTreeSet<CalendarId> = calendars(&stood).into_iter().chain(calendars(&wanted)).collect();
    busy::lock(tx, &both).await?;
    busy::exchange(tx, &stood, &[]).await?;
    let clashes = proposed::taken(tx, (&wanted, &stood), false).await?;
    let refused = match wish.mode {
        Mode::AllOrNothing => clashes.contains(&true),
        Mode::Each => !clashes.contains(&false),
    };
    if refused {
        let taken = after.iter().zip(&clashes).filter(|(_, clash)| **clash);
        let starts =
            taken.map(|(meeting, _)| meeting.time.start().to_rfc3339_opts(SecondsFormat::Secs, true));
        let conflicts = ("conflicts".to_owned(), starts.collect::<Vec<_>>().join(","));
        return Err(Error::Refused(Refusal::TimeConflict, HashMap::from([conflicts])));
    }
    let stands = |((stood, wanted), clash): ((Booking, Booking), &bool)| if *clash { stood } else { wanted };
    let stand: Vec<Booking> = stood.into_iter().zip(wanted).zip(&clashes).map(stands).collect();
    busy::exchange(tx, &[], &stand).await?;
    Ok(clashes)
}

/// The series of the meetings that are `coming`: a new one that follows `series` when others stay
/// behind.
async fn continued<'a>(
    tx: &Tx,
    series: &mut Series,
    wish: &Wish,
    (behind, coming): (&[Meeting], impl Iterator<Item = &'a Meeting>),
) -> Result<Series> {
    let mut next = Series {
        wall: Wall { time: wish.time.unwrap_or(series.wall.time), ..series.wall },
        length: wish.length.unwrap_or(series.length),
        place: wish.place.unwrap_or(series.place),
        ..series.clone()
    };
    if behind.is_empty() {
        store::update(tx, &mut next).await?;
        freed::tell(tx, next.id.0, next.version).await?;
        return Ok(next);
    }
    let originals = coming.filter_map(|meeting| meeting.member).map(|part| part.original);
    let mut first = originals.min().map_or(series.first, |at| wall_clock(series.wall.zone, at).date());
    if let Some(rule) = &series.recurrence {
        let (stays, goes_on) = rule.split(series.first, first);
        series.recurrence = Some(stays);
        // Dates that were added by name may be all that is left.
        (first, next.recurrence) = goes_on.map_or((first, None), |(first, rule)| (first, Some(rule)));
    }
    store::update(tx, series).await?;
    freed::tell(tx, series.id.0, series.version).await?;
    let id = SeriesId(tx.new_id());
    next = Series {
        id,
        first,
        follows: Some(series.id),
        created: tx.now(),
        updated: tx.now(),
        version: 1,
        ..next
    };
    store::insert(tx, std::slice::from_ref(&next)).await?;
    Ok(next)
}
