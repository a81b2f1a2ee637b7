//! Meetings between the wire and the rules.

use schakel_domain::{
    access::Class,
    consultation::{self as domain, Outcome, booking::MAX_PARTICIPANTS, outcome::Action},
    ids::{PersonId, RoomId},
    refusal::Refusal,
};
use schakel_proto::v1::{
    self as pb,
    consultation::{AloneBecause, Kind, ParentException, Place, ShortNotice, State},
    outcome::{Agreement, ChildHeard, JgtHulpGewenst},
    participant::{Answer, DeclineReason, Delivery},
};

use super::{
    book,
    meeting::Seat,
    minutes::{Agreed, Minutes},
    outcome,
    parts::wire as parts,
    reach::Known,
    show::Shown,
    table::Guest,
};
use crate::{
    access::rpc::role_to_wire,
    store::outbox::{BOUNCED, MailState},
    wire::{
        enums::number,
        fields::{Fields, text},
        time::{duration, timestamp, timestamp_of},
    },
};

/// The most actions that one meeting agrees on.
const MAX_ACTIONS: usize = 50;

/// The meeting that is to be booked.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::Consultation>) -> Option<book::Wish> {
    let Some(wire) = wire else {
        fields.refuse("consultation", Refusal::FieldRequired);
        return None;
    };
    let kind = fields.choice("consultation.kind", wire.kind, Kind::as_str_name);
    let case = fields.parse_if("consultation.case", &wire.case);
    let start = fields.instant("consultation.start_time", wire.start_time.as_ref());
    let length = fields.length("consultation.duration", wire.duration.as_ref());
    let place = fields.choice("consultation.place", wire.place, Place::as_str_name);
    let school = fields.parse_if("consultation.school", &wire.school);
    let guests = guests(fields, "consultation.participants", &wire.participants);
    let parent_exception = match wire.parent_exception {
        0 => None,
        why => fields.choice("consultation.parent_exception", why, ParentException::as_str_name),
    };
    let hulpvraag = fields.parse_if("consultation.hulpvraag", &wire.hulpvraag);
    let rooms = rooms(fields, "consultation.rooms", &wire.rooms);
    let alone_because = alone(fields, "consultation.alone_because", wire.alone_because);
    let short_notice = short_notice(fields, "consultation.short_notice", wire.short_notice);
    let parts = parts::booked(fields, "consultation.parts", &wire.parts);
    let provider_reason = fields.parse_if("consultation.provider_reason", &wire.provider_reason);
    Some(book::Wish {
        kind: kind?,
        case,
        start: start?,
        length: length?,
        place: place?,
        school,
        guests: guests?,
        parent_exception,
        hulpvraag,
        rooms: rooms?,
        alone_because,
        hold: None,
        short_notice,
        parts: parts?,
        provider_reason,
        over_outside_busy: false,
    })
}

/// The rooms that a meeting takes.
pub(super) fn rooms(fields: &mut Fields, field: &str, wire: &[String]) -> Option<Vec<RoomId>> {
    let all: Vec<_> =
        wire.iter().enumerate().map(|(at, wire)| fields.parse(format!("{field}[{at}]"), wire)).collect();
    all.into_iter().collect()
}

/// Why one professional goes alone.
pub(super) fn alone(fields: &mut Fields, field: &str, wire: i32) -> Option<domain::AloneBecause> {
    match wire {
        0 => None,
        why => fields.choice(field, why, AloneBecause::as_str_name),
    }
}

/// Why something is at shorter notice than its kind asks.
pub(super) fn short_notice(fields: &mut Fields, field: &str, wire: i32) -> Option<domain::ShortNotice> {
    match wire {
        0 => None,
        why => fields.choice(field, why, ShortNotice::as_str_name),
    }
}

/// Why the caller does not come; goes with a no alone.
pub(super) fn decline_reason(
    fields: &mut Fields,
    given: Option<domain::Answer>,
    wire: i32,
) -> Option<domain::DeclineReason> {
    if wire == 0 {
        return None;
    }
    if given.is_some_and(|given| given != domain::Answer::Declined) {
        fields.refuse("decline_reason", Refusal::FieldInvalid);
    }
    fields.choice("decline_reason", wire, DeclineReason::as_str_name)
}

pub(super) fn guests(fields: &mut Fields, field: &str, wire: &[pb::Participant]) -> Option<Vec<Guest>> {
    if wire.is_empty() {
        fields.refuse(field, Refusal::FieldRequired);
        return None;
    }
    if wire.len() > MAX_PARTICIPANTS {
        fields.refuse(field, Refusal::TooManyAttendees);
        return None;
    }
    let all: Vec<_> =
        wire.iter().enumerate().map(|(at, wire)| guest(fields, &format!("{field}[{at}]"), wire)).collect();
    all.into_iter().collect()
}

