//! Where a meeting is held, as coarsely as mail may say it.

/// The class of a place. An address may be somebody's home, and a school or team may
/// tell who the meeting is about, so neither is ever mailed.
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
pub enum Place {
    /// At the school.
    School,
    /// At the wijkteam or in the CJG.
    Team,
    /// By video.
    Online,
    /// By telephone.
    Phone,
    /// At the family's home, or wherever else no mail may say; the page tells it after sign-in.
    Home,
}

/// Why one professional goes alone to a family's home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AloneBecause {
    /// The risks were weighed and are low.
    RiskWeighed,
    /// The professional has been there before.
    FamilyKnown,
    /// A colleague knows when to call, and whom.
    ColleagueOnCall,
}

impl Place {
    /// As it stands in a sentence or a calendar.
    #[must_use]
    pub fn dutch(self) -> &'static str {
        match self {
            Self::School => "op school",
            Self::Team => "bij het wijkteam/CJG",
            Self::Online => "online",
            Self::Phone => "telefonisch",
            Self::Home => "locatie: zie de pagina",
        }
    }

    /// As it stands in a sentence.
    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::School => "at the school",
            Self::Team => "at the neighbourhood team (wijkteam/CJG)",
            Self::Online => "online",
            Self::Phone => "by telephone",
            Self::Home => "location: see the page",
        }
    }
}
