//! Who has something to do hears of it before it is due: a number by mail, once, on working days.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::invitation::forbidden_word;
use schakel_proto::v1::{
    self as pb, mail_profile_service_client::MailProfileServiceClient, plan_service_client::PlanServiceClient,
};
use schakel_server::{
    app::App,
    invitation::{tasks::remind_due, worker},
    settings::{MailSettings, Security, SmtpSettings},
};
use schakel_tests::{TestServer, mailbox::Mail, needs::Need, violations};

use super::{Region, absent, plan::Planned};

/// Lets the worker of `app` tell everybody whose turn it is.
async fn remind(app: &App, server: &TestServer) {
    while remind_due(app, server.founded.region).await.unwrap() > 0 {}
}

/// What comes of it at an instant.
async fn at(server: &TestServer, time: &str) -> Vec<Mail> {
    server.clock.set(time.parse::<DateTime<Utc>>().unwrap());
    remind(&server.app, server).await;
    server.news().await
}

/// To whom, and how many tasks they have.
fn told(mails: &[Mail]) -> Vec<(String, String)> {
    let opening = |mail: &Mail| {
        let text = mail.text();
        text.lines().find(|line| line.starts_with("Van ")).unwrap_or_default().to_owned()
    };
    let mut told: Vec<_> = mails.iter().map(|mail| (mail.to(), opening(mail))).collect();
    told.sort();
    told
}

/// What only the social worker has to do: nothing else in the case is a task of theirs.
async fn visits(plan: &Planned, due: &str) -> pb::PlanAction {
    let action = pb::PlanAction { due_date: due.into(), start_date: "2026-11-23".into(), ..plan.visits() };
    plan.add(&plan.smw.1, action).await.unwrap()
}

async fn complete(plan: &Planned, action: &pb::PlanAction) {
    let request = pb::CompletePlanActionRequest {
        name: action.name.clone(),
        done_date: "2026-11-23".into(),
        etag: action.etag.clone(),
        request_id: plan.region.server.request_id(),
    };
    PlanServiceClient::new(plan.smw.1.clone()).complete_plan_action(request).await.unwrap();
}

/// Those to the social worker.
fn own(plan: &Planned, mails: Vec<Mail>) -> Vec<Mail> {
    let code = plan.smw.0.0.simple().to_string();
    mails.into_iter().filter(|mail| mail.to().starts_with(&code)).collect()
}

#[tokio::test]
async fn e03_who_has_something_to_do_hears_of_it_a_week_and_a_day_before_and_once() {
    let plan = Planned::start().await;
    let server = &plan.region.server;
    // Both on Thursday 3 December: a week before is 26 November.
    visits(&plan, "2026-12-03").await;
    visits(&plan, "2026-12-03").await;
    assert!(own(&plan, at(server, "2026-11-25T09:00:00Z").await).is_empty());
    assert!(own(&plan, at(server, "2026-11-26T06:59:00Z").await).is_empty(), "before eight in the morning");
    let mails = own(&plan, at(server, "2026-11-26T07:00:00Z").await);
    assert_eq!(mails.len(), 1, "both in one");
    let mail = &mails[0];
    assert!(mail.text().contains("Van 2 taken in Schakel komt de termijn dichtbij."), "{}", mail.text());
    assert!(mail.text().contains("2 of your tasks") && mail.text().contains("https://schakel.example"));
    let name = mail.to_name();
    for part in [mail.subject(), mail.text().replace(&name, ""), mail.html().replace(&name, "")] {
        assert_eq!(forbidden_word(&part), None, "{part}");
        for secret in ["Fenna", "Oudshoorn", "angst", "thuis langs", plan.case.reference.as_str()] {
            assert!(!part.contains(secret), "{secret}: {part}");
        }
    }
    // Neither later that day, nor by a server that was just started, nor the next day.
    assert!(at(server, "2026-11-26T15:00:00Z").await.is_empty());
    remind(&server.another().await, server).await;
    assert!(server.news().await.is_empty());
    assert!(own(&plan, at(server, "2026-11-27T09:00:00Z").await).is_empty());
    let mails = own(&plan, at(server, "2026-12-02T09:00:00Z").await);
    assert_eq!(mails.len(), 1, "the day before");
    assert!(own(&plan, at(server, "2026-12-03T09:00:00Z").await).is_empty());
    assert!(own(&plan, at(server, "2026-12-04T09:00:00Z").await).is_empty(), "too late to tell ahead");
}

