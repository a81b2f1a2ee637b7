//! A case that ends with the death of the child: what was to come is off, and the family hears nothing more.

use chrono::TimeDelta;
use pb::{consultation::State as Stands, time_poll::State};
use schakel_proto::v1::{self as pb, mail_profile_service_client::MailProfileServiceClient};
use schakel_server::consultation::waiting::worker;
use schakel_tests::{TestServer, mailbox::Mail, seed_meetings::stamp};

use super::{FORM, Life, SECRET};

const MOTHER: &str = "noor@thuis.example";
/// The parents, and who comes along with the first.
const FAMILY: [&str; 3] = [MOTHER, SECRET, "oma@familie.example"];

/// Takes the Maildir away, or gives it back.
fn post_office(server: &TestServer, open: bool) {
    let tmp = server.folder.join("mail").join("tmp");
    if open { std::fs::create_dir(tmp).unwrap() } else { std::fs::remove_dir_all(tmp).unwrap() }
}

/// Has parents reminded a day before.
async fn reminds_parents(server: &TestServer) {
    let mut profiles = MailProfileServiceClient::new(server.administrator());
    let mut profile = profiles.get_mail_profile(pb::GetMailProfileRequest {}).await.unwrap().into_inner();
    let role = pb::Role::Ouder.into();
    profile.reminders.push(pb::mail_profile::Reminder { role, mail_hours: vec![24], alarm_minutes: 0 });
    let request = pb::SetMailProfileRequest { mail_profile: Some(profile), request_id: server.request_id() };
    profiles.set_mail_profile(request).await.unwrap();
}

fn to_family(mails: &[Mail]) -> Vec<String> {
    let theirs = mails.iter().filter(|mail| FAMILY.contains(&mail.to().as_str()));
    theirs.map(|mail| format!("{}: {}", mail.to(), mail.subject())).collect()
}

impl Life {
    async fn end(&mut self, outcome: pb::CaseOutcome) {
        let read = pb::GetCaseRequest { name: self.case.name.clone() };
        let now = self.keeper.get_case(read).await.unwrap().into_inner();
        let request = pb::CloseCaseRequest {
            name: now.name,
            outcome: outcome.into(),
            outcome_date: "2026-11-24".into(),
            note: String::new(),
            etag: now.etag,
            request_id: self.id(),
        };
        self.case = self.keeper.close_case(request).await.unwrap().into_inner();
    }

    /// Thirty days of everything that works by itself; what was mailed in them.
    async fn a_month(&self) -> Vec<Mail> {
        let server = &self.scene.server;
        let before = server.mailbox().len();
        for _ in 0..60 {
            server.clock.advance(TimeDelta::hours(12));
            self.work().await;
            worker::work(&server.app, server.founded.region).await.unwrap();
            server.deliver().await;
        }
        server.mailbox().split_off(before)
    }
}

/// A family with two meetings to come, times to choose from and a place in the queue; mail about a move waits.
async fn expecting() -> (Life, [pb::Consultation; 2], pb::TimePoll) {
    let life = Life::start().await;
    let server = &life.scene.server;
    reminds_parents(server).await;
    let soon = life.book(life.scene.later(240)).await;
    let later = life.book(life.scene.later(480)).await;
    let poll = life.ask().await;
    life.wait().await;
    server.news().await;
    let moving = pb::MoveConsultationRequest {
        name: soon.name.clone(),
        start_time: Some(stamp(life.scene.later(264))),
        etag: life.meeting(&soon.name).await.etag,
        request_id: life.id(),
        ..Default::default()
    };
    life.scene.meetings().move_consultation(moving).await.unwrap();
    server.clock.advance(TimeDelta::minutes(2));
    post_office(server, false);
    server.deliver().await;
    (life, [soon, later], poll)
}

#[tokio::test]
async fn parents_are_reminded_of_what_is_to_come_after_an_ordinary_end() {
    let (mut life, ..) = Box::pin(expecting()).await;
    life.end(pb::CaseOutcome::TerugEigenSchool).await;
    post_office(&life.scene.server, true);
    let told = to_family(&life.a_month().await);
    for start in
        FAMILY.into_iter().chain(["pim@geheim.example: Gewijzigd", "pim@geheim.example: Herinnering"])
    {
        assert!(told.iter().any(|mail| mail.starts_with(start)), "{start}: {told:#?}");
    }
}

#[tokio::test]
async fn not_one_mail_reaches_the_family_of_a_child_that_has_died() {
    let (mut life, meetings, poll) = Box::pin(expecting()).await;
    let http = life.scene.server.http().await;
    let mails = life.to(MOTHER);
    let invitation = mails.iter().rfind(|mail| mail.subject().starts_with("Uitnodiging")).unwrap().link();
    let asked = mails.iter().find(|mail| mail.subject().starts_with("Wanneer")).unwrap().poll_link();
    life.end(pb::CaseOutcome::Overleden).await;
    assert_eq!(life.case.outcome(), pb::CaseOutcome::Overleden);
    for meeting in &meetings {
        assert_eq!(life.meeting(&meeting.name).await.state(), Stands::Cancelled);
    }
    assert_eq!(life.meeting(&life.held.name).await.state(), Stands::Held, "what was stays as it was");
    assert_eq!(life.poll(&poll.name).await.state(), State::Cancelled);
    assert!(life.waiting().await.is_empty());
    post_office(&life.scene.server, true);
    // Not even when somebody follows an old link.
    for link in [invitation, asked] {
        http.send("POST", &format!("{link}/code"), &FORM, "").await;
    }
    let told = life.a_month().await;
    assert_eq!(to_family(&told), [""; 0]);
    let off = told.iter().filter(|mail| mail.tree().iter().any(|part| part.contains("method=CANCEL")));
    assert!(off.count() >= 2, "professionals hear that it is off, so that nobody stands at the door");
    let waits = "SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL' AND state = 'PENDING'";
    assert_eq!(life.scene.server.number(waits).await, 0);
}

#[tokio::test]
async fn a_death_that_was_recorded_by_mistake_silences_nobody_for_good() {
    let (mut life, [soon, _], _) = Box::pin(expecting()).await;
    life.end(pb::CaseOutcome::Overleden).await;
    post_office(&life.scene.server, true);
    life.scene.server.news().await;
    let request = pb::ReopenCaseRequest {
        name: life.case.name.clone(),
        first_day: "2026-11-25".into(),
        etag: life.case.etag.clone(),
        request_id: life.id(),
    };
    life.keeper.reopen_case(request).await.unwrap();
    life.scene.server.clock.advance(TimeDelta::minutes(5));
    assert_eq!(to_family(&life.scene.server.news().await), [""; 0], "not of what was called off in silence");
    let again = pb::ReinstateConsultationRequest {
        name: soon.name.clone(),
        etag: life.meeting(&soon.name).await.etag,
        request_id: life.id(),
        ..Default::default()
    };
    life.scene.meetings().reinstate_consultation(again).await.unwrap();
    life.scene.server.clock.advance(TimeDelta::minutes(5));
    let told = to_family(&life.scene.server.news().await);
    assert!(told.iter().any(|mail| mail.starts_with(MOTHER)), "{told:#?}");
}
