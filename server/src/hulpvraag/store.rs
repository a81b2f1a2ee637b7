//! Requests in the database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    hulpvraag::State,
    ids::{CaseId, ConsultationId, HulpvraagId, PersonId, SchoolId, TeamId},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, ExprTrait, IntoSimpleExpr, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func},
};
use uuid::Uuid;

use super::request::Hulpvraag;
use crate::{
    access::{Reached, circle},
    entity::hulpvraag::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
        vault::has_key,
    },
};

/// One request, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `HULPVRAAG_NOT_FOUND`, also when it is about an archived case.
pub async fn get(read: &Read, id: HulpvraagId) -> Result<Hulpvraag> {
    let row = Entity::find_by_id((read.region(), id.0)).filter(shown(read)).one(&read.db()).await?;
    hulpvraag(row.ok_or(Error::NotFound("HULPVRAAG"))?)
}

/// About no case, or about one that lists tell of.
fn shown(read: &Read) -> Condition {
    let lively = Condition::any()
        .add(Column::CaseId.is_null())
        .add(Column::CaseId.not_in_subquery(circle::archived(read)));
    Condition::all().add(lively).add(not_erased())
}

/// The requests about a case, oldest first.
pub async fn of_case(read: &Read, case: CaseId) -> Result<Vec<Hulpvraag>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .filter(not_erased())
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.into_iter().map(hulpvraag).collect()
}

/// All of the region that were asked for from `from` up to `until`, oldest first: none about a case that is
/// put aside. The caller owes the policy.
pub async fn asked_in(read: &Read, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Hulpvraag>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CreatedAt.between(to_column(from), to_column(until)))
        .filter(shown(read))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    rows.into_iter().map(hulpvraag).collect()
}

/// When each of `requests` was asked for, in one statement.
pub async fn asked_at(read: &Read, requests: &[Uuid]) -> Result<HashMap<Uuid, DateTime<Utc>>> {
    if requests.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, i64)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::CreatedAt])
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::Id.is_in(requests.iter().copied()))
        .into_tuple()
        .all(&read.db())
        .await?;
    rows.into_iter().map(|(id, at)| Ok((id, from_column(at)?))).collect()
}

/// How many requests each of `persons` accepted that are not done, in one statement.
pub async fn open_of(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, usize>> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let done: &str = State::Done { by: PersonId(Uuid::nil()), consultation: None }.into();
    let declined: &str = State::Declined.into();
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(Column::State.is_not_in([done, declined]))
        .filter(shown(read))
        .all(&read.db())
        .await?;
    let mut counts = HashMap::new();
    for person in rows.into_iter().filter_map(|row| row.person_id) {
        *counts.entry(PersonId(person)).or_default() += 1;
    }
    Ok(counts)
}

/// How a list stands, and where a page of it goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Listed {
    /// By target date, the earliest first.
    ByTarget(Option<(NaiveDate, Uuid)>),
    /// By when it was answered, or asked where nobody answered, the latest first: microseconds since 1970, UTC.
    LatestFirst(Option<(i64, Uuid)>),
}

impl Listed {
    /// The same list from behind `last` on.
    #[must_use]
    pub fn behind(self, last: &Hulpvraag) -> Self {
        match self {
            Self::ByTarget(_) => Self::ByTarget(Some((last.target, last.id.0))),
            Self::LatestFirst(_) => {
                Self::LatestFirst(Some((to_column(last.answered.unwrap_or(last.created)), last.id.0)))
            }
        }
    }
}

/// A page of those that the grant reaches; the same rule as [`Hulpvraag::holds`].
pub async fn list(read: &Read, state: Option<&str>, listed: Listed, most: u64) -> Result<Vec<Hulpvraag>> {
    let mut reach = Condition::any();
    for (reached, _) in read.grant().reached() {
        reach = match reached {
            Reached::Region => reach.add(Column::RegionId.eq(read.region())),
            Reached::School(school) => reach.add(Column::SchoolId.eq(*school)),
            Reached::Team(team) => reach.add(Column::TeamId.eq(*team)),
            Reached::Own(person) => reach.add(Column::PersonId.eq(*person)),
            Reached::SchoolEscalated(_)
            | Reached::Escalated(_)
            | Reached::Residence(_)
            | Reached::Invited(_)
            | Reached::Case(_)
            | Reached::Held => reach,
        };
    }
    if reach.is_empty() {
        return Ok(Vec::new());
    }
    let ours = Entity::find().filter(Column::RegionId.eq(read.region())).filter(reach);
    let mut query = ours.filter(shown(read));
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state));
    }
    let told = || {
        Expr::from(Func::coalesce([
            Column::AnsweredAt.into_simple_expr(),
            Column::CreatedAt.into_simple_expr(),
        ]))
    };
    query = match listed {
        Listed::ByTarget(after) => {
            if let Some((day, id)) = after {
                let same = Condition::all().add(Column::TargetDate.eq(day)).add(Column::Id.gt(id));
                query = query.filter(Condition::any().add(Column::TargetDate.gt(day)).add(same));
            }
            query.order_by_asc(Column::TargetDate).order_by_asc(Column::Id)
        }
        Listed::LatestFirst(after) => {
            if let Some((at, id)) = after {
                let same = Condition::all().add(told().eq(at)).add(Column::Id.lt(id));
                query = query.filter(Condition::any().add(told().lt(at)).add(same));
            }
            query.order_by_desc(told()).order_by_desc(Column::Id)
        }
    };
    query.limit(most).all(&read.db()).await?.into_iter().map(hulpvraag).collect()
}

