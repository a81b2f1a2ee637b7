//! Indicators on the board: what they come to for who counts, and the forms of who keeps them.

use pb::indicator_service_client::IndicatorServiceClient;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    statements,
    workplace::{Browser, signed_in},
};

use super::{Region, has, lacks};

const PAGE: &str = "/board/indicators";

async fn administrator(region: &Region) -> Browser {
    signed_in(&region.server, region.server.founded.administrator).await
}

/// Sends one of the forms of the page with a fresh id.
async fn send(region: &Region, browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    let request_id = region.server.request_id();
    let mut all = vec![("request_id", request_id.as_str()), ("school_year", "2026-2027")];
    all.extend_from_slice(fields);
    browser.post(PAGE, &all).await
}

/// The form of a new one with this name, formula and unit.
async fn create(region: &Region, browser: &Browser, what: (&str, &str, &str)) -> Answer {
    let (name, numerator, unit) = what;
    let denominator = if numerator.is_empty() { "" } else { "REPORT_KIND_JAARVERSLAG/LRV" };
    let fields = [
        ("do", "create"),
        ("indicator.name_nl", name),
        ("indicator.name_en", ""),
        ("indicator.formula.numerator", numerator),
        ("indicator.formula.denominator", denominator),
        ("indicator.unit", unit),
        ("indicator.direction", "DIRECTION_AT_LEAST"),
        ("indicator.target_tenths", "73,4"),
        ("indicator.first_school_year", "2026-2027"),
        ("indicator.last_school_year", ""),
    ];
    send(region, browser, &fields).await
}

/// What the call tells of the only indicator.
async fn only(region: &Region) -> pb::IndicatorReading {
    let mut client = IndicatorServiceClient::new(region.server.administrator());
    let found = client.list_indicators(pb::ListIndicatorsRequest::default()).await.unwrap().into_inner();
    assert_eq!(found.readings.len(), 1, "{found:?}");
    found.readings[0].clone()
}

#[tokio::test]
async fn an_indicator_is_made_measured_and_changed_by_who_keeps_it_and_read_by_who_counts() {
    let region = Region::start().await;
    let keeper = administrator(&region).await;
    has(&keeper.get("/region/schools").await, &["href=\"/board/indicators\""]);
    has(&keeper.get(PAGE).await, &["Er zijn in dit schooljaar geen indicatoren.", "Nieuwe indicator"]);
    let wrong = create(&region, &keeper, ("", "", "UNIT_HOURS")).await;
    assert_eq!(wrong.status, 422);
    has(&wrong, &["id=\"fault-indicator.name_nl\"", "value=\"73,4\"", "value=\"UNIT_HOURS\" selected"]);
    let took = create(&region, &keeper, ("Geschoolde teams", "", "UNIT_HOURS")).await;
    let page = keeper.follow(took).await;
    has(&page, &["Geschoolde teams</th>", "minstens 73,4 uur", "geen waarde", "ingevuld per schooljaar"]);
    let made = only(&region).await.indicator.unwrap();
    assert_eq!((made.target_tenths, made.formula.as_ref()), (734, None));

    let value = |typed: &'static str, etag: &'static str| {
        let (name, region, keeper) = (made.name.clone(), &region, &keeper);
        async move {
            let fields = [("do", "value"), ("indicator", name.as_str()), ("value", typed), ("etag", etag)];
            send(region, keeper, &fields).await
        }
    };
    let refused = value("veel", "0").await;
    assert_eq!(refused.status, 422);
    has(&refused, &["value=\"veel\"", &format!("id=\"fault-{}\"", made.name)]);
    assert_eq!(value("80", "0").await.status, 303);
    let stale = value("90", "0").await;
    assert_eq!(stale.status, 422);
    has(&stale, &["Iemand anders heeft dit net gewijzigd.", "value=\"90\""]);

    let form = keeper.get(&format!("{PAGE}?change={}", made.name)).await;
    has(&form, &["Indicator wijzigen: Geschoolde teams", "value=\"73,4\""]);
    let fields = [
        ("do", "update"),
        ("name", made.name.as_str()),
        ("etag", made.etag.as_str()),
        ("indicator.name_nl", "Geschoold"),
        ("indicator.name_en", "Trained"),
        ("indicator.target_tenths", "85"),
        ("indicator.direction", "DIRECTION_AT_LEAST"),
        ("indicator.last_school_year", ""),
    ];
    let far = [&fields[..7], &[("indicator.last_school_year", "2020-2021")][..]].concat();
    let refused = send(&region, &keeper, &far).await;
    assert_eq!(refused.status, 422);
    has(&refused, &["id=\"fault-indicator.last_school_year\"", "value=\"2020-2021\"", "value=\"Geschoold\""]);
    assert_eq!(send(&region, &keeper, &fields).await.status, 303);
    let kept = only(&region).await;
    assert_eq!((kept.value_tenths, kept.indicator.unwrap().target_tenths), (Some(800), 850));

    let browser = region.browser().await;
    let page = browser.get(PAGE).await;
    has(
        &page,
        &["Geschoold</th>", "80 uur", "minstens 85 uur", "<span class=\"tag declined\">niet gehaald</span>"],
    );
    lacks(&page, &["Nieuwe indicator", "Vastleggen", "change=", "<script>", "style="]);
    assert_eq!(send(&region, &browser, &fields).await.status, 404, "theirs to read");
    let officer = region.other(Role::Beleidsmedewerker, "GM9901").await;
    has(&officer.get(PAGE).await, &["80 uur", "Te klein om te tonen is minder dan 10."]);
    assert_eq!(officer.get(&format!("{PAGE}?school_year=x")).await.status, 422);
    assert_eq!(region.other(Role::Smw, "GM9902").await.get(PAGE).await.status, 404);
}

