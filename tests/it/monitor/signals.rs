//! Signals from practice: told by whoever works there, put on an agenda, and answered to whoever told them.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb,
    consultation_service_client::ConsultationServiceClient,
    signal::{Category, State},
    signal_service_client::SignalServiceClient,
};
use schakel_server::{
    entity::{signal as rows, subject_key},
    privacy::worker,
};
use schakel_tests::{
    As, reason,
    seed_meetings::{Scene, seat},
    violations,
};
use sea_orm::EntityTrait;
use tonic::{Code, Status};

const TEXT: &str = "Voor de structuurgroep is de wachttijd nu een half jaar.";

/// How things go at a school.
pub(crate) fn signal(school: &str) -> pb::Signal {
    pb::Signal {
        category: Category::Wachttijd.into(),
        school: school.into(),
        text: TEXT.into(),
        children: 4,
        ..Default::default()
    }
}

/// A ROK of people who sit at no other table, and who books it.
pub(crate) async fn council(scene: &Scene) -> (As, pb::BookConsultationRequest) {
    let server = &scene.server;
    let iber = server.person(Role::Iber, scene.school).await;
    let smw = server.person(Role::Smw, scene.team).await;
    let adviser = server.person(Role::SwvAdviseur, server.founded.organisation).await;
    let rok = pb::Consultation {
        kind: pb::consultation::Kind::Rok.into(),
        short_notice: pb::consultation::ShortNotice::AllAgreed.into(),
        case: String::new(),
        school: scene.school.to_string(),
        participants: vec![
            seat(iber.0, pb::Role::Iber),
            seat(smw.0, pb::Role::Smw),
            seat(adviser.0, pb::Role::SwvAdviseur),
        ],
        ..scene.mdo(scene.later(72))
    };
    (iber.1, scene.booking(rok))
}

fn signals(client: &As) -> SignalServiceClient<As> {
    SignalServiceClient::new(client.clone())
}

async fn told(scene: &Scene, client: &As, signal: pb::Signal) -> Result<pb::Signal, Status> {
    let telling = pb::ReportSignalRequest { signal: Some(signal), request_id: scene.server.request_id() };
    signals(client).report_signal(telling).await.map(tonic::Response::into_inner)
}

async fn listed(client: &As, list: pb::ListSignalsRequest) -> Vec<String> {
    let found = signals(client).list_signals(list).await.unwrap().into_inner().signals;
    found.into_iter().map(|signal| signal.name).collect()
}

async fn scheduled(
    scene: &Scene,
    client: &As,
    signal: &pb::Signal,
    meeting: &str,
) -> Result<pb::Signal, Status> {
    let scheduling = pb::ScheduleSignalRequest {
        name: signal.name.clone(),
        consultation: meeting.into(),
        etag: signal.etag.clone(),
        request_id: scene.server.request_id(),
    };
    signals(client).schedule_signal(scheduling).await.map(tonic::Response::into_inner)
}

