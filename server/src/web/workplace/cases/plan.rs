//! The plan of a case: an action is added, done or dropped.

use axum::extract::{Path, Query};
use schakel_domain::{access::Action, thuiszitter::Side};
use schakel_proto::v1::{self as pb, plan_service_client::PlanServiceClient};

use super::{
    About, PAGE, case, faults, faults_unless_allowed,
    form::{Choice, Field, Form},
    home, must, name,
    register::{organisation_options, person_options},
    said::SIDES,
    saved, sees_at, today, typed,
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
    add: "Actie toevoegen", "Add an action";
    side: "Kant", "Side";
    side_hint: "Wat onder zorg staat, ziet de school niet. De school ziet alleen dat er iets loopt.",
        "The school does not see what stands under care, only that something is under way.";
    side_unseen: "Deze kant van het plan legt alleen iemand vast die de hulp zelf mag zien.",
        "Only who may see the help itself records this side of the plan.";
    text: "Wat gebeurt er?", "What is done?";
    organisation: "Welke organisatie doet het?", "Which organisation does it?";
    person: "Wie van uw organisatie?", "Who of your organisation?";
    person_hint: "Kies hier alleen iemand als uw eigen organisatie het doet.", "Choose somebody only when your own organisation does it.";
    start: "Eerste dag", "First day";
    due: "Laatste dag", "Last day";
    complete: "Actie afronden", "Complete the action";
    done: "Gedaan op", "Done on";
    drop: "Actie laten vervallen", "Drop the action";
    reason: "Waarom vervalt de actie?", "Why is the action dropped?";
}

fn plans(visit: &Visit) -> PlanServiceClient<Channel> {
    PlanServiceClient::new(visit.calls())
}

/// The sides of the plan on which the visitor may write.
fn sides(visit: &Visit, case: &pb::Case) -> Vec<Choice> {
    let seen = sees_at(visit, Action::WritePlan, case.escalation_level);
    let open = |(word, _): &Choice| word.parse::<Side>().is_ok_and(|side| seen.has(side.class()));
    SIDES.options(visit.language).into_iter().filter(open).collect()
}

async fn action(visit: &Visit, id: &str) -> Result<Form, Trouble> {
    must(visit, Action::WritePlan)?;
    let case = case(visit, id).await?;
    let own = words(visit.language);
    let sides = sides(visit, &case);
    let only = if let [(side, _)] = sides.as_slice() { side.clone() } else { String::new() };
    let organisations = organisation_options(visit).await?;
    let acting = visit.me.acting_for.as_str();
    let ask = pb::ListPersonsRequest { organisation: acting.to_owned(), ..Default::default() };
    let persons = person_options(visit, &ask).await?;
    let form = Form::new((own.add, own.add), home(id))
        .ask(Field::choice("plan_action.side", own.side, sides).required().hint(own.side_hint).value(only))
        .ask(Field::text("plan_action.text", own.text).required())
        .ask(
            Field::choice("plan_action.organisation", own.organisation, organisations)
                .required()
                .value(acting),
        )
        .ask(Field::choice("plan_action.person", own.person, persons).hint(own.person_hint))
        .ask(Field::date("plan_action.start_date", own.start).required().value(today(visit).to_string()))
        .ask(Field::date("plan_action.due_date", own.due).required());
    Ok(form)
}

pub(super) async fn adding(visit: Visit, Path(id): Path<String>) -> Shown {
    Ok(action(&visit, &id).await?.page(&visit))
}

pub(super) async fn add(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let side = SIDES.number(posted.one("plan_action.side")?, pb::plan_action::Side::from_str_name);
    let wished = pb::PlanAction {
        case: name(&id),
        side,
        text: typed(&posted, "plan_action.text")?,
        organisation: typed(&posted, "plan_action.organisation")?,
        person: typed(&posted, "plan_action.person")?,
        start_date: typed(&posted, "plan_action.start_date")?,
        due_date: typed(&posted, "plan_action.due_date")?,
        ..pb::PlanAction::default()
    };
    let ask =
        pb::AddPlanActionRequest { plan_action: Some(wished), request_id: typed(&posted, "request_id")? };
    let unseen = ("plan_action.side", words(visit.language).side_unseen);
    match faults_unless_allowed(plans(&visit).add_plan_action(ask).await, unseen)? {
        None => Ok(saved::to(&id, "action")),
        Some(faults) => Ok(action(&visit, &id).await?.again(&visit, &posted, &faults)),
    }
}

/// All actions of a case, as far as the caller sees them.
pub(super) async fn all(visit: &Visit, id: &str) -> Result<Vec<pb::PlanAction>, Trouble> {
    let ask = pb::ListPlanActionsRequest { case: name(id), page_size: PAGE, ..Default::default() };
    Ok(plans(visit).list_plan_actions(ask).await?.into_inner().plan_actions)
}

/// The open one with that name.
async fn open(visit: &Visit, id: &str, of: &str) -> Result<pb::PlanAction, Trouble> {
    must(visit, Action::WritePlan)?;
    let open = |one: &pb::PlanAction| one.name == of && matches!(one.state(), pb::plan_action::State::Open);
    all(visit, id).await?.into_iter().find(open).ok_or(NOT_FOUND.into())
}

async fn done(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let (own, action) = (words(visit.language), open(visit, id, of).await?);
    let form = Form::new((own.complete, own.complete), home(id))
        .quote(action.text)
        .hide("of", action.name)
        .hide("etag", action.etag)
        .ask(Field::date("done_date", own.done).required().value(today(visit).to_string()));
    Ok(form)
}

pub(super) async fn completing(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(done(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn complete(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::CompletePlanActionRequest {
        name: typed(&posted, "of")?,
        done_date: typed(&posted, "done_date")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(plans(&visit).complete_plan_action(ask).await)? {
        None => Ok(saved::to(&id, "action_done")),
        Some(faults) => Ok(done(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}

async fn dropped(visit: &Visit, id: &str, of: &str) -> Result<Form, Trouble> {
    let (own, action) = (words(visit.language), open(visit, id, of).await?);
    let form = Form::new((own.drop, own.drop), home(id))
        .quote(action.text)
        .hide("of", action.name)
        .hide("etag", action.etag)
        .ask(Field::text("reason", own.reason).required());
    Ok(form)
}

pub(super) async fn dropping(visit: Visit, Path(id): Path<String>, Query(about): Query<About>) -> Shown {
    Ok(dropped(&visit, &id, &about.of).await?.page(&visit))
}

pub(super) async fn drop(visit: Visit, Path(id): Path<String>, posted: Posted) -> Shown {
    let ask = pb::DropPlanActionRequest {
        name: typed(&posted, "of")?,
        reason: typed(&posted, "reason")?,
        etag: typed(&posted, "etag")?,
        request_id: typed(&posted, "request_id")?,
    };
    match faults(plans(&visit).drop_plan_action(ask).await)? {
        None => Ok(saved::to(&id, "action_dropped")),
        Some(faults) => Ok(dropped(&visit, &id, posted.one("of")?).await?.again(&visit, &posted, &faults)),
    }
}
