//! More than the basisondersteuning is decided with the reason for it; who sees no content reads neither.

use pb::Moment;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, fact::Said};
use schakel_tests::violations;

use super::{Facts, Log, Region, absent, happened};

const WHY: &str = "De begeleiding in de klas en het ondersteuningsteam waren niet genoeg.";

fn decided(date: &str, reason: &str) -> pb::Fact {
    let said = Some(happened(Moment::ExtraSupportDecided, date));
    pb::Fact { said, reason: reason.into(), ..pb::Fact::default() }
}

fn milestones(date: &str, reason: &str) -> pb::case::Milestones {
    let (extra_support_date, extra_support_reason) = (date.to_owned(), reason.to_owned());
    pb::case::Milestones { extra_support_date, extra_support_reason, ..Default::default() }
}

/// Day and reason of the decisions that stand.
fn reasons(log: &[pb::Fact]) -> Vec<(String, String)> {
    let decided = log.iter().filter_map(|fact| match &fact.said {
        Some(Said::Happened(dated)) if matches!(dated.moment(), Moment::ExtraSupportDecided) => {
            Some((dated.date.clone(), fact.reason.clone()))
        }
        Some(_) | None => None,
    });
    decided.collect()
}

#[tokio::test]
async fn b12_extra_support_is_decided_with_the_reason_why_the_baseline_is_not_enough() {
    let case = Log::open().await;
    let telling = |fact: pb::Fact| pb::RecordFactsRequest { facts: vec![fact], ..case.telling([]) };
    let refused = case.facts.clone().record_facts(telling(decided("2026-11-16", ""))).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts[0].reason: FIELD_REQUIRED"]);
    let offer = happened(Moment::OfferMade, "2026-11-16");
    let other = pb::Fact { said: Some(offer), reason: WHY.into(), ..pb::Fact::default() };
    let refused = case.facts.clone().record_facts(telling(other)).await.unwrap_err();
    assert_eq!(violations(&refused), ["facts[0].reason: FIELD_INVALID"], "of nothing else");
    let told = case.facts.clone().record_facts(telling(decided("2026-11-16", WHY))).await.unwrap();
    let told = told.into_inner().facts.remove(0);
    let of = |date: &str, reason: &str| vec![(date.to_owned(), reason.to_owned())];
    assert_eq!((told.reason.as_str(), reasons(&case.log().await)), (WHY, of("2026-11-16", WHY)));

    // Who sees that the child is away and not what school does reads neither that it was decided nor why.
    let head = case.region.server.person(Role::Directeur, case.region.school).await.1;
    let ask = pb::ListFactsRequest { case: case.case.name.clone(), page_size: 200, ..Default::default() };
    let seen = Facts::new(head).list_facts(ask).await.unwrap().into_inner().facts;
    assert!(!seen.is_empty() && reasons(&seen).is_empty());

    // A correction says why anew.
    let correcting = |reason: &str| pb::CorrectFactRequest {
        name: told.name.clone(),
        fact: Some(decided("2026-11-17", reason)),
        request_id: case.region.server.request_id(),
        ..Default::default()
    };
    let refused = case.facts.clone().correct_fact(correcting("")).await.unwrap_err();
    assert_eq!(violations(&refused), ["fact.reason: FIELD_REQUIRED"]);
    case.facts.clone().correct_fact(correcting("Ook thuis lukt het niet.")).await.unwrap();
    assert_eq!(reasons(&case.log().await), of("2026-11-17", "Ook thuis lukt het niet."));
}

#[tokio::test]
async fn b12_the_reason_is_asked_with_the_milestones_too_and_kept_when_nothing_is_decided_anew() {
    let region = Region::start().await;
    let bare = pb::Case { milestones: Some(milestones("2026-11-16", "")), ..absent(region.school) };
    let refused = region.iber.clone().open_case(region.opening(bare)).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.milestones.extra_support_reason: FIELD_REQUIRED"]);
    let opening = pb::Case { milestones: Some(milestones("2026-11-16", WHY)), ..absent(region.school) };
    let case = Log::of(region, opening).await;
    let of = |date: &str, reason: &str| vec![(date.to_owned(), reason.to_owned())];
    assert_eq!(reasons(&case.log().await), of("2026-11-16", WHY));
    let shown = case.now().await;
    assert_eq!(shown.milestones.as_ref().unwrap().extra_support_reason, "", "the log tells it");

    // What stands already needs no reason again; another day does.
    let case_now = case.region.update(shown, &["milestones"]).await.unwrap();
    let moved = pb::Case { milestones: Some(milestones("2026-11-18", "")), ..case_now.clone() };
    let refused = case.region.update(moved, &["milestones"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["case.milestones.extra_support_reason: FIELD_REQUIRED"]);
    let moved = pb::Case { milestones: Some(milestones("2026-11-18", "Er is meer nodig.")), ..case_now };
    case.region.update(moved, &["milestones"]).await.unwrap();
    assert_eq!(reasons(&case.log().await), of("2026-11-18", "Er is meer nodig."));
}
