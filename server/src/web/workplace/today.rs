//! Today: my coming meetings and who answered, my tasks by their dates, and alarms; the region in
//! figures first for who sees nothing else of it.

use std::cmp::Reverse;

use axum::{Router, routing::get};
use chrono::{DateTime, TimeDelta, Utc};
use minijinja::{Value, context};
use pb::{
    consultation::State, consultation_service_client::ConsultationServiceClient, participant::Answer,
    task::Kind, task_service_client::TaskServiceClient, timeline::deadline,
};
use schakel_domain::{invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;

use super::{
    Workplace,
    board::glance::glance,
    shown,
    trouble::{Shown, Trouble, if_allowed},
    visit::Visit,
    words::words,
};

words! {
    title: "Vandaag", "Today";
    alarms: "Let op", "Attention";
    no_alarms: "Er zijn geen alarmen.", "There are no alarms.";
    week: "Mijn overleg deze week", "My meetings this week";
    no_meetings: "U hebt de komende zeven dagen geen overleg.", "You have no meetings in the coming seven days.";
    later: "Later", "Later";
    tasks: "Mijn taken", "My tasks";
    no_tasks: "Er wacht niets op u.", "Nothing waits for you.";
    more: "Er is meer dan hier past. Werk de bovenste eerst af.", "There is more than fits here. Do the first ones first.";
    answers: "Binnengekomen antwoorden", "Answers received";
    no_answers: "Er zijn nog geen antwoorden op uw komende overleg.", "There are no answers to your coming meetings yet.";
    when: "Wanneer", "When";
    what: "Wat", "What";
    place: "Waar", "Where";
    who: "Wie", "Who";
    answer: "Antwoord", "Answer";
    due: "Voor", "Due";
    concerns: "Over", "About";
    comes: "komt", "coming";
    waits: "nog geen antwoord", "no answer yet";
    refuses: "komt niet", "not coming";
    overdue: "te laat", "overdue";
    soon: "bijna", "soon";
    substitute: "Iemand aan tafel kan niet komen: zoek een vervanger.", "Somebody at the table cannot come: find a substitute.";
    unreached: "De mail komt niet aan. Bel:", "Mail does not arrive. Call:";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("workplace/today.html", include_str!("../templates/workplace/today.html")),
    ("workplace/glance.html", include_str!("../templates/workplace/glance.html")),
];

/// As many as an answer holds at most.
const PAGE: i32 = 200;
/// Of a full calendar, as many answers are asked for at most.
const PAGES: usize = 5;
/// How many answers and later meetings are shown.
const SHOWN: usize = 10;
const WEEK: TimeDelta = TimeDelta::days(7);

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/today", get(show))
}

async fn show(visit: Visit) -> Shown {
    let (language, now) = (visit.language, visit.app.now());
    let own = words(language);
    let glance = glance(&visit).await?;
    let mine = mine(&visit, now + WEEK).await?;
    let ask = pb::ListTasksRequest { page_size: PAGE, ..Default::default() };
    let tasks = if_allowed(TaskServiceClient::new(visit.calls()).list_tasks(ask).await)?;
    let more = tasks.as_ref().is_some_and(|tasks| !tasks.next_page_token.is_empty());
    let (alarms, waiting): (Vec<_>, Vec<_>) =
        tasks.unwrap_or_default().tasks.into_iter().partition(|task| is_alarm(task.kind()));
    let soon = |one: &&pb::Consultation| begins(one).is_some_and(|start| start < now + WEEK);
    let (week, later): (Vec<_>, Vec<_>) = mine.iter().partition(soon);
    let shown = |one: &pb::Consultation| shown::meeting(one, language);
    let alarms = alarms.iter().map(|one| task(one, language)).chain(troubled(&mine, own, language));
    let values = context! {
        own, more, glance,
        alarms => alarms.collect::<Vec<_>>(),
        week => week.into_iter().map(shown).collect::<Vec<_>>(),
        later => later.into_iter().take(SHOWN).map(shown).collect::<Vec<_>>(),
        tasks => waiting.iter().map(|one| task(one, language)).collect::<Vec<_>>(),
        answers => answers(&mine, &visit.me.person, language),
    };
    Ok(visit.page("workplace/today.html", own.title, values))
}

fn begins(one: &pb::Consultation) -> Option<DateTime<Utc>> {
    shown::instant(one.start_time.as_ref())
}

