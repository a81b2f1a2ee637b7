//! What changed in cases as others are told of it: without a word about the child.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::Classes,
    ids::{CaseEventId, CaseId, PersonId},
    thuiszitter::ChangeKind,
};
use uuid::Uuid;

use super::history;
use crate::{
    access::circle::{self, Circle},
    error::Result,
    store::Read,
};

/// That something happened to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The event of the timeline.
    pub event: CaseEventId,
    /// Of this case.
    pub case: CaseId,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub kind: ChangeKind,
    /// Of a deadline: the id of its norm.
    pub norm: Option<String>,
}

/// What these events tell, oldest first, with the circle of the case and what the caller may see of
/// it. Left out is what is gone, was erased, or is not the caller's.
///
/// # Errors
/// When the database fails.
pub async fn find(read: &Read, events: &[Uuid]) -> Result<Vec<(Change, Circle, Classes)>> {
    let rows = history::rows(read, events).await?;
    let mut cases: Vec<Uuid> = rows.iter().map(|row| row.case_id).collect();
    cases.sort_unstable();
    cases.dedup();
    let circles = circle::reach_all(read, &cases).await?;
    let children: HashMap<Uuid, PersonId> =
        circles.iter().map(|(case, (circle, _))| (*case, circle.child)).collect();
    let opened = history::opened(read, rows, &children).await?;
    let told = opened.into_iter().filter_map(|(case, event)| {
        let (circle, classes) = circles.get(&case.0)?;
        let detail = event.detail.unwrap_or_default();
        let change = Change {
            event: event.id,
            case,
            at: event.at,
            kind: ChangeKind::of_event(&event.kind),
            norm: detail.norm,
        };
        Some((change, circle.clone(), *classes))
    });
    Ok(told.collect())
}
