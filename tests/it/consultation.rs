//! Meetings: booked once, moved, cancelled, answered, held, watched.

use std::time::Duration;

use chrono::TimeDelta;
use schakel_domain::{access::Role, ids::ConsultationId};
use schakel_proto::v1::{self as pb, consultation_service_client::ConsultationServiceClient};
use schakel_server::entity::audit;
use schakel_tests::{
    reason,
    seed_meetings::{Scene, seat, stamp},
    violations,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _};
use tonic::Code;

fn metadata(status: &tonic::Status, key: &str) -> String {
    let info = tonic_types::StatusExt::get_details_error_info(status).unwrap();
    info.metadata.get(key).cloned().unwrap_or_default()
}

#[tokio::test]
async fn x02_a_booking_has_one_effect_and_nobody_sits_at_two_tables() {
    let scene = Scene::start().await;
    let start = scene.later(48);
    let booking = scene.booking(scene.mdo(start));
    let first = scene.meetings().book_consultation(booking.clone()).await.unwrap().into_inner();
    let again = scene.meetings().book_consultation(booking.clone()).await.unwrap().into_inner();
    assert_eq!(first, again, "the same request has one effect");
    assert_eq!(first.participants[2].display_name, "Anna de Wit");
    assert_eq!((first.sequence, first.etag.as_str()), (0, "1"));
    assert_eq!(first.school, scene.school.to_string());

    let mut other = booking;
    other.consultation.as_mut().unwrap().place = pb::consultation::Place::Online.into();
    let refused = scene.meetings().book_consultation(other).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");

    let late = scene.booking(scene.mdo(start + TimeDelta::minutes(30)));
    let refused = scene.meetings().book_consultation(late).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::FailedPrecondition, "TIME_CONFLICT".into()));
    let offered = metadata(&refused, "next_free_times");
    assert_eq!(offered.split(',').count(), 3, "{offered}");
    let next = offered.split(',').next().unwrap().parse().unwrap();
    scene.booked(next).await;
    assert!(!refused.message().contains(&first.reference), "the other meeting is not named");
    // Back to back is no overlap.
    assert!(scene.booked(start + TimeDelta::hours(24)).await.reference != first.reference);
}

#[tokio::test]
async fn x02_nothing_is_left_of_a_booking_that_was_refused() {
    let scene = Scene::start().await;
    let start = scene.later(48);
    scene.booked(start).await;
    let mut other = scene.mdo(start);
    let helper = scene.server.person(Role::Smw, scene.team).await;
    other.participants[1] = seat(helper.0, pb::Role::Smw);
    let refused = scene.meetings().book_consultation(scene.booking(other)).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    let mut free = scene.mdo(start);
    let iber = scene.server.person(Role::Iber, scene.school).await;
    let family = scene.server.family(scene.school).await;
    free.case = family.case.to_string();
    free.participants = vec![
        seat(iber.0, pb::Role::Iber),
        seat(helper.0, pb::Role::Smw),
        seat(family.parents[0], pb::Role::Ouder),
    ];
    scene.meetings().book_consultation(scene.booking(free)).await.unwrap();
}

#[tokio::test]
async fn x02_an_old_copy_is_refused_and_a_missing_etag_is_asked_for() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let mut request = pb::MoveConsultationRequest {
        name: booked.name.clone(),
        start_time: Some(stamp(scene.later(72))),
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let moved = scene.meetings().move_consultation(request.clone()).await.unwrap().into_inner();
    assert_eq!((moved.sequence, moved.etag.as_str()), (1, "2"));
    request.request_id = scene.server.request_id();
    let stale = scene.meetings().move_consultation(request.clone()).await.unwrap_err();
    assert_eq!((stale.code(), reason(&stale)), (Code::Aborted, "ETAG_MISMATCH".into()));
    request.etag = String::new();
    let missing = scene.meetings().move_consultation(request).await.unwrap_err();
    assert_eq!(violations(&missing), ["etag: ETAG_REQUIRED"]);
}

#[tokio::test]
async fn x04_a_meeting_moves_and_its_answers_start_again() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    let answer = pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let answered = smw.answer_consultation(answer).await.unwrap().into_inner();
    assert_eq!(answered.participants[1].answer, pb::participant::Answer::Accepted as i32);
    assert_eq!(answered.case, "", "an answer opens no case");
    let moving = pb::MoveConsultationRequest {
        name: booked.name.clone(),
        start_time: Some(stamp(scene.later(72))),
        etag: answered.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let moved = scene.meetings().move_consultation(moving).await.unwrap().into_inner();
    assert_eq!(moved.participants[1].answer, pb::participant::Answer::NeedsAction as i32);
    scene.booked(scene.later(48)).await;
}

