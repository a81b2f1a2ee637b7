//! Plan actions in the database, each sealed under the child's key.

use chrono::NaiveDate;
use schakel_domain::{
    access::Classes,
    ids::{CaseId, OrganisationId, PersonId, PlanActionId},
    text::FreeText,
    thuiszitter::{PlanState, Side, Sight},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    entity::plan_action::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        vault::{Place, SubjectKeys},
    },
};

/// Something that somebody does for the child of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanAction {
    /// Which.
    pub id: PlanActionId,
    /// Of which case.
    pub case: CaseId,
    /// Whose work it is.
    pub side: Side,
    /// What is done.
    pub text: FreeText,
    /// Who answers for it.
    pub organisation: OrganisationId,
    /// Who of it does it; none leaves it to the organisation.
    pub person: Option<PersonId>,
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub due: NaiveDate,
    /// How far it is.
    pub state: PlanState,
    /// When it was done.
    pub done: Option<NaiveDate>,
    /// Why it was dropped.
    pub reason: Option<FreeText>,
    /// The etag.
    pub version: i32,
}

/// An open action as a list of tasks tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::thuiszitter) struct Waiting {
    pub id: PlanActionId,
    pub case: CaseId,
    pub side: Side,
    pub due: NaiveDate,
}

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "plan_action", column, row }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "plan_action", column }
}

/// A row as it stands, whoever asks; none when there is none in the region.
pub(super) async fn find(read: &Read, id: PlanActionId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?)
}

/// Opens a row with the key of the child.
pub(super) async fn open(read: &Read, row: Model, child: PersonId) -> Result<PlanAction> {
    let keys = read.subject_keys(&[child.0]).await?;
    opened(&keys, &row, child)
}

/// The plan of a case by start, whoever asks: the caller of this owes the policy.
pub(super) async fn of_case(read: &Read, (case, child): (CaseId, PersonId)) -> Result<Vec<PlanAction>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .order_by_asc(Column::StartDate)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let keys = read.subject_keys(&[child.0]).await?;
    rows.iter().map(|row| opened(&keys, row, child)).collect()
}

/// What somebody who sees `classes` sees whole of the plan of a case, whoever asks: the caller of
/// this owes the policy.
pub async fn told(read: &Read, of: (CaseId, PersonId), classes: Classes) -> Result<Vec<PlanAction>> {
    let mut plan = of_case(read, of).await?;
    plan.retain(|action| action.side.sight(classes) == Some(Sight::Whole));
    Ok(plan)
}

/// The open actions of `person`, or of nobody in particular at `organisation`, in whichever case and
/// whoever asks: the caller of this owes the policy.
pub(in crate::thuiszitter) async fn waiting(
    read: &Read,
    (person, organisation): (Option<Uuid>, Option<Uuid>),
) -> Result<Vec<Waiting>> {
    let of_nobody = Condition::all()
        .add(Column::PersonId.is_null())
        .add(Column::OrganisationId.eq(organisation.unwrap_or_default()));
    let own = Condition::any().add(Column::PersonId.eq(person.unwrap_or_default())).add(of_nobody);
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(PlanState::Open.to_string()))
        .filter(own)
        .all(&read.db())
        .await?;
    let one = |row: Model| {
        let side = row.side.parse().map_err(|_| corrupt("side"))?;
        Ok(Waiting { id: PlanActionId(row.id), case: CaseId(row.case_id), side, due: row.due_date })
    };
    rows.into_iter().map(one).collect()
}

fn opened(keys: &SubjectKeys, row: &Model, child: PersonId) -> Result<PlanAction> {
    let text = keys.open(child.0, place("sealed_text", row.id), &row.sealed_text)?;
    let reason = keys.open_if(child.0, place("sealed_reason", row.id), row.sealed_reason.as_deref())?;
    Ok(PlanAction {
        id: PlanActionId(row.id),
        case: CaseId(row.case_id),
        side: row.side.parse().map_err(|_| corrupt("side"))?,
        text: text.parse().map_err(|_| corrupt("sealed_text"))?,
        organisation: OrganisationId(row.organisation_id),
        person: row.person_id.map(PersonId),
        start: row.start_date,
        due: row.due_date,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        done: row.done_on,
        reason: reason.map(|text| text.parse().map_err(|_| corrupt("sealed_reason"))).transpose()?,
        version: row.version,
    })
}

/// Keeps a new action.
pub(super) async fn insert(tx: &Tx, action: &PlanAction, child: PersonId) -> Result<()> {
    Entity::insert(row(tx, action, child).await?).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes an action back and raises its version; somebody else's change in between is
/// [`Error::Stale`].
pub(super) async fn update(tx: &Tx, action: &mut PlanAction, child: PersonId) -> Result<()> {
    let read = action.version;
    action.version += 1;
    let written = Entity::update_many()
        .set(row(tx, action, child).await?)
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(action.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn row(tx: &Tx, action: &PlanAction, child: PersonId) -> Result<ActiveModel> {
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    let seal = |column, plain: &FreeText| tx.seal(&keys, child.0, place(column, action.id.0), plain.as_str());
    Ok(ActiveModel {
        region_id: Set(tx.region()),
        id: Set(action.id.0),
        case_id: Set(action.case.0),
        side: Set(action.side.to_string()),
        organisation_id: Set(action.organisation.0),
        person_id: Set(action.person.map(|person| person.0)),
        start_date: Set(action.start),
        due_date: Set(action.due),
        state: Set(action.state.to_string()),
        done_on: Set(action.done),
        sealed_text: Set(seal("sealed_text", &action.text)?),
        sealed_reason: Set(action.reason.as_ref().map(|text| seal("sealed_reason", text)).transpose()?),
        version: Set(action.version),
    })
}
