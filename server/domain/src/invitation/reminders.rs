//! When somebody is reminded of a meeting, by what their function is and what they wish.

use chrono::{DateTime, TimeDelta, Utc};

/// The most reminders of one meeting.
pub const MOST_REMINDERS: usize = 3;
/// The longest that a reminder comes before its meeting, in hours: four weeks.
pub const MAX_HOURS: u16 = 672;
/// The longest that an alarm sounds before its meeting, in minutes: two days.
pub const MAX_ALARM: u16 = 2_880;

/// How somebody is reminded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Remind {
    /// So many hours before the start a mail goes.
    pub hours: Vec<u16>,
    /// So many minutes before it the calendar sounds an alarm.
    pub alarm: Option<u16>,
}

/// What is to be done about reminding somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// A reminder goes now.
    Now,
    /// Nothing, until then.
    At(DateTime<Utc>),
    /// Nothing any more.
    Never,
}

impl Remind {
    /// What is due for a meeting at `start`. `heard` is when the person last heard of it, by whatever
    /// mail: what lies before that needs no reminder, and moments that were missed are one.
    #[must_use]
    pub fn due(&self, start: DateTime<Utc>, heard: DateTime<Utc>, now: DateTime<Utc>) -> Due {
        if start <= now {
            return Due::Never;
        }
        let moments = self.hours.iter().map(|hours| start - TimeDelta::hours((*hours).into()));
        let (past, coming): (Vec<_>, Vec<_>) = moments.filter(|at| *at > heard).partition(|at| *at <= now);
        if !past.is_empty() {
            return Due::Now;
        }
        coming.into_iter().min().map_or(Due::Never, Due::At)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(hours: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hours)
    }

    fn remind(hours: &[u16]) -> Remind {
        Remind { hours: hours.to_vec(), alarm: None }
    }

    #[test]
    fn each_moment_is_a_reminder_and_missed_ones_are_one() {
        let both = remind(&[24, 2]);
        assert_eq!(both.due(day(100), day(0), day(10)), Due::At(day(76)));
        assert_eq!(both.due(day(100), day(0), day(76)), Due::Now);
        assert_eq!(both.due(day(100), day(76), day(76)), Due::At(day(98)));
        assert_eq!(both.due(day(100), day(0), day(99)), Due::Now, "two were missed");
        assert_eq!(both.due(day(100), day(99), day(99)), Due::Never);
    }

    #[test]
    fn who_has_just_heard_is_not_reminded_nor_of_what_has_begun() {
        assert_eq!(remind(&[24]).due(day(100), day(80), day(81)), Due::Never);
        assert_eq!(remind(&[24, 2]).due(day(100), day(80), day(81)), Due::At(day(98)));
        assert_eq!(remind(&[24]).due(day(100), day(0), day(100)), Due::Never);
        assert_eq!(remind(&[]).due(day(100), day(0), day(1)), Due::Never);
    }

    proptest! {
        #[test]
        fn there_are_never_more_reminders_than_moments(
            hours in prop::collection::vec(0_u16..200, 0..4),
            looks in prop::collection::vec(0_i64..60, 0..40),
        ) {
            let (remind, start) = (remind(&hours), day(150));
            let (mut heard, mut now, mut count) = (day(0), day(0), 0);
            for gap in looks {
                now += TimeDelta::hours(gap);
                match remind.due(start, heard, now) {
                    Due::Now => {
                        prop_assert!(now < start);
                        (heard, count) = (now, count + 1);
                    }
                    Due::At(at) => prop_assert!(at > now && at < start + TimeDelta::hours(1)),
                    Due::Never => {}
                }
            }
            prop_assert!(count <= hours.len());
        }
    }
}
