//! Who could come: the people of the case and the school, and whom the kind of meeting asks for.

use std::collections::BTreeMap;

use pb::{
    case::parent::Gezag, directory_service_client::DirectoryServiceClient, kind_rules::About,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_proto::v1 as pb;

use super::wish::Chair;
use crate::web::workplace::{
    trouble::{Trouble, if_allowed},
    visit::Visit,
};

/// More than sit at a table are never asked for by name.
const MOST: usize = 20;

/// Who is known around a case and a school.
#[derive(Default)]
pub(in crate::web::workplace) struct People {
    /// The case, when there is one.
    pub(in crate::web::workplace) case: Option<pb::Case>,
    /// The school that it is about.
    pub(in crate::web::workplace) school: String,
    /// Professionals with their roles, those to be asked first before the others.
    pub(in crate::web::workplace) contacts: Vec<(Chair, String)>,
    names: BTreeMap<String, String>,
}

fn chair(person: &str, role: pb::Role) -> Chair {
    Chair { person: person.to_owned(), role, optional: false }
}

impl People {
    /// Those around a case, or a school.
    pub(in crate::web::workplace) async fn around(
        visit: &Visit,
        case: &str,
        school: &str,
    ) -> Result<Self, Trouble> {
        let mut people = Self { school: school.to_owned(), ..Self::default() };
        people.call(&visit.me.person, &visit.me.display_name);
        let mut gemeente = String::new();
        if !case.is_empty() {
            let ask = pb::GetCaseRequest { name: case.to_owned() };
            let case = ThuiszitterServiceClient::new(visit.calls()).get_case(ask).await?.into_inner();
            people.school.clone_from(&case.school);
            gemeente.clone_from(&case.residence_gemeente_code);
            if let Some(child) = &case.child {
                people.call(&child.person, &child.display_name);
            }
            for parent in &case.parents {
                people.call(&parent.person, &parent.display_name);
            }
            people.case = Some(case);
        }
        if !people.school.is_empty() {
            let ask = pb::RouteSchoolRequest {
                school: people.school.clone(),
                residence_gemeente_code: gemeente,
                ..Default::default()
            };
            let route = DirectoryServiceClient::new(visit.calls()).route_school(ask).await;
            let route = if_allowed(route)?.unwrap_or_default();
            for contact in route.contacts.iter().chain(&route.contact_directory) {
                people.meet(contact);
            }
        }
        Ok(people)
    }

    fn call(&mut self, person: &str, name: &str) {
        if !person.is_empty() && !name.is_empty() {
            self.names.insert(person.to_owned(), name.to_owned());
        }
    }

    fn meet(&mut self, contact: &pb::route_school_response::Contact) {
        let who = chair(&contact.person, contact.role());
        self.call(&contact.person, &contact.display_name);
        if !contact.person.is_empty() && self.contacts.iter().all(|(known, _)| *known != who) {
            self.contacts.push((who, contact.display_name.clone()));
        }
    }

    /// What somebody is called; empty when that is not known.
    pub(in crate::web::workplace) fn name(&self, person: &str) -> &str {
        self.names.get(person).map_or("", String::as_str)
    }

    /// Asks the register for the names of who else sits there.
    pub(super) async fn ask_names<'a>(
        &mut self,
        visit: &Visit,
        persons: impl Iterator<Item = &'a str>,
    ) -> Result<(), Trouble> {
        let mut unknown: Vec<&str> = persons.filter(|person| !self.names.contains_key(*person)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let mut register = DirectoryServiceClient::new(visit.calls());
        for person in unknown.into_iter().filter(|person| !person.is_empty()).take(MOST) {
            let ask = pb::GetPersonRequest { name: person.to_owned() };
            // A parent is no professional; whoever is not found keeps the name of the role.
            if let Ok(found) = register.get_person(ask).await {
                self.call(person, &found.into_inner().display_name);
            }
        }
        Ok(())
    }

    /// The parents with gezag, who are invited to every meeting about their child.
    pub(super) fn parents(&self) -> impl Iterator<Item = Chair> {
        let parents = self.case.iter().flat_map(|case| &case.parents);
        let with = parents.filter(|parent| parent.gezag() == Gezag::Yes && !parent.person.is_empty());
        with.map(|parent| chair(&parent.person, pb::Role::Ouder))
    }

    /// The child and its parents, of who may see them.
    pub(super) fn family(&self) -> Vec<Chair> {
        let parents = self.case.iter().flat_map(|case| &case.parents);
        let parents = parents.map(|parent| chair(&parent.person, pb::Role::Ouder));
        let child = self.case.iter().filter_map(|case| case.child.as_ref());
        parents.chain(child.map(|child| chair(&child.person, pb::Role::Jeugdige))).collect()
    }

    /// The table that a kind of meeting asks for: of each of its sets of roles the caller, or the
    /// role that somebody around this school has; the parents; and the caller.
    pub(super) fn proposed(&self, visit: &Visit, rules: &pb::KindRules) -> Vec<Chair> {
        let own: Vec<pb::Role> = (visit.me.memberships.iter())
            .filter(|at| at.organisation == visit.me.acting_for)
            .map(pb::who_am_i_response::Membership::role)
            .collect();
        let me = |role: pb::Role| chair(&visit.me.person, role);
        let mut table: Vec<Chair> = Vec::new();
        for any in &rules.must_come {
            let wanted: Vec<pb::Role> = any.roles().collect();
            let known = |role: &&pb::Role| self.contacts.iter().any(|(contact, _)| contact.role == **role);
            let chosen = if let Some(role) = wanted.iter().find(|role| own.contains(role)) {
                Some(me(*role))
            } else {
                let role = wanted.iter().find(known).or(wanted.first());
                role.map(|role| Chair { person: String::new(), role: *role, optional: false })
            };
            table.extend(chosen.filter(|chosen| !table.contains(chosen)));
        }
        let can_come =
            |role: &&pb::Role| rules.may_come.is_empty() || rules.may_come().any(|may| may == **role);
        if let Some(role) = own.iter().find(can_come)
            && !visit.me.person.is_empty()
            && table.iter().all(|chair| chair.person != visit.me.person)
        {
            table.push(me(*role));
        }
        let about_child = matches!(rules.about(), About::Child | About::Either);
        if rules.parents_invited && about_child {
            table.extend(self.parents());
        }
        table
    }
}
