//! The plan of a case as somebody may see it, both sides by start date.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, OrganisationId},
    thuiszitter::Sight,
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{store, wire::to_wire};
use crate::{
    access::{circle, organisation},
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::view::line,
    wire::page::{Page, cut},
};

/// What a plan shows.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K4, Class::K5]);

/// A page of it, and after which key the next page begins.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub(super) async fn list(
    tx: &Tx,
    case: CaseId,
    page: &Page<(NaiveDate, Uuid)>,
) -> Result<(Vec<pb::PlanAction>, Option<(NaiveDate, Uuid)>)> {
    let (circle, classes) = circle::reach(tx, case).await?;
    tx.audit(line(Deed::R, case, circle.child, classes.and(SHOWN))).await?;
    let plan = store::of_case(tx, (case, circle.child)).await?;
    let organisations: Vec<OrganisationId> = plan.iter().map(|action| action.organisation).collect();
    let helping = organisation::of_youth_help(tx, &organisations).await?;
    let after = |key: (NaiveDate, Uuid)| page.after.is_none_or(|after| key > after);
    let mut seen: Vec<_> = plan
        .iter()
        .filter_map(|action| Some((action, action.side.sight(classes)?)))
        .filter(|(action, _)| after((action.start, action.id.0)))
        .collect();
    let next = cut(&mut seen, page.size, |(action, _)| (action.start, action.id.0));
    let one = |(action, sight): (&store::PlanAction, Sight)| {
        to_wire(action, sight, !helping.contains(&action.organisation))
    };
    Ok((seen.into_iter().map(one).collect(), next))
}
