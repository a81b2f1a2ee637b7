//! Of a case that ended with the death of the child the family is told nothing any more, by whichever worker.

use std::collections::HashSet;

use schakel_domain::ids::{CaseId, PersonId};

use crate::{access::person, error::Result, store::Read, thuiszitter};

/// Those of `wanted` who are told nothing about the case: in private, of one that has fallen silent. One
/// statement as long as none has.
pub(super) async fn hushed(
    read: &Read,
    wanted: &HashSet<(CaseId, PersonId)>,
) -> Result<HashSet<(CaseId, PersonId)>> {
    let cases: HashSet<CaseId> = wanted.iter().map(|(case, _)| *case).collect();
    let silent = thuiszitter::store::silent(read, &cases.into_iter().collect::<Vec<_>>()).await?;
    if silent.is_empty() {
        return Ok(HashSet::new());
    }
    let about: Vec<(CaseId, PersonId)> =
        wanted.iter().filter(|(case, _)| silent.contains(case)).copied().collect();
    let persons: Vec<PersonId> = about.iter().map(|(_, person)| *person).collect();
    let private = person::private_of(read, &persons).await?;
    Ok(about.into_iter().filter(|(_, person)| private.contains(person)).collect())
}

/// Whether `person` is told nothing about `case`.
pub(super) async fn is_hushed(read: &Read, case: Option<CaseId>, person: PersonId) -> Result<bool> {
    let wanted: HashSet<(CaseId, PersonId)> = case.map(|case| (case, person)).into_iter().collect();
    Ok(!hushed(read, &wanted).await?.is_empty())
}
