//! Mails that ask which time suits and do not arrive.

use chrono::TimeDelta;
use pb::{participant::Delivery, time_poll::Vote};
use schakel_domain::text::EmailAddress;
use schakel_proto::v1 as pb;
use schakel_server::{
    access::{Grant, Worker},
    store::outbox::MAILBOX_REFUSED,
};
use schakel_tests::workplace::signed_in;

use super::{Asked, voter};

/// Of the parents.
const HOME: &str = "thuis@familie.example";
const TOLD: &str = "De mail komt niet aan. Bel: Anna de Wit";

#[tokio::test]
async fn x06_whoever_proposed_times_hears_once_that_somebody_who_is_asked_is_not_reached() {
    let asked = Asked::start().await;
    let (scene, server) = (&asked.scene, &asked.scene.server);
    let grant = Grant::worker(Worker::Inbox, server.founded.region);
    let refused = server.app.write(&grant, None, |tx| async move {
        let index = tx.address_index(&HOME.parse::<EmailAddress>().unwrap());
        for _ in 0..2 {
            tx.address_refused(&index, MAILBOX_REFUSED).await?;
        }
        Ok(())
    });
    refused.await.unwrap();
    let parent = asked.parents()[0];
    let voters = vec![
        voter(scene.iber.0, pb::Role::Iber),
        voter(scene.smw.0, pb::Role::Smw),
        voter(parent, pb::Role::Ouder),
    ];
    let poll = asked.create(pb::TimePoll { voters, ..asked.wish() }).await.unwrap();
    let maker = format!("{}@maasduin.example", scene.iber.0.0.simple());
    let mails = server.news().await;
    let (asking, told): (Vec<_>, Vec<_>) = mails.iter().partition(|mail| mail.text().contains("/p/"));
    assert_eq!((asking.len(), told.len()), (2, 1), "both colleagues are asked, and one of them hears");
    assert_eq!(told[0].to(), maker);
    for part in [told[0].subject(), told[0].text()] {
        for hidden in ["Anna", "Noor", "de Wit", HOME, poll.reference.as_str()] {
            assert!(!part.contains(hidden), "{hidden}: {part}");
        }
    }
    assert_eq!(asked.get(&poll).await.voters[2].delivery(), Delivery::Bounced);

    // Inside it is said who it is, to whoever proposed and nobody else.
    let desk = signed_in(server, scene.iber.0).await;
    let today = desk.get("/today").await;
    assert!(today.body.contains(TOLD) && today.body.contains(&poll.reference), "{}", today.body);
    let mail = desk.get("/region/mail?state=DELIVERY_BOUNCED").await;
    assert!(mail.body.contains(&poll.reference) && mail.body.contains("teruggekomen"), "{}", mail.body);
    let sent = desk.get("/region/mail?state=DELIVERY_HELD").await;
    assert!(!sent.body.contains(&poll.reference), "{}", sent.body);
    let other = signed_in(server, scene.smw.0).await.get("/today").await;
    assert!(other.status == 200 && !other.body.contains(&poll.reference), "{}", other.body);

    server.clock.advance(TimeDelta::hours(24));
    let reminded = server.news().await;
    assert!(reminded.len() == 2 && reminded.iter().all(|mail| mail.text().contains("/p/")), "once");
    let said = pb::AnswerTimePollRequest {
        name: poll.name.clone(),
        person: parent.to_string(),
        votes: vec![Vote::Yes.into(); 3],
        request_id: asked.id(),
    };
    asked.polls().answer_time_poll(said).await.unwrap();
    let today = signed_in(server, scene.iber.0).await.get("/today").await;
    assert!(today.status == 200 && !today.body.contains(TOLD), "{}", today.body);
}
