//! Reports on the board: as the calls tell them, as files, and with the cases behind a figure.

use chrono::TimeDelta;
use pb::report_service_client::ReportServiceClient;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    statements,
    workplace::signed_in,
};

use super::{Region, has, lacks};

/// A row of the total with its number, which leads nowhere.
fn told(label: &str, count: u32) -> String {
    format!("{label}</th>\n<td class=\"number\" data-label=\"Aantal\">{count}</td>")
}

#[tokio::test]
async fn a_report_is_chosen_with_its_period_and_each_figure_leads_to_its_cases() {
    let region = Region::start().await;
    let long = region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    region.open("Twee", 1, ("GM9902", "2026-11-16")).await;
    let browser = region.browser().await;
    let first = browser.get("/board/reports").await;
    assert_eq!(first.status, 200);
    has(
        &first,
        &[
            "<h2 id=\"report\">Leerplichttelling</h2>",
            "<strong>1 augustus 2026</strong> tot en met <strong>23 november 2026</strong>",
            "Deze periode is nog niet voorbij.",
            "precies geteld",
            // What only the gemeente knows, and nobody filled in yet.
            "<h3 id=\"obliged\">Hoeveel kinderen naar school moeten</h3>",
            "data-label=\"Leerplichtig\">niet ingevuld</td>",
            "Het aantal komt van de gemeente. De beheerder van de regio vult het in, op de pagina Aanbod.",
            "Het aantal kinderen dat leerplichtig is, komt van de gemeente; de beheerder vult het in.",
            "DUO, langdurig relatief verzuim",
            &told("Luxeverzuim: op vakantie buiten de schoolvakanties", 0),
            // What is the leerplichtambtenaar's alone.
            "Een streepje betekent: dit getal is niet voor uw rol.",
            "aria-current=\"page\">Rapporten",
            "href=\"/board/reports.csv\"",
        ],
    );
    lacks(&first, &["Dossiers waaraan is gewerkt", "schakelctl", "<script>", "style="]);

    let path = "/board/reports?kind=jaarverslag&by=gemeente";
    let year = browser.get(path).await;
    let behind = "/board/reports/cases?kind=jaarverslag&amp;figure=LRV_OVER_3_MONTHS";
    let of_row = "/board/reports/cases?kind=jaarverslag&amp;by=gemeente&amp;key=GM9902&amp;figure=CASES";
    has(
        &year,
        &[
            "Jaarverslag leerplicht</h2>",
            "value=\"jaarverslag\" selected",
            "value=\"gemeente\" selected",
            &format!(
                "href=\"{behind}\">1<span class=\"hidden\"> dossiers: langer dan drie maanden thuis</span>"
            ),
            &format!("href=\"{of_row}\">1<span"),
            "href=\"/board/reports.json?kind=jaarverslag&amp;by=gemeente\"",
        ],
    );
    // By place there is no column of what is nought everywhere.
    lacks(&year, &["data-label=\"Luxeverzuim"]);
    let cases = browser.get(&behind.replace("&amp;", "&")).await;
    let link = format!("href=\"/{}\"", long.name);
    has(&cases, &["Jaarverslag leerplicht: <strong>langer dan drie maanden thuis</strong>.", &link]);
    assert_eq!(cases.body.matches("href=\"/cases/").count(), 1);
    lacks(&browser.get(&of_row.replace("&amp;", "&")).await, &[&link]);
    let none = browser.get("/board/reports/cases?kind=jaarverslag&figure=LUXE").await;
    has(&none, &["Er zijn bij dit getal geen dossiers die u mag zien."]);
    assert_eq!(browser.get("/board/reports/cases?kind=jaarverslag&figure=OPP").await.status, 400);
    let english = browser.post("/language", &[("to", path), ("language", "en")]).await;
    has(&browser.follow(english).await, &["Annual report</h2>", "at home for longer than three months"]);
}

