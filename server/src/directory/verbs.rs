//! Create, change and end a thing of the register: one story for every kind.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Class, Classes},
    refusal::{Refusal, Violation},
};
use uuid::Uuid;

use super::{reading::Reading, resource::Resource, store};
use crate::{
    access::authenticate::today,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::fields::Fields,
};

fn line(deed: Deed, object: &'static str, id: Uuid) -> Line {
    Line { deed, object, id: Some(id), subject: None, classes: Classes::of(&[Class::K0]) }
}

/// Nothing → valid.
pub(super) async fn create<R: Resource>(tx: &Tx, draft: &R) -> Result<R> {
    let mut new = draft.clone();
    new.stamp(tx.region(), tx.new_id(), 1);
    new.check(tx).await?;
    keep(tx, &new, Deed::C).await?;
    Ok(new)
}

/// What is to change, and what it is to become.
pub(super) struct Change<R: Resource> {
    /// Which one.
    pub id: Uuid,
    /// The version that was read.
    pub etag: i32,
    /// The fields; none means all that can change.
    pub mask: Option<Vec<String>>,
    /// Their values.
    pub given: R::Wire,
}

/// Valid → valid, changed. What has ended stays as it is.
pub(super) async fn update<R: Resource>(tx: &Tx, change: &Change<R>) -> Result<R> {
    let old: R = current(tx, change.id, change.etag).await?;
    if old.days().1.is_some_and(|last| last < today(tx.now())) {
        return Err(Refusal::AlreadyEnded.into());
    }
    let kept = old.to_wire();
    let mut wire = kept.clone();
    match &change.mask {
        Some(paths) => paths.iter().for_each(|path| {
            R::take(&mut wire, path, &change.given);
        }),
        None => R::take_all(&mut wire, &change.given),
    }
    let other = if change.mask.is_none() { R::other(&kept, &change.given) } else { Vec::new() };
    let mut fields = Fields::default();
    let fixed = |path| Violation::new(format!("{}.{path}", R::OBJECT), Refusal::FieldInvalid);
    fields.add(other.into_iter().map(fixed).collect());
    let mut reading = Reading::new(fields, R::OBJECT, None);
    let mut new = R::read(&mut reading, &wire);
    reading.finish()?;
    new.stamp(tx.region(), change.id, old.version() + 1);
    new.check(tx).await?;
    keep(tx, &new, Deed::U).await?;
    Ok(new)
}

/// Valid → ended; the last day counts.
pub(super) async fn end<R: Resource>(tx: &Tx, id: Uuid, last: NaiveDate, etag: i32) -> Result<R> {
    let mut held: R = current(tx, id, etag).await?;
    let ended = held.validity().ok_or(Refusal::AlreadyEnded)?.ended_on(last).map_err(|refusal| {
        if refusal == Refusal::AlreadyEnded { refusal.into() } else { Error::field("valid_until", refusal) }
    })?;
    held.set_until(ended.until());
    let version = held.version() + 1;
    held.stamp(tx.region(), id, version);
    keep(tx, &held, Deed::U).await?;
    R::follow_end(tx, id, last).await?;
    Ok(held)
}

async fn current<R: Resource>(tx: &Tx, id: Uuid, etag: i32) -> Result<R> {
    let held: R = store::hold(tx, id).await?;
    if held.version() == etag { Ok(held) } else { Err(Error::Stale) }
}

async fn keep<R: Resource>(tx: &Tx, thing: &R, deed: Deed) -> Result<()> {
    R::put(tx, std::slice::from_ref(thing))
        .await
        .map_err(|error| error.or_duplicate(Refusal::AlreadyExists))?;
    tx.audit(line(deed, R::OBJECT, thing.id())).await
}
