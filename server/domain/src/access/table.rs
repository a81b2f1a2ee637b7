//! The table of rules: role × action × relation, with the classes that are shown and those
//! that consent opens. Nothing that stands in no row is allowed.

use super::{Action, Class, Classes, Relation, Role};
use Class::{K0, K1, K2, K3, K4, K5, K6, K7, K8, K9, K10};

/// What somebody may do, to what, seeing which classes; and which more with a valid consent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row(pub Action, pub Relation, pub Sight);

/// Which classes are seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sight {
    /// Always.
    pub own: Classes,
    /// When the child or its parents consented (the `c` of the matrix).
    pub by_consent: Classes,
}

const fn sight(own: &[Class], by_consent: &[Class]) -> Sight {
    Sight { own: Classes::of(own), by_consent: Classes::of(by_consent) }
}

const REGISTER: Sight = sight(&[K0], &[]);
const ENVELOPE: Sight = sight(&[K0, K1], &[]);
/// Of youth help the school knows yes or no and whom to call, which is no K5 (Jeugdwet 7.3.11).
const SCHOOL: Sight = sight(&[K0, K1, K2, K3, K4, K9], &[K5, K6]);
const HEAD: Sight = sight(&[K0, K1, K3], &[]);
const HEAD_ESCALATED: Sight = sight(&[K0, K1, K2, K3, K4], &[]);
const SWV: Sight = sight(&[K0, K1, K2, K3, K4], &[K5, K6, K9]);
const DOSSIER: Sight = sight(&[K0, K2, K3, K4, K9], &[K6]);
const HELP: Sight = sight(&[K0, K1, K5], &[K2, K3, K4, K6, K9]);
const DOCTOR: Sight = sight(&[K0, K1, K6], &[K2, K3, K4, K5, K9]);
/// Schools give what is asked (LPW 18(3)); of a doctor only what the child can do (K6).
const LEERPLICHT: Sight = sight(&[K0, K1, K2, K3, K4, K6, K7, K8, K9], &[K5]);
const GUARDIAN: Sight = sight(&[K0, K1, K2, K3, K4, K5, K8, K9], &[K6]);
const MEDIATOR: Sight = sight(&[K0, K1], &[K2, K3, K4, K9]);
const POWER: Sight = sight(&[K0, K1, K2, K3, K4, K6], &[K5, K9]);
/// Exact counts of cases that one may know of, by what one sees in them: who has the register alone gets
/// no small ones.
const FIGURES: Sight = sight(&[K0, K2, K3, K4], &[]);
/// The same of who sees that there is absence, and not of whom, nor what school and help did.
const HEAD_FIGURES: Sight = sight(&[K0, K3], &[]);
/// The same of who enforces (K7): how often it came to that, nobody else is told exactly.
const ENFORCED: Sight = sight(&[K0, K2, K3, K4, K7], &[]);
const AUDIT: Sight = sight(&[K0, K10], &[]);
/// A person's rights concern all that is kept.
const WHOLE: Sight = sight(&[K0, K1, K2, K3, K4, K5, K6, K7, K8, K9, K10], &[]);
/// What is put aside is read whole, to decide what becomes of it.
const ASIDE: Sight = sight(&[K0, K1, K2, K3, K4, K9], &[]);
/// Who the child is, whom to call and how long it is away; no content.
const EMERGENCY: Sight = sight(&[K0, K1, K2, K3], &[]);
const CONSENT: Sight = sight(&[K0, K1, K2], &[]);
/// What a parent said that suits them, to whoever writes it down.
const WISHES: Sight = sight(&[K0, K1, K2], &[]);
/// The same to a helper, to whom consent (Jeugdwet 7.3.11) must have opened who the parents are.
const WISHES_OF_CLIENT: Sight = sight(&[K0, K1], &[K2]);
/// That there is a consent, and what it opens; not who signed.
const CONSENT_SHELL: Sight = sight(&[K0, K1], &[K2]);

