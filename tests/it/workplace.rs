//! The workplace: who is let in and for how long, what a form must bring, and the page Today.

use std::time::Duration;

use chrono::TimeDelta;
use pb::{
    access_service_client::AccessServiceClient, consultation_service_client::ConsultationServiceClient,
    participant::Answer, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_server::{
    access::token::{self, Opens},
    entity::audit,
    settings::AuthSettings,
};
use schakel_tests::{
    browser::{document, look},
    http::Answer as Page,
    seed_meetings::Scene,
    statements,
    workplace::{Browser, SESSION, form, signed_in},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::thuiszitter::absent;

/// An MDO that the social worker accepted, with the IB'er's browser.
async fn today() -> (Scene, pb::Consultation, Browser) {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(50)).await;
    let mut meetings = ConsultationServiceClient::new(scene.smw.1.clone());
    let answer = pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: Answer::Accepted.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    meetings.answer_consultation(answer).await.unwrap();
    let browser = signed_in(&scene.server, scene.iber.0).await;
    (scene, booked, browser)
}

#[tokio::test]
async fn today_shows_my_meetings_who_answered_and_what_waits() {
    let (scene, booked, browser) = today().await;
    let (case, request_id) = (Some(absent(scene.school)), scene.server.request_id());
    let opening = pb::OpenCaseRequest { case, request_id, ..Default::default() };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case = cases.open_case(opening).await.unwrap().into_inner();
    let page = browser.get("/today").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for shown in [
        "<html lang=\"nl\">",
        "Multidisciplinair overleg",
        booked.reference.as_str(),
        &format!("href=\"/{}\"", booked.name),
        &format!("href=\"/{}\"", case.name),
        "class=\"tag accepted\"",
        "action=\"/sign-out\"",
    ] {
        assert!(page.body.contains(shown), "{shown}\n{}", page.body);
    }
    for hidden in ["<script>", "style=", "onclick", "http://", "https://", "Noor de Wit"] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    let other = signed_in(&scene.server, scene.planner.0).await.get("/today").await;
    assert!(other.status == 200 && !other.body.contains(&booked.reference), "another's meeting is not mine");
}

#[tokio::test]
async fn today_asks_as_often_of_one_meeting_as_of_many() {
    let (scene, _, browser) = today().await;
    browser.get("/today").await;
    let (_, one) = statements(browser.get("/today")).await;
    for hours in [74, 98] {
        scene.booked(scene.later(hours)).await;
    }
    browser.get("/today").await;
    let (_, three) = statements(browser.get("/today")).await;
    assert_eq!(one.len(), three.len(), "{three:#?}");
}

#[tokio::test]
async fn no_page_is_shown_without_a_session() {
    let scene = Scene::start().await;
    let browser = Browser::of(&scene.server).await;
    for (method, path, to) in [
        ("GET", "/today", "/sign-in?to=/today"),
        ("GET", "/today?x=1&y=2", "/sign-in?to=/today%3Fx%3D1%26y%3D2"),
        ("POST", "/sign-out", "/sign-in?said=ended"),
        ("POST", "/acting-for", "/sign-in?to=/today"),
    ] {
        let away = browser.send(method, path, &[], "").await;
        assert_eq!((away.status, away.header("location")), (303, to), "{method} {path}");
    }
    for guess in ["", "sks_x", &format!("sks_{}_00000000", "A".repeat(43))] {
        browser.keep(SESSION, guess);
        assert_eq!(browser.get("/today").await.status, 303, "{guess}");
    }
    let page = browser.get("/sign-in").await;
    assert!(page.status == 200 && page.body.contains("Inloggen") && !page.body.contains("/sign-in/as"));
    assert_eq!(browser.post_bare("/sign-in/as", &[("person", "x")]).await.status, 404);
}

#[tokio::test]
async fn t05_who_invents_one_session_after_another_is_slowed_and_who_has_one_is_not() {
    let scene = Scene::start_changed(|settings| settings.limits.bad_credentials_per_minute = 3).await;
    let own = signed_in(&scene.server, scene.iber.0).await;
    let browser = Browser::of(&scene.server).await;
    let invent = || browser.keep(SESSION, &token::mint(Opens::Session, scene.server.app.ids.as_ref()));
    for _ in 0..3 {
        invent();
        let away = browser.get("/today").await;
        assert_eq!((away.status, away.header("location")), (303, "/sign-in?to=/today"));
        assert_eq!(browser.cookie(SESSION), "", "what opens nothing is not kept");
        assert_eq!(browser.get("/today").await.status, 303, "nothing is no guess");
    }
    invent();
    let refused = browser.get("/today").await;
    assert!(refused.status == 429 && refused.body.contains("<html lang=\"nl\">"), "{refused:?}");
    assert_eq!(own.get("/today").await.status, 200, "a real one is answered as ever");
}

#[tokio::test]
async fn a_form_from_elsewhere_changes_nothing() {
    let (_scene, _, browser) = today().await;
    let token = browser.token().await;
    for fields in [vec![], vec![("form", "")], vec![("form", "x")], vec![("form", &token[1..])]] {
        assert_eq!(browser.post_bare("/sign-out", &fields).await.status, 403, "{fields:?}");
    }
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let body = format!("form={token}");
    for from in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "null"),
        ("origin", "https://evil.example"),
    ] {
        let refused = browser.send("POST", "/sign-out", &[kind, from], &body).await;
        assert!(refused.status == 403 && refused.body.contains("verlopen"), "{from:?} {refused:?}");
    }
    assert_eq!(browser.send("POST", "/sign-out", &[], "").await.status, 403, "no form at all");
    assert_eq!(browser.get("/today").await.status, 200, "still signed in");
    let own = ("origin", "https://schakel.example");
    assert_eq!(browser.send("POST", "/sign-out", &[kind, own], &body).await.status, 303);
}

