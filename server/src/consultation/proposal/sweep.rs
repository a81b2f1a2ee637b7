//! Proposals that go with their meeting, and those that end before it.

use sea_orm::{ColumnTrait, Condition};

use super::store;
use crate::{
    entity::counter_proposal::{Column, Entity},
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Nothing stays of what was proposed for a meeting that goes.
pub async fn proposals(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let gone = Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::ConsultationId.is_in(doomed.meetings.iter().copied()));
    tx.sweep(Entity, gone, sweep, tally).await
}

/// Ends what can no longer be decided: whoever was named in it is no use to anybody. Says how many.
pub async fn daily(tx: &Tx) -> Result<u64> {
    store::end_outdated(tx).await
}
