//! Affiliations: a person's roles at organisations, which are also what the person may do.

use chrono::NaiveDate;
use schakel_domain::ids::{AffiliationId, OrganisationId, PersonId};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{
    partner,
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
use crate::{
    access::{organisation, professional},
    entity::affiliation::{Column, Entity, Model},
    error::Result,
    store::{Read, Tx},
    wire::fields::Fields,
};

head! {
    Model; pb::Affiliation; "affiliation" "AFFILIATION"; id: id AffiliationId; order: role;
    fixed: [person, organisation, role]; changes: [valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListAffiliationsRequest;

    fn read(reading: &mut Reading, wire: &pb::Affiliation) -> Self {
        let person = reading.needed::<PersonId>("person", &wire.person);
        let organisation = reading.needed::<OrganisationId>("organisation", &wire.organisation);
        let role = reading.role("role", wire.role);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            person_id: person.map(|person| person.0).unwrap_or_default(),
            organisation_id: organisation.map(|organisation| organisation.0).unwrap_or_default(),
            role,
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::Affiliation {
        pb::Affiliation {
            name: AffiliationId(self.id).to_string(),
            person: PersonId(self.person_id).to_string(),
            organisation: OrganisationId(self.organisation_id).to_string(),
            role: self.role.parse().map(crate::access::rpc::role_to_wire).unwrap_or_default(),
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListAffiliationsRequest, _: &Seen) -> Condition {
        let person = fields.parse_if::<PersonId>("person", &list.person);
        let organisation = fields.parse_if::<OrganisationId>("organisation", &list.organisation);
        Condition::all()
            .add_option(person.map(|person| Column::PersonId.eq(person.0)))
            .add_option(organisation.map(|organisation| Column::OrganisationId.eq(organisation.0)))
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        store::put::<Entity>(tx, all.to_vec()).await
    }

    /// The same role at the same organisation is held once on a day.
    async fn check(&self, tx: &Tx) -> Result<()> {
        professional::get(tx, PersonId(self.person_id)).await?;
        let at = organisation::get(tx, OrganisationId(self.organisation_id)).await?;
        partner::admits(&at.kind, &self.role)?;
        let same = Condition::all()
            .add(Column::RegionId.eq(tx.region()))
            .add(Column::PersonId.eq(self.person_id))
            .add(Column::OrganisationId.eq(self.organisation_id))
            .add(Column::Role.eq(self.role.as_str()))
            .add(Column::Id.ne(self.id));
        let same = Entity::find().filter(same).all(&tx.db()).await?;
        store::alone(self, &same)
    }
}

/// Ends what a person is, on that person's last day. What was yet to begin ends before it does.
pub(super) async fn end_of(tx: &Tx, person: Uuid, last: NaiveDate) -> Result<()> {
    end_all(tx, Column::PersonId.eq(person), last).await
}

/// Ends what anybody is at an organisation, on its last day.
pub(super) async fn end_at(tx: &Tx, organisation: Uuid, last: NaiveDate) -> Result<()> {
    end_all(tx, Column::OrganisationId.eq(organisation), last).await
}

async fn end_all(tx: &Tx, whose: Expr, last: NaiveDate) -> Result<()> {
    let own = Condition::all().add(Column::RegionId.eq(tx.region())).add(whose);
    let rows = Entity::find().filter(own).all(&tx.db()).await?;
    let longer = |row: &Model| row.valid_until.is_none_or(|until| until > last);
    let mut ended: Vec<Model> = rows.into_iter().filter(longer).collect();
    for row in &mut ended {
        let never = row.valid_from.pred_opt().filter(|_| row.valid_from > last);
        row.valid_until = Some(never.unwrap_or(last));
        row.version += 1;
    }
    store::put::<Entity>(tx, ended).await
}
