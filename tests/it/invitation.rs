//! Who is told what by mail, in which form, and what happens when mail does not go.

use calcard::icalendar::ICalendar;
use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    consultation::{Event, Place},
    invitation::forbidden_word,
};
use schakel_server::{
    access::{Grant, Worker},
    invitation::{deliver, worker},
    store::outbox::{Ended, Kind},
};
use schakel_tests::{TestServer, mailbox::Mail};

const TREE: [&str; 6] = [
    "multipart/mixed",
    "multipart/alternative",
    "text/plain; charset=utf-8",
    "text/html; charset=utf-8",
    "text/calendar; charset=utf-8; method=REQUEST",
    "application/ics; name=uitnodiging.ics",
];

fn tuesday() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// What holds for every mail, whatever it says.
fn sound(mail: &Mail) {
    let text = String::from_utf8(mail.raw.clone()).unwrap();
    assert!(text.is_ascii() && text.ends_with("\r\n"));
    let rest = text.replace("\r\n", "");
    assert!(!rest.contains(['\r', '\n', '\0']), "lines end in CRLF only");
    assert!(text.split("\r\n").all(|line| line.len() <= 998));
    assert!(ICalendar::parse(mail.calendar()).is_ok());
    let tree = mail.tree();
    assert_eq!(&tree[..4], &TREE[..4]);
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(mail.header("X-Auto-Response-Suppress"), "OOF, AutoReply");
    assert_eq!(mail.header("Content-Language"), "nl, en");
    assert_eq!(mail.header("MIME-Version"), "1.0");
    assert!(mail.header("Cc").is_empty() && mail.header("Bcc").is_empty());
}

#[tokio::test]
async fn x06_each_participant_gets_one_mail_of_their_own_and_nothing_of_anybody_else() {
    let server = TestServer::start().await;
    let names = ["Quirijn Zebraveld", "Wendelmoet Xantippe", "Ysbrandt Vuurpijl"];
    let addresses = ["quirijn@thuis.example", "wendelmoet@school.example", "ysbrandt@team.example"];
    let people = [
        server.parent(names[0], Some(addresses[0])).await,
        server.colleague(names[1], addresses[1]).await,
        server.colleague(names[2], addresses[2]).await,
    ];
    let meeting = server.meeting(&people, tuesday()).await;
    let mails = server.news().await;
    assert_eq!(mails.len(), 3);
    for (nth, mail) in mails.iter().enumerate() {
        sound(mail);
        let own = addresses.iter().position(|address| *address == mail.to()).unwrap();
        assert_eq!(mail.to_name(), names[own]);
        assert_eq!(mail.tree(), TREE, "{nth}");
        let said = [mail.subject(), mail.text(), mail.html(), mail.calendar().replace("\r\n ", "")].concat();
        for other in (0..3).filter(|other| *other != own) {
            for word in names[other].split(' ').chain([addresses[other]]) {
                assert!(!said.contains(word), "{word} is told to {}", names[own]);
            }
        }
        assert!(said.contains(&meeting.reference) && said.contains("op school"));
        let neutral = said.replace(names[own], "").replace(&meeting.reference, "");
        let neutral: String =
            neutral.lines().filter(|line| !line.contains("/r/")).collect::<Vec<_>>().join("\n");
        assert_eq!(forbidden_word(&neutral), None);
        assert_eq!(mail.property("METHOD"), "");
        assert!(mail.calendar().contains("METHOD:REQUEST\r\n"));
        assert_eq!(mail.property("ATTENDEE"), format!("mailto:{}", addresses[own]));
        assert_eq!(mail.property("UID"), meeting.uid);
        assert_eq!(mail.property("SEQUENCE"), "0");
        assert_eq!(mail.property("STATUS"), "CONFIRMED");
    }
    assert!(server.news().await.is_empty(), "who knows is not told again");
    let audited = "SELECT COUNT(*) FROM audit WHERE action = 'E' AND object_type = ";
    assert_eq!(server.number(&format!("{audited}'mail'")).await, 3);
    assert_eq!(server.number(&format!("{audited}'invitation'")).await, 1, "the parent's name was opened");
    let kept = "SELECT COUNT(*) FROM outbox WHERE sealed_payload IS NOT NULL AND kind = 'MAIL'";
    assert_eq!(server.number(kept).await, 0, "what was sent is forgotten");
}

#[tokio::test]
async fn x06_a_move_is_the_same_event_with_the_next_sequence_in_the_same_thread() {
    let server = TestServer::start().await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], tuesday()).await;
    let first = server.news().await.remove(0);
    server.move_to(meeting.id, tuesday() + TimeDelta::days(1)).await;
    let second = server.news().await.remove(0);
    sound(&second);
    assert_eq!((second.property("UID"), second.property("SEQUENCE")), (meeting.uid, "1".into()));
    assert_eq!(second.tree(), TREE);
    assert_eq!(second.header("In-Reply-To"), first.header("Message-ID"));
    assert_eq!(second.header("References"), first.header("Message-ID"));
    assert_ne!(second.header("Message-ID"), first.header("Message-ID"));
    assert!(
        first.header("Message-ID").ends_with(".0.req@schakel.example>"),
        "{}",
        first.header("Message-ID")
    );
    assert!(second.subject().starts_with("Gewijzigd: Overleg"));
    assert!(second.text().contains("Eerder was dat: dinsdag 24 november 2026, 10:00–11:00 uur"));
    server.change(meeting.id, |meeting| meeting.table[0].optional = true).await;
    assert!(server.news().await.is_empty(), "what nobody needs to know is not told");
}

