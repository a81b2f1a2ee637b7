//! Bad input and its answers: every violation at once, nothing stored.

use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};
use tonic::Code;

use super::{Region, absent, get, list, named};

#[tokio::test]
async fn a_name_that_is_no_case_is_refused_before_any_lookup() {
    let region = Region::start().await;
    for name in ["cases/7".to_owned(), region.school.to_string(), "a".repeat(10_000)] {
        let refused = region.iber.clone().get_case(get(&name)).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(violations(&refused), ["name: FIELD_INVALID"]);
    }
    assert_eq!(
        violations(&region.iber.clone().get_case(get("")).await.unwrap_err()),
        ["name: FIELD_REQUIRED"]
    );
}

#[tokio::test]
async fn a_change_carries_an_id_of_its_own_and_has_one_effect() {
    let region = Region::start().await;
    let mut iber = region.iber.clone();
    for id in ["", "00000000-0000-0000-0000-000000000000"] {
        let opening = pb::OpenCaseRequest { request_id: id.into(), ..region.opening(absent(region.school)) };
        let refused = iber.open_case(opening).await.unwrap_err();
        assert_eq!(violations(&refused), ["request_id: REQUEST_ID_REQUIRED"]);
    }
    let opening = region.opening(absent(region.school));
    let first = iber.open_case(opening.clone()).await.unwrap().into_inner();
    let again = iber.open_case(opening.clone()).await.unwrap().into_inner();
    assert_eq!(first, again);
    let other = pb::OpenCaseRequest { case: Some(named("Ander", absent(region.school))), ..opening };
    let refused = iber.open_case(other).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::InvalidArgument, "REQUEST_ID_REUSED"));
    assert_eq!(iber.list_cases(list()).await.unwrap().into_inner().cases.len(), 1);
}

#[tokio::test]
async fn a_change_of_what_has_changed_since_is_refused() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    region.update(case.clone(), &["question"]).await.unwrap();
    let refused = region.update(case.clone(), &["question"]).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Aborted, "ETAG_MISMATCH"));
    let refused = region.advance(&case, pb::Stage::Consult).await.unwrap_err();
    assert_eq!(reason(&refused), "ETAG_MISMATCH");
    let blind = pb::Case { etag: String::new(), ..case.clone() };
    let refused = region.update(blind, &["question"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.etag: ETAG_REQUIRED"]);
    let refused = region.update(case, &["stage"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["update_mask: MASK_INVALID"]);
}

#[tokio::test]
async fn an_empty_case_is_told_everything_that_is_missing_at_once() {
    let region = Region::start().await;
    let refused = region.iber.clone().open_case(region.opening(pb::Case::default())).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "case.residence_gemeente_code: FIELD_REQUIRED",
            "case.absence: FIELD_REQUIRED",
            "case.school: FIELD_REQUIRED",
            "case.child: FIELD_REQUIRED",
            "case.parents: FIELD_REQUIRED",
        ]
    );
}

#[tokio::test]
async fn numbers_dates_and_codes_that_cannot_be_are_refused_each_with_its_reason() {
    let region = Region::start().await;
    let mut case = absent(region.school);
    case.residence_gemeente_code = "Maasduin".into();
    case.escalation_level = 5;
    case.regisseur = "persons/x".into();
    case.next_action_date = "9999-01-01".into();
    let hours = |date: &str, hours| pb::case::absence::Hours { date: date.into(), hours };
    case.absence = Some(pb::case::Absence {
        kind: 9999,
        first_day: "2026-11-24".into(),
        unauthorised: vec![hours("2026-11-20", 13), hours("0001-01-01", 1), hours("2026-11-25", 0)],
    });
    case.milestones = Some(pb::case::Milestones {
        opp_agreed_date: "20-11-2026".into(),
        application_extended: true,
        ..Default::default()
    });
    case.child.as_mut().unwrap().birth_date = "2003-11-23".into();
    case.parents[0].gezag = 0;
    let refused = region.iber.clone().open_case(region.opening(case)).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "case.residence_gemeente_code: FIELD_INVALID",
            "case.absence.kind: FIELD_INVALID",
            "case.absence.first_day: TIME_OUT_OF_BOUNDS",
            "case.absence.unauthorised[0].hours: FIELD_INVALID",
            "case.absence.unauthorised[1].date: TIME_OUT_OF_BOUNDS",
            "case.absence.unauthorised[2].date: TIME_OUT_OF_BOUNDS",
            "case.absence.unauthorised[2].hours: FIELD_INVALID",
            "case.milestones.opp_agreed_date: FIELD_INVALID",
            "case.milestones.application_date: FIELD_REQUIRED",
            "case.child.birth_date: TIME_OUT_OF_BOUNDS",
            "case.parents[0].gezag: FIELD_REQUIRED",
            "case.regisseur: FIELD_INVALID",
            "case.next_action_date: TIME_OUT_OF_BOUNDS",
            "case.escalation_level: FIELD_INVALID",
        ]
    );
    let case = region.open(absent(region.school)).await;
    let mut step = region.step(&case, pb::Stage::Consult);
    for (stage, expected) in [(0, "stage: FIELD_REQUIRED"), (9999, "stage: FIELD_INVALID")] {
        step.stage = stage;
        assert_eq!(
            violations(&region.iber.clone().advance_case(step.clone()).await.unwrap_err()),
            [expected]
        );
    }
}

