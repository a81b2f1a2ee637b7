//! What every request and every worker is handed: the database, the clock, ids, keys and settings.

use std::{ops::Deref, sync::Arc};

use chrono::{DateTime, SubsecRound, Utc};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    access::{affiliation, authenticate, oidc::Issuers, professional},
    availability::{calendars, taken, travel},
    directory::{calendar, places, route},
    edge::Edge,
    feed::memory::Memory,
    invitation::transport::Transport,
    monitor::lives,
    settings::Settings,
    store::{Database, keys::KeyRing},
    thuiszitter::{facts::recompute, norms, task::waits},
};

/// Tells the time, in whole microseconds.
pub trait Clock: Send + Sync {
    /// The current instant.
    fn now(&self) -> DateTime<Utc>;
    /// Moves the clock forward, where time is ours to move.
    fn advance(&self, by: chrono::TimeDelta);
    /// Whether time is ours to move: in the demo and in tests.
    fn is_movable(&self) -> bool;
}

/// Makes ids and secrets.
pub trait Ids: Send + Sync {
    /// A fresh UUIDv7 stamped `now`; later calls sort after earlier ones.
    fn next(&self, now: DateTime<Utc>) -> Uuid;
    /// Fills `bytes` so that nobody can guess them.
    fn fill(&self, bytes: &mut [u8]);
}

/// The shared parts.
pub struct Parts {
    /// The database and its door for writes.
    pub database: Database,
    /// The only source of the current time.
    pub clock: Arc<dyn Clock>,
    /// The only source of ids and secrets.
    pub ids: Arc<dyn Ids>,
    /// The keys that seal personal fields.
    pub keys: KeyRing,
    /// Where mail goes.
    pub mail: Transport,
    /// The identity providers whose tokens are believed.
    pub issuers: Issuers,
    /// What the administrator chose.
    pub settings: Settings,
    /// What is counted of callers and connections.
    pub edge: Edge,
    /// Calendars that were rendered, as long as nothing changed.
    pub feeds: Memory,
    /// Cancelled when the server is to stop: streams end, workers finish what they hold.
    pub stopping: CancellationToken,
    /// Counts commits: something may be due, or somebody watches.
    pub committed: watch::Sender<u64>,
    /// What was read of the register since it last changed.
    pub remembered: Remembered,
}

/// What is kept in memory of the register.
#[derive(Default)]
pub struct Remembered {
    /// Whom a call may act for.
    pub memberships: authenticate::Remembered,
    /// Which roles people have, had or will have.
    pub posts: affiliation::Remembered,
    /// How people are registered.
    pub professionals: professional::Remembered,
    /// Who could come for a school.
    pub neighbourhoods: route::Remembered,
    /// When schools teach.
    pub teaching_days: calendar::Remembered,
    /// What that follows from.
    pub calendar_bases: calendar::Bases,
    /// What people have said of their time.
    pub times: calendars::Remembered,
    /// When professionals are taken.
    pub taken: taken::Remembered,
    /// Where schools stand.
    pub places: places::Remembered,
    /// How long ways are.
    pub ways: travel::Remembered,
    /// Where deadlines are up to date.
    pub deadlines: recompute::Remembered,
    /// What norms say.
    pub norms: norms::Remembered,
    /// What waits in cases.
    pub tasks: waits::Remembered,
    /// What the monitor counted.
    pub lives: lives::Remembered,
}

/// The server's shared parts; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Now, in whole microseconds, as every database keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
