//! What one case counts for in a report.

use super::{figure::Figure, kind::Kind, leerplicht, school};
use crate::{
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
