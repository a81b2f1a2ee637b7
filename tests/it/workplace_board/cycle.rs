//! The cycle of a plan on the board: everybody reads it, and the samenwerkingsverband says what is done.

use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    statements,
    workplace::Browser,
};

use super::{Region, has, lacks};

/// The form of a step of the ondersteuningsplan of 2027.
async fn mark(region: &Region, browser: &Browser, step: (&str, &str), done: &[(&str, &str)]) -> Answer {
    let request_id = region.server.request_id();
    let mut fields = vec![
        ("request_id", request_id.as_str()),
        ("plan", "ondersteuningsplan"),
        ("gemeente_code", ""),
        ("year", "2027"),
        ("step", step.0),
        ("round", step.1),
    ];
    fields.extend_from_slice(done);
    browser.post("/board/cycle", &fields).await
}

const DRAFT: (&str, &str) = ("PLAN_STEP_DRAFT", "1");
const DONE: &str = "<span class=\"tag accepted\">gedaan</span> gedaan op 12 oktober 2026";

#[tokio::test]
async fn the_samenwerkingsverband_records_a_step_and_takes_it_back() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let page = browser.get("/board/cycle").await;
    assert_eq!(page.status, 200);
    has(
        &page,
        &[
            "value=\"2027\"",
            "WPO 18a",
            "De wet zegt: voor 1 mei.",
            "<span class=\"tag declined\">te laat</span>",
            "<span class=\"tag tentative\">nu aan de beurt</span>",
            "De wet vraagt het volgende plan uiterlijk in 2031.",
            "aria-current=\"page\">Plancyclus",
        ],
    );
    lacks(&page, &[DONE, "<script>", "style="]);
    let took = mark(&region, &browser, DRAFT, &[("done_date", "2026-10-12")]).await;
    assert_eq!(took.status, 303, "{}", took.body);
    has(&browser.follow(took).await, &[DONE, "Toch niet gedaan"]);
    let future = mark(&region, &browser, DRAFT, &[("done_date", "2027-01-01")]).await;
    assert_eq!(future.status, 422);
    has(&future, &["id=\"fault-PLAN_STEP_DRAFT-1\"", "value=\"2027-01-01\"", DONE]);
    let empty = mark(&region, &browser, DRAFT, &[("done_date", "")]).await;
    assert_eq!(empty.status, 422);
    has(&empty, &["id=\"fault-PLAN_STEP_DRAFT-1\"", "Er klopt iets niet", DONE]);
    let back = mark(&region, &browser, DRAFT, &[("done_date", "2026-10-12"), ("do", "undo")]).await;
    lacks(&browser.follow(back).await, &[DONE, "Toch niet gedaan"]);
    // An overleg that was held twice.
    let again = ("PLAN_STEP_OOGO_AMBTELIJK", "2");
    has(&page, &["Ambtelijk OOGO, keer nummer 2"]);
    let took = mark(&region, &browser, again, &[("done_date", "2026-11-02")]).await;
    has(&browser.follow(took).await, &["Ambtelijk OOGO, keer nummer 3", "gedaan op 2 november 2026"]);
}

#[tokio::test]
async fn a_step_that_is_late_stands_on_the_page_of_today_with_the_way_to_its_plan() {
    let region = Region::start().await;
    let browser = region.browser().await;
    lacks(&browser.get("/today").await, &["/board/cycle?"]);
    // Of the plan of four years before the last step: the draft of the next was due in October.
    let request_id = region.server.request_id();
    let fields = [
        ("request_id", request_id.as_str()),
        ("plan", "ondersteuningsplan"),
        ("gemeente_code", ""),
        ("year", "2023"),
        ("step", "PLAN_STEP_TO_INSPECTIE"),
        ("round", "1"),
        ("done_date", "2023-04-28"),
    ];
    assert_eq!(browser.post("/board/cycle", &fields).await.status, 303);
    let page = browser.get("/today").await;
    has(&page, &["Ondersteuningsplan 2027: Het concept gaat naar gemeenten en scholen.", ">Plancyclus</a>"]);
    let (_, rest) = page.body.split_once("href=\"/board/cycle?plan=").unwrap();
    let way = rest.split('"').next().unwrap().replace("&amp;", "&");
    has(&browser.get(&format!("/board/cycle?plan={way}")).await, &["te laat", "value=\"2027\""]);
    assert_eq!(mark(&region, &browser, DRAFT, &[("done_date", "2026-10-12")]).await.status, 303);
    lacks(&browser.get("/today").await, &["/board/cycle?"]);
}

