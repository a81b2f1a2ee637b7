//! The circle of a case and the persons in it, when they go.

use std::collections::HashSet;

use schakel_domain::{
    access::Hold,
    ids::{CaseId, PersonId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::wishes;
use crate::{
    entity::{
        case_circle, case_guest, case_parent, consent, consent_signature, emergency, parent_wishes, person,
    },
    error::Result,
    store::{
        Read, Tx,
        sweep::{Doomed, Sweep, Tally},
    },
};

/// Puts `case` aside, or takes it back; nothing else of its circle changes.
pub async fn set_hold(tx: &Tx, case: CaseId, hold: Option<Hold>) -> Result<()> {
    let row = case_circle::ActiveModel {
        region_id: Set(tx.region()),
        case_id: Set(case.0),
        hold: Set(hold.map(|hold| hold.to_string())),
        ..Default::default()
    };
    case_circle::Entity::update(row).exec(&tx.db()).await?;
    Ok(())
}

/// The cases of the region that are put aside, by their ids.
pub async fn put_aside(read: &Read) -> Result<Vec<Uuid>> {
    Ok(case_circle::Entity::find()
        .select_only()
        .column(case_circle::Column::CaseId)
        .filter(case_circle::Column::RegionId.eq(read.region()))
        .filter(case_circle::Column::Hold.is_not_null())
        .order_by_asc(case_circle::Column::CaseId)
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// The closed cases of the region; only those have terms that run.
pub async fn closed_cases(read: &Read) -> Result<Vec<Uuid>> {
    Ok(case_circle::Entity::find()
        .select_only()
        .column(case_circle::Column::CaseId)
        .filter(case_circle::Column::RegionId.eq(read.region()))
        .filter(case_circle::Column::Open.eq(false))
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// The cases of `child` in the region, oldest first.
pub async fn cases_of_child(read: &Read, child: PersonId) -> Result<Vec<CaseId>> {
    let ids: Vec<Uuid> = case_circle::Entity::find()
        .select_only()
        .column(case_circle::Column::CaseId)
        .filter(case_circle::Column::RegionId.eq(read.region()))
        .filter(case_circle::Column::ChildId.eq(child.0))
        .order_by_asc(case_circle::Column::CaseId)
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(ids.into_iter().map(CaseId).collect())
}

/// Those of `persons` who stand in no other case than `case`, in any region.
pub async fn only_in(read: &Read, case: CaseId, persons: &[Uuid]) -> Result<Vec<Uuid>> {
    let as_parent: Vec<Uuid> = case_parent::Entity::find()
        .select_only()
        .column(case_parent::Column::PersonId)
        .filter(case_parent::Column::PersonId.is_in(persons.iter().copied()))
        .filter(case_parent::Column::CaseId.ne(case.0))
        .into_tuple()
        .all(&read.db())
        .await?;
    let as_child: Vec<Uuid> = case_circle::Entity::find()
        .select_only()
        .column(case_circle::Column::ChildId)
        .filter(case_circle::Column::ChildId.is_in(persons.iter().copied()))
        .filter(case_circle::Column::CaseId.ne(case.0))
        .into_tuple()
        .all(&read.db())
        .await?;
    // Who signed once stays known to that consent, also when the case has other parents by now.
    let as_signer: Vec<Uuid> = consent_signature::Entity::find()
        .select_only()
        .column(consent_signature::Column::PersonId)
        .filter(consent_signature::Column::PersonId.is_in(persons.iter().copied()))
        .filter(consent_signature::Column::ConsentId.not_in_subquery(consents_of(read, case)))
        .into_tuple()
        .all(&read.db())
        .await?;
    let as_withdrawer: Vec<Uuid> = consent::Entity::find()
        .select_only()
        .column(consent::Column::WithdrawnBy)
        .filter(consent::Column::WithdrawnBy.is_in(persons.iter().copied()))
        .filter(consent::Column::CaseId.ne(case.0))
        .into_tuple()
        .all(&read.db())
        .await?;
    let known: HashSet<Uuid> =
        as_parent.into_iter().chain(as_child).chain(as_signer).chain(as_withdrawer).collect();
    Ok(persons.iter().copied().filter(|person| !known.contains(person)).collect())
}

/// The ids of the consents about `case`, as a subquery.
fn consents_of(read: &Read, case: CaseId) -> SelectStatement {
    Query::select()
        .column(consent::Column::Id)
        .from(consent::Entity)
        .and_where(consent::Column::RegionId.eq(read.region()))
        .and_where(consent::Column::CaseId.eq(case.0))
        .to_owned()
}

/// The ids of the consents about `case`, of the emergencies in which it was opened, and of what its
/// parents wished.
pub async fn records(read: &Read, case: CaseId) -> Result<Vec<Uuid>> {
    let mut ids: Vec<Uuid> = consent::Entity::find()
        .select_only()
        .column(consent::Column::Id)
        .filter(consent::Column::RegionId.eq(read.region()))
        .filter(consent::Column::CaseId.eq(case.0))
        .into_tuple()
        .all(&read.db())
        .await?;
    let emergencies: Vec<Uuid> = emergency::Entity::find()
        .select_only()
        .column(emergency::Column::Id)
        .filter(emergency::Column::RegionId.eq(read.region()))
        .filter(emergency::Column::CaseId.eq(case.0))
        .into_tuple()
        .all(&read.db())
        .await?;
    ids.extend(emergencies);
    ids.extend(wishes::store::ids_of_case(read, case).await?);
    Ok(ids)
}

/// Consents with their signatures, and who opened the case in an emergency.
async fn opened(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let signatures = Condition::all()
        .add(consent_signature::Column::RegionId.eq(tx.region()))
        .add(consent_signature::Column::ConsentId.in_subquery(consents_of(tx, CaseId(doomed.case))));
    tx.sweep(consent_signature::Entity, signatures, sweep, tally).await?;
    let consents = Condition::all()
        .add(consent::Column::RegionId.eq(tx.region()))
        .add(consent::Column::CaseId.eq(doomed.case));
    tx.sweep(consent::Entity, consents, sweep, tally).await?;
    let emergencies = Condition::all()
        .add(emergency::Column::RegionId.eq(tx.region()))
        .add(emergency::Column::CaseId.eq(doomed.case));
    tx.sweep(emergency::Entity, emergencies, sweep, tally).await
}

/// Who reaches the case: of a case that stays, who did so through meetings that go.
pub async fn circle(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let guests = Condition::all()
        .add(case_guest::Column::RegionId.eq(tx.region()))
        .add(case_guest::Column::CaseId.eq(doomed.case));
    if !doomed.whole {
        let meetings = doomed.meetings.iter().copied();
        return tx
            .sweep(
                case_guest::Entity,
                guests.add(case_guest::Column::ConsultationId.is_in(meetings)),
                sweep,
                tally,
            )
            .await;
    }
    tx.sweep(case_guest::Entity, guests, sweep, tally).await?;
    opened(tx, doomed, sweep, tally).await?;
    let wishes = Condition::all()
        .add(parent_wishes::Column::RegionId.eq(tx.region()))
        .add(parent_wishes::Column::CaseId.eq(doomed.case));
    tx.sweep(parent_wishes::Entity, wishes, sweep, tally).await?;
    let parents = Condition::all()
        .add(case_parent::Column::RegionId.eq(tx.region()))
        .add(case_parent::Column::CaseId.eq(doomed.case));
    tx.sweep(case_parent::Entity, parents, sweep, tally).await?;
    let circle = Condition::all()
        .add(case_circle::Column::RegionId.eq(tx.region()))
        .add(case_circle::Column::CaseId.eq(doomed.case));
    tx.sweep(case_circle::Entity, circle, sweep, tally).await
}

/// The persons themselves, last of all.
pub async fn persons(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    let private = Condition::all()
        .add(person::Column::Id.is_in(doomed.persons.iter().copied()))
        .add(person::Column::Private.eq(true));
    tx.sweep(person::Entity, private, sweep, tally).await
}
