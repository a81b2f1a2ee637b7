//! The page of whoever plans for a team: who has which meetings, who comes instead, and which requests
//! wait.

use pb::{availability_service_client::AvailabilityServiceClient, hulpvraag::State};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{seed_meetings::Scene, statements, workplace::signed_in};

use crate::workplace_book::{get, has, send};

/// The team's social worker writes down that she is away this week and the next.
pub(crate) async fn away(scene: &Scene) {
    let absence = pb::Absence {
        person: scene.smw.0.to_string(),
        kind: pb::absence::Kind::Away.into(),
        valid_from: "2026-11-23".into(),
        valid_until: "2026-12-04".into(),
        ..Default::default()
    };
    let ask = pb::CreateAbsenceRequest { absence: Some(absence), request_id: scene.server.request_id() };
    AvailabilityServiceClient::new(scene.smw.1.clone()).create_absence(ask).await.unwrap();
}

/// A request of the school for a social worker.
async fn asked(scene: &Scene) -> pb::Hulpvraag {
    let hulpvraag = pb::Hulpvraag {
        school: scene.school.to_string(),
        role: pb::Role::Smw.into(),
        target_date: "2026-12-04".into(),
        case: scene.family.case.to_string(),
        question: "Wie durft mee het plein op?".into(),
        category: pb::hulpvraag::Category::Verzuim.into(),
        ..Default::default()
    };
    let ask =
        pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id: scene.server.request_id() };
    scene.requests().create_hulpvraag(ask).await.unwrap().into_inner()
}

async fn state(scene: &Scene, name: &str) -> (State, String) {
    let ask = pb::GetHulpvraagRequest { name: name.to_owned() };
    let now = scene.requests().get_hulpvraag(ask).await.unwrap().into_inner();
    (now.state(), now.person)
}

#[tokio::test]
async fn x14_whoever_plans_for_a_team_sees_its_week_and_replaces_who_is_away() {
    let scene = Scene::start().await;
    let (deputy, _) = scene.server.person(Role::Smw, scene.team).await;
    let booked = scene.booked(scene.later(48)).await;
    let reference = booked.reference.as_str();
    let browser = signed_in(&scene.server, scene.planner.0).await;
    let page = browser.get("/team").await;
    let shown =
        ["href=\"/team\" aria-current=\"page\"", reference, "25 november 2026", "op school", "Er wacht geen"];
    has(&page, 200, &shown);
    let hidden = ["Multidisciplinair", "Noor", "Anna", "Zoek een vervanger", "/consultations/"];
    assert!(hidden.iter().all(|hidden| !page.body.contains(hidden)), "{}", page.body);
    let next = browser.get("/team?week=2026-12-01").await;
    assert!(next.status == 200 && !next.body.contains(reference), "{}", next.body);

    away(&scene).await;
    let page = browser.get("/team").await;
    has(&page, 200, &["Zoek een vervanger", "kan niet", "afwezig 23 november 2026", &deputy.to_string()]);
    let done = send(&browser, &page, "/team", &[("comes", &deputy.to_string())]).await;
    assert_eq!((done.status, done.header("location")), (303, "/team?week=2026-11-23"), "{}", done.body);
    let now = get(&scene, &booked.name).await;
    let sits = |person: String| now.participants.iter().any(|seat| seat.person == person);
    assert!(sits(deputy.to_string()) && !sits(scene.smw.0.to_string()), "{now:?}");
    let page = browser.follow(done).await;
    assert!(page.body.contains(reference) && !page.body.contains("Zoek een vervanger"), "{}", page.body);
}

#[tokio::test]
async fn x14_a_replacement_that_somebody_else_made_is_not_made_again() {
    let scene = Scene::start().await;
    let (deputy, _) = scene.server.person(Role::Smw, scene.team).await;
    scene.booked(scene.later(48)).await;
    away(&scene).await;
    let browser = signed_in(&scene.server, scene.planner.0).await;
    let (one, other) = (browser.get("/team").await, browser.get("/team").await);
    let deputy = deputy.to_string();
    let comes = [("comes", deputy.as_str())];
    assert_eq!(send(&browser, &one, "/team", &comes).await.status, 303);
    has(&send(&browser, &other, "/team", &comes).await, 409, &["Dit is al geregeld"]);
}

#[tokio::test]
async fn x14_who_plans_for_no_team_has_no_page_of_it() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    for person in [scene.iber.0, scene.smw.0, scene.leerplicht.0] {
        let browser = signed_in(&scene.server, person).await;
        assert_eq!(browser.get("/team").await.status, 404);
        assert!(!browser.get("/today").await.body.contains("href=\"/team\""));
    }
    let other = scene.server.team("WT02").await;
    let (planner, _) = scene.server.person(Role::WijkteamCoordinator, other).await;
    let theirs = signed_in(&scene.server, planner).await.get("/team").await;
    assert!(theirs.status == 200 && !theirs.body.contains(&booked.reference), "{}", theirs.body);
}

