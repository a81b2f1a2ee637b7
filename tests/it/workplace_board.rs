//! Board: where children wait and for how long, what is late and for whom that is a link, and files.

use std::io::Read;

use chrono::TimeDelta;
use flate2::read::GzDecoder;
use schakel_domain::{
    access::Role,
    ids::{PersonId, SchoolId},
};
use schakel_proto::v1::{
    self as pb, monitor_service_client::MonitorServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{
    As, TestServer,
    browser::{document, look},
    http::Answer,
    statements,
    workplace::{Browser, signed_in},
};

use crate::thuiszitter::{absent, named};

mod cycle;
mod goals;
mod indicators;
mod late;
mod outside;
mod reports;
mod supply;

/// How a page says that a count is withheld.
const WITHHELD: &str = "te weinig kinderen om te tonen";

/// A region of two gemeenten with a school each.
struct Region {
    server: TestServer,
    schools: [SchoolId; 2],
    keeper: (PersonId, As),
}

impl Region {
    async fn start() -> Self {
        let server = TestServer::start().await;
        let schools = [server.school("90AA00", "GM9901").await, server.school("90BB00", "GM9902").await];
        let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
        Self { server, schools, keeper }
    }

    /// A case of a child of one of the schools that lives in a gemeente, at home since a day.
    async fn open(&self, name: &str, school: usize, (gemeente, first_day): (&str, &str)) -> pb::Case {
        let mut case = named(name, absent(self.schools[school]));
        case.residence_gemeente_code = gemeente.into();
        case.absence.as_mut().unwrap().first_day = first_day.into();
        // The register has none of the gemeenten.
        let request = pb::OpenCaseRequest {
            case: Some(case),
            confirm_outside_region: true,
            request_id: self.server.request_id(),
        };
        let mut cases = ThuiszitterServiceClient::new(self.keeper.1.clone());
        cases.open_case(request).await.unwrap().into_inner()
    }

    async fn browser(&self) -> Browser {
        signed_in(&self.server, self.keeper.0).await
    }

    /// The browser of somebody else.
    async fn other(&self, role: Role, organisation: &str) -> Browser {
        let organisation = self.server.organisation("GEMEENTE", organisation).await;
        let (person, _) = self.server.person(role, organisation).await;
        signed_in(&self.server, person).await
    }
}

fn cell(label: &str, count: u32) -> String {
    format!("data-label=\"{label}\">{count}</td>")
}

fn has(page: &Answer, all: &[&str]) {
    for shown in all {
        assert!(page.body.contains(shown), "{shown}\n{}", page.body);
    }
}

fn lacks(page: &Answer, all: &[&str]) {
    for hidden in all {
        assert!(!page.body.contains(hidden), "{hidden}\n{}", page.body);
    }
}

#[tokio::test]
async fn board_counts_by_wijk_and_duration_and_links_what_is_late() {
    let region = Region::start().await;
    region.open("Een", 0, ("GM9901", "2026-11-16")).await;
    // Three months after 10 August are 10 November, and nothing was offered.
    let late = region.open("Twee", 0, ("GM9901", "2026-08-10")).await;
    let other = region.open("Drie", 1, ("GM9902", "2025-09-01")).await;
    let page = region.browser().await.get("/board").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    has(
        &page,
        &[
            "WK990101",
            "WK990201",
            &cell("Open", 2),
            &cell("Open", 3),
            &cell("tot 4 weken", 1),
            &cell("13 tot 26 weken", 1),
            &cell("52 weken of langer", 1),
            "Stand op <strong>23 november 2026</strong>",
            "24 augustus 2026 tot en met 23 november 2026",
            "Opgelost gebleven tot na 12 weken nazorg",
            &format!("href=\"/{}\"", late.name),
            "src=\"/board/bands.svg\" alt=\"",
            "src=\"/board/survival.svg\" alt=\"",
            "src=\"/board/tiles.svg\" alt=\"",
            "aria-current=\"page\">Overzicht",
        ],
    );
    has(
        &page,
        &[
            "Verlopen termijnen",
            "T13 Passend aanbod binnen drie maanden",
            "10 november 2026",
            "13 dagen <span class=\"tag declined\">nog open</span>",
            "href=\"/board/breaches.csv\"",
        ],
    );
    let file = region.browser().await.get("/board/breaches.csv?scope=GM9901").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"breaches-2026-11-23.csv\"");
    let term = format!("{},{},T13,", late.name, late.reference);
    assert!(file.body.contains(&term) && file.body.contains(",2026-11-10,,13,OVERDUE,"), "{}", file.body);
    assert!(!file.body.contains(&other.name), "that child lives elsewhere: {}", file.body);
    lacks(&page, &["Twee", "Noor Oudshoorn", "<script>", "style=", "http://", "https://", WITHHELD]);

    let own = region.browser().await.get("/board?by=gemeente&scope=GM9902&end=solved").await;
    has(
        &own,
        &[
            "value=\"solved\" selected",
            "value=\"gemeente\" selected",
            "src=\"/board/bands.svg?scope=GM9902&amp;by=gemeente&amp;end=solved\"",
            &cell("Open", 1),
        ],
    );
    lacks(&own, &["tiles.svg", &cell("Open", 3)]);
}