/// What everyone with a valid membership may do.
const EVERYONE: &[Row] = &[
    Row(Action::OwnAccount, Relation::Own, REGISTER),
    Row(Action::OwnCredentials, Relation::Own, REGISTER),
    Row(Action::ReadDirectory, Relation::Region, REGISTER),
    Row(Action::WriteAvailability, Relation::Own, REGISTER),
    Row(Action::ReadWorkload, Relation::Own, REGISTER),
    Row(Action::ReadConsultation, Relation::Invited, ENVELOPE),
    Row(Action::AnswerConsultation, Relation::Invited, ENVELOPE),
    Row(Action::ReportSignal, Relation::Own, ENVELOPE),
    Row(Action::ReadSignal, Relation::Own, ENVELOPE),
    Row(Action::WithdrawSignal, Relation::Own, ENVELOPE),
    Row(Action::MoveClock, Relation::Region, REGISTER),
];

/// A school's own care coordinator works its cases from signal to after-care.
const CARE_COORDINATOR: &[Row] = &[
    Row(Action::FindSlots, Relation::OwnSchool, SCHOOL),
    Row(Action::OpenCase, Relation::OwnSchool, SCHOOL),
    Row(Action::ReadCase, Relation::OwnSchool, SCHOOL),
    Row(Action::WriteCase, Relation::OwnSchool, SCHOOL),
    Row(Action::WritePlan, Relation::OwnSchool, SCHOOL),
    Row(Action::WriteTrack, Relation::OwnSchool, SCHOOL),
    Row(Action::AskInformation, Relation::OwnSchool, SCHOOL),
    Row(Action::AskHousehold, Relation::OwnSchool, ENVELOPE),
    Row(Action::EscalateCase, Relation::OwnSchool, SCHOOL),
    Row(Action::RecordView, Relation::OwnSchool, SCHOOL),
    Row(Action::WriteWishes, Relation::OwnSchool, WISHES),
    Row(Action::BookConsultation, Relation::OwnSchool, SCHOOL),
    Row(Action::ReadConsultation, Relation::OwnSchool, SCHOOL),
    Row(Action::WriteConsultation, Relation::OwnSchool, SCHOOL),
    Row(Action::Substitute, Relation::OwnSchool, ENVELOPE),
    Row(Action::CancelConsultation, Relation::OwnSchool, SCHOOL),
    Row(Action::RecordOutcome, Relation::OwnSchool, SCHOOL),
    Row(Action::CreateHulpvraag, Relation::OwnSchool, SCHOOL),
    Row(Action::ReadHulpvraag, Relation::OwnSchool, SCHOOL),
    Row(Action::CompleteHulpvraag, Relation::OwnSchool, SCHOOL),
    Row(Action::RecordConsent, Relation::OwnSchool, CONSENT),
    Row(Action::WithdrawConsent, Relation::OwnSchool, CONSENT),
    Row(Action::ReadConsent, Relation::OwnSchool, CONSENT),
    Row(Action::ExportSubject, Relation::OwnSchool, SCHOOL),
    Row(Action::RestrictCase, Relation::OwnSchool, SCHOOL),
    Row(Action::RectifySubject, Relation::OwnSchool, SCHOOL),
    Row(Action::ProposeErasure, Relation::OwnSchool, SCHOOL),
    Row(Action::ReadMonitor, Relation::OwnSchool, FIGURES),
    Row(Action::ReadSurvey, Relation::OwnSchool, REGISTER),
    Row(Action::AnswerSurvey, Relation::OwnSchool, REGISTER),
];

/// Identity and content only while a case stands at the board's level.
const SCHOOL_HEAD: &[Row] = &[
    Row(Action::ReadCase, Relation::OwnSchool, HEAD),
    Row(Action::ReadCase, Relation::OwnSchoolEscalated, HEAD_ESCALATED),
    Row(Action::EscalateCase, Relation::OwnSchoolEscalated, HEAD_ESCALATED),
    Row(Action::RecordView, Relation::OwnSchoolEscalated, HEAD_ESCALATED),
    Row(Action::ReadConsultation, Relation::OwnSchool, ENVELOPE),
    Row(Action::ReadMonitor, Relation::OwnSchool, HEAD_FIGURES),
    Row(Action::ReadSurvey, Relation::OwnSchool, REGISTER),
    Row(Action::AnswerSurvey, Relation::OwnSchool, REGISTER),
];

