//! Whether Dutch is plain (B1), as far as it can be counted.
//!
//! The measures of plain-language guides for Dutch authorities: short sentences, usual words, "u"
//! and who does it. They find what is certainly too hard; that a person understands a letter only
//! a person can say.

/// The most words in one sentence.
pub const MOST_WORDS: usize = 15;
/// The most words in a sentence on average.
pub const MOST_ON_AVERAGE: usize = 12;

/// Words of offices, for which there is a plainer one.
const HARD: &[&str] = &[
    "aangaande",
    "aanvang",
    "alsmede",
    "annuleren",
    "betreffende",
    "bovenstaande",
    "conform",
    "deelnemer",
    "deelnemers",
    "derhalve",
    "desalniettemin",
    "desgewenst",
    "dient",
    "dienen",
    "doch",
    "echter",
    "evaluatie",
    "faciliteren",
    "gelieve",
    "geschieden",
    "hierbij",
    "hieromtrent",
    "implementeren",
    "indien",
    "inzake",
    "jegens",
    "middels",
    "nochtans",
    "omtrent",
    "onderhavige",
    "onderstaande",
    "optimaliseren",
    "participeren",
    "reeds",
    "respons",
    "teneinde",
    "tevens",
    "uiterlijk",
    "verstrekken",
    "voornemens",
    "voornoemd",
    "wijziging",
    "zulks",
];

/// Words for a friend, not for whom we say "u" to.
const FAMILIAR: &[&str] = &["je", "jij", "jou", "jouw", "jullie", "hoi"];

/// By which it is hidden who does something.
const PASSIVE: &[&str] = &["word", "wordt", "worden", "werd", "werden"];

/// What is not plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A sentence of more than [`MOST_WORDS`].
    LongSentence(String),
    /// More than [`MOST_ON_AVERAGE`] words in a sentence.
    LongOnAverage,
    /// A word of offices.
    HardWord(String),
    /// Not "u".
    Familiar(String),
    /// Nobody does it.
    Passive(String),
}

/// Everything in `text` that is not plain; empty when nothing is. A line is at least a sentence.
#[must_use]
pub fn plain_language(text: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    let (mut sentences, mut all) = (0, 0);
    for sentence in text.lines().flat_map(sentences_of) {
        let words = words(sentence);
        if words.is_empty() {
            continue;
        }
        sentences += 1;
        all += words.len();
        if words.len() > MOST_WORDS {
            faults.push(Fault::LongSentence(sentence.trim().to_owned()));
        }
        for word in words {
            if HARD.contains(&word.as_str()) {
                faults.push(Fault::HardWord(word));
            } else if FAMILIAR.contains(&word.as_str()) {
                faults.push(Fault::Familiar(word));
            } else if PASSIVE.contains(&word.as_str()) {
                faults.push(Fault::Passive(word));
            }
        }
    }
    if all > sentences * MOST_ON_AVERAGE {
        faults.push(Fault::LongOnAverage);
    }
    faults
}

/// A mark ends a sentence only before a space or at the end: `10.30` and `a.b` are words.
fn sentences_of(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begin = 0;
    for (at, mark) in line.match_indices(['.', '?', '!']) {
        let end = at + mark.len();
        if line[end..].is_empty() || line[end..].starts_with(' ') {
            found.push(&line[begin..end]);
            begin = end;
        }
    }
    found.push(&line[begin..]);
    found
}

fn words(sentence: &str) -> Vec<String> {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    sentence.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_has_no_fault() {
        assert_eq!(plain_language("Komt u om 10.30 uur? Geef uw antwoord op deze pagina."), []);
        assert_eq!(plain_language(""), []);
        assert_eq!(plain_language("Bel 0123 - 456 789 en noem K7Q."), []);
    }

    #[test]
    fn each_fault_is_found() {
        let long =
            "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien.";
        assert_eq!(plain_language(long), [Fault::LongSentence(long.to_owned()), Fault::LongOnAverage]);
        let thirteen = "een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien.";
        assert_eq!(plain_language(thirteen), [Fault::LongOnAverage]);
        assert_eq!(plain_language(&format!("{thirteen} Kort. Nog een.")), []);
        assert_eq!(plain_language("Indien het kan."), [Fault::HardWord("indien".to_owned())]);
        assert_eq!(plain_language("Kom je?"), [Fault::Familiar("je".to_owned())]);
        assert_eq!(plain_language("U wordt gebeld."), [Fault::Passive("wordt".to_owned())]);
    }
}
