//! A request for help on the pages: asked for at a meeting, sent on, taken, planned and finished, each by who may.

use chrono::TimeDelta;
use pb::{hulpvraag::State, hulpvraag_service_client::HulpvraagServiceClient};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1 as pb;
use schakel_server::thuiszitter::worker;
use schakel_tests::{
    As,
    browser::{document, look},
    seed_meetings::Scene,
    statements,
    workplace::{Browser, signed_in},
};

use crate::workplace_book::{get, has, school, send};

/// Where the declined ones stand.
const DECLINED: &str = "/hulpvragen?state=declined";

/// The only request that somebody sees.
async fn only(by: &As) -> pb::Hulpvraag {
    let ask = pb::ListHulpvragenRequest::default();
    let all = HulpvraagServiceClient::new(by.clone()).list_hulpvragen(ask).await.unwrap().into_inner();
    let [one] = all.hulpvragen.as_slice() else { panic!("{all:?}") };
    one.clone()
}

/// A request of the school about `case`, for a social worker.
async fn asked(scene: &Scene, case: &str) -> pb::Hulpvraag {
    asked_for(scene, case, "2026-12-04").await
}

/// The same for another day.
async fn asked_for(scene: &Scene, case: &str, target: &str) -> pb::Hulpvraag {
    let hulpvraag = pb::Hulpvraag {
        school: scene.school.to_string(),
        role: pb::Role::Smw.into(),
        target_date: target.into(),
        case: case.into(),
        question: "Wie durft mee het plein op?".into(),
        ..Default::default()
    };
    let ask =
        pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id: scene.server.request_id() };
    scene.requests().create_hulpvraag(ask).await.unwrap().into_inner()
}

/// The team's planner has the social worker take it.
async fn taken(scene: &Scene, asked: &pb::Hulpvraag) {
    taken_by(scene, asked, scene.smw.0).await;
}

