//! Places at a table: a person, or a role that anybody fitting can fill.

use std::str::FromStr;

use schakel_client::v1::{self as pb, seat::Who};

use crate::{
    session::{Names, Outcome},
    value::{Choice, Reference},
};

/// A place that the search fills: `person:NAME`, `role:SMW`, `expertise:AUTISME`, `tolk:ar`, or
/// the bare name or role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seat {
    Person(Reference),
    Role(Choice<pb::Role>),
    Expertise(String),
    Interpreter(String),
}

impl FromStr for Seat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("person", name)) => Ok(Self::Person(Reference(name.to_owned()))),
            Some(("role", role)) => role.parse().map(Self::Role),
            Some(("expertise", topic)) => Ok(Self::Expertise(topic.to_owned())),
            Some(("tolk", language)) => Ok(Self::Interpreter(language.to_owned())),
            Some(_) => Err("write it as person:NAME, role:SMW, expertise:TOPIC or tolk:LANGUAGE".to_owned()),
            None if is_name(text) => Ok(Self::Person(Reference(text.to_owned()))),
            None => text.parse().map(Self::Role),
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with('@') || text.contains('/')
}

impl Seat {
    pub(crate) fn wire(&self, names: &Names, optional: bool) -> Outcome<pb::Seat> {
        let who = match self {
            Self::Person(name) => Who::Person(names.resolve(name)?),
            Self::Role(role) => Who::Role(role.0.into()),
            Self::Expertise(topic) => Who::Expertise(topic.clone()),
            Self::Interpreter(language) => Who::Interpreter(language.clone()),
        };
        Ok(pb::Seat { who: Some(who), optional, ..pb::Seat::default() })
    }
}

/// Somebody at a table, in a role: `@smw:SMW`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guest {
    person: Reference,
    role: Choice<pb::Role>,
}

impl FromStr for Guest {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.strip_prefix("person:").unwrap_or(text);
        let (person, role) = text.rsplit_once(':').ok_or("write it as NAME:ROLE, for example @smw:SMW")?;
        if !is_name(person) {
            return Err(format!("`{person}` is no person: write persons/… or @name"));
        }
        Ok(Self { person: Reference(person.to_owned()), role: role.parse()? })
    }
}

impl Guest {
    pub(crate) fn wire(&self, names: &Names, optional: bool) -> Outcome<pb::Participant> {
        Ok(participant(names.resolve(&self.person)?, self.role.0.into(), optional))
    }
}

/// Somebody who is to be invited.
pub(crate) fn participant(person: String, role: i32, optional: bool) -> pb::Participant {
    pb::Participant { person, role, optional, ..Default::default() }
}

/// The parents with gezag, who are invited to every meeting about their child.
pub(crate) fn parents(case: &pb::Case) -> impl Iterator<Item = String> {
    let with_gezag = case.parents.iter().filter(|parent| parent.gezag() == pb::case::parent::Gezag::Yes);
    with_gezag.map(|parent| parent.person.clone())
}

#[cfg(test)]
mod tests {
    use pb::case::parent::Gezag;

    use super::*;

    #[test]
    fn a_seat_is_a_person_or_a_role() {
        let person = |name: &str| Ok(Seat::Person(Reference(name.into())));
        assert_eq!("person:persons/1".parse(), person("persons/1"));
        assert_eq!("@smw".parse(), person("@smw"));
        assert_eq!("role:SMW".parse(), Ok(Seat::Role(Choice(pb::Role::Smw))));
        assert_eq!("jeugdarts".parse(), Ok(Seat::Role(Choice(pb::Role::Jeugdarts))));
        for wrong in ["role:KING", "team:x", ""] {
            assert!(wrong.parse::<Seat>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_guest_is_a_person_in_a_role() {
        let guest = Guest { person: Reference("@smw".into()), role: Choice(pb::Role::Smw) };
        assert_eq!("@smw:SMW".parse(), Ok(guest.clone()));
        assert_eq!("person:@smw:smw".parse(), Ok(guest));
        for wrong in ["@smw", "SMW:SMW", "@smw:KING"] {
            assert!(wrong.parse::<Guest>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_parents_with_gezag_are_invited() {
        let parent = |person: &str, gezag: Gezag| pb::case::Parent {
            person: person.into(),
            gezag: gezag.into(),
            ..Default::default()
        };
        let case = pb::Case {
            parents: vec![parent("persons/1", Gezag::Yes), parent("persons/2", Gezag::Unknown)],
            ..Default::default()
        };
        assert_eq!(parents(&case).collect::<Vec<_>>(), ["persons/1"]);
    }
}