#[tokio::test]
async fn x06_whoever_is_replaced_hears_that_and_a_cancelled_meeting_is_off_for_all() {
    let server = TestServer::start().await;
    let (gone, stays) = (
        server.colleague("Gijs Weg", "gijs@school.example").await,
        server.colleague("Bram Blijft", "bram@school.example").await,
    );
    let comes = server.colleague("Nora Nieuw", "nora@school.example").await;
    let meeting = server.meeting(&[gone, stays], tuesday()).await;
    assert_eq!(server.news().await.len(), 2);
    server.change(meeting.id, |meeting| meeting.table[0].person = comes).await;
    let mut mails = server.news().await;
    mails.sort_by_key(Mail::to);
    assert_eq!(
        mails.iter().map(Mail::to).collect::<Vec<_>>(),
        ["gijs@school.example", "nora@school.example"]
    );
    sound(&mails[0]);
    assert_eq!(
        mails[0].tree()[4..],
        ["text/calendar; charset=utf-8; method=CANCEL", "application/ics; name=afgezegd.ics"]
    );
    assert_eq!((mails[0].property("STATUS"), mails[0].property("UID")), (String::new(), meeting.uid.clone()));
    assert_eq!(mails[1].property("STATUS"), "CONFIRMED");
    server.happen(meeting.id, Event::Cancel).await;
    let mails = server.news().await;
    assert_eq!(mails.len(), 2);
    for mail in &mails {
        sound(mail);
        assert_eq!((mail.property("STATUS"), mail.property("SEQUENCE")), ("CANCELLED".into(), "1".into()));
        assert_eq!(mail.property("UID"), meeting.uid);
        assert!(mail.header("Message-ID").ends_with(".1.can@schakel.example>"));
    }
}

#[tokio::test]
async fn x06_ten_quick_moves_give_one_mail() {
    let server = TestServer::start().await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], tuesday()).await;
    assert_eq!(server.news().await.len(), 1);
    for hour in 1..=10 {
        server.move_to(meeting.id, tuesday() + TimeDelta::hours(hour)).await;
    }
    let mails = server.news().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].property("SEQUENCE"), "10");
    assert_eq!(mails[0].property("DTSTART"), "20261124T200000");
}

/// Takes the Maildir away, or gives it back.
fn post_office(server: &TestServer, open: bool) {
    let tmp = server.folder.join("mail").join("tmp");
    if open { std::fs::create_dir(tmp).unwrap() } else { std::fs::remove_dir_all(tmp).unwrap() }
}

#[tokio::test]
async fn newer_news_takes_the_place_of_a_mail_that_has_not_gone() {
    let server = TestServer::start().await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], tuesday() + TimeDelta::days(7)).await;
    post_office(&server, false);
    server.deliver().await;
    server.move_to(meeting.id, tuesday() + TimeDelta::days(8)).await;
    server.deliver().await;
    post_office(&server, true);
    server.clock.advance(TimeDelta::minutes(5));
    let mails = server.news().await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].property("SEQUENCE"), "1");
    let superseded = "SELECT COUNT(*) FROM outbox WHERE state = 'DEAD' AND last_error = 'SUPERSEDED'";
    assert_eq!(server.number(superseded).await, 1);
}

#[tokio::test]
async fn a_mail_that_does_not_go_is_tried_later_and_others_are_not_kept_waiting() {
    let server = TestServer::start().await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    server.meeting(&[person], tuesday() + TimeDelta::days(7)).await;
    post_office(&server, false);
    server.deliver().await;
    let due = "SELECT (due_at - created_at) / 1000000 FROM outbox WHERE kind = 'MAIL'";
    assert!((24..=36).contains(&server.number(due).await), "half a minute, spread by a fifth");
    assert_eq!(worker::work(&server.app, server.founded.region).await.unwrap(), 0, "not before it is due");
    post_office(&server, true);
    server.clock.advance(TimeDelta::seconds(20));
    assert!(server.news().await.is_empty());
    server.clock.advance(TimeDelta::seconds(20));
    assert_eq!(server.news().await.len(), 1);
}

#[tokio::test]
async fn a_mail_that_never_goes_is_given_up_when_it_is_of_no_use() {
    let server = TestServer::start().await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    server.meeting(&[person], tuesday() + TimeDelta::days(7)).await;
    post_office(&server, false);
    for _ in 0..60 {
        server.deliver().await;
        server.clock.advance(TimeDelta::hours(1));
    }
    let dead = "SELECT COUNT(*) FROM outbox WHERE state = 'DEAD' AND last_error = 'EXPIRED' AND sealed_payload IS NULL";
    assert_eq!(server.number(dead).await, 1);
    let tries = server.number("SELECT CAST(attempts AS BIGINT) FROM outbox WHERE kind = 'MAIL'").await;
    assert!((20..=32).contains(&tries), "{tries}");
}