/// The register's keeper opens, assigns and closes throughout the region.
const REGISTER_KEEPER: &[Row] = &[
    Row(Action::FindSlots, Relation::Region, SWV),
    Row(Action::OpenCase, Relation::Region, SWV),
    Row(Action::ReadCase, Relation::Region, SWV),
    Row(Action::WriteCase, Relation::Region, SWV),
    Row(Action::WritePlan, Relation::Region, SWV),
    Row(Action::WriteTrack, Relation::Region, SWV),
    Row(Action::AskInformation, Relation::Region, SWV),
    Row(Action::AskHousehold, Relation::Region, ENVELOPE),
    Row(Action::EscalateCase, Relation::Region, SWV),
    Row(Action::DecideCase, Relation::Region, SWV),
    Row(Action::RecordView, Relation::Region, SWV),
    Row(Action::WriteWishes, Relation::Region, WISHES),
    Row(Action::CloseCase, Relation::Region, SWV),
    Row(Action::ReopenCase, Relation::Region, SWV),
    Row(Action::BookConsultation, Relation::Region, SWV),
    Row(Action::ReadConsultation, Relation::Region, SWV),
    Row(Action::WriteConsultation, Relation::Region, SWV),
    Row(Action::Substitute, Relation::Region, ENVELOPE),
    Row(Action::CancelConsultation, Relation::Region, SWV),
    Row(Action::RecordOutcome, Relation::Region, SWV),
    Row(Action::ReadHulpvraag, Relation::Region, ENVELOPE),
    Row(Action::ReadWorkload, Relation::Region, REGISTER),
    Row(Action::ReadMonitor, Relation::Region, FIGURES),
    Row(Action::MarkMilestone, Relation::Region, REGISTER),
    Row(Action::MarkDuty, Relation::Own, REGISTER),
    // What other norms would move is counted for who sees these cases anyway.
    Row(Action::SetPolicy, Relation::Region, REGISTER),
    Row(Action::RunSurvey, Relation::Region, REGISTER),
    Row(Action::ReadSurvey, Relation::Region, REGISTER),
    Row(Action::RecordConsent, Relation::Region, CONSENT),
    Row(Action::WithdrawConsent, Relation::Region, CONSENT),
    Row(Action::ReadConsent, Relation::Region, CONSENT),
    Row(Action::ExportSubject, Relation::Region, SWV),
    Row(Action::RestrictCase, Relation::Region, SWV),
    Row(Action::RectifySubject, Relation::Region, SWV),
    Row(Action::HoldCase, Relation::Region, SWV),
    Row(Action::ProposeErasure, Relation::Region, SWV),
    Row(Action::ReadSignal, Relation::Region, ENVELOPE),
    Row(Action::DecideSignal, Relation::Region, ENVELOPE),
    Row(Action::WithdrawSignal, Relation::Region, ENVELOPE),
];

/// Advisers see a child's file only when invited into it (WPO 18a, P8).
const ADVISER: &[Row] = &[
    Row(Action::FindSlots, Relation::Invited, SWV),
    Row(Action::ReadCase, Relation::Invited, SWV),
    Row(Action::AskInformation, Relation::Invited, SWV),
    Row(Action::AskHousehold, Relation::Invited, ENVELOPE),
    Row(Action::RecordView, Relation::Invited, SWV),
    Row(Action::ReadConsultation, Relation::Invited, SWV),
    Row(Action::RecordOutcome, Relation::Invited, SWV),
    Row(Action::ReadConsent, Relation::Invited, CONSENT),
    Row(Action::UseEmergency, Relation::Region, ENVELOPE),
    Row(Action::ReadCase, Relation::Emergency, EMERGENCY),
];

