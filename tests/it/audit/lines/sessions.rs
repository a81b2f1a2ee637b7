//! Sessions of the pages: what their end owes to the log.

use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use schakel_tests::workplace::signed_in;

use super::Story;

/// Somebody signs in, and passes over what that writes down.
async fn signs_in(story: &mut Story) {
    signed_in(&story.scene.server, story.scene.iber.0).await;
    story.skip().await;
}

pub(super) async fn sessions(story: &mut Story) {
    let mut access = AccessServiceClient::new(story.scene.iber.1.clone());
    signs_in(story).await;
    let listed = call!(story: access.list_sessions(pb::ListSessionsRequest::default()) => "ListSessions");
    let (name, request_id) = (listed.sessions[0].name.clone(), story.scene.server.request_id());
    call!(story: access.end_session(pb::EndSessionRequest { name, request_id }) => "EndSession");
    signs_in(story).await;
    let others = pb::EndOtherSessionsRequest { request_id: story.scene.server.request_id() };
    call!(story: access.end_other_sessions(others) => "EndOtherSessions");
    signs_in(story).await;
    let mut administrator = AccessServiceClient::new(story.scene.server.administrator());
    let person = story.scene.iber.0.to_string();
    let ask = pb::EndPersonSessionsRequest { person, request_id: story.scene.server.request_id() };
    call!(story: administrator.end_person_sessions(ask) => "EndPersonSessions");
}