#[tokio::test]
async fn x04_a_participant_is_replaced_but_a_required_role_stays() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let deputy = scene.server.person(Role::Smw, scene.team).await;
    let request = |comes: pb::Participant| pb::ReplaceParticipantRequest {
        name: booked.name.clone(),
        leaves: scene.smw.0.to_string(),
        comes: Some(comes),
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    let wrong = request(seat(scene.leerplicht.0, pb::Role::Leerplichtambtenaar));
    let refused = scene.meetings().replace_participant(wrong).await.unwrap_err();
    assert_eq!(violations(&refused), ["comes.role: ROLE_REQUIRED"]);
    let twice = request(seat(scene.iber.0, pb::Role::Iber));
    let refused = scene.meetings().replace_participant(twice).await.unwrap_err();
    assert_eq!(violations(&refused), ["comes.person: DUPLICATE_ATTENDEE", "comes.role: ROLE_REQUIRED"]);
    let pretended = request(seat(deputy.0, pb::Role::Jeugdarts));
    let refused = scene.meetings().replace_participant(pretended).await.unwrap_err();
    assert_eq!(violations(&refused), ["comes.role: FIELD_INVALID"]);
    let right = request(seat(deputy.0, pb::Role::Smw));
    let replaced = scene.meetings().replace_participant(right).await.unwrap().into_inner();
    assert_eq!((replaced.sequence, replaced.participants[1].person.clone()), (0, deputy.0.to_string()));
    // Whoever left reaches it no longer and is free again.
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    let gone = smw.get_consultation(pb::GetConsultationRequest { name: booked.name.clone() }).await;
    assert_eq!(reason(&gone.unwrap_err()), "CONSULTATION_NOT_FOUND");
}

#[tokio::test]
async fn x04_what_is_cancelled_stays_so_and_frees_everybody() {
    let scene = Scene::start().await;
    let start = scene.later(48);
    let booked = scene.booked(start).await;
    let cancel = || pb::CancelConsultationRequest {
        name: booked.name.clone(),
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    let first = scene.meetings().cancel_consultation(cancel()).await.unwrap().into_inner();
    let again = scene.meetings().cancel_consultation(cancel()).await.unwrap().into_inner();
    assert_eq!(first, again);
    assert_eq!((first.state, first.sequence), (pb::consultation::State::Cancelled as i32, 1));
    let answer = pb::AnswerConsultationRequest {
        name: booked.name,
        answer: pb::participant::Answer::Declined.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let refused = scene.meetings().answer_consultation(answer).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_CANCELLED");
    scene.booked(start).await;
}

#[tokio::test]
async fn x04_a_rondetafel_needs_school_samenwerkingsverband_and_leerplicht() {
    let scene = Scene::start().await;
    let mut table = scene.mdo(scene.later(72));
    table.kind = pb::consultation::Kind::Rondetafel.into();
    let refused = scene.meetings().book_consultation(scene.booking(table)).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.participants: ROLE_REQUIRED"]);
}

#[tokio::test]
async fn b01_a_parent_with_gezag_is_at_the_table_or_it_is_said_why_not() {
    let scene = Scene::start().await;
    let mut alone = scene.mdo(scene.later(48));
    alone.participants[2] = seat(scene.family.parents[1], pb::Role::Ouder);
    let refused = scene.meetings().book_consultation(scene.booking(alone.clone())).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.participants: PARENT_REQUIRED"]);
    let stranger = scene.server.family(scene.school).await;
    let mut wrong = scene.mdo(scene.later(48));
    wrong.participants.push(seat(stranger.parents[0], pb::Role::Ouder));
    wrong.participants.push(seat(stranger.child, pb::Role::Jeugdige));
    let refused = scene.meetings().book_consultation(scene.booking(wrong)).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "consultation.participants[3].person: PARTICIPANT_UNKNOWN",
            "consultation.participants[4].person: PARTICIPANT_UNKNOWN"
        ]
    );
    alone.parent_exception = pb::consultation::ParentException::Safety.into();
    let booked = scene.meetings().book_consultation(scene.booking(alone)).await.unwrap().into_inner();
    assert_eq!(booked.parent_exception, pb::consultation::ParentException::Safety as i32);
}

