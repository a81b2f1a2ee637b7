//! The pages about cases: who finds which of them, what they show, and what is done on them.

use chrono::TimeDelta;
use pb::thuiszitter_service_client::ThuiszitterServiceClient;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{
    browser::{document, look},
    http::Answer,
    seed_meetings::Scene,
    statements,
    workplace::{Browser, signed_in},
};

use crate::thuiszitter::{absent, named};

mod heard;
mod kept;
mod moved;
mod said;
mod told;
mod tracks;

const CHILD: &str = "Fenna Oudshoorn-Zwanikken";

/// A case of the scene's school, with the IB'er's browser.
async fn opened() -> (Scene, pb::Case, Browser) {
    let scene = Scene::start().await;
    let case = open(&scene, absent(scene.school)).await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    (scene, case, browser)
}

async fn open(scene: &Scene, case: pb::Case) -> pb::Case {
    let opening =
        pb::OpenCaseRequest { case: Some(case), request_id: scene.server.request_id(), ..Default::default() };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    cases.open_case(opening).await.unwrap().into_inner()
}

fn page(case: &pb::Case) -> String {
    format!("/{}", case.name)
}

/// Fills in the form at `path` and sends it with what it holds unseen.
async fn sent(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let form = browser.get(path).await;
    assert_eq!(form.status, 200, "{path} {form:?}");
    let hidden = ["request_id", "etag", "of"].map(|name| (name, form.value(name)));
    let mut all: Vec<(&str, &str)> = hidden
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}

/// The same, taken; gives the page to which it leads.
async fn taken(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let answer = sent(browser, path, fields).await;
    assert_eq!(answer.status, 303, "{path} {answer:?}");
    browser.follow(answer).await
}

/// The first address in a page that begins so.
fn address(page: &Answer, start: &str) -> String {
    let begin = format!("href=\"{start}");
    let (_, rest) = page.body.split_once(&begin).unwrap_or_else(|| panic!("{start}\n{}", page.body));
    format!("{start}{}", rest.split_once('"').unwrap().0)
}

#[tokio::test]
async fn a_case_is_opened_on_a_page_that_says_what_is_wrong() {
    let scene = Scene::start().await;
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let form = browser.get("/cases/new").await;
    assert!(form.status == 200 && form.body.contains("School 99AA00"), "{}", form.body);
    let faulty = [
        ("case.child.display_name", CHILD),
        ("case.child.birth_date", "2027-01-01"),
        ("case.residence_gemeente_code", "nergens"),
    ];
    let refused = sent(&browser, "/cases/new", &faulty).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    for told in [
        "role=\"alert\"",
        "fault-case.child.birth_date",
        "fault-case.residence_gemeente_code",
        "fault-case.absence.kind",
        "fault-case.parents[0].display_name",
        CHILD,
    ] {
        assert!(refused.body.contains(told), "{told}\n{}", refused.body);
    }
    let school = format!("schools/{}", scene.school.0);
    let whole = [
        ("case.school", school.as_str()),
        ("case.child.display_name", CHILD),
        ("case.child.birth_date", "2017-05-14"),
        ("case.residence_gemeente_code", "GM9901"),
        ("case.absence.kind", "ONGEOORLOOFD"),
        ("case.absence.first_day", "2026-10-26"),
        ("case.question", "Hoe komt zij weer in de klas?"),
        ("case.parents[0].display_name", "Noor Oudshoorn"),
        ("case.parents[0].gezag", "YES"),
    ];
    let mut slip = whole;
    slip[3].1 = "GM0001";
    let asked = sent(&browser, "/cases/new", &slip).await;
    assert!(asked.status == 422 && asked.body.contains("fault-confirm_outside_region"), "{}", asked.body);
    let case = taken(&browser, "/cases/new", &whole).await;
    for shown in
        [CHILD, "Noor Oudshoorn", "Afwezig zonder geldige reden", "<svg", "Hoe komt zij weer in de klas?"]
    {
        assert!(case.status == 200 && case.body.contains(shown), "{shown}\n{}", case.body);
    }
}

