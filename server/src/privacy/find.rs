//! The cases of a child whose name and birth date somebody wrote in a letter, or by the spoken reference.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::CaseId,
    text::Name,
};
use uuid::Uuid;

use crate::{
    access::{circle, person},
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
    thuiszitter::rights,
};

/// Whom somebody asks about.
#[derive(Debug, Clone)]
pub(super) enum Sought {
    /// By name and birth date.
    Child(Name, NaiveDate),
    /// By the spoken reference.
    Reference(String),
}

/// Those of the child's cases that the caller reaches.
pub(super) async fn find(tx: &Tx, sought: &Sought) -> Result<Vec<CaseId>> {
    let cases: Vec<Uuid> = match sought {
        Sought::Child(name, birth) => rights::of_child(tx, &person::child_index(tx, name, *birth)).await?,
        Sought::Reference(reference) => rights::of_reference(tx, reference).await?,
    };
    let reached = circle::reach_all(tx, &cases).await?;
    let identity = Classes::of(&[Class::K2]);
    let lines: Vec<Line> = reached
        .values()
        .map(|(circle, _)| Line {
            deed: Deed::R,
            object: "case",
            id: Some(circle.case.0),
            subject: Some(circle.child.0),
            classes: identity,
        })
        .collect();
    tx.audit_all(&lines).await?;
    Ok(cases.into_iter().filter(|case| reached.contains_key(case)).map(CaseId).collect())
}
