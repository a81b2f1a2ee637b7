//! Every page of the workplace in a real browser: it fits a telephone and a screen, shuts nobody out while
//! its script runs, and leaves the server alone.

use std::{collections::BTreeSet, path::Path};

use schakel_client::v1 as pb;
use schakel_server::demo::load;
use serde_json::{Value, json};

use super::Stage;
use crate::matrix::pages::{PAGES, REGISTER};

const IBER: &str = "intern begeleider";
const KEEPER: &str = "thuiszitterscoördinator";
const PLANNER: &str = "coördinator van het wijkteam";
const PRIVACY: &str = "functionaris gegevensbescherming";
const ADMINISTRATOR: &str = "beheerder";

/// A page, what its pictures are called, and who looks at it. Who looks are together, as each signs in.
const LOOKS: &[(&str, &str, &str)] = &[
    ("/today", "today", IBER),
    ("/book", "book", IBER),
    ("/book?case={case}", "times", IBER),
    ("/consultations", "meetings", IBER),
    ("/consultations/{consultation}", "meeting", IBER),
    ("/consultations/{consultation}/move", "move", IBER),
    ("/consultations/{consultation}/outcome", "outcome", IBER),
    ("/handovers", "handovers", IBER),
    ("/hulpvragen", "requests", IBER),
    ("/sessions", "sessions", IBER),
    ("/cases/new", "case-new", IBER),
    ("/cases/{case}/answered", "case-answered", IBER),
    ("/cases/{case}/ask", "case-ask", IBER),
    ("/cases/{case}/consent", "case-consent", IBER),
    ("/cases/{case}/unask", "case-unask", IBER),
    ("/region/schools", "schools", IBER),
    ("/region/schools/{id}", "school", IBER),
    ("/region/links", "links", IBER),
    ("/region/clusters", "clusters", IBER),
    ("/region/clusters/{id}", "cluster", IBER),
    ("/region/teams", "teams", IBER),
    ("/region/teams/{id}", "register-team", IBER),
    ("/region/people", "people", IBER),
    ("/region/people/{id}", "person", IBER),
    ("/region/hours", "hours", IBER),
    ("/region/calendars", "calendars", IBER),
    ("/region/year-plan", "year-plan", IBER),
    ("/region/mail", "mail", IBER),
    ("/region/feeds", "feeds", IBER),
    ("/region/tokens", "tokens", IBER),
    ("/cases", "cases", KEEPER),
    ("/cases/{case}", "case", KEEPER),
    ("/cases/{case}/act", "case-act", KEEPER),
    ("/cases/{case}/advance", "case-advance", KEEPER),
    ("/cases/{case}/change", "case-change", KEEPER),
    ("/cases/{case}/check", "case-check", KEEPER),
    ("/cases/{case}/close", "case-close", KEEPER),
    ("/cases/{case}/complete", "case-complete", KEEPER),
    ("/cases/{case}/correct", "case-correct", KEEPER),
    ("/cases/{case}/de-escalate", "case-de-escalate", KEEPER),
    ("/cases/{case}/decide", "case-decide", KEEPER),
    ("/cases/{case}/drop", "case-drop", KEEPER),
    ("/cases/{case}/escalate", "case-escalate", KEEPER),
    ("/cases/{case}/fact", "case-fact", KEEPER),
    ("/cases/{case}/fact?of=exemption", "case-exemption", KEEPER),
    ("/cases/{case}/happened", "case-happened", KEEPER),
    ("/cases/{case}/household", "case-household", KEEPER),
    ("/cases/{case}/missed", "case-missed", KEEPER),
    ("/cases/{case}/move", "case-move", KEEPER),
    ("/cases/{case}/rejoinder", "case-rejoinder", KEEPER),
    ("/cases/{case}/reopen", "case-reopen", KEEPER),
    ("/cases/{case}/track", "case-track", KEEPER),
    ("/cases/{case}/track-back", "case-track-back", KEEPER),
    ("/cases/{case}/track-change", "case-track-change", KEEPER),
    ("/cases/{case}/track-step", "case-track-step", KEEPER),
    ("/cases/{case}/view", "case-view", KEEPER),
    ("/cases/{case}/withdraw", "case-withdraw", KEEPER),
    ("/board", "board", KEEPER),
    ("/board?by=gemeente", "board-gemeente", KEEPER),
    ("/board?by=school&date=2026-11-24", "board-refused", KEEPER),
    ("/board/reports", "reports", KEEPER),
    ("/board/reports?kind=jaarverslag&by=gemeente", "report-gemeente", KEEPER),
    ("/board/reports?kind=thuiszitters", "report-list", KEEPER),
    ("/board/reports/cases?kind=jaarverslag&figure=CASES", "report-cases", KEEPER),
    ("/board/cycle", "cycle", KEEPER),
    ("/board/cycle?plan=jeugdplan&gemeente_code=GM9901&year=2027", "cycle-gemeente", KEEPER),
    ("/board/indicators", "indicators", KEEPER),
    ("/board/supply", "supply", KEEPER),
    ("/region/surveys", "surveys", KEEPER),
    ("/region/surveys/new", "survey-new", KEEPER),
    ("/region/surveys/{id}", "survey", KEEPER),
    ("/team", "team", PLANNER),
    ("/cases/{case}/who-saw", "case-who-saw", PRIVACY),
    ("/region/import", "import", ADMINISTRATOR),
    ("/region/tokens/systems", "systems", ADMINISTRATOR),
    ("/region/subscriptions", "subscriptions", ADMINISTRATOR),
];

