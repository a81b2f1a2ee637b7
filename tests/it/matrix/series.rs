//! A series of two meetings like another one, a week and two weeks later.

use schakel_proto::v1::{self as pb, series_service_client::SeriesServiceClient};
use schakel_tests::{As, TestServer};

pub(super) async fn booked(server: &TestServer, client: As, like: &pb::Consultation) -> pb::Series {
    let later =
        like.start_time.map(|start| prost_types::Timestamp { seconds: start.seconds + 7 * 86_400, ..start });
    let request = pb::BookSeriesRequest {
        consultation: Some(pb::Consultation { start_time: later, ..like.clone() }),
        recurrence: "FREQ=WEEKLY;COUNT=2".into(),
        on_closed: pb::series::OnClosed::Keep.into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    SeriesServiceClient::new(client).book_series(request).await.unwrap().into_inner().series.unwrap()
}
