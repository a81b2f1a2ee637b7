//! A closed case goes on after a relapse: the same case, the same history.

use chrono::NaiveDate;
use schakel_domain::{
    access::Class,
    bound::Bound,
    ids::CaseId,
    refusal::Refusal,
    thuiszitter::{Event, next},
};

use super::{
    advance_case::must_write,
    case::{ENDED, State},
    facts,
    history::{self, Detail},
    open_case::refuse_second,
    store::{self, Sealed},
    view::View,
    voice::Voice,
};
use crate::{
    access::{authenticate::today, circle},
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The relapse as it was told.
#[derive(Debug, Clone)]
pub(super) struct Relapse {
    pub case: CaseId,
    pub etag: i32,
    /// Absent again since; today or earlier.
    pub first_day: NaiveDate,
    pub voice: Voice,
}

/// Reopens its case, if that is still at the etag.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_OPEN`, `ETAG_MISMATCH`; `CASE_EXISTS` when another case of the
/// child was opened at this school meanwhile; a day before the outcome.
pub(super) async fn reopen_case(tx: &Tx, relapse: &Relapse) -> Result<View> {
    let Relapse { case: id, etag, first_day, ref voice } = *relapse;
    let (mut circle, classes) = circle::reach(tx, id).await?;
    must_write(classes, Class::K3)?;
    let mut case = store::get(tx, id, circle.child).await?;
    if case.state == State::Open {
        return Err(Refusal::CaseOpen.into());
    }
    if case.version != etag {
        return Err(Error::Stale);
    }
    if case.outcome.is_some_and(|(_, ended)| first_day < ended) {
        return Err(Error::bound("first_day", Refusal::TimeOutOfBounds, Bound::SinceOutcome));
    }
    refuse_second(tx, &case.child_index, circle.school).await?;
    facts::reopens(tx, (&case, &circle), first_day).await?;
    let detail = Detail {
        day: Some(first_day),
        outcome: case.outcome.map(|(outcome, _)| outcome.to_string()),
        before: Some(Sealed::of(&case)),
        voice: Some(voice.clone()),
        ..Detail::default()
    };
    case.stage = next(case.stage, Event::Relapsed)?;
    case.state = State::Open;
    case.outcome = None;
    case.closed = None;
    case.next_action = None;
    case.level = 0;
    case.reopened += 1;
    case.absence.first_day = first_day;
    case.milestones.moments.retain(|moment, _| !ENDED.contains(moment));
    circle.open = true;
    circle.escalate(0, today(tx.now()));
    circle::update(tx, &circle).await?;
    store::update(tx, &mut case, circle.child).await?;
    history::note(tx, (id, circle.child), "CASE_REOPENED", &detail).await?;
    let view = View::of(tx, case, circle, classes).await?;
    tx.audit_all(&view.lines(Deed::U)).await?;
    Ok(view)
}
