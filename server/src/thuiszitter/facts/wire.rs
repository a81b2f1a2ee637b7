//! Entries of the log on the wire.

use chrono::NaiveDate;
use schakel_domain::{
    ids::FactId,
    refusal::Language,
    text::FreeText,
    thuiszitter::{Enrolment, Event, Moment, Said},
    time::Validity,
};
use schakel_proto::v1::{self as pb, fact};

use super::{log::Entry, words::sentence};
use crate::{
    access::rpc::role_to_wire,
    thuiszitter::wire::{kind_to_wire, outcome_to_wire},
    wire::{enums::number, fields::text, time::timestamp},
};

/// An entry, with the one that stands in its place when there is one.
pub(super) fn to_wire(entry: &Entry, corrected_by: Option<FactId>, language: Language) -> pb::Fact {
    let role = entry.role.split(' ').next().and_then(|role| role.parse().ok());
    pb::Fact {
        name: entry.fact.id.to_string(),
        tell_time: Some(timestamp(entry.fact.told)),
        role: role.map(role_to_wire).unwrap_or_default(),
        organisation: text(entry.organisation),
        corrects: text(entry.fact.corrects),
        corrected_by: text(corrected_by),
        text: sentence(entry.fact.said.as_ref(), language),
        reason: entry.reason.as_ref().map_or("", FreeText::as_str).to_owned(),
        said: entry.fact.said.as_ref().and_then(said_to_wire),
    }
}

/// A day on the wire; empty for one that nobody said.
fn day(date: NaiveDate) -> String {
    if date == NaiveDate::MIN { String::new() } else { date.to_string() }
}

fn days(days: Validity) -> (String, String) {
    (day(days.from()), text(days.until()))
}

/// A moment's number.
pub(in crate::thuiszitter) fn moment_to_wire(moment: Moment) -> i32 {
    number("MOMENT", moment.into(), pb::Moment::from_str_name)
}

fn enrolment_to_wire(enrolment: Enrolment) -> i32 {
    number("ENROLMENT", enrolment.into(), pb::Enrolment::from_str_name)
}

fn step_to_wire(event: Event) -> i32 {
    number("CASE_STEP", event.into(), pb::CaseStep::from_str_name)
}

/// What it says; a birth date is told with the child alone.
fn said_to_wire(said: &Said) -> Option<fact::Said> {
    Some(match said {
        Said::Kind(from, kind) => {
            fact::Said::Absence(fact::Absence { kind: kind_to_wire(*kind), from_date: day(*from) })
        }
        Said::Enrolment(from, enrolment) => fact::Said::Enrolled(fact::Enrolled {
            enrolment: enrolment_to_wire(*enrolment),
            from_date: day(*from),
        }),
        Said::Residence(from, gemeente) => fact::Said::Residence(fact::Residence {
            gemeente_code: gemeente.to_string(),
            from_date: day(*from),
        }),
        Said::Birth(_) => return None,
        Said::FirstFullYear(year) => fact::Said::FirstFullSchoolYear(year.to_string()),
        Said::Qualified(on) => fact::Said::QualifiedDate(on.to_string()),
        Said::Happened(moment, on) => {
            fact::Said::Happened(fact::Dated { moment: moment_to_wire(*moment), date: on.to_string() })
        }
        Said::Missed(time) => fact::Said::Missed(fact::Missed {
            date: time.date.to_string(),
            minutes: i32::from(time.minutes),
            ground: number("ABSENCE_GROUND", time.ground.into(), pb::AbsenceGround::from_str_name),
            until_date: String::new(),
        }),
        Said::Exempt(exemption) => {
            let (from_date, until_date) = days(exemption.days);
            let ground =
                number("EXEMPTION_GROUND", exemption.ground.into(), pb::ExemptionGround::from_str_name);
            fact::Said::Exemption(fact::Exemption { ground, from_date, until_date })
        }
        Said::Holds(what, held) => {
            let (from_date, until_date) = days(*held);
            let circumstance = number("CIRCUMSTANCE", (*what).into(), pb::Circumstance::from_str_name);
            fact::Said::Holding(fact::Holding { circumstance, from_date, until_date })
        }
        Said::StoodStill(suspension) => {
            let (from_date, until_date) = days(suspension.days);
            fact::Said::Suspension(fact::Suspension { norm: suspension.norm.clone(), from_date, until_date })
        }
        Said::Step(on, event) => {
            fact::Said::Step(fact::Step { step: step_to_wire(*event), date: on.to_string() })
        }
        Said::Level(on, level) => {
            fact::Said::Level(fact::Level { level: *level as i32, date: on.to_string() })
        }
        Said::Ended(on, outcome) => {
            fact::Said::Ended(fact::Ended { outcome: outcome_to_wire(*outcome), date: on.to_string() })
        }
    })
}
