//! Lives of cases thrown together by chance: what the log comes to is what the case shows.

use chrono::{Days, NaiveDate, TimeDelta};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, fact::Said, handover_service_client::HandoverServiceClient,
    track_service_client::TrackServiceClient,
};
use schakel_tests::{As, needs::full_drill};

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

const KINDS: [pb::case::absence::Kind; 8] = [
    pb::case::absence::Kind::Absoluut,
    pb::case::absence::Kind::Geschorst,
    pb::case::absence::Kind::VrijstellingGevraagd,
    pb::case::absence::Kind::Ongeoorloofd,
    pb::case::absence::Kind::Luxe,
    pb::case::absence::Kind::Ziek,
    pb::case::absence::Kind::ZiekBelastbaar,
    pb::case::absence::Kind::Dreigend,
];
const MOMENTS: [pb::Moment; 12] = [
    pb::Moment::OfferMade,
    pb::Moment::OppMade,
    pb::Moment::ReportedToDuo,
    pb::Moment::Returned,
    pb::Moment::FirstAbsenceDay,
    pb::Moment::AdmissionRequested,
    pb::Moment::Enrolled,
    pb::Moment::SickReported,
    pb::Moment::SuspendedFromSchool,
    pb::Moment::SuspensionEnded,
    pb::Moment::TlvRequested,
    pb::Moment::SwvInvolved,
];
const OUTCOMES: [pb::CaseOutcome; 6] = [
    pb::CaseOutcome::TerugEigenSchool,
    pb::CaseOutcome::Plaatsing,
    pb::CaseOutcome::Oza,
    pb::CaseOutcome::Ingeschreven,
    pb::CaseOutcome::PlaatsingSbo,
    pb::CaseOutcome::Vrijstelling5OnderA,
];
const GEMEENTEN: [&str; 3] = ["GM9901", "GM9902", "GM9903"];
/// A track, on which ground, and what can happen in it first.
const TRACKS: [(pb::track::Kind, pb::track::Ground, pb::track::step::Kind); 4] = [
    (pb::track::Kind::Placement, pb::track::Ground::Unspecified, pb::track::step::Kind::TlvApplied),
    (pb::track::Kind::ParentObjection, pb::track::Ground::Unspecified, pb::track::step::Kind::Heard),
    (pb::track::Kind::Dispute, pb::track::Ground::Unspecified, pb::track::step::Kind::ReplyAsked),
    (pb::track::Kind::Exemption, pb::track::Ground::Ground5OnderA, pb::track::step::Kind::DoctorStated),
];

/// Whoever coordinates tracks.
type Keeper = (PersonId, As);

/// A fact about where the child lives, whether it has a school, or why it need not.
fn said_of_child(chance: &mut Chance, today: NaiveDate) -> Said {
    let from_date = chance.day(today);
    match chance.below(3) {
        0 => {
            Said::Residence(pb::fact::Residence { gemeente_code: (*chance.of(&GEMEENTEN)).into(), from_date })
        }
        1 => {
            let both = [pb::Enrolment::Enrolled, pb::Enrolment::NotEnrolled];
            Said::Enrolled(pb::fact::Enrolled { enrolment: (*chance.of(&both)).into(), from_date })
        }
        _ => Said::Exemption(pb::fact::Exemption {
            ground: pb::ExemptionGround::ExemptionGround5OnderA.into(),
            from_date,
            until_date: if chance.below(2) == 0 { String::new() } else { today.to_string() },
        }),
    }
}

/// The child lives elsewhere from now on.
async fn moves_house(region: &Region, now: &pb::Case, gemeente: &str) {
    let moving = pb::MoveCaseRequest {
        name: now.name.clone(),
        residence_gemeente_code: gemeente.into(),
        confirm_outside_region: true,
        etag: now.etag.clone(),
        request_id: region.server.request_id(),
        ..pb::MoveCaseRequest::default()
    };
    let _ = HandoverServiceClient::new(region.on_ladder.clone()).move_case(moving).await;
}

/// A track is begun, and what happens in it tells facts.
async fn goes_a_way(case: &Log, (keeper, channel): &Keeper, chance: &mut Chance) {
    let server = &case.region.server;
    let today = schakel_server::access::authenticate::today(server.app.now());
    let next_date = (today + Days::new(7)).to_string();
    let (kind, ground, first) = *chance.of(&TRACKS);
    let track = pb::Track {
        case: case.case.name.clone(),
        kind: kind.into(),
        ground: ground.into(),
        coordinator: keeper.to_string(),
        start_date: chance.day(today),
        next_date: next_date.clone(),
        ..pb::Track::default()
    };
    let mut tracks = TrackServiceClient::new(channel.clone());
    let starting = pb::StartTrackRequest { track: Some(track), request_id: server.request_id() };
    let Ok(begun) = tracks.start_track(starting).await.map(tonic::Response::into_inner) else { return };
    let taking = pb::AddTrackStepRequest {
        name: begun.name,
        step: Some(pb::track::Step {
            kind: first.into(),
            date: today.to_string(),
            ..pb::track::Step::default()
        }),
        next_date,
        etag: begun.etag,
        request_id: server.request_id(),
        ..pb::AddTrackStepRequest::default()
    };
    let _ = tracks.add_track_step(taking).await;
}

/// One thing more happens; what is refused is no matter.
async fn lives_on(case: &mut Log, keeper: &Keeper, chance: &mut Chance) {
    let region = &case.region;
    let today = schakel_server::access::authenticate::today(region.server.app.now());
    let now = case.now().await;
    match chance.below(13) {
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
        9 => moves_house(region, &now, chance.of::<&str>(&GEMEENTEN)).await,
        10 => {
            let told = said_of_child(chance, today);
            let _ = case.record([told]).await;
        }
        11 => goes_a_way(case, keeper, chance).await,
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
    let homes = log.iter().filter_map(|fact| match &fact.said {
        Some(Said::Residence(home)) => Some((home.from_date.as_str(), home.gemeente_code.as_str())),
        _ => None,
    });
    let since = homes.clone().map(|(from, _)| from).max();
    let lives = homes.filter(|(from, _)| Some(*from) == since).map(|(_, gemeente)| gemeente);
    let lives: Vec<_> = lives.collect();
    assert!(lives.is_empty() || lives.contains(&shown.residence_gemeente_code.as_str()), "{}", story());
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
        let swv = region.server.founded.organisation;
        let keeper = region.server.person(Role::Thuiszitterscoordinator, swv).await;
        let first = absent(region.school);
        let mut case = Log::of(region, first).await;
        for life in 0..lives / regions {
            let seed = round * 100_000 + life;
            let mut chance = Chance(seed);
            let next = named(&format!("Kind {seed}"), absent(case.region.school));
            case.case = case.region.open(pb::Case { next_action_date: String::new(), ..next }).await;
            for _ in 0..=chance.below(9) {
                lives_on(&mut case, &keeper, &mut chance).await;
            }
            agrees(&case, seed).await;
        }
    }
}