/// Forms about one thing of a case; its page has the address.
const OF: [&str; 11] = [
    "answered",
    "check",
    "complete",
    "correct",
    "drop",
    "rejoinder",
    "track-back",
    "track-change",
    "track-step",
    "unask",
    "withdraw",
];

/// Pages that are shown because something is not: no basis for a household, figures of a day to come.
const REFUSED: [(&str, u16); 2] = [("case-household", 409), ("board-refused", 422)];

/// Pages whose tables are wide, and fit a screen all the same.
const FIT: [&str; 1] = ["supply"];

/// Whether an address gives a page: the others give files, and one leads on.
fn is_page(path: &str) -> bool {
    let file = [".csv", ".json", ".svg", ".ics"].iter().any(|ending| path.contains(ending));
    !file && path != "/region"
}

/// What is asked of the walk for the pages about this case and this meeting.
fn looks(case: &str, meeting: &str) -> Vec<Value> {
    let times = format!("/book?case={case}&kind=MDO");
    let mut all = vec![json!({ "role": "", "name": "sign-in", "path": "/sign-in" })];
    for (page, name, role) in LOOKS {
        let path = page.replace("cases/{case}", case).replace("{case}", case);
        let path = path.replace("consultations/{consultation}", meeting);
        let mut look = json!({ "role": role, "name": name, "path": path });
        if let Some((list, _)) = page.split_once("{id}") {
            (look["path"], look["from"]) = (json!(list), json!(list.trim_end_matches('/')));
        } else if OF.iter().any(|verb| page.ends_with(&format!("{{case}}/{verb}"))) {
            (look["path"], look["from"]) = (json!(format!("{path}?of=")), json!(format!("/{case}")));
        } else if *name == "times" {
            look["path"] = json!(times);
        }
        if FIT.contains(name) {
            look["fits"] = json!(true);
        }
        if let Some((_, status)) = REFUSED.iter().find(|(refused, _)| refused == name) {
            look["status"] = json!(status);
        }
        all.push(look);
    }
    let confirm = json!({ "role": IBER, "name": "confirm", "path": times, "press": "Kies deze tijd" });
    let at = all.iter().position(|look| look["name"] == "times").unwrap();
    all.insert(at + 1, confirm);
    // Not for her, no such thing, and what waits for who plans.
    for (name, path, status) in
        [("not-allowed", "/cases", 404), ("absent", "/cases/none", 404), ("handovers-all", "/handovers", 200)]
    {
        all.push(json!({ "role": ADMINISTRATOR, "name": name, "path": path, "status": status }));
    }
    all
}

