//! Decisions in the database: plain days and parties, what was decided and found sealed under the child's key.

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    ids::{CaseId, DecisionId, OrganisationId, PersonId},
    thuiszitter::escalation::{Check, Compliance, compliance},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};
use uuid::Uuid;

use crate::{
    entity::{case_decision as decision, decision_check as check},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::Place,
    },
};

/// A decision as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::thuiszitter) struct Decision {
    /// Which.
    pub id: DecisionId,
    /// About which case.
    pub case: CaseId,
    /// Who decided.
    pub decider: PersonId,
    /// On which day.
    pub on: NaiveDate,
    /// Which organisation has to do it.
    pub obliged: OrganisationId,
    /// The last day on which that is in time.
    pub due: NaiveDate,
    /// When it was written down.
    pub recorded: DateTime<Utc>,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// By which roles, separated by spaces.
    pub role: String,
    /// The etag.
    pub version: i32,
    /// What was decided, sealed.
    pub sealed_text: Vec<u8>,
    /// Oldest first.
    pub checks: Vec<Checked>,
}

/// Somebody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::thuiszitter) struct Checked {
    /// The row.
    pub id: Uuid,
    /// What came of it.
    pub check: Check,
    /// When it was written down.
    pub recorded: DateTime<Utc>,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// By which roles, separated by spaces.
    pub role: String,
    /// What was found, sealed.
    pub sealed_found: Vec<u8>,
}

impl Decision {
    /// The last look.
    pub(in crate::thuiszitter) fn last(&self) -> Option<Check> {
        self.checks.last().map(|checked| checked.check)
    }

    /// How it stands on a day, as it was known at an instant.
    pub(in crate::thuiszitter) fn state(&self, until: DateTime<Utc>, day: NaiveDate) -> Compliance {
        let known = |checked: &&Checked| checked.recorded <= until && checked.check.on <= day;
        let last = self.checks.iter().rfind(known).map(|checked| checked.check);
        compliance(self.due, last, day)
    }
}

/// Where what was decided stands.
pub(super) fn text_place(id: DecisionId) -> Place {
    Place { table: "case_decision", column: "sealed_text", row: id.0 }
}

/// Where what was found stands.
pub(super) fn found_place(row: Uuid) -> Place {
    Place { table: "decision_check", column: "sealed_found", row }
}

/// Every decision about `case`, oldest first, in one statement or two: a case has few.
pub(in crate::thuiszitter) async fn of_case(read: &Read, case: CaseId) -> Result<Vec<Decision>> {
    let rows = decision::Entity::find()
        .filter(decision::Column::RegionId.eq(read.region()))
        .filter(decision::Column::CaseId.eq(case.0))
        .order_by_asc(decision::Column::Id)
        .all(&read.db())
        .await?;
    with_checks(read, rows).await
}

/// What was decided about `cases` and was not found carried out, whoever asks: the caller of this owes the
/// policy.
pub(in crate::thuiszitter) async fn waiting(read: &Read, cases: &[Uuid]) -> Result<Vec<Decision>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows = decision::Entity::find()
        .filter(decision::Column::RegionId.eq(read.region()))
        .filter(decision::Column::CaseId.is_in(cases.iter().copied()))
        .order_by_asc(decision::Column::Id)
        .all(&read.db())
        .await?;
    let mut all = with_checks(read, rows).await?;
    all.retain(|decision| decision.last().is_none_or(|last| !last.complied));
    Ok(all)
}

/// One decision, whoever asks: the caller of this owes the policy.
pub(super) async fn find(read: &Read, id: DecisionId) -> Result<Option<Decision>> {
    let row = decision::Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    Ok(with_checks(read, row.into_iter().collect()).await?.pop())
}

async fn with_checks(read: &Read, rows: Vec<decision::Model>) -> Result<Vec<Decision>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut checks = check::Entity::find()
        .filter(check::Column::RegionId.eq(read.region()))
        .filter(check::Column::DecisionId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(check::Column::Id)
        .all(&read.db())
        .await?;
    rows.into_iter()
        .map(|row| {
            let (own, others) = checks.drain(..).partition(|check| check.decision_id == row.id);
            checks = others;
            let own: Vec<check::Model> = own;
            kept(row, own)
        })
        .collect()
}

fn kept(row: decision::Model, checks: Vec<check::Model>) -> Result<Decision> {
    let checked = |row: check::Model| {
        Ok(Checked {
            id: row.id,
            check: Check { on: row.checked_on, complied: row.complied },
            recorded: from_column(row.recorded_at)?,
            organisation: row.organisation_id.map(OrganisationId),
            role: row.role,
            sealed_found: row.sealed_found,
        })
    };
    Ok(Decision {
        id: DecisionId(row.id),
        case: CaseId(row.case_id),
        decider: PersonId(row.decider_id),
        on: row.decided_on,
        obliged: OrganisationId(row.obliged_id),
        due: row.due_on,
        recorded: from_column(row.recorded_at)?,
        organisation: row.organisation_id.map(OrganisationId),
        role: row.role,
        version: row.version,
        sealed_text: row.sealed_text,
        checks: checks.into_iter().map(checked).collect::<Result<_>>()?,
    })
}

/// Keeps a new decision; `text` is what was decided.
pub(super) async fn insert(tx: &Tx, child: PersonId, mut new: Decision, text: &str) -> Result<Decision> {
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    new.sealed_text = tx.seal(&keys, child.0, text_place(new.id), text)?;
    let row = decision::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(new.id.0),
        case_id: Set(new.case.0),
        decider_id: Set(new.decider.0),
        decided_on: Set(new.on),
        sealed_text: Set(new.sealed_text.clone()),
        obliged_id: Set(new.obliged.0),
        due_on: Set(new.due),
        recorded_at: Set(to_column(new.recorded)),
        actor_id: Set(tx.grant().actor()),
        organisation_id: Set(tx.grant().organisation()),
        role: Set(tx.grant().role()),
        version: Set(new.version),
    };
    decision::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(new)
}

/// Adds what somebody found, and raises the version of the decision; somebody else's look in between
/// is [`Error::Stale`].
pub(super) async fn add_check(
    tx: &Tx,
    child: PersonId,
    decision: &mut Decision,
    (looked, found): (Check, &str),
) -> Result<()> {
    let read = decision.version;
    decision.version += 1;
    let written = decision::Entity::update_many()
        .col_expr(decision::Column::Version, Expr::value(decision.version))
        .filter(decision::Column::RegionId.eq(tx.region()))
        .filter(decision::Column::Id.eq(decision.id.0))
        .filter(decision::Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    let id = tx.new_id();
    let checked = Checked {
        id,
        check: looked,
        recorded: tx.now(),
        organisation: tx.grant().organisation().map(OrganisationId),
        role: tx.grant().role(),
        sealed_found: tx.seal(&keys, child.0, found_place(id), found)?,
    };
    let row = check::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(id),
        case_id: Set(decision.case.0),
        decision_id: Set(decision.id.0),
        checked_on: Set(looked.on),
        complied: Set(looked.complied),
        sealed_found: Set(checked.sealed_found.clone()),
        recorded_at: Set(to_column(checked.recorded)),
        actor_id: Set(tx.grant().actor()),
        organisation_id: Set(tx.grant().organisation()),
        role: Set(checked.role.clone()),
    };
    check::Entity::insert(row).exec_without_returning(&tx.db()).await?;
    decision.checks.push(checked);
    Ok(())
}
