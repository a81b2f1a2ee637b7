//! Sessions of the pages: everybody sees and ends their own, and an administrator those of somebody else.

use chrono::TimeDelta;
use schakel_domain::ids::OrganisationId;
use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use schakel_tests::{
    As,
    browser::{document, look},
    reason,
    seed_meetings::{Scene, stamp},
    workplace::{SESSION, signed_in, signed_in_by},
};
use tonic::Code;

/// Those that somebody is shown.
async fn sessions(client: &As) -> Vec<pb::Session> {
    let ask = pb::ListSessionsRequest::default();
    AccessServiceClient::new(client.clone()).list_sessions(ask).await.unwrap().into_inner().sessions
}

#[tokio::test]
async fn everybody_sees_their_own_sessions_and_ends_one() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let begun = server.app.now();
    let first = signed_in(server, scene.iber.0).await;
    server.clock.advance(TimeDelta::minutes(5));
    let second = signed_in(server, scene.iber.0).await;
    let other = signed_in(server, scene.smw.0).await;
    assert_eq!(first.get("/today").await.status, 200);

    let own = sessions(&scene.iber.1).await;
    assert_eq!(own.len(), 2, "{own:?}");
    let early = own[1].clone();
    assert_eq!(early.create_time, Some(stamp(begun)));
    assert_eq!(early.last_use_time, Some(stamp(begun + TimeDelta::minutes(5))));
    assert_eq!(early.expire_time, Some(stamp(begun + TimeDelta::hours(12))));
    assert_eq!(early.organisation, OrganisationId::from(scene.school).to_string());
    assert!(own.iter().all(|one| !one.current), "a program calls through none");

    let mut access = AccessServiceClient::new(scene.iber.1.clone());
    let end = pb::EndSessionRequest { name: early.name.clone(), request_id: server.request_id() };
    let ended = access.end_session(end.clone()).await.unwrap().into_inner();
    assert_eq!(ended, early, "as it was");
    assert_eq!(access.end_session(end).await.unwrap().into_inner(), early, "the same request has one effect");
    assert_eq!(first.get("/today").await.status, 303);
    assert_eq!(second.get("/today").await.status, 200);

    let strange = sessions(&scene.smw.1).await.remove(0).name;
    for name in [early.name, strange] {
        let ask = pb::EndSessionRequest { name, request_id: server.request_id() };
        let refused = access.end_session(ask).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::NotFound, "SESSION_NOT_FOUND"));
    }
    assert_eq!(other.get("/today").await.status, 200, "another's is nobody's to end");
}

#[tokio::test]
async fn a_list_of_sessions_comes_in_pages_and_without_what_is_over() {
    let scene = Scene::start().await;
    let server = &scene.server;
    for _ in 0..3 {
        signed_in(server, scene.iber.0).await;
    }
    let mut access = AccessServiceClient::new(scene.iber.1.clone());
    let ask = pb::ListSessionsRequest { page_size: 2, ..Default::default() };
    let first = access.list_sessions(ask.clone()).await.unwrap().into_inner();
    let ask = pb::ListSessionsRequest { page_token: first.next_page_token, ..ask };
    let last = access.list_sessions(ask).await.unwrap().into_inner();
    assert_eq!((first.sessions.len(), last.sessions.len(), last.next_page_token.as_str()), (2, 1, ""));
    assert!(first.sessions.iter().all(|one| one.name > last.sessions[0].name), "newest first");
    server.clock.advance(TimeDelta::minutes(31));
    assert!(sessions(&scene.iber.1).await.is_empty(), "who rests is signed out");
}

