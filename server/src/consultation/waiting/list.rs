//! The list as a caller may see it, in the order of service.

use std::collections::HashMap;

use schakel_domain::{
    access::{Class, Classes},
    consultation::waiting::in_turn,
    ids::SchoolId,
};
use sea_orm::{ColumnTrait, Condition, ExprTrait};
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
    store::{
        Tx,
        audit::{Deed, Line},
    },
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
    let lines: Vec<_> = shown.iter().flat_map(|one| lines(one, &circles)).collect();
    tx.audit_all(&lines).await?;
    Ok(shown)
}

/// What is owed for telling about a case whose people are shown.
fn lines(shown: &Shown, circles: &HashMap<Uuid, (Circle, Classes)>) -> Vec<Line> {
    let circle = shown.entry.case.and_then(|case| circles.get(&case.0));
    match circle.filter(|_| shown.classes.has(Class::K2)) {
        Some((circle, _)) => shown.entry.lines(Deed::R, Some(circle.child), &[Class::K1, Class::K2]),
        None => Vec::new(),
    }
}

/// The same rule as for a change, and for a team those of the schools to which it is tied at which
/// one of its people is wanted.
fn reached(tx: &Tx) -> Condition {
    let of_none = Condition::all().add(Column::CaseId.is_null());
    let by_case = Condition::all().add(Column::CaseId.in_subquery(circle::reached(tx)));
    let mut any = Condition::any().add(by_case);
    for (reached, _) in tx.grant().reached() {
        let own = Column::RequestedBy.eq(tx.grant().actor());
        any = match reached {
            Reached::Region => any.add(of_none.clone()),
            Reached::School(school) => {
                let either = Condition::any().add(own).add(Column::SchoolId.eq(*school));
                any.add(of_none.clone().add(either))
            }
            Reached::Residence(_) => any.add(of_none.clone().add(own)),
            Reached::Team(team) => {
                any.add(of_none.clone().add(own)).add(
                    Condition::all()
                        .add(Column::SchoolId.in_subquery(route::schools_of(tx, *team)))
                        .add(Column::Id.in_subquery(store::wanting(tx, *team)))
                        // What is put aside is told to nobody beside its own circle.
                        .add(Column::CaseId.is_null().or(Column::CaseId.not_in_subquery(circle::aside(tx)))),
                )
            }
            Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Invited(_)
            | Reached::Own(_)
            | Reached::Case(_)
            | Reached::Held => any,
        };
    }
    any
}
