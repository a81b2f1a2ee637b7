//! What goes on beside the plan of a case, on its page: tracks with their terms, and what partners were
//! asked to tell.

use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    seed_meetings::Scene,
    statements,
    workplace::{Browser, signed_in},
};

use super::{address, opened, page, sent, taken};

/// One section of a page.
pub(super) fn part<'a>(page: &'a Answer, id: &str) -> &'a str {
    let begin = format!("id=\"{id}\"");
    let (_, rest) = page.body.split_once(&begin).unwrap_or_else(|| panic!("{id}\n{}", page.body));
    rest.split_once("</section>").unwrap().0
}

/// A track of a kind that began on a day, to which `coordinator` sees.
fn track<'a>(kind: &'a str, start: &'a str, coordinator: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("track.kind", kind),
        ("track.coordinator", coordinator),
        ("track.start_date", start),
        ("track.next_date", "2026-12-01"),
    ]
}

/// Something that happened on 23 November, and a next day.
fn step<'a>(kind: &'a str, next: &'a str) -> [(&'a str, &'a str); 3] {
    [("step.kind", kind), ("step.date", "2026-11-23"), ("next_date", next)]
}

#[tokio::test]
async fn e12_an_objection_goes_from_its_first_day_to_its_decision_on_pages() {
    let (scene, case, browser) = opened().await;
    let (path, iber) = (page(&case), scene.iber.0.to_string());
    let begin = format!("{path}/track");
    let empty = browser.get(&path).await;
    assert!(part(&empty, "tracks").contains("Er zijn geen trajecten die u mag zien."), "{}", empty.body);

    let faulty = [("track.kind", "EXEMPTION"), ("track.start_date", "2027-01-01")];
    let refused = sent(&browser, &begin, &faulty).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    for told in ["ground", "coordinator", "start_date", "next_date"] {
        assert!(refused.body.contains(&format!("fault-track.{told}\"")), "{told}\n{}", refused.body);
    }
    let objects = track("PARENT_OBJECTION", "2026-11-16", &iber);
    let objected = taken(&browser, &begin, &objects).await;
    for shown in ["Bezwaar van ouders", "16 november 2026", "T15", "14 december 2026", "1 december 2026"] {
        assert!(part(&objected, "tracks").contains(shown), "{shown}\n{}", part(&objected, "tracks"));
    }
    // Its term says once where it comes from.
    let term = part(&objected, "tracks").split_once("<li>T15 ").unwrap().1.split_once("</li>").unwrap().0;
    assert!(term.contains("Bron: ") && term.ends_with("profiel 2026-1.</span>"), "{term}");
    let twice = sent(&browser, &begin, &objects).await;
    assert!(twice.status == 422 && twice.body.contains("role=\"alert\""), "{}", twice.body);

    let both = taken(&browser, &begin, &track("DISPUTE", "2026-11-23", &iber)).await;
    for shown in ["Zaak bij de Geschillencommissie", "T14", "1 februari 2027", "staat stil"] {
        assert!(part(&both, "tracks").contains(shown), "{shown}\n{}", part(&both, "tracks"));
    }

    // The objection began first, and stands first.
    let go_on = address(&both, &format!("{path}/track-step?of="));
    let form = browser.get(&go_on).await;
    assert!(form.body.contains("\"HEARD\"") && !form.body.contains("\"TLV_APPLIED\""), "{}", form.body);
    assert!(!form.body.contains("name=\"step.school\""), "no step of it is about a school");
    let silent = sent(&browser, &go_on, &step("DECIDED", "2026-12-02")).await;
    assert_eq!(silent.status, 422, "{silent:?}");
    assert!(silent.body.contains("fault-outcome") && silent.body.contains("fault-next_date"));
    let nowhere = sent(&browser, &go_on, &step("MEDIATED", "2026-12-02")).await;
    assert!(nowhere.status == 422 && nowhere.body.contains("fault-step.consultation"), "{}", nowhere.body);
    let note = [("step.note", "Moeder was erbij.")];
    let heard: Vec<_> = step("HEARD", "2026-12-02").into_iter().chain(note).collect();
    let heard = taken(&browser, &go_on, &heard).await;
    for shown in ["23 november 2026: Gehoord. Moeder was erbij.", "2 december 2026"] {
        assert!(part(&heard, "tracks").contains(shown), "{shown}\n{}", part(&heard, "tracks"));
    }

    let back = address(&heard, &format!("{path}/track-back?of="));
    let mistake = [("step", "KIND_HEARD"), ("next_date", "2026-12-03")];
    let without = taken(&browser, &back, &mistake).await;
    let without = part(&without, "tracks");
    assert!(!without.contains("Gehoord") && without.contains("3 december 2026"), "{without}");
    assert_eq!(browser.get(&back).await.status, 404, "there is no step to take back");

    let change = address(&heard, &format!("{path}/track-change?of="));
    let moved = [
        ("was:track.coordinator", iber.as_str()),
        ("track.coordinator", iber.as_str()),
        ("was:track.next_date", "2026-12-03"),
        ("track.next_date", "2026-12-07"),
    ];
    let changed = taken(&browser, &change, &moved).await;
    assert!(part(&changed, "tracks").contains("7 december 2026"), "{}", part(&changed, "tracks"));

    let end: Vec<_> = step("DECIDED", "").into_iter().chain([("outcome", "DISMISSED")]).collect();
    let ended = taken(&browser, &go_on, &end).await;
    for shown in ["Geen gelijk gekregen", "afgelopen", "Besloten"] {
        assert!(part(&ended, "tracks").contains(shown), "{shown}\n{}", part(&ended, "tracks"));
    }
    assert_eq!(browser.get(&go_on).await.status, 404, "it ended");
    let again = address(&ended, &format!("{path}/track-back?of="));
    let wrong = [("step", "KIND_DECIDED"), ("next_date", "2026-12-08")];
    let again = taken(&browser, &again, &wrong).await;
    assert!(!part(&again, "tracks").contains("afgelopen"), "it runs again");
}

