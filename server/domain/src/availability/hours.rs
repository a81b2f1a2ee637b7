//! What a person offers: weekly hours per affiliation, and the absences from them.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use super::local;
use crate::{
    ids::{AffiliationId, OrganisationId},
    refusal::Refusal,
    time::{DayTime, Period, Validity, repeated},
};

/// A block of the week in which a person works under one affiliation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeeklyHours {
    /// The affiliation that the person works under then.
    pub affiliation: AffiliationId,
    /// The weekday of the local date.
    pub weekday: Weekday,
    hours: Hours,
    /// Whose wall clock the hours are on.
    pub zone: Tz,
    /// The local dates on which the block holds.
    pub validity: Validity,
    /// The school where the person sits in this block; `None`: free to travel.
    pub place: Option<OrganisationId>,
}

/// When a block starts and ends on the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Before [`DayTime::END`].
    pub from: DayTime,
    /// Later than `from`.
    pub until: DayTime,
}

impl WeeklyHours {
    /// A block that can be anywhere; `TIME_RANGE_INVALID` unless it ends after it starts.
    pub fn new(
        affiliation: AffiliationId,
        (weekday, hours): (Weekday, Hours),
        zone: Tz,
        validity: Validity,
    ) -> Result<Self, Refusal> {
        if hours.from >= hours.until {
            return Err(Refusal::TimeRangeInvalid);
        }
        Ok(Self { affiliation, weekday, hours, zone, validity, place: None })
    }

    /// The same block, fixed at a school or at none.
    #[must_use]
    pub fn at(self, place: Option<OrganisationId>) -> Self {
        Self { place, ..self }
    }

    /// When the block starts and ends on the clock.
    pub fn hours(&self) -> Hours {
        self.hours
    }

    /// The block on one local date. `None` on other weekdays, outside its validity, and
    /// when the clock skips the whole of it.
    pub fn on(&self, date: NaiveDate) -> Option<Period> {
        if date.weekday() != self.weekday || !self.validity.holds_on(date) {
            return None;
        }
        let at = |time: DayTime| repeated(self.zone, time.on(date));
        Period::new(at(self.hours.from), at(self.hours.until)).ok()
    }

    /// Every occurrence that shares an instant with the window, in order.
    pub fn within(&self, window: Period) -> Vec<Period> {
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

/// Why somebody is away. Illness is not among them: a calendar needs the days only
/// (GDPR art. 5(1)(c) and 9).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AbsenceKind {
    /// Leave.
    Leave,
    /// A course.
    Study,
    /// Away, for a reason that is nobody's business.
    Away,
}

/// A stretch in which a person is away, whatever their weekly hours say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// Whole local dates.
    Days {
        /// The days away.
        days: Validity,
        /// Whose dates these are.
        zone: Tz,
    },
    /// Between two instants: a course, an appointment.
    Time(Period),
}

impl Absence {
    /// The part inside the window; days without an end fill the rest of it.
    pub fn within(&self, window: Period) -> Option<Period> {
        let (start, end) = match *self {
            Self::Time(period) => (period.start(), period.end()),
            Self::Days { days, zone } => {
                let end = days.until().map_or(window.end(), |last| repeated(zone, DayTime::END.on(last)));
                (repeated(zone, DayTime::START.on(days.from())), end)
            }
        };
        Period::new(start.max(window.start()), end.min(window.end())).ok()
    }

    /// Whether the person is away at this instant.
    pub fn holds_at(&self, at: DateTime<Utc>) -> bool {
        match *self {
            Self::Time(period) => period.contains(at),
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

    fn hours(from: u16, until: u16) -> Hours {
        Hours { from: DayTime::new(from).unwrap(), until: DayTime::new(until).unwrap() }
    }

    fn block(weekday: Weekday, from: u16, until: u16) -> WeeklyHours {
        let validity = Validity::since(date("2026-08-01"));
        WeeklyHours::new(
            AffiliationId(Uuid::from_u128(1)),
            (weekday, hours(from, until)),
            Amsterdam,
            validity,
        )
        .unwrap()
    }

    fn window(from: &str, until: &str) -> Period {
        Period::new(from.parse().unwrap(), until.parse().unwrap()).unwrap()
    }

    fn starts(hours: &WeeklyHours, window: Period) -> Vec<String> {
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
        assert_eq!(night.on(date("2026-10-25")).unwrap().duration().num_minutes(), 120);
        assert_eq!(night.on(date("2026-10-18")).unwrap().duration().num_minutes(), 60);
        let whole = block(Weekday::Sun, 0, 1440);
        assert_eq!(whole.on(date("2027-03-28")).unwrap().duration().num_hours(), 23);
        assert_eq!(whole.on(date("2026-10-25")).unwrap().duration().num_hours(), 25);
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
                (Weekday::Mon, hours(from, until)),
                Amsterdam,
                Validity::since(NaiveDate::MIN),
            )
            .is_ok()
        };
        assert_eq!([made(0, 1440), made(540, 540), made(600, 540)], [true, false, false]);
    }

    #[test]
    fn days_away_without_an_end_fill_the_window() {
        let away = Absence::Days { days: Validity::since(date("2026-11-17")), zone: Amsterdam };
        let window = window("2026-11-16T10:00:00Z", "2026-11-20T10:00:00Z");
        let inside = away.within(window).unwrap();
        assert_eq!(inside.start().to_rfc3339(), "2026-11-16T23:00:00+00:00");
        assert_eq!(inside.end(), window.end());
        assert!(away.holds_at(inside.start()));
    }

    #[test]
    fn the_last_day_away_is_away_until_midnight() {
        let days = Validity::new(date("2026-11-17"), Some(date("2026-11-18"))).unwrap();
        let away = Absence::Days { days, zone: Amsterdam };
        let inside = away.within(window("2026-11-16T10:00:00Z", "2026-11-20T10:00:00Z")).unwrap();
        assert_eq!(inside.end().to_rfc3339(), "2026-11-18T23:00:00+00:00");
        assert!(!away.holds_at(inside.end()));
    }

    #[test]
    fn kinds_of_absence_are_the_words_of_the_api() {
        use strum::IntoEnumIterator;
        assert!(AbsenceKind::iter().map(|kind| kind.to_string()).eq(["LEAVE", "STUDY", "AWAY"]));
    }
}
