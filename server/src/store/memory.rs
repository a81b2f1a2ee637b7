//! What is read often and changes seldom: kept in memory until the register changes.
//!
//! The database counts every change of the register's tables, by triggers, in the transaction
//! that makes it. Who reads asks for that count first, so what is remembered is never older than
//! the last commit, whichever server made it. Inside a transaction, which sees what may never be
//! committed, nothing is remembered.

use std::{
    cell::Cell,
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sea_orm::EntityTrait;

use super::Read;
use crate::{
    app::App,
    entity::register_change,
    error::{Error, Result},
};

/// More than this many things of one kind are not kept: a few megabytes.
const MOST: usize = 10_000;

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

tokio::task_local! {
    /// The count that this call was told.
    static TOLD: Cell<Count>;
}

/// Answers a call, for which the register is asked for its count once.
pub async fn once<T>(call: impl Future<Output = T>) -> T {
    TOLD.scope(Cell::new(None), call).await
}

/// What was counted before a change is worth nothing after it.
pub(super) fn changed() {
    // Outside a call nothing was told.
    let _ = TOLD.try_with(|told| told.set(None));
}

impl App {
    /// How often the register was changed before this call, or until now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn register_count(&self) -> Result<Count> {
        if let Ok(Some(told)) = TOLD.try_with(Cell::get) {
            return Ok(Some(told));
        }
        let row = register_change::Entity::find().one(self.database.reader()).await?;
        let row = row.ok_or(Error::Corrupt { table: "register_change", column: "number" })?;
        let _ = TOLD.try_with(|told| told.set(Some(row.number)));
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
    fn a_transaction_remembers_nothing() {
        let memory = Memory::default();
        memory.keep(None, [(1, "a")]);
        assert_eq!((memory.one(None, &1), memory.one(Some(0), &1)), (None, None));
    }
}
