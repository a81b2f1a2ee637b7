//! Calendars against a reference that counts minutes.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Amsterdam;
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    agenda::{Agenda, Conflict, LONGEST_LEAD, Rule, Site, Span},
    local,
    travel::{Point, Travel},
};
use crate::{ids::OrganisationId, time::Period};

/// Sunday, two days before the clock of the tests; the night of a change of the clock is near.
fn minute(at: i64) -> DateTime<Utc> {
    "2026-10-24T20:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(at)
}

fn organisation(number: u128) -> OrganisationId {
    OrganisationId(Uuid::from_u128(number))
}

fn travel() -> Travel {
    Travel {
        said: HashMap::from([
            ((organisation(1), organisation(2)), 35),
            ((organisation(2), organisation(1)), 50),
        ]),
        points: HashMap::from([
            (organisation(3), Point { latitude: 51_400_000, longitude: 6_000_000 }),
            (organisation(1), Point { latitude: 51_430_000, longitude: 6_050_000 }),
        ]),
        usual: 20,
    }
}

fn span(booking: u128, start: i64, minutes: i64, site: Site) -> Span {
    let time = Period::new(minute(start), minute(start + minutes)).unwrap();
    Span::new(Uuid::from_u128(booking), time, site)
}

fn rule(travel: &Travel) -> Rule<'_> {
    Rule { travel, buffer: TimeDelta::zero(), zone: Amsterdam }
}

const TWO: Site = Site::At(OrganisationId(Uuid::from_u128(2)));
const ONE: Site = Site::At(OrganisationId(Uuid::from_u128(1)));

#[test]
fn there_is_time_to_get_from_one_school_to_the_next() {
    let travel = travel();
    let rule = rule(&travel);
    let mut agenda = Agenda::default();
    // From 08:00 in Amsterdam, winter time.
    agenda.take(span(1, 660, 60, ONE), &rule).unwrap();
    assert_eq!(agenda.take(span(2, 754, 60, TWO), &rule), Err(Conflict));
    agenda.take(span(2, 755, 60, TWO), &rule).unwrap();
    assert_eq!(agenda.spans()[1].lead, TimeDelta::minutes(35));
    assert_eq!(agenda.take(span(3, 720, 10, ONE), &rule), Err(Conflict), "35 minutes are needed after it");
    agenda.take(span(3, 720, 35, Site::Remote), &rule).unwrap();
    assert_eq!(agenda.spans()[2].lead, TimeDelta::zero(), "nobody travels from a screen");
    agenda.release(Uuid::from_u128(3), &rule).unwrap();
    agenda.release(Uuid::from_u128(1), &rule).unwrap();
    assert_eq!(agenda.spans()[0].lead, TimeDelta::zero(), "nothing comes before it any more");
    assert_eq!(agenda.release(Uuid::from_u128(1), &rule), None);
}

#[test]
fn what_was_booked_before_ways_were_known_stays_and_keeps_only_what_is_free() {
    let travel = travel();
    let rule = rule(&travel);
    let kept = vec![span(1, 660, 60, ONE), span(2, 720, 10, TWO), span(3, 735, 60, ONE)];
    let mut agenda = Agenda::of(kept);
    agenda.release(Uuid::from_u128(2), &rule).unwrap();
    assert_eq!(agenda.spans()[1].lead, TimeDelta::zero(), "the same school again");
    let mut agenda = Agenda::of(vec![span(1, 660, 60, ONE), span(2, 720, 10, ONE), span(3, 735, 60, TWO)]);
    agenda.release(Uuid::from_u128(2), &rule).unwrap();
    assert_eq!(agenda.spans()[1].lead, TimeDelta::minutes(15), "35 are wanted, 15 are there");
}

