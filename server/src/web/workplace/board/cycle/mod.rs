//! The cycle of a plan: its milestones with their days, what the samenwerkingsverband says is done, and what
//! came of what was agreed in it.

mod goals;

use std::collections::BTreeMap;

use axum::{Router, extract::Query, routing::get};
use chrono::{Datelike, NaiveDate};
use minijinja::{Value, context};
use pb::{PlanKind, PlanStep, plan_cycle_service_client::PlanCycleServiceClient, plan_milestone::State};
use schakel_domain::{
    access::Action,
    consultation::year::cycle::MOST_ROUNDS,
    refusal::{Language, Refusal},
};
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{
    option,
    ways::{allowed, page},
};
use crate::{
    access::authenticate::today,
    web::{
        form::ANSWER_INVALID,
        workplace::{
            Workplace,
            region::names::walk,
            shown,
            trouble::{Faults, Shown, Trouble, in_query, see_other},
            visit::{Posted, Visit},
            words::words,
        },
    },
};

words! {
    title: "Plancyclus", "Plan cycle";
    intro: "De stappen naar een ondersteuningsplan of een jeugdplan: wat moet wanneer klaar zijn, en waarom.",
        "The steps to an ondersteuningsplan or a jeugdplan: what is due when, and why.";
    choose: "Kies een plan", "Choose a plan";
    plan: "Plan", "Plan";
    ondersteuningsplan: "Ondersteuningsplan van het samenwerkingsverband", "Ondersteuningsplan of the samenwerkingsverband";
    jeugdplan: "Jeugdplan van een gemeente", "Jeugdplan of a gemeente";
    gemeente: "Gemeente", "Gemeente";
    gemeente_hint: "Alleen bij een jeugdplan.", "Of a jeugdplan only.";
    pick: "Kies", "Choose";
    year: "Jaar", "Year";
    year_hint: "Een ondersteuningsplan: het jaar waarin de Inspectie het voor 1 mei heeft. Een jeugdplan: het jaar waarin het op 1 januari ingaat.",
        "An ondersteuningsplan: the year in which the Inspectie has it before 1 May. A jeugdplan: the year in which it comes into force on 1 January.";
    show: "Toon", "Show";
    made: "Afgedrukt van Schakel op", "Printed from Schakel on";
    steps: "Stappen", "Steps";
    next_year: "De wet vraagt het volgende plan uiterlijk in", "The law asks for the next plan by";
    due: "Klaar op", "Due on";
    what: "Wat", "What";
    why: "Waarom dan", "Why then";
    law: "Wet", "Law";
    state: "Stand", "State";
    state_done: "gedaan", "done";
    state_overdue: "te laat", "overdue";
    state_next: "nu aan de beurt", "next";
    state_later: "later", "later";
    done_on: "gedaan op", "done on";
    planned_on: "overleg gepland op", "meeting planned on";
    record: "Vastleggen", "Record";
    day: "Gedaan op", "Done on";
    mark: "Leg vast", "Record";
    undo: "Toch niet gedaan", "Not done after all";
    again: "Nog een overleg vastleggen", "Record another meeting";
    again_note: "Is een overleg vaker gehouden dan hier staat? Zeg dan wanneer het nog een keer was.",
        "Was a meeting held more often than is shown here? Then say when it was held again.";
    times: "keer nummer", "time number";
    says: "De dag van een overleg volgt vanzelf uit het verslag. Wat u zelf vastlegt, telt eerder. \
        Wat uit een verslag volgt, kunt u hier niet terugnemen.",
        "The day of a meeting follows from its record. What you record yourself counts before that. \
        What follows from a record cannot be taken back here.";
    only: "Alleen het samenwerkingsverband legt vast wat er gedaan is.", "Only the samenwerkingsverband records what is done.";
}

/// The page.
pub(super) const PAGE: &str = "workplace/cycle.html";
/// The part of it that is about goals.
pub(super) const GOALS: &str = "workplace/cycle_goals.html";
/// How the address says the plan of a gemeente; any other word is that of the samenwerkingsverband.
const JEUGDPLAN: &str = "jeugdplan";

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/board/cycle", get(show).post(change))
}

/// Which plan, as the address says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Asked {
    plan: String,
    gemeente_code: String,
    /// Empty for the next.
    year: String,
    /// Which goal is to be changed: `planGoals/{uuid}`.
    change: String,
}

impl Asked {
    /// As a form says it.
    fn of(form: &Posted) -> Result<Self, Trouble> {
        Ok(Self {
            plan: form.one("plan")?.to_owned(),
            gemeente_code: form.one("gemeente_code")?.to_owned(),
            year: form.one("year")?.to_owned(),
            change: form.one("name")?.to_owned(),
        })
    }

