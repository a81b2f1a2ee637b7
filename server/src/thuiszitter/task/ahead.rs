//! On which days what waits for somebody is due, while they do not ask: no case, no text, a date for each.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Action,
    ids::{PersonId, RegionId},
    refusal::Language,
};

use super::{
    duty::owed,
    gather::{Asking, gather},
    list::{Task, agreed},
    milestone::milestones,
    requests::requests,
};
use crate::{
    access::{
        Grant,
        authenticate::{away, today},
    },
    app::App,
    consultation::action::own,
    error::Result,
};

/// In whose name it is looked, for the log.
const METHOD: &str = "worker/tasks";

/// A day for each thing that `person` has to do in `region`, by the rule of their own list at every
/// organisation for which they work; nothing for who has none.
///
/// # Errors
/// When the database fails.
pub async fn due_days(app: &App, region: RegionId, person: PersonId) -> Result<Vec<NaiveDate>> {
    let mut days = BTreeMap::new();
    for caller in away(app, region, person, today(app.now()), METHOD).await? {
        let may = |action| Grant::of(&caller, action).ok();
        let Some(sits) = may(Action::ReadConsultation) else { continue };
        let read = app.read(sits);
        let agreed = agreed(&read, own(&read, person).await?, Language::Dutch).await?;
        let (asked, decides) = (may(Action::ReadHulpvraag), may(Action::DecideHulpvraag));
        let requests = requests(app, (asked.as_ref(), decides.as_ref()), Language::Dutch).await?;
        let mut keep = |tasks: Vec<Task>| {
            days.extend(tasks.into_iter().filter_map(|task| Some((task.which(), task.due?))));
        };
        keep(agreed);
        keep(owed(&read, &caller, (Language::Dutch, true)).await?);
        keep(milestones(&read, &caller, true).await?);
        keep(requests);
        if let Some(reads) = may(Action::ReadCase) {
            let (writes, tracks) = (may(Action::WriteCase), may(Action::WriteTrack));
            let decides = may(Action::DecideCase);
            let (writes, tracks, decides) = (writes.as_ref(), tracks.as_ref(), decides.as_ref());
            let asking = Asking { writes, tracks, decides, language: Language::Dutch, ahead: true };
            keep(gather(&app.read(reads), asking).await?);
        }
    }
    Ok(days.into_values().collect())
}
