//! Households: off without a legal basis, told to who works on a case, and never of what is put aside or secret.

use chrono::TimeDelta;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId, SchoolId, TeamId},
};
use schakel_proto::v1::{
    self as pb, household_service_client::HouseholdServiceClient,
    privacy_service_client::PrivacyServiceClient,
};
use schakel_tests::{As, reason, violations, workplace::signed_in};
use tonic::{Request, Status};

use super::{Cases, Region, absent, id_of, named, parent, secrecy::lines};

type Households = HouseholdServiceClient<As>;

/// Two schools of one gemeente, each with a case of a child of one mother.
struct Family {
    region: Region,
    iber: (PersonId, As),
    fg: As,
    own: pb::Case,
    other_school: SchoolId,
    other_iber: (PersonId, As),
    team: TeamId,
    smw: PersonId,
    sibling: pb::Case,
}

/// A brother of the child; his school wrote the mother down in another way.
fn brother(school: SchoolId) -> pb::Case {
    let mother = pb::case::Parent {
        email: "Noor@Thuis.example".into(),
        phone: "+31 6 0000 0000".into(),
        ..parent("N. Oudshoorn")
    };
    pb::Case { parents: vec![mother], ..named("Bram Oudshoorn", absent(school)) }
}

async fn opened(region: &Region, by: &As, case: pb::Case) -> pb::Case {
    Cases::new(by.clone()).open_case(region.opening(case)).await.unwrap().into_inner()
}

impl Family {
    async fn start() -> Self {
        let region = Region::start().await;
        let server = &region.server;
        let iber = server.person(Role::Iber, region.school).await;
        let fg = server.person(Role::Fg, server.founded.organisation).await.1;
        let own = opened(&region, &iber.1, absent(region.school)).await;
        let other_school = server.school("90BB00", "GM9901").await;
        let other_iber = server.person(Role::Iber, other_school).await;
        let team = server.team("WT01").await;
        let smw = server.person(Role::Smw, team).await.0;
        server.link(other_school, team, Role::Smw, smw).await;
        let sibling = opened(&region, &other_iber.1, brother(other_school)).await;
        Self { region, iber, fg, own, other_school, other_iber, team, smw, sibling }
    }

    /// The same, where the region has a legal basis.
    async fn with_basis() -> Self {
        let family = Self::start().await;
        family.set(&family.fg, ("2026-11-01", "2027-07-31")).await.unwrap();
        family
    }

    async fn known(&self) -> pb::HouseholdBasis {
        let mut households = Households::new(self.iber.1.clone());
        households.get_household_basis(pb::GetHouseholdBasisRequest {}).await.unwrap().into_inner()
    }

    async fn put(&self, by: &As, basis: pb::HouseholdBasis) -> Result<pb::HouseholdBasis, Status> {
        let request_id = self.region.server.request_id();
        let request = pb::SetHouseholdBasisRequest { household_basis: Some(basis), request_id };
        Households::new(by.clone()).set_household_basis(request).await.map(tonic::Response::into_inner)
    }

    async fn set(&self, by: &As, (from, until): (&str, &str)) -> Result<pb::HouseholdBasis, Status> {
        let basis = pb::HouseholdBasis {
            legal_basis: "Convenant gezinsaanpak, artikel 4".into(),
            valid_from: from.into(),
            valid_until: until.into(),
            ..self.known().await
        };
        self.put(by, basis).await
    }

    async fn ask(&self, by: &As, case: &pb::Case) -> Result<pb::ListHouseholdResponse, Status> {
        let request = pb::ListHouseholdRequest { case: case.name.clone() };
        Households::new(by.clone()).list_household(request).await.map(tonic::Response::into_inner)
    }

    /// Whom the school is told to call, by person.
    async fn told(&self) -> Vec<String> {
        let told = self.ask(&self.iber.1, &self.own).await.unwrap().household_contacts;
        told.into_iter().map(|one| one.regisseur.unwrap().person).collect()
    }
}

