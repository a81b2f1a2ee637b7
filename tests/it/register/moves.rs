//! A child that moves, and a cluster that gets another guide.

use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    handover_service_client::HandoverServiceClient, task_service_client::TaskServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient, track_service_client::TrackServiceClient,
};
use schakel_tests::{
    As, reason,
    seed_meetings::{Scene, seat},
    violations,
};
use tonic::Code;

use crate::thuiszitter::{absent, named};

fn opening(scene: &Scene, case: pb::Case) -> pb::OpenCaseRequest {
    pb::OpenCaseRequest { case: Some(case), request_id: scene.server.request_id(), ..Default::default() }
}

/// Somebody works all mornings.
async fn works(scene: &Scene, person: PersonId) {
    let list = pb::ListAffiliationsRequest { person: person.to_string(), ..Default::default() };
    let posts = scene.server.directory().list_affiliations(list).await.unwrap().into_inner().affiliations;
    let mut hours = AvailabilityServiceClient::new(scene.server.administrator());
    for weekday in 1..=5 {
        let block = pb::WeeklyHours {
            affiliation: posts[0].name.clone(),
            weekday,
            from: "08:30".into(),
            until: "12:00".into(),
            ..Default::default()
        };
        let request_id = scene.server.request_id();
        let ask = pb::CreateWeeklyHoursRequest { weekly_hours: Some(block), request_id };
        hours.create_weekly_hours(ask).await.unwrap();
    }
}

/// Begins a track of a case, to which `coordinator` sees.
async fn begins(
    scene: &Scene,
    by: &As,
    (case, kind, coordinator): (&pb::Case, pb::track::Kind, PersonId),
) -> pb::Track {
    let exempts = matches!(kind, pb::track::Kind::Exemption);
    let ground = if exempts { pb::track::Ground::Ground5OnderA } else { pb::track::Ground::Unspecified };
    let track = pb::Track {
        case: case.name.clone(),
        kind: kind.into(),
        ground: ground.into(),
        coordinator: coordinator.to_string(),
        start_date: "2026-11-16".into(),
        next_date: "2026-12-01".into(),
        ..Default::default()
    };
    let request = pb::StartTrackRequest { track: Some(track), request_id: scene.server.request_id() };
    TrackServiceClient::new(by.clone()).start_track(request).await.unwrap().into_inner()
}

/// The case goes to a school, to a gemeente or to both.
async fn moves(scene: &Scene, by: &As, case: &pb::Case, (school, gemeente): (&str, &str)) {
    let get = pb::GetCaseRequest { name: case.name.clone() };
    let now = ThuiszitterServiceClient::new(by.clone()).get_case(get).await.unwrap().into_inner();
    let wish = pb::MoveCaseRequest {
        name: now.name,
        school: school.to_owned(),
        residence_gemeente_code: gemeente.to_owned(),
        etag: now.etag,
        request_id: scene.server.request_id(),
        ..pb::MoveCaseRequest::default()
    };
    HandoverServiceClient::new(by.clone()).move_case(wish).await.unwrap();
}

async fn tracks(by: &As, case: &pb::Case) -> Vec<pb::Track> {
    let list = pb::ListTracksRequest { case: case.name.clone() };
    TrackServiceClient::new(by.clone()).list_tracks(list).await.unwrap().into_inner().tracks
}

/// Who keeps the case, and who sees to each of its tracks, by their kind.
async fn keepers(by: &As, case: &pb::Case) -> (String, Vec<(pb::track::Kind, String)>) {
    let get = pb::GetCaseRequest { name: case.name.clone() };
    let seen = ThuiszitterServiceClient::new(by.clone()).get_case(get).await.unwrap().into_inner();
    let tracks = tracks(by, case).await;
    let mut kept: Vec<_> = tracks.into_iter().map(|one| (one.kind(), one.coordinator)).collect();
    kept.sort_unstable_by_key(|(kind, _)| i32::from(*kind));
    (seen.regisseur, kept)
}

/// The tracks of which the next day waits for somebody.
async fn waiting(by: &As) -> Vec<String> {
    let kinds = vec![pb::task::Kind::Track.into()];
    let request = pb::ListTasksRequest { kinds, ..Default::default() };
    let tasks = TaskServiceClient::new(by.clone()).list_tasks(request).await.unwrap().into_inner().tasks;
    tasks.into_iter().map(|task| task.action).collect()
}

