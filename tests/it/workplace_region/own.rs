//! What is everybody's own on the pages of Region: hours, calendars, feeds, tokens, and mail of meetings.

use pb::{
    access_service_client::AccessServiceClient, feed_service_client::FeedServiceClient,
    message_service_client::MessageServiceClient, outside_service_client::OutsideServiceClient,
};
use schakel_proto::v1 as pb;
use schakel_tests::{seed_meetings::Scene, statements, workplace::signed_in};

use super::{Desk, press, shows, went};
use crate::region::organisation;

#[tokio::test]
async fn an_iber_keeps_its_own_hours_calendars_and_feeds_and_nothing_else() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let ib = region.somebody("IB1", &region.school, pb::Role::Iber).await;
    let other = region.somebody("SMW1", &region.team, pb::Role::Smw).await;
    let browser = desk.of(&ib).await;
    let page = browser.get("/region/hours").await;
    shows(&page, &["Werktijden van Mevrouw IB1", "href=\"/region/feeds\"", "href=\"/region/calendars\""]);
    for hidden in ["href=\"/region/import\"", "href=\"/region/subscriptions\""] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    let work = [
        ("do", "work"),
        ("person", ib.name.as_str()),
        ("weekly_hours.affiliation", ib.affiliation.as_str()),
        ("weekly_hours.weekday", "2"),
        ("weekly_hours.from", "12:00"),
        ("weekly_hours.until", "09:00"),
    ];
    let refused = press(region, &browser, "/region/hours", &work).await;
    assert_eq!(refused.status, 422);
    shows(&refused, &["id=\"fault-weekly_hours.until\""]);
    let mut right = work;
    right[4].1 = "08:30";
    right[5].1 = "12:30";
    assert_eq!(press(region, &browser, "/region/hours", &right).await.status, 303);
    let ask = pb::ListWeeklyHoursRequest { person: ib.name.clone(), ..Default::default() };
    let hours = region.availability().list_weekly_hours(ask).await.unwrap().into_inner().weekly_hours;
    assert_eq!((hours.len(), hours[0].weekday, hours[0].from.as_str()), (1, 2, "08:30"));
    let leave = [
        ("do", "leave"),
        ("person", ib.name.as_str()),
        ("absence.kind", "KIND_LEAVE"),
        ("absence.valid_from", "2026-12-07"),
        ("absence.valid_until", "2026-12-08"),
    ];
    assert_eq!(press(region, &browser, "/region/hours", &leave).await.status, 303);
    shows(
        &browser.get("/region/hours").await,
        &["Verlof", "7 december 2026 – 8 december 2026", "dinsdag 08:30–12:30"],
    );

    let mut strange = leave;
    strange[1].1 = other.name.as_str();
    assert_eq!(press(region, &browser, "/region/hours", &strange).await.status, 404, "another's");
    let theirs = browser.get(&format!("/region/hours?person={}", other.name)).await;
    assert!(theirs.status == 200 && !theirs.body.contains("value=\"leave\""), "{}", theirs.body);
    for path in ["/region/import", "/region/tokens/systems", "/region/subscriptions"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    assert_eq!(browser.get(&format!("/region/calendars?person={}", other.name)).await.status, 404);
    let schools = browser.get("/region/schools").await;
    assert!(
        schools.status == 200 && !schools.body.contains("school.vestigingscode"),
        "who only reads has no form"
    );
}

#[tokio::test]
async fn a_calendar_from_elsewhere_comes_as_a_file_and_goes_again() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let ib = region.somebody("IB1", &region.school, pb::Role::Iber).await;
    let browser = desk.of(&ib).await;
    let mut outside = OutsideServiceClient::new(region.acting(&ib).await);
    let bad = [("do", "upload"), ("person", ib.name.as_str()), ("text", "geen agenda")];
    let refused = press(region, &browser, "/region/calendars", &bad).await;
    assert_eq!(refused.status, 422);
    shows(&refused, &["id=\"fault-chunk\""]);
    let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:1@elders.example\r\n\
                SUMMARY:Tandarts\r\nDTSTART:20261125T090000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let upload = [("do", "upload"), ("person", ib.name.as_str()), ("text", file)];
    assert_eq!(press(region, &browser, "/region/calendars", &upload).await.status, 303);
    let token = browser.token().await;
    let headers = [
        ("schakel-form", token.as_str()),
        ("content-type", "application/octet-stream"),
        ("sec-fetch-site", "same-origin"),
    ];
    let path = format!("/region/calendars/file?person={}&request_id={}", ib.name, region.server.request_id());
    assert_eq!(browser.send("POST", &path, &headers[1..], file).await.status, 403, "without the token");
    assert_eq!(browser.send("POST", &path, &headers, file).await.status, 303);
    let ask = || pb::ListOutsideCalendarsRequest { person: ib.name.clone() };
    let known = outside.list_outside_calendars(ask()).await.unwrap().into_inner().outside_calendars;
    assert_eq!((known.len(), known[0].busy_count), (2, 1));
    let page = browser.get("/region/calendars").await;
    shows(&page, &["1 bezette tijden"]);
    assert!(!page.body.contains("Tandarts"));
    let delete = [("do", "delete"), ("person", ib.name.as_str()), ("name", known[0].name.as_str())];
    assert_eq!(press(region, &browser, "/region/calendars", &delete).await.status, 303);
    assert_eq!(outside.list_outside_calendars(ask()).await.unwrap().into_inner().outside_calendars.len(), 1);
}

