//! Legal holds and rectifications in the database, sealed under the key of whom they are about.

use chrono::{DateTime, Utc};
use schakel_domain::{
    ids::{CaseId, LegalHoldId, PersonId, RectificationId},
    privacy::Requester,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    entity::{legal_hold, rectification},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        sweep::{Doomed, Sweep, Tally},
        vault::Place,
    },
};

/// A reason for which nothing of a case is destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LegalHold {
    pub id: LegalHoldId,
    pub reason: String,
    pub set: DateTime<Utc>,
    pub lifted: Option<DateTime<Utc>>,
}

/// What stood in the file before it was put right.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Before {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<String>,
}

/// A fact that was put right, or a statement beside one that was not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rectification {
    pub id: RectificationId,
    pub person: PersonId,
    /// Empty for a statement.
    pub fields: Vec<String>,
    pub asked_by: Requester,
    pub at: DateTime<Utc>,
    /// None where the file need not keep it.
    pub before: Option<Before>,
    pub statement: Option<String>,
    pub reason: String,
}

impl Rectification {
    /// CORRECTED or STATEMENT.
    pub(super) fn kind(&self) -> &'static str {
        if self.fields.is_empty() { "STATEMENT" } else { "CORRECTED" }
    }
}

fn place(table: &'static str, column: &'static str, row: Uuid) -> Place {
    Place { table, column, row }
}

/// Keeps a hold of `case`, about `child`.
pub(super) async fn set_hold(tx: &Tx, (case, child): (CaseId, PersonId), reason: &str) -> Result<()> {
    let id = tx.new_id();
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    let row = legal_hold::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(id),
        case_id: Set(case.0),
        sealed_reason: Set(tx.seal(&keys, child.0, place("legal_hold", "sealed_reason", id), reason)?),
        set_by: Set(tx.grant().actor().unwrap_or_default()),
        set_at: Set(to_column(tx.now())),
        lifted_by: Set(None),
        lifted_at: Set(None),
    };
    legal_hold::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Ends a hold of `case`; says whether it still held.
///
/// # Errors
/// `LEGAL_HOLD_NOT_FOUND`.
pub(super) async fn lift_hold(tx: &Tx, case: CaseId, id: LegalHoldId) -> Result<bool> {
    let known = legal_hold::Entity::find_by_id((tx.region(), id.0))
        .filter(legal_hold::Column::CaseId.eq(case.0))
        .one(&tx.db())
        .await?;
    known.ok_or(Error::NotFound("LEGAL_HOLD"))?;
    let ended = legal_hold::Entity::update_many()
        .col_expr(legal_hold::Column::LiftedBy, Expr::value(tx.grant().actor()))
        .col_expr(legal_hold::Column::LiftedAt, Expr::value(to_column(tx.now())))
        .filter(legal_hold::Column::RegionId.eq(tx.region()))
        .filter(legal_hold::Column::Id.eq(id.0))
        .filter(legal_hold::Column::LiftedAt.is_null())
        .exec(&tx.db())
        .await?;
    Ok(ended.rows_affected == 1)
}

/// Whether a hold of `case` stands.
pub(super) async fn is_held(read: &Read, case: CaseId) -> Result<bool> {
    let standing = legal_hold::Entity::find()
        .filter(legal_hold::Column::RegionId.eq(read.region()))
        .filter(legal_hold::Column::CaseId.eq(case.0))
        .filter(legal_hold::Column::LiftedAt.is_null())
        .one(&read.db())
        .await?;
    Ok(standing.is_some())
}

/// All holds of `case`, oldest first. Whoever calls owes an audit line.
pub(super) async fn holds(read: &Read, (case, child): (CaseId, PersonId)) -> Result<Vec<LegalHold>> {
    let rows = legal_hold::Entity::find()
        .filter(legal_hold::Column::RegionId.eq(read.region()))
        .filter(legal_hold::Column::CaseId.eq(case.0))
        .order_by_asc(legal_hold::Column::Id)
        .all(&read.db())
        .await?;
    let keys = read.subject_keys(&[child.0]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(LegalHold {
                id: LegalHoldId(row.id),
                reason: keys.open(
                    child.0,
                    place("legal_hold", "sealed_reason", row.id),
                    &row.sealed_reason,
                )?,
                set: from_column(row.set_at)?,
                lifted: row.lifted_at.map(from_column).transpose()?,
            })
        })
        .collect()
}