#[tokio::test]
async fn a_share_without_what_is_shared_is_a_fault_and_who_counts_nothing_is_told_that_it_is_not_shown() {
    let region = Region::start().await;
    let keeper = administrator(&region).await;
    let fields = [
        ("do", "create"),
        ("indicator.name_nl", "Kort verzuim"),
        ("indicator.name_en", ""),
        ("indicator.formula.numerator", ""),
        ("indicator.formula.denominator", "REPORT_KIND_JAARVERSLAG/LRV"),
        ("indicator.unit", "UNIT_PERCENT"),
        ("indicator.direction", "DIRECTION_AT_LEAST"),
        ("indicator.target_tenths", "80"),
        ("indicator.first_school_year", "2026-2027"),
        ("indicator.last_school_year", ""),
    ];
    let refused = send(&region, &keeper, &fields).await;
    assert_eq!(refused.status, 422);
    has(
        &refused,
        &["id=\"fault-indicator.formula.numerator\"", "value=\"REPORT_KIND_JAARVERSLAG/LRV\" selected"],
    );
    let short = "REPORT_KIND_JAARVERSLAG/LRV_UP_TO_3_MONTHS";
    let took = create(&region, &keeper, ("Kort verzuim", short, "UNIT_PERCENT")).await;
    let page = keeper.follow(took).await;
    has(&page, &["tonen wij u niet"]);
    lacks(&page, &["geen waarde"]);
    lacks(&region.browser().await.get(PAGE).await, &["tonen wij u niet"]);
    let again = create(&region, &keeper, ("Kort verzuim", short, "UNIT_PERCENT")).await;
    assert_eq!(again.status, 422);
    has(&again, &["id=\"fault-indicator.name_nl\"", "Dit bestaat al."]);
}

#[tokio::test]
async fn indicators_ask_as_often_of_one_as_of_many_and_shut_nobody_out() {
    let region = Region::start().await;
    region.open("Een", 0, ("GM9901", "2026-08-10")).await;
    let keeper = administrator(&region).await;
    let browser = region.browser().await;
    let short = "REPORT_KIND_JAARVERSLAG/LRV_UP_TO_3_MONTHS";
    let took = create(&region, &keeper, ("Kort verzuim", short, "UNIT_PERCENT")).await;
    assert_eq!(took.status, 303, "{}", took.body);
    browser.get(PAGE).await;
    let (page, few) = statements(browser.get(PAGE)).await;
    has(&page, &["niet langer dan drie maanden thuis, als deel van: Langdurig relatief verzuim", "0 %"]);
    for name in ["Twee", "Drie", "Vier"] {
        assert_eq!(create(&region, &keeper, (name, "", "UNIT_DAYS")).await.status, 303);
        let share = format!("{name} als deel");
        assert_eq!(create(&region, &keeper, (share.as_str(), short, "UNIT_PERCENT")).await.status, 303);
    }
    browser.get(PAGE).await;
    let (full, many) = statements(browser.get(PAGE)).await;
    assert_eq!(many.len(), few.len(), "{many:#?}");
    let forms = keeper.get(PAGE).await.body;
    let wrong = create(&region, &keeper, ("", "", "UNIT_PERCENT")).await.body;
    let refused = browser.get(&format!("{PAGE}?school_year=x")).await.body;
    let style = page.body.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let styled =
        |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let documents = [
        ("indicators", full.body),
        ("indicators-forms", forms),
        ("indicators-wrong", wrong),
        ("indicators-refused", refused),
    ];
    let documents: Vec<_> = documents.iter().map(|(name, body)| document(name, &styled(body))).collect();
    look("indicators_shut_nobody_out", &documents);
}
