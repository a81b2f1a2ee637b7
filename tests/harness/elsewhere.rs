//! Somebody else's server of calendars: good, slow, endless, or leading elsewhere.

use std::sync::{Arc, Mutex};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A server on this machine.
pub struct Elsewhere {
    /// `127.0.0.1` and its port.
    pub authority: String,
    /// What is at `/cal.ics`, and how often that changed.
    content: Arc<Mutex<(String, u32)>>,
    /// The requests it got, as they were sent.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Elsewhere {
    /// Starts with this calendar.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn start(calendar: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let authority = listener.local_addr().unwrap().to_string();
        let content = Arc::new(Mutex::new((calendar.to_owned(), 1)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (held, heard, own) = (Arc::clone(&content), Arc::clone(&asked), authority.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (held, heard, own) = (Arc::clone(&held), Arc::clone(&heard), own.clone());
                tokio::spawn(async move { answer(stream, &held, &heard, &own).await });
            }
        });
        Self { authority, content, asked }
    }

    /// The address of `path`.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.authority)
    }

    /// Puts another calendar there.
    ///
    /// # Panics
    /// When a request panicked.
    pub fn put(&self, calendar: &str) {
        let mut content = self.content.lock().unwrap();
        *content = (calendar.to_owned(), content.1 + 1);
    }

    /// The requests since the last time, head and all.
    ///
    /// # Panics
    /// When a request panicked.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

async fn answer(
    mut stream: TcpStream,
    content: &Mutex<(String, u32)>,
    asked: &Mutex<Vec<String>>,
    own: &str,
) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    asked.lock().ok()?.push(head.clone());
    let path = head.split(' ').nth(1)?.to_owned();
    let led = |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n");
    let text = match path.as_str() {
        "/cal.ics" => {
            let (calendar, version) = content.lock().ok()?.clone();
            let etag = format!("\"{version}\"");
            if head.contains(&etag) {
                format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n")
            } else {
                let length = calendar.len();
                format!("HTTP/1.1 200 OK\r\nETag: {etag}\r\nContent-Length: {length}\r\n\r\n{calendar}")
            }
        }
        "/moved" => led("/cal.ics"),
        "/round" => led(&format!("http://{own}/round")),
        "/private" => led("http://10.0.0.1/cal.ics"),
        "/metadata" => led("http://169.254.169.254/latest/meta-data"),
        "/mapped" => led("http://[::ffff:192.168.0.1]/cal.ics"),
        "/file" => led("file:///etc/passwd"),
        "/page" => "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>".to_owned(),
        "/slow" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nBEGIN").await.ok()?;
            // Nothing more comes; the other end goes.
            return stream.read_u8().await.ok().map(|_| ());
        }
        "/endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(&[b'A'; 4096]).await.ok()?;
            }
        }
        _ => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned(),
    };
    stream.write_all(text.as_bytes()).await.ok()
}
