//! Clusters: the schools that meet, and who guides them.

use axum::{
    Router,
    extract::{Path, Query},
    routing::get,
};
use minijinja::{Value, context};
use pb::{cluster::Kind, directory_service_client::DirectoryServiceClient};
use prost_types::FieldMask;
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{
    Asked, Tried, choose, lasts,
    names::{Names, walk},
    next, option, page, period, role, today,
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
    title: "Clusters", "Clusters";
    none: "Er zijn geen clusters.", "There are no clusters.";
    schools: "Scholen", "Schools";
    no_schools: "Er zit nog geen school in dit cluster.", "No school is in this cluster yet.";
    guides: "Begeleiders", "Guides";
    no_guides: "Niemand begeleidt dit cluster.", "Nobody guides this cluster.";
    new: "Nieuw cluster", "New cluster";
    add_school: "School toevoegen", "Add a school";
    add_guide: "Begeleider toevoegen", "Add a guide";
    end: "Cluster beëindigen", "End the cluster";
}

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/region/clusters", get(list).post(create))
        .route("/region/clusters/{id}", get(one).post(change))
}

/// What the schools call it.
fn kind(kind: Kind, language: Language) -> &'static str {
    let words = match kind {
        Kind::Unspecified => ("", ""),
        Kind::Rok => ("ROK", "ROK"),
        Kind::Knooppunt => ("Knooppunt", "Knooppunt"),
        Kind::Overig => ("Anders", "Other"),
    };
    choose(language, words)
}

fn kinds(language: Language) -> Vec<Value> {
    let all = [Kind::Rok, Kind::Knooppunt, Kind::Overig];
    all.into_iter().map(|one| option(one.as_str_name(), kind(one, language))).collect()
}

/// Who may guide a cluster.
fn guiding(language: Language) -> Vec<Value> {
    let all = [pb::Role::Trajectbegeleider, pb::Role::Bocer];
    all.into_iter().map(|one| option(one.as_str_name(), &shown::role(one, language))).collect()
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    all(&visit, &asked.page, &Tried::default()).await
}

async fn all(visit: &Visit, token: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let mut register = DirectoryServiceClient::new(visit.calls());
    let ask = pb::ListClustersRequest { page_token: token.to_owned(), ..Default::default() };
    let found = register.list_clusters(ask).await?.into_inner();
    let guides = walk!(visit, list_cluster_guides, cluster_guides, pb::ListClusterGuidesRequest::default());
    let people = Names::people(visit, pb::ListPersonsRequest::default()).await?;
    let day = today(visit);
    let cluster = |one: &pb::Cluster| {
        let own_guides = guides.iter().filter(|guide| guide.cluster == one.name);
        context! {
            href => format!("/region/{}", one.name),
            label => one.display_name.as_str(),
            code => one.code.as_str(),
            kind => kind(one.kind(), language),
            schools => one.members.iter().filter(|member| lasts(&member.valid_until, &day)).count(),
            guides => own_guides.map(|guide| people.of(&guide.person).to_owned()).collect::<Vec<_>>(),
        }
    };
    let values = context! {
        own,
        clusters => found.clusters.iter().map(cluster).collect::<Vec<_>>(),
        next => next("/region/clusters", &[], ("page", &found.next_page_token)),
        kinds => kinds(language),
    };
    Ok(page(visit, ("workplace/region/clusters.html", own.title), tried, values))
}

async fn create(visit: Visit, form: Posted) -> Shown {
    let cluster = pb::Cluster {
        code: form.one("cluster.code")?.to_owned(),
        kind: Kind::from_str_name(form.one("cluster.kind")?).unwrap_or_default().into(),
        display_name: form.one("cluster.display_name")?.to_owned(),
        ..Default::default()
    };
    let ask =
        pb::CreateClusterRequest { cluster: Some(cluster), request_id: form.given("request_id")?.to_owned() };
    let answer = DirectoryServiceClient::new(visit.calls()).create_cluster(ask).await;
    let made = answer.as_ref().map(|made| made.get_ref().name.clone()).unwrap_or_default();
    match Tried::of(answer, &form)? {
        None => Ok(see_other(&format!("/region/{made}"))),
        Some(tried) => all(&visit, "", &tried).await,
    }
}

