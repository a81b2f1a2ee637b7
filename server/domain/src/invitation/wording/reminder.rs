//! The letter that reminds somebody of a meeting that they know of.

use super::{
    Letter, Wish,
    catalogue::{catalogue, fill},
    found_in, heading, meeting, neutral,
    page::{Page, compose},
};
use crate::{consultation::Answer, invitation::dates, refusal::Language};

/// Writes it to who gave `answer`. What the wish says was before is not looked at.
#[must_use]
pub fn reminder_letter(wish: &Wish, answer: Answer) -> Letter {
    let first = wish.reading.first;
    let (what, when) = (&catalogue(first).reminder.subject, dates::short(wish.agreed.start, first));
    let subject = format!("{what}: {} – {when}", heading(wish.reference, first));
    compose(subject, wish.reading, |language| page(wish, answer, language))
}

fn page(wish: &Wish, answer: Answer, language: Language) -> Page {
    let words = &catalogue(language).reminder;
    let sentence = match answer {
        Answer::NeedsAction | Answer::Tentative => &words.answer,
        Answer::Accepted | Answer::Declined => &words.cannot,
    };
    let common = &catalogue(language).common;
    let mut closing = Vec::new();
    if wish.reading.interpreter {
        closing.push(common.interpreter.clone());
    }
    closing.push(common.privacy.clone());
    if let Some(telephone) = wish.telephone {
        let reference = wish.reference.to_string();
        let values = [("telephone", telephone), ("reference", reference.as_str())];
        closing.push(fill(&common.question, &values));
    }
    let parties = [wish.recipient, wish.sender];
    Page {
        facts: meeting::facts(wish, language),
        answer: Some((sentence.as_str(), wish.link.to_owned())),
        closing,
        ..Page::new(language, heading(wish.reference, language), parties, &words.opening)
    }
}

/// The first forbidden word in it, apart from the recipient's own name and the random reference.
#[must_use]
pub fn reminder_betrays(wish: &Wish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    found_in(&reminder_letter(&neutral(wish, &nobody), Answer::NeedsAction))
}
