//! Requests about time and meetings.

use prost::Message;
use schakel_proto::v1 as pb;

use super::Row;
use crate::matrix::world::{Things, World};

rows! { |w, t| {
    plain "LetterService.PreviewLetter" => pb::PreviewLetterRequest {
        kind: pb::preview_letter_request::Kind::Invitation.into(),
        ..Default::default()
    };
    plain "MailProfileService.GetMailProfile" => pb::GetMailProfileRequest {};
    plain "MailProfileService.SetMailProfile" => pb::SetMailProfileRequest::default();
    plain "MailProfileService.GetMailWishes" => pb::GetMailWishesRequest {};
    plain "MailProfileService.SetMailWishes" => pb::SetMailWishesRequest::default();
    case "LetterService.PrintInvitation" => pb::PrintInvitationRequest {
        consultation: t.planned.name.clone(),
        person: format!("persons/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    plain "AgendaService.HoldSlot" => pb::HoldSlotRequest::default();
    plain "AgendaService.ReleaseHold" => pb::ReleaseHoldRequest {
        name: format!("holds/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    plain "AgendaService.ListHolds" => pb::ListHoldsRequest::default();
    plain "AgendaService.GetTravel" => pb::GetTravelRequest {};
    plain "AgendaService.SetTravel" => pb::SetTravelRequest::default();
    plain "AvailabilityService.GetWeeklyHours" => named!(GetWeeklyHoursRequest, w.register.weekly_hours);
    plain "AvailabilityService.ListWeeklyHours" => pb::ListWeeklyHoursRequest::default();
    plain "AvailabilityService.CreateWeeklyHours" => pb::CreateWeeklyHoursRequest::default();
    plain "AvailabilityService.UpdateWeeklyHours" =>
        changed!(UpdateWeeklyHoursRequest, weekly_hours: WeeklyHours, w, w.register.weekly_hours);
    plain "AvailabilityService.EndWeeklyHours" => ended!(EndWeeklyHoursRequest, w, w.register.weekly_hours);
    plain "AvailabilityService.GetAbsence" => named!(GetAbsenceRequest, w.register.absence);
    plain "AvailabilityService.ListAbsences" => pb::ListAbsencesRequest::default();
    plain "AvailabilityService.CreateAbsence" => pb::CreateAbsenceRequest::default();
    plain "AvailabilityService.UpdateAbsence" =>
        changed!(UpdateAbsenceRequest, absence: Absence, w, w.register.absence);
    plain "AvailabilityService.EndAbsence" => ended!(EndAbsenceRequest, w, w.register.absence);
    plain "AvailabilityService.ImportAvailability" => pb::ImportRequest::default();
    plain "OutsideService.CreateOutsideCalendar" => pb::CreateOutsideCalendarRequest::default();
    plain "OutsideService.UploadOutsideCalendar" => pb::UploadOutsideCalendarRequest::default();
    plain "OutsideService.ListOutsideCalendars" =>
        pb::ListOutsideCalendarsRequest { person: w.register.person.clone() };
    plain "OutsideService.RefreshOutsideCalendar" => pb::RefreshOutsideCalendarRequest {
        name: w.register.outside_calendar.clone(),
        request_id: w.server.request_id(),
    };
    plain "OutsideService.DeleteOutsideCalendar" => pb::DeleteOutsideCalendarRequest {
        name: format!("outsideCalendars/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    case "AvailabilityService.FindSlots" => pb::FindSlotsRequest {
        case: t.case.name.clone(),
        seats: vec![pb::Seat {
            who: Some(pb::seat::Who::Person(w.register.person.clone())),
            optional: false,
            ..Default::default()
        }],
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        start_time: Some(prost_types::Timestamp { seconds: 1_796_630_400, nanos: 0 }),
        end_time: Some(prost_types::Timestamp { seconds: 1_796_652_000, nanos: 0 }),
        max_slots: 1,
        ..Default::default()
    };
    case "AvailabilityService.CompareTeams" => pb::CompareTeamsRequest {
        search: Some(pb::FindSlotsRequest {
        case: t.case.name.clone(),
        seats: vec![pb::Seat {
            who: Some(pb::seat::Who::Role(pb::Role::Smw.into())),
            optional: false,
            ..Default::default()
        }],
        duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
        start_time: Some(prost_types::Timestamp { seconds: 1_796_630_400, nanos: 0 }),
        end_time: Some(prost_types::Timestamp { seconds: 1_796_652_000, nanos: 0 }),
        max_slots: 1,
        ..Default::default()
    }),
        teams: Vec::new(),
    };
    case "ConsultationService.BookConsultation" => pb::BookConsultationRequest {
        consultation: Some(pb::Consultation {
            kind: pb::consultation::Kind::Mdo.into(),
            case: t.case.name.clone(),
            start_time: t.planned.start_time,
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: vec![t.planned.participants[0].clone()],
            ..Default::default()
        }),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ConsultationService.GetConsultation" => named!(GetConsultationRequest, t.held.name);
    case "ConsultationService.ListConsultations" => pb::ListConsultationsRequest {
        after_time: Some(prost_types::Timestamp { seconds: 1_795_420_800, nanos: 0 }),
        page_size: 200,
        ..Default::default()
    };
    plain "ConsultationService.ListSharedConsultations" => pb::ListSharedConsultationsRequest::default();
    case "ConsultationService.MoveConsultation" => meeting!(MoveConsultationRequest, w, t.planned, {
        start_time: t.planned.start_time,
        duration: None,
        place: 0,
        rooms: vec![w.register.room.clone()],
        alone_because: 0,
        short_notice: 0,
    });
    case "ConsultationService.UpdateParts" => meeting!(UpdatePartsRequest, w, t.planned, { parts: Vec::new() });
    case "ConsultationService.ReplaceParticipant" => meeting!(ReplaceParticipantRequest, w, t.planned, {
        leaves: w.register.person.clone(),
        comes: t.planned.participants.first().cloned(),
    });
    case "ConsultationService.AddParticipant" => meeting!(AddParticipantRequest, w, t.planned, {
        comes: t.planned.participants.first().cloned(),
    });
    case "ConsultationService.RemoveParticipant" => meeting!(RemoveParticipantRequest, w, t.planned, {
        leaves: w.register.person.clone(),
    });
    case "ConsultationService.ReinstateConsultation" => meeting!(ReinstateConsultationRequest, w, t.planned, {
        short_notice: 0,
    });
    case "MessageService.ListMessages" => pb::ListMessagesRequest {
        consultation: t.planned.name.clone(),
        ..Default::default()
    };
    case "InboxService.ListInboundMails" => pb::ListInboundMailsRequest {
        consultation: t.planned.name.clone(),
        ..Default::default()
    };
    case "InboxService.DismissInboundMail" => pb::DismissInboundMailRequest {
        name: t.inbound_mail.clone(),
        request_id: w.server.request_id(),
    };
    case "MessageService.ResendInvitation" => pb::ResendInvitationRequest {
        consultation: t.planned.name.clone(),
        person: format!("persons/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    case "ProposalService.ListProposals" => pb::ListProposalsRequest {
        consultation: t.planned.name.clone(),
        show_decided: true,
        ..Default::default()
    };
    case "ProposalService.AcceptProposal" => pb::AcceptProposalRequest {
        name: t.proposal.clone(),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ProposalService.RefuseProposal" => pb::RefuseProposalRequest {
        name: t.proposal.clone(),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
    };
    case "ConsultationService.CancelConsultation" => meeting!(CancelConsultationRequest, w, t.planned, {});
    case "ConsultationService.AnswerConsultation" => pb::AnswerConsultationRequest {
        name: t.planned.name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ConsultationService.RecordOutcome" => meeting!(RecordOutcomeRequest, w, t.planned, {
        outcome: Some(pb::Outcome::default()),
    });
    case "ConsultationService.WatchConsultations" => pb::WatchConsultationsRequest {
        case: t.case.name.clone(),
        ..Default::default()
    };
    case "TimePollService.CreateTimePoll" => pb::CreateTimePollRequest {
        time_poll: Some(pb::TimePoll {
            voters: t.poll.voters.iter().take(1).cloned().collect(),
            case: t.case.name.clone(),
            ..t.poll.clone()
        }),
        request_id: w.server.request_id(),
    };
    case "TimePollService.GetTimePoll" => named!(GetTimePollRequest, t.poll.name);
    case "TimePollService.ListTimePolls" =>
        pb::ListTimePollsRequest { case: t.case.name.clone(), ..Default::default() };
    case "TimePollService.AnswerTimePoll" => pb::AnswerTimePollRequest {
        name: t.poll.name.clone(),
        person: w.register.person.clone(),
        votes: vec![pb::time_poll::Vote::Yes.into(); 3],
        request_id: w.server.request_id(),
    };
    case "TimePollService.CloseTimePoll" => meeting!(CloseTimePollRequest, w, t.poll, { start_time: None });
    case "TimePollService.CancelTimePoll" => meeting!(CancelTimePollRequest, w, t.poll, {});
    plain "FeedService.CreateFeed" => pb::CreateFeedRequest::default();
    plain "FeedService.ListFeeds" => pb::ListFeedsRequest::default();
    plain "FeedService.RotateFeed" => pb::RotateFeedRequest {
        name: format!("feeds/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    plain "FeedService.RevokeFeed" => pb::RevokeFeedRequest {
        name: format!("feeds/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
}}
