//! Calendars that somebody keeps elsewhere: by address or as a file, and how reading them went.

use axum::{
    Router,
    extract::{Query, Request},
    routing::{get, post},
};
use minijinja::context;
use pb::outside_service_client::OutsideServiceClient;
use schakel_domain::{ical::limits::MOST_OCTETS, invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{Tried, page};
use crate::web::{
    form::{ANSWER_INVALID, whole_file},
    workplace::{
        Workplace, shown,
        trouble::{Faults, Shown, in_query, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Agenda's van buiten", "Outside calendars";
    intro: "Schakel leest alleen wanneer u bezet bent. Titels, plaatsen en namen worden niet bewaard.",
        "Schakel reads only when you are busy. Titles, places and names are not kept.";
    none: "Er is nog geen agenda van buiten.", "There is no outside calendar yet.";
    upload: "Bestand", "File";
    read: "Gelezen", "Read";
    not_read: "nog niet gelezen", "not read yet";
    next_read: "Wordt opnieuw gelezen", "Is read again";
    known: "Bekend tot", "Known until";
    busy: "bezette tijden", "busy times";
    unread: "niet begrepen", "not understood";
    fails: "Lezen lukt niet", "Reading fails";
    refresh: "Nu opnieuw lezen", "Read again now";
    add: "Agenda op een adres toevoegen", "Add a calendar by its address";
    address: "Adres van de agenda", "Address of the calendar";
    address_hint: "Begint met https:// of webcal://. Dit adres is geheim en wordt niet meer getoond.",
        "Begins with https:// or webcal://. This address is secret and is not shown again.";
    file: "Agenda als bestand toevoegen", "Add a calendar as a file";
    choose_file: "Kies een .ics-bestand", "Choose an .ics file";
    paste: "Of plak de inhoud van het .ics-bestand", "Or paste the content of the .ics file";
    sending: "Het bestand wordt verstuurd. Laat deze pagina open.", "The file is being sent. Keep this page open.";
    reading: "Wij lezen nu wat u stuurde. Laat deze pagina open.", "We are reading what you sent. Keep this page open.";
    file_failed: "Het bestand is niet verstuurd. Probeer het opnieuw.", "The file was not sent. Please try again.";
}

/// What one message may bring of a file.
const CHUNK: usize = 64 << 10;

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/region/calendars", get(show).post(change))
        .route("/region/calendars/file", post(file))
}

/// Whose, and of a file that is sent as it is, the id of the change.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Whose {
    person: String,
    request_id: String,
}

async fn show(visit: Visit, Query(asked): Query<Whose>) -> Shown {
    calendars(&visit, &asked.person, &Tried::default()).await
}

fn moment(wire: Option<&prost_types::Timestamp>, language: Language) -> String {
    shown::instant(wire).map(|at| dates::short(at, language)).unwrap_or_default()
}

/// Of `person`; empty is oneself.
async fn calendars(visit: &Visit, person: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let person = if person.is_empty() { visit.me.person.as_str() } else { person };
    let ask = pb::ListOutsideCalendarsRequest { person: person.to_owned() };
    let mut outside = OutsideServiceClient::new(visit.calls());
    let found = outside.list_outside_calendars(ask).await?.into_inner().outside_calendars;
    let calendar = |one: &pb::OutsideCalendar| {
        context! {
            name => one.name.as_str(),
            label => if one.host.is_empty() { own.upload } else { one.host.as_str() },
            refreshes => !one.host.is_empty(),
            read => moment(one.read_time.as_ref(), language),
            next => moment(one.next_fetch_time.as_ref(), language),
            known => moment(one.known_until_time.as_ref(), language),
            busy => one.busy_count,
            unread => one.unread_count,
            unread_reason => one.unread_reason.as_str(),
            error => one.last_error.as_str(),
        }
    };
    let values = context! {
        own,
        person => person,
        calendars => found.iter().map(calendar).collect::<Vec<_>>(),
    };
    Ok(page(visit, ("workplace/region/calendars.html", own.title), tried, values))
}

/// A file in pieces; there is one even for an empty file.
fn pieces(person: &str, request_id: &str, bytes: &[u8]) -> Vec<pb::UploadOutsideCalendarRequest> {
    let mut pieces: Vec<_> = bytes
        .chunks(CHUNK)
        .map(|chunk| pb::UploadOutsideCalendarRequest { chunk: chunk.to_vec(), ..Default::default() })
        .collect();
    if pieces.is_empty() {
        pieces.push(pb::UploadOutsideCalendarRequest::default());
    }
    person.clone_into(&mut pieces[0].person);
    request_id.clone_into(&mut pieces[0].request_id);
    pieces
}

fn back(person: &str) -> String {
    format!("/region/calendars?person={}", in_query(person))
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let mut outside = OutsideServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let person = form.one("person")?.to_owned();
    let tried = match form.one("do")? {
        "add" => {
            let address = form.one("outside_calendar.address")?.to_owned();
            let calendar = pb::OutsideCalendar { person: person.clone(), address, ..Default::default() };
            let ask = pb::CreateOutsideCalendarRequest { outside_calendar: Some(calendar), request_id };
            Tried::of(outside.create_outside_calendar(ask).await, &form)?
        }
        "upload" => {
            let pieces = pieces(&person, &request_id, form.one("text")?.as_bytes());
            Tried::of(outside.upload_outside_calendar(tokio_stream::iter(pieces)).await, &form)?
        }
        "refresh" => {
            let ask = pb::RefreshOutsideCalendarRequest { name: form.given("name")?.to_owned(), request_id };
            Tried::of(outside.refresh_outside_calendar(ask).await, &form)?
        }
        "delete" => {
            let ask = pb::DeleteOutsideCalendarRequest { name: form.given("name")?.to_owned(), request_id };
            Tried::of(outside.delete_outside_calendar(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&back(&person))),
        Some(tried) => calendars(&visit, &person, &tried).await,
    }
}

/// The file as it is, from our script.
async fn file(visit: Visit, Query(asked): Query<Whose>, request: Request) -> Shown {
    let bytes = whole_file(&visit.app, request, MOST_OCTETS).await?;
    let pieces = pieces(&asked.person, &asked.request_id, &bytes);
    let mut outside = OutsideServiceClient::new(visit.calls());
    match outside.upload_outside_calendar(tokio_stream::iter(pieces)).await {
        Ok(_) => Ok(see_other(&back(&asked.person))),
        Err(status) => {
            let tried = Tried { faults: Some(Faults::of(status)?), ..Tried::default() };
            calendars(&visit, &asked.person, &tried).await
        }
    }
}
