//! The register widened: partners, interpreters, experts, guides of clusters, split gemeenten.

mod actions;
mod moves;
mod partners;
mod provisions;
mod rounds;

use schakel_proto::v1::{self as pb, consultation_service_client::ConsultationServiceClient};
use schakel_tests::{reason, violations};
use tonic::Code;

use crate::region::{Region, Somebody, hour, new_school, new_team, organisation, person, role, shown};

const WEEK: (&str, &str) = ("2026-11-23T23:00:00Z", "2026-11-28T00:00:00Z");

/// Creates one thing of the register; what comes of it.
macro_rules! create {
    ($server:expr, $call:ident $request:ident { $field:ident: $thing:expr }) => {{
        let request = pb::$request { $field: Some($thing), request_id: $server.request_id() };
        $server.directory().$call(request).await.map(tonic::Response::into_inner)
    }};
}
use create;

/// A seat for whoever offers this.
fn expert(topic: &str) -> pb::Seat {
    pb::Seat { who: Some(pb::seat::Who::Expertise(topic.into())), ..pb::Seat::default() }
}

/// A seat for an interpreter.
fn interpreter(language: &str) -> pb::Seat {
    pb::Seat { who: Some(pb::seat::Who::Interpreter(language.into())), ..pb::Seat::default() }
}

/// A partner of the region.
async fn partner(region: &Region, kind: pb::organisation::Kind, code: &str) -> pb::Organisation {
    let organisation = pb::Organisation {
        kind: kind.into(),
        code: code.into(),
        display_name: format!("Partner {code}"),
        phone: "077 000 00 09".into(),
        ..pb::Organisation::default()
    };
    create!(region.server, create_organisation CreateOrganisationRequest { organisation: organisation })
        .unwrap()
}

/// The schools meet in a cluster.
async fn cluster(region: &Region, code: &str, schools: &[&str]) -> pb::Cluster {
    let member = |school: &&str| pb::cluster::Member {
        school: (*school).into(),
        valid_from: "2026-08-01".into(),
        ..pb::cluster::Member::default()
    };
    let cluster = pb::Cluster {
        code: code.into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: format!("ROK {code}"),
        members: schools.iter().map(member).collect(),
        valid_from: "2026-08-01".into(),
        ..pb::Cluster::default()
    };
    create!(region.server, create_cluster CreateClusterRequest { cluster: cluster }).unwrap()
}

fn offer(topic: &str, school: &str, who: &Somebody, audience: pb::expertise::Audience) -> pb::Expertise {
    pb::Expertise {
        topic: topic.into(),
        display_name: "Meedenken in de klas".into(),
        organisation: organisation(school),
        person: who.name.clone(),
        audience: audience.into(),
        valid_from: "2026-08-01".into(),
        ..pb::Expertise::default()
    }
}

async fn offered(region: &Region, school: &str, topic: &str) -> Vec<pb::Expertise> {
    let list = pb::ListExpertisesRequest { school: school.into(), topic: topic.into(), ..Default::default() };
    region.server.directory().list_expertises(list).await.unwrap().into_inner().expertises
}

#[tokio::test]
async fn a11_what_a_school_offers_is_found_by_its_cluster_and_comes_to_the_table() {
    use pb::expertise::Audience::{Cluster, Region as All};
    let region = Region::start().await;
    let near = new_school(&region.server, "90AB00", "WK990101").await;
    let far = new_school(&region.server, "90AC00", "WK990109").await;
    cluster(&region, "R1", &[&region.school, &near]).await;
    let teacher = region.full_time("LK1", &near, pb::Role::Iber).await;
    let made = create!(region.server, create_expertise CreateExpertiseRequest {
        expertise: offer("dyslexie", &near, &teacher, Cluster)
    });
    assert_eq!(made.unwrap().topic, "DYSLEXIE");
    assert_eq!(offered(&region, &region.school, "Dyslexie").await.len(), 1);
    assert!(offered(&region, &far, "DYSLEXIE").await.is_empty());

    let mut finder = region.coordinator().await;
    let ask = hour(&region.school, vec![expert("DYSLEXIE")], WEEK);
    let found = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    assert_eq!(found.slots[0].seats[0].person, teacher.name);
    assert_eq!(found.slots[0].seats[0].role(), pb::Role::Iber);
    let elsewhere = pb::FindSlotsRequest { school: far.clone(), ..ask };
    let refused = finder.find_slots(elsewhere.clone()).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::FailedPrecondition, "NO_PERSON_FOR_ROLE"));
    let nowhere = pb::FindSlotsRequest { school: String::new(), ..elsewhere.clone() };
    assert_eq!(violations(&finder.find_slots(nowhere).await.unwrap_err()), ["school: FIELD_REQUIRED"]);
    let twice = create!(region.server, create_expertise CreateExpertiseRequest {
        expertise: offer("DYSLEXIE", &near, &teacher, All)
    });
    assert_eq!(reason(&twice.unwrap_err()), "ALREADY_EXISTS");
    let stranger = create!(region.server, create_expertise CreateExpertiseRequest {
        expertise: offer("AUTISME", &far, &teacher, Cluster)
    });
    assert_eq!(violations(&stranger.unwrap_err()), ["expertise.person: FIELD_INVALID"]);
    let nobody = pb::GetExpertiseRequest { name: format!("expertises/{}", uuid::Uuid::from_u128(7)) };
    let missing = region.server.directory().get_expertise(nobody).await.unwrap_err();
    assert_eq!(reason(&missing), "EXPERTISE_NOT_FOUND");
}

