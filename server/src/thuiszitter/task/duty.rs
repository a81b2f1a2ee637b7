//! What the caller's organisation owes, as tasks of the roles that act.

use schakel_domain::{refusal::Language, thuiszitter::acts_on};

use super::{list::Task, words::Kind};
use crate::{
    access::Caller,
    error::Result,
    store::Read,
    thuiszitter::{
        deadline::name,
        duty::owed::{Duty, Owner, duties},
    },
};

/// What is near or has passed; `ahead` also what is due later.
pub(super) async fn owed(
    read: &Read,
    caller: &Caller,
    (language, ahead): (Language, bool),
) -> Result<Vec<Task>> {
    let Some(owner) = Owner::of(caller) else { return Ok(Vec::new()) };
    let owed = duties(read, &owner).await?;
    let mine = |duty: &&Duty| acts_on(&duty.norm, &owner.roles) && (duty.presses() || (ahead && duty.waits));
    let task = |duty: &Duty| Task {
        norm: duty.norm.id.clone(),
        law: duty.norm.basis.source.clone(),
        text: name(&duty.norm, language).to_owned(),
        ..Task::of(Kind::Duty, owner.organisation.0, (duty.due, duty.state))
    };
    Ok(owed.iter().filter(mine).map(task).collect())
}
