//! The letter about several meetings at once: a line for each, with its own link to answer.

use super::{Letter, Page, as_text, html};
use crate::{
    invitation::{
        dates,
        forbidden::forbidden_word,
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
    let first = several.items.first().map_or_else(String::new, |item| dates::short(item.agreed.start));
    let what = match only(several) {
        Some(NoticeKind::Invitation) => "Uitnodiging",
        Some(NoticeKind::Cancellation) => "Afgezegd",
        Some(NoticeKind::Withdrawal) => "U hoeft niet te komen",
        Some(NoticeKind::Update) | None => "Gewijzigd",
    };
    let subject = format!("{what}: {} keer overleg – vanaf {first}", several.items.len());
    let parts = [Language::Dutch, Language::English].map(|language| page(several, language));
    let text = format!("{}\n---\n\n{}", as_text(&parts[0]), as_text(&parts[1]));
    let html = html::document(&subject, &parts);
    Letter { subject, text, html }
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
    let Letter { subject, text, html } = letter_of_several(&neutral);
    [subject, text, html].iter().find_map(|part| forbidden_word(part))
}

/// The one thing that is said of all, if it is one.
fn only(several: &Several) -> Option<NoticeKind> {
    let first = several.items.first()?.kind;
    several.items.iter().all(|item| item.kind == first).then_some(first)
}

fn page(several: &Several, language: Language) -> Page {
    let say = |dutch: &'static str, english: &'static str| match language {
        Language::Dutch => dutch,
        Language::English => english,
    };
    let name = several.recipient.as_str();
    let mut closing = vec![
        say(
            "Achter een datum staat een link. Daarmee geeft u voor die datum antwoord. Kunt u niet? Kies dan ‘Nee’.",
            "Behind a date is a link. With it you answer for that date. If you cannot come, choose ‘No’.",
        )
        .to_owned(),
        say(
            "In deze mail en op die pagina’s staat niet waar het overleg over gaat. Zo beschermen wij uw privacy.",
            "Neither this e-mail nor those pages say what the meetings are about. That protects your privacy.",
        )
        .to_owned(),
    ];
    if let Some(telephone) = several.telephone {
        closing.push(match language {
            Language::Dutch => format!("Hebt u een vraag? Bel {telephone} en noem een van de nummers."),
            Language::English => {
                format!("Do you have a question? Call {telephone} and mention one of the numbers.")
            }
        });
    }
    Page {
        language,
        heading: say("Uw overleggen", "Your meetings").to_owned(),
        greeting: match language {
            Language::Dutch => format!("Beste {name},"),
            Language::English => format!("Dear {name},"),
        },
        opening: match only(several) {
            Some(NoticeKind::Invitation) => {
                say("U bent uitgenodigd voor deze overleggen.", "You are invited to these meetings.")
            }
            Some(NoticeKind::Cancellation) => {
                say("Deze overleggen gaan niet door.", "These meetings will not take place.")
            }
            Some(NoticeKind::Update | NoticeKind::Withdrawal) | None => say(
                "Uw overleggen zijn gewijzigd. Hieronder staat wat nu geldt.",
                "Your meetings have changed. Below is what holds now.",
            ),
        },
        facts: several.items.iter().map(|item| fact(item, language)).collect(),
        answer: None,
        closing,
        signature: [
            say("Met vriendelijke groet,", "With regards,").to_owned(),
            several.sender.as_str().to_owned(),
        ],
    }
}

fn fact(item: &Item, language: Language) -> (&'static str, String) {
    let when = dates::span(item.agreed.start, item.agreed.end, language);
    let place = match language {
        Language::Dutch => item.agreed.place.dutch(),
        Language::English => item.agreed.place.english(),
    };
    let (label, asked) = match (item.kind, language) {
        (NoticeKind::Invitation, Language::Dutch) => ("Overleg", true),
        (NoticeKind::Invitation, Language::English) => ("Meeting", true),
        (NoticeKind::Update, Language::Dutch) => ("Gewijzigd", true),
        (NoticeKind::Update, Language::English) => ("Changed", true),
        (NoticeKind::Cancellation, Language::Dutch) => ("Gaat niet door", false),
        (NoticeKind::Cancellation, Language::English) => ("Will not take place", false),
        (NoticeKind::Withdrawal, Language::Dutch) => ("U hoeft niet te komen", false),
        (NoticeKind::Withdrawal, Language::English) => ("You need not come", false),
    };
    let reference = item.reference;
    let fact = if asked {
        format!("{when}, {place} ({reference})\n{}", item.link)
    } else {
        format!("{when} ({reference})")
    };
    (label, fact)
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
        let several = Several { recipient: &recipient, sender: &sender, items: &items, telephone: None };
        let letter = letter_of_several(&several);
        assert_eq!(several_betrays(&several), None);
        assert_eq!(letter.subject, "Uitnodiging: 2 keer overleg – vanaf di 24 nov 2026 13:00");
        assert_eq!(letter.text.matches("https://schakel.example/r/abc").count(), 4, "two languages");
        assert!(items.iter().all(|item| letter.text.contains(&item.reference.to_string())));
        let mixed = [items[0], item(7, NoticeKind::Cancellation)];
        let letter = letter_of_several(&Several { items: &mixed, ..several });
        assert!(letter.subject.starts_with("Gewijzigd: 2 keer"), "{}", letter.subject);
        assert!(letter.text.contains("Gaat niet door: dinsdag 24 november 2026"));
    }
}
