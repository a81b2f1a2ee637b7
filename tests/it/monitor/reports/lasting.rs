//! What was solved and stayed so: through the aftercare of twelve weeks, without a relapse.

use chrono::TimeDelta;
use schakel_proto::v1 as pb;

use super::{asked, cases_of, happened, report, tell, total};
use crate::monitor::{Region, cases, monitor, table};

const TELLS: [&str; 5] =
    ["SOLVED", "SOLVED_LASTING", "SOLVED_RELAPSED", "SOLVED_UNFOLLOWED", "SOLVED_PENDING"];

/// Of four that were stable on 20 November 2026 or closed later, on 12 February 2027: twelve weeks after it.
#[tokio::test]
async fn x13_opgelost_is_told_after_aftercare_and_apart_from_a_relapse_no_talks_and_what_is_not_due() {
    let region = Region::start().await;
    let mut opened = Vec::new();
    for name in ["Een", "Twee", "Drie", "Vier"] {
        opened.push(region.open(name, 0, "GM9901", "2026-10-26").await);
    }
    let [lasts, relapses, left, late] = <[_; 4]>::try_from(opened).unwrap();
    for case in [&lasts, &relapses, &left] {
        tell(&region, case, vec![happened(pb::Moment::AttendanceStable, "2026-11-20")]).await;
    }
    for case in [&relapses, &left] {
        region.close(&case.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-23").await;
    }
    region.server.clock.advance(TimeDelta::days(14));
    tell(&region, &lasts, vec![happened(pb::Moment::AftercareFirst, "2026-12-04")]).await;
    let read = pb::GetCaseRequest { name: relapses.name.clone() };
    let closed = cases(&region.keeper).get_case(read).await.unwrap().into_inner();
    let again = pb::ReopenCaseRequest {
        name: closed.name,
        first_day: "2026-12-03".into(),
        etag: closed.etag,
        request_id: region.server.request_id(),
        ..Default::default()
    };
    cases(&region.keeper).reopen_case(again).await.unwrap();
    region.server.clock.advance(TimeDelta::days(28));
    tell(&region, &lasts, vec![happened(pb::Moment::AftercareSecond, "2027-01-01")]).await;
    region.server.clock.advance(TimeDelta::days(39));
    tell(&region, &lasts, vec![happened(pb::Moment::AftercareLast, "2027-02-12")]).await;
    for case in [&lasts, &late] {
        region.close(&case.name, pb::CaseOutcome::TerugEigenSchool, "2027-02-12").await;
    }

    let kind = pb::ReportKind::Jaarverslag;
    let found = report(&region.keeper, asked(kind)).await;
    assert_eq!(found.until_date, "2027-02-12");
    assert_eq!(TELLS.map(|name| total(&found, name)), [4, 1, 1, 1, 1].map(Some));
    // What a relapse opened again is no longer closed as solved.
    assert_eq!((total(&found, "CASES_SOLVED"), total(&found, "SOLVED_REOPENED")), (Some(3), Some(1)));
    for (name, case) in TELLS[1..].iter().zip([&lasts, &relapses, &left, &late]) {
        assert_eq!(
            cases_of(&region.keeper, kind, name).await.unwrap(),
            std::slice::from_ref(&case.name),
            "{name}"
        );
    }
    // The same of the period of the monitor, and the cases behind each.
    let period = pb::GetMonitorRequest { from_date: "2026-11-23".into(), ..Default::default() };
    let told = table(&region.keeper, period).await;
    assert_eq!(TELLS.map(|name| crate::monitor::total(&told, name)), [4, 1, 1, 1, 1].map(Some));
    let behind = pb::ListMonitorCasesRequest {
        from_date: "2026-11-23".into(),
        measure: "SOLVED_LASTING".into(),
        ..Default::default()
    };
    let behind = monitor(&region.keeper).list_monitor_cases(behind).await.unwrap().into_inner();
    assert_eq!(behind.cases, std::slice::from_ref(&lasts.name));
    // Across organisations four are too few.
    region.server.clock.advance(TimeDelta::days(180));
    let found = report(&region.officer, asked(kind)).await;
    assert_eq!((found.exact, found.until_date.as_str()), (false, "2027-07-31"));
    assert_eq!([total(&found, "SOLVED"), total(&found, "SOLVED_LASTING")], [None, None]);
}

/// Twelve weeks after 23 November 2026 are 15 February 2027.
#[tokio::test]
async fn x13_what_was_followed_after_its_case_was_closed_lasts() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.close(&case.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-23").await;
    for (days, talk, on) in [
        (14, pb::Moment::AftercareFirst, "2026-12-07"),
        (28, pb::Moment::AftercareSecond, "2027-01-04"),
        (42, pb::Moment::AftercareLast, "2027-02-15"),
    ] {
        region.server.clock.advance(TimeDelta::days(days));
        tell(&region, &case, vec![happened(talk, on)]).await;
    }
    let kind = pb::ReportKind::Jaarverslag;
    let found = report(&region.keeper, asked(kind)).await;
    assert_eq!(["SOLVED", "SOLVED_LASTING"].map(|name| total(&found, name)), [1, 1].map(Some));
    let lasts = cases_of(&region.keeper, kind, "SOLVED_LASTING").await.unwrap();
    assert_eq!(lasts, std::slice::from_ref(&case.name));
}
