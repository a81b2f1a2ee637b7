//! Entries about a case that goes, or that came of a meeting that does.

use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::Expr};
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
    if sweep == Sweep::Delete {
        forget_meetings(tx, &doomed.meetings).await?;
    }
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

/// No entry names a meeting that has gone.
async fn forget_meetings(tx: &Tx, meetings: &[Uuid]) -> Result<()> {
    use waiting_entry::Column;
    for named in [Column::ConsultationId, Column::ReplacesId] {
        waiting_entry::Entity::update_many()
            .col_expr(named, Expr::value(None::<Uuid>))
            .filter(Column::RegionId.eq(tx.region()))
            .filter(named.is_in(meetings.iter().copied()))
            .exec(&tx.db())
            .await?;
    }
    Ok(())
}
