//! The pages of Region: the beheerder keeps the register with them, everybody what is their own, and
//! the calls agree with what the pages say.

use pb::{
    access_service_client::AccessServiceClient, consultation_service_client::ConsultationServiceClient,
};
use schakel_domain::ids::PersonId;
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    statements,
    workplace::{Browser, signed_in},
};

use crate::region::{Region, Somebody, new_school, organisation};

mod files;
mod own;
mod planning;

/// A region, and a browser in which somebody of it signed in.
struct Desk {
    region: Region,
    browser: Browser,
}

impl Desk {
    /// The beheerder's.
    async fn beheerder() -> Self {
        let region = Region::start().await;
        let browser = signed_in(&region.server, region.server.founded.administrator).await;
        Self { region, browser }
    }

    /// Another's in the same region.
    async fn of(&self, who: &Somebody) -> Browser {
        signed_in(&self.region.server, who.name.parse::<PersonId>().unwrap()).await
    }

    async fn press(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        press(&self.region, &self.browser, path, fields).await
    }

    async fn links(&self) -> Vec<pb::SchoolTeamLink> {
        let ask = pb::ListSchoolTeamLinksRequest { show_ended: true, ..Default::default() };
        self.region
            .server
            .directory()
            .list_school_team_links(ask)
            .await
            .unwrap()
            .into_inner()
            .school_team_links
    }

    async fn school(&self, code: &str) -> Vec<pb::School> {
        let ask = pb::ListSchoolsRequest { vestigingscode: code.into(), ..Default::default() };
        self.region.server.directory().list_schools(ask).await.unwrap().into_inner().schools
    }
}

/// Sends a form of a page with a fresh id.
async fn press(region: &Region, browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request_id = region.server.request_id();
    let mut all = vec![("request_id", request_id.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

#[track_caller]
fn went(answer: &Answer, to: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, to), "{}", answer.body);
}

#[track_caller]
fn shows(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.body.contains(text), "{text}\n{}", answer.body);
    }
}

#[tokio::test]
async fn the_beheerder_makes_changes_and_links_a_school_and_the_call_agrees() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let wrong = [
        ("school.vestigingscode", "KAPOT"),
        ("school.display_name", "De Kei"),
        ("school.gemeente_code", "9901"),
        ("school.holiday_region", "HOLIDAY_REGION_ZUID"),
    ];
    let refused = desk.press("/region/schools", &wrong).await;
    assert_eq!(refused.status, 422);
    shows(&refused, &["id=\"fault-school.vestigingscode\"", "value=\"De Kei\""]);
    let right = [
        ("school.vestigingscode", "90AB00"),
        ("school.display_name", "De Kei"),
        ("school.gemeente_code", "GM9901"),
        ("school.holiday_region", "HOLIDAY_REGION_ZUID"),
    ];
    let made = desk.press("/region/schools", &right).await;
    let school = desk.school("90AB00").await.remove(0);
    went(&made, &format!("/region/{}", school.name));
    shows(&desk.browser.get("/region/schools?q=kei").await, &["De Kei", "90AB00"]);
    let none = desk.browser.get("/region/schools?q=bestaatniet").await;
    assert!(none.body.contains("Er is geen school gevonden."));

    let path = format!("/region/{}", school.name);
    let save = [
        ("do", "save"),
        ("etag", school.etag.as_str()),
        ("school.display_name", "De Grote Kei"),
        ("school.gemeente_code", "GM9901"),
        ("school.wijk_code", "WK990101"),
        ("school.city", "Ravelmonde"),
        ("school.holiday_region", "HOLIDAY_REGION_ZUID"),
    ];
    went(&desk.press(&path, &save).await, &path);
    let saved = desk.school("90AB00").await.remove(0);
    assert_eq!((saved.display_name.as_str(), saved.wijk_code.as_str()), ("De Grote Kei", "WK990101"));
    let stale = desk.press(&path, &save).await;
    assert_eq!(stale.status, 422, "the etag of before");

    let choosing = desk.browser.get(&format!("{path}?team={}", region.team)).await;
    shows(&choosing, &["De Grote Kei", "Mevrouw SMW1", "name=\"school_team_link.person\""]);
    let link = [
        ("do", "link"),
        ("school_team_link.team", region.team.as_str()),
        ("school_team_link.role", "ROLE_SMW"),
        ("school_team_link.person", smw.name.as_str()),
    ];
    let refused = desk.press(&path, &link[..3]).await;
    assert_eq!(refused.status, 422);
    shows(&refused, &["id=\"fault-school_team_link.person\""]);
    went(&desk.press(&path, &link).await, &path);
    let links = desk.links().await;
    assert_eq!(
        (links.len(), links[0].school.as_str(), links[0].person.as_str()),
        (1, school.name.as_str(), smw.name.as_str())
    );
    shows(&desk.browser.get("/region/links").await, &["De Grote Kei", "Mevrouw SMW1", "geen koppeling"]);
    let end = [
        ("do", "unlink"),
        ("name", links[0].name.as_str()),
        ("etag", links[0].etag.as_str()),
        ("valid_until", "2026-12-31"),
    ];
    went(&desk.press(&path, &end).await, &path);
    assert_eq!(desk.links().await[0].valid_until, "2026-12-31");
}

