//! Requests for help that go.

use sea_orm::{ColumnTrait, Condition};

use crate::{
    entity::hulpvraag::{Column, Entity},
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// With their questions and reasons.
pub async fn requests(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let asked = Condition::all()
        .add(Column::RegionId.eq(tx.region()))
        .add(Column::Id.is_in(doomed.hulpvragen.iter().copied()));
    tx.sweep(Entity, asked, sweep, tally).await
}
