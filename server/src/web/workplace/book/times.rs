//! The times at which a table can meet, best first and with the reasons; or what is in the way.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Europe::Amsterdam;
use minijinja::{Value, context};
use pb::{availability_service_client::AvailabilityServiceClient, find_slots_response::Obstacle};
use schakel_domain::{invitation::dates, refusal::Language, time::wall_clock};
use schakel_proto::v1 as pb;

use super::{
    grid::midnight,
    people::People,
    wish::{Chair, Pick, Wish, minutes},
};
use crate::{
    web::workplace::{
        shown,
        trouble::{Faults, Trouble},
        visit::Visit,
    },
    wire::time::timestamp,
};

/// As many times are offered.
const OFFERED: usize = 9;
/// Those are chosen from as many as an answer holds.
const SEARCHED: i32 = 100;
/// The hour at which a day is half over.
const NOON: u32 = 12;
/// Nobody can come at once.
pub(in crate::web::workplace) const SOONEST: TimeDelta = TimeDelta::minutes(15);
/// So far ahead is looked.
const AHEAD: Days = Days::new(28);

/// What is asked for.
pub(in crate::web::workplace) struct Ask<'a> {
    pub(in crate::web::workplace) school: &'a str,
    pub(in crate::web::workplace) case: &'a str,
    pub(in crate::web::workplace) place: pb::consultation::Place,
    pub(in crate::web::workplace) table: &'a [Chair],
    pub(in crate::web::workplace) minutes: i64,
    /// Not before this instant.
    pub(in crate::web::workplace) after: DateTime<Utc>,
    /// So many professionals at least.
    pub(in crate::web::workplace) quorum: i32,
}

/// What was found.
#[derive(Default)]
pub(in crate::web::workplace) struct Found {
    pub(in crate::web::workplace) slots: Vec<pb::Slot>,
    pub(in crate::web::workplace) obstacles: Vec<Obstacle>,
    pub(in crate::web::workplace) warnings: Vec<String>,
    /// Why nothing could be looked for.
    pub(in crate::web::workplace) faults: Option<Faults>,
}

/// The first instant at which a meeting may begin: on the day that is asked for, and with the
/// notice of its kind unless it cannot wait.
pub(super) fn after(wish: &Wish, rules: &pb::KindRules, now: DateTime<Utc>) -> DateTime<Utc> {
    let notice = if wish.soon { 0 } else { rules.notice_hours };
    let soonest = now + TimeDelta::hours(notice.into()).max(SOONEST);
    wish.from.map_or(soonest, |day| midnight(day).max(soonest))
}

/// Looks for times; what a rule refuses is told beside them.
pub(in crate::web::workplace) async fn find(visit: &Visit, ask: &Ask<'_>) -> Result<Found, Trouble> {
    let counts = |chair: &&Chair| !chair.optional && !is_private(chair.role);
    let professionals = ask.table.iter().filter(counts).count();
    let asked = pb::FindSlotsRequest {
        school: ask.school.to_owned(),
        case: ask.case.to_owned(),
        seats: ask.table.iter().map(Chair::seat).collect(),
        duration: Some(minutes(ask.minutes)),
        start_time: Some(timestamp(ask.after)),
        end_time: Some(timestamp(ask.after + AHEAD)),
        max_slots: SEARCHED,
        place: ask.place.into(),
        quorum: ask.quorum.min(i32::try_from(professionals).unwrap_or_default()),
        ..Default::default()
    };
    match AvailabilityServiceClient::new(visit.calls()).find_slots(asked).await {
        Ok(found) => {
            let pb::FindSlotsResponse { slots, obstacles, warnings } = found.into_inner();
            Ok(Found { slots: spread(slots), obstacles, warnings, faults: None })
        }
        Err(status) => Ok(Found { faults: Some(Faults::of(status)?), ..Found::default() }),
    }
}

/// Of each half of a day the best time: quarters of an hour beside each other are no choice.
fn spread(slots: Vec<pb::Slot>) -> Vec<pb::Slot> {
    let mut seen = HashSet::new();
    let half = |slot: &pb::Slot| {
        let start = wall_clock(Amsterdam, begins(slot)?);
        Some((start.date(), start.hour() < NOON))
    };
    slots.into_iter().filter(|slot| seen.insert(half(slot))).take(OFFERED).collect()
}

pub(super) fn is_private(role: pb::Role) -> bool {
    matches!(role, pb::Role::Ouder | pb::Role::Jeugdige)
}

/// When a time begins.
pub(in crate::web::workplace) fn begins(slot: &pb::Slot) -> Option<DateTime<Utc>> {
    shown::instant(slot.start_time.as_ref())
}

