//! Between the day of the evidence and that of the closing the monitor counts a case as its standing calls it.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, fact_service_client::FactServiceClient};

use super::{Region, table, total};

/// At home since 1 September, so LRV from the 30th; back on 25 November, which is recorded on the 30th.
#[tokio::test]
async fn a_day_past_is_counted_with_the_labels_that_the_standing_of_that_day_has() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-09-01").await;
    let iber = region.somebody(Role::Iber, region.schools[0]).await;
    region.server.clock.advance(TimeDelta::days(7));
    region.close(&case.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-25").await;
    for (date, called) in [("2026-11-24", 1), ("2026-11-25", 0), ("2026-11-27", 0), ("2026-11-29", 0)] {
        let asked = pb::GetMonitorRequest { date: date.into(), ..Default::default() };
        let found = table(&region.keeper, asked).await;
        assert_eq!(total(&found, "OPEN"), Some(1), "{date}: closed on the 30th");
        let asked = pb::GetStandingRequest { case: case.name.clone(), as_of_time: None, date: date.into() };
        let standing = FactServiceClient::new(iber.clone()).get_standing(asked).await.unwrap().into_inner();
        for label in ["LRV", "THUISZITTER", "ACTUEEL"] {
            assert_eq!(total(&found, &format!("LABEL_{label}")), Some(called), "{date} {label}");
            assert_eq!(standing.labels.iter().any(|held| held == label), called == 1, "{date} {label}");
        }
    }
}
