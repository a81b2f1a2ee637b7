//! One calendar per person and room: meetings, the way between them, what is kept free.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{access::Role, ids::OrganisationId};
use schakel_proto::v1::{
    self as pb, agenda_service_client::AgendaServiceClient, consultation::Place,
    consultation_service_client::ConsultationServiceClient,
};
use schakel_server::entity::busy_span;
use schakel_tests::{
    As,
    agenda::faults,
    reason,
    seed_meetings::{Family, Scene, seat, stamp},
    violations,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A scene with a second school, whose IB'er meets the same social worker.
struct Two {
    scene: Scene,
    iber: (schakel_domain::ids::PersonId, As),
    family: Family,
}

impl Two {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let school = scene.server.school("99AA01", "GM9901").await;
        let iber = scene.server.person(Role::Iber, school).await;
        let family = scene.server.family(school).await;
        Self { scene, iber, family }
    }

    /// The second school's MDO.
    fn mdo(&self, start: DateTime<Utc>) -> pb::Consultation {
        let mut wish = self.scene.mdo(start);
        wish.case = self.family.case.to_string();
        wish.participants[0] = seat(self.iber.0, pb::Role::Iber);
        wish.participants[2] = seat(self.family.parents[0], pb::Role::Ouder);
        wish
    }

    async fn book(&self, wish: pb::Consultation) -> Result<pb::Consultation, tonic::Status> {
        let mut meetings = ConsultationServiceClient::new(self.iber.1.clone());
        meetings.book_consultation(self.scene.booking(wish)).await.map(tonic::Response::into_inner)
    }

    async fn are_sound(&self) {
        let rows = self.scene.server.rows().await;
        assert_eq!(faults(&rows).await, Vec::<String>::new());
        rows.close().await.unwrap();
    }
}

/// Tuesday 24 November 2026, at this time of the clock in Amsterdam.
fn at(time: &str) -> DateTime<Utc> {
    format!("2026-11-24T{time}:00+01:00").parse().unwrap()
}

#[tokio::test]
async fn a08_there_is_time_to_get_from_one_school_to_the_next() {
    let two = Two::start().await;
    let first = two.scene.booked(at("09:00")).await;
    let refused = two.book(two.mdo(at("10:15"))).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    let info = tonic_types::StatusExt::get_details_error_info(&refused).unwrap();
    let next = info.metadata["next_free_times"].split(',').next().unwrap().to_owned();
    assert_eq!(next.parse::<DateTime<Utc>>().unwrap(), at("10:30"), "twenty minutes, on the quarter");
    let second = two.book(two.mdo(at("10:20"))).await.unwrap();
    // From a meeting at the same school to the next nobody travels.
    two.scene.booked(at("08:00")).await;
    // At a screen nobody travels; the parents never do.
    let mut online = two.mdo(at("11:20"));
    online.place = Place::Online.into();
    two.book(online).await.unwrap();
    two.are_sound().await;
    // Without the meeting in between nobody has to come from it.
    let cancel = pb::CancelConsultationRequest {
        name: first.name,
        etag: first.etag,
        request_id: two.scene.server.request_id(),
    };
    two.scene.meetings().cancel_consultation(cancel).await.unwrap();
    two.are_sound().await;
    let earlier = pb::MoveConsultationRequest {
        name: second.name,
        etag: second.etag,
        start_time: Some(stamp(at("09:20"))),
        request_id: two.scene.server.request_id(),
        ..Default::default()
    };
    let mut meetings = ConsultationServiceClient::new(two.iber.1.clone());
    let moved = meetings.move_consultation(earlier).await.unwrap().into_inner();
    assert_eq!(moved.start_time, Some(stamp(at("09:20"))));
    two.are_sound().await;
}

