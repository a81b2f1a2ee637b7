//! The time that people were taken by meetings that go, and what was kept free for those who go.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use super::busy;
use crate::{
    entity::{
        busy::{Column, Entity},
        hold,
    },
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Of all at the table: a calendar that is empty again tells nothing. Whatever a parent or child
/// was kept free for goes as a whole.
pub async fn busy(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let of_persons = || {
        let own = Column::CalendarId.is_in(doomed.persons.iter().copied());
        Entity::find().select_only().column(Column::BookingId).filter(own).into_query()
    };
    let taken = Condition::any()
        .add(Column::BookingId.is_in(doomed.meetings.iter().copied()))
        .add(Column::BookingId.in_subquery(of_persons()));
    let holds = Condition::all().add(hold::Column::Id.in_subquery(of_persons()));
    tx.sweep(hold::Entity, holds, sweep, tally).await?;
    tx.sweep(Entity, taken.clone(), Sweep::Count, tally).await?;
    if sweep == Sweep::Delete {
        let rows = Entity::find().filter(taken).all(&tx.db()).await?;
        let mut bookings: Vec<_> = rows.into_iter().map(|row| row.booking_id).collect();
        bookings.dedup();
        busy::forget(tx, &bookings).await?;
    }
    Ok(())
}
