//! The local dates of a zone around a window, each found once: midnights, weeks, minutes of the day.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;

use super::local;
use crate::time::{DayTime, Period, repeated};

const DAY: i64 = 86_400;

/// Whole ISO weeks of local dates that cover a window.
pub(super) struct Dates {
    pub(super) zone: Tz,
    /// A Monday.
    first: i32,
    /// Seconds since 1970 of each midnight; one more than there are dates.
    midnights: Vec<i64>,
}

impl Dates {
    pub(super) fn new(zone: Tz, window: Period) -> Self {
        // A day earlier: a block up to midnight can reach into the window over a fold.
        let start = local::date_of(zone, window.start()) - TimeDelta::days(1);
        let monday =
            start.num_days_from_ce() - i32::try_from(start.weekday().num_days_from_monday()).unwrap_or(0);
        let last = local::date_of(zone, window.end()).num_days_from_ce();
        let weeks = usize::try_from((last - monday) / 7 + 1).unwrap_or(0);
        let mut dates = Self { zone, first: monday, midnights: Vec::with_capacity(weeks * 7 + 1) };
        let mut midnight = dates.midnight_of(monday);
        let mut offset = dates.offset_at(midnight);
        dates.midnights.push(midnight);
        for day in 1..=i32::try_from(weeks * 7).unwrap_or(0) {
            midnight += DAY;
            let now = dates.offset_at(midnight);
            if now != offset {
                midnight = dates.midnight_of(monday + day);
                offset = dates.offset_at(midnight);
            }
            dates.midnights.push(midnight);
        }
        dates
    }

    fn midnight_of(&self, day: i32) -> i64 {
        let date = NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MAX);
        repeated(self.zone, DayTime::START.on(date)).timestamp()
    }

    fn offset_at(&self, second: i64) -> i32 {
        let at = DateTime::from_timestamp(second, 0).unwrap_or_default().naive_utc();
        self.zone.offset_from_utc_datetime(&at).fix().local_minus_utc()
    }

    /// How many dates there are, a multiple of seven.
    pub(super) fn len(&self) -> usize {
        self.midnights.len() - 1
    }

    /// The place of a date, which may lie before the first or after the last.
    pub(super) fn index(&self, date: NaiveDate) -> i64 {
        i64::from(date.num_days_from_ce()) - i64::from(self.first)
    }

    /// From midnight to midnight, in seconds; empty for a date that the zone left out.
    pub(super) fn day(&self, index: usize) -> (i64, i64) {
        (self.midnights[index], self.midnights[index + 1])
    }

    /// When a date begins; before the first date and after the last one the ends of the table.
    pub(super) fn begin(&self, index: i64) -> i64 {
        let last = self.midnights.len() - 1;
        self.midnights[usize::try_from(index).unwrap_or(0).min(last)]
    }

    /// Whether the clock runs evenly all day.
    pub(super) fn is_even(&self, index: usize) -> bool {
        self.midnights[index + 1] - self.midnights[index] == DAY
    }

    /// A minute of a date, in seconds since 1970; a repeated one is the first, one in a gap moves on.
    pub(super) fn at(&self, index: usize, minute: u16) -> i64 {
        if minute == DayTime::END.minutes() {
            return self.midnights[index + 1];
        }
        if self.is_even(index) {
            return self.midnights[index] + i64::from(minute) * 60;
        }
        let day = self.first + i32::try_from(index).unwrap_or(0);
        let date = NaiveDate::from_num_days_from_ce_opt(day).unwrap_or(NaiveDate::MAX);
        DayTime::new(minute)
            .map_or(self.midnights[index + 1], |time| repeated(self.zone, time.on(date)).timestamp())
    }

    /// On which date a second falls; clamped to the table.
    pub(super) fn date_at(&self, second: i64) -> usize {
        let guess = usize::try_from((second - self.midnights[0]).div_euclid(DAY)).unwrap_or(0);
        let mut index = guess.min(self.len() - 1);
        while index > 0 && self.midnights[index] > second {
            index -= 1;
        }
        while index + 1 < self.len() && self.midnights[index + 1] <= second {
            index += 1;
        }
        index
    }

    /// What the clock shows at a second, in minutes since midnight; none between two minutes.
    pub(super) fn minute_at(&self, index: usize, second: i64) -> Option<u16> {
        if self.is_even(index) {
            let since = second - self.midnights[index];
            return if since % 60 == 0 { u16::try_from(since / 60).ok() } else { None };
        }
        let at: DateTime<Utc> = DateTime::from_timestamp(second, 0)?;
        let wall = at.with_timezone(&self.zone);
        if wall.second() == 0 { u16::try_from(wall.hour() * 60 + wall.minute()).ok() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every change of the clock from 2020 to 2040 in zones of whole, half and quarter hours.
    #[test]
    fn the_table_tells_what_the_zone_says_at_every_quarter_of_twenty_one_years() {
        use chrono_tz::{America::New_York, Asia::Kolkata, Australia::Lord_Howe, Europe::Amsterdam};
        let at = |year| Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
        for zone in [Amsterdam, New_York, Lord_Howe, Kolkata] {
            let window = Period::new(at(2020), at(2041)).unwrap();
            let dates = Dates::new(zone, window);
            let mut second = window.start().timestamp();
            while second < window.end().timestamp() {
                let index = dates.date_at(second);
                let wall = DateTime::from_timestamp(second, 0).unwrap().with_timezone(&zone);
                assert_eq!(dates.index(wall.date_naive()), i64::try_from(index).unwrap(), "{wall}");
                assert_eq!(
                    dates.minute_at(index, second).map(u32::from),
                    Some(wall.hour() * 60 + wall.minute()),
                    "{wall}"
                );
                second += 900;
            }
            for index in 0..dates.len() {
                let day = dates.first + i32::try_from(index).unwrap();
                let date = NaiveDate::from_num_days_from_ce_opt(day).unwrap();
                for minute in [0, 60, 120, 150, 165, 180, 540, 1440] {
                    let told = repeated(zone, DayTime::new(minute).unwrap().on(date)).timestamp();
                    assert_eq!(dates.at(index, minute), told, "{date} {minute}");
                }
            }
        }
    }
}
