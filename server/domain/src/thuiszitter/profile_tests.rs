//! What a profile must hold, and everything that is told when it does not.

use super::*;
use crate::time::DeadlineClock;

#[test]
fn the_shipped_profile_holds_the_numbers_of_law_and_pact() {
    let profile = Profile::shipped();
    for (id, length, clock, kind, source) in [
        ("T02", 6, DeadlineClock::CalendarWeeks, NormKind::Legal, "WPO art. 40(6)"),
        ("T06", 6, DeadlineClock::CalendarWeeks, NormKind::Legal, "WPO art. 40a"),
        ("T10", 1, DeadlineClock::WorkingDays, NormKind::Regional, "LPW art. 21a(1)"),
        ("T13", 3, DeadlineClock::Months, NormKind::Pact, "Thuiszitterspact"),
        ("T16", 8, DeadlineClock::CalendarWeeks, NormKind::Legal, "Awb art. 4:13"),
    ] {
        let norm = profile.norm(id).unwrap();
        assert_eq!((norm.rule, norm.kind), (Rule::After(Term { length, clock }), kind), "{id}");
        assert!(norm.basis.source.contains(source), "{id}: {}", norm.basis.source);
    }
    // LPW art. 21a(1).
    assert_eq!((profile.report_threshold.minutes, profile.report_threshold.teaching_weeks), (16 * 60, 4));
    // WPO art. 40(6).
    let extension = profile.norm("T02").unwrap().extension.unwrap();
    assert_eq!((extension.announced, extension.term.length), (Moment::AdmissionExtended, 4));
}

#[test]
fn the_shipped_ladder_rises_with_time() {
    let profile = Profile::shipped();
    let rungs: Vec<_> =
        profile.norms.iter().filter_map(|n| Some((n.escalates_to?, n.rule.term()?.length))).collect();
    assert_eq!(rungs, [(EscalationLevel::L1, 8), (EscalationLevel::L2, 10), (EscalationLevel::L3, 12)]);
}

#[test]
fn a_profile_with_a_gap_or_a_double_is_refused() {
    let json = include_str!("default_profile.json");
    assert_eq!(json.parse(), Ok(Profile::shipped()));
    for (from, to) in [
        ("\"T03\"", "\"T02\""),
        ("\"DIRECTEUR\"", "\"BOSS\""),
        ("\"CALENDAR_WEEKS\"", "\"WEEKS\""),
        ("\"minutes\": 960", "\"minutes\": 0"),
        ("\"minutes\": 960", "\"minutes\": -1"),
        ("[\"OPP_MADE\"]", "[]"),
        ("\"valid_from\"", "\"validfrom\""),
        ("\"kind\": \"PACT\"", "\"kind\": \"WISH\""),
    ] {
        let changed = json.replacen(from, to, 1);
        assert_ne!(changed, json, "{from}");
        assert_eq!(changed.parse::<Profile>(), Err(Refusal::FieldInvalid), "{from} → {to}");
    }
}

