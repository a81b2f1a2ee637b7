//! Areas: gemeenten and their wijken, by their CBS codes.

use schakel_domain::{
    dutch::codes::{GemeenteCode, Pc4, Postcode, WijkCode},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use super::{
    reading::{Reading, until},
    resource::{Head, Resource, Seen, head},
    store,
};
use crate::{
    access::organisation::{self, OrganisationKind},
    entity::{
        area::{Column, Entity, Model},
        excluded_postcode as excluded, organisation as organisations,
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

/// An area, and what of it another samenwerkingsverband serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The area.
    pub row: Model,
    /// Postcodes of a split gemeente.
    pub excluded: Vec<excluded::Model>,
}

head! {
    Area, row; pb::Area; "area" "AREA"; id: id AreaId; order: display_name;
    fixed: [kind, code]; changes: [display_name, gemeente_code, excluded_postcodes, valid_from, valid_until]
}

impl Resource for Area {
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
        if kind == AreaKind::Wijk.to_string() && !wire.excluded_postcodes.is_empty() {
            reading.refuse("excluded_postcodes", Refusal::FieldInvalid);
        }
        let excluded = wire.excluded_postcodes.iter().zip(0..);
        let excluded = excluded.map(|(wire, n)| read_excluded(reading, wire, n)).collect();
        let row = Model {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            kind,
            code: code.unwrap_or_default(),
            display_name,
            gemeente_code,
            valid_from,
            valid_until,
            version: 1,
        };
        Self { row, excluded }
    }

    fn to_wire(&self) -> pb::Area {
        pb::Area {
            name: schakel_domain::ids::AreaId(self.row.id).to_string(),
            kind: number("KIND", &self.row.kind, pb::area::Kind::from_str_name),
            code: self.row.code.clone(),
            display_name: self.row.display_name.clone(),
            gemeente_code: self.row.gemeente_code.clone(),
            valid_from: self.row.valid_from.to_string(),
            valid_until: until(self.row.valid_until),
            excluded_postcodes: self.excluded.iter().map(excluded_to_wire).collect(),
            etag: self.row.version.to_string(),
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

    async fn of_rows(read: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let excluded = store::parts::<excluded::Entity>(read, "area_id", &ids).await?;
        let mut excluded = store::by_parent(excluded, |part| part.area_id);
        let area = |row: Model| Self { excluded: excluded.remove(&row.id).unwrap_or_default(), row };
        Ok(rows.into_iter().map(area).collect())
    }

    /// A new gemeente is an organisation as well.
    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        let gemeenten = all.iter().map(|area| &area.row);
        let gemeenten = gemeenten.filter(|area| area.kind == AreaKind::Gemeente.to_string());
        let named: Vec<_> = gemeenten.map(|area| (area.code.clone(), area.display_name.clone())).collect();
        if !named.is_empty() {
            let known = organisation::all(tx).await?;
            organisation::insert(tx, missing(tx, &known, OrganisationKind::Gemeente, &named)).await?;
        }
        store::put::<Entity>(tx, all.iter().map(|area| area.row.clone()).collect()).await?;
        let ids: Vec<Uuid> = all.iter().map(Head::id).collect();
        let excluded = all.iter().flat_map(|area| {
            area.excluded.iter().zip(0..).map(|(part, position)| excluded::Model {
                region_id: tx.region(),
                area_id: area.id(),
                position,
                ..part.clone()
            })
        });
        store::put_parts::<excluded::Entity>(tx, "area_id", &ids, excluded.collect()).await
    }
}

fn read_excluded(reading: &mut Reading, wire: &pb::area::ExcludedPostcode, n: i32) -> excluded::Model {
    let part = format!("excluded_postcodes[{n}]");
    let path = format!("{part}.postcode");
    let postcode = if wire.postcode.len() == 4 {
        reading.code::<Pc4>(&path, &wire.postcode)
    } else {
        reading.code::<Postcode>(&path, &wire.postcode)
    };
    let swv_code = reading.own_code(&format!("{part}.swv_code"), &wire.swv_code);
    let swv_name = reading.name(&format!("{part}.swv_display_name"), &wire.swv_display_name);
    let (valid_from, valid_until) = reading.part_days(&part, &wire.valid_from, &wire.valid_until);
    let (region_id, area_id) = (Uuid::nil(), Uuid::nil());
    excluded::Model { region_id, area_id, position: n, postcode, swv_code, swv_name, valid_from, valid_until }
}

fn excluded_to_wire(part: &excluded::Model) -> pb::area::ExcludedPostcode {
    pb::area::ExcludedPostcode {
        postcode: part.postcode.clone(),
        swv_code: part.swv_code.clone(),
        swv_display_name: part.swv_name.clone(),
        valid_from: part.valid_from.to_string(),
        valid_until: until(part.valid_until),
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
