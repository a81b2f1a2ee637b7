//! What a page weighs with all that it loads, and that nothing of it comes from anywhere else.

use std::io::Read;

use flate2::read::GzDecoder;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, thuiszitter_service_client::ThuiszitterServiceClient};
use schakel_server::{
    access::{Grant, Worker},
    demo::region::{Region, Size},
    directory::import::{ImportKind, import_file},
};
use schakel_tests::{
    TestServer,
    seed_meetings::Scene,
    workplace::{Browser, signed_in},
};

use crate::{
    matrix::pages::PAGES,
    thuiszitter::{absent, named},
};

/// Octets of a page and what it loads, packed.
const MOST: usize = 100_000;

/// What came: how many octets, and what they say.
struct Came {
    status: u16,
    octets: usize,
    text: String,
}

/// As a browser asks for what a page of ours links to.
async fn came(browser: &Browser, path: &str) -> Came {
    let headers = [("accept-encoding", "gzip"), ("sec-fetch-site", "same-origin")];
    let answer = browser.send("GET", path, &headers, "").await;
    let mut text = answer.body.clone();
    if answer.header("content-encoding") == "gzip" {
        text.clear();
        GzDecoder::new(&answer.bytes[..]).read_to_string(&mut text).unwrap();
    }
    let text = text.replace("&#x2f;", "/").replace("&amp;", "&");
    Came { status: answer.status, octets: answer.bytes.len(), text }
}

/// The values of an attribute.
fn values<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let begin = format!(" {name}=\"");
    text.split(begin.as_str())
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(value, _)| value)
        .collect()
}

/// Everything that a text of HTML, CSS or SVG refers to.
fn references(text: &str) -> Vec<&str> {
    let mut all: Vec<&str> = ["src", "href", "action", "formaction", "poster", "srcset", "xlink:href"]
        .iter()
        .flat_map(|name| values(text, name))
        .collect();
    let urls = text.split("url(").skip(1).filter_map(|rest| rest.split_once(')'));
    all.extend(urls.map(|(value, _)| value.trim_matches(['"', '\'', ' '])));
    all
}

/// Whether it stays here: a path, a place on the page; a telephone and a mail program are no servers.
fn is_here(reference: &str) -> bool {
    let path = reference.starts_with('/') && !reference.starts_with("//");
    let place = reference.is_empty() || reference.starts_with(['#', '?']);
    path || place || reference.starts_with("tel:") || reference.starts_with("mailto:")
}

/// What a browser loads with a page: its style, script, icon and pictures.
fn loaded(text: &str) -> Vec<String> {
    let links = text.split("<link ").skip(1).filter_map(|rest| rest.split_once('>'));
    let links: Vec<String> = links.map(|(link, _)| format!(" {link}")).collect();
    let mut all: Vec<String> =
        links.iter().flat_map(|link| values(link, "href")).map(str::to_owned).collect();
    all.extend(values(text, "src").into_iter().map(str::to_owned));
    all.sort_unstable();
    all.dedup();
    all
}

/// The page itself with everything, none where there is no such page for who asks.
async fn weight(browser: &Browser, path: &str) -> Option<usize> {
    let page = came(browser, path).await;
    if page.status != 200 {
        return None;
    }
    let mut octets = page.octets;
    let strange = |text: &str| references(text).into_iter().find(|one| !is_here(one)).map(str::to_owned);
    assert_eq!(strange(&page.text), None, "{path}");
    for part in loaded(&page.text) {
        let part_of = came(browser, &part).await;
        assert_eq!(part_of.status, 200, "{part} of {path}");
        assert_eq!(strange(&part_of.text), None, "{part} of {path}");
        octets += part_of.octets;
    }
    Some(octets)
}

