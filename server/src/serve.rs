//! One port: gRPC, gRPC-web and HTTP, with limits on everything a stranger can hold open.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use chrono::{DateTime, Utc};
use hyper_util::{rt::TokioExecutor, server::conn::auto::Builder};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::service::Routes;
use tonic_health::pb::health_server::HealthServer;
use tonic_web::GrpcWebLayer;
use tower::Layer;

use crate::{
    access::{
        Peer, layer,
        mtls::{Certificate, Mutual},
    },
    app::App,
    edge::{around, connection, places::Places, probe::Probe, words},
    settings::{LimitSettings, TlsSettings, seconds},
    tls::{self, BadFile},
    web,
};

/// Every service behind the access layer, health and reflection, and the pages.
pub fn router(app: &App) -> Router {
    let limits = &app.settings.limits;
    let (message, answer) = (limits.message_bytes as usize, limits.answer_bytes as usize);
    let mut calls = Routes::builder();
    macro_rules! serve {
        ($($module:ident::$server:ident),* $(,)?) => {$(
            calls.add_service(
                schakel_proto::v1::$module::$server::new(app.clone())
                    .max_decoding_message_size(message)
                    .max_encoding_message_size(answer),
            );
        )*};
    }
    serve![
        access_service_server::AccessServiceServer,
        action_service_server::ActionServiceServer,
        agenda_service_server::AgendaServiceServer,
        audit_service_server::AuditServiceServer,
        availability_service_server::AvailabilityServiceServer,
        consent_service_server::ConsentServiceServer,
        consultation_service_server::ConsultationServiceServer,
        directory_service_server::DirectoryServiceServer,
        duty_service_server::DutyServiceServer,
        escalation_service_server::EscalationServiceServer,
        fact_service_server::FactServiceServer,
        feed_service_server::FeedServiceServer,
        handover_service_server::HandoverServiceServer,
        household_service_server::HouseholdServiceServer,
        hulpvraag_service_server::HulpvraagServiceServer,
        inbox_service_server::InboxServiceServer,
        information_service_server::InformationServiceServer,
        letter_service_server::LetterServiceServer,
        outside_service_server::OutsideServiceServer,
        kind_service_server::KindServiceServer,
        mail_profile_service_server::MailProfileServiceServer,
        message_service_server::MessageServiceServer,
        monitor_service_server::MonitorServiceServer,
        on_call_service_server::OnCallServiceServer,
        plan_cycle_service_server::PlanCycleServiceServer,
        plan_service_server::PlanServiceServer,
        policy_service_server::PolicyServiceServer,
        privacy_service_server::PrivacyServiceServer,
        proposal_service_server::ProposalServiceServer,
        region_service_server::RegionServiceServer,
        report_service_server::ReportServiceServer,
        indicator_service_server::IndicatorServiceServer,
        signal_service_server::SignalServiceServer,
        series_service_server::SeriesServiceServer,
        staffing_service_server::StaffingServiceServer,
        task_service_server::TaskServiceServer,
        subscription_service_server::SubscriptionServiceServer,
        survey_service_server::SurveyServiceServer,
        thuiszitter_service_server::ThuiszitterServiceServer,
        track_service_server::TrackServiceServer,
        year_plan_service_server::YearPlanServiceServer,
        time_poll_service_server::TimePollServiceServer,
        wishes_service_server::WishesServiceServer,
    ];
    if app.clock.is_movable() {
        serve![clock_service_server::ClockServiceServer];
    }
    let calls = calls
        .routes()
        .into_axum_router()
        .layer(axum::middleware::from_fn_with_state(app.clone(), layer::call));
    // The pages call the same services through the same layer, without the network between them.
    let inside = calls.clone().layer(axum::middleware::from_fn_with_state(app.clone(), words::around));
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
        .merge(web::routes(app.clone(), inside))
        .layer(axum::middleware::from_fn_with_state(app.clone(), around::around))
}

/// Why the server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The address is taken, or not ours.
    #[error("{0}: {1}")]
    Bind(SocketAddr, io::Error),
    /// The certificate or its key cannot be used.
    #[error(transparent)]
    Tls(#[from] BadFile),
}

/// What is spoken below HTTP.
#[derive(Clone)]
enum Below {
    /// Nothing: a proxy in front speaks TLS.
    Tcp,
    /// TLS of which only the server shows a certificate.
    Tls(TlsAcceptor),
    /// TLS of which both do.
    Mutual(Arc<Mutual>),
}

/// A port, bound and ready to serve.
pub struct Listener {
    socket: TcpListener,
    below: Below,
}

impl Listener {
    /// Binds the port and loads the certificate, so that every fault shows before anything starts.
    pub async fn bind(
        address: SocketAddr,
        tls: Option<&TlsSettings>,
        now: DateTime<Utc>,
    ) -> Result<Self, ListenError> {
        let tls = tls.map(|tls| acceptor(tls, now)).transpose()?;
        Self::on(address, tls.map_or(Below::Tcp, Below::Tls)).await
    }

    /// Binds the port for systems with client certificates.
    pub async fn bind_mutual(address: SocketAddr, mutual: Arc<Mutual>) -> Result<Self, ListenError> {
        Self::on(address, Below::Mutual(mutual)).await
    }

    async fn on(address: SocketAddr, below: Below) -> Result<Self, ListenError> {
        let socket = TcpListener::bind(address).await.map_err(|error| ListenError::Bind(address, error))?;
        Ok(Self { socket, below })
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
                below: self.below.clone(),
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
    below: Below,
    router: <axum::Extension<Peer> as Layer<Router>>::Service,
    builder: Arc<Builder<TokioExecutor>>,
    limits: Arc<LimitSettings>,
    stop: CancellationToken,
}

impl Served {
    async fn serve(self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        let acceptor = match &self.below {
            Below::Tcp => return self.speak(stream, None).await,
            Below::Tls(acceptor) => acceptor.clone(),
            Below::Mutual(mutual) => mutual.acceptor(),
        };
        let shaken = tokio::time::timeout(seconds(self.limits.handshake_seconds), acceptor.accept(stream));
        let shaken = tokio::select! {
            shaken = shaken => shaken,
            () = self.stop.cancelled() => return,
        };
        if let Ok(Ok(stream)) = shaken {
            let certificate = match &self.below {
                Below::Mutual(mutual) => mutual.certificate(stream.get_ref().1).map(Arc::new),
                Below::Tcp | Below::Tls(_) => None,
            };
            self.speak(stream, certificate).await;
        }
    }

    async fn speak<S>(self, stream: S, certificate: Option<Arc<Certificate>>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let router = axum::Extension(certificate).layer(self.router);
        connection::serve(stream, router, &self.builder, &self.limits, self.stop).await;
    }
}

/// What the public port shows.
fn acceptor(settings: &TlsSettings, now: DateTime<Utc>) -> Result<TlsAcceptor, BadFile> {
    let (chain, key) = tls::certified(&settings.certificate, &settings.key, now)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| tls::not_a_pair(&settings.key, &error))?;
    Ok(TlsAcceptor::from(Arc::new(tls::with_protocols(config))))
}
