//! The steps of plans that are on their way, as tasks of who says that they are done.

use chrono::Days;
use schakel_domain::{
    access::{Action, Role, may},
    thuiszitter::{due_state, is_pressing},
};
use schakel_proto::v1 as pb;

use super::{list::Task, words::Kind};
use crate::{
    access::{Caller, authenticate::today},
    consultation::year::cycle::{OpenStep, open_steps, plan_to_wire, round_to_wire, step_to_wire},
    error::Result,
    store::Read,
    thuiszitter::store::profile,
};

/// What is near or has passed; `ahead` also what is due later.
pub(super) async fn milestones(read: &Read, caller: &Caller, ahead: bool) -> Result<Vec<Task>> {
    let roles: Vec<Role> = caller.acting.iter().map(|membership| membership.role).collect();
    if may(&roles, Action::MarkMilestone, None).is_err() {
        return Ok(Vec::new());
    }
    let today = today(read.now());
    let profile = profile(read, today).await?;
    let soon = profile.due_soon_days;
    let organisation = caller.organisation().organisation.0;
    let task = |one: OpenStep| {
        let state = due_state(one.due, today, soon);
        let milestone = pb::task::Milestone {
            plan: plan_to_wire(one.plan),
            gemeente_code: one.gemeente,
            year: one.year,
            step: step_to_wire(one.step),
            round: round_to_wire(one.round),
        };
        (ahead || is_pressing(state)).then(|| Task {
            norm: profile.norm(one.plan.norm()).map(|norm| norm.id.clone()).unwrap_or_default(),
            law: one.law.to_owned(),
            text: one.text,
            milestone: Some(milestone),
            ..Task::of(Kind::Milestone, organisation, (Some(one.due), state))
        })
    };
    let open = open_steps(read, today + Days::new(soon.into())).await?;
    Ok(open.into_iter().filter_map(task).collect())
}
