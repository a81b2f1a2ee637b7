//! Every change of the meetings that a caller may see, from now on, for as long as it may see them.
//!
//! A commit of this process wakes a watcher at once, one of another process within a second.
//! Changes carry the time at which their transaction began, so each look goes back a little
//! further than the last, and what was told before is not told again.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Action,
    ids::{CaseId, ConsultationId},
};
use schakel_proto::v1 as pb;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::{meeting::Meeting, reach, show, store, wire::to_wire};
use crate::{
    access::{Call, Grant, authenticate::authenticate},
    app::App,
    error::Result,
};

/// How often a watcher looks without being woken.
const POLL: Duration = Duration::from_secs(1);
/// Commits within this time are looked at together.
const GATHER: Duration = Duration::from_millis(10);
/// How far back each look goes: no transaction lasts longer.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);
/// After how long leave to watch is asked for again when there is nothing to tell.
const LEAVE: TimeDelta = TimeDelta::seconds(30);
/// How many changes wait for a slow client.
const WAITING: usize = 16;
/// How many changes one look takes at most.
const BATCH: u64 = 200;

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
    /// Only this one.
    pub consultation: Option<ConsultationId>,
}

impl Watcher {
    /// Asks for leave again, as for a call that comes now.
    async fn ask(&mut self) -> Result<()> {
        let caller = authenticate(&self.app, &self.call).await?;
        self.grant = Grant::of(&caller, Action::ReadConsultation)?;
        Ok(())
    }

    /// Whether it asked for `meeting`; what it did not ask for is never opened, and leaves no audit line.
    fn asks_for(&self, meeting: &Meeting) -> bool {
        let of_case = self.case.is_none() || meeting.case == self.case;
        of_case && self.consultation.is_none_or(|one| one == meeting.id)
    }
}

/// What was told up to when.
struct Told {
    since: DateTime<Utc>,
    versions: HashMap<ConsultationId, (i32, DateTime<Utc>)>,
}

impl Told {
    /// Notes that this state of `meeting` is known; says whether it is news.
    fn is_news(&mut self, meeting: &Meeting) -> bool {
        let state = (meeting.version, meeting.updated);
        self.since = self.since.max(meeting.updated);
        self.versions.insert(meeting.id, state) != Some(state)
    }

    fn from(&self) -> DateTime<Utc> {
        self.since - OVERLAP
    }

    /// Forgets what no look goes back to.
    fn forget(&mut self) {
        let from = self.from();
        self.versions.retain(|_, (_, updated)| *updated >= from);
    }
}

type Sender = mpsc::Sender<Result<pb::WatchConsultationsResponse, Status>>;

/// Starts watching; what stands now is known, what changes from now on is told.
pub(super) async fn start(
    watcher: Watcher,
) -> Result<ReceiverStream<Result<pb::WatchConsultationsResponse, Status>>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let mut told = Told { since: watcher.app.now(), versions: HashMap::new() };
    news(&watcher, &mut told).await?;
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
        for meeting in news(&watcher, &mut told).await? {
            let Ok(place) = sender.reserve().await else { return Ok(()) };
            // However long it waited for its place, it is told by the leave of this moment.
            watcher.ask().await?;
            let found = reach::reached(&watcher.app.read(watcher.grant.clone()), vec![meeting]).await?;
            if let Some(shown) = show::open(&watcher.app, &watcher.grant, found).await?.pop() {
                place.send(Ok(pb::WatchConsultationsResponse { consultation: Some(to_wire(&shown)) }));
            }
        }
        told.forget();
        if tokio::time::timeout(POLL, commits.changed()).await.is_ok() {
            tokio::time::sleep(GATHER).await;
        }
    }
}

/// What changed since the last look, oldest change first.
async fn news(watcher: &Watcher, told: &mut Told) -> Result<Vec<Meeting>> {
    let read = watcher.app.read(watcher.grant.clone());
    let (mut from, mut most) = (told.from(), BATCH);
    let mut found = Vec::new();
    loop {
        let batch = store::changed_since(&read, from, most).await?;
        let last = batch.last().map(|meeting| meeting.updated);
        let full = batch.len() as u64 >= most;
        for meeting in batch {
            if told.is_news(&meeting) && watcher.asks_for(&meeting) {
                found.push(meeting);
            }
        }
        match last {
            Some(last) if full && last > from => from = last,
            Some(_) if full => most *= 2,
            Some(_) | None => return Ok(found),
        }
    }
}
