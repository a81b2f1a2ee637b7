//! Which cases are behind a figure of a report, and what else it counts.

use std::collections::BTreeSet;

use schakel_domain::{
    access::{Class, Classes},
    monitor::report::{Beside, Figure},
};
use uuid::Uuid;

use super::{
    get::{self, admit, period},
    units::{Unit, units},
};
use crate::{
    access::circle::Circle,
    directory::places::places,
    error::Result,
    monitor::{
        behind::{self, Behind},
        population::{self, knows},
        table::is_in_row,
    },
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

/// A page of them, and what the figure counts beside them.
///
/// # Errors
/// As for the report.
pub(super) async fn list_cases(read: &Read, wanted: &Wanted) -> Result<(Behind, Beside)> {
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
    let those: Vec<&Unit> = units.iter().filter(|unit| unit.figures.contains(&wanted.figure)).collect();
    let ids: BTreeSet<Uuid> = those.iter().filter_map(|unit| unit.case.map(|case| case.0)).collect();
    // A figure tells of absence, or of more.
    let told = [Class::K3, wanted.figure.class()];
    let classes: Classes = told.into_iter().collect();
    let behind = behind::told(read, &places, (ids, classes), &wanted.page).await?;
    // Beside what is listed, only what the caller counts where it stands: whoever is told no exact figure is
    // told no part of it here either.
    let counts = |unit: &Unit| {
        let is_listed = unit.case.is_some_and(|case| behind.all.contains(&case.0));
        is_listed || told.into_iter().all(|class| knows(read.grant(), class, &unit.place))
    };
    let counted = those.into_iter().filter(|unit| counts(unit));
    let beside = Beside::of(counted.map(|unit| unit.case.map(|case| case.0)), &behind.all);
    Ok((behind, beside))
}
