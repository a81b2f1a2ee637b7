//! The ladder of escalation: a case goes up or down, and what was decided is written down and checked.

use axum::extract::{Path, Query};
use schakel_domain::{
    access::Action,
    thuiszitter::{
        EscalationLevel,
        escalation::{may_lower, may_raise},
    },
};
use schakel_proto::v1::{self as pb, escalation_service_client::EscalationServiceClient};
use strum::IntoEnumIterator;

use super::{
    About, can_at, case, faults,
    form::{Choice, Field, Form},
    home, must, name,
    register::{organisation_options, person_options},
    roles,
    said::DECISIONS,
    saved,
    steps::{child_heard, parents_involved},
    today, typed,
};
use crate::web::{
    problem::NOT_FOUND,
    workplace::{
        calls::Channel,
        trouble::{Shown, Trouble},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    raise: "Opschalen", "Escalate";
    lower: "Afschalen", "De-escalate";
    level: "Naar welk niveau?", "To which level?";
    date: "Op welke dag?", "On which day?";
    reason: "Waarom?", "Why?";
    organisation: "Wie is nu aan zet?", "Who acts from now on?";
    decide: "Besluit met doorzettingsmacht vastleggen", "Record a decision by doorzettingsmacht";
    save: "Leg vast", "Record";
    decider: "Wie heeft besloten?", "Who decided?";
    decided: "Besloten op", "Decided on";
    text: "Wat is er besloten?", "What was decided?";
    obliged: "Wie moet het uitvoeren?", "Who has to carry it out?";
    due: "Uiterlijk op", "At the latest on";
    due_hint: "Binnen 90 dagen na het besluit.", "Within 90 days of the decision.";
    check: "Is het besluit uitgevoerd?", "Was the decision carried out?";
    found: "Wat is er gebleken?", "What was found?";
    state: "Uitgevoerd?", "Carried out?";
    l0: "Niveau 0: geen escalatie", "Level 0: no escalation";
    l1: "Niveau 1: thuiszitterscoördinator", "Level 1: thuiszitterscoördinator";
    l2: "Niveau 2: directeuren", "Level 2: heads and boards";
    l3: "Niveau 3: doorzettingsmacht", "Level 3: doorzettingsmacht";
    l4: "Niveau 4: van buiten de regio", "Level 4: from outside the region";
}

pub(super) fn ladder(visit: &Visit) -> EscalationServiceClient<Channel> {
    EscalationServiceClient::new(visit.calls())
}

/// A level as people say it.
pub(super) fn level(level: EscalationLevel, visit: &Visit) -> &'static str {
    let own = words(visit.language);
    match level {
        EscalationLevel::L0 => own.l0,
        EscalationLevel::L1 => own.l1,
        EscalationLevel::L2 => own.l2,
        EscalationLevel::L3 => own.l3,
        EscalationLevel::L4 => own.l4,
    }
}

/// The same of its number.
pub(super) fn said(number: i32, visit: &Visit) -> &'static str {
    let found = EscalationLevel::iter().find(|one| *one as i32 == number);
    found.map_or("", |found| level(found, visit))
}

/// The levels to which the visitor may take a case up from `now`, or down.
pub(super) fn levels(visit: &Visit, now: i32, up: bool) -> Vec<EscalationLevel> {
    let roles = roles(visit);
    let from = EscalationLevel::iter().find(|level| *level as i32 == now).unwrap_or(EscalationLevel::L0);
    let fits = |to: &EscalationLevel| {
        if up { *to > from && may_raise(&roles, *to) } else { *to < from && may_lower(&roles, from) }
    };
    EscalationLevel::iter().filter(fits).collect()
}

async fn step(visit: &Visit, id: &str, up: bool) -> Result<Form, Trouble> {
    must(visit, Action::EscalateCase)?;
    let (own, case) = (words(visit.language), case(visit, id).await?);
    if !can_at(visit, Action::EscalateCase, case.escalation_level) {
        return Err(NOT_FOUND.into());
    }
    let title = if up { own.raise } else { own.lower };
    let reached = levels(visit, case.escalation_level, up);
    let options: Vec<Choice> =
        reached.iter().map(|to| ((*to as i32).to_string(), level(*to, visit).to_owned())).collect();
    let mut form = Form::new((title, title), home(id))
        .hide("etag", case.etag.as_str())
        .ask(Field::choice("level", own.level, options).required())
        .ask(Field::date("date", own.date).required().value(today(visit).to_string()))
        .ask(Field::text("reason", own.reason).required())
        .ask(parents_involved(visit))
        .ask(child_heard(visit));
    if up {
        let organisations = organisation_options(visit).await?;
        form = form.ask(Field::choice("organisation", own.organisation, organisations).required());
    }
    Ok(form)
}

