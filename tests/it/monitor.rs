//! Where children wait: exact to who may know of them, without small numbers to others, and as files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod breaches;
mod ended;
mod files;
mod independent;
mod indicators;
mod kept;
mod reports;
pub(crate) mod signals;
mod supply;
mod surveys;

use chrono::TimeDelta;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, SchoolId},
};
use schakel_proto::v1::{
    self as pb, monitor_scope::Of, monitor_service_client::MonitorServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{As, TestServer, reason, statements, violations};

use crate::thuiszitter::{absent, facts::tell_on, named};

type Monitor = MonitorServiceClient<As>;

/// A region of two gemeenten with a school each.
struct Region {
    server: TestServer,
    schools: [SchoolId; 2],
    keeper: As,
    officer: As,
}

impl Region {
    async fn start() -> Self {
        let server = TestServer::start().await;
        let schools = [server.school("90AA00", "GM9901").await, server.school("90BB00", "GM9902").await];
        let (_, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
        let gemeente = server.organisation("GEMEENTE", "GM9901").await;
        let (_, officer) = server.person(Role::Beleidsmedewerker, gemeente).await;
        Self { server, schools, keeper, officer }
    }

    async fn somebody(&self, role: Role, organisation: impl Into<OrganisationId>) -> As {
        self.server.person(role, organisation).await.1
    }

    /// A case of a child of one of the schools that lives in a gemeente, at home since a day.
    async fn open(&self, name: &str, school: usize, gemeente: &str, first_day: &str) -> pb::Case {
        let mut case = named(name, absent(self.schools[school]));
        case.residence_gemeente_code = gemeente.into();
        case.absence.as_mut().unwrap().first_day = first_day.into();
        // The register has one of the gemeenten.
        let request = pb::OpenCaseRequest {
            case: Some(case),
            confirm_outside_region: true,
            request_id: self.server.request_id(),
        };
        cases(&self.keeper).open_case(request).await.unwrap().into_inner()
    }

    async fn offer(&self, case: &pb::Case, date: &str) {
        self.happened(case, pb::Moment::OfferMade, date).await;
    }

    async fn happened(&self, case: &pb::Case, moment: pb::Moment, date: &str) {
        tell_on(&self.server, &self.keeper, case, (moment, date)).await.unwrap();
    }

    async fn close(&self, name: &str, outcome: pb::CaseOutcome, date: &str) {
        let case = cases(&self.keeper).get_case(pb::GetCaseRequest { name: name.into() }).await.unwrap();
        let request = pb::CloseCaseRequest {
            name: name.into(),
            outcome: outcome.into(),
            outcome_date: date.into(),
            note: "Met ouders afgesproken.".into(),
            etag: case.into_inner().etag,
            request_id: self.server.request_id(),
            ..pb::CloseCaseRequest::default()
        };
        cases(&self.keeper).close_case(request).await.unwrap();
    }
}

fn cases(client: &As) -> ThuiszitterServiceClient<As> {
    ThuiszitterServiceClient::new(client.clone())
}

fn monitor(client: &As) -> Monitor {
    Monitor::new(client.clone())
}

fn scope(of: Of) -> pb::MonitorScope {
    pb::MonitorScope { of: Some(of) }
}

async fn table(client: &As, asked: pb::GetMonitorRequest) -> pb::GetMonitorResponse {
    monitor(client).get_monitor(asked).await.unwrap().into_inner()
}

fn by(group: pb::MonitorGroup) -> pb::GetMonitorRequest {
    pb::GetMonitorRequest { group_by: group.into(), ..Default::default() }
}

/// A figure of a row: none where it is withheld.
fn figure(row: &pb::MonitorRow, measure: &str) -> Option<i32> {
    let figure = row.figures.iter().find(|figure| figure.measure == measure).unwrap();
    (!figure.withheld).then_some(figure.count)
}

fn total(table: &pb::GetMonitorResponse, measure: &str) -> Option<i32> {
    figure(table.total.as_ref().unwrap(), measure)
}

#[tokio::test]
async fn e02_the_register_is_counted_by_duration_stage_and_what_a_case_lacks() {
    let region = Region::start().await;
    let short = region.open("Een", 0, "GM9901", "2026-11-16").await;
    let long = region.open("Twee", 0, "GM9901", "2026-08-10").await;
    region.open("Drie", 1, "GM9902", "2025-09-01").await;
    region.offer(&long, "2026-11-20").await;
    let found = table(&region.keeper, by(pb::MonitorGroup::Unspecified)).await;
    assert!(found.exact && found.rows.is_empty() && found.threshold == 0);
    assert_eq!((found.date.as_str(), found.from_date.as_str()), ("2026-11-23", "2026-08-24"));
    for (measure, count) in [
        ("OPEN", 3),
        ("UNDER_4_WEEKS", 1),
        ("FROM_4_TO_13_WEEKS", 0),
        // 10 August to 23 November: 105 days.
        ("FROM_13_TO_26_WEEKS", 1),
        ("FROM_52_WEEKS", 1),
        ("STAGE_SIGNAAL", 3),
        ("LABEL_ACTUEEL", 3),
        ("LABEL_LRV", 2),
        ("INFLOW", 3),
        ("OUTFLOW", 0),
        // Three months after 10 August are 10 November: offered ten days late.
        ("PACT_LATE", 1),
        ("PACT_WITHIN", 0),
        // Who opens a case keeps it together.
        ("WITHOUT_REGISSEUR", 0),
        ("WITHOUT_NEXT_ACTION", 0),
    ] {
        assert_eq!(total(&found, measure), Some(count), "{measure}");
    }
    let medians = &found.total.as_ref().unwrap().medians;
    let offer = medians.iter().find(|median| median.end == i32::from(pb::WaitingEnd::Offer)).unwrap();
    assert_eq!(
        offer.days,
        Some(102),
        "10 August to 20 November; of the other two one waits a week, one began before"
    );

    region.close(&short.name, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await;
    region.server.clock.advance(TimeDelta::days(3));
    let found = table(&region.keeper, by(pb::MonitorGroup::Unspecified)).await;
    assert_eq!((total(&found, "OPEN"), total(&found, "OUTFLOW")), (Some(2), Some(1)));
    assert_eq!(total(&found, "WITHOUT_NEXT_ACTION"), Some(2), "what was planned for the 25th has passed");
    let before = pb::GetMonitorRequest { date: "2026-11-22".into(), ..Default::default() };
    assert_eq!(total(&table(&region.keeper, before).await, "OPEN"), Some(0), "opened on the 23rd");
    let then = pb::GetMonitorRequest { date: "2026-11-23".into(), ..Default::default() };
    let then = table(&region.keeper, then).await;
    assert_eq!((total(&then, "OPEN"), total(&then, "OUTFLOW")), (Some(2), Some(1)));
    let late = pb::GetMonitorRequest { date: "2026-11-27".into(), ..Default::default() };
    let refused = monitor(&region.keeper).get_monitor(late).await.unwrap_err();
    assert_eq!(violations(&refused), ["date: TIME_OUT_OF_BOUNDS"]);
    let turned = pb::GetMonitorRequest { from_date: "2026-12-01".into(), ..Default::default() };
    let refused = monitor(&region.keeper).get_monitor(turned).await.unwrap_err();
    assert_eq!(violations(&refused), ["from_date: TIME_RANGE_INVALID"]);
}

#[tokio::test]
async fn d05_where_children_wait_is_told_per_wijk_gemeente_and_school() {
    let region = Region::start().await;
    for (name, school, gemeente) in
        [("Een", 0, "GM9901"), ("Twee", 0, "GM9902"), ("Drie", 1, "GM9902"), ("Vier", 1, "GM9902")]
    {
        region.open(name, school, gemeente, "2026-10-26").await;
    }
    let rows = |table: pb::GetMonitorResponse| -> Vec<(String, Option<i32>)> {
        table.rows.iter().map(|row| (row.key.clone(), figure(row, "OPEN"))).collect()
    };
    let keeper = |group| table(&region.keeper, by(group));
    let of = |key: &str, count| (key.to_owned(), Some(count));
    assert_eq!(rows(keeper(pb::MonitorGroup::Wijk).await), [of("WK990101", 2), of("WK990201", 2)]);
    assert_eq!(rows(keeper(pb::MonitorGroup::Gemeente).await), [of("GM9901", 1), of("GM9902", 3)]);
    let schools = region.schools.map(|school| of(&school.to_string(), 2));
    assert_eq!(rows(keeper(pb::MonitorGroup::School).await), schools);
    assert_eq!(rows(keeper(pb::MonitorGroup::Cluster).await), [of("", 4)], "no school is in a cluster");
}

#[tokio::test]
async fn x13_a_school_counts_its_own_and_a_gemeente_its_residents() {
    let region = Region::start().await;
    region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.open("Twee", 0, "GM9902", "2026-10-26").await;
    region.open("Drie", 1, "GM9902", "2026-10-26").await;
    let iber = region.somebody(Role::Iber, region.schools[0]).await;
    let own = table(&iber, by(pb::MonitorGroup::School)).await;
    assert!(own.exact);
    assert_eq!((total(&own, "OPEN"), own.rows.len()), (Some(2), 1));
    let other = pb::GetMonitorRequest {
        scope: Some(scope(Of::School(region.schools[1].to_string()))),
        ..Default::default()
    };
    let refused = monitor(&iber).get_monitor(other.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "SCHOOL_NOT_FOUND");
    let gemeente = region.server.organisation("GEMEENTE", "GM9902").await;
    let officer = region.somebody(Role::Leerplichtambtenaar, gemeente).await;
    let residents = table(&officer, by(pb::MonitorGroup::Unspecified)).await;
    assert_eq!((residents.exact, total(&residents, "OPEN")), (true, Some(2)));
    let theirs = table(&officer, other).await;
    assert_eq!(total(&theirs, "OPEN"), Some(1), "residents at that school");
    let elsewhere =
        pb::GetMonitorRequest { scope: Some(scope(Of::GemeenteCode("GM9901".into()))), ..Default::default() };
    let refused = monitor(&officer).get_monitor(elsewhere).await.unwrap_err();
    assert_eq!(reason(&refused), "AREA_NOT_FOUND");
    let helper = region.somebody(Role::Smw, gemeente).await;
    let refused = monitor(&helper).get_monitor(by(pb::MonitorGroup::Unspecified)).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn x13_across_organisations_no_small_number_is_told_and_none_follows() {
    let region = Region::start().await;
    for nth in 0..3 {
        region.open(&format!("Klein {nth}"), 0, "GM9901", "2026-10-26").await;
    }
    for nth in 0..13 {
        region.open(&format!("Groot {nth}"), 1, "GM9902", "2026-10-26").await;
    }
    for nth in 0..22 {
        region.open(&format!("Groter {nth}"), 1, "GM9903", "2026-10-26").await;
    }
    // Figures outside are of whole months: November is not over.
    let early = table(&region.officer, by(pb::MonitorGroup::Gemeente)).await;
    assert_eq!((early.date.as_str(), total(&early, "OPEN")), ("2026-10-31", Some(0)));
    region.server.clock.advance(TimeDelta::days(8));
    let found = table(&region.officer, by(pb::MonitorGroup::Gemeente)).await;
    assert_eq!((found.exact, found.threshold, found.date.as_str()), (false, 10, "2026-11-30"));
    assert_eq!((found.from_date.as_str(), found.until_date.as_str()), ("2026-07-01", "2026-09-30"));
    // 38 in all; 3 are too few, and with 13 withheld beside them 3 does not follow.
    assert_eq!(total(&found, "OPEN"), Some(40));
    let open: Vec<_> = found.rows.iter().map(|row| (row.key.as_str(), figure(row, "OPEN"))).collect();
    assert_eq!(open, [("GM9901", None), ("GM9902", None), ("GM9903", Some(20))]);
    // A gemeente alone, and its wijken, tell what the region's table tells.
    for (gemeente, told) in [("GM9901", None), ("GM9902", None)] {
        let asked = pb::GetMonitorRequest {
            scope: Some(scope(Of::GemeenteCode(gemeente.into()))),
            ..by(pb::MonitorGroup::Wijk)
        };
        let alone = table(&region.officer, asked).await;
        assert_eq!(total(&alone, "OPEN"), told);
        // A wijk in which nobody is stands there too: only being listed would tell that somebody is.
        let is_told = |open: Option<i32>| open == told || open == Some(0);
        assert!(alone.rows.iter().any(|row| figure(row, "OPEN") == told));
        assert!(
            alone.rows.iter().all(|row| row.gemeente_code == gemeente && is_told(figure(row, "OPEN"))),
            "{alone:?}"
        );
    }
    // Outside the register, an answer alone would tell that somebody lives there.
    let asked =
        pb::GetMonitorRequest { scope: Some(scope(Of::GemeenteCode("GM9903".into()))), ..Default::default() };
    let refused = monitor(&region.officer).get_monitor(asked).await.unwrap_err();
    assert_eq!(reason(&refused), "AREA_NOT_FOUND");
    // Too narrow to be told at all.
    for asked in [
        by(pb::MonitorGroup::School),
        by(pb::MonitorGroup::Cluster),
        pb::GetMonitorRequest {
            scope: Some(scope(Of::School(region.schools[0].to_string()))),
            ..Default::default()
        },
    ] {
        let refused = monitor(&region.officer).get_monitor(asked).await.unwrap_err();
        assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    }
    let exact = table(&region.keeper, by(pb::MonitorGroup::Gemeente)).await;
    assert_eq!(
        exact.rows.iter().map(|row| figure(row, "OPEN")).collect::<Vec<_>>(),
        [Some(3), Some(13), Some(22)]
    );
}

#[tokio::test]
async fn each_figure_can_be_asked_for_its_cases_by_who_reads_cases() {
    let region = Region::start().await;
    let first = region.open("Een", 0, "GM9901", "2026-10-26").await;
    let second = region.open("Twee", 1, "GM9902", "2026-11-16").await;
    let asked = |measure: &str| pb::ListMonitorCasesRequest { measure: measure.into(), ..Default::default() };
    let list = |client: &As, asked| {
        let mut client = monitor(client);
        async move { client.list_monitor_cases(asked).await.map(|found| found.into_inner().cases) }
    };
    let all = list(&region.keeper, asked("OPEN")).await.unwrap();
    assert_eq!(all, [first.name.clone(), second.name.clone()]);
    assert_eq!(
        list(&region.keeper, asked("UNDER_4_WEEKS")).await.unwrap(),
        std::slice::from_ref(&second.name)
    );
    let row = pb::ListMonitorCasesRequest {
        group_by: pb::MonitorGroup::Wijk.into(),
        key: "WK990101".into(),
        ..asked("OPEN")
    };
    assert_eq!(list(&region.keeper, row.clone()).await.unwrap(), std::slice::from_ref(&first.name));
    let none = pb::ListMonitorCasesRequest { key: "NONE".into(), ..row };
    assert!(list(&region.keeper, none).await.unwrap().is_empty());
    let iber = region.somebody(Role::Iber, region.schools[1]).await;
    assert_eq!(list(&iber, asked("OPEN")).await.unwrap(), [second.name]);
    let refused = list(&region.officer, asked("OPEN")).await.unwrap_err();
    assert_eq!(reason(&refused), "AGGREGATES_ONLY");
    let wrong = list(&region.keeper, asked("PACT_DUE")).await.unwrap_err();
    assert_eq!(violations(&wrong), ["measure: FIELD_INVALID"]);
    let page =
        |token: &str| pb::ListMonitorCasesRequest { page_size: 1, page_token: token.into(), ..asked("OPEN") };
    let one = monitor(&region.keeper).list_monitor_cases(page("")).await.unwrap().into_inner();
    let two =
        monitor(&region.keeper).list_monitor_cases(page(&one.next_page_token)).await.unwrap().into_inner();
    assert_eq!([one.cases, two.cases].concat(), all);
    assert!(two.next_page_token.is_empty());
}

/// They are worked out outside of a transaction, so that no other waits for it, and once.
#[tokio::test]
async fn the_cases_behind_a_figure_of_a_day_past_are_worked_out_once() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.server.clock.advance(TimeDelta::days(5));
    let asked = pb::ListMonitorCasesRequest {
        measure: "OPEN".into(),
        date: "2026-11-24".into(),
        ..Default::default()
    };
    let mut keeper = monitor(&region.keeper);
    let (found, cold) = statements(keeper.list_monitor_cases(asked.clone())).await;
    assert_eq!(found.unwrap().into_inner().cases, std::slice::from_ref(&case.name));
    let (found, warm) = statements(keeper.list_monitor_cases(asked)).await;
    assert_eq!(found.unwrap().into_inner().cases, [case.name]);
    let is_worked_out = |sent: &[String]| sent.iter().any(|sql| sql.contains("case_fact"));
    assert!(is_worked_out(&cold) && !is_worked_out(&warm), "{warm:#?}");
}

#[tokio::test]
async fn how_long_it_takes_counts_who_still_waits() {
    let region = Region::start().await;
    let mut opened = Vec::new();
    for (nth, first_day) in ["2026-10-05", "2026-10-12", "2026-10-19", "2026-10-26"].into_iter().enumerate() {
        opened.push(region.open(&format!("Kind {nth}"), 0, "GM9901", first_day).await);
    }
    region.offer(&opened[0], "2026-10-26").await;
    region.offer(&opened[1], "2026-11-16").await;
    let asked = pb::GetSurvivalRequest { end: pb::WaitingEnd::Offer.into(), ..Default::default() };
    let found = monitor(&region.keeper).get_survival(asked.clone()).await.unwrap().into_inner();
    let points: Vec<_> = found.points.iter().map(|p| (p.days, p.at_risk, p.came, p.censored)).collect();
    // Offers after 21 and 35 days; the others wait 28 and 35 days, until today.
    assert_eq!(points, [(21, 4, 1, 0), (28, 3, 0, 1), (35, 2, 1, 1)]);
    assert!((found.points[2].survival - 0.375).abs() < 1e-9, "3/4 × 1/2");
    assert_eq!(found.median.unwrap().days, Some(35));
    assert!(found.exact);
    let outside = monitor(&region.officer).get_survival(asked.clone()).await.unwrap().into_inner();
    assert!(!outside.exact && outside.points.is_empty() && outside.median.unwrap().days.is_none());
    let nothing = pb::GetSurvivalRequest::default();
    let refused = monitor(&region.keeper).get_survival(nothing).await.unwrap_err();
    assert_eq!(violations(&refused), ["end: FIELD_REQUIRED"]);
}

#[tokio::test]
async fn a_gemeente_that_is_not_of_the_region_is_not_found() {
    let region = Region::start().await;
    for client in [&region.keeper, &region.officer] {
        let elsewhere = scope(Of::GemeenteCode("GM0363".into()));
        let asked = pb::GetMonitorRequest { scope: Some(elsewhere.clone()), ..Default::default() };
        let refused = monitor(client).get_monitor(asked).await.unwrap_err();
        assert_eq!(reason(&refused), "AREA_NOT_FOUND");
        let asked = pb::GetSurvivalRequest {
            scope: Some(elsewhere),
            end: pb::WaitingEnd::Offer.into(),
            ..Default::default()
        };
        let refused = monitor(client).get_survival(asked).await.unwrap_err();
        assert_eq!(reason(&refused), "AREA_NOT_FOUND");
        let own = Some(scope(Of::GemeenteCode("GM9902".into())));
        table(client, pb::GetMonitorRequest { scope: own, ..Default::default() }).await;
    }
    // A child can live where the region has no school.
    region.open("Een", 0, "GM0363", "2026-10-26").await;
    let there = Some(scope(Of::GemeenteCode("GM0363".into())));
    let found = table(&region.keeper, pb::GetMonitorRequest { scope: there, ..Default::default() }).await;
    assert_eq!(total(&found, "OPEN"), Some(1));
}

/// Of 45 children that were at home since 14 September, it came for 10 after four weeks, 15 after nine and 10
/// after ten. Outside that is told of the region, of four quarters and by enough children at a time.
#[tokio::test]
async fn how_long_it_takes_is_told_outside_of_the_region_alone_and_as_one_thing() {
    let region = Region::start().await;
    let offers = [(10, Some("2026-10-12")), (15, Some("2026-11-16")), (10, Some("2026-11-23")), (10, None)];
    for (group, (count, offer)) in offers.into_iter().enumerate() {
        for nth in 0..count {
            let (school, gemeente) = if nth % 2 == 0 { (0, "GM9901") } else { (1, "GM9902") };
            let case = region.open(&format!("Kind {group} {nth}"), school, gemeente, "2026-09-14").await;
            if let Some(date) = offer {
                region.offer(&case, date).await;
            }
        }
    }
    region.server.clock.advance(TimeDelta::days(45));
    let asked = |of: Option<Of>, from: &str| pb::GetSurvivalRequest {
        scope: of.map(scope),
        end: pb::WaitingEnd::Offer.into(),
        from_date: from.into(),
        ..Default::default()
    };
    let mut officer = monitor(&region.officer);
    let found = officer.get_survival(asked(None, "")).await.unwrap().into_inner();
    assert_eq!((found.from_date.as_str(), found.until_date.as_str()), ("2026-01-01", "2026-12-31"));
    let told: Vec<_> =
        found.points.iter().map(|p| (p.days, p.at_risk, (p.survival * 100.0).round())).collect();
    assert_eq!(told, [(28, 45, 78.0), (63, 35, 44.0), (70, 20, 22.0)]);
    let median = found.median.unwrap();
    assert_eq!((median.days, median.lower_days, median.upper_days), (Some(63), None, None));
    // Another first day is the same curve, and a gemeente has none.
    let other = officer.get_survival(asked(None, "2026-10-01")).await.unwrap().into_inner();
    assert_eq!((&other.points, &other.from_date), (&found.points, &found.from_date));
    let part = officer.get_survival(asked(Some(Of::GemeenteCode("GM9901".into())), "")).await;
    let part = part.unwrap().into_inner();
    assert!(part.points.is_empty() && part.median.unwrap().days.is_none());
    // The table says the same, of the region alone.
    let found = table(&region.officer, by(pb::MonitorGroup::Gemeente)).await;
    let offer = |row: &pb::MonitorRow| {
        let mut medians = row.medians.iter();
        medians.find(|median| median.end == i32::from(pb::WaitingEnd::Offer)).unwrap().days
    };
    assert_eq!(offer(found.total.as_ref().unwrap()), Some(63));
    assert_eq!(found.rows.iter().map(offer).collect::<Vec<_>>(), [None, None]);
}
