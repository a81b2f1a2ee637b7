//! A new secret for a feed; programs that have the old one get a week to learn it.

use chrono::TimeDelta;
use schakel_domain::{
    access::{Class, Classes},
    ids::PersonId,
};
use uuid::Uuid;

use super::{create::create, owned::Wish, store};
use crate::{
    entity::feed::Model,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
};

/// For how long the old secret goes on working.
const OVERLAP: TimeDelta = TimeDelta::days(7);

/// Makes a feed in the place of `id`, of the same meetings in the same detail.
///
/// # Errors
/// `FEED_NOT_FOUND`, also when it has ended or was replaced before.
pub(super) async fn rotate(tx: &Tx, person: PersonId, id: Uuid) -> Result<(Model, String)> {
    let old = store::get(tx, person.0, id).await?;
    let (new, secret) = create(tx, person, &Wish::of(&old)?).await?;
    if !store::replace(tx, &old, new.id, tx.now() + OVERLAP).await? {
        return Err(Error::NotFound("FEED"));
    }
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::U, object: "feed", id: Some(id), subject: None, classes }).await?;
    Ok((new, secret))
}
