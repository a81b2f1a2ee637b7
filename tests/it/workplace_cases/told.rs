//! Facts that are told on the pages of a case, and what the pages say of it.

use schakel_domain::access::Role;
use schakel_tests::workplace::signed_in;

use super::{address, opened, page, sent, taken, tracks::part};

/// A kind of fact, what is filled in, and what is said of it.
type Told = (&'static str, &'static [(&'static str, &'static str)], &'static str);

#[tokio::test]
async fn missed_hours_become_facts() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let happened = format!("{path}/happened");
    let officer = signed_in(&scene.server, scene.leerplicht.0).await.get(&happened).await;
    assert!(officer.body.contains("\"PROCES_VERBAAL\"") && officer.body.contains("\"CHILD_HEARD\""));
    let school = browser.get(&happened).await;
    assert!(!school.body.contains("PROCES_VERBAAL") && school.body.contains("\"CHILD_HEARD\""));
    let missed = |minutes: &'static str| {
        [
            ("facts[0].missed.date", "2026-11-20"),
            ("facts[0].missed.minutes", minutes),
            ("facts[0].missed.ground", "ONGEOORLOOFD"),
        ]
    };
    let refused = sent(&browser, &format!("{path}/missed"), &missed("2000")).await;
    assert!(
        refused.status == 422 && refused.body.contains("fault-facts[0].missed.minutes"),
        "{}",
        refused.body
    );
    let told = taken(&browser, &format!("{path}/missed"), &missed("300")).await;
    assert!(
        told.body.contains("Op 20 november 2026 300 minuten gemist: geen geldige reden."),
        "{}",
        told.body
    );
}

/// What the attendance officer does to end an exemption as it should.
#[tokio::test]
async fn an_exemption_that_holds_is_first_told_as_a_fact_on_its_own_page() {
    let (scene, case, _) = opened().await;
    let (path, officer) = (page(&case), scene.leerplicht.0.to_string());
    let browser = signed_in(&scene.server, scene.leerplicht.0).await;
    let begin = [
        ("track.kind", "EXEMPTION"),
        ("track.ground", "5_ONDER_B"),
        ("track.coordinator", officer.as_str()),
        ("track.start_date", "2026-11-16"),
        ("track.next_date", "2026-12-01"),
    ];
    let first = taken(&browser, &format!("{path}/track"), &begin).await;
    assert!(first.body.contains("Het traject is begonnen."), "{}", first.body);
    let go_on = address(&first, &format!("{path}/track-step?of="));
    let notice = [("step.kind", "NOTIFIED"), ("step.date", "2026-11-20"), ("next_date", "2026-12-02")];
    taken(&browser, &go_on, &notice).await;
    let granted = [("step.kind", "GRANTED"), ("step.date", "2026-11-23"), ("next_date", "")];
    let refused = sent(&browser, &go_on, &granted).await;
    assert!(refused.status == 422 && refused.body.contains("Leg de vrijstelling vast"), "{}", refused.body);
    let form = address(&refused, &format!("{path}/fact?of=exemption")).replace("&amp;", "&");
    let shown = browser.get(&form).await;
    assert!(shown.body.contains("value=\"5_ONDER_B\" selected"), "{}", shown.body);

    let silent = [("said", "exemption"), ("facts[0].exemption.ground", "5_ONDER_B")];
    let silent = sent(&browser, &form, &silent).await;
    assert!(silent.status == 422 && silent.body.contains("fault-facts[0].exemption.from_date"), "{silent:?}");
    let holds = [
        ("said", "exemption"),
        ("facts[0].exemption.ground", "5_ONDER_B"),
        ("facts[0].exemption.from_date", "2026-11-20"),
        ("facts[0].exemption.until_date", "2027-07-31"),
    ];
    let told = taken(&browser, &form, &holds).await;
    for shown in [
        "De vrijstelling is vastgelegd.",
        "Van 20 november 2026 tot en met 31 juli 2027: vrijstelling artikel 5 onder b.",
    ] {
        assert!(told.body.contains(shown), "{shown}\n{}", told.body);
    }
    let ended = taken(&browser, &go_on, &granted).await;
    assert!(part(&ended, "tracks").contains("Vrijstelling geldt"), "{}", part(&ended, "tracks"));
}

#[tokio::test]
async fn a_case_that_ends_by_an_exemption_leads_to_where_that_is_told() {
    let (scene, case, _) = opened().await;
    let path = page(&case);
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let other = [("outcome", "PLAATSING"), ("outcome_date", "gisteren")];
    let plain = sent(&keeper, &format!("{path}/close"), &other).await;
    assert!(plain.status == 422 && !plain.body.contains("/fact?of="), "{}", plain.body);
    let end = [("outcome", "VRIJSTELLING_15"), ("outcome_date", "2026-11-23")];
    let refused = sent(&keeper, &format!("{path}/close"), &end).await;
    assert_eq!(refused.status, 422, "{refused:?}");
    let form = address(&refused, &format!("{path}/fact?of=exemption")).replace("&amp;", "&");
    assert!(form.ends_with("what=15_ANDER_ONDERWIJS"), "{form}");
    let holds = [
        ("said", "exemption"),
        ("facts[0].exemption.ground", "15_ANDER_ONDERWIJS"),
        ("facts[0].exemption.from_date", "2026-11-23"),
    ];
    taken(&keeper, &form, &holds).await;
    let closed = taken(&keeper, &format!("{path}/close"), &end).await;
    assert!(closed.body.contains("Het dossier is gesloten."), "{}", closed.body);
}

