//! Which cases are behind a figure of the table.

use std::collections::BTreeSet;

use schakel_domain::{
    access::{Class, Classes},
    monitor::{Measure, measures},
};
use schakel_proto::v1::CaseBehind;
use uuid::Uuid;

use super::{
    behind,
    lives::{Basis, lives},
    population,
    table::{self, is_in_row},
};
use crate::{
    access::circle::Circle, directory::places::places, error::Result, store::Read, wire::page::Page,
};

/// Of which figure.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub table: table::Wanted,
    /// Of which row; none: of the total.
    pub key: Option<String>,
    pub measure: Measure,
    pub page: Page<Uuid>,
}

/// A page of them, by their ids, and after which the next page begins.
///
/// # Errors
/// As for the table.
pub(super) async fn list_cases(read: &Read, wanted: &Wanted) -> Result<(Vec<CaseBehind>, Option<Uuid>)> {
    let asked = &wanted.table;
    let places = places(read, asked.date).await?;
    population::admit_known(read, &asked.scope, &places, asked.date).await?;
    let period = asked.period()?;
    let basis = Basis::of(read, asked.date).await?;
    let row = (asked.group, wanted.key.as_deref());
    let wants =
        |circle: &Circle| population::is_in(&asked.scope, &places, circle) && is_in_row(row, &places, circle);
    let counted = lives(read, &basis, wants).await?;
    let has = |life| measures(life, asked.date, period).contains(&wanted.measure);
    let ids: BTreeSet<Uuid> =
        counted.iter().filter(|one| has(&one.life)).map(|one| one.circle.case.0).collect();
    let behind = behind::told(read, &places, (ids, Classes::of(&[Class::K3])), &wanted.page).await?;
    Ok((behind.called, behind.next))
}
