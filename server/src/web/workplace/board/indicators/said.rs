//! Indicators as people say them: units, targets, verdicts, and from what they are worked out.

use minijinja::{Value, context};
use pb::{
    IndicatorVerdict,
    indicator::{Direction, Formula, Unit},
};
use schakel_domain::{
    monitor::report::{Figure, Kind},
    refusal::Language,
};
use schakel_proto::v1 as pb;
use strum::IntoEnumIterator;

use crate::web::workplace::board::reports;

fn choose(language: Language, (dutch, english): (&'static str, &'static str)) -> &'static str {
    match language {
        Language::Dutch => dutch,
        Language::English => english,
    }
}

/// What an indicator is called.
pub(super) fn name(one: &pb::Indicator, language: Language) -> &str {
    match language {
        Language::English if !one.name_en.is_empty() => &one.name_en,
        Language::English | Language::Dutch => &one.name_nl,
    }
}

fn unit(unit: Unit, language: Language) -> &'static str {
    let words = match unit {
        Unit::Unspecified => ("", ""),
        Unit::Children => ("kinderen", "children"),
        Unit::Number => ("aantal", "number"),
        Unit::Percent => ("%", "%"),
        Unit::Days => ("dagen", "days"),
        Unit::Hours => ("uur", "hours"),
        Unit::Euro => ("euro", "euro"),
    };
    choose(language, words)
}

/// All units, to choose from.
pub(super) fn units(language: Language) -> Vec<Value> {
    let all = [Unit::Children, Unit::Number, Unit::Percent, Unit::Days, Unit::Hours, Unit::Euro];
    all.into_iter().map(|one| context! { value => one.as_str_name(), label => unit(one, language) }).collect()
}

/// On which side of its target something should be.
pub(super) fn direction(direction: Direction, language: Language) -> &'static str {
    let words = match direction {
        Direction::Unspecified => ("", ""),
        Direction::AtLeast => ("minstens", "at least"),
        Direction::AtMost => ("hoogstens", "at most"),
    };
    choose(language, words)
}

/// Both sides, to choose from.
pub(super) fn directions(language: Language) -> Vec<Value> {
    let all = [Direction::AtLeast, Direction::AtMost];
    all.into_iter()
        .map(|one| context! { value => one.as_str_name(), label => direction(one, language) })
        .collect()
}

/// How an indicator stands, and the class of the sign beside it.
pub(super) fn verdict(verdict: IndicatorVerdict, language: Language) -> (&'static str, &'static str) {
    let (words, sign) = match verdict {
        IndicatorVerdict::Unspecified => (("", ""), "waiting"),
        IndicatorVerdict::Met => (("gehaald", "met"), "accepted"),
        IndicatorVerdict::NotMet => (("niet gehaald", "not met"), "declined"),
        IndicatorVerdict::NoValue => (("geen waarde", "no value"), "waiting"),
        IndicatorVerdict::Withheld => (("te klein om te tonen", "too small to show"), "waiting"),
    };
    (choose(language, words), sign)
}

/// `73,4`, or `80` without a rest.
pub(super) fn decimal(tenths: i32, language: Language) -> String {
    match (tenths / 10, tenths % 10) {
        (whole, 0) => whole.to_string(),
        (whole, rest) => format!("{whole}{}{}", choose(language, (",", ".")), rest.abs()),
    }
}

/// Tenths of what somebody typed; none where that is no number with at most one decimal.
pub(super) fn tenths(typed: &str) -> Option<i32> {
    let (whole, rest) = typed.split_once([',', '.']).unwrap_or((typed, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if rest.len() != 1 || !digits(whole) || !digits(rest) {
        return None;
    }
    whole.parse::<i32>().ok()?.checked_mul(10)?.checked_add(rest.parse().ok()?)
}

/// A number with its unit, for example `73,4 %`.
pub(super) fn quantity(tenths: i32, of: Unit, language: Language) -> String {
    let number = decimal(tenths, language);
    match of {
        Unit::Unspecified | Unit::Number => number,
        Unit::Children | Unit::Percent | Unit::Days | Unit::Hours | Unit::Euro => {
            format!("{number} {}", unit(of, language))
        }
    }
}

/// From which figures it is worked out.
pub(super) fn formula(one: &Formula, share_of: &str, language: Language) -> String {
    let numerator = reports::figure(&one.numerator, language);
    if one.denominator.is_empty() {
        numerator.to_owned()
    } else {
        format!("{numerator}, {share_of}: {}", reports::figure(&one.denominator, language))
    }
}

/// The figures of each report of a school year, to choose from: `heading`, and `options` of which the value
/// is the report and the figure.
pub(super) fn figures(language: Language) -> Vec<Value> {
    let group = |kind: Kind| {
        let report = format!("REPORT_KIND_{kind}");
        let option = |figure: &Figure| {
            let name = figure.to_string();
            context! { value => format!("{report}/{name}"), label => reports::figure(&name, language) }
        };
        let options: Vec<Value> = kind.figures().iter().map(option).collect();
        context! { options, heading => reports::label(&report, language) }
    };
    Kind::iter().filter(|kind| !kind.is_quarterly()).map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_typed_with_at_most_one_decimal_and_told_as_it_was_typed() {
        for (typed, read) in [("80", Some(800)), ("73,4", Some(734)), ("73.4", Some(734)), ("0", Some(0))] {
            assert_eq!(tenths(typed), read, "{typed}");
        }
        for wrong in ["", "x", "-1", "1,25", "1,", "99999999999", "1.000"] {
            assert_eq!(tenths(wrong), None, "{wrong}");
        }
        assert_eq!(decimal(734, Language::Dutch), "73,4");
        assert_eq!(quantity(734, Unit::Percent, Language::English), "73.4 %");
        assert_eq!(quantity(800, Unit::Number, Language::Dutch), "80");
    }
}
