//! What came of a meeting: recorded on a form of what its kind asks, or that it did not take place; and shown
//! afterwards.

use std::collections::BTreeMap;

use axum::extract::Path;
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    consultation::State,
    consultation_service_client::ConsultationServiceClient,
    hulpvraag::Category,
    kind_rules::Record,
    kind_service_client::KindServiceClient,
    outcome::{Agreement, ChildHeard, JgtHulpGewenst},
};
use schakel_domain::{
    access::{Action, Role},
    hulpvraag::ASKED,
    refusal::Language,
};
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
    decided_with: "Wie besloot dat", "Who decided that";
    help_role: "Zo ja: wie is er nodig", "If so: who is needed";
    help_about: "Zo ja: waar gaat de vraag over", "If so: what the question is about";
    help_by: "Zo ja: uiterlijk wanneer (leeg: over twee weken)", "If so: by when (empty: in two weeks)";
    by: "uiterlijk", "by";
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
    needed: "Dit is nodig", "This is needed";
    needs_attended: "Wie er was: kruis minstens één persoon aan.", "Who was there: tick at least one person.";
    needs_quorum: "Zoveel professionals aan tafel, of dat er niets is besloten:",
        "So many professionals at the table, or that nothing was decided:";
    needs_child: "Of het kind is gehoord, en hoe of waarom niet.", "Whether the child was heard, and how or why not.";
    needs_help: "Of hulp van het jeugdteam gewenst is. Bij ja, nee of nog niet ook wie dat besloot.",
        "Whether help of the youth team is wanted. With yes, no or not yet also who decided it.";
    needs_acts: "Minstens één actie, met wie het doet en voor wanneer. Niet als er niets is besloten.",
        "At least one action, with who does it and by when. Not when nothing was decided.";
    needs_agreement: "Of er overeenstemming is. Niet als er niets is besloten.",
        "Whether agreement was reached. Not when nothing was decided.";
    action_hint: "Vul bij een actie alle drie in, of laat ze alle drie leeg.",
        "For an action fill in all three, or leave all three empty.";
    not_held: "Is dit overleg niet doorgegaan?", "Did this meeting not take place?";
    not_held_hint: "Dan wordt er niets anders vastgelegd. Afzeggen kan niet meer: de begintijd is voorbij.",
        "Then nothing else is recorded. It cannot be cancelled any more, as its start has passed.";
    do_not_held: "Het is niet doorgegaan", "It did not take place";
    back: "Terug naar het overleg", "Back to the meeting";
}

/// As many actions fit on the form; more are added on the page of the case.
const ACTIONS: usize = 4;

/// Another window was first: what is written here stands on the page that says so.
const RECORDED: Problem = Problem {
    status: StatusCode::CONFLICT,
    reason: "OUTCOME_RECORDED",
    dutch: "Wat uit dit overleg kwam, is al vastgelegd. Open de pagina van het overleg om het te lezen. Wat u nu hebt ingevuld, is niet opgeslagen.",
    english: "What came of this meeting was already recorded. Open the page of the meeting to read it. What you filled in now was not saved.",
};

/// It was called off, or somebody said that it did not take place.
const OFF: Problem = Problem {
    status: StatusCode::CONFLICT,
    reason: "CONSULTATION_CANCELLED",
    dutch: "Dit overleg is afgezegd of niet doorgegaan. Wat u nu hebt ingevuld, is niet opgeslagen.",
    english: "This meeting was cancelled or did not take place. What you filled in now was not saved.",
};

/// Where on the form a fault belongs: the field, and what it is called; nothing of what is no field there.
fn place(field: &str, own: &Words) -> Option<(String, String)> {
    let (name, rest) =
        field.strip_prefix("outcome.").map(|field| field.split_once('[').unwrap_or((field, "")))?;
    let label = match name {
        "attended" => own.attended,
        "child_heard" => own.child,
        "child_heard_note" => own.child_note,
        "jgt_hulp_gewenst" => own.help,
        "jgt_decided_with" => own.decided_with,
        "jgt_role" => own.help_role,
        "jgt_category" => own.help_about,
        "jgt_target_date" => own.help_by,
        "agreement" => own.agreement,
        "summary" => own.summary,
        "not_decided" => own.not_decided,
        "actions" => return Some(place_of_action(rest, own)),
        _ => return None,
    };
    Some((name.to_owned(), label.to_owned()))
}

/// The same of `0].owner`, or of all actions.
fn place_of_action(rest: &str, own: &Words) -> (String, String) {
    let (at, part) = rest.split_once("].").unwrap_or(("0", "text"));
    let at = at.parse::<usize>().unwrap_or_default() + 1;
    let (name, label) = match part {
        "owner" => ("owner", own.owner),
        "due_date" => ("due", own.due),
        _ => ("text", own.text),
    };
    (format!("{name}-{at}"), format!("{} {at}, {label}", own.action))
}

/// What is wrong: a list of `id`, `label` and `text` in the order of the form's own names, and the texts by
/// the id of their field.
fn wrong(faults: &Faults, own: &Words) -> (Vec<Value>, BTreeMap<String, String>) {
    let (mut all, mut by_id) = (Vec::new(), BTreeMap::<String, String>::new());
    for (field, text) in &faults.fields {
        let (id, label) = place(field, own).unwrap_or_default();
        all.push(context! { id => id.as_str(), label, text => text.as_str() });
        let beside = by_id.entry(id).or_default();
        if !beside.contains(text.as_str()) {
            if !beside.is_empty() {
                beside.push(' ');
            }
            beside.push_str(text);
        }
    }
    (all, by_id)
}

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
        helper => helper(outcome, language),
        agreement => agreement_word(outcome.agreement(), language),
        summary => outcome.summary.as_str(),
        not_decided => outcome.not_decided,
    }
}