#[tokio::test]
async fn c06_an_expert_of_special_education_comes_to_a_regular_school() {
    let region = Region::start().await;
    let sbo = new_school(&region.server, "90AD00", "WK990105").await;
    let expert_of = region.full_time("AB1", &sbo, pb::Role::AmbulantBegeleider).await;
    let offer = offer("AUTISME", &sbo, &expert_of, pb::expertise::Audience::Region);
    create!(region.server, create_expertise CreateExpertiseRequest { expertise: offer }).unwrap();
    let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
    let mut finder = region.coordinator().await;
    let ask = hour(&region.school, vec![person(&ib.name), expert("AUTISME")], WEEK);
    let found = finder.find_slots(ask).await.unwrap().into_inner();
    let comes = &found.slots[0].seats[1];
    assert_eq!(
        (comes.person.as_str(), comes.role()),
        (expert_of.name.as_str(), pb::Role::AmbulantBegeleider)
    );
}

#[tokio::test]
async fn x19_an_interpreter_is_found_by_language_and_is_at_one_table_at_once() {
    let region = Region::start().await;
    let bureau = partner(&region, pb::organisation::Kind::Tolkenbureau, "TOLK1").await;
    let mut people = Vec::new();
    for (code, language) in [("T1", "ar"), ("T2", "pl")] {
        let who = region.full_time(code, &bureau.name, pb::Role::Tolk).await;
        let known = pb::GetPersonRequest { name: who.name.clone() };
        let known = region.server.directory().get_person(known).await.unwrap().into_inner();
        let speaks = pb::UpdatePersonRequest {
            person: Some(pb::Person { languages: vec!["NL".into(), language.into()], ..known }),
            update_mask: Some(prost_types::FieldMask { paths: vec!["languages".into()] }),
            request_id: region.server.request_id(),
        };
        let changed = region.server.directory().update_person(speaks).await.unwrap().into_inner();
        assert_eq!(changed.languages, ["nl", language]);
        people.push(who);
    }
    let list = pb::ListPersonsRequest { language: "ar".into(), ..Default::default() };
    let listed = region.server.directory().list_persons(list).await.unwrap().into_inner().persons;
    assert_eq!(listed.iter().map(|who| &who.name).collect::<Vec<_>>(), [&people[0].name]);

    for day in 24..=27 {
        let at = |time: &str| format!("2026-11-{day}T{time}:00Z");
        region.busy(&people[0].name, &at("07:00"), &at("12:00")).await;
        region.busy(&people[0].name, &at("12:00"), &at("17:00")).await;
    }
    let mut finder = region.coordinator().await;
    let ask = hour(&region.school, vec![interpreter("ar")], WEEK);
    let found = finder.find_slots(ask).await.unwrap().into_inner();
    assert!(found.slots.is_empty(), "taken all week: {:?}", found.slots);
    let found = finder.find_slots(hour(&region.school, vec![interpreter("pl")], WEEK)).await.unwrap();
    let found = found.into_inner();
    assert_eq!(
        (found.slots[0].seats[0].person.as_str(), found.slots[0].seats[0].role()),
        (people[1].name.as_str(), pb::Role::Tolk)
    );
    let any = finder.find_slots(hour(&region.school, vec![role(pb::Role::Tolk)], WEEK)).await.unwrap();
    assert_eq!(any.into_inner().slots[0].seats[0].person, people[1].name);
    let none = finder.find_slots(hour(&region.school, vec![interpreter("so")], WEEK)).await.unwrap_err();
    assert_eq!(reason(&none), "NO_PERSON_FOR_ROLE");
    let wrong = finder.find_slots(hour(&region.school, vec![interpreter("Arabisch")], WEEK)).await;
    assert_eq!(violations(&wrong.unwrap_err()), ["seats[0].interpreter: FIELD_INVALID"]);
}

