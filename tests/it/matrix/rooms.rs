//! Rooms of the two regions.

use schakel_domain::ids::OrganisationId;
use schakel_proto::v1 as pb;
use schakel_tests::TestServer;

/// A room at a school, as its keeper makes it.
pub(super) async fn room(server: &TestServer, organisation: OrganisationId) -> String {
    let room = pb::Room {
        organisation: organisation.to_string(),
        display_name: "Kamer 1".into(),
        seats: 8,
        valid_from: "2026-11-01".into(),
        ..Default::default()
    };
    let ask = pb::CreateRoomRequest { room: Some(room), request_id: server.request_id() };
    server.directory().create_room(ask).await.unwrap().into_inner().name
}
