//! Requests for information about a child: what kind, of which data class, and how far one is.
//!
//! What is answered is nowhere here: it goes from professional to professional.

use chrono::{Days, NaiveDate};

use crate::{
    access::{Class, Role},
    refusal::Refusal,
};

/// Longer than a school year nobody waits for an answer.
const LONGEST_DAYS: u64 = 366;

/// What somebody is asked to tell.
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
pub enum InformationKind {
    /// When it was absent.
    Absence,
    /// What it learns and how far it is.
    SchoolProgress,
    /// What it needs to learn.
    SupportNeeds,
    /// How it behaves, and how to handle that.
    BehaviourAdvice,
    /// What it can do, in the words of a doctor; never a diagnosis.
    FunctionalAdvice,
    /// Which help runs.
    YouthHelp,
}

impl InformationKind {
    /// The class of the answer. That it was asked for is told to whoever may read that.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::Absence => Class::K3,
            Self::SchoolProgress | Self::SupportNeeds | Self::BehaviourAdvice => Class::K4,
            Self::YouthHelp => Class::K5,
            Self::FunctionalAdvice => Class::K6,
        }
    }
}

/// How far a request is.
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
pub enum InformationState {
    /// No answer yet.
    Asked,
    /// The answer came, by another way.
    Received,
    /// Who was asked tells nothing.
    Declined,
    /// It is not needed any more.
    Withdrawn,
}

impl InformationState {
    /// Whether a request that was asked can come to this.
    ///
    /// # Errors
    /// `FIELD_INVALID`: that is how it began.
    pub fn must_end(self) -> Result<(), Refusal> {
        match self {
            Self::Asked => Err(Refusal::FieldInvalid),
            Self::Received | Self::Declined | Self::Withdrawn => Ok(()),
        }
    }
}

/// Whether somebody with `roles` needs the consent of the family to ask for something of `class`.
/// Schools give the leerplichtambtenaar all that is asked (LPW 18(3)); for anything else, and from
/// anybody else, it takes consent (Jeugdwet 7.3.11; schools exchange by consent alone, P6).
#[must_use]
pub fn needs_consent(roles: &[Role], asks_school: bool, class: Class) -> bool {
    let of_school = asks_school && matches!(class, Class::K3 | Class::K4);
    !(of_school && roles.contains(&Role::Leerplichtambtenaar))
}

/// Refuses a day of answer that lies before the day of asking, or too far after it.
///
/// # Errors
/// `TIME_OUT_OF_BOUNDS`.
pub fn answer_by(asked: NaiveDate, due: NaiveDate) -> Result<(), Refusal> {
    let last = asked.checked_add_days(Days::new(LONGEST_DAYS)).unwrap_or(NaiveDate::MAX);
    if due < asked || due > last { Err(Refusal::TimeOutOfBounds) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn only_the_attendance_officer_asks_a_school_without_consent_and_only_of_school() {
        let officer = [Role::Leerplichtambtenaar];
        assert!(!needs_consent(&officer, true, Class::K3));
        assert!(!needs_consent(&officer, true, Class::K4));
        for (roles, school, class) in [
            (&officer[..], true, Class::K5),
            (&officer[..], true, Class::K6),
            (&officer[..], false, Class::K4),
            (&[Role::Iber][..], true, Class::K4),
            (&[Role::Smw][..], true, Class::K3),
        ] {
            assert!(needs_consent(roles, school, class), "{roles:?} {school} {class:?}");
        }
    }

    #[test]
    fn every_kind_is_of_a_class_that_consent_can_open() {
        for kind in InformationKind::iter() {
            assert!(crate::access::consent::GIVEN.has(kind.class()), "{kind}");
        }
    }

    #[test]
    fn an_answer_is_awaited_from_today_on_and_for_a_year_at_most() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
        let asked = day("2026-11-23");
        for (due, is) in [
            ("2026-11-22", Err(Refusal::TimeOutOfBounds)),
            ("2026-11-23", Ok(())),
            ("2027-11-24", Ok(())),
            ("2027-11-25", Err(Refusal::TimeOutOfBounds)),
        ] {
            assert_eq!(answer_by(asked, day(due)), is, "{due}");
        }
    }

    #[test]
    fn a_request_ends_in_every_other_state() {
        let ends = InformationState::iter().filter(|state| state.must_end().is_ok()).count();
        assert_eq!((ends, InformationState::iter().count()), (3, 4));
    }
}
