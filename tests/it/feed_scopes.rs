//! Subscriptions to what a school, a team or a cluster meets about, and how much they tell.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    consultation::{Kind, Place},
    ids::{ClusterId, SchoolId},
};
use schakel_proto::v1::{self as pb, feed::Detail, feed::Scope, feed_service_client::FeedServiceClient};
use schakel_server::{
    consultation::meeting::Meeting,
    entity::{cluster, cluster_member},
};
use schakel_tests::{As, TestServer, http::Http, reason, seed_meetings::Scene, violations};
use sea_orm::{EntityTrait, IntoActiveModel};

fn tuesday() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// The path of a new feed.
pub(crate) async fn subscribe(
    server: &TestServer,
    who: &As,
    wish: pb::CreateFeedRequest,
) -> (pb::Feed, String) {
    let ask = pb::CreateFeedRequest { request_id: server.request_id(), ..wish };
    let made = FeedServiceClient::new(who.clone()).create_feed(ask).await.unwrap().into_inner();
    (made.feed.unwrap(), made.url.strip_prefix("https://schakel.example").unwrap().to_owned())
}

fn of(scope: Scope, of: &dyn ToString) -> pb::CreateFeedRequest {
    pb::CreateFeedRequest { scope: scope.into(), of: of.to_string(), ..Default::default() }
}

/// A ROK of one school.
async fn cluster_of(server: &TestServer, school: SchoolId) -> ClusterId {
    let id = server.app.ids.next(server.app.now());
    let since = "2026-08-01".parse().unwrap();
    let row = cluster::Model {
        region_id: server.founded.region.0,
        id,
        code: "ROK1".into(),
        kind: "ROK".into(),
        display_name: "ROK Noord".into(),
        valid_from: since,
        valid_until: None,
        version: 1,
    };
    let member = cluster_member::Model {
        region_id: server.founded.region.0,
        cluster_id: id,
        position: 0,
        school_id: school.0,
        valid_from: since,
        valid_until: None,
    };
    let rows = server.rows().await;
    cluster::Entity::insert(row.into_active_model()).exec_without_returning(&rows).await.unwrap();
    cluster_member::Entity::insert(member.into_active_model()).exec_without_returning(&rows).await.unwrap();
    rows.close().await.unwrap();
    ClusterId(id)
}

/// Which of `meetings` stand in the feed.
async fn shown(http: &Http, path: &str, meetings: &[&Meeting]) -> Vec<bool> {
    let answer = http.get(path).await;
    assert_eq!(answer.status, 200, "{path}");
    let all = answer.body.matches("BEGIN:VEVENT").count();
    let found: Vec<bool> = meetings.iter().map(|meeting| answer.body.contains(&meeting.uid)).collect();
    assert_eq!(found.iter().filter(|found| **found).count(), all, "nothing else");
    found
}

#[tokio::test]
async fn x07_a_school_a_team_and_a_cluster_have_feeds_of_their_own() {
    let scene = Scene::start().await;
    let (server, http) = (&scene.server, scene.server.http().await);
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let next_door = server.school("99AA01", "GM9901").await;
    let cluster = cluster_of(server, next_door).await;
    let other = server.colleague("Nora Nieuw", "nora@school.example").await;
    let here = server.meeting(&[scene.smw.0], tuesday()).await;
    server.change(here.id, |meeting| meeting.school = Some(scene.school)).await;
    let there = server.meeting(&[other], tuesday()).await;
    server.change(there.id, |meeting| meeting.school = Some(next_door)).await;
    let nowhere = server.meeting(&[scene.smw.0], tuesday() + TimeDelta::hours(3)).await;
    let all = [&here, &there, &nowhere];
    for (who, wish, expected) in [
        (&keeper.1, of(Scope::School, &scene.school), [true, false, false]),
        (&keeper.1, of(Scope::Team, &scene.team), [true, false, true]),
        (&keeper.1, of(Scope::Cluster, &cluster), [false, true, false]),
        (&keeper.1, pb::CreateFeedRequest::default(), [false, false, false]),
        (&scene.iber.1, of(Scope::School, &scene.school), [true, false, false]),
        (&scene.iber.1, of(Scope::School, &next_door), [false, false, false]),
        (&scene.iber.1, of(Scope::Team, &scene.team), [true, false, false]),
        (&scene.iber.1, of(Scope::Cluster, &cluster), [false, false, false]),
        (&scene.smw.1, of(Scope::Team, &scene.team), [true, false, true]),
        (&scene.smw.1, of(Scope::Cluster, &cluster), [false, false, false]),
    ] {
        let (_, path) = subscribe(server, who, wish.clone()).await;
        assert_eq!(shown(&http, &path, &all).await, expected, "{wish:?}");
    }
    let (_, path) = subscribe(server, &keeper.1, of(Scope::School, &scene.school)).await;
    let body = http.get(&path).await.body;
    assert!(body.contains("NAME:Overleg (school)") && body.contains("TRANSP:TRANSPARENT"), "{body}");
}