#[tokio::test]
async fn what_somebody_else_did_in_a_track_meanwhile_is_not_overwritten() {
    let (scene, case, browser) = opened().await;
    let (path, iber) = (page(&case), scene.iber.0.to_string());
    let begun = taken(&browser, &format!("{path}/track"), &track("COMPLAINT", "2026-11-16", &iber)).await;
    let go_on = address(&begun, &format!("{path}/track-step?of="));
    let form = browser.get(&go_on).await;
    let kept = ["request_id", "etag", "of"].map(|name| (name, form.value(name)));
    let kept: Vec<_> = kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    taken(&browser, &go_on, &step("HEARD", "2026-12-02")).await;
    let late: Vec<_> = kept.into_iter().chain(step("HEARD", "2026-12-04")).collect();
    let refused = browser.post(&go_on, &late).await;
    assert!(refused.status == 422 && refused.body.contains("2026-12-04"), "{refused:?}");
    assert_ne!(refused.value("etag"), form.value("etag"), "it can be sent again");
}

#[tokio::test]
async fn e12_what_a_doctor_states_is_recorded_by_who_may_see_it() {
    let (scene, case, browser) = opened().await;
    let (path, officer) = (page(&case), scene.leerplicht.0.to_string());
    let officers = signed_in(&scene.server, scene.leerplicht.0).await;
    let ground = [("track.ground", "5_ONDER_A")];
    let exempt: Vec<_> = track("EXEMPTION", "2026-11-16", &officer).into_iter().chain(ground).collect();
    let begun = taken(&officers, &format!("{path}/track"), &exempt).await;
    assert!(part(&begun, "tracks").contains("Artikel 5 onder a"), "{}", part(&begun, "tracks"));
    let go_on = address(&begun, &format!("{path}/track-step?of="));
    let stated = step("DOCTOR_STATED", "2026-12-02");
    let refused = sent(&browser, &go_on, &stated).await;
    assert!(refused.status == 422 && refused.body.contains("fault-step.kind"), "{}", refused.body);
    let told = taken(&officers, &go_on, &stated).await;
    assert!(part(&told, "tracks").contains("Verklaring van de arts"), "{}", part(&told, "tracks"));
    let schools = browser.get(&path).await;
    assert!(!part(&schools, "tracks").contains("Verklaring van de arts"), "{}", part(&schools, "tracks"));
}

