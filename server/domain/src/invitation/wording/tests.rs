//! What every letter says and what none says.

use chrono::TimeDelta;
use strum::IntoEnumIterator;

use super::*;
use crate::{consultation::Place, invitation::plain_language};

const LINK: &str = "https://overleg.example.nl/c/K7Q?a=1&b=2";

fn agreed(place: Place) -> Agreed {
    let start = "2026-11-24T09:00:00Z".parse().unwrap();
    Agreed { start, end: start + TimeDelta::hours(1), place }
}

/// Hands every letter there is to `check`.
fn each(recipient: &str, check: impl Fn(&Wish, &Letter)) {
    let (recipient, sender) = (recipient.parse().unwrap(), "Overleg".parse().unwrap());
    for kind in NoticeKind::iter() {
        for place in Place::iter() {
            for moved in [0, 26] {
                let mut before = agreed(Place::School);
                before.start -= TimeDelta::hours(moved);
                before.end -= TimeDelta::hours(moved);
                let wish = Wish {
                    kind,
                    reference: "000-0000".parse().unwrap(),
                    recipient: &recipient,
                    sender: &sender,
                    agreed: agreed(place),
                    before: Some(before),
                    link: LINK,
                    telephone: Some("0123 - 456 789"),
                    reading: Reading::default(),
                };
                check(&wish, &letter(&wish));
                let shorter = Wish { telephone: None, before: None, ..wish };
                check(&shorter, &letter(&shorter));
            }
        }
    }
}

#[test]
fn no_letter_holds_a_forbidden_word() {
    each("Zoë Smit", |wish, letter| {
        let texts = calendar_texts(wish);
        for text in
            [&letter.subject, &letter.text, &letter.html, &texts.summary, &texts.description, &texts.location]
        {
            assert_eq!(forbidden_word(text), None, "{:?}", wish.kind);
        }
        assert_eq!(betrays(wish), None);
    });
}

#[test]
fn a_forbidden_word_in_a_setting_is_found_and_in_a_surname_is_not() {
    each("Jan Opp", |wish, _| {
        assert_eq!(betrays(wish), None);
        let sender = "Bureau Leerplicht".parse().unwrap();
        assert_eq!(betrays(&Wish { sender: &sender, ..*wish }), Some("leerplicht"));
    });
}

#[test]
fn every_letter_names_its_recipient_its_time_and_its_reference_twice() {
    each("Zoë Smit", |wish, letter| {
        for part in [&letter.text, &letter.html] {
            for words in [
                "Beste Zoë Smit,",
                "Dear Zoë Smit,",
                "Overleg 000-0000",
                "Meeting 000-0000",
                "dinsdag 24 november 2026, 10:00–11:00 uur",
                "Tuesday 24 November 2026, 10:00–11:00",
            ] {
                assert!(part.contains(words), "{:?}: {words}", wish.kind);
            }
        }
        assert!(letter.text.find("Beste") < letter.text.find("Dear"));
    });
}

#[test]
fn only_who_is_asked_gets_a_link_and_a_place() {
    each("Zoë Smit", |wish, letter| {
        let asked = matches!(wish.kind, NoticeKind::Invitation | NoticeKind::Update);
        assert_eq!(letter.text.matches(LINK).count(), if asked { 2 } else { 0 });
        assert_eq!(letter.text.contains(wish.agreed.place.dutch()), asked);
        assert_eq!(letter.html.contains("?a=1&amp;b=2\">"), asked);
        assert!(!letter.html.contains("&b"));
    });
}

#[test]
fn a_change_tells_what_it_was() {
    each("Zoë Smit", |wish, letter| {
        let moved = wish.kind == NoticeKind::Update
            && wish.before.is_some_and(|before| before.start != wish.agreed.start);
        if wish.before.is_some() {
            assert_eq!(letter.text.contains("maandag 23 november 2026, 08:00–09:00 uur"), moved);
        }
    });
}

#[test]
fn subjects_are_short_and_say_what_happens() {
    let mut subjects = Vec::new();
    let seen = std::cell::RefCell::new(&mut subjects);
    each("Zoë Smit", |_, letter| seen.borrow_mut().push(letter.subject.clone()));
    subjects.dedup();
    assert_eq!(
        subjects,
        [
            "Uitnodiging: Overleg 000-0000 – di 24 nov 2026 10:00",
            "Gewijzigd: Overleg 000-0000 – di 24 nov 2026 10:00",
            "Afgezegd: Overleg 000-0000 – di 24 nov 2026 10:00",
            "U hoeft niet te komen: Overleg 000-0000 – di 24 nov 2026 10:00",
        ]
    );
}

