//! The parts of a case as a page shows them: people, deadlines, events, plan, tracks, decisions, views, consent.

use minijinja::{Value, context};
use pb::{plan_action::Side, timeline::deadline};
use schakel_domain::{invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;

use super::{
    register::Names,
    said::{ABOUTS, ACTIONS, CLASSES, DEADLINES, DECISIONS, GEZAG, PURPOSES},
    said_tracks::{TRACK_GROUNDS, TRACK_OUTCOMES, TRACK_STATES, TRACK_STEPS, TRACKS},
};
use crate::web::workplace::shown;

/// In whose words parts are shown: the names of people and organisations, and the language.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub(super) names: &'a Names,
    pub(super) language: Language,
}

fn when(wire: Option<&prost_types::Timestamp>, language: Language) -> String {
    shown::instant(wire).map(|at| dates::short(at, language)).unwrap_or_default()
}

/// The class of a sign beside a word: never a colour alone.
pub(super) fn mark(state: deadline::State) -> &'static str {
    match state {
        deadline::State::Met => "accepted",
        deadline::State::Overdue => "declined",
        deadline::State::DueSoon => "tentative",
        deadline::State::Unspecified | deadline::State::Running | deadline::State::Suspended => "waiting",
    }
}

/// How a term stands, with how much too late it was met.
pub(super) fn standing(one: &pb::timeline::Deadline, language: Language) -> String {
    match (one.late_days, language) {
        (..=0, _) => DEADLINES.say(one.state().as_str_name(), language).to_owned(),
        (1, Language::Dutch) => "te laat gehaald, 1 dag".to_owned(),
        (days, Language::Dutch) => format!("te laat gehaald, {days} dagen"),
        (1, Language::English) => "met late, 1 day".to_owned(),
        (days, Language::English) => format!("met late, {days} days"),
    }
}

/// The word of a warning that hours were not told.
const HOURS_UNKNOWN: &str = "ABSENCE_HOURS_UNKNOWN";

/// Whether it is known all the same that the school must report to DUO: that term runs, or the hours for it
/// were reached.
fn is_to_be_reported(deadlines: &[pb::timeline::Deadline], labels: &[String]) -> bool {
    let waits = |one: &pb::timeline::Deadline| {
        let report = one.met_by().any(|moment| matches!(moment, pb::Moment::ReportedToDuo));
        report && !matches!(one.state(), deadline::State::Met)
    };
    labels.iter().any(|label| label == "RELATIEF_16U4W") || deadlines.iter().any(waits)
}

/// What computed dates lack, as people say it; that hours are lacking only where something waits for them.
pub(super) fn warnings(
    all: &[String],
    (deadlines, labels): (&[pb::timeline::Deadline], &[String]),
    language: Language,
) -> Vec<String> {
    let known = is_to_be_reported(deadlines, labels);
    let told = all.iter().filter(|one| *one != HOURS_UNKNOWN || !known);
    told.map(|one| warning(one, language)).collect()
}

/// One of them; what has no words stays as it is.
fn warning(warning: &str, language: Language) -> String {
    if warning == HOURS_UNKNOWN {
        return match language {
            Language::Dutch => "Van de laatste dagen van dit verzuim zijn geen gemiste lesuren zonder geldige reden \
                                ingevuld. Daarom is niet te zien of de grens van 16 uur in 4 weken is bereikt. \
                                De school kan die uren invullen.",
            Language::English => "Of the last days of this absence no lesson hours missed without valid reason were \
                                  entered. So it cannot be seen whether the limit of 16 hours in 4 weeks was \
                                  reached. The school can enter them.",
        }
        .to_owned();
    }
    let Some(year) = warning.strip_prefix("HOLIDAYS_UNKNOWN ") else { return warning.to_owned() };
    match language {
        Language::Dutch => format!(
            "De schoolvakanties van {year} zijn nog niet bekend. Wat daarvan afhangt, kan niet worden berekend. \
             Vraag uw beheerder om ze in te lezen."
        ),
        Language::English => format!(
            "The school holidays of {year} are not known yet. What depends on them cannot be computed. \
             Ask your administrator to import them."
        ),
    }
}

