//! From signal to after-care and back: stages, outcomes, relapse, and a history that only grows.

use chrono::TimeDelta;
use schakel_domain::{
    access::Role,
    consultation::{Answer, Kind, Place, State},
    ids::{ConsultationId, PersonId},
    time::Period,
};
use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};
use schakel_server::{
    access::{Grant, Worker},
    consultation::{
        meeting::{Meeting, Seat},
        store,
    },
    thuiszitter::worker,
};
use schakel_tests::{reason, violations};
use sea_orm::ConnectionTrait;

use super::{CHILD, QUESTION, Region, absent, get, id_of, list, named, parent, since};

#[tokio::test]
async fn e02_the_register_shows_who_threatens_to_stay_home_who_is_and_what_happens_next() {
    let region = Region::start().await;
    let mut threatens = named("Bram Tuinman", since("2026-11-16", absent(region.school)));
    threatens.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Dreigend.into();
    threatens.next_action_date.clear();
    let threatens = region.open(threatens).await;
    let home = region.open(absent(region.school)).await;
    assert_eq!((home.stage, home.state), (pb::Stage::Signaal.into(), pb::case::State::Open.into()));
    assert_eq!(home.child.as_ref().unwrap().display_name, CHILD);
    assert_eq!((home.question.as_str(), home.days_absent, home.reference.len()), (QUESTION, 28, 8));
    assert_ne!(home.reference, threatens.reference);

    let register = region.keeper.clone().list_cases(list()).await.unwrap().into_inner().cases;
    let names: Vec<_> = register.iter().map(|case| &case.name).collect();
    assert_eq!(names, [&home.name, &threatens.name], "longest at home first");
    assert!(register.iter().all(|case| case.child.is_none() && case.parents.is_empty()));
    assert!(register.iter().all(|case| case.question.is_empty() && case.absence.is_none()));
    assert!(register.iter().all(|case| case.regisseur == home.regisseur && !case.regisseur.is_empty()));
    assert!(register[0].labels.contains(&"ACTUEEL".to_owned()));
    assert_eq!(register[1].labels, ["DREIGEND"]);
    assert_eq!(register[0].next_action_date, "2026-11-25");
    assert_eq!(register[1].next_action_date, "", "nothing planned is an alarm, and visible");
    assert_eq!((register[0].days_absent, register[1].days_absent), (28, 7));
}

#[tokio::test]
async fn the_register_is_read_page_by_page_and_a_page_belongs_to_who_asked() {
    let region = Region::start().await;
    for (name, day) in [("Een", "2026-11-02"), ("Twee", "2026-11-03"), ("Drie", "2026-11-03")] {
        region.open(named(name, since(day, absent(region.school)))).await;
    }
    let mut keeper = region.keeper.clone();
    let page = |token: &str| pb::ListCasesRequest { page_size: 2, page_token: token.into(), ..list() };
    let first = keeper.list_cases(page("")).await.unwrap().into_inner();
    let second = keeper.list_cases(page(&first.next_page_token)).await.unwrap().into_inner();
    assert_eq!((first.cases.len(), second.cases.len(), second.next_page_token.as_str()), (2, 1, ""));
    assert!(!first.cases.iter().any(|case| case.name == second.cases[0].name));
    let stolen = region.iber.clone().list_cases(page(&first.next_page_token)).await.unwrap_err();
    assert_eq!(violations(&stolen), ["page_token: PAGE_TOKEN_INVALID"]);
    let other = region.server.school("90BB00", "GM9901").await;
    let theirs = pb::ListCasesRequest { school: other.to_string(), ..list() };
    assert!(keeper.list_cases(theirs).await.unwrap().into_inner().cases.is_empty());
    let closed = pb::ListCasesRequest { state: pb::case::State::Closed.into(), ..list() };
    assert!(keeper.list_cases(closed).await.unwrap().into_inner().cases.is_empty());
}