#[tokio::test]
async fn the_beheerder_gives_and_ends_a_role_and_sees_the_team() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let fields =
        [("person.code", "NW1"), ("person.display_name", "Kim Nieuw"), ("person.email", "kim@team.example")];
    let made = desk.press("/region/people", &fields).await;
    assert_eq!(made.status, 303);
    let path = made.header("location").to_owned();
    let name = format!("persons/{}", path.rsplit_once('/').unwrap().1);
    let team = organisation(&region.team);
    let role =
        [("do", "affiliate"), ("affiliation.role", "ROLE_SMW"), ("affiliation.organisation", team.as_str())];
    let refused = desk.press(&path, &role[..2]).await;
    assert_eq!(refused.status, 422);
    shows(&refused, &["id=\"fault-affiliation.organisation\""]);
    went(&desk.press(&path, &role).await, &path);
    let ask = pb::ListAffiliationsRequest { person: name.clone(), ..Default::default() };
    let held = region.server.directory().list_affiliations(ask).await.unwrap().into_inner().affiliations;
    assert_eq!((held.len(), held[0].role()), (1, pb::Role::Smw));
    shows(&desk.browser.get("/region/people?q=kim@&role=ROLE_SMW").await, &["Kim Nieuw"]);
    shows(
        &desk.browser.get(&format!("/region/{}", region.team)).await,
        &["Kim Nieuw", "/region/hours?person=persons/"],
    );
    let end = [
        ("do", "unaffiliate"),
        ("name", held[0].name.as_str()),
        ("etag", "0"),
        ("valid_until", "2026-12-01"),
    ];
    let stale = desk.press(&path, &end).await;
    assert_eq!(stale.status, 422, "{}", stale.body);
    shows(&stale, &["name=\"valid_until\" type=\"date\" placeholder=\"2026-11-24\" value=\"2026-12-01\""]);
    let mut end = end;
    end[2].1 = held[0].etag.as_str();
    went(&desk.press(&path, &end).await, &path);
    let ask = pb::GetAffiliationRequest { name: held[0].name.clone() };
    let ended = region.server.directory().get_affiliation(ask).await.unwrap().into_inner();
    assert_eq!(ended.valid_until, "2026-12-01");
}

