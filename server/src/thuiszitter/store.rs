//! Cases in the database: a plain row, and the facts sealed under the child's key.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;
use schakel_domain::{
    ids::{CaseId, PersonId},
    thuiszitter::{AbsenceKind, Outcome, Profile},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::SelectStatement,
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::{
    case::{Absence, Case, ExternalReference, Milestones, Missed, State},
    norms::Norms,
    track,
};
use crate::{
    entity::{
        policy_profile,
        thuiszitter::{ActiveModel, Column, Entity, Model},
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        turn,
        vault::{Place, SubjectKeys},
    },
    wire::page::Page,
};

/// The facts as they are sealed.
#[derive(serde::Serialize, serde::Deserialize)]
pub(super) struct Sealed {
    kind: String,
    first_day: NaiveDate,
    hours: Vec<Missed>,
    #[serde(flatten)]
    milestones: Milestones,
}

impl Sealed {
    /// The facts of `case`.
    pub(super) fn of(case: &Case) -> Self {
        Self {
            kind: case.absence.kind.to_string(),
            first_day: case.absence.first_day,
            hours: case.absence.hours.clone(),
            milestones: case.milestones.clone(),
        }
    }

    fn opened(self) -> Option<(Absence, Milestones)> {
        let kind: AbsenceKind = self.kind.parse().ok()?;
        Some((Absence { kind, first_day: self.first_day, hours: self.hours }, self.milestones))
    }
}

/// References as they are sealed: system and id.
fn references(plain: &str) -> Option<Vec<ExternalReference>> {
    let sealed: Vec<(String, String)> = serde_json::from_str(plain).ok()?;
    let one = |(system, id): (String, String)| {
        Some(ExternalReference { system: system.parse().ok()?, id: id.parse().ok()? })
    };
    sealed.into_iter().map(one).collect()
}

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "thuiszitter", column, row }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "thuiszitter", column }
}

/// One case, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `CASE_NOT_FOUND`.
pub async fn get(read: &Read, id: CaseId, child: PersonId) -> Result<Case> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    let row = row.ok_or(Error::NotFound("CASE"))?;
    let mut cases = open(read, vec![row], &HashMap::from([(id.0, child)])).await?;
    cases.pop().ok_or(Error::NotFound("CASE"))
}

/// Which cases a list is about.
pub(super) struct Scope {
    /// Those that are reached.
    pub reached: SelectStatement,
    /// Those of one school.
    pub school: Option<SelectStatement>,
    /// Those in this state.
    pub state: State,
}

/// A page of rows, longest at home first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, scope: Scope, page: &Page<(NaiveDate, Uuid)>) -> Result<Vec<Model>> {
    let mut query = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(scope.state.to_string()))
        .filter(Column::Id.in_subquery(scope.reached));
    if let Some(school) = scope.school {
        query = query.filter(Column::Id.in_subquery(school));
    }
    if let Some((day, id)) = page.after {
        let same = Condition::all().add(Column::FirstAbsenceDay.eq(day)).add(Column::Id.gt(id));
        query = query.filter(Condition::any().add(Column::FirstAbsenceDay.gt(day)).add(same));
    }
    let query = query.order_by_asc(Column::FirstAbsenceDay).order_by_asc(Column::Id);
    Ok(query.limit(page.size + 1).all(&read.db()).await?)
}

/// Two who open a case of one child at one moment take turns.
pub(super) async fn alone(tx: &Tx, index: &[u8]) -> Result<()> {
    let turn = index.first_chunk::<8>().map(|bytes| i64::from_be_bytes(*bytes)).unwrap_or_default();
    tx.alone([turn].into()).await
}

/// Two who write in one case at one moment take turns: the second reads what the first wrote.
pub(super) async fn in_turn(tx: &Tx, case: CaseId) -> Result<()> {
    tx.alone([turn::of(case.0)].into()).await
}

/// The open cases of a child, by its index.
pub(super) async fn open_of_child(read: &Read, index: &[u8]) -> Result<Vec<Uuid>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ChildIndex.eq(index.to_vec()))
        .filter(Column::State.eq(State::Open.to_string()))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// So many open cases after `after`, by their ids, whoever asks.
pub(super) async fn open_after(read: &Read, after: Uuid, count: u64) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(State::Open.to_string()))
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(count)
        .all(&read.db())
        .await?)
}

/// The open cases among `reached`.
pub(super) async fn open_within(read: &Read, reached: SelectStatement) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(State::Open.to_string()))
        .filter(Column::Id.in_subquery(reached))
        .all(&read.db())
        .await?)
}

