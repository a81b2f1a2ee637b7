//! Goals of an ondersteuningsplan on the page of its cycle: everybody reads them, and the samenwerkingsverband
//! says how far they are.

use pb::plan_goal::State;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, plan_cycle_service_client::PlanCycleServiceClient};
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    statements,
    workplace::Browser,
};

use super::{Region, has, lacks};

const AGREED: &str = "Elke school heeft een vast wijkteam.";

/// Sends the form of a goal of the ondersteuningsplan of 2027; `word` says what is done with it.
async fn goal(region: &Region, browser: &Browser, word: &str, fields: &[(&str, &str)]) -> Answer {
    let request_id = region.server.request_id();
    let mut all = vec![
        ("request_id", request_id.as_str()),
        ("do", word),
        ("plan", "ondersteuningsplan"),
        ("year", "2027"),
    ];
    all.extend_from_slice(fields);
    browser.post("/board/cycle", &all).await
}

/// A new one that nobody began with.
async fn agree(region: &Region, browser: &Browser, agreement: &str) -> Answer {
    let fields = [("plan_goal.agreement", agreement), ("plan_goal.state", "STATE_PLANNED")];
    goal(region, browser, "goal-create", &fields).await
}

/// The one goal, as the call tells it.
async fn told(region: &Region) -> pb::PlanGoal {
    let ask = pb::ListPlanGoalsRequest { year: 2027 };
    let found = PlanCycleServiceClient::new(region.keeper.1.clone()).list_plan_goals(ask).await.unwrap();
    found.into_inner().plan_goals.remove(0)
}

#[tokio::test]
async fn d09_a_goal_is_recorded_on_the_page_of_the_plan_and_what_came_of_it_is_said_there() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let page = browser.get("/board/cycle").await;
    has(&page, &["Doelen uit dit plan", "Er zijn nog geen doelen uit dit plan vastgelegd.", "Nieuw doel"]);
    let nothing = agree(&region, &browser, "").await;
    assert_eq!(nothing.status, 422);
    has(&nothing, &["id=\"fault-plan_goal.agreement\"", "Er klopt iets niet"]);

    let took = agree(&region, &browser, AGREED).await;
    assert_eq!(took.status, 303, "{}", took.body);
    let page = browser.follow(took).await;
    has(
        &page,
        &[
            "<th scope=\"row\">Elke school heeft een vast wijkteam.</th>",
            "<span class=\"tag waiting\">nog niet begonnen</span> sinds 23 november 2026",
            "data-label=\"Gezegd door\">THUISZITTERSCOORDINATOR ",
            " op 23 november 2026</td>",
            "Gelukt: <strong>0%</strong> van alle doelen.",
            "Nieuw doel",
        ],
    );
    lacks(&page, &["<script>", "style="]);

    let first = told(&region).await;
    let change = format!("/board/cycle?plan=ondersteuningsplan&year=2027&change={}", first.name);
    let form = browser.get(&change).await;
    has(&form, &["Doel wijzigen: Elke school", "value=\"STATE_PLANNED\" selected", "value=\"2026-11-23\""]);
    lacks(&form, &["Nieuw doel"]);
    let say = |etag: &'static str, why: &'static str| {
        let (region, browser, name) = (&region, &browser, first.name.as_str());
        async move {
            let fields = [
                ("name", name),
                ("etag", etag),
                ("plan_goal.agreement", AGREED),
                ("plan_goal.state", "STATE_NOT_REALISED"),
                ("plan_goal.since_date", "2026-11-20"),
                ("plan_goal.why", why),
            ];
            goal(region, browser, "goal-update", &fields).await
        }
    };
    let unsaid = say("1", "").await;
    assert_eq!(unsaid.status, 422);
    has(
        &unsaid,
        &[
            "id=\"fault-plan_goal.why\"",
            "Doel wijzigen: Elke school",
            "value=\"STATE_NOT_REALISED\" selected",
            "value=\"2026-11-20\"",
            "nog niet begonnen</span>",
        ],
    );
    assert_eq!((unsaid.value("name"), unsaid.value("etag")), (first.name.clone(), "1".to_owned()));
    let took = say("1", "Er kwam geen geld voor.").await;
    has(
        &browser.follow(took).await,
        &[
            "<span class=\"tag declined\">niet gelukt</span> sinds 20 november 2026",
            "data-label=\"Waarom niet\">Er kwam geen geld voor.</td>",
        ],
    );
    let now = told(&region).await;
    assert_eq!((now.state(), now.why.as_str()), (State::NotRealised, "Er kwam geen geld voor."));

    // Somebody else said something else meanwhile: what was typed stays beside what it says now.
    let stale = say("1", "Wij begonnen te laat.").await;
    assert_eq!(stale.status, 422);
    has(&stale, &["Iemand anders heeft dit doel net gewijzigd.", "value=\"Wij begonnen te laat.\""]);
    assert_eq!((stale.value("etag"), told(&region).await), (now.etag.clone(), now));
    let unknown = goal(&region, &browser, "goal-burn", &[("plan_goal.agreement", AGREED)]).await;
    assert_eq!(unknown.status, 400, "{}", unknown.body);
}