#[tokio::test]
async fn what_another_beheerder_changed_stays_and_what_was_cleared_stays_cleared() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let path = format!("/region/people/{}", smw.name.rsplit_once('/').unwrap().1);
    let stored = || async {
        let ask = pb::GetPersonRequest { name: smw.name.clone() };
        region.server.directory().get_person(ask).await.unwrap().into_inner()
    };
    let seen = stored().await;
    let with_mail = pb::Person { email: "oud@team.example".into(), phone: "0201234567".into(), ..seen };
    let paths = ["email", "phone"].map(str::to_owned).to_vec();
    let ask = pb::UpdatePersonRequest {
        person: Some(with_mail),
        update_mask: Some(prost_types::FieldMask { paths }),
        request_id: region.server.request_id(),
    };
    region.server.directory().update_person(ask).await.unwrap();

    let page = desk.browser.get(&path).await;
    let kept = ["display_name", "email", "phone", "languages"].map(|field| {
        let name = format!("was:person.{field}");
        let value = page.value(&name);
        (name, value)
    });
    assert_eq!(kept[1].1, "oud@team.example");
    let etag = stored().await.etag;
    let save = |name: &'static str, email: &'static str| {
        let mut fields = vec![("do", "save"), ("etag", etag.as_str())];
        fields.extend(kept.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        fields.extend([("person.display_name", name), ("person.email", email)]);
        fields.extend([("person.phone", kept[2].1.as_str()), ("person.languages", kept[3].1.as_str())]);
        fields
    };
    let refused = desk.press(&path, &save("", "")).await;
    assert_eq!(refused.status, 422, "nobody is without a name");
    assert!(refused.body.contains("name=\"person.email\" type=\"email\" value=\"\""), "{}", refused.body);
    assert!(refused.body.contains(&format!("name=\"etag\" value=\"{etag}\"")), "{}", refused.body);

    let moved = stored().await;
    let ask = pb::UpdatePersonRequest {
        person: Some(pb::Person { phone: "0207654321".into(), email: "nieuw@team.example".into(), ..moved }),
        update_mask: Some(prost_types::FieldMask { paths: ["email", "phone"].map(str::to_owned).to_vec() }),
        request_id: region.server.request_id(),
    };
    region.server.directory().update_person(ask).await.unwrap();
    let stale = desk.press(&path, &save("Kim Nieuw", "")).await;
    assert_eq!(stale.status, 422, "{}", stale.body);
    assert_eq!(stale.value("was:person.phone"), "0207654321");
    shows(&stale, &["value=\"0207654321\"", "value=\"Kim Nieuw\"", "Er staat nu: nieuw@team.example"]);
}

