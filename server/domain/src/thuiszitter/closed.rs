//! What a case is that ended: what it is called since, which terms had passed by then, and how long somebody
//! still looks in.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{
    deadline::{Deadline, DeadlineState, deadlines, every, in_order},
    decided::{Closed, Worked},
    duo::{DuoKind, reportable},
    fact::Known,
    facts::AbsenceKind,
    label::{Label, labels, turns},
    moment::Moment,
    outcome::{FollowUp, Outcome},
    profile::{Norm, Profile, Subject},
    stage::Stage,
};
use crate::dutch::{Counted, Warning};

/// When somebody looks in after the return: after 2, 6 and 12 weeks.
pub const CHECK_POINTS: [Moment; 3] =
    [Moment::AftercareFirst, Moment::AftercareSecond, Moment::AftercareLast];

/// What is told of an arrangement that goes on after the case ended: that it was evaluated, and that it ran to its
/// end.
const OF_ARRANGEMENTS: [Moment; 4] =
    [Moment::ArrangementEvaluated, Moment::ArrangementEnded, Moment::OzaEvaluated, Moment::OzaEnded];

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

/// Until which day something counts as late that was due on `due` and is not met in a case that ended so, on
/// `ended`: what is asked for after its end as long as it is, all else until it ended.
#[must_use]
pub fn late_until(
    norm: &Norm,
    due: NaiveDate,
    (outcome, ended): (Outcome, NaiveDate),
    today: NaiveDate,
) -> NaiveDate {
    let looks_in = outcome.counts_as().follow_up.looks_in();
    if looks_in && norm.is_of_aftercare() {
        due.checked_add_days(ASKED_FOR).map_or(today, |last| last.min(today))
    } else if looks_in && norm.is_of_arrangements() {
        today
    } else {
        ended
    }
}

/// Whether it is told of a case that ended so that this happened: what its end asks for, or leaves going on, and
/// nothing else.
#[must_use]
pub fn is_told_after(follow_up: FollowUp, moment: Moment) -> bool {
    let goes_on = CHECK_POINTS.contains(&moment) || OF_ARRANGEMENTS.contains(&moment);
    (follow_up.hands_over() && matches!(moment, Moment::WarmlyHandedOver))
        || (follow_up.looks_in() && goes_on)
}

impl Norm {
    /// Whether it asks that somebody looks in after the return.
    #[must_use]
    pub fn is_of_aftercare(&self) -> bool {
        self.ends_when.iter().any(|end| CHECK_POINTS.contains(end))
    }

    /// Whether it runs as long as an arrangement does.
    #[must_use]
    pub fn is_of_arrangements(&self) -> bool {
        matches!(self.starts_at, Moment::ArrangementStarted | Moment::OzaStarted)
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

    /// The days up to `until` on which what a label follows from can change, beside the passing of time.
    #[must_use]
    pub fn turns(&self, profile: &Profile, until: NaiveDate) -> BTreeSet<NaiveDate> {
        let mut days = turns(profile, &self.facts, until);
        days.extend(self.decided.days().filter(|day| *day <= until));
        days.extend(self.facts.moments.until(Moment::Signalled, until));
        days
    }

    /// Since when staying at home threatens anew, of a round that took the case up again for that alone: the last
    /// absence is then of a round before it.
    fn threatens_anew(&self, worked: Worked, until: NaiveDate) -> Option<NaiveDate> {
        let over = worked.over?;
        let asked_on = worked.outcome.map_or(until, |(on, _)| on);
        let threatens = matches!(self.facts.kind_on(asked_on), Some(AbsenceKind::Dreigend));
        // A relapse is told with a first day, of worry too.
        let absent = self.facts.happened(Moment::FirstAbsenceDay, until).is_some_and(|first| {
            first > over && !matches!(self.facts.kind_on(first), Some(AbsenceKind::Dreigend))
        });
        let worried = self.facts.happened(Moment::Signalled, until);
        worried.filter(|worried| threatens && !absent && *worried >= over)
    }

    /// With which day a round began, as far as `until` tells: the first day at home; of one at school the first
    /// day of worry.
    #[must_use]
    pub fn began(&self, worked: Worked, until: NaiveDate) -> Option<NaiveDate> {
        self.threatens_anew(worked, until)
            .or_else(|| self.facts.happened(Moment::FirstAbsenceDay, until))
            .or_else(|| self.facts.happened(Moment::Signalled, until))
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
    /// passed unmet by the day of its outcome; and where its end asks for that the check points of aftercare, and
    /// those of an arrangement that goes on. What runs from an absence, or from the return, of a round before the
    /// present one stays with that round.
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
            let looks_in = closed.outcome.counts_as().follow_up.looks_in();
            if looks_in {
                found.retain(|one| !one.norm.is_of_aftercare());
                found.extend(self.aftercare(profile, closed, today));
                found.extend(self.arrangements(profile, today));
            }
            let known: BTreeSet<&str> = found.iter().map(|one| one.norm.id.as_str()).collect();
            let mut passed = self.passed(profile, closed);
            // An arrangement that ended since asks for nothing any more, as in an open case.
            passed.retain(|one| {
                let over = looks_in && one.norm.is_of_arrangements();
                !over && !known.contains(one.norm.id.as_str())
            });
            found.extend(passed);
            in_order(&mut found);
        }
        let worked = self.decided.rounds(today).pop();
        if let Some(since) = worked.and_then(|worked| self.threatens_anew(worked, today)) {
            let of_absence = [Moment::FirstAbsenceDay, Moment::LongAbsenceReached];
            found.retain(|one| {
                let cared = one.norm.is_of_aftercare() && one.started_on < since;
                !cared && !of_absence.contains(&one.norm.starts_at)
            });
        }
        (found, warnings)
    }

