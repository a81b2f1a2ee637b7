//! One component with a start, its repetitions and its exceptions, as periods of a window.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{
    clocks::{Clock, Clocks},
    component::Component,
    expand::{Budget, expand},
    line::Line,
    recurrence::{Recurrence, RuleError},
    values::{self, Length, Wall},
};
use crate::time::Period;

/// Why a component says nothing that can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Unread {
    /// A date, a clock or a duration is missing or none.
    #[error("a time cannot be read")]
    TimeInvalid,
    /// A zone that neither we nor the calendar know.
    #[error("a time zone is not known")]
    TimezoneUnknown,
    /// A rule cannot be read, or is of a kind that is not followed.
    #[error("a repetition cannot be read")]
    RuleInvalid,
    /// Its repetitions take too many steps.
    #[error("a repetition is too long")]
    RuleTooCostly,
}

impl From<RuleError> for Unread {
    fn from(error: RuleError) -> Self {
        match error {
            RuleError::Malformed | RuleError::Unsupported => Self::RuleInvalid,
            RuleError::TooCostly => Self::RuleTooCostly,
        }
    }
}

/// What is needed to understand the times of a calendar.
pub(super) struct Reading<'a> {
    pub(super) clocks: Clocks<'a>,
    /// For times and dates without a zone (RFC 5545 §3.3.5, form 1).
    pub(super) floating: Clock,
    pub(super) window: Period,
    pub(super) budget: Budget,
}

/// A moment as it was written: on which clock, and what instant that is.
#[derive(Debug, Clone)]
pub(super) struct Moment {
    pub(super) wall: NaiveDateTime,
    pub(super) is_date: bool,
    pub(super) clock: Clock,
}

impl Moment {
    pub(super) fn instant(&self) -> DateTime<Utc> {
        self.clock.instant(self.wall)
    }
}

impl<'a> Reading<'a> {
    /// The clock of a line: its `TZID`, UTC, or that of times without a zone. A date goes
    /// through no zone but that of its reader.
    fn clock(&mut self, line: &'a Line, wall: Wall) -> Result<Clock, Unread> {
        match (wall, line.param_value("TZID")) {
            (Wall::Utc(_), _) => Ok(Clock::Iana(chrono_tz::UTC)),
            (Wall::Date(_), _) | (Wall::Clock(_), None) => Ok(self.floating.clone()),
            (Wall::Clock(_), Some(tzid)) => {
                self.clocks.named(tzid, &mut self.budget).ok_or(Unread::TimezoneUnknown)
            }
        }
    }

    fn moment_of(&mut self, line: &'a Line, text: &str) -> Result<Moment, Unread> {
        let wall = values::wall(text).ok_or(Unread::TimeInvalid)?;
        let clock = self.clock(line, wall)?;
        Ok(match wall {
            Wall::Date(date) => Moment { wall: midnight(date), is_date: true, clock },
            Wall::Clock(wall) | Wall::Utc(wall) => Moment { wall, is_date: false, clock },
        })
    }

    /// The moment of a property with one value.
    pub(super) fn moment(&mut self, component: &'a Component, name: &str) -> Result<Option<Moment>, Unread> {
        let Some(line) = component.property(name) else { return Ok(None) };
        self.moment_of(line, line.value().as_raw()).map(Some)
    }

    /// A period with an end or a duration (RFC 5545 §3.3.9).
    pub(super) fn period(&mut self, line: &'a Line, text: &str) -> Result<Option<Period>, Unread> {
        let (start, end) = text.split_once('/').ok_or(Unread::TimeInvalid)?;
        let start = self.moment_of(line, start)?;
        let end = match values::length(end) {
            Some(length) => Span::Nominal(length).end(&start.clock, start.wall),
            None => self.moment_of(line, end)?.instant(),
        };
        Ok(Period::new(start.instant(), end).ok())
    }
}

fn midnight(date: NaiveDate) -> NaiveDateTime {
    date.and_time(NaiveTime::MIN)
}

/// How long each instance lasts.
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    /// So many dates.
    Dates(u64),
    /// Exactly so long (RFC 5545 §3.8.5.3, of `DTEND`).
    Exact(TimeDelta),
    /// So many days on the wall, then so long.
    Nominal(Length),
}

impl Span {
    fn end(self, clock: &Clock, wall: NaiveDateTime) -> DateTime<Utc> {
        let plus = |days: u64| wall.checked_add_days(Days::new(days)).unwrap_or(wall);
        match self {
            Self::Dates(days) => clock.instant(plus(days)),
            Self::Exact(length) => clock.instant(wall) + length,
            Self::Nominal(length) => clock.instant(plus(length.days.into())) + length.rest,
        }
    }

