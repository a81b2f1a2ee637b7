//! A stretch of absence is told as one fact, and stands in the log on the days with school.

use schakel_proto::v1::{self as pb, fact::Said};
use schakel_tests::violations;

use super::{Log, fact, missed, moved::close};

fn stretch(first: &str, last: &str) -> Said {
    Said::Missed(pb::fact::Missed {
        date: first.into(),
        minutes: 300,
        ground: pb::AbsenceGround::Ziek.into(),
        until_date: last.into(),
    })
}

/// The days of missed time, and what is said of the last days of stretches.
fn days(facts: &[pb::Fact]) -> (Vec<&str>, String) {
    let missed: Vec<_> = facts
        .iter()
        .filter_map(|fact| match &fact.said {
            Some(Said::Missed(missed)) => Some(missed),
            _ => None,
        })
        .collect();
    let last = missed.iter().map(|missed| missed.until_date.as_str()).collect();
    (missed.iter().map(|missed| missed.date.as_str()).collect(), last)
}

/// A Thursday until a Friday, around the week of the autumn holiday and a day on which the school was closed.
#[tokio::test]
async fn a_stretch_of_absence_stands_in_the_log_on_each_day_with_school_and_on_no_other() {
    let case = Log::open().await;
    close(&case, "2026-10-28", "2026-10-28").await;
    let taught = ["2026-10-15", "2026-10-16", "2026-10-26", "2026-10-27", "2026-10-29", "2026-10-30"];
    let asked = case.telling([stretch("2026-10-15", "2026-10-30")]);
    let told = case.facts.clone().record_facts(asked.clone()).await.unwrap().into_inner();
    assert_eq!(days(&told.facts), (taught.to_vec(), String::new()));
    let log = case.log().await;
    assert_eq!(days(&log), (taught.to_vec(), String::new()));
    // Sent again it is the same answer.
    let again = case.facts.clone().record_facts(asked).await.unwrap().into_inner();
    assert_eq!(again, told);
    // What stands already is not told twice, and a day by itself may be any.
    let rest = [stretch("2026-10-26", "2026-11-02"), missed("2026-10-28", 300, pb::AbsenceGround::Ziek)];
    let rest = case.record(rest).await.unwrap();
    let told = ["2026-10-26", "2026-10-27", "2026-10-29", "2026-10-30", "2026-11-02", "2026-10-28"];
    assert_eq!(days(&rest.facts), (told.to_vec(), String::new()));
    assert_eq!(case.log().await.len(), log.len() + 2);
    let texts = case.region.timeline(&case.case).await.events;
    assert_eq!(texts.iter().filter(|event| event.kind == "FACTS_RECORDED").count(), 2);
}

#[tokio::test]
async fn a_stretch_without_school_or_of_too_many_days_is_refused_and_nothing_is_written() {
    let case = Log::open().await;
    let before = case.log().await;
    for (first, last, reason) in [
        ("2026-11-20", "2026-11-19", "TIME_RANGE_INVALID"),
        ("2026-11-20", "2026-11-24", "TIME_OUT_OF_BOUNDS"),
        ("2026-11-20", "gisteren", "FIELD_INVALID"),
        ("2026-11-21", "2026-11-22", "FIELD_INVALID"),
        ("2026-10-19", "2026-10-23", "FIELD_INVALID"),
        // Nobody knows the holidays of that year, and these are more than 100 days.
        ("2025-05-12", "2025-05-23", "FIELD_INVALID"),
        ("2025-09-01", "2026-11-20", "FIELD_INVALID"),
    ] {
        let refused = case.record([stretch(first, last)]).await.unwrap_err();
        let told = format!("facts[0].missed.until_date: {reason}");
        assert_eq!(violations(&refused), [told], "{first} {last}");
    }
    let two = [stretch("2025-09-01", "2025-11-28"), stretch("2026-01-05", "2026-03-27")];
    let refused = case.record(two).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts[1].missed.until_date: FIELD_INVALID"], "together");
    let singles = (1..=99).map(|minutes| missed("2026-11-20", minutes, pb::AbsenceGround::Luxe));
    let refused = case.record(singles.chain([stretch("2026-11-19", "2026-11-20")])).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts[99].missed.until_date: FIELD_INVALID"], "beside the others");
    // Whatever is wrong with it is told at once.
    let both = Said::Missed(pb::fact::Missed {
        date: "2026-11-20".into(),
        until_date: "2026-11-19".into(),
        ..Default::default()
    });
    let refused = case.record([both]).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "facts[0].missed.minutes: FIELD_INVALID",
            "facts[0].missed.ground: FIELD_REQUIRED",
            "facts[0].missed.until_date: TIME_RANGE_INVALID",
        ]
    );
    assert_eq!(case.log().await, before);
}

#[tokio::test]
async fn a_correction_is_of_one_day() {
    let case = Log::open().await;
    let told = case.record([missed("2026-11-19", 300, pb::AbsenceGround::Ziek)]).await.unwrap();
    let instead = pb::CorrectFactRequest {
        name: told.facts[0].name.clone(),
        fact: Some(fact(stretch("2026-11-19", "2026-11-20"))),
        request_id: case.region.server.request_id(),
        ..Default::default()
    };
    let refused = case.facts.clone().correct_fact(instead).await.unwrap_err();
    assert_eq!(violations(&refused), ["fact.missed.until_date: FIELD_INVALID"]);
}