#[tokio::test]
async fn the_list_shows_and_narrows_what_the_caller_may_see() {
    let (scene, case, browser) = opened().await;
    let href = format!("href=\"{}\"", page(&case));
    for path in [
        "/cases",
        "/cases?stage=SIGNAAL",
        "/cases?duration=FROM_4_TO_13_WEEKS",
        "/cases?wijk=WK990101&duration=&stage=&state=OPEN",
    ] {
        let list = browser.get(path).await;
        assert!(list.status == 200 && list.body.contains(&href), "{path}\n{}", list.body);
        assert!(!list.body.contains(CHILD), "a list names nobody");
    }
    for path in
        ["/cases?stage=PLAN", "/cases?duration=FROM_52_WEEKS", "/cases?wijk=WK000000", "/cases?state=CLOSED"]
    {
        let list = browser.get(path).await;
        assert!(list.status == 200 && !list.body.contains(&href), "{path}");
        assert!(list.body.contains("Geen dossier past bij deze keuze."), "{path}");
    }
    let other = scene.server.school("90BB00", "GM9902").await;
    let stranger = signed_in(&scene.server, scene.server.person(Role::Iber, other).await.0).await;
    assert!(stranger.get("/cases").await.body.contains("Er zijn geen dossiers die u mag zien."));
    assert_eq!(browser.get("/cases?page=x").await.status, 400);
}

#[tokio::test]
async fn everybody_sees_of_a_case_what_the_calls_would_show() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let own = browser.get(&path).await;
    for shown in [CHILD, "noor@thuis.example", "/advance\"", "/book?case=cases/", "/escalate\"", "/consent\""]
    {
        assert!(own.body.contains(shown), "{shown}\n{}", own.body);
    }
    for hidden in ["/close\"", "/who-saw\"", "/decide\"", "<script>", "style=", "onclick", "https://"] {
        assert!(!own.body.contains(hidden), "{hidden}");
    }

    let officer = signed_in(&scene.server, scene.leerplicht.0).await.get(&path).await;
    assert!(officer.status == 200 && officer.body.contains(CHILD) && officer.body.contains("/escalate\""));

    let head = scene.server.person(Role::Directeur, scene.school).await.0;
    let head = signed_in(&scene.server, head).await.get(&path).await;
    assert!(head.status == 200 && head.body.contains("<svg") && !head.body.contains(CHILD));
    assert!(!head.body.contains("/advance\"") && !head.body.contains("noor@thuis.example"));
    assert!(!head.body.contains("/escalate\"") && !head.body.contains("/view\""), "not yet at the board");

    let smw = signed_in(&scene.server, scene.smw.0).await;
    assert_eq!(smw.get(&path).await.status, 404, "not asked yet");
    scene.server.invite(case.name.parse().unwrap(), scene.smw.0).await;
    let helper = smw.get(&path).await;
    assert!(helper.status == 200 && helper.body.contains("U ziet alleen dat dit dossier er is"));
    for hidden in [CHILD, "Noor Oudshoorn", "<svg", "/advance\"", "/escalate\"", case.reference.as_str()] {
        assert!(!helper.body.contains(hidden), "{hidden}\n{}", helper.body);
    }
}

#[tokio::test]
async fn who_may_not_see_a_case_learns_nothing_of_it() {
    let (scene, case, _) = opened().await;
    let other = scene.server.school("90BB00", "GM9902").await;
    let stranger = scene.server.person(Role::Iber, other).await.0;
    let policy = scene.server.person(Role::Beleidsmedewerker, scene.gemeente).await.0;
    let nowhere = format!("/cases/{}", scene.server.request_id());
    for person in [stranger, policy, scene.planner.0] {
        let browser = signed_in(&scene.server, person).await;
        for verb in ["", "/advance", "/close", "/act", "/consent", "/who-saw", "/missed", "?as_of=2026-11-23"]
        {
            let asked = browser.get(&format!("{}{verb}", page(&case))).await;
            let absent = browser.get(&format!("{nowhere}{verb}")).await;
            assert_eq!((asked.status, absent.status), (404, 404), "{verb} {}", asked.body);
            let plain = |body: &str| body.replace(page(&case).as_str(), "").replace(&nowhere, "");
            assert_eq!(plain(&asked.body), plain(&absent.body), "{verb}");
        }
    }
    let officer = signed_in(&scene.server, policy).await;
    let refused = officer.get("/cases").await;
    assert!(refused.status == 404 && refused.body.contains("niet voor u"), "figures only");
}

