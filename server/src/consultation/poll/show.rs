//! Proposals as one caller sees them: as the meetings that they may become are seen.

use schakel_domain::ids::TimePollId;

use super::{
    TimePoll,
    reach::as_poll,
    store::{self, MISSING},
};
use crate::{
    access::Grant,
    app::App,
    consultation::{reach, show},
    error::{Error, Result},
    store::{Read, Tx},
};

/// A proposal as the caller sees it.
pub(super) struct Shown {
    pub poll: TimePoll,
    /// Of the meeting that it may become: names, mails, and what may be seen.
    pub sketch: show::Shown,
}

/// One proposal.
pub(super) async fn get(app: &App, grant: &Grant, id: TimePollId) -> Result<Shown> {
    let find = async |read: &Read| {
        let poll = store::get(read, id).await?;
        let sketch = poll.sketch()?;
        let around = reach::around(read, std::slice::from_ref(&sketch)).await?;
        as_poll(reach::classes(read, &sketch, around.first()))?;
        Ok::<_, Error>(vec![poll])
    };
    let found = find(&app.read(grant.clone())).await?;
    all(app, grant, found).await?.pop().ok_or(MISSING)
}

/// Those of several that the caller may see.
pub(super) async fn all(app: &App, grant: &Grant, polls: Vec<TimePoll>) -> Result<Vec<Shown>> {
    let sketches = polls.iter().map(TimePoll::sketch).collect::<Result<_>>()?;
    let reached = reach::reached(&app.read(grant.clone()), sketches).await?;
    let shown = show::open(app, grant, reached).await?.into_iter();
    let mut polls = polls.into_iter();
    let of = |sketch: show::Shown| {
        // Both are in one order; what is not reached was left out.
        let poll = polls.find(|poll| poll.id.0 == sketch.meeting.id.0)?;
        Some(Shown { poll, sketch })
    };
    Ok(shown.filter_map(of).collect())
}

/// What a change made of a proposal, in its transaction.
pub(super) async fn changed(tx: &Tx, poll: TimePoll) -> Result<Shown> {
    let sketch = show::changed(tx, poll.sketch()?).await?;
    Ok(Shown { poll, sketch })
}
