//! The circle of a case is drawn, and drawn anew: who was a parent stays known to the case.

use chrono::{DateTime, Utc};
use schakel_domain::ids::{CaseId, PersonId};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr,
};

use super::{Circle, Gezag, gezag};
use crate::{
    entity::{case_circle, case_parent},
    error::Result,
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

/// Draws the circle of a new case.
pub async fn insert(tx: &Tx, circle: &Circle) -> Result<()> {
    case_circle::Entity::insert(row(tx, circle)).exec_without_returning(&tx.db()).await?;
    insert_parents(tx, circle).await
}

/// Draws the circle of a case anew; its guests stay. Who is a parent no longer stays known as that.
pub async fn update(tx: &Tx, circle: &Circle) -> Result<()> {
    case_circle::Entity::update(row(tx, circle)).exec(&tx.db()).await?;
    let known = Condition::all()
        .add(case_parent::Column::RegionId.eq(tx.region()))
        .add(case_parent::Column::CaseId.eq(circle.case.0));
    let stay = || circle.parents.iter().map(|(parent, _)| parent.0);
    case_parent::Entity::update_many()
        .col_expr(case_parent::Column::LeftAt, Expr::value(to_column(tx.now())))
        .filter(known.clone())
        .filter(case_parent::Column::LeftAt.is_null())
        .filter(case_parent::Column::PersonId.is_not_in(stay()))
        .exec(&tx.db())
        .await?;
    case_parent::Entity::delete_many()
        .filter(known)
        .filter(case_parent::Column::PersonId.is_in(stay()))
        .exec(&tx.db())
        .await?;
    insert_parents(tx, circle).await
}

/// Who was a parent in `case`, with gezag or not, and since when no longer, oldest first.
pub async fn former(read: &Read, case: CaseId) -> Result<Vec<(PersonId, Gezag, DateTime<Utc>)>> {
    let rows = case_parent::Entity::find()
        .filter(case_parent::Column::RegionId.eq(read.region()))
        .filter(case_parent::Column::CaseId.eq(case.0))
        .filter(case_parent::Column::LeftAt.is_not_null())
        .order_by_asc(case_parent::Column::LeftAt)
        .order_by_asc(case_parent::Column::PersonId)
        .all(&read.db())
        .await?;
    let one = |row: &case_parent::Model| {
        Ok((PersonId(row.person_id), gezag(row)?, from_column(row.left_at.unwrap_or_default())?))
    };
    rows.iter().map(one).collect()
}

fn row(tx: &Tx, circle: &Circle) -> case_circle::ActiveModel {
    case_circle::ActiveModel {
        region_id: Set(tx.region()),
        case_id: Set(circle.case.0),
        school_id: Set(circle.school.map(|school| school.0)),
        gemeente_code: Set(circle.gemeente.clone()),
        child_id: Set(circle.child.0),
        open: Set(circle.open),
        hold: Set(circle.hold.map(|hold| hold.to_string())),
        escalation_level: Set(i32::from(circle.level)),
        escalated_on: Set(circle.escalated),
    }
}

async fn insert_parents(tx: &Tx, circle: &Circle) -> Result<()> {
    if circle.parents.is_empty() {
        return Ok(());
    }
    let rows = circle.parents.iter().zip(0..).map(|((person, gezag), position)| case_parent::ActiveModel {
        region_id: Set(tx.region()),
        case_id: Set(circle.case.0),
        person_id: Set(person.0),
        position: Set(position),
        gezag: Set(gezag.to_string()),
        left_at: Set(None),
    });
    case_parent::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    Ok(())
}
