//! How long each class of record is kept: data of a region, never constants of the program.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use super::ground::words;
use crate::{access::Role, refusal::Refusal, time::add_months};

words! {
    /// What kind of record something is.
    RetentionClass {
        /// What youth help was asked and given.
        Jeugdhulp,
        /// The pupil's file of a school.
        SchoolFile,
        /// The same of a child that went to special education.
        SpecialEducation,
        /// Absence and enrolment.
        Absence,
        /// What the samenwerkingsverband advised.
        SwvDossier,
        /// What the leerplichtambtenaar did.
        Leerplicht,
        /// Who saw and changed what.
        AuditLog,
        /// The text of mails.
        OutboxBody,
        /// Answers kept for requests that are sent again.
        StoredAnswer,
    }
    /// The recorded event at which a term begins.
    Start {
        /// The case was closed.
        CaseClosed,
        /// Anything last changed or met in the case.
        LastChange,
        /// The row was written.
        Written,
    }
}

/// How long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Calendar years.
    Years(u16),
    /// Calendar days.
    Days(u16),
}

/// The term of one class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Of what.
    pub class: RetentionClass,
    /// None: the region has not said yet.
    pub length: Option<Length>,
    /// From when.
    pub starts: Start,
    /// Whether a law says that it must be kept so long; otherwise it may not be kept longer.
    pub duty: bool,
    /// Law article or decision.
    pub basis: String,
}

impl Term {
    /// The first day on which what began on `start` is no longer kept.
    pub fn until(&self, start: NaiveDate) -> Option<NaiveDate> {
        match self.length? {
            Length::Years(years) => add_months(start, years.checked_mul(12)?),
            Length::Days(days) => start.checked_add_days(Days::new(days.into())),
        }
    }
}

/// The terms of a region: every class once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Profile(Vec<Term>);

/// No term is longer: the Archiefwet transfers after twenty years, a century is a slip.
const LONGEST_YEARS: u16 = 100;
const LONGEST_DAYS: u16 = 3_660;
/// NEN 7513 and its ministerial decision: log lines are kept at least so long.
const AUDIT_YEARS: u16 = 5;
/// So that a request can be sent again after a weekend.
const ANSWER_DAYS: u16 = 1;

impl Profile {
    /// What the server comes with. Each is to be confirmed by the region's privacy officer;
    /// the leerplicht term follows the gemeente's own selectielijst and is none of ours.
    pub fn shipped() -> Self {
        use RetentionClass as C;
        let term = |class, length, starts, duty, basis: &str| Term {
            class,
            length,
            starts,
            duty,
            basis: basis.to_owned(),
        };
        let years = |years| Some(Length::Years(years));
        let days = |days| Some(Length::Days(days));
        Self(vec![
            term(C::Jeugdhulp, years(20), Start::LastChange, false, "Jeugdwet 7.3.8, 7.3.9"),
            term(C::SchoolFile, years(2), Start::CaseClosed, false, "Vrijstellingsbesluit; PO-Raad"),
            term(C::SpecialEducation, years(3), Start::CaseClosed, false, "PO-Raad"),
            term(C::Absence, years(5), Start::CaseClosed, true, "Bekostigingsbesluit; PO-Raad"),
            term(C::SwvDossier, years(3), Start::CaseClosed, false, "WPO 18a"),
            term(C::Leerplicht, None, Start::CaseClosed, true, "Archiefwet; selectielijst gemeenten"),
            term(C::AuditLog, years(5), Start::Written, true, "NEN 7513; Stcrt 2019-38007"),
            term(C::OutboxBody, days(30), Start::Written, false, "AVG 5(1)(e)"),
            term(C::StoredAnswer, days(7), Start::Written, false, "AVG 5(1)(e)"),
        ])
    }

    /// A profile of `terms`, in the order of the classes.
    ///
    /// # Errors
    /// Which term, by its place, is wrong and how: a class missing or twice, a length that
    /// is none or out of bounds, a basis that is empty.
    pub fn of(mut terms: Vec<Term>) -> Result<Self, (usize, Refusal)> {
        let mut seen = BTreeSet::new();
        for (at, term) in terms.iter().enumerate() {
            let fits = match (term.class, term.length) {
                (RetentionClass::Leerplicht, None) => true,
                (_, None) => return Err((at, Refusal::FieldRequired)),
                (RetentionClass::AuditLog, Some(Length::Years(years))) => {
                    (AUDIT_YEARS..=LONGEST_YEARS).contains(&years)
                }
                (RetentionClass::AuditLog, Some(Length::Days(_))) => false,
                (_, Some(Length::Years(years))) => (1..=LONGEST_YEARS).contains(&years),
                (_, Some(Length::Days(days))) => (ANSWER_DAYS..=LONGEST_DAYS).contains(&days),
            };
            let starts = (term.starts == Start::Written) == term.class.is_operational();
            if !fits || !starts || !seen.insert(term.class) {
                return Err((at, Refusal::FieldInvalid));
            }
            if term.basis.trim().is_empty() {
                return Err((at, Refusal::FieldRequired));
            }
        }
        if seen.len() != RetentionClass::iter().count() {
            return Err((terms.len(), Refusal::FieldRequired));
        }
        terms.sort_by_key(|term| term.class);
        Ok(Self(terms))
    }

