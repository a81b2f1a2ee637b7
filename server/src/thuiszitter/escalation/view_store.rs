//! Views in the database: rows that are only ever added, each sealed under the child's key.

use chrono::{DateTime, Utc};
use schakel_domain::{
    ids::{CaseId, CaseViewId, DecisionId, OrganisationId, PersonId},
    thuiszitter::view::{About, Party},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    entity::case_view::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::Place,
    },
};

/// A view, or a rejoinder to one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct View {
    pub id: CaseViewId,
    pub case: CaseId,
    pub about: About,
    pub decision: Option<DecisionId>,
    pub answers: Option<CaseViewId>,
    pub party: Party,
    pub recorded: DateTime<Utc>,
    pub organisation: Option<OrganisationId>,
    /// By which roles, separated by spaces.
    pub role: String,
    pub sealed_text: Vec<u8>,
}

/// Where what was said stands.
pub(super) fn place(id: CaseViewId) -> Place {
    Place { table: "case_view", column: "sealed_text", row: id.0 }
}

fn kept(row: Model) -> Result<View> {
    let corrupt = |column| Error::Corrupt { table: "case_view", column };
    let party = match (row.person_id, row.party_id) {
        (Some(person), None) => Party::Person(PersonId(person)),
        (None, Some(organisation)) => Party::Organisation(OrganisationId(organisation)),
        (Some(_), Some(_)) | (None, None) => return Err(corrupt("party_id")),
    };
    Ok(View {
        id: CaseViewId(row.id),
        case: CaseId(row.case_id),
        about: row.about.parse().map_err(|_| corrupt("about"))?,
        decision: row.decision_id.map(DecisionId),
        answers: row.answers_id.map(CaseViewId),
        party,
        recorded: from_column(row.recorded_at)?,
        organisation: row.organisation_id.map(OrganisationId),
        role: row.role,
        sealed_text: row.sealed_text,
    })
}

/// Every view about `case` and every rejoinder, oldest first, in one statement: a case has few.
pub(super) async fn of_case(read: &Read, case: CaseId) -> Result<Vec<View>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.into_iter().map(kept).collect()
}

/// One of them, whoever asks: the caller of this owes the policy.
pub(super) async fn find(read: &Read, id: CaseViewId) -> Result<Option<View>> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    row.map(kept).transpose()
}

/// Keeps a new one; `text` is what was said.
pub(super) async fn insert(tx: &Tx, child: PersonId, mut new: View, text: &str) -> Result<View> {
    let keys = tx.subject_keys_or_new(&[child.0]).await?;
    new.sealed_text = tx.seal(&keys, child.0, place(new.id), text)?;
    let (person, organisation) = match new.party {
        Party::Person(person) => (Some(person.0), None),
        Party::Organisation(organisation) => (None, Some(organisation.0)),
    };
    let row = ActiveModel {
        region_id: Set(tx.region()),
        id: Set(new.id.0),
        case_id: Set(new.case.0),
        about: Set(new.about.to_string()),
        decision_id: Set(new.decision.map(|id| id.0)),
        answers_id: Set(new.answers.map(|id| id.0)),
        person_id: Set(person),
        party_id: Set(organisation),
        sealed_text: Set(new.sealed_text.clone()),
        recorded_at: Set(to_column(new.recorded)),
        actor_id: Set(tx.grant().actor()),
        organisation_id: Set(tx.grant().organisation()),
        role: Set(tx.grant().role()),
    };
    Entity::insert(row).exec_without_returning(&tx.db()).await?;
    Ok(new)
}
