//! One connection from its first byte to its last: nobody holds one for nothing, or for ever.

use std::{
    convert::Infallible,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, sleep, sleep_until},
};
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::heard::{Heard, PREFACE};
use crate::settings::{LimitSettings, seconds};

/// How connections are spoken to.
pub(crate) fn builder(limits: &LimitSettings) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(seconds(limits.header_seconds))
        .max_buf_size(limits.header_bytes as usize);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(limits.header_bytes)
        .keep_alive_interval(seconds(limits.keepalive_seconds))
        .keep_alive_timeout(seconds(limits.keepalive_answer_seconds));
    builder
}

/// Serves `stream` until it ends, gets too old, or `stop`. Asked to go, it finishes the calls
/// that run and is then cut.
pub(crate) async fn serve<S, R>(
    stream: S,
    router: R,
    builder: &Builder<TokioExecutor>,
    limits: &LimitSettings,
    stop: CancellationToken,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    R: Service<Request<Incoming>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    R::Future: Send,
{
    let read = Arc::new(AtomicU64::new(0));
    let counted = TokioIo::new(Heard::new(stream, Arc::clone(&read)));
    let mut connection =
        pin!(builder.serve_connection_with_upgrades(counted, TowerToHyperService::new(router)));
    let mut silent = pin!(sleep(seconds(limits.header_seconds)));
    let mut over = pin!(sleep(seconds(limits.connection_seconds)));
    let (mut heard, mut going) = (false, false);
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(error, "connection ended");
                }
                return;
            }
            // Until it is known which protocol is spoken, no timer of the protocol runs. Any
            // whole request of HTTP/1 that is kept alive is longer than the preface.
            () = silent.as_mut(), if !heard => {
                heard = read.load(Ordering::Relaxed) >= PREFACE.len() as u64;
                if !heard {
                    return;
                }
            }
            () = stop.cancelled(), if !going => {
                going = true;
                connection.as_mut().graceful_shutdown();
                over.as_mut().reset(Instant::now() + seconds(limits.connection_grace_seconds));
            }
            () = over.as_mut() => {
                if going {
                    return;
                }
                going = true;
                connection.as_mut().graceful_shutdown();
                over.set(sleep_until(Instant::now() + seconds(limits.connection_grace_seconds)));
            }
        }
    }
}
