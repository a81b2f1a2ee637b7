//! Who plays in the story that the readme and the tests walk through.

use schakel_domain::access::Role;

use super::{Region, cases::CaseSeed, people::SAMENWERKINGSVERBAND};

/// Person codes, except where it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryPeople {
    pub beheerder: String,
    /// Privacy officer.
    pub fg: String,
    pub thuiszitterscoordinator: String,
    /// With this one affiliation.
    pub iber: String,
    /// Schoolmaatschappelijk werker linked to the school.
    pub smw: String,
    /// Who stands in for the SMW.
    pub deputy: String,
    /// Plans for the team of the SMW.
    pub coordinator: String,
    /// Of the gemeente that the child lives in.
    pub leerplichtambtenaar: String,
    /// Of the same gemeente; sees figures alone.
    pub beleidsmedewerker: String,
    /// Vestigingscode.
    pub school: String,
    /// Team code.
    pub team: String,
}

impl Region {
    /// The first case in which two parents have gezag and the child lives in another
    /// gemeente than its school's.
    pub fn case_of_the_story(&self) -> &CaseSeed {
        &self.cases[0]
    }

    /// Everybody who meets about the case of the story, and who watches over it.
    pub fn people_of_the_story(&self) -> StoryPeople {
        let case = self.case_of_the_story();
        let school = case.school.as_deref().expect("the first case has a school");
        let first = |role, organisation: &str| {
            let mut there = self.people.iter().filter(|person| person.is(role, organisation));
            there.next().map(|person| person.code.clone()).expect("every post of the story is filled")
        };
        let link = self.links.iter().find(|link| link.school == school && link.role == Role::Smw);
        let link = link.expect("the school of the story has a link");
        StoryPeople {
            beheerder: first(Role::Beheerder, SAMENWERKINGSVERBAND),
            fg: first(Role::Fg, SAMENWERKINGSVERBAND),
            thuiszitterscoordinator: first(Role::Thuiszitterscoordinator, SAMENWERKINGSVERBAND),
            iber: first(Role::Iber, school),
            smw: link.person.clone(),
            deputy: link.deputy.clone().expect("the team of the story has two SMW"),
            coordinator: first(Role::WijkteamCoordinator, &link.team),
            leerplichtambtenaar: first(Role::Leerplichtambtenaar, &case.residence),
            beleidsmedewerker: first(Role::Beleidsmedewerker, &case.residence),
            school: school.to_owned(),
            team: link.team.clone(),
        }
    }
}
