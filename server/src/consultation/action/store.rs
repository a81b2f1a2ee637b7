//! Agreed actions in the database, each sealed under the key of whom its meeting is about.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::ids::{ActionId, ConsultationId, PersonId, SchoolId};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query},
};
use uuid::Uuid;

use crate::{
    consultation::{
        meeting::Meeting,
        minutes::text_of,
        store::{list as meetings, reached},
    },
    entity::{
        action::{Column, Entity, Model},
        consultation,
    },
    error::{Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    /// Only of this person.
    pub owner: Option<PersonId>,
    /// Only of meetings of these schools.
    pub schools: Option<Vec<SchoolId>>,
    /// Only due on this day or before.
    pub until: Option<NaiveDate>,
    /// Those that are done, instead of those that are not.
    pub done: bool,
}

/// A page of actions of meetings that the grant reaches, by due date; one more than the page
/// holds when there are more.
pub(super) async fn list(read: &Read, filter: &Filter, page: &Page<(NaiveDate, Uuid)>) -> Result<Vec<Model>> {
    let mut of = Condition::all().add(consultation::Column::RegionId.eq(read.region())).add(reached(read));
    if let Some(schools) = &filter.schools {
        of = of.add(consultation::Column::SchoolId.is_in(schools.iter().map(|school| school.0)));
    }
    let of = Query::select()
        .column((consultation::Entity, consultation::Column::Id))
        .from(consultation::Entity)
        .cond_where(of)
        .to_owned();
    let mut query = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::ConsultationId.in_subquery(of));
    let state = if filter.done { Column::DoneOn.is_not_null() } else { Column::DoneOn.is_null() };
    query = query.filter(state);
    if let Some(owner) = filter.owner {
        query = query.filter(Column::OwnerId.eq(owner.0));
    }
    if let Some(until) = filter.until {
        query = query.filter(Column::DueDate.lte(until));
    }
    if let Some((day, id)) = page.after {
        let same = Condition::all().add(Column::DueDate.eq(day)).add(Column::Id.gt(id));
        query = query.filter(Condition::any().add(Column::DueDate.gt(day)).add(same));
    }
    let query = query.order_by_asc(Column::DueDate).order_by_asc(Column::Id);
    Ok(query.limit(page.size + 1).all(&read.db()).await?)
}

/// The meetings at which `actions` were agreed, in two statements.
pub(super) async fn meetings_of(read: &Read, actions: &[Model]) -> Result<Vec<Meeting>> {
    if actions.is_empty() {
        return Ok(Vec::new());
    }
    let ids = actions.iter().map(|action| action.consultation_id);
    let of = Condition::all().add(consultation::Column::Id.is_in(ids));
    meetings(read, of, None, actions.len() as u64).await
}

/// What is to be done, of those of `actions` whose text the caller may read; of an erased child
/// nothing. Whoever calls owes audit lines.
pub(super) async fn texts(
    read: &Read,
    actions: &[&Model],
    meetings: &HashMap<ConsultationId, Meeting>,
) -> Result<HashMap<ActionId, String>> {
    let subject = |action: &Model| meetings.get(&ConsultationId(action.consultation_id)).map(|at| at.subject);
    let subjects: Vec<Uuid> = actions.iter().filter_map(|action| subject(action)).collect();
    if subjects.is_empty() {
        return Ok(HashMap::new());
    }
    let keys = read.subject_keys(&subjects).await?;
    let mut texts = HashMap::new();
    for action in actions {
        let Some(subject) = subject(action).filter(|subject| keys.knows(*subject)) else { continue };
        texts.insert(ActionId(action.id), keys.open(subject, text_of(action.id), &action.sealed_text)?);
    }
    Ok(texts)
}

/// One action, held until the end of the transaction.
///
/// # Errors
/// `ACTION_NOT_FOUND`.
pub(super) async fn hold(tx: &Tx, id: ActionId) -> Result<Model> {
    let found = Entity::find_by_id((tx.region(), id.0)).lock_exclusive().one(&tx.db()).await?;
    found.ok_or(Error::NotFound("ACTION"))
}

/// Keeps that an action was done.
pub(super) async fn done(tx: &Tx, id: ActionId, day: NaiveDate, by: Option<Uuid>) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::DoneOn, Expr::value(day))
        .col_expr(Column::DoneBy, Expr::value(by))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(id.0))
        .exec(&tx.db())
        .await?;
    Ok(())
}
