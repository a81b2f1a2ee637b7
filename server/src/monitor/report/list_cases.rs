//! The cases behind a figure of a report, for who reads cases: a line written down for each.

use std::collections::{BTreeSet, HashMap};

use schakel_domain::{
    access::{Class, Classes},
    monitor::report::Figure,
};
use uuid::Uuid;

use super::{
    get::{self, admit, period},
    units::units,
};
use crate::{
    access::circle::{self, Circle},
    directory::places::places,
    error::Result,
    monitor::{
        population,
        table::{self, NONE},
    },
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::page::{Page, cut},
};

/// Of which figure.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub report: get::Wanted,
    /// Of which row; none: of the total.
    pub key: Option<String>,
    pub figure: Figure,
    pub page: Page<Uuid>,
}

/// A page of them, by their ids, and after which the next page begins.
///
/// # Errors
/// As for the report.
pub(super) async fn list_cases(tx: &Tx, wanted: &Wanted) -> Result<(Vec<String>, Option<Uuid>)> {
    let asked = &wanted.report;
    let places = places(tx, asked.date).await?;
    admit(tx, asked, &places)?;
    let (period, _) = period(tx, asked);
    let in_row = |circle: &Circle| match (asked.group, &wanted.key) {
        (Some(group), Some(key)) => {
            let key = if key == NONE { "" } else { key };
            table::keys(group, &places, circle).iter().any(|own| own == key)
        }
        (None, _) | (_, None) => true,
    };
    let wants = |circle: &Circle| population::is_in(&asked.scope, &places, circle) && in_row(circle);
    let units = units(tx, (asked.kind, period), &places, wants).await?;
    let those = units.iter().filter(|unit| unit.figures.contains(&wanted.figure));
    let ids: BTreeSet<Uuid> = those.filter_map(|unit| unit.case.map(|case| case.0)).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    // The policy for reading cases decides which of them are told, and a figure tells of absence.
    let reached: HashMap<Uuid, (Circle, Classes)> = circle::reach_all(tx, &ids).await?;
    let after = wanted.page.after.unwrap_or_default();
    let told = |id: &Uuid| reached.get(id).is_some_and(|(_, classes)| classes.has(Class::K3));
    let mut page: Vec<Uuid> = ids.into_iter().filter(|id| *id > after && told(id)).collect();
    page.truncate(usize::try_from(wanted.page.size).unwrap_or(usize::MAX).saturating_add(1));
    let next = cut(&mut page, wanted.page.size, |id| *id);
    let line = |id: &Uuid| {
        let (circle, _) = reached.get(id)?;
        let subject = Some(circle.child.0);
        let classes = Classes::of(&[Class::K3]);
        Some(Line { deed: Deed::R, object: "case", id: Some(*id), subject, classes })
    };
    let lines: Vec<_> = page.iter().filter_map(line).collect();
    tx.audit_all(&lines).await?;
    let name = |id: &Uuid| reached.get(id).map(|(circle, _)| circle.case.to_string());
    Ok((page.iter().filter_map(name).collect(), next))
}