#[tokio::test]
async fn a_case_goes_on_and_ends_and_begins_again() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let refused = sent(&browser, &format!("{path}/advance"), &[("stage", "CONSULT")]).await;
    assert!(refused.status == 422 && refused.body.contains("fault-parents_involved"), "{}", refused.body);
    let part = "aria-current=\"page\">Dossiers";
    assert!(refused.body.contains(part), "a form that was refused stands in its own part of the workplace");
    assert!(!refused.body.contains("aria-current=\"page\">Vandaag"));
    let step = [
        ("stage", "CONSULT"),
        ("parents_involved", "Met moeder gebeld."),
        ("next_action_date", "2026-11-30"),
    ];
    let gone_on = taken(&browser, &format!("{path}/advance"), &step).await;
    assert!(gone_on.body.contains("Advies gevraagd") && gone_on.body.contains("30 november 2026"));
    let change = [
        ("case.next_action_date", "2026-12-02"),
        ("case.question", "Wat helpt haar?"),
        ("case.external_references", "Kindkans: KK-118\r\n groeidocument: gd 7 \r\n"),
    ];
    let changed = taken(&browser, &format!("{path}/change"), &change).await;
    assert!(changed.body.contains("2 december 2026") && changed.body.contains("Wat helpt haar?"));
    assert!(changed.body.contains("Kindkans: KK-118; groeidocument: gd 7"), "{}", changed.body);
    assert_eq!(
        browser.get(&format!("{path}/close")).await.status,
        404,
        "a school does not close its own case"
    );

    let keeper =
        scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let end = [
        ("outcome", "TERUG_EIGEN_SCHOOL"),
        ("outcome_date", "2026-11-20"),
        ("note", "Met ouders besproken."),
    ];
    let closed = taken(&keeper, &format!("{path}/close"), &end).await;
    assert!(closed.body.contains("Terug op de eigen school") && closed.body.contains("/reopen\""));
    assert!(closed.body.contains("gesloten met ‘Terug op de eigen school’"), "{}", closed.body);
    assert!(!closed.body.contains("/advance\""), "nothing is done about a closed case");
    let reopened = taken(&keeper, &format!("{path}/reopen"), &[("first_day", "2026-11-23")]).await;
    assert!(reopened.body.contains("/advance\""), "{}", reopened.body);
}

#[tokio::test]
async fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let (_scene, case, browser) = opened().await;
    let path = format!("{}/advance", page(&case));
    let form = browser.get(&path).await;
    let (etag, request) = (form.value("etag"), form.value("request_id"));
    let step = [("stage", "CONSULT"), ("parents_involved", "Met moeder gebeld.")];
    taken(&browser, &path, &step).await;
    let late = [("etag", etag.as_str()), ("request_id", request.as_str()), ("stage", "MELDING")];
    let late: Vec<_> = late.into_iter().chain([("parents_involved", "Per brief.")]).collect();
    let refused = browser.post(&path, &late).await;
    assert!(refused.status == 422 && refused.body.contains("Per brief."), "{refused:?}");
    assert_ne!(refused.value("etag"), etag, "it can be sent again");
}

#[tokio::test]
async fn the_plan_is_added_to_done_and_dropped() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let school = format!("organisations/{}", scene.school.0);
    for text in ["Twee ochtenden naar school.", "Elke dag bellen."] {
        let action = [
            ("plan_action.side", "EDUCATION"),
            ("plan_action.text", text),
            ("plan_action.organisation", school.as_str()),
            ("plan_action.start_date", "2026-11-23"),
            ("plan_action.due_date", "2026-12-18"),
        ];
        let planned = taken(&browser, &format!("{path}/act"), &action).await;
        assert!(planned.body.contains(text), "{}", planned.body);
    }
    let home = browser.get(&path).await;
    let complete = address(&home, &format!("{path}/complete?of="));
    let done = taken(&browser, &complete, &[("done_date", "2026-11-23")]).await;
    assert!(done.body.contains("gedaan"), "{}", done.body);
    let drop = address(&done, &format!("{path}/drop?of="));
    let dropped = taken(&browser, &drop, &[("reason", "Het helpt niet.")]).await;
    assert!(dropped.body.contains("vervallen") && dropped.body.contains("Het helpt niet."));
    assert_eq!(browser.get(&complete).await.status, 404, "it is done");
}

