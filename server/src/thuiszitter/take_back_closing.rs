//! A case that was closed by mistake goes on as if it had never been closed.

use schakel_domain::{access::Class, ids::CaseId, refusal::Refusal};

use super::{
    advance_case::must_write,
    case::State,
    facts,
    history::{self, Detail},
    open_case::refuse_second,
    store,
    view::View,
    voice::Voice,
};
use crate::{
    access::circle,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The mistake as it was told.
#[derive(Debug, Clone)]
pub(super) struct Mistake {
    pub case: CaseId,
    pub etag: i32,
    pub voice: Voice,
}

/// Takes back how the case ended and the step that closed it: they stay in the log, and later entries correct
/// them. First day, level and terms are as before, and so is the next action that closing put away; what was
/// called off by it does not come back, and a task to hand the child over goes.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_OPEN`, `ETAG_MISMATCH`; `CASE_EXISTS` when another case of the
/// child was opened at this school meanwhile.
pub(super) async fn take_back_closing(tx: &Tx, mistake: &Mistake) -> Result<View> {
    let Mistake { case: id, etag, ref voice } = *mistake;
    let (mut circle, classes) = circle::reach(tx, id).await?;
    must_write(classes, Class::K3)?;
    store::in_turn(tx, id).await?;
    let mut case = store::get(tx, id, circle.child).await?;
    if case.state == State::Open {
        return Err(Refusal::CaseOpen.into());
    }
    if case.version != etag {
        return Err(Error::Stale);
    }
    refuse_second(tx, &case.child_index, circle.school).await?;
    let stage = facts::goes_on(tx, (&case, &circle)).await?;
    let before = history::of(tx, id, circle.child).await?;
    let closing = before.into_iter().rfind(|event| event.kind == "CASE_CLOSED");
    let detail = Detail {
        outcome: case.outcome.map(|(outcome, _)| outcome.to_string()),
        to: Some(stage),
        voice: Some(voice.clone()),
        ..Detail::default()
    };
    case.stage = stage;
    case.state = State::Open;
    case.outcome = None;
    case.closed = None;
    case.next_action = closing.and_then(|event| event.detail?.next_action);
    circle.open = true;
    circle::update(tx, &circle).await?;
    store::update(tx, &mut case, circle.child).await?;
    history::note(tx, (id, circle.child), "CLOSING_TAKEN_BACK", &detail).await?;
    let view = View::of(tx, case, circle, classes).await?;
    tx.audit_all(&view.lines(Deed::U)).await?;
    Ok(view)
}