#[tokio::test]
async fn x17_without_a_legal_basis_in_force_nobody_asks_for_a_household() {
    let family = Family::start().await;
    let refused = async || reason(&family.ask(&family.iber.1, &family.own).await.unwrap_err());
    let none = family.known().await;
    assert_eq!((none.in_force, none.legal_basis.as_str(), none.etag.as_str()), (false, "", "0"));
    assert_eq!(refused().await, "HOUSEHOLD_BASIS_MISSING");
    let school = family.set(&family.iber.1, ("2026-11-01", "2027-07-31")).await.unwrap_err();
    assert_eq!(reason(&school), "ACTION_NOT_ALLOWED");
    let empty = pb::HouseholdBasis { etag: "0".into(), ..Default::default() };
    assert_eq!(
        violations(&family.put(&family.fg, empty).await.unwrap_err()),
        ["legal_basis", "valid_from", "valid_until"]
            .map(|at| format!("household_basis.{at}: FIELD_REQUIRED"))
    );
    let wrong = family.set(&family.fg, ("2026-11-23", "2026-11-22")).await.unwrap_err();
    assert_eq!(violations(&wrong), ["household_basis.valid_until: TIME_RANGE_INVALID"]);

    let later = family.set(&family.fg, ("2026-11-24", "2026-11-25")).await.unwrap();
    assert!(!later.in_force && later.set_time.is_some());
    assert_eq!(refused().await, "HOUSEHOLD_BASIS_MISSING", "it begins tomorrow");
    let stale = family.put(&family.fg, pb::HouseholdBasis { etag: "0".into(), ..later }).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let administrator = family.region.server.administrator();
    assert!(family.set(&administrator, ("2026-11-23", "2026-11-23")).await.unwrap().in_force);
    let told = family.ask(&family.iber.1, &family.own).await.unwrap();
    assert_eq!(told.legal_basis, "Convenant gezinsaanpak, artikel 4");
    family.region.server.clock.advance(TimeDelta::days(1));
    assert_eq!(refused().await, "HOUSEHOLD_BASIS_MISSING", "it was for yesterday alone");
    assert!(!family.known().await.in_force);
}

#[tokio::test]
async fn x17_a_shared_parent_leads_to_who_works_with_the_other_child_and_to_nothing_else() {
    let family = Family::with_basis().await;
    let stranger = pb::case::Parent {
        email: "bas@elders.example".into(),
        phone: "06 1111 1111".into(),
        ..parent("Bas de Vries")
    };
    let unrelated = named("Sanne de Vries", absent(family.other_school));
    let unrelated = pb::Case { parents: vec![stranger], ..unrelated };
    opened(&family.region, &family.other_iber.1, unrelated).await;
    let told = family.ask(&family.iber.1, &family.own).await.unwrap();
    let [contact] = told.household_contacts.as_slice() else { panic!("{told:?}") };
    let regisseur = contact.regisseur.as_ref().unwrap();
    assert_eq!(regisseur.person, family.other_iber.0.to_string());
    assert!(regisseur.email.ends_with("@maasduin.example") && !regisseur.display_name.is_empty());
    assert_eq!((&contact.team, contact.team_display_name.as_str()), (&family.team.to_string(), "TEAM WT01"));
    assert_eq!(contact.team_member.as_ref().unwrap().person, family.smw.to_string());
    let all = format!("{told:?}");
    for hidden in
        ["Bram", "Oudshoorn", "thuis.example", &family.sibling.name, &family.other_school.to_string()]
    {
        assert!(!all.contains(hidden), "{hidden}: {all}");
    }

    // A second brother at the same school adds nothing: how many there are is not told.
    let second = named("Tijn Oudshoorn", brother(family.other_school));
    let second = opened(&family.region, &family.other_iber.1, second).await;
    assert_eq!(family.told().await, [family.other_iber.0.to_string()]);
    let outcome = pb::CaseOutcome::TerugEigenSchool;
    for case in [&family.sibling, &second] {
        family.region.close(case, outcome, "2026-11-23").await.unwrap();
    }
    assert!(family.told().await.is_empty(), "nobody works with what is closed");
    let closed = family.ask(&family.other_iber.1, &family.sibling).await.unwrap_err();
    assert_eq!(reason(&closed), "CASE_CLOSED");
}

#[tokio::test]
async fn x17_what_is_put_aside_or_secret_and_another_case_of_the_same_child_are_never_told() {
    let family = Family::with_basis().await;
    opened(&family.region, &family.other_iber.1, absent(family.other_school)).await;
    assert_eq!(family.told().await, [family.other_iber.0.to_string()], "the brother's alone");
    let restricting = pb::RestrictCaseRequest {
        name: family.sibling.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        note: "De datum wordt betwist.".into(),
        cancel_meetings: false,
        request_id: family.region.server.request_id(),
    };
    PrivacyServiceClient::new(family.fg.clone()).restrict_case(restricting).await.unwrap();
    assert!(family.told().await.is_empty());
    let restricted = family.ask(&family.other_iber.1, &family.sibling).await.unwrap_err();
    assert_eq!(reason(&restricted), "CASE_RESTRICTED");

    let mut hidden = named("Tijn Oudshoorn", brother(family.other_school));
    hidden.parents[0].address_confidential = true;
    let hidden = opened(&family.region, &family.other_iber.1, hidden).await;
    assert!(family.told().await.is_empty());
    let own = family.ask(&family.other_iber.1, &hidden).await.unwrap();
    assert!(own.household_contacts.is_empty(), "nor is anybody told to who has one");
}