#[tokio::test]
async fn a_case_goes_up_the_ladder_and_what_was_decided_is_checked() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let swv = scene.server.founded.organisation;
    let to = format!("organisations/{}", swv.0);
    let step = |level: &'static str| {
        [
            ("level", level),
            ("date", "2026-11-23"),
            ("reason", "Het lukt niet."),
            ("organisation", to.as_str()),
        ]
    };
    let up = taken(&browser, &format!("{path}/escalate"), &step("1")).await;
    assert!(up.body.contains("Niveau 1"), "{}", up.body);
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let head = scene.server.person(Role::Directeur, scene.school).await.0;
    let head = signed_in(&scene.server, head).await;
    assert_eq!(head.get(&format!("{path}/escalate")).await.status, 404, "not yet at the board");
    taken(&keeper, &format!("{path}/escalate"), &step("2")).await;
    assert!(head.get(&path).await.body.contains("/escalate\""), "the next level is the head's to call in");
    assert_eq!(head.get(&format!("{path}/escalate")).await.status, 200);
    taken(&keeper, &format!("{path}/escalate"), &step("3")).await;
    let holder = scene.server.person(Role::Doorzettingsmacht, swv).await.0.to_string();
    let school = format!("organisations/{}", scene.school.0);
    let decision = [
        ("decider", holder.as_str()),
        ("decide_date", "2026-11-23"),
        ("text", "De school laat haar toe."),
        ("obliged_organisation", school.as_str()),
        ("due_date", "2026-12-07"),
    ];
    let decided = taken(&keeper, &format!("{path}/decide"), &decision).await;
    assert!(decided.body.contains("De school laat haar toe.") && decided.body.contains("nog te doen"));
    let check = address(&decided, &format!("{path}/check?of="));
    let found = [("state", "COMPLIED"), ("date", "2026-11-23"), ("found", "Zij zit in de klas.")];
    let checked = taken(&keeper, &check, &found).await;
    assert!(checked.body.contains("Zij zit in de klas.") && checked.body.contains("uitgevoerd"));
    let down = [("level", "0"), ("date", "2026-11-23"), ("reason", "Opgelost.")];
    assert!(taken(&keeper, &format!("{path}/de-escalate"), &down).await.body.contains("Niveau 0"));
}

#[tokio::test]
async fn consent_is_written_down_and_withdrawn() {
    let (_scene, case, browser) = opened().await;
    let path = page(&case);
    let parent = case.parents[0].person.as_str();
    let unsigned = [
        ("consent.purpose", "terugkeer_school"),
        ("consent.gives", ""),
        ("consent.receives", "ROLE_SMW"),
        ("consent.classes", "K2"),
        ("consent.classes", "K4"),
        ("consent.given_date", "2026-11-23"),
        ("consent.expire_date", "2027-05-01"),
    ];
    let refused = sent(&browser, &format!("{path}/consent"), &unsigned).await;
    assert!(refused.status == 422 && refused.body.contains("fault-consent.gives"), "{}", refused.body);
    let own = browser.get(&format!("{path}/consent")).await;
    let organisation = own.body.split_once("<option value=\"organisations/").unwrap().1;
    let organisation = format!("organisations/{}", organisation.split_once('"').unwrap().0);
    let mut signed = unsigned.to_vec();
    signed[1].1 = organisation.as_str();
    signed.push(("consent.signatures", parent));
    let given = taken(&browser, &format!("{path}/consent"), &signed).await;
    assert!(given.body.contains("Terug naar school") && given.body.contains("geldig"), "{}", given.body);
    let withdraw = address(&given, &format!("{path}/withdraw?of="));
    let gone = taken(&browser, &withdraw, &[("person", parent), ("note", "")]).await;
    assert!(gone.body.contains("ingetrokken"), "{}", gone.body);
}

#[tokio::test]
async fn the_child_is_heard_in_its_own_words() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let home = browser.get(&path).await;
    assert!(home.body.contains("Hier staat nog niet dat het kind is gehoord."));
    let form = address(&home, &format!("{path}/view?of=persons/"));
    let child = form.split_once("of=").unwrap().1;
    let said = [("person", child), ("about", "CASE"), ("text", "Ik durf het lokaal niet in.")];
    let heard = taken(&browser, &form, &said).await;
    assert!(heard.body.contains("Ik durf het lokaal niet in."), "{}", heard.body);
    assert!(!heard.body.contains("Hier staat nog niet"), "its own words stand there");
    let answer = address(&heard, &format!("{path}/rejoinder?of="));
    let school = format!("organisations/{}", scene.school.0);
    let answered =
        taken(&browser, &answer, &[("person", school.as_str()), ("text", "Dan beginnen wij buiten.")]).await;
    assert!(answered.body.contains("Dan beginnen wij buiten."));
    let moment = [("facts[0].happened.moment", "CHILD_HEARD"), ("facts[0].happened.date", "2026-11-23")];
    let told = taken(&browser, &format!("{path}/happened"), &moment).await;
    assert!(told.body.contains("Het kind is gehoord op 23 november 2026."), "{}", told.body);
}

