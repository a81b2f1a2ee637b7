//! Decisions and views for who gives out all about a child, whoever asks.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, CaseViewId, OrganisationId, PersonId},
    thuiszitter::view::{About, Party},
};

use super::{
    store::{self, found_place, text_place},
    view_store::{self, place},
};
use crate::{access::authenticate::today, error::Result, store::Read};

/// A decision.
#[derive(Debug, Clone)]
pub struct ToldDecision {
    /// Which.
    pub decision: String,
    /// On which day.
    pub on: NaiveDate,
    /// What was decided.
    pub text: String,
    /// Who has to do it.
    pub obliged: OrganisationId,
    /// The last day on which that is in time.
    pub due: NaiveDate,
    /// How it stands today.
    pub state: String,
    /// When it was written down, for which organisation and by which roles.
    pub recorded: (DateTime<Utc>, Option<OrganisationId>, String),
    /// Who looked, oldest first.
    pub checks: Vec<ToldCheck>,
}

/// Somebody looked.
#[derive(Debug, Clone)]
pub struct ToldCheck {
    /// On which day.
    pub on: NaiveDate,
    /// Whether it was done.
    pub complied: bool,
    /// What was found.
    pub found: String,
    /// When it was written down, for which organisation and by which roles.
    pub recorded: (DateTime<Utc>, Option<OrganisationId>, String),
}

/// A view, or a rejoinder to one.
#[derive(Debug, Clone)]
pub struct ToldView {
    /// Which.
    pub view: CaseViewId,
    /// What it is about.
    pub about: About,
    /// The decision that it is about.
    pub decision: Option<String>,
    /// The view that it answers.
    pub answers: Option<CaseViewId>,
    /// Whose.
    pub party: Party,
    /// What was said.
    pub text: String,
    /// When it was written down, for which organisation and by which roles.
    pub recorded: (DateTime<Utc>, Option<OrganisationId>, String),
}

/// Every decision about `case`, for somebody who sees `classes`: the caller of this owes the policy.
pub async fn decisions(
    read: &Read,
    (case, child): (CaseId, PersonId),
    classes: Classes,
) -> Result<Vec<ToldDecision>> {
    if !classes.has(Class::K4) {
        return Ok(Vec::new());
    }
    let all = store::of_case(read, case).await?;
    let keys = read.subject_keys(&[child.0]).await?;
    let today = today(read.now());
    all.into_iter()
        .map(|one| {
            let checks = one.checks.iter().map(|checked| {
                Ok(ToldCheck {
                    on: checked.check.on,
                    complied: checked.check.complied,
                    found: keys.open(child.0, found_place(checked.id), &checked.sealed_found)?,
                    recorded: (checked.recorded, checked.organisation, checked.role.clone()),
                })
            });
            Ok(ToldDecision {
                decision: one.id.to_string(),
                on: one.on,
                text: keys.open(child.0, text_place(one.id), &one.sealed_text)?,
                obliged: one.obliged,
                due: one.due,
                state: one.state(DateTime::<Utc>::MAX_UTC, today).to_string(),
                checks: checks.collect::<Result<_>>()?,
                recorded: (one.recorded, one.organisation, one.role.clone()),
            })
        })
        .collect()
}

/// Every view about `case` that somebody sees who sees `classes`: the caller of this owes the policy.
pub async fn views(
    read: &Read,
    (case, child): (CaseId, PersonId),
    classes: Classes,
) -> Result<Vec<ToldView>> {
    let all = view_store::of_case(read, case).await?;
    let keys = read.subject_keys(&[child.0]).await?;
    let seen = all.into_iter().filter(|view| view.party.is_open(child, classes, None));
    seen.map(|view| {
        Ok(ToldView {
            text: keys.open(child.0, place(view.id), &view.sealed_text)?,
            view: view.id,
            about: view.about,
            decision: view.decision.map(|decision| decision.to_string()),
            answers: view.answers,
            party: view.party,
            recorded: (view.recorded, view.organisation, view.role),
        })
    })
    .collect()
}
