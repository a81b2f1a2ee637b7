//! Issues an API token to a person.

use chrono::TimeDelta;
use schakel_domain::{
    access::{Class, Classes},
    ids::PersonId,
    text::Name,
};

use super::{
    store,
    token::{self, Opens},
};
use crate::{
    entity::token::Model,
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
};

/// A new token of `person`, and its secret, which is not kept.
pub async fn issue_token(
    tx: &Tx,
    person: PersonId,
    name: &Name,
    lasts: TimeDelta,
) -> Result<(Model, String)> {
    let secret = token::mint(Opens::Api, tx.app().ids.as_ref());
    let hash = token::hash(Opens::Api, &secret).ok_or(Error::Corrupt { table: "token", column: "hash" })?;
    let row = Model {
        id: tx.new_id(),
        hash,
        person_id: person.0,
        display_name: name.as_str().to_owned(),
        created_at: to_column(tx.now()),
        expires_at: to_column(tx.now() + lasts),
        revoked_at: None,
        last_used_on: None,
    };
    store::insert(tx, row.clone()).await?;
    let classes = Classes::of(&[Class::K0]);
    tx.audit(Line { deed: Deed::C, object: "token", id: Some(row.id), subject: None, classes }).await?;
    Ok((row, secret))
}
