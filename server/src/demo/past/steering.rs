//! What a samenwerkingsverband steers by, as it stood on the eve of the first day: hours and spending of wijken,
//! indicators, its ondersteuningsplan, what schools noticed, and a round of questions to them that is over.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use schakel_client::{Connection, v1 as pb};

use super::asked::People;
use crate::demo::{
    load::fresh,
    region::{PastQuestion, Region},
};

/// In so many wijken at most somebody put hours.
const WIJKEN: usize = 5;
/// What each puts into a wijk for each of its schools, in hours of a school year.
const HOURS: [(pb::HoursSource, i32); 2] =
    [(pb::HoursSource::Education, 60), (pb::HoursSource::Municipality, 120)];
/// What was spent in the first wijken: whole euros, and for how many children. The last is for so few that it is
/// told to nobody outside.
const SPENT: [(pb::SupportWay, i32, i32); 3] = [
    (pb::SupportWay::Offered, 48_500, 31),
    (pb::SupportWay::Bought, 61_200, 17),
    (pb::SupportWay::Bought, 9_800, 2),
];
/// The years in which an ondersteuningsplan can lie.
const PLANS: std::ops::Range<i32> = 2020..2100;
/// It is made anew each so many years.
const PLAN_YEARS: i32 = 4;
/// At so many schools somebody answers the questions.
const ANSWERS: usize = 5;

/// What schools noticed besides.
const SIGNALS: [(pb::signal::Category, &str, i32); 2] = [
    (pb::signal::Category::Wachttijd, "Kinderen wachten langer dan een half jaar op onderzoek.", 4),
    (pb::signal::Category::Aanbod, "In onze wijk is geen plek waar een kind halve dagen kan komen.", 0),
];

/// A round of questions to all schools, and its days.
pub(super) struct Round {
    /// A Monday.
    pub(super) opened: NaiveDate,
    /// A Wednesday.
    pub(super) answered: NaiveDate,
    due: NaiveDate,
}

impl Round {
    /// Over well before the first day.
    pub(super) fn before(first_day: NaiveDate) -> Self {
        let opened = (first_day - TimeDelta::days(70)).week(Weekday::Mon).first_day();
        let after = |days| opened + TimeDelta::days(days);
        Self { opened, answered: after(9), due: after(25) }
    }

    /// Asks every school; its resource name.
    pub(super) async fn opens(&self, keeper: &Connection) -> anyhow::Result<String> {
        let number = pb::SurveyQuestion {
            text: Some(both("Hoeveel leerlingen kregen extra hulp?", "How many pupils had extra help?")),
            form: pb::survey_question::Form::WholeNumber.into(),
            unit: Some(both("leerlingen", "pupils")),
            ..Default::default()
        };
        let known = pb::SurveyQuestion {
            text: Some(both("Weet u wie u belt in het wijkteam?", "Do you know whom to call in the team?")),
            form: pb::survey_question::Form::YesNo.into(),
            ..Default::default()
        };
        let options = [both("Meer uren", "More hours"), both("Sneller antwoord", "A faster answer")];
        let helps = pb::SurveyQuestion {
            text: Some(both("Wat helpt uw school het meest?", "What helps your school most?")),
            form: pb::survey_question::Form::Choice.into(),
            options: options.into(),
            ..Default::default()
        };
        let survey = pb::Survey {
            title: Some(both("Hulp op school", "Help at school")),
            due_date: self.due.to_string(),
            reminder_days: vec![7],
            questions: vec![number, known, helps],
            ..Default::default()
        };
        let ask = pb::CreateSurveyRequest { survey: Some(survey), request_id: fresh(), ..Default::default() };
        Ok(keeper.survey().create_survey(ask).await?.into_inner().name)
    }

    /// Some of the schools that asked for somebody answer; of the others it is known that they did not.
    pub(super) async fn is_answered(
        &self,
        survey: &str,
        people: &mut People<'_>,
        questions: &[PastQuestion],
    ) -> anyhow::Result<()> {
        use pb::survey_value::Value;
        let ibers: BTreeSet<&String> = questions.iter().map(|question| &question.iber).collect();
        for (nth, iber) in (0_i32..).zip(ibers.into_iter().take(ANSWERS)) {
            let values = [Value::Number(3 + nth * 2), Value::Yes(nth != 1), Value::Choice(1 + nth % 2)];
            let values = values.map(|value| pb::SurveyValue { value: Some(value) }).into();
            let ask = pb::AnswerSurveyRequest { name: survey.to_owned(), values, request_id: fresh() };
            people.person(iber).await?.survey().answer_survey(ask).await?;
        }
        Ok(())
    }
}

