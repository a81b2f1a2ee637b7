//! Letters as their readers wished them, on a screen and on paper.

use chrono::TimeDelta;
use schakel_domain::{
    access::Role,
    invitation::{Reading, Sample, forbidden_word, preview},
    refusal::Language,
};
use schakel_proto::v1::{
    self as pb, letter_service_client::LetterServiceClient, message::State,
    message_service_client::MessageServiceClient, participant::Delivery, preview_letter_request::Kind,
    wishes_service_client::WishesServiceClient,
};
use schakel_server::access::{
    Grant, Worker,
    person::{self, PrivatePerson},
};
use schakel_tests::{
    browser::{document, look},
    mailbox::Mail,
    reason,
    seed_meetings::{Scene, seat, stamp},
    violations,
};
use serde_json::Value;
use strum::IntoEnumIterator;
use tonic::{Response, Status};

/// Writes down what a parent of the scene wished.
async fn wished(scene: &Scene, nth: usize, wishes: pb::ParentWishes) {
    let wishes = pb::ParentWishes {
        case: scene.family.case.to_string(),
        person: scene.family.parents[nth].to_string(),
        etag: "0".into(),
        ..wishes
    };
    let request =
        pb::SetParentWishesRequest { parent_wishes: Some(wishes), request_id: scene.server.request_id() };
    WishesServiceClient::new(scene.iber.1.clone()).set_parent_wishes(request).await.unwrap();
}

/// Takes the address of the first parent away.
async fn without_address(scene: &Scene) {
    let parent = scene.family.parents[0];
    let anna = &PrivatePerson {
        name: "Anna de Wit".parse().unwrap(),
        email: None,
        phone: None,
        birth_date: None,
        address_confidential: false,
        language: "nl".into(),
    };
    let grant = Grant::worker(Worker::Setup, scene.server.founded.region);
    let app = &scene.server.app;
    let update = app.write(&grant, None, |tx| async move { person::update(&tx, parent, anna).await });
    update.await.unwrap();
}

fn to<'a>(mails: &'a [Mail], name: &str) -> &'a Mail {
    mails.iter().find(|mail| mail.to_name() == name).unwrap()
}

async fn print(scene: &Scene, meeting: &str, person: &str, id: &str) -> Result<pb::Letter, Status> {
    let request = pb::PrintInvitationRequest {
        consultation: meeting.to_owned(),
        person: person.to_owned(),
        request_id: id.to_owned(),
    };
    let mut letters = LetterServiceClient::new(scene.iber.1.clone());
    letters.print_invitation(request).await.map(Response::into_inner)
}

async fn read(scene: &Scene, name: &str) -> pb::Consultation {
    let request = pb::GetConsultationRequest { name: name.to_owned() };
    scene.meetings().get_consultation(request).await.unwrap().into_inner()
}

/// How far the last word to `person` came.
async fn delivery(scene: &Scene, meeting: &str, person: &str) -> Delivery {
    let meeting = read(scene, meeting).await;
    meeting.participants.iter().find(|seat| seat.person == person).unwrap().delivery()
}

#[tokio::test]
async fn b03_a_parent_reads_large_print_and_that_an_interpreter_comes() {
    let scene = Scene::start().await;
    let bureau = scene.server.organisation("TOLKENBUREAU", "TOLK1").await;
    let (interpreter, _) = scene.server.person(Role::Tolk, bureau).await;
    let wishes = pb::ParentWishes { large_print: true, interpreter: true, ..Default::default() };
    wished(&scene, 0, wishes).await;
    let mut table = scene.mdo(scene.later(50));
    table.participants.push(seat(interpreter, pb::Role::Tolk));
    table.participants.push(seat(scene.family.parents[1], pb::Role::Ouder));
    scene.meetings().book_consultation(scene.booking(table)).await.unwrap();
    let mails = scene.server.news().await;
    let (own, other) = (to(&mails, "Anna de Wit"), to(&mails, "Bram de Wit"));
    assert!(own.html().contains("font-size:1.5rem") && own.text().contains("Er is een tolk bij."));
    assert!(other.html().contains("font-size:1rem") && !other.text().contains("tolk"));
    // Without one at the table nobody is promised one.
    scene.booked(scene.later(60)).await;
    let mails = scene.server.news().await;
    let own = to(&mails, "Anna de Wit");
    assert!(own.html().contains("font-size:1.5rem") && !own.text().contains("tolk"));
    let opened = "SELECT COUNT(*) FROM audit WHERE action = 'E' AND object_type = 'wishes'";
    assert_eq!(scene.server.number(opened).await, 2, "once for each meeting");
}