/// The same of another colleague.
async fn taken_by(scene: &Scene, asked: &pb::Hulpvraag, person: PersonId) {
    let ask = pb::AcceptHulpvraagRequest {
        name: asked.name.clone(),
        person: person.to_string(),
        etag: asked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    HulpvraagServiceClient::new(scene.planner.1.clone()).accept_hulpvraag(ask).await.unwrap();
}

/// The team's planner declines it.
async fn declined(scene: &Scene, asked: &pb::Hulpvraag) {
    let ask = pb::DeclineHulpvraagRequest {
        name: asked.name.clone(),
        reason: "Wij hebben tot mei geen plek.".into(),
        etag: asked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    HulpvraagServiceClient::new(scene.planner.1.clone()).decline_hulpvraag(ask).await.unwrap();
}

/// The page with its style, for whoever looks at it.
async fn styled(browser: &Browser, path: &str) -> String {
    let page = browser.get(path).await.body;
    let begin = page.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{begin}")).await.body;
    page.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"))
}

#[tokio::test]
async fn c02_a_yes_to_help_says_who_is_needed_for_what_and_by_when() {
    let (scene, _, _) = school().await;
    let booked = scene.booked(scene.later(48)).await;
    let path = format!("/{}/outcome", booked.name);
    scene.server.clock.advance(TimeDelta::hours(50));
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let page = browser.get(&path).await;
    has(
        &page,
        200,
        &["Zo ja: wie is er nodig", "Zo ja: waar gaat de vraag over", "name=\"jgt_target_date\""],
    );
    has(&page, 200, &["value=\"ROLE_SMW\" selected"]);
    let (iber, parent) = (scene.iber.0.to_string(), scene.family.parents[0].to_string());
    let smw = scene.smw.0.to_string();
    let fields = [
        ("attended", iber.as_str()),
        ("attended", smw.as_str()),
        ("attended", parent.as_str()),
        ("child_heard", "CHILD_HEARD_THROUGH_OTHERS"),
        ("child_heard_note", "Via moeder."),
        ("jgt_hulp_gewenst", "JGT_HULP_GEWENST_JA"),
        ("jgt_decided_with", parent.as_str()),
        ("jgt_role", "ROLE_SMW"),
        ("jgt_category", "CATEGORY_GEZIN"),
        ("summary", "Wie helpt thuis met de ochtend?"),
        ("action_text", "De school belt moeder."),
        ("action_owner", iber.as_str()),
        ("action_due", "2026-12-03"),
    ];
    let with = |day: &'static str| {
        let mut all = fields.to_vec();
        all.push(("jgt_target_date", day));
        all
    };
    let late = send(&browser, &page, &path, &with("2026-11-20")).await;
    has(
        &late,
        422,
        &[
            "role=\"alert\"",
            "id=\"fault-jgt_target_date\"",
            "value=\"2026-11-20\"",
            "value=\"CATEGORY_GEZIN\" selected",
        ],
    );
    let kept = send(&browser, &late, &path, &with("2026-12-03")).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    let asked = only(&scene.iber.1).await;
    let told = (asked.role(), asked.category(), asked.target_date.as_str());
    assert_eq!(told, (pb::Role::Smw, pb::hulpvraag::Category::Gezin, "2026-12-03"));
    has(&browser.follow(kept).await, 200, &["uiterlijk 3 december 2026", "href=\"/hulpvragen\""]);
    let team = signed_in(&scene.server, scene.planner.0).await.get("/team").await;
    has(&team, 200, &["Over: gezin", "Overleg uiterlijk 3 december 2026"]);
    assert!(!team.body.contains("School wil"), "nobody put that into its mouth: {}", team.body);
}

#[tokio::test]
async fn a07_a_team_sends_a_request_on_to_another_team_on_its_page() {
    let scene = Scene::start().await;
    let other = scene.server.team("WT02").await;
    let (planner, _) = scene.server.person(Role::WijkteamCoordinator, other).await;
    let request = asked(&scene, &scene.family.case.to_string()).await;
    let browser = signed_in(&scene.server, scene.planner.0).await;
    let page = browser.get("/team").await;
    has(&page, 200, &["Stuur door", "Naar welk team", &format!("<option value=\"{other}\">")]);
    assert!(!page.body.contains(&format!("<option value=\"{}\">", scene.team)), "not to itself");
    let id = || scene.server.request_id();
    let send_on = async |team: &str, reason: &str, id: &str| {
        let fields = [
            ("do", "forward"),
            ("name", request.name.as_str()),
            ("etag", request.etag.as_str()),
            ("request_id", id),
            ("team", team),
            ("reason", reason),
        ];
        browser.post("/team", &fields).await
    };
    let team = other.to_string();
    let silent = send_on(&team, "", &id()).await;
    has(&silent, 409, &["role=\"alert\"", &format!("<option value=\"{other}\" selected>"), "fault-on-1"]);
    let sent = send_on(&team, "Het gezin woont in een andere wijk.", &id()).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/team"), "{}", sent.body);
    assert_eq!(only(&scene.iber.1).await.state(), State::Forwarded);
    assert!(!browser.get("/team").await.body.contains(&request.name));
    let theirs = signed_in(&scene.server, planner).await;
    has(&theirs.get("/team").await, 200, &[&request.name, "Wijs af"]);
    let school = signed_in(&scene.server, scene.iber.0).await.get("/hulpvragen").await;
    has(&school, 200, &["doorgestuurd", "TEAM WT02", "Het gezin woont in een andere wijk."]);
}

#[tokio::test]
async fn a06_who_took_a_request_reads_what_it_is_and_who_plans_it() {
    let (scene, case, _) = school().await;
    let request = asked(&scene, &case.name).await;
    let browser = signed_in(&scene.server, scene.smw.0).await;
    assert!(!browser.get("/hulpvragen").await.body.contains(&request.name), "not before it was taken");
    taken(&scene, &request).await;
    let today = browser.get("/today").await;
    has(&today, 200, &["<a href=\"/hulpvragen\">Aangenomen hulpvragen</a>", "4 december 2026"]);
    has(&today, 200, &["Voor een aangenomen hulpvraag van SCHOOL 99AA00 is nog geen overleg gepland."]);
    assert!(!today.body.contains("plein"), "what is asked stands behind it: {}", today.body);
    let page = browser.get("/hulpvragen").await;
    let shown =
        ["Wie durft mee het plein op?", "4 december 2026", "De school die erom vroeg, plant dit overleg."];
    has(&page, 200, &shown);
    assert!(!page.body.contains("href=\"/book"), "who may not plan is not led there: {}", page.body);
    assert_eq!(browser.get("/book").await.status, 404);
    look(
        "a06_who_took_a_request_reads_what_it_is_and_who_plans_it",
        &[
            document("requests-taken", &styled(&browser, "/hulpvragen").await),
            document(
                "team-forward",
                &styled(&signed_in(&scene.server, scene.planner.0).await, "/team").await,
            ),
        ],
    );
}

#[tokio::test]
async fn a06_the_school_sees_who_took_its_request_and_plans_the_meeting_from_there() {
    let (scene, case, browser) = school().await;
    let request = asked(&scene, &case.name).await;
    has(
        &browser.get("/hulpvragen").await,
        200,
        &["wacht op antwoord", "TEAM WT01", "Het team antwoordt uiterlijk"],
    );
    taken(&scene, &request).await;
    let today = browser.get("/today").await;
    has(&today, 200, &["<a href=\"/hulpvragen\">Aangenomen hulpvragen</a>"]);
    worker::work(&scene.server.app, scene.server.founded.region).await.unwrap();
    let events = browser.get(&format!("/{}", case.name)).await;
    has(&events, 200, &["<a href=\"/hulpvragen\">Een hulpvraag is aangenomen.</a>"]);
    let page = browser.get("/hulpvragen").await;
    has(&page, 200, &["aangenomen, nog geen overleg", "TEAM WT01", "Aangenomen door", "4 december 2026"]);
    let way = format!("/book?case={}&amp;hulpvraag={}", case.name, request.name);
    has(&page, 200, &[&way]);

    let book = way.replace("&amp;", "&");
    has(&browser.get(&book).await, 200, &["Dit overleg hoort bij een hulpvraag", &request.name]);
    let times = browser.get(&format!("{book}&kind=MDO")).await;
    has(&times, 200, &["Tijden die kunnen", &format!("value=\"{}:SMW\"", scene.smw.0)]);
    let chosen = times.value("pick");
    let confirm = send(&browser, &times, "/book/time", &[("pick", &chosen)]).await;
    has(&confirm, 200, &["Klopt dit?"]);
    let booked = send(&browser, &confirm, "/book", &[]).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let meeting = get(&scene, booked.header("location").trim_start_matches('/')).await;
    assert_eq!(meeting.hulpvraag, request.name);
    let now = only(&scene.iber.1).await;
    assert_eq!((now.state(), now.consultation.as_str()), (State::Planned, meeting.name.as_str()));

    let page = browser.get("/hulpvragen").await;
    has(&page, 200, &["overleg gepland", &format!("href=\"/{}\"", meeting.name), "rond af"]);
    for who in [&browser, &signed_in(&scene.server, scene.smw.0).await] {
        assert!(!who.get("/today").await.body.contains("Aangenomen hulpvragen"), "its meeting is booked");
    }
    let done = send(&browser, &page, "/hulpvragen", &[]).await;
    assert_eq!((done.status, done.header("location")), (303, "/hulpvragen"), "{}", done.body);
    assert_eq!(only(&scene.iber.1).await.state(), State::Done);
    has(&browser.follow(done).await, 200, &["Er lopen geen hulpvragen"]);
}

#[tokio::test]
async fn a_meeting_keeps_to_the_child_of_its_request_and_gives_one_to_a_request_without() {
    let (scene, case, browser) = school().await;
    let (of_child, of_none) = (asked(&scene, &case.name).await, asked(&scene, "").await);
    for request in [&of_child, &of_none] {
        taken(&scene, request).await;
    }
    let with = async |request: &pb::Hulpvraag, about: &str| {
        browser.get(&format!("/book?{about}&hulpvraag={}", request.name)).await
    };
    let (child, school) = (format!("case={}", case.name), format!("school={}", scene.school));
    for (request, about) in [(&of_child, &child), (&of_none, &child), (&of_none, &school)] {
        let page = with(request, about).await;
        let kept = format!("name=\"hulpvraag\" value=\"{}\"", request.name);
        has(&page, 200, &["Dit overleg hoort bij een hulpvraag", &kept]);
        assert!(!page.body.contains("hoort niet meer bij de hulpvraag"), "{}", page.body);
    }
    let cleared = with(&of_child, &school).await;
    has(&cleared, 200, &["hoort niet meer bij de hulpvraag"]);
    assert!(!cleared.body.contains("name=\"hulpvraag\""), "{}", cleared.body);

    let times = with(&of_none, &format!("{child}&kind=MDO")).await;
    let confirm = send(&browser, &times, "/book/time", &[("pick", &times.value("pick"))]).await;
    has(&confirm, 200, &["Klopt dit?"]);
    let booked = send(&browser, &confirm, "/book", &[]).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let meeting = get(&scene, booked.header("location").trim_start_matches('/')).await;
    assert_eq!((meeting.case, meeting.hulpvraag), (case.name, of_none.name));
}

#[tokio::test]
async fn requests_ask_as_often_of_one_taker_as_of_several() {
    let (scene, case, browser) = school().await;
    taken(&scene, &asked(&scene, &case.name).await).await;
    browser.get("/hulpvragen").await;
    let (_, one) = statements(browser.get("/hulpvragen")).await;
    let mut takers = vec![scene.smw.0];
    for _ in 0..2 {
        let (taker, _) = scene.server.person(Role::Smw, scene.team).await;
        taken_by(&scene, &asked(&scene, &case.name).await, taker).await;
        takers.push(taker);
    }
    browser.get("/hulpvragen").await;
    let (page, three) = statements(browser.get("/hulpvragen")).await;
    for taker in takers {
        let code = taker.0.simple().to_string();
        has(&page, 200, &[&format!("<dd>{} {}</dd>", Role::Smw, &code[code.len() - 4..])]);
    }
    assert_eq!(one.len(), three.len(), "{three:#?}");
}

#[tokio::test]
async fn a_request_that_nobody_took_is_found_with_the_reason() {
    let (scene, case, browser) = school().await;
    let request = asked(&scene, &case.name).await;
    declined(&scene, &request).await;
    // Nothing waits for anybody any more, and Today leads there all the same.
    let today = browser.get("/today").await;
    has(&today, 200, &["<a href=\"/hulpvragen\">Bekijk de hulpvragen, ook de afgewezen</a>"]);
    let page = browser.get("/hulpvragen").await;
    has(&page, 200, &["Er lopen geen hulpvragen", &format!("href=\"{DECLINED}\"")]);
    assert!(!page.body.contains(&request.name), "it runs no more: {}", page.body);
    let page = browser.get(DECLINED).await;
    let shown = ["Afgewezen hulpvragen", "Wij hebben tot mei geen plek.", "Afgewezen op", "23 november 2026"];
    has(&page, 200, &shown);
    has(&page, 200, &[&request.name, "Wie durft mee het plein op?", "href=\"/hulpvragen\""]);
    worker::work(&scene.server.app, scene.server.founded.region).await.unwrap();
    let events = browser.get(&format!("/{}", case.name)).await;
    has(&events, 200, &[&format!("<a href=\"{DECLINED}\">")]);
    // The team reads why it declined, and no more of what was asked than before.
    let team = signed_in(&scene.server, scene.planner.0).await.get(DECLINED).await;
    has(&team, 200, &[&request.name, "Wij hebben tot mei geen plek."]);
    assert!(!team.body.contains("Wie durft mee het plein op?"), "{}", team.body);
    let other = signed_in(&scene.server, scene.smw.0).await.get(DECLINED).await;
    has(&other, 200, &["Er is geen hulpvraag afgewezen die u mag zien."]);
}

#[tokio::test]
async fn declined_requests_come_in_pages_the_latest_first_at_the_same_cost() {
    let (scene, case, browser) = school().await;
    let early = asked(&scene, &case.name).await;
    // For when it is wanted says nothing of when it was declined.
    let first = asked_for(&scene, &case.name, "2027-05-14").await;
    declined(&scene, &first).await;
    browser.get(DECLINED).await;
    let (page, one) = statements(browser.get(DECLINED)).await;
    has(&page, 200, &[&first.name]);
    assert!(!page.body.contains("rel=\"next\""), "{}", page.body);
    // One more than a page of twenty.
    for _ in 0..19 {
        declined(&scene, &asked(&scene, &case.name).await).await;
    }
    scene.server.clock.advance(TimeDelta::minutes(1));
    declined(&scene, &early).await;
    browser.get(DECLINED).await;
    let (page, many) = statements(browser.get(DECLINED)).await;
    assert_eq!(page.body.matches("data-request=").count(), 20);
    assert!(!page.body.contains(&first.name), "the latest come first: {}", page.body);
    let named = page.body.split_once("data-request=\"").unwrap().1;
    assert!(named.starts_with(&early.name), "asked first and answered last: {named}");
    assert_eq!(one.len(), many.len(), "{many:#?}");
    let next = page.body.split_once("rel=\"next\" href=\"").unwrap().1.split_once('"').unwrap().0;
    let rest = browser.get(&next.replace("&amp;", "&")).await;
    has(&rest, 200, &[&first.name]);
    assert_eq!(rest.body.matches("data-request=").count(), 1);
    assert!(!rest.body.contains("rel=\"next\""), "{}", rest.body);
    let altered = browser.get(&format!("{DECLINED}&page=x")).await;
    assert_eq!(altered.status, 400);
}

#[tokio::test]
async fn who_reads_no_requests_has_no_page_of_them() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.leerplicht.0).await;
    let officer = browser.get("/hulpvragen").await;
    assert!(officer.status == 404 && officer.body.contains("is niet voor u"), "{}", officer.body);
    let today = browser.get("/today").await;
    assert!(today.status == 200 && !today.body.contains("/hulpvragen"), "{}", today.body);
    let nobody = Browser::of(&scene.server).await;
    assert_eq!(nobody.get("/hulpvragen").await.status, 303);
}
