//! The letter to whoever a mail says it is from, when nobody vouches for that: the page will do.

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill},
    heading,
    page::{Page, compose},
};
use crate::{reference::Reference, text::Name};

/// Writes it; `link` is the person's own, to the page of the invitation.
#[must_use]
pub fn confirm_letter(
    [recipient, sender]: [&Name; 2],
    reading: Reading,
    reference: Reference,
    link: &str,
) -> Letter {
    let title = heading(reference, reading.first);
    let subject = fill(&catalogue(reading.first).confirm.subject, &[("title", title.as_str())]);
    compose(subject, reading, |language| {
        let words = &catalogue(language).confirm;
        Page {
            answer: Some((words.answer.as_str(), link.to_owned())),
            closing: vec![words.not_you.clone(), catalogue(language).common.privacy.clone()],
            ..Page::new(language, heading(reference, language), [recipient, sender], &words.opening)
        }
    })
}
