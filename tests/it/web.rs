//! Pages: the answer to an invitation without signing in, and what else is plain HTTP.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::consultation::{Answer, Event};
use schakel_server::{consultation::meeting::Meeting, invitation::link::LinkClaims};
use schakel_tests::{TestServer, http::Http};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const JSON: (&str, &str) = ("accept", "application/json");

fn tuesday() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// A meeting with one invited parent, and the link of the mail that they got.
async fn invited() -> (TestServer, Http, Meeting, String) {
    let server = TestServer::start().await;
    let person = server.parent("Quirijn Zebraveld", Some("quirijn@thuis.example")).await;
    let other = server.colleague("Wendelmoet Xantippe", "wendelmoet@school.example").await;
    let meeting = server.meeting(&[person, other], tuesday()).await;
    let mails = server.news().await;
    let link = mails.iter().find(|mail| mail.to() == "quirijn@thuis.example").unwrap().link();
    let http = server.http().await;
    (server, http, meeting, link)
}

async fn answer(server: &TestServer, meeting: &Meeting) -> Answer {
    server.read_meeting(meeting.id).await.table[0].answer
}

#[tokio::test]
async fn the_link_of_a_mail_takes_an_answer_and_shows_it() {
    let (server, http, meeting, link) = invited().await;
    let page = http.get(&link).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    for shown in
        [meeting.reference.as_str(), "dinsdag 24 november 2026, 10:00–11:00 uur", "op school", "lang=\"en\""]
    {
        assert!(page.body.contains(shown), "{shown}");
    }
    for hidden in ["Quirijn", "quirijn", "Wendelmoet", "MDO", "<script", "http://", "https://"] {
        // Its random signs may spell anything.
        assert!(!page.body.replace(&link, "").contains(hidden), "{hidden}");
    }
    for (sent, given, said) in [
        ("accept", Answer::Accepted, "Uw antwoord: ja, u komt."),
        ("decline", Answer::Declined, "Uw antwoord: nee, u komt niet."),
        ("tentative", Answer::Tentative, "Uw antwoord: misschien."),
    ] {
        let took = http.send("POST", &link, &[FORM], &format!("answer={sent}")).await;
        assert_eq!((took.status, took.header("location")), (303, link.as_str()));
        assert_eq!(answer(&server, &meeting).await, given);
        assert!(http.get(&link).await.body.contains(said));
    }
}

