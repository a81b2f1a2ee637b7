//! On which days somebody met the parents of a child: meetings that were held with one of them there.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use schakel_domain::{access::Role, consultation::State};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    access::authenticate::today,
    entity::{consultation, participant},
    error::Result,
    store::{Read, instant::from_column},
};

/// How many meetings the region has, when one changed last, and the sum of their versions: in one statement,
/// that reads an index alone.
pub async fn sum(read: &Read) -> Result<(i64, Option<i64>, Option<i64>)> {
    let row: Option<(i64, Option<i64>, Option<i64>)> = consultation::Entity::find()
        .select_only()
        .column_as(consultation::Column::Version.count(), "meetings")
        .column_as(consultation::Column::UpdatedAt.max(), "newest")
        .column_as(Expr::cust("CAST(SUM(version) AS BIGINT)"), "versions")
        .filter(consultation::Column::RegionId.eq(read.region()))
        .into_tuple()
        .one(&read.db())
        .await?;
    Ok(row.unwrap_or_default())
}

/// By case, in one statement. The caller owes the policy.
pub async fn days(read: &Read) -> Result<HashMap<Uuid, BTreeSet<NaiveDate>>> {
    let there = Condition::all()
        .add(participant::Column::RegionId.eq(read.region()))
        .add(participant::Column::Role.eq(Role::Ouder.to_string()))
        .add(participant::Column::Attended.eq(true));
    let with_parents = Query::select()
        .column(participant::Column::ConsultationId)
        .from(participant::Entity)
        .cond_where(there)
        .to_owned();
    let rows: Vec<(Option<Uuid>, i64)> = consultation::Entity::find()
        .select_only()
        .columns([consultation::Column::CaseId, consultation::Column::StartsAt])
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::State.eq(State::Held.to_string()))
        .filter(consultation::Column::CaseId.is_not_null())
        .filter(consultation::Column::Id.in_subquery(with_parents))
        .into_tuple()
        .all(&read.db())
        .await?;
    let mut days: HashMap<Uuid, BTreeSet<NaiveDate>> = HashMap::new();
    for (case, starts) in rows {
        if let Some(case) = case {
            days.entry(case).or_default().insert(today(from_column(starts)?));
        }
    }
    Ok(days)
}
