//! What was last worked out of each case: sealed under the child's key, gone with the case.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use schakel_domain::{
    ids::PersonId,
    monitor::{Life, Round},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict,
};
use uuid::Uuid;

use crate::{
    entity::monitor_case::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        sweep::{Doomed, Sweep, Tally},
        vault::{Place, SubjectKeys},
    },
};

/// What a life was worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The version of the case.
    pub version: i32,
    /// The day on which it stood so.
    pub day: NaiveDate,
    /// A number of the calendars and the profile.
    pub basis: Vec<u8>,
}

/// A life as it is sealed; meetings, regisseur and next action stand elsewhere.
#[derive(serde::Serialize, serde::Deserialize)]
struct Sealed {
    stage: String,
    labels: Vec<String>,
    rounds: Vec<SealedRound>,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct SealedRound {
    opened: NaiveDate,
    first_day: NaiveDate,
    #[serde(default)]
    returned: Option<NaiveDate>,
    offered: Option<NaiveDate>,
    closed: Option<NaiveDate>,
    outcome: Option<(NaiveDate, String)>,
    #[serde(default)]
    stable: Option<NaiveDate>,
    #[serde(default)]
    cared: Option<NaiveDate>,
}

fn place(row: Uuid) -> Place {
    Place { table: "monitor_case", column: "sealed_life", row }
}

fn corrupt() -> Error {
    Error::Corrupt { table: "monitor_case", column: "sealed_life" }
}

impl Sealed {
    fn of(life: &Life) -> Self {
        let round = |round: &Round| SealedRound {
            opened: round.opened,
            first_day: round.first_day,
            returned: round.returned,
            offered: round.offered,
            closed: round.closed,
            outcome: round.outcome.map(|(day, outcome)| (day, outcome.to_string())),
            stable: round.stable,
            cared: round.cared,
        };
        Self {
            stage: life.stage.to_string(),
            labels: life.labels.iter().map(ToString::to_string).collect(),
            rounds: life.rounds.iter().map(round).collect(),
        }
    }

    fn opened(self) -> Option<Life> {
        let round = |round: SealedRound| {
            let outcome = match round.outcome {
                Some((day, outcome)) => Some((day, outcome.parse().ok()?)),
                None => None,
            };
            let (opened, first_day, returned) = (round.opened, round.first_day, round.returned);
            let (offered, closed) = (round.offered, round.closed);
            let (stable, cared) = (round.stable, round.cared);
            Some(Round { opened, first_day, returned, met: None, offered, closed, outcome, stable, cared })
        };
        let labels: Option<BTreeSet<_>> = self.labels.iter().map(|label| label.parse().ok()).collect();
        Some(Life {
            rounds: self.rounds.into_iter().map(round).collect::<Option<_>>()?,
            stage: self.stage.parse().ok()?,
            labels: labels?,
            regisseur: None,
            next_action: None,
        })
    }
}

/// What was worked out, still sealed.
pub(super) struct Kept(Model);

impl Kept {
    /// From what.
    pub(super) fn stamp(&self) -> Stamp {
        Stamp { version: self.0.case_version, day: self.0.day, basis: self.0.basis.clone() }
    }

    /// The life.
    pub(super) fn open(&self, keys: &SubjectKeys, child: PersonId) -> Result<Life> {
        let plain = keys.open(child.0, place(self.0.id), &self.0.sealed_life)?;
        let sealed: Option<Sealed> = serde_json::from_str(&plain).ok();
        sealed.and_then(Sealed::opened).ok_or_else(corrupt)
    }
}

/// Of every case of the region, or of a few, by case, in one statement.
pub(super) async fn kept(read: &Read, few: Option<&[Uuid]>) -> Result<HashMap<Uuid, Kept>> {
    let mut wanted = Condition::all().add(Column::RegionId.eq(read.region()));
    if let Some(few) = few {
        wanted = wanted.add(Column::Id.is_in(few.iter().copied()));
    }
    let rows = Entity::find().filter(wanted).all(&read.db()).await?;
    Ok(rows.into_iter().map(|row| (row.id, Kept(row))).collect())
}

/// From what each was worked out, by case, in one statement.
pub(super) async fn stamps(read: &Read) -> Result<HashMap<Uuid, Stamp>> {
    let rows: Vec<(Uuid, i32, NaiveDate, Vec<u8>)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CaseVersion, Column::Day, Column::Basis])
        .filter(Column::RegionId.eq(read.region()))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|(case, version, day, basis)| (case, Stamp { version, day, basis })).collect())
}

/// Keeps what was worked out, in place of what was kept before.
pub(super) async fn keep(tx: &Tx, lives: &[(Uuid, PersonId, Stamp, Life)]) -> Result<()> {
    if lives.is_empty() {
        return Ok(());
    }
    let children: Vec<Uuid> = lives.iter().map(|(_, child, ..)| child.0).collect();
    let keys = tx.subject_keys(&children).await?;
    let mut rows = Vec::with_capacity(lives.len());
    for (case, child, stamp, life) in lives {
        let plain = serde_json::to_string(&Sealed::of(life)).map_err(|_| corrupt())?;
        rows.push(ActiveModel {
            region_id: Set(tx.region()),
            id: Set(*case),
            case_version: Set(stamp.version),
            day: Set(stamp.day),
            basis: Set(stamp.basis.clone()),
            sealed_life: Set(tx.seal(&keys, child.0, place(*case), &plain)?),
        });
    }
    let again = OnConflict::columns([Column::RegionId, Column::Id])
        .update_columns([Column::CaseVersion, Column::Day, Column::Basis, Column::SealedLife])
        .to_owned();
    Entity::insert_many(rows).on_conflict(again).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// What was worked out goes with its case.
pub async fn sweep(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    if !doomed.whole {
        return Ok(());
    }
    let of = Condition::all().add(Column::RegionId.eq(tx.region())).add(Column::Id.eq(doomed.case));
    tx.sweep(Entity, of, sweep, tally).await
}
