//! What becomes of each date of a series: held, moved past a holiday, or skipped.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::Closed;
use crate::availability::ClosedReason;

/// What is done with a date on which a school is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OnClosed {
    /// There is no meeting.
    Skip,
    /// It is held on the next day on which all are open, before the next date of the series.
    Move,
    /// It is held all the same.
    Keep,
}

/// Why there is no meeting on a date of the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Skipped {
    /// A school is closed.
    Closed(ClosedReason),
    /// The date was left out by name.
    LeftOut,
}

/// What becomes of one date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Held on that date.
    Held,
    /// Held on another date.
    Moved {
        /// When.
        to: NaiveDate,
        /// Why not on its own.
        why: ClosedReason,
    },
    /// Not held.
    Skipped(Skipped),
}

/// One date of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The date that the rule gave.
    pub original: NaiveDate,
    /// What becomes of it.
    pub decision: Decision,
}

impl Occurrence {
    /// The date on which it is held, if it is.
    pub fn date(&self) -> Option<NaiveDate> {
        match self.decision {
            Decision::Held => Some(self.original),
            Decision::Moved { to, .. } => Some(to),
            Decision::Skipped(_) => None,
        }
    }
}

/// Farther than this a meeting does not move.
const FARTHEST: u64 = 14;

/// Decides for the `dates` of a rule and for the `extra` ones, which are held whatever is closed;
/// those `left_out` are not. In order, each original date once, and no two on one day.
pub fn occurrences(
    dates: &[NaiveDate],
    (extra, left_out): (&BTreeSet<NaiveDate>, &BTreeSet<NaiveDate>),
    on_closed: OnClosed,
    closed: &Closed,
) -> Vec<Occurrence> {
    let all: BTreeSet<NaiveDate> = dates.iter().copied().chain(extra.iter().copied()).collect();
    let decide = |original: NaiveDate| {
        if left_out.contains(&original) {
            return Decision::Skipped(Skipped::LeftOut);
        }
        if extra.contains(&original) || on_closed == OnClosed::Keep {
            return Decision::Held;
        }
        let Some(why) = closed.on(original) else { return Decision::Held };
        let next = all.range(original..).nth(1).copied();
        let before_next = |date: &NaiveDate| next.is_none_or(|next| *date < next);
        let later = (1..=FARTHEST).map(|days| original + Days::new(days)).take_while(before_next);
        let to = match on_closed {
            OnClosed::Move => later.into_iter().find(|date| closed.is_open_weekday(*date)),
            OnClosed::Skip | OnClosed::Keep => None,
        };
        to.map_or(Decision::Skipped(Skipped::Closed(why)), |to| Decision::Moved { to, why })
    };
    all.iter().map(|original| Occurrence { original: *original, decision: decide(*original) }).collect()
}