#[tokio::test]
async fn a_session_ends_by_signing_out_and_its_secret_opens_nothing_more() {
    let (_scene, _, browser) = today().await;
    let secret = browser.cookie(SESSION);
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/sign-in?said=out"));
    assert_eq!(browser.cookie(SESSION), "");
    assert!(browser.follow(out).await.body.contains("U bent uitgelogd."));
    browser.keep(SESSION, &secret);
    assert_eq!(browser.get("/today").await.status, 303);
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_of_rest_and_after_twelve_hours() {
    let (scene, _, browser) = today().await;
    scene.server.clock.advance(TimeDelta::minutes(29));
    assert_eq!(browser.get("/today").await.status, 200);
    scene.server.clock.advance(TimeDelta::minutes(31));
    assert_eq!(browser.get("/today").await.status, 303);

    let browser = signed_in(&scene.server, scene.iber.0).await;
    for _ in 0..35 {
        scene.server.clock.advance(TimeDelta::minutes(20));
        assert_eq!(browser.get("/today").await.status, 200);
    }
    scene.server.clock.advance(TimeDelta::minutes(20));
    assert_eq!(browser.get("/today").await.status, 303);
}

#[tokio::test]
async fn who_types_for_long_stays_signed_in() {
    let (scene, _, browser) = today().await;
    let token = browser.token().await;
    let headers = [("schakel-form", token.as_str()), ("sec-fetch-site", "same-origin")];
    assert_eq!(browser.send("POST", "/awake", &headers[1..], "").await.status, 403, "without the token");
    for _ in 0..2 {
        scene.server.clock.advance(TimeDelta::minutes(29));
        assert_eq!(browser.send("POST", "/awake", &headers, "").await.status, 204);
    }
    scene.server.clock.advance(TimeDelta::minutes(29));
    assert_eq!(browser.get("/today").await.status, 200);
    scene.server.clock.advance(TimeDelta::minutes(31));
    assert_eq!(browser.send("POST", "/awake", &headers, "").await.status, 303);
}

/// As a browser sends a form: it says from which page.
async fn sends(browser: &Browser, from: &str, to: &str, fields: &[(&str, &str)]) -> Page {
    let referer = format!("https://schakel.example{from}");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("referer", referer.as_str()),
    ];
    browser.send("POST", to, &headers, &form(fields)).await
}

#[tokio::test]
async fn whoever_sends_a_form_after_the_session_ended_comes_back_to_its_page() {
    let (scene, booked, browser) = today().await;
    let token = browser.token().await;
    scene.server.clock.advance(TimeDelta::minutes(31));
    let away = sends(&browser, "/team?week=2026-11-23", "/team", &[("form", &token)]).await;
    assert_eq!(away.header("location"), "/sign-in?to=/team%3Fweek%3D2026-11-23", "{away:?}");
    let nowhere = browser.post_bare("/team", &[("form", &token)]).await;
    assert_eq!(nowhere.header("location"), "/sign-in?to=/today");
    let evil = sends(&browser, ".evil.example/team", "/team", &[("form", &token)]).await;
    assert_eq!(evil.header("location"), "/sign-in?to=/today");

    // The page of a form that was refused has the address of the form: it leads to the thing itself.
    let browser = signed_in(&scene.server, scene.iber.0).await;
    for part in ["answer", "replace", "add", "remove", "cancel", "resend"] {
        let back = browser.get(&format!("/{}/{part}", booked.name)).await;
        assert_eq!(back.header("location"), format!("/{}", booked.name), "{part}");
    }
    for part in ["search", "time", "release"] {
        assert_eq!(browser.get(&format!("/book/{part}")).await.header("location"), "/book", "{part}");
    }
}