#[tokio::test]
async fn x16_a_child_that_moves_gets_another_school_team_and_officer_and_a_hand_over_is_proposed() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let elsewhere = server.organisation("GEMEENTE", "GM9902").await;
    let officer = server.person(Role::Leerplichtambtenaar, elsewhere).await;
    let school = server.school("99AC00", "GM9902").await;
    let iber = server.person(Role::Iber, school).await;
    let team = server.team("WT02").await;
    let smw = server.person(Role::Smw, team).await;
    server.link(school, team, Role::Smw, smw.0).await;
    let mut old = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case =
        pb::Case { regisseur: scene.iber.0.to_string(), ..named("Kind verhuist", absent(scene.school)) };
    let case = old.open_case(opening(&scene, case)).await.unwrap().into_inner();

    for person in [scene.iber.0, iber.0, smw.0, scene.leerplicht.0, officer.0] {
        works(&scene, person).await;
    }
    let mut handover = HandoverServiceClient::new(scene.iber.1.clone());
    let wish = pb::MoveCaseRequest {
        name: case.name.clone(),
        school: school.to_string(),
        residence_gemeente_code: "GM9902".into(),
        etag: case.etag.clone(),
        request_id: server.request_id(),
        ..pb::MoveCaseRequest::default()
    };
    let same = pb::MoveCaseRequest {
        school: scene.school.to_string(),
        residence_gemeente_code: String::new(),
        request_id: server.request_id(),
        ..wish.clone()
    };
    let refused = handover.move_case(same).await.unwrap_err();
    assert_eq!(violations(&refused), ["school: FIELD_INVALID"]);
    let moved = handover.move_case(wish).await.unwrap().into_inner();
    let (before, after) = (moved.before.unwrap(), moved.after.unwrap());
    assert_eq!((before.team, before.smw), (scene.team.to_string(), scene.smw.0.to_string()));
    assert_eq!(
        (after.team.as_str(), after.smw.as_str()),
        (team.to_string().as_str(), smw.0.to_string().as_str())
    );
    assert_eq!(after.leerplichtambtenaar, officer.0.to_string());
    assert_eq!(after.school_contact, iber.0.to_string());
    assert_eq!(moved.times.len(), 5);
    assert_eq!(moved.times[0].seats.len(), 5, "all professionals; parents choose from these");
    let proposal = moved.proposal.unwrap();
    assert_eq!(proposal.kind(), pb::consultation::Kind::WarmeOverdracht);
    let seats: Vec<&str> = proposal.participants.iter().map(|seat| seat.person.as_str()).collect();
    let expected = [
        scene.iber.0.to_string(),
        iber.0.to_string(),
        smw.0.to_string(),
        scene.leerplicht.0.to_string(),
        officer.0.to_string(),
        case.parents[0].person.clone(),
    ];
    assert_eq!(seats, expected.iter().map(String::as_str).collect::<Vec<_>>());

    // The old school has it no longer; the new one has all of it, with what happened.
    let get = pb::GetCaseRequest { name: case.name.clone() };
    let gone = old.get_case(get.clone()).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "CASE_NOT_FOUND"));
    let mut new = ThuiszitterServiceClient::new(iber.1.clone());
    let kept = new.get_case(get).await.unwrap().into_inner();
    assert_eq!(
        (kept.regisseur.as_str(), kept.etag.as_str()),
        (iber.0.to_string().as_str(), moved.etag.as_str())
    );
    assert_eq!(kept.question, case.question);
    let timeline = new
        .get_timeline(pb::GetTimelineRequest { name: case.name, ..Default::default() })
        .await
        .unwrap()
        .into_inner();
    let told: Vec<&str> = timeline.events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(told, ["CASE_OPENED", "CASE_MOVED"]);
    let mut of_gemeente = ThuiszitterServiceClient::new(officer.1);
    assert_eq!(
        of_gemeente.list_cases(pb::ListCasesRequest::default()).await.unwrap().into_inner().cases.len(),
        1
    );

    // What was proposed can be booked as it stands by the new school.
    let mut meetings = schakel_proto::v1::consultation_service_client::ConsultationServiceClient::new(iber.1);
    let wish = pb::Consultation {
        start_time: Some(schakel_tests::seed_meetings::stamp(scene.later(72))),
        ..proposal
    };
    meetings.book_consultation(scene.booking(wish)).await.unwrap();
}

