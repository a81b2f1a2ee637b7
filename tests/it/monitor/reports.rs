//! The named reports: each figure with its cases, the list under pseudonyms, no small number outside.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, fact_service_client::FactServiceClient, handover_service_client::HandoverServiceClient,
    report_service_client::ReportServiceClient,
};
use schakel_tests::{As, reason, violations};

use super::{Region, cases};
use crate::thuiszitter::{absent, facts::happened, named};

mod distance;
mod exempt;
mod lasting;
mod meetings;
mod obliged;

fn reports(client: &As) -> ReportServiceClient<As> {
    ReportServiceClient::new(client.clone())
}

fn asked(kind: pb::ReportKind) -> pb::GetReportRequest {
    pb::GetReportRequest { kind: kind.into(), ..Default::default() }
}

async fn report(client: &As, asked: pb::GetReportRequest) -> pb::GetReportResponse {
    reports(client).get_report(asked).await.unwrap().into_inner()
}

/// A figure of a row: none where it is withheld.
fn figure(row: &pb::ReportRow, name: &str) -> Option<i32> {
    let figure = row.figures.iter().find(|figure| figure.figure == name).unwrap();
    (!figure.withheld).then_some(figure.count)
}

fn total(report: &pb::GetReportResponse, name: &str) -> Option<i32> {
    figure(report.total.as_ref().unwrap(), name)
}

/// A page of what is behind a figure.
async fn behind(
    client: &As,
    (kind, name): (pb::ReportKind, &str),
    page_size: i32,
) -> pb::ListReportCasesResponse {
    let figure = name.to_owned();
    let asked = pb::ListReportCasesRequest { kind: kind.into(), figure, page_size, ..Default::default() };
    reports(client).list_report_cases(asked).await.unwrap().into_inner()
}

/// What the figure counts beside the cases of the list: without one, more of one in the list, of one unseen.
fn beside(found: &pb::ListReportCasesResponse) -> [i32; 3] {
    [found.without_case, found.of_listed, found.of_unseen]
}

async fn cases_of(client: &As, kind: pb::ReportKind, name: &str) -> Result<Vec<String>, tonic::Status> {
    let asked = pb::ListReportCasesRequest { kind: kind.into(), figure: name.into(), ..Default::default() };
    reports(client).list_report_cases(asked).await.map(|found| found.into_inner().cases)
}

async fn tell(region: &Region, case: &pb::Case, said: Vec<pb::fact::Said>) {
    tell_by(&region.keeper, region, case, said).await.unwrap();
}

async fn tell_by(
    client: &As,
    region: &Region,
    case: &pb::Case,
    said: Vec<pb::fact::Said>,
) -> Result<(), tonic::Status> {
    let facts = said.into_iter().map(|said| pb::Fact { said: Some(said), ..Default::default() });
    let told = pb::RecordFactsRequest {
        case: case.name.clone(),
        facts: facts.collect(),
        confirm_outside_region: true,
        request_id: region.server.request_id(),
    };
    FactServiceClient::new(client.clone()).record_facts(told).await.map(|_| ())
}

fn enrolled(enrolment: pb::Enrolment, from: &str) -> pb::fact::Said {
    pb::fact::Said::Enrolled(pb::fact::Enrolled { enrolment: enrolment.into(), from_date: from.into() })
}

async fn exported(
    client: &As,
    kind: pb::ReportKind,
    format: pb::MonitorFormat,
) -> Result<(pb::ExportReportResponse, String), tonic::Status> {
    let asked = pb::ExportReportRequest { kind: kind.into(), format: format.into(), ..Default::default() };
    let found = reports(client).export_report(asked).await?.into_inner();
    let text = String::from_utf8(found.content.clone()).unwrap();
    Ok((found, text))
}

