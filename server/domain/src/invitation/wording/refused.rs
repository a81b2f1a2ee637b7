//! The letter to who proposed something that cannot be: the meeting stays as it was.

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill, place},
    found_in, heading,
    page::{Fact, Page, compose},
};
use crate::{
    consultation::proposal::Kind,
    invitation::{Agreed, dates},
    reference::Reference,
    refusal::Language,
    text::Name,
};

/// What such a letter is made of.
#[derive(Debug, Clone, Copy)]
pub struct RefusedWish<'a> {
    /// What they proposed.
    pub kind: Kind,
    /// The meeting's own reference.
    pub reference: Reference,
    /// The recipient's own name.
    pub recipient: &'a Name,
    /// Under whose neutral name the region mails.
    pub sender: &'a Name,
    /// When and where the meeting is.
    pub agreed: Agreed,
    /// The page that takes the answer.
    pub link: &'a str,
    /// The number to call, a switchboard.
    pub telephone: Option<&'a str>,
    /// How the recipient reads.
    pub reading: Reading,
}

/// Writes the letter.
#[must_use]
pub fn refused_letter(wish: &RefusedWish) -> Letter {
    let language = wish.reading.first;
    let title = heading(wish.reference, language);
    let subject = fill(&catalogue(language).refused.subject, &[("title", title.as_str())]);
    compose(subject, wish.reading, |language| page(wish, language))
}

/// The first forbidden word in a letter, apart from the recipient's own name and the random
/// reference, as [`super::betrays`].
#[must_use]
pub fn refused_betrays(wish: &RefusedWish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    let neutral = RefusedWish { recipient: &nobody, reference: Reference::from_random(0), ..*wish };
    found_in(&refused_letter(&neutral))
}

fn page(wish: &RefusedWish, language: Language) -> Page {
    let words = catalogue(language);
    let opening = match wish.kind {
        Kind::OtherTime => &words.refused.other_time,
        Kind::SomebodyElse => &words.refused.somebody_else,
    };
    let agreed = &wish.agreed;
    let reference = wish.reference.to_string();
    let mut closing = vec![words.common.privacy.clone()];
    if let Some(telephone) = wish.telephone {
        let values = [("telephone", telephone), ("reference", reference.as_str())];
        closing.push(fill(&words.common.question, &values));
    }
    Page {
        facts: vec![
            Fact::new(&words.common.when, dates::span(agreed.start, agreed.end, language)),
            Fact::new(&words.common.place, place(agreed.place, language)),
        ],
        answer: Some((words.refused.come.as_str(), wish.link.to_owned())),
        closing,
        ..Page::new(language, heading(wish.reference, language), [wish.recipient, wish.sender], opening)
    }
}
