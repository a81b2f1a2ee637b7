//! An open action of a plan is changed, done or dropped.

use chrono::NaiveDate;
use schakel_domain::{
    access::Denied,
    ids::{CaseId, OrganisationId, PersonId, PlanActionId},
    refusal::Refusal,
    text::FreeText,
    thuiszitter::{PlanState, Sight},
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    add::{must_be, shown},
    store::{self, PlanAction},
    wire::to_wire,
};
use crate::{
    access::circle,
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        history::{self, Detail},
        view::line,
    },
};

/// An action as the caller read it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub id: PlanActionId,
    pub etag: i32,
}

/// The fields that can change, as a mask names them.
pub(super) const FIELDS: [&str; 5] = ["text", "organisation", "person", "start_date", "due_date"];

/// What is to change: what `paths` names. Of that, the person may be emptied.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub text: Option<FreeText>,
    pub organisation: Option<OrganisationId>,
    pub person: Option<PersonId>,
    pub start: Option<NaiveDate>,
    pub due: Option<NaiveDate>,
    /// The mask's fields.
    pub paths: Vec<String>,
}

impl Change {
    /// Whether the mask names `field`.
    pub(super) fn names(&self, field: &str) -> bool {
        self.paths.iter().any(|path| path == field)
    }
}

/// Changes it as `change` says.
///
/// # Errors
/// As [`hold`]; as [`must_be`].
pub(super) async fn update(tx: &Tx, known: Known, change: &Change) -> Result<pb::PlanAction> {
    let (mut action, child) = hold(tx, known).await?;
    if let Some(text) = &change.text {
        action.text = text.clone();
    }
    action.organisation = change.organisation.unwrap_or(action.organisation);
    if change.names("person") {
        action.person = change.person;
    }
    action.start = change.start.unwrap_or(action.start);
    action.due = change.due.unwrap_or(action.due);
    must_be(tx, &action).await?;
    end(tx, (action, child), "PLAN_ACTION_CHANGED").await
}

/// Keeps that it was done on `day`.
///
/// # Errors
/// As [`hold`].
pub(super) async fn complete(tx: &Tx, known: Known, day: NaiveDate) -> Result<pb::PlanAction> {
    let (mut action, child) = hold(tx, known).await?;
    action.state = PlanState::Done;
    action.done = Some(day);
    end(tx, (action, child), "PLAN_ACTION_DONE").await
}

/// Keeps that it will not be done, and why.
///
/// # Errors
/// As [`hold`].
pub(super) async fn drop(tx: &Tx, known: Known, reason: &FreeText) -> Result<pb::PlanAction> {
    let (mut action, child) = hold(tx, known).await?;
    action.state = PlanState::Dropped;
    action.reason = Some(reason.clone());
    end(tx, (action, child), "PLAN_ACTION_DROPPED").await
}

const MISSING: Error = Error::NotFound("PLAN_ACTION");

/// The open action that the caller may change, and the child that it is for.
///
/// # Errors
/// `PLAN_ACTION_NOT_FOUND` when there is none or it is not the caller's, alike; not allowed of one of
/// which the caller knows only that it runs; `CASE_CLOSED`, `CASE_RESTRICTED`, `ETAG_MISMATCH`; a
/// violation of the name of one that is done or dropped.
async fn hold(tx: &Tx, known: Known) -> Result<(PlanAction, PersonId)> {
    let row = store::find(tx, known.id).await?;
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let case = row.as_ref().map_or(CaseId(Uuid::max()), |row| CaseId(row.case_id));
    let reached = circle::reach(tx, case).await;
    let (circle, classes) =
        reached.map_err(|error| if matches!(error, Error::NotFound(_)) { MISSING } else { error })?;
    let action = store::open(tx, row.ok_or(MISSING)?, circle.child).await?;
    match action.side.sight(classes) {
        Some(Sight::Whole) => {}
        Some(Sight::Shell) => return Err(Denied::ActionNotAllowed.into()),
        None => return Err(MISSING),
    }
    if action.version != known.etag {
        return Err(Error::Stale);
    }
    match action.state {
        PlanState::Open => Ok((action, circle.child)),
        PlanState::Done | PlanState::Dropped => Err(Error::field("name", Refusal::FieldInvalid)),
    }
}

async fn end(tx: &Tx, (mut action, child): (PlanAction, PersonId), kind: &str) -> Result<pb::PlanAction> {
    store::update(tx, &mut action, child).await?;
    history::note(tx, (action.case, child), kind, &Detail::default()).await?;
    tx.audit(line(Deed::U, action.case, child, shown(action.side))).await?;
    Ok(to_wire(&action, Sight::Whole, true))
}
