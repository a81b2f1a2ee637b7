//! A time of day on the wall clock, to the minute.

use std::{fmt, str::FromStr};

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};

use crate::refusal::Refusal;

/// Minutes since midnight, 0 to 1440; 1440 is the midnight at the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DayTime(u16);

impl DayTime {
    /// The midnight at which the day ends.
    pub const END: Self = Self(24 * 60);
    /// The midnight at which the day starts.
    pub const START: Self = Self(0);

    /// Refuses `FIELD_INVALID` above 1440.
    pub fn new(minutes: u16) -> Result<Self, Refusal> {
        if minutes > Self::END.0 { Err(Refusal::FieldInvalid) } else { Ok(Self(minutes)) }
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// That time on that date's wall clock; [`DayTime::END`] is the next date at 00:00.
    pub fn on(self, date: NaiveDate) -> NaiveDateTime {
        if self == Self::END {
            return date.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX).and_time(NaiveTime::MIN);
        }
        date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(self.0))
    }
}

impl From<NaiveTime> for DayTime {
    /// The minute that has begun.
    fn from(time: NaiveTime) -> Self {
        Self(u16::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(Self::END.0))
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for DayTime {
    type Err = Refusal;

    /// `HH:MM`, two digits each, up to `24:00`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (hours, minutes) = text.split_once(':').ok_or(Refusal::FieldInvalid)?;
        let two = |part: &str| match part.as_bytes() {
            &[a @ b'0'..=b'9', b @ b'0'..=b'9'] => Ok(u16::from(a - b'0') * 10 + u16::from(b - b'0')),
            _ => Err(Refusal::FieldInvalid),
        };
        let (hours, minutes) = (two(hours)?, two(minutes)?);
        if minutes > 59 {
            return Err(Refusal::FieldInvalid);
        }
        Self::new(hours * 60 + minutes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_minute_prints_and_parses_as_itself() {
        for minutes in 0..=1440 {
            let time = DayTime::new(minutes).unwrap();
            assert_eq!(time.to_string().parse(), Ok(time));
        }
        assert_eq!(DayTime::new(1441), Err(Refusal::FieldInvalid));
        for wrong in ["", "9:00", "09:60", "24:01", "25:00", "09:00:00", "+9:00", "09.00", "０9:00"] {
            assert_eq!(wrong.parse::<DayTime>(), Err(Refusal::FieldInvalid), "{wrong}");
        }
    }

    #[test]
    fn the_end_of_the_day_is_the_start_of_the_next() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        assert_eq!(DayTime::END.on(date), DayTime::START.on(date.succ_opt().unwrap()));
    }
}
