//! Schools: the list, and one school with its links, its wijk, its clusters and its team.

use axum::{
    Router,
    extract::{Path, Query},
    routing::get,
};
use minijinja::{Value, context};
use pb::{directory_service_client::DirectoryServiceClient, organisation::Kind};
use prost_types::FieldMask;
use schakel_domain::refusal::Language;
use schakel_proto::v1 as pb;

use super::{
    Asked, Tried, changed, choose, lasts,
    names::{Names, walk},
    next, option, page, period, role, roles, today,
};
use crate::web::{
    form::{ANSWER_INVALID, Fields},
    problem::Problem,
    workplace::{
        Workplace, shown,
        trouble::{Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Scholen", "Schools";
    q: "Naam, plaats of code", "Name, place or code";
    gemeente: "Gemeentecode", "Code of the gemeente";
    city: "Plaats", "Place";
    wijk: "Wijk", "Wijk";
    empty: "Er is geen school gevonden.", "No school was found.";
    new: "Nieuwe school", "New school";
    vestigingscode: "Vestigingscode", "Vestigingscode";
    board: "Nummer van het bestuur", "Number of the board";
    street: "Straat", "Street";
    house_number: "Huisnummer", "House number";
    postcode: "Postcode", "Postcode";
    denomination: "Richting", "Denomination";
    phone: "Telefoon", "Telephone";
    website: "Website", "Website";
    holidays: "Vakantieregio", "Holiday region";
    belongs: "Wie hoort bij deze school", "Who belongs to this school";
    no_team: "Geen team werkt voor deze school.", "No team serves this school.";
    why: "Waarom dit team", "Why this team";
    links: "Koppelingen", "Links";
    no_links: "Deze school heeft geen koppeling met een team.", "This school has no link with a team.";
    deputy: "Vervanger", "Deputy";
    add_link: "Koppeling toevoegen", "Add a link";
    which_team: "Kies eerst het team.", "Choose the team first.";
    clusters: "Clusters", "Clusters";
    no_clusters: "Deze school zit in geen cluster.", "This school is in no cluster.";
    edit: "Gegevens wijzigen", "Change the details";
    end: "School beëindigen", "End the school";
}

/// The fields that can change, by their path in the API.
const CHANGES: [&str; 12] = [
    "display_name",
    "board_code",
    "street",
    "house_number",
    "postcode",
    "city",
    "gemeente_code",
    "wijk_code",
    "denomination",
    "phone",
    "website",
    "holiday_region",
];
/// How many schools that were found are shown.
const FOUND: usize = 50;

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/region/schools", get(list).post(create))
        .route("/region/schools/{id}", get(one).post(change))
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    all(&visit, &asked, &Tried::default()).await
}

async fn all(visit: &Visit, asked: &Asked, tried: &Tried) -> Shown {
    let own = words(visit.language);
    let (schools, following) = found(visit, asked).await?;
    let shown = |one: &pb::School| {
        context! {
            href => format!("/region/{}", one.name),
            label => one.display_name.as_str(),
            code => one.vestigingscode.as_str(),
            city => one.city.as_str(),
            gemeente => one.gemeente_code.as_str(),
            wijk => one.wijk_code.as_str(),
        }
    };
    let filters = [("gemeente", asked.gemeente.as_str())];
    let values = context! {
        own,
        schools => schools.iter().map(shown).collect::<Vec<_>>(),
        next => next("/region/schools", &filters, ("page", &following)),
        q => asked.q.as_str(),
        gemeente => asked.gemeente.as_str(),
        regions => regions(visit.language),
    };
    Ok(page(visit, ("workplace/region/schools.html", own.title), tried, values))
}

/// A page of schools and the token of the next; of a search, the first that fit.
async fn found(visit: &Visit, asked: &Asked) -> Result<(Vec<pb::School>, String), Trouble> {
    let ask = pb::ListSchoolsRequest { gemeente_code: asked.gemeente.clone(), ..Default::default() };
    let wanted = asked.q.trim().to_lowercase();
    if wanted.is_empty() {
        let ask = pb::ListSchoolsRequest { page_token: asked.page.clone(), ..ask };
        let found = DirectoryServiceClient::new(visit.calls()).list_schools(ask).await?.into_inner();
        return Ok((found.schools, found.next_page_token));
    }
    let mut schools = walk!(visit, list_schools, schools, ask);
    schools.retain(|one| {
        [&one.display_name, &one.city, &one.vestigingscode]
            .iter()
            .any(|text| text.to_lowercase().contains(&wanted))
    });
    schools.truncate(FOUND);
    Ok((schools, String::new()))
}

/// What a region of the school holidays is called.
fn region(one: pb::HolidayRegion, language: Language) -> &'static str {
    let words = match one {
        pb::HolidayRegion::Unspecified => ("", ""),
        pb::HolidayRegion::Noord => ("Noord", "North"),
        pb::HolidayRegion::Midden => ("Midden", "Middle"),
        pb::HolidayRegion::Zuid => ("Zuid", "South"),
    };
    choose(language, words)
}

