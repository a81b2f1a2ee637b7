//! Tells the milestones of a plan: by when and why, what is done, what is next.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use schakel_domain::{
    consultation::year::{
        Milestone, Step,
        cycle::{MOST_ROUNDS, Plan, Progress, YEARS, progress},
    },
    dutch::codes::GemeenteCode,
    refusal::{Language, Refusal},
    time::day_in_words,
};
use schakel_proto::v1 as pb;

use super::store::{self, Marked, Overleg};
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
    let overleg = match span(which, is_open) {
        Some((from, until)) => store::overleg(read, from, until).await?,
        None => Vec::new(),
    };
    let all = steps(which, (&marked, &overleg), is_open);
    let stand: Vec<(NaiveDate, bool)> =
        all.iter().map(|one| (one.milestone.due, one.done.is_some())).collect();
    let stands = all.iter().zip(progress(&stand, now));
    let milestones = stands.map(|(one, state)| to_wire(which, one, state));
    Ok(pb::PlanCycle {
        plan: plan_to_wire(which.plan),
        gemeente_code: which.gemeente.clone(),
        year: which.year,
        milestones: milestones.collect(),
        next_year: match which.plan {
            Plan::Ondersteuningsplan => which.year + YEARS,
            Plan::Jeugdplan => 0,
        },
    })
}

/// A step of a plan, and how far it is.
pub(super) struct Taken {
    pub milestone: Milestone,
    /// When it was done.
    pub done: Option<NaiveDate>,
    /// Of an overleg that is booked and was not held: when.
    pub planned: Option<NaiveDate>,
}

/// Every step of a plan, by what is `marked` and by the `overleg` of its span.
pub(super) fn steps(
    which: &Which,
    (marked, overleg): (&Marked, &[Overleg]),
    is_open: impl Fn(NaiveDate) -> bool,
) -> Vec<Taken> {
    let times = |step| rounds(step, marked, overleg);
    let times = (times(Step::OogoAmbtelijk), times(Step::OogoBestuurlijk));
    let taken = |one: Milestone| {
        let mut own = overleg.iter().filter(|meeting| meeting.step == one.step);
        let met = own.nth(one.round.saturating_sub(1));
        let said = marked.get(&(one.step, one.round)).copied();
        let done = said.or_else(|| met.filter(|meeting| meeting.held).map(|meeting| meeting.day));
        let planned = met.filter(|_| done.is_none()).map(|meeting| meeting.day);
        Taken { milestone: one, done, planned }
    };
    which.plan.milestones(which.year, times, is_open).into_iter().map(taken).collect()
}

/// From when until when its overleg is held: the year that ends with the plan; none of a jeugdplan, because
/// nothing says of which gemeente's plan a meeting was.
pub(super) fn span(
    which: &Which,
    is_open: impl Fn(NaiveDate) -> bool,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    match which.plan {
        Plan::Jeugdplan => None,
        Plan::Ondersteuningsplan => {
            let last = which.plan.milestones(which.year, (0, 0), is_open).pop()?;
            let until = last.due.and_time(NaiveTime::MIN).and_utc();
            Some((until - Days::new(365), until))
        }
    }
}

/// How often an overleg is held: at least once, and as often as it was said, held or booked.
fn rounds(step: Step, marked: &Marked, overleg: &[Overleg]) -> usize {
    let booked = overleg.iter().filter(|meeting| meeting.step == step).count();
    let said = marked.keys().filter(|(of, _)| *of == step).map(|(_, round)| *round).max();
    booked.max(said.unwrap_or_default()).clamp(1, MOST_ROUNDS)
}

fn to_wire(which: &Which, taken: &Taken, state: Progress) -> pb::PlanMilestone {
    let (plan, one) = (which.plan, &taken.milestone);
    let (dutch, english) = reason(plan, one.step);
    let (dutch_too, english_too) = moved(which, one).unwrap_or_default();
    pb::PlanMilestone {
        step: step_to_wire(one.step),
        round: round_to_wire(one.round),
        due_date: one.due.to_string(),
        text: sentence(plan, one),
        reason: say(format!("{dutch}{dutch_too}"), format!("{english}{english_too}")),
        law: plan.law(one.step).to_owned(),
        state: number("STATE", &state.to_string(), pb::plan_milestone::State::from_str_name),
        done_date: text(taken.done),
        planned_date: text(taken.planned),
    }
}

/// Which plan it is.
pub fn plan_to_wire(plan: Plan) -> i32 {
    number("PLAN_KIND", plan.into(), pb::PlanKind::from_str_name)
}

/// Which step.
pub fn step_to_wire(step: Step) -> i32 {
    number("PLAN_STEP", &step.to_string(), pb::PlanStep::from_str_name)
}

/// Which time it is taken.
pub fn round_to_wire(round: usize) -> i32 {
    i32::try_from(round).unwrap_or(i32::MAX)
}

/// What a step is, in the caller's language.
pub(super) fn sentence(plan: Plan, one: &Milestone) -> String {
    let usual = oogo::to_wire(one).text;
    match plan {
        Plan::Ondersteuningsplan => usual,
        Plan::Jeugdplan => of_jeugdplan(one, usual),
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

/// Why a step is due before the day that it is counted to; none where it is due on that day.
fn moved(which: &Which, one: &Milestone) -> Option<(String, String)> {
    let day = which.plan.counted(which.year, one.step).filter(|day| *day != one.due)?;
    let (dutch, english) = (day_in_words(day, Language::Dutch), day_in_words(day, Language::English));
    Some((
        format!(
            " Op {dutch} is het weekend, een feestdag of ergens in de regio schoolvakantie. Daarom is het de \
            laatste open dag daarvoor."
        ),
        format!(
            " On {english} it is a weekend, a public holiday or a school holiday somewhere in the region. So it \
            is the last open day before that."
        ),
    ))
}

/// Why a step is due when it is. What is custom says so.
fn reason(plan: Plan, step: Step) -> (&'static str, &'static str) {
    match (plan, step) {
        (Plan::Ondersteuningsplan, Step::Draft) => (
            "28 weken voor 30 april, de laatste dag van de wet. Zo is er tijd voor overleg. Dit is gewoonte, geen wet.",
            "28 weeks before 30 April, the last day of the law, so that there is time to talk. This is custom, not law.",
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
            "Zes weken voor 30 april, de laatste dag van de wet. Zonder instemming kan het bestuur niet besluiten.",
            "Six weeks before 30 April, the last day of the law. Without consent the board cannot decide.",
        ),
        (Plan::Ondersteuningsplan, Step::Decision) => (
            "Twee weken voor 30 april, de laatste dag van de wet. Zo is het plan op tijd verstuurd.",
            "Two weeks before 30 April, the last day of the law, so that the plan is sent in time.",
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
            "Vier weken voor 1 januari, want dan gaat het plan in. Dit is gewoonte, geen wet.",
            "Four weeks before 1 January, when the plan comes into force. This is custom, not law.",
        ),
    }
}
