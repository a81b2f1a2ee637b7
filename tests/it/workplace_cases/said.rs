//! What the pages of a case say in words: places, levels, terms and what meets them, and what was saved.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::workplace::signed_in;

use super::{address, opened, page, sent, taken, tracks::part};

#[tokio::test]
async fn a_stretch_of_absence_is_told_in_one_form_on_the_days_with_school() {
    let (_scene, case, browser) = opened().await;
    let form = format!("{}/missed", page(&case));
    let stretch = |first: &'static str, last: &'static str| {
        [
            ("facts[0].missed.date", first),
            ("facts[0].missed.until_date", last),
            ("facts[0].missed.minutes", "300"),
            ("facts[0].missed.ground", "ONGEOORLOOFD"),
        ]
    };
    for (first, last, told) in [
        ("2026-11-20", "2026-11-19", "De laatste dag kan niet voor de eerste liggen."),
        ("2026-11-20", "gisteren", "heeft niet de juiste vorm"),
        ("2026-11-20", "2026-11-24", "Deze dag moet vandaag of eerder zijn."),
        ("2026-11-21", "2026-11-22", "In deze tijd was er geen school."),
        ("2025-05-12", "2025-05-23", "zijn de schoolvakanties niet bekend"),
        ("2025-09-01", "2026-11-20", "Samen zijn dit meer dan 100 schooldagen."),
    ] {
        let refused = sent(&browser, &form, &stretch(first, last)).await;
        let beside = "fault-facts[0].missed.until_date";
        assert!(refused.status == 422 && refused.body.contains(beside), "{}", refused.body);
        assert!(refused.body.contains(told), "{told}\n{}", refused.body);
    }
    // A Thursday until a Tuesday, around the week of the autumn holiday.
    let told = taken(&browser, &form, &stretch("2026-10-15", "2026-10-27")).await;
    let said = "Het verzuim is vastgelegd.";
    assert!(told.body.contains(said), "{}", told.body);
    for (day, taught) in [
        ("15 oktober", true),
        ("16 oktober", true),
        ("17 oktober", false),
        ("19 oktober", false),
        ("26 oktober", true),
        ("27 oktober", true),
    ] {
        let fact = format!("Op {day} 2026 300 minuten gemist");
        assert_eq!(told.body.contains(&fact), taught, "{fact}\n{}", told.body);
    }
    // What was missed stands on the page, and not in its address.
    let single = sent(&browser, &form, &stretch("2026-11-20", "")).await;
    assert_eq!(single.header("location"), format!("{}?saved=missed", page(&case)), "{}", single.body);
    let single = browser.follow(single).await;
    assert!(single.body.contains(said), "{}", single.body);
    assert!(single.body.contains("Op 20 november 2026 300 minuten gemist"), "{}", single.body);

    // So many hours ask for a report, and the term leads to where that is told.
    let home = browser.get(&page(&case)).await;
    let report = address(&home, &format!("{}/happened?of=REPORTED_TO_DUO", page(&case)));
    assert!(home.body.contains("Leg vast: </span>melding bij DUO</a>"), "{}", home.body);
    let form = browser.get(&report).await;
    assert!(form.body.contains("value=\"REPORTED_TO_DUO\" selected"), "{}", form.body);
    assert!(form.body.contains("<optgroup label=\"Gesprek, melding en plan\">"), "{}", form.body);
    assert!(!form.body.contains("Plannen van de regio"), "{}", form.body);
    let moment = [("facts[0].happened.moment", "REPORTED_TO_DUO"), ("facts[0].happened.date", "2026-11-23")];
    let met = taken(&browser, &report, &moment).await;
    assert!(met.body.contains("De gebeurtenis is vastgelegd."), "{}", met.body);
    assert!(!met.body.contains("of=REPORTED_TO_DUO"), "it is met\n{}", met.body);
}

