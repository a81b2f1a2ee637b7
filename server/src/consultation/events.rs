//! Meetings as a calendar lists them: the envelope alone, without tables and without sealed columns.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{Answer, Kind, Place, State},
    ids::{PersonId, RoomId, SchoolId},
    time::Period,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::{shared, store};
use crate::{
    access::{Grant, Worker, affiliation::Post, circle, sharing::guests},
    entity::{consultation, consultation_room, participant},
    error::{Error, Result},
    store::{
        Read,
        instant::{from_column, to_column},
    },
};

/// No calendar lists more; nobody reads as many.
const MOST: u64 = 5_000;
/// How long a meeting that is off is listed, so that every subscriber lets go of it.
const OFF: TimeDelta = TimeDelta::days(30);

/// A meeting as a calendar lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Which.
    pub id: Uuid,
    /// The calendar's UID.
    pub uid: String,
    /// The neutral reference.
    pub reference: String,
    /// Where it stands.
    pub state: State,
    /// When.
    pub time: Period,
    /// Where, as mail may say it.
    pub place: Place,
    /// At or for which school.
    pub school: Option<SchoolId>,
    /// RFC 5545 SEQUENCE.
    pub sequence: u32,
    /// When it was booked.
    pub created: DateTime<Utc>,
    /// When it last changed.
    pub updated: DateTime<Utc>,
    /// What the reader answered; none when the reader does not sit there.
    pub answer: Option<Answer>,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    uid: String,
    reference: String,
    state: String,
    starts_at: i64,
    ends_at: i64,
    place: String,
    school_id: Option<Uuid>,
    sequence: i32,
    created_at: i64,
    updated_at: i64,
}

/// By which it is known, without reading them, that a list of meetings is still the same one: how
/// many, how often they changed, and sums over when each changed and begins. Other meetings in
/// place of these would have to agree in all of it.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Mark {
    count: i64,
    versions: i64,
    newest: i64,
    changes: i64,
    starts: i64,
}

/// Meetings of one region, with leave to read them.
pub struct Listing {
    /// There.
    pub read: Read,
    /// Which of them.
    pub which: Condition,
}

/// The meetings to which `person` is called.
pub fn called(read: &Read, person: PersonId) -> Condition {
    Condition::all().add(consultation::Column::Id.in_subquery(store::calling(read.region(), person)))
}

/// The meetings of other regions to which `person` is called for this one.
pub async fn elsewhere(read: &Read, person: PersonId) -> Result<Vec<Listing>> {
    let mut all = Vec::new();
    for (region, ids) in shared::by_region(guests::elsewhere(read, person, None).await?) {
        let there = read.app().read(Grant::worker(Worker::Feed, region));
        let ids = consultation::Column::Id.is_in(ids.iter().map(|id| id.0));
        all.push(Listing { which: called(&there, person).add(ids), read: there });
    }
    Ok(all)
}

/// Those at or for a school.
pub fn at_school(school: SchoolId) -> Condition {
    Condition::all().add(consultation::Column::SchoolId.eq(school.0))
}

/// Those at or for one of the `schools` of a statement.
pub fn at_schools(schools: SelectStatement) -> Condition {
    Condition::all().add(consultation::Column::SchoolId.in_subquery(schools))
}

/// Those at whose table one of the `persons` of a statement sits.
pub fn with_any(read: &Read, persons: SelectStatement) -> Condition {
    let seats = Query::select()
        .column(participant::Column::ConsultationId)
        .from(participant::Entity)
        .cond_where(
            Condition::all()
                .add(participant::Column::RegionId.eq(read.region()))
                .add(participant::Column::PersonId.in_subquery(persons)),
        )
        .to_owned();
    Condition::all().add(consultation::Column::Id.in_subquery(seats))
}

/// Those that whoever plans for a team knows of: where one of its `posts` sits, through the whole
/// meeting and as what they are there. What is put aside is told to nobody beside its own circle.
pub fn of_team(read: &Read, posts: &[Post]) -> Condition {
    // An empty choice would be no condition at all.
    let nobody = Condition::any().add(participant::Column::RegionId.ne(read.region()));
    let ours = posts.iter().fold(nobody, |any, post| {
        let seat = Condition::all()
            .add(participant::Column::PersonId.eq(post.person.0))
            .add(participant::Column::Role.eq(post.role.to_string()));
        any.add(seat)
    });
    let seats = Query::select()
        .column(participant::Column::ConsultationId)
        .from(participant::Entity)
        .cond_where(
            Condition::all()
                .add(participant::Column::RegionId.eq(read.region()))
                .add(participant::Column::Fixed.eq(false))
                .add(ours),
        )
        .to_owned();
    let told = Condition::any()
        .add(consultation::Column::CaseId.is_null())
        .add(consultation::Column::CaseId.not_in_subquery(circle::aside(read)));
    Condition::all().add(consultation::Column::Id.in_subquery(seats)).add(told)
}

/// Those of these kinds; without kinds there is nothing to ask.
pub fn of_kinds(kinds: &[Kind]) -> Option<Condition> {
    let words = || kinds.iter().map(ToString::to_string);
    (!kinds.is_empty()).then(|| Condition::all().add(consultation::Column::Kind.is_in(words())))
}