/// What the rule says, counted out: does every minute between the two have to stay free?
fn counted(travel: &Travel, buffer: i64, before: &Span, after: &Span) -> i64 {
    let far = after.time.start() - before.time.end() > LONGEST_LEAD;
    let last_minute = before.time.end() - TimeDelta::minutes(1);
    let same_day = local::date_of(Amsterdam, last_minute) == local::date_of(Amsterdam, after.time.start());
    if far || !same_day { 0 } else { i64::from(travel.minutes(before.site, after.site)).max(buffer) }
}

/// Whether `new` can stand among `others`, asked of all pairs of neighbours of the result.
fn allowed(travel: &Travel, buffer: i64, others: &[Span], new: &Span) -> bool {
    let mut all: Vec<Span> = others.iter().copied().chain([*new]).collect();
    all.sort_by_key(|span| span.time.start());
    all.windows(2).all(|two| {
        let concerns = two.iter().any(|span| span.booking == new.booking);
        let free = (two[1].time.start() - two[0].time.end()).num_minutes();
        !concerns || (free >= 0 && free >= counted(travel, buffer, &two[0], &two[1]))
    })
}

fn a_site() -> impl Strategy<Value = Site> {
    prop_oneof![
        Just(Site::Remote),
        Just(Site::Unknown),
        (1u128..5).prop_map(|number| Site::At(organisation(number))),
    ]
}

#[derive(Debug, Clone)]
enum Step {
    Take(i64, i64, Site),
    Release(usize),
}

fn a_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0i64..3000, 5i64..120, a_site()).prop_map(|(at, minutes, site)| Step::Take(at, minutes, site)),
        1 => (0usize..40).prop_map(Step::Release),
    ]
}

proptest! {
    #[test]
    fn x02_no_sequence_of_changes_makes_two_meetings_or_their_ways_overlap(
        steps in prop::collection::vec(a_step(), 1..60), buffer in 0i64..40,
    ) {
        let travel = travel();
        let rule = Rule { travel: &travel, buffer: TimeDelta::minutes(buffer), zone: Amsterdam };
        let mut agenda = Agenda::default();
        for (booking, step) in (0u128..).zip(steps) {
            match step {
                Step::Take(at, minutes, site) => {
                    let new = span(booking, at, minutes, site);
                    let before = agenda.clone();
                    let expected = allowed(&travel, buffer, before.spans(), &new);
                    prop_assert_eq!(agenda.fits(&new, &rule).is_ok(), expected);
                    prop_assert_eq!(agenda.take(new, &rule).is_ok(), expected);
                    if !expected {
                        prop_assert_eq!(&agenda, &before);
                    }
                }
                Step::Release(at) => {
                    let known = agenda.spans().get(at).map(|span| span.booking);
                    let booking = known.unwrap_or(Uuid::from_u128(booking));
                    prop_assert_eq!(agenda.release(booking, &rule).is_some(), known.is_some());
                }
            }
            for two in agenda.spans().windows(2) {
                let free = (two[1].time.start() - two[0].time.end()).num_minutes();
                // A call between two schools hid the way between them; it may be shorter than it takes.
                let lead = counted(&travel, buffer, &two[0], &two[1]).min(free);
                prop_assert_eq!(two[1].lead.num_minutes(), lead);
                prop_assert!(two[0].time.end() + two[1].lead <= two[1].time.start());
            }
            prop_assert!(agenda.spans().first().is_none_or(|first| first.lead.is_zero()));
        }
    }

    #[test]
    fn what_is_closed_around_a_meeting_is_what_taking_refuses(
        taken in 0i64..3000, minutes in 5i64..120, there in a_site(), site in a_site(),
        new in -400i64..3400, length in 5i64..120, buffer in 0i64..40,
    ) {
        let travel = travel();
        let rule = Rule { travel: &travel, buffer: TimeDelta::minutes(buffer), zone: Amsterdam };
        let taken = span(1, taken, minutes, there);
        let agenda = Agenda::of(vec![taken]);
        let new = span(2, new, length, site);
        let closed = rule.around(&taken, site);
        prop_assert_eq!(agenda.fits(&new, &rule).is_err(), closed.overlaps(new.time));
    }
}
