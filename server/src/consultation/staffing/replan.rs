//! What becomes of meetings that gave way: another time, or a place on the waiting list. None is lost.

use std::collections::BTreeMap;

use schakel_domain::{access::Role, consultation::Event, ids::PersonId, time::Period};

use super::in_the_way::Whole;
use crate::{
    access::authenticate::today,
    availability::{Wanted, next_free, site},
    consultation::{cancel, meeting::Meeting, moving, parts, seats, waiting},
    error::{Error, Result},
    store::Tx,
};

/// How many times are tried until everybody wants one.
const TRIES: usize = 10;

/// A meeting that gave way.
#[derive(Debug, Clone)]
pub(super) struct Displaced {
    /// As it was.
    pub before: Meeting,
    /// What it became: at another time, or called off because it waits.
    pub after: Meeting,
}

/// Plans `wholes` anew, whose people are free again, the most important first.
pub(super) async fn all(tx: &Tx, mut wholes: Vec<Whole>) -> Result<Vec<Displaced>> {
    wholes.sort_by_key(|whole| (std::cmp::Reverse(whole.rules.priority), whole.meeting.time.start()));
    let mut displaced = Vec::with_capacity(wholes.len());
    for whole in wholes {
        let after = match moved(tx, &whole).await? {
            Some(moved) => moved,
            None => waits(tx, &whole).await?,
        };
        displaced.push(Displaced { before: whole.meeting, after });
    }
    Ok(displaced)
}

/// Calls a meeting off that finds no time, and puts it on the list: a meeting about several
/// children once for each of them.
async fn waits(tx: &Tx, whole: &Whole) -> Result<Meeting> {
    let called_off = cancel::call_off(tx, whole.meeting.clone(), whole.parts.clone()).await?;
    let waiting = if whole.parts.is_empty() { std::slice::from_ref(&whole.meeting) } else { &whole.parts };
    for meeting in waiting {
        waiting::join::displaced(tx, meeting, &whole.rules).await?;
    }
    Ok(called_off)
}

/// Moves a meeting with its parts to the next time at which the same people can meet, after the
/// time that they lost; none when there is none in the coming weeks.
async fn moved(tx: &Tx, whole: &Whole) -> Result<Option<Meeting>> {
    let before = &whole.meeting;
    let length = before.time.duration();
    let minutes = u16::try_from(length.num_minutes()).unwrap_or(u16::MAX).div_ceil(5).saturating_mul(5);
    let after = before.time.start().max(tx.now());
    let site = site::of(tx, (before.place, before.school), &[], today(after)).await?;
    let wanted = Wanted { school: before.school, site, minutes };
    let roles: BTreeMap<PersonId, Role> = whole.all().flat_map(Meeting::roles).collect();
    let roles: Vec<(PersonId, Role)> = roles.into_iter().collect();
    let starts = match next_free(tx, &roles, wanted, after, TRIES).await {
        Ok(starts) => starts,
        // A school or a person that is no longer there: somebody has to look at it.
        Err(Error::NotFound(_) | Error::Invalid(_) | Error::Refused(..)) => Vec::new(),
        Err(error) => return Err(error),
    };
    for start in starts {
        let mut meeting = before.clone();
        let time = Period::new(start, start + length)?;
        meeting.live_on(meeting.life().after(Event::Move(time), tx.now())?);
        let by = (start - before.time.start(), before.place);
        let (mut parts, _) = parts::moved(tx, whole.parts.clone(), by, time)?;
        let taken: Vec<&Meeting> = std::iter::once(&meeting).chain(&parts).collect();
        // What the rules refuse has written nothing yet.
        match is_wanted(tx, whole, &taken).await {
            Ok(()) => {}
            Err(Error::Refused(..)) => continue,
            Err(error) => return Err(error),
        }
        moving::keep(tx, (&mut meeting, &mut parts), tx.now()).await?;
        return Ok(Some(meeting));
    }
    Ok(None)
}

/// Takes everybody's time for these meetings, if nobody has enough already.
async fn is_wanted(tx: &Tx, whole: &Whole, taken: &[&Meeting]) -> Result<()> {
    seats::wanted(tx, &whole.rules, taken, &[]).await?;
    seats::change_all(tx, &[], taken).await
}