#[tokio::test]
async fn who_sees_figures_alone_sees_no_small_ones_and_no_case() {
    let region = Region::start().await;
    for (gemeente, school, count) in [("GM9901", 0, 3), ("GM9902", 1, 13), ("GM9903", 1, 22)] {
        for nth in 0..count {
            region.open(&format!("Kind {gemeente} {nth}"), school, (gemeente, "2026-10-26")).await;
        }
    }
    // Figures outside are of whole months.
    region.server.clock.advance(TimeDelta::days(8));
    let browser = region.other(Role::Beleidsmedewerker, "GM9901").await;
    let page = browser.get("/board?by=gemeente").await;
    has(
        &page,
        &[WITHHELD, "Een streepje betekent", "30 november 2026", &cell("Open", 40), &cell("Open", 20)],
    );
    lacks(
        &page,
        &["href=\"/cases", &cell("Open", 3), &cell("Open", 13), &cell("Open", 22), "/board/late.csv"],
    );
    has(&page, &["of geen. Soms", "Van kinderen van wie de eerste dag thuis viel van 1 oktober 2025"]);
    lacks(&page, &["meer dan de helft wacht nog"]);
    has(&browser.get("/board?scope=GM9902").await, &["tonen wij alleen van de hele regio"]);
    for narrow in ["/board?by=school", "/board?by=cluster", "/board.csv?by=school"] {
        assert_eq!(browser.get(narrow).await.status, 404, "{narrow}");
    }
    let file = browser.get("/board.json?by=gemeente").await;
    assert!(file.status == 200 && file.body.contains("null"), "{}", file.body);
    let today = browser.get("/today").await;
    let board = "href=\"/board?by=gemeente\"";
    has(&today, &["Kinderen thuis in uw regio", "30 november 2026", WITHHELD, &cell("Open", 40), board]);
    lacks(&today, &["href=\"/cases", &cell("Open", 3), &cell("Open", 13), &cell("Open", 22)]);
    let exact = region.browser().await.get("/board?by=gemeente").await;
    has(&exact, &[&cell("Open", 3), &cell("Open", 13), &cell("Open", 22)]);
}

#[tokio::test]
async fn who_counts_nothing_has_no_board() {
    let region = Region::start().await;
    let browser = region.other(Role::Smw, "GM9901").await;
    for path in ["/board", "/board.csv", "/board.json", "/board/bands.svg", "/board/reports"] {
        let page = browser.get(path).await;
        assert!(page.status == 404 && page.body.contains("is niet voor u"), "{path} {page:?}");
    }
    lacks(&browser.get("/today").await, &["href=\"/board\""]);
}

#[tokio::test]
async fn a_day_in_the_past_is_shown_as_it_was_and_one_to_come_is_refused_at_its_field() {
    let region = Region::start().await;
    let browser = region.browser().await;
    has(&browser.get("/board").await, &["Er waren op deze dag geen open dossiers.", "Er is niets te laat."]);
    region.open("Een", 0, ("GM9901", "2026-10-26")).await;
    has(&browser.get("/board").await, &[&cell("Open", 1)]);
    let before = browser.get("/board?date=2026-11-22").await;
    has(&before, &["22 november 2026", "geen open dossiers", "value=\"2026-11-22\""]);
    for (query, field) in [
        ("date=2027-01-01", "fault-date"),
        ("date=gisteren", "fault-date"),
        ("from=2026-12-01", "fault-from_date"),
    ] {
        let refused = browser.get(&format!("/board?{query}")).await;
        assert_eq!(refused.status, 422, "{query}");
        has(&refused, &[&format!("id=\"{field}\""), "Er klopt iets niet"]);
    }
    assert_eq!(browser.get("/board?scope=x").await.status, 422);
    let none = format!("/board?scope=schools/{}", uuid::Uuid::from_u128(7));
    assert_eq!(browser.get(&none).await.status, 404);
}