#[tokio::test]
async fn who_writes_no_tracks_and_asks_for_nothing_has_no_page_for_it() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let forms = ["track", "track-step", "track-change", "track-back", "ask", "answered", "unask"];
    let other = scene.server.school("90BB00", "GM9902").await;
    let stranger = scene.server.person(Role::Iber, other).await.0;
    let head = scene.server.person(Role::Directeur, scene.school).await.0;
    for person in [stranger, head, scene.planner.0] {
        let away = signed_in(&scene.server, person).await;
        let request = scene.server.request_id();
        for form in forms {
            let at = format!("{path}/{form}");
            assert_eq!(away.get(&at).await.status, 404, "{form}");
            let posted =
                away.post(&at, &[("request_id", request.as_str()), ("of", case.name.as_str())]).await;
            assert!([400, 404, 422].contains(&posted.status) && posted.body.contains("<html"), "{posted:?}");
            assert!(!posted.body.contains(&case.reference), "{form}");
        }
    }
    scene.server.invite(case.name.parse().unwrap(), scene.smw.0).await;
    let helper = signed_in(&scene.server, scene.smw.0).await;
    let shell = helper.get(&path).await;
    assert!(!shell.body.contains("id=\"tracks\"") && shell.body.contains("id=\"asked\""), "{}", shell.body);
    assert_eq!(helper.get(&format!("{path}/track")).await.status, 404);
    let bare = browser.post_bare(&format!("{path}/track"), &[("track.kind", "COMPLAINT")]).await;
    assert_eq!(bare.status, 403, "no form of ours");
}

/// What the JGZ is asked, or a school, by 4 December.
fn question<'a>(kind: &'a str, organisation: &'a str, role: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("information_request.kind", kind),
        ("information_request.organisation", organisation),
        ("information_request.role", role),
        ("information_request.due_date", "2026-12-04"),
        ("information_request.note", "Hoeveel uur per dag kan zij aan?"),
    ]
}

/// A consent by which `jgz` tells what the child can do to who has a role.
async fn agrees(browser: &Browser, case: &pb::Case, (jgz, role): (&str, &str)) {
    let signed = [
        ("consent.purpose", "terugkeer_school"),
        ("consent.gives", jgz),
        ("consent.receives", role),
        ("consent.classes", "K6"),
        ("consent.signatures", case.parents[0].person.as_str()),
        ("consent.given_date", "2026-11-23"),
        ("consent.expire_date", "2027-05-01"),
    ];
    taken(browser, &format!("{}/consent", page(case)), &signed).await;
}

