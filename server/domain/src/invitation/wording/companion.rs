//! The letter to somebody whom a participant asked to come along: when and where, and nothing else.

use super::{
    Letter, Reading,
    catalogue::{catalogue, place},
    heading,
    page::{Fact, Page, compose},
};
use crate::{
    invitation::{Agreed, NoticeKind, dates},
    reference::Reference,
    refusal::Language,
    text::Name,
};

/// What such a letter is made of. It does not say with whom: that is known to who is asked.
#[derive(Debug, Clone, Copy)]
pub struct CompanionWish<'a> {
    /// What the participant is told at the same time.
    pub kind: NoticeKind,
    /// The meeting's own reference.
    pub reference: Reference,
    /// The recipient's own name.
    pub recipient: &'a Name,
    /// Under whose neutral name the region mails.
    pub sender: &'a Name,
    /// When and where.
    pub agreed: Agreed,
}

/// Writes the letter. Nobody knows how such a person reads: Dutch first.
#[must_use]
pub fn companion_letter(wish: &CompanionWish) -> Letter {
    let reading = Reading::default();
    let what = catalogue(reading.first).companion.subject.of(wish.kind);
    let subject = format!("{what} – {}", heading(wish.reference, reading.first));
    compose(subject, reading, |language| page(wish, language))
}

fn page(wish: &CompanionWish, language: Language) -> Page {
    let catalogue = catalogue(language);
    let comes = match wish.kind {
        NoticeKind::Invitation | NoticeKind::Update => true,
        NoticeKind::Cancellation | NoticeKind::Withdrawal => false,
    };
    let agreed = &wish.agreed;
    let mut facts = vec![Fact::new(&catalogue.common.when, dates::span(agreed.start, agreed.end, language))];
    if comes {
        facts.push(Fact::new(&catalogue.common.place, place(agreed.place, language)));
    }
    let closing = if comes { &catalogue.companion.cannot } else { &catalogue.common.nothing_to_do };
    let opening = catalogue.companion.opening.of(wish.kind);
    Page {
        facts,
        closing: vec![closing.clone()],
        ..Page::new(language, heading(wish.reference, language), [wish.recipient, wish.sender], opening)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{consultation::Place, invitation::forbidden_word};

    #[test]
    fn who_comes_along_reads_when_and_where_and_not_with_whom() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        let kinds =
            [NoticeKind::Invitation, NoticeKind::Update, NoticeKind::Cancellation, NoticeKind::Withdrawal];
        for kind in kinds {
            let letter = companion_letter(&CompanionWish {
                kind,
                reference: Reference::from_random(7),
                recipient: &name("Wendelmoet Xantippe"),
                sender: &name("Overleg"),
                agreed: Agreed {
                    start: "2026-11-24T09:00:00Z".parse().unwrap(),
                    end: "2026-11-24T10:00:00Z".parse().unwrap(),
                    place: Place::School,
                },
            });
            for part in [&letter.subject, &letter.text, &letter.html] {
                assert_eq!(forbidden_word(part), None, "{part}");
            }
            assert!(letter.text.contains("dinsdag 24 november 2026, 10:00–11:00 uur"));
            assert!(!letter.subject.contains("Wendelmoet"));
        }
    }
}