#[tokio::test]
async fn everybody_reads_the_cycle_and_who_may_not_record_has_no_form() {
    let region = Region::start().await;
    let area = pb::Area {
        kind: pb::area::Kind::Gemeente.into(),
        code: "GM9901".into(),
        display_name: "Lisdonk".into(),
        ..Default::default()
    };
    let making = pb::CreateAreaRequest { area: Some(area), request_id: region.server.request_id() };
    region.server.directory().create_area(making).await.unwrap();
    for (role, gemeente) in [(Role::Beleidsmedewerker, "GM9903"), (Role::Smw, "GM9902")] {
        let browser = region.other(role, gemeente).await;
        has(&browser.get("/region/schools").await, &["href=\"/board/cycle\""]);
        let page = browser.get("/board/cycle?plan=jeugdplan&gemeente_code=GM9901&year=2027").await;
        has(
            &page,
            &["Jeugdwet 2.2", "gemeenteraad", "value=\"GM9901\" selected", "Alleen het samenwerkingsverband"],
        );
        lacks(&page, &["method=\"post\" action=\"/board/cycle\"", "Vastleggen"]);
        assert_eq!(mark(&region, &browser, DRAFT, &[("done_date", "2026-10-12")]).await.status, 404);
    }
    let browser = region.browser().await;
    let refused = browser.get("/board/cycle?plan=jeugdplan").await;
    assert_eq!(refused.status, 422);
    has(&refused, &["id=\"fault-gemeente_code\"", "value=\"jeugdplan\" selected"]);
    let year = browser.get("/board/cycle?year=eens").await;
    assert_eq!(year.status, 422);
    has(&year, &["id=\"fault-year\"", "value=\"eens\""]);
    // A gemeente that is still chosen does not stand in the way of the other plan.
    assert_eq!(browser.get("/board/cycle?plan=ondersteuningsplan&gemeente_code=GM9901").await.status, 200);
}

#[tokio::test]
async fn a_cycle_asks_as_often_of_one_step_as_of_many_and_shuts_nobody_out() {
    let region = Region::start().await;
    let browser = region.browser().await;
    browser.get("/board/cycle").await;
    let (page, few) = statements(browser.get("/board/cycle")).await;
    for round in ["1", "2", "3"] {
        let step = ("PLAN_STEP_OOGO_BESTUURLIJK", round);
        let took = mark(&region, &browser, step, &[("done_date", "2026-11-02")]).await;
        assert_eq!(took.status, 303, "{}", took.body);
    }
    browser.get("/board/cycle").await;
    let (full, many) = statements(browser.get("/board/cycle")).await;
    assert_eq!(many.len(), few.len(), "{many:#?}");
    let refused = browser.get("/board/cycle?plan=jeugdplan&year=x").await.body;
    let wrong = mark(&region, &browser, DRAFT, &[("done_date", "2027-01-01")]).await.body;
    let style = page.body.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let styled = |body: &str| {
        let open = body.replace("<details ", "<details open ");
        open.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"))
    };
    let documents = [("cycle", full.body), ("cycle-refused", refused), ("cycle-wrong", wrong)];
    let documents: Vec<_> = documents.iter().map(|(name, body)| document(name, &styled(body))).collect();
    look("cycle_shuts_nobody_out", &documents);
}