#[tokio::test]
async fn x07_who_reads_no_meetings_of_others_is_told_so_with_the_feed() {
    let scene = Scene::start().await;
    let officer = scene.server.person(Role::Beleidsmedewerker, scene.gemeente).await;
    let warned = async |who: &As, wish: pb::CreateFeedRequest| {
        let ask = pb::CreateFeedRequest { request_id: scene.server.request_id(), ..wish };
        FeedServiceClient::new(who.clone()).create_feed(ask).await.unwrap().into_inner().warnings
    };
    let told = warned(&officer.1, of(Scope::School, &scene.school)).await;
    assert!(told.len() == 1 && told[0].contains("alleen overleg waar u zelf bij bent"), "{told:?}");
    assert!(warned(&officer.1, pb::CreateFeedRequest::default()).await.is_empty(), "one's own");
    assert!(warned(&scene.iber.1, of(Scope::School, &scene.school)).await.is_empty());
    assert_eq!(
        warned(&scene.smw.1, of(Scope::Team, &scene.team)).await,
        told,
        "who helps reads their own too"
    );
}

#[tokio::test]
async fn x07_a_feed_of_nothing_that_is_there_is_not_made() {
    let scene = Scene::start().await;
    let mut feeds = FeedServiceClient::new(scene.iber.1.clone());
    let unknown = scene.server.app.ids.next(scene.server.app.now());
    for (scope, name, expected) in [
        (Scope::School, format!("schools/{unknown}"), "SCHOOL_NOT_FOUND"),
        (Scope::Team, format!("teams/{unknown}"), "TEAM_NOT_FOUND"),
        (Scope::Cluster, format!("clusters/{unknown}"), "CLUSTER_NOT_FOUND"),
    ] {
        let ask = pb::CreateFeedRequest { request_id: scene.server.request_id(), ..of(scope, &name) };
        assert_eq!(reason(&feeds.create_feed(ask).await.unwrap_err()), expected);
    }
    let ask = pb::CreateFeedRequest {
        request_id: scene.server.request_id(),
        kinds: vec![99],
        detail: 99,
        ..of(Scope::School, &"")
    };
    let refused = violations(&feeds.create_feed(ask).await.unwrap_err());
    assert_eq!(refused, ["detail: FIELD_INVALID", "kinds[0]: FIELD_INVALID", "of: FIELD_REQUIRED"]);
    let ask =
        pb::CreateFeedRequest { request_id: scene.server.request_id(), ..of(Scope::Own, &scene.school) };
    assert_eq!(violations(&feeds.create_feed(ask).await.unwrap_err()), ["of: FIELD_INVALID"]);
}

#[tokio::test]
async fn x07_a_feed_of_a_kind_shows_that_kind() {
    use pb::consultation::Kind::{Consult, Mdo, Rok};

    let scene = Scene::start().await;
    let (server, http) = (&scene.server, scene.server.http().await);
    let mdo = server.meeting(&[scene.smw.0], tuesday()).await;
    let consult = server.meeting(&[scene.smw.0], tuesday() + TimeDelta::hours(2)).await;
    server.change(consult.id, |meeting| meeting.kind = Kind::Consult).await;
    let kinds = |kinds: &[pb::consultation::Kind]| pb::CreateFeedRequest {
        kinds: kinds.iter().map(|kind| (*kind).into()).collect(),
        ..Default::default()
    };
    for (wish, expected) in [
        (kinds(&[Mdo]), [true, false]),
        (kinds(&[Consult, Rok, Consult]), [false, true]),
        (kinds(&[Rok]), [false, false]),
        (kinds(&[]), [true, true]),
    ] {
        let (feed, path) = subscribe(server, &scene.smw.1, wish.clone()).await;
        assert_eq!(shown(&http, &path, &[&mdo, &consult]).await, expected, "{wish:?}");
        assert!(feed.kinds.len() <= 2, "each once");
    }
}

