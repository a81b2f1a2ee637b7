//! Calls about series and year plans, made once each.

use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, duty_service_client::DutyServiceClient, plan_cycle_service_client::PlanCycleServiceClient,
    policy_service_client::PolicyServiceClient, series_service_client::SeriesServiceClient,
    year_plan_service_client::YearPlanServiceClient,
};

use super::Story;

fn id(story: &Story) -> String {
    story.scene.server.request_id()
}

pub(super) async fn series(story: &mut Story) {
    let mut iber = SeriesServiceClient::new(story.scene.iber.1.clone());
    let booking = pb::BookSeriesRequest {
        consultation: Some(story.scene.mdo(story.scene.later(24 * 14))),
        recurrence: "FREQ=WEEKLY;COUNT=2".into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: id(story),
        ..Default::default()
    };
    let booked = call!(story: iber.book_series(booking) => "BookSeries").series.unwrap();
    let name = booked.name;
    call!(story: iber.get_series(pb::GetSeriesRequest { name: name.clone() }) => "GetSeries");
    call!(story: iber.list_series(pb::ListSeriesRequest::default()) => "ListSeries");
    let later = pb::UpdateSeriesRequest {
        name: name.clone(),
        time_of_day: "14:00".into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        etag: booked.etag,
        request_id: id(story),
        ..Default::default()
    };
    let etag = call!(story: iber.update_series(later) => "UpdateSeries").series.unwrap().etag;
    let off = pb::CancelSeriesRequest { name, etag, request_id: id(story), ..Default::default() };
    call!(story: iber.cancel_series(off) => "CancelSeries");
    plans(story).await;
}

/// Proposals: they owe what a search for times owes.
async fn plans(story: &mut Story) {
    let server = &story.scene.server;
    let (_, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let mut keeper = YearPlanServiceClient::new(keeper);
    let seat = |role: pb::Role| pb::PlanSeat {
        who: Some(pb::plan_seat::Who::Role(role.into())),
        ..Default::default()
    };
    let year = pb::PlanYearRequest {
        kind: pb::consultation::Kind::Mdo.into(),
        by: pb::plan_year_request::By::Case.into(),
        cases: vec![pb::PlanCase { case: story.scene.family.case.to_string(), ..Default::default() }],
        seats: vec![seat(pb::Role::Iber)],
        meetings: 1,
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        dry_run: true,
        request_id: id(story),
        ..Default::default()
    };
    call!(story: keeper.plan_year(year) => "PlanYear");
    let oogo = pb::PlanOogoRequest {
        year: 2027,
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::Online.into(),
        dry_run: true,
        request_id: id(story),
        ..Default::default()
    };
    call!(story: keeper.plan_oogo(oogo) => "PlanOogo");
    let list =
        pb::ListVisitCoverageRequest { kind: pb::consultation::Kind::Consult.into(), ..Default::default() };
    call!(story: keeper.list_visit_coverage(list) => "ListVisitCoverage");
    let server = &story.scene.server;
    let (_, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let mut policy = PolicyServiceClient::new(keeper.clone());
    let mut duty = DutyServiceClient::new(keeper.clone());
    call!(story: duty.list_duties(pb::ListDutiesRequest {}) => "ListDuties");
    let marking = pb::MarkDutyRequest {
        norm: "T23".into(),
        done_date: "2026-11-02".into(),
        request_id: id(story),
        ..Default::default()
    };
    call!(story: duty.mark_duty(marking) => "MarkDuty");
    let mut keeper = PlanCycleServiceClient::new(keeper);
    let (plan, gemeente_code) = (pb::PlanKind::Ondersteuningsplan.into(), String::new());
    let asked = pb::GetPlanCycleRequest { plan, gemeente_code, year: 2027 };
    call!(story: keeper.get_plan_cycle(asked) => "GetPlanCycle");
    let marking = pb::MarkMilestoneRequest {
        plan,
        year: 2027,
        step: pb::PlanStep::Draft.into(),
        done_date: "2026-10-12".into(),
        request_id: id(story),
        ..Default::default()
    };
    call!(story: keeper.mark_milestone(marking) => "MarkMilestone");
    let in_use =
        call!(story: policy.get_policy_profile(pb::GetPolicyProfileRequest::default()) => "GetPolicyProfile");
    let norms = pb::SetPolicyProfileRequest {
        json: r#"{"version": "2026-2"}"#.into(),
        valid_from: "2028-01-01".into(),
        etag: in_use.etag,
        request_id: id(story),
        ..Default::default()
    };
    call!(story: policy.set_policy_profile(norms) => "SetPolicyProfile");
}
