//! A child goes to another school, or lives in another gemeente from now on: its case goes along.

use axum::extract::Path;
use pb::handover_service_client::HandoverServiceClient;
use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::Code;

use super::{
    calls, case, faults,
    form::{Field, Form},
    home, must, name,
    register::{areas, schools, sorted},
    saved,
    steps::{child_heard, parents_involved},
    typed,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        trouble::{Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Kind gaat naar andere school of gemeente", "Child goes to another school or gemeente";
    button: "Verplaats het dossier", "Move the case";
    intro: "Het dossier gaat meteen mee. De oude school of gemeente ziet het daarna niet meer. \
        Wat er is gebeurd, blijft staan. Overleg dat al is gepland, blijft staan. Plan daarna een warme overdracht.",
        "The case goes along at once. The old school or gemeente does not see it any more. \
        What happened stays. Meetings that are planned stay. Book a hand-over in person after this.";
    school: "Nieuwe school", "New school";
    school_hint: "Leeg als het kind op dezelfde school blijft.", "Empty when the child stays at the same school.";
    gemeente: "Nieuwe gemeente", "New gemeente";
    gemeente_hint: "De code: GM en vier cijfers, bijvoorbeeld GM0363. Leeg als het kind niet verhuist.",
        "The code: GM and four digits, for example GM0363. Empty when the child does not move house.";
    outside: "De code klopt: het kind woont in een gemeente buiten deze regio",
        "The code is right: the child lives in a gemeente outside this region";
}

/// The field that takes a gemeente which the register does not have; every call that sets one names it so.
pub(super) const OUTSIDE: &str = "confirm_outside_region";

/// The question of it.
pub(super) fn outside(visit: &Visit) -> Field {
    Field::tick(OUTSIDE, words(visit.language).outside)
}

async fn elsewhere(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::WriteCase)?;
    let (own, case) = (words(visit.language), case(visit, id).await?);
    // Who does not see who the child is does not send it anywhere.
    if case.child.is_none() {
        return Err(NOT_FOUND.into());
    }
    let others = schools(visit).await?.into_iter();
    let others = others.filter(|one| one.valid_until.is_empty() && one.name != case.school);
    let others = sorted(others.map(|one| (one.name, one.display_name)).collect());
    let gemeenten = areas(visit, pb::area::Kind::Gemeente).await?;
    let gemeenten = sorted(gemeenten.into_iter().map(|one| (one.code, one.display_name)).collect());
    let form = Form::new((own.title, own.button), home(id))
        .intro(own.intro)
        .hide("etag", case.etag)
        .ask(Field::choice("school", own.school, others).hint(own.school_hint))
        .ask(Field::line("residence_gemeente_code", own.gemeente).hint(own.gemeente_hint).suggest(gemeenten))
        .ask(outside(visit))
        .ask(parents_involved(visit))
        .ask(child_heard(visit));
    Ok(form)
}

pub(super) async fn leaving(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(elsewhere(&visit, &id).await?.page(&visit))
}

pub(super) async fn go(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::MoveCaseRequest {
        name: name(&id),
        school: typed(&posted, "school")?,
        residence_gemeente_code: typed(&posted, "residence_gemeente_code")?,
        confirm_outside_region: posted.ticked(OUTSIDE)?,
        parents_involved: typed(&posted, "parents_involved")?,
        child_heard: typed(&posted, "child_heard")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    if let Some(faults) = faults(HandoverServiceClient::new(visit.calls()).move_case(ask).await)? {
        return Ok(elsewhere(&visit, &id).await?.again(&visit, &posted, &faults));
    }
    // Whoever sent it away for good sees the other cases.
    match calls(&visit).get_case(pb::GetCaseRequest { name: name(&id) }).await {
        Ok(_) => Ok(saved::to(&id, "moved")),
        Err(status) if status.code() == Code::NotFound => Ok(see_other("/cases")),
        Err(status) => Err(status.into()),
    }
}
