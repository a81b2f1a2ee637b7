//! "SWV PO Maasduin" (PO9901): an invented region, built from a seed, to show and to test with.
//!
//! Nothing in it exists. [`Region::files`] writes what a real region has in files;
//! [`Region::cases`] holds the children, whom no file names; [`Region::past`] those of the year before, and
//! [`Region::questions`] what schools asked in it.

mod archetypes;
mod calendar;
mod cases;
mod clusters;
mod courses;
mod defects;
mod files;
mod geography;
mod hours;
mod layout;
mod links;
mod load;
mod names;
mod past;
mod people;
mod questions;
mod random;
mod schools;
mod staffing;
mod story;
mod teams;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use schakel_domain::access::Role;

pub use self::{
    calendar::SchoolYear,
    cases::{CaseSeed, ChildSeed, NoteSeed, ParentSeed, Track},
    clusters::{Cluster, ClusterKind},
    courses::Deed,
    defects::{Defects, Deviation},
    files::{AFWIJKINGEN, VESTIGINGEN},
    geography::{Gemeente, Wijk},
    hours::{Absence, Hours, SchoolBlock},
    layout::Size,
    links::Link,
    past::{PastCase, YEAR},
    people::{Affiliation, Person, SAMENWERKINGSVERBAND},
    questions::{PastQuestion, Step},
    schools::{Board, School, SchoolSoort},
    story::StoryPeople,
    teams::{Area, Team, TeamKind},
};
use self::{cases::Author, names::Words, people::Staff, random::Random};

/// The whole region as values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    pub size: Size,
    pub first_day: NaiveDate,
    pub year: SchoolYear,
    pub gemeenten: Vec<Gemeente>,
    pub wijken: Vec<Wijk>,
    pub boards: Vec<Board>,
    pub schools: Vec<School>,
    pub clusters: Vec<Cluster>,
    pub teams: Vec<Team>,
    pub people: Vec<Person>,
    pub links: Vec<Link>,
    pub hours: Vec<Hours>,
    pub absences: Vec<Absence>,
    pub deviations: Vec<Deviation>,
    pub defects: Defects,
    pub cases: Vec<CaseSeed>,
}

impl Region {
    /// One size, seed and first day always give the same region.
    pub fn generate(size: Size, seed: u64, first_day: NaiveDate) -> Self {
        let mut region = Self::build(size, seed, first_day);
        let mut random = Random::stream(seed, "cases");
        let story = region.story_school();
        let places = cases::places(size, &region.schools, story, &mut random);
        let used: Vec<String> = places.iter().flatten().map(|&i| region.schools[i].code.clone()).collect();
        let mut staff = region.hire(seed, story);
        if size == Size::Full {
            region.plant(&mut staff, &used, seed);
        }
        region.set_to_work(staff.people);
        let words = Words::avoiding(Random::stream(seed, "words"), &region.public_text());
        let author = Author { words, random, first_day, gemeenten: &region.gemeenten };
        let at: Vec<Option<&School>> = places.iter().map(|place| place.map(|i| &region.schools[i])).collect();
        region.cases = cases::tell(size, &at, author);
        region
    }

    /// Every invented word of a child, a parent or a note, spelled as it is used: ten ASCII
    /// letters. Where one of them turns up in public bytes, something has leaked.
    pub fn tokens(&self) -> Vec<String> {
        self.cases.iter().flat_map(|case| case.tokens.iter().cloned()).collect()
    }

    /// What a team promised its schools, as a percentage of what its SMW can give.
    pub fn load_percent(&self, team: &str) -> u32 {
        load::percent(&self.schools, &self.people, &self.hours, team)
    }

    /// The fixed weekly stretches of every SMW at the linked schools.
    pub fn school_blocks(&self) -> Vec<SchoolBlock> {
        let smw = self.people.iter().filter(|person| person.affiliations[0].role == Role::Smw);
        smw.flat_map(|person| {
            let own = self.links.iter().filter(|link| link.role == Role::Smw && link.person == person.code);
            let schools: Vec<&str> = own.map(|link| link.school.as_str()).collect();
            hours::school_blocks(&person.code, &schools, &self.hours)
        })
        .collect()
    }

    /// Land, schools and teams; nobody works there yet.
    fn build(size: Size, seed: u64, first_day: NaiveDate) -> Self {
        let year = SchoolYear::of(first_day);
        let (gemeenten, wijken) = geography::settle(size, seed);
        let mut teams = teams::form(size, &wijken);
        let schools = schools::found(size, seed, (&wijken, &teams));
        teams::assign_schools(&mut teams, &schools);
        Self {
            size,
            first_day,
            year,
            clusters: clusters::gather(size, &schools, &wijken, year),
            boards: schools::boards(size),
            gemeenten,
            wijken,
            schools,
            teams,
            people: Vec::new(),
            links: Vec::new(),
            hours: Vec::new(),
            absences: Vec::new(),
            deviations: Vec::new(),
            defects: Defects::default(),
            cases: Vec::new(),
        }
    }

    /// A regular school of the busiest team, which has two SMW.
    fn story_school(&self) -> usize {
        let team = &self.teams[links::busiest(&self.teams, &self.schools)[0]].code;
        let fits = |school: &School| school.team == *team && school.soort == SchoolSoort::Bao;
        self.schools.iter().position(fits).expect("every team has a regular school")
    }

    /// Fills every post and links the schools.
    fn hire(&mut self, seed: u64, story: usize) -> Staff {
        let mut staff = Staff::new(seed, self.year);
        staffing::samenwerkingsverband(&mut staff, self.size, &mut self.clusters);
        staffing::gemeenten(&mut staff, self.size, &self.gemeenten);
        staffing::ibers(&mut staff, self.size, &self.schools, story);
        staffing::heads(&mut staff, &self.schools, &self.boards);
        links::man(&mut staff, self.size, seed, (&self.teams, &self.schools));
        self.links = links::tie(&staff, &self.teams, &self.schools, self.year.start);
        staff
    }

    fn set_to_work(&mut self, people: Vec<Person>) {
        self.hours = hours::weeks(&people, &self.teams, &self.schools);
        let overloaded = self.defects.overloaded_team.as_deref();
        load::promise(&mut self.schools, &people, &self.hours, overloaded);
        self.people = people;
    }

    /// All files as one text.
    fn public_text(&self) -> String {
        let decode = |(name, bytes): (&str, Vec<u8>)| match name {
            VESTIGINGEN => encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned(),
            _ => String::from_utf8(bytes).expect("written as UTF-8"),
        };
        self.files().into_iter().map(decode).collect()
    }
}
