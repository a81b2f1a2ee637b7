//! Requests for information in the database, what was noted of each sealed under the child's key.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes, Role},
    ids::{CaseId, InformationRequestId, OrganisationId, PersonId},
    text::FreeText,
    thuiszitter::information::{InformationKind, InformationState},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    entity::information_request::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        vault::{Place, SubjectKeys},
    },
};

/// Something that a partner is asked to tell about the child of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InformationRequest {
    /// Which.
    pub id: InformationRequestId,
    /// About which case.
    pub case: CaseId,
    /// What.
    pub kind: InformationKind,
    /// Who is asked.
    pub organisation: OrganisationId,
    /// As what.
    pub role: Role,
    /// Who asked; none when a system did for nobody.
    pub person: Option<PersonId>,
    /// When.
    pub asked: NaiveDate,
    /// By when an answer is hoped for.
    pub due: NaiveDate,
    /// How far it is.
    pub state: InformationState,
    /// When it ended.
    pub ended: Option<NaiveDate>,
    /// What belongs to it.
    pub note: Option<FreeText>,
    /// The etag.
    pub version: i32,
}

/// A request without an answer, as a list of tasks tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::thuiszitter) struct Waiting {
    pub id: InformationRequestId,
    pub case: CaseId,
    /// Who is asked, and as what.
    pub asked: (OrganisationId, Role),
    pub class: Class,
    pub due: NaiveDate,
    /// Whether the caller asked it, and is not who is asked.
    pub own: bool,
}

fn place(row: Uuid) -> Place {
    Place { table: "information_request", column: "sealed_note", row }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "information_request", column }
}

/// A row as it stands, whoever asks; none when there is none in the region.
pub(super) async fn find(read: &Read, id: InformationRequestId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?)
}

/// Opens a row with the key of the child.
pub(super) async fn open(read: &Read, row: &Model, child: PersonId) -> Result<InformationRequest> {
    let keys = read.subject_keys(&[child.0]).await?;
    opened(&keys, row, child)
}

/// What was asked about a case, of what somebody sees who sees `classes`, by due date, whoever asks: the
/// caller of this owes the policy.
pub async fn told(
    read: &Read,
    (case, child): (CaseId, PersonId),
    classes: Classes,
) -> Result<Vec<InformationRequest>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .order_by_asc(Column::DueOn)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let keys = read.subject_keys(&[child.0]).await?;
    let mut all: Vec<InformationRequest> =
        rows.iter().map(|row| opened(&keys, row, child)).collect::<Result<_>>()?;
    all.retain(|request| classes.has(request.kind.class()));
    Ok(all)
}

/// What `person` asked in `cases`, or is asked there as who has one of `roles` at their organisation, and nobody
/// answered yet, whoever asks: the caller of this owes the policy.
pub(in crate::thuiszitter) async fn waiting(
    read: &Read,
    cases: &[Uuid],
    (person, roles): (Option<Uuid>, &[Role]),
) -> Result<Vec<Waiting>> {
    let Some(person) = person.filter(|_| !cases.is_empty()) else { return Ok(Vec::new()) };
    let mut whose = Condition::any().add(Column::PersonId.eq(person));
    if let Some(organisation) = read.grant().organisation() {
        let asked = Condition::all().add(Column::OrganisationId.eq(organisation));
        whose = whose.add(asked.add(Column::Role.is_in(roles.iter().map(ToString::to_string))));
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(whose)
        .filter(Column::State.eq(InformationState::Asked.to_string()))
        .filter(Column::CaseId.is_in(cases.iter().copied()))
        .all(&read.db())
        .await?;
    let one = |row: Model| {
        let kind: InformationKind = row.kind.parse().map_err(|_| corrupt("kind"))?;
        let role: Role = row.role.parse().map_err(|_| corrupt("role"))?;
        let (id, case) = (InformationRequestId(row.id), CaseId(row.case_id));
        let asked = (OrganisationId(row.organisation_id), role);
        let own = row.person_id == Some(person);
        Ok(Waiting { id, case, asked, class: kind.class(), due: row.due_on, own })
    };
    rows.into_iter().map(one).collect()
}

fn opened(keys: &SubjectKeys, row: &Model, child: PersonId) -> Result<InformationRequest> {
    let note = keys.open_if(child.0, place(row.id), row.sealed_note.as_deref())?;
    Ok(InformationRequest {
        id: InformationRequestId(row.id),
        case: CaseId(row.case_id),
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        organisation: OrganisationId(row.organisation_id),
        role: row.role.parse().map_err(|_| corrupt("role"))?,
        person: row.person_id.map(PersonId),
        asked: row.asked_on,
        due: row.due_on,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        ended: row.ended_on,
        note: note.map(|text| text.parse().map_err(|_| corrupt("sealed_note"))).transpose()?,
        version: row.version,
    })
}

/// Keeps a new request.
pub(super) async fn insert(tx: &Tx, request: &InformationRequest, child: PersonId) -> Result<()> {
    Entity::insert(row(tx, request, child).await?).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a request back and raises its version; somebody else's change in between is [`Error::Stale`].
pub(super) async fn update(tx: &Tx, request: &mut InformationRequest, child: PersonId) -> Result<()> {
    let read = request.version;
    request.version += 1;
    let written = Entity::update_many()
        .set(row(tx, request, child).await?)
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(request.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn row(tx: &Tx, request: &InformationRequest, child: PersonId) -> Result<ActiveModel> {
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    let seal = |note: &FreeText| tx.seal(&keys, child.0, place(request.id.0), note.as_str());
    Ok(ActiveModel {
        region_id: Set(tx.region()),
        id: Set(request.id.0),
        case_id: Set(request.case.0),
        kind: Set(request.kind.to_string()),
        organisation_id: Set(request.organisation.0),
        role: Set(request.role.to_string()),
        person_id: Set(request.person.map(|person| person.0)),
        asked_on: Set(request.asked),
        due_on: Set(request.due),
        state: Set(request.state.to_string()),
        ended_on: Set(request.ended),
        sealed_note: Set(request.note.as_ref().map(seal).transpose()?),
        version: Set(request.version),
    })
}
