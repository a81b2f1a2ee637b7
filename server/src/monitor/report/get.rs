//! A report as a table: exact where the caller may know of the cases, else what is published.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Denied,
    dutch::SchoolYear,
    monitor::{
        Elsewhere, Figures, Measure, Period, Place, Published, SmallNumber,
        report::{Distance, Figure, Kind},
    },
};

use super::{
    obliged,
    units::{Unit, units},
};
use crate::{
    access::{authenticate::today, circle::Circle},
    directory::places::{Places, places},
    error::Result,
    monitor::{
        lives::{Basis, lives},
        population::{self, Scope, is_exact, knows},
        table::{self, Group},
    },
    store::Read,
    thuiszitter,
};

/// Which report, of what.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub kind: Kind,
    /// A day of the period.
    pub date: NaiveDate,
    pub scope: Scope,
    pub group: Option<Group>,
}

/// A row of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// Empty of what has none.
    pub key: String,
    pub name: String,
    /// Where the children live, of a published wijk.
    pub gemeente: String,
    /// In the order of the report; none where withheld.
    pub figures: Vec<(Figure, Option<u32>)>,
    pub median_days: Option<u32>,
    /// Of school social work, and of youth health care; of exact meetings alone.
    pub minutes: Option<(u32, u32)>,
    /// Of placements outside the wijk: how far they are from it; across organisations coarsely.
    pub distance: Option<Distance>,
}

/// A report.
#[derive(Debug, Clone)]
pub(super) struct Report {
    pub kind: Kind,
    pub period: Period,
    pub complete: bool,
    /// Below what counts are withheld; none when they are exact.
    pub small: Option<SmallNumber>,
    pub total: Row,
    pub rows: Vec<Row>,
    /// What gemeenten said of themselves, by their codes.
    pub obliged: Vec<obliged::Account>,
}

impl Report {
    /// Of which school year it is, or its quarter.
    pub(super) fn year(&self) -> SchoolYear {
        SchoolYear::of(self.period.from())
    }
}

/// That the caller may ask for it.
///
/// # Errors
/// As [`population::admit`]; not allowed, or `AGGREGATES_ONLY`, where it is not told across organisations.
pub(super) fn admit(read: &Read, wanted: &Wanted, places: &Places) -> Result<()> {
    population::admit(read.grant(), &wanted.scope, places)?;
    if is_exact(read.grant()) {
        return Ok(());
    }
    if !wanted.kind.is_told_outside() {
        return Err(Denied::AggregatesOnly.into());
    }
    match wanted.group {
        Some(Group::School | Group::Cluster) => Err(Denied::ActionNotAllowed.into()),
        Some(Group::Wijk | Group::Gemeente) | None => Ok(()),
    }
}

/// Of which days it is, to who counts exactly: as far as the period has come.
pub(super) fn period(read: &Read, wanted: &Wanted) -> (Period, bool) {
    let (whole, now) = (wanted.kind.period(wanted.date), today(read.now()));
    (whole.up_to(now), whole.until() <= now)
}

/// Which cases the caller counts, and where: as they are asked for of [`units`].
pub(super) fn of_caller(
    read: &Read,
    wanted: &Wanted,
    places: &Places,
) -> (impl Fn(&Circle) -> bool, impl Fn(&Circle) -> bool) {
    let known = move |circle: &Circle| population::is_counted(read.grant(), circle);
    let within = move |circle: &Circle| population::is_in(&wanted.scope, places, circle);
    (known, within)
}

/// Makes it.
///
/// # Errors
/// As [`admit`].
pub(super) async fn report(read: &Read, wanted: &Wanted) -> Result<Report> {
    let places = places(read, wanted.date).await?;
    admit(read, wanted, &places)?;
    let report = if is_exact(read.grant()) {
        exact(read, wanted, &places).await?
    } else {
        published(read, wanted, &places).await?
    };
    let obliged = obliged::beside(read, (wanted, report.year()), &places).await?;
    Ok(Report { obliged, ..report })
}

fn median(units: &[&Unit]) -> Option<u32> {
    let mut days: Vec<u32> = units.iter().filter_map(|unit| unit.waited).collect();
    days.sort_unstable();
    // Half of them were held by then.
    days.get(days.len().div_ceil(2).checked_sub(1)?).copied()
}

fn distance<'a>(units: impl IntoIterator<Item = &'a Unit>) -> Option<Distance> {
    Distance::of(units.into_iter().filter_map(|unit| unit.kilometres).collect())
}

