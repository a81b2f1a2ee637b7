//! Somebody cannot come: flagged, proposed, replaced in one decision; and who carries how much.

use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    staffing_service_client::StaffingServiceClient, substitute_participants_request::Choice,
};
use schakel_tests::{As, reason, seed_meetings::Scene};

pub(super) async fn ill(scene: &Scene, person: PersonId, until: &str) {
    let absence = pb::Absence {
        person: person.to_string(),
        kind: pb::absence::Kind::Away.into(),
        valid_from: "2026-11-23".into(),
        valid_until: until.into(),
        ..Default::default()
    };
    let mut register = AvailabilityServiceClient::new(scene.server.administrator());
    let request = pb::CreateAbsenceRequest { absence: Some(absence), request_id: scene.server.request_id() };
    register.create_absence(request).await.unwrap();
}

pub(super) fn staffing(client: &As) -> StaffingServiceClient<As> {
    StaffingServiceClient::new(client.clone())
}

async fn flagged(scene: &Scene) -> Vec<String> {
    let ask = pb::ListConsultationsRequest { needs_substitute: true, ..Default::default() };
    let found = scene.meetings().list_consultations(ask).await.unwrap().into_inner().consultations;
    assert!(found.iter().all(|one| one.needs_substitute == [scene.smw.0.to_string()]));
    found.into_iter().map(|one| one.name).collect()
}

pub(super) async fn proposed(
    client: &As,
    person: PersonId,
) -> Vec<pb::propose_substitutes_response::Meeting> {
    let ask = pb::ProposeSubstitutesRequest { person: person.to_string(), ..Default::default() };
    staffing(client).propose_substitutes(ask).await.unwrap().into_inner().meetings
}

