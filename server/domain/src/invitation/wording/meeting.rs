//! What the letters about one meeting are made of, in a mail and on paper.

use super::{
    Wish,
    catalogue::{catalogue, fill, place},
    heading,
    page::{Fact, Page},
};
use crate::{
    invitation::{
        dates,
        notices::{Agreed, NoticeKind},
    },
    refusal::Language,
};

/// On what it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Medium {
    /// A mail, with a link to click on.
    Mail,
    /// A sheet, with a picture to scan.
    Paper,
}

/// The subject: what happens, which meeting, when.
pub(super) fn subject(wish: &Wish) -> String {
    let language = wish.reading.first;
    let what = catalogue(language).meeting.subject.of(wish.kind);
    format!("{what}: {} – {}", heading(wish.reference, language), dates::short(wish.agreed.start, language))
}

/// One language of the letter.
pub(super) fn page(wish: &Wish, medium: Medium, language: Language) -> Page {
    let opening = catalogue(language).meeting.opening.of(wish.kind);
    let parties = [wish.recipient, wish.sender];
    Page {
        facts: facts(wish, language),
        answer: answer(wish, medium, language),
        closing: closing(wish, medium, language),
        ..Page::new(language, heading(wish.reference, language), parties, opening)
    }
}

fn is_asked(kind: NoticeKind) -> bool {
    match kind {
        NoticeKind::Invitation | NoticeKind::Update => true,
        NoticeKind::Cancellation | NoticeKind::Withdrawal => false,
    }
}

/// When and where, and before an update what it was.
pub(super) fn facts(wish: &Wish, language: Language) -> Vec<Fact> {
    let when = |agreed: &Agreed| dates::span(agreed.start, agreed.end, language);
    let place = |agreed: &Agreed| place(agreed.place, language);
    let common = &catalogue(language).common;
    let mut facts = vec![Fact::new(&common.when, when(&wish.agreed))];
    if !is_asked(wish.kind) {
        return facts;
    }
    let before = wish.before.filter(|_| wish.kind == NoticeKind::Update);
    if let Some(before) = before.filter(|before| when(before) != facts[0].says) {
        facts.push(Fact::new(&common.earlier, when(&before)));
    }
    facts.push(Fact::new(&common.place, place(&wish.agreed)));
    if let Some(before) = before.filter(|before| before.place != wish.agreed.place) {
        facts.push(Fact::new(&common.earlier, place(&before)));
    }
    facts
}

fn answer(wish: &Wish, medium: Medium, language: Language) -> Option<(&'static str, String)> {
    let catalogue = catalogue(language);
    let (come, still_come) = match medium {
        Medium::Mail => (&catalogue.meeting.come, &catalogue.meeting.still_come),
        Medium::Paper => (&catalogue.paper.come, &catalogue.paper.still_come),
    };
    let sentence = match wish.kind {
        NoticeKind::Invitation => come,
        NoticeKind::Update => still_come,
        NoticeKind::Cancellation | NoticeKind::Withdrawal => return None,
    };
    Some((sentence.as_str(), wish.link.to_owned()))
}

fn closing(wish: &Wish, medium: Medium, language: Language) -> Vec<String> {
    let catalogue = catalogue(language);
    let asked = is_asked(wish.kind);
    let reference = wish.reference.to_string();
    let call = |sentence: &str, telephone: &str| {
        fill(sentence, &[("telephone", telephone), ("reference", reference.as_str())])
    };
    let mut closing = Vec::new();
    if asked && wish.reading.interpreter {
        closing.push(catalogue.common.interpreter.clone());
    }
    match (medium, asked) {
        (Medium::Mail, true) => closing.push(catalogue.common.privacy.clone()),
        (Medium::Paper, true) => {
            closing.push(match wish.telephone {
                Some(telephone) => call(&catalogue.paper.call, telephone),
                None => catalogue.paper.say.clone(),
            });
            closing.push(catalogue.paper.privacy.clone());
        }
        (Medium::Mail, false) => closing.push(catalogue.meeting.take_out.clone()),
        (Medium::Paper, false) => closing.push(catalogue.common.nothing_to_do.clone()),
    }
    // On paper who is asked has read already whom to call.
    let told = medium == Medium::Paper && asked;
    if let Some(telephone) = wish.telephone.filter(|_| !told) {
        closing.push(call(&catalogue.common.question, telephone));
    }
    closing
}
