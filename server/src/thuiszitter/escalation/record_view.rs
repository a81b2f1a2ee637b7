//! How a party sees a case is written down beside what others see, and so is what others answer.

use schakel_domain::{
    access::{Classes, Denied},
    ids::{CaseId, CaseViewId, DecisionId, OrganisationId},
    refusal::Refusal,
    text::FreeText,
    thuiszitter::view::{About, Party},
};
use schakel_proto::v1 as pb;

use super::{
    store,
    view_store::{self, View},
    wire,
};
use crate::{
    access::{
        circle::{self, Circle},
        organisation,
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        history::{self, Detail},
        view::line,
    },
};

const MISSING: Error = Error::NotFound("CASE_VIEW");

/// What a party says.
#[derive(Debug, Clone)]
pub(super) struct Saying {
    pub party: Party,
    pub text: FreeText,
}

/// Adds a view about a case.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`, `DECISION_NOT_FOUND`, `ORGANISATION_NOT_FOUND`;
/// not allowed for a party whose words the caller may not see; a violation of `person` who is not
/// of the case.
pub(super) async fn record_view(
    tx: &Tx,
    case: CaseId,
    (about, decision): (About, Option<DecisionId>),
    saying: &Saying,
) -> Result<pb::CaseView> {
    let (circle, classes) = circle::reach(tx, case).await?;
    must_be_a_party(tx, (&circle, classes), saying.party).await?;
    if let Some(decision) = decision {
        let found = store::find(tx, decision).await?;
        found.filter(|found| found.case == case).ok_or(Error::NotFound("DECISION"))?;
    }
    add(tx, &circle, (about, decision, None), saying).await
}

/// Adds what a party answers to a view.
///
/// # Errors
/// `CASE_VIEW_NOT_FOUND` when there is none or the caller may not see it, alike; as [`record_view`];
/// a violation of `view` that is a rejoinder itself.
pub(super) async fn add_rejoinder(tx: &Tx, id: CaseViewId, saying: &Saying) -> Result<pb::CaseView> {
    let found = view_store::find(tx, id).await?;
    // Asked in any case: how long a refusal takes tells nobody whether there is one.
    let case = found.as_ref().map_or(CaseId(uuid::Uuid::max()), |view| view.case);
    let reached = circle::reach(tx, case).await;
    let missing = |error| if matches!(error, Error::NotFound(_)) { MISSING } else { error };
    let (circle, classes) = reached.map_err(missing)?;
    let view = found.ok_or(MISSING)?;
    if !view.party.is_open(circle.child, classes, own(tx)) {
        return Err(MISSING);
    }
    if view.answers.is_some() {
        return Err(Error::field("view", Refusal::FieldInvalid));
    }
    must_be_a_party(tx, (&circle, classes), saying.party).await?;
    add(tx, &circle, (view.about, view.decision, Some(id)), saying).await
}

fn own(tx: &Tx) -> Option<OrganisationId> {
    tx.grant().organisation().map(OrganisationId)
}

async fn must_be_a_party(tx: &Tx, (circle, classes): (&Circle, Classes), party: Party) -> Result<()> {
    match party {
        Party::Person(person) if !circle.has(person) => {
            return Err(Error::field("person", Refusal::FieldInvalid));
        }
        Party::Person(_) => {}
        Party::Organisation(organisation) => {
            organisation::get(tx, organisation).await?;
        }
    }
    if party.is_open(circle.child, classes, own(tx)) { Ok(()) } else { Err(Denied::ActionNotAllowed.into()) }
}

async fn add(
    tx: &Tx,
    circle: &Circle,
    (about, decision, answers): (About, Option<DecisionId>, Option<CaseViewId>),
    saying: &Saying,
) -> Result<pb::CaseView> {
    let new = View {
        id: CaseViewId(tx.new_id()),
        case: circle.case,
        about,
        decision,
        answers,
        party: saying.party,
        recorded: tx.now(),
        organisation: own(tx),
        role: tx.grant().role(),
        sealed_text: Vec::new(),
    };
    let kept = view_store::insert(tx, circle.child, new, saying.text.as_str()).await?;
    let kind = if answers.is_some() { "VIEW_ANSWERED" } else { "VIEW_RECORDED" };
    history::note(tx, (circle.case, circle.child), kind, &Detail::default()).await?;
    let written = Classes::of(&[saying.party.class(circle.child)]);
    tx.audit(line(Deed::U, circle.case, circle.child, written)).await?;
    wire::view_to_wire(tx, circle.child, &kept).await
}