#[tokio::test]
async fn d11_a_seconded_person_has_one_calendar_for_all_who_employ_it() {
    let region = Region::start().await;
    let sbo = new_school(&region.server, "90AD00", "WK990105").await;
    let swv = region.server.founded.organisation.to_string();
    let who = region.somebody("SEC1", &sbo, pb::Role::AmbulantBegeleider).await;
    region.hours(&who, 2, ("09:00", "12:00")).await;
    let second = pb::Affiliation {
        person: who.name.clone(),
        organisation: swv,
        role: pb::Role::SwvAdviseur.into(),
        valid_from: "2026-08-01".into(),
        ..pb::Affiliation::default()
    };
    let second =
        create!(region.server, create_affiliation CreateAffiliationRequest { affiliation: second }).unwrap();
    let lent = Somebody { name: who.name.clone(), affiliation: second.name };
    region.hours(&lent, 4, ("13:00", "16:00")).await;
    let mut finder = region.coordinator().await;
    let ask = hour(&region.school, vec![person(&who.name)], WEEK);
    let found = finder.find_slots(ask.clone()).await.unwrap().into_inner();
    let days: std::collections::BTreeSet<String> =
        found.slots.iter().map(|slot| shown(slot.start_time.as_ref())[..3].to_owned()).collect();
    assert!(days.contains("Tue"), "{days:?}");
    // What the one employer books is taken for the other too.
    region.busy(&who.name, "2026-11-24T08:00:00Z", "2026-11-24T11:00:00Z").await;
    let after = finder.find_slots(ask).await.unwrap().into_inner();
    let days: std::collections::BTreeSet<String> =
        after.slots.iter().map(|slot| shown(slot.start_time.as_ref())[..3].to_owned()).collect();
    assert_eq!(days, ["Thu".to_owned()].into());
}

