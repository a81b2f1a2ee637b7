//! What a form saved, said above the case to which it leads back.

use axum::response::Response;
use chrono::NaiveDate;
use schakel_domain::{refusal::Language, time::day_in_words};
use serde::Deserialize;

use super::home;
use crate::web::workplace::trouble::see_other;

/// What was saved, in a word of the address, and as people say it.
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
    /// Of absence: how many school days, the first and the last of them, and how many minutes on each.
    days: String,
    from: String,
    until: String,
    minutes: String,
}

/// Leads back to a case after a form was taken, where it says so.
pub(super) fn to(id: &str, what: &str) -> Response {
    see_other(&format!("{}?saved={what}", home(id)))
}

/// The same of absence on these days.
pub(super) fn absence(id: &str, days: &[NaiveDate], minutes: i32) -> Response {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return see_other(&home(id)) };
    let count = days.len();
    see_other(&format!("{}?saved=missed&days={count}&from={first}&until={last}&minutes={minutes}", home(id)))
}

impl Saved {
    /// What was saved; nothing of what no form of ours writes into an address.
    pub(super) fn said(&self, language: Language) -> Option<String> {
        if self.what == "missed" {
            return self.missed(language);
        }
        let (_, dutch, english) = SAVED.iter().find(|(word, ..)| *word == self.what)?;
        let said = match language {
            Language::Dutch => dutch,
            Language::English => english,
        };
        Some((*said).to_owned())
    }

    fn missed(&self, language: Language) -> Option<String> {
        let (days, minutes): (u32, u32) = (self.days.parse().ok()?, self.minutes.parse().ok()?);
        let day = |iso: &str| iso.parse::<NaiveDate>().ok().map(|date| day_in_words(date, language));
        let (from, until) = (day(&self.from)?, day(&self.until)?);
        Some(match (days, language) {
            (..=1, Language::Dutch) => format!("Verzuim vastgelegd: {from}, {minutes} minuten."),
            (..=1, Language::English) => format!("Absence recorded: {from}, {minutes} minutes."),
            (_, Language::Dutch) => format!(
                "Verzuim vastgelegd: {days} schooldagen van {from} tot en met {until}, {minutes} minuten per dag."
            ),
            (_, Language::English) => format!(
                "Absence recorded: {days} school days from {from} until {until}, {minutes} minutes a day."
            ),
        })
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
            let saved = Saved { what: word.to_owned(), ..Saved::default() };
            assert_ne!(saved.said(Language::Dutch), saved.said(Language::English), "{word}");
        }
        let typed = Saved { what: "Bel dit nummer".to_owned(), ..Saved::default() };
        assert_eq!(typed.said(Language::Dutch), None);
        assert_eq!(Saved { what: "missed".to_owned(), ..Saved::default() }.said(Language::Dutch), None);
    }
}
