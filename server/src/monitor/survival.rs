//! How long it takes until something comes, for the cases that the caller may count.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use schakel_domain::monitor::{End, Life, Period, SmallNumber, Spell, Survival, coarse, curve};

use super::{
    lives::{Basis, Counted, lives},
    population::{self, Scope, is_exact},
};
use crate::{access::circle::Circle, directory::places::places, error::Result, store::Read};

/// How far back is looked where nobody says.
const YEAR: Days = Days::new(364);

/// Which curve.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub scope: Scope,
    pub end: End,
    /// None: a year back.
    pub from: Option<NaiveDate>,
    pub until: NaiveDate,
}

/// A curve, and of which days.
pub(super) struct Found {
    pub period: Period,
    pub exact: bool,
    pub survival: Survival,
}

/// Finds it.
///
/// # Errors
/// As [`population::admit_known`]; `TIME_RANGE_INVALID`.
pub(super) async fn survival(read: &Read, wanted: &Wanted) -> Result<Found> {
    let places = places(read, wanted.until).await?;
    population::admit_known(read, &wanted.scope, &places, wanted.until).await?;
    let from = wanted.from.unwrap_or_else(|| wanted.until.checked_sub_days(YEAR).unwrap_or(wanted.until));
    let asked = Period::new(from, wanted.until)?;
    if !is_exact(read.grant()) {
        let published = Published::of(read, wanted.until).await?;
        let survival = published.curve(&wanted.scope, wanted.end);
        return Ok(Found { period: published.period, exact: false, survival });
    }
    let basis = Basis::of(read, asked.until()).await?;
    let wants = |circle: &Circle| population::counts(read.grant(), &wanted.scope, &places, circle);
    let counted = lives(read, &basis, wants).await?;
    let survival = curve(&spells(counted.iter().map(|one| &one.life), wanted.end, asked));
    Ok(Found { period: asked, exact: true, survival })
}

/// How long was waited in each round whose first day at home lies in the period, as its last day tells.
fn spells<'a>(lives: impl Iterator<Item = &'a Life>, end: End, period: Period) -> Vec<Spell> {
    let rounds = lives.flat_map(|life| &life.rounds).filter(|round| period.has(round.first_day));
    rounds.filter_map(|round| round.spell(end, period.until())).collect()
}

/// What is told across organisations: of the whole region and of four quarters that are over, whatever is
/// asked. A region less its gemeenten, or a year less a quarter, would tell of a few children.
pub(super) struct Published {
    pub period: Period,
    counted: Vec<Arc<Counted>>,
    small: SmallNumber,
}

impl Published {
    /// Of the quarters that are over at the end of `until`.
    pub(super) async fn of(read: &Read, until: NaiveDate) -> Result<Self> {
        let period = year_by(until);
        let basis = Basis::of(read, period.until()).await?;
        let counted = lives(read, &basis, |_| true).await?;
        Ok(Self { period, counted, small: SmallNumber::of(basis.profile.small_number) })
    }

    /// The curve, of which there is none of a part of the region.
    pub(super) fn curve(&self, scope: &Scope, end: End) -> Survival {
        match scope {
            Scope::All => {
                let lives = self.counted.iter().map(|one| &one.life);
                coarse(&spells(lives, end, self.period), self.small)
            }
            Scope::Gemeente(_) | Scope::Cluster(_) | Scope::School(_) => Survival::default(),
        }
    }
}

/// The last four quarters that are complete at the end of `date`.
fn year_by(date: NaiveDate) -> Period {
    let last = Period::quarter_by(date);
    let mut from = last.from();
    for _ in 0..3 {
        from = from.pred_opt().map_or(from, |eve| Period::quarter_by(eve).from());
    }
    Period::new(from, last.until()).unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_outside_is_of_the_four_quarters_that_are_over() {
        for (date, from, until) in [
            ("2026-11-23", "2025-10-01", "2026-09-30"),
            ("2026-12-31", "2026-01-01", "2026-12-31"),
            ("2028-03-30", "2027-01-01", "2027-12-31"),
        ] {
            let found = year_by(date.parse().unwrap());
            assert_eq!((found.from().to_string(), found.until().to_string()), (from.into(), until.into()));
        }
    }
}
