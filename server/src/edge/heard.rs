//! A stream that is listened to: how much came, and whether HTTP/2 is used to chatter.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

/// RFC 9113 §3.4.
pub(super) const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// PING and SETTINGS in a minute without a request between them. Each is answered; clients that
/// measure their line send some with what they receive.
const CHATTER: u32 = 2_000;
const MINUTE: Duration = Duration::from_mins(1);
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const PING: u8 = 6;

/// Follows the heads of frames (RFC 9113 §4.1) without keeping what is in them.
struct Chatter {
    /// Bytes that are no head: the preface, then each payload.
    skip: usize,
    head: [u8; 9],
    have: usize,
    count: u32,
    since: Instant,
}

impl Chatter {
    fn new() -> Self {
        Self { skip: 0, head: [0; 9], have: 0, count: 0, since: Instant::now() }
    }

    /// Whether there is too much of it.
    fn hears(&mut self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            if self.skip > 0 {
                let passed = self.skip.min(bytes.len());
                self.skip -= passed;
                bytes = &bytes[passed..];
                continue;
            }
            self.head[self.have] = bytes[0];
            self.have += 1;
            bytes = &bytes[1..];
            if self.have < self.head.len() {
                continue;
            }
            self.have = 0;
            self.skip = u32::from_be_bytes([0, self.head[0], self.head[1], self.head[2]]) as usize;
            if self.head[3] == HEADERS {
                self.count = 0;
            } else if matches!(self.head[3], PING | SETTINGS) {
                if self.since.elapsed() >= MINUTE {
                    (self.since, self.count) = (Instant::now(), 0);
                }
                self.count += 1;
            }
        }
        self.count > CHATTER
    }
}

/// What is spoken, as far as it is known.
enum Speech {
    /// So much of the preface has come.
    Preface(usize),
    Http2(Chatter),
    Other,
}

impl Speech {
    fn hears(&mut self, mut bytes: &[u8]) -> bool {
        if let Self::Preface(have) = self {
            let expected = &PREFACE[*have..];
            let common = expected.len().min(bytes.len());
            if bytes[..common] != expected[..common] {
                *self = Self::Other;
            } else if common < expected.len() {
                *have += common;
            } else {
                bytes = &bytes[common..];
                *self = Self::Http2(Chatter::new());
            }
        }
        if let Self::Http2(chatter) = self { chatter.hears(bytes) } else { false }
    }
}

/// The stream.
pub(super) struct Heard<S> {
    inner: S,
    read: Arc<AtomicU64>,
    speech: Speech,
}

impl<S> Heard<S> {
    /// Adds what is read to `read`.
    pub(super) fn new(inner: S, read: Arc<AtomicU64>) -> Self {
        Self { inner, read, speech: Speech::Preface(0) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Heard<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let before = buffer.filled().len();
        let polled = Pin::new(&mut this.inner).poll_read(context, buffer);
        let new = &buffer.filled()[before..];
        this.read.fetch_add(new.len() as u64, Ordering::Relaxed);
        if this.speech.hears(new) {
            return Poll::Ready(Err(io::Error::other("too many PING and SETTINGS")));
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Heard<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(kind: u8, length: usize) -> Vec<u8> {
        let length = u32::try_from(length).unwrap();
        [&length.to_be_bytes()[1..], &[kind, 0, 0, 0, 0, 0], &vec![PING; length as usize]].concat()
    }

    #[test]
    fn chatter_is_heard_however_it_is_cut_and_a_request_ends_it() {
        let most = CHATTER as usize;
        let chatter = [PREFACE.to_vec(), frame(PING, 8).repeat(most)].concat();
        for size in [1, 7, 24, 4096] {
            let mut speech = Speech::Preface(0);
            assert!(chatter.chunks(size).all(|bytes| !speech.hears(bytes)), "{size}");
            assert!(speech.hears(&frame(SETTINGS, 6)), "{size}");
        }
        let mut speech = Speech::Preface(0);
        let spoken = [chatter, frame(HEADERS, 100), frame(PING, 8).repeat(most), frame(0, 16_384)].concat();
        assert!(!speech.hears(&spoken));
        let mut other = Speech::Preface(0);
        assert!(!other.hears(b"GET / HTTP/1.1\r\n") && !other.hears(&frame(PING, 8).repeat(2 * most)));
    }
}
