//! What can be done, and in what states of a case.

use super::Purpose;

/// One thing that a caller can ask for. Every method of the API is one of these.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Oneself: who am I, which tokens and feeds are there.
    OwnAccount,
    /// Making and ending one's own tokens and feeds, which outlive the call that made them.
    OwnCredentials,
    /// Saying who an identity provider's subjects are, and which systems there are.
    ManageAccess,
    /// Saying which systems of the organisation are told when something changes in a case.
    ManageSubscriptions,
    /// Reading the register.
    ReadDirectory,
    /// Changing the register by hand or by import.
    WriteDirectory,
    /// Changing a person's hours and absences.
    WriteAvailability,
    /// Searching a time.
    FindSlots,
    /// Opening a case.
    OpenCase,
    /// Reading cases and timelines.
    ReadCase,
    /// Changing facts, stage and regisseur of a case.
    WriteCase,
    /// Saying who does what for a child.
    WritePlan,
    /// Keeping a placement, exemption, complaint, objection or dispute of a case.
    WriteTrack,
    /// Asking a partner for information about a child.
    AskInformation,
    /// Asking who works with the other children of a household.
    AskHousehold,
    /// Taking a case up or down the ladder of escalation.
    EscalateCase,
    /// Writing down what was decided with doorzettingsmacht, and whether it was done.
    DecideCase,
    /// Writing down how a party sees a case, and what another answers.
    RecordView,
    /// Writing down what suits a parent when a meeting is planned.
    WriteWishes,
    /// Closing a case.
    CloseCase,
    /// Reopening a closed case.
    ReopenCase,
    /// Booking a consultation.
    BookConsultation,
    /// Reading consultations.
    ReadConsultation,
    /// Moving, replacing a participant.
    WriteConsultation,
    /// Sending somebody else to the meetings of who cannot come.
    Substitute,
    /// Reading who carries how much.
    ReadWorkload,
    /// Counting cases: exactly where one may know of them, else without small numbers.
    ReadMonitor,
    /// Saying which steps to an ondersteuningsplan or jeugdplan are done.
    MarkMilestone,
    /// Saying that the own organisation did what it owes by law or agreement.
    MarkDuty,
    /// Taking norms into use for the region, and counting what they would move.
    SetPolicy,
    /// Asking schools questions, closing a round of them, and taking the answers out.
    RunSurvey,
    /// Reading what schools are asked and answered.
    ReadSurvey,
    /// Answering for one's school.
    AnswerSurvey,
    /// Calling a consultation off.
    CancelConsultation,
    /// One's own answer to an invitation, and one's own actions of a meeting.
    AnswerConsultation,
    /// Recording what came of a consultation.
    RecordOutcome,
    /// Asking for a helper.
    CreateHulpvraag,
    /// Reading requests for a helper.
    ReadHulpvraag,
    /// Accepting, declining, forwarding.
    DecideHulpvraag,
    /// Saying that a request is done.
    CompleteHulpvraag,
    /// Telling the samenwerkingsverband how things go.
    ReportSignal,
    /// Reading such signals: one's own, or all.
    ReadSignal,
    /// Putting a signal on an agenda, and answering it.
    DecideSignal,
    /// Destroying what was written in one: in one's own, or in any.
    WithdrawSignal,
    /// Reading the audit log.
    ReadAudit,
    /// Writing down that consent (toestemming) was given.
    RecordConsent,
    /// Writing down that consent was withdrawn.
    WithdrawConsent,
    /// Reading who consented to what.
    ReadConsent,
    /// Opening a case in an emergency, and ending that.
    UseEmergency,
    /// Reading who used emergency access.
    ReadEmergencies,
    /// The demo's clock.
    MoveClock,
    /// Giving out all about a child, and what its rights stand at.
    ExportSubject,
    /// Restricting the processing of a case.
    RestrictCase,
    /// Ending a restriction.
    LiftRestriction,
    /// Putting facts about a person right.
    RectifySubject,
    /// Keeping a case from being destroyed.
    HoldCase,
    /// Proposing to erase.
    ProposeErasure,
    /// Approving what somebody else proposed to erase.
    ApproveErasure,
    /// Setting terms and planning what is no longer kept.
    ManageRetention,
    /// Approving what somebody else planned.
    ApproveRetention,
    /// Saying on which legal basis households may be asked for.
    SetHouseholdBasis,
}

/// What an action does to a case, which decides in which states of it the action is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseUse {
    /// Nothing: it is about something else, or about no case yet.
    None,
    /// It reads.
    Read,
    /// It writes, as long as the case is worked on.
    Write,
    /// It opens a closed case.
    Reopen,
    /// It ends what is still going on, also after the case is closed.
    WindUp,
    /// It takes back what was allowed, or carries out a right of the people concerned, which
    /// they have in any state.
    Retract,
}

