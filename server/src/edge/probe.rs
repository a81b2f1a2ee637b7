//! Whether this server should be sent work: over HTTP for orchestrators, over gRPC for clients.
//! Both say yes or no and nothing else.

use std::{pin::Pin, time::Duration};

use tokio_stream::{Stream, wrappers::ReceiverStream};
use tonic::{Request, Response, Status};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse, health_check_response::ServingStatus, health_server::Health,
};

use crate::{app::App, error::Error};

/// How long the database may take to answer.
const LONGEST: Duration = Duration::from_secs(1);
/// For how long an answer is good: whoever asks more often is told the same.
const GOOD_FOR: Duration = Duration::from_secs(1);
/// How often a watcher looks.
const LOOK: Duration = Duration::from_secs(5);

/// Whether the server takes work: it is not going, the database answers in time, its schema is
/// this program's or newer, audit lines can be written, there was room for them, and tokens of
/// every identity provider can be checked.
///
/// The keys are not asked: they were read at the start and are in memory.
pub(crate) async fn ready(app: &App) -> bool {
    if app.edge.going.is_cancelled() || app.stopping.is_cancelled() || app.edge.is_full(app.now()) {
        return false;
    }
    let waiting = app.issuers.not_ready(app.now());
    if !waiting.is_empty() {
        tracing::warn!(providers = waiting.join(", "), "not ready: no keys yet");
        return false;
    }
    let mut known = app.edge.ready.lock().await;
    if let Some((at, ready)) = *known
        && at.elapsed() < GOOD_FOR
    {
        return ready;
    }
    let found = tokio::time::timeout(LONGEST, app.database.probe()).await;
    let ready = match found {
        Ok(Ok(())) => true,
        Ok(Err(error)) => {
            tracing::warn!(%error, source = ?std::error::Error::source(&error).map(ToString::to_string), "not ready");
            false
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer in time");
            false
        }
    };
    *known = Some((tokio::time::Instant::now(), ready));
    ready
}

/// The standard health service (grpc.health.v1), of the server as a whole and of each service.
pub(crate) struct Probe {
    /// The server.
    pub(crate) app: App,
}

impl Probe {
    async fn status(&self) -> HealthCheckResponse {
        let status = if ready(&self.app).await { ServingStatus::Serving } else { ServingStatus::NotServing };
        HealthCheckResponse { status: status.into() }
    }

    fn knows(service: &str) -> bool {
        service.is_empty() || super::SERVICES.contains(service)
    }
}

#[tonic::async_trait]
impl Health for Probe {
    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        if !Self::knows(&request.get_ref().service) {
            return Err(Error::NotFound("SERVICE").into());
        }
        Ok(Response::new(self.status().await))
    }

    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let known = Self::knows(&request.get_ref().service);
        let (sender, receiver) = tokio::sync::mpsc::channel(1);
        let probe = Self { app: self.app.clone() };
        tokio::spawn(async move {
            let mut told = None;
            while !sender.is_closed() {
                let unknown = HealthCheckResponse { status: ServingStatus::ServiceUnknown.into() };
                let status = if known { probe.status().await } else { unknown };
                if told.as_ref() != Some(&status) && sender.send(Ok(status)).await.is_err() {
                    return;
                }
                told = Some(status);
                let going = probe.app.edge.going.is_cancelled();
                tokio::select! {
                    () = sender.closed() => return,
                    () = probe.app.stopping.cancelled() => return,
                    () = probe.app.edge.going.cancelled(), if !going => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receiver))))
    }
}
