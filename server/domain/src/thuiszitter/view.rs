//! The views of the parties, where they see it differently: what they are about, and who may read them.

use crate::{
    access::{Class, Classes},
    ids::{OrganisationId, PersonId},
};

/// What a view is about.
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
pub enum About {
    /// The case at large.
    Case,
    /// What was planned.
    Plan,
    /// What was decided with doorzettingsmacht.
    Decision,
}

/// Whose view it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// The child's or a parent's.
    Person(PersonId),
    /// A school's, a team's, a gemeente's.
    Organisation(OrganisationId),
}

impl Party {
    /// Of which class the view is: the child's own words are its own (K9), whoever writes them down.
    #[must_use]
    pub fn class(self, child: PersonId) -> Class {
        match self {
            Self::Person(person) if person == child => Class::K9,
            Self::Person(_) | Self::Organisation(_) => Class::K4,
        }
    }

    /// Whether somebody who sees `classes` and acts for `own` may write and read it: what one's own
    /// organisation says needs no consent.
    #[must_use]
    pub fn is_open(self, child: PersonId, classes: Classes, own: Option<OrganisationId>) -> bool {
        let is_own = match self {
            Self::Organisation(organisation) => own == Some(organisation),
            Self::Person(_) => false,
        };
        is_own || classes.has(self.class(child))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn the_childs_view_is_its_own_words_and_every_other_is_about_education() {
        let [child, parent] = [1, 2].map(|id| PersonId(Uuid::from_u128(id)));
        let school = OrganisationId(Uuid::from_u128(3));
        assert_eq!(Party::Person(child).class(child), Class::K9);
        assert_eq!(Party::Person(parent).class(child), Class::K4);
        assert_eq!(Party::Organisation(school).class(child), Class::K4);
        let education = Classes::of(&[Class::K4]);
        assert!(Party::Person(parent).is_open(child, education, None));
        assert!(!Party::Person(child).is_open(child, education, None));
    }

    #[test]
    fn what_ones_own_organisation_says_is_open_to_it() {
        let child = PersonId(Uuid::from_u128(1));
        let [team, school] = [2, 3].map(|id| OrganisationId(Uuid::from_u128(id)));
        let nothing = Classes::default();
        assert!(Party::Organisation(team).is_open(child, nothing, Some(team)));
        assert!(!Party::Organisation(school).is_open(child, nothing, Some(team)));
        assert!(!Party::Person(child).is_open(child, nothing, Some(team)));
    }
}
