//! Indicators of a region's own: worked out as the reports are, or typed in, and judged by a target.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, IndicatorVerdict as Verdict,
    indicator::{Direction, Formula, Unit},
    indicator_service_client::IndicatorServiceClient,
};
use schakel_tests::{As, reason, violations};
use tonic::Status;

use super::Region;

fn indicators(client: &As) -> IndicatorServiceClient<As> {
    IndicatorServiceClient::new(client.clone())
}

/// Which share of the children that were away for long came to less than three months, at least 80 %.
fn share() -> pb::Indicator {
    pb::Indicator {
        name_nl: "Verzuim korter dan drie maanden".into(),
        name_en: "Absence of less than three months".into(),
        unit: Unit::Percent.into(),
        formula: Some(Formula {
            report: pb::ReportKind::Jaarverslag.into(),
            numerator: "LRV_UP_TO_3_MONTHS".into(),
            denominator: "LRV".into(),
        }),
        target_tenths: 800,
        direction: Direction::AtLeast.into(),
        first_school_year: "2026-2027".into(),
        ..Default::default()
    }
}

fn by_hand(unit: Unit) -> pb::Indicator {
    let name_nl = "Geschoolde teams".into();
    pb::Indicator { name_nl, unit: unit.into(), formula: None, target_tenths: 120, ..share() }
}

async fn made(region: &Region, indicator: pb::Indicator) -> Result<pb::Indicator, Status> {
    let request_id = region.server.request_id();
    let making = pb::CreateIndicatorRequest { indicator: Some(indicator), request_id };
    let made = indicators(&region.server.administrator()).create_indicator(making).await;
    made.map(tonic::Response::into_inner)
}

async fn typed(
    region: &Region,
    indicator: &str,
    (school_year, value_tenths): (&str, i32),
    etag: &str,
) -> Result<pb::IndicatorValue, Status> {
    let value = pb::IndicatorValue {
        indicator: indicator.into(),
        school_year: school_year.into(),
        value_tenths,
        etag: etag.into(),
    };
    let request_id = region.server.request_id();
    let typing = pb::SetIndicatorValueRequest { indicator_value: Some(value), request_id };
    let set = indicators(&region.server.administrator()).set_indicator_value(typing).await;
    set.map(tonic::Response::into_inner)
}

async fn listed(client: &As, school_year: &str) -> pb::ListIndicatorsResponse {
    let list = pb::ListIndicatorsRequest { school_year: school_year.into(), ..Default::default() };
    indicators(client).list_indicators(list).await.unwrap().into_inner()
}

/// What the only indicator of a year comes to.
async fn only(client: &As, school_year: &str) -> (Option<i32>, Verdict) {
    let found = listed(client, school_year).await.readings;
    assert_eq!(found.len(), 1, "{found:?}");
    (found[0].value_tenths, found[0].verdict())
}

#[tokio::test]
async fn d08_an_indicator_is_worked_out_from_figures_of_a_report_for_whoever_counts_them() {
    let region = Region::start().await;
    let own = made(&region, share()).await.unwrap();
    assert_eq!(only(&region.keeper, "").await, (None, Verdict::NoValue), "a share of nobody");
    // Three months after 10 August are 10 November; the others are away for four weeks.
    region.open("Een", 0, "GM9901", "2026-08-10").await;
    region.open("Twee", 0, "GM9901", "2026-10-12").await;
    region.open("Drie", 1, "GM9902", "2026-10-12").await;
    let report = pb::GetReportRequest { kind: pb::ReportKind::Jaarverslag.into(), ..Default::default() };
    let mut reports = pb::report_service_client::ReportServiceClient::new(region.keeper.clone());
    let report = reports.get_report(report).await.unwrap().into_inner().total.unwrap();
    let count = |name: &str| report.figures.iter().find(|figure| figure.figure == name).unwrap().count;
    let (few, all) = (count("LRV_UP_TO_3_MONTHS"), count("LRV"));
    assert!(0 < few && few < all, "{few} of {all}");
    let tenths = (few * 2000 + all) / (all * 2);
    assert_eq!(only(&region.keeper, "2026-2027").await, (Some(tenths), Verdict::NotMet));
    // A school counts its own.
    let iber = region.somebody(Role::Iber, region.schools[1]).await;
    assert_eq!(only(&iber, "").await, (Some(1000), Verdict::Met));

    let lower = pb::Indicator { target_tenths: tenths, name_nl: "Kort verzuim".into(), ..own.clone() };
    let change = |indicator: &pb::Indicator| pb::UpdateIndicatorRequest {
        indicator: Some(indicator.clone()),
        request_id: region.server.request_id(),
    };
    let mut manager = indicators(&region.server.administrator());
    let changed = manager.update_indicator(change(&lower)).await.unwrap().into_inner();
    assert_eq!((changed.name_nl.as_str(), changed.formula), ("Kort verzuim", own.formula));
    assert_eq!(only(&region.keeper, "").await, (Some(tenths), Verdict::Met));
    let stale = manager.update_indicator(change(&lower)).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let refused = indicators(&region.keeper).update_indicator(change(&lower)).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    // It holds from its first school year to its last.
    let last = pb::Indicator { last_school_year: "2026-2027".into(), etag: changed.etag, ..lower };
    manager.update_indicator(change(&last)).await.unwrap();
    assert!(listed(&region.keeper, "2025-2026").await.readings.is_empty());
    assert!(listed(&region.keeper, "2027-2028").await.readings.is_empty());
    assert_eq!(listed(&region.keeper, "").await.readings.len(), 1);
}

