//! The letter about several meetings at once: a line for each, with its own link to answer.

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill, place},
    found_in,
    page::{Fact, Page, compose},
};
use crate::{
    invitation::{
        dates,
        notices::{Agreed, NoticeKind},
    },
    reference::Reference,
    refusal::Language,
    text::Name,
};

/// What a letter about several meetings is made of.
#[derive(Debug, Clone, Copy)]
pub struct Several<'a> {
    /// The recipient's own name.
    pub recipient: &'a Name,
    /// Under whose neutral name the region mails.
    pub sender: &'a Name,
    /// The meetings, by start; never empty.
    pub items: &'a [Item<'a>],
    /// The number to call, a switchboard.
    pub telephone: Option<&'a str>,
    /// How the recipient reads.
    pub reading: Reading,
}

/// One of the meetings.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// What is said of it.
    pub kind: NoticeKind,
    /// Its own reference.
    pub reference: Reference,
    /// When and where; for a meeting that is off, when it would have been.
    pub agreed: Agreed,
    /// The page that takes the answer; `https`.
    pub link: &'a str,
}

/// Writes the letter.
#[must_use]
pub fn letter_of_several(several: &Several) -> Letter {
    let language = several.reading.first;
    let words = catalogue(language);
    // Of several things at once, the subject says that something changed.
    let what = words.meeting.subject.of(only(several).unwrap_or(NoticeKind::Update));
    let count = several.items.len().to_string();
    let first = several.items.first().map(|item| dates::short(item.agreed.start, language));
    let first = first.unwrap_or_default();
    let values = [("what", what), ("count", count.as_str()), ("date", first.as_str())];
    let subject = fill(&words.several.subject, &values);
    compose(subject, several.reading, |language| page(several, language))
}

/// The first forbidden word in the letter, apart from the recipient's own name, the random
/// references and the random part of the links.
#[must_use]
pub fn several_betrays(several: &Several) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    let bare = |item: &Item| -> String { item.link.rsplit_once('/').map_or("", |(host, _)| host).to_owned() };
    let hosts: Vec<String> = several.items.iter().map(bare).collect();
    let items: Vec<Item> = several
        .items
        .iter()
        .zip(&hosts)
        .map(|(item, host)| Item { reference: Reference::from_random(0), link: host, ..*item })
        .collect();
    let neutral = Several { recipient: &nobody, items: &items, ..*several };
    found_in(&letter_of_several(&neutral))
}

/// The one thing that is said of all, if it is one.
fn only(several: &Several) -> Option<NoticeKind> {
    let first = several.items.first()?.kind;
    several.items.iter().all(|item| item.kind == first).then_some(first)
}

fn page(several: &Several, language: Language) -> Page {
    let words = &catalogue(language).several;
    let mut closing = vec![words.links.clone(), words.privacy.clone()];
    if let Some(telephone) = several.telephone {
        closing.push(fill(&words.question, &[("telephone", telephone)]));
    }
    let opening = match only(several) {
        Some(NoticeKind::Invitation) => &words.invited,
        Some(NoticeKind::Cancellation) => &words.off,
        Some(NoticeKind::Update | NoticeKind::Withdrawal) | None => &words.changed,
    };
    Page {
        facts: several.items.iter().map(|item| fact(item, language)).collect(),
        closing,
        ..Page::new(language, words.heading.clone(), [several.recipient, several.sender], opening)
    }
}

fn fact(item: &Item, language: Language) -> Fact {
    let when = dates::span(item.agreed.start, item.agreed.end, language);
    let reference = item.reference;
    let label = catalogue(language).several.label.of(item.kind);
    match item.kind {
        NoticeKind::Invitation | NoticeKind::Update => {
            let says = format!("{when}, {} ({reference})", place(item.agreed.place, language));
            Fact { label, says, link: Some(item.link.to_owned()) }
        }
        NoticeKind::Cancellation | NoticeKind::Withdrawal => {
            Fact::new(label, format!("{when} ({reference})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consultation::Place;

    #[test]
    fn each_meeting_has_its_line_and_nothing_is_betrayed() {
        let at = |text: &str| text.parse().unwrap();
        let agreed = Agreed {
            start: at("2026-11-24T12:00:00Z"),
            end: at("2026-11-24T13:00:00Z"),
            place: Place::School,
        };
        let name = |text: &str| text.parse::<Name>().unwrap();
        let item = |bits, kind| Item {
            kind,
            reference: Reference::from_random(bits),
            agreed,
            link: "https://schakel.example/r/abc",
        };
        let items = [item(1, NoticeKind::Invitation), item(9_999_999, NoticeKind::Invitation)];
        let (recipient, sender) = (name("Femke Groen"), name("Overleg"));
        let several = Several {
            recipient: &recipient,
            sender: &sender,
            items: &items,
            telephone: None,
            reading: Reading::default(),
        };
        let letter = letter_of_several(&several);
        assert_eq!(several_betrays(&several), None);
        assert_eq!(letter.subject, "Uitnodiging: 2 keer overleg – vanaf di 24 nov 2026 13:00");
        assert_eq!(letter.text.matches("https://schakel.example/r/abc").count(), 4, "two languages");
        assert_eq!(letter.html.matches("href=\"https://schakel.example/r/abc\"").count(), 4);
        assert!(items.iter().all(|item| letter.text.contains(&item.reference.to_string())));
        let mixed = [items[0], item(7, NoticeKind::Cancellation)];
        let letter = letter_of_several(&Several { items: &mixed, ..several });
        assert!(letter.subject.starts_with("Gewijzigd: 2 keer"), "{}", letter.subject);
        assert!(letter.text.contains("Gaat niet door: dinsdag 24 november 2026"));
    }
}
