//! When in the year each meeting should be: stretches of days, with the best day in the middle.

use chrono::{Days, NaiveDate};

/// How often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rhythm {
    /// So many meetings, with as many days of use before each as after it.
    Times(usize),
    /// One in every so many weeks; a period without a day of use has none.
    EveryWeeks(u16),
}

/// The days in which one meeting is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
    /// The day that would be best.
    pub around: NaiveDate,
}

/// Cuts the `usable` days, which are in order, into a stretch for each meeting. Fewer days than
/// meetings give as many stretches as there are days.
pub fn stretches(usable: &[NaiveDate], rhythm: Rhythm) -> Vec<Stretch> {
    let parts: Vec<&[NaiveDate]> = match rhythm {
        Rhythm::Times(times) => {
            let times = times.min(usable.len());
            (0..times).map(|at| &usable[at * usable.len() / times..(at + 1) * usable.len() / times]).collect()
        }
        Rhythm::EveryWeeks(weeks) => by_weeks(usable, weeks),
    };
    let stretch = |days: &[NaiveDate]| {
        let (first, last) = (*days.first()?, *days.last()?);
        Some(Stretch { first, last, around: days[days.len() / 2] })
    };
    parts.into_iter().filter_map(stretch).collect()
}

fn by_weeks(usable: &[NaiveDate], weeks: u16) -> Vec<&[NaiveDate]> {
    let Some(first) = usable.first() else { return Vec::new() };
    let period = |day: &NaiveDate| (*day - *first).num_weeks() / i64::from(weeks.max(1));
    usable.chunk_by(|day, next| period(day) == period(next)).collect()
}

/// The weekdays from `first` to `last` on which `is_open`.
pub(super) fn open_days(
    first: NaiveDate,
    last: NaiveDate,
    is_open: impl Fn(NaiveDate) -> bool,
) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |date| *date <= last).filter(move |date| is_open(*date))
}

/// The last open day that is not after `day`; it itself when there is none in three weeks.
pub(super) fn open_before(day: NaiveDate, is_open: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    (0..21).map(|back| day - Days::new(back)).find(|date| is_open(*date)).unwrap_or(day)
}