async fn one(visit: Visit, Path(id): Path<String>) -> Shown {
    cluster(&visit, &id, &Tried::default()).await
}

async fn cluster(visit: &Visit, id: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let mut register = DirectoryServiceClient::new(visit.calls());
    let name = format!("clusters/{id}");
    let cluster = register.get_cluster(pb::GetClusterRequest { name: name.clone() }).await?.into_inner();
    let ask = pb::ListClusterGuidesRequest { cluster: name, page_size: 200, ..Default::default() };
    let guides = register.list_cluster_guides(ask).await?.into_inner().cluster_guides;
    let organisations = Names::organisations(visit).await?;
    let people = Names::people(visit, pb::ListPersonsRequest::default()).await?;
    let day = today(visit);
    let member = |one: &pb::cluster::Member| {
        context! {
            name => one.school.as_str(),
            href => format!("/region/{}", one.school),
            label => organisations.of(&one.school),
            period => period(&one.valid_from, &one.valid_until, language),
        }
    };
    let guide = |one: &pb::ClusterGuide| {
        context! {
            name => one.name.as_str(),
            etag => one.etag.as_str(),
            first => one.valid_from.as_str(),
            label => people.of(&one.person),
            role => shown::role(one.role(), language),
            period => period(&one.valid_from, &one.valid_until, language),
        }
    };
    let values = context! {
        own,
        cluster => context! {
            name => cluster.name.as_str(),
            etag => cluster.etag.as_str(),
            first => cluster.valid_from.as_str(),
            label => cluster.display_name.as_str(),
            kind => kind(cluster.kind(), language),
            code => cluster.code.as_str(),
        },
        members => cluster.members.iter().filter(|one| lasts(&one.valid_until, &day)).map(member).collect::<Vec<_>>(),
        guides => guides.iter().map(guide).collect::<Vec<_>>(),
        schools => organisations.options("schools", Some(pb::organisation::Kind::School)),
        people => people.options("persons", None),
        guiding => guiding(language),
    };
    Ok(page(visit, ("workplace/region/cluster.html", &cluster.display_name), tried, values))
}

async fn change(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let mut register = DirectoryServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let name = format!("clusters/{id}");
    let etag = form.one("etag")?.to_owned();
    let valid_until = form.one("valid_until")?.to_owned();
    let mut left = format!("/region/clusters/{id}");
    let tried = match form.one("do")? {
        word @ ("join" | "leave") => {
            let school = form.one("school")?.to_owned();
            let ask = pb::GetClusterRequest { name: name.clone() };
            let mut members = register.get_cluster(ask).await?.into_inner().members;
            if word == "join" {
                let valid_from = today(&visit);
                members.push(pb::cluster::Member { school, valid_from, ..Default::default() });
            } else {
                let day = today(&visit);
                members.retain(|one| one.school != school || !lasts(&one.valid_until, &day));
            }
            let ask = pb::UpdateClusterRequest {
                cluster: Some(pb::Cluster { name, etag, members, ..Default::default() }),
                update_mask: Some(FieldMask { paths: vec!["members".to_owned()] }),
                request_id,
            };
            Tried::of(register.update_cluster(ask).await, &form)?
        }
        "guide" => {
            let guide = pb::ClusterGuide {
                cluster: name,
                role: role(form.one("cluster_guide.role")?),
                person: form.one("cluster_guide.person")?.to_owned(),
                ..Default::default()
            };
            let ask = pb::CreateClusterGuideRequest { cluster_guide: Some(guide), request_id };
            Tried::of(register.create_cluster_guide(ask).await, &form)?
        }
        "unguide" => {
            let name = form.given("name")?.to_owned();
            let ask = pb::EndClusterGuideRequest { name, valid_until, etag, request_id };
            Tried::of(register.end_cluster_guide(ask).await, &form)?
        }
        "end" => {
            "/region/clusters".clone_into(&mut left);
            let ask = pb::EndClusterRequest { name, valid_until, etag, request_id };
            Tried::of(register.end_cluster(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&left)),
        Some(tried) => cluster(&visit, &id, &tried).await,
    }
}
