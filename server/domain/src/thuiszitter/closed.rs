//! What a case is that ended: what it is called since, which terms had passed by then, and how long somebody
//! still looks in.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{
    deadline::{Deadline, DeadlineState, deadlines, every, in_order},
    decided::Closed,
    duo::{DuoKind, reportable},
    fact::Known,
    facts::AbsenceKind,
    label::{Label, labels},
    moment::Moment,
    outcome::FollowUp,
    profile::{Norm, Profile, Subject},
    stage::Stage,
};
use crate::dutch::{Counted, Warning};

/// When somebody looks in after the return: after 2, 6 and 12 weeks.
pub const CHECK_POINTS: [Moment; 3] =
    [Moment::AftercareFirst, Moment::AftercareSecond, Moment::AftercareLast];

/// For how long a check point that passed is still asked for: as long again as aftercare lasts. Later than
/// that nobody could still say how the child did then.
const ASKED_FOR: Days = Days::new(12 * 7);

/// Of a case that ended longer ago than this nothing is asked: no region looks in for so long.
const LOOKED_AFTER: Days = Days::new(365);

/// The first day on which a case can have ended in which somebody may still look in today.
#[must_use]
pub fn looked_after_since(today: NaiveDate) -> NaiveDate {
    today.checked_sub_days(LOOKED_AFTER).unwrap_or(NaiveDate::MIN)
}

/// Whether a check point of a closed case that is due that day is asked for today.
#[must_use]
pub fn is_still_asked(due: NaiveDate, today: NaiveDate) -> bool {
    due.checked_add_days(ASKED_FOR).is_none_or(|last| today <= last)
}

/// Whether it is told of a case that ended so that this happened: what its end asks for, and nothing else.
#[must_use]
pub fn is_told_after(follow_up: FollowUp, moment: Moment) -> bool {
    (follow_up.hands_over() && matches!(moment, Moment::WarmlyHandedOver))
        || (follow_up.looks_in() && CHECK_POINTS.contains(&moment))
}

impl Norm {
    /// Whether it asks that somebody looks in after the return.
    #[must_use]
    pub fn is_of_aftercare(&self) -> bool {
        self.ends_when.iter().any(|end| CHECK_POINTS.contains(end))
    }
}

impl Known {
    /// Whether the absence is over since the case ended: it ended with it, and the child was not absent again
    /// after it.
    fn is_over(&self, today: NaiveDate) -> bool {
        let Some((on, outcome)) = self.decided.outcome_on(today) else { return false };
        let threatens = matches!(self.facts.kind_on(today), Some(AbsenceKind::Dreigend));
        let begins = if threatens { Moment::Signalled } else { Moment::FirstAbsenceDay };
        let again = self.facts.happened(begins, today).is_some_and(|first| first > on);
        outcome.ends_absence() && !again
    }

    /// The labels that hold at the end of `today`: those of the facts, and of an absence that ended with the
    /// case none since. An exemption holds on, whatever became of the case.
    #[must_use]
    pub fn labels(&self, profile: &Profile, today: NaiveDate) -> Counted<BTreeSet<Label>> {
        let over = self.is_over(today);
        labels(profile, &self.facts, today).map(|mut found| {
            found.retain(|label| !over || matches!(label, Label::Vrijgesteld));
            found
        })
    }

    /// What the school reports to DUO at the end of `today`: of an absence that is over nothing, for a report
    /// ends with it. That a youth left without startkwalificatie is no absence.
    #[must_use]
    pub fn reportable(&self, profile: &Profile, today: NaiveDate) -> Counted<BTreeSet<DuoKind>> {
        let over = self.is_over(today);
        reportable(profile, &self.facts, today).map(|mut found| {
            found.retain(|kind| !over || matches!(kind, DuoKind::Rmc));
            found
        })
    }

    /// The deadlines of the case in that stage, as [`deadlines`] has them. Of a closed one also those that had
    /// passed unmet by the day of its outcome, and the check points of aftercare where its end asks for them.
    #[must_use]
    pub fn deadlines<'p>(
        &self,
        profile: &'p Profile,
        stage: Stage,
        today: NaiveDate,
    ) -> (Vec<Deadline<'p>>, Vec<Warning>) {
        let (mut found, warnings) = deadlines(profile, &self.facts, stage, today);
        let closed = self.decided.closed_on(today).filter(|_| matches!(stage, Stage::Gesloten));
        if let Some(closed) = closed {
            if closed.outcome.counts_as().follow_up.looks_in() {
                found.retain(|one| !one.norm.is_of_aftercare());
                found.extend(self.aftercare(profile, closed, today));
            }
            let known: BTreeSet<&str> = found.iter().map(|one| one.norm.id.as_str()).collect();
            let mut passed = self.passed(profile, closed);
            passed.retain(|one| !known.contains(one.norm.id.as_str()));
            found.extend(passed);
            in_order(&mut found);
        }
        (found, warnings)
    }

    /// What had passed by the day of the outcome and still waited then, by what is known now.
    fn passed<'p>(&self, profile: &'p Profile, closed: Closed) -> Vec<Deadline<'p>> {
        let (mut found, _) = deadlines(profile, &self.facts, closed.from, closed.on);
        found.retain(|one| matches!(one.state, DeadlineState::Overdue));
        found
    }

    /// The check points, from the day on which attendance was stable; of who was never said to be back for good
    /// from the day of the outcome. The end is no relapse, whatever day the absence began; and what was held in
    /// this round counts, as it does where it is counted whether a solution lasts.
    fn aftercare<'p>(&self, profile: &'p Profile, closed: Closed, today: NaiveDate) -> Vec<Deadline<'p>> {
        let moments = &self.facts.moments;
        let began = moments.last(Moment::FirstAbsenceDay, closed.until);
        let began = began.or_else(|| moments.last(Moment::Signalled, closed.until)).unwrap_or(NaiveDate::MIN);
        let stable = moments.last(Moment::AttendanceStable, closed.until).filter(|day| *day >= began);
        let mut course = self.facts.course(profile, today).value;
        course.moments.forget(Moment::FirstAbsenceDay);
        course.moments.forget(Moment::AttendanceStable);
        course.moments.add(Moment::AttendanceStable, stable.unwrap_or(closed.on));
        let (mut found, _) = every(profile, Subject::Case, &course, today);
        found.retain(|one| one.norm.is_of_aftercare());
        for one in found.iter_mut().filter(|one| one.met_on.is_none()) {
            let ends = one.norm.ends_when.iter().filter(|end| CHECK_POINTS.contains(end));
            let held = ends.flat_map(|&end| moments.until(end, today)).filter(|day| *day >= began).min();
            if held.is_some() {
                (one.met_on, one.state) = (held, DeadlineState::Met);
            }
        }
        found
    }
}

#[cfg(test)]
#[path = "closed_tests.rs"]
mod tests;
