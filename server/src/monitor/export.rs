//! Figures as files: tables for spreadsheets and programs, pictures for paper.

use std::sync::Arc;

use chrono::{Datelike, Months, NaiveDate};
use schakel_domain::{
    monitor::{
        Band, End, Measure, Period, SmallNumber, Told, line,
        plot::{self, Column, Curve, Step, Tile},
    },
    refusal::Language,
};
use schakel_proto::v1::ExportMonitorResponse;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

use super::{
    lives::{Basis, Counted, Stands, lives_on},
    population::{self, Scope, is_exact},
    survival::{self, Found, survival},
    table::{self, Asked, Group, Table, publish, table},
    wire::{Figure, about, figures},
};
use crate::{
    access::circle::Circle,
    directory::places::{Places, places},
    error::Result,
    store::{Read, memory::Versions},
};

/// Months in the picture of durations.
const MONTHS: u32 = 12;
/// No more columns of it are remembered: of some pictures for each table that is.
pub(super) const MOST: usize = 1_000;

/// Columns that were made, by how the region stood.
pub(super) type Remembered = Versions<Asked, Column>;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(super) enum Format {
    Csv,
    Json,
    Svg,
}

/// Of what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plot {
    /// The table.
    Table,
    /// Durations, month by month.
    Bands,
    /// A curve.
    Survival(End),
    /// A tile for each wijk.
    Tiles,
}

/// Which file.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub table: table::Wanted,
    pub format: Format,
    pub plot: Plot,
    pub language: Language,
}

/// What stands in a file: as rows, and as a picture where there is one.
struct Sheet {
    word: &'static str,
    /// The last day that it is about.
    day: NaiveDate,
    rows: Vec<Vec<String>>,
    picture: String,
}

/// Makes it.
///
/// # Errors
/// As for the table or the curve.
pub(super) async fn export(read: &Read, wanted: &Wanted) -> Result<ExportMonitorResponse> {
    let places = places(read, wanted.table.date).await?;
    let region = match wanted.language {
        Language::Dutch => "regio",
        Language::English => "region",
    };
    let about = about(read.grant(), &wanted.table.scope, |key| table::name(&places, key), region);
    let sheet = match wanted.plot {
        Plot::Table => table_sheet(table(read, &wanted.table).await?.as_ref()),
        Plot::Bands => bands(read, wanted, (&places, &about)).await?,
        Plot::Survival(end) => curve(read, wanted, end, &about).await?,
        Plot::Tiles => tiles(read, wanted, (&places, &about)).await?,
    };
    let (content_type, ending, content) = match wanted.format {
        Format::Csv => ("text/csv; charset=utf-8", "csv", csv(&sheet.rows)),
        Format::Json => ("application/json", "json", json(&sheet.rows)),
        Format::Svg => ("image/svg+xml", "svg", sheet.picture),
    };
    Ok(ExportMonitorResponse {
        content_type: content_type.to_owned(),
        file_name: format!("{}-{}.{ending}", sheet.word, sheet.day),
        content: content.into_bytes(),
    })
}

/// Every row with its line end.
pub(super) fn csv(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| line(row.iter().map(String::as_str))).collect()
}

/// Columns of figures that are words and days; all others are numbers.
const WORDS: [&str; 21] = [
    "key",
    "name",
    "gemeente",
    "wijk",
    "within",
    "date",
    "from_date",
    "until_date",
    "complete",
    "gaps",
    "meetings_withheld",
    "pseudonym",
    "since",
    "called",
    "cause",
    "duration",
    "plan_signed",
    "offer_made",
    "ended",
    "outcome",
    "counted_as",
];

/// An object for each row, by the words of the first one; numbers as numbers, what is withheld as null, and
/// without what nobody counted.
pub(super) fn json(rows: &[Vec<String>]) -> String {
    json_by(rows, |column| !WORDS.contains(&column))
}

/// The same of columns of which only some are numbers: a text stays what it is, also where it looks like one.
pub(super) fn json_by(rows: &[Vec<String>], is_number: impl Fn(&str) -> bool) -> String {
    let Some((head, rows)) = rows.split_first() else { return "[]".to_owned() };
    let number = |cell: &String| match (cell.parse::<i64>(), cell.parse::<f64>()) {
        (Ok(number), _) => json!(number),
        (Err(_), Ok(number)) => json!(number),
        (Err(_), Err(_)) if cell == WITHHELD => Value::Null,
        (Err(_), Err(_)) => json!(cell),
    };
    let object = |row: &Vec<String>| {
        let field = |(column, cell): (&String, &String)| match (is_number(column), cell.is_empty()) {
            (true, true) => None,
            (true, false) => Some((column.clone(), number(cell))),
            (false, _) => Some((column.clone(), json!(cell))),
        };
        Value::Object(head.iter().zip(row).filter_map(field).collect())
    };
    Value::Array(rows.iter().map(object).collect()).to_string()
}

