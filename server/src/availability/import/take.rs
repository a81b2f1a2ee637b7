//! One story for both kinds of file: check against the register, compare, apply, report.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
};

use chrono::NaiveDate;
use schakel_domain::directory::import::{Diff, Parsed, Record, cell::Problem, diff};
use uuid::Uuid;

use super::books::Books;
use crate::{
    access::authenticate::today,
    directory::import::report::{Report, bad},
    error::Result,
    store::Tx,
};

/// A line of a file, and the row that keeps it.
pub(super) trait Line: Record + Clone + Send + Sync {
    /// Its row.
    type Row: Clone + Send + Sync;
    /// Whether a file closes what it leaves out, of those it speaks of.
    const CLOSES: bool;

    /// What the register does not know.
    fn unknown(&self, books: &Books) -> Option<(&'static str, Problem)>;
    /// Of whom, or what, the line speaks.
    fn whose(&self) -> String;
    /// The row as a line; none for a row that no file can say.
    fn of(row: &Self::Row, books: &Books) -> Option<Self>;
    /// The line as a row with this id and version; nothing of it is unknown.
    fn row(&self, tx: &Tx, books: &Books, place: (Uuid, i32)) -> Option<Self::Row>;
    /// The id and version of a row.
    fn place(row: &Self::Row) -> (Uuid, i32);
    /// Whether a row may still hold on `day` or later.
    fn lasts(row: &Self::Row, day: NaiveDate) -> bool;
    /// The row, ended the day before; none when it had not begun.
    fn ended(row: &Self::Row, day: NaiveDate) -> Option<Self::Row>;
    /// All rows of the region.
    fn all(tx: &Tx) -> impl Future<Output = Result<Vec<Self::Row>>> + Send;
    /// Takes rows out and puts others in.
    fn replace(tx: &Tx, out: &[Uuid], rows: Vec<Self::Row>) -> impl Future<Output = Result<()>> + Send;
}

/// Takes what a file says; tells the same whether it writes or not.
pub(super) async fn take<L: Line>(tx: &Tx, parsed: &Parsed<L>, dry_run: bool) -> Result<Report> {
    let books = Books::load(tx).await?;
    let today = today(tx.now());
    let rows = L::all(tx).await?;
    let held: BTreeMap<Vec<String>, &L::Row> =
        rows.iter().filter_map(|row| L::of(row, &books).map(|line| (line.key(), row))).collect();
    let existing: Vec<L> = held.values().filter_map(|row| L::of(row, &books)).collect();
    let (mut good, mut refused) = (Vec::new(), parsed.bad.clone());
    for row in &parsed.rows {
        match row.record.unknown(&books) {
            Some((column, problem)) => refused.push(bad(row.line, column, problem)),
            None => good.push(row.record.clone()),
        }
    }
    refused.sort_by_key(|bad| bad.line);
    let keys: BTreeSet<Vec<String>> = good.iter().map(Record::key).collect();
    let spoken_of: BTreeSet<String> = good.iter().map(Line::whose).collect();
    // The missing line may be the bad one.
    let closes = L::CLOSES && refused.is_empty();
    let found = diff(&existing, &good, |line| {
        let lasts = || held.get(&line.key()).is_some_and(|row| L::lasts(row, today));
        keys.contains(&line.key()) || (closes && spoken_of.contains(&line.whose()) && lasts())
    });
    if !dry_run && !found.is_empty() {
        apply(tx, &books, &found, (&held, today)).await?;
    }
    Ok(Report { dry_run, ..Report::of(parsed, refused, &found) })
}

async fn apply<L: Line>(
    tx: &Tx,
    books: &Books,
    found: &Diff<L>,
    (held, today): (&BTreeMap<Vec<String>, &L::Row>, NaiveDate),
) -> Result<()> {
    let mut rows: Vec<L::Row> =
        found.new.iter().filter_map(|line| line.row(tx, books, (tx.new_id(), 1))).collect();
    let mut out = Vec::new();
    for change in &found.changed {
        let Some(row) = held.get(&change.before.key()) else { continue };
        let (id, version) = L::place(row);
        out.push(id);
        rows.extend(change.after.row(tx, books, (id, version + 1)));
    }
    for line in &found.closed {
        let Some(row) = held.get(&line.key()) else { continue };
        out.push(L::place(row).0);
        rows.extend(L::ended(row, today));
    }
    L::replace(tx, &out, rows).await
}
