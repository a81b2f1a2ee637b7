//! Figures as files: no spreadsheet finds a formula, no picture needs anything else.

use schakel_proto::v1 as pb;
use schakel_tests::reason;
use sea_orm::ConnectionTrait;

use super::{Region, monitor, scope, table};

fn asked(format: pb::MonitorFormat, plot: pb::MonitorPlot) -> pb::ExportMonitorRequest {
    pb::ExportMonitorRequest { format: format.into(), plot: plot.into(), ..Default::default() }
}

async fn exported(
    client: &schakel_tests::As,
    asked: pb::ExportMonitorRequest,
) -> (pb::ExportMonitorResponse, String) {
    let found = monitor(client).export_monitor(asked).await.unwrap().into_inner();
    let text = String::from_utf8(found.content.clone()).unwrap();
    (found, text)
}

#[tokio::test]
async fn x13_a_table_is_a_file_in_which_a_spreadsheet_finds_no_formula() {
    let region = Region::start().await;
    region.open("Een", 0, "GM9901", "2026-10-26").await;
    let rows = region.server.rows().await;
    rows.execute_unprepared("UPDATE school SET display_name = '=HYPERLINK(\"http://x\",\"y\")'")
        .await
        .unwrap();
    rows.close().await.unwrap();
    let by_school = pb::ExportMonitorRequest {
        group_by: pb::MonitorGroup::School.into(),
        ..asked(pb::MonitorFormat::Csv, pb::MonitorPlot::Unspecified)
    };
    let (found, text) = exported(&region.keeper, by_school.clone()).await;
    assert_eq!(found.content_type, "text/csv; charset=utf-8");
    assert_eq!(found.file_name, "monitor-2026-11-23.csv");
    let lines: Vec<_> = text.split("\r\n").collect();
    assert!(lines[0].starts_with("key,name,gemeente,date,from_date,until_date,open,under_4_weeks"));
    assert!(lines[1].starts_with("TOTAL,,,2026-11-23,2026-08-24,2026-11-23,1,0,1,"));
    assert!(lines[2].contains(",\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\","), "{text}");
    assert_eq!(lines.len(), 4);
    let json = pb::ExportMonitorRequest { format: pb::MonitorFormat::Json.into(), ..by_school };
    let (found, text) = exported(&region.keeper, json).await;
    assert_eq!(found.content_type, "application/json");
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&rows[0]["key"], rows[0]["open"].as_f64()), (&"TOTAL".into(), Some(1.0)));
    let outside = asked(pb::MonitorFormat::Json, pb::MonitorPlot::Unspecified);
    region.server.clock.advance(chrono::TimeDelta::days(8));
    let (_, text) = exported(&region.officer, outside).await;
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(rows[0]["open"].is_null(), "withheld: {text}");
}

#[tokio::test]
async fn x13_pictures_are_told_in_the_readers_language_and_of_what_it_may_see() {
    let region = Region::start().await;
    for nth in 0..14 {
        let first_day = if nth < 4 { "2026-11-16" } else { "2026-09-14" };
        let case = region.open(&format!("Kind {nth}"), nth % 2, "GM9901", first_day).await;
        if nth > 10 {
            region.offer(&case, "2026-11-20").await;
        }
    }
    region.server.clock.advance(chrono::TimeDelta::days(8));
    for plot in [pb::MonitorPlot::Bands, pb::MonitorPlot::Tiles, pb::MonitorPlot::Survival] {
        for client in [&region.keeper, &region.officer] {
            let svg = pb::ExportMonitorRequest {
                end: pb::WaitingEnd::Offer.into(),
                ..asked(pb::MonitorFormat::Svg, plot)
            };
            let (found, text) = exported(client, svg.clone()).await;
            assert_eq!(found.content_type, "image/svg+xml");
            assert!(text.contains("lang=\"nl\"") && text.contains("– regio") && text.ends_with("</svg>\n"));
            for format in [pb::MonitorFormat::Csv, pb::MonitorFormat::Json] {
                let numbers = pb::ExportMonitorRequest { format: format.into(), ..svg.clone() };
                exported(client, numbers).await;
            }
        }
    }
    let bands = asked(pb::MonitorFormat::Csv, pb::MonitorPlot::Bands);
    let (_, exact) = exported(&region.keeper, bands.clone()).await;
    let (_, told) = exported(&region.officer, bands).await;
    assert!(exact.contains("2026-11-30,4,10,0,0,0"), "{exact}");
    // 4 of 14 are too few; that they are in the first band and not in the last ones, nobody sees.
    assert!(told.contains("2026-11-30,x,10,x,x,x"), "{told}");
    let missing = asked(pb::MonitorFormat::Svg, pb::MonitorPlot::Unspecified);
    let refused = monitor(&region.keeper).export_monitor(missing).await.unwrap_err();
    assert_eq!(schakel_tests::violations(&refused), ["plot: FIELD_REQUIRED"]);
    let narrow = pb::ExportMonitorRequest {
        scope: Some(scope(pb::monitor_scope::Of::School(region.schools[0].to_string()))),
        ..asked(pb::MonitorFormat::Svg, pb::MonitorPlot::Bands)
    };
    let refused = monitor(&region.officer).export_monitor(narrow).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn x13_a_month_end_in_the_picture_stays_as_it_was_when_a_child_is_absent_again_after_it() {
    let region = Region::start().await;
    let mut opened = Vec::new();
    for nth in 0..12 {
        opened.push(region.open(&format!("Kind {nth}"), nth % 2, "GM9901", "2026-09-14").await);
    }
    region.server.clock.advance(chrono::TimeDelta::days(8));
    for case in &opened {
        region.happened(case, pb::Moment::Returned, "2026-11-27").await;
    }
    let bands = asked(pb::MonitorFormat::Csv, pb::MonitorPlot::Bands);
    let november = async |client: &schakel_tests::As| {
        let (_, text) = exported(client, bands.clone()).await;
        text.split("\r\n").find(|line| line.starts_with("2026-11-30")).unwrap().to_owned()
    };
    // At home from 14 September to 27 November: over ten weeks.
    let (exact, told) = (november(&region.keeper).await, november(&region.officer).await);
    assert_eq!((exact.as_str(), told.as_str()), ("2026-11-30,0,12,0,0,0", "2026-11-30,0,10,0,0,0"));
    region.server.clock.advance(chrono::TimeDelta::days(3));
    region.happened(&opened[0], pb::Moment::FirstAbsenceDay, "2026-12-02").await;
    assert_eq!(november(&region.keeper).await, exact);
    assert_eq!(november(&region.officer).await, told);
    let of_table = pb::GetMonitorRequest { date: "2026-11-30".into(), ..Default::default() };
    let of_table = table(&region.keeper, of_table).await;
    assert_eq!(super::total(&of_table, "FROM_4_TO_13_WEEKS"), Some(12));
}

/// What stands in a column of the row of the total.
fn of_total<'t>(text: &'t str, column: &str) -> &'t str {
    let mut lines = text.split("\r\n").map(|line| line.split(','));
    let at = lines.next().unwrap().position(|head| head == column).unwrap();
    lines.next().unwrap().nth(at).unwrap()
}

