//! What each call owes to the log, as a table.

/// What each call of the story below owes: the deed, the object, the classes, and × how many
/// when the line counts. Two lines of one case or meeting are the child's and the parent's.
pub(super) const OWED: &str = "
    AcceptHulpvraag: U hulpvraag K1 | R hulpvraag K1 K4
    AcceptOffer: C consultation K1 | C consultation K1 | U waiting_entry K1 | U waiting_entry K1 | R consultation K1 K2 | R consultation K1 K2
    AcceptProposal: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    AddPlanAction: U case K1 K4
    AddParticipant: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    AddRejoinder: U case K4
    AddTrackStep: U case K3 K4
    AdvanceCase: U case K1 K2 K3 K4 | U case K2
    AnswerConsultation: U consultation K1
    AnswerHandover: U case K1
    AnswerSignal: U signal K1 | R signal K1
    AnswerSurvey: U survey K0
    ApproveErasure: D case K1 K2 K3 K4 K5 K6 K7 K8 K9 | D case K2 | D destruction K0
    ApproveRetention: D case K1 K2 K3 K4 K5 K6 K7 K8 K9 | D case K2 | D destruction K0
    AskInformation: U case K1 K4
    BookSeries: C consultation K1 | C consultation K1 | C consultation K1 | C consultation K1
    BookConsultation: C consultation K1 | C consultation K1 | R consultation K1 K2 | R consultation K1 K2
    BookCrisis: C consultation K1 | C consultation K1 | R consultation K1 K2 | R consultation K1 K2
    CancelConsultation: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    CancelSeries: U consultation K1 | U consultation K1 | U consultation K1 | U consultation K1
    CheckCompliance: U case K3 K4
    CloseSurvey: U survey K0
    CloseCase: U case K1 K2 K3 K4 | U case K2
    CompareTeams: S slots K0 K1 ×0
    CompletePlanAction: U case K1 K4
    CompleteAction: U action K1 | R consultation K1 K4
    CompleteHulpvraag: U hulpvraag K1 | R hulpvraag K1 K4
    CorrectFact: U case K3
    CreateAbsence: C absence K0
    CreateAffiliation: C affiliation K0
    CreateFeed: C feed K0
    CreateHulpvraag: C hulpvraag K1 K4 | R hulpvraag K1 K4
    CreateIndicator: C indicator K0
    CreateOnCallShift: C on_call_shift K0
    CreatePerson: C person K0
    CreateSubscription: C subscription K0
    CreateSurvey: C survey K0
    CreateSystemClient: C system_client K0
    CreateSystemToken: C system_token K0
    CreateToken: C token K0
    DecideDoorzettingsmacht: U case K3 K4
    DeclineHulpvraag: U hulpvraag K1 | R hulpvraag K1 K4
    DeleteSubscription: D subscription K0
    DeescalateCase: U case K3 K4
    DismissInboundMail: U consultation K1 | U consultation K1
    DropPlanAction: U case K1 K4
    EndEmergency: U emergency K10
    EndInformationRequest: U case K1 K4
    EndOtherSessions: D session K0
    EndPersonSessions: D session K0
    EndSession: D session K0
    EscalateCase: U case K3 K4
    ExportSubject: X case K1 K2 K3 K4 K5 K6 K7 K8 K9 K10 | X case K2
    FindSlots: S slots K0 K1 ×0
    FindSubject: R case K2
    ForwardHulpvraag: U hulpvraag K1
    GetCase: R case K1 K2 K3 K4 | R case K2
    GetCaseRights: R case K2 | R case K2 K4
    GetConsent: R consent K2 | R consent K2
    GetConsultation: R consultation K1 K2 | R consultation K1 K2
    GetHulpvraag: R hulpvraag K1 K4
    GetSeries: R consultation K1 K2 | R consultation K1 K2 | R consultation K1 K2 | R consultation K1 K2
    GetSignal: R signal K1
    GetStanding: R case K1 K2 K3 K4
    GetTimeline: R case K1 K3 K4
    JoinWaitingList: C waiting_entry K1 | C waiting_entry K1
    LeaveWaitingList: U waiting_entry K1 | U waiting_entry K1
    LiftLegalHold: U case K2 | U case K2 K4
    ExportReport: R case K3
    LiftRestriction: U case K2 | U case K2 K4
    ListActions: R consultation K1 K4
    ListAuditLines: R audit K10 ×5
    ListCases: R case K1 K3
    ListConsents: R consent K2 | R consent K2
    ListConsultations: R consultation K1 K2 | R consultation K1 K2
    ListDecisions: R case K3 K4
    ListEmergencies: R emergency K10
    ListFacts: R case K1 K2 K3 K4
    ListHandovers: R case K1 K2 K3
    ListHousehold: R case K1
    ListHulpvragen: R hulpvraag K1 K4
    ListInboundMails: R consultation K1 K2 | R consultation K1 K2
    ListMessages: R consultation K1 K2 | R consultation K1 K2
    ListInformationRequests: R case K1 K3 K4
    ListPlanActions: R case K1 K4
    ListTracks: R case K1 K4
    ListTasks: R case K1 K3
    ListMonitorCases: R case K3
    ListBreaches: R case K3
    ListReportCases: R case K3
    ListSignals: R signal K1
    ListProposals: R consultation K1 K2 | R consultation K1 K2
    ListViews: R case K4
    ListWaiting: R waiting_entry K1 K2 | R waiting_entry K1 K2
    MarkDuty: U duty_done K0
    MarkMilestone: U plan_milestone K0
    CreatePlanGoal: C plan_goal K0
    MoveCase: S slots K0 K1 ×5 | U case K1 K2 K3
    MoveConsultation: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    OpenCase: C case K1 K2 K3 K4 | C case K2
    PlanOogo: S slots K0 K1
    PlanRetention: C destruction K0
    PlanYear: S slots K0 K1
    ProposeErasure: R case K2 | R case K2 K4
    ReassignCluster: C cluster_guide K0 | U case K3 | U cluster_guide K0 | R case K1 K3
    RecordConsent: C consent K2 | C consent K2
    RecordFacts: U case K3
    RecordOutcome: U consultation K1 K4 K9 | U consultation K1 K4 K9 | R consultation K1 K2 | R consultation K1 K2 K4 K9
    RecordView: U case K4
    RectifySubject: U case K2 K4
    RedactSurveyReply: U survey K0
    RefuseProposal: U consultation K1 | U consultation K1
    ReinstateConsultation: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    RemoveOnCallShift: D on_call_shift K0
    RemoveParticipant: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    ReopenCase: U case K1 K2 K3 K4 | U case K2
    ReplaceParticipant: U consultation K1 | U consultation K1 | R consultation K1 K2 | R consultation K1 K2
    ReportSignal: C signal K1 | R signal K1
    RestrictCase: U case K2 | U case K2 K4
    ResendInvitation: U consultation K1 | U consultation K1
    RevokeFeed: U feed K0
    RotateFeed: C feed K0 | U feed K0
    RotateSubscriptionSecret: U subscription K0
    RevokeSystemToken: U system_token K0
    RevokeToken: U token K0
    ScheduleSignal: U signal K1 | R signal K1
    SetHouseholdBasis: U household_basis K0
    SetGrantedHours: U granted_hours K0
    SetSupportSpending: U support_spending K0
    SetObliged: U obliged K0
    SetIndicatorValue: U indicator_value K0
    SetLegalHold: U case K2 | U case K2 K4
    SetMailProfile: U mail_profile K0
    SetMailWishes: C mail_wishes K0
    SetPolicyProfile: U policy_profile K0
    SetRetentionProfile: U retention_profile K0
    StartEmergency: C emergency K10
    StartTrack: U case K3 K4
    SubstituteParticipants: U consultation K1 | U consultation K1
    TestSubscription: E subscription K0
    UpdateCase: U case K1 K2 K3 K4 | U case K2
    UpdateIndicator: U indicator K0
    UpdateSeries: U consultation K1 | U consultation K1 | U consultation K1 | U consultation K1
    UpdateKind: U kind_profile K0
    UpdateParts: C consultation K1 | C consultation K1 | U consultation K1 | R consultation K1 K2
    UpdatePlanAction: U case K1 K4
    UpdatePlanGoal: U plan_goal K0
    TakeBackTrackStep: U case K3 K4
    UpdateTrack: U case K3 K4
    UpdateSystemClient: U system_client K0
    WhoSaw: R audit K10
    WithdrawConsent: U consent K2 | U consent K2
    WithdrawSignal: D signal K1
