//! Sends the same request again while the server is briefly away.

use std::time::Duration;

use tonic::{Code, Response, Status};

const RETRIES: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(200);

/// Calls again, at most three times, while the answer is UNAVAILABLE. The call must send the same
/// `request_id` each time, so that a change whose answer was lost has one effect.
pub async fn patiently<T>(mut call: impl AsyncFnMut() -> Result<Response<T>, Status>) -> Result<T, Status> {
    let mut wait = FIRST_WAIT;
    for _ in 0..RETRIES {
        match call().await {
            Err(status) if status.code() == Code::Unavailable => tokio::time::sleep(wait).await,
            answered => return answered.map(Response::into_inner),
        }
        wait *= 2;
    }
    call().await.map(Response::into_inner)
}

#[cfg(test)]
mod tests {
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
}