/// Keeps what was put right in `case`, or the statement.
pub(super) async fn keep(tx: &Tx, case: CaseId, made: &Rectification) -> Result<()> {
    let (id, person) = (made.id.0, made.person.0);
    let keys = tx.subject_keys_or_new(&[person]).await?;
    let seal = |column, plain: &str| tx.seal(&keys, person, place("rectification", column, id), plain);
    let before = made.before.as_ref().map(serde_json::to_string).transpose();
    let before = before.map_err(|_| Error::Corrupt { table: "rectification", column: "sealed_before" })?;
    let row = rectification::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(id),
        case_id: Set(case.0),
        person_id: Set(person),
        kind: Set(made.kind().to_owned()),
        fields: Set(made.fields.join(" ")),
        asked_by: Set(made.asked_by.to_string()),
        sealed_before: Set(before.map(|before| seal("sealed_before", &before)).transpose()?),
        sealed_statement: Set(made
            .statement
            .as_deref()
            .map(|said| seal("sealed_statement", said))
            .transpose()?),
        sealed_reason: Set(seal("sealed_reason", &made.reason)?),
        made_by: Set(tx.grant().actor().unwrap_or_default()),
        made_at: Set(to_column(made.at)),
    };
    rectification::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Everything that was put right in `case`, oldest first. Whoever calls owes an audit line.
pub(super) async fn rectifications(read: &Read, case: CaseId) -> Result<Vec<Rectification>> {
    let corrupt = |column| Error::Corrupt { table: "rectification", column };
    let rows = rectification::Entity::find()
        .filter(rectification::Column::RegionId.eq(read.region()))
        .filter(rectification::Column::CaseId.eq(case.0))
        .order_by_asc(rectification::Column::Id)
        .all(&read.db())
        .await?;
    let persons: Vec<Uuid> = rows.iter().map(|row| row.person_id).collect();
    let keys = read.subject_keys(&persons).await?;
    rows.into_iter()
        .map(|row| {
            let open = |column, sealed: Option<&[u8]>| {
                keys.open_if(row.person_id, place("rectification", column, row.id), sealed)
            };
            let before = open("sealed_before", row.sealed_before.as_deref())?;
            let before = before.map(|before| serde_json::from_str(&before)).transpose();
            Ok(Rectification {
                id: RectificationId(row.id),
                person: PersonId(row.person_id),
                fields: row.fields.split_whitespace().map(str::to_owned).collect(),
                asked_by: row.asked_by.parse().map_err(|_| corrupt("asked_by"))?,
                at: from_column(row.made_at)?,
                before: before.map_err(|_| corrupt("sealed_before"))?,
                statement: open("sealed_statement", row.sealed_statement.as_deref())?,
                reason: open("sealed_reason", Some(&row.sealed_reason))?.unwrap_or_default(),
            })
        })
        .collect()
}

/// What this subject keeps of a case that goes.
pub(super) async fn sweep(tx: &Tx, doomed: &Doomed, sweep: Sweep, tally: &mut Tally) -> Result<()> {
    if !doomed.whole {
        return Ok(());
    }
    let holds = Condition::all()
        .add(legal_hold::Column::RegionId.eq(tx.region()))
        .add(legal_hold::Column::CaseId.eq(doomed.case));
    tx.sweep(legal_hold::Entity, holds, sweep, tally).await?;
    let made = Condition::all()
        .add(rectification::Column::RegionId.eq(tx.region()))
        .add(rectification::Column::CaseId.eq(doomed.case));
    tx.sweep(rectification::Entity, made, sweep, tally).await
}
