//! Reads what a fact says from the wire, with every violation under its own path.

use chrono::NaiveDate;
use schakel_domain::{
    bound::Bound,
    refusal::Refusal,
    text::FreeText,
    thuiszitter::{Circumstance, Exemption, MissedTime, Moment, Said, Suspension},
    time::Validity,
};
use schakel_proto::v1::{self as pb, fact};

use super::{
    log::Reasons,
    stretch::{MOST, Told},
};
use crate::{
    thuiszitter::{reading::past, wire::kind_from_wire},
    wire::fields::Fields,
};

/// Twelve hours: no school day is longer.
const MOST_MINUTES: u16 = 720;
/// No norm's id is longer.
const LONGEST_NORM: usize = 20;

/// Every fact of a request, with its path; and why, where one is told with a reason.
pub(super) fn facts(
    fields: &mut Fields,
    wire: &[pb::Fact],
    today: NaiveDate,
) -> Option<(Vec<Told>, Reasons)> {
    if wire.is_empty() || wire.len() > MOST {
        let refusal = if wire.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid };
        fields.refuse("facts", refusal);
        return None;
    }
    let mut reasons = Reasons::new();
    let read: Vec<_> = wire
        .iter()
        .enumerate()
        .filter_map(|(at, fact)| {
            let path = format!("facts[{at}]");
            let said = said(fields, &path, fact, today);
            let until = stretch(fields, &path, fact, today);
            let said = said?;
            reason(fields, &path, (fact, &said), &mut reasons);
            Some(Told { path, said, until })
        })
        .collect();
    (read.len() == wire.len()).then_some((read, reasons))
}

/// Why, of what is told only with a reason; of nothing else is one told.
pub(super) fn reason(
    fields: &mut Fields,
    path: &str,
    (wire, said): (&pb::Fact, &Said),
    reasons: &mut Reasons,
) {
    let field = format!("{path}.reason");
    if said.needs_reason() {
        let reason: Option<FreeText> = fields.parse(field, &wire.reason);
        reasons.extend(reason.map(|reason| (said.clone(), reason)));
    } else if !wire.reason.is_empty() {
        fields.refuse(field, Refusal::FieldInvalid);
    }
}

/// The last day of missed time that is told as a stretch, not before its first.
fn stretch(fields: &mut Fields, path: &str, wire: &pb::Fact, today: NaiveDate) -> Option<NaiveDate> {
    let Some(fact::Said::Missed(missed)) = &wire.said else { return None };
    if missed.until_date.is_empty() {
        return None;
    }
    let field = format!("{path}.missed.until_date");
    let last = past(fields, &field, &missed.until_date, today)?;
    if missed.date.parse::<NaiveDate>().is_ok_and(|first| last < first) {
        fields.bound(field, Refusal::TimeRangeInvalid, Bound::SinceStart);
        return None;
    }
    Some(last)
}

/// Refuses a stretch where one day is put right.
pub(super) fn one_day(fields: &mut Fields, path: &str, wire: &pb::Fact) {
    if let Some(fact::Said::Missed(missed)) = &wire.said
        && !missed.until_date.is_empty()
    {
        fields.refuse(format!("{path}.missed.until_date"), Refusal::FieldInvalid);
    }
}

