//! Legal holds: a reason, said by somebody, for which nothing of a case is destroyed.

use schakel_domain::{
    ids::{CaseId, LegalHoldId},
    refusal::Refusal,
    text::FreeText,
};

use super::{
    dossier::Dossier,
    restrict::must_identify,
    rights::{self, CaseRights},
    store,
};
use crate::{
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::rights as timeline,
};

/// Sets one. A case may have several, for several reasons.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn set(tx: &Tx, case: CaseId, reason: &FreeText) -> Result<CaseRights> {
    let (dossier, classes) = Dossier::reach(tx, case).await?;
    must_identify(classes)?;
    let about = (case, dossier.circle.child);
    store::set_hold(tx, about, reason.as_str()).await?;
    timeline::note(tx, about, "LEGAL_HOLD_SET", None).await?;
    tx.audit_all(&dossier.lines(Deed::U, classes.and(rights::SHOWN))).await?;
    rights::of(tx, &dossier, classes).await
}

/// Ends one.
///
/// # Errors
/// `CASE_NOT_FOUND`, `LEGAL_HOLD_NOT_FOUND`, `ALREADY_ENDED`.
pub(super) async fn lift(tx: &Tx, case: CaseId, hold: LegalHoldId) -> Result<CaseRights> {
    let (dossier, classes) = Dossier::reach(tx, case).await?;
    if !store::lift_hold(tx, case, hold).await? {
        return Err(Refusal::AlreadyEnded.into());
    }
    timeline::note(tx, (case, dossier.circle.child), "LEGAL_HOLD_LIFTED", None).await?;
    tx.audit_all(&dossier.lines(Deed::U, classes.and(rights::SHOWN))).await?;
    rights::of(tx, &dossier, classes).await
}