#[tokio::test]
async fn e03_a_timeline_only_grows_and_the_database_refuses_to_rewrite_it() {
    let region = Region::start().await;
    let mut case = region.open(absent(region.school)).await;
    let mut before = region.timeline(&case).await.events;
    for stage in [pb::Stage::Consult, pb::Stage::Rondetafel, pb::Stage::Plan] {
        region.server.clock.advance(TimeDelta::hours(1));
        case = region.advance(&case, stage).await.unwrap();
        let after = region.timeline(&case).await.events;
        assert_eq!((after.len(), &after[..before.len()]), (before.len() + 1, &before[..]));
        before = after;
    }
    case.question = "Een andere vraag.".into();
    let case = region.update(case, &["question"]).await.unwrap();
    let timeline = region.timeline(&case).await;
    let kinds: Vec<_> = timeline.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["CASE_OPENED", "STAGE_CHANGED", "STAGE_CHANGED", "STAGE_CHANGED", "FACTS_CHANGED"]);
    assert_eq!(
        timeline.events[1].text,
        "De fase ging van ‘Signaal’ naar ‘Advies gevraagd’. Ouders: Telefonisch met moeder besproken. \
         Kind: niet verteld."
    );
    assert_eq!(timeline.events[4].text, "Er zijn gegevens gewijzigd: vraag van de school.");
    assert_eq!(timeline.events[0].role, i32::from(pb::Role::Iber));
    assert_eq!(timeline.stage, i32::from(pb::Stage::Plan));
    assert!(timeline.acts.contains(&pb::Role::Trajectbegeleider.into()));

    let rows = region.server.rows().await;
    for statement in ["UPDATE case_event SET kind = 'X'", "DELETE FROM case_event"] {
        assert!(rows.execute_unprepared(statement).await.is_err(), "{statement}");
    }
    rows.close().await.unwrap();
}

#[tokio::test]
async fn what_meetings_tell_of_a_case_stands_in_its_timeline_once() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let grant = Grant::worker(Worker::Cases, region.server.founded.region);
    let app = &region.server.app;
    let meeting = ConsultationId(app.ids.next(app.now())).to_string();
    let (id, about) = (id_of(&case), &meeting);
    app.write(&grant, None, |tx| async move { tx.tell_case(id, "CONSULTATION_BOOKED", about).await })
        .await
        .unwrap();
    let nowhere = schakel_domain::ids::CaseId(app.ids.next(app.now()));
    app.write(&grant, None, |tx| async move { tx.tell_case(nowhere, "CONSULTATION_BOOKED", about).await })
        .await
        .unwrap();
    for done in [2, 0] {
        assert_eq!(worker::work(app, region.server.founded.region).await.unwrap(), done);
    }
    let events = region.timeline(&case).await.events;
    assert_eq!((events.len(), &events[1].subject), (2, &meeting));
    assert_eq!(events[1].text, "Er is een overleg gepland.");
}

#[tokio::test]
async fn b02_a_case_moves_only_along_its_stages_and_only_with_the_parents() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    for stage in [pb::Stage::Nazorg, pb::Stage::Signaal, pb::Stage::Gesloten] {
        let refused = region.advance(&case, stage).await.unwrap_err();
        assert_eq!(reason(&refused), "STAGE_NOT_ALLOWED", "{stage:?}");
    }
    let mut silent = region.step(&case, pb::Stage::Consult);
    silent.parents_involved.clear();
    let refused = region.iber.clone().advance_case(silent).await.unwrap_err();
    assert_eq!(violations(&refused), ["parents_involved: FIELD_REQUIRED"]);
    let moved = region.advance(&case, pb::Stage::Melding).await.unwrap();
    assert_eq!((moved.stage, moved.next_action_date.as_str()), (pb::Stage::Melding.into(), "2026-11-30"));
}

