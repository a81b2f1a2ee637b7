//! Wishes in the database, sealed under the key of the parent who gave them.

use chrono::{DateTime, Utc};
use schakel_domain::{
    availability::{
        Wishes,
        wishes::{Supporter, SupporterKind},
    },
    ids::{CaseId, PersonId},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    entity::parent_wishes::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::{Place, SubjectKeys},
    },
};

/// The wishes of one parent for one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The row.
    pub id: Uuid,
    /// The case.
    pub case: CaseId,
    /// The parent.
    pub person: PersonId,
    /// What suits them.
    pub wishes: Wishes,
    /// When they last said so.
    pub updated: DateTime<Utc>,
    /// The etag.
    pub version: i32,
}

/// As they are sealed.
#[derive(Serialize, Deserialize)]
struct Form {
    language: String,
    interpreter: bool,
    earliest: Option<String>,
    latest: Option<String>,
    never: Vec<String>,
    online: bool,
    large_print: bool,
    supporter: Option<FormSupporter>,
}

#[derive(Serialize, Deserialize)]
struct FormSupporter {
    kind: String,
    name: String,
    email: Option<String>,
}

fn corrupt() -> Error {
    Error::Corrupt { table: "parent_wishes", column: "sealed_wishes" }
}

fn place(row: Uuid) -> Place {
    Place { table: "parent_wishes", column: "sealed_wishes", row }
}

fn written(wishes: &Wishes) -> Result<String> {
    let supporter = wishes.supporter.as_ref().map(|one| FormSupporter {
        kind: one.kind.to_string(),
        name: one.name.as_str().to_owned(),
        email: one.email.as_ref().map(|email| email.as_str().to_owned()),
    });
    let form = Form {
        language: wishes.language.clone(),
        interpreter: wishes.interpreter,
        earliest: wishes.earliest.map(|time| time.to_string()),
        latest: wishes.latest.map(|time| time.to_string()),
        never: wishes.never.iter().map(ToString::to_string).collect(),
        online: wishes.online,
        large_print: wishes.large_print,
        supporter,
    };
    serde_json::to_string(&form).map_err(|_| corrupt())
}

fn read(plain: &str) -> Result<Wishes> {
    let form: Form = serde_json::from_str(plain).map_err(|_| corrupt())?;
    let time = |text: Option<String>| text.map(|text| text.parse()).transpose().map_err(|_| corrupt());
    let supporter = |one: FormSupporter| {
        Ok::<_, Error>(Supporter {
            kind: one.kind.parse::<SupporterKind>().map_err(|_| corrupt())?,
            name: one.name.parse().map_err(|_| corrupt())?,
            email: one.email.map(|email| email.parse()).transpose().map_err(|_| corrupt())?,
        })
    };
    let days = form.never.iter().map(|day| day.parse().map_err(|_| corrupt()));
    Ok(Wishes {
        language: form.language,
        interpreter: form.interpreter,
        earliest: time(form.earliest)?,
        latest: time(form.latest)?,
        never: days.collect::<Result<_>>()?,
        online: form.online,
        large_print: form.large_print,
        supporter: form.supporter.map(supporter).transpose()?,
    })
}

fn opened(keys: &SubjectKeys, row: &Model) -> Result<Kept> {
    Ok(Kept {
        id: row.id,
        case: CaseId(row.case_id),
        person: PersonId(row.person_id),
        wishes: read(&keys.open(row.person_id, place(row.id), &row.sealed_wishes)?)?,
        updated: from_column(row.updated_at)?,
        version: row.version,
    })
}

/// The wishes of one parent; whoever opens them owes an audit line.
pub async fn find(read: &Read, case: CaseId, person: PersonId) -> Result<Option<Kept>> {
    Ok(of_case(read, case, &[person]).await?.pop())
}

/// The wishes of those of `persons` who gave some, in two statements; whoever opens them owes an
/// audit line for each.
pub async fn of_case(read: &Read, case: CaseId, persons: &[PersonId]) -> Result<Vec<Kept>> {
    of_cases(read, &[case], persons).await
}

/// The same for several cases, of which each may have wishes of the same parent.
pub async fn of_cases(read: &Read, cases: &[CaseId], persons: &[PersonId]) -> Result<Vec<Kept>> {
    if persons.is_empty() || cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.is_in(cases.iter().map(|case| case.0)))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let keys = read.subject_keys(&rows.iter().map(|row| row.person_id).collect::<Vec<_>>()).await?;
    rows.iter().filter(|row| keys.knows(row.person_id)).map(|row| opened(&keys, row)).collect()
}

/// The rows of a case.
pub async fn ids_of_case(read: &Read, case: CaseId) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .into_tuple()
        .all(&read.db())
        .await?)
}

/// Keeps wishes in a new row, or in that of an earlier version.
pub(super) async fn put(tx: &Tx, kept: &Kept) -> Result<()> {
    let person = kept.person.0;
    let keys = tx.subject_keys_or_new(&[person]).await?;
    let row = ActiveModel {
        region_id: Set(tx.region()),
        id: Set(kept.id),
        case_id: Set(kept.case.0),
        person_id: Set(person),
        sealed_wishes: Set(tx.seal(&keys, person, place(kept.id), &written(&kept.wishes)?)?),
        updated_at: Set(to_column(kept.updated)),
        version: Set(kept.version),
    };
    if kept.version == 1 {
        Entity::insert(row).exec_without_returning(&tx.db()).await?;
    } else {
        Entity::update(row).exec(&tx.db()).await?;
    }
    Ok(())
}
