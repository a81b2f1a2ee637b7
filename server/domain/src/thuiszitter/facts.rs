//! What is stored of a case: dated facts, from which labels and deadlines follow.

use chrono::NaiveDate;

use super::{
    ground::{Circumstance, Exemption, ExemptionGround, MissedTime},
    moment::{Moment, Moments},
    profile::Profile,
};
use crate::{
    dutch::{
        SchoolCalendar, SchoolYear,
        codes::{GemeenteCode, Sector},
        leerplicht::{LeerplichtStatus, Youth, first_school_day, starts_in_month},
        school_age::last_primary_year,
    },
    time::{Since, Validity},
};

/// Why the child is not at school, as last established by a person. The reporting
/// category is not stored: it is derived from this and the dates.
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
pub enum AbsenceKind {
    /// Not enrolled anywhere (LPW art. 2(1), 19).
    Absoluut,
    /// Enrolled and absent without valid reason (LPW art. 4(2)).
    RelatiefOngeoorloofd,
    /// On holiday outside the holidays (LPW art. 11 onder f, 13a, without leave).
    Luxe,
    /// Ill: authorised (LPW art. 11 onder d).
    Ziek,
    /// Reported ill, yet able to attend in part by the advice of the jeugdarts.
    ZiekMaarBelastbaar,
    /// Suspended or being removed: authorised (LPW art. 11 onder c).
    Geschorst,
    /// Still at school, or too young for leerplicht: staying at home threatens.
    Dreigend,
    /// An exemption is invoked (LPW art. 5, 5a, 15) or a substitute programme asked (3a, 3b).
    VrijstellingAangevraagd,
}

/// Whether the child is enrolled at a school now.
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
pub enum Enrolment {
    /// At some school, whether attending or not.
    Enrolled,
    /// At none.
    NotEnrolled,
}

/// A stretch in which one norm's clock stands still, such as an objection while the
/// Geschillencommissie considers (WPO art. 43).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Suspension {
    /// The id of the norm, as in the profile.
    pub norm: String,
    /// The days that do not count.
    pub days: Validity,
}

/// The facts of one case as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Why the child is not at school, as established from a day on.
    pub kinds: Since<AbsenceKind>,
    /// Whether it has a school.
    pub enrolments: Since<Enrolment>,
    /// The gemeente where it lives.
    pub residences: Since<GemeenteCode>,
    /// Day of birth, where known.
    pub birth: Option<NaiveDate>,
    /// Whether its school is one for primary or for secondary education, as the code of the samenwerkingsverband
    /// says where nobody said so of the school.
    pub sector: Option<Sector>,
    /// The same only where somebody said so.
    pub said_sector: Option<Sector>,
    /// The first school year attended in full, where known.
    pub first_full_year: Option<SchoolYear>,
    /// When it was qualified, if so.
    pub qualified_on: Option<NaiveDate>,
    /// The dates of what happened; the derived moments are ignored here.
    pub moments: Moments,
    /// Time missed per day, in any order.
    pub missed: Vec<MissedTime>,
    /// Exemptions and substitute programmes, in any order.
    pub exemptions: Vec<Exemption>,
    /// What else holds, and when.
    pub circumstances: Vec<(Circumstance, Validity)>,
    /// Clocks that stood or stand still for another reason than the profile knows.
    pub suspensions: Vec<Suspension>,
    /// The calendar of the child's school, or of its region without one.
    pub calendar: SchoolCalendar,
}

impl Facts {
    /// Nothing known yet but when lessons are given.
    #[must_use]
    pub fn unknown(calendar: SchoolCalendar) -> Self {
        Self {
            kinds: Since::default(),
            enrolments: Since::default(),
            residences: Since::default(),
            birth: None,
            sector: None,
            said_sector: None,
            first_full_year: None,
            qualified_on: None,
            moments: Moments::default(),
            missed: Vec::new(),
            exemptions: Vec::new(),
            circumstances: Vec::new(),
            suspensions: Vec::new(),
            calendar,
        }
    }

    /// The last date of what happened by `today`; what is dated later has not happened yet.
    pub fn happened(&self, moment: Moment, today: NaiveDate) -> Option<NaiveDate> {
        self.moments.last(moment, today)
    }

    /// The first day of an absence that has not ended by `today`: a return counts only if
    /// it came after.
    pub fn absent_since(&self, today: NaiveDate) -> Option<NaiveDate> {
        let first = self.happened(Moment::FirstAbsenceDay, today)?;
        let back = self.happened(Moment::Returned, today).is_some_and(|back| back > first);
        (!back).then_some(first)
    }

    /// Why the child is not at school on that day, if anybody said.
    pub fn kind_on(&self, date: NaiveDate) -> Option<AbsenceKind> {
        self.kinds.on(date).copied()
    }

    /// Whether it is known to be enrolled nowhere on that day.
    pub fn is_nowhere(&self, date: NaiveDate) -> bool {
        self.enrolments.on(date) == Some(&Enrolment::NotEnrolled)
    }

    /// The exemption or substitute programme that holds on that day.
    pub fn exemption_on(&self, date: NaiveDate) -> Option<ExemptionGround> {
        let held = self.exemptions.iter().filter(|exemption| exemption.days.holds_on(date));
        held.map(|exemption| exemption.ground).min()
    }

    /// Whether an exemption or substitute programme on that ground holds on that day.
    pub fn is_exempt(&self, ground: ExemptionGround, date: NaiveDate) -> bool {
        self.exemptions.iter().any(|held| held.ground == ground && held.days.holds_on(date))
    }

    /// LPW art. 3(1): the first school day of the month after the fifth birthday; the first of
    /// that month while the holidays are not known, which is never too late. None without a
    /// birth date.
    pub fn leerplicht_from(&self) -> Option<NaiveDate> {
        self.birth
            .map(|birth| first_school_day(birth, &self.calendar).value.unwrap_or(starts_in_month(birth)))
    }