#[tokio::test]
async fn feeds_and_tokens_are_shown_once_and_revoked() {
    let desk = Desk::beheerder().await;
    let region = &desk.region;
    let ib = region.somebody("IB1", &region.school, pb::Role::Iber).await;
    let browser = desk.of(&ib).await;
    let create = [("do", "create"), ("scope", "SCOPE_OWN"), ("detail", "DETAIL_TITLE")];
    let made = press(region, &browser, "/region/feeds", &create).await;
    assert_eq!(made.status, 200);
    shows(&made, &["/feeds/skf_", "maar één keer"]);
    assert!(!browser.get("/region/feeds").await.body.contains("skf_"));
    let mut feeds = FeedServiceClient::new(region.acting(&ib).await);
    let known = feeds.list_feeds(pb::ListFeedsRequest::default()).await.unwrap().into_inner().feeds;
    assert_eq!(known.len(), 1);
    let rotate = [("do", "rotate"), ("name", known[0].name.as_str())];
    shows(&press(region, &browser, "/region/feeds", &rotate).await, &["/feeds/skf_", "vervangen"]);
    let known = feeds.list_feeds(pb::ListFeedsRequest::default()).await.unwrap().into_inner().feeds;
    let live = known.iter().find(|one| one.replaced_by.is_empty()).unwrap();
    let revoke = [("do", "revoke"), ("name", live.name.as_str())];
    went(&press(region, &browser, "/region/feeds", &revoke).await, "/region/feeds");
    let known = feeds.list_feeds(pb::ListFeedsRequest::default()).await.unwrap().into_inner().feeds;
    assert!(known.iter().all(|one| one.revoke_time.is_some()));

    let refused = press(region, &browser, "/region/tokens", &[("do", "create"), ("valid_days", "9")]).await;
    assert_eq!(refused.status, 422);
    shows(&refused, &["id=\"fault-display_name\""]);
    let create = [("do", "create"), ("display_name", "Mijn rooster"), ("valid_days", "9")];
    shows(&press(region, &browser, "/region/tokens", &create).await, &["ska_", "Mijn rooster"]);
    let page = browser.get("/region/tokens").await;
    assert!(page.body.contains("Mijn rooster") && !page.body.contains("ska_"));
    let mut access = AccessServiceClient::new(region.acting(&ib).await);
    let tokens = access.list_tokens(pb::ListTokensRequest::default()).await.unwrap().into_inner().tokens;
    let token = tokens.iter().find(|one| one.display_name == "Mijn rooster").unwrap();
    let revoke = [("do", "revoke"), ("name", token.name.as_str())];
    went(&press(region, &browser, "/region/tokens", &revoke).await, "/region/tokens");
    let tokens = access.list_tokens(pb::ListTokensRequest::default()).await.unwrap().into_inner().tokens;
    assert!(tokens.iter().find(|one| one.display_name == "Mijn rooster").unwrap().revoke_time.is_some());
}

#[tokio::test]
async fn who_plans_sees_how_far_mail_came_and_sends_it_again() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(50)).await;
    scene.server.deliver().await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    shows(&browser.get("/region/mail").await, &[booked.reference.as_str(), "verstuurd"]);
    let path = format!("/region/mail?consultation={}", booked.name);
    shows(&browser.get(&path).await, &["Verzonden mails", "Er is geen mail die iemand moet bekijken."]);
    let person = scene.smw.0.to_string();
    let request_id = scene.server.request_id();
    let fields = [
        ("request_id", request_id.as_str()),
        ("do", "resend"),
        ("consultation", booked.name.as_str()),
        ("name", person.as_str()),
    ];
    assert_eq!(browser.post("/region/mail", &fields).await.status, 303);
    scene.server.deliver().await;
    let mut mails = MessageServiceClient::new(scene.iber.1.clone());
    let ask = pb::ListMessagesRequest { consultation: booked.name.clone(), person, ..Default::default() };
    assert_eq!(mails.list_messages(ask).await.unwrap().into_inner().messages.len(), 2);
    scene.server.put_aside(booked.name.parse().unwrap(), scene.family.parents[0]).await;
    shows(&browser.get(&path).await, &["NO_CALENDAR", "Bekeken"]);
}

#[tokio::test]
async fn lists_of_what_one_made_ask_as_often_of_one_row_as_of_many() {
    let desk = Desk::beheerder().await;
    let team = organisation(&desk.region.team);
    let paths =
        ["/region/feeds", "/region/tokens", "/region/tokens/systems", "/region/clusters", "/sessions"];
    let more = async |nth: u8| {
        let feed = [("do", "create"), ("scope", "SCOPE_OWN"), ("detail", "DETAIL_TITLE")];
        assert_eq!(desk.press("/region/feeds", &feed).await.status, 200);
        let name = format!("Rooster {nth}");
        let system = [
            ("do", "create"),
            ("system_client.organisation", team.as_str()),
            ("system_client.display_name", name.as_str()),
            ("system_client.scopes", "READ_DIRECTORY"),
        ];
        went(&desk.press("/region/tokens/systems", &system).await, "/region/tokens/systems");
        let code = format!("C{nth}");
        let cluster = [
            ("cluster.code", code.as_str()),
            ("cluster.display_name", name.as_str()),
            ("cluster.kind", "KIND_ROK"),
        ];
        assert_eq!(desk.press("/region/clusters", &cluster).await.status, 303);
        signed_in(&desk.region.server, desk.region.server.founded.administrator).await;
    };
    more(1).await;
    let mut before = Vec::new();
    for path in paths {
        desk.browser.get(path).await;
        before.push(statements(desk.browser.get(path)).await.1.len());
    }
    more(2).await;
    more(3).await;
    for (path, before) in paths.into_iter().zip(before) {
        desk.browser.get(path).await;
        let (_, after) = statements(desk.browser.get(path)).await;
        assert_eq!(before, after.len(), "{path} {after:#?}");
    }
}
