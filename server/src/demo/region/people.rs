//! Everybody who works with the schools, and where.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schakel_domain::access::Role;

use super::{calendar::SchoolYear, names, random::Random};

/// Code of the samenwerkingsverband itself, as invented as the rest.
pub const SAMENWERKINGSVERBAND: &str = "PO9901";

/// One role at one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affiliation {
    pub role: Role,
    /// Vestigingscode, team code, gemeente code, board number or `PO9901`.
    pub organisation: String,
    pub since: NaiveDate,
}

/// A professional; none of them exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// `P1001` and on, in the order of engagement.
    pub code: String,
    pub name: String,
    /// One address per person, whatever the number of affiliations.
    pub email: String,
    pub phone: String,
    /// In the order of engagement, never empty.
    pub affiliations: Vec<Affiliation>,
}

impl Person {
    /// Whether the person has that role there.
    pub fn is(&self, role: Role, organisation: &str) -> bool {
        self.affiliations.iter().any(|a| a.role == role && a.organisation == organisation)
    }
}

/// A place to fill.
pub(super) struct Post<'a> {
    pub(super) role: Role,
    pub(super) organisation: &'a str,
    /// Host of the work address.
    pub(super) domain: &'a str,
}

/// Hires under invented names and keeps addresses apart.
pub(super) struct Staff {
    pub(super) people: Vec<Person>,
    names: std::vec::IntoIter<(String, String)>,
    addresses: BTreeSet<String>,
    random: Random,
    year: SchoolYear,
}

impl Staff {
    pub(super) fn new(seed: u64, year: SchoolYear) -> Self {
        let mut random = Random::stream(seed, "people");
        let names = names::people(&mut random).into_iter();
        Self { people: Vec::new(), names, addresses: BTreeSet::new(), random, year }
    }

    /// Fills the post with somebody new; returns the person's code.
    pub(super) fn hire(&mut self, post: &Post) -> String {
        let (given, surname) = self.names.next().expect("more names than posts");
        let initial = names::slug(&given).chars().next().expect("a name has letters");
        let email = format!("{initial}.{}@{}", names::slug(&surname), post.domain);
        assert!(self.addresses.insert(email.clone()), "surnames are unique");
        let n = self.people.len();
        let code = format!("P{}", 1001 + n);
        self.people.push(Person {
            code: code.clone(),
            name: format!("{given} {surname}"),
            email,
            phone: format!("088-9902{n:03}"),
            affiliations: Vec::new(),
        });
        self.add(&code, post);
        code
    }

    /// Gives somebody one affiliation more.
    pub(super) fn add(&mut self, code: &str, post: &Post) {
        let years = i32::try_from(self.random.below(5)).expect("a few years");
        let since = self.year.start_before(years);
        let person = self.people.iter_mut().find(|person| person.code == code).expect("somebody hired");
        let organisation = post.organisation.to_owned();
        person.affiliations.push(Affiliation { role: post.role, organisation, since });
    }

    /// Codes of everybody with that role at that organisation.
    pub(super) fn at(&self, role: Role, organisation: &str) -> Vec<String> {
        self.people
            .iter()
            .filter(|person| person.is(role, organisation))
            .map(|person| person.code.clone())
            .collect()
    }
}
