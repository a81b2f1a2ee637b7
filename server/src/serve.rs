//! One port: gRPC, gRPC-web and HTTP, with limits on everything a stranger can hold open.

use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use axum::Router;
use chrono::{DateTime, Utc};
use hyper_util::{rt::TokioExecutor, server::conn::auto::Builder};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use schakel_proto::v1::{
    access_service_server::AccessServiceServer, availability_service_server::AvailabilityServiceServer,
    clock_service_server::ClockServiceServer, consultation_service_server::ConsultationServiceServer,
    directory_service_server::DirectoryServiceServer, feed_service_server::FeedServiceServer,
    hulpvraag_service_server::HulpvraagServiceServer, thuiszitter_service_server::ThuiszitterServiceServer,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::Routes;
use tonic_health::pb::health_server::HealthServer;
use tonic_web::GrpcWebLayer;
use tower::Layer;

use crate::{
    access::{Peer, layer},
    app::App,
    edge::{around, connection, places::Places, probe::Probe, words},
    settings::{LimitSettings, TlsSettings, seconds},
    web,
};

/// Every service behind the access layer, health and reflection, and the pages.
pub fn router(app: &App) -> Router {
    let limits = &app.settings.limits;
    let (message, answer) = (limits.message_bytes as usize, limits.answer_bytes as usize);
    let mut calls = Routes::builder();
    macro_rules! serve {
        ($($server:ident),* $(,)?) => {$(
            calls.add_service(
                $server::new(app.clone())
                    .max_decoding_message_size(message)
                    .max_encoding_message_size(answer),
            );
        )*};
    }
    serve![
        AccessServiceServer,
        AvailabilityServiceServer,
        ConsultationServiceServer,
        DirectoryServiceServer,
        FeedServiceServer,
        HulpvraagServiceServer,
        ThuiszitterServiceServer
    ];
    if app.clock.is_movable() {
        serve![ClockServiceServer];
    }
    let calls = calls
        .routes()
        .into_axum_router()
        .layer(axum::middleware::from_fn_with_state(app.clone(), layer::call));
    let mut about = Routes::builder();
    about.add_service(HealthServer::new(Probe { app: app.clone() }).max_decoding_message_size(message));
    let describe = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(schakel_proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    // Who may try everything may be told of everything.
    let described = app.settings.reflection.unwrap_or_else(|| app.clock.is_movable());
    if described && let (Ok(v1), Ok(v1alpha)) = (describe().build_v1(), describe().build_v1alpha()) {
        about.add_service(v1).add_service(v1alpha);
    }
    calls
        .merge(about.routes().into_axum_router().reset_fallback())
        .layer(axum::middleware::from_fn_with_state(app.clone(), words::around))
        .layer(GrpcWebLayer::new())
        .reset_fallback()
        .merge(web::routes(app.clone()))
        .layer(axum::middleware::from_fn_with_state(app.clone(), around::around))
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
    pub async fn serve(self, app: App, router: Router, stop: CancellationToken) {
        let limits = Arc::new(app.settings.limits.clone());
        let builder = Arc::new(connection::builder(&limits));
        let places = Places::new(&limits, &app.settings.trusted_proxies);
        let tasks = TaskTracker::new();
        let cut = CancellationToken::new();
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
            let Some(place) = places.take(from.ip()) else { continue };
            let peer = Peer { address: from.ip().to_canonical() };
            let served = Served {
                tls: self.tls.clone(),
                router: axum::Extension(peer).layer(router.clone()),
                builder: Arc::clone(&builder),
                limits: Arc::clone(&limits),
                stop: stop.clone(),
            };
            let cut = cut.clone();
            tasks.spawn(async move {
                let _place = place;
                tokio::select! {
                    () = served.serve(stream) => {}
                    () = cut.cancelled() => {}
                }
            });
        }
        drop(self.socket);
        tasks.close();
        let _ = tokio::time::timeout(seconds(limits.drain_seconds), tasks.wait()).await;
        cut.cancel();
        tasks.wait().await;
    }
}

/// What a connection is served with.
struct Served {
    tls: Option<TlsAcceptor>,
    router: <axum::Extension<Peer> as Layer<Router>>::Service,
    builder: Arc<Builder<TokioExecutor>>,
    limits: Arc<LimitSettings>,
    stop: CancellationToken,
}

impl Served {
    async fn serve(self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let Some(tls) = self.tls else {
            return connection::serve(stream, self.router, &self.builder, &self.limits, self.stop).await;
        };
        let shaken = tokio::time::timeout(seconds(self.limits.handshake_seconds), tls.accept(stream));
        let shaken = tokio::select! {
            shaken = shaken => shaken,
            () = self.stop.cancelled() => return,
        };
        if let Ok(Ok(stream)) = shaken {
            connection::serve(stream, self.router, &self.builder, &self.limits, self.stop).await;
        }
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