#[tokio::test]
async fn x17_who_changes_the_case_or_keeps_it_together_may_ask_and_nobody_else() {
    let family = Family::with_basis().await;
    let server = &family.region.server;
    let refused = async |by: &As| reason(&family.ask(by, &family.own).await.unwrap_err());
    assert_eq!(refused(&family.other_iber.1).await, "CASE_NOT_FOUND");
    let helper = server.person(Role::Smw, family.team).await;
    assert_eq!(refused(&helper.1).await, "CASE_NOT_FOUND");
    server.invite(id_of(&family.own), helper.0).await;
    assert_eq!(refused(&helper.1).await, "ACTION_NOT_ALLOWED", "a seat at the table is not enough");
    for (role, at) in [
        (Role::Directeur, OrganisationId::from(family.region.school)),
        (Role::WijkteamCoordinator, OrganisationId::from(family.team)),
        (Role::Beleidsmedewerker, server.founded.organisation),
        (Role::Fg, server.founded.organisation),
    ] {
        assert_eq!(refused(&server.person(role, at).await.1).await, "ACTION_NOT_ALLOWED", "{role}");
    }
    let mut request = Request::new(pb::ListHouseholdRequest { case: family.own.name.clone() });
    request.metadata_mut().insert("schakel-purpose", "statistiek".parse().unwrap());
    let statistics = Households::new(family.iber.1.clone()).list_household(request).await.unwrap_err();
    assert_eq!(reason(&statistics), "PURPOSE_NOT_ALLOWED");

    let officer = server.person(Role::Leerplichtambtenaar, family.region.gemeente).await.1;
    for by in [&family.iber.1, &family.region.on_ladder, &officer] {
        assert_eq!(family.ask(by, &family.own).await.unwrap().household_contacts.len(), 1);
    }
    let kept = pb::Case { regisseur: helper.0.to_string(), ..family.own.clone() };
    family.region.update(kept, &["regisseur"]).await.unwrap();
    assert_eq!(family.ask(&helper.1, &family.own).await.unwrap().household_contacts.len(), 1);
}

#[tokio::test]
async fn x17_each_time_is_written_down_about_both_children() {
    let family = Family::with_basis().await;
    family.told().await;
    let asked = ("R".to_owned(), "K1".to_owned(), "ListHousehold".to_owned());
    for case in [&family.own, &family.sibling] {
        let child = &case.child.as_ref().unwrap().person;
        let written = lines(&family.region, child).await;
        assert_eq!(written.iter().filter(|line| **line == asked).count(), 1, "{written:?}");
    }
}

#[tokio::test]
async fn x17_the_page_of_a_case_offers_to_ask_only_where_there_is_a_basis() {
    let family = Family::start().await;
    let browser = signed_in(&family.region.server, family.iber.0).await;
    let page = format!("/{}", family.own.name);
    let link = format!("href=\"{page}/household\"");
    let before = browser.get(&page).await;
    assert!(before.status == 200 && !before.body.contains(&link), "{}", before.body);
    assert_eq!(browser.get(&format!("{page}/household")).await.status, 409);
    family.set(&family.fg, ("2026-11-01", "2027-07-31")).await.unwrap();
    let after = browser.get(&page).await;
    assert!(after.status == 200 && after.body.contains(&link), "{}", after.body);
    let told = browser.get(&format!("{page}/household")).await;
    for shown in ["Convenant gezinsaanpak, artikel 4", "@maasduin.example", "TEAM WT01"] {
        assert!(told.status == 200 && told.body.contains(shown), "{shown}\n{}", told.body);
    }
    assert!(!told.body.contains("Bram") && !told.body.contains("School 90BB00"), "{}", told.body);
    let head = family.region.server.person(Role::Directeur, family.region.school).await.0;
    let head = signed_in(&family.region.server, head).await;
    assert!(!head.get(&page).await.body.contains(&link));
    assert_eq!(head.get(&format!("{page}/household")).await.status, 404);
}
