//! Cases: the list, opening one, and one case with all that is done about it.
//!
//! [`list`] and [`show`] are looked at; every change is a [`form`] on a page of its own, so that one
//! thing is asked at a time, and what was refused stands beside what was typed.

mod asked;
mod consents;
mod correct;
mod facts;
mod form;
mod grounds;
mod household;
mod ladder;
mod list;
mod meets;
mod moving;
mod open;
mod parts;
mod picture;
mod plan;
mod record;
mod register;
mod said;
mod said_tracks;
mod saved;
mod seen;
mod show;
mod steps;
mod then;
mod tracks;
mod views;

use std::collections::BTreeMap;

use axum::{
    Router,
    routing::{get, post},
};
use chrono::NaiveDate;
use schakel_domain::access::{Action, Class, Classes, Role, may};
use schakel_proto::v1::{self as pb, thuiszitter_service_client::ThuiszitterServiceClient};
use serde::Deserialize;
use tonic::{Code, Status};

use super::{
    Workplace,
    calls::Channel,
    trouble::{Faults, Trouble, reason},
    visit::{Posted, Visit},
};
use crate::{access::authenticate, web::problem::NOT_FOUND};

/// Their templates.
pub(super) const TEMPLATES: &[(&str, &str)] = &[
    ("workplace/cases.html", include_str!("../../templates/workplace/cases.html")),
    ("workplace/case.html", include_str!("../../templates/workplace/case.html")),
    ("workplace/case_parts.html", include_str!("../../templates/workplace/case_parts.html")),
    ("workplace/case_tracks.html", include_str!("../../templates/workplace/case_tracks.html")),
    ("workplace/case_then.html", include_str!("../../templates/workplace/case_then.html")),
    ("workplace/case_form.html", include_str!("../../templates/workplace/case_form.html")),
    ("workplace/case_fact.html", include_str!("../../templates/workplace/case_fact.html")),
    ("workplace/case_seen.html", include_str!("../../templates/workplace/case_seen.html")),
    ("workplace/case_household.html", include_str!("../../templates/workplace/case_household.html")),
];

/// As many as an answer holds at most.
const PAGE: i32 = 200;
/// As many answers are asked for at most, of what is shown whole.
const PAGES: usize = 5;

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/cases", get(list::show))
        .route("/cases/new", get(open::asking).post(open::open))
        .route("/cases/find", post(list::find).get(list::begin))
        .route("/cases/{id}", get(show::show))
        .route("/cases/{id}/who-saw", get(seen::show))
        .route("/cases/{id}/household", get(household::show))
        .route("/cases/{id}/advance", get(steps::advancing).post(steps::advance))
        .route("/cases/{id}/change", get(steps::changing).post(steps::change))
        .route("/cases/{id}/close", get(steps::closing).post(steps::close))
        .route("/cases/{id}/reopen", get(steps::reopening).post(steps::reopen))
        .route("/cases/{id}/act", get(plan::adding).post(plan::add))
        .route("/cases/{id}/complete", get(plan::completing).post(plan::complete))
        .route("/cases/{id}/drop", get(plan::dropping).post(plan::drop))
        .route("/cases/{id}/escalate", get(ladder::raising).post(ladder::raise))
        .route("/cases/{id}/de-escalate", get(ladder::lowering).post(ladder::lower))
        .route("/cases/{id}/decide", get(ladder::deciding).post(ladder::decide))
        .route("/cases/{id}/check", get(ladder::checking).post(ladder::check))
        .route("/cases/{id}/consent", get(consents::asking).post(consents::record))
        .route("/cases/{id}/withdraw", get(consents::withdrawing).post(consents::withdraw))
        .route("/cases/{id}/view", get(views::asking).post(views::record))
        .route("/cases/{id}/rejoinder", get(views::answering).post(views::answer))
        .route("/cases/{id}/track", get(tracks::starting).post(tracks::start))
        .route("/cases/{id}/track-step", get(tracks::stepping).post(tracks::take))
        .route("/cases/{id}/track-change", get(tracks::changing).post(tracks::change))
        .route("/cases/{id}/track-back", get(tracks::returning).post(tracks::take_back))
        .route("/cases/{id}/ask", get(asked::asking).post(asked::ask))
        .route("/cases/{id}/answered", get(asked::answering).post(asked::answer))
        .route("/cases/{id}/unask", get(asked::withdrawing).post(asked::withdraw))
        .route("/cases/{id}/move", get(moving::leaving).post(moving::go))
        .route("/cases/{id}/correct", get(correct::correcting).post(correct::correct))
        .route("/cases/{id}/fact", get(record::telling).post(record::tell))
        .route("/cases/{id}/missed", get(facts::missing).post(facts::missed))
        .route("/cases/{id}/happened", get(facts::happening).post(facts::happened))
}