/// They tell it, each as somebody who asked for help too.
pub(super) async fn notice(people: &mut People<'_>, questions: &[PastQuestion]) -> anyhow::Result<()> {
    for (question, (category, text, children)) in questions.iter().zip(SIGNALS) {
        let text = text.to_owned();
        let signal = pb::Signal { category: category.into(), text, children, ..Default::default() };
        let ask = pb::ReportSignalRequest { signal: Some(signal), request_id: fresh() };
        people.person(&question.iber).await?.signal().report_signal(ask).await?;
    }
    Ok(())
}

/// Of what takes long something came.
async fn answers(keeper: &Connection) -> anyhow::Result<()> {
    let category = pb::signal::Category::Wachttijd.into();
    let ask = pb::ListSignalsRequest { category, ..Default::default() };
    for signal in keeper.signal().list_signals(ask).await?.into_inner().signals {
        let ask = pb::AnswerSignalRequest {
            name: signal.name,
            answer: "Besproken met de gemeente: er is een tweede onderzoeker.".into(),
            etag: signal.etag,
            request_id: fresh(),
        };
        keeper.signal().answer_signal(ask).await?;
    }
    Ok(())
}

fn both(nl: &str, en: &str) -> pb::SurveyText {
    pb::SurveyText { nl: nl.to_owned(), en: en.to_owned() }
}

/// The school year that many years after the one of the first day.
fn school_year(region: &Region, after: i32) -> String {
    let year = region.year.year + after;
    format!("{year}-{}", year + 1)
}

/// Enters all of it, as who keeps the register and who keeps the cases.
pub(super) async fn steer(
    (administrator, keeper): (&Connection, &Connection),
    region: &Region,
) -> anyhow::Result<()> {
    supply(administrator, region).await?;
    obliged(administrator, region).await?;
    indicators(administrator, region).await?;
    answers(keeper).await?;
    plans(keeper, region.first_day).await
}

/// Hours of this school year and the one before, and what was spent in that.
async fn supply(administrator: &Connection, region: &Region) -> anyhow::Result<()> {
    let mut schools: BTreeMap<&String, i32> = BTreeMap::new();
    for school in &region.schools {
        *schools.entry(&school.wijk).or_default() += 1;
    }
    // The last wijk has none, so that it is seen where it falls short.
    let some = schools.len().saturating_sub(1).min(WIJKEN);
    for (wijk, schools) in schools.iter().take(some) {
        for (source, each) in HOURS {
            // There was less a year ago.
            for (after, tenths) in [(0, 10), (-1, 9)] {
                let granted_hours = pb::GrantedHours {
                    school_year: school_year(region, after),
                    wijk_code: (*wijk).clone(),
                    source: source.into(),
                    hours: each * schools * tenths / 10,
                    etag: "0".into(),
                };
                let ask =
                    pb::SetGrantedHoursRequest { granted_hours: Some(granted_hours), request_id: fresh() };
                administrator.report().set_granted_hours(ask).await?;
            }
        }
    }
    for (wijk, (way, euros, children)) in schools.keys().zip(SPENT) {
        let support_spending = pb::SupportSpending {
            school_year: school_year(region, -1),
            wijk_code: (*wijk).clone(),
            way: way.into(),
            euros,
            children,
            etag: "0".into(),
        };
        let ask =
            pb::SetSupportSpendingRequest { support_spending: Some(support_spending), request_id: fresh() };
        administrator.report().set_support_spending(ask).await?;
    }
    Ok(())
}

/// How many children must go to school, of this school year and the one before; the last gemeente did not say.
async fn obliged(administrator: &Connection, region: &Region) -> anyhow::Result<()> {
    let some = region.gemeenten.len().saturating_sub(1);
    for gemeente in region.gemeenten.iter().take(some) {
        let schools = region.schools.iter().filter(|school| school.gemeente == gemeente.code);
        let pupils = schools.fold(0, |all, school| all + i32::try_from(school.pupils).unwrap_or_default());
        for after in [0, -1] {
            let obliged = pb::Obliged {
                school_year: school_year(region, after),
                gemeente_code: gemeente.code.clone(),
                // Who goes to primary school, and about as many again of those who have left it.
                leerplichtig: Some(pupils * 2 - 40 * after),
                kwalificatieplichtig: Some(pupils / 4),
                etag: "0".into(),
            };
            let ask = pb::SetObligedRequest { obliged: Some(obliged), request_id: fresh() };
            administrator.report().set_obliged(ask).await?;
        }
    }
    Ok(())
}

