//! The one function that reads the table of rules.
//!
//! A rule ties a role to an action through a relation: the caller reaches only
//! objects that stand in that relation to the organisation it acts for. The same
//! reach is the condition of a list and the check of a single object.

use strum::IntoEnumIterator;

use super::{
    Action, BOARD, Classes, DOORZETTINGSMACHT, Purpose, Role, purpose,
    table::{Row, rows},
};

/// How an object must stand to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "snake_case")]
pub enum Relation {
    /// Anything in the region.
    Region,
    /// Of the school that the caller acts for.
    OwnSchool,
    /// Of that school, and brought to the level of its board.
    OwnSchoolEscalated,
    /// Brought to the level of doorzettingsmacht, not too long ago.
    Escalated,
    /// Of a child that lives in the gemeente that the caller acts for.
    Residence,
    /// Asked of the team that the caller acts for.
    OwnTeam,
    /// Of a meeting, or a case with a meeting, at whose table the caller sits.
    Invited,
    /// The caller itself.
    Own,
    /// The case that the caller opened in an emergency.
    Emergency,
    /// A case that is put aside.
    Held,
}

impl Relation {
    /// Whether a case at that level of escalation can stand so to anybody.
    #[must_use]
    pub fn is_at(self, level: u8) -> bool {
        match self {
            Self::OwnSchoolEscalated => level >= BOARD,
            Self::Escalated => level >= DOORZETTINGSMACHT,
            Self::Region
            | Self::OwnSchool
            | Self::Residence
            | Self::OwnTeam
            | Self::Invited
            | Self::Own
            | Self::Emergency
            | Self::Held => true,
        }
    }
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
    /// Seeing which more, when the child or its parents consented.
    pub by_consent: Classes,
}

impl Reach {
    /// The rule's name in the audit log (NEN 7513: autorisatieprotocol).
    pub fn rule_id(&self, action: Action) -> String {
        format!("{}.{}.{}", self.role, action, self.relation).to_lowercase()
    }
}

/// Leave to do something, in one way or more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leave {
    /// How; never empty.
    pub reaches: Vec<Reach>,
    /// What for.
    pub purpose: Purpose,
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Denied {
    /// None of the caller's roles may do this.
    ActionNotAllowed,
    /// The role sees figures, never a child.
    AggregatesOnly,
    /// The role does not do this for the purpose that it named.
    PurposeNotAllowed,
}

/// Every way in which somebody with `roles` may do `action`, for `named` or else for what
/// the action is for; none is a refusal. An empty list of roles may do nothing.
///
/// # Errors
/// When no role may do it, or none for that purpose.
pub fn may(roles: &[Role], action: Action, named: Option<Purpose>) -> Result<Leave, Denied> {
    let mut allowed = false;
    let mut found: Option<Leave> = None;
    for &role in roles {
        for Row(_, relation, sight) in rows(role).filter(|row| row.0 == action) {
            allowed = true;
            let reach = Reach { role, relation, classes: sight.own, by_consent: sight.by_consent };
            let Some(purpose) = purpose::purpose(role, action, named) else { continue };
            found.get_or_insert_with(|| Leave { reaches: Vec::new(), purpose }).reaches.push(reach);
        }
    }
    let figures = roles.contains(&Role::Beleidsmedewerker)
        && matches!(action, Action::ReadCase | Action::ReadHulpvraag | Action::ReadConsent);
    found.ok_or(if allowed {
        Denied::PurposeNotAllowed
    } else if figures {
        Denied::AggregatesOnly
    } else {
        Denied::ActionNotAllowed
    })
}

