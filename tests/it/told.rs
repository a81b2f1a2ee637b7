//! Who is told what, and when: one more or one less at a table, what goes on after all, reminders, the
//! night, the one mail a day, and no more than somebody can read.

mod held;
mod reminders;

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{access::Role, consultation::Event, ids::PersonId};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    mail_profile_service_client::MailProfileServiceClient,
};
use schakel_server::invitation::worker;
use schakel_tests::{
    As, TestServer,
    mailbox::Mail,
    needs::full_drill,
    reason,
    seed_meetings::{Scene, seat, stamp},
    violations,
};

/// Wednesday 2 December 2026, ten in the morning in Amsterdam: nine days from the start of a test.
fn wednesday() -> DateTime<Utc> {
    "2026-12-02T09:00:00Z".parse().unwrap()
}

fn profiles(server: &TestServer) -> MailProfileServiceClient<As> {
    MailProfileServiceClient::new(server.administrator())
}

/// Has the region choose what `change` makes of what it has.
async fn choose(server: &TestServer, change: impl FnOnce(&mut pb::MailProfile)) -> pb::MailProfile {
    let mut profile =
        profiles(server).get_mail_profile(pb::GetMailProfileRequest {}).await.unwrap().into_inner();
    change(&mut profile);
    let request = pb::SetMailProfileRequest { mail_profile: Some(profile), request_id: server.request_id() };
    profiles(server).set_mail_profile(request).await.unwrap().into_inner()
}

fn night(profile: &mut pb::MailProfile) {
    (profile.quiet_from, profile.quiet_until) = ("20:00".into(), "07:00".into());
}

fn reminded(profile: &mut pb::MailProfile, role: pb::Role, hours: &[i32], alarm_minutes: i32) {
    let role = role.into();
    let reminder = pb::mail_profile::Reminder { role, mail_hours: hours.to_vec(), alarm_minutes };
    profile.reminders.push(reminder);
}

/// Has somebody wish what `change` makes of what they wished.
async fn wish(server: &TestServer, who: &As, change: impl FnOnce(&mut pb::MailWishes)) {
    let mut own = MailProfileServiceClient::new(who.clone());
    let mut wishes = own.get_mail_wishes(pb::GetMailWishesRequest {}).await.unwrap().into_inner();
    change(&mut wishes);
    let request = pb::SetMailWishesRequest { mail_wishes: Some(wishes), request_id: server.request_id() };
    own.set_mail_wishes(request).await.unwrap();
}

/// To whom, and what first: `Uitnodiging`, `Gewijzigd`, `Herinnering`.
fn briefly(mails: &[Mail]) -> Vec<(String, String)> {
    let what = |mail: &Mail| mail.subject().split(':').next().unwrap_or_default().to_owned();
    let mut told: Vec<_> = mails.iter().map(|mail| (mail.to_name(), what(mail))).collect();
    told.sort();
    told
}

fn subjects(mails: &[Mail]) -> Vec<String> {
    mails.iter().map(Mail::subject).collect()
}

async fn at(server: &TestServer, time: &str) -> Vec<Mail> {
    server.clock.set(time.parse().unwrap());
    server.news().await
}

