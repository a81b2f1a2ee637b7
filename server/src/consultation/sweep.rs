//! Meetings that go, with their tables and what was agreed.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use super::{page, poll, proposal};
use crate::{
    entity::{action, consultation, consultation_room, consultation_share, participant, series},
    error::Result,
    store::{
        Read, Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Nothing of a meeting stays.
pub async fn meetings(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    poll::sweep::polls(tx, doomed, sweep, tally).await?;
    proposal::sweep::proposals(tx, doomed, sweep, tally).await?;
    page::sweep(tx, doomed, sweep, tally).await?;
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
    let emptied = series(tx, &doomed.meetings).await?;
    tx.sweep(consultation::Entity, meetings, sweep, tally).await?;
    let of_region = || Condition::all().add(series::Column::RegionId.eq(tx.region()));
    let repeats = of_region().add(series::Column::Id.is_in(emptied.iter().copied()));
    tx.sweep(series::Entity, repeats, sweep, tally).await?;
    if sweep == Sweep::Delete && !emptied.is_empty() {
        series::Entity::update_many()
            .col_expr(series::Column::Follows, Expr::value(None::<Uuid>))
            .filter(of_region().add(series::Column::Follows.is_in(emptied)))
            .exec(&tx.db())
            .await?;
    }
    Ok(())
}

/// The series of which nothing stays when `meetings` go, with those before them of which nothing is
/// left already: a statement for each step back.
pub async fn series(read: &Read, meetings: &[Uuid]) -> Result<Vec<Uuid>> {
    use consultation::Column;
    let of = |which: Expr| {
        Query::select()
            .column(Column::SeriesId)
            .from(consultation::Entity)
            .and_where(Column::RegionId.eq(read.region()))
            .and_where(Column::SeriesId.is_not_null())
            .and_where(which)
            .to_owned()
    };
    let goes = || meetings.iter().copied();
    let empty = Condition::all()
        .add(series::Column::RegionId.eq(read.region()))
        .add(series::Column::Id.not_in_subquery(of(Column::Id.is_not_in(goes()))));
    let mut which = series::Column::Id.in_subquery(of(Column::Id.is_in(goes())));
    let mut all: Vec<Uuid> = Vec::new();
    loop {
        let rows = series::Entity::find().filter(empty.clone().add(which)).all(&read.db()).await?;
        all.extend(rows.iter().map(|row| row.id));
        let before = rows.iter().filter_map(|row| row.follows).filter(|id| !all.contains(id));
        let before: Vec<Uuid> = before.collect();
        if before.is_empty() {
            return Ok(all);
        }
        which = series::Column::Id.is_in(before);
    }
}
