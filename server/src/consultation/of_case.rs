//! What a case that closes, falls silent, is put aside or loses a parent does to what is still planned and
//! sought about it. The caller of these owes the policy.

use schakel_domain::{
    access::Class,
    availability::Site,
    consultation::{Event, State},
    ids::{CaseId, ConsultationId, PersonId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    cancel, many,
    meeting::{Meeting, Seat},
    page, poll, proposal, seats, shared, store, tell, turns, waiting,
};
use crate::{
    availability::busy,
    entity::consultation,
    error::Result,
    store::{Tx, audit::Deed, instant::to_column},
};

/// Nobody is asked for a time any more, and nobody waits for one.
pub async fn closes(tx: &Tx, case: CaseId) -> Result<()> {
    poll::of_case::cancel(tx, case).await?;
    waiting::of_case::leave(tx, case).await
}

/// The child has died: what was to come is off, and no mail about any of it to `family` that has not gone
/// goes any more. Who mails keeps silent to them from then on; that a meeting is off is told to
/// professionals as always.
pub async fn falls_silent(tx: &Tx, case: CaseId, family: &[PersonId]) -> Result<()> {
    let all = store::of_case(tx, case).await?;
    let ids: Vec<ConsultationId> = all.iter().map(|meeting| meeting.id).collect();
    // Whoever writes a mail about one of them just now is waited for, so that it is found below.
    turns::alone(tx, &ids).await?;
    for meeting in coming(tx, case).await? {
        cancel::call_off(tx, meeting, Vec::new()).await?;
    }
    closes(tx, case).await?;
    let meetings: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut subjects = meetings.clone();
    subjects.extend(all.iter().filter_map(|meeting| meeting.member).map(|member| member.series.0));
    subjects.extend(poll::store::ids_of_case(tx, case).await?);
    subjects.extend(proposal::store::ids_of(tx, &meetings).await?);
    subjects.extend(page::ids_of(tx, &meetings).await?);
    let private = all.iter().flat_map(|meeting| &meeting.table).filter(|seat| seat.role.is_private());
    let family: Vec<Uuid> =
        family.iter().copied().chain(private.map(|seat| seat.person)).map(|person| person.0).collect();
    tx.withdraw(&subjects, &family, &meetings).await
}

/// Nobody is asked for a time any more, and no time is kept; who waits goes on waiting.
pub async fn rests(tx: &Tx, case: CaseId) -> Result<()> {
    poll::of_case::cancel(tx, case).await?;
    waiting::of_case::rest(tx, case).await
}

/// `persons` are its parents no longer: they sit at no table that is to come, hear of that by a
/// last mail, and are asked and waited for no more. What was stays as it was.
pub async fn parents_leave(tx: &Tx, case: CaseId, persons: &[PersonId]) -> Result<()> {
    if persons.is_empty() {
        return Ok(());
    }
    leave_tables(tx, case, persons).await?;
    poll::of_case::parents_leave(tx, case, persons).await?;
    waiting::of_case::parents_leave(tx, case, persons).await
}

async fn leave_tables(tx: &Tx, case: CaseId, persons: &[PersonId]) -> Result<()> {
    let leaves = |seat: &Seat| seat.role.is_private() && persons.contains(&seat.person);
    let mut meetings = coming(tx, case).await?;
    meetings.retain(|meeting| meeting.table.iter().any(leaves));
    if meetings.is_empty() {
        return Ok(());
    }
    let (mut freed, mut lines) = (Vec::new(), Vec::new());
    for meeting in &mut meetings {
        // Whoever leaves is a subject of the change.
        lines.extend(tell::lines(meeting, Deed::U, &[Class::K1]));
        let (gone, stays): (Vec<Seat>, Vec<Seat>) = meeting.table.drain(..).partition(leaves);
        // Only their own time is given back: the others' stands as it was taken.
        let theirs = Meeting { table: gone, rooms: Vec::new(), ..meeting.clone() };
        freed.push(seats::booking(&theirs, Site::Remote));
        meeting.table = stays;
        meeting.live_on(meeting.life().after(Event::ChangeParticipants, tx.now())?);
    }
    busy::exchange(tx, &freed, &[]).await?;
    many::update(tx, &mut meetings).await?;
    tx.audit_all(&lines).await?;
    let all: Vec<&Meeting> = meetings.iter().collect();
    shared::tell(tx, &all).await?;
    tell::invite(tx, &all, tx.now()).await?;
    tell::cases(tx, &all, "CONSULTATION_CHANGED").await
}

/// The meetings about `case` that are to come, to be changed by this transaction alone.
async fn coming(tx: &Tx, case: CaseId) -> Result<Vec<Meeting>> {
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(tx.region()))
        .filter(consultation::Column::CaseId.eq(case.0))
        .filter(consultation::Column::State.eq(State::Planned.to_string()))
        .filter(consultation::Column::StartsAt.gt(to_column(tx.now())))
        .order_by_asc(consultation::Column::Id)
        .lock_exclusive()
        .all(&tx.db())
        .await?;
    store::with_tables(tx, rows).await
}
