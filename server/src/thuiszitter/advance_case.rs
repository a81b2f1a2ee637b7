//! A case moves to its next stage, with how the parents were involved.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes, Denied},
    consultation,
    ids::CaseId,
    refusal::Refusal,
    thuiszitter::{Event, Moment, Stage, next},
};
use strum::IntoEnumIterator;

use super::{
    facts,
    history::{self, Detail},
    store,
    update_case::{must_be_ahead, must_be_open},
    view::View,
    voice::Voice,
};
use crate::{
    access::{authenticate::today, circle},
    consultation as meetings,
    error::Result,
    store::{Tx, audit::Deed},
};

/// The step that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub case: CaseId,
    pub etag: i32,
    pub stage: Stage,
    /// With how the parents were involved.
    pub voice: Voice,
    /// None: nothing is agreed yet, which is an alarm.
    pub next_action: Option<NaiveDate>,
}

/// Moves it.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `ETAG_MISMATCH`, `STAGE_NOT_ALLOWED`, `OUTCOME_MISSING`.
pub(super) async fn advance_case(tx: &Tx, step: &Step) -> Result<View> {
    let (circle, classes) = circle::reach(tx, step.case).await?;
    must_write(classes, Class::K3)?;
    let mut case = store::get(tx, step.case, circle.child).await?;
    must_be_open(&case, step.etag)?;
    must_be_ahead("next_action_date", (case.next_action, step.next_action), today(tx.now()))?;
    let event = leading(case.stage, step.stage)?;
    let held = meetings::store::of_case(tx, step.case).await?;
    let past = held.iter().filter(|meeting| meeting.time.end() <= tx.now());
    let latest = past
        .filter(|meeting| meeting.state != consultation::State::Cancelled)
        .max_by_key(|meeting| meeting.time.end());
    if latest.is_some_and(|meeting| meeting.state == consultation::State::Planned) {
        return Err(Refusal::OutcomeMissing.into());
    }
    let detail = Detail {
        from: Some(case.stage),
        to: Some(step.stage),
        voice: Some(step.voice.clone()),
        ..Detail::default()
    };
    facts::steps(tx, (&case, &circle), event, marks(event)).await?;
    case.stage = step.stage;
    case.next_action = step.next_action;
    if let Some(moment) = marks(event) {
        case.milestones.moments.insert(moment, today(tx.now()));
    }
    store::update(tx, &mut case, circle.child).await?;
    history::note(tx, (step.case, circle.child), "STAGE_CHANGED", &detail).await?;
    let view = View::of(tx, case, circle, classes).await?;
    tx.audit_all(&view.lines(Deed::U)).await?;
    Ok(view)
}

/// Refuses who may not write fields of `class`.
pub(super) fn must_write(classes: Classes, class: Class) -> Result<()> {
    if classes.has(class) { Ok(()) } else { Err(Denied::ActionNotAllowed.into()) }
}

/// The event by which a case goes from one stage to another. A case is closed with an
/// outcome and in no other way.
fn leading(from: Stage, to: Stage) -> Result<Event, Refusal> {
    Event::iter()
        .filter(|event| *event != Event::OutcomeRecorded)
        .find(|event| next(from, *event) == Ok(to))
        .ok_or(Refusal::StageNotAllowed)
}

/// What is known to have happened today when a case moves by `event`. That a rondetafel
/// was called or a report was made does not say when it was held or sent.
fn marks(event: Event) -> Option<Moment> {
    match event {
        Event::ConsultAsked => Some(Moment::ConsultAsked),
        Event::Returned => Some(Moment::Returned),
        Event::AttendanceStable => Some(Moment::AttendanceStable),
        Event::Reported
        | Event::InvestigationOpened
        | Event::RondetafelCalled
        | Event::PlanAgreed
        | Event::PlaceSought
        | Event::Relapsed
        | Event::OutcomeRecorded => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_no_event_leads_to_is_refused() {
        assert_eq!(leading(Stage::Signaal, Stage::Consult), Ok(Event::ConsultAsked));
        assert_eq!(leading(Stage::Nazorg, Stage::Plan), Ok(Event::Relapsed));
        for (from, to) in [
            (Stage::Signaal, Stage::Nazorg),
            (Stage::Signaal, Stage::Signaal),
            (Stage::Plan, Stage::Gesloten),
            (Stage::Plan, Stage::Signaal),
        ] {
            assert_eq!(leading(from, to), Err(Refusal::StageNotAllowed), "{from} to {to}");
        }
    }
}
