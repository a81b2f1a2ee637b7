//! How many open cases other norms would move, before they are in use.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    thuiszitter::{Computation, Profile, moved},
};
use uuid::Uuid;

use super::{
    class,
    laid::{PAGE, laid},
    moved::TOLD,
};
use crate::{access::authenticate::today, error::Result, store::Read, thuiszitter::store};

/// What would move.
#[derive(Debug, Default)]
pub(in crate::thuiszitter) struct Tried {
    /// How many cases were computed by both.
    pub cases: usize,
    /// How many of them have a deadline that moves.
    pub moved: usize,
    /// In how many of them each norm moves, by its id.
    pub norms: BTreeMap<String, usize>,
}

/// Computes every open case that is worked on by the norms `now` and `next`, on today's facts.
pub(in crate::thuiszitter) async fn tried(read: &Read, now: &Profile, next: &Profile) -> Result<Tried> {
    let day = today(read.now());
    // Only numbers leave this: the terms of an ontwikkelingsperspectief count too.
    let seen = TOLD.or(Classes::of(&[Class::K4]));
    let (mut tried, mut after) = (Tried::default(), Uuid::nil());
    loop {
        let rows = store::open_after(read, after, PAGE).await?;
        let Some(last) = rows.last().map(|row| row.id) else { return Ok(tried) };
        after = last;
        for one in laid(read, rows).await? {
            let known = one.around.known(&one.log, seen, DateTime::<Utc>::MAX_UTC);
            let by = |profile: &Profile| {
                let standing = known.standing(profile, day);
                Computation::of(profile, &class::shown(standing.deadlines, seen))
            };
            let moved = moved(&by(now), &by(next));
            tried.cases += 1;
            tried.moved += usize::from(!moved.is_empty());
            for one in moved {
                *tried.norms.entry(one.norm).or_default() += 1;
            }
        }
    }
}