#[tokio::test]
async fn x13_each_figure_of_a_report_can_be_asked_for_its_cases_and_adds_up() {
    let region = Region::start().await;
    let long = region.open("Een", 0, "GM9901", "2026-08-10").await;
    let short = region.open("Twee", 1, "GM9902", "2026-11-16").await;
    let exemption = pb::fact::Exemption {
        ground: pb::ExemptionGround::ExemptionGround5OnderA.into(),
        from_date: "2026-10-01".into(),
        until_date: "2027-06-30".into(),
    };
    let third = region.open("Drie", 0, "GM9901", "2026-09-14").await;
    tell(&region, &third, vec![pb::fact::Said::Exemption(exemption)]).await;
    let found = report(&region.keeper, asked(pb::ReportKind::Jaarverslag)).await;
    assert!(found.exact && !found.complete, "the school year is not over");
    assert_eq!((found.from_date.as_str(), found.until_date.as_str()), ("2026-08-01", "2026-11-23"));
    for (name, count) in [
        ("LRV", 1),
        ("LRV_NEW", 1),
        ("LRV_STILL", 1),
        // Three months after 10 August are 10 November.
        ("LRV_OVER_3_MONTHS", 1),
        ("LRV_RETURNED", 0),
        ("ABSOLUUT", 0),
        // "5a" of the field is article 5 onder a; article 5a is another.
        ("VRIJSTELLING_5_ONDER_A", 1),
        ("VRIJSTELLING_5A_TREKKEND", 0),
        ("CASES", 3),
        ("CASES_NEW", 3),
        ("CASES_OPEN", 3),
    ] {
        assert_eq!(total(&found, name), Some(count), "{name}");
    }
    for kind in [
        pb::ReportKind::Jaarverslag,
        pb::ReportKind::Leerplichttelling,
        pb::ReportKind::Thuiszitters,
        pb::ReportKind::Consultations,
        pb::ReportKind::Demand,
        pb::ReportKind::Placements,
        pb::ReportKind::Opp,
        pb::ReportKind::Continuity,
    ] {
        let found = report(&region.keeper, asked(kind)).await;
        for one in &found.total.as_ref().unwrap().figures {
            let told = behind(&region.keeper, (kind, &one.figure), 0).await;
            assert_eq!(i32::try_from(told.cases.len()).unwrap(), one.count, "{kind:?} {}", one.figure);
            assert_eq!(beside(&told), [0; 3], "{kind:?} {}", one.figure);
            assert!(!one.basis.is_empty());
        }
    }
    assert_eq!(cases_of(&region.keeper, pb::ReportKind::Jaarverslag, "LRV").await.unwrap(), [long.name]);
    // A school its own, who sees figures alone none.
    let iber = region.somebody(Role::Iber, region.schools[1]).await;
    assert_eq!(cases_of(&iber, pb::ReportKind::Jaarverslag, "CASES").await.unwrap(), [short.name]);
    let refused = cases_of(&region.officer, pb::ReportKind::Jaarverslag, "CASES").await.unwrap_err();
    assert_eq!(reason(&refused), "AGGREGATES_ONLY");
    let wrong = cases_of(&region.keeper, pb::ReportKind::Jaarverslag, "OPP").await.unwrap_err();
    assert_eq!(violations(&wrong), ["figure: FIELD_INVALID"]);
    let missing = reports(&region.keeper).get_report(pb::GetReportRequest::default()).await.unwrap_err();
    assert_eq!(violations(&missing), ["kind: FIELD_REQUIRED"]);
}

