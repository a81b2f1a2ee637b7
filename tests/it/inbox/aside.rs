//! What changes nothing: whoever plans the meeting sees it, and nobody is written to in a loop.

use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    inbox_service_client::InboxServiceClient,
};
use schakel_server::invitation::inbox::worker;
use schakel_tests::{imap::Mailbox, mailbox::Mail, reason, seed_meetings::Scene};
use serde_json::json;

use super::{reasons, saved};

/// A booked meeting in a region that reads a mailbox, and the invitation of the parent.
async fn invited(mailbox: &Mailbox) -> (Scene, pb::Consultation, Mail) {
    let scene = Scene::start_changed(|settings| settings.mail.inbox = Some(mailbox.settings())).await;
    let booked = scene.booked(scene.later(48)).await;
    let mails = scene.server.news().await;
    let parent = mails.into_iter().find(|mail| mail.to() == "thuis@familie.example").unwrap();
    (scene, booked, parent)
}

#[tokio::test]
async fn x06_whoever_plans_a_meeting_sees_what_came_by_mail_and_why_it_changed_nothing() {
    const NAME: &str = "x06_whoever_plans_a_meeting_sees_what_came_by_mail_and_why_it_changed_nothing";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let (scene, booked, mail) = invited(&mailbox).await;
    let invitation = saved(&mailbox, &mail, "parent");
    let wishes = [
        json!({"mail": invitation, "does": "text", "to": "reply", "text": "Ik kan alleen na vieren."}),
        json!({"mail": invitation, "does": "accepted", "to": "organizer"}),
        json!({"mail": invitation, "does": "away", "to": "reply", "text": "Ik ben er niet."}),
    ];
    let Some(written) = mailbox.written(&wishes, NAME) else { return };
    for mail in &written {
        mailbox.put(mail);
    }
    worker::once(&scene.server.app).await.unwrap();
    assert_eq!(mailbox.counts(), [0, 1, 2], "what a mailbox says by itself is nothing to see");
    let mut inbox = InboxServiceClient::new(scene.iber.1.clone());
    let list = pb::ListInboundMailsRequest { consultation: booked.name.clone(), ..Default::default() };
    let seen = inbox.list_inbound_mails(list.clone()).await.unwrap().into_inner().inbound_mails;
    let told: Vec<_> = seen.iter().map(|mail| (mail.reason.as_str(), mail.method.as_str())).collect();
    assert_eq!(told, [("NO_CALENDAR", ""), ("AUTH_FAILED", "REPLY")]);
    assert_eq!(seen[0].text, "Ik kan alleen na vieren.");
    assert_eq!(
        (seen[0].sender.as_str(), seen[0].person.as_str()),
        ("thuis@familie.example", scene.family.parents[0].to_string().as_str())
    );
    assert_eq!((seen[1].answer.as_str(), seen[1].consultation.as_str()), ("ACCEPTED", booked.name.as_str()));
    // It was written to whoever plans the meeting: the others at the table do not read it.
    let mut seated = InboxServiceClient::new(scene.smw.1.clone());
    let refused = seated.list_inbound_mails(list.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    // It is sealed where it is kept.
    let plain = "SELECT COUNT(*) FROM inbound_mail WHERE CAST(sealed_text AS TEXT) LIKE '%vieren%'";
    if !scene.server.app.settings.database.url.starts_with("postgres") {
        assert_eq!(scene.server.number(plain).await, 0);
    }
    let dismiss =
        pb::DismissInboundMailRequest { name: seen[0].name.clone(), request_id: scene.server.request_id() };
    inbox.dismiss_inbound_mail(dismiss.clone()).await.unwrap();
    inbox.dismiss_inbound_mail(dismiss).await.unwrap();
    let left = inbox.list_inbound_mails(list.clone()).await.unwrap().into_inner().inbound_mails;
    assert_eq!(left.len(), 1);
    let all = pb::ListInboundMailsRequest { show_dismissed: true, ..list.clone() };
    let all = inbox.list_inbound_mails(all).await.unwrap().into_inner().inbound_mails;
    assert!(all.len() == 2 && all[0].dismiss_time.is_some());
    let nothing = pb::DismissInboundMailRequest {
        name: format!("inboundMails/{}", uuid::Uuid::from_u128(7)),
        request_id: scene.server.request_id(),
    };
    assert_eq!(reason(&inbox.dismiss_inbound_mail(nothing).await.unwrap_err()), "INBOUND_MAIL_NOT_FOUND");
    // A month later nothing of it is left.
    scene.server.clock.advance(chrono::TimeDelta::days(31));
    schakel_server::privacy::worker::work(&scene.server.app, scene.server.founded.region).await.unwrap();
    assert_eq!(scene.server.number("SELECT COUNT(*) FROM inbound_mail").await, 0);
}

#[tokio::test]
async fn x06_a_mail_that_is_too_large_is_told_to_whoever_plans() {
    const NAME: &str = "x06_a_mail_that_is_too_large_is_told_to_whoever_plans";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let (scene, _, mail) = invited(&mailbox).await;
    let large = format!(
        "From: thuis@familie.example\r\nTo: overleg@schakel.example\r\nIn-Reply-To: {}\r\n\
         Message-ID: <groot@familie.example>\r\n\r\n{}",
        mail.header("Message-ID"),
        "foto\r\n".repeat(1 << 20)
    );
    mailbox.put(large.as_bytes());
    worker::once(&scene.server.app).await.unwrap();
    assert_eq!(reasons(&scene.server).await, ["MIME_LIMITS"]);
    assert_eq!(scene.server.number("SELECT COUNT(*) FROM outbox WHERE kind = 'MAIL_ASIDE'").await, 1);
}

#[tokio::test]
async fn x06_nothing_that_loops_is_answered() {
    const NAME: &str = "x06_nothing_that_loops_is_answered";
    let Some(mailbox) = Mailbox::new(NAME) else { return };
    let (scene, booked, mail) = invited(&mailbox).await;
    let smw = scene.server.mailbox().into_iter().find(|mail| mail.to() != "thuis@familie.example").unwrap();
    let invitation = saved(&mailbox, &smw, "professional");
    let accept = json!({"mail": invitation, "does": "accepted", "to": "organizer"});
    let Some(written) = mailbox.written(&[accept], NAME) else { return };
    let honest = String::from_utf8(written[0].clone()).unwrap();
    for (number, header) in [
        "Auto-Submitted: auto-replied",
        "Precedence: list",
        "List-Id: <lijst.elders.example>",
        "Return-Path: <>",
        "X-Autoreply: yes",
    ]
    .iter()
    .enumerate()
    {
        let id = format!("Message-ID: <lus-{number}@elders.example>");
        let line = honest.lines().find(|line| line.starts_with("Message-ID:")).unwrap();
        mailbox.put(format!("{header}\r\n{}", honest.replace(line, &id)).as_bytes());
    }
    worker::once(&scene.server.app).await.unwrap();
    assert_eq!(reasons(&scene.server).await, ["AUTH_FAILED"; 5]);
    let to = smw.to();
    let asked = |mails: Vec<Mail>| {
        mails
            .iter()
            .filter(|mail| mail.to() == to && mail.subject().starts_with("Was dit uw antwoord?"))
            .count()
    };
    assert_eq!(asked(scene.server.news().await), 0, "no program is written to");
    // A person is asked, at the address on file, once a day.
    for number in 0..3 {
        let id = format!("Message-ID: <mens-{number}@elders.example>");
        let line = honest.lines().find(|line| line.starts_with("Message-ID:")).unwrap();
        mailbox.put(honest.replace(line, &id).as_bytes());
    }
    worker::once(&scene.server.app).await.unwrap();
    assert_eq!(asked(scene.server.news().await), 1);
    let _ = mail;
    let mut meetings = ConsultationServiceClient::new(scene.iber.1.clone());
    let stands = meetings
        .get_consultation(pb::GetConsultationRequest { name: booked.name })
        .await
        .unwrap()
        .into_inner();
    assert!(stands.participants.iter().all(|one| one.answer() == pb::participant::Answer::NeedsAction));
}