#[tokio::test]
async fn a_case_is_shown_as_it_was_known_on_a_day() {
    let (scene, case, _) = opened().await;
    let path = page(&case);
    scene.server.clock.advance(TimeDelta::days(3));
    // The session ended meanwhile.
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let step = [("stage", "CONSULT"), ("parents_involved", "Met moeder gebeld.")];
    let now = taken(&browser, &format!("{path}/advance"), &step).await;
    assert!(now.body.contains("van ‘Signaal’ naar ‘Advies gevraagd’"), "{}", now.body);
    let then = browser.get(&format!("{path}?as_of=2026-11-24")).await;
    assert!(then.status == 200 && then.body.contains("Dossier op 24 november 2026"), "{}", then.body);
    assert!(then.body.contains("<svg") && then.body.contains("Signaal"));
    assert!(!then.body.contains("van ‘Signaal’ naar ‘Advies gevraagd’"), "nobody knew that yet");
    assert_eq!(browser.get(&format!("{path}?as_of=2026-11-26")).await.status, 200, "today");
    for day in ["2026-12-24", "gisteren"] {
        let refused = browser.get(&format!("{path}?as_of={day}")).await;
        assert!(refused.status == 422 && refused.body.contains("fault-as_of"), "{day} {}", refused.body);
    }
}

#[tokio::test]
async fn who_guards_privacy_reads_who_saw_a_case_and_nothing_of_it() {
    let (scene, case, browser) = opened().await;
    browser.get(&page(&case)).await;
    let guard = scene.server.person(Role::Fg, scene.server.founded.organisation).await.0;
    let guard = signed_in(&scene.server, guard).await;
    for path in [page(&case), format!("{}/who-saw", page(&case))] {
        let seen = guard.get(&path).await;
        assert!(seen.status == 200 && seen.body.contains("intern begeleider"), "{}", seen.body);
        assert!(!seen.body.contains(CHILD));
    }
    let wrong = guard.get(&format!("{}/who-saw?from_date=gisteren", page(&case))).await;
    assert!(wrong.body.contains("fault-from_date"), "{}", wrong.body);
    assert_eq!(browser.get(&format!("{}/who-saw", page(&case))).await.status, 404);
}

#[tokio::test]
async fn pages_of_cases_ask_as_often_of_one_row_as_of_many() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let school = format!("organisations/{}", scene.school.0);
    let plan = [
        ("plan_action.side", "EDUCATION"),
        ("plan_action.text", "Elke dag bellen."),
        ("plan_action.organisation", school.as_str()),
        ("plan_action.start_date", "2026-11-23"),
        ("plan_action.due_date", "2026-12-18"),
    ];
    taken(&browser, &format!("{path}/act"), &plan).await;
    let mut counts = Vec::new();
    for page in ["/cases", path.as_str()] {
        browser.get(page).await;
        counts.push(statements(browser.get(page)).await.1);
    }
    for name in ["Ella Testkind", "Olaf Testkind"] {
        open(&scene, named(name, absent(scene.school))).await;
        taken(&browser, &format!("{path}/act"), &plan).await;
    }
    for (page, one) in ["/cases", path.as_str()].into_iter().zip(&counts) {
        browser.get(page).await;
        let (_, many) = statements(browser.get(page)).await;
        assert_eq!(one.len(), many.len(), "{page} {many:#?}");
    }
}

#[tokio::test]
async fn pages_of_cases_shut_nobody_out() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let said = [
        ("person", case.child.as_ref().unwrap().person.as_str()),
        ("about", "CASE"),
        ("text", "Ik wil naar buiten."),
    ];
    taken(&browser, &format!("{path}/view"), &said).await;
    let list = browser.get("/cases").await.body;
    let style = list.split_once("href=\"/assets/style").unwrap().1.split_once('"').unwrap().0;
    let style = browser.get(&format!("/assets/style{style}")).await.body;
    let page = |body: &str| body.replace("<link rel=\"stylesheet\"", &format!("<style>{style}</style><link"));
    let refused = sent(&browser, "/cases/new", &[("case.child.display_name", "")]).await;
    let mut documents = vec![document("cases", &page(&list)), document("case-new", &page(&refused.body))];
    for (name, at) in [
        ("case", path.clone()),
        ("case-then", format!("{path}?as_of=2026-11-23")),
        ("case-advance", format!("{path}/advance")),
        ("case-consent", format!("{path}/consent")),
    ] {
        documents.push(document(name, &page(&browser.get(&at).await.body)));
    }
    let guard = scene.server.person(Role::Fg, scene.server.founded.organisation).await.0;
    let seen = signed_in(&scene.server, guard).await.get(&format!("{path}/who-saw")).await;
    documents.push(document("case-seen", &page(&seen.body)));
    look("pages_of_cases_shut_nobody_out", &documents);
}
