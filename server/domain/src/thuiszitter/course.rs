//! What clocks run over: the dated moments with those that follow from other facts, and
//! what else norms depend on.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    facts::{AbsenceKind, Enrolment, Facts, Suspension},
    ground::{AbsenceGround, Circumstance},
    label::{Label, long_since, reached_on, window_start},
    moment::{Moment, Moments},
    profile::Profile,
};
use crate::{
    dutch::{Counted, SchoolCalendar, SchoolYear, TeachingDay, leerplicht::birthday},
    time::Validity,
};

/// The course of a case, or of an organisation's year.
#[derive(Debug, Clone)]
pub struct Course<'a> {
    pub(super) moments: Moments,
    pub(super) circumstances: Vec<(Circumstance, Validity)>,
    pub(super) suspensions: &'a [Suspension],
    pub(super) calendar: &'a SchoolCalendar,
}

impl<'a> Course<'a> {
    /// The course of a samenwerkingsverband or gemeente, whose own moments these are.
    #[must_use]
    pub fn of_organisation(moments: Moments, calendar: &'a SchoolCalendar, today: NaiveDate) -> Self {
        let mut course =
            Self { moments: entered(moments), circumstances: Vec::new(), suspensions: &[], calendar };
        course.moments.add(Moment::SchoolYearBegan, SchoolYear::of(today).first_day());
        course
    }

    /// Whether a circumstance holds on that day.
    pub(super) fn has(&self, circumstance: Circumstance, date: NaiveDate) -> bool {
        self.circumstances.iter().any(|(given, days)| *given == circumstance && days.holds_on(date))
    }
}

/// What was entered, without what is derived.
fn entered(mut moments: Moments) -> Moments {
    for moment in <Moment as strum::IntoEnumIterator>::iter().filter(|moment| moment.is_derived()) {
        moments.forget(moment);
    }
    moments
}

impl Facts {
    /// The course of the case by the end of `today`; the warnings name what could not be
    /// derived for want of holidays.
    #[must_use]
    pub fn course(&self, profile: &Profile, today: NaiveDate) -> Counted<Course<'_>> {
        let mut moments = entered(self.moments.clone());
        let sixteen = reached_on(profile, self, Label::Relatief16u4w, today);
        let often = sick_often_on(profile, self, today);
        for (moment, on) in [
            (Moment::SixteenHoursReached, sixteen.value),
            (Moment::LongAbsenceReached, long_since(profile, self, today)),
            (Moment::SickOftenReached, often.value),
            (Moment::SuspendedLonger, suspended_longer(self, today)),
            (Moment::ThirdBirthday, self.birth.map(|birth| birthday(birth, 3))),
            (Moment::FourthBirthday, self.birth.map(|birth| birthday(birth, 4))),
            (Moment::LeerplichtBegins, self.leerplicht_from()),
            (Moment::LastPrimaryYearBegan, must_go_on(profile, self, today)),
        ] {
            if let Some(on) = on {
                moments.add(moment, on);
            }
        }
        moments.extend(leave_beyond(profile, self, today).map(|on| (Moment::LeaveBeyondTen, on)));
        let yearly = self.exemptions.iter().filter(|held| held.ground.is_told_yearly());
        moments.extend(yearly.filter_map(|held| Some((Moment::ExemptionEnds, held.days.until()?))));
        let sought = self.kinds.stretches(|kind| *kind == AbsenceKind::VrijstellingAangevraagd);
        let enrolled = self.enrolments.stretches(|enrolment| *enrolment == Enrolment::Enrolled);
        let mut circumstances = self.circumstances.clone();
        circumstances.retain(|(what, _)| !what.is_derived());
        circumstances.extend(sought.map(|days| (Circumstance::ExemptionSought, days)));
        circumstances.extend(enrolled.map(|days| (Circumstance::Enrolled, days)));
        let course =
            Course { moments, circumstances, suspensions: &self.suspensions, calendar: &self.calendar };
        let mut warnings = sixteen.warnings;
        warnings.extend(often.warnings);
        Counted { value: course, warnings }
    }
}

/// The last sick report that was one too many: so many within consecutive teaching weeks,
/// that one among them.
fn sick_often_on(profile: &Profile, facts: &Facts, today: NaiveDate) -> Counted<Option<NaiveDate>> {
    let mut counted = Counted::sure(None);
    let Some(often) = &profile.sick_often else { return counted };
    let reports: Vec<_> = facts.moments.until(Moment::SickReported, today).collect();
    let times = usize::from(often.times);
    for last in times..=reports.len() {
        let within = &reports[last - times..last];
        let window = window_start(&facts.calendar, within, often.teaching_weeks);
        counted.warnings.extend(window.warnings);
        if within.first().is_some_and(|first| *first >= window.value) {
            counted.value = within.last().copied();
        }
    }
    counted
}

/// LPW art. 14(3): in each school year the day on which leave for weighty circumstances
/// passed what the head may grant.
fn leave_beyond(profile: &Profile, facts: &Facts, today: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let limit = profile.leave_limit.as_ref().map(|limit| usize::from(limit.days));
    let mut years: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for time in &facts.missed {
        let taught = facts.calendar.is_teaching_day(time.date) != TeachingDay::No;
        if time.ground == AbsenceGround::Gewichtig && time.date <= today && taught {
            years.entry(SchoolYear::of(time.date)).or_default().insert(time.date);
        }
    }
    years.into_values().filter_map(move |days| days.into_iter().nth(limit?))
}

/// WPO art. 39(4): the first day of this school year, if the child cannot stay in primary education after it
/// and nobody said so.
fn must_go_on(profile: &Profile, facts: &Facts, today: NaiveDate) -> Option<NaiveDate> {
    let (year, on) = facts.leaves_primary(profile, today)?;
    (year == SchoolYear::of(today)).then_some(on)
}

/// WPO art. 40c: the first day of the last suspension, once it lasts longer than that day.
fn suspended_longer(facts: &Facts, today: NaiveDate) -> Option<NaiveDate> {
    let first = facts.happened(Moment::SuspendedFromSchool, today)?;
    let last = facts.moments.until(Moment::SuspensionEnded, today).find(|last| *last >= first);
    (last.unwrap_or(today) > first).then_some(first)
}
