//! The sentences of all letters: a file for each language, read once.
//!
//! The type names every sentence, so that a language that lacks one, or has one too many, cannot
//! be read; the tests read both and compare what is filled in.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::{
    consultation::{Place, poll},
    invitation::notices::NoticeKind,
    refusal::Language,
};

const NL: &str = include_str!("nl.toml");
const EN: &str = include_str!("en.toml");

static DUTCH: LazyLock<Catalogue> = LazyLock::new(|| read(NL));
static ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| read(EN));

fn read(text: &str) -> Catalogue {
    toml::from_str(text).expect("the catalogues are part of the program, and a test reads them")
}

/// The sentences of a language.
pub(super) fn catalogue(language: Language) -> &'static Catalogue {
    match language {
        Language::Dutch => &DUTCH,
        Language::English => &ENGLISH,
    }
}

/// Where a meeting is, in a language.
pub(super) fn place(place: Place, language: Language) -> &'static str {
    match language {
        Language::Dutch => place.dutch(),
        Language::English => place.english(),
    }
}

/// `sentence` with what stands in braces filled in, once: a value is never read as a sentence.
pub(super) fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        out.push_str(before);
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.extend(["{", name, "}"]),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// A sentence for each thing that is told of a meeting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kinds {
    pub invitation: String,
    pub update: String,
    pub cancellation: String,
    pub withdrawal: String,
}

impl Kinds {
    /// That of `kind`.
    pub(super) fn of(&self, kind: NoticeKind) -> &str {
        match kind {
            NoticeKind::Invitation => &self.invitation,
            NoticeKind::Update => &self.update,
            NoticeKind::Cancellation => &self.cancellation,
            NoticeKind::Withdrawal => &self.withdrawal,
        }
    }
}

/// A sentence for each thing that is told of a time proposal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moments {
    pub ask: String,
    pub remind: String,
    pub release: String,
    pub note: String,
}

impl Moments {
    /// That of `notice`.
    pub(super) fn of(&self, notice: poll::Notice) -> &str {
        match notice {
            poll::Notice::Ask => &self.ask,
            poll::Notice::Remind => &self.remind,
            poll::Notice::Release => &self.release,
            poll::Notice::Note => &self.note,
        }
    }
}

/// All sentences of a language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Catalogue {
    pub common: Common,
    pub meeting: Meeting,
    pub paper: Paper,
    pub several: Several,
    pub companion: Companion,
    pub poll: Poll,
    pub code: Code,
    pub changed: Changed,
    pub confirm: Confirm,
    pub refused: Refused,
    pub notice: Notice,
    pub reminder: Reminder,
    pub tasks: Tasks,
    pub survey: Survey,
}

/// What many letters say.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Common {
    pub title: String,
    pub greeting: String,
    pub regards: String,
    pub when: String,
    pub place: String,
    pub earlier: String,
    pub nothing_to_do: String,
    pub question: String,
    pub interpreter: String,
    pub privacy: String,
}

/// The letters about one meeting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meeting {
    pub take_out: String,
    pub come: String,
    pub still_come: String,
    pub subject: Kinds,
    pub opening: Kinds,
}

/// What the same letters say on paper instead.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Paper {
    pub come: String,
    pub still_come: String,
    pub picture: String,
    pub call: String,
    pub say: String,
    pub privacy: String,
}

/// The letter about several meetings.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Several {
    pub subject: String,
    pub heading: String,
    pub links: String,
    pub privacy: String,
    pub question: String,
    pub invited: String,
    pub off: String,
    pub changed: String,
    pub label: Kinds,
}

/// The letter to who comes along.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Companion {
    pub cannot: String,
    pub subject: Kinds,
    pub opening: Kinds,
}

/// The letters of a time proposal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Poll {
    pub possible: String,
    pub deadline: String,
    pub choose: String,
    pub sign_in: String,
    pub none_suits: String,
    pub subject: Moments,
    pub opening: Moments,
}

