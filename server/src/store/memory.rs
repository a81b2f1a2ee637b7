//! What is read often and changes seldom: kept in memory until the register changes.
//!
//! The database counts every change of the register's tables, by triggers, in the transaction
//! that makes it. Who reads asks for that count first, so what is remembered is never older than
//! the last commit, whichever server made it. Inside a transaction, which sees what may never be
//! committed, nothing is remembered.
//!
//! What changes all day, as calendars do, has a version of its own in the database, another one
//! with each change: who reads asks for the versions first, and for those things alone of which
//! another one is in memory.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use sea_orm::{EntityTrait, sea_query::Expr};
use uuid::Uuid;

use super::Read;
use crate::{
    app::App,
    entity::{register_change, subject_key},
    error::{Error, Result},
};

/// More than this many things of one kind are not kept: a few megabytes.
const MOST: usize = 10_000;
/// No more parts of things with versions: some twenty megabytes of calendars.
const MOST_PARTS: usize = 200_000;

/// How often the register had changed; none inside a transaction.
pub type Count = Option<i64>;

/// Things of one kind, by what they were asked for with.
pub struct Memory<K, V>(Mutex<Held<K, V>>);

struct Held<K, V> {
    count: i64,
    known: HashMap<K, V>,
}

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Self(Mutex::new(Held { count: 0, known: HashMap::new() }))
    }
}

impl<K: Eq + Hash + Copy, V: Clone> Memory<K, V> {
    /// What is known of `keys`, and those of which nothing is.
    pub fn of(&self, count: Count, keys: impl IntoIterator<Item = K>) -> (HashMap<K, V>, Vec<K>) {
        let held = self.held();
        let (mut known, mut missing) = (HashMap::new(), Vec::new());
        for key in keys {
            match held.known.get(&key).filter(|_| count == Some(held.count)) {
                Some(value) => {
                    known.insert(key, value.clone());
                }
                None => missing.push(key),
            }
        }
        (known, missing)
    }
}

impl<K: Eq + Hash, V: Clone> Memory<K, V> {
    /// What is known of `key`.
    pub fn one(&self, count: Count, key: &K) -> Option<V> {
        let held = self.held();
        held.known.get(key).filter(|_| count == Some(held.count)).cloned()
    }

    /// Remembers what was read after the register was asked for its `count`.
    pub fn keep(&self, count: Count, read: impl IntoIterator<Item = (K, V)>) {
        let Some(count) = count else { return };
        let mut held = self.held();
        if held.count > count {
            return;
        }
        if held.count < count || held.known.len() > MOST {
            *held = Held { count, known: HashMap::new() };
        }
        held.known.extend(read);
    }

    fn held(&self) -> MutexGuard<'_, Held<K, V>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Things of many parts, each with the version that it was read with.
pub struct Versions<K, T>(Mutex<Shelf<K, T>>);

/// The parts of a thing, shared.
type Thing<T> = Arc<[T]>;

struct Shelf<K, T> {
    known: HashMap<K, (Uuid, Thing<T>)>,
    parts: usize,
    /// There is room for no more.
    most: usize,
}

impl<K, T> Default for Versions<K, T> {
    fn default() -> Self {
        Self::at_most(MOST_PARTS)
    }
}

impl<K, T> Versions<K, T> {
    /// With room for so many parts: fewer of what is larger.
    pub fn at_most(parts: usize) -> Self {
        Self(Mutex::new(Shelf { known: HashMap::new(), parts: 0, most: parts }))
    }
}

/// The room that a thing takes: that it is nothing is remembered too.
fn room<T>(thing: &[T]) -> usize {
    thing.len().max(1)
}

impl<K: Eq + Hash, T> Versions<K, T> {
    /// What is known of `wanted` in these versions, and that of which nothing is.
    pub fn of(&self, wanted: impl IntoIterator<Item = (K, Uuid)>) -> (Vec<(K, Thing<T>)>, Vec<K>) {
        let kept = self.shelf();
        let (mut known, mut missing) = (Vec::new(), Vec::new());
        for (key, version) in wanted {
            match kept.known.get(&key).filter(|(own, _)| *own == version) {
                Some((_, thing)) => known.push((key, Arc::clone(thing))),
                None => missing.push(key),
            }
        }
        (known, missing)
    }

    /// Whether any version of `key` is known: somebody asked for it.
    pub fn knows(&self, key: &K) -> bool {
        self.shelf().known.contains_key(key)
    }

