//! Calls about signals from practice and indicators, made once each.

use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    indicator_service_client::IndicatorServiceClient, signal_service_client::SignalServiceClient,
};

use super::Story;
use crate::monitor::signals::{council, signal};

/// Told, read, put on an agenda, answered and withdrawn.
pub(super) async fn signals(story: &mut Story) {
    let server = &story.scene.server;
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.1;
    let (iber, booking) = council(&story.scene).await;
    let booked = ConsultationServiceClient::new(iber.clone()).book_consultation(booking).await.unwrap();
    story.skip().await;
    let id = |story: &Story| story.scene.server.request_id();
    let (mut iber, mut keeper) = (SignalServiceClient::new(iber), SignalServiceClient::new(keeper));
    let telling = pb::ReportSignalRequest {
        signal: Some(signal(&story.scene.school.to_string())),
        request_id: id(story),
    };
    let told = call!(story: iber.report_signal(telling) => "ReportSignal");
    call!(story: iber.get_signal(pb::GetSignalRequest { name: told.name.clone() }) => "GetSignal");
    call!(story: keeper.list_signals(pb::ListSignalsRequest::default()) => "ListSignals");
    let scheduling = pb::ScheduleSignalRequest {
        name: told.name,
        consultation: booked.into_inner().name,
        etag: told.etag,
        request_id: id(story),
    };
    let set = call!(story: keeper.schedule_signal(scheduling) => "ScheduleSignal");
    let answering = pb::AnswerSignalRequest {
        name: set.name,
        answer: "Er komt een tweede groep.".into(),
        etag: set.etag,
        request_id: id(story),
    };
    let answered = call!(story: keeper.answer_signal(answering) => "AnswerSignal");
    let withdrawing =
        pb::WithdrawSignalRequest { name: answered.name, etag: answered.etag, request_id: id(story) };
    call!(story: keeper.withdraw_signal(withdrawing) => "WithdrawSignal");
}

/// Made, changed, typed in and read.
pub(super) async fn indicators(story: &mut Story) {
    let id = |story: &Story| story.scene.server.request_id();
    let mut manager = IndicatorServiceClient::new(story.scene.server.administrator());
    let wish = pb::Indicator {
        name_nl: "Scholing van teams".into(),
        unit: pb::indicator::Unit::Number.into(),
        target_tenths: 100,
        direction: pb::indicator::Direction::AtLeast.into(),
        first_school_year: "2026-2027".into(),
        ..Default::default()
    };
    let making = pb::CreateIndicatorRequest { indicator: Some(wish), request_id: id(story) };
    let made = call!(story: manager.create_indicator(making) => "CreateIndicator");
    let change = pb::UpdateIndicatorRequest {
        indicator: Some(pb::Indicator { target_tenths: 120, ..made.clone() }),
        request_id: id(story),
    };
    call!(story: manager.update_indicator(change) => "UpdateIndicator");
    let value = pb::IndicatorValue {
        indicator: made.name,
        school_year: "2026-2027".into(),
        value_tenths: 110,
        etag: "0".into(),
    };
    let typing = pb::SetIndicatorValueRequest { indicator_value: Some(value), request_id: id(story) };
    call!(story: manager.set_indicator_value(typing) => "SetIndicatorValue");
    let mut iber = IndicatorServiceClient::new(story.scene.iber.1.clone());
    call!(story: iber.list_indicators(pb::ListIndicatorsRequest::default()) => "ListIndicators");
}
