//! The listener for systems that show a certificate.

use std::{net::SocketAddr, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hyper_util::rt::TokioIo;
use rcgen::ExtendedKeyUsagePurpose;
use ring::digest;
use rustls_pki_types::ServerName;
use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use schakel_server::{
    access::mtls::Mutual,
    serve::{self, Listener},
    settings::MutualTlsSettings,
};
use schakel_tests::{Bearer, Folder, reason};
use serde_json::json;
use tokio_rustls::TlsConnector;
use tonic::{
    Code, Status,
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint, Uri},
};

use super::{
    SUBJECT, SignedIn, bind,
    certificates::{Authority, Identity, Wish},
    provider::but,
    systems,
};

const OIN: &str = "00000001700000000000";

type Client = AccessServiceClient<InterceptedService<Channel, Bearer>>;

/// The listener, its authority, and what a school's system shows.
struct Listening {
    at: SignedIn,
    authority: Authority,
    folder: Folder,
    address: SocketAddr,
    system: pb::SystemClient,
}

impl Listening {
    async fn start() -> Self {
        let at = SignedIn::start().await;
        let authority = Authority::new("TEST PKIoverheid Private Services CA");
        let folder = Folder::new();
        let now = at.server().app.now();
        authority.write(&folder.join("ca.pem"));
        std::fs::write(folder.join("crl.pem"), authority.revocations(&[], now)).unwrap();
        show(&folder, &authority.server("localhost", (2030, 1, 1)));
        let settings = MutualTlsSettings {
            listen: "127.0.0.1:0".parse().unwrap(),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
            client_ca: folder.join("ca.pem"),
            crl: vec![folder.join("crl.pem")],
        };
        let mutual = Mutual::open(settings.clone(), Arc::clone(&at.server().app.clock)).unwrap();
        let listener = Listener::bind_mutual(settings.listen, mutual).await.unwrap();
        let address = listener.address().unwrap();
        let app = at.server().app.clone();
        let router = serve::router(&app);
        tokio::spawn(listener.serve(app, router, tokio_util::sync::CancellationToken::new()));
        let system = pb::SystemClient {
            organisation: at.scene.school.to_string().replace("schools/", "organisations/"),
            display_name: "Leerlingsysteem".into(),
            oin: OIN.into(),
            scopes: vec!["OWN_ACCOUNT".into(), "READ_DIRECTORY".into(), "READ_CASE".into()],
            ..pb::SystemClient::default()
        };
        let system = systems::create(at.server(), system).await.unwrap();
        Self { at, authority, folder, address, system }
    }

    fn now(&self) -> DateTime<Utc> {
        self.at.server().app.now()
    }

    fn revoke(&self, revoked: &[&Identity], now: DateTime<Utc>) {
        std::fs::write(self.folder.join("crl.pem"), self.authority.revocations(revoked, now)).unwrap();
    }

