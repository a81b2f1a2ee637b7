//! An action is added to the plan of an open case.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    bound::Bound,
    ids::{CaseId, OrganisationId, PersonId, PlanActionId},
    refusal::{Refusal, Violation},
    text::FreeText,
    thuiszitter::{PlanState, Side, Sight, must_follow},
};
use schakel_proto::v1 as pb;

use super::{
    store::{self, PlanAction},
    wire::to_wire,
};
use crate::{
    access::{affiliation, authenticate::today, circle, organisation},
    error::{Error, Result},
    store::{Read, Tx, audit::Deed},
    thuiszitter::{
        advance_case::must_write,
        history::{self, Detail},
        view::line,
    },
};

/// The action that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: CaseId,
    pub side: Side,
    pub text: FreeText,
    pub organisation: OrganisationId,
    pub person: Option<PersonId>,
    pub start: NaiveDate,
    pub due: NaiveDate,
}

/// Adds it.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`; not allowed for a side that the caller does
/// not see; as [`must_be`].
pub(super) async fn add(tx: &Tx, wish: &Wish) -> Result<pb::PlanAction> {
    let (circle, classes) = circle::reach(tx, wish.case).await?;
    must_write(classes, wish.side.class())?;
    let action = PlanAction {
        id: PlanActionId(tx.new_id()),
        case: wish.case,
        side: wish.side,
        text: wish.text.clone(),
        organisation: wish.organisation,
        person: wish.person,
        start: wish.start,
        due: wish.due,
        state: PlanState::Open,
        done: None,
        reason: None,
        version: 1,
    };
    must_be(tx, &action).await?;
    store::insert(tx, &action, circle.child).await?;
    history::note(tx, (wish.case, circle.child), "PLAN_ACTION_ADDED", &Detail::default()).await?;
    tx.audit(line(Deed::U, wish.case, circle.child, shown(wish.side))).await?;
    Ok(to_wire(&action, Sight::Whole, true))
}

/// What somebody sees of an action of `side` who sees it whole.
pub(super) fn shown(side: Side) -> Classes {
    [Class::K1, side.class()].into_iter().collect()
}

/// Refuses what cannot be, all of it at once.
///
/// # Errors
/// A violation for an organisation that is not there, for a person who does not work for it today,
/// and for an action that is due before it starts.
pub(super) async fn must_be(read: &Read, action: &PlanAction) -> Result<()> {
    let mut violations = Vec::new();
    match organisation::get(read, action.organisation).await {
        Ok(_) => {}
        Err(Error::NotFound(_)) => {
            violations.push(Violation::new("plan_action.organisation", Refusal::FieldInvalid));
        }
        Err(error) => return Err(error),
    }
    if let Some(person) = action.person {
        let posts = affiliation::of(read, &[person], today(read.now())).await?;
        if !posts.iter().any(|post| post.organisation == action.organisation) {
            violations.push(Violation::new("plan_action.person", Refusal::FieldInvalid));
        }
    }
    if let Err(refusal) = must_follow(action.start, action.due) {
        violations.push(Violation::bound("plan_action.due_date", refusal, Bound::SinceStart));
    }
    if violations.is_empty() { Ok(()) } else { Err(Error::Invalid(violations)) }
}