    /// Remembers things in place of their other versions.
    pub fn keep(&self, read: impl IntoIterator<Item = (K, Uuid, Thing<T>)>) {
        let mut kept = self.shelf();
        for (key, version, thing) in read {
            if let Some((_, before)) = kept.known.remove(&key) {
                kept.parts -= room(&before);
            }
            if kept.parts + room(&thing) > kept.most {
                *kept = Shelf { known: HashMap::new(), parts: 0, most: kept.most };
            }
            kept.parts += room(&thing);
            kept.known.insert(key, (version, thing));
        }
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf<K, T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The keys of data subjects, wrapped as they are kept; nothing for somebody who has none.
pub(super) type WrappedKeys = tokio::sync::Mutex<HashMap<Uuid, Vec<subject_key::Model>>>;

/// What a call was told.
#[derive(Default)]
struct Told {
    count: Cell<Count>,
    keys: RefCell<Arc<WrappedKeys>>,
}

tokio::task_local! {
    static TOLD: Told;
}

/// Answers a call, for which the register is asked for its count once and for each key once.
pub async fn once<T>(call: impl Future<Output = T>) -> T {
    TOLD.scope(Told::default(), call).await
}

/// The keys that this call was told; none outside a call, where it lasts too long to remember them.
pub(super) fn keys() -> Option<Arc<WrappedKeys>> {
    TOLD.try_with(|told| Arc::clone(&told.keys.borrow())).ok()
}

/// The register's count, to be asked for in a statement about something else.
pub(crate) fn counted() -> Expr {
    Expr::cust("(SELECT number FROM register_change)")
}

/// Notes the register's count as this call was told it.
pub(crate) fn told(count: i64) {
    // Outside a call nobody asks again.
    let _ = TOLD.try_with(|told| told.count.set(Some(count)));
}

/// What was told before a change is worth nothing after it.
pub(super) fn changed() {
    // Outside a call nothing was told.
    let _ = TOLD.try_with(|told| {
        told.count.take();
        told.keys.take();
    });
}

impl App {
    /// How often the register was changed before this call, or until now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn register_count(&self) -> Result<Count> {
        if let Ok(Some(told)) = TOLD.try_with(|told| told.count.get()) {
            return Ok(Some(told));
        }
        let row = register_change::Entity::find().one(self.database.reader()).await?;
        let row = row.ok_or(Error::Corrupt { table: "register_change", column: "number" })?;
        told(row.number);
        Ok(Some(row.number))
    }
}

impl Read {
    /// How often the register was changed; nothing is remembered of what a transaction sees.
    pub async fn register_count(&self) -> Result<Count> {
        if self.is_in_transaction() { Ok(None) } else { self.app().register_count().await }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_ends_with_the_next_change() {
        let memory = Memory::default();
        memory.keep(Some(1), [(1, "a"), (2, "b")]);
        assert_eq!(memory.of(Some(1), [1, 3]), (HashMap::from([(1, "a")]), vec![3]));
        assert_eq!(memory.one(Some(2), &1), None);
        memory.keep(Some(2), [(2, "c")]);
        assert_eq!((memory.one(Some(2), &1), memory.one(Some(2), &2)), (None, Some("c")));
    }

    #[test]
    fn who_began_before_the_last_change_neither_reads_nor_leaves_anything() {
        let memory = Memory::default();
        memory.keep(Some(2), [(1, "new")]);
        memory.keep(Some(1), [(1, "old")]);
        assert_eq!((memory.one(Some(1), &1), memory.one(Some(2), &1)), (None, Some("new")));
    }

    #[test]
    fn a_thing_is_known_in_the_version_that_was_read_alone() {
        let memory = Versions::default();
        let (old, new) = (Uuid::from_u128(1), Uuid::from_u128(2));
        memory.keep([(1, old, Arc::from(["a"])), (2, old, Arc::from(["b"]))]);
        assert_eq!(memory.of([(1, old), (2, new), (3, old)]), (vec![(1, Arc::from(["a"]))], vec![2, 3]));
        memory.keep([(1, new, Arc::from(["c"]))]);
        assert_eq!(memory.of([(1, old)]), (Vec::new(), vec![1]));
        assert_eq!(memory.of([(1, new)]), (vec![(1, Arc::from(["c"]))], Vec::new()));
        assert_eq!((memory.knows(&1), memory.knows(&3)), (true, false));
    }

    #[test]
    fn no_more_parts_are_kept_than_there_is_room_for() {
        let memory = Versions::default();
        let (version, half) = (Uuid::nil(), Arc::from(vec![0_u8; MOST_PARTS / 2]));
        for key in [1, 2, 2] {
            memory.keep([(key, version, Arc::clone(&half))]);
        }
        assert_eq!(memory.of([(2, version)]).0.len(), 1);
        memory.keep([(3, version, half)]);
        assert_eq!(memory.of([(1, version), (2, version), (3, version)]).1, [1, 2], "room was made");
    }

    #[test]
    fn what_is_nothing_takes_room_too() {
        let memory = Versions::<u8, u8>::at_most(2);
        let (version, nothing) = (Uuid::nil(), Arc::from(Vec::<u8>::new()));
        for key in [1, 2, 2] {
            memory.keep([(key, version, Arc::clone(&nothing))]);
        }
        assert_eq!(memory.of([(1, version), (2, version)]).1, [0_u8; 0]);
        memory.keep([(3, version, nothing)]);
        assert_eq!(memory.of([(1, version), (2, version), (3, version)]).1, [1, 2], "room was made");
    }

    #[test]
    fn a_transaction_remembers_nothing() {
        let memory = Memory::default();
        memory.keep(None, [(1, "a")]);
        assert_eq!((memory.one(None, &1), memory.one(Some(0), &1)), (None, None));
    }
}
