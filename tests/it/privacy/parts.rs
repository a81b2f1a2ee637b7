//! A child that was one of several at a meeting: its rights concern its own part and nothing else.

use pb::{ErasureGround, consultation::State, export_subject_request::Format};
use schakel_proto::v1 as pb;
use schakel_tests::{
    reason,
    seed_meetings::{Family, seat},
};

use super::{
    Life,
    erasure::{mentions, uuid},
};

/// A meeting about the child of `life`, first, and another of its school; ten days on.
async fn meeting(life: &Life, other: &Family) -> pb::Consultation {
    let scene = &life.scene;
    let part = |case: &str, parent| pb::consultation::Part {
        case: case.to_owned(),
        duration: Some(prost_types::Duration { seconds: 1500, nanos: 0 }),
        participants: vec![seat(parent, pb::Role::Ouder)],
        ..Default::default()
    };
    let team = pb::Consultation {
        kind: pb::consultation::Kind::Ondersteuningsteam.into(),
        case: String::new(),
        school: scene.school.to_string(),
        participants: vec![seat(scene.iber.0, pb::Role::Iber), seat(scene.smw.0, pb::Role::Smw)],
        parts: vec![
            part(&life.case.name, life.parents()[0]),
            part(&other.case.to_string(), other.parents[0]),
        ],
        ..scene.mdo(scene.later(240))
    };
    scene.meetings().book_consultation(scene.booking(team)).await.unwrap().into_inner()
}

async fn get(life: &Life, name: &str) -> Result<pb::Consultation, tonic::Status> {
    let ask = pb::GetConsultationRequest { name: name.to_owned() };
    life.scene.meetings().get_consultation(ask).await.map(tonic::Response::into_inner)
}

fn states(meeting: &pb::Consultation) -> Vec<State> {
    meeting.parts.iter().map(pb::consultation::Part::state).collect()
}

#[tokio::test]
async fn b16_what_is_restricted_of_one_child_leaves_the_parts_of_the_others() {
    let life = Life::start().await;
    let other = life.scene.server.family(life.scene.school).await;
    let booked = meeting(&life, &other).await;
    let request = pb::RestrictCaseRequest {
        name: life.case.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        cancel_meetings: true,
        request_id: life.id(),
        ..Default::default()
    };
    life.school().restrict_case(request).await.unwrap();
    let left = get(&life, &booked.name).await.unwrap();
    assert_eq!((left.state(), states(&left)), (State::Planned, vec![State::Cancelled, State::Planned]));
}

#[tokio::test]
async fn b16_an_export_tells_of_a_childs_own_part_and_no_other() {
    let life = Life::start().await;
    let other = life.scene.server.family(life.scene.school).await;
    let booked = meeting(&life, &other).await;
    let told = life.export(&life.school(), Format::Json, "").await.unwrap();
    let own = get(&life, &booked.parts[0].consultation).await.unwrap();
    let foreign = get(&life, &booked.parts[1].consultation).await.unwrap();
    assert!(told.contains(&own.reference) && told.contains(&own.name));
    for secret in [&booked.reference, &booked.name, &foreign.reference, &foreign.name] {
        assert!(!told.contains(secret.as_str()), "{secret}");
    }
}

#[tokio::test]
async fn b16_an_erased_child_leaves_the_meeting_to_the_others() {
    let life = Life::start().await;
    let other = life.scene.server.family(life.scene.school).await;
    let booked = meeting(&life, &other).await;
    life.work().await;
    let proposal = life.propose(&life.school(), ErasureGround::Unlawful).await.unwrap();
    life.approve(&life.fg, &proposal.name).await.unwrap();
    let gone = get(&life, &booked.parts[0].consultation).await.unwrap_err();
    assert_eq!(reason(&gone), "CONSULTATION_NOT_FOUND");
    let left = get(&life, &booked.name).await.unwrap();
    assert_eq!((left.parts.len(), left.parts[0].case.clone()), (1, other.case.to_string()));
    let ids = [uuid(&life.case.name), uuid(&booked.parts[0].consultation), life.child().0];
    assert_eq!(mentions(&life.scene.server, &ids).await, ["audit.object_id"]);
}
