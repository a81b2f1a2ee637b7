//! The wall clocks of a rule between two others, in a bounded number of steps.
//!
//! A rule walks from step to step (a year, a month, …, a second). The days of a step are all
//! its days that every part of the rule lets through (the table of RFC 5545 §3.3.10 says the
//! same in other words), each with the clocks of `BYHOUR`, `BYMINUTE` and `BYSECOND`;
//! `BYSETPOS` picks of those.

use chrono::{Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Weekday};

use super::recurrence::{End, Freq, Recurrence, RuleError};

/// How many steps may still be made.
#[derive(Debug)]
pub(super) struct Budget(u32);

/// Days, clocks and empty steps that one rule may take: 270 years of days.
const STEPS_OF_A_RULE: u32 = 100_000;

impl Budget {
    /// For one rule alone.
    pub(super) fn rule() -> Self {
        Self(STEPS_OF_A_RULE)
    }

    /// For all that stands in one calendar.
    pub(super) fn calendar() -> Self {
        Self(10 * STEPS_OF_A_RULE)
    }

    /// What one rule may take of it.
    pub(super) fn part(&mut self) -> Self {
        let part = self.0.min(STEPS_OF_A_RULE);
        self.0 -= part;
        Self(part)
    }

    /// What a rule left over.
    pub(super) fn give_back(&mut self, rest: &Self) {
        self.0 += rest.0;
    }

    pub(super) fn spend(&mut self, steps: usize) -> Result<(), RuleError> {
        let steps = u32::try_from(steps).map_err(|_| RuleError::TooCostly)?;
        self.0 = self.0.checked_sub(steps).ok_or(RuleError::TooCostly)?;
        Ok(())
    }
}

/// The wall clocks in `[from, to)`, in order, of the rule that begins at `start`. `UNTIL` only
/// ends the walk, to a day: which of the last ones count is for who knows their instants.
pub(super) fn expand(
    rule: &Recurrence,
    start: NaiveDateTime,
    (from, to): (NaiveDateTime, NaiveDateTime),
    budget: &mut Budget,
) -> Result<Vec<NaiveDateTime>, RuleError> {
    let last = match rule.end {
        End::Open | End::Count(_) => to,
        End::UntilWall(last) => to.min(after(last, 1)),
        End::UntilInstant(last) => to.min(after(last.naive_utc(), 2)),
    };
    // To count one must walk all the way; else the walk begins shortly before the window.
    let (mut left, mut steps) = match rule.end {
        End::Count(count) => (count, Steps::new(rule, start, start)),
        End::Open | End::UntilWall(_) | End::UntilInstant(_) => (u32::MAX, Steps::new(rule, start, from)),
    };
    let mut found = Vec::new();
    while let Some(step) = steps.next(rule, last, budget)? {
        for wall in picked(rule, clocks(rule, &step, start, budget)?) {
            if wall < start {
                continue;
            }
            if left == 0 || wall >= last {
                return Ok(found);
            }
            left -= 1;
            if wall >= from {
                found.push(wall);
            }
        }
    }
    Ok(found)
}

fn after(wall: NaiveDateTime, days: i64) -> NaiveDateTime {
    wall.checked_add_signed(TimeDelta::days(days)).unwrap_or(NaiveDateTime::MAX)
}

/// One step: the days it may fall on, and for steps shorter than a day its first second.
struct Step {
    first: NaiveDate,
    last: NaiveDate,
    clock: Option<NaiveDateTime>,
}

/// The walk from step to step, `interval` apart, counted from the start's own.
struct Steps {
    start: NaiveDateTime,
    at: i64,
}

impl Steps {
    /// Begins with a step that ends before `from`, or with the first.
    fn new(rule: &Recurrence, start: NaiveDateTime, from: NaiveDateTime) -> Self {
        let (days, seconds) = ((from - start).num_days(), (from - start).num_seconds());
        let units = match rule.freq {
            Freq::Yearly => days / 366 - 1,
            Freq::Monthly => days / 31 - 1,
            Freq::Weekly => days / 7 - 1,
            Freq::Daily => days - 1,
            Freq::Hourly => seconds / 3600 - 24,
            Freq::Minutely => seconds / 60 - 1440,
            Freq::Secondly => seconds - 86_400,
        };
        let every = i64::from(rule.interval);
        Self { start, at: units.max(0) / every * every }
    }

