//! Which reports there are, of which period each is, and what stands in it.

use chrono::NaiveDate;
use strum::IntoEnumIterator;

use super::figure::Figure;
use crate::{
    monitor::{Measure, Period},
    thuiszitter::Label,
};

/// A report with a name.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    strum::Display,
    strum::EnumString,
    strum::EnumIter,
    strum::IntoStaticStr,
)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// The list that a samenwerkingsverband sends to the Inspectie each quarter, cumulative in the school year;
    /// what ended in July stands in the list of its quarter.
    Thuiszitters,
    /// What a gemeente tells OCW each school year (LPW art. 25).
    Leerplichttelling,
    /// What burgemeester en wethouders tell the raad before 1 October (LPW art. 25).
    Jaarverslag,
    /// Meetings of a quarter: how soon, who was there, what came of them.
    Consultations,
    /// What schools asked for in a school year.
    Demand,
    /// Where children were placed in a school year.
    Placements,
    /// Ontwikkelingsperspectieven of a school year.
    Opp,
    /// Time between schools in a school year.
    Continuity,
}

impl Kind {
    /// Whether it is of a calendar quarter; else of a school year.
    #[must_use]
    pub fn is_quarterly(self) -> bool {
        matches!(self, Self::Thuiszitters | Self::Consultations)
    }

    /// The period of it in which `date` lies.
    #[must_use]
    pub fn period(self, date: NaiveDate) -> Period {
        if self.is_quarterly() { Period::quarter_of(date) } else { Period::school_year_of(date) }
    }

    /// The last period of it that is complete at the end of `date`.
    #[must_use]
    pub fn complete_by(self, date: NaiveDate) -> Period {
        let now = self.period(date);
        if now.until() <= date { now } else { now.from().pred_opt().map_or(now, |eve| self.period(eve)) }
    }

    /// Whether it is told across organisations at all. The list has a row for each child.
    #[must_use]
    pub fn is_told_outside(self) -> bool {
        self != Self::Thuiszitters
    }

    /// Whether it is counted from the logs of cases; else from meetings or questions.
    #[must_use]
    pub fn is_of_cases(self) -> bool {
        !matches!(self, Self::Consultations | Self::Demand)
    }

    /// Whether a gemeente tells of the children that lived in it then; else of those that do now. What was
    /// told of a year to OCW or the raad stays so when a child moves.
    #[must_use]
    pub fn is_of_residents_then(self) -> bool {
        matches!(self, Self::Leerplichttelling | Self::Jaarverslag)
    }

    /// The one in whose figures its own are protected: the telling is a part of the annual report,
    /// and is told from the same set.
    #[must_use]
    pub fn protected_with(self) -> Self {
        if self == Self::Leerplichttelling { Self::Jaarverslag } else { self }
    }

    /// What stands in it, in this order.
    #[must_use]
    pub fn figures(self) -> Vec<Figure> {
        let of = |figure: &Figure| figure.kinds().contains(&self);
        Figure::iter().filter(of).collect()
    }

    /// The sums among them: which parts make up which whole.
    #[must_use]
    pub fn sums(self) -> Vec<(Figure, Vec<Figure>)> {
        let own = self.figures();
        Figure::sums().into_iter().filter(|(whole, _)| own.contains(whole)).collect()
    }

    /// What the monitor tells of the same cases, on the eve of the period and on its last day:
    /// these numbers are withheld here where they are there.
    #[must_use]
    pub fn told_by_monitor(self) -> [Vec<(Figure, Measure)>; 2] {
        match self {
            Self::Leerplichttelling | Self::Jaarverslag => [
                vec![
                    (Figure::CasesStart, Measure::Open),
                    (Figure::LrvStart, Measure::Label(Label::Lrv)),
                    (Figure::AbsoluutStart, Measure::Label(Label::AbsoluutVerzuim)),
                ],
                vec![
                    (Figure::CasesOpen, Measure::Open),
                    (Figure::LrvStill, Measure::Label(Label::Lrv)),
                    (Figure::AbsoluutStill, Measure::Label(Label::AbsoluutVerzuim)),
                ],
            ],
            Self::Thuiszitters
            | Self::Consultations
            | Self::Demand
            | Self::Placements
            | Self::Opp
            | Self::Continuity => [Vec::new(), Vec::new()],
        }
    }
}
