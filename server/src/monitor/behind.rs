//! The cases behind a figure, for who reads cases: a line written down for each.

use std::collections::{BTreeSet, HashMap};

use schakel_domain::access::{Class, Classes};
use schakel_proto::v1::CaseBehind;
use uuid::Uuid;

use crate::{
    access::circle::{self, Circle},
    directory::places::Places,
    error::Result,
    store::{
        Read,
        audit::{Deed, Line},
    },
    thuiszitter::figures::references,
    wire::{
        fields::text,
        page::{Page, cut},
    },
};

/// A page of the cases behind a figure.
pub(super) struct Behind {
    /// By their ids.
    pub called: Vec<CaseBehind>,
    /// After which the next page begins.
    pub next: Option<Uuid>,
    /// Those of every page.
    pub all: BTreeSet<Uuid>,
}

/// A page of them. The policy for reading cases
/// decides which are told: those of which the caller sees `classes`, which is what the figure tells. Each is
/// called as the list of tasks calls it.
pub(super) async fn told(
    read: &Read,
    places: &Places,
    (ids, classes): (BTreeSet<Uuid>, Classes),
    page: &Page<Uuid>,
) -> Result<Behind> {
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let reached: HashMap<Uuid, (Circle, Classes)> = circle::reach_all(read, &ids).await?;
    let after = page.after.unwrap_or_default();
    let told = |id: &Uuid| reached.get(id).is_some_and(|(_, seen)| seen.and(classes) == classes);
    let all: BTreeSet<Uuid> = ids.into_iter().filter(told).collect();
    let mut found: Vec<Uuid> = all.iter().copied().filter(|id| *id > after).collect();
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
    let references = references(read, &found).await?;
    let called = |(circle, seen): &(Circle, Classes)| {
        let reference = references.get(&circle.case.0).filter(|_| seen.has(Class::K2));
        let stands = circle.school.and_then(|school| places.schools.get(&school.0));
        CaseBehind {
            case: circle.case.to_string(),
            reference: reference.cloned().unwrap_or_default(),
            school: text(circle.school),
            school_display_name: stands.map(|stands| stands.name.clone()).unwrap_or_default(),
        }
    };
    let called = found.iter().filter_map(|id| reached.get(id)).map(called).collect();
    Ok(Behind { called, next, all })
}

/// Writes down what is about to be shown. What it follows from takes long to work out, and keeps no
/// transaction waiting for that.
pub(super) async fn write_down(read: &Read, lines: &[Line]) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    read.app().write(read.grant(), None, |tx| async move { tx.audit_all(lines).await }).await
}
