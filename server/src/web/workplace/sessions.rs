//! Sessions: where somebody is signed in, and signing out there from here.

use axum::{Router, extract::Query, routing::get};
use minijinja::{Value, context};
use schakel_domain::invitation::dates;
use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use serde::Deserialize;

use super::{
    Workplace, shown,
    trouble::{Shown, in_query, reason, see_other},
    visit::{Posted, Visit},
    words::words,
};
use crate::web::form::ANSWER_INVALID;

words! {
    title: "Waar u bent ingelogd", "Where you are signed in";
    intro: "Hier ziet u elke browser waarin u nu bent ingelogd. Gebruikt u er een niet meer, of herkent u hem niet? Log hem uit.",
        "Here is every browser in which you are signed in now. Do you no longer use one, or not know it? Sign it out.";
    here: "deze browser", "this browser";
    since: "Ingelogd", "Signed in";
    used: "Laatst gebruikt", "Last used";
    ends: "Eindigt uiterlijk", "Ends at the latest";
    acting: "Namens", "On behalf of";
    end: "Log uit", "Sign out";
    others: "Log alle andere uit", "Sign out all others";
    strange: "Kent u een browser niet? Vertel het de beheerder van uw samenwerkingsverband.",
        "Do you not know a browser? Tell the administrator of your samenwerkingsverband.";
    next: "Volgende pagina", "Next page";
}

/// Its templates.
pub(super) const TEMPLATES: &[(&str, &str)] =
    &[("workplace/sessions.html", include_str!("../templates/workplace/sessions.html"))];

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/sessions", get(show).post(end))
}

/// From which page of the list on.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    page: String,
}

/// One for a template, with the organisation by its name.
fn session(one: &pb::Session, visit: &Visit) -> Value {
    let short = |wire: Option<&prost_types::Timestamp>| {
        shown::instant(wire).map(|at| dates::short(at, visit.language)).unwrap_or_default()
    };
    let organisations = &visit.session.organisations;
    let at = organisations.iter().find(|at| at.organisation.to_string() == one.organisation);
    context! {
        name => one.name.as_str(),
        acting => at.map(|at| at.display_name.as_str()).unwrap_or_default(),
        since => short(one.create_time.as_ref()),
        used => short(one.last_use_time.as_ref()),
        ends => short(one.expire_time.as_ref()),
        here => one.current,
    }
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let own = words(visit.language);
    let ask = pb::ListSessionsRequest { page_token: asked.page, ..Default::default() };
    let found = AccessServiceClient::new(visit.calls()).list_sessions(ask).await?.into_inner();
    let following = &found.next_page_token;
    let next =
        if following.is_empty() { String::new() } else { format!("/sessions?page={}", in_query(following)) };
    let others = !next.is_empty() || found.sessions.iter().any(|one| !one.current);
    let values = context! {
        own, next, others,
        sessions => found.sessions.iter().map(|one| session(one, &visit)).collect::<Vec<_>>(),
        request_id => visit.request_id(),
    };
    Ok(visit.page("workplace/sessions.html", own.title, values))
}

async fn end(visit: Visit, form: Posted) -> Shown {
    let mut access = AccessServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    match form.one("do")? {
        "end" => {
            let ask = pb::EndSessionRequest { name: form.given("name")?.to_owned(), request_id };
            if let Err(status) = access.end_session(ask).await {
                // Over by itself since the page was shown, which is what was asked.
                if reason(&status) != "SESSION_NOT_FOUND" {
                    return Err(status.into());
                }
            }
        }
        "others" => {
            access.end_other_sessions(pb::EndOtherSessionsRequest { request_id }).await?;
        }
        _ => return Err(ANSWER_INVALID.into()),
    }
    Ok(see_other("/sessions"))
}
