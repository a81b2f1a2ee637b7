//! Absence and exemptions of a school year, and the list of thuiszitters: what one child counts for.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    case::Seen,
    figure::Figure,
    school::gone,
    stretch::{Stretch, stretches},
};
use crate::{
    dutch::SchoolYear,
    monitor::{Period, Round, Stay},
    thuiszitter::{
        AbsenceGround, AbsenceKind, Enrolment, ExemptionGround, Label, Moment, Outcome, Solved, reached_on,
    },
    time::add_months,
};

/// The Thuiszitterspact of 2016: no child longer than this without a fitting offer.
const PACT_MONTHS: u16 = 3;

/// A row of the list: nothing in it says which child it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The first day at home; of one exempt or absoluut the first day of that.
    pub since: NaiveDate,
    /// What it is called at last, by the labels of the last day that it was listed.
    pub label: Label,
    /// Why it was not at school, as last established.
    pub kind: Option<AbsenceKind>,
    /// When a plan was signed.
    pub plan: Option<NaiveDate>,
    /// When a fitting offer was made.
    pub offer: Option<NaiveDate>,
    /// When it ended, and how; none while it lasts, the outcome none where nobody said how.
    pub ended: Option<(NaiveDate, Option<Outcome>)>,
    /// As which of the figures it counts.
    pub figure: Figure,
}

impl Listed {
    /// The school year in which the row falls, of a list up to `until`: that in which it ended, or the
    /// current one.
    #[must_use]
    pub fn school_year(&self, until: NaiveDate) -> SchoolYear {
        SchoolYear::of(self.ended.map_or(until, |(day, _)| day))
    }
}

fn of(seen: Seen<'_>, label: Label) -> Vec<Stretch> {
    let all = stretches((seen.profile, seen.known), &seen.life.rounds, label, seen.period.until());
    all.into_iter().filter(|stretch| stretch.touches(seen.period)).collect()
}

/// The same without what was an error of registration. The list keeps that, and says so: a row that was
/// sent is never taken back.
fn counted(seen: Seen<'_>, label: Label) -> Vec<Stretch> {
    let is_right = |stretch: &Stretch| round_of(seen, *stretch).is_none_or(|round| !round.is_removed());
    of(seen, label).into_iter().filter(is_right).collect()
}

/// The round that was worked on when the stretch ended.
fn round_of(seen: Seen<'_>, stretch: Stretch) -> Option<&Round> {
    let last = stretch.ended.unwrap_or(seen.period.until());
    seen.life.rounds.iter().find(|round| round.closed.is_none_or(|closed| closed >= last))
}

/// How the round ended, once it was closed or where the stretch ended with it.
fn outcome_of(seen: Seen<'_>, stretch: Stretch) -> Option<Outcome> {
    let round = round_of(seen, stretch)?;
    let closed = round.closed.is_some_and(|closed| seen.period.until() >= closed);
    let with_it = |on: NaiveDate| stretch.ended.is_some_and(|ended| ended >= on);
    round.outcome.filter(|(on, _)| closed || with_it(*on)).map(|(_, outcome)| outcome)
}

/// Whether a round was closed with an exemption or substitute programme that held then. What the facts
/// say no more, because it was put right after the case was taken up again, the telling does not count either.
fn is_exempt(seen: Seen<'_>, round: &Round) -> bool {
    round.outcome.is_some_and(|(day, outcome)| {
        let closed = round.closed.unwrap_or(day);
        outcome.counts_as().enters_exemption && outcome.agrees(&seen.known.facts, [day, closed])
    })
}

/// Which figures say how it began, how it ended and how long it lasted.
struct Course {
    all: Figure,
    start: Figure,
    new: Figure,
    back: Figure,
    otherwise: Figure,
    still: Figure,
    long: Figure,
    short: Figure,
}

const ABSOLUUT: Course = Course {
    all: Figure::Absoluut,
    start: Figure::AbsoluutStart,
    new: Figure::AbsoluutNew,
    back: Figure::AbsoluutEnrolled,
    otherwise: Figure::AbsoluutOtherwise,
    still: Figure::AbsoluutStill,
    long: Figure::AbsoluutOver3Months,
    short: Figure::AbsoluutUpTo3Months,
};

