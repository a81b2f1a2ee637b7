//! The way of a child to secondary education, with a task in time for who keeps its case together.

use chrono::{Datelike, NaiveDate};

use super::{deadline::DeadlineState, facts::Facts, profile::Profile};
use crate::dutch::SchoolYear;

/// A child that leaves primary education at the end of a school year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Its last school year there.
    pub year: SchoolYear,
    /// The day on which somebody is to begin with it: 1 January of that school year, before the provisional
    /// advice.
    pub task_on: NaiveDate,
    /// By when the warme overdracht is to be booked: 31 March, the day before hand-overs begin.
    pub due_on: NaiveDate,
    /// How it stands: `MET` once a warme overdracht is booked or was held, `DUE_SOON` from `task_on` on,
    /// `OVERDUE` after `due_on`.
    pub state: DeadlineState,
}

/// The transition of a child today; `handed_over` are the days on which a warme overdracht was or will be. None
/// of a child that stays where it is.
#[must_use]
pub fn transition(
    profile: &Profile,
    facts: &Facts,
    handed_over: &[NaiveDate],
    today: NaiveDate,
) -> Option<Transition> {
    let (year, _) = facts.leaves_primary(profile, today)?;
    let new_year = year.last_day().year();
    let task_on = NaiveDate::from_ymd_opt(new_year, 1, 1)?;
    let due_on = NaiveDate::from_ymd_opt(new_year, 3, 31)?;
    let state = if handed_over.iter().any(|on| *on >= year.first_day()) {
        DeadlineState::Met
    } else if today > due_on {
        DeadlineState::Overdue
    } else if today >= task_on {
        DeadlineState::DueSoon
    } else {
        DeadlineState::Running
    };
    Some(Transition { year, task_on, due_on, state })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        dutch::codes::Sector,
        thuiszitter::{
            Moment, Profile, Stage, deadlines,
            facts::example::{child, day},
        },
    };

    fn born(birth: &str) -> Facts {
        Facts { birth: Some(day(birth)), said_sector: Some(Sector::Po), ..child() }
    }

    fn state(facts: &Facts, handed_over: &[&str], today: &str) -> Option<String> {
        let handed_over: Vec<_> = handed_over.iter().map(|on| day(on)).collect();
        let found = transition(&Profile::shipped(), facts, &handed_over, day(today))?;
        Some(format!("{} {} {}", found.year, found.due_on, found.state))
    }

    #[test]
    fn c09_who_turns_fourteen_goes_on_at_the_end_of_that_school_year() {
        // WPO art. 39(4). Fourteen on 1 August 2026 and on 31 July 2027: both in 2026-2027.
        for birth in ["2012-08-01", "2013-07-31"] {
            let facts = born(birth);
            assert_eq!(state(&facts, &[], "2026-07-31"), None);
            for (today, stands) in [
                ("2026-08-01", "RUNNING"),
                ("2026-12-31", "RUNNING"),
                ("2027-01-01", "DUE_SOON"),
                ("2027-03-31", "DUE_SOON"),
                ("2027-04-01", "OVERDUE"),
                // By law it is not there any more: the task stands until somebody acts.
                ("2027-08-01", "OVERDUE"),
            ] {
                assert_eq!(
                    state(&facts, &[], today),
                    Some(format!("2026-2027 2027-03-31 {stands}")),
                    "{today}"
                );
            }
        }
        assert_eq!(state(&born("2013-08-01"), &[], "2027-07-31"), None, "fourteen a day after the year");
        assert_eq!(
            state(&born("2012-02-29"), &[], "2025-09-01").unwrap(),
            "2025-2026 2026-03-31 RUNNING",
            "fourteen on 1 March 2026"
        );
    }

    #[test]
    fn c09_who_is_in_groep_8_goes_on_at_the_end_of_that_year_and_who_repeats_does_not() {
        let facts = born("2014-11-01").with(Moment::LastPrimaryYearBegan, "2026-08-31");
        assert_eq!(state(&facts, &[], "2026-08-30"), None);
        assert_eq!(state(&facts, &[], "2027-02-01").unwrap(), "2026-2027 2027-03-31 DUE_SOON");
        assert_eq!(state(&facts, &[], "2027-08-01"), None, "it went on, or does groep 8 again");
    }

    #[test]
    fn c09_a_hand_over_of_that_school_year_is_the_next_step_done() {
        let facts = born("2013-05-14");
        assert_eq!(state(&facts, &["2026-07-31"], "2027-02-01").unwrap(), "2026-2027 2027-03-31 DUE_SOON");
        for on in ["2026-08-01", "2027-04-20"] {
            assert_eq!(state(&facts, &[on], "2027-02-01").unwrap(), "2026-2027 2027-03-31 MET", "{on}");
        }
    }

    #[test]
    fn c09_at_another_school_or_at_none_nobody_leaves_primary_education() {
        let young = born("2013-05-14");
        for sector in [None, Some(Sector::Vo)] {
            let elsewhere = Facts { said_sector: sector, ..young.clone() };
            assert_eq!(state(&elsewhere, &[], "2027-02-01"), None);
        }
        // Of a school of which nobody said anything the code of the samenwerkingsverband tells, but for who
        // may long be elsewhere, and where one organisation serves both.
        let unsaid = |birth: &str| Facts { said_sector: None, sector: Some(Sector::Po), ..born(birth) };
        assert!(state(&unsaid("2013-05-14"), &[], "2027-02-01").is_some());
        assert_eq!(state(&unsaid("2012-05-14"), &[], "2027-02-01"), None);
        let both = Profile { serves: vec![Sector::Po, Sector::Vo], ..Profile::shipped() };
        assert_eq!(transition(&both, &unsaid("2013-05-14"), &[], day("2027-02-01")), None);
        assert!(transition(&both, &young, &[], day("2027-02-01")).is_some());
        assert_eq!(state(&young.nowhere("2026-10-01"), &[], "2027-02-01"), None);
    }

    #[test]
    fn c09_the_terms_of_groep_8_hold_for_who_cannot_stay_though_nobody_said_so() {
        let (profile, today) = (Profile::shipped(), day("2027-03-01"));
        let due = |facts: &Facts| {
            let (found, _) = deadlines(&profile, facts, Stage::Signaal, today);
            let own = found.iter().find(|one| one.norm.id == "T24C");
            own.and_then(|one| one.due_on).map(|on| on.to_string())
        };
        assert_eq!(due(&born("2013-05-14")).as_deref(), Some("2027-06-30"));
        assert_eq!(due(&born("2014-05-14")), None);
        assert_eq!(due(&born("2012-05-14")), None, "that was a year ago");
    }
}