    /// At least as long as any instance.
    fn longest(self) -> TimeDelta {
        let days = |days: i64| TimeDelta::days(days + 1);
        match self {
            Self::Dates(count) => days(i64::try_from(count).unwrap_or(0)),
            Self::Exact(length) => length,
            Self::Nominal(length) => days(length.days.into()) + length.rest,
        }
    }
}

/// The start of a component and how long it lasts.
pub(super) struct Frame {
    pub(super) start: Moment,
    pub(super) span: Span,
}

impl Frame {
    /// Reads `DTSTART` with `DTEND` or `DURATION`; a date alone is a whole day, a clock alone
    /// takes no time (RFC 5545 §3.6.1).
    pub(super) fn read<'a>(reading: &mut Reading<'a>, component: &'a Component) -> Result<Self, Unread> {
        let start = reading.moment(component, "DTSTART")?.ok_or(Unread::TimeInvalid)?;
        let span = match (reading.moment(component, "DTEND")?, component.property("DURATION")) {
            (Some(end), _) if start.is_date => {
                let days = (end.wall.date() - start.wall.date()).num_days();
                // Some programs write the same date twice and mean that day.
                Span::Dates(u64::try_from(days).unwrap_or(0).max(1))
            }
            (Some(end), _) => Span::Exact((end.instant() - start.instant()).max(TimeDelta::zero())),
            (None, Some(line)) => {
                Span::Nominal(values::length(line.value().as_raw()).ok_or(Unread::TimeInvalid)?)
            }
            (None, None) if start.is_date => Span::Dates(1),
            (None, None) => Span::Exact(TimeDelta::zero()),
        };
        Ok(Self { start, span })
    }

    /// The period of the instance that begins there, if it takes any time.
    pub(super) fn at(&self, wall: NaiveDateTime) -> Option<Period> {
        Period::new(self.start.clock.instant(wall), self.span.end(&self.start.clock, wall)).ok()
    }
}

/// The walls of the instances of a component that can reach into the window: its start, its
/// rules and `RDATE`s, without its `EXDATE`s; and the periods that `RDATE` gives in full.
pub(super) fn instances<'a>(
    reading: &mut Reading<'a>,
    component: &'a Component,
    frame: &Frame,
) -> Result<(BTreeSet<NaiveDateTime>, Vec<Period>), Unread> {
    let clock = &frame.start.clock;
    let early =
        reading.window.start().checked_sub_signed(frame.span.longest()).unwrap_or(DateTime::UNIX_EPOCH);
    let day = TimeDelta::days(1);
    let from = clock.wall(early) - day;
    let to = clock.wall(reading.window.end()) + day;
    let mut walls = BTreeSet::from([frame.start.wall]);
    let mut periods = Vec::new();
    for line in &component.properties {
        match line.name() {
            "RRULE" => {
                let rule = Recurrence::parse(line.value().as_raw())?;
                let mut budget = reading.budget.part();
                let found = expand(&rule, frame.start.wall, (from, to), &mut budget);
                reading.budget.give_back(&budget);
                walls.extend(found?.into_iter().filter(|wall| {
                    if frame.start.is_date {
                        rule.is_before_end(*wall, wall.and_utc())
                    } else {
                        rule.is_before_end(*wall, clock.instant(*wall))
                    }
                }));
            }
            "EXRULE" => return Err(Unread::RuleInvalid),
            "RDATE" => {
                for text in line.value().as_raw().split(',') {
                    if text.contains('/') {
                        periods.extend(reading.period(line, text)?);
                    } else {
                        let moment = reading.moment_of(line, text)?;
                        walls.insert(on(clock, &moment));
                    }
                }
            }
            _ => {}
        }
    }
    let mut days: BTreeSet<NaiveDate> = BTreeSet::new();
    for line in component.properties.iter().filter(|line| line.name() == "EXDATE") {
        for text in line.value().as_raw().split(',') {
            let moment = reading.moment_of(line, text)?;
            if moment.is_date && !frame.start.is_date {
                // Some programs leave out a day where a moment is meant.
                days.insert(moment.wall.date());
            } else {
                walls.remove(&on(clock, &moment));
            }
        }
    }
    walls.retain(|wall| !days.contains(&wall.date()));
    Ok((walls, periods))
}

/// What `clock` shows at that moment; a date stays the date it is.
pub(super) fn on(clock: &Clock, moment: &Moment) -> NaiveDateTime {
    if moment.is_date { moment.wall } else { clock.wall(moment.instant()) }
}
