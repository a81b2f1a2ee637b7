//! The log as somebody may read it, as it stood at an instant.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes},
    ids::{CaseId, FactId},
    refusal::Language,
    thuiszitter::stands,
};
use schakel_proto::v1 as pb;
use uuid::Uuid;

use super::{
    log::{Entry, Log},
    standing::may_look_back,
    wire::to_wire,
};
use crate::{
    access::circle,
    error::Result,
    store::{Tx, audit::Deed},
    thuiszitter::{store, timeline::joined, view::line},
    wire::page::{Page, cut},
};

/// What a list of facts shows.
const SHOWN: Classes =
    Classes::of(&[Class::K1, Class::K2, Class::K3, Class::K4, Class::K5, Class::K6, Class::K7]);

/// Which entries are asked for.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub case: CaseId,
    /// None: as it stands now.
    pub as_of: Option<DateTime<Utc>>,
    /// Also what no longer stands.
    pub corrected: bool,
    pub page: Page<(i64, Uuid)>,
}

/// Where an entry stands in the list.
fn key(entry: &Entry) -> (i64, Uuid) {
    (entry.fact.told.timestamp_micros(), entry.fact.id.0)
}

/// A page of them, and after which key the next page begins. Who may not see the facts of absence
/// sees none.
///
/// # Errors
/// `CASE_NOT_FOUND`; as [`may_look_back`] and [`Log::must_tell`].
pub(super) async fn list_facts(
    tx: &Tx,
    wanted: &Wanted,
    language: Language,
) -> Result<(Vec<pb::Fact>, Option<(i64, Uuid)>)> {
    let (circle, classes) = circle::reach(tx, wanted.case).await?;
    tx.audit(line(Deed::R, wanted.case, circle.child, classes.and(SHOWN))).await?;
    let joined = joined(tx, &circle, classes).await?;
    may_look_back(tx, wanted.as_of, joined)?;
    if !classes.has(Class::K3) {
        return Ok((Vec::new(), None));
    }
    let log = Log::of(tx, (wanted.case, circle.child)).await?;
    let opened = store::get(tx, wanted.case, circle.child).await?.opened;
    log.must_tell(opened, (wanted.as_of, tx.now()))?;
    let until = wanted.as_of.unwrap_or(DateTime::<Utc>::MAX_UTC);
    let facts = log.seen(classes);
    let standing: BTreeSet<FactId> = stands(&facts, until).into_iter().map(|fact| fact.id).collect();
    let seen: BTreeSet<FactId> = facts.iter().filter(|fact| fact.told <= until).map(|fact| fact.id).collect();
    let told = |entry: &&Entry| {
        let id = entry.fact.id;
        let stands = wanted.corrected || standing.contains(&id);
        stands && seen.contains(&id) && joined.is_none_or(|joined| entry.fact.told >= joined)
    };
    let correction = |fact: &&schakel_domain::thuiszitter::Fact| seen.contains(&fact.id);
    let corrected: HashMap<FactId, FactId> =
        facts.iter().filter(correction).filter_map(|fact| Some((fact.corrects?, fact.id))).collect();
    let after = |entry: &&Entry| wanted.page.after.is_none_or(|after| key(entry) > after);
    let mut page: Vec<&Entry> = log.entries().iter().filter(told).filter(after).collect();
    let next = cut(&mut page, wanted.page.size, |entry| key(entry));
    let shown = page.into_iter().map(|entry| {
        let mut fact = to_wire(entry, corrected.get(&entry.fact.id).copied(), language);
        if !classes.has(Class::K4) {
            fact.reason.clear();
        }
        fact
    });
    Ok((shown.collect(), next))
}
