//! The figures of a day as a table: exact where the caller may know of the cases, else what is published.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{Days, NaiveDate};
use schakel_domain::{
    access::{Denied, Reached},
    ids::{ClusterId, SchoolId},
    monitor::{
        self, Counts, End, Life, Measure, Period, Place, Published, SmallNumber, Survival, Told, curve,
        measures,
    },
};
use strum::IntoEnumIterator;
use uuid::Uuid;

use super::{
    lives::{Basis, Counted, lives_of, version},
    population::{self, Scope, is_exact},
    report::units,
    survival,
};
use crate::{
    access::{authenticate::today, circle::Circle},
    directory::places::{Places, places},
    error::Result,
    store::{Read, memory::Versions},
};

/// How far back medians look.
const YEAR: Days = Days::new(364);
/// How long the period is where nobody says.
const USUAL: Days = Days::new(91);
/// The key of what has no wijk, school or cluster, where a key is asked for.
pub(super) const NONE: &str = "NONE";

/// By what the rows differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, strum::EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Group {
    Wijk,
    Gemeente,
    School,
    Cluster,
}

/// Which table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Wanted {
    pub scope: Scope,
    pub date: NaiveDate,
    /// None: the usual period.
    pub from: Option<NaiveDate>,
    pub group: Option<Group>,
}

impl Wanted {
    /// What is asked for of exact figures.
    pub(super) fn period(&self) -> Result<Period> {
        let from = self.from.unwrap_or_else(|| self.date.checked_sub_days(USUAL).unwrap_or(self.date));
        Ok(Period::new(from, self.date)?)
    }
}

/// A row of it.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// Empty of what has none.
    pub key: String,
    pub name: String,
    /// Where the children live, of a published wijk.
    pub gemeente: String,
    pub figures: Told,
    pub medians: Vec<(End, Survival)>,
}

/// The table.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub date: NaiveDate,
    /// Whether that is today: of no other day it is known who keeps a case and what is planned for it.
    pub is_today: bool,
    pub period: Period,
    /// Below what counts are withheld; none when they are exact.
    pub small: Option<SmallNumber>,
    pub total: Row,
    pub rows: Vec<Row>,
}

/// Which table, of which region, for who knows of cases in these ways; none of them where it is published.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Asked {
    region: Uuid,
    /// How often the register had changed, in which names and clusters stand.
    register: i64,
    wanted: Wanted,
    ways: Vec<Reached>,
}

impl Asked {
    /// Who reads asks for it, while the register has changed so often.
    pub(super) fn of(read: &Read, register: i64, wanted: Wanted) -> Self {
        let grant = read.grant();
        let ways = if is_exact(grant) { population::ways(grant).cloned().collect() } else { Vec::new() };
        Self { region: read.region(), register, wanted, ways }
    }

    /// Of which day.
    pub(super) fn day(&self) -> NaiveDate {
        self.wanted.date
    }
}

/// Tables that were made, by how the region stood.
pub(super) type Remembered = Versions<Asked, Arc<Table>>;

/// No more tables are remembered: of a large region, each takes half a megabyte.
pub(super) const MOST: usize = 64;

/// Makes it, or has it from when it was made.
///
/// # Errors
/// As [`population::admit_known`]; `TIME_RANGE_INVALID`.
pub(super) async fn table(read: &Read, wanted: &Wanted) -> Result<Arc<Table>> {
    let places = places(read, wanted.date).await?;
    population::admit_known(read, &wanted.scope, &places, wanted.date).await?;
    let exact = is_exact(read.grant());
    let date = if exact { wanted.date } else { Period::month_end_by(wanted.date) };
    let basis = Basis::of(read, date).await?;
    let version = version(read, &basis).await?;
    // What a transaction sees may never be committed.
    let Some(register) = read.register_count().await? else {
        return Ok(Arc::new(made(read, wanted, &places, (&basis, version)).await?));
    };
    let asked = Asked::of(read, register, wanted.clone());
    let memory = &read.app().remembered.lives.tables;
    let (known, _) = memory.of([(asked.clone(), version)]);
    if let Some(table) = known.first().and_then(|(_, table)| table.first()) {
        return Ok(Arc::clone(table));
    }
    let table = Arc::new(made(read, wanted, &places, (&basis, version)).await?);
    memory.keep([(asked, version, Arc::from([Arc::clone(&table)]))]);
    Ok(table)
}

