//! Outside calendars in the database.

use chrono::TimeDelta;
use schakel_domain::{
    ids::{OutsideCalendarId, PersonId},
    time::Period,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, sea_query::Expr,
};
use uuid::Uuid;

use super::spans;
pub(super) use crate::entity::outside_calendar::Model;
use crate::{
    access::{affiliation, authenticate::today},
    entity::outside_calendar::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{Read, Tx, instant::to_column, vault::Place},
};

/// Calendars that are asked for at once.
const MOST: u64 = 8;
/// How long a worker may be silent before others ask in its place.
const LEASE: TimeDelta = TimeDelta::minutes(2);

/// Where an address stands.
pub(super) fn place(row: Uuid) -> Place {
    Place { table: "outside_calendar", column: "sealed_address", row }
}

/// When `persons` are busy elsewhere during `window`, whichever region knows of it; sorted per
/// calendar. One statement.
pub async fn of(read: &Read, persons: &[PersonId], window: Period) -> Result<Vec<(PersonId, Period)>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::PersonId, Column::Busy])
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&read.db())
        .await?;
    let of_one = |(person, busy): &(Uuid, Vec<u8>)| {
        let person = PersonId(*person);
        spans::read(busy, window).map(|time| (person, time)).collect::<Vec<_>>()
    };
    Ok(rows.iter().flat_map(of_one).collect())
}

/// One calendar, held until the end of the transaction.
pub(super) async fn hold(tx: &Tx, id: OutsideCalendarId) -> Result<Model> {
    let row = Entity::find_by_id((tx.region(), id.0)).lock_exclusive().one(&tx.db()).await?;
    row.ok_or(Error::NotFound("OUTSIDE_CALENDAR"))
}

/// A person's calendars in this region, oldest first.
pub(super) async fn list(read: &Read, person: PersonId) -> Result<Vec<Model>> {
    let own = Condition::all().add(Column::RegionId.eq(read.region())).add(Column::PersonId.eq(person.0));
    Ok(Entity::find().filter(own).order_by_asc(Column::Id).all(&read.db()).await?)
}

/// How many calendars a person has in this region.
pub(super) async fn count(read: &Read, person: PersonId) -> Result<u64> {
    let own = Condition::all().add(Column::RegionId.eq(read.region())).add(Column::PersonId.eq(person.0));
    Ok(Entity::find().filter(own).count(&read.db()).await?)
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, row: Model) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a held one back.
pub(super) async fn update(tx: &Tx, row: Model) -> Result<()> {
    ActiveModel::from(row).reset_all().update(&tx.db()).await?;
    Ok(())
}

/// Forgets one, with its address and its busy time.
pub(super) async fn delete(tx: &Tx, id: OutsideCalendarId) -> Result<()> {
    Entity::delete_by_id((tx.region(), id.0)).exec(&tx.db()).await?;
    Ok(())
}

/// To be asked now, and of somebody who works here.
fn due(read: &Read) -> Condition {
    let now = to_column(read.now());
    let free = Condition::any().add(Column::LeasedUntil.is_null()).add(Column::LeasedUntil.lt(now));
    Condition::all()
        .add(Column::RegionId.eq(read.region()))
        .add(Column::NextFetchAt.lte(now))
        .add(Column::PersonId.in_subquery(affiliation::working(read, today(read.now()))))
        .add(free)
}

/// Forgets those of who has left and does not come back; says whose they were.
pub(super) async fn forget_left(tx: &Tx) -> Result<Vec<(Uuid, PersonId)>> {
    let left = Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::PersonId.not_in_subquery(affiliation::staying(tx, today(tx.now()))));
    let rows: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::PersonId])
        .filter(left.clone())
        .into_tuple()
        .all(&tx.db())
        .await?;
    if !rows.is_empty() {
        Entity::delete_many().filter(left).exec(&tx.db()).await?;
    }
    Ok(rows.into_iter().map(|(id, person)| (id, PersonId(person))).collect())
}

/// Whether some address is to be asked.
pub(super) async fn is_due(read: &Read) -> Result<bool> {
    let due = Entity::find().select_only().column(Column::Id).filter(due(read));
    let first: Option<Uuid> = due.into_tuple().one(&read.db()).await?;
    Ok(first.is_some())
}

/// Takes those that are due under a lease, longest due first.
pub(super) async fn lease(tx: &Tx) -> Result<Vec<Model>> {
    let token = tx.new_id();
    let free = due(tx);
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(free.clone())
        .order_by_asc(Column::NextFetchAt)
        .order_by_asc(Column::Id)
        .limit(MOST)
        .into_tuple()
        .all(&tx.db())
        .await?;
    // Whoever came first in another process has them: the condition is looked at again.
    Entity::update_many()
        .col_expr(Column::LeaseToken, Expr::value(token))
        .col_expr(Column::LeasedUntil, Expr::value(to_column(tx.now() + LEASE)))
        .filter(free)
        .filter(Column::Id.is_in(ids))
        .exec(&tx.db())
        .await?;
    let ours = Condition::all().add(Column::RegionId.eq(tx.region())).add(Column::LeaseToken.eq(token));
    Ok(Entity::find().filter(ours).order_by_asc(Column::Id).all(&tx.db()).await?)
}

/// Writes back what was learned under the lease, and ends it. Nothing when the lease has gone to
/// another, or the calendar is gone.
pub(super) async fn end_lease(tx: &Tx, row: Model) -> Result<()> {
    let token = row.lease_token;
    let row = Model { lease_token: None, leased_until: None, ..row };
    let (region, id) = (row.region_id, row.id);
    let active = ActiveModel::from(row).reset_all();
    Entity::update_many()
        .set(active)
        .filter(Column::RegionId.eq(region))
        .filter(Column::Id.eq(id))
        .filter(Column::LeaseToken.eq(token))
        .exec(&tx.db())
        .await?;
    Ok(())
}