#[tokio::test]
async fn b04_each_parent_has_the_own_language_first() {
    let scene = Scene::start().await;
    let language = |tag: &str| pb::ParentWishes { language: tag.into(), ..Default::default() };
    wished(&scene, 0, language("en-GB")).await;
    wished(&scene, 1, language("ar")).await;
    let mut table = scene.mdo(scene.later(50));
    table.participants.push(seat(scene.family.parents[1], pb::Role::Ouder));
    scene.meetings().book_consultation(scene.booking(table)).await.unwrap();
    let mails = scene.server.news().await;
    let (english, dutch) = (to(&mails, "Anna de Wit"), to(&mails, "Bram de Wit"));
    assert!(english.subject().starts_with("Invitation: Meeting "), "{}", english.subject());
    assert!(dutch.subject().starts_with("Uitnodiging: Overleg "), "{}", dutch.subject());
    assert_eq!(
        [english, dutch].map(|mail| mail.header("Content-Language")),
        ["en, nl", "nl, en"].map(str::to_owned)
    );
    for mail in [english, dutch] {
        let (dear, beste) = (mail.text().find("Dear ").unwrap(), mail.text().find("Beste ").unwrap());
        assert_eq!(dear < beste, mail.to_name() == "Anna de Wit", "both languages, the own one first");
    }
}

