//! The letters of a time proposal: which time suits, once more, it is off, and the code behind the page.

use chrono::{DateTime, Utc};

use super::{
    Letter, Reading,
    catalogue::{catalogue, fill, place},
    found_in, heading,
    page::{Fact, Page, compose},
};
use crate::{
    consultation::{Place, poll::Notice},
    invitation::dates,
    reference::Reference,
    refusal::Language,
    text::Name,
};

/// What such a letter is made of. There is no field for who else is asked or what it is about.
#[derive(Debug, Clone, Copy)]
pub struct PollWish<'a> {
    /// Which letter.
    pub notice: Notice,
    /// The proposal's own reference.
    pub reference: Reference,
    /// The recipient's own name.
    pub recipient: &'a Name,
    /// Under whose neutral name the region mails.
    pub sender: &'a Name,
    /// Begin and end of each time.
    pub options: &'a [(DateTime<Utc>, DateTime<Utc>)],
    /// Where it would be.
    pub place: Place,
    /// Until when an answer counts.
    pub deadline: DateTime<Utc>,
    /// The page that takes the answer; for the maker where to sign in.
    pub link: &'a str,
    /// The number to call, a switchboard.
    pub telephone: Option<&'a str>,
    /// How the recipient reads.
    pub reading: Reading,
}

/// Writes the letter.
#[must_use]
pub fn poll_letter(wish: &PollWish) -> Letter {
    let language = wish.reading.first;
    let what = catalogue(language).poll.subject.of(wish.notice);
    let subject = format!("{what} – {}", heading(wish.reference, language));
    compose(subject, wish.reading, |language| page(wish, language))
}

/// The first forbidden word in a letter, apart from the recipient's own name and the random
/// reference, as [`super::betrays`].
#[must_use]
pub fn poll_betrays(wish: &PollWish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    found_in(&poll_letter(&PollWish { recipient: &nobody, reference: Reference::from_random(0), ..*wish }))
}

/// The letter with a code that works for some minutes, once.
#[must_use]
pub fn code_letter([recipient, sender]: [&Name; 2], reading: Reading, code: &str, minutes: i64) -> Letter {
    let subject = fill(&catalogue(reading.first).code.subject, &[("sender", sender.as_str())]);
    let minutes = minutes.to_string();
    compose(subject, reading, |language| {
        let words = &catalogue(language).code;
        let parties = [recipient, sender];
        Page {
            facts: vec![Fact::new(&words.label, code)],
            closing: vec![fill(&words.usage, &[("minutes", minutes.as_str())]), words.not_you.clone()],
            ..Page::new(language, words.heading.clone(), parties, &words.opening)
        }
    })
}

/// The letter that says that what somebody answered was changed, to who may not have done so.
#[must_use]
pub fn changed_letter(
    [recipient, sender]: [&Name; 2],
    reading: Reading,
    reference: Reference,
    telephone: Option<&str>,
) -> Letter {
    let title = heading(reference, reading.first);
    let subject = fill(&catalogue(reading.first).changed.subject, &[("title", title.as_str())]);
    let reference_text = reference.to_string();
    compose(subject, reading, |language| {
        let words = &catalogue(language).changed;
        let call = match telephone {
            Some(number) => {
                fill(&words.call, &[("telephone", number), ("reference", reference_text.as_str())])
            }
            None => fill(&words.call_us, &[("reference", reference_text.as_str())]),
        };
        Page {
            closing: vec![words.was_you.clone(), call, words.keep.clone()],
            ..Page::new(language, heading(reference, language), [recipient, sender], &words.opening)
        }
    })
}

fn page(wish: &PollWish, language: Language) -> Page {
    let opening = catalogue(language).poll.opening.of(wish.notice);
    Page {
        facts: facts(wish, language),
        answer: answer(wish, language),
        closing: closing(wish, language),
        ..Page::new(language, heading(wish.reference, language), [wish.recipient, wish.sender], opening)
    }
}

fn is_asked(notice: Notice) -> bool {
    match notice {
        Notice::Ask | Notice::Remind => true,
        Notice::Release | Notice::Note => false,
    }
}

