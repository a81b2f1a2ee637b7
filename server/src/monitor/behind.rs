//! The cases behind a figure, for who reads cases: a line written down for each.

use std::collections::{BTreeSet, HashMap};

use schakel_domain::access::Classes;
use uuid::Uuid;

use crate::{
    access::circle::{self, Circle},
    error::Result,
    store::{
        Read,
        audit::{Deed, Line},
    },
    wire::page::{Page, cut},
};

/// A page of them, by their ids, and after which the next page begins. The policy for reading cases
/// decides which are told: those of which the caller sees `classes`, which is what the figure tells.
pub(super) async fn told(
    read: &Read,
    ids: BTreeSet<Uuid>,
    classes: Classes,
    page: &Page<Uuid>,
) -> Result<(Vec<String>, Option<Uuid>)> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let reached: HashMap<Uuid, (Circle, Classes)> = circle::reach_all(read, &ids).await?;
    let after = page.after.unwrap_or_default();
    let told = |id: &Uuid| reached.get(id).is_some_and(|(_, seen)| seen.and(classes) == classes);
    let mut found: Vec<Uuid> = ids.into_iter().filter(|id| *id > after && told(id)).collect();
    found.truncate(usize::try_from(page.size).unwrap_or(usize::MAX).saturating_add(1));
    let next = cut(&mut found, page.size, |id| *id);
    let circles: Vec<&Circle> =
        found.iter().filter_map(|id| reached.get(id)).map(|(circle, _)| circle).collect();
    let line = |circle: &&Circle| {
        let (id, subject) = (Some(circle.case.0), Some(circle.child.0));
        Line { deed: Deed::R, object: "case", id, subject, classes }
    };
    let lines: Vec<Line> = circles.iter().map(line).collect();
    write_down(read, &lines).await?;
    Ok((circles.iter().map(|circle| circle.case.to_string()).collect(), next))
}

/// Writes down what is about to be shown. What it follows from takes long to work out, and keeps no
/// transaction waiting for that.
pub(super) async fn write_down(read: &Read, lines: &[Line]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    read.app().write(read.grant(), None, |tx| async move { tx.audit_all(lines).await }).await
}
