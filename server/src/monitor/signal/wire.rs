//! Signals on the wire.

use schakel_domain::refusal::Refusal;
use schakel_proto::v1::{self as pb, signal};

use super::{
    report::Wish,
    store::{Filter, Signal},
};
use crate::wire::{
    enums::number,
    fields::{Fields, text},
};

/// More is a mistake.
const MOST_CHILDREN: i32 = 999;

/// A signal that was opened.
pub(super) fn to_wire(signal: &Signal, words: String, answer: String) -> pb::Signal {
    pb::Signal {
        name: signal.id.to_string(),
        state: number("STATE", signal.state.into(), signal::State::from_str_name),
        category: number("CATEGORY", signal.category.into(), signal::Category::from_str_name),
        school: text(signal.school),
        wijk_code: signal.wijk.clone().unwrap_or_default(),
        text: words,
        children: signal.children.unwrap_or_default(),
        reporter: signal.reporter.to_string(),
        organisation: signal.organisation.to_string(),
        report_date: signal.reported.to_string(),
        consultation: text(signal.consultation),
        answer,
        answer_date: text(signal.answered),
        etag: signal.version.to_string(),
    }
}

/// The signal that is told.
pub(super) fn wish(fields: &mut Fields, wire: Option<&pb::Signal>) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("signal", Refusal::FieldRequired);
        return None;
    };
    let category = fields.choice("signal.category", wire.category, signal::Category::as_str_name);
    let school = fields.parse_if("signal.school", &wire.school);
    let wijk = fields.parse_if("signal.wijk_code", &wire.wijk_code);
    if !wire.school.is_empty() && !wire.wijk_code.is_empty() {
        fields.refuse("signal.wijk_code", Refusal::FieldInvalid);
    }
    let words = fields.parse("signal.text", &wire.text);
    if !(0..=MOST_CHILDREN).contains(&wire.children) {
        fields.refuse("signal.children", Refusal::FieldInvalid);
    }
    let children = Some(wire.children).filter(|count| *count > 0);
    Some(Wish { category: category?, school, wijk, text: words?, children })
}

/// What a list is narrowed to; what could not be read is noted with `fields`.
pub(super) fn filter(fields: &mut Fields, list: &pb::ListSignalsRequest) -> Filter {
    let state =
        if list.state == 0 { None } else { fields.choice("state", list.state, signal::State::as_str_name) };
    let category = if list.category == 0 {
        None
    } else {
        fields.choice("category", list.category, signal::Category::as_str_name)
    };
    let from = fields.date_if("from_date", &list.from_date);
    let until = fields.date_if("until_date", &list.until_date);
    if let (Some(first), Some(last)) = (from, until)
        && first > last
    {
        fields.refuse("until_date", Refusal::TimeRangeInvalid);
    }
    Filter {
        state,
        category,
        wijk: fields.parse_if("wijk_code", &list.wijk_code),
        school: fields.parse_if("school", &list.school),
        consultation: fields.parse_if("consultation", &list.consultation),
        days: (from, until),
    }
}
