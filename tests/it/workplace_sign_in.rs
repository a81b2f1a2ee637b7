//! Signing in to the pages and out of them: how often, and whom the provider then still knows.

use chrono::TimeDelta;
use schakel_server::settings::{AuthSettings, SignInSettings};
use schakel_tests::{
    http::Answer,
    seed_meetings::Scene,
    workplace::{Browser, SESSION, signed_in, signed_in_by},
};

use crate::identity::provider::{Manner, Provider, Signer};

/// Comes back from a provider with nothing that fits, from an address behind a proxy.
async fn tries(browser: &Browser, from: &str) -> Answer {
    browser.send("GET", "/sign-in/back?code=x&state=y", &[("x-forwarded-for", from)], "").await
}

#[tokio::test]
async fn t05_who_tries_to_sign_in_too_often_waits_and_others_do_not() {
    let scene = Scene::start_changed(|settings| {
        settings.auth = AuthSettings { issuer: Vec::new(), builtin_issuer: true };
        settings.limits.sign_ins_per_minute = 4;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let browser = Browser::of(&scene.server).await;
    for _ in 0..4 {
        let failed = tries(&browser, "203.0.113.1").await;
        assert_eq!((failed.status, failed.header("location")), (303, "/sign-in?said=failed"));
    }
    let form = ("content-type", "application/x-www-form-urlencoded");
    for (method, path) in [("GET", "/sign-in/back"), ("GET", "/sign-in/start?at=0"), ("POST", "/sign-in/as")]
    {
        let headers = [("x-forwarded-for", "203.0.113.1"), form];
        let refused = browser.send(method, path, &headers, "").await;
        assert_eq!(
            (refused.status, refused.header("retry-after")),
            (429, "15"),
            "{method} {path} {refused:?}"
        );
        assert_eq!(refused.header("content-type"), "text/html; charset=utf-8");
        assert!(refused.header("content-security-policy").starts_with("default-src 'none'"));
        for told in ["<html lang=\"nl\">", "Er wordt te vaak ingelogd", "15 seconden", "href=\"/sign-in\""] {
            assert!(refused.body.contains(told), "{told}\n{}", refused.body);
        }
    }
    // The page itself, others, and who is in already.
    let own = [("x-forwarded-for", "203.0.113.1"), ("accept-language", "en")];
    assert_eq!(browser.send("GET", "/sign-in", &own, "").await.status, 200);
    let english = browser.send("GET", "/sign-in/back", &own, "").await;
    assert!(english.status == 429 && english.body.contains("Wait 15 seconds"), "{}", english.body);
    assert_eq!(tries(&browser, "203.0.113.2").await.status, 303);
    let inside = signed_in(&scene.server, scene.iber.0).await;
    assert_eq!(inside.send("GET", "/today", &own[..1], "").await.status, 200);
    scene.server.clock.advance(TimeDelta::seconds(15));
    assert_eq!(tries(&browser, "203.0.113.1").await.status, 303);
}

#[tokio::test]
async fn t05_all_addresses_together_try_to_sign_in_no_more_than_so_often() {
    let scene = Scene::start_changed(|settings| {
        settings.limits.sign_ins_per_minute = 1;
        settings.limits.all_sign_ins_per_minute = 3;
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    let browser = Browser::of(&scene.server).await;
    assert_eq!(tries(&browser, "203.0.113.1").await.status, 303);
    for _ in 0..5 {
        assert_eq!(tries(&browser, "203.0.113.1").await.header("retry-after"), "60", "its own account");
    }
    for from in ["203.0.113.2", "203.0.113.3"] {
        assert_eq!(tries(&browser, from).await.status, 303, "what one has too much is nobody else's");
    }
    let refused = tries(&browser, "203.0.113.4").await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "20"));
}

/// A region whose people sign in at a provider, and the IB'er's browser, who did.
async fn at_a_provider(end_session: Option<&str>, manner: Manner) -> (Scene, Provider, Browser) {
    let provider = Provider::start(&[&Signer::ed25519("k1")]).await;
    provider.send_browsers(end_session);
    provider.behave(manner);
    let mut auth = provider.auth();
    auth.issuer[0].sign_in = Some(SignInSettings {
        client_id: "schakel overleg".into(),
        client_secret_file: None,
        display_name: Some("Scholengroep".into()),
    });
    let scene = Scene::start_with(auth).await;
    let browser =
        signed_in_by(&scene.server, scene.server.founded.region, (scene.iber.0, provider.url.as_str())).await;
    (scene, provider, browser)
}

/// `OpenID` Connect RP-Initiated Logout 1.0 §2 and §3.
#[tokio::test]
async fn who_signs_out_signs_out_at_the_provider_too() {
    let (_scene, _provider, browser) =
        at_a_provider(Some("https://idp.example/logout?tenant=7"), Manner::Well).await;
    let secret = browser.cookie(SESSION);
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/sign-in/leave?at=0"), "no form leads elsewhere");
    assert_eq!(browser.cookie(SESSION), "");
    let leaving = browser.follow(out).await;
    let address = "https://idp.example/logout?tenant=7&client_id=schakel%20overleg\
                   &post_logout_redirect_uri=https%3A%2F%2Fschakel.example%2Fsign-in&state=out";
    assert_eq!((leaving.status, leaving.header("refresh")), (200, format!("0; url={address}").as_str()));
    assert_eq!(leaving.header("cache-control"), "no-store");
    for told in [
        "U bent uitgelogd bij Schakel",
        "Ook uitloggen bij Scholengroep",
        "href=\"https://idp.example/logout",
    ] {
        assert!(leaving.body.contains(told), "{told}\n{}", leaving.body);
    }
    // The provider learns who asks and not who leaves.
    assert!(!address.contains("hint"));
    let back = browser.get("/sign-in?state=out").await;
    assert!(back.status == 200 && back.body.contains("U bent uitgelogd."), "{}", back.body);
    browser.keep(SESSION, &secret);
    assert_eq!(browser.get("/today").await.status, 303, "the session is over here whatever happens there");
}

#[tokio::test]
async fn where_the_provider_offers_no_way_out_one_signs_out_here() {
    let away = || Manner::Like("503 Service Unavailable".into(), String::new());
    // Not offered; no address for a browser; nobody there.
    for (end_session, manner) in [
        (None, Manner::Well),
        (Some("ftp://idp.example/logout"), Manner::Well),
        (Some("https://idp.example/logout"), away()),
    ] {
        let (_scene, _provider, browser) = at_a_provider(end_session, manner).await;
        let out = browser.post("/sign-out", &[]).await;
        assert_eq!((out.status, out.header("location")), (303, "/sign-in?said=out"), "{end_session:?}");
        assert!(browser.follow(out).await.body.contains("U bent uitgelogd."));
        assert_eq!(browser.get("/today").await.status, 303);
        for at in ["0", "7"] {
            let leaving = browser.get(&format!("/sign-in/leave?at={at}")).await;
            assert_eq!(leaving.header("location"), "/sign-in?said=out");
        }
    }
}

#[tokio::test]
async fn who_signs_out_after_the_session_ended_is_offered_to_sign_out_at_the_provider() {
    let (scene, _provider, browser) =
        at_a_provider(Some("https://idp.example/logout?tenant=7"), Manner::Well).await;
    let token = browser.token().await;
    scene.server.clock.advance(TimeDelta::minutes(31));
    let out = browser.post_bare("/sign-out", &[("form", &token)]).await;
    assert_eq!((out.status, out.header("location")), (303, "/sign-in?said=ended"));
    assert_eq!(browser.cookie(SESSION), "");
    let page = browser.follow(out).await;
    for told in
        ["U was al uitgelogd bij Schakel", "Ook uitloggen bij Scholengroep", "href=\"/sign-in/leave?at=0\""]
    {
        assert!(page.body.contains(told), "{told}\n{}", page.body);
    }
    assert!(!page.body.contains("note bad"), "{}", page.body);
    assert_eq!(browser.get("/sign-in/leave?at=0").await.status, 200);
    assert!(
        !browser.get("/sign-in?said=out").await.body.contains("Ook uitloggen bij"),
        "only when it is needed"
    );
}
