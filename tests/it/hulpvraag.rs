//! Requests for a helper: from the school's question to the meeting.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient, hulpvraag::State,
    hulpvraag_service_client::HulpvraagServiceClient, task::Kind, task_service_client::TaskServiceClient,
    timeline::deadline,
};
use schakel_server::invitation::tasks::remind_due;
use schakel_tests::{As, reason, seed_meetings::Scene, violations};

fn wanted(scene: &Scene) -> pb::CreateHulpvraagRequest {
    let hulpvraag = pb::Hulpvraag {
        school: scene.school.to_string(),
        role: pb::Role::Smw.into(),
        target_date: "2026-12-04".into(),
        case: scene.family.case.to_string(),
        question: "Noor durft het plein niet op. Kan iemand meedenken?".into(),
        ..Default::default()
    };
    pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id: scene.server.request_id() }
}

async fn accepted(scene: &Scene) -> pb::Hulpvraag {
    let asked = scene.requests().create_hulpvraag(wanted(scene)).await.unwrap().into_inner();
    let request = pb::AcceptHulpvraagRequest {
        name: asked.name,
        person: scene.smw.0.to_string(),
        etag: asked.etag,
        request_id: scene.server.request_id(),
    };
    let mut planner = HulpvraagServiceClient::new(scene.planner.1.clone());
    planner.accept_hulpvraag(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn a06_a_school_asks_for_a_role_and_meets_whoever_the_team_sends() {
    let scene = Scene::start().await;
    let asked = scene.requests().create_hulpvraag(wanted(&scene)).await.unwrap().into_inner();
    assert_eq!((asked.state, asked.team.clone()), (State::Requested as i32, scene.team.to_string()));

    let mut planner = HulpvraagServiceClient::new(scene.planner.1.clone());
    let read = pb::GetHulpvraagRequest { name: asked.name.clone() };
    let envelope = planner.get_hulpvraag(read.clone()).await.unwrap().into_inner();
    assert_eq!((envelope.question.as_str(), envelope.case.as_str()), ("", ""), "before acceptance");
    let mut smw = HulpvraagServiceClient::new(scene.smw.1.clone());
    assert_eq!(reason(&smw.get_hulpvraag(read.clone()).await.unwrap_err()), "HULPVRAAG_NOT_FOUND");

    let wrong = pb::AcceptHulpvraagRequest {
        name: asked.name.clone(),
        person: scene.planner.0.to_string(),
        etag: asked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    let refused = planner.accept_hulpvraag(wrong.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "NO_PERSON_FOR_ROLE");
    let right = pb::AcceptHulpvraagRequest { person: scene.smw.0.to_string(), ..wrong };
    let taken = planner.accept_hulpvraag(right).await.unwrap().into_inner();
    assert_eq!((taken.state, taken.person.clone()), (State::Accepted as i32, scene.smw.0.to_string()));
    assert_eq!(taken.question, wanted(&scene).hulpvraag.unwrap().question, "and after it");
    assert_eq!(smw.get_hulpvraag(read.clone()).await.unwrap().into_inner().question, taken.question);

    let mut mdo = scene.mdo(scene.later(48));
    mdo.hulpvraag = asked.name.clone();
    let booked = scene.meetings().book_consultation(scene.booking(mdo)).await.unwrap().into_inner();
    let linked = scene.requests().get_hulpvraag(read.clone()).await.unwrap().into_inner();
    assert_eq!((linked.state, linked.consultation), (State::Planned as i32, booked.name.clone()));

    let cancel = pb::CancelConsultationRequest {
        name: booked.name,
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(cancel).await.unwrap();
    let again = smw.get_hulpvraag(read).await.unwrap().into_inner();
    assert_eq!((again.state, again.consultation.as_str()), (State::Accepted as i32, ""));
    let done = pb::CompleteHulpvraagRequest {
        name: again.name,
        etag: again.etag,
        request_id: scene.server.request_id(),
    };
    let done = smw.complete_hulpvraag(done).await.unwrap().into_inner();
    assert_eq!(done.state, State::Done as i32);
}

#[tokio::test]
async fn a06_only_an_accepted_request_of_ones_own_is_planned() {
    let scene = Scene::start().await;
    let asked = scene.requests().create_hulpvraag(wanted(&scene)).await.unwrap().into_inner();
    let mut mdo = scene.mdo(scene.later(48));
    mdo.hulpvraag = asked.name;
    let refused = scene.meetings().book_consultation(scene.booking(mdo)).await.unwrap_err();
    assert_eq!(reason(&refused), "HULPVRAAG_STATE");
    // Nothing of the booking is left.
    scene.booked(scene.later(48)).await;
}

#[tokio::test]
async fn a07_a_team_answers_within_two_working_days_or_sends_it_on() {
    let scene = Scene::start().await;
    let asked = scene.requests().create_hulpvraag(wanted(&scene)).await.unwrap().into_inner();
    assert_eq!(asked.answer_due_date, "2026-11-25", "asked on a Monday");
    let other = scene.server.team("WT02").await;
    let planner = scene.server.person(Role::WijkteamCoordinator, other).await;
    scene.server.clock.advance(TimeDelta::days(1));
    let forward = |etag: String, team: String| pb::ForwardHulpvraagRequest {
        name: asked.name.clone(),
        team,
        reason: "Het gezin woont in een andere wijk.".into(),
        etag,
        request_id: scene.server.request_id(),
    };
    let mut first = HulpvraagServiceClient::new(scene.planner.1.clone());
    let here = forward(asked.etag.clone(), scene.team.to_string());
    assert_eq!(reason(&first.forward_hulpvraag(here).await.unwrap_err()), "HULPVRAAG_STATE");
    let nowhere = forward(asked.etag.clone(), format!("teams/{}", scene.school.0));
    assert_eq!(reason(&first.forward_hulpvraag(nowhere).await.unwrap_err()), "TEAM_NOT_FOUND");
    let sent = first.forward_hulpvraag(forward(asked.etag.clone(), other.to_string())).await.unwrap();
    let sent = sent.into_inner();
    assert_eq!((sent.state, sent.answer_due_date.as_str()), (State::Forwarded as i32, "2026-11-26"));
    let read = pb::GetHulpvraagRequest { name: asked.name.clone() };
    assert_eq!(reason(&first.get_hulpvraag(read.clone()).await.unwrap_err()), "HULPVRAAG_NOT_FOUND");

    let mut second = HulpvraagServiceClient::new(planner.1);
    let decline = pb::DeclineHulpvraagRequest {
        name: asked.name.clone(),
        reason: "Er loopt al hulp.".into(),
        etag: sent.etag.clone(),
        request_id: scene.server.request_id(),
    };
    second.decline_hulpvraag(decline.clone()).await.unwrap();
    let told = scene.requests().get_hulpvraag(read).await.unwrap().into_inner();
    assert_eq!((told.state, told.reason.as_str()), (State::Declined as i32, "Er loopt al hulp."));
    let twice = pb::DeclineHulpvraagRequest {
        etag: told.etag,
        request_id: scene.server.request_id(),
        ..decline.clone()
    };
    assert_eq!(reason(&second.decline_hulpvraag(twice).await.unwrap_err()), "HULPVRAAG_STATE");
    let stale = pb::DeclineHulpvraagRequest { request_id: scene.server.request_id(), ..decline };
    assert_eq!(reason(&second.decline_hulpvraag(stale).await.unwrap_err()), "ETAG_MISMATCH");
}

#[tokio::test]
async fn a07_requests_are_listed_by_target_date_and_narrowed_by_state() {
    let scene = Scene::start().await;
    accepted(&scene).await;
    for day in ["2026-12-03", "2026-12-02"] {
        let mut request = wanted(&scene);
        let asked = request.hulpvraag.as_mut().unwrap();
        (asked.target_date, asked.case) = (day.to_owned(), String::new());
        scene.requests().create_hulpvraag(request).await.unwrap();
    }
    let all = pb::ListHulpvragenRequest { page_size: 2, ..Default::default() };
    let page = scene.requests().list_hulpvragen(all.clone()).await.unwrap().into_inner();
    let days: Vec<_> = page.hulpvragen.iter().map(|asked| asked.target_date.as_str()).collect();
    assert_eq!(days, ["2026-12-02", "2026-12-03"]);
    let rest = pb::ListHulpvragenRequest { page_token: page.next_page_token, ..all };
    assert_eq!(scene.requests().list_hulpvragen(rest).await.unwrap().into_inner().hulpvragen.len(), 1);
    let latest = pb::ListHulpvragenRequest { page_size: 2, latest_first: true, ..Default::default() };
    let page = scene.requests().list_hulpvragen(latest.clone()).await.unwrap().into_inner();
    let token = page.next_page_token.clone();
    let rest = pb::ListHulpvragenRequest { page_token: token.clone(), ..latest };
    let rest = scene.requests().list_hulpvragen(rest).await.unwrap().into_inner();
    let days: Vec<_> =
        page.hulpvragen.iter().chain(&rest.hulpvragen).map(|asked| asked.target_date.as_str()).collect();
    assert_eq!(
        days,
        ["2026-12-02", "2026-12-03", "2026-12-04"],
        "as they were asked or answered, the latest first"
    );
    let turned = pb::ListHulpvragenRequest { page_token: token, ..Default::default() };
    let refused = scene.requests().list_hulpvragen(turned).await.unwrap_err();
    assert_eq!(violations(&refused), ["page_token: PAGE_TOKEN_INVALID"], "of the other order");
    let open = pb::ListHulpvragenRequest { state: State::Requested.into(), ..Default::default() };
    let mut planner = HulpvraagServiceClient::new(scene.planner.1.clone());
    let open = planner.list_hulpvragen(open).await.unwrap().into_inner().hulpvragen;
    assert!(open.len() == 2 && open.iter().all(|asked| asked.question.is_empty()));
    let mut smw = HulpvraagServiceClient::new(scene.smw.1.clone());
    let own = smw.list_hulpvragen(pb::ListHulpvragenRequest::default()).await.unwrap().into_inner();
    assert_eq!(own.hulpvragen.len(), 1, "the one that was given to it");
}

/// Kind, last day and state of the requests for help among the tasks of somebody.
async fn waiting(client: &As) -> Vec<(Kind, String, deadline::State)> {
    let kinds = [Kind::Hulpvraag, Kind::HulpvraagMeeting].map(i32::from).to_vec();
    let ask = pb::ListTasksRequest { kinds, ..Default::default() };
    let found = TaskServiceClient::new(client.clone()).list_tasks(ask).await.unwrap().into_inner().tasks;
    // A task tells neither whose case it is nor what is asked.
    assert!(found.iter().all(|task| task.case.is_empty() && task.reference.is_empty()), "{found:?}");
    found.iter().map(|task| (task.kind(), task.due_date.clone(), task.state())).collect()
}

#[tokio::test]
async fn a07_who_answers_a_request_hears_of_it_before_the_term_is_over() {
    let scene = Scene::start().await;
    let asked = scene.requests().create_hulpvraag(wanted(&scene)).await.unwrap().into_inner();
    let answer = |state| vec![(Kind::Hulpvraag, "2026-11-25".to_owned(), state)];
    assert_eq!(waiting(&scene.planner.1).await, answer(deadline::State::DueSoon), "two working days");
    let elsewhere = scene.server.team("WT02").await;
    let (_, other) = scene.server.person(Role::WijkteamCoordinator, elsewhere).await;
    assert!(waiting(&other).await.is_empty() && waiting(&scene.smw.1).await.is_empty());
    assert!(waiting(&scene.iber.1).await.is_empty(), "who asked has nothing to answer");

    // On the working day before the last one, by mail: a number, and nothing of the child.
    scene.server.news().await;
    scene.server.clock.set("2026-11-24T07:00:00Z".parse::<DateTime<Utc>>().unwrap());
    while remind_due(&scene.server.app, scene.server.founded.region).await.unwrap() > 0 {}
    let code = scene.planner.0.0.simple().to_string();
    let mails = scene.server.news().await;
    let told: Vec<_> = mails.iter().filter(|mail| mail.to().starts_with(&code)).collect();
    assert_eq!(told.len(), 1, "{mails:?}");
    for secret in ["Noor", "plein", asked.name.as_str()] {
        assert!(!told[0].text().contains(secret), "{}", told[0].text());
    }

    scene.server.clock.advance(TimeDelta::days(1));
    assert_eq!(waiting(&scene.planner.1).await, answer(deadline::State::DueSoon), "the last day");
    scene.server.clock.advance(TimeDelta::days(1));
    assert_eq!(waiting(&scene.planner.1).await, answer(deadline::State::Overdue));

    // Who took it is to meet by the target date.
    let request = pb::AcceptHulpvraagRequest {
        name: asked.name.clone(),
        person: scene.smw.0.to_string(),
        etag: asked.etag,
        request_id: scene.server.request_id(),
    };
    HulpvraagServiceClient::new(scene.planner.1.clone()).accept_hulpvraag(request).await.unwrap();
    assert!(waiting(&scene.planner.1).await.is_empty());
    let meeting = |state| vec![(Kind::HulpvraagMeeting, "2026-12-04".to_owned(), state)];
    assert_eq!(waiting(&scene.smw.1).await, meeting(deadline::State::Running));
    scene.server.clock.advance(TimeDelta::days(1));
    assert_eq!(waiting(&scene.smw.1).await, meeting(deadline::State::DueSoon), "a week before");
    let mut mdo = scene.mdo(scene.later(96));
    mdo.hulpvraag = asked.name;
    scene.meetings().book_consultation(scene.booking(mdo)).await.unwrap();
    assert!(waiting(&scene.smw.1).await.is_empty(), "a meeting is booked");
}

#[tokio::test]
async fn a_school_asks_for_its_own_children_and_for_roles_that_a_team_has() {
    let scene = Scene::start().await;
    let mut foreign = wanted(&scene);
    let elsewhere = scene.server.school("99BB00", "GM9901").await;
    foreign.hulpvraag.as_mut().unwrap().school = elsewhere.to_string();
    assert_eq!(reason(&scene.requests().create_hulpvraag(foreign).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    let mut odd = wanted(&scene);
    let asked = odd.hulpvraag.as_mut().unwrap();
    (asked.role, asked.target_date) = (pb::Role::Beheerder.into(), "2026-11-01".into());
    assert_eq!(
        violations(&scene.requests().create_hulpvraag(odd).await.unwrap_err()),
        ["hulpvraag.role: FIELD_INVALID", "hulpvraag.target_date: TIME_OUT_OF_BOUNDS"]
    );
    let mut doctor = wanted(&scene);
    doctor.hulpvraag.as_mut().unwrap().role = pb::Role::Jeugdarts.into();
    assert_eq!(reason(&scene.requests().create_hulpvraag(doctor).await.unwrap_err()), "NO_PERSON_FOR_ROLE");
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    let refused = smw.book_consultation(scene.booking(scene.mdo(scene.later(48)))).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED", "a helper books nothing");
}
