//! A time that somebody holds: no obstacle to themselves, in whatever window, and gone on with from the page.

use pb::{
    agenda_service_client::AgendaServiceClient,
    consultation::{Kind, State},
};
use schakel_proto::v1 as pb;
use schakel_tests::{As, workplace::Browser};

use crate::workplace_book::{get, has, school, send};

async fn holds(channel: &As) -> Vec<pb::Hold> {
    let mut agenda = AgendaServiceClient::new(channel.clone());
    agenda.list_holds(pb::ListHoldsRequest::default()).await.unwrap().into_inner().holds
}

/// The page that offers times for an MDO.
async fn times(browser: &Browser, case: &pb::Case) -> schakel_tests::http::Answer {
    browser.get(&format!("/book?case={}&kind=MDO", case.name)).await
}

#[tokio::test]
async fn whoever_chooses_a_time_again_goes_on_with_their_own_hold() {
    let (scene, case, browser) = school().await;
    let (first, second) = (times(&browser, &case).await, times(&browser, &case).await);
    let chosen = first.value("pick");
    let confirm = send(&browser, &first, "/book/time", &[("pick", &chosen)]).await;
    has(&confirm, 200, &["Klopt dit?", "vastgehouden"]);
    let again = send(&browser, &second, "/book/time", &[("pick", &chosen)]).await;
    has(&again, 200, &["Klopt dit?", "vastgehouden"]);
    assert_eq!(again.value("hold"), confirm.value("hold"));
    assert_eq!(holds(&scene.iber.1).await.len(), 1);

    // Somebody else at that table, and the time is not free: it is said whose hold that is.
    let start = chosen.split(' ').next().unwrap();
    let mut words = chosen.split(' ').skip(1).map(str::to_owned).collect::<Vec<_>>();
    words.push(format!("{}:LEERPLICHTAMBTENAAR", scene.leerplicht.0));
    let other = format!("{start} {}", words.join(" "));
    let third = times(&browser, &case).await;
    let told = send(&browser, &third, "/book/time", &[("pick", &other)]).await;
    has(&told, 409, &["U houdt deze tijd zelf al vast", "Ga verder met boeken"]);
    assert!(!told.body.contains("Iemand was u net voor"), "{}", told.body);

    let booked = send(&browser, &again, "/book", &[]).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    assert!(holds(&scene.iber.1).await.is_empty());
}

#[tokio::test]
async fn a_time_that_is_held_is_booked_from_the_page_that_shows_it() {
    let (scene, case, browser) = school().await;
    let page = times(&browser, &case).await;
    let chosen = page.value("pick");
    send(&browser, &page, "/book/time", &[("pick", &chosen)]).await;
    let [hold]: [pb::Hold; 1] = holds(&scene.iber.1).await.try_into().unwrap();

    // Whoever comes from the menu says what it is for; whoever looked for it goes straight on.
    let bare = browser.get("/book").await;
    has(
        &bare,
        200,
        &["Tijden die u nu vasthoudt", "Kies waarvoor u deze tijd vasthoudt", "Ga verder met boeken"],
    );
    let fields = [("hold", hold.name.as_str()), ("kind", "MDO"), ("case", case.name.as_str())];
    has(&send(&browser, &bare, "/book/held", &fields).await, 200, &["Klopt dit?", &case.reference]);
    let page = times(&browser, &case).await;
    assert!(!page.body.contains("Kies waarvoor u deze tijd vasthoudt"), "{}", page.body);
    let confirm = send(&browser, &page, "/book/held", &[("hold", &hold.name)]).await;
    has(&confirm, 200, &["Klopt dit?", "vastgehouden", "Noor Oudshoorn"]);
    let booked = send(&browser, &confirm, "/book", &[]).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let meeting = get(&scene, booked.header("location").trim_start_matches('/')).await;
    assert_eq!((meeting.kind(), meeting.state()), (Kind::Mdo, State::Planned));
    assert_eq!((meeting.start_time, meeting.duration), (hold.start_time, hold.duration));
    let seats: Vec<String> =
        meeting.participants.iter().map(|at| format!("{}:{}", at.person, at.role().as_str_name())).collect();
    for chair in chosen.split(' ').skip(1) {
        let chair = chair.trim_end_matches('?').replace(':', ":ROLE_");
        assert!(seats.contains(&chair), "{chair}: {seats:?}");
    }

    // What is held no more is said to be so.
    let gone = send(&browser, &page, "/book/held", &[("hold", &hold.name)]).await;
    has(&gone, 409, &["Deze tijd wordt niet meer vastgehouden"]);
}