/// The level that was chosen; -1 of none, which the call refuses.
fn chosen(posted: &Posted) -> Result<i32, Trouble> {
    Ok(posted.one("level")?.parse().unwrap_or(-1))
}

pub(super) async fn raising(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(step(&visit, &id, true).await?.page(&visit))
}

pub(super) async fn raise(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::EscalateCaseRequest {
        case: name(&id),
        level: chosen(&posted)?,
        date: typed(&posted, "date")?,
        reason: typed(&posted, "reason")?,
        parents_involved: typed(&posted, "parents_involved")?,
        child_heard: typed(&posted, "child_heard")?,
        organisation: typed(&posted, "organisation")?,
        person: String::new(),
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(ladder(&visit).escalate_case(ask).await)? {
        None => Ok(saved::to(&id, "raised")),
        Some(faults) => Ok(step(&visit, &id, true).await?.again(&visit, &posted, &faults)),
    }
}

pub(super) async fn lowering(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(step(&visit, &id, false).await?.page(&visit))
}

pub(super) async fn lower(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::DeescalateCaseRequest {
        case: name(&id),
        level: chosen(&posted)?,
        date: typed(&posted, "date")?,
        reason: typed(&posted, "reason")?,
        parents_involved: typed(&posted, "parents_involved")?,
        child_heard: typed(&posted, "child_heard")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(ladder(&visit).deescalate_case(ask).await)? {
        None => Ok(saved::to(&id, "lowered")),
        Some(faults) => Ok(step(&visit, &id, false).await?.again(&visit, &posted, &faults)),
    }
}

async fn decision(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::DecideCase)?;
    case(visit, id).await?;
    let own = words(visit.language);
    let ask = pb::ListPersonsRequest { role: pb::Role::Doorzettingsmacht.into(), ..Default::default() };
    let deciders = person_options(visit, &ask).await?;
    let organisations = organisation_options(visit).await?;
    let form = Form::new((own.decide, own.save), home(id))
        .ask(Field::choice("decider", own.decider, deciders).required())
        .ask(Field::date("decide_date", own.decided).required().value(today(visit).to_string()))
        .ask(Field::text("text", own.text).required())
        .ask(Field::choice("obliged_organisation", own.obliged, organisations).required())
        .ask(Field::date("due_date", own.due).required().hint(own.due_hint));
    Ok(form)
}

pub(super) async fn deciding(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(decision(&visit, &id).await?.page(&visit))
}

pub(super) async fn decide(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::DecideDoorzettingsmachtRequest {
        case: name(&id),
        decider: typed(&posted, "decider")?,
        decide_date: typed(&posted, "decide_date")?,
        text: typed(&posted, "text")?,
        obliged_organisation: typed(&posted, "obliged_organisation")?,
        due_date: typed(&posted, "due_date")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(ladder(&visit).decide_doorzettingsmacht(ask).await)? {
        None => Ok(saved::to(&id, "decided")),
        Some(faults) => Ok(decision(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}

async fn compliance(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    must(visit, Action::DecideCase)?;
    let own = words(visit.language);
    let ask = pb::ListDecisionsRequest { case: name(id) };
    let all = ladder(visit).list_decisions(ask).await?.into_inner().decisions;
    let decision = all.into_iter().find(|one| one.name == of).ok_or(NOT_FOUND)?;
    let found = |(word, _): &Choice| matches!(word.as_str(), "COMPLIED" | "NOT_COMPLIED");
    let states = DECISIONS.options(visit.language).into_iter().filter(found).collect();
    let form = Form::new((own.check, own.save), home(id))
        .quote(decision.text)
        .hide("of", decision.name)
        .hide("etag", decision.etag)
        .ask(Field::choice("state", own.state, states).required())
        .ask(Field::date("date", own.date).required().value(today(visit).to_string()))
        .ask(Field::text("found", own.found).required());
    Ok(form)
}

pub(super) async fn checking(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(compliance(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn check(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::CheckComplianceRequest {
        name: typed(&posted, "of")?,
        date: typed(&posted, "date")?,
        state: DECISIONS.number(posted.one("state")?, pb::decision::State::from_str_name),
        found: typed(&posted, "found")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(ladder(&visit).check_compliance(ask).await)? {
        None => Ok(saved::to(&id, "checked")),
        Some(faults) => Ok(compliance(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}
