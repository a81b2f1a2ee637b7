//! What a calendar says, in one form whoever read it: `[name, properties, components]`, a
//! property as `[name, parameters, text]`.

use std::fmt::Write as _;

use calcard::{
    common::PartialDateTime,
    icalendar::{ICalendar, ICalendarEntry, ICalendarValue},
};
use schakel_domain::ical::{Component, Line};
use serde_json::{Value, json};

/// Values that are no text (RFC 5545 §3.3.11) stand as they are written.
const WRITTEN: [&str; 5] = ["ATTENDEE", "ORGANIZER", "URL", "SOURCE", "RRULE"];
/// Values of which one length has several spellings.
const LENGTHS: [&str; 3] = ["REFRESH-INTERVAL", "TRIGGER", "X-PUBLISHED-TTL"];

/// As our own reader has it.
pub(super) fn ours(calendars: &[Component]) -> Value {
    let property = |line: &Line| {
        let is_written = WRITTEN.contains(&line.name());
        let text = if is_written { line.value().as_raw().to_owned() } else { line.value().to_text() };
        json!([line.name(), line.params(), text])
    };
    let all = calendars.iter().map(|component| {
        let properties: Vec<Value> = component.properties.iter().map(property).collect();
        json!([component.name, properties, ours(&component.components)])
    });
    Value::Array(all.collect())
}

/// As calcard has it.
pub(super) fn of_calcard(calendar: &ICalendar) -> Value {
    let root = calendar.components.iter().position(|one| one.component_type.as_str() == "VCALENDAR");
    json!([component(calendar, root.unwrap())])
}

fn component(calendar: &ICalendar, at: usize) -> Value {
    let read = &calendar.components[at];
    let properties: Vec<Value> = read.entries.iter().map(property).collect();
    let components = read.component_ids.iter().map(|id| component(calendar, *id as usize));
    json!([read.component_type.as_str(), properties, components.collect::<Vec<_>>()])
}

#[expect(clippy::wildcard_enum_match_arm, reason = "all other values are texts, or the test ends here")]
fn property(entry: &ICalendarEntry) -> Value {
    let params = entry
        .params
        .iter()
        .map(|param| json!([param.name.as_str(), [decoded(param.value.as_text().unwrap())]]));
    let [value] = entry.values.as_slice() else { panic!("{entry:?}") };
    let text = match value {
        ICalendarValue::PartialDateTime(at) => moment(at),
        ICalendarValue::Duration(length) => length.to_string(),
        ICalendarValue::RecurrenceRule(rule) => rule.to_string(),
        ICalendarValue::Period(period) => period.to_string(),
        ICalendarValue::Integer(number) => number.to_string(),
        other => other.as_text().unwrap_or_else(|| panic!("{other:?}")).to_owned(),
    };
    json!([entry.name.as_str(), params.collect::<Vec<_>>(), text])
}

/// RFC 6868, which calcard leaves to whoever asks.
fn decoded(value: &str) -> String {
    let parts: Vec<_> = value.split("^^").map(|part| part.replace("^n", "\n").replace("^'", "\"")).collect();
    parts.join("^")
}

fn moment(at: &PartialDateTime) -> String {
    let mut text = String::new();
    if let (Some(year), Some(month), Some(day)) = (at.year, at.month, at.day) {
        write!(text, "{year:04}{month:02}{day:02}T").unwrap();
    }
    if let (Some(hour), Some(minute)) = (at.hour, at.minute) {
        write!(text, "{hour:02}{minute:02}{:02}", at.second.unwrap_or_default()).unwrap();
    }
    match (at.year, at.tz_hour, at.tz_minute) {
        (Some(_), Some(0), Some(0)) => text.push('Z'),
        (None, Some(hour), Some(minute)) => {
            write!(text, "{}{hour:02}{minute:02}", if at.tz_minus { '-' } else { '+' }).unwrap();
        }
        _ => {}
    }
    text
}

/// Without the backslashes of parameters, which calcard takes for escapes.
pub(super) fn without_backslashes(mut said: Value) -> Value {
    for component in said.as_array_mut().into_iter().flatten() {
        for property in component[1].as_array_mut().into_iter().flatten() {
            for param in property[1].as_array_mut().into_iter().flatten() {
                let value = param[1][0].as_str().unwrap().replace('\\', "");
                param[1] = json!([value]);
            }
        }
        component[2] = without_backslashes(component[2].take());
    }
    said
}

/// One order and one spelling: what differs then differs in meaning.
pub(super) fn canonical(mut said: Value) -> Value {
    let Some(components) = said.as_array_mut() else { return said };
    for component in components {
        let [_, properties, inner] = component.as_array_mut().unwrap().as_mut_slice() else { panic!() };
        for property in properties.as_array_mut().unwrap().iter_mut() {
            let [name, params, text] = property.as_array_mut().unwrap().as_mut_slice() else { panic!() };
            sorted(params);
            let name = name.as_str().unwrap();
            if LENGTHS.contains(&name) {
                *text = json!(seconds(text.as_str().unwrap()));
            } else if name == "RRULE" {
                let mut parts: Vec<&str> = text.as_str().unwrap().split(';').collect();
                parts.sort_unstable();
                *text = json!(parts.join(";"));
            }
        }
        sorted(properties);
        *inner = canonical(inner.take());
    }
    said
}

fn sorted(list: &mut Value) {
    list.as_array_mut().unwrap().sort_by_cached_key(Value::to_string);
}

/// `-PT30M`, `P1DT2H` as seconds.
fn seconds(length: &str) -> i64 {
    let mut all = 0;
    let mut number = 0;
    for c in length.chars() {
        let unit = match c {
            'D' => 86_400,
            'H' => 3600,
            'M' => 60,
            'S' => 1,
            'W' => 604_800,
            digit => {
                number = digit.to_digit(10).map_or(0, |digit| number * 10 + i64::from(digit));
                continue;
            }
        };
        all += number * unit;
        number = 0;
    }
    if length.starts_with('-') { -all } else { all }
}
