//! Who waits too long for an offer: every open case, longest first, and the same as a file.

use schakel_domain::thuiszitter::Profile;
use schakel_proto::v1::{self as pb, policy_service_client::PolicyServiceClient};
use schakel_tests::browser::{document, look};

use super::{Region, cell, has, lacks};
use crate::thuiszitter::facts::tell_on;

async fn offer(region: &Region, case: &pb::Case, date: &str) {
    tell_on(&region.server, &region.keeper.1, case, (pb::Moment::OfferMade, date)).await.unwrap();
}

#[tokio::test]
async fn the_alarm_of_three_months_holds_who_waits_longest_and_nobody_with_an_offer() {
    let region = Region::start().await;
    let short = region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let long = region.open("Twee", 1, ("GM9902", "2025-09-01")).await;
    let middle = region.open("Drie", 0, ("GM9901", "2026-03-01")).await;
    let offered = region.open("Vier", 0, ("GM9901", "2026-08-11")).await;
    offer(&region, &offered, "2026-11-20").await;
    let browser = region.browser().await;
    let page = browser.get("/board").await;
    let (_, alarm) = page.body.split_once("Niet binnen drie maanden een aanbod of oplossing").unwrap();
    let alarm = alarm.split_once("</tr>").unwrap().0;
    assert!(alarm.contains(&cell("Aantal", 3)), "{alarm}");
    let stands = |case: &pb::Case, days: &str| {
        let link = format!("<a href=\"/{}\">{} ({days})</a>", case.name, case.reference);
        alarm.find(&link).unwrap_or_else(|| panic!("{link}\n{alarm}"))
    };
    assert!(stands(&long, "357 dagen") < stands(&middle, "175 dagen"));
    assert!(stands(&middle, "175 dagen") < stands(&short, "13 dagen"));
    assert!(!alarm.contains(&offered.name), "that one has an offer: {alarm}");

    assert!(alarm.contains("href=\"/board/late.csv\""), "{alarm}");
    let file = browser.get("/board/late.csv").await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"late-2026-11-23.csv\"");
    let rows: Vec<&str> = file.body.lines().skip(1).collect();
    assert_eq!(rows.len(), 3, "{}", file.body);
    for (row, case) in rows.iter().zip([&long, &middle, &short]) {
        assert!(row.starts_with(&format!("{},{},T13,", case.name, case.reference)), "{row}");
    }
    let there = browser.get("/board/late.csv?scope=GM9902").await;
    assert!(there.body.lines().count() == 2 && there.body.contains(&long.name), "{}", there.body);

    // Who waits is known of today; of a day past it is told who came to three months in the period.
    region.server.clock.advance(chrono::TimeDelta::days(1));
    let before = region.browser().await.get("/board?date=2026-11-23").await;
    has(&before, &["In de periode: niet binnen drie maanden een aanbod of oplossing"]);
    lacks(&before, &["/board/late.csv"]);
}

#[tokio::test]
async fn a_region_that_calls_the_norm_of_an_offer_otherwise_is_told_who_came_to_three_months() {
    let region = Region::start().await;
    region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let json = Profile::shipped_text().replace("\"T13\"", "\"AANBOD\"").replace("\"2026-1\"", "\"2026-2\"");
    let own = pb::SetPolicyProfileRequest {
        json,
        whole: true,
        valid_from: "2026-11-23".into(),
        etag: "1".into(),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    PolicyServiceClient::new(region.keeper.1.clone()).set_policy_profile(own).await.unwrap();
    let browser = region.browser().await;
    let page = browser.get("/board").await;
    has(&page, &["AANBOD", "In de periode: niet binnen drie maanden een aanbod of oplossing"]);
    lacks(&page, &["/board/late.csv"]);
    assert_eq!(browser.get("/board/late.csv").await.status, 404);
}

/// Where something stands in a page.
fn at(page: &str, what: &str) -> usize {
    page.find(what).unwrap_or_else(|| panic!("{what}\n{page}"))
}

#[tokio::test]
async fn ten_terms_that_passed_and_are_open_are_shown_below_the_figures_and_the_others_unfold() {
    let region = Region::start().await;
    for nth in 0..4 {
        region.open(&format!("Kind {nth}"), nth % 2, ("GM9901", "2025-09-01")).await;
    }
    let offered = region.open("Nog een", 0, ("GM9901", "2025-09-02")).await;
    offer(&region, &offered, "2026-11-20").await;
    let browser = region.browser().await;
    let page = browser.get("/board").await.body;
    let (above, list) = page.split_once("<h2 id=\"breaches\">").unwrap();
    let (first, others) = list.split_once("<details>").unwrap();
    let (still, met) =
        ("<span class=\"tag declined\">nog open", "<span class=\"tag tentative\">te laat gehaald");
    assert_eq!((first.matches(still).count(), first.matches(met).count()), (10, 0), "{first}");
    assert!(others.contains(still) && others.contains(met), "{others}");
    let many = others.matches("<tr>\n<td").count();
    assert!(
        others.contains(&format!("<summary>Toon de andere verlopen termijnen ({many})</summary>")),
        "{others}"
    );
    assert!(first.contains("class=\"paper\">De andere verlopen termijnen zijn niet afgedrukt."), "{first}");
    let file = browser.get("/board/breaches.csv").await.body;
    assert_eq!(file.lines().count(), 1 + 10 + many, "the file has all");

    // Figures and pictures come before the list, and links lead to each part.
    for part in ["at-home", "alarms", "period", "waiting", "pictures"] {
        assert!(above.contains(&format!("<h2 id=\"{part}\">")), "{part}");
        assert!(at(above, &format!("<a href=\"#{part}\">")) < at(above, "<h2 id=\"at-home\">"), "{part}");
    }
    assert!(above.contains("<a href=\"#breaches\">") && above.contains("src=\"/board/bands.svg\""));
    let style = page.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let inlined = page.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let unfolded = inlined.replace("<details", "<details open");
    look(
        "ten_terms_that_passed_and_are_open_are_shown_below_the_figures_and_the_others_unfold",
        &[document("board-late", &inlined), document("board-late-open", &unfolded)],
    );
}

#[tokio::test]
async fn a_row_of_children_without_a_place_says_which_place_they_lack() {
    let region = Region::start().await;
    region.open("Een", 0, ("GM9901", "2026-10-26")).await;
    let browser = region.browser().await;
    let page = browser.get("/board?by=cluster").await;
    has(&page, &["<th scope=\"row\">zonder cluster</th>"]);
    lacks(&browser.get("/board?by=school").await, &["<th scope=\"row\">zonder"]);
    // What is for programs stands where it is asked for.
    let unfolds = "<summary>Wat de codes van de kolommen betekenen</summary>";
    assert!(at(&page.body, unfolds) < at(&page.body, "In een JSON-bestand staat null"), "{}", page.body);
}
