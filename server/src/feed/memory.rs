//! Rendered feeds, as long as nothing changed. Nothing of it is needed after a restart.

use std::{
    collections::HashMap,
    io::Write,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::available_parallelism,
};

use axum::body::Bytes;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use flate2::{Compression, write::GzEncoder};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{
    entries::{Marks, Rendered},
    owned::Owned,
    tally::Tallies,
};
use crate::store::keys::sha256;

/// Octets of calendars that are kept at most, packed ones reckoned in.
const MOST: usize = 64 << 20;
/// For how long it is believed that nothing changed when no commit of this process says so:
/// a command at the machine itself is another process.
const TRUST: TimeDelta = TimeDelta::seconds(1);

/// What is kept of feeds, for as long as the process lives.
pub struct Memory {
    shelf: Mutex<Shelf>,
    /// So many feeds may be looked at or rendered at once: half of what the machine can do at
    /// once, because calendars ask at the same minutes and nobody waits for them, as somebody
    /// who books does.
    looks: Semaphore,
    /// What is still to be written down.
    pub(super) tallies: Tallies,
}

impl Default for Memory {
    fn default() -> Self {
        let half = available_parallelism().map_or(1, |all| all.get().div_ceil(2));
        Self { shelf: Mutex::default(), looks: Semaphore::new(half), tallies: Tallies::default() }
    }
}

#[derive(Default)]
struct Shelf {
    /// By the hash of the secret.
    places: HashMap<Vec<u8>, Place>,
    octets: usize,
    /// Counts looks; the place with the lowest was not asked for longest.
    turn: u64,
}

struct Place {
    kept: Arc<Kept>,
    seen: Seen,
    turn: u64,
}

/// When it was last known that nothing had changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// How many commits there were before it was looked.
    commits: u64,
    /// From then on it must be looked again.
    until: DateTime<Utc>,
}

impl Seen {
    /// As looked at `now`, after `commits`, of a feed that ends at `end`.
    pub(super) fn new(commits: u64, now: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        Self { commits, until: end.min(now + TRUST) }
    }

    /// Whether nothing can have changed since.
    pub(super) fn holds(self, commits: u64, now: DateTime<Utc>) -> bool {
        self.commits == commits && now < self.until
    }
}

/// A rendered feed.
pub(super) struct Kept {
    pub(super) feed: Owned,
    /// What it was rendered of; none when that cannot be told without rendering.
    marks: Option<Marks>,
    pub(super) bytes: Bytes,
    packed: OnceLock<Bytes>,
    /// Of [`Self::bytes`]: the same meetings give the same one, in every process.
    pub(super) etag: String,
    /// Of the packed ones: other octets, so another tag (RFC 9110 §8.8.3.3).
    pub(super) packed_etag: String,
    pub(super) changed: DateTime<Utc>,
    /// How many meetings it shows.
    pub(super) count: usize,
}

impl Kept {
    /// Of what was rendered just now.
    pub(super) fn new(feed: Owned, marks: Option<Marks>, rendered: Rendered) -> Self {
        let tag = URL_SAFE_NO_PAD.encode(&sha256(rendered.bytes.as_bytes())[..18]);
        Self {
            feed,
            marks,
            bytes: Bytes::from(rendered.bytes),
            packed: OnceLock::new(),
            etag: format!("\"{tag}\""),
            packed_etag: format!("\"{tag}-gz\""),
            changed: rendered.changed,
            count: rendered.count,
        }
    }

    /// Whether rendering `feed` anew from what has these `marks` would give the same.
    pub(super) fn is(&self, feed: &Owned, marks: Option<&Marks>) -> bool {
        self.feed == *feed && marks.is_some() && self.marks.as_ref() == marks
    }

    /// Packed once, when somebody first asks for it.
    pub(super) fn packed(&self) -> Bytes {
        self.packed.get_or_init(|| pack(&self.bytes)).clone()
    }

    /// The packed one is a fraction of the plain one.
    fn octets(&self) -> usize {
        self.bytes.len() + self.bytes.len() / 4
    }
}

/// RFC 1952, without a time or a name: the same octets each time.
pub(crate) fn pack(bytes: &[u8]) -> Bytes {
    let mut packing = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::default());
    // Memory takes whatever is written to it.
    let packed = packing.write_all(bytes).and_then(|()| packing.finish());
    Bytes::from(packed.unwrap_or_default())
}

