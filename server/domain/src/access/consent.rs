//! Consent (toestemming): who must sign it on which day, when it holds, and what it opens.
//!
//! The law tells whose signature counts by the age on the day of the exchange, not of the
//! signature (Jeugdwet 7.3.4, 7.3.5, 7.3.15). So it is asked again on every day on which
//! something is read: a birthday, a change of gezag or a withdrawal is felt at once.

use chrono::NaiveDate;

use super::{Class, Classes, Purpose, Role};
use crate::{
    dutch::consent_age::{ConsentHolder, holder_on, next_change},
    ids::{OrganisationId, PersonId},
};

/// How long a consent lasts at most, in days from the day on which it is given.
pub const LONGEST_DAYS: i64 = 366;

/// The classes that a consent can open: enforcement, safety and the audit log are nobody's to give.
pub const GIVEN: Classes = Classes::of(&[Class::K2, Class::K3, Class::K4, Class::K5, Class::K6, Class::K9]);

/// Why not everybody who usually signs has to.
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
pub enum Exception {
    /// From 12 to 15: needed to keep the youth from serious harm (Jeugdwet 7.3.4(2)).
    ErnstigNadeel,
    /// From 12 to 15: the youth goes on wanting it, having thought it over (Jeugdwet 7.3.4(2)).
    WeloverwogenWens,
    /// Below 18: a court's order stands in the place of consent (Jeugdwet 7.3.4(1)).
    Kinderbeschermingsmaatregel,
}

/// Whose signatures are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signers {
    child: bool,
    parents: bool,
}

/// The table of the law: holder of the right × exception. None: the exception is not for that age.
fn signers(holder: ConsentHolder, exception: Option<Exception>) -> Option<Signers> {
    let of = |child, parents| Some(Signers { child, parents });
    match (holder, exception) {
        (ConsentHolder::Ouders, None) => of(false, true),
        (ConsentHolder::JeugdigeEnOuders, None) => of(true, true),
        (ConsentHolder::Jeugdige | ConsentHolder::Meerderjarige, None)
        | (ConsentHolder::JeugdigeEnOuders, Some(Exception::ErnstigNadeel | Exception::WeloverwogenWens)) => {
            of(true, false)
        }
        (
            ConsentHolder::Ouders | ConsentHolder::JeugdigeEnOuders | ConsentHolder::Jeugdige,
            Some(Exception::Kinderbeschermingsmaatregel),
        ) => of(false, false),
        (
            ConsentHolder::Ouders | ConsentHolder::Jeugdige | ConsentHolder::Meerderjarige,
            Some(Exception::ErnstigNadeel | Exception::WeloverwogenWens),
        )
        | (ConsentHolder::Meerderjarige, Some(Exception::Kinderbeschermingsmaatregel)) => None,
    }
}

/// Whom it is about, as far as the law asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// The child.
    pub child: PersonId,
    /// When it was born; while nobody knows, everybody signs.
    pub birth: Option<NaiveDate>,
    /// Every parent with gezag.
    pub gezag: Vec<PersonId>,
}

/// A side of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Party {
    /// Whoever acts for this organisation.
    Organisation(OrganisationId),
    /// Whoever has this role at the case.
    Role(Role),
}

impl std::fmt::Display for Party {
    /// `organisations/{uuid}` or a role's name.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Organisation(organisation) => organisation.fmt(f),
            Self::Role(role) => role.fmt(f),
        }
    }
}

impl std::str::FromStr for Party {
    type Err = strum::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(organisation) => Ok(Self::Organisation(organisation)),
            Err(_) => text.parse().map(Self::Role),
        }
    }
}

/// What was agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// What for, and nothing else.
    pub purpose: Purpose,
    /// Who shares.
    pub gives: Vec<Party>,
    /// Who may read.
    pub receives: Vec<Party>,
    /// What.
    pub classes: Classes,
    /// The first day on which it holds.
    pub given: NaiveDate,
    /// The last day on which it holds.
    pub expires: NaiveDate,
    /// Why not everybody signs who usually does.
    pub exception: Option<Exception>,
    /// Who signed.
    pub signers: Vec<PersonId>,
    /// Whether it was withdrawn, which ends it at once.
    pub withdrawn: bool,
}

impl Consent {
    /// Who has not signed that must for something on `day`; none: nobody can give this
    /// consent on that day, because the exception is not for that age or no parent has gezag.
    pub fn missing(&self, family: &Family, day: NaiveDate) -> Option<Vec<PersonId>> {
        let holder = family.birth.map_or(ConsentHolder::JeugdigeEnOuders, |birth| holder_on(birth, day));
        let Signers { child, parents } = signers(holder, self.exception)?;
        if parents && family.gezag.is_empty() {
            return None;
        }
        let child = child.then_some(family.child);
        let parents = family.gezag.iter().copied().filter(|_| parents);
        Some(child.into_iter().chain(parents).filter(|person| !self.signers.contains(person)).collect())
    }

    /// Whether it opens anything on `day`.
    pub fn holds_on(&self, family: &Family, day: NaiveDate) -> bool {
        !self.withdrawn
            && self.given <= day
            && day <= self.expires
            && self.missing(family, day).is_some_and(|missing| missing.is_empty())
    }

    /// The last day from `day` on, on which it holds without a break: its expiry, or the day
    /// before the birthday on which others have to sign. None when it does not hold on `day`.
    pub fn holds_until(&self, family: &Family, day: NaiveDate) -> Option<NaiveDate> {
        let mut from = day;
        loop {
            if !self.holds_on(family, from) {
                return from.pred_opt().filter(|last| *last >= day);
            }
            match family.birth.and_then(|birth| next_change(birth, from)) {
                Some(birthday) if birthday <= self.expires => from = birthday,
                Some(_) | None => return Some(self.expires),
            }
        }
    }

    /// Whether `organisation`, or whoever has `role` at the case, is among those who share; none where
    /// nobody there has it.
    pub fn is_shared_by(&self, organisation: OrganisationId, role: Option<Role>) -> bool {
        self.gives.iter().any(|party| match party {
            Party::Organisation(named) => *named == organisation,
            Party::Role(named) => role == Some(*named),
        })
    }

    /// What it opens for somebody with `role` who acts for `organisation` and for `purpose`, on
    /// a day on which it holds.
    pub fn opens(&self, role: Role, organisation: Option<OrganisationId>, purpose: Purpose) -> Classes {
        let named = self.receives.iter().any(|party| match party {
            Party::Organisation(named) => organisation == Some(*named),
            Party::Role(named) => *named == role,
        });
        if named && self.purpose == purpose { self.classes.and(GIVEN) } else { Classes::default() }
    }
}

#[cfg(test)]
mod tests;
