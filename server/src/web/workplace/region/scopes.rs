//! What a system may do, in words: the scopes among which its beheerder ticks.

use minijinja::{Value, context};
use schakel_domain::{access::Action, refusal::Language};

use super::choose;

/// Every scope, what a system may do for nobody first.
const SCOPES: [(Action, (&str, &str)); 27] = [
    (Action::OwnAccount, ("zien voor wie het werkt", "see for whom it works")),
    (Action::ReadDirectory, ("scholen, teams en mensen lezen", "read schools, teams and people")),
    (Action::WriteDirectory, ("scholen, teams en mensen wijzigen", "change schools, teams and people")),
    (Action::WriteAvailability, ("werktijden en afwezigheid wijzigen", "change hours and absences")),
    (
        Action::ManageSubscriptions,
        ("kiezen van welke wijzigingen het bericht krijgt", "choose of which changes it is told"),
    ),
    (Action::FindSlots, ("een tijd zoeken", "search a time")),
    (Action::BookConsultation, ("een overleg plannen", "book a meeting")),
    (Action::ReadConsultation, ("overleggen lezen", "read meetings")),
    (Action::WriteConsultation, ("een overleg wijzigen", "change a meeting")),
    (Action::Substitute, ("een vervanger sturen naar een overleg", "send somebody else to a meeting")),
    (Action::CancelConsultation, ("een overleg afzeggen", "call a meeting off")),
    (Action::AnswerConsultation, ("antwoorden op een uitnodiging", "answer an invitation")),
    (Action::RecordOutcome, ("vastleggen wat een overleg opleverde", "record what came of a meeting")),
    (Action::OpenCase, ("een dossier openen", "open a case")),
    (Action::ReadCase, ("dossiers lezen", "read cases")),
    (Action::WriteCase, ("dossiers wijzigen", "change cases")),
    (Action::WritePlan, ("vastleggen wie wat doet voor een kind", "write down who does what for a child")),
    (Action::WriteWishes, ("vastleggen wanneer ouders kunnen", "write down what suits parents")),
    (Action::CloseCase, ("een dossier sluiten", "close a case")),
    (Action::ReopenCase, ("een dossier heropenen", "reopen a case")),
    (Action::CreateHulpvraag, ("een hulpvraag stellen", "ask for help")),
    (Action::ReadHulpvraag, ("hulpvragen lezen", "read requests for help")),
    (Action::DecideHulpvraag, ("een hulpvraag aannemen of afwijzen", "accept or decline a request for help")),
    (Action::CompleteHulpvraag, ("een hulpvraag afronden", "complete a request for help")),
    (Action::RecordConsent, ("toestemming vastleggen", "record consent")),
    (
        Action::WithdrawConsent,
        ("vastleggen dat toestemming is ingetrokken", "record that consent was withdrawn"),
    ),
    (Action::ReadConsent, ("lezen wie waarvoor toestemming gaf", "read who consented to what")),
];

/// What a scope is called, for example `dossiers lezen`; one that is none stays as it is.
pub(super) fn label(scope: &str, language: Language) -> &str {
    let action = scope.parse::<Action>().ok();
    let known = SCOPES.iter().find(|(own, _)| Some(*own) == action);
    known.map_or(scope, |(_, words)| choose(language, *words))
}

/// All of them for a form in which some are `ticked`.
pub(super) fn choices(ticked: &[&str], language: Language) -> Vec<Value> {
    let one = |(action, words): &(Action, (&'static str, &'static str))| {
        let value = action.to_string();
        let here = ticked.contains(&value.as_str());
        context! { here, value, label => choose(language, *words) }
    };
    SCOPES.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_scope_can_be_ticked_once_and_has_words_of_its_own() {
        let known: BTreeSet<String> = SCOPES.iter().map(|(action, _)| action.to_string()).collect();
        let scopes = Action::iter().filter(|action| action.is_a_scope());
        assert_eq!(known, scopes.map(|action| action.to_string()).collect());
        for language in [Language::Dutch, Language::English] {
            let said: BTreeSet<&str> = SCOPES.iter().map(|(_, words)| choose(language, *words)).collect();
            assert_eq!(said.len(), known.len());
        }
        assert_eq!(label("READ_CASE", Language::Dutch), "dossiers lezen");
        assert_eq!(label("UNKNOWN", Language::Dutch), "UNKNOWN");
    }
}
