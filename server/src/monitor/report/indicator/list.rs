//! What the indicators of a school year come to: worked out as the reports are, or as it was typed in.

use std::collections::{BTreeMap, BTreeSet};

use schakel_domain::{
    access::Action,
    dutch::SchoolYear,
    monitor::{
        SmallNumber,
        indicator::{Formula, Value},
        report::{Figure, Kind},
    },
};

use super::store::{self, Indicator, Key};
use crate::{
    access::authenticate::today,
    directory::places::places,
    error::Result,
    monitor::{
        population::{Scope, is_everywhere, is_exact},
        report::get::{Wanted, admit, report},
    },
    store::Read,
    thuiszitter,
    wire::page::{Page, cut},
};

/// An indicator, and what it comes to.
pub(super) struct Reading {
    pub indicator: Indicator,
    pub value: Value,
    /// Of what was typed in; 0 where nothing was.
    pub version: i32,
}

/// A page of a school year.
pub(super) struct Readings {
    pub year: SchoolYear,
    /// Below what counts are withheld; none when those that are worked out are exact.
    pub small: Option<SmallNumber>,
    pub all: Vec<Reading>,
    /// Where the next page begins.
    pub next: Option<Key>,
}

/// What each figure of a report is told as: none where it is withheld.
type Told = BTreeMap<Figure, Option<u32>>;

/// Reads and works them out, each report once.
///
/// # Errors
/// As for a report of the scope.
pub(super) async fn list(read: &Read, year: SchoolYear, scope: &Scope, page: &Page<Key>) -> Result<Readings> {
    let now = today(read.now());
    // The last day of it that has been; its first, of one to come.
    let date = year.last_day().min(now).max(year.first_day());
    let wanted = |kind| Wanted { kind, date, scope: scope.clone(), group: None };
    let places = places(read, date).await?;
    admit(read, &wanted(Kind::Jaarverslag), &places)?;
    let exact = is_exact(read.grant());
    // Who types in is told what was typed in, and what follows from cases not at all.
    let sets = read.grant().is_for(Action::WriteDirectory);
    // What is typed in is of the whole region: who knows of a part of its cases is no nearer to the others.
    let typed_small = if sets || is_everywhere(read.grant()) {
        None
    } else {
        let profile = thuiszitter::store::profile(read, date).await?;
        Some(SmallNumber::of(profile.small_number))
    };
    let small = typed_small.filter(|_| !exact);
    let mut indicators = store::of_year(read, year, page).await?;
    let next = cut(&mut indicators, page.size, |last| (last.names.0.as_str().to_owned(), last.id.0));
    let typed = store::typed(read, year).await?;
    // Of a year that is not over the last one that is would be told across organisations.
    let is_told = !sets && if exact { year.first_day() <= now } else { year.last_day() <= now };
    let formulas = indicators.iter().filter_map(|indicator| indicator.formula);
    let kinds: BTreeSet<Kind> = formulas.filter(|_| is_told).map(|formula| formula.report).collect();
    let mut told: BTreeMap<Kind, Told> = BTreeMap::new();
    for kind in kinds {
        let found = report(read, &wanted(kind)).await?;
        told.insert(kind, found.total.figures.into_iter().collect());
    }
    let one = |indicator: Indicator| {
        let (typed, version) = match typed.get(&indicator.id) {
            Some((tenths, version)) => (Some(*tenths), *version),
            None => (None, 0),
        };
        let value = match (indicator.formula, typed) {
            (Some(formula), _) => worked_out(formula, told.get(&formula.report)),
            (None, Some(tenths)) if matches!(scope, Scope::All) => {
                Value::typed(tenths, indicator.unit, typed_small)
            }
            (None, Some(_) | None) => Value::None,
        };
        Reading { indicator, value, version }
    };
    Ok(Readings { year, small, all: indicators.into_iter().map(one).collect(), next })
}

fn worked_out(formula: Formula, told: Option<&Told>) -> Value {
    let Some(told) = told else { return Value::None };
    formula.value(|figure| told.get(&figure).copied().unwrap_or(Some(0)))
}
