//! HTTP/2 written frame by frame (RFC 9113 §4), so that no client keeps to rules that a hostile one breaks.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpSocket,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

/// RFC 9113 §3.4.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Frames written before the server is given a turn.
const TOGETHER: usize = 64;

/// The kinds of frames that a test sends or waits for (RFC 9113 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// A part of a body.
    Data = 0,
    /// The beginning of a request.
    Headers = 1,
    /// The end of one that nobody waits for any more.
    RstStream = 3,
    /// How the sender wants to be spoken to.
    Settings = 4,
    /// Are you there?
    Ping = 6,
    /// No more requests on this connection.
    GoAway = 7,
    /// More of the headers.
    Continuation = 9,
}

/// A frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// As a number: a server may send any.
    pub kind: u8,
    /// As a number.
    pub flags: u8,
    /// 0 is the connection.
    pub stream: u32,
    /// The rest.
    pub payload: Vec<u8>,
}

impl Frame {
    /// A frame to be sent.
    pub fn new(kind: Kind, flags: u8, stream: u32, payload: &[u8]) -> Self {
        Self { kind: kind as u8, flags, stream, payload: payload.to_vec() }
    }

    /// `GET` of a short `path`, complete in one frame; `POST` begins a body.
    pub fn request(stream: u32, method: &str, path: &str) -> Self {
        // RFC 7541: indexed 2 or 3 (method) and 6 (scheme http), then literal path and host.
        let (method, end) = if method == "POST" { (0x83, 0) } else { (0x82, 1) };
        let literal =
            |name: u8, value: &str| [&[name, u8::try_from(value.len()).unwrap()], value.as_bytes()].concat();
        let block = [vec![method, 0x86], literal(0x04, path), literal(0x01, "schakel.example")].concat();
        Self::new(Kind::Headers, 0x4 | end, stream, &block)
    }

    fn bytes(&self) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).unwrap().to_be_bytes();
        let head = [&length[1..], &[self.kind, self.flags], &self.stream.to_be_bytes()].concat();
        [head, self.payload.clone()].concat()
    }

    /// Whether it is of this kind.
    pub fn is(&self, kind: Kind) -> bool {
        self.kind == kind as u8
    }

    /// Why the other end goes away (RFC 9113 §7).
    pub fn error(&self) -> u32 {
        self.payload.get(4..8).map_or(0, |code| u32::from_be_bytes(code.try_into().unwrap()))
    }
}

/// What the server sends.
pub struct Heard(OwnedReadHalf);

/// The way to the server.
pub struct Frames(OwnedWriteHalf);

/// Opens a connection from an address of this machine, with these SETTINGS (identifier, value).
pub async fn open(
    to: SocketAddr,
    from: [u8; 4],
    settings: &[(u16, u32)],
) -> std::io::Result<(Frames, Heard)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from((from, 0)))?;
    let (read, mut write) = socket.connect(to).await?.into_split();
    let payload: Vec<u8> = settings
        .iter()
        .flat_map(|(name, value)| [&name.to_be_bytes()[..], &value.to_be_bytes()].concat())
        .collect();
    write.write_all(PREFACE).await?;
    write.write_all(&Frame::new(Kind::Settings, 0, 0, &payload).bytes()).await?;
    Ok((Frames(write), Heard(read)))
}

impl Frames {
    /// Sends frames as fast as the server takes them; says how many it took before it closed.
    pub async fn send(&mut self, frames: impl IntoIterator<Item = Frame>) -> usize {
        let mut frames = frames.into_iter();
        let mut sent = 0;
        loop {
            let some: Vec<u8> = frames.by_ref().take(TOGETHER).flat_map(|frame| frame.bytes()).collect();
            if some.is_empty() || self.0.write_all(&some).await.is_err() {
                return sent;
            }
            sent += TOGETHER;
        }
    }
}

impl Heard {
    /// The next frame; none when the server has closed.
    pub async fn next(&mut self) -> Option<Frame> {
        let mut head = [0; 9];
        self.0.read_exact(&mut head).await.ok()?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let stream = u32::from_be_bytes(head[5..].try_into().unwrap());
        let mut payload = vec![0; length];
        self.0.read_exact(&mut payload).await.ok()?;
        Some(Frame { kind: head[3], flags: head[4], stream, payload })
    }

    /// The first frame of this kind; none when the server closes without.
    pub async fn wait_for(&mut self, kind: Kind) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if frame.is(kind) {
                return Some(frame);
            }
        }
    }
}

/// How a flood ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The server said why it goes away.
    GoAway(u32),
    /// The server closed without a word.
    Closed,
    /// It took everything, and is still there.
    Taken,
}

/// Sends `frames`, reading all that comes, and says what the server did about it.
pub async fn flood(to: SocketAddr, from: [u8; 4], frames: impl IntoIterator<Item = Frame>) -> Fate {
    const END: &[u8] = b"the end!";
    let Ok((mut way, mut heard)) = open(to, from, &[]).await else { return Fate::Closed };
    let listener = tokio::spawn(async move {
        while let Some(frame) = heard.next().await {
            if frame.is(Kind::GoAway) {
                return Fate::GoAway(frame.error());
            }
            if frame.is(Kind::Ping) && frame.payload == END {
                return Fate::Taken;
            }
        }
        Fate::Closed
    });
    way.send(frames).await;
    // An answer to this shows that all before it has been taken.
    way.send([Frame::new(Kind::Ping, 0, 0, END)]).await;
    listener.await.unwrap()
}

/// The floods that have names, of `count` frames each.
pub fn floods(count: usize) -> Vec<(&'static str, Vec<Frame>)> {
    let streams = || (0..).map(|nth| 2 * nth + 1);
    let reset = |stream| Frame::new(Kind::RstStream, 0, stream, &8_u32.to_be_bytes());
    let rapid =
        streams().take(count / 2).flat_map(|at| [Frame::request(at, "GET", "/"), reset(at)]).collect();
    let begun = Frame { flags: 1, ..Frame::request(1, "GET", "/") };
    // A header whose name and value are empty.
    let more = Frame::new(Kind::Continuation, 0, 1, &[0x00, 0x00, 0x00]);
    let headers = [vec![begun], vec![more; count]].concat();
    let body = [vec![Frame::request(1, "POST", "/")], vec![Frame::new(Kind::Data, 0, 1, b""); count]];
    vec![
        ("rapid reset", rapid),
        ("continuation", headers),
        ("empty data", body.concat()),
        ("ping", vec![Frame::new(Kind::Ping, 0, 0, b"are you?"); count]),
        ("settings", vec![Frame::new(Kind::Settings, 0, 0, b""); count]),
    ]
}