fn outcome(scene: &Scene) -> pb::Outcome {
    let parent = scene.family.parents[0].to_string();
    pb::Outcome {
        attended: vec![scene.iber.0.to_string(), scene.smw.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Noor vertelde wat haar helpt.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Ja.into(),
        jgt_decided_with: vec![parent],
        summary: "Opbouw met twee ochtenden.".into(),
        actions: vec![pb::outcome::Action {
            text: "Rooster maken".into(),
            owner: scene.iber.0.to_string(),
            due_date: "2026-12-01".into(),
            ..Default::default()
        }],
        ..Default::default()
    }
}

async fn record(
    scene: &Scene,
    booked: &pb::Consultation,
    outcome: pb::Outcome,
) -> Result<pb::Consultation, tonic::Status> {
    let request = pb::RecordOutcomeRequest {
        name: booked.name.clone(),
        outcome: Some(outcome),
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    scene.meetings().record_outcome(request).await.map(tonic::Response::into_inner)
}

#[tokio::test]
async fn x08_and_c02_a_meeting_closes_with_an_answer_about_help_and_a_yes_asks_for_it() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let early = record(&scene, &booked, outcome(&scene)).await.unwrap_err();
    assert_eq!(reason(&early), "CONSULTATION_NOT_HELD");
    scene.server.clock.advance(TimeDelta::hours(50));
    let silent = pb::Outcome { jgt_hulp_gewenst: 0, jgt_decided_with: Vec::new(), ..outcome(&scene) };
    let refused = record(&scene, &booked, silent).await.unwrap_err();
    assert_eq!(violations(&refused), ["outcome.jgt_hulp_gewenst: FIELD_REQUIRED"]);

    let held = record(&scene, &booked, outcome(&scene)).await.unwrap();
    assert_eq!(held.state, pb::consultation::State::Held as i32);
    assert_eq!(held.participants.iter().map(|seat| seat.attended).collect::<Vec<_>>(), [true, true, true]);
    let written = held.outcome.clone().unwrap();
    assert_eq!(written.summary, "Opbouw met twee ochtenden.");
    assert_eq!(written.jgt_target_date, "2026-12-09", "two weeks on");
    let asked = pb::GetHulpvraagRequest { name: written.hulpvraag.clone() };
    let asked = scene.requests().get_hulpvraag(asked).await.unwrap().into_inner();
    assert_eq!((asked.team, asked.case), (scene.team.to_string(), scene.family.case.to_string()));
    assert_eq!(asked.role, pb::Role::Smw as i32);

    let read = pb::GetConsultationRequest { name: held.name.clone() };
    assert_eq!(scene.meetings().get_consultation(read.clone()).await.unwrap().into_inner(), held);
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    let envelope = smw.get_consultation(read).await.unwrap().into_inner();
    assert_eq!((envelope.outcome, envelope.case.as_str()), (None, ""), "a helper sees the envelope");
    assert_eq!(envelope.participants[2].display_name, "");
    let twice = record(&scene, &held, outcome(&scene)).await.unwrap_err();
    assert_eq!(reason(&twice), "OUTCOME_RECORDED");
}

#[tokio::test]
async fn c02_when_nobody_has_the_role_that_is_asked_for_nothing_is_recorded() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    scene.server.clock.advance(TimeDelta::hours(50));
    let doctor = pb::Outcome { jgt_role: pb::Role::Jeugdarts.into(), ..outcome(&scene) };
    assert_eq!(reason(&record(&scene, &booked, doctor).await.unwrap_err()), "NO_PERSON_FOR_ROLE");
    record(&scene, &booked, outcome(&scene)).await.unwrap();
}

#[tokio::test]
async fn b11_the_child_is_heard_or_it_is_said_why_not() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    scene.server.clock.advance(TimeDelta::hours(50));
    let unheard = pb::Outcome { child_heard: 0, child_heard_note: String::new(), ..outcome(&scene) };
    let refused = record(&scene, &booked, unheard).await.unwrap_err();
    assert_eq!(violations(&refused), ["outcome.child_heard: FIELD_REQUIRED"]);
    let no = pb::outcome::ChildHeard::No.into();
    let unexplained = pb::Outcome { child_heard: no, child_heard_note: String::new(), ..outcome(&scene) };
    let refused = record(&scene, &booked, unexplained).await.unwrap_err();
    assert_eq!(violations(&refused), ["outcome.child_heard_note: FIELD_REQUIRED"]);
    let explained = pb::Outcome { child_heard: no, ..outcome(&scene) };
    assert!(record(&scene, &booked, explained).await.is_ok());
}