#[tokio::test]
async fn an_administrator_ends_all_sessions_of_somebody() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let first = signed_in(server, scene.iber.0).await;
    let elsewhere = (scene.iber.0, "https://elders.example");
    let second = signed_in_by(server, server.founded.region, elsewhere).await;
    let other = signed_in(server, scene.smw.0).await;

    let ask = |person: String| pb::EndPersonSessionsRequest { person, request_id: server.request_id() };
    let own = ask(scene.iber.0.to_string());
    let refused = AccessServiceClient::new(scene.smw.1.clone()).end_person_sessions(own).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ACTION_NOT_ALLOWED"));
    let mut access = AccessServiceClient::new(server.administrator());
    let stranger = ask(format!("persons/{}", server.request_id()));
    let refused = access.end_person_sessions(stranger).await.unwrap_err();
    assert_eq!(reason(&refused), "PERSON_NOT_FOUND");
    assert_eq!(first.get("/today").await.status, 200);

    let all = ask(scene.iber.0.to_string());
    assert_eq!(access.end_person_sessions(all).await.unwrap().into_inner().ended, 2, "of both logins");
    for browser in [&first, &second] {
        assert_eq!(browser.get("/today").await.status, 303);
    }
    assert_eq!(other.get("/today").await.status, 200);
    assert!(sessions(&scene.iber.1).await.is_empty(), "and the token still works");
    let again = ask(scene.iber.0.to_string());
    assert_eq!(access.end_person_sessions(again).await.unwrap().into_inner().ended, 0);
    assert_eq!(signed_in(server, scene.iber.0).await.get("/today").await.status, 200);
}

#[tokio::test]
async fn the_page_of_sessions_marks_this_one_and_ends_the_others() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let there = signed_in(server, scene.iber.0).await;
    let name = sessions(&scene.iber.1).await.remove(0).name;
    let here = signed_in(server, scene.iber.0).await;
    assert!(here.get("/today").await.body.contains("href=\"/sessions\""));
    let page = here.get("/sessions").await;
    assert_eq!((page.status, page.body.matches("deze browser").count()), (200, 1), "{}", page.body);
    assert!(page.body.contains(&format!("value=\"{name}\"")) && page.body.contains("Log alle andere uit"));
    for secret in [there.cookie(SESSION), here.cookie(SESSION)] {
        assert!(!page.body.contains(&secret));
    }
    // Twice: the second time it is over already, which is what was asked.
    for _ in 0..2 {
        let request_id = server.request_id();
        let end = [("request_id", request_id.as_str()), ("do", "end"), ("name", name.as_str())];
        let ended = here.post("/sessions", &end).await;
        assert_eq!((ended.status, ended.header("location")), (303, "/sessions"), "{}", ended.body);
        assert_eq!(there.get("/today").await.status, 303);
    }
    let there = signed_in(server, scene.iber.0).await;
    let other = signed_in(server, scene.smw.0).await;
    let request_id = server.request_id();
    let ended = here.post("/sessions", &[("request_id", &request_id), ("do", "others")]).await;
    assert_eq!((ended.status, ended.header("location")), (303, "/sessions"), "{}", ended.body);
    let page = here.follow(ended).await;
    assert!(page.status == 200 && !page.body.contains("Log alle andere uit"), "{}", page.body);
    assert_eq!((there.get("/today").await.status, other.get("/today").await.status), (303, 200));
    let strange = here.post("/sessions", &[("request_id", &request_id), ("do", "x")]).await;
    assert_eq!(strange.status, 400);
}

#[tokio::test]
async fn an_administrator_signs_somebody_out_on_the_page_of_that_person() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let lost = signed_in(server, scene.iber.0).await;
    let path = format!("/region/people/{}", scene.iber.0.0);
    let keeper = signed_in(server, server.founded.administrator).await;
    let page = keeper.get(&path).await;
    assert!(page.status == 200 && page.body.contains("Log overal uit"), "{}", page.body);
    let other = signed_in(server, scene.smw.0).await;
    assert!(!other.get(&path).await.body.contains("Log overal uit"), "who may not is not offered it");
    let request_id = server.request_id();
    let press = [("request_id", request_id.as_str()), ("do", "sign-out")];
    assert_eq!(other.post(&path, &press).await.status, 404);
    assert_eq!(lost.get("/today").await.status, 200);
    let out = keeper.post(&path, &press).await;
    assert_eq!((out.status, out.header("location")), (303, format!("{path}?said=out").as_str()));
    assert!(keeper.follow(out).await.body.contains("Deze persoon is nu overal uitgelogd."));
    assert_eq!(lost.get("/today").await.status, 303);
}

#[tokio::test]
async fn the_page_of_sessions_shuts_nobody_out() {
    let scene = Scene::start().await;
    signed_in(&scene.server, scene.iber.0).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let page = browser.get("/sessions").await.body;
    let path = page.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{path}")).await.body;
    let html = page.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    look("the_page_of_sessions_shuts_nobody_out", &[document("sessions", &html)]);
}
