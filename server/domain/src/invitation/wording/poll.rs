//! The letters of a time proposal: which time suits, once more, it is off, and the code behind the page.

use chrono::{DateTime, Utc};

use super::{Letter, Page, as_text, html, sentences::say, title};
use crate::{
    consultation::{Place, poll::Notice},
    invitation::{dates, forbidden::forbidden_word},
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
}

/// Writes the letter.
#[must_use]
pub fn poll_letter(wish: &PollWish) -> Letter {
    let subject = format!("{} – {}", subject(wish.notice), title(wish.reference));
    let parts = [Language::Dutch, Language::English].map(|language| page(wish, language));
    let text = format!("{}\n---\n\n{}", as_text(&parts[0]), as_text(&parts[1]));
    let html = html::document(&subject, &parts);
    Letter { subject, text, html }
}

/// The first forbidden word in a letter, apart from the recipient's own name and the random
/// reference, as [`super::betrays`].
#[must_use]
pub fn poll_betrays(wish: &PollWish) -> Option<&'static str> {
    let nobody = "N.N.".parse().ok()?;
    let neutral = PollWish { recipient: &nobody, reference: Reference::from_random(0), ..*wish };
    let Letter { subject, text, html } = poll_letter(&neutral);
    [subject, text, html].iter().find_map(|part| forbidden_word(part))
}

/// The letter with a code that works for some minutes, once.
#[must_use]
pub fn code_letter(recipient: &Name, sender: &Name, code: &str, minutes: i64) -> Letter {
    let (recipient, sender) = (recipient.as_str(), sender.as_str());
    let text = format!(
        "Beste {recipient},\n\nUw code is: {code}\n\nVul deze code in op de pagina. De code werkt {minutes} minuten en \
         één keer. Hebt u niet om een code gevraagd? Dan hoeft u niets te doen.\n\nMet groet,\n{sender}\n\n---\n\n\
         Dear {recipient},\n\nYour code is: {code}\n\nEnter this code on the page. It works for {minutes} minutes and \
         once. If you did not ask for a code, you do not need to do anything.\n\nRegards,\n{sender}\n"
    );
    Letter { subject: format!("{sender}: uw code"), text, html: String::new() }
}

/// The letter that says that what somebody answered was changed, to who may not have done so.
#[must_use]
pub fn changed_letter(
    (recipient, sender): (&Name, &Name),
    reference: Reference,
    telephone: Option<&str>,
) -> Letter {
    let (recipient, sender) = (recipient.as_str(), sender.as_str());
    let (bel, call) = match telephone {
        Some(number) => (format!("Bel dan {number}"), format!("please call {number}")),
        None => ("Bel ons dan".to_owned(), "please call us".to_owned()),
    };
    let text = format!(
        "Beste {recipient},\n\nUw antwoord voor overleg {reference} is veranderd. Hebt u dat zelf gedaan? Dan hoeft u \
         niets te doen. Hebt u het niet gedaan? {bel} en noem {reference}. Stuur de link uit onze mail niet door.\n\n\
         Met groet,\n{sender}\n\n---\n\n\
         Dear {recipient},\n\nYour answer for meeting {reference} was changed. If you did this, you do not need to do \
         anything. If you did not, {call} and mention {reference}. Please do not forward the link in our e-mail.\n\n\
         Regards,\n{sender}\n"
    );
    Letter {
        subject: format!("Uw antwoord is veranderd – {}", title(reference)), text, html: String::new()
    }
}

fn subject(notice: Notice) -> &'static str {
    match notice {
        Notice::Ask => "Wanneer kunt u?",
        Notice::Remind => "Herinnering: wanneer kunt u?",
        Notice::Release => "U hoeft geen tijdstip meer te kiezen",
        Notice::Note => "Kies een tijdstip",
    }
}

fn page(wish: &PollWish, language: Language) -> Page {
    let name = wish.recipient.as_str();
    Page {
        language,
        heading: say(language, title(wish.reference), format!("Meeting {}", wish.reference)),
        greeting: say(language, format!("Beste {name},"), format!("Dear {name},")),
        opening: opening(wish.notice, language),
        facts: facts(wish, language),
        answer: answer(wish, language),
        closing: closing(wish, language),
        signature: [
            say(language, "Met vriendelijke groet,", "With regards,").to_owned(),
            wish.sender.as_str().to_owned(),
        ],
    }
}