#[tokio::test]
async fn where_it_is_busy_at_the_door_a_form_can_be_loaded_again() {
    let scene = Scene::start_changed(|settings| settings.limits.bad_credentials_per_minute = 1).await;
    let browser = Browser::of(&scene.server).await;
    let invent = || browser.keep(SESSION, &token::mint(Opens::Session, scene.server.app.ids.as_ref()));
    invent();
    assert_eq!(browser.get("/today").await.status, 303);
    invent();
    let looked = browser.get("/today").await;
    assert_eq!((looked.status, looked.header("retry-after")), (429, "60"));
    assert!(looked.body.contains("href=\"/today\"") && looked.body.contains("Er is niets veranderd"));
    invent();
    let sent = sends(&browser, "/team", "/team", &[("reason", "Ons team is vol.")]).await;
    assert_eq!((sent.status, sent.header("retry-after")), (429, "60"));
    assert!(sent.body.contains("laad deze pagina dan opnieuw"), "{}", sent.body);
    assert!(!sent.body.contains("href=\"/today\""), "nothing leads away from what was typed: {}", sent.body);
}

#[tokio::test]
async fn a_session_ends_with_the_membership_and_with_the_login() {
    let (scene, _, browser) = today().await;
    let mut register = scene.server.directory();
    let list = pb::ListAffiliationsRequest { person: scene.iber.0.to_string(), ..Default::default() };
    let held = register.list_affiliations(list).await.unwrap().into_inner().affiliations.remove(0);
    let end = pb::EndAffiliationRequest {
        name: held.name,
        valid_until: "2026-11-22".into(),
        etag: held.etag,
        request_id: scene.server.request_id(),
    };
    register.end_affiliation(end).await.unwrap();
    assert_eq!(browser.get("/today").await.status, 303);

    let browser = signed_in(&scene.server, scene.smw.0).await;
    assert_eq!(browser.get("/today").await.status, 200);
    let mut access = AccessServiceClient::new(scene.server.administrator());
    let list = pb::ListLoginsRequest { person: scene.smw.0.to_string(), ..Default::default() };
    let login = access.list_logins(list).await.unwrap().into_inner().logins.remove(0);
    let remove = pb::RemoveLoginRequest { name: login.name, request_id: scene.server.request_id() };
    access.remove_login(remove).await.unwrap();
    assert_eq!(browser.get("/today").await.status, 303);
}

#[tokio::test]
async fn who_works_at_two_places_acts_for_one_of_them() {
    let (scene, _, _) = today().await;
    let other = scene.server.school("99BB00", "GM9901").await;
    scene.server.affiliate(scene.iber.0, Role::Iber, other).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let page = browser.get("/today").await;
    assert!(page.status == 200 && page.body.contains("<select id=\"acting\""), "{page:?}");
    let chosen = format!("value=\"organisations/{}\" selected", other.0);
    assert!(!page.body.contains(&chosen));
    let organisation = format!("organisations/{}", other.0);
    let shown_before = browser.token().await;
    let switched = browser.post("/acting-for", &[("organisation", &organisation)]).await;
    assert_eq!((switched.status, switched.header("location")), (303, "/today"));
    assert!(browser.get("/today").await.body.contains(&chosen));
    let stale = [("form", shown_before.as_str())];
    let path = format!("/consultations/{}/cancel", scene.server.request_id());
    let refused = browser.post_bare(&path, &stale).await;
    assert!(refused.status == 409 && refused.body.contains("een andere organisatie dan"), "{refused:?}");
    let back = [("form", shown_before.as_str()), ("organisation", organisation.as_str())];
    assert_eq!(browser.post_bare("/acting-for", &back).await.status, 303, "a switch is of the session");
    let strange = format!("organisations/{}", scene.gemeente.0);
    let refused = browser.post("/acting-for", &[("organisation", &strange)]).await;
    assert!(refused.status == 404 && refused.body.contains("is niet voor u"), "{refused:?}");
    assert_eq!(browser.post_bare("/sign-out", &stale).await.status, 303, "and so is signing out");
}