/// What one fact says; of missed time that of its day alone.
pub(super) fn said(fields: &mut Fields, path: &str, wire: &pb::Fact, today: NaiveDate) -> Option<Said> {
    let field = |name: &str| format!("{path}.{name}");
    match &wire.said {
        None => {
            fields.refuse(path, Refusal::FieldRequired);
            None
        }
        Some(fact::Said::Absence(absence)) => {
            let kind = kind_from_wire(absence.kind);
            if kind.is_none() {
                let refusal = if absence.kind == 0 { Refusal::FieldRequired } else { Refusal::FieldInvalid };
                fields.refuse(field("absence.kind"), refusal);
            }
            let from = past(fields, &field("absence.from_date"), &absence.from_date, today);
            Some(Said::Kind(from?, kind?))
        }
        Some(fact::Said::Enrolled(enrolled)) => {
            let enrolment =
                fields.choice(field("enrolled.enrolment"), enrolled.enrolment, pb::Enrolment::as_str_name);
            let from = past(fields, &field("enrolled.from_date"), &enrolled.from_date, today);
            Some(Said::Enrolment(from?, enrolment?))
        }
        Some(fact::Said::Residence(residence)) => {
            let gemeente =
                fields.parse_as(field("residence.gemeente_code"), &residence.gemeente_code, Bound::Gemeente);
            let from = past(fields, &field("residence.from_date"), &residence.from_date, today);
            Some(Said::Residence(from?, gemeente?))
        }
        Some(fact::Said::FirstFullSchoolYear(year)) => {
            fields.parse(field("first_full_school_year"), year).map(Said::FirstFullYear)
        }
        Some(fact::Said::QualifiedDate(date)) => {
            past(fields, &field("qualified_date"), date, today).map(Said::Qualified)
        }
        Some(fact::Said::Happened(dated)) => happened(fields, &field("happened"), dated, today),
        Some(fact::Said::Missed(missed)) => {
            let date = past(fields, &field("missed.date"), &missed.date, today);
            let minutes =
                u16::try_from(missed.minutes).ok().filter(|minutes| (1..=MOST_MINUTES).contains(minutes));
            if minutes.is_none() {
                fields.bound(field("missed.minutes"), Refusal::FieldInvalid, Bound::SchoolMinutes);
            }
            let ground = fields.choice(field("missed.ground"), missed.ground, pb::AbsenceGround::as_str_name);
            Some(Said::Missed(MissedTime { date: date?, minutes: minutes?, ground: ground? }))
        }
        Some(fact::Said::Exemption(exemption)) => {
            let ground =
                fields.choice(field("exemption.ground"), exemption.ground, pb::ExemptionGround::as_str_name);
            let days = (exemption.from_date.as_str(), exemption.until_date.as_str());
            let days = validity(fields, &field("exemption"), days, today);
            Some(Said::Exempt(Exemption { ground: ground?, days: days? }))
        }
        Some(fact::Said::Holding(holding)) => {
            let path = field("holding");
            let what: Option<Circumstance> = fields.choice(
                format!("{path}.circumstance"),
                holding.circumstance,
                pb::Circumstance::as_str_name,
            );
            if what.is_some_and(Circumstance::is_derived) {
                fields.refuse(format!("{path}.circumstance"), Refusal::FieldInvalid);
            }
            let days = (holding.from_date.as_str(), holding.until_date.as_str());
            let days = validity(fields, &path, days, today);
            Some(Said::Holds(what?, days?))
        }
        Some(fact::Said::Suspension(suspension)) => {
            let path = field("suspension");
            let norm = &suspension.norm;
            if norm.is_empty() || norm.len() > LONGEST_NORM {
                let refusal = if norm.is_empty() { Refusal::FieldRequired } else { Refusal::FieldInvalid };
                fields.refuse(format!("{path}.norm"), refusal);
            }
            let days = (suspension.from_date.as_str(), suspension.until_date.as_str());
            let days = validity(fields, &path, days, today);
            Some(Said::StoodStill(Suspension { norm: norm.clone(), days: days? }))
        }
        // Decisions have calls of their own.
        Some(fact::Said::Step(_) | fact::Said::Level(_) | fact::Said::Ended(_)) => {
            fields.refuse(path, Refusal::FieldInvalid);
            None
        }
    }
}

fn happened(fields: &mut Fields, path: &str, wire: &fact::Dated, today: NaiveDate) -> Option<Said> {
    let field = format!("{path}.moment");
    let moment: Option<Moment> = fields.choice(&field, wire.moment, pb::Moment::as_str_name);
    let told = moment.filter(|moment| !moment.is_derived() && !moment.is_of_organisation());
    if moment.is_some() && told.is_none() {
        fields.refuse(field, Refusal::FieldInvalid);
    }
    let path = format!("{path}.date");
    let date = if told.is_some_and(Moment::is_planned) {
        fields.date(path, &wire.date)
    } else {
        past(fields, &path, &wire.date, today)
    };
    Some(Said::Happened(told?, date?))
}

/// From a day that has come, up to a last one that may lie ahead.
fn validity(
    fields: &mut Fields,
    path: &str,
    (from, until): (&str, &str),
    today: NaiveDate,
) -> Option<Validity> {
    let from = past(fields, &format!("{path}.from_date"), from, today);
    let last = fields.date_if(format!("{path}.until_date"), until);
    if !until.is_empty() && last.is_none() {
        return None;
    }
    match Validity::new(from?, last) {
        Ok(days) => Some(days),
        Err(refusal) => {
            fields.refuse(format!("{path}.until_date"), refusal);
            None
        }
    }
}