const LRV: Course = Course {
    all: Figure::Lrv,
    start: Figure::LrvStart,
    new: Figure::LrvNew,
    back: Figure::LrvReturned,
    otherwise: Figure::LrvOtherwise,
    still: Figure::LrvStill,
    long: Figure::LrvOver3Months,
    short: Figure::LrvUpTo3Months,
};

impl Course {
    /// Of the stretches that touch the period: by the first how it began, by the last how it ended.
    fn count(
        &self,
        seen: Seen<'_>,
        held: &[Stretch],
        (since, is_back): (impl Fn(&Stretch) -> NaiveDate, impl Fn(&Stretch) -> bool),
    ) -> Vec<Figure> {
        let (Some(first), Some(last)) = (held.first(), held.last()) else { return Vec::new() };
        let began = if first.from < seen.period.from() { self.start } else { self.new };
        let ended = if last.holds_on(seen.period.until()) {
            self.still
        } else if is_back(last) {
            self.back
        } else {
            self.otherwise
        };
        let is_long = |stretch: &Stretch| {
            let until = stretch.ended.and_then(|ended| ended.pred_opt()).unwrap_or(NaiveDate::MAX);
            let full = add_months(since(stretch), PACT_MONTHS);
            full.is_some_and(|full| full < until.min(seen.period.until()))
        };
        let length = if held.iter().any(is_long) { self.long } else { self.short };
        vec![self.all, began, ended, length]
    }
}

fn absoluut(seen: Seen<'_>) -> Vec<Figure> {
    let facts = &seen.known.facts;
    let is_enrolled = |stretch: &Stretch| {
        let told =
            stretch.ended.is_some_and(|ended| facts.enrolments.on(ended) == Some(&Enrolment::Enrolled));
        told || outcome_of(seen, *stretch).is_some_and(|outcome| outcome.counts_as().absoluut == Solved::Yes)
    };
    ABSOLUUT.count(
        seen,
        &counted(seen, Label::AbsoluutVerzuim),
        (|stretch: &Stretch| stretch.from, is_enrolled),
    )
}

fn lrv(seen: Seen<'_>) -> Vec<Figure> {
    let moments = &seen.known.facts.moments;
    // At home since before it was called long.
    let since =
        |stretch: &Stretch| moments.last(Moment::FirstAbsenceDay, stretch.from).unwrap_or(stretch.from);
    let is_back = |stretch: &Stretch| {
        let until = stretch.ended.unwrap_or(seen.period.until());
        let returned = moments.last(Moment::Returned, until).is_some_and(|day| day >= stretch.from);
        returned
            || matches!(outcome_of(seen, *stretch), Some(Outcome::TerugEigenSchool | Outcome::TerugOpbouw))
    };
    LRV.count(seen, &counted(seen, Label::Lrv), (since, is_back))
}

/// Those that held on some day of the period; of a child that left for good none after it did, for nobody
/// here decides on its exemptions any more.
fn exemptions(seen: Seen<'_>) -> Vec<Figure> {
    let left = gone(seen).unwrap_or(NaiveDate::MAX);
    let held = |ground: ExemptionGround| {
        seen.known.facts.exemptions.iter().any(|exemption| {
            let days = exemption.days;
            exemption.ground == ground
                && days.from() <= seen.period.until()
                && left > seen.period.from().max(days.from())
                && days.until().is_none_or(|last| last >= seen.period.from())
        })
    };
    [
        (ExemptionGround::Art5OnderA, Figure::Vrijstelling5OnderA),
        (ExemptionGround::Art5OnderB, Figure::Vrijstelling5OnderB),
        (ExemptionGround::Art5OnderC, Figure::Vrijstelling5OnderC),
        (ExemptionGround::Art5aTrekkend, Figure::Vrijstelling5aTrekkend),
        (ExemptionGround::Art15AnderOnderwijs, Figure::Vrijstelling15AnderOnderwijs),
        (ExemptionGround::Art3a, Figure::Vervangend3a),
        (ExemptionGround::Art3b, Figure::Vervangend3b),
    ]
    .into_iter()
    .filter(|(ground, _)| held(*ground))
    .map(|(_, figure)| figure)
    .collect()
}