#[tokio::test]
async fn b10_a_partner_is_asked_on_a_page_with_the_consent_that_covers_it_and_the_answer_is_recorded() {
    let (scene, case, browser) = opened().await;
    let (path, jgz) = (page(&case), scene.server.organisation("JGZ", "JGZ01").await.to_string());
    let ask = format!("{path}/ask");
    let nothing = sent(&browser, &ask, &[]).await;
    assert_eq!(nothing.status, 422, "{nothing:?}");
    for told in ["kind", "organisation", "role", "due_date"] {
        assert!(nothing.body.contains(&format!("fault-information_request.{told}\"")), "{}", nothing.body);
    }
    assert!(nothing.body.contains("Schakel stuurt geen bericht: vraag het ook zelf."), "{}", nothing.body);
    let advice = question("FUNCTIONAL_ADVICE", &jgz, "ROLE_JEUGDARTS");
    let refused = sent(&browser, &ask, &advice).await;
    assert!(refused.status == 422 && refused.body.contains("role=\"alert\""), "{}", refused.body);
    assert!(refused.body.contains("Hoeveel uur per dag kan zij aan?"), "what was typed is kept");
    agrees(&browser, &case, (&jgz, "ROLE_IBER")).await;
    let asked = taken(&browser, &ask, &advice).await;
    for shown in [
        "Wat het kind kan, volgens een arts",
        "jeugdarts",
        "4 december 2026",
        "nog geen antwoord",
        "Terug naar school",
        "1 mei 2027",
        "Hoeveel uur per dag kan zij aan?",
    ] {
        assert!(part(&asked, "asked").contains(shown), "{shown}\n{}", part(&asked, "asked"));
    }
    let answer = address(&asked, &format!("{path}/answered?of="));
    let open = sent(&browser, &answer, &[("state", ""), ("end_date", "2026-11-23")]).await;
    assert!(open.status == 422 && open.body.contains("fault-state"), "{}", open.body);
    let early = sent(&browser, &answer, &[("state", "RECEIVED"), ("end_date", "2026-11-20")]).await;
    assert!(early.status == 422 && early.body.contains("fault-end_date"), "{}", early.body);
    let received = taken(&browser, &answer, &[("state", "RECEIVED"), ("end_date", "2026-11-23")]).await;
    assert!(part(&received, "asked").contains("antwoord ontvangen"), "{}", part(&received, "asked"));
    assert!(!part(&received, "asked").contains("/answered?of="), "it ended");
    assert_eq!(browser.get(&answer).await.status, 404);

    let again = taken(&browser, &ask, &advice).await;
    let unask = address(&again, &format!("{path}/unask?of="));
    let gone = taken(&browser, &unask, &[("end_date", "2026-11-23")]).await;
    assert!(part(&gone, "asked").contains("niet meer nodig"), "{}", part(&gone, "asked"));
    let officer = signed_in(&scene.server, scene.leerplicht.0).await.get(&path).await;
    assert!(!part(&officer, "asked").contains("/answered?of="), "nothing of it waits for an answer");
}

#[tokio::test]
async fn b10_a_thuiszitterscoordinator_is_named_on_the_form_of_a_consent_and_asks_a_partner_with_it() {
    let (scene, case, _) = opened().await;
    let (path, jgz) = (page(&case), scene.server.organisation("JGZ", "JGZ01").await.to_string());
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let browser = signed_in(&scene.server, keeper).await;
    let form = browser.get(&format!("{path}/consent")).await;
    let named = form.body.split("<label").find(|label| label.contains("ROLE_THUISZITTERSCOORDINATOR"));
    assert!(named.is_some_and(|label| label.contains("thuiszitterscoördinator")), "{}", form.body);
    let (ask, advice) = (format!("{path}/ask"), question("FUNCTIONAL_ADVICE", &jgz, "ROLE_JEUGDARTS"));
    assert_eq!(sent(&browser, &ask, &advice).await.status, 422, "nobody consented");
    agrees(&browser, &case, (&jgz, "ROLE_THUISZITTERSCOORDINATOR")).await;
    let asked = taken(&browser, &ask, &advice).await;
    for shown in
        ["Wat het kind kan, volgens een arts", "nog geen antwoord", "Terug naar school", "1 mei 2027"]
    {
        assert!(part(&asked, "asked").contains(shown), "{shown}\n{}", part(&asked, "asked"));
    }
}

