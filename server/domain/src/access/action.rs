//! What can be done, and what for.

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
    /// Whether it touches the register alone (K0), so that a system may do it for nobody.
    pub fn is_of_the_register(self) -> bool {
        matches!(
            self,
            Self::OwnAccount | Self::ReadDirectory | Self::WriteDirectory | Self::WriteAvailability
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
                    | Self::CloseCase
                    | Self::BookConsultation
                    | Self::ReadConsultation
                    | Self::WriteConsultation
                    | Self::AnswerConsultation
                    | Self::RecordOutcome
                    | Self::CreateHulpvraag
                    | Self::ReadHulpvraag
                    | Self::DecideHulpvraag
                    | Self::CompleteHulpvraag
            )
    }

    /// The purpose when the caller names none.
    pub fn purpose(self) -> Purpose {
        match self {
            Self::OwnAccount
            | Self::OwnCredentials
            | Self::ManageAccess
            | Self::ReadDirectory
            | Self::WriteDirectory
            | Self::WriteAvailability
            | Self::MoveClock => Purpose::Beheer,
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
