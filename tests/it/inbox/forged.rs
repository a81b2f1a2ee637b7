//! Mails of strangers: whatever they write, nothing changes, and why is told.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use schakel_server::invitation::inbox::worker;
use schakel_tests::imap::Mailbox;

use super::{meeting, reading, reasons, tuesday, vouched};

/// A forged answer: what is other than an honest one, and why it changes nothing.
const FORGERIES: &str = "
    AUTH_FAILED results=
    AUTH_FAILED results=mx.own.example; dmarc=fail header.from=school.example
    AUTH_FAILED results=mx.own.example; dmarc=none header.from=school.example
    AUTH_FAILED results=mx.evil.example; dmarc=pass header.from=school.example
    AUTH_FAILED results=mx.own.example; dmarc=pass header.from=evil.example
    AUTH_FAILED results=mx.own.example; spf=pass smtp.mailfrom=zoe@school.example
    AUTH_FAILED results=mx.own.example; spf=fail smtp.mailfrom=\"; dmarc=pass header.from=school.example\"
    AUTH_FAILED results=mx.own.example; spf=fail (; dmarc=pass header.from=school.example)
    AUTH_FAILED results=mx.own.example; dmarc=fail header.from=school.example\\r\\nAuthentication-Results: mx.own.example; dmarc=pass header.from=school.example
    AUTH_FAILED from=zoe@school.example, boef@evil.example
    AUTH_FAILED from=zoe@school.example\\r\\nFrom: boef@evil.example
    NOT_INVITED from=boef@school.example
    NOT_INVITED from=\"zoe@school.example\" <boef@school.example>
    NOT_INVITED from=zoe@school.example.evil.example
    NOT_INVITED attendee=mailto:boef@evil.example
    NOT_INVITED attendee=mailto:mo@team.example
    NOT_INVITED attendee=
    UNKNOWN_UID uid=een-ander@schakel.example
    METHOD_NOT_ALLOWED method=REQUEST
    METHOD_NOT_ALLOWED method=CANCEL
    METHOD_NOT_ALLOWED method=ADD
    METHOD_NOT_ALLOWED method=PUBLISH
    METHOD_NOT_ALLOWED method=DECLINECOUNTER
    STALE sequence=1
    STALE sequence=4294967295
    UNREADABLE sequence=-1
    UNREADABLE method=
    UNREADABLE method=VERWIJDER
    UNREADABLE uid=
    NO_ANSWER partstat=NEEDS-ACTION
    NO_ANSWER partstat=X-ALLES
    AMBIGUOUS partstat=DELEGATED
    AMBIGUOUS attendee=mailto:zoe@school.example\\r\\nATTENDEE;PARTSTAT=DECLINED:mailto:ZOE@school.example
    NO_INSTANCE extra=RECURRENCE-ID:20261125T090000Z
    UNREADABLE extra=END:VEVENT\\r\\nBEGIN:VEVENT\\r\\nUID:tweede@schakel.example
    NO_CALENDAR kind=text/plain
    AMBIGUOUS second=BEGIN:VCALENDAR
    MIME_LIMITS kind=multipart/mixed; boundary=
";

/// The mail that a forgery makes of an honest one.
fn forged(changes: &BTreeMap<String, String>, uid: &str, number: usize) -> String {
    let of = |name: &str, honest: &str| changes.get(name).map_or(honest, String::as_str).to_owned();
    let results = of("results", &vouched("school.example"));
    let results = if results.is_empty() { results } else { format!("Authentication-Results: {results}\r\n") };
    let partstat = of("partstat", "ACCEPTED");
    let attendee = match of("attendee", "mailto:zoe@school.example") {
        none if none.is_empty() => String::new(),
        attendee => format!("ATTENDEE;PARTSTAT={partstat}:{attendee}\r\n"),
    };
    let extra = changes.get("extra").map(|line| format!("{line}\r\n")).unwrap_or_default();
    let method = match of("method", "REPLY") {
        none if none.is_empty() => none,
        method => format!("METHOD:{method}\r\n"),
    };
    let uid = match of("uid", uid) {
        none if none.is_empty() => none,
        uid => format!("UID:{uid}\r\n"),
    };
    let calendar = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{method}BEGIN:VEVENT\r\n{uid}SEQUENCE:{}\r\nDTSTAMP:20261123T080000Z\r\n\
         {attendee}{extra}END:VEVENT\r\nEND:VCALENDAR\r\n",
        of("sequence", "0")
    );
    let kind = of("kind", "text/calendar; method=REPLY; charset=utf-8");
    let (kind, body) = match changes.get("second") {
        None => (kind, calendar),
        Some(second) => (
            "multipart/mixed; boundary=b".to_owned(),
            format!(
                "--b\r\nContent-Type: text/calendar\r\n\r\n{calendar}\r\n--b\r\nContent-Type: application/ics\r\n\r\n\
                 {second}\r\n--b--\r\n"
            ),
        ),
    };
    format!(
        "{results}From: {}\r\nTo: overleg@schakel.example\r\nIn-Reply-To: {}\r\nMessage-ID: <{number}@evil.example>\r\n\
         Content-Type: {kind}\r\n\r\n{body}",
        of("from", "zoe@school.example"),
        changes["follows"],
    )
}

