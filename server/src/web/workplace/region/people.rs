//! People and roles: who works in the region, as what and where.

use axum::{
    Router,
    extract::{Path, Query},
    routing::get,
};
use minijinja::context;
use pb::{access_service_client::AccessServiceClient, directory_service_client::DirectoryServiceClient};
use prost_types::FieldMask;
use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use serde::Deserialize;

use super::{
    Asked, Tried, allowed, changed, id, lasts,
    names::{Names, walk},
    next, page, period, role, roles, today,
};
use crate::web::{
    form::ANSWER_INVALID,
    workplace::{
        Workplace, shown,
        trouble::{Shown, Trouble, see_other},
        visit::{Posted, Visit},
        words::words,
    },
};

words! {
    title: "Mensen en rollen", "People and roles";
    q: "Naam, mail of code", "Name, mail or code";
    none: "Er is niemand gevonden.", "Nobody was found.";
    email: "E-mail van het werk", "Work e-mail";
    phone: "Telefoon van het werk", "Work telephone";
    languages: "Talen", "Languages";
    new: "Nieuwe medewerker", "New professional";
    roles: "Rollen", "Roles";
    no_roles: "Deze persoon heeft nu geen rol.", "This person has no role now.";
    add_role: "Rol toevoegen", "Add a role";
    edit: "Gegevens wijzigen", "Change the details";
    end: "Medewerker beëindigen", "End this professional";
    end_hint: "Alle rollen eindigen dan ook.", "All roles end too.";
    hours: "Werktijden en afwezigheid", "Hours and absences";
    sessions: "Ingelogd in browsers", "Signed in to browsers";
    sign_out: "Log overal uit", "Sign out everywhere";
    sign_out_hint: "Bijvoorbeeld als een computer of telefoon kwijt is. Zolang deze persoon een rol heeft, kan die opnieuw inloggen.",
        "For example when a computer or telephone is lost. As long as this person has a role, they can sign in again.";
    signed_out: "Deze persoon is nu overal uitgelogd.", "This person is now signed out everywhere.";
}

/// How many people who were found are shown.
const FOUND: usize = 50;

