//! Mails that go: after a month, or with their meetings.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::{
    entity::inbound_mail::{Column, Entity},
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Nothing that came about a meeting stays.
pub async fn mails(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let about = Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::ConsultationId.is_in(doomed.meetings.iter().copied()));
    tx.sweep(Entity, about, sweep, tally).await
}

/// Forgets what came until `until`, in microseconds since 1970; says how many rows that were.
pub async fn daily(tx: &Tx, until: i64) -> Result<u64> {
    let gone = Entity::delete_many()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::ReceivedAt.lte(until))
        .exec(&tx.db())
        .await?;
    Ok(gone.rows_affected)
}