#[tokio::test]
async fn t08_five_hundred_forged_replies_change_nothing_and_say_why() {
    let Some(mailbox) = Mailbox::new("t08_five_hundred_forged_replies_change_nothing_and_say_why") else {
        return;
    };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let mo = server.colleague("Mo Test", "mo@team.example").await;
    let booked = server.meeting(&[zoe, mo], tuesday() + TimeDelta::days(20)).await;
    let mails = server.news().await;
    let follows = mails.iter().find(|mail| mail.to() == "zoe@school.example").unwrap().header("Message-ID");
    let rows: Vec<(String, BTreeMap<String, String>)> = FORGERIES
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| {
            let (reason, change) = line.trim().split_once(' ').unwrap();
            let (name, value) = change.split_once('=').unwrap();
            let value = value.replace("\\r\\n", "\r\n");
            let changes = [(name.to_owned(), value), ("follows".to_owned(), follows.clone())];
            (reason.to_owned(), changes.into_iter().collect())
        })
        .collect();
    let before = meeting(&server, booked.id).await;
    let mut expected = Vec::new();
    for number in 0..500 {
        let (reason, changes) = &rows[number % rows.len()];
        expected.push(reason.clone());
        mailbox.put(forged(changes, &booked.uid, number).as_bytes());
        // No more than so many of an hour are kept.
        if number % rows.len() == rows.len() - 1 || number == 499 {
            worker::once(&server.app).await.unwrap();
            server.clock.advance(TimeDelta::minutes(61));
        }
    }
    assert_eq!(meeting(&server, booked.id).await, before, "nothing changed");
    assert_eq!(server.number("SELECT COUNT(*) FROM counter_proposal").await, 0);
    assert_eq!(reasons(&server).await, expected);
    assert_eq!(mailbox.counts(), [0, 0, 500]);
    // Whoever is named may be asked whether it was theirs, once a day, and the organiser is told once a day.
    let days = server.number("SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL_ASIDE'").await;
    let told = server.news().await;
    let to = |address: &str| told.iter().filter(|mail| mail.to() == address).count();
    assert!(days <= 2 && to("beheer@maasduin.example") <= 2 && to("mo@team.example") == 0);
    assert_eq!(to("zoe@school.example"), 1, "within one day");
    // An honest one is still heard.
    let honest = BTreeMap::from([("follows".to_owned(), follows)]);
    mailbox.put(forged(&honest, &booked.uid, 501).as_bytes());
    worker::once(&server.app).await.unwrap();
    assert_ne!(meeting(&server, booked.id).await, before);
}

#[tokio::test]
async fn t08_a_flood_about_one_meeting_is_not_kept() {
    let Some(mailbox) = Mailbox::new("t08_a_flood_about_one_meeting_is_not_kept") else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let follows = server.news().await.remove(0).header("Message-ID");
    let forgery = BTreeMap::from([("follows".to_owned(), follows), ("results".to_owned(), String::new())]);
    for number in 0..70 {
        mailbox.put(forged(&forgery, &booked.uid, number).as_bytes());
    }
    worker::once(&server.app).await.unwrap();
    assert_eq!(mailbox.counts(), [0, 0, 70]);
    let kept = reasons(&server).await;
    assert_eq!((kept.len(), kept.last().map(String::as_str)), (51, Some("TOO_OFTEN")));
}

/// A mail that looks as if it were of somebody, for whom nobody vouches.
fn unvouched(from: &str) -> BTreeMap<String, String> {
    let all = [("follows", "<niets@evil.example>"), ("results", ""), ("from", from)];
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[tokio::test]
async fn t08_junk_of_strangers_hides_no_mail_of_who_was_invited() {
    let Some(mailbox) = Mailbox::new("t08_junk_of_strangers_hides_no_mail_of_who_was_invited") else {
        return;
    };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let mo = server.colleague("Mo Test", "mo@team.example").await;
    let booked = server.meeting(&[zoe, mo], tuesday()).await;
    server.news().await;
    for number in 0..60 {
        mailbox.put(forged(&unvouched("boef@school.example"), &booked.uid, number).as_bytes());
        // Nor does a program in her name, which is not answered.
        let program = unvouched("zoe@school.example\r\nAuto-Submitted: auto-replied");
        mailbox.put(forged(&program, &booked.uid, 100 + number).as_bytes());
    }
    worker::once(&server.app).await.unwrap();
    assert_eq!(reasons(&server).await.len(), 102, "51 of each");
    for (number, from) in [(200, "mo@team.example"), (201, "zoe@school.example")] {
        mailbox.put(forged(&unvouched(from), &booked.uid, number).as_bytes());
    }
    worker::once(&server.app).await.unwrap();
    let kept = reasons(&server).await;
    assert_eq!((kept.len(), kept[102].as_str()), (103, "AUTH_FAILED"), "his is there");
    let told = server.news().await;
    for to in ["mo@team.example", "zoe@school.example"] {
        assert_eq!(told.iter().filter(|mail| mail.to() == to).count(), 1, "{to} is asked all the same");
    }
}

#[tokio::test]
async fn t18_whoever_is_named_is_asked_once_a_day_however_many_meetings_they_have() {
    const NAME: &str = "t18_whoever_is_named_is_asked_once_a_day_however_many_meetings_they_have";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let mut uids = Vec::new();
    for days in 10..15 {
        uids.push(server.meeting(&[zoe], tuesday() + TimeDelta::days(days)).await.uid);
    }
    server.news().await;
    for day in 0..2 {
        for (number, uid) in uids.iter().enumerate() {
            mailbox.put(forged(&unvouched("zoe@school.example"), uid, 10 * day + number).as_bytes());
        }
        worker::once(&server.app).await.unwrap();
        let told = server.news().await;
        assert_eq!(told.iter().filter(|mail| mail.to() == "zoe@school.example").count(), 1);
        server.clock.advance(TimeDelta::hours(25));
    }
    assert_eq!(reasons(&server).await, ["AUTH_FAILED"; 10]);
}
