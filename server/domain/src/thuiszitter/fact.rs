//! The log of a case: facts that are never changed, only corrected by later ones, and the
//! case as it was known at any time.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    decided::Decided,
    facts::{AbsenceKind, Enrolment, Facts, Suspension},
    ground::{AbsenceGround, Circumstance, Exemption, MissedTime},
    moment::Moment,
    outcome::Outcome,
    profile::EscalationLevel,
    stage::Event,
};
use crate::{
    dutch::{SchoolCalendar, SchoolYear, codes::GemeenteCode},
    ids::FactId,
    time::Validity,
};

/// What somebody established or decided, with the day that it is about; `NaiveDate::MIN` where
/// that day is not known and it holds as far back as anybody looks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Said {
    /// Why the child is not at school, from a day on.
    Kind(NaiveDate, #[serde(with = "super::by_name")] AbsenceKind),
    /// Whether it has a school, from a day on.
    Enrolment(NaiveDate, #[serde(with = "super::by_name")] Enrolment),
    /// Where it lives, from a day on.
    Residence(NaiveDate, #[serde(with = "super::by_name")] GemeenteCode),
    /// When it was born.
    Birth(NaiveDate),
    /// The first school year that it attended in full.
    FirstFullYear(#[serde(with = "super::by_name")] SchoolYear),
    /// When it was qualified.
    Qualified(NaiveDate),
    /// Something happened, or is planned.
    Happened(Moment, NaiveDate),
    /// Time was missed: all of that day on that ground.
    Missed(MissedTime),
    /// An exemption or substitute programme holds.
    Exempt(Exemption),
    /// Something else holds.
    Holds(#[serde(with = "super::by_name")] Circumstance, Validity),
    /// A clock stood or stands still.
    StoodStill(Suspension),
    /// The work went a step.
    Step(NaiveDate, #[serde(with = "super::by_name")] Event),
    /// The case was taken to a level.
    Level(NaiveDate, #[serde(with = "super::by_name")] EscalationLevel),
    /// It ended.
    Ended(NaiveDate, #[serde(with = "super::by_name")] Outcome),
}

impl Said {
    /// Whether it is told only with the reason for it: that a child gets more than the basisondersteuning.
    #[must_use]
    pub fn needs_reason(&self) -> bool {
        matches!(self, Self::Happened(Moment::ExtraSupportDecided, _))
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Which.
    pub id: FactId,
    /// When it was written down.
    pub told: DateTime<Utc>,
    /// The entry in whose place it stands.
    pub corrects: Option<FactId>,
    /// What it says; none takes the corrected entry back.
    pub said: Option<Said>,
}

/// A case as it was known at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What was established.
    pub facts: Facts,
    /// What was decided.
    pub decided: Decided,
}

impl Known {
    /// The case as it was known at that instant. The order of the log does not matter, nor, of
    /// what was established, who told first: what counts is the day that a fact is about.
    /// Decisions of one day were taken in the order in which they were told. Of two that contradict
    /// each other about one day, without one correcting the other, the greater holds, so
    /// that everybody sees the same.
    #[must_use]
    pub fn at(log: &[Fact], at: DateTime<Utc>, calendar: SchoolCalendar) -> Self {
        let mut known = Self { facts: Facts::unknown(calendar), decided: Decided::default() };
        let mut missed: BTreeMap<(NaiveDate, AbsenceGround), u16> = BTreeMap::new();
        let standing = stands(log, at);
        // What was established stands each once, in an order of its own.
        let said: BTreeSet<&Said> = standing.iter().filter_map(|fact| fact.said.as_ref()).collect();
        for said in said {
            known.take(said, &mut missed);
        }
        for fact in standing {
            if let Some(said) = &fact.said {
                known.decided.take((fact.told, fact.id), said);
            }
        }
        let times = missed.into_iter().map(|((date, ground), minutes)| MissedTime { date, minutes, ground });
        known.facts.missed.extend(times);
        known
    }

    fn take(&mut self, said: &Said, missed: &mut BTreeMap<(NaiveDate, AbsenceGround), u16>) {
        let facts = &mut self.facts;
        match said {
            Said::Kind(from, kind) => facts.kinds.say(*from, *kind),
            Said::Enrolment(from, enrolment) => facts.enrolments.say(*from, *enrolment),
            Said::Residence(from, gemeente) => facts.residences.say(*from, gemeente.clone()),
            Said::Birth(on) => facts.birth = Some(*on),
            Said::FirstFullYear(year) => facts.first_full_year = Some(*year),
            Said::Qualified(on) => facts.qualified_on = Some(*on),
            Said::Happened(moment, on) => facts.moments.add(*moment, *on),
            Said::Missed(time) => {
                // A day has one sum on each ground: told twice it is the larger.
                let minutes = missed.entry((time.date, time.ground)).or_default();
                *minutes = time.minutes.max(*minutes);
            }
            Said::Exempt(exemption) => facts.exemptions.push(*exemption),
            Said::Holds(what, days) => facts.circumstances.push((*what, *days)),
            Said::StoodStill(suspension) => facts.suspensions.push(suspension.clone()),
            Said::Step(..) | Said::Level(..) | Said::Ended(..) => {}
        }
    }
}

/// What stood at that instant, in the order in which it was told: entries that nothing told
/// by then corrects, and of several corrections of one entry the last. What was taken back
/// without anything in its place is not among them.
#[must_use]
pub fn stands(log: &[Fact], at: DateTime<Utc>) -> Vec<&Fact> {
    let told: BTreeMap<_, _> =
        log.iter().filter(|fact| fact.told <= at).map(|fact| (fact.id, fact)).collect();
    let mut last: BTreeMap<FactId, &Fact> = BTreeMap::new();
    let mut void = BTreeSet::new();
    for fact in told.values() {
        // Nothing corrects itself or what was told after it.
        let corrected = fact.corrects.and_then(|id| told.get(&id));
        let Some(corrected) = corrected.filter(|old| (old.told, old.id) < (fact.told, fact.id)) else {
            continue;
        };
        void.insert(corrected.id);
        match last.get(&corrected.id) {
            Some(other) if (other.told, other.id) > (fact.told, fact.id) => void.insert(fact.id),
            Some(other) => void.insert(other.id),
            None => true,
        };
        if !void.contains(&fact.id) {
            last.insert(corrected.id, fact);
        }
    }
    let mut standing: Vec<&Fact> =
        told.into_values().filter(|fact| !void.contains(&fact.id) && fact.said.is_some()).collect();
    standing.sort_by_key(|fact| (fact.told, fact.id));
    standing
}

/// The entries by which a case was closed last, of those that stand: the step, and how it ended.
#[must_use]
pub fn closing(log: &[Fact]) -> Vec<FactId> {
    let standing = stands(log, DateTime::<Utc>::MAX_UTC);
    let last = |is: fn(&Said) -> bool| {
        let said = |fact: &&&Fact| fact.said.as_ref().is_some_and(is);
        standing.iter().rfind(said).map(|fact| fact.id)
    };
    let step = last(|said| matches!(said, Said::Step(_, Event::OutcomeRecorded)));
    let ended = last(|said| matches!(said, Said::Ended(..)));
    step.into_iter().chain(ended).collect()
}

#[cfg(test)]
#[path = "fact_tests.rs"]
mod tests;
