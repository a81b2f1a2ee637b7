//! The demo's clock.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use schakel_proto::v1::{self as pb, clock_service_client::ClockServiceClient};
use schakel_server::{
    access::oidc::Issuers,
    app::{App, Clock, Parts, Remembered},
    invitation::transport::Transport,
    serve,
    store::{Database, keys::KeyRing},
};
use schakel_tests::{TestServer, reason, violations};
use tonic::{Code, Request};

const DAY: i64 = 24 * 3600;

/// Time as it is outside the demo: nobody's to move.
struct Fixed(DateTime<Utc>);

impl Clock for Fixed {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }

    fn advance(&self, _: TimeDelta) {}

    fn is_movable(&self) -> bool {
        false
    }
}

fn by(seconds: i64) -> pb::AdvanceClockRequest {
    pb::AdvanceClockRequest { by: Some(prost_types::Duration { seconds, nanos: 0 }) }
}

#[tokio::test]
async fn x20_the_clock_moves_forward_and_never_far() {
    let server = TestServer::start().await;
    let mut clock = ClockServiceClient::new(server.administrator());
    let shown = |clock: pb::Clock| clock.time.unwrap().seconds;
    let before = shown(clock.get_clock(pb::GetClockRequest {}).await.unwrap().into_inner());
    assert_eq!(before, server.app.now().timestamp());
    let after = shown(clock.advance_clock(by(3 * DAY)).await.unwrap().into_inner());
    assert_eq!((after, server.app.now().timestamp()), (before + 3 * DAY, before + 3 * DAY));
    for seconds in [0, -1, -DAY, i64::MIN, 500 * DAY, i64::MAX] {
        let refused = clock.advance_clock(by(seconds)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(violations(&refused), ["by: TIME_RANGE_INVALID"], "{seconds}");
    }
    assert!(clock.advance_clock(pb::AdvanceClockRequest { by: None }).await.is_err());
    assert_eq!(server.app.now().timestamp(), after, "what is refused moves nothing");
}

#[tokio::test]
async fn x20_the_clock_moves_in_the_demo_only() {
    let server = TestServer::start().await;
    let settings = server.app.settings.clone();
    let app = App::new(Parts {
        database: Database::open(&settings.database.url, None).await.unwrap(),
        clock: Arc::new(Fixed(server.app.now())),
        ids: Arc::clone(&server.app.ids),
        keys: KeyRing::open(&settings.keys.file).unwrap(),
        mail: Transport::new(&settings.mail).unwrap(),
        edge: schakel_server::edge::Edge::new(&settings),
        feeds: schakel_server::feed::memory::Memory::default(),
        issuers: Issuers::default(),
        settings,
        stopping: tokio_util::sync::CancellationToken::new(),
        committed: tokio::sync::watch::Sender::new(0),
        remembered: Remembered::default(),
    });
    let mut clock = ClockServiceClient::new(serve::router(&app));
    let mut request = Request::new(by(DAY));
    let bearer = format!("Bearer {}", server.founded.secret);
    request.metadata_mut().insert("authorization", bearer.parse().unwrap());
    let refused = clock.advance_clock(request).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unimplemented, "METHOD_UNKNOWN"));
}
