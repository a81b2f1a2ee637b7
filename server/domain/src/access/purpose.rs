//! What data is processed for, and who may say so.

use super::{Action, Role};

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

impl Purpose {
    /// The processing activity of the register of AVG art. 30, as a URI (Logboek
    /// Dataverwerkingen: `dpl.core.processing_activity_id`).
    pub fn activity(self) -> String {
        format!("urn:schakel:verwerking:{self}")
    }

    /// Whether the task of `role` knows this purpose. Only the leerplichtambtenaar supervises
    /// (LPW 16); who guards privacy or keeps the system works on no case.
    pub(super) fn is_of(self, role: Role) -> bool {
        let on_cases =
            !matches!(role, Role::Fg | Role::Beheerder | Role::Beleidsmedewerker) && !role.is_private();
        match self {
            Self::LeerplichtToezicht => role == Role::Leerplichtambtenaar,
            Self::RechtenBetrokkene => role == Role::Fg,
            Self::Statistiek => matches!(role, Role::Beleidsmedewerker | Role::Thuiszitterscoordinator),
            Self::TerugkeerSchool | Self::Zorgtoeleiding | Self::PlanningOverleg => on_cases,
            Self::Beheer => true,
        }
    }
}

/// For what `role` does `action`, when it says `named` or nothing; none is a refusal.
pub(super) fn purpose(role: Role, action: Action, named: Option<Purpose>) -> Option<Purpose> {
    let usual = action.purpose();
    match named {
        None if usual.is_of(role) => Some(usual),
        None => {
            let other = action.other_purposes().iter().copied().find(|purpose| purpose.is_of(role));
            Some(other.unwrap_or(usual))
        }
        Some(named) if named == usual => Some(named),
        Some(named) => {
            Some(named).filter(|named| action.other_purposes().contains(named) && named.is_of(role))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn supervision_is_the_attendance_officers_alone() {
        let supervision = Some(Purpose::LeerplichtToezicht);
        assert_eq!(purpose(Role::Leerplichtambtenaar, Action::ReadCase, supervision), supervision);
        assert_eq!(purpose(Role::Iber, Action::ReadCase, supervision), None);
        assert_eq!(purpose(Role::Iber, Action::ReadCase, Some(Purpose::Statistiek)), None);
    }

    /// The rights of the child are what the privacy officer reads a case for, unasked.
    #[test]
    fn who_names_nothing_gets_what_fits_the_task() {
        assert_eq!(purpose(Role::Fg, Action::ReadCase, None), Some(Purpose::RechtenBetrokkene));
        assert_eq!(purpose(Role::Smw, Action::ReadCase, None), Some(Purpose::TerugkeerSchool));
        assert_eq!(purpose(Role::Fg, Action::ReadDirectory, None), Some(Purpose::Beheer));
    }
}
