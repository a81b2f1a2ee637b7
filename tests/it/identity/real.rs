//! A provider that is somebody else's program: its tokens, and its keys that change under load.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_server::settings::{Algorithm, AuthSettings, IssuerSettings, Network, SignInSettings};
use schakel_tests::{
    Folder, TestServer,
    http::{Answer, Http},
    needs::{Need, full_drill},
    reason,
    workplace::{Browser, SESSION},
};
use tokio::{sync::Mutex as Turn, task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::{bind, provider::AUDIENCE, who_am_i};

const CALLS_A_SECOND: u64 = 100;
/// The provider has one clock and one set of keys: who changes them is alone with it.
static ALONE: Turn<()> = Turn::const_new(());

/// The provider, told what time it is by the test.
struct Real {
    url: String,
    http: Http,
}

impl Real {
    fn or_skip(test: &str) -> Option<Self> {
        let url = Need::Oidc.or_skip(test)?;
        let http = Http::at(url.strip_prefix("http://").unwrap().parse().unwrap());
        Some(Self { url, http })
    }

    async fn tell(&self, path: &str, server: &TestServer) {
        let now = server.app.now().timestamp().to_string();
        let answer = self.http.send("POST", path, &[], &now).await;
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
    }

    /// A token by `client_credentials`.
    async fn token(&self, client: &str) -> String {
        let basic = format!("Basic {}", STANDARD.encode(format!("{client}:secret")));
        let form = "application/x-www-form-urlencoded";
        let headers = [("authorization", basic.as_str()), ("content-type", form)];
        let body = "grant_type=client_credentials&resource=https%3A%2F%2Fschakel.example";
        let answer = self.http.send("POST", "/token", &headers, body).await;
        let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        body["access_token"].as_str().unwrap_or_else(|| panic!("{answer:?}")).to_owned()
    }

    fn auth(&self) -> AuthSettings {
        let issuer = IssuerSettings {
            url: self.url.clone(),
            audience: AUDIENCE.into(),
            algorithms: Algorithm::all(),
            ca_file: None,
            network: Network::Loopback,
            key_hosts: Vec::new(),
            required_acr: Vec::new(),
            user_lifetime_seconds: 3600,
            system_lifetime_seconds: 6 * 3600,
            sign_in: None,
        };
        AuthSettings { issuer: vec![issuer], builtin_issuer: false }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn x11_keys_of_a_real_provider_change_under_load_and_no_valid_call_is_refused() {
    let Some(real) =
        Real::or_skip("x11_keys_of_a_real_provider_change_under_load_and_no_valid_call_is_refused")
    else {
        return;
    };
    let _alone = ALONE.lock().await;
    let server = Arc::new(TestServer::start_with(real.auth()).await);
    real.tell("/test/reset", &server).await;
    let school = server.school("99AA00", "GM9901").await;
    for client in ["person-RS256", "person-PS256", "person-ES256", "person-EdDSA"] {
        let (person, _) = server.person(Role::Iber, school).await;
        let administrator = server.administrator();
        bind(&server, administrator, &real.url, client, &person.to_string()).await.unwrap();
        let me = who_am_i(server.bearing(&real.token(client).await)).await.unwrap();
        assert_eq!(me.person, person.to_string(), "{client}");
    }

    let rotations = if full_drill() { 10 } else { 2 };
    let first = real.token("person-ES256").await;
    // The newest token and the one before it: both are valid all the time.
    let valid = Arc::new(Mutex::new([first.clone(), first.clone()]));
    let stop = CancellationToken::new();
    let load = tokio::spawn(call_until(Arc::clone(&server), Arc::clone(&valid), stop.clone()));
    for _ in 0..rotations {
        tokio::time::sleep(Duration::from_millis(500)).await;
        real.tell("/test/rotate", &server).await;
        // Half a minute after the last question, an unknown key is asked for.
        server.clock.advance(TimeDelta::seconds(31));
        real.tell("/test/clock", &server).await;
        let next = real.token("person-ES256").await;
        renew(&valid, next);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    stop.cancel();
    let answers = load.await.unwrap();
    let refused: Vec<_> = answers.iter().filter_map(|answer| answer.as_deref()).collect();
    eprintln!("{rotations} rotations, {} calls, {} refused", answers.len(), refused.len());
    assert!(answers.len() >= usize::try_from(rotations * CALLS_A_SECOND / 4).unwrap(), "there was load");
    assert!(refused.is_empty(), "{refused:?}");

    real.tell("/test/forget", &server).await;
    server.clock.advance(TimeDelta::minutes(10));
    let [new, old] = valid.lock().unwrap().clone();
    let withdrawn = who_am_i(server.bearing(&old)).await.unwrap_err();
    assert_eq!(reason(&withdrawn), "TOKEN_KEY_UNKNOWN");
    who_am_i(server.bearing(&new)).await.unwrap();
}

#[tokio::test]
async fn somebody_signs_in_with_a_browser_at_a_real_provider() {
    let Some(real) = Real::or_skip("somebody_signs_in_with_a_browser_at_a_real_provider") else { return };
    let _alone = ALONE.lock().await;
    let folder = Folder::new();
    std::fs::write(folder.join("secret"), "secret\n").unwrap();
    let mut auth = real.auth();
    auth.issuer[0].sign_in = Some(SignInSettings {
        client_id: "browser".into(),
        client_secret_file: Some(folder.join("secret")),
        display_name: Some("Scholengroep".into()),
    });
    let server = TestServer::start_with(auth).await;
    real.tell("/test/reset", &server).await;
    let school = server.school("99AA00", "GM9901").await;
    let (person, _) = server.person(Role::Iber, school).await;

    let browser = Browser::of(&server).await;
    let page = browser.get("/sign-in?to=/today%3Fx%3D1").await;
    assert!(page.body.contains("Inloggen bij Scholengroep"), "{}", page.body);
    // Who is not bound to anybody here is recognised, and let in nowhere.
    let (arrived, _) = through(&real, &browser, "/sign-in/start?at=0&to=/today").await;
    assert_eq!(arrived.header("location"), "/sign-in?said=unknown");
    let administrator = server.administrator();
    bind(&server, administrator, &real.url, "browser-person", &person.to_string()).await.unwrap();

    let (arrived, address) = through(&real, &browser, "/sign-in/start?at=0&to=/today%3Fx%3D1").await;
    assert_eq!((arrived.status, arrived.header("location")), (303, "/today?x=1"), "{arrived:?}");
    let page = browser.follow(arrived).await;
    assert!(page.status == 200 && page.body.contains("SCHOOL 99AA00"), "{page:?}");

    // Whoever signs out here is led there, and that is no request that it refuses.
    let other = Browser::of(&server).await;
    through(&real, &other, "/sign-in/start?at=0").await;
    let out = other.post("/sign-out", &[]).await;
    let leaving = other.follow(out).await;
    let there = leaving.header("refresh").strip_prefix("0; url=").unwrap().to_owned();
    let there = real.http.get(there.strip_prefix(&real.url).unwrap()).await;
    assert!(there.status == 200 && there.body.contains("/session/end/confirm"), "{there:?}");

    // The address opens nothing twice, and nothing in another browser.
    for other in [browser, Browser::of(&server).await] {
        assert_eq!(other.get(&address).await.header("location"), "/sign-in?said=failed");
    }
    let victim = Browser::of(&server).await;
    victim.get("/sign-in/start?at=0").await;
    assert_eq!(victim.get(&address).await.header("location"), "/sign-in?said=failed");
    assert_eq!(victim.cookie(SESSION), "");
    // ISSUER_NOT_FOUND, as every page that is not there.
    assert_eq!(victim.get("/sign-in/start?at=1").await.status, 404);
}

/// Leaves for the provider, is let through there, and comes back; with the address of coming back.
async fn through(real: &Real, browser: &Browser, start: &str) -> (Answer, String) {
    let path = |address: &str| {
        let behind = address.split_once("://").map_or(address, |(_, rest)| rest);
        behind.find('/').map_or("/", |at| &behind[at..]).to_owned()
    };
    let left = browser.get(start).await;
    let mut next = left.header("location").to_owned();
    assert!(left.status == 303 && next.starts_with(&real.url), "{left:?}");
    for word in ["code_challenge_method=S256", "nonce=", "state=", "response_type=code"] {
        assert!(next.contains(word), "{next}");
    }
    let there = Browser::at(Http::at(real.http.address()));
    for _ in 0..10 {
        if next.starts_with("https://schakel.example/sign-in/back") {
            let back = path(&next);
            return (browser.get(&back).await, back);
        }
        let answer = there.get(&path(&next)).await;
        answer.header("location").clone_into(&mut next);
        assert!(!next.is_empty(), "{answer:?}");
    }
    panic!("it leads nowhere: {next}");
}

/// Calls at an even pace with both valid tokens in turn; why each was refused, if it was.
async fn call_until(
    server: Arc<TestServer>,
    valid: Arc<Mutex<[String; 2]>>,
    stop: CancellationToken,
) -> Vec<Option<String>> {
    let mut pace = tokio::time::interval(Duration::from_millis(1000 / CALLS_A_SECOND));
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut calls = JoinSet::new();
    for turn in 0.. {
        tokio::select! {
            () = stop.cancelled() => break,
            _ = pace.tick() => {}
        }
        let token = valid.lock().unwrap()[turn % 2].clone();
        let server = Arc::clone(&server);
        calls
            .spawn(async move { who_am_i(server.bearing(&token)).await.err().map(|status| reason(&status)) });
    }
    calls.join_all().await
}

/// The newest takes the place of the one before it.
fn renew(valid: &Mutex<[String; 2]>, next: String) {
    let mut tokens = valid.lock().unwrap();
    *tokens = [next, tokens[0].clone()];
}