/// What of a case a form is about: the name of a plan action, track, decision, consent, fact, view or person.
#[derive(Debug, Default, Deserialize)]
struct About {
    #[serde(default)]
    of: String,
}

fn calls(visit: &Visit) -> ThuiszitterServiceClient<Channel> {
    ThuiszitterServiceClient::new(visit.calls())
}

/// The case as the caller sees it.
async fn case(visit: &Visit, id: &str) -> Result<pb::Case, Trouble> {
    let ask = pb::GetCaseRequest { name: name(id) };
    Ok(calls(visit).get_case(ask).await?.into_inner())
}

fn name(id: &str) -> String {
    format!("cases/{id}")
}

/// Its page.
fn home(id: &str) -> String {
    format!("/cases/{id}")
}

fn roles(visit: &Visit) -> Vec<Role> {
    visit.session.acting.iter().map(|at| at.role).collect()
}

/// Whether a role of the visitor can do that at all; of which cases is for the call to say.
fn can(visit: &Visit, action: Action) -> bool {
    may(&roles(visit), action, None).is_ok()
}

/// Whether a role of the visitor can do that with a case at that level of escalation.
fn can_at(visit: &Visit, action: Action, level: i32) -> bool {
    let level = u8::try_from(level).unwrap_or_default();
    may(&roles(visit), action, None)
        .is_ok_and(|leave| leave.reaches.iter().any(|way| way.relation.is_at(level)))
}

/// What a role of the visitor sees of a case at that level of escalation by doing that: of what writes,
/// consent opens nothing more.
fn sees_at(visit: &Visit, action: Action, level: i32) -> Classes {
    let level = u8::try_from(level).unwrap_or_default();
    let ways = may(&roles(visit), action, None).map(|leave| leave.reaches).unwrap_or_default();
    ways.iter()
        .filter(|way| way.relation.is_at(level))
        .fold(Classes::default(), |all, way| all.or(way.classes))
}

/// Whether a role of the visitor writes what is of `class` in some case.
fn writes(visit: &Visit, class: Class) -> bool {
    may(&roles(visit), Action::WriteCase, None)
        .is_ok_and(|leave| leave.reaches.iter().any(|way| way.classes.has(class)))
}

/// Whether a role of the visitor sees what is of `class` in some case without consent.
fn reads(visit: &Visit, class: Class) -> bool {
    may(&roles(visit), Action::ReadCase, None)
        .is_ok_and(|leave| leave.reaches.iter().any(|way| way.classes.has(class)))
}

/// No form is shown to who could never send it.
fn must(visit: &Visit, action: Action) -> Result<(), Trouble> {
    if can(visit, action) { Ok(()) } else { Err(NOT_FOUND.into()) }
}

/// The day in the Netherlands.
fn today(visit: &Visit) -> NaiveDate {
    authenticate::today(visit.app.now())
}

/// What was typed in a field; empty when it was not sent.
fn typed(form: &Posted, name: &str) -> Result<String, Trouble> {
    Ok(form.one(name)?.to_owned())
}

/// What is wrong with what was sent; nothing when it was taken.
fn faults<T>(sent: Result<T, Status>) -> Result<Option<Faults>, Trouble> {
    match sent {
        Ok(_) => Ok(None),
        Err(status) => Faults::of(status).map(Some),
    }
}

/// The same, where what the caller may not do was chosen in `field`: beside it stands `told`.
fn faults_unless_allowed<T>(
    sent: Result<T, Status>,
    (field, told): (&str, &str),
) -> Result<Option<Faults>, Trouble> {
    match &sent {
        Err(status) if status.code() == Code::PermissionDenied && reason(status) == "ACTION_NOT_ALLOWED" => {
            let fields = BTreeMap::from([(field.to_owned(), told.to_owned())]);
            Ok(Some(Faults { summary: told.to_owned(), fields, ..Faults::default() }))
        }
        Ok(_) | Err(_) => faults(sent),
    }
}
