//! Whose meetings a feed shows, of which kinds.

use uuid::Uuid;

use crate::{
    consultation::Kind,
    ids::{ClusterId, SchoolId, TeamId},
};

/// What a feed is of.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, strum::Display, strum::EnumString, strum::EnumIter,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum ScopeKind {
    /// The owner's own meetings.
    #[default]
    Own,
    /// Those at or for a school.
    School,
    /// Those at which somebody of a team sits.
    Team,
    /// Those at or for the schools of a cluster.
    Cluster,
}

/// The same, with which one. All but the own are narrowed to what the owner may read at each fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The owner's own meetings.
    Own,
    /// Of this school.
    School(SchoolId),
    /// Of this team.
    Team(TeamId),
    /// Of this cluster.
    Cluster(ClusterId),
}

impl Scope {
    /// As it is kept; none when kind and id do not fit each other.
    #[must_use]
    pub fn of(kind: ScopeKind, id: Option<Uuid>) -> Option<Self> {
        match (kind, id) {
            (ScopeKind::Own, None) => Some(Self::Own),
            (ScopeKind::School, Some(id)) => Some(Self::School(SchoolId(id))),
            (ScopeKind::Team, Some(id)) => Some(Self::Team(TeamId(id))),
            (ScopeKind::Cluster, Some(id)) => Some(Self::Cluster(ClusterId(id))),
            (ScopeKind::Own, Some(_)) | (ScopeKind::School | ScopeKind::Team | ScopeKind::Cluster, None) => {
                None
            }
        }
    }

    /// Of what kind.
    #[must_use]
    pub fn kind(self) -> ScopeKind {
        match self {
            Self::Own => ScopeKind::Own,
            Self::School(_) => ScopeKind::School,
            Self::Team(_) => ScopeKind::Team,
            Self::Cluster(_) => ScopeKind::Cluster,
        }
    }

    /// Of which one.
    #[must_use]
    pub fn id(self) -> Option<Uuid> {
        match self {
            Self::Own => None,
            Self::School(SchoolId(id)) | Self::Team(TeamId(id)) | Self::Cluster(ClusterId(id)) => Some(id),
        }
    }

    /// Its name on the wire; empty for the own.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Own => String::new(),
            Self::School(id) => id.to_string(),
            Self::Team(id) => id.to_string(),
            Self::Cluster(id) => id.to_string(),
        }
    }

    /// What stands behind the calendar's name; nothing for the own.
    #[must_use]
    pub fn dutch(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::School(_) => " (school)",
            Self::Team(_) => " (team)",
            Self::Cluster(_) => " (cluster)",
        }
    }

    /// The colour that a reader may give it (RFC 7986 §5.9), so that several feeds are told apart.
    #[must_use]
    pub fn color(self) -> &'static str {
        match self {
            Self::Own => "steelblue",
            Self::School(_) => "seagreen",
            Self::Team(_) => "darkorange",
            Self::Cluster(_) => "slateblue",
        }
    }
}

/// Kinds as they are kept: each once, in a fixed order.
#[must_use]
pub fn kinds_to_text(kinds: &[Kind]) -> String {
    let mut sorted = kinds.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Kinds as they were kept; none when a word is no kind.
#[must_use]
pub fn kinds_of_text(text: &str) -> Option<Vec<Kind>> {
    text.split_whitespace().map(|word| word.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn what_is_kept_is_read_as_it_was() {
        let id = Uuid::from_u128(7);
        for kind in ScopeKind::iter() {
            let scope = Scope::of(kind, (kind != ScopeKind::Own).then_some(id)).unwrap();
            assert_eq!((scope.kind(), Scope::of(scope.kind(), scope.id())), (kind, Some(scope)));
            assert_eq!(Scope::of(kind, (kind == ScopeKind::Own).then_some(id)), None);
            assert_eq!(scope.name().is_empty(), kind == ScopeKind::Own);
        }
    }

    #[test]
    fn kinds_are_kept_once_and_in_order() {
        let all: Vec<Kind> = Kind::iter().collect();
        assert_eq!(kinds_of_text(&kinds_to_text(&all)), Some(all));
        let text = kinds_to_text(&[Kind::Rok, Kind::Mdo, Kind::Rok]);
        assert_eq!((text.as_str(), kinds_of_text(&text)), ("MDO ROK", Some(vec![Kind::Mdo, Kind::Rok])));
        assert_eq!(kinds_of_text(""), Some(Vec::new()));
        assert_eq!(kinds_of_text("MDO FEEST"), None);
    }
}
