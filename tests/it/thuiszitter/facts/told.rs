//! Facts are told, corrected and taken back; what is wrong is told at once.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, fact::Said};
use schakel_tests::{reason, violations};
use sea_orm::ConnectionTrait;

use super::{Facts, Log, Region, absent, days, fact, happened, kind, missed, norm};

#[tokio::test]
async fn e03_a_fact_is_corrected_by_a_later_one_and_stays_in_the_log() {
    let case = Log::open().await;
    let before = case.log().await.len();
    let told = case.record([happened(pb::Moment::ReportedToDuo, "2026-11-02")]).await.unwrap();
    let first = told.facts[0].clone();
    assert_eq!(
        (first.role, first.text.as_str()),
        (pb::Role::Iber.into(), "Op 2 november 2026: melding bij DUO.")
    );
    assert_eq!(first.organisation, format!("organisations/{}", case.region.school.0));
    case.region.server.clock.advance(TimeDelta::hours(1));
    let right = happened(pb::Moment::ReportedToDuo, "2026-11-03");
    let second = case.correct(&first.name, Some(right.clone())).await.unwrap().fact.unwrap();
    assert_eq!((&second.corrects, &second.said), (&first.name, &Some(right.clone())));
    assert_eq!(days(&case.log().await, pb::Moment::ReportedToDuo), ["2026-11-03"]);
    assert_eq!(case.now().await.milestones.unwrap().duo_report_date, "2026-11-03");
    // Nobody corrects what somebody corrected before, unseen.
    assert_eq!(reason(&case.correct(&first.name, Some(right)).await.unwrap_err()), "ETAG_MISMATCH");
    let third = case.correct(&second.name, None).await.unwrap().fact.unwrap();
    assert_eq!((third.said, third.text.as_str()), (None, "Een eerder feit is ingetrokken."));
    assert!(days(&case.log().await, pb::Moment::ReportedToDuo).is_empty());
    assert_eq!(case.now().await.milestones.unwrap().duo_report_date, "");
    let all = case.listed(pb::ListFactsRequest { show_corrected: true, ..Default::default() }).await;
    assert_eq!(all.len(), before + 3);
    let of = |name: &str| all.iter().find(|fact| fact.name == name).unwrap();
    assert_eq!(of(&first.name).corrected_by, second.name);
    assert_eq!(of(&second.name).corrected_by, third.name);
    let kinds: Vec<_> =
        case.region.timeline(&case.case).await.events.into_iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["CASE_OPENED", "FACTS_RECORDED", "FACT_CORRECTED", "FACT_CORRECTED"]);
}

#[tokio::test]
async fn e03_the_database_refuses_to_rewrite_the_log() {
    let case = Log::open().await;
    let rows = case.region.server.rows().await;
    for statement in ["UPDATE case_fact SET role = 'X'", "DELETE FROM case_fact"] {
        assert!(rows.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    rows.close().await.unwrap();
    assert!(!case.log().await.is_empty());
}

#[tokio::test]
async fn every_fault_of_a_fact_is_told_at_once_and_nothing_is_written() {
    let case = Log::open().await;
    let before = case.log().await;
    let refused = case
        .record([
            kind(pb::case::absence::Kind::Unspecified, "2026-11-24"),
            happened(pb::Moment::LongAbsenceReached, "2026-11-20"),
            happened(pb::Moment::SupportPlanSent, "2026-11-20"),
            happened(pb::Moment::OfferMade, "2026-11-24"),
            missed("2026-11-20", 0, pb::AbsenceGround::Unspecified),
            Said::Exemption(pb::fact::Exemption {
                ground: pb::ExemptionGround::ExemptionGround5aTrekkend.into(),
                from_date: "2026-11-02".into(),
                until_date: "2026-11-01".into(),
            }),
            Said::Holding(pb::fact::Holding {
                circumstance: pb::Circumstance::Enrolled.into(),
                from_date: "2026-11-02".into(),
                until_date: String::new(),
            }),
            Said::Step(pb::fact::Step::default()),
            Said::FirstFullSchoolYear("2023".into()),
            Said::Residence(pb::fact::Residence { gemeente_code: "Ede".into(), from_date: String::new() }),
        ])
        .await
        .unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "facts[0].absence.kind: FIELD_REQUIRED",
            "facts[0].absence.from_date: TIME_OUT_OF_BOUNDS",
            "facts[1].happened.moment: FIELD_INVALID",
            "facts[2].happened.moment: FIELD_INVALID",
            "facts[3].happened.date: TIME_OUT_OF_BOUNDS",
            "facts[4].missed.minutes: FIELD_INVALID",
            "facts[4].missed.ground: FIELD_REQUIRED",
            "facts[5].exemption.until_date: TIME_RANGE_INVALID",
            "facts[6].holding.circumstance: FIELD_INVALID",
            "facts[7]: FIELD_INVALID",
            "facts[8].first_full_school_year: FIELD_INVALID",
            "facts[9].residence.gemeente_code: FIELD_INVALID",
            "facts[9].residence.from_date: FIELD_REQUIRED",
        ]
    );
    let unknown = Said::Suspension(pb::fact::Suspension {
        norm: "T99".into(),
        from_date: "2026-11-02".into(),
        until_date: String::new(),
    });
    let refused = case.record([happened(pb::Moment::OfferMade, "2026-11-20"), unknown]).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts[1].suspension.norm: FIELD_INVALID"]);
    let refused = case.record([]).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts: FIELD_REQUIRED"]);
    assert_eq!(case.log().await, before);
    // What is planned may lie ahead.
    case.record([happened(pb::Moment::AdmissionWished, "2027-02-01")]).await.unwrap();
}

