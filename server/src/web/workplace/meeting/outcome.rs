//! What came of a meeting: recorded on a form of what its kind asks, and shown afterwards.

use axum::extract::Path;
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    consultation::State,
    consultation_service_client::ConsultationServiceClient,
    kind_rules::Record,
    kind_service_client::KindServiceClient,
    outcome::{Agreement, ChildHeard, JgtHulpGewenst},
};
use schakel_domain::{access::Action, refusal::Language};
use schakel_proto::v1 as pb;

use super::{ever, get_meeting};
use crate::web::{
    form::ANSWER_INVALID,
    problem::{NOT_FOUND, Problem},
    workplace::{
        shown,
        trouble::{Faults, Shown, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Vastleggen wat eruit kwam", "Record what came of it";
    attended: "Wie was er", "Who was there";
    not_decided: "Er is niets besloten: te weinig mensen of te weinig tijd",
        "Nothing was decided: too few people or too little time";
    child: "Is het kind gehoord", "Was the child heard";
    directly: "Ja, aan tafel", "Yes, at the table";
    through: "Via een ouder of vertegenwoordiger", "Through a parent or representative";
    unheard: "Nee", "No";
    child_note: "Hoe, of waarom niet", "How, or why not";
    help: "Is hulp van het jeugdteam gewenst", "Is help of the youth team wanted";
    help_yes: "Ja", "Yes";
    help_no: "Nee", "No";
    help_later: "Nog niet", "Not yet";
    help_silent: "Niet besproken", "Not discussed";
    decided_with: "Welke ouders besloten dat", "Which parents decided it";
    agreement: "Is er overeenstemming", "Was agreement reached";
    reached: "Ja", "Yes";
    not_reached: "Nog niet", "Not yet";
    dispute: "Nee: het gaat naar de geschillenregeling", "No: it goes to dispute settlement";
    summary: "Wat is er afgesproken", "What was agreed";
    action: "Actie", "Action";
    text: "Wat", "What";
    owner: "Wie", "Who";
    due: "Voor", "By";
    choose: "Kies", "Choose";
    nobody: "niemand", "nobody";
    submit: "Leg vast", "Record";
    back: "Terug naar het overleg", "Back to the meeting";
}

/// As many actions fit on the form; more are added on the page of the case.
const ACTIONS: usize = 4;

fn heard_word(one: ChildHeard, language: Language) -> &'static str {
    let own = words(language);
    match one {
        ChildHeard::Unspecified => "",
        ChildHeard::Directly => own.directly,
        ChildHeard::ThroughOthers => own.through,
        ChildHeard::No => own.unheard,
    }
}

fn help_word(one: JgtHulpGewenst, language: Language) -> &'static str {
    let own = words(language);
    match one {
        JgtHulpGewenst::Unspecified => "",
        JgtHulpGewenst::Ja => own.help_yes,
        JgtHulpGewenst::Nee => own.help_no,
        JgtHulpGewenst::NogNiet => own.help_later,
        JgtHulpGewenst::NietBesproken => own.help_silent,
    }
}

fn agreement_word(one: Agreement, language: Language) -> &'static str {
    let own = words(language);
    match one {
        Agreement::Unspecified => "",
        Agreement::Reached => own.reached,
        Agreement::NotReached => own.not_reached,
        Agreement::Dispute => own.dispute,
    }
}

/// What came of a meeting, for its page; nothing while it is not recorded or not to be seen.
pub(super) fn shown(meeting: &pb::Consultation, language: Language) -> Value {
    let Some(outcome) = &meeting.outcome else { return Value::from(()) };
    let called = |person: &String| {
        let seat = meeting.participants.iter().find(|at| at.person == *person);
        seat.map(|at| shown::participant(at, language))
    };
    let actions: Vec<Value> = (outcome.actions.iter())
        .map(|one| {
            let due = shown::day(&one.due_date, language);
            context! { due, text => one.text.as_str(), who => called(&one.owner) }
        })
        .collect();
    context! {
        actions,
        own => words(language),
        attended => outcome.attended.iter().filter_map(called).collect::<Vec<_>>(),
        heard => heard_word(outcome.child_heard(), language),
        heard_note => outcome.child_heard_note.as_str(),
        help => help_word(outcome.jgt_hulp_gewenst(), language),
        agreement => agreement_word(outcome.agreement(), language),
        summary => outcome.summary.as_str(),
        not_decided => outcome.not_decided,
    }
}

pub(super) async fn show(visit: Visit, Path(id): Path<String>) -> Shown {
    page(&visit, &id, None).await
}

/// What the form says, and of which meeting it was read.
struct Told(pb::Outcome, String);

