//! What a timeline says, in a sentence, in both languages.

use schakel_domain::{
    access::{Class, Classes},
    refusal::Language,
    thuiszitter::{Outcome, Solved},
    time::day_in_words,
};

use super::{
    history::{Detail, Event},
    track,
};

/// Kind, Dutch, English. What stands in braces comes from the event.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("CASE_OPENED", "Het dossier is geopend.", "The case was opened."),
    ("FACTS_CHANGED", "Er zijn gegevens gewijzigd: {paths}.", "Facts were changed: {paths}."),
    ("FACTS_RECORDED", "Er zijn feiten vastgelegd.", "Facts were recorded."),
    ("FACT_CORRECTED", "Een feit is verbeterd.", "A fact was corrected."),
    ("PLAN_ACTION_ADDED", "Er is een actie in het plan gezet.", "An action was added to the plan."),
    ("PLAN_ACTION_CHANGED", "Een actie van het plan is gewijzigd.", "An action of the plan was changed."),
    ("PLAN_ACTION_DONE", "Een actie van het plan is gedaan.", "An action of the plan was done."),
    ("PLAN_ACTION_DROPPED", "Een actie van het plan vervalt.", "An action of the plan was dropped."),
    ("INFORMATION_ASKED", "Er is om informatie gevraagd.", "Information was asked for."),
    ("INFORMATION_RECEIVED", "Gevraagde informatie is er.", "Information that was asked for came."),
    (
        "INFORMATION_DECLINED",
        "Gevraagde informatie komt niet.",
        "Information that was asked for was declined.",
    ),
    ("INFORMATION_WITHDRAWN", "Een vraag om informatie vervalt.", "A request for information was withdrawn."),
    (
        "HANDOVER_CONFIRMED",
        "De volgende school bevestigt de overdracht.",
        "The next school confirmed the hand-over.",
    ),
    (
        "HANDOVER_NOT_ENROLLED",
        "De overdracht komt terug: het kind gaat niet naar die school.",
        "The hand-over was given back: the child does not go to that school.",
    ),
    (
        "HANDOVER_INCOMPLETE",
        "De overdracht komt terug: er ontbreekt nog iets.",
        "The hand-over was given back: something is missing.",
    ),
    (
        "HANDOVER_NOT_HELD",
        "De overdracht komt terug: het overleg ging niet door.",
        "The hand-over was given back: the meeting did not take place.",
    ),
    ("TRACK_STARTED", "Er is een traject begonnen.", "A track began."),
    ("TRACK_CHANGED", "Een traject is gewijzigd.", "A track was changed."),
    ("TRACK_STEP_TAKEN", "In een traject is een stap gezet.", "A step was taken in a track."),
    (
        "TRACK_STEP_TAKEN_BACK",
        "In een traject is een stap teruggenomen.",
        "A step was taken back in a track.",
    ),
    ("TRACK_ENDED", "Een traject is afgesloten.", "A track ended."),
    ("DEADLINES_MOVED", "Er zijn termijnen verschoven.", "Deadlines moved."),
    ("DEADLINE_DUE_SOON", "Een termijn loopt bijna af.", "A deadline is due soon."),
    ("DEADLINE_OVERDUE", "Een termijn is verlopen.", "A deadline has passed."),
    ("STAGE_CHANGED", "De fase ging van ‘{from}’ naar ‘{to}’.", "The stage went from ‘{from}’ to ‘{to}’."),
    (
        "CASE_CLOSED",
        "Het dossier is gesloten met ‘{outcome}’ op {day}. {counts}",
        "The case was closed with ‘{outcome}’ on {day}. {counts}",
    ),
    (
        "CASE_REOPENED",
        "Het dossier is heropend: opnieuw afwezig sinds {day}.",
        "The case was reopened: absent again since {day}.",
    ),
    (
        "CLOSING_TAKEN_BACK",
        "Het sluiten met ‘{outcome}’ was een vergissing en is teruggenomen. Het dossier gaat verder in de fase ‘{to}’.",
        "Closing with ‘{outcome}’ was a mistake and was taken back. The case goes on in the stage ‘{to}’.",
    ),
    (
        "CASE_MOVED",
        "Het kind ging naar een andere school of gemeente. Daarvoor: {left}.",
        "The child went to another school or gemeente. Before: {left}.",
    ),
    (
        "CASE_REASSIGNED",
        "Het cluster van de school heeft een andere begeleider; die is nu regisseur.",
        "The school's cluster has another guide, who keeps the case now.",
    ),
    (
        "CASE_ESCALATED",
        "Het dossier ging op {day} van escalatieniveau {lower} naar {upper}. Nu aan zet: {whom}.",
        "The case went from escalation level {lower} to {upper} on {day}. Who acts now: {whom}.",
    ),
    (
        "CASE_DEESCALATED",
        "Het dossier ging op {day} van escalatieniveau {lower} terug naar {upper}.",
        "The case went back from escalation level {lower} to {upper} on {day}.",
    ),
    (
        "DECISION_TAKEN",
        "Er is besloten met doorzettingsmacht. {whom} voert het uit, uiterlijk op {day}.",
        "It was decided with doorzettingsmacht. {whom} carries it out, on {day} at the latest.",
    ),
    (
        "DECISION_COMPLIED",
        "Een besluit met doorzettingsmacht is uitgevoerd. Dat bleek op {day}.",
        "A decision with doorzettingsmacht was carried out, as was found on {day}.",
    ),
    (
        "DECISION_NOT_COMPLIED",
        "Een besluit met doorzettingsmacht is niet uitgevoerd. Dat bleek op {day}.",
        "A decision with doorzettingsmacht was not carried out, as was found on {day}.",
    ),
    (
        "VIEW_RECORDED",
        "Er is vastgelegd hoe een partij het ziet.",
        "It was written down how a party sees it.",
    ),
    (
        "VIEW_ANSWERED",
        "Er is gereageerd op hoe een partij het ziet.",
        "Somebody answered to how a party sees it.",
    ),
    ("CONSULTATION_BOOKED", "Er is een overleg gepland.", "A consultation was booked."),
    ("CONSULTATION_MOVED", "Een overleg is verzet.", "A consultation was moved."),
    ("CONSULTATION_CHANGED", "Een overleg is gewijzigd.", "A consultation was changed."),
    ("CONSULTATION_CANCELLED", "Een overleg is afgezegd.", "A consultation was cancelled."),
    (
        "PARTICIPANT_REPLACED",
        "Bij een overleg is een deelnemer vervangen.",
        "A participant of a consultation was replaced.",
    ),
    (
        "PARTICIPANT_ADDED",
        "Bij een overleg komt een deelnemer erbij.",
        "A participant was added to a consultation.",
    ),
    (
        "PARTICIPANT_REMOVED",
        "Bij een overleg komt een deelnemer niet meer.",
        "A participant of a consultation was taken off.",
    ),
    ("CONSULTATION_REINSTATED", "Een overleg gaat toch door.", "A consultation goes on after all."),
    ("CONSULTATION_NOT_HELD", "Een overleg is niet doorgegaan.", "A consultation did not take place."),
    (
        "PART_NOT_HELD",
        "In een overleg kwam dit kind niet aan de beurt.",
        "At a consultation the turn of this child did not come.",
    ),
    (
        "OUTCOME_RECORDED",
        "De uitkomst van een overleg is vastgelegd.",
        "The outcome of a consultation was recorded.",
    ),
    ("CONSENT_RECORDED", "Er is toestemming gegeven.", "Consent was given."),
    ("CONSENT_WITHDRAWN", "Een toestemming is ingetrokken.", "A consent was withdrawn."),
    (
        "EMERGENCY_STARTED",
        "Iemand van buiten heeft dit dossier in een noodgeval geopend.",
        "Somebody from outside opened this case in an emergency.",
    ),
    ("HULPVRAAG_CREATED", "Er is hulp gevraagd.", "Help was asked for."),
    ("HULPVRAAG_ACCEPTED", "Een hulpvraag is aangenomen.", "A request for help was accepted."),
    ("HULPVRAAG_DECLINED", "Een hulpvraag is afgewezen.", "A request for help was declined."),
    ("HULPVRAAG_FORWARDED", "Een hulpvraag is doorgestuurd.", "A request for help was forwarded."),
    (
        "CASE_RESTRICTED",
        "Het dossier is apart gezet: het wordt gelezen, niet gewijzigd.",
        "The case was restricted: it is read, not changed.",
    ),
    ("RESTRICTION_LIFTED", "De beperking van het dossier is opgeheven.", "The restriction was lifted."),
    ("FACTS_RECTIFIED", "Er zijn gegevens verbeterd.", "Facts were put right."),
    ("STATEMENT_ADDED", "Er is een verklaring toegevoegd.", "A statement was added."),
    (
        "LEGAL_HOLD_SET",
        "Het dossier mag voorlopig niet worden vernietigd.",
        "The case may not be destroyed for now.",
    ),
    (
        "LEGAL_HOLD_LIFTED",
        "Een reden om het dossier te bewaren is vervallen.",
        "A reason to keep the case has ended.",
    ),
    ("PARTS_DESTROYED", "Delen van het dossier zijn vernietigd.", "Parts of the case were destroyed."),
    ("HULPVRAAG_DONE", "Een hulpvraag is afgerond.", "A request for help was completed."),
];

