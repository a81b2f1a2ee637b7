//! A letter before it is text or HTML: the same page gives both, so they cannot say different things.

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill},
    html::{self, Look},
};
use crate::{refusal::Language, text::Name};

/// A line of a letter: what is told of it, such as `Wanneer` and a date.
pub(super) struct Fact {
    pub label: &'static str,
    pub says: String,
    /// Where it is answered, when it has a place of its own.
    pub link: Option<String>,
}

impl Fact {
    /// A line without a link.
    pub(super) fn new(label: &'static str, says: impl Into<String>) -> Self {
        Self { label, says: says.into(), link: None }
    }
}

/// One language of a letter.
pub(super) struct Page {
    pub language: Language,
    pub heading: String,
    pub greeting: String,
    pub opening: String,
    pub facts: Vec<Fact>,
    /// A sentence that leads to the link, and the link.
    pub answer: Option<(&'static str, String)>,
    pub closing: Vec<String>,
    pub signature: [String; 2],
}

impl Page {
    /// A page that greets, opens and ends.
    pub(super) fn new(language: Language, heading: String, [to, from]: [&Name; 2], opening: &str) -> Self {
        let common = &catalogue(language).common;
        Self {
            language,
            heading,
            greeting: fill(&common.greeting, &[("recipient", to.as_str())]),
            opening: opening.to_owned(),
            facts: Vec::new(),
            answer: None,
            closing: Vec::new(),
            signature: [common.regards.clone(), from.as_str().to_owned()],
        }
    }
}

/// The whole letter, with the recipient's language first.
pub(super) fn compose(subject: String, reading: Reading, page: impl Fn(Language) -> Page) -> Letter {
    let look = if reading.large_print { Look::LARGE } else { Look::USUAL };
    lay_out(subject, reading, look, page)
}

/// The same in another look.
pub(super) fn lay_out(
    subject: String,
    reading: Reading,
    look: Look,
    page: impl Fn(Language) -> Page,
) -> Letter {
    let pages = reading.languages().map(page);
    let text = format!("{}\n---\n\n{}", as_text(&pages[0]), as_text(&pages[1]));
    let html = html::document(&subject, &pages, look);
    Letter { subject, text, html, first: reading.first }
}

fn as_text(page: &Page) -> String {
    let mut text = format!("{}\n\n{}\n\n{}\n\n", page.heading, page.greeting, page.opening);
    for fact in &page.facts {
        text.extend([fact.label, ": ", &fact.says, "\n"]);
        text.extend(fact.link.iter().flat_map(|link| [link, "\n"]));
    }
    if !page.facts.is_empty() {
        text.push('\n');
    }
    if let Some((sentence, link)) = &page.answer {
        text.extend([sentence, "\n", link, "\n\n"]);
    }
    for sentence in &page.closing {
        text.extend([sentence, "\n"]);
    }
    let [regards, sender] = &page.signature;
    text.extend(["\n", regards, "\n", sender, "\n"]);
    text
}
