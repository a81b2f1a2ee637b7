//! Reports, on the wire.

use chrono::NaiveDate;
use schakel_domain::{
    dutch::SchoolYear,
    monitor::{
        report::{Figure, Source},
        spending::Way,
    },
    refusal::Refusal,
};
use schakel_proto::v1 as pb;

use super::{
    get::{Report, Row},
    granted, obliged, spending, supply,
};
use crate::{
    error::language,
    monitor::wire::small,
    wire::{enums::number, fields::Fields},
};

/// More is a mistake.
const MOST_HOURS: i32 = 100_000;

fn row(row: &Row) -> pb::ReportRow {
    let figure = |(figure, count): &(Figure, Option<u32>)| pb::ReportFigure {
        figure: figure.to_string(),
        basis: figure.basis(language()).to_owned(),
        count: count.map_or(0, small),
        withheld: count.is_none(),
    };
    pb::ReportRow {
        key: row.key.clone(),
        display_name: row.name.clone(),
        gemeente_code: row.gemeente.clone(),
        figures: row.figures.iter().map(figure).collect(),
        median_days: row.median_days.map(small),
        smw_minutes: row.minutes.map(|(smw, _)| small(smw)),
        jgz_minutes: row.minutes.map(|(_, jgz)| small(jgz)),
        median_kilometres: row.distance.map(|far| small(far.median)),
        ninetieth_kilometres: row.distance.and_then(|far| far.ninetieth).map(small),
    }
}

/// A report.
pub(super) fn report(report: &Report) -> pb::GetReportResponse {
    pb::GetReportResponse {
        kind: number("REPORT_KIND", report.kind.into(), pb::ReportKind::from_str_name),
        from_date: report.period.from().to_string(),
        until_date: report.period.until().to_string(),
        complete: report.complete,
        exact: report.small.is_none(),
        threshold: report.small.map_or(0, |number| small(number.threshold())),
        total: Some(row(&report.total)),
        rows: report.rows.iter().map(row).collect(),
        obliged: report.obliged.iter().map(|account| obliged::to_wire(report.year(), account)).collect(),
    }
}

/// A number below 0 too.
fn signed(granted: u32, used: u32) -> i32 {
    i32::try_from(i64::from(granted) - i64::from(used)).unwrap_or(i32::MIN)
}

fn account(source: Source, (granted, used): (u32, u32), version: i32) -> pb::HoursAccount {
    pb::HoursAccount {
        source: number("HOURS_SOURCE", source.into(), pb::HoursSource::from_str_name),
        granted_minutes: small(granted),
        used_minutes: small(used),
        left_minutes: signed(granted, used),
        etag: version.to_string(),
    }
}

fn supply_row(row: &supply::Row) -> pb::SupplyRow {
    let (has, [education, municipality]) = (&row.supply, row.versions);
    let demand = row.asked.zip(has.unanswered);
    let (asked, unanswered) = demand.unwrap_or_default();
    pb::SupplyRow {
        wijk_code: row.wijk.clone(),
        display_name: row.name.clone(),
        accounts: vec![
            account(Source::Education, has.education, education),
            account(Source::Municipality, has.municipality, municipality),
        ],
        provisions: small(has.provisions),
        places: small(has.places.0),
        taken_places: small(has.places.1),
        waiting: small(has.waiting),
        asked: small(asked),
        unanswered: small(unanswered),
        demand_withheld: demand.is_none(),
        meetings_withheld: !row.meetings,
        spending: [Way::Offered, Way::Bought]
            .into_iter()
            .zip(&row.spending)
            .map(|(way, account)| spending::to_wire(way, account.as_ref()))
            .collect(),
        gaps: row
            .gaps
            .iter()
            .map(|gap| number("SUPPLY_GAP", (*gap).into(), pb::SupplyGap::from_str_name))
            .collect(),
    }
}

/// The supply of a school year.
pub(super) fn supply(year: SchoolYear, until: NaiveDate, rows: &[supply::Row]) -> pb::GetSupplyResponse {
    pb::GetSupplyResponse {
        school_year: year.to_string(),
        until_date: until.to_string(),
        rows: rows.iter().map(supply_row).collect(),
    }
}

/// Hours that are wanted.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::GrantedHours>) -> Option<granted::Wish> {
    let Some(wire) = wire else {
        fields.refuse("granted_hours", Refusal::FieldRequired);
        return None;
    };
    let year = fields.parse("granted_hours.school_year", &wire.school_year);
    let wijk = fields.parse("granted_hours.wijk_code", &wire.wijk_code);
    let source = fields.choice("granted_hours.source", wire.source, pb::HoursSource::as_str_name);
    if !(0..=MOST_HOURS).contains(&wire.hours) {
        fields.refuse("granted_hours.hours", Refusal::FieldInvalid);
    }
    let version = fields.etag("granted_hours.etag", &wire.etag);
    Some(granted::Wish { year: year?, wijk: wijk?, source: source?, hours: wire.hours, version: version? })
}

/// The school year that is asked for: at most the next.
pub(super) fn year(fields: &mut Fields, text: &str, today: NaiveDate) -> Option<SchoolYear> {
    let now = SchoolYear::of(today);
    if text.is_empty() {
        return Some(now);
    }
    let year: SchoolYear = fields.parse("school_year", text)?;
    if year > now.later(1) {
        fields.refuse("school_year", Refusal::TimeOutOfBounds);
    }
    Some(year)
}
