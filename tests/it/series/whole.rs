//! Series with what meetings have besides people: rooms, times held by others, and parts.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, agenda_service_client::AgendaServiceClient, consultation::Kind, occurrence::Result as Done,
};
use schakel_tests::{
    agenda::faults,
    reason,
    seed_meetings::{Scene, seat, stamp},
    violations,
};

use super::{meetings, series, tuesday, weekly};

async fn are_sound(scene: &Scene) {
    let rows = scene.server.rows().await;
    assert_eq!(faults(&rows).await, Vec::<String>::new());
    rows.close().await.unwrap();
}

/// A room of the school.
async fn new_room(scene: &Scene, seats: i32) -> String {
    let room = pb::Room {
        organisation: format!("organisations/{}", scene.school.0),
        display_name: format!("Kamer {seats}"),
        seats,
        valid_from: "2026-11-01".into(),
        ..Default::default()
    };
    let ask = pb::CreateRoomRequest { room: Some(room), request_id: scene.server.request_id() };
    scene.server.directory().create_room(ask).await.unwrap().into_inner().name
}

#[tokio::test]
async fn x05_a_series_takes_its_room_each_time_and_another_place_frees_it() {
    let scene = Scene::start().await;
    let room = new_room(&scene, 4).await;
    let with_room = |hour: i64| {
        let mut asked = weekly(&scene, "FREQ=WEEKLY;COUNT=3");
        let meeting = asked.consultation.as_mut().unwrap();
        meeting.start_time = Some(stamp(tuesday() + TimeDelta::hours(hour)));
        meeting.rooms = vec![room.clone()];
        asked
    };
    let first = series(&scene).book_series(with_room(0)).await.unwrap().into_inner().series.unwrap();
    assert!(meetings(&scene, &first.name).await.iter().all(|one| one.rooms == [room.clone()]));
    are_sound(&scene).await;
    // Others want the room on the second Tuesday.
    let mut others = with_room(0);
    let (iber, smw) = (
        scene.server.person(Role::Iber, scene.school).await.0,
        scene.server.person(Role::Smw, scene.team).await.0,
    );
    let theirs = others.consultation.as_mut().unwrap();
    theirs.start_time = Some(stamp(tuesday() + TimeDelta::days(7)));
    theirs.participants = vec![seat(iber, pb::Role::Iber), seat(smw, pb::Role::Smw)];
    let refused = series(&scene).book_series(others.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    let narrow = new_room(&scene, 1).await;
    let mut crowded = with_room(3);
    crowded.consultation.as_mut().unwrap().rooms = vec![narrow];
    let refused = series(&scene).book_series(crowded).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.rooms[0]: ROOM_TOO_SMALL"]);
    let online = pb::UpdateSeriesRequest {
        name: first.name.clone(),
        place: pb::consultation::Place::Online.into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        etag: first.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    series(&scene).update_series(online).await.unwrap();
    assert!(meetings(&scene, &first.name).await.iter().all(|one| one.rooms.is_empty()));
    others.request_id = scene.server.request_id();
    series(&scene).book_series(others).await.unwrap();
    are_sound(&scene).await;
}

#[tokio::test]
async fn x05_a_time_that_somebody_holds_is_taken_until_it_is_let_go() {
    let scene = Scene::start().await;
    let mut agenda = AgendaServiceClient::new(scene.iber.1.clone());
    let hold = pb::HoldSlotRequest {
        persons: vec![scene.smw.0.to_string()],
        start_time: Some(stamp(tuesday() + TimeDelta::days(7))),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::Team.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    agenda.hold_slot(hold).await.unwrap();
    let asked = weekly(&scene, "FREQ=WEEKLY;COUNT=3");
    let refused = series(&scene).book_series(asked.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    scene.server.clock.advance(TimeDelta::minutes(15));
    series(&scene).book_series(asked).await.unwrap();
    are_sound(&scene).await;
}

#[tokio::test]
async fn x05_the_meetings_of_a_series_get_their_children_one_by_one_and_then_stay_as_they_are() {
    let scene = Scene::start().await;
    let mut asked = weekly(&scene, "FREQ=WEEKLY;COUNT=3");
    asked.consultation = Some(pb::Consultation {
        kind: Kind::Ondersteuningsteam.into(),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        parent_exception: 0,
        ..asked.consultation.unwrap()
    });
    let own = series(&scene).book_series(asked).await.unwrap().into_inner().series.unwrap();
    let all = meetings(&scene, &own.name).await;
    let child = pb::consultation::Part {
        case: scene.family.case.to_string(),
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        participants: vec![seat(scene.family.parents[0], pb::Role::Ouder)],
        ..Default::default()
    };
    let parts = pb::UpdatePartsRequest {
        name: all[1].name.clone(),
        parts: vec![child],
        etag: all[1].etag.clone(),
        request_id: scene.server.request_id(),
    };
    let filled = scene.meetings().update_parts(parts).await.unwrap().into_inner();
    assert!(filled.series_exception && filled.parts.len() == 1);
    // One without children yet moves like any other.
    let moving = pb::MoveConsultationRequest {
        name: all[0].name.clone(),
        start_time: Some(stamp(tuesday() + TimeDelta::hours(1))),
        etag: all[0].etag.clone(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.meetings().move_consultation(moving).await.unwrap();
    let change = pb::UpdateSeriesRequest {
        name: own.name.clone(),
        time_of_day: "15:30".into(),
        overwrite_exceptions: true,
        mode: pb::BookingMode::AllOrNothing.into(),
        etag: own.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let changed = series(&scene).update_series(change).await.unwrap().into_inner();
    let results: Vec<Done> = changed.occurrences.iter().map(pb::Occurrence::result).collect();
    assert_eq!(results, [Done::Booked, Done::Kept, Done::Booked], "its parents were told when it is");
    are_sound(&scene).await;
    let cancel = pb::CancelSeriesRequest {
        name: own.name,
        etag: changed.series.unwrap().etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.server.news().await;
    series(&scene).cancel_series(cancel).await.unwrap();
    let part = pb::GetConsultationRequest { name: filled.parts[0].consultation.clone() };
    let part = scene.meetings().get_consultation(part).await.unwrap().into_inner();
    assert_eq!(part.state(), pb::consultation::State::Cancelled, "with its parts");
    are_sound(&scene).await;
    // The parent hears of the part, the professionals once of all.
    assert_eq!(scene.server.news().await.len(), 3);
}

#[tokio::test]
async fn x05_an_added_date_that_is_all_that_is_left_goes_on_without_a_rule() {
    let scene = Scene::start().await;
    let mut asked = weekly(&scene, "FREQ=WEEKLY;COUNT=2");
    asked.extra_dates = vec!["2026-12-10".into()];
    let first = series(&scene).book_series(asked).await.unwrap().into_inner().series.unwrap();
    let change = pb::UpdateSeriesRequest {
        name: first.name,
        from_date: "2026-12-02".into(),
        time_of_day: "15:30".into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        etag: first.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let next = series(&scene).update_series(change).await.unwrap().into_inner().series.unwrap();
    assert_eq!((next.first_date.as_str(), next.recurrence.as_str()), ("2026-12-10", ""));
}
