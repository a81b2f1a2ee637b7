//! Persons: professionals with their work contact. Parents and children never stand here.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    directory::skills::LanguageTag,
    ids::{OrganisationId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, sea_query::Query};
use uuid::Uuid;

use super::{
    affiliation, interpreters,
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
use crate::{
    access::person,
    entity::{
        affiliation as affiliations, person_language as language,
        professional::{Column, Entity, Model},
    },
    error::Result,
    store::{Read, Tx},
    wire::fields::Fields,
};

/// A professional and the languages that they speak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The registration.
    pub row: Model,
    /// As BCP 47, in lower case.
    pub languages: Vec<String>,
}

/// Nobody works in more languages than this.
const MOST_LANGUAGES: usize = 20;

head! {
    Person, row; pb::Person; "person" "PERSON"; id: person_id PersonId; order: display_name;
    fixed: [code]; changes: [display_name, email, phone, languages, valid_from, valid_until]
}

impl Resource for Person {
    type Entity = Entity;
    type List = pb::ListPersonsRequest;

    fn read(reading: &mut Reading, wire: &pb::Person) -> Self {
        let code = reading.own_code("code", &wire.code);
        let display_name = reading.name("display_name", &wire.display_name);
        let email = reading.email_if("email", &wire.email);
        let phone = reading.name_if("phone", &wire.phone);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        let row = Model {
            region_id: Uuid::nil(),
            person_id: Uuid::nil(),
            code,
            display_name,
            email,
            phone,
            valid_from,
            valid_until,
            version: 1,
        };
        if wire.languages.len() > MOST_LANGUAGES {
            reading.refuse("languages", Refusal::FieldInvalid);
        }
        let mut languages: Vec<String> = Vec::new();
        for (n, language) in wire.languages.iter().enumerate().take(MOST_LANGUAGES) {
            let language = reading.code::<LanguageTag>(&format!("languages[{n}]"), language);
            if !languages.contains(&language) {
                languages.push(language);
            }
        }
        Self { row, languages }
    }

    fn to_wire(&self) -> pb::Person {
        pb::Person {
            name: PersonId(self.row.person_id).to_string(),
            code: self.row.code.clone(),
            display_name: self.row.display_name.clone(),
            email: self.row.email.clone(),
            phone: self.row.phone.clone(),
            languages: self.languages.clone(),
            valid_from: self.row.valid_from.to_string(),
            valid_until: until(self.row.valid_until),
            etag: self.row.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListPersonsRequest, seen: &Seen) -> Condition {
        let role = if list.role == 0 {
            None
        } else {
            fields.choice::<_, Role>("role", list.role, pb::Role::as_str_name)
        };
        let organisation = fields.parse_if::<OrganisationId>("organisation", &list.organisation);
        let language = fields.parse_if::<LanguageTag>("language", &list.language);
        let speaks = language
            .map(|language| Column::PersonId.in_subquery(interpreters::speaking(seen.region, &language)));
        let all = Condition::all().add_option(speaks);
        if role.is_none() && organisation.is_none() {
            return all;
        }
        let own = Condition::all()
            .add(affiliations::Column::RegionId.eq(seen.region))
            .add_option(role.map(|role| affiliations::Column::Role.eq(role.to_string())))
            .add_option(organisation.map(|at| affiliations::Column::OrganisationId.eq(at.0)))
            .add(seen.days());
        let persons = Query::select()
            .column(affiliations::Column::PersonId)
            .from(affiliations::Entity)
            .cond_where(own)
            .to_owned();
        all.add(Column::PersonId.in_subquery(persons))
    }

    async fn of_rows(read: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.person_id).collect();
        let spoken = store::parts::<language::Entity>(read, "person_id", &ids).await?;
        let mut spoken = store::by_parent(spoken, |language| language.person_id);
        let person = |row: Model| {
            let languages = spoken.remove(&row.person_id).unwrap_or_default();
            Self { languages: languages.into_iter().map(|spoken| spoken.language).collect(), row }
        };
        Ok(rows.into_iter().map(person).collect())
    }

    /// A new one is a natural person as well, with a calendar.
    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        let new = all.iter().filter(|person| person.row.version == 1);
        let new: Vec<PersonId> = new.map(|person| PersonId(person.row.person_id)).collect();
        person::insert_professionals(tx, &new).await?;
        store::put::<Entity>(tx, all.iter().map(|person| person.row.clone()).collect()).await?;
        let ids: Vec<Uuid> = all.iter().map(|person| person.row.person_id).collect();
        let spoken = all.iter().flat_map(|person| {
            person.languages.iter().zip(0..).map(|(spoken, position)| language::Model {
                region_id: tx.region(),
                person_id: person.row.person_id,
                position,
                language: spoken.clone(),
            })
        });
        store::put_parts::<language::Entity>(tx, "person_id", &ids, spoken.collect()).await
    }

    async fn follow_end(tx: &Tx, id: Uuid, last: NaiveDate) -> Result<()> {
        affiliation::end_of(tx, id, last).await
    }
}