/// Enforcement (data class K7) is the leerplichtambtenaar's: told by nobody else, and to nobody else of a
/// child or as an exact number.
#[tokio::test]
async fn x13_processen_verbaal_and_halt_are_counted_and_exactly_for_who_enforces_alone() {
    let region = Region::start().await;
    let gemeente = region.server.organisation("GEMEENTE", "GM9902").await;
    let officer = region.somebody(Role::Leerplichtambtenaar, gemeente).await;
    let iber = region.somebody(Role::Iber, region.schools[1]).await;
    // Halt takes nobody under twelve.
    let mut youth = named("Een", absent(region.schools[1]));
    youth.residence_gemeente_code = "GM9902".into();
    youth.child.as_mut().unwrap().birth_date = "2012-05-14".into();
    let opening = pb::OpenCaseRequest {
        case: Some(youth),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    let case = cases(&region.keeper).open_case(opening).await.unwrap().into_inner();
    region.open("Twee", 1, "GM9902", "2026-10-26").await;
    let pv = |date| happened(pb::Moment::ProcesVerbaal, date);
    for other in [&region.keeper, &iber] {
        let refused = tell_by(other, &region, &case, vec![pv("2026-11-16")]).await.unwrap_err();
        assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    }
    let halt = happened(pb::Moment::HaltReferred, "2026-11-18");
    tell_by(&officer, &region, &case, vec![pv("2026-11-16"), pv("2026-11-20"), halt]).await.unwrap();
    let facts = async |client: &As| {
        let list = pb::ListFactsRequest { case: case.name.clone(), ..Default::default() };
        let told = FactServiceClient::new(client.clone()).list_facts(list).await.unwrap().into_inner().facts;
        told.iter().filter(|fact| fact.text.contains("proces-verbaal")).count()
    };
    assert_eq!((facts(&officer).await, facts(&iber).await, facts(&region.keeper).await), (2, 0, 0));
    for kind in [pb::ReportKind::Leerplichttelling, pb::ReportKind::Jaarverslag] {
        for name in ["PROCES_VERBAAL", "HALT_REFERRED"] {
            let found = report(&officer, asked(kind)).await;
            assert_eq!(total(&found, name), Some(1), "a child counts once");
            assert_eq!(cases_of(&officer, kind, name).await.unwrap(), std::slice::from_ref(&case.name));
            for other in [&region.keeper, &iber] {
                let found = report(other, asked(kind)).await;
                assert_eq!((total(&found, name), total(&found, "ABSOLUUT")), (None, Some(0)), "{name}");
                assert!(cases_of(other, kind, name).await.unwrap().is_empty(), "{name}");
            }
        }
    }
    // Across organisations it is a small number like any other.
    region.server.clock.advance(TimeDelta::days(253));
    let found = report(&region.officer, asked(pb::ReportKind::Leerplichttelling)).await;
    assert_eq!((found.exact, total(&found, "PROCES_VERBAAL")), (false, None));
}

/// A directeur sees absence (K3) of who is not at the board's level: not what was decided or asked (K4),
/// nor how old it is (K2), by no figure and no case behind one.
#[tokio::test]
async fn who_sees_absence_alone_is_told_of_no_age_question_or_decision() {
    let region = Region::start().await;
    let head = region.somebody(Role::Directeur, region.schools[0]).await;
    let iber = region.somebody(Role::Iber, region.schools[0]).await;
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    let opp = happened(pb::Moment::OppMade, "2026-11-09");
    tell(&region, &case, vec![happened(pb::Moment::TlvDecided, "2026-11-16"), opp]).await;
    let kind = pb::ReportKind::Placements;
    for (client, told) in [(&iber, true), (&region.keeper, true), (&head, false)] {
        let found = report(client, asked(kind)).await;
        assert_eq!((total(&found, "TLV_DECIDED"), total(&found, "PLACED")), (told.then_some(1), Some(0)));
        let behind = if told { vec![case.name.clone()] } else { Vec::new() };
        assert_eq!(cases_of(client, kind, "TLV_DECIDED").await.unwrap(), behind);
    }
    assert_eq!(cases_of(&head, pb::ReportKind::Jaarverslag, "CASES").await.unwrap(), [case.name]);
    let found = report(&head, asked(pb::ReportKind::Opp)).await;
    assert_eq!(total(&found, "OPP"), None);
    assert!(cases_of(&head, pb::ReportKind::Opp, "OPP_UNREGISTERED").await.unwrap().is_empty());
    let found = report(&head, asked(pb::ReportKind::Demand)).await;
    for name in ["ASKED", "UNANSWERED", "ASKED_INDICATIESTELLER", "CATEGORY_VEILIGHEID", "AGE_FROM_12_TO_15"]
    {
        assert_eq!(total(&found, name), None, "{name}");
    }
}

#[tokio::test]
async fn x13_the_list_of_the_quarter_is_cumulative_and_under_pseudonyms_that_last_the_school_year() {
    let region = Region::start().await;
    let first = region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.open("Twee", 1, "GM9902", "2026-11-16").await;
    region.close(&first.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await;
    region.server.clock.advance(TimeDelta::days(1));
    let (kind, csv) = (pb::ReportKind::Thuiszitters, pb::MonitorFormat::Csv);
    let (file, text) = exported(&region.keeper, kind, csv).await.unwrap();
    assert_eq!(file.file_name, "thuiszitters-2026-11-24.csv");
    let pseudonyms = |text: &str| -> Vec<String> {
        text.lines().skip(1).filter_map(|line| line.split(',').next()).map(str::to_owned).collect()
    };
    let listed = pseudonyms(&text);
    assert_eq!(listed.len(), 2, "the resolved one stays: {text}");
    assert!(!text.contains(first.name.trim_start_matches("cases/")) && !text.contains("Een"));
    let found = report(&region.keeper, asked(kind)).await;
    assert_eq!((total(&found, "LISTED"), total(&found, "LISTED_AT_HOME")), (Some(2), Some(1)));
    region.server.clock.advance(TimeDelta::days(60));
    let (file, text) = exported(&region.keeper, kind, csv).await.unwrap();
    assert_eq!(file.file_name, "thuiszitters-2027-01-23.csv");
    assert_eq!(pseudonyms(&text), listed, "the same in the next quarter");
    let refused = exported(&region.officer, kind, csv).await.unwrap_err();
    assert_eq!(reason(&refused), "AGGREGATES_ONLY");
    let refused = exported(&region.keeper, kind, pb::MonitorFormat::Svg).await.unwrap_err();
    assert_eq!(violations(&refused), ["format: FIELD_INVALID"]);
    let (_, json) =
        exported(&region.keeper, pb::ReportKind::Leerplichttelling, pb::MonitorFormat::Json).await.unwrap();
    assert!(json.starts_with("[{") && json.contains("\"lrv_new\":"), "{json}");
}

/// July ends a school year and begins a quarter: who is resolved in it is told so, as who it was in June.
#[tokio::test]
async fn who_is_resolved_in_july_stands_in_the_list_of_september() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    let row = async || {
        let kind = pb::ReportKind::Thuiszitters;
        let (_, text) = exported(&region.keeper, kind, pb::MonitorFormat::Csv).await.unwrap();
        text.lines().nth(1).unwrap().to_owned()
    };
    region.server.clock.advance(TimeDelta::days(210));
    let june = row().await;
    region.server.clock.advance(TimeDelta::days(20));
    region.close(&case.name, pb::CaseOutcome::TerugEigenSchool, "2027-07-10").await;
    region.server.clock.advance(TimeDelta::days(60));
    let september = row().await;
    assert_eq!(june.split(',').next(), september.split(',').next(), "{june} {september}");
    assert!(june.ends_with("LISTED_AT_HOME") && september.ends_with("LISTED_SOLVED"), "{september}");
}

#[tokio::test]
async fn x13_a_report_across_organisations_is_of_a_year_that_is_over_and_has_no_small_number() {
    let region = Region::start().await;
    for (count, gemeente, school) in [(3, "GM9901", 0), (13, "GM9902", 1), (22, "GM9903", 1)] {
        for nth in 0..count {
            region.open(&format!("Kind {gemeente} {nth}"), school, gemeente, "2026-10-26").await;
        }
    }
    let by_gemeente =
        |kind| pb::GetReportRequest { group_by: pb::MonitorGroup::Gemeente.into(), ..asked(kind) };
    let early = report(&region.officer, by_gemeente(pb::ReportKind::Jaarverslag)).await;
    assert_eq!((early.until_date.as_str(), total(&early, "CASES")), ("2026-07-31", Some(0)));
    region.server.clock.advance(TimeDelta::days(253));
    let found = report(&region.officer, by_gemeente(pb::ReportKind::Jaarverslag)).await;
    assert_eq!((found.exact, found.complete, found.threshold), (false, true, 10));
    assert_eq!((found.from_date.as_str(), found.until_date.as_str()), ("2026-08-01", "2027-07-31"));
    assert_eq!(total(&found, "CASES"), Some(40), "38, rounded");
    let cases: Vec<_> = found.rows.iter().map(|row| (row.key.as_str(), figure(row, "CASES"))).collect();
    assert_eq!(cases[0], ("GM9901", None));
    assert!(cases.iter().filter(|(_, told)| told.is_none()).count() > 1, "it does not follow: {cases:?}");
    // The telling is a part of the same set.
    let telling = report(&region.officer, by_gemeente(pb::ReportKind::Leerplichttelling)).await;
    for (one, other) in telling.rows.iter().zip(&found.rows) {
        assert_eq!((figure(one, "LRV"), &one.key), (figure(other, "LRV"), &other.key));
    }
    let by_school =
        pb::GetReportRequest { group_by: pb::MonitorGroup::School.into(), ..asked(pb::ReportKind::Opp) };
    let refused = reports(&region.officer).get_report(by_school).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let list = reports(&region.officer).get_report(asked(pb::ReportKind::Thuiszitters)).await.unwrap_err();
    assert_eq!(reason(&list), "AGGREGATES_ONLY");
}

/// What was told of a year stays so: a child that moves afterwards counts where it lived then.
#[tokio::test]
async fn a_year_is_told_by_the_gemeente_in_which_a_child_lived_then() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.server.clock.advance(TimeDelta::days(300));
    let by_gemeente = |date: &str| pb::GetReportRequest {
        date: date.into(),
        group_by: pb::MonitorGroup::Gemeente.into(),
        ..asked(pb::ReportKind::Leerplichttelling)
    };
    let before = report(&region.keeper, by_gemeente("2027-07-31")).await;
    let residence = pb::fact::Residence { gemeente_code: "GM9902".into(), from_date: "2027-09-01".into() };
    tell(&region, &case, vec![pb::fact::Said::Residence(residence)]).await;
    let after = report(&region.keeper, by_gemeente("2027-07-31")).await;
    assert_eq!(after, before);
    assert_eq!((after.rows.len(), after.rows[0].key.as_str()), (1, "GM9901"));
    let now = report(&region.keeper, by_gemeente("")).await;
    assert_eq!((now.rows.len(), now.rows[0].key.as_str()), (1, "GM9902"));
    let behind = pb::ListReportCasesRequest {
        kind: pb::ReportKind::Leerplichttelling.into(),
        figure: "LRV".into(),
        date: "2027-07-31".into(),
        group_by: pb::MonitorGroup::Gemeente.into(),
        key: "GM9901".into(),
        ..Default::default()
    };
    let found = reports(&region.keeper).list_report_cases(behind).await.unwrap().into_inner();
    assert_eq!(found.cases, [case.name]);
}

