//! Every sentence of every letter, in both languages side by side.

use super::{Page, Wish, title};
use crate::{
    invitation::{
        dates,
        notices::{Agreed, NoticeKind},
    },
    refusal::Language,
};

/// Picks the Dutch or the English of a pair.
pub(super) fn say<T>(language: Language, dutch: T, english: T) -> T {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// One language of the letter.
pub(super) fn page(wish: &Wish, language: Language) -> Page {
    let name = wish.recipient.as_str();
    Page {
        language,
        heading: say(language, title(wish.reference), format!("Meeting {}", wish.reference)),
        greeting: say(language, format!("Beste {name},"), format!("Dear {name},")),
        opening: opening(wish.kind, language),
        facts: facts(wish, language),
        answer: answer(wish, language),
        closing: closing(wish, language),
        signature: [
            say(language, "Met vriendelijke groet,", "With regards,").to_owned(),
            wish.sender.as_str().to_owned(),
        ],
    }
}

fn opening(kind: NoticeKind, language: Language) -> &'static str {
    match kind {
        NoticeKind::Invitation => {
            say(language, "U bent uitgenodigd voor een overleg.", "You are invited to a meeting.")
        }
        NoticeKind::Update => say(
            language,
            "Uw overleg is gewijzigd. Hieronder staat wat nu geldt.",
            "Your meeting has changed. Below is what holds now.",
        ),
        NoticeKind::Cancellation => {
            say(language, "Dit overleg gaat niet door.", "This meeting will not take place.")
        }
        NoticeKind::Withdrawal => say(
            language,
            "U hoeft niet meer bij dit overleg te zijn.",
            "You no longer need to be at this meeting.",
        ),
    }
}

fn facts(wish: &Wish, language: Language) -> Vec<(&'static str, String)> {
    let when = |agreed: &Agreed| dates::span(agreed.start, agreed.end, language);
    let place = |agreed: &Agreed| say(language, agreed.place.dutch(), agreed.place.english()).to_owned();
    let is_asked = match wish.kind {
        NoticeKind::Invitation | NoticeKind::Update => true,
        NoticeKind::Cancellation | NoticeKind::Withdrawal => false,
    };
    let mut facts = vec![(say(language, "Wanneer", "When"), when(&wish.agreed))];
    if !is_asked {
        return facts;
    }
    let before = wish.before.filter(|_| wish.kind == NoticeKind::Update);
    if let Some(before) = before.filter(|before| when(before) != facts[0].1) {
        facts.push((say(language, "Eerder was dat", "This was"), when(&before)));
    }
    facts.push((say(language, "Waar", "Where"), place(&wish.agreed)));
    if let Some(before) = before.filter(|before| before.place != wish.agreed.place) {
        facts.push((say(language, "Eerder was dat", "This was"), place(&before)));
    }
    facts
}

fn answer(wish: &Wish, language: Language) -> Option<(&'static str, String)> {
    let sentence = match wish.kind {
        NoticeKind::Invitation => say(
            language,
            "Komt u? Geef uw antwoord op deze pagina. Kunt u niet? Kies dan ‘Nee’, of bel ons voor een ander tijdstip.",
            "Will you come? Please answer on this page. If you cannot, choose ‘No’, or call us about another time.",
        ),
        NoticeKind::Update => say(
            language,
            "Komt u ook nu? Geef uw antwoord op deze pagina. Kunt u niet? Kies dan ‘Nee’, of bel ons voor een ander tijdstip.",
            "Can you still come? Please answer on this page. If you cannot, choose ‘No’, or call us about another time.",
        ),
        NoticeKind::Cancellation | NoticeKind::Withdrawal => return None,
    };
    Some((sentence, wish.link.to_owned()))
}

fn closing(wish: &Wish, language: Language) -> Vec<String> {
    let mut closing = vec![match wish.kind {
        NoticeKind::Invitation | NoticeKind::Update => say(
            language,
            "In deze mail en op die pagina staat niet waar het overleg over gaat. Zo beschermen wij uw privacy.",
            "Neither this e-mail nor that page says what the meeting is about. That protects your privacy.",
        ),
        NoticeKind::Cancellation | NoticeKind::Withdrawal => say(
            language,
            "U hoeft niets te doen. Staat de afspraak nog in uw agenda? Haal hem er dan uit.",
            "You do not need to do anything. If the meeting is still in your calendar, please remove it.",
        ),
    }
    .to_owned()];
    if let Some(telephone) = wish.telephone {
        let reference = wish.reference;
        closing.push(say(
            language,
            format!("Hebt u een vraag? Bel {telephone} en noem {reference}."),
            format!("Do you have a question? Call {telephone} and mention {reference}."),
        ));
    }
    closing
}
