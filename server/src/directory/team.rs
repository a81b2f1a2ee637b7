//! Teams: the front line of youth help, and what each works for; each is an organisation under the same id.

use schakel_domain::{
    directory::import::cell::{AreaKind, TeamKind},
    dutch::codes::{GemeenteCode, Pc4, Postcode, Vestigingscode, WijkCode},
    ids::TeamId,
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
        organisation as organisations,
        team::{Column, Entity, Model},
        team_area as area,
    },
    error::Result,
    store::{Read, Tx},
    wire::{enums::number, fields::Fields},
};

/// A team and its work areas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The team.
    pub row: Model,
    /// What it works for.
    pub areas: Vec<area::Model>,
}

head! {
    Team, row; pb::Team; "team" "TEAM"; id: id TeamId; order: display_name;
    fixed: [code]; changes: [kind, display_name, gemeente_code, work_areas, valid_from, valid_until]
}

impl Resource for Team {
    type Entity = Entity;
    type List = pb::ListTeamsRequest;

    fn read(reading: &mut Reading, wire: &pb::Team) -> Self {
        let code = reading.own_code("code", &wire.code);
        let kind = reading.choice::<_, TeamKind>("kind", wire.kind, pb::team::Kind::as_str_name);
        let display_name = reading.name("display_name", &wire.display_name);
        let gemeente_code = reading.code::<GemeenteCode>("gemeente_code", &wire.gemeente_code);
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        let row = Model {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            code,
            kind,
            display_name,
            gemeente_code,
            valid_from,
            valid_until,
            version: 1,
        };
        let areas = wire.work_areas.iter().zip(0..).map(|(wire, n)| read_area(reading, wire, n));
        Self { row, areas: areas.collect() }
    }

    fn to_wire(&self) -> pb::Team {
        let row = self.row.clone();
        pb::Team {
            name: TeamId(row.id).to_string(),
            code: row.code,
            kind: number("KIND", &row.kind, pb::team::Kind::from_str_name),
            display_name: row.display_name,
            gemeente_code: row.gemeente_code,
            work_areas: self.areas.iter().map(area_to_wire).collect(),
            valid_from: row.valid_from.to_string(),
            valid_until: until(row.valid_until),
            etag: row.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListTeamsRequest, _: &Seen) -> Condition {
        let gemeente = fields.parse_if::<GemeenteCode>("gemeente_code", &list.gemeente_code);
        Condition::all().add_option(gemeente.map(|code| Column::GemeenteCode.eq(code.as_str())))
    }

    async fn of_rows(read: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let areas = store::parts::<area::Entity>(read, "team_id", &ids).await?;
        let mut areas = store::by_parent(areas, |area| area.team_id);
        let team = |row: Model| Self { areas: areas.remove(&row.id).unwrap_or_default(), row };
        Ok(rows.into_iter().map(team).collect())
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        let organisation = |team: &Self| organisations::Model {
            region_id: tx.region(),
            id: team.id(),
            kind: OrganisationKind::Team.to_string(),
            code: team.row.code.clone(),
            display_name: team.row.display_name.clone(),
        };
        organisation::put(tx, all.iter().map(organisation).collect()).await?;
        store::put::<Entity>(tx, all.iter().map(|team| team.row.clone()).collect()).await?;
        let ids: Vec<Uuid> = all.iter().map(Head::id).collect();
        let areas = all.iter().flat_map(|team| {
            team.areas.iter().zip(0..).map(|(area, position)| area::Model {
                region_id: tx.region(),
                team_id: team.id(),
                position,
                ..area.clone()
            })
        });
        store::put_parts::<area::Entity>(tx, "team_id", &ids, areas.collect()).await
    }
}

fn read_area(reading: &mut Reading, wire: &pb::team::WorkArea, n: i32) -> area::Model {
    use pb::team::work_area::Kind;
    let part = format!("work_areas[{n}]");
    let kind = reading.choice::<_, AreaKind>(&format!("{part}.kind"), wire.kind, Kind::as_str_name);
    let path = format!("{part}.code");
    let code = match kind.parse() {
        Ok(AreaKind::Wijk) => reading.code::<WijkCode>(&path, &wire.code),
        Ok(AreaKind::Postcode) if wire.code.len() == 4 => reading.code::<Pc4>(&path, &wire.code),
        Ok(AreaKind::Postcode) => reading.code::<Postcode>(&path, &wire.code),
        Ok(AreaKind::Gemeente) => reading.code::<GemeenteCode>(&path, &wire.code),
        Ok(AreaKind::School) => reading.code::<Vestigingscode>(&path, &wire.code),
        Err(_) => String::new(),
    };
    let (valid_from, valid_until) = reading.part_days(&part, &wire.valid_from, &wire.valid_until);
    area::Model {
        region_id: Uuid::nil(),
        team_id: Uuid::nil(),
        position: n,
        kind,
        code,
        valid_from,
        valid_until,
    }
}

fn area_to_wire(area: &area::Model) -> pb::team::WorkArea {
    pb::team::WorkArea {
        kind: number("KIND", &area.kind, pb::team::work_area::Kind::from_str_name),
        code: area.code.clone(),
        valid_from: area.valid_from.to_string(),
        valid_until: until(area.valid_until),
    }
}
