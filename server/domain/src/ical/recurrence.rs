//! A recurrence rule (RFC 5545 §3.3.10): what somebody wrote, as bits that a date is held against.
//!
//! The rule is expanded in `expand`. No crate does it here: those that are kept well loop
//! for minutes over a rule made to hurt, or read the clock of a zone while they count.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc, Weekday};
use chrono_tz::Tz;

use super::{
    expand::{Budget, expand},
    values::{self, Wall},
};
use crate::time::{Period, repeated, wall_clock};

/// Instances that a `COUNT` may ask for.
pub const MOST_INSTANCES: u32 = 20_000;
/// Characters of a rule that are read.
pub const LONGEST_RULE: usize = 4096;

/// Why a rule is not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// Not a rule of RFC 5545 §3.3.10.
    #[error("not a recurrence rule")]
    Malformed,
    /// A rule of another calendar than the Gregorian (RFC 7529).
    #[error("a recurrence rule of another calendar")]
    Unsupported,
    /// To follow it takes more steps than anybody's calendar needs.
    #[error("a recurrence rule that takes too many steps")]
    TooCostly,
}

/// How long a step of the rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Freq {
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
    Secondly,
}

/// What a rule ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Never.
    Open,
    /// After so many instances.
    Count(u32),
    /// The last instance is at this wall clock at the latest.
    UntilWall(NaiveDateTime),
    /// The last instance is at this instant at the latest.
    UntilInstant(DateTime<Utc>),
}

/// The numbers that a `BY…` part names, counted from the start and from the end; bit n is n.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Ordinals {
    pub(super) first: u64,
    pub(super) last: u64,
}

impl Ordinals {
    pub(super) fn has(self, from_start: u32, from_end: u32) -> bool {
        let bit = |bits: u64, at: u32| at < 64 && bits >> at & 1 == 1;
        bit(self.first, from_start) || bit(self.last, from_end)
    }

    pub(super) fn is_empty(self) -> bool {
        self.first == 0 && self.last == 0
    }
}

/// A rule; its limits are checked, its dates are not yet known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    pub(super) freq: Freq,
    pub(super) interval: u32,
    pub(super) end: End,
    pub(super) week_start: Weekday,
    pub(super) months: u16,
    pub(super) weeks: Ordinals,
    pub(super) year_days: Vec<i16>,
    pub(super) month_days: Ordinals,
    /// Per weekday from Monday: every one of them, or the nth.
    pub(super) weekdays: [(bool, Ordinals); 7],
    pub(super) hours: u64,
    pub(super) minutes: u64,
    pub(super) seconds: u64,
    pub(super) positions: Vec<i16>,
}

