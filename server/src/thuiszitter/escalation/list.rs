//! The decisions and views about a case, as one caller may see them.

use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, OrganisationId},
};
use schakel_proto::v1 as pb;

use super::{SHOWN, store, view_store, wire};
use crate::{
    access::circle,
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::{timeline::joined, view::line},
};

/// What a list of views shows.
const SAID: Classes = Classes::of(&[Class::K4, Class::K9]);

/// The decisions about a case. Who may not see the facts of absence sees none; who reaches the case
/// by an invitation alone, those since.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn list_decisions(tx: &Tx, case: CaseId) -> Result<Vec<pb::Decision>> {
    let (circle, classes) = circle::reach(tx, case).await?;
    tx.audit(line(Deed::R, case, circle.child, classes.and(SHOWN))).await?;
    let joined = joined(tx, &circle, classes).await?;
    if !classes.has(Class::K3) {
        return Ok(Vec::new());
    }
    let mut all = store::of_case(tx, case).await?;
    all.retain(|decision| joined.is_none_or(|joined| decision.recorded >= joined));
    wire::decisions_to_wire(tx, circle.child, classes, &all).await
}

/// The views about a case that the caller may see, each with its rejoinders.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn list_views(tx: &Tx, case: CaseId) -> Result<Vec<pb::CaseView>> {
    let (circle, classes) = circle::reach(tx, case).await?;
    let joined = joined(tx, &circle, classes).await?;
    let own = tx.grant().organisation().map(OrganisationId);
    let mut all = view_store::of_case(tx, case).await?;
    all.retain(|view| {
        view.party.is_open(circle.child, classes, own) && joined.is_none_or(|joined| view.recorded >= joined)
    });
    // What one's own organisation said is shown to it whatever it sees besides.
    let shown: Classes = all.iter().map(|view| view.party.class(circle.child)).collect();
    tx.audit(line(Deed::R, case, circle.child, classes.and(SAID).or(shown))).await?;
    wire::views_to_wire(tx, circle.child, &all).await
}