#[tokio::test]
async fn a08_another_place_can_take_too_long_to_reach() {
    let two = Two::start().await;
    two.scene.booked(at("09:00")).await;
    let mut online = two.mdo(at("10:00"));
    online.place = Place::Online.into();
    let booked = two.book(online).await.unwrap();
    let mut meetings = ConsultationServiceClient::new(two.iber.1.clone());
    let elsewhere = |place: Place| pb::MoveConsultationRequest {
        name: booked.name.clone(),
        etag: booked.etag.clone(),
        start_time: booked.start_time,
        place: place.into(),
        request_id: two.scene.server.request_id(),
        ..Default::default()
    };
    for place in [Place::School, Place::Team, Place::Home] {
        let refused = meetings.move_consultation(elsewhere(place)).await.unwrap_err();
        assert_eq!(reason(&refused), "TIME_CONFLICT", "{place:?}");
    }
    meetings.move_consultation(elsewhere(Place::Phone)).await.unwrap();
    two.are_sound().await;
}

#[tokio::test]
async fn x02_a_form_that_is_yet_to_be_made_is_read_from_the_rows() {
    let two = Two::start().await;
    two.scene.booked(at("09:00")).await;
    let rows = two.scene.server.rows().await;
    for form in busy_span::Entity::find().all(&rows).await.unwrap() {
        let mut form = busy_span::ActiveModel::from(form);
        form.spans = Set(Vec::new());
        busy_span::Entity::update(form).exec(&rows).await.unwrap();
    }
    rows.close().await.unwrap();
    assert_eq!(reason(&two.book(two.mdo(at("09:30"))).await.unwrap_err()), "TIME_CONFLICT");
    two.book(two.mdo(at("11:00"))).await.unwrap();
    two.scene.booked(at("13:00")).await;
    two.are_sound().await;
}