    fn is_of_gemeente(&self) -> bool {
        self.plan == JEUGDPLAN
    }

    fn plan(&self) -> PlanKind {
        if self.is_of_gemeente() { PlanKind::Jeugdplan } else { PlanKind::Ondersteuningsplan }
    }

    /// What stands in the field of the gemeente counts where it is asked for.
    fn gemeente(&self) -> String {
        if self.is_of_gemeente() { self.gemeente_code.clone() } else { String::new() }
    }

    /// The year as a number; what is none is the call's to refuse.
    fn year(&self, today: NaiveDate) -> i32 {
        if !self.year.is_empty() {
            return self.year.parse().unwrap_or_default();
        }
        // Until May the plan that is due then is worked on.
        let this = !self.is_of_gemeente() && today.month() < 5;
        if this { today.year() } else { today.year() + 1 }
    }

    /// Its page.
    fn path(&self) -> String {
        let [plan, gemeente, year] = [&self.plan, &self.gemeente_code, &self.year].map(|text| in_query(text));
        format!("/board/cycle?plan={plan}&gemeente_code={gemeente}&year={year}")
    }
}

/// The page of a plan for a year.
pub(in crate::web::workplace) fn path(plan: PlanKind, gemeente_code: &str, year: i32) -> String {
    let plan = if matches!(plan, PlanKind::Jeugdplan) { JEUGDPLAN } else { "ondersteuningsplan" };
    Asked {
        plan: plan.into(),
        gemeente_code: gemeente_code.into(),
        year: year.to_string(),
        ..Asked::default()
    }
    .path()
}

/// What was said and refused.
#[derive(Default)]
struct Tried {
    step: Option<Marked>,
    goal: Option<goals::Tried>,
}

impl Tried {
    fn faults(&self) -> Option<&Faults> {
        let of_step = self.step.as_ref().map(|step| &step.faults);
        of_step.or(self.goal.as_ref().map(|goal| &goal.faults))
    }
}

/// What was said of a step.
struct Marked {
    faults: Faults,
    step: PlanStep,
    round: i32,
    done_date: String,
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    cycle(&visit, &asked, &Tried::default()).await
}

async fn cycle(visit: &Visit, asked: &Asked, tried: &Tried) -> Shown {
    let (own, now) = (words(visit.language), today(visit.app.now()));
    let year = asked.year(now);
    let ask = pb::GetPlanCycleRequest { plan: asked.plan().into(), gemeente_code: asked.gemeente(), year };
    let found = match PlanCycleServiceClient::new(visit.calls()).get_plan_cycle(ask).await {
        Ok(found) => Ok(found.into_inner()),
        Err(status) => Err(Faults::of(status)?),
    };
    let ask = pb::ListAreasRequest { kind: pb::area::Kind::Gemeente.into(), ..Default::default() };
    let areas = walk!(visit, list_areas, areas, ask);
    let gemeenten =
        areas.iter().map(|one| option(&one.code, &one.display_name, one.code == asked.gemeente_code));
    let written = if asked.year.is_empty() { year.to_string() } else { asked.year.clone() };
    let form = context! {
        plan => if asked.is_of_gemeente() { JEUGDPLAN } else { "ondersteuningsplan" },
        plans => vec![
            option("ondersteuningsplan", own.ondersteuningsplan, !asked.is_of_gemeente()),
            option(JEUGDPLAN, own.jeugdplan, asked.is_of_gemeente()),
        ],
        gemeente_code => asked.gemeente_code.as_str(),
        gemeenten => gemeenten.collect::<Vec<Value>>(),
        year => written,
    };
    let faults = found.as_ref().err().or(tried.faults());
    let goals = if found.is_ok() && !asked.is_of_gemeente() {
        Some(goals::section(visit, (asked, year), tried.goal.as_ref()).await?)
    } else {
        None
    };
    let milestones = found.as_ref().map(|found| found.milestones.as_slice()).unwrap_or_default();
    let values = context! {
        own, form, goals,
        found => found.is_ok(),
        marks => allowed(visit, Action::MarkMilestone),
        milestones => milestones.iter().map(|one| milestone(one, visit, tried.step.as_ref())).collect::<Vec<Value>>(),
        more => more(milestones, visit.language),
        next_year => found.as_ref().map(|found| found.next_year).unwrap_or_default(),
    };
    Ok(page(visit, (PAGE, own.title), faults, values))
}

