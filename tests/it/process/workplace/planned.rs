//! Meetings that change in a real browser: moved with keys alone or the mouse, answered, filled by who plans.

use chrono::DateTime;
use chrono_tz::Europe::Amsterdam;
use schakel_client::v1 as pb;
use schakel_server::demo::load;
use serde_json::{Value, json};

use super::{Stage, begins, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_moved_in_a_browser_with_keys_alone() {
    let Some(stage) = Stage::set("a_meeting_is_moved_in_a_browser_with_keys_alone") else { return };
    let meeting = stage.booked(&stage.case().await, &["smw"]).await;
    let uid = stage.everybody_is_invited(&meeting).await;
    let heading = format!("Multidisciplinair overleg {}", meeting.reference);
    let seen = stage.walk("moving", &json!({ "meeting": heading }));
    assert_eq!(seen["before"]["heading"], json!(heading));
    let moved = stage.agrees("iber", &seen["meeting"]).await;
    assert_eq!(moved.name, meeting.name);
    assert_ne!(begins(&moved), begins(&meeting));
    assert!(text(&seen["chosen"]).starts_with(text(&seen["meeting"]["when"])), "{seen}");

    // Everybody is told of the same event at its new time, and has to answer again.
    let mails = stage.mails(&meeting, 2 * meeting.participants.len()).await;
    let start = |mail: &Value| DateTime::parse_from_rfc3339(text(&mail["calendar"]["start"])).unwrap();
    let news: Vec<&Value> = mails.iter().filter(|mail| start(mail) == begins(&moved)).collect();
    assert_eq!(news.len(), moved.participants.len());
    assert!(news.iter().all(|mail| Stage::tells(&moved, mail, "REQUEST") == uid));
    stage.feed_shows(&stage.feed_of("iber").await, &moved, &uid).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_is_dragged_to_another_time_in_a_browser() {
    let Some(stage) = Stage::set("a_meeting_is_dragged_to_another_time_in_a_browser") else { return };
    let meeting = stage.booked(&stage.case().await, &["smw"]).await;
    let seen = stage.walk("dragging", &json!({ "meeting": meeting.name }));
    assert_eq!(seen["chosen"], json!([seen["start"]]), "where it was dropped");
    assert_ne!(seen["meeting"]["when"], seen["before"]["when"]);
    let moved = stage.agrees("iber", &seen["meeting"]).await;
    assert_eq!(seen["start"], begins(&moved).timestamp().to_string());
    assert_ne!(begins(&moved), begins(&meeting));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_at_a_meeting_in_a_browser_sees_another_answer_without_loading_it_again() {
    const NAME: &str = "who_looks_at_a_meeting_in_a_browser_sees_another_answer_without_loading_it_again";
    let Some(stage) = Stage::set(NAME) else { return };
    let meeting = stage.booked(&stage.case().await, &["smw"]).await;
    let smw = stage.program.named("smw");
    let seen = stage.walk("watching", &json!({ "meeting": meeting.name, "person": smw }));
    let answer = |page: &Value| {
        let table = page["table"].as_array().unwrap();
        text(&table.iter().find(|seat| seat["person"] == smw).unwrap()["answer"]).to_owned()
    };
    assert_eq!(
        (answer(&seen["before"]), answer(&seen["after"])),
        ("nog geen antwoord".into(), "komt".into())
    );
    assert_eq!(seen["loaded"], "once");
    stage.agrees("iber", &seen["after"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planner_sees_the_envelopes_of_her_team_and_replaces_who_is_away_in_a_browser() {
    const NAME: &str = "a_planner_sees_the_envelopes_of_her_team_and_replaces_who_is_away_in_a_browser";
    let Some(stage) = Stage::set(NAME) else { return };
    let case = stage.case().await;
    let meeting = stage.booked(&case, &["smw"]).await;
    let uid = stage.everybody_is_invited(&meeting).await;
    let day = begins(&meeting).with_timezone(&Amsterdam).date_naive().to_string();
    let leaves = stage.program.named("smw");
    let absence = pb::Absence {
        person: leaves.clone(),
        kind: pb::absence::Kind::Away.into(),
        valid_from: day.clone(),
        valid_until: day.clone(),
        ..Default::default()
    };
    let ask = pb::CreateAbsenceRequest { absence: Some(absence), request_id: load::fresh() };
    stage.program.as_person("smw").await.availability().create_absence(ask).await.unwrap();

    let seen = stage.walk("planner", &json!({ "meeting": meeting.name, "day": day }));
    for part in ["warned", "before", "after"] {
        let shown = text(&seen[part]).to_lowercase();
        assert!(shown.contains(&meeting.reference.to_lowercase()), "{part} of {seen}");
        assert!(!shown.contains("multidisciplinair") && !shown.contains(&case.reference.to_lowercase()));
    }
    assert!(
        text(&seen["before"]).contains("kan niet") && !text(&seen["after"]).contains("kan niet"),
        "{seen}"
    );
    assert_eq!(seen["closed"], 404);

    let iber = stage.program.as_person("iber").await;
    let ask = pb::GetConsultationRequest { name: meeting.name.clone() };
    let now = iber.consultation().get_consultation(ask).await.unwrap().into_inner();
    let smw = i32::from(pb::Role::Smw);
    assert!(now.participants.iter().any(|seat| seen["comes"] == seat.person && seat.role == smw));
    assert!(now.participants.iter().all(|seat| seat.person != leaves) && now.needs_substitute.is_empty());

    // The calendar of the team has it for whoever plans, as mail tells of it.
    let planner = stage.program.as_person("coordinator").await;
    let me = planner.access().who_am_i(pb::WhoAmIRequest {}).await.unwrap().into_inner();
    let ask = pb::CreateFeedRequest {
        scope: pb::feed::Scope::Team.into(),
        of: me.acting_for.replace("organisations/", "teams/"),
        request_id: load::fresh(),
        ..Default::default()
    };
    let feed = planner.feed().create_feed(ask).await.unwrap().into_inner().url;
    stage.feed_shows(&feed, &now, &uid).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_is_planned_in_a_browser_with_whom_the_page_proposes() {
    let Some(stage) = Stage::set("a_year_is_planned_in_a_browser_with_whom_the_page_proposes") else {
        return;
    };
    let seen = stage.walk("planning", &json!({ "first": "2027-01-11", "last": "2027-02-26" }));
    let keeper = stage.program.as_person("thuiszitterscoordinator").await;
    let ask = pb::ListConsultationsRequest { page_size: 200, ..Default::default() };
    let booked = keeper.consultation().list_consultations(ask).await.unwrap().into_inner().consultations;
    assert!(!booked.is_empty());
    assert_eq!(seen["booked"], json!(booked.len()));
}
