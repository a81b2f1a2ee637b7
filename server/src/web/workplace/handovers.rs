//! Hand-overs to next schools: how far each is, until when and whose turn it is; and the school that receives
//! a child says here that it has what it needs, or gives the hand-over back.

use axum::{Router, extract::Query, routing::get};
use http::StatusCode;
use minijinja::{Value, context};
use pb::{
    handover::{Reason, Side, State},
    handover_service_client::HandoverServiceClient,
};
use schakel_domain::{
    access::{Action, Role, may},
    dutch::SchoolYear,
    invitation::dates,
};
use schakel_proto::v1 as pb;
use serde::Deserialize;
use tonic::{Code, Status};

use super::{
    Workplace, shown,
    trouble::{Faults, Shown, Trouble, in_query, reason, see_other},
    visit::{Posted, Visit},
    words::words,
};
use crate::access::authenticate;

words! {
    title: "Warme overdrachten", "Hand-overs to the next school";
    intro: "U ziet hier de kinderen met een dossier die naar een volgende school gaan, voor zover u dat mag zien.",
        "These are the children with a case who go on to a next school, as far as you may see that.";
    year: "Schooljaar", "School year";
    show: "Toon", "Show";
    counts: "Hoe ver dit schooljaar is", "How far this school year is";
    missing: "nog geen overleg", "no meeting yet";
    booked: "overleg gepland", "meeting booked";
    held: "overleg geweest", "meeting held";
    confirmed: "klaar", "done";
    refused: "teruggegeven", "given back";
    overdue: "te laat", "late";
    mine: "U bent aan zet", "It is your turn";
    others: "Alle andere", "All others";
    none: "Er is dit schooljaar geen warme overdracht die u mag zien.",
        "There is no hand-over this school year that you may see.";
    no_school: "geen school", "no school";
    unknown: "volgende school nog niet bekend", "next school not known yet";
    to: "naar", "to";
    meeting: "Overleg", "Meeting";
    due: "Uiterlijk", "At the latest";
    answered: "Antwoord op", "Answered on";
    turn: "Aan zet", "Whose turn";
    you: "uw organisatie", "your organisation";
    sending: "de school die het kind verlaat", "the school that the child leaves";
    nobody: "niemand", "nobody";
    must_book: "plan een overleg", "book a meeting";
    must_record: "leg vast wat uit het overleg kwam", "record what came of the meeting";
    must_answer: "geef antwoord", "answer";
    must_mend: "los op waarom het is teruggegeven", "mend why it was given back";
    case: "Open het dossier", "Open the case";
    open_meeting: "Open het overleg", "Open the meeting";
    book: "Plan een overleg", "Book a meeting";
    not_enrolled: "het kind komt niet op deze school", "the child does not come to this school";
    incomplete: "er ontbreekt iets wat de school moet weten", "something is missing that the school needs to know";
    not_held: "het overleg is niet doorgegaan", "the meeting did not take place";
    confirm: "Wij hebben wat wij nodig hebben", "We have what we need";
    back: "Geef terug", "Give back";
    back_summary: "Iets klopt niet: geef de overdracht terug", "Something is not right: give the hand-over back";
    back_hint: "Wie dit moet oplossen, krijgt een mail. In die mail staat niet om welk kind het gaat.",
        "Whoever has to mend this gets a mail. That mail does not say which child it is about.";
    why: "Waarom geeft u terug?", "Why do you give it back?";
    choose: "Kies", "Choose";
    not_at_table: "Alleen wie voor de nieuwe school bij dit overleg zit, kan antwoorden.",
        "Only who sits at this meeting for the next school can answer.";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] =
    &[("workplace/handovers.html", include_str!("../templates/workplace/handovers.html"))];

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/handovers", get(show).post(answer))
}

/// Which round is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    year: String,
}

