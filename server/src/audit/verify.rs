//! Checks the log against its seals: what was edited, removed, added or moved since it was written.
//!
//! What it cannot see: a line that was removed before it was sealed, within a second or two;
//! and, without an anchor, a log that was cut off at its end together with its seals.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::ids::RegionId;
use uuid::Uuid;

use super::{
    chain::{Anchor, Checker, root},
    store,
};
use crate::{
    access::{Grant, Worker, region},
    app::App,
    entity::{audit, audit_leaf, audit_seal},
    error::Result,
    store::{Read, audit_row, instant::to_column},
};

/// A line that waits longer for its seal is a fault: nobody seals, or somebody removed seals.
const LATEST: TimeDelta = TimeDelta::seconds(60);
/// Seals read at once.
const SEALS: u64 = 500;
/// Lines looked at in one go, more or less.
const LINES: i64 = 4_000;
/// Lines without a seal that are read at once.
const WAITING: u64 = 1_000;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    /// A sealed line says something else than when it was sealed.
    Edited,
    /// A sealed line is gone.
    Missing,
    /// A line that this server did not write.
    Inserted,
    /// The lines are there, in another order.
    Reordered,
    /// A seal is not what was signed, or does not follow on the one before; or the log is not
    /// the one that was anchored.
    SealBroken,
    /// A line has waited too long for its seal.
    UnsealedTooOld,
    /// The end of the log is gone.
    Truncated,
}

/// The first thing that is wrong in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub region: RegionId,
    /// The first place in the sealed order that is wrong; none for a line without a place.
    pub seq: Option<i64>,
    /// What.
    pub kind: Kind,
}

/// What is checked.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Only batches sealed from then on.
    pub from: Option<DateTime<Utc>>,
    /// Only batches sealed before.
    pub until: Option<DateTime<Utc>>,
    /// Seals that were kept elsewhere.
    pub anchors: Vec<Anchor>,
}

/// What was found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Sealed lines that are as they were written.
    pub rows: i64,
    /// Seals that hold.
    pub seals: i64,
    /// Lines that wait for their seal.
    pub waiting: usize,
    /// The newest seal of each region.
    pub heads: Vec<Anchor>,
    /// At most one a region; founded regions first.
    pub faults: Vec<Fault>,
}

/// Checks the log of every region.
pub async fn verify(app: &App, scope: &Scope) -> Result<Report> {
    let founded = region::all(app).await?;
    let mut report = Report::default();
    let strange = match founded.first() {
        Some(one) => store::regions(&read(app, *one)).await?,
        None => Vec::new(),
    };
    let founded: BTreeSet<Uuid> = founded.into_iter().map(|region| region.0).collect();
    let strange: BTreeSet<Uuid> = strange.into_iter().filter(|region| !founded.contains(region)).collect();
    for region in founded.iter().chain(&strange).copied().map(RegionId) {
        let mut check = Check {
            read: read(app, region),
            region,
            checker: Checker::of(&app.keys),
            newest: None,
            report: &mut report,
        };
        if let Err(stop) = check.all(scope, founded.contains(&region.0)).await {
            match stop {
                Stop::Fault(fault) => report.faults.push(fault),
                Stop::Error(error) => return Err(error),
            }
        }
    }
    let gone = |anchor: &&Anchor| !founded.contains(&anchor.region) && !strange.contains(&anchor.region);
    report.faults.extend(scope.anchors.iter().find(gone).map(|anchor| Fault {
        region: RegionId(anchor.region),
        seq: Some(1),
        kind: Kind::Truncated,
    }));
    Ok(report)
}

fn read(app: &App, region: RegionId) -> Read {
    app.read(Grant::worker(Worker::Auditor, region))
}

/// The place that the seal behind `before` begins with.
fn after(before: Option<&audit_seal::Model>) -> i64 {
    before.map_or(1, |before| before.last_seq + 1)
}

/// Why a check goes no further.
enum Stop {
    Fault(Fault),
    Error(crate::error::Error),
}

impl From<crate::error::Error> for Stop {
    fn from(error: crate::error::Error) -> Self {
        Self::Error(error)
    }
}

struct Check<'a> {
    read: Read,
    region: RegionId,
    checker: Checker,
    newest: Option<audit_seal::Model>,
    report: &'a mut Report,
}