/// Somebody to be invited.
pub(super) fn guest(fields: &mut Fields, field: &str, wire: &pb::Participant) -> Option<Guest> {
    let person = fields.parse(format!("{field}.person"), &wire.person);
    let role = fields.choice(format!("{field}.role"), wire.role, pb::Role::as_str_name);
    Some(Guest { person: person?, role: role?, optional: wire.optional })
}

/// Which meeting, as the caller read it.
pub(super) fn known(fields: &mut Fields, name: &str, etag: &str) -> Option<Known> {
    let id = fields.parse("name", name);
    let etag = fields.etag("etag", etag);
    id.zip(etag).map(|(id, etag)| Known { id, etag })
}

/// What came of a meeting.
pub(super) fn outcome(
    fields: &mut Fields,
    known: Option<Known>,
    wire: Option<&pb::Outcome>,
) -> Option<outcome::Wish> {
    let Some(wire) = wire else {
        fields.refuse("outcome", Refusal::FieldRequired);
        return None;
    };
    let attended = persons(fields, "outcome.attended", &wire.attended);
    let child_heard = match wire.child_heard {
        0 => None,
        heard => fields.choice("outcome.child_heard", heard, ChildHeard::as_str_name),
    };
    let child_heard_note = fields.parse_if("outcome.child_heard_note", &wire.child_heard_note);
    let jgt_hulp = match wire.jgt_hulp_gewenst {
        0 => None,
        wanted => fields.choice("outcome.jgt_hulp_gewenst", wanted, JgtHulpGewenst::as_str_name),
    };
    let decided_by = persons(fields, "outcome.jgt_decided_with", &wire.jgt_decided_with);
    let jgt_role = match wire.jgt_role {
        0 => None,
        role => fields.choice("outcome.jgt_role", role, pb::Role::as_str_name),
    };
    let jgt_target = fields.date_if("outcome.jgt_target_date", &wire.jgt_target_date);
    let jgt_category = match wire.jgt_category {
        0 => None,
        category => fields.choice("outcome.jgt_category", category, pb::hulpvraag::Category::as_str_name),
    };
    let summary = fields.parse_if("outcome.summary", &wire.summary);
    if wire.actions.len() > MAX_ACTIONS {
        fields.refuse("outcome.actions", Refusal::FieldInvalid);
        return None;
    }
    let actions: Vec<_> =
        wire.actions.iter().enumerate().map(|(at, wire)| action(fields, at, wire)).collect();
    let outcome = Outcome {
        attended: attended?,
        child_heard,
        child_heard_note,
        jgt_hulp,
        decided_by: decided_by?,
        summary,
        actions: actions.into_iter().collect::<Option<_>>()?,
        agreement: match wire.agreement {
            0 => None,
            agreement => fields.choice("outcome.agreement", agreement, Agreement::as_str_name),
        },
        not_decided: wire.not_decided,
    };
    Some(outcome::Wish { known: known?, outcome, jgt_role, jgt_target, jgt_category })
}

fn action(fields: &mut Fields, at: usize, wire: &pb::outcome::Action) -> Option<Action> {
    let what = fields.parse(format!("outcome.actions[{at}].text"), &wire.text);
    let owner = fields.parse(format!("outcome.actions[{at}].owner"), &wire.owner);
    let due = fields.date(format!("outcome.actions[{at}].due_date"), &wire.due_date);
    Some(Action { what: what?, owner: owner?, due: due? })
}

fn persons(fields: &mut Fields, field: &str, wire: &[String]) -> Option<Vec<PersonId>> {
    if wire.len() > MAX_PARTICIPANTS {
        fields.refuse(field, Refusal::TooManyAttendees);
        return None;
    }
    let all: Vec<_> =
        wire.iter().enumerate().map(|(at, wire)| fields.parse(format!("{field}[{at}]"), wire)).collect();
    all.into_iter().collect()
}

