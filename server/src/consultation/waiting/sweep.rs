//! Entries about a case that goes.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    availability::hold,
    entity::{waiting_entry, waiting_seat},
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Nothing of an entry stays when its case goes, and no time is kept for it.
pub async fn waiting(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    if !doomed.whole {
        return Ok(());
    }
    let of_case = Condition::all()
        .add(waiting_entry::Column::RegionId.eq(tx.region()))
        .add(waiting_entry::Column::CaseId.eq(doomed.case));
    let rows = waiting_entry::Entity::find().filter(of_case.clone()).all(&tx.db()).await?;
    if rows.is_empty() {
        return Ok(());
    }
    if sweep == Sweep::Delete {
        for hold in rows.iter().filter_map(|row| row.hold_id) {
            hold::give_back(tx, hold).await?;
        }
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let seats = Condition::all()
        .add(waiting_seat::Column::RegionId.eq(tx.region()))
        .add(waiting_seat::Column::EntryId.is_in(ids));
    tx.sweep(waiting_seat::Entity, seats, sweep, tally).await?;
    tx.sweep(waiting_entry::Entity, of_case, sweep, tally).await
}
