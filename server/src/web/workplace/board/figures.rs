//! Figures for the page: rows of the table, the period, and how long it takes in words and numbers.

use minijinja::{Value, context};
use schakel_proto::v1::{self as pb, get_survival_response::Point};

use super::{
    Words,
    asked::{ENDS, End},
};

/// In the order of the columns.
const BANDS: [&str; 5] =
    ["UNDER_4_WEEKS", "FROM_4_TO_13_WEEKS", "FROM_13_TO_26_WEEKS", "FROM_26_TO_52_WEEKS", "FROM_52_WEEKS"];

/// After how many weeks the curve is told in the table.
const MARKS: [i32; 5] = [4, 8, 13, 26, 52];

fn find<'a>(row: &'a pb::MonitorRow, measure: &str) -> Option<&'a pb::MonitorFigure> {
    row.figures.iter().find(|one| one.measure == measure)
}

/// `count` and whether it is `withheld`.
pub(super) fn figure(row: &pb::MonitorRow, measure: &str) -> Value {
    let (count, withheld) = find(row, measure).map_or((0, false), |one| (one.count, one.withheld));
    context! { count, withheld }
}

/// How many it says; none where that is withheld, or nobody counted it.
pub(super) fn told(row: &pb::MonitorRow, measure: &str) -> Option<i32> {
    find(row, measure).filter(|one| !one.withheld && !one.uncounted).map(|one| one.count)
}

/// A row: `name` (that of who has no such place is `nowhere`), `within` (of a wijk: where the children live),
/// `open` and `bands`.
pub(super) fn row(row: &pb::MonitorRow, gemeenten: &[(String, String)], nowhere: &str) -> Value {
    let names = [row.display_name.as_str(), row.key.as_str(), nowhere];
    let name = names.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    let known = gemeenten.iter().find(|(code, _)| *code == row.gemeente_code);
    let within = known.map_or(row.gemeente_code.as_str(), |(_, name)| name.as_str());
    let bands: Vec<Value> = BANDS.iter().map(|band| figure(row, band)).collect();
    context! { name, within, bands, open => figure(row, "OPEN") }
}

/// Whether there is nobody to tell of.
pub(super) fn is_empty(table: &pb::GetMonitorResponse) -> bool {
    table.total.as_ref().and_then(|total| told(total, "OPEN")) == Some(0)
}

/// Whether something of the table is withheld.
pub(super) fn withholds(table: &pb::GetMonitorResponse) -> bool {
    let mut rows = table.rows.iter().chain(&table.total);
    rows.any(|row| row.figures.iter().any(|one| one.withheld))
}

/// What happened in the period, and what it is called.
fn of_period(own: &Words) -> [(&'static str, &'static str); 9] {
    [
        ("INFLOW", own.inflow),
        ("OUTFLOW", own.outflow),
        ("PACT_WITHIN", own.within),
        ("PACT_LATE", own.late),
        ("SOLVED", own.solved),
        ("SOLVED_LASTING", own.lasting),
        ("SOLVED_RELAPSED", own.relapsed),
        ("SOLVED_UNFOLLOWED", own.unfollowed),
        ("SOLVED_PENDING", own.pending),
    ]
}

/// What the columns of the table's file mean: `code` and `label` of each.
pub(super) fn columns(own: &Words) -> Vec<Value> {
    let bands = [own.under_4, own.from_4, own.from_13, own.from_26, own.from_52];
    let all = [("KEY", own.column_key), ("OPEN", own.open)].into_iter().chain(BANDS.into_iter().zip(bands));
    let lacks = [("WITHOUT_REGISSEUR", own.no_regisseur), ("WITHOUT_NEXT_ACTION", own.no_next_action)];
    let all = all.chain([("STAGE_…", own.column_stage), ("LABEL_…", own.column_label)]).chain(lacks);
    let all = all.chain(of_period(own)).chain([("MEDIAN_DAYS_…", own.column_median)]);
    all.map(|(code, label)| context! { code => code.to_lowercase(), label }).collect()
}

