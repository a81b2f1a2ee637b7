//! The page Book beyond one child: a meeting about several is booked there, of which each has a part; and what
//! is about no child asks nothing of parents. The times that it offers are a choice.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use pb::{
    consultation::{Kind, ParentException},
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_proto::v1 as pb;
use schakel_tests::{http::Answer, seed_meetings::Scene};

use crate::{
    thuiszitter::{absent, named},
    workplace_book::{get, has, hidden, school, send},
};

async fn opened(scene: &Scene, child: &str) -> pb::Case {
    let opening = pb::OpenCaseRequest {
        case: Some(named(child, absent(scene.school))),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    cases.open_case(opening).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_meeting_about_several_children_is_booked_with_a_part_for_each() {
    let (scene, first, browser) = school().await;
    let second = opened(&scene, "Tess Verbeek").await;
    let page = browser.get("/book?kind=ONDERSTEUNINGSTEAM").await;
    has(&page, 200, &["Over welke kinderen", &first.reference, &second.reference, "hieronder de kinderen"]);
    assert!(!page.body.contains("Tess Verbeek"), "nobody is named to be chosen: {}", page.body);

    let minutes = [&first, &second].map(|case| format!("minutes-{}", case.name));
    let ticked = [
        ("part", first.name.as_str()),
        (minutes[0].as_str(), "40"),
        ("part", second.name.as_str()),
        (minutes[1].as_str(), "30"),
    ];
    let chosen = send(&browser, &page, "/book/search", &ticked).await;
    assert_eq!(chosen.status, 303, "{}", chosen.body);
    let times = browser.follow(chosen).await;
    has(&times, 200, &["Over welke kinderen: 2 gekozen, 70 minuten", "Tijden die kunnen"]);
    let confirm = send(&browser, &times, "/book/time", &[("pick", &times.value("pick"))]).await;
    has(&confirm, 200, &["De kinderen, na elkaar", &first.reference, &second.reference, "Noor Oudshoorn"]);

    // Without a parent, or why none comes, it is told beside each child.
    let refused = send(&browser, &confirm, "/book", &[]).await;
    has(&refused, 422, &["id=\"fault-child-0\"", "id=\"fault-child-1\""]);
    let guest = format!("guest-{}", first.name);
    let parent = format!("{}:OUDER", first.parents[0].person);
    assert!(
        confirm.body.contains(&format!("name=\"{guest}\" value=\"{parent}\" checked")),
        "{}",
        confirm.body
    );
    let exception = format!("parent_exception-{}", second.name);
    let fields =
        [(guest.as_str(), parent.as_str()), (exception.as_str(), ParentException::Safety.as_str_name())];
    let booked = send(&browser, &refused, "/book", &fields).await;
    assert_eq!(booked.status, 303, "{}", booked.body);
    let meeting = get(&scene, booked.header("location").trim_start_matches('/')).await;
    assert_eq!((meeting.kind(), meeting.case.as_str()), (Kind::Ondersteuningsteam, ""));
    assert_eq!(meeting.duration.unwrap().seconds, 70 * 60, "as long as its children take");
    let parts: Vec<(&str, i64)> = (meeting.parts.iter())
        .map(|part| (part.case.as_str(), part.duration.unwrap().seconds / 60))
        .collect();
    assert_eq!(parts, [(first.name.as_str(), 40), (second.name.as_str(), 30)]);

    let own = get(&scene, &meeting.parts[0].consultation).await;
    assert!(own.participants.iter().any(|at| at.person == first.parents[0].person));
    let other = get(&scene, &meeting.parts[1].consultation).await;
    assert_eq!(other.parent_exception(), ParentException::Safety);
    assert!(other.participants.iter().all(|at| at.fixed), "nobody comes for another's child");
    has(&browser.follow(booked).await, 200, &[&meeting.reference]);
}

#[tokio::test]
async fn what_does_not_fit_in_one_meeting_is_told_before_a_time_is_sought() {
    let (scene, first, browser) = school().await;
    let second = opened(&scene, "Tess Verbeek").await;
    let turns = |long: i64| format!("&part={}:{long}&part={}:{long}", first.name, second.name);
    for (kind, long, told) in [
        ("ONDERSTEUNINGSTEAM", 200, "minder kinderen of minder minuten"),
        ("MDO", 20, "gaat niet over meer kinderen"),
    ] {
        let page = browser.get(&format!("/book?kind={kind}{}", turns(long))).await;
        has(&page, 200, &[told]);
        assert!(!page.body.contains("Tijden die kunnen"), "{kind}");
    }
    // One case is one child, whatever else an address says.
    let page = browser.get(&format!("/book?kind=ONDERSTEUNINGSTEAM&case={}{}", first.name, turns(20))).await;
    has(&page, 200, &["Tijden die kunnen"]);
    assert!(!page.body.contains("name=\"part\""), "{}", page.body);
    let wrong = browser.get(&format!("/book?kind=ONDERSTEUNINGSTEAM&part={}:4", first.name)).await;
    assert_eq!(wrong.status, 400);
}

/// No case is read for it, and so none that is not there is missed.
#[tokio::test]
async fn what_does_not_fit_in_one_meeting_is_told_before_a_case_is_read() {
    let (scene, first, browser) = school().await;
    let pick = format!("{} {}:IBER", scene.later(240).timestamp(), scene.iber.0);
    let turns = [format!("{}:20", first.name), format!("cases/{}:20", uuid::Uuid::from_u128(7))];
    let at = scene.school.to_string();
    for action in ["/book/time", "/book"] {
        let request_id = scene.server.request_id();
        let fields = [
            ("kind", "MDO"),
            ("school", at.as_str()),
            ("part", turns[0].as_str()),
            ("part", turns[1].as_str()),
            ("pick", pick.as_str()),
            ("request_id", request_id.as_str()),
        ];
        let told = browser.post(action, &fields).await;
        has(&told, 200, &["gaat niet over meer kinderen"]);
        assert!(!told.body.contains("Klopt dit?"), "{action}");
    }
}

#[tokio::test]
async fn children_who_get_other_minutes_make_the_meeting_as_long_as_they_now_take() {
    let (scene, first, browser) = school().await;
    let second = opened(&scene, "Tess Verbeek").await;
    // As "Zoek opnieuw" leaves it: 40 and 35 minutes, and the 75 of its own field.
    let sought = format!(
        "/book?kind=ONDERSTEUNINGSTEAM&part={}:40&part={}:35&minutes=75&place=SCHOOL",
        first.name, second.name
    );
    let page = browser.get(&sought).await;
    let length = |minutes: &str| {
        format!("name=\"minutes\" type=\"number\" min=\"30\" max=\"240\" step=\"5\" value=\"{minutes}\"")
    };
    has(&page, 200, &["2 gekozen, 75 minuten", &length("75")]);
    let minutes = [&first, &second].map(|case| format!("minutes-{}", case.name));
    let ticked = [
        ("part", first.name.as_str()),
        (minutes[0].as_str(), "35"),
        ("part", second.name.as_str()),
        (minutes[1].as_str(), "30"),
    ];
    let changed = send(&browser, &page, "/book/search", &ticked).await;
    let changed = browser.follow(changed).await;
    has(&changed, 200, &["2 gekozen, 65 minuten", "Tijden die kunnen", &length("65")]);
    assert!(!changed.body.contains("name=\"minutes\" value="), "nobody typed how long: {}", changed.body);
    assert!(hidden(&changed, "/book/search").contains(&("place".to_owned(), "SCHOOL".to_owned())));
}

#[tokio::test]
async fn children_who_were_chosen_stay_chosen_when_times_are_asked_again() {
    let (scene, first, browser) = school().await;
    let second = opened(&scene, "Tess Verbeek").await;
    let kind = "/book?kind=ONDERSTEUNINGSTEAM";
    let page = browser.get(&format!("{kind}&part={}:40&part={}:35", first.name, second.name)).await;
    let taken = hidden(&page, "/book");
    let turns = [(&first, 40), (&second, 35)];
    let turns = turns.map(|(case, minutes)| ("part".to_owned(), format!("{}:{minutes}", case.name)));
    assert_eq!(taken, turns);
    let along: Vec<String> = taken.iter().map(|(name, value)| format!("&{name}={value}")).collect();
    let along = along.concat();
    let school = scene.school;
    let again = browser.get(&format!("{kind}&case=&school={school}{along}")).await;
    has(&again, 200, &["2 gekozen, 75 minuten", "Tijden die kunnen"]);

    // A kind without parts says so once, and another school has other children.
    let without = browser.get(&format!("/book?kind=ROK&case=&school={school}{along}")).await;
    has(&without, 200, &["gaat niet over meer kinderen"]);
    assert_eq!(hidden(&without, "/book"), []);
    let elsewhere = scene.server.school("99ZZ00", "GM9901").await;
    let other = browser.get(&format!("{kind}&case=&school={elsewhere}{along}")).await;
    has(&other, 200, &["hieronder de kinderen die na elkaar"]);
    assert_eq!(hidden(&other, "/book"), []);
}

#[tokio::test]
async fn a_meeting_about_no_child_does_not_ask_why_no_parent_comes() {
    let (scene, case, browser) = school().await;
    let pick = format!("{} {}:IBER", scene.later(240).timestamp(), scene.iber.0);
    let (at, asks) = (scene.school.to_string(), "Waarom er geen ouder met gezag komt");
    let request_id = scene.server.request_id();
    let fields = [
        ("kind", "ROK"),
        ("school", at.as_str()),
        ("pick", pick.as_str()),
        ("request_id", request_id.as_str()),
    ];
    let confirm = browser.post("/book/time", &fields).await;
    has(&confirm, 200, &["Klopt dit?", "Waarom het op korte termijn is"]);
    assert!(!confirm.body.contains(asks), "{}", confirm.body);
    let page = browser.get(&format!("/book?case={}&kind=MDO", case.name)).await;
    let confirm = send(&browser, &page, "/book/time", &[("pick", &page.value("pick"))]).await;
    has(&confirm, 200, &[asks]);
}

/// When the times of the list begin.
fn offered(page: &Answer) -> Vec<DateTime<Utc>> {
    let list = page.body.split_once("<ol class=\"cards\">").unwrap().1.split_once("</ol>").unwrap().0;
    let picks = list.split("name=\"pick\" value=\"").skip(1);
    let start = |pick: &str| pick.split(' ').next().unwrap().parse::<i64>().unwrap();
    picks.map(|pick| DateTime::from_timestamp(start(pick), 0).unwrap()).collect()
}

#[tokio::test]
async fn the_times_that_are_offered_are_of_different_mornings_and_afternoons() {
    let (_scene, case, browser) = school().await;
    let page = browser.get(&format!("/book?case={}&kind=MDO", case.name)).await;
    has(&page, 200, &["<a href=\"#week\">Bekijk het weekrooster</a>", "id=\"week\""]);
    let starts = offered(&page);
    // In November the clock of Amsterdam is an hour ahead.
    let halves: BTreeSet<(NaiveDate, bool)> =
        starts.iter().map(|start| (start.date_naive(), start.hour() < 11)).collect();
    assert_eq!(halves.len(), starts.len(), "{starts:?}");
    assert!(starts.len() > 3, "{starts:?}");
}
