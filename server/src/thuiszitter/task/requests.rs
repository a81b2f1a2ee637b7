//! Requests for help that wait for a team's answer, or for a meeting of who asked with who took them.

use schakel_domain::{hulpvraag::State, ids::OrganisationId, refusal::Language, thuiszitter::due_state};
use uuid::Uuid;

use super::{
    list::Task,
    words::{Kind, sentence, to_meet},
};
use crate::{
    access::{Grant, Reached, authenticate::today, organisation},
    app::App,
    error::Result,
    hulpvraag::{request::Hulpvraag, store::waiting},
    thuiszitter::store,
};

/// Those that wait for who reads requests by the first grant and answers them by the second. A task says when
/// one is due and, once it was taken, which school asks; never about whom.
pub(super) async fn requests(
    app: &App,
    (reads, decides): (Option<&Grant>, Option<&Grant>),
    language: Language,
) -> Result<Vec<Task>> {
    let Some(reads) = reads else { return Ok(Vec::new()) };
    let team = |reached: &Reached| match reached {
        Reached::Team(team) => Some(*team),
        Reached::Region
        | Reached::School(_)
        | Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Residence(_)
        | Reached::Invited(_)
        | Reached::Own(_)
        | Reached::Case(_)
        | Reached::Held => None,
    };
    let teams = decides.into_iter().flat_map(Grant::reached);
    let teams: Vec<Uuid> = teams.filter_map(|(reached, _)| team(reached)).collect();
    let takes = reads.reached().iter().any(|(reached, _)| matches!(reached, Reached::Own(_)));
    let asks = reads.reached().iter().any(|(reached, _)| matches!(reached, Reached::School(_)));
    let read = app.read(reads.clone());
    let whose = (reads.actor().filter(|_| takes), reads.actor().filter(|_| asks));
    let mut found = waiting(&read, &teams, whose).await?;
    // Whoever asked for another school that they left is not asked to plan there.
    found.retain(|asked| reads.reached().iter().any(|(reached, _)| asked.holds(reached)));
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let today = today(read.now());
    let soon = store::profile(&read, today).await?.due_soon_days;
    let accepted = found.iter().filter(|asked| asked.state.person().is_some());
    let schools: Vec<OrganisationId> = accepted.map(|asked| asked.school.into()).collect();
    let schools = organisation::names(&read, &schools).await?;
    let one = |asked: &Hulpvraag| {
        let (kind, due, school) = match asked.state {
            State::Requested | State::Forwarded { .. } => (Kind::Hulpvraag, asked.answer_due, None),
            State::Accepted { .. } => (Kind::HulpvraagMeeting, asked.target, schools.get(&asked.school.0)),
            State::Declined | State::Planned { .. } | State::Done { .. } => return None,
        };
        let plain = || sentence(kind, language).to_owned();
        Some(Task {
            hulpvraag: Some(asked.id),
            text: school.map_or_else(plain, |school| to_meet(school, language)),
            ..Task::of(kind, asked.id.0, (Some(due), due_state(due, today, soon)))
        })
    };
    Ok(found.iter().filter_map(one).collect())
}
