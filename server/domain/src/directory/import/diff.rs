//! What an import changes: new, changed, closed; a second time nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::frame::Record;

/// A row that the register has otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change<R> {
    /// What the register has.
    pub before: R,
    /// What the file says.
    pub after: R,
    /// The columns in which they differ, in the order of the format.
    pub columns: Vec<&'static str>,
}

/// What a file changes in the register, each list in the order of the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff<R> {
    /// In the file only.
    pub new: Vec<R>,
    /// In both, and different.
    pub changed: Vec<Change<R>>,
    /// In the register only.
    pub closed: Vec<R>,
    /// How many are the same.
    pub unchanged: usize,
}

impl<R> Diff<R> {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.closed.is_empty()
    }
}

/// Compares the register with a file, by key. Rows of either for which `in_scope` is
/// false are passed over: a national file neither adds nor closes what lies elsewhere.
pub fn diff<R: Record + Clone>(existing: &[R], rows: &[R], in_scope: impl Fn(&R) -> bool) -> Diff<R> {
    let by_key = |rows: &[R]| -> BTreeMap<Vec<String>, R> {
        rows.iter().filter(|row| in_scope(row)).map(|row| (row.key(), row.clone())).collect()
    };
    let (existing, rows) = (by_key(existing), by_key(rows));
    let mut diff = Diff { new: Vec::new(), changed: Vec::new(), closed: Vec::new(), unchanged: 0 };
    for key in existing.keys().chain(rows.keys()).collect::<BTreeSet<_>>() {
        match (existing.get(key), rows.get(key)) {
            (Some(before), Some(after)) => {
                let columns = differing(before, after);
                if columns.is_empty() {
                    diff.unchanged += 1;
                } else {
                    diff.changed.push(Change { before: before.clone(), after: after.clone(), columns });
                }
            }
            (None, Some(after)) => diff.new.push(after.clone()),
            (Some(before), None) => diff.closed.push(before.clone()),
            (None, None) => {}
        }
    }
    diff
}

fn differing<R: Record>(before: &R, after: &R) -> Vec<&'static str> {
    let cells = before.cells().into_iter().zip(after.cells());
    let pairs = R::COLUMNS.iter().zip(cells);
    pairs.filter(|(_, (before, after))| before != after).map(|(column, _)| column.name()).collect()
}