/// Of a kind that has no sentence yet.
const OTHER: (&str, &str) = ("Er is iets gebeurd in dit dossier.", "Something happened in this case.");

/// The fields of a mask, in Dutch and in English.
const FIELDS: &[(&str, &str, &str)] = &[
    ("absence", "verzuim", "absence"),
    ("milestones", "mijlpalen", "milestones"),
    ("child", "kind", "child"),
    ("parents", "ouders", "parents"),
    ("question", "vraag van de school", "the school's question"),
    ("residence_gemeente_code", "woongemeente", "gemeente of residence"),
    ("regisseur", "regisseur", "regisseur"),
    ("next_action_date", "volgende stap", "next action"),
    ("external_references", "kenmerken in andere systemen", "references in other systems"),
    ("escalation_level", "escalatie", "escalation"),
];

fn pick(language: Language, dutch: &'static str, english: &'static str) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// What the event says to somebody who may see `classes`.
pub(super) fn sentence(event: &Event, classes: Classes, language: Language) -> String {
    let (_, dutch, english) =
        SENTENCES.iter().find(|(kind, ..)| *kind == event.kind).unwrap_or(&("", OTHER.0, OTHER.1));
    let Some(detail) = &event.detail else { return pick(language, dutch, english).to_owned() };
    let mut text = filled(pick(language, dutch, english), detail, language);
    for moved in &detail.moved {
        text.push(' ');
        text.push_str(match language {
            Language::Dutch => &moved.nl,
            Language::English => &moved.en,
        });
    }
    if let Some(track) = detail.track.as_ref().filter(|_| classes.has(Class::K4)) {
        text.push(' ');
        text.push_str(&track::sentence(track, language));
    }
    if let Some(voice) = detail.voice.as_ref().filter(|_| classes.has(Class::K4)) {
        text.push(' ');
        text.push_str(&voice.sentence(language));
    }
    if let Some(said) = detail.said.as_ref().filter(|_| classes.has(Class::K4)) {
        let said_by = match event.kind.as_str() {
            "STAGE_CHANGED" => pick(language, "Ouders", "Parents"),
            _ => pick(language, "Toelichting", "Note"),
        };
        text = format!("{text} {said_by}: {said}");
    }
    text
}

