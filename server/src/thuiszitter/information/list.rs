//! What was asked about a case, as somebody may see it, by due date.

use schakel_domain::ids::CaseId;
use schakel_proto::v1 as pb;

use super::{SHOWN, store, wire::to_wire};
use crate::{
    access::circle,
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::view::line,
};

/// All of it.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn list(tx: &Tx, case: CaseId) -> Result<Vec<pb::InformationRequest>> {
    let (circle, classes) = circle::reach(tx, case).await?;
    tx.audit(line(Deed::R, case, circle.child, classes.and(SHOWN))).await?;
    let seen = store::told(tx, (case, circle.child), classes).await?;
    Ok(seen.iter().map(to_wire).collect())
}