impl Action {
    /// Whether it touches the register alone (K0), so that a system may do it for nobody.
    pub fn is_of_the_register(self) -> bool {
        matches!(
            self,
            Self::OwnAccount
                | Self::ManageSubscriptions
                | Self::ReadDirectory
                | Self::WriteDirectory
                | Self::WriteAvailability
        )
    }

    /// Whether it can be a scope of a system. Secrets, and who may what, are for people only.
    pub fn is_a_scope(self) -> bool {
        self.is_of_the_register()
            || matches!(
                self,
                Self::FindSlots
                    | Self::OpenCase
                    | Self::ReadCase
                    | Self::WriteCase
                    | Self::WritePlan
                    | Self::WriteWishes
                    | Self::CloseCase
                    | Self::ReopenCase
                    | Self::BookConsultation
                    | Self::ReadConsultation
                    | Self::WriteConsultation
                    | Self::Substitute
                    | Self::CancelConsultation
                    | Self::AnswerConsultation
                    | Self::RecordOutcome
                    | Self::CreateHulpvraag
                    | Self::ReadHulpvraag
                    | Self::DecideHulpvraag
                    | Self::CompleteHulpvraag
                    | Self::RecordConsent
                    | Self::WithdrawConsent
                    | Self::ReadConsent
            )
    }