/// The requests that wait for the answer of one of `teams`, and those that `person` took or `asker` asked for
/// and for which no meeting is booked, in two statements; none about a case that is closed or put aside. The
/// caller owes the policy.
pub async fn waiting(
    read: &Read,
    teams: &[Uuid],
    (person, asker): (Option<Uuid>, Option<Uuid>),
) -> Result<Vec<Hulpvraag>> {
    if teams.is_empty() && person.is_none() && asker.is_none() {
        return Ok(Vec::new());
    }
    let requested: &str = State::Requested.into();
    let forwarded: &str = State::Forwarded { to: TeamId(Uuid::nil()) }.into();
    let accepted: &str = State::Accepted { by: PersonId(Uuid::nil()) }.into();
    let unanswered = Condition::all()
        .add(Column::TeamId.is_in(teams.iter().copied()))
        .add(Column::State.is_in([requested, forwarded]));
    let mut whose = Condition::any().add(unanswered);
    if let Some(person) = person {
        whose = whose.add(Condition::all().add(Column::PersonId.eq(person)).add(Column::State.eq(accepted)));
    }
    if let Some(asker) = asker {
        whose = whose.add(Condition::all().add(Column::CreatedBy.eq(asker)).add(Column::State.eq(accepted)));
    }
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(whose)
        .filter(shown(read))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    let cases: Vec<Uuid> = rows.iter().filter_map(|row| row.case_id).collect();
    let standings = circle::standings(read, &cases).await?;
    let is_worked_on =
        |case: Uuid| standings.iter().any(|one| one.case == case && one.open && one.hold.is_none());
    let waiting = rows.into_iter().filter(|row| row.case_id.is_none_or(is_worked_on));
    waiting.map(hulpvraag).collect()
}

/// That whom it is about was not erased.
fn not_erased() -> Expr {
    has_key((Entity, Column::SubjectId))
}

/// Keeps a new request.
pub async fn insert(tx: &Tx, asked: &Hulpvraag) -> Result<()> {
    Entity::insert(row(tx, asked)).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// Writes a request back and raises its version; somebody else's change in between is [`Error::Stale`].
pub async fn update(tx: &Tx, asked: &mut Hulpvraag) -> Result<()> {
    let read = asked.version;
    asked.version += 1;
    let written = Entity::update_many()
        .set(row(tx, asked))
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::Id.eq(asked.id.0))
        .filter(Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 { Err(Error::Stale) } else { Ok(()) }
}

fn row(tx: &Tx, asked: &Hulpvraag) -> ActiveModel {
    let state: &str = asked.state.into();
    ActiveModel {
        region_id: Set(tx.region()),
        id: Set(asked.id.0),
        state: Set(state.to_owned()),
        school_id: Set(asked.school.0),
        team_id: Set(asked.team.0),
        role: Set(asked.role.to_string()),
        target_date: Set(asked.target),
        case_id: Set(asked.case.map(|case| case.0)),
        subject_id: Set(asked.subject),
        sealed_question: Set(asked.sealed_question.clone()),
        person_id: Set(asked.state.person().map(|person| person.0)),
        sealed_reason: Set(asked.sealed_reason.clone()),
        consultation_id: Set(asked.state.consultation().map(|meeting| meeting.0)),
        created_by: Set(asked.created_by.0),
        created_at: Set(to_column(asked.created)),
        answered_at: Set(asked.answered.map(to_column)),
        answer_due_date: Set(asked.answer_due),
        version: Set(asked.version),
        category: Set(asked.category.map(|category| category.to_string())),
    }
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "hulpvraag", column }
}

fn state(row: &Model) -> Result<State> {
    let by = || row.person_id.map(PersonId).ok_or(corrupt("person_id"));
    let meeting = || row.consultation_id.map(ConsultationId);
    Ok(match row.state.as_str() {
        "REQUESTED" => State::Requested,
        "FORWARDED" => State::Forwarded { to: TeamId(row.team_id) },
        "ACCEPTED" => State::Accepted { by: by()? },
        "DECLINED" => State::Declined,
        "PLANNED" => State::Planned { by: by()?, consultation: meeting().ok_or(corrupt("consultation_id"))? },
        "DONE" => State::Done { by: by()?, consultation: meeting() },
        _ => return Err(corrupt("state")),
    })
}

fn hulpvraag(row: Model) -> Result<Hulpvraag> {
    Ok(Hulpvraag {
        id: HulpvraagId(row.id),
        state: state(&row)?,
        school: SchoolId(row.school_id),
        team: TeamId(row.team_id),
        role: row.role.parse().map_err(|_| corrupt("role"))?,
        target: row.target_date,
        case: row.case_id.map(CaseId),
        category: row.category.map(|word| word.parse().map_err(|_| corrupt("category"))).transpose()?,
        subject: row.subject_id,
        sealed_question: row.sealed_question,
        sealed_reason: row.sealed_reason,
        created_by: PersonId(row.created_by),
        created: from_column(row.created_at)?,
        answered: row.answered_at.map(from_column).transpose()?,
        answer_due: row.answer_due_date,
        version: row.version,
    })
}