/// Sr art. 77e: Halt is for youths of twelve and older; this one was twelve on 18 November.
#[tokio::test]
async fn a_child_under_twelve_is_not_sent_to_halt() {
    let region = Region::start().await;
    let (_, officer) = region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let mut case = absent(region.school);
    case.child.as_mut().unwrap().birth_date = "2014-11-18".into();
    let youth = Log { facts: Facts::new(officer), ..Log::of(region, case).await };
    let halt = |date: &str| happened(pb::Moment::HaltReferred, date);
    let early = youth.record([halt("2026-11-17")]).await.unwrap_err();
    assert_eq!(violations(&early), ["facts[0].happened.moment: FIELD_INVALID"]);
    let told = youth.record([halt("2026-11-18")]).await.unwrap();
    let early = youth.correct(&told.facts[0].name, Some(halt("2026-11-17"))).await.unwrap_err();
    assert_eq!(violations(&early), ["fact.happened.moment: FIELD_INVALID"]);
}

#[tokio::test]
async fn what_stands_already_is_told_once_and_a_call_is_answered_once() {
    let case = Log::open().await;
    let offer = happened(pb::Moment::OfferMade, "2026-11-20");
    let asked = case.telling([offer.clone()]);
    let mut facts = case.facts.clone();
    let first = facts.record_facts(asked.clone()).await.unwrap().into_inner();
    assert_eq!(facts.record_facts(asked).await.unwrap().into_inner(), first);
    let again = case.record([offer.clone(), offer]).await.unwrap();
    assert!(again.facts.iter().all(|fact| fact.name == first.facts[0].name), "{again:?}");
    assert_eq!(days(&case.log().await, pb::Moment::OfferMade).len(), 1);
}

#[tokio::test]
async fn a_decision_is_no_fact_to_correct_and_a_correction_is_about_the_same() {
    let case = Log::open().await;
    let moved = case.region.advance(&case.case, pb::Stage::Consult).await.unwrap();
    let log = case.log().await;
    let step = log.iter().find(|fact| matches!(fact.said, Some(Said::Step(_)))).unwrap();
    let refused = case.correct(&step.name, None).await.unwrap_err();
    assert_eq!(violations(&refused), ["name: FIELD_INVALID"]);
    let told = case.record([happened(pb::Moment::OfferMade, "2026-11-20")]).await.unwrap();
    let name = &told.facts[0].name;
    for other in
        [happened(pb::Moment::Returned, "2026-11-20"), missed("2026-11-20", 60, pb::AbsenceGround::Ziek)]
    {
        let refused = case.correct(name, Some(other)).await.unwrap_err();
        assert_eq!(violations(&refused), ["fact: FIELD_INVALID"]);
    }
    // A child that is away is so for a reason and from a day on.
    for away in &log {
        let needed = match &away.said {
            Some(Said::Absence(_)) => true,
            Some(Said::Happened(dated)) => dated.moment == i32::from(pb::Moment::FirstAbsenceDay),
            _ => continue,
        };
        let taken_back = case.correct(&away.name, None).await;
        assert_eq!(taken_back.is_err(), needed, "{away:?}");
        if let Err(refused) = taken_back {
            assert_eq!(violations(&refused), ["name: FIELD_REQUIRED"]);
        }
    }
    assert_eq!(moved.stage, case.now().await.stage);
    let nothing = format!("facts/{}", uuid::Uuid::from_u128(7));
    assert_eq!(reason(&case.correct(&nothing, None).await.unwrap_err()), "FACT_NOT_FOUND");
}