/// The telling of a gemeente is of who lived in it then: a move takes no child out of it, nor puts one into
/// that of the other gemeente.
#[tokio::test]
async fn a_leerplichtambtenaar_tells_of_who_lived_in_the_gemeente_then() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9902", "2026-10-26").await;
    region.server.clock.advance(TimeDelta::days(300));
    let residence = pb::fact::Residence { gemeente_code: "GM9903".into(), from_date: "2027-09-01".into() };
    tell(&region, &case, vec![pb::fact::Said::Residence(residence)]).await;
    let older = region.server.organisation("GEMEENTE", "GM9902").await;
    let older = region.somebody(Role::Leerplichtambtenaar, older).await;
    let newer = region.server.organisation("GEMEENTE", "GM9903").await;
    let newer = region.somebody(Role::Leerplichtambtenaar, newer).await;
    let kind = pb::ReportKind::Leerplichttelling;
    let told = async |client: &As, date: &str| {
        let found = report(client, pb::GetReportRequest { date: date.into(), ..asked(kind) }).await;
        total(&found, "LRV").unwrap()
    };
    let listed = async |client: &As, date: &str| {
        let (figure, date) = ("LRV".into(), date.into());
        let asked = pb::ListReportCasesRequest { kind: kind.into(), figure, date, ..Default::default() };
        reports(client).list_report_cases(asked).await.unwrap().into_inner()
    };
    let behind = async |client: &As, date: &str| listed(client, date).await.cases;
    assert_eq!((told(&older, "2027-07-31").await, told(&newer, "2027-07-31").await), (1, 0));
    assert_eq!((told(&older, "").await, told(&newer, "").await), (0, 1));
    // The case is where the child is.
    assert!(behind(&older, "2027-07-31").await.is_empty() && behind(&newer, "2027-07-31").await.is_empty());
    // That there is one is what the figure said to the one, and to the other it said that there is none.
    assert_eq!(beside(&listed(&older, "2027-07-31").await), [0, 0, 1]);
    assert_eq!(beside(&listed(&newer, "2027-07-31").await), [0, 0, 0]);
    assert_eq!(behind(&newer, "").await, [case.name]);
}