/// For what somebody with `roles` can say that they do `action`: what fits their task, and no more.
#[must_use]
pub fn purposes(roles: &[Role], action: Action) -> Vec<Purpose> {
    let fits = |named: &Purpose| {
        roles.iter().any(|role| named.is_of(*role)) && may(roles, action, Some(*named)).is_ok()
    };
    Purpose::iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{CaseUse, Class};
    use Class::{K2, K3, K4, K5, K7, K9, K10};

    fn reaches(role: Role, action: Action) -> Vec<Reach> {
        may(&[role], action, None).map(|leave| leave.reaches).unwrap_or_default()
    }

    #[test]
    fn nobody_without_a_role_may_do_anything() {
        for action in Action::iter() {
            assert_eq!(may(&[], action, None), Err(Denied::ActionNotAllowed), "{action}");
        }
    }

    #[test]
    fn a_head_takes_a_case_up_that_came_to_the_board_and_no_other() {
        let at =
            |role, level| reaches(role, Action::EscalateCase).iter().any(|way| way.relation.is_at(level));
        assert!(!at(Role::Directeur, 0) && !at(Role::Directeur, 1) && at(Role::Directeur, BOARD));
        assert!(!at(Role::Doorzettingsmacht, BOARD) && at(Role::Doorzettingsmacht, DOORZETTINGSMACHT));
        assert!(
            at(Role::Iber, 0) && at(Role::Thuiszitterscoordinator, 0) && at(Role::Leerplichtambtenaar, 0)
        );
    }

    #[test]
    fn parents_and_children_have_no_account() {
        for action in Action::iter() {
            assert!(reaches(Role::Ouder, action).is_empty() && reaches(Role::Jeugdige, action).is_empty());
        }
    }

    #[test]
    fn what_one_may_write_one_may_read() {
        let reads = [
            (Action::WriteCase, Action::ReadCase),
            (Action::WritePlan, Action::ReadCase),
            (Action::WriteTrack, Action::ReadCase),
            (Action::AskInformation, Action::ReadCase),
            (Action::CloseCase, Action::ReadCase),
            (Action::ReopenCase, Action::ReadCase),
            (Action::EscalateCase, Action::ReadCase),
            (Action::DecideCase, Action::ReadCase),
            (Action::RecordView, Action::ReadCase),
            (Action::WriteConsultation, Action::ReadConsultation),
            (Action::CancelConsultation, Action::ReadConsultation),
            (Action::RecordOutcome, Action::ReadConsultation),
            (Action::DecideHulpvraag, Action::ReadHulpvraag),
            (Action::DecideSignal, Action::ReadSignal),
            (Action::WithdrawSignal, Action::ReadSignal),
            (Action::RecordConsent, Action::ReadConsent),
            (Action::WithdrawConsent, Action::ReadConsent),
        ];
        for role in Role::iter() {
            for (write, read) in reads {
                for reach in reaches(role, write) {
                    assert!(
                        reaches(role, read)
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
            for reach in reaches(Role::Beheerder, action) {
                assert!(!reach.classes.has(K2) && !reach.classes.has(K4), "{action}");
            }
        }
    }

    #[test]
    fn one_can_choose_among_the_purposes_of_ones_task() {
        use Purpose::{LeerplichtToezicht, RechtenBetrokkene, TerugkeerSchool, Zorgtoeleiding};
        let of = |role: Role| purposes(&[role], Action::ReadCase);
        assert_eq!(of(Role::Iber), [TerugkeerSchool, Zorgtoeleiding]);
        assert_eq!(of(Role::Leerplichtambtenaar), [TerugkeerSchool, Zorgtoeleiding, LeerplichtToezicht]);
        assert_eq!(of(Role::Fg), [RechtenBetrokkene]);
        assert!(of(Role::Beleidsmedewerker).is_empty() && of(Role::Ouder).is_empty());
    }

    #[test]
    fn a_policy_officer_is_told_that_figures_are_all() {
        let told = |action| may(&[Role::Beleidsmedewerker], action, None);
        assert_eq!(told(Action::ReadCase), Err(Denied::AggregatesOnly));
        assert_eq!(told(Action::OpenCase), Err(Denied::ActionNotAllowed));
    }

    /// Jeugdwet 7.3.11: without consent the wijkteam learns nothing of the school's file, but
    /// in an emergency, which is told to the privacy officer, who the child is and since when
    /// it is away.
    #[test]
    fn a_helper_without_consent_sees_neither_name_nor_absence() {
        for role in [Role::Smw, Role::Gezinswerker, Role::WijkteamCoordinator, Role::Indicatiesteller] {
            for action in Action::iter() {
                for reach in reaches(role, action) {
                    let emergency = reach.relation == Relation::Emergency;
                    assert!(!reach.classes.has(K4), "{role} {action}");
                    assert!(emergency || ![K2, K3].iter().any(|class| reach.classes.has(*class)));
                }
            }
        }
    }

    /// §2.3 of the matrix: no consent opens enforcement, safety or the log.
    #[test]
    fn consent_opens_no_enforcement_and_no_safety() {
        for (role, action) in Role::iter().flat_map(|role| Action::iter().map(move |action| (role, action))) {
            for reach in reaches(role, action) {
                for class in [K7, Class::K8, K10] {
                    assert!(!reach.by_consent.has(class), "{role} {action}");
                }
                let both = reach.by_consent.and(reach.classes);
                assert_eq!(both, Classes::default(), "{role} {action}: seen without consent too");
            }
        }
    }

    #[test]
    fn the_school_sees_nothing_of_youth_help_and_enforcement_by_itself() {
        for role in [Role::Iber, Role::Zorgcoordinator, Role::Directeur] {
            for action in Action::iter() {
                let hidden = |reach: &Reach| ![K5, Class::K6, K7].iter().any(|k| reach.classes.has(*k));
                assert!(reaches(role, action).iter().all(hidden), "{role} {action}");
            }
        }
        assert!(reaches(Role::Iber, Action::ReadCase)[0].classes.has(K9));
        assert!(!reaches(Role::Directeur, Action::ReadCase)[0].classes.has(K2));
    }

    /// What it changes of a case is what the people concerned have a right to, in any state.
    #[test]
    fn the_privacy_officer_reads_no_ordinary_case_and_works_on_none() {
        for action in Action::iter() {
            let uses = reaches(Role::Fg, action);
            let works = !matches!(action.case_use(), CaseUse::None | CaseUse::Read | CaseUse::Retract);
            assert!(uses.iter().all(|reach| !works || reach.relation == Relation::Invited), "{action}");
            if action == Action::ReadCase {
                assert!(uses.iter().all(|reach| reach.relation == Relation::Held));
            }
        }
    }

    /// A right that reaches ordinary cases reaches those that are put aside too.
    #[test]
    fn the_privacy_officer_carries_out_rights_whatever_the_state_of_a_case() {
        for action in [
            Action::ExportSubject,
            Action::RestrictCase,
            Action::LiftRestriction,
            Action::RectifySubject,
            Action::HoldCase,
            Action::ProposeErasure,
            Action::ApproveErasure,
        ] {
            let relations: Vec<_> = reaches(Role::Fg, action).iter().map(|reach| reach.relation).collect();
            assert_eq!(relations[..2], [Relation::Region, Relation::Held], "{action}");
            assert!(matches!(action.case_use(), CaseUse::Read | CaseUse::Retract), "{action}");
        }
    }

    #[test]
    fn an_emergency_is_for_reading() {
        for (role, action) in Role::iter().flat_map(|role| Action::iter().map(move |action| (role, action))) {
            for reach in reaches(role, action) {
                if reach.relation == Relation::Emergency {
                    assert_eq!(action.case_use(), CaseUse::Read);
                    assert!(reach.classes.has(K3) && !reach.classes.has(K4));
                    assert!(!reaches(role, Action::UseEmergency).is_empty(), "{role}");
                }
            }
        }
    }

    #[test]
    fn a_purpose_that_is_not_the_roles_own_is_refused() {
        let ask = |role, purpose| may(&[role], Action::ReadCase, Some(purpose)).map(|leave| leave.purpose);
        assert_eq!(ask(Role::Iber, Purpose::LeerplichtToezicht), Err(Denied::PurposeNotAllowed));
        assert_eq!(ask(Role::Iber, Purpose::Beheer), Err(Denied::PurposeNotAllowed));
        assert_eq!(ask(Role::Iber, Purpose::Zorgtoeleiding), Ok(Purpose::Zorgtoeleiding));
        assert_eq!(ask(Role::Beheerder, Purpose::Beheer), Err(Denied::ActionNotAllowed));
        let both = [Role::Iber, Role::Leerplichtambtenaar];
        let leave = may(&both, Action::ReadCase, Some(Purpose::LeerplichtToezicht)).unwrap();
        assert!(leave.reaches.iter().all(|reach| reach.role == Role::Leerplichtambtenaar));
    }
}
