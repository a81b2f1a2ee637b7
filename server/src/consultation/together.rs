//! Meetings that are booked or changed in one transaction: whose times are free, and what follows.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    consultation::State,
    ids::{CaseId, ConsultationId, PersonId, SeriesId},
};
use uuid::Uuid;

use super::{book, many, meeting::Meeting, tell};
use crate::{
    access::{Grant, circle},
    app::App,
    availability::busy::{self, Booking},
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
        outbox::{Kind, Work},
    },
};

/// Keeps new meetings whose times are free and whose calendars are locked, which `bookings` take,
/// with all that follows but mail: that is told of their series.
pub(super) async fn insert(
    tx: &Tx,
    mut meetings: Vec<Meeting>,
    bookings: &[Booking],
) -> Result<Vec<Meeting>> {
    book::name(tx, &mut meetings).await?;
    busy::exchange(tx, &[], bookings).await?;
    many::insert(tx, &meetings).await?;
    follow(tx, &meetings, Deed::C, "CONSULTATION_BOOKED").await?;
    Ok(meetings)
}

/// Audit lines, leave to read the case for who sits there now, and lines in timelines.
pub(super) async fn follow(tx: &Tx, meetings: &[Meeting], deed: Deed, kind: &str) -> Result<()> {
    let of_case = |meeting: &Meeting| -> Option<(CaseId, ConsultationId, Vec<PersonId>)> {
        let is_off = meeting.state == State::Cancelled;
        let guests = if is_off { Vec::new() } else { meeting.professionals() };
        meeting.case.map(|case| (case, meeting.id, guests))
    };
    let tables: Vec<_> = meetings.iter().filter_map(of_case).collect();
    circle::invite_all(tx, &tables).await?;
    let told: Vec<_> = tables.iter().map(|(case, meeting, _)| (*case, meeting.to_string())).collect();
    tx.tell_cases(&told, kind).await?;
    let lines: Vec<_> =
        meetings.iter().flat_map(|meeting| tell::lines(meeting, deed, &[Class::K1])).collect();
    tx.audit_all(&lines).await
}

/// Has everybody at the meetings of these series told at `due`, each person once of all.
pub(super) async fn invite(tx: &Tx, series: &[(SeriesId, i32)], due: DateTime<Utc>) -> Result<()> {
    let work = series.iter().map(|(id, version)| Work {
        kind: Kind::SeriesChanged,
        dedupe: format!("{}/{version}", id.0),
        subject: id.0,
        due,
        note: None,
        mail: None,
    });
    tx.enqueue_all(work.collect()).await
}

/// Writes down that times were sought, for which cases; not for whom.
pub(super) async fn searched(app: &App, grant: &Grant, cases: &[CaseId]) -> Result<()> {
    let classes = Classes::of(&[Class::K0, Class::K1]);
    let line = |id: Option<Uuid>| Line { deed: Deed::S, object: "slots", id, subject: None, classes };
    let mut lines: Vec<Line> = cases.iter().map(|case| line(Some(case.0))).collect();
    if lines.is_empty() {
        lines.push(line(None));
    }
    let lines = &lines;
    app.write(grant, None, |tx| async move { tx.audit_all(lines).await }).await
}
