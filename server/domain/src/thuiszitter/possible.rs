//! What cannot be so of a child, whatever somebody says: a slip of the keyboard, never an unusual life.

use chrono::NaiveDate;

use super::{fact::Said, facts::AbsenceKind, moment::Moment};
use crate::{bound::Bound, dutch::leerplicht::birthday};

/// Some special schools take a child from this age on, and no school before it (WEC art. 39): until then there is
/// nothing to be absent from.
const SCHOOL_FROM: u8 = 3;

/// The first day on which a child can be away from a school.
#[must_use]
pub fn away_from(birth: NaiveDate) -> NaiveDate {
    birthday(birth, SCHOOL_FROM)
}

/// What would have been right, where `said` cannot be so of a child that was born on `birth`. Worry that a child
/// will stay at home can come before school does.
#[must_use]
pub fn impossible(birth: NaiveDate, said: &Said) -> Option<Bound> {
    let (day, away) = match said {
        Said::Kind(from, kind) => (*from, !matches!(kind, AbsenceKind::Dreigend)),
        Said::Missed(time) => (time.date, true),
        Said::Happened(moment, on) => (*on, matches!(moment, Moment::FirstAbsenceDay)),
        Said::Enrolment(from, _) | Said::Residence(from, _) => (*from, false),
        Said::FirstFullYear(year) => (year.first_day(), false),
        Said::Qualified(on) => (*on, false),
        Said::Exempt(exemption) => (exemption.days.from(), false),
        Said::Holds(_, days) => (days.from(), false),
        Said::StoodStill(suspension) => (suspension.days.from(), false),
        Said::Birth(_) | Said::Step(..) | Said::Level(..) | Said::Ended(..) => return None,
    };
    if day == NaiveDate::MIN {
        // Since when, nobody said.
        None
    } else if day < birth {
        Some(Bound::SinceBirth)
    } else {
        (away && day < away_from(birth)).then_some(Bound::SinceThird)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        thuiszitter::{AbsenceGround, Enrolment, MissedTime, facts::example::day},
        time::Validity,
    };

    #[test]
    fn nothing_happens_to_a_child_before_its_birth_and_no_school_misses_it_before_it_is_three() {
        let of = |said: Said| impossible(day("2018-03-10"), &said);
        let kind = |on, kind| of(Said::Kind(day(on), kind));
        let happened = |moment, on| of(Said::Happened(moment, day(on)));
        let missed =
            |on| of(Said::Missed(MissedTime { date: day(on), minutes: 60, ground: AbsenceGround::Ziek }));
        for away in ["2018-03-09", "2021-03-09", "2021-03-10"].map(|on| {
            [kind(on, AbsenceKind::RelatiefOngeoorloofd), happened(Moment::FirstAbsenceDay, on), missed(on)]
        }) {
            assert!(away.iter().all(|one| *one == away[0]), "{away:?}");
        }
        assert_eq!(missed("2018-03-09"), Some(Bound::SinceBirth));
        assert_eq!(missed("2021-03-09"), Some(Bound::SinceThird));
        assert_eq!(missed("2021-03-10"), None);
        // Unusual, and possible.
        assert_eq!(kind("2020-01-01", AbsenceKind::Dreigend), None);
        assert_eq!(happened(Moment::Signalled, "2018-03-10"), None);
        assert_eq!(happened(Moment::OfferMade, "2018-03-09"), Some(Bound::SinceBirth));
        assert_eq!(of(Said::Enrolment(NaiveDate::MIN, Enrolment::NotEnrolled)), None);
        assert_eq!(of(Said::Enrolment(day("2018-03-10"), Enrolment::NotEnrolled)), None);
        let holds =
            |on| of(Said::Holds(crate::thuiszitter::Circumstance::NeverAble, Validity::since(day(on))));
        assert_eq!((holds("2018-03-10"), holds("2018-03-09")), (None, Some(Bound::SinceBirth)));
    }
}
