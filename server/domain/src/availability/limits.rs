//! How much of a person's time meetings may take: caps, buffers, notice.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::local;
use crate::time::Period;

/// What one person allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// The most meetings that begin on one local date.
    pub per_day: Option<u16>,
    /// The most that begin in one ISO week.
    pub per_week: Option<u16>,
    /// Minutes that stay free between two meetings.
    pub buffer: u16,
    /// Hours between booking and meeting.
    pub notice: u16,
}

/// Which limit forbids a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Reached {
    /// The day is full.
    PerDay,
    /// The week is full.
    PerWeek,
    /// Another meeting is too near.
    Buffer,
    /// It begins too soon.
    Notice,
}

impl Limits {
    /// The limits of two employers at once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let least = |one: Option<u16>, other: Option<u16>| one.into_iter().chain(other).min();
        Self {
            per_day: least(self.per_day, other.per_day),
            per_week: least(self.per_week, other.per_week),
            buffer: self.buffer.max(other.buffer),
            notice: self.notice.max(other.notice),
        }
    }

    /// Whether a meeting at `wish` fits beside those that are `taken`, which do not overlap it.
    /// Knows those of [`around`] the wish; says the first limit that is reached.
    pub fn allow(
        self,
        taken: &[Period],
        wish: Period,
        (now, zone): (DateTime<Utc>, Tz),
    ) -> Result<(), Reached> {
        let date = |at| local::date_of(zone, at);
        let day = date(wish.start());
        let count =
            |same: &dyn Fn(NaiveDate) -> bool| taken.iter().filter(|other| same(date(other.start()))).count();
        let full = |most: Option<u16>, count: usize| most.is_some_and(|most| count >= usize::from(most));
        let buffer = TimeDelta::minutes(self.buffer.into());
        let near =
            |other: &Period| other.start() < wish.end() + buffer && wish.start() < other.end() + buffer;
        if full(self.per_day, count(&|other| other == day)) {
            return Err(Reached::PerDay);
        }
        if full(self.per_week, count(&|other| other.iso_week() == day.iso_week())) {
            return Err(Reached::PerWeek);
        }
        if self.buffer > 0 && taken.iter().any(near) {
            return Err(Reached::Buffer);
        }
        if wish.start() - now < TimeDelta::hours(self.notice.into()) && self.notice > 0 {
            return Err(Reached::Notice);
        }
        Ok(())
    }
}

/// The ISO week in which a meeting begins.
#[must_use]
pub fn week(of: Period, zone: Tz) -> Period {
    days_around(of, zone, 0)
}

/// What has to be known of a calendar to say whether its limits allow `wish`: its ISO week,
/// with a day at either side for buffers.
#[must_use]
pub fn around(wish: Period, zone: Tz) -> Period {
    days_around(wish, zone, 1)
}

fn days_around(of: Period, zone: Tz, margin: u64) -> Period {
    let day = local::date_of(zone, of.start());
    let monday = day - Days::new(u64::from(day.weekday().num_days_from_monday()));
    let start = |date| local::day(zone, date).map_or(of.start(), Period::start);
    Period::new(start(monday - Days::new(margin)), start(monday + Days::new(7 + margin))).unwrap_or(of)
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;
    use proptest::prelude::*;

    use super::*;

    /// Minutes after Monday 2 November 2026, 00:00 in Amsterdam.
    fn at(minute: i64) -> DateTime<Utc> {
        "2026-11-01T23:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
    }

    fn from(minute: i64, length: i64) -> Period {
        Period::new(at(minute), at(minute + length)).unwrap()
    }

    fn allow(limits: Limits, taken: &[Period], wish: Period) -> Result<(), Reached> {
        limits.allow(taken, wish, (at(0), Amsterdam))
    }

    #[test]
    fn a_day_is_full_from_midnight_to_midnight_and_a_week_from_monday_to_sunday() {
        let day = Limits { per_day: Some(1), ..Limits::default() };
        let late = from(23 * 60, 30);
        assert_eq!(allow(day, &[late], from(60, 30)), Err(Reached::PerDay));
        assert_eq!(allow(day, &[late], from(24 * 60, 30)), Ok(()));
        let week = Limits { per_week: Some(2), ..Limits::default() };
        let taken = [from(60, 30), from(2 * 1440, 30)];
        assert_eq!(allow(week, &taken, from(6 * 1440 + 1400, 30)), Err(Reached::PerWeek));
        assert_eq!(allow(week, &taken, from(7 * 1440, 30)), Ok(()));
    }

    #[test]
    fn a_buffer_is_kept_at_both_sides_and_notice_counts_to_the_hour() {
        let limits = Limits { buffer: 15, notice: 24, ..Limits::default() };
        let wish = from(1500, 60);
        assert_eq!(allow(limits, &[from(1440, 46)], wish), Err(Reached::Buffer));
        assert_eq!(allow(limits, &[from(1440, 45), from(1575, 30)], wish), Ok(()));
        assert_eq!(allow(limits, &[from(1574, 30)], wish), Err(Reached::Buffer));
        assert_eq!(allow(limits, &[], from(1439, 60)), Err(Reached::Notice));
        assert_eq!(allow(Limits::default(), &[wish], from(1, 60)), Ok(()));
    }

    fn limits() -> impl Strategy<Value = Limits> {
        let most = || prop::option::of(0_u16..4);
        (most(), most(), 0_u16..60, 0_u16..100).prop_map(|(per_day, per_week, buffer, notice)| Limits {
            per_day,
            per_week,
            buffer,
            notice,
        })
    }

    proptest! {
        #[test]
        fn two_employers_allow_what_each_allows(
            (one, other) in (limits(), limits()),
            taken in prop::collection::vec((0_i64..12_000, 5_i64..120), 0..6),
            (start, length) in (0_i64..12_000, 5_i64..120),
        ) {
            let taken: Vec<Period> = taken.into_iter().map(|(start, length)| from(start, length)).collect();
            let wish = from(start, length);
            let both = allow(one, &taken, wish).is_ok() && allow(other, &taken, wish).is_ok();
            prop_assert_eq!(allow(one.and(other), &taken, wish).is_ok(), both);
        }

        #[test]
        fn what_lies_outside_the_week_around_says_nothing(
            limits in limits(),
            taken in prop::collection::vec((-20_000_i64..40_000, 5_i64..120), 0..8),
            (start, length) in (0_i64..12_000, 5_i64..120),
        ) {
            let taken: Vec<Period> = taken.into_iter().map(|(start, length)| from(start, length)).collect();
            let wish = from(start, length);
            let window = around(wish, Amsterdam);
            let near: Vec<Period> = taken.iter().copied().filter(|other| other.overlaps(window)).collect();
            prop_assert_eq!(allow(limits, &near, wish), allow(limits, &taken, wish));
        }
    }
}