/// Who was asked for, and by when; empty where nobody was.
fn helper(outcome: &pb::Outcome, language: Language) -> String {
    if outcome.hulpvraag.is_empty() {
        return String::new();
    }
    let (role, day) =
        (shown::role(outcome.jgt_role(), language), shown::day(&outcome.jgt_target_date, language));
    format!("{role}, {} {day}", words(language).by)
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
            jgt_role: chosen(form, "jgt_role", pb::Role::from_str_name)?.into(),
            jgt_target_date: form.one("jgt_target_date")?.to_owned(),
            jgt_category: chosen(form, "jgt_category", Category::from_str_name)?.into(),
            agreement: chosen(form, "agreement", Agreement::from_str_name)?.into(),
            summary: form.one("summary")?.to_owned(),
            // Half an action is told to be half, and not left out unseen.
            actions: actions
                .filter(|one| [&one.text, &one.owner, &one.due_date].iter().any(|said| !said.is_empty()))
                .collect(),
            not_decided: form.ticked("not_decided")?,
            not_held: form.ticked("not_held")?,
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
        Ok(_) if told.0.not_held => Ok(see_other(&format!("/consultations/{id}?said=not_held"))),
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
    if !ever(visit, Action::RecordOutcome) {
        return Err(NOT_FOUND.into());
    }
    match (meeting.state(), again) {
        (State::Planned, _) => {}
        (State::Held, Some(_)) => return Err(RECORDED.into()),
        (State::Held, None) => return Ok(see_other(&format!("/{}?said=recorded", meeting.name))),
        (State::Cancelled | State::Unspecified, Some(_)) => return Err(OFF.into()),
        (State::Cancelled | State::Unspecified, None) => return Ok(see_other(&format!("/{}", meeting.name))),
    }
    let start = super::begins(&meeting).unwrap_or_else(|| visit.app.now());
    let day = schakel_domain::time::wall_clock(chrono_tz::Europe::Amsterdam, start).date().to_string();
    let ask = pb::GetKindRequest { kind: meeting.kind, date: day.clone() };
    let rules = KindServiceClient::new(visit.calls()).get_kind(ask).await?.into_inner();
    let asks = |record: Record| rules.record().any(|one| one == record);
    // Without a child there is nobody to hear, and no help to want.
    let of_child = |record: Record| asks(record) && !meeting.case.is_empty();
    let told = again.map(|(told, _)| told.0.clone()).unwrap_or_default();
    let table: Vec<Value> = (meeting.participants.iter())
        .map(|one| {
            let there = told.attended.contains(&one.person);
            let decided = told.jgt_decided_with.contains(&one.person);
            context! { there, decided, ..shown::participant(one, language) }
        })
        .collect();
    let actions: Vec<Value> = (0..ACTIONS)
        .map(|at| {
            let one = told.actions.get(at).cloned().unwrap_or_default();
            context! { text => one.text, owner => one.owner, due => one.due_date }
        })
        .collect();
    let (listed, faulty) = again.map(|(_, faults)| wrong(faults, own)).unwrap_or_default();
    let values = context! {
        own, table, actions, day, faulty,
        wrong => listed,
        quorum => rules.quorum,
        begun => start <= visit.app.now(),
        faults => again.map(|(_, faults)| Value::from(faults)),
        meeting => shown::meeting(&meeting, language),
        path => format!("/{}", meeting.name),
        etag => again.map_or(meeting.etag.as_str(), |(told, faults)| faults.etag(&told.1, &meeting.etag)),
        child => of_child(Record::ChildHeard),
        help => of_child(Record::JgtHulp),
        agrees => asks(Record::Agreement),
        acts => asks(Record::Actions),
        heard => heards(told.child_heard(), language),
        helps => helps(told.jgt_hulp_gewenst(), language),
        help_roles => helpers(told.jgt_role(), language),
        help_about => categories(told.jgt_category(), language),
        today => crate::access::authenticate::today(visit.app.now()).to_string(),
        help_by => told.jgt_target_date.as_str(),
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

/// Who can be asked for; a social worker where nobody says.
fn helpers(here: pb::Role, language: Language) -> Vec<Value> {
    let here = if matches!(here, pb::Role::Unspecified) { pb::Role::Smw } else { here };
    let wire = |role: &Role| pb::Role::from_str_name(&format!("ROLE_{role}"));
    let option = |one: pb::Role| {
        context! { value => one.as_str_name(), label => shown::role(one, language), here => one == here }
    };
    ASKED.iter().filter_map(wire).map(option).collect()
}

/// What a question can be about; nobody has to say.
fn categories(here: Category, language: Language) -> Vec<Value> {
    let all = [
        Category::Unspecified,
        Category::Gedrag,
        Category::Leren,
        Category::Emotie,
        Category::Gezin,
        Category::Gezondheid,
        Category::Verzuim,
        Category::Veiligheid,
        Category::Anders,
    ];
    all.map(|one| {
        let value = if matches!(one, Category::Unspecified) { "" } else { one.as_str_name() };
        context! { value, label => shown::category(one, language), here => one == here }
    })
    .into()
}

fn agreements(here: Agreement, language: Language) -> Vec<Value> {
    [Agreement::Reached, Agreement::NotReached, Agreement::Dispute]
        .map(|one| context! { value => one.as_str_name(), label => agreement_word(one, language), here => one == here })
        .into()
}
