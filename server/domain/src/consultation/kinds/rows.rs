//! The rows: the rules of each kind before a region adjusts them.

use super::{About, Kind, KindRules, ParentRule, Priority, Record};
use crate::{access::Role, consultation::place::Place};

/// A row as it is written down; [`KindRules`] is the same with what a region can change.
#[derive(Clone, Copy)]
struct Row {
    roles: &'static [&'static [Role]],
    may_come: &'static [Role],
    about: About,
    parents: ParentRule,
    quorum: u16,
    /// Shortest, proposed, longest.
    minutes: (u16, u16, u16),
    places: &'static [Place],
    notice_hours: u16,
    record: &'static [Record],
    priority: Priority,
    capacity: u16,
}

const SCHOOL: &[Role] = &[Role::Iber, Role::Zorgcoordinator, Role::Directeur];
const TEAM: &[Role] =
    &[Role::Smw, Role::Gezinswerker, Role::Jeugdarts, Role::Jeugdverpleegkundige, Role::Indicatiesteller];
const JGZ: &[Role] = &[Role::Jeugdarts, Role::Jeugdverpleegkundige];
const VISITORS: &[Role] = &[
    Role::Smw,
    Role::Gezinswerker,
    Role::Jeugdarts,
    Role::Jeugdverpleegkundige,
    Role::Leerplichtambtenaar,
    Role::Trajectbegeleider,
    Role::Iber,
    Role::Zorgcoordinator,
];
const SWV: &[Role] = &[
    Role::Bocer,
    Role::SwvAdviseur,
    Role::Gedragswetenschapper,
    Role::Trajectbegeleider,
    Role::Thuiszitterscoordinator,
];
/// Who advises a school about a child without a name.
const ADVISERS: &[Role] = &[
    Role::Smw,
    Role::Gezinswerker,
    Role::Jeugdarts,
    Role::Jeugdverpleegkundige,
    Role::Indicatiesteller,
    Role::Bocer,
    Role::SwvAdviseur,
    Role::Gedragswetenschapper,
    Role::Trajectbegeleider,
    Role::Leerplichtambtenaar,
];
const LEERPLICHT: &[Role] = &[Role::Leerplichtambtenaar];
const GEMEENTE: &[Role] = &[Role::Beleidsmedewerker, Role::Leerplichtambtenaar];
/// Who decides for a samenwerkingsverband, a board or a gemeente.
const BOARDS: &[Role] = &[Role::Directeur, Role::Bocer, Role::SwvAdviseur, Role::Thuiszitterscoordinator];

const ANYWHERE: &[Place] = &[Place::School, Place::Team, Place::Home, Place::Online, Place::Phone];
const INDOORS: &[Place] = &[Place::School, Place::Team, Place::Online];
const AFAR: &[Place] = &[Place::School, Place::Team, Place::Online, Place::Phone];

const WITH_PARENTS: &[Record] = &[Record::Attendance, Record::ChildHeard, Record::JgtHulp];
const WITH_PLAN: &[Record] = &[Record::Attendance, Record::ChildHeard, Record::JgtHulp, Record::Actions];

/// A meeting about a child, an hour at school, parents invited, not on the same day.
const ABOUT_A_CHILD: Row = Row {
    roles: &[SCHOOL],
    may_come: &[],
    about: About::Child,
    parents: ParentRule::Invited,
    quorum: 1,
    minutes: (15, 60, 120),
    places: ANYWHERE,
    notice_hours: 12,
    record: WITH_PARENTS,
    priority: Priority::Child,
    capacity: 0,
};

/// A meeting of professionals about how they work, a week ahead.
const ABOUT_POLICY: Row = Row {
    roles: &[SCHOOL, SWV],
    about: About::Policy,
    parents: ParentRule::None,
    quorum: 3,
    minutes: (30, 120, 240),
    places: INDOORS,
    notice_hours: 168,
    record: &[Record::Attendance],
    priority: Priority::Policy,
    ..ABOUT_A_CHILD
};

