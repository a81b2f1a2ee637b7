//! Times to which a meeting can move: none is offered that is refused once it is chosen.

use chrono::{DateTime, TimeDelta};
use schakel_tests::http::Answer;

use crate::workplace_book::{get, has, school, send};

/// The starts that can be chosen on the page, in seconds.
fn offered(page: &Answer) -> Vec<i64> {
    let starts = page.body.split("type=\"radio\" name=\"start\" value=\"").skip(1);
    starts.map(|rest| rest.split_once('"').unwrap().0.parse().unwrap()).collect()
}

#[tokio::test]
async fn a_meeting_is_offered_times_at_the_notice_of_its_kind_and_sooner_ones_with_a_reason() {
    let (scene, _, browser) = school().await;
    let booked = scene.booked(scene.later(98)).await;
    let path = format!("/{}/move", booked.name);
    let notice = scene.later(12).timestamp();
    let page = browser.get(&path).await;
    has(&page, 200, &["toon ook tijden op korte termijn", "binnen zoveel uur: 12."]);
    let starts = offered(&page);
    assert!(starts.len() > 9 && starts.iter().all(|start| *start >= notice), "{notice}: {starts:?}");

    // Whoever cannot wait says so, and is asked why.
    let page = browser.get(&format!("{path}?soon=yes")).await;
    let soonest = *offered(&page).iter().min().unwrap();
    assert!(soonest < notice, "{notice}: {soonest}");
    let start = soonest.to_string();
    let refused = send(&browser, &page, &path, &[("start", &start)]).await;
    has(
        &refused,
        409,
        &["role=\"alert\"", &format!("value=\"{start}\" checked"), "name=\"soon\" value=\"yes\""],
    );
    assert_eq!(get(&scene, &booked.name).await.start_time, booked.start_time);

    // What is offered first is taken without a reason.
    let page = browser.get(&path).await;
    let start = offered(&page)[0];
    let moved = send(&browser, &page, &path, &[("start", &start.to_string())]).await;
    assert_eq!(moved.status, 303, "{}", moved.body);
    let now = get(&scene, &booked.name).await;
    assert_eq!(now.start_time.unwrap().seconds, start);

    // Later than it is needs no notice, however soon that is.
    scene.server.clock.advance(TimeDelta::seconds(start - 3600 - scene.later(0).timestamp()));
    let at = DateTime::from_timestamp(start, 0).unwrap();
    let browser = schakel_tests::workplace::signed_in(&scene.server, scene.iber.0).await;
    let starts = offered(&browser.get(&path).await);
    assert!(starts.iter().all(|one| *one >= start), "{at}: {starts:?}");
    let later = *starts.iter().min().unwrap();
    let page = browser.get(&path).await;
    let moved = send(&browser, &page, &path, &[("start", &later.to_string())]).await;
    assert_eq!(moved.status, 303, "{at}, {later}: {}", moved.body);
}