    /// Every class with its term.
    pub fn terms(&self) -> &[Term] {
        &self.0
    }

    /// The term of `class`.
    pub fn term(&self, class: RetentionClass) -> Option<&Term> {
        self.0.iter().find(|term| term.class == class)
    }

    /// The classes that have no term.
    pub fn missing(&self) -> Vec<RetentionClass> {
        let has = |class: &RetentionClass| self.term(*class).is_some_and(|term| term.length.is_some());
        RetentionClass::iter().filter(|class| !has(class)).collect()
    }

    /// Whether every class has a term.
    pub fn is_complete(&self) -> bool {
        self.missing().is_empty()
    }
}

impl RetentionClass {
    /// The file that whoever acts as `role` writes in, beside the school's.
    pub fn of(role: Role) -> Option<Self> {
        match role {
            Role::WijkteamCoordinator
            | Role::Smw
            | Role::Gezinswerker
            | Role::Jeugdarts
            | Role::Jeugdverpleegkundige
            | Role::Indicatiesteller
            | Role::Gezinsvoogd => Some(Self::Jeugdhulp),
            Role::SwvAdviseur
            | Role::Gedragswetenschapper
            | Role::Trajectbegeleider
            | Role::TlvCommissie
            | Role::Thuiszitterscoordinator => Some(Self::SwvDossier),
            Role::Leerplichtambtenaar | Role::Doorstroomcoach => Some(Self::Leerplicht),
            Role::Iber
            | Role::Zorgcoordinator
            | Role::Directeur
            | Role::Bocer
            | Role::Onderwijsconsulent
            | Role::Doorzettingsmacht
            | Role::Beleidsmedewerker
            | Role::Beheerder
            | Role::Fg
            | Role::Ouder
            | Role::Jeugdige
            | Role::Tolk
            | Role::Jeugdhulpverlener
            | Role::PedagogischMedewerker
            | Role::Steunpuntmedewerker
            | Role::AmbulantBegeleider => None,
        }
    }

    /// Whether it is no part of a file: it goes by itself, without anybody's approval, or stays
    /// (the audit log, to which rows can only be added).
    pub fn is_operational(self) -> bool {
        match self {
            Self::AuditLog | Self::OutboxBody | Self::StoredAnswer => true,
            Self::Jeugdhulp
            | Self::SchoolFile
            | Self::SpecialEducation
            | Self::Absence
            | Self::SwvDossier
            | Self::Leerplicht => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_terms_are_a_profile_that_only_lacks_leerplicht() {
        let shipped = Profile::shipped();
        assert_eq!(Profile::of(shipped.terms().to_vec()), Ok(shipped.clone()));
        assert_eq!(shipped.missing(), [RetentionClass::Leerplicht]);
        assert!(!shipped.is_complete());
    }

    /// Jeugdwet 7.3.8(3): twenty years.
    #[test]
    fn a_term_ends_on_the_same_day_years_later() {
        let shipped = Profile::shipped();
        let until = |class, start| shipped.term(class).unwrap().until(day(start));
        assert_eq!(until(RetentionClass::Jeugdhulp, "2026-11-23"), Some(day("2046-11-23")));
        assert_eq!(until(RetentionClass::Absence, "2028-02-29"), Some(day("2033-02-28")));
        assert_eq!(until(RetentionClass::StoredAnswer, "2026-11-23"), Some(day("2026-11-30")));
        assert_eq!(until(RetentionClass::Leerplicht, "2026-11-23"), None);
    }

    #[test]
    fn a_profile_has_every_class_once_within_bounds() {
        let changed = |change: fn(&mut Vec<Term>)| {
            let mut terms = Profile::shipped().0;
            change(&mut terms);
            Profile::of(terms).unwrap_err()
        };
        assert_eq!(changed(|terms| terms[0].length = None), (0, Refusal::FieldRequired));
        assert_eq!(changed(|terms| terms[1].length = Some(Length::Years(0))), (1, Refusal::FieldInvalid));
        assert_eq!(changed(|terms| terms[1].length = Some(Length::Days(4_000))), (1, Refusal::FieldInvalid));
        assert_eq!(changed(|terms| terms[6].length = Some(Length::Years(4))), (6, Refusal::FieldInvalid));
        assert_eq!(changed(|terms| terms[6].length = Some(Length::Days(9))), (6, Refusal::FieldInvalid));
        assert_eq!(changed(|terms| terms[2].basis = " ".into()), (2, Refusal::FieldRequired));
        assert_eq!(changed(|terms| terms[3].starts = Start::Written), (3, Refusal::FieldInvalid));
        assert_eq!(changed(|terms| terms[1] = terms[0].clone()), (1, Refusal::FieldInvalid));
        assert_eq!(changed(|terms| drop(terms.pop())), (8, Refusal::FieldRequired));
    }
}