impl Kind {
    /// What a region starts from.
    pub fn rules(self) -> KindRules {
        let row = self.row();
        let (min_minutes, default_minutes, max_minutes) = row.minutes;
        KindRules {
            roles: row.roles.iter().map(|any| any.to_vec()).collect(),
            may_come: row.may_come.to_vec(),
            about: row.about,
            parents: row.parents,
            quorum: row.quorum,
            min_minutes,
            max_minutes,
            default_minutes,
            places: row.places.to_vec(),
            notice_hours: row.notice_hours,
            record: row.record.to_vec(),
            priority: row.priority,
            capacity: row.capacity,
        }
    }

    const fn row(self) -> Row {
        let usual = ABOUT_A_CHILD;
        match self {
            Self::Verzuimgesprek => Row { minutes: (15, 45, 120), ..usual },
            Self::Consult => Row {
                roles: &[SCHOOL, TEAM],
                about: About::Either,
                quorum: 2,
                minutes: (15, 30, 120),
                ..usual
            },
            Self::Ondersteuningsteam => Row {
                roles: &[SCHOOL, TEAM],
                quorum: 2,
                minutes: (30, 60, 240),
                places: INDOORS,
                capacity: 8,
                ..usual
            },
            Self::Mdo => {
                Row { roles: &[SCHOOL, TEAM], quorum: 2, minutes: (30, 75, 120), record: WITH_PLAN, ..usual }
            }
            Self::Rondetafel => Row {
                roles: &[SCHOOL, SWV, LEERPLICHT],
                quorum: 3,
                minutes: (60, 90, 180),
                places: INDOORS,
                notice_hours: 48,
                record: WITH_PLAN,
                ..usual
            },
            Self::Crisis => Row {
                roles: &[TEAM],
                notice_hours: 0,
                record: WITH_PLAN,
                priority: Priority::Crisis,
                ..usual
            },
            Self::Terugkeer | Self::Evaluatie => Row { record: WITH_PLAN, minutes: (15, 45, 120), ..usual },
            Self::Nazorg => Row { minutes: (15, 30, 120), ..usual },
            Self::WarmeOverdracht => Row { quorum: 2, minutes: (15, 30, 120), capacity: 8, ..usual },
            Self::Kennismaking => {
                Row { roles: &[TEAM], about: About::Either, minutes: (15, 30, 120), ..usual }
            }
            Self::Intake => Row { record: WITH_PLAN, ..usual },
            Self::BocBezoek => Row {
                roles: &[&[Role::Bocer], SCHOOL],
                about: About::Either,
                quorum: 2,
                minutes: (30, 90, 240),
                places: INDOORS,
                capacity: 8,
                ..usual
            },
            Self::OppEvaluatie => Row { record: WITH_PLAN, minutes: (15, 45, 90), places: AFAR, ..usual },
            Self::SmwBlok => Row {
                roles: &[&[Role::Smw]],
                about: About::Either,
                minutes: (30, 120, 480),
                places: &[Place::School],
                capacity: 12,
                ..usual
            },
            Self::JgzConsult => {
                Row { roles: &[JGZ], about: About::Either, minutes: (10, 30, 90), places: AFAR, ..usual }
            }
            Self::Huisbezoek => {
                Row { roles: &[VISITORS], quorum: 2, minutes: (30, 60, 120), places: &[Place::Home], ..usual }
            }
            Self::TlvOverleg => Row {
                roles: &[SCHOOL, SWV],
                quorum: 2,
                minutes: (15, 45, 120),
                places: AFAR,
                notice_hours: 48,
                capacity: 8,
                ..usual
            },
            Self::AnoniemConsult => Row {
                roles: &[SCHOOL, ADVISERS],
                about: About::Unnamed,
                parents: ParentRule::None,
                quorum: 2,
                minutes: (10, 30, 60),
                places: AFAR,
                notice_hours: 0,
                record: &[Record::Attendance],
                ..usual
            },
            Self::Rok => Row { roles: &[SCHOOL, SWV, TEAM], ..ABOUT_POLICY },
            Self::Clusterraad => ABOUT_POLICY,
            Self::OogoBestuurlijk => Row {
                roles: &[BOARDS, GEMEENTE],
                notice_hours: 336,
                record: &[Record::Attendance, Record::Agreement],
                ..ABOUT_POLICY
            },
            Self::OogoAmbtelijk => Row { roles: &[BOARDS, GEMEENTE], quorum: 2, ..ABOUT_POLICY },
        }
    }
}