#[tokio::test]
async fn a_crash_between_sending_and_noting_gives_the_very_same_mail_again() {
    let server = TestServer::start().await;
    let person = server.parent("Petra Ouder", Some("petra@thuis.example")).await;
    server.meeting(&[person], tuesday() + TimeDelta::days(7)).await;
    post_office(&server, false);
    server.deliver().await;
    post_office(&server, true);
    server.clock.advance(TimeDelta::minutes(1));
    let grant = Grant::worker(Worker::Invitations, server.founded.region);
    let leased =
        server.app.write(&grant, None, |tx| async move { tx.lease(Kind::Mail, 8).await }).await.unwrap();
    assert_eq!(deliver::send(&server.app, &grant, &leased[0]).await.unwrap(), Ended::Done);
    let first = server.mailbox().remove(0).raw;
    server.deliver().await;
    server.clock.advance(TimeDelta::minutes(13));
    assert_eq!(worker::work(&server.app, server.founded.region).await.unwrap(), 1);
    assert_eq!(server.mailbox().remove(0).raw, first);
    let late = server.app.write(&grant, None, |tx| {
        let row = leased[0].clone();
        async move { tx.end(&row, &Ended::Again(tx.now(), "LATE")).await }
    });
    assert!(!late.await.unwrap(), "who wakes late ends nothing");
}

#[tokio::test]
async fn nobody_without_an_address_keeps_the_others_from_being_told() {
    let server = TestServer::start().await;
    let people =
        [server.parent("Petra Ouder", None).await, server.colleague("Zoë Smit", "zoe@school.example").await];
    server.meeting(&people, tuesday()).await;
    assert_eq!(server.news().await.len(), 1);
    let dead = "SELECT COUNT(*) FROM outbox WHERE state = 'DEAD' AND last_error = 'NO_ADDRESS'";
    assert_eq!(server.number(dead).await, 1);
}

// The hostile inputs for mail: names that try to become headers, addresses or commands.
#[tokio::test]
async fn r34_a_hostile_name_stays_a_name() {
    let server = TestServer::start().await;
    for (nth, name) in [
        "\"a\" <x@y.example>",
        "a, b@evil.example",
        "=?utf-8?q?Bcc=3A_x=40y?=",
        ".",
        "Zoë 👩‍👧 \\\"; DROP",
        "<script>alert(1)</script>",
        "BEGIN:VALARM;X=\"",
    ]
    .into_iter()
    .enumerate()
    {
        let address = format!("r{nth}@school.example");
        let person = server.colleague(name, &address).await;
        server.meeting(&[person], tuesday() + TimeDelta::hours(i64::try_from(nth).unwrap())).await;
        let mail = server.news().await.remove(0);
        sound(&mail);
        assert_eq!(mail.to(), address, "{name}");
        assert_eq!(mail.tree(), TREE);
        assert!(!mail.html().contains("<script"));
        assert!(mail.text().contains(name), "{name}");
    }
    assert!("a\r\nBcc: x@y.example".parse::<schakel_domain::text::Name>().is_err());
}

#[tokio::test]
async fn x06_another_place_keeps_the_answers_and_tells_all() {
    let server = TestServer::start().await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], tuesday()).await;
    server.deliver().await;
    let now = server.app.now();
    server
        .change(meeting.id, |meeting| {
            meeting.live_on(meeting.life().after(Event::ChangePlace, now).unwrap());
            meeting.place = Place::Home;
        })
        .await;
    let mail = server.news().await.remove(0);
    assert!(
        mail.text().contains("Waar: locatie: zie de pagina\r\nEerder was dat: op school"),
        "{}",
        mail.text()
    );
    assert_eq!(mail.property("SEQUENCE"), "1");
}

#[tokio::test]
async fn t06_who_has_no_role_any_more_is_told_only_that_a_meeting_is_off() {
    let server = TestServer::start().await;
    let stays = server.colleague("Wendelmoet Xantippe", "wendelmoet@school.example").await;
    let left = server.colleague("Ysbrandt Vuurpijl", "ysbrandt@team.example").await;
    let meeting = server.meeting(&[stays, left], tuesday()).await;
    assert_eq!(server.news().await.len(), 2);
    server.end_affiliations(left).await;
    server.clock.advance(TimeDelta::days(1));
    server.move_to(meeting.id, tuesday() + TimeDelta::hours(2)).await;
    let moved = server.news().await;
    assert_eq!(moved.iter().map(Mail::to).collect::<Vec<_>>(), ["wendelmoet@school.example"]);
    server.happen(meeting.id, Event::Cancel).await;
    let off: Vec<String> = server.news().await.iter().map(Mail::to).collect();
    assert!(off.contains(&"ysbrandt@team.example".to_owned()), "their calendar has it still: {off:?}");
}
