//! What a file changes, and which of its rows are bad, as it is told to who sent it.

use schakel_domain::{
    directory::import::{BadRow, Diff, FileRefused, Parsed, Record, Remedy, cell::Problem},
    refusal::{Language, Violation},
};
use schakel_proto::v1 as pb;

use crate::error::Error;

/// Bad rows and changes beyond this are counted, not told.
const TOLD: usize = 1_000;

/// How the register changed, or would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// Not there before.
    New,
    /// There, and different.
    Changed,
    /// There, and in the file no more.
    Closed,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// How.
    pub kind: ChangeKind,
    /// The key of the row, its parts between spaces.
    pub code: String,
    /// Of a changed row: the columns.
    pub columns: Vec<&'static str>,
}

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Nothing was written.
    pub dry_run: bool,
    /// Rows in the file, good and bad.
    pub rows: usize,
    /// How many are in the register as they are in the file.
    pub unchanged: usize,
    /// What is different.
    pub changes: Vec<Change>,
    /// The rows that were not taken, in the order of the file.
    pub bad: Vec<BadRow>,
}

impl Report {
    /// What `diff` changes, of a file that was read as `parsed`.
    pub fn of<R: Record>(parsed: &Parsed<R>, bad: Vec<BadRow>, diff: &Diff<R>) -> Self {
        let change = |kind, key: Vec<String>, columns| Change { kind, code: key.join(" "), columns };
        let new = diff.new.iter().map(|row| change(ChangeKind::New, row.key(), Vec::new()));
        let changed =
            diff.changed.iter().map(|row| change(ChangeKind::Changed, row.after.key(), row.columns.clone()));
        let closed = diff.closed.iter().map(|row| change(ChangeKind::Closed, row.key(), Vec::new()));
        let mut unread: Vec<u64> = parsed.bad.iter().map(|bad| bad.line).collect();
        unread.dedup();
        Self {
            dry_run: false,
            rows: parsed.rows.len() + unread.len(),
            unchanged: diff.unchanged,
            changes: new.chain(changed).chain(closed).collect(),
            bad,
        }
    }

    /// How many changes are of this kind.
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }

    /// The report in the caller's language.
    pub fn to_wire(&self, language: Language) -> pb::ImportResponse {
        let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        pb::ImportResponse {
            dry_run: self.dry_run,
            rows: number(self.rows),
            created: number(self.count(ChangeKind::New)),
            updated: number(self.count(ChangeKind::Changed)),
            closed: number(self.count(ChangeKind::Closed)),
            unchanged: number(self.unchanged),
            bad_rows: self.bad.iter().take(TOLD).map(|bad| bad_to_wire(bad, language)).collect(),
            bad_row_count: number(self.bad.len()),
            changes: self.changes.iter().take(TOLD).map(change_to_wire).collect(),
        }
    }
}

fn bad_to_wire(bad: &BadRow, language: Language) -> pb::import_response::BadRow {
    pb::import_response::BadRow {
        line: i32::try_from(bad.line).unwrap_or(i32::MAX),
        column: bad.column.to_owned(),
        reason: bad.refusal.to_string(),
        remedy: match language {
            Language::Dutch => bad.remedy.dutch.clone(),
            Language::English => bad.remedy.english.clone(),
        },
    }
}

fn change_to_wire(change: &Change) -> pb::import_response::Change {
    use pb::import_response::change::Kind;
    let kind = match change.kind {
        ChangeKind::New => Kind::New,
        ChangeKind::Changed => Kind::Changed,
        ChangeKind::Closed => Kind::Closed,
    };
    pb::import_response::Change {
        kind: kind.into(),
        code: change.code.clone(),
        columns: change.columns.iter().map(|column| (*column).to_owned()).collect(),
    }
}

/// A row that the register does not take.
pub fn bad(line: u64, column: &'static str, problem: Problem) -> BadRow {
    let Problem { refusal, form } = problem;
    BadRow {
        line,
        column,
        refusal,
        remedy: Remedy { dutch: form.dutch.to_owned(), english: form.english.to_owned() },
    }
}

/// A file of which nothing can be read.
pub fn refused(refused: &FileRefused) -> Error {
    let form = (!refused.columns.is_empty()).then(|| format!("({})", refused.columns.join(", ")));
    Error::Invalid(vec![Violation { form, ..Violation::new("chunk", refused.refusal) }])
}
