//! That something changed in the cases that a caller may read, for as long as it may read them.
//!
//! A commit of this process wakes a watcher at once, one of another process within a second. An
//! event bears the time at which it happened and may be written down later, so each look goes back a
//! little further than the last, and what was told before is not told again.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::{Action, Class, Classes},
    ids::{CaseEventId, CaseId},
};
use schakel_proto::v1 as pb;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;
use uuid::Uuid;

use super::{
    change::{self, Change},
    history, timeline,
    view::line,
};
use crate::{
    access::{Call, Grant, authenticate::authenticate},
    app::App,
    error::{Error, Result},
    store::audit::Deed,
    wire::{enums::number, fields::text, time::timestamp},
};

/// How often a watcher looks without being woken.
const POLL: Duration = Duration::from_secs(1);
/// Commits within this time are looked at together.
const GATHER: Duration = Duration::from_millis(10);
/// How far back each look goes: what another subject told is written down by then.
const OVERLAP: TimeDelta = TimeDelta::minutes(5);
/// After how long leave to watch is asked for again when there is nothing to tell.
const LEAVE: TimeDelta = TimeDelta::seconds(30);
/// How many changes wait for a slow client.
const WAITING: usize = 16;
/// How many changes one look takes at most.
const BATCH: u64 = 200;
/// What a change shows.
const SHOWN: Classes = Classes::of(&[Class::K1, Class::K3]);

/// Who watches what.
pub(super) struct Watcher {
    /// The server.
    pub app: App,
    /// The call as it came, to ask for leave again.
    pub call: Arc<Call>,
    /// Leave to read, as given last.
    pub grant: Grant,
    /// Only about this case.
    pub case: Option<CaseId>,
}

impl Watcher {
    /// Asks for leave again, as for a call that comes now.
    async fn ask(&mut self) -> Result<()> {
        let caller = authenticate(&self.app, &self.call).await?;
        self.grant = Grant::of(&caller, Action::ReadCase)?;
        Ok(())
    }

    /// The change that `event` tells of, written down as read; none of what may not be read.
    async fn show(&self, event: Uuid) -> Result<Option<Change>> {
        let found = self.app.write(&self.grant, None, |tx| async move {
            let Some((change, circle, classes)) = change::find(&tx, &[event]).await?.pop() else {
                return Ok(None);
            };
            let joined = timeline::joined(&tx, &circle, classes).await?;
            if !classes.has(Class::K3) || joined.is_some_and(|since| change.at < since) {
                return Ok(None);
            }
            tx.audit(line(Deed::R, change.case, circle.child, classes.and(SHOWN))).await?;
            Ok(Some(change))
        });
        found.await
    }
}

/// What was told up to when.
struct Told {
    since: DateTime<Utc>,
    events: HashMap<Uuid, DateTime<Utc>>,
}

impl Told {
    fn from(&self) -> DateTime<Utc> {
        self.since - OVERLAP
    }

    /// Forgets what no look goes back to.
    fn forget(&mut self) {
        let from = self.from();
        self.events.retain(|_, at| *at >= from);
    }
}

type Sender = mpsc::Sender<Result<pb::WatchCasesResponse, Status>>;

/// Starts watching after the event `after`, or else from now on.
///
/// # Errors
/// `CASE_EVENT_NOT_FOUND`.
pub(super) async fn start(
    watcher: Watcher,
    after: Option<CaseEventId>,
) -> Result<ReceiverStream<Result<pb::WatchCasesResponse, Status>>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let mut told = Told { since: watcher.app.now(), events: HashMap::new() };
    if let Some(after) = after {
        let read = watcher.app.read(watcher.grant.clone());
        let last = change::find(&read, &[after.0]).await?.pop().ok_or(Error::NotFound("CASE_EVENT"))?.0;
        told = Told { since: last.at, events: HashMap::from([(after.0, last.at)]) };
    } else {
        news(&watcher, &mut told).await?;
    }
    let stopping = watcher.app.stopping.clone();
    tokio::spawn(async move {
        let gone = sender.clone();
        tokio::select! {
            () = gone.closed() => {}
            () = stopping.cancelled() => {}
            Err(error) = run(watcher, told, &sender) => {
                let _ = sender.send(Err(error.into())).await;
            }
        }
    });
    Ok(ReceiverStream::new(receiver))
}

async fn run(mut watcher: Watcher, mut told: Told, sender: &Sender) -> Result<()> {
    let mut commits = watcher.app.committed.subscribe();
    let mut asked = watcher.app.now();
    loop {
        let now = watcher.app.now();
        if (now - asked).abs() >= LEAVE {
            watcher.ask().await?;
            asked = now;
        }
        for event in news(&watcher, &mut told).await? {
            let Ok(place) = sender.reserve().await else { return Ok(()) };
            // However long it waited for its place, it is told by the leave of this moment.
            watcher.ask().await?;
            if let Some(change) = watcher.show(event).await? {
                place.send(Ok(pb::WatchCasesResponse { change: Some(to_wire(&change)) }));
            }
        }
        told.forget();
        if tokio::time::timeout(POLL, commits.changed()).await.is_ok() {
            tokio::time::sleep(GATHER).await;
        }
    }
}

/// Which events came since the last look, oldest first.
async fn news(watcher: &Watcher, told: &mut Told) -> Result<Vec<Uuid>> {
    let read = watcher.app.read(watcher.grant.clone());
    let (mut from, mut most) = (told.from(), BATCH);
    let mut found = Vec::new();
    loop {
        let batch = history::since(&read, (from, most), watcher.case).await?;
        let last = batch.last().map(|(_, at)| *at);
        let full = batch.len() as u64 >= most;
        for (event, at) in batch {
            told.since = told.since.max(at);
            if told.events.insert(event, at).is_none() {
                found.push(event);
            }
        }
        match last {
            Some(last) if full && last > from => from = last,
            Some(_) if full => most *= 2,
            Some(_) | None => return Ok(found),
        }
    }
}

/// A change on the wire.
fn to_wire(change: &Change) -> pb::CaseChange {
    pb::CaseChange {
        name: change.event.to_string(),
        case: change.case.to_string(),
        kind: number("KIND", &change.kind.to_string(), pb::case_change::Kind::from_str_name),
        time: Some(timestamp(change.at)),
        norm: text(change.norm.as_ref()),
    }
}
