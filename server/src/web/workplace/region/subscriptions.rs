//! Subscriptions: addresses of systems that are told when something changes in a case.

use axum::{Router, extract::Query, routing::get};
use minijinja::context;
use pb::{subscription::State, subscription_service_client::SubscriptionServiceClient};
use schakel_domain::invitation::dates;
use schakel_proto::v1 as pb;

use super::{Asked, Tried, next, page};
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
    title: "Meldingen aan systemen", "Webhooks";
    intro: "Een systeem krijgt een melding als er iets verandert in een dossier. De melding zegt niet wat er veranderde.",
        "A system is told when something changes in a case. It is not told what changed.";
    none: "Er zijn geen adressen.", "There are no addresses.";
    address: "Adres (https://)", "Address (https://)";
    secret: "Het geheim waarmee u meldingen controleert", "The secret by which you check messages";
    active: "werkt", "works";
    paused: "gestopt na fouten", "stopped after failures";
    last: "Laatst aangekomen", "Last delivered";
    error: "Fout", "Fault";
    rotate: "Nieuw geheim", "New secret";
    test: "Testen", "Test";
    add: "Adres toevoegen", "Add an address";
}

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/subscriptions", get(show).post(change))
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    subscriptions(&visit, &asked.page, &Tried::default(), "").await
}

/// The addresses, with the secret of the one that was just made.
async fn subscriptions(visit: &Visit, token: &str, tried: &Tried, secret: &str) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListSubscriptionsRequest { page_token: token.to_owned(), ..Default::default() };
    let answer = SubscriptionServiceClient::new(visit.calls()).list_subscriptions(ask).await;
    let found = answer?.into_inner();
    let subscription = |one: &pb::Subscription| {
        let last = shown::instant(one.last_delivery_time.as_ref()).map(|at| dates::short(at, language));
        let active = matches!(one.state(), State::Active);
        context! {
            active,
            name => one.name.as_str(),
            label => one.host.as_str(),
            state => if active { own.active } else { own.paused },
            last => last.unwrap_or_default(),
            error => one.last_error.as_str(),
            task => one.task.as_str(),
        }
    };
    let values = context! {
        own, secret,
        subscriptions => found.subscriptions.iter().map(subscription).collect::<Vec<_>>(),
        next => next("/region/subscriptions", &[], ("page", &found.next_page_token)),
    };
    Ok(page(visit, ("workplace/region/subscriptions.html", own.title), tried, values))
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let mut client = SubscriptionServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let name = form.one("name")?.to_owned();
    let mut secret = String::new();
    let tried = match form.one("do")? {
        "create" => {
            let address = form.one("address")?.to_owned();
            let ask = pb::CreateSubscriptionRequest { address, request_id, ..Default::default() };
            let answer = client.create_subscription(ask).await;
            secret = answer.as_ref().map(|made| made.get_ref().secret.clone()).unwrap_or_default();
            Tried::of(answer, &form)?
        }
        "rotate" => {
            let ask = pb::RotateSubscriptionSecretRequest { name, request_id };
            let answer = client.rotate_subscription_secret(ask).await;
            secret = answer.as_ref().map(|made| made.get_ref().secret.clone()).unwrap_or_default();
            Tried::of(answer, &form)?
        }
        "test" => {
            let ask = pb::TestSubscriptionRequest { name, request_id };
            Tried::of(client.test_subscription(ask).await, &form)?
        }
        "delete" => {
            let ask = pb::DeleteSubscriptionRequest { name, request_id };
            Tried::of(client.delete_subscription(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    if tried.is_none() && secret.is_empty() {
        return Ok(see_other("/region/subscriptions"));
    }
    subscriptions(&visit, "", &tried.unwrap_or_default(), &secret).await
}
