//! What comes back by mail, read from a real IMAP server: taken from who was asked, and from nobody else.

use chrono::{DateTime, Utc};
use schakel_domain::{
    consultation::Answer,
    ids::{ConsultationId, PersonId},
};
use schakel_server::{
    access::{Grant, Worker},
    consultation::{self, meeting::Meeting},
    invitation::inbox::worker,
    settings::{InboxSettings, Organizer},
};
use schakel_tests::{
    TestServer,
    imap::{AUTHSERV, Mailbox},
    mailbox::Mail,
};
use serde_json::{Value, json};

mod aside;
mod bounced;
mod forged;
mod kept;

/// A server that reads a mailbox.
pub(crate) async fn reading(settings: InboxSettings) -> TestServer {
    TestServer::start_changed(|all| all.mail.inbox = Some(settings)).await
}

pub(crate) fn tuesday() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

/// What our own mail server says of a mail from `domain`.
pub(crate) fn vouched(domain: &str) -> String {
    format!("{AUTHSERV}; dmarc=pass (p=reject) header.from={domain}")
}

pub(crate) async fn meeting(server: &TestServer, id: ConsultationId) -> Meeting {
    let read = server.app.read(Grant::worker(Worker::Setup, server.founded.region));
    consultation::store::get(&read, id).await.unwrap()
}

pub(crate) async fn answered(server: &TestServer, id: ConsultationId, person: PersonId) -> Answer {
    meeting(server, id).await.seat(person).unwrap().answer
}