/// Stands in the place of a count that is not told.
const WITHHELD: &str = "x";

/// A count as it stands in a file.
pub(super) fn count(count: Option<u32>) -> String {
    count.map_or_else(|| WITHHELD.to_owned(), |count| count.to_string())
}

fn table_sheet(table: &Table) -> Sheet {
    let mut head: Vec<String> =
        ["key", "name", "gemeente", "date", "from_date", "until_date"].map(str::to_owned).to_vec();
    head.extend(figures(&table.total.figures, table.is_today).map(|(name, _)| name.to_lowercase()));
    head.extend(End::iter().map(|end| format!("median_days_{}", end.to_string().to_lowercase())));
    let days = [table.date, table.period.from(), table.period.until()].map(|day| day.to_string());
    let row = |row: &table::Row, key: &str| {
        let mut cells = vec![key.to_owned(), row.name.clone(), row.gemeente.clone()];
        cells.extend(days.clone());
        let figure = |(_, figure): (String, Figure)| match figure {
            Figure::Told(told) => count(Some(told)),
            Figure::Withheld => count(None),
            Figure::Uncounted => String::new(),
        };
        cells.extend(figures(&row.figures, table.is_today).map(figure));
        let median =
            |end: End| row.medians.iter().find(|(of, _)| *of == end).and_then(|(_, found)| found.median);
        cells.extend(End::iter().map(|end| median(end).map(|days| days.to_string()).unwrap_or_default()));
        cells
    };
    let mut rows = vec![head, row(&table.total, "TOTAL")];
    rows.extend(
        table.rows.iter().map(|one| row(one, if one.key.is_empty() { table::NONE } else { &one.key })),
    );
    Sheet { word: "monitor", day: table.date, rows, picture: String::new() }
}

/// The last days of twelve months, oldest first, of which the last is complete at the end of `date`.
fn months(date: NaiveDate) -> Vec<NaiveDate> {
    let last = Period::month_end_by(date);
    let first = last.with_day(1).unwrap_or(last);
    let back = |months| {
        let next = first.checked_sub_months(Months::new(months))?.checked_add_months(Months::new(1))?;
        next.pred_opt()
    };
    (0..MONTHS).rev().filter_map(back).collect()
}

async fn bands(read: &Read, wanted: &Wanted, (places, about): (&Places, &str)) -> Result<Sheet> {
    population::admit_known(read, &wanted.table.scope, places, wanted.table.date).await?;
    let columns = columns(read, &wanted.table).await?;
    let mut rows = vec![
        [vec!["date".to_owned()], Band::iter().map(|band| band.to_string().to_lowercase()).collect()]
            .concat(),
    ];
    rows.extend(columns.iter().map(|column| {
        [vec![column.date.to_string()], column.counts.iter().map(|told| count(*told)).collect()].concat()
    }));
    let asked = wanted.table.date;
    let day = if is_exact(read.grant()) { asked } else { Period::month_end_by(asked) };
    Ok(Sheet { word: "bands", day, rows, picture: plot::bands(&columns, about, wanted.language) })
}

/// Each month end as it stood on that day, whatever came after it: as the table of that day. What nobody asked
/// for since the region changed is worked out at once.
async fn columns(read: &Read, wanted: &table::Wanted) -> Result<Vec<Column>> {
    let bases = Basis::of_each(read, &months(wanted.date)).await?;
    let stands = Stands::of(read).await?;
    let asked = |register: i64, basis: &Basis| {
        let of_day = table::Wanted { date: basis.day, from: None, group: None, ..wanted.clone() };
        (Asked::of(read, register, of_day), stands.version(basis))
    };
    let keys: Vec<_> = match read.register_count().await? {
        Some(register) => bases.iter().map(|basis| asked(register, basis)).collect(),
        // What a transaction sees may never be committed.
        None => Vec::new(),
    };
    let memory = &read.app().remembered.lives.columns;
    let (known, _) = memory.of(keys.iter().cloned());
    let mut columns: Vec<Column> = known.iter().flat_map(|(_, column)| column.iter().cloned()).collect();
    let is_missing = |basis: &Basis| columns.iter().all(|column| column.date != basis.day);
    let missing: Vec<Basis> = bases.into_iter().filter(is_missing).collect();
    let new = made(read, &wanted.scope, &missing).await?;
    memory.keep(keys.into_iter().filter_map(|(asked, version)| {
        let column = new.iter().find(|column| column.date == asked.day())?;
        Some((asked, version, Arc::from([column.clone()])))
    }));
    columns.extend(new);
    columns.sort_by_key(|column| column.date);
    Ok(columns)
}