/// Whoever does not reach the case any more has no task of its tracks; who works elsewhere still does.
#[tokio::test]
async fn a_track_to_which_the_old_school_saw_is_seen_to_by_the_new_one() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let school = server.school("99AC00", "GM9901").await;
    let iber = server.person(Role::Iber, school).await;
    let guide = server.person(Role::Trajectbegeleider, server.founded.organisation).await;
    let case = named("Kind verhuist", absent(scene.school));
    let mut old = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case = old.open_case(opening(&scene, case)).await.unwrap().into_inner();
    let placement = begins(&scene, &scene.iber.1, (&case, pb::track::Kind::Placement, scene.iber.0)).await;
    begins(&scene, &scene.iber.1, (&case, pb::track::Kind::Complaint, guide.0)).await;
    moves(&scene, &scene.iber.1, &case, (&school.to_string(), "")).await;

    let told = tracks(&iber.1, &case).await;
    let mut kept: Vec<_> = told.iter().map(|one| (one.coordinator.clone(), one.etag.as_str())).collect();
    kept.sort_unstable();
    let mut expected = vec![(iber.0.to_string(), "2"), (guide.0.to_string(), "1")];
    expected.sort_unstable();
    assert_eq!(kept, expected);
    assert_eq!(waiting(&iber.1).await, [placement.name]);
}

/// Of the gemeente that a child leaves nobody reaches the case any more, whether or not the school stays.
#[tokio::test]
async fn what_the_old_leerplichtambtenaar_kept_is_kept_by_that_of_the_new_gemeente() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let elsewhere = server.organisation("GEMEENTE", "GM9902").await;
    let officer = server.person(Role::Leerplichtambtenaar, elsewhere).await;
    let school = server.school("99AC00", "GM9902").await;
    let iber = server.person(Role::Iber, school).await;
    let (exemption, complaint) = (pb::track::Kind::Exemption, pb::track::Kind::Complaint);
    let mut exemptions = Vec::new();
    for (child, to, next) in
        [("Kind verhuist", String::new(), scene.iber.0), ("Kind wisselt ook", school.to_string(), iber.0)]
    {
        let regisseur = scene.leerplicht.0.to_string();
        let case = pb::Case { regisseur, ..named(child, absent(scene.school)) };
        let mut old = ThuiszitterServiceClient::new(scene.iber.1.clone());
        let case = old.open_case(opening(&scene, case)).await.unwrap().into_inner();
        let track = begins(&scene, &scene.leerplicht.1, (&case, exemption, scene.leerplicht.0)).await;
        begins(&scene, &scene.iber.1, (&case, complaint, scene.iber.0)).await;
        moves(&scene, &scene.iber.1, &case, (&to, "GM9902")).await;

        let officers = officer.0.to_string();
        let kept = vec![(exemption, officers.clone()), (complaint, next.to_string())];
        assert_eq!(keepers(&officer.1, &case).await, (officers, kept), "{child}");
        exemptions.push(track.name);
    }
    let mut waits = waiting(&officer.1).await;
    waits.sort_unstable();
    exemptions.sort_unstable();
    assert_eq!(waits, exemptions);
    assert!(waiting(&scene.leerplicht.1).await.is_empty());
}

/// Whoever also works at a third school has no more of the case than who does not.
#[tokio::test]
async fn a_post_at_another_school_than_the_new_one_keeps_nobody_at_a_case() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let third = server.school("99AB00", "GM9901").await;
    server.affiliate(scene.iber.0, Role::Iber, third).await;
    let school = server.school("99AC00", "GM9901").await;
    let iber = server.person(Role::Iber, school).await;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    let case = pb::Case { regisseur: scene.iber.0.to_string(), ..absent(scene.school) };
    let mut register = ThuiszitterServiceClient::new(keeper.clone());
    let case = register.open_case(opening(&scene, case)).await.unwrap().into_inner();
    let placement = begins(&scene, &keeper, (&case, pb::track::Kind::Placement, scene.iber.0)).await;
    moves(&scene, &keeper, &case, (&school.to_string(), "")).await;
    let new = iber.0.to_string();
    assert_eq!(keepers(&iber.1, &case).await, (new.clone(), vec![(pb::track::Kind::Placement, new)]));
    assert_eq!(waiting(&iber.1).await, [placement.name]);
}

