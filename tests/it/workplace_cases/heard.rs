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
