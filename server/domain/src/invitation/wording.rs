//! The letter a participant reads: plain Dutch (B1) first, English below it.

use super::{
    dates,
    forbidden::forbidden_word,
    notices::{Agreed, NoticeKind},
};
use crate::{reference::Reference, refusal::Language, text::Name};

pub mod companion;
mod html;
pub mod poll;
mod sentences;
mod several;

pub use several::{Item, Several, letter_of_several, several_betrays};

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
    format!("Overleg {reference}")
}

/// Writes the letter.
#[must_use]
pub fn letter(wish: &Wish) -> Letter {
    let subject =
        format!("{}: {} – {}", opening(wish.kind), title(wish.reference), dates::short(wish.agreed.start));
    let parts = [Language::Dutch, Language::English].map(|language| sentences::page(wish, language));
    let text = format!("{}\n---\n\n{}", as_text(&parts[0]), as_text(&parts[1]));
    let html = html::document(&subject, &parts);
    Letter { subject, text, html }
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
    let neutral = Wish { recipient: &nobody, reference: Reference::from_random(0), ..*wish };
    let Letter { subject, text, html } = letter(&neutral);
    [subject, text, html].iter().find_map(|part| forbidden_word(part))
}

fn opening(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Invitation => "Uitnodiging",
        NoticeKind::Update => "Gewijzigd",
        NoticeKind::Cancellation => "Afgezegd",
        NoticeKind::Withdrawal => "U hoeft niet te komen",
    }
}

/// One language of a letter, before it is text or HTML.
struct Page {
    language: Language,
    heading: String,
    greeting: String,
    opening: &'static str,
    /// Label and what it says, such as `Wanneer` and a date.
    facts: Vec<(&'static str, String)>,
    /// A sentence that leads to the link, and the link.
    answer: Option<(&'static str, String)>,
    closing: Vec<String>,
    signature: [String; 2],
}

fn as_text(page: &Page) -> String {
    let mut text = format!("{}\n\n{}\n\n{}\n\n", page.heading, page.greeting, page.opening);
    for (label, fact) in &page.facts {
        text.extend([label, ": ", fact, "\n"]);
    }
    text.push('\n');
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

#[cfg(test)]
mod tests;