fn facts(wish: &PollWish, language: Language) -> Vec<Fact> {
    if !is_asked(wish.notice) {
        return Vec::new();
    }
    let words = catalogue(language);
    let option = |(start, end): &(DateTime<Utc>, DateTime<Utc>)| {
        Fact::new(&words.poll.possible, dates::span(*start, *end, language))
    };
    let mut facts: Vec<_> = wish.options.iter().map(option).collect();
    facts.push(Fact::new(&words.common.place, place(wish.place, language)));
    facts.push(Fact::new(&words.poll.deadline, dates::moment(wish.deadline, language)));
    facts
}

fn answer(wish: &PollWish, language: Language) -> Option<(&'static str, String)> {
    let words = &catalogue(language).poll;
    let sentence = match wish.notice {
        Notice::Ask | Notice::Remind => &words.choose,
        Notice::Note => &words.sign_in,
        Notice::Release => return None,
    };
    Some((sentence.as_str(), wish.link.to_owned()))
}

fn closing(wish: &PollWish, language: Language) -> Vec<String> {
    let words = catalogue(language);
    let mut closing = match wish.notice {
        Notice::Ask | Notice::Remind => {
            vec![words.poll.none_suits.clone(), words.common.privacy.clone()]
        }
        Notice::Release => vec![words.common.nothing_to_do.clone()],
        Notice::Note => Vec::new(),
    };
    if let Some(telephone) = wish.telephone.filter(|_| wish.notice != Notice::Note) {
        let reference = wish.reference.to_string();
        let values = [("telephone", telephone), ("reference", reference.as_str())];
        closing.push(fill(&words.common.question, &values));
    }
    closing
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;
    use crate::invitation::forbidden_word;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn told(notice: Notice) -> Letter {
        poll_letter(&PollWish {
            notice,
            reference: Reference::from_random(7),
            recipient: &name("Quirijn Zebraveld"),
            sender: &name("Overleg"),
            options: &[(at("2026-11-24T09:00:00Z"), at("2026-11-24T10:00:00Z"))],
            place: Place::Home,
            deadline: at("2026-11-23T16:00:00Z"),
            link: "https://schakel.example/p/abc",
            telephone: Some("077 000 00 00"),
            reading: Reading::default(),
        })
    }

    #[test]
    fn no_letter_of_a_proposal_says_what_it_is_about() {
        for notice in Notice::iter() {
            let letter = told(notice);
            for part in [&letter.subject, &letter.text, &letter.html] {
                assert_eq!(forbidden_word(part), None, "{part}");
            }
            assert!(!letter.subject.contains("Quirijn") && letter.text.contains("Quirijn"));
        }
        let code =
            code_letter([&name("Quirijn Zebraveld"), &name("Overleg")], Reading::default(), "123456", 15);
        assert_eq!(found_in(&code), None);
        assert!(code.text.contains("\nUw code is: 123456\n") && code.html.contains("123456"));
        assert!(!code.subject.contains("123456") && code.text.contains("123456"));
        let names = (name("Quirijn Zebraveld"), name("Overleg"));
        for telephone in [None, Some("077 000 00 00")] {
            let changed = changed_letter(
                [&names.0, &names.1],
                Reading::default(),
                Reference::from_random(7),
                telephone,
            );
            assert_eq!(found_in(&changed), None);
            assert_eq!(changed.text.contains("Bel dan 077"), telephone.is_some());
        }
    }

    #[test]
    fn who_is_asked_reads_the_times_the_place_and_until_when() {
        let letter = told(Notice::Ask);
        for said in [
            "Mogelijk: dinsdag 24 november 2026, 10:00–11:00 uur",
            "Waar: locatie: zie de pagina",
            "Antwoord voor: maandag 23 november 2026, 17:00 uur",
            "https://schakel.example/p/abc",
            "Possible: Tuesday 24 November 2026, 10:00–11:00",
        ] {
            assert!(letter.text.contains(said), "{said}");
        }
        assert!(!told(Notice::Release).text.contains("/p/abc"), "there is nothing to answer");
    }
}
