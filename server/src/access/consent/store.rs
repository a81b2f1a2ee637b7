//! Consents in the database: plain terms, free text sealed under the child's key.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::consent::{Consent, Party},
    ids::{CaseId, ConsentId, PersonId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    entity::{
        consent::{ActiveModel, Column, Entity, Model},
        consent_signature as signature,
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::Place,
    },
};

/// A consent as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub id: ConsentId,
    pub case: CaseId,
    pub consent: Consent,
    /// The day of the exchange that it was asked for.
    pub meeting: NaiveDate,
    /// Who signed on which day.
    pub signed: Vec<(PersonId, NaiveDate)>,
    pub recorded_by: PersonId,
    pub recorded: DateTime<Utc>,
    pub withdrawn: Option<(DateTime<Utc>, Option<PersonId>)>,
    pub version: i32,
    /// What was written when it was given, sealed.
    pub sealed_note: Option<Vec<u8>>,
    /// What was written when it was withdrawn, sealed.
    pub sealed_withdrawal: Option<Vec<u8>>,
}

/// Where the sealed `column` of `id` stands.
pub(super) fn place(column: &'static str, id: ConsentId) -> Place {
    Place { table: "consent", column, row: id.0 }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "consent", column }
}

/// One consent, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `CONSENT_NOT_FOUND`.
pub(super) async fn get(read: &Read, id: ConsentId) -> Result<Kept> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    let row = row.ok_or(Error::NotFound("CONSENT"))?;
    with_signatures(read, vec![row]).await?.pop().ok_or(Error::NotFound("CONSENT"))
}

/// Every consent about `case`, oldest first. A case has few.
pub(super) async fn of_case(read: &Read, case: CaseId) -> Result<Vec<Kept>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    with_signatures(read, rows).await
}

/// The consents about `cases` that are not withdrawn and whose term includes `day`.
pub(super) async fn in_force(read: &Read, cases: &[Uuid], day: NaiveDate) -> Result<Vec<Kept>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.is_in(cases.iter().copied()))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::GivenOn.lte(day))
        .filter(Column::ExpiresOn.gte(day))
        .all(&read.db())
        .await?;
    with_signatures(read, rows).await
}

/// The consents about `cases` that are not withdrawn, whatever their term, oldest first.
pub(super) async fn not_withdrawn(read: &Read, cases: &[Uuid]) -> Result<Vec<Kept>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.is_in(cases.iter().copied()))
        .filter(Column::WithdrawnAt.is_null())
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    with_signatures(read, rows).await
}

async fn with_signatures(read: &Read, rows: Vec<Model>) -> Result<Vec<Kept>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let signatures = signature::Entity::find()
        .filter(signature::Column::RegionId.eq(read.region()))
        .filter(signature::Column::ConsentId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(signature::Column::PersonId)
        .all(&read.db())
        .await?;
    let mut signed: HashMap<Uuid, Vec<(PersonId, NaiveDate)>> = HashMap::new();
    for row in signatures {
        signed.entry(row.consent_id).or_default().push((PersonId(row.person_id), row.signed_on));
    }
    rows.into_iter()
        .map(|row| {
            let signed = signed.remove(&row.id).unwrap_or_default();
            kept(row, signed)
        })
        .collect()
}

fn parties(column: &'static str, text: &str) -> Result<Vec<Party>> {
    text.split_whitespace().map(|party| party.parse().map_err(|_| corrupt(column))).collect()
}

fn kept(row: Model, signed: Vec<(PersonId, NaiveDate)>) -> Result<Kept> {
    let exception = row.exception.as_deref().map(str::parse).transpose();
    let withdrawn = row.withdrawn_at.map(from_column).transpose()?;
    Ok(Kept {
        id: ConsentId(row.id),
        case: CaseId(row.case_id),
        consent: Consent {
            purpose: row.purpose.parse().map_err(|_| corrupt("purpose"))?,
            gives: parties("gives", &row.gives)?,
            receives: parties("receives", &row.receives)?,
            classes: row.classes.parse().map_err(|_| corrupt("classes"))?,
            given: row.given_on,
            expires: row.expires_on,
            exception: exception.map_err(|_| corrupt("exception"))?,
            signers: signed.iter().map(|(person, _)| *person).collect(),
            withdrawn: withdrawn.is_some(),
        },
        meeting: row.meeting_on,
        signed,
        recorded_by: PersonId(row.recorded_by),
        recorded: from_column(row.recorded_at)?,
        withdrawn: withdrawn.map(|at| (at, row.withdrawn_by.map(PersonId))),
        version: row.version,
        sealed_note: row.sealed_note,
        sealed_withdrawal: row.sealed_withdrawal,
    })
}

fn words(parties: &[Party]) -> String {
    parties.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Keeps a new consent with its signatures.
pub(super) async fn insert(tx: &Tx, kept: &Kept) -> Result<()> {
    Entity::insert(row(tx, kept)).exec_without_returning(&tx.db()).await?;
    let rows = kept.signed.iter().map(|(person, day)| signature::ActiveModel {
        region_id: Set(tx.region()),
        consent_id: Set(kept.id.0),
        person_id: Set(person.0),
        signed_on: Set(*day),
    });
    let rows: Vec<_> = rows.collect();
    if !rows.is_empty() {
        signature::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// Writes a consent back and raises its version; somebody else's change in between is [`Error::Stale`].
pub(super) async fn update(tx: &Tx, kept: &mut Kept) -> Result<()> {
    let read = kept.version;
    kept.version += 1;
    let written = Entity::update_many()
        .set(row(tx, kept))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(kept.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

fn row(tx: &Tx, kept: &Kept) -> ActiveModel {
    let consent = &kept.consent;
    ActiveModel {
        region_id: Set(tx.region()),
        id: Set(kept.id.0),
        case_id: Set(kept.case.0),
        purpose: Set(consent.purpose.to_string()),
        gives: Set(words(&consent.gives)),
        receives: Set(words(&consent.receives)),
        classes: Set(consent.classes.to_string()),
        given_on: Set(consent.given),
        meeting_on: Set(kept.meeting),
        expires_on: Set(consent.expires),
        exception: Set(consent.exception.map(|exception| exception.to_string())),
        sealed_note: Set(kept.sealed_note.clone()),
        recorded_by: Set(kept.recorded_by.0),
        recorded_at: Set(to_column(kept.recorded)),
        withdrawn_at: Set(kept.withdrawn.map(|(at, _)| to_column(at))),
        withdrawn_by: Set(kept.withdrawn.and_then(|(_, by)| by).map(|by| by.0)),
        sealed_withdrawal: Set(kept.sealed_withdrawal.clone()),
        version: Set(kept.version),
    }
}
