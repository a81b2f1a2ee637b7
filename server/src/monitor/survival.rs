//! How long it takes until something comes, for the cases that the caller may count.

use chrono::{Days, NaiveDate};
use schakel_domain::monitor::{End, Period, SmallNumber, Spell, Survival, coarse, curve};

use super::{
    lives::{Basis, lives},
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
/// As [`population::admit`]; `TIME_RANGE_INVALID`.
pub(super) async fn survival(read: &Read, wanted: &Wanted) -> Result<Found> {
    let exact = is_exact(read.grant());
    let places = places(read, wanted.until).await?;
    population::admit(read.grant(), &wanted.scope, &places)?;
    let from = wanted.from.unwrap_or_else(|| wanted.until.checked_sub_days(YEAR).unwrap_or(wanted.until));
    let asked = Period::new(from, wanted.until)?;
    let period = if exact { asked } else { quarters(asked) };
    let basis = Basis::of(read, period.until()).await?;
    let wants = |circle: &Circle| population::counts(read.grant(), &wanted.scope, &places, circle);
    let counted = lives(read, &basis, wants).await?;
    let rounds = counted.iter().flat_map(|one| &one.life.rounds);
    let spells: Vec<Spell> = rounds
        .filter(|round| period.has(round.first_day))
        .filter_map(|round| round.spell(wanted.end, period.until()))
        .collect();
    let survival =
        if exact { curve(&spells) } else { coarse(&spells, SmallNumber::of(basis.profile.small_number)) };
    Ok(Found { period, exact, survival })
}

/// Whole quarters: up to the last that is complete, from that of the first day.
fn quarters(asked: Period) -> Period {
    let last = Period::quarter_by(asked.until());
    // The quarter of a day is the first one that begins after the last that was complete before it.
    let before = asked.from().pred_opt().map_or(last, Period::quarter_by);
    let from = before.until().succ_opt().unwrap_or(asked.from());
    Period::new(from, last.until()).unwrap_or(last)
}