#[tokio::test]
async fn e03_nobody_hears_of_what_is_done_or_of_a_case_that_is_closed() {
    let plan = Planned::start().await;
    let server = &plan.region.server;
    let done = visits(&plan, "2026-12-03").await;
    visits(&plan, "2026-12-04").await;
    complete(&plan, &done).await;
    assert!(own(&plan, at(server, "2026-11-26T09:00:00Z").await).is_empty(), "it was done");
    let mut school = plan.region.iber.clone();
    let case = school.get_case(pb::GetCaseRequest { name: plan.case.name.clone() }).await.unwrap();
    // Of a child that is back somebody would still look in.
    plan.region.close(&case.into_inner(), pb::CaseOutcome::UitNederland, "2026-11-25").await.unwrap();
    assert!(at(server, "2026-11-27T09:00:00Z").await.is_empty(), "the case was closed");
    assert!(at(server, "2026-12-03T09:00:00Z").await.is_empty());
}

#[tokio::test]
async fn e03_who_has_no_address_keeps_nobody_else_from_hearing_of_it() {
    let plan = Planned::start().await;
    let server = &plan.region.server;
    visits(&plan, "2026-12-03").await;
    let of_school = pb::PlanAction {
        person: plan.iber.0.to_string(),
        start_date: "2026-11-23".into(),
        due_date: "2026-12-03".into(),
        ..plan.lessons()
    };
    plan.add(&plan.iber.1, of_school).await.unwrap();
    server.without_address(plan.iber.0).await;
    let mails = at(server, "2026-11-26T09:00:00Z").await;
    assert_eq!(own(&plan, mails).len(), 1);
    assert!(at(server, "2026-11-26T10:00:00Z").await.is_empty(), "the round ended");
}

#[tokio::test]
async fn e03_a_day_off_gives_way_to_the_working_day_before_it_and_what_was_missed_is_told() {
    let plan = Planned::start().await;
    let server = &plan.region.server;
    // Monday 7 December: the day before is a Sunday. Saturday 5 December: the week before is a Saturday.
    visits(&plan, "2026-12-07").await;
    visits(&plan, "2026-12-05").await;
    let few =
        |mails: Vec<Mail>| told(&own(&plan, mails)).into_iter().map(|(_, what)| what).collect::<Vec<_>>();
    let one = ["Van 1 taak in Schakel komt de termijn dichtbij."];
    assert_eq!(few(at(server, "2026-11-27T09:00:00Z").await), one, "of Saturday: on Friday");
    assert!(at(server, "2026-11-28T09:00:00Z").await.is_empty(), "a Saturday");
    assert!(at(server, "2026-11-29T09:00:00Z").await.is_empty(), "a Sunday");
    assert_eq!(few(at(server, "2026-11-30T09:00:00Z").await), one, "of Monday: a week before");
    // Nobody worked on Thursday and Friday morning: Friday evening tells of both days before.
    let two = ["Van 2 taken in Schakel komt de termijn dichtbij."];
    assert_eq!(few(at(server, "2026-12-04T18:00:00Z").await), two);
}

