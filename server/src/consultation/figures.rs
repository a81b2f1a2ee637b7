//! What reports count meetings by: those of a time, with who was there. The caller owes the policy.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::Role,
    consultation::{ChildHeard, JgtHulpGewenst, State},
    ids::{CaseId, PersonId, SchoolId},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Query, SelectStatement},
};
use uuid::Uuid;

use crate::{
    entity::{consultation, participant},
    error::{Error, Result},
    hulpvraag,
    store::{
        Read,
        instant::{from_column, to_column},
        vault::has_key,
    },
};

/// Somebody at a table.
#[derive(Debug, Clone, Copy)]
pub struct Seat {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Whether the meeting can be without.
    pub optional: bool,
    /// Whether they came; none where nobody wrote that down.
    pub attended: Option<bool>,
}

/// A meeting.
#[derive(Debug, Clone)]
pub struct Meeting {
    /// The case; none of a meeting about no child by name.
    pub case: Option<CaseId>,
    /// The school.
    pub school: Option<SchoolId>,
    /// Whether it is a part of a meeting about several children.
    pub is_part: bool,
    /// Whether it was held, called off, or neither yet.
    pub state: State,
    /// When it began, or would have.
    pub start: DateTime<Utc>,
    /// How long it was.
    pub minutes: u32,
    /// When a school asked for it.
    pub asked: Option<DateTime<Utc>>,
    /// Whether the child was heard.
    pub heard: Option<ChildHeard>,
    /// Whether help is wanted.
    pub help: Option<JgtHulpGewenst>,
    /// Who was asked to come.
    pub seats: Vec<Seat>,
}

/// Of a row what is counted.
type Row = (
    Uuid,
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
    Option<Uuid>,
    String,
    i64,
    i64,
    Option<String>,
    Option<String>,
);

/// Who sits where.
type SeatRow = (Uuid, Uuid, String, bool, Option<bool>);

fn corrupt(column: &'static str) -> Error {
    Error::Corrupt { table: "consultation", column }
}

/// Those that began from `from` up to `until`, oldest first, in three statements.
pub async fn during(read: &Read, from: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Meeting>> {
    let these = Condition::all()
        .add(consultation::Column::RegionId.eq(read.region()))
        .add(consultation::Column::StartsAt.between(to_column(from), to_column(until)))
        .add(has_key((consultation::Entity, consultation::Column::SubjectId)));
    let rows: Vec<Row> = consultation::Entity::find()
        .select_only()
        .columns([
            consultation::Column::Id,
            consultation::Column::CaseId,
            consultation::Column::SchoolId,
            consultation::Column::HulpvraagId,
            consultation::Column::WithinId,
            consultation::Column::State,
            consultation::Column::StartsAt,
            consultation::Column::EndsAt,
            consultation::Column::ChildHeard,
            consultation::Column::JgtHulpGewenst,
        ])
        .filter(these.clone())
        .order_by_asc(consultation::Column::StartsAt)
        .order_by_asc(consultation::Column::Id)
        .into_tuple()
        .all(&read.db())
        .await?;
    let mut seats = seats(read, these).await?;
    let requests: HashSet<Uuid> = rows.iter().filter_map(|row| row.3).collect();
    let requests: Vec<Uuid> = requests.into_iter().collect();
    let asked = hulpvraag::store::asked_at(read, &requests).await?;
    rows.into_iter()
        .map(|(id, case, school, request, whole, state, starts, ends, heard, help)| {
            let (start, end) = (from_column(starts)?, from_column(ends)?);
            let heard = heard.map(|word| word.parse().map_err(|_| corrupt("child_heard")));
            let help = help.map(|word| word.parse().map_err(|_| corrupt("jgt_hulp_gewenst")));
            Ok(Meeting {
                case: case.map(CaseId),
                school: school.map(SchoolId),
                is_part: whole.is_some(),
                state: state.parse().map_err(|_| corrupt("state"))?,
                start,
                minutes: u32::try_from((end - start).num_minutes()).unwrap_or_default(),
                asked: request.and_then(|request| asked.get(&request).copied()),
                heard: heard.transpose()?,
                help: help.transpose()?,
                seats: seats.remove(&id).unwrap_or_default(),
            })
        })
        .collect()
}

/// The ids of the meetings of the region that were called off, as a subquery.
pub fn called_off(read: &Read) -> SelectStatement {
    Query::select()
        .column(consultation::Column::Id)
        .from(consultation::Entity)
        .and_where(consultation::Column::RegionId.eq(read.region()))
        .and_where(consultation::Column::State.eq(State::Cancelled.to_string()))
        .to_owned()
}

async fn seats(read: &Read, these: Condition) -> Result<HashMap<Uuid, Vec<Seat>>> {
    let meetings = Query::select()
        .column(consultation::Column::Id)
        .from(consultation::Entity)
        .cond_where(these)
        .to_owned();
    let rows: Vec<SeatRow> = participant::Entity::find()
        .select_only()
        .columns([
            participant::Column::ConsultationId,
            participant::Column::PersonId,
            participant::Column::Role,
            participant::Column::Optional,
            participant::Column::Attended,
        ])
        .filter(participant::Column::RegionId.eq(read.region()))
        .filter(participant::Column::ConsultationId.in_subquery(meetings))
        .into_tuple()
        .all(&read.db())
        .await?;
    let mut seats: HashMap<Uuid, Vec<Seat>> = HashMap::new();
    for (meeting, person, role, optional, attended) in rows {
        let role = role.parse().map_err(|_| Error::Corrupt { table: "participant", column: "role" })?;
        let seat = Seat { person: PersonId(person), role, optional, attended };
        seats.entry(meeting).or_default().push(seat);
    }
    Ok(seats)
}
