//! What is no longer kept today is listed, for somebody else to approve.

use std::collections::HashMap;

use schakel_domain::{
    ids::CaseId,
    privacy::{Profile, Reason},
    refusal::Refusal,
};

use super::{
    destructions::{self, Destruction, Kind},
    dossier::Dossier,
    erase::{count, new, nothing},
    plan::Plan,
    profile,
};
use crate::{
    access::{authenticate::today, sweep},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// That terms are missing, and of which classes.
pub(super) fn unset(profile: &Profile) -> Error {
    let classes: Vec<String> = profile.missing().iter().map(ToString::to_string).collect();
    Error::Refused(Refusal::RetentionTermMissing, HashMap::from([("classes".to_owned(), classes.join(", "))]))
}

/// Plans a run over the closed cases of the region.
///
/// # Errors
/// `RETENTION_TERM_MISSING`, `NOTHING_TO_DESTROY`.
pub(super) async fn plan(tx: &Tx) -> Result<Destruction> {
    let terms = profile::get(tx).await?;
    if !terms.profile.is_complete() {
        return Err(unset(&terms.profile));
    }
    let today = today(tx.now());
    let mut plan = Plan::default();
    let mut going = Vec::new();
    for case in sweep::closed_cases(tx).await? {
        let dossier = Dossier::find(tx, CaseId(case)).await?;
        let parts = plan.judge(&dossier, (&terms.profile, Reason::Retention), today);
        if !parts.is_empty() {
            count(tx, &mut plan, &dossier, &parts).await?;
            going.extend(parts);
        }
    }
    if going.is_empty() {
        return Err(nothing(&plan));
    }
    let one = new(tx, Kind::Retention, plan);
    destructions::insert(tx, &one, &going).await?;
    // Which cases is not told to whoever plans: only how many.
    let classes = schakel_domain::access::Classes::of(&[schakel_domain::access::Class::K0]);
    tx.audit(Line { deed: Deed::C, object: "destruction", id: Some(one.id.0), subject: None, classes })
        .await?;
    Ok(one)
}
