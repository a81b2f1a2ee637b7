//! Meetings in the database.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::{DeclineReason, Kind, State},
    ids::{CaseId, ConsultationId, HulpvraagId, PersonId, RoomId, SchoolId, SeriesId},
    time::Period,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use super::meeting::{Meeting, Member, Seat};
use crate::{
    access::{Reached, circle},
    entity::{consultation, consultation_room, participant},
    error::{Error, Result},
    store::{
        Read, Tx,
        instant::{from_column, to_column},
    },
};

/// One meeting, whoever asks: the caller of this owes the policy.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND`.
pub async fn get(read: &Read, id: ConsultationId) -> Result<Meeting> {
    let row = consultation::Entity::find_by_id((read.region(), id.0))
        .one(&read.db())
        .await?
        .ok_or(Error::NotFound("CONSULTATION"))?;
    let mut meetings = with_tables(read, vec![row]).await?;
    meetings.pop().ok_or(Error::NotFound("CONSULTATION"))
}

/// One meeting, to be changed by this transaction alone: another that wants to change it waits,
/// and then reads what this one wrote. SQLite has one writer.
///
/// # Errors
/// `CONSULTATION_NOT_FOUND`.
pub async fn get_to_change(tx: &Tx, id: ConsultationId) -> Result<Meeting> {
    let row = consultation::Entity::find_by_id((tx.region(), id.0))
        .lock_exclusive()
        .one(&tx.db())
        .await?
        .ok_or(Error::NotFound("CONSULTATION"))?;
    let mut meetings = with_tables(tx, vec![row]).await?;
    meetings.pop().ok_or(Error::NotFound("CONSULTATION"))
}

/// The meetings about a case, oldest first.
pub async fn of_case(read: &Read, case: CaseId) -> Result<Vec<Meeting>> {
    Ok(of_cases(read, &[case.0]).await?.remove(&case).unwrap_or_default())
}

/// The meetings about several cases, each oldest first, in a constant number of statements.
pub async fn of_cases(read: &Read, cases: &[Uuid]) -> Result<HashMap<CaseId, Vec<Meeting>>> {
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::CaseId.is_in(cases.iter().copied()))
        .order_by_asc(consultation::Column::StartsAt)
        .all(&read.db())
        .await?;
    let mut of: HashMap<CaseId, Vec<Meeting>> = HashMap::new();
    for meeting in with_tables(read, rows).await? {
        of.entry(meeting.case.unwrap_or(CaseId(Uuid::nil()))).or_default().push(meeting);
    }
    Ok(of)
}

/// These meetings, whoever asks; those that are not there are left out.
pub async fn of_ids(read: &Read, ids: &[ConsultationId]) -> Result<Vec<Meeting>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::Id.is_in(ids.iter().map(|id| id.0)))
        .all(&read.db())
        .await?;
    with_tables(read, rows).await
}

/// The parts of these meetings, cancelled ones too, by start.
pub async fn parts_of(read: &Read, wholes: &[ConsultationId]) -> Result<Vec<Meeting>> {
    if wholes.is_empty() {
        return Ok(Vec::new());
    }
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::WithinId.is_in(wholes.iter().map(|id| id.0)))
        .order_by_asc(consultation::Column::StartsAt)
        .order_by_asc(consultation::Column::Id)
        .all(&read.db())
        .await?;
    with_tables(read, rows).await
}

/// The meetings to which `person` is called and that touch `during`, by start.
pub async fn of_person(read: &Read, person: PersonId, during: Period) -> Result<Vec<Meeting>> {
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::Id.in_subquery(calling(read.region(), person)))
        .filter(consultation::Column::EndsAt.gt(to_column(during.start())))
        .filter(consultation::Column::StartsAt.lt(to_column(during.end())))
        .order_by_asc(consultation::Column::StartsAt)
        .all(&read.db())
        .await?;
    with_tables(read, rows).await
}

/// The meetings of a kind at or for a school that touch `during`, whoever asks.
pub(super) async fn of_kind(
    read: &Read,
    kind: Kind,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Meeting>> {
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::Kind.eq(kind.to_string()))
        .filter(consultation::Column::SchoolId.is_not_null())
        .filter(consultation::Column::EndsAt.gt(to_column(from)))
        .filter(consultation::Column::StartsAt.lt(to_column(until)))
        .all(&read.db())
        .await?;
    with_tables(read, rows).await
}

/// Those that changed at or after `since`, oldest change first.
pub async fn changed_since(read: &Read, since: DateTime<Utc>, most: u64) -> Result<Vec<Meeting>> {
    let rows = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::UpdatedAt.gte(to_column(since)))
        .order_by_asc(consultation::Column::UpdatedAt)
        .limit(most)
        .all(&read.db())
        .await?;
    with_tables(read, rows).await
}

