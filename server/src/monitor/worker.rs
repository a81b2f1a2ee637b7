//! Keeps up what the monitor counts: of each case that changed, and of all when the day or the register did.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use schakel_domain::ids::{CaseId, RegionId};
use uuid::Uuid;

use super::{
    lives::{Basis, lives, recomputed, refresh, state, worked_out},
    store,
};
use crate::{
    access::{
        Grant, Worker,
        authenticate::today,
        circle::{self, Circle},
    },
    app::App,
    error::Result,
    store::Read,
    thuiszitter::figures::{self, Plain},
};

/// Cases of one transaction.
const PAGE: usize = 100;

/// Works out what is behind in `region`, and says of how many cases.
///
/// # Errors
/// When the database fails; what was done until then stays done.
pub async fn work(app: &App, region: RegionId) -> Result<usize> {
    let grant = Grant::worker(Worker::Cases, region);
    let read = app.read(grant.clone());
    let basis = Basis::of(&read, today(read.now())).await?;
    // Asked for before anything is read: what comes in between is seen the next time.
    let state = state(&read, &basis).await?;
    let memory = &app.remembered.lives.kept_up;
    if !memory.of([(region.0, state)]).0.is_empty() {
        return Ok(0);
    }
    let plain: HashMap<Uuid, Plain> =
        figures::plain(&read).await?.into_iter().map(|plain| (plain.case, plain)).collect();
    let stamps = store::stamps(&read).await?;
    let is_behind = |case: &Uuid| {
        let Some(plain) = plain.get(case) else { return false };
        plain.opened <= basis.day && stamps.get(case) != Some(&basis.stamp(plain))
    };
    // What is put aside is not counted, and stays behind until it comes back: that alone is no work.
    let mut behind: Vec<Circle> =
        if plain.keys().any(is_behind) { circle::counted(&read).await? } else { Vec::new() };
    behind.retain(|circle| is_behind(&circle.case.0));
    if behind.is_empty() {
        refresh(&read, &basis).await?;
        memory.keep([(region.0, state, Arc::from(vec![()]))]);
        return Ok(0);
    }
    for page in behind.chunks(PAGE) {
        let (basis, plain) = (&basis, &plain);
        app.write(&grant, None, |tx| async move {
            // Read anew inside: a case that changed since is stamped with the old version, and is behind again.
            let counted = worked_out(&tx, basis, page, plain).await?;
            let lives: Vec<_> = counted
                .into_iter()
                .filter_map(|one| {
                    let stamp = basis.stamp(plain.get(&one.circle.case.0)?);
                    Some((one.circle.case.0, one.circle.child, stamp, one.life))
                })
                .collect();
            store::keep(&tx, &lives).await
        })
        .await?;
    }
    Ok(behind.len())
}

/// What came of comparing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// So many cases are counted.
    pub cases: usize,
    /// Those of which something else is told than their logs come to.
    pub differing: Vec<CaseId>,
}

/// Works out every case of `region` anew from its log alone, for `day` or today, and compares it with what
/// the monitor tells. Of a day past, that is what this process remembers of it.
///
/// # Errors
/// When the database fails.
pub async fn check(app: &App, region: RegionId, day: Option<NaiveDate>) -> Result<Checked> {
    let read = app.read(Grant::worker(Worker::Cases, region));
    let first = compared(&read, day).await?;
    if first.differing.is_empty() {
        return Ok(first);
    }
    // A case that changed between the two readings differs once.
    let mut again = compared(&read, day).await?;
    again.differing.retain(|case| first.differing.contains(case));
    Ok(again)
}

async fn compared(read: &Read, day: Option<NaiveDate>) -> Result<Checked> {
    let basis = Basis::of(read, day.unwrap_or_else(|| today(read.now()))).await?;
    let told = lives(read, &basis, |_| true).await?;
    let mut told: HashMap<CaseId, _> = told.into_iter().map(|one| (one.circle.case, one)).collect();
    let computed = recomputed(read, &basis).await?;
    let cases = computed.len();
    let mut differing: Vec<CaseId> = computed
        .into_iter()
        .filter(|one| told.remove(&one.circle.case).as_deref() != Some(one))
        .map(|one| one.circle.case)
        .collect();
    differing.extend(told.into_keys());
    Ok(Checked { cases, differing })
}