/// What a calendar of `during` lists of them at `read`'s time.
fn listed(Listing { read, which }: &Listing, during: Period) -> Condition {
    let on = Condition::any()
        .add(consultation::Column::State.ne(State::Cancelled.to_string()))
        .add(consultation::Column::UpdatedAt.gt(to_column(read.now() - OFF)));
    Condition::all()
        .add(consultation::Column::RegionId.eq(read.region()))
        .add(consultation::Column::EndsAt.gt(to_column(during.start())))
        .add(consultation::Column::StartsAt.lt(to_column(during.end())))
        .add(on)
        .add(which.clone())
}

/// The mark of a list, in one statement that returns one row.
pub async fn mark(listing: &Listing, during: Period) -> Result<Mark> {
    let mark = consultation::Entity::find()
        .select_only()
        .expr_as(Expr::cust("COUNT(*)"), "count")
        .expr_as(Expr::cust("CAST(COALESCE(SUM(version), 0) AS bigint)"), "versions")
        .expr_as(Expr::cust("COALESCE(MAX(updated_at), 0)"), "newest")
        .expr_as(Expr::cust("CAST(COALESCE(SUM(updated_at % 1000000007), 0) AS bigint)"), "changes")
        .expr_as(Expr::cust("CAST(COALESCE(SUM(starts_at % 998244353), 0) AS bigint)"), "starts")
        .filter(listed(listing, during))
        .into_model::<Mark>()
        .one(&listing.read.db())
        .await?;
    mark.ok_or_else(|| corrupt("mark"))
}

/// The meetings of a list by start, with what `person` answered, in two statements.
pub async fn list(listing: &Listing, during: Period, person: PersonId) -> Result<Vec<Listed>> {
    let db = listing.read.db();
    let rows: Vec<Row> = consultation::Entity::find()
        .select_only()
        .columns([
            consultation::Column::Id,
            consultation::Column::Uid,
            consultation::Column::Reference,
            consultation::Column::State,
            consultation::Column::StartsAt,
            consultation::Column::EndsAt,
            consultation::Column::Place,
            consultation::Column::SchoolId,
            consultation::Column::Sequence,
            consultation::Column::CreatedAt,
            consultation::Column::UpdatedAt,
        ])
        .filter(listed(listing, during))
        .order_by_asc(consultation::Column::StartsAt)
        .order_by_asc(consultation::Column::Id)
        .limit(MOST)
        .into_model::<Row>()
        .all(&db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let near = Query::select()
        .column(consultation::Column::Id)
        .from(consultation::Entity)
        .cond_where(
            Condition::all()
                .add(consultation::Column::RegionId.eq(listing.read.region()))
                .add(consultation::Column::EndsAt.gt(to_column(during.start())))
                .add(consultation::Column::StartsAt.lt(to_column(during.end()))),
        )
        .to_owned();
    let seats: Vec<(Uuid, String)> = participant::Entity::find()
        .select_only()
        .columns([participant::Column::ConsultationId, participant::Column::Answer])
        .filter(participant::Column::RegionId.eq(listing.read.region()))
        .filter(participant::Column::PersonId.eq(person.0))
        .filter(participant::Column::ConsultationId.in_subquery(near))
        .into_tuple()
        .all(&db)
        .await?;
    let answers: HashMap<Uuid, String> = seats.into_iter().collect();
    rows.into_iter().map(|row| read_row(row, &answers)).collect()
}

/// The rooms that these meetings take, in one statement.
pub async fn rooms(read: &Read, meetings: &[Listed]) -> Result<HashMap<Uuid, Vec<RoomId>>> {
    let mut rooms: HashMap<Uuid, Vec<RoomId>> = HashMap::new();
    if meetings.is_empty() {
        return Ok(rooms);
    }
    let rows = consultation_room::Entity::find()
        .filter(consultation_room::Column::RegionId.eq(read.region()))
        .filter(consultation_room::Column::ConsultationId.is_in(meetings.iter().map(|one| one.id)))
        .order_by_asc(consultation_room::Column::RoomId)
        .all(&read.db())
        .await?;
    for row in rows {
        rooms.entry(row.consultation_id).or_default().push(RoomId(row.room_id));
    }
    Ok(rooms)
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "consultation", column }
}

fn read_row(row: Row, answers: &HashMap<Uuid, String>) -> Result<Listed> {
    let (start, end) = (from_column(row.starts_at)?, from_column(row.ends_at)?);
    let answer = answers.get(&row.id).map(|answer| answer.parse::<Answer>());
    Ok(Listed {
        id: row.id,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        time: Period::new(start, end).map_err(|_| corrupt("ends_at"))?,
        place: row.place.parse().map_err(|_| corrupt("place"))?,
        school: row.school_id.map(SchoolId),
        sequence: u32::try_from(row.sequence).map_err(|_| corrupt("sequence"))?,
        created: from_column(row.created_at)?,
        updated: from_column(row.updated_at)?,
        answer: answer.transpose().map_err(|_| Error::Corrupt { table: "participant", column: "answer" })?,
        uid: row.uid,
        reference: row.reference,
    })
}