/// The meetings to come at which the person sits, here and in other regions, by start; all of those
/// until `week`, and of later ones as many as came along.
async fn mine(visit: &Visit, week: DateTime<Utc>) -> Result<Vec<pb::Consultation>, Trouble> {
    let mut meetings = ConsultationServiceClient::new(visit.calls());
    let mut all = Vec::new();
    let mut page_token = String::new();
    for _ in 0..PAGES {
        let ask = pb::ListConsultationsRequest { page_size: PAGE, page_token, ..Default::default() };
        let Some(page) = if_allowed(meetings.list_consultations(ask).await)? else { break };
        let reached = page.consultations.last().and_then(begins).is_some_and(|last| last >= week);
        all.extend(page.consultations);
        page_token = page.next_page_token;
        if reached || page_token.is_empty() {
            break;
        }
    }
    let ask = pb::ListSharedConsultationsRequest { page_size: PAGE, ..Default::default() };
    if let Some(shared) = if_allowed(meetings.list_shared_consultations(ask).await)? {
        all.extend(shared.consultations);
    }
    let own = &visit.me.person;
    all.retain(|one| {
        one.state() == State::Planned
            && one.within.is_empty()
            && one.participants.iter().any(|at| at.person == *own)
    });
    all.sort_by_key(begins);
    Ok(all)
}

fn is_alarm(kind: Kind) -> bool {
    match kind {
        Kind::NoRegisseur | Kind::NoNextAction | Kind::NextActionPassed => true,
        Kind::Unspecified
        | Kind::Deadline
        | Kind::PlanAction
        | Kind::AgreedAction
        | Kind::Consent
        | Kind::Information
        | Kind::Track
        | Kind::HandoverReturned
        | Kind::HandOverGemeente
        | Kind::HandOverDoorstroompunt
        | Kind::Duty
        | Kind::Hulpvraag
        | Kind::HulpvraagMeeting => false,
    }
}

/// One thing that waits: `text`, `due`, `mark` (overdue, soon or nothing), `reference`, `href`.
fn task(one: &pb::Task, language: Language) -> Value {
    let about = if one.case.is_empty() { one.consultation.as_str() } else { one.case.as_str() };
    let mark = match one.state() {
        deadline::State::Overdue => "overdue",
        deadline::State::DueSoon => "soon",
        deadline::State::Unspecified
        | deadline::State::Running
        | deadline::State::Met
        | deadline::State::Suspended => "",
    };
    let href = match one.kind() {
        // Who answers for a team does so there.
        Kind::Hulpvraag => "/team".to_owned(),
        // Why it was given back stands there.
        Kind::HandoverReturned => "/handovers".to_owned(),
        Kind::Unspecified
        | Kind::Deadline
        | Kind::PlanAction
        | Kind::AgreedAction
        | Kind::Consent
        | Kind::NoRegisseur
        | Kind::NoNextAction
        | Kind::NextActionPassed
        | Kind::Information
        | Kind::Track
        | Kind::HandOverGemeente
        | Kind::HandOverDoorstroompunt
        | Kind::Duty
        | Kind::HulpvraagMeeting => {
            if about.is_empty() {
                String::new()
            } else {
                format!("/{about}")
            }
        }
    };
    context! {
        href, mark,
        text => one.text.as_str(),
        reference => one.reference.as_str(),
        due => shown::day(&one.due_date, language),
    }
}

/// Meetings at which somebody is to be replaced or called, in the form of [`task`].
fn troubled(mine: &[pb::Consultation], own: &'static Words, language: Language) -> Vec<Value> {
    let mut found = Vec::new();
    for one in mine {
        let mut note = |text: String| {
            let due = shown::span(one.start_time.as_ref(), one.duration.as_ref(), language);
            let (href, reference) = (format!("/{}", one.name), one.reference.as_str());
            found.push(context! { href, reference, text, due, mark => "" });
        };
        if !one.needs_substitute.is_empty() {
            note(own.substitute.to_owned());
        }
        let unreached: Vec<String> = (one.participants.iter())
            .filter(|at| shown::is_unreached(at.delivery()))
            .map(|at| {
                let nameless = || shown::role(at.role(), language);
                if at.display_name.is_empty() { nameless() } else { at.display_name.clone() }
            })
            .collect();
        if !unreached.is_empty() {
            note(format!("{} {}", own.unreached, unreached.join(", ")));
        }
    }
    found
}

/// What others answered, newest first.
fn answers(mine: &[pb::Consultation], own: &str, language: Language) -> Vec<Value> {
    let mut given: Vec<_> = mine
        .iter()
        .flat_map(|meeting| meeting.participants.iter().map(move |at| (meeting, at)))
        .filter(|(_, at)| at.person != own)
        .filter(|(_, at)| !matches!(at.answer(), Answer::Unspecified | Answer::NeedsAction))
        .collect();
    given.sort_by_key(|(_, at)| Reverse(shown::instant(at.answer_time.as_ref())));
    let shown = |(meeting, at): (&pb::Consultation, &pb::Participant)| {
        let heard = shown::instant(at.answer_time.as_ref());
        context! {
            who => shown::participant(at, language),
            meeting => shown::meeting(meeting, language),
            heard => heard.map(|at| dates::short(at, language)).unwrap_or_default(),
        }
    };
    given.into_iter().take(SHOWN).map(shown).collect()
}
