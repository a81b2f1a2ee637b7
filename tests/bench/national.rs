//! How much memory and time the whole country takes, region by region: logs made by chance, and from them
//! deadlines, lives, published figures and survival curves, in this process and without a database.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use schakel_domain::{
    dutch::{HolidayRegion, SchoolCalendar, SchoolHolidays, SchoolOverrides},
    ids::FactId,
    monitor::{Counts, End, Life, Period, Place, Published, SmallNumber, coarse, measures},
    thuiszitter::{
        AbsenceGround, AbsenceKind, Fact, Known, MissedTime, Moment, Outcome, Profile, Said, Stage, deadlines,
    },
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use crate::peak;

/// Samenwerkingsverbanden, each a region.
const REGIONS: usize = 76;
/// Cases of a year, and years.
const A_YEAR: usize = 70_000;
const YEARS: u64 = 5;
/// Facts of each case.
const FACTS: u64 = 40;
/// In how many gemeenten the children of a region live, and in how many wijken the schools stand.
const GEMEENTEN: u64 = 8;
const WIJKEN: u64 = 6;

/// Numbers that a seed decides.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// A case as it is generated.
struct Case {
    opened: NaiveDate,
    place: Place,
    log: Vec<Fact>,
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + chrono::TimeDelta::hours(12)
}

/// A case that was opened within the years before `today`.
fn case(dice: &mut Dice, today: NaiveDate) -> Case {
    let opened = today - Days::new(dice.below(YEARS * 365));
    let first_day = opened - Days::new(dice.below(40));
    let mut said = vec![
        Said::Kind(first_day, AbsenceKind::RelatiefOngeoorloofd),
        Said::Birth(opened - Days::new(365 * (5 + dice.below(12)))),
        Said::Happened(Moment::FirstAbsenceDay, first_day),
    ];
    if dice.below(3) > 0 {
        said.push(Said::Happened(Moment::OfferMade, first_day + Days::new(20 + dice.below(200))));
    }
    if dice.below(4) > 0 {
        said.push(Said::Ended(opened + Days::new(30 + dice.below(400)), Outcome::TerugEigenSchool));
    }
    while (said.len() as u64) < FACTS {
        let (date, minutes) = (first_day + Days::new(dice.below(200)), 60 + 60 * dice.below(5));
        let minutes = u16::try_from(minutes).unwrap();
        said.push(Said::Missed(MissedTime { date, minutes, ground: AbsenceGround::Ongeoorloofd }));
    }
    let place = Place {
        gemeente: format!("GM99{:02}", dice.below(GEMEENTEN)),
        wijk: format!("WK99{:04}", dice.below(WIJKEN)),
    };
    let log = said.into_iter().map(|said| Fact {
        id: FactId(Uuid::from_u64_pair(dice.below(u64::MAX), dice.below(u64::MAX))),
        told: noon(opened),
        corrects: None,
        said: Some(said),
    });
    Case { opened, place, log: log.collect() }
}

/// What came of a region.
#[derive(Default)]
struct Found {
    cases: usize,
    deadlines: usize,
    told: usize,
    took: Duration,
}

/// Everything about one region; nothing of it stays but these numbers.
fn region(number: usize, size: usize, (profile, calendar): (&Profile, &SchoolCalendar)) -> Found {
    let today: NaiveDate = "2026-11-23".parse().unwrap();
    let mut dice = Dice(number as u64);
    let cases: Vec<Case> = (0..size).map(|_| case(&mut dice, today)).collect();
    let start = Instant::now();
    let mut found = Found { cases: cases.len(), ..Found::default() };
    let ends: Vec<NaiveDate> = (0..YEARS).map(|year| today - Days::new(365 * year)).collect();
    let mut lives: BTreeMap<NaiveDate, Vec<(&Place, Life)>> = BTreeMap::new();
    for case in &cases {
        let known = Known::at(&case.log, DateTime::<Utc>::MAX_UTC, calendar.clone());
        found.deadlines += deadlines(profile, &known.facts, Stage::Signaal, today).0.len();
        for end in &ends {
            let life = Life::of(&known, profile, case.opened, *end);
            lives.entry(*end).or_default().extend(life.map(|life| (&case.place, life)));
        }
    }
    let small = SmallNumber::of(profile.small_number);
    for (end, lives) in &lives {
        let (period, mut places) = (Period::quarter_by(*end), BTreeMap::<Place, Counts>::new());
        for (place, life) in lives {
            let counts = places.entry((*place).clone()).or_default();
            for measure in measures(life, *end, period) {
                *counts.entry(measure).or_default() += 1;
            }
        }
        found.told += Published::of(&places, small).region().len();
        for way in End::iter() {
            let rounds = lives.iter().flat_map(|(_, life)| &life.rounds);
            let spells: Vec<_> = rounds.filter_map(|round| round.spell(way, *end)).collect();
            std::hint::black_box(coarse(&spells, small));
        }
    }
    found.took = start.elapsed();
    found
}

/// Prints the figures of a country of so many hundredths of the usual size.
pub(crate) fn figures(percent: usize) {
    let years = usize::try_from(YEARS).unwrap();
    let size = (A_YEAR * years * percent / 100 / REGIONS).max(10);
    let profile = Profile::shipped();
    let calendar =
        SchoolCalendar::new(HolidayRegion::Midden, &SchoolHolidays::shipped(), &SchoolOverrides::default());
    let (before, start) = (peak(), Instant::now());
    let (mut all, mut longest) = (Found::default(), Duration::ZERO);
    for number in 0..REGIONS {
        let found = region(number, size, (&profile, &calendar));
        longest = longest.max(found.took);
        all.cases += found.cases;
        all.deadlines += found.deadlines;
        all.told += found.told;
    }
    println!(
        "\nThe country: {} cases of {YEARS} years with {FACTS} facts each, in {REGIONS} regions, one after another:\n",
        all.cases
    );
    println!("| what | figure |\n|---|---|");
    println!("| deadlines | {} |", all.deadlines);
    println!("| figures told of regions | {} |", all.told);
    println!("| all, with making the logs | {:.0} s |", start.elapsed().as_secs_f64());
    println!("| the longest region, without | {:.2} s |", longest.as_secs_f64());
    println!("| most memory | {:.0} MiB, {before:.0} MiB of it before |", peak());
}
