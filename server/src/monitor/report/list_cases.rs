//! Which cases are behind a figure of a report.

use std::collections::BTreeSet;

use schakel_domain::{
    access::{Class, Classes},
    monitor::report::Figure,
};
use schakel_proto::v1::CaseBehind;
use uuid::Uuid;

use super::{
    get::{self, admit, period},
    units::units,
};
use crate::{
    access::circle::Circle,
    directory::places::places,
    error::Result,
    monitor::{behind, population, table::is_in_row},
    store::Read,
    wire::page::Page,
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
pub(super) async fn list_cases(read: &Read, wanted: &Wanted) -> Result<(Vec<CaseBehind>, Option<Uuid>)> {
    let asked = &wanted.report;
    let places = places(read, asked.date).await?;
    admit(read, asked, &places)?;
    let (period, _) = period(read, asked);
    let row = (asked.group, wanted.key.as_deref());
    let wants =
        |circle: &Circle| population::is_in(&asked.scope, &places, circle) && is_in_row(row, &places, circle);
    // Of who lived elsewhere then, another gemeente tells, even if this one sees the case now.
    let known =
        |circle: &Circle| !asked.kind.is_of_residents_then() || population::is_counted(read.grant(), circle);
    let units = units(read, (asked.kind, period), &places, (known, wants)).await?;
    let those = units.iter().filter(|unit| unit.figures.contains(&wanted.figure));
    let ids: BTreeSet<Uuid> = those.filter_map(|unit| unit.case.map(|case| case.0)).collect();
    // A figure tells of absence, or of more.
    let classes: Classes = [Class::K3, wanted.figure.class()].into_iter().collect();
    behind::told(read, &places, (ids, classes), &wanted.page).await
}