#[tokio::test]
async fn a_case_waits_for_the_outcome_of_its_last_meeting() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let app = &region.server.app;
    let grant = Grant::worker(Worker::Setup, region.server.founded.region);
    let start = app.now() - TimeDelta::hours(3);
    let child = case.child.as_ref().unwrap().person.parse::<PersonId>().unwrap();
    let school_worker: PersonId = case.regisseur.parse().unwrap();
    let mut meeting = Meeting {
        id: ConsultationId(app.ids.next(app.now())),
        reference: "000-0000".into(),
        uid: "u".into(),
        kind: Kind::Rondetafel,
        state: State::Planned,
        case: Some(id_of(&case)),
        subject: child.0,
        hulpvraag: None,
        time: Period::new(start, start + TimeDelta::hours(1)).unwrap(),
        place: Place::School,
        school: Some(region.school),
        parent_exception: None,
        rooms: Vec::new(),
        alone_because: None,
        short_notice: None,
        within: None,
        sequence: 0,
        sealed_outcome: None,
        sealed_provider_reason: None,
        booked_by: school_worker,
        created: start,
        updated: start,
        version: 1,
        member: None,
        table: vec![Seat {
            person: school_worker,
            role: Role::Iber,
            optional: false,
            answer: Answer::Accepted,
            answered: None,
            reason: None,
            attended: None,
            fixed: false,
        }],
    };
    let booked = &meeting;
    app.write(&grant, None, |tx| async move { store::insert(&tx, &[booked]).await }).await.unwrap();
    let refused = region.advance(&case, pb::Stage::Rondetafel).await.unwrap_err();
    assert_eq!(reason(&refused), "OUTCOME_MISSING");
    meeting.state = State::Held;
    let held = &meeting;
    app.write(&grant, None, |tx| async move { store::update(&tx, &mut held.clone()).await }).await.unwrap();
    region.advance(&case, pb::Stage::Rondetafel).await.unwrap();
    let deadlines = region.timeline(&case).await.deadlines;
    let table = deadlines.iter().find(|deadline| deadline.norm == "R12").unwrap();
    assert_eq!(table.met_date, "2026-11-23", "the rondetafel was held");
}

/// The case after the keeper told that the exemption or substitute programme holds that the outcome says, if it
/// says one; its last day may be empty.
async fn exempt(
    region: &Region,
    case: pb::Case,
    outcome: pb::CaseOutcome,
    (from, until): (&str, &str),
) -> pb::Case {
    // Outcomes and grounds stand in the same order.
    let first = i32::from(pb::CaseOutcome::Vrijstelling5OnderA);
    let last = i32::from(pb::CaseOutcome::Vervangend3b);
    if !(first..=last).contains(&i32::from(outcome)) {
        return case;
    }
    let ground = i32::from(outcome) - first + i32::from(pb::ExemptionGround::ExemptionGround5OnderA);
    let (from_date, until_date) = (from.into(), until.into());
    let said = pb::fact::Said::Exemption(pb::fact::Exemption { ground, from_date, until_date });
    let told = pb::RecordFactsRequest {
        case: case.name.clone(),
        facts: vec![pb::Fact { said: Some(said), ..Default::default() }],
        request_id: region.server.request_id(),
        ..Default::default()
    };
    let mut facts = FactServiceClient::new(region.on_ladder.clone());
    let etag = facts.record_facts(told).await.unwrap().into_inner().etag;
    pb::Case { etag, ..case }
}

