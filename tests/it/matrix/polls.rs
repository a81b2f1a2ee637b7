//! Proposals of times and the wishes of parents, for the matrix and its swaps.

use chrono::TimeDelta;
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, time_poll_service_client::TimePollServiceClient, wishes_service_client::WishesServiceClient,
};
use schakel_tests::{As, TestServer, seed_meetings::stamp};

use super::world::{Relation, World};

impl World {
    /// To the table of every meeting here.
    pub(super) async fn propose(&self, case: &pb::Case) -> pb::TimePoll {
        let table = self.table(&case.parents[0].person);
        propose(&self.server, &self.client(Role::Iber, Relation::Own), case, &table).await
    }
}

impl World {
    /// Another time that the last at the table proposed.
    pub(super) async fn outdated(&self, meeting: &pb::Consultation) -> String {
        outdated(&self.server, meeting).await
    }
}

/// The same for any meeting.
pub(super) async fn outdated(server: &TestServer, meeting: &pb::Consultation) -> String {
    let person = meeting.participants.last().unwrap().person.parse().unwrap();
    server.outdated(meeting.name.parse().unwrap(), person).await.to_string()
}

/// A proposal to `table` about `case`, whose first parent said what suits them.
pub(super) async fn propose(
    server: &TestServer,
    client: &As,
    case: &pb::Case,
    table: &[pb::Participant],
) -> pb::TimePoll {
    let parent: PersonId = case.parents[0].person.parse().unwrap();
    let wishes = pb::ParentWishes {
        case: case.name.clone(),
        person: parent.to_string(),
        language: "ar".into(),
        etag: "0".into(),
        ..Default::default()
    };
    let wishes = pb::SetParentWishesRequest { parent_wishes: Some(wishes), request_id: server.request_id() };
    WishesServiceClient::new(client.clone()).set_parent_wishes(wishes).await.unwrap();
    let at = |days| Some(stamp(server.app.now() + TimeDelta::days(days)));
    let voter = |seat: &pb::Participant| pb::time_poll::Voter {
        person: seat.person.clone(),
        role: seat.role,
        ..Default::default()
    };
    let poll = pb::TimePoll {
        kind: pb::consultation::Kind::Mdo.into(),
        case: case.name.clone(),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        options: [30, 31].into_iter().filter_map(at).collect(),
        voters: table.iter().map(voter).collect(),
        deadline_time: at(20),
        ..Default::default()
    };
    let request = pb::CreateTimePollRequest { time_poll: Some(poll), request_id: server.request_id() };
    TimePollServiceClient::new(client.clone()).create_time_poll(request).await.unwrap().into_inner()
}