impl Memory {
    /// Waits for its turn to look; held for as long as it looks.
    pub(super) async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.looks.acquire().await.ok()
    }

    /// What is kept under the hash of a secret.
    pub(super) fn find(&self, hash: &[u8]) -> Option<(Arc<Kept>, Seen)> {
        let mut held = self.shelf();
        held.turn += 1;
        let turn = held.turn;
        let place = held.places.get_mut(hash)?;
        place.turn = turn;
        Some((Arc::clone(&place.kept), place.seen))
    }

    /// Keeps it, in place of what was there; what was not asked for longest makes room.
    pub(super) fn keep(&self, hash: &[u8], kept: &Arc<Kept>, seen: Seen) {
        let mut held = self.shelf();
        held.take(hash);
        if kept.octets() > MOST {
            return;
        }
        while held.octets + kept.octets() > MOST {
            let oldest = held.places.iter().min_by_key(|(_, place)| place.turn);
            let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) else { break };
            held.take(&oldest);
        }
        held.octets += kept.octets();
        held.turn += 1;
        let place = Place { kept: Arc::clone(kept), seen, turn: held.turn };
        held.places.insert(hash.to_vec(), place);
    }

    /// Notes that `kept`, if it is still there, is what would be rendered now.
    pub(super) fn looked(&self, hash: &[u8], kept: &Arc<Kept>, seen: Seen) {
        let mut held = self.shelf();
        if let Some(place) = held.places.get_mut(hash)
            && Arc::ptr_eq(&place.kept, kept)
        {
            place.seen = seen;
        }
    }

    /// Lets go of a feed that has ended.
    pub(super) fn forget(&self, hash: &[u8]) {
        self.shelf().take(hash);
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    fn take(&mut self, hash: &[u8]) {
        if let Some(place) = self.places.remove(hash) {
            self.octets -= place.kept.octets();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use schakel_domain::{
        feed::{Detail, Scope},
        ids::{PersonId, RegionId},
    };
    use uuid::Uuid;

    use super::*;
    use crate::feed::owned::Wish;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_420_800 + seconds, 0).unwrap()
    }

    fn kept(text: &str) -> Arc<Kept> {
        let feed = Owned {
            region: RegionId(Uuid::from_u128(1)),
            id: Uuid::from_u128(2),
            person: PersonId(Uuid::from_u128(3)),
            wish: Wish { scope: Scope::Own, kinds: Vec::new(), detail: Detail::Title },
            created: at(0),
            end: at(100),
        };
        let rendered = Rendered { bytes: text.to_owned(), changed: at(0), count: 0 };
        Arc::new(Kept::new(feed, None, rendered))
    }

    fn seen() -> Seen {
        Seen::new(1, at(0), at(100))
    }

    #[test]
    fn it_is_believed_for_a_second_until_a_commit_and_not_beyond_the_end() {
        assert!(seen().holds(1, at(0)));
        assert!(!seen().holds(2, at(0)) && !seen().holds(1, at(1)));
        assert!(!Seen::new(1, at(0), at(0)).holds(1, at(0)));
    }

    #[test]
    fn what_is_packed_is_the_same_calendar() {
        let text = "BEGIN:VEVENT\r\n".repeat(1_000);
        let kept = kept(&text);
        let packed = kept.packed();
        assert!(packed.len() < text.len() / 4 && packed == pack(text.as_bytes()), "the same each time");
        let mut unpacked = String::new();
        GzDecoder::new(&packed[..]).read_to_string(&mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        assert_ne!(kept.etag, kept.packed_etag);
    }

    #[test]
    fn what_was_not_asked_for_longest_makes_room() {
        let memory = Memory::default();
        let quarter = kept(&"x".repeat(MOST / 5));
        for name in 0..4_u8 {
            memory.keep(&[name], &quarter, seen());
        }
        assert!(memory.find(&[0]).is_some());
        memory.keep(&[4], &quarter, seen());
        assert!(memory.find(&[1]).is_none(), "0 was asked for since");
        assert!([0, 2, 3, 4].iter().all(|name| memory.find(&[*name]).is_some()));
        memory.keep(&[4], &quarter, seen());
        assert!(memory.find(&[0]).is_some(), "in its own place");
        memory.keep(&[9], &kept(&"x".repeat(MOST)), seen());
        assert!(memory.find(&[9]).is_none() && memory.find(&[0]).is_some(), "too large for any");
        memory.forget(&[0]);
        assert!(memory.find(&[0]).is_none());
    }

    #[test]
    fn a_look_counts_for_what_was_looked_at_alone() {
        let memory = Memory::default();
        let (old, new) = (kept("old"), kept("new"));
        memory.keep(&[1], &new, seen());
        memory.looked(&[1], &old, Seen::new(7, at(0), at(100)));
        assert_eq!(memory.find(&[1]).unwrap().1, seen());
        memory.looked(&[1], &new, Seen::new(7, at(0), at(100)));
        assert!(memory.find(&[1]).unwrap().1.holds(7, at(0)));
    }
}
