//! The reports about questions and meetings.

use chrono::TimeDelta;
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    hulpvraag_service_client::HulpvraagServiceClient, report_service_client::ReportServiceClient,
};
use schakel_tests::{
    As,
    seed_meetings::{Scene, seat},
};

use super::{asked, behind, beside, cases_of, exported, figure, report, total};

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

/// A question need not be about a case, and several may be about one.
#[tokio::test]
async fn x13_a_figure_of_questions_is_as_many_as_its_cases_and_what_it_counts_beside_them() {
    let scene = Scene::start().await;
    let organisation = scene.server.founded.organisation;
    let (_, keeper) = scene.server.person(Role::Thuiszitterscoordinator, organisation).await;
    let own = scene.family.case.to_string();
    let other = scene.server.family(scene.school).await.case.to_string();
    for case in [own.as_str(), "", own.as_str(), other.as_str(), "", own.as_str()] {
        let hulpvraag = pb::Hulpvraag {
            school: scene.school.to_string(),
            role: pb::Role::Smw.into(),
            target_date: "2026-12-04".into(),
            case: case.to_owned(),
            question: "Kan iemand meedenken?".into(),
            ..Default::default()
        };
        let request_id = scene.server.request_id();
        let ask = pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id };
        scene.requests().create_hulpvraag(ask).await.unwrap();
    }
    let of = (pb::ReportKind::Demand, "ASKED");
    assert_eq!(total(&report(&keeper, asked(of.0)).await, of.1), Some(6));
    let found = behind(&keeper, of, 0).await;
    assert_eq!((found.cases.len(), beside(&found)), (2, [2, 2, 0]));
    // The same on each page.
    let page = behind(&keeper, of, 1).await;
    assert_eq!((page.cases.len(), beside(&page)), (1, [2, 2, 0]));
    assert_eq!(beside(&behind(&keeper, (of.0, "DECLINED"), 0).await), [0; 3]);
    // The school counts its own. Who reads a case when it is invited, and is told no figure, is told no part of one.
    assert_eq!(beside(&behind(&scene.iber.1, of, 0).await), [2, 2, 0]);
    let found = behind(&scene.smw.1, of, 0).await;
    assert_eq!((found.cases.len(), beside(&found)), (0, [0; 3]));
    let second = scene.server.school("99BB00", "GM9901").await;
    let (_, colleague) = scene.server.person(Role::Iber, second).await;
    assert_eq!(beside(&behind(&colleague, of, 0).await), [0; 3]);
}

/// Books a meeting of so many minutes for the client.
async fn book(
    scene: &Scene,
    client: &As,
    (hours, minutes): (i64, i64),
    change: impl FnOnce(&mut pb::Consultation),
) -> pb::Consultation {
    let mut mdo = scene.mdo(scene.later(hours));
    mdo.duration = Some(prost_types::Duration { seconds: minutes * 60, nanos: 0 });
    change(&mut mdo);
    let booking = scene.booking(mdo);
    ConsultationServiceClient::new(client.clone()).book_consultation(booking).await.unwrap().into_inner()
}

/// Writes down who came, the parent last.
async fn held(scene: &Scene, client: &As, booked: pb::Consultation, came: &[PersonId]) {
    let outcome = pb::Outcome {
        attended: came.iter().map(ToString::to_string).collect(),
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Noor vertelde wat haar helpt.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::NogNiet.into(),
        jgt_decided_with: came.last().map(ToString::to_string).into_iter().collect(),
        not_decided: true,
        ..Default::default()
    };
    let record = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    ConsultationServiceClient::new(client.clone()).record_outcome(record).await.unwrap();
}

