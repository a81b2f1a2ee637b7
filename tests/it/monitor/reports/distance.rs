//! How far outside the wijk children are placed.

use chrono::TimeDelta;
use schakel_domain::ids::{OrganisationId, SchoolId};
use schakel_proto::v1::{
    self as pb, agenda_service_client::AgendaServiceClient, handover_service_client::HandoverServiceClient,
    policy_service_client::PolicyServiceClient,
};

use super::{Region, asked, cases_of, exported, figure, report, total};

const KIND: pb::ReportKind = pb::ReportKind::Placements;

fn far(row: &pb::ReportRow) -> (Option<i32>, Option<i32>) {
    (row.median_kilometres, row.ninetieth_kilometres)
}

/// Says on which latitude of one meridian schools are.
async fn places(region: &Region, points: &[(SchoolId, f64)]) {
    let point = |(school, latitude): &(SchoolId, f64)| pb::travel::Point {
        organisation: OrganisationId::from(*school).to_string(),
        latitude: Some(*latitude),
        longitude: Some(6.17),
    };
    let points = points.iter().map(point).collect();
    let travel = pb::Travel { points, etag: "1".into(), ..Default::default() };
    let ask = pb::SetTravelRequest { travel: Some(travel), request_id: region.server.request_id() };
    AgendaServiceClient::new(region.server.administrator()).set_travel(ask).await.unwrap();
}

/// A case of a child of the first school that goes to another one; what the case is called.
async fn placed(region: &Region, name: &str, gemeente: &str, school: SchoolId) -> String {
    let case = region.open(name, 0, gemeente, "2026-10-26").await;
    let wish = pb::MoveCaseRequest {
        name: case.name.clone(),
        school: school.to_string(),
        etag: case.etag,
        request_id: region.server.request_id(),
        ..Default::default()
    };
    HandoverServiceClient::new(region.keeper.clone()).move_case(wish).await.unwrap();
    case.name
}

/// Four schools on one meridian, and one of which nobody said where it is:
///
/// | school | wijk | latitude | from the middle of the first wijk |
/// |---|---|---|---|
/// | 1 | first | 51.36 | |
/// | 2 | first | 51.38 | |
/// | 3 | second | 51.46 | 10 km |
/// | 4 | third | 51.55 | 20 km |
/// | 5 | fourth | | |
#[tokio::test]
async fn a10_it_is_told_how_far_outside_the_wijk_children_are_placed_by_where_schools_are() {
    let region = Region::start().await;
    let near = region.server.school("90AC00", "GM9901").await;
    let third = region.server.school("90DD00", "GM9903").await;
    let unknown = region.server.school("90EE00", "GM9904").await;
    let points = [(region.schools[0], 51.36), (near, 51.38), (region.schools[1], 51.46), (third, 51.55)];
    let before = report(&region.keeper, asked(KIND)).await;
    assert_eq!(far(before.total.as_ref().unwrap()), (None, None), "nobody was placed");
    places(&region, &points).await;
    let mut measured = Vec::new();
    for (name, school) in [
        ("Een", region.schools[1]),
        ("Twee", region.schools[1]),
        ("Drie", third),
        ("Vier", near),
        ("Vijf", unknown),
    ] {
        let case = placed(&region, name, "GM9901", school).await;
        if school != near && school != unknown {
            measured.push(case);
        }
    }
    let found = report(&region.keeper, asked(KIND)).await;
    for (name, count) in [
        ("PLACED", 5),
        ("PLACED_INSIDE_WIJK", 1),
        ("PLACED_OUTSIDE_WIJK", 4),
        ("PLACED_OUTSIDE_MEASURED", 3),
        ("PLACED_OUTSIDE_UNMEASURED", 1),
    ] {
        assert_eq!(total(&found, name), Some(count), "{name}");
    }
    assert_eq!(far(found.total.as_ref().unwrap()), (Some(10), Some(20)));
    let mut cases = cases_of(&region.keeper, KIND, "PLACED_OUTSIDE_MEASURED").await.unwrap();
    cases.sort();
    measured.sort();
    assert_eq!(cases, measured);
    // A row counts the children that are at its schools now.
    let by_wijk = pb::GetReportRequest { group_by: pb::MonitorGroup::Wijk.into(), ..asked(KIND) };
    let rows = report(&region.keeper, by_wijk).await.rows;
    let of = |wijk: &str| far(rows.iter().find(|row| row.key == wijk).unwrap());
    assert_eq!(of("WK990201"), (Some(10), Some(10)));
    assert_eq!(of("WK990301"), (Some(20), Some(20)));
    assert_eq!(of("WK990401"), (None, None));
    assert_eq!(of("WK990101"), (None, None), "inside it");
    let (_, text) = exported(&region.keeper, KIND, pb::MonitorFormat::Csv).await.unwrap();
    let head = text.lines().next().unwrap();
    assert!(head.ends_with(",median_kilometres,ninetieth_kilometres"), "{head}");
    assert!(text.contains(",10,20\r\n"), "{text}");
    // Where the number of children is too small to be told, so is how far they are.
    region.server.clock.advance(TimeDelta::days(253));
    let outside = report(&region.officer, asked(KIND)).await;
    assert_eq!(total(&outside, "PLACED_OUTSIDE_MEASURED"), None);
    assert_eq!(far(outside.total.as_ref().unwrap()), (None, None));
    let (_, text) = exported(&region.officer, KIND, pb::MonitorFormat::Csv).await.unwrap();
    assert!(text.contains(",x,x\r\n"), "{text}");
}

