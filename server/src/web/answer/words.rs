//! What the page of an invitation says, in plain Dutch (B1) and in English.

use minijinja::Value;
use schakel_domain::{
    consultation::{Answer, DeclineReason, State as Life, proposal},
    refusal::Language,
};
use serde::Serialize;

/// The sentences of one language.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Words {
    /// As HTML names the language.
    pub lang: &'static str,
    /// What the language calls itself.
    pub name: &'static str,
    pub language: &'static str,
    pub meeting: &'static str,
    pub when: &'static str,
    pub place: &'static str,
    pub school: &'static str,
    pub room: &'static str,
    pub who: &'static str,
    pub parent: &'static str,
    pub come: &'static str,
    pub yes: &'static str,
    pub maybe: &'static str,
    pub no: &'static str,
    pub cannot: &'static str,
    pub need_not: &'static str,
    pub no_reason: &'static str,
    pub later: &'static str,
    pub otherwise: &'static str,
    pub other_time: &'static str,
    pub somebody_else: &'static str,
    pub download: &'static str,
    pub details: &'static str,
    pub details_code: &'static str,
    pub send_code: &'static str,
    pub time_heading: &'static str,
    pub time_until: &'static str,
    pub day: &'static str,
    pub hour: &'static str,
    pub else_heading: &'static str,
    pub else_ask: &'static str,
    pub else_until: &'static str,
    pub person: &'static str,
    pub email: &'static str,
    pub propose: &'static str,
    pub back: &'static str,
}

impl From<&Words> for Value {
    fn from(words: &Words) -> Self {
        Self::from(minijinja::value::Serde(words))
    }
}

const DUTCH: Words = Words {
    lang: "nl",
    name: "Nederlands",
    language: "Taal",
    meeting: "Overleg",
    when: "Wanneer",
    place: "Waar",
    school: "School",
    room: "Ruimte",
    who: "Wie",
    parent: "ouder of verzorger",
    come: "Komt u?",
    yes: "Ja",
    maybe: "Misschien",
    no: "Nee",
    cannot: "Kunt u niet?",
    need_not: "U hoeft niet te zeggen waarom. Het mag wel.",
    no_reason: "Dat zeg ik liever niet",
    later: "U kunt uw antwoord later nog veranderen.",
    otherwise: "Wilt u iets anders?",
    other_time: "Een ander tijdstip voorstellen",
    somebody_else: "Vragen of iemand anders mag komen",
    download: "Het overleg in uw agenda zetten",
    details: "Wie komen er, en waar precies?",
    details_code: "Wij sturen u eerst een code per mail. Zo weten wij dat u het bent.",
    send_code: "Stuur mij een code",
    time_heading: "Wanneer kunt u wel?",
    time_until: "Wij kijken of de anderen dan ook kunnen. Tot die tijd blijft het overleg zoals het is.",
    day: "Dag",
    hour: "Begint om",
    else_heading: "Wie komt er voor u?",
    else_ask: "Vraag het eerst aan diegene zelf.",
    else_until: "Wij kijken of dat kan. Tot die tijd staat het overleg nog op uw naam.",
    person: "Naam",
    email: "E-mailadres",
    propose: "Stel dit voor",
    back: "Terug naar uw antwoord",
};

const ENGLISH: Words = Words {
    lang: "en",
    name: "English",
    language: "Language",
    meeting: "Meeting",
    when: "When",
    place: "Where",
    school: "School",
    room: "Room",
    who: "Who",
    parent: "parent or carer",
    come: "Will you come?",
    yes: "Yes",
    maybe: "Maybe",
    no: "No",
    cannot: "Can you not come?",
    need_not: "You do not need to say why. You may.",
    no_reason: "I would rather not say",
    later: "You can still change your answer later.",
    otherwise: "Would you like something else?",
    other_time: "Propose another time",
    somebody_else: "Ask if somebody else may come",
    download: "Put the meeting in your calendar",
    details: "Who comes, and where exactly?",
    details_code: "We first send you a code by e-mail. Then we know that it is you.",
    send_code: "Send me a code",
    time_heading: "When could you come?",
    time_until: "We will see if the others can come then. Until then the meeting stays as it is.",
    day: "Day",
    hour: "Begins at",
    else_heading: "Who comes for you?",
    else_ask: "Please ask them first.",
    else_until: "We will see if that is possible. Until then the meeting stays in your name.",
    person: "Name",
    email: "E-mail address",
    propose: "Propose this",
    back: "Back to your answer",
};

/// Those of a language.
pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::Dutch => &DUTCH,
        Language::English => &ENGLISH,
    }
}

