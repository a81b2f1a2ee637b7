//! The log in the database: rows that are only ever added, each sealed under the child's key.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, FactId, OrganisationId, PersonId},
    refusal::Refusal,
    text::FreeText,
    thuiszitter::{Fact, Said},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{class, origin};
use crate::{
    access::circle::Circle,
    entity::case_fact::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::{Place, SubjectKeys},
    },
    thuiszitter::{case::Case, store},
};

/// An entry, and who told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it says.
    pub fact: Fact,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// By which roles, separated by spaces.
    pub role: String,
    /// Why, of what is told only with a reason (K4).
    pub reason: Option<FreeText>,
}

/// Why, by what is told with it.
pub(in crate::thuiszitter) type Reasons = BTreeMap<Said, FreeText>;

/// An entry that is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::thuiszitter) struct New {
    /// The entry in whose place it stands.
    pub corrects: Option<FactId>,
    /// What it says; none takes that entry back.
    pub said: Option<Said>,
}

impl From<Said> for New {
    fn from(said: Said) -> Self {
        Self { corrects: None, said: Some(said) }
    }
}

/// What is read of a row: a log is long, and each column of each row costs.
#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    case_id: Uuid,
    told_at: i64,
    organisation_id: Option<Uuid>,
    role: String,
    corrects_id: Option<Uuid>,
    sealed_fact: Option<Vec<u8>>,
    sealed_reason: Option<Vec<u8>>,
}

impl Row {
    const COLUMNS: [Column; 8] = [
        Column::Id,
        Column::CaseId,
        Column::ToldAt,
        Column::OrganisationId,
        Column::Role,
        Column::CorrectsId,
        Column::SealedFact,
        Column::SealedReason,
    ];
}

/// The log of a case, as it was told.
#[derive(Debug, Clone, Default)]
pub(in crate::thuiszitter) struct Log(Vec<Entry>);

fn place(row: Uuid) -> Place {
    Place { table: "case_fact", column: "sealed_fact", row }
}

fn reason_place(row: Uuid) -> Place {
    Place { table: "case_fact", column: "sealed_reason", row }
}

fn corrupt() -> Error {
    Error::Corrupt { table: "case_fact", column: "sealed_fact" }
}

fn corrupt_reason() -> Error {
    Error::Corrupt { table: "case_fact", column: "sealed_reason" }
}

fn opened(keys: &SubjectKeys, row: Row, child: PersonId) -> Result<Entry> {
    let plain = keys.open_if(child.0, place(row.id), row.sealed_fact.as_deref())?;
    let said = plain.map(|plain| serde_json::from_str(&plain)).transpose().map_err(|_| corrupt())?;
    let reason = keys.open_if(child.0, reason_place(row.id), row.sealed_reason.as_deref())?;
    let reason = reason.map(|text| text.parse().map_err(|_| corrupt_reason())).transpose()?;
    let corrects = row.corrects_id.map(FactId);
    let fact = Fact { id: FactId(row.id), told: from_column(row.told_at)?, corrects, said };
    Ok(Entry { fact, organisation: row.organisation_id.map(OrganisationId), role: row.role, reason })
}

/// Every entry about `case` that somebody sees who sees `classes`, as it was told, whoever asks:
/// the caller of this owes the policy.
pub async fn told(read: &Read, (case, child): (CaseId, PersonId), classes: Classes) -> Result<Vec<Entry>> {
    let log = Log::of(read, (case, child)).await?;
    let seen = log.0.iter().filter(|entry| classes.has(log.class(&entry.fact)));
    Ok(seen.cloned().collect())
}

/// In which case the entry is; none when there is no such entry in the region.
pub(super) async fn case_of(read: &Read, id: FactId) -> Result<Option<CaseId>> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    Ok(row.map(|row| CaseId(row.case_id)))
}

impl Log {
    /// That of one case.
    pub(in crate::thuiszitter) async fn of(read: &Read, (case, child): (CaseId, PersonId)) -> Result<Self> {
        let mut logs = Self::of_all(read, &[(case, child)]).await?;
        Ok(logs.remove(&case.0).unwrap_or_default())
    }

    /// Those of several cases, in two statements.
    pub(in crate::thuiszitter) async fn of_all(
        read: &Read,
        cases: &[(CaseId, PersonId)],
    ) -> Result<HashMap<Uuid, Self>> {
        let mut logs: HashMap<Uuid, Self> = HashMap::new();
        if cases.is_empty() {
            return Ok(logs);
        }
        let children: HashMap<Uuid, PersonId> = cases.iter().map(|(case, child)| (case.0, *child)).collect();
        let rows = Entity::find()
            .select_only()
            .columns(Row::COLUMNS)
            .filter(Column::RegionId.eq(read.region()))
            .filter(Column::CaseId.is_in(cases.iter().map(|(case, _)| case.0)))
            .order_by_asc(Column::ToldAt)
            .order_by_asc(Column::Id)
            .into_model::<Row>()
            .all(&read.db())
            .await?;
        let subjects: Vec<Uuid> = cases.iter().map(|(_, child)| child.0).collect();
        let keys = read.subject_keys(&subjects).await?;
        for row in rows {
            let case = row.case_id;
            let child = *children.get(&case).ok_or_else(corrupt)?;
            logs.entry(case).or_default().0.push(opened(&keys, row, child)?);
        }
        Ok(logs)
    }

