//! Partners: organisations beside schools, teams and gemeenten; each is an organisation under the same id.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{access::Role, directory::partner::PartnerKind, ids::OrganisationId, refusal::Refusal};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    affiliation,
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
use crate::{
    access::organisation,
    entity::{
        organisation as organisations,
        partner::{Column, Entity, Model},
    },
    error::{Error, Result},
    store::{Read, Tx},
    wire::{enums::number, fields::Fields},
};

head! {
    Model; pb::Organisation; "organisation" "ORGANISATION"; id: id OrganisationId; order: display_name;
    fixed: [kind, code]; changes: [display_name, phone, email, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListOrganisationsRequest;

    fn read(reading: &mut Reading, wire: &pb::Organisation) -> Self {
        let kind = reading.choice::<_, PartnerKind>("kind", wire.kind, pb::organisation::Kind::as_str_name);
        let code = reading.own_code("code", &wire.code);
        let display_name = reading.name("display_name", &wire.display_name);
        let phone = reading.name_if("phone", &wire.phone);
        let email = reading.email_if("email", &wire.email);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        let (region_id, id) = (Uuid::nil(), Uuid::nil());
        Self { region_id, id, kind, code, display_name, phone, email, valid_from, valid_until, version: 1 }
    }

    fn to_wire(&self) -> pb::Organisation {
        pb::Organisation {
            name: OrganisationId(self.id).to_string(),
            kind: number("KIND", &self.kind, pb::organisation::Kind::from_str_name),
            code: self.code.clone(),
            display_name: self.display_name.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(_: &mut Fields, _: &pb::ListOrganisationsRequest, _: &Seen) -> Condition {
        Condition::all()
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        let organisation = |partner: &Self| organisations::Model {
            region_id: tx.region(),
            id: partner.id,
            kind: partner.kind.clone(),
            code: partner.code.clone(),
            display_name: partner.display_name.clone(),
        };
        organisation::put(tx, all.iter().map(organisation).collect()).await?;
        store::put::<Entity>(tx, all.to_vec()).await
    }

    async fn follow_end(tx: &Tx, id: Uuid, last: NaiveDate) -> Result<()> {
        affiliation::end_at(tx, id, last).await
    }
}

/// Organisations of any kind on the wire, partners with what more is known of them; one statement.
pub(super) async fn to_wire(read: &Read, rows: Vec<organisations::Model>) -> Result<Vec<pb::Organisation>> {
    let partners: Vec<Uuid> =
        rows.iter().filter(|row| row.kind.parse::<PartnerKind>().is_ok()).map(|row| row.id).collect();
    let mut known: HashMap<Uuid, Model> = HashMap::new();
    if !partners.is_empty() {
        let found =
            Entity::find().filter(Column::RegionId.eq(read.region())).filter(Column::Id.is_in(partners));
        known.extend(found.all(&read.db()).await?.into_iter().map(|row| (row.id, row)));
    }
    let one = |row: organisations::Model| match known.get(&row.id) {
        Some(partner) => Resource::to_wire(partner),
        None => pb::Organisation {
            name: OrganisationId(row.id).to_string(),
            kind: number("KIND", &row.kind, pb::organisation::Kind::from_str_name),
            code: row.code,
            display_name: row.display_name,
            ..pb::Organisation::default()
        },
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Refuses a role that nobody has at an organisation of this kind.
pub(super) fn admits(kind: &str, role: &str) -> Result<()> {
    let (Ok(kind), Ok(role)) = (kind.parse::<PartnerKind>(), role.parse::<Role>()) else { return Ok(()) };
    if kind.admits(role) { Ok(()) } else { Err(Error::field("affiliation.role", Refusal::FieldInvalid)) }
}
