//! The goals of an ondersteuningsplan on the page of its cycle: what was agreed, how far it is in practice,
//! and the form of who says so.

use std::collections::BTreeMap;

use minijinja::{Value, context};
use pb::{plan_cycle_service_client::PlanCycleServiceClient, plan_goal::State};
use schakel_domain::access::Action;
use schakel_proto::v1 as pb;

use super::Asked;
use crate::{
    access::authenticate::today,
    web::workplace::{
        board::ways::allowed,
        region::names::Names,
        shown,
        trouble::{Faults, Trouble, in_query},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Doelen uit dit plan", "Goals of this plan";
    intro: "Wat is er in het ondersteuningsplan afgesproken, en hoe ver is het in de praktijk?",
        "What was agreed in the ondersteuningsplan, and how far is it in practice?";
    none: "Er zijn nog geen doelen uit dit plan vastgelegd.", "No goals of this plan were recorded yet.";
    share: "Gelukt:", "Realised:";
    of_all: "van alle doelen.", "of all goals.";
    agreement: "Wat is er afgesproken?", "What was agreed?";
    agreement_hint: "Alleen beleid: noem geen kind en geen andere persoon. Hoogstens 200 tekens.",
        "Policy alone: name no child and no other person. At most 200 characters.";
    goal: "Doel", "Goal";
    state: "Stand", "State";
    planned: "nog niet begonnen", "not begun";
    under_way: "mee bezig", "under way";
    realised: "gelukt", "realised";
    not_realised: "niet gelukt", "not realised";
    since: "sinds", "since";
    since_when: "Sinds wanneer is dat zo?", "Since when is it so?";
    since_hint: "Leeg is vandaag. Kiest u een andere stand? Pas dan ook de dag aan.",
        "Empty is today. If you choose another state, change the day too.";
    why: "Waarom niet", "Why not";
    why_not: "Waarom is het niet gelukt?", "Why was it not realised?";
    why_hint: "Alleen bij ‘niet gelukt’; dan is het verplicht. Noem geen personen. Hoogstens 200 tekens.",
        "With ‘not realised’ only; then it is required. Name nobody. At most 200 characters.";
    told: "Gezegd door", "Told by";
    program: "een programma", "a program";
    on: "op", "on";
    record: "Vastleggen", "Record";
    change: "Wijzig", "Change";
    changing: "Doel wijzigen", "Change the goal";
    creating: "Nieuw doel", "New goal";
    save: "Opslaan", "Save";
    add: "Toevoegen", "Add";
    stale: "Iemand anders heeft dit doel net gewijzigd. Kijk wat er nu staat, en sla opnieuw op.",
        "Somebody else has just changed this goal. See what it says now, and save again.";
    only: "Alleen het samenwerkingsverband legt doelen vast.", "Only the samenwerkingsverband records goals.";
}

/// What `do` says of a new goal.
pub(super) const CREATE: &str = "goal-create";
/// What it says of one that is changed.
pub(super) const UPDATE: &str = "goal-update";

/// Its states, as people meet them.
const STATES: [State; 4] = [State::Planned, State::UnderWay, State::Realised, State::NotRealised];

/// What was said of a goal and refused.
pub(super) struct Tried {
    pub(super) faults: Faults,
    typed: BTreeMap<String, String>,
}

impl Tried {
    fn said(&self, field: &str) -> &str {
        self.typed.get(field).map(String::as_str).unwrap_or_default()
    }
}

/// The part of the page that is about them.
pub(super) async fn section(
    visit: &Visit,
    (asked, year): (&Asked, i32),
    tried: Option<&Tried>,
) -> Result<Value, Trouble> {
    let own = words(visit.language);
    let ask = pb::ListPlanGoalsRequest { year };
    let found = PlanCycleServiceClient::new(visit.calls()).list_plan_goals(ask).await?.into_inner();
    let tellers = tellers(visit, &found.plan_goals).await?;
    let marks = allowed(visit, Action::MarkMilestone);
    let chosen = found.plan_goals.iter().find(|one| marks && one.name == asked.change);
    let counts = [found.planned_count, found.under_way_count, found.realised_count, found.not_realised_count];
    let counts = STATES.iter().zip(counts).map(|(state, count)| {
        let (label, _) = said(*state, own);
        context! { label, count }
    });
    let states = STATES.iter().map(|state| {
        let (label, _) = said(*state, own);
        context! { label, value => state.as_str_name() }
    });
    Ok(context! {
        own, marks,
        rows => found.plan_goals.iter().map(|one| row(one, visit, (asked, tellers.as_ref()))).collect::<Vec<Value>>(),
        counts => counts.collect::<Vec<Value>>(),
        percent => found.realised_percent,
        states => states.collect::<Vec<Value>>(),
        form => form(chosen, tried),
    })
}

/// What those are called who say how far goals are. Whoever has another role by now is known all the same.
async fn tellers(visit: &Visit, all: &[pb::PlanGoal]) -> Result<Option<Names>, Trouble> {
    if all.iter().all(|one| one.told_by.is_empty()) {
        return Ok(None);
    }
    let role = pb::Role::Thuiszitterscoordinator.into();
    let ask = pb::ListPersonsRequest { role, show_ended: true, ..Default::default() };
    Names::people(visit, ask).await.map(Some)
}

/// A state in words, and the class that marks it.
fn said(state: State, own: &Words) -> (&'static str, &'static str) {
    match state {
        State::Unspecified => ("", "waiting"),
        State::Planned => (own.planned, "waiting"),
        State::UnderWay => (own.under_way, "tentative"),
        State::Realised => (own.realised, "accepted"),
        State::NotRealised => (own.not_realised, "declined"),
    }
}

/// A goal: `agreement`, its state as `state` and `sign`, `since`, `why`, who told it when, and where its form is.
fn row(one: &pb::PlanGoal, visit: &Visit, (asked, tellers): (&Asked, Option<&Names>)) -> Value {
    let (own, language) = (words(visit.language), visit.language);
    let (state, sign) = said(one.state(), own);
    let teller = if one.told_by.is_empty() {
        own.program
    } else {
        tellers.map_or("–", |names| names.of(&one.told_by))
    };
    let told = shown::instant(one.told_time.as_ref());
    context! {
        state, sign, teller,
        agreement => one.agreement.as_str(),
        since => shown::day(&one.since_date, language),
        why => one.why.as_str(),
        told => told.map(|at| shown::day(&today(at).to_string(), language)).unwrap_or_default(),
        change => format!("{}&change={}#change", asked.path(), in_query(&one.name)),
    }
}

/// What the form says, of the goal that is to be changed or of a new one: what was typed and refused counts first.
fn form(chosen: Option<&pb::PlanGoal>, tried: Option<&Tried>) -> Value {
    let nothing = pb::PlanGoal::default();
    let kept = chosen.unwrap_or(&nothing);
    let says = |field: &str, stored: &str| {
        tried.map_or_else(|| stored.to_owned(), |tried| tried.said(field).to_owned())
    };
    let etag = tried.map_or(kept.etag.as_str(), |tried| tried.faults.etag(tried.said("etag"), &kept.etag));
    context! {
        etag,
        word => if chosen.is_some() { UPDATE } else { CREATE },
        name => kept.name.as_str(),
        label => kept.agreement.as_str(),
        agreement => says("plan_goal.agreement", &kept.agreement),
        state => says("plan_goal.state", kept.state().as_str_name()),
        since => says("plan_goal.since_date", &kept.since_date),
        why => says("plan_goal.why", &kept.why),
        stale => tried.is_some_and(|tried| tried.faults.is_stale()),
    }
}

/// Records a goal, or how far it is; what was refused.
pub(super) async fn change(visit: &Visit, form: &Posted, year: i32) -> Result<Option<Tried>, Trouble> {
    let mut client = PlanCycleServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let state = State::from_str_name(form.one("plan_goal.state")?).unwrap_or_default();
    let goal = pb::PlanGoal {
        name: form.one("name")?.to_owned(),
        year,
        agreement: form.one("plan_goal.agreement")?.to_owned(),
        state: state.into(),
        since_date: form.one("plan_goal.since_date")?.to_owned(),
        why: form.one("plan_goal.why")?.to_owned(),
        etag: form.one("etag")?.to_owned(),
        ..Default::default()
    };
    let answer = if form.one("do")? == UPDATE {
        client.update_plan_goal(pb::UpdatePlanGoalRequest { plan_goal: Some(goal), request_id }).await
    } else {
        client.create_plan_goal(pb::CreatePlanGoalRequest { plan_goal: Some(goal), request_id }).await
    };
    let Err(status) = answer else { return Ok(None) };
    let typed = form.entries().map(|(name, value)| (name.to_owned(), value.trim().to_owned()));
    Ok(Some(Tried { faults: Faults::of(status)?, typed: typed.collect() }))
}
