//! Meetings that go, with their tables and what was agreed.

use sea_orm::{ColumnTrait, Condition};

use super::poll;
use crate::{
    entity::{action, consultation, consultation_room, consultation_share, participant},
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Nothing of a meeting stays.
pub async fn meetings(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    poll::sweep::polls(tx, doomed, sweep, tally).await?;
    let gone = || doomed.meetings.iter().copied();
    let actions = Condition::all()
        .add(action::Column::RegionId.eq(tx.region()))
        .add(action::Column::ConsultationId.is_in(gone()));
    tx.sweep(action::Entity, actions, sweep, tally).await?;
    let seats = Condition::all()
        .add(participant::Column::RegionId.eq(tx.region()))
        .add(participant::Column::ConsultationId.is_in(gone()));
    tx.sweep(participant::Entity, seats, sweep, tally).await?;
    let rooms = Condition::all()
        .add(consultation_room::Column::RegionId.eq(tx.region()))
        .add(consultation_room::Column::ConsultationId.is_in(gone()));
    tx.sweep(consultation_room::Entity, rooms, sweep, tally).await?;
    let shares = Condition::all()
        .add(consultation_share::Column::RegionId.eq(tx.region()))
        .add(consultation_share::Column::ConsultationId.is_in(gone()));
    tx.sweep(consultation_share::Entity, shares, sweep, tally).await?;
    let meetings = Condition::all()
        .add(consultation::Column::RegionId.eq(tx.region()))
        .add(consultation::Column::Id.is_in(gone()));
    tx.sweep(consultation::Entity, meetings, sweep, tally).await
}
