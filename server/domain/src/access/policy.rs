//! The table of rules, and the one function that reads it.
//!
//! A rule ties a role to an action through a relation: the caller reaches only
//! objects that stand in that relation to the organisation it acts for. The same
//! reach is the condition of a list and the check of a single object.

use super::{Action, Class, Classes, Role};
use Class::{K0, K1, K2, K3, K4, K5, K6, K7, K8, K9, K10};

/// How an object must stand to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Relation {
    /// Anything in the region.
    Region,
    /// Of the school that the caller acts for.
    OwnSchool,
    /// Of a child that lives in the gemeente that the caller acts for.
    Residence,
    /// Asked of the team that the caller acts for.
    OwnTeam,
    /// Of a meeting, or a case with a meeting, at whose table the caller sits.
    Invited,
    /// The caller itself.
    Own,
}

/// One way in which a caller may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// By which role.
    pub role: Role,
    /// To what.
    pub relation: Relation,
    /// Seeing, and writing, which classes.
    pub classes: Classes,
}

impl Reach {
    /// The rule's name in the audit log (NEN 7513: autorisatieprotocol).
    pub fn rule_id(&self, action: Action) -> String {
        format!("{}.{}.{}", self.role, action, self.relation).to_lowercase()
    }
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Denied {
    /// None of the caller's roles may do this.
    ActionNotAllowed,
    /// The role sees figures, never a child.
    AggregatesOnly,
}

const REGISTER: Classes = Classes::of(&[K0]);
const ENVELOPE: Classes = Classes::of(&[K0, K1]);
const SCHOOL: Classes = Classes::of(&[K0, K1, K2, K3, K4, K9]);
const HEAD: Classes = Classes::of(&[K0, K1, K3]);
const SWV: Classes = Classes::of(&[K0, K1, K2, K3, K4]);
const HELP: Classes = Classes::of(&[K0, K1, K5]);
const DOCTOR: Classes = Classes::of(&[K0, K1, K6]);
const LEERPLICHT: Classes = Classes::of(&[K0, K1, K2, K3, K4, K7, K9]);
const GUARDIAN: Classes = Classes::of(&[K0, K1, K2, K3, K4, K5, K9]);
const AUDIT: Classes = Classes::of(&[K0, K10]);
/// A person's rights concern all that is kept.
const WHOLE: Classes = Classes::of(&[K0, K1, K2, K3, K4, K5, K6, K7, K8, K9, K10]);

type Row = (Action, Relation, Classes);

/// What everyone with a valid membership may do.
const EVERYONE: &[Row] = &[
    (Action::OwnAccount, Relation::Own, REGISTER),
    (Action::ReadDirectory, Relation::Region, REGISTER),
    (Action::WriteAvailability, Relation::Own, REGISTER),
    (Action::ReadConsultation, Relation::Invited, ENVELOPE),
    (Action::AnswerConsultation, Relation::Invited, ENVELOPE),
    (Action::MoveClock, Relation::Region, REGISTER),
];

/// A school's own care coordinator works its cases from signal to after-care.
const CARE_COORDINATOR: &[Row] = &[
    (Action::FindSlots, Relation::OwnSchool, SCHOOL),
    (Action::OpenCase, Relation::OwnSchool, SCHOOL),
    (Action::ReadCase, Relation::OwnSchool, SCHOOL),
    (Action::WriteCase, Relation::OwnSchool, SCHOOL),
    (Action::BookConsultation, Relation::OwnSchool, SCHOOL),
    (Action::ReadConsultation, Relation::OwnSchool, SCHOOL),
    (Action::WriteConsultation, Relation::OwnSchool, SCHOOL),
    (Action::RecordOutcome, Relation::OwnSchool, SCHOOL),
    (Action::CreateHulpvraag, Relation::OwnSchool, SCHOOL),
    (Action::ReadHulpvraag, Relation::OwnSchool, SCHOOL),
    (Action::CompleteHulpvraag, Relation::OwnSchool, SCHOOL),
    (Action::ExportSubject, Relation::OwnSchool, SCHOOL),
    (Action::RestrictCase, Relation::OwnSchool, SCHOOL),
    (Action::RectifySubject, Relation::OwnSchool, SCHOOL),
    (Action::ProposeErasure, Relation::OwnSchool, SCHOOL),
];

/// Identity and content only once a case is escalated, which no rule here yet is.
const SCHOOL_HEAD: &[Row] = &[
    (Action::ReadCase, Relation::OwnSchool, HEAD),
    (Action::ReadConsultation, Relation::OwnSchool, ENVELOPE),
];

/// The register's keeper opens, assigns and closes throughout the region.
const REGISTER_KEEPER: &[Row] = &[
    (Action::FindSlots, Relation::Region, SWV),
    (Action::OpenCase, Relation::Region, SWV),
    (Action::ReadCase, Relation::Region, SWV),
    (Action::WriteCase, Relation::Region, SWV),
    (Action::CloseCase, Relation::Region, SWV),
    (Action::BookConsultation, Relation::Region, SWV),
    (Action::ReadConsultation, Relation::Region, SWV),
    (Action::WriteConsultation, Relation::Region, SWV),
    (Action::RecordOutcome, Relation::Region, SWV),
    (Action::ReadHulpvraag, Relation::Region, ENVELOPE),
    (Action::ExportSubject, Relation::Region, SWV),
    (Action::RestrictCase, Relation::Region, SWV),
    (Action::RectifySubject, Relation::Region, SWV),
    (Action::HoldCase, Relation::Region, SWV),
    (Action::ProposeErasure, Relation::Region, SWV),
];

/// Advisers see a child's file only when invited into it (WPO 18a, P8).
const ADVISER: &[Row] = &[
    (Action::FindSlots, Relation::Invited, SWV),
    (Action::ReadCase, Relation::Invited, SWV),
    (Action::ReadConsultation, Relation::Invited, SWV),
    (Action::RecordOutcome, Relation::Invited, SWV),
];

/// Plans for the team: time, school and role until accepted; never the case.
const TEAM_PLANNER: &[Row] = &[
    (Action::FindSlots, Relation::OwnTeam, ENVELOPE),
    (Action::ReadHulpvraag, Relation::OwnTeam, ENVELOPE),
    (Action::DecideHulpvraag, Relation::OwnTeam, ENVELOPE),
    (Action::CompleteHulpvraag, Relation::OwnTeam, ENVELOPE),
];

/// Consent (Jeugdwet 7.3.11) opens more; without it a helper sees the envelope and its own work.
const HELPER: &[Row] = &[
    (Action::ReadCase, Relation::Invited, HELP),
    (Action::ReadConsultation, Relation::Invited, HELP),
    (Action::ReadHulpvraag, Relation::Own, HELP),
    (Action::CompleteHulpvraag, Relation::Own, HELP),
];

const JGZ: &[Row] = &[
    (Action::ReadCase, Relation::Invited, DOCTOR),
    (Action::ReadConsultation, Relation::Invited, DOCTOR),
    (Action::ReadHulpvraag, Relation::Own, DOCTOR),
    (Action::CompleteHulpvraag, Relation::Own, DOCTOR),
];

/// Asks all it needs of the schools of the children of its gemeente (LPW 16, 18(3)).
const ATTENDANCE_OFFICER: &[Row] = &[
    (Action::FindSlots, Relation::Residence, LEERPLICHT),
    (Action::ReadCase, Relation::Residence, LEERPLICHT),
    (Action::WriteCase, Relation::Residence, LEERPLICHT),
    (Action::BookConsultation, Relation::Residence, LEERPLICHT),
    (Action::ReadConsultation, Relation::Residence, LEERPLICHT),
    (Action::WriteConsultation, Relation::Residence, LEERPLICHT),
    (Action::RecordOutcome, Relation::Residence, LEERPLICHT),
    (Action::ExportSubject, Relation::Residence, LEERPLICHT),
    (Action::RestrictCase, Relation::Residence, LEERPLICHT),
    (Action::RectifySubject, Relation::Residence, LEERPLICHT),
    (Action::HoldCase, Relation::Residence, LEERPLICHT),
    (Action::ProposeErasure, Relation::Residence, LEERPLICHT),
];

/// May be informed without consent while it executes an order (Jeugdwet 7.3.11(4)).
const GUARDIAN_ROWS: &[Row] = &[
    (Action::ReadCase, Relation::Invited, GUARDIAN),
    (Action::ReadConsultation, Relation::Invited, GUARDIAN),
];

const GUEST: &[Row] = &[
    (Action::ReadCase, Relation::Invited, ENVELOPE),
    (Action::ReadConsultation, Relation::Invited, ENVELOPE),
];

const ADMINISTRATOR: &[Row] = &[
    (Action::WriteDirectory, Relation::Region, REGISTER),
    (Action::WriteAvailability, Relation::Region, REGISTER),
    (Action::ManageRetention, Relation::Region, REGISTER),
];

/// Carries out rights and approves what is destroyed; works on no case.
const PRIVACY_OFFICER: &[Row] = &[
    (Action::ReadDirectory, Relation::Region, AUDIT),
    (Action::ExportSubject, Relation::Region, WHOLE),
    (Action::RestrictCase, Relation::Region, WHOLE),
    (Action::LiftRestriction, Relation::Region, WHOLE),
    (Action::RectifySubject, Relation::Region, WHOLE),
    (Action::HoldCase, Relation::Region, WHOLE),
    (Action::ProposeErasure, Relation::Region, WHOLE),
    (Action::ApproveErasure, Relation::Region, WHOLE),
    (Action::ManageRetention, Relation::Region, WHOLE),
    (Action::ApproveRetention, Relation::Region, WHOLE),
];

fn rows(role: Role) -> &'static [Row] {
    match role {
        Role::Iber | Role::Zorgcoordinator => CARE_COORDINATOR,
        Role::Directeur => SCHOOL_HEAD,
        Role::Thuiszitterscoordinator => REGISTER_KEEPER,
        Role::Bocer
        | Role::SwvAdviseur
        | Role::Gedragswetenschapper
        | Role::Trajectbegeleider
        | Role::TlvCommissie
        | Role::Doorzettingsmacht => ADVISER,
        Role::WijkteamCoordinator => TEAM_PLANNER,
        Role::Smw | Role::Gezinswerker | Role::Indicatiesteller => HELPER,
        Role::Jeugdarts | Role::Jeugdverpleegkundige => JGZ,
        Role::Leerplichtambtenaar => ATTENDANCE_OFFICER,
        Role::Gezinsvoogd => GUARDIAN_ROWS,
        Role::Doorstroomcoach | Role::Onderwijsconsulent => GUEST,
        Role::Beheerder => ADMINISTRATOR,
        Role::Fg => PRIVACY_OFFICER,
        Role::Beleidsmedewerker | Role::Ouder | Role::Jeugdige => &[],
    }
}

