//! Tells the milestones of a plan: by when and why, what is done, what is next.

use std::collections::HashMap;

use chrono::{Days, NaiveDate, NaiveTime};
use schakel_domain::{
    consultation::year::{
        Milestone, Step,
        cycle::{MOST_ROUNDS, Plan, Progress, YEARS, progress},
    },
    dutch::codes::GemeenteCode,
    refusal::Refusal,
};
use schakel_proto::v1 as pb;

use super::store::{self, Overleg};
use crate::{
    access::authenticate::today,
    consultation::year::{answer::say, oogo, tables::region_closed},
    directory::places::places,
    error::{Error, Result},
    store::Read,
    wire::{
        enums::number,
        fields::{Fields, text},
    },
};

/// Which plan, for which year.
#[derive(Debug, Clone)]
pub(super) struct Which {
    pub plan: Plan,
    /// Of a jeugdplan; else empty.
    pub gemeente: String,
    pub year: i32,
}

impl Which {
    /// Reads it.
    pub(super) fn read(fields: &mut Fields, (plan, gemeente, year): (i32, &str, i32)) -> Option<Self> {
        let plan: Option<Plan> = fields.choice("plan", plan, pb::PlanKind::as_str_name);
        let code: Option<GemeenteCode> = fields.parse_if("gemeente_code", gemeente);
        match (plan, gemeente.is_empty()) {
            (Some(Plan::Jeugdplan), true) => fields.refuse("gemeente_code", Refusal::FieldRequired),
            (Some(Plan::Ondersteuningsplan), false) => {
                fields.refuse("gemeente_code", Refusal::FieldInvalid);
            }
            (Some(Plan::Jeugdplan), false) | (Some(Plan::Ondersteuningsplan), true) | (None, _) => {}
        }
        self::year(fields, "year", year);
        Some(Self { plan: plan?, gemeente: text(code), year })
    }
}

/// Refuses a year of which nobody makes a plan.
pub(super) fn year(fields: &mut Fields, field: &str, year: i32) {
    if !(2020..2100).contains(&year) {
        fields.refuse(field, Refusal::TimeOutOfBounds);
    }
}

/// The cycle as it stands today.
///
/// # Errors
/// `AREA_NOT_FOUND`.
pub(super) async fn show(read: &Read, which: &Which) -> Result<pb::PlanCycle> {
    let now = today(read.now());
    if !which.gemeente.is_empty() && !places(read, now).await?.areas.contains_key(&which.gemeente) {
        return Err(Error::NotFound("AREA"));
    }
    let closed = region_closed(read).await?;
    let is_open = |day: NaiveDate| closed.is_open_weekday(day);
    let marked = store::done(read, which).await?;
    let overleg = held(read, which, is_open).await?;
    let times = |step| rounds(step, &marked, &overleg);
    let times = (times(Step::OogoAmbtelijk), times(Step::OogoBestuurlijk));
    let all = which.plan.milestones(which.year, times, is_open);
    let met = |one: &Milestone| {
        let mut own = overleg.iter().filter(|meeting| meeting.step == one.step);
        own.nth(one.round.saturating_sub(1)).copied()
    };
    let done = |one: &Milestone| {
        let said = marked.get(&(one.step, one.round)).copied();
        said.or_else(|| met(one).filter(|meeting| meeting.held).map(|meeting| meeting.day))
    };
    let stand: Vec<(NaiveDate, bool)> = all.iter().map(|one| (one.due, done(one).is_some())).collect();
    let milestones = all.iter().zip(progress(&stand, now)).map(|(one, state)| {
        let done = done(one);
        let planned = met(one).filter(|_| done.is_none()).map(|meeting| meeting.day);
        milestone(which.plan, one, state, (done, planned))
    });
    Ok(pb::PlanCycle {
        plan: number("PLAN_KIND", which.plan.into(), pb::PlanKind::from_str_name),
        gemeente_code: which.gemeente.clone(),
        year: which.year,
        milestones: milestones.collect(),
        next_year: match which.plan {
            Plan::Ondersteuningsplan => which.year + YEARS,
            Plan::Jeugdplan => 0,
        },
    })
}

/// The meetings of the year that ends with the plan; of a jeugdplan none, because nothing says of which
/// gemeente's plan a meeting was.
async fn held(read: &Read, which: &Which, is_open: impl Fn(NaiveDate) -> bool) -> Result<Vec<Overleg>> {
    match which.plan {
        Plan::Jeugdplan => Ok(Vec::new()),
        Plan::Ondersteuningsplan => {
            let milestones = which.plan.milestones(which.year, (0, 0), is_open);
            let Some(last) = milestones.last() else { return Ok(Vec::new()) };
            let until = last.due.and_time(NaiveTime::MIN).and_utc();
            store::overleg(read, until - Days::new(365), until).await
        }
    }
}