#[test]
fn what_leads_away_is_seen() {
    let text = "<a href=\"/x\"> <img src=\"//evil.example/x.png\"> <p style=\"\"> a { b: url('https://x') }";
    let strange: Vec<&str> = references(text).into_iter().filter(|one| !is_here(one)).collect();
    assert_eq!(strange, ["//evil.example/x.png", "https://x"]);
    assert_eq!(loaded("<link rel=\"icon\" href=\"/i.svg\"> <img src=\"/a.svg\">"), ["/a.svg", "/i.svg"]);
}

#[tokio::test]
async fn no_page_weighs_more_than_100_kb_or_asks_another_server() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(50)).await;
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    for nth in 0..25 {
        let case = named(&format!("Kind {nth}"), absent(scene.school));
        let request = pb::OpenCaseRequest {
            case: Some(case),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        cases.open_case(request).await.unwrap();
    }
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let administrator = scene.server.person(Role::Beheerder, swv).await.0;
    let mut shown = 0;
    for (who, person) in [("iber", scene.iber.0), ("keeper", keeper), ("administrator", administrator)] {
        let browser = signed_in(&scene.server, person).await;
        for page in PAGES {
            let case = scene.family.case.to_string();
            let case = case.trim_start_matches("cases/");
            let consultation = booked.name.trim_start_matches("consultations/");
            let path = page.replace("{case}", case).replace("{consultation}", consultation);
            let Some(octets) = weight(&browser, &path).await else { continue };
            println!("{who} {page}: {octets} octets");
            assert!(octets <= MOST, "{who} {path}: {octets}");
            shown += 1;
        }
    }
    assert!(shown > 5, "there are pages");
}

/// The register of a whole region.
async fn register(server: &TestServer) {
    let files = Region::generate(Size::Full, 1, "2026-11-23".parse().unwrap()).files();
    let grant = Grant::worker(Worker::Setup, server.founded.region);
    for (name, kind) in [
        ("vestigingen.csv", ImportKind::Schools),
        ("wijken.csv", ImportKind::Wijken),
        ("schoolwijken.csv", ImportKind::SchoolWijken),
        ("clusters.csv", ImportKind::Clusters),
        ("teams.csv", ImportKind::Teams),
        ("personen.csv", ImportKind::Persons),
        ("koppelingen.csv", ImportKind::Links),
    ] {
        let file = files.iter().find(|(file, _)| *file == name).unwrap().1.clone();
        import_file(&server.app, &grant, (kind, false), file).await.unwrap();
    }
}

#[tokio::test]
async fn no_page_of_a_whole_region_with_terms_that_passed_for_a_year_weighs_more_than_100_kb() {
    let server = TestServer::start().await;
    register(&server).await;
    let swv = server.founded.organisation;
    let (keeper, client) = server.person(Role::Thuiszitterscoordinator, swv).await;
    server.affiliate(keeper, Role::Beheerder, swv).await;
    let list = pb::ListSchoolsRequest { page_size: 40, ..Default::default() };
    let schools = server.directory().list_schools(list).await.unwrap().into_inner().schools;
    let mut cases = ThuiszitterServiceClient::new(client);
    for (nth, school) in schools.iter().enumerate() {
        let mut case = named(&format!("Kind {nth}"), absent(school.name.parse().unwrap()));
        case.absence.as_mut().unwrap().first_day = "2025-09-01".into();
        let request = pb::OpenCaseRequest {
            case: Some(case),
            confirm_outside_region: true,
            request_id: server.request_id(),
        };
        cases.open_case(request).await.unwrap();
    }
    let browser = signed_in(&server, keeper).await;
    let board = browser.get("/board").await.body;
    assert!(board.contains("en meer dan hier past"), "more terms passed than an answer holds");
    let pages = PAGES.iter().copied().filter(|page| !page.contains('{'));
    let mut shown = 0;
    for path in pages.chain(["/board?by=school", "/board?by=cluster"]) {
        let Some(octets) = weight(&browser, path).await else { continue };
        println!("region {path}: {octets} octets");
        assert!(octets <= MOST, "{path}: {octets}");
        shown += 1;
    }
    assert!(shown > 20, "there are pages: {shown}");
}