async fn read(scene: &Scene, name: &str) -> pb::Consultation {
    let request = pb::GetConsultationRequest { name: name.to_owned() };
    scene.meetings().get_consultation(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn x06_who_is_added_is_invited_and_who_is_removed_is_told_and_nobody_else() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(50)).await;
    assert_eq!(scene.server.news().await.len(), 3);
    let (second, channel) = scene.server.person(Role::Smw, scene.team).await;
    let add = |etag: &str, person: PersonId| pb::AddParticipantRequest {
        name: booked.name.clone(),
        comes: Some(seat(person, pb::Role::Smw)),
        etag: etag.into(),
        request_id: scene.server.request_id(),
    };
    let more = scene.meetings().add_participant(add(&booked.etag, second)).await.unwrap().into_inner();
    assert_eq!((more.participants.len(), more.sequence), (4, 0));
    assert!(scene.server.news().await.is_empty(), "who comes and goes within the minute is not told");
    scene.server.clock.advance(TimeDelta::minutes(1));
    let told = scene.server.news().await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].property("SEQUENCE"), told[0].property("STATUS")), ("0".into(), "CONFIRMED".into()));
    let mut own = ConsultationServiceClient::new(channel);
    own.get_consultation(pb::GetConsultationRequest { name: booked.name.clone() }).await.unwrap();
    let twice = scene.meetings().add_participant(add(&more.etag, second)).await.unwrap_err();
    assert_eq!(violations(&twice), ["comes.person: DUPLICATE_ATTENDEE"]);
    let stale = scene.meetings().add_participant(add(&booked.etag, second)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");

    let remove = |etag: &str, leaves: String| pb::RemoveParticipantRequest {
        name: booked.name.clone(),
        leaves,
        etag: etag.into(),
        request_id: scene.server.request_id(),
    };
    let iber = scene.iber.0.to_string();
    let school = scene.meetings().remove_participant(remove(&more.etag, iber)).await.unwrap_err();
    assert_eq!(violations(&school), ["leaves: ROLE_REQUIRED"]);
    let parent = scene.family.parents[0].to_string();
    let parent = scene.meetings().remove_participant(remove(&more.etag, parent)).await.unwrap_err();
    assert_eq!(violations(&parent), ["leaves: PARENT_REQUIRED"]);
    let stranger = scene.leerplicht.0.to_string();
    let stranger = scene.meetings().remove_participant(remove(&more.etag, stranger)).await.unwrap_err();
    assert_eq!(reason(&stranger), "PARTICIPANT_UNKNOWN");
    let less = scene.meetings().remove_participant(remove(&more.etag, second.to_string())).await.unwrap();
    assert_eq!(less.into_inner().participants.len(), 3);
    scene.server.clock.advance(TimeDelta::minutes(1));
    let told = scene.server.news().await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].property("SEQUENCE"), told[0].property("STATUS")), ("1".into(), String::new()));
    assert!(told[0].subject().starts_with("U hoeft niet te komen"), "{}", told[0].subject());
    let gone = own.get_consultation(pb::GetConsultationRequest { name: booked.name.clone() }).await;
    assert_eq!(reason(&gone.unwrap_err()), "CONSULTATION_NOT_FOUND");
}