    /// The next one that begins before `last`; those that no part of the rule can fall in are skipped.
    fn next(
        &mut self,
        rule: &Recurrence,
        last: NaiveDateTime,
        budget: &mut Budget,
    ) -> Result<Option<Step>, RuleError> {
        loop {
            budget.spend(1)?;
            let Some(step) = self.step(rule).filter(|step| begin(step) < last) else { return Ok(None) };
            let Some(clock) = step.clock else {
                self.at += i64::from(rule.interval);
                return Ok(Some(step));
            };
            let day_fits = fits(rule, clock.date(), self.start);
            if day_fits && has(rule.hours, clock.hour()) {
                self.at += i64::from(rule.interval);
                return Ok(Some(step));
            }
            // The rest of a day or an hour that does not fit is not walked through.
            let rest = if day_fits { 3600 - clock.num_seconds_from_midnight() % 3600 } else { 86_400 };
            let rest = if day_fits { rest } else { rest - clock.num_seconds_from_midnight() };
            let units = i64::from(rest).div_euclid(unit(rule.freq)).max(1);
            let every = i64::from(rule.interval);
            self.at += (units + every - 1) / every * every;
        }
    }

    fn step(&self, rule: &Recurrence) -> Option<Step> {
        let day = self.start.date();
        let days = |first: NaiveDate, count: u64| {
            Some(Step { first, last: first.checked_add_days(Days::new(count - 1))?, clock: None })
        };
        match rule.freq {
            Freq::Yearly => {
                let year = day.year().checked_add(i32::try_from(self.at).ok()?)?;
                let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
                Some(Step { first, last: NaiveDate::from_ymd_opt(year, 12, 31)?, clock: None })
            }
            Freq::Monthly => {
                let months = Months::new(u32::try_from(self.at).ok()?);
                let first = day.with_day(1)?.checked_add_months(months)?;
                Some(Step { first, last: month_end(first)?, clock: None })
            }
            Freq::Weekly => {
                let back = u64::from(day.weekday().days_since(rule.week_start));
                let week = day.checked_sub_days(Days::new(back))?;
                days(week.checked_add_days(Days::new(u64::try_from(self.at.checked_mul(7)?).ok()?))?, 7)
            }
            Freq::Daily => days(day.checked_add_days(Days::new(u64::try_from(self.at).ok()?))?, 1),
            Freq::Hourly | Freq::Minutely | Freq::Secondly => {
                let unit = unit(rule.freq);
                let begun = i64::from(self.start.num_seconds_from_midnight()).rem_euclid(unit);
                let first = self.start.checked_sub_signed(TimeDelta::seconds(begun))?;
                let ahead = TimeDelta::try_seconds(self.at.checked_mul(unit)?)?;
                let clock = first.checked_add_signed(ahead)?;
                Some(Step { first: clock.date(), last: clock.date(), clock: Some(clock) })
            }
        }
    }
}

fn begin(step: &Step) -> NaiveDateTime {
    step.clock.unwrap_or_else(|| step.first.and_time(NaiveTime::MIN))
}

fn unit(freq: Freq) -> i64 {
    match freq {
        Freq::Yearly | Freq::Monthly | Freq::Weekly | Freq::Daily => 86_400,
        Freq::Hourly => 3600,
        Freq::Minutely => 60,
        Freq::Secondly => 1,
    }
}

fn month_end(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)?.checked_add_months(Months::new(1))?.pred_opt()
}

/// Whether a set of numbers names that one; an empty set names all.
fn has(bits: u64, number: u32) -> bool {
    bits == 0 || bits >> number & 1 == 1
}

/// Every wall clock of the step, in order.
fn clocks(
    rule: &Recurrence,
    step: &Step,
    start: NaiveDateTime,
    budget: &mut Budget,
) -> Result<Vec<NaiveDateTime>, RuleError> {
    let day_count = usize::try_from((step.last - step.first).num_days() + 1).unwrap_or(0);
    budget.spend(day_count)?;
    let days: Vec<NaiveDate> =
        step.first.iter_days().take(day_count).filter(|day| fits(rule, *day, start)).collect();
    let own = |bits: u64, number: u32, is_free: bool| match (bits, is_free) {
        (0, true) => 1 << number,
        (0, false) => u64::MAX,
        (bits, _) => bits,
    };
    let (hours, minutes, seconds) = match step.clock {
        None => (
            own(rule.hours, start.hour(), true),
            own(rule.minutes, start.minute(), true),
            own(rule.seconds, start.second(), true),
        ),
        Some(clock) => (
            1 << clock.hour(),
            match rule.freq {
                Freq::Hourly => own(rule.minutes, start.minute(), true),
                Freq::Yearly
                | Freq::Monthly
                | Freq::Weekly
                | Freq::Daily
                | Freq::Minutely
                | Freq::Secondly => own(rule.minutes, 0, false) & 1 << clock.minute(),
            },
            match rule.freq {
                Freq::Secondly => own(rule.seconds, 0, false) & 1 << clock.second(),
                Freq::Yearly | Freq::Monthly | Freq::Weekly | Freq::Daily | Freq::Hourly | Freq::Minutely => {
                    own(rule.seconds, start.second(), true)
                }
            },
        ),
    };
    let numbers = |bits: u64| (0..64).filter(move |at| bits >> at & 1 == 1);
    let per_day = hours.count_ones() * minutes.count_ones() * seconds.count_ones();
    budget.spend(days.len().saturating_mul(per_day as usize))?;
    let times: Vec<NaiveTime> = numbers(hours)
        .flat_map(|hour| numbers(minutes).map(move |minute| (hour, minute)))
        .flat_map(|(hour, minute)| numbers(seconds).map(move |second| (hour, minute, second)))
        .filter_map(|(hour, minute, second)| NaiveTime::from_hms_opt(hour, minute, second))
        .collect();
    Ok(days.iter().flat_map(|day| times.iter().map(|time| day.and_time(*time))).collect())
}

