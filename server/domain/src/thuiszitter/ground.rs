//! On what grounds time is missed or a child is exempt, and what else a norm depends on.

use chrono::NaiveDate;

use crate::{access::Class, time::Validity};

/// Why lesson or practice time was missed, as the school registered it.
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
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AbsenceGround {
    /// Without valid reason (LPW art. 4(2)).
    Ongeoorloofd,
    /// On holiday without leave (LPW art. 13a).
    Luxe,
    /// LPW art. 11 onder a: the school was closed.
    SchoolGesloten,
    /// LPW art. 11 onder b: forbidden by regulation.
    Verboden,
    /// LPW art. 11 onder c: suspended.
    Geschorst,
    /// LPW art. 11 onder d: ill.
    Ziek,
    /// LPW art. 11 onder e: religion or conviction.
    Godsdienst,
    /// LPW art. 11 onder f: holiday that a parent's profession allows at no other time.
    VakantieDoorBeroep,
    /// LPW art. 11 onder g: other weighty circumstances, with leave of the head.
    Gewichtig,
    /// LPW art. 11a: hours that a child below six may stay at home.
    OnderZes,
    /// Authorised by an agreed build-up of the timetable.
    Opbouw,
}

impl AbsenceGround {
    /// Whether the law allows it: such time never adds up to a report.
    pub fn is_authorised(self) -> bool {
        match self {
            Self::Ongeoorloofd | Self::Luxe => false,
            Self::SchoolGesloten
            | Self::Verboden
            | Self::Geschorst
            | Self::Ziek
            | Self::Godsdienst
            | Self::VakantieDoorBeroep
            | Self::Gewichtig
            | Self::OnderZes
            | Self::Opbouw => true,
        }
    }
}

/// Lesson or practice time missed on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct MissedTime {
    /// The day.
    pub date: NaiveDate,
    /// Minutes missed.
    pub minutes: u16,
    /// Why.
    #[serde(with = "super::by_name")]
    pub ground: AbsenceGround,
}

/// On what ground a child need not be enrolled, or follows something else instead.
/// `5_ONDER_A` is what the field calls "5a"; article 5a is another.
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
    strum::IntoStaticStr,
)]
pub enum ExemptionGround {
    /// LPW art. 5 onder a: bodily or psychological grounds.
    #[strum(serialize = "5_ONDER_A")]
    Art5OnderA,
    /// LPW art. 5 onder b: objections to the direction of the schools.
    #[strum(serialize = "5_ONDER_B")]
    Art5OnderB,
    /// LPW art. 5 onder c: a school abroad.
    #[strum(serialize = "5_ONDER_C")]
    Art5OnderC,
    /// LPW art. 5a: a travelling life.
    #[strum(serialize = "5A_TREKKEND")]
    Art5aTrekkend,
    /// LPW art. 15: sufficient education otherwise.
    #[strum(serialize = "15_ANDER_ONDERWIJS")]
    Art15AnderOnderwijs,
    /// LPW art. 3a: substitute programme from 14.
    #[strum(serialize = "3A")]
    Art3a,
    /// LPW art. 3b: substitute programme in the last year.
    #[strum(serialize = "3B")]
    Art3b,
}

impl ExemptionGround {
    /// Whether parents must tell the gemeente each year that they rely on it (LPW art. 6).
    pub fn is_told_yearly(self) -> bool {
        self.frees() && self != Self::Art15AnderOnderwijs
    }

    /// Whether it frees of being enrolled (LPW art. 5, 5a, 15). A substitute programme
    /// (art. 3a, 3b) frees of nothing: it is followed instead.
    pub fn frees(self) -> bool {
        match self {
            Self::Art5OnderA
            | Self::Art5OnderB
            | Self::Art5OnderC
            | Self::Art5aTrekkend
            | Self::Art15AnderOnderwijs => true,
            Self::Art3a | Self::Art3b => false,
        }
    }
}

/// An exemption or substitute programme that holds, not one that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Exemption {
    /// On which ground.
    #[serde(with = "super::by_name")]
    pub ground: ExemptionGround,
    /// From when until when.
    pub days: Validity,
}

/// Something about the child or the school on which a norm depends.
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
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Circumstance {
    /// Enrolled at some school: follows from the facts, is never entered.
    Enrolled,
    /// An exemption is sought: follows from the facts, is never entered.
    ExemptionSought,
    /// The child needs extra support (WPO art. 40(3)).
    ExtraSupportNeeded,
    /// There is no room at the school (WPO art. 40(5) onder a).
    SchoolFull,
    /// Parents refuse to respect the school's grondslag (WPO art. 40(5) onder b).
    GrondslagRefused,
    /// A public-authority school, whose decisions are besluiten (WPO art. 40(12)).
    PublicSchool,
    /// A school without public money (LPW art. 18(5)).
    UnfundedSchool,
    /// By the statement the child will never be able to go to school (LPW art. 6(3)).
    NeverAble,
}

impl Circumstance {
    /// Whether it follows from other facts, and is never taken from what was entered.
    pub fn is_derived(self) -> bool {
        matches!(self, Self::Enrolled | Self::ExemptionSought)
    }

    /// The class of what it tells.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::NeverAble => Class::K6,
            Self::ExtraSupportNeeded | Self::GrondslagRefused => Class::K4,
            Self::Enrolled
            | Self::ExemptionSought
            | Self::SchoolFull
            | Self::PublicSchool
            | Self::UnfundedSchool => Class::K3,
        }
    }
}
