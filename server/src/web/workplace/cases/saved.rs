//! What a form saved, said above the case to which it leads back.

use axum::response::Response;
use schakel_domain::refusal::Language;
use serde::Deserialize;

use super::home;
use crate::web::workplace::trouble::see_other;

/// What was saved, in a word of the address, and as people say it. An address is kept by browsers and proxies, and
/// anybody can write one: no more of a child stands in it, and no more is said for it.
const SAVED: &[(&str, &str, &str)] = &[
    ("opened", "Het dossier is geopend.", "The case was opened."),
    ("advanced", "De nieuwe fase is vastgelegd.", "The new stage was recorded."),
    ("changed", "De afspraken zijn bewaard.", "What was agreed was saved."),
    ("closed", "Het dossier is gesloten.", "The case was closed."),
    ("reopened", "Het dossier is heropend.", "The case was reopened."),
    ("moved", "De verandering is vastgelegd.", "The change was recorded."),
    ("action", "De actie staat in het plan.", "The action stands in the plan."),
    ("action_done", "De actie is afgerond.", "The action was completed."),
    ("action_dropped", "De actie is vervallen.", "The action was dropped."),
    ("raised", "Het dossier is opgeschaald.", "The case was escalated."),
    ("lowered", "Het dossier is afgeschaald.", "The case was de-escalated."),
    ("decided", "Het besluit is vastgelegd.", "The decision was recorded."),
    (
        "checked",
        "Vastgelegd is of het besluit is uitgevoerd.",
        "Recorded is whether the decision was carried out.",
    ),
    ("consent", "De toestemming is vastgelegd.", "The consent was recorded."),
    ("withdrawn", "De toestemming is ingetrokken.", "The consent was withdrawn."),
    ("view", "De eigen woorden zijn bewaard.", "The own words were saved."),
    ("answered", "De reactie is bewaard.", "The answer was saved."),
    ("track", "Het traject is begonnen.", "The track began."),
    ("step", "De stap in het traject is vastgelegd.", "The step in the track was recorded."),
    ("track_changed", "Het traject is gewijzigd.", "The track was changed."),
    ("step_back", "De laatste stap is teruggenomen.", "The last step was taken back."),
    ("asked", "De vraag is vastgelegd.", "The request was recorded."),
    ("received", "Het antwoord is vastgelegd.", "The answer was recorded."),
    ("unasked", "De vraag is ingetrokken.", "The request was withdrawn."),
    ("fact", "Het feit is verbeterd.", "The fact was corrected."),
    ("fact_gone", "Het feit is teruggenomen.", "The fact was taken back."),
    ("happened", "De gebeurtenis is vastgelegd.", "What happened was recorded."),
    ("exemption", "De vrijstelling is vastgelegd.", "The exemption was recorded."),
    ("missed", "Het verzuim is vastgelegd.", "The absence was recorded."),
    ("absence", "Het soort verzuim is vastgelegd.", "The kind of absence was recorded."),
    ("enrolled", "De inschrijving is vastgelegd.", "The enrolment was recorded."),
    ("residence", "De gemeente is vastgelegd.", "The gemeente was recorded."),
    ("holding", "De omstandigheid is vastgelegd.", "The circumstance was recorded."),
    ("suspension", "Vastgelegd is dat de termijn stilstaat.", "Recorded is that the term stands still."),
    ("year", "Het eerste hele schooljaar is vastgelegd.", "The first full school year was recorded."),
    ("qualified", "De startkwalificatie is vastgelegd.", "The startkwalificatie was recorded."),
];

/// What stands in the address of a case after a form was taken.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Saved {
    #[serde(rename = "saved")]
    what: String,
}

/// Leads back to a case after a form was taken, where it says so.
pub(super) fn to(id: &str, what: &str) -> Response {
    see_other(&format!("{}?saved={what}", home(id)))
}

impl Saved {
    /// What was saved; nothing of what no form of ours writes into an address.
    pub(super) fn said(&self, language: Language) -> Option<&'static str> {
        let (_, dutch, english) = SAVED.iter().find(|(word, ..)| *word == self.what)?;
        let said = match language {
            Language::Dutch => dutch,
            Language::English => english,
        };
        Some(*said)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_word_is_said_once_and_nothing_else_is() {
        let words: BTreeSet<&str> = SAVED.iter().map(|(word, ..)| *word).collect();
        assert_eq!(words.len(), SAVED.len());
        for word in words {
            let saved = Saved { what: word.to_owned() };
            assert_ne!(saved.said(Language::Dutch), saved.said(Language::English), "{word}");
        }
        let typed = Saved { what: "Bel dit nummer".to_owned() };
        assert_eq!(typed.said(Language::Dutch), None);
    }
}
