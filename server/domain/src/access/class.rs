//! Data classes: how sensitive a field is, from the register (K0) to the audit log (K10).

/// The class of a field. A caller's rule says which classes it may see.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display, strum::EnumString, strum::EnumIter,
)]
pub enum Class {
    /// Public and organisational: schools, teams, roles.
    K0,
    /// The envelope of a meeting: time, duration, place class, reference.
    K1,
    /// Identity: names, birth date, address, parents, gezag.
    K2,
    /// Absence facts.
    K3,
    /// Education content: question, OPP, arrangement.
    K4,
    /// Youth-help content.
    K5,
    /// Medical: only the functional advice.
    K6,
    /// Enforcement.
    K7,
    /// Safety: meldcode, Veilig Thuis, secret address.
    K8,
    /// What the child itself said.
    K9,
    /// Audit log.
    K10,
}

/// A set of classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Classes(u16);

impl Classes {
    /// The set of `classes`.
    pub const fn of(classes: &[Class]) -> Self {
        let mut bits = 0;
        let mut at = 0;
        while at < classes.len() {
            bits |= 1 << classes[at] as u16;
            at += 1;
        }
        Self(bits)
    }

    /// Whether a field of `class` may be seen.
    pub const fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u16) != 0
    }

    /// Whether it is at most the register and the envelope of a meeting: nothing of a child.
    pub const fn is_envelope(self) -> bool {
        self.0 & !Self::of(&[Class::K0, Class::K1]).0 == 0
    }

    /// What either allows.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What both allow.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl FromIterator<Class> for Classes {
    fn from_iter<T: IntoIterator<Item = Class>>(classes: T) -> Self {
        classes.into_iter().fold(Self::default(), |all, class| all.or(Self::of(&[class])))
    }
}

impl std::str::FromStr for Classes {
    type Err = strum::ParseError;

    /// The inverse of its display.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_whitespace().map(str::parse::<Class>).collect()
    }
}

impl std::fmt::Display for Classes {
    /// `K1 K2 K3`, as the audit log keeps it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<String> = <Class as strum::IntoEnumIterator>::iter()
            .filter(|class| self.has(*class))
            .map(|class| class.to_string())
            .collect();
        f.write_str(&names.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_it_was_made_of() {
        let set = Classes::of(&[Class::K1, Class::K10]);
        assert!(set.has(Class::K1) && set.has(Class::K10) && !set.has(Class::K2));
        assert_eq!(set.to_string(), "K1 K10");
        assert_eq!("K1 K10".parse(), Ok(set));
        assert!("K1 K11".parse::<Classes>().is_err());
        assert_eq!(set.and(Classes::of(&[Class::K1])).or(Classes::of(&[Class::K3])).to_string(), "K1 K3");
    }
}