fn choose(language: Language, (dutch, english): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// What a choice sends, and why.
pub(super) const REASONS: [(&str, DeclineReason); 5] = [
    ("not-available", DeclineReason::NotAvailable),
    ("short-notice", DeclineReason::TooShortNotice),
    ("far", DeclineReason::TooFar),
    ("online", DeclineReason::PreferOnline),
    ("call", DeclineReason::CallMe),
];

/// Why not, as somebody says it.
pub(super) fn reason(reason: DeclineReason, language: Language) -> &'static str {
    let words = match reason {
        DeclineReason::NotAvailable => ("Ik kan dan niet", "I cannot come then"),
        DeclineReason::TooShortNotice => ("Ik wist het te laat", "I was told too late"),
        DeclineReason::TooFar => ("Het is te ver weg", "It is too far away"),
        DeclineReason::PreferOnline => ("Ik wil liever online", "I would rather meet online"),
        DeclineReason::CallMe => ("Bel mij hierover", "Call me about this"),
    };
    choose(language, words)
}

/// How it stands with the meeting, or with one's own answer.
pub(super) fn status(state: Life, given: Answer, over: bool, language: Language) -> &'static str {
    let words = match (state, given) {
        (Life::Cancelled, _) => (
            "Dit overleg is afgezegd. U hoeft niets te doen.",
            "This meeting is cancelled. You do not need to do anything.",
        ),
        (Life::Held, _) => ("Dit overleg is geweest.", "This meeting is over."),
        (Life::Planned, _) if over => ("Dit overleg is geweest.", "This meeting is over."),
        (Life::Planned, Answer::NeedsAction) => ("U hebt nog niet geantwoord.", "You have not answered yet."),
        (Life::Planned, Answer::Accepted) => ("Uw antwoord: ja, u komt.", "Your answer: yes, you will come."),
        (Life::Planned, Answer::Declined) => {
            ("Uw antwoord: nee, u komt niet.", "Your answer: no, you will not come.")
        }
        (Life::Planned, Answer::Tentative) => ("Uw antwoord: misschien.", "Your answer: maybe."),
    };
    choose(language, words)
}

/// What was proposed and is not decided. Whom somebody named is not shown: the link may have gone to
/// somebody else.
pub(super) fn proposed(kind: proposal::Kind, when: Option<&str>, language: Language) -> String {
    match (kind, language) {
        (proposal::Kind::OtherTime, Language::Dutch) => {
            format!("U stelde voor: {}. Wij laten u weten of dat kan.", when.unwrap_or_default())
        }
        (proposal::Kind::OtherTime, Language::English) => {
            format!("You proposed: {}. We will tell you if that is possible.", when.unwrap_or_default())
        }
        (proposal::Kind::SomebodyElse, Language::Dutch) => {
            "U vroeg of iemand anders mag komen. Wij laten u weten of dat kan.".to_owned()
        }
        (proposal::Kind::SomebodyElse, Language::English) => {
            "You asked if somebody else may come. We will tell you if that is possible.".to_owned()
        }
    }
}

/// How long it takes.
pub(super) fn length(minutes: i64, language: Language) -> String {
    match language {
        Language::Dutch => format!("Het overleg duurt weer {minutes} minuten."),
        Language::English => format!("The meeting again takes {minutes} minutes."),
    }
}

/// Whom to call.
pub(super) fn hint(telephone: Option<&str>, reference: &str, language: Language) -> Option<String> {
    let number = telephone?;
    Some(match language {
        Language::Dutch => format!("Hebt u een vraag? Bel {number} en noem {reference}."),
        Language::English => format!("Do you have a question? Call {number} and mention {reference}."),
    })
}

#[cfg(test)]
mod tests {
    use schakel_domain::invitation::{forbidden_word, plain_language};
    use strum::IntoEnumIterator;

    use super::*;

    fn said(language: Language) -> Vec<String> {
        let serde_json::Value::Object(mut all) = serde_json::to_value(words(language)).unwrap() else {
            panic!()
        };
        // It stands behind a code, for those who may know that parents come.
        all.remove("parent").unwrap();
        let mut said: Vec<String> = all.values().map(|text| text.as_str().unwrap().to_owned()).collect();
        said.extend(DeclineReason::iter().map(|one| reason(one, language).to_owned()));
        for state in Life::iter() {
            said.extend(Answer::iter().map(|given| status(state, given, false, language).to_owned()));
        }
        said.extend(proposal::Kind::iter().map(|kind| proposed(kind, Some("morgen"), language)));
        said.extend(hint(Some("077 000 00 00"), "AAAA-BBBB", language));
        said.push(length(60, language));
        said
    }

    #[test]
    fn what_is_said_is_plain_and_betrays_nothing() {
        for language in [Language::Dutch, Language::English] {
            for sentence in said(language) {
                assert_eq!(forbidden_word(&sentence), None, "{sentence}");
                if language == Language::Dutch {
                    assert_eq!(plain_language(&sentence), [], "{sentence}");
                }
            }
        }
    }

    #[test]
    fn every_reason_can_be_chosen() {
        let known: Vec<_> = REASONS.iter().map(|(_, reason)| *reason).collect();
        assert_eq!(known, DeclineReason::iter().collect::<Vec<_>>());
    }
}