#[tokio::test]
async fn b06_a_cluster_gets_another_trajectbegeleider_with_its_cases_and_meetings() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let swv = server.founded.organisation;
    let (_, keeper) = server.person(Role::Thuiszitterscoordinator, swv).await;
    let one = server.person(Role::Trajectbegeleider, swv).await;
    let two = server.person(Role::Trajectbegeleider, swv).await;
    let member = pb::cluster::Member {
        school: scene.school.to_string(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let cluster = pb::Cluster {
        code: "R1".into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: "ROK".into(),
        members: vec![member],
        ..Default::default()
    };
    let ask = pb::CreateClusterRequest { cluster: Some(cluster), request_id: server.request_id() };
    let cluster = server.directory().create_cluster(ask).await.unwrap().into_inner().name;
    let guide = |person: PersonId| pb::CreateClusterGuideRequest {
        cluster_guide: Some(pb::ClusterGuide {
            cluster: cluster.clone(),
            role: pb::Role::Trajectbegeleider.into(),
            person: person.to_string(),
            valid_from: "2026-08-01".into(),
            ..Default::default()
        }),
        request_id: server.request_id(),
    };
    let refused = server.directory().create_cluster_guide(guide(scene.smw.0)).await.unwrap_err();
    assert_eq!(violations(&refused), ["cluster_guide.person: FIELD_INVALID"]);
    server.directory().create_cluster_guide(guide(one.0)).await.unwrap();
    let twice = server.directory().create_cluster_guide(guide(two.0)).await.unwrap_err();
    assert_eq!(reason(&twice), "ALREADY_EXISTS");

    let case = pb::Case { regisseur: one.0.to_string(), ..named("Kind cluster", absent(scene.school)) };
    let mut cases = ThuiszitterServiceClient::new(keeper.clone());
    let case = cases.open_case(opening(&scene, case)).await.unwrap().into_inner();
    let mut booked = Vec::new();
    for hours in [24, 240, 264] {
        let mut wish = scene.mdo(scene.later(hours));
        wish.participants.push(seat(one.0, pb::Role::Trajectbegeleider));
        booked.push(scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner());
    }
    // The successor is taken at the last of them.
    let mut other = scene.mdo(scene.later(264));
    other.participants = vec![seat(two.0, pb::Role::Trajectbegeleider)];
    (other.kind, other.case) = (pb::consultation::Kind::Kennismaking.into(), String::new());
    other.participants.push(seat(server.person(Role::Smw, scene.team).await.0, pb::Role::Smw));
    let mut planner =
        schakel_proto::v1::consultation_service_client::ConsultationServiceClient::new(keeper.clone());
    planner.book_consultation(scene.booking(other)).await.unwrap();

    let mut handover = HandoverServiceClient::new(keeper);
    let wish = pb::ReassignClusterRequest {
        cluster: cluster.clone(),
        role: pb::Role::Trajectbegeleider.into(),
        from: one.0.to_string(),
        to: two.0.to_string(),
        first_day: "2026-12-01".into(),
        move_cases: true,
        move_consultations: true,
        dry_run: true,
        request_id: server.request_id(),
    };
    let told = handover.reassign_cluster(wish.clone()).await.unwrap().into_inner();
    assert_eq!((told.cases.as_slice(), told.cluster_guide), (&[case.name.clone()][..], None));
    assert_eq!(told.consultations, [booked[1].name.clone()], "the first is before the day");
    assert_eq!(told.conflicts, [booked[2].name.clone()]);
    let wish = pb::ReassignClusterRequest { dry_run: false, request_id: server.request_id(), ..wish };
    let mut school = HandoverServiceClient::new(scene.iber.1.clone());
    let refused = school.reassign_cluster(wish.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let done = handover.reassign_cluster(wish.clone()).await.unwrap().into_inner();
    assert_eq!(done.cluster_guide.unwrap().person, two.0.to_string());
    let get = pb::GetCaseRequest { name: case.name };
    assert_eq!(cases.get_case(get).await.unwrap().into_inner().regisseur, two.0.to_string());
    let seats = async |name: &str| {
        let get = pb::GetConsultationRequest { name: name.into() };
        let seen = scene.meetings().get_consultation(get).await.unwrap().into_inner();
        seen.participants.last().unwrap().person.clone()
    };
    assert_eq!(seats(&booked[0].name).await, one.0.to_string());
    assert_eq!(seats(&booked[1].name).await, two.0.to_string());
    assert_eq!(seats(&booked[2].name).await, one.0.to_string());
    let again = pb::ReassignClusterRequest { request_id: server.request_id(), ..wish };
    let refused = handover.reassign_cluster(again).await.unwrap_err();
    assert_eq!(reason(&refused), "CLUSTER_GUIDE_NOT_FOUND");
    let list = pb::ListClusterGuidesRequest { cluster, show_ended: true, ..Default::default() };
    let guides = server.directory().list_cluster_guides(list).await.unwrap().into_inner().cluster_guides;
    assert_eq!(guides.len(), 2);
    assert!(guides.iter().any(|guide| guide.valid_until == "2026-11-30"));
}