impl Check<'_> {
    fn fault<T>(&self, kind: Kind, seq: impl Into<Option<i64>>) -> Result<T, Stop> {
        Err(Stop::Fault(Fault { region: self.region, seq: seq.into(), kind }))
    }

    fn is_genuine(&self, row: &audit::Model) -> bool {
        audit_row::mac(&self.read.app().keys, row) == row.row_mac
    }

    async fn all(&mut self, scope: &Scope, is_founded: bool) -> Result<(), Stop> {
        self.newest = store::newest(&self.read).await?;
        self.sealed(scope).await?;
        if let Some(beyond) = store::beyond(&self.read).await? {
            let rows = store::lines_of_leaves(&self.read, beyond, beyond).await?;
            let is_forged = rows.iter().any(|row| !self.is_genuine(row));
            return self.fault(if is_forged { Kind::Inserted } else { Kind::SealBroken }, beyond);
        }
        self.anchored(scope).await?;
        let waiting = if scope.until.is_none() { self.waiting().await? } else { 0 };
        // A region is founded with a line. It may have been sealed since this began.
        let is_empty = self.newest.is_none() && waiting == 0 && scope.until.is_none();
        if is_founded && is_empty && store::newest(&self.read).await?.is_none() {
            return self.fault(Kind::Truncated, 1);
        }
        self.report.waiting += waiting;
        self.report.heads.extend(self.newest.as_ref().map(Anchor::of));
        Ok(())
    }

    /// Every seal, and what it seals.
    async fn sealed(&mut self, scope: &Scope) -> Result<(), Stop> {
        let mut before: Option<audit_seal::Model> = None;
        let mut group: Vec<audit_seal::Model> = Vec::new();
        loop {
            let next = before.as_ref().map_or(0, |before| before.batch + 1);
            let seals = store::seals(&self.read, next, SEALS).await?;
            if seals.is_empty() {
                break;
            }
            for seal in seals {
                if !self.checker.follows(&seal, before.as_ref()) {
                    self.lines(&group).await?;
                    return self.fault(Kind::SealBroken, after(before.as_ref()));
                }
                if scope.from.is_some_and(|from| seal.sealed_at < to_column(from)) {
                    // Chained all the same, so that the first one looked at hangs on something.
                    before = Some(seal);
                    continue;
                }
                if scope.until.is_some_and(|until| seal.sealed_at >= to_column(until)) {
                    return self.lines(&group).await;
                }
                before = Some(seal.clone());
                group.push(seal);
                if group.iter().map(|seal| i64::from(seal.row_count)).sum::<i64>() >= LINES {
                    self.lines(&group).await?;
                    group.clear();
                }
            }
        }
        self.lines(&group).await
    }

    /// The lines of seals that follow on each other.
    async fn lines(&mut self, seals: &[audit_seal::Model]) -> Result<(), Stop> {
        let (Some(first), Some(last)) = (seals.first(), seals.last()) else { return Ok(()) };
        let leaves = store::leaves(&self.read, first.first_seq, last.last_seq).await?;
        let rows = store::lines_of_leaves(&self.read, first.first_seq, last.last_seq).await?;
        let leaves: HashMap<i64, audit_leaf::Model> =
            leaves.into_iter().map(|leaf| (leaf.seq, leaf)).collect();
        let rows: HashMap<Uuid, audit::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
        for seal in seals {
            self.batch(seal, &leaves, &rows).await?;
            self.report.seals += 1;
            self.report.rows += i64::from(seal.row_count);
        }
        Ok(())
    }

    async fn batch(
        &self,
        seal: &audit_seal::Model,
        leaves: &HashMap<i64, audit_leaf::Model>,
        rows: &HashMap<Uuid, audit::Model>,
    ) -> Result<(), Stop> {
        let mut order: Vec<&audit::Model> = Vec::new();
        for seq in seal.first_seq..=seal.last_seq {
            let Some(leaf) = leaves.get(&seq) else {
                let is_end = store::places(&self.read, seq).await? == 0;
                return self.fault(if is_end { Kind::Truncated } else { Kind::Missing }, seq);
            };
            let Some(row) = rows.get(&leaf.row_id) else { return self.fault(Kind::Missing, seq) };
            if audit_row::leaf(row) != leaf.leaf {
                return self.fault(Kind::Edited, seq);
            }
            if !self.is_genuine(row) {
                let is_extra = store::beyond(&self.read).await?.is_some();
                return self.fault(if is_extra { Kind::Inserted } else { Kind::Edited }, seq);
            }
            order.push(row);
        }
        let found = (seal.first_seq..=seal.last_seq).filter_map(|seq| leaves.get(&seq));
        if root(found.map(|leaf| leaf.leaf.as_slice())) == seal.root {
            return Ok(());
        }
        // Each line is genuine, but they are not those that stood here.
        let newest = self.newest.as_ref().map_or(0, |newest| newest.last_seq);
        let kind = match store::places(&self.read, 1).await?.cmp(&newest) {
            std::cmp::Ordering::Less => Kind::Missing,
            std::cmp::Ordering::Equal => Kind::Reordered,
            std::cmp::Ordering::Greater => Kind::Inserted,
        };
        let sorted = order
            .windows(2)
            .position(|two| (two[0].transaction_id, two[0].id) > (two[1].transaction_id, two[1].id));
        let moved = sorted.and_then(|at| i64::try_from(at).ok()).unwrap_or_default();
        self.fault(kind, seal.first_seq + moved)
    }

    /// Whether the log descends from what was kept elsewhere.
    async fn anchored(&self, scope: &Scope) -> Result<(), Stop> {
        for anchor in scope.anchors.iter().filter(|anchor| anchor.region == self.region.0) {
            let newest = self.newest.as_ref();
            if newest.is_none_or(|newest| newest.batch < anchor.batch) {
                return self.fault(Kind::Truncated, newest.map_or(1, |newest| newest.last_seq + 1));
            }
            let seals = store::seals(&self.read, anchor.batch, 1).await?;
            if seals.first().map(Anchor::of).as_ref() != Some(anchor) {
                return self.fault(Kind::SealBroken, seals.first().map(|seal| seal.first_seq));
            }
        }
        Ok(())
    }

    /// Lines without a seal: how many, when none of them is a fault.
    async fn waiting(&self) -> Result<usize, Stop> {
        let too_old = to_column(self.read.now() - LATEST);
        let (mut count, mut after, mut late) = (0, None, false);
        loop {
            let rows = store::all_unsealed(&self.read, after, WAITING).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            count += rows.len();
            if rows.iter().any(|row| !self.is_genuine(row)) {
                return self.fault(Kind::Inserted, None);
            }
            late |= rows.iter().any(|row| row.at < too_old);
        }
        if late { self.fault(Kind::UnsealedTooOld, None) } else { Ok(count) }
    }
}
