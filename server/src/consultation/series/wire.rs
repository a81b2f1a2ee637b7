//! Series between the wire and the rules.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    consultation::{
        State,
        series::{Decision, Mode, OnClosed},
    },
    ids::SchoolId,
    refusal::Refusal,
    time::{DayTime, zone},
};
use schakel_proto::v1::{
    self as pb,
    consultation::{Kind, Place},
    occurrence::Result as Done,
    series::OnClosed as WireOnClosed,
};

use super::{cancel, change, dates, store::Series, words};
use crate::{
    availability::USUAL_ZONE,
    consultation::{meeting::Meeting, wire},
    wire::{
        enums::number,
        fields::{Fields, text},
        time::{duration, timestamp},
    },
};

/// The most schools whose closed days are asked for by name.
const MOST_SCHOOLS: usize = 50;

/// The series that is to be booked.
pub(super) fn wish(fields: &mut Fields, wire: &pb::BookSeriesRequest) -> Option<dates::Wish> {
    let first = wire::wish(fields, wire.consultation.as_ref());
    if first.as_ref().is_some_and(|first| first.hulpvraag.is_some()) {
        fields.refuse("consultation.hulpvraag", Refusal::FieldInvalid);
    }
    if first.as_ref().is_some_and(|first| !first.parts.is_empty()) {
        fields.refuse("consultation.parts", Refusal::FieldInvalid);
    }
    if first.as_ref().is_some_and(|first| first.length.num_seconds() % 60 != 0) {
        fields.refuse("consultation.duration", Refusal::DurationInvalid);
    }
    let recurrence = fields.parse("recurrence", &wire.recurrence);
    let named = if wire.time_zone.is_empty() { Ok(USUAL_ZONE) } else { zone(&wire.time_zone) };
    let named = named.map_err(|refusal| fields.refuse("time_zone", refusal)).ok();
    let on_closed = match wire.on_closed {
        0 => Some(OnClosed::Skip),
        given => fields.choice("on_closed", given, WireOnClosed::as_str_name),
    };
    if wire.schools.len() > MOST_SCHOOLS {
        fields.refuse("schools", Refusal::FieldInvalid);
    }
    let schools: Vec<Option<SchoolId>> = wire
        .schools
        .iter()
        .enumerate()
        .map(|(at, school)| fields.parse(format!("schools[{at}]"), school))
        .collect();
    let cluster = fields.parse_if("cluster", &wire.cluster);
    let extra = days(fields, "extra_dates", &wire.extra_dates);
    let left_out = days(fields, "left_out_dates", &wire.left_out_dates);
    Some(dates::Wish {
        first: first?,
        recurrence: recurrence?,
        zone: named?,
        on_closed: on_closed?,
        schools: schools.into_iter().collect::<Option<_>>()?,
        cluster,
        extra: extra?,
        left_out: left_out?,
    })
}

fn days(fields: &mut Fields, field: &str, wire: &[String]) -> Option<BTreeSet<NaiveDate>> {
    let all: Vec<Option<NaiveDate>> =
        wire.iter().enumerate().map(|(at, date)| fields.date(format!("{field}[{at}]"), date)).collect();
    all.into_iter().collect()
}

/// Whether all or each; a proposal books neither.
pub(in crate::consultation) fn mode(fields: &mut Fields, wire: i32, dry_run: bool) -> Option<Mode> {
    if wire == 0 && dry_run {
        Some(Mode::Each)
    } else {
        fields.choice("mode", wire, pb::BookingMode::as_str_name)
    }
}

/// What is to change from a date on.
pub(super) fn change(fields: &mut Fields, wire: &pb::UpdateSeriesRequest) -> Option<change::Wish> {
    let series = fields.parse("name", &wire.name);
    let from = fields.date_if("from_date", &wire.from_date);
    let time: Option<DayTime> = fields.parse_if("time_of_day", &wire.time_of_day);
    if time == Some(DayTime::END) {
        fields.refuse("time_of_day", Refusal::FieldInvalid);
    }
    let length = wire.duration.and_then(|length| fields.length("duration", Some(&length)));
    if length.is_some_and(|length| length.num_seconds() % 60 != 0) {
        fields.refuse("duration", Refusal::DurationInvalid);
    }
    let place = match wire.place {
        0 => None,
        place => fields.choice("place", place, Place::as_str_name),
    };
    let guests = if wire.participants.is_empty() {
        None
    } else {
        wire::guests(fields, "participants", &wire.participants)
    };
    let mode = mode(fields, wire.mode, false);
    let etag = fields.etag("etag", &wire.etag);
    let overwrite = wire.overwrite_exceptions;
    Some(change::Wish {
        series: series?,
        etag: etag?,
        from,
        time,
        length,
        place,
        guests,
        overwrite,
        mode: mode?,
    })
}

