//! What a page puts right: a fact that was not so, and at which school or in which gemeente a child is.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_tests::workplace::signed_in;

use super::{address, opened, page, sent, taken, tracks::part};

#[tokio::test]
async fn a_fact_that_was_not_so_is_put_right_and_taken_back_on_a_page() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    // The newest fact stands first.
    scene.server.clock.advance(TimeDelta::minutes(1));
    let missed = |minutes: &'static str| {
        [
            ("facts[0].missed.date", "2026-11-20"),
            ("facts[0].missed.minutes", minutes),
            ("facts[0].missed.ground", "ONGEOORLOOFD"),
        ]
    };
    let told = taken(&browser, &format!("{path}/missed"), &missed("300")).await;
    let correct = address(&told, &format!("{path}/correct?of="));
    let form = browser.get(&correct).await;
    assert!(form.status == 200 && form.body.contains("value=\"300\""), "{}", form.body);
    let instead = |minutes: &'static str| {
        [
            ("said", "missed"),
            ("fact.missed.date", "2026-11-20"),
            ("fact.missed.minutes", minutes),
            ("fact.missed.ground", "ZIEK"),
        ]
    };
    let refused = sent(&browser, &correct, &instead("2000")).await;
    assert!(refused.status == 422 && refused.body.contains("fault-fact.missed.minutes"), "{}", refused.body);
    let empty = sent(&browser, &correct, &[]).await;
    assert_eq!(empty.status, 422, "nothing is not taken for taking it back: {empty:?}");

    scene.server.clock.advance(TimeDelta::minutes(1));
    let kept = browser.get(&correct).await;
    let right = taken(&browser, &correct, &instead("45")).await;
    let facts = part(&right, "facts");
    assert!(facts.contains("45 minuten gemist") && !facts.contains("300 minuten gemist"), "{facts}");
    let stale = ["request_id", "of"].map(|name| (name, kept.value(name)));
    let stale: Vec<_> = stale.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let late: Vec<_> = stale.into_iter().chain(instead("60")).collect();
    assert_eq!(browser.post(&correct, &late).await.status, 409, "it was put right before");
    assert_eq!(browser.get(&correct).await.status, 404);

    let correct = address(&right, &format!("{path}/correct?of="));
    let gone = taken(&browser, &correct, &[("gone", "yes")]).await;
    assert!(!part(&gone, "facts").contains("minuten gemist"), "{}", part(&gone, "facts"));
    let helper = scene.server.person(Role::Directeur, scene.school).await.0;
    let head = signed_in(&scene.server, helper).await;
    assert!(!head.get(&path).await.body.contains("/correct?of="));
    assert_eq!(head.get(&correct).await.status, 404);
}

#[tokio::test]
async fn a_child_goes_to_another_school_on_a_page_and_its_case_goes_along() {
    let (scene, case, browser) = opened().await;
    let (path, other) = (page(&case), scene.server.school("90BB00", "GM9901").await);
    let receiver = signed_in(&scene.server, scene.server.person(Role::Iber, other).await.0).await;
    assert_eq!(receiver.get(&path).await.status, 404, "not yet theirs");
    assert_eq!(receiver.get(&format!("{path}/move")).await.status, 404);
    let away = format!("{path}/move");
    let nowhere = sent(&browser, &away, &[("school", ""), ("residence_gemeente_code", "")]).await;
    assert!(nowhere.status == 422 && nowhere.body.contains("fault-school"), "{}", nowhere.body);
    let wrong = sent(&browser, &away, &[("school", ""), ("residence_gemeente_code", "nergens")]).await;
    assert!(wrong.status == 422 && wrong.body.contains("fault-residence_gemeente_code"), "{}", wrong.body);

    let slip = sent(&browser, &away, &[("school", ""), ("residence_gemeente_code", "GM0001")]).await;
    assert!(slip.status == 422 && slip.body.contains("fault-confirm_outside_region"), "{}", slip.body);
    assert!(slip.body.contains("niet van een gemeente in deze regio"), "{}", slip.body);

    let school = other.to_string();
    let left = taken(&browser, &away, &[("school", school.as_str()), ("residence_gemeente_code", "")]).await;
    assert!(left.status == 200 && !left.body.contains(&path), "the old school sees its other cases");
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(receiver.get(&path).await.status, 200);
}

#[tokio::test]
async fn a_page_that_says_where_a_child_lives_asks_whether_a_gemeente_elsewhere_is_right() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    // The newest fact stands first.
    scene.server.clock.advance(TimeDelta::minutes(1));
    let tell = format!("{path}/fact?of=residence");
    let away = [
        ("said", "residence"),
        ("facts[0].residence.gemeente_code", "GM0001"),
        ("facts[0].residence.from_date", "2026-11-16"),
        ("confirm_outside_region", "yes"),
    ];
    let slip = sent(&browser, &tell, &away[..3]).await;
    assert!(slip.status == 422 && slip.body.contains("fault-confirm_outside_region"), "{}", slip.body);
    let told = taken(&browser, &tell, &away).await;
    assert!(told.body.contains("De gemeente is vastgelegd."), "{}", told.body);

    let correct = address(&told, &format!("{path}/correct?of="));
    let instead = [
        ("said", "residence"),
        ("fact.residence.gemeente_code", "GM0002"),
        ("fact.residence.from_date", "2026-11-16"),
        ("confirm_outside_region", "yes"),
    ];
    let slip = sent(&browser, &correct, &instead[..3]).await;
    assert!(slip.status == 422 && slip.body.contains("fault-confirm_outside_region"), "{}", slip.body);
    let right = taken(&browser, &correct, &instead).await;
    assert!(right.body.contains("Het feit is verbeterd."), "{}", right.body);
    assert!(part(&right, "facts").contains("woont in gemeente GM0002"), "{}", part(&right, "facts"));
}