#[tokio::test]
async fn e12_an_arrangement_begins_and_lasts_until_a_day_on_pages() {
    let (scene, case, browser) = opened().await;
    let (path, iber) = (page(&case), scene.iber.0.to_string());
    let asked = track("ARRANGEMENT", "2026-11-16", &iber);
    let asked = taken(&browser, &format!("{path}/track"), &asked).await;
    let go_on = address(&asked, &format!("{path}/track-step?of="));
    let form = browser.get(&go_on).await;
    for shown in ["name=\"step.until_date\"", "Tot en met welke dag?", "toegekend’ is het verplicht"] {
        assert!(form.body.contains(shown), "{shown}\n{}", form.body);
    }
    let granted = step("ARRANGEMENT_GRANTED", "2026-12-02");
    let unsaid = sent(&browser, &go_on, &granted).await;
    assert!(unsaid.status == 422 && unsaid.body.contains("fault-step.note"), "{}", unsaid.body);
    assert!(unsaid.body.contains("Schrijf waarom er meer nodig is dan de basisondersteuning."));
    let why = [("step.note", "De klas alleen is niet genoeg.")];
    let granted: Vec<_> = granted.into_iter().chain(why).collect();
    taken(&browser, &go_on, &granted).await;
    assert!(!form.body.contains("Welke zorg het is"), "no care comes of it\n{}", form.body);
    let endless = sent(&browser, &go_on, &step("ARRANGEMENT_STARTED", "2026-12-02")).await;
    assert!(endless.status == 422 && endless.body.contains("fault-step.until_date"), "{}", endless.body);
    let until = [("step.until_date", "2027-07-16")];
    let begun: Vec<_> = step("ARRANGEMENT_STARTED", "2026-12-02").into_iter().chain(until).collect();
    let begun = taken(&browser, &go_on, &begun).await;
    for shown in ["Arrangement begonnen (tot en met 16 juli 2027)", "R30", "31 juli 2027"] {
        assert!(part(&begun, "tracks").contains(shown), "{shown}\n{}", part(&begun, "tracks"));
    }

    // The child is back, and the arrangement goes on.
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let end = [
        ("outcome", "TERUG_EIGEN_SCHOOL"),
        ("outcome_date", "2026-11-20"),
        ("note", "Met ouders besproken."),
    ];
    taken(&keeper, &format!("{path}/close"), &end).await;
    let closed = browser.get(&path).await;
    let section = part(&closed, "tracks");
    assert!(section.contains("R30") && !section.contains("/track-change"), "{section}");
    let go_on = address(&closed, &format!("{path}/track-step?of="));
    let form = browser.get(&go_on).await.body;
    assert!(
        form.contains("\"ARRANGEMENT_EVALUATED\"") && !form.contains("\"ARRANGEMENT_REFUSED\""),
        "{form}"
    );
    let ended = taken(&browser, &go_on, &step("ARRANGEMENT_ENDED", "")).await;
    assert!(!part(&ended, "tracks").contains("/track-step"), "{}", part(&ended, "tracks"));
}

#[tokio::test]
async fn of_care_that_agrees_no_note_is_taken_and_the_form_says_why() {
    let (scene, case, browser) = opened().await;
    let (path, iber) = (page(&case), scene.iber.0.to_string());
    let asked = taken(&browser, &format!("{path}/track"), &track("OZA", "2026-11-16", &iber)).await;
    let go_on = address(&asked, &format!("{path}/track-step?of="));
    let form = browser.get(&go_on).await;
    let hint =
        "Welke zorg het is, staat bij zorg in het plan: niet hier. Laat dit leeg bij ‘Zorg is akkoord’.";
    assert!(form.body.contains(hint), "{}", form.body);
    let note = [("step.note", "Therapie op maandag.")];
    let noted: Vec<_> = step("CARE_AGREED", "2026-12-02").into_iter().chain(note).collect();
    let refused = sent(&browser, &go_on, &noted).await;
    assert!(refused.status == 422 && refused.body.contains("fault-step.note"), "{}", refused.body);
    let why = "Bij ‘Zorg is akkoord’ past geen toelichting. Laat dit leeg.";
    assert!(refused.body.contains(why), "{}", refused.body);
    let agreed = taken(&browser, &go_on, &step("CARE_AGREED", "2026-12-02")).await;
    assert!(part(&agreed, "tracks").contains("Zorg is akkoord"), "{}", part(&agreed, "tracks"));
}

