//! What is told of a case that ended: that somebody looked in, what became of an arrangement that went on, and of
//! a child that goes on elsewhere, for which the case waits, that it was handed over.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::thuiszitter::{Moment, Outcome, Said, hand_over_by, is_hand_over, is_told_after, stands};

use crate::{
    access::circle::Circle,
    consultation::store as meetings,
    error::Result,
    store::Tx,
    thuiszitter::{
        case::{Case, held},
        facts::log::Log,
    },
};

/// By which day `case`, which is closed with `outcome` on that day, is to be handed over; none when nobody is to
/// go on with the child, or it was handed over already.
pub(in crate::thuiszitter) async fn due(
    tx: &Tx,
    (case, circle): (&Case, &Circle),
    (outcome, closed): (Outcome, NaiveDate),
) -> Result<Option<NaiveDate>> {
    let Some(due) = hand_over_by(outcome.counts_as().follow_up, closed) else { return Ok(None) };
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

/// Whether `said` is told of a case that ended with `outcome`: what its end asks for, or leaves going on.
pub(in crate::thuiszitter) fn is_told_of(outcome: Outcome, said: &Said) -> bool {
    happened(Some(said)).is_some_and(|(moment, _)| is_told_after(outcome.counts_as().follow_up, moment))
}

/// Whether `said` ends the wait of `case`.
pub(in crate::thuiszitter) fn ends(case: &Case, said: &Said) -> bool {
    happened(Some(said)).is_some_and(|(moment, day)| is_hand_over(moment, day, case.absence.first_day))
}
