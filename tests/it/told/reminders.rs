//! Reminders: as function and wish have it, none of what is off or over, and late ones are one.

use chrono::TimeDelta;
use schakel_domain::{
    consultation::{Answer, Event},
    invitation::forbidden_word,
};
use schakel_proto::v1 as pb;
use schakel_tests::{TestServer, seed_meetings::Scene};

use super::{at, briefly, choose, reminded, subjects, wednesday, wish};

#[tokio::test]
async fn x06_each_is_reminded_as_their_function_and_their_wish_have_it() {
    let scene = Scene::start().await;
    choose(&scene.server, |profile| {
        reminded(profile, pb::Role::Ouder, &[24, 2], 0);
        reminded(profile, pb::Role::Smw, &[24], 30);
    })
    .await;
    wish(&scene.server, &scene.smw.1, |wishes| wishes.reminder_hours = vec![4]).await;
    let booked = scene.booked(wednesday()).await;
    let invited = scene.server.news().await;
    let alarms: Vec<bool> = invited.iter().map(|mail| mail.calendar().contains("TRIGGER:-PT30M")).collect();
    assert_eq!(alarms.iter().filter(|alarm| **alarm).count(), 1, "only the social worker has an alarm");
    assert!(at(&scene.server, "2026-12-01T08:59:00Z").await.is_empty());
    let told = at(&scene.server, "2026-12-01T09:00:00Z").await;
    assert_eq!(briefly(&told), [("Anna de Wit".to_owned(), "Herinnering".to_owned())]);
    let mail = &told[0];
    let neutral = mail.text().replace("Anna de Wit", "").replace(&booked.reference, "");
    let neutral: Vec<&str> = neutral.lines().filter(|line| !line.contains("/r/")).collect();
    assert_eq!(forbidden_word(&neutral.join("\n")), None);
    assert!(
        mail.text().contains("woensdag 2 december 2026, 10:00") && mail.text().contains("nog niet of u komt")
    );
    assert!(scene.server.http().await.get(&mail.link()).await.body.contains(&booked.reference));
    assert!(scene.server.news().await.is_empty(), "once");
    let told = at(&scene.server, "2026-12-02T05:00:00Z").await;
    assert_eq!(told.len(), 1, "as the social worker wished");
    assert!(told[0].to_name().starts_with("SMW"), "{}", told[0].to_name());
    assert_eq!(at(&scene.server, "2026-12-02T07:00:00Z").await.len(), 1, "two hours before");
    assert!(at(&scene.server, "2026-12-02T09:00:00Z").await.is_empty());
}

#[tokio::test]
async fn x06_nobody_is_reminded_of_what_is_off_over_declined_or_elsewhere_by_now() {
    let server = TestServer::start().await;
    choose(&server, |profile| reminded(profile, pb::Role::Iber, &[24], 0)).await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let hours = |hours| wednesday() + TimeDelta::hours(hours);
    let off = server.meeting(&[person], hours(0)).await;
    let declined = server.meeting(&[person], hours(2)).await;
    let moved = server.meeting(&[person], hours(4)).await;
    let stays = server.meeting(&[person], hours(6)).await;
    assert_eq!(server.news().await.len(), 4);
    server.happen(off.id, Event::Cancel).await;
    server.change(declined.id, |meeting| meeting.table[0].answer = Answer::Declined).await;
    server.move_to(moved.id, hours(30)).await;
    assert_eq!(server.news().await.len(), 2);
    server.clock.set(hours(-1));
    let told = server.news().await;
    assert_eq!(subjects(&told).len(), 1, "{:?}", subjects(&told));
    assert!(told[0].subject().starts_with("Herinnering") && told[0].subject().contains(&stays.reference));
    server.clock.set(hours(29));
    let told = server.news().await;
    assert_eq!(told.len(), 1, "what was moved is told of a day before it is");
    assert!(told[0].subject().contains(&moved.reference));
    server.clock.set(hours(40));
    assert!(server.news().await.is_empty());
}

#[tokio::test]
async fn x06_reminders_that_come_late_are_one() {
    let server = TestServer::start().await;
    choose(&server, |profile| reminded(profile, pb::Role::Iber, &[48, 24, 2], 0)).await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    server.meeting(&[person], wednesday()).await;
    assert_eq!(server.news().await.len(), 1);
    server.clock.set(wednesday() - TimeDelta::hours(1));
    assert_eq!(server.news().await.len(), 1, "three moments have passed");
    assert!(server.news().await.is_empty());
    // Whoever is invited within the day is not reminded of what they have just read.
    server.meeting(&[person], wednesday() + TimeDelta::hours(20)).await;
    assert_eq!(server.news().await.len(), 1);
    server.clock.set(wednesday() + TimeDelta::hours(17));
    assert!(server.news().await.is_empty());
    server.clock.set(wednesday() + TimeDelta::hours(18));
    assert_eq!(server.news().await.len(), 1);
    // What is chosen later holds for what was told already.
    server.meeting(&[person], wednesday() + TimeDelta::days(5)).await;
    server.news().await;
    choose(&server, |profile| profile.reminders[0].mail_hours = vec![72]).await;
    server.clock.set(wednesday() + TimeDelta::days(2));
    assert_eq!(server.news().await.len(), 1);
    server.clock.set(wednesday() + TimeDelta::days(5));
    assert!(server.news().await.is_empty());
}

#[tokio::test]
async fn x06_whoever_declined_and_accepts_later_is_reminded() {
    let server = TestServer::start().await;
    choose(&server, |profile| reminded(profile, pb::Role::Iber, &[24, 2], 0)).await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], wednesday()).await;
    let stays_away = server.meeting(&[person], wednesday() + TimeDelta::hours(1)).await;
    assert_eq!(server.news().await.len(), 2);
    for declined in [meeting.id, stays_away.id] {
        server.change(declined, |meeting| meeting.table[0].answer = Answer::Declined).await;
    }
    // Whatever has it looked at meanwhile: here another choice of the region.
    choose(&server, |profile| profile.reminders[0].alarm_minutes = 15).await;
    server.clock.set(wednesday() - TimeDelta::hours(23));
    assert!(server.news().await.is_empty(), "who declined is not reminded");
    server.change(meeting.id, |meeting| meeting.table[0].answer = Answer::Accepted).await;
    server.clock.set(wednesday() - TimeDelta::hours(3));
    assert!(server.news().await.is_empty(), "who accepts has just heard of it");
    server.clock.set(wednesday() - TimeDelta::hours(1));
    let told = server.news().await;
    assert_eq!(subjects(&told).len(), 1, "{:?}", subjects(&told));
    assert!(told[0].subject().starts_with("Herinnering") && told[0].subject().contains(&meeting.reference));
}