/// An invitation, where a program of another author can read it.
pub(crate) fn saved(mailbox: &Mailbox, mail: &Mail, name: &str) -> String {
    let path = mailbox.folder.join(name);
    std::fs::write(&path, &mail.raw).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Why mails were put aside, in order.
pub(crate) async fn reasons(server: &TestServer) -> Vec<String> {
    use sea_orm::{ConnectionTrait, Statement};
    let rows = server.rows().await;
    let sql = "SELECT reason FROM inbound_mail WHERE reason <> '' ORDER BY id";
    let asked = Statement::from_string(rows.get_database_backend(), sql);
    let all = rows.query_all_raw(asked).await.unwrap();
    rows.close().await.unwrap();
    all.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

#[tokio::test]
async fn x06_an_answer_by_mail_is_taken_from_who_was_asked() {
    const NAME: &str = "x06_an_answer_by_mail_is_taken_from_who_was_asked";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let anna = server.parent("Anna de Wit", Some("thuis@familie.example")).await;
    let bram = server.parent("Bram de Wit", Some("thuis@familie.example")).await;
    let booked = server.meeting(&[zoe, anna, bram], tuesday()).await;
    let mails = server.news().await;
    let of = |to: &str, name: &str| {
        let mail = mails.iter().find(|mail| mail.to() == to && mail.to_name() == name).unwrap();
        assert!(mail.header("Reply-To").contains("overleg+r-"), "{}", mail.header("Reply-To"));
        assert!(mail.property("ORGANIZER").ends_with("mailto:overleg@schakel.example"));
        saved(&mailbox, mail, name)
    };
    let zoes = of("zoe@school.example", "Zoë Smit");
    let brams = of("thuis@familie.example", "Bram de Wit");
    let wishes = [
        // To the organiser, whose server knows who she is.
        json!({"mail": zoes, "does": "accepted", "to": "organizer", "results": vouched("school.example")}),
        // To the address of the invitation: nothing else says which of the two parents it is.
        json!({"mail": brams, "does": "declined", "to": "reply"}),
    ];
    let Some(written) = mailbox.written(&wishes, NAME) else { return };
    for mail in &written {
        mailbox.put(mail);
    }
    assert_eq!(worker::once(&server.app).await.unwrap(), 2);
    assert_eq!(mailbox.counts(), [0, 2, 0]);
    assert_eq!(answered(&server, booked.id, zoe).await, Answer::Accepted);
    assert_eq!(answered(&server, booked.id, anna).await, Answer::NeedsAction);
    assert_eq!(answered(&server, booked.id, bram).await, Answer::Declined);
    assert_eq!(worker::once(&server.app).await.unwrap(), 0);
    let by_mail = "SELECT COUNT(*) FROM audit WHERE actor_kind = 'mail' AND action = 'U'";
    assert_eq!(server.number(by_mail).await, 2);
    let text = "SELECT COUNT(*) FROM inbound_mail WHERE sealed_from IS NOT NULL OR sealed_text IS NOT NULL";
    assert_eq!(server.number(text).await, 0, "of what is taken only the answer is kept");
    server.clock.advance(chrono::TimeDelta::minutes(30));
    // She thinks better of it; the mail that she sent before comes late, and once more.
    let again = [
        json!({"mail": zoes, "does": "tentative", "to": "reply", "made": "2026-11-23T08:20:00+00:00"}),
        json!({"mail": zoes, "does": "declined", "to": "reply", "made": "2026-11-23T08:10:00+00:00"}),
    ];
    for mail in mailbox.written(&again, NAME).unwrap() {
        mailbox.put(&mail);
        worker::once(&server.app).await.unwrap();
    }
    assert_eq!(answered(&server, booked.id, zoe).await, Answer::Tentative);
    assert_eq!(reasons(&server).await, ["STALE"]);
    // That an answer was changed is told to whose it is.
    let told = server.news().await;
    assert_eq!(told.iter().filter(|mail| mail.to() == "zoe@school.example").count(), 1);
}

#[tokio::test]
async fn x06_a_clock_that_is_ahead_keeps_no_later_answer_out() {
    const NAME: &str = "x06_a_clock_that_is_ahead_keeps_no_later_answer_out";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let invitation = saved(&mailbox, &server.news().await.remove(0), "zoe");
    let wishes = [
        json!({"mail": invitation, "does": "accepted", "to": "reply", "made": "2027-06-01T08:00:00+00:00"}),
        json!({"mail": invitation, "does": "declined", "to": "reply", "made": "2026-11-23T08:05:00+00:00"}),
    ];
    let Some(written) = mailbox.written(&wishes, NAME) else { return };
    for (mail, answer) in written.iter().zip([Answer::Accepted, Answer::Declined]) {
        mailbox.put(mail);
        worker::once(&server.app).await.unwrap();
        assert_eq!(answered(&server, booked.id, zoe).await, answer);
        server.clock.advance(chrono::TimeDelta::minutes(5));
    }
}

#[tokio::test]
async fn x06_an_answer_goes_to_the_organiser_of_a_token() {
    const NAME: &str = "x06_an_answer_goes_to_the_organiser_of_a_token";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let strict = InboxSettings { authserv_id: None, organizer: Organizer::Token, ..mailbox.plain_settings() };
    let server = reading(strict).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let first = server.news().await.remove(0);
    let invitation = saved(&mailbox, &first, "zoe");
    assert!(first.property("ORGANIZER").contains("mailto:overleg+r-"));
    server.move_to(booked.id, tuesday() + chrono::TimeDelta::hours(3)).await;
    server.clock.advance(chrono::TimeDelta::minutes(2));
    let moved = server.news().await.remove(0);
    assert_eq!(moved.property("ORGANIZER"), first.property("ORGANIZER"), "the same for as long as it lives");
    let newer = saved(&mailbox, &moved, "newer");
    let wishes = [
        json!({"mail": invitation, "does": "declined", "to": "organizer"}),
        json!({"mail": newer, "does": "accepted", "to": "organizer", "from": "zoe@prive.example"}),
    ];
    let Some(written) = mailbox.written(&wishes, NAME) else { return };
    for mail in &written {
        mailbox.put(mail);
    }
    worker::once(&server.app).await.unwrap();
    assert_eq!(mailbox.counts(), [0, 1, 1], "without MOVE it is copied and taken away");
    assert_eq!(answered(&server, booked.id, zoe).await, Answer::Accepted);
    assert_eq!(reasons(&server).await, ["STALE"], "it answers a time that is no more");
}

/// What is proposed: kind, state, source and the hour of the new start, in order.
async fn proposals(server: &TestServer) -> Vec<(String, String, String)> {
    use sea_orm::{ConnectionTrait, Statement};
    let rows = server.rows().await;
    let sql = "SELECT kind, state, source FROM counter_proposal ORDER BY id";
    let asked = Statement::from_string(rows.get_database_backend(), sql);
    let all = rows.query_all_raw(asked).await.unwrap();
    rows.close().await.unwrap();
    let text = |row: &sea_orm::QueryResult, at| row.try_get_by_index(at).unwrap();
    all.iter().map(|row| (text(row, 0), text(row, 1), text(row, 2))).collect()
}

#[tokio::test]
async fn x06_a_counter_by_mail_is_a_proposal() {
    const NAME: &str = "x06_a_counter_by_mail_is_a_proposal";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let invitation = saved(&mailbox, &server.news().await.remove(0), "zoe");
    let counter =
        json!({"mail": invitation, "does": "counter", "to": "reply", "start": "2026-11-25T13:00:00+00:00"});
    let Some(written) = mailbox.written(&[counter], NAME) else { return };
    mailbox.put(&written[0]);
    worker::once(&server.app).await.unwrap();
    let open = |kind: &str| (kind.to_owned(), "OPEN".to_owned(), "MAIL".to_owned());
    assert_eq!(proposals(&server).await, [open("OTHER_TIME")]);
    let stands = meeting(&server, booked.id).await;
    assert_eq!(stands.time, booked.time, "until it is accepted the meeting stays as it is");
    assert_eq!(stands.seat(zoe).unwrap().answer, Answer::Tentative);
    let mut told = server.news().await;
    told.retain(|mail| mail.to() == "zoe@school.example");
    assert!(told.iter().any(|mail| mail.subject().starts_with("Uw antwoord is veranderd")));
}

#[tokio::test]
async fn x06_a_delegation_by_mail_waits_for_the_planner() {
    const NAME: &str = "x06_a_delegation_by_mail_waits_for_the_planner";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let invitation = saved(&mailbox, &server.news().await.remove(0), "zoe");
    let wish =
        json!({"mail": invitation, "does": "delegated", "to": "reply", "to_whom": "els@school.example"});
    let Some(written) = mailbox.written(&[wish], NAME) else { return };
    mailbox.put(&written[0]);
    worker::once(&server.app).await.unwrap();
    let expected = ("SOMEBODY_ELSE".to_owned(), "OPEN".to_owned(), "MAIL".to_owned());
    assert_eq!(proposals(&server).await, [expected]);
    assert_eq!(meeting(&server, booked.id).await.table.len(), 1, "nobody comes uninvited");
    assert!(server.news().await.iter().all(|mail| mail.to() != "els@school.example"));
}

#[tokio::test]
async fn x06_an_invitation_is_sent_again_when_a_program_asks_for_it() {
    const NAME: &str = "x06_an_invitation_is_sent_again_when_a_program_asks_for_it";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    server.meeting(&[zoe], tuesday()).await;
    let first = server.news().await.remove(0);
    let invitation = saved(&mailbox, &first, "zoe");
    let wish: Value = json!({"mail": invitation, "does": "refresh", "to": "reply"});
    let Some(written) = mailbox.written(&[wish.clone(), wish.clone(), wish], NAME) else { return };
    for by_itself in ["Auto-Submitted: auto-replied\r\n", "Return-Path: <>\r\n"] {
        mailbox.put(&[by_itself.as_bytes(), written[0].as_slice()].concat());
        worker::once(&server.app).await.unwrap();
    }
    assert_eq!(mailbox.counts(), [0, 2, 0]);
    assert!(server.news().await.is_empty(), "what a program sends by itself gets nothing back");
    for mail in &written[1..] {
        mailbox.put(mail);
        worker::once(&server.app).await.unwrap();
    }
    let again = server.news().await;
    assert_eq!(again.len(), 1, "once an hour");
    assert_eq!(again[0].property("UID"), first.property("UID"));
    assert_eq!(again[0].property("SEQUENCE"), first.property("SEQUENCE"));
}
