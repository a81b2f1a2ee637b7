//! Subscriptions: made, given another secret, tried, removed.

use chrono::TimeDelta;
use http::Uri;
use schakel_domain::{
    access::{Class, Classes},
    ids::{OrganisationId, SubscriptionId},
    refusal::Refusal,
    subscription::State,
    thuiszitter::ChangeKind,
};
use uuid::Uuid;

use super::{
    deliver::Note,
    scope, secret,
    store::{self, Model, place},
};
use crate::{
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        instant::to_column,
        outbox::{Kind, Work},
    },
};

/// Subscriptions that an organisation may have.
const MOST: u64 = 10;
/// For how long the secret before signs beside the new one.
const OVERLAP: TimeDelta = TimeDelta::days(1);

/// A subscription that is asked for.
pub(super) struct Wish {
    pub(super) address: Uri,
    pub(super) kinds: Vec<ChangeKind>,
}

fn line(deed: Deed, id: Uuid) -> Line {
    Line { deed, object: "subscription", id: Some(id), subject: None, classes: Classes::of(&[Class::K0]) }
}

/// The organisation that the caller acts for.
fn own(tx: &Tx) -> Result<OrganisationId> {
    tx.grant().organisation().map(OrganisationId).ok_or(Error::NotFound("ORGANISATION"))
}

/// Nothing → ACTIVE, with the secret that is told once.
///
/// # Errors
/// `TOO_MANY_SUBSCRIPTIONS`; not allowed to an organisation that reads no cases by what it is.
pub(super) async fn create(tx: &Tx, wish: &Wish) -> Result<(Model, String)> {
    let organisation = own(tx)?;
    scope::of(tx, organisation).await?;
    if store::count(tx, organisation).await? >= MOST {
        return Err(Refusal::TooManySubscriptions.into());
    }
    let (id, subject) = (tx.new_id(), organisation.0);
    let secret = secret::mint(tx.app().ids.as_ref());
    // No person is concerned: the key is the organisation's own, and turns with the others.
    let keys = tx.subject_keys_or_new(&[subject]).await?;
    let kinds: Vec<String> = wish.kinds.iter().map(ToString::to_string).collect();
    let row = Model {
        region_id: tx.region(),
        id,
        organisation_id: subject,
        host: wish.address.host().unwrap_or_default().to_owned(),
        kinds: kinds.join(" "),
        state: State::Active.to_string(),
        sealed_address: tx.seal(&keys, subject, place("sealed_address", id), &wish.address.to_string())?,
        sealed_secret: tx.seal(&keys, subject, place("sealed_secret", id), &secret)?,
        sealed_former_secret: None,
        former_until: None,
        created_at: to_column(tx.now()),
        tried_at: None,
        delivered_at: None,
        failures: 0,
        failing_since: None,
        last_error: String::new(),
        paused_at: None,
    };
    store::insert(tx, row.clone()).await?;
    tx.audit(line(Deed::C, id)).await?;
    Ok((row, secret))
}

/// Another secret; the one before signs for a day still.
///
/// # Errors
/// `SUBSCRIPTION_NOT_FOUND`.
pub(super) async fn rotate(tx: &Tx, id: SubscriptionId) -> Result<(Model, String)> {
    let row = store::hold(tx, own(tx)?, id).await?;
    let subject = row.organisation_id;
    let keys = tx.subject_keys(&[subject]).await?;
    let former = keys.open(subject, place("sealed_secret", id.0), &row.sealed_secret)?;
    let secret = secret::mint(tx.app().ids.as_ref());
    let former = tx.seal(&keys, subject, place("sealed_former_secret", id.0), &former)?;
    let row = Model {
        sealed_secret: tx.seal(&keys, subject, place("sealed_secret", id.0), &secret)?,
        sealed_former_secret: Some(former),
        former_until: Some(to_column(tx.now() + OVERLAP)),
        ..row
    };
    store::update(tx, row.clone()).await?;
    tx.audit(line(Deed::U, id.0)).await?;
    Ok((row, secret))
}

/// Known → gone; what waits for it finds it no more.
///
/// # Errors
/// `SUBSCRIPTION_NOT_FOUND`.
pub(super) async fn delete(tx: &Tx, id: SubscriptionId) -> Result<()> {
    let row = store::hold(tx, own(tx)?, id).await?;
    store::delete(tx, row.id).await?;
    tx.audit(line(Deed::D, id.0)).await
}

/// Has a ping sent.
///
/// # Errors
/// `SUBSCRIPTION_NOT_FOUND`.
pub(super) async fn test(tx: &Tx, id: SubscriptionId) -> Result<Model> {
    let row = store::hold(tx, own(tx)?, id).await?;
    let note = Note { event: tx.new_id(), subscription: id.0, made: tx.now(), ping: true };
    let work = Work {
        kind: Kind::SubscriptionEvent,
        dedupe: note.event.to_string(),
        subject: id.0,
        due: tx.now(),
        note: Some(note.write()?),
        mail: None,
    };
    tx.enqueue(work).await?;
    tx.audit(line(Deed::E, id.0)).await?;
    Ok(row)
}