/// Who keeps each of `cases` together, and by which its child is found again: in one statement, whoever
/// asks. Nothing is opened.
pub(super) async fn kept_by(
    read: &Read,
    cases: &[Uuid],
) -> Result<HashMap<Uuid, (Option<PersonId>, Vec<u8>)>> {
    let rows: Vec<(Uuid, Option<Uuid>, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::RegisseurId, Column::ChildIndex])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(cases.iter().copied()))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|(id, regisseur, index)| (id, (regisseur.map(PersonId), index))).collect())
}

/// The closed cases among `reached` with an outcome on `since` or later.
pub(super) async fn closed_within(
    read: &Read,
    reached: SelectStatement,
    since: NaiveDate,
) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(State::Closed.to_string()))
        .filter(Column::OutcomeDate.gte(since))
        .filter(Column::Id.in_subquery(reached))
        .all(&read.db())
        .await?)
}

/// That a case is closed with an end after which somebody still looks in.
fn looked_after() -> Condition {
    let after = Outcome::iter().filter(|outcome| outcome.counts_as().follow_up.looks_in());
    Condition::all()
        .add(Column::State.eq(State::Closed.to_string()))
        .add(Column::Outcome.is_in(after.map(|outcome| outcome.to_string())))
}

/// Those among `reached` in which somebody may still look in, ended on `since` or later, or in which an arrangement
/// runs.
pub(super) async fn looked_after_within(
    read: &Read,
    reached: SelectStatement,
    since: NaiveDate,
) -> Result<Vec<Model>> {
    let arranged = Column::Id.in_subquery(track::store::with_arrangement(read));
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(looked_after())
        .filter(Condition::any().add(Column::OutcomeDate.gte(since)).add(arranged))
        .filter(Column::Id.in_subquery(reached))
        .all(&read.db())
        .await?)
}

/// So many after `after`, by their ids, of the open cases and of those in which somebody may still look in,
/// ended on `since` or later.
pub(super) async fn minded_after(
    read: &Read,
    after: Uuid,
    (since, count): (NaiveDate, u64),
) -> Result<Vec<Model>> {
    let open = Column::State.eq(State::Open.to_string());
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Condition::any().add(open).add(looked_after().add(Column::OutcomeDate.gte(since))))
        .filter(Column::Id.gt(after))
        .order_by_asc(Column::Id)
        .limit(count)
        .all(&read.db())
        .await?)
}

/// The closed cases among `reached` that wait to be handed over.
pub(super) async fn to_hand_over_within(read: &Read, reached: SelectStatement) -> Result<Vec<Model>> {
    Ok(Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::State.eq(State::Closed.to_string()))
        .filter(Column::NextActionDate.is_not_null())
        .filter(Column::Id.in_subquery(reached))
        .all(&read.db())
        .await?)
}

/// Those of `cases` that exist in this region.
pub(super) async fn existing(read: &Read, cases: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(cases.iter().copied()))
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// Those of `cases` of which the family hears nothing any more, whoever asks.
pub async fn silent(read: &Read, cases: &[CaseId]) -> Result<HashSet<CaseId>> {
    if cases.is_empty() {
        return Ok(HashSet::new());
    }
    let silencing = Outcome::iter().filter(|outcome| outcome.silences()).map(|outcome| outcome.to_string());
    let found = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(cases.iter().map(|case| case.0)))
        .filter(Column::Outcome.is_in(silencing))
        .into_tuple::<Uuid>()
        .all(&read.db())
        .await?;
    Ok(found.into_iter().map(CaseId).collect())
}

/// Whether a case in this region is spoken of by `reference`.
pub(super) async fn reference_is_taken(read: &Read, reference: &str) -> Result<bool> {
    let row = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Reference.eq(reference))
        .one(&read.db())
        .await?;
    Ok(row.is_some())
}

/// Opens rows with their children's keys, in one statement.
pub(super) async fn open(
    read: &Read,
    rows: Vec<Model>,
    children: &HashMap<Uuid, PersonId>,
) -> Result<Vec<Case>> {
    let subjects: Vec<Uuid> = children.values().map(|child| child.0).collect();
    let keys = read.subject_keys(&subjects).await?;
    rows.into_iter()
        .map(|row| {
            let child = children.get(&row.id).ok_or_else(|| corrupt("id"))?;
            opened(&keys, row, *child)
        })
        .collect()
}