/// All of them.
fn regions(language: Language) -> Vec<Value> {
    let all = [pb::HolidayRegion::Noord, pb::HolidayRegion::Midden, pb::HolidayRegion::Zuid];
    all.into_iter().map(|one| option(one.as_str_name(), region(one, language))).collect()
}

/// A school as the form has it.
fn typed(form: &Fields) -> Result<pb::School, Problem> {
    let text = |field: &str| form.one(&format!("school.{field}")).map(str::to_owned);
    let region = pb::HolidayRegion::from_str_name(form.one("school.holiday_region")?);
    Ok(pb::School {
        vestigingscode: text("vestigingscode")?,
        display_name: text("display_name")?,
        board_code: text("board_code")?,
        street: text("street")?,
        house_number: text("house_number")?,
        postcode: text("postcode")?,
        city: text("city")?,
        gemeente_code: text("gemeente_code")?,
        wijk_code: text("wijk_code")?,
        denomination: text("denomination")?,
        phone: text("phone")?,
        website: text("website")?,
        holiday_region: region.unwrap_or_default().into(),
        valid_from: text("valid_from")?,
        ..Default::default()
    })
}

async fn create(visit: Visit, form: Posted) -> Shown {
    let ask = pb::CreateSchoolRequest {
        school: Some(typed(&form)?),
        request_id: form.given("request_id")?.to_owned(),
    };
    let answer = DirectoryServiceClient::new(visit.calls()).create_school(ask).await;
    let made = answer.as_ref().map(|made| made.get_ref().name.clone()).unwrap_or_default();
    match Tried::of(answer, &form)? {
        None => Ok(see_other(&format!("/region/{made}"))),
        Some(tried) => all(&visit, &Asked::default(), &tried).await,
    }
}

async fn one(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Shown {
    school(&visit, &id, &asked.team, &Tried::default()).await
}

async fn school(visit: &Visit, id: &str, team: &str, tried: &Tried) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let name = format!("schools/{id}");
    let mut register = DirectoryServiceClient::new(visit.calls());
    let school = register.get_school(pb::GetSchoolRequest { name: name.clone() }).await?.into_inner();
    let ask = pb::ListSchoolTeamLinksRequest { school: name.clone(), show_ended: true, ..Default::default() };
    let (mut links, day) = (walk!(visit, list_school_team_links, school_team_links, ask), today(visit));
    links.retain(|one| lasts(&one.valid_until, &day));
    let ask = pb::ListClustersRequest { school: name.clone(), page_size: 200, ..Default::default() };
    let clusters = register.list_clusters(ask).await?.into_inner().clusters;
    let ask = pb::ListAreasRequest {
        kind: pb::area::Kind::Wijk.into(),
        gemeente_code: school.gemeente_code.clone(),
        page_size: 200,
        ..Default::default()
    };
    let areas = register.list_areas(ask).await?.into_inner().areas;
    let wijk = areas.iter().find(|area| area.code == school.wijk_code).map(|area| area.display_name.as_str());
    let ask = pb::RouteSchoolRequest { school: name, ..Default::default() };
    let route = register.route_school(ask).await?.into_inner();
    let teams = Names::organisations(visit).await?;
    let everybody = pb::ListPersonsRequest { show_ended: true, ..Default::default() };
    let people = Names::people(visit, everybody).await?;
    let members = if team.is_empty() {
        Vec::new()
    } else {
        let organisation = format!("organisations/{}", super::id(team));
        let ask = pb::ListPersonsRequest { organisation, ..Default::default() };
        Names::people(visit, ask).await?.options("persons", None)
    };
    let contact = |one: &pb::route_school_response::Contact| {
        context! {
            role => shown::role(one.role(), language),
            label => one.display_name.as_str(),
            href => format!("/region/people/{}", super::id(&one.person)),
            phone => one.phone.as_str(),
            deputy => one.deputy,
        }
    };
    let link = |one: &pb::SchoolTeamLink| {
        let role = shown::role(one.role(), language);
        context! {
            name => one.name.as_str(),
            etag => one.etag.as_str(),
            first => one.valid_from.as_str(),
            label => format!("{}, {role}", teams.of(&one.team)),
            team => teams.of(&one.team),
            team_href => format!("/region/{}", one.team),
            role => role.as_str(),
            person => people.of(&one.person),
            deputy => if one.deputy.is_empty() { "" } else { people.of(&one.deputy) },
            period => period(&one.valid_from, &one.valid_until, language),
        }
    };
    let cluster = |one: &pb::Cluster| option(&format!("/region/{}", one.name), &one.display_name);
    let values = context! {
        own, team, members,
        wijk => wijk.unwrap_or_default(),
        school => shown_school(&school, language),
        team_name => route.team_display_name.as_str(),
        team_href => format!("/region/{}", route.team),
        contacts => route.contacts.iter().map(contact).collect::<Vec<_>>(),
        why => route.rules.iter().filter(|rule| rule.matched).map(|rule| rule.why.clone()).collect::<Vec<_>>(),
        links => links.iter().map(link).collect::<Vec<_>>(),
        clusters => clusters.iter().map(cluster).collect::<Vec<_>>(),
        teams => teams.options("teams", Some(Kind::Team)),
        roles => roles(language),
        regions => regions(language),
    };
    Ok(page(visit, ("workplace/region/school.html", &school.display_name), tried, values))
}

