//! Indicators on the wire.

use schakel_domain::{
    dutch::SchoolYear,
    ids::IndicatorId,
    monitor::{
        indicator::{Formula, Unit, Value, Verdict},
        report::Figure,
    },
    refusal::{Refusal, Violation},
};
use schakel_proto::v1::{self as pb, indicator as words};

use super::{
    change::{Aim, Typed, Wish},
    list::{Reading, Readings},
    store::Indicator,
};
use crate::{
    monitor::wire::small,
    wire::{
        enums::number,
        fields::{Fields, text},
    },
};

/// A hundred million of whatever it is; more is a mistake.
const MOST_TENTHS: i32 = 1_000_000_000;

/// A part is no more than its whole.
const WHOLE_TENTHS: i32 = 1000;

/// Refuses a target that nothing ever comes to.
pub(super) fn reachable(target: i32, formula: Option<Formula>) -> Option<Violation> {
    let is_part = formula.is_some_and(|formula| formula.is_part_of_a_whole());
    (is_part && target > WHOLE_TENTHS).then(|| Violation {
        field: "indicator.target_tenths".to_owned(),
        refusal: Refusal::FieldInvalid,
        form: Some("(0–100 %)".to_owned()),
        bound: None,
    })
}

/// An indicator as it stands.
pub(super) fn to_wire(indicator: &Indicator) -> pb::Indicator {
    let (dutch, english) = &indicator.names;
    let formula = |formula: Formula| words::Formula {
        report: number("REPORT_KIND", formula.report.into(), pb::ReportKind::from_str_name),
        numerator: formula.numerator.to_string(),
        denominator: text(formula.denominator),
    };
    pb::Indicator {
        name: indicator.id.to_string(),
        name_nl: dutch.as_str().to_owned(),
        name_en: english.as_ref().map(|name| name.as_str().to_owned()).unwrap_or_default(),
        unit: number("UNIT", indicator.unit.into(), words::Unit::from_str_name),
        formula: indicator.formula.map(formula),
        target_tenths: indicator.target,
        direction: number("DIRECTION", indicator.direction.into(), words::Direction::from_str_name),
        first_school_year: indicator.first.to_string(),
        last_school_year: text(indicator.last),
        etag: indicator.version.to_string(),
    }
}

/// What was typed in.
pub(super) fn value_to_wire(typed: Typed, version: i32) -> pb::IndicatorValue {
    pb::IndicatorValue {
        indicator: typed.id.to_string(),
        school_year: typed.year.to_string(),
        value_tenths: typed.tenths,
        etag: version.to_string(),
    }
}

fn reading(reading: &Reading) -> pb::IndicatorReading {
    let indicator = &reading.indicator;
    let verdict: Verdict = reading.value.verdict(indicator.direction, indicator.target);
    let value_tenths = match reading.value {
        Value::Tenths(tenths) => Some(tenths),
        Value::None | Value::Withheld => None,
    };
    let value_etag = if indicator.formula.is_none() { reading.version.to_string() } else { String::new() };
    pb::IndicatorReading {
        indicator: Some(to_wire(indicator)),
        value_tenths,
        verdict: number("INDICATOR_VERDICT", verdict.into(), pb::IndicatorVerdict::from_str_name),
        value_etag,
    }
}

/// A page of a school year.
pub(super) fn readings(readings: &Readings, next_page_token: String) -> pb::ListIndicatorsResponse {
    pb::ListIndicatorsResponse {
        school_year: readings.year.to_string(),
        exact: readings.small.is_none(),
        threshold: readings.small.map_or(0, |number| small(number.threshold())),
        readings: readings.all.iter().map(reading).collect(),
        next_page_token,
    }
}

/// The indicator that is given.
pub(super) fn given(fields: &mut Fields, wire: Option<pb::Indicator>) -> Option<pb::Indicator> {
    if wire.is_none() {
        fields.refuse("indicator", Refusal::FieldRequired);
    }
    wire
}

