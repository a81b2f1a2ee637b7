//! What waits for the visitor, on Today: the rows of one case or meeting stand together under one link.

use minijinja::{Value, context};

/// One thing that waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// Where it is done; empty when here.
    pub(super) href: String,
    /// What that is called.
    pub(super) label: String,
    /// What is to be done.
    pub(super) text: String,
    /// Where just that is said to be done, when it is elsewhere; else empty.
    pub(super) way: String,
    /// By when, as people say it.
    pub(super) due: String,
    /// `overdue`, `soon` or nothing.
    pub(super) mark: &'static str,
    /// The norm of a duty that is said to be done here.
    pub(super) duty: String,
    /// `actions/{uuid}` of a promise that is said to be done here.
    pub(super) promise: String,
}

/// Rows about one thing together, in the order in which each has its first: `href`, `label` and `rows`.
pub(super) fn grouped(all: impl IntoIterator<Item = Row>) -> Vec<Value> {
    let mut groups: Vec<Vec<Row>> = Vec::new();
    for row in all {
        let same = |group: &&mut Vec<Row>| {
            group.first().is_some_and(|first| (&first.href, &first.label) == (&row.href, &row.label))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    groups.iter().filter_map(|group| Some(shown(group.first()?, group))).collect()
}

fn shown(first: &Row, group: &[Row]) -> Value {
    let row = |one: &Row| {
        context! {
            text => one.text.as_str(),
            way => one.way.as_str(),
            due => one.due.as_str(),
            mark => one.mark,
            duty => one.duty.as_str(),
            promise => one.promise.as_str(),
        }
    };
    context! {
        href => first.href.as_str(),
        label => first.label.as_str(),
        rows => group.iter().map(row).collect::<Vec<_>>(),
    }
}
