//! A request's body that must come at a pace: whoever trickles holds a place that others need.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};
use tonic::{Code, Status};

use super::words;

/// How much longer we wait: so long at first, and longer for what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Patience {
    left: Duration,
    bytes_per_second: u32,
}

impl Patience {
    fn after_waiting(self, waited: Duration) -> Self {
        Self { left: self.left.saturating_sub(waited), ..self }
    }

    fn after_hearing(self, bytes: usize) -> Self {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        Self { left: self.left + Duration::from_secs(1) * bytes / self.bytes_per_second, ..self }
    }
}

/// The body as it comes, with an end to patience. Only time in which we waited counts.
pub(crate) struct Paced {
    inner: Body,
    patience: Patience,
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    pub(crate) fn new(inner: Body, left: Duration, bytes_per_second: u32) -> Self {
        Self { inner, patience: Patience { left, bytes_per_second }, waiting: None }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let this = &mut *self;
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) {
            if let Some((since, _)) = this.waiting.take() {
                this.patience = this.patience.after_waiting(since.elapsed());
            }
            if let Some(Ok(frame)) = &frame
                && let Some(data) = frame.data_ref()
            {
                this.patience = this.patience.after_hearing(data.len());
            }
            return Poll::Ready(frame);
        }
        let left = this.patience.left;
        let (_, alarm) = this.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        ready!(alarm.as_mut().poll(context));
        Poll::Ready(Some(Err(axum::Error::new(too_slow()))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// As a status, because a decoder of messages hands that on as it is.
fn too_slow() -> Status {
    words::plain(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", "the request came too slowly")
}

/// Whether a body failed because it came too slowly.
pub(crate) fn is_too_slow(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error.is::<Status>() {
            return true;
        }
        source = error.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_with_what_came_and_ends_when_little_does() {
        let start = Patience { left: Duration::from_secs(10), bytes_per_second: 1024 };
        let mut steady = start;
        for _ in 0..100 {
            steady = steady.after_waiting(Duration::from_secs(9)).after_hearing(10 << 10);
        }
        assert!(steady.left > start.left);
        let mut trickle = start;
        for _ in 0..12 {
            trickle = trickle.after_waiting(Duration::from_secs(1)).after_hearing(100);
        }
        assert_eq!(trickle.left.as_secs(), 0);
        assert_eq!(start.after_hearing(usize::MAX).after_waiting(Duration::MAX).left, Duration::ZERO);
    }

    #[test]
    fn too_slow_is_told_from_too_large() {
        assert!(is_too_slow(&axum::Error::new(axum::Error::new(too_slow()))));
        assert!(!is_too_slow(&axum::Error::new(std::fmt::Error)));
    }
}