/// Who sits there at a time: for a role whoever fills it then.
pub(super) fn table_at(slot: &pb::Slot, table: &[Chair]) -> Vec<Chair> {
    let taken = |taken: &pb::slot::Taken| {
        let asked = table.get(usize::try_from(taken.seat).ok()?)?;
        // A person by name keeps the role in which it was asked.
        let role = if asked.person.is_empty() { taken.role() } else { asked.role };
        Some(Chair { person: taken.person.clone(), role, optional: asked.optional })
    };
    slot.seats.iter().filter_map(taken).collect()
}

/// Of each place the person who has it, or the first who could; places without anybody are left out.
pub(super) fn filled(table: &[Chair], best: Option<&pb::Slot>, people: &People) -> Vec<Chair> {
    let seated = best.map(|slot| table_at(slot, table)).unwrap_or_default();
    let who = |chair: &Chair| {
        if !chair.person.is_empty() {
            return Some(chair.clone());
        }
        let there = seated.iter().find(|other| other.role == chair.role).cloned();
        let first = || people.contacts.iter().find(|(other, _)| other.role == chair.role);
        there.or_else(|| first().map(|(other, _)| Chair { optional: chair.optional, ..other.clone() }))
    };
    let mut all: Vec<Chair> = Vec::new();
    for chair in table.iter().filter_map(who) {
        if all.iter().all(|known| known.person != chair.person) {
            all.push(chair);
        }
    }
    all
}

/// What somebody is called, or else the role.
pub(in crate::web::workplace) fn called(chair: &Chair, people: &People, language: Language) -> String {
    let name = people.name(&chair.person);
    if name.is_empty() { shown::role(chair.role, language) } else { name.to_owned() }
}

/// A time for the page: `pick` for its button, `start` in seconds, `when`, `who`, and `reasons`,
/// each with `text` and whether it is `good`.
pub(in crate::web::workplace) fn slot(
    one: &pb::Slot,
    (table, people): (&[Chair], &People),
    language: Language,
) -> Value {
    let start = one.start_time.map_or(0, |start| start.seconds);
    let sits = table_at(one, table);
    let who: Vec<String> = sits.iter().map(|chair| called(chair, people, language)).collect();
    let end = shown::instant(one.end_time.as_ref());
    let when = begins(one).zip(end).map(|(start, end)| dates::span(start, end, language));
    let reasons: Vec<Value> = (one.reasons.iter())
        .map(|reason| context! { text => reason.text.as_str(), good => reason.points >= 0 })
        .collect();
    context! {
        start, reasons,
        pick => Pick { start, table: sits }.to_string(),
        when => when.unwrap_or_default(),
        who => who.join(", "),
    }
}

/// What is in the way for the page: `text`, `who`, the times `without` it, how `many` there are, and
/// for people without whom the kind can do the wish that lets the meeting go on without them.
pub(super) fn obstacle(
    one: &Obstacle,
    (wish, rules): (&Wish, &pb::KindRules),
    (table, people): (&[Chair], &People),
    language: Language,
) -> Value {
    let seats: Vec<usize> = one.seats.iter().filter_map(|seat| usize::try_from(*seat).ok()).collect();
    let who: Vec<String> = (seats.iter())
        .filter_map(|seat| table.get(*seat))
        .map(|chair| called(chair, people, language))
        .collect();
    let without: Vec<String> = (one.without_it.iter())
        .filter_map(|at| shown::instant(Some(at)))
        .map(|at| dates::moment(at, language))
        .collect();
    let mut chairs = table.to_vec();
    for seat in &seats {
        if let Some(chair) = chairs.get_mut(*seat) {
            chair.optional = true;
        }
    }
    let there = |role: pb::Role| chairs.iter().any(|chair| !chair.optional && chair.role == role);
    let is_needed = rules.must_come.iter().any(|any| !any.roles().any(there));
    let anyway = Wish { chairs: Some(chairs), ..wish.clone() };
    context! {
        without,
        text => one.text.as_str(),
        who => who.join(", "),
        many => one.slots,
        anyway => if seats.is_empty() || is_needed { Vec::new() } else { anyway.fields() },
    }
}

/// A day of the address, for a field.
pub(super) fn day(date: Option<NaiveDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_half_of_a_day_the_best_time_is_offered() {
        let at = |start: &str| pb::Slot {
            start_time: Some(timestamp(start.parse().unwrap())),
            ..Default::default()
        };
        let found = ["24T09:15", "24T09:00", "25T10:45", "24T11:00", "24T09:30", "25T10:30"];
        let found: Vec<pb::Slot> = found.iter().map(|day| at(&format!("2026-11-{day}:00Z"))).collect();
        let offered: Vec<pb::Slot> = [0, 2, 3].map(|place: usize| found[place].clone()).into();
        assert_eq!(spread(found), offered);
    }
}