/// One that follows from figures, and one that was asked of parents.
async fn indicators(administrator: &Connection, region: &Region) -> anyhow::Result<()> {
    let of_figures = pb::Indicator {
        name_nl: "Langdurig verzuim van ten hoogste drie maanden".into(),
        name_en: "Long absence of at most three months".into(),
        formula: Some(pb::indicator::Formula {
            report: pb::ReportKind::Leerplichttelling.into(),
            numerator: "LRV_UP_TO_3_MONTHS".into(),
            denominator: "LRV".into(),
        }),
        target_tenths: 600,
        ..indicator(region)
    };
    let of_parents = pb::Indicator {
        name_nl: "Ouders die tevreden zijn over het overleg".into(),
        name_en: "Parents who are content with how they were heard".into(),
        target_tenths: 750,
        ..indicator(region)
    };
    let mut last = String::new();
    for indicator in [of_figures, of_parents] {
        let ask = pb::CreateIndicatorRequest { indicator: Some(indicator), request_id: fresh() };
        last = administrator.indicator().create_indicator(ask).await?.into_inner().name;
    }
    let indicator_value = pb::IndicatorValue {
        indicator: last,
        school_year: school_year(region, -1),
        value_tenths: 784,
        etag: "0".into(),
    };
    let ask = pb::SetIndicatorValueRequest { indicator_value: Some(indicator_value), request_id: fresh() };
    administrator.indicator().set_indicator_value(ask).await?;
    Ok(())
}

/// A percentage that holds since last school year, and is to be high.
fn indicator(region: &Region) -> pb::Indicator {
    pb::Indicator {
        unit: pb::indicator::Unit::Percent.into(),
        direction: pb::indicator::Direction::AtLeast.into(),
        first_school_year: school_year(region, -1),
        ..Default::default()
    }
}

/// What became of the running ondersteuningsplan, and how far the next one is.
async fn plans(keeper: &Connection, first_day: NaiveDate) -> anyhow::Result<()> {
    use pb::plan_goal::State;
    // Until May the plan that is due then is worked on.
    let next = if first_day.month() < 5 { first_day.year() } else { first_day.year() + 1 };
    let running = next - PLAN_YEARS;
    if PLANS.contains(&running) {
        marks(keeper, (running, first_day)).await?;
        let contact = "Elke school heeft een vaste contactpersoon in het wijkteam.";
        let year = "Elke school bespreekt haar ondersteuning elk jaar met de ouders.";
        let group = "In elke gemeente is er een groep voor kinderen die nog niet naar school kunnen.";
        let why = "Niet elke gemeente vond een gebouw.";
        goal(keeper, (running, contact), (State::Realised, first_day - TimeDelta::days(420)), "").await?;
        goal(keeper, (running, year), (State::UnderWay, first_day - TimeDelta::days(190)), "").await?;
        goal(keeper, (running, group), (State::NotRealised, first_day - TimeDelta::days(80)), why).await?;
    }
    if PLANS.contains(&next) && marks(keeper, (next, first_day)).await? {
        let next_goal = "Een kind dat thuiszit heeft binnen twee weken iemand die het helpt.";
        goal(keeper, (next, next_goal), (State::Planned, first_day - TimeDelta::days(1)), "").await?;
    }
    Ok(())
}

/// Everything that was due before the first day was done on its day; whether there was anything.
async fn marks(keeper: &Connection, (year, first_day): (i32, NaiveDate)) -> anyhow::Result<bool> {
    let plan = pb::PlanKind::Ondersteuningsplan.into();
    let ask = pb::GetPlanCycleRequest { plan, year, ..Default::default() };
    let cycle = keeper.plan_cycle().get_plan_cycle(ask).await?.into_inner();
    let mut any = false;
    for milestone in cycle.milestones {
        if milestone.due_date.parse::<NaiveDate>()? >= first_day {
            continue;
        }
        let ask = pb::MarkMilestoneRequest {
            plan,
            year,
            step: milestone.step,
            round: milestone.round,
            done_date: milestone.due_date,
            request_id: fresh(),
            ..Default::default()
        };
        keeper.plan_cycle().mark_milestone(ask).await?;
        any = true;
    }
    Ok(any)
}

async fn goal(
    keeper: &Connection,
    (year, agreement): (i32, &str),
    (state, since): (pb::plan_goal::State, NaiveDate),
    why: &str,
) -> anyhow::Result<()> {
    let plan_goal = pb::PlanGoal {
        year,
        agreement: agreement.to_owned(),
        state: state.into(),
        since_date: since.to_string(),
        why: why.to_owned(),
        ..Default::default()
    };
    let ask = pb::CreatePlanGoalRequest { plan_goal: Some(plan_goal), request_id: fresh() };
    keeper.plan_cycle().create_plan_goal(ask).await?;
    Ok(())
}