/// A meeting as far as the caller may see it.
pub(super) fn to_wire(shown: &Shown) -> pb::Consultation {
    let Shown { meeting, classes, .. } = shown;
    let exception = meeting.parent_exception.filter(|_| classes.has(Class::K4));
    let minutes = shown.minutes.as_ref();
    pb::Consultation {
        name: meeting.id.to_string(),
        reference: meeting.reference.clone(),
        kind: number("KIND", &meeting.kind.to_string(), Kind::from_str_name),
        state: number("STATE", &meeting.state.to_string(), State::from_str_name),
        case: text(meeting.case.filter(|_| classes.has(Class::K2))),
        start_time: Some(timestamp(meeting.time.start())),
        duration: Some(duration(meeting.time.duration())),
        place: number("PLACE", &meeting.place.to_string(), Place::from_str_name),
        school: text(meeting.school),
        participants: meeting.table.iter().map(|seat| seat_to_wire(shown, seat)).collect(),
        parent_exception: exception
            .map_or(0, |why| number("PARENT_EXCEPTION", &why.to_string(), ParentException::from_str_name)),
        hulpvraag: text(meeting.hulpvraag),
        parts: shown.parts.iter().map(parts::to_wire).collect(),
        within: text(shown.within),
        short_notice: meeting
            .short_notice
            .map_or(0, |why| number("SHORT_NOTICE", &why.to_string(), ShortNotice::from_str_name)),
        sequence: i32::try_from(meeting.sequence).unwrap_or(i32::MAX),
        outcome: minutes.map(|minutes| minutes_to_wire(shown, minutes)),
        create_time: Some(timestamp(meeting.created)),
        update_time: Some(timestamp(meeting.updated)),
        series: text(meeting.member.map(|part| part.series)),
        original_start_time: meeting.member.map(|part| timestamp(part.original)),
        series_exception: meeting.member.is_some_and(|part| part.apart),
        needs_substitute: shown.missing.iter().map(ToString::to_string).collect(),
        rooms: meeting.rooms.iter().map(ToString::to_string).collect(),
        alone_because: meeting
            .alone_because
            .map_or(0, |why| number("ALONE_BECAUSE", &why.to_string(), AloneBecause::from_str_name)),
        provider_reason: shown.provider_reason.clone().unwrap_or_default(),
        uid: meeting.uid.clone(),
        etag: meeting.version.to_string(),
    }
}

fn seat_to_wire(shown: &Shown, seat: &Seat) -> pb::Participant {
    let mail = shown.mail(seat.person);
    pb::Participant {
        person: seat.person.to_string(),
        role: role_to_wire(seat.role),
        optional: seat.optional,
        answer: number("ANSWER", &seat.answer.to_string(), Answer::from_str_name),
        answer_time: seat.answered.map(timestamp),
        delivery: mail.map_or(Delivery::Unspecified, delivery).into(),
        display_name: shown.name(seat.person).unwrap_or_default().to_owned(),
        attended: seat.attended.unwrap_or_default(),
        fixed: seat.fixed,
        delivery_reason: mail.and_then(|mail| mail.last_error.clone()).unwrap_or_default(),
        decline_reason: seat
            .reason
            .map_or(0, |why| number("DECLINE_REASON", &why.to_string(), DeclineReason::from_str_name)),
        delivery_time: mail.and_then(|mail| timestamp_of(mail.done_at.unwrap_or(mail.due_at))),
    }
}

/// How far a mail came.
pub(super) fn delivery(mail: &MailState) -> Delivery {
    match (mail.state.as_str(), mail.last_error.as_deref()) {
        ("DONE", _) => Delivery::Sent,
        ("DEAD", Some("NO_ADDRESS")) => Delivery::NoAddress,
        ("DEAD", Some("PRINTED")) => Delivery::Printed,
        ("DEAD", Some("SUPERSEDED")) => Delivery::Superseded,
        ("DEAD", Some(reason)) if BOUNCED.contains(&reason) => Delivery::Bounced,
        ("HELD", _) => Delivery::Held,
        ("DEAD", _) => Delivery::Failed,
        (_, Some(_)) => Delivery::Deferred,
        (_, None) => Delivery::Queued,
    }
}

fn minutes_to_wire(shown: &Shown, minutes: &Minutes) -> pb::Outcome {
    let came = shown.meeting.table.iter().filter(|seat| seat.attended == Some(true));
    let note = minutes.child_heard_note.as_ref().filter(|_| shown.classes.has(Class::K9));
    pb::Outcome {
        attended: came.map(|seat| seat.person.to_string()).collect(),
        child_heard: minutes
            .child_heard
            .map_or(0, |heard| number("CHILD_HEARD", &heard.to_string(), ChildHeard::from_str_name)),
        child_heard_note: note.cloned().unwrap_or_default(),
        jgt_hulp_gewenst: minutes.jgt.map_or(0, |wanted| {
            number("JGT_HULP_GEWENST", &wanted.to_string(), JgtHulpGewenst::from_str_name)
        }),
        jgt_decided_with: minutes.decided_with.iter().map(ToString::to_string).collect(),
        jgt_role: minutes.jgt_role.map_or(0, role_to_wire),
        jgt_target_date: text(minutes.jgt_target),
        summary: minutes.summary.clone().unwrap_or_default(),
        actions: minutes.actions.iter().map(agreed_to_wire).collect(),
        hulpvraag: text(minutes.hulpvraag),
        agreement: minutes
            .agreement
            .map_or(0, |agreement| number("AGREEMENT", &agreement.to_string(), Agreement::from_str_name)),
        not_decided: minutes.not_decided,
        quorum_met: minutes.quorum_met,
        not_held: false,
        jgt_category: 0,
    }
}

fn agreed_to_wire(agreed: &Agreed) -> pb::outcome::Action {
    pb::outcome::Action {
        name: agreed.id.to_string(),
        text: agreed.text.clone(),
        owner: agreed.owner.to_string(),
        due_date: agreed.due.to_string(),
    }
}