#[test]
fn the_profile_that_began_last_is_in_use() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let old = Profile::shipped();
    let new = Profile { version: "next".into(), valid_from: day("2027-08-01"), ..old.clone() };
    let both = [new, old];
    for (date, version) in
        [("2026-07-31", None), ("2027-07-31", Some(&both[1].version)), ("2027-08-01", Some(&both[0].version))]
    {
        assert_eq!(Profile::on(&both, day(date)).map(|profile| &profile.version), version, "{date}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_with_its_path() {
    let json = Profile::shipped_text()
        .replacen("\"version\": \"2026-1\"", "\"version\": \" \"", 1)
        .replacen("\"valid_from\": \"2026-08-01\"", "\"valid_from\": \"soon\"", 1)
        .replacen("\"due_soon_days\": 7,", "\"colour\": \"blue\",", 1)
        .replacen("[\"ADMISSION_REQUESTED\"]", "[\"ADMISSION_REQUESTED\", \"BIRTHDAY_PARTY\"]", 1)
        .replacen(
            "\"clock\": \"CALENDAR_WEEKS\", \"before\": true",
            "\"clock\": \"MOON\", \"before\": true",
            1,
        )
        .replacen("\"kind\": \"LEGAL\"", "\"sort\": \"LEGAL\"", 1);
    let wrong = Profile::read(&json).unwrap_err();
    let told: Vec<_> = wrong.iter().map(|wrong| (wrong.field.as_str(), wrong.refusal)).collect();
    assert_eq!(
        told,
        [
            ("valid_from", Refusal::FieldInvalid),
            ("due_soon_days", Refusal::FieldRequired),
            ("norms[0].kind", Refusal::FieldRequired),
            ("norms[0].term.clock", Refusal::FieldInvalid),
            ("norms[0].ends_when[1]", Refusal::FieldInvalid),
            ("norms[0].sort", Refusal::FieldInvalid),
            ("colour", Refusal::FieldInvalid),
        ]
    );
    for text in ["", "[]", "{", "7"] {
        assert!(Profile::read(text).is_err(), "{text}");
    }
}

#[test]
fn parts_that_do_not_fit_each_other_are_told_with_their_path() {
    let fault = |id: &str, change: fn(&mut Norm), field: &str| {
        let mut profile = Profile::shipped();
        let at = profile.norms.iter().position(|norm| norm.id == id).unwrap();
        change(&mut profile.norms[at]);
        let mut wrong = Vec::new();
        check::check(&profile, &mut wrong);
        let told: Vec<_> = wrong.into_iter().map(|wrong| wrong.field).collect();
        assert_eq!(told, [format!("norms[{at}].{field}")], "{id}");
    };
    fault("T01", |norm| norm.starts_at = Moment::Enrolled, "starts_at");
    fault("T01", |norm| norm.awb = true, "awb");
    fault("T02", |norm| norm.name_nl = " ".into(), "name_nl");
    fault("T03", |norm| norm.id = "T02".into(), "id");
    fault("T02", |norm| norm.roles.clear(), "roles");
    fault("T02", |norm| norm.extension.as_mut().unwrap().term.clock = DeadlineClock::Months, "extension");
    fault("T15B", |norm| norm.after_term_of = Some("T99".into()), "after_term_of");
    fault("T15B", |norm| norm.after_term_of = Some("T19".into()), "after_term_of");
    fault("T19", |norm| norm.escalates_to = Some(EscalationLevel::L1), "escalates_to");
    fault("T24", |norm| norm.rule = Rule::On { date: YearDay { month: 2, day: 30 }, opens: None }, "term");
    fault(
        "T12",
        |norm| {
            let (from, until) = (Moment::DisputeFiled, Moment::DisputeOpinion);
            norm.paused = vec![Pause { from, until, from_next_day: false }];
        },
        "paused",
    );
    fault("T08", |norm| norm.in_force.1 = "2024-01-01".parse().ok(), "in_force_until");
}

#[test]
fn every_deadline_of_the_law_stands_in_the_shipped_profile_with_its_source() {
    let profile = Profile::shipped();
    for number in 1..=26 {
        let id = format!("T{number:02}");
        let norm = profile.norm(&id).unwrap_or_else(|| panic!("no {id}"));
        assert!(!norm.basis.source.is_empty() && norm.name_nl != norm.name_en, "{id}");
    }
    let levels: Vec<_> = profile.norms.iter().filter_map(|norm| norm.escalates_to).collect();
    assert_eq!(levels, [EscalationLevel::L1, EscalationLevel::L2, EscalationLevel::L3]);
}

#[test]
fn a_source_is_cited_and_its_length_read_by_the_region_where_it_names_none() {
    let draft = Profile::terugdringen_schoolverzuim();
    for norm in &draft.norms {
        let source = &norm.basis.source;
        assert!(!source.contains("zonder termijn") && !source.contains("gelezen als"), "{}", norm.id);
        assert!(!norm.basis.read || matches!(norm.kind, NormKind::Regional), "{}", norm.id);
    }
    assert!(draft.norm("T10A").unwrap().basis.read && !draft.norm("T02").unwrap().basis.read);
}

#[test]
fn a_profile_of_the_first_form_is_still_read() {
    let old = r#"{
      "name": "Regio", "version": "1", "valid_from": "2026-08-01",
      "report_threshold": {"minutes": 960, "teaching_weeks": 4, "basis": {"source": "LPW art. 21a(1)", "text_of": null}},
      "long_absence": {"term": {"length": 4, "clock": "CALENDAR_WEEKS"}, "below_age": 18, "basis": {"source": "DUO", "text_of": null}},
      "due_soon_days": 7,
      "norms": [{
        "id": "T13", "name_nl": "Aanbod", "name_en": "Offer", "basis": {"source": "Pact", "text_of": null},
        "kind": "PACT", "starts_at": "FIRST_ABSENCE_DAY", "term": {"length": 3, "clock": "MONTHS"},
        "ends_when": ["OFFER_MADE"], "awb": false, "roles": ["DIRECTEUR"]
      }]
    }"#;
    let profile = Profile::read(old).unwrap();
    assert_eq!((profile.norms.len(), profile.draft, profile.sick_often), (1, false, None));
}

#[test]
fn the_draft_for_the_new_law_adds_to_the_profile_in_use() {
    let (now, draft) = (Profile::shipped(), Profile::terugdringen_schoolverzuim());
    assert!(draft.draft && draft.version != now.version);
    let added: Vec<_> =
        draft.norms.iter().filter(|norm| now.norm(&norm.id).is_none()).map(|norm| norm.id.as_str()).collect();
    assert_eq!(added, ["W01", "W02"]);
    assert!(now.norms.iter().all(|norm| draft.norm(&norm.id) == Some(norm)));
    let changed = Profile::read_upon(
        Profile::shipped_text(),
        r#"{"version": "x", "norms": [{"id": "T13", "name_nl": "a", "name_en": "b"}]}"#,
    );
    assert!(
        changed.unwrap_err().iter().all(|wrong| wrong.field.starts_with("norms[")),
        "a norm is replaced whole"
    );
}

#[test]
fn what_is_taken_up_begins_on_its_day_is_no_draft_and_says_all() {
    let (base, first) = (Profile::shipped_text(), "2027-01-01".parse().unwrap());
    let draft = Profile::terugdringen_schoolverzuim_text();
    let (profile, text) = Profile::taken_up(Some(base), draft, first).unwrap();
    assert_eq!((profile.valid_from, profile.draft), (first, false));
    assert_eq!(Profile::read(&text).unwrap(), profile, "the text that is kept says the same alone");
    assert_eq!(Profile::taken_up(None, &text, first).unwrap().0, profile);
    let fields = |wrong: Vec<Violation>| wrong.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>();
    let wrong = Profile::taken_up(
        Some(base),
        r#"{"norms": 7, "valid_until": "2027-08-01", "due_soon_days": "x"}"#,
        first,
    );
    assert_eq!(fields(wrong.unwrap_err()), ["due_soon_days", "norms", "valid_until"]);
    let alone = Profile::taken_up(None, draft, first);
    assert!(fields(alone.unwrap_err()).contains(&"report_threshold".to_owned()));
    assert_eq!(fields(Profile::taken_up(Some(base), "no", first).unwrap_err()), [""]);
}
