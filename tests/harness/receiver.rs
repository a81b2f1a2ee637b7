//! A system elsewhere that is told of events: it answers as a test says, and keeps what it got.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// What one request said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// The request line and headers, as they were sent.
    pub head: String,
    /// The body, as it was sent.
    pub body: String,
}

impl Received {
    /// The value of a header; empty when there is none.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let found = lines.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.trim()).unwrap_or_default()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A server on this machine.
pub struct Receiver {
    authority: String,
    answer: Arc<Mutex<String>>,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    /// Starts; everything is answered with 204.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let answer = Arc::new(Mutex::new("204 No Content\r\n".to_owned()));
        let received = Arc::new(Mutex::new(Vec::new()));
        let (said, kept) = (Arc::clone(&answer), Arc::clone(&received));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (said, kept) = (Arc::clone(&said), Arc::clone(&kept));
                tokio::spawn(async move { receive(stream, &said, &kept).await });
            }
        });
        Self { authority, answer, received }
    }

    /// Where it listens.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    /// Answers with this status from now on, and these headers.
    ///
    /// # Panics
    /// When a request panicked.
    pub fn say(&self, status: &str, headers: &str) {
        *self.answer.lock().unwrap() = format!("{status}\r\n{headers}");
    }

    /// What came since the last time.
    ///
    /// # Panics
    /// When a request panicked.
    pub fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }
}

async fn receive(mut stream: TcpStream, said: &Mutex<String>, kept: &Mutex<Vec<Received>>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let mut received = Received { head: String::from_utf8(head).ok()?, body: String::new() };
    let mut body = vec![0; received.header("content-length").parse().ok()?];
    stream.read_exact(&mut body).await.ok()?;
    received.body = String::from_utf8(body).ok()?;
    let path = received.head.split(' ').nth(1)?.to_owned();
    kept.lock().ok()?.push(received);
    match path.as_str() {
        "/slow" => stream.read_u8().await.ok().map(|_| ()),
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(&[b'A'; 4096]).await.ok()?;
            }
        }
        _ => {
            let said = said.lock().ok()?.clone();
            let length = if said.starts_with("204") { "" } else { "Content-Length: 0\r\n" };
            stream.write_all(format!("HTTP/1.1 {said}{length}\r\n").as_bytes()).await.ok()
        }
    }
}