/// How often an overleg is held: at least once, and as often as it was said, held or booked.
fn rounds(step: Step, marked: &HashMap<(Step, usize), NaiveDate>, overleg: &[Overleg]) -> usize {
    let booked = overleg.iter().filter(|meeting| meeting.step == step).count();
    let said = marked.keys().filter(|(of, _)| *of == step).map(|(_, round)| *round).max();
    booked.max(said.unwrap_or_default()).clamp(1, MOST_ROUNDS)
}

fn milestone(
    plan: Plan,
    one: &Milestone,
    state: Progress,
    (done, planned): (Option<NaiveDate>, Option<NaiveDate>),
) -> pb::PlanMilestone {
    let words = oogo::to_wire(one);
    let (dutch, english) = reason(plan, one.step);
    pb::PlanMilestone {
        step: number("PLAN_STEP", &words.step, pb::PlanStep::from_str_name),
        round: words.round,
        due_date: words.due_date,
        text: match plan {
            Plan::Ondersteuningsplan => words.text,
            Plan::Jeugdplan => of_jeugdplan(one, words.text),
        },
        reason: say(dutch.to_owned(), english.to_owned()),
        law: plan.law(one.step).to_owned(),
        state: number("STATE", &state.to_string(), pb::plan_milestone::State::from_str_name),
        done_date: text(done),
        planned_date: text(planned),
    }
}

/// What differs in words from the same step of an ondersteuningsplan.
fn of_jeugdplan(one: &Milestone, usual: String) -> String {
    match one.step {
        Step::Draft => say(
            "Het concept gaat naar de samenwerkingsverbanden.".into(),
            "The draft goes to the samenwerkingsverbanden.".into(),
        ),
        Step::Decision => {
            say("De gemeenteraad stelt het plan vast.".into(), "The gemeenteraad adopts the plan.".into())
        }
        Step::OogoAmbtelijk | Step::OogoBestuurlijk | Step::OprConsent | Step::ToInspectie => usual,
    }
}

/// Why a step is due when it is. What is custom says so.
fn reason(plan: Plan, step: Step) -> (&'static str, &'static str) {
    match (plan, step) {
        (Plan::Ondersteuningsplan, Step::Draft) => (
            "28 weken voor 1 mei, zodat er tijd is voor overleg. Dit is gewoonte, geen wet.",
            "28 weeks before 1 May, so that there is time to talk. This is custom, not law.",
        ),
        (Plan::Ondersteuningsplan, Step::OogoAmbtelijk) => (
            "Tussen het concept en het bestuurlijk overleg. De wet noemt geen dag.",
            "Between the draft and the overleg of the boards. The law names no day.",
        ),
        (Plan::Ondersteuningsplan, Step::OogoBestuurlijk) => (
            "Voordat de raad instemt. De wet vraagt het overleg, maar noemt geen dag.",
            "Before the raad consents. The law asks for the overleg, but names no day.",
        ),
        (Plan::Ondersteuningsplan, Step::OprConsent) => (
            "Zes weken voor 1 mei. Zonder instemming kan het bestuur niet besluiten.",
            "Six weeks before 1 May. Without consent the board cannot decide.",
        ),
        (Plan::Ondersteuningsplan, Step::Decision) => (
            "Twee weken voor 1 mei, zodat het plan op tijd is verstuurd.",
            "Two weeks before 1 May, so that the plan is sent in time.",
        ),
        (Plan::Ondersteuningsplan, Step::ToInspectie) => {
            ("De wet zegt: voor 1 mei.", "The law says: before 1 May.")
        }
        (Plan::Jeugdplan, Step::Draft) => (
            "20 weken voor 1 januari, zodat er tijd is voor overleg. Dit is gewoonte, geen wet.",
            "20 weeks before 1 January, so that there is time to talk. This is custom, not law.",
        ),
        (Plan::Jeugdplan, Step::OogoBestuurlijk | Step::OogoAmbtelijk) => (
            "Voordat de gemeenteraad besluit. De wet vraagt het overleg, maar noemt geen dag.",
            "Before the gemeenteraad decides. The law asks for the overleg, but names no day.",
        ),
        (Plan::Jeugdplan, Step::Decision | Step::OprConsent | Step::ToInspectie) => (
            "Voor 1 januari, want dan gaat het plan in. Dit is gewoonte, geen wet.",
            "Before 1 January, when the plan comes into force. This is custom, not law.",
        ),
    }
}