#[tokio::test]
async fn x12_a_watcher_sees_an_answer_at_once_and_nothing_after_its_token_is_gone() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let mut events = scene
        .meetings()
        .watch_consultations(pb::WatchConsultationsRequest::default())
        .await
        .unwrap()
        .into_inner();
    let answer = pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: pb::participant::Answer::Tentative.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    smw.answer_consultation(answer).await.unwrap();
    let seen = tokio::time::timeout(Duration::from_secs(2), events.message()).await.unwrap();
    let seen = seen.unwrap().unwrap().consultation.unwrap();
    assert_eq!((seen.name, seen.etag.as_str()), (booked.name, "2"));
    assert_eq!(seen.participants[1].answer, pb::participant::Answer::Tentative as i32);
    let quiet = tokio::time::timeout(Duration::from_millis(300), events.message()).await;
    assert!(quiet.is_err(), "each change is told once");

    let rows = scene.server.rows().await;
    rows.execute_unprepared("UPDATE token SET revoked_at = 1").await.unwrap();
    rows.close().await.unwrap();
    scene.server.clock.advance(TimeDelta::seconds(31));
    let ended = tokio::time::timeout(Duration::from_secs(3), events.message()).await.unwrap();
    assert_eq!(ended.unwrap_err().code(), Code::Unauthenticated);
}

