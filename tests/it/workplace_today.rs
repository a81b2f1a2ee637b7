//! The page Today, as whoever has something to do sees it: what they promised at a meeting is said there to be
//! done, and what waits of one case stands together.

use chrono::TimeDelta;
use pb::{
    action_service_client::ActionServiceClient, list_actions_request::State,
    plan_service_client::PlanServiceClient, task_service_client::TaskServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_domain::ids::PersonId;
use schakel_proto::v1 as pb;
use schakel_tests::{
    As,
    browser::{document, look},
    http::Answer,
    seed_meetings::{Scene, seat},
    workplace::{Browser, signed_in},
};

use crate::{
    thuiszitter::absent,
    workplace_book::{has, send},
};

/// An outcome of the MDO at which the social worker and the IB'er promised something.
pub(crate) fn outcome(scene: &Scene) -> pb::Outcome {
    let parent = scene.family.parents[0].to_string();
    let action = |text: &str, owner: PersonId, due: &str| pb::outcome::Action {
        text: text.into(),
        owner: owner.to_string(),
        due_date: due.into(),
        ..Default::default()
    };
    pb::Outcome {
        attended: vec![scene.iber.0.to_string(), scene.smw.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Noor vertelde wat haar helpt.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
        jgt_decided_with: vec![parent],
        summary: "Opbouw met twee ochtenden.".into(),
        actions: vec![
            action("Rooster maken", scene.iber.0, "2026-12-04"),
            action("Thuis langsgaan", scene.smw.0, "2026-12-01"),
        ],
        ..Default::default()
    }
}

/// An MDO of tomorrow that was held, with this outcome.
pub(crate) async fn held(scene: &Scene, outcome: pb::Outcome) -> pb::Consultation {
    let booked = scene.booked(scene.later(24)).await;
    scene.server.clock.advance(TimeDelta::hours(26));
    let ask = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().record_outcome(ask).await.unwrap().into_inner()
}

async fn actions(channel: &As, state: State) -> Vec<String> {
    let ask = pb::ListActionsRequest { state: state.into(), ..Default::default() };
    let found = ActionServiceClient::new(channel.clone()).list_actions(ask).await.unwrap();
    found.into_inner().actions.into_iter().map(|one| one.text).collect()
}

/// The page with its style, for whoever looks at it.
async fn styled(browser: &Browser, path: &str) -> String {
    let page = browser.get(path).await.body;
    let begin = page.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{begin}")).await.body;
    page.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"))
}

#[tokio::test]
async fn a13_whoever_promised_something_at_a_meeting_reads_it_on_today_and_says_there_that_it_is_finished() {
    let scene = Scene::start().await;
    let meeting = held(&scene, outcome(&scene)).await;
    let browser = signed_in(&scene.server, scene.smw.0).await;
    let page = browser.get("/today").await;
    let way = format!("<a href=\"/{}\">Overleg {}</a>", meeting.name, meeting.reference);
    has(&page, 200, &[&way, "U zei toe: Thuis langsgaan", "1 december 2026", "Dit is klaar"]);
    assert!(!page.body.contains("Rooster maken"), "another's is not told: {}", page.body);
    look(
        "a13_whoever_promised_something_at_a_meeting_reads_it_on_today_and_says_there_that_it_is_finished",
        &[document("today-promised", &styled(&browser, "/today").await)],
    );

    // The meeting itself says where it is found.
    let there = browser.get(&format!("/{}", meeting.name)).await;
    has(&there, 200, &["Wat u zelf toezegde, staat bij Vandaag."]);
    assert!(!there.body.contains("Opbouw met twee ochtenden"), "{}", there.body);
    has(&there, 200, &["Wat er is afgesproken, ziet u niet."]);

    // What should have been done is marked.
    scene.server.clock.advance(TimeDelta::days(9));
    let browser = signed_in(&scene.server, scene.smw.0).await;
    let page = browser.get("/today").await;
    let (_, mine) = page.body.split_once("U zei toe: Thuis langsgaan").unwrap();
    let (mine, _) = mine.split_once("<form").unwrap();
    assert!(mine.contains("te laat"), "{mine}");

    let done = send(&browser, &page, "/today", &[]).await;
    assert_eq!((done.status, done.header("location")), (303, "/today"), "{}", done.body);
    assert_eq!(actions(&scene.smw.1, State::Done).await, ["Thuis langsgaan"]);
    let page = browser.get("/today").await;
    assert!(page.status == 200 && !page.body.contains("Thuis langsgaan"), "{}", page.body);
    let school = signed_in(&scene.server, scene.iber.0).await.get("/today").await;
    has(&school, 200, &["U zei toe: Rooster maken"]);
}

#[tokio::test]
async fn a13_what_another_promised_is_not_finished_from_today() {
    let scene = Scene::start().await;
    held(&scene, outcome(&scene)).await;
    let ask = pb::ListActionsRequest { owner: scene.iber.0.to_string(), ..Default::default() };
    let all = ActionServiceClient::new(scene.iber.1.clone()).list_actions(ask).await.unwrap().into_inner();
    let browser = signed_in(&scene.server, scene.smw.0).await;
    let id = scene.server.request_id();
    let fields = [("action", all.actions[0].name.as_str()), ("request_id", id.as_str())];
    let refused = browser.post("/today", &fields).await;
    assert!([403, 404].contains(&refused.status), "{}", refused.body);
    assert!(actions(&scene.iber.1, State::Done).await.is_empty());
}

#[tokio::test]
async fn what_waits_of_one_case_stands_together_on_today_and_all_of_it_is_counted() {
    let scene = Scene::start().await;
    let opening = pb::OpenCaseRequest {
        case: Some(absent(scene.school)),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case = cases.open_case(opening).await.unwrap().into_inner();
    let mut plans = PlanServiceClient::new(scene.iber.1.clone());
    for due_date in ["2026-12-01", "2026-12-02", "2026-12-03"] {
        let action = pb::PlanAction {
            case: case.name.clone(),
            side: pb::plan_action::Side::Education.into(),
            text: "Twee ochtenden naar school.".into(),
            organisation: format!("organisations/{}", scene.school.0),
            person: scene.iber.0.to_string(),
            start_date: "2026-11-23".into(),
            due_date: due_date.into(),
            ..Default::default()
        };
        let request_id = scene.server.request_id();
        let ask = pb::AddPlanActionRequest { plan_action: Some(action), request_id };
        plans.add_plan_action(ask).await.unwrap();
    }
    let mut tasks = TaskServiceClient::new(scene.iber.1.clone());
    let tasks = tasks.list_tasks(pb::ListTasksRequest::default()).await.unwrap().into_inner().tasks;
    let of_case = tasks.iter().filter(|task| task.case == case.name).count();
    assert!(of_case > 2, "{tasks:?}");
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let page = browser.get("/today").await;
    let way = format!("<a href=\"/{}\">Dossier {}</a>", case.name, case.reference);
    // Once among what is alarming, and once among what waits.
    let ways = page.body.matches(&way).count();
    assert!((1..=2).contains(&ways) && ways < of_case, "{ways}: {}", page.body);
    has(&page, 200, &["Aantal: ", "telt alleen wat een termijn heeft die dichtbij komt"]);
    assert!(!page.body.contains(">Over<"), "a link says where it leads: {}", page.body);
    look(
        "what_waits_of_one_case_stands_together_on_today_and_all_of_it_is_counted",
        &[document("today-together", &styled(&browser, "/today").await)],
    );
}

#[tokio::test]
async fn no_next_step_leads_to_where_it_is_agreed_and_is_not_late_while_a_meeting_comes() {
    let scene = Scene::start().await;
    let opening = pb::OpenCaseRequest {
        case: Some(pb::Case {
            regisseur: scene.iber.0.to_string(),
            next_action_date: String::new(),
            ..absent(scene.school)
        }),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case = cases.open_case(opening).await.unwrap().into_inner();
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let way = format!("<a href=\"/{}/change\">Spreek een volgende stap af", case.name);
    let row = |page: &Answer| {
        let (_, row) = page.body.split_once(&way).unwrap_or_else(|| panic!("{}", page.body));
        row.split_once("</li>").unwrap().0.to_owned()
    };
    let page = browser.get("/today").await;
    assert!(row(&page).contains("te laat"), "{}", page.body);
    has(&browser.get(&format!("/{}/change", case.name)).await, 200, &["next_action_date"]);

    let mut meeting = pb::Consultation { case: case.name.clone(), ..scene.mdo(scene.later(24)) };
    meeting.participants[2] = seat(case.parents[0].person.parse().unwrap(), pb::Role::Ouder);
    scene.meetings().book_consultation(scene.booking(meeting)).await.unwrap();
    let page = browser.get("/today").await;
    // The day itself is still to be said: a meeting is no promise of what follows from it.
    assert!(!row(&page).contains("te laat"), "{}", page.body);
}
