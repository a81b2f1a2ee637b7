//! The time that people were taken by meetings that go.

use sea_orm::{ColumnTrait, Condition};

use super::busy;
use crate::{
    entity::busy::{Column, Entity},
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Of all at the table: a calendar that is empty again tells nothing.
pub async fn busy(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let taken = Condition::all().add(Column::BookingId.is_in(doomed.meetings.iter().copied()));
    tx.sweep(Entity, taken, Sweep::Count, tally).await?;
    match sweep {
        Sweep::Count => Ok(()),
        Sweep::Delete => busy::forget(tx, &doomed.meetings).await,
    }
}
