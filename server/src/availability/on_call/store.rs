//! Who can be called when, in the database.

use schakel_domain::{
    availability::on_call::Shift,
    ids::{PersonId, TeamId},
    time::Period,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

pub(super) use crate::entity::on_call_shift::Model;
use crate::{
    entity::on_call_shift::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
    wire::page::Page,
};

/// One, held until the end of the transaction.
pub(super) async fn hold(tx: &Tx, id: Uuid) -> Result<Model> {
    let row = Entity::find_by_id((tx.region(), id)).lock_exclusive().one(&tx.db()).await?;
    row.ok_or(Error::NotFound("ON_CALL_SHIFT"))
}

/// Those that `asked` is true of; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, asked: Condition, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(read.region())).filter(asked);
    if let Some(after) = page.after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.order_by_asc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Who of `team` can be called at some time of `window`, first to be called first.
pub async fn during(read: &Read, team: TeamId, window: Period) -> Result<Vec<Shift>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::TeamId.eq(team.0))
        .filter(Column::EndsAt.gt(to_column(window.start())))
        .filter(Column::StartsAt.lt(to_column(window.end())))
        .order_by_asc(Column::PhoneOrder)
        .order_by_asc(Column::StartsAt)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.iter().map(shift).collect()
}

fn shift(row: &Model) -> Result<Shift> {
    let corrupt = |column| Error::Corrupt { table: "on_call_shift", column };
    Ok(Shift {
        person: PersonId(row.person_id),
        role: row.role.parse().map_err(|_| corrupt("role"))?,
        time: Period::new(from_column(row.starts_at)?, from_column(row.ends_at)?)
            .map_err(|_| corrupt("ends_at"))?,
        order: row.phone_order,
    })
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, row: Model) -> Result<()> {
    Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Takes one out.
pub(super) async fn remove(tx: &Tx, id: Uuid) -> Result<()> {
    Entity::delete_by_id((tx.region(), id)).exec(&tx.db()).await?;
    Ok(())
}
