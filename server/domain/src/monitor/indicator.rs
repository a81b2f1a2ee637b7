//! What a samenwerkingsverband measures itself by: in what unit, from which figures, and when it is as it
//! should be. Values and targets are tenths of the unit, so that two readers never round apart.

use super::{
    SmallNumber,
    report::{Figure, Kind},
    rounded,
};

/// In what it is measured.
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
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Unit {
    /// Children, of whom small numbers are not told across organisations.
    Children,
    /// Other things that are counted.
    Number,
    /// A share.
    Percent,
    /// Days.
    Days,
    /// Hours.
    Hours,
    /// Money.
    Euro,
}

/// On which side of the target it should be.
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
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Direction {
    /// The target or more.
    AtLeast,
    /// The target or less.
    AtMost,
}

/// Whether it is as it should be.
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
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not.
    NotMet,
    /// There is nothing to judge.
    NoValue,
    /// Too small to be told.
    Withheld,
}

/// A figure of a report of a school year, or its share of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Formula {
    /// The report in which both stand.
    pub report: Kind,
    /// What is counted.
    pub numerator: Figure,
    /// Of how many.
    pub denominator: Option<Figure>,
}

impl Formula {
    /// Whether both figures stand in the report, and it is one of a school year.
    #[must_use]
    pub fn is_of_a_year(&self) -> bool {
        let stands = |figure: Figure| figure.kinds().contains(&self.report);
        !self.report.is_quarterly() && stands(self.numerator) && self.denominator.is_none_or(stands)
    }

    /// Whether it can never be more than the whole: a share of what it is a part of.
    #[must_use]
    pub fn is_part_of_a_whole(&self) -> bool {
        self.denominator.is_some_and(|whole| self.numerator == whole || self.numerator.is_part_of(whole))
    }

    /// Whether what it comes to is told in `unit`.
    #[must_use]
    pub fn is_in(&self, unit: Unit) -> bool {
        match unit {
            Unit::Percent => self.denominator.is_some(),
            Unit::Children | Unit::Number => self.denominator.is_none(),
            Unit::Days | Unit::Hours | Unit::Euro => false,
        }
    }

    /// What it comes to, of figures as they are told: none where they are withheld.
    #[must_use]
    pub fn value(&self, told: impl Fn(Figure) -> Option<u32>) -> Value {
        let Some(count) = told(self.numerator) else { return Value::Withheld };
        let Some(denominator) = self.denominator else { return Value::of(u64::from(count) * 10) };
        match told(denominator) {
            None => Value::Withheld,
            Some(0) => Value::None,
            // To the nearest tenth of a percent.
            Some(all) => {
                let all = u64::from(all);
                Value::of((u64::from(count) * 2000 + all) / (all * 2))
            }
        }
    }
}

/// What an indicator comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value {
    /// Tenths of its unit.
    Tenths(i32),
    /// Nothing is known, or there is nothing to take a share of.
    None,
    /// Too small to be told.
    Withheld,
}

impl Value {
    fn of(tenths: u64) -> Self {
        Self::Tenths(i32::try_from(tenths).unwrap_or(i32::MAX))
    }

    /// What was typed in, as it is told: children without small numbers and rounded, as every count is, to
    /// who may not know of them.
    #[must_use]
    pub fn typed(tenths: i32, unit: Unit, small: Option<SmallNumber>) -> Self {
        let Some(small) = small.filter(|_| matches!(unit, Unit::Children)) else {
            return Self::Tenths(tenths);
        };
        let children = u32::try_from(tenths.max(0)).unwrap_or_default().div_ceil(10);
        if small.hides(children) { Self::Withheld } else { Self::of(u64::from(rounded(children)) * 10) }
    }