impl Recurrence {
    /// Reads the value of an `RRULE`; its parts in any order, each once.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        if text.len() > LONGEST_RULE || !text.is_ascii() {
            return Err(RuleError::Malformed);
        }
        let text = text.trim().to_ascii_uppercase();
        let mut parts: Vec<(&str, &str)> = Vec::new();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or(RuleError::Malformed)?;
            if parts.iter().any(|(known, _)| *known == name) {
                return Err(RuleError::Malformed);
            }
            parts.push((name, value));
        }
        let mut rule = Self::every(freq(&parts)?);
        for (name, value) in parts {
            rule.take(name, value)?;
        }
        rule.check()?;
        Ok(rule)
    }

    /// The wall clocks of `zone` on which the rule falls and whose instants lie in `window`,
    /// in order. `start` is the first day and clock of the rule; it is among them only if the
    /// rule falls on it. Which instant a wall clock is: [`repeated`].
    pub fn dates(
        &self,
        start: NaiveDateTime,
        zone: Tz,
        window: Period,
    ) -> Result<Vec<NaiveDateTime>, RuleError> {
        let day = chrono::TimeDelta::days(1);
        let from = wall_clock(zone, window.start()).checked_sub_signed(day).unwrap_or(start);
        let to = wall_clock(zone, window.end()).checked_add_signed(day).unwrap_or(start);
        let walls = expand(self, start, (from, to), &mut Budget::rule())?;
        let inside = |wall: &NaiveDateTime| {
            let at = repeated(zone, *wall);
            window.contains(at) && self.is_before_end(*wall, at)
        };
        Ok(walls.into_iter().filter(inside).collect())
    }

    /// When it stops.
    pub fn end(&self) -> End {
        self.end
    }

    /// Whether an instance at that wall clock, which is that instant, is not past `UNTIL`.
    pub(super) fn is_before_end(&self, wall: NaiveDateTime, at: DateTime<Utc>) -> bool {
        match self.end {
            End::Open | End::Count(_) => true,
            End::UntilWall(last) => wall <= last,
            End::UntilInstant(last) => at <= last,
        }
    }

    fn every(freq: Freq) -> Self {
        Self {
            freq,
            interval: 1,
            end: End::Open,
            week_start: Weekday::Mon,
            months: 0,
            weeks: Ordinals::default(),
            year_days: Vec::new(),
            month_days: Ordinals::default(),
            weekdays: [(false, Ordinals::default()); 7],
            hours: 0,
            minutes: 0,
            seconds: 0,
            positions: Vec::new(),
        }
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), RuleError> {
        match name {
            "FREQ" => {}
            "INTERVAL" => self.interval = positive(value)?,
            "COUNT" => self.end = self.ends(End::Count(positive(value)?))?,
            "UNTIL" => self.end = self.ends(until(value)?)?,
            "WKST" => self.week_start = weekday(value)?,
            "BYMONTH" => {
                for month in numbers(value, 1, 12, false)? {
                    self.months |= 1 << month;
                }
            }
            "BYWEEKNO" => self.weeks = ordinals(&numbers(value, 1, 53, true)?),
            "BYYEARDAY" => self.year_days = sorted(numbers(value, 1, 366, true)?),
            "BYMONTHDAY" => self.month_days = ordinals(&numbers(value, 1, 31, true)?),
            "BYDAY" => self.by_day(value)?,
            "BYHOUR" => self.hours = bits(&numbers(value, 0, 23, false)?),
            "BYMINUTE" => self.minutes = bits(&numbers(value, 0, 59, false)?),
            // A leap second is the last ordinary one: no clock here has it.
            "BYSECOND" => {
                let seconds = numbers(value, 0, 60, false)?;
                self.seconds = bits(&seconds.into_iter().map(|second| second.min(59)).collect::<Vec<_>>());
            }
            "BYSETPOS" => self.positions = sorted(numbers(value, 1, 366, true)?),
            "RSCALE" if value == "GREGORIAN" => {}
            "SKIP" if value == "OMIT" => {}
            "RSCALE" | "SKIP" => return Err(RuleError::Unsupported),
            _ if name.starts_with("X-") => {}
            _ => return Err(RuleError::Malformed),
        }
        Ok(())
    }

    /// A rule ends once.
    fn ends(&self, end: End) -> Result<End, RuleError> {
        if self.end == End::Open { Ok(end) } else { Err(RuleError::Malformed) }
    }

    fn by_day(&mut self, value: &str) -> Result<(), RuleError> {
        for item in value.split(',') {
            let cut = item.len().checked_sub(2).ok_or(RuleError::Malformed)?;
            let (nth, day) = item.split_at(cut);
            let day = weekday(day)?.num_days_from_monday() as usize;
            let (all, ordinals) = &mut self.weekdays[day];
            // Which one of a week or a day there is only one of does not matter.
            if nth.is_empty() || self.freq > Freq::Monthly {
                *all = true;
            } else {
                let nth = number(nth, 1, 53, true)?;
                add(ordinals, nth);
            }
        }
        Ok(())
    }

    /// What RFC 5545 §3.3.10 says MUST NOT stand together and cannot be understood.
    fn check(&self) -> Result<(), RuleError> {
        if !self.positions.is_empty() && !self.has_parts() {
            return Err(RuleError::Malformed);
        }
        match self.end {
            End::Count(count) if count > MOST_INSTANCES => Err(RuleError::TooCostly),
            End::Count(_) | End::Open | End::UntilWall(_) | End::UntilInstant(_) => Ok(()),
        }
    }

    fn has_parts(&self) -> bool {
        self.months != 0 || self.names_days() || self.hours != 0 || self.minutes != 0 || self.seconds != 0
    }

    /// Whether some part but `BYMONTH` says on which days.
    pub(super) fn names_days(&self) -> bool {
        !self.weeks.is_empty()
            || !self.year_days.is_empty()
            || !self.month_days.is_empty()
            || self.names_weekdays()
    }

    pub(super) fn names_weekdays(&self) -> bool {
        self.weekdays.iter().any(|(all, nth)| *all || !nth.is_empty())
    }
}

