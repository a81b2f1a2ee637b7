//! How many children of a gemeente must go to school in a school year: the first figure of the leerplichttelling. Only
//! the gemeente can count them, for Schakel knows of no child that goes to school.

/// How many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Obliged {
    /// Who must go to school (LPW art. 3).
    pub leerplichtig: u32,
    /// Who must until it has a startkwalificatie (LPW art. 4a).
    pub kwalificatieplichtig: u32,
}

impl Obliged {
    /// Of several gemeenten together; nothing as long as it is not known of each, and of none.
    #[must_use]
    pub fn of_all(each: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        let known: Vec<Self> = each.into_iter().collect::<Option<_>>()?;
        let sum = |one: Self, other: &Self| Self {
            leerplichtig: one.leerplichtig.saturating_add(other.leerplichtig),
            kwalificatieplichtig: one.kwalificatieplichtig.saturating_add(other.kwalificatieplichtig),
        };
        if known.is_empty() { None } else { Some(known.iter().fold(Self::default(), sum)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_gemeenten_have_a_number_together_when_each_has_one() {
        let one = Obliged { leerplichtig: 4_310, kwalificatieplichtig: 520 };
        let other = Obliged { leerplichtig: 1_000, kwalificatieplichtig: 0 };
        let both = Obliged { leerplichtig: 5_310, kwalificatieplichtig: 520 };
        assert_eq!(Obliged::of_all([Some(one), Some(other)]), Some(both));
        assert_eq!(Obliged::of_all([Some(one), None]), None);
        assert_eq!(Obliged::of_all([Some(one)]), Some(one));
        assert_eq!(Obliged::of_all([]), None);
    }
}