/// Of the advisers the boc'er stands on the ladder of escalation, and hears from schools how things go.
const BOCER: &[Row] = &[
    Row(Action::EscalateCase, Relation::Invited, SWV),
    Row(Action::ReadSignal, Relation::Region, ENVELOPE),
    Row(Action::DecideSignal, Relation::Region, ENVELOPE),
    Row(Action::WithdrawSignal, Relation::Region, ENVELOPE),
];

/// And the trajectbegeleider guides a child to another place.
const GUIDE: &[Row] = &[Row(Action::WriteTrack, Relation::Invited, SWV)];

/// Decides on a dossier; no meeting is its own but one that it is asked to.
const COMMITTEE: &[Row] = &[Row(Action::ReadCase, Relation::Invited, DOSSIER)];

/// Sees what was brought to its level, for as long as its time box (and meetings that it is asked to).
const POWER_HOLDER: &[Row] = &[
    Row(Action::ReadCase, Relation::Escalated, POWER),
    Row(Action::EscalateCase, Relation::Escalated, POWER),
    Row(Action::DecideCase, Relation::Escalated, POWER),
    Row(Action::RecordView, Relation::Escalated, POWER),
    Row(Action::ReadConsultation, Relation::Escalated, POWER),
    Row(Action::ReadConsent, Relation::Escalated, CONSENT),
];

/// Plans for the team: time, school and role until accepted; never the case.
const TEAM_PLANNER: &[Row] = &[
    Row(Action::WriteAvailability, Relation::OwnTeam, REGISTER),
    Row(Action::ReadWorkload, Relation::OwnTeam, REGISTER),
    Row(Action::Substitute, Relation::OwnTeam, ENVELOPE),
    Row(Action::FindSlots, Relation::OwnTeam, ENVELOPE),
    Row(Action::ReadHulpvraag, Relation::OwnTeam, ENVELOPE),
    Row(Action::DecideHulpvraag, Relation::OwnTeam, ENVELOPE),
    Row(Action::CompleteHulpvraag, Relation::OwnTeam, ENVELOPE),
];

/// Consent (Jeugdwet 7.3.11) opens more; without it a helper sees the envelope and its own work.
const HELPER: &[Row] = &[
    Row(Action::ReadCase, Relation::Invited, HELP),
    Row(Action::WritePlan, Relation::Invited, HELP),
    Row(Action::AskInformation, Relation::Invited, HELP),
    Row(Action::AskHousehold, Relation::Invited, ENVELOPE),
    Row(Action::RecordView, Relation::Invited, HELP),
    Row(Action::WriteWishes, Relation::Invited, WISHES_OF_CLIENT),
    Row(Action::ReadConsultation, Relation::Invited, HELP),
    Row(Action::ReadHulpvraag, Relation::Own, HELP),
    Row(Action::CompleteHulpvraag, Relation::Own, HELP),
    Row(Action::WithdrawConsent, Relation::Invited, CONSENT_SHELL),
    Row(Action::ReadConsent, Relation::Invited, CONSENT_SHELL),
    Row(Action::UseEmergency, Relation::Region, ENVELOPE),
    Row(Action::ReadCase, Relation::Emergency, EMERGENCY),
];

const JGZ: &[Row] = &[
    Row(Action::ReadCase, Relation::Invited, DOCTOR),
    Row(Action::AskInformation, Relation::Invited, DOCTOR),
    Row(Action::AskHousehold, Relation::Invited, ENVELOPE),
    Row(Action::RecordView, Relation::Invited, DOCTOR),
    Row(Action::WriteWishes, Relation::Invited, WISHES_OF_CLIENT),
    Row(Action::ReadConsultation, Relation::Invited, DOCTOR),
    Row(Action::ReadHulpvraag, Relation::Own, DOCTOR),
    Row(Action::CompleteHulpvraag, Relation::Own, DOCTOR),
    Row(Action::WithdrawConsent, Relation::Invited, CONSENT_SHELL),
    Row(Action::ReadConsent, Relation::Invited, CONSENT_SHELL),
    Row(Action::UseEmergency, Relation::Region, ENVELOPE),
    Row(Action::ReadCase, Relation::Emergency, EMERGENCY),
];