    /// Whether that is on the right side of `target`.
    #[must_use]
    pub fn verdict(self, direction: Direction, target: i32) -> Verdict {
        match (self, direction) {
            (Self::None, Direction::AtLeast | Direction::AtMost) => Verdict::NoValue,
            (Self::Withheld, Direction::AtLeast | Direction::AtMost) => Verdict::Withheld,
            (Self::Tenths(value), Direction::AtLeast) if value >= target => Verdict::Met,
            (Self::Tenths(value), Direction::AtMost) if value <= target => Verdict::Met,
            (Self::Tenths(_), Direction::AtLeast | Direction::AtMost) => Verdict::NotMet,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARE: Formula = Formula {
        report: Kind::Jaarverslag,
        numerator: Figure::LrvUpTo3Months,
        denominator: Some(Figure::Lrv),
    };

    #[test]
    fn a_part_is_known_by_the_sums_of_which_it_is_a_term() {
        assert!(SHARE.is_part_of_a_whole());
        let of = |numerator, denominator| Formula { numerator, denominator, ..SHARE };
        // What lasts is a part of what was solved.
        assert!(of(Figure::SolvedLasting, Some(Figure::Solved)).is_part_of_a_whole());
        assert!(!of(Figure::Cases, Some(Figure::Lrv)).is_part_of_a_whole());
        assert!(!of(Figure::Lrv, Some(Figure::LrvNew)).is_part_of_a_whole(), "the other way round");
        assert!(!of(Figure::Lrv, None).is_part_of_a_whole());
    }

    fn told(share: Option<u32>, all: Option<u32>) -> Value {
        SHARE.value(|figure| if figure == Figure::Lrv { all } else { share })
    }

    #[test]
    fn a_share_is_told_in_tenths_of_a_percent_and_of_nothing_is_no_value() {
        assert_eq!(told(Some(2), Some(3)), Value::Tenths(667));
        assert_eq!(told(Some(1), Some(3)), Value::Tenths(333));
        assert_eq!(told(Some(0), Some(7)), Value::Tenths(0));
        assert_eq!(told(Some(0), Some(0)), Value::None);
        assert_eq!(told(None, Some(40)), Value::Withheld);
        assert_eq!(told(Some(20), None), Value::Withheld);
        let count = Formula { denominator: None, ..SHARE };
        assert_eq!(count.value(|_| Some(12)), Value::Tenths(120));
    }

    #[test]
    fn a_formula_is_of_one_report_of_a_school_year_and_its_unit_fits() {
        assert!(SHARE.is_of_a_year());
        assert!(!Formula { denominator: Some(Figure::Opp), ..SHARE }.is_of_a_year());
        assert!(!Formula { report: Kind::Opp, ..SHARE }.is_of_a_year());
        let quarterly = Formula { report: Kind::Consultations, numerator: Figure::Held, denominator: None };
        assert!(!quarterly.is_of_a_year(), "of a quarter");
        assert!(SHARE.is_in(Unit::Percent) && !SHARE.is_in(Unit::Number));
        let count = Formula { denominator: None, ..SHARE };
        assert!(count.is_in(Unit::Children) && !count.is_in(Unit::Percent) && !count.is_in(Unit::Days));
    }

    #[test]
    fn a_target_is_met_on_its_own_side_and_nothing_is_judged_without_a_value() {
        for (value, direction, verdict) in [
            (Value::Tenths(900), Direction::AtLeast, Verdict::Met),
            (Value::Tenths(899), Direction::AtLeast, Verdict::NotMet),
            (Value::Tenths(900), Direction::AtMost, Verdict::Met),
            (Value::Tenths(901), Direction::AtMost, Verdict::NotMet),
            (Value::None, Direction::AtMost, Verdict::NoValue),
            (Value::Withheld, Direction::AtLeast, Verdict::Withheld),
        ] {
            assert_eq!(value.verdict(direction, 900), verdict, "{value:?} {direction}");
        }
    }

    #[test]
    fn children_that_were_typed_in_are_told_outside_as_every_count_is() {
        let small = Some(SmallNumber::USUAL);
        assert_eq!(Value::typed(30, Unit::Children, small), Value::Withheld);
        assert_eq!(Value::typed(30, Unit::Children, None), Value::Tenths(30));
        assert_eq!(Value::typed(30, Unit::Number, small), Value::Tenths(30));
        assert_eq!(Value::typed(100, Unit::Children, small), Value::Tenths(100));
        assert_eq!(Value::typed(0, Unit::Children, small), Value::Tenths(0));
        assert_eq!(Value::typed(130, Unit::Children, small), Value::Tenths(150));
        assert_eq!(Value::typed(130, Unit::Children, None), Value::Tenths(130));
    }
}