/// What is to be called off.
pub(super) fn cancel(fields: &mut Fields, wire: &pb::CancelSeriesRequest) -> Option<cancel::Wish> {
    let series = fields.parse("name", &wire.name);
    let from = fields.date_if("from_date", &wire.from_date);
    let etag = fields.etag("etag", &wire.etag);
    Some(cancel::Wish { series: series?, etag: etag?, from })
}

/// A series, with those of its meetings that the caller may see. Its rule tells of them all: it is
/// shown to who may see them all.
pub(super) fn to_wire(
    series: &Series,
    (meetings, is_whole): (&[Meeting], bool),
    now: DateTime<Utc>,
) -> pb::Series {
    let is_coming = |meeting: &&Meeting| meeting.state == State::Planned && meeting.time.start() > now;
    let coming = meetings.iter().filter(is_coming);
    let next = coming.clone().map(|meeting| meeting.time.start()).min();
    pb::Series {
        name: series.id.to_string(),
        kind: number("KIND", &series.kind.to_string(), Kind::from_str_name),
        recurrence: text(series.recurrence.as_ref().filter(|_| is_whole)),
        first_date: text(Some(series.first).filter(|_| is_whole)),
        time_of_day: text(Some(series.wall.time).filter(|_| is_whole)),
        time_zone: series.wall.zone.name().to_owned(),
        duration: Some(duration(series.length)),
        place: number("PLACE", &series.place.to_string(), Place::from_str_name),
        school: text(series.school),
        cluster: text(series.cluster.filter(|_| is_whole)),
        on_closed: number("ON_CLOSED", &series.on_closed.to_string(), WireOnClosed::from_str_name),
        follows: text(series.follows),
        coming_count: i32::try_from(coming.count()).unwrap_or(i32::MAX),
        next_start_time: next.map(timestamp),
        create_time: Some(timestamp(series.created)),
        update_time: Some(timestamp(series.updated)),
        etag: series.version.to_string(),
    }
}

/// A date as it was decided, with the meeting that was booked on it and when else it could be.
pub(super) fn date_to_wire(
    date: &dates::Date,
    booked: Option<&Meeting>,
    offered: &[DateTime<Utc>],
) -> pb::Occurrence {
    let (reason, said) = words::reason(date.occurrence.decision);
    let done = match (date.taken, date.occurrence.decision) {
        (true, _) => Done::Conflict,
        (false, Decision::Held) => Done::Booked,
        (false, Decision::Moved { .. }) => Done::Moved,
        (false, Decision::Skipped(_)) => Done::Skipped,
    };
    pb::Occurrence {
        result: done.into(),
        original_date: date.occurrence.original.to_string(),
        start_time: date.time.map(|time| timestamp(time.start())),
        end_time: date.time.map(|time| timestamp(time.end())),
        consultation: text(booked.map(|meeting| meeting.id)),
        reason: reason.to_owned(),
        text: if date.taken { words::taken() } else { said },
        next_free_times: offered.iter().copied().map(timestamp).collect(),
    }
}

/// A meeting after its series changed.
pub(super) fn changed_to_wire(series: &Series, meeting: &Meeting, done: Done) -> pb::Occurrence {
    let original = meeting.member.map_or(meeting.time.start(), |part| part.original);
    let said = match done {
        Done::Conflict => words::taken(),
        Done::Kept => words::kept(),
        Done::Booked | Done::Moved | Done::Skipped | Done::Unspecified => String::new(),
    };
    pb::Occurrence {
        result: done.into(),
        original_date: schakel_domain::time::wall_clock(series.wall.zone, original).date().to_string(),
        start_time: Some(timestamp(meeting.time.start())),
        end_time: Some(timestamp(meeting.time.end())),
        consultation: meeting.id.to_string(),
        text: said,
        ..Default::default()
    }
}