/// What a fact says; a gemeente by its name.
fn saying(one: &pb::Fact, telling: Telling) -> String {
    if let Some(pb::fact::Said::Residence(residence)) = &one.said {
        let code = residence.gemeente_code.as_str();
        one.text.replace(code, telling.names.or_code(code))
    } else {
        one.text.clone()
    }
}

/// A term: `norm`, `name`, `basis`, `start`, `due`, `met`, `state`, `mark`, `why`, `acts`.
pub(super) fn deadline(one: &pb::timeline::Deadline, language: Language) -> Value {
    let acts: Vec<String> = one.acts().map(|role| shown::role(role, language)).collect();
    context! {
        norm => one.norm.as_str(),
        name => one.display_name.as_str(),
        basis => one.basis.as_str(),
        start => shown::day(&one.start_date, language),
        due => shown::day(&one.due_date, language),
        met => shown::day(&one.met_date, language),
        state => standing(one, language),
        mark => if one.late_days > 0 { "tentative" } else { mark(one.state()) },
        why => one.reason.as_ref().map(|reason| reason.text.as_str()).unwrap_or_default(),
        acts => acts.join(", "),
    }
}

/// Something that happened: `when`, `text`, `who`, and `href` when it is about a meeting, or about a request
/// for help and the reader `follows` those.
pub(super) fn event(one: &pb::timeline::Event, telling: Telling, follows: bool) -> Value {
    let href = if one.subject.starts_with("consultations/") {
        format!("/{}", one.subject)
    } else if follows && one.subject.starts_with("hulpvragen/") {
        let path =
            if one.kind == "HULPVRAAG_DECLINED" { "/hulpvragen?state=declined" } else { "/hulpvragen" };
        path.to_owned()
    } else {
        String::new()
    };
    context! {
        when => when(one.time.as_ref(), telling.language),
        text => one.text.as_str(),
        who => telling.names.function(one.role(), &one.organisation, telling.language),
        href,
    }
}

/// A fact: `name`, `text`, `reason`, `told`, and `who`.
pub(super) fn fact(one: &pb::Fact, telling: Telling) -> Value {
    context! {
        name => one.name.as_str(),
        text => saying(one, telling),
        reason => one.reason.as_str(),
        told => when(one.tell_time.as_ref(), telling.language),
        who => telling.names.function(one.role(), &one.organisation, telling.language),
    }
}

/// The child and the parents, whose names are shown to who may see them.
pub(super) fn people(case: &pb::Case, language: Language) -> Value {
    let child = case.child.as_ref().map(|child| {
        context! {
            name => child.display_name.as_str(),
            person => child.person.as_str(),
            birth => shown::day(&child.birth_date, language),
        }
    });
    let parent = |one: &pb::case::Parent| {
        context! {
            name => one.display_name.as_str(),
            gezag => GEZAG.say(one.gezag().as_str_name(), language),
            email => one.email.as_str(),
            phone => one.phone.as_str(),
            secret => one.address_confidential,
            language => one.language.as_str(),
        }
    };
    context! { child, parents => case.parents.iter().map(parent).collect::<Vec<_>>() }
}

fn action(one: &pb::PlanAction, telling: Telling) -> Value {
    let language = telling.language;
    context! {
        name => one.name.as_str(),
        text => one.text.as_str(),
        organisation => telling.names.of_name(&one.organisation),
        person => telling.names.of_name(&one.person),
        start => shown::day(&one.start_date, language),
        due => shown::day(&one.due_date, language),
        open => matches!(one.state(), pb::plan_action::State::Open),
        state => ACTIONS.say(one.state().as_str_name(), language),
        mark => match one.state() {
            pb::plan_action::State::Done => "accepted",
            pb::plan_action::State::Dropped => "declined",
            pb::plan_action::State::Open | pb::plan_action::State::Unspecified => "waiting",
        },
        done => shown::day(&one.done_date, language),
        reason => one.reason.as_str(),
    }
}

/// The plan, education and care side by side.
pub(super) fn plan(all: &[pb::PlanAction], telling: Telling) -> Value {
    let of = |care: bool| {
        let own = all.iter().filter(|one| matches!(one.side(), Side::Care) == care);
        own.map(|one| action(one, telling)).collect::<Vec<_>>()
    };
    context! { education => of(false), care => of(true) }
}

