//! A hand-over as somebody sees it, and what receiving schools answered.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::{OrganisationId, SchoolId},
    thuiszitter::handover::{
        HandoverAnswer, HandoverReason, HandoverSide, HandoverState, handover_state, turn,
    },
};
use schakel_proto::v1::{self as pb, handover};
use uuid::Uuid;

use super::tables::Tables;
use crate::{
    access::{authenticate::today, circle::Circle},
    consultation::meeting::Meeting,
    error::Result,
    store::{
        Read,
        audit::{Deed, Line},
        instant::from_column,
    },
    thuiszitter::{history, view::line},
    wire::{enums::number, fields::text, time::timestamp},
};

/// What a hand-over tells of a child at most.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K2, Class::K3]);

/// On which day somebody answered what.
pub(super) type Answered = (NaiveDate, HandoverAnswer);

/// What is known of a hand-over.
pub(super) struct Known<'a> {
    pub circle: &'a Circle,
    /// What the caller sees of it.
    pub classes: Classes,
    pub meeting: Option<&'a Meeting>,
    pub answered: Option<Answered>,
    /// By the norms, while they wait for it.
    pub due: Option<NaiveDate>,
}

/// What stands of what was answered to hand-overs of these cases, by the name of the meeting; one statement.
pub(super) async fn answers(read: &Read, cases: &[Uuid]) -> Result<HashMap<String, Answered>> {
    let kinds = HandoverAnswer::ALL.map(HandoverAnswer::event).into_iter().chain(HandoverAnswer::MENDS);
    let kinds: Vec<&'static str> = kinds.collect();
    let mut answers: HashMap<String, Answered> = HashMap::new();
    for row in history::of_kinds(read, cases, &kinds).await? {
        if let Some(answer) = HandoverAnswer::of_event(&row.kind) {
            answers.insert(row.subject, (today(from_column(row.at)?), answer));
        } else if answers.get(&row.subject).is_some_and(|(_, answer)| answer.is_mended_by(&row.kind)) {
            answers.remove(&row.subject);
        }
    }
    Ok(answers)
}

fn school(organisation: OrganisationId) -> SchoolId {
    SchoolId(organisation.0)
}

impl Known<'_> {
    /// How far it is.
    pub(super) fn state(&self) -> HandoverState {
        let answer = self.answered.map(|(_, answer)| answer);
        handover_state(self.meeting.map(|meeting| meeting.state), answer)
    }

    /// As it is told.
    pub(super) fn to_wire(&self, tables: &Tables, now: DateTime<Utc>) -> pb::Handover {
        let state = self.state();
        let over = self.meeting.is_some_and(|meeting| meeting.time.end() <= now);
        let schools = tables.schools(self.meeting.map(|meeting| meeting.id), self.circle);
        let acts = turn(state, over);
        let reason = self.answered.and_then(|(_, answer)| match answer {
            HandoverAnswer::Refused(reason) => Some(reason),
            HandoverAnswer::Confirmed => None,
        });
        let due = match state {
            HandoverState::Confirmed => None,
            HandoverState::Proposed
            | HandoverState::Booked
            | HandoverState::Held
            | HandoverState::Refused => self.due,
        };
        pb::Handover {
            consultation: text(self.meeting.map(|meeting| meeting.id)),
            case: text(self.classes.has(Class::K2).then_some(self.circle.case)),
            state: state_to_wire(state),
            sending_school: text(schools.sending.map(school)),
            sending_display_name: tables.name(schools.sending),
            receiving_school: text(schools.receiving.map(school)),
            receiving_display_name: tables.name(schools.receiving),
            start_time: self.meeting.map(|meeting| timestamp(meeting.time.start())),
            due_date: text(due),
            acts: acts.map_or(0, side_to_wire),
            answer_date: text(self.answered.map(|(on, _)| on)),
            reason: reason.map_or(0, reason_to_wire),
        }
    }

    /// What must be written down before it is told; nothing of whom only the envelope is told.
    pub(super) fn line(&self) -> Option<Line> {
        let shown = self.classes.and(SHOWN);
        let personal = shown.has(Class::K2) || shown.has(Class::K3);
        personal.then(|| line(Deed::R, self.circle.case, self.circle.child, shown))
    }
}

fn state_to_wire(state: HandoverState) -> i32 {
    number("STATE", state.into(), handover::State::from_str_name)
}

fn side_to_wire(side: HandoverSide) -> i32 {
    number("SIDE", side.into(), handover::Side::from_str_name)
}

fn reason_to_wire(reason: HandoverReason) -> i32 {
    number("REASON", reason.into(), handover::Reason::from_str_name)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_state_side_and_reason_is_told() {
        assert!(HandoverState::iter().all(|state| state_to_wire(state) != 0));
        assert!(HandoverSide::iter().all(|side| side_to_wire(side) != 0));
        assert!(HandoverReason::iter().all(|reason| reason_to_wire(reason) != 0));
    }
}