/// Asks all it needs of the schools of the children of its gemeente (LPW 16, 18(3)).
const ATTENDANCE_OFFICER: &[Row] = &[
    Row(Action::FindSlots, Relation::Residence, LEERPLICHT),
    Row(Action::ReadCase, Relation::Residence, LEERPLICHT),
    Row(Action::WriteCase, Relation::Residence, LEERPLICHT),
    Row(Action::WritePlan, Relation::Residence, LEERPLICHT),
    Row(Action::WriteTrack, Relation::Residence, LEERPLICHT),
    Row(Action::AskInformation, Relation::Residence, LEERPLICHT),
    Row(Action::AskHousehold, Relation::Residence, ENVELOPE),
    Row(Action::EscalateCase, Relation::Residence, LEERPLICHT),
    Row(Action::RecordView, Relation::Residence, LEERPLICHT),
    Row(Action::WriteWishes, Relation::Residence, WISHES),
    Row(Action::BookConsultation, Relation::Residence, LEERPLICHT),
    Row(Action::ReadConsultation, Relation::Residence, LEERPLICHT),
    Row(Action::WriteConsultation, Relation::Residence, LEERPLICHT),
    Row(Action::Substitute, Relation::Residence, ENVELOPE),
    Row(Action::CancelConsultation, Relation::Residence, LEERPLICHT),
    Row(Action::RecordOutcome, Relation::Residence, LEERPLICHT),
    Row(Action::RecordConsent, Relation::Residence, CONSENT),
    Row(Action::WithdrawConsent, Relation::Residence, CONSENT),
    Row(Action::ReadConsent, Relation::Residence, CONSENT),
    Row(Action::UseEmergency, Relation::Region, ENVELOPE),
    Row(Action::ReadCase, Relation::Emergency, EMERGENCY),
    Row(Action::ReadMonitor, Relation::Residence, ENFORCED),
    Row(Action::MarkDuty, Relation::Own, REGISTER),
    Row(Action::ExportSubject, Relation::Residence, LEERPLICHT),
    Row(Action::RestrictCase, Relation::Residence, LEERPLICHT),
    Row(Action::RectifySubject, Relation::Residence, LEERPLICHT),
    Row(Action::HoldCase, Relation::Residence, LEERPLICHT),
    Row(Action::ProposeErasure, Relation::Residence, LEERPLICHT),
];

/// May be informed without consent while it executes an order (Jeugdwet 7.3.11(4)).
const GUARDIAN_ROWS: &[Row] = &[
    Row(Action::ReadCase, Relation::Invited, GUARDIAN),
    Row(Action::RecordView, Relation::Invited, GUARDIAN),
    Row(Action::ReadConsultation, Relation::Invited, GUARDIAN),
    Row(Action::ReadConsent, Relation::Invited, CONSENT),
    Row(Action::UseEmergency, Relation::Region, ENVELOPE),
    Row(Action::ReadCase, Relation::Emergency, EMERGENCY),
];

/// A mediator advises and is in nobody's service; partners come for one meeting.
const GUEST: &[Row] = &[
    Row(Action::ReadCase, Relation::Invited, MEDIATOR),
    Row(Action::RecordView, Relation::Invited, MEDIATOR),
    Row(Action::ReadConsultation, Relation::Invited, MEDIATOR),
    Row(Action::ReadConsent, Relation::Invited, CONSENT_SHELL),
];

const ADMINISTRATOR: &[Row] = &[
    Row(Action::WriteDirectory, Relation::Region, REGISTER),
    Row(Action::WriteAvailability, Relation::Region, REGISTER),
    Row(Action::ManageAccess, Relation::Region, REGISTER),
    Row(Action::ManageSubscriptions, Relation::Region, REGISTER),
    Row(Action::ManageRetention, Relation::Region, REGISTER),
    Row(Action::SetHouseholdBasis, Relation::Region, REGISTER),
];

