//! Tracks and their steps in the database, what was noted of each step sealed under the child's key.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, ConsultationId, FactId, PersonId, SchoolId, TrackId},
    text::FreeText,
    thuiszitter::track::{TrackGround, TrackKind, TrackOutcome, TrackState, TrackStep},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    access::authenticate::today,
    entity::{
        case_track::{ActiveModel, Column, Entity, Model},
        track_step,
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        vault::{Place, SubjectKeys},
    },
};

/// A track of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Which.
    pub id: TrackId,
    /// Of which case.
    pub case: CaseId,
    /// What it is about.
    pub kind: TrackKind,
    /// On what ground; of an exemption alone.
    pub ground: Option<TrackGround>,
    /// Who sees to it.
    pub coordinator: PersonId,
    /// The first day.
    pub started: NaiveDate,
    /// When something happens next; none once it ended.
    pub next: Option<NaiveDate>,
    /// Whether it runs.
    pub state: TrackState,
    /// How it ended.
    pub outcome: Option<TrackOutcome>,
    /// The day on which it did.
    pub closed: Option<NaiveDate>,
    /// What happened in it, oldest first; what was taken back too.
    pub steps: Vec<Step>,
    /// The etag.
    pub version: i32,
}

/// What happened in a track.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which row.
    pub id: Uuid,
    /// What.
    pub kind: TrackStep,
    /// On which day.
    pub on: NaiveDate,
    /// Until when it lasts, of the beginning of an arrangement.
    pub until: Option<NaiveDate>,
    /// At which school.
    pub school: Option<SchoolId>,
    /// At which meeting.
    pub consultation: Option<ConsultationId>,
    /// What was noted.
    pub note: Option<FreeText>,
    /// What it wrote in the log of facts, or has from another that wrote the same and was taken back.
    pub fact: Option<FactId>,
    /// Whether it was a mistake, and taken back.
    pub taken_back: bool,
}

impl Track {
    /// The steps that stand, oldest first.
    pub(super) fn standing(&self) -> impl DoubleEndedIterator<Item = &Step> {
        self.steps.iter().filter(|step| !step.taken_back)
    }

    /// Until when an arrangement lasts that began.
    pub(super) fn until(&self) -> Option<NaiveDate> {
        self.standing().rev().find_map(|step| step.until)
    }

    /// What happened on which days.
    pub(super) fn taken(&self) -> Vec<(TrackStep, NaiveDate)> {
        self.standing().map(|step| (step.kind, step.on)).collect()
    }
}

/// A running track as a list of tasks tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::thuiszitter) struct Waiting {
    pub id: TrackId,
    pub case: CaseId,
    pub kind: TrackKind,
    pub next: NaiveDate,
}

fn place(row: Uuid) -> Place {
    Place { table: "track_step", column: "sealed_note", row }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "case_track", column }
}

/// A row as it stands, whoever asks; none when there is none in the region.
pub(super) async fn find(read: &Read, id: TrackId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?)
}

/// Opens a row, and its steps with the key of the child.
pub(super) async fn open(read: &Read, row: Model, child: PersonId) -> Result<Track> {
    let case = CaseId(row.case_id);
    let mut steps = steps(read, (case, child)).await?;
    steps.retain(|(track, _)| *track == row.id);
    opened(&row, steps.into_iter().map(|(_, step)| step).collect())
}

