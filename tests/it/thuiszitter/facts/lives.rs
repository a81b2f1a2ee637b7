//! Lives of cases thrown together by chance: what the log comes to is what the case shows.

use chrono::{Days, NaiveDate, TimeDelta};
use schakel_proto::v1::{self as pb, fact::Said};
use schakel_tests::needs::full_drill;

use super::{Log, Region, absent, happened, kind, missed, named};

/// Numbers that a seed decides.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    /// A day up to sixty days before `today`.
    fn day(&mut self, today: NaiveDate) -> String {
        (today - Days::new(self.below(60))).to_string()
    }
}

const KINDS: [pb::case::absence::Kind; 5] = [
    pb::case::absence::Kind::Ongeoorloofd,
    pb::case::absence::Kind::Luxe,
    pb::case::absence::Kind::Ziek,
    pb::case::absence::Kind::ZiekBelastbaar,
    pb::case::absence::Kind::Dreigend,
];
const MOMENTS: [pb::Moment; 6] = [
    pb::Moment::OfferMade,
    pb::Moment::OppMade,
    pb::Moment::ReportedToDuo,
    pb::Moment::Returned,
    pb::Moment::FirstAbsenceDay,
    pb::Moment::AdmissionRequested,
];
const OUTCOMES: [pb::CaseOutcome; 3] =
    [pb::CaseOutcome::TerugEigenSchool, pb::CaseOutcome::Plaatsing, pb::CaseOutcome::Oza];

/// One thing more happens; what is refused is no matter.
async fn lives_on(case: &mut Log, chance: &mut Chance) {
    let region = &case.region;
    let today = schakel_server::access::authenticate::today(region.server.app.now());
    let now = case.now().await;
    match chance.below(10) {
        0 => region.server.clock.advance(TimeDelta::hours(i64::try_from(chance.below(90)).unwrap())),
        1 => {
            let mut changed = now;
            let absence = changed.absence.as_mut().unwrap();
            absence.kind = (*chance.of(&KINDS)).into();
            absence.first_day = chance.day(today);
            if chance.below(2) == 0 {
                absence.unauthorised.clear();
            }
            let date = chance.day(today);
            absence.unauthorised.retain(|hours| hours.date != date);
            absence
                .unauthorised
                .push(pb::case::absence::Hours { date, hours: 1 + i32::try_from(chance.below(6)).unwrap() });
            let _ = region.update(changed, &["absence"]).await;
        }
        2 => {
            let mut changed = now;
            let mut date = || if chance.below(3) == 0 { String::new() } else { chance.day(today) };
            changed.milestones = Some(pb::case::Milestones {
                offer_date: date(),
                opp_agreed_date: date(),
                duo_report_date: date(),
                child_heard_date: date(),
                ..changed.milestones.unwrap_or_default()
            });
            let _ = region.update(changed, &["milestones"]).await;
        }
        3 => {
            let level = i32::try_from(chance.below(5)).unwrap();
            let _ = region.take_to(&now, level).await;
        }
        4 | 5 => {
            let stage = pb::Stage::try_from(1 + i32::try_from(chance.below(9)).unwrap()).unwrap();
            let _ = region.advance(&now, stage).await;
        }
        6 => {
            let _ = region.close(&now, *chance.of(&OUTCOMES), &chance.day(today)).await;
        }
        7 => {
            let _ = region.reopen(&now, &chance.day(today)).await;
        }
        8 => {
            let told = match chance.below(3) {
                0 => kind(*chance.of(&KINDS), &chance.day(today)),
                1 => happened(*chance.of(&MOMENTS), &chance.day(today)),
                _ => missed(
                    &chance.day(today),
                    1 + i32::try_from(chance.below(400)).unwrap(),
                    pb::AbsenceGround::Ongeoorloofd,
                ),
            };
            let _ = case.record([told]).await;
        }
        _ => {
            let log = case.log().await;
            let entry = chance.of(&log);
            let said = match entry.said.clone() {
                Some(Said::Happened(dated)) if chance.below(2) == 0 => {
                    Some(Said::Happened(pb::fact::Dated { date: chance.day(today), ..dated }))
                }
                _ => None,
            };
            let _ = case.correct(&entry.name, said).await;
        }
    }
}

/// The last day of `moment` among what stands.
fn last(log: &[pb::Fact], moment: pb::Moment) -> String {
    super::days(log, moment).into_iter().max().unwrap_or_default()
}

async fn agrees(case: &Log, seed: u64) {
    let (shown, standing, log) = (case.now().await, case.standing(None, "").await, case.log().await);
    let story = || format!("seed {seed}: {shown:#?}\n{log:#?}");
    assert_eq!(
        (standing.stage, standing.escalation_level, standing.outcome, &standing.outcome_date),
        (shown.stage, shown.escalation_level, shown.outcome, &shown.outcome_date),
        "{}",
        story()
    );
    assert_eq!(standing.labels, shown.labels, "{}", story());
    let absence = shown.absence.clone().unwrap();
    let kinds = log.iter().filter_map(|fact| match &fact.said {
        Some(Said::Absence(absence)) => Some((absence.from_date.clone(), absence.kind)),
        _ => None,
    });
    let from = kinds.clone().map(|(from, _)| from).max().unwrap();
    assert!(kinds.filter(|kind| kind.0 == from).any(|(_, kind)| kind == absence.kind), "{}", story());
    let begins = if absence.kind == i32::from(pb::case::absence::Kind::Dreigend) {
        pb::Moment::Signalled
    } else {
        pb::Moment::FirstAbsenceDay
    };
    assert_eq!(absence.first_day, last(&log, begins), "{}", story());
    let milestones = shown.milestones.clone().unwrap_or_default();
    for (date, moment) in [
        (&milestones.offer_date, pb::Moment::OfferMade),
        (&milestones.opp_agreed_date, pb::Moment::OppMade),
        (&milestones.duo_report_date, pb::Moment::ReportedToDuo),
        (&milestones.child_heard_date, pb::Moment::ChildHeard),
    ] {
        assert_eq!(*date, last(&log, moment), "{moment:?} {}", story());
    }
    let mut hours: Vec<_> = absence.unauthorised.iter().map(|day| (day.date.clone(), day.hours)).collect();
    hours.sort();
    let mut told = std::collections::BTreeMap::new();
    for fact in &log {
        if let Some(Said::Missed(missed)) = &fact.said {
            let minutes: &mut i32 = told.entry(missed.date.clone()).or_default();
            *minutes = missed.minutes.max(*minutes);
        }
    }
    let told: Vec<_> = told.into_iter().map(|(date, minutes)| (date, (minutes + 59) / 60)).collect();
    assert_eq!(hours, told, "{}", story());
}

#[tokio::test]
async fn e03_what_a_log_comes_to_is_what_the_case_shows_in_any_life() {
    let (lives, regions) = if full_drill() { (10_000, 20) } else { (300, 3) };
    for round in 0..regions {
        let region = Region::start().await;
        let first = absent(region.school);
        let mut case = Log::of(region, first).await;
        for life in 0..lives / regions {
            let seed = round * 100_000 + life;
            let mut chance = Chance(seed);
            let next = named(&format!("Kind {seed}"), absent(case.region.school));
            case.case = case.region.open(next).await;
            for _ in 0..=chance.below(9) {
                lives_on(&mut case, &mut chance).await;
            }
            agrees(&case, seed).await;
        }
    }
}
