//! A gemeente that the register of the region does not have is taken by a second word alone, however it is told.

use schakel_proto::v1::{self as pb, fact::Said};
use schakel_tests::violations;

use super::{Region, absent, facts::Log, named};

/// What asks for it.
const ASKS: [&str; 1] = ["confirm_outside_region: FIELD_REQUIRED"];

fn lives(gemeente: &str, from: &str) -> Said {
    Said::Residence(pb::fact::Residence { gemeente_code: gemeente.into(), from_date: from.into() })
}

#[tokio::test]
async fn a_case_is_not_opened_in_a_gemeente_that_is_a_slip() {
    let region = Region::start().await;
    let slip = pb::Case { residence_gemeente_code: "GM0001".into(), ..absent(region.school) };
    let refused = region.iber.clone().open_case(region.opening(slip.clone())).await.unwrap_err();
    assert_eq!(violations(&refused), ASKS);
    // Nothing was opened, and no form is excused by it.
    let wrong = pb::Case { residence_gemeente_code: "GM1".into(), ..slip.clone() };
    let sure = pb::OpenCaseRequest { confirm_outside_region: true, ..region.opening(wrong) };
    let refused = region.iber.clone().open_case(sure).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.residence_gemeente_code: FIELD_INVALID"]);
    let sure = pb::OpenCaseRequest { confirm_outside_region: true, ..region.opening(slip) };
    let opened = region.iber.clone().open_case(sure).await.unwrap().into_inner();
    assert_eq!(opened.residence_gemeente_code, "GM0001");
    // Of the region's own nothing is asked.
    region.open(named("Bram Tuinman", absent(region.school))).await;
}

#[tokio::test]
async fn a_case_is_not_changed_to_a_gemeente_that_is_a_slip() {
    let region = Region::start().await;
    let path = ["residence_gemeente_code"];
    let case = region.open(absent(region.school)).await;
    let moved = pb::Case { residence_gemeente_code: "GM0001".into(), ..case.clone() };
    let refused = region.update(moved.clone(), &path).await.unwrap_err();
    assert_eq!(violations(&refused), ASKS);
    // Of a gemeente that the mask leaves out nothing is asked.
    let other = pb::Case { next_action_date: "2026-12-01".into(), ..moved };
    let case = region.update(other, &["next_action_date"]).await.unwrap();
    assert_eq!(case.residence_gemeente_code, "GM9901");
    let moved = pb::Case { residence_gemeente_code: "GM0001".into(), ..case };
    let sure = pb::UpdateCaseRequest { confirm_outside_region: true, ..region.changing(moved, &path) };
    let case = region.iber.clone().update_case(sure).await.unwrap().into_inner();
    assert_eq!(case.residence_gemeente_code, "GM0001");
    // What stands there is not asked again.
    let case = region.update(case, &path).await.unwrap();
    let home = pb::Case { residence_gemeente_code: "GM9901".into(), ..case };
    assert_eq!(region.update(home, &path).await.unwrap().residence_gemeente_code, "GM9901");
}

#[tokio::test]
async fn a_fact_does_not_tell_of_a_gemeente_that_is_a_slip() {
    let region = Region::start().await;
    let case = absent(region.school);
    let case = Log::of(region, case).await;
    let mut facts = case.facts.clone();
    let away = [lives("GM9901", "2026-11-02"), lives("GM0001", "2026-11-16")];
    let refused = case.record(away.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ASKS);
    assert_eq!(case.now().await.residence_gemeente_code, "GM9901");
    let sure = pb::RecordFactsRequest { confirm_outside_region: true, ..case.telling(away) };
    let told = facts.record_facts(sure).await.unwrap().into_inner();
    assert_eq!(case.now().await.residence_gemeente_code, "GM0001");
    // What the case says already is not asked again.
    case.record([lives("GM0001", "2026-11-17")]).await.unwrap();

    // Nor is the day of it, where that is put right.
    let instead = |name: &str, said: Said| pb::CorrectFactRequest {
        name: name.to_owned(),
        fact: Some(pb::Fact { said: Some(said), ..Default::default() }),
        request_id: case.region.server.request_id(),
        ..Default::default()
    };
    let day = instead(&told.facts[1].name, lives("GM0001", "2026-11-15"));
    let right = facts.correct_fact(day).await.unwrap().into_inner().fact.unwrap();
    let slip = instead(&right.name, lives("GM0002", "2026-11-15"));
    let refused = facts.correct_fact(slip.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ASKS);
    let sure = pb::CorrectFactRequest {
        confirm_outside_region: true,
        request_id: case.region.server.request_id(),
        ..slip
    };
    let right = facts.correct_fact(sure).await.unwrap().into_inner().fact.unwrap();
    assert_eq!(right.said, Some(lives("GM0002", "2026-11-15")));
}

/// Where the child lived is said as well as where it lives: told again, it is no slip.
#[tokio::test]
async fn a_gemeente_of_before_that_stands_already_is_not_asked_again() {
    let region = Region::start().await;
    let case = absent(region.school);
    let case = Log::of(region, case).await;
    let mut facts = case.facts.clone();
    let was = [lives("GM0001", "2026-11-02"), lives("GM9901", "2026-11-16")];
    let sure = pb::RecordFactsRequest { confirm_outside_region: true, ..case.telling(was.clone()) };
    let told = facts.record_facts(sure).await.unwrap().into_inner().facts;
    assert_eq!(case.now().await.residence_gemeente_code, "GM9901");
    let again = case.record(was).await.unwrap().facts;
    assert_eq!([&again[0].name, &again[1].name], [&told[0].name, &told[1].name]);
    let instead = |name: &str, said: Option<Said>| pb::CorrectFactRequest {
        name: name.to_owned(),
        fact: said.map(|said| pb::Fact { said: Some(said), ..Default::default() }),
        request_id: case.region.server.request_id(),
        ..Default::default()
    };
    let stayed = instead(&told[1].name, Some(lives("GM0001", "2026-11-16")));
    let stayed = facts.correct_fact(stayed).await.unwrap().into_inner().fact.unwrap();

    // What was taken back stands no more.
    for name in [&told[0].name, &stayed.name] {
        facts.correct_fact(instead(name, None)).await.unwrap();
    }
    case.record([lives("GM9901", "2026-11-16")]).await.unwrap();
    let refused = case.record([lives("GM0001", "2026-11-02")]).await.unwrap_err();
    assert_eq!(violations(&refused), ASKS);
}

/// Beside it stands everything else that is wrong with what is told.
#[tokio::test]
async fn a_slip_is_told_with_whatever_else_is_wrong() {
    let region = Region::start().await;
    let case = absent(region.school);
    let case = Log::of(region, case).await;
    let unborn = lives("GM0001", "2017-05-13");
    let weekend = Said::Missed(pb::fact::Missed {
        date: "2026-11-21".into(),
        minutes: 300,
        ground: pb::AbsenceGround::Ziek.into(),
        until_date: "2026-11-22".into(),
    });
    let refused = case.record([unborn, weekend]).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "facts[0].residence.from_date: TIME_OUT_OF_BOUNDS",
            "facts[1].missed.until_date: FIELD_INVALID",
            ASKS[0],
        ]
    );
}
