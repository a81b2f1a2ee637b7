//! How many children must go to school: the first figure of the leerplichttelling, which the gemeente
//! counts and who keeps the register fills in.

use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{As, reason, violations};

use super::{Region, asked, exported, report, reports};

const KIND: pb::ReportKind = pb::ReportKind::Leerplichttelling;

fn of(gemeente: &str, counts: (Option<i32>, Option<i32>), etag: &str) -> pb::Obliged {
    pb::Obliged {
        school_year: "2026-2027".into(),
        gemeente_code: gemeente.into(),
        leerplichtig: counts.0,
        kwalificatieplichtig: counts.1,
        etag: etag.into(),
    }
}

async fn set(region: &Region, obliged: pb::Obliged) -> Result<pb::Obliged, tonic::Status> {
    let request_id = region.server.request_id();
    let setting = pb::SetObligedRequest { obliged: Some(obliged), request_id };
    reports(&region.server.administrator()).set_obliged(setting).await.map(tonic::Response::into_inner)
}

async fn listed(client: &As) -> Vec<pb::Obliged> {
    let ask = pb::GetObligedRequest { school_year: "2026-2027".into() };
    reports(client).get_obliged(ask).await.unwrap().into_inner().obliged
}

#[tokio::test]
async fn x13_the_telling_says_how_many_children_must_go_to_school_as_the_gemeente_filled_it_in() {
    let region = Region::start().await;
    let [first, second] = ["GM9901", "GM9902"].map(|code| of(code, (None, None), "0"));
    // Nobody filled anything in, and the report says of whom.
    let found = report(&region.keeper, asked(KIND)).await;
    assert_eq!(found.obliged, [first, second.clone()]);
    let (_, text) = exported(&region.keeper, KIND, pb::MonitorFormat::Csv).await.unwrap();
    assert!(text.lines().next().unwrap().ends_with(",leerplichtig,kwalificatieplichtig"), "{text}");
    assert!(text.contains(",,\r\n"), "{text}");

    let typed = set(&region, of("GM9901", (Some(4_310), Some(520)), "0")).await.unwrap();
    assert_eq!(typed, of("GM9901", (Some(4_310), Some(520)), "1"));
    let stale = set(&region, of("GM9901", (Some(1), Some(1)), "0")).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let known = set(&region, of("GM9901", (Some(4_300), Some(521)), "1")).await.unwrap();
    // The same to who counts cases, to who sees figures alone, and to who fills it in.
    let all = vec![known.clone(), second];
    assert_eq!(report(&region.keeper, asked(KIND)).await.obliged, all);
    assert_eq!(listed(&region.keeper).await, all);
    assert_eq!(listed(&region.officer).await, all);
    assert_eq!(listed(&region.server.administrator()).await, all);
    // Across organisations the report is of the year before, of which nothing was filled in.
    let outside = report(&region.officer, asked(KIND)).await;
    assert!(outside.obliged.iter().all(|one| one.school_year == "2025-2026" && one.leerplichtig.is_none()));

    // It stands beside figures of gemeenten, and of no other report.
    let scope = |of| Some(pb::MonitorScope { of: Some(of) });
    let one = scope(pb::monitor_scope::Of::GemeenteCode("GM9901".into()));
    let found = report(&region.keeper, pb::GetReportRequest { scope: one, ..asked(KIND) }).await;
    assert_eq!(found.obliged, std::slice::from_ref(&known));
    let school = scope(pb::monitor_scope::Of::School(region.schools[0].to_string()));
    let found = report(&region.keeper, pb::GetReportRequest { scope: school, ..asked(KIND) }).await;
    assert_eq!(found.obliged, []);
    assert_eq!(report(&region.keeper, asked(pb::ReportKind::Opp)).await.obliged, []);
    assert_eq!(report(&region.keeper, asked(pb::ReportKind::Jaarverslag)).await.obliged, all);
    let gemeente = region.server.organisation("GEMEENTE", "GM9902").await;
    let officer = region.somebody(Role::Leerplichtambtenaar, gemeente).await;
    let own = report(&officer, asked(KIND)).await.obliged;
    assert_eq!(own.iter().map(|one| one.gemeente_code.as_str()).collect::<Vec<_>>(), ["GM9902"]);

    // Together they have a number when each has one.
    let (_, text) = exported(&region.keeper, KIND, pb::MonitorFormat::Csv).await.unwrap();
    assert!(!text.contains("4300"), "{text}");
    set(&region, of("GM9902", (Some(700), Some(0)), "0")).await.unwrap();
    let (_, text) = exported(&region.keeper, KIND, pb::MonitorFormat::Csv).await.unwrap();
    assert!(text.contains(",5000,521\r\n"), "{text}");
}

#[tokio::test]
async fn x13_how_many_must_go_to_school_is_filled_in_by_who_keeps_the_register_of_the_gemeente() {
    let region = Region::start().await;
    let wrong = set(&region, of("GM9901", (Some(-1), None), "0")).await.unwrap_err();
    assert_eq!(
        violations(&wrong),
        ["obliged.leerplichtig: FIELD_INVALID", "obliged.kwalificatieplichtig: FIELD_REQUIRED"]
    );
    let elsewhere = set(&region, of("GM0363", (Some(1), Some(1)), "0")).await.unwrap_err();
    assert_eq!(reason(&elsewhere), "AREA_NOT_FOUND");
    let request_id = region.server.request_id();
    let obliged = Some(of("GM9901", (Some(1), Some(1)), "0"));
    let setting = pb::SetObligedRequest { obliged, request_id };
    let refused = reports(&region.keeper).set_obliged(setting).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let late = pb::GetObligedRequest { school_year: "2029-2030".into() };
    let refused = reports(&region.keeper).get_obliged(late).await.unwrap_err();
    assert_eq!(violations(&refused), ["school_year: TIME_OUT_OF_BOUNDS"]);
}