/// The tracks of a case by first day, for somebody who sees `classes`, whoever asks: the caller of this
/// owes the policy. Who does not see the content of education is told of none.
pub async fn told(read: &Read, (case, child): (CaseId, PersonId), classes: Classes) -> Result<Vec<Track>> {
    if !classes.has(Class::K4) {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .order_by_asc(Column::StartedOn)
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let mut steps = steps(read, (case, child)).await?;
    steps.retain(|(_, step)| classes.has(step.kind.class()));
    let of = |track: Uuid| {
        steps.iter().filter(|(id, _)| *id == track).map(|(_, step)| step.clone()).collect::<Vec<_>>()
    };
    rows.iter().map(|row| opened(row, of(row.id))).collect()
}

/// Whether a track of `kind` runs in `case`.
pub(super) async fn runs(read: &Read, case: CaseId, kind: TrackKind) -> Result<bool> {
    let running = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .filter(Column::Kind.eq(kind.to_string()))
        .filter(Column::State.eq(TrackState::Open.to_string()))
        .count(&read.db())
        .await?;
    Ok(running > 0)
}

/// The running tracks in `cases` to which `person` sees, whoever asks: the caller of this owes the
/// policy.
pub(in crate::thuiszitter) async fn coordinated(
    read: &Read,
    cases: &[Uuid],
    person: Option<Uuid>,
) -> Result<Vec<Waiting>> {
    let Some(person) = person.filter(|_| !cases.is_empty()) else { return Ok(Vec::new()) };
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CoordinatorId.eq(person))
        .filter(Column::State.eq(TrackState::Open.to_string()))
        .filter(Column::CaseId.is_in(cases.iter().copied()))
        .all(&read.db())
        .await?;
    let one = |row: Model| -> Result<Option<Waiting>> {
        let Some(next) = row.next_on else { return Ok(None) };
        let kind = row.kind.parse().map_err(|_| corrupt("kind"))?;
        Ok(Some(Waiting { id: TrackId(row.id), case: CaseId(row.case_id), kind, next }))
    };
    rows.into_iter().map(one).filter_map(Result::transpose).collect()
}

/// Who sees to the running tracks of a case, whoever asks.
pub(in crate::thuiszitter) async fn coordinators(read: &Read, case: CaseId) -> Result<Vec<PersonId>> {
    let persons: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::CoordinatorId)
        .distinct()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .filter(Column::State.eq(TrackState::Open.to_string()))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(persons.into_iter().map(PersonId).collect())
}

/// `next` sees to the running tracks of a case to which `gone` saw.
pub(in crate::thuiszitter) async fn follow(
    tx: &Tx,
    case: CaseId,
    (gone, next): (&[PersonId], PersonId),
) -> Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::CoordinatorId, Expr::value(next.0))
        .col_expr(Column::Version, Expr::col(Column::Version).add(1))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::CaseId.eq(case.0))
        .filter(Column::State.eq(TrackState::Open.to_string()))
        .filter(Column::CoordinatorId.is_in(gone.iter().map(|person| person.0)))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// That a track is of an arrangement that runs.
fn arranges(read: &Read) -> Condition {
    let kinds = TrackKind::ARRANGEMENTS.map(|kind| kind.to_string());
    Condition::all()
        .add(Column::RegionId.eq(read.region()))
        .add(Column::Kind.is_in(kinds))
        .add(Column::State.eq(TrackState::Open.to_string()))
}

/// The ids of the cases in which an arrangement runs, as a subquery for lists.
pub(in crate::thuiszitter) fn with_arrangement(read: &Read) -> SelectStatement {
    Query::select().column(Column::CaseId).from(Entity).cond_where(arranges(read)).to_owned()
}

/// Those of `cases` in which an arrangement runs, each with who sees to one, whoever asks: the caller of this owes
/// the policy.
pub(in crate::thuiszitter) async fn arranging(
    read: &Read,
    cases: &[Uuid],
) -> Result<HashMap<Uuid, HashSet<Uuid>>> {
    let running = arranges(read).add(Column::CaseId.is_in(cases.iter().copied()));
    let mut found: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for row in Entity::find().filter(running).all(&read.db()).await? {
        found.entry(row.case_id).or_default().insert(row.coordinator_id);
    }
    Ok(found)
}

/// Every step of the tracks of a case, each with its track, oldest first.
async fn steps(read: &Read, (case, child): (CaseId, PersonId)) -> Result<Vec<(Uuid, Step)>> {
    let rows = track_step::Entity::find()
        .filter(track_step::Column::RegionId.eq(read.region()))
        .filter(track_step::Column::CaseId.eq(case.0))
        .order_by_asc(track_step::Column::TakenOn)
        .order_by_asc(track_step::Column::Id)
        .all(&read.db())
        .await?;
    let keys = read.subject_keys(&[child.0]).await?;
    let taken_back: HashSet<Uuid> = rows.iter().filter_map(|row| row.withdraws_id).collect();
    let own = rows.iter().filter(|row| row.withdraws_id.is_none());
    own.map(|row| {
        let step = opened_step(&keys, row, child)?;
        Ok((row.track_id, Step { taken_back: taken_back.contains(&row.id), ..step }))
    })
    .collect()
}

