//! Whose words the pages about cases let somebody write down, and how a step says that they were heard.

use schakel_domain::access::Role;
use schakel_tests::workplace::signed_in;

use super::{opened, page, taken};

/// The child decides who hears it: the SWV writes down what parents say, and not what the child says.
#[tokio::test]
async fn nobody_is_asked_for_words_that_the_call_would_not_take_from_them() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let child = case.child.as_ref().unwrap().person.as_str();
    let parent = case.parents[0].person.as_str();
    let offered = |body: &str, person: &str| body.contains(&format!("value=\"{person}\""));
    let own = browser.get(&format!("{path}/view")).await.body;
    assert!(offered(&own, child) && offered(&own, parent), "{own}");

    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let home = keeper.get(&path).await.body;
    assert!(home.contains(&format!("{path}/view\"")) && !home.contains("/view?of="), "{home}");
    for form in [format!("{path}/view"), format!("{path}/view?of={child}")] {
        let form = keeper.get(&form).await.body;
        assert!(!offered(&form, child) && offered(&form, parent), "{form}");
        assert!(offered(&form, &swv.to_string()), "{form}");
    }
    let said = [("person", parent), ("about", "CASE"), ("text", "Hij wil wel, maar het gaat niet.")];
    let heard = taken(&keeper, &format!("{path}/view"), &said).await;
    assert!(heard.body.contains("Hij wil wel, maar het gaat niet."), "{}", heard.body);
    let answer = super::address(&heard, &format!("{path}/rejoinder?of="));
    let answer = keeper.get(&answer).await.body;
    assert!(!offered(&answer, child) && offered(&answer, parent), "{answer}");
}

#[tokio::test]
async fn b02_the_forms_of_a_step_ask_after_the_parents_and_the_child() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let step = [
        ("stage", "CONSULT"),
        ("parents_involved", "Met moeder gebeld."),
        ("child_heard", "Zij wil het zo."),
    ];
    let on = taken(&browser, &format!("{path}/advance"), &step).await;
    assert!(on.body.contains("Ouders: Met moeder gebeld. Kind: Zij wil het zo."), "{}", on.body);
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let to = swv.to_string();
    let up = [
        ("level", "1"),
        ("date", "2026-11-23"),
        ("reason", "Het lukt niet."),
        ("organisation", to.as_str()),
        ("child_heard", "Dat moest te snel."),
    ];
    let raised = taken(&keeper, &format!("{path}/escalate"), &up).await;
    let told = "Ouders: niet verteld. Kind: Dat moest te snel.";
    assert!(raised.body.contains(told), "{}", raised.body);
    let end = [
        ("outcome", "TERUG_EIGEN_SCHOOL"),
        ("outcome_date", "2026-11-23"),
        ("parents_involved", "Zij waren erbij."),
        ("child_heard", "Zij was erbij."),
    ];
    let closed = taken(&keeper, &format!("{path}/close"), &end).await;
    assert!(closed.body.contains("Ouders: Zij waren erbij. Kind: Zij was erbij."), "{}", closed.body);
    let again = [("first_day", "2026-11-23"), ("parents_involved", "Vader belde.")];
    let open = taken(&keeper, &format!("{path}/reopen"), &again).await;
    assert!(open.body.contains("Ouders: Vader belde. Kind: niet verteld."), "{}", open.body);
}
