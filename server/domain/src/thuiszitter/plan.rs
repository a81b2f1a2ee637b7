//! The plan of a case: its two sides, how far an action is, and who sees what of it.

use chrono::NaiveDate;

use crate::{
    access::{Class, Classes},
    refusal::Refusal,
};

/// Whose work an action is.
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
pub enum Side {
    /// Of school and samenwerkingsverband.
    Education,
    /// Of youth help, the gemeente or a provider.
    Care,
}

/// How much of an action somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// That something runs, where and when.
    Shell,
}

impl Side {
    /// The class of what is done on this side.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::Education => Class::K4,
            Self::Care => Class::K5,
        }
    }

    /// What somebody who sees `classes` sees of an action; none: it does not exist.
    ///
    /// Whoever reads the education side has to fit its dates to the care side, and learns that
    /// something runs there, which is the envelope (K1): of youth help the school knows yes or no
    /// and whom to call (Jeugdwet 7.3.11). The other way round nothing is shown without consent.
    #[must_use]
    pub fn sight(self, classes: Classes) -> Option<Sight> {
        let runs = classes.has(Class::K1) && classes.has(Class::K4);
        match self {
            Self::Education | Self::Care if classes.has(self.class()) => Some(Sight::Whole),
            Self::Care if runs => Some(Sight::Shell),
            Self::Education | Self::Care => None,
        }
    }
}

/// How far an action is.
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
pub enum PlanState {
    /// It is still to be done.
    Open,
    /// It was.
    Done,
    /// It is not needed any more, or did not come about.
    Dropped,
}

/// Refuses an action that is due before it starts.
///
/// # Errors
/// `TIME_OUT_OF_BOUNDS`.
pub fn must_follow(start: NaiveDate, due: NaiveDate) -> Result<(), Refusal> {
    if due < start { Err(Refusal::TimeOutOfBounds) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_is_whole_to_who_sees_its_class_and_care_a_shell_to_education() {
        let school = Classes::of(&[Class::K1, Class::K3, Class::K4]);
        let helper = Classes::of(&[Class::K1, Class::K5]);
        let head = Classes::of(&[Class::K1, Class::K3]);
        let both = school.or(helper);
        let dossier = Classes::of(&[Class::K4]);
        for (classes, education, care) in [
            (school, Some(Sight::Whole), Some(Sight::Shell)),
            (helper, None, Some(Sight::Whole)),
            (head, None, None),
            (both, Some(Sight::Whole), Some(Sight::Whole)),
            (dossier, Some(Sight::Whole), None),
            (Classes::default(), None, None),
        ] {
            assert_eq!(Side::Education.sight(classes), education, "{classes}");
            assert_eq!(Side::Care.sight(classes), care, "{classes}");
        }
    }

    #[test]
    fn an_action_may_take_one_day_and_none_ends_before_it_starts() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap_or_default();
        assert_eq!(must_follow(day, day), Ok(()));
        assert_eq!(must_follow(day, day.pred_opt().unwrap_or(day)), Err(Refusal::TimeOutOfBounds));
    }
}
