//! Calls about requests for a helper, made once each.

use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, hulpvraag_service_client::HulpvraagServiceClient};

use super::Story;

pub(super) async fn requests(story: &mut Story) {
    let id = |story: &Story| story.scene.server.request_id();
    let mut iber = story.scene.requests();
    let mut planner = HulpvraagServiceClient::new(story.scene.planner.1.clone());
    let wanted = |story: &Story| {
        let hulpvraag = pb::Hulpvraag {
            school: story.scene.school.to_string(),
            role: pb::Role::Smw.into(),
            target_date: "2026-12-04".into(),
            case: story.scene.family.case.to_string(),
            question: "Wie denkt mee?".into(),
            ..Default::default()
        };
        pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id: id(story) }
    };
    let asked = call!(story: iber.create_hulpvraag(wanted(story)) => "CreateHulpvraag");
    call!(story: iber.get_hulpvraag(pb::GetHulpvraagRequest { name: asked.name.clone() }) => "GetHulpvraag");
    call!(story: iber.list_hulpvragen(pb::ListHulpvragenRequest::default()) => "ListHulpvragen");
    let accept = pb::AcceptHulpvraagRequest {
        name: asked.name,
        person: story.scene.smw.0.to_string(),
        etag: asked.etag,
        request_id: id(story),
    };
    let taken = call!(story: planner.accept_hulpvraag(accept) => "AcceptHulpvraag");
    let done = pb::CompleteHulpvraagRequest { name: taken.name, etag: taken.etag, request_id: id(story) };
    call!(story: planner.complete_hulpvraag(done) => "CompleteHulpvraag");
    let next = call!(story: iber.create_hulpvraag(wanted(story)) => "CreateHulpvraag");
    let other = story.scene.server.team("WT02").await;
    let (_, second) = story.scene.server.person(Role::WijkteamCoordinator, other).await;
    let forward = pb::ForwardHulpvraagRequest {
        name: next.name,
        team: other.to_string(),
        reason: "Woont daar.".into(),
        etag: next.etag,
        request_id: id(story),
    };
    let sent = call!(story: planner.forward_hulpvraag(forward) => "ForwardHulpvraag");
    let mut second = HulpvraagServiceClient::new(second);
    let decline = pb::DeclineHulpvraagRequest {
        name: sent.name,
        reason: "Er loopt al hulp.".into(),
        etag: sent.etag,
        request_id: id(story),
    };
    call!(story: second.decline_hulpvraag(decline) => "DeclineHulpvraag");
}