/// Every way in which somebody with `roles` may do `action`; none is a refusal.
/// An empty list of roles may do nothing.
pub fn may(roles: &[Role], action: Action) -> Result<Vec<Reach>, Denied> {
    let reaches: Vec<Reach> = roles
        .iter()
        .flat_map(|&role| EVERYONE.iter().chain(rows(role)).map(move |row| (role, row)))
        .filter(|(_, row)| row.0 == action)
        .map(|(role, &(_, relation, classes))| Reach { role, relation, classes })
        .collect();
    if !reaches.is_empty() {
        return Ok(reaches);
    }
    let figures = roles.contains(&Role::Beleidsmedewerker)
        && matches!(action, Action::ReadCase | Action::ReadHulpvraag);
    Err(if figures { Denied::AggregatesOnly } else { Denied::ActionNotAllowed })
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn nobody_without_a_role_may_do_anything() {
        for action in Action::iter() {
            assert_eq!(may(&[], action), Err(Denied::ActionNotAllowed), "{action}");
        }
    }

    #[test]
    fn what_one_may_write_one_may_read() {
        let reads = [
            (Action::WriteCase, Action::ReadCase),
            (Action::CloseCase, Action::ReadCase),
            (Action::WriteConsultation, Action::ReadConsultation),
            (Action::RecordOutcome, Action::ReadConsultation),
            (Action::DecideHulpvraag, Action::ReadHulpvraag),
        ];
        for role in Role::iter() {
            for (write, read) in reads {
                for reach in may(&[role], write).unwrap_or_default() {
                    let readable = may(&[role], read).unwrap();
                    assert!(
                        readable
                            .iter()
                            .any(|r| r.relation == reach.relation
                                && r.classes.and(reach.classes) == reach.classes),
                        "{role} writes by {write} what it cannot read"
                    );
                }
            }
        }
    }

    #[test]
    fn the_administrator_sees_no_child() {
        for action in Action::iter() {
            for reach in may(&[Role::Beheerder], action).unwrap_or_default() {
                assert!(!reach.classes.has(K2) && !reach.classes.has(K4), "{action}");
            }
        }
    }

    #[test]
    fn a_policy_officer_is_told_that_figures_are_all() {
        assert_eq!(may(&[Role::Beleidsmedewerker], Action::ReadCase), Err(Denied::AggregatesOnly));
        assert_eq!(may(&[Role::Beleidsmedewerker], Action::OpenCase), Err(Denied::ActionNotAllowed));
    }

    /// Jeugdwet 7.3.11: without consent the wijkteam learns nothing of the school's file.
    #[test]
    fn a_helper_without_consent_sees_neither_name_nor_absence() {
        for role in [Role::Smw, Role::Gezinswerker, Role::WijkteamCoordinator, Role::Indicatiesteller] {
            for action in Action::iter() {
                for reach in may(&[role], action).unwrap_or_default() {
                    assert!(![K2, K3, K4].iter().any(|class| reach.classes.has(*class)), "{role} {action}");
                }
            }
        }
    }
}
