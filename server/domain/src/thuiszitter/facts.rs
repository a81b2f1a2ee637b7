//! What is stored of a case: dated facts, from which labels and deadlines follow.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{dutch::SchoolCalendar, time::Validity};

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

/// A dated moment in a case. Profiles name these as starts and ends of their norms; of
/// what can happen again, the last date is meant.
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
    serde::Serialize,
    serde::Deserialize,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Moment {
    /// Somebody worried aloud.
    Signalled,
    /// First day of the present absence; after a relapse that of the new one.
    FirstAbsenceDay,
    /// Derived, never stored: the day the hours without valid reason reached the threshold.
    SixteenHoursReached,
    /// Derived, never stored: the first day on which the absence is long.
    LongAbsenceReached,
    /// First day of the present sick report.
    SickReported,
    /// School spoke with parents and child.
    SchoolTalkHeld,
    /// School asked school social work or youth health care.
    ConsultAsked,
    /// The request was answered with a date or a no.
    ConsultAnswered,
    /// The consult took place.
    ConsultHeld,
    /// The jeugdarts saw the child.
    JeugdartsConsulted,
    /// The head reported the absence to DUO.
    ReportedToDuo,
    /// The end date of that report; hours are counted anew from the day after.
    ReportEnded,
    /// The leerplichtambtenaar spoke with the parents or the child.
    LeerplichtContacted,
    /// The ondersteuningsteam met about the child.
    OtHeld,
    /// The samenwerkingsverband is involved.
    SwvInvolved,
    /// The rondetafel took place.
    RondetafelHeld,
    /// Parents and school signed the plan.
    PlanSigned,
    /// It was decided that the child gets extra support.
    ExtraSupportDecided,
    /// Enrolled at the present school.
    Enrolled,
    /// The ontwikkelingsperspectief was established.
    OppMade,
    /// Parents asked for admission in writing.
    AdmissionRequested,
    /// The school announced that it needs the second term.
    AdmissionExtended,
    /// The school decided on admission.
    AdmissionDecided,
    /// Placed for the time being, for want of a decision.
    TemporarilyPlaced,
    /// A fitting offer of education and/or care was made.
    OfferMade,
    /// The first attended day after the absence.
    Returned,
    /// The build-up is complete.
    AttendanceStable,
    /// First check point after the return.
    AftercareFirst,
    /// Second check point.
    AftercareSecond,
    /// Last check point.
    AftercareLast,
    /// A toelaatbaarheidsverklaring was applied for.
    TlvRequested,
    /// The samenwerkingsverband decided on it.
    TlvDecided,
    /// Youth help was applied for.
    YouthHelpRequested,
    /// The gemeente decided on it.
    YouthHelpDecided,
    /// The school suspended the child.
    SuspendedFromSchool,
    /// The suspension ended.
    SuspensionEnded,
    /// The Inspectie was told in writing.
    InspectieInformed,
    /// Parents objected to a decision on admission or removal.
    ObjectionReceived,
    /// The objection was decided.
    ObjectionDecided,
    /// Parents went to the Geschillencommissie passend onderwijs.
    DisputeFiled,
    /// The Geschillencommissie gave its opinion.
    DisputeOpinion,
    /// Escalated to the thuiszitterscoördinator or boc'er.
    EscalatedL1,
    /// Escalated to the directors.
    EscalatedL2,
    /// Escalated to whoever holds doorzettingsmacht.
    EscalatedL3,
    /// Reviewed after half a year.
    ReviewedHalfYear,
    /// Reviewed after a year.
    ReviewedYear,
}

/// Lesson or practice time missed without valid reason on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnauthorisedHours {
    /// The day.
    pub date: NaiveDate,
    /// Minutes missed.
    pub minutes: u16,
}

/// A stretch in which one norm's clock stands still, such as an objection while the
/// Geschillencommissie considers (WPO art. 43).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspension {
    /// The id of the norm, as in the profile.
    pub norm: String,
    /// The days that do not count.
    pub days: Validity,
}

/// The facts of one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Why the child is not at school.
    pub kind: AbsenceKind,
    /// Whether it has a school.
    pub enrolment: Enrolment,
    /// Day of birth, where known.
    pub birth: Option<NaiveDate>,
    /// The dates of what happened; the derived moments are ignored here.
    pub moments: BTreeMap<Moment, NaiveDate>,
    /// Unauthorised absence per day, in any order.
    pub hours: Vec<UnauthorisedHours>,
    /// Clocks that stood or stand still.
    pub suspensions: Vec<Suspension>,
    /// The calendar of the child's school, or of its region without one.
    pub calendar: SchoolCalendar,
}

impl Facts {
    /// The date of what happened by `today`; what is dated later has not happened yet.
    pub fn happened(&self, moment: Moment, today: NaiveDate) -> Option<NaiveDate> {
        self.moments.get(&moment).copied().filter(|&date| date <= today)
    }

    /// The first day of an absence that has not ended by `today`: a return counts only if
    /// it came after.
    pub fn absent_since(&self, today: NaiveDate) -> Option<NaiveDate> {
        let first = self.happened(Moment::FirstAbsenceDay, today)?;
        let back = self.happened(Moment::Returned, today).is_some_and(|back| back > first);
        (!back).then_some(first)
    }
}

#[cfg(test)]
pub(super) mod example {
    //! A case to start tests from.

    use super::{
        AbsenceKind, BTreeMap, Enrolment, Facts, Moment, NaiveDate, SchoolCalendar, UnauthorisedHours,
    };
    use crate::dutch::HolidayRegion;

    /// A date written as text.
    pub(in crate::thuiszitter) fn day(text: &str) -> NaiveDate {
        text.parse().expect("tests write dates as year-month-day")
    }

    /// An enrolled eight-year-old in region Midden, absent without valid reason.
    pub(in crate::thuiszitter) fn absent_from(first: &str) -> Facts {
        Facts {
            kind: AbsenceKind::RelatiefOngeoorloofd,
            enrolment: Enrolment::Enrolled,
            birth: Some(day("2018-03-10")),
            moments: BTreeMap::from([(Moment::FirstAbsenceDay, day(first))]),
            hours: Vec::new(),
            suspensions: Vec::new(),
            calendar: SchoolCalendar::shipped(HolidayRegion::Midden),
        }
    }

    impl Facts {
        /// The same with one more moment.
        pub(in crate::thuiszitter) fn with(mut self, moment: Moment, on: &str) -> Self {
            self.moments.insert(moment, day(on));
            self
        }

        /// The same with hours missed on one more day.
        pub(in crate::thuiszitter) fn missing(mut self, on: &str, hours: u16) -> Self {
            self.hours.push(UnauthorisedHours { date: day(on), minutes: hours * 60 });
            self
        }
    }
}
