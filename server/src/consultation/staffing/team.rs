//! The meetings of a team, as far as whoever plans for it has to know: the envelope, and who of the team.

use std::collections::{BTreeSet, HashMap};

use schakel_domain::{
    consultation::State,
    ids::{ConsultationId, PersonId, TeamId},
    time::Period,
};
use sea_orm::ColumnTrait;

use super::workload;
use crate::{
    access::{affiliation::Post, professional},
    consultation::{
        events,
        meeting::{Meeting, Seat},
        missing, store,
    },
    entity::consultation::Column,
    error::Result,
    store::{Read, instant::to_column},
};

/// The most meetings of one answer.
const MOST: u64 = 200;

/// Meetings of a team, with what has to be known of its members there.
#[derive(Debug, Clone, Default)]
pub(super) struct Agenda {
    /// By time.
    pub meetings: Vec<Meeting>,
    /// Who cannot come where.
    pub missing: HashMap<ConsultationId, Vec<PersonId>>,
    /// Who is in the team today, as what.
    pub posts: Vec<Post>,
    /// What they are called.
    pub names: HashMap<PersonId, String>,
}

impl Agenda {
    /// The seats of `meeting` that the team fills.
    pub(super) fn seats<'a>(&'a self, meeting: &'a Meeting) -> impl Iterator<Item = &'a Seat> {
        let ours = move |seat: &Seat| {
            self.posts.iter().any(|post| post.person == seat.person && post.role == seat.role)
        };
        meeting.table.iter().filter(move |seat| !seat.fixed && ours(seat))
    }

    /// Whether `person` cannot come to `meeting`.
    pub(super) fn is_missing(&self, meeting: &Meeting, person: PersonId) -> bool {
        self.missing.get(&meeting.id).is_some_and(|gone| gone.contains(&person))
    }
}

/// What a team does in `window`; a constant number of statements.
///
/// # Errors
/// `TEAM_NOT_FOUND`.
pub(super) async fn agenda(read: &Read, team: TeamId, window: Period) -> Result<Agenda> {
    let posts = workload::posts(read, team).await?;
    let condition = events::of_team(read, &posts)
        .add(Column::State.ne(State::Cancelled.to_string()))
        .add(Column::EndsAt.gt(to_column(window.start())))
        .add(Column::StartsAt.lt(to_column(window.end())));
    let meetings = store::list(read, condition, None, MOST).await?;
    let missing = missing::of(read, &meetings.iter().collect::<Vec<_>>()).await?;
    let persons: BTreeSet<PersonId> = posts.iter().map(|post| post.person).collect();
    let known = professional::of(read, &persons.into_iter().collect::<Vec<_>>()).await?;
    let names = known.into_iter().map(|(person, row)| (person, row.display_name.clone())).collect();
    Ok(Agenda { meetings, missing, posts, names })
}