/// LPW art. 5, 5a, 15, 3a, 3b: an outcome says how a case ended, and what is exempt the facts say.
#[tokio::test]
async fn a_case_ends_as_exempt_only_while_its_log_says_so_and_its_label_follows_the_log() {
    let region = Region::start().await;
    let outcome = pb::CaseOutcome::Vrijstelling5OnderA;
    let case = region.open(absent(region.school)).await;
    let refused = async |case: &pb::Case, date: &str| {
        let refused = region.close(case, outcome, date).await.unwrap_err();
        assert_eq!(violations(&refused), ["outcome: EXEMPTION_REQUIRED"], "{date}");
    };
    refused(&case, "2026-11-20").await;
    // What the field calls 5a is not article 5a.
    let other = pb::CaseOutcome::Vrijstelling5aTrekkend;
    let case = exempt(&region, case, other, ("2026-11-09", "2026-11-30")).await;
    refused(&case, "2026-11-20").await;
    let case = exempt(&region, case, outcome, ("2026-11-09", "2026-11-22")).await;
    refused(&case, "2026-11-20").await;
    let case = exempt(&region, case, outcome, ("2026-11-16", "2026-11-30")).await;
    refused(&case, "2026-11-06").await;
    let closed = region.close(&case, outcome, "2026-11-20").await.unwrap();
    assert_eq!((closed.outcome(), closed.labels.as_slice()), (outcome, &["VRIJGESTELD".to_owned()][..]));
    // It ends, and the child is at home: the outcome stays what was decided then.
    region.server.clock.advance(TimeDelta::days(8));
    let read = region.iber.clone().get_case(get(&closed.name)).await.unwrap().into_inner();
    assert_eq!(read.outcome(), outcome);
    let has = |case: &pb::Case, label: &str| case.labels.iter().any(|one| one == label);
    assert!(has(&read, "ACTUEEL") && !has(&read, "VRIJGESTELD"), "{:?}", read.labels);
    let again = region.reopen(&closed, "2026-12-01").await.unwrap();
    assert!(has(&again, "ACTUEEL") && !has(&again, "VRIJGESTELD"), "{:?}", again.labels);
    refused(&again, "2026-12-01").await;
    let again = exempt(&region, again, outcome, ("2026-12-01", "")).await;
    let closed = region.close(&again, outcome, "2026-12-01").await.unwrap();
    assert!(has(&closed, "VRIJGESTELD") && !has(&closed, "ACTUEEL"), "{:?}", closed.labels);
}

#[tokio::test]
async fn a_case_closes_with_an_outcome_that_says_whether_it_counts() {
    for (outcome, counts) in [
        (pb::CaseOutcome::Plaatsing, "Dit telt als passend aanbod."),
        (pb::CaseOutcome::Vrijstelling5OnderA, "Dit telt niet als passend aanbod."),
    ] {
        let region = Region::start().await;
        let case = region.open(absent(region.school)).await;
        for (date, expected) in [("2026-11-24", "outcome_date"), ("2026-10-25", "outcome_date")] {
            let refused = region.close(&case, outcome, date).await.unwrap_err();
            assert_eq!(violations(&refused), [format!("{expected}: TIME_OUT_OF_BOUNDS")]);
        }
        let case = exempt(&region, case, outcome, ("2026-11-20", "")).await;
        let closed = region.close(&case, outcome, "2026-11-20").await.unwrap();
        assert_eq!(
            (closed.state, closed.stage),
            (pb::case::State::Closed.into(), pb::Stage::Gesloten.into())
        );
        assert_eq!((closed.outcome, closed.outcome_date.as_str()), (outcome.into(), "2026-11-20"));
        assert_eq!((closed.days_absent, closed.next_action_date.as_str()), (25, ""));
        let text = &region.timeline(&case).await.events.last().unwrap().text.clone();
        assert!(text.contains(counts) && text.ends_with("Toelichting: Met ouders afgesproken."), "{text}");
        for refused in [
            region.close(&closed, outcome, "2026-11-20").await.unwrap_err(),
            region.advance(&closed, pb::Stage::Plan).await.unwrap_err(),
            region.update(closed.clone(), &["question"]).await.unwrap_err(),
        ] {
            assert_eq!(reason(&refused), "CASE_CLOSED");
        }
    }
}

