//! A request for every method of the API: a new method is a new line here.
//!
//! What would change something is sent with an etag that is out of date, or with something
//! left out: what the policy lets through is then told by that, and nothing has changed.

use prost::Message;
use schakel_proto::v1 as pb;

use super::{
    sent::AsSent,
    world::{Things, World},
};

/// How a method is called.
pub(super) struct Row {
    /// For example `ThuiszitterService.GetCase`.
    pub method: &'static str,
    /// Whether it is about a case, so that it is called for every state of one.
    pub of_case: bool,
    /// The request.
    pub request: fn(&World, &Things) -> Vec<u8>,
}

fn text(text: &str) -> String {
    text.to_owned()
}

/// The name of one that nothing has.
fn none(kind: &str) -> String {
    format!("{kind}/{}", uuid::Uuid::from_u128(7))
}

/// Who works in a region with which nothing is agreed.
fn partners() -> pb::ListPartnerProfessionalsRequest {
    let role = pb::Role::Iber.into();
    pb::ListPartnerProfessionalsRequest {
        region_agreement: none("regionAgreements"),
        role,
        ..Default::default()
    }
}

macro_rules! rows {
    (|$world:ident, $things:ident| { $($kind:ident $method:literal => $request:expr;)* }) => {
        /// All of them.
        pub(super) const ROWS: &[Row] = &[$(Row {
            method: $method,
            of_case: of_case!($kind),
            request: {
                fn request($world: &World, $things: &Things) -> Vec<u8> {
                    let _ = ($world, $things);
                    $request.encode_to_vec()
                }
                request
            },
        },)*];
    };
}

macro_rules! of_case {
    (case) => {
        true
    };
    (plain) => {
        false
    };
}

/// The name of one, and nothing else.
macro_rules! named {
    ($request:ident, $name:expr) => {
        pb::$request { name: $name.clone() }
    };
}

/// The end of one of the register, out of date.
macro_rules! ended {
    ($request:ident, $world:ident, $name:expr) => {
        pb::$request {
            name: $name.clone(),
            valid_until: text("2026-12-31"),
            etag: $world.etag("1"),
            request_id: $world.server.request_id(),
        }
    };
}

/// A change of one of the register, out of date.
macro_rules! changed {
    ($request:ident, $field:ident: $message:ident, $world:ident, $name:expr) => {
        pb::$request {
            $field: Some(pb::$message { name: $name.clone(), etag: $world.etag("1"), ..Default::default() }),
            request_id: $world.server.request_id(),
            ..Default::default()
        }
    };
}

/// A change of an agreement that nobody has.
macro_rules! agreed {
    ($request:ident, $w:ident) => {
        pb::$request { name: none("regionAgreements"), etag: text("1"), request_id: $w.server.request_id() }
    };
}

/// A change of a meeting, out of date.
macro_rules! meeting {
    ($request:ident, $world:ident, $meeting:expr, { $($field:ident: $value:expr),* $(,)? }) => {
        pb::$request {
            name: $meeting.name.clone(),
            etag: $world.etag(&$meeting.etag),
            request_id: $world.server.request_id(),
            $($field: $value,)*
        }
    };
}

