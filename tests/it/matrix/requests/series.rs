//! Requests about series and year plans.

use prost::Message;
use schakel_proto::v1 as pb;

use super::{Row, text};
use crate::matrix::world::{Things, World};

rows! { |w, t| {
    case "SeriesService.BookSeries" => pb::BookSeriesRequest {
        consultation: Some(pb::Consultation {
            kind: pb::consultation::Kind::Mdo.into(),
            case: t.case.name.clone(),
            start_time: t.planned.start_time,
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: vec![t.planned.participants[0].clone()],
            ..Default::default()
        }),
        recurrence: text("FREQ=WEEKLY;COUNT=2"),
        mode: pb::BookingMode::Each.into(),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "SeriesService.GetSeries" => pb::GetSeriesRequest { name: t.series.name.clone() };
    plain "SeriesService.ListSeries" => pb::ListSeriesRequest { page_size: 200, ..Default::default() };
    case "SeriesService.UpdateSeries" => pb::UpdateSeriesRequest {
        name: t.series.name.clone(),
        mode: pb::BookingMode::Each.into(),
        etag: w.etag(&t.series.etag),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "SeriesService.CancelSeries" => pb::CancelSeriesRequest {
        name: t.series.name.clone(),
        etag: w.etag(&t.series.etag),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "YearPlanService.PlanYear" => pb::PlanYearRequest {
        kind: pb::consultation::Kind::Mdo.into(),
        by: pb::plan_year_request::By::Case.into(),
        cases: vec![pb::PlanCase { case: t.case.name.clone(), ..Default::default() }],
        seats: vec![pb::PlanSeat {
            who: Some(pb::plan_seat::Who::Person(w.register.person.clone())),
            ..Default::default()
        }],
        first_date: text("2027-01-04"),
        last_date: text("2027-01-08"),
        meetings: 1,
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        dry_run: true,
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "YearPlanService.PlanOogo" => pb::PlanOogoRequest::default();
    plain "PlanCycleService.GetPlanCycle" => pb::GetPlanCycleRequest {
        plan: pb::PlanKind::Ondersteuningsplan.into(),
        year: 2027,
        ..Default::default()
    };
    plain "PlanCycleService.MarkMilestone" => pb::MarkMilestoneRequest::default();
    plain "DutyService.ListDuties" => pb::ListDutiesRequest {};
    plain "DutyService.MarkDuty" => pb::MarkDutyRequest::default();
    plain "PolicyService.GetPolicyProfile" => pb::GetPolicyProfileRequest::default();
    plain "PolicyService.SetPolicyProfile" => pb::SetPolicyProfileRequest::default();
    plain "YearPlanService.ListVisitCoverage" => pb::ListVisitCoverageRequest {
        kind: pb::consultation::Kind::BocBezoek.into(),
        ..Default::default()
    };
} }
