//! One port: gRPC, gRPC-web and HTTP, with limits on everything a stranger can hold open.

use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::Router;
use chrono::{DateTime, Utc};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use schakel_proto::v1::{
    access_service_server::AccessServiceServer, availability_service_server::AvailabilityServiceServer,
    clock_service_server::ClockServiceServer, consultation_service_server::ConsultationServiceServer,
    directory_service_server::DirectoryServiceServer, feed_service_server::FeedServiceServer,
    hulpvraag_service_server::HulpvraagServiceServer, privacy_service_server::PrivacyServiceServer,
    thuiszitter_service_server::ThuiszitterServiceServer,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;
use tower::Layer;

use crate::{
    access::{Peer, layer},
    app::App,
    settings::TlsSettings,
    web,
};

const HANDSHAKE: Duration = Duration::from_secs(10);
const HEADERS: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_mins(1);
const KEEPALIVE_ANSWER: Duration = Duration::from_secs(20);
/// How long calls that run may go on after the signal.
const DRAIN: Duration = Duration::from_secs(20);
const CONNECTIONS: usize = 1_000;
const STREAMS: u32 = 100;
/// What one message may weigh.
pub const MESSAGE: usize = 1 << 20;

/// Every service behind the access layer, health and reflection, and the pages.
pub fn router(app: &App) -> Router {
    let mut calls = Routes::builder();
    macro_rules! serve {
        ($($server:ident),* $(,)?) => {
            $(calls.add_service($server::new(app.clone()).max_decoding_message_size(MESSAGE));)*
        };
    }
    serve![
        AccessServiceServer,
        AvailabilityServiceServer,
        ConsultationServiceServer,
        DirectoryServiceServer,
        FeedServiceServer,
        HulpvraagServiceServer,
        PrivacyServiceServer,
        ThuiszitterServiceServer
    ];
    if app.clock.is_movable() {
        serve![ClockServiceServer];
    }
    let calls = calls
        .routes()
        .into_axum_router()
        .layer(axum::middleware::from_fn_with_state(app.clone(), layer::call));
    let (_, health) = tonic_health::server::health_reporter();
    let mut about = Routes::builder();
    about.add_service(health);
    let describe = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(schakel_proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    if let (Ok(v1), Ok(v1alpha)) = (describe().build_v1(), describe().build_v1alpha()) {
        about.add_service(v1).add_service(v1alpha);
    }
    calls
        .merge(about.routes().into_axum_router().reset_fallback())
        .layer(GrpcWebLayer::new())
        .reset_fallback()
        .merge(web::routes(app.clone()))
}

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The address is taken, or not ours.
    #[error("{0}: {1}")]
    Bind(SocketAddr, io::Error),
    /// The certificate or its key cannot be used.
    #[error("{path}: {why}")]
    Tls {
        /// Which file.
        path: String,
        /// What is wrong with it, and what to do.
        why: String,
    },
}

/// The public port, bound and ready to serve.
pub struct Listener {
    socket: TcpListener,
    tls: Option<TlsAcceptor>,
}

impl Listener {
    /// Binds the port and loads the certificate, so that every fault shows before anything starts.
    pub async fn bind(
        address: SocketAddr,
        tls: Option<&TlsSettings>,
        now: DateTime<Utc>,
    ) -> Result<Self, ListenError> {
        let tls = tls.map(|tls| acceptor(tls, now)).transpose()?;
        let socket = TcpListener::bind(address).await.map_err(|error| ListenError::Bind(address, error))?;
        Ok(Self { socket, tls })
    }

    /// Where it listens; with port 0 asked, the port that was given.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Serves until `stop`, then lets calls that run finish for a while, then cuts them off.
    pub async fn serve(self, router: Router, stop: CancellationToken) {
        let builder = Arc::new(connections());
        let graceful = Arc::new(GracefulShutdown::new());
        let tasks = TaskTracker::new();
        let cut = CancellationToken::new();
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        loop {
            let accepted = tokio::select! {
                () = stop.cancelled() => break,
                accepted = self.socket.accept() => accepted,
            };
            let Ok((stream, from)) = accepted else {
                // Out of descriptors: let some close before asking again.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let Ok(place) = Arc::clone(&room).try_acquire_owned() else { continue };
            let peer = Peer { address: from.ip() };
            let (tls, builder) = (self.tls.clone(), Arc::clone(&builder));
            let router = axum::Extension(peer).layer(router.clone());
            let watcher = graceful.watcher();
            let cut = cut.clone();
            tasks.spawn(async move {
                let _place = place;
                tokio::select! {
                    () = connection(stream, tls, router, &builder, watcher) => {}
                    () = cut.cancelled() => {}
                }
            });
        }
        drop(self.socket);
        tasks.close();
        if let Ok(graceful) = Arc::try_unwrap(graceful) {
            let _ = tokio::time::timeout(DRAIN, graceful.shutdown()).await;
        }
        cut.cancel();
        tasks.wait().await;
    }
}

/// The routes, told who is at the other end.
type Peered = <axum::Extension<Peer> as tower::Layer<Router>>::Service;

fn connections() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS).max_buf_size(16 << 10);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(16 << 10)
        .keep_alive_interval(KEEPALIVE)
        .keep_alive_timeout(KEEPALIVE_ANSWER);
    builder
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    router: Peered,
    builder: &Builder<TokioExecutor>,
    watcher: hyper_util::server::graceful::Watcher,
) {
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let ended = match tls {
        None => {
            watcher
                .watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned())
                .await
        }
        Some(tls) => match tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await {
            Ok(Ok(stream)) => {
                watcher
                    .watch(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned())
                    .await
            }
            Ok(Err(_)) | Err(_) => return,
        },
    };
    if let Err(error) = ended {
        tracing::debug!(error, "connection ended");
    }
}

/// The certificate and its key, checked as a client would: dates, and that they belong together.
fn acceptor(settings: &TlsSettings, now: DateTime<Utc>) -> Result<TlsAcceptor, ListenError> {
    let fault = |path: &Path, why: String| ListenError::Tls { path: path.display().to_string(), why };
    let (certificate, key) = (&settings.certificate, &settings.key);
    let chain = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| fault(certificate, format!("no PEM certificate: {error}")))?;
    let first = chain.first().ok_or_else(|| fault(certificate, "holds no certificate".into()))?;
    let (_, parsed) = x509_parser::parse_x509_certificate(first)
        .map_err(|_| fault(certificate, "the first certificate cannot be read".into()))?;
    let validity = parsed.validity();
    if now.timestamp() > validity.not_after.timestamp() || now.timestamp() < validity.not_before.timestamp() {
        return Err(fault(certificate, "is not valid now: renew it".into()));
    }
    #[cfg(unix)]
    {
        let metadata = std::fs::metadata(key).map_err(|error| fault(key, error.to_string()))?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions());
        if mode & 0o077 != 0 {
            return Err(fault(key, "can be read by others: chmod 0400 it".into()));
        }
    }
    let key_der =
        PrivateKeyDer::from_pem_file(key).map_err(|error| fault(key, format!("no PEM key: {error}")))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key_der))
        .map_err(|error| fault(key, format!("does not belong to the certificate: {error}")))?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
