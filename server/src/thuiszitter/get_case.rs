//! One case, written down before it is shown.

use schakel_domain::ids::CaseId;

use super::{store, view::View};
use crate::{
    access::circle,
    error::Result,
    store::{Tx, audit::Deed},
};

/// Reads it.
///
/// # Errors
/// `CASE_NOT_FOUND` when there is none or it is not the caller's, alike.
pub(super) async fn get_case(tx: &Tx, id: CaseId) -> Result<View> {
    let (circle, classes) = circle::reach(tx, id).await?;
    let case = store::get(tx, id, circle.child).await?;
    let view = View::of(tx, case, circle, classes).await?;
    tx.audit_all(&view.lines(Deed::R)).await?;
    Ok(view)
}
