//! Offers the next free times to whoever was refused a taken one.

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    consultation::Place,
    ids::{PersonId, SchoolId},
    refusal::Refusal,
    time::Period,
};

use crate::{
    access::{Grant, authenticate::today},
    app::App,
    availability::{self, next_free, outside, site},
    error::{Error, Result},
    store::Tx,
};

/// How many times are offered.
const OFFERED: usize = 3;

/// Refuses when one of `persons` is busy elsewhere at `time`, as far as is known.
///
/// # Errors
/// `TIME_CONFLICT`, without a word of who or what.
pub(super) async fn free_elsewhere(tx: &Tx, persons: &[PersonId], time: Period) -> Result<()> {
    if outside::of(tx, persons, time).await?.is_empty() { Ok(()) } else { Err(Refusal::TimeConflict.into()) }
}

/// What was wanted when a time was refused.
pub(super) struct Wanted {
    /// Who has to come.
    pub persons: Vec<(PersonId, Role)>,
    /// Where.
    pub place: Place,
    /// At or for which school.
    pub school: Option<SchoolId>,
    /// From when.
    pub start: DateTime<Utc>,
    /// For how long.
    pub length: TimeDelta,
}

/// Adds `next_free_times` to a refusal for a taken time; leaves every other result as it is.
pub(super) async fn offer<T, F>(
    app: &App,
    grant: &Grant,
    done: Result<T>,
    wanted: impl FnOnce() -> F,
) -> Result<T>
where
    F: Future<Output = Result<Wanted>>,
{
    let Err(Error::Refused(Refusal::TimeConflict, _)) = done else { return done };
    let Wanted { persons, place, school, start, length } = wanted().await?;
    let minutes = u16::try_from(length.num_minutes()).unwrap_or(u16::MAX);
    let read = app.read(grant.clone());
    let after = start.max(read.now());
    let site = site::of(&read, (place, school), &[], today(after)).await?;
    let wanted = availability::Wanted { school, site, minutes };
    let times = next_free(&read, &persons, wanted, after, OFFERED).await?;
    let times: Vec<_> =
        times.into_iter().map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true)).collect();
    let metadata = HashMap::from([("next_free_times".to_owned(), times.join(","))]);
    Err(Error::Refused(Refusal::TimeConflict, metadata))
}
