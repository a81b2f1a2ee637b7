//! Today: my coming meetings and who answered, my tasks by their dates, and alarms; the region in
//! figures first for who sees nothing else of it. What an organisation owes and what the visitor promised at
//! a meeting is said here to be done.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use axum::{Router, routing::get};
use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    action_service_client::ActionServiceClient, consultation::State,
    consultation_service_client::ConsultationServiceClient, duty_service_client::DutyServiceClient,
    participant::Answer, task::Kind, task_service_client::TaskServiceClient, timeline::deadline,
};
use schakel_domain::{
    access::{Action, Role, may},
    invitation::dates,
    refusal::Language,
};
use schakel_proto::v1 as pb;

use super::{
    Workplace,
    board::{cycle, glance::glance},
    meeting::proposals,
    proposed, shown,
    trouble::{Faults, Shown, Trouble, if_allowed, see_other},
    visit::{Posted, Visit},
    waiting::{Row, grouped},
    words::words,
};
use crate::access::authenticate;

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
    requests: "Bekijk de hulpvragen, ook de afgewezen", "See the requests for help, also those that were declined";
    answers: "Binnengekomen antwoorden", "Answers received";
    no_answers: "Er zijn nog geen antwoorden op uw komende overleg.", "There are no answers to your coming meetings yet.";
    when: "Wanneer", "When";
    what: "Wat", "What";
    place: "Waar", "Where";
    who: "Wie", "Who";
    answer: "Antwoord", "Answer";
    due: "Voor", "Due";
    number: "Aantal", "Number";
    counted: "Een mail over uw taken telt alleen wat een termijn heeft die dichtbij komt.",
        "A mail about your tasks counts only what has a date that comes near.";
    of_case: "Dossier", "Case";
    of_handover: "Overdracht", "Hand-over";
    of_meeting: "Overleg", "Meeting";
    of_team: "Hulpvragen aan uw team", "Requests to your team";
    of_requests: "Aangenomen hulpvragen", "Requests that were taken";
    of_organisation: "Uw organisatie", "Your organisation";
    of_poll: "Voorstel voor een tijd", "Proposal of a time";
    promised: "U zei toe", "You promised";
    finish: "Dit is klaar", "This is finished";
    comes: "komt", "coming";
    waits: "nog geen antwoord", "no answer yet";
    refuses: "komt niet", "not coming";
    overdue: "te laat", "overdue";
    soon: "bijna", "soon";
    cycle: "Plancyclus", "Plan cycle";
    done_on: "Gedaan op", "Done on";
    done: "Dit is gedaan", "This was done";
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
    Router::new().route("/today", get(show).post(done))
}

/// What was said to be done and refused: what is wrong with it, of which norm, on which day.
#[derive(Default)]
struct Tried {
    faults: Option<Faults>,
    norm: String,
    date: String,
}

/// The visitor's open promises by name, as far as they may be read.
type Promises = HashMap<String, String>;

async fn show(visit: Visit) -> Shown {
    page(&visit, &Tried::default()).await
}

/// What was promised at a meeting was done, or a duty.
async fn done(visit: Visit, form: Posted) -> Shown {
    if !form.one("action")?.is_empty() {
        let (name, request_id) = (form.given("action")?.to_owned(), form.given("request_id")?.to_owned());
        let ask = pb::CompleteActionRequest { name, request_id };
        let Err(status) = ActionServiceClient::new(visit.calls()).complete_action(ask).await else {
            return Ok(see_other("/today"));
        };
        return page(&visit, &Tried { faults: Some(Faults::of(status)?), ..Tried::default() }).await;
    }
    let (norm, date) = (form.given("norm")?.to_owned(), form.one("done_date")?.to_owned());
    let ask = pb::MarkDutyRequest {
        norm: norm.clone(),
        done_date: date.clone(),
        take_back: false,
        request_id: form.given("request_id")?.to_owned(),
    };
    let Err(status) = DutyServiceClient::new(visit.calls()).mark_duty(ask).await else {
        return Ok(see_other("/today"));
    };
    let faults = Some(Faults::of(status)?);
    page(&visit, &Tried { faults, norm, date }).await
}