rows! { |w, t| {
    plain "AccessService.WhoAmI" => pb::WhoAmIRequest {};
    plain "AccessService.CreateToken" => pb::CreateTokenRequest::default();
    plain "AccessService.ListTokens" => pb::ListTokensRequest::default();
    plain "AccessService.RevokeToken" => pb::RevokeTokenRequest {
        name: format!("tokens/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    plain "AccessService.BindLogin" => pb::BindLoginRequest::default();
    plain "AccessService.ListLogins" =>
        pb::ListLoginsRequest { person: w.register.person.clone(), ..Default::default() };
    plain "AccessService.RemoveLogin" => pb::RemoveLoginRequest {
        name: w.register.programs.login.clone(),
        request_id: w.server.request_id(),
    };
    plain "AccessService.CreateSystemClient" => pb::CreateSystemClientRequest::default();
    plain "AccessService.ListSystemClients" => pb::ListSystemClientsRequest::default();
    plain "AccessService.UpdateSystemClient" => pb::UpdateSystemClientRequest {
        update_mask: Some(prost_types::FieldMask { paths: vec![text("disabled")] }),
        ..changed!(UpdateSystemClientRequest, system_client: SystemClient, w, w.register.programs.client)
    };
    plain "AccessService.CreateSystemToken" => pb::CreateSystemTokenRequest::default();
    plain "AccessService.ListSystemTokens" => pb::ListSystemTokensRequest {
        system_client: w.register.programs.client.clone(),
        ..Default::default()
    };
    plain "AccessService.RevokeSystemToken" => pb::RevokeSystemTokenRequest {
        name: w.register.programs.token.clone(),
        request_id: w.server.request_id(),
    };
    case "AccessService.StartEmergency" => pb::StartEmergencyRequest {
        case: t.case.name.clone(),
        reason: text("Het kind is sinds vanmorgen spoorloos."),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "AccessService.EndEmergency" => pb::EndEmergencyRequest {
        name: format!("emergencies/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    plain "AccessService.ListEmergencies" => pb::ListEmergenciesRequest::default();
    case "AuditService.WhoSaw" => pb::WhoSawRequest { case: t.case.name.clone(), ..Default::default() };
    plain "AuditService.ListAuditLines" =>
        pb::ListAuditLinesRequest { subject: w.register.person.clone(), ..Default::default() };
    plain "ActionService.ListActions" => pb::ListActionsRequest::default();
    case "ActionService.CompleteAction" => pb::CompleteActionRequest {
        name: t.held.outcome.as_ref().unwrap().actions[0].name.clone(),
        request_id: w.server.request_id(),
    };
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
    case "ConsentService.RecordConsent" => pb::RecordConsentRequest {
        consent: Some(pb::Consent {
            case: t.case.name.clone(),
            purpose: text("zorgtoeleiding"),
            gives: vec![pb::consent::Party { role: pb::Role::Iber.into(), ..Default::default() }],
            receives: vec![pb::consent::Party { role: pb::Role::Smw.into(), ..Default::default() }],
            classes: vec![pb::DataClass::K2.into()],
            expire_date: text("2027-01-31"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    case "ConsentService.WithdrawConsent" => pb::WithdrawConsentRequest {
        name: t.consent.clone(),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ConsentService.GetConsent" => named!(GetConsentRequest, t.consent);
    case "ConsentService.ListConsents" =>
        pb::ListConsentsRequest { case: t.case.name.clone(), ..Default::default() };
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
        short_notice: 0,
    });
    case "ConsultationService.UpdateParts" => meeting!(UpdatePartsRequest, w, t.planned, { parts: Vec::new() });
    case "ConsultationService.ReplaceParticipant" => meeting!(ReplaceParticipantRequest, w, t.planned, {
        leaves: w.register.person.clone(),
        comes: t.planned.participants.first().cloned(),
    });
    case "ConsultationService.CancelConsultation" => meeting!(CancelConsultationRequest, w, t.planned, {});
    case "ConsultationService.AnswerConsultation" => pb::AnswerConsultationRequest {
        name: t.planned.name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: w.server.request_id(),
    };
    case "ConsultationService.RecordOutcome" => meeting!(RecordOutcomeRequest, w, t.planned, {
        outcome: Some(pb::Outcome::default()),
    });
    case "ConsultationService.WatchConsultations" => pb::WatchConsultationsRequest { case: t.case.name.clone() };
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
    plain "ClockService.GetClock" => pb::GetClockRequest {};
    plain "ClockService.AdvanceClock" => pb::AdvanceClockRequest::default();
    plain "DirectoryService.GetSchool" => named!(GetSchoolRequest, w.register.school);
    plain "DirectoryService.ListSchools" => pb::ListSchoolsRequest::default();
    plain "DirectoryService.CreateSchool" => pb::CreateSchoolRequest::default();
    plain "DirectoryService.UpdateSchool" => changed!(UpdateSchoolRequest, school: School, w, w.register.school);
    plain "DirectoryService.EndSchool" => ended!(EndSchoolRequest, w, w.register.school);
    plain "DirectoryService.GetArea" => named!(GetAreaRequest, w.register.area);
    plain "DirectoryService.ListAreas" => pb::ListAreasRequest::default();
    plain "DirectoryService.CreateArea" => pb::CreateAreaRequest::default();
    plain "DirectoryService.UpdateArea" => changed!(UpdateAreaRequest, area: Area, w, w.register.area);
    plain "DirectoryService.EndArea" => ended!(EndAreaRequest, w, w.register.area);
    plain "DirectoryService.GetCluster" => named!(GetClusterRequest, w.register.cluster);
    plain "DirectoryService.ListClusters" => pb::ListClustersRequest::default();
    plain "DirectoryService.CreateCluster" => pb::CreateClusterRequest::default();
    plain "DirectoryService.UpdateCluster" =>
        changed!(UpdateClusterRequest, cluster: Cluster, w, w.register.cluster);
    plain "DirectoryService.EndCluster" => ended!(EndClusterRequest, w, w.register.cluster);
    plain "DirectoryService.GetTeam" => named!(GetTeamRequest, w.register.team);
    plain "DirectoryService.ListTeams" => pb::ListTeamsRequest::default();
    plain "DirectoryService.CreateTeam" => pb::CreateTeamRequest::default();
    plain "DirectoryService.UpdateTeam" => changed!(UpdateTeamRequest, team: Team, w, w.register.team);
    plain "DirectoryService.EndTeam" => ended!(EndTeamRequest, w, w.register.team);
    plain "DirectoryService.GetPerson" => named!(GetPersonRequest, w.register.person);
    plain "DirectoryService.ListPersons" => pb::ListPersonsRequest::default();
    plain "DirectoryService.CreatePerson" => pb::CreatePersonRequest::default();
    plain "DirectoryService.UpdatePerson" => changed!(UpdatePersonRequest, person: Person, w, w.register.person);
    plain "DirectoryService.EndPerson" => ended!(EndPersonRequest, w, w.register.person);
    plain "DirectoryService.GetAffiliation" => named!(GetAffiliationRequest, w.register.affiliation);
    plain "DirectoryService.ListAffiliations" => pb::ListAffiliationsRequest::default();
    plain "DirectoryService.CreateAffiliation" => pb::CreateAffiliationRequest::default();
    plain "DirectoryService.UpdateAffiliation" =>
        changed!(UpdateAffiliationRequest, affiliation: Affiliation, w, w.register.affiliation);
    plain "DirectoryService.EndAffiliation" => ended!(EndAffiliationRequest, w, w.register.affiliation);
    plain "DirectoryService.GetSchoolTeamLink" => named!(GetSchoolTeamLinkRequest, w.register.link);
    plain "DirectoryService.ListSchoolTeamLinks" => pb::ListSchoolTeamLinksRequest::default();
    plain "DirectoryService.CreateSchoolTeamLink" => pb::CreateSchoolTeamLinkRequest::default();
    plain "DirectoryService.UpdateSchoolTeamLink" =>
        changed!(UpdateSchoolTeamLinkRequest, school_team_link: SchoolTeamLink, w, w.register.link);
    plain "DirectoryService.EndSchoolTeamLink" => ended!(EndSchoolTeamLinkRequest, w, w.register.link);
    plain "DirectoryService.GetExpertise" => named!(GetExpertiseRequest, none("expertises"));
    plain "DirectoryService.ListExpertises" => pb::ListExpertisesRequest::default();
    plain "DirectoryService.CreateExpertise" => pb::CreateExpertiseRequest::default();
    plain "DirectoryService.UpdateExpertise" =>
        changed!(UpdateExpertiseRequest, expertise: Expertise, w, none("expertises"));
    plain "DirectoryService.EndExpertise" => ended!(EndExpertiseRequest, w, none("expertises"));
    plain "DirectoryService.GetClusterGuide" => named!(GetClusterGuideRequest, none("clusterGuides"));
    plain "DirectoryService.ListClusterGuides" => pb::ListClusterGuidesRequest::default();
    plain "DirectoryService.CreateClusterGuide" => pb::CreateClusterGuideRequest::default();
    plain "DirectoryService.UpdateClusterGuide" =>
        changed!(UpdateClusterGuideRequest, cluster_guide: ClusterGuide, w, none("clusterGuides"));
    plain "DirectoryService.EndClusterGuide" => ended!(EndClusterGuideRequest, w, none("clusterGuides"));
    plain "DirectoryService.CreateOrganisation" => pb::CreateOrganisationRequest::default();
    plain "DirectoryService.UpdateOrganisation" =>
        changed!(UpdateOrganisationRequest, organisation: Organisation, w, w.register.organisation);
    plain "DirectoryService.EndOrganisation" => ended!(EndOrganisationRequest, w, w.register.organisation);
    plain "DirectoryService.GetOrganisation" => named!(GetOrganisationRequest, w.register.organisation);
    plain "DirectoryService.ListOrganisations" => pb::ListOrganisationsRequest::default();
    plain "DirectoryService.RouteSchool" =>
        pb::RouteSchoolRequest { school: w.register.school.clone(), ..Default::default() };
    plain "DirectoryService.ListCoverageGaps" => pb::ListCoverageGapsRequest::default();
    plain "DirectoryService.Import" => pb::ImportRequest::default();
    plain "FeedService.CreateFeed" => pb::CreateFeedRequest::default();
    plain "FeedService.ListFeeds" => pb::ListFeedsRequest::default();
    plain "FeedService.RevokeFeed" => pb::RevokeFeedRequest {
        name: format!("feeds/{}", uuid::Uuid::from_u128(7)),
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
    case "PrivacyService.FindSubject" =>
        pb::FindSubjectRequest { reference: t.case.reference.clone(), ..Default::default() };
    case "PrivacyService.GetCaseRights" => named!(GetCaseRightsRequest, t.case.name);
    case "PrivacyService.RestrictCase" => pb::RestrictCaseRequest {
        name: t.case.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "PrivacyService.LiftRestriction" => pb::LiftRestrictionRequest {
        name: t.case.name.clone(),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "PrivacyService.SetLegalHold" => pb::SetLegalHoldRequest {
        case: t.case.name.clone(),
        reason: text("Er loopt een klacht."),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.LiftLegalHold" => pb::LiftLegalHoldRequest {
        case: t.case.name.clone(),
        name: t.rights.lifted.clone(),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.ExportSubject" => pb::ExportSubjectRequest {
        case: t.case.name.clone(),
        format: pb::export_subject_request::Format::Json.into(),
        ..Default::default()
    };
    case "PrivacyService.RectifySubject" => pb::RectifySubjectRequest {
        case: t.case.name.clone(),
        person: t.case.child.clone().unwrap().person,
        statement: text("Het was geen maandag."),
        asked_by: pb::Requester::Parent.into(),
        reason: text("Op verzoek."),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "PrivacyService.ProposeErasure" => pb::ProposeErasureRequest {
        case: t.case.name.clone(),
        ground: pb::ErasureGround::Unlawful.into(),
        asked_by: pb::Requester::Parent.into(),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.ApproveErasure" => pb::ApproveErasureRequest {
        name: t.rights.destruction.clone(),
        request_id: w.server.request_id(),
    };
    plain "KindService.GetKind" => pb::GetKindRequest {
        kind: pb::consultation::Kind::Mdo.into(),
        ..Default::default()
    };
    plain "KindService.ListKinds" => pb::ListKindsRequest::default();
    plain "KindService.UpdateKind" => pb::UpdateKindRequest::default();
    plain "PrivacyService.GetRetentionProfile" => pb::GetRetentionProfileRequest {};
    plain "PrivacyService.SetRetentionProfile" => pb::SetRetentionProfileRequest {
        profile: Some(pb::RetentionProfile { etag: text("7"), ..w.register.programs.terms.clone() }),
        request_id: w.server.request_id(),
    };
    plain "PrivacyService.PlanRetention" => pb::PlanRetentionRequest { request_id: w.server.request_id() };
    plain "PrivacyService.ApproveRetention" => pb::ApproveRetentionRequest {
        name: t.rights.destruction.clone(),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.GetDestruction" => named!(GetDestructionRequest, t.rights.destruction);
    plain "PrivacyService.ListDestructions" => pb::ListDestructionsRequest::default();
    plain "PrivacyService.VerifyStatement" => pb::VerifyStatementRequest { statement: text("{}") };
    plain "ThuiszitterService.OpenCase" => pb::OpenCaseRequest {
        case: Some(pb::Case {
            regisseur: format!("persons/{}", uuid::Uuid::from_u128(7)),
            child: Some(pb::case::Child {
                display_name: text("Kind nieuw"),
                birth_date: text("2017-05-14"),
                ..Default::default()
            }),
            ..t.case.clone()
        }.without_ids()),
        request_id: w.server.request_id(),
    };
    plain "RegionService.ProposeAgreement" => pb::ProposeAgreementRequest::default();
    plain "RegionService.AcceptAgreement" => agreed!(AcceptAgreementRequest, w);
    plain "RegionService.EndAgreement" => agreed!(EndAgreementRequest, w);
    plain "RegionService.ListAgreements" => pb::ListAgreementsRequest::default();
    plain "RegionService.ListPartnerProfessionals" => partners();
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
    };
    case "ThuiszitterService.GetTimeline" => named!(GetTimelineRequest, t.case.name);
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
    };
}}
