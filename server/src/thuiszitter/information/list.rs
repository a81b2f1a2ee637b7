//! What was asked about a case, as somebody may see it, by due date.

use schakel_domain::ids::CaseId;
use schakel_proto::v1 as pb;

use super::{SHOWN, is_told, store, wire::to_wire};
use crate::{
    access::{circle, consent::sharing::Sharing},
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::view::line,
};

/// All of it that the caller may know of today: what a consent opened is told for as long as that one holds.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn list(tx: &Tx, case: CaseId) -> Result<Vec<pb::InformationRequest>> {
    let (circle, classes) = circle::reach(tx, case).await?;
    tx.audit(line(Deed::R, case, circle.child, classes.and(SHOWN))).await?;
    let seen = store::told(tx, (case, circle.child), classes).await?;
    let sharing = Sharing::of(tx, &[case.0]).await?;
    let told = seen.iter().filter(|request| {
        is_told(tx, (&circle, &sharing), ((request.organisation, request.role), request.kind.class()))
    });
    Ok(told.map(to_wire).collect())
}
