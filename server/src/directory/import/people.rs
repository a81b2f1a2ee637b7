//! Persons with what they do where, and whom schools call: one line per affiliation or link.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schakel_domain::{
    directory::import::{
        Diff,
        cell::{Code, Problem},
        own::{LinkLine, PersonLine},
    },
    directory::partner::PartnerKind,
    text::{EmailAddress, Name},
};
use uuid::Uuid;

use super::{apply::Line, codes, register::Register};
use crate::{
    directory::{
        Person,
        reading::until,
        resource::{Head, Resource},
    },
    entity::{affiliation, professional, school_team_link as link},
    error::Result,
    store::Tx,
};

impl Line for PersonLine {
    const SHARED: &'static [&'static str] = &["NAAM", "EMAIL", "TELEFOON"];

    fn unknown(&self, register: &Register) -> Option<(&'static str, Problem)> {
        let Some(kind) = register.kind(self.organisatiecode.as_str()) else {
            return Some(("ORGANISATIECODE", codes::ORGANISATION));
        };
        let refused = kind.parse::<PartnerKind>().is_ok_and(|kind| !kind.admits(self.functie));
        refused.then_some(("FUNCTIE", codes::ROLE_AT_PARTNER))
    }

    fn stored(register: &Register, _: NaiveDate) -> Vec<Vec<String>> {
        let lines = register.affiliations.iter().filter_map(|at| {
            let person = register.persons.get(register.code(at.person_id))?;
            Some(vec![
                person.row.code.clone(),
                person.row.display_name.clone(),
                person.row.email.clone(),
                person.row.phone.clone(),
                at.role.clone(),
                register.code(at.organisation_id).to_owned(),
                at.valid_from.to_string(),
                until(at.valid_until),
            ])
        });
        lines.collect()
    }

    async fn apply(tx: &Tx, register: Register, diff: &Diff<Self>, _: NaiveDate) -> Result<()> {
        let lines = || diff.new.iter().chain(diff.changed.iter().map(|change| &change.after));
        let mut persons: BTreeMap<&str, Person> = BTreeMap::new();
        for line in lines() {
            let code = line.persoonscode.as_str();
            let known = || {
                register.persons.get(code).cloned().map(|mut person| {
                    person.row.version += 1;
                    person
                })
            };
            let person =
                persons.entry(code).or_insert_with(|| known().unwrap_or_else(|| new_person(tx, line)));
            write_on(&mut person.row, line);
        }
        let mut affiliations: Vec<affiliation::Model> = Vec::new();
        for line in lines() {
            let person_id = persons[line.persoonscode.as_str()].row.person_id;
            let organisation_id = register.organisation(line.organisatiecode.as_str()).unwrap_or_default();
            let role = line.functie.to_string();
            let same = |at: &&affiliation::Model| {
                (at.person_id, at.organisation_id, at.valid_from) == (person_id, organisation_id, line.vanaf)
                    && at.role == role
            };
            let known = register.affiliations.iter().find(same);
            affiliations.push(affiliation::Model {
                region_id: tx.region(),
                id: known.map_or_else(|| tx.new_id(), |at| at.id),
                person_id,
                organisation_id,
                role,
                valid_from: line.vanaf,
                valid_until: line.totenmet,
                version: known.map_or(1, |at| at.version + 1),
            });
        }
        let persons: Vec<Person> = persons.into_values().collect();
        Person::put(tx, &persons).await?;
        affiliation::Model::put(tx, &affiliations).await
    }
}

fn new_person(tx: &Tx, line: &PersonLine) -> Person {
    let row = professional::Model {
        region_id: tx.region(),
        person_id: tx.new_id(),
        code: line.persoonscode.as_str().to_owned(),
        display_name: String::new(),
        email: String::new(),
        phone: String::new(),
        valid_from: line.vanaf,
        valid_until: None,
        version: 1,
    };
    Person { row, languages: Vec::new() }
}

/// What a line says of the person itself, who is valid as long as an affiliation is.
fn write_on(person: &mut professional::Model, line: &PersonLine) {
    line.naam.as_str().clone_into(&mut person.display_name);
    line.email.as_ref().map_or("", EmailAddress::as_str).clone_into(&mut person.email);
    line.telefoon.as_ref().map_or("", Name::as_str).clone_into(&mut person.phone);
    person.valid_from = person.valid_from.min(line.vanaf);
    person.valid_until = person.valid_until.zip(line.totenmet).map(|(own, last)| own.max(last));
}

impl Line for LinkLine {
    fn unknown(&self, register: &Register) -> Option<(&'static str, Problem)> {
        let unknown_person = |code: &Code| register.person(code.as_str()).is_none();
        if !register.schools.contains_key(self.vestigingscode.as_str()) {
            Some(("VESTIGINGSCODE", codes::SCHOOL))
        } else if !register.teams.contains_key(self.teamcode.as_str()) {
            Some(("TEAMCODE", codes::TEAM))
        } else if unknown_person(&self.persoonscode) {
            Some(("PERSOONSCODE", codes::PERSON))
        } else if self.vervanger.as_ref().is_some_and(unknown_person) {
            Some(("VERVANGER", codes::PERSON))
        } else if self.vervanger.as_ref() == Some(&self.persoonscode) {
            Some(("VERVANGER", codes::DEPUTY))
        } else {
            None
        }
    }

    fn stored(register: &Register, _: NaiveDate) -> Vec<Vec<String>> {
        let line = |link: &link::Model| {
            vec![
                register.code(link.school_id).to_owned(),
                register.code(link.team_id).to_owned(),
                link.role.clone(),
                register.code(link.person_id).to_owned(),
                link.deputy_id.map_or("", |deputy| register.code(deputy)).to_owned(),
                link.valid_from.to_string(),
                until(link.valid_until),
            ]
        };
        register.links.iter().map(line).collect()
    }

    async fn apply(tx: &Tx, register: Register, diff: &Diff<Self>, _: NaiveDate) -> Result<()> {
        let lines = diff.new.iter().chain(diff.changed.iter().map(|change| &change.after));
        let written: Vec<link::Model> = lines.map(|line| link(tx, &register, line)).collect();
        link::Model::put(tx, &written).await
    }
}

/// The link that a line writes.
fn link(tx: &Tx, register: &Register, line: &LinkLine) -> link::Model {
    let school = register.schools.get(line.vestigingscode.as_str()).map(Head::id);
    let team = register.teams.get(line.teamcode.as_str()).map(Head::id);
    let person = register.person(line.persoonscode.as_str());
    let [school_id, team_id, person_id] = [school, team, person].map(Option::<Uuid>::unwrap_or_default);
    let role = line.functie.to_string();
    let same = |old: &&link::Model| {
        (old.school_id, old.team_id, old.person_id, old.valid_from)
            == (school_id, team_id, person_id, line.vanaf)
            && old.role == role
    };
    let known = register.links.iter().find(same);
    link::Model {
        region_id: tx.region(),
        id: known.map_or_else(|| tx.new_id(), |link| link.id),
        school_id,
        team_id,
        role,
        person_id,
        deputy_id: line.vervanger.as_ref().and_then(|code| register.person(code.as_str())),
        valid_from: line.vanaf,
        valid_until: line.totenmet,
        version: known.map_or(1, |link| link.version + 1),
    }
}
