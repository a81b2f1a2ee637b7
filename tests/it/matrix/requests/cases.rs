//! Requests about cases and requests for help.

use prost::Message;
use schakel_proto::v1 as pb;

use super::{Row, none, text};
use crate::matrix::{
    sent::AsSent,
    world::{Things, World},
};

rows! { |w, t| {
    plain "ActionService.ListActions" => pb::ListActionsRequest::default();
    case "ActionService.CompleteAction" => pb::CompleteActionRequest {
        name: t.held.outcome.as_ref().unwrap().actions[0].name.clone(),
        request_id: w.server.request_id(),
    };
    case "EscalationService.EscalateCase" => pb::EscalateCaseRequest {
        case: t.case.name.clone(),
        level: 4,
        date: text("2026-11-26"),
        reason: text("Geen aanbod."),
        organisation: w.register.organisation.clone(),
        etag: w.etag("0"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "EscalationService.DeescalateCase" => pb::DeescalateCaseRequest {
        case: t.case.name.clone(),
        level: 0,
        date: text("2026-11-26"),
        reason: text("Een aanbod."),
        etag: w.etag("0"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    // Decided by somebody who holds no power.
    case "EscalationService.DecideDoorzettingsmacht" => pb::DecideDoorzettingsmachtRequest {
        case: t.case.name.clone(),
        decider: w.register.person.clone(),
        decide_date: text("2026-11-26"),
        text: text("Plaatsen."),
        obliged_organisation: w.register.organisation.clone(),
        due_date: text("2026-12-10"),
        request_id: w.server.request_id(),
    };
    case "EscalationService.CheckCompliance" => pb::CheckComplianceRequest {
        name: t.decision.clone(),
        date: text("2026-11-26"),
        state: pb::decision::State::Complied.into(),
        found: text("Geplaatst."),
        etag: w.etag("0"),
        request_id: w.server.request_id(),
    };
    case "EscalationService.ListDecisions" => pb::ListDecisionsRequest { case: t.case.name.clone() };
    // Of somebody who is no party.
    case "EscalationService.RecordView" => pb::RecordViewRequest {
        case: t.case.name.clone(),
        about: pb::case_view::About::Case.into(),
        person: w.register.person.clone(),
        text: text("Te veel."),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "EscalationService.AddRejoinder" => pb::AddRejoinderRequest {
        view: t.view.clone(),
        person: w.register.person.clone(),
        text: text("Te weinig."),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "EscalationService.ListViews" => pb::ListViewsRequest { case: t.case.name.clone() };
    case "FactService.RecordFacts" => pb::RecordFactsRequest {
        case: t.case.name.clone(),
        facts: vec![pb::Fact {
            said: Some(pb::fact::Said::Suspension(pb::fact::Suspension {
                norm: text("T99"),
                from_date: text("2026-11-24"),
                ..Default::default()
            })),
            ..Default::default()
        }],
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "FactService.CorrectFact" => pb::CorrectFactRequest {
        name: t.fact.clone(),
        fact: Some(pb::Fact {
            said: Some(pb::fact::Said::QualifiedDate(text("2026-11-24"))),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "FactService.ListFacts" =>
        pb::ListFactsRequest { case: t.case.name.clone(), ..Default::default() };
    case "FactService.GetStanding" =>
        pb::GetStandingRequest { case: t.case.name.clone(), ..Default::default() };
    case "PlanService.AddPlanAction" => pb::AddPlanActionRequest {
        plan_action: Some(pb::PlanAction {
            case: t.case.name.clone(),
            side: pb::plan_action::Side::Education.into(),
            text: text("Gym en tekenen."),
            organisation: w.register.organisation.clone(),
            person: w.register.person.clone(),
            start_date: text("2026-12-18"),
            due_date: text("2026-12-01"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    case "PlanService.UpdatePlanAction" => pb::UpdatePlanActionRequest {
        plan_action: Some(pb::PlanAction {
            name: t.plan_action.clone(),
            due_date: text("2026-11-01"),
            etag: w.etag("1"),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec![text("due_date")] }),
        request_id: w.server.request_id(),
    };
    case "PlanService.CompletePlanAction" => pb::CompletePlanActionRequest {
        name: t.plan_action.clone(),
        done_date: text("2026-11-26"),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "PlanService.DropPlanAction" => pb::DropPlanActionRequest {
        name: t.plan_action.clone(),
        reason: text("Niet nodig."),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "PlanService.ListPlanActions" =>
        pb::ListPlanActionsRequest { case: t.case.name.clone(), ..Default::default() };
    case "InformationService.AskInformation" => pb::AskInformationRequest {
        information_request: Some(pb::InformationRequest {
            case: t.case.name.clone(),
            kind: pb::information_request::Kind::SupportNeeds.into(),
            organisation: w.register.organisation.clone(),
            role: pb::Role::Gedragswetenschapper.into(),
            due_date: text("2026-11-01"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    case "InformationService.EndInformationRequest" => pb::EndInformationRequestRequest {
        name: t.information_request.clone(),
        state: pb::information_request::State::Received.into(),
        end_date: text("2026-11-26"),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "InformationService.ListInformationRequests" =>
        pb::ListInformationRequestsRequest { case: t.case.name.clone() };
    // No basis is in force.
    case "HouseholdService.ListHousehold" => pb::ListHouseholdRequest { case: t.case.name.clone() };
    plain "HouseholdService.GetHouseholdBasis" => pb::GetHouseholdBasisRequest {};
    plain "HouseholdService.SetHouseholdBasis" => pb::SetHouseholdBasisRequest::default();
    // One of its kind runs already.
    case "TrackService.StartTrack" => pb::StartTrackRequest {
        track: Some(pb::Track {
            case: t.case.name.clone(),
            kind: pb::track::Kind::Complaint.into(),
            coordinator: w.register.person.clone(),
            start_date: text("2026-11-23"),
            next_date: text("2026-12-07"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    case "TrackService.AddTrackStep" => pb::AddTrackStepRequest {
        name: t.track.clone(),
        step: Some(pb::track::Step {
            kind: pb::track::step::Kind::Heard.into(),
            date: text("2026-11-26"),
            ..Default::default()
        }),
        next_date: text("2026-12-07"),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "TrackService.TakeBackTrackStep" => pb::TakeBackTrackStepRequest {
        name: t.track.clone(),
        step: pb::track::step::Kind::Heard.into(),
        next_date: text("2026-12-07"),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "TrackService.UpdateTrack" => pb::UpdateTrackRequest {
        track: Some(pb::Track {
            name: t.track.clone(),
            next_date: text("2026-11-01"),
            etag: w.etag("1"),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec![text("next_date")] }),
        request_id: w.server.request_id(),
    };
    case "TrackService.ListTracks" => pb::ListTracksRequest { case: t.case.name.clone() };
    plain "TaskService.ListTasks" => pb::ListTasksRequest { page_size: 200, ..Default::default() };
    plain "MonitorService.GetMonitor" => pb::GetMonitorRequest::default();
    plain "MonitorService.GetSurvival" =>
        pb::GetSurvivalRequest { end: pb::WaitingEnd::Offer.into(), ..Default::default() };
    plain "MonitorService.ListMonitorCases" =>
        pb::ListMonitorCasesRequest { measure: text("OPEN"), ..Default::default() };
    plain "MonitorService.ListBreaches" => pb::ListBreachesRequest::default();
    plain "MonitorService.ExportMonitor" => pb::ExportMonitorRequest {
        format: pb::MonitorFormat::Csv.into(),
        ..Default::default()
    };
    plain "ReportService.GetReport" =>
        pb::GetReportRequest { kind: pb::ReportKind::Jaarverslag.into(), ..Default::default() };
    plain "ReportService.ListReportCases" => pb::ListReportCasesRequest {
        kind: pb::ReportKind::Jaarverslag.into(),
        figure: text("CASES"),
        ..Default::default()
    };
    plain "ReportService.SetGrantedHours" => pb::SetGrantedHoursRequest::default();
    plain "ReportService.SetSupportSpending" => pb::SetSupportSpendingRequest::default();
    plain "ReportService.SetObliged" => pb::SetObligedRequest::default();
    plain "ReportService.GetObliged" => pb::GetObligedRequest::default();
    plain "ReportService.GetSupply" => pb::GetSupplyRequest::default();
    plain "ReportService.ExportSupply" =>
        pb::ExportSupplyRequest { format: pb::MonitorFormat::Csv.into(), ..Default::default() };
    plain "IndicatorService.CreateIndicator" => pb::CreateIndicatorRequest::default();
    plain "IndicatorService.UpdateIndicator" => pb::UpdateIndicatorRequest::default();
    plain "IndicatorService.SetIndicatorValue" => pb::SetIndicatorValueRequest::default();
    plain "IndicatorService.ListIndicators" => pb::ListIndicatorsRequest::default();
    plain "SignalService.ReportSignal" => pb::ReportSignalRequest::default();
    plain "SignalService.GetSignal" => named!(GetSignalRequest, none("signals"));
    plain "SignalService.ListSignals" => pb::ListSignalsRequest::default();
    plain "SignalService.ScheduleSignal" => pb::ScheduleSignalRequest::default();
    plain "SignalService.AnswerSignal" => pb::AnswerSignalRequest::default();
    plain "SignalService.WithdrawSignal" => pb::WithdrawSignalRequest::default();
    plain "ReportService.ExportReport" => pb::ExportReportRequest {
        kind: pb::ReportKind::Thuiszitters.into(),
        format: pb::MonitorFormat::Csv.into(),
        ..Default::default()
    };
    plain "SurveyService.CreateSurvey" => pb::CreateSurveyRequest::default();
    plain "SurveyService.CloseSurvey" => pb::CloseSurveyRequest {
        name: none("surveys"),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    plain "SurveyService.GetSurvey" => named!(GetSurveyRequest, none("surveys"));
    plain "SurveyService.ListSurveys" => pb::ListSurveysRequest::default();
    plain "SurveyService.AnswerSurvey" => pb::AnswerSurveyRequest {
        name: none("surveys"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "SurveyService.ListSurveyReplies" =>
        pb::ListSurveyRepliesRequest { survey: none("surveys"), ..Default::default() };
    plain "SurveyService.RedactSurveyReply" => pb::RedactSurveyReplyRequest {
        survey: none("surveys"),
        school: none("schools"),
        question: 1,
        request_id: w.server.request_id(),
    };
    plain "SurveyService.ExportSurvey" => pb::ExportSurveyRequest {
        name: none("surveys"),
        format: pb::MonitorFormat::Csv.into(),
    };
    case "WishesService.GetParentWishes" => pb::GetParentWishesRequest {
        case: t.case.name.clone(),
        person: t.case.parents[0].person.clone(),
    };
    case "WishesService.SetParentWishes" => pb::SetParentWishesRequest {
        parent_wishes: Some(pb::ParentWishes {
            case: t.case.name.clone(),
            person: t.case.parents[0].person.clone(),
            etag: w.etag("1"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    case "HandoverService.MoveCase" => pb::MoveCaseRequest {
        name: t.case.name.clone(),
        school: w.register.school.clone(),
        etag: w.etag(&t.case.etag),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "HandoverService.ReassignCluster" => pb::ReassignClusterRequest {
        cluster: w.register.cluster.clone(),
        role: pb::Role::Trajectbegeleider.into(),
        from: w.register.person.clone(),
        to: none("persons"),
        first_day: text("2026-12-01"),
        dry_run: true,
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "HandoverService.ListHandovers" => pb::ListHandoversRequest::default();
    case "HandoverService.AnswerHandover" => pb::AnswerHandoverRequest {
        consultation: t.planned.name.clone(),
        state: pb::handover::State::Refused.into(),
        reason: pb::handover::Reason::Incomplete.into(),
        request_id: w.server.request_id(),
    };
    case "HulpvraagService.CreateHulpvraag" => pb::CreateHulpvraagRequest {
        hulpvraag: Some(pb::Hulpvraag {
            school: w.register.school.clone(),
            role: pb::Role::Directeur.into(),
            target_date: text("2026-12-10"),
            case: t.case.name.clone(),
            question: text("Wie?"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    case "HulpvraagService.GetHulpvraag" => named!(GetHulpvraagRequest, t.accepted);
    case "HulpvraagService.ListHulpvragen" =>
        pb::ListHulpvragenRequest { page_size: 200, ..Default::default() };
    case "HulpvraagService.AcceptHulpvraag" => pb::AcceptHulpvraagRequest {
        name: t.requested.clone(),
        person: w.register.person.clone(),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "HulpvraagService.DeclineHulpvraag" => pb::DeclineHulpvraagRequest {
        name: t.requested.clone(),
        reason: text("Vol."),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "HulpvraagService.ForwardHulpvraag" => pb::ForwardHulpvraagRequest {
        name: t.requested.clone(),
        team: w.register.team.clone(),
        reason: text("Vol."),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "HulpvraagService.CompleteHulpvraag" => pb::CompleteHulpvraagRequest {
        name: t.accepted.clone(),
        etag: w.etag("2"),
        request_id: w.server.request_id(),
    };
    plain "ThuiszitterService.OpenCase" => pb::OpenCaseRequest {
        case: Some(pb::Case {
            regisseur: format!("persons/{}", uuid::Uuid::from_u128(7)),
            child: Some(pb::case::Child {
                display_name: text("Kind nieuw"),
                birth_date: text("2017-05-14"),
                ..Default::default()
            }),
            // That of the case may be a day that is over by now.
            next_action_date: String::new(),
            ..t.case.clone()
        }.without_ids()),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ThuiszitterService.GetCase" => named!(GetCaseRequest, t.case.name);
    case "ThuiszitterService.ListCases" => pb::ListCasesRequest {
        state: if t.case.display_state() { pb::case::State::Closed } else { pb::case::State::Open }.into(),
        page_size: 200,
        ..Default::default()
    };
    case "ThuiszitterService.UpdateCase" => pb::UpdateCaseRequest {
        case: Some(pb::Case {
            name: t.case.name.clone(),
            etag: w.etag(&t.case.etag),
            ..Default::default()
        }),
        update_mask: Some(prost_types::FieldMask { paths: vec![text("next_action_date")] }),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ThuiszitterService.GetTimeline" =>
        pb::GetTimelineRequest { name: t.case.name.clone(), ..Default::default() };
    case "ThuiszitterService.WatchCases" =>
        pb::WatchCasesRequest { case: t.case.name.clone(), ..Default::default() };
    case "ThuiszitterService.AdvanceCase" => pb::AdvanceCaseRequest {
        name: t.case.name.clone(),
        stage: pb::Stage::Consult.into(),
        parents_involved: text("Gebeld."),
        etag: w.etag(&t.case.etag),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ThuiszitterService.CloseCase" => pb::CloseCaseRequest {
        name: t.case.name.clone(),
        outcome: pb::CaseOutcome::TerugEigenSchool.into(),
        outcome_date: text("2026-11-25"),
        etag: w.etag(&t.case.etag),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ThuiszitterService.ReopenCase" => pb::ReopenCaseRequest {
        name: t.case.name.clone(),
        first_day: text("2026-11-26"),
        etag: w.etag(&t.case.etag),
        request_id: w.server.request_id(),
        ..Default::default()
    };
}}