#[tokio::test]
async fn x06_what_is_changed_within_a_minute_is_told_once() {
    let scene = Scene::start().await;
    let start = scene.later(50);
    let booked = scene.booked(start).await;
    scene.server.news().await;
    let (second, _) = scene.server.person(Role::Smw, scene.team).await;
    let mut etag = booked.etag;
    for minutes in [30, 60, 90] {
        let request = pb::MoveConsultationRequest {
            name: booked.name.clone(),
            start_time: Some(stamp(start + TimeDelta::minutes(minutes))),
            etag,
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        etag = scene.meetings().move_consultation(request).await.unwrap().into_inner().etag;
        scene.server.clock.advance(TimeDelta::seconds(10));
    }
    let request = pb::ReplaceParticipantRequest {
        name: booked.name.clone(),
        leaves: scene.smw.0.to_string(),
        comes: Some(seat(second, pb::Role::Smw)),
        etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().replace_participant(request).await.unwrap();
    assert!(scene.server.news().await.is_empty());
    scene.server.clock.advance(TimeDelta::minutes(2));
    let told = briefly(&scene.server.news().await);
    let whats: Vec<&str> = told.iter().map(|(_, what)| what.as_str()).collect();
    assert_eq!(whats.len(), 4, "each of the four once: {told:?}");
    assert_eq!(whats.iter().filter(|what| **what == "Gewijzigd").count(), 2);
    scene.server.clock.advance(TimeDelta::minutes(2));
    assert!(scene.server.news().await.is_empty());
}

#[tokio::test]
async fn x06_a_meeting_that_goes_on_after_all_is_the_same_event_for_everybody() {
    let scene = Scene::start().await;
    let start = scene.later(50);
    let booked = scene.booked(start).await;
    let first = scene.server.news().await.remove(0);
    let cancel = |etag: &str| pb::CancelConsultationRequest {
        name: booked.name.clone(),
        etag: etag.into(),
        request_id: scene.server.request_id(),
    };
    let off = scene.meetings().cancel_consultation(cancel(&booked.etag)).await.unwrap().into_inner();
    assert_eq!(scene.server.news().await.len(), 3);
    let again = |etag: &str| pb::ReinstateConsultationRequest {
        name: booked.name.clone(),
        etag: etag.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    // Somebody is taken by then.
    let other = scene.booked(start).await;
    let refused = scene.meetings().reinstate_consultation(again(&off.etag)).await.unwrap_err();
    assert_eq!(reason(&refused), "TIME_CONFLICT");
    let request = pb::CancelConsultationRequest {
        name: other.name,
        etag: other.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(request).await.unwrap();
    scene.server.news().await;
    let stale = scene.meetings().reinstate_consultation(again(&booked.etag)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let on = scene.meetings().reinstate_consultation(again(&off.etag)).await.unwrap().into_inner();
    assert_eq!((on.state, on.sequence), (pb::consultation::State::Planned as i32, 2));
    let unchanged = scene.meetings().reinstate_consultation(again(&on.etag)).await.unwrap().into_inner();
    assert_eq!(unchanged.etag, on.etag, "what goes on, goes on");
    scene.server.clock.advance(TimeDelta::minutes(1));
    let told = scene.server.news().await;
    assert_eq!(told.len(), 3);
    for mail in &told {
        assert_eq!((mail.property("UID"), mail.property("SEQUENCE")), (first.property("UID"), "2".into()));
        assert_eq!(mail.property("STATUS"), "CONFIRMED");
        assert!(mail.subject().starts_with("Uitnodiging"), "{}", mail.subject());
    }
    // The time is taken again.
    let taken = scene.meetings().book_consultation(scene.booking(scene.mdo(start))).await.unwrap_err();
    assert_eq!(reason(&taken), "TIME_CONFLICT");
    let off = scene.meetings().cancel_consultation(cancel(&on.etag)).await.unwrap().into_inner();
    scene.server.clock.set(start);
    let late = scene.meetings().reinstate_consultation(again(&off.etag)).await.unwrap_err();
    assert_eq!(reason(&late), "CONSULTATION_PAST");
}

#[tokio::test]
async fn x06_staff_may_have_one_mail_a_day_and_urgent_news_at_once() {
    let scene = Scene::start().await;
    wish(&scene.server, &scene.smw.1, |wishes| wishes.digest_time = "16:00".into()).await;
    let first = scene.booked(wednesday()).await;
    let second = scene.booked(wednesday() + TimeDelta::hours(3)).await;
    let third = scene.booked(wednesday() + TimeDelta::hours(6)).await;
    assert_eq!(scene.server.news().await.len(), 6, "school and parent are told at once");
    let cancel = pb::CancelConsultationRequest {
        name: third.name.clone(),
        etag: third.etag.clone(),
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(cancel).await.unwrap();
    assert_eq!(scene.server.news().await.len(), 2, "who never heard of it has nothing to hear");
    assert!(at(&scene.server, "2026-11-23T14:59:00Z").await.is_empty());
    let told = at(&scene.server, "2026-11-23T15:00:00Z").await;
    assert_eq!(told.len(), 1);
    let calendar = String::from_utf8(told[0].part("text/calendar")).unwrap();
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), 2, "{calendar}");
    assert!([&first, &second].iter().all(|meeting| told[0].text().contains(&meeting.reference)));
    assert!(!told[0].text().contains(&third.reference));
    assert!(scene.server.news().await.is_empty());
    // One thing alone is an invitation like any other.
    let alone = scene.booked(wednesday() + TimeDelta::hours(9)).await;
    scene.server.news().await;
    let told = at(&scene.server, "2026-11-24T15:00:00Z").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].subject().contains(&alone.reference) && told[0].calendar().contains("METHOD:REQUEST"));
    // What is within a day cannot wait for the afternoon.
    scene.server.clock.set(wednesday() - TimeDelta::hours(5));
    let first = read(&scene, &first.name).await;
    let cancel = pb::CancelConsultationRequest {
        name: first.name,
        etag: first.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(cancel).await.unwrap();
    assert_eq!(scene.server.news().await.len(), 3);
}

#[tokio::test]
async fn x06_nothing_is_mailed_in_quiet_hours_but_what_cannot_wait() {
    let scene = Scene::start().await;
    choose(&scene.server, night).await;
    scene.server.clock.set("2026-11-23T20:30:00Z".parse().unwrap());
    let booked = scene.booked(wednesday()).await;
    assert!(scene.server.news().await.is_empty());
    // What is changed meanwhile is in what they read in the morning.
    let request = pb::MoveConsultationRequest {
        name: booked.name.clone(),
        start_time: Some(stamp(wednesday() + TimeDelta::hours(1))),
        etag: booked.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.meetings().move_consultation(request).await.unwrap();
    assert!(at(&scene.server, "2026-11-24T05:59:00Z").await.is_empty());
    let told = at(&scene.server, "2026-11-24T06:00:00Z").await;
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|mail| mail.subject().starts_with("Uitnodiging")), "{:?}", subjects(&told));
    assert!(told.iter().all(|mail| mail.text().contains("11:00")));
    scene.server.clock.set("2026-12-01T22:00:00Z".parse().unwrap());
    let booked = read(&scene, &booked.name).await;
    let cancel = pb::CancelConsultationRequest {
        name: booked.name,
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(cancel).await.unwrap();
    assert_eq!(scene.server.news().await.len(), 3, "nobody sets out for it in the morning");
}

#[tokio::test]
async fn t18_many_changes_are_six_mails_and_the_last_is_right() {
    let many: i64 = if full_drill() { 10_000 } else { 200 };
    let server = TestServer::start().await;
    choose(&server, |profile| (profile.most_per_hour, profile.most_per_day) = (5, 20)).await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], wednesday()).await;
    let start = |nth: i64| wednesday() + TimeDelta::minutes(nth % 480);
    let mut mails = server.news().await;
    for nth in 1..=many {
        server.move_to(meeting.id, start(nth)).await;
        // Less than an hour in all.
        if nth % (many / 50) == 0 {
            server.clock.advance(TimeDelta::minutes(1));
            mails.extend(server.news().await);
        }
    }
    assert_eq!(mails.len(), 5, "{:?}", subjects(&mails));
    server.clock.advance(TimeDelta::minutes(10));
    mails.extend(server.news().await);
    assert_eq!(mails.len(), 6, "an hour after the first");
    let last = start(many).format("%Y%m%dT").to_string();
    assert!(mails[5].property("DTSTART").starts_with(&last), "{}", mails[5].property("DTSTART"));
    assert_eq!(mails[5].property("SEQUENCE"), many.to_string());
    // That it is off is told all the same.
    server.move_to(meeting.id, start(many + 1)).await;
    assert!(server.news().await.is_empty());
    server.happen(meeting.id, Event::Cancel).await;
    assert_eq!(subjects(&server.news().await).len(), 1);
    server.clock.advance(TimeDelta::days(1));
    assert!(server.news().await.is_empty(), "nothing is left to tell");
}

#[tokio::test]
async fn x06_a_withdrawal_says_status_where_the_calendar_of_a_domain_needs_it() {
    let server = TestServer::start().await;
    choose(&server, |profile| profile.status_in_withdrawal = vec!["exchange.example".into()]).await;
    let (one, other, stays) = (
        server.colleague("Gijs Weg", "gijs@exchange.example").await,
        server.colleague("Nora Weg", "nora@school.example").await,
        server.colleague("Bram Blijft", "bram@school.example").await,
    );
    let meeting = server.meeting(&[one, other, stays], wednesday()).await;
    server.news().await;
    server.change(meeting.id, |meeting| meeting.table.retain(|seat| seat.person == stays)).await;
    let mut told = server.news().await;
    told.sort_by_key(Mail::to);
    let said: Vec<_> = told.iter().map(|mail| (mail.to(), mail.property("STATUS"))).collect();
    let expected = [("gijs@exchange.example", "CANCELLED"), ("nora@school.example", "")];
    let expected = expected.map(|(to, said)| (to.to_owned(), said.to_owned()));
    assert_eq!(said, expected);
    assert!(told.iter().all(|mail| mail.subject().starts_with("U hoeft niet te komen")));
}

#[tokio::test]
async fn b04_a_professional_may_have_english_first() {
    let scene = Scene::start().await;
    wish(&scene.server, &scene.smw.1, |wishes| wishes.language = "en".into()).await;
    scene.booked(wednesday()).await;
    let told = scene.server.news().await;
    let english: Vec<&Mail> =
        told.iter().filter(|mail| mail.header("Content-Language") == "en, nl").collect();
    assert_eq!(english.len(), 1);
    assert!(english[0].to_name().starts_with("SMW") && english[0].subject().starts_with("Invitation"));
}

#[tokio::test]
async fn x06_what_a_region_cannot_choose_is_refused_and_wishes_are_ones_own() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let mut profile = choose(server, night).await;
    assert_eq!((profile.etag.as_str(), profile.most_per_hour, profile.most_per_day), ("1", 20, 60));
    assert_eq!((profile.quiet_from.as_str(), profile.quiet_until.as_str()), ("20:00", "07:00"));
    reminded(&mut profile, pb::Role::Ouder, &[0], 0);
    reminded(&mut profile, pb::Role::Unspecified, &[], 0);
    profile.most_per_hour = 0;
    profile.quiet_until = String::new();
    let set = |profile: &pb::MailProfile| pb::SetMailProfileRequest {
        mail_profile: Some(profile.clone()),
        request_id: server.request_id(),
    };
    let refused = profiles(server).set_mail_profile(set(&profile)).await.unwrap_err();
    assert!(violations(&refused).contains(&"mail_profile.quiet_until: FIELD_INVALID".to_owned()));
    assert!(violations(&refused).contains(&"mail_profile.reminders[1].role: FIELD_REQUIRED".to_owned()));
    profile.reminders.pop();
    profile.quiet_until = "07:00".into();
    let refused = profiles(server).set_mail_profile(set(&profile)).await.unwrap_err();
    let expected =
        ["mail_profile.most_per_hour: FIELD_INVALID", "mail_profile.reminders[0].mail_hours: FIELD_INVALID"];
    assert_eq!(violations(&refused), expected);
    (profile.most_per_hour, profile.etag) = (20, "0".into());
    profile.reminders.clear();
    let stale = profiles(server).set_mail_profile(set(&profile)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let mut planner = MailProfileServiceClient::new(scene.planner.1.clone());
    let denied = planner.set_mail_profile(set(&profile)).await.unwrap_err();
    assert_eq!(reason(&denied), "ACTION_NOT_ALLOWED");

    wish(server, &scene.smw.1, |wishes| wishes.no_reminders = true).await;
    let mut own = MailProfileServiceClient::new(scene.smw.1.clone());
    let kept = own.get_mail_wishes(pb::GetMailWishesRequest {}).await.unwrap().into_inner();
    assert!(kept.no_reminders && kept.etag == "1");
    let others = planner.get_mail_wishes(pb::GetMailWishesRequest {}).await.unwrap().into_inner();
    assert_eq!(others.etag, "0");
    let set = |wishes: pb::MailWishes| pb::SetMailWishesRequest {
        mail_wishes: Some(wishes),
        request_id: server.request_id(),
    };
    let wrong = pb::MailWishes { reminder_hours: vec![700], language: "fr".into(), ..kept.clone() };
    let refused = own.set_mail_wishes(set(wrong)).await.unwrap_err();
    assert!(violations(&refused).len() >= 2, "{:?}", violations(&refused));
    let stale = own.set_mail_wishes(set(pb::MailWishes { etag: "0".into(), ..kept })).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
}

#[tokio::test]
async fn a_first_mail_that_nobody_tried_to_send_is_replaced_by_one_that_says_how_it_stands() {
    let server = TestServer::start().await;
    let person = server.colleague("Zoë Smit", "zoe@school.example").await;
    let meeting = server.meeting(&[person], wednesday()).await;
    let region = server.founded.region;
    worker::tell(&server.app, region).await.unwrap();
    server.move_to(meeting.id, wednesday() + TimeDelta::hours(1)).await;
    worker::tell(&server.app, region).await.unwrap();
    let told = server.news().await;
    assert_eq!(told.len(), 1);
    assert!(told[0].subject().starts_with("Uitnodiging"), "{}", told[0].subject());
    assert_eq!(
        (told[0].property("SEQUENCE"), told[0].property("DTSTART")),
        ("1".into(), "20261202T110000".into())
    );
}
