//! What came of a meeting: a task until it is recorded, a form that says what it needs and beside which field
//! it lacks, and a second window that comes too late.

use chrono::TimeDelta;
use pb::{consultation::State, task::Kind, task_service_client::TaskServiceClient, timeline::deadline};
use schakel_proto::v1 as pb;
use schakel_tests::{
    As, reason,
    seed_meetings::Scene,
    statements,
    workplace::{Browser, signed_in},
};

use crate::{
    parts::Team,
    workplace_book::{get, has, school, send},
};

/// The meetings whose outcome waits for somebody.
async fn waiting(channel: &As) -> Vec<pb::Task> {
    let ask = pb::ListTasksRequest { kinds: vec![Kind::Outcome.into()], ..Default::default() };
    TaskServiceClient::new(channel.clone()).list_tasks(ask).await.unwrap().into_inner().tasks
}

/// A meeting that is over, the address of its form, and the browser of the IB'er who booked it.
async fn over() -> (Scene, pb::Consultation, String, Browser) {
    let (scene, _, _) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    scene.server.clock.advance(TimeDelta::hours(52));
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let path = format!("/{}/outcome", booked.name);
    (scene, booked, path, browser)
}

/// Everything that an MDO asks for, with this summary.
fn complete<'a>(iber: &'a str, smw: &'a str, summary: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("attended", iber),
        ("attended", smw),
        ("child_heard", "CHILD_HEARD_THROUGH_OTHERS"),
        ("child_heard_note", "Via moeder."),
        ("jgt_hulp_gewenst", "JGT_HULP_GEWENST_NIET_BESPROKEN"),
        ("summary", summary),
        ("action_text", "Rooster maken"),
        ("action_owner", iber),
        ("action_due", "2026-12-01"),
    ]
}

#[tokio::test]
async fn a_meeting_that_is_over_is_a_task_of_who_booked_it_until_its_outcome_is_recorded() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let off = scene.booked(scene.later(52)).await;
    let ask = pb::CancelConsultationRequest {
        name: off.name.clone(),
        etag: off.etag.clone(),
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(ask).await.unwrap();
    assert!(waiting(&scene.iber.1).await.is_empty(), "it is still to come");
    assert!(!browser.get("/today").await.body.contains("/outcome\""));
    scene.server.clock.advance(TimeDelta::hours(54));

    let tasks = waiting(&scene.iber.1).await;
    let [task] = tasks.as_slice() else { panic!("{tasks:?}") };
    assert_eq!((&task.consultation, &task.reference), (&booked.name, &booked.reference));
    assert_eq!((task.due_date.as_str(), task.state()), ("2026-11-25", deadline::State::DueSoon));
    for other in [&scene.smw.1, &scene.planner.1, &scene.leerplicht.1] {
        assert!(waiting(other).await.is_empty(), "who booked it sits there");
    }
    scene.server.clock.advance(TimeDelta::days(1));
    assert_eq!(waiting(&scene.iber.1).await[0].state(), deadline::State::Overdue);

    let browser = signed_in(&scene.server, scene.iber.0).await;
    let path = format!("/{}/outcome", booked.name);
    has(&browser.get("/today").await, 200, &["Leg vast wat eruit kwam", &format!("href=\"{path}\"")]);
    let page = browser.get(&path).await;
    let (iber, smw) = (scene.iber.0.to_string(), scene.smw.0.to_string());
    let kept = send(&browser, &page, &path, &complete(&iber, &smw, "Rustige opbouw.")).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    assert!(waiting(&scene.iber.1).await.is_empty());
    assert!(!browser.get("/today").await.body.contains("Leg vast wat eruit kwam"));
}

#[tokio::test]
async fn the_tasks_of_one_meeting_cost_as_much_as_those_of_three() {
    let (scene, _, _) = school().await;
    for hours in [50, 74, 98] {
        scene.booked(scene.later(hours)).await;
    }
    scene.server.clock.advance(TimeDelta::hours(52));
    waiting(&scene.iber.1).await;
    let (few, one) = statements(waiting(&scene.iber.1)).await;
    scene.server.clock.advance(TimeDelta::hours(48));
    waiting(&scene.iber.1).await;
    let (many, three) = statements(waiting(&scene.iber.1)).await;
    assert_eq!((few.len(), many.len()), (1, 3));
    assert_eq!(one.len(), three.len(), "{three:#?}");
}

