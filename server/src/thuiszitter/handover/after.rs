//! A case that ended because the child goes on elsewhere waits until it is handed over.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::thuiszitter::{Moment, Outcome, Said, hand_over_by, is_hand_over, stands};

use crate::{
    access::{authenticate::today, circle::Circle},
    consultation::store as meetings,
    error::Result,
    store::Tx,
    thuiszitter::{
        case::{Case, held},
        facts::log::Log,
    },
};

/// By which day `case`, which ends now with `outcome`, is to be handed over; none when nobody is to go on with
/// the child, or it was handed over already.
pub(in crate::thuiszitter) async fn due(
    tx: &Tx,
    (case, circle): (&Case, &Circle),
    outcome: Outcome,
) -> Result<Option<NaiveDate>> {
    let Some(due) = hand_over_by(outcome.counts_as().follow_up, today(tx.now())) else { return Ok(None) };
    let log = Log::of(tx, (case.id, circle.child)).await?.facts();
    let told =
        stands(&log, DateTime::<Utc>::MAX_UTC).into_iter().filter_map(|fact| happened(fact.said.as_ref()));
    let met = meetings::of_case(tx, case.id).await?;
    let mut all = told.chain(met.iter().filter_map(held));
    let done = all.any(|(moment, day)| is_hand_over(moment, day, case.absence.first_day));
    Ok((!done).then_some(due))
}

fn happened(said: Option<&Said>) -> Option<(Moment, NaiveDate)> {
    match said {
        Some(Said::Happened(moment, day)) => Some((*moment, *day)),
        Some(_) | None => None,
    }
}

/// Whether `said` is that a child was handed over, and nothing else.
pub(in crate::thuiszitter) fn is_of_hand_over(said: &Said) -> bool {
    happened(Some(said)).is_some_and(|(moment, day)| is_hand_over(moment, day, NaiveDate::MIN))
}

/// Whether `said` ends the wait of `case`.
pub(in crate::thuiszitter) fn ends(case: &Case, said: &Said) -> bool {
    happened(Some(said)).is_some_and(|(moment, day)| is_hand_over(moment, day, case.absence.first_day))
}
