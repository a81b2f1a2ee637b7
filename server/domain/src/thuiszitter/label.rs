//! Labels derived from the facts on a day; none is ever stored.
//!
//! Ministry, leerplicht practice and samenwerkingsverbanden each mean something else by
//! "thuiszitter", so each meaning is a label of its own.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{
    facts::{AbsenceKind, Enrolment, Facts, Moment, UnauthorisedHours},
    profile::Profile,
};
use crate::dutch::{
    Counted, SchoolCalendar, SchoolYear, TeachingDay, Warning,
    leerplicht::{LeerplichtStatus, Youth, age_on},
    monday,
};

/// What a case is called, by one definition each.
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
pub enum Label {
    /// Unauthorised hours reached the threshold within the teaching weeks (LPW art. 21a).
    #[strum(serialize = "RELATIEF_16U4W")]
    Relatief16u4w,
    /// Enrolled, below 18, without valid reason absent for more than 4 weeks (DUO).
    Lrv,
    /// Leer- or kwalificatieplichtig, enrolled nowhere, no exemption (LPW art. 2, 19).
    AbsoluutVerzuim,
    /// The ministry's thuiszitter: absoluut verzuim or LRV (Kamerstuk 26695, 108).
    Thuiszitter,
    /// Leerplicht practice: leer- or kwalificatieplichtig, enrolled or not, at least 4 weeks
    /// not at school, no exemption, not ill unless able to attend in part.
    ThuiszitterPraktijk,
    /// At home now without a fitting place, from the first day, whatever the age.
    Actueel,
    /// Not at home yet, but that threatens.
    Dreigend,
    /// An exemption or substitute programme is being sought.
    Vrijstellingstraject,
}

/// The labels that hold at the end of `today`. What cannot be told without unknown
/// holidays is left out, with a warning.
#[must_use]
pub fn labels(profile: &Profile, facts: &Facts, today: NaiveDate) -> Counted<BTreeSet<Label>> {
    let sixteen = reached_on(profile, facts, Label::Relatief16u4w, today);
    let long = reached_on(profile, facts, Label::Lrv, today);
    let weeks = weeks_run_out(profile, facts, today);
    let mut warnings = sixteen.warnings;
    warnings.extend(long.warnings);
    warnings.extend(weeks.warnings);
    let absent = facts.absent_since(today).is_some();
    let absoluut = facts.kind == AbsenceKind::Absoluut
        && facts.enrolment == Enrolment::NotEnrolled
        && must_attend(facts, today);
    let lrv = long.value.is_some();
    let held = [
        (Label::Relatief16u4w, sixteen.value.is_some()),
        (Label::Lrv, lrv),
        (Label::AbsoluutVerzuim, absoluut),
        (Label::Thuiszitter, absoluut || lrv),
        (
            Label::ThuiszitterPraktijk,
            keeps_from_school(facts.kind)
                && must_attend(facts, today)
                && weeks.value.is_some_and(|due| due <= today),
        ),
        (Label::Actueel, absent && keeps_from_school(facts.kind)),
        (Label::Dreigend, facts.kind == AbsenceKind::Dreigend),
        (Label::Vrijstellingstraject, facts.kind == AbsenceKind::VrijstellingAangevraagd),
    ];
    Counted {
        value: held.into_iter().filter_map(|(label, holds)| holds.then_some(label)).collect(),
        warnings,
    }
}

/// The first day on which `RELATIEF_16U4W` or `LRV` held, if it holds by `today`; none
/// for the labels that do not begin by counting.
#[must_use]
pub fn reached_on(
    profile: &Profile,
    facts: &Facts,
    label: Label,
    today: NaiveDate,
) -> Counted<Option<NaiveDate>> {
    match label {
        Label::Relatief16u4w => hours_reached_on(profile, facts, today),
        Label::Lrv => {
            let unauthorised = matches!(facts.kind, AbsenceKind::RelatiefOngeoorloofd | AbsenceKind::Luxe);
            if !unauthorised || facts.enrolment == Enrolment::NotEnrolled || is_too_old(profile, facts, today)
            {
                return Counted::sure(None);
            }
            let due = weeks_run_out(profile, facts, today);
            // *More* than the term: the day after it has run out.
            let first = due.value.and_then(|due| due.succ_opt()).filter(|&first| first <= today);
            Counted { value: first, warnings: due.warnings }
        }
        Label::AbsoluutVerzuim
        | Label::Thuiszitter
        | Label::ThuiszitterPraktijk
        | Label::Actueel
        | Label::Dreigend
        | Label::Vrijstellingstraject => Counted::sure(None),
    }
}

