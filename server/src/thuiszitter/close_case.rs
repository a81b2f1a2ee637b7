//! A case is closed with an outcome and the day of its evidence.

use chrono::NaiveDate;
use schakel_domain::{
    access::Class,
    bound::Bound,
    ids::CaseId,
    refusal::Refusal,
    text::FreeText,
    thuiszitter::{Event, Outcome, next},
};

use super::{
    advance_case::must_write,
    case::State,
    facts,
    handover::after,
    history::{self, Detail},
    store,
    update_case::must_be_open,
    view::View,
    voice::Voice,
};
use crate::{
    access::{authenticate::today, circle},
    consultation::of_case,
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// The end that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Ending {
    pub case: CaseId,
    pub etag: i32,
    pub outcome: Outcome,
    /// Today or earlier.
    pub date: NaiveDate,
    pub note: Option<FreeText>,
    pub voice: Voice,
}

/// Closes it.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `ETAG_MISMATCH`; a date before the absence began; `EXEMPTION_REQUIRED`
/// when the outcome says that an exemption holds and the facts do not.
pub(super) async fn close_case(tx: &Tx, ending: &Ending) -> Result<View> {
    let (mut circle, classes) = circle::reach(tx, ending.case).await?;
    must_write(classes, Class::K3)?;
    let mut case = store::get(tx, ending.case, circle.child).await?;
    must_be_open(&case, ending.etag)?;
    if ending.date < case.absence.first_day {
        return Err(Error::bound("outcome_date", Refusal::TimeOutOfBounds, Bound::SinceFirstDay));
    }
    let detail = Detail {
        from: Some(case.stage),
        outcome: Some(ending.outcome.to_string()),
        day: Some(ending.date),
        next_action: case.next_action,
        voice: Some(ending.voice.clone()),
        said: ending.note.as_ref().map(|note| note.as_str().to_owned()),
        ..Detail::default()
    };
    let stage = next(case.stage, Event::OutcomeRecorded)?;
    let hand_over = after::due(tx, (&case, &circle), (ending.outcome, today(tx.now()))).await?;
    facts::ends(tx, (&case, &circle), (ending.outcome, ending.date)).await?;
    case.stage = stage;
    case.state = State::Closed;
    case.outcome = Some((ending.outcome, ending.date));
    case.closed = Some(tx.now());
    case.next_action = hand_over;
    circle.open = false;
    circle::update(tx, &circle).await?;
    if ending.outcome.silences() {
        let former = circle::former(tx, ending.case).await?;
        let mut family = vec![circle.child];
        family.extend(circle.parents.iter().map(|(parent, _)| *parent));
        family.extend(former.iter().map(|(parent, ..)| *parent));
        of_case::falls_silent(tx, ending.case, &family).await?;
    } else {
        of_case::closes(tx, ending.case).await?;
    }
    store::update(tx, &mut case, circle.child).await?;
    history::note(tx, (ending.case, circle.child), "CASE_CLOSED", &detail).await?;
    let view = View::of(tx, case, circle, classes).await?;
    tx.audit_all(&view.lines(Deed::U)).await?;
    Ok(view)
}