/// The norms whose terms run for a track of that kind.
fn norms(kind: pb::track::Kind) -> &'static [&'static str] {
    match kind {
        pb::track::Kind::Unspecified | pb::track::Kind::Complaint => &[],
        pb::track::Kind::Placement => &["T16", "T16A", "T16C"],
        pb::track::Kind::Exemption => &["V01", "V02", "V03", "V04", "V05"],
        pb::track::Kind::ParentObjection => &["T15", "T15B"],
        pb::track::Kind::TlvObjection => &["T16B"],
        pb::track::Kind::Dispute => &["T14", "T14B"],
        pb::track::Kind::Arrangement => &["T06", "R30"],
        pb::track::Kind::Oza => &["T06", "R31"],
    }
}

/// A term of a track: as a deadline, and the days on which it stood still, or since when it does.
fn term(one: &pb::timeline::Deadline, language: Language) -> Value {
    let stretches = one.reason.iter().flat_map(|reason| &reason.stood_still);
    let still: Vec<Value> = stretches
        .map(|stretch| {
            let (from, until) =
                (shown::day(&stretch.from_date, language), shown::day(&stretch.until_date, language));
            context! { from, until }
        })
        .collect();
    let suspended = matches!(one.state(), deadline::State::Suspended);
    context! { deadline => deadline(one, language), still, suspended }
}

/// A step of a track: `when`, `until` when it lasts, `what`, `school`, `href` of the meeting, and `note`.
fn step(one: &pb::track::Step, telling: Telling) -> Value {
    // A school has the same id as its organisation.
    let school = one.school.replacen("schools/", "organisations/", 1);
    context! {
        when => shown::day(&one.date, telling.language),
        until => shown::day(&one.until_date, telling.language),
        what => TRACK_STEPS.say(one.kind().as_str_name(), telling.language),
        school => telling.names.of_name(&school),
        href => if one.consultation.is_empty() { String::new() } else { format!("/{}", one.consultation) },
        note => one.note.as_str(),
    }
}

/// A track with its steps, and the terms that run for it.
pub(super) fn track(one: &pb::Track, deadlines: &[pb::timeline::Deadline], telling: Telling) -> Value {
    let language = telling.language;
    let open = matches!(one.state(), pb::track::State::Open);
    // A term that was met before this began was that of another track.
    let runs = |term: &&pb::timeline::Deadline| {
        let own = term.met_date.is_empty() || term.met_date >= one.start_date;
        open && own && norms(one.kind()).contains(&term.norm.as_str())
    };
    let ground = TRACK_GROUNDS.say(one.ground().as_str_name(), language);
    // Most are asked for on article 5 under a; another ground stands where it cannot be missed.
    let unusual = !matches!(one.ground(), pb::track::Ground::Unspecified | pb::track::Ground::Ground5OnderA);
    context! {
        open, ground, unusual,
        name => one.name.as_str(),
        kind => TRACKS.say(one.kind().as_str_name(), language),
        coordinator => telling.names.of_name(&one.coordinator),
        since => shown::day(&one.start_date, language),
        next => shown::day(&one.next_date, language),
        state => TRACK_STATES.say(one.state().as_str_name(), language),
        mark => if open { "waiting" } else { "accepted" },
        outcome => TRACK_OUTCOMES.say(one.outcome().as_str_name(), language),
        ended => shown::day(&one.close_date, language),
        steps => one.steps.iter().map(|taken| step(taken, telling)).collect::<Vec<_>>(),
        terms => deadlines.iter().filter(runs).map(|one| term(one, language)).collect::<Vec<_>>(),
    }
}

/// What was decided with doorzettingsmacht, and whether it was done.
pub(super) fn decision(one: &pb::Decision, telling: Telling) -> Value {
    let language = telling.language;
    let check = |check: &pb::decision::Check| {
        context! {
            date => shown::day(&check.date, language),
            state => DECISIONS.say(check.state().as_str_name(), language),
            found => check.found.as_str(),
        }
    };
    context! {
        name => one.name.as_str(),
        text => one.text.as_str(),
        decider => telling.names.of_name(&one.decider),
        date => shown::day(&one.decide_date, language),
        obliged => telling.names.of_name(&one.obliged_organisation),
        due => shown::day(&one.due_date, language),
        state => DECISIONS.say(one.state().as_str_name(), language),
        mark => match one.state() {
            pb::decision::State::Complied => "accepted",
            pb::decision::State::Overdue | pb::decision::State::NotComplied => "declined",
            pb::decision::State::Pending | pb::decision::State::Unspecified => "waiting",
        },
        done => matches!(one.state(), pb::decision::State::Complied),
        checks => one.checks.iter().map(check).collect::<Vec<_>>(),
    }
}

