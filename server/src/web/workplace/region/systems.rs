//! Systems: the programs of organisations, their tokens, and the switch that ends all their access.

use axum::{Router, extract::Query, routing::get};
use minijinja::context;
use pb::access_service_client::AccessServiceClient;
use prost_types::FieldMask;
use schakel_proto::v1 as pb;

use super::{Asked, Tried, names::Names, next, page, period, scopes, tokens::token};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        Workplace,
        trouble::{Shown, in_query, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Systemen van organisaties", "Systems of organisations";
    none: "Er zijn geen systemen.", "There are no systems.";
    scopes: "Wat het mag", "What it may do";
    scopes_hint: "Om te plannen vinkt u aan: zien voor wie het werkt, dossiers lezen, een tijd zoeken en een overleg plannen.",
        "To book, tick: see for whom it works, read cases, search a time and book a meeting.";
    id: "Kenmerk", "Name";
    register: "Een sleutel van deze pagina opent alleen het register: scholen, teams, mensen en werktijden. De sleutel die alles opent wat dit systeem mag, maakt wie de server beheert, met deze opdracht:",
        "A token of this page opens the register only: schools, teams, people and hours. The token that opens all that this system may do is made by whoever runs the server, with this command:";
    stopped: "Gebruikt de server de ingebouwde database (SQLite)? Stop de server dan eerst, en start hem weer na deze opdracht.",
        "Does the server use the embedded database (SQLite)? Then stop the server first, and start it again after this command.";
    oin: "OIN (twintig cijfers)", "OIN (twenty digits)";
    on: "staat aan", "switched on";
    off: "staat uit", "switched off";
    disable: "Nu uitzetten", "Switch off now";
    enable: "Weer aanzetten", "Switch on again";
    add: "Systeem toevoegen", "Add a system";
    tokens: "Sleutels", "Tokens";
    no_tokens: "Dit systeem heeft geen sleutels.", "This system has no tokens.";
    secret: "De nieuwe sleutel", "The new token";
    what: "Waarvoor", "What for";
    days: "Hoeveel dagen", "How many days";
    make: "Sleutel maken", "Make a token";
    revoke: "Intrekken", "Revoke";
    ends: "Werkt tot", "Works until";
    used: "Laatst gebruikt", "Last used";
    live: "werkt", "works";
    over: "werkt niet meer", "no longer works";
}

/// What a system may do, as the form and the call name it.
const SCOPES: &str = "system_client.scopes";

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/tokens/systems", get(show).post(change))
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    systems(&visit, &asked, &Tried::default(), "").await
}

/// The programs; of the one that was chosen its tokens, with the secret of the newest.
async fn systems(visit: &Visit, asked: &Asked, tried: &Tried, secret: &str) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let mut access = AccessServiceClient::new(visit.calls());
    let ask = pb::ListSystemClientsRequest { page_token: asked.page.clone(), ..Default::default() };
    let found = access.list_system_clients(ask).await?.into_inner();
    let tokens = if asked.client.is_empty() {
        Vec::new()
    } else {
        let ask = pb::ListSystemTokensRequest {
            system_client: asked.client.clone(),
            page_size: 200,
            ..Default::default()
        };
        access.list_system_tokens(ask).await?.into_inner().tokens
    };
    let organisations = Names::organisations(visit).await?;
    let system = |one: &pb::SystemClient| {
        context! {
            name => one.name.as_str(),
            etag => one.etag.as_str(),
            label => one.display_name.as_str(),
            href => format!("/region/tokens/systems?client={}", in_query(&one.name)),
            organisation => organisations.of(&one.organisation),
            scopes => one.scopes.iter()
                .map(|scope| scopes::label(scope, language)).collect::<Vec<_>>().join(", "),
            period => period(&one.valid_from, &one.valid_until, language),
            disabled => one.disabled,
            chosen => one.name == asked.client,
        }
    };
    let ticked: Vec<&str> = tried.typed.get(SCOPES).into_iter().flat_map(|said| said.split(' ')).collect();
    let values = context! {
        own, secret,
        command => command(visit, &asked.client),
        scopes => scopes::choices(&ticked, language),
        client => asked.client.as_str(),
        systems => found.system_clients.iter().map(system).collect::<Vec<_>>(),
        next => next("/region/tokens/systems", &[], ("page", &found.next_page_token)),
        tokens => tokens.iter().map(|one| token(one, visit, language)).collect::<Vec<_>>(),
        organisations => organisations.options("organisations", None),
    };
    Ok(page(visit, ("workplace/region/systems.html", own.title), tried, values))
}

/// What the operator types to give a system a token that opens all its scopes; empty without a system.
fn command(visit: &Visit, client: &str) -> String {
    if client.is_empty() {
        return String::new();
    }
    let acting = visit.session.acting.iter().find(|at| at.kind == "SAMENWERKINGSVERBAND");
    let swv = acting.map_or("…", |at| at.code.as_str());
    format!("schakel token system --swv {swv} --system {client}")
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let mut access = AccessServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let asked = Asked { client: form.one("client")?.to_owned(), ..Asked::default() };
    let mut secret = String::new();
    let tried = match form.one("do")? {
        "create" => {
            let scopes: Vec<String> = form.all(SCOPES).map(|one| one.trim().to_owned()).collect();
            let ticked = scopes.join(" ");
            let client = pb::SystemClient {
                organisation: form.one("system_client.organisation")?.to_owned(),
                display_name: form.one("system_client.display_name")?.to_owned(),
                oin: form.one("system_client.oin")?.to_owned(),
                scopes,
                ..Default::default()
            };
            let ask = pb::CreateSystemClientRequest { system_client: Some(client), request_id };
            Tried::of(access.create_system_client(ask).await, &form)?.map(|mut tried| {
                tried.typed.insert(SCOPES.to_owned(), ticked);
                tried.faults = tried.faults.map(|faults| faults.at(&[SCOPES]));
                tried
            })
        }
        word @ ("disable" | "enable") => {
            let client = pb::SystemClient {
                name: form.given("name")?.to_owned(),
                etag: form.one("etag")?.to_owned(),
                disabled: word == "disable",
                ..Default::default()
            };
            let update_mask = Some(FieldMask { paths: vec!["disabled".to_owned()] });
            let ask = pb::UpdateSystemClientRequest { system_client: Some(client), update_mask, request_id };
            Tried::of(access.update_system_client(ask).await, &form)?
        }
        "token" => {
            let ask = pb::CreateSystemTokenRequest {
                system_client: asked.client.clone(),
                display_name: form.one("display_name")?.to_owned(),
                valid_days: form.one("valid_days")?.parse().unwrap_or_default(),
                request_id,
            };
            let answer = access.create_system_token(ask).await;
            secret = answer.as_ref().map(|made| made.get_ref().secret.clone()).unwrap_or_default();
            Tried::of(answer, &form)?
        }
        "revoke" => {
            let ask = pb::RevokeSystemTokenRequest { name: form.given("name")?.to_owned(), request_id };
            Tried::of(access.revoke_system_token(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    if tried.is_none() && secret.is_empty() {
        let client = if asked.client.is_empty() {
            String::new()
        } else {
            format!("?client={}", in_query(&asked.client))
        };
        return Ok(see_other(&format!("/region/tokens/systems{client}")));
    }
    systems(&visit, &asked, &tried.unwrap_or_default(), &secret).await
}
