//! Proposals on the wire.

use schakel_proto::v1::{
    self as pb,
    proposal::{Kind, Source, State},
};

use super::show::Shown;
use crate::wire::{
    enums::number,
    fields::text,
    time::{duration, timestamp},
};

/// A proposal as far as the caller may see it.
pub(super) fn to_wire(shown: &Shown) -> pb::Proposal {
    let Shown { proposal, substitute, .. } = shown;
    let of = |field: fn(&super::Substitute) -> &str| substitute.as_ref().map(field).unwrap_or_default();
    pb::Proposal {
        name: proposal.id.to_string(),
        consultation: proposal.meeting.to_string(),
        person: proposal.person.to_string(),
        kind: number("KIND", &proposal.kind.to_string(), Kind::from_str_name),
        state: number("STATE", &shown.state.to_string(), State::from_str_name),
        source: number("SOURCE", &proposal.source.to_string(), Source::from_str_name),
        start_time: proposal.time.map(|time| timestamp(time.start())),
        duration: proposal.time.map(|time| duration(time.duration())),
        substitute_name: of(|one| one.name.as_str()).to_owned(),
        substitute_email: of(|one| one.email.as_str()).to_owned(),
        substitute_person: text(shown.known),
        sequence: i32::try_from(proposal.sequence).unwrap_or(i32::MAX),
        create_time: Some(timestamp(proposal.created)),
        decide_time: proposal.decided.map(timestamp),
        everybody_is_free: shown.taken.as_ref().is_some_and(Vec::is_empty),
        taken: shown.persons.iter().map(ToString::to_string).collect(),
        etag: proposal.version.to_string(),
    }
}
