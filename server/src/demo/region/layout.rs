//! How large the region is, as data: gemeenten with their wijken, teams and clusters, and staff counts.

use super::teams::TeamKind;

/// How much of the region to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// 114 schools, with every planted defect.
    Full,
    /// 8 schools, without defects: enough to walk the whole story.
    Small,
}

/// How a gemeente tells its teams which addresses are theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AreaRule {
    Wijk,
    /// By postcode: the gemeente is shared with a neighbouring samenwerkingsverband.
    Postcode,
    Gemeente,
    /// The first team has the gemeente, every other one a list of schools.
    RestAndSchools,
}

pub(super) struct GemeentePlan {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) wijken: usize,
    /// Wijken whose code ends in letters, as CBS gives since 2022 (WK0363AD).
    pub(super) lettered: usize,
    pub(super) schools: usize,
    pub(super) teams: usize,
    pub(super) kind: TeamKind,
    pub(super) areas: AreaRule,
    /// None: its schools join the last cluster of the gemeente before.
    pub(super) clusters: usize,
    pub(super) leerplichtambtenaren: usize,
}

const fn plan(code: &'static str, name: &'static str, counts: [usize; 5], kind: TeamKind) -> GemeentePlan {
    let [wijken, schools, teams, clusters, leerplichtambtenaren] = counts;
    GemeentePlan {
        code,
        name,
        wijken,
        lettered: 0,
        schools,
        teams,
        kind,
        areas: AreaRule::Wijk,
        clusters,
        leerplichtambtenaren,
    }
}

/// 46 wijken, 114 schools, 24 teams, 13 clusters, 9 leerplichtambtenaren.
static FULL: [GemeentePlan; 7] = [
    plan("GM9901", "Ravelmonde", [11, 38, 11, 4, 3], TeamKind::Wijkteam),
    plan("GM9902", "Duinbekerland", [8, 20, 3, 2, 1], TeamKind::Gebiedsteam),
    GemeentePlan { lettered: 3, ..plan("GM9903", "Oostermaasdal", [8, 18, 3, 2, 1], TeamKind::Jgt) },
    plan("GM9904", "Hegelrade", [7, 16, 3, 2, 1], TeamKind::Gebiedsteam),
    GemeentePlan {
        areas: AreaRule::RestAndSchools,
        ..plan("GM9905", "Peeldonkerveen", [6, 11, 2, 2, 1], TeamKind::Jot)
    },
    GemeentePlan {
        areas: AreaRule::Gemeente,
        ..plan("GM9906", "’s-Lierverade", [4, 7, 1, 1, 1], TeamKind::Gebiedsteam)
    },
    GemeentePlan {
        areas: AreaRule::Postcode,
        ..plan("GM9907", "Zandhagerwaard", [2, 4, 1, 0, 1], TeamKind::Gebiedsteam)
    },
];

static SMALL: [GemeentePlan; 2] = [
    plan("GM9901", "Ravelmonde", [3, 5, 2, 1, 1], TeamKind::Wijkteam),
    GemeentePlan { lettered: 1, ..plan("GM9902", "Duinbekerland", [2, 3, 1, 1, 1], TeamKind::Jgt) },
];

/// How many of each there are.
pub(super) struct Staffing {
    pub(super) smw: usize,
    pub(super) jeugdverpleegkundigen: usize,
    pub(super) jeugdartsen: usize,
    pub(super) indicatiestellers: usize,
    pub(super) gezinswerkers: usize,
    /// Bovenschoolse ondersteuningscoördinatoren.
    pub(super) bocers: usize,
    pub(super) trajectbegeleiders: usize,
    pub(super) gedragswetenschappers: usize,
    pub(super) tlv_commissie: usize,
    /// IB'ers who serve two schools.
    pub(super) double_ibers: usize,
}

static FULL_STAFF: Staffing = Staffing {
    smw: 31,
    jeugdverpleegkundigen: 14,
    jeugdartsen: 5,
    indicatiestellers: 16,
    gezinswerkers: 50,
    bocers: 6,
    trajectbegeleiders: 13,
    gedragswetenschappers: 4,
    tlv_commissie: 5,
    double_ibers: 22,
};

static SMALL_STAFF: Staffing = Staffing {
    smw: 4,
    jeugdverpleegkundigen: 2,
    jeugdartsen: 1,
    indicatiestellers: 2,
    gezinswerkers: 4,
    bocers: 1,
    trajectbegeleiders: 2,
    gedragswetenschappers: 1,
    tlv_commissie: 2,
    double_ibers: 1,
};

impl Size {
    pub(super) fn gemeenten(self) -> &'static [GemeentePlan] {
        match self {
            Self::Full => &FULL,
            Self::Small => &SMALL,
        }
    }

    pub(super) fn staffing(self) -> &'static Staffing {
        match self {
            Self::Full => &FULL_STAFF,
            Self::Small => &SMALL_STAFF,
        }
    }

    /// Which of the archetypes are told.
    pub(super) fn cases(self) -> &'static [u8] {
        match self {
            Self::Full => &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14],
            Self::Small => &[1, 2, 6, 11],
        }
    }

    /// How many children were at home in the year before the first day.
    pub(super) fn past(self) -> u16 {
        match self {
            Self::Full => 60,
            Self::Small => 40,
        }
    }
}
