//! How the parents were involved in a step of a case, and how the child was heard about it.

use schakel_domain::{refusal::Language, text::FreeText};

use crate::wire::fields::Fields;

/// What was told of both. A step may be too urgent to ask first, so that neither holds it up; what
/// nobody told is kept as such, so that it shows.
#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(super) struct Voice {
    /// How the parents were informed or involved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parents: Option<String>,
    /// How the child was heard, or why it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub child: Option<String>,
}

impl Voice {
    /// Both as they stand in a request.
    pub(super) fn read(fields: &mut Fields, parents_involved: &str, child_heard: &str) -> Self {
        let parents: Option<FreeText> = fields.parse_if("parents_involved", parents_involved);
        Self::with(fields, parents, child_heard)
    }

    /// The same of a step that must tell how the parents were involved; none when it does not.
    pub(super) fn read_required(
        fields: &mut Fields,
        parents_involved: &str,
        child_heard: &str,
    ) -> Option<Self> {
        let parents: Option<FreeText> = fields.parse("parents_involved", parents_involved);
        let voice = Self::with(fields, parents, child_heard);
        voice.parents.is_some().then_some(voice)
    }

    fn with(fields: &mut Fields, parents: Option<FreeText>, child_heard: &str) -> Self {
        let child: Option<FreeText> = fields.parse_if("child_heard", child_heard);
        let words = |text: FreeText| text.as_str().to_owned();
        Self { parents: parents.map(words), child: child.map(words) }
    }

    /// What the timeline says of it.
    pub(super) fn sentence(&self, language: Language) -> String {
        let (parents, child, nothing) = match language {
            Language::Dutch => ("Ouders", "Kind", "niet verteld."),
            Language::English => ("Parents", "Child", "not told."),
        };
        let told = |text: Option<&str>| ended(text.unwrap_or(nothing));
        format!("{parents}: {} {child}: {}", told(self.parents.as_deref()), told(self.child.as_deref()))
    }
}

/// A sentence that something else follows.
fn ended(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_told_is_said_to_be_so() {
        let told = Voice { parents: Some("Met moeder gebeld".to_owned()), child: None };
        assert_eq!(told.sentence(Language::Dutch), "Ouders: Met moeder gebeld. Kind: niet verteld.");
        let nothing = Voice::default().sentence(Language::English);
        assert_eq!(nothing, "Parents: not told. Child: not told.");
    }
}