#[tokio::test]
async fn e03_region_and_person_choose_when_they_hear_of_it() {
    let plan = Planned::start().await;
    let server = &plan.region.server;
    let mut profiles = MailProfileServiceClient::new(server.administrator());
    let profile = profiles.get_mail_profile(pb::GetMailProfileRequest {}).await.unwrap().into_inner();
    assert_eq!(
        (profile.task_reminder_days.as_slice(), profile.task_reminder_time.as_str()),
        (&[7, 1][..], "08:00")
    );
    let set = |profile: pb::MailProfile| pb::SetMailProfileRequest {
        mail_profile: Some(profile),
        request_id: server.request_id(),
    };
    let wrong = pb::MailProfile { task_reminder_days: vec![29], ..profile.clone() };
    let refused = profiles.set_mail_profile(set(wrong)).await.unwrap_err();
    assert_eq!(violations(&refused), ["mail_profile.task_reminder_days: FIELD_INVALID"]);
    let chosen = pb::MailProfile {
        task_reminder_days: vec![3],
        task_reminder_time: "10:00".into(),
        quiet_from: "20:00".into(),
        quiet_until: "11:00".into(),
        ..profile
    };
    profiles.set_mail_profile(set(chosen)).await.unwrap();
    visits(&plan, "2026-12-03").await;
    visits(&plan, "2026-12-04").await;
    assert!(own(&plan, at(server, "2026-11-26T12:00:00Z").await).is_empty());
    assert!(at(server, "2026-11-30T09:30:00Z").await.is_empty(), "it is quiet until eleven");
    assert_eq!(own(&plan, at(server, "2026-11-30T10:00:00Z").await).len(), 1);
    let mut wishes = MailProfileServiceClient::new(plan.smw.1.clone());
    let now = wishes.get_mail_wishes(pb::GetMailWishesRequest {}).await.unwrap().into_inner();
    let never = pb::MailWishes { no_task_reminders: true, ..now };
    let request = pb::SetMailWishesRequest { mail_wishes: Some(never), request_id: server.request_id() };
    let kept = wishes.set_mail_wishes(request).await.unwrap().into_inner();
    assert!(kept.no_task_reminders);
    assert!(own(&plan, at(server, "2026-12-01T12:00:00Z").await).is_empty(), "as wished");
}

#[tokio::test]
async fn e03_who_gets_one_mail_a_day_hears_of_it_then() {
    let plan = Planned::start().await;
    let server = &plan.region.server;
    let mut wishes = MailProfileServiceClient::new(plan.smw.1.clone());
    let now = wishes.get_mail_wishes(pb::GetMailWishesRequest {}).await.unwrap().into_inner();
    let daily = pb::MailWishes { digest_time: "16:00".into(), language: "en".into(), ..now };
    let request = pb::SetMailWishesRequest { mail_wishes: Some(daily), request_id: server.request_id() };
    wishes.set_mail_wishes(request).await.unwrap();
    visits(&plan, "2026-12-03").await;
    assert!(own(&plan, at(server, "2026-11-26T09:00:00Z").await).is_empty());
    let mails = own(&plan, at(server, "2026-11-26T15:00:00Z").await);
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].header("Content-Language"), "en, nl");
}

#[tokio::test]
async fn e03_a_real_relay_takes_what_there_is_to_do() {
    const NAME: &str = "e03_a_real_relay_takes_what_there_is_to_do";
    let needs = [Need::SmtpPort, Need::SmtpCa, Need::SmtpFolder].map(|need| need.or_skip(NAME));
    let [Some(port), Some(ca), Some(folder)] = needs else { return };
    let smtp = SmtpSettings {
        host: "localhost".into(),
        port: Some(port.parse().unwrap()),
        security: Security::Starttls,
        username: None,
        password_file: None,
        ca_file: Some(ca.into()),
        limits: schakel_server::settings::RelayLimits::default(),
    };
    let server = TestServer::start_changed(|settings| {
        settings.mail = MailSettings { maildir: None, smtp: Some(smtp), ..settings.mail.clone() };
    })
    .await;
    let region = Region::of(server).await;
    let plan = Planned::of(absent(region.school), region).await;
    let server = &plan.region.server;
    visits(&plan, "2026-12-03").await;
    server.clock.set("2026-11-26T09:00:00Z".parse().unwrap());
    remind(&server.app, server).await;
    let code = plan.smw.0.0.simple().to_string();
    let taken = || {
        let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let files = files.filter_map(|file| std::fs::read(file).ok());
        files.filter(|mail| String::from_utf8_lossy(mail).contains(&code)).count()
    };
    let before = taken();
    while worker::work(&server.app, server.founded.region).await.unwrap() > 0 {}
    assert_eq!(taken(), before + 1);
    server.clock.advance(TimeDelta::hours(1));
    remind(&server.another().await, server).await;
    while worker::work(&server.app, server.founded.region).await.unwrap() > 0 {}
    assert_eq!(taken(), before + 1, "once");
}
