//! What somebody wrote is not lost when its form cannot be taken: the page gives it back, and nothing
//! keeps it.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    seed_meetings::Scene,
    workplace::{Browser, SESSION, form, signed_in},
};

const WRITTEN: &str = "Zij slaapt slecht. </textarea><script>";
/// The same within a page.
const SHOWN: &str = "Zij slaapt slecht. &lt;/textarea&gt;&lt;script&gt;";
const KIND: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

/// Sends what somebody wrote with `token`, to a page that would take it.
async fn sends(scene: &Scene, browser: &Browser, token: &str, headers: &[(&str, &str)]) -> Answer {
    let request_id = scene.server.request_id();
    let path = format!("/consultations/{request_id}/cancel");
    let fields = [
        ("form", token),
        ("request_id", request_id.as_str()),
        ("note", WRITTEN),
        ("same", "Ravelmonde Zuid"),
        ("was:same", "Ravelmonde Zuid"),
        ("code", "eenwoord"),
    ];
    browser.send("POST", &path, &[&[KIND][..], headers].concat(), &form(&fields)).await
}

#[tokio::test]
async fn a_form_that_is_outdated_gives_back_what_was_written() {
    let scene = Scene::start().await;
    let token = signed_in(&scene.server, scene.iber.0).await.token().await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let from = ("referer", "https://schakel.example/cases/new");
    let refused = sends(&scene, &browser, &token, &[OURS, from]).await;
    assert_eq!((refused.status, refused.header("cache-control")), (403, "no-store"));
    for told in ["verlopen", SHOWN, "readonly", "href=\"/cases/new\" target=\"_blank\""] {
        assert!(refused.body.contains(told), "{told}\n{}", refused.body);
    }
    for hidden in ["Ravelmonde Zuid", "eenwoord", &token] {
        assert!(!refused.body.contains(hidden), "{hidden} is no work to do again\n{}", refused.body);
    }
    let strange = ("referer", "https://schakel.example.evil.example/cases/new");
    let refused = sends(&scene, &browser, &token, &[OURS, strange]).await;
    assert!(refused.body.contains("href=\"/today\" target=\"_blank\""), "{}", refused.body);
    // Words from elsewhere are not repeated on a page of ours.
    let silent: &[(&str, &str)] = &[];
    for headers in [silent, &[("sec-fetch-site", "cross-site")], &[("origin", "https://evil.example")]] {
        let refused = sends(&scene, &browser, &token, headers).await;
        assert!(refused.status == 403 && !refused.body.contains("slaapt slecht"), "{headers:?} {refused:?}");
    }
}

#[tokio::test]
async fn who_acts_for_another_organisation_meanwhile_gets_back_what_was_written() {
    let scene = Scene::start().await;
    let other = scene.server.school("99BB00", "GM9901").await;
    scene.server.affiliate(scene.iber.0, Role::Iber, other).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let shown_before = browser.token().await;
    let organisation = format!("organisations/{}", other.0);
    assert_eq!(browser.post("/acting-for", &[("organisation", &organisation)]).await.status, 303);
    let refused = sends(&scene, &browser, &shown_before, &[OURS]).await;
    assert!(refused.status == 409 && refused.body.contains(SHOWN), "{refused:?}");
}

#[tokio::test]
async fn what_a_page_does_not_take_is_given_back() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let request_id = scene.server.request_id();
    let strange = [("request_id", request_id.as_str()), ("do", "x"), ("note", WRITTEN)];
    let refused = browser.post("/sessions", &strange).await;
    assert!(refused.status == 400 && refused.body.contains(SHOWN), "{refused:?}");
    let refused = browser.post("/sessions", &strange[..2]).await;
    assert!(refused.status == 400 && !refused.body.contains("<textarea"), "{refused:?}");
}

#[tokio::test]
async fn who_is_signed_out_meanwhile_gets_back_what_was_written() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let (token, secret) = (browser.token().await, browser.cookie(SESSION));
    scene.server.clock.advance(TimeDelta::minutes(31));
    let from = ("referer", "https://schakel.example/cases?page=2");
    let left = sends(&scene, &browser, &token, &[OURS, from]).await;
    assert_eq!(
        (left.status, left.header("cache-control"), browser.cookie(SESSION).as_str()),
        (403, "no-store", "")
    );
    for told in ["U bent uitgelogd", SHOWN, "href=\"/sign-in?to=/cases%3Fpage%3D2\" target=\"_blank\""] {
        assert!(left.body.contains(told), "{told}\n{}", left.body);
    }
    // Also when the browser holds nothing any more; but nothing of what may come from elsewhere.
    assert!(sends(&scene, &browser, &token, &[OURS]).await.body.contains(SHOWN));
    let silent: &[(&str, &str)] = &[];
    for headers in [silent, &[("sec-fetch-site", "cross-site")]] {
        browser.keep(SESSION, &secret);
        let away = sends(&scene, &browser, &token, headers).await;
        assert_eq!((away.status, away.header("location")), (303, "/sign-in?to=/today"), "{headers:?}");
    }
    // Nor of a form in which nothing was written.
    let away = browser.post_bare("/sessions", &[("form", &token), ("do", "others")]).await;
    assert_eq!((away.status, away.header("location")), (303, "/sign-in?to=/today"));
}

#[tokio::test]
async fn the_page_that_gives_back_shuts_nobody_out() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let today = browser.get("/today").await.body;
    let path = today.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{path}")).await.body;
    let page = |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let refused = page(&sends(&scene, &browser, "outdated", &[OURS]).await.body);
    scene.server.clock.advance(TimeDelta::minutes(31));
    let left = page(&sends(&scene, &browser, "outdated", &[OURS]).await.body);
    let both = [document("outdated", &refused), document("signed-out", &left)];
    look("the_page_that_gives_back_shuts_nobody_out", &both);
}
