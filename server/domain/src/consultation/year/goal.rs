//! What was agreed in an ondersteuningsplan, and how much of it is realised in practice.

/// How far something is that was agreed.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum GoalState {
    /// Nobody began with it.
    Planned,
    /// Somebody did.
    UnderWay,
    /// It is so in practice.
    Realised,
    /// It did not come about.
    NotRealised,
}

impl GoalState {
    /// Whether it is told with why it is so.
    #[must_use]
    pub fn needs_why(self) -> bool {
        match self {
            Self::NotRealised => true,
            Self::Planned | Self::UnderWay | Self::Realised => false,
        }
    }
}

/// How many of what was agreed are how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Execution {
    /// Nobody began with these.
    pub planned: i32,
    /// Somebody did.
    pub under_way: i32,
    /// These are so in practice.
    pub realised: i32,
    /// These did not come about.
    pub not_realised: i32,
}

impl Execution {
    /// Which part of all is realised, in whole percents, half rounded up; none when nothing was agreed.
    #[must_use]
    pub fn realised_percent(self) -> Option<i32> {
        let all = self.planned + self.under_way + self.realised + self.not_realised;
        (all > 0).then(|| (self.realised * 200 + all) / (all * 2))
    }
}

impl FromIterator<GoalState> for Execution {
    fn from_iter<I: IntoIterator<Item = GoalState>>(states: I) -> Self {
        let mut counted = Self::default();
        for state in states {
            let count = match state {
                GoalState::Planned => &mut counted.planned,
                GoalState::UnderWay => &mut counted.under_way,
                GoalState::Realised => &mut counted.realised,
                GoalState::NotRealised => &mut counted.not_realised,
            };
            *count += 1;
        }
        counted
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn d09_what_is_realised_is_a_share_of_all_that_was_agreed() {
        use GoalState::{NotRealised, Planned, Realised, UnderWay};
        for (states, percent) in [
            (vec![], None),
            (vec![Planned], Some(0)),
            (vec![Realised], Some(100)),
            // 33.3, 66.7 and 12.5 percent.
            (vec![Realised, UnderWay, NotRealised], Some(33)),
            (vec![Realised, Realised, Planned], Some(67)),
            (vec![Realised, Planned, Planned, Planned, Planned, Planned, Planned, UnderWay], Some(13)),
        ] {
            let counted: Execution = states.iter().copied().collect();
            assert_eq!(counted.realised_percent(), percent, "{states:?}");
        }
        let one_each: Execution = GoalState::iter().collect();
        assert_eq!(one_each, Execution { planned: 1, under_way: 1, realised: 1, not_realised: 1 });
    }

    #[test]
    fn d09_only_what_did_not_come_about_is_told_with_why() {
        for state in GoalState::iter() {
            assert_eq!(state.needs_why(), state == GoalState::NotRealised, "{state}");
        }
    }
}
