//! Rooms: where a school or a team can meet.

use chrono::NaiveDate;
use schakel_domain::{
    ids::{OrganisationId, RoomId},
    refusal::Refusal,
    time::Validity,
};
use schakel_proto::v1 as pb;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::{
    reading::{Reading, until},
    resource::{Resource, Seen, head},
    store,
};
pub use crate::entity::room::Model;
use crate::{
    access::organisation,
    entity::room::{Column, Entity},
    error::{Error, Result},
    store::{Read, Tx},
    wire::fields::Fields,
};

/// More is a hall, and a mistake.
const MOST_SEATS: i32 = 500;

head! {
    Model; pb::Room; "room" "ROOM"; id: id RoomId; order: display_name;
    fixed: [organisation]; changes: [display_name, seats, valid_from, valid_until]
}

impl Resource for Model {
    type Entity = Entity;
    type List = pb::ListRoomsRequest;

    fn read(reading: &mut Reading, wire: &pb::Room) -> Self {
        let organisation = reading.needed::<OrganisationId>("organisation", &wire.organisation);
        let display_name = reading.name("display_name", &wire.display_name);
        if !(1..=MOST_SEATS).contains(&wire.seats) {
            reading.refuse("seats", Refusal::FieldInvalid);
        }
        let (valid_from, valid_until) = reading.days(&wire.valid_from, &wire.valid_until);
        Self {
            region_id: Uuid::nil(),
            id: Uuid::nil(),
            organisation_id: organisation.map(|organisation| organisation.0).unwrap_or_default(),
            display_name,
            seats: wire.seats,
            valid_from,
            valid_until,
            version: 1,
        }
    }

    fn to_wire(&self) -> pb::Room {
        pb::Room {
            name: RoomId(self.id).to_string(),
            organisation: OrganisationId(self.organisation_id).to_string(),
            display_name: self.display_name.clone(),
            seats: self.seats,
            valid_from: self.valid_from.to_string(),
            valid_until: until(self.valid_until),
            etag: self.version.to_string(),
        }
    }

    fn filter(fields: &mut Fields, list: &pb::ListRoomsRequest, _: &Seen) -> Condition {
        let organisation = fields.parse_if::<OrganisationId>("organisation", &list.organisation);
        Condition::all().add_option(organisation.map(|own| Column::OrganisationId.eq(own.0)))
    }

    async fn of_rows(_: &Read, rows: Vec<Model>) -> Result<Vec<Self>> {
        Ok(rows)
    }

    async fn put(tx: &Tx, all: &[Self]) -> Result<()> {
        store::put::<Entity>(tx, all.to_vec()).await
    }

    async fn check(&self, tx: &Tx) -> Result<()> {
        organisation::get(tx, OrganisationId(self.organisation_id)).await.map(|_| ())
    }
}

/// A room that can be met in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Which.
    pub id: RoomId,
    /// Where.
    pub organisation: OrganisationId,
    /// For how many people.
    pub seats: usize,
}

/// Those of `rooms` that are there on `day`.
pub async fn among(read: &Read, rooms: &[RoomId], day: NaiveDate) -> Result<Vec<Room>> {
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    there(read, day, Column::Id.is_in(rooms.iter().map(|room| room.0))).await
}

/// These rooms, each with the days on which it is there, the smallest first.
pub async fn with_days(read: &Read, rooms: &[RoomId]) -> Result<Vec<(Room, Validity)>> {
    if rooms.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(rooms.iter().map(|room| room.0)))
        .order_by_asc(Column::Seats)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let with_days = |row: Model| {
        let days = Validity::new(row.valid_from, row.valid_until);
        let corrupt = |_| Error::Corrupt { table: "room", column: "valid_until" };
        days.map(|days| (room(&row), days)).map_err(corrupt)
    };
    rows.into_iter().map(with_days).collect()
}

/// The rooms at an organisation on `day`, the smallest first.
pub async fn at(read: &Read, organisation: OrganisationId, day: NaiveDate) -> Result<Vec<Room>> {
    there(read, day, Column::OrganisationId.eq(organisation.0)).await
}

async fn there(read: &Read, day: NaiveDate, which: sea_orm::sea_query::Expr) -> Result<Vec<Room>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(which)
        .filter(Column::ValidFrom.lte(day))
        .filter(Condition::any().add(Column::ValidUntil.is_null()).add(Column::ValidUntil.gte(day)))
        .order_by_asc(Column::Seats)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    Ok(rows.iter().map(room).collect())
}

fn room(row: &Model) -> Room {
    Room {
        id: RoomId(row.id),
        organisation: OrganisationId(row.organisation_id),
        seats: usize::try_from(row.seats).unwrap_or_default(),
    }
}
