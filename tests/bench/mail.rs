//! What mail costs: written and handed over to a sink on this machine, first one after the other and then
//! side by side as the server does, beside lettre alone handing as many of the same messages to the same sink.

use std::{sync::Arc, time::Instant};

use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor, address::Envelope};
use schakel_server::{
    invitation::worker,
    settings::{RelayLimits, Security, SmtpSettings},
};
use schakel_tests::TestServer;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Mutex,
    task::JoinSet,
};

/// Mails.
const MAILS: usize = 1_000;
/// People at each meeting that is told of.
const SEATS: usize = 5;
/// Of them at once.
const AT_ONCE: usize = 8;

/// What was taken.
type Taken = Arc<Mutex<Vec<Vec<u8>>>>;

/// Takes every mail; says its port.
async fn sink(taken: Taken) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take(stream, Arc::clone(&taken)));
        }
    });
    port
}

async fn take(stream: TcpStream, taken: Taken) {
    stream.set_nodelay(true).unwrap();
    let mut stream = BufReader::new(stream);
    let mut line = Vec::new();
    let mut answer: &[u8] = b"220 localhost\r\n";
    loop {
        if stream.get_mut().write_all(answer).await.is_err() {
            return;
        }
        line.clear();
        if stream.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 {
            return;
        }
        answer = match line.get(..4) {
            Some(b"DATA") => {
                stream.get_mut().write_all(b"354 go on\r\n").await.unwrap();
                let mut message = Vec::new();
                while !message.ends_with(b"\r\n.\r\n") {
                    if stream.read_until(b'\n', &mut message).await.unwrap_or(0) == 0 {
                        return;
                    }
                }
                taken.lock().await.push(message);
                b"250 kept\r\n"
            }
            Some(b"QUIT") => b"221 bye\r\n",
            Some(_) | None => b"250 yes\r\n",
        };
    }
}

fn row(name: &str, from: Instant) -> f64 {
    let rate = f64::from(u32::try_from(MAILS).unwrap()) / from.elapsed().as_secs_f64();
    println!("| {name} | {rate:.0}/s |");
    rate
}

/// Prints them.
pub(crate) async fn figures() {
    let taken = Taken::default();
    let port = sink(Arc::clone(&taken)).await;
    let smtp = SmtpSettings {
        host: "127.0.0.1".into(),
        port: Some(port),
        security: Security::None,
        username: None,
        password_file: None,
        ca_file: None,
        limits: RelayLimits::default(),
    };
    let server = TestServer::start_changed(|settings| {
        settings.mail.maildir = None;
        settings.mail.smtp = Some(smtp);
    })
    .await;
    book(&server, "a").await;
    println!("\n| mail, {MAILS} about meetings of {SEATS} | rate |\n|---|---|");
    let region = server.founded.region;
    let telling = Instant::now();
    while worker::tell(&server.app, region).await.unwrap() > 0 {}
    row("written and sealed", telling);
    let sending = Instant::now();
    while worker::deliver(&server.app, region).await.unwrap() > 0 {}
    row("opened and handed over", sending);
    assert_eq!(taken.lock().await.len(), MAILS);
    taken.lock().await.clear();
    book(&server, "b").await;
    let whole = Instant::now();
    side_by_side(&server).await;
    let both = row("both, side by side", whole);
    let messages = std::mem::take(&mut *taken.lock().await);
    assert_eq!(messages.len(), MAILS);
    let alone = alone(port, &messages).await;
    println!("| both, of lettre alone | {:.2} |", both / alone);
}

/// Meetings of other people each, as many as need so many mails.
async fn book(server: &TestServer, series: &str) {
    let start = "2026-12-01T09:00:00Z".parse().unwrap();
    for meeting in 0..MAILS / SEATS {
        let mut people = Vec::with_capacity(SEATS);
        for seat in 0..SEATS {
            people.push(
                server.colleague("Zoë Smit", &format!("{series}{meeting}.{seat}@school.example")).await,
            );
        }
        server.meeting(&people, start).await;
    }
}

/// Tells and delivers at the same time until nothing is due.
async fn side_by_side(server: &TestServer) {
    let region = server.founded.region;
    let app = server.app.clone();
    let told = tokio::spawn(async move { while worker::tell(&app, region).await.unwrap() > 0 {} });
    loop {
        let all_told = told.is_finished();
        if worker::deliver(&server.app, region).await.unwrap() == 0 {
            if all_told {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    told.await.unwrap();
}

/// The same messages by lettre and nothing else, each over a connection of its pool.
async fn alone(port: u16, messages: &[Vec<u8>]) -> f64 {
    let relay = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1").port(port).build();
    let from = "overleg@schakel.example".parse().unwrap();
    let envelope = Envelope::new(Some(from), vec!["zoe@school.example".parse().unwrap()]).unwrap();
    let begun = Instant::now();
    let mut flying = JoinSet::new();
    for message in messages {
        if flying.len() >= AT_ONCE {
            flying.join_next().await.unwrap().unwrap();
        }
        let (relay, envelope, message) = (relay.clone(), envelope.clone(), message.clone());
        flying.spawn(async move {
            relay.send_raw(&envelope, &message).await.unwrap();
        });
    }
    flying.join_all().await;
    row("lettre alone, handed over", begun)
}