/// The region withholds what is below 5. From one gemeente 13 children are placed at 12 kilometres, from another 5.
/// 13 are told as 15, which is at least 13: twice the threshold is 10, so half of them are told to be no farther than
/// 15, to which 12 is rounded up. 5 are told as 5, which is less than 10; 18 as 20. Of 18 the ninetieth percentile is
/// the 17th: two are that far or farther, and not five.
#[tokio::test]
async fn across_organisations_a_distance_is_rounded_and_never_that_of_one_among_few() {
    let region = Region::start().await;
    let norms = pb::SetPolicyProfileRequest {
        json: r#"{"version": "2026-2", "small_number": 5}"#.into(),
        valid_from: "2026-11-23".into(),
        etag: "1".into(),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    PolicyServiceClient::new(region.keeper.clone()).set_policy_profile(norms).await.unwrap();
    let third = region.server.school("90DD00", "GM9903").await;
    // A degree is 111.2 kilometres.
    places(&region, &[(region.schools[0], 51.36), (third, 51.468)]).await;
    for (gemeente, count) in [("GM9901", 13), ("GM9902", 5)] {
        for nth in 0..count {
            placed(&region, &format!("Kind {gemeente} {nth}"), gemeente, third).await;
        }
    }
    let exact = report(&region.keeper, asked(KIND)).await;
    assert_eq!(far(exact.total.as_ref().unwrap()), (Some(12), Some(12)));

    region.server.clock.advance(TimeDelta::days(253));
    let by_gemeente = pb::GetReportRequest { group_by: pb::MonitorGroup::Gemeente.into(), ..asked(KIND) };
    let found = report(&region.officer, by_gemeente).await;
    assert_eq!((found.exact, found.threshold), (false, 5));
    let told = |row: &pb::ReportRow| (figure(row, "PLACED_OUTSIDE_MEASURED"), far(row));
    let of = |gemeente: &str| told(found.rows.iter().find(|row| row.key == gemeente).unwrap());
    assert_eq!(told(found.total.as_ref().unwrap()), (Some(20), (Some(15), None)));
    assert_eq!(of("GM9901"), (Some(15), (Some(15), None)));
    assert_eq!(of("GM9902"), (Some(5), (None, None)));
    let (_, text) = exported(&region.officer, KIND, pb::MonitorFormat::Csv).await.unwrap();
    assert!(text.contains(",15,x\r\n"), "{text}");
}
