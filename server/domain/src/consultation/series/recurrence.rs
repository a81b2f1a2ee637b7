//! How often a series repeats: the part of RFC 5545's RRULE that meetings need.

use std::{fmt, str::FromStr};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::{consultation::booking::MAX_DAYS_AHEAD, dutch::SchoolYear, refusal::Refusal};

/// The most meetings in one series: twice a week for a school year, and some.
pub const MAX_OCCURRENCES: usize = 120;
/// A longer interval is no series.
const MAX_INTERVAL: u8 = 52;

/// Which dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// On these days of every so many weeks; weeks begin on Monday.
    Weekly {
        /// 1 is every week.
        every: u8,
        /// In the order of the week; empty means the day of the first date.
        days: Vec<Weekday>,
    },
    /// On the so-manieth weekday of every so many months.
    Monthly {
        /// 1 is every month.
        every: u8,
        /// 1 to 5, or −1 for the last. A month without a fifth has none.
        nth: i8,
        /// Which day.
        weekday: Weekday,
    },
}

/// When it stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// With the school year of the first date, 31 July.
    SchoolYear,
    /// After so many dates; what is skipped later counts.
    Count(u16),
    /// On this date at the latest.
    Until(NaiveDate),
}

/// A rule with an end. Its text is an RRULE: `FREQ=WEEKLY;INTERVAL=6;BYDAY=TU;COUNT=7` or
/// `FREQ=MONTHLY;BYDAY=2TU;UNTIL=20270731`, of which the date is of the series' own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recurrence {
    /// Which dates.
    pub rule: Rule,
    /// When it stops.
    pub end: End,
}

impl Recurrence {
    /// Every date from `first` on, which is one itself or the rule is not its own; at most one
    /// more than [`MAX_OCCURRENCES`], none beyond what can be booked ahead.
    pub fn dates(&self, first: NaiveDate) -> Vec<NaiveDate> {
        let farthest = first + Days::new(MAX_DAYS_AHEAD.unsigned_abs());
        let last = match self.end {
            End::SchoolYear => SchoolYear::of(first).last_day().min(farthest),
            End::Until(last) => last.min(farthest),
            End::Count(_) => farthest,
        };
        let most = match self.end {
            End::Count(count) => usize::from(count),
            End::SchoolYear | End::Until(_) => usize::MAX,
        };
        let all = self.rule.from(first, last).filter(|date| first <= *date && *date <= last);
        all.take(most.min(MAX_OCCURRENCES + 1)).collect()
    }

    /// Whether `first` can be the first date.
    pub fn begins_on(&self, first: NaiveDate) -> bool {
        self.dates(first).first() == Some(&first)
    }

    /// Of a series that begins on `first`, the dates before `day` as a rule, and those from `day`
    /// on with the first of them; without such dates no rule goes on.
    pub fn split(&self, first: NaiveDate, day: NaiveDate) -> (Self, Option<(NaiveDate, Self)>) {
        let before = Self { end: End::Until(day.pred_opt().unwrap_or(day)), ..self.clone() };
        let dates = self.dates(first);
        let gone = dates.partition_point(|date| *date < day);
        let end = match self.end {
            End::Count(count) => End::Count(count.saturating_sub(u16::try_from(gone).unwrap_or(count))),
            End::SchoolYear => End::Until(SchoolYear::of(first).last_day()),
            End::Until(last) => End::Until(last),
        };
        // A rule without days of its own repeats the weekday on which it began.
        let next = dates.get(gone).map(|next| (*next, Self { end, ..self.clone() }));
        (before, next)
    }
}

impl Rule {
    /// Its dates of the weeks or months from that of `first` up to that of `last`, in order.
    fn from(&self, first: NaiveDate, last: NaiveDate) -> Box<dyn Iterator<Item = NaiveDate> + '_> {
        match self {
            Self::Weekly { every, days } => {
                let monday = first - Days::new(first.weekday().num_days_from_monday().into());
                let step = usize::from((*every).max(1));
                let weeks = monday.iter_weeks().step_by(step).take_while(move |monday| *monday <= last);
                let own = [first.weekday()];
                Box::new(weeks.flat_map(move |monday| {
                    let days = if days.is_empty() { own.to_vec() } else { days.clone() };
                    days.into_iter().map(move |day| monday + Days::new(day.num_days_from_monday().into()))
                }))
            }
            Self::Monthly { every, nth, weekday } => {
                let begin = first.with_day(1).unwrap_or(first);
                let step = u32::from((*every).max(1));
                let months = (0..).map_while(move |at| begin.checked_add_months(Months::new(at * step)));
                let months = months.take_while(move |month| *month <= last);
                Box::new(months.filter_map(move |month| nth_of(month, *nth, *weekday)))
            }
        }
    }
}

