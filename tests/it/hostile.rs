//! Connections of those who mean harm, or do not move.

use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use schakel_tests::{
    TestServer,
    frames::{Fate, Frame, Kind, flood, floods, open},
};
use tokio_util::sync::CancellationToken;

/// Another address of this machine than that of everybody else.
const STRANGER: [u8; 4] = [127, 0, 0, 66];

async fn is_served(server: &TestServer) {
    let mut access = AccessServiceClient::new(server.administrator());
    access.who_am_i(pb::WhoAmIRequest {}).await.unwrap();
}

#[tokio::test]
async fn r28_a_flood_of_frames_ends_its_own_connection_and_no_other() {
    let server = TestServer::start().await;
    let http = server.http().await;
    for (name, frames) in floods(5_000) {
        let fate = flood(http.address(), STRANGER, frames).await;
        assert!(matches!(fate, Fate::GoAway(11) | Fate::Closed), "{name}: {fate:?}");
        is_served(&server).await;
    }
    let few = vec![Frame::new(Kind::Ping, 0, 0, b"are you?"); 1_000];
    assert_eq!(flood(http.address(), STRANGER, few).await, Fate::Taken, "what clients send is answered");
}

/// Waits for the other end to close, however long the limits of this server are.
async fn closes(mut stream: tokio::net::TcpStream) {
    let mut rest = Vec::new();
    let _ = tokio::io::AsyncReadExt::read_to_end(&mut stream, &mut rest).await;
}

#[tokio::test]
async fn t29_five_hundred_that_trickle_keep_nobody_waiting_and_are_closed() {
    let server = TestServer::start_changed(|settings| settings.limits.header_seconds = 1).await;
    let http = server.http().await;
    let mut slow = Vec::new();
    for nth in 0..500 {
        let mut stream = tokio::net::TcpStream::connect(http.address()).await.unwrap();
        let begun: &[u8] = match nth % 4 {
            0 => b"",
            1 => b"PRI * HTTP/2.0",
            2 => b"GET / HTTP/1.1\r\nhost: ",
            _ => b"GET",
        };
        tokio::io::AsyncWriteExt::write_all(&mut stream, begun).await.unwrap();
        slow.push(stream);
    }
    for _ in 0..10 {
        is_served(&server).await;
        assert_eq!(http.get("/livez").await.status, 200);
    }
    for stream in slow {
        closes(stream).await;
    }
}

#[tokio::test]
async fn t29_a_body_that_trickles_is_given_up() {
    let server = TestServer::start_changed(|settings| settings.limits.header_seconds = 1).await;
    let http = server.http().await;
    let mut stream = tokio::net::TcpStream::connect(http.address()).await.unwrap();
    let head = "POST /r/x HTTP/1.1\r\nhost: schakel.example\r\nconnection: close\r\n\
                content-type: application/x-www-form-urlencoded\r\ncontent-length: 10\r\n\r\nanswer";
    tokio::io::AsyncWriteExt::write_all(&mut stream, head.as_bytes()).await.unwrap();
    let mut told = String::new();
    tokio::io::AsyncReadExt::read_to_string(&mut stream, &mut told).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 408 "), "{told}");
}

#[tokio::test]
async fn a_connection_that_is_old_is_asked_to_go_and_then_cut() {
    let server = TestServer::start_changed(|settings| {
        settings.limits.connection_seconds = 1;
        settings.limits.connection_grace_seconds = 1;
    })
    .await;
    let http = server.http().await;
    // A window of nothing: the answer cannot be sent, so the call never ends.
    let (mut way, mut heard) = open(http.address(), STRANGER, &[(4, 0)]).await.unwrap();
    way.send([Frame::request(1, "GET", "/")]).await;
    assert_eq!(heard.wait_for(Kind::GoAway).await.map(|frame| frame.error()), Some(0));
    while heard.next().await.is_some() {}
}

#[tokio::test]
async fn a_server_that_goes_waits_for_nobody_for_ever() {
    let server = TestServer::start_changed(|settings| settings.limits.drain_seconds = 1).await;
    let stop = CancellationToken::new();
    let (address, ended) = server.listen(stop.clone()).await;
    let (mut way, mut stuck) = open(address, STRANGER, &[(4, 0)]).await.unwrap();
    way.send([Frame::request(1, "GET", "/")]).await;
    assert!(stuck.wait_for(Kind::Headers).await.is_some(), "an answer that nobody reads is under way");
    let silent = tokio::net::TcpStream::connect(address).await.unwrap();
    stop.cancel();
    ended.await.unwrap();
    assert_eq!(stuck.wait_for(Kind::GoAway).await.map(|frame| frame.error()), Some(0));
    closes(silent).await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}
