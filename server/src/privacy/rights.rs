//! How a case stands: put aside, held, put right, and until when it is kept.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes, Hold},
    ids::CaseId,
    privacy::{self, RetentionClass},
};

use super::{
    dossier::Dossier,
    profile,
    store::{self, LegalHold, Rectification},
};
use crate::{
    error::Result,
    store::{Read, Tx, audit::Deed},
};

/// How it stands.
pub(super) struct CaseRights {
    pub case: CaseId,
    pub hold: Option<Hold>,
    pub holds: Vec<LegalHold>,
    pub rectifications: Vec<Rectification>,
    pub kept: Vec<(RetentionClass, Option<NaiveDate>, String)>,
    /// What the caller may see of it.
    pub classes: Classes,
}

/// Reads it.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn get(tx: &Tx, case: CaseId) -> Result<CaseRights> {
    let (dossier, classes) = Dossier::reach(tx, case).await?;
    tx.audit_all(&dossier.lines(Deed::R, classes.and(SHOWN))).await?;
    of(tx, &dossier, classes).await
}

/// What it shows at all.
pub(super) const SHOWN: Classes = Classes::of(&[Class::K2, Class::K4]);

/// The same of a dossier at hand. Whoever calls owes audit lines.
pub(super) async fn of(read: &Read, dossier: &Dossier, classes: Classes) -> Result<CaseRights> {
    let circle = &dossier.circle;
    let terms = profile::get(read).await?;
    Ok(CaseRights {
        case: circle.case,
        hold: circle.hold,
        holds: store::holds(read, (circle.case, circle.child)).await?,
        rectifications: store::rectifications(read, circle.case).await?,
        kept: privacy::kept(&dossier.file(), &terms.profile),
        classes,
    })
}