fn opened_step(keys: &SubjectKeys, row: &track_step::Model, child: PersonId) -> Result<Step> {
    let corrupt = |column| Error::Corrupt { table: "track_step", column };
    let note = keys.open_if(child.0, place(row.id), row.sealed_note.as_deref())?;
    Ok(Step {
        id: row.id,
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        on: row.taken_on,
        until: row.until_on,
        school: row.school_id.map(SchoolId),
        consultation: row.consultation_id.map(ConsultationId),
        note: note.map(|text| text.parse().map_err(|_| corrupt("sealed_note"))).transpose()?,
        fact: row.fact_id.map(FactId),
        taken_back: false,
    })
}

fn opened(row: &Model, steps: Vec<Step>) -> Result<Track> {
    let ground: Option<TrackGround> =
        row.ground.as_deref().map(str::parse).transpose().map_err(|_| corrupt("ground"))?;
    let outcome: Option<TrackOutcome> =
        row.outcome.as_deref().map(str::parse).transpose().map_err(|_| corrupt("outcome"))?;
    Ok(Track {
        id: TrackId(row.id),
        case: CaseId(row.case_id),
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        ground,
        coordinator: PersonId(row.coordinator_id),
        started: row.started_on,
        next: row.next_on,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        outcome,
        closed: row.closed_on,
        steps,
        version: row.version,
    })
}

/// Keeps a new track, which has no steps yet.
pub(super) async fn insert(tx: &Tx, track: &Track) -> Result<()> {
    Entity::insert(row(tx, track)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a track back without its steps and raises its version; somebody else's change in between is
/// [`Error::Stale`].
pub(super) async fn update(tx: &Tx, track: &mut Track) -> Result<()> {
    let read = track.version;
    track.version += 1;
    let written = Entity::update_many()
        .set(row(tx, track))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(track.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

/// Keeps a step.
pub(super) async fn add_step(tx: &Tx, (track, child): (&Track, PersonId), step: &Step) -> Result<()> {
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    let seal = |note: &FreeText| tx.seal(&keys, child.0, place(step.id), note.as_str());
    let row = track_step::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(step.id),
        case_id: Set(track.case.0),
        track_id: Set(track.id.0),
        kind: Set(step.kind.to_string()),
        taken_on: Set(step.on),
        until_on: Set(step.until),
        school_id: Set(step.school.map(|school| school.0)),
        consultation_id: Set(step.consultation.map(|meeting| meeting.0)),
        sealed_note: Set(step.note.as_ref().map(seal).transpose()?),
        fact_id: Set(step.fact.map(|fact| fact.0)),
        withdraws_id: Set(None),
    };
    track_step::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Keeps that a step was taken back today: a row of its own says so, and that of the step stays as it is.
pub(super) async fn take_back(tx: &Tx, track: &Track, step: &Step) -> Result<()> {
    let row = track_step::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(tx.new_id()),
        case_id: Set(track.case.0),
        track_id: Set(track.id.0),
        kind: Set(step.kind.to_string()),
        taken_on: Set(today(tx.now())),
        until_on: Set(None),
        school_id: Set(None),
        consultation_id: Set(None),
        sealed_note: Set(None),
        fact_id: Set(None),
        withdraws_id: Set(Some(step.id)),
    };
    track_step::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Keeps that a fact is what `step` says, since the one that wrote it was taken back.
pub(super) async fn own_fact(tx: &Tx, step: &Step, fact: FactId) -> Result<()> {
    track_step::Entity::update_many()
        .col_expr(track_step::Column::FactId, Expr::value(fact.0))
        .filter(track_step::Column::RegionId.eq(tx.region()))
        .filter(track_step::Column::Id.eq(step.id))
        .exec(&tx.db())
        .await?;
    Ok(())
}

fn row(tx: &Tx, track: &Track) -> ActiveModel {
    ActiveModel {
        region_id: Set(tx.region()),
        id: Set(track.id.0),
        case_id: Set(track.case.0),
        kind: Set(track.kind.to_string()),
        ground: Set(track.ground.map(|ground| ground.to_string())),
        coordinator_id: Set(track.coordinator.0),
        started_on: Set(track.started),
        next_on: Set(track.next),
        state: Set(track.state.to_string()),
        outcome: Set(track.outcome.map(|outcome| outcome.to_string())),
        closed_on: Set(track.closed),
        version: Set(track.version),
    }
}