/// A room at an organisation.
async fn room(scene: &Scene, organisation: OrganisationId, seats: i32) -> pb::Room {
    let room = pb::Room {
        organisation: organisation.to_string(),
        display_name: "Spreekkamer".into(),
        seats,
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let ask = pb::CreateRoomRequest { room: Some(room), request_id: scene.server.request_id() };
    scene.server.directory().create_room(ask).await.unwrap().into_inner()
}

#[tokio::test]
async fn c03_a_room_of_the_school_or_the_team_is_booked_with_the_meeting_and_once() {
    let two = Two::start().await;
    let scene = &two.scene;
    let small = room(scene, scene.school.into(), 2).await;
    let large = room(scene, scene.school.into(), 8).await;
    let cjg = room(scene, scene.team.into(), 8).await;
    let mut wish = scene.mdo(at("09:00"));
    for (place, name, reason) in [
        (Place::School, &small.name, "consultation.rooms[0]: ROOM_TOO_SMALL"),
        (Place::School, &cjg.name, "consultation.rooms[0]: ROOM_NOT_FOUND"),
        (Place::Online, &large.name, "consultation.rooms: FIELD_INVALID"),
    ] {
        wish.place = place.into();
        wish.rooms = vec![name.clone()];
        let refused = scene.meetings().book_consultation(scene.booking(wish.clone())).await.unwrap_err();
        assert_eq!(violations(&refused), [reason]);
    }
    wish.place = Place::School.into();
    wish.rooms = vec![large.name.clone()];
    let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    assert_eq!(booked.rooms, [large.name.as_str()]);
    // Others at the same school, in the same room.
    let family = scene.server.family(scene.school).await;
    let (iber, client) = scene.server.person(Role::Iber, scene.school).await;
    let (smw, _) = scene.server.person(Role::Smw, scene.team).await;
    let mut other = scene.mdo(at("09:30"));
    other.case = family.case.to_string();
    other.participants =
        vec![seat(iber, pb::Role::Iber), seat(smw, pb::Role::Smw), seat(family.parents[0], pb::Role::Ouder)];
    other.rooms = vec![large.name.clone()];
    let mut meetings = ConsultationServiceClient::new(client);
    let refused = meetings.book_consultation(scene.booking(other.clone())).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    other.place = Place::Team.into();
    other.rooms = vec![cjg.name.clone()];
    let second = meetings.book_consultation(scene.booking(other)).await.unwrap().into_inner();
    // The meeting moves, with its room; at another place it has none.
    let moving = |meeting: &pb::Consultation, time: &str, place: i32, rooms: Vec<String>| {
        pb::MoveConsultationRequest {
            name: meeting.name.clone(),
            etag: meeting.etag.clone(),
            start_time: Some(stamp(at(time))),
            place,
            rooms,
            request_id: scene.server.request_id(),
            ..Default::default()
        }
    };
    let moved = scene.meetings().move_consultation(moving(&booked, "13:00", 0, Vec::new())).await;
    let moved = moved.unwrap().into_inner();
    assert_eq!(moved.rooms, booked.rooms);
    let back = moving(&second, "09:00", Place::School.into(), vec![large.name.clone()]);
    let second = meetings.move_consultation(back).await.unwrap().into_inner();
    assert_eq!(second.rooms, booked.rooms, "the room is free then");
    let online = moving(&moved, "13:00", Place::Online.into(), Vec::new());
    let online = scene.meetings().move_consultation(online).await.unwrap().into_inner();
    assert_eq!(online.rooms, Vec::<String>::new());
    two.are_sound().await;
}

/// People held for an hour at the first school.
fn hold(scene: &Scene, time: &str, persons: &[String]) -> pb::HoldSlotRequest {
    pb::HoldSlotRequest {
        persons: persons.to_vec(),
        start_time: Some(stamp(at(time))),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: Place::School.into(),
        school: scene.school.to_string(),
        case: scene.family.case.to_string(),
        request_id: scene.server.request_id(),
        ..Default::default()
    }
}

#[tokio::test]
async fn x02_a_time_is_held_and_then_booked_by_who_held_it() {
    let two = Two::start().await;
    let scene = &two.scene;
    let room = room(scene, scene.school.into(), 8).await;
    let mut agenda = AgendaServiceClient::new(scene.iber.1.clone());
    let persons: Vec<String> =
        [scene.iber.0, scene.smw.0, scene.family.parents[0]].iter().map(ToString::to_string).collect();
    let ask = pb::HoldSlotRequest { rooms: vec![room.name.clone()], ..hold(scene, "09:00", &persons) };
    let held = agenda.hold_slot(ask.clone()).await.unwrap().into_inner();
    assert_eq!(held, agenda.hold_slot(ask).await.unwrap().into_inner(), "the same request has one effect");
    let expires = held.expire_time.unwrap().seconds - scene.server.app.now().timestamp();
    assert_eq!(expires, 15 * 60);
    let listed = agenda.list_holds(pb::ListHoldsRequest::default()).await.unwrap().into_inner();
    let mut sorted = persons.clone();
    sorted.sort();
    assert_eq!((listed.holds[0].persons.clone(), &listed.holds[0].rooms), (sorted, &held.rooms));
    two.are_sound().await;
    // Nobody else gets these people, and nobody else can use the hold.
    assert_eq!(reason(&two.book(two.mdo(at("09:30"))).await.unwrap_err()), "TIME_CONFLICT");
    let mut theirs = scene.booking(two.mdo(at("09:00")));
    theirs.hold.clone_from(&held.name);
    let mut others = ConsultationServiceClient::new(two.iber.1.clone());
    let refused = others.book_consultation(theirs).await.unwrap_err();
    assert_eq!(reason(&refused), "HOLD_NOT_FOUND");
    let mut other = AgendaServiceClient::new(two.iber.1.clone());
    let release =
        |name: &str| pb::ReleaseHoldRequest { name: name.into(), request_id: scene.server.request_id() };
    assert_eq!(reason(&other.release_hold(release(&held.name)).await.unwrap_err()), "HOLD_NOT_FOUND");
    assert_eq!(other.list_holds(pb::ListHoldsRequest::default()).await.unwrap().into_inner().holds, []);
    // A refused booking leaves the hold as it was.
    let mut booking = scene.booking(scene.mdo(at("09:00")));
    booking.hold.clone_from(&held.name);
    let mut wrong = booking.clone();
    wrong.consultation.as_mut().unwrap().participants.truncate(1);
    wrong.request_id = scene.server.request_id();
    scene.meetings().book_consultation(wrong).await.unwrap_err();
    two.are_sound().await;
    let booked = scene.meetings().book_consultation(booking).await.unwrap().into_inner();
    assert_eq!(booked.participants.len(), 3);
    assert_eq!(agenda.list_holds(pb::ListHoldsRequest::default()).await.unwrap().into_inner().holds, []);
    two.are_sound().await;
}

#[tokio::test]
async fn x02_a_hold_ends_by_itself_or_is_let_go() {
    let two = Two::start().await;
    let scene = &two.scene;
    let mut agenda = AgendaServiceClient::new(scene.iber.1.clone());
    let persons = [scene.iber.0.to_string(), scene.smw.0.to_string()];
    let held = agenda.hold_slot(hold(scene, "09:00", &persons)).await.unwrap().into_inner();
    let release = pb::ReleaseHoldRequest { name: held.name, request_id: scene.server.request_id() };
    agenda.release_hold(release).await.unwrap();
    two.are_sound().await;
    let held = agenda.hold_slot(hold(scene, "09:00", &persons)).await.unwrap().into_inner();
    scene.server.clock.advance(TimeDelta::minutes(15));
    let mut late = scene.booking(scene.mdo(at("09:00")));
    late.hold = held.name;
    assert_eq!(reason(&scene.meetings().book_consultation(late).await.unwrap_err()), "HOLD_EXPIRED");
    // It blocks nobody any more, and goes where somebody is taken anew.
    two.book(two.mdo(at("09:30"))).await.unwrap();
    two.are_sound().await;
    schakel_server::availability::hold::sweep::work(&scene.server.app, scene.server.founded.region)
        .await
        .unwrap();
    let rows = scene.server.rows().await;
    assert_eq!(schakel_server::entity::hold::Entity::find().all(&rows).await.unwrap(), []);
    rows.close().await.unwrap();
    two.are_sound().await;
}

#[tokio::test]
async fn x02_nobody_holds_strangers_or_more_than_a_few() {
    let two = Two::start().await;
    let scene = &two.scene;
    let mut agenda = AgendaServiceClient::new(scene.iber.1.clone());
    let stranger = [two.family.parents[0].to_string()];
    let refused = agenda.hold_slot(hold(scene, "09:00", &stranger)).await.unwrap_err();
    assert_eq!(violations(&refused), ["persons[0]: PERSON_NOT_FOUND"]);
    let bad = pb::HoldSlotRequest {
        rooms: vec!["rooms/1".into()],
        ttl: Some(prost_types::Duration { seconds: 24 * 3600 + 1, nanos: 0 }),
        duration: Some(prost_types::Duration { seconds: 60, nanos: 0 }),
        place: 0,
        ..hold(scene, "09:00", &[])
    };
    let refused = agenda.hold_slot(bad).await.unwrap_err();
    let found = violations(&refused);
    for field in ["rooms[0]: FIELD_INVALID", "duration: DURATION_INVALID", "ttl: FIELD_INVALID"] {
        assert!(found.iter().any(|one| one == field), "{field}: {found:?}");
    }
    let own = [scene.iber.0.to_string()];
    for day in 0..20 {
        let mut ask = hold(scene, "09:00", &own);
        ask.start_time = Some(stamp(at("09:00") + TimeDelta::days(day)));
        agenda.hold_slot(ask).await.unwrap();
    }
    let refused = agenda.hold_slot(hold(scene, "13:00", &own)).await.unwrap_err();
    assert_eq!(reason(&refused), "TOO_MANY_HOLDS");
}

#[tokio::test]
async fn a08_nobody_visits_a_home_alone_without_saying_why() {
    let scene = Scene::start().await;
    let mut wish = scene.mdo(at("09:00"));
    wish.kind = pb::consultation::Kind::Kennismaking.into();
    wish.place = Place::Home.into();
    wish.participants.remove(0);
    let refused = scene.meetings().book_consultation(scene.booking(wish.clone())).await.unwrap_err();
    let found = violations(&refused);
    assert!(
        found.iter().any(|one| one == "consultation.participants: TWO_PROFESSIONALS_REQUIRED"),
        "{found:?}"
    );
    let known = pb::consultation::AloneBecause::FamilyKnown;
    wish.participants.insert(0, seat(scene.iber.0, pb::Role::Iber));
    wish.alone_because = known.into();
    let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    assert_eq!(booked.alone_because(), known);
}

#[tokio::test]
async fn a08_a_region_tells_its_ways_and_meetings_are_planned_by_them() {
    let two = Two::start().await;
    let scene = &two.scene;
    let mut keeper = AgendaServiceClient::new(scene.server.administrator());
    let travel = keeper.get_travel(pb::GetTravelRequest {}).await.unwrap().into_inner();
    assert_eq!((travel.usual_minutes, travel.etag.as_str()), (20, "1"));
    let schools = scene.server.directory().list_schools(pb::ListSchoolsRequest::default()).await.unwrap();
    let schools: Vec<String> = schools
        .into_inner()
        .schools
        .iter()
        .map(|school| school.name.replace("schools/", "organisations/"))
        .collect();
    let set = |etag: &str, travel: pb::Travel| pb::SetTravelRequest {
        travel: Some(pb::Travel { etag: etag.into(), ..travel }),
        request_id: scene.server.request_id(),
    };
    let point = |at: usize, latitude| pb::travel::Point {
        organisation: schools[at].clone(),
        latitude: Some(latitude),
        longitude: Some(6.17),
    };
    // Ten kilometres as the crow flies: 26 minutes on the road, five for the doors.
    let points = pb::Travel { points: vec![point(0, 51.36), point(1, 51.45)], ..Default::default() };
    let known = keeper.set_travel(set("1", points.clone())).await.unwrap().into_inner();
    assert_eq!((known.points.len(), known.etag.as_str()), (2, "2"));
    assert_eq!(reason(&keeper.set_travel(set("1", points)).await.unwrap_err()), "ETAG_MISMATCH");
    scene.booked(at("09:00")).await;
    assert_eq!(reason(&two.book(two.mdo(at("10:30"))).await.unwrap_err()), "TIME_CONFLICT");
    let later = two.book(two.mdo(at("10:35"))).await.unwrap();
    let way = |minutes| pb::Travel {
        ways: vec![pb::travel::Way { from: schools[1].clone(), to: schools[0].clone(), minutes }],
        ..Default::default()
    };
    let known = keeper.set_travel(set("2", way(Some(10)))).await.unwrap().into_inner();
    assert_eq!(known.ways[0].minutes, Some(10));
    let earlier = pb::MoveConsultationRequest {
        name: later.name,
        etag: later.etag,
        start_time: Some(stamp(at("10:10"))),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    ConsultationServiceClient::new(two.iber.1.clone()).move_consultation(earlier).await.expect("back too");
    let known = keeper.set_travel(set("3", way(None))).await.unwrap().into_inner();
    assert_eq!(known.ways, []);
    let nowhere = pb::travel::Way { to: schools[0].replace('0', "1"), ..way(Some(5)).ways.remove(0) };
    let refused = keeper.set_travel(set("4", pb::Travel { ways: vec![nowhere], ..Default::default() })).await;
    assert_eq!(reason(&refused.unwrap_err()), "ORGANISATION_NOT_FOUND");
    let mut planner = AgendaServiceClient::new(scene.planner.1.clone());
    let refused = planner.set_travel(set("4", way(None))).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    two.are_sound().await;
}
