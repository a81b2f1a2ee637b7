//! The cases behind a figure, for who reads cases: a line written down for each.

use std::collections::{HashMap, HashSet};

use schakel_domain::{
    access::{Class, Classes},
    monitor::{Measure, measures},
};
use uuid::Uuid;

use super::{
    lives::{Basis, lives},
    population,
    table::{self, NONE},
};
use crate::{
    access::circle::{self, Circle},
    directory::places::places,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::page::{Page, cut},
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
pub(super) async fn list_cases(tx: &Tx, wanted: &Wanted) -> Result<(Vec<String>, Option<Uuid>)> {
    let asked = &wanted.table;
    let places = places(tx, asked.date).await?;
    population::admit(tx.grant(), &asked.scope, &places)?;
    let period = asked.period()?;
    let basis = Basis::of(tx, asked.date).await?;
    let in_row = |circle: &Circle| match (asked.group, &wanted.key) {
        (Some(group), Some(key)) => {
            let key = if key == NONE { "" } else { key };
            table::keys(group, &places, circle).iter().any(|own| own == key)
        }
        (None, _) | (_, None) => true,
    };
    let wants = |circle: &Circle| population::is_in(&asked.scope, &places, circle) && in_row(circle);
    let counted = lives(tx, &basis, wants).await?;
    let has = |life| measures(life, asked.date, period).contains(&wanted.measure);
    let ids: Vec<Uuid> = counted.iter().filter(|one| has(&one.life)).map(|one| one.circle.case.0).collect();
    // The policy for reading cases decides which of them are told, and a figure tells of absence.
    let reached: HashMap<Uuid, (Circle, Classes)> = circle::reach_all(tx, &ids).await?;
    let told: HashSet<Uuid> =
        reached.iter().filter(|(_, (_, classes))| classes.has(Class::K3)).map(|(id, _)| *id).collect();
    let after = wanted.page.after.unwrap_or_default();
    let mut page: Vec<Uuid> = ids.into_iter().filter(|id| *id > after && told.contains(id)).collect();
    page.truncate(usize::try_from(wanted.page.size).unwrap_or(usize::MAX).saturating_add(1));
    let next = cut(&mut page, wanted.page.size, |id| *id);
    let line = |id: &Uuid| {
        let (circle, _) = reached.get(id)?;
        let subject = Some(circle.child.0);
        Some(Line {
            deed: Deed::R,
            object: "case",
            id: Some(*id),
            subject,
            classes: Classes::of(&[Class::K3]),
        })
    };
    let lines: Vec<_> = page.iter().filter_map(line).collect();
    tx.audit_all(&lines).await?;
    let name = |id: &Uuid| reached.get(id).map(|(circle, _)| circle.case.to_string());
    Ok((page.iter().filter_map(name).collect(), next))
}