/// A page of those that fulfil `condition`, by start.
pub async fn list(
    read: &Read,
    condition: Condition,
    after: Option<(i64, Uuid)>,
    most: u64,
) -> Result<Vec<Meeting>> {
    let mut query = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(condition);
    if let Some((start, id)) = after {
        let same = Condition::all()
            .add(consultation::Column::StartsAt.eq(start))
            .add(consultation::Column::Id.gt(id));
        query = query.filter(Condition::any().add(consultation::Column::StartsAt.gt(start)).add(same));
    }
    let rows = query
        .order_by_asc(consultation::Column::StartsAt)
        .order_by_asc(consultation::Column::Id)
        .limit(most)
        .all(&read.db())
        .await?;
    with_tables(read, rows).await
}

/// The ids of the meetings to which `person` is called: where it sits through the whole meeting,
/// not those of its parts.
pub(super) fn calling(region: Uuid, person: PersonId) -> SelectStatement {
    let mut seats = at_whose_table(region, person);
    seats.and_where(participant::Column::Fixed.eq(false)).to_owned()
}

/// The ids of the meetings at whose table `person` sits.
pub fn at_whose_table(region: Uuid, person: PersonId) -> SelectStatement {
    Query::select()
        .column(participant::Column::ConsultationId)
        .from(participant::Entity)
        .cond_where(
            Condition::all()
                .add(participant::Column::RegionId.eq(region))
                .add(participant::Column::PersonId.eq(person.0)),
        )
        .to_owned()
}

/// The meetings that the grant reaches; the same rule as [`super::reach::holds`].
pub fn reached(read: &Read) -> Condition {
    let about_none = || Condition::all().add(consultation::Column::CaseId.is_null());
    let own = || about_none().add(consultation::Column::BookedBy.eq(read.grant().actor()));
    let mut any = Condition::any();
    let mut through_case = Vec::new();
    for (reached, _) in read.grant().reached() {
        any = match reached {
            Reached::Region => any.add(consultation::Column::RegionId.eq(read.region())),
            Reached::School(school) => {
                through_case.push(reached);
                any.add(about_none().add(consultation::Column::SchoolId.eq(*school))).add(own())
            }
            Reached::Residence(_) => {
                through_case.push(reached);
                any.add(own())
            }
            Reached::SchoolEscalated(_) | Reached::Escalated(_) | Reached::Case(_) | Reached::Held => {
                through_case.push(reached);
                any
            }
            Reached::Invited(person) => any
                .add(consultation::Column::Id.in_subquery(at_whose_table(read.region(), PersonId(*person)))),
            Reached::Team(_) | Reached::Own(_) => any,
        };
    }
    if !through_case.is_empty() {
        let cases = circle::within(read, through_case.into_iter());
        any = any.add(consultation::Column::CaseId.in_subquery(cases));
    }
    if any.is_empty() {
        any = any.add(consultation::Column::RegionId.ne(read.region()));
    }
    Condition::all().add(any).add(not_archived(read))
}

