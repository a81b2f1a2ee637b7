//! The page of a meeting: its calendar file, and who comes to it later.

use chrono::TimeDelta;
use pb::{
    agenda_service_client::AgendaServiceClient, consultation_service_client::ConsultationServiceClient,
    feed_service_client::FeedServiceClient, participant::Answer,
};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{http::Answer as Page, seed_meetings::Scene, workplace::signed_in};

use crate::{
    workplace_book::{get, has, school, send},
    workplace_team::away,
};

/// The events of a calendar, each to the byte.
fn events(calendar: &Page) -> Vec<&str> {
    calendar.body.split("BEGIN:VEVENT").skip(1).filter_map(|event| event.split("END:VEVENT").next()).collect()
}

#[tokio::test]
async fn a_meeting_is_downloaded_as_the_readers_own_feed_has_it() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let path = format!("/{}/overleg.ics", booked.name);
    let ask = pb::CreateFeedRequest { request_id: scene.server.request_id(), ..Default::default() };
    let feed = FeedServiceClient::new(scene.iber.1.clone()).create_feed(ask).await.unwrap().into_inner();
    let feed = feed.url.strip_prefix("https://schakel.example").unwrap().to_owned();
    let http = scene.server.http().await;

    has(&browser.get(&format!("/{}", booked.name)).await, 200, &["/overleg.ics\" download"]);
    let file = browser.get(&path).await;
    assert_eq!((file.status, file.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"overleg.ics\"");
    assert_eq!(file.header("cache-control"), "no-store");
    assert!(file.body.contains(&format!("SUMMARY:Overleg {}", booked.reference)), "{}", file.body);
    assert!(file.body.contains(&format!("UID:{}", booked.uid)) && !booked.uid.is_empty());
    for hidden in ["ATTENDEE", "ORGANIZER", "METHOD", "Noor", "Oudshoorn"] {
        assert!(!file.body.contains(hidden), "{hidden}\n{}", file.body);
    }
    assert_eq!(events(&file), events(&http.get(&feed).await));

    // What the reader declined, what moved and what is off is told as the feed tells it.
    let decline = pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: Answer::Declined.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.server.clock.advance(TimeDelta::minutes(1));
    let booked = scene.meetings().answer_consultation(decline).await.unwrap().into_inner();
    assert_eq!(events(&browser.get(&path).await), events(&http.get(&feed).await));
    scene.server.clock.advance(TimeDelta::minutes(1));
    let off = pb::CancelConsultationRequest {
        name: booked.name.clone(),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(off).await.unwrap();
    let file = browser.get(&path).await;
    assert!(file.body.contains("STATUS:CANCELLED"), "{}", file.body);
    assert_eq!(events(&file), events(&http.get(&feed).await));
    // What does not go on is for nobody's calendar: the page no longer offers it.
    let page = browser.get(&format!("/{}", booked.name)).await;
    assert!(page.status == 200 && !page.body.contains("/overleg.ics\""), "{}", page.body);
}

#[tokio::test]
async fn who_may_not_see_a_meeting_downloads_nothing() {
    let (scene, _, _) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let path = format!("/{}/overleg.ics", booked.name);
    let stranger = signed_in(&scene.server, scene.planner.0).await;
    let ask = pb::GetConsultationRequest { name: booked.name.clone() };
    let mut theirs = ConsultationServiceClient::new(scene.planner.1.clone());
    assert!(theirs.get_consultation(ask).await.is_err());
    let refused = stranger.get(&path).await;
    assert!(refused.status == 404 && !refused.body.contains("VEVENT"), "{}", refused.body);
    let nobody = schakel_tests::workplace::Browser::of(&scene.server).await;
    assert_eq!(nobody.get(&path).await.status, 303);
    let invited = signed_in(&scene.server, scene.smw.0).await;
    assert_eq!(invited.get(&path).await.status, 200);
}

#[tokio::test]
async fn somebody_is_added_to_a_booked_meeting_and_taken_off_again() {
    let (scene, _, browser) = school().await;
    let team = scene.server.team("WT02").await;
    let nurse = scene.server.person(Role::Jeugdverpleegkundige, team).await;
    scene.server.link(scene.school, team, Role::Jeugdverpleegkundige, nurse.0).await;
    let booked = scene.booked(scene.later(50)).await;
    let path = format!("/{}", booked.name);
    let page = browser.get(&path).await;
    has(&page, 200, &["Nog iemand erbij", "Iemand hoeft niet te komen"]);
    let comes = format!("{}:JEUGDVERPLEEGKUNDIGE", nurse.0);
    let added =
        send(&browser, &page, &format!("{path}/add"), &[("comes", &comes), ("optional", "yes")]).await;
    assert_eq!((added.status, added.header("location")), (303, path.as_str()), "{}", added.body);
    let now = get(&scene, &booked.name).await;
    let seat = now.participants.iter().find(|at| at.person == nurse.0.to_string()).unwrap();
    assert!(seat.optional && now.participants.len() == booked.participants.len() + 1);

    // Whoever read an older state changes nothing, and sees how it stands.
    let stale = send(&browser, &page, &format!("{path}/remove"), &[("leaves", &nurse.0.to_string())]).await;
    has(&stale, 409, &["Iemand anders veranderde dit overleg net"]);
    let page = browser.get(&path).await;
    let off = send(&browser, &page, &format!("{path}/remove"), &[("leaves", &nurse.0.to_string())]).await;
    assert_eq!(off.status, 303, "{}", off.body);
    let now = get(&scene, &booked.name).await;
    assert_eq!(now.participants.len(), booked.participants.len());

    let page = browser.get(&path).await;
    let needed =
        send(&browser, &page, &format!("{path}/remove"), &[("leaves", &scene.family.parents[0].to_string())])
            .await;
    has(&needed, 409, &["role=\"alert\""]);
    let invited = signed_in(&scene.server, scene.smw.0).await.get(&path).await;
    assert!(!invited.body.contains("/add\"") && !invited.body.contains("/remove\""), "{}", invited.body);
}

/// A room at the school.
async fn room(scene: &Scene, name: &str) -> String {
    let room = pb::Room {
        organisation: format!("organisations/{}", scene.school.0),
        display_name: name.into(),
        seats: 8,
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let ask = pb::CreateRoomRequest { room: Some(room), request_id: scene.server.request_id() };
    scene.server.directory().create_room(ask).await.unwrap().into_inner().name
}

#[tokio::test]
async fn a_meeting_at_school_takes_a_room_unless_another_has_it() {
    let (scene, case, browser) = school().await;
    let small = room(&scene, "Kamer 2").await;
    let large = room(&scene, "De aula").await;
    let page = browser.get(&format!("/book?case={}&kind=MDO&place=SCHOOL", case.name)).await;
    let chosen = page.value("pick");
    let confirm = send(&browser, &page, "/book/time", &[("pick", &chosen)]).await;
    has(&confirm, 200, &["geen ruimte vastleggen", "Kamer 2 (8 plaatsen)", "De aula (8 plaatsen)"]);

    // Others are faster with the room, and only with that.
    let other = scene.server.person(Role::Iber, scene.school).await;
    let start: i64 = chosen.split(' ').next().unwrap().parse().unwrap();
    let theirs = pb::HoldSlotRequest {
        rooms: vec![small.clone()],
        start_time: Some(prost_types::Timestamp { seconds: start, nanos: 0 }),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::School.into(),
        school: format!("schools/{}", scene.school.0),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    AgendaServiceClient::new(other.1.clone()).hold_slot(theirs).await.unwrap();
    let taken = send(&browser, &confirm, "/book", &[("room", &small)]).await;
    has(&taken, 422, &["Misschien is de ruimte bezet", &format!("value=\"{small}\" selected")]);
    let booked = send(&browser, &taken, "/book", &[("room", &large)]).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let meeting = get(&scene, booked.header("location").trim_start_matches('/')).await;
    assert_eq!(meeting.rooms, [large]);
    has(&browser.follow(booked).await, 200, &["<dt>Ruimte</dt><dd>De aula</dd>"]);
}

#[tokio::test]
async fn nobody_is_chosen_for_a_meeting_before_somebody_chooses_them() {
    let (scene, _, browser) = school().await;
    let team = scene.server.team("WT02").await;
    let nurse = scene.server.person(Role::Jeugdverpleegkundige, team).await;
    scene.server.link(scene.school, team, Role::Jeugdverpleegkundige, nurse.0).await;
    let booked = scene.booked(scene.later(48)).await;
    let path = format!("/{}", booked.name);
    let page = browser.get(&path).await;
    let blank = "<option value=\"\">Kies iemand</option>";
    for choice in
        ["id=\"leaves\" name=\"leaves\"", "id=\"comes\" name=\"comes\"", "id=\"more\"", "id=\"less\""]
    {
        let (_, after) = page.body.split_once(choice).unwrap_or_else(|| panic!("{choice}: {}", page.body));
        let select = after.split_once("</select>").unwrap().0;
        assert!(select.contains(" required>") && select.contains(blank), "{choice}: {select}");
        assert!(!select.contains(" selected>"), "{choice}: {select}");
    }
    assert!(!page.body.contains("Zoek een vervanger"), "{}", page.body);

    // Whoever cannot come is named, and is the one who is to be replaced.
    away(&scene).await;
    let gone = format!("<option value=\"{}\" selected>", scene.smw.0);
    let page = browser.get(&path).await;
    has(&page, 200, &["kan niet komen. Zoek een vervanger.", &gone]);
    assert_eq!(page.body.matches(" selected>").count(), 1, "{}", page.body);
}

#[tokio::test]
async fn what_was_chosen_at_a_meeting_stays_when_it_is_refused() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(50)).await;
    let path = format!("/{}", booked.name);
    let page = browser.get(&path).await;
    let parent = scene.family.parents[0].to_string();
    let refused = send(&browser, &page, &format!("{path}/remove"), &[("leaves", &parent)]).await;
    has(&refused, 409, &["role=\"alert\"", &format!("<option value=\"{parent}\" selected>")]);
    let (_, after) = refused.body.split_once("role=\"alert\"").unwrap();
    let said = after.split_once("<p>").unwrap().1.split_once("</p>").unwrap().0;
    assert!(!said.is_empty(), "{}", refused.body);
    assert!(
        !refused.body.contains(&format!("<p class=\"fault\">{said}")),
        "not said twice: {}",
        refused.body
    );
}

#[tokio::test]
async fn every_form_of_a_page_is_a_request_of_its_own() {
    let (scene, _, browser) = school().await;
    let team = scene.server.team("WT02").await;
    let nurse = scene.server.person(Role::Jeugdverpleegkundige, team).await;
    scene.server.link(scene.school, team, Role::Jeugdverpleegkundige, nurse.0).await;
    let booked = scene.booked(scene.later(50)).await;
    let path = format!("/{}", booked.name);
    let page = browser.get(&path).await;
    let ids =
        page.body.split("name=\"request_id\" value=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0);
    let ids: Vec<&str> = ids.collect();
    let different: std::collections::BTreeSet<&&str> = ids.iter().collect();
    assert!(ids.len() > 4 && ids.len() == different.len(), "{ids:?}");

    // A form that was sent before says to people what to do, not to programs.
    let comes = format!("{}:JEUGDVERPLEEGKUNDIGE", nurse.0);
    let (add, optional) = (format!("{path}/add"), [("comes", comes.as_str()), ("optional", "yes")]);
    assert_eq!(send(&browser, &page, &add, &optional).await.status, 303);
    let again = send(&browser, &page, &add, &optional[..1]).await;
    has(&again, 409, &["Dit formulier is al eens verstuurd", "Laad de pagina opnieuw"]);
    assert!(!again.body.contains("Deze request_id"), "{}", again.body);
}