#[tokio::test]
async fn that_a_meeting_did_not_take_place_is_said_on_the_form() {
    let (scene, booked, path, browser) = over().await;
    let page = browser.get(&path).await;
    has(&page, 200, &["Is dit overleg niet doorgegaan?"]);
    let told = send(&browser, &page, &path, &[("not_held", "yes")]).await;
    assert_eq!(told.header("location"), format!("/{}?said=not_held", booked.name), "{}", told.body);
    has(&browser.follow(told).await, 200, &["Vastgelegd: dit overleg is niet doorgegaan."]);
    let now = get(&scene, &booked.name).await;
    assert_eq!((now.state(), now.outcome, now.sequence), (State::Cancelled, None, booked.sequence));
    assert!(waiting(&scene.iber.1).await.is_empty());
    // Another window learns it, and nobody takes it back by recording.
    let late = send(&browser, &page, &path, &[("summary", "Rustige opbouw.")]).await;
    assert_eq!(late.status, 409, "{}", late.body);
    let again = browser.get(&path).await;
    assert_eq!((again.status, again.header("location")), (303, format!("/{}", booked.name).as_str()));
}

#[tokio::test]
async fn a_meeting_with_parts_did_not_take_place_with_all_of_them_unless_one_was_held() {
    for held in [false, true] {
        let team = Team::start().await;
        let booked = team.booked().await;
        let none = pb::Outcome { not_held: true, ..Default::default() };
        let early = team.record(&booked.name, none.clone()).await.unwrap_err();
        assert_eq!(reason(&early), "CONSULTATION_NOT_HELD");
        team.scene.server.clock.advance(TimeDelta::hours(54));
        let iber = &team.scene.iber.1;
        let parts: Vec<&str> = booked.parts.iter().map(|part| part.consultation.as_str()).collect();
        let tasks = waiting(iber).await;
        assert_eq!(tasks.len(), parts.len(), "each part, and not the whole: {tasks:?}");
        assert!(tasks.iter().all(|task| parts.contains(&task.consultation.as_str())));
        if held {
            team.record(parts[0], team.outcome(0)).await.unwrap();
            assert_eq!(reason(&team.record(&booked.name, none).await.unwrap_err()), "PARTS_OPEN");
            continue;
        }
        let off = team.record(&booked.name, none).await.unwrap();
        assert_eq!(off.state(), State::Cancelled);
        for part in parts {
            assert_eq!(team.get(iber, part).await.unwrap().state(), State::Cancelled);
        }
        assert!(waiting(iber).await.is_empty());
    }
}

#[tokio::test]
async fn what_an_outcome_lacks_is_said_beforehand_and_beside_the_field() {
    let (scene, _, path, browser) = over().await;
    let page = browser.get(&path).await;
    has(
        &page,
        200,
        &["Dit is nodig", "kruis minstens één persoon aan", "Minstens één actie", "rows=\"3\" required"],
    );
    let required = |name: &str| {
        let radio = page.body.split("<input type=\"radio\"").find(|one| one.contains(name)).unwrap();
        radio.split('>').next().unwrap().contains(" required")
    };
    assert!(required("name=\"child_heard\"") && required("name=\"jgt_hulp_gewenst\""));
    assert!(!page.body.contains("class=\"fault\"") && !page.body.contains("aria-invalid"), "{}", page.body);

    let empty = send(&browser, &page, &path, &[]).await;
    has(&empty, 422, &["Er klopt iets niet", "role=\"alert\""]);
    for id in ["attended", "child_heard", "jgt_hulp_gewenst", "text-1"] {
        let (fault, link) = (format!("id=\"fault-{id}\""), format!("href=\"#{id}\""));
        let (field, described) = (format!("id=\"{id}\""), format!("aria-describedby=\"fault-{id}\""));
        has(&empty, 422, &[&fault, &link, &field, &described]);
    }
    assert!(!empty.body.contains("fault-summary"), "nothing is wrong with it");

    // Half an action is not dropped unseen.
    let (iber, smw) = (scene.iber.0.to_string(), scene.smw.0.to_string());
    let mut fields = complete(&iber, &smw, "");
    fields.truncate(7);
    fields.extend([("action_owner", ""), ("action_due", "")]);
    let half = send(&browser, &empty, &path, &fields).await;
    has(
        &half,
        422,
        &["id=\"fault-owner-1\"", "id=\"fault-due-1\"", "value=\"Rooster maken\"", "Via moeder."],
    );
    assert!(!half.body.contains("fault-text-1") && !half.body.contains("fault-attended"), "{}", half.body);
}