async fn exact(read: &Read, wanted: &Wanted, places: &Places) -> Result<Report> {
    let (period, complete) = period(read, wanted);
    let units = units(read, (wanted.kind, period), places, of_caller(read, wanted, places)).await?;
    let mut groups: BTreeMap<String, Vec<&Unit>> = BTreeMap::new();
    if let Some(group) = wanted.group {
        for unit in &units {
            for key in table::keys(group, places, &unit.place) {
                groups.entry(key).or_default().push(unit);
            }
        }
    }
    let row = |key: &str, units: &[&Unit]| {
        let mut counts: BTreeMap<Figure, u32> = BTreeMap::new();
        for unit in units {
            for figure in unit.figures.iter().filter(|one| knows(read.grant(), one.class(), &unit.place)) {
                *counts.entry(*figure).or_default() += 1;
            }
        }
        let told = |figure: Figure| {
            let count = counts.get(&figure).copied().unwrap_or_default();
            (figure, read.grant().classes().has(figure.class()).then_some(count))
        };
        let sum = |of: fn(&Unit) -> u32| units.iter().map(|unit| of(unit)).fold(0, u32::saturating_add);
        Row {
            key: key.to_owned(),
            name: table::name(places, key),
            gemeente: String::new(),
            figures: wanted.kind.figures().into_iter().map(told).collect(),
            median_days: median(units),
            minutes: matches!(wanted.kind, Kind::Consultations)
                .then(|| (sum(|unit| unit.minutes.0), sum(|unit| unit.minutes.1))),
            distance: distance(units.iter().copied()),
        }
    };
    let everything: Vec<&Unit> = units.iter().collect();
    let mut rows: Vec<Row> = groups.iter().map(|(key, units)| row(key, units)).collect();
    rows.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    let total = row("", &everything);
    let (small, obliged) = (None, Vec::new());
    Ok(Report { kind: wanted.kind, period, complete, small, total, rows, obliged })
}

async fn published(read: &Read, wanted: &Wanted, places: &Places) -> Result<Report> {
    let (period, protected) = (wanted.kind.complete_by(wanted.date), wanted.kind.protected_with());
    let profile = thuiszitter::store::profile(read, period.until()).await?;
    let small = SmallNumber::of(profile.small_number);
    let units = units(read, (protected, period), places, (|_: &Circle| true, |_: &Circle| true)).await?;
    let mut counts: BTreeMap<Place, Figures<Figure>> =
        table::of_register(places).map(|place| (place, Figures::new())).collect();
    for unit in &units {
        let wijk = table::keys(Group::Wijk, places, &unit.place).pop().unwrap_or_default();
        let here = counts.entry(Place { gemeente: unit.place.gemeente.clone(), wijk }).or_default();
        for figure in &unit.figures {
            *here.entry(*figure).or_default() += 1;
        }
    }
    let [eve, last] = protected.told_by_monitor();
    let mut elsewhere: Vec<Elsewhere<Figure>> = Vec::new();
    for (date, same) in [(period.from().pred_opt().unwrap_or(period.from()), eve), (period.until(), last)] {
        if !same.is_empty() {
            elsewhere.push(of_day(read, places, date, same).await?);
        }
    }
    let (all, sums) = (protected.figures(), protected.sums());
    let told = Published::of_figures(&counts, (all.as_slice(), sums.as_slice()), small, &elsewhere);
    let row = |(key, gemeente): (&str, &str),
               told: &BTreeMap<Figure, Option<u32>>,
               here: &dyn Fn(&Unit) -> bool| {
        let count = |figure: Figure| told.get(&figure).copied().unwrap_or(Some(0));
        // Only of so many children that their number is told, and of more where few are so far.
        let far = |told: u32| distance(units.iter().filter(|unit| here(unit)))?.published(told, small);
        Row {
            key: key.to_owned(),
            name: table::name(places, key),
            gemeente: gemeente.to_owned(),
            figures: wanted.kind.figures().into_iter().map(|figure| (figure, count(figure))).collect(),
            distance: count(Figure::PlacedOutsideMeasured).and_then(far),
            ..Row::default()
        }
    };
    let in_scope = |gemeente: &str| match &wanted.scope {
        Scope::Gemeente(code) => code == gemeente,
        Scope::All | Scope::Cluster(_) | Scope::School(_) => true,
    };
    let mut rows: Vec<Row> = match wanted.group {
        Some(Group::Gemeente) => {
            let those = told.gemeenten().filter(|(code, _)| in_scope(code));
            those
                .map(|(code, figures)| row((code, ""), figures, &|unit| unit.place.gemeente == code))
                .collect()
        }
        Some(Group::Wijk) => {
            let those = told.wijken().filter(|(place, _)| in_scope(&place.gemeente));
            let here = |unit: &Unit, place: &Place| {
                unit.place.gemeente == place.gemeente
                    && table::keys(Group::Wijk, places, &unit.place).contains(&place.wijk)
            };
            those
                .map(|(place, figures)| {
                    row((&place.wijk, &place.gemeente), figures, &|unit| here(unit, place))
                })
                .collect()
        }
        Some(Group::School | Group::Cluster) | None => Vec::new(),
    };
    rows.sort_by(|one, other| {
        (&one.gemeente, &one.name, &one.key).cmp(&(&other.gemeente, &other.name, &other.key))
    });
    let total = match &wanted.scope {
        Scope::Gemeente(code) => row(("", ""), &told.gemeente(code), &|unit| unit.place.gemeente == *code),
        Scope::All | Scope::Cluster(_) | Scope::School(_) => row(("", ""), &told.region(), &|_| true),
    };
    let (complete, small, obliged) = (true, Some(small), Vec::new());
    Ok(Report { kind: wanted.kind, period, complete, small, total, rows, obliged })
}

/// What the monitor tells across organisations of the end of a month.
async fn of_day(
    read: &Read,
    places: &Places,
    date: NaiveDate,
    same: Vec<(Figure, Measure)>,
) -> Result<Elsewhere<Figure>> {
    let basis = Basis::of(read, date).await?;
    let small = SmallNumber::of(basis.profile.small_number);
    let counted = lives(read, &basis, |_| true).await?;
    let counts = table::by_place(&counted, places, (date, Period::quarter_by(date)));
    Ok(Elsewhere { counts, small, same })
}
