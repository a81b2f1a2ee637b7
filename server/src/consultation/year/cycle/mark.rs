//! Notes that a step of a plan was done, or that it is not.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    consultation::year::{
        Step,
        cycle::{Plan, most_rounds},
    },
    refusal::Refusal,
};
use schakel_proto::v1 as pb;

use super::{
    show::{Which, show},
    store,
};
use crate::{
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::fields::{Fields, too_early},
};

/// What somebody says.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    which: Which,
    step: Step,
    round: usize,
    /// None takes it back.
    done: Option<NaiveDate>,
}

impl Wish {
    /// Reads it.
    pub(super) fn read(
        fields: &mut Fields,
        wire: &pb::MarkMilestoneRequest,
        today: NaiveDate,
    ) -> Option<Self> {
        let which = Which::read(fields, (wire.plan, &wire.gemeente_code, wire.year));
        let step: Option<Step> = fields.choice("step", wire.step, pb::PlanStep::as_str_name);
        let of_plan = |plan: Plan| step.is_none_or(|step| plan.has(step));
        if which.as_ref().is_some_and(|which| !of_plan(which.plan)) {
            fields.refuse("step", Refusal::FieldInvalid);
        }
        let round = usize::try_from(if wire.round == 0 { 1 } else { wire.round }).unwrap_or_default();
        if step.is_some_and(|step| !(1..=most_rounds(step)).contains(&round)) {
            fields.refuse("round", Refusal::FieldInvalid);
        }
        let done = fields.date_if("done_date", &wire.done_date);
        if done.is_some_and(|day| day > today) {
            fields.refuse("done_date", Refusal::TimeOutOfBounds);
        }
        let begins = which.as_ref().and_then(|which| which.plan.begins(which.year));
        if let Some(first) = begins.filter(|first| done.is_some_and(|day| day < *first)) {
            fields.add(vec![too_early("done_date", first)]);
        }
        Some(Self { which: which?, step: step?, round, done })
    }
}

/// Notes it.
///
/// # Errors
/// `AREA_NOT_FOUND`.
pub(super) async fn mark(tx: &Tx, wish: &Wish) -> Result<pb::PlanCycle> {
    store::mark(tx, &wish.which, (wish.step, wish.round), wish.done).await?;
    let (object, classes) = ("plan_milestone", Classes::of(&[Class::K0]));
    tx.audit(Line { deed: Deed::U, object, id: None, subject: None, classes }).await?;
    // What is not of the region is found out here, and leaves nothing.
    show(tx, &wish.which).await
}
