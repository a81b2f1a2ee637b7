//! What the register says of people beside their roles: languages, and what they offer to others.

use std::{fmt, str::FromStr};

use crate::refusal::Refusal;

/// A language as BCP 47 writes it, in lower case: `nl`, `ar`, `pt-br`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LanguageTag(String);

/// RFC 5646 §4.4.1: 35 characters hold every tag that is in use.
const LONGEST_TAG: usize = 35;

impl LanguageTag {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LanguageTag {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let mut parts = text.split('-');
        let first = parts.next().unwrap_or_default();
        let language = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
        let subtag =
            |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if text.len() > LONGEST_TAG || !language || !parts.all(subtag) {
            return Err(Refusal::FieldInvalid);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A subject on which somebody is an expert, as the region spells it: `AUTISME`, `DYSLEXIE`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Topic(String);

impl Topic {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Topic {
    type Err = Refusal;

    /// Two to forty letters, digits, `_` and `-`, in whatever case.
    fn from_str(text: &str) -> Result<Self, Refusal> {
        let fits = (2..=40).contains(&text.len());
        if !fits || !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
            return Err(Refusal::FieldInvalid);
        }
        Ok(Self(text.to_ascii_uppercase()))
    }
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// To whom an expertise is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Audience {
    /// The schools of the clusters that the offering school is in.
    Cluster,
    /// Every school of the region.
    Region,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_written_in_one_way() {
        for (text, tag) in [("nl", "nl"), ("AR", "ar"), ("pt-BR", "pt-br"), ("ber-Tfng", "ber-tfng")] {
            assert_eq!(text.parse::<LanguageTag>().unwrap().as_str(), tag);
        }
        for wrong in ["", "n", "Arabisch", "nl_NL", "nl-", "1l", "nl-123456789"] {
            assert_eq!(wrong.parse::<LanguageTag>(), Err(Refusal::FieldInvalid), "{wrong}");
        }
    }

    #[test]
    fn a_topic_is_a_word() {
        assert_eq!("autisme".parse::<Topic>().unwrap().as_str(), "AUTISME");
        for wrong in ["", "A", "twee woorden", "é"] {
            assert_eq!(wrong.parse::<Topic>(), Err(Refusal::FieldInvalid), "{wrong}");
        }
    }
}