    /// A connection that shows `identity`, or nothing.
    fn connect(&self, identity: Option<&Identity>, headers: &[(&'static str, &str)]) -> Client {
        let address = self.address;
        let mut roots = rustls::RootCertStore::empty();
        let ca = rustls_pki_types::pem::PemObject::from_pem_slice(self.authority.pem.as_bytes()).unwrap();
        roots.add(ca).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match identity {
            Some(one) => builder.with_client_auth_cert(vec![one.der.clone()], one.key_der()).unwrap(),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        let connector = TlsConnector::from(Arc::new(config));
        let channel = Endpoint::from_static("http://localhost").connect_with_connector_lazy(
            tower::service_fn(move |_: Uri| {
                let connector = connector.clone();
                async move {
                    let stream = tokio::net::TcpStream::connect(address).await?;
                    let name = ServerName::try_from("localhost").unwrap();
                    Ok::<_, std::io::Error>(TokioIo::new(connector.connect(name, stream).await?))
                }
            }),
        );
        AccessServiceClient::new(InterceptedService::new(channel, Bearer::with(headers)))
    }
}

/// Puts the server's certificate and key in `folder`.
fn show(folder: &Folder, identity: &Identity) {
    std::fs::write(folder.join("server.pem"), &identity.pem).unwrap();
    let key = folder.join("server.key");
    std::fs::write(&key, identity.key.serialize_pem()).unwrap();
    std::fs::set_permissions(key, std::os::unix::fs::PermissionsExt::from_mode(0o400)).unwrap();
}

async fn who(client: &mut Client) -> Result<pb::WhoAmIResponse, Status> {
    client.who_am_i(pb::WhoAmIRequest {}).await.map(tonic::Response::into_inner)
}

/// The connection never came about: no answer of ours was read.
fn shut_out(answer: Result<pb::WhoAmIResponse, Status>) -> bool {
    answer.is_err_and(|status| status.code() != Code::Unauthenticated && reason(&status).is_empty())
}

fn told(answer: Result<pb::WhoAmIResponse, Status>) -> (Code, String) {
    let status = answer.unwrap_err();
    (status.code(), reason(&status))
}

#[tokio::test]
async fn x11_a_system_is_known_by_the_oin_of_its_certificate() {
    let listening = Listening::start().await;
    let identity = listening.authority.issue(&Wish::oin(OIN));
    let mut alone = listening.connect(Some(&identity), &[]);
    let me = who(&mut alone).await.unwrap();
    assert_eq!((me.system_client.as_str(), me.person.as_str()), (listening.system.name.as_str(), ""));
    let iber = listening.at.scene.iber.0.to_string();
    let mut acting = listening.connect(Some(&identity), &[("schakel-on-behalf-of", &iber)]);
    assert_eq!(who(&mut acting).await.unwrap().person, iber);

    let stranger = listening.authority.issue(&Wish::oin("00000001700000000001"));
    let mut stranger = listening.connect(Some(&stranger), &[]);
    assert_eq!(told(who(&mut stranger).await), (Code::PermissionDenied, "ACCOUNT_DISABLED".into()));
}

#[tokio::test]
async fn r07_a_certificate_that_is_not_good_is_shut_out() {
    let listening = Listening::start().await;
    let good = Wish::oin(OIN);
    let issue = |wish: &Wish| listening.authority.issue(wish);
    let expired = issue(&Wish { until: (2026, 11, 22), ..good.clone() });
    let for_servers = issue(&Wish { purposes: vec![ExtendedKeyUsagePurpose::ServerAuth], ..good.clone() });
    let for_nothing = issue(&Wish { purposes: Vec::new(), ..good.clone() });
    let foreign = Authority::new("TEST PKIoverheid Private Services CA").issue(&good);
    let revoked = issue(&Wish { serial: 99, ..good.clone() });
    listening.revoke(&[&revoked], listening.now());
    for (what, shown) in [
        ("nothing", None),
        ("expired", Some(&expired)),
        ("a server's", Some(&for_servers)),
        ("without purpose", Some(&for_nothing)),
        ("of another authority", Some(&foreign)),
        ("revoked", Some(&revoked)),
    ] {
        let mut client = listening.connect(shown, &[]);
        assert!(shut_out(who(&mut client).await), "{what}");
    }
    for number in
        [None, Some("0000000170000000000"), Some("000000017000000000000"), Some("0000000170000000000x")]
    {
        let identity = issue(&Wish { number: number.map(str::to_owned), ..good.clone() });
        let mut client = listening.connect(Some(&identity), &[]);
        assert_eq!(
            told(who(&mut client).await),
            (Code::Unauthenticated, "CERT_OIN_INVALID".into()),
            "{number:?}"
        );
    }
    let mut client = listening.connect(Some(&issue(&good)), &[]);
    who(&mut client).await.unwrap();
}

#[tokio::test]
async fn r07_a_new_revocation_list_ends_connections_that_stand() {
    let listening = Listening::start().await;
    let identity = listening.authority.issue(&Wish::oin(OIN));
    let mut client = listening.connect(Some(&identity), &[]);
    who(&mut client).await.unwrap();
    listening.revoke(&[&identity], listening.now());
    assert_eq!(told(who(&mut client).await), (Code::Unauthenticated, "CERT_REVOKED".into()));
    listening.revoke(&[], listening.now());
    who(&mut client).await.unwrap();

    // What cannot be read changes nothing, until the last good list is out of date.
    std::fs::write(listening.folder.join("crl.pem"), "half a fi").unwrap();
    who(&mut client).await.unwrap();
    listening.at.server().clock.advance(TimeDelta::days(8));
    assert_eq!(told(who(&mut client).await), (Code::Unauthenticated, "CERT_INVALID".into()));
    let mut late = listening.connect(Some(&identity), &[]);
    assert!(shut_out(who(&mut late).await), "an expired list lets nobody in");
    listening.revoke(&[], listening.now());
    who(&mut late).await.unwrap();
    who(&mut client).await.unwrap();
}

#[tokio::test]
async fn r07_an_authority_without_a_revocation_list_lets_nobody_in() {
    let listening = Listening::start().await;
    let identity = listening.authority.issue(&Wish::oin(OIN));
    let other = Authority::new("Another authority");
    std::fs::write(listening.folder.join("crl.pem"), other.revocations(&[], listening.now())).unwrap();
    let mut client = listening.connect(Some(&identity), &[]);
    assert!(shut_out(who(&mut client).await));
}

#[tokio::test]
async fn the_listeners_own_certificate_is_renewed_without_a_restart() {
    let listening = Listening::start().await;
    let identity = listening.authority.issue(&Wish::oin(OIN));
    let before = listening.connect(Some(&identity), &[]);
    who(&mut before.clone()).await.unwrap();
    std::fs::remove_file(listening.folder.join("server.key")).unwrap();
    show(&listening.folder, &listening.authority.server("elsewhere.example", (2031, 1, 1)));
    let mut after = listening.connect(Some(&identity), &[]);
    assert!(shut_out(who(&mut after).await), "it shows the new name, which the client does not want");
    std::fs::remove_file(listening.folder.join("server.key")).unwrap();
    show(&listening.folder, &listening.authority.server("localhost", (2031, 1, 1)));
    who(&mut after).await.unwrap();
}

#[tokio::test]
async fn r08_a_token_beside_a_certificate_must_be_bound_to_it() {
    let listening = Listening::start().await;
    let at = &listening.at;
    let identity = listening.authority.issue(&Wish::oin(OIN));
    let thumb =
        |identity: &Identity| URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, identity.der.as_ref()));
    let token = |subject: &str, thumb: Option<String>| {
        let cnf = thumb.map_or(json!(null), |thumb| json!({"x5t#S256": thumb}));
        format!("Bearer {}", at.signer.token(&but(&at.claims(subject), json!({"cnf": cnf}))))
    };
    let other = listening.authority.issue(&Wish { serial: 8, ..Wish::oin(OIN) });
    let own = format!("Bearer {}", at.server().founded.secret);
    for bearer in [token(SUBJECT, None), token(SUBJECT, Some(thumb(&other))), own] {
        let mut client = listening.connect(Some(&identity), &[("authorization", &bearer)]);
        assert_eq!(told(who(&mut client).await), (Code::Unauthenticated, "TOKEN_BINDING".into()));
    }
    let bearer = token(SUBJECT, Some(thumb(&identity)));
    let mut client = listening.connect(Some(&identity), &[("authorization", &bearer)]);
    let me = who(&mut client).await.unwrap();
    assert_eq!(me.person, at.scene.iber.0.to_string(), "the person's own token says for whom");
    assert_eq!(me.system_client, listening.system.name);

    // A person of another organisation is not within this system's reach.
    at.bind("smw", at.scene.smw.0).await.unwrap();
    let bearer = token("smw", Some(thumb(&identity)));
    let mut client = listening.connect(Some(&identity), &[("authorization", &bearer)]);
    assert_eq!(told(who(&mut client).await), (Code::PermissionDenied, "ACCOUNT_DISABLED".into()));

    let administrator = at.server().administrator();
    bind(at.server(), administrator, &at.provider.url, "machine", &listening.system.name).await.unwrap();
    let bearer = token("machine", Some(thumb(&identity)));
    let mut client = listening.connect(Some(&identity), &[("authorization", &bearer)]);
    assert_eq!(who(&mut client).await.unwrap().system_client, listening.system.name);
}

#[tokio::test]
async fn the_rust_client_trusts_an_authority_of_its_own_and_shows_the_certificate_of_a_system() {
    let listening = Listening::start().await;
    let identity = listening.authority.issue(&Wish::oin(OIN));
    let mut profile = schakel_client::Profile::new(format!("https://{}", listening.address), "");
    let strange = schakel_client::Connection::open(&profile).await;
    assert!(strange.is_err(), "the system does not know this authority");
    profile.tls = schakel_client::Tls {
        authority: Some(listening.authority.pem.clone()),
        identity: Some((identity.pem.clone(), identity.key.serialize_pem())),
        server_name: Some("localhost".into()),
    };
    let connection = schakel_client::Connection::open(&profile).await.unwrap();
    let me = connection.access().who_am_i(pb::WhoAmIRequest {}).await.unwrap().into_inner();
    assert_eq!(me.system_client, listening.system.name);
}