#[tokio::test]
async fn letters_are_shown_only_where_the_server_is_tried_out() {
    let server = TestServer::start().await;
    let http = server.http().await;
    for path in ["/preview", "/preview/invitation"] {
        assert_eq!(http.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn r37_looking_changes_nothing_however_often() {
    let (server, http, meeting, link) = invited().await;
    let before = server.read_meeting(meeting.id).await;
    let lines = server.number("SELECT COUNT(*) FROM audit").await;
    for nth in 0..1000 {
        let (method, headers): (_, &[_]) = match nth % 4 {
            0 => ("GET", &[]),
            1 => ("HEAD", &[]),
            2 => ("OPTIONS", &[]),
            _ => ("GET", &[("sec-purpose", "prefetch")]),
        };
        http.send(method, &link, headers, "").await;
    }
    assert_eq!(server.read_meeting(meeting.id).await, before);
    assert_eq!(server.number("SELECT COUNT(*) FROM audit").await, lines);
}

#[tokio::test]
async fn r37_whatever_is_wrong_with_an_answer_is_told_and_changes_nothing() {
    let (server, http, meeting, link) = invited().await;
    let mut tampered = link.clone();
    let end = if link.ends_with('A') { "Q" } else { "A" };
    tampered.replace_range(link.len() - 1.., end);
    let foreign = format!("/r/{}.{}", "A".repeat(82), "A".repeat(22));
    let large = format!("answer=accept&x={}", "x".repeat(1 << 20));
    let json = ("content-type", "application/json");
    for (path, kind, body, status, reason) in [
        (&link, FORM, "", 400, "ANSWER_REQUIRED"),
        (&link, FORM, "answer=", 400, "ANSWER_REQUIRED"),
        (&link, FORM, "answer=maybe2", 400, "ANSWER_INVALID"),
        (&link, FORM, "answer=accept&answer=decline", 400, "ANSWER_INVALID"),
        (&tampered, FORM, "answer=accept", 404, "LINK_INVALID"),
        (&foreign, FORM, "answer=accept", 404, "LINK_INVALID"),
        (&link, json, "{\"answer\":\"accept\"}", 415, "FORM_REQUIRED"),
        (&link, FORM, large.as_str(), 413, "MESSAGE_TOO_LARGE"),
    ] {
        let refused = http.send("POST", path, &[kind, JSON], body).await;
        assert_eq!((refused.status, refused.reason().as_str()), (status, reason), "{reason}");
        assert_eq!(refused.header("content-type"), "application/problem+json");
    }
    assert_eq!(answer(&server, &meeting).await, Answer::NeedsAction);
    let (one, two) = (http.get(&tampered).await, http.get(&foreign).await);
    assert_eq!((one.status, &one.body), (two.status, &two.body), "forged and unknown are one");
    assert!(one.body.contains("Deze link werkt niet") && one.body.contains("lang=\"en\""));
}

#[tokio::test]
async fn r37_a_link_ends_with_its_version_and_with_its_meeting() {
    let (server, http, meeting, link) = invited().await;
    server.move_to(meeting.id, tuesday() + TimeDelta::days(1)).await;
    for method in ["GET", "POST"] {
        let old = http.send(method, &link, &[FORM, JSON], "answer=accept").await;
        assert_eq!((old.status, old.reason().as_str()), (409, "LINK_SUPERSEDED"), "{method}");
    }
    let page = http.get(&link).await.body;
    assert!(!page.contains(&meeting.reference) && !page.contains("november"), "an old link tells no more");
    let mails = server.news().await;
    let new = mails.iter().find(|mail| mail.to() == "quirijn@thuis.example").unwrap().link();
    assert_eq!(http.get(&new).await.status, 200);
    server.clock.set(tuesday() + TimeDelta::days(1) + TimeDelta::hours(1));
    let over = http.get(&new).await;
    assert!(over.body.contains("Dit overleg is geweest.") && !over.body.contains("<form"));
    let late = http.send("POST", &new, &[FORM, JSON], "answer=accept").await;
    assert_eq!((late.status, late.reason().as_str()), (409, "CONSULTATION_PAST"));
    server.clock.advance(TimeDelta::days(1));
    let expired = http.send("POST", &new, &[FORM, JSON], "answer=accept").await;
    assert_eq!((expired.status, expired.reason().as_str()), (410, "LINK_EXPIRED"));
}

#[tokio::test]
async fn a_cancelled_meeting_and_an_empty_seat_say_so() {
    let (server, http, meeting, link) = invited().await;
    server.happen(meeting.id, Event::Cancel).await;
    let page = http.get(&link).await;
    assert!(page.body.contains("Dit overleg is afgezegd.") && !page.body.contains("<form"));
    let refused = http.send("POST", &link, &[FORM, JSON], "answer=accept").await;
    assert_eq!((refused.status, refused.reason().as_str()), (409, "CONSULTATION_CANCELLED"));

    let (server, http, meeting, link) = invited().await;
    server.change(meeting.id, |meeting| meeting.table.truncate(0)).await;
    assert_eq!(http.send("GET", &link, &[JSON], "").await.reason(), "LINK_SUPERSEDED");
}

#[tokio::test]
async fn a_link_for_somebody_who_was_never_asked_opens_nothing() {
    let (server, http, meeting, _) = invited().await;
    let stranger = server.parent("Vreemde Eend", None).await;
    let claims = LinkClaims {
        region: server.founded.region,
        consultation: meeting.id,
        person: stranger,
        sequence: 0,
        expires: tuesday() + TimeDelta::days(2),
    };
    let path = format!("/r/{}", claims.token(&server.app.keys));
    assert_eq!(http.send("POST", &path, &[FORM], "answer=accept").await.status, 409);
    let token = LinkClaims { consultation: schakel_domain::ids::ConsultationId(stranger.0), ..claims };
    let path = format!("/r/{}", token.token(&server.app.keys));
    assert_eq!(http.send("GET", &path, &[JSON], "").await.reason(), "LINK_INVALID");
}

#[tokio::test]
async fn every_answer_is_protected_and_nothing_strange_is_served() {
    let (server, http, _, link) = invited().await;
    for path in ["/", &link, "/nowhere", "/.well-known/security.txt", "/feeds/x.ics", "/livez"] {
        let page = http.get(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{path}");
        assert!(policy.contains("form-action 'self'; frame-ancestors 'none'"));
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.header("x-robots-tag").starts_with("noindex"));
    }
    assert_eq!(http.get("/readyz").await.status, 200);
    let contact = http.get("/.well-known/security.txt").await.body;
    assert!(
        contact.contains("Contact: mailto:overleg@schakel.example\nExpires: 2027-05-22T08:00:00Z\n"),
        "{contact}"
    );
    for (method, path, status) in [
        ("TRACE", "/", 405),
        ("TRACE", "/nowhere", 405),
        ("DELETE", "/", 405),
        ("POST", "/livez", 405),
        ("GET", "/nowhere", 404),
        ("GET", &format!("/{}", "x".repeat(8 << 10)), 414),
    ] {
        let refused = http.send(method, path, &[], "").await;
        assert_eq!(
            (refused.status, refused.header("content-type")),
            (status, "application/problem+json"),
            "{method} {path:.20}"
        );
    }
    let huge = http.send("GET", "/", &[("x-huge", &"x".repeat(20 << 10))], "").await;
    assert_eq!(huge.status, 431);
    drop(server);
}
