//! The terms of open or of closed cases that passed, whether or not something met them since.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Role},
    ids::{CaseId, PersonId},
    refusal::Language,
    thuiszitter::{DeadlineState, NormKind},
};
use uuid::Uuid;

use super::waits::{self, Seen};
use crate::{
    access::{
        authenticate::today,
        circle::{self, Circle},
    },
    error::Result,
    store::Read,
    thuiszitter::{
        deadline::{basis, name},
        store,
    },
};

/// A term that passed before it was met.
#[derive(Debug, Clone)]
pub struct Late {
    /// Of which case.
    pub case: CaseId,
    /// Whose case it is, for the log.
    pub child: PersonId,
    /// What the case is called when it is spoken of; empty for who may not know who the child is.
    pub reference: String,
    /// The id of its norm.
    pub norm: String,
    /// What the norm is called.
    pub name: String,
    /// Who set it.
    pub kind: NormKind,
    /// Law and article, with the version that was read.
    pub basis: String,
    /// Its last day.
    pub due: NaiveDate,
    /// When it was met all the same; none while it is open.
    pub met: Option<NaiveDate>,
    /// Calendar days from its last day until it was met, or until today; of a closed case until its outcome, if
    /// that came after it.
    pub days: i64,
    /// Who is to act.
    pub acts: Vec<Role>,
}

/// Those of the open or the closed cases that the caller reads and that `wants` wants: what was remembered for
/// lists of tasks serves here too.
///
/// # Errors
/// When the database fails.
pub async fn late(
    read: &Read,
    (closed, wants): (bool, impl Fn(&Circle) -> bool),
    language: Language,
) -> Result<Vec<Late>> {
    let reached = circle::reached(read);
    let rows = if closed {
        store::closed_within(read, reached).await?
    } else {
        store::open_within(read, reached).await?
    };
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut circles = circle::reach_all(read, &ids).await?;
    // What is restricted or archived is not worked on (AVG art. 18).
    circles.retain(|_, (circle, classes)| {
        circle.open != closed && circle.hold.is_none() && classes.has(Class::K3) && wants(circle)
    });
    let today = today(read.now());
    let profile = store::profile(read, today).await?;
    let seen: Vec<Seen<'_>> = rows
        .iter()
        .filter_map(|row| {
            let (circle, classes) = circles.get(&row.id)?;
            Some(Seen { row, circle, classes: *classes })
        })
        .collect();
    let remembered = waits::of(read, &profile, &seen).await?;
    let mut found = Vec::new();
    for one in &seen {
        let known = one.classes.has(Class::K2);
        for wait in remembered.get(&one.row.id).into_iter().flat_map(|waits| waits.iter()) {
            let norm = wait.norm.as_deref().and_then(|norm| profile.norm(norm));
            let (Some(norm), Some(due)) = (norm, wait.due) else { continue };
            let until = match (wait.state, wait.met) {
                // What was due before a case ended was late until then; what its end asks for still is.
                (DeadlineState::Overdue, _) => {
                    one.row.outcome_date.filter(|ended| closed && due < *ended).unwrap_or(today)
                }
                (DeadlineState::Met, Some(met)) if due < today => met,
                (
                    DeadlineState::Met
                    | DeadlineState::Running
                    | DeadlineState::DueSoon
                    | DeadlineState::Suspended,
                    _,
                ) => continue,
            };
            found.push(Late {
                case: one.circle.case,
                child: one.circle.child,
                reference: if known { one.row.reference.clone() } else { String::new() },
                norm: norm.id.clone(),
                name: name(norm, language).to_owned(),
                kind: norm.kind,
                basis: basis(norm),
                due,
                met: wait.met,
                // What came too early is not late by any days.
                days: (until - due).num_days().max(0),
                acts: norm.roles.clone(),
            });
        }
    }
    Ok(found)
}
