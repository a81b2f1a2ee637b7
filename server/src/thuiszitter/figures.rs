//! What the monitor counts cases by: their plain rows, and what their logs come to. The caller owes the policy.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, PersonId, SchoolId},
    thuiszitter::Known,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use super::{
    facts::{log::Log, standing::Around},
    history, store,
};
use crate::{
    access::{authenticate::today, circle::Circle, person},
    directory::calendar,
    entity::thuiszitter::{Column, Entity},
    error::Result,
    store::{Read, instant::from_column},
};

/// Of which classes the facts are that labels, stage, outcome and what is counted follow from.
const SEEN: Classes = Classes::of(&[Class::K2, Class::K3, Class::K4, Class::K7]);

/// What a case's row says in the clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plain {
    /// Which.
    pub case: Uuid,
    /// It is another after every change of the case or its log.
    pub version: i32,
    /// The day on which it was opened.
    pub opened: NaiveDate,
    /// Whether somebody keeps it together now.
    pub regisseur: bool,
    /// When something happens next.
    pub next_action: Option<NaiveDate>,
}

/// Case, version, when it was opened, regisseur, next action.
type Row = (Uuid, i32, i64, Option<Uuid>, Option<NaiveDate>);

/// The row of every case of the region, in one statement.
pub async fn plain(read: &Read) -> Result<Vec<Plain>> {
    let rows: Vec<Row> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Version, Column::OpenedAt, Column::RegisseurId, Column::NextActionDate])
        .filter(Column::RegionId.eq(read.region()))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(&read.db())
        .await?;
    let plain = |(case, version, opened, regisseur, next_action): Row| {
        let opened = today(from_column(opened)?);
        Ok(Plain { case, version, opened, regisseur: regisseur.is_some(), next_action })
    };
    rows.into_iter().map(plain).collect()
}

/// What cases are called when they are spoken of, in one statement.
pub async fn references(read: &Read, cases: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Reference])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(cases.iter().copied()))
        .into_tuple()
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().collect())
}

/// How many cases the region has, when the newest was opened, and the sum of their versions: in one
/// statement, that reads an index alone.
pub async fn sum(read: &Read) -> Result<(i64, Option<i64>, Option<i64>)> {
    let row: Option<(i64, Option<i64>, Option<i64>)> = Entity::find()
        .select_only()
        .column_as(Column::Version.count(), "cases")
        .column_as(Column::OpenedAt.max(), "newest")
        .column_as(Expr::cust("CAST(SUM(version) AS BIGINT)"), "versions")
        .filter(Column::RegionId.eq(read.region()))
        .into_tuple()
        .one(&read.db())
        .await?;
    Ok(row.unwrap_or_default())
}

/// What is known now of the cases of `circles`, in a constant number of statements.
pub async fn known(read: &Read, circles: &[Circle]) -> Result<HashMap<Uuid, Known>> {
    let children: HashMap<Uuid, PersonId> =
        circles.iter().map(|circle| (circle.case.0, circle.child)).collect();
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(children.keys().copied()))
        .all(&read.db())
        .await?;
    let cases = store::open(read, rows, &children).await?;
    let of: Vec<_> = circles.iter().map(|circle| (circle.case, circle.child)).collect();
    let mut logs = Log::of_all(read, &of).await?;
    let persons: Vec<PersonId> = children.values().copied().collect();
    let persons = person::open(read, &persons).await?;
    let schools: Vec<SchoolId> = circles.iter().filter_map(|circle| circle.school).collect();
    let homeless = circles.iter().filter(|circle| circle.school.is_none());
    let gemeenten: Vec<_> = homeless.map(|circle| circle.gemeente.clone()).collect();
    let calendars = calendar::calendars(read, &schools, &gemeenten).await?;
    let mut known = HashMap::with_capacity(cases.len());
    let cases: HashMap<Uuid, _> = cases.into_iter().map(|case| (case.id.0, case)).collect();
    for circle in circles {
        let Some(case) = cases.get(&circle.case.0) else { continue };
        let around = Around::without_meetings(circle, &calendars, &persons);
        let log = logs.remove(&circle.case.0).unwrap_or_default().or_origin(case, circle);
        known.insert(circle.case.0, around.known(&log, SEEN, DateTime::<Utc>::MAX_UTC));
    }
    Ok(known)
}

/// Cases that are asked for at once.
const PAGE: usize = 250;

/// Which school each child of `circles` left, and when, oldest first; a page of them at a time.
pub async fn schools_left(
    read: &Read,
    circles: &[Circle],
) -> Result<HashMap<CaseId, Vec<(NaiveDate, SchoolId)>>> {
    let days = |left: Vec<(DateTime<Utc>, SchoolId)>| {
        left.into_iter().map(|(at, school)| (today(at), school)).collect()
    };
    let mut found = HashMap::new();
    for page in circles.chunks(PAGE) {
        let children = page.iter().map(|circle| (circle.case.0, circle.child)).collect();
        let left = history::schools_left(read, &children).await?;
        found.extend(left.into_iter().map(|(case, left)| (case, days(left))));
    }
    Ok(found)
}