#[tokio::test]
async fn a_relapse_reopens_the_same_case_with_a_new_first_day() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    assert_eq!(reason(&region.reopen(&case, "2026-11-23").await.unwrap_err()), "CASE_OPEN");
    let closed = region.close(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    let refused = region.reopen(&closed, "2026-11-19").await.unwrap_err();
    assert_eq!(violations(&refused), ["first_day: TIME_OUT_OF_BOUNDS"]);
    region.server.clock.advance(TimeDelta::days(14));
    let again = region.reopen(&closed, "2026-12-01").await.unwrap();
    assert_eq!((&again.name, &again.reference, again.reopened), (&case.name, &case.reference, 1));
    assert_eq!((again.stage, again.state), (pb::Stage::Signaal.into(), pb::case::State::Open.into()));
    assert_eq!((again.outcome, again.days_absent), (0, 6));
    assert_eq!(again.absence.unwrap().first_day, "2026-12-01");
    let timeline = region.timeline(&case).await;
    let kinds: Vec<_> = timeline.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["CASE_OPENED", "CASE_CLOSED", "CASE_REOPENED"]);
    let pact = timeline.deadlines.iter().find(|deadline| deadline.norm == "T13").unwrap();
    assert_eq!((pact.start_date.as_str(), pact.due_date.as_str()), ("2026-12-01", "2027-03-01"));
}

#[tokio::test]
async fn a_child_has_one_open_case_at_a_school_and_another_school_is_told_nothing() {
    let region = Region::start().await;
    let first = region.open(absent(region.school)).await;
    let twice = named("fenna  OUDSHOORN zwanikken", absent(region.school));
    let refused = region.iber.clone().open_case(region.opening(twice)).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_EXISTS");
    let other = region.server.school("90BB00", "GM9901").await;
    let mut elsewhere = region.colleague(Role::Iber, other).await;
    let second = elsewhere.open_case(region.opening(absent(other))).await.unwrap().into_inner();
    assert_ne!(second.child.unwrap().person, first.child.as_ref().unwrap().person);
    region.close(&first, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    region.open(absent(region.school)).await;
}

#[tokio::test]
async fn parents_are_kept_added_and_leave_by_what_the_update_names() {
    let region = Region::start().await;
    let mut case = region.open(absent(region.school)).await;
    let noor = case.parents[0].clone();
    case.parents[0].phone = "06 1111 1111".into();
    case.parents.push(pb::case::Parent { email: String::new(), ..parent("Sem Zwanikken") });
    let case = region.update(case, &["parents"]).await.unwrap();
    assert_eq!(case.parents.len(), 2);
    assert_eq!((&case.parents[0].person, case.parents[0].phone.as_str()), (&noor.person, "06 1111 1111"));
    let mut alone = case.clone();
    alone.parents.remove(0);
    let alone = region.update(alone, &["parents"]).await.unwrap();
    assert_eq!(alone.parents.len(), 1);
    assert_eq!(alone.parents[0].display_name, "Sem Zwanikken");
    let mut stranger = alone.clone();
    stranger.parents.push(noor);
    let refused = region.update(stranger, &["parents"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.parents[1].person: FIELD_INVALID"]);
    let found = region.iber.clone().get_case(get(&alone.name)).await.unwrap().into_inner();
    assert_eq!(found, alone);
}

#[tokio::test]
async fn every_outcome_is_told_as_it_was_recorded() {
    let region = Region::start().await;
    let outcomes = (1..).map_while(|number| pb::CaseOutcome::try_from(number).ok());
    for (outcome, letter) in outcomes.zip('A'..='Z') {
        let case = region.open(named(&format!("Kind {letter}"), absent(region.school))).await;
        let case = exempt(&region, case, outcome, ("2026-11-20", "")).await;
        let closed = region.close(&case, outcome, "2026-11-20").await.unwrap();
        assert_eq!(closed.outcome(), outcome);
        let read = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
        assert_eq!(read.outcome(), outcome);
    }
}
