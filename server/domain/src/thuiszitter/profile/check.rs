//! What the form of a profile cannot say: its parts must fit each other.

use std::collections::BTreeSet;

use super::{Norm, Profile, Rule, Subject, YearDay};
use crate::{
    refusal::{Refusal, Violation},
    time::DeadlineClock,
};

/// No region may tell counts below this outside their own scope.
const LEAST: u16 = 5;

/// Adds everything that does not fit.
pub(super) fn check(profile: &Profile, wrong: &mut Vec<Violation>) {
    let mut refuse = |field: String, refusal| wrong.push(Violation::new(field, refusal));
    for (field, text) in [("name", &profile.name), ("version", &profile.version)] {
        if text.trim().is_empty() {
            refuse(field.into(), Refusal::FieldRequired);
        }
    }
    if profile.valid_until.is_some_and(|until| until < profile.valid_from) {
        refuse("valid_until".into(), Refusal::TimeRangeInvalid);
    }
    let threshold = &profile.report_threshold;
    let often = profile.sick_often.as_ref();
    for (field, number) in [
        ("report_threshold.minutes", threshold.minutes),
        ("report_threshold.teaching_weeks", threshold.teaching_weeks.into()),
        ("sick_often.times", often.map_or(1, |often| often.times.into())),
        ("sick_often.teaching_weeks", often.map_or(1, |often| often.teaching_weeks.into())),
    ] {
        if number == 0 {
            refuse(field.into(), Refusal::FieldInvalid);
        }
    }
    if profile.small_number.is_some_and(|number| number < LEAST) {
        refuse("small_number".into(), Refusal::FieldInvalid);
    }
    let mut ids = BTreeSet::new();
    for (position, norm) in profile.norms.iter().enumerate() {
        if !ids.insert(&norm.id) {
            refuse(format!("norms[{position}].id"), Refusal::FieldInvalid);
        }
        for (field, refusal) in faults(profile, norm) {
            refuse(format!("norms[{position}].{field}"), refusal);
        }
    }
}

fn faults(profile: &Profile, norm: &Norm) -> Vec<(&'static str, Refusal)> {
    let missing = [
        ("id", norm.id.trim().is_empty()),
        ("name_nl", norm.name_nl.trim().is_empty()),
        ("name_en", norm.name_en.trim().is_empty()),
        ("basis.source", norm.basis.source.trim().is_empty()),
        ("roles", norm.roles.is_empty()),
        ("ends_when", norm.ends_when.is_empty()),
    ];
    let days = |day: Option<YearDay>| day.is_none_or(YearDay::exists);
    let dates_exist = match norm.rule {
        Rule::On { date, opens } | Rule::OnBefore { date, opens } => days(Some(date)) && days(opens),
        Rule::After(_)
        | Rule::Counting(_)
        | Rule::DayAfter(_)
        | Rule::Before(_)
        | Rule::EachSchoolYear
        | Rule::FullSchoolYear
        | Rule::First => true,
    };
    let clock = norm.rule.term().map(|term| term.clock);
    let extends = norm.extension.is_none_or(|extension| clock == Some(extension.term.clock));
    let counted_forward = matches!(norm.rule, Rule::After(_) | Rule::Counting(_));
    // A pause adds the days that it took, which is right for no other clock.
    let pauses = norm.paused.is_empty()
        || matches!(
            clock,
            Some(DeadlineClock::CalendarDays | DeadlineClock::CalendarWeeks | DeadlineClock::Months)
        );
    let follows = norm.after_term_of.as_ref().is_none_or(|id| {
        profile.norm(id).is_some_and(|before| before.after_term_of.is_none() && before.about == norm.about)
    });
    let invalid = [
        ("term", !dates_exist),
        // Only a day that is planned is known before it comes.
        ("starts_at", norm.rule.is_backward() && !norm.starts_at.is_planned()),
        ("extension", !extends || (norm.extension.is_some() && !counted_forward)),
        ("paused", !(pauses && (norm.paused.is_empty() || counted_forward))),
        // Algemene termijnenwet art. 1(2): not for terms that are counted back.
        ("awb", norm.awb && !counted_forward),
        ("after_term_of", !follows || (norm.after_term_of.is_some() && !counted_forward)),
        ("until_stage", norm.until_stage.is_some() && norm.about != Subject::Case),
        ("escalates_to", norm.escalates_to.is_some() && norm.about != Subject::Case),
    ];
    let (from, until) = norm.in_force;
    let range = [("in_force_until", from.zip(until).is_some_and(|(from, until)| until < from))];
    let told = |faults: &[(&'static str, bool)], refusal: Refusal| -> Vec<_> {
        faults.iter().filter(|(_, wrong)| *wrong).map(|(field, _)| (*field, refusal)).collect()
    };
    let mut all = told(&missing, Refusal::FieldRequired);
    all.extend(told(&invalid, Refusal::FieldInvalid));
    all.extend(told(&range, Refusal::TimeRangeInvalid));
    all
}
