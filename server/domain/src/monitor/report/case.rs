//! What one case counts for in a report.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{figure::Figure, kind::Kind, leerplicht, school};
use crate::{
    dutch::codes::GemeenteCode,
    monitor::{Life, Period},
    thuiszitter::{Known, Profile},
};

/// A case as a report looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// What its log comes to.
    pub known: &'a Known,
    /// Its rounds of work up to the last day of the period.
    pub life: &'a Life,
    /// The norms of that day.
    pub profile: &'a Profile,
    /// Of which days the report is.
    pub period: Period,
    /// The gemeenten of the region, by their codes.
    pub gemeenten: &'a BTreeSet<String>,
}

impl Seen<'_> {
    /// The last day up to the end of the period on which the case was worked on; that end itself of one that
    /// was not.
    fn last_day(&self) -> NaiveDate {
        let until = self.period.until();
        let worked_on = self.life.rounds.iter().rev().find(|round| round.opened <= until);
        let closed = worked_on.and_then(|round| round.closed).filter(|closed| *closed <= until);
        let is_of_it = |closed: &NaiveDate| *closed >= self.period.from();
        closed.filter(is_of_it).and_then(|closed| closed.pred_opt()).unwrap_or(until)
    }

    /// The gemeente that tells of the case: where the child lived on that day, wherever it lives now.
    #[must_use]
    pub fn gemeente(&self) -> Option<&GemeenteCode> {
        self.known.facts.residences.on(self.last_day())
    }
}

/// The figures that the case counts for, each once: reports count children, not incidents. Nothing
/// of meetings, questions and places, which are counted by themselves.
#[must_use]
pub fn of_case(kind: Kind, seen: Seen<'_>) -> Vec<Figure> {
    match kind {
        Kind::Thuiszitters => leerplicht::list(seen),
        Kind::Leerplichttelling => leerplicht::telling(seen),
        Kind::Jaarverslag => [leerplicht::telling(seen), leerplicht::year(seen)].concat(),
        Kind::Placements => school::tlv(seen),
        Kind::Opp => school::opp(seen),
        Kind::Continuity => school::gap(seen),
        Kind::Consultations | Kind::Demand => Vec::new(),
    }
}
