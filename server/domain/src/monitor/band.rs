//! How long a child is at home, in the bands of the dashboards.

use chrono::NaiveDate;

/// A band of calendar weeks since the first day; the lower bound belongs to it, the upper does not.
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
    strum::EnumCount,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Band {
    /// Less than 4 weeks.
    #[strum(serialize = "UNDER_4_WEEKS")]
    Under4Weeks,
    /// From 4 to 13 weeks.
    #[strum(serialize = "FROM_4_TO_13_WEEKS")]
    From4To13Weeks,
    /// From 13 to 26 weeks.
    #[strum(serialize = "FROM_13_TO_26_WEEKS")]
    From13To26Weeks,
    /// From 26 to 52 weeks.
    #[strum(serialize = "FROM_26_TO_52_WEEKS")]
    From26To52Weeks,
    /// 52 weeks and longer.
    #[strum(serialize = "FROM_52_WEEKS")]
    From52Weeks,
}

impl Band {
    /// That of an absence since `first`, on `date`; a first day to come is no weeks yet.
    #[must_use]
    pub fn of(first: NaiveDate, date: NaiveDate) -> Self {
        match (date - first).num_days() {
            ..28 => Self::Under4Weeks,
            28..91 => Self::From4To13Weeks,
            91..182 => Self::From13To26Weeks,
            182..364 => Self::From26To52Weeks,
            364.. => Self::From52Weeks,
        }
    }

    /// The first week of it.
    #[must_use]
    pub fn weeks(self) -> i64 {
        match self {
            Self::Under4Weeks => 0,
            Self::From4To13Weeks => 4,
            Self::From13To26Weeks => 13,
            Self::From26To52Weeks => 26,
            Self::From52Weeks => 52,
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn the_day_on_which_the_weeks_are_full_is_of_the_next_band() {
        let first: NaiveDate = "2026-08-24".parse().unwrap();
        for band in Band::iter() {
            let begins = first + chrono::Days::new(u64::try_from(band.weeks()).unwrap() * 7);
            assert_eq!(Band::of(first, begins), band);
            if band > Band::Under4Weeks {
                assert!(Band::of(first, begins.pred_opt().unwrap()) < band);
            }
        }
        assert_eq!(Band::of(first, first.pred_opt().unwrap()), Band::Under4Weeks);
    }
}