async fn answered(scene: &Scene, client: &As, signal: &pb::Signal) -> Result<pb::Signal, Status> {
    let answering = pb::AnswerSignalRequest {
        name: signal.name.clone(),
        answer: "In januari begint een tweede groep.".into(),
        etag: signal.etag.clone(),
        request_id: scene.server.request_id(),
    };
    signals(client).answer_signal(answering).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn e08_a_signal_from_practice_comes_onto_an_agenda_and_its_answer_back_to_who_told_it() {
    let scene = Scene::start().await;
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let school = scene.school.to_string();
    let first = told(&scene, &scene.iber.1, signal(&school)).await.unwrap();
    assert_eq!((first.state(), first.report_date.as_str()), (State::Reported, "2026-11-23"));
    assert_eq!((first.wijk_code.as_str(), first.children), ("WK990101", 4), "the wijk is the school's");
    assert_eq!(first.reporter, scene.iber.0.to_string());

    // Everybody sees their own, who sets the agenda all of them.
    let all = pb::ListSignalsRequest::default();
    assert_eq!(listed(&scene.iber.1, all.clone()).await, std::slice::from_ref(&first.name));
    assert!(listed(&scene.smw.1, all).await.is_empty());
    let get = pb::GetSignalRequest { name: first.name.clone() };
    let hidden = signals(&scene.smw.1).get_signal(get.clone()).await.unwrap_err();
    assert_eq!((hidden.code(), reason(&hidden).as_str()), (Code::NotFound, "SIGNAL_NOT_FOUND"));
    let refused = answered(&scene, &scene.iber.1, &first).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");

    let (iber, booking) = council(&scene).await;
    let rok = ConsultationServiceClient::new(iber).book_consultation(booking).await.unwrap().into_inner();
    let set = scheduled(&scene, &keeper, &first, &rok.name).await.unwrap();
    assert_eq!((set.state(), set.consultation.as_str()), (State::OnAgenda, rok.name.as_str()));
    let agenda = pb::ListSignalsRequest { consultation: rok.name.clone(), ..Default::default() };
    assert_eq!(listed(&keeper, agenda).await, std::slice::from_ref(&first.name));
    let stale = answered(&scene, &keeper, &first).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");

    scene.server.clock.advance(TimeDelta::days(7));
    let done = answered(&scene, &keeper, &set).await.unwrap();
    assert_eq!((done.state(), done.answer_date.as_str()), (State::Answered, "2026-11-30"));
    let seen = signals(&scene.iber.1).get_signal(get).await.unwrap().into_inner();
    assert_eq!((seen.answer.as_str(), seen.text.as_str()), ("In januari begint een tweede groep.", TEXT));
    assert_eq!(reason(&answered(&scene, &keeper, &done).await.unwrap_err()), "SIGNAL_ANSWERED");
    let again = scheduled(&scene, &keeper, &done, &rok.name).await.unwrap_err();
    assert_eq!(reason(&again), "SIGNAL_ANSWERED");
}

#[tokio::test]
async fn e08_signals_are_listed_by_place_subject_and_time_for_who_sets_the_agenda() {
    let scene = Scene::start().await;
    let swv = scene.server.founded.organisation;
    let bocer = scene.server.person(Role::Bocer, swv).await.1;
    let school = scene.school.to_string();
    let waiting = told(&scene, &scene.iber.1, signal(&school)).await.unwrap();
    scene.server.clock.advance(TimeDelta::days(2));
    let region =
        pb::Signal { category: Category::Samenwerking.into(), school: String::new(), ..signal(&school) };
    let region = told(&scene, &scene.leerplicht.1, region).await.unwrap();
    let wijk = pb::Signal {
        category: Category::Verzuim.into(),
        school: String::new(),
        wijk_code: "WK990101".into(),
        ..signal(&school)
    };
    let wijk = told(&scene, &scene.smw.1, wijk).await.unwrap();
    let none = pb::ListSignalsRequest::default;
    let all = [wijk.name.clone(), region.name.clone(), waiting.name.clone()];
    assert_eq!(listed(&bocer, none()).await, all, "newest first");
    for (list, found) in [
        (pb::ListSignalsRequest { category: Category::Samenwerking.into(), ..none() }, vec![1]),
        (pb::ListSignalsRequest { wijk_code: "WK990101".into(), ..none() }, vec![0, 2]),
        (pb::ListSignalsRequest { school: school.clone(), ..none() }, vec![2]),
        (pb::ListSignalsRequest { from_date: "2026-11-24".into(), ..none() }, vec![0, 1]),
        (pb::ListSignalsRequest { until_date: "2026-11-23".into(), ..none() }, vec![2]),
        (pb::ListSignalsRequest { state: State::Answered.into(), ..none() }, vec![]),
    ] {
        let found: Vec<String> = found.into_iter().map(|at: usize| all[at].clone()).collect();
        assert_eq!(listed(&bocer, list.clone()).await, found, "{list:?}");
    }
    let first = pb::ListSignalsRequest { page_size: 2, ..none() };
    let page = signals(&bocer).list_signals(first.clone()).await.unwrap().into_inner();
    let second = pb::ListSignalsRequest { page_token: page.next_page_token, ..first };
    assert_eq!((page.signals.len(), listed(&bocer, second).await), (2, vec![waiting.name.clone()]));
    // What was written stands nowhere as it was written.
    let db = scene.server.rows().await;
    let kept = rows::Entity::find().all(&db).await.unwrap();
    db.close().await.unwrap();
    assert!(kept.iter().all(|row| !row.sealed_text.windows(9).any(|part| part == b"wachttijd")));
}

/// A meeting that is called off has no agenda: what was on it waits for another one, and is found there.
#[tokio::test]
async fn e08_a_signal_of_a_meeting_that_is_called_off_waits_again() {
    let scene = Scene::start().await;
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let one = told(&scene, &scene.iber.1, signal(&scene.school.to_string())).await.unwrap();
    let (iber, booking) = council(&scene).await;
    let mut meetings = ConsultationServiceClient::new(iber);
    let rok = meetings.book_consultation(booking).await.unwrap().into_inner();
    let set = scheduled(&scene, &keeper, &one, &rok.name).await.unwrap();
    let in_state =
        |state: State| pb::ListSignalsRequest { state: state.into(), ..pb::ListSignalsRequest::default() };
    assert!(listed(&keeper, in_state(State::Reported)).await.is_empty());
    let off = pb::CancelConsultationRequest {
        name: rok.name.clone(),
        etag: rok.etag,
        request_id: scene.server.request_id(),
    };
    meetings.cancel_consultation(off).await.unwrap();
    let get = pb::GetSignalRequest { name: one.name.clone() };
    let seen = signals(&keeper).get_signal(get).await.unwrap().into_inner();
    assert_eq!((seen.state(), seen.consultation.as_str()), (State::Reported, ""));
    assert_eq!(listed(&keeper, in_state(State::Reported)).await, std::slice::from_ref(&one.name));
    assert!(listed(&keeper, in_state(State::OnAgenda)).await.is_empty());
    let agenda = pb::ListSignalsRequest { consultation: rok.name, ..Default::default() };
    assert!(listed(&keeper, agenda).await.is_empty());
    assert_eq!(seen.etag, set.etag);
    assert_eq!(answered(&scene, &keeper, &seen).await.unwrap().state(), State::Answered);
}

async fn withdrawn(scene: &Scene, client: &As, signal: &pb::Signal) -> Result<pb::Signal, Status> {
    let withdrawing = pb::WithdrawSignalRequest {
        name: signal.name.clone(),
        etag: signal.etag.clone(),
        request_id: scene.server.request_id(),
    };
    signals(client).withdraw_signal(withdrawing).await.map(tonic::Response::into_inner)
}

/// Of each signal: how many bytes of words are left, and whether there is a key that opens any.
async fn kept(scene: &Scene) -> Vec<(usize, bool)> {
    let db = scene.server.rows().await;
    let keys = subject_key::Entity::find().all(&db).await.unwrap();
    let rows = rows::Entity::find().all(&db).await.unwrap();
    db.close().await.unwrap();
    let has_key = |row: &rows::Model| keys.iter().any(|key| key.subject_id == row.id);
    rows.iter().map(|row| (row.sealed_text.len(), has_key(row))).collect()
}

/// Who told it or sets the agenda destroys what names somebody after all: nothing of it is left to be opened.
#[tokio::test]
async fn e08_a_signal_that_names_somebody_after_all_is_withdrawn_for_good() {
    let scene = Scene::start().await;
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let school = scene.school.to_string();
    let named = pb::Signal { text: "Noor de Vries wacht al een half jaar.".into(), ..signal(&school) };
    let own = told(&scene, &scene.iber.1, named.clone()).await.unwrap();
    let other = told(&scene, &scene.iber.1, named).await.unwrap();
    let hidden = withdrawn(&scene, &scene.smw.1, &own).await.unwrap_err();
    assert_eq!((hidden.code(), reason(&hidden).as_str()), (Code::NotFound, "SIGNAL_NOT_FOUND"));
    let gone = withdrawn(&scene, &scene.iber.1, &own).await.unwrap();
    assert_eq!((gone.state(), gone.text.as_str(), gone.children), (State::Withdrawn, "", 0));
    let other = answered(&scene, &keeper, &other).await.unwrap();
    let gone_too = withdrawn(&scene, &keeper, &other).await.unwrap();
    assert_eq!((gone_too.state(), gone_too.answer.as_str()), (State::Withdrawn, ""));
    assert_eq!(kept(&scene).await, [(0, false), (0, false)]);
    let all = pb::ListSignalsRequest { state: State::Withdrawn.into(), ..Default::default() };
    assert_eq!(listed(&scene.iber.1, all).await.len(), 2, "that there was one is still told");
    assert_eq!(reason(&withdrawn(&scene, &keeper, &gone).await.unwrap_err()), "ALREADY_ENDED");
    assert_eq!(reason(&answered(&scene, &keeper, &gone).await.unwrap_err()), "ALREADY_ENDED");
}

#[tokio::test]
async fn e08_what_is_written_in_a_signal_goes_after_two_years() {
    let scene = Scene::start().await;
    let school = scene.school.to_string();
    told(&scene, &scene.iber.1, signal(&school)).await.unwrap();
    let day = async || worker::work(&scene.server.app, scene.server.founded.region).await.unwrap();
    scene.server.clock.advance(TimeDelta::days(729));
    day().await;
    assert!(kept(&scene).await.iter().all(|(words, key)| *words > 0 && *key), "21 November 2028");
    scene.server.clock.advance(TimeDelta::days(2));
    day().await;
    assert_eq!(kept(&scene).await, [(0, false)]);
}

#[tokio::test]
async fn e08_a_signal_is_about_no_child_and_goes_to_no_meeting_about_one() {
    let scene = Scene::start().await;
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let school = scene.school.to_string();
    let wrong = pb::Signal {
        category: 0,
        wijk_code: "WK990101".into(),
        text: "Het kind met 111222333".into(),
        children: -1,
        ..signal(&school)
    };
    let wrong = told(&scene, &scene.iber.1, wrong).await.unwrap_err();
    assert_eq!(
        violations(&wrong),
        [
            "signal.category: FIELD_REQUIRED",
            "signal.wijk_code: FIELD_INVALID",
            "signal.text: BSN_REFUSED",
            "signal.children: FIELD_INVALID",
        ]
    );
    let nowhere = pb::Signal { school: format!("schools/{}", uuid::Uuid::from_u128(7)), ..signal(&school) };
    let nowhere = told(&scene, &scene.iber.1, nowhere).await.unwrap_err();
    assert_eq!(reason(&nowhere), "SCHOOL_NOT_FOUND");
    let far = pb::Signal { school: String::new(), wijk_code: "WK999999".into(), ..signal(&school) };
    assert_eq!(reason(&told(&scene, &scene.iber.1, far).await.unwrap_err()), "AREA_NOT_FOUND");

    let one = told(&scene, &scene.iber.1, signal(&school)).await.unwrap();
    let mdo = scene.booked(scene.later(24)).await;
    let refused = scheduled(&scene, &keeper, &one, &mdo.name).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_NOT_FOUND");
    let (iber, booking) = council(&scene).await;
    let mut meetings = ConsultationServiceClient::new(iber);
    let rok = meetings.book_consultation(booking).await.unwrap().into_inner();
    let off = pb::CancelConsultationRequest {
        name: rok.name.clone(),
        etag: rok.etag,
        request_id: scene.server.request_id(),
    };
    meetings.cancel_consultation(off).await.unwrap();
    let refused = scheduled(&scene, &keeper, &one, &rok.name).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_CANCELLED");
    let (iber, booking) = council(&scene).await;
    let over = ConsultationServiceClient::new(iber).book_consultation(booking).await.unwrap().into_inner();
    scene.server.clock.advance(TimeDelta::days(5));
    let refused = scheduled(&scene, &keeper, &one, &over.name).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_PAST");
    // Without a meeting it is answered all the same.
    assert_eq!(answered(&scene, &keeper, &one).await.unwrap().state(), State::Answered);
}
