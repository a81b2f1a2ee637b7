//! What is spent on support that a samenwerkingsverband offers itself or buys, as it is told.

use super::suppress::{SmallNumber, rounded};

/// How support comes about.
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
pub enum Way {
    /// By schools and the samenwerkingsverband themselves (bieden).
    Offered,
    /// Of somebody else (inkopen).
    Bought,
}

/// What one way costs in a wijk in a school year, and for how many children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spending {
    /// Whole euros.
    pub euros: i32,
    /// Children that it is for.
    pub children: u32,
}

impl Spending {
    /// What is told of it to who may not know of every child: nothing when it is for a few, because the cost
    /// of one would follow, or for nobody knows how many, and else for about how many. It holds as long as no sum of wijken or ways is told,
    /// from which what is withheld would follow.
    #[must_use]
    pub fn told(self, small: SmallNumber) -> Option<Self> {
        if small.hides(self.children) || (self.children == 0 && self.euros > 0) {
            return None;
        }
        Some(Self { children: rounded(self.children), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn d13_what_is_spent_on_a_few_children_is_not_told_and_else_for_about_how_many() {
        let told = |children| Spending { euros: 900, children }.told(SmallNumber::USUAL);
        // Small is below ten; 12 is nearest to 10 and 13 to 15.
        for (children, expected) in
            [(0, None), (1, None), (9, None), (10, Some(10)), (12, Some(10)), (13, Some(15))]
        {
            assert_eq!(
                told(children),
                expected.map(|children| Spending { euros: 900, children }),
                "{children}"
            );
        }
        let nothing = Spending { euros: 0, children: 0 };
        assert_eq!(nothing.told(SmallNumber::USUAL), Some(nothing));
        let strict = Spending { euros: 900, children: 19 };
        assert_eq!(strict.told(SmallNumber::of(Some(20))), None);
    }
}