#[tokio::test]
async fn c10_a_postcode_of_the_neighbour_has_no_team_here_and_is_told_so() {
    let region = Region::start().await;
    let list = pb::ListAreasRequest { kind: pb::area::Kind::Gemeente.into(), ..Default::default() };
    let areas = region.server.directory().list_areas(list).await.unwrap().into_inner().areas;
    let gemeente = areas.into_iter().find(|area| area.code == "GM9901").unwrap();
    let excluded = |postcode: &str| pb::area::ExcludedPostcode {
        postcode: postcode.into(),
        swv_code: "PO9903".into(),
        swv_display_name: "SWV PO Buurland".into(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let split = pb::Area { excluded_postcodes: vec![excluded("9955"), excluded("9966 AB")], ..gemeente };
    let split = pb::UpdateAreaRequest {
        area: Some(split),
        update_mask: Some(prost_types::FieldMask { paths: vec!["excluded_postcodes".into()] }),
        request_id: region.server.request_id(),
    };
    let split = region.server.directory().update_area(split).await.unwrap().into_inner();
    assert_eq!(split.excluded_postcodes[1].postcode, "9966AB");
    let route = async |postcode: &str| {
        let ask = pb::RouteSchoolRequest {
            school: region.school.clone(),
            residence_postcode: postcode.into(),
            ..Default::default()
        };
        region.server.directory().route_school(ask).await.unwrap().into_inner()
    };
    for elsewhere in ["9955", "9955ZZ", "9966AB"] {
        let found = route(elsewhere).await;
        assert_eq!(
            (found.team.as_str(), found.neighbour.as_ref().unwrap().swv_code.as_str()),
            ("", "PO9903")
        );
        assert_eq!(found.rules.len(), 1);
        assert_eq!(found.rules[0].rule, "POSTCODE_OF_NEIGHBOUR");
        assert_eq!(
            found.rules[0].why,
            "Het samenwerkingsverband voor deze postcode: dat is SWV PO Buurland (PO9903)."
        );
    }
    let here = route("9966AC").await;
    assert_eq!((here.team.as_str(), here.neighbour), (region.team.as_str(), None));
    let wijk = pb::Area {
        kind: pb::area::Kind::Wijk.into(),
        code: "WK990177".into(),
        display_name: "Wijk".into(),
        excluded_postcodes: vec![excluded("9955")],
        ..Default::default()
    };
    let refused = create!(region.server, create_area CreateAreaRequest { area: wijk }).unwrap_err();
    assert_eq!(violations(&refused), ["area.excluded_postcodes: FIELD_INVALID"]);
}

#[tokio::test]
async fn a15_schools_of_one_samenwerkingsverband_have_the_teams_of_their_own_gemeenten() {
    let region = Region::start().await;
    let over = pb::School {
        vestigingscode: "90AZ00".into(),
        display_name: "Basisschool over de brug".into(),
        gemeente_code: "GM9902".into(),
        valid_from: "2026-08-01".into(),
        ..pb::School::default()
    };
    let over = create!(region.server, create_school CreateSchoolRequest { school: over }).unwrap().name;
    let area = pb::team::WorkArea {
        kind: pb::team::work_area::Kind::Gemeente.into(),
        code: "GM9902".into(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let other = pb::Team {
        code: "JGT2".into(),
        kind: pb::team::Kind::Jgt.into(),
        display_name: "JGT Lisdonk".into(),
        gemeente_code: "GM9902".into(),
        work_areas: vec![area],
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let other = create!(region.server, create_team CreateTeamRequest { team: other }).unwrap().name;
    let route = async |school: &str| {
        let ask = pb::RouteSchoolRequest { school: school.into(), ..Default::default() };
        let found = region.server.directory().route_school(ask).await.unwrap().into_inner();
        (found.team, found.rules.last().unwrap().rule.clone())
    };
    assert_eq!(route(&region.school).await, (region.team.clone(), "WIJK_OF_SCHOOL".into()));
    assert_eq!(route(&over).await, (other, "GEMEENTE_OF_SCHOOL".into()));
}

#[tokio::test]
async fn a14_everybody_to_call_about_a_school_stands_in_one_answer() {
    let region = Region::start().await;
    let swv = region.server.founded.organisation.to_string();
    let ib = region.somebody("IB", &region.school, pb::Role::Iber).await;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let deputy = region.somebody("SMW2", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &smw, Some(&deputy)).await;
    let guide = region.somebody("TB1", &swv, pb::Role::Trajectbegeleider).await;
    let cluster = cluster(&region, "R1", &[&region.school]).await;
    appoint(&region, &cluster.name, &guide, pb::Role::Trajectbegeleider).await.unwrap();
    // Away or not, one is in the book.
    region.away(&smw, "2026-11-23", "2026-12-06").await;
    let ask = pb::RouteSchoolRequest { school: region.school.clone(), ..Default::default() };
    let found = region.server.directory().route_school(ask).await.unwrap().into_inner();
    let book: Vec<_> = found
        .contact_directory
        .iter()
        .map(|contact| (contact.rule.as_str(), contact.person.as_str(), contact.phone.as_str()))
        .collect();
    let phone = "077 000 00 02";
    assert_eq!(
        book,
        [
            ("OWN_SCHOOL", ib.name.as_str(), phone),
            ("CLUSTER", guide.name.as_str(), phone),
            ("LINK_PERSON", smw.name.as_str(), phone),
            ("DEPUTY", deputy.name.as_str(), phone),
        ]
    );
    assert_eq!(
        (found.contacts[0].person.as_str(), found.contacts[0].rule.as_str()),
        (deputy.name.as_str(), "DEPUTY")
    );
}

/// Makes somebody the guide of a cluster.
async fn appoint(
    region: &Region,
    cluster: &str,
    who: &Somebody,
    role: pb::Role,
) -> Result<pb::ClusterGuide, tonic::Status> {
    let guide = pb::ClusterGuide {
        cluster: cluster.into(),
        role: role.into(),
        person: who.name.clone(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    create!(region.server, create_cluster_guide CreateClusterGuideRequest { cluster_guide: guide })
}

/// Whoever has this role at this organisation, as a client of meetings.
async fn meetings(region: &Region, who: &Somebody) -> ConsultationServiceClient<schakel_tests::As> {
    ConsultationServiceClient::new(region.acting(who).await)
}

#[tokio::test]
async fn x16_a_school_that_moves_to_another_wijk_has_another_team_from_then_on() {
    let region = Region::start().await;
    let other = new_team(&region.server, "T2", "WK990102").await;
    let get = pb::GetSchoolRequest { name: region.school.clone() };
    let school = region.server.directory().get_school(get).await.unwrap().into_inner();
    let moved = pb::UpdateSchoolRequest {
        school: Some(pb::School { wijk_code: "WK990102".into(), ..school }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["wijk_code".into()] }),
        request_id: region.server.request_id(),
    };
    region.server.directory().update_school(moved).await.unwrap();
    let ask = pb::RouteSchoolRequest { school: region.school.clone(), ..Default::default() };
    let found = region.server.directory().route_school(ask).await.unwrap().into_inner();
    assert_eq!(found.team, other);
}