    /// What had passed by the day of the outcome and still waited then, by what is known now.
    fn passed<'p>(&self, profile: &'p Profile, closed: Closed) -> Vec<Deadline<'p>> {
        let (mut found, _) = deadlines(profile, &self.facts, closed.from, closed.on);
        found.retain(|one| matches!(one.state, DeadlineState::Overdue));
        found
    }

    /// What arrangements that run are still asked for: they go on when the child is back.
    fn arrangements<'p>(&self, profile: &'p Profile, today: NaiveDate) -> Vec<Deadline<'p>> {
        let course = self.facts.course(profile, today).value;
        let (mut found, _) = every(profile, Subject::Case, &course, today);
        // What was met is told of every closed case.
        found.retain(|one| {
            one.norm.is_of_arrangements() && one.norm.until_stage.is_none() && one.met_on.is_none()
        });
        found
    }

    /// Since when the present round began, and since when somebody looks in: attendance was stable, and of a closed
    /// case of which nobody said so it ended. None where neither was told.
    fn looked_after(&self, today: NaiveDate) -> (NaiveDate, Option<NaiveDate>) {
        let closed = self.decided.closed_on(today);
        let until = closed.map_or(today, |closed| closed.until);
        let worked = self.decided.rounds(today).pop();
        let began = worked.and_then(|worked| self.began(worked, until)).unwrap_or(NaiveDate::MIN);
        let stable = self.facts.moments.last(Moment::AttendanceStable, until).filter(|day| *day >= began);
        (began, stable.or(closed.map(|closed| closed.on)))
    }

    /// The check points of who is looked after since that day. The end is no relapse, whatever day the absence began.
    fn check_points<'p>(
        &self,
        profile: &'p Profile,
        since: NaiveDate,
        today: NaiveDate,
    ) -> Vec<Deadline<'p>> {
        let mut course = self.facts.course(profile, today).value;
        course.moments.forget(Moment::FirstAbsenceDay);
        course.moments.forget(Moment::AttendanceStable);
        course.moments.add(Moment::AttendanceStable, since);
        let (mut found, _) = every(profile, Subject::Case, &course, today);
        found.retain(|one| one.norm.is_of_aftercare());
        found
    }

    /// The first day on which that check point of aftercare can have been held: the child was back, and the check
    /// point before it was due. None of another moment, and where nobody knows since when the child is back.
    #[must_use]
    pub fn checked_from(&self, profile: &Profile, moment: Moment, today: NaiveDate) -> Option<NaiveDate> {
        let nth = CHECK_POINTS.iter().position(|check| *check == moment)?;
        let (_, since) = self.looked_after(today);
        let since = since?;
        let before = nth.checked_sub(1).and_then(|before| CHECK_POINTS.get(before));
        let all = self.check_points(profile, since, today);
        let due = all.iter().find(|one| before.is_some_and(|before| one.norm.ends_when.contains(before)));
        Some(due.and_then(|one| one.due_on).unwrap_or(since))
    }

    /// The check points of a closed case. What was held in this round counts, as it does where it is counted whether a
    /// solution lasts.
    fn aftercare<'p>(&self, profile: &'p Profile, closed: Closed, today: NaiveDate) -> Vec<Deadline<'p>> {
        let moments = &self.facts.moments;
        let (began, since) = self.looked_after(today);
        let mut found = self.check_points(profile, since.unwrap_or(closed.on), today);
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