#[tokio::test]
async fn signing_in_switching_and_signing_out_are_written_down() {
    let (scene, _, browser) = today().await;
    let other = scene.server.school("99BB00", "GM9901").await;
    scene.server.affiliate(scene.iber.0, Role::Iber, other).await;
    let organisation = format!("organisations/{}", other.0);
    assert_eq!(browser.post("/acting-for", &[("organisation", &organisation)]).await.status, 303);
    assert_eq!(browser.post("/sign-out", &[]).await.status, 303);
    let rows = scene.server.rows().await;
    let lines = audit::Entity::find()
        .filter(audit::Column::ObjectType.eq("session"))
        .order_by_asc(audit::Column::Id)
        .all(&rows)
        .await
        .unwrap();
    rows.close().await.unwrap();
    let (one, two) = (Some(scene.school.0), Some(other.0));
    let told: Vec<_> = lines.iter().map(|line| (line.action.as_str(), line.organisation_id)).collect();
    assert_eq!(told, [("C", one), ("U", two), ("D", two)]);
    for line in &lines {
        assert_eq!((line.actor_id, line.role.as_str()), (Some(scene.iber.0.0), "IBER"), "{line:?}");
        assert_eq!((line.field_classes.as_str(), line.subject_ref.is_none()), ("K0", true), "{line:?}");
    }
}

/// Opens the stream at `path` and reads up to its first event; nothing when it is refused as too many.
async fn stream(at: std::net::SocketAddr, secret: &str, path: &str) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(at).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nhost: schakel.example\r\ncookie: {SESSION}={secret}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut read, mut some) = (String::new(), [0; 4096]);
    while !read.contains("event: meeting") {
        if read.starts_with("HTTP/1.1 429") {
            return None;
        }
        let length = tokio::time::timeout(Duration::from_secs(20), stream.read(&mut some)).await.unwrap();
        let length = length.unwrap();
        assert!(length > 0, "{read}");
        read.push_str(&String::from_utf8_lossy(&some[..length]));
    }
    Some(stream)
}

#[tokio::test]
async fn nobody_has_more_than_eight_streams_open() {
    let (scene, booked, browser) = today().await;
    let (http, path) = (scene.server.http().await, format!("/{}/events", booked.name));
    let secret = browser.cookie(SESSION);
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(stream(http.address(), &secret, &path).await.expect("eight may be open"));
    }
    assert!(stream(http.address(), &secret, &path).await.is_none(), "and no ninth");
    let other = signed_in(&scene.server, scene.smw.0).await.cookie(SESSION);
    assert!(stream(http.address(), &other, &path).await.is_some(), "another person has their own");
    held.pop();
    let freed = async {
        while stream(http.address(), &secret, &path).await.is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), freed).await.expect("a page that is left makes room");
}

#[tokio::test]
async fn pages_speak_english_to_who_chooses_it() {
    let (_scene, _, browser) = today().await;
    let chosen = browser.post_bare("/language", &[("language", "en"), ("to", "/today")]).await;
    assert_eq!((chosen.status, chosen.header("location")), (303, "/today"));
    let page = browser.follow(chosen).await;
    assert!(page.body.contains("<html lang=\"en\">") && page.body.contains("My meetings this week"));
    let away = browser.post_bare("/language", &[("language", "nl"), ("to", "//evil.example")]).await;
    assert_eq!(away.header("location"), "/today");
    assert_eq!(browser.post_bare("/language", &[("language", "xx")]).await.status, 400);
}

#[tokio::test]
async fn pages_are_protected_and_their_style_is_kept_for_good() {
    let (_scene, _, browser) = today().await;
    let page = browser.get("/today").await;
    for path in ["/today", "/sign-in"] {
        let page = browser.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"), "{policy}");
        assert!(policy.contains("form-action 'self'; frame-ancestors 'none'"), "{policy}");
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
    }
    for (start, kind) in
        [("href=\"", "text/css; charset=utf-8"), ("src=\"", "text/javascript; charset=utf-8")]
    {
        let begin = format!("{start}/assets/s");
        let path = page.body.split_once(&begin).unwrap().1.split_once('"').unwrap().0;
        let asset = browser.get(&format!("/assets/s{path}")).await;
        assert_eq!((asset.status, asset.header("content-type")), (200, kind));
        assert!(asset.header("cache-control").contains("immutable"));
    }
    assert_eq!(browser.get("/assets/style-x.css").await.status, 404);
}