#[tokio::test]
async fn d08_an_indicator_tells_no_small_number_and_no_year_that_is_not_over_outside() {
    let region = Region::start().await;
    made(&region, share()).await.unwrap();
    for nth in 0..3 {
        region.open(&format!("Lang {nth}"), 0, "GM9901", "2026-08-10").await;
    }
    for nth in 0..20 {
        region.open(&format!("Kort {nth}"), 1, "GM9902", "2026-10-12").await;
    }
    assert_eq!(only(&region.officer, "").await, (None, Verdict::NoValue), "the year is not over");
    assert!(matches!(only(&region.keeper, "").await, (Some(_), Verdict::Met)));
    region.server.clock.advance(TimeDelta::days(253));
    let found = listed(&region.officer, "2026-2027").await;
    assert_eq!((found.exact, found.threshold), (false, 10));
    // It is what the published figures come to, and nothing where one of them is withheld.
    let asked = pb::GetReportRequest { kind: pb::ReportKind::Jaarverslag.into(), ..Default::default() };
    let mut reports = pb::report_service_client::ReportServiceClient::new(region.officer.clone());
    let report = reports.get_report(asked).await.unwrap().into_inner().total.unwrap();
    let told = |name: &str| report.figures.iter().find(|figure| figure.figure == name).unwrap().clone();
    let (few, all) = (told("LRV_UP_TO_3_MONTHS"), told("LRV"));
    let is_told = !few.withheld && !all.withheld && all.count > 0;
    let expected = is_told.then(|| (few.count * 2000 + all.count) / (all.count * 2));
    assert_eq!(found.readings[0].value_tenths, expected);
    // Children that were typed in are withheld in the same way.
    let children = made(&region, by_hand(Unit::Children)).await.unwrap();
    typed(&region, &children.name, ("2026-2027", 40), "0").await.unwrap();
    let of = |found: pb::ListIndicatorsResponse| {
        let own =
            found.readings.into_iter().find(|one| one.indicator.as_ref().unwrap().name == children.name);
        let own = own.unwrap();
        (own.value_tenths, own.verdict())
    };
    assert_eq!(of(listed(&region.officer, "2026-2027").await), (None, Verdict::Withheld));
    assert_eq!(of(listed(&region.keeper, "2026-2027").await), (Some(40), Verdict::NotMet));
    // They are of the whole region: who counts those of one school or gemeente is told no more than others.
    let iber = region.somebody(Role::Iber, region.schools[1]).await;
    let gemeente = region.server.organisation("GEMEENTE", "GM9902").await;
    let leerplicht = region.somebody(Role::Leerplichtambtenaar, gemeente).await;
    for client in [&iber, &leerplicht] {
        let found = listed(client, "2026-2027").await;
        assert_eq!((found.exact, of(found)), (true, (None, Verdict::Withheld)));
    }
    typed(&region, &children.name, ("2026-2027", 130), "1").await.unwrap();
    for (client, tenths) in [(&region.officer, 150), (&iber, 150), (&region.keeper, 130)] {
        assert_eq!(of(listed(client, "2026-2027").await), (Some(tenths), Verdict::Met), "{tenths}");
    }
    let narrow = pb::MonitorScope { of: Some(pb::monitor_scope::Of::School(region.schools[0].to_string())) };
    let list = pb::ListIndicatorsRequest { scope: Some(narrow), ..Default::default() };
    let refused = indicators(&region.officer).list_indicators(list).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn indicators_are_told_by_pages() {
    let region = Region::start().await;
    for name in ["B", "A", "D", "C"] {
        made(&region, pb::Indicator { name_nl: name.into(), ..share() }).await.unwrap();
    }
    let page = async |page_size: i32, page_token: &str| {
        let page_token = page_token.into();
        let list = pb::ListIndicatorsRequest { page_size, page_token, ..Default::default() };
        let found = indicators(&region.keeper).list_indicators(list).await.unwrap().into_inner();
        let name = |one: pb::IndicatorReading| one.indicator.unwrap().name_nl;
        (found.readings.into_iter().map(name).collect::<Vec<_>>(), found.next_page_token)
    };
    let (first, next) = page(2, "").await;
    let (second, last) = page(2, &next).await;
    assert_eq!([first, second].concat(), ["A", "B", "C", "D"]);
    assert_eq!((last.as_str(), page(0, "").await.0.len()), ("", 4));
}

#[tokio::test]
async fn an_indicator_has_a_name_of_its_own_and_a_target_that_can_be_reached() {
    let region = Region::start().await;
    let own = made(&region, share()).await.unwrap();
    let again = pb::Indicator { name_nl: share().name_nl.to_uppercase(), ..by_hand(Unit::Number) };
    let refused = made(&region, again).await.unwrap_err();
    assert_eq!(violations(&refused), ["indicator.name_nl: ALREADY_EXISTS"]);
    // After it, another may be called so.
    let other = made(&region, by_hand(Unit::Number)).await.unwrap();
    let until = pb::Indicator { last_school_year: "2026-2027".into(), ..own.clone() };
    let change = |indicator: pb::Indicator| pb::UpdateIndicatorRequest {
        indicator: Some(indicator),
        request_id: region.server.request_id(),
    };
    let mut manager = indicators(&region.server.administrator());
    let renamed = change(pb::Indicator { name_nl: share().name_nl, ..other });
    let refused = manager.update_indicator(renamed).await.unwrap_err();
    assert_eq!(violations(&refused), ["indicator.name_nl: ALREADY_EXISTS"]);
    let until = manager.update_indicator(change(until)).await.unwrap().into_inner();
    made(&region, pb::Indicator { first_school_year: "2027-2028".into(), ..share() }).await.unwrap();

    let beyond = pb::Indicator { name_nl: "Te veel".into(), target_tenths: 5000, ..share() };
    let refused = made(&region, beyond.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["indicator.target_tenths: FIELD_INVALID"]);
    let refused = manager.update_indicator(change(pb::Indicator { target_tenths: 1001, ..until })).await;
    assert_eq!(violations(&refused.unwrap_err()), ["indicator.target_tenths: FIELD_INVALID"]);
    // What is no part of the other may be more than it.
    let formula = Formula {
        report: pb::ReportKind::Jaarverslag.into(),
        numerator: "CASES".into(),
        denominator: "LRV".into(),
    };
    made(&region, pb::Indicator { formula: Some(formula), ..beyond }).await.unwrap();
}

/// Nobody would know which is which.
#[tokio::test]
async fn of_who_make_an_indicator_of_one_name_at_one_moment_one_does() {
    let region = Region::start().await;
    for round in 0..3 {
        let mut making = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let indicator = Some(pb::Indicator { name_nl: format!("Doel {round}"), ..share() });
            let request_id = region.server.request_id();
            let one = pb::CreateIndicatorRequest { indicator, request_id };
            let mut administrator = indicators(&region.server.administrator());
            making.spawn(async move { administrator.create_indicator(one).await });
        }
        let all = making.join_all().await;
        let (made, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 7), "round {round}");
        let named = |one: &Status| violations(one) == ["indicator.name_nl: ALREADY_EXISTS"];
        assert!(refused.iter().all(|one| named(one.as_ref().unwrap_err())));
    }
    assert_eq!(listed(&region.keeper, "").await.readings.len(), 3);
}