#[tokio::test]
async fn figures_are_taken_along_as_the_files_that_the_api_gives() {
    let region = Region::start().await;
    region.open("Een", 0, ("GM9901", "2026-10-26")).await;
    let browser = region.browser().await;
    let mut monitor = MonitorServiceClient::new(region.keeper.1.clone());
    let ask = pb::ExportMonitorRequest {
        group_by: pb::MonitorGroup::School.into(),
        format: pb::MonitorFormat::Csv.into(),
        ..Default::default()
    };
    let told = monitor.export_monitor(ask).await.unwrap().into_inner();
    let file = browser.get("/board.csv?by=school").await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"monitor-2026-11-23.csv\"");
    assert_eq!(file.bytes, told.content);
    let file = browser.get("/board.json").await;
    assert_eq!(file.header("content-type"), "application/json");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"monitor-2026-11-23.json\"");
    for name in ["bands", "tiles", "survival"] {
        let picture = browser.get(&format!("/board/{name}.svg?end=first_meeting")).await;
        assert_eq!((picture.status, picture.header("content-type")), (200, "image/svg+xml"), "{name}");
        assert!(picture.header("content-disposition").is_empty() && picture.body.contains("<svg xmlns="));
        let numbers = browser.get(&format!("/board/{name}.csv")).await;
        assert!(numbers.header("content-disposition").contains(&format!("{name}-2026-11-23.csv")));
    }
    for nothing in ["/board/x.svg", "/board/bands.png", "/board/bands", "/board/.svg"] {
        assert_eq!(browser.get(nothing).await.status, 404, "{nothing}");
    }
}

#[tokio::test]
async fn board_asks_as_often_of_one_case_as_of_many() {
    let region = Region::start().await;
    region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let browser = region.browser().await;
    browser.get("/board").await;
    let (_, one) = statements(browser.get("/board")).await;
    for (name, school) in [("Twee", 0), ("Drie", 1), ("Vier", 1)] {
        region.open(name, school, ("GM9901", "2026-08-10")).await;
    }
    browser.get("/board").await;
    let (_, four) = statements(browser.get("/board")).await;
    assert_eq!(one.len(), four.len(), "{four:#?}");
}

#[tokio::test]
async fn pages_are_packed_for_our_own_pages_alone() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let ask = |site: &'static str, encoding: &'static str| {
        let browser = &browser;
        async move {
            let headers = [("sec-fetch-site", site), ("accept-encoding", encoding)];
            browser.send("GET", "/board", &headers, "").await
        }
    };
    let packed = ask("same-origin", "br, gzip").await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    let mut text = String::new();
    GzDecoder::new(&packed.bytes[..]).read_to_string(&mut text).unwrap();
    assert!(text.contains("<h1>Overzicht</h1>") && packed.bytes.len() < text.len() / 2);
    // What somebody else's page makes the browser ask for tells them nothing by its length.
    for (site, encoding) in
        [("cross-site", "gzip"), ("same-site", "gzip"), ("none", "gzip"), ("same-origin", "identity")]
    {
        let plain = ask(site, encoding).await;
        assert_eq!((plain.status, plain.header("content-encoding")), (200, ""), "{site} {encoding}");
        assert!(plain.body.contains("<h1>Overzicht</h1>"));
    }
    let page = browser.get("/board").await;
    let style = page.body.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style =
        browser.send("GET", &format!("/assets/style{style}"), &[("accept-encoding", "gzip")], "").await;
    assert_eq!((style.header("content-encoding"), style.header("vary")), ("gzip", "Accept-Encoding"));
    let head = [("sec-fetch-site", "same-origin"), ("accept-encoding", "gzip")];
    assert_eq!(browser.send("HEAD", "/board", &head, "").await.header("content-encoding"), "");
}

#[tokio::test]
async fn board_shuts_nobody_out() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let empty = browser.get("/board").await.body;
    region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    region.open("Twee", 1, ("GM9902", "2026-10-26")).await;
    let full = browser.get("/board").await.body;
    let refused = browser.get("/board?date=2027-01-01").await.body;
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    let figures = officer.get("/board").await.body;
    let glance = officer.get("/today").await.body;
    assert!(
        glance.contains("Kinderen thuis in uw regio")
            && !browser.get("/today").await.body.contains("id=\"glance\"")
    );
    let style = full.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let page = |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let documents = [
        ("board", full),
        ("board-empty", empty),
        ("board-refused", refused),
        ("board-figures", figures),
        ("today-figures", glance),
    ];
    let documents: Vec<_> = documents.iter().map(|(name, body)| document(name, &page(body))).collect();
    look("board_shuts_nobody_out", &documents);
}
