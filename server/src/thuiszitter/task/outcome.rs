//! Meetings that are over and of which nobody recorded what came of them, as tasks of who is to say it.

use schakel_domain::{ids::PersonId, refusal::Language, thuiszitter::due_state};

use super::{
    list::Task,
    words::{Kind, sentence},
};
use crate::{
    access::{Grant, authenticate::today},
    app::App,
    consultation::unrecorded::{Unrecorded, unrecorded},
    error::Result,
    thuiszitter::store,
};

/// Those of who records outcomes by this grant.
pub(super) async fn outcomes(app: &App, records: Option<&Grant>, language: Language) -> Result<Vec<Task>> {
    let Some(records) = records else { return Ok(Vec::new()) };
    let Some(actor) = records.actor() else { return Ok(Vec::new()) };
    let read = app.read(records.clone());
    let found = unrecorded(&read, PersonId(actor)).await?;
    let today = today(read.now());
    let soon = store::profile(&read, today).await?.due_soon_days;
    let one = |one: Unrecorded| Task {
        consultation: Some(one.consultation),
        reference: one.reference,
        text: sentence(Kind::Outcome, language).to_owned(),
        ..Task::of(Kind::Outcome, one.consultation.0, (Some(one.day), due_state(one.day, today, soon)))
    };
    Ok(found.into_iter().map(one).collect())
}
