//! What is counted of one case: its rounds of work, its stage and labels, and what it lacks.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    measure::Period,
    survival::{End, Spell},
};
use crate::{
    thuiszitter::{Known, Label, Moment, Outcome, Profile, Solved, Stage, labels},
    time::add_months,
};

/// The Thuiszitterspact of 2016: no child longer than this without a fitting offer.
const PACT_MONTHS: u16 = 3;

/// One round of work on a case, from its opening or a relapse until it is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The day on which the case was opened or reopened.
    pub opened: NaiveDate,
    /// The first day at home; of one at school the first day of worry.
    pub first_day: NaiveDate,
    /// The first meeting that was held with a parent at the table.
    pub met: Option<NaiveDate>,
    /// The first fitting offer.
    pub offered: Option<NaiveDate>,
    /// The day on which it was closed, or that of the evidence where that is later.
    pub closed: Option<NaiveDate>,
    /// How it ended, and the day of the evidence.
    pub outcome: Option<(NaiveDate, Outcome)>,
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
    /// What it is called, by each definition.
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
            let began = moments.last(Moment::FirstAbsenceDay, until);
            let began = began.or_else(|| moments.last(Moment::Signalled, until));
            let first_day = began.unwrap_or(opened);
            let offered = moments.until(Moment::OfferMade, until).find(|day| *day >= first_day);
            Round { opened, first_day, met: None, offered, closed, outcome: worked.outcome }
        });
        let (stage, _) = known.decided.stage_on(date);
        Some(Self {
            rounds: rounds.collect(),
            stage,
            labels: labels(profile, &known.facts, date).value,
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
            met: None,
            offered: None,
            closed: None,
            outcome: None,
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
