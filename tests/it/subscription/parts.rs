//! A region with two schools, a gemeente and a system that listens.

use chrono::{DateTime, Days, Utc};
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, SchoolId},
};
use schakel_proto::v1::{
    self as pb, subscription_service_client::SubscriptionServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::{access::authenticate::today, settings::Network, subscription};
use schakel_tests::{
    As, TestServer,
    receiver::{Received, Receiver},
};
use tonic::Status;

use crate::thuiszitter::{absent, named};

pub(super) type Subscriptions = SubscriptionServiceClient<As>;
pub(super) type Cases = ThuiszitterServiceClient<As>;

pub(super) struct Region {
    pub server: TestServer,
    pub school: SchoolId,
    pub other: SchoolId,
    pub gemeente: OrganisationId,
    pub iber: Cases,
    pub elsewhere: Receiver,
}

impl Region {
    pub(super) async fn start() -> Self {
        let server = TestServer::start_changed(|settings| {
            settings.outside.network = Network::Loopback;
            settings.outside.patience_seconds = 1;
            settings.outside.oin = Some("00000001823288444000".to_owned());
        })
        .await;
        let school = server.school("90AA00", "GM9901").await;
        let other = server.school("90BB00", "GM9902").await;
        let gemeente = server.organisation("GEMEENTE", "GM9901").await;
        let (_, iber) = server.person(Role::Iber, school).await;
        Self { school, other, gemeente, iber: Cases::new(iber), elsewhere: Receiver::start().await, server }
    }

    /// The subscriptions of an organisation, as its administrator.
    pub(super) async fn of(&self, organisation: impl Into<OrganisationId>) -> Subscriptions {
        Subscriptions::new(self.server.person(Role::Beheerder, organisation).await.1)
    }

    pub(super) fn wish(&self, path: &str, kinds: &[pb::case_change::Kind]) -> pb::CreateSubscriptionRequest {
        pb::CreateSubscriptionRequest {
            address: self.elsewhere.at(path),
            kinds: kinds.iter().map(|kind| (*kind).into()).collect(),
            request_id: self.server.request_id(),
        }
    }

    /// Has `path` told of the cases of `client`'s organisation; its name and secret.
    pub(super) async fn subscribe(&self, client: &mut Subscriptions, path: &str) -> (String, String) {
        let made = client.create_subscription(self.wish(path, &[])).await.unwrap().into_inner();
        (made.subscription.unwrap().name, made.secret)
    }

    pub(super) async fn test(
        &self,
        client: &mut Subscriptions,
        name: &str,
    ) -> Result<pb::Subscription, Status> {
        let ask = pb::TestSubscriptionRequest { name: name.to_owned(), request_id: self.server.request_id() };
        client.test_subscription(ask).await.map(tonic::Response::into_inner)
    }

    /// Opens a case of a child of that name at the school.
    pub(super) async fn open(&self, name: &str) -> pb::Case {
        self.open_at(self.school, self.iber.clone(), name).await
    }

    pub(super) async fn open_at(&self, school: SchoolId, mut iber: Cases, name: &str) -> pb::Case {
        let next = today(self.server.app.now()) + Days::new(2);
        let case = Some(pb::Case { next_action_date: next.to_string(), ..named(name, absent(school)) });
        let opening =
            pb::OpenCaseRequest { case, request_id: self.server.request_id(), ..Default::default() };
        iber.open_case(opening).await.unwrap().into_inner()
    }

    /// Moves a case on.
    pub(super) async fn advance(&self, case: &pb::Case) -> pb::Case {
        let step = pb::AdvanceCaseRequest {
            name: case.name.clone(),
            stage: pb::Stage::Consult.into(),
            parents_involved: "Telefonisch met moeder besproken.".into(),
            etag: case.etag.clone(),
            request_id: self.server.request_id(),
            ..pb::AdvanceCaseRequest::default()
        };
        self.iber.clone().advance_case(step).await.unwrap().into_inner()
    }

    /// Looks up who is told; says of how many changes.
    pub(super) async fn hand_out(&self) -> usize {
        subscription::hand_out(&self.server.app, self.server.founded.region).await.unwrap()
    }

    /// Tells what is due; says how many events it took up.
    pub(super) async fn deliver(&self) -> usize {
        subscription::deliver(&self.server.app, self.server.founded.region).await.unwrap()
    }

    /// Does both, and gives what came in, by type.
    pub(super) async fn told(&self) -> Vec<Received> {
        self.hand_out().await;
        while self.deliver().await > 0 {}
        let mut received = self.elsewhere.received();
        received.sort_by_key(|one| one.json()["type"].to_string());
        received
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.server.app.now()
    }

    pub(super) async fn only(&self, client: &mut Subscriptions) -> pb::Subscription {
        let listed = client.list_subscriptions(pb::ListSubscriptionsRequest::default()).await.unwrap();
        let mut listed = listed.into_inner().subscriptions;
        assert_eq!(listed.len(), 1);
        listed.remove(0)
    }
}

/// The types of events, without what all have in common.
pub(super) fn types(received: &[Received]) -> Vec<String> {
    let bare = |one: &Received| {
        let name = one.json()["type"].as_str().unwrap().to_owned();
        name.trim_start_matches("nl.schakel.").trim_end_matches(".v1").to_owned()
    };
    received.iter().map(bare).collect()
}