#[tokio::test]
async fn a_report_is_taken_along_as_the_file_that_the_api_gives() {
    let region = Region::start().await;
    let case = region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let browser = region.browser().await;
    let mut reports = ReportServiceClient::new(region.keeper.1.clone());
    for (word, kind) in
        [("thuiszitters", pb::ReportKind::Thuiszitters), ("placements", pb::ReportKind::Placements)]
    {
        let ask = pb::ExportReportRequest {
            kind: kind.into(),
            format: pb::MonitorFormat::Csv.into(),
            ..Default::default()
        };
        let file = reports.export_report(ask).await.unwrap().into_inner();
        let got = browser.get(&format!("/board/reports.csv?kind={word}")).await;
        assert_eq!((got.status, got.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert_eq!(got.header("content-disposition"), format!("attachment; filename=\"{}\"", file.file_name));
        assert_eq!(got.bytes, file.content);
        assert!(!got.body.contains(&case.name), "{}", got.body);
        let json = browser.get(&format!("/board/reports.json?kind={word}")).await;
        assert_eq!((json.status, json.header("content-type")), (200, "application/json"));
    }
    has(&browser.get("/board/reports?kind=thuiszitters").await, &["De lijst als CSV", "schuilnaam"]);
}

#[tokio::test]
async fn who_sees_figures_alone_sees_reports_without_small_numbers_lists_or_cases() {
    let region = Region::start().await;
    for (gemeente, school, count) in [("GM9901", 0, 3), ("GM9902", 1, 13), ("GM9903", 1, 22)] {
        for nth in 0..count {
            region.open(&format!("Kind {gemeente} {nth}"), school, (gemeente, "2026-10-26")).await;
        }
    }
    // Figures outside are of a school year that is over.
    region.server.clock.advance(TimeDelta::days(253));
    let browser = region.other(Role::Beleidsmedewerker, "GM9901").await;
    let page = browser.get("/board/reports?kind=jaarverslag&by=gemeente").await;
    has(
        &page,
        &[
            "Een streepje betekent: het getal is te klein om te tonen. Dat is minder dan 10.",
            "minder dan 10, of niet te zeggen zonder een klein getal te verraden",
            "afgerond op 5",
            "tot en met <strong>31 juli 2027</strong>",
            "Dossiers waaraan is gewerkt",
            "href=\"/board/reports\" aria-current=\"page\"",
        ],
    );
    lacks(
        &page,
        &["/board/reports/cases", "href=\"/cases", "thuiszitters\"", ">3</td>", ">13</td>", ">22</td>"],
    );
    for never in [
        "/board/reports?kind=thuiszitters",
        "/board/reports.csv?kind=thuiszitters",
        "/board/reports?by=school",
        "/board/reports/cases?kind=jaarverslag&figure=CASES",
    ] {
        assert_eq!(browser.get(never).await.status, 404, "{never}");
    }
    let smw = region.other(Role::Smw, "GM9902").await;
    for path in ["/board/reports", "/board/reports.csv", "/board/reports.json"] {
        assert_eq!(smw.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn a_period_to_come_is_refused_at_its_field_and_what_was_chosen_stays() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let refused = browser.get("/board/reports?kind=opp&date=2027-09-01").await;
    assert_eq!(refused.status, 422);
    has(
        &refused,
        &["id=\"fault-date\"", "value=\"2027-09-01\"", "value=\"opp\" selected", "Er klopt iets niet"],
    );
    has(&browser.get("/board/reports?kind=opp&by=school").await, &["Er is niets om per plaats te tonen."]);
    let past = browser.get("/board/reports?kind=consultations&date=2026-09-30").await;
    has(&past, &["<strong>1 juli 2026</strong> tot en met <strong>30 september 2026</strong>"]);
    lacks(&past, &["nog niet voorbij"]);
}

#[tokio::test]
async fn reports_ask_as_often_of_one_case_as_of_many() {
    let region = Region::start().await;
    region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let browser = region.browser().await;
    let paths =
        ["/board/reports?kind=jaarverslag&by=school", "/board/reports/cases?kind=jaarverslag&figure=CASES"];
    let mut few = Vec::new();
    for path in paths {
        browser.get(path).await;
        few.push(statements(browser.get(path)).await.1.len());
    }
    for (name, school) in [("Twee", 0), ("Drie", 1), ("Vier", 1)] {
        region.open(name, school, ("GM9901", "2026-08-10")).await;
    }
    for (path, few) in paths.into_iter().zip(few) {
        browser.get(path).await;
        let (_, many) = statements(browser.get(path)).await;
        assert_eq!(many.len(), few, "{path} {many:#?}");
    }
}

#[tokio::test]
async fn reports_shut_nobody_out() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let empty = browser.get("/board/reports?kind=opp&by=school").await.body;
    region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let full = browser.get("/board/reports?kind=jaarverslag&by=school").await.body;
    let list = browser.get("/board/reports?kind=thuiszitters").await.body;
    let refused = browser.get("/board/reports?date=2027-09-01").await.body;
    let cases = browser.get("/board/reports/cases?kind=jaarverslag&figure=CASES").await.body;
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    let figures = officer.get("/board/reports").await.body;
    let style = full.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let page = |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let documents = [
        ("reports", full),
        ("reports-empty", empty),
        ("reports-list", list),
        ("reports-refused", refused),
        ("reports-cases", cases),
        ("reports-figures", figures),
    ];
    let documents: Vec<_> = documents.iter().map(|(name, body)| document(name, &page(body))).collect();
    look("reports_shut_nobody_out", &documents);
}

#[tokio::test]
async fn by_what_a_figure_is_counted_is_told_in_the_language_of_the_page() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let path = "/board/reports?kind=consultations";
    let page = browser.get(path).await;
    has(&page, &["Regionale norm, van vraag tot overleg"]);
    lacks(&page, &["Regional norm"]);
    let year = browser.get("/board/reports?kind=jaarverslag").await;
    has(&year, &["regionale nazorg na 2, 6 en 12 weken", "Regionale afspraak over opschalen, niveau 3"]);
    lacks(&year, &["Regional agreement", "regional aftercare"]);
    let english = browser.post("/language", &[("to", path), ("language", "en")]).await;
    has(&browser.follow(english).await, &["Regional norm, request to meeting"]);
}

#[tokio::test]
async fn a_case_behind_a_figure_is_called_by_its_reference_and_school() {
    let region = Region::start().await;
    let late = region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let path = "/board/reports/cases?kind=jaarverslag&figure=CASES";
    let link = |called: &str| format!("<a href=\"/{}\">{called} (School 90AA00)</a>", late.name);
    has(&region.browser().await.get(path).await, &[&link(&late.reference)]);
    // Who may not see who the child is opens it all the same.
    let (head, _) = region.server.person(Role::Directeur, region.schools[0]).await;
    let page = signed_in(&region.server, head).await.get(path).await;
    has(&page, &[&link("Dossier 1")]);
    lacks(&page, &[&late.reference]);
    region.server.clock.advance(TimeDelta::days(2));
    let before = region.browser().await.get("/board?date=2026-11-24").await;
    has(&before, &["Stand op <strong>24 november 2026</strong>", &link(&late.reference)]);
}
