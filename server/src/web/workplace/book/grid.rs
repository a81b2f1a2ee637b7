//! A week on which everybody's free time stands: rows of half hours, columns of days.
//!
//! Who is free is what the search for times says of half an hour at which nobody must come: a
//! search for each day, however many sit at the table.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Amsterdam;
use minijinja::{Value, context};
use pb::availability_service_client::AvailabilityServiceClient;
use schakel_domain::{
    invitation::dates,
    time::{repeated, wall_clock},
};
use schakel_proto::v1 as pb;

use super::wish::{Chair, minutes};
use crate::{
    web::workplace::{trouble::Trouble, visit::Visit, words::words},
    wire::time::timestamp,
};

words! {
    caption: "Wie er kan in de week van", "Who is free in the week of";
    hour: "Tijd", "Time";
    legend: "Wie", "Who";
    must: "moet erbij zijn", "must be there";
    may: "mag wegblijven", "may stay away";
    free: "kan:", "free:";
    nobody: "niemand kan", "nobody is free";
    closed: "geen overleg op deze dag", "no meetings on this day";
    past: "voorbij", "past";
    choose: "Kies", "Choose";
    everybody: "iedereen die moet komen, kan", "everybody who must come is free";
    now_here: "Nu hier", "Now here";
    how: "Met de pijltjes loopt u door de tijden. U kunt het overleg ook slepen.",
        "The arrow keys walk through the times. You can also drag the meeting.";
}

/// A row is half an hour.
const STEP: TimeDelta = TimeDelta::minutes(30);
/// The first row and the last, on the clock.
const ROWS: (u32, u32) = (8 * 60 + 30, 16 * 60 + 30);
/// One day has fewer quarters at which half an hour can begin.
const MOST: i32 = 50;
/// Monday to Friday.
const DAYS: u64 = 5;

/// Whose week is shown, for what.
pub(in crate::web::workplace) struct Ask<'a> {
    /// `schools/{uuid}`, or empty.
    pub(in crate::web::workplace) school: &'a str,
    /// `cases/{uuid}`, or empty.
    pub(in crate::web::workplace) case: &'a str,
    pub(in crate::web::workplace) place: pb::consultation::Place,
    /// Who, by name.
    pub(in crate::web::workplace) table: &'a [(Chair, String)],
    /// How long they meet.
    pub(in crate::web::workplace) minutes: i64,
    pub(in crate::web::workplace) monday: NaiveDate,
    /// No time before this instant is offered.
    pub(in crate::web::workplace) after: DateTime<Utc>,
    /// The meeting itself when it is to be moved: in its own way it is not.
    pub(in crate::web::workplace) own: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The Monday of the week in which an instant lies, on the Dutch clock.
pub(in crate::web::workplace) fn monday(at: DateTime<Utc>) -> NaiveDate {
    let date = wall_clock(Amsterdam, at).date();
    date - Days::new(date.weekday().num_days_from_monday().into())
}

/// Midnight at which a day begins.
pub(in crate::web::workplace) fn midnight(date: NaiveDate) -> DateTime<Utc> {
    repeated(Amsterdam, date.and_time(NaiveTime::MIN))
}

/// Who is free from when, by start; nothing on a day on which nobody meets.
type Free = BTreeMap<DateTime<Utc>, Vec<usize>>;

async fn free_on(visit: &Visit, ask: &Ask<'_>, date: NaiveDate) -> Result<Free, Trouble> {
    let seat = |(chair, _): &(Chair, String)| pb::Seat { optional: true, ..chair.seat() };
    let asked = pb::FindSlotsRequest {
        school: ask.school.to_owned(),
        case: ask.case.to_owned(),
        seats: ask.table.iter().map(seat).collect(),
        duration: Some(minutes(STEP.num_minutes())),
        start_time: Some(timestamp(midnight(date))),
        end_time: Some(timestamp(midnight(date + Days::new(1)))),
        max_slots: MOST,
        place: ask.place.into(),
        ..Default::default()
    };
    let found = AvailabilityServiceClient::new(visit.calls()).find_slots(asked).await?.into_inner();
    let start = |slot: &pb::Slot| DateTime::from_timestamp(slot.start_time?.seconds, 0);
    let who = |slot: &pb::Slot| -> Vec<usize> {
        slot.seats.iter().filter_map(|taken| usize::try_from(taken.seat).ok()).collect()
    };
    Ok(found.slots.iter().filter_map(|slot| Some((start(slot)?, who(slot)))).collect())
}