#[tokio::test]
async fn what_meets_a_term_stands_in_a_list_and_the_return_to_school_once_above_the_terms() {
    let (scene, case, _) = opened().await;
    let keeper =
        scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await.0;
    let keeper = signed_in(&scene.server, keeper).await;
    let home = keeper.get(&page(&case)).await;
    let (above, terms) = home.body.split_once("<caption>Termijnen</caption>").unwrap();
    let terms = terms.split_once("</table>").unwrap().0;
    let form = format!("href=\"{}/happened?of=RETURNED\"", page(&case));
    assert!(above.contains(&format!("<a {form}>Leg vast: terug op school</a>")), "{above}");
    assert!(!terms.contains(&form), "{terms}");
    let listed = "<ul class=\"told\"><li><a href=\"";
    assert!(terms.contains(listed), "{terms}");
    // Each term says once where it comes from.
    let source = "Regionale werkafspraak";
    let told = format!("Bron: {source}, profiel");
    assert!(terms.contains(&told), "{terms}");
    assert_eq!(terms.matches(source).count(), terms.matches(&told).count(), "{terms}");
}

#[tokio::test]
async fn hours_are_said_to_be_lacking_until_the_school_must_report_to_duo_anyway() {
    let (scene, case, browser) = opened().await;
    let lacking =
        "Van de laatste dagen van dit verzuim zijn geen gemiste lesuren zonder geldige reden ingevuld.";
    let shown = browser.get(&page(&case)).await;
    assert!(shown.body.contains(lacking), "{}", shown.body);
    let same = browser.get(&format!("{}?as_of=2026-11-23", page(&case))).await;
    assert!(same.body.contains(lacking), "{}", same.body);
    // 23 November is the last day of four weeks; on the day after, the absence is long.
    scene.server.clock.advance(TimeDelta::days(1));
    let browser = signed_in(&scene.server, scene.iber.0).await;
    let long = browser.get(&page(&case)).await;
    assert!(long.body.contains("Langdurig verzuim (LRV) gemeld aan DUO"), "{}", long.body);
    assert!(!long.body.contains(lacking), "{}", long.body);
}

#[tokio::test]
async fn a_case_says_where_the_child_lives_and_how_high_it_stands_in_words() {
    let (scene, case, browser) = opened().await;
    let path = page(&case);
    let area = pb::Area {
        kind: pb::area::Kind::Gemeente.into(),
        code: "GM9901".into(),
        display_name: "Lisdonk".into(),
        ..Default::default()
    };
    let making = pb::CreateAreaRequest { area: Some(area), request_id: scene.server.request_id() };
    scene.server.directory().create_area(making).await.unwrap();
    let home = browser.get(&path).await;
    assert!(home.body.contains("woont in gemeente Lisdonk"), "{}", home.body);
    assert!(part(&home, "now").contains("Lisdonk"), "{}", part(&home, "now"));
    let to = scene.server.founded.organisation.to_string();
    let up =
        [("level", "1"), ("date", "2026-11-23"), ("reason", "Het lukt niet."), ("organisation", to.as_str())];
    let raised = taken(&browser, &format!("{path}/escalate"), &up).await;
    assert!(raised.body.contains("ging op 23 november 2026 van escalatieniveau 0 naar 1"), "{}", raised.body);
    for at in ["/cases".to_owned(), path.clone(), format!("{path}?as_of=2026-11-23")] {
        let shown = browser.get(&at).await;
        assert!(shown.body.contains("Niveau 1: thuiszitterscoördinator"), "{at}\n{}", shown.body);
        assert!(!shown.body.contains("L1<"), "{at}\n{}", shown.body);
    }
}