fn opened(keys: &SubjectKeys, row: Model, child: PersonId) -> Result<Case> {
    let facts = keys.open(child.0, place("sealed_facts", row.id), &row.sealed_facts)?;
    let facts: Option<Sealed> = serde_json::from_str(&facts).ok();
    let (absence, milestones) = facts.and_then(Sealed::opened).ok_or_else(|| corrupt("sealed_facts"))?;
    let question = keys.open_if(child.0, place("sealed_question", row.id), row.sealed_question.as_deref())?;
    let known = row.sealed_references.as_deref();
    let external = keys.open_if(child.0, place("sealed_references", row.id), known)?;
    let external = external.map_or(Some(Vec::new()), |plain| references(&plain));
    let outcome = match (row.outcome, row.outcome_date) {
        (Some(outcome), Some(date)) => Some((outcome.parse().map_err(|_| corrupt("outcome"))?, date)),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => return Err(corrupt("outcome_date")),
    };
    Ok(Case {
        id: CaseId(row.id),
        reference: row.reference,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        stage: row.stage.parse().map_err(|_| corrupt("stage"))?,
        level: u8::try_from(row.escalation_level).map_err(|_| corrupt("escalation_level"))?,
        child_index: row.child_index,
        absence,
        milestones,
        question: question.map(|text| text.parse().map_err(|_| corrupt("sealed_question"))).transpose()?,
        regisseur: row.regisseur_id.map(PersonId),
        next_action: row.next_action_date,
        outcome,
        opened: from_column(row.opened_at)?,
        closed: row.closed_at.map(from_column).transpose()?,
        reopened: row.reopened,
        version: row.version,
        external: external.ok_or_else(|| corrupt("sealed_references"))?,
    })
}

/// Keeps a new case; its circle must be drawn before.
pub(super) async fn insert(tx: &Tx, case: &Case, child: PersonId) -> Result<()> {
    Entity::insert(row(tx, case, child).await?).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a case back and raises its version; somebody else's change in between is [`Error::Stale`].
pub(super) async fn update(tx: &Tx, case: &mut Case, child: PersonId) -> Result<()> {
    let read = case.version;
    case.version += 1;
    let written = Entity::update_many()
        .set(row(tx, case, child).await?)
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(case.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

async fn row(tx: &Tx, case: &Case, child: PersonId) -> Result<ActiveModel> {
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    let seal = |column, plain: &str| tx.seal(&keys, child.0, place(column, case.id.0), plain);
    let facts = serde_json::to_string(&Sealed::of(case)).map_err(|_| corrupt("sealed_facts"))?;
    let question = case.question.as_ref();
    let external: Vec<_> = case.external.iter().map(|one| (one.system.as_str(), one.id.as_str())).collect();
    let external = serde_json::to_string(&external).map_err(|_| corrupt("sealed_references"))?;
    let external = (!case.external.is_empty()).then(|| seal("sealed_references", &external)).transpose()?;
    Ok(ActiveModel {
        region_id: Set(tx.region()),
        id: Set(case.id.0),
        reference: Set(case.reference.clone()),
        state: Set(case.state.to_string()),
        stage: Set(case.stage.to_string()),
        escalation_level: Set(i32::from(case.level)),
        child_index: Set(case.child_index.clone()),
        first_absence_day: Set(case.absence.first_day),
        sealed_facts: Set(seal("sealed_facts", &facts)?),
        sealed_question: Set(question.map(|text| seal("sealed_question", text.as_str())).transpose()?),
        regisseur_id: Set(case.regisseur.map(|person| person.0)),
        next_action_date: Set(case.next_action),
        outcome: Set(case.outcome.map(|(outcome, _)| outcome.to_string())),
        outcome_date: Set(case.outcome.map(|(_, date)| date)),
        opened_at: Set(to_column(case.opened)),
        closed_at: Set(case.closed.map(to_column)),
        reopened: Set(case.reopened),
        version: Set(case.version),
        sealed_references: Set(external),
    })
}

/// The region's norms in use on `day`; before its first ones, the shipped ones.
pub async fn profile(read: &Read, day: NaiveDate) -> Result<Arc<Norms>> {
    let row = policy_profile::Entity::find()
        .filter(policy_profile::Column::RegionId.eq(read.region()))
        .filter(policy_profile::Column::ValidFrom.lte(day))
        .order_by_desc(policy_profile::Column::ValidFrom)
        .order_by_desc(policy_profile::Column::Version)
        .one(&read.db())
        .await?;
    let body = row.map_or(Cow::Borrowed(Profile::shipped_text()), |row| Cow::Owned(row.body));
    let corrupt = |_| Error::Corrupt { table: "policy_profile", column: "body" };
    read.app().remembered.norms.read(&body).map_err(corrupt)
}
