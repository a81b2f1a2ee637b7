//! Whether calendars are sound: what the program promises of them, counted out from the rows.

use std::collections::{BTreeMap, BTreeSet};

use schakel_domain::availability::{Span, spans};
use schakel_server::entity::{busy, busy_span, consultation, consultation_room, hold, participant};
use sea_orm::{DatabaseConnection, EntityTrait};
use uuid::Uuid;

/// Everything that is wrong with the calendars: spans that overlap another or its lead, compact
/// forms that are not their rows, rows that are no seat, room or hold, and seats without a row.
pub async fn faults(db: &DatabaseConnection) -> Vec<String> {
    let rows = busy::Entity::find().all(db).await.unwrap();
    let mut faults = overlaps(&rows);
    faults.extend(forms(db, &rows).await);
    faults.extend(bookings(db, &rows).await);
    faults
}

fn overlaps(rows: &[busy::Model]) -> Vec<String> {
    let mut calendars: BTreeMap<Uuid, Vec<&busy::Model>> = BTreeMap::new();
    for row in rows {
        calendars.entry(row.calendar_id).or_default().push(row);
    }
    let mut faults = Vec::new();
    for (calendar, mut rows) in calendars {
        rows.sort_by_key(|row| row.starts_at);
        let overlapping = rows.windows(2).filter(|two| two[0].ends_at > two[1].starts_at - two[1].lead);
        faults.extend(overlapping.map(|two| format!("{calendar}: {two:?}")));
    }
    faults
}

async fn forms(db: &DatabaseConnection, rows: &[busy::Model]) -> Vec<String> {
    let mut kept = BTreeMap::new();
    for form in busy_span::Entity::find().all(db).await.unwrap() {
        let spans = spans::decode(&form.spans).unwrap();
        assert!(!spans.is_empty(), "a calendar that is empty again leaves nothing behind");
        for span in spans {
            assert!(kept.insert((form.calendar_id, span.booking), span).is_none(), "twice in the forms");
        }
    }
    let mut faults = Vec::new();
    for row in rows {
        let form = kept.remove(&(row.calendar_id, row.booking_id));
        if form.as_ref().is_none_or(|form| !is_same(form, row)) {
            faults.push(format!("{row:?} is {form:?} in its form"));
        }
    }
    faults.extend(kept.into_iter().map(|(key, span)| format!("{key:?}: {span:?} has no row")));
    faults
}

fn is_same(span: &Span, row: &busy::Model) -> bool {
    let site = match span.site {
        schakel_domain::availability::Site::Remote => (true, None),
        schakel_domain::availability::Site::At(place) => (false, Some(place.0)),
        schakel_domain::availability::Site::Unknown => (false, None),
    };
    span.time.start().timestamp_micros() == row.starts_at
        && span.time.end().timestamp_micros() == row.ends_at
        && span.lead.num_microseconds() == Some(row.lead)
        && site == (row.remote, row.place_id)
        && span.expires.map(|expires| expires.timestamp_micros()) == row.expires_at
}

async fn bookings(db: &DatabaseConnection, rows: &[busy::Model]) -> Vec<String> {
    let meetings = consultation::Entity::find().all(db).await.unwrap();
    let times: BTreeMap<Uuid, (i64, i64)> = meetings
        .iter()
        .filter(|meeting| meeting.state != "CANCELLED")
        .map(|meeting| (meeting.id, (meeting.starts_at, meeting.ends_at)))
        .collect();
    let mut wanted = BTreeSet::new();
    let seats = participant::Entity::find().all(db).await.unwrap();
    // Who sits through all of a meeting is taken by it, not by its parts.
    for seat in seats.into_iter().filter(|seat| !seat.fixed) {
        wanted.extend(times.get(&seat.consultation_id).map(|at| (seat.person_id, seat.consultation_id, *at)));
    }
    for room in consultation_room::Entity::find().all(db).await.unwrap() {
        wanted.extend(times.get(&room.consultation_id).map(|at| (room.room_id, room.consultation_id, *at)));
    }
    let holds: BTreeMap<Uuid, hold::Model> =
        hold::Entity::find().all(db).await.unwrap().into_iter().map(|hold| (hold.id, hold)).collect();
    let mut faults = Vec::new();
    for row in rows {
        let fits = match holds.get(&row.booking_id) {
            Some(hold) => {
                row.expires_at == Some(hold.expires_at)
                    && (row.starts_at, row.ends_at) == (hold.starts_at, hold.ends_at)
            }
            None => wanted.remove(&(row.calendar_id, row.booking_id, (row.starts_at, row.ends_at))),
        };
        if !fits {
            faults.push(format!("{row:?} is of no booking"));
        }
    }
    faults.extend(wanted.into_iter().map(|seat| format!("{seat:?} has no row")));
    faults
}