/// Away on holiday without leave: on some day that was written down, or as the reason of the absence.
fn is_luxe(seen: Seen<'_>) -> bool {
    let facts = &seen.known.facts;
    let missed =
        |day: NaiveDate, ground: AbsenceGround| matches!(ground, AbsenceGround::Luxe) && seen.period.has(day);
    let away =
        |(from, kind): (NaiveDate, &AbsenceKind)| matches!(kind, AbsenceKind::Luxe) && seen.period.has(from);
    facts.missed.iter().any(|time| missed(time.date, time.ground)) || facts.kinds.all().any(away)
}

/// Whether it happened in the period.
fn happened(seen: Seen<'_>, moment: Moment) -> bool {
    let moments = &seen.known.facts.moments;
    moments.last(moment, seen.period.until()).is_some_and(|day| seen.period.has(day))
}

/// Whether the hours of the threshold were reached in the period: a round that took a case up again has
/// those that were reached before it.
fn is_reached(seen: Seen<'_>) -> bool {
    let (facts, label) = (&seen.known.facts, Label::Relatief16u4w);
    counted(seen, label).into_iter().any(|held| {
        let last = held.ended.and_then(|ended| ended.pred_opt()).unwrap_or(seen.period.until());
        let reached = reached_on(seen.profile, facts, label, last).value;
        reached.is_some_and(|day| seen.period.has(day))
    })
}

/// The telling of a school year.
pub(super) fn telling(seen: Seen<'_>) -> Vec<Figure> {
    let mut found = [absoluut(seen), lrv(seen)].concat();
    found.extend(is_reached(seen).then_some(Figure::Relatief16u4w));
    let is_nobody = seen.life.rounds.iter().all(Round::is_removed);
    found.extend((!is_nobody && is_luxe(seen)).then_some(Figure::Luxe));
    found.extend(exemptions(seen));
    found.extend(happened(seen, Moment::ProcesVerbaal).then_some(Figure::ProcesVerbaal));
    found.extend(happened(seen, Moment::HaltReferred).then_some(Figure::HaltReferred));
    found
}

fn worked_on(round: &Round, period: Period) -> bool {
    !round.is_removed()
        && round.opened <= period.until()
        && round.closed.is_none_or(|closed| closed >= period.from())
}

/// What the annual report has besides.
pub(super) fn year(seen: Seen<'_>) -> Vec<Figure> {
    let period = seen.period;
    let mut found = Vec::new();
    let rounds: Vec<&Round> = seen.life.rounds.iter().filter(|round| worked_on(round, period)).collect();
    if let (Some(first), Some(last)) = (rounds.first(), rounds.last()) {
        let began = if first.opened < period.from() { Figure::CasesStart } else { Figure::CasesNew };
        let ended = match last.outcome {
            _ if last.is_open(period.until()) => Figure::CasesOpen,
            Some(_) if is_exempt(seen, last) => Figure::CasesExempt,
            Some((_, outcome)) if is_solved(outcome) => Figure::CasesSolved,
            Some(_) | None => Figure::CasesOtherwise,
        };
        found.extend([Figure::Cases, began, ended]);
    }
    found.extend(lasting(seen));
    found.extend(happened(seen, Moment::LeaveDecided).then_some(Figure::LeaveDecided));
    found.extend(happened(seen, Moment::EscalatedL3).then_some(Figure::Doorzettingsmacht));
    found
}

