//! What the fields of a case show of its log.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use schakel_domain::{
    dutch::{HolidayRegion, SchoolCalendar},
    thuiszitter::{AbsenceGround, AbsenceKind, EscalationLevel, Fact, Known, Moment, Said, stands},
};

use super::origin::beginning;
use crate::thuiszitter::case::{Absence, ENDED, ENTERED, Milestones, Missed};

/// What the milestones of a case show beside those that are entered.
const PASSED: [Moment; 7] = [
    Moment::ConsultAsked,
    Moment::SwvInvolved,
    Moment::EscalatedL1,
    Moment::EscalatedL2,
    Moment::EscalatedL3,
    Moment::Returned,
    Moment::AttendanceStable,
];

/// The absence and the milestones that the log comes to; none while it does not say why and since
/// when the child is away.
pub(super) fn projected(log: &[Fact]) -> Option<(Absence, Milestones)> {
    let standing = stands(log, DateTime::<Utc>::MAX_UTC);
    // When lessons are given has no part in what was decided.
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    let decided = Known::at(log, DateTime::<Utc>::MAX_UTC, calendar).decided;
    let reopened = decided.reopened_by(NaiveDate::MAX);
    let mut kind: Option<(NaiveDate, AbsenceKind)> = None;
    let mut days: BTreeMap<Moment, NaiveDate> = BTreeMap::new();
    let mut minutes: BTreeMap<NaiveDate, u16> = BTreeMap::new();
    for fact in standing {
        match &fact.said {
            Some(Said::Kind(from, value)) => kind = kind.max(Some((*from, *value))),
            Some(Said::Happened(moment, on)) => {
                // What ended with an absence before happened to that one.
                if !ENDED.contains(moment) || Some((fact.told, fact.id)) > reopened {
                    let day = days.entry(*moment).or_insert(*on);
                    *day = (*day).max(*on);
                }
            }
            Some(Said::Missed(time)) if time.ground == AbsenceGround::Ongeoorloofd => {
                let day = minutes.entry(time.date).or_default();
                *day = (*day).max(time.minutes);
            }
            Some(
                Said::Missed(_)
                | Said::Enrolment(..)
                | Said::Residence(..)
                | Said::Birth(_)
                | Said::FirstFullYear(_)
                | Said::Qualified(_)
                | Said::Exempt(_)
                | Said::Holds(..)
                | Said::StoodStill(_)
                | Said::Step(..)
                | Said::Level(..)
                | Said::Ended(..),
            )
            | None => {}
        }
    }
    let (_, kind) = kind?;
    let first_day = *days.get(&beginning(kind))?;
    let hours = minutes.into_iter().map(|(date, minutes)| Missed { date, hours: hours(minutes) });
    let extended = days.contains_key(&Moment::AdmissionExtended);
    days.retain(|moment, _| ENTERED.contains(moment) || PASSED.contains(moment));
    Some((Absence { kind, first_day, hours: hours.collect() }, Milestones { moments: days, extended }))
}

/// At which level the case was at the end of that day.
pub(in crate::thuiszitter) fn level_on(log: &[Fact], date: NaiveDate) -> EscalationLevel {
    // As above.
    let calendar = SchoolCalendar::shipped(HolidayRegion::Midden);
    Known::at(log, DateTime::<Utc>::MAX_UTC, calendar).decided.level_on(date)
}

/// Whole hours, the last one begun; never more than a field takes.
fn hours(minutes: u16) -> u8 {
    u8::try_from(minutes.div_ceil(60).min(12)).unwrap_or(12)
}