/// The letter with a code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Code {
    pub subject: String,
    pub heading: String,
    pub opening: String,
    pub label: String,
    #[serde(rename = "use")]
    pub usage: String,
    pub not_you: String,
}

/// The letter that says that an answer was changed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Changed {
    pub subject: String,
    pub opening: String,
    pub was_you: String,
    pub call: String,
    pub call_us: String,
    pub keep: String,
}

/// The letter that asks whether a mail was somebody's.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Confirm {
    pub subject: String,
    pub opening: String,
    pub answer: String,
    pub not_you: String,
}

/// The letter that says that what somebody proposed cannot be.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refused {
    pub subject: String,
    pub other_time: String,
    pub somebody_else: String,
    pub come: String,
}

/// The letter that says that there is something to read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notice {
    pub subject: String,
    pub heading: String,
    pub opening: String,
    pub sign_in: String,
}

/// The letter that says how much there is to do.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tasks {
    pub subject: String,
    pub heading: String,
    pub one: String,
    pub several: String,
    pub sign_in: String,
    pub privacy: String,
}

/// The letters that ask a school to answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Survey {
    pub subject: String,
    pub subject_again: String,
    pub heading: String,
    pub opening: String,
    pub opening_again: String,
    pub until: String,
    pub sign_in: String,
    pub privacy: String,
}

/// The letter that reminds of a meeting.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reminder {
    pub subject: String,
    pub opening: String,
    pub answer: String,
    pub cannot: String,
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::invitation::{forbidden_word, wording::plain_language::plain_language};

    fn leaves(path: &str, value: &toml::Value, found: &mut BTreeMap<String, String>) {
        if let Some(text) = value.as_str() {
            found.insert(path.to_owned(), text.to_owned());
            return;
        }
        for (name, inner) in value.as_table().unwrap() {
            leaves(&format!("{path}.{name}"), inner, found);
        }
    }

    /// Every sentence of a file by the path of its key.
    fn sentences(text: &str) -> BTreeMap<String, String> {
        let table: toml::Table = toml::from_str(text).unwrap();
        let mut found = BTreeMap::new();
        leaves("", &toml::Value::Table(table), &mut found);
        found
    }

    fn placeholders(sentence: &str) -> BTreeSet<&str> {
        sentence.split('{').skip(1).map(|rest| rest.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn both_languages_have_the_same_sentences_with_the_same_things_to_fill_in() {
        let (dutch, english) = (sentences(NL), sentences(EN));
        assert_eq!(dutch.keys().collect::<Vec<_>>(), english.keys().collect::<Vec<_>>());
        assert!(dutch.len() > 50, "{}", dutch.len());
        for (key, sentence) in &dutch {
            assert_eq!(placeholders(sentence), placeholders(&english[key]), "{key}");
        }
        for (key, sentence) in dutch.iter().chain(&english) {
            assert!(!sentence.trim().is_empty() && sentence.trim() == sentence, "{key}");
            assert_eq!(forbidden_word(sentence), None, "{key}");
        }
        assert_eq!(catalogue(Language::Dutch).common.when, "Wanneer");
        assert_eq!(catalogue(Language::English).common.when, "When");
    }

    #[test]
    fn every_sentence_is_plain_dutch() {
        let values =
            ["title", "recipient", "reference", "telephone", "what", "count", "date", "sender", "minutes"];
        let values = values.map(|name| (name, "X"));
        let all: Vec<String> = sentences(NL).values().map(|sentence| fill(sentence, &values)).collect();
        for sentence in &all {
            assert!(!sentence.contains(['{', '}']), "{sentence}");
            assert_eq!(plain_language(sentence), [], "{sentence}");
        }
        assert_eq!(plain_language(&all.join("\n")), [], "on average");
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        assert_eq!(fill("{a} en {b}", &[("a", "{b}"), ("b", "2")]), "{b} en 2");
        assert_eq!(fill("{c} {a", &[("a", "1")]), "{c} {a");
        assert_eq!(fill("", &[]), "");
    }
}
