//! What is counted of one case: its rounds of work, its stage and labels, and what it lacks.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{
    band::Band,
    measure::Period,
    survival::{End, Spell},
};
use crate::{
    thuiszitter::{CHECK_POINTS, Known, Label, Moment, Outcome, Profile, Solved, Stage, home_until},
    time::add_months,
};

/// The Thuiszitterspact of 2016: no child longer than this without a fitting offer.
const PACT_MONTHS: u16 = 3;
/// How long after attendance is stable somebody still looks in: the last of the check points.
const AFTERCARE: Days = Days::new(12 * 7);

/// One round of work on a case, from its opening or a relapse until it is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The day on which the case was opened or reopened.
    pub opened: NaiveDate,
    /// The first day at home; of one at school the first day of worry.
    pub first_day: NaiveDate,
    /// The day of the return to school, where the child came back after the first day.
    pub returned: Option<NaiveDate>,
    /// The first meeting that was held with a parent at the table.
    pub met: Option<NaiveDate>,
    /// The first fitting offer.
    pub offered: Option<NaiveDate>,
    /// The day on which it was closed, or that of the evidence where that is later.
    pub closed: Option<NaiveDate>,
    /// How it ended, and the day of the evidence.
    pub outcome: Option<(NaiveDate, Outcome)>,
    /// When attendance was stable again, from which aftercare runs.
    pub stable: Option<NaiveDate>,
    /// The day on which all check points of aftercare had been held.
    pub cared: Option<NaiveDate>,
}

/// How a round that was solved stayed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stay {
    /// The twelve weeks of aftercare are over, all check points were held, and no relapse came before that.
    Lasting,
    /// Taken up again before that.
    Relapsed,
    /// The twelve weeks are over, and not all check points were held: nobody can tell.
    Unfollowed,
    /// The twelve weeks are not over: nobody can tell yet.
    Pending,
}

/// How a round stands to the three months of the pact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Offered or solved in time.
    Within,
    /// Not.
    Late,
}

impl Round {
    /// Whether somebody worked on it at the end of that day.
    #[must_use]
    pub fn is_open(&self, date: NaiveDate) -> bool {
        self.opened <= date && self.closed.is_none_or(|closed| closed > date)
    }

    /// The band of the days at home, as far as `date` tells: they end with the return.
    #[must_use]
    pub fn band(&self, date: NaiveDate) -> Band {
        Band::of(self.first_day, home_until(self.first_day, self.returned, date))
    }

    /// The day by which the pact wants an offer.
    #[must_use]
    pub fn pact_due(&self) -> Option<NaiveDate> {
        add_months(self.first_day, PACT_MONTHS)
    }

    /// How it kept to the pact, of a round whose three months ended within `period`; none of one that
    /// ended before them in a way that neither solves nor fails, such as a move.
    #[must_use]
    pub fn pact(&self, period: Period) -> Option<Way> {
        let due = self.pact_due().filter(|due| period.has(*due))?;
        let in_time = |day: Option<NaiveDate>| day.is_some_and(|day| day <= due);
        if in_time(self.offered) || in_time(self.solved()) {
            Some(Way::Within)
        } else if in_time(self.closed) {
            None
        } else {
            Some(Way::Late)
        }
    }

    /// The day on which it was solved as the pact counts it.
    fn solved(&self) -> Option<NaiveDate> {
        let (day, outcome) = self.outcome?;
        match outcome.counts_as().pact {
            Solved::Yes | Solved::IfInPlan => Some(day),
            Solved::No | Solved::Transferred | Solved::Ended | Solved::Removed => None,
        }
    }

    /// Whether it was closed as solved in the period.
    #[must_use]
    pub fn is_solved_in(&self, period: Period) -> bool {
        self.solved().is_some() && self.closed.is_some_and(|closed| period.has(closed))
    }

    /// How it stayed solved, as far as `date` tells; `next` is the round that took the case up again. Of who
    /// was never said to be back for good, the twelve weeks run from the day of the outcome. None of what
    /// was not solved.
    #[must_use]
    pub fn stay(&self, next: Option<&Self>, date: NaiveDate) -> Option<Stay> {
        let solved = self.solved()?;
        let due = self.stable.unwrap_or(solved).checked_add_days(AFTERCARE)?;
        let through = self.cared.map(|cared| cared.max(due));
        Some(match (next.map(|next| next.begins_again(self)), through) {
            (Some(again), Some(through)) if through <= again => Stay::Lasting,
            (Some(_), _) => Stay::Relapsed,
            (None, _) if due > date => Stay::Pending,
            (None, Some(_)) => Stay::Lasting,
            (None, None) => Stay::Unfollowed,
        })
    }

