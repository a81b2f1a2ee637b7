//! Persons: professionals with their work contact. Parents and children never stand here.

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId},
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, sea_query::Query};
use uuid::Uuid;

use super::{
    affiliation,
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
use crate::{
    access::person,
    entity::{
        affiliation as affiliations,
        professional::{Column, Entity, Model},
    },
    error::Result,
    store::{Read, Tx},
    wire::fields::Fields,
};

head! {
    Model; pb::Person; "person" "PERSON"; id: person_id PersonId; order: display_name;
    fixed: [code]; changes: [display_name, email, phone, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListPersonsRequest;

    fn read(reading: &mut Reading, wire: &pb::Person) -> Self {
        let code = reading.own_code("code", &wire.code);
        let display_name = reading.name("display_name", &wire.display_name);
        let email = reading.email_if("email", &wire.email);
        let phone = reading.name_if("phone", &wire.phone);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: Uuid::nil(),
            person_id: Uuid::nil(),
            code,
            display_name,
            email,
            phone,
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::Person {
        pb::Person {
            name: PersonId(self.person_id).to_string(),
            code: self.code.clone(),
            display_name: self.display_name.clone(),
            email: self.email.clone(),
            phone: self.phone.clone(),
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListPersonsRequest, seen: &Seen) -> Condition {
        let role = if list.role == 0 {
            None
        } else {
            fields.choice::<_, Role>("role", list.role, pb::Role::as_str_name)
        };
        let organisation = fields.parse_if::<OrganisationId>("organisation", &list.organisation);
        if role.is_none() && organisation.is_none() {
            return Condition::all();
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
        Condition::all().add(Column::PersonId.in_subquery(persons))
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    /// A new one is a natural person as well, with a calendar.
    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        let new = all.iter().filter(|person| person.version == 1);
        let new: Vec<PersonId> = new.map(|person| PersonId(person.person_id)).collect();
        person::insert_professionals(tx, &new).await?;
        store::put::<Entity>(tx, all.to_vec()).await
    }

    async fn follow_end(tx: &Tx, id: Uuid, last: NaiveDate) -> Result<()> {
        affiliation::end_of(tx, id, last).await
    }
}
