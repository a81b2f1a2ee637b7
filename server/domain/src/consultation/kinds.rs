//! The kinds of consultation as rows of data: who comes, how long, where, what is recorded.

use super::place::Place;
use crate::access::Role;

/// What a consultation is. A kind differs from another in its [`KindRules`] only.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// School, parents and child talk about worrying absence.
    Verzuimgesprek,
    /// One professional of the wijkteam or the JGZ advises the school.
    Consult,
    /// The ondersteuningsteam of a school, at its fixed times.
    Ondersteuningsteam,
    /// Multidisciplinair overleg about one child.
    Mdo,
    /// Table with power to decide when a child is at home without prospect.
    Rondetafel,
    /// Same or next day.
    Crisis,
    /// The return to school is prepared or built up.
    Terugkeer,
    /// The plan is looked back on.
    Evaluatie,
    /// Afterwards, when attendance is steady.
    Nazorg,
    /// Oral hand-over to the next school.
    WarmeOverdracht,
    /// School and new link person, or parents and new helper, meet.
    Kennismaking,
    /// Placement at another school is prepared.
    Intake,
    /// Schools of a neighbourhood and their partners; about no child.
    Rok,
}

/// Whether a meeting is about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// One or more identified children.
    Child,
    /// A child, or none in particular.
    Either,
    /// Never a child.
    Policy,
}

/// Whether a parent with gezag must be invited when it is about a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParentRule {
    /// At least one, unless a reason is given.
    Invited,
    /// Parents do not come.
    None,
}

/// What must stand in the outcome before the meeting can be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Record {
    /// Who came.
    Attendance,
    /// Whether and how the child was heard.
    ChildHeard,
    /// Whether help by the youth team is wanted.
    JgtHulp,
    /// At least one action with an owner and a date.
    Actions,
}

/// The rules of a kind. Lengths are the defaults of a region, in minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindRules {
    /// Of each set at least one role is at the table.
    pub roles: &'static [&'static [Role]],
    /// Whether it is about a child.
    pub about: About,
    /// Whether parents are invited.
    pub parents: ParentRule,
    /// The fewest who must come for it to be held, parents and child not counted.
    pub quorum: usize,
    /// The shortest it can be.
    pub min_minutes: u16,
    /// The longest.
    pub max_minutes: u16,
    /// What is proposed.
    pub default_minutes: u16,
    /// Where it can be held.
    pub places: &'static [Place],
    /// Hours between booking and start.
    pub notice_hours: u16,
    /// What its outcome must hold.
    pub record: &'static [Record],
}

const SCHOOL: &[Role] = &[Role::Iber, Role::Zorgcoordinator, Role::Directeur];
const TEAM: &[Role] =
    &[Role::Smw, Role::Gezinswerker, Role::Jeugdarts, Role::Jeugdverpleegkundige, Role::Indicatiesteller];
const SWV: &[Role] = &[
    Role::Bocer,
    Role::SwvAdviseur,
    Role::Gedragswetenschapper,
    Role::Trajectbegeleider,
    Role::Thuiszitterscoordinator,
];
const LEERPLICHT: &[Role] = &[Role::Leerplichtambtenaar];

const ANYWHERE: &[Place] = &[Place::School, Place::Team, Place::Home, Place::Online, Place::Phone];
const INDOORS: &[Place] = &[Place::School, Place::Team, Place::Online];

const WITH_PARENTS: &[Record] = &[Record::Attendance, Record::ChildHeard, Record::JgtHulp];
const WITH_PLAN: &[Record] = &[Record::Attendance, Record::ChildHeard, Record::JgtHulp, Record::Actions];

/// A meeting about a child, an hour at school, parents invited, two days ahead.
const ABOUT_A_CHILD: KindRules = KindRules {
    roles: &[SCHOOL],
    about: About::Child,
    parents: ParentRule::Invited,
    quorum: 1,
    min_minutes: 15,
    max_minutes: 120,
    default_minutes: 60,
    places: ANYWHERE,
    notice_hours: 24,
    record: WITH_PARENTS,
};

impl Kind {
    /// The row of this kind.
    pub const fn rules(self) -> KindRules {
        let usual = ABOUT_A_CHILD;
        match self {
            Self::Verzuimgesprek => KindRules { default_minutes: 45, ..usual },
            Self::Consult => KindRules {
                roles: &[SCHOOL, TEAM],
                about: About::Either,
                quorum: 2,
                default_minutes: 30,
                ..usual
            },
            Self::Ondersteuningsteam => KindRules {
                roles: &[SCHOOL, TEAM],
                quorum: 2,
                min_minutes: 30,
                max_minutes: 240,
                places: INDOORS,
                ..usual
            },
            Self::Mdo => KindRules {
                roles: &[SCHOOL, TEAM],
                quorum: 2,
                min_minutes: 30,
                default_minutes: 75,
                record: WITH_PLAN,
                ..usual
            },
            Self::Rondetafel => KindRules {
                roles: &[SCHOOL, SWV, LEERPLICHT],
                quorum: 3,
                min_minutes: 60,
                max_minutes: 180,
                default_minutes: 90,
                places: INDOORS,
                notice_hours: 48,
                record: WITH_PLAN,
                ..usual
            },
            Self::Crisis => KindRules { roles: &[TEAM], notice_hours: 0, record: WITH_PLAN, ..usual },
            Self::Terugkeer | Self::Evaluatie => {
                KindRules { record: WITH_PLAN, default_minutes: 45, ..usual }
            }
            Self::Nazorg => KindRules { default_minutes: 30, ..usual },
            Self::WarmeOverdracht => KindRules {
                quorum: 2,
                default_minutes: 30,
                record: &[Record::Attendance, Record::ChildHeard, Record::JgtHulp],
                ..usual
            },
            Self::Kennismaking => {
                KindRules { roles: &[TEAM], about: About::Either, default_minutes: 30, ..usual }
            }
            Self::Intake => KindRules { record: WITH_PLAN, ..usual },
            Self::Rok => KindRules {
                roles: &[SCHOOL, SWV, TEAM],
                about: About::Policy,
                parents: ParentRule::None,
                quorum: 3,
                min_minutes: 30,
                max_minutes: 240,
                default_minutes: 120,
                places: INDOORS,
                notice_hours: 168,
                record: &[Record::Attendance],
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_row_is_consistent() {
        for kind in Kind::iter() {
            let rules = kind.rules();
            assert!(rules.min_minutes <= rules.default_minutes, "{kind}");
            assert!(rules.default_minutes <= rules.max_minutes, "{kind}");
            assert!([rules.min_minutes, rules.max_minutes, rules.default_minutes].iter().all(|m| m % 5 == 0));
            assert!(!rules.places.is_empty() && rules.record.contains(&Record::Attendance), "{kind}");
            assert!(rules.roles.iter().flat_map(|any| *any).all(|role| !role.is_private()), "{kind}");
            assert!(rules.quorum >= rules.roles.len().min(1), "{kind}");
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
    }

    #[test]
    fn every_meeting_with_parents_records_whether_help_is_wanted() {
        for kind in Kind::iter() {
            let rules = kind.rules();
            let invited = rules.parents == ParentRule::Invited;
            assert_eq!(invited, rules.record.contains(&Record::JgtHulp), "{kind}");
            assert_eq!(invited, rules.about != About::Policy, "{kind}");
        }
    }
}