#[tokio::test]
async fn a06_a_request_is_accepted_or_declined_on_the_page_of_the_team() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.planner.0).await;
    let first = asked(&scene).await;
    let page = browser.get("/team").await;
    has(&page, 200, &["Wie neemt de hulpvraag", "Over: verzuim", "4 december 2026"]);
    assert!(!page.body.contains("het plein op"), "not before it is accepted: {}", page.body);
    let taken = send(&browser, &page, "/team", &[("person", &scene.smw.0.to_string())]).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    assert_eq!(state(&scene, &first.name).await, (State::Accepted, scene.smw.0.to_string()));

    let second = asked(&scene).await;
    let page = browser.get("/team").await;
    let ids = [scene.server.request_id(), scene.server.request_id()];
    let decline = |nth: usize, reason: &'static str| {
        [
            ("do", "decline"),
            ("name", second.name.as_str()),
            ("etag", second.etag.as_str()),
            ("request_id", ids[nth].as_str()),
            ("reason", reason),
        ]
    };
    has(&page, 200, &[&second.name]);
    has(&browser.post("/team", &decline(0, "")).await, 409, &["role=\"alert\""]);
    assert_eq!(state(&scene, &second.name).await.0, State::Requested);
    let declined = browser.post("/team", &decline(1, "Ons team is vol tot de kerst.")).await;
    assert_eq!((declined.status, declined.header("location")), (303, "/team"), "{}", declined.body);
    assert_eq!(state(&scene, &second.name).await.0, State::Declined);
}

#[tokio::test]
async fn a06_a_reason_and_a_choice_that_are_refused_stay_in_their_own_form() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.planner.0).await;
    let (first, second) = (asked(&scene).await, asked(&scene).await);
    let page = browser.get("/team").await;
    let taker = format!("<option value=\"{}\" selected>", scene.smw.0);
    has(&page, 200, &["Overleg uiterlijk", "Antwoord uiterlijk", "Kies iemand"]);
    assert!(!page.body.contains(" selected>"), "nobody takes it before somebody chooses: {}", page.body);
    let ids =
        page.body.split("name=\"request_id\" value=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    let ids: Vec<&str> = ids.collect();
    let different: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert_eq!((ids.len(), different.len()), (4, 4), "{ids:?}");

    let post = |what: &'static str, more: (&'static str, String), etag: String| {
        let fields = [
            ("do", what.to_owned()),
            ("name", second.name.clone()),
            ("etag", etag),
            ("request_id", scene.server.request_id()),
            (more.0, more.1),
        ];
        let browser = &browser;
        async move {
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            browser.post("/team", &fields).await
        }
    };
    let number = "Bel ons over 111222333 als het kan.";
    let refused = post("decline", ("reason", number.to_owned()), second.etag.clone()).await;
    let field = format!("value=\"{number}\" required aria-invalid=\"true\" aria-describedby=\"fault-reason-");
    has(&refused, 409, &["role=\"alert\"", "burgerservicenummer", &field]);
    assert_eq!(refused.body.matches(number).count(), 1, "in no other form: {}", refused.body);
    let (before, _) = refused.body.split_once(number).unwrap();
    let (_, mine) = before.rsplit_once("<li data-request=\"").unwrap();
    assert!(mine.starts_with(&second.name) && !mine.starts_with(&first.name), "{mine}");

    let stale = post("accept", ("person", scene.smw.0.to_string()), "99".to_owned()).await;
    has(&stale, 409, &["role=\"alert\"", &taker]);
    assert_eq!(stale.body.matches(" selected>").count(), 1, "{}", stale.body);
    assert_eq!(state(&scene, &second.name).await.0, State::Requested);
}

#[tokio::test]
async fn how_full_a_week_is_stands_in_hours() {
    let scene = Scene::start().await;
    scene.booked(scene.later(48)).await;
    let page = signed_in(&scene.server, scene.planner.0).await.get("/team").await;
    has(&page, 200, &["Hoe vol de week is", "1 uur overleg van "]);
}

#[tokio::test]
async fn whoever_plans_for_a_team_reports_who_of_it_is_ill_and_nobody_else() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.planner.0).await;
    let hours = format!("/region/hours?person={}", scene.smw.0);
    let page = browser.get(&hours).await;
    has(&page, 200, &["Afwezigheid toevoegen"]);
    for hidden in ["Werktijd toevoegen", "/region/calendars?person="] {
        assert!(!page.body.contains(hidden), "{hidden}\n{}", page.body);
    }
    let leave = |person: &str, request: &str| {
        let fields = [
            ("do", "leave"),
            ("person", person),
            ("request_id", request),
            ("absence.kind", "KIND_AWAY"),
            ("absence.valid_from", "2026-11-23"),
        ];
        fields.map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let post = async |fields: [(String, String); 5]| {
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/region/hours", &fields).await
    };
    let ill = post(leave(&scene.smw.0.to_string(), &scene.server.request_id())).await;
    assert_eq!(ill.status, 303, "{}", ill.body);
    has(&browser.get(&hours).await, 200, &["<h3>Afwezig</h3>", "value=\"unleave\""]);

    let other = scene.iber.0.to_string();
    let page = browser.get(&format!("/region/hours?person={other}")).await;
    assert!(!page.body.contains("Afwezigheid toevoegen"), "{}", page.body);
    assert_eq!(post(leave(&other, &scene.server.request_id())).await.status, 404);
}

#[tokio::test]
async fn the_page_of_the_team_asks_as_often_of_one_meeting_as_of_many() {
    let scene = Scene::start().await;
    asked(&scene).await;
    scene.booked(scene.later(50)).await;
    let browser = signed_in(&scene.server, scene.planner.0).await;
    browser.get("/team").await;
    let (_, one) = statements(browser.get("/team")).await;
    for hours in [52, 74] {
        scene.booked(scene.later(hours)).await;
    }
    browser.get("/team").await;
    let (_, three) = statements(browser.get("/team")).await;
    assert_eq!(one.len(), three.len(), "{three:#?}");
}