async fn made(read: &Read, wanted: &Wanted, places: &Places, known: (&Basis, Uuid)) -> Result<Table> {
    if is_exact(read.grant()) {
        exact(read, wanted, places, known).await
    } else {
        published(read, wanted, places, known).await
    }
}

async fn exact(
    read: &Read,
    wanted: &Wanted,
    places: &Places,
    (basis, version): (&Basis, Uuid),
) -> Result<Table> {
    let period = wanted.period()?;
    let wants = |circle: &Circle| population::counts(read.grant(), &wanted.scope, places, circle);
    let counted = lives_of(read, basis, version, wants).await?;
    let mut groups: BTreeMap<String, Vec<&Life>> = BTreeMap::new();
    if let Some(group) = wanted.group {
        for one in &counted {
            for key in keys(group, places, &one.circle) {
                groups.entry(key).or_default().push(&one.life);
            }
        }
    }
    let row = |key: &str, lives: &[&Life]| Row {
        key: key.to_owned(),
        name: name(places, key),
        gemeente: String::new(),
        figures: all(lives, (wanted.date, period)),
        medians: medians(lives, wanted.date),
    };
    let everybody: Vec<&Life> = counted.iter().map(|one| &one.life).collect();
    let mut rows: Vec<Row> = groups.iter().map(|(key, lives)| row(key, lives)).collect();
    rows.sort_by(|one, other| (&one.name, &one.key).cmp(&(&other.name, &other.key)));
    let (date, is_today) = (wanted.date, wanted.date == today(read.now()));
    Ok(Table { date, is_today, period, small: None, total: row("", &everybody), rows })
}

/// Whether a case stands in the row with that key; without either, in the total.
pub(super) fn is_in_row(
    (group, key): (Option<Group>, Option<&str>),
    places: &Places,
    circle: &Circle,
) -> bool {
    let Some((group, key)) = group.zip(key) else { return true };
    let key = if key == NONE { "" } else { key };
    keys(group, places, circle).iter().any(|own| own == key)
}

/// Of which rows a case is.
pub(super) fn keys(group: Group, places: &Places, circle: &Circle) -> Vec<String> {
    let stands = circle.school.and_then(|school| places.schools.get(&school.0));
    match group {
        Group::Gemeente => vec![circle.gemeente.clone()],
        Group::School => vec![circle.school.map(|school| school.to_string()).unwrap_or_default()],
        Group::Wijk => vec![stands.map(|stands| stands.wijk.clone()).unwrap_or_default()],
        Group::Cluster => {
            let clusters = stands.map(|stands| stands.clusters.as_slice()).unwrap_or_default();
            let named: Vec<_> = clusters.iter().map(|id| ClusterId(*id).to_string()).collect();
            if named.is_empty() { vec![String::new()] } else { named }
        }
    }
}

/// What the place of a row is called; nothing of what has none.
pub(super) fn name(places: &Places, key: &str) -> String {
    let school = key.parse().ok().and_then(|SchoolId(id)| places.schools.get(&id));
    let cluster = key.parse().ok().and_then(|ClusterId(id)| places.clusters.get(&id));
    let area = places.areas.get(key);
    let known = school.map(|stands| stands.name.clone()).or_else(|| cluster.or(area).cloned());
    known.unwrap_or_default()
}

fn count(lives: &[&Life], (date, period): (NaiveDate, Period)) -> Counts {
    monitor::count(lives.iter().flat_map(|life| measures(life, date, period)))
}

/// Every figure as it is.
fn all(lives: &[&Life], when: (NaiveDate, Period)) -> Told {
    let counts = count(lives, when);
    Measure::all().map(|measure| (measure, Some(counts.get(&measure).copied().unwrap_or_default()))).collect()
}

fn medians(lives: &[&Life], date: NaiveDate) -> Vec<(End, Survival)> {
    let since = date.checked_sub_days(YEAR).unwrap_or(date);
    let of = |end: End| {
        let rounds = lives.iter().flat_map(|life| &life.rounds).filter(|round| round.first_day >= since);
        let spells: Vec<_> = rounds.filter_map(|round| round.spell(end, date)).collect();
        (end, curve(&spells))
    };
    End::iter().map(of).collect()
}