#[tokio::test]
async fn x07_how_much_a_feed_tells_is_chosen() {
    let scene = Scene::start().await;
    let (server, http) = (&scene.server, scene.server.http().await);
    let meeting = server.meeting(&[scene.smw.0], tuesday()).await;
    server.change(meeting.id, |meeting| meeting.school = Some(scene.school)).await;
    let at = |detail: Detail| pb::CreateFeedRequest { detail: detail.into(), ..Default::default() };
    let title = format!("SUMMARY:Overleg {}", meeting.reference);
    for (detail, has, has_not) in [
        (Detail::Busy, vec!["SUMMARY:Bezet"], vec!["\nLOCATION:", meeting.reference.as_str(), "School"]),
        (Detail::Title, vec![title.as_str(), "LOCATION:op school"], vec!["School 99AA00"]),
        (Detail::Full, vec![title.as_str(), "LOCATION:School 99AA00 (op school)"], vec![]),
    ] {
        let (feed, path) = subscribe(server, &scene.smw.1, at(detail)).await;
        assert_eq!(feed.detail(), detail);
        let body = http.get(&path).await.body;
        assert!(has.iter().all(|word| body.contains(word)), "{detail:?}: {body}");
        assert!(!has_not.iter().any(|word| body.contains(word)), "{detail:?}: {body}");
        for private in ["ATTENDEE", "ORGANIZER", "Noor"] {
            assert!(!body.contains(private), "{private}");
        }
    }
    let (_, path) = subscribe(server, &scene.smw.1, at(Detail::Full)).await;
    server.change(meeting.id, |meeting| meeting.place = Place::Home).await;
    let home = http.get(&path).await.body;
    assert!(home.contains("LOCATION:locatie: zie de pagina") && !home.contains("School 99AA00"), "{home}");
}

#[tokio::test]
async fn x07_free_and_busy_is_published_for_partners() {
    let scene = Scene::start().await;
    let (server, http) = (&scene.server, scene.server.http().await);
    let meeting = server.meeting(&[scene.smw.0], tuesday()).await;
    server.meeting(&[scene.smw.0], tuesday() + TimeDelta::hours(1)).await;
    let wish = pb::CreateFeedRequest { detail: Detail::FreeBusy.into(), ..Default::default() };
    let (_, path) = subscribe(server, &scene.smw.1, wish).await;
    let events = path.replace(".ifb", ".ics");
    assert_ne!(path, events, "it is another kind of file");
    assert_eq!(http.get(&events).await.status, 404, "nothing else is told");
    let told = http.get(&path).await;
    assert_eq!((told.status, told.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(told.body.contains("BEGIN:VFREEBUSY\r\n"));
    let busy = "FREEBUSY;FBTYPE=BUSY:20261124T090000Z/20261124T110000Z";
    assert!(told.body.contains(busy), "where one ends is not told: {}", told.body);
    assert!(!told.body.contains(&meeting.reference) && !told.body.contains("SUMMARY"));
    server.clock.advance(TimeDelta::hours(2));
    let later = http.get(&path).await;
    assert_eq!(later.header("etag"), told.header("etag"), "the same all day");
    server.happen(meeting.id, schakel_domain::consultation::Event::Cancel).await;
    assert!(http.get(&path).await.body.contains("BUSY:20261124T100000Z/20261124T110000Z"));
}

#[tokio::test]
async fn x07_a_role_that_ends_empties_the_feed_at_the_next_fetch() {
    let scene = Scene::start().await;
    let (server, http) = (&scene.server, scene.server.http().await);
    let meeting = server.meeting(&[scene.smw.0], tuesday()).await;
    server.change(meeting.id, |meeting| meeting.school = Some(scene.school)).await;
    let (_, path) = subscribe(server, &scene.iber.1, of(Scope::School, &scene.school)).await;
    assert_eq!(shown(&http, &path, &[&meeting]).await, [true]);
    server.end_affiliations(scene.iber.0).await;
    assert_eq!(shown(&http, &path, &[&meeting]).await, [true], "until the end of the day");
    server.affiliate(scene.iber.0, Role::Smw, server.founded.organisation).await;
    server.clock.advance(TimeDelta::days(1));
    assert_eq!(shown(&http, &path, &[&meeting]).await, [false], "another role, another reach");
}
