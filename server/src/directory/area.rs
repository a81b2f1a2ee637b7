//! Areas: gemeenten and their wijken, by their CBS codes.

use schakel_domain::dutch::codes::{GemeenteCode, WijkCode};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition};

use super::{
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
use crate::{
    access::organisation::{self, OrganisationKind},
    entity::{
        area::{Column, Entity, Model},
        organisation as organisations,
    },
    error::Result,
    store::{Read, Tx},
    wire::{enums::number, fields::Fields},
};

/// What an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum AreaKind {
    Gemeente,
    Wijk,
}

head! {
    Model; pb::Area; "area" "AREA"; id: id AreaId; order: display_name;
    fixed: [kind, code]; changes: [display_name, gemeente_code, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListAreasRequest;

    fn read(reading: &mut Reading, wire: &pb::Area) -> Self {
        let kind = reading.choice::<_, AreaKind>("kind", wire.kind, pb::area::Kind::as_str_name);
        let (code, gemeente_code) = if kind == AreaKind::Wijk.to_string() {
            let wijk = reading.needed::<WijkCode>("code", &wire.code);
            let own = wijk.as_ref().map(|wijk| wijk.gemeente().to_string()).unwrap_or_default();
            let given = reading.code_if::<GemeenteCode>("gemeente_code", &wire.gemeente_code);
            (wijk.map(|wijk| wijk.to_string()), if given.is_empty() { own } else { given })
        } else {
            (reading.needed::<GemeenteCode>("code", &wire.code).map(|code| code.to_string()), String::new())
        };
        let display_name = reading.name("display_name", &wire.display_name);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: uuid::Uuid::nil(),
            id: uuid::Uuid::nil(),
            kind,
            code: code.unwrap_or_default(),
            display_name,
            gemeente_code,
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::Area {
        pb::Area {
            name: schakel_domain::ids::AreaId(self.id).to_string(),
            kind: number("KIND", &self.kind, pb::area::Kind::from_str_name),
            code: self.code.clone(),
            display_name: self.display_name.clone(),
            gemeente_code: self.gemeente_code.clone(),
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListAreasRequest, _: &Seen) -> Condition {
        let mut all = Condition::all();
        if list.kind != 0 {
            let kind = fields.choice::<_, AreaKind>("kind", list.kind, pb::area::Kind::as_str_name);
            all = all.add_option(kind.map(|kind| Column::Kind.eq(kind.to_string())));
        }
        let gemeente = fields.parse_if::<GemeenteCode>("gemeente_code", &list.gemeente_code);
        all.add_option(gemeente.map(|code| Column::GemeenteCode.eq(code.as_str())))
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    /// A new gemeente is an organisation as well.
    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        let gemeenten = all.iter().filter(|area| area.kind == AreaKind::Gemeente.to_string());
        let named: Vec<_> = gemeenten.map(|area| (area.code.clone(), area.display_name.clone())).collect();
        if !named.is_empty() {
            let known = organisation::all(tx).await?;
            organisation::insert(tx, missing(tx, &known, OrganisationKind::Gemeente, &named)).await?;
        }
        store::put::<Entity>(tx, all.to_vec()).await
    }
}

/// Rows for the organisations among `named` (code and name) that are not known yet.
pub(super) fn missing(
    tx: &Tx,
    known: &[organisations::Model],
    kind: OrganisationKind,
    named: &[(String, String)],
) -> Vec<organisations::Model> {
    let kind = kind.to_string();
    let mut new: Vec<organisations::Model> = Vec::new();
    for (code, name) in named {
        let is = |row: &organisations::Model| row.kind == kind && row.code == *code;
        if !known.iter().any(is) && !new.iter().any(is) {
            new.push(organisations::Model {
                region_id: tx.region(),
                id: tx.new_id(),
                kind: kind.clone(),
                code: code.clone(),
                display_name: name.clone(),
            });
        }
    }
    new
}
