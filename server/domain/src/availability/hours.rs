//! What a person offers: weekly hours per affiliation, and the absences from them.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use super::{
    interval::Interval,
    local::{self, MINUTES},
};
use crate::{
    directory::Validity,
    ids::{AffiliationId, OrganisationId},
    refusal::Refusal,
};

/// A block of the week in which a person works under one affiliation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyHours {
    /// The affiliation that the person works under then.
    pub affiliation: AffiliationId,
    /// The weekday of the local date.
    pub weekday: Weekday,
    from: u16,
    until: u16,
    /// Whose wall clock the minutes are.
    pub zone: Tz,
    /// The local dates on which the block holds.
    pub validity: Validity,
    /// The school where the person sits in this block; `None`: free to travel.
    pub place: Option<OrganisationId>,
}

/// Minutes since midnight at which a block starts and ends; 1440 is the next midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minutes {
    /// 0 to 1439.
    pub from: u16,
    /// More than `from`, at most 1440.
    pub until: u16,
}

impl WeeklyHours {
    /// A block that can be anywhere; `TIME_RANGE_INVALID` outside 0 ≤ from < until ≤ 1440.
    pub fn new(
        affiliation: AffiliationId,
        (weekday, minutes): (Weekday, Minutes),
        zone: Tz,
        validity: Validity,
    ) -> Result<Self, Refusal> {
        let Minutes { from, until } = minutes;
        if from >= until || until > MINUTES {
            return Err(Refusal::TimeRangeInvalid);
        }
        Ok(Self { affiliation, weekday, from, until, zone, validity, place: None })
    }

    /// The same block, fixed at a school or at none.
    #[must_use]
    pub fn at(self, place: Option<OrganisationId>) -> Self {
        Self { place, ..self }
    }

    /// When the block starts and ends on the clock.
    pub fn minutes(&self) -> Minutes {
        Minutes { from: self.from, until: self.until }
    }

    /// The block on one local date. `None` on other weekdays, outside its validity, and
    /// when the clock skips the whole of it.
    pub fn on(&self, date: NaiveDate) -> Option<Interval> {
        if date.weekday() != self.weekday || !self.validity.holds_on(date) {
            return None;
        }
        let start = local::instant(self.zone, date, self.from)?;
        let end = local::instant(self.zone, date, self.until)?;
        Interval::new(start, end).ok()
    }

    /// Every occurrence that shares an instant with the window, in order.
    pub fn within(&self, window: Interval) -> Vec<Interval> {
        // A day earlier: a block up to midnight can reach into the window over a fold.
        let first = local::date_of(self.zone, window.start()) - Days::new(1);
        let last = local::date_of(self.zone, window.end());
        let ahead = (7 + self.weekday.num_days_from_monday() - first.weekday().num_days_from_monday()) % 7;
        (first + Days::new(ahead.into()))
            .iter_weeks()
            .take_while(|date| *date <= last)
            .filter_map(|date| self.on(date))
            .filter(|block| block.overlaps(window))
            .collect()
    }
}

/// A stretch in which a person is away, whatever their weekly hours say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// Whole local dates: leave, illness.
    Days {
        /// The days away.
        days: Validity,
        /// Whose dates these are.
        zone: Tz,
    },
    /// Between two instants: a course, an appointment.
    Time(Interval),
}

impl Absence {
    /// The part inside the window; an illness without an end fills the rest of it.
    pub fn within(&self, window: Interval) -> Option<Interval> {
        let (start, end) = match *self {
            Self::Time(interval) => (interval.start(), interval.end()),
            Self::Days { days, zone } => {
                let until = days.until().map_or(Some(window.end()), |until| local::instant(zone, until, 0));
                (local::instant(zone, days.from(), 0)?, until?)
            }
        };
        Interval::new(start.max(window.start()), end.min(window.end())).ok()
    }

    /// Whether the person is away at this instant.
    pub fn holds_at(&self, at: DateTime<Utc>) -> bool {
        match *self {
            Self::Time(interval) => interval.start() <= at && at < interval.end(),
            Self::Days { days, zone } => days.holds_on(local::date_of(zone, at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Amsterdam;
    use uuid::Uuid;

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn block(weekday: Weekday, from: u16, until: u16) -> WeeklyHours {
        let validity = Validity::since(date("2026-08-01"));
        WeeklyHours::new(
            AffiliationId(Uuid::from_u128(1)),
            (weekday, Minutes { from, until }),
            Amsterdam,
            validity,
        )
        .unwrap()
    }

    fn window(from: &str, until: &str) -> Interval {
        Interval::new(from.parse().unwrap(), until.parse().unwrap()).unwrap()
    }

    fn starts(hours: &WeeklyHours, window: Interval) -> Vec<String> {
        hours.within(window).iter().map(|block| block.start().to_rfc3339()).collect()
    }

    #[test]
    fn nine_o_clock_stays_nine_o_clock_over_the_change_of_the_clock() {
        let window = window("2026-10-19T00:00:00Z", "2026-11-02T00:00:00Z");
        assert_eq!(
            starts(&block(Weekday::Mon, 540, 720), window),
            ["2026-10-19T07:00:00+00:00", "2026-10-26T08:00:00+00:00"]
        );
    }

    // RFC 5545 §3.3.5: the hour from two to three does not exist on 28 March 2027 and
    // comes twice on 25 October 2026.
    #[test]
    fn a_night_shift_follows_the_clock_through_gap_and_fold() {
        let night = block(Weekday::Sun, 120, 180);
        assert_eq!(night.on(date("2027-03-28")), None, "the clock skips all of it");
        assert_eq!(night.on(date("2026-10-25")).unwrap().length().num_minutes(), 120);
        assert_eq!(night.on(date("2026-10-18")).unwrap().length().num_minutes(), 60);
        let whole = block(Weekday::Sun, 0, 1440);
        assert_eq!(whole.on(date("2027-03-28")).unwrap().length().num_hours(), 23);
        assert_eq!(whole.on(date("2026-10-25")).unwrap().length().num_hours(), 25);
    }

    #[test]
    fn a_block_that_began_before_the_window_is_still_found() {
        let window = window("2026-11-16T10:00:00Z", "2026-11-16T10:30:00Z");
        assert_eq!(starts(&block(Weekday::Mon, 540, 720), window), ["2026-11-16T08:00:00+00:00"]);
        assert!(starts(&block(Weekday::Tue, 540, 720), window).is_empty());
    }

    #[test]
    fn a_block_needs_a_start_before_its_end() {
        let made = |from, until| {
            WeeklyHours::new(
                AffiliationId(Uuid::from_u128(1)),
                (Weekday::Mon, Minutes { from, until }),
                Amsterdam,
                Validity::since(NaiveDate::MIN),
            )
            .is_ok()
        };
        assert_eq!([made(0, 1440), made(540, 540), made(0, 1441)], [true, false, false]);
    }

    #[test]
    fn an_illness_without_an_end_fills_the_window() {
        let ill = Absence::Days { days: Validity::since(date("2026-11-17")), zone: Amsterdam };
        let window = window("2026-11-16T10:00:00Z", "2026-11-20T10:00:00Z");
        let away = ill.within(window).unwrap();
        assert_eq!(away.start().to_rfc3339(), "2026-11-16T23:00:00+00:00");
        assert_eq!(away.end(), window.end());
        assert!(ill.holds_at(away.start()));
    }
}