fn chosen<T: Default>(form: &Posted, field: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Problem> {
    let text = form.one(field)?;
    if text.is_empty() { Ok(T::default()) } else { read(text).ok_or(ANSWER_INVALID) }
}

impl Told {
    fn read(form: &Posted) -> Result<Self, Problem> {
        let all =
            |name: &str| -> Vec<String> { form.all(name).map(|value| value.trim().to_owned()).collect() };
        let (texts, owners, dues) = (all("action_text"), all("action_owner"), all("action_due"));
        let actions = texts.into_iter().zip(owners).zip(dues).map(|((text, owner), due_date)| {
            pb::outcome::Action { name: String::new(), text, owner, due_date }
        });
        let outcome = pb::Outcome {
            attended: all("attended"),
            child_heard: chosen(form, "child_heard", ChildHeard::from_str_name)?.into(),
            child_heard_note: form.one("child_heard_note")?.to_owned(),
            jgt_hulp_gewenst: chosen(form, "jgt_hulp_gewenst", JgtHulpGewenst::from_str_name)?.into(),
            jgt_decided_with: all("jgt_decided_with"),
            agreement: chosen(form, "agreement", Agreement::from_str_name)?.into(),
            summary: form.one("summary")?.to_owned(),
            actions: actions.filter(|one| !one.text.is_empty()).collect(),
            not_decided: form.ticked("not_decided")?,
            ..Default::default()
        };
        Ok(Self(outcome, form.given("etag")?.to_owned()))
    }
}

/// The outcome is recorded, or the form is shown again as it was filled in.
pub(super) async fn record(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let told = Told::read(&form)?;
    let ask = pb::RecordOutcomeRequest {
        name: format!("consultations/{id}"),
        outcome: Some(told.0.clone()),
        etag: told.1.clone(),
        request_id: form.given("request_id")?.to_owned(),
    };
    match ConsultationServiceClient::new(visit.calls()).record_outcome(ask).await {
        Ok(_) => Ok(see_other(&format!("/consultations/{id}"))),
        Err(status) => {
            let faults = Faults::of(status)?;
            page(&visit, &id, Some((&told, &faults))).await
        }
    }
}

async fn page(visit: &Visit, id: &str, again: Option<(&Told, &Faults)>) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let meeting = get_meeting(visit, id).await?;
    if !ever(visit, Action::RecordOutcome) || !matches!(meeting.state(), State::Planned) {
        return Err(NOT_FOUND.into());
    }
    let start = super::begins(&meeting).unwrap_or_else(|| visit.app.now());
    let day = schakel_domain::time::wall_clock(chrono_tz::Europe::Amsterdam, start).date().to_string();
    let ask = pb::GetKindRequest { kind: meeting.kind, date: day.clone() };
    let rules = KindServiceClient::new(visit.calls()).get_kind(ask).await?.into_inner();
    let asks = |record: Record| rules.record().any(|one| one == record);
    let told = again.map(|(told, _)| told.0.clone()).unwrap_or_default();
    let table: Vec<Value> = (meeting.participants.iter())
        .map(|one| {
            let parent = matches!(one.role(), pb::Role::Ouder);
            let there = told.attended.contains(&one.person);
            let decided = told.jgt_decided_with.contains(&one.person);
            context! { parent, there, decided, ..shown::participant(one, language) }
        })
        .collect();
    let actions: Vec<Value> = (0..ACTIONS)
        .map(|at| {
            let one = told.actions.get(at).cloned().unwrap_or_default();
            context! { text => one.text, owner => one.owner, due => one.due_date }
        })
        .collect();
    let values = context! {
        own, table, actions, day,
        faults => again.map(|(_, faults)| Value::from(faults)),
        meeting => shown::meeting(&meeting, language),
        path => format!("/{}", meeting.name),
        etag => again.map_or(meeting.etag.as_str(), |(told, faults)| faults.etag(&told.1, &meeting.etag)),
        child => asks(Record::ChildHeard),
        help => asks(Record::JgtHulp),
        agrees => asks(Record::Agreement),
        acts => asks(Record::Actions),
        heard => heards(told.child_heard(), language),
        helps => helps(told.jgt_hulp_gewenst(), language),
        agreements => agreements(told.agreement(), language),
        note => told.child_heard_note.as_str(),
        summary => told.summary.as_str(),
        not_decided => told.not_decided,
        request_id => visit.request_id(),
    };
    let status = if again.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/meeting_outcome.html", own.title), values))
}

fn heards(here: ChildHeard, language: Language) -> Vec<Value> {
    [ChildHeard::Directly, ChildHeard::ThroughOthers, ChildHeard::No]
        .map(|one| context! { value => one.as_str_name(), label => heard_word(one, language), here => one == here })
        .into()
}

fn helps(here: JgtHulpGewenst, language: Language) -> Vec<Value> {
    [JgtHulpGewenst::Ja, JgtHulpGewenst::Nee, JgtHulpGewenst::NogNiet, JgtHulpGewenst::NietBesproken]
        .map(|one| context! { value => one.as_str_name(), label => help_word(one, language), here => one == here })
        .into()
}

fn agreements(here: Agreement, language: Language) -> Vec<Value> {
    [Agreement::Reached, Agreement::NotReached, Agreement::Dispute]
        .map(|one| context! { value => one.as_str_name(), label => agreement_word(one, language), here => one == here })
        .into()
}