#[tokio::test]
async fn e06_opps_are_counted_per_school_and_year_and_what_rod_does_not_know_is_told() {
    let region = Region::start().await;
    let known = region.open("Een", 0, "GM9901", "2026-10-26").await;
    let unknown = region.open("Twee", 1, "GM9902", "2026-10-26").await;
    region.open("Drie", 1, "GM9902", "2026-10-26").await;
    let made = happened(pb::Moment::OppMade, "2026-11-09");
    let registered = happened(pb::Moment::OppRegistered, "2026-11-10");
    tell(&region, &known, vec![made.clone(), registered]).await;
    tell(&region, &unknown, vec![made]).await;
    let by_school =
        pb::GetReportRequest { group_by: pb::MonitorGroup::School.into(), ..asked(pb::ReportKind::Opp) };
    let found = report(&region.keeper, by_school).await;
    assert_eq!((total(&found, "OPP"), total(&found, "OPP_NEW")), (Some(2), Some(2)));
    let rows: Vec<_> = found
        .rows
        .iter()
        .map(|row| (row.key.clone(), figure(row, "OPP"), figure(row, "OPP_UNREGISTERED")))
        .collect();
    let [first, second] = region.schools.map(|school| school.to_string());
    assert_eq!(rows, [(first, Some(1), Some(0)), (second, Some(1), Some(1))]);
    let cases = cases_of(&region.keeper, pb::ReportKind::Opp, "OPP_UNREGISTERED").await.unwrap();
    assert_eq!(cases, [unknown.name]);
}

