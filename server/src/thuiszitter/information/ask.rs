//! A partner is asked to tell something about the child of an open case.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{CaseId, InformationRequestId, OrganisationId, PersonId},
    refusal::{Refusal, Violation},
    text::FreeText,
    thuiszitter::information::{InformationKind, InformationState, answer_by, needs_consent},
};
use schakel_proto::v1 as pb;

use super::{
    shown,
    store::{self, InformationRequest},
    wire::to_wire,
};
use crate::{
    access::{
        affiliation,
        authenticate::today,
        circle,
        consent::sharing::Sharing,
        organisation::{self, OrganisationKind},
    },
    error::{Error, Result},
    store::{Tx, audit::Deed},
    thuiszitter::{
        advance_case::must_write,
        history::{self, Detail},
        view::line,
    },
};

/// What is to be asked.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: CaseId,
    pub kind: InformationKind,
    pub organisation: OrganisationId,
    pub role: Role,
    pub due: NaiveDate,
    pub note: Option<FreeText>,
}

/// Keeps that it was asked, today.
///
/// # Errors
/// `CASE_NOT_FOUND`, `CASE_CLOSED`, `CASE_RESTRICTED`, `CONSENT_REQUIRED`; not allowed for who does not
/// see the class of the answer; a violation for an organisation that is not there or is the caller's own,
/// and of the day.
pub(super) async fn ask(tx: &Tx, wish: &Wish) -> Result<pb::InformationRequest> {
    let (circle, classes) = circle::reach(tx, wish.case).await?;
    let class = wish.kind.class();
    let asks_school = must_be(tx, wish).await?;
    if needs_consent(&roles(tx), asks_school, class) {
        // That somebody there has the role is in the register, and not the caller's word for it.
        let posts = affiliation::at(tx, wish.organisation, today(tx.now())).await?;
        let role = posts.iter().any(|post| post.role == wish.role).then_some(wish.role);
        let asked = (wish.organisation, role);
        if !Sharing::of(tx, &[wish.case.0]).await?.lets(wish.case, asked, class) {
            return Err(Refusal::ConsentRequired.into());
        }
    } else {
        must_write(classes, class)?;
    }
    let request = InformationRequest {
        id: InformationRequestId(tx.new_id()),
        case: wish.case,
        kind: wish.kind,
        organisation: wish.organisation,
        role: wish.role,
        person: tx.grant().actor().map(PersonId),
        asked: today(tx.now()),
        due: wish.due,
        state: InformationState::Asked,
        ended: None,
        note: wish.note.clone(),
        version: 1,
    };
    store::insert(tx, &request, circle.child).await?;
    history::note(tx, (wish.case, circle.child), "INFORMATION_ASKED", &Detail::default()).await?;
    tx.audit(line(Deed::U, wish.case, circle.child, shown(class))).await?;
    Ok(to_wire(&request))
}

/// The roles by which the caller acts.
fn roles(tx: &Tx) -> Vec<Role> {
    tx.grant().role().split(' ').filter_map(|role| role.parse().ok()).collect()
}

/// Refuses what cannot be asked, all of it at once; tells whether a school is asked.
async fn must_be(tx: &Tx, wish: &Wish) -> Result<bool> {
    let mut violations = Vec::new();
    let kind = match organisation::get(tx, wish.organisation).await {
        Ok(found) => Some(found.kind),
        Err(Error::NotFound(_)) => None,
        Err(error) => return Err(error),
    };
    let own = tx.grant().organisation() == Some(wish.organisation.0);
    if kind.is_none() || own {
        violations.push(Violation::new("information_request.organisation", Refusal::FieldInvalid));
    }
    if let Err(refusal) = answer_by(today(tx.now()), wish.due) {
        violations.push(Violation::new("information_request.due_date", refusal));
    }
    if !violations.is_empty() {
        return Err(Error::Invalid(violations));
    }
    let school: &str = OrganisationKind::School.into();
    Ok(kind.is_some_and(|kind| kind == school))
}