/// Which indicator, as the caller read it.
pub(super) fn known(fields: &mut Fields, wire: &pb::Indicator) -> Option<(IndicatorId, i32)> {
    let id = fields.parse("indicator.name", &wire.name);
    let etag = fields.etag("indicator.etag", &wire.etag);
    id.zip(etag)
}

/// What of it can change.
pub(super) fn aim(fields: &mut Fields, wire: &pb::Indicator) -> Option<Aim> {
    let dutch = fields.parse("indicator.name_nl", &wire.name_nl);
    let english = fields.parse_if("indicator.name_en", &wire.name_en);
    if !(0..=MOST_TENTHS).contains(&wire.target_tenths) {
        fields.refuse("indicator.target_tenths", Refusal::FieldInvalid);
    }
    let direction = fields.choice("indicator.direction", wire.direction, words::Direction::as_str_name);
    let last: Option<SchoolYear> = fields.parse_if("indicator.last_school_year", &wire.last_school_year);
    Some(Aim { names: (dutch?, english), target: wire.target_tenths, direction: direction?, last })
}

/// The indicator that is wanted.
pub(super) fn wish(fields: &mut Fields, wire: &pb::Indicator) -> Option<Wish> {
    let aim = aim(fields, wire);
    let unit: Option<Unit> = fields.choice("indicator.unit", wire.unit, words::Unit::as_str_name);
    let formula = wire.formula.as_ref().map(|wire| formula(fields, wire));
    let first: Option<SchoolYear> = fields.parse("indicator.first_school_year", &wire.first_school_year);
    if let (Some(unit), Some(Some(formula))) = (unit, formula)
        && !formula.is_in(unit)
    {
        fields.refuse("indicator.unit", Refusal::FieldInvalid);
    }
    if wire.target_tenths <= MOST_TENTHS {
        fields.add(reachable(wire.target_tenths, formula.flatten()).into_iter().collect());
    }
    let aim = aim?;
    if let (Some(first), Some(last)) = (first, aim.last)
        && last < first
    {
        fields.refuse("indicator.last_school_year", Refusal::TimeRangeInvalid);
    }
    // Of one that could not be read it was noted why.
    let formula = match formula {
        Some(read) => Some(read?),
        None => None,
    };
    Some(Wish { aim, unit: unit?, formula, first: first? })
}

fn figure(fields: &mut Fields, field: &str, text: &str) -> Option<Figure> {
    let figure: Option<Figure> = text.parse().ok();
    if figure.is_none() {
        fields.refuse(field, if text.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid });
    }
    figure
}

fn formula(fields: &mut Fields, wire: &words::Formula) -> Option<Formula> {
    let report = fields.choice("indicator.formula.report", wire.report, pb::ReportKind::as_str_name);
    let numerator = figure(fields, "indicator.formula.numerator", &wire.numerator);
    let denominator = if wire.denominator.is_empty() {
        None
    } else {
        Some(figure(fields, "indicator.formula.denominator", &wire.denominator)?)
    };
    let formula = Formula { report: report?, numerator: numerator?, denominator };
    if !formula.is_of_a_year() {
        fields.refuse("indicator.formula", Refusal::FieldInvalid);
        return None;
    }
    Some(formula)
}

/// What is typed in.
pub(super) fn typed(fields: &mut Fields, wire: Option<&pb::IndicatorValue>) -> Option<Typed> {
    let Some(wire) = wire else {
        fields.refuse("indicator_value", Refusal::FieldRequired);
        return None;
    };
    let id = fields.parse("indicator_value.indicator", &wire.indicator);
    let year = fields.parse("indicator_value.school_year", &wire.school_year);
    if !(0..=MOST_TENTHS).contains(&wire.value_tenths) {
        fields.refuse("indicator_value.value_tenths", Refusal::FieldInvalid);
    }
    let version = fields.etag("indicator_value.etag", &wire.etag);
    Some(Typed { id: id?, year: year?, tenths: wire.value_tenths, version: version? })
}
