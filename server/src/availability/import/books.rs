//! The codes by which a file names people, organisations and schools.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    directory::import::cell::{Form, Problem},
    ids::PersonId,
    refusal::Refusal,
};
use uuid::Uuid;

use crate::{
    access::{
        organisation::{self, OrganisationKind},
        professional,
    },
    directory::affiliated,
    error::Result,
    store::Read,
};

const fn unknown(refusal: Refusal, dutch: &'static str, english: &'static str) -> Problem {
    Problem { refusal, form: Form { dutch, english } }
}

pub(super) const NO_PERSON: Problem = unknown(
    Refusal::PersonNotFound,
    "Deze persoonscode is niet bekend. Lees eerst de personen in.",
    "This person code is not known. Import the persons first.",
);
pub(super) const NO_AFFILIATION: Problem = unknown(
    Refusal::AffiliationNotFound,
    "Deze persoon werkt niet bij deze organisatie. Lees eerst de personen in.",
    "This person does not work for this organisation. Import the persons first.",
);
pub(super) const NO_SCHOOL: Problem = unknown(
    Refusal::SchoolNotFound,
    "Deze vestigingscode is niet bekend. Lees eerst de scholen in.",
    "This vestigingscode is not known. Import the schools first.",
);

/// Codes and what they stand for.
pub(super) struct Books {
    persons: HashMap<String, PersonId>,
    codes: HashMap<PersonId, String>,
    organisations: HashMap<Uuid, (String, bool)>,
    schools: HashMap<String, Uuid>,
    affiliations: HashMap<(PersonId, String), Vec<affiliated::Model>>,
    organisation_of: HashMap<Uuid, Uuid>,
}

impl Books {
    /// All of the region, in three statements.
    pub(super) async fn load(read: &Read) -> Result<Self> {
        let people = professional::all(read).await?;
        let organisations = organisation::all(read).await?;
        let school: &str = OrganisationKind::School.into();
        let mut books = Self {
            persons: people.iter().map(|row| (row.code.clone(), PersonId(row.person_id))).collect(),
            codes: people.into_iter().map(|row| (PersonId(row.person_id), row.code)).collect(),
            schools: organisations
                .iter()
                .filter(|row| row.kind == school)
                .map(|row| (row.code.clone(), row.id))
                .collect(),
            organisations: organisations
                .into_iter()
                .map(|row| (row.id, (row.code, row.kind == school)))
                .collect(),
            affiliations: HashMap::new(),
            organisation_of: HashMap::new(),
        };
        let mut affiliations = affiliated::all(read).await?;
        affiliations.sort_by_key(|row| (row.valid_from, row.id));
        for row in affiliations {
            let Some((code, _)) = books.organisations.get(&row.organisation_id) else { continue };
            books.organisation_of.insert(row.id, row.organisation_id);
            books.affiliations.entry((PersonId(row.person_id), code.clone())).or_default().push(row);
        }
        Ok(books)
    }

    /// Who has this code.
    pub(super) fn person(&self, code: &str) -> Option<PersonId> {
        self.persons.get(code).copied()
    }

    /// The code of a person.
    pub(super) fn person_code(&self, person: PersonId) -> Option<&str> {
        self.codes.get(&person).map(String::as_str)
    }

    /// The school with this vestigingscode.
    pub(super) fn school(&self, code: &str) -> Option<Uuid> {
        self.schools.get(code).copied()
    }

    /// The vestigingscode of a school.
    pub(super) fn school_code(&self, school: Uuid) -> Option<&str> {
        self.organisations.get(&school).filter(|(_, school)| *school).map(|(code, _)| code.as_str())
    }

    /// The code of the organisation of an affiliation.
    pub(super) fn organisation_code(&self, affiliation: Uuid) -> Option<&str> {
        let organisation = self.organisation_of.get(&affiliation)?;
        self.organisations.get(organisation).map(|(code, _)| code.as_str())
    }

    /// What `person` is at the organisation with this code: on that day, else at any time.
    pub(super) fn affiliation(&self, person: PersonId, code: &str, day: NaiveDate) -> Option<Uuid> {
        let all = self.affiliations.get(&(person, code.to_owned()))?;
        let holds = |row: &&affiliated::Model| {
            row.valid_from <= day && row.valid_until.is_none_or(|last| day <= last)
        };
        all.iter().find(holds).or(all.last()).map(|row| row.id)
    }
}
