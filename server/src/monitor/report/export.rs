//! A report as a file, and the list of thuiszitters: a row for each child under a pseudonym.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    dutch::SchoolYear,
    ids::CaseId,
    monitor::{
        Band,
        report::{Figure, Kind, Listed, Obliged},
    },
};
use schakel_proto::v1::{ExportReportResponse, ExportSupplyResponse};

use super::{
    get::{Report, Row, Wanted, admit, of_caller, period, report},
    obliged::Account,
    supply,
    units::units,
};
use crate::{
    directory::places::places,
    error::Result,
    monitor::{
        behind::write_down,
        export::{Format, count, csv, json},
        table,
    },
    store::{
        Read,
        audit::{Deed, Line},
        keys::{Use, hex},
    },
};

/// Which part of the MAC is told: enough that no two children of a region share it.
const TOLD: usize = 8;

/// The figures of a report as a file.
///
/// # Errors
/// As for the report.
pub(super) async fn figures(read: &Read, wanted: &Wanted, format: Format) -> Result<ExportReportResponse> {
    let report = report(read, wanted).await?;
    let mut head: Vec<String> =
        ["key", "name", "gemeente", "from_date", "until_date", "complete"].map(str::to_owned).to_vec();
    head.extend(report.total.figures.iter().map(|(figure, _)| figure.to_string().to_lowercase()));
    if is_of_meetings(&report) {
        head.extend(["median_days", "smw_minutes", "jgz_minutes"].map(str::to_owned));
    }
    if is_of_places(&report) {
        head.extend(["median_kilometres", "ninetieth_kilometres"].map(str::to_owned));
    }
    if !report.obliged.is_empty() {
        head.extend(["leerplichtig", "kwalificatieplichtig"].map(str::to_owned));
    }
    let mut rows = vec![head, cells(&report, &report.total, "TOTAL")];
    rows.extend(report.rows.iter().map(|row| {
        let key = if row.key.is_empty() { table::NONE } else { &row.key };
        cells(&report, row, key)
    }));
    let until = report.period.until();
    Ok(file(&rows, format, &format!("{}-{until}", report.kind.to_string().to_lowercase())))
}

fn is_of_meetings(report: &Report) -> bool {
    matches!(report.kind, Kind::Consultations)
}

fn is_of_places(report: &Report) -> bool {
    matches!(report.kind, Kind::Placements)
}

fn cells(report: &Report, row: &Row, key: &str) -> Vec<String> {
    let mut cells = vec![key.to_owned(), row.name.clone(), row.gemeente.clone()];
    cells.extend([report.period.from().to_string(), report.period.until().to_string()]);
    cells.push(report.complete.to_string());
    cells.extend(row.figures.iter().map(|(_, told)| count(*told)));
    if is_of_meetings(report) {
        let median = row.median_days.map(|days| days.to_string()).unwrap_or_default();
        cells.push(if report.small.is_some() { count(None) } else { median });
        cells.extend([count(row.minutes.map(|(smw, _)| smw)), count(row.minutes.map(|(_, jgz)| jgz))]);
    }
    if is_of_places(report) {
        let is_nought = |(figure, told): &(Figure, Option<u32>)| {
            matches!((figure, told), (Figure::PlacedOutsideMeasured, Some(0)))
        };
        // Empty where there is none to measure.
        let untold = if row.figures.iter().any(is_nought) { String::new() } else { count(None) };
        let far = [row.distance.map(|far| far.median), row.distance.and_then(|far| far.ninetieth)];
        cells.extend(far.map(|far| far.map_or_else(|| untold.clone(), |far| far.to_string())));
    }
    if !report.obliged.is_empty() {
        // Of gemeenten and of all of them together; empty of any other place, and where it is not filled in.
        let of =
            |account: &Account| (row.key.is_empty() || account.gemeente == key).then_some(account.obliged);
        let told = Obliged::of_all(report.obliged.iter().filter_map(of)).filter(|_| key != table::NONE);
        let numbers = [told.map(|told| told.leerplichtig), told.map(|told| told.kwalificatieplichtig)];
        cells.extend(numbers.map(|number| number.map(|number| number.to_string()).unwrap_or_default()));
    }
    cells
}

fn file(rows: &[Vec<String>], format: Format, name: &str) -> ExportReportResponse {
    let (content_type, ending, content) = match format {
        Format::Json => ("application/json", "json", json(rows)),
        // There are no pictures of reports: what is asked for as one was refused.
        Format::Csv | Format::Svg => ("text/csv; charset=utf-8", "csv", csv(rows)),
    };
    ExportReportResponse {
        content_type: content_type.to_owned(),
        file_name: format!("{name}.{ending}"),
        content: content.into_bytes(),
    }
}

