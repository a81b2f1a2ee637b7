//! How many meetings people take, on the wire.

use std::sync::Arc;

use schakel_domain::{access::Action, ids::PersonId, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{Model, find, hold, put};
use crate::{
    access::professional,
    app::App,
    availability::change,
    error::{Error, Result},
    store::{Tx, audit::Deed},
    wire::{
        call::{asked, permit},
        fields::Fields,
    },
};

/// The most meetings that a day or a week can be bound to.
const MOST_MEETINGS: i32 = 100;
const MOST_BUFFER: i32 = 120;
const MOST_NOTICE: i32 = 336;

pub(in super::super) async fn get(
    app: &App,
    request: Request<pb::GetMeetingLimitsRequest>,
) -> Result<Response<pb::MeetingLimits>, Status> {
    let grant = permit(&request, Action::ReadDirectory)?;
    let mut fields = Fields::default();
    let person: Option<PersonId> = fields.parse("person", &request.get_ref().person);
    let person = fields.finish(person)?;
    let read = app.read(grant);
    professional::get(&read, person).await?;
    let row = find(&read, person).await?;
    Ok(Response::new(to_wire(person, row.as_ref())))
}

pub(in super::super) async fn set(
    app: &App,
    request: Request<pb::SetMeetingLimitsRequest>,
) -> Result<Response<pb::MeetingLimits>, Status> {
    let grant = permit(&request, Action::WriteAvailability)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let wish = wish(&mut fields, request.meeting_limits.as_ref());
    let (asked, wish) = fields.finish(asked.zip(wish))?;
    let wish = &wish;
    let done = |tx: Arc<Tx>| async move { keep(&tx, wish).await };
    Ok(Response::new(app.answer(&grant, &asked, done).await?))
}

/// The limits as somebody wants them, and the version that they replace.
struct Wish {
    person: PersonId,
    wire: pb::MeetingLimits,
    etag: Option<i32>,
}

fn wish(fields: &mut Fields, wire: Option<&pb::MeetingLimits>) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("meeting_limits", Refusal::FieldRequired);
        return None;
    };
    let person = fields.parse("meeting_limits.person", &wire.person);
    for (field, number, most) in [
        ("per_day", wire.per_day, MOST_MEETINGS),
        ("per_week", wire.per_week, MOST_MEETINGS),
        ("buffer_minutes", wire.buffer_minutes, MOST_BUFFER),
        ("notice_hours", wire.notice_hours, MOST_NOTICE),
    ] {
        if !(0..=most).contains(&number) {
            fields.refuse(format!("meeting_limits.{field}"), Refusal::FieldInvalid);
        }
    }
    let etag = if wire.etag.is_empty() { None } else { fields.etag("meeting_limits.etag", &wire.etag) };
    Some(Wish { person: person?, wire: wire.clone(), etag })
}

/// Any → these.
async fn keep(tx: &Tx, wish: &Wish) -> Result<pb::MeetingLimits> {
    let person = wish.person;
    change::may_write(tx.grant(), person)?;
    professional::get(tx, person).await?;
    let old = hold(tx, person).await?.map_or(0, |row| row.version);
    if old != wish.etag.unwrap_or(0) {
        return Err(Error::Stale);
    }
    let most = |number: i32| Some(number).filter(|number| *number > 0);
    let row = Model {
        region_id: tx.region(),
        person_id: person.0,
        per_day: most(wish.wire.per_day),
        per_week: most(wish.wire.per_week),
        buffer_minutes: wish.wire.buffer_minutes,
        notice_hours: wish.wire.notice_hours,
        version: old + 1,
    };
    put(tx, row.clone()).await?;
    let deed = if old == 0 { Deed::C } else { Deed::U };
    tx.audit(change::line(deed, "meeting_limits", person.0, person)).await?;
    Ok(to_wire(person, Some(&row)))
}

fn to_wire(person: PersonId, row: Option<&Model>) -> pb::MeetingLimits {
    let Some(row) = row else {
        return pb::MeetingLimits { person: person.to_string(), ..pb::MeetingLimits::default() };
    };
    pb::MeetingLimits {
        person: person.to_string(),
        per_day: row.per_day.unwrap_or_default(),
        per_week: row.per_week.unwrap_or_default(),
        buffer_minutes: row.buffer_minutes,
        notice_hours: row.notice_hours,
        etag: row.version.to_string(),
    }
}