/// About no case, or about one that lists tell of.
fn not_archived(read: &Read) -> Condition {
    Condition::any()
        .add(consultation::Column::CaseId.is_null())
        .add(consultation::Column::CaseId.not_in_subquery(circle::archived(read)))
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filter {
    /// Only about this case.
    pub case: Option<CaseId>,
    /// Only at or for this school.
    pub school: Option<SchoolId>,
    /// Only those that end after this instant.
    pub after: DateTime<Utc>,
    /// Cancelled ones too.
    pub cancelled: bool,
}

impl Filter {
    /// As a condition.
    pub fn condition(&self) -> Condition {
        let mut all = Condition::all().add(consultation::Column::EndsAt.gt(to_column(self.after)));
        if let Some(case) = self.case {
            all = all.add(consultation::Column::CaseId.eq(case.0));
        }
        if let Some(school) = self.school {
            all = all.add(consultation::Column::SchoolId.eq(school.0));
        }
        if !self.cancelled {
            all = all.add(consultation::Column::State.ne(State::Cancelled.to_string()));
        }
        all
    }
}

/// Whether meetings of the region have one of these references.
pub async fn are_taken(read: &Read, references: &[String]) -> Result<bool> {
    let row = consultation::Entity::find()
        .filter(consultation::Column::RegionId.eq(read.region()))
        .filter(consultation::Column::Reference.is_in(references))
        .one(&read.db())
        .await?;
    Ok(row.is_some())
}

/// Keeps new meetings, in three statements.
pub async fn insert(tx: &Tx, meetings: &[&Meeting]) -> Result<()> {
    if meetings.is_empty() {
        return Ok(());
    }
    let rows = meetings.iter().map(|meeting| row(tx, meeting));
    consultation::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    insert_tables(tx, meetings).await?;
    insert_rooms(tx, meetings).await
}

/// Writes a meeting and its table back; somebody else's change in between is [`Error::Stale`].
/// Raises its version and its time of change.
pub async fn update(tx: &Tx, meeting: &mut Meeting) -> Result<()> {
    let read = meeting.version;
    meeting.version += 1;
    // Watchers ask for what changed since: a clock that went back must not hide a change.
    meeting.updated = tx.now().max(meeting.updated + chrono::TimeDelta::microseconds(1));
    let written = consultation::Entity::update_many()
        .set(row(tx, meeting))
        .filter(consultation::Column::RegionId.eq(tx.region()))
        .filter(consultation::Column::Id.eq(meeting.id.0))
        .filter(consultation::Column::Version.eq(read))
        .exec(&tx.db())
        .await?;
    if written.rows_affected == 0 {
        return Err(Error::Stale);
    }
    participant::Entity::delete_many()
        .filter(participant::Column::RegionId.eq(tx.region()))
        .filter(participant::Column::ConsultationId.eq(meeting.id.0))
        .exec(&tx.db())
        .await?;
    insert_tables(tx, &[meeting]).await
}

/// Writes the rooms of a meeting back.
pub async fn put_rooms(tx: &Tx, meeting: &Meeting) -> Result<()> {
    consultation_room::Entity::delete_many()
        .filter(consultation_room::Column::RegionId.eq(tx.region()))
        .filter(consultation_room::Column::ConsultationId.eq(meeting.id.0))
        .exec(&tx.db())
        .await?;
    insert_rooms(tx, &[meeting]).await
}

pub(super) async fn insert_rooms(tx: &Tx, meetings: &[&Meeting]) -> Result<()> {
    let taken = meetings.iter().flat_map(|meeting| meeting.rooms.iter().map(|room| (meeting.id, *room)));
    let rows: Vec<_> = taken
        .map(|(id, room)| consultation_room::ActiveModel {
            region_id: Set(tx.region()),
            consultation_id: Set(id.0),
            room_id: Set(room.0),
        })
        .collect();
    if !rows.is_empty() {
        consultation_room::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    }
    Ok(())
}

async fn insert_tables(tx: &Tx, meetings: &[&Meeting]) -> Result<()> {
    let rows = meetings.iter().flat_map(|meeting| table_rows(tx, meeting));
    participant::Entity::insert_many(rows).exec_without_returning(&tx.db()).await?;
    Ok(())
}

/// The rows of a table.
pub(super) fn table_rows(tx: &Tx, meeting: &Meeting) -> impl Iterator<Item = participant::ActiveModel> {
    meeting.table.iter().zip(0..).map(|(seat, position)| participant::ActiveModel {
        region_id: Set(tx.region()),
        consultation_id: Set(meeting.id.0),
        person_id: Set(seat.person.0),
        position: Set(position),
        role: Set(seat.role.to_string()),
        optional: Set(seat.optional),
        answer: Set(seat.answer.to_string()),
        answered_at: Set(seat.answered.map(to_column)),
        attended: Set(seat.attended),
        fixed: Set(seat.fixed),
        decline_reason: Set(seat.reason.map(|why| why.to_string())),
    })
}

/// The row of a meeting, without what its outcome writes.
pub(super) fn row(tx: &Tx, meeting: &Meeting) -> consultation::ActiveModel {
    consultation::ActiveModel {
        region_id: Set(tx.region()),
        id: Set(meeting.id.0),
        reference: Set(meeting.reference.clone()),
        uid: Set(meeting.uid.clone()),
        kind: Set(meeting.kind.to_string()),
        state: Set(meeting.state.to_string()),
        case_id: Set(meeting.case.map(|case| case.0)),
        subject_id: Set(meeting.subject),
        hulpvraag_id: Set(meeting.hulpvraag.map(|hulpvraag| hulpvraag.0)),
        starts_at: Set(to_column(meeting.time.start())),
        ends_at: Set(to_column(meeting.time.end())),
        place: Set(meeting.place.to_string()),
        school_id: Set(meeting.school.map(|school| school.0)),
        parent_exception: Set(meeting.parent_exception.map(|why| why.to_string()).unwrap_or_default()),
        sequence: Set(i32::try_from(meeting.sequence).unwrap_or(i32::MAX)),
        sealed_outcome: Set(meeting.sealed_outcome.clone()),
        child_heard: sea_orm::ActiveValue::NotSet,
        jgt_hulp_gewenst: sea_orm::ActiveValue::NotSet,
        booked_by: Set(meeting.booked_by.0),
        created_at: Set(to_column(meeting.created)),
        updated_at: Set(to_column(meeting.updated)),
        version: Set(meeting.version),
        alone_because: Set(meeting.alone_because.map(|why| why.to_string()).unwrap_or_default()),
        within_id: Set(meeting.within.map(|whole| whole.0)),
        short_notice: Set(meeting.short_notice.map(|why| why.to_string())),
        sealed_provider_reason: Set(meeting.sealed_provider_reason.clone()),
        series_id: Set(meeting.member.map(|member| member.series.0)),
        original_start: Set(meeting.member.map(|member| to_column(member.original))),
        apart: Set(meeting.member.is_some_and(|member| member.apart)),
    }
}

/// The tables and rooms of all `rows`, in two statements.
pub(super) async fn with_tables(read: &Read, rows: Vec<consultation::Model>) -> Result<Vec<Meeting>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let seats = participant::Entity::find()
        .filter(participant::Column::RegionId.eq(read.region()))
        .filter(participant::Column::ConsultationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(participant::Column::Position)
        .all(&read.db())
        .await?;
    let mut tables: HashMap<Uuid, Vec<Seat>> = HashMap::new();
    for row in seats {
        tables.entry(row.consultation_id).or_default().push(seat(&row)?);
    }
    let taken = consultation_room::Entity::find()
        .filter(consultation_room::Column::RegionId.eq(read.region()))
        .filter(consultation_room::Column::ConsultationId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(consultation_room::Column::RoomId)
        .all(&read.db())
        .await?;
    let mut rooms: HashMap<Uuid, Vec<RoomId>> = HashMap::new();
    for row in taken {
        rooms.entry(row.consultation_id).or_default().push(RoomId(row.room_id));
    }
    rows.into_iter()
        .map(|row| {
            let rooms = rooms.remove(&row.id).unwrap_or_default();
            Ok(Meeting { rooms, ..meeting(row, &mut tables)? })
        })
        .collect()
}

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "consultation", column }
}