#[tokio::test]
async fn an_address_that_is_not_right_gets_a_page_and_a_program_its_json() {
    let (scene, _, browser) = today().await;
    let planner = signed_in(&scene.server, scene.planner.0).await;
    let nobody = Browser::of(&scene.server).await;
    for (browser, path, text) in [
        (&planner, "/team?week=x", "klopt niet"),
        (&browser, "/consultations?week=x", "klopt niet"),
        (&browser, "/cases?page=1&page=2", "klopt niet"),
        (&nobody, "/sign-in/leave", "klopt niet"),
        (&nobody, "/sign-in/start?at=x", "klopt niet"),
        (&nobody, "/sign-in?to=%ff", "Inloggen"),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path} {page:?}");
        assert!(page.body.contains(text) && !page.body.contains("deserialize"), "{path} {}", page.body);
        assert!([200, 400].contains(&page.status), "{path} {}", page.status);
    }
    for path in ["/nope", "/region/nope"] {
        let page =
            browser.send("GET", path, &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")], "").await;
        assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"), "{path}");
        assert!(page.body.contains("Deze pagina bestaat niet."), "{}", page.body);
        let program = browser.get(path).await;
        assert_eq!(
            (program.status, program.header("content-type")),
            (404, "application/problem+json"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn where_the_server_is_tried_out_one_signs_in_as_an_example_person() {
    let scene = Scene::start_with(AuthSettings { issuer: Vec::new(), builtin_issuer: true }).await;
    let browser = Browser::of(&scene.server).await;
    let page = browser.get("/sign-in?to=/today%3Fx%3D1").await;
    let value = format!("value=\"{}\"", scene.iber.0);
    assert!(page.body.contains(&value) && page.body.contains("intern begeleider"), "{}", page.body);
    let fields = [("person", scene.iber.0.to_string()), ("to", "/today?x=1".to_owned())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let cross = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "cross-site")];
    let refused = browser.send("POST", "/sign-in/as", &cross, &schakel_tests::workplace::form(&fields)).await;
    assert_eq!((refused.status, browser.cookie(SESSION)), (400, String::new()));
    let begun = browser.post_bare("/sign-in/as", &fields).await;
    assert_eq!((begun.status, begun.header("location")), (303, "/today?x=1"));
    let line = begun.header("set-cookie");
    for must in ["__Host-schakel=sks_", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(line.contains(must), "{line}");
    }
    let first = browser.cookie(SESSION);
    assert_eq!(browser.follow(begun).await.status, 200);
    browser.post_bare("/sign-in/as", &fields).await;
    assert_ne!(browser.cookie(SESSION), first, "rotated at each sign-in");
    let former = Browser::of(&scene.server).await;
    former.keep(SESSION, &first);
    assert_eq!(former.get("/today").await.status, 303);
}

/// Browsers that have no calendar of their own take a day as text (HTML, `input type=date`).
#[tokio::test]
async fn where_a_day_is_typed_an_example_says_how() {
    let (scene, booked, browser) = today().await;
    let keeper = scene.server.person(Role::Beheerder, scene.server.founded.organisation).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let move_to = format!("/{}/move", booked.name);
    let mut days = 0;
    for (browser, path) in [
        (&browser, "/board"),
        (&browser, "/cases/new"),
        (&browser, "/book?kind=ROK"),
        (&browser, move_to.as_str()),
        (&keeper, "/region/schools"),
        (&keeper, "/region/year-plan"),
    ] {
        let page = browser.get(path).await.body;
        for field in page.split("<input ").skip(1).filter_map(|rest| rest.split('>').next()) {
            if field.contains("type=\"date\"") {
                assert!(field.contains("placeholder=\"2026-11-24\""), "{path}: {field}");
                days += 1;
            }
        }
    }
    assert!(days > 4, "there are days to type: {days}");
}

#[tokio::test]
async fn today_shuts_nobody_out() {
    let (scene, _, browser) = today().await;
    let style = browser.get("/today").await.body;
    let path = style.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{path}")).await.body;
    let page = |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let today = page(&browser.get("/today").await.body);
    let sign_in = page(&Browser::of(&scene.server).await.get("/sign-in").await.body);
    look("today_shuts_nobody_out", &[document("today", &today), document("sign-in", &sign_in)]);
}