/// What happened in the period: `label` and `figure` of each.
pub(super) fn period(total: &pb::MonitorRow, own: &Words) -> Vec<Value> {
    let one = |(measure, label): (&str, &'static str)| context! { label, figure => figure(total, measure) };
    of_period(own).into_iter().map(one).collect()
}

/// For each that is waited for: `label` and the sentence that says how long, of the same children as the
/// `curve`. The table tells of a year: of days of one's own choice there is the one of the curve alone.
pub(super) fn medians(
    (table, curve): (&pb::GetMonitorResponse, &pb::GetSurvivalResponse),
    is_of_own_days: bool,
    own: &Words,
) -> Vec<Value> {
    let medians = table.total.iter().flat_map(|total| &total.medians);
    let told: Vec<&pb::MonitorMedian> = medians.filter(|_| !is_of_own_days || !curve.exact).collect();
    let told = if told.is_empty() { curve.median.iter().collect() } else { told };
    let one = |(_, end, label): &End| {
        let found = told.iter().find(|median| median.end == i32::from(*end))?;
        Some(context! { label => label(own), text => sentence(found, curve.exact, own) })
    };
    ENDS.iter().filter_map(one).collect()
}

fn sentence(median: &pb::MonitorMedian, exact: bool, own: &Words) -> String {
    let none = if exact { own.none } else { own.too_few };
    let Some(days) = median.days else { return none.to_owned() };
    if !exact {
        // Outside it is the end of a week.
        return format!("{} {} {}", own.half, days / 7, own.weeks);
    }
    let half = format!("{} {days} {}", own.half, own.days);
    match (median.lower_days, median.upper_days) {
        (Some(lower), Some(upper)) => format!("{half} ({} {lower} {} {upper})", own.between, own.to),
        (Some(_), None) | (None, Some(_) | None) => half,
    }
}

/// The curve at a few weeks, as far as it goes: `weeks`, `still`, `lower`, `upper` in per cents and
/// how many were `at_risk`. Of one that is not exact, at the last told weeks by then: in between it is not known.
pub(super) fn curve(curve: &pb::GetSurvivalResponse) -> Vec<Value> {
    let last = curve.points.last().map_or(0, |point| point.days);
    let mut reached: Vec<i32> = if curve.exact {
        MARKS.into_iter().filter(|weeks| weeks * 7 <= last).collect()
    } else {
        let by = |weeks: i32| curve.points.iter().rev().find(|point| point.days <= weeks * 7);
        MARKS.into_iter().filter_map(by).map(|point| point.days / 7).collect()
    };
    reached.dedup();
    let one = |weeks: i32| {
        let before = curve.points.iter().rev().find(|point| point.days <= weeks * 7);
        let (still, lower, upper) =
            before.map_or((1.0, 1.0, 1.0), |point| (point.survival, point.lower, point.upper));
        let next = curve.points.iter().find(|point| point.days >= weeks * 7);
        let at_risk = next.map_or(0, |point: &Point| point.at_risk);
        let cent = |part: f64| format!("{:.0}%", part * 100.0);
        context! { weeks, at_risk, still => cent(still), lower => cent(lower), upper => cent(upper) }
    };
    reached.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(days: i32, survival: f64) -> Point {
        Point { days, at_risk: 40 - days, survival, ..Default::default() }
    }

    #[test]
    fn a_curve_is_told_at_a_few_weeks_and_no_further_than_it_goes() {
        let curve = |points| {
            super::curve(&pb::GetSurvivalResponse {
                points,
                exact: true,
                ..pb::GetSurvivalResponse::default()
            })
        };
        assert!(curve(Vec::new()).is_empty());
        assert!(curve(vec![point(27, 0.5)]).is_empty());
        let told = curve(vec![point(21, 0.75), point(30, 0.5)]);
        assert_eq!(told.len(), 1, "after 4 weeks, and not after 8");
        let of = |name: &str| told[0].get_attr(name).unwrap().to_string();
        assert_eq!((of("still").as_str(), of("at_risk").as_str()), ("75%", "10"));
    }

    #[test]
    fn a_curve_that_is_not_exact_is_told_at_the_weeks_that_it_has() {
        let points = vec![point(21, 0.75), point(35, 0.5), point(49, 0.25)];
        let told = curve(&pb::GetSurvivalResponse { points, ..pb::GetSurvivalResponse::default() });
        let of = |row: &Value, name: &str| row.get_attr(name).unwrap().to_string();
        let rows: Vec<_> = told.iter().map(|row| (of(row, "weeks"), of(row, "still"))).collect();
        assert_eq!(rows, [("3".to_owned(), "75%".to_owned()), ("7".to_owned(), "25%".to_owned())]);
    }
}
