//! What becomes of mail when the relay, or a domain behind it, does not do as it should.

mod faulty;
mod messages;
mod signed;

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::ids::{ConsultationId, PersonId};
use schakel_server::{
    access::{Grant, Worker},
    invitation::worker,
    settings::{MailSettings, RelayLimits, Security, SmtpSettings},
    store::outbox::{self, MailState},
};
use schakel_tests::{TestServer, needs::full_drill};
use strum::IntoEnumIterator;

use self::faulty::{At, Fault, Faulty};

/// A server that sends through `relay`; `change` sets other limits than the short ones here.
async fn through(relay: &Faulty, change: impl FnOnce(&mut RelayLimits)) -> TestServer {
    let mut limits =
        RelayLimits { connect_seconds: 2, command_seconds: 2, data_seconds: 2, ..RelayLimits::default() };
    change(&mut limits);
    let smtp = SmtpSettings {
        host: "localhost".into(),
        port: Some(relay.port),
        security: Security::Starttls,
        username: Some("schakel".into()),
        password_file: Some(relay.folder.join("password")),
        ca_file: Some(relay.folder.join("ca.pem")),
        limits,
    };
    TestServer::start_changed(|settings| {
        settings.mail = MailSettings { maildir: None, smtp: Some(smtp), ..settings.mail.clone() };
    })
    .await
}

fn next_week() -> DateTime<Utc> {
    "2026-12-01T09:00:00Z".parse().unwrap()
}

/// How far the mail about `meeting` came.
async fn state(server: &TestServer, meeting: ConsultationId, person: PersonId) -> MailState {
    let read = server.app.read(Grant::worker(Worker::Invitations, server.founded.region));
    let states = outbox::mail_states(&read, &[meeting.0]).await.unwrap();
    states.into_iter().find(|state| state.recipient_id == Some(person.0)).unwrap()
}

fn short(state: &MailState) -> String {
    let reason = state.last_error.as_deref().unwrap_or_default();
    let reason = reason.strip_prefix("SMTP_").unwrap_or(reason);
    match state.state.as_str() {
        "DONE" => "S".into(),
        "PENDING" => format!("W:{reason}"),
        _ => format!("D:{reason}"),
    }
}