/// Whether what was solved in the year stayed so, as far as its last day tells: by the last time that it was.
fn lasting(seen: Seen<'_>) -> Vec<Figure> {
    let solved = seen.life.rounds_and_next().filter(|(round, _)| round.is_solved_in(seen.period));
    let Some((round, next)) = solved.last() else { return Vec::new() };
    let stay = round.stay(next, seen.period.until()).map(|stay| match stay {
        Stay::Lasting => Figure::SolvedLasting,
        Stay::Relapsed => Figure::SolvedRelapsed,
        Stay::Unfollowed => Figure::SolvedUnfollowed,
        Stay::Pending => Figure::SolvedPending,
    });
    let again = next.map(|_| Figure::SolvedReopened);
    [Figure::Solved].into_iter().chain(stay).chain(again).collect()
}

fn is_solved(outcome: Outcome) -> bool {
    matches!(outcome.counts_as().pact, Solved::Yes | Solved::IfInPlan)
}

/// The rows of the list, oldest first: one for each school year in which something ended or lasts; none of
/// who was not listed on any day of the school year so far. July belongs to the year before, and is told
/// with its own quarter: who came back in it and is at home again in September has a row of each year.
#[must_use]
pub fn listed(seen: Seen<'_>) -> Vec<Listed> {
    let until = seen.period.until();
    let from = SchoolYear::of(until).first_day().min(seen.period.from());
    let Ok(period) = Period::new(from, until) else { return Vec::new() };
    let seen = Seen { period, ..seen };
    let mut last: BTreeMap<SchoolYear, (Stretch, Label)> = BTreeMap::new();
    let order = |stretch: Stretch| (stretch.ended.unwrap_or(NaiveDate::MAX), stretch.from);
    // The last that held; of two that ended together an exemption tells most.
    for label in [Label::Actueel, Label::AbsoluutVerzuim, Label::Vrijgesteld] {
        for stretch in of(seen, label) {
            let ended = stretch.ended.filter(|ended| *ended <= until);
            let year = SchoolYear::of(ended.unwrap_or(until));
            if last.get(&year).is_none_or(|(known, _)| order(*known) <= order(stretch)) {
                last.insert(year, (stretch, label));
            }
        }
    }
    last.into_values().map(|(stretch, label)| row(seen, stretch, label)).collect()
}

fn row(seen: Seen<'_>, last: Stretch, label: Label) -> Listed {
    let until = seen.period.until();
    let facts = &seen.known.facts;
    let ended = last.ended.filter(|ended| *ended <= until);
    let at = ended.and_then(|ended| ended.pred_opt()).unwrap_or(until);
    let outcome = ended.and_then(|_| outcome_of(seen, last));
    let since = match label {
        Label::Actueel => facts.moments.last(Moment::FirstAbsenceDay, at).unwrap_or(last.from),
        Label::Vrijgesteld
        | Label::AbsoluutVerzuim
        | Label::Relatief16u4w
        | Label::Lrv
        | Label::Thuiszitter
        | Label::ThuiszitterPraktijk
        | Label::Dreigend
        | Label::Vrijstellingstraject => last.from,
    };
    let told = ended.unwrap_or(until);
    let after = |moment: Moment| facts.moments.until(moment, told).find(|day| *day >= since);
    let figure = match (ended, outcome) {
        (None, _) if label == Label::Vrijgesteld => Figure::ListedExempt,
        (None, _) => Figure::ListedAtHome,
        (Some(_), Some(_)) if round_of(seen, last).is_some_and(|round| is_exempt(seen, round)) => {
            Figure::ListedExempt
        }
        (Some(_), Some(outcome)) if is_solved(outcome) => Figure::ListedSolved,
        (Some(_), Some(_) | None) => Figure::ListedOtherwise,
    };
    Listed {
        since,
        label,
        kind: facts.kind_on(at),
        plan: after(Moment::PlanSigned),
        offer: after(Moment::OfferMade),
        ended: ended.map(|day| (day, outcome)),
        figure,
    }
}

/// The list of a quarter, as figures: a child counts once, by its last row.
pub(super) fn list(seen: Seen<'_>) -> Vec<Figure> {
    listed(seen).pop().map(|row| vec![Figure::Listed, row.figure]).unwrap_or_default()
}