/// An answer that was refused: what is wrong with it, and what was said about which meeting.
#[derive(Default)]
struct Tried {
    faults: Option<Faults>,
    consultation: String,
    reason: String,
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    page(&visit, &asked.year, &Tried::default()).await
}

fn this_year(visit: &Visit) -> SchoolYear {
    SchoolYear::of(authenticate::today(visit.app.now()))
}

/// The round that an address or a form names; the present one where it names none.
fn year_of(visit: &Visit, asked: &str) -> SchoolYear {
    asked.parse().unwrap_or_else(|_| this_year(visit))
}

/// Whether what belongs to `school` belongs to the organisation that the visitor acts for.
fn is_mine(visit: &Visit, school: &str) -> bool {
    let id = |name: &str| name.rsplit_once('/').map(|(_, id)| id.to_owned());
    id(school).is_some_and(|own| id(&visit.me.acting_for) == Some(own))
}

fn state_of(state: State, own: &Words) -> (&'static str, &'static str) {
    match state {
        State::Unspecified => ("", "waiting"),
        State::Proposed => (own.missing, "waiting"),
        State::Booked => (own.booked, "waiting"),
        State::Held => (own.held, "tentative"),
        State::Confirmed => (own.confirmed, "accepted"),
        State::Refused => (own.refused, "declined"),
    }
}

fn reason_of(reason: Reason, own: &Words) -> &'static str {
    match reason {
        Reason::Unspecified => "",
        Reason::NotEnrolled => own.not_enrolled,
        Reason::Incomplete => own.incomplete,
        Reason::NotHeld => own.not_held,
    }
}

fn reasons(own: &Words) -> Vec<Value> {
    let all = [Reason::NotEnrolled, Reason::Incomplete, Reason::NotHeld];
    all.map(|one| context! { value => one.as_str_name(), label => reason_of(one, own) }).into()
}

/// What whoever has the turn has to do.
fn to_do(state: State, own: &Words) -> &'static str {
    match state {
        State::Unspecified | State::Confirmed => "",
        State::Proposed => own.must_book,
        State::Booked => own.must_record,
        State::Held => own.must_answer,
        State::Refused => own.must_mend,
    }
}

/// One for the template, and whether it is the visitor's turn.
fn row(visit: &Visit, one: &pb::Handover, tried: &Tried) -> (bool, Value) {
    let (language, own) = (visit.language, words(visit.language));
    let or = |name: &str, otherwise: &'static str| {
        if name.is_empty() { otherwise.to_owned() } else { name.to_owned() }
    };
    let sending = or(&one.sending_display_name, own.no_school);
    let receiving = or(&one.receiving_display_name, own.unknown);
    let (mine, turn) = match one.acts() {
        Side::Unspecified => (false, own.nobody.to_owned()),
        Side::Sending => (is_mine(visit, &one.sending_school), or(&one.sending_display_name, own.sending)),
        Side::Receiving => (is_mine(visit, &one.receiving_school), receiving.clone()),
    };
    let turn = if mine { own.you.to_owned() } else { turn };
    let start = shown::instant(one.start_time.as_ref());
    let (state, mark) = state_of(one.state(), own);
    let answers = is_mine(visit, &one.receiving_school)
        && match one.state() {
            State::Booked | State::Held | State::Refused => true,
            State::Unspecified | State::Proposed | State::Confirmed => false,
        };
    let to_book =
        matches!(one.state(), State::Proposed | State::Refused) && !one.case.is_empty() && can_book(visit);
    let href = |name: &str| if name.is_empty() { String::new() } else { format!("/{name}") };
    let late = !one.due_date.is_empty() && one.due_date < authenticate::today(visit.app.now()).to_string();
    let refused = !tried.consultation.is_empty() && tried.consultation == one.consultation;
    let value = context! {
        sending, receiving, state, mark, turn, answers, late, refused,
        consultation => one.consultation.as_str(),
        case => href(&one.case),
        meeting => href(&one.consultation),
        book => if to_book { format!("/book?case={}&kind=WARME_OVERDRACHT", in_query(&one.case)) } else { String::new() },
        when => start.map(|start| dates::moment(start, language)).unwrap_or_default(),
        due => shown::day(&one.due_date, language),
        answered => shown::day(&one.answer_date, language),
        reason => reason_of(one.reason(), own),
        to_do => if matches!(one.acts(), Side::Unspecified) { "" } else { to_do(one.state(), own) },
        may_confirm => answers && !matches!(one.state(), State::Booked),
    };
    (mine, value)
}

