//! Teams: what they work for, who is in them, and who of them is away.

use std::collections::BTreeSet;

use axum::{
    Router,
    extract::{Path, Query},
    routing::get,
};
use minijinja::{Value, context};
use pb::{
    availability_service_client::AvailabilityServiceClient,
    directory_service_client::DirectoryServiceClient,
    team::{Kind, work_area::Kind as By},
};
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{
    Asked, Tried, choose, id, lasts,
    names::{Names, walk},
    next, option, page, period, today,
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
    title: "Teams", "Teams";
    none: "Er zijn geen teams.", "There are no teams.";
    gemeente: "Gemeentecode", "Code of the gemeente";
    works_for: "Werkt voor", "Works for";
    members: "Mensen in dit team", "People in this team";
    no_members: "Er zit nog niemand in dit team.", "Nobody is in this team yet.";
    hours: "Werktijden", "Hours";
    away: "vandaag weg", "away today";
    new: "Nieuw team", "New team";
    end: "Team beëindigen", "End the team";
    wijk: "wijk", "wijk";
    postcode: "postcode", "postcode";
    school: "school", "school";
    in_gemeente: "gemeente", "gemeente";
}

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/region/teams", get(list).post(create))
        .route("/region/teams/{id}", get(one).post(change))
}

/// What the gemeente calls it.
fn kind(kind: Kind, language: Language) -> &'static str {
    let words = match kind {
        Kind::Unspecified => ("", ""),
        Kind::Wijkteam => ("Wijkteam", "Wijkteam"),
        Kind::Gebiedsteam => ("Gebiedsteam", "Gebiedsteam"),
        Kind::Jgt => ("Jeugd- en gezinsteam", "Youth and family team"),
        Kind::Jot => ("Jeugdondersteuningsteam", "Youth support team"),
        Kind::Jgz => ("Jeugdgezondheidszorg", "Youth health care"),
        Kind::Overig => ("Ander team", "Other team"),
    };
    choose(language, words)
}

fn kinds(language: Language) -> Vec<Value> {
    let all = [Kind::Wijkteam, Kind::Gebiedsteam, Kind::Jgt, Kind::Jot, Kind::Jgz, Kind::Overig];
    all.into_iter().map(|one| option(one.as_str_name(), kind(one, language))).collect()
}

/// `wijk WK990101`.
fn area(one: &pb::team::WorkArea, own: &Words) -> String {
    let by = match one.kind() {
        By::Unspecified => "",
        By::Wijk => own.wijk,
        By::Postcode => own.postcode,
        By::Gemeente => own.in_gemeente,
        By::School => own.school,
    };
    format!("{by} {}", one.code)
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    all(&visit, &asked, &Tried::default()).await
}

async fn all(visit: &Visit, asked: &Asked, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let ask = pb::ListTeamsRequest {
        gemeente_code: asked.gemeente.clone(),
        page_token: asked.page.clone(),
        ..Default::default()
    };
    let found = DirectoryServiceClient::new(visit.calls()).list_teams(ask).await?.into_inner();
    let team = |one: &pb::Team| {
        context! {
            href => format!("/region/{}", one.name),
            label => one.display_name.as_str(),
            code => one.code.as_str(),
            kind => kind(one.kind(), language),
            gemeente => one.gemeente_code.as_str(),
            areas => one.work_areas.iter().map(|at| area(at, own)).collect::<Vec<_>>(),
        }
    };
    let filters = [("gemeente", asked.gemeente.as_str())];
    let values = context! {
        own,
        teams => found.teams.iter().map(team).collect::<Vec<_>>(),
        next => next("/region/teams", &filters, ("page", &found.next_page_token)),
        gemeente => asked.gemeente.as_str(),
        kinds => kinds(language),
    };
    Ok(page(visit, ("workplace/region/teams.html", own.title), tried, values))
}

async fn create(visit: Visit, form: Posted) -> Shown {
    let team = pb::Team {
        code: form.one("team.code")?.to_owned(),
        kind: Kind::from_str_name(form.one("team.kind")?).unwrap_or_default().into(),
        display_name: form.one("team.display_name")?.to_owned(),
        gemeente_code: form.one("team.gemeente_code")?.to_owned(),
        ..Default::default()
    };
    let ask = pb::CreateTeamRequest { team: Some(team), request_id: form.given("request_id")?.to_owned() };
    let answer = DirectoryServiceClient::new(visit.calls()).create_team(ask).await;
    let made = answer.as_ref().map(|made| made.get_ref().name.clone()).unwrap_or_default();
    match Tried::of(answer, &form)? {
        None => Ok(see_other(&format!("/region/{made}"))),
        Some(tried) => all(&visit, &Asked::default(), &tried).await,
    }
}

async fn one(visit: Visit, Path(id): Path<String>) -> Shown {
    team(&visit, &id, &Tried::default()).await
}

async fn team(visit: &Visit, team: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let mut register = DirectoryServiceClient::new(visit.calls());
    let found = register.get_team(pb::GetTeamRequest { name: format!("teams/{team}") }).await?.into_inner();
    let organisation = format!("organisations/{team}");
    let at = organisation.clone();
    let ask = pb::ListAffiliationsRequest { organisation: at, show_ended: true, ..Default::default() };
    let (mut members, day) = (walk!(visit, list_affiliations, affiliations, ask), today(visit));
    members.retain(|one| lasts(&one.valid_until, &day));
    let ask = pb::ListPersonsRequest { organisation, show_ended: true, ..Default::default() };
    let people = Names::people(visit, ask).await?;
    let calendar = AvailabilityServiceClient::new(visit.calls());
    let away = walk!(calendar => list_absences, absences, pb::ListAbsencesRequest::default());
    let away: BTreeSet<String> = away.into_iter().map(|one| one.person).collect();
    let member = |one: &pb::Affiliation| {
        context! {
            href => format!("/region/people/{}", id(&one.person)),
            hours => format!("/region/hours?person={}", one.person),
            label => people.of(&one.person),
            role => shown::role(one.role(), language),
            period => period(&one.valid_from, &one.valid_until, language),
            away => away.contains(&one.person),
        }
    };
    let values = context! {
        own,
        team => context! {
            name => found.name.as_str(),
            etag => found.etag.as_str(),
            first => found.valid_from.as_str(),
            label => found.display_name.as_str(),
            kind => kind(found.kind(), language),
            code => found.code.as_str(),
            gemeente => found.gemeente_code.as_str(),
            areas => found.work_areas.iter().map(|at| area(at, own)).collect::<Vec<_>>(),
        },
        members => members.iter().map(member).collect::<Vec<_>>(),
    };
    Ok(page(visit, ("workplace/region/team.html", &found.display_name), tried, values))
}

async fn change(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    if form.one("do")? != "end" {
        return Err(ANSWER_INVALID.into());
    }
    let ask = pb::EndTeamRequest {
        name: format!("teams/{id}"),
        valid_until: form.one("valid_until")?.to_owned(),
        etag: form.one("etag")?.to_owned(),
        request_id: form.given("request_id")?.to_owned(),
    };
    match Tried::of(DirectoryServiceClient::new(visit.calls()).end_team(ask).await, &form)? {
        None => Ok(see_other("/region/teams")),
        Some(tried) => team(&visit, &id, &tried).await,
    }
}
