//! A provider that changes its keys, is away, or is not what it seems.

use chrono::TimeDelta;
use schakel_server::settings::{AuthSettings, Network};
use schakel_tests::{Folder, TestServer, reason};
use tonic::Code;

use super::{
    SUBJECT, SignedIn,
    certificates::Authority,
    provider::{Manner, Provider, Signer},
    who_am_i,
};

const DISCOVERY: &str = "/.well-known/openid-configuration";

#[tokio::test]
async fn keys_are_asked_for_once_and_again_when_one_is_unknown_or_ten_minutes_have_passed() {
    let at = SignedIn::start().await;
    let clock = &at.server().clock;
    let calls = (0..20).map(|_| at.token()).collect::<Vec<_>>();
    let answers = calls.iter().map(|token| at.who_am_i(token));
    for answer in futures(answers).await {
        answer.unwrap();
    }
    assert_eq!(at.provider.asked(), [DISCOVERY, "/jwks"], "one asks for all");

    let new = Signer::p256("k2");
    at.provider.publish(&[&new, &at.signer]);
    let rotated = || new.token(&at.claims(SUBJECT));
    at.who_am_i(&rotated()).await.unwrap();
    assert_eq!(at.provider.asked().len(), 2, "a new key is found at once");

    let unknown = Signer::p256("k3").token(&at.claims(SUBJECT));
    for _ in 0..5 {
        assert_eq!(at.refused(&unknown).await.1, "TOKEN_KEY_UNKNOWN");
    }
    assert_eq!(at.provider.asked().len(), 0, "and not asked for again within half a minute");
    clock.advance(TimeDelta::seconds(30));
    let unknown = Signer::p256("k3").token(&at.claims(SUBJECT));
    for _ in 0..5 {
        assert_eq!(at.refused(&unknown).await.1, "TOKEN_KEY_UNKNOWN");
    }
    assert_eq!(at.provider.asked().len(), 2);

    at.provider.publish(&[&new]);
    at.who_am_i(&at.token()).await.unwrap();
    clock.advance(TimeDelta::minutes(10));
    assert_eq!(at.refused(&at.token()).await.1, "TOKEN_KEY_UNKNOWN", "what was withdrawn is worth nothing");
    at.who_am_i(&rotated()).await.unwrap();
}

/// All at once.
async fn futures<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut all: Vec<_> = all.map(Box::pin).collect();
    let mut done = Vec::new();
    std::future::poll_fn(|context| {
        all.retain_mut(|one| match one.as_mut().poll(context) {
            std::task::Poll::Ready(answer) => {
                done.push(answer);
                false
            }
            std::task::Poll::Pending => true,
        });
        if all.is_empty() { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done
}

#[tokio::test]
async fn a_provider_that_goes_away_is_believed_for_a_day_and_one_that_never_came_is_waited_for() {
    let at = SignedIn::start().await;
    let clock = &at.server().clock;
    at.provider.behave(Manner::NotAtAll);
    let (code, why) = at.refused(&at.token()).await;
    assert_eq!((code, why.as_str()), (Code::Unavailable, "ISSUER_UNAVAILABLE"));
    let http = at.server().http().await;
    let ready = http.get("/readyz").await;
    assert_eq!((ready.status, ready.body.as_str()), (503, ""), "which one is told in the log");
    assert_eq!(http.get("/livez").await.status, 200);
    who_am_i(at.scene.iber.1.clone()).await.expect("tokens of our own need no provider");

    at.provider.behave(Manner::Well);
    clock.advance(TimeDelta::seconds(30));
    at.who_am_i(&at.token()).await.unwrap();
    assert_eq!(http.get("/readyz").await.status, 200);

    at.provider.behave(Manner::Like("500 Oops".into(), String::new()));
    clock.advance(TimeDelta::hours(23));
    at.who_am_i(&at.token()).await.unwrap();
    clock.advance(TimeDelta::hours(1));
    assert_eq!(at.refused(&at.token()).await.1, "ISSUER_UNAVAILABLE");
}

#[tokio::test]
async fn a_provider_that_answers_strangely_is_not_believed() {
    let at = SignedIn::start().await;
    let other = Provider::start(&[&at.signer]).await;
    let body = |text: &str| Manner::Like("200 OK".into(), text.to_owned());
    let moved = |url: &str| Manner::Like(format!("302 Found\r\nlocation: {url}{DISCOVERY}"), String::new());
    let heap =
        format!(r#"{{"issuer":"{0}","jwks_uri":"{0}/jwks","x":"{1}"}}"#, at.provider.url, "x".repeat(65_536));
    let wants = || async {
        at.server().clock.advance(TimeDelta::seconds(31));
        at.refused(&at.token()).await.1
    };
    for manner in [moved(&other.url), body(&heap), body("{"), body("[]"), body("")] {
        at.provider.behave(manner);
        assert_eq!(wants().await, "ISSUER_UNAVAILABLE");
    }
    assert_eq!(other.asked(), Vec::<String>::new(), "a redirect is not followed");

    at.provider.behave(Manner::Well);
    at.provider.call_itself("https://schakel.example");
    assert_eq!(wants().await, "ISSUER_UNAVAILABLE", "it must call itself as it is called");
    at.provider.call_itself(&at.provider.url);
    let elsewhere = other.url.replace("127.0.0.1", "localhost");
    at.provider.keep_keys_at(&format!("{elsewhere}/jwks"));
    assert_eq!(wants().await, "ISSUER_UNAVAILABLE", "keys come from its own host, or one that is named");
    assert_eq!(other.asked(), Vec::<String>::new());
    at.provider.keep_keys_at(&format!("{}/jwks", at.provider.url));
    let crowd: Vec<_> = (0..21).map(|at| Signer::ed25519(&format!("c{at}"))).collect();
    at.provider.publish(&crowd.iter().chain([&at.signer]).collect::<Vec<_>>());
    assert_eq!(wants().await, "ISSUER_UNAVAILABLE");
    at.provider.publish(&[&at.signer]);
    at.server().clock.advance(TimeDelta::seconds(31));
    at.who_am_i(&at.token()).await.unwrap();
}

#[tokio::test]
async fn a_provider_is_asked_over_tls_and_never_in_the_neighbourhood() {
    let folder = Folder::new();
    let authority = Authority::new("Provider CA");
    let signer = Signer::ed25519("k1");
    let provider = Provider::start_tls(authority.acceptor("localhost"), &[&signer]).await;
    authority.write(&folder.join("ca.pem"));
    Authority::new("Somebody else's CA").write(&folder.join("other.pem"));
    for (network, file, expected) in [
        (Network::Loopback, "ca.pem", "ACCOUNT_DISABLED"),
        (Network::Loopback, "other.pem", "ISSUER_UNAVAILABLE"),
        (Network::Private, "ca.pem", "ISSUER_UNAVAILABLE"),
        (Network::Public, "ca.pem", "ISSUER_UNAVAILABLE"),
    ] {
        let mut issuer = provider.settings();
        issuer.network = network;
        issuer.ca_file = Some(folder.join(file));
        let server =
            TestServer::start_with(AuthSettings { issuer: vec![issuer], builtin_issuer: false }).await;
        let token = signer.token(&provider.claims("nobody", server.app.now().timestamp()));
        let refused = who_am_i(server.bearing(&token)).await.unwrap_err();
        assert_eq!(reason(&refused), expected, "{network:?} {file}");
    }
}