fn can_book(visit: &Visit) -> bool {
    let roles: Vec<Role> = visit.session.acting.iter().map(|at| at.role).collect();
    may(&roles, Action::BookConsultation, None).is_ok()
}

async fn page(visit: &Visit, asked: &str, tried: &Tried) -> Shown {
    let own = words(visit.language);
    let (year, now) = (year_of(visit, asked), this_year(visit));
    let ask = pb::ListHandoversRequest { school_year: year.to_string(), ..Default::default() };
    let round = HandoverServiceClient::new(visit.calls()).list_handovers(ask).await?.into_inner();
    let rows = round.handovers.iter().map(|one| row(visit, one, tried));
    let (mine, others): (Vec<_>, Vec<_>) = rows.partition(|(mine, _)| *mine);
    let bare = |rows: Vec<(bool, Value)>| rows.into_iter().map(|(_, row)| row).collect::<Vec<_>>();
    let counts = [
        (own.missing, round.missing_count),
        (own.booked, round.booked_count),
        (own.held, round.held_count),
        (own.refused, round.refused_count),
        (own.confirmed, round.confirmed_count),
        (own.overdue, round.overdue_count),
    ];
    let mut years = vec![now.before(), now, now.later(1)];
    if !years.contains(&year) {
        years.push(year);
    }
    let year_option = |one: SchoolYear| context! { value => one.to_string(), here => one == year };
    let values = context! {
        own,
        year => year.to_string(),
        years => years.into_iter().map(year_option).collect::<Vec<_>>(),
        counts => counts.map(|(label, count)| context! { label, count }).to_vec(),
        mine => bare(mine),
        others => bare(others),
        reasons => reasons(own),
        chosen => tried.reason.as_str(),
        faults => tried.faults.as_ref().map(Value::from),
        request_id => visit.request_id(),
    };
    let refused = tried.faults.is_some();
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visit.page_with(status, ("workplace/handovers.html", own.title), values))
}

async fn answer(visit: Visit, form: Posted) -> Shown {
    let (year, consultation) = (form.one("year")?.to_owned(), form.given("consultation")?.to_owned());
    let reason = form.one("reason")?.to_owned();
    let ask = pb::AnswerHandoverRequest {
        consultation: consultation.clone(),
        state: State::from_str_name(form.given("state")?).unwrap_or_default().into(),
        reason: Reason::from_str_name(&reason).unwrap_or_default().into(),
        request_id: form.given("request_id")?.to_owned(),
    };
    let Err(status) = HandoverServiceClient::new(visit.calls()).answer_handover(ask).await else {
        let year = year_of(&visit, &year);
        return Ok(see_other(&format!("/handovers?year={year}")));
    };
    let faults = Some(faults(&visit, status)?);
    page(&visit, &year, &Tried { faults, consultation, reason }).await
}

/// A colleague of whoever sat there sees the hand-over of a child of their own school, and answers for nobody.
fn faults(visit: &Visit, status: Status) -> Result<Faults, Trouble> {
    let weak = reason(&status) == "STEP_UP_REQUIRED";
    if matches!(status.code(), Code::NotFound | Code::PermissionDenied) && !weak {
        let summary = words(visit.language).not_at_table.to_owned();
        return Ok(Faults { summary, ..Faults::default() });
    }
    Faults::of(status)
}
