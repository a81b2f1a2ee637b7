//! An outside calendar on the wire; its address never is.

use schakel_domain::ids::{OutsideCalendarId, PersonId};
use schakel_proto::v1 as pb;

use super::{spans, store::Model};
use crate::{error::Result, store::instant::from_column, wire::time::timestamp};

/// What is told of a calendar.
pub(super) fn to_wire(row: &Model) -> Result<pb::OutsideCalendar> {
    let time = |column: Option<i64>| column.map(|at| from_column(at).map(timestamp)).transpose();
    Ok(pb::OutsideCalendar {
        name: OutsideCalendarId(row.id).to_string(),
        person: PersonId(row.person_id).to_string(),
        address: String::new(),
        host: row.host.clone(),
        read_time: time(row.read_at)?,
        last_fetch_time: time(row.fetched_at)?,
        next_fetch_time: time(row.next_fetch_at)?,
        last_error: row.last_error.clone(),
        unread_count: row.unread,
        unread_reason: row.unread_reason.clone(),
        known_until_time: time(row.known_until)?,
        busy_count: i32::try_from(spans::count(&row.busy)).unwrap_or(i32::MAX),
    })
}