#[tokio::test]
async fn whoever_is_at_the_table_decided_on_help_and_not_without_a_parent_who_came() {
    let (scene, booked, path, browser) = over().await;
    let page = browser.get(&path).await;
    has(&page, 200, &["Wie besloot dat"]);
    let (iber, smw) = (scene.iber.0.to_string(), scene.smw.0.to_string());
    let parent = scene.family.parents[0].to_string();
    for person in [&iber, &smw, &parent] {
        has(&page, 200, &[&format!("name=\"jgt_decided_with\" value=\"{person}\"")]);
    }
    let mut fields = complete(&iber, &smw, "Rustige opbouw.");
    fields[4].1 = "JGT_HULP_GEWENST_NEE";
    fields.push(("jgt_decided_with", iber.as_str()));
    let mut came = fields.clone();
    came.push(("attended", parent.as_str()));
    let passed_over = send(&browser, &page, &path, &came).await;
    has(&passed_over, 422, &["id=\"fault-jgt_decided_with\""]);
    // The parent was asked and did not come.
    let kept = send(&browser, &passed_over, &path, &fields).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    assert_eq!(get(&scene, &booked.name).await.outcome.unwrap().jgt_decided_with, [iber]);
}

#[tokio::test]
async fn what_has_not_begun_is_not_said_not_to_have_taken_place() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let path = format!("/{}/outcome", booked.name);
    let early = browser.get(&path).await;
    has(&early, 200, &["Wie was er"]);
    assert!(!early.body.contains("name=\"not_held\""), "{}", early.body);
    scene.server.clock.advance(TimeDelta::hours(50));
    let browser = signed_in(&scene.server, scene.iber.0).await;
    has(&browser.get(&path).await, 200, &["name=\"not_held\""]);
}

#[tokio::test]
async fn a_second_window_is_told_that_the_outcome_is_recorded_and_keeps_what_was_written() {
    let (scene, booked, path, browser) = over().await;
    let (first, second) = (browser.get(&path).await, browser.get(&path).await);
    let (iber, smw) = (scene.iber.0.to_string(), scene.smw.0.to_string());
    let kept = send(&browser, &first, &path, &complete(&iber, &smw, "Rustige opbouw.")).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    let late = send(&browser, &second, &path, &complete(&iber, &smw, "Een heel ander verslag.")).await;
    has(&late, 409, &["is al vastgelegd", "Een heel ander verslag."]);
    let summary = get(&scene, &booked.name).await.outcome.unwrap().summary;
    assert_eq!(summary, "Rustige opbouw.");
    let form = browser.get(&path).await;
    assert_eq!(form.header("location"), format!("/{}?said=recorded", booked.name), "{}", form.body);
    has(&browser.follow(form).await, 200, &["is al vastgelegd", "Rustige opbouw."]);
}

#[tokio::test]
async fn the_meetings_are_in_the_menu() {
    let (scene, _, browser) = school().await;
    has(&browser.get("/today").await, 200, &["<a href=\"/consultations\">Overleggen</a>"]);
    let here = "<a href=\"/consultations\" aria-current=\"page\">Overleggen</a>";
    has(&browser.get("/consultations").await, 200, &[here]);
    let booked = scene.booked(scene.later(50)).await;
    has(&browser.get(&format!("/{}", booked.name)).await, 200, &[here]);
}