/// What one person typed in at the moment of another is refused and not written over.
#[tokio::test]
async fn d08_of_who_typed_in_a_value_at_one_moment_one_does() {
    let region = Region::start().await;
    let teams = made(&region, by_hand(Unit::Number)).await.unwrap();
    for (round, etag) in ["0", "1", "2"].into_iter().enumerate() {
        let mut typing = tokio::task::JoinSet::new();
        for value_tenths in 1..=8 {
            let value = pb::IndicatorValue {
                indicator: teams.name.clone(),
                school_year: "2026-2027".into(),
                value_tenths,
                etag: etag.into(),
            };
            let request_id = region.server.request_id();
            let one = pb::SetIndicatorValueRequest { indicator_value: Some(value), request_id };
            let mut administrator = indicators(&region.server.administrator());
            typing.spawn(async move { administrator.set_indicator_value(one).await });
        }
        let all = typing.join_all().await;
        let (set, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
        assert_eq!((set.len(), refused.len()), (1, 7), "round {round}");
        assert!(refused.iter().all(|one| reason(one.as_ref().unwrap_err()) == "ETAG_MISMATCH"));
        let kept = set.into_iter().next().unwrap().unwrap().into_inner();
        assert_eq!(kept.etag, (round + 1).to_string());
        assert_eq!(only(&region.keeper, "").await.0, Some(kept.value_tenths), "as was answered");
    }
}

#[tokio::test]
async fn d08_what_schakel_does_not_hold_is_typed_in_for_each_school_year() {
    let region = Region::start().await;
    let teams = made(&region, by_hand(Unit::Number)).await.unwrap();
    assert_eq!(only(&region.keeper, "").await, (None, Verdict::NoValue));
    let first = typed(&region, &teams.name, ("2026-2027", 115), "0").await.unwrap();
    assert_eq!(only(&region.officer, "").await, (Some(115), Verdict::NotMet));
    let stale = typed(&region, &teams.name, ("2026-2027", 120), "0").await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    typed(&region, &teams.name, ("2026-2027", 120), &first.etag).await.unwrap();
    assert_eq!(only(&region.keeper, "").await, (Some(120), Verdict::Met));
    assert_eq!(listed(&region.keeper, "").await.readings[0].value_etag, "2");
    // Who sets them finds what to set.
    let administrator = region.server.administrator();
    let found = listed(&administrator, "").await.readings;
    assert_eq!((found[0].value_tenths, found[0].value_etag.as_str()), (Some(120), "2"));
    assert_eq!(found[0].indicator.as_ref().unwrap().name, teams.name);
    // Of a school alone nobody typed in anything.
    let narrow = pb::MonitorScope { of: Some(pb::monitor_scope::Of::School(region.schools[0].to_string())) };
    let list = pb::ListIndicatorsRequest { scope: Some(narrow), ..Default::default() };
    let found = indicators(&region.keeper).list_indicators(list).await.unwrap().into_inner().readings;
    assert_eq!(found[0].verdict(), Verdict::NoValue);

    for year in ["2025-2026", "2027-2028"] {
        let refused = typed(&region, &teams.name, (year, 1), "0").await.unwrap_err();
        assert_eq!(violations(&refused), ["indicator_value.school_year: TIME_OUT_OF_BOUNDS"], "{year}");
    }
    let worked_out = made(&region, share()).await.unwrap();
    region.open("Een", 0, "GM9901", "2026-08-10").await;
    let readings = async |client: &As| {
        let mut found = listed(client, "").await.readings;
        found.retain(|one| one.indicator.as_ref().unwrap().name == worked_out.name);
        (found[0].value_tenths.is_some(), found[0].indicator.clone().unwrap().etag)
    };
    assert!(readings(&region.keeper).await.0);
    assert_eq!(readings(&administrator).await, (false, worked_out.etag.clone()), "no figure of a case");
    let refused = typed(&region, &worked_out.name, ("2026-2027", 1), "0").await.unwrap_err();
    assert_eq!(violations(&refused), ["indicator_value.indicator: FIELD_INVALID"]);
    let nothing = format!("indicators/{}", uuid::Uuid::from_u128(7));
    let missing = typed(&region, &nothing, ("2026-2027", 1), "0").await.unwrap_err();
    assert_eq!(reason(&missing), "INDICATOR_NOT_FOUND");
    let late = pb::ListIndicatorsRequest { school_year: "2029-2030".into(), ..Default::default() };
    let late = indicators(&region.keeper).list_indicators(late).await.unwrap_err();
    assert_eq!(violations(&late), ["school_year: TIME_OUT_OF_BOUNDS"]);

    let formula = |report: pb::ReportKind, numerator: &str, denominator: &str| {
        let (numerator, denominator) = (numerator.into(), denominator.into());
        Some(Formula { report: report.into(), numerator, denominator })
    };
    for (indicator, faults) in [
        (
            pb::Indicator {
                formula: formula(pb::ReportKind::Consultations, "HELD_WITH_PARENTS", "HELD"),
                ..share()
            },
            vec!["indicator.formula: FIELD_INVALID"],
        ),
        (
            pb::Indicator { formula: formula(pb::ReportKind::Jaarverslag, "LRV", "OPP"), ..share() },
            vec!["indicator.formula: FIELD_INVALID"],
        ),
        (
            pb::Indicator { formula: formula(pb::ReportKind::Jaarverslag, "X", "LRV"), ..share() },
            vec!["indicator.formula.numerator: FIELD_INVALID"],
        ),
        (
            pb::Indicator { unit: Unit::Euro.into(), target_tenths: -1, ..share() },
            vec!["indicator.target_tenths: FIELD_INVALID", "indicator.unit: FIELD_INVALID"],
        ),
        (
            pb::Indicator { last_school_year: "2025-2026".into(), ..share() },
            vec!["indicator.last_school_year: TIME_RANGE_INVALID"],
        ),
    ] {
        assert_eq!(violations(&made(&region, indicator).await.unwrap_err()), faults);
    }
}
