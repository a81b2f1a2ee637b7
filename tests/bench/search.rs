//! What the search costs: in process beside the bare intersection and beside asking the database
//! for every start, and over gRPC beside an empty call.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, TimeDelta, Weekday};
use chrono_tz::Europe::Amsterdam;
use schakel_domain::{
    access::Role,
    availability::{
        Absence, Calendar, CalendarId, Candidate, ClosedDay, ClosedReason, DayWindow, Days, Hours, Person,
        Preference, Search, Seat, SeatKind, Site, Span, Travel, USUAL_WEIGHT, WeeklyHours, feasible_starts,
        find,
    },
    ids::{AffiliationId, OrganisationId},
    time::{DayTime, Period, Validity, repeated},
};
use sqlx::{ConnectOptions, Connection};
use uuid::Uuid;

const WEEKDAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];
const SCHOOL: OrganisationId = OrganisationId(Uuid::from_u128(1));

/// How large a world is.
#[derive(Clone, Copy)]
struct Size {
    people: usize,
    weeks: usize,
    /// Of each person in the whole window.
    bookings: usize,
}

const USUAL: Size = Size { people: 20, weeks: 13, bookings: 200 };

/// The same numbers every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

fn hours(weekday: Weekday) -> WeeklyHours {
    let time = |minute| DayTime::new(minute).unwrap();
    let hours = Hours { from: time(510), until: time(1020) };
    let validity = Validity::since(NaiveDate::MIN);
    WeeklyHours::new(AffiliationId(Uuid::from_u128(9)), (weekday, hours), Amsterdam, validity).unwrap()
}

fn monday() -> NaiveDate {
    "2026-11-23".parse().unwrap()
}

/// Meetings of three quarters of an hour at four places; on Thursday mornings nobody has any if
/// there is to be a time for all.
fn busy(size: Size, dice: &mut Dice, common: bool) -> Vec<Span> {
    let mut taken = vec![false; size.weeks * 5 * 11];
    let mut left = size.bookings;
    while left > 0 {
        let place = dice.below(taken.len());
        let is_free = common && place / 11 % 5 == 3 && place % 11 < 4;
        if !taken[place] && !is_free {
            taken[place] = true;
            left -= 1;
        }
    }
    let slots = taken.iter().enumerate().filter(|(_, taken)| **taken);
    let spans = slots.map(|(at, _)| {
        let (week, day, slot) = (at / 55, at / 11 % 5, at % 11);
        let date = monday() + TimeDelta::days(i64::try_from(week * 7 + day).unwrap());
        let minute = u16::try_from(510 + slot * 45).unwrap();
        let start = repeated(Amsterdam, DayTime::new(minute).unwrap().on(date));
        let place = match dice.below(5) {
            0 => Site::Remote,
            place => Site::At(OrganisationId(Uuid::from_u128(place as u128))),
        };
        Span::new(
            Uuid::from_u128(at as u128),
            Period::new(start, start + TimeDelta::minutes(45)).unwrap(),
            place,
        )
    });
    spans.collect()
}

fn world(size: Size, common: bool) -> Search {
    let mut dice = Dice(7);
    let start = repeated(Amsterdam, DayTime::START.on(monday()));
    let days = i64::try_from(size.weeks * 7).unwrap();
    let end = repeated(Amsterdam, DayTime::START.on(monday() + TimeDelta::days(days)));
    let people = (0..size.people).map(|at| {
        let away = monday() + TimeDelta::days(i64::try_from(dice.below(size.weeks) * 7).unwrap());
        let away = Validity::new(away, Some(away + TimeDelta::days(1))).unwrap();
        Person {
            id: CalendarId(Uuid::from_u128(at as u128 + 1)),
            calendar: Calendar {
                hours: Some(WEEKDAYS.map(hours).to_vec()),
                absences: vec![Absence::Days { days: away, zone: Amsterdam }],
                busy: busy(size, &mut dice, common),
                travels: true,
                ..Calendar::default()
            },
        }
    });
    let people: Vec<Person> = people.collect();
    let seats = (0..size.people).map(|person| Seat {
        key: person.to_string(),
        kind: SeatKind::Professional,
        required: true,
        weight: USUAL_WEIGHT,
        candidates: vec![Candidate {
            person,
            role: Some(Role::Smw),
            preference: Preference::Named,
            acquainted: false,
        }],
    });
    let closed =
        |days: i64| ClosedDay { date: monday() + TimeDelta::days(days), reason: ClosedReason::SchoolHoliday };
    Search {
        window: Period::new(start, end).unwrap(),
        duration: 60,
        grid: 15,
        zone: Amsterdam,
        day_window: DayWindow { earliest: 495, latest: 1020, days: Days::Weekdays },
        now: start,
        not_before: start,
        closed: (28..42).map(closed).collect(),
        site: Site::At(SCHOOL),
        travel: Travel { usual: 15, ..Travel::default() },
        quorum: None,
        excluded: Vec::new(),
        hold: None,
        seats: seats.collect(),
        people,
        limit: 10,
    }
}

