//! A mail on the wire: what is known of it without its text.

use schakel_domain::ids::{ConsultationId, PersonId, SeriesId};
use schakel_proto::v1::{
    self as pb,
    message::{Method, State},
};

use crate::{
    consultation::meeting::Meeting,
    store::{messages::Message, outbox::BOUNCED},
    wire::{fields::text, time::timestamp_of},
};

/// A mail about `meeting`, or about its series.
pub(super) fn to_wire(meeting: &Meeting, message: &Message) -> pb::Message {
    let own = message.subject_id == meeting.id.0;
    let waits = message.done_at.is_none();
    pb::Message {
        name: format!("messages/{}", message.id),
        consultation: text(own.then_some(ConsultationId(message.subject_id))),
        series: text((!own).then_some(SeriesId(message.subject_id))),
        person: text(message.recipient_id.map(PersonId)),
        method: message.message_id.as_deref().map_or(Method::Unspecified, |id| method(own, id)).into(),
        sequence: message.sequence,
        state: state(message).into(),
        reason: message.last_error.clone().unwrap_or_default(),
        attempts: message.attempts,
        create_time: timestamp_of(message.created_at),
        next_attempt_time: waits.then(|| timestamp_of(message.due_at)).flatten(),
        end_time: message.done_at.and_then(timestamp_of),
    }
}

/// The `Message-ID` says what it carries: one about several meetings carries a file of them.
fn method(own: bool, message_id: &str) -> Method {
    let local = message_id.split('@').next().unwrap_or_default();
    match local.rsplit('.').next() {
        Some("req") => Method::Request,
        Some("can") => Method::Cancel,
        Some("dec") => Method::Declinecounter,
        Some(_) | None if own => Method::Letter,
        Some(_) | None => Method::Publish,
    }
}

fn state(message: &Message) -> State {
    match (message.state.as_str(), message.last_error.as_deref()) {
        ("DONE", _) => State::Sent,
        ("DEAD", Some("SUPERSEDED")) => State::Superseded,
        ("DEAD", Some("PRINTED")) => State::Printed,
        ("DEAD", Some(reason)) if BOUNCED.contains(&reason) => State::Bounced,
        ("DEAD", _) => State::Dead,
        ("HELD", _) => State::Held,
        (_, Some(_)) => State::Deferred,
        (_, None) => State::Queued,
    }
}
