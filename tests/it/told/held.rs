//! News that waits: not lost to what is told later, not told in the night, and a series in one mail.

use chrono::TimeDelta;
use schakel_domain::consultation::Event;
use schakel_proto::v1::{self as pb, series_service_client::SeriesServiceClient};
use schakel_server::invitation::worker;
use schakel_tests::{TestServer, mailbox::Mail, seed_meetings::Scene};

use super::{at, choose, night, subjects, wednesday, wish};

#[tokio::test]
async fn x06_a_mail_that_waits_is_not_lost_to_news_that_is_told_later() {
    let server = TestServer::start().await;
    choose(&server, night).await;
    let region = server.founded.region;
    let (one, other) = (
        server.colleague("Zoë Smit", "zoe@school.example").await,
        server.colleague("Nora Weg", "nora@school.example").await,
    );
    server.clock.set("2026-11-23T18:58:00Z".parse().unwrap());
    let meeting = server.meeting(&[one, other], wednesday()).await;
    let off = server.meeting(&[one], wednesday() + TimeDelta::hours(3)).await;
    worker::tell(&server.app, region).await.unwrap();
    // Meanwhile it is night, and nothing has left yet.
    server.clock.set("2026-11-23T20:00:00Z".parse().unwrap());
    server.move_to(meeting.id, wednesday() + TimeDelta::hours(1)).await;
    server.happen(off.id, Event::Cancel).await;
    let told = server.news().await;
    assert_eq!(told.len(), 2, "what is off needs no invitation any more: {:?}", subjects(&told));
    assert!(told.iter().all(|mail| mail.subject().starts_with("Uitnodiging")), "{:?}", subjects(&told));
    assert!(told.iter().all(|mail| mail.property("DTSTART") == "20261202T100000"));
    let told = at(&server, "2026-11-24T06:00:00Z").await;
    assert_eq!(told.len(), 2, "{:?}", subjects(&told));
    assert!(told.iter().all(|mail| mail.subject().starts_with("Gewijzigd")), "{:?}", subjects(&told));
    assert!(told.iter().all(|mail| mail.property("DTSTART") == "20261202T110000"));
    // What is told at once takes the place of what waits.
    server.clock.set(wednesday() - TimeDelta::hours(14));
    server.move_to(meeting.id, wednesday() + TimeDelta::hours(2)).await;
    worker::tell(&server.app, region).await.unwrap();
    server.move_to(meeting.id, wednesday() + TimeDelta::days(5)).await;
    let told = server.news().await;
    assert_eq!(told.len(), 2, "{:?}", subjects(&told));
    assert!(told.iter().all(|mail| mail.property("DTSTART") == "20261207T100000"));
}

#[tokio::test]
async fn x06_what_was_due_while_nobody_worked_waits_for_the_morning_unless_it_is_urgent() {
    let scene = Scene::start().await;
    choose(&scene.server, night).await;
    wish(&scene.server, &scene.smw.1, |wishes| wishes.digest_time = "16:00".into()).await;
    scene.booked(wednesday()).await;
    assert_eq!(scene.server.news().await.len(), 2);
    // At 16:00 the server was down; it is up again at 22:30.
    assert!(at(&scene.server, "2026-11-23T21:30:00Z").await.is_empty());
    assert!(at(&scene.server, "2026-11-24T05:59:00Z").await.is_empty());
    let told = at(&scene.server, "2026-11-24T06:00:00Z").await;
    assert_eq!(told.len(), 1, "{:?}", subjects(&told));
    // Of what is within a day by then nobody hears too late.
    scene.booked("2026-11-26T08:00:00Z".parse().unwrap()).await;
    assert_eq!(scene.server.news().await.len(), 2);
    let told = at(&scene.server, "2026-11-25T21:30:00Z").await;
    assert_eq!(told.len(), 1, "{:?}", subjects(&told));
    assert!(told[0].to_name().starts_with("SMW"), "{}", told[0].to_name());
}

#[tokio::test]
async fn x06_a_series_that_waited_is_one_mail_to_a_parent_too() {
    let scene = Scene::start().await;
    choose(&scene.server, night).await;
    scene.server.clock.set("2026-11-23T20:30:00Z".parse().unwrap());
    let asked = pb::BookSeriesRequest {
        consultation: Some(scene.mdo(wednesday())),
        recurrence: "FREQ=WEEKLY;COUNT=3".into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let booked = SeriesServiceClient::new(scene.iber.1.clone()).book_series(asked).await.unwrap();
    let name = booked.into_inner().series.unwrap().name;
    let alone = scene.booked(wednesday() + TimeDelta::hours(3)).await;
    assert!(scene.server.news().await.is_empty());
    let told = at(&scene.server, "2026-11-24T06:00:00Z").await;
    let parent: Vec<Mail> = told.into_iter().filter(|mail| mail.to_name() == "Anna de Wit").collect();
    assert_eq!(parent.len(), 2, "the series, and what is none of it: {:?}", subjects(&parent));
    let (series, other): (Vec<&Mail>, Vec<&Mail>) =
        parent.iter().partition(|mail| mail.subject().contains("3 keer overleg"));
    assert_eq!((series.len(), other.len()), (1, 1));
    let calendar = String::from_utf8(series[0].part("text/calendar")).unwrap();
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 3);
    assert!(other[0].subject().contains(&alone.reference), "{}", other[0].subject());
    let request = pb::GetSeriesRequest { name };
    let all = SeriesServiceClient::new(scene.iber.1.clone()).get_series(request).await.unwrap().into_inner();
    assert!(all.consultations.iter().all(|meeting| series[0].text().contains(&meeting.reference)));
    assert!(scene.server.news().await.is_empty());
}
