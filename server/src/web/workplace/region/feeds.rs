//! Feeds: secret addresses to which a calendar subscribes; each is shown once.

use axum::{Router, extract::Query, routing::get};
use minijinja::context;
use pb::{
    feed::{Detail, Scope},
    feed_service_client::FeedServiceClient,
};
use schakel_domain::{invitation::dates, refusal::Language};
use schakel_proto::v1 as pb;
use tonic::{Response, Status};

use super::{
    Asked, Tried, choose,
    names::{Names, walk},
    next, option, page,
};
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
    title: "Agenda-abonnementen", "Feeds";
    intro: "Zet uw overleggen in Outlook, Google of op uw telefoon. Wie het adres kent, kan meelezen. Deel het dus niet.",
        "Have your meetings in Outlook, Google or on your telephone. Whoever knows the address can read along, so do not share it.";
    none: "U hebt nog geen abonnement.", "You have no feed yet.";
    address: "Het adres van uw abonnement", "The address of your feed";
    scope: "Van wie", "Whose meetings";
    of: "Welke school, welk team of welk cluster", "Which school, team or cluster";
    of_hint: "Niet nodig voor uw eigen overleggen.", "Not needed for your own meetings.";
    detail: "Wat erin staat", "What it tells";
    made: "Gemaakt", "Made";
    ends: "Werkt tot", "Works until";
    used: "Laatst gelezen", "Last read";
    revoked: "ingetrokken", "revoked";
    replaced: "vervangen", "replaced";
    live: "werkt", "works";
    rotate: "Nieuw adres", "New address";
    revoke: "Intrekken", "Revoke";
    add: "Abonnement maken", "Make a feed";
    state: "Stand", "State";
}

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/feeds", get(show).post(change))
}

fn scope(scope: Scope, language: Language) -> &'static str {
    let words = match scope {
        Scope::Unspecified => ("", ""),
        Scope::Own => ("Uzelf", "Yourself"),
        Scope::School => ("Een school", "A school"),
        Scope::Team => ("Een team", "A team"),
        Scope::Cluster => ("Een cluster", "A cluster"),
    };
    choose(language, words)
}

fn detail(detail: Detail, language: Language) -> &'static str {
    let words = match detail {
        Detail::Unspecified => ("", ""),
        Detail::Busy => ("Alleen: bezet", "Only: busy"),
        Detail::Title => ("Een neutrale titel", "A neutral title"),
        Detail::Full => ("Titel, school en ruimte", "Title, school and room"),
        Detail::FreeBusy => ("Vrij en bezet, voor partners", "Free and busy, for partners"),
    };
    choose(language, words)
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    feeds(&visit, &asked.page, &Tried::default(), &pb::CreateFeedResponse::default()).await
}

/// The feeds, with the address of the one that was just made.
async fn feeds(visit: &Visit, token: &str, tried: &Tried, made: &pb::CreateFeedResponse) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListFeedsRequest { page_token: token.to_owned(), ..Default::default() };
    let found = FeedServiceClient::new(visit.calls()).list_feeds(ask).await?.into_inner();
    let organisations = Names::organisations(visit).await?;
    let clusters = walk!(visit, list_clusters, clusters, pb::ListClustersRequest::default());
    let whose = |name: &str| {
        let cluster = clusters.iter().find(|one| one.name == name).map(|one| one.display_name.as_str());
        if name.is_empty() { "" } else { cluster.unwrap_or_else(|| organisations.of(name)) }
    };
    let short = |wire: Option<&prost_types::Timestamp>| {
        shown::instant(wire).map(|at| dates::short(at, language)).unwrap_or_default()
    };
    let feed = |one: &pb::Feed| {
        let live = one.revoke_time.is_none() && one.replaced_by.is_empty();
        let ended = if one.revoke_time.is_some() { own.revoked } else { own.replaced };
        context! {
            name => one.name.as_str(),
            label => format!("{} {}", scope(one.scope(), language), whose(&one.of)),
            detail => detail(one.detail(), language),
            made => short(one.create_time.as_ref()),
            ends => short(one.expire_time.as_ref()),
            used => shown::day(&one.last_use_date, language),
            live,
            revocable => one.revoke_time.is_none(),
            state => if live { own.live } else { ended },
        }
    };
    let mut subjects = organisations.options("schools", Some(pb::organisation::Kind::School));
    subjects.extend(organisations.options("teams", Some(pb::organisation::Kind::Team)));
    subjects.extend(clusters.iter().map(|one| option(&one.name, &one.display_name)));
    let scopes = [Scope::Own, Scope::School, Scope::Team, Scope::Cluster];
    let details = [Detail::Title, Detail::Busy, Detail::Full, Detail::FreeBusy];
    let values = context! {
        own, subjects,
        address => made.url.as_str(),
        warnings => &made.warnings,
        feeds => found.feeds.iter().map(feed).collect::<Vec<_>>(),
        next => next("/region/feeds", &[], ("page", &found.next_page_token)),
        scopes => scopes.map(|one| option(one.as_str_name(), scope(one, language))).to_vec(),
        details => details.map(|one| option(one.as_str_name(), detail(one, language))).to_vec(),
    };
    Ok(page(visit, ("workplace/region/feeds.html", own.title), tried, values))
}

/// The address of a feed that was made, or what was wrong.
async fn told(
    visit: &Visit,
    form: &Posted,
    answer: Result<Response<pb::CreateFeedResponse>, Status>,
) -> Shown {
    let made = answer.as_ref().map(|made| made.get_ref().clone()).unwrap_or_default();
    let tried = Tried::of(answer, form)?.unwrap_or_default();
    feeds(visit, "", &tried, &made).await
}

async fn change(visit: Visit, form: Posted) -> Shown {
    let mut client = FeedServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    match form.one("do")? {
        "create" => {
            let ask = pb::CreateFeedRequest {
                request_id,
                scope: Scope::from_str_name(form.one("scope")?).unwrap_or_default().into(),
                of: form.one("of")?.to_owned(),
                detail: Detail::from_str_name(form.one("detail")?).unwrap_or_default().into(),
                ..Default::default()
            };
            let answer = client.create_feed(ask).await;
            told(&visit, &form, answer).await
        }
        "rotate" => {
            let ask = pb::RotateFeedRequest { name: form.given("name")?.to_owned(), request_id };
            let answer = client.rotate_feed(ask).await;
            told(&visit, &form, answer).await
        }
        "revoke" => {
            let ask = pb::RevokeFeedRequest { name: form.given("name")?.to_owned(), request_id };
            match Tried::of(client.revoke_feed(ask).await, &form)? {
                None => Ok(see_other("/region/feeds")),
                Some(tried) => feeds(&visit, "", &tried, &pb::CreateFeedResponse::default()).await,
            }
        }
        _ => Err(ANSWER_INVALID.into()),
    }
}
