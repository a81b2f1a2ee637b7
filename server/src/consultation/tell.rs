//! What follows from a change of a meeting: audit lines, mail to come, and a line in the case's timeline.

use chrono::{DateTime, Utc};
use schakel_domain::access::{Class, Classes};
use uuid::Uuid;

use super::meeting::Meeting;
use crate::{
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
        outbox::{Kind, Work},
    },
};

/// The natural persons that a meeting is about or invites in private: one line each, or one
/// without a subject when there are none.
pub(super) fn lines(meeting: &Meeting, deed: Deed, classes: &[Class]) -> Vec<Line> {
    let classes = Classes::of(classes);
    let line = |subject| Line { deed, object: "consultation", id: Some(meeting.id.0), subject, classes };
    let mut subjects: Vec<Uuid> = meeting.case.map(|_| meeting.subject).into_iter().collect();
    let private = meeting.table.iter().filter(|seat| seat.role.is_private());
    subjects.extend(private.map(|seat| seat.person.0));
    subjects.sort_unstable();
    subjects.dedup();
    if subjects.is_empty() {
        return vec![line(None)];
    }
    subjects.into_iter().map(|subject| line(Some(subject))).collect()
}

/// Writes the audit lines of a change of time, place or people.
pub(super) async fn audit(tx: &Tx, meetings: &[&Meeting], deed: Deed) -> Result<()> {
    let all: Vec<Line> = meetings.iter().flat_map(|meeting| lines(meeting, deed, &[Class::K1])).collect();
    tx.audit_all(&all).await
}

/// Has everybody told at `due` what changed.
pub(super) async fn invite(tx: &Tx, meetings: &[&Meeting], due: DateTime<Utc>) -> Result<()> {
    tx.enqueue_all(meetings.iter().map(|meeting| news(meeting, due)).collect()).await
}

fn news(meeting: &Meeting, due: DateTime<Utc>) -> Work {
    Work {
        kind: Kind::ConsultationChanged,
        dedupe: format!("{}/{}", meeting.id.0, meeting.version),
        subject: meeting.id.0,
        due,
        note: None,
        mail: None,
    }
}

/// Tells the case of each, when it is about one.
pub(super) async fn cases(tx: &Tx, meetings: &[&Meeting], kind: &str) -> Result<()> {
    let of_case = |meeting: &&Meeting| meeting.case.map(|case| (case, meeting.id.to_string()));
    let told: Vec<_> = meetings.iter().filter_map(of_case).collect();
    tx.tell_cases(&told, kind).await
}

/// Tells the case, when it is about one.
pub(super) async fn case(tx: &Tx, meeting: &Meeting, kind: &str) -> Result<()> {
    match meeting.case {
        Some(case) => tx.tell_case(case, kind, &meeting.id.to_string()).await,
        None => Ok(()),
    }
}
