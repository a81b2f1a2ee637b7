//! Who waits too long for an offer: every open case, longest first, and the same as a file.

use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};

use super::{Region, cell, has, lacks};

async fn offer(region: &Region, case: &pb::Case, date: &str) {
    let dated = pb::fact::Dated { moment: pb::Moment::OfferMade.into(), date: date.into() };
    let offer = pb::Fact { said: Some(pb::fact::Said::Happened(dated)), ..Default::default() };
    let told = pb::RecordFactsRequest {
        case: case.name.clone(),
        facts: vec![offer],
        request_id: region.server.request_id(),
    };
    FactServiceClient::new(region.keeper.1.clone()).record_facts(told).await.unwrap();
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
