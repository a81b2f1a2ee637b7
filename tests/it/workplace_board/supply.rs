//! The supply of each wijk on the board, and the hours, amounts and numbers of children that who keeps the
//! register sets there.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, report_service_client::ReportServiceClient};
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    statements,
    workplace::{Browser, signed_in},
};

use super::{Region, cell, has, lacks};

const WIJK: &str = "WK990101";

/// The browser of who keeps the register.
async fn administrator(region: &Region) -> Browser {
    signed_in(&region.server, region.server.founded.administrator).await
}

/// Sends the form of one source of a wijk.
async fn grant(region: &Region, browser: &Browser, hours: &str, etag: &str) -> Answer {
    let request_id = region.server.request_id();
    let fields = [
        ("request_id", request_id.as_str()),
        ("school_year", "2026-2027"),
        ("wijk_code", WIJK),
        ("source", "HOURS_SOURCE_EDUCATION"),
        ("hours", hours),
        ("etag", etag),
    ];
    browser.post("/board/supply", &fields).await
}

#[tokio::test]
async fn supply_is_told_by_wijk_as_the_call_tells_it_and_taken_along_as_its_file() {
    let region = Region::start().await;
    let keeper = administrator(&region).await;
    assert_eq!(grant(&region, &keeper, "30", "0").await.status, 303);
    let browser = region.browser().await;
    let page = browser.get("/board/supply").await;
    assert_eq!(page.status, 200);
    has(
        &page,
        &[
            "Schooljaar <strong>2026-2027</strong>",
            WIJK,
            "data-label=\"Onderwijs: gekregen\">30 uur</td>",
            "data-label=\"Onderwijs: over\">30 uur</td>",
            &cell("Vragen", 0),
            "geen voorziening",
            "href=\"/board/supply.csv\"",
            "aria-current=\"page\">Aanbod",
        ],
    );
    lacks(&page, &["Uren vastleggen", "<script>", "style="]);
    let ask = pb::ExportSupplyRequest { format: pb::MonitorFormat::Csv.into(), ..Default::default() };
    let file =
        ReportServiceClient::new(region.keeper.1.clone()).export_supply(ask).await.unwrap().into_inner();
    let got = browser.get("/board/supply.csv").await;
    assert_eq!((got.status, &got.bytes), (200, &file.content));
    assert_eq!(got.header("content-disposition"), format!("attachment; filename=\"{}\"", file.file_name));
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    has(
        &officer.get("/board/supply").await,
        &["tonen wij u niet", "Overleggen tellen hier voor u niet mee."],
    );
    let refused = browser.get("/board/supply?school_year=2030-2031").await;
    assert_eq!(refused.status, 422);
    has(&refused, &["id=\"fault-school_year\"", "value=\"2030-2031\""]);
    let smw = region.other(Role::Smw, "GM9902").await;
    for path in ["/board/supply", "/board/supply.csv", "/board/supply.json"] {
        assert_eq!(smw.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn hours_are_set_by_who_keeps_the_register_and_what_was_typed_stays_when_it_is_refused() {
    let region = Region::start().await;
    let keeper = administrator(&region).await;
    has(&keeper.get("/region/schools").await, &["href=\"/board/supply\""]);
    let page = keeper.get("/board/supply").await;
    has(&page, &["Uren vastleggen", "tonen wij u niet"]);
    lacks(&page, &["href=\"/board/supply.csv", "href=\"/board/reports\""]);
    assert_eq!(keeper.get("/board/supply.csv").await.status, 404);
    let took = grant(&region, &keeper, "12", "0").await;
    has(&keeper.follow(took).await, &["data-label=\"Onderwijs: gekregen\">12 uur</td>"]);
    for hours in ["100001", "veel"] {
        let refused = grant(&region, &keeper, hours, "1").await;
        assert_eq!(refused.status, 422, "{hours}");
        let typed = format!("value=\"{hours}\"");
        has(&refused, &[&typed, "id=\"fault-WK990101-HOURS_SOURCE_EDUCATION\"", "Er klopt iets niet"]);
    }
    // Somebody else set them meanwhile.
    let stale = grant(&region, &keeper, "20", "0").await;
    assert_eq!(stale.status, 422);
    has(&stale, &["value=\"20\"", "data-label=\"Onderwijs: gekregen\">12 uur</td>"]);
    let other = region.browser().await;
    assert_eq!(grant(&region, &other, "20", "1").await.status, 404, "the register is not theirs");
}

/// Sends the form of what a wijk spends in one way.
async fn spend(
    region: &Region,
    browser: &Browser,
    (way, etag): (&str, &str),
    (euros, children): (&str, &str),
) -> Answer {
    let request_id = region.server.request_id();
    let fields = [
        ("request_id", request_id.as_str()),
        ("do", "spend"),
        ("school_year", "2026-2027"),
        ("wijk_code", WIJK),
        ("way", way),
        ("etag", etag),
        ("euros", euros),
        ("children", children),
    ];
    browser.post("/board/supply", &fields).await
}

const OFFERED: &str = "SUPPORT_WAY_OFFERED";
const BOUGHT: &str = "SUPPORT_WAY_BOUGHT";

#[tokio::test]
async fn d13_what_support_costs_is_set_on_the_page_of_supply_by_who_keeps_the_register() {
    let region = Region::start().await;
    let keeper = administrator(&region).await;
    let page = keeper.get("/board/supply").await;
    let unset = "data-label=\"Inkopen: euro\">niet ingevuld</td>";
    has(&page, &["Wat ondersteuning kost", "Bedragen vastleggen", unset]);
    lacks(&page, &["<script>", "style="]);
    let took = spend(&region, &keeper, (OFFERED, "0"), ("60000", "23")).await;
    assert_eq!(took.status, 303, "{}", took.body);
    let set: [&str; 3] =
        ["data-label=\"Zelf bieden: euro\">60.000</td>", &cell("Zelf bieden: kinderen", 23), unset];
    has(&keeper.follow(took).await, &set);

    let refused = spend(&region, &keeper, (OFFERED, "1"), ("veel", "10001")).await;
    assert_eq!(refused.status, 422);
    let [euros, children] =
        ["euros", "children"].map(|field| format!("id=\"fault-{WIJK}-{OFFERED}-{field}\""));
    let typed: [&str; 5] = ["value=\"veel\"", "value=\"10001\"", &euros, &children, "Er klopt iets niet"];
    has(&refused, &typed);
    has(&refused, &set);
    lacks(&refused, &[&format!("id=\"fault-{WIJK}-{BOUGHT}-euros\"")]);
    // Somebody else set it meanwhile.
    let stale = spend(&region, &keeper, (OFFERED, "0"), ("70000", "24")).await;
    assert_eq!(stale.status, 422);
    has(&stale, &["value=\"70000\"", "value=\"24\"", set[0]]);

    // Who knows of every case of the region reads it as it is, and sets nothing.
    let coordinator = region.browser().await;
    let page = coordinator.get("/board/supply").await;
    has(&page, &set);
    lacks(&page, &["Bedragen vastleggen", "value=\"spend\""]);
    let theirs = spend(&region, &coordinator, (OFFERED, "1"), ("1", "1")).await;
    assert_eq!(theirs.status, 404, "the register is not theirs");
    let unknown = keeper.post("/board/supply", &[("do", "burn"), ("school_year", "2026-2027")]).await;
    assert_eq!(unknown.status, 400, "{}", unknown.body);
}

#[tokio::test]
async fn d13_the_page_tells_no_amount_for_a_few_children_and_none_of_a_year_that_is_not_over() {
    let region = Region::start().await;
    let keeper = administrator(&region).await;
    for (way, amount) in [(OFFERED, ("60000", "23")), (BOUGHT, ("18000", "3"))] {
        assert_eq!(spend(&region, &keeper, (way, "0"), amount).await.status, 303);
    }
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    let page = officer.get("/board/supply").await;
    let why = "Een streepje bij bedragen betekent: dat tonen wij u niet.";
    has(&page, &["Wat ondersteuning kost", why, "<span class=\"hidden\">tonen wij u niet</span>"]);
    lacks(&page, &["60.000", "18.000", "Bedragen vastleggen"]);
    // 23 November 2026 and 251 days: 1 August 2027.
    region.server.clock.advance(TimeDelta::days(251));
    let officer = region.other(Role::Beleidsmedewerker, "GM9903").await;
    let page = officer.get("/board/supply?school_year=2026-2027").await;
    has(&page, &["data-label=\"Zelf bieden: euro\">60.000</td>", &cell("Zelf bieden: kinderen", 25), why]);
    lacks(&page, &["18.000", &cell("Inkopen: kinderen", 3)]);
}

/// Sends the form of one gemeente.
async fn oblige(
    region: &Region,
    browser: &Browser,
    etag: &str,
    (leerplichtig, kwalificatieplichtig): (&str, &str),
) -> Answer {
    let request_id = region.server.request_id();
    let fields = [
        ("request_id", request_id.as_str()),
        ("do", "oblige"),
        ("school_year", "2026-2027"),
        ("gemeente_code", "GM9901"),
        ("etag", etag),
        ("leerplichtig", leerplichtig),
        ("kwalificatieplichtig", kwalificatieplichtig),
    ];
    browser.post("/board/supply", &fields).await
}

#[tokio::test]
async fn how_many_must_go_to_school_is_filled_in_on_the_page_of_supply_by_who_keeps_the_register() {
    let region = Region::start().await;
    let keeper = administrator(&region).await;
    let [leerplichtig, kwalificatieplichtig] =
        ["leerplichtig", "kwalificatieplichtig"].map(|field| format!("id=\"obliged-GM9901-{field}\""));
    let page = keeper.get("/board/supply").await;
    let form = "Het aantal komt van de gemeente. U vult het hier in.";
    has(&page, &[form, &leerplichtig, &kwalificatieplichtig, "<h3>GM9902</h3>"]);
    let took = oblige(&region, &keeper, "0", ("4310", "520")).await;
    assert_eq!(took.status, 303, "{}", took.body);
    let kept = ["max=\"1000000\" value=\"4310\"", "max=\"1000000\" value=\"520\""];
    has(&keeper.follow(took).await, &kept);
    let refused = oblige(&region, &keeper, "1", ("veel", "")).await;
    assert_eq!(refused.status, 422);
    let faults = ["leerplichtig", "kwalificatieplichtig"]
        .map(|field| format!("class=\"fault\" id=\"fault-obliged-GM9901-{field}\""));
    has(&refused, &["value=\"veel\"", &faults[0], &faults[1], "Er klopt iets niet"]);
    lacks(&refused, &["id=\"fault-obliged-GM9902-leerplichtig\""]);
    // Somebody else filled it in meanwhile.
    let stale = oblige(&region, &keeper, "0", ("4400", "530")).await;
    assert_eq!(stale.status, 422);
    has(&stale, &["value=\"4400\"", "value=\"530\"", "name=\"etag\" value=\"1\""]);

    // Others read it beside the report, and fill in nothing.
    let coordinator = region.browser().await;
    has(&coordinator.get("/board/reports").await, &["data-label=\"Leerplichtig\">4310</td>"]);
    lacks(&coordinator.get("/board/supply").await, &[form, "value=\"oblige\""]);
    let theirs = oblige(&region, &coordinator, "1", ("1", "1")).await;
    assert_eq!(theirs.status, 404, "the register is not theirs");
    let english = keeper.post("/language", &[("to", "/board/supply"), ("language", "en")]).await;
    has(&keeper.follow(english).await, &["The number comes from the gemeente. You fill it in here."]);
}

#[tokio::test]
async fn supply_asks_as_often_of_one_wijk_as_of_many_and_shuts_nobody_out() {
    let region = Region::start().await;
    let browser = region.browser().await;
    browser.get("/board/supply").await;
    let (page, few) = statements(browser.get("/board/supply")).await;
    for (code, gemeente) in [("90CC00", "GM9903"), ("90DD00", "GM9904"), ("90EE00", "GM9905")] {
        region.server.school(code, gemeente).await;
    }
    browser.get("/board/supply").await;
    let (_, many) = statements(browser.get("/board/supply")).await;
    assert_eq!(many.len(), few.len(), "{many:#?}");
    let keeper = administrator(&region).await.get("/board/supply").await.body;
    let refused = browser.get("/board/supply?school_year=x").await.body;
    let style = page.body.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let styled =
        |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let documents = [("supply", page.body), ("supply-keeper", keeper), ("supply-refused", refused)];
    let documents: Vec<_> = documents.iter().map(|(name, body)| document(name, &styled(body))).collect();
    look("supply_shuts_nobody_out", &documents);
}
