//! Scarce time between the wire and the rules.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{consultation::Place, ids::PersonId, refusal::Refusal, time::Period};
use schakel_proto::v1::{
    self as pb,
    consultation::{ParentException, Place as WirePlace},
    list_team_meetings_response as listed, propose_substitutes_response as proposed,
};

use super::{
    crisis,
    replan::Displaced,
    substitute::{Choice, Proposal, Proposals},
    team::Agenda,
};
use crate::{
    access::rpc::role_to_wire,
    consultation::{
        meeting::{Meeting, Seat},
        wire,
    },
    wire::{
        enums::number,
        fields::{Fields, text},
        time::{duration, timestamp},
    },
};

const MOST_GUESTS: usize = 10;
const MOST_CHOICES: usize = 100;
const LONGEST_WINDOW: TimeDelta = TimeDelta::weeks(26);
const USUAL_WITHIN: TimeDelta = TimeDelta::days(1);

/// The crisis that is to be booked.
pub(super) fn crisis(fields: &mut Fields, request: &pb::BookCrisisRequest) -> Option<crisis::Wish> {
    let case = fields.parse("case", &request.case);
    let length = match &request.duration {
        None => Some(None),
        Some(length) => fields.length("duration", Some(length)).map(Some),
    };
    let place = match request.place {
        0 => Some(Place::School),
        place => fields.choice("place", place, WirePlace::as_str_name),
    };
    let parent_exception = match request.parent_exception {
        0 => None,
        why => fields.choice("parent_exception", why, ParentException::as_str_name),
    };
    if request.participants.len() > MOST_GUESTS {
        fields.refuse("participants", Refusal::TooManyAttendees);
        return None;
    }
    let guests = request.participants.iter().enumerate();
    let guests: Vec<_> =
        guests.map(|(at, guest)| wire::guest(fields, &format!("participants[{at}]"), guest)).collect();
    let within = match &request.within {
        None => Some(USUAL_WITHIN),
        Some(within) if within.nanos == 0 && (3_600..=259_200).contains(&within.seconds) => {
            Some(TimeDelta::seconds(within.seconds))
        }
        Some(_) => {
            fields.refuse("within", Refusal::TimeRangeInvalid);
            None
        }
    };
    Some(crisis::Wish {
        case: case?,
        length: length?,
        place: place?,
        parent_exception,
        guests: guests.into_iter().collect::<Option<_>>()?,
        within: within?,
    })
}

/// A stretch of weeks from now on, or as it was asked.
pub(super) fn window(
    fields: &mut Fields,
    (start, end): (Option<&prost_types::Timestamp>, Option<&prost_types::Timestamp>),
    (now, usual): (DateTime<Utc>, TimeDelta),
) -> Option<Period> {
    let start = match start {
        Some(start) => fields.instant("start_time", Some(start)),
        None => Some(now),
    };
    let end = match end {
        Some(end) => fields.instant("end_time", Some(end)),
        None => start.map(|start| start + usual),
    };
    let (start, end) = start.zip(end)?;
    let window = Period::new(start, end).ok().filter(|window| window.duration() <= LONGEST_WINDOW);
    if window.is_none() {
        fields.refuse("end_time", Refusal::TimeRangeInvalid);
    }
    window
}

/// Who comes where.
pub(super) fn choices(
    fields: &mut Fields,
    wire: &[pb::substitute_participants_request::Choice],
) -> Option<Vec<Choice>> {
    if wire.is_empty() || wire.len() > MOST_CHOICES {
        let refusal = if wire.is_empty() { Refusal::FieldRequired } else { Refusal::TooManyAttendees };
        fields.refuse("choices", refusal);
        return None;
    }
    let choices: Vec<Option<Choice>> = wire
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let id = fields.parse(format!("choices[{at}].consultation"), &one.consultation);
            let comes: Option<PersonId> = fields.parse(format!("choices[{at}].substitute"), &one.substitute);
            let etag = fields.etag(format!("choices[{at}].etag"), &one.etag);
            let known = crate::consultation::reach::Known { id: id?, etag: etag? };
            Some(Choice { known, comes: comes? })
        })
        .collect();
    choices.into_iter().collect()
}

/// A meeting that gave way; its name for who may see it.
pub(super) fn displaced(displaced: &Displaced, is_seen: bool) -> pb::DisplacedConsultation {
    let (before, after) = (&displaced.before, &displaced.after);
    if !is_seen {
        return pb::DisplacedConsultation::default();
    }
    let moved = Some(after.time.start()).filter(|start| *start != before.time.start());
    pb::DisplacedConsultation {
        name: before.id.to_string(),
        start_time: Some(timestamp(before.time.start())),
        duration: Some(duration(before.time.duration())),
        new_start_time: moved.map(timestamp),
    }
}

/// Who could come where.
pub(super) fn proposals(proposals: &Proposals) -> pb::ProposeSubstitutesResponse {
    let substitute = |one: &schakel_domain::consultation::substitute::Candidate| proposed::Substitute {
        person: one.person.to_string(),
        display_name: proposals.names.get(&one.person).cloned().unwrap_or_default(),
        linked: one.linked,
        week_minutes: proposals
            .loads
            .contains(&one.person)
            .then(|| i32::try_from(one.minutes).unwrap_or(i32::MAX)),
    };
    let meeting = |Proposal { meeting, role, substitutes }: &Proposal| proposed::Meeting {
        name: meeting.id.to_string(),
        start_time: Some(timestamp(meeting.time.start())),
        duration: Some(duration(meeting.time.duration())),
        school: text(meeting.school),
        role: role_to_wire(*role),
        substitutes: substitutes.iter().map(substitute).collect(),
        etag: meeting.version.to_string(),
    };
    pb::ProposeSubstitutesResponse { meetings: proposals.meetings.iter().map(meeting).collect() }
}

/// What a team does.
pub(super) fn agenda(agenda: &Agenda) -> pb::ListTeamMeetingsResponse {
    let meeting = |meeting: &Meeting| {
        let member = |seat: &Seat| listed::Member {
            person: seat.person.to_string(),
            display_name: agenda.names.get(&seat.person).cloned().unwrap_or_default(),
            role: role_to_wire(seat.role),
            missing: agenda.is_missing(meeting, seat.person),
        };
        listed::Meeting {
            name: meeting.id.to_string(),
            reference: meeting.reference.clone(),
            start_time: Some(timestamp(meeting.time.start())),
            duration: Some(duration(meeting.time.duration())),
            place: number("PLACE", &meeting.place.to_string(), WirePlace::from_str_name),
            school: text(meeting.school),
            members: agenda.seats(meeting).map(member).collect(),
        }
    };
    pb::ListTeamMeetingsResponse { meetings: agenda.meetings.iter().map(meeting).collect() }
}
