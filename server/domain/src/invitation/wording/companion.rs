//! The letter to somebody whom a participant asked to come along: when and where, and nothing else.

use super::{Letter, Page, as_text, html, sentences::say, title};
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

/// Writes the letter.
#[must_use]
pub fn companion_letter(wish: &CompanionWish) -> Letter {
    let subject = format!("{} – {}", subject(wish.kind), title(wish.reference));
    let parts = [Language::Dutch, Language::English].map(|language| page(wish, language));
    let text = format!("{}\n---\n\n{}", as_text(&parts[0]), as_text(&parts[1]));
    let html = html::document(&subject, &parts);
    Letter { subject, text, html }
}

fn subject(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Invitation => "Komt u mee?",
        NoticeKind::Update => "Gewijzigd",
        NoticeKind::Cancellation | NoticeKind::Withdrawal => "U hoeft niet te komen",
    }
}

fn page(wish: &CompanionWish, language: Language) -> Page {
    let name = wish.recipient.as_str();
    let comes = match wish.kind {
        NoticeKind::Invitation | NoticeKind::Update => true,
        NoticeKind::Cancellation | NoticeKind::Withdrawal => false,
    };
    let agreed = &wish.agreed;
    let mut facts = vec![(say(language, "Wanneer", "When"), dates::span(agreed.start, agreed.end, language))];
    if comes {
        let place = say(language, agreed.place.dutch(), agreed.place.english()).to_owned();
        facts.push((say(language, "Waar", "Where"), place));
    }
    let closing = if comes {
        say(
            language,
            "Kunt u niet? Zeg dat dan tegen degene met wie u meekomt. Die weet ook waar het overleg over gaat.",
            "If you cannot come, please tell the person you come along with. They also know what the meeting is about.",
        )
    } else {
        say(language, "U hoeft niets te doen.", "You do not need to do anything.")
    };
    Page {
        language,
        heading: say(language, title(wish.reference), format!("Meeting {}", wish.reference)),
        greeting: say(language, format!("Beste {name},"), format!("Dear {name},")),
        opening: opening(wish.kind, language),
        facts,
        answer: None,
        closing: vec![closing.to_owned()],
        signature: [
            say(language, "Met vriendelijke groet,", "With regards,").to_owned(),
            wish.sender.as_str().to_owned(),
        ],
    }
}

fn opening(kind: NoticeKind, language: Language) -> &'static str {
    match kind {
        NoticeKind::Invitation => say(
            language,
            "Iemand heeft u gevraagd om mee te komen naar een overleg.",
            "Somebody has asked you to come along to a meeting.",
        ),
        NoticeKind::Update => say(
            language,
            "Het overleg waar u bij meekomt, is gewijzigd. Hieronder staat wat nu geldt.",
            "The meeting to which you come along has changed. Below is what holds now.",
        ),
        NoticeKind::Cancellation | NoticeKind::Withdrawal => say(
            language,
            "U hoeft niet meer mee te komen naar dit overleg.",
            "You no longer need to come along to this meeting.",
        ),
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
