//! What calendars cost: ten thousand meetings written and read, beside calcard and beside
//! the least that can be done with as many octets.

use std::{
    fmt::Write as _,
    hint::black_box,
    time::{Duration, Instant},
};

use calcard::icalendar::ICalendar;
use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::ical::{Busy, Component, Entry, Event, FeedHead, Limits, Status, calendars_within, feed};

/// Meetings in a file.
const MEETINGS: u32 = 10_000;
/// Of each row, in turn with the others; the middle one counts.
const ROUNDS: usize = 9;

fn head() -> FeedHead {
    FeedHead {
        name: "Mijn overleggen".into(),
        color: None,
        source: None,
        url: None,
        changed: made(),
        refresh: TimeDelta::hours(1),
    }
}

fn made() -> DateTime<Utc> {
    "2026-11-02T08:15:30Z".parse().unwrap()
}

fn entry(nth: u32) -> Entry {
    let start = made() + TimeDelta::minutes(15 * i64::from(nth));
    let link = format!("https://planner.example.nl/antwoord/{nth:032}");
    let event = Event {
        uid: format!("9a4c0f0e-6e8b-4d53-9f58-{nth:012}@planner.example.nl"),
        sequence: nth % 5,
        start,
        end: start + TimeDelta::minutes(45),
        summary: format!("Overleg K7Q-{nth}"),
        description: format!("Antwoorden, en meer lezen: {link}\nAnswer, and read more: {link}"),
        location: "op school".into(),
        url: None,
        created: made(),
        last_modified: made(),
        busy: Busy::Busy,
        alarm: None,
    };
    Entry { event, status: Status::Confirmed }
}

/// As many meetings with three people each, so that hardly a line begins as another does.
fn with_people() -> String {
    let mut text = String::from("BEGIN:VCALENDAR\r\n");
    for nth in 0..MEETINGS {
        write!(text, "BEGIN:VEVENT\r\nUID:{nth}@planner.example.nl\r\nDTSTART:20261124T090000Z\r\n").unwrap();
        for seat in 0..3 {
            write!(text, "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=\"Smit, Zoë {nth}\":\r\n mailto:zoe{nth}.{seat}@school.example\r\n").unwrap();
        }
        text.push_str("END:VEVENT\r\n");
    }
    text.push_str("END:VCALENDAR\r\n");
    text
}

fn read(text: &str) -> Vec<Component> {
    calendars_within(text.as_bytes(), &Limits::OWN).unwrap()
}

fn written(calendars: &[Component]) -> String {
    let mut text = String::new();
    for calendar in calendars {
        calendar.write(&mut text);
    }
    text
}

/// Every octet looked at once and every line copied, as any reader must.
fn lines(bytes: &[u8]) -> Vec<String> {
    std::str::from_utf8(bytes).unwrap().split("\r\n").map(str::to_owned).collect()
}

/// Prints the rows.
pub(crate) fn figures() {
    let entries: Vec<Entry> = (0..MEETINGS).map(entry).collect();
    let text = feed(&head(), &entries);
    let people = with_people();
    let (ours, theirs) = (read(&text), ICalendar::parse(&text).unwrap());
    assert_eq!(ours[0].named("VEVENT").count(), MEETINGS as usize);
    assert_eq!(written(&ours), text);
    let copied = lines(text.as_bytes());
    let rows: [Row; 9] = [
        ("read: lines alone", text.len(), &|| drop(black_box(lines(text.as_bytes())))),
        ("read: ours", text.len(), &|| drop(black_box(read(&text)))),
        ("read: calcard", text.len(), &|| drop(black_box(ICalendar::parse(&text).unwrap()))),
        ("read, with people: ours", people.len(), &|| drop(black_box(read(&people)))),
        ("read, with people: calcard", people.len(), &|| drop(black_box(ICalendar::parse(&people).unwrap()))),
        ("write: lines alone", text.len(), &|| drop(black_box(copied.join("\r\n")))),
        ("write a feed: ours", text.len(), &|| drop(black_box(feed(&head(), &entries)))),
        ("write what was read: ours", text.len(), &|| drop(black_box(written(&ours)))),
        ("write what was read: calcard", text.len(), &|| drop(black_box(theirs.to_string()))),
    ];
    let mut times = vec![Vec::with_capacity(ROUNDS); rows.len()];
    for _ in 0..ROUNDS {
        for ((_, _, work), times) in rows.iter().zip(&mut times) {
            let start = Instant::now();
            work();
            times.push(start.elapsed());
        }
    }
    println!(
        "\n{MEETINGS} meetings in a file of {:.1} MB:\n\n| calendar | MB/s |\n|---|---|",
        megabytes(text.len())
    );
    for ((name, octets, _), mut times) in rows.into_iter().zip(times) {
        times.sort_unstable();
        let middle: Duration = times[ROUNDS / 2];
        println!("| {name} | {:.0} |", megabytes(octets) / middle.as_secs_f64());
    }
}

type Row<'a> = (&'static str, usize, &'a dyn Fn());

fn megabytes(octets: usize) -> f64 {
    f64::from(u32::try_from(octets).unwrap()) / 1e6
}
