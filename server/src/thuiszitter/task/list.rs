//! A page of what waits, with a line in the log for each case that it tells of.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Classes,
    ids::{CaseId, ConsultationId, HulpvraagId, PersonId},
    refusal::Language,
    thuiszitter::{DeadlineState, due_state},
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    gather::{Asking, gather},
    words::{Kind, sentence},
};
use crate::{
    access::{Grant, authenticate::today},
    app::App,
    consultation::action::Agreed,
    error::Result,
    store::{Read, audit::Deed},
    thuiszitter::{deadline::state_to_wire, store, view::line},
    wire::{
        enums::number,
        fields::text,
        page::{Page, cut},
    },
};

/// One thing that waits.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub kind: Kind,
    /// Of the action or else of the case.
    pub id: Uuid,
    pub of_case: Option<(CaseId, PersonId)>,
    pub consultation: Option<ConsultationId>,
    pub hulpvraag: Option<HulpvraagId>,
    pub reference: String,
    pub norm: String,
    /// Of a duty: what asks for it.
    pub law: String,
    pub action: String,
    /// None for a lack of something.
    pub due: Option<NaiveDate>,
    pub state: DeadlineState,
    pub text: String,
    /// Of a plan.
    pub milestone: Option<pb::task::Milestone>,
    /// What it tells of the child.
    pub classes: Classes,
}

/// Where a task stands in the list.
pub(super) type Key = (Option<NaiveDate>, i32, Uuid, String);

impl Task {
    /// Of which nothing more is known.
    pub(super) fn of(kind: Kind, id: Uuid, (due, state): (Option<NaiveDate>, DeadlineState)) -> Self {
        Self {
            kind,
            id,
            of_case: None,
            consultation: None,
            hulpvraag: None,
            reference: String::new(),
            norm: String::new(),
            law: String::new(),
            action: String::new(),
            due,
            state,
            text: String::new(),
            milestone: None,
            classes: Classes::default(),
        }
    }

    fn key(&self) -> Key {
        (self.due, kind_to_wire(self.kind), self.id, self.own())
    }

    /// Which task it is, whoever looks and as what.
    pub(super) fn which(&self) -> (Kind, Uuid, String) {
        (self.kind, self.id, self.own())
    }

    /// Which of several of one case or organisation.
    fn own(&self) -> String {
        match &self.milestone {
            None => self.norm.clone(),
            Some(one) => {
                format!("{} {} {} {} {}", one.plan, one.gemeente_code, one.year, one.step, one.round)
            }
        }
    }

    fn to_wire(&self) -> pb::Task {
        pb::Task {
            kind: kind_to_wire(self.kind),
            case: text(self.of_case.map(|(case, _)| case)),
            consultation: text(self.consultation),
            reference: self.reference.clone(),
            norm: self.norm.clone(),
            law: self.law.clone(),
            action: self.action.clone(),
            due_date: text(self.due),
            state: state_to_wire(self.state),
            text: self.text.clone(),
            hulpvraag: text(self.hulpvraag),
            milestone: self.milestone.clone(),
        }
    }
}

fn kind_to_wire(kind: Kind) -> i32 {
    number("KIND", kind.into(), pb::task::Kind::from_str_name)
}

/// Which tasks are asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    /// None means all.
    pub kinds: Vec<Kind>,
    pub page: Page<Key>,
    pub language: Language,
}

/// A page of tasks, and after which key the next page begins.
pub(super) type Listed = (Vec<pb::Task>, Option<Key>);

/// What the caller took upon itself at meetings, as tasks.
pub(super) async fn agreed(read: &Read, agreed: Vec<Agreed>, language: Language) -> Result<Vec<Task>> {
    let today = today(read.now());
    let soon = store::profile(read, today).await?.due_soon_days;
    let one = |agreed: Agreed| Task {
        consultation: Some(agreed.consultation),
        reference: agreed.reference,
        action: agreed.id.to_string(),
        text: sentence(Kind::AgreedAction, language).to_owned(),
        ..Task::of(Kind::AgreedAction, agreed.id.0, (Some(agreed.due), due_state(agreed.due, today, soon)))
    };
    Ok(agreed.into_iter().map(one).collect())
}

/// A page of those, with requests for help, and of what waits in the cases that `reads` reaches; what is shown is written down
/// before it is told.
pub(super) async fn list(
    app: &App,
    wanted: &Wanted,
    agreed: Vec<Task>,
    (reads, asking): (&Grant, Asking<'_>),
) -> Result<Listed> {
    let mut tasks = agreed;
    tasks.extend(gather(&app.read(reads.clone()), asking).await?);
    let (page, next) = paged(wanted, tasks);
    let mut told: BTreeMap<Uuid, (CaseId, PersonId, Classes)> = BTreeMap::new();
    for task in &page {
        if let Some((case, child)) = task.of_case {
            let known = told.entry(case.0).or_insert((case, child, Classes::default()));
            known.2 = known.2.or(task.classes);
        }
    }
    let lines: Vec<_> =
        told.into_values().map(|(case, child, classes)| line(Deed::R, case, child, classes)).collect();
    if !lines.is_empty() {
        let lines = &lines;
        app.write(reads, None, |tx| async move { tx.audit_all(lines).await }).await?;
    }
    Ok((page.iter().map(Task::to_wire).collect(), next))
}

/// A page of what was agreed at meetings and of requests for help, for who reads no case.
pub(super) fn of_meetings(wanted: &Wanted, agreed: Vec<Task>) -> Listed {
    let (page, next) = paged(wanted, agreed);
    (page.iter().map(Task::to_wire).collect(), next)
}

fn paged(wanted: &Wanted, mut tasks: Vec<Task>) -> (Vec<Task>, Option<Key>) {
    tasks.retain(|task| wanted.kinds.is_empty() || wanted.kinds.contains(&task.kind));
    tasks.sort_by_key(Task::key);
    tasks.retain(|task| wanted.page.after.as_ref().is_none_or(|after| task.key() > *after));
    let next = cut(&mut tasks, wanted.page.size, Task::key);
    (tasks, next)
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_kind_is_told_in_two_languages() {
        for kind in Kind::iter() {
            assert_ne!(kind_to_wire(kind), 0, "{kind:?}");
            assert_ne!(sentence(kind, Language::Dutch), sentence(kind, Language::English), "{kind:?}");
        }
    }
}
