//! The list as a caller may see it, in the order of service.

use std::collections::HashMap;

use schakel_domain::{
    access::{Class, Classes},
    consultation::waiting::in_turn,
    ids::SchoolId,
};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{Entry, store};
use crate::{
    access::{
        Reached,
        circle::{self, Circle},
    },
    directory::route,
    entity::waiting_entry::Column,
    error::Result,
    store::{Tx, audit::Deed},
};

/// An entry, and whether the caller may know the case and who of the family is wanted.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The entry.
    pub entry: Entry,
    /// What may be seen of it.
    pub classes: Classes,
}

/// Those that the caller may see, in the order in which they are served; three statements more
/// than the audit, however many there are.
pub async fn list(tx: &Tx, school: Option<SchoolId>) -> Result<Vec<Shown>> {
    let mut condition = Condition::all().add(reached(tx));
    if let Some(school) = school {
        condition = condition.add(Column::SchoolId.eq(school.0));
    }
    let entries = store::open(tx, condition).await?;
    let cases: Vec<Uuid> = entries.iter().filter_map(|entry| entry.case).map(|case| case.0).collect();
    let circles = circle::reach_all(tx, &cases).await?;
    let mut by_id: HashMap<Uuid, Entry> = entries.into_iter().map(|entry| (entry.id.0, entry)).collect();
    // Who rests still waits: only the service passes it over.
    let waiters = by_id.values().map(|entry| {
        let mut waiter = entry.waiter();
        waiter.rests_until = None;
        waiter
    });
    let order = in_turn(waiters.collect(), tx.now());
    let ordered = order.iter().filter_map(|waiter| by_id.remove(&waiter.id));
    let shown: Vec<Shown> = ordered
        .map(|entry| {
            let around = entry.case.and_then(|case| circles.get(&case.0));
            Shown { classes: around.map_or(Classes::of(&[Class::K0, Class::K1]), |(_, seen)| *seen), entry }
        })
        .collect();
    let lines: Vec<_> = shown.iter().filter_map(|one| line(one, &circles)).collect();
    tx.audit_all(&lines).await?;
    Ok(shown)
}

fn line(shown: &Shown, circles: &HashMap<Uuid, (Circle, Classes)>) -> Option<crate::store::audit::Line> {
    let (circle, _) = circles.get(&shown.entry.case?.0).filter(|_| shown.classes.has(Class::K2))?;
    let classes = Classes::of(&[Class::K1, Class::K2]);
    Some(crate::store::audit::Line { classes, ..shown.entry.line(Deed::R, Some(circle.child)) })
}

/// The same rule as [`Entry::holds`], and for a team those of the schools that it is tied to.
fn reached(tx: &Tx) -> Condition {
    let mut any = Condition::any().add(Column::RequestedBy.eq(tx.grant().actor()));
    for (reached, _) in tx.grant().reached() {
        any = match reached {
            Reached::Region => any.add(Column::RegionId.eq(tx.region())),
            Reached::School(school) => any.add(Column::SchoolId.eq(*school)),
            Reached::Team(team) => any.add(Column::SchoolId.in_subquery(route::schools_of(tx, *team))),
            Reached::Residence(_) => {
                any.add(Column::CaseId.in_subquery(circle::within(tx, std::iter::once(reached))))
            }
            Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Invited(_)
            | Reached::Own(_)
            | Reached::Case(_)
            | Reached::Held => any,
        };
    }
    let lively = Condition::any()
        .add(Column::CaseId.is_null())
        .add(Column::CaseId.not_in_subquery(circle::archived(tx)));
    Condition::all().add(any).add(lively)
}
