//! Links of schools with teams, and the schools for which nobody can come.

use axum::{Router, extract::Query, routing::get};
use minijinja::context;
use pb::directory_service_client::DirectoryServiceClient;
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{
    Asked, Tried, choose,
    names::{Names, walk},
    next, page, period, today,
};
use crate::web::workplace::{Workplace, shown, trouble::Shown, visit::Visit, words::words};

words! {
    title: "Koppelingen", "Links";
    gaps: "Scholen zonder", "Schools without";
    gaps_intro: "Voor deze scholen kan niemand van het team komen. Kies de school om een koppeling te maken.",
        "For these schools nobody of the team can come. Choose the school to make a link.";
    no_gaps: "Elke school heeft iemand die kan komen.", "Every school has somebody who can come.";
    missing: "Wat ontbreekt", "What is missing";
    all: "Alle koppelingen", "All links";
    later: "Koppelingen die later beginnen", "Links that begin later";
    none: "Er zijn geen koppelingen.", "There are no links.";
    deputy: "Vervanger", "Deputy";
}

pub(super) fn routes() -> Router<Workplace> {
    Router::new().route("/region/links", get(show))
}

/// Why nobody can come, as people say it.
fn missing(reason: &str, language: Language) -> &str {
    let words = match reason {
        "NO_LINK" => ("geen koppeling", "no link"),
        "LINK_ABSENT" => ("de vaste persoon is weg", "the link person is away"),
        "NO_DEPUTY" => ("geen vervanger", "no deputy"),
        other => return other,
    };
    choose(language, words)
}

async fn show(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let mut register = DirectoryServiceClient::new(visit.calls());
    let ask = pb::ListCoverageGapsRequest { page_token: asked.gaps.clone(), ..Default::default() };
    let gaps = register.list_coverage_gaps(ask).await?.into_inner();
    let ask = pb::ListSchoolTeamLinksRequest { page_token: asked.page.clone(), ..Default::default() };
    let links = register.list_school_team_links(ask).await?.into_inner();
    let organisations = Names::organisations(&visit).await?;
    let ask = pb::ListSchoolTeamLinksRequest { show_ended: true, ..Default::default() };
    let (mut later, day) = (walk!(visit, list_school_team_links, school_team_links, ask), today(&visit));
    later.retain(|one| one.valid_from > day);
    let everybody = pb::ListPersonsRequest { show_ended: true, ..Default::default() };
    let people = Names::people(&visit, everybody).await?;
    let gap = |one: &pb::list_coverage_gaps_response::Gap| {
        context! {
            href => format!("/region/{}", one.school),
            label => one.school_display_name.as_str(),
            role => shown::role(one.role(), language),
            missing => missing(&one.reason, language),
        }
    };
    let link = |one: &pb::SchoolTeamLink| {
        context! {
            href => format!("/region/{}", one.school),
            school => organisations.of(&one.school),
            team => organisations.of(&one.team),
            team_href => format!("/region/{}", one.team),
            role => shown::role(one.role(), language),
            person => people.of(&one.person),
            deputy => if one.deputy.is_empty() { "" } else { people.of(&one.deputy) },
            period => period(&one.valid_from, &one.valid_until, language),
        }
    };
    let path = "/region/links";
    let values = context! {
        own,
        gaps => gaps.gaps.iter().map(gap).collect::<Vec<_>>(),
        next_gaps => next(path, &[("page", asked.page.as_str())], ("gaps", &gaps.next_page_token)),
        later => later.iter().map(link).collect::<Vec<_>>(),
        links => links.school_team_links.iter().map(link).collect::<Vec<_>>(),
        next => next(path, &[("gaps", asked.gaps.as_str())], ("page", &links.next_page_token)),
    };
    Ok(page(&visit, ("workplace/region/links.html", own.title), &Tried::default(), values))
}
