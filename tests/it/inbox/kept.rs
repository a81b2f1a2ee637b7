//! The mailbox itself: each mail once, whoever reads it and however the server tells of it.

use std::time::Duration;

use schakel_domain::consultation::Answer;
use schakel_server::{
    invitation::inbox::worker,
    settings::{InboxSettings, Organizer, Security},
};
use schakel_tests::{Folder, imap::Mailbox};
use serde_json::json;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpListener,
};
use tokio_util::sync::CancellationToken;

use super::{answered, reading, reasons, saved, tuesday, vouched};

/// No mail takes so long to be read; it is not waited for otherwise.
const LONG: Duration = Duration::from_mins(1);
/// What starts and stops servers cuts off one that takes longer to stop.
const STOPPED: Duration = Duration::from_secs(30);

#[tokio::test]
async fn x06_a_mail_is_handled_once_whatever_is_killed() {
    const NAME: &str = "x06_a_mail_is_handled_once_whatever_is_killed";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let invitation = saved(&mailbox, &server.news().await.remove(0), "zoe");
    let wishes = [
        json!({"mail": invitation, "does": "accepted", "to": "reply"}),
        json!({"mail": invitation, "does": "text", "to": "reply"}),
    ];
    let Some(written) = mailbox.written(&wishes, NAME) else { return };
    // It was taken, and whoever took it was killed before it left the folder: it is there again.
    for _ in 0..3 {
        for mail in &written {
            mailbox.put(mail);
        }
        worker::once(&server.app).await.unwrap();
    }
    // Two servers read it at once.
    for mail in &written {
        mailbox.put(mail);
    }
    let (one, other) = tokio::join!(worker::once(&server.app), worker::once(&server.app));
    one.unwrap();
    other.unwrap();
    assert_eq!(mailbox.mails("").len(), 0);
    assert_eq!(answered(&server, booked.id, zoe).await, Answer::Accepted);
    assert_eq!(server.number("SELECT COUNT(*) FROM inbound_mail").await, 2);
    let lines = "SELECT COUNT(*) FROM audit WHERE actor_kind = 'mail' AND action = 'U'";
    assert_eq!(server.number(lines).await, 1);
    assert_eq!(server.number("SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL_ASIDE'").await, 1);
}

#[tokio::test]
async fn x06_a_mail_that_was_put_aside_is_taken_when_it_comes_again() {
    const NAME: &str = "x06_a_mail_that_was_put_aside_is_taken_when_it_comes_again";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let server = reading(mailbox.settings()).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let invitation = saved(&mailbox, &server.news().await.remove(0), "zoe");
    let wish = json!({"mail": invitation, "does": "accepted", "to": "organizer", "text": "Tot dan!"});
    let Some(written) = mailbox.written(&[wish], NAME) else { return };
    mailbox.put(&written[0]);
    worker::once(&server.app).await.unwrap();
    assert_eq!(reasons(&server).await, ["AUTH_FAILED"]);
    assert_eq!(answered(&server, booked.id, zoe).await, Answer::NeedsAction);
    // Since then our mail server vouches for her, and somebody puts it back.
    let results = format!("Authentication-Results: {}\r\n", vouched("school.example"));
    for _ in 0..2 {
        mailbox.put(&[results.as_bytes(), written[0].as_slice()].concat());
        worker::once(&server.app).await.unwrap();
        assert_eq!(answered(&server, booked.id, zoe).await, Answer::Accepted);
        assert!(reasons(&server).await.is_empty(), "nobody has to look at it any more");
    }
    assert_eq!(mailbox.counts(), [0, 2, 1]);
    let all = "SELECT COUNT(*) FROM inbound_mail";
    let text = "SELECT COUNT(*) FROM inbound_mail WHERE sealed_from IS NOT NULL OR sealed_text IS NOT NULL";
    assert_eq!((server.number(all).await, server.number(text).await), (1, 0));
}

/// An IMAP server with three mails, that is asked for one when `stop` comes, and says nothing when it is
/// left. Returns what it was asked.
async fn slow(listener: TcpListener, stop: CancellationToken) -> Vec<String> {
    let (stream, _) = listener.accept().await.unwrap();
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"* OK ready\r\n").await.unwrap();
    let mut asked = Vec::new();
    while let Ok(Some(line)) = lines.next_line().await {
        let (tag, command) = line.split_once(' ').unwrap();
        let said = match command {
            "CAPABILITY" => format!("* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"),
            "LOGOUT" => String::new(),
            search if search.starts_with("UID SEARCH") => {
                format!("* SEARCH 1 2 3\r\n{tag} OK done\r\n")
            }
            fetch if fetch.starts_with("UID FETCH") => {
                stop.cancel();
                format!("{tag} NO gone\r\n")
            }
            _ => format!("{tag} OK done\r\n"),
        };
        asked.push(command.to_owned());
        write.write_all(said.as_bytes()).await.unwrap();
    }
    asked
}