#[tokio::test]
async fn a_track_for_substitute_leerplicht_is_called_so_and_offers_no_steps_of_another_ground() {
    let (scene, case, _) = opened().await;
    let (path, officer) = (page(&case), scene.leerplicht.0.to_string());
    let browser = signed_in(&scene.server, scene.leerplicht.0).await;
    let form = browser.get(&format!("{path}/track")).await;
    let ground = "Artikel 3a: vervangende leerplicht vanaf 14 jaar";
    assert!(form.body.contains(ground) && !form.body.contains("vervangend programma"), "{}", form.body);
    let on = [("track.ground", "3A")];
    let asked: Vec<_> = track("EXEMPTION", "2026-11-16", &officer).into_iter().chain(on).collect();
    let begun = taken(&browser, &format!("{path}/track"), &asked).await;
    let heading = format!("<h3>Vrijstelling – {ground} <span");
    assert!(part(&begun, "tracks").contains(&heading), "{}", part(&begun, "tracks"));
    let form = browser.get(&address(&begun, &format!("{path}/track-step?of="))).await;
    for (step, offered) in
        [("EDUCATION_ADVISED", true), ("GRANTED", true), ("DOCTOR_STATED", false), ("NOTIFIED", false)]
    {
        assert_eq!(form.body.contains(&format!("value=\"{step}\"")), offered, "{step}\n{}", form.body);
    }
}

/// Begins a track with a step, and asks the school how the child learns, as the attendance officer.
async fn goes_on(scene: &Scene, browser: &Browser, case: &pb::Case, kind: &str) {
    let (path, officer) = (page(case), scene.leerplicht.0.to_string());
    let begun = taken(browser, &format!("{path}/track"), &track(kind, "2026-11-20", &officer)).await;
    // That of the same day which was begun last stands last.
    let last = begun.body.rsplit_once("/track-step?of=").unwrap().1.split_once('"').unwrap().0;
    let go_on = format!("{path}/track-step?of={last}");
    taken(browser, &go_on, &step("HEARD", "2026-12-02")).await;
    let school = format!("organisations/{}", scene.school.0);
    let asked = question("SCHOOL_PROGRESS", &school, "ROLE_IBER");
    taken(browser, &format!("{path}/ask"), &asked).await;
}

#[tokio::test]
async fn the_page_of_a_case_asks_as_often_of_one_track_and_request_as_of_many() {
    let (scene, case, _) = opened().await;
    let path = page(&case);
    let browser = signed_in(&scene.server, scene.leerplicht.0).await;
    goes_on(&scene, &browser, &case, "COMPLAINT").await;
    browser.get(&path).await;
    let (_, one) = statements(browser.get(&path)).await;
    for kind in ["PARENT_OBJECTION", "TLV_OBJECTION", "DISPUTE"] {
        goes_on(&scene, &browser, &case, kind).await;
    }
    browser.get(&path).await;
    let (_, many) = statements(browser.get(&path)).await;
    assert_eq!(one.len(), many.len(), "{many:#?}");
}

#[tokio::test]
async fn tracks_and_requests_shut_nobody_out() {
    let (scene, case, _) = opened().await;
    let path = page(&case);
    let browser = signed_in(&scene.server, scene.leerplicht.0).await;
    goes_on(&scene, &browser, &case, "PARENT_OBJECTION").await;
    let home = browser.get(&path).await;
    let style = home.body.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let page = |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let go_on = address(&home, &format!("{path}/track-step?of="));
    let refused = sent(&browser, &go_on, &step("DECIDED", "2026-12-02")).await;
    let mut documents =
        vec![document("case-tracks", &page(&home.body)), document("case-track-step", &page(&refused.body))];
    for (name, at) in [
        ("case-track", format!("{path}/track")),
        ("case-track-back", address(&home, &format!("{path}/track-back?of="))),
        ("case-track-change", address(&home, &format!("{path}/track-change?of="))),
        ("case-ask", format!("{path}/ask")),
        ("case-answered", address(&home, &format!("{path}/answered?of="))),
        ("case-unask", address(&home, &format!("{path}/unask?of="))),
        ("case-move", format!("{path}/move")),
        ("case-correct", address(&home, &format!("{path}/correct?of="))),
    ] {
        documents.push(document(name, &page(&browser.get(&at).await.body)));
    }
    look("tracks_and_requests_shut_nobody_out", &documents);
}