    /// The purpose when the caller names none.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::OwnAccount
            | Self::OwnCredentials
            | Self::ManageAccess
            | Self::ManageSubscriptions
            | Self::ReadDirectory
            | Self::WriteDirectory
            | Self::WriteAvailability
            | Self::MoveClock
            | Self::SetPolicy
            | Self::ManageRetention
            | Self::ApproveRetention
            | Self::SetHouseholdBasis => Purpose::Beheer,
            Self::ReadMonitor | Self::RunSurvey | Self::ReadSurvey | Self::AnswerSurvey => {
                Purpose::Statistiek
            }
            Self::FindSlots
            | Self::WriteWishes
            | Self::BookConsultation
            | Self::ReadConsultation
            | Self::WriteConsultation
            | Self::Substitute
            | Self::ReadWorkload
            | Self::MarkMilestone
            | Self::MarkDuty
            | Self::CancelConsultation
            | Self::AnswerConsultation
            | Self::ReportSignal
            | Self::ReadSignal
            | Self::DecideSignal
            | Self::WithdrawSignal => Purpose::PlanningOverleg,
            Self::OpenCase
            | Self::ReadCase
            | Self::WriteCase
            | Self::WritePlan
            | Self::WriteTrack
            | Self::AskInformation
            | Self::AskHousehold
            | Self::EscalateCase
            | Self::DecideCase
            | Self::RecordView
            | Self::CloseCase
            | Self::ReopenCase
            | Self::RecordOutcome
            | Self::RecordConsent
            | Self::ReadConsent
            | Self::UseEmergency => Purpose::TerugkeerSchool,
            Self::CreateHulpvraag | Self::ReadHulpvraag | Self::DecideHulpvraag | Self::CompleteHulpvraag => {
                Purpose::Zorgtoeleiding
            }
            Self::WithdrawConsent
            | Self::ReadEmergencies
            | Self::ReadAudit
            | Self::ExportSubject
            | Self::RestrictCase
            | Self::LiftRestriction
            | Self::RectifySubject
            | Self::HoldCase
            | Self::ProposeErasure
            | Self::ApproveErasure => Purpose::RechtenBetrokkene,
        }
    }

    /// What it can be done for besides.
    pub fn other_purposes(self) -> &'static [Purpose] {
        use Purpose::{
            LeerplichtToezicht, PlanningOverleg, RechtenBetrokkene, Statistiek, TerugkeerSchool,
            Zorgtoeleiding,
        };
        match self {
            Self::OwnAccount
            | Self::OwnCredentials
            | Self::ManageAccess
            | Self::ManageSubscriptions
            | Self::WriteDirectory
            | Self::ReadEmergencies
            | Self::ReadAudit
            | Self::ExportSubject
            | Self::RestrictCase
            | Self::LiftRestriction
            | Self::RectifySubject
            | Self::HoldCase
            | Self::ProposeErasure
            | Self::ApproveErasure
            | Self::ManageRetention
            | Self::ApproveRetention
            | Self::SetHouseholdBasis
            | Self::ReadWorkload
            | Self::ReportSignal
            | Self::ReadSignal
            | Self::DecideSignal
            | Self::WithdrawSignal
            | Self::MarkMilestone
            | Self::MarkDuty
            | Self::SetPolicy
            | Self::RunSurvey
            | Self::ReadSurvey
            | Self::AnswerSurvey
            | Self::MoveClock => &[],
            Self::ReadMonitor => &[TerugkeerSchool, LeerplichtToezicht, PlanningOverleg],
            Self::ReadDirectory => &[
                PlanningOverleg,
                TerugkeerSchool,
                Zorgtoeleiding,
                LeerplichtToezicht,
                RechtenBetrokkene,
                Statistiek,
            ],
            Self::WriteAvailability => &[PlanningOverleg],
            Self::FindSlots
            | Self::WriteWishes
            | Self::BookConsultation
            | Self::WriteConsultation
            | Self::Substitute
            | Self::CancelConsultation
            | Self::AnswerConsultation
            | Self::WithdrawConsent => &[TerugkeerSchool, Zorgtoeleiding, LeerplichtToezicht],
            Self::ReadConsultation => {
                &[TerugkeerSchool, Zorgtoeleiding, LeerplichtToezicht, RechtenBetrokkene]
            }
            Self::ReadCase => &[Zorgtoeleiding, LeerplichtToezicht, RechtenBetrokkene],
            Self::OpenCase
            | Self::WriteCase
            | Self::WritePlan
            | Self::WriteTrack
            | Self::AskInformation
            | Self::AskHousehold
            | Self::EscalateCase
            | Self::DecideCase
            | Self::RecordView
            | Self::CloseCase
            | Self::ReopenCase
            | Self::RecordOutcome
            | Self::RecordConsent
            | Self::ReadConsent
            | Self::UseEmergency => &[Zorgtoeleiding, LeerplichtToezicht],
            Self::CreateHulpvraag | Self::ReadHulpvraag | Self::DecideHulpvraag | Self::CompleteHulpvraag => {
                &[TerugkeerSchool, PlanningOverleg]
            }
        }
    }

    /// What it does to a case.
    pub fn case_use(self) -> CaseUse {
        match self {
            Self::OwnAccount
            | Self::OwnCredentials
            | Self::ManageAccess
            | Self::ManageSubscriptions
            | Self::ReadDirectory
            | Self::WriteDirectory
            | Self::WriteAvailability
            | Self::OpenCase
            | Self::ReadEmergencies
            | Self::ReadAudit
            | Self::ManageRetention
            | Self::ApproveRetention
            | Self::SetHouseholdBasis
            | Self::ReadWorkload
            | Self::ReadMonitor
            | Self::ReportSignal
            | Self::ReadSignal
            | Self::DecideSignal
            | Self::WithdrawSignal
            | Self::MarkMilestone
            | Self::MarkDuty
            | Self::SetPolicy
            | Self::RunSurvey
            | Self::ReadSurvey
            | Self::AnswerSurvey
            | Self::MoveClock => CaseUse::None,
            Self::FindSlots
            | Self::ReadCase
            | Self::ReadConsultation
            | Self::ReadHulpvraag
            | Self::ReadConsent
            | Self::UseEmergency
            | Self::ExportSubject => CaseUse::Read,
            Self::WriteCase
            | Self::WritePlan
            | Self::WriteTrack
            | Self::AskInformation
            | Self::AskHousehold
            | Self::EscalateCase
            | Self::DecideCase
            | Self::RecordView
            | Self::WriteWishes
            | Self::CloseCase
            | Self::BookConsultation
            | Self::WriteConsultation
            | Self::Substitute
            | Self::AnswerConsultation
            | Self::RecordOutcome
            | Self::CreateHulpvraag
            | Self::DecideHulpvraag
            | Self::RecordConsent => CaseUse::Write,
            Self::ReopenCase => CaseUse::Reopen,
            Self::CancelConsultation | Self::CompleteHulpvraag => CaseUse::WindUp,
            Self::WithdrawConsent
            | Self::RestrictCase
            | Self::LiftRestriction
            | Self::RectifySubject
            | Self::HoldCase
            | Self::ProposeErasure
            | Self::ApproveErasure => CaseUse::Retract,
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn what_a_system_may_do_for_nobody_it_may_do_at_all_and_secrets_it_never_makes() {
        for action in Action::iter() {
            assert!(action.is_a_scope() || !action.is_of_the_register(), "{action}");
            assert_eq!(action.to_string().parse(), Ok(action));
        }
        for action in [Action::OwnCredentials, Action::ManageAccess, Action::MoveClock] {
            assert!(!action.is_a_scope(), "{action}");
        }
    }
}
