//! Whom to call about other children of the household: asked for on purpose on a page of its own, because
//! each time is written down about every case that is found.

use axum::extract::Path;
use minijinja::{Value, context};
use pb::{
    access_service_client::AccessServiceClient, household_contact::Professional,
    household_service_client::HouseholdServiceClient,
};
use schakel_domain::access::{Action, Relation, may};
use schakel_proto::v1 as pb;

use super::{home, must, name, roles};
use crate::web::workplace::{
    trouble::{Shown, Trouble, if_allowed},
    visit::Visit,
    words::words,
};

words! {
    title: "Wie werkt er nog meer met dit gezin?", "Who else works with this family?";
    intro: "U ziet alleen wie u kunt bellen. Dat u dit vroeg, is vastgelegd.",
        "You see only whom you can call. That you asked this is recorded.";
    basis: "Grondslag", "Legal basis";
    back: "Naar het dossier", "To the case";
    none: "Er is niemand anders gevonden. Gezinnen met een geheim adres staan hier nooit.",
        "Nobody else was found. Families with a secret address never stand here.";
    regisseur: "Regisseur", "Regisseur";
    team: "Wijkteam", "Wijkteam";
    member: "Schoolmaatschappelijk werk", "School social work";
    unnamed: "niet bekend", "not known";
}

/// Whether to offer it on the page of an open case: to who may ask, where a legal basis holds today.
pub(super) async fn offered(visit: &Visit, case: &pb::Case) -> Result<bool, Trouble> {
    let Ok(leave) = may(&roles(visit), Action::AskHousehold, None) else { return Ok(false) };
    if !matches!(case.state(), pb::case::State::Open) {
        return Ok(false);
    }
    let ask = pb::GetHouseholdBasisRequest {};
    let mut households = HouseholdServiceClient::new(visit.calls());
    let basis = if_allowed(households.get_household_basis(ask).await)?;
    if !basis.is_some_and(|basis| basis.in_force) {
        return Ok(false);
    }
    if leave.reaches.iter().any(|way| !matches!(way.relation, Relation::Invited)) {
        return Ok(true);
    }
    // Who only sits at the table is told as its regisseur alone.
    let mut access = AccessServiceClient::new(visit.calls());
    let me = access.who_am_i(pb::WhoAmIRequest {}).await?.into_inner();
    Ok(!case.regisseur.is_empty() && me.person == case.regisseur)
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Shown {
    must(&visit, Action::AskHousehold)?;
    let own = words(visit.language);
    let ask = pb::ListHouseholdRequest { case: name(&id) };
    let found = HouseholdServiceClient::new(visit.calls()).list_household(ask).await?.into_inner();
    let contacts = found.household_contacts.iter().map(|one| {
        context! {
            regisseur => one.regisseur.as_ref().map(professional),
            team => one.team_display_name.as_str(),
            member => one.team_member.as_ref().map(professional),
        }
    });
    let values = context! {
        own,
        home => home(&id),
        basis => found.legal_basis.as_str(),
        contacts => contacts.collect::<Vec<_>>(),
    };
    Ok(visit.page("workplace/case_household.html", own.title, values))
}

fn professional(one: &Professional) -> Value {
    context! {
        name => one.display_name.as_str(),
        email => one.email.as_str(),
        phone => one.phone.as_str(),
    }
}
