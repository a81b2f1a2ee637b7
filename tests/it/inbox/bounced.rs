//! Mails that a relay took and that did not arrive after all.

use schakel_domain::inbox::{PROOF, Tag};
use schakel_server::{invitation::inbox::worker, store::keys::Use};
use schakel_tests::{TestServer, imap::Mailbox, mailbox::Mail};
use serde_json::json;
use uuid::Uuid;

use super::{reading, saved, tuesday};

/// The id with which a mail of ours begins its own.
fn id(mail: &Mail) -> Uuid {
    mail.header("Message-ID").trim_matches(['<', '>'])[..36].parse().unwrap()
}

/// To whom it is told that a mail did not arrive, by whoever knows `proof`.
fn address(server: &TestServer, mail: Uuid, proof: [u8; PROOF]) -> String {
    let tag = Tag::Bounce { mail: *mail.as_bytes(), proof };
    tag.address(&server.app.settings.mail.sender, '+').unwrap().as_str().to_owned()
}

/// The same by the relay, which was told the address.
fn returned(server: &TestServer, mail: &Mail) -> String {
    let mac = server.app.keys.mac(Use::BounceTag, id(mail).as_bytes());
    address(server, id(mail), mac[..PROOF].try_into().unwrap())
}

#[tokio::test]
async fn x06_a_bounce_flags_the_address_and_the_organiser_hears() {
    const NAME: &str = "x06_a_bounce_flags_the_address_and_the_organiser_hears";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let mail = server.news().await.remove(0);
    let invitation = saved(&mailbox, &mail, "zoe");
    let returned = returned(&server, &mail);
    let guessed = address(&server, id(&mail), [0; PROOF]);
    let wishes = [
        json!({"mail": invitation, "does": "late", "to": returned}),
        // Whoever got a mail can write that it did not arrive.
        json!({"mail": invitation, "does": "bounce", "to": guessed}),
        json!({"mail": invitation, "does": "bounce", "to": "overleg@schakel.example"}),
        json!({"mail": invitation, "does": "bounce", "to": returned}),
        json!({"mail": invitation, "does": "bounce", "to": returned}),
    ];
    let Some(written) = mailbox.written(&wishes, NAME) else { return };
    for mail in &written[..3] {
        mailbox.put(mail);
    }
    worker::once(&server.app).await.unwrap();
    assert_eq!(
        mailbox.counts(),
        [0, 1, 2],
        "that it is late is nothing to know; what a report names shows nothing"
    );
    let dead = "SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL' AND state = 'DEAD' AND last_error = 'MAILBOX_REFUSED'";
    assert_eq!(server.number(dead).await, 0);
    for mail in &written[3..] {
        mailbox.put(mail);
    }
    worker::once(&server.app).await.unwrap();
    assert_eq!(server.number(dead).await, 1);
    assert_eq!(mailbox.counts(), [0, 3, 2]);
    let told = server.news().await;
    let told: Vec<_> = told.iter().map(Mail::to).collect();
    assert_eq!(told, ["beheer@maasduin.example"], "whoever booked it hears it once");
    server.move_to(booked.id, tuesday() + chrono::TimeDelta::hours(2)).await;
    server.clock.advance(chrono::TimeDelta::minutes(2));
    assert!(server.news().await.iter().all(|mail| mail.to() != "zoe@school.example"), "it gets no more");
}

#[tokio::test]
async fn x06_a_bounce_that_is_not_about_the_mailbox_flags_no_address() {
    const NAME: &str = "x06_a_bounce_that_is_not_about_the_mailbox_flags_no_address";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let mut persons = Vec::new();
    for (name, email) in [
        ("Zoë Smit", "zoe@school.example"),
        ("Mo Test", "mo@team.example"),
        ("Els Vos", "els@gemeente.example"),
    ] {
        persons.push(server.colleague(name, email).await);
    }
    server.meeting(&persons, tuesday()).await;
    let mails = server.news().await;
    // It is about our own address; it was given up after days; it is about the mailbox of somebody else.
    let statuses = [("zoe", "5.1.8"), ("mo", "4.4.7"), ("els", "5.1.1")];
    let wishes = statuses.map(|(who, status)| {
        let mail = mails.iter().find(|mail| mail.to().starts_with(who)).unwrap();
        let to = returned(&server, mail);
        json!({"mail": saved(&mailbox, mail, who), "does": "bounce", "to": to, "status": status})
    });
    let Some(written) = mailbox.written(&wishes, NAME) else { return };
    for mail in &written {
        let report = String::from_utf8(mail.clone()).unwrap();
        mailbox.put(report.replace("els@gemeente.example", "zoe@school.example").as_bytes());
    }
    worker::once(&server.app).await.unwrap();
    assert_eq!(mailbox.counts(), [0, 3, 0]);
    let dead = "SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL' AND state = 'DEAD' AND last_error = 'SMTP_PERMANENT'";
    assert_eq!(server.number(dead).await, 3);
    assert_eq!(server.number("SELECT COUNT(*) FROM mail_address").await, 0);
    let told = server.news().await;
    assert!(!told.is_empty() && told.iter().all(|mail| mail.to() == "beheer@maasduin.example"));
}

#[tokio::test]
async fn x06_a_letter_of_a_page_that_comes_back_is_told_to_whoever_plans() {
    const NAME: &str = "x06_a_letter_of_a_page_that_comes_back_is_told_to_whoever_plans";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    server.meeting(&[zoe], tuesday()).await;
    let invitation = saved(&mailbox, &server.news().await.remove(0), "zoe");
    // Nobody vouches for her: she is asked, by a letter that is about her page.
    let wish = json!({"mail": invitation, "does": "accepted", "to": "organizer"});
    let Some(written) = mailbox.written(&[wish], NAME) else { return };
    mailbox.put(&written[0]);
    worker::once(&server.app).await.unwrap();
    let told = server.news().await;
    let letter = told.iter().find(|mail| mail.to() == "zoe@school.example").unwrap();
    let (to, letter) = (returned(&server, letter), saved(&mailbox, letter, "letter"));
    let bounce = json!({"mail": letter, "does": "bounce", "to": to, "status": "5.7.1"});
    mailbox.put(&mailbox.written(&[bounce], NAME).unwrap()[0]);
    worker::once(&server.app).await.unwrap();
    let told: Vec<_> = server.news().await.iter().map(Mail::to).collect();
    assert_eq!(told, ["beheer@maasduin.example"]);
}
