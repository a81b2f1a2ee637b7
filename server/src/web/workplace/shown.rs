//! What stands on the wire, as people say it: kinds of meetings, roles, answers, times.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use minijinja::{Value, context};
use pb::{
    consultation::{Kind, Place, State},
    hulpvraag::Category,
    participant::{Answer, Delivery},
};
use schakel_domain::{audit, invitation::dates, refusal::Language, time::day_in_words};
use schakel_proto::v1 as pb;

fn choose(language: Language, (dutch, english): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// What a meeting is for.
pub(super) fn kind(kind: Kind, language: Language) -> &'static str {
    let words = match kind {
        Kind::Unspecified => ("Overleg", "Meeting"),
        Kind::Verzuimgesprek => ("Verzuimgesprek", "Talk about absence"),
        Kind::Consult => ("Consult", "Consult"),
        Kind::Ondersteuningsteam => ("Ondersteuningsteam", "Support team"),
        Kind::Mdo => ("Multidisciplinair overleg", "Multidisciplinary meeting"),
        Kind::Rondetafel => ("Rondetafelgesprek", "Round table"),
        Kind::Evaluatie => ("Evaluatie", "Evaluation"),
        Kind::Nazorg => ("Nazorg", "Aftercare"),
        Kind::Crisis => ("Crisisoverleg", "Crisis meeting"),
        Kind::WarmeOverdracht => ("Warme overdracht", "Hand-over in person"),
        Kind::Terugkeer => ("Terugkeergesprek", "Talk about returning"),
        Kind::Kennismaking => ("Kennismaking", "First acquaintance"),
        Kind::Intake => ("Intake", "Intake"),
        Kind::Rok => ("Regionaal overleg (ROK)", "Neighbourhood meeting (ROK)"),
        Kind::Clusterraad => ("Clusterraad", "Cluster council"),
        Kind::OogoBestuurlijk => ("Bestuurlijk OOGO", "OOGO of governors"),
        Kind::OogoAmbtelijk => ("Ambtelijk OOGO", "OOGO of officials"),
        Kind::BocBezoek => ("Bezoek van de boc'er", "Visit of the boc'er"),
        Kind::OppEvaluatie => ("Evaluatie van het OPP", "Evaluation of the OPP"),
        Kind::SmwBlok => ("Spreekuur schoolmaatschappelijk werk", "School social work hours"),
        Kind::JgzConsult => ("Consult jeugdgezondheidszorg", "Youth health consult"),
        Kind::Huisbezoek => ("Huisbezoek", "Home visit"),
        Kind::TlvOverleg => ("Overleg over een TLV", "Meeting about a TLV"),
        Kind::AnoniemConsult => ("Anoniem consult", "Anonymous consult"),
    };
    choose(language, words)
}

/// Where a meeting is.
pub(super) fn place(place: Place, language: Language) -> &'static str {
    let words = match place {
        Place::Unspecified => ("", ""),
        Place::School => ("op school", "at school"),
        Place::Team => ("bij het team", "at the team"),
        Place::Online => ("online", "online"),
        Place::Phone => ("per telefoon", "by telephone"),
        Place::Home => ("thuis", "at home"),
    };
    choose(language, words)
}

/// How a meeting stands.
pub(super) fn state(state: State, language: Language) -> &'static str {
    let words = match state {
        State::Unspecified => ("", ""),
        State::Planned => ("gepland", "planned"),
        State::Cancelled => ("afgezegd", "cancelled"),
        State::Held => ("geweest", "held"),
    };
    choose(language, words)
}

/// What somebody answered.
pub(super) fn answer(answer: Answer, language: Language) -> &'static str {
    let words = match answer {
        Answer::Unspecified | Answer::NeedsAction => ("nog geen antwoord", "no answer yet"),
        Answer::Accepted => ("komt", "comes"),
        Answer::Declined => ("komt niet", "does not come"),
        Answer::Tentative => ("misschien", "maybe"),
    };
    choose(language, words)
}