#[tokio::test]
async fn d09_everybody_reads_the_goals_of_the_plan_and_has_no_form_for_them() {
    let region = Region::start().await;
    let keeper = region.browser().await;
    agree(&region, &keeper, AGREED).await;
    for (role, gemeente) in [(Role::Beleidsmedewerker, "GM9903"), (Role::Smw, "GM9902")] {
        let browser = region.other(role, gemeente).await;
        let page = browser.get("/board/cycle?plan=ondersteuningsplan&year=2027").await;
        has(
            &page,
            &[AGREED, "nog niet begonnen</span>", "Alleen het samenwerkingsverband legt doelen vast."],
        );
        lacks(&page, &["method=\"post\" action=\"/board/cycle\"", "Nieuw doel", "change=planGoals"]);
        let asked = browser.get(&format!("/board/cycle?change={}", told(&region).await.name)).await;
        lacks(&asked, &["Doel wijzigen"]);
        assert_eq!(agree(&region, &browser, "Iets anders.").await.status, 404);
    }
    let other = keeper.get("/board/cycle?plan=ondersteuningsplan&year=2031").await;
    has(&other, &["Er zijn nog geen doelen uit dit plan vastgelegd."]);
    lacks(&other, &[AGREED]);
    // A plan of a gemeente has none here, and neither has a year of which nobody makes a plan.
    let area = pb::Area {
        kind: pb::area::Kind::Gemeente.into(),
        code: "GM9901".into(),
        display_name: "Lisdonk".into(),
        ..Default::default()
    };
    let making = pb::CreateAreaRequest { area: Some(area), request_id: region.server.request_id() };
    region.server.directory().create_area(making).await.unwrap();
    for (path, status) in
        [("/board/cycle?plan=jeugdplan&gemeente_code=GM9901&year=2027", 200), ("/board/cycle?year=1999", 422)]
    {
        let page = keeper.get(path).await;
        assert_eq!(page.status, status, "{path}");
        lacks(&page, &["Doelen uit dit plan"]);
    }
    let english = [("language", "en"), ("to", "/board/cycle")];
    assert_eq!(keeper.post_bare("/language", &english).await.status, 303);
    has(&keeper.get("/board/cycle").await, &["Goals of this plan", "not begun</span> since", AGREED]);
}

#[tokio::test]
async fn goals_ask_as_often_of_one_as_of_many_and_shut_nobody_out() {
    let region = Region::start().await;
    let browser = region.browser().await;
    let empty = browser.get("/board/cycle").await.body;
    agree(&region, &browser, AGREED).await;
    browser.get("/board/cycle").await;
    let (_, few) = statements(browser.get("/board/cycle")).await;
    for agreement in ["Er is een crisisoverleg binnen een dag.", "De groeidocumenten zijn digitaal."] {
        assert_eq!(agree(&region, &browser, agreement).await.status, 303);
    }
    browser.get("/board/cycle").await;
    let (full, many) = statements(browser.get("/board/cycle")).await;
    assert_eq!(many.len(), few.len(), "{many:#?}");
    let change = browser.get(&format!("/board/cycle?change={}", told(&region).await.name)).await.body;
    let refused = agree(&region, &browser, "").await.body;
    let style = full.body.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let styled =
        |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let documents =
        [("goals", full.body), ("goals-empty", empty), ("goals-change", change), ("goals-refused", refused)];
    let documents: Vec<_> = documents.iter().map(|(name, body)| document(name, &styled(body))).collect();
    look("goals_shut_nobody_out", &documents);
}
