//! A case that ended: what the child is called since, and who still looks in.

use chrono::TimeDelta;
use pb::{task::Kind, timeline::deadline};
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consent_service_client::ConsentServiceClient, fact_service_client::FactServiceClient,
    task_service_client::TaskServiceClient,
};
use schakel_server::thuiszitter::{facts::recompute, task::ahead::due_days};
use schakel_tests::{As, reason, seed_meetings::stamp, violations};

use super::{
    Region, absent,
    facts::{Log, happened, tell},
    get, id_of, named,
    plan::Planned,
    since,
};

/// The check points that somebody has as tasks, each with its date and state.
async fn asked(channel: &As) -> Vec<(String, String, deadline::State)> {
    let kinds = vec![Kind::Deadline.into()];
    let request = pb::ListTasksRequest { kinds, page_size: 200, page_token: String::new() };
    let tasks = TaskServiceClient::new(channel.clone()).list_tasks(request).await.unwrap().into_inner().tasks;
    let ours = tasks.into_iter().filter(|task| ["R20", "R21", "R22"].contains(&task.norm.as_str()));
    ours.map(|task| (task.norm.clone(), task.due_date.clone(), task.state())).collect()
}

/// LRV since 3 November, back on the 20th.
#[tokio::test]
async fn a_child_that_is_back_is_no_thuiszitter_from_the_day_of_the_outcome_on() {
    let region = Region::start().await;
    let away = since("2026-10-05", absent(region.school));
    let other = named("Bram Tuinman", away.clone());
    let case = Log::of(region, away).await;
    let open = case.now().await;
    let labels = ["LRV", "THUISZITTER", "THUISZITTER_PRAKTIJK", "ACTUEEL"].map(String::from).to_vec();
    assert_eq!(open.labels, labels);
    let then = stamp(case.region.server.app.now());
    case.region.server.clock.advance(TimeDelta::days(1));
    let closed = case.region.close(&open, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    assert!(closed.labels.is_empty() && case.now().await.labels.is_empty(), "{:?}", closed.labels);
    for date in ["", "2026-11-20"] {
        let standing = case.standing(None, date).await;
        assert!(standing.labels.is_empty() && standing.duo_kinds.is_empty(), "{standing:?}");
    }
    let before = case.standing(None, "2026-11-19").await;
    assert_eq!((before.labels, before.duo_kinds), (labels.clone(), vec![pb::DuoKind::Lrv.into()]));
    assert_eq!(case.standing(Some(then), "").await.labels, labels, "as it was known then");
    let again = case.region.reopen(&closed, "2026-11-24").await.unwrap();
    assert_eq!(again.labels, ["ACTUEEL"]);
    // Who gets care and no education is solved for the pact alone, and stays in sight.
    let cared_for = case.region.open(other).await;
    let closed =
        case.region.close(&cared_for, pb::CaseOutcome::ZorgZonderOnderwijs, "2026-11-20").await.unwrap();
    assert_eq!(closed.labels, labels);
}

/// Two weeks after 20 November are 4 December, six 1 January, twelve 12 February.
#[tokio::test]
async fn e03_aftercare_of_a_closed_case_is_asked_for_until_somebody_looked_in() {
    let region = Region::start().await;
    let (person, school) = region.server.person(Role::Iber, region.school).await;
    let case = region.open(absent(region.school)).await;
    let closed = region.close(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    assert!(asked(&school).await.is_empty(), "not soon");
    let own = region.server.founded.region;
    let days = due_days(&region.server.app, own, person).await.unwrap();
    let days: Vec<_> = days.iter().map(ToString::to_string).collect();
    assert_eq!(days, ["2026-12-04", "2027-01-01", "2027-02-12"], "and is told by mail as any task");

    region.server.clock.advance(TimeDelta::days(4));
    let first = |state| vec![("R20".to_owned(), "2026-12-04".to_owned(), state)];
    assert_eq!(asked(&school).await, first(deadline::State::DueSoon));
    assert!(asked(&region.on_ladder).await.is_empty(), "the school looks in");
    recompute::work(&region.server.app, own).await.unwrap();
    let events = region.timeline(&case).await.events;
    let soon: Vec<_> = events.iter().filter(|event| event.kind == "DEADLINE_DUE_SOON").collect();
    assert_eq!(soon.len(), 1, "{events:?}");
    region.server.clock.advance(TimeDelta::days(8));
    assert_eq!(asked(&school).await, first(deadline::State::Overdue));

    let other = tell(&school, &region, &case, (pb::Moment::OfferMade, "2026-12-03")).await.unwrap_err();
    assert_eq!(reason(&other), "CASE_CLOSED");
    tell(&school, &region, &case, (pb::Moment::AftercareFirst, "2026-12-03")).await.unwrap();
    assert!(asked(&school).await.is_empty());
    let read = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    assert_eq!((read.state(), read.outcome_date.as_str()), (pb::case::State::Closed, "2026-11-20"));
    assert_ne!(read.etag, closed.etag);
    let timeline = region.timeline(&case).await;
    let of = |norm: &str| {
        let found = timeline.deadlines.iter().find(|one| one.norm == norm).unwrap();
        (found.met_date.as_str(), found.state())
    };
    assert_eq!(of("R20"), ("2026-12-03", deadline::State::Met));
    assert_eq!(of("R21"), ("", deadline::State::Running));

    // A closing that was a mistake is taken back with its aftercare.
    region.server.clock.advance(TimeDelta::days(25));
    assert_eq!(asked(&school).await.len(), 1, "the second");
    let open = region.go_on(region.keeper.clone(), &read).await.unwrap();
    assert!(asked(&school).await.is_empty());
    assert!(region.timeline(&open).await.deadlines.iter().all(|one| one.norm != "R21"));
}

#[tokio::test]
async fn aftercare_that_was_held_before_the_closing_is_not_asked_for_again_and_of_who_left_none_is() {
    let region = Region::start().await;
    let school = region.server.person(Role::Iber, region.school).await.1;
    let held = region.open(absent(region.school)).await;
    let left = region.open(named("Bram Tuinman", absent(region.school))).await;
    for (moment, date) in
        [(pb::Moment::AttendanceStable, "2026-11-09"), (pb::Moment::AftercareFirst, "2026-11-20")]
    {
        tell(&school, &region, &held, (moment, date)).await.unwrap();
    }
    for (case, outcome) in [(&held, pb::CaseOutcome::Plaatsing), (&left, pb::CaseOutcome::UitNederland)] {
        let now = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
        region.close(&now, outcome, "2026-11-23").await.unwrap();
    }
    // Six weeks after 9 November are 21 December.
    region.server.clock.advance(TimeDelta::days(29));
    let second = ("R21".to_owned(), "2026-12-21".to_owned(), deadline::State::Overdue);
    assert_eq!(asked(&school).await, [second]);
    let refused = tell(&school, &region, &left, (pb::Moment::AftercareFirst, "2026-12-01")).await;
    assert_eq!(reason(&refused.unwrap_err()), "CASE_CLOSED", "nobody is to look in");
    // As long again after it was due, nobody is asked any more.
    region.server.clock.advance(TimeDelta::days(84));
    let norms: Vec<_> = asked(&school).await.into_iter().map(|(norm, ..)| norm).collect();
    assert_eq!(norms, ["R22"]);
}

/// Two weeks after 20 November are 4 December.
#[tokio::test]
async fn aftercare_of_a_child_without_a_school_is_asked_of_who_keeps_its_case() {
    let region = Region::start().await;
    let (officer, by) = region.server.person(Role::Leerplichtambtenaar, region.gemeente).await;
    let school = region.server.person(Role::Iber, region.school).await.1;
    let mut case = absent(region.school);
    case.school.clear();
    case.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Absoluut.into();
    let mut closed = Vec::new();
    for (name, regisseur) in [("Fenna Oudshoorn", officer.to_string()), ("Bram Tuinman", String::new())] {
        let opening = region.opening(named(name, case.clone()));
        let open = region.keeper.clone().open_case(opening).await.unwrap().into_inner();
        let kept = region.changing(pb::Case { regisseur, ..open }, &["regisseur"]);
        let kept = region.keeper.clone().update_case(kept).await.unwrap().into_inner();
        closed.push(region.close(&kept, pb::CaseOutcome::ZorgZonderOnderwijs, "2026-11-20").await.unwrap());
    }
    let days = due_days(&region.server.app, region.server.founded.region, officer).await.unwrap();
    let first = days.iter().filter(|day| day.to_string() == "2026-12-04").count();
    assert_eq!(first, 2, "and is told by mail as any task: {days:?}");

    region.server.clock.advance(TimeDelta::days(4));
    let first = ("R20".to_owned(), "2026-12-04".to_owned(), deadline::State::DueSoon);
    assert_eq!(asked(&by).await, [first.clone(), first.clone()], "its own, and what nobody keeps");
    assert_eq!(asked(&region.on_ladder).await, std::slice::from_ref(&first), "what nobody keeps");
    assert!(asked(&school).await.is_empty(), "it is a child of no school");
    tell(&by, &region, &closed[1], (pb::Moment::AftercareFirst, "2026-11-26")).await.unwrap();
    assert_eq!(asked(&by).await, [first]);
    assert!(asked(&region.on_ladder).await.is_empty());
}

/// A trajectbegeleider takes steps of tracks and tells no facts. Two weeks after 20 November are 4 December.
#[tokio::test]
async fn what_the_regisseur_cannot_tell_after_the_end_is_asked_of_who_knows_every_case() {
    let region = Region::start().await;
    let officer = region.server.person(Role::Leerplichtambtenaar, region.gemeente).await.1;
    let (guide, by) = region.server.person(Role::Trajectbegeleider, region.server.founded.organisation).await;
    let mut case = pb::Case { regisseur: guide.to_string(), ..absent(region.school) };
    case.school.clear();
    case.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Absoluut.into();
    let mut closed = Vec::new();
    for (name, outcome) in [
        ("Fenna Oudshoorn", pb::CaseOutcome::Ingeschreven),
        ("Bram Tuinman", pb::CaseOutcome::ZorgZonderOnderwijs),
    ] {
        let opening = region.opening(named(name, case.clone()));
        let open = region.keeper.clone().open_case(opening).await.unwrap().into_inner();
        region.server.invite(id_of(&open), guide).await;
        closed.push(region.close(&open, outcome, "2026-11-20").await.unwrap());
    }
    region.server.clock.advance(TimeDelta::days(4));
    assert!(asked(&by).await.is_empty());
    let held = (pb::Moment::AftercareFirst, "2026-11-26");
    let refused = tell(&by, &region, &closed[0], held).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let first = ("R20".to_owned(), "2026-12-04".to_owned(), deadline::State::DueSoon);
    for channel in [&officer, &region.on_ladder] {
        assert_eq!(asked(channel).await, [first.clone(), first.clone()]);
    }
    tell(&officer, &region, &closed[0], held).await.unwrap();
    assert_eq!(asked(&region.on_ladder).await, [first]);
}

/// Evaluated in the school year 2026-2027: by 31 July 2027.
#[tokio::test]
async fn an_arrangement_of_which_only_facts_tell_is_evaluated_after_the_end_too() {
    let region = Region::start().await;
    let (iber, school) = region.server.person(Role::Iber, region.school).await;
    let (guide, _) = region.server.person(Role::Trajectbegeleider, region.server.founded.organisation).await;
    let case = pb::Case { regisseur: guide.to_string(), ..absent(region.school) };
    let case = region.open(case).await;
    region.server.invite(id_of(&case), guide).await;
    tell(&school, &region, &case, (pb::Moment::ArrangementStarted, "2026-11-02")).await.unwrap();
    let due = async |person| {
        let days = due_days(&region.server.app, region.server.founded.region, person).await.unwrap();
        days.iter().filter(|day| day.to_string() == "2027-07-31").count()
    };
    let now = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    region.close(&now, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    assert_eq!((due(iber).await, due(guide).await), (1, 0), "who can tell it");
    tell(&school, &region, &case, (pb::Moment::ArrangementEvaluated, "2026-11-23")).await.unwrap();
    assert_eq!(due(iber).await, 0);
}

/// Jeugdwet art. 7.3.11: with consent a helper reads how the child is doing, and writes nothing in its case.
#[tokio::test]
async fn aftercare_is_asked_of_nobody_who_cannot_tell_that_it_was_held() {
    let plan = Planned::start().await;
    let (region, case) = (&plan.region, &plan.case);
    let role = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
    let parent = case.parents[0].person.clone();
    let consent = pb::Consent {
        case: case.name.clone(),
        purpose: "terugkeer_school".into(),
        gives: vec![role(pb::Role::Iber)],
        receives: vec![role(pb::Role::Smw)],
        classes: vec![pb::DataClass::K2.into(), pb::DataClass::K3.into()],
        expire_date: "2027-05-31".into(),
        signatures: vec![pb::consent::Signature { person: parent, date: "2026-11-23".into() }],
        ..Default::default()
    };
    let request = pb::RecordConsentRequest { consent: Some(consent), request_id: region.server.request_id() };
    ConsentServiceClient::new(plan.iber.1.clone()).record_consent(request).await.unwrap();
    let now = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    region.close(&now, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    region.server.clock.advance(TimeDelta::days(4));
    assert_eq!(asked(&plan.iber.1).await.len(), 1);
    let sees = pb::GetStandingRequest { case: case.name.clone(), ..Default::default() };
    let sees = FactServiceClient::new(plan.smw.1.clone()).get_standing(sees).await.unwrap().into_inner();
    assert!(sees.deadlines.iter().any(|one| one.norm == "R20"), "{sees:?}");
    assert!(asked(&plan.smw.1).await.is_empty());
    let told = tell(&plan.smw.1, region, case, (pb::Moment::AftercareFirst, "2026-11-26")).await;
    assert_eq!(reason(&told.unwrap_err()), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn what_was_told_wrongly_after_the_end_is_put_right_or_taken_back_and_nothing_else_is() {
    let region = Region::start().await;
    let away = absent(region.school);
    let case = Log::of(region, away).await;
    let offer = case.record([happened(pb::Moment::OfferMade, "2026-11-10")]).await.unwrap();
    let open = case.now().await;
    case.region.close(&open, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    let held = |date: &str| happened(pb::Moment::AftercareFirst, date);
    let met = async || {
        let found = case.region.timeline(&case.case).await.deadlines;
        found.iter().find(|one| one.norm == "R20").unwrap().met_date.clone()
    };
    let wrong = case.record([held("2026-11-21")]).await.unwrap();
    assert_eq!(met().await, "2026-11-21");
    let right = case.correct(&wrong.facts[0].name, Some(held("2026-11-23"))).await.unwrap();
    assert_eq!(met().await, "2026-11-23");
    case.correct(&right.fact.unwrap().name, None).await.unwrap();
    assert_eq!(met().await, "", "nobody looked in after all");
    for said in [Some(happened(pb::Moment::OfferMade, "2026-11-11")), None] {
        let refused = case.correct(&offer.facts[0].name, said).await.unwrap_err();
        assert_eq!(reason(&refused), "CASE_CLOSED");
    }
}

/// Of a child that was back on 20 November the first check point is due on 4 December.
#[tokio::test]
async fn a_check_point_of_aftercare_that_cannot_have_been_yet_is_refused() {
    let region = Region::start().await;
    let away = absent(region.school);
    let case = Log::of(region, away).await;
    let open = case.now().await;
    case.region.close(&open, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    for (moment, date) in [
        (pb::Moment::AftercareFirst, "2026-11-19"),
        (pb::Moment::AftercareSecond, "2026-11-21"),
        (pb::Moment::AftercareLast, "2026-11-23"),
    ] {
        let refused = case.record([happened(moment, date)]).await.unwrap_err();
        assert_eq!(violations(&refused), ["facts[0].happened.date: TIME_OUT_OF_BOUNDS"], "{moment:?}");
    }
    let first = case.record([happened(pb::Moment::AftercareFirst, "2026-11-20")]).await.unwrap();
    case.region.server.clock.advance(TimeDelta::days(11));
    case.record([happened(pb::Moment::AftercareSecond, "2026-12-04")]).await.unwrap();
    // What stands is corrected by the same rule.
    let early = happened(pb::Moment::AftercareFirst, "2026-11-19");
    let refused = case.correct(&first.facts[0].name, Some(early)).await.unwrap_err();
    assert_eq!(violations(&refused), ["fact.happened.date: TIME_OUT_OF_BOUNDS"]);
}

/// Closed on 23 November: it is handed over within two weeks, by 7 December.
#[tokio::test]
async fn a_child_that_was_not_handed_over_after_all_waits_for_that_again() {
    let region = Region::start().await;
    let away = absent(region.school);
    let case = Log::of(region, away).await;
    let open = case.now().await;
    case.region.close(&open, pb::CaseOutcome::VerhuisdNaarGemeente, "2026-11-20").await.unwrap();
    case.region.server.clock.advance(TimeDelta::days(2));
    let over = |date: &str| happened(pb::Moment::WarmlyHandedOver, date);
    let wrong = case.record([over("2026-11-24")]).await.unwrap();
    assert_eq!(case.now().await.next_action_date, "");
    let right = case.correct(&wrong.facts[0].name, Some(over("2026-11-25"))).await.unwrap();
    assert_eq!(case.now().await.next_action_date, "");
    case.correct(&right.fact.unwrap().name, None).await.unwrap();
    assert_eq!(case.now().await.next_action_date, "2026-12-07");
}