";

/// Calls that owe nothing: what everybody in the region may see of itself and of the register
/// (K0), and streams whose answers are audited reads of their own.
pub(super) const FREE: &[&str] = &[
    "AdvanceClock",
    "ExportMonitor",
    "ExportSupply",
    "ExportSurvey",
    "GetAbsence",
    "GetClock",
    "GetDestruction",
    "GetHouseholdBasis",
    "GetKind",
    "GetMailProfile",
    "GetMailWishes",
    "GetMonitor",
    "GetObliged",
    "GetOnCall",
    "GetPlanCycle",
    "GetPolicyProfile",
    "GetReport",
    "GetRetentionProfile",
    "GetSupply",
    "GetSurvey",
    "GetSurvival",
    "GetWeeklyHours",
    "GetWorkload",
    "ListAbsences",
    "ListAgreements",
    "ListDestructions",
    "ListDuties",
    "ListFeeds",
    "ListIndicators",
    "ListKinds",
    "ListOnCallShifts",
    "ListPartnerProfessionals",
    "ListPlanGoals",
    "ListSeries",
    "ListSessions",
    "ListSubscriptions",
    "ListSurveyReplies",
    "ListSurveys",
    "ListSystemClients",
    "ListSystemTokens",
    "ListTeamMeetings",
    "ListTokens",
    "ListVisitCoverage",
    "ListWeeklyHours",
    "PreviewLetter",
    "ProposeSubstitutes",
    "VerifyStatement",
    "WatchCases",
    "WatchConsultations",
    "WhoAmI",
];

/// Calls that need an identity provider, which `tests/it/identity` makes, or a second region,
/// which `tests/it/regions` makes.
pub(super) const ELSEWHERE: &[&str] = &[
    "BindLogin",
    "ListLogins",
    "RemoveLogin",
    "ProposeAgreement",
    "AcceptAgreement",
    "EndAgreement",
    "ListSharedConsultations",
];