#[tokio::test]
async fn texts_that_could_harm_are_refused_and_odd_ones_kept_exactly() {
    let region = Region::start().await;
    let marks = format!("e{}", "\u{301}".repeat(100_000));
    for (text, expected) in [
        ("a\0b", "TEXT_CONTROL_CHARS"),
        ("a\u{202e}b", "TEXT_CONTROL_CHARS"),
        ("a\rb", "TEXT_CONTROL_CHARS"),
        (marks.as_str(), "TEXT_TOO_LONG"),
        ("zie 111222333", "BSN_REFUSED"),
    ] {
        let mut case = named(text, absent(region.school));
        case.question = text.into();
        let refused = region.iber.clone().open_case(region.opening(case)).await.unwrap_err();
        let fields = ["case.child.display_name", "case.question"];
        assert_eq!(violations(&refused), fields.map(|field| format!("{field}: {expected}")));
    }
    for text in ["'; DROP TABLE cases;--", "%_\\", "👩‍👧 Zoë", "O'Brien-van 't Hof"] {
        let mut case = named(text, absent(region.school));
        case.question = text.into();
        let case = region.open(case).await;
        let found = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
        assert_eq!((found.child.unwrap().display_name.as_str(), found.question.as_str()), (text, text));
    }
}

#[tokio::test]
async fn a_child_without_a_school_is_opened_by_the_keeper_and_stays_absoluut() {
    let region = Region::start().await;
    let mut case = absent(region.school);
    case.school.clear();
    let refused = region.keeper.clone().open_case(region.opening(case.clone())).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.school: FIELD_REQUIRED"]);
    case.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Absoluut.into();
    let refused = region.iber.clone().open_case(region.opening(case.clone())).await.unwrap_err();
    assert_eq!(reason(&refused), "SCHOOL_NOT_FOUND");
    let mut case = region.keeper.clone().open_case(region.opening(case)).await.unwrap().into_inner();
    assert!(case.labels.contains(&"ABSOLUUT_VERZUIM".to_owned()), "{:?}", case.labels);
    case.absence.as_mut().unwrap().kind = pb::case::absence::Kind::Ongeoorloofd.into();
    let refused = region.keeper.clone().update_case(region.changing(case, &["absence"])).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.absence.kind: FIELD_INVALID"]);
}

#[tokio::test]
async fn a_regisseur_is_a_professional_of_the_region() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    for person in [&case.child.as_ref().unwrap().person, &region.server.founded.organisation.to_string()] {
        let change = pb::Case { regisseur: person.clone(), ..case.clone() };
        let refused = region.update(change, &["regisseur"]).await.unwrap_err();
        assert_eq!(violations(&refused), ["case.regisseur: FIELD_INVALID"]);
    }
    let (other, _) = region.server.person(schakel_domain::access::Role::Iber, region.school).await;
    let change = pb::Case { regisseur: other.to_string(), ..case };
    assert_eq!(region.update(change, &["regisseur"]).await.unwrap().regisseur, other.to_string());
}

/// What is wrong with each field in words, in the caller's language.
fn told(status: &tonic::Status) -> Vec<String> {
    use tonic_types::StatusExt;
    let told = status.get_details_bad_request().map(|told| told.field_violations).unwrap_or_default();
    told.into_iter().map(|one| one.description).collect()
}

