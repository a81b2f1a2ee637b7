//! Which cases the caller may count, and whether exactly.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Denied, Reached},
    ids::{ClusterId, SchoolId},
};

use super::lives::{Basis, lives};
use crate::{
    access::{Grant, circle::Circle},
    directory::places::Places,
    error::{Error, Result},
    store::Read,
};

/// Of which cases.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Scope {
    /// Of all that the caller may count.
    All,
    /// Of children that live there.
    Gemeente(String),
    /// Of its schools.
    Cluster(ClusterId),
    /// Of one.
    School(SchoolId),
}

/// Whether the caller may know of the cases that it counts; else it sees no small numbers.
pub(super) fn is_exact(grant: &Grant) -> bool {
    grant.classes().has(Class::K3)
}

/// The ways in which the caller knows of cases.
pub(super) fn ways(grant: &Grant) -> impl Iterator<Item = &Reached> {
    grant.reached().iter().filter(|(_, classes)| classes.has(Class::K3)).map(|(reached, _)| reached)
}

/// Whether the caller may know of every case of the region that is counted.
pub(super) fn is_everywhere(grant: &Grant) -> bool {
    ways(grant).any(|reached| matches!(reached, Reached::Region))
}

/// That the scope is one that the caller may ask for.
///
/// # Errors
/// `SCHOOL_NOT_FOUND`, `CLUSTER_NOT_FOUND`, `AREA_NOT_FOUND`; not allowed where figures are told
/// across organisations and the scope is too narrow for that.
pub(super) fn admit(grant: &Grant, scope: &Scope, places: &Places) -> Result<()> {
    let exact = is_exact(grant);
    match scope {
        Scope::All => Ok(()),
        Scope::Gemeente(code) => {
            let own = |reached: &Reached| match reached {
                Reached::Residence(own) => own == code,
                Reached::Region
                | Reached::School(_)
                | Reached::SchoolEscalated(_)
                | Reached::Escalated(_)
                | Reached::Invited(_)
                | Reached::Team(_)
                | Reached::Own(_)
                | Reached::Case(_)
                | Reached::Held => true,
            };
            if exact && !ways(grant).any(own) { Err(Error::NotFound("AREA")) } else { Ok(()) }
        }
        Scope::School(_) | Scope::Cluster(_) if !exact => Err(Denied::ActionNotAllowed.into()),
        Scope::Cluster(cluster) => {
            if places.clusters.contains_key(&cluster.0) {
                Ok(())
            } else {
                Err(Error::NotFound("CLUSTER"))
            }
        }
        Scope::School(school) => {
            let other = |reached: &Reached| matches!(reached, Reached::School(own) if *own != school.0);
            let known = places.schools.contains_key(&school.0) && !ways(grant).all(other);
            if known { Ok(()) } else { Err(Error::NotFound("SCHOOL")) }
        }
    }
}

/// [`admit`], and that a gemeente is of the region: one of its register, or where a school lies or a child lives of
/// whom something is told of `date`.
///
/// # Errors
/// As [`admit`].
pub(super) async fn admit_known(read: &Read, scope: &Scope, places: &Places, date: NaiveDate) -> Result<()> {
    admit(read.grant(), scope, places)?;
    let Scope::Gemeente(code) = scope else { return Ok(()) };
    // `WK053701` lies in `GM0537`.
    let lies = |wijk: &str| wijk.get(2..6).is_some_and(|digits| code.get(2..6) == Some(digits));
    if places.areas.contains_key(code) || places.schools.values().any(|stands| lies(&stands.wijk)) {
        return Ok(());
    }
    // Outside, the answer itself would tell whether somebody lives there.
    if !is_exact(read.grant()) {
        return Err(Error::NotFound("AREA"));
    }
    let basis = Basis::of(read, date).await?;
    let there = lives(read, &basis, |circle| counts(read.grant(), scope, places, circle)).await?;
    if there.is_empty() { Err(Error::NotFound("AREA")) } else { Ok(()) }
}

/// Whether the caller may know of what is of `class` in a case.
pub(super) fn knows(grant: &Grant, class: Class, circle: &Circle) -> bool {
    grant.reached().iter().any(|(reached, classes)| classes.has(class) && circle.holds(reached))
}

/// Whether a case is one of those that the caller counts in `scope`.
pub(super) fn counts(grant: &Grant, scope: &Scope, places: &Places, circle: &Circle) -> bool {
    is_counted(grant, circle) && is_in(scope, places, circle)
}

/// Whether a case is one of those that the caller counts anywhere.
pub(super) fn is_counted(grant: &Grant, circle: &Circle) -> bool {
    !is_exact(grant) || ways(grant).any(|reached| circle.holds(reached))
}

/// Whether a case is in `scope`.
pub(super) fn is_in(scope: &Scope, places: &Places, circle: &Circle) -> bool {
    match scope {
        Scope::All => true,
        Scope::Gemeente(code) => circle.gemeente == *code,
        Scope::School(school) => circle.school == Some(*school),
        Scope::Cluster(cluster) => {
            let stands = circle.school.and_then(|school| places.schools.get(&school.0));
            stands.is_some_and(|stands| stands.clusters.contains(&cluster.0))
        }
    }
}
