//! How the age of a child fits its school: of what is unusual the caller is warned, and nothing is refused.

use pb::{
    case::{absence, warning::Reason},
    handover_service_client::HandoverServiceClient,
};
use schakel_domain::ids::SchoolId;
use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};

use super::{Region, absent, get, named};

/// The same case of a child that was born on another day, and has another name.
fn born(birth: &str, mut case: pb::Case) -> pb::Case {
    case.child.as_mut().unwrap().birth_date = birth.into();
    named(&format!("Kind van {birth}"), case)
}

/// What is unusual, each as its field and the reason.
fn unusual(warnings: &[pb::case::Warning]) -> Vec<(&str, Reason)> {
    warnings.iter().map(|one| (one.field.as_str(), one.reason())).collect()
}

/// Says of which sector a school is.
async fn says(region: &Region, school: SchoolId, sector: pb::Sector) {
    let mut register = region.server.directory();
    let ask = pb::GetSchoolRequest { name: school.to_string() };
    let kept = register.get_school(ask).await.unwrap().into_inner();
    let ask = pb::UpdateSchoolRequest {
        school: Some(pb::School { sector: sector.into(), ..kept }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["sector".to_owned()] }),
        request_id: region.server.request_id(),
    };
    let said = register.update_school(ask).await.unwrap().into_inner();
    assert_eq!(said.sector(), sector);
}

const BIRTH: &str = "case.child.birth_date";

#[tokio::test]
async fn c09_a_child_of_an_unusual_age_or_sector_is_told_and_never_refused_for_it() {
    // On 23 November 2026, in the region of a samenwerkingsverband for primary education.
    let region = Region::start().await;
    for (birth, expected) in [
        ("2017-05-14", vec![]),
        // Twelve on 1 August 2027, in the next school year; a day older is twelve in this one.
        ("2015-08-01", vec![]),
        ("2015-07-31", vec![(BIRTH, Reason::PerhapsLastYear)]),
        // Fourteen in this school year, and fourteen on the last day of the one before.
        ("2012-08-01", vec![(BIRTH, Reason::LastYear)]),
        ("2012-07-31", vec![(BIRTH, Reason::TooOld)]),
    ] {
        let opened = region.open(born(birth, absent(region.school))).await;
        assert_eq!(unusual(&opened.warnings), expected, "{birth}");
        let seen = region.iber.clone().get_case(get(&opened.name)).await.unwrap().into_inner();
        assert_eq!(seen.warnings, opened.warnings, "{birth}");
    }

    let case = region.open(born("2010-01-01", absent(region.school))).await;
    assert_eq!(unusual(&case.warnings), [(BIRTH, Reason::TooOld)]);
    let right = region.update(born("2017-01-01", case), &["child"]).await.unwrap();
    assert!(right.warnings.is_empty(), "a slip that was put right");

    says(&region, region.school, pb::Sector::Vo).await;
    let seen = region.iber.clone().get_case(get(&right.name)).await.unwrap().into_inner();
    assert_eq!(unusual(&seen.warnings), [("case.school", Reason::OtherSector), (BIRTH, Reason::TooYoung)]);
}

#[tokio::test]
async fn c09_a_child_without_a_school_is_told_when_another_samenwerkingsverband_serves_its_age() {
    let region = Region::start().await;
    let without = |birth: &str| {
        let mut case = born(birth, absent(region.school));
        case.school = String::new();
        case.absence.as_mut().unwrap().kind = absence::Kind::Absoluut.into();
        case
    };
    for (birth, expected) in [("2012-08-01", vec![]), ("2012-07-31", vec![(BIRTH, Reason::TooOld)])] {
        let ask = region.opening(without(birth));
        let opened = region.keeper.clone().open_case(ask).await.unwrap().into_inner();
        assert_eq!(unusual(&opened.warnings), expected, "{birth}");
    }
}

#[tokio::test]
async fn c09_a_pupil_of_three_or_of_fourteen_in_primary_education_is_warned_of_and_never_refused() {
    // Special schools take deaf children from three (WEC art. 39), and the Inspectie exempts from both ends.
    let region = Region::start().await;
    let enrolled = |birth: &str, on: &str| {
        let milestones = pb::case::Milestones { enrolment_date: on.into(), ..Default::default() };
        pb::Case { milestones: Some(milestones), ..born(birth, absent(region.school)) }
    };
    let young = region.open(enrolled("2023-05-14", "2026-08-24")).await;
    assert_eq!(unusual(&young.warnings), [(BIRTH, Reason::TooYoung)]);

    // Fourteen on 31 July 2026, so that 2025-2026 was its last year (WPO art. 39(4)).
    says(&region, region.school, pb::Sector::Po).await;
    let late = region.open(enrolled("2012-07-31", "2026-08-01")).await;
    assert_eq!(unusual(&late.warnings), [(BIRTH, Reason::TooOld)]);
    let happened = pb::fact::Dated { moment: pb::Moment::Enrolled.into(), date: "2026-11-16".into() };
    let fact = pb::Fact { said: Some(pb::fact::Said::Happened(happened)), ..Default::default() };
    let tell = pb::RecordFactsRequest {
        case: late.name.clone(),
        facts: vec![fact],
        request_id: region.server.request_id(),
        ..Default::default()
    };
    FactServiceClient::new(region.on_ladder.clone()).record_facts(tell).await.unwrap();
}

#[tokio::test]
async fn c09_a_child_of_fourteen_goes_to_any_school_and_who_moves_it_is_told_of_its_age() {
    let region = Region::start().await;
    let (primary, secondary) =
        (region.server.school("90AB00", "GM9901").await, region.server.school("99VO00", "GM9901").await);
    says(&region, primary, pb::Sector::Po).await;
    says(&region, secondary, pb::Sector::Vo).await;
    let mut handovers = HandoverServiceClient::new(region.on_ladder.clone());
    for (school, name, expected) in [
        (primary, "Kind naar so", vec![(BIRTH, Reason::TooOld)]),
        (secondary, "Kind naar vo", vec![("case.school", Reason::OtherSector)]),
    ] {
        let case = region.open(named(name, born("2012-07-31", absent(region.school)))).await;
        let moving = pb::MoveCaseRequest {
            name: case.name.clone(),
            school: school.to_string(),
            etag: case.etag.clone(),
            request_id: region.server.request_id(),
            ..Default::default()
        };
        let moved = handovers.move_case(moving).await.unwrap().into_inner();
        assert_eq!(unusual(&moved.warnings), expected);
        let seen = region.keeper.clone().get_case(get(&case.name)).await.unwrap().into_inner();
        assert_eq!(seen.warnings, moved.warnings);
    }
}
