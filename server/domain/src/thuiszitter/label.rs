//! Labels derived from the facts on a day; none is ever stored.
//!
//! Ministry, leerplicht practice and samenwerkingsverbanden each mean something else by
//! "thuiszitter", so each meaning is a label of its own.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{
    facts::{AbsenceKind, Enrolment, Facts},
    ground::MissedTime,
    moment::Moment,
    profile::Profile,
};
use crate::dutch::{
    Counted, SchoolCalendar, SchoolYear, TeachingDay, Warning,
    leerplicht::{LeerplichtStatus, age_on, birthday},
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
    strum::EnumCount,
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
    /// An exemption or substitute programme holds: counted apart, never as solved.
    Vrijgesteld,
}

/// The labels that hold at the end of `today`. What cannot be told without unknown
/// holidays is left out, with a warning.
#[must_use]
pub fn labels(profile: &Profile, facts: &Facts, today: NaiveDate) -> Counted<BTreeSet<Label>> {
    let sixteen = reached_on(profile, facts, Label::Relatief16u4w, today);
    let long = reached_on(profile, facts, Label::Lrv, today);
    let weeks = weeks_run_out(profile, facts, today, at_home_since(facts, today));
    let mut warnings = sixteen.warnings;
    warnings.extend(long.warnings);
    warnings.extend(weeks.warnings);
    let kind = facts.kind_on(today);
    let exempt = facts.exemption_on(today).is_some();
    let absoluut = kind == Some(AbsenceKind::Absoluut)
        && facts.is_nowhere(today)
        && must_attend(facts, today)
        && !exempt;
    let lrv = long.value.is_some();
    let at_home = facts.absent_since(today).is_some() && kind.is_some_and(keeps_from_school) && !exempt;
    let held = [
        (Label::Relatief16u4w, sixteen.value.is_some()),
        (Label::Lrv, lrv),
        (Label::AbsoluutVerzuim, absoluut),
        (Label::Thuiszitter, absoluut || lrv),
        (
            Label::ThuiszitterPraktijk,
            at_home && must_attend(facts, today) && weeks.value.is_some_and(|due| due <= today),
        ),
        (Label::Actueel, at_home),
        (Label::Dreigend, kind == Some(AbsenceKind::Dreigend)),
        (Label::Vrijstellingstraject, kind == Some(AbsenceKind::VrijstellingAangevraagd) && !exempt),
        (Label::Vrijgesteld, exempt),
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
            let since = unauthorised_since(facts, today);
            let exempt = facts.exemption_on(today).is_some();
            if is_too_old(profile, facts, today) || exempt || !must_attend(facts, today) {
                return Counted::sure(None);
            }
            let due = weeks_run_out(profile, facts, today, since);
            // *More* than the term: the day after it has run out.
            let first = due.value.and_then(|due| due.succ_opt()).filter(|&first| first <= today);
            Counted { value: first, warnings: due.warnings }
        }
        Label::AbsoluutVerzuim
        | Label::Thuiszitter
        | Label::ThuiszitterPraktijk
        | Label::Actueel
        | Label::Dreigend
        | Label::Vrijstellingstraject
        | Label::Vrijgesteld => Counted::sure(None),
    }
}

/// From when the child, enrolled all the time, has been away without valid reason: weeks
/// of illness or without a school before that are no relatief verzuim.
fn unauthorised_since(facts: &Facts, today: NaiveDate) -> Option<NaiveDate> {
    let absent = facts.absent_since(today)?;
    let unauthorised = facts
        .kinds
        .unbroken(today, |kind| matches!(kind, AbsenceKind::RelatiefOngeoorloofd | AbsenceKind::Luxe))?;
    let enrolled = if facts.enrolments.on(today).is_some() {
        facts.enrolments.unbroken(today, |enrolment| *enrolment == Enrolment::Enrolled)?
    } else {
        absent
    };
    Some(absent.max(unauthorised).max(enrolled).max(obliged_from(facts)))
}

/// The first day of the last time that `LRV` held in the latest absence, whatever became of the child since: what
/// is owed from that day on stays owed when it is back, ill or exempt. None of who was back before it held, and of
/// a new absence none until it holds in that one.
pub(super) fn long_since(profile: &Profile, facts: &Facts, today: NaiveDate) -> Option<NaiveDate> {
    let first = facts.happened(Moment::FirstAbsenceDay, today)?;
    let back = facts.moments.until(Moment::Returned, today).find(|back| *back > first);
    let last = back.and_then(|back| back.pred_opt()).unwrap_or(today);
    let reached = |day: NaiveDate| reached_on(profile, facts, Label::Lrv, day).value;
    if let Some(on) = reached(last) {
        return Some(on);
    }
    let turns = turns(profile, facts, last).into_iter().rev().take_while(|turn| *turn > first);
    turns.filter_map(|turn| turn.pred_opt()).find_map(reached)
}

