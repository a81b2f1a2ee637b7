//! Who somebody is: tokens of identity providers, systems, client certificates.

pub(crate) mod certificates;
mod mtls;
pub(crate) mod provider;
mod provider_away;
mod real;
mod systems;
mod tokens;

use schakel_domain::ids::PersonId;
use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use schakel_server::settings::AuthSettings;
use schakel_tests::{As, TestServer, reason, seed_meetings::Scene};
use tonic::{Code, Status};

use self::provider::{Provider, Signer};

/// A region whose people can sign in at a provider, and the IB'er's login there.
struct SignedIn {
    scene: Scene,
    provider: Provider,
    signer: Signer,
}

/// The IB'er's `sub`.
const SUBJECT: &str = "8f0e-iber";

impl SignedIn {
    async fn start() -> Self {
        Self::start_with(|auth| auth).await
    }

    async fn start_with(change: impl FnOnce(AuthSettings) -> AuthSettings) -> Self {
        let signer = Signer::ed25519("k1");
        let provider = Provider::start(&[&signer]).await;
        let scene = Scene::start_with(change(provider.auth())).await;
        let signed_in = Self { scene, provider, signer };
        signed_in.bind(SUBJECT, signed_in.scene.iber.0).await.unwrap();
        signed_in
    }

    fn server(&self) -> &TestServer {
        &self.scene.server
    }

    async fn bind(&self, subject: &str, person: PersonId) -> Result<pb::Login, Status> {
        bind(self.server(), self.server().administrator(), &self.provider.url, subject, &person.to_string())
            .await
    }

    /// What a good token of `subject` says now.
    fn claims(&self, subject: &str) -> serde_json::Value {
        self.provider.claims(subject, self.server().app.now().timestamp())
    }

    /// A good token of the IB'er.
    fn token(&self) -> String {
        self.signer.token(&self.claims(SUBJECT))
    }

    async fn who_am_i(&self, token: &str) -> Result<pb::WhoAmIResponse, Status> {
        who_am_i(self.server().bearing(token)).await
    }

    /// Why `token` is not let in.
    async fn refused(&self, token: &str) -> (Code, String) {
        let refused = self.who_am_i(token).await.unwrap_err();
        (refused.code(), reason(&refused))
    }
}

async fn who_am_i(channel: As) -> Result<pb::WhoAmIResponse, Status> {
    AccessServiceClient::new(channel).who_am_i(pb::WhoAmIRequest {}).await.map(tonic::Response::into_inner)
}

/// Binds `subject` of `issuer` to `persons/…` or `systemClients/…`, as whoever has `channel`.
async fn bind(
    server: &TestServer,
    channel: As,
    issuer: &str,
    subject: &str,
    who: &str,
) -> Result<pb::Login, Status> {
    let mut login =
        pb::Login { issuer: issuer.to_owned(), subject: subject.to_owned(), ..pb::Login::default() };
    if who.starts_with("persons/") {
        who.clone_into(&mut login.person);
    } else {
        who.clone_into(&mut login.system_client);
    }
    let request = pb::BindLoginRequest { login: Some(login), request_id: server.request_id() };
    AccessServiceClient::new(channel).bind_login(request).await.map(tonic::Response::into_inner)
}