/// Five meetings of two schools, in minutes:
///
/// | | school | minutes | social worker | doctor | schoolmaatschappelijk werk | JGZ |
/// |---|---|---|---|---|---|---|
/// | 1 | first | 60 | came | | 60 | |
/// | 2 | first | 90 | came | came | 90 | 90 |
/// | 3 | first | 45 | did not come | came | 0 | 45 |
/// | 4 | first | 60 | called off | called off | | |
/// | 5 | second | 30 | came | | 30 | |
///
/// The first school: 150 and 135; the second 30 and 0; together 180 and 135. Both are people of the gemeente,
/// which put 30 hours into the wijk, 1800 minutes: 315 are used and 1485 left.
#[tokio::test]
async fn a12_minutes_of_smw_and_jgz_are_told_per_school_and_taken_from_the_hours_of_the_wijk() {
    let scene = Scene::start().await;
    let organisation = scene.server.founded.organisation;
    let (_, keeper) = scene.server.person(Role::Thuiszitterscoordinator, organisation).await;
    let (doctor, _) = scene.server.person(Role::Jeugdarts, scene.team).await;
    let second = scene.server.school("99BB00", "GM9901").await;
    let (other, colleague) = scene.server.person(Role::Iber, second).await;
    scene.server.link(second, scene.team, Role::Smw, scene.smw.0).await;
    let family = scene.server.family(second).await;

    let with_doctor = |mdo: &mut pb::Consultation| mdo.participants.push(seat(doctor, pb::Role::Jeugdarts));
    let own = &scene.iber.1;
    let one = book(&scene, own, (48, 60), |_| ()).await;
    let two = book(&scene, own, (51, 90), with_doctor).await;
    let three = book(&scene, own, (72, 45), with_doctor).await;
    let four = book(&scene, own, (74, 60), with_doctor).await;
    let at_second = |mdo: &mut pb::Consultation| {
        mdo.case = family.case.to_string();
        mdo.participants = vec![
            seat(other, pb::Role::Iber),
            seat(scene.smw.0, pb::Role::Smw),
            seat(family.parents[0], pb::Role::Ouder),
        ];
    };
    let five = book(&scene, &colleague, (76, 30), at_second).await;
    let cancel = pb::CancelConsultationRequest {
        name: four.name,
        etag: four.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().cancel_consultation(cancel).await.unwrap();
    scene.server.clock.advance(TimeDelta::hours(80));
    let (iber, smw, parent) = (scene.iber.0, scene.smw.0, scene.family.parents[0]);
    held(&scene, own, one, &[iber, smw, parent]).await;
    held(&scene, own, two, &[iber, smw, doctor, parent]).await;
    held(&scene, own, three, &[iber, doctor, parent]).await;
    held(&scene, &colleague, five, &[other, smw, family.parents[0]]).await;

    let kind = pb::ReportKind::Consultations;
    let by_school = pb::GetReportRequest { group_by: pb::MonitorGroup::School.into(), ..asked(kind) };
    let found = report(&keeper, by_school).await;
    for (name, count) in [("HELD", 4), ("ALL_CAME", 3), ("NO_SHOW", 1), ("CANCELLED", 1)] {
        assert_eq!(total(&found, name), Some(count), "{name}");
    }
    let minutes = |row: &pb::ReportRow| (row.smw_minutes, row.jgz_minutes);
    let rows: Vec<_> =
        found.rows.iter().map(|row| (row.key.clone(), figure(row, "HELD"), minutes(row))).collect();
    let [first, second] = [scene.school, second].map(|school| school.to_string());
    let meant = [(first, Some(3), (Some(150), Some(135))), (second, Some(1), (Some(30), Some(0)))];
    assert_eq!(rows, meant);
    assert_eq!(minutes(found.total.as_ref().unwrap()), (Some(180), Some(135)));
    let (_, text) = exported(&keeper, kind, pb::MonitorFormat::Csv).await.unwrap();
    assert!(text.contains(",,180,135\r\n"), "nobody asked for them, so that no day is told: {text}");

    let hours = pb::GrantedHours {
        school_year: "2026-2027".into(),
        wijk_code: "WK990101".into(),
        source: pb::HoursSource::Municipality.into(),
        hours: 30,
        etag: "0".into(),
    };
    let request_id = scene.server.request_id();
    let setting = pb::SetGrantedHoursRequest { granted_hours: Some(hours), request_id };
    ReportServiceClient::new(scene.server.administrator()).set_granted_hours(setting).await.unwrap();
    let supply = ReportServiceClient::new(keeper).get_supply(pb::GetSupplyRequest::default()).await;
    let rows = supply.unwrap().into_inner().rows;
    let wijk = rows.iter().find(|row| row.wijk_code == "WK990101").unwrap();
    let account = |source: pb::HoursSource| {
        let one = wijk.accounts.iter().find(|account| account.source() == source).unwrap();
        (one.granted_minutes, one.used_minutes, one.left_minutes)
    };
    assert!(!wijk.meetings_withheld);
    assert_eq!(account(pb::HoursSource::Municipality), (1800, 60 + 2 * 90 + 45 + 30, 1485));
    assert_eq!(account(pb::HoursSource::Education), (0, 0, 0));
}
