//! The terms of open or of closed cases that passed, whether or not something met them since.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Role},
    ids::{CaseId, PersonId},
    refusal::Language,
    thuiszitter::{DeadlineState, NormKind, Outcome, late_until},
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
    /// Calendar days from its last day until it was met, or until today; of a closed case until its outcome, and of
    /// what its end asks for until today or the last day on which that is asked for.
    pub days: i64,
    /// Who is to act.
    pub acts: Vec<Role>,
}

/// Those of the open cases that the caller reads and that `wants` wants, or of the cases that were closed with an
/// outcome on a day or later: what was remembered for lists of tasks serves here too.
///
/// # Errors
/// When the database fails.
pub async fn late(
    read: &Read,
    (closed_since, wants): (Option<NaiveDate>, impl Fn(&Circle) -> bool),
    language: Language,
) -> Result<Vec<Late>> {
    let (reached, closed) = (circle::reached(read), closed_since.is_some());
    let rows = match closed_since {
        Some(since) => store::closed_within(read, reached, since).await?,
        None => store::open_within(read, reached).await?,
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
        let outcome: Option<Outcome> = one.row.outcome.as_deref().and_then(|word| word.parse().ok());
        let ended = outcome.zip(one.row.outcome_date).filter(|_| closed);
        for wait in remembered.get(&one.row.id).into_iter().flat_map(|waits| waits.iter()) {
            let norm = wait.norm.as_deref().and_then(|norm| profile.norm(norm));
            let (Some(norm), Some(due)) = (norm, wait.due) else { continue };
            let until = match (wait.state, wait.met) {
                (DeadlineState::Overdue, _) => {
                    ended.map_or(today, |ended| late_until(norm, due, ended, today))
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