pub(super) fn routes() -> Router<Workplace> {
    Router::new()
        .route("/region/people", get(list).post(create))
        .route("/region/people/{id}", get(one).post(change))
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Shown {
    all(&visit, &asked, &Tried::default()).await
}

async fn all(visit: &Visit, asked: &Asked, tried: &Tried) -> Shown {
    let own = words(visit.language);
    let (people, following) = found(visit, asked).await?;
    let person = |one: &pb::Person| {
        context! {
            href => format!("/region/people/{}", id(&one.name)),
            label => one.display_name.as_str(),
            code => one.code.as_str(),
            email => one.email.as_str(),
            phone => one.phone.as_str(),
        }
    };
    let filters = [("role", asked.role.as_str()), ("organisation", asked.organisation.as_str())];
    let values = context! {
        own,
        people => people.iter().map(person).collect::<Vec<_>>(),
        next => next("/region/people", &filters, ("page", &following)),
        q => asked.q.as_str(),
        role => asked.role.as_str(),
        roles => roles(visit.language),
    };
    Ok(page(visit, ("workplace/region/people.html", own.title), tried, values))
}

/// A page of people and the token of the next; of a search, the first that fit.
async fn found(visit: &Visit, asked: &Asked) -> Result<(Vec<pb::Person>, String), Trouble> {
    let ask = pb::ListPersonsRequest {
        role: role(&asked.role),
        organisation: asked.organisation.clone(),
        ..Default::default()
    };
    let wanted = asked.q.trim().to_lowercase();
    if wanted.is_empty() {
        let ask = pb::ListPersonsRequest { page_token: asked.page.clone(), ..ask };
        let found = DirectoryServiceClient::new(visit.calls()).list_persons(ask).await?.into_inner();
        return Ok((found.persons, found.next_page_token));
    }
    let mut people = walk!(visit, list_persons, persons, ask);
    people.retain(|one| {
        [&one.display_name, &one.email, &one.code].iter().any(|text| text.to_lowercase().contains(&wanted))
    });
    people.truncate(FOUND);
    Ok((people, String::new()))
}

async fn create(visit: Visit, form: Posted) -> Shown {
    let person = pb::Person {
        code: form.one("person.code")?.to_owned(),
        display_name: form.one("person.display_name")?.to_owned(),
        email: form.one("person.email")?.to_owned(),
        phone: form.one("person.phone")?.to_owned(),
        ..Default::default()
    };
    let ask =
        pb::CreatePersonRequest { person: Some(person), request_id: form.given("request_id")?.to_owned() };
    let answer = DirectoryServiceClient::new(visit.calls()).create_person(ask).await;
    let made = answer.as_ref().map(|made| made.get_ref().name.clone()).unwrap_or_default();
    match Tried::of(answer, &form)? {
        None => Ok(see_other(&format!("/region/people/{}", id(&made)))),
        Some(tried) => all(&visit, &Asked::default(), &tried).await,
    }
}

/// What was just done.
#[derive(Default, Deserialize)]
struct Said {
    #[serde(default)]
    said: String,
}

async fn one(visit: Visit, Path(id): Path<String>, Query(said): Query<Said>) -> Shown {
    person(&visit, &id, &Tried::default(), &said).await
}

async fn person(visit: &Visit, id: &str, tried: &Tried, said: &Said) -> Shown {
    let (own, language) = (words(visit.language), visit.language);
    let mut register = DirectoryServiceClient::new(visit.calls());
    let name = format!("persons/{id}");
    let found = register.get_person(pb::GetPersonRequest { name: name.clone() }).await?.into_inner();
    let ask = pb::ListAffiliationsRequest { person: name.clone(), show_ended: true, ..Default::default() };
    let (mut held, day) = (walk!(visit, list_affiliations, affiliations, ask), today(visit));
    held.retain(|one| lasts(&one.valid_until, &day));
    let organisations = Names::organisations(visit).await?;
    let affiliation = |one: &pb::Affiliation| {
        let role = shown::role(one.role(), language);
        context! {
            name => one.name.as_str(),
            etag => one.etag.as_str(),
            first => one.valid_from.as_str(),
            label => format!("{role}, {}", organisations.of(&one.organisation)),
            period => period(&one.valid_from, &one.valid_until, language),
        }
    };
    let values = context! {
        own,
        person => context! {
            name => name.as_str(),
            etag => found.etag.as_str(),
            first => found.valid_from.as_str(),
            label => found.display_name.as_str(),
            code => found.code.as_str(),
            email => found.email.as_str(),
            phone => found.phone.as_str(),
            languages => found.languages.join(", "),
        },
        hours => format!("/region/hours?person={name}"),
        signs_out => allowed(visit, Action::ManageAccess),
        signed_out => said.said == "out",
        affiliations => held.iter().map(affiliation).collect::<Vec<_>>(),
        organisations => organisations.options("organisations", None),
        roles => roles(language),
    };
    Ok(page(visit, ("workplace/region/person.html", &found.display_name), tried, values))
}

async fn change(visit: Visit, Path(id): Path<String>, form: Posted) -> Shown {
    let mut register = DirectoryServiceClient::new(visit.calls());
    let request_id = form.given("request_id")?.to_owned();
    let etag = form.one("etag")?.to_owned();
    let valid_until = form.one("valid_until")?.to_owned();
    let mut left = format!("/region/people/{id}");
    let tried = match form.one("do")? {
        "save" => {
            let languages = form.one("person.languages")?.split(',').map(str::trim);
            let person = pb::Person {
                name: format!("persons/{id}"),
                etag,
                display_name: form.one("person.display_name")?.to_owned(),
                email: form.one("person.email")?.to_owned(),
                phone: form.one("person.phone")?.to_owned(),
                languages: languages.filter(|one| !one.is_empty()).map(str::to_owned).collect(),
                ..Default::default()
            };
            let paths = changed(&form, "person", &["display_name", "email", "phone", "languages"])?;
            if paths.is_empty() {
                None
            } else {
                let update_mask = Some(FieldMask { paths });
                let ask = pb::UpdatePersonRequest { person: Some(person), update_mask, request_id };
                Tried::of(register.update_person(ask).await, &form)?
            }
        }
        "affiliate" => {
            let affiliation = pb::Affiliation {
                person: format!("persons/{id}"),
                organisation: form.one("affiliation.organisation")?.to_owned(),
                role: role(form.one("affiliation.role")?),
                valid_from: form.one("affiliation.valid_from")?.to_owned(),
                valid_until: form.one("affiliation.valid_until")?.to_owned(),
                ..Default::default()
            };
            let ask = pb::CreateAffiliationRequest { affiliation: Some(affiliation), request_id };
            Tried::of(register.create_affiliation(ask).await, &form)?
        }
        "unaffiliate" => {
            let name = form.given("name")?.to_owned();
            let ask = pb::EndAffiliationRequest { name, valid_until, etag, request_id };
            Tried::of(register.end_affiliation(ask).await, &form)?
        }
        "end" => {
            "/region/people".clone_into(&mut left);
            let ask = pb::EndPersonRequest { name: format!("persons/{id}"), valid_until, etag, request_id };
            Tried::of(register.end_person(ask).await, &form)?
        }
        "sign-out" => {
            left.push_str("?said=out");
            let ask = pb::EndPersonSessionsRequest { person: format!("persons/{id}"), request_id };
            Tried::of(AccessServiceClient::new(visit.calls()).end_person_sessions(ask).await, &form)?
        }
        _ => return Err(ANSWER_INVALID.into()),
    };
    match tried {
        None => Ok(see_other(&left)),
        Some(tried) => person(&visit, &id, &tried, &Said::default()).await,
    }
}