    /// That of a case that is to be written in. What was known of a case from before there were
    /// logs is written down first, as told now: nobody knows when it was.
    pub(in crate::thuiszitter) async fn begin(tx: &Tx, case: &Case, circle: &Circle) -> Result<Self> {
        store::in_turn(tx, case.id).await?;
        let mut log = Self::of(tx, (case.id, circle.child)).await?;
        if log.0.is_empty() {
            let known = origin::said_by(case, circle).into_iter().chain(origin::decided(case));
            log.append(tx, (case.id, circle.child), known.map(New::from).collect()).await?;
        }
        Ok(log)
    }

    /// Since when it tells what was known of `case`: of one from before there were logs since somebody
    /// first wrote in it, and until then since now.
    fn tells_since(&self, opened: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        self.0.iter().map(|entry| entry.fact.told).min().unwrap_or(now).max(opened)
    }

    /// Refuses an instant at which the case was open and its log had not begun: what was known of it by
    /// then nobody wrote down, and what is known now would be dated too early or left out.
    ///
    /// # Errors
    /// A violation of `as_of_time`.
    pub(in crate::thuiszitter) fn must_tell(
        &self,
        opened: DateTime<Utc>,
        (as_of, now): (Option<DateTime<Utc>>, DateTime<Utc>),
    ) -> Result<()> {
        let untold = as_of.is_some_and(|at| at >= opened && at < self.tells_since(opened, now));
        if untold { Err(Error::field("as_of_time", Refusal::TimeOutOfBounds)) } else { Ok(()) }
    }

    /// The same, with what the case itself says of one from before there were logs.
    pub(in crate::thuiszitter) fn or_origin(mut self, case: &Case, circle: &Circle) -> Self {
        if self.0.is_empty() {
            let known = origin::said_by(case, circle).into_iter().chain(origin::decided(case));
            let entry = |(nth, said): (u128, Said)| Entry {
                fact: Fact {
                    id: FactId(Uuid::from_u128(nth)),
                    told: case.opened,
                    corrects: None,
                    said: Some(said),
                },
                organisation: None,
                role: String::new(),
                reason: None,
            };
            self.0.extend((1..).zip(known).map(entry));
        }
        self
    }

    /// Every entry.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// What they say.
    pub(in crate::thuiszitter) fn facts(&self) -> Vec<Fact> {
        self.0.iter().map(|entry| entry.fact.clone()).collect()
    }

    /// What those say that somebody sees who sees `classes`.
    pub(super) fn seen(&self, classes: Classes) -> Vec<Fact> {
        self.0.iter().map(|entry| &entry.fact).filter(|fact| classes.has(self.class(fact))).cloned().collect()
    }

    /// Of which class an entry is; of one that takes another back, that one's.
    pub(super) fn class(&self, fact: &Fact) -> Class {
        let mut fact = fact;
        // Each entry corrects one before it, so this ends.
        for _ in &self.0 {
            if let Some(said) = &fact.said {
                return class::of_said(said);
            }
            let corrected = fact.corrects.and_then(|id| self.0.iter().find(|entry| entry.fact.id == id));
            let Some(corrected) = corrected else { break };
            fact = &corrected.fact;
        }
        Class::K3
    }

    /// Adds entries that the caller tells just now; gives their ids.
    pub(in crate::thuiszitter) async fn append(
        &mut self,
        tx: &Tx,
        of: (CaseId, PersonId),
        new: Vec<New>,
    ) -> Result<Vec<FactId>> {
        self.append_with(tx, of, (new, &Reasons::new())).await
    }

    /// The same, each with its reason where it has one.
    pub(in crate::thuiszitter) async fn append_with(
        &mut self,
        tx: &Tx,
        (case, child): (CaseId, PersonId),
        (new, reasons): (Vec<New>, &Reasons),
    ) -> Result<Vec<FactId>> {
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let keys = tx.subject_keys_or_new(&[child.0]).await?;
        let told = self.next_told(tx.now());
        let mut rows = Vec::with_capacity(new.len());
        let mut ids = Vec::with_capacity(new.len());
        for New { corrects, said } in new {
            let id = tx.new_id();
            let plain = said.as_ref().map(serde_json::to_string).transpose().map_err(|_| corrupt())?;
            let sealed = plain.map(|plain| tx.seal(&keys, child.0, place(id), &plain)).transpose()?;
            let reason = said.as_ref().and_then(|said| reasons.get(said)).cloned();
            let why = reason.as_ref().map(FreeText::as_str);
            let why = why.map(|why| tx.seal(&keys, child.0, reason_place(id), why)).transpose()?;
            rows.push(ActiveModel {
                region_id: Set(tx.region()),
                id: Set(id),
                case_id: Set(case.0),
                told_at: Set(to_column(told)),
                actor_id: Set(tx.grant().actor()),
                organisation_id: Set(tx.grant().organisation()),
                role: Set(tx.grant().role()),
                corrects_id: Set(corrects.map(|id| id.0)),
                sealed_fact: Set(sealed),
                sealed_reason: Set(why),
            });
            ids.push(FactId(id));
            self.0.push(Entry {
                fact: Fact { id: FactId(id), told, corrects, said },
                organisation: tx.grant().organisation().map(OrganisationId),
                role: tx.grant().role(),
                reason,
            });
        }
        // SQLite takes 32,766 values in a statement.
        for rows in rows.chunks(3_000) {
            Entity::insert_many(rows.iter().cloned()).exec_without_returning(&tx.db()).await?;
        }
        Ok(ids)
    }

    /// Now, cut as a row cuts it; a little after the last entry where that comes from a machine
    /// whose clock is ahead, for what is told later counts later.
    fn next_told(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let now = chrono::SubsecRound::trunc_subsecs(now, 6);
        let last = self.0.iter().map(|entry| entry.fact.told).max();
        last.filter(|last| *last > now).map_or(now, |last| last + TimeDelta::microseconds(1))
    }
}
