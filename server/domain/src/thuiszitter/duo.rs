//! What a school reports to DUO, derived from the facts, in DUO's own words.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    facts::{AbsenceKind, Facts},
    ground::AbsenceGround,
    label::{Label, labels},
    moment::Moment,
    profile::Profile,
};
use crate::dutch::{Counted, TeachingDay, leerplicht::age_on};

/// DUO's verzuimsoort.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DuoKind {
    /// Sixteen hours in four teaching weeks, below 18.
    V3,
    /// The same, from 18.
    V4,
    /// From 18 without startkwalificatie, enrolled nowhere: the Doorstroompunt's.
    Rmc,
    /// Holiday without leave, from the first day.
    L,
    /// More than four weeks, below 18.
    Lrv,
    /// Anything else unauthorised, or a worry after sick reports; not mandatory.
    O,
}

impl DuoKind {
    /// Whether the law or DUO asks for the report (LPW art. 21a).
    pub fn is_mandatory(self) -> bool {
        match self {
            Self::V3 | Self::V4 | Self::Lrv => true,
            Self::Rmc | Self::L | Self::O => false,
        }
    }
}

/// DUO's status of a report.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
pub enum DuoStatus {
    /// Waits to be sent.
    #[strum(serialize = "W")]
    Wacht,
    /// Registered.
    #[strum(serialize = "R")]
    Geregistreerd,
    /// The leerplichtambtenaar works on it.
    #[strum(serialize = "B")]
    InBehandeling,
    /// Closed.
    #[strum(serialize = "G")]
    Afgesloten,
    /// Taken note of.
    #[strum(serialize = "K")]
    TerKennisgeving,
    /// Handed to others.
    #[strum(serialize = "D")]
    Overgedragen,
    /// Withdrawn by the school.
    #[strum(serialize = "I")]
    Ingetrokken,
}

/// The kinds of report that the facts call for at the end of `today`.
#[must_use]
pub fn reportable(profile: &Profile, facts: &Facts, today: NaiveDate) -> Counted<BTreeSet<DuoKind>> {
    labels(profile, facts, today).map(|labels| {
        let age = facts.birth.map(|birth| age_on(birth, today));
        let grown = age.is_some_and(|age| age >= profile.long_absence.below_age);
        let mut kinds = BTreeSet::new();
        if labels.contains(&Label::Relatief16u4w) {
            kinds.insert(if grown { DuoKind::V4 } else { DuoKind::V3 });
        }
        if labels.contains(&Label::Lrv) {
            kinds.insert(DuoKind::Lrv);
        }
        let away = facts.absent_since(today).is_some();
        let luxe = away && facts.kind_on(today) == Some(AbsenceKind::Luxe);
        if luxe || missed_since_report(facts, today, |ground| ground == AbsenceGround::Luxe) {
            kinds.insert(DuoKind::L);
        }
        let left = facts.is_nowhere(today) && facts.qualified_on.is_none_or(|on| on > today);
        let limit = profile.doorstroompunt_below_age;
        if grown && left && age.zip(limit).is_some_and(|(age, limit)| age < limit) {
            kinds.insert(DuoKind::Rmc);
        }
        let worry = after_report(facts, facts.happened(Moment::SicknessWorries, today), today);
        let some = missed_since_report(facts, today, |ground| !ground.is_authorised());
        if kinds.is_empty() && (some || worry) {
            kinds.insert(DuoKind::O);
        }
        kinds
    })
}

/// The first day on which a child that stays away may be reported again; none before the
/// first report.
#[must_use]
pub fn report_again_on(profile: &Profile, facts: &Facts, today: NaiveDate) -> Option<NaiveDate> {
    let reported = facts.happened(Moment::ReportedToDuo, today)?;
    let Some(term) = profile.report_threshold.again_after else { return Some(reported) };
    term.clock.due(reported, term.length, &facts.calendar).value
}

fn after_report(facts: &Facts, on: Option<NaiveDate>, today: NaiveDate) -> bool {
    let ended = facts.happened(Moment::ReportEnded, today);
    on.is_some_and(|on| on <= today && ended.is_none_or(|ended| on > ended))
}

fn missed_since_report(facts: &Facts, today: NaiveDate, counts: impl Fn(AbsenceGround) -> bool) -> bool {
    facts.missed.iter().any(|time| {
        counts(time.ground)
            && after_report(facts, Some(time.date), today)
            && facts.calendar.is_teaching_day(time.date) != TeachingDay::No
    })
}

#[cfg(test)]
#[path = "duo_tests.rs"]
mod tests;