#[test]
fn the_document_is_accessible_and_fetches_nothing() {
    each("<b>Zoë</b>", |_, letter| {
        assert!(letter.html.starts_with("<!DOCTYPE html>\n<html lang=\"nl\">"));
        assert!(letter.html.contains("<div lang=\"nl\">") && letter.html.contains("<div lang=\"en\">"));
        assert!(letter.html.contains("&lt;b&gt;Zoë&lt;/b&gt;"));
        for fetched in ["<img", "<link", "<script", "src=", "url(", "<b>"] {
            assert!(!letter.html.contains(fetched), "{fetched}");
        }
    });
}

#[test]
fn the_language_of_the_recipient_stands_first_and_the_other_below_it() {
    each("Zoë Smit", |wish, dutch| {
        let english = letter(&Wish { reading: Reading::of("en-GB", None, false), ..*wish });
        assert!(english.text.find("Dear") < english.text.find("Beste"));
        assert!(english.html.starts_with("<!DOCTYPE html>\n<html lang=\"en\">"));
        assert!(
            english.subject.ends_with(": Meeting 000-0000 – Tue 24 Nov 2026 10:00"),
            "{}",
            english.subject
        );
        assert_eq!((dutch.languages(), english.languages()), ("nl, en", "en, nl"));
    });
    let wishes = |language: &str| Wishes { language: language.to_owned(), ..Wishes::default() };
    assert_eq!(Reading::of("nl", Some(&wishes("EN")), false).first, Language::English);
    assert_eq!(Reading::of("en", Some(&wishes("")), false).first, Language::English);
    assert_eq!(Reading::of("en", Some(&wishes("ar")), false).first, Language::Dutch, "there is no third");
    assert_eq!(Reading::of("", None, true), Reading::default());
}

#[test]
fn large_print_and_an_interpreter_are_for_who_asked() {
    let wishes = Wishes { large_print: true, interpreter: true, ..Wishes::default() };
    let comes = Reading::of("nl", Some(&wishes), true);
    assert!(comes.large_print && comes.interpreter);
    assert!(!Reading::of("nl", Some(&wishes), false).interpreter, "nobody of that trade sits at the table");
    each("Zoë Smit", |wish, usual| {
        let own = letter(&Wish { reading: comes, ..*wish });
        let asked = matches!(wish.kind, NoticeKind::Invitation | NoticeKind::Update);
        assert!(own.html.contains("font-size:1.5rem") && usual.html.contains("font-size:1rem"));
        assert_eq!(own.text.contains("Er is een tolk bij."), asked);
        assert_eq!(own.html.contains("An interpreter will be there."), asked);
        assert!(!usual.text.contains("tolk"));
    });
}

#[test]
fn the_letter_on_paper_says_the_same_and_has_the_link_as_a_picture() {
    each("Zoë Smit", |wish, mail| {
        let sheet = paper::paper(wish);
        let asked = matches!(wish.kind, NoticeKind::Invitation | NoticeKind::Update);
        assert_eq!(sheet.subject, mail.subject);
        assert_eq!(paper::paper_betrays(wish), None);
        assert_eq!(sheet.html.matches("<svg").count(), if asked { 2 } else { 0 });
        assert!(sheet.html.contains("font-size:12pt") && !sheet.html.contains("src="));
        assert_eq!(sheet.text.matches(LINK).count(), if asked { 2 } else { 0 });
        assert!(!sheet.text.contains("mail"), "{}", sheet.text);
        let large = Reading { large_print: true, ..Reading::default() };
        assert!(paper::paper(&Wish { reading: large, ..*wish }).html.contains("font-size:18pt"));
        if let Some(telephone) = wish.telephone {
            assert_eq!(sheet.text.matches(telephone).count(), 2, "once in each language");
        }
    });
}

#[test]
fn every_letter_is_plain_dutch_with_nothing_left_to_fill_in() {
    each("Zoë Smit", |wish, mail| {
        for letter in [mail, &paper::paper(wish)] {
            let dutch = letter.text.split("\n---\n").next().unwrap();
            assert_eq!(plain_language(dutch), [], "{dutch}");
            assert!(!letter.text.contains(['{', '}']) && !letter.subject.contains(['{', '}']));
        }
    });
}