    /// The first day of which a round tells that took a case up again: that on which this was done, or the
    /// first day of a new absence. In between nobody counted the case.
    #[must_use]
    pub fn begins_again(&self, before: &Self) -> NaiveDate {
        let closed = before.closed.unwrap_or(self.opened);
        let is_new = self.first_day >= closed;
        let first = if is_new { self.first_day.min(self.opened) } else { self.opened };
        first.max(closed)
    }

    /// Whether it was an error of registration, which is found out when it ends: it never belonged in a count.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.outcome.is_some_and(|(_, outcome)| matches!(outcome.counts_as().pact, Solved::Removed))
    }

    /// How long `end` was waited for, as far as `date` tells. Who leaves without it is censored
    /// on the day of the outcome. None of what never belonged in the count.
    #[must_use]
    pub fn spell(&self, end: End, date: NaiveDate) -> Option<Spell> {
        if self.first_day > date || self.is_removed() {
            return None;
        }
        let came = match end {
            End::FirstMeeting => self.met,
            End::Offer => self.offered,
            End::Solved => self.solved(),
        };
        let came = came.filter(|day| *day <= date);
        let left = self.outcome.map(|(day, _)| day).or(self.closed).unwrap_or(date).min(date);
        let days = (came.unwrap_or(left) - self.first_day).num_days().max(0);
        Some(Spell { days: u32::try_from(days).unwrap_or(u32::MAX), came: came.is_some() })
    }
}

/// What is counted of one case, as it stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// Oldest first; never empty.
    pub rounds: Vec<Round>,
    /// Where the work stands.
    pub stage: Stage,
    /// What it is called, by each definition: nothing more of an absence from the day of the outcome on with
    /// which it ended, whenever the case was closed.
    pub labels: BTreeSet<Label>,
    /// Whether somebody keeps it together; none on days past, for which it is not known.
    pub regisseur: Option<bool>,
    /// Whether a next action is planned; none on days past.
    pub next_action: Option<bool>,
}

impl Life {
    /// What the log of a case that was opened on `opened` comes to on `date`; none before it was
    /// opened. Regisseur and next action do not stand in the log, and meetings not in the case: the
    /// caller adds them.
    #[must_use]
    pub fn of(known: &Known, profile: &Profile, opened: NaiveDate, date: NaiveDate) -> Option<Self> {
        if opened > date {
            return None;
        }
        let moments = &known.facts.moments;
        let rounds = known.decided.rounds(date).into_iter().map(|worked| {
            let opened = worked.reopened.unwrap_or(opened);
            let ended = worked.outcome.map(|(day, _)| day);
            let closed = worked.closed.map(|closed| ended.map_or(closed, |ended| ended.max(closed)));
            let until = closed.unwrap_or(date);
            // The next relapse may have begun before anybody wrote down how this round ended.
            let own = |on: NaiveDate| {
                let began = known.began(worked, on.pred_opt()?)?;
                worked.over.is_none_or(|over| began >= over).then_some(began)
            };
            let began = ended.and_then(own).or_else(|| known.began(worked, until));
            let first_day = began.unwrap_or(opened);
            let returned = moments.last(Moment::Returned, until).filter(|day| *day > first_day);
            let offered = moments.until(Moment::OfferMade, until).find(|day| *day >= first_day);
            let stable = moments.last(Moment::AttendanceStable, until).filter(|day| *day >= first_day);
            let held = |check: Moment| moments.until(check, date).find(|day| *day >= first_day);
            let cared = CHECK_POINTS.into_iter().map(held).collect::<Option<BTreeSet<_>>>();
            let cared = cared.and_then(|days| days.last().copied());
            let outcome = worked.outcome;
            Round { opened, first_day, returned, met: None, offered, closed, outcome, stable, cared }
        });
        let (stage, _) = known.decided.stage_on(date);
        Some(Self {
            rounds: rounds.collect(),
            stage,
            labels: known.labels(profile, date).value,
            regisseur: None,
            next_action: None,
        })
    }

    /// Adds the days of meetings with parents: the first of each round counts.
    pub fn meet(&mut self, days: &BTreeSet<NaiveDate>) {
        for round in &mut self.rounds {
            let until = round.closed.unwrap_or(NaiveDate::MAX);
            round.met = days.range(round.first_day..).next().filter(|day| **day <= until).copied();
        }
    }

