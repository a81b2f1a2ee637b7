//! What a track and its steps are called in the timeline, in plain Dutch and in English.

use schakel_domain::{
    refusal::Language,
    thuiszitter::track::{TrackKind, TrackStep},
};

/// Which track, and which step of it, for who sees the content of education; nothing for words that are
/// no longer known.
pub(in crate::thuiszitter) fn sentence((kind, step): &(String, String), language: Language) -> String {
    let kind: Option<TrackKind> = kind.parse().ok();
    let step: Option<TrackStep> = step.parse().ok();
    let Some(kind) = kind.map(|kind| picked(kind_words(kind), language)) else { return String::new() };
    match step.map(|step| picked(step_words(step), language)) {
        Some(step) => format!("{kind}: {step}."),
        None => format!("{kind}."),
    }
}

fn picked((dutch, english): (&'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

fn kind_words(kind: TrackKind) -> (&'static str, &'static str) {
    match kind {
        TrackKind::Placement => ("Plaatsing", "Placement"),
        TrackKind::Exemption => ("Vrijstelling", "Exemption"),
        TrackKind::Complaint => ("Klacht", "Complaint"),
        TrackKind::ParentObjection => ("Bezwaar van ouders", "Objection of parents"),
        TrackKind::TlvObjection => ("Bezwaar tegen TLV-besluit", "Objection to the TLV decision"),
        TrackKind::Dispute => ("Zaak bij de Geschillencommissie", "Case at the disputes committee"),
        TrackKind::Arrangement => ("Arrangement", "Support arrangement"),
        TrackKind::Oza => ("Onderwijszorgarrangement", "Education and care arrangement"),
    }
}

fn step_words(step: TrackStep) -> (&'static str, &'static str) {
    match step {
        TrackStep::TlvApplied => ("TLV aangevraagd", "TLV applied for"),
        TrackStep::TlvGranted => ("TLV toegekend", "TLV granted"),
        TrackStep::TlvRefused => ("TLV geweigerd", "TLV refused"),
        TrackStep::TlvWithdrawn => ("TLV-aanvraag ingetrokken", "TLV application withdrawn"),
        TrackStep::SchoolVisited => ("een school bezocht", "a school visited"),
        TrackStep::SchoolAgreed => ("een school wil plaatsen", "a school agreed"),
        TrackStep::SchoolRefused => ("een school wil niet plaatsen", "a school refused"),
        TrackStep::StartAgreed => ("eerste schooldag afgesproken", "first school day agreed"),
        TrackStep::Started => ("gestart op school", "started at school"),
        TrackStep::DoctorStated => ("verklaring van de arts", "statement of the doctor"),
        TrackStep::EducationAdvised => ("onderwijskundig oordeel", "educational opinion"),
        TrackStep::Notified => ("beroep op vrijstelling gedaan", "parents gave notice"),
        TrackStep::Granted => ("geldt", "it holds"),
        TrackStep::Refused => ("geldt niet", "it does not hold"),
        TrackStep::Mediated => ("samen gesproken", "talked together"),
        TrackStep::Heard => ("gehoord", "heard"),
        TrackStep::Extended => ("uitgesteld", "put off"),
        TrackStep::Advised => ("advies van de commissie", "advice of the committee"),
        TrackStep::ReplyAsked => ("verweer gevraagd", "reply asked for"),
        TrackStep::ReplySent => ("verweer gestuurd", "reply sent"),
        TrackStep::Decided => ("besloten", "decided"),
        TrackStep::Ended => ("gestopt", "ended"),
        TrackStep::EducationAgreed => ("onderwijs akkoord", "education agreed"),
        TrackStep::CareAgreed => ("zorg akkoord", "care agreed"),
        TrackStep::ParentsAgreed => ("ouders akkoord", "parents agreed"),
        TrackStep::ArrangementGranted => ("toegekend", "granted"),
        TrackStep::ArrangementRefused => ("geweigerd", "refused"),
        TrackStep::ArrangementStarted => ("begonnen", "begun"),
        TrackStep::ArrangementEvaluated => ("geëvalueerd", "evaluated"),
        TrackStep::ArrangementEnded => ("afgelopen", "ran to its end"),
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_track_and_step_has_two_names() {
        for (dutch, english) in TrackKind::iter().map(kind_words).chain(TrackStep::iter().map(step_words)) {
            assert_ne!(dutch, english);
        }
        let told = ("PLACEMENT".to_owned(), "TLV_APPLIED".to_owned());
        assert_eq!(sentence(&told, Language::Dutch), "Plaatsing: TLV aangevraagd.");
        assert_eq!(sentence(&("EXEMPTION".to_owned(), String::new()), Language::English), "Exemption.");
    }
}