/// The same child has the same pseudonym in every list of one school year, and another in the next.
fn pseudonym(read: &Read, year: SchoolYear, case: CaseId) -> String {
    let of = format!("THUISZITTERS|{}|{year}|{case}", read.region());
    let mac = read.app().keys.mac(Use::Report, of.as_bytes());
    hex(&mac[..TOLD])
}

/// The list of a quarter: of everybody who was listed in the school year so far, resolved or not.
///
/// # Errors
/// As for the report.
pub(super) async fn list(read: &Read, wanted: &Wanted, format: Format) -> Result<ExportReportResponse> {
    let places = places(read, wanted.date).await?;
    admit(read, wanted, &places)?;
    let (period, _) = period(read, wanted);
    let units = units(read, (wanted.kind, period), &places, of_caller(read, wanted, &places)).await?;
    let mut lines = Vec::with_capacity(units.len());
    // By pseudonym: the order tells nothing of when a case was opened.
    let mut told: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for unit in &units {
        let Some(case) = unit.case.filter(|_| !unit.rows.is_empty()) else { continue };
        for row in &unit.rows {
            let pseudonym = pseudonym(read, row.school_year(period.until()), case);
            told.insert(pseudonym.clone(), [vec![pseudonym], of(row, period.until())].concat());
        }
        lines.push(Line {
            deed: Deed::R,
            object: "case",
            id: Some(case.0),
            subject: Some(unit.circle.child.0),
            classes: Classes::of(&[Class::K3]),
        });
    }
    write_down(read, &lines).await?;
    let head = [
        "pseudonym",
        "since",
        "called",
        "cause",
        "duration",
        "plan_signed",
        "offer_made",
        "ended",
        "outcome",
        "counted_as",
    ];
    let rows: Vec<Vec<String>> =
        [head.map(str::to_owned).to_vec()].into_iter().chain(told.into_values()).collect();
    Ok(file(&rows, format, &format!("{}-{}", wanted.kind.to_string().to_lowercase(), period.until())))
}

fn of(row: &Listed, until: NaiveDate) -> Vec<String> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let ended = row.ended.map(|(day, _)| day);
    let outcome = row.ended.and_then(|(_, outcome)| outcome);
    vec![
        row.since.to_string(),
        row.label.to_string(),
        row.kind.map(|kind| kind.to_string()).unwrap_or_default(),
        Band::of(row.since, ended.unwrap_or(until)).to_string(),
        day(row.plan),
        day(row.offer),
        day(ended),
        outcome.map(|outcome| outcome.to_string()).unwrap_or_default(),
        row.figure.to_string(),
    ]
}

/// What each wijk has, as a file.
pub(super) fn supply(year: SchoolYear, rows: &[supply::Row], format: Format) -> ExportSupplyResponse {
    let head = [
        "wijk",
        "name",
        "education_granted_minutes",
        "education_used_minutes",
        "municipality_granted_minutes",
        "municipality_used_minutes",
        "provisions",
        "places",
        "taken_places",
        "waiting",
        "asked",
        "unanswered",
        "gaps",
        "meetings_withheld",
        "offered_euros",
        "offered_children",
        "bought_euros",
        "bought_children",
    ];
    let cells = |row: &supply::Row| {
        let has = row.supply;
        let gaps: Vec<String> = row.gaps.iter().map(ToString::to_string).collect();
        let numbers = [
            has.education.0,
            has.education.1,
            has.municipality.0,
            has.municipality.1,
            has.provisions,
            has.places.0,
            has.places.1,
            has.waiting,
        ];
        let mut cells = vec![row.wijk.clone(), row.name.clone()];
        cells.extend(numbers.map(|number| number.to_string()));
        cells.extend([count(row.asked), count(has.unanswered), gaps.join(" ")]);
        cells.push((!row.meetings).to_string());
        // Empty where nothing was set, and where it is not told.
        for told in row.spending.map(|account| account.and_then(|account| account.told)) {
            cells.push(told.map(|told| told.euros.to_string()).unwrap_or_default());
            cells.push(told.map(|told| told.children.to_string()).unwrap_or_default());
        }
        cells
    };
    let rows: Vec<Vec<String>> =
        [head.map(str::to_owned).to_vec()].into_iter().chain(rows.iter().map(cells)).collect();
    let ExportReportResponse { content_type, file_name, content } =
        file(&rows, format, &format!("supply-{year}"));
    ExportSupplyResponse { content_type, file_name, content }
}
