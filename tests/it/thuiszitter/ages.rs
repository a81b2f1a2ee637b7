//! How the age of a child fits its school: what no law allows is refused, the rest is warned of.

use pb::{
    case::{absence, warning::Reason},
    handover_service_client::HandoverServiceClient,
};
use schakel_domain::ids::SchoolId;
use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};
use schakel_tests::violations;

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
async fn c09_nobody_is_a_pupil_before_four_or_in_primary_education_after_the_year_of_fourteen() {
    // WPO art. 39(1), (4).
    let region = Region::start().await;
    let enrolled = |birth: &str, on: &str| {
        let milestones = pb::case::Milestones { enrolment_date: on.into(), ..Default::default() };
        pb::Case { milestones: Some(milestones), ..born(birth, absent(region.school)) }
    };
    let refused = |case: pb::Case| {
        let ask = region.opening(case);
        let mut iber = region.iber.clone();
        async move { violations(&iber.open_case(ask).await.unwrap_err()) }
    };
    // Four on 24 November 2026; away since 26 October.
    assert_eq!(
        refused(enrolled("2022-11-24", "2026-11-23")).await,
        ["case.absence.first_day: TIME_OUT_OF_BOUNDS", "case.milestones.enrolment_date: TIME_OUT_OF_BOUNDS"]
    );
    let mut threatens = born("2022-11-24", absent(region.school));
    threatens.absence.as_mut().unwrap().kind = absence::Kind::Dreigend.into();
    let young = region.open(threatens).await;
    assert_eq!(unusual(&young.warnings), [(BIRTH, Reason::TooYoung)], "it was put on the list at three");

    // Fourteen on 31 July 2026, so that 2025-2026 was its last year: refused once it is known that the school
    // is one for primary education.
    let late = || enrolled("2012-07-31", "2026-08-01");
    region.open(late()).await;
    says(&region, region.school, pb::Sector::Po).await;
    let again = named("Kind dat er al zou zijn", late());
    assert_eq!(refused(again).await, ["case.milestones.enrolment_date: TIME_OUT_OF_BOUNDS"]);
    let last = region.open(named("Kind in zijn laatste jaar", enrolled("2012-07-31", "2026-07-31"))).await;

    let happened = pb::fact::Dated { moment: pb::Moment::Enrolled.into(), date: "2026-08-01".into() };
    let fact = pb::Fact { said: Some(pb::fact::Said::Happened(happened)), ..Default::default() };
    let tell = pb::RecordFactsRequest {
        case: last.name.clone(),
        facts: vec![fact],
        request_id: region.server.request_id(),
    };
    let keeper = region.on_ladder.clone();
    let wrong = FactServiceClient::new(keeper).record_facts(tell).await.unwrap_err();
    assert_eq!(violations(&wrong), ["facts[0].happened.date: TIME_OUT_OF_BOUNDS"]);
}

#[tokio::test]
async fn c09_a_child_that_is_fourteen_moves_on_and_not_to_another_school_for_primary_education() {
    let region = Region::start().await;
    let (primary, secondary) =
        (region.server.school("90AB00", "GM9901").await, region.server.school("99VO00", "GM9901").await);
    says(&region, primary, pb::Sector::Po).await;
    says(&region, secondary, pb::Sector::Vo).await;
    let case = region.open(born("2012-07-31", absent(region.school))).await;
    let moving = |school: SchoolId| pb::MoveCaseRequest {
        name: case.name.clone(),
        school: school.to_string(),
        etag: case.etag.clone(),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    let mut handovers = HandoverServiceClient::new(region.on_ladder.clone());
    let refused = handovers.move_case(moving(primary)).await.unwrap_err();
    assert_eq!(violations(&refused), ["school: TIME_OUT_OF_BOUNDS"]);
    let moved = handovers.move_case(moving(secondary)).await.unwrap().into_inner();
    assert_eq!(unusual(&moved.warnings), [("case.school", Reason::OtherSector)]);
    let seen = region.keeper.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    assert_eq!(seen.warnings, moved.warnings);
}
