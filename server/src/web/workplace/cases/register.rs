//! Names out of the register: schools, wijken, organisations and professionals.

use std::collections::{BTreeSet, HashMap};

use schakel_domain::refusal::Language;
use schakel_proto::v1::{self as pb, directory_service_client::DirectoryServiceClient};
use tonic::Code;

use super::{PAGE, PAGES, form::Choice};
use crate::web::workplace::{calls::Channel, shown, trouble::Trouble, visit::Visit};

fn register(visit: &Visit) -> DirectoryServiceClient<Channel> {
    DirectoryServiceClient::new(visit.calls())
}

/// The schools of the region, those that have ended too: a case may still be theirs.
pub(super) async fn schools(visit: &Visit) -> Result<Vec<pb::School>, Trouble> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let ask =
            pb::ListSchoolsRequest { show_ended: true, page_size: PAGE, page_token, ..Default::default() };
        let page = register(visit).list_schools(ask).await?.into_inner();
        all.extend(page.schools);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// One of them.
pub(super) async fn school(visit: &Visit, name: &str) -> Result<pb::School, Trouble> {
    let ask = pb::GetSchoolRequest { name: name.to_owned() };
    Ok(register(visit).get_school(ask).await?.into_inner())
}

/// The gemeenten or the wijken of the region.
pub(super) async fn areas(visit: &Visit, kind: pb::area::Kind) -> Result<Vec<pb::Area>, Trouble> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let ask =
            pb::ListAreasRequest { kind: kind.into(), page_size: PAGE, page_token, ..Default::default() };
        let page = register(visit).list_areas(ask).await?.into_inner();
        all.extend(page.areas);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// The organisations of the region.
pub(super) async fn organisations(visit: &Visit) -> Result<Vec<pb::Organisation>, Trouble> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let ask = pb::ListOrganisationsRequest { page_size: PAGE, page_token, ..Default::default() };
        let page = register(visit).list_organisations(ask).await?.into_inner();
        all.extend(page.organisations);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// The professionals that `ask` is about.
pub(super) async fn persons(visit: &Visit, ask: &pb::ListPersonsRequest) -> Result<Vec<pb::Person>, Trouble> {
    let (mut all, mut page_token) = (Vec::new(), String::new());
    for _ in 0..PAGES {
        let ask = pb::ListPersonsRequest { page_size: PAGE, page_token, ..ask.clone() };
        let page = register(visit).list_persons(ask).await?.into_inner();
        all.extend(page.persons);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    Ok(all)
}

/// One of them.
pub(super) async fn person(visit: &Visit, name: &str) -> Result<pb::Person, Trouble> {
    let ask = pb::GetPersonRequest { name: name.to_owned() };
    Ok(register(visit).get_person(ask).await?.into_inner())
}

/// The organisations to choose from, by name.
pub(super) async fn organisation_options(visit: &Visit) -> Result<Vec<Choice>, Trouble> {
    let all = organisations(visit).await?;
    Ok(sorted(all.into_iter().map(|one| (one.name, one.display_name)).collect()))
}

/// The professionals to choose from, by name.
pub(super) async fn person_options(
    visit: &Visit,
    ask: &pb::ListPersonsRequest,
) -> Result<Vec<Choice>, Trouble> {
    let all = persons(visit, ask).await?;
    Ok(sorted(all.into_iter().map(|one| (one.name, one.display_name)).collect()))
}

/// By what people read.
pub(super) fn sorted(mut options: Vec<Choice>) -> Vec<Choice> {
    options.sort_by(|(_, one), (_, other)| one.cmp(other));
    options
}

/// What organisations, professionals and the people of a case are called.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// Of the organisations and gemeenten of the region, of who `case` is about as far as it is shown, and of the
    /// `others`, who are few beside all who work in a region.
    pub(super) async fn of(
        visit: &Visit,
        case: &pb::Case,
        others: BTreeSet<String>,
    ) -> Result<Self, Trouble> {
        let organisations = organisations(visit).await?.into_iter();
        let mut names: HashMap<String, String> =
            organisations.map(|one| (one.name, one.display_name)).collect();
        names.extend(people(case));
        let gemeenten = areas(visit, pb::area::Kind::Gemeente).await?;
        names.extend(gemeenten.into_iter().map(|one| (one.code, one.display_name)));
        for name in others {
            if name.is_empty() || names.contains_key(&name) {
                continue;
            }
            let ask = pb::GetPersonRequest { name: name.clone() };
            match register(visit).get_person(ask).await {
                Ok(found) => {
                    names.insert(name, found.into_inner().display_name);
                }
                // A child or a parent, whom the register does not name.
                Err(status) if matches!(status.code(), Code::NotFound | Code::PermissionDenied) => {}
                Err(status) => return Err(status.into()),
            }
        }
        Ok(Self(names))
    }

    /// The name, or nothing.
    pub(super) fn of_name(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The name of what has a code; the code where it has none here.
    pub(super) fn or_code<'a>(&'a self, code: &'a str) -> &'a str {
        self.0.get(code).map_or(code, String::as_str)
    }

    /// Who did something: the role, and the organisation.
    pub(super) fn function(&self, role: pb::Role, organisation: &str, language: Language) -> String {
        let unknown = matches!(role, pb::Role::Unspecified);
        let role = if unknown { String::new() } else { shown::role(role, language) };
        let organisation = self.of_name(organisation);
        let parts = [role.as_str(), organisation];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// The child and the parents, as far as the caller sees them.
pub(super) fn people(case: &pb::Case) -> Vec<Choice> {
    let child = case.child.iter().map(|child| (child.person.clone(), child.display_name.clone()));
    let parents = case.parents.iter().map(|parent| (parent.person.clone(), parent.display_name.clone()));
    child.chain(parents).collect()
}
