//! Proposals that go with their case.

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter,
    sea_query::{Query, SelectStatement},
};

use crate::{
    availability::busy,
    entity::{time_poll, time_poll_link, time_poll_option, time_poll_voter},
    error::Result,
    store::{
        Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Nothing of the proposals stays that led to a meeting that goes, or are about a case that does.
pub async fn polls(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let links = Condition::all()
        .add(time_poll_link::Column::RegionId.eq(tx.region()))
        .add(time_poll_link::Column::PollId.in_subquery(ids(tx, doomed)));
    tx.sweep(time_poll_link::Entity, links, sweep, tally).await?;
    let voters = Condition::all()
        .add(time_poll_voter::Column::RegionId.eq(tx.region()))
        .add(time_poll_voter::Column::PollId.in_subquery(ids(tx, doomed)));
    tx.sweep(time_poll_voter::Entity, voters, sweep, tally).await?;
    let options = Condition::all()
        .add(time_poll_option::Column::RegionId.eq(tx.region()))
        .add(time_poll_option::Column::PollId.in_subquery(ids(tx, doomed)));
    if sweep == Sweep::Delete {
        // Nobody else knows of them: the professionals would stay taken for a time that nobody chooses.
        let kept = time_poll_option::Entity::find().filter(options.clone()).all(&tx.db()).await?;
        let holds: Vec<_> = kept.into_iter().filter_map(|option| option.hold_id).collect();
        busy::forget(tx, &holds).await?;
    }
    tx.sweep(time_poll_option::Entity, options, sweep, tally).await?;
    tx.sweep(time_poll::Entity, those(tx, doomed), sweep, tally).await
}

fn those(tx: &Tx, doomed: &Doomed) -> Condition {
    let meetings = doomed.meetings.iter().copied();
    let mut any = Condition::any().add(time_poll::Column::ConsultationId.is_in(meetings));
    if doomed.whole {
        any = any.add(time_poll::Column::CaseId.eq(doomed.case));
    }
    Condition::all().add(time_poll::Column::RegionId.eq(tx.region())).add(any)
}

fn ids(tx: &Tx, doomed: &Doomed) -> SelectStatement {
    Query::select()
        .column(time_poll::Column::Id)
        .from(time_poll::Entity)
        .cond_where(those(tx, doomed))
        .to_owned()
}
