//! What whoever plans for a team is told of its meetings, in a list and in a calendar.

use schakel_domain::access::{Hold, Role};
use schakel_proto::v1::{
    self as pb, consultation::Kind, consultation_service_client::ConsultationServiceClient, feed::Scope,
    list_team_meetings_response::Meeting,
};
use schakel_server::access::{Grant, Worker, circle};
use schakel_tests::{As, reason, seed_meetings::Scene};
use tonic::Status;

use super::substitutes::{ill, staffing};
use crate::feed_scopes::subscribe;

async fn listed(scene: &Scene, client: &As) -> Result<Vec<Meeting>, Status> {
    let ask = pb::ListTeamMeetingsRequest { team: scene.team.to_string(), ..Default::default() };
    Ok(staffing(client).list_team_meetings(ask).await?.into_inner().meetings)
}

/// The calendar of the scene's team, for whoever asks.
async fn calendar(scene: &Scene, client: &As) -> String {
    calendar_of(scene, client, &[]).await
}

/// The same of some kinds only.
async fn calendar_of(scene: &Scene, client: &As, kinds: &[Kind]) -> String {
    let wish = pb::CreateFeedRequest {
        scope: Scope::Team.into(),
        of: scene.team.to_string(),
        kinds: kinds.iter().map(|kind| i32::from(*kind)).collect(),
        ..Default::default()
    };
    let (_, path) = subscribe(&scene.server, client, wish).await;
    let answer = scene.server.http().await.get(&path).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.body
}

#[tokio::test]
async fn x14_whoever_plans_for_a_team_is_told_when_and_where_it_meets_and_no_more() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let off = scene.booked(scene.later(72)).await;
    let cancel = pb::CancelConsultationRequest {
        name: off.name,
        etag: off.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(cancel).await.unwrap();
    let told = listed(&scene, &scene.planner.1).await.unwrap();
    let member = |missing| pb::list_team_meetings_response::Member {
        person: scene.smw.0.to_string(),
        display_name: told[0].members[0].display_name.clone(),
        role: pb::Role::Smw.into(),
        missing,
    };
    let envelope = Meeting {
        name: booked.name.clone(),
        reference: booked.reference.clone(),
        start_time: booked.start_time,
        duration: booked.duration,
        place: booked.place,
        school: scene.school.to_string(),
        members: vec![member(false)],
    };
    assert_eq!(told, [envelope], "neither who else comes nor what is off");
    assert!(!told[0].members[0].display_name.is_empty());
    ill(&scene, scene.smw.0, "2026-12-04").await;
    let told = listed(&scene, &scene.planner.1).await.unwrap();
    assert_eq!(told[0].members, [member(true)]);

    // The meeting itself stays closed to her.
    let ask = pb::GetConsultationRequest { name: booked.name };
    let mut meetings = ConsultationServiceClient::new(scene.planner.1.clone());
    assert_eq!(reason(&meetings.get_consultation(ask).await.unwrap_err()), "CONSULTATION_NOT_FOUND");
}

#[tokio::test]
async fn x14_a_team_is_listed_for_nobody_but_who_plans_for_it_and_the_register() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let other = scene.server.team("WT02").await;
    let (_, planner) = scene.server.person(Role::WijkteamCoordinator, other).await;
    for client in [&planner, &scene.iber.1, &scene.leerplicht.1] {
        assert_eq!(reason(&listed(&scene, client).await.unwrap_err()), "TEAM_NOT_FOUND");
    }
    assert!(listed(&scene, &scene.smw.1).await.is_err(), "she sees her own meetings in her own list");
    let swv = scene.server.founded.organisation;
    let (_, keeper) = scene.server.person(Role::Thuiszitterscoordinator, swv).await;
    assert_eq!(listed(&scene, &keeper).await.unwrap()[0].name, booked.name);

    // Who sits somewhere for another team is none of this one's, and the other way round.
    scene.server.affiliate(scene.smw.0, Role::Jeugdverpleegkundige, other).await;
    let ask = pb::ListTeamMeetingsRequest { team: other.to_string(), ..Default::default() };
    let theirs = staffing(&planner).list_team_meetings(ask).await.unwrap().into_inner();
    assert!(theirs.meetings.is_empty(), "{theirs:?}");
}

#[tokio::test]
async fn x14_a_meeting_about_a_case_that_is_put_aside_is_told_to_no_planner() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    assert!(calendar(&scene, &scene.planner.1).await.contains(&booked.reference));
    let mut aside = scene.family.circle(Some(scene.school), "GM9901", true);
    aside.hold = Some(Hold::Restricted);
    let aside = &aside;
    let grant = Grant::worker(Worker::Setup, scene.server.founded.region);
    let put = scene.server.app.write(&grant, None, |tx| async move { circle::update(&tx, aside).await });
    put.await.unwrap();
    assert!(listed(&scene, &scene.planner.1).await.unwrap().is_empty());
    assert!(!calendar(&scene, &scene.planner.1).await.contains("BEGIN:VEVENT"));
}

#[tokio::test]
async fn x07_the_feed_of_a_team_shows_its_planner_every_meeting_and_no_content() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let own = calendar(&scene, &scene.planner.1).await;
    assert!(own.contains(&booked.reference) && own.contains(&booked.uid), "{own}");
    for hidden in ["Noor", "Anna", "Multidisciplinair"] {
        assert!(!own.contains(hidden), "{hidden} in {own}");
    }
    let narrow = calendar_of(&scene, &scene.planner.1, &[Kind::Mdo]).await;
    assert!(!narrow.contains("BEGIN:VEVENT"), "what kind it is she would learn so: {narrow}");
    let other = scene.server.team("WT02").await;
    let (_, planner) = scene.server.person(Role::WijkteamCoordinator, other).await;
    assert!(!calendar(&scene, &planner).await.contains("BEGIN:VEVENT"), "of another team's");
}