/// What somebody writes first, so that each of the forms is about something.
fn writes(case: &str) -> Value {
    let organisation = ["organisation", ""];
    json!({ "role": KEEPER, "forms": [
        { "path": format!("/{case}/act"), "fields": [
            ["plan_action.side", "EDUCATION"],
            ["plan_action.text", "Rooster voor halve dagen maken."],
            ["plan_action.due_date", "2026-12-04"],
        ] },
        { "path": format!("/{case}/view"), "fields": [
            ["person", ""], ["about", "CASE"], ["text", "Ik wil naar buiten."],
        ] },
        { "path": format!("/{case}/consent"), "fields": [
            ["consent.purpose", "zorgtoeleiding"],
            ["consent.receives", "ROLE_SMW"],
            ["consent.classes", "K2"],
            ["consent.exception", "KINDERBESCHERMINGSMAATREGEL"],
            ["consent.note", "De rechter heeft het bepaald."],
        ] },
        { "path": format!("/{case}/escalate"), "fields": [
            ["level", "3"], ["reason", "School en gemeente komen er samen niet uit."], organisation,
        ] },
        { "path": format!("/{case}/decide"), "fields": [
            ["decider", ""],
            ["text", "De school maakt plaats."],
            ["obliged_organisation", ""],
            ["due_date", "2026-12-18"],
        ] },
        { "path": format!("/{case}/track"), "fields": [
            ["track.kind", "COMPLAINT"],
            ["track.coordinator", ""],
            ["track.start_date", "2026-11-20"],
            ["track.next_date", "2026-12-01"],
        ] },
        { "path": format!("/{case}/track-step?of="), "from": format!("/{case}"), "fields": [
            ["step.kind", "HEARD"], ["step.date", "2026-11-23"], ["next_date", "2026-12-02"],
        ] },
        { "path": "/region/surveys/new", "fields": [
            ["survey.title.nl", "Wachttijd"],
            ["survey.title.en", "Waiting"],
            ["survey.due_date", "2026-12-18"],
            ["survey.questions[0].text.nl", "Is er een wachtlijst?"],
            ["survey.questions[0].text.en", "Is there a waiting list?"],
        ] },
        { "role": IBER, "path": format!("/{case}/consent"), "fields": [
            ["consent.purpose", "terugkeer_school"],
            ["consent.gives", ""],
            ["consent.receives", "ROLE_IBER"],
            ["consent.classes", "K3"],
            ["consent.exception", "KINDERBESCHERMINGSMAATREGEL"],
            ["consent.note", "De rechter heeft het bepaald."],
        ] },
        { "role": IBER, "path": format!("/{case}/ask"), "fields": [
            ["information_request.kind", "ABSENCE"],
            ["information_request.organisation", ""],
            ["information_request.role", ""],
            ["information_request.due_date", "2026-12-04"],
        ] },
    ] })
}

#[test]
fn every_page_of_the_matrix_is_looked_at_in_a_browser() {
    let known: BTreeSet<&str> = PAGES.iter().chain(&REGISTER).copied().filter(|path| is_page(path)).collect();
    let looked: BTreeSet<&str> = LOOKS.iter().map(|(page, ..)| *page).collect();
    assert_eq!(looked, known);
    let names: BTreeSet<&str> = LOOKS.iter().map(|(_, name, _)| *name).collect();
    assert_eq!(names.len(), LOOKS.len(), "each has pictures of its own");
}

/// Whoever reads `docs/pictures.md` sees every page.
#[test]
fn every_page_that_is_looked_at_has_its_pictures() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let text = std::fs::read_to_string(docs.join("pictures.md")).unwrap();
    for look in looks("cases/1", "consultations/1") {
        for width in [320, 1440] {
            let file = format!("pictures/workplace-{}-nl-{width}.png", look["name"].as_str().unwrap());
            assert!(docs.join(&file).exists() && text.contains(&file), "{file}");
        }
    }
}

/// With `SCHAKEL_TEST_PICTURES` their pictures are kept.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_workplace_fits_a_telephone_and_a_screen_and_leaves_the_server_alone() {
    const NAME: &str =
        "every_page_of_the_workplace_fits_a_telephone_and_a_screen_and_leaves_the_server_alone";
    let Some(stage) = Stage::set(NAME) else { return };
    let case = stage.case().await;
    let meeting = stage.booked(&case, &["smw"]).await;
    // No page of its own asks for help: that is done with the outcome of a meeting.
    let hulpvraag = pb::Hulpvraag {
        school: case.school.clone(),
        role: pb::Role::Smw.into(),
        target_date: "2026-12-04".into(),
        case: case.name.clone(),
        question: "Wie durft mee het plein op?".into(),
        ..Default::default()
    };
    let ask = pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id: load::fresh() };
    stage.program.as_person("iber").await.hulpvraag().create_hulpvraag(ask).await.unwrap();
    let pages = looks(&case.name, &meeting.name);
    let seen = stage.walk("pictures", &json!({ "writes": writes(&case.name), "pages": pages }));
    assert_eq!(seen["seen"].as_object().unwrap().len(), pages.len());
    assert_eq!(seen["seen"]["case-who-saw"], "Wie heeft dit dossier gezien?");
}
