//! What can be done, and what for.

/// One thing that a caller can ask for. Every method of the API is one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Oneself: who am I, tokens, feeds.
    OwnAccount,
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
    /// Closing and reopening a case.
    CloseCase,
    /// Booking a consultation.
    BookConsultation,
    /// Reading consultations.
    ReadConsultation,
    /// Moving, cancelling, replacing a participant.
    WriteConsultation,
    /// One's own answer to an invitation.
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
}

/// Why data is processed (AVG art. 5(1)(b)); written with every audit line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Purpose {
    /// Bringing a child back to school.
    TerugkeerSchool,
    /// Leading a child to care.
    Zorgtoeleiding,
    /// Supervision under the Leerplichtwet.
    LeerplichtToezicht,
    /// Planning a meeting.
    PlanningOverleg,
    /// Rights of the data subject.
    RechtenBetrokkene,
    /// Statistics.
    Statistiek,
    /// Administration of the system.
    Beheer,
}

impl Action {
    /// The purpose when the caller names none.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::OwnAccount
            | Self::ReadDirectory
            | Self::WriteDirectory
            | Self::WriteAvailability
            | Self::MoveClock
            | Self::ManageRetention
            | Self::ApproveRetention => Purpose::Beheer,
            Self::FindSlots
            | Self::BookConsultation
            | Self::ReadConsultation
            | Self::WriteConsultation
            | Self::AnswerConsultation => Purpose::PlanningOverleg,
            Self::OpenCase | Self::ReadCase | Self::WriteCase | Self::CloseCase | Self::RecordOutcome => {
                Purpose::TerugkeerSchool
            }
            Self::CreateHulpvraag | Self::ReadHulpvraag | Self::DecideHulpvraag | Self::CompleteHulpvraag => {
                Purpose::Zorgtoeleiding
            }
            Self::ExportSubject
            | Self::RestrictCase
            | Self::LiftRestriction
            | Self::RectifySubject
            | Self::HoldCase
            | Self::ProposeErasure
            | Self::ApproveErasure => Purpose::RechtenBetrokkene,
        }
    }
}