async fn page(visit: &Visit, tried: &Tried) -> Shown {
    let (language, now) = (visit.language, visit.app.now());
    let own = words(language);
    let glance = glance(visit).await?;
    let coming = coming(visit, now + WEEK).await?;
    let met: HashSet<String> = coming.iter().map(|one| one.case.clone()).collect();
    let mine = mine(visit, coming);
    let ask = pb::ListTasksRequest { page_size: PAGE, ..Default::default() };
    let tasks = if_allowed(TaskServiceClient::new(visit.calls()).list_tasks(ask).await)?;
    let more = tasks.as_ref().is_some_and(|tasks| !tasks.next_page_token.is_empty());
    let (alarms, waiting): (Vec<_>, Vec<_>) =
        tasks.unwrap_or_default().tasks.into_iter().partition(|task| is_alarm(task.kind()));
    let promises = promises(visit, &waiting).await?;
    let soon = |one: &&pb::Consultation| begins(one).is_some_and(|start| start < now + WEEK);
    let (week, later): (Vec<_>, Vec<_>) = mine.iter().partition(soon);
    let shown = |one: &pb::Consultation| shown::meeting(one, language);
    let (polls, wishes) = (proposed::open(visit).await?, proposals::open(visit, "").await?);
    let writes = ever(visit, Action::WriteCase);
    let alarms = alarms.iter().map(|one| alarm(one, task(one, &promises, language), (&met, writes)));
    let alarms = alarms.chain(troubled(&mine, own, language)).chain(unheard(&polls, own, language));
    let alarms = alarms.chain(wishes.iter().map(|one| to_decide(one, &mine, (own, language))));
    let values = context! {
        own, more, glance,
        alarms => grouped(alarms),
        count => waiting.len(),
        week => week.into_iter().map(shown).collect::<Vec<_>>(),
        later => later.into_iter().take(SHOWN).map(shown).collect::<Vec<_>>(),
        tasks => grouped(waiting.iter().map(|one| task(one, &promises, language))),
        answers => answers(&mine, &visit.me.person, language),
        // Not everybody to whom a duty is told says that it was done.
        marks => ever(visit, Action::MarkDuty),
        finishes => ever(visit, Action::AnswerConsultation),
        requests => ever(visit, Action::ReadHulpvraag),
        today => authenticate::today(now).to_string(),
        tried => context! { norm => tried.norm.as_str(), date => tried.date.as_str() },
        faults => tried.faults.as_ref().map(Value::from),
        request_id => visit.request_id(),
    };
    let status = if tried.faults.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/today.html", own.title), values))
}

/// Whether a role of the visitor ever does this; the call itself says whether here.
fn ever(visit: &Visit, action: Action) -> bool {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    may(&roles, action, None).is_ok()
}

/// What the visitor took upon themselves at meetings. It is asked for only where something of it waits: each
/// text that is read is written down.
async fn promises(visit: &Visit, waiting: &[pb::Task]) -> Result<Promises, Trouble> {
    if !waiting.iter().any(|one| matches!(one.kind(), Kind::AgreedAction)) {
        return Ok(Promises::new());
    }
    let ask =
        pb::ListActionsRequest { owner: visit.me.person.clone(), page_size: PAGE, ..Default::default() };
    let found = if_allowed(ActionServiceClient::new(visit.calls()).list_actions(ask).await)?;
    Ok(found.unwrap_or_default().actions.into_iter().map(|one| (one.name, one.text)).collect())
}

fn begins(one: &pb::Consultation) -> Option<DateTime<Utc>> {
    shown::instant(one.start_time.as_ref())
}

/// The meetings to come that the person may see, here and in other regions: all of those until `week`, and of
/// later ones as many as came along.
async fn coming(visit: &Visit, week: DateTime<Utc>) -> Result<Vec<pb::Consultation>, Trouble> {
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
    all.retain(|one| one.state() == State::Planned);
    Ok(all)
}

/// Those at which the person sits, by start.
fn mine(visit: &Visit, mut all: Vec<pb::Consultation>) -> Vec<pb::Consultation> {
    let own = &visit.me.person;
    all.retain(|one| one.within.is_empty() && one.participants.iter().any(|at| at.person == *own));
    all.sort_by_key(begins);
    all
}

/// What is wrong with a case, with the way to where that is mended for who writes in cases. No next day is late
/// only in a case about which nobody meets either: `met` are those about which somebody will.
fn alarm(one: &pb::Task, row: Row, (met, writes): (&HashSet<String>, bool)) -> Row {
    let way = if writes && !one.case.is_empty() { format!("/{}/change", one.case) } else { String::new() };
    let rests = matches!(one.kind(), Kind::NoNextAction) && met.contains(&one.case);
    Row { way, mark: if rests { "" } else { row.mark }, ..row }
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
        | Kind::HulpvraagMeeting
        | Kind::Transition
        | Kind::Milestone
        | Kind::Outcome
        | Kind::Decision => false,
    }
}