#[tokio::test]
async fn a_file_has_no_nought_that_nobody_counted() {
    let region = Region::start().await;
    for nth in 0..24 {
        region.open(&format!("Kind {nth}"), 0, "GM9901", "2026-11-02").await;
    }
    region.server.clock.advance(chrono::TimeDelta::days(45));
    let known = async |client: &schakel_tests::As, date: &str| {
        let found = table(client, pb::GetMonitorRequest { date: date.into(), ..Default::default() }).await;
        let figures = found.total.unwrap().figures;
        let of_today = |one: &&pb::MonitorFigure| one.measure.starts_with("WITHOUT_");
        let uncounted: Vec<bool> = figures.iter().filter(of_today).map(|one| one.uncounted).collect();
        assert!(figures.iter().filter(|one| !of_today(one)).all(|one| !one.uncounted), "{figures:?}");
        uncounted
    };
    assert_eq!(known(&region.keeper, "").await, [false, false]);
    assert_eq!(known(&region.keeper, "2027-01-06").await, [true, true], "who keeps a case is known of today");
    assert_eq!(known(&region.officer, "").await, [true, true], "figures outside are of a month that is over");

    let plain = asked(pb::MonitorFormat::Csv, pb::MonitorPlot::Unspecified);
    let before = pb::ExportMonitorRequest { date: "2027-01-06".into(), ..plain.clone() };
    let (found, text) = exported(&region.keeper, before.clone()).await;
    assert_eq!(found.file_name, "monitor-2027-01-06.csv");
    assert_eq!((of_total(&text, "open"), of_total(&text, "without_next_action")), ("24", ""));
    let (_, text) = exported(&region.keeper, plain.clone()).await;
    assert_eq!((of_total(&text, "open"), of_total(&text, "without_regisseur")), ("24", "0"));
    let (_, text) = exported(
        &region.keeper,
        pb::ExportMonitorRequest { format: pb::MonitorFormat::Json.into(), ..before },
    )
    .await;
    let rows: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(rows[0].get("without_regisseur").is_none() && rows[0]["outflow"] == 0, "{text}");
    let (found, text) = exported(&region.officer, plain).await;
    assert_eq!(found.file_name, "monitor-2026-12-31.csv", "by the day that it is about");
    assert_eq!((of_total(&text, "date"), of_total(&text, "without_regisseur")), ("2026-12-31", ""));

    let curve = pb::ExportMonitorRequest {
        end: pb::WaitingEnd::Offer.into(),
        ..asked(pb::MonitorFormat::Csv, pb::MonitorPlot::Survival)
    };
    let (found, text) = exported(&region.officer, curve.clone()).await;
    assert_eq!(found.file_name, "survival-2026-12-31.csv");
    assert_eq!(text.lines().count(), 1, "it came for nobody: {text}");
    let (_, text) = exported(&region.keeper, curve).await;
    assert_eq!((of_total(&text, "came"), of_total(&text, "censored")), ("0", "24"));
}
