//! Plan actions on the wire.

use schakel_domain::{
    refusal::Refusal,
    thuiszitter::{PlanState, Side, Sight},
};
use schakel_proto::v1::{self as pb, plan_action};

use super::{
    add::Wish,
    change::{Change, FIELDS},
    store::PlanAction,
};
use crate::wire::{
    enums::number,
    fields::{Fields, text},
};

fn side_to_wire(side: Side) -> i32 {
    number("SIDE", side.into(), plan_action::Side::from_str_name)
}

fn state_to_wire(state: PlanState) -> i32 {
    number("STATE", state.into(), plan_action::State::from_str_name)
}

/// An action as it is seen. That a provider of youth help is at work says what help it is (K5):
/// of such an organisation a shell tells nothing.
pub(super) fn to_wire(action: &PlanAction, sight: Sight, is_open_organisation: bool) -> pb::PlanAction {
    let mut wire = pb::PlanAction {
        name: action.id.to_string(),
        case: action.case.to_string(),
        side: side_to_wire(action.side),
        start_date: action.start.to_string(),
        due_date: action.due.to_string(),
        state: state_to_wire(action.state),
        done_date: text(action.done),
        etag: action.version.to_string(),
        ..pb::PlanAction::default()
    };
    match sight {
        Sight::Whole => {
            wire.organisation = action.organisation.to_string();
            action.text.as_str().clone_into(&mut wire.text);
            wire.person = text(action.person);
            wire.reason = action.reason.as_ref().map(|said| said.as_str().to_owned()).unwrap_or_default();
        }
        Sight::Shell if is_open_organisation => wire.organisation = action.organisation.to_string(),
        Sight::Shell => {}
    }
    wire
}

/// The action that is asked for.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::PlanAction>) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("plan_action", Refusal::FieldRequired);
        return None;
    };
    let case = fields.parse("plan_action.case", &wire.case);
    let side = fields.choice("plan_action.side", wire.side, plan_action::Side::as_str_name);
    let said = fields.parse("plan_action.text", &wire.text);
    let organisation = fields.parse("plan_action.organisation", &wire.organisation);
    let person = fields.parse_if("plan_action.person", &wire.person);
    let start = fields.date("plan_action.start_date", &wire.start_date);
    let due = fields.date("plan_action.due_date", &wire.due_date);
    Some(Wish {
        case: case?,
        side: side?,
        text: said?,
        organisation: organisation?,
        person,
        start: start?,
        due: due?,
    })
}

/// No mask and `*` mean every field that can change.
pub(super) fn change(fields: &mut Fields, wire: &pb::PlanAction, paths: Vec<String>) -> Option<Change> {
    let all = paths.is_empty() || paths.iter().any(|path| path == "*");
    let paths = if all { FIELDS.iter().map(|field| (*field).to_owned()).collect() } else { paths };
    if paths.iter().any(|path| !FIELDS.contains(&path.as_str())) {
        fields.refuse("update_mask", Refusal::MaskInvalid);
        return None;
    }
    let mut change = Change { paths, ..Change::default() };
    if change.names("text") {
        change.text = fields.parse("plan_action.text", &wire.text);
    }
    if change.names("organisation") {
        change.organisation = fields.parse("plan_action.organisation", &wire.organisation);
    }
    if change.names("person") {
        change.person = fields.parse_if("plan_action.person", &wire.person);
    }
    if change.names("start_date") {
        change.start = fields.date("plan_action.start_date", &wire.start_date);
    }
    if change.names("due_date") {
        change.due = fields.date("plan_action.due_date", &wire.due_date);
    }
    Some(change)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_side_and_state_is_told() {
        assert!(Side::iter().all(|side| side_to_wire(side) != 0));
        assert!(PlanState::iter().all(|state| state_to_wire(state) != 0));
    }
}
