//! What somebody works for on the pages: chosen for a session, and written with what is read then.

use schakel_domain::access::Role;
use schakel_tests::{
    browser::{document, look},
    seed_meetings::Scene,
    workplace::{Browser, signed_in},
};

use crate::workplace_book::{has, school};

/// Audit lines of `purpose`.
async fn lines(scene: &Scene, purpose: &str) -> i64 {
    scene.server.number(&format!("SELECT COUNT(*) FROM audit WHERE purpose = '{purpose}'")).await
}

async fn choose(browser: &Browser, purpose: &str) -> u16 {
    browser.post("/purpose", &[("purpose", purpose), ("to", "/consultations")]).await.status
}

#[tokio::test]
async fn what_is_read_on_pages_is_read_for_the_purpose_that_was_chosen() {
    let (scene, case, browser) = school().await;
    let path = format!("/{}", case.name);
    let page = browser.get(&path).await;
    has(&page, 200, &["<select id=\"purpose\"", "zoals gebruikelijk", "hulp vinden", "terug naar school"]);
    assert!(!page.body.contains("toezicht op de leerplicht"), "that is another's task");
    let why = "id=\"purpose-why\">Dit komt in het overzicht van wie een dossier zag.";
    has(&page, 200, &["aria-describedby=\"purpose-why\"", why]);
    // The top of a page has one line of it, that says what holds.
    has(&page, 200, &["<details class=\"purpose\">\n<summary>Doel: zoals gebruikelijk</summary>"]);
    assert_eq!(lines(&scene, "zorgtoeleiding").await, 0);

    let chosen = browser.post("/purpose", &[("purpose", "zorgtoeleiding"), ("to", &path)]).await;
    assert_eq!((chosen.status, chosen.header("location")), (303, path.as_str()));
    let shown = browser.follow(chosen).await;
    has(
        &shown,
        200,
        &["value=\"zorgtoeleiding\" selected", &case.reference, "<summary>Doel: hulp vinden</summary>"],
    );
    assert!(!shown.body.contains("<summary>Doel: zoals"), "one of the two holds");
    let read = lines(&scene, "zorgtoeleiding").await;
    assert!(read > 0);
    // Where the purpose does not fit, a page is what it was: nothing is refused for it.
    for all in ["/today", "/cases", "/book", "/consultations", "/region/schools", "/region/tokens", "/board"]
    {
        assert_eq!(browser.get(all).await.status, 200, "{all}");
    }

    assert_eq!(choose(&browser, "").await, 303);
    let read = lines(&scene, "zorgtoeleiding").await;
    has(&browser.get(&path).await, 200, &[&case.reference]);
    assert_eq!(lines(&scene, "zorgtoeleiding").await, read, "as usual again");
}

#[tokio::test]
async fn a_purpose_of_another_task_cannot_be_chosen() {
    let (scene, _, browser) = school().await;
    for (purpose, status) in [("leerplicht_toezicht", 404), ("statistiek", 404), ("nonsense", 400)] {
        assert_eq!(choose(&browser, purpose).await, status, "{purpose}");
    }
    let away = browser.post("/purpose", &[("purpose", ""), ("to", "//evil.example")]).await;
    assert_eq!(away.header("location"), "/today");
    let officer = signed_in(&scene.server, scene.leerplicht.0).await;
    has(&officer.get("/today").await, 200, &["toezicht op de leerplicht"]);
    assert_eq!(choose(&officer, "leerplicht_toezicht").await, 303);
    has(&officer.get("/today").await, 200, &["value=\"leerplicht_toezicht\" selected"]);
    for role in [Role::Beleidsmedewerker, Role::Fg, Role::Beheerder] {
        let person = scene.server.person(role, scene.server.founded.organisation).await.0;
        let page = signed_in(&scene.server, person).await.get("/today").await;
        assert!(page.status == 200 && !page.body.contains("id=\"purpose\""), "{role}: there is no choice");
    }
}

#[tokio::test]
async fn a_purpose_ends_with_the_organisation_that_was_acted_for() {
    let (scene, _, _) = school().await;
    let other = scene.server.school("99BB00", "GM9901").await;
    scene.server.affiliate(scene.iber.0, Role::Iber, other).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    assert_eq!(choose(&browser, "zorgtoeleiding").await, 303);
    assert!(browser.get("/today").await.body.contains("value=\"zorgtoeleiding\" selected"));
    let organisation = format!("organisations/{}", other.0);
    assert_eq!(browser.post("/acting-for", &[("organisation", &organisation)]).await.status, 303);
    assert!(!browser.get("/today").await.body.contains("value=\"zorgtoeleiding\" selected"));
}

#[tokio::test]
async fn a_page_with_long_purposes_shuts_nobody_out() {
    let (scene, _, _) = school().await;
    let other = scene.server.school("99BB00", "GM9901").await;
    scene.server.affiliate(scene.iber.0, Role::Iber, other).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    assert_eq!(choose(&browser, "zorgtoeleiding").await, 303);
    let officer = signed_in(&scene.server, scene.leerplicht.0).await;
    assert_eq!(choose(&officer, "leerplicht_toezicht").await, 303);
    let page = browser.get("/today").await.body;
    let path = page.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{path}")).await.body;
    let inlined =
        |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let officers = officer.get("/today").await.body;
    let unfolded = officers.replace("<details class=\"purpose\">", "<details class=\"purpose\" open>");
    assert!(unfolded != officers);
    let pages = [
        document("purpose", &inlined(&page)),
        document("purpose-long", &inlined(&officers)),
        document("purpose-open", &inlined(&unfolded)),
    ];
    look("a_page_with_long_purposes_shuts_nobody_out", &pages);
}