    /// Each round with the one that took the case up again after it, unless that was done by mistake.
    pub fn rounds_and_next(&self) -> impl Iterator<Item = (&Round, Option<&Round>)> {
        let rounds = &self.rounds;
        let next = move |nth: usize| rounds.iter().skip(nth + 1).find(|next| !next.is_removed());
        rounds.iter().enumerate().map(move |(nth, round)| (round, next(nth)))
    }

    /// The round that is worked on at the end of that day.
    #[must_use]
    pub fn open(&self, date: NaiveDate) -> Option<&Round> {
        self.rounds.iter().rfind(|round| round.is_open(date))
    }
}

#[cfg(test)]
pub(super) mod example {
    use super::*;

    /// A date written as text.
    pub(in crate::monitor) fn day(text: &str) -> NaiveDate {
        text.parse().expect("tests write dates as year-month-day")
    }

    /// A round that is still open, of a child at home since `first`.
    pub(in crate::monitor) fn round(first: &str) -> Round {
        Round {
            opened: day(first),
            first_day: day(first),
            returned: None,
            met: None,
            offered: None,
            closed: None,
            outcome: None,
            stable: None,
            cared: None,
        }
    }

    /// A life of one round.
    pub(in crate::monitor) fn life(round: Round) -> Life {
        Life {
            rounds: vec![round],
            stage: Stage::Signaal,
            labels: BTreeSet::new(),
            regisseur: Some(true),
            next_action: Some(true),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use uuid::Uuid;

    use super::{
        example::{day, round},
        *,
    };
    use crate::{
        dutch::{HolidayRegion, SchoolCalendar},
        ids::FactId,
        thuiszitter::{AbsenceKind, Event, Fact, Said},
    };

    fn known(said: Vec<Said>) -> Known {
        let start: DateTime<Utc> = "2026-09-01T08:00:00Z".parse().unwrap();
        let fact = |(nth, said): (u32, Said)| Fact {
            id: FactId(Uuid::from_u128(nth.into())),
            told: start + TimeDelta::minutes(nth.into()),
            corrects: None,
            said: Some(said),
        };
        let log: Vec<_> = (1..).zip(said).map(fact).collect();
        Known::at(&log, DateTime::<Utc>::MAX_UTC, SchoolCalendar::shipped(HolidayRegion::Midden))
    }

    /// Home from 1 September, offer on 20 September, back on 30 September, home again from 15 October.
    fn relapsed() -> Known {
        known(vec![
            Said::Kind(day("2026-09-01"), AbsenceKind::RelatiefOngeoorloofd),
            Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
            Said::Happened(Moment::OfferMade, day("2026-09-20")),
            Said::Step(day("2026-10-01"), Event::OutcomeRecorded),
            Said::Ended(day("2026-09-30"), Outcome::TerugEigenSchool),
            Said::Step(day("2026-10-20"), Event::Relapsed),
            Said::Happened(Moment::FirstAbsenceDay, day("2026-10-15")),
        ])
    }

    #[test]
    fn a_relapse_is_a_round_of_its_own_without_the_offer_of_the_one_before() {
        let profile = Profile::shipped();
        let opened = day("2026-09-02");
        let mut life = Life::of(&relapsed(), &profile, opened, day("2026-11-20")).unwrap();
        life.meet(&[day("2026-08-20"), day("2026-09-10"), day("2026-10-18")].into());
        let first = Round {
            opened,
            met: Some(day("2026-09-10")),
            offered: Some(day("2026-09-20")),
            closed: Some(day("2026-10-01")),
            outcome: Some((day("2026-09-30"), Outcome::TerugEigenSchool)),
            ..round("2026-09-01")
        };
        let second = Round { opened: day("2026-10-20"), met: Some(day("2026-10-18")), ..round("2026-10-15") };
        assert_eq!(life.rounds, [first, second]);
        assert_eq!(life.stage, Stage::Signaal);
        assert!(life.labels.contains(&Label::Lrv));
        let then = Life::of(&relapsed(), &profile, opened, day("2026-10-10")).unwrap();
        assert_eq!((then.rounds.len(), then.stage), (1, Stage::Gesloten));
        assert!(then.open(day("2026-10-10")).is_none());
        assert_eq!(Life::of(&relapsed(), &profile, opened, day("2026-09-01")), None);
    }

    #[test]
    fn a_relapse_before_anybody_closed_the_case_leaves_the_round_before_its_first_day() {
        for again in ["2026-09-30", "2026-10-05"] {
            let log = known(vec![
                Said::Kind(day("2026-09-01"), AbsenceKind::RelatiefOngeoorloofd),
                Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
                Said::Step(day("2026-10-09"), Event::OutcomeRecorded),
                Said::Ended(day("2026-09-30"), Outcome::TerugEigenSchool),
                Said::Step(day("2026-10-12"), Event::Relapsed),
                Said::Happened(Moment::FirstAbsenceDay, day(again)),
            ]);
            let life = Life::of(&log, &Profile::shipped(), day("2026-09-02"), day("2026-11-20")).unwrap();
            let began: Vec<_> = life.rounds.iter().map(|round| round.first_day).collect();
            assert_eq!(began, [day("2026-09-01"), day(again)]);
        }
    }

    /// Home from 1 September and back on the 30th; taken up again since it threatens anew from 9 November on.
    #[test]
    fn a_relapse_that_only_threatens_is_a_round_without_what_was_held_before() {
        let held = |moment, on: &str| Said::Happened(moment, day(on));
        let log = known(vec![
            held(Moment::FirstAbsenceDay, "2026-09-01"),
            held(Moment::OfferMade, "2026-09-20"),
            held(Moment::AttendanceStable, "2026-09-30"),
            held(Moment::AftercareFirst, "2026-10-07"),
            held(Moment::AftercareSecond, "2026-10-21"),
            held(Moment::AftercareLast, "2026-11-04"),
            Said::Step(day("2026-10-01"), Event::OutcomeRecorded),
            Said::Ended(day("2026-09-30"), Outcome::TerugEigenSchool),
            Said::Kind(day("2026-11-09"), AbsenceKind::Dreigend),
            Said::Step(day("2026-11-10"), Event::Relapsed),
            held(Moment::FirstAbsenceDay, "2026-11-09"),
            held(Moment::Signalled, "2026-11-09"),
        ]);
        let life = Life::of(&log, &Profile::shipped(), day("2026-09-02"), day("2026-11-20")).unwrap();
        let second = Round { opened: day("2026-11-10"), ..round("2026-11-09") };
        assert_eq!(life.rounds[1..], [second]);
        assert_eq!(life.rounds[0].first_day, day("2026-09-01"));
    }

    /// Home from 1 September and back on 30 September in a case that stays open, home again from 1 December.
    #[test]
    fn the_band_stands_still_from_the_return_until_the_child_is_absent_again() {
        let mut said = vec![
            Said::Kind(day("2026-09-01"), AbsenceKind::RelatiefOngeoorloofd),
            Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
            Said::Happened(Moment::Returned, day("2026-09-30")),
        ];
        let band = |said: &[Said], date: &str| {
            let life =
                Life::of(&known(said.to_vec()), &Profile::shipped(), day("2026-09-02"), day(date)).unwrap();
            let round = life.open(day(date)).unwrap();
            (round.returned.is_some(), round.band(day(date)))
        };
        assert_eq!(band(&said, "2026-09-29"), (false, Band::From4To13Weeks));
        assert_eq!(band(&said, "2026-12-30"), (true, Band::From4To13Weeks), "29 days");
        said.push(Said::Happened(Moment::FirstAbsenceDay, day("2026-12-01")));
        assert_eq!(band(&said, "2026-12-28"), (false, Band::Under4Weeks));
        assert_eq!(band(&said, "2026-12-29"), (false, Band::From4To13Weeks));
    }

    /// Stable on 28 September: twelve weeks later it is 21 December.
    #[test]
    fn what_is_solved_stays_so_when_the_aftercare_of_twelve_weeks_was_held_without_a_relapse() {
        let solved = Round {
            closed: Some(day("2026-10-01")),
            outcome: Some((day("2026-10-01"), Outcome::TerugEigenSchool)),
            stable: Some(day("2026-09-28")),
            ..round("2026-09-01")
        };
        let cared = |on: &str| Round { cared: Some(day(on)), ..solved.clone() };
        let stay = |round: &Round, date: &str| round.stay(None, day(date));
        assert_eq!(stay(&solved, "2026-12-20"), Some(Stay::Pending));
        assert_eq!(stay(&solved, "2026-12-21"), Some(Stay::Unfollowed));
        // Held a little early: it is due all the same.
        assert_eq!(stay(&cared("2026-12-18"), "2026-12-20"), Some(Stay::Pending));
        assert_eq!(stay(&cared("2026-12-18"), "2026-12-21"), Some(Stay::Lasting));
        let again = |round: &Round, on: &str| round.stay(Some(&super::example::round(on)), day("2027-03-01"));
        assert_eq!(again(&cared("2026-12-18"), "2026-12-20"), Some(Stay::Relapsed));
        assert_eq!(again(&cared("2026-12-18"), "2026-12-21"), Some(Stay::Lasting), "through by then");
        assert_eq!(again(&solved, "2027-02-01"), Some(Stay::Relapsed), "nobody had looked in");
        assert_eq!(again(&cared("2027-01-04"), "2026-12-28"), Some(Stay::Relapsed), "of the round after it");
        // Without a day on which it was stable, from the outcome: 1 October to 24 December.
        let unsaid = Round { stable: None, ..solved.clone() };
        assert_eq!(stay(&unsaid, "2026-12-23"), Some(Stay::Pending));
        assert_eq!(stay(&unsaid, "2026-12-24"), Some(Stay::Unfollowed));
        for outcome in [Outcome::VerhuisdNaarGemeente, Outcome::Vrijstelling5OnderA] {
            let other = Round { outcome: Some((day("2026-10-01"), outcome)), ..solved.clone() };
            assert_eq!(stay(&other, "2026-12-21"), None, "{outcome}");
        }
        assert_eq!(stay(&round("2026-09-01"), "2026-12-21"), None);
    }

    #[test]
    fn the_check_points_of_a_round_are_those_since_its_first_day_and_all_of_them() {
        let talks = |last: Option<&str>| {
            let mut said = vec![
                Said::Kind(day("2026-09-01"), AbsenceKind::RelatiefOngeoorloofd),
                Said::Happened(Moment::FirstAbsenceDay, day("2026-09-01")),
                // Of an absence before this one.
                Said::Happened(Moment::AftercareLast, day("2026-05-11")),
                Said::Happened(Moment::AttendanceStable, day("2026-09-28")),
                Said::Happened(Moment::AftercareFirst, day("2026-10-12")),
                Said::Happened(Moment::AftercareSecond, day("2026-11-09")),
            ];
            said.extend(last.map(|on| Said::Happened(Moment::AftercareLast, day(on))));
            let life = Life::of(&known(said), &Profile::shipped(), day("2026-09-02"), day("2027-01-01"));
            let round = life.unwrap().rounds.remove(0);
            (round.stable, round.cared)
        };
        let stable = Some(day("2026-09-28"));
        assert_eq!(talks(None), (stable, None));
        assert_eq!(talks(Some("2026-12-21")), (stable, Some(day("2026-12-21"))));
    }

    /// Three months after 31 August is 30 November: the last day, since there is no 31st.
    #[test]
    fn the_pact_counts_three_months_to_the_day() {
        let november = Period::new(day("2026-11-01"), day("2026-11-30")).unwrap();
        let waits = round("2026-08-31");
        assert_eq!(waits.pact(november), Some(Way::Late));
        let offered = |on: &str| Round { offered: Some(day(on)), ..waits.clone() };
        assert_eq!(offered("2026-11-30").pact(november), Some(Way::Within));
        assert_eq!(offered("2026-12-01").pact(november), Some(Way::Late));
        let ended = |on: &str, outcome| Round {
            closed: Some(day(on)),
            outcome: Some((day(on), outcome)),
            ..waits.clone()
        };
        assert_eq!(ended("2026-11-02", Outcome::PlaatsingSo).pact(november), Some(Way::Within));
        assert_eq!(ended("2026-11-02", Outcome::VerhuisdNaarGemeente).pact(november), None);
        assert_eq!(waits.pact(Period::new(day("2026-12-01"), day("2026-12-31")).unwrap()), None);
    }

    #[test]
    fn who_leaves_without_an_end_is_censored_and_an_error_of_registration_is_nobody() {
        let date = day("2026-11-20");
        let ended = |outcome| Round {
            closed: Some(day("2026-10-05")),
            outcome: Some((day("2026-10-01"), outcome)),
            ..round("2026-09-01")
        };
        let spell = |round: &Round, end| round.spell(end, date).map(|spell| (spell.days, spell.came));
        assert_eq!(spell(&ended(Outcome::PlaatsingSo), End::Solved), Some((30, true)));
        assert_eq!(spell(&ended(Outcome::PlaatsingSo), End::Offer), Some((30, false)));
        assert_eq!(spell(&ended(Outcome::VerhuisdNaarGemeente), End::Solved), Some((30, false)));
        assert_eq!(spell(&ended(Outcome::AdministratiefOnjuist), End::Solved), None);
        assert_eq!(spell(&round("2026-09-01"), End::FirstMeeting), Some((80, false)));
        assert_eq!(spell(&round("2026-12-01"), End::FirstMeeting), None);
    }
}
