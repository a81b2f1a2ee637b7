//! What suits a parent: the hours in which they can come, and how.

use std::collections::BTreeSet;

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Hours, WeeklyHours};
use crate::{
    bound::Bound,
    directory::skills::LanguageTag,
    ids::AffiliationId,
    refusal::{Refusal, Violation},
    text::{EmailAddress, Name},
    time::{DayTime, Validity},
};

/// As what somebody comes along with a parent.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum SupporterKind {
    /// Of the ouder- en jeugdsteunpunt.
    Steunpunt,
    /// A vertrouwenspersoon.
    Vertrouwenspersoon,
    /// Family, a friend, a neighbour.
    Naaste,
}

/// Who comes along, at the parent's own choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supporter {
    /// As what.
    pub kind: SupporterKind,
    /// Who.
    pub name: Name,
    /// Where the invitation goes; none when the parent tells it.
    pub email: Option<EmailAddress>,
}

/// What suits one parent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wishes {
    /// BCP 47: the language of the meeting; empty means Dutch.
    pub language: String,
    /// Whether an interpreter is needed.
    pub interpreter: bool,
    /// Not before.
    pub earliest: Option<DayTime>,
    /// Over by.
    pub latest: Option<DayTime>,
    /// Never on these days.
    pub never: Vec<Weekday>,
    /// Whether they would rather meet online.
    pub online: bool,
    /// Whether they read large print.
    pub large_print: bool,
    /// Who comes along.
    pub supporter: Option<Supporter>,
}

/// Monday to Sunday.
const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

impl Wishes {
    /// Everything that cannot be so; empty when nothing is wrong.
    #[must_use]
    pub fn check(&self) -> Vec<Violation> {
        let mut found = Vec::new();
        if !self.language.is_empty() && self.language.parse::<LanguageTag>().is_err() {
            found.push(Violation::bound("language", Refusal::FieldInvalid, Bound::LanguageCode));
        }
        if self.earliest.unwrap_or(DayTime::START) >= self.latest.unwrap_or(DayTime::END) {
            found.push(Violation::new("latest", Refusal::TimeRangeInvalid));
        }
        if WEEK.iter().all(|day| self.never.contains(day)) {
            found.push(Violation::new("never_on", Refusal::FieldInvalid));
        }
        found
    }

    /// The hours in which the parent can come, from `since` on; none when any time will do.
    #[must_use]
    pub fn hours(&self, zone: Tz, since: NaiveDate) -> Option<Vec<WeeklyHours>> {
        if self.earliest.is_none() && self.latest.is_none() && self.never.is_empty() {
            return None;
        }
        let hours = Hours {
            from: self.earliest.unwrap_or(DayTime::START),
            until: self.latest.unwrap_or(DayTime::END),
        };
        let never: BTreeSet<u32> = self.never.iter().map(Weekday::num_days_from_monday).collect();
        let days = WEEK.into_iter().filter(|day| !never.contains(&day.num_days_from_monday()));
        // A parent works for nobody here.
        let nobody = AffiliationId(Uuid::nil());
        let block = |day| WeeklyHours::new(nobody, (day, hours), zone, Validity::since(since)).ok();
        Some(days.filter_map(block).collect())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Datelike, Timelike};
    use chrono_tz::Europe::Amsterdam;
    use proptest::prelude::*;

    use super::*;
    use crate::time::Period;

    fn time(text: &str) -> DayTime {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_without_an_hour_and_a_week_without_a_day_are_refused() {
        let wrong = Wishes {
            language: "n l".into(),
            earliest: Some(time("16:00")),
            latest: Some(time("16:00")),
            never: WEEK.to_vec(),
            ..Wishes::default()
        };
        let told: Vec<_> =
            wrong.check().into_iter().map(|one| format!("{}: {}", one.field, one.refusal)).collect();
        assert_eq!(
            told,
            ["language: FIELD_INVALID", "latest: TIME_RANGE_INVALID", "never_on: FIELD_INVALID"]
        );
        let fine = Wishes {
            language: "ar-Latn".into(),
            earliest: Some(time("16:00")),
            never: WEEK[..6].to_vec(),
            ..Wishes::default()
        };
        assert_eq!(fine.check(), []);
        assert_eq!(Wishes::default().check(), []);
        assert_eq!(Wishes::default().hours(Amsterdam, NaiveDate::MIN), None, "any time will do");
    }

    proptest! {
        #[test]
        fn hours_lie_within_the_wishes_and_leave_out_nothing_of_them(
            from in 0_u16..1440, length in 1_u16..1440, never in proptest::collection::btree_set(0_usize..7, 0..7)
        ) {
            let until = (from + length).min(1440);
            let wishes = Wishes {
                earliest: DayTime::new(from).ok(),
                latest: DayTime::new(until).ok(),
                never: never.iter().map(|day| WEEK[*day]).collect(),
                ..Wishes::default()
            };
            prop_assert_eq!(wishes.check(), vec![]);
            let monday: NaiveDate = "2026-11-23".parse().unwrap();
            let week = Period::new(
                "2026-11-22T23:00:00Z".parse().unwrap(),
                "2026-11-29T23:00:00Z".parse().unwrap(),
            ).unwrap();
            let blocks = wishes.hours(Amsterdam, monday).unwrap();
            let offered: Vec<_> = blocks.iter().flat_map(|block| block.within(week)).collect();
            prop_assert_eq!(offered.len(), 7 - never.len());
            for block in offered {
                let start = block.start().with_timezone(&Amsterdam);
                prop_assert!(!wishes.never.contains(&start.weekday()));
                prop_assert_eq!(start.hour() * 60 + start.minute(), u32::from(from));
                prop_assert_eq!(block.duration().num_minutes(), i64::from(until - from));
            }
        }
    }
}
