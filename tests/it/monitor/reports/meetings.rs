//! The reports about questions and meetings.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    hulpvraag_service_client::HulpvraagServiceClient,
};
use schakel_tests::seed_meetings::Scene;

use super::{asked, cases_of, exported, figure, report, total};

#[tokio::test]
async fn d05_questions_are_counted_by_category_role_and_age_per_wijk() {
    let scene = Scene::start().await;
    let (_, keeper) =
        scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await;
    for (category, case) in [
        (pb::hulpvraag::Category::Verzuim, scene.family.case.to_string()),
        (pb::hulpvraag::Category::Gezin, String::new()),
        (pb::hulpvraag::Category::Unspecified, String::new()),
    ] {
        let hulpvraag = pb::Hulpvraag {
            school: scene.school.to_string(),
            role: pb::Role::Smw.into(),
            target_date: "2026-12-04".into(),
            case,
            question: "Kan iemand meedenken?".into(),
            category: category.into(),
            ..Default::default()
        };
        let request_id = scene.server.request_id();
        let ask = pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id };
        let made = scene.requests().create_hulpvraag(ask).await.unwrap().into_inner();
        assert_eq!(made.category, i32::from(category));
    }
    // Before it accepts, a team sees what a question is about, and no more.
    let mut planner = HulpvraagServiceClient::new(scene.planner.1.clone());
    let listed = planner.list_hulpvragen(pb::ListHulpvragenRequest::default()).await.unwrap().into_inner();
    let seen: Vec<_> = listed.hulpvragen.iter().map(|one| (one.category(), one.question.as_str())).collect();
    assert!(seen.contains(&(pb::hulpvraag::Category::Verzuim, "")), "{seen:?}");
    let by_wijk =
        pb::GetReportRequest { group_by: pb::MonitorGroup::Wijk.into(), ..asked(pb::ReportKind::Demand) };
    let found = report(&keeper, by_wijk).await;
    for (name, count) in [
        ("ASKED", 3),
        ("ASKED_SMW", 3),
        ("CATEGORY_VERZUIM", 1),
        ("CATEGORY_GEZIN", 1),
        ("CATEGORY_ANDERS", 1),
        ("AGE_UNKNOWN", 3),
        ("UNANSWERED", 3),
    ] {
        assert_eq!(total(&found, name), Some(count), "{name}");
    }
    assert_eq!(found.rows.len(), 1);
    assert_eq!((found.rows[0].key.as_str(), figure(&found.rows[0], "ASKED")), ("WK990101", Some(3)));
}

#[tokio::test]
async fn x13_meetings_are_counted_by_how_soon_they_were_held_and_who_was_there() {
    let scene = Scene::start().await;
    let (_, keeper) =
        scene.server.person(Role::Thuiszitterscoordinator, scene.server.founded.organisation).await;
    let hulpvraag = pb::Hulpvraag {
        school: scene.school.to_string(),
        role: pb::Role::Smw.into(),
        target_date: "2026-12-04".into(),
        case: scene.family.case.to_string(),
        question: "Kan iemand meedenken?".into(),
        ..Default::default()
    };
    let request_id = scene.server.request_id();
    let ask = pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id };
    let wanted = scene.requests().create_hulpvraag(ask).await.unwrap().into_inner();
    let accepting = pb::AcceptHulpvraagRequest {
        name: wanted.name.clone(),
        person: scene.smw.0.to_string(),
        etag: wanted.etag,
        request_id: scene.server.request_id(),
    };
    HulpvraagServiceClient::new(scene.planner.1.clone()).accept_hulpvraag(accepting).await.unwrap();
    let mut mdo = scene.mdo(scene.later(48));
    mdo.hulpvraag = wanted.name;
    let booked = scene.meetings().book_consultation(scene.booking(mdo)).await.unwrap().into_inner();
    scene.server.clock.advance(TimeDelta::hours(50));
    let parent = scene.family.parents[0].to_string();
    let outcome = pb::Outcome {
        attended: vec![scene.iber.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Noor vertelde wat haar helpt.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::NogNiet.into(),
        jgt_decided_with: vec![parent],
        // The team did not come: too few to decide.
        not_decided: true,
        ..Default::default()
    };
    let record = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    ConsultationServiceClient::new(scene.iber.1.clone()).record_outcome(record).await.unwrap();
    let found = report(&keeper, asked(pb::ReportKind::Consultations)).await;
    for (name, count) in [
        ("HELD", 1),
        ("HELD_WITH_PARENTS", 1),
        ("CHILD_HEARD_DIRECTLY", 1),
        ("JGT_NOT_YET", 1),
        ("NO_SHOW", 1),
        ("HELD_ON_REQUEST", 1),
        ("WITHIN_7_DAYS", 1),
        ("CANCELLED", 0),
    ] {
        assert_eq!(total(&found, name), Some(count), "{name}");
    }
    let row = found.total.unwrap();
    assert_eq!((row.median_days, row.smw_minutes), (Some(2), Some(0)), "the social worker did not come");
    let cases = cases_of(&keeper, pb::ReportKind::Consultations, "NO_SHOW").await.unwrap();
    assert_eq!(cases, [scene.family.case.to_string()]);
    let (kind, csv) = (pb::ReportKind::Consultations, pb::MonitorFormat::Csv);
    let (_, text) = exported(&keeper, kind, csv).await.unwrap();
    assert!(text.contains(",median_days,smw_minutes,jgz_minutes") && text.contains(",2,0,0\r\n"), "{text}");
    let (_, text) = exported(&keeper, pb::ReportKind::Demand, csv).await.unwrap();
    assert!(!text.contains("minutes"), "no 0 of what is not counted: {text}");
    // Across organisations the minutes are not 0 but not told, when the quarter is over.
    scene.server.clock.advance(TimeDelta::days(45));
    let officer = scene.server.person(Role::Beleidsmedewerker, scene.gemeente).await.1;
    let row = report(&officer, asked(kind)).await.total.unwrap();
    assert_eq!((row.median_days, row.smw_minutes, row.jgz_minutes), (None, None, None));
    let (_, text) = exported(&officer, kind, csv).await.unwrap();
    assert!(text.contains(",x,x,x\r\n"), "{text}");
}