impl std::str::FromStr for Recurrence {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        Self::parse(text)
    }
}

fn freq(parts: &[(&str, &str)]) -> Result<Freq, RuleError> {
    match parts.iter().find(|(name, _)| *name == "FREQ").map(|(_, value)| *value) {
        Some("YEARLY") => Ok(Freq::Yearly),
        Some("MONTHLY") => Ok(Freq::Monthly),
        Some("WEEKLY") => Ok(Freq::Weekly),
        Some("DAILY") => Ok(Freq::Daily),
        Some("HOURLY") => Ok(Freq::Hourly),
        Some("MINUTELY") => Ok(Freq::Minutely),
        Some("SECONDLY") => Ok(Freq::Secondly),
        Some(_) | None => Err(RuleError::Malformed),
    }
}

fn weekday(text: &str) -> Result<Weekday, RuleError> {
    match text {
        "MO" => Ok(Weekday::Mon),
        "TU" => Ok(Weekday::Tue),
        "WE" => Ok(Weekday::Wed),
        "TH" => Ok(Weekday::Thu),
        "FR" => Ok(Weekday::Fri),
        "SA" => Ok(Weekday::Sat),
        "SU" => Ok(Weekday::Sun),
        _ => Err(RuleError::Malformed),
    }
}

/// A `UNTIL` that is a date means all of that day, also where the start has a clock.
fn until(value: &str) -> Result<End, RuleError> {
    match values::wall(value).ok_or(RuleError::Malformed)? {
        Wall::Date(date) => Ok(End::UntilWall(date.and_hms_opt(23, 59, 59).unwrap_or(NaiveDate::MAX.into()))),
        Wall::Clock(last) => Ok(End::UntilWall(last)),
        Wall::Utc(last) => Ok(End::UntilInstant(last.and_utc())),
    }
}

fn positive(value: &str) -> Result<u32, RuleError> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    let number = value.parse().ok().filter(|number| digits && *number > 0);
    number.ok_or(RuleError::Malformed)
}

/// A number of `low..=high`, with a sign if `signed`.
fn number(text: &str, low: i16, high: i16, signed: bool) -> Result<i16, RuleError> {
    let digits = text.strip_prefix(['+', '-']).filter(|_| signed).unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse::<i16>().ok().filter(|number| plain && (low..=high).contains(&number.abs()));
    number.ok_or(RuleError::Malformed)
}

fn numbers(value: &str, low: i16, high: i16, signed: bool) -> Result<Vec<i16>, RuleError> {
    value.split(',').map(|item| number(item, low, high, signed)).collect()
}

fn sorted(mut numbers: Vec<i16>) -> Vec<i16> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn bits(numbers: &[i16]) -> u64 {
    numbers.iter().fold(0, |bits, number| bits | 1 << number)
}

fn add(ordinals: &mut Ordinals, number: i16) {
    let bit = 1 << number.unsigned_abs();
    if number < 0 { ordinals.last |= bit } else { ordinals.first |= bit }
}

fn ordinals(numbers: &[i16]) -> Ordinals {
    let mut ordinals = Ordinals::default();
    for number in numbers {
        add(&mut ordinals, *number);
    }
    ordinals
}

#[cfg(test)]
#[path = "recurrence_tests.rs"]
mod tests;
