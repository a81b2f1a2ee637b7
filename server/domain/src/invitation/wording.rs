//! The letters that people read: plain Dutch (B1) and English, the recipient's language first.

use super::{
    forbidden::forbidden_word,
    notices::{Agreed, NoticeKind},
};
use crate::{availability::Wishes, reference::Reference, refusal::Language, text::Name};

mod catalogue;
pub mod companion;
pub mod confirm;
mod html;
mod meeting;
pub mod notice;
mod page;
pub mod paper;
pub mod plain_language;
pub mod poll;
pub mod preview;
pub mod refused;
pub mod reminder;
mod several;
pub mod survey;
pub mod tasks;

pub use several::{Item, Several, letter_of_several, several_betrays};

use self::{
    catalogue::{catalogue, fill},
    meeting::Medium,
    page::compose,
};

/// How somebody reads: which language first, how large, and whether an interpreter comes for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// The language that stands first; the other follows.
    pub first: Language,
    /// Whether they asked for large print.
    pub large_print: bool,
    /// Whether they asked for an interpreter and one sits at the table.
    pub interpreter: bool,
}

impl Reading {
    /// How whoever is registered with the language `tag` (BCP 47) reads, by what they wished if
    /// they did. Dutch stands first for every language but English: letters have no third one.
    #[must_use]
    pub fn of(tag: &str, wishes: Option<&Wishes>, interpreter_comes: bool) -> Self {
        let own = wishes.map(|wishes| wishes.language.as_str()).filter(|own| !own.is_empty());
        let tag = own.unwrap_or(tag);
        let primary = tag.split('-').next().unwrap_or_default();
        Self {
            first: if primary.eq_ignore_ascii_case("en") { Language::English } else { Language::Dutch },
            large_print: wishes.is_some_and(|wishes| wishes.large_print),
            interpreter: interpreter_comes && wishes.is_some_and(|wishes| wishes.interpreter),
        }
    }

    fn languages(self) -> [Language; 2] {
        match self.first {
            Language::Dutch => [Language::Dutch, Language::English],
            Language::English => [Language::English, Language::Dutch],
        }
    }
}

/// What a letter is made of. There is no field for who else comes or what it is about.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Which letter.
    pub kind: NoticeKind,
    /// The meeting's own reference, never that of a case.
    pub reference: Reference,
    /// The recipient's own name.
    pub recipient: &'a Name,
    /// Under whose neutral name the region mails.
    pub sender: &'a Name,
    /// When and where; for a meeting that is off, when it would have been.
    pub agreed: Agreed,
    /// What the recipient was told before, in an [`NoticeKind::Update`].
    pub before: Option<Agreed>,
    /// The page that takes the answer; `https`.
    pub link: &'a str,
    /// The number to call, a switchboard.
    pub telephone: Option<&'a str>,
    /// How the recipient reads.
    pub reading: Reading,
}

/// A mail without its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line; not yet encoded for a header (RFC 2047).
    pub subject: String,
    /// Lines end in `\n`.
    pub text: String,
    /// A whole document, in UTF-8; nothing in it is fetched from elsewhere.
    pub html: String,
    /// Which language stands first.
    pub first: Language,
}

impl Letter {
    /// `Content-Language` (RFC 3282): both, in their order.
    #[must_use]
    pub fn languages(&self) -> &'static str {
        match self.first {
            Language::Dutch => "nl, en",
            Language::English => "en, nl",
        }
    }
}

/// The texts of the calendar part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarTexts {
    /// `SUMMARY`.
    pub summary: String,
    /// `DESCRIPTION`.
    pub description: String,
    /// `LOCATION`.
    pub location: String,
}

/// The one title a meeting has outside the program.
#[must_use]
pub fn title(reference: Reference) -> String {
    heading(reference, Language::Dutch)
}

/// The title in the language of a page.
fn heading(reference: Reference, language: Language) -> String {
    fill(&catalogue(language).common.title, &[("reference", reference.to_string().as_str())])
}

/// Writes the letter.
#[must_use]
pub fn letter(wish: &Wish) -> Letter {
    let subject = meeting::subject(wish);
    compose(subject, wish.reading, |language| meeting::page(wish, Medium::Mail, language))
}

/// Writes the texts of the calendar part, for the meeting as it stands.
#[must_use]
pub fn calendar_texts(wish: &Wish) -> CalendarTexts {
    let description = match wish.kind {
        NoticeKind::Invitation | NoticeKind::Update => {
            format!("Antwoorden en meer lezen: {link}\nAnswer and read more: {link}", link = wish.link)
        }
        NoticeKind::Cancellation | NoticeKind::Withdrawal => String::new(),
    };
    CalendarTexts {
        summary: title(wish.reference),
        description,
        location: wish.agreed.place.dutch().to_owned(),
    }
}

/// The first forbidden word in a letter, apart from the recipient's own name and the
/// random reference, which may spell one by chance (`Opp`, `JGZ-…`) and tell nothing.
#[must_use]
pub fn betrays(wish: &Wish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    found_in(&letter(&neutral(wish, &nobody)))
}

/// The letter without what may spell a word by chance.
fn neutral<'a>(wish: &Wish<'a>, nobody: &'a Name) -> Wish<'a> {
    Wish { recipient: nobody, reference: Reference::from_random(0), ..*wish }
}

fn found_in(letter: &Letter) -> Option<&'static str> {
    let Letter { subject, text, html, first: _ } = letter;
    [subject, text, html].into_iter().find_map(|part| forbidden_word(part))
}

#[cfg(test)]
mod tests;