    /// The school year at the end of which the child leaves primary education, and on which day it began for
    /// it: of one that is in groep 8, the present one; of one that cannot stay longer (WPO art. 39(4)), that
    /// in which it turns fourteen, or turned it where somebody said what its school is. None of a child that
    /// stays, and at another school.
    pub fn leaves_primary(&self, profile: &Profile, today: NaiveDate) -> Option<(SchoolYear, NaiveDate)> {
        let now = SchoolYear::of(today);
        let sector = profile.sector(self.said_sector, self.sector);
        if !matches!(sector, Some(Sector::Po)) || self.is_nowhere(today) {
            return None;
        }
        let is_said = self.said_sector.is_some();
        let told = self.happened(Moment::LastPrimaryYearBegan, today);
        let told = told.map(|on| (SchoolYear::of(on), on)).filter(|(year, _)| *year == now);
        let last = self.birth.map(last_primary_year);
        // A school of which nobody said anything may be one for who is older.
        let last = last.filter(|last| *last == now || is_said && *last < now);
        told.or(last.map(|last| (last, last.first_day())))
    }

    /// What the Leerplichtwet asks on that day, exemptions aside; none without a birth date.
    pub fn leerplicht_on(&self, date: NaiveDate) -> Option<LeerplichtStatus> {
        let (first_full_year, qualified_on) = (self.first_full_year, self.qualified_on);
        let status = Youth { birth: self.birth?, first_full_year, qualified_on }.status_on(date);
        let begun = self.leerplicht_from().is_none_or(|first| first <= date);
        Some(if begun { status } else { LeerplichtStatus::NogNiet })
    }
}

/// The last day that counts as one at home, of an absence since `first`, as `until` tells: the day of the return,
/// where one came after it. Whoever is absent again has a first day that comes after the return.
#[must_use]
pub fn home_until(first: NaiveDate, back: Option<NaiveDate>, until: NaiveDate) -> NaiveDate {
    back.filter(|back| *back > first).map_or(until, |back| back.min(until))
}

#[cfg(test)]
mod tests {
    use super::{example::day, home_until};

    #[test]
    fn days_at_home_end_with_the_return_and_go_on_with_a_new_first_day() {
        let until = |first, back: Option<&str>| home_until(day(first), back.map(day), day("2026-12-03"));
        assert_eq!(until("2026-04-20", None), day("2026-12-03"));
        assert_eq!(until("2026-04-20", Some("2026-11-16")), day("2026-11-16"));
        // Absent again since: that return was of the absence before.
        assert_eq!(until("2026-11-30", Some("2026-11-16")), day("2026-12-03"));
        assert_eq!(until("2026-11-16", Some("2026-11-16")), day("2026-12-03"));
        // A return that has not come yet ends nothing.
        assert_eq!(until("2026-04-20", Some("2027-01-04")), day("2026-12-03"));
    }
}

#[cfg(test)]
pub(super) mod example {
    //! A case to start tests from.

    use super::{
        AbsenceKind, Circumstance, Enrolment, Exemption, ExemptionGround, Facts, MissedTime, Moment,
        NaiveDate, SchoolCalendar, Since, Validity,
    };
    use crate::{dutch::HolidayRegion, thuiszitter::ground::AbsenceGround};

    /// A date written as text.
    pub(in crate::thuiszitter) fn day(text: &str) -> NaiveDate {
        text.parse().expect("tests write dates as year-month-day")
    }

    /// An enrolled eight-year-old in region Midden of whom nothing happened yet.
    pub(in crate::thuiszitter) fn child() -> Facts {
        Facts {
            enrolments: Since::always(Enrolment::Enrolled),
            birth: Some(day("2018-03-10")),
            ..Facts::unknown(SchoolCalendar::shipped(HolidayRegion::Midden))
        }
    }

    /// An enrolled eight-year-old in region Midden, absent without valid reason.
    pub(in crate::thuiszitter) fn absent_from(first: &str) -> Facts {
        Facts { kinds: Since::always(AbsenceKind::RelatiefOngeoorloofd), ..child() }
            .with(Moment::FirstAbsenceDay, first)
    }

    impl Facts {
        /// The same with one more moment.
        pub(in crate::thuiszitter) fn with(mut self, moment: Moment, on: &str) -> Self {
            self.moments.add(moment, day(on));
            self
        }

        /// The same with hours missed without valid reason on one more day.
        pub(in crate::thuiszitter) fn missing(self, on: &str, hours: u16) -> Self {
            self.away(on, hours, AbsenceGround::Ongeoorloofd)
        }

        /// The same with hours missed on one more day.
        pub(in crate::thuiszitter) fn away(mut self, on: &str, hours: u16, ground: AbsenceGround) -> Self {
            self.missed.push(MissedTime { date: day(on), minutes: hours * 60, ground });
            self
        }

        /// The same with something that holds from a day on.
        pub(in crate::thuiszitter) fn given(mut self, what: Circumstance, from: &str) -> Self {
            self.circumstances.push((what, Validity::since(day(from))));
            self
        }

        /// The same enrolled nowhere from a day on.
        pub(in crate::thuiszitter) fn nowhere(mut self, from: &str) -> Self {
            self.enrolments.say(day(from), Enrolment::NotEnrolled);
            self
        }

        /// The same with an exemption.
        pub(in crate::thuiszitter) fn exempt(
            mut self,
            ground: ExemptionGround,
            from: &str,
            until: &str,
        ) -> Self {
            let days = Validity::new(day(from), Some(day(until))).expect("tests write them in order");
            self.exemptions.push(Exemption { ground, days });
            self
        }
    }
}
