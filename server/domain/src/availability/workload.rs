//! How much somebody carries, comparable between full time and part time.

use super::{calendar::Calendar, local};
use crate::time::{Period, repeated, union};

/// Minutes of a full week: 36 hours, as in the CAO Gemeenten and the CAO Jeugdzorg.
pub const FULL_WEEK: i64 = 36 * 60;

/// What a person does and could do in one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Minutes of meetings.
    pub meetings: i64,
    /// Minutes of work by the hours in the register.
    pub work: i64,
}

impl Calendar {
    /// When its meetings are; what is only held is none.
    pub fn meetings(&self) -> impl Iterator<Item = Period> {
        self.busy.iter().filter(|span| span.expires.is_none()).map(|span| span.time)
    }

    /// What stands in it between two instants; absences are not taken off.
    #[must_use]
    pub fn load_in(&self, window: Period) -> Load {
        let minutes = |periods: Vec<Period>| -> i64 {
            let inside = union(periods).into_iter().filter_map(|period| period.intersect(window));
            inside.map(|period| period.duration().num_minutes()).sum()
        };
        let weekly = self.hours.iter().flatten().flat_map(|block| {
            let apart = |date| {
                self.overrides.iter().any(|day| day.affiliation == block.affiliation && day.date == date)
            };
            let blocks = block.within(window).into_iter();
            blocks.filter(move |time| !apart(local::date_of(block.zone, time.start())))
        });
        let on_dates = self.overrides.iter().flat_map(|day| {
            let at = |time: crate::time::DayTime| repeated(day.zone, time.on(day.date));
            day.hours().iter().filter_map(move |hours| Period::new(at(hours.from), at(hours.until)).ok())
        });
        Load { meetings: minutes(self.meetings().collect()), work: minutes(weekly.chain(on_dates).collect()) }
    }
}

impl Load {
    /// Minutes of meetings in a week of somebody who works full time and is as busy; without
    /// hours in the register as if those minutes were a full time job's own.
    #[must_use]
    pub fn weekly_per_fte(self, days: i64) -> i64 {
        if self.work > 0 {
            return self.meetings * FULL_WEEK / self.work;
        }
        self.meetings * 7 / days.max(1)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveDate, Weekday};
    use chrono_tz::Europe::Amsterdam;
    use uuid::Uuid;

    use super::*;
    use crate::{
        availability::{Hours, Override, Site, Span, WeeklyHours},
        ids::AffiliationId,
        time::{DayTime, Validity},
    };

    fn period(from: &str, until: &str) -> Period {
        Period::new(from.parse().unwrap(), until.parse().unwrap()).unwrap()
    }

    /// Mondays from nine to twelve in Amsterdam.
    fn calendar() -> Calendar {
        let time = |minutes| DayTime::new(minutes).unwrap();
        let hours = Hours { from: time(540), until: time(720) };
        let since = Validity::since(NaiveDate::from_ymd_opt(2026, 8, 1).unwrap());
        let of = AffiliationId(Uuid::from_u128(1));
        let block = WeeklyHours::new(of, (Weekday::Mon, hours), Amsterdam, since).unwrap();
        Calendar { hours: Some(vec![block]), ..Calendar::default() }
    }

    #[test]
    fn work_is_by_the_week_and_by_dates_apart_and_what_is_held_is_no_meeting() {
        let ten = period("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z");
        let span = Span::new(Uuid::from_u128(2), ten, Site::Remote);
        let held = Span { expires: Some(ten.start()), booking: Uuid::from_u128(3), ..span };
        let mut calendar = Calendar { busy: vec![span, held], ..calendar() };
        let week = period("2026-11-23T00:00:00Z", "2026-11-30T00:00:00Z");
        assert_eq!(calendar.load_in(week), Load { meetings: 60, work: 180 });
        let on = |date: &str, hours| {
            let date = date.parse().unwrap();
            Override::new(AffiliationId(Uuid::from_u128(1)), (date, Amsterdam), hours).unwrap()
        };
        let hour = Hours { from: DayTime::new(600).unwrap(), until: DayTime::new(660).unwrap() };
        calendar.overrides = vec![on("2026-11-23", Vec::new()), on("2026-11-25", vec![hour])];
        assert_eq!(calendar.load_in(week), Load { meetings: 60, work: 60 });
        assert_eq!(calendar.meetings().count(), 1);
    }

    #[test]
    fn half_the_hours_with_the_same_meetings_is_twice_the_load() {
        let full = Load { meetings: 600, work: 4 * FULL_WEEK };
        let half = Load { work: 2 * FULL_WEEK, ..full };
        assert_eq!([full.weekly_per_fte(28), half.weekly_per_fte(28)], [150, 300]);
        assert_eq!(Load { work: 0, ..full }.weekly_per_fte(28), 150);
        assert_eq!(Load::default().weekly_per_fte(0), 0);
    }
}
