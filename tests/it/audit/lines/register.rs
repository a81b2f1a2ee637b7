//! What the list of actions and the hand-overs owe to the log.

use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, action_service_client::ActionServiceClient,
    consultation_service_client::ConsultationServiceClient, handover_service_client::HandoverServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::seed_meetings::seat;

use super::Story;
use crate::thuiszitter::{absent, named};

/// The action of the meeting that was just held, by its owner.
pub(super) async fn actions(story: &mut Story) {
    let mut iber = ActionServiceClient::new(story.scene.iber.1.clone());
    let listed = call!(story: iber.list_actions(pb::ListActionsRequest::default()) => "ListActions");
    let done = pb::CompleteActionRequest {
        name: listed.actions[0].name.clone(),
        request_id: story.scene.server.request_id(),
    };
    call!(story: iber.complete_action(done) => "CompleteAction");
}

/// A guide follows another with one case, which then moves to another school.
pub(super) async fn handovers(story: &mut Story) {
    let server = &story.scene.server;
    let swv = server.founded.organisation;
    let (_, keeper) = server.person(Role::Thuiszitterscoordinator, swv).await;
    let guides = [
        server.person(Role::Trajectbegeleider, swv).await.0.to_string(),
        server.person(Role::Trajectbegeleider, swv).await.0.to_string(),
    ];
    let other = server.school("99AC00", "GM9901").await;
    let member = pb::cluster::Member {
        school: story.scene.school.to_string(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let cluster = pb::Cluster {
        code: "ROK9".into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: "ROK Negen".into(),
        members: vec![member],
        ..Default::default()
    };
    let ask = pb::CreateClusterRequest { cluster: Some(cluster), request_id: server.request_id() };
    let cluster = server.directory().create_cluster(ask).await.unwrap().into_inner().name;
    let guide = pb::ClusterGuide {
        cluster: cluster.clone(),
        role: pb::Role::Trajectbegeleider.into(),
        person: guides[0].clone(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let ask = pb::CreateClusterGuideRequest { cluster_guide: Some(guide), request_id: server.request_id() };
    server.directory().create_cluster_guide(ask).await.unwrap();
    let case =
        pb::Case { regisseur: guides[0].clone(), ..named("Kind verhuist", absent(story.scene.school)) };
    let ask = pb::OpenCaseRequest { case: Some(case), request_id: server.request_id(), ..Default::default() };
    let case = ThuiszitterServiceClient::new(keeper.clone()).open_case(ask).await.unwrap().into_inner();
    let mut keeper = HandoverServiceClient::new(keeper);
    let next = pb::ReassignClusterRequest {
        cluster,
        role: pb::Role::Trajectbegeleider.into(),
        from: guides[0].clone(),
        to: guides[1].clone(),
        first_day: "2026-12-01".into(),
        move_cases: true,
        move_consultations: true,
        request_id: server.request_id(),
        ..Default::default()
    };
    story.skip().await;
    call!(story: keeper.reassign_cluster(next) => "ReassignCluster");
    let moving = pb::MoveCaseRequest {
        name: case.name.clone(),
        school: other.to_string(),
        etag: "2".into(),
        request_id: story.scene.server.request_id(),
        ..Default::default()
    };
    call!(story: keeper.move_case(moving) => "MoveCase");
    let receiver = story.scene.server.person(Role::Iber, other).await;
    let parent = case.parents[0].person.parse().unwrap();
    let wish = pb::Consultation {
        kind: pb::consultation::Kind::WarmeOverdracht.into(),
        case: case.name,
        participants: vec![
            seat(story.scene.iber.0, pb::Role::Iber),
            seat(receiver.0, pb::Role::Iber),
            seat(parent, pb::Role::Ouder),
        ],
        ..story.scene.mdo(story.scene.later(24 * 100 + 5))
    };
    let mut meetings = ConsultationServiceClient::new(receiver.1.clone());
    let booked = meetings.book_consultation(story.scene.booking(wish)).await.unwrap().into_inner();
    story.skip().await;
    call!(story: keeper.list_handovers(pb::ListHandoversRequest::default()) => "ListHandovers");
    let mut receiver = HandoverServiceClient::new(receiver.1);
    let back = pb::AnswerHandoverRequest {
        consultation: booked.name,
        state: pb::handover::State::Refused.into(),
        reason: pb::handover::Reason::Incomplete.into(),
        request_id: story.scene.server.request_id(),
    };
    call!(story: receiver.answer_handover(back) => "AnswerHandover");
}