/// The class that marks an answer.
pub(super) fn mark(answer: Answer) -> &'static str {
    match answer {
        Answer::Unspecified | Answer::NeedsAction => "waiting",
        Answer::Accepted => "accepted",
        Answer::Declined => "declined",
        Answer::Tentative => "tentative",
    }
}

/// Whether mail does not reach somebody, who is then to be called.
pub(super) fn is_unreached(delivery: Delivery) -> bool {
    match delivery {
        Delivery::Failed | Delivery::NoAddress | Delivery::Bounced => true,
        Delivery::Unspecified
        | Delivery::Queued
        | Delivery::Sent
        | Delivery::Deferred
        | Delivery::Superseded
        | Delivery::Held
        | Delivery::Printed => false,
    }
}

/// What a request for help is about.
pub(super) fn category(category: Category, language: Language) -> &'static str {
    let words = match category {
        Category::Unspecified => ("niet gezegd", "not said"),
        Category::Gedrag => ("gedrag", "behaviour"),
        Category::Leren => ("leren", "learning"),
        Category::Emotie => ("emotie", "feelings"),
        Category::Gezin => ("gezin", "family"),
        Category::Gezondheid => ("gezondheid", "health"),
        Category::Verzuim => ("verzuim", "absence from school"),
        Category::Veiligheid => ("veiligheid", "safety"),
        Category::Anders => ("iets anders", "something else"),
    };
    choose(language, words)
}

/// What somebody is there for, for example `intern begeleider`.
pub(super) fn role(role: pb::Role, language: Language) -> String {
    audit::function(role.as_str_name().trim_start_matches("ROLE_"), language)
}

/// An instant of the wire.
pub(super) fn instant(wire: Option<&prost_types::Timestamp>) -> Option<DateTime<Utc>> {
    let wire = wire?;
    DateTime::from_timestamp(wire.seconds, u32::try_from(wire.nanos).ok()?)
}

/// `dinsdag 24 november 2026, 10:00–11:00 uur`; empty without a start.
pub(super) fn span(
    start: Option<&prost_types::Timestamp>,
    length: Option<&prost_types::Duration>,
    language: Language,
) -> String {
    let Some(start) = instant(start) else { return String::new() };
    let length = length.map_or(TimeDelta::zero(), |length| TimeDelta::seconds(length.seconds));
    dates::span(start, start + length, language)
}

/// A date of the wire as `3 maart 2026`; what is none stays as it is.
pub(super) fn day(iso: &str, language: Language) -> String {
    iso.parse::<NaiveDate>().map_or_else(|_| iso.to_owned(), |date| day_in_words(date, language))
}

/// A participant for a template: `name`, `role`, `answer`, `state` (accepted, declined, tentative,
/// waiting), `person`, `unreached`. Whose name may not be seen is called by the role.
pub(super) fn participant(one: &pb::Participant, language: Language) -> Value {
    let role = role(one.role(), language);
    let state = mark(one.answer());
    let name = if one.display_name.is_empty() { role.as_str() } else { one.display_name.as_str() };
    context! {
        name, state,
        role => role.as_str(),
        person => one.person.as_str(),
        optional => one.optional,
        answer => answer(one.answer(), language),
        unreached => is_unreached(one.delivery()),
    }
}

/// A meeting for a template: `href`, `reference`, `kind`, `when`, `place`, `state`, `participants`,
/// and how many of them `accepted`, `waiting` and `declined`.
pub(super) fn meeting(one: &pb::Consultation, language: Language) -> Value {
    let count =
        |wanted: &[Answer]| one.participants.iter().filter(|at| wanted.contains(&at.answer())).count();
    let participants: Vec<Value> = one.participants.iter().map(|at| participant(at, language)).collect();
    context! {
        participants,
        href => format!("/{}", one.name),
        reference => one.reference.as_str(),
        kind => kind(one.kind(), language),
        when => span(one.start_time.as_ref(), one.duration.as_ref(), language),
        place => place(one.place(), language),
        state => state(one.state(), language),
        accepted => count(&[Answer::Accepted]),
        declined => count(&[Answer::Declined]),
        waiting => count(&[Answer::NeedsAction, Answer::Unspecified]),
    }
}