/// How a party sees it, and what others answer.
pub(super) fn view(one: &pb::CaseView, telling: Telling) -> Value {
    let party = if one.person.is_empty() { &one.organisation } else { &one.person };
    context! {
        name => one.name.as_str(),
        party => telling.names.of_name(party),
        about => ABOUTS.say(one.about().as_str_name(), telling.language),
        text => one.text.as_str(),
        when => when(one.record_time.as_ref(), telling.language),
        who => telling.names.function(one.role(), &one.recorded_by, telling.language),
        rejoinders => one.rejoinders.iter().map(|answer| view(answer, telling)).collect::<Vec<_>>(),
    }
}

/// What was agreed to share.
pub(super) fn consent(one: &pb::Consent, telling: Telling) -> Value {
    let language = telling.language;
    let parties = |parties: &[pb::consent::Party]| {
        let named = parties.iter().map(|party| {
            if party.organisation.is_empty() {
                shown::role(party.role(), language)
            } else {
                telling.names.of_name(&party.organisation).to_owned()
            }
        });
        named.collect::<Vec<_>>().join(", ")
    };
    let classes: Vec<&str> = one.classes().map(|class| CLASSES.say(class.as_str_name(), language)).collect();
    let signers: Vec<&str> =
        one.signatures.iter().map(|signed| telling.names.of_name(&signed.person)).collect();
    context! {
        name => one.name.as_str(),
        purpose => PURPOSES.say(&one.purpose, language),
        gives => parties(&one.gives),
        receives => parties(&one.receives),
        classes => classes.join("; "),
        signers => signers.join(", "),
        given => shown::day(&one.given_date, language),
        expires => shown::day(&one.expire_date, language),
        renewal => shown::day(&one.needs_renewal_by, language),
        valid => one.valid,
        withdrawn => when(one.withdraw_time.as_ref(), language),
        note => one.note.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_holidays_are_told_in_a_sentence() {
        for language in [Language::Dutch, Language::English] {
            let told = warning("HOLIDAYS_UNKNOWN 2025-2026", language);
            assert!(told.contains("2025-2026") && !told.contains("HOLIDAYS_UNKNOWN"), "{told}");
        }
        assert_eq!(warning("LATER", Language::Dutch), "LATER");
    }

    #[test]
    fn hours_are_said_to_be_lacking_only_where_the_report_to_duo_waits_for_them() {
        let all = [HOURS_UNKNOWN.to_owned(), "HOLIDAYS_UNKNOWN 2027-2028".to_owned()];
        let told = |deadlines: &[pb::timeline::Deadline], labels: &[String]| {
            warnings(&all, (deadlines, labels), Language::Dutch)
        };
        let report = |state: deadline::State| pb::timeline::Deadline {
            norm: "T10A".into(),
            state: state.into(),
            met_by: vec![pb::Moment::ReportedToDuo.into()],
            ..Default::default()
        };
        let lacking = told(&[], &[]);
        assert_eq!(lacking.len(), 2);
        assert!(lacking[0].starts_with("Van de laatste dagen van dit verzuim"), "{lacking:?}");
        assert!(!lacking[0].contains("DUO"), "another term may ask for that report: {lacking:?}");
        // What was reported of an earlier absence says nothing of this one.
        assert_eq!(told(&[report(deadline::State::Met)], &["ACTUEEL".into()]), lacking);
        for state in [deadline::State::Running, deadline::State::DueSoon, deadline::State::Overdue] {
            assert_eq!(told(&[report(state)], &[]), lacking[1..]);
        }
        assert_eq!(told(&[], &["RELATIEF_16U4W".into()]), lacking[1..]);
    }
}