#[tokio::test]
async fn what_begins_later_is_seen_and_can_be_ended() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let smw = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let school = format!("/region/{}", region.school);
    let hours = format!("/region/hours?person={}", smw.name);
    let team = format!("/region/{}", region.team);
    let new = [("person.code", "NW1"), ("person.display_name", "Kim Nieuw")];
    let made = desk.press("/region/people", &new).await;
    let newcomer = made.header("location").to_owned();
    let at = organisation(&region.team);
    let later = [
        ("do", "affiliate"),
        ("affiliation.role", "ROLE_SMW"),
        ("affiliation.organisation", at.as_str()),
        ("affiliation.valid_from", "2027-02-01"),
    ];
    went(&desk.press(&newcomer, &later).await, &newcomer);
    shows(&desk.browser.get(&newcomer).await, &["1 februari 2027", "value=\"unaffiliate\""]);
    shows(&desk.browser.get(&team).await, &["Kim Nieuw", "1 februari 2027"]);
    let work = [
        ("do", "work"),
        ("person", smw.name.as_str()),
        ("weekly_hours.affiliation", smw.affiliation.as_str()),
        ("weekly_hours.weekday", "2"),
        ("weekly_hours.from", "08:30"),
        ("weekly_hours.until", "12:30"),
        ("weekly_hours.valid_from", "2027-03-01"),
    ];
    assert_eq!(desk.press("/region/hours", &work).await.status, 303);
    shows(&desk.browser.get(&hours).await, &["dinsdag 08:30–12:30", "1 maart 2027", "value=\"unwork\""]);
    let link = [
        ("do", "link"),
        ("school_team_link.team", region.team.as_str()),
        ("school_team_link.role", "ROLE_SMW"),
        ("school_team_link.person", smw.name.as_str()),
        ("school_team_link.valid_from", "2027-04-01"),
    ];
    went(&desk.press(&school, &link).await, &school);
    shows(&desk.browser.get(&school).await, &["1 april 2027", "value=\"unlink\""]);
    shows(&desk.browser.get("/region/links").await, &["Koppelingen die later beginnen", "1 april 2027"]);

    // Nothing is asked to end before it begins; hours and absences can be taken back whole.
    let first = "placeholder=\"2026-11-24\" value=\"2027-02-01\" required";
    shows(&desk.browser.get(&newcomer).await, &[first]);
    let page = desk.browser.get(&hours).await;
    shows(&page, &["placeholder=\"2026-11-24\" value=\"2027-03-01\" required", "Trek in"]);
    let (_, block) = page.body.split_once("dinsdag 08:30–12:30").unwrap();
    let value = |name: &str| {
        let (_, rest) = block.split_once(&format!("name=\"{name}\" value=\"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    let (name, etag) = (value("name"), value("etag"));
    let mut back = [
        ("do", "unwork"),
        ("person", smw.name.as_str()),
        ("name", name.as_str()),
        ("etag", etag.as_str()),
        ("valid_until", "2027-02-31"),
        ("back", ""),
    ];
    let refused = desk.press("/region/hours", &back).await;
    assert_eq!(refused.status, 422, "{}", refused.body);
    let marked = format!("aria-invalid=\"true\" aria-describedby=\"fault-end-{name}\"");
    shows(&refused, &[&marked, &format!("id=\"fault-end-{name}\"")]);
    back[5].1 = "yes";
    assert_eq!(desk.press("/region/hours", &back).await.status, 303);
    assert!(!desk.browser.get(&hours).await.body.contains("dinsdag 08:30–12:30"));
}

#[tokio::test]
async fn the_beheerder_forms_a_cluster_with_a_guide() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let swv = region.server.founded.organisation.to_string();
    let bocer = region.somebody("BOC1", &swv, pb::Role::Bocer).await;
    let fields =
        [("cluster.code", "C1"), ("cluster.display_name", "ROK Noord"), ("cluster.kind", "KIND_ROK")];
    let made = desk.press("/region/clusters", &fields).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let path = made.header("location").to_owned();
    let name = path.strip_prefix("/region/").unwrap().to_owned();
    let cluster = || async {
        let ask = pb::GetClusterRequest { name: name.clone() };
        region.server.directory().get_cluster(ask).await.unwrap().into_inner()
    };
    let etag = cluster().await.etag;
    let join = [("do", "join"), ("etag", etag.as_str()), ("school", region.school.as_str())];
    went(&desk.press(&path, &join).await, &path);
    assert_eq!(cluster().await.members[0].school, region.school);
    let guide = [
        ("do", "guide"),
        ("cluster_guide.role", "ROLE_BOCER"),
        ("cluster_guide.person", bocer.name.as_str()),
    ];
    went(&desk.press(&path, &guide).await, &path);
    let ask = pb::ListClusterGuidesRequest { cluster: name.clone(), ..Default::default() };
    let guides =
        region.server.directory().list_cluster_guides(ask).await.unwrap().into_inner().cluster_guides;
    assert_eq!((guides.len(), guides[0].person.as_str()), (1, bocer.name.as_str()));
    shows(&desk.browser.get("/region/clusters").await, &["ROK Noord", "Mevrouw BOC1"]);
}

#[tokio::test]
async fn a_system_is_made_given_a_token_and_switched_off() {
    let desk = Desk::beheerder().await;
    let team = organisation(&desk.region.team);
    let path = "/region/tokens/systems";
    let create = [
        ("do", "create"),
        ("system_client.organisation", team.as_str()),
        ("system_client.display_name", "Rooster"),
        ("system_client.scopes", "READ_DIRECTORY"),
        ("system_client.scopes", "BOOK_CONSULTATION"),
    ];
    let unticked = desk.press(path, &create[..3]).await;
    shows(
        &unticked,
        &["id=\"fault-system_client.scopes\"", "value=\"READ_CASE\" aria-invalid=\"true\">dossiers lezen"],
    );
    went(&desk.press(path, &create).await, path);
    let mut access = AccessServiceClient::new(desk.region.server.administrator());
    let ask = pb::ListSystemClientsRequest::default;
    let known = access.list_system_clients(ask()).await.unwrap().into_inner().system_clients.remove(0);
    let token = [("do", "token"), ("client", known.name.as_str()), ("display_name", "nacht")];
    let all = format!("schakel token system --swv PO9901 --system {}</p>", known.name);
    let opens = "opent alleen het register";
    let page = desk.browser.get(&format!("{path}?client={}", known.name)).await;
    shows(&page, &[", vanaf ", &all, "ingebouwde database (SQLite)? Stop de server dan eerst"]);
    assert!(!page.body.contains(" – ."), "it has no end: {}", page.body);
    shows(
        &desk.press(path, &token).await,
        &["ska_", "nacht", "scholen, teams en mensen lezen, een overleg plannen", opens, &all],
    );
    let off = [("do", "disable"), ("name", known.name.as_str()), ("etag", known.etag.as_str())];
    went(&desk.press(path, &off).await, path);
    let known = access.list_system_clients(ask()).await.unwrap().into_inner().system_clients.remove(0);
    assert!(known.disabled);
}

#[tokio::test]
async fn a_year_is_proposed_first_and_then_booked() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let swv = region.server.founded.organisation.to_string();
    region.full_time("IB1", &region.school, pb::Role::Iber).await;
    region.full_time("BOC1", &swv, pb::Role::Bocer).await;
    let keeper = region.somebody("COORD", &swv, pb::Role::Thuiszitterscoordinator).await;
    let browser = desk.of(&keeper).await;
    let mut meetings = ConsultationServiceClient::new(region.acting(&keeper).await);
    let ask = pb::ListConsultationsRequest::default;
    let fields = [
        ("do", "propose"),
        ("kind", "KIND_BOC_BEZOEK"),
        ("by", "BY_SCHOOL"),
        ("seat1", "ROLE_BOCER"),
        ("seat2", "ROLE_IBER"),
        ("each2", "yes"),
        ("first_date", "2027-01-11"),
        ("last_date", "2027-03-31"),
        ("meetings", "2"),
        ("duration", "60"),
        ("place", "PLACE_SCHOOL"),
    ];
    let seen = press(region, &browser, "/region/year-plan", &fields).await;
    assert_eq!(seen.status, 200);
    shows(
        &seen,
        &[
            "<p role=\"status\">Het plannen is bezig",
            "<progress aria-label=\"Voortgang\"></progress>",
            "Voorstel",
            "2 keer een tijd gevonden",
            "Boek dit",
            "Mevrouw IB1",
            "</html>",
        ],
    );
    assert!(meetings.list_consultations(ask()).await.unwrap().into_inner().consultations.is_empty());
    let mut book = fields.to_vec();
    book[0].1 = "book";
    book.push(("mode", "BOOKING_MODE_ALL_OR_NOTHING"));
    shows(&press(region, &browser, "/region/year-plan", &book).await, &["Geboekt", "href=\"/consultations/"]);
    assert_eq!(meetings.list_consultations(ask()).await.unwrap().into_inner().consultations.len(), 2);
    let nobody: Vec<_> = fields.into_iter().filter(|(name, _)| !name.starts_with("seat")).collect();
    shows(&press(region, &browser, "/region/year-plan", &nobody).await, &["id=\"fault-seats\"", "</html>"]);
}