#[tokio::test]
async fn x06_who_has_no_address_gets_a_letter_to_print_with_the_same_link() {
    let scene = Scene::start().await;
    without_address(&scene).await;
    let parent = scene.family.parents[0].to_string();
    let booked = scene.booked(scene.later(50)).await;
    assert_eq!(scene.server.news().await.len(), 2, "two of three at the table have an address");
    assert_eq!(delivery(&scene, &booked.name, &parent).await, Delivery::NoAddress);
    let id = scene.server.request_id();
    let letter = print(&scene, &booked.name, &parent, &id).await.unwrap();
    assert!(letter.title.starts_with("Uitnodiging: Overleg ") && letter.title.contains(&booked.reference));
    assert!(letter.text.contains("Beste Anna de Wit,") && letter.text.contains("brief"));
    assert!(letter.html.contains("<svg") && letter.html.contains("font-size:12pt"));
    assert_eq!(letter.language, "nl, en");
    let neutral = letter.text.replace("Anna de Wit", "").replace(&booked.reference, "");
    let neutral: Vec<&str> = neutral.lines().filter(|line| !line.contains("/r/")).collect();
    assert_eq!(forbidden_word(&neutral.join("\n")), None);
    let link = letter.text.lines().find(|line| line.contains("/r/")).unwrap();
    let page = scene.server.http().await.get(link.strip_prefix("https://schakel.example").unwrap()).await;
    assert!(page.status == 200 && page.body.contains(&booked.reference), "{}", page.body);
    assert_eq!(delivery(&scene, &booked.name, &parent).await, Delivery::Printed);
    let ask = pb::ListMessagesRequest {
        consultation: booked.name.clone(),
        person: parent.clone(),
        ..Default::default()
    };
    let mut messages = MessageServiceClient::new(scene.iber.1.clone());
    let told = messages.list_messages(ask).await.unwrap().into_inner().messages;
    let states: Vec<_> = told.iter().map(|one| (one.state(), one.reason.as_str())).collect();
    assert_eq!(states, [(State::Dead, "NO_ADDRESS"), (State::Printed, "PRINTED")]);
    assert!(scene.server.news().await.is_empty(), "nobody is mailed of it");
    let kept = "SELECT COUNT(*) FROM invitation WHERE channel = 'PAPER' AND notices = 1";
    assert_eq!(scene.server.number(kept).await, 1);
    assert_eq!(print(&scene, &booked.name, &parent, &id).await.unwrap(), letter, "the same call");
    assert_eq!(scene.server.number(kept).await, 1);

    let request = pb::MoveConsultationRequest {
        name: booked.name.clone(),
        start_time: Some(stamp(scene.later(50) + TimeDelta::hours(1))),
        etag: read(&scene, &booked.name).await.etag,
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    scene.meetings().move_consultation(request).await.unwrap();
    // Moves within a minute are told once.
    scene.server.clock.advance(TimeDelta::seconds(61));
    assert_eq!(scene.server.news().await.len(), 2);
    assert_eq!(
        delivery(&scene, &booked.name, &parent).await,
        Delivery::NoAddress,
        "the sheet is out of date"
    );
    let again = print(&scene, &booked.name, &parent, &scene.server.request_id()).await.unwrap();
    assert!(again.title.starts_with("Gewijzigd: Overleg ") && again.text.contains("Eerder was dat: "));
    assert_eq!(delivery(&scene, &booked.name, &parent).await, Delivery::Printed);
    let copy = print(&scene, &booked.name, &parent, &scene.server.request_id()).await.unwrap();
    assert!(copy.title.starts_with("Uitnodiging: "), "printed once more, it says how the meeting stands");
}

#[tokio::test]
async fn x06_a_letter_is_printed_only_for_who_is_at_the_table_of_a_meeting_to_come() {
    let scene = Scene::start().await;
    let booked = scene.booked(scene.later(50)).await;
    scene.server.news().await;
    let id = || scene.server.request_id();
    let other = scene.family.parents[1].to_string();
    let refused = print(&scene, &booked.name, &other, &id()).await.unwrap_err();
    assert_eq!(violations(&refused), ["person: PERSON_NOT_FOUND"]);
    let nobody = print(&scene, "meetings", "", &id()).await.unwrap_err();
    assert_eq!(violations(&nobody).len(), 2, "{nobody}");
    // Whoever has an address is told by mail; a sheet beside it changes nothing.
    let parent = scene.family.parents[0].to_string();
    print(&scene, &booked.name, &parent, &id()).await.unwrap();
    assert_eq!(delivery(&scene, &booked.name, &parent).await, Delivery::Sent);
    assert_eq!(scene.server.number("SELECT COUNT(*) FROM invitation WHERE channel = 'PAPER'").await, 0);
    let request = pb::CancelConsultationRequest {
        name: booked.name.clone(),
        etag: read(&scene, &booked.name).await.etag,
        request_id: id(),
    };
    scene.meetings().cancel_consultation(request).await.unwrap();
    scene.server.news().await;
    let off = print(&scene, &booked.name, &parent, &id()).await.unwrap_err();
    assert_eq!(reason(&off), "CONSULTATION_CANCELLED");
}

#[tokio::test]
async fn x06_every_letter_can_be_looked_at_and_says_nothing_that_betrays() {
    let scene = Scene::start().await;
    let mut letters = LetterServiceClient::new(scene.smw.1.clone());
    let kinds: Vec<Kind> = (1..=20).filter_map(|at| Kind::try_from(at).ok()).collect();
    assert_eq!(kinds.len(), 20);
    for kind in kinds {
        for language in ["", "en"] {
            let request = pb::PreviewLetterRequest {
                kind: kind.into(),
                language: language.into(),
                large_print: true,
                interpreter: true,
            };
            let letter = letters.preview_letter(request).await.unwrap().into_inner();
            for part in [&letter.title, &letter.text, &letter.html] {
                assert_eq!(forbidden_word(part), None, "{kind:?}");
            }
            assert!(
                letter.text.contains("Beste Noor Voorbeeld,") && letter.text.contains("Dear Noor Voorbeeld,")
            );
            assert!(letter.html.starts_with("<!DOCTYPE html>") && letter.html.contains("<main>"), "{kind:?}");
        }
    }
    let kind = Kind::Unspecified.into();
    let request = pb::PreviewLetterRequest { kind, ..Default::default() };
    let refused = letters.preview_letter(request).await.unwrap_err();
    assert_eq!(violations(&refused), ["kind: FIELD_REQUIRED"]);
}

/// Every letter there is, as different people read it.
fn documents() -> Vec<Value> {
    let now = "2026-11-17T09:00:00Z".parse().unwrap();
    let readings = [
        ("nl", Reading::default()),
        ("en", Reading { first: Language::English, ..Reading::default() }),
        ("large", Reading { large_print: true, interpreter: true, ..Reading::default() }),
    ];
    let of = |sample: Sample| {
        readings.map(|(how, reading)| {
            let html = preview(sample, reading, "https://schakel.example/r/AVVVVVVVVVVVVVVVVVVVV", now).html;
            document(&format!("{}-{how}", sample.to_string().to_lowercase()), &html)
        })
    };
    Sample::iter().flat_map(of).collect()
}

#[test]
fn x06_no_letter_has_a_fault_that_axe_finds() {
    look("x06_no_letter_has_a_fault_that_axe_finds", &documents());
}