/// Guards the rules and works on no case: only what is put aside, and who broke the glass.
const PRIVACY_OFFICER: &[Row] = &[
    Row(Action::ReadDirectory, Relation::Region, AUDIT),
    Row(Action::ReadCase, Relation::Held, ASIDE),
    Row(Action::ReadEmergencies, Relation::Region, AUDIT),
    Row(Action::ReadAudit, Relation::Region, AUDIT),
    Row(Action::ExportSubject, Relation::Region, WHOLE),
    Row(Action::ExportSubject, Relation::Held, WHOLE),
    Row(Action::RestrictCase, Relation::Region, WHOLE),
    Row(Action::RestrictCase, Relation::Held, WHOLE),
    Row(Action::LiftRestriction, Relation::Region, WHOLE),
    Row(Action::LiftRestriction, Relation::Held, WHOLE),
    Row(Action::RectifySubject, Relation::Region, WHOLE),
    Row(Action::RectifySubject, Relation::Held, WHOLE),
    Row(Action::HoldCase, Relation::Region, WHOLE),
    Row(Action::HoldCase, Relation::Held, WHOLE),
    Row(Action::ProposeErasure, Relation::Region, WHOLE),
    Row(Action::ProposeErasure, Relation::Held, WHOLE),
    Row(Action::ApproveErasure, Relation::Region, WHOLE),
    Row(Action::ApproveErasure, Relation::Held, WHOLE),
    Row(Action::ManageRetention, Relation::Region, WHOLE),
    Row(Action::ApproveRetention, Relation::Region, WHOLE),
    Row(Action::SetHouseholdBasis, Relation::Region, REGISTER),
];

/// Sees how many children wait and where, never one of them.
const POLICY_OFFICER: &[Row] =
    &[Row(Action::ReadMonitor, Relation::Region, REGISTER), Row(Action::MarkDuty, Relation::Own, REGISTER)];

/// What `role` may do. Parents and children have no account: they sit at their own table only.
pub(super) fn rows(role: Role) -> impl Iterator<Item = Row> {
    let own: &[Row] = match role {
        Role::Iber | Role::Zorgcoordinator => CARE_COORDINATOR,
        Role::Directeur => SCHOOL_HEAD,
        Role::Thuiszitterscoordinator => REGISTER_KEEPER,
        Role::Bocer | Role::SwvAdviseur | Role::Gedragswetenschapper | Role::Trajectbegeleider => ADVISER,
        Role::TlvCommissie => COMMITTEE,
        Role::Doorzettingsmacht => POWER_HOLDER,
        Role::WijkteamCoordinator => TEAM_PLANNER,
        Role::Smw | Role::Gezinswerker | Role::Indicatiesteller => HELPER,
        Role::Jeugdarts | Role::Jeugdverpleegkundige => JGZ,
        Role::Leerplichtambtenaar => ATTENDANCE_OFFICER,
        Role::Gezinsvoogd => GUARDIAN_ROWS,
        Role::Doorstroomcoach
        | Role::Onderwijsconsulent
        | Role::Jeugdhulpverlener
        | Role::PedagogischMedewerker
        | Role::AmbulantBegeleider => GUEST,
        Role::Beheerder => ADMINISTRATOR,
        Role::Fg => PRIVACY_OFFICER,
        Role::Beleidsmedewerker => POLICY_OFFICER,
        Role::Ouder | Role::Jeugdige | Role::Tolk | Role::Steunpuntmedewerker => &[],
    };
    let everyone: &[Row] = if role.is_private() { &[] } else { EVERYONE };
    let more: &[Row] = if role == Role::Bocer {
        BOCER
    } else if role == Role::Trajectbegeleider {
        GUIDE
    } else {
        &[]
    };
    everyone.iter().chain(own).chain(more).copied()
}