#[tokio::test]
async fn a_track_says_from_which_day_its_term_counts_and_offers_what_one_may_record() {
    let (scene, case, browser) = opened().await;
    let (path, iber) = (page(&case), scene.iber.0.to_string());
    let track = |kind: &'static str, ground: &'static str| {
        [
            ("track.kind", kind),
            ("track.ground", ground),
            ("track.coordinator", iber.as_str()),
            ("track.start_date", "2026-11-23"),
            ("track.next_date", "2026-12-01"),
        ]
    };
    let form = browser.get(&format!("{path}/track")).await;
    assert!(form.body.contains("Voor een klacht houdt Schakel geen termijn bij."), "{}", form.body);
    let opened_track = taken(&browser, &format!("{path}/track"), &track("PARENT_OBJECTION", "")).await;
    let (_, fact) = opened_track.body.split_once("Op 23 november 2026: bezwaar ontvangen.").unwrap();
    let name = fact.split_once("/correct?of=").unwrap().1.split_once('"').unwrap().0;
    let earlier = [
        ("said", "happened"),
        ("fact.happened.moment", "MOMENT_OBJECTION_RECEIVED"),
        ("fact.happened.date", "2026-11-16"),
    ];
    let corrected = taken(&browser, &format!("{path}/correct?of={name}"), &earlier).await;
    assert!(corrected.body.contains("Het feit is verbeterd."), "{}", corrected.body);
    let card = part(&corrected, "tracks");
    for shown in ["<dd>23 november 2026</dd>", "telt vanaf 16 november 2026, uiterlijk 14 december 2026"] {
        assert!(card.contains(shown), "{shown}\n{card}");
    }

    let exempt = taken(&browser, &format!("{path}/track"), &track("EXEMPTION", "5_ONDER_A")).await;
    let last = exempt.body.rsplit_once("/track-step?of=").unwrap().1.split_once('"').unwrap().0;
    let step = format!("{path}/track-step?of={last}");
    let own = browser.get(&step).await;
    assert!(!own.body.contains("\"DOCTOR_STATED\"") && own.body.contains("\"NOTIFIED\""), "{}", own.body);
    assert!(own.body.contains("(soms verplicht)"), "{}", own.body);
    let officer = signed_in(&scene.server, scene.leerplicht.0).await.get(&step).await;
    assert!(officer.body.contains("\"DOCTOR_STATED\""), "{}", officer.body);
}

#[tokio::test]
async fn a_placement_shows_every_term_of_its_declaration() {
    let (scene, case, browser) = opened().await;
    let (path, iber) = (page(&case), scene.iber.0.to_string());
    let begin = [
        ("track.kind", "PLACEMENT"),
        ("track.coordinator", iber.as_str()),
        ("track.start_date", "2026-11-16"),
        ("track.next_date", "2026-12-01"),
    ];
    let opened_track = taken(&browser, &format!("{path}/track"), &begin).await;
    let go_on = address(&opened_track, &format!("{path}/track-step?of="));
    for (kind, date) in [("TLV_APPLIED", "2026-11-17"), ("TLV_GRANTED", "2026-11-23")] {
        let step = [("step.kind", kind), ("step.date", date), ("next_date", "2026-12-02")];
        taken(&browser, &go_on, &step).await;
    }
    let home = browser.get(&path).await;
    let card = part(&home, "tracks");
    for norm in ["T16 ", "T16A ", "T16C "] {
        assert!(card.contains(norm), "{norm}\n{card}");
    }
}

#[tokio::test]
async fn who_guards_privacy_finds_who_saw_a_case_by_its_reference() {
    let (scene, case, browser) = opened().await;
    browser.get(&page(&case)).await;
    let guard = scene.server.person(Role::Fg, scene.server.founded.organisation).await.0;
    let guard = signed_in(&scene.server, guard).await;
    let list = guard.get("/cases").await;
    assert!(list.status == 200 && list.body.contains("action=\"/cases/find\""), "{}", list.body);
    let spoken = case.reference.to_lowercase();
    let who_saw = format!("{}/who-saw", page(&case));
    for typed in [spoken.as_str(), &case.name, &page(&case), case.name.trim_start_matches("cases/")] {
        let found = guard.post("/cases/find", &[("case", typed)]).await;
        assert_eq!(found.header("location"), who_saw, "a reference stands in no address: {}", found.body);
        let found = guard.follow(found).await;
        assert!(found.status == 200 && found.body.contains("intern begeleider"), "{typed}\n{}", found.body);
    }
    let bare = guard.post_bare("/cases/find", &[("case", &spoken)]).await;
    assert_eq!((bare.status, bare.header("location")), (403, ""), "{}", bare.body);
    assert_eq!(guard.get("/cases/find").await.header("location"), "/cases");
    let unknown = guard.post("/cases/find", &[("case", "000-0000")]).await;
    assert_eq!(unknown.status, 422, "{}", unknown.body);
    let nothing = guard.post("/cases/find", &[("case", "Fenna")]).await;
    assert!(nothing.status == 422 && nothing.body.contains("fault-case"), "{}", nothing.body);
    assert!(nothing.body.contains("value=\"Fenna\""), "{}", nothing.body);
    let own = browser.get("/cases").await;
    assert!(!own.body.contains("/cases/find"), "{}", own.body);
    assert_eq!(browser.post("/cases/find", &[("case", &spoken)]).await.status, 404);
}
