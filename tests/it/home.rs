//! A meeting at a family's home.

use schakel_proto::v1::{self as pb, feed_service_client::FeedServiceClient};
use schakel_tests::seed_meetings::Scene;

/// Where the school stands, and which it is.
const TELLING: [&str; 5] = ["Schoolstraat", "9901AA", "99AA00", "thuisbezoek", "HOME"];

#[tokio::test]
async fn a08_a_home_visit_tells_no_address_and_no_school_in_mail() {
    let scene = Scene::start().await;
    let place = pb::consultation::Place::Home.into();
    let wish = pb::Consultation { place, ..scene.mdo(scene.later(48)) };
    scene.meetings().book_consultation(scene.booking(wish)).await.unwrap();
    let mails = scene.server.news().await;
    assert_eq!(mails.len(), 3);
    for mail in &mails {
        assert_eq!(mail.property("LOCATION"), "locatie: zie de pagina");
        let said = [mail.subject(), mail.text(), mail.html(), mail.calendar()].concat();
        assert!(mail.text().contains("locatie: zie de pagina"), "{}", mail.text());
        for word in TELLING {
            assert!(!said.contains(word), "{word}: {said}");
        }
    }

    let http = scene.server.http().await;
    let ask = pb::CreateFeedRequest { request_id: scene.server.request_id(), ..Default::default() };
    let made = FeedServiceClient::new(scene.iber.1.clone()).create_feed(ask).await.unwrap().into_inner();
    let feed = http.get(made.url.strip_prefix("https://schakel.example").unwrap()).await;
    assert!(feed.body.contains("LOCATION:locatie: zie de pagina"), "{}", feed.body);
    for word in TELLING {
        assert!(!feed.body.contains(word), "{word}: {}", feed.body);
    }
}
