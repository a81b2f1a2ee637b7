//! Small random worlds to search in: five people at most, three days at most.

use chrono::{DateTime, Days as Later, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::{America::New_York, Asia::Kolkata, Australia::Lord_Howe, Europe::Amsterdam, Tz};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    access::Role,
    ids::{AffiliationId, OrganisationId},
    time::{DayTime, Period, Validity, repeated},
};

/// Whole hours, half hours, and a change of the clock by half an hour.
pub(super) const ZONES: [Tz; 4] = [Amsterdam, New_York, Lord_Howe, Kolkata];

/// Dates of an ordinary week and of two on which the clock changes in Europe.
const DATES: [&str; 3] = ["2026-11-19", "2026-10-24", "2027-03-27"];

/// Where and around which date a world lies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) zone: Tz,
    pub(super) date: NaiveDate,
}

/// Somewhere.
pub(super) fn anywhere() -> impl Strategy<Value = Around> {
    (prop::sample::select(&ZONES[..]), prop::sample::select(&DATES[..]))
        .prop_map(|(zone, date)| Around { zone, date: date.parse().unwrap() })
}

/// The local dates from 2020 to 2040 on which the clock of a zone changes.
pub(super) fn changes(zone: Tz) -> Vec<Around> {
    let first: NaiveDate = "2020-01-01".parse().unwrap();
    let days = first.iter_days().take_while(|date| *date < "2041-01-01".parse().unwrap());
    let is_even = |date: &NaiveDate| local::day(zone, *date).unwrap().duration() == TimeDelta::days(1);
    days.filter(|date| !is_even(date)).map(|date| Around { zone, date }).collect()
}

/// Minutes of the day, but none in hours that a clock skips or repeats: what a block that
/// begins or ends there means is a convention, tested beside it.
fn clock() -> impl Strategy<Value = u16> {
    prop_oneof![0_u16..=60, Just(120_u16), 180_u16..=1440, (6_u16..=48).prop_map(|half| half * 30)]
}

fn span() -> impl Strategy<Value = (u16, u16)> {
    (clock(), clock()).prop_filter("empty", |(a, b)| a != b).prop_map(|(a, b)| (a.min(b), a.max(b)))
}

/// A good part of the day, so that people meet at all.
fn long() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![span(), (180_u16..600, 720_u16..=1440), Just((0_u16, 1440_u16))]
}

fn hours((from, until): (u16, u16)) -> Hours {
    Hours { from: DayTime::new(from).unwrap(), until: DayTime::new(until).unwrap() }
}

fn organisation() -> impl Strategy<Value = OrganisationId> {
    (1_u128..4).prop_map(|id| OrganisationId(Uuid::from_u128(id)))
}

fn place() -> impl Strategy<Value = Option<OrganisationId>> {
    prop::option::weighted(0.2, organisation())
}

fn site() -> impl Strategy<Value = Site> {
    prop_oneof![2 => Just(Site::Remote), 4 => organisation().prop_map(Site::At), 1 => Just(Site::Unknown)]
}

fn affiliation() -> impl Strategy<Value = AffiliationId> {
    (1_u128..3).prop_map(|id| AffiliationId(Uuid::from_u128(id)))
}

fn zone(around: Around) -> impl Strategy<Value = Tz> {
    prop_oneof![8 => Just(around.zone), 1 => prop::sample::select(&ZONES[..])]
}

fn day(around: Around) -> impl Strategy<Value = NaiveDate> {
    (0_u64..6).prop_map(move |day| around.date - Later::new(2) + Later::new(day))
}

fn block(around: Around) -> impl Strategy<Value = WeeklyHours> {
    let validity = prop_oneof![
        6 => Just(Validity::since(NaiveDate::MIN)),
        1 => day(around).prop_map(Validity::since),
        1 => day(around).prop_map(|last| Validity::new(NaiveDate::MIN, Some(last)).unwrap()),
    ];
    (0_u8..7, long(), place(), affiliation(), zone(around), validity).prop_map(
        |(weekday, span, place, affiliation, zone, validity)| {
            let weekday = Weekday::try_from(weekday).unwrap();
            WeeklyHours::new(affiliation, (weekday, hours(span)), zone, validity).unwrap().at(place)
        },
    )
}

fn other_hours(around: Around) -> impl Strategy<Value = Override> {
    let stretches = (long(), any::<bool>(), any::<bool>()).prop_map(|((from, until), whole, off)| {
        let middle = from.midpoint(until);
        match (off, whole) {
            (true, true) => Vec::new(),
            (_, false) if middle > from => vec![hours((middle, until)), hours((from, middle))],
            _ => vec![hours((from, until))],
        }
    });
    (affiliation(), day(around), stretches, zone(around), place()).prop_map(
        |(affiliation, date, hours, zone, place)| {
            Override::new(affiliation, (date, zone), hours).unwrap().at(place)
        },
    )
}

fn midnight(around: Around) -> DateTime<Utc> {
    repeated(around.zone, DayTime::START.on(around.date))
}

/// Somewhere in the week around, to the second.
fn stretch(around: Around) -> impl Strategy<Value = Period> {
    let second = prop_oneof![3 => Just(0_i64), 1 => 0_i64..60];
    (-2_i64 * 1440..5 * 1440, 1_i64..240, second).prop_map(move |(from, length, second)| {
        let start = midnight(around) + TimeDelta::minutes(from) + TimeDelta::seconds(second);
        Period::new(start, start + TimeDelta::minutes(length)).unwrap()
    })
}

