//! Scopes, tables and curves, on the wire.

use schakel_domain::{
    access::{Class, Reached},
    dutch::codes::GemeenteCode,
    monitor::{End, Measure, Survival, Told},
    refusal::Refusal,
};
use schakel_proto::v1::{
    self as pb, MonitorFigure, MonitorMedian, MonitorRow, get_survival_response::Point, monitor_scope::Of,
};

use super::{
    export::Format,
    population::Scope,
    survival::Found,
    table::{Group, Row, Table},
};
use crate::{
    access::Grant,
    wire::{enums::number, fields::Fields},
};

/// The scope that is asked for.
pub(super) fn scope(fields: &mut Fields, wire: Option<&pb::MonitorScope>) -> Option<Scope> {
    match wire.and_then(|scope| scope.of.as_ref()) {
        None => Some(Scope::All),
        Some(Of::GemeenteCode(code)) => {
            let code: Option<GemeenteCode> = fields.parse("scope.gemeente_code", code);
            code.map(|code| Scope::Gemeente(code.to_string()))
        }
        Some(Of::Cluster(cluster)) => fields.parse("scope.cluster", cluster).map(Scope::Cluster),
        Some(Of::School(school)) => fields.parse("scope.school", school).map(Scope::School),
    }
}

/// By what is grouped; none is by nothing, and what was refused.
pub(super) fn group(fields: &mut Fields, number: i32) -> Option<Group> {
    if number == 0 { None } else { fields.choice("group_by", number, pb::MonitorGroup::as_str_name) }
}

/// What is waited for.
pub(super) fn end(fields: &mut Fields, number: i32) -> Option<End> {
    fields.choice("end", number, pb::WaitingEnd::as_str_name)
}

/// What kind of file, where there are no pictures.
pub(super) fn file_format(fields: &mut Fields, number: i32) -> Option<Format> {
    let format: Option<Format> = fields.choice("format", number, pb::MonitorFormat::as_str_name);
    if matches!(format, Some(Format::Svg)) {
        fields.refuse("format", Refusal::FieldInvalid);
    }
    format
}

fn end_to_wire(end: End) -> i32 {
    number("WAITING_END", end.into(), pb::WaitingEnd::from_str_name)
}

/// A count on the wire.
pub(super) fn small(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// What is told of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Told(u32),
    Withheld,
    /// Nobody counted it on that day.
    Uncounted,
}

/// Every figure with its name, and what is told of it; `is_today` says of which day.
pub(super) fn figures(told: &Told, is_today: bool) -> impl Iterator<Item = (String, Figure)> {
    Measure::all().filter_map(move |measure| {
        let figure = if measure.is_of_today() && !is_today {
            Figure::Uncounted
        } else {
            told.get(&measure).copied().unwrap_or(Some(0)).map_or(Figure::Withheld, Figure::Told)
        };
        measure.name().map(|name| (name, figure))
    })
}

/// The half-way day of a curve.
pub(super) fn median(end: End, survival: &Survival) -> MonitorMedian {
    let (lower, upper) = survival.median_band;
    MonitorMedian {
        end: end_to_wire(end),
        days: survival.median.map(small),
        lower_days: lower.map(small),
        upper_days: upper.map(small),
    }
}

fn row(row: &Row, is_today: bool) -> MonitorRow {
    let figure = |(measure, figure): (String, Figure)| {
        let (count, withheld, uncounted) = match figure {
            Figure::Told(count) => (small(count), false, false),
            Figure::Withheld => (0, true, false),
            Figure::Uncounted => (0, false, true),
        };
        MonitorFigure { measure, count, withheld, uncounted }
    };
    MonitorRow {
        key: row.key.clone(),
        display_name: row.name.clone(),
        gemeente_code: row.gemeente.clone(),
        figures: figures(&row.figures, is_today).map(figure).collect(),
        medians: row.medians.iter().map(|(end, survival)| median(*end, survival)).collect(),
    }
}

/// A table.
pub(super) fn table(table: &Table) -> pb::GetMonitorResponse {
    pb::GetMonitorResponse {
        date: table.date.to_string(),
        from_date: table.period.from().to_string(),
        until_date: table.period.until().to_string(),
        exact: table.small.is_none(),
        threshold: table.small.map_or(0, |number| small(number.threshold())),
        total: Some(row(&table.total, table.is_today)),
        rows: table.rows.iter().map(|one| row(one, table.is_today)).collect(),
    }
}

/// A curve.
pub(super) fn curve(found: &Found, end: End) -> pb::GetSurvivalResponse {
    let point = |point: &schakel_domain::monitor::Point| Point {
        days: small(point.days),
        at_risk: small(point.at_risk),
        came: small(point.came),
        censored: small(point.censored),
        survival: point.survival,
        lower: point.lower,
        upper: point.upper,
    };
    pb::GetSurvivalResponse {
        from_date: found.period.from().to_string(),
        until_date: found.period.until().to_string(),
        exact: found.exact,
        points: found.survival.points.iter().map(point).collect(),
        median: Some(median(end, &found.survival)),
    }
}

/// What the figures of a scope are about, in the caller's language: of what the caller counts when
/// it asks for all.
pub(super) fn about(grant: &Grant, scope: &Scope, name: impl Fn(&str) -> String, region: &str) -> String {
    let known = |key: String| {
        let known = name(&key);
        if known.is_empty() { key } else { known }
    };
    match scope {
        Scope::Gemeente(code) => known(code.clone()),
        Scope::Cluster(cluster) => known(cluster.to_string()),
        Scope::School(school) => known(school.to_string()),
        Scope::All => {
            let mut ways = grant.reached().iter().filter(|(_, classes)| classes.has(Class::K3));
            match ways.next() {
                Some((Reached::School(school), _)) => {
                    known(schakel_domain::ids::SchoolId(*school).to_string())
                }
                Some((Reached::Residence(code), _)) => known(code.clone()),
                Some(_) | None => region.to_owned(),
            }
        }
    }
}
