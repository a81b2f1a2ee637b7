//! The outermost room: how much anybody may take, who is at the other end, and in which words
//! a stranger is told no. Nothing here knows what a call is about.

pub(crate) mod around;
mod budget;
pub mod connection;
mod heard;
mod origin;
pub mod places;
pub(crate) mod probe;
pub(crate) mod slow;
pub(crate) mod streams;
pub(crate) mod words;

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::{
        Arc, LazyLock, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use http::HeaderMap;
use prost::Message;
use schakel_proto::FILE_DESCRIPTOR_SET;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::{budget::Budget, streams::Streams};
use crate::{
    access::Caller,
    error::{Error, Result},
    settings::Settings,
    store::keys::sha256,
};

/// Credentials whose refusal is remembered at once.
const REMEMBERED: usize = 10_000;
/// For how long a store that had no room is not taken for ready.
const FULL: TimeDelta = TimeDelta::seconds(10);
/// Files that pages read whole at once: each is up to 16 MiB of memory.
const FILES: usize = 4;
/// After how long somebody with too many open streams may ask for one again.
const CLOSED: Duration = Duration::from_mins(1);

/// What is counted, for as long as the process lives.
pub struct Edge {
    /// Cancelled when the server is going: it is no longer ready, but still answers.
    pub going: CancellationToken,
    running: Arc<Semaphore>,
    waiting: Semaphore,
    people: [Budget<Uuid>; 2],
    regions: [Budget<Uuid>; 2],
    systems: [Budget<Uuid>; 2],
    credentials: Budget<IpAddr>,
    guesses: Budget<IpAddr>,
    passwords: Budget<IpAddr>,
    sign_ins: Budget<IpAddr>,
    all_sign_ins: Budget<()>,
    feeds: Budget<Uuid>,
    streams: Arc<Streams>,
    files: Semaphore,
    /// Credentials that are over their budget, and until when.
    refused: Mutex<HashMap<Credential, DateTime<Utc>>>,
    /// When the store had no room last, in microseconds.
    full: AtomicI64,
    ready: tokio::sync::Mutex<Option<(tokio::time::Instant, bool)>>,
}

/// What recognises a credential, without knowing whose it is, and whether it would change something.
type Credential = (Vec<u8>, bool);

/// The methods that change something: those whose request carries a `request_id`.
static CHANGES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let files = prost_types::FileDescriptorSet::decode(FILE_DESCRIPTOR_SET).unwrap_or_default().file;
    let mut changing = HashSet::new();
    for message in files.iter().flat_map(|file| &file.message_type) {
        if message.field.iter().any(|field| field.name() == "request_id") {
            changing.insert(format!(".schakel.v1.{}", message.name()));
        }
    }
    let services = files.iter().flat_map(|file| &file.service);
    services
        .flat_map(|service| {
            let of = service.name().to_owned();
            service.method.iter().map(move |method| (of.clone(), method))
        })
        .filter(|(_, method)| changing.contains(method.input_type()))
        .map(|(service, method)| format!("/schakel.v1.{service}/{}", method.name()))
        .collect()
});

/// The services that health is told of, by their full names.
static SERVICES: LazyLock<HashSet<String>> = LazyLock::new(|| {
    CHANGES.iter().filter_map(|method| method.split('/').nth(1)).map(str::to_owned).collect()
});

impl Edge {
    /// With the limits of `settings`.
    pub fn new(settings: &Settings) -> Self {
        let limits = &settings.limits;
        let (minute, hour) = (TimeDelta::minutes(1), TimeDelta::hours(1));
        Self {
            going: CancellationToken::new(),
            running: Arc::new(Semaphore::new(limits.in_flight as usize)),
            waiting: Semaphore::new(limits.queue as usize),
            people: [
                Budget::new(limits.person_reads_per_minute, minute),
                Budget::new(limits.person_writes_per_minute, minute),
            ],
            regions: [
                Budget::new(limits.region_reads_per_minute, minute),
                Budget::new(limits.region_writes_per_minute, minute),
            ],
            systems: [
                Budget::new(limits.system_reads_per_hour, hour),
                Budget::new(limits.system_writes_per_hour, hour),
            ],
            credentials: Budget::new(limits.bad_credentials_per_minute, minute),
            guesses: Budget::new(limits.guesses_per_minute, minute),
            passwords: Budget::new(limits.guesses_per_minute, minute),
            sign_ins: Budget::new(limits.sign_ins_per_minute, minute),
            all_sign_ins: Budget::new(limits.all_sign_ins_per_minute, minute),
            feeds: Budget::new(limits.feed_bodies_per_hour, hour),
            streams: Arc::default(),
            files: Semaphore::new(FILES),
            refused: Mutex::default(),
            full: AtomicI64::new(i64::MIN),
            ready: tokio::sync::Mutex::default(),
        }
    }

    /// A place to run in. Whoever waits for one and runs out of time leaves the queue unserved.
    ///
    /// # Errors
    /// Overloaded, when as many wait already as may.
    pub(crate) async fn enter(&self) -> Result<OwnedSemaphorePermit> {
        let running = Arc::clone(&self.running);
        if let Ok(place) = Arc::clone(&running).try_acquire_owned() {
            return Ok(place);
        }
        let _waiting = self.waiting.try_acquire().map_err(|_| Error::Overloaded)?;
        running.acquire_owned().await.map_err(|_| Error::Overloaded)
    }