/// The days up to `until` on which what a label follows from can change, beside the passing of time.
pub(super) fn turns(profile: &Profile, facts: &Facts, until: NaiveDate) -> BTreeSet<NaiveDate> {
    let mut days: BTreeSet<NaiveDate> = facts.kinds.all().map(|(from, _)| from).collect();
    days.extend(facts.enrolments.all().map(|(from, _)| from));
    days.extend(facts.qualified_on);
    days.extend(facts.leerplicht_from());
    if let Some(birth) = facts.birth {
        days.extend([birthday(birth, 18), birthday(birth, profile.long_absence.below_age)]);
    }
    for exemption in &facts.exemptions {
        days.insert(exemption.days.from());
        days.extend(exemption.days.until().and_then(|last| last.succ_opt()));
    }
    for moment in [Moment::FirstAbsenceDay, Moment::Returned] {
        days.extend(facts.moments.until(moment, until));
    }
    // Hours are counted anew from the day after.
    days.extend(facts.moments.until(Moment::ReportEnded, until).filter_map(|end| end.succ_opt()));
    // Leerplicht ends with a school year.
    if let Some(first) = days.iter().copied().find(|day| *day > NaiveDate::MIN) {
        let mut year = SchoolYear::of(first).later(1);
        while year.first_day() <= until {
            days.insert(year.first_day());
            year = year.later(1);
        }
    }
    days.retain(|day| *day <= until);
    days
}

/// How many of the last teaching days of an absence are looked at for hours: a week of school and two days more, so
/// that who tells of them once a week is not asked for more.
const TOLD_WITHIN: usize = 7;

/// Whether the child stays away without valid reason and nobody told of an hour that it missed on any of the last
/// seven teaching days of that: whether the threshold of LPW art. 21a(1) was reached cannot be told then. What was
/// told of a day without lessons counts no more than it does for the threshold. Once that is reached, or that
/// absence was reported to DUO, nothing waits for it.
#[must_use]
pub fn lacks_hours(profile: &Profile, facts: &Facts, today: NaiveDate) -> bool {
    let since = unauthorised_since(facts, today).filter(|since| *since <= today);
    let Some(since) = since.filter(|_| facts.exemption_on(today).is_none() && must_attend(facts, today))
    else {
        return false;
    };
    let reported = facts.happened(Moment::ReportedToDuo, today).is_some_and(|on| on >= since);
    if reported || hours_reached_on(profile, facts, today).value.is_some_and(|on| on >= since) {
        return false;
    }
    let days = std::iter::successors(Some(today), NaiveDate::pred_opt).take_while(|day| *day >= since);
    let taught = days.filter(|day| facts.calendar.is_teaching_day(*day) != TeachingDay::No);
    let last: BTreeSet<NaiveDate> = taught.take(TOLD_WITHIN).collect();
    let told = |time: &MissedTime| !time.ground.is_authorised() && last.contains(&time.date);
    !facts.missed.iter().any(told)
}

/// LPW art. 3(1): what was missed before leerplicht began is no verzuim.
fn obliged_from(facts: &Facts) -> NaiveDate {
    facts.leerplicht_from().unwrap_or(NaiveDate::MIN)
}

/// From when the child has been at home for a reason that leerplicht practice counts.
fn at_home_since(facts: &Facts, today: NaiveDate) -> Option<NaiveDate> {
    let counted = facts.kinds.unbroken(today, |kind| keeps_from_school(*kind))?;
    facts.absent_since(today).map(|absent| absent.max(counted))
}

/// The last day of the term after which an absence since then is long.
fn weeks_run_out(
    profile: &Profile,
    facts: &Facts,
    today: NaiveDate,
    since: Option<NaiveDate>,
) -> Counted<Option<NaiveDate>> {
    let term = profile.long_absence.term;
    since
        .filter(|since| *since <= today)
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
    facts.leerplicht_on(today).is_none_or(|status| match status {
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
    let obliged = obliged_from(facts);
    let mut missed: Vec<_> = facts
        .missed
        .iter()
        .filter(|time| !time.ground.is_authorised() && time.date >= obliged)
        .filter(|time| time.date <= today && reported.is_none_or(|end| time.date > end))
        .filter(|time| facts.calendar.is_teaching_day(time.date) != TeachingDay::No)
        .copied()
        .collect();
    missed.sort();
    let days: Vec<_> = missed.iter().map(|time| time.date).collect();
    let mut counted = Counted::sure(None);
    let mut total = 0;
    for (position, last) in missed.iter().enumerate() {
        total += u64::from(last.minutes);
        if total < u64::from(profile.report_threshold.minutes) {
            // Too few in any weeks.
            continue;
        }
        let weeks = profile.report_threshold.teaching_weeks;
        let window = window_start(&facts.calendar, &days[..=position], weeks);
        counted.warnings.extend(window.warnings);
        let minutes: u64 = missed[..=position]
            .iter()
            .filter(|time| time.date >= window.value)
            .map(|time| u64::from(time.minutes))
            .sum();
        if minutes >= u64::from(profile.report_threshold.minutes) {
            counted.value = Some(last.date);
            break;
        }
    }
    counted
}

/// The Monday of the first of the teaching weeks that end with the week of the last of
/// these days, or of the earliest day if that is later. A week with one of these days is
/// a teaching week. One that is not known takes a place like a teaching week: a number is
/// then reported reached only when it is for certain.
pub(super) fn window_start(school: &SchoolCalendar, days: &[NaiveDate], weeks: u16) -> Counted<NaiveDate> {
    let taught: BTreeSet<_> = days.iter().map(|day| monday(*day)).collect();
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