/// A school for its form: each field by its name in the API.
fn shown_school(one: &pb::School, language: Language) -> Value {
    context! {
        name => one.name.as_str(),
        label => one.display_name.as_str(),
        etag => one.etag.as_str(),
        first => one.valid_from.as_str(),
        vestigingscode => one.vestigingscode.as_str(),
        display_name => one.display_name.as_str(),
        board_code => one.board_code.as_str(),
        street => one.street.as_str(),
        house_number => one.house_number.as_str(),
        postcode => one.postcode.as_str(),
        city => one.city.as_str(),
        gemeente_code => one.gemeente_code.as_str(),
        wijk_code => one.wijk_code.as_str(),
        denomination => one.denomination.as_str(),
        phone => one.phone.as_str(),
        website => one.website.as_str(),
        holiday_region => one.holiday_region().as_str_name(),
        holiday_label => region(one.holiday_region(), language),
    }
}

async fn change(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let mut register = DirectoryServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let mut team = String::new();
    let tried = match form.one("do")? {
        "save" => {
            let school = pb::School {
                name: format!("schools/{id}"),
                etag: form.one("etag")?.to_owned(),
                ..typed(&form)?
            };
            let paths = changed(&form, "school", &CHANGES)?;
            if paths.is_empty() {
                None
            } else {
                let update_mask = Some(FieldMask { paths });
                let ask = pb::UpdateSchoolRequest { school: Some(school), update_mask, request_id };
                Tried::of(register.update_school(ask).await, &form)?
            }
        }
        "end" => {
            let ask = pb::EndSchoolRequest {
                name: form.given("name")?.to_owned(),
                valid_until: form.one("valid_until")?.to_owned(),
                etag: form.one("etag")?.to_owned(),
                request_id,
            };
            Tried::of(register.end_school(ask).await, &form)?
        }
        "link" => {
            team = form.one("school_team_link.team")?.to_owned();
            let link = pb::SchoolTeamLink {
                school: format!("schools/{id}"),
                team: team.clone(),
                role: role(form.one("school_team_link.role")?),
                person: form.one("school_team_link.person")?.to_owned(),
                deputy: form.one("school_team_link.deputy")?.to_owned(),
                valid_from: form.one("school_team_link.valid_from")?.to_owned(),
                valid_until: form.one("school_team_link.valid_until")?.to_owned(),
                ..Default::default()
            };
            let ask = pb::CreateSchoolTeamLinkRequest { school_team_link: Some(link), request_id };
            Tried::of(register.create_school_team_link(ask).await, &form)?
        }
        "unlink" => {
            let ask = pb::EndSchoolTeamLinkRequest {
                name: form.given("name")?.to_owned(),
                valid_until: form.one("valid_until")?.to_owned(),
                etag: form.one("etag")?.to_owned(),
                request_id,
            };
            Tried::of(register.end_school_team_link(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&format!("/region/schools/{id}"))),
        Some(tried) => school(&visit, &id, &team, &tried).await,
    }
}
