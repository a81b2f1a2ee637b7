//! OPEN or EXPIRED → BOOKED: the best time that is still free, or the one that is named.

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::poll::{self, Event},
    ids::TimePollId,
    refusal::{Refusal, Violation},
    time::Period,
};

use super::{TimePoll, hold, reach, store};
use crate::{
    consultation::{book, kind, meeting::Meeting, seats, tell},
    error::{Error, Result},
    store::{Tx, audit::Deed},
};

/// Which proposal, and which of its times.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub id: TimePollId,
    pub etag: i32,
    pub start: Option<DateTime<Utc>>,
}

/// What came of it.
pub(super) struct Closed {
    pub poll: TimePoll,
    pub meeting: Meeting,
    /// Better ones that were taken meanwhile, or on a day that has become full.
    pub taken: Vec<DateTime<Utc>>,
}

/// Books. Of a time that turns out to be taken nothing was written, so the next is tried in the
/// same transaction.
pub(super) async fn close(tx: &Tx, wish: Wish) -> Result<Closed> {
    let mut poll = reach::load(tx, wish.id).await?;
    if poll.version != wish.etag {
        return Err(Error::Stale);
    }
    poll.state = poll.state.after(Event::Book)?;
    let wanted = wanted(&poll, wish.start, tx.now())?;
    hold::release(tx, &poll).await?;
    let (mut taken, mut refused) = (Vec::new(), Refusal::TimeConflict.into());
    for start in wanted {
        match is_wanted(tx, &poll, start).await {
            Ok(()) => {}
            Err(full @ Error::Refused(..)) => {
                taken.push(start);
                refused = full;
                continue;
            }
            Err(error) => return Err(error),
        }
        match book::book(tx, &poll.wish(start)).await {
            Ok(meeting) => {
                poll.consultation = Some(meeting.id);
                store::update(tx, &mut poll).await?;
                tell::audit(tx, &[&poll.sketch()?], Deed::U).await?;
                return Ok(Closed { poll, meeting, taken });
            }
            Err(Error::Refused(Refusal::TimeConflict, _)) => taken.push(start),
            Err(error) => return Err(error),
        }
    }
    Err(refused)
}

/// Refuses a time at which one of the professionals takes no more, before anybody is taken for it.
async fn is_wanted(tx: &Tx, poll: &TimePoll, start: DateTime<Utc>) -> Result<()> {
    let meeting = Meeting { time: Period::new(start, start + poll.length)?, ..poll.sketch()? };
    let rules = kind::rules(tx, poll.kind, meeting.day()).await?;
    seats::wanted(tx, &rules, &[&meeting], &[]).await
}

/// The times in the order in which they are tried.
fn wanted(poll: &TimePoll, start: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Vec<DateTime<Utc>>> {
    if let Some(start) = start {
        let known = poll.options.contains(&start);
        let unknown = || Error::Invalid(vec![Violation::new("start_time", Refusal::FieldInvalid)]);
        return known.then(|| vec![start]).ok_or_else(unknown);
    }
    let ranked = poll::ranking(&poll.options, &poll.ballots(), now);
    if ranked.is_empty() {
        return Err(Refusal::NoOptionFits.into());
    }
    Ok(ranked.into_iter().map(|at| poll.options[at]).collect())
}
