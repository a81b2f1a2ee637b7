//! What each method of the API does, as the policy knows it.
//!
//! The match is over every method that the proto files describe: a new method without a row
//! here does not compile. A method that does something else than its row is refused.

use schakel_domain::access::Action;
use schakel_proto::Method as M;

/// What a call of `method` does. Some rows have several: importing availability changes the
/// register's calendars, and needs leave for both; a list of proposals shows more to who may change
/// the meeting, and one of tasks to who reads and changes cases.
#[expect(clippy::too_many_lines, reason = "a row for each method")]
pub fn actions(method: M) -> &'static [Action] {
    match method {
        M::AccessWhoAmI
        | M::AccessListTokens
        | M::AccessListSessions
        | M::FeedListFeeds
        | M::MailProfileGetMailWishes
        | M::MailProfileSetMailWishes => &[Action::OwnAccount],
        M::AccessCreateToken
        | M::AccessRevokeToken
        | M::AccessEndSession
        | M::AccessEndOtherSessions
        | M::FeedCreateFeed
        | M::FeedRotateFeed
        | M::FeedRevokeFeed => &[Action::OwnCredentials],
        M::AccessBindLogin
        | M::AccessListLogins
        | M::AccessRemoveLogin
        | M::AccessEndPersonSessions
        | M::AccessCreateSystemClient
        | M::AccessListSystemClients
        | M::AccessUpdateSystemClient
        | M::AccessCreateSystemToken
        | M::AccessListSystemTokens
        | M::AccessRevokeSystemToken => &[Action::ManageAccess],
        M::SubscriptionCreateSubscription
        | M::SubscriptionListSubscriptions
        | M::SubscriptionRotateSubscriptionSecret
        | M::SubscriptionDeleteSubscription
        | M::SubscriptionTestSubscription => &[Action::ManageSubscriptions],
        M::PrivacyFindSubject | M::PrivacyGetCaseRights | M::PrivacyExportSubject => &[Action::ExportSubject],
        M::PrivacyRestrictCase => &[Action::RestrictCase],
        M::PrivacyLiftRestriction => &[Action::LiftRestriction],
        M::PrivacySetLegalHold | M::PrivacyLiftLegalHold => &[Action::HoldCase],
        M::PrivacyRectifySubject => &[Action::RectifySubject],
        M::PrivacyProposeErasure => &[Action::ProposeErasure],
        M::PrivacyApproveErasure => &[Action::ApproveErasure],
        M::PrivacyGetRetentionProfile
        | M::PrivacySetRetentionProfile
        | M::PrivacyPlanRetention
        | M::PrivacyGetDestruction
        | M::PrivacyListDestructions
        | M::PrivacyVerifyStatement => &[Action::ManageRetention],
        M::PrivacyApproveRetention => &[Action::ApproveRetention],
        M::AuditWhoSaw | M::AuditListAuditLines => &[Action::ReadAudit],
        M::AccessStartEmergency | M::AccessEndEmergency => &[Action::UseEmergency],
        M::AccessListEmergencies => &[Action::ReadEmergencies],
        M::AvailabilityGetWeeklyHours
        | M::AvailabilityListWeeklyHours
        | M::AvailabilityGetAbsence
        | M::AvailabilityListAbsences
        | M::DirectoryGetSchool
        | M::DirectoryListSchools
        | M::DirectoryGetArea
        | M::DirectoryListAreas
        | M::DirectoryGetCluster
        | M::DirectoryListClusters
        | M::DirectoryGetTeam
        | M::DirectoryListTeams
        | M::DirectoryGetPerson
        | M::DirectoryListPersons
        | M::DirectoryGetAffiliation
        | M::DirectoryListAffiliations
        | M::DirectoryGetSchoolTeamLink
        | M::DirectoryListSchoolTeamLinks
        | M::RegionListAgreements
        | M::RegionListPartnerProfessionals
        | M::HouseholdGetHouseholdBasis
        | M::DirectoryGetExpertise
        | M::DirectoryListExpertises
        | M::DirectoryGetProvision
        | M::DirectoryListProvisions
        | M::DirectoryGetClusterGuide
        | M::DirectoryListClusterGuides
        | M::DirectoryGetOrganisation
        | M::DirectoryListOrganisations
        | M::DirectoryRouteSchool
        | M::DirectoryListCoverageGaps
        | M::PlanCycleGetPlanCycle
        | M::PlanCycleListPlanGoals
        | M::PolicyGetPolicyProfile
        | M::DutyListDuties
        | M::KindGetKind
        | M::KindListKinds
        | M::AgendaGetTravel
        | M::DirectoryGetRoom
        | M::DirectoryListRooms
        | M::AvailabilityGetDateOverride
        | M::AvailabilityListDateOverrides
        | M::AvailabilityGetMeetingLimits
        | M::OnCallListOnCallShifts
        | M::OnCallGetOnCall
        | M::LetterPreviewLetter
        | M::MailProfileGetMailProfile => &[Action::ReadDirectory],
        M::AvailabilityCreateWeeklyHours
        | M::AvailabilityUpdateWeeklyHours
        | M::AvailabilityEndWeeklyHours
        | M::AvailabilityCreateAbsence
        | M::AvailabilityUpdateAbsence
        | M::AvailabilityEndAbsence
        | M::OutsideCreateOutsideCalendar
        | M::OutsideUploadOutsideCalendar
        | M::OutsideListOutsideCalendars
        | M::OutsideRefreshOutsideCalendar
        | M::OutsideDeleteOutsideCalendar
        | M::AvailabilitySetDateOverride
        | M::AvailabilityRemoveDateOverride
        | M::AvailabilitySetMeetingLimits
        | M::OnCallCreateOnCallShift
        | M::OnCallRemoveOnCallShift => &[Action::WriteAvailability],
        M::AvailabilityImportAvailability => &[Action::WriteDirectory, Action::WriteAvailability],
        M::AvailabilityFindSlots | M::AvailabilityCompareTeams | M::StaffingListWaiting => {
            &[Action::FindSlots]
        }
        M::ConsentRecordConsent => &[Action::RecordConsent],
        M::ConsentWithdrawConsent => &[Action::WithdrawConsent],
        M::ConsentGetConsent | M::ConsentListConsents => &[Action::ReadConsent],
        M::ConsultationBookConsultation
        | M::TimePollCreateTimePoll
        | M::SeriesBookSeries
        | M::YearPlanPlanYear
        | M::YearPlanPlanOogo
        | M::AgendaHoldSlot
        | M::AgendaReleaseHold
        | M::AgendaListHolds
        | M::StaffingBookCrisis
        | M::StaffingJoinWaitingList
        | M::StaffingLeaveWaitingList
        | M::StaffingAcceptOffer => &[Action::BookConsultation],
        M::ConsultationGetConsultation
        | M::ConsultationListConsultations
        | M::ConsultationListSharedConsultations
        | M::ActionListActions
        | M::ConsultationWatchConsultations
        | M::TimePollGetTimePoll
        | M::TimePollListTimePolls
        | M::SeriesGetSeries
        | M::SeriesListSeries
        | M::MessageListMessages
        | M::YearPlanListVisitCoverage
        | M::HandoverListHandovers => &[Action::ReadConsultation],
        M::ProposalListProposals => &[Action::ReadConsultation, Action::WriteConsultation],
        M::ConsultationMoveConsultation
        | M::ConsultationReplaceParticipant
        | M::ConsultationAddParticipant
        | M::ConsultationRemoveParticipant
        | M::ConsultationReinstateConsultation
        | M::TimePollAnswerTimePoll
        | M::TimePollCloseTimePoll
        | M::SeriesUpdateSeries
        | M::MessageResendInvitation
        | M::InboxListInboundMails
        | M::InboxDismissInboundMail
        | M::ProposalAcceptProposal
        | M::ProposalRefuseProposal
        | M::LetterPrintInvitation
        | M::ConsultationUpdateParts => &[Action::WriteConsultation],
        M::ConsultationCancelConsultation | M::TimePollCancelTimePoll | M::SeriesCancelSeries => {
            &[Action::CancelConsultation]
        }
        M::ConsultationAnswerConsultation | M::ActionCompleteAction | M::HandoverAnswerHandover => {
            &[Action::AnswerConsultation]
        }
        M::ConsultationRecordOutcome => &[Action::RecordOutcome],
        M::ClockGetClock | M::ClockAdvanceClock => &[Action::MoveClock],
        M::DirectoryCreateSchool
        | M::DirectoryUpdateSchool
        | M::DirectoryEndSchool
        | M::DirectoryCreateArea
        | M::DirectoryUpdateArea
        | M::DirectoryEndArea
        | M::DirectoryCreateCluster
        | M::DirectoryUpdateCluster
        | M::DirectoryEndCluster
        | M::DirectoryCreateTeam
        | M::DirectoryUpdateTeam
        | M::DirectoryEndTeam
        | M::DirectoryCreatePerson
        | M::DirectoryUpdatePerson
        | M::DirectoryEndPerson
        | M::DirectoryCreateAffiliation
        | M::DirectoryUpdateAffiliation
        | M::DirectoryEndAffiliation
        | M::DirectoryCreateSchoolTeamLink
        | M::DirectoryUpdateSchoolTeamLink
        | M::DirectoryEndSchoolTeamLink
        | M::RegionProposeAgreement
        | M::RegionAcceptAgreement
        | M::RegionEndAgreement
        | M::DirectoryCreateExpertise
        | M::DirectoryUpdateExpertise
        | M::DirectoryEndExpertise
        | M::DirectoryCreateProvision
        | M::ReportSetGrantedHours
        | M::ReportSetSupportSpending
        | M::ReportSetObliged
        | M::IndicatorCreateIndicator
        | M::IndicatorUpdateIndicator
        | M::IndicatorSetIndicatorValue
        | M::DirectoryUpdateProvision
        | M::DirectoryEndProvision
        | M::DirectoryCreateClusterGuide
        | M::DirectoryUpdateClusterGuide
        | M::DirectoryEndClusterGuide
        | M::DirectoryCreateOrganisation
        | M::DirectoryUpdateOrganisation
        | M::DirectoryEndOrganisation
        | M::DirectoryImport
        | M::KindUpdateKind
        | M::MailProfileSetMailProfile
        | M::AgendaSetTravel
        | M::DirectoryCreateRoom
        | M::DirectoryUpdateRoom
        | M::DirectoryEndRoom => &[Action::WriteDirectory],
        M::HulpvraagCreateHulpvraag => &[Action::CreateHulpvraag],
        M::HulpvraagGetHulpvraag | M::HulpvraagListHulpvragen => &[Action::ReadHulpvraag],
        M::HulpvraagAcceptHulpvraag | M::HulpvraagDeclineHulpvraag | M::HulpvraagForwardHulpvraag => {
            &[Action::DecideHulpvraag]
        }
        M::HulpvraagCompleteHulpvraag => &[Action::CompleteHulpvraag],
        M::SignalReportSignal => &[Action::ReportSignal],
        M::SignalGetSignal | M::SignalListSignals => &[Action::ReadSignal],
        M::SignalScheduleSignal | M::SignalAnswerSignal => &[Action::DecideSignal],
        M::SignalWithdrawSignal => &[Action::WithdrawSignal],
        M::ThuiszitterOpenCase => &[Action::OpenCase],
        M::ThuiszitterGetCase
        | M::ThuiszitterListCases
        | M::ThuiszitterGetTimeline
        | M::ThuiszitterWatchCases
        | M::FactListFacts
        | M::FactGetStanding
        | M::PlanListPlanActions
        | M::InformationListInformationRequests
        | M::TrackListTracks
        | M::MonitorListMonitorCases
        | M::MonitorListBreaches
        | M::ReportListReportCases
        | M::EscalationListDecisions
        | M::EscalationListViews
        | M::WishesGetParentWishes => &[Action::ReadCase],
        M::MonitorGetMonitor
        | M::MonitorGetSurvival
        | M::MonitorExportMonitor
        | M::ReportGetReport
        | M::ReportExportReport
        | M::ReportExportSupply => &[Action::ReadMonitor],
        M::ReportGetSupply | M::ReportGetObliged | M::IndicatorListIndicators => {
            &[Action::ReadMonitor, Action::WriteDirectory]
        }
        M::PlanCycleMarkMilestone | M::PlanCycleCreatePlanGoal | M::PlanCycleUpdatePlanGoal => {
            &[Action::MarkMilestone]
        }
        M::SurveyCreateSurvey | M::SurveyCloseSurvey | M::SurveyExportSurvey | M::SurveyRedactSurveyReply => {
            &[Action::RunSurvey]
        }
        M::DutyMarkDuty => &[Action::MarkDuty],
        M::PolicySetPolicyProfile => &[Action::SetPolicy],
        M::SurveyGetSurvey | M::SurveyListSurveys | M::SurveyListSurveyReplies => &[Action::ReadSurvey],
        M::SurveyAnswerSurvey => &[Action::AnswerSurvey],
        M::ThuiszitterUpdateCase
        | M::ThuiszitterAdvanceCase
        | M::FactRecordFacts
        | M::FactCorrectFact
        | M::HandoverMoveCase
        | M::HandoverReassignCluster => &[Action::WriteCase],
        M::PlanAddPlanAction
        | M::PlanUpdatePlanAction
        | M::PlanCompletePlanAction
        | M::PlanDropPlanAction => &[Action::WritePlan],
        M::InformationAskInformation | M::InformationEndInformationRequest => &[Action::AskInformation],
        M::TrackStartTrack | M::TrackAddTrackStep | M::TrackTakeBackTrackStep | M::TrackUpdateTrack => {
            &[Action::WriteTrack]
        }
        M::HouseholdListHousehold => &[Action::AskHousehold],
        M::HouseholdSetHouseholdBasis => &[Action::SetHouseholdBasis],
        M::TaskListTasks => &[
            Action::ReadConsultation,
            Action::ReadCase,
            Action::WriteCase,
            Action::WriteTrack,
            Action::DecideCase,
            Action::ReadHulpvraag,
            Action::DecideHulpvraag,
            Action::RecordOutcome,
        ],
        M::EscalationEscalateCase | M::EscalationDeescalateCase => &[Action::EscalateCase],
        M::EscalationDecideDoorzettingsmacht | M::EscalationCheckCompliance => &[Action::DecideCase],
        M::EscalationRecordView | M::EscalationAddRejoinder => &[Action::RecordView],
        M::ThuiszitterCloseCase => &[Action::CloseCase],
        M::ThuiszitterReopenCase => &[Action::ReopenCase],
        M::WishesSetParentWishes => &[Action::WriteWishes],
        M::StaffingProposeSubstitutes | M::StaffingSubstituteParticipants | M::StaffingListTeamMeetings => {
            &[Action::Substitute]
        }
        M::StaffingGetWorkload => &[Action::ReadWorkload],
    }
}

/// What the layer found that the call does.
#[derive(Debug, Clone, Copy)]
pub struct Does(pub &'static [Action]);
