//! How far each message came, and one sent once more.

use schakel_proto::v1::{self as pb, message_service_client::MessageServiceClient};
use schakel_tests::{reason, seed_meetings::Scene};

#[tokio::test]
async fn x06_how_far_each_message_came_is_told_and_one_is_sent_again() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(48)).await;
    let mut messages = MessageServiceClient::new(scene.iber.1.clone());
    let list = pb::ListMessagesRequest { consultation: booked.name.clone(), ..Default::default() };
    // Nothing is written yet.
    assert!(messages.list_messages(list.clone()).await.unwrap().into_inner().messages.is_empty());
    let mails = scene.server.news().await;
    let told = messages.list_messages(list.clone()).await.unwrap().into_inner().messages;
    let sent: Vec<_> = told.iter().filter(|one| one.state() == pb::message::State::Sent).collect();
    assert_eq!(sent.len(), mails.len());
    assert!(sent.iter().all(|one| one.method() == pb::message::Method::Request && one.end_time.is_some()));
    assert!(told.iter().all(|one| one.consultation == booked.name));
    let person = sent[0].person.clone();
    let again = pb::ResendInvitationRequest {
        consultation: booked.name.clone(),
        person: person.clone(),
        request_id: scene.server.request_id(),
    };
    let made = messages.resend_invitation(again.clone()).await.unwrap().into_inner().message.unwrap();
    assert_eq!((made.state(), made.sequence), (pb::message::State::Queued, sent[0].sequence));
    let twice = messages.resend_invitation(again.clone()).await.unwrap().into_inner().message.unwrap();
    assert_eq!(twice, made, "the same call twice is one message");
    let mail = scene.server.news().await;
    assert_eq!(mail.len(), 1);
    let first = mails.iter().find(|first| first.to() == mail[0].to()).unwrap();
    for property in ["UID", "SEQUENCE", "DTSTART", "STATUS"] {
        assert_eq!(mail[0].property(property), first.property(property), "{property}");
    }
    assert_ne!(mail[0].header("Message-ID"), first.header("Message-ID"));
    let only = pb::ListMessagesRequest { person: person.clone(), ..list };
    assert_eq!(messages.list_messages(only).await.unwrap().into_inner().messages.len(), 2);
    let nobody = pb::ResendInvitationRequest {
        person: format!("persons/{}", uuid::Uuid::from_u128(7)),
        request_id: scene.server.request_id(),
        ..again
    };
    assert_eq!(reason(&messages.resend_invitation(nobody).await.unwrap_err()), "PERSON_NOT_FOUND");
}