#[tokio::test]
async fn x06_a_server_that_stops_takes_no_further_mail_and_waits_for_no_mailbox() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let folder = Folder::new();
    let password_file = folder.join("password");
    std::fs::write(&password_file, "geheim").unwrap();
    let settings = InboxSettings {
        host: "127.0.0.1".into(),
        port: Some(listener.local_addr().unwrap().port()),
        security: Security::None,
        username: "overleg".into(),
        password_file,
        ca_file: None,
        folder: "INBOX".into(),
        done: "Schakel-verwerkt".into(),
        aside: "Schakel-apart".into(),
        poll_seconds: 3600,
        authserv_id: None,
        separator: '+',
        organizer: Organizer::Stable,
    };
    let server = reading(settings).await;
    let stop = CancellationToken::new();
    let asked = tokio::spawn(slow(listener, stop.clone()));
    let reads = tokio::spawn(worker::keep(server.app.clone(), stop));
    tokio::time::timeout(STOPPED, reads).await.expect("it stops").unwrap();
    let asked = asked.await.unwrap();
    let fetched = asked.iter().filter(|command| command.starts_with("UID FETCH")).count();
    assert_eq!((fetched, asked.last().map(String::as_str)), (1, Some("LOGOUT")));
}

async fn kept_reading(mailbox: &Mailbox, settings: InboxSettings, test: &str) {
    let server = reading(settings).await;
    let zoe = server.colleague("Zoë Smit", "zoe@school.example").await;
    let booked = server.meeting(&[zoe], tuesday()).await;
    let invitation = saved(mailbox, &server.news().await.remove(0), "zoe");
    let wishes = ["accepted", "declined", "tentative"]
        .map(|does| json!({"mail": invitation, "does": does, "to": "reply"}));
    let Some(written) = mailbox.written(&wishes, test) else { return };
    let stop = CancellationToken::new();
    let mut committed = server.app.committed.subscribe();
    let reads = tokio::spawn(worker::keep(server.app.clone(), stop.clone()));
    for (mail, answer) in written.iter().zip([Answer::Accepted, Answer::Declined, Answer::Tentative]) {
        mailbox.put(mail);
        let taken = async {
            while answered(&server, booked.id, zoe).await != answer {
                committed.changed().await.unwrap();
            }
        };
        tokio::time::timeout(LONG, taken).await.expect("it is read");
    }
    stop.cancel();
    tokio::time::timeout(LONG, reads).await.expect("it stops").unwrap();
}

#[tokio::test]
async fn x06_the_mailbox_is_read_by_idle_and_by_polling() {
    const NAME: &str = "x06_the_mailbox_is_read_by_idle_and_by_polling";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    // Only IDLE is so quick: without it the next look would be in an hour.
    let idle = InboxSettings { poll_seconds: 3600, ..mailbox.settings() };
    kept_reading(&mailbox, idle, NAME).await;
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    kept_reading(&mailbox, mailbox.plain_settings(), NAME).await;
}

#[tokio::test]
async fn t19_a_mailbox_is_not_read_from_a_stranger_or_with_another_password() {
    let Some(mailbox) = Mailbox::new("t19_a_mailbox_is_not_read_from_a_stranger_or_with_another_password")
    else {
        return;
    };
    let refused = |settings: InboxSettings| async move {
        let server = reading(settings).await;
        worker::once(&server.app).await.unwrap_err().to_string()
    };
    // A certificate of nobody that is trusted.
    let said = refused(InboxSettings { ca_file: None, ..mailbox.settings() }).await;
    assert!(said.contains("certificate"), "{said}");
    let said = refused(InboxSettings { host: "127.0.0.3".into(), ..mailbox.settings() }).await;
    assert!(!said.contains("geheim"), "{said}");
    let wrong = mailbox.folder.join("wrong");
    std::fs::write(&wrong, "raden").unwrap();
    let said = refused(InboxSettings { password_file: wrong, ..mailbox.settings() }).await;
    assert_eq!(said, "it refused signing in");
}
