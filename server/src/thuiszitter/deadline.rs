//! A deadline on the wire, with everything that made its date.

use chrono::NaiveDate;
use schakel_domain::{
    dutch::Warning,
    refusal::Language,
    thuiszitter::{Deadline, DeadlineState, Facts, Norm, Profile, Reason, Rule, Stage, Start, lacks_hours},
};
use schakel_proto::v1::{
    self as pb, deadline_reason,
    timeline::{self, deadline},
};

use super::facts::moment_to_wire;
use crate::{
    access::rpc::role_to_wire,
    wire::{enums::number, fields::text},
};

/// A deadline as it is shown.
pub(super) fn to_wire(deadline: &Deadline<'_>, language: Language) -> timeline::Deadline {
    timeline::Deadline {
        norm: deadline.norm.id.clone(),
        display_name: name(deadline.norm, language).to_owned(),
        kind: number("KIND", deadline.norm.kind.into(), deadline::Kind::from_str_name),
        basis: basis(deadline.norm),
        clock: deadline.norm.rule.clock().to_owned(),
        start_date: deadline.started_on.to_string(),
        due_date: text(deadline.due_on),
        met_date: text(deadline.met_on),
        state: state_to_wire(deadline.state),
        acts: deadline.norm.roles.iter().copied().map(role_to_wire).collect(),
        profile: deadline.profile_version.to_owned(),
        reason: Some(reason(&deadline.reason, language)),
        opens_date: text(deadline.opens_on),
        met_by: deadline.norm.ends_when.iter().copied().map(moment_to_wire).collect(),
        late_days: deadline.met_late_by().map_or(0, |days| i32::try_from(days).unwrap_or(i32::MAX)),
    }
}

fn reason(reason: &Reason, language: Language) -> pb::DeadlineReason {
    let (from, from_norm) = match &reason.from {
        Start::Moment(moment) => (moment_to_wire(*moment), String::new()),
        Start::TermOf(norm) => (0, norm.clone()),
    };
    let term = reason.rule.term();
    let clock = |term: schakel_domain::thuiszitter::Term| <&str>::from(term.clock).to_owned();
    let stretch = |(first, last): &(chrono::NaiveDate, chrono::NaiveDate)| deadline_reason::Stretch {
        from_date: first.to_string(),
        until_date: last.to_string(),
    };
    pb::DeadlineReason {
        text: reason.text(language),
        source: reason.source.clone(),
        profile: reason.profile.clone(),
        from,
        from_norm,
        from_date: reason.from_on.to_string(),
        rule: rule(reason.rule).to_owned(),
        length: term.map(|term| i32::from(term.length)).unwrap_or_default(),
        clock: term.map(clock).unwrap_or_default(),
        extended_date: text(reason.extended.map(|extended| extended.announced_on)),
        extended_length: reason.extended.map(|extended| i32::from(extended.term.length)).unwrap_or_default(),
        extended_clock: reason.extended.map(|extended| clock(extended.term)).unwrap_or_default(),
        stood_still: reason.stood_still.iter().map(stretch).collect(),
        held_until: reason.held_until.map(|(moment, _)| moment_to_wire(moment)).unwrap_or_default(),
        held_until_date: text(reason.held_until.map(|(_, on)| on)),
        day_off: text(reason.day_off),
        unknown_school_years: reason.unknown.clone(),
    }
}

fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::After(_) => "AFTER",
        Rule::Counting(_) => "COUNTING",
        Rule::DayAfter(_) => "DAY_AFTER",
        Rule::Before(_) => "BEFORE",
        Rule::EachSchoolYear => "EACH_SCHOOL_YEAR",
        Rule::FullSchoolYear => "FULL_SCHOOL_YEAR",
        Rule::On { .. } => "ON",
        Rule::OnBefore { .. } => "ON_BEFORE",
        Rule::First => "FIRST",
    }
}

/// What a norm is called.
pub(super) fn name(norm: &Norm, language: Language) -> &str {
    match language {
        Language::Dutch => &norm.name_nl,
        Language::English => &norm.name_en,
    }
}

/// Law and article, with the version that was read.
pub(super) fn basis(norm: &Norm) -> String {
    match &norm.basis.text_of {
        Some(version) => format!("{} ({version})", norm.basis.source),
        None => norm.basis.source.clone(),
    }
}

/// A state's number.
pub(super) fn state_to_wire(state: DeadlineState) -> i32 {
    number("STATE", state.into(), deadline::State::from_str_name)
}

/// Beside holidays: of the hours missed without valid reason, from which the report to DUO is counted.
const HOURS_UNKNOWN: &str = "ABSENCE_HOURS_UNKNOWN";

/// What could not be told of a case at `stage`, a word each.
pub(super) fn warnings(
    holidays: impl IntoIterator<Item = Warning>,
    (profile, facts, stage): (&Profile, &Facts, Stage),
    today: NaiveDate,
) -> Vec<String> {
    let hours = stage != Stage::Gesloten && lacks_hours(profile, facts, today);
    holidays.into_iter().map(warning).chain(hours.then(|| HOURS_UNKNOWN.to_owned())).collect()
}

fn warning(warning: Warning) -> String {
    match warning {
        Warning::HolidaysUnknown { school_year } => format!("{} {school_year}", warning.refusal()),
    }
}

#[cfg(test)]
mod tests {
    use schakel_domain::thuiszitter::NormKind;
    use strum::IntoEnumIterator;

    use super::*;

    #[test]
    fn every_state_and_kind_of_a_deadline_is_told() {
        assert!(DeadlineState::iter().all(|state| state_to_wire(state) != 0));
        assert!(NormKind::iter().all(|kind| number("KIND", kind.into(), deadline::Kind::from_str_name) != 0));
    }
}
