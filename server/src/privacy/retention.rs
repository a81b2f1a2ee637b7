//! What is no longer kept today is listed, for somebody else to approve.

use schakel_domain::{ids::CaseId, privacy::Reason, refusal::Refusal};

use super::{
    destructions::{self, Destruction, Kind},
    dossier::Dossier,
    erase::{count, new, nothing},
    plan::Plan,
    profile,
};
use crate::{
    access::{authenticate::today, sweep},
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// Plans a run over the closed cases of the region.
///
/// # Errors
/// `RETENTION_TERM_MISSING`, `NOTHING_TO_DESTROY`.
pub(super) async fn plan(tx: &Tx) -> Result<Destruction> {
    let terms = profile::get(tx).await?;
    if !terms.profile.is_complete() {
        return Err(Refusal::RetentionTermMissing.into());
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
