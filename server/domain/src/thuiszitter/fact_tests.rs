//! The log: corrections, as it was known, and any order of arrival.

use std::sync::LazyLock;

use proptest::prelude::*;
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::*;
use crate::{
    dutch::HolidayRegion,
    thuiszitter::{Label, Profile, Stage, facts::example::day, ground::ExemptionGround},
};

fn id(number: u128) -> FactId {
    FactId(Uuid::from_u128(number))
}

/// Told at noon, in Amsterdam, of that day.
fn at(day: &str) -> DateTime<Utc> {
    format!("{day}T11:00:00Z").parse().unwrap()
}

fn fact(number: u128, told: &str, said: Said) -> Fact {
    Fact { id: id(number), told: at(told), corrects: None, said: Some(said) }
}

fn calendar() -> SchoolCalendar {
    static MIDDEN: LazyLock<SchoolCalendar> =
        LazyLock::new(|| SchoolCalendar::shipped(HolidayRegion::Midden));
    MIDDEN.clone()
}

/// Ill from 1 September; on 20 October it turned out to have been without reason since the 14th
/// of September; the report of 2 November had the wrong date.
fn log() -> Vec<Fact> {
    vec![
        fact(1, "2026-09-01", Said::Birth(day("2018-03-10"))),
        fact(2, "2026-09-01", Said::Enrolment(day("2024-08-26"), Enrolment::Enrolled)),
        fact(3, "2026-09-01", Said::Kind(day("2026-09-01"), AbsenceKind::Ziek)),
        fact(4, "2026-09-01", Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01"))),
        fact(5, "2026-10-20", Said::Kind(day("2026-09-14"), AbsenceKind::RelatiefOngeoorloofd)),
        fact(6, "2026-11-02", Said::Happened(Moment::ReportedToDuo, day("2026-10-02"))),
        Fact {
            corrects: Some(id(6)),
            ..fact(7, "2026-11-04", Said::Happened(Moment::ReportedToDuo, day("2026-11-02")))
        },
        fact(8, "2026-11-02", Said::Step(day("2026-11-02"), Event::Reported)),
        fact(9, "2026-11-09", Said::Step(day("2026-11-09"), Event::InvestigationOpened)),
        fact(10, "2026-11-09", Said::Level(day("2026-11-09"), EscalationLevel::L1)),
    ]
}

#[test]
fn a_case_is_seen_as_it_was_known_on_any_day() {
    let profile = Profile::shipped();
    let seen = |known: &str, on: &str| {
        let known = Known::at(&log(), at(known), calendar());
        known.standing(&profile, day(on)).labels.contains(&Label::Lrv)
    };
    // More than four weeks after 14 September: from 13 October.
    assert!(!seen("2026-10-19", "2026-10-19"), "ill, as far as anybody knew");
    assert!(seen("2026-10-20", "2026-10-20"));
    assert!(seen("2026-10-20", "2026-10-13"), "looking back with what is known now");
    assert!(!seen("2026-10-20", "2026-10-12"));
    let reported = |known: &str| {
        Known::at(&log(), at(known), calendar()).facts.happened(Moment::ReportedToDuo, day("2026-12-01"))
    };
    assert_eq!(reported("2026-11-01"), None);
    assert_eq!(reported("2026-11-03"), Some(day("2026-10-02")));
    assert_eq!(reported("2026-11-04"), Some(day("2026-11-02")), "corrected, and not twice");
    assert_eq!(log().len(), 10, "nothing is ever taken out");
}

#[test]
fn a_correction_can_be_corrected_and_taken_back() {
    let told = |log: &[Fact]| {
        let known = Known::at(log, at("2026-12-31"), calendar());
        known
            .facts
            .moments
            .until(Moment::OfferMade, NaiveDate::MAX)
            .map(|on| on.to_string())
            .collect::<Vec<_>>()
    };
    let offer = |number, day_told: &str, corrects: Option<u128>, on: Option<&str>| Fact {
        corrects: corrects.map(id),
        said: on.map(|on| Said::Happened(Moment::OfferMade, day(on))),
        ..fact(number, day_told, Said::Birth(day("2018-01-01")))
    };
    let first = offer(1, "2026-11-02", None, Some("2026-11-01"));
    let second = offer(2, "2026-11-03", Some(1), Some("2026-11-02"));
    let third = offer(3, "2026-11-04", Some(2), Some("2026-11-03"));
    let withdrawn = offer(4, "2026-11-05", Some(3), None);
    assert_eq!(told(&[first.clone(), second.clone(), third.clone()]), ["2026-11-03"]);
    assert!(told(&[withdrawn, third.clone(), first.clone(), second.clone()]).is_empty());
    // Two who correct the same: the last word stands.
    let rival = offer(5, "2026-11-06", Some(1), Some("2026-10-30"));
    assert_eq!(told(&[first.clone(), rival.clone(), second.clone()]), ["2026-10-30"]);
    assert_eq!(told(&[second.clone(), first.clone(), rival]), ["2026-10-30"]);
    // Nothing corrects what was told after it, or what is not there.
    let backwards = offer(6, "2026-11-01", Some(1), Some("2026-10-29"));
    assert_eq!(told(&[first, backwards]), ["2026-10-29", "2026-11-01"]);
    assert_eq!(told(&[second]), ["2026-11-02"]);
}

#[test]
fn stage_category_level_and_outcome_are_four_things() {
    let profile = Profile::shipped();
    let mut log = log();
    let standing = |log: &[Fact], on: &str| {
        let known = Known::at(log, at("2027-12-31"), calendar());
        let standing = known.standing(&profile, day(on));
        (standing.stage, standing.level, standing.suggested, standing.outcome.map(|(_, outcome)| outcome))
    };
    assert_eq!(
        standing(&log, "2026-11-10"),
        (Stage::Leerplichtonderzoek, EscalationLevel::L1, EscalationLevel::L2, None)
    );
    log.push(fact(11, "2026-12-01", Said::Step(day("2026-12-01"), Event::OutcomeRecorded)));
    log.push(fact(12, "2026-12-01", Said::Ended(day("2026-12-01"), Outcome::TerugEigenSchool)));
    let ended = (Stage::Gesloten, EscalationLevel::L1, EscalationLevel::L0, Some(Outcome::TerugEigenSchool));
    assert_eq!(standing(&log, "2026-12-01"), ended);
    assert_eq!(standing(&log, "2026-11-30").0, Stage::Leerplichtonderzoek);
    // A relapse: the same case, with no outcome and no level any more.
    log.push(fact(13, "2027-01-11", Said::Step(day("2027-01-11"), Event::Relapsed)));
    log.push(fact(14, "2027-01-11", Said::Happened(Moment::FirstAbsenceDay, day("2027-01-11"))));
    assert_eq!(
        standing(&log, "2027-01-12"),
        (Stage::Signaal, EscalationLevel::L0, EscalationLevel::L0, None)
    );
    // A step that its stage does not allow moves nothing and is told.
    log.push(fact(15, "2027-01-12", Said::Step(day("2027-01-12"), Event::AttendanceStable)));
    let known = Known::at(&log, at("2027-12-31"), calendar());
    let refused = vec![(day("2027-01-12"), Event::AttendanceStable)];
    assert_eq!(known.decided.stage_on(day("2027-01-12")), (Stage::Signaal, refused));
}

#[test]
fn of_one_day_the_last_decision_counts_and_only_a_reopened_case_begins_anew() {
    let today = day("2026-12-01");
    let step = |number, event| fact(number, "2026-12-01", Said::Step(today, event));
    let level = |number, level| fact(number, "2026-12-01", Said::Level(today, level));
    let ended =
        |number, on: &str| fact(number, "2026-12-01", Said::Ended(day(on), Outcome::TerugEigenSchool));
    let mut log = vec![
        step(1, Event::RondetafelCalled),
        step(2, Event::PlanAgreed),
        step(3, Event::RondetafelCalled),
        level(4, EscalationLevel::L2),
        level(5, EscalationLevel::L1),
        step(6, Event::Returned),
        step(7, Event::Relapsed),
    ];
    let decided = |log: &[Fact]| Known::at(log, at("2026-12-01"), calendar()).decided;
    assert_eq!(decided(&log).stage_on(today).0, Stage::Plan);
    assert_eq!(decided(&log).level_on(today), EscalationLevel::L1, "the plan is the same case's");
    log.extend([step(8, Event::OutcomeRecorded), ended(9, "2026-11-28"), step(10, Event::Relapsed)]);
    assert_eq!((decided(&log).outcome_on(today), decided(&log).level_on(today)), (None, EscalationLevel::L0));
    log.extend([step(11, Event::OutcomeRecorded), ended(12, "2026-11-20")]);
    let outcome = Some((day("2026-11-20"), Outcome::TerugEigenSchool));
    assert_eq!(decided(&log).outcome_on(today), outcome, "told last, of an earlier day");
}

#[test]
fn a_closing_that_is_taken_back_never_was() {
    let today = day("2026-12-01");
    let step = |number, event| fact(number, "2026-12-01", Said::Step(today, event));
    let ended = |number| fact(number, "2026-12-01", Said::Ended(today, Outcome::Uitgestroomd18));
    let gone = |number, of| Fact { id: id(number), told: at("2026-12-02"), corrects: Some(of), said: None };
    let mut log = vec![step(1, Event::RondetafelCalled), step(2, Event::OutcomeRecorded), ended(3)];
    log.extend([step(4, Event::Relapsed), step(5, Event::RondetafelCalled)]);
    let open = Known::at(&log, at("2026-12-03"), calendar()).decided;
    log.extend([step(6, Event::OutcomeRecorded), ended(7)]);
    assert_eq!(closing(&log), [id(6), id(7)], "of the round before nothing");
    log.extend([gone(8, id(6)), gone(9, id(7))]);
    let decided = Known::at(&log, at("2026-12-03"), calendar()).decided;
    assert_eq!(decided, open);
    assert_eq!((decided.stage_on(today).0, decided.outcome_on(today)), (Stage::Rondetafel, None));
    // What was known before it was taken back stays as it was known.
    let then = Known::at(&log, at("2026-12-01"), calendar()).decided;
    assert_eq!(then.stage_on(today).0, Stage::Gesloten);
}

#[test]
fn what_is_said_is_written_and_read_again() {
    for said in [
        Said::Kind(NaiveDate::MIN, AbsenceKind::Luxe),
        Said::Residence(day("2026-11-01"), "GM9901".parse().unwrap()),
        Said::FirstFullYear("2024-2025".parse().unwrap()),
        Said::Happened(Moment::OfferMade, day("2026-11-01")),
        Said::Missed(MissedTime { date: day("2026-11-02"), minutes: 90, ground: AbsenceGround::Ziek }),
        Said::Exempt(Exemption {
            ground: ExemptionGround::Art5OnderA,
            days: Validity::new(day("2026-11-01"), Some(day("2027-07-31"))).unwrap(),
        }),
        Said::Holds(Circumstance::SchoolFull, Validity::since(day("2026-11-01"))),
        Said::StoodStill(Suspension { norm: "T15".into(), days: Validity::since(day("2026-11-01")) }),
        Said::Step(day("2026-11-01"), Event::PlanAgreed),
        Said::Level(day("2026-11-01"), EscalationLevel::L3),
        Said::Ended(day("2026-11-01"), Outcome::Vrijstelling5OnderA),
    ] {
        let text = serde_json::to_string(&said).unwrap();
        assert_eq!(serde_json::from_str::<Said>(&text).unwrap(), said, "{text}");
    }
    let backwards = r#"{"HOLDS":["SCHOOL_FULL",{"from":"2026-11-02","until":"2026-11-01"}]}"#;
    assert!(serde_json::from_str::<Said>(backwards).is_err());
}

fn any_said() -> impl Strategy<Value = Said> {
    let date = (0u64..400).prop_map(|days| day("2026-08-31") + chrono::Days::new(days));
    let pick = |count: usize| 0..count;
    prop_oneof![
        (date.clone(), pick(AbsenceKind::iter().count()))
            .prop_map(|(on, at)| Said::Kind(on, AbsenceKind::iter().nth(at).unwrap())),
        (date.clone(), pick(2)).prop_map(|(on, at)| Said::Enrolment(on, Enrolment::iter().nth(at).unwrap())),
        (2000i32..2023, 1u32..13, 1u32..29)
            .prop_map(|(y, m, d)| Said::Birth(NaiveDate::from_ymd_opt(y, m, d).unwrap())),
        (date.clone(), pick(Moment::iter().count()))
            .prop_map(|(on, at)| Said::Happened(Moment::iter().nth(at).unwrap(), on)),
        (date.clone(), 1u16..8, pick(AbsenceGround::iter().count())).prop_map(|(date, hours, at)| {
            let ground = AbsenceGround::iter().nth(at).unwrap();
            Said::Missed(MissedTime { date, minutes: hours * 60, ground })
        }),
        (date.clone(), 0u64..200, pick(ExemptionGround::iter().count())).prop_map(|(from, long, at)| {
            let days = Validity::new(from, Some(from + chrono::Days::new(long))).unwrap();
            Said::Exempt(Exemption { ground: ExemptionGround::iter().nth(at).unwrap(), days })
        }),
        (date.clone(), pick(Event::iter().count()))
            .prop_map(|(on, at)| Said::Step(on, Event::iter().nth(at).unwrap())),
        (date.clone(), pick(Outcome::iter().count()))
            .prop_map(|(on, at)| Said::Ended(on, Outcome::iter().nth(at).unwrap())),
        (date, pick(EscalationLevel::iter().count()))
            .prop_map(|(on, at)| Said::Level(on, EscalationLevel::iter().nth(at).unwrap())),
    ]
}

/// A life of up to forty facts; some correct one before them.
fn any_life() -> impl Strategy<Value = Vec<Fact>> {
    let entry = (any_said(), 0i64..400, proptest::option::weighted(0.2, 0usize..40), any::<bool>());
    prop::collection::vec(entry, 0..40).prop_map(|entries| {
        let told = |minutes: i64| at("2026-08-31") + chrono::TimeDelta::hours(minutes);
        let mut log: Vec<Fact> = Vec::new();
        for (number, (said, hours, corrects, kept)) in entries.into_iter().enumerate() {
            let corrects = corrects.and_then(|at| log.get(at)).map(|fact| fact.id);
            let said = (kept || corrects.is_none()).then_some(said);
            log.push(Fact { id: id(number as u128 + 1), told: told(hours), corrects, said });
        }
        log
    })
}

fn end() -> DateTime<Utc> {
    at("2030-01-01")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn any_order_of_the_log_gives_the_same_case(
        (life, shuffled) in any_life().prop_flat_map(|life| (Just(life.clone()), Just(life).prop_shuffle())),
    ) {
        prop_assert_eq!(Known::at(&life, end(), calendar()), Known::at(&shuffled, end(), calendar()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn whoever_tells_first_the_same_dates_give_the_same_case(life in any_life(), hours in prop::collection::vec(0i64..400, 40)) {
        let plain = |fact: &Fact| Fact { corrects: None, ..fact.clone() };
        // Who decides knows what was decided before: of decisions the order counts.
        let told = |fact: &&Fact| match &fact.said {
            None | Some(Said::Step(..) | Said::Level(..) | Said::Ended(..)) => false,
            Some(_) => true,
        };
        let life: Vec<_> = life.iter().filter(told).map(plain).collect();
        let arrived: Vec<_> = life
            .iter()
            .zip(&hours)
            .enumerate()
            .map(|(nth, (fact, hours))| Fact {
                id: id(1000 - nth as u128),
                told: at("2026-08-31") + chrono::TimeDelta::hours(*hours),
                ..fact.clone()
            })
            .collect();
        prop_assert_eq!(Known::at(&life, end(), calendar()), Known::at(&arrived, end(), calendar()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_was_known_then_is_what_the_log_held_then(life in any_life(), hours in 0i64..400) {
        let then = at("2026-08-31") + chrono::TimeDelta::hours(hours);
        let held: Vec<_> = life.iter().filter(|fact| fact.told <= then).cloned().collect();
        prop_assert_eq!(Known::at(&life, then, calendar()), Known::at(&held, end(), calendar()));
    }

    #[test]
    fn labels_never_contradict_the_facts(life in any_life(), days in 0u64..500) {
        static SHIPPED: LazyLock<Profile> = LazyLock::new(Profile::shipped);
        let profile = &*SHIPPED;
        let today = day("2026-08-31") + chrono::Days::new(days);
        let known = Known::at(&life, end(), calendar());
        let (facts, standing) = (&known.facts, known.standing(profile, today));
        let has = |label| standing.labels.contains(&label);
        let (kind, exempt) = (facts.kind_on(today), facts.exemption_on(today).is_some());
        let absent = facts.absent_since(today);
        prop_assert_eq!(has(Label::Thuiszitter), has(Label::Lrv) || has(Label::AbsoluutVerzuim));
        prop_assert!(!(has(Label::Lrv) && has(Label::AbsoluutVerzuim)));
        prop_assert!(!has(Label::Lrv) || absent.is_some_and(|first| (today - first).num_days() > 28));
        prop_assert!(!has(Label::Lrv) || !facts.is_nowhere(today));
        prop_assert!(!has(Label::AbsoluutVerzuim) || facts.is_nowhere(today));
        prop_assert!(!has(Label::ThuiszitterPraktijk) || has(Label::Actueel));
        prop_assert!(!has(Label::Actueel) || absent.is_some());
        prop_assert!(!has(Label::Dreigend) || kind == Some(AbsenceKind::Dreigend));
        prop_assert_eq!(has(Label::Vrijgesteld), exempt);
        for label in [Label::Thuiszitter, Label::ThuiszitterPraktijk, Label::Actueel, Label::Vrijstellingstraject] {
            prop_assert!(!(exempt && has(label)), "{}", label);
        }
        let young = facts.birth.is_some_and(|birth| crate::dutch::leerplicht::starts_in_month(birth) > today);
        for label in [Label::Thuiszitter, Label::ThuiszitterPraktijk, Label::Relatief16u4w] {
            prop_assert!(!(young && has(label)), "{}", label);
        }
        // Nothing that was decided follows from a label, and no label from a decision: only that an end
        // of the absence takes its labels away.
        let bare = Known { decided: Decided::default(), ..known.clone() };
        let (told, bare) = (&standing, bare.standing(profile, today));
        let ended = standing.outcome.is_some_and(|(_, outcome)| outcome.ends_absence());
        prop_assert!(told.labels.is_subset(&bare.labels) && told.duo.is_subset(&bare.duo));
        prop_assert!(ended || (&told.labels, &told.duo) == (&bare.labels, &bare.duo));
        prop_assert!(standing.stage != Stage::Gesloten || standing.suggested == EscalationLevel::L0);
    }
}
