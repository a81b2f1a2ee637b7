//! Days at home end with the return that stands in the log, and begin anew with another absence.

use chrono::TimeDelta;
use schakel_proto::v1 as pb;

use super::{Log, happened};
use crate::thuiszitter::list;

/// The days at home that the case and the list tell.
async fn days(log: &Log) -> (i32, i32) {
    let listed = log.region.iber.clone().list_cases(list()).await.unwrap().into_inner();
    (log.now().await.days_absent, listed.cases[0].days_absent)
}

#[tokio::test]
async fn days_at_home_end_on_the_day_of_the_return_and_count_anew_after_another_absence() {
    let log = Log::open().await;
    assert_eq!(days(&log).await, (28, 28));
    let told = log.record([happened(pb::Moment::Returned, "2026-11-16")]).await.unwrap();
    assert_eq!(days(&log).await, (21, 21));
    log.region.server.clock.advance(TimeDelta::days(10));
    assert_eq!(days(&log).await, (21, 21));
    // Not so after all: it never ended.
    log.correct(&told.facts[0].name, None).await.unwrap();
    assert_eq!(days(&log).await, (38, 38));
    log.record([happened(pb::Moment::Returned, "2026-11-16")]).await.unwrap();
    log.record([happened(pb::Moment::FirstAbsenceDay, "2026-12-01")]).await.unwrap();
    assert_eq!(days(&log).await, (2, 2));
}