/// `BYSETPOS`: the nth of the step, from either end.
fn picked(rule: &Recurrence, set: Vec<NaiveDateTime>) -> Vec<NaiveDateTime> {
    if rule.positions.is_empty() {
        return set;
    }
    let count = set.len();
    let mut at: Vec<usize> = rule
        .positions
        .iter()
        .filter_map(|position| {
            let back = usize::from(position.unsigned_abs());
            if *position > 0 { Some(back - 1) } else { count.checked_sub(back) }
        })
        .filter(|at| *at < count)
        .collect();
    at.sort_unstable();
    at.dedup();
    at.into_iter().map(|at| set[at]).collect()
}

/// Whether every part of the rule lets that day through. A rule that names no days means the
/// day of its start.
fn fits(rule: &Recurrence, day: NaiveDate, start: NaiveDateTime) -> bool {
    let (month_free, names_days) = (rule.months == 0, rule.names_days());
    let month = month_free || rule.months >> day.month() & 1 == 1;
    if !month {
        return false;
    }
    if !names_days {
        return match rule.freq {
            Freq::Yearly => day.day() == start.day() && (!month_free || day.month() == start.month()),
            Freq::Monthly => day.day() == start.day(),
            Freq::Weekly => day.weekday() == start.weekday(),
            Freq::Daily | Freq::Hourly | Freq::Minutely | Freq::Secondly => true,
        };
    }
    let weekday = !rule.names_weekdays() || weekday_fits(rule, day);
    let week = rule.weeks.is_empty() || week_fits(rule, day);
    // A week alone names no day: it is the weekday of the start (RFC 5545 §3.3.10).
    let week_alone = !rule.names_weekdays() && rule.month_days.is_empty() && rule.year_days.is_empty();
    let of_start = !week_alone || day.weekday() == start.weekday();
    weekday && week && of_start && month_day_fits(rule, day) && year_day_fits(rule, day)
}

fn year_length(year: i32) -> u32 {
    if NaiveDate::from_ymd_opt(year, 2, 29).is_some() { 366 } else { 365 }
}

fn month_day_fits(rule: &Recurrence, day: NaiveDate) -> bool {
    rule.month_days.is_empty()
        || month_end(day).is_some_and(|last| rule.month_days.has(day.day(), last.day() + 1 - day.day()))
}

fn year_day_fits(rule: &Recurrence, day: NaiveDate) -> bool {
    let is_named =
        |number: i64| i16::try_from(number).is_ok_and(|number| rule.year_days.binary_search(&number).is_ok());
    let (at, length) = (i64::from(day.ordinal()), i64::from(year_length(day.year())));
    rule.year_days.is_empty() || is_named(at) || is_named(at - length - 1)
}

/// The nth of a month when the rule is about months, else of the year.
fn weekday_fits(rule: &Recurrence, day: NaiveDate) -> bool {
    let (all, nth) = rule.weekdays[day.weekday().num_days_from_monday() as usize];
    if all || nth.is_empty() {
        return all;
    }
    let in_month = rule.freq == Freq::Monthly || rule.months != 0;
    let (at, length) = if in_month {
        (day.day(), month_end(day).map_or(31, |last| last.day()))
    } else {
        (day.ordinal(), year_length(day.year()))
    };
    nth.has((at - 1) / 7 + 1, (length - at) / 7 + 1)
}

/// Whether the week that the day lies in is named; week 1 has four days in its year at least.
fn week_fits(rule: &Recurrence, day: NaiveDate) -> bool {
    let first_week = |year: i32| first_week(year, rule.week_start);
    let year = day.year();
    let (Some(own), Some(next)) = (first_week(year), first_week(year + 1)) else { return false };
    let (first, after) = if day < own {
        let Some(before) = first_week(year - 1) else { return false };
        (before, own)
    } else if day >= next {
        let Some(later) = first_week(year + 2) else { return false };
        (next, later)
    } else {
        (own, next)
    };
    let weeks = |days: i64| u32::try_from(days / 7).unwrap_or(0);
    rule.weeks.has(weeks((day - first).num_days()) + 1, weeks((after - day).num_days() - 1) + 1)
}

/// The first day of week 1.
fn first_week(year: i32, week_start: Weekday) -> Option<NaiveDate> {
    let fourth = NaiveDate::from_ymd_opt(year, 1, 4)?;
    fourth.checked_sub_days(Days::new(u64::from(fourth.weekday().days_since(week_start))))
}