async fn published(
    read: &Read,
    wanted: &Wanted,
    places: &Places,
    (basis, version): (&Basis, Uuid),
) -> Result<Table> {
    let (date, period) = (basis.day, Period::quarter_by(wanted.date));
    let small = SmallNumber::of(basis.profile.small_number);
    let counted = lives_of(read, basis, version, |_| true).await?;
    let told = publish(&counted, places, (date, period), small);
    let in_scope = |gemeente: &str| match &wanted.scope {
        Scope::Gemeente(code) => code == gemeente,
        Scope::All | Scope::Cluster(_) | Scope::School(_) => true,
    };
    // The medians of the curves that are told, of the same children.
    let curves = survival::Published::of(read, wanted.date).await?;
    let medians = |scope: &Scope| -> Vec<(End, Survival)> {
        End::iter().map(|end| (end, curves.curve(scope, end))).collect()
    };
    let row = |key: &str, gemeente: &str, figures: &Told| Row {
        key: key.to_owned(),
        name: name(places, key),
        gemeente: gemeente.to_owned(),
        figures: figures.clone(),
        medians: Vec::new(),
    };
    let mut rows: Vec<Row> = match wanted.group {
        None => Vec::new(),
        Some(Group::Gemeente) => {
            let those = told.gemeenten().filter(|(code, _)| in_scope(code));
            let none = |code: &str| medians(&Scope::Gemeente(code.to_owned()));
            those.map(|(code, figures)| Row { medians: none(code), ..row(code, "", figures) }).collect()
        }
        Some(Group::Wijk) => {
            let those = told.wijken().filter(|(place, _)| in_scope(&place.gemeente));
            those.map(|(place, figures)| row(&place.wijk, &place.gemeente, figures)).collect()
        }
        Some(Group::School | Group::Cluster) => return Err(Denied::ActionNotAllowed.into()),
    };
    rows.sort_by(|one, other| {
        (&one.gemeente, &one.name, &one.key).cmp(&(&other.gemeente, &other.name, &other.key))
    });
    let figures = match &wanted.scope {
        Scope::Gemeente(code) => told.gemeente(code),
        Scope::All | Scope::Cluster(_) | Scope::School(_) => told.region(),
    };
    let total = Row { medians: medians(&wanted.scope), ..row("", "", &figures) };
    let is_today = date == today(read.now());
    Ok(Table { date, is_today, period, small: Some(small), total, rows })
}

/// All that is told of the region on a day, at once.
pub(super) fn publish(
    counted: &[Arc<Counted>],
    places: &Places,
    when: (NaiveDate, Period),
    small: SmallNumber,
) -> Published {
    Published::of(&by_place(counted, places, when), small)
}

/// Every place of the register: each wijk with a school in its own gemeente, and each gemeente without one. They
/// are told of though nobody is there, because a place that is listed once somebody is gives that away.
pub(super) fn of_register(places: &Places) -> impl Iterator<Item = Place> {
    let wijken: BTreeSet<&str> = places.schools.values().map(|stands| stands.wijk.as_str()).collect();
    let wijken: Vec<Place> = (wijken.into_iter())
        .filter_map(|wijk| Some(Place { gemeente: units::around_wijk(wijk)?, wijk: wijk.to_owned() }))
        .collect();
    let known: BTreeSet<String> = wijken.iter().map(|place| place.gemeente.clone()).collect();
    let without = units::gemeenten(places).into_iter().filter(move |code| !known.contains(code));
    wijken.into_iter().chain(without.map(|gemeente| Place { gemeente, wijk: String::new() }))
}

/// What is counted of each place.
pub(super) fn by_place(
    counted: &[Arc<Counted>],
    places: &Places,
    when: (NaiveDate, Period),
) -> BTreeMap<Place, Counts> {
    let mut by_place: BTreeMap<Place, Vec<&Life>> =
        of_register(places).map(|place| (place, Vec::new())).collect();
    for one in counted {
        let Counted { circle, life } = one.as_ref();
        let wijk = keys(Group::Wijk, places, circle).pop().unwrap_or_default();
        by_place.entry(Place { gemeente: circle.gemeente.clone(), wijk }).or_default().push(life);
    }
    by_place.into_iter().map(|(place, lives)| (place, count(&lives, when))).collect()
}