#[tokio::test]
async fn a_closed_case_is_told_no_facts() {
    let case = Log::open().await;
    let first = case.log().await.remove(0).name;
    case.region.close(&case.case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    let refused = case.record([happened(pb::Moment::OfferMade, "2026-11-20")]).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_CLOSED");
    assert_eq!(reason(&case.correct(&first, None).await.unwrap_err()), "CASE_CLOSED");
}

#[tokio::test]
async fn a_log_is_read_in_pages() {
    let case = Log::open().await;
    let days: Vec<_> = (2..7)
        .map(|day| missed(&format!("2026-11-{day:02}"), 300, pb::AbsenceGround::Ongeoorloofd))
        .collect();
    case.record(days).await.unwrap();
    let whole = case.log().await;
    let mut read = Vec::new();
    let mut asked = pb::ListFactsRequest { case: case.case.name.clone(), page_size: 4, ..Default::default() };
    loop {
        let page = case.facts.clone().list_facts(asked.clone()).await.unwrap().into_inner();
        assert!(page.facts.len() <= 4);
        read.extend(page.facts);
        if page.next_page_token.is_empty() {
            break;
        }
        asked.page_token = page.next_page_token;
    }
    assert_eq!(read, whole);
    let hours = case.now().await.absence.unwrap().unauthorised;
    assert_eq!(hours.len(), 5);
    assert!(hours.iter().all(|day| day.hours == 5));
}

/// WPO art. 40(6): the extension counts when it is announced within the six weeks.
#[tokio::test]
async fn a09_a_deadline_says_why_it_is_when_it_is_and_what_moved_it() {
    let case = Log::open().await;
    case.record([happened(pb::Moment::AdmissionRequested, "2026-10-26")]).await.unwrap();
    let standing = case.standing(None, "").await;
    let why = norm(&standing.deadlines, "T02").reason.clone().unwrap();
    assert_eq!(
        why.text,
        "6 weken na 26 oktober 2026 (aanmelding). Ook vakantieweken tellen mee. Bron: WPO art. 40(6), profiel 2026-1."
    );
    assert_eq!((why.from, why.from_date.as_str()), (pb::Moment::AdmissionRequested.into(), "2026-10-26"));
    assert_eq!((why.rule.as_str(), why.length, why.clock.as_str()), ("AFTER", 6, "CALENDAR_WEEKS"));
    // 26 October and six weeks is 7 December; four more weeks 4 January.
    let told = case.record([happened(pb::Moment::AdmissionExtended, "2026-11-20")]).await.unwrap();
    let moved = told.moved.iter().find(|moved| moved.norm == "T02").unwrap();
    assert_eq!((moved.was_due_date.as_str(), moved.due_date.as_str()), ("2026-12-07", "2027-01-04"));
    let sentence = "Besluit over toelating gaat van 7 december 2026 naar 4 januari 2027, want er is iets gebeurd of verbeterd.";
    assert_eq!(moved.text, sentence);
    let timeline = case.region.timeline(&case.case).await;
    let event = timeline.events.last().unwrap();
    assert_eq!(event.kind, "FACTS_RECORDED");
    assert!(event.text.contains(sentence), "{}", event.text);
    let why = norm(&timeline.deadlines, "T02").reason.clone().unwrap();
    assert_eq!((why.extended_date.as_str(), why.extended_length), ("2026-11-20", 4));
    assert!(why.text.contains("Uitstel gemeld op 20 november 2026: 4 weken erbij."), "{}", why.text);
    // Taken back, it is as it was.
    let back = case.correct(&told.facts[0].name, None).await.unwrap();
    let moved = back.moved.iter().find(|moved| moved.norm == "T02").unwrap();
    assert_eq!((moved.was_due_date.as_str(), moved.due_date.as_str()), ("2027-01-04", "2026-12-07"));
}

#[tokio::test]
async fn a09_a_clock_that_stands_still_moves_its_deadline() {
    let case = Log::open().await;
    case.record([happened(pb::Moment::AdmissionRequested, "2026-10-26")]).await.unwrap();
    let still = Said::Suspension(pb::fact::Suspension {
        norm: "T02".into(),
        from_date: "2026-11-02".into(),
        until_date: "2026-11-08".into(),
    });
    case.record([still]).await.unwrap();
    let deadlines = case.standing(None, "").await.deadlines;
    let decision = norm(&deadlines, "T02");
    // Seven days from 7 December.
    assert_eq!(decision.due_date, "2026-12-14");
    let stretch =
        pb::deadline_reason::Stretch { from_date: "2026-11-02".into(), until_date: "2026-11-08".into() };
    assert_eq!(decision.reason.clone().unwrap().stood_still, [stretch]);
}

#[tokio::test]
async fn e02_labels_follow_from_what_was_told() {
    let case = Log::open().await;
    assert_eq!(fact(missed("2026-11-02", 300, pb::AbsenceGround::Luxe)).text, "");
    let week = |ground| {
        ["2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"].map(|date| missed(date, 300, ground))
    };
    case.record(week(pb::AbsenceGround::Ziek)).await.unwrap();
    let has = |standing: &pb::Standing, label: &str| standing.labels.iter().any(|held| held == label);
    assert!(!has(&case.standing(None, "").await, "RELATIEF_16U4W"), "authorised");
    case.record(week(pb::AbsenceGround::Luxe)).await.unwrap();
    let standing = case.standing(None, "").await;
    assert!(has(&standing, "RELATIEF_16U4W"), "{:?}", standing.labels);
    assert!(standing.duo_kinds.contains(&pb::DuoKind::V3.into()));
    assert_eq!(standing.labels, case.now().await.labels, "the case says the same");
    let exempt = Said::Exemption(pb::fact::Exemption {
        ground: pb::ExemptionGround::ExemptionGround5OnderA.into(),
        from_date: "2026-11-16".into(),
        until_date: "2027-07-31".into(),
    });
    case.record([exempt]).await.unwrap();
    let standing = case.standing(None, "").await;
    assert!(has(&standing, "VRIJGESTELD") && !has(&standing, "ACTUEEL"), "{:?}", standing.labels);
    assert!(has(&case.standing(None, "2026-11-15").await, "ACTUEEL"));
}

/// A fact is told without the etag of a case: who tells at the same moment as others is not refused.
#[tokio::test]
async fn e03_who_tell_facts_of_one_case_at_one_moment_take_turns() {
    let case = Log::open().await;
    let days: Vec<String> = (1..=16).map(|day| format!("2026-10-{day:02}")).collect();
    let mut telling = tokio::task::JoinSet::new();
    for date in &days {
        let asked = case.telling([missed(date, 60, pb::AbsenceGround::Ongeoorloofd)]);
        let mut facts = case.facts.clone();
        telling.spawn(async move { facts.record_facts(asked).await });
    }
    let told = telling.join_all().await;
    let refused: Vec<String> = told.iter().filter_map(|told| Some(reason(told.as_ref().err()?))).collect();
    assert!(refused.is_empty(), "{refused:?}");
    let log = case.log().await.into_iter().filter_map(|fact| match fact.said {
        Some(Said::Missed(missed)) => Some(missed.date),
        _ => None,
    });
    let mut in_log: Vec<String> = log.collect();
    in_log.sort();
    assert_eq!(in_log, days);
    assert_eq!(case.now().await.absence.unwrap().unauthorised.len(), days.len());
}
