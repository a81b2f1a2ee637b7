//! The board of who sees figures alone: which days it tells, and what its files mean.

use schakel_domain::access::Role;

use super::{Region, has, lacks};

#[tokio::test]
async fn a_day_that_is_replaced_is_said_and_what_cannot_be_chosen_is_not_asked() {
    let region = Region::start().await;
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    let page = officer.get("/board?date=2026-06-15&from=2026-01-01").await;
    has(
        &page,
        &[
            "Stand op <strong>31 mei 2026</strong>",
            "U vroeg 15 juni 2026; dit is de laatste hele maand daarvoor.",
            "U kunt hier geen eigen begin van de periode kiezen: u ziet hele kwartalen.",
            "U ziet de laatste hele maand tot en met deze dag.",
        ],
    );
    lacks(&page, &["name=\"from\"", "Leeg is 13 weken eerder", "Een dag die voorbij is mag ook."]);
    let usual = officer.get("/board").await;
    has(&usual, &["Stand op <strong>31 oktober 2026</strong>"]);
    lacks(&usual, &["U vroeg", "geen eigen begin"]);
    let refused = officer.get("/board?date=2027-01-01").await;
    assert_eq!(refused.status, 422);
    lacks(&refused, &["name=\"from\"", "Cluster van scholen"]);
    let file = officer.get("/board.csv?date=2026-06-15").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"monitor-2026-05-31.csv\"");

    let exact = region.browser().await.get("/board?date=2026-06-15").await;
    has(&exact, &["Stand op <strong>15 juni 2026</strong>", "name=\"from\"", "Leeg is 13 weken eerder"]);
    lacks(&exact, &["U vroeg"]);
}

#[tokio::test]
async fn a_report_of_a_day_in_a_year_that_ran_then_says_that_it_is_of_the_year_before() {
    let region = Region::start().await;
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    let said = "U vroeg 15 juni 2026; dit is de laatste periode die toen voorbij was.";
    let page = officer.get("/board/reports?kind=jaarverslag&date=2026-06-15").await;
    has(&page, &["<strong>1 augustus 2024</strong> tot en met <strong>31 juli 2025</strong>", said]);
    lacks(&officer.get("/board/reports?kind=jaarverslag&date=2026-07-31").await, &["U vroeg"]);
    lacks(&officer.get("/board/reports?kind=jaarverslag").await, &["U vroeg"]);
    let exact = region.browser().await.get("/board/reports?kind=jaarverslag&date=2026-06-15").await;
    has(&exact, &["<strong>1 augustus 2025</strong> tot en met <strong>31 juli 2026</strong>"]);
    lacks(&exact, &["U vroeg"]);
}

#[tokio::test]
async fn beside_a_file_stands_what_its_cells_and_columns_mean() {
    let region = Region::start().await;
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    for path in ["/board", "/board/reports?kind=jaarverslag", "/board/supply"] {
        has(
            &officer.get(path).await,
            &["In een CSV-bestand staat een x voor een getal dat hier een streepje is."],
        );
    }
    let head = officer.get("/board.csv").await.body.lines().next().unwrap().to_owned();
    let page = officer.get("/board").await;
    for code in ["open", "from_13_to_26_weeks", "without_regisseur", "pact_late", "solved_pending"] {
        assert!(head.split(',').any(|column| column == code), "{code}: {head}");
        has(&page, &[&format!("<dt>{code}</dt>")]);
    }
    has(&officer.get("/board/reports?kind=jaarverslag").await, &["<dt>lrv_new</dt>"]);
    lacks(&region.browser().await.get("/board/reports?kind=thuiszitters").await, &["<dt>lrv_new</dt>"]);
}

#[tokio::test]
async fn a_gemeente_that_is_not_of_the_region_has_no_board() {
    let region = Region::start().await;
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    for browser in [&officer, &region.browser().await] {
        assert_eq!(browser.get("/board?scope=GM0363").await.status, 404);
        assert_eq!(browser.get("/board?scope=GM9902").await.status, 200);
    }
}
