//! When schools were last visited, when they are next, and which wait too long.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use schakel_domain::{
    consultation::{Kind, State},
    ids::{PersonId, SchoolId},
};
use schakel_proto::v1::list_visit_coverage_response::Coverage;

use crate::{
    access::{Reached, authenticate::today},
    consultation::{meeting::Meeting, reach, store},
    directory::gathering::gather,
    error::Result,
    store::Read,
};

/// How far back a visit is looked for, and how far ahead.
const AROUND: TimeDelta = TimeDelta::weeks(104);

/// Which visits count.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish {
    pub(super) kind: Kind,
    pub(super) visitor: Option<PersonId>,
    pub(super) weeks: i64,
}

/// Of one school: the last visit that was not called off, and the next.
#[derive(Default)]
struct Visits {
    last: Option<DateTime<Utc>>,
    next: Option<DateTime<Utc>>,
}

/// Every school that the caller may ask of, the longest ago first. A constant number of statements.
pub(super) async fn list(read: &Read, wish: Wish) -> Result<Vec<Coverage>> {
    let gathered = gather(read, today(read.now())).await?;
    let found = store::of_kind(read, wish.kind, (read.now() - AROUND, read.now() + AROUND)).await?;
    let mut visits: HashMap<SchoolId, Visits> = HashMap::new();
    for (meeting, _) in reach::reached(read, found).await? {
        let sits = wish.visitor.is_none_or(|visitor| meeting.seat(visitor).is_some());
        let Some(school) = meeting.school.filter(|_| sits && meeting.state != State::Cancelled) else {
            continue;
        };
        visits.entry(school).or_default().add(&meeting, read.now());
    }
    let own = |school: &SchoolId| {
        visits.contains_key(school)
            || read.grant().reached().iter().any(|(reached, _)| is_asked_of(reached, *school))
    };
    let mut rows: Vec<Coverage> = gathered
        .places
        .iter()
        .filter(|(school, _)| own(school))
        .map(|(school, place)| {
            let visits = visits.get(school);
            row(*school, place.name.clone(), (visits, wish.weeks), read.now())
        })
        .collect();
    rows.sort_by(|one, other| {
        let key =
            |row: &Coverage| (row.last_visit_date.clone(), row.display_name.clone(), row.school.clone());
        key(one).cmp(&key(other))
    });
    Ok(rows)
}

/// Whether the caller is told of a school also when nobody visited it.
fn is_asked_of(reached: &Reached, school: SchoolId) -> bool {
    match reached {
        Reached::Region => true,
        Reached::School(own) => *own == school.0,
        Reached::SchoolEscalated(_)
        | Reached::Escalated(_)
        | Reached::Residence(_)
        | Reached::Team(_)
        | Reached::Invited(_)
        | Reached::Own(_)
        | Reached::Case(_)
        | Reached::Held => false,
    }
}

impl Visits {
    fn add(&mut self, meeting: &Meeting, now: DateTime<Utc>) {
        let start = meeting.time.start();
        if start <= now {
            self.last = self.last.max(Some(start));
        } else {
            self.next = Some(self.next.map_or(start, |next| next.min(start)));
        }
    }
}

fn row(
    school: SchoolId,
    name: String,
    (visits, weeks): (Option<&Visits>, i64),
    now: DateTime<Utc>,
) -> Coverage {
    let last = visits.and_then(|visits| visits.last);
    let next = visits.and_then(|visits| visits.next);
    let date = |at: Option<DateTime<Utc>>| at.map(|at| -> NaiveDate { today(at) });
    let since = last.map(|last| (today(now) - today(last)).num_weeks());
    let long_ago = last.is_none_or(|last| now - last > TimeDelta::weeks(weeks));
    let soon = next.is_some_and(|next| next - last.unwrap_or(now) <= TimeDelta::weeks(weeks));
    Coverage {
        school: school.to_string(),
        display_name: name,
        last_visit_date: crate::wire::fields::text(date(last)),
        next_visit_date: crate::wire::fields::text(date(next)),
        weeks_since: since.map_or(-1, |weeks| i32::try_from(weeks).unwrap_or(i32::MAX)),
        gap: long_ago && !soon,
    }
}