#[tokio::test]
async fn x14_all_coming_meetings_of_who_is_ill_are_flagged_and_replaced_in_one_decision() {
    let scene = Scene::start().await;
    let (deputy, _) = scene.server.person(Role::Smw, scene.team).await;
    let (doctor, _) = scene.server.person(Role::Jeugdarts, scene.team).await;
    let wednesday = scene.booked(scene.later(48)).await;
    let thursday = scene.booked(scene.later(72)).await;
    let after = scene.booked(scene.later(24 * 14)).await;
    assert!(flagged(&scene).await.is_empty());
    ill(&scene, scene.smw.0, "2026-12-04").await;
    assert_eq!(flagged(&scene).await, [wednesday.name.clone(), thursday.name.clone()]);
    scene.server.news().await;

    let list = proposed(&scene.iber.1, scene.smw.0).await;
    assert_eq!(list.iter().map(|one| one.name.clone()).collect::<Vec<_>>(), flagged(&scene).await);
    for meeting in &list {
        let who: Vec<_> = meeting.substitutes.iter().map(|one| one.person.clone()).collect();
        assert_eq!(who, [deputy.to_string()], "of the same role, and not {doctor}");
    }
    // The team's own planner sees the same and how much each carries, and decides.
    let mut own = proposed(&scene.planner.1, scene.smw.0).await;
    for substitute in own.iter_mut().flat_map(|meeting| &mut meeting.substitutes) {
        assert_eq!(substitute.week_minutes.take(), Some(0));
    }
    assert_eq!(own, list);
    let choices = |list: &[pb::propose_substitutes_response::Meeting]| -> Vec<Choice> {
        let choice = |one: &pb::propose_substitutes_response::Meeting| Choice {
            consultation: one.name.clone(),
            substitute: one.substitutes[0].person.clone(),
            etag: one.etag.clone(),
        };
        list.iter().map(choice).collect()
    };
    let request = |choices| pb::SubstituteParticipantsRequest {
        person: scene.smw.0.to_string(),
        choices,
        request_id: scene.server.request_id(),
    };
    let mut half = choices(&list);
    half[1].etag = "7".into();
    let stale = staffing(&scene.planner.1).substitute_participants(request(half)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    assert_eq!(flagged(&scene).await.len(), 2, "all or none");
    let done = staffing(&scene.planner.1).substitute_participants(request(choices(&list))).await.unwrap();
    assert_eq!(done.into_inner().changed.len(), 2);
    assert!(flagged(&scene).await.is_empty());
    scene.server.clock.advance(chrono::TimeDelta::minutes(1));
    let mails = scene.server.news().await;
    let mut told: Vec<String> = mails.iter().map(schakel_tests::mailbox::Mail::to).collect();
    told.sort();
    assert_eq!((mails.len(), told.windows(2).filter(|two| two[0] == two[1]).count()), (4, 2), "{told:?}");
    let stays = pb::GetConsultationRequest { name: after.name.clone() };
    let stays = scene.meetings().get_consultation(stays).await.unwrap().into_inner();
    assert_eq!((stays.etag, stays.participants.len()), (after.etag, after.participants.len()));
}

#[tokio::test]
async fn a06_another_team_neither_sees_nor_sends_a_substitute() {
    let scene = Scene::start().await;
    scene.booked(scene.later(48)).await;
    ill(&scene, scene.smw.0, "2026-12-04").await;
    let other = scene.server.team("WT02").await;
    let (_, planner) = scene.server.person(Role::WijkteamCoordinator, other).await;
    assert!(proposed(&planner, scene.smw.0).await.is_empty());
    let own = proposed(&scene.planner.1, scene.smw.0).await.remove(0);
    assert!(own.substitutes.is_empty(), "nobody else of this team can come");
    let (free, _) = scene.server.person(Role::Smw, scene.team).await;
    let choice = |etag: &str| Choice {
        consultation: own.name.clone(),
        substitute: free.to_string(),
        etag: etag.into(),
    };
    let request = |choice| pb::SubstituteParticipantsRequest {
        person: scene.smw.0.to_string(),
        choices: vec![choice],
        request_id: scene.server.request_id(),
    };
    let refused = staffing(&planner).substitute_participants(request(choice(&own.etag))).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_NOT_FOUND");
    let somebody_else = pb::SubstituteParticipantsRequest {
        person: scene.leerplicht.0.to_string(),
        ..request(choice(&own.etag))
    };
    let refused = staffing(&scene.iber.1).substitute_participants(somebody_else).await.unwrap_err();
    assert_eq!(reason(&refused), "PARTICIPANT_UNKNOWN");
}

#[tokio::test]
async fn a06_a_team_of_the_past_neither_sees_nor_replaces_who_left_it() {
    let scene = Scene::start().await;
    let former = scene.server.team("WT02").await;
    let (_, planner) = scene.server.person(Role::WijkteamCoordinator, former).await;
    scene.server.affiliate(scene.smw.0, Role::Jeugdverpleegkundige, former).await;
    let meeting = scene.booked(scene.later(48)).await;
    let (free, _) = scene.server.person(Role::Smw, scene.team).await;
    let request = || pb::SubstituteParticipantsRequest {
        person: scene.smw.0.to_string(),
        choices: vec![Choice {
            consultation: meeting.name.clone(),
            substitute: free.to_string(),
            etag: meeting.etag.clone(),
        }],
        request_id: scene.server.request_id(),
    };
    let refused = staffing(&scene.planner.1).substitute_participants(request()).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_NOT_FOUND", "who can come is not replaced by a planner");
    ill(&scene, scene.smw.0, "2026-12-04").await;
    assert!(proposed(&planner, scene.smw.0).await.is_empty(), "they do not sit there for that team");
    let refused = staffing(&planner).substitute_participants(request()).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_NOT_FOUND");
    staffing(&scene.planner.1).substitute_participants(request()).await.unwrap();
}

#[tokio::test]
async fn x15_the_load_of_a_team_is_told_per_full_time_week() {
    let scene = Scene::start().await;
    let (idle, _) = scene.server.person(Role::Smw, scene.team).await;
    scene.booked(scene.later(48)).await;
    scene.booked(scene.later(72)).await;
    let team = pb::get_workload_request::Of::Team(scene.team.to_string());
    let ask = |of| pb::GetWorkloadRequest { of: Some(of), ..Default::default() };
    let loads =
        staffing(&scene.planner.1).get_workload(ask(team.clone())).await.unwrap().into_inner().workloads;
    let told: Vec<_> = loads
        .iter()
        .map(|one| (one.person.clone(), one.meetings, one.meeting_minutes, one.open_cases))
        .collect();
    assert_eq!(told, [(idle.to_string(), 0, 0, 0), (scene.smw.0.to_string(), 2, 120, 1)]);
    assert_eq!(loads[1].weekly_minutes_per_fte, 30, "two hours in four weeks");
    let own = pb::get_workload_request::Of::Person(scene.smw.0.to_string());
    let load = staffing(&scene.smw.1).get_workload(ask(own.clone())).await.unwrap().into_inner().workloads;
    assert_eq!(load[0].meeting_minutes, 120);
    let refused = staffing(&scene.iber.1).get_workload(ask(own)).await.unwrap_err();
    assert_eq!(reason(&refused), "PERSON_NOT_FOUND");
    let refused = staffing(&scene.iber.1).get_workload(ask(team)).await.unwrap_err();
    assert_eq!(reason(&refused), "TEAM_NOT_FOUND");
}