    /// Whether these headers were refused lately; told without asking who it is.
    ///
    /// # Errors
    /// Until when.
    pub(crate) fn known_refused(&self, method: &str, headers: &HeaderMap, now: DateTime<Utc>) -> Result<()> {
        let refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        if refused.is_empty() || !bears_one(headers) {
            return Ok(());
        }
        match refused.get(&credential(method, headers)) {
            Some(until) if *until > now => Err(limited(*until - now)),
            Some(_) | None => Ok(()),
        }
    }

    /// Takes one call off what the caller, its system and its region may do.
    ///
    /// # Errors
    /// Rate-limited; the credential is then refused at once for as long as it takes.
    pub(crate) fn spend(&self, caller: &Caller, headers: &HeaderMap, now: DateTime<Utc>) -> Result<()> {
        let kind = usize::from(CHANGES.contains(&caller.method));
        let own = match caller.client {
            Some(system) => self.systems[kind].take(system, now),
            None => self.people[kind].take(caller.person.0, now),
        };
        let region = caller.organisation().region.0;
        own.and_then(|()| self.regions[kind].take(region, now)).map_err(|wait| {
            let until = now + TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
            let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
            if refused.len() >= REMEMBERED {
                refused.retain(|_, until| *until > now);
            }
            if refused.len() < REMEMBERED && bears_one(headers) {
                refused.insert(credential(&caller.method, headers), until);
            }
            Error::RateLimited(wait)
        })
    }

    /// Counts a credential that fits nobody.
    ///
    /// # Errors
    /// Rate-limited, when the address has guessed too often. One that fits is answered as ever.
    pub(crate) fn not_signed_in(&self, from: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
        let Some(from) = from else { return Ok(()) };
        self.credentials.take(places::household(from), now).map_err(Error::RateLimited)
    }

    /// Counts the address of a feed or link that fits nothing.
    ///
    /// # Errors
    /// Rate-limited, when the address has guessed too often. What fits is answered as ever.
    pub(crate) fn guessed(&self, from: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
        let Some(from) = from else { return Ok(()) };
        self.guesses.take(places::household(from), now).map_err(Error::RateLimited)
    }

    /// Counts a password of a feed that fits nothing; apart from addresses, which programs that
    /// were never told of passwords guess.
    ///
    /// # Errors
    /// Rate-limited, when the address has guessed too often. One that fits is answered as ever.
    pub(crate) fn guessed_password(&self, from: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
        let Some(from) = from else { return Ok(()) };
        self.passwords.take(places::household(from), now).map_err(Error::RateLimited)
    }

    /// Counts an attempt to sign in to the pages, whatever comes of it: each asks the provider.
    ///
    /// # Errors
    /// Rate-limited, when the address, or all of them together, have tried too often.
    pub(crate) fn signs_in(&self, from: Option<IpAddr>, now: DateTime<Utc>) -> Result<()> {
        // An address that is over its own budget takes nothing from that of all.
        from.map_or(Ok(()), |from| self.sign_ins.take(places::household(from), now))
            .and_then(|()| self.all_sign_ins.take((), now))
            .map_err(Error::RateLimited)
    }

    /// Takes one whole calendar off what a feed may have.
    ///
    /// # Errors
    /// Rate-limited.
    pub(crate) fn fetched(&self, feed: Uuid, now: DateTime<Utc>) -> Result<()> {
        self.feeds.take(feed, now).map_err(Error::RateLimited)
    }

    /// One more stream of events for `login`, for as long as what is given is kept.
    ///
    /// # Errors
    /// Rate-limited, when it has its share open already.
    pub(crate) fn stream(&self, login: Uuid) -> Result<streams::Open> {
        self.streams.open(login).ok_or(Error::RateLimited(CLOSED))
    }

    /// Leave to hold one more file in memory, for as long as what is given is kept.
    ///
    /// # Errors
    /// Overloaded, when as many are held already as may.
    pub(crate) fn file(&self) -> Result<SemaphorePermit<'_>> {
        self.files.try_acquire().map_err(|_| Error::Overloaded)
    }

    /// Notes that the store had no room.
    pub(crate) fn found_full(&self, now: DateTime<Utc>) {
        self.full.store(now.timestamp_micros(), Ordering::Relaxed);
    }

    fn is_full(&self, now: DateTime<Utc>) -> bool {
        let full = self.full.load(Ordering::Relaxed);
        (now - FULL).timestamp_micros() < full
    }
}

fn limited(wait: TimeDelta) -> Error {
    Error::RateLimited(wait.to_std().unwrap_or(Duration::ZERO))
}

/// Whether there is a credential to recognise: a session and a certificate come without one, and
/// all of them look alike here.
fn bears_one(headers: &HeaderMap) -> bool {
    headers.contains_key(http::header::AUTHORIZATION)
}

fn credential(method: &str, headers: &HeaderMap) -> Credential {
    let text = |name: &str| headers.get(name).map_or(&[][..], |value| value.as_bytes());
    let all = [text("authorization"), b"\0", text("schakel-acting-for"), b"\0", text("schakel-on-behalf-of")];
    (sha256(&all.concat()), CHANGES.contains(method))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_carries_a_request_id_changes_something() {
        for method in
            ["ConsultationService/BookConsultation", "DirectoryService/Import", "FeedService/RevokeFeed"]
        {
            assert!(CHANGES.contains(&format!("/schakel.v1.{method}")), "{method}");
        }
        for method in
            ["ConsultationService/ListConsultations", "AccessService/WhoAmI", "ThuiszitterService/GetCase"]
        {
            assert!(!CHANGES.contains(&format!("/schakel.v1.{method}")), "{method}");
        }
    }
}