#[tokio::test]
async fn lists_ask_as_often_of_one_row_as_of_many() {
    let desk = Desk::beheerder().await;
    let paths = ["/region/schools", "/region/links", "/region/people", "/region/teams", "/region/clusters"];
    let mut before = Vec::new();
    for path in paths {
        desk.browser.get(path).await;
        before.push(statements(desk.browser.get(path)).await.1.len());
    }
    for code in ["90AB00", "90AC00", "90AD00"] {
        new_school(&desk.region.server, code, "WK990101").await;
        desk.region.somebody(&format!("P{code}"), &desk.region.team, pb::Role::Smw).await;
    }
    for (path, before) in paths.into_iter().zip(before) {
        desk.browser.get(path).await;
        let (_, after) = statements(desk.browser.get(path)).await;
        assert_eq!(before, after.len(), "{path} {after:#?}");
    }
}

#[tokio::test]
async fn the_pages_of_the_region_shut_nobody_out() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let smw = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
    region.link(pb::Role::Smw, &smw, None).await;
    let style = desk.browser.get("/region/schools").await.body;
    let path = style.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = desk.browser.get(&format!("/assets/style{path}")).await.body;
    let mut pages = Vec::new();
    for (name, path) in [
        ("schools", "/region/schools".to_owned()),
        ("school", format!("/region/{}?team={}", region.school, region.team)),
        ("links", "/region/links".to_owned()),
        ("clusters", "/region/clusters".to_owned()),
        ("team", format!("/region/{}", region.team)),
        ("people", "/region/people".to_owned()),
        ("person", format!("/region/people/{}", smw.name.rsplit_once('/').unwrap().1)),
        ("hours", format!("/region/hours?person={}", smw.name)),
        ("calendars", "/region/calendars".to_owned()),
        ("import", "/region/import".to_owned()),
        ("feeds", "/region/feeds".to_owned()),
        ("tokens", "/region/tokens".to_owned()),
        ("systems", "/region/tokens/systems".to_owned()),
    ] {
        let page = desk.browser.get(&path).await;
        assert_eq!(page.status, 200, "{path} {}", page.body);
        let html = page.body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
        pages.push(document(&format!("region-{name}"), &html));
    }
    look("the_pages_of_the_region_shut_nobody_out", &pages);
}
