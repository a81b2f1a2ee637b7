//! Organisations of every kind, by their public codes.

use std::collections::{HashMap, HashSet};

use schakel_domain::ids::{OrganisationId, RegionId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::OnConflict};
use uuid::Uuid;

use crate::{
    entity::organisation::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

/// Rows of one statement: SQLite takes 32,766 values.
const BATCH: usize = 6_000;

/// What an organisation is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganisationKind {
    /// A vestiging.
    School,
    /// A youth-help team.
    Team,
    /// A gemeente.
    Gemeente,
    /// A school board.
    Board,
    /// The samenwerkingsverband.
    Samenwerkingsverband,
    /// Kinderopvang.
    Kinderopvang,
    /// A provider of youth help.
    Jeugdhulpaanbieder,
    /// A gecertificeerde instelling.
    GecertificeerdeInstelling,
    /// Jeugdgezondheidszorg.
    Jgz,
    /// Ouder- en jeugdsteunpunt.
    OuderJeugdsteunpunt,
    /// Sends interpreters.
    Tolkenbureau,
    /// Orthopedagogisch-didactisch centrum.
    Opdc,
    /// Regionaal bureau leerplicht.
    Rbl,
}

/// One organisation.
///
/// # Errors
/// `ORGANISATION_NOT_FOUND`.
pub async fn get(read: &Read, id: OrganisationId) -> Result<Model> {
    Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?.ok_or(Error::NotFound("ORGANISATION"))
}

/// Those of `ids` that give youth help and do nothing else: that one of them is at work says that
/// there is help.
pub async fn of_youth_help(read: &Read, ids: &[OrganisationId]) -> Result<HashSet<OrganisationId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let kinds = [OrganisationKind::Jeugdhulpaanbieder, OrganisationKind::GecertificeerdeInstelling];
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::Kind.is_in(kinds.map(<&str>::from)))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| OrganisationId(row.id)).collect())
}

/// The names of these, in one statement.
pub async fn names(read: &Read, ids: &[OrganisationId]) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.display_name)).collect())
}

/// Which of `ids` are schools of this region or of `partners`, and what they are called; in one statement.
pub async fn schools(
    read: &Read,
    partners: &[RegionId],
    ids: &[OrganisationId],
) -> Result<HashMap<OrganisationId, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let regions = partners.iter().map(|partner| partner.0).chain([read.region()]);
    let rows = Entity::find()
        .filter(Column::RegionId.is_in(regions))
        .filter(Column::Id.is_in(ids.iter().map(|id| id.0)))
        .filter(Column::Kind.eq(OrganisationKind::School.to_string()))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| (OrganisationId(row.id), row.display_name)).collect())
}

/// All organisations of the region, by name; one more than the page holds when there are more.
pub async fn list(
    read: &Read,
    kind: Option<OrganisationKind>,
    code: Option<&str>,
    page: &Page<(String, Uuid)>,
) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(read.region()));
    if let Some(kind) = kind {
        query = query.filter(Column::Kind.eq(kind.to_string()));
    }
    if let Some(code) = code {
        query = query.filter(Column::Code.eq(code));
    }
    if let Some((name, id)) = &page.after {
        query = query.filter(sea_orm::Condition::any().add(Column::DisplayName.gt(name.as_str())).add(
            sea_orm::Condition::all().add(Column::DisplayName.eq(name.as_str())).add(Column::Id.gt(*id)),
        ));
    }
    let query = query.order_by_asc(Column::DisplayName).order_by_asc(Column::Id).limit(page.size + 1);
    Ok(query.all(&read.db()).await?)
}

/// Every organisation of the region; a region has hundreds.
pub async fn all(read: &Read) -> Result<Vec<Model>> {
    Ok(Entity::find().filter(Column::RegionId.eq(read.region())).all(&read.db()).await?)
}

/// Keeps new organisations; a code in use is refused.
pub async fn insert(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    Entity::insert_many(rows.into_iter().map(ActiveModel::from)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Keeps organisations, new or known by their id; a code in use is refused.
pub async fn put(tx: &Tx, rows: Vec<Model>) -> Result<()> {
    for rows in rows.chunks(BATCH) {
        let again = OnConflict::columns([Column::RegionId, Column::Id])
            .update_columns([Column::Code, Column::DisplayName])
            .to_owned();
        let rows = rows.iter().cloned().map(ActiveModel::from);
        Entity::insert_many(rows).on_conflict(again).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

/// The organisations of these kinds with these codes, in one statement; no code means all of that kind.
pub async fn coded(read: &Read, wanted: &[(OrganisationKind, Option<&str>)]) -> Result<Vec<Model>> {
    let mut any = sea_orm::Condition::any();
    for (kind, code) in wanted {
        let one = sea_orm::Condition::all().add(Column::Kind.eq(kind.to_string()));
        any = any.add(match code {
            Some(code) => one.add(Column::Code.eq(*code)),
            None => one,
        });
    }
    Ok(Entity::find().filter(Column::RegionId.eq(read.region())).filter(any).all(&read.db()).await?)
}