/// The median of many runs.
fn median(runs: usize, mut run: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[runs / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Everybody's free time in grains of five minutes, as the search itself has it.
fn masks(search: &Search) -> Vec<Vec<u64>> {
    let grains = usize::try_from(search.window.duration().num_minutes() / 5).unwrap();
    (0..search.seats.len())
        .map(|seat| {
            let alone =
                Search { duration: 5, grid: 5, seats: vec![search.seats[seat].clone()], ..search.clone() };
            let mut mask = vec![0_u64; grains.div_ceil(64)];
            for start in feasible_starts(&alone).unwrap() {
                let grain = usize::try_from((start - search.window.start()).num_minutes() / 5).unwrap();
                mask[grain / 64] |= 1 << (grain % 64);
            }
            mask
        })
        .collect()
}

/// An hour that all have, and nothing else: AND, four shifts, the starts.
fn bare(masks: &[Vec<u64>]) -> usize {
    let mut all = masks[0].clone();
    for mask in &masks[1..] {
        all.iter_mut().zip(mask).for_each(|(all, mask)| *all &= mask);
    }
    for step in [1, 2, 4, 4] {
        for at in 0..all.len() {
            let next = all.get(at + 1).copied().unwrap_or(0);
            all[at] &= all[at] >> step | next << (64 - step);
        }
    }
    let mut starts = Vec::new();
    for (at, word) in all.iter().enumerate() {
        let mut left = *word;
        while left != 0 {
            starts.push(at * 64 + left.trailing_zeros() as usize);
            left &= left - 1;
        }
    }
    black_box(&starts).len()
}

/// One overlap query per person and quarter of an hour, each prepared once, on one connection
/// to a file that is in memory already; how long, and how many.
async fn asking(search: &Search) -> (Duration, u32) {
    let file = std::env::temp_dir().join(format!("schakel-bench-{}.db", std::process::id()));
    let mut db = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&file)
        .create_if_missing(true)
        .connect()
        .await
        .unwrap();
    let schema = "CREATE TABLE busy (person INTEGER, starts_at INTEGER, ends_at INTEGER, \
                  PRIMARY KEY (person, starts_at)) WITHOUT ROWID, STRICT";
    sqlx::query(schema).execute(&mut db).await.unwrap();
    for (person, who) in search.people.iter().enumerate() {
        for span in &who.calendar.busy {
            sqlx::query("INSERT INTO busy VALUES (?, ?, ?)")
                .bind(i64::try_from(person).unwrap())
                .bind(span.time.start().timestamp())
                .bind(span.time.end().timestamp())
                .execute(&mut db)
                .await
                .unwrap();
        }
    }
    // No meeting lasts longer than eight hours: the index is entered at both ends.
    let overlap = "SELECT EXISTS (SELECT 1 FROM busy WHERE person = ?1 AND starts_at < ?3 \
                   AND starts_at > ?2 - 28800 AND ends_at > ?2)";
    let people = i64::try_from(search.people.len()).unwrap();
    let begun = Instant::now();
    let mut count = 0;
    let mut start = search.window.start().timestamp();
    while start + 3600 <= search.window.end().timestamp() {
        for person in 0..people {
            let taken: i64 = sqlx::query_scalar(overlap)
                .bind(person)
                .bind(start)
                .bind(start + 3600)
                .fetch_one(&mut db)
                .await
                .unwrap();
            black_box(taken);
            count += 1;
        }
        start += 900;
    }
    let took = begun.elapsed();
    db.close().await.unwrap();
    std::fs::remove_file(file).unwrap();
    (took, count)
}

/// The exponent of a power law through the points, by least squares of the logarithms.
fn slope(points: &[(f64, f64)]) -> f64 {
    let count = f64::from(u32::try_from(points.len()).unwrap());
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
    let (x, y) = (mean(&|point| point.0), mean(&|point| point.1));
    let over: f64 = logs.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    over / logs.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>()
}

fn searched(size: Size, common: bool) -> Duration {
    let search = world(size, common);
    median(if size.people * size.weeks > 1_000 { 31 } else { 301 }, || {
        black_box(find(black_box(&search)).unwrap());
    })
}

fn growth(name: &str, sizes: &[(usize, Size)]) {
    let points: Vec<(f64, f64)> = sizes
        .iter()
        .map(|(at, size)| (f64::from(u32::try_from(*at).unwrap()), micros(searched(*size, true))))
        .collect();
    let told: Vec<String> = points.iter().map(|(at, time)| format!("{at}: {time:.0} µs")).collect();
    println!("| {name} | {} | {:.2} |", told.join(", "), slope(&points));
}

/// Prints the figures of the search in process.
pub(crate) async fn in_process() {
    let search = world(USUAL, true);
    let found = find(&search).unwrap();
    let none = find(&world(USUAL, false)).unwrap();
    let size = none.none.as_ref().map_or(0, |none| none.size);
    let masks = masks(&search);
    assert!(!found.slots.is_empty() && none.slots.is_empty());
    let intersection = median(2_001, || {
        black_box(bare(black_box(&masks)));
    });
    let (time, nothing) = (searched(USUAL, true), searched(USUAL, false));
    let large = searched(Size { people: 100, weeks: 52, bookings: 800 }, true);
    let (asked, queries) = asking(&search).await;
    let ratio = |time: Duration, base: Duration| time.as_secs_f64() / base.as_secs_f64();
    println!("\nSearch in process, 20 people × 13 weeks × 200 bookings each:\n");
    println!("| what | median | ratio |\n|---|---|---|");
    println!("| bare intersection of the same masks | {:.1} µs | 1 |", micros(intersection));
    println!(
        "| ranked answer of {}, of {} starts | {:.0} µs | {:.1} |",
        found.slots.len(),
        feasible_starts(&search).unwrap().len(),
        micros(time),
        ratio(time, intersection)
    );
    println!(
        "| why there is none (at least {size} must give way) | {:.0} µs | {:.1} |",
        micros(nothing),
        ratio(nothing, intersection)
    );
    println!(
        "| {queries} overlap queries, {:.1} µs each | {:.0} ms | {:.0} × the answer |",
        micros(asked) / f64::from(queries),
        asked.as_secs_f64() * 1e3,
        ratio(asked, time)
    );
    println!(
        "| 100 people × 52 weeks × 800 | {:.0} µs | {:.1} × the answer |",
        micros(large),
        ratio(large, time)
    );
    println!("\n| growing | medians | exponent |\n|---|---|---|");
    growth("people", &[10, 20, 40, 80, 100].map(|people| (people, Size { people, ..USUAL })));
    let weeks = [4, 8, 13, 26, 52];
    growth("weeks, bookings each fixed", &weeks.map(|weeks| (weeks, Size { weeks, bookings: 100, ..USUAL })));
    growth("weeks and bookings", &weeks.map(|weeks| (weeks, Size { weeks, bookings: weeks * 15, ..USUAL })));
    growth("bookings", &[50, 100, 200, 400].map(|bookings| (bookings, Size { bookings, ..USUAL })));
}