/// A step: `due`, `text`, `reason`, `law`, how it stands as `state` and `sign`, `done`, `planned`, and what
/// its form says.
fn milestone(one: &pb::PlanMilestone, visit: &Visit, tried: Option<&Marked>) -> Value {
    let (own, language) = (words(visit.language), visit.language);
    let (state, sign) = match one.state() {
        State::Unspecified => ("", "waiting"),
        State::Done => (own.state_done, "accepted"),
        State::Overdue => (own.state_overdue, "declined"),
        State::Next => (own.state_next, "tentative"),
        State::Later => (own.state_later, "waiting"),
    };
    let mine = tried.filter(|tried| tried.step == one.step() && tried.round == one.round);
    let fault = mine.and_then(|tried| tried.faults.fields.get("done_date"));
    context! {
        state, sign,
        due => shown::day(&one.due_date, language),
        text => one.text.as_str(),
        reason => one.reason.as_str(),
        law => one.law.as_str(),
        done => shown::day(&one.done_date, language),
        planned => shown::day(&one.planned_date, language),
        step => one.step().as_str_name(),
        round => one.round,
        day => mine.map_or(one.done_date.as_str(), |tried| tried.done_date.as_str()),
        fault => fault.map(String::as_str),
    }
}

/// For each overleg the round that comes after those of the cycle: `step`, `round` and `label`.
fn more(milestones: &[pb::PlanMilestone], language: Language) -> Vec<Value> {
    let overleg = [
        (PlanStep::OogoAmbtelijk, pb::consultation::Kind::OogoAmbtelijk),
        (PlanStep::OogoBestuurlijk, pb::consultation::Kind::OogoBestuurlijk),
    ];
    let next = |(step, kind): (PlanStep, pb::consultation::Kind)| {
        let last = milestones.iter().filter(|one| one.step() == step).map(|one| one.round).max()?;
        if usize::try_from(last).is_ok_and(|last| last >= MOST_ROUNDS) {
            return None;
        }
        Some(context! { step => step.as_str_name(), round => last + 1, label => shown::kind(kind, language) })
    };
    overleg.into_iter().filter_map(next).collect()
}

/// Takes any form of the page; `do` says which.
async fn change(visit: Visit, form: Posted) -> Shown {
    let asked = Asked::of(&form)?;
    let year = asked.year(today(visit.app.now()));
    let tried = match form.one("do")? {
        // The one button takes back what was said, whatever day still stands in the field.
        "undo" => mark(&visit, &form, (&asked, year, String::new())).await?,
        "" => mark(&visit, &form, (&asked, year, form.one("done_date")?.to_owned())).await?,
        goals::CREATE | goals::UPDATE => {
            let goal = goals::change(&visit, &form, year).await?;
            goal.map(|goal| Tried { goal: Some(goal), ..Tried::default() })
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&asked.path())),
        Some(tried) => cycle(&visit, &asked, &tried).await,
    }
}

/// Says on which day a step was done, or that it was not; what was refused.
async fn mark(
    visit: &Visit,
    form: &Posted,
    (asked, year, done_date): (&Asked, i32, String),
) -> Result<Option<Tried>, Trouble> {
    let step = PlanStep::from_str_name(form.one("step")?).unwrap_or_default();
    let round = form.one("round")?.parse().unwrap_or(-1);
    let said = |faults| Tried {
        step: Some(Marked { faults, step, round, done_date: done_date.clone() }),
        ..Tried::default()
    };
    // To the call, no day means that it was not done.
    if done_date.is_empty() && form.one("do")? != "undo" {
        let summary = Refusal::FieldRequired.text(visit.language).to_owned();
        let fields = BTreeMap::from([("done_date".to_owned(), summary.clone())]);
        return Ok(Some(said(Faults { summary, fields, ..Faults::default() })));
    }
    let ask = pb::MarkMilestoneRequest {
        plan: asked.plan().into(),
        gemeente_code: asked.gemeente(),
        year,
        step: step.into(),
        round,
        done_date: done_date.clone(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let Err(status) = PlanCycleServiceClient::new(visit.calls()).mark_milestone(ask).await else {
        return Ok(None);
    };
    Ok(Some(said(Faults::of(status)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plan_that_is_next_is_shown_unless_a_year_is_asked_for() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let plan =
            |plan: &str, year: &str| Asked { plan: plan.into(), year: year.into(), ..Asked::default() };
        assert_eq!(plan("", "").year(day("2027-04-30")), 2027);
        assert_eq!(plan("", "").year(day("2026-11-23")), 2027);
        assert_eq!(plan(JEUGDPLAN, "").year(day("2027-04-30")), 2028);
        assert_eq!(plan("", "2031").year(day("2026-11-23")), 2031);
        assert_eq!(plan("", "eens").year(day("2026-11-23")), 0, "which the call refuses");
        let other = Asked { gemeente_code: "GM9901".into(), ..Asked::default() };
        assert_eq!((other.gemeente().as_str(), other.plan()), ("", PlanKind::Ondersteuningsplan));
    }
}
