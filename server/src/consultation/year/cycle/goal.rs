//! What was agreed in an ondersteuningsplan is written down, with how far it is in practice and who said so.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    consultation::year::goal::{Execution, GoalState},
    ids::{PersonId, PlanGoalId},
    refusal::Refusal,
    text::Name,
};
use schakel_proto::v1 as pb;

use super::{
    goal_store::{self as store, Goal},
    show::year,
};
use crate::{
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
    },
    wire::{
        enums::number,
        fields::{Fields, text},
        time::timestamp,
    },
};

/// What can change of it.
#[derive(Debug, Clone)]
pub(super) struct Told {
    agreement: Name,
    state: GoalState,
    since: NaiveDate,
    why: Option<Name>,
}

impl Told {
    fn read(fields: &mut Fields, wire: &pb::PlanGoal, today: NaiveDate) -> Option<Self> {
        let agreement = fields.parse("plan_goal.agreement", &wire.agreement);
        let state: Option<GoalState> =
            fields.choice("plan_goal.state", wire.state, pb::plan_goal::State::as_str_name);
        let since = fields.date_if("plan_goal.since_date", &wire.since_date);
        if since.is_some_and(|since| since > today) {
            fields.refuse("plan_goal.since_date", Refusal::TimeOutOfBounds);
        }
        let why = fields.parse_if("plan_goal.why", &wire.why);
        match (state.map(GoalState::needs_why), wire.why.is_empty()) {
            (Some(true), true) => fields.refuse("plan_goal.why", Refusal::FieldRequired),
            (Some(false), false) => fields.refuse("plan_goal.why", Refusal::FieldInvalid),
            (Some(true), false) | (Some(false), true) | (None, _) => {}
        }
        Some(Self { agreement: agreement?, state: state?, since: since.unwrap_or(today), why })
    }
}

/// The goal that is given.
fn given(fields: &mut Fields, wire: Option<pb::PlanGoal>) -> Option<pb::PlanGoal> {
    if wire.is_none() {
        fields.refuse("plan_goal", Refusal::FieldRequired);
    }
    wire
}

/// A new one, as somebody wants it.
pub(super) fn wish(fields: &mut Fields, wire: Option<pb::PlanGoal>, today: NaiveDate) -> Option<(i32, Told)> {
    let wire = given(fields, wire)?;
    year(fields, "plan_goal.year", wire.year);
    Told::read(fields, &wire, today).map(|told| (wire.year, told))
}

/// A known one as the caller read it, and what it is to be.
pub(super) fn change(
    fields: &mut Fields,
    wire: Option<pb::PlanGoal>,
    today: NaiveDate,
) -> Option<((PlanGoalId, i32), Told)> {
    let wire = given(fields, wire)?;
    let id = fields.parse("plan_goal.name", &wire.name);
    let etag = fields.etag("plan_goal.etag", &wire.etag);
    let told = Told::read(fields, &wire, today);
    id.zip(etag).zip(told)
}

/// Writes down what was agreed.
pub(super) async fn create(tx: &Tx, (year, told): &(i32, Told)) -> Result<pb::PlanGoal> {
    let Told { agreement, state, since, why } = told.clone();
    let goal = Goal {
        id: PlanGoalId(tx.new_id()),
        year: *year,
        agreement,
        state,
        since,
        why,
        told_by: tx.grant().actor().map(PersonId),
        told: tx.now(),
        version: 1,
    };
    store::insert(tx, &goal).await?;
    tx.audit(line(Deed::C, goal.id)).await?;
    Ok(to_wire(&goal))
}

/// Says how far it is.
///
/// # Errors
/// `PLAN_GOAL_NOT_FOUND`, stale.
pub(super) async fn update(tx: &Tx, ((id, etag), told): &((PlanGoalId, i32), Told)) -> Result<pb::PlanGoal> {
    let mut goal = store::get(tx, *id).await?;
    if goal.version != *etag {
        return Err(Error::Stale);
    }
    goal.agreement = told.agreement.clone();
    goal.state = told.state;
    goal.since = told.since;
    goal.why.clone_from(&told.why);
    goal.told_by = tx.grant().actor().map(PersonId);
    goal.told = tx.now();
    store::update(tx, &mut goal).await?;
    tx.audit(line(Deed::U, goal.id)).await?;
    Ok(to_wire(&goal))
}

/// What was agreed in the plan of a year, and how much of it is realised.
pub(super) async fn list(read: &Read, year: i32) -> Result<pb::ListPlanGoalsResponse> {
    let goals = store::of_year(read, year).await?;
    let counted: Execution = goals.iter().map(|goal| goal.state).collect();
    Ok(pb::ListPlanGoalsResponse {
        plan_goals: goals.iter().map(to_wire).collect(),
        planned_count: counted.planned,
        under_way_count: counted.under_way,
        realised_count: counted.realised,
        not_realised_count: counted.not_realised,
        realised_percent: counted.realised_percent(),
    })
}

fn line(deed: Deed, id: PlanGoalId) -> Line {
    Line { deed, object: "plan_goal", id: Some(id.0), subject: None, classes: Classes::of(&[Class::K0]) }
}

fn to_wire(goal: &Goal) -> pb::PlanGoal {
    pb::PlanGoal {
        name: goal.id.to_string(),
        year: goal.year,
        agreement: goal.agreement.as_str().to_owned(),
        state: number("STATE", goal.state.into(), pb::plan_goal::State::from_str_name),
        since_date: goal.since.to_string(),
        why: goal.why.as_ref().map(|why| why.as_str().to_owned()).unwrap_or_default(),
        told_by: text(goal.told_by),
        told_time: Some(timestamp(goal.told)),
        etag: goal.version.to_string(),
    }
}