#[tokio::test]
async fn an_absence_before_the_child_went_to_school_or_was_born_cannot_be() {
    let region = Region::start().await;
    let born = |birth: &str, first_day: &str| {
        let mut case = named(&format!("Kind van {birth}"), absent(region.school));
        case.child.as_mut().unwrap().birth_date = birth.into();
        case.absence.as_mut().unwrap().first_day = first_day.into();
        case
    };
    let mut iber = region.iber.clone();
    let refused = iber.open_case(region.opening(born("2026-12-02", "2020-01-01"))).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.child.birth_date: TIME_OUT_OF_BOUNDS"]);
    assert_eq!(told(&refused), ["Het kind moet geboren zijn, en jonger dan 23."]);
    for (first, says) in [("2017-05-13", "voor de geboorte"), ("2020-05-13", "voor de derde verjaardag")] {
        let mut case = born("2017-05-14", first);
        case.milestones =
            Some(pb::case::Milestones { offer_date: "2017-01-01".into(), ..Default::default() });
        let refused = iber.open_case(region.opening(case)).await.unwrap_err();
        let expected = ["case.absence.first_day", "case.milestones.offer_date"];
        assert_eq!(violations(&refused), expected.map(|field| format!("{field}: TIME_OUT_OF_BOUNDS")));
        assert!(told(&refused)[0].contains(says), "{:?}", told(&refused));
    }
    // Three at a school for the deaf: unusual, and possible.
    let case = region.open(born("2017-05-14", "2020-05-14")).await;
    let mut younger = case.clone();
    younger.child.as_mut().unwrap().birth_date = "2018-05-14".into();
    let refused = region.update(younger, &["child"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.child.birth_date: TIME_OUT_OF_BOUNDS"]);
    let mut earlier = case.clone();
    earlier.absence.as_mut().unwrap().first_day = "2019-05-14".into();
    let refused = region.update(earlier, &["absence"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.absence.first_day: TIME_OUT_OF_BOUNDS"]);
    region.update(case, &["absence", "child", "milestones"]).await.unwrap();
}

#[tokio::test]
async fn a_number_that_nobody_can_call_and_a_language_that_is_no_code_are_refused() {
    let region = Region::start().await;
    let mut case = absent(region.school);
    (case.parents[0].phone, case.parents[0].language) = ("abc".into(), "Arabisch".into());
    let refused = region.iber.clone().open_case(region.opening(case.clone())).await.unwrap_err();
    let expected = ["case.parents[0].phone: FIELD_INVALID", "case.parents[0].language: FIELD_INVALID"];
    assert_eq!(violations(&refused), expected);
    let said = told(&refused);
    assert!(said[0].contains("minstens drie cijfers"), "{said:?}");
    assert!(said[1].contains("bijvoorbeeld nl, ar of pl"), "{said:?}");
    (case.parents[0].phone, case.parents[0].language) = ("+31 (0)6-0000 0000".into(), "ar-Latn".into());
    region.open(case).await;
}

#[tokio::test]
async fn a_next_step_is_never_set_on_a_day_that_is_over_and_one_that_stood_there_may_be_late() {
    let region = Region::start().await;
    let over = pb::Case { next_action_date: "2026-11-22".into(), ..absent(region.school) };
    let refused = region.iber.clone().open_case(region.opening(over)).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.next_action_date: TIME_OUT_OF_BOUNDS"]);
    assert_eq!(told(&refused), ["Deze dag is al voorbij. Kies vandaag of later."]);
    let case = region.open(absent(region.school)).await;
    let past = pb::Case { next_action_date: "2026-11-22".into(), ..case.clone() };
    let refused = region.update(past, &["next_action_date"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.next_action_date: TIME_OUT_OF_BOUNDS"]);
    assert_eq!(told(&refused), ["Deze dag is al voorbij. Kies vandaag of later."]);
    let mut step = region.step(&case, pb::Stage::Consult);
    step.next_action_date = "2026-11-22".into();
    let refused = region.iber.clone().advance_case(step).await.unwrap_err();
    assert_eq!(violations(&refused), ["next_action_date: TIME_OUT_OF_BOUNDS"]);
    region.server.clock.advance(chrono::TimeDelta::days(7));
    let late = region.update(case, &["next_action_date", "question"]).await.unwrap();
    assert_eq!(late.next_action_date, "2026-11-25");
}

#[tokio::test]
async fn an_escalation_does_not_come_before_the_absence_and_calls_no_other_school() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let ask = pb::EscalateCaseRequest {
        case: case.name.clone(),
        level: 1,
        date: "2026-01-24".into(),
        reason: "Geen aanbod in zicht.".into(),
        organisation: region.server.founded.organisation.to_string(),
        etag: case.etag.clone(),
        request_id: region.server.request_id(),
        ..pb::EscalateCaseRequest::default()
    };
    let mut ladder = pb::escalation_service_client::EscalationServiceClient::new(region.on_ladder.clone());
    let refused = ladder.escalate_case(ask.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["date: TIME_OUT_OF_BOUNDS"]);
    assert_eq!(told(&refused), ["Deze dag kan niet voor de eerste dag van het verzuim liggen."]);
    let other = region.server.school("90BB00", "GM9901").await;
    for (school, expected) in [(other, vec!["organisation: FIELD_INVALID"]), (region.school, vec![])] {
        let ask = pb::EscalateCaseRequest {
            date: "2026-11-23".into(),
            organisation: format!("organisations/{}", school.0),
            request_id: region.server.request_id(),
            ..ask.clone()
        };
        let done = ladder.escalate_case(ask).await;
        assert_eq!(done.err().map(|refused| violations(&refused)).unwrap_or_default(), expected);
    }
}