#[tokio::test]
async fn every_other_fact_has_a_form_for_who_may_tell_it() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let home = browser.get(&path).await;
    let menu = browser.get(&address(&home, &format!("{path}/fact"))).await;
    for kind in
        ["exemption", "absence", "enrolled", "residence", "holding", "suspension", "year", "qualified"]
    {
        assert!(menu.body.contains(&format!("{path}/fact?of={kind}\"")), "{kind}\n{}", menu.body);
        let form = browser.get(&format!("{path}/fact?of={kind}")).await;
        assert_eq!((form.status, form.value("said").as_str()), (200, kind), "{}", form.body);
    }
    let facts: [Told; 3] = [
        (
            "absence",
            &[("facts[0].absence.kind", "ZIEK"), ("facts[0].absence.from_date", "2026-11-23")],
            "Vanaf 23 november 2026: ziek.",
        ),
        (
            "holding",
            &[
                ("facts[0].holding.circumstance", "EXTRA_SUPPORT_NEEDED"),
                ("facts[0].holding.from_date", "2026-11-16"),
            ],
            "Vanaf 16 november 2026: extra ondersteuning nodig.",
        ),
        ("year", &[("facts[0].first_full_school_year", "2023-2024")], "Eerste hele schooljaar: 2023-2024."),
    ];
    for (kind, fields, said) in facts {
        let fields: Vec<_> = [("said", kind)].into_iter().chain(fields.iter().copied()).collect();
        let told = taken(&browser, &format!("{path}/fact?of={kind}"), &fields).await;
        assert!(told.body.contains(said) && told.body.contains("role=\"status\""), "{said}\n{}", told.body);
    }
    let holding = browser.get(&format!("{path}/fact?of=holding")).await.body;
    assert!(!holding.contains("\"NEVER_ABLE\"") && !holding.contains("\"ENROLLED\""), "{holding}");
    assert_eq!(browser.get(&format!("{path}/fact?of=birth")).await.status, 404);
    let head = scene.server.person(Role::Directeur, scene.school).await.0;
    let head = signed_in(&scene.server, head).await;
    for form in ["fact", "fact?of=exemption"] {
        assert_eq!(head.get(&format!("{path}/{form}")).await.status, 404, "{form}");
    }
}

#[tokio::test]
async fn an_action_of_care_is_offered_to_who_may_write_one_and_refused_with_its_reason() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let swv = scene.server.founded.organisation;
    let keeper = scene.server.person(Role::Thuiszitterscoordinator, swv).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let school = format!("organisations/{}", scene.school.0);
    let helping = [
        ("plan_action.side", "CARE"),
        ("plan_action.text", "Gezinsbegeleiding."),
        ("plan_action.organisation", school.as_str()),
        ("plan_action.start_date", "2026-11-23"),
        ("plan_action.due_date", "2026-12-18"),
    ];
    for writes in [&browser, &keeper] {
        let form = writes.get(&format!("{path}/act")).await.body;
        assert!(!form.contains("\"CARE\"") && form.contains("\"EDUCATION\" selected"), "{form}");
        let refused = sent(writes, &format!("{path}/act"), &helping).await;
        assert_eq!(refused.status, 422, "{refused:?}");
        for shown in ["fault-plan_action.side", "die de hulp zelf mag zien", "Gezinsbegeleiding."] {
            assert!(refused.body.contains(shown), "{shown}\n{}", refused.body);
        }
    }
    scene.server.invite(case.name.parse().unwrap(), scene.smw.0).await;
    let helper = signed_in(&scene.server, scene.smw.0).await;
    let form = helper.get(&format!("{path}/act")).await.body;
    assert!(form.contains("\"CARE\" selected") && !form.contains("\"EDUCATION\""), "{form}");
}

#[tokio::test]
async fn a_closed_case_is_told_that_somebody_looked_in_and_nothing_else() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
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
    assert!(!closed.body.contains(". 0 termijnen verlopen"), "what passed stays with it\n{}", closed.body);
    let form = address(&closed, &format!("{path}/happened?of=AFTERCARE_FIRST"));
    let asked = browser.get(&form).await;
    assert!(asked.body.contains("\"AFTERCARE_LAST\"") && !asked.body.contains("\"CHILD_HEARD\""));
    let talk = [("facts[0].happened.moment", "AFTERCARE_FIRST"), ("facts[0].happened.date", "2026-11-23")];
    let told = taken(&browser, &form, &talk).await;
    assert!(told.body.contains("De gebeurtenis is vastgelegd."), "{}", told.body);
    assert!(!told.body.contains("of=AFTERCARE_FIRST"), "it is met\n{}", told.body);
    assert!(!closed.body.contains("/correct?of="), "what was told before stays\n{}", closed.body);
    let instead = [
        ("said", "happened"),
        ("fact.happened.moment", "MOMENT_AFTERCARE_FIRST"),
        ("fact.happened.date", "2026-11-22"),
    ];
    let right = taken(&browser, &address(&told, &format!("{path}/correct?of=")), &instead).await;
    assert!(right.body.contains("Het feit is verbeterd."), "{}", right.body);
}
