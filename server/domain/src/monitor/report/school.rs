//! Where children are placed, their ontwikkelingsperspectieven, and time between schools.

use chrono::NaiveDate;

use super::{case::Seen, figure::Figure};
use crate::{
    dutch::{TeachingDay, leerplicht::LeerplichtStatus},
    monitor::Round,
    thuiszitter::{Enrolment, Moment, Outcome},
    time::Validity,
};

/// Calendar days from which a time without a school is a gap.
const GAP: i64 = 7;
/// Teaching days that there must be in it: a summer between two schools is none.
const TAUGHT: usize = 5;

/// Whether the child went to another school.
#[must_use]
pub fn is_placement(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::PlaatsingAndereSchool
            | Outcome::PlaatsingSbo
            | Outcome::PlaatsingSo
            | Outcome::PlaatsingVso
            | Outcome::PlaatsingOpdc
            | Outcome::PlaatsingMbo
            | Outcome::PlaatsingParticulier
    )
}

/// How a placement counts: from the wijk of one school to that of another, where both are known, and by
/// the kind of place that its outcome names.
#[must_use]
pub fn placed(from: Option<&str>, to: Option<&str>, outcome: Option<Outcome>) -> [Figure; 3] {
    let where_to = match (from.filter(|wijk| !wijk.is_empty()), to.filter(|wijk| !wijk.is_empty())) {
        (Some(from), Some(to)) if from == to => Figure::PlacedInsideWijk,
        (Some(_), Some(_)) => Figure::PlacedOutsideWijk,
        (Some(_) | None, _) => Figure::PlacedUnknown,
    };
    let kind = match outcome {
        Some(Outcome::PlaatsingSbo) => Figure::PlacedSbo,
        Some(Outcome::PlaatsingSo) => Figure::PlacedSo,
        Some(Outcome::PlaatsingVso) => Figure::PlacedVso,
        Some(_) | None => Figure::PlacedOtherwise,
    };
    [Figure::Placed, where_to, kind]
}

/// Whether the samenwerkingsverband decided on a toelaatbaarheidsverklaring in the period.
pub(super) fn tlv(seen: Seen<'_>) -> Vec<Figure> {
    let decided = seen.known.facts.moments.last(Moment::TlvDecided, seen.period.until());
    decided.filter(|day| seen.period.has(*day)).map(|_| Figure::TlvDecided).into_iter().collect()
}

/// The day on which the child left for good, of a case that nobody took up again: from then on it
/// is not known whether it has a school, and no school here answers for it. Who is known to have moved to
/// another gemeente of the region is still here.
pub(super) fn gone(seen: Seen<'_>) -> Option<NaiveDate> {
    let round = seen.life.rounds.last()?;
    let (day, outcome) = round.outcome?;
    let is_gone =
        matches!(outcome, Outcome::Overleden | Outcome::UitNederland | Outcome::AdministratiefOnjuist);
    let is_away = matches!(outcome, Outcome::VerhuisdNaarGemeente) && !is_here(seen, round);
    (is_gone || is_away).then_some(day)
}

/// Whether the last move since the round began was to a gemeente of the region.
fn is_here(seen: Seen<'_>, round: &Round) -> bool {
    let days = round.first_day.min(round.opened)..=seen.period.until();
    let moves = seen.known.facts.residences.all().filter(|(from, _)| days.contains(from));
    moves.last().is_some_and(|(_, gemeente)| seen.gemeenten.contains(gemeente.as_str()))
}

/// The ontwikkelingsperspectief of a child in the period, and whether ROD says the same. One that was made
/// stands, as an exemption does, when the case was opened by mistake.
pub(super) fn opp(seen: Seen<'_>) -> Vec<Figure> {
    let (moments, period) = (&seen.known.facts.moments, seen.period);
    let Some(made) = moments.last(Moment::OppMade, period.until()) else { return Vec::new() };
    let after =
        |moment: Moment, from: NaiveDate| moments.until(moment, period.until()).find(|day| *day >= from);
    let ended = after(Moment::OppEnded, made);
    let gone = gone(seen).filter(|day| *day >= made);
    if ended.into_iter().chain(gone).any(|day| day < period.from()) {
        return Vec::new();
    }
    let either = |is: bool, yes, no| if is { yes } else { no };
    let evaluated = after(Moment::OppEvaluated, period.from().max(made)).is_some();
    let registered = after(Moment::OppRegistered, made).is_some();
    let mut found = vec![
        Figure::Opp,
        either(period.has(made), Figure::OppNew, Figure::OppBefore),
        either(evaluated, Figure::OppEvaluated, Figure::OppUnevaluated),
        either(registered, Figure::OppRegistered, Figure::OppUnregistered),
    ];
    if let Some(ended) = ended {
        let told = after(Moment::OppEndRegistered, ended).is_some();
        found.extend([Figure::OppEnded, either(told, Figure::OppEndRegistered, Figure::OppEndUnregistered)]);
    }
    found
}

/// The longest time without a school that touches the period, of a child that must go to one; an error of
/// registration is none.
pub(super) fn gap(seen: Seen<'_>) -> Vec<Figure> {
    let (facts, period) = (&seen.known.facts, seen.period);
    let last =
        gone(seen).and_then(|day| day.pred_opt()).map_or(period.until(), |eve| eve.min(period.until()));
    let out = facts.enrolments.stretches(|enrolment| *enrolment == Enrolment::NotEnrolled);
    let obliged = |day: NaiveDate| {
        facts.leerplicht_on(day).is_none_or(|status| match status {
            LeerplichtStatus::Leerplichtig | LeerplichtStatus::Kwalificatieplichtig => true,
            LeerplichtStatus::NogNiet | LeerplichtStatus::Voorbij => false,
        })
    };
    // The round that was worked on at its end.
    let is_error = |until: NaiveDate| {
        let mut rounds = seen.life.rounds.iter();
        let round = rounds.find(|round| round.closed.is_none_or(|closed| closed >= until));
        round.is_some_and(Round::is_removed)
    };
    let length = |days: Validity| {
        let until = days.until().unwrap_or(last).min(last);
        // Of a case that began without a school nobody knows since when.
        let from =
            if days.from() == NaiveDate::MIN { seen.life.rounds.first()?.first_day } else { days.from() };
        let taught = from.iter_days().take_while(|day| *day <= until).filter(|day| {
            facts.calendar.is_teaching_day(*day) != TeachingDay::No
                && obliged(*day)
                && facts.exemption_on(*day).is_none()
        });
        let touches = until >= period.from() && from <= until && !is_error(until);
        let counts = touches && taught.take(TAUGHT).count() == TAUGHT;
        counts.then(|| (until - from).num_days() + 1).filter(|length| *length >= GAP)
    };
    let Some(longest) = out.filter_map(length).max() else { return Vec::new() };
    let band = match longest {
        ..28 => Figure::GapUnder4Weeks,
        28..91 => Figure::GapFrom4To13Weeks,
        91.. => Figure::GapFrom13Weeks,
    };
    vec![Figure::Gap, band]
}
