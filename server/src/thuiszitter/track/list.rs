//! The tracks of a case as somebody may see them, by first day.

use schakel_domain::{
    access::{Class, Classes},
    ids::CaseId,
};
use schakel_proto::v1 as pb;

use super::{store, wire::to_wire};
use crate::{
    access::circle,
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::view::line,
};

/// What a track shows.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K4, Class::K6]);

/// All of them, for who sees the content of education; for others there are none.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn list(tx: &Tx, case: CaseId) -> Result<Vec<pb::Track>> {
    let (circle, classes) = circle::reach(tx, case).await?;
    tx.audit(line(Deed::R, case, circle.child, classes.and(SHOWN))).await?;
    let tracks = store::told(tx, (case, circle.child), classes).await?;
    Ok(tracks.iter().map(|track| to_wire(track, classes)).collect())
}
