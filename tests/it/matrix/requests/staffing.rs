//! Requests about dates apart, limits, rosters, crises, substitutes, waiting and workload.

use prost::Message;
use schakel_proto::v1 as pb;

use super::{Row, text};
use crate::matrix::world::{Things, World};

/// A name of something that is not there.
fn nothing(collection: &str) -> String {
    format!("{collection}/{}", uuid::Uuid::from_u128(7))
}

rows! { |w, t| {
    plain "AvailabilityService.GetDateOverride" =>
        pb::GetDateOverrideRequest { name: nothing("dateOverrides") };
    plain "AvailabilityService.ListDateOverrides" => pb::ListDateOverridesRequest::default();
    plain "AvailabilityService.SetDateOverride" => pb::SetDateOverrideRequest {
        date_override: Some(pb::DateOverride {
            affiliation: w.register.affiliation.clone(),
            date: text("2026-12-07"),
            etag: text("7"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    plain "AvailabilityService.RemoveDateOverride" => pb::RemoveDateOverrideRequest {
        name: nothing("dateOverrides"),
        etag: text("1"),
        request_id: w.server.request_id(),
    };
    plain "AvailabilityService.GetMeetingLimits" =>
        pb::GetMeetingLimitsRequest { person: w.register.person.clone() };
    plain "AvailabilityService.SetMeetingLimits" => pb::SetMeetingLimitsRequest {
        meeting_limits: Some(pb::MeetingLimits {
            person: w.register.person.clone(),
            etag: text("7"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    plain "OnCallService.ListOnCallShifts" => pb::ListOnCallShiftsRequest::default();
    plain "OnCallService.CreateOnCallShift" => pb::CreateOnCallShiftRequest {
        on_call_shift: Some(pb::OnCallShift {
            team: w.register.team.clone(),
            person: w.register.person.clone(),
            role: pb::Role::Directeur.into(),
            start_time: Some(prost_types::Timestamp { seconds: 1_796_630_400, nanos: 0 }),
            end_time: Some(prost_types::Timestamp { seconds: 1_796_652_000, nanos: 0 }),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    plain "OnCallService.RemoveOnCallShift" => pb::RemoveOnCallShiftRequest {
        name: nothing("onCallShifts"),
        etag: text("1"),
        request_id: w.server.request_id(),
    };
    plain "OnCallService.GetOnCall" => pb::GetOnCallRequest {
        r#where: Some(pb::get_on_call_request::Where::Team(w.register.team.clone())),
        at: None,
    };
    case "StaffingService.BookCrisis" => pb::BookCrisisRequest {
        case: t.case.name.clone(),
        dry_run: true,
        within: Some(prost_types::Duration { seconds: 259_200, nanos: 0 }),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "StaffingService.ProposeSubstitutes" =>
        pb::ProposeSubstitutesRequest { person: w.register.person.clone(), ..Default::default() };
    case "StaffingService.SubstituteParticipants" => pb::SubstituteParticipantsRequest {
        person: w.register.person.clone(),
        choices: vec![pb::substitute_participants_request::Choice {
            consultation: t.planned.name.clone(),
            substitute: w.register.person.clone(),
            etag: text("0"),
        }],
        request_id: w.server.request_id(),
    };
    case "StaffingService.JoinWaitingList" => pb::JoinWaitingListRequest {
        waiting_entry: Some(pb::WaitingEntry {
            kind: pb::consultation::Kind::Mdo.into(),
            case: t.case.name.clone(),
            place: pb::consultation::Place::School.into(),
            duration: Some(prost_types::Duration { seconds: 28_800, nanos: 0 }),
            seats: vec![pb::Seat {
                who: Some(pb::seat::Who::Person(w.register.person.clone())),
                ..Default::default()
            }],
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    plain "StaffingService.ListWaiting" => pb::ListWaitingRequest::default();
    plain "StaffingService.LeaveWaitingList" => pb::LeaveWaitingListRequest {
        name: nothing("waitingEntries"),
        etag: text("1"),
        request_id: w.server.request_id(),
    };
    plain "StaffingService.AcceptOffer" => pb::AcceptOfferRequest {
        name: nothing("waitingEntries"),
        etag: text("1"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "StaffingService.ListTeamMeetings" => pb::ListTeamMeetingsRequest {
        team: w.register.team.clone(),
        start_time: Some(prost_types::Timestamp { seconds: 1_793_577_600, nanos: 0 }),
        end_time: Some(prost_types::Timestamp { seconds: 1_798_675_200, nanos: 0 }),
    };
    plain "StaffingService.GetWorkload" => pb::GetWorkloadRequest {
        of: Some(pb::get_workload_request::Of::Team(w.register.team.clone())),
        ..Default::default()
    };
}}
