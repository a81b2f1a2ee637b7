//! What parents wished for the letters to them: opened once for all mails of a change.

use std::collections::{HashMap, HashSet};

use schakel_domain::ids::{CaseId, PersonId};

use crate::{
    access::wishes::{self, store::Kept},
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// The newest wishes of those of `persons` who gave some for `cases`, in two statements; and the
/// audit lines that are owed for opening them.
pub(super) async fn of(
    tx: &Tx,
    cases: &[CaseId],
    persons: &[PersonId],
) -> Result<(HashMap<PersonId, Kept>, Vec<Line>)> {
    let mut kept = wishes::store::of_cases(tx, cases, persons).await?;
    kept.sort_by_key(|kept| (kept.updated, kept.id));
    let lines = kept.iter().map(|kept| wishes::line(Deed::E, kept)).collect();
    Ok((kept.into_iter().map(|kept| (kept.person, kept)).collect(), lines))
}

/// The wishes of each person for the case of what they are told, in two statements: what somebody wished
/// for one child says nothing about another. And the audit lines that are owed for opening them.
pub(super) async fn of_each(
    tx: &Tx,
    wanted: &HashSet<(CaseId, PersonId)>,
) -> Result<(HashMap<(CaseId, PersonId), Kept>, Vec<Line>)> {
    let mut cases: Vec<CaseId> = wanted.iter().map(|(case, _)| *case).collect();
    let mut persons: Vec<PersonId> = wanted.iter().map(|(_, person)| *person).collect();
    cases.sort_unstable();
    cases.dedup();
    persons.sort_unstable();
    persons.dedup();
    let mut kept = wishes::store::of_cases(tx, &cases, &persons).await?;
    kept.retain(|kept| wanted.contains(&(kept.case, kept.person)));
    let lines = kept.iter().map(|kept| wishes::line(Deed::E, kept)).collect();
    Ok((kept.into_iter().map(|kept| ((kept.case, kept.person), kept)).collect(), lines))
}