fn absence(around: Around) -> impl Strategy<Value = Absence> {
    prop_oneof![
        stretch(around).prop_map(Absence::Time),
        (day(around), prop::option::of(0_u64..2), zone(around)).prop_map(|(from, length, zone)| {
            let until = length.map(|length| from + Later::new(length));
            Absence::Days { days: Validity::new(from, until).unwrap(), zone }
        }),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    let few = || prop::option::weighted(0.15, 0_u16..4);
    let buffer = prop_oneof![3 => Just(0_u16), 1 => 1_u16..40];
    let notice = prop_oneof![3 => Just(0_u16), 1 => 0_u16..40];
    (few(), few(), buffer, notice).prop_map(|(per_day, per_week, buffer, notice)| Limits {
        per_day,
        per_week,
        buffer,
        notice,
    })
}

fn calendar(around: Around) -> impl Strategy<Value = Calendar> {
    let hours = prop::option::weighted(0.8, prop::collection::vec(block(around), 4..14));
    let overrides = prop::collection::vec(other_hours(around), 0..3);
    let absences = prop::collection::vec(absence(around), 0..2);
    let taken = (stretch(around), 1_u128..8, site())
        .prop_map(|(time, booking, site)| Span::new(Uuid::from_u128(booking), time, site));
    let busy = prop::collection::vec(taken, 0..7);
    let elsewhere = prop::collection::vec(stretch(around), 0..2);
    (hours, overrides, absences, busy, elsewhere, any::<bool>(), limits(), 0_u32..600).prop_map(
        |(hours, overrides, absences, mut busy, elsewhere, travels, limits, load)| {
            busy.sort_by_key(|span| span.time);
            Calendar { hours, overrides, absences, busy, elsewhere, travels, limits, load }
        },
    )
}

fn seat(people: usize) -> impl Strategy<Value = Seat> {
    let preference = prop::sample::select(vec![
        Preference::Named,
        Preference::Linked,
        Preference::Deputy,
        Preference::TeamMember,
    ]);
    let kind = prop::sample::select(vec![
        SeatKind::Professional,
        SeatKind::Professional,
        SeatKind::Private,
        SeatKind::Room,
    ]);
    let who = prop::sample::subsequence((0..people).collect::<Vec<_>>(), 0..=people.min(3));
    let known = prop::collection::vec((preference, any::<bool>()), 3);
    (prop::bool::weighted(0.7), kind, 0_u16..50, who, known).prop_map(
        |(required, kind, weight, who, known)| Seat {
            key: String::new(),
            kind,
            required,
            weight,
            candidates: who
                .into_iter()
                .zip(known)
                .map(|(person, (preference, acquainted))| Candidate {
                    person,
                    role: Some(Role::Smw),
                    preference,
                    acquainted,
                })
                .collect(),
        },
    )
}

fn travel() -> impl Strategy<Value = Travel> {
    let pair = (organisation(), organisation());
    (prop::collection::hash_map(pair, 0_u16..300, 0..3), 0_u16..40).prop_map(|(known, usual)| Travel {
        said: known,
        usual,
        ..Travel::default()
    })
}

/// A search in a world around a date.
pub(super) fn world(around: Around) -> impl Strategy<Value = Search> {
    let table = (1_usize..=5).prop_flat_map(move |people| {
        let calendars = prop::collection::vec(calendar(around), people);
        (calendars, prop::collection::vec(seat(people), 1..=4))
    });
    let rules = (long(), any::<bool>(), 1_u16..20, prop::sample::select(vec![5_u16, 10, 15, 20, 30, 60]));
    let closed = prop::collection::vec(day(around), 0..2);
    let window = (-720_i64..2 * 1440, 60_i64..=3 * 1440, -1440_i64..1440);
    let choice = (
        prop::option::weighted(0.3, 0_usize..4),
        prop::collection::vec(1_u128..=5, 0..2),
        prop::option::weighted(0.3, (1_u128..8).prop_map(Uuid::from_u128)),
    );
    (table, rules, closed, window, site(), travel(), choice).prop_map(
        move |((calendars, seats), rules, closed, (from, length, notice), site, travel, choice)| {
            let ((earliest, latest), weekdays, fives, grid) = rules;
            let start = midnight(around) + TimeDelta::minutes(from);
            let people = calendars
                .into_iter()
                .zip(1_u128..)
                .map(|(calendar, id)| Person { id: CalendarId(Uuid::from_u128(id)), calendar });
            let (quorum, excluded, hold) = choice;
            Search {
                window: Period::new(start, start + TimeDelta::minutes(length)).unwrap(),
                duration: (fives * 5).min(60),
                grid,
                zone: around.zone,
                day_window: DayWindow {
                    earliest,
                    latest,
                    days: if weekdays { Days::Weekdays } else { Days::EveryDay },
                },
                now: start + TimeDelta::minutes(notice),
                not_before: start + TimeDelta::minutes(notice / 2),
                closed: closed
                    .into_iter()
                    .map(|date| ClosedDay { date, reason: ClosedReason::StudyDay })
                    .collect(),
                site,
                travel,
                quorum,
                excluded: excluded.into_iter().map(|id| CalendarId(Uuid::from_u128(id))).collect(),
                hold,
                people: people.collect(),
                seats,
                limit: 100,
            }
        },
    )
}