/// A letter for each at the table, in its order.
fn letters() -> impl Iterator<Item = char> {
    'A'..='Z'
}

/// The week for `workplace/grid.html`.
pub(in crate::web::workplace) async fn week(visit: &Visit, ask: &Ask<'_>) -> Result<Value, Trouble> {
    let (language, now) = (visit.language, visit.app.now());
    let own = words(language);
    let mut days = Vec::new();
    for offset in 0..DAYS {
        let date = ask.monday + Days::new(offset);
        // What is left of a day has to hold a row.
        let over = midnight(date + Days::new(1)) - STEP < now;
        let free = if over || ask.table.is_empty() { Free::new() } else { free_on(visit, ask, date).await? };
        days.push((date, over, free));
    }
    let heads: Vec<Value> = (days.iter())
        .map(|(date, over, free)| {
            let label = dates::date(midnight(*date), language);
            context! { label, over => *over, closed => !over && free.is_empty() }
        })
        .collect();
    let rows: Vec<Value> = (ROWS.0..=ROWS.1)
        .step_by(30)
        .filter_map(|minute| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0))
        .map(|time| {
            let cells: Vec<Value> = (days.iter())
                .map(|(date, _, free)| cell(ask, free, repeated(Amsterdam, date.and_time(time)), visit))
                .collect();
            context! { cells, time => time.format("%H:%M").to_string() }
        })
        .collect();
    let legend: Vec<Value> = (ask.table.iter().zip(letters()))
        .map(|((chair, name), letter)| {
            context! { letter => letter.to_string(), name => name.as_str(), optional => chair.optional }
        })
        .collect();
    let (before, after) = (ask.monday - Days::new(7), ask.monday + Days::new(7));
    Ok(context! {
        own, rows, legend,
        days => heads,
        title => dates::date(midnight(ask.monday), language),
        before => if midnight(ask.monday) > now { before.to_string() } else { String::new() },
        after => after.to_string(),
    })
}

fn cell(ask: &Ask<'_>, free: &Free, at: DateTime<Utc>, visit: &Visit) -> Value {
    let own_time = |at: DateTime<Utc>| ask.own.is_some_and(|(start, end)| start < at + STEP && at < end);
    let none = Vec::new();
    let who = free.get(&at).unwrap_or(&none);
    let can =
        |seat: usize, at: DateTime<Utc>| own_time(at) || free.get(&at).is_some_and(|who| who.contains(&seat));
    let required: Vec<usize> = (ask.table.iter().enumerate())
        .filter(|(_, (chair, _))| !chair.optional)
        .map(|(seat, _)| seat)
        .collect();
    let mut all = at > visit.app.now() && at >= ask.after && !free.is_empty();
    let mut then = at;
    while all && then < at + TimeDelta::minutes(ask.minutes) {
        let open = own_time(then) || free.contains_key(&then);
        all = open && required.iter().all(|seat| can(*seat, then));
        then += STEP;
    }
    let named = |seat: &usize| ask.table.get(*seat).map(|(_, name)| name.as_str());
    let marks: String =
        letters().enumerate().filter(|(seat, _)| who.contains(seat)).map(|(_, letter)| letter).collect();
    context! {
        all, marks,
        past => at <= visit.app.now(),
        own => own_time(at),
        begins => ask.own.is_some_and(|(start, _)| start >= at && start < at + STEP),
        start => at.timestamp(),
        label => dates::moment(at, visit.language),
        names => who.iter().filter_map(named).collect::<Vec<_>>().join(", "),
    }
}