/// The so-manieth weekday of the month that begins on `month`.
fn nth_of(month: NaiveDate, nth: i8, weekday: Weekday) -> Option<NaiveDate> {
    if let Ok(nth @ 1..) = u8::try_from(nth) {
        return NaiveDate::from_weekday_of_month_opt(month.year(), month.month(), weekday, nth);
    }
    let last = month.checked_add_months(Months::new(1))?.pred_opt()?;
    let back = (7 + last.weekday().num_days_from_monday() - weekday.num_days_from_monday()) % 7;
    Some(last - Days::new(back.into()))
}

const DAYS: [(&str, Weekday); 7] = [
    ("MO", Weekday::Mon),
    ("TU", Weekday::Tue),
    ("WE", Weekday::Wed),
    ("TH", Weekday::Thu),
    ("FR", Weekday::Fri),
    ("SA", Weekday::Sat),
    ("SU", Weekday::Sun),
];

fn spelled(day: Weekday) -> &'static str {
    DAYS[day.num_days_from_monday() as usize].0
}

fn day(text: &str) -> Option<Weekday> {
    DAYS.iter().find(|(name, _)| *name == text).map(|(_, day)| *day)
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rule {
            Rule::Weekly { every, days } => {
                write!(f, "FREQ=WEEKLY;INTERVAL={every}")?;
                let days: Vec<&str> = days.iter().map(|day| spelled(*day)).collect();
                if !days.is_empty() {
                    write!(f, ";BYDAY={}", days.join(","))?;
                }
            }
            Rule::Monthly { every, nth, weekday } => {
                write!(f, "FREQ=MONTHLY;INTERVAL={every};BYDAY={nth}{}", spelled(*weekday))?;
            }
        }
        match self.end {
            End::SchoolYear => Ok(()),
            End::Count(count) => write!(f, ";COUNT={count}"),
            End::Until(last) => write!(f, ";UNTIL={}", last.format("%Y%m%d")),
        }
    }
}

/// The parts of the text, each at most once.
#[derive(Default)]
struct Parts<'a> {
    freq: Option<&'a str>,
    interval: Option<&'a str>,
    by_day: Option<&'a str>,
    count: Option<&'a str>,
    until: Option<&'a str>,
    week_start: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = Self::default();
        for part in text.strip_prefix("RRULE:").unwrap_or(text).split(';') {
            let (name, value) = part.split_once('=')?;
            let place = match name {
                "FREQ" => &mut parts.freq,
                "INTERVAL" => &mut parts.interval,
                "BYDAY" => &mut parts.by_day,
                "COUNT" => &mut parts.count,
                "UNTIL" => &mut parts.until,
                "WKST" => &mut parts.week_start,
                _ => return None,
            };
            if place.replace(value).is_some() {
                return None;
            }
        }
        Some(parts)
    }

    fn end(&self) -> Option<End> {
        match (self.count, self.until) {
            (None, None) => Some(End::SchoolYear),
            (Some(count), None) => count
                .parse()
                .ok()
                .filter(|count: &u16| (1..=MAX_OCCURRENCES).contains(&usize::from(*count)))
                .map(End::Count),
            (None, Some(until)) => {
                let date = NaiveDate::parse_from_str(until, "%Y%m%d").ok();
                date.filter(|_| until.len() == 8).map(End::Until)
            }
            (Some(_), Some(_)) => None,
        }
    }

    fn rule(&self) -> Option<Rule> {
        let every = match self.interval {
            None => 1,
            Some(text) => text.parse().ok().filter(|every: &u8| (1..=MAX_INTERVAL).contains(every))?,
        };
        if self.week_start.is_some_and(|start| start != "MO") {
            return None;
        }
        match self.freq? {
            "WEEKLY" => {
                let days = self.by_day.map_or(Some(Vec::new()), |days| days.split(',').map(day).collect());
                let mut days: Vec<Weekday> = days?;
                days.sort_by_key(Weekday::num_days_from_monday);
                let many = days.len();
                days.dedup();
                (days.len() == many).then_some(Rule::Weekly { every, days })
            }
            "MONTHLY" => {
                let text = self.by_day?;
                let (nth, weekday) = text.split_at_checked(text.len().checked_sub(2)?)?;
                let nth = nth.parse().ok().filter(|nth: &i8| matches!(nth, 1..=5 | -1))?;
                Some(Rule::Monthly { every, nth, weekday: day(weekday)? })
            }
            _ => None,
        }
    }
}

impl FromStr for Recurrence {
    type Err = Refusal;

    /// Only rules that this one can follow to the letter; any other is `FIELD_INVALID`.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let parts = Parts::of(text).ok_or(Refusal::FieldInvalid)?;
        let rule = parts.rule().ok_or(Refusal::FieldInvalid)?;
        Ok(Self { rule, end: parts.end().ok_or(Refusal::FieldInvalid)? })
    }
}