/// The last day of the term after which the present absence is long.
fn weeks_run_out(profile: &Profile, facts: &Facts, today: NaiveDate) -> Counted<Option<NaiveDate>> {
    let term = profile.long_absence.term;
    facts
        .absent_since(today)
        .map_or_else(|| Counted::sure(None), |first| term.clock.due(first, term.length, &facts.calendar))
}

/// Suspension is authorised but leaves the child at home; illness alone and an invoked
/// exemption (which works by law, LPW art. 5 and 6) do not count.
fn keeps_from_school(kind: AbsenceKind) -> bool {
    match kind {
        AbsenceKind::Absoluut
        | AbsenceKind::RelatiefOngeoorloofd
        | AbsenceKind::Luxe
        | AbsenceKind::ZiekMaarBelastbaar
        | AbsenceKind::Geschorst => true,
        AbsenceKind::Ziek | AbsenceKind::Dreigend | AbsenceKind::VrijstellingAangevraagd => false,
    }
}

/// Leer- or kwalificatieplichtig that day; a child whose birth date is not known is taken
/// to be, so that nobody drops out of sight for want of a date.
fn must_attend(facts: &Facts, today: NaiveDate) -> bool {
    facts.birth.is_none_or(|birth| match Youth::born(birth).status_on(today) {
        LeerplichtStatus::Leerplichtig | LeerplichtStatus::Kwalificatieplichtig => true,
        LeerplichtStatus::NogNiet | LeerplichtStatus::Voorbij => false,
    })
}

fn is_too_old(profile: &Profile, facts: &Facts, today: NaiveDate) -> bool {
    facts.birth.is_some_and(|birth| age_on(birth, today) >= profile.long_absence.below_age)
}

/// LPW art. 21a(1): the first day on which the hours of consecutive teaching weeks (ISO
/// weeks, holidays passed over) up to that day reach the threshold. Hours on holidays do
/// not count, nor up to the end date of the last report.
fn hours_reached_on(profile: &Profile, facts: &Facts, today: NaiveDate) -> Counted<Option<NaiveDate>> {
    let reported = facts.happened(Moment::ReportEnded, today);
    let mut missed: Vec<_> = facts
        .hours
        .iter()
        .filter(|hours| hours.date <= today && reported.is_none_or(|end| hours.date > end))
        .filter(|hours| facts.calendar.is_teaching_day(hours.date) != TeachingDay::No)
        .copied()
        .collect();
    missed.sort();
    let mut counted = Counted::sure(None);
    for (position, last) in missed.iter().enumerate() {
        let until = &missed[..=position];
        let window = window_start(&facts.calendar, until, profile.report_threshold.teaching_weeks);
        counted.warnings.extend(window.warnings);
        let minutes: u64 = until
            .iter()
            .filter(|hours| hours.date >= window.value)
            .map(|hours| u64::from(hours.minutes))
            .sum();
        if minutes >= u64::from(profile.report_threshold.minutes) {
            counted.value = Some(last.date);
            break;
        }
    }
    counted
}

/// The Monday of the first of the teaching weeks that end with the week of the last of
/// these hours, or of the earliest hours if that is later. A week in which lessons were
/// missed is a teaching week. One that is not known takes a place like a teaching week:
/// the threshold is then reported reached only when it is for certain.
fn window_start(school: &SchoolCalendar, missed: &[UnauthorisedHours], weeks: u16) -> Counted<NaiveDate> {
    let taught: BTreeSet<_> = missed.iter().map(|hours| monday(hours.date)).collect();
    let earliest = taught.first().copied().unwrap_or(NaiveDate::MIN);
    let mut counted = Counted::sure(taught.last().copied().unwrap_or(earliest));
    let mut found = 1;
    while found < weeks && counted.value > earliest {
        counted.value = counted.value.checked_sub_days(Days::new(7)).unwrap_or(earliest);
        let teaches = school.is_teaching_week(counted.value);
        if taught.contains(&counted.value) || teaches == TeachingDay::Yes {
            found += 1;
        } else if teaches == TeachingDay::Unknown {
            found += 1;
            counted.warnings.insert(Warning::HolidaysUnknown { school_year: SchoolYear::of(counted.value) });
        }
    }
    counted
}

#[cfg(test)]
#[path = "label_tests.rs"]
mod tests;