#[tokio::test]
async fn who_watches_one_meeting_is_told_of_no_other_and_written_down_at_no_other() {
    let scene = Scene::start().await;
    let (watched, other) = (scene.booked(scene.later(48)).await, scene.booked(scene.later(72)).await);
    let one = |name: &str| pb::WatchConsultationsRequest { consultation: name.into(), ..Default::default() };
    let mut events = scene.meetings().watch_consultations(one(&watched.name)).await.unwrap().into_inner();
    let mut smw = ConsultationServiceClient::new(scene.smw.1.clone());
    for meeting in [&other, &watched] {
        let answer = pb::AnswerConsultationRequest {
            name: meeting.name.clone(),
            answer: pb::participant::Answer::Tentative.into(),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        smw.answer_consultation(answer).await.unwrap();
    }
    let seen = tokio::time::timeout(Duration::from_secs(5), events.message()).await.unwrap();
    assert_eq!(seen.unwrap().unwrap().consultation.unwrap().name, watched.name);
    let rows = scene.server.rows().await;
    let lines = audit::Entity::find()
        .filter(audit::Column::Method.ends_with("/WatchConsultations"))
        .all(&rows)
        .await
        .unwrap();
    rows.close().await.unwrap();
    let objects: Vec<_> = lines.iter().filter_map(|line| line.object_id).collect();
    let id: ConsultationId = watched.name.parse().unwrap();
    assert!(!objects.is_empty() && objects.iter().all(|object| *object == id.0), "{objects:?}");

    let none = format!("consultations/{}", scene.server.request_id());
    let refused = scene.meetings().watch_consultations(one(&none)).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_NOT_FOUND");
    let elsewhere = scene.server.school("99BB00", "GM9902").await;
    let mut stranger = ConsultationServiceClient::new(scene.server.person(Role::Iber, elsewhere).await.1);
    let refused = stranger.watch_consultations(one(&watched.name)).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_NOT_FOUND");
}

#[tokio::test]
async fn a_watcher_sees_only_what_it_may_see() {
    let scene = Scene::start().await;
    let elsewhere = scene.server.school("99BB00", "GM9902").await;
    let other = scene.server.person(Role::Iber, elsewhere).await;
    let mut stranger = ConsultationServiceClient::new(other.1);
    let all = pb::WatchConsultationsRequest::default();
    let mut events = stranger.watch_consultations(all).await.unwrap().into_inner();
    let booked = scene.booked(scene.later(48)).await;
    assert!(tokio::time::timeout(Duration::from_millis(1500), events.message()).await.is_err());
    let own = pb::GetConsultationRequest { name: booked.name };
    assert_eq!(reason(&stranger.get_consultation(own).await.unwrap_err()), "CONSULTATION_NOT_FOUND");
    let none = pb::GetConsultationRequest { name: format!("consultations/{}", scene.server.request_id()) };
    assert_eq!(reason(&stranger.get_consultation(none).await.unwrap_err()), "CONSULTATION_NOT_FOUND");
    let listed = stranger.list_consultations(pb::ListConsultationsRequest::default()).await.unwrap();
    assert!(listed.into_inner().consultations.is_empty());
}

#[tokio::test]
async fn a_list_goes_by_start_and_by_pages_for_all_who_may_see_it() {
    let scene = Scene::start().await;
    for hours in [96, 48, 72] {
        scene.booked(scene.later(hours)).await;
    }
    let page = pb::ListConsultationsRequest { page_size: 2, ..Default::default() };
    let first = scene.meetings().list_consultations(page.clone()).await.unwrap().into_inner();
    let rest = pb::ListConsultationsRequest { page_token: first.next_page_token, ..page };
    let rest = scene.meetings().list_consultations(rest).await.unwrap().into_inner();
    let starts: Vec<_> = first
        .consultations
        .iter()
        .chain(&rest.consultations)
        .map(|m| m.start_time.unwrap().seconds)
        .collect();
    assert_eq!((starts.len(), starts.is_sorted(), rest.next_page_token.as_str()), (3, true, ""));
    for (channel, names) in [(&scene.leerplicht.1, true), (&scene.smw.1, false)] {
        let mut client = ConsultationServiceClient::new(channel.clone());
        let own =
            client.list_consultations(pb::ListConsultationsRequest::default()).await.unwrap().into_inner();
        assert_eq!(own.consultations.len(), 3);
        assert_eq!(!own.consultations[0].participants[2].display_name.is_empty(), names);
    }
}

#[tokio::test]
async fn everything_wrong_with_a_booking_is_told_at_once() {
    let scene = Scene::start().await;
    let bad = pb::Consultation {
        kind: 9999,
        start_time: Some(prost_types::Timestamp { seconds: 0, nanos: -1 }),
        duration: Some(prost_types::Duration { seconds: 0, nanos: 0 }),
        case: "cases/7".into(),
        participants: vec![pb::Participant::default()],
        ..Default::default()
    };
    let request = pb::BookConsultationRequest {
        consultation: Some(bad),
        request_id: String::new(),
        ..Default::default()
    };
    let refused = scene.meetings().book_consultation(request).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "request_id: REQUEST_ID_REQUIRED",
            "consultation.kind: FIELD_INVALID",
            "consultation.case: FIELD_INVALID",
            "consultation.start_time: TIMESTAMP_INVALID",
            "consultation.duration: TIME_RANGE_INVALID",
            "consultation.place: FIELD_REQUIRED",
            "consultation.participants[0].person: FIELD_REQUIRED",
            "consultation.participants[0].role: FIELD_REQUIRED",
        ]
    );
    let mut far = scene.mdo(scene.later(24 * 365 * 5));
    far.participants.push(seat(scene.iber.0, pb::Role::Iber));
    far.duration = Some(prost_types::Duration { seconds: 600, nanos: 0 });
    let refused = scene.meetings().book_consultation(scene.booking(far)).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "consultation.start_time: TIME_OUT_OF_BOUNDS",
            "consultation.duration: DURATION_INVALID",
            "consultation.participants[3]: DUPLICATE_ATTENDEE",
        ]
    );
    let mut crowd = scene.mdo(scene.later(48));
    crowd.participants = vec![seat(scene.iber.0, pb::Role::Iber); 51];
    let refused = scene.meetings().book_consultation(scene.booking(crowd)).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.participants: TOO_MANY_ATTENDEES"]);
}

#[tokio::test]
async fn a_closed_case_takes_no_booking_and_no_answer_and_the_past_is_past() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let answer = || pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.server.close(&scene.family, scene.school).await;
    assert_eq!(reason(&scene.meetings().answer_consultation(answer()).await.unwrap_err()), "CASE_CLOSED");
    let refused = scene.meetings().book_consultation(scene.booking(scene.mdo(scene.later(96)))).await;
    assert_eq!(reason(&refused.unwrap_err()), "CASE_CLOSED");

    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let answer = || pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.server.clock.advance(TimeDelta::hours(50));
    assert_eq!(
        reason(&scene.meetings().answer_consultation(answer()).await.unwrap_err()),
        "CONSULTATION_PAST"
    );
    let cancel = pb::CancelConsultationRequest {
        name: booked.name.clone(),
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    assert_eq!(reason(&scene.meetings().cancel_consultation(cancel).await.unwrap_err()), "CONSULTATION_PAST");
    let mut leerplicht = ConsultationServiceClient::new(scene.leerplicht.1.clone());
    let absent = leerplicht.answer_consultation(answer()).await.unwrap_err();
    assert_eq!(reason(&absent), "PARTICIPANT_UNKNOWN");
}