/// One thing that waits; what was promised with its text.
fn task(one: &pb::Task, promises: &Promises, language: Language) -> Row {
    let own = words(language);
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
        // Who took it, by when, and where its meeting is planned.
        Kind::HulpvraagMeeting => "/hulpvragen".to_owned(),
        // Why it was given back stands there.
        // So does the round in which a child that goes on is handed over.
        Kind::HandoverReturned | Kind::Transition => "/handovers".to_owned(),
        // It is recorded there.
        Kind::Outcome => format!("/{}/outcome", one.consultation),
        // It is said to be done there.
        Kind::Milestone => {
            let milestone = one.milestone.clone().unwrap_or_default();
            cycle::path(milestone.plan(), &milestone.gemeente_code, milestone.year)
        }
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
        | Kind::Decision => {
            if about.is_empty() {
                String::new()
            } else {
                format!("/{about}")
            }
        }
    };
    let label = match one.kind() {
        Kind::Hulpvraag => own.of_team.to_owned(),
        Kind::HulpvraagMeeting => own.of_requests.to_owned(),
        Kind::Milestone => own.cycle.to_owned(),
        Kind::Duty => own.of_organisation.to_owned(),
        Kind::HandoverReturned | Kind::Transition => format!("{} {}", own.of_handover, one.reference),
        Kind::AgreedAction | Kind::Outcome => format!("{} {}", own.of_meeting, one.reference),
        Kind::Unspecified
        | Kind::Deadline
        | Kind::PlanAction
        | Kind::Consent
        | Kind::NoRegisseur
        | Kind::NoNextAction
        | Kind::NextActionPassed
        | Kind::Information
        | Kind::Track
        | Kind::HandOverGemeente
        | Kind::HandOverDoorstroompunt
        | Kind::Decision => format!("{} {}", own.of_case, one.reference),
    };
    let promise = matches!(one.kind(), Kind::AgreedAction).then(|| one.action.clone());
    let said = promises.get(&one.action).filter(|text| promise.is_some() && !text.is_empty());
    Row {
        href,
        mark,
        way: String::new(),
        label: label.trim_end().to_owned(),
        text: said.map_or_else(|| one.text.clone(), |text| format!("{}: {text}", own.promised)),
        due: shown::day(&one.due_date, language),
        duty: if matches!(one.kind(), Kind::Duty) { one.norm.clone() } else { String::new() },
        promise: promise.unwrap_or_default(),
    }
}

/// Meetings at which somebody is to be replaced or called.
fn troubled(mine: &[pb::Consultation], own: &'static Words, language: Language) -> Vec<Row> {
    let mut found = Vec::new();
    for one in mine {
        let mut note = |text: String| {
            let due = shown::span(one.start_time.as_ref(), one.duration.as_ref(), language);
            let (href, label) = (format!("/{}", one.name), format!("{} {}", own.of_meeting, one.reference));
            found.push(Row { href, label, text, due, ..Row::default() });
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

/// What somebody proposes about a meeting that the visitor booked.
fn to_decide(
    one: &pb::Proposal,
    mine: &[pb::Consultation],
    (own, language): (&'static Words, Language),
) -> Row {
    let meeting = mine.iter().find(|meeting| meeting.name == one.consultation);
    let due = meeting.map(|at| shown::span(at.start_time.as_ref(), at.duration.as_ref(), language));
    let reference = meeting.map(|meeting| meeting.reference.as_str()).unwrap_or_default();
    Row {
        href: format!("/{}#proposals", one.consultation),
        label: format!("{} {reference}", own.of_meeting).trim_end().to_owned(),
        text: proposals::waits(one, language).to_owned(),
        due: due.unwrap_or_default(),
        ..Row::default()
    }
}

/// The visitor's proposals of times of which no mail reaches somebody.
fn unheard(polls: &[pb::TimePoll], own: &'static Words, language: Language) -> Vec<Row> {
    let note = |one: &pb::TimePoll| {
        let unreached = one.voters.iter().filter(|at| proposed::is_to_be_called(at));
        let unreached: Vec<String> = unreached.map(|at| proposed::called(at, language)).collect();
        let due = shown::instant(one.deadline_time.as_ref()).map(|at| dates::short(at, language));
        (!unreached.is_empty()).then(|| Row {
            href: "/region/mail".to_owned(),
            label: format!("{} {}", own.of_poll, one.reference),
            text: format!("{} {}", own.unreached, unreached.join(", ")),
            due: due.unwrap_or_default(),
            ..Row::default()
        })
    };
    polls.iter().filter_map(note).collect()
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
