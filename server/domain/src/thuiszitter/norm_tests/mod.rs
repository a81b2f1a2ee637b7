//! One test for each deadline T01 to T26 and for each regional norm, with the dates worked
//! out by hand from the cited article, on both sides of the border.
//!
//! Region Midden, 2026-2027: autumn 17–25 October, Christmas 19 December – 3 January, spring
//! 20–28 February, May 24 April – 2 May, summer 17 July – 29 August. The clock goes back on
//! 25 October 2026 and forward on 28 March 2027; 2028 is a leap year.

mod absence;
mod admission;
mod cycles;
mod disputes;
mod exemption;
mod ladder;
mod monotone;
mod opp;
mod places;

use super::{
    Course, Deadline, Facts, Moment, Moments, Profile, Stage, Subject, deadlines, duties,
    facts::example::{absent_from, child, day},
};
use crate::dutch::{HolidayRegion, SchoolCalendar};

/// `due met STATE`, with `-` for a date that is not there.
fn told(deadline: &Deadline<'_>) -> String {
    let text = |date: Option<chrono::NaiveDate>| date.map_or("-".into(), |date| date.to_string());
    format!("{} {} {}", text(deadline.due_on), text(deadline.met_on), deadline.state)
}

/// One deadline of a case at its first stage, or nothing if it is not listed.
fn shown(facts: &Facts, id: &str, today: &str) -> String {
    let profile = Profile::shipped();
    let (found, _) = deadlines(&profile, facts, Stage::Signaal, day(today));
    found.iter().find(|deadline| deadline.norm.id == id).map(told).unwrap_or_default()
}

/// One deadline of an organisation.
fn duty(about: Subject, moments: &[(Moment, &str)], id: &str, today: &str) -> String {
    let profile = Profile::shipped();
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let moments: Moments = moments.iter().map(|(moment, on)| (*moment, day(on))).collect();
    let course = Course::of_organisation(moments, &calendar, day(today));
    let found = duties(&profile, about, &course, day(today));
    found.iter().find(|deadline| deadline.norm.id == id).map(told).unwrap_or_default()
}

/// What must come first: in time, the same day, never and too late.
fn comes_first(facts: &Facts, id: &str, event: Moment, first: Moment) {
    let base = facts.clone().with(event, "2026-11-16");
    for (first_on, today, expected) in [
        (Some("2026-11-13"), "2026-11-16", "2026-11-16 2026-11-13 MET"),
        (Some("2026-11-16"), "2026-11-16", "2026-11-16 2026-11-16 MET"),
        (None, "2026-11-16", "2026-11-16 - OVERDUE"),
        (Some("2026-11-17"), "2026-11-16", "2026-11-16 - OVERDUE"),
        (Some("2026-11-17"), "2026-11-20", "2026-11-16 2026-11-17 MET"),
    ] {
        let facts = match first_on {
            Some(on) => base.clone().with(first, on),
            None => base.clone(),
        };
        assert_eq!(shown(&facts, id, today), expected, "{id} {first_on:?}");
    }
    assert_eq!(shown(facts, id, "2026-11-20"), "", "{id}: nothing happened");
}