fn filled(sentence: &str, detail: &Detail, language: Language) -> String {
    let outcome: Option<Outcome> = detail.outcome.as_deref().and_then(|word| word.parse().ok());
    let stage = |stage: Option<schakel_domain::thuiszitter::Stage>| {
        stage.map(|stage| stage.name(language)).unwrap_or_default()
    };
    let paths: Vec<_> = detail.paths.iter().map(|path| field(path, language)).collect();
    sentence
        .replace("{from}", stage(detail.from))
        .replace("{to}", stage(detail.to))
        .replace("{lower}", &level(detail.levels.map(|(before, _)| before)))
        .replace("{upper}", &level(detail.levels.map(|(_, after)| after)))
        .replace("{whom}", detail.whom.as_deref().unwrap_or_default())
        .replace("{left}", detail.left.as_deref().unwrap_or_default())
        .replace("{day}", &detail.day.map(|day| day_in_words(day, language)).unwrap_or_default())
        .replace("{outcome}", outcome.map(|outcome| outcome.name(language)).unwrap_or_default())
        .replace("{counts}", outcome.map(|outcome| counts(outcome, language)).unwrap_or_default())
        .replace("{paths}", &paths.join(", "))
}

fn level(number: Option<u8>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn field(path: &str, language: Language) -> &'static str {
    FIELDS
        .iter()
        .find(|(name, ..)| *name == path)
        .map_or("", |(_, dutch, english)| pick(language, dutch, english))
}

/// Whether an outcome is what the Thuiszitterspact asks for.
fn counts(outcome: Outcome, language: Language) -> &'static str {
    let (dutch, english) = match outcome.counts_as().pact {
        Solved::Yes => ("Dit telt als passend aanbod.", "This counts as a fitting offer."),
        Solved::IfInPlan => (
            "Dit telt als passend aanbod als het in het plan staat.",
            "This counts as a fitting offer if it is part of the plan.",
        ),
        Solved::No => ("Dit telt niet als passend aanbod.", "This does not count as a fitting offer."),
        Solved::Transferred => ("Een andere gemeente neemt het over.", "Another gemeente takes over."),
        Solved::Ended => ("De wet vraagt niets meer.", "The law asks nothing any more."),
        Solved::Removed => ("Dit verzuim telt niet mee.", "This absence is not counted."),
    };
    pick(language, dutch, english)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::thuiszitter::update_case;

    #[test]
    fn every_kind_has_one_sentence_in_two_languages() {
        let kinds: BTreeSet<_> = SENTENCES.iter().map(|(kind, ..)| kind).collect();
        assert_eq!(kinds.len(), SENTENCES.len());
        assert!(SENTENCES.iter().all(|(_, dutch, english)| dutch != english));
    }

    #[test]
    fn every_field_that_can_change_has_a_name() {
        for (path, _) in update_case::FIELDS {
            assert_ne!(field(path, Language::Dutch), "", "{path}");
        }
    }
}
