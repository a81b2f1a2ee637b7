//! Every consent about a child, whole, for the child and its parents to read.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::consent::Consent,
    ids::{CaseId, PersonId},
};
use uuid::Uuid;

use super::store::{self, place};
use crate::{error::Result, store::Read};

/// A consent with what was written about it.
#[derive(Debug, Clone)]
pub struct Told {
    /// Its terms.
    pub consent: Consent,
    /// The day of the exchange that it was asked for.
    pub meeting: NaiveDate,
    /// Who signed on which day.
    pub signed: Vec<(PersonId, NaiveDate)>,
    /// When it was written down.
    pub recorded: DateTime<Utc>,
    /// When it was withdrawn, and by whom when that was said.
    pub withdrawn: Option<(DateTime<Utc>, Option<PersonId>)>,
    /// What was written when it was given.
    pub note: Option<String>,
    /// What was written when it was withdrawn.
    pub withdrawal: Option<String>,
}

impl Told {
    /// Its terms as they were known at `at`: not withdrawn before somebody did.
    pub fn known_at(&self, at: DateTime<Utc>) -> Consent {
        let withdrawn = self.withdrawn.is_some_and(|(on, _)| on <= at);
        Consent { withdrawn, ..self.consent.clone() }
    }
}

/// All about `case` of `child`, oldest first, whoever asks: the caller of this owes the policy
/// and audit lines.
pub async fn of_case(read: &Read, (case, child): (CaseId, PersonId)) -> Result<Vec<Told>> {
    let kept = store::of_case(read, case).await?;
    let keys = read.subject_keys(&[child.0]).await?;
    kept.into_iter()
        .map(|kept| {
            let open = |column, sealed: Option<&[u8]>| keys.open_if(child.0, place(column, kept.id), sealed);
            Ok(Told {
                note: open("sealed_note", kept.sealed_note.as_deref())?,
                withdrawal: open("sealed_withdrawal", kept.sealed_withdrawal.as_deref())?,
                consent: kept.consent,
                meeting: kept.meeting,
                signed: kept.signed,
                recorded: kept.recorded,
                withdrawn: kept.withdrawn,
            })
        })
        .collect()
}

/// The terms of what was agreed to about each of `cases` and not withdrawn, whatever their days; in a
/// constant number of statements. Whoever asks: the caller of this owes the policy and audit lines.
pub async fn standing(read: &Read, cases: &[Uuid]) -> Result<HashMap<Uuid, Vec<Consent>>> {
    let mut terms: HashMap<Uuid, Vec<Consent>> = HashMap::new();
    for kept in store::not_withdrawn(read, cases).await? {
        terms.entry(kept.case.0).or_default().push(kept.consent);
    }
    Ok(terms)
}