/// The sheet: by stage, then in the order of the faults.
fn sheet() -> Vec<(String, Vec<String>)> {
    let lines = include_str!("sheet.txt").lines().filter(|line| !line.starts_with(['#', ' ']));
    let words = lines.map(|line| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    let rows = words.skip(1).map(|mut words| (words.remove(0), words));
    rows.collect()
}

#[tokio::test]
async fn r10_a_hundred_faults_leave_every_mail_where_it_belongs() {
    let relay = Faulty::start().await;
    let server = through(&relay, |limits| limits.mails_per_connection = 1).await;
    let sheet = sheet();
    assert_eq!(sheet.iter().map(|(_, cells)| cells.len()).sum::<usize>(), 100);
    let mut wrong = Vec::new();
    for (at, (stage, cells)) in At::iter().zip(&sheet) {
        assert_eq!(at.to_string(), *stage);
        for (fault, expected) in Fault::iter().zip(cells) {
            let address = format!("{stage}.{fault:?}@school.example").to_lowercase();
            let person = server.colleague("Zoë Smit", &address).await;
            let meeting = server.meeting(&[person], next_week()).await;
            relay.fail(Some((at, fault)));
            if (at, fault) == (At::Connect, Fault::Refuse) {
                relay.away().await;
            }
            server.deliver().await;
            if (at, fault) == (At::Connect, Fault::Refuse) {
                relay.back().await;
            }
            relay.fail(None);
            let first = short(&state(&server, meeting.id, person).await);
            if first != *expected {
                wrong.push(format!("{stage} {fault:?}: {first}, not {expected}"));
            }
            // The relay is mended; whatever waited goes now, and nothing goes twice but what may have gone.
            server.clock.advance(TimeDelta::minutes(6));
            server.deliver().await;
            let last = short(&state(&server, meeting.id, person).await);
            let own: Vec<_> = relay.kept().into_iter().filter(|kept| kept.to == address).collect();
            let answered =
                matches!(fault, Fault::Code421 | Fault::Code450 | Fault::Code451 | Fault::Mismatch);
            let copies = match expected.as_bytes()[0] {
                b'D' => 0,
                b'W' if at == At::Dot && !answered => 2,
                _ => 1,
            };
            if own.len() != copies || (copies > 0) != (last == "S") {
                wrong.push(format!("{stage} {fault:?}: {} copies, then {last}", own.len()));
            }
            assert!(own.windows(2).all(|two| two[0] == two[1]), "the same to the octet");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn r10_greylisted_mail_goes_at_the_first_try_after_the_window() {
    let relay = Faulty::start().await;
    let server = through(&relay, |_| {}).await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], next_week()).await;
    let mut waited = TimeDelta::zero();
    let step = TimeDelta::seconds(15);
    while waited < TimeDelta::minutes(5) {
        relay.fail(Some((At::Rcpt, Fault::Code451)));
        server.deliver().await;
        server.clock.advance(step);
        waited += step;
    }
    assert!(relay.kept().is_empty());
    relay.fail(None);
    let before = state(&server, meeting.id, person).await;
    assert_eq!(short(&before), "W:TRANSIENT");
    server.clock.set(DateTime::from_timestamp_micros(before.due_at).unwrap());
    server.deliver().await;
    assert_eq!(relay.kept().len(), 1);
    assert_eq!(state(&server, meeting.id, person).await.attempts, before.attempts + 1);
}

#[tokio::test]
async fn r10_a_relay_that_fails_again_and_again_is_tried_once_a_minute() {
    let relay = Faulty::start().await;
    let server = through(&relay, |limits| limits.connections = 1).await;
    for nth in 0..20 {
        let person = server.colleague("Zoë Smit", &format!("z{nth}@school.example")).await;
        server.meeting(&[person], next_week()).await;
    }
    relay.fail(Some((At::Banner, Fault::Code421)));
    server.deliver().await;
    assert_eq!(relay.connections(), 5, "then it is left in peace");
    server.deliver().await;
    assert_eq!(relay.connections(), 5);
    server.clock.advance(TimeDelta::seconds(61));
    server.deliver().await;
    assert_eq!(relay.connections(), 6, "one try a minute");
    let never = "SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL' AND attempts = 0";
    assert!(server.number(never).await >= 14, "what was not begun is no try");
    relay.fail(None);
    for _ in 0..6 {
        server.clock.advance(TimeDelta::minutes(10));
        server.deliver().await;
    }
    assert_eq!(relay.kept().len(), 20);
    assert_eq!(relay.connections(), 7, "all over one connection");
}

#[tokio::test]
async fn r10_waiting_mails_drain_and_a_new_one_does_not_wait() {
    let many = if full_drill() { 10_000 } else { 200 };
    let relay = Faulty::start().await;
    let server = through(&relay, |limits| limits.data_seconds = 60).await;
    relay.away().await;
    for nth in 0..many {
        let person = server.colleague("Zoë Smit", &format!("z{nth}@school.example")).await;
        server.meeting(&[person], next_week()).await;
    }
    server.deliver().await;
    relay.back().await;
    server.clock.advance(TimeDelta::minutes(2));
    let person = server.colleague("Nora Nieuw", "nora@school.example").await;
    server.meeting(&[person], next_week()).await;
    let begun = std::time::Instant::now();
    server.deliver().await;
    let took = begun.elapsed();
    let kept = relay.kept();
    assert_eq!(kept.len(), many + 1);
    let place = kept.iter().position(|kept| kept.to == "nora@school.example").unwrap();
    assert!(place <= 72, "the new one was handed over as number {place}");
    print_rate(many, took, place);
}

/// The figures, for whoever runs the drill.
fn print_rate(many: usize, took: std::time::Duration, place: usize) {
    use std::io::Write;
    let rate = f64::from(u32::try_from(many).unwrap()) / took.as_secs_f64();
    let _ =
        writeln!(std::io::stderr(), "drained {many} mails at {rate:.0}/s; the new one was number {place}");
}

#[tokio::test]
async fn r10_a_domain_gets_no_more_in_a_minute_than_was_chosen() {
    let relay = Faulty::start().await;
    let server = through(&relay, |limits| limits.per_domain_per_minute = Some(3)).await;
    for nth in 0..5 {
        let person = server.colleague("Zoë Smit", &format!("z{nth}@school.example")).await;
        server.meeting(&[person], next_week()).await;
    }
    let person = server.colleague("Ysbrandt Vuurpijl", "ysbrandt@team.example").await;
    server.meeting(&[person], next_week()).await;
    server.deliver().await;
    let to = |domain: &str| relay.kept().iter().filter(|kept| kept.to.ends_with(domain)).count();
    assert_eq!((to("@school.example"), to("@team.example")), (3, 1), "no more in a minute to one domain");
    server.clock.advance(TimeDelta::minutes(1));
    server.deliver().await;
    assert_eq!(to("@school.example"), 5);
}

#[tokio::test]
async fn x06_an_address_that_bounces_twice_gets_nothing_more_and_the_organiser_hears() {
    let relay = Faulty::start().await;
    let server = through(&relay, |_| {}).await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    for nth in 0..3 {
        let meeting = server.meeting(&[person], next_week() + TimeDelta::hours(2 * nth)).await;
        relay.fail(Some((At::Rcpt, Fault::Code550)));
        // What tells the organiser is to get through.
        worker::tell(&server.app, server.founded.region).await.unwrap();
        worker::deliver(&server.app, server.founded.region).await.unwrap();
        relay.fail(None);
        let reason = if nth < 2 { "D:MAILBOX_REFUSED" } else { "D:ADDRESS_FLAGGED" };
        assert_eq!(short(&state(&server, meeting.id, person).await), reason);
        let before = relay.kept().len();
        server.deliver().await;
        let told: Vec<String> = relay.kept()[before..].iter().map(|kept| kept.to.clone()).collect();
        assert_eq!(told, ["beheer@maasduin.example"], "whoever booked hears of each meeting once");
    }
    assert_eq!(
        server.number("SELECT CAST(failures AS BIGINT) FROM mail_address").await,
        2,
        "it is not asked again"
    );
}

#[tokio::test]
async fn a_relay_that_refuses_us_says_nothing_about_an_address() {
    let relay = Faulty::start().await;
    let server = through(&relay, |_| {}).await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    for nth in 0..3 {
        let meeting = server.meeting(&[person], next_week() + TimeDelta::hours(2 * nth)).await;
        relay.fail(Some((At::Rcpt, Fault::Policy)));
        worker::tell(&server.app, server.founded.region).await.unwrap();
        worker::deliver(&server.app, server.founded.region).await.unwrap();
        assert_eq!(short(&state(&server, meeting.id, person).await), "D:POLICY_REFUSED");
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM mail_address").await, 0);
}
