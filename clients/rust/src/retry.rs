//! Sends the same request again while the server is briefly away, so that a change happens once.

use std::{error::Error, iter, time::Duration};

use schakel_proto::Change;
use tonic::{Code, Response, Status, TimeoutExpired};
use tonic_types::StatusExt;
use uuid::Uuid;

const RETRIES: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Sends a change, again while the server is briefly away, always with one `request_id`: a fresh
/// one where the request has none. Whatever answer was lost on the way, it has one effect.
///
/// ```no_run
/// # async fn book(connection: schakel_client::Connection) -> Result<(), tonic::Status> {
/// let ask = schakel_client::v1::BookConsultationRequest::default();
/// let meeting =
///     schakel_client::once(ask, async |ask| connection.consultation().book_consultation(ask).await).await?;
/// # Ok(())
/// # }
/// ```
pub async fn once<C: Change, T>(
    mut change: C,
    mut send: impl AsyncFnMut(C) -> Result<Response<T>, Status>,
) -> Result<T, Status> {
    let id = change.request_id_mut();
    if id.is_empty() {
        *id = request_id();
    }
    patiently(async || send(change.clone()).await).await
}

/// Calls again, at most three times, while the server is away or the connection breaks. The call
/// must send the same `request_id` each time, so that a change whose answer was lost has one effect;
/// [`once`] sees to that.
pub async fn patiently<T>(mut call: impl AsyncFnMut() -> Result<Response<T>, Status>) -> Result<T, Status> {
    let mut wait = FIRST_WAIT;
    for _ in 0..RETRIES {
        match call().await {
            Err(status) if is_passing(&status) => tokio::time::sleep(asked(&status).unwrap_or(wait)).await,
            answered => return answered.map(Response::into_inner),
        }
        wait *= 2;
    }
    call().await.map(Response::into_inner)
}

/// A fresh id for a change; retries of the same change send it again.
#[expect(clippy::disallowed_methods, reason = "the server's App is not here; this is the clients' one door")]
pub fn request_id() -> String {
    Uuid::now_v7().to_string()
}

/// Whether the same call may go well in a moment: the server said so, or the connection broke.
/// A call that took too long is not sent again: it would take too long again.
pub(crate) fn is_passing(status: &Status) -> bool {
    let mut causes = iter::successors(status.source(), |cause| (*cause).source());
    let late = causes.any(<dyn std::error::Error>::is::<TimeoutExpired>);
    status.code() == Code::Unavailable || (status.source().is_some() && !late)
}

/// How long the server asks to wait.
fn asked(status: &Status) -> Option<Duration> {
    status.get_details_retry_info()?.retry_delay.map(|delay| delay.min(LONGEST_WAIT))
}

/// The wait before each next attempt, longer each time.
#[derive(Debug, Default)]
pub(crate) struct Pause(Duration);

impl Pause {
    pub(crate) async fn wait(&self) {
        tokio::time::sleep(self.0).await;
    }

    /// An attempt failed.
    pub(crate) fn lengthen(&mut self) {
        self.0 = (self.0 * 2).clamp(FIRST_WAIT, LONGEST_WAIT);
    }

    /// All is well again.
    pub(crate) fn end(&mut self) {
        self.0 = Duration::ZERO;
    }
}

#[cfg(test)]
mod tests {
    use std::{io, time::Instant};

    use schakel_proto::v1 as pb;
    use tonic_types::ErrorDetails;

    use super::*;

    #[tokio::test]
    async fn a_server_that_comes_back_is_asked_again() {
        let mut calls = 0;
        let answer = patiently(async || {
            calls += 1;
            if calls < 3 { Err(Status::unavailable("")) } else { Ok(Response::new(calls)) }
        });
        assert_eq!(answer.await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_server_that_stays_away_is_left_after_three_retries() {
        let mut calls = 0;
        let answer = patiently(async || -> Result<Response<()>, Status> {
            calls += 1;
            Err(Status::unavailable(""))
        });
        assert_eq!((answer.await.unwrap_err().code(), calls), (Code::Unavailable, 4));
    }

    #[tokio::test]
    async fn a_refusal_is_not_asked_again() {
        let mut calls = 0;
        let answer = patiently(async || -> Result<Response<()>, Status> {
            calls += 1;
            Err(Status::aborted(""))
        });
        assert!(answer.await.is_err());
        assert_eq!(calls, 1);
    }

    #[tokio::test]
    async fn a_change_is_sent_again_with_the_id_of_the_first_time() {
        let mut ids = Vec::new();
        let change = pb::CancelConsultationRequest::default();
        let answer = once(change, async |change| -> Result<Response<()>, Status> {
            ids.push(change.request_id);
            if ids.len() < 3 { Err(Status::unavailable("")) } else { Ok(Response::new(())) }
        });
        answer.await.unwrap();
        assert!(ids.len() == 3 && ids[0].len() == 36 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    }

    #[tokio::test]
    async fn an_id_that_was_given_is_kept() {
        let change = pb::CancelConsultationRequest { request_id: "mine".into(), ..Default::default() };
        let sent = once(change, async |change| Ok(Response::new(change.request_id))).await;
        assert_eq!(sent.unwrap(), "mine");
    }

    #[tokio::test]
    async fn the_wait_is_the_one_that_the_server_asks_for() {
        let mut calls = 0;
        let began = Instant::now();
        let answer = patiently(async || {
            calls += 1;
            let details = ErrorDetails::with_retry_info(Some(Duration::from_millis(1)));
            let busy = Status::with_error_details(Code::Unavailable, "", details);
            if calls < 4 { Err(busy) } else { Ok(Response::new(())) }
        });
        answer.await.unwrap();
        assert!(began.elapsed() < Duration::from_secs(1));
    }

    #[test]
    fn a_broken_connection_passes_and_a_late_answer_does_not() {
        assert!(is_passing(&Status::from_error(Box::new(io::Error::other("reset")))));
        assert!(!is_passing(&Status::from_error(Box::new(TimeoutExpired(())))));
        assert!(!is_passing(&Status::not_found("")));
    }

    #[test]
    fn every_attempt_waits_longer_up_to_half_a_minute() {
        let mut pause = Pause::default();
        let mut waits = Vec::new();
        for _ in 0..10 {
            pause.lengthen();
            waits.push(pause.0);
        }
        assert!(waits[0] == FIRST_WAIT && waits[1] == FIRST_WAIT * 2 && waits[9] == LONGEST_WAIT);
        pause.end();
        assert_eq!(pause.0, Duration::ZERO);
    }
}