fn opening(notice: Notice, language: Language) -> &'static str {
    match notice {
        Notice::Ask => say(
            language,
            "Wij willen een overleg met u plannen. Welke van deze tijdstippen passen u?",
            "We would like to plan a meeting with you. Which of these times suit you?",
        ),
        Notice::Remind => say(
            language,
            "U hebt nog niet gezegd wanneer u kunt. Wilt u dat nog doen?",
            "You have not yet said when you can come. Would you please do so?",
        ),
        Notice::Release => say(
            language,
            "Wij zoeken geen tijdstip meer voor dit overleg.",
            "We are no longer looking for a time for this meeting.",
        ),
        Notice::Note => say(
            language,
            "De tijd om te antwoorden is om. Kies nu een tijdstip.",
            "The time to answer is over. Please choose a time now.",
        ),
    }
}

fn is_asked(notice: Notice) -> bool {
    match notice {
        Notice::Ask | Notice::Remind => true,
        Notice::Release | Notice::Note => false,
    }
}

fn facts(wish: &PollWish, language: Language) -> Vec<(&'static str, String)> {
    if !is_asked(wish.notice) {
        return Vec::new();
    }
    let option = |(start, end): &(DateTime<Utc>, DateTime<Utc>)| {
        (say(language, "Mogelijk", "Possible"), dates::span(*start, *end, language))
    };
    let mut facts: Vec<_> = wish.options.iter().map(option).collect();
    let place = say(language, wish.place.dutch(), wish.place.english()).to_owned();
    facts.push((say(language, "Waar", "Where"), place));
    facts.push((say(language, "Antwoord voor", "Answer before"), dates::moment(wish.deadline, language)));
    facts
}

fn answer(wish: &PollWish, language: Language) -> Option<(&'static str, String)> {
    let sentence = match wish.notice {
        Notice::Ask | Notice::Remind => say(
            language,
            "Kies op deze pagina bij elk tijdstip: ja, als het moet, of nee. U kunt uw antwoord later nog veranderen.",
            "On this page, choose for each time: yes, if need be, or no. You can still change your answer later.",
        ),
        Notice::Note => say(language, "Meld u aan om te kiezen:", "Sign in to choose:"),
        Notice::Release => return None,
    };
    Some((sentence, wish.link.to_owned()))
}

fn closing(wish: &PollWish, language: Language) -> Vec<String> {
    let mut closing = match wish.notice {
        Notice::Ask | Notice::Remind => vec![
            say(
                language,
                "Past geen van deze tijdstippen? Kies dan steeds ‘Nee’, of bel ons.",
                "If none of these times suit you, choose ‘No’ for each, or call us.",
            )
            .to_owned(),
            say(
                language,
                "In deze mail en op die pagina staat niet waar het overleg over gaat. Zo beschermen wij uw privacy.",
                "Neither this e-mail nor that page says what the meeting is about. That protects your privacy.",
            )
            .to_owned(),
        ],
        Notice::Release => {
            vec![say(language, "U hoeft niets te doen.", "You do not need to do anything.").to_owned()]
        }
        Notice::Note => Vec::new(),
    };
    if let Some(telephone) = wish.telephone.filter(|_| wish.notice != Notice::Note) {
        let reference = wish.reference;
        closing.push(say(
            language,
            format!("Hebt u een vraag? Bel {telephone} en noem {reference}."),
            format!("Do you have a question? Call {telephone} and mention {reference}."),
        ));
    }
    closing
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

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
        let code = code_letter(&name("Quirijn Zebraveld"), &name("Overleg"), "123456", 15);
        assert_eq!(forbidden_word(&code.text), None);
        assert!(!code.subject.contains("123456") && code.text.contains("123456"));
        let names = (name("Quirijn Zebraveld"), name("Overleg"));
        for telephone in [None, Some("077 000 00 00")] {
            let changed = changed_letter((&names.0, &names.1), Reference::from_random(7), telephone);
            for part in [&changed.subject, &changed.text] {
                assert_eq!(forbidden_word(part), None, "{part}");
            }
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
