//! Turning to a new key while the server runs: what an old key wraps is wrapped by the active one.
//!
//! Only wrapped keys and stored answers are touched, never a sealed field. A batch is one
//! transaction; a process that dies leaves whole batches, and the next one, or another
//! process, goes on with what the old keys still wrap.

use std::sync::Arc;

use schakel_domain::{
    access::{Class, Classes},
    ids::RegionId,
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{LockBehavior, LockType, OnConflict},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    Tx,
    audit::{Deed, Line},
    keys, vault,
};
use crate::{
    access::{Grant, Worker, region},
    app::App,
    entity::{request, subject_key},
    error::Result,
};

/// Rows in one transaction.
const BATCH: u64 = 500;

/// How often it is looked whether another process, not yet told of the new key, used an old one.
const LOOK: std::time::Duration = std::time::Duration::from_mins(1);

impl App {
    /// Runs `verb` for all regions at once, as whoever keeps the keys.
    pub(super) async fn as_keeper<T, F: Future<Output = Result<T>>>(
        &self,
        verb: impl Fn(Arc<Tx>) -> F,
    ) -> Result<T> {
        self.write(&Grant::worker(Worker::Keys, RegionId(Uuid::nil())), None, verb).await
    }

    /// Wraps everything anew that an old key wraps; says how many rows that were.
    pub async fn rewrap(&self) -> Result<usize> {
        let mut done = 0;
        let mut after = None;
        loop {
            let (rows, last) = self.as_keeper(|tx| async move { tx.rewrap_keys(after).await }).await?;
            done += rows;
            after = last;
            if last.is_none() {
                break;
            }
        }
        let mut after = None;
        loop {
            let (rows, last) = self.as_keeper(|tx| async move { tx.reseal_answers(after).await }).await?;
            done += rows;
            after = last;
            if last.is_none() {
                return Ok(done);
            }
        }
    }

    /// Keeps everything wrapped by the active key, until `stop`.
    pub async fn keep_wrapped(&self, stop: &CancellationToken) {
        while !stop.is_cancelled() {
            match self.rewrap().await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "wrapped by the active key"),
                Err(error) => tracing::error!(%error, "keys could not be wrapped anew; it is tried again"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.keys.changed.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Notes in every region's audit log that `object`, which concerns all, was changed.
    pub(crate) async fn note_to_all(&self, object: &'static str) -> Result<()> {
        let classes = Classes::of(&[Class::K0]);
        for region in region::all(self).await? {
            let grant = Grant::worker(Worker::Keys, region);
            let line = Line { deed: Deed::U, object, id: None, subject: None, classes };
            self.write(&grant, None, |tx| async move { tx.audit(line).await }).await?;
        }
        Ok(())
    }
}

/// The last row of a batch that was full: there may be more behind it.
fn full<T>(rows: &[T]) -> Option<&T> {
    rows.last().filter(|_| rows.len() as u64 == BATCH)
}

impl Tx {
    /// One batch of persons' keys behind `after`, in their order: how many were wrapped, and
    /// where it ended when there may be more. One that does not open is passed over. A key that is being destroyed at this moment is waited for and
    /// then not found: it cannot come back.
    async fn rewrap_keys(&self, after: Option<(Uuid, i32)>) -> Result<(usize, Option<(Uuid, i32)>)> {
        let ring = self.app().keys.now();
        let mut query = subject_key::Entity::find().filter(subject_key::Column::KekId.is_in(ring.old()));
        if let Some((subject, version)) = after {
            let same = Condition::all()
                .add(subject_key::Column::SubjectId.eq(subject))
                .add(subject_key::Column::Version.gt(version));
            query = query.filter(Condition::any().add(subject_key::Column::SubjectId.gt(subject)).add(same));
        }
        let rows = query
            .order_by_asc(subject_key::Column::SubjectId)
            .order_by_asc(subject_key::Column::Version)
            .limit(BATCH)
            .lock(LockType::Update)
            .all(&self.db())
            .await?;
        let last = full(&rows).map(|row| (row.subject_id, row.version));
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            let Ok((version, secret)) = vault::unwrap(&ring, &row) else {
                tracing::error!("DECRYPT_FAILED subject_key.wrapped");
                continue;
            };
            let (kek_id, wrapped) = self.wrap(row.subject_id, version, &secret);
            let mut row = row.into_active_model().reset_all();
            (row.kek_id, row.wrapped) = (Set(kek_id), Set(wrapped));
            fresh.push(row);
        }
        let wrapped = fresh.len();
        if !fresh.is_empty() {
            let over = OnConflict::columns([subject_key::Column::SubjectId, subject_key::Column::Version])
                .update_columns([subject_key::Column::KekId, subject_key::Column::Wrapped])
                .to_owned();
            subject_key::Entity::insert_many(fresh)
                .on_conflict(over)
                .exec_without_returning(&self.db())
                .await?;
        }
        Ok((wrapped, last))
    }

    /// The same of stored answers.
    async fn reseal_answers(&self, after: Option<Uuid>) -> Result<(usize, Option<Uuid>)> {
        let ring = self.app().keys.now();
        let old = Condition::any()
            .add(request::Column::KekId.is_null())
            .add(request::Column::KekId.is_in(ring.old()));
        let mut query = request::Entity::find().filter(old);
        if let Some(after) = after {
            query = query.filter(request::Column::RequestId.gt(after));
        }
        let rows = query
            .order_by_asc(request::Column::RequestId)
            .limit(BATCH)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(&self.db())
            .await?;
        let last = full(&rows).map(|row| row.request_id);
        let mut fresh = Vec::with_capacity(rows.len());
        for row in rows {
            let kek = row.kek_id.as_deref();
            let plain = ring
                .answers(kek)
                .and_then(|key| keys::open(&key, row.request_id.as_bytes(), &row.sealed_answer));
            let Some(plain) = plain else {
                tracing::error!("DECRYPT_FAILED request.sealed_answer");
                continue;
            };
            let (kek_id, sealed) = self.seal_answer(row.request_id, &plain);
            let mut row = row.into_active_model().reset_all();
            (row.kek_id, row.sealed_answer) = (Set(Some(kek_id)), Set(sealed));
            fresh.push(row);
        }
        let sealed = fresh.len();
        if !fresh.is_empty() {
            let over = OnConflict::columns([
                request::Column::RegionId,
                request::Column::PrincipalId,
                request::Column::Method,
                request::Column::RequestId,
            ])
            .update_columns([request::Column::KekId, request::Column::SealedAnswer])
            .to_owned();
            request::Entity::insert_many(fresh).on_conflict(over).exec_without_returning(&self.db()).await?;
        }
        Ok((sealed, last))
    }
}
