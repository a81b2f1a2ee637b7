//! Requests for information on the wire.

use schakel_domain::{
    refusal::Refusal,
    thuiszitter::information::{InformationKind, InformationState},
};
use schakel_proto::v1::{self as pb, information_request};

use super::{ask::Wish, store::InformationRequest};
use crate::{
    access::rpc::role_to_wire,
    wire::{
        enums::number,
        fields::{Fields, text},
    },
};

fn kind_to_wire(kind: InformationKind) -> i32 {
    number("KIND", kind.into(), information_request::Kind::from_str_name)
}

fn state_to_wire(state: InformationState) -> i32 {
    number("STATE", state.into(), information_request::State::from_str_name)
}

/// A request as it is seen.
pub(super) fn to_wire(request: &InformationRequest) -> pb::InformationRequest {
    pb::InformationRequest {
        name: request.id.to_string(),
        case: request.case.to_string(),
        kind: kind_to_wire(request.kind),
        organisation: request.organisation.to_string(),
        role: role_to_wire(request.role),
        asked_by: text(request.person),
        ask_date: request.asked.to_string(),
        due_date: request.due.to_string(),
        state: state_to_wire(request.state),
        end_date: text(request.ended),
        note: request.note.as_ref().map(|note| note.as_str().to_owned()).unwrap_or_default(),
        etag: request.version.to_string(),
    }
}

/// What is to be asked.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::InformationRequest>) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("information_request", Refusal::FieldRequired);
        return None;
    };
    let case = fields.parse("information_request.case", &wire.case);
    let kind = fields.choice("information_request.kind", wire.kind, information_request::Kind::as_str_name);
    let organisation = fields.parse("information_request.organisation", &wire.organisation);
    let role = fields.choice("information_request.role", wire.role, pb::Role::as_str_name);
    let due = fields.date("information_request.due_date", &wire.due_date);
    let note = fields.parse_if("information_request.note", &wire.note);
    Some(Wish { case: case?, kind: kind?, organisation: organisation?, role: role?, due: due?, note })
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_kind_and_state_is_told() {
        assert!(InformationKind::iter().all(|kind| kind_to_wire(kind) != 0));
        assert!(InformationState::iter().all(|state| state_to_wire(state) != 0));
    }
}
