//! The next times at which everybody is free, for whoever came too late.
//!
//! It looks at what is booked only, not at hours and absences.

use chrono::{DateTime, Datelike, DurationRound, TimeDelta, Timelike, Utc, Weekday};
use schakel_domain::{
    access::Role,
    ids::{PersonId, SchoolId},
    time::Period,
};

use super::busy;
use crate::{error::Result, store::Read};

/// How far ahead it looks.
const WINDOW: TimeDelta = TimeDelta::days(28);
/// Where meetings begin.
const STEP: TimeDelta = TimeDelta::minutes(15);

/// At most `count` starts after `after`, on working days between 08:30 and 17:00.
pub async fn next_free(
    read: &Read,
    persons: &[(PersonId, Role)],
    school: Option<SchoolId>,
    minutes: u16,
    after: DateTime<Utc>,
    count: usize,
) -> Result<Vec<DateTime<Utc>>> {
    let _ = school;
    let people: Vec<PersonId> = persons.iter().map(|(person, _)| *person).collect();
    let first = after.duration_trunc(STEP).unwrap_or(after) + STEP;
    let taken = busy::of(read, &people, Period::new(first, first + WINDOW)?).await?;
    let length = TimeDelta::minutes(minutes.max(5).into());
    let mut found = Vec::new();
    let mut start = first;
    while found.len() < count && start < first + WINDOW {
        let time = Period::new(start, start + length)?;
        if works(time) && !taken.iter().any(|(_, other)| other.overlaps(time)) {
            found.push(start);
        }
        start += STEP;
    }
    Ok(found)
}

fn works(time: Period) -> bool {
    let local = |instant: DateTime<Utc>| instant.with_timezone(&chrono_tz::Europe::Amsterdam);
    let (start, end) = (local(time.start()), local(time.end()));
    let minute = |at: &DateTime<chrono_tz::Tz>| at.hour() * 60 + at.minute();
    start.date_naive() == end.date_naive()
        && !matches!(start.weekday(), Weekday::Sat | Weekday::Sun)
        && minute(&start) >= 8 * 60 + 30
        && minute(&end) <= 17 * 60
}
