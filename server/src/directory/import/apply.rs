//! One story for every kind of file: check against the register, compare, apply, report.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use schakel_domain::{
    directory::import::{BadRow, Diff, Parsed, Record, Row, cell::Problem, diff},
    time::Validity,
};

use super::{
    codes,
    register::Register,
    report::{Report, bad},
};
use crate::{access::authenticate::today, error::Result, store::Tx};

/// A line of a file, as the register keeps it.
pub(super) trait Line: Record + Clone + Send + Sync {
    /// Columns that all lines with the same first key say alike.
    const SHARED: &'static [&'static str] = &[];

    /// The file's lines as they are compared: what is not kept is left out.
    fn kept(self, _register: &Register) -> Self {
        self
    }
    /// What the register does not know.
    fn unknown(&self, register: &Register) -> Option<(&'static str, Problem)>;
    /// The cells of all lines that the register would write, in the order of the columns.
    fn stored(register: &Register, today: NaiveDate) -> Vec<Vec<String>>;
    /// Which lines of the register are closed when a file with these lines leaves them out.
    fn closed_by(_rows: &[Self]) -> impl Fn(&Self) -> bool {
        |_| false
    }
    /// Writes the difference.
    fn apply(
        tx: &Tx,
        register: Register,
        diff: &Diff<Self>,
        today: NaiveDate,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// Takes what a file says; tells the same whether it writes or not.
pub(super) async fn take<L: Line>(tx: &Tx, parsed: &Parsed<L>, dry_run: bool) -> Result<Report> {
    let register = Register::load(tx).await?;
    let today = today(tx.now());
    let cells = L::stored(&register, today);
    let existing: Vec<L> = cells.iter().filter_map(|cells| read(cells)).collect();
    let (rows, mut bad) = fitting(parsed, &register, &existing);
    bad.extend(parsed.bad.iter().cloned());
    bad.sort_by_key(|bad| bad.line);
    let keys: BTreeSet<Vec<String>> = rows.iter().map(Record::key).collect();
    // A missing row may be a bad one.
    let whole = bad.is_empty();
    let found = {
        let closes = L::closed_by(&rows);
        diff(&existing, &rows, |row| keys.contains(&row.key()) || (whole && closes(row)))
    };
    let report = Report { dry_run, ..Report::of(parsed, bad, &found) };
    if !dry_run && !found.is_empty() {
        L::apply(tx, register, &found, today).await?;
    }
    Ok(report)
}

fn read<L: Line>(cells: &[String]) -> Option<L> {
    let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
    L::read(&cells).ok()
}

/// The lines that fit the register and each other, and why the others do not.
fn fitting<L: Line>(parsed: &Parsed<L>, register: &Register, existing: &[L]) -> (Vec<L>, Vec<BadRow>) {
    let mut fit = Fit { days: days_of(existing, &parsed.rows), shared: HashMap::new() };
    let (mut rows, mut refused) = (Vec::new(), Vec::new());
    for row in &parsed.rows {
        match row.record.unknown(register).or_else(|| fit.against(&row.record)) {
            Some((column, problem)) => refused.push(bad(row.line, column, problem)),
            None => rows.push(row.record.clone().kept(register)),
        }
    }
    (rows, refused)
}

/// What stands already, in the register and on the lines before.
struct Fit {
    days: BTreeMap<Vec<String>, Vec<Validity>>,
    shared: HashMap<String, Vec<String>>,
}

impl Fit {
    fn against<L: Line>(&mut self, row: &L) -> Option<(&'static str, Problem)> {
        let code = row.key().into_iter().next().unwrap_or_default();
        let said: Vec<String> = L::SHARED.iter().map(|column| cell(row, column)).collect();
        let first = self.shared.entry(code).or_insert_with(|| said.clone());
        let other = L::SHARED.iter().zip(first.iter().zip(&said)).find(|(_, (first, said))| first != said);
        if let Some((column, _)) = other {
            return Some((column, codes::OTHERWISE));
        }
        let (tie, days) = tie(row)?;
        let held = self.days.entry(tie).or_default();
        if held.iter().any(|other| other.overlaps(days)) {
            return Some(("VANAF", codes::OVERLAP));
        }
        held.push(days);
        None
    }
}

fn cell<L: Record>(row: &L, column: &str) -> String {
    let place = L::COLUMNS.iter().position(|known| known.name() == column);
    place.and_then(|place| row.cells().into_iter().nth(place)).unwrap_or_default()
}

/// What a line ties, without its first day, and the days; none for lines without days.
fn tie<L: Record>(row: &L) -> Option<(Vec<String>, Validity)> {
    let from = cell(row, "VANAF").parse().ok()?;
    let days = Validity::new(from, cell(row, "TOTENMET").parse().ok()).ok()?;
    let mut key = row.key();
    key.pop();
    Some((key, days))
}

/// The days of the ties that the file does not write anew.
fn days_of<L: Record>(existing: &[L], rows: &[Row<L>]) -> BTreeMap<Vec<String>, Vec<Validity>> {
    let anew: BTreeSet<Vec<String>> = rows.iter().map(|row| row.record.key()).collect();
    let mut days: BTreeMap<Vec<String>, Vec<Validity>> = BTreeMap::new();
    for (tie, validity) in existing.iter().filter(|row| !anew.contains(&row.key())).filter_map(tie) {
        days.entry(tie).or_default().push(validity);
    }
    days
}
