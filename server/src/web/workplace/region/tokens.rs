//! One's own tokens: for a program that works for oneself. The secret is shown once.

use axum::{Router, extract::Query, routing::get};
use minijinja::{Value, context};
use pb::access_service_client::AccessServiceClient;
use schakel_domain::{access::Action, invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;

use super::{Asked, Tried, allowed, next, page};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        Workplace, shown,
        trouble::{Shown, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Toegang voor programma's", "Tokens";
    intro: "Met een sleutel werkt een programma namens u. Geef elke sleutel een naam, en trek hem in als u hem niet meer gebruikt.",
        "With a token a program works on your behalf. Give every token a name, and revoke it when you no longer use it.";
    none: "U hebt geen sleutels.", "You have no tokens.";
    secret: "Uw nieuwe sleutel", "Your new token";
    what: "Waarvoor", "What for";
    days: "Hoeveel dagen", "How many days";
    made: "Gemaakt", "Made";
    ends: "Werkt tot", "Works until";
    used: "Laatst gebruikt", "Last used";
    live: "werkt", "works";
    over: "werkt niet meer", "no longer works";
    revoke: "Intrekken", "Revoke";
    add: "Sleutel maken", "Make a token";
    systems: "Systemen van organisaties", "Systems of organisations";
}

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/tokens", get(show).post(change))
}

/// A token for a template, with whether it works at `now`.
pub(super) fn token(one: &pb::Token, visit: &Visit, language: Language) -> Value {
    let short = |wire: Option<&prost_types::Timestamp>| {
        shown::instant(wire).map(|at| dates::short(at, language)).unwrap_or_default()
    };
    let ends = shown::instant(one.expire_time.as_ref());
    context! {
        name => one.name.as_str(),
        label => one.display_name.as_str(),
        made => short(one.create_time.as_ref()),
        ends => short(one.expire_time.as_ref()),
        used => shown::day(&one.last_use_date, language),
        live => one.revoke_time.is_none() && ends.is_some_and(|at| at > visit.app.now()),
    }
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    tokens(&visit, &asked.page, &Tried::default(), "").await
}

/// The tokens, with the secret of the one that was just made.
async fn tokens(visit: &Visit, after: &str, tried: &Tried, secret: &str) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListTokensRequest { page_token: after.to_owned(), ..Default::default() };
    let found = AccessServiceClient::new(visit.calls()).list_tokens(ask).await?.into_inner();
    let values = context! {
        own, secret,
        tokens => found.tokens.iter().map(|one| token(one, visit, language)).collect::<Vec<_>>(),
        next => next("/region/tokens", &[], ("page", &found.next_page_token)),
        systems => allowed(visit, Action::ManageAccess),
    };
    Ok(page(visit, ("workplace/region/tokens.html", own.title), tried, values))
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let mut access = AccessServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    match form.one("do")? {
        "create" => {
            let ask = pb::CreateTokenRequest {
                display_name: form.one("display_name")?.to_owned(),
                valid_days: form.one("valid_days")?.parse().unwrap_or_default(),
                request_id,
            };
            let answer = access.create_token(ask).await;
            let secret = answer.as_ref().map(|made| made.get_ref().secret.clone()).unwrap_or_default();
            let tried = Tried::of(answer, &form)?.unwrap_or_default();
            tokens(&visit, "", &tried, &secret).await
        }
        "revoke" => {
            let ask = pb::RevokeTokenRequest { name: form.given("name")?.to_owned(), request_id };
            match Tried::of(access.revoke_token(ask).await, &form)? {
                None => Ok(see_other("/region/tokens")),
                Some(tried) => tokens(&visit, "", &tried, "").await,
            }
        }
        _ => Err(ANSWER_INVALID.into()),
    }
}