async fn made(read: &Read, scope: &Scope, bases: &[Basis]) -> Result<Vec<Column>> {
    let (grant, exact) = (read.grant(), is_exact(read.grant()));
    let mut stood = Vec::with_capacity(bases.len());
    for basis in bases {
        stood.push(places(read, basis.day).await?);
    }
    let counts = |places: &Places, circle: &Circle| population::counts(grant, scope, places, circle);
    // What is withheld of a part follows from the whole region, so that all of it is needed.
    let wants = |circle: &Circle| !exact || stood.iter().any(|places| counts(places, circle));
    let counted = lives_on(read, bases, wants).await?;
    let column = |((basis, places), counted): ((&Basis, &Arc<Places>), &Vec<Arc<Counted>>)| {
        let told = if exact {
            of_day(counted.iter().filter(|one| counts(places, &one.circle)), basis.day)
        } else {
            published(counted, places, basis, scope)
        };
        let of = |band: Band| told.get(&Measure::Band(band)).copied().unwrap_or(Some(0));
        Column {
            date: basis.day,
            counts: Band::iter().map(of).collect::<Vec<_>>().try_into().unwrap_or_default(),
        }
    };
    Ok(bases.iter().zip(&stood).zip(&counted).map(column).collect())
}

fn of_day<'c>(counted: impl Iterator<Item = &'c Arc<Counted>>, date: NaiveDate) -> Told {
    let mut told = Told::new();
    for round in counted.filter_map(|one| one.life.open(date)) {
        let count = told.entry(Measure::Band(round.band(date))).or_insert(Some(0));
        *count = count.map(|count| count + 1);
    }
    told
}

/// From the same set as the table of that day.
fn published(counted: &[Arc<Counted>], places: &Places, basis: &Basis, scope: &Scope) -> Told {
    let when = (basis.day, Period::quarter_by(basis.day));
    let told = publish(counted, places, when, SmallNumber::of(basis.profile.small_number));
    match scope {
        Scope::Gemeente(code) => told.gemeente(code),
        Scope::All | Scope::Cluster(_) | Scope::School(_) => told.region(),
    }
}

async fn curve(read: &Read, wanted: &Wanted, end: End, about: &str) -> Result<Sheet> {
    let asked = survival::Wanted {
        scope: wanted.table.scope.clone(),
        end,
        from: wanted.table.from,
        until: wanted.table.date,
    };
    let Found { period, exact, survival: found } = survival(read, &asked).await?;
    let head = ["days", "at_risk", "came", "censored", "survival", "lower", "upper"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    rows.extend(found.points.iter().map(|point| {
        let mut counts =
            [point.days, point.at_risk, point.came, point.censored].map(|count| count.to_string());
        if !exact {
            // They would tell of single children.
            counts[2..].fill(String::new());
        }
        let parts = [point.survival, point.lower, point.upper].map(|part| format!("{part:.6}"));
        [counts.as_slice(), parts.as_slice()].concat()
    }));
    let step = |point: &schakel_domain::monitor::Point| Step {
        days: point.days,
        at_risk: point.at_risk,
        survival: point.survival,
        lower: point.lower,
        upper: point.upper,
    };
    let steps: Vec<Step> = found.points.iter().map(step).collect();
    let curve = Curve { end, exact, median: found.median, steps };
    let picture = plot::survival(&curve, about, wanted.language);
    Ok(Sheet { word: "survival", day: period.until(), rows, picture })
}

async fn tiles(read: &Read, wanted: &Wanted, (places, about): (&Places, &str)) -> Result<Sheet> {
    let asked = table::Wanted { group: Some(Group::Wijk), ..wanted.table.clone() };
    let table = table(read, &asked).await?;
    let named = |key: &str| {
        let name = table::name(places, key);
        if name.is_empty() { key.to_owned() } else { name }
    };
    let none = match wanted.language {
        Language::Dutch => "zonder school",
        Language::English => "without school",
    };
    let tile = |row: &table::Row| {
        // `WK053701` lies in `GM0537`.
        let around = row.key.get(2..6).map(|digits| format!("GM{digits}")).unwrap_or_default();
        let within = if row.gemeente.is_empty() { around } else { row.gemeente.clone() };
        Tile {
            name: if row.key.is_empty() { none.to_owned() } else { named(&row.key) },
            within: named(&within),
            count: row.figures.get(&Measure::Open).copied().unwrap_or(Some(0)),
        }
    };
    let tiles: Vec<Tile> = table.rows.iter().map(tile).collect();
    let mut rows = vec![["wijk", "within", "open"].map(str::to_owned).to_vec()];
    rows.extend(tiles.iter().map(|tile| vec![tile.name.clone(), tile.within.clone(), count(tile.count)]));
    Ok(Sheet { word: "tiles", day: table.date, rows, picture: plot::tiles(&tiles, about, wanted.language) })
}