fn seat(row: &participant::Model) -> Result<Seat> {
    Ok(Seat {
        person: PersonId(row.person_id),
        role: row.role.parse().map_err(|_| corrupt("role"))?,
        optional: row.optional,
        answer: row.answer.parse().map_err(|_| corrupt("answer"))?,
        answered: row.answered_at.map(from_column).transpose()?,
        reason: reason(row)?,
        attended: row.attended,
        fixed: row.fixed,
    })
}

fn reason(row: &participant::Model) -> Result<Option<DeclineReason>> {
    let reason = row.decline_reason.as_deref().map(str::parse);
    reason.transpose().map_err(|_| Error::Corrupt { table: "participant", column: "decline_reason" })
}

fn meeting(row: consultation::Model, tables: &mut HashMap<Uuid, Vec<Seat>>) -> Result<Meeting> {
    let parent_exception = match row.parent_exception.as_str() {
        "" => None,
        why => Some(why.parse().map_err(|_| corrupt("parent_exception"))?),
    };
    let alone_because = match row.alone_because.as_str() {
        "" => None,
        why => Some(why.parse().map_err(|_| corrupt("alone_because"))?),
    };
    Ok(Meeting {
        id: ConsultationId(row.id),
        reference: row.reference,
        uid: row.uid,
        kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
        state: row.state.parse().map_err(|_| corrupt("state"))?,
        case: row.case_id.map(CaseId),
        subject: row.subject_id,
        hulpvraag: row.hulpvraag_id.map(HulpvraagId),
        time: Period::new(from_column(row.starts_at)?, from_column(row.ends_at)?)
            .map_err(|_| corrupt("ends_at"))?,
        place: row.place.parse().map_err(|_| corrupt("place"))?,
        school: row.school_id.map(SchoolId),
        parent_exception,
        rooms: Vec::new(),
        alone_because,
        short_notice: row
            .short_notice
            .map(|why| why.parse().map_err(|_| corrupt("short_notice")))
            .transpose()?,
        within: row.within_id.map(ConsultationId),
        sequence: u32::try_from(row.sequence).map_err(|_| corrupt("sequence"))?,
        sealed_outcome: row.sealed_outcome,
        booked_by: PersonId(row.booked_by),
        created: from_column(row.created_at)?,
        updated: from_column(row.updated_at)?,
        version: row.version,
        sealed_provider_reason: row.sealed_provider_reason,
        member: member((row.series_id, row.original_start), row.apart)?,
        table: tables.remove(&row.id).unwrap_or_default(),
    })
}

fn member((series, original): (Option<Uuid>, Option<i64>), apart: bool) -> Result<Option<Member>> {
    let member = series.zip(original).map(|(series, original)| {
        Ok(Member { series: SeriesId(series), original: from_column(original)?, apart })
    });
    member.transpose()
}