#[tokio::test]
async fn e11_a_gap_between_schools_is_found() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.open("Twee", 0, "GM9901", "2026-10-26").await;
    // From 14 September up to 11 October: four weeks.
    let out = enrolled(pb::Enrolment::NotEnrolled, "2026-09-14");
    let back = enrolled(pb::Enrolment::Enrolled, "2026-10-12");
    tell(&region, &case, vec![out, back]).await;
    let found = report(&region.keeper, asked(pb::ReportKind::Continuity)).await;
    assert_eq!((total(&found, "GAP"), total(&found, "GAP_FROM_4_TO_13_WEEKS")), (Some(1), Some(1)));
    assert_eq!(cases_of(&region.keeper, pb::ReportKind::Continuity, "GAP").await.unwrap(), [case.name]);
}

#[tokio::test]
async fn a10_a_child_is_placed_inside_or_outside_the_wijk() {
    let region = Region::start().await;
    let near = region.server.school("90AC00", "GM9901").await;
    let inside = region.open("Een", 0, "GM9901", "2026-10-26").await;
    let outside = region.open("Twee", 0, "GM9901", "2026-10-26").await;
    region.open("Drie", 0, "GM9901", "2026-10-26").await;
    let mut handover = HandoverServiceClient::new(region.keeper.clone());
    for (case, school) in [(&inside, near), (&outside, region.schools[1])] {
        let wish = pb::MoveCaseRequest {
            name: case.name.clone(),
            school: school.to_string(),
            etag: case.etag.clone(),
            request_id: region.server.request_id(),
            ..Default::default()
        };
        handover.move_case(wish).await.unwrap();
    }
    let found = report(&region.keeper, asked(pb::ReportKind::Placements)).await;
    for (name, count) in
        [("PLACED", 2), ("PLACED_INSIDE_WIJK", 1), ("PLACED_OUTSIDE_WIJK", 1), ("PLACED_UNKNOWN", 0)]
    {
        assert_eq!(total(&found, name), Some(count), "{name}");
    }
    let cases = cases_of(&region.keeper, pb::ReportKind::Placements, "PLACED_OUTSIDE_WIJK").await.unwrap();
    assert_eq!(cases, [outside.name]);
}

#[tokio::test]
async fn a10_placements_are_told_by_kind_and_a_school_that_is_left_for_special_education_is_counted_so() {
    let region = Region::start().await;
    let mut special = String::new();
    for (name, outcome) in [
        ("Een", pb::CaseOutcome::PlaatsingSbo),
        ("Twee", pb::CaseOutcome::PlaatsingSo),
        ("Drie", pb::CaseOutcome::PlaatsingSo),
        ("Vier", pb::CaseOutcome::PlaatsingVso),
        ("Vijf", pb::CaseOutcome::Plaatsing),
        ("Zes", pb::CaseOutcome::TerugEigenSchool),
    ] {
        let case = region.open(name, 0, "GM9901", "2026-10-26").await;
        region.close(&case.name, outcome, "2026-11-20").await;
        if outcome == pb::CaseOutcome::PlaatsingSbo {
            special = case.name;
        }
    }
    let found = report(&region.keeper, asked(pb::ReportKind::Placements)).await;
    for (name, count) in [
        ("PLACED", 5),
        ("PLACED_SBO", 1),
        ("PLACED_SO", 2),
        ("PLACED_VSO", 1),
        ("PLACED_OTHERWISE", 1),
        ("PLACED_UNKNOWN", 5),
    ] {
        assert_eq!(total(&found, name), Some(count), "{name}");
    }
    let cases = cases_of(&region.keeper, pb::ReportKind::Placements, "PLACED_SBO").await.unwrap();
    assert_eq!(cases, [special]);
}
