//! API tokens of programs: issued, listed, revoked.

use chrono::TimeDelta;
use schakel_domain::{
    access::{Class, Classes},
    ids::{SystemClientId, SystemTokenId},
    text::Name,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{
    system_client,
    token::{self, Opens},
};
pub use crate::entity::system_token::Model;
use crate::{
    entity::system_token::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
    wire::page::Page,
};

/// What a token of a program opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// The register (K0), whatever the program's scopes.
    Register,
    /// All of the program's scopes. Only the operator issues such a one: an administrator who
    /// could would open every case to itself.
    Scopes,
}

fn line(deed: Deed, id: Uuid) -> Line {
    Line { deed, object: "system_token", id: Some(id), subject: None, classes: Classes::of(&[Class::K0]) }
}

/// A new token of `system`, and its secret, which is not kept.
pub async fn issue(
    tx: &Tx,
    system: SystemClientId,
    name: &Name,
    lasts: TimeDelta,
    opening: Opening,
) -> Result<(Model, String)> {
    system_client::get(tx, system).await?;
    let secret = token::mint(Opens::Api, tx.app().ids.as_ref());
    let corrupt = Error::Corrupt { table: "system_token", column: "hash" };
    let row = Model {
        id: tx.new_id(),
        hash: token::hash(Opens::Api, &secret).ok_or(corrupt)?,
        client_id: system.0,
        display_name: name.as_str().to_owned(),
        register_only: opening == Opening::Register,
        created_at: to_column(tx.now()),
        expires_at: to_column(tx.now() + lasts),
        revoked_at: None,
        last_used_on: None,
    };
    Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(&tx.db()).await?;
    tx.audit(line(Deed::C, row.id)).await?;
    Ok((row, secret))
}

/// The tokens of one program of the region, newest first; one more than the page holds when
/// there are more.
pub(super) async fn list(read: &Read, system: SystemClientId, page: &Page<Uuid>) -> Result<Vec<Model>> {
    system_client::get(read, system).await?;
    let mut query = Entity::find().filter(Column::ClientId.eq(system.0));
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Live → revoked; one that was revoked before stays so.
pub(super) async fn revoke(tx: &Tx, id: SystemTokenId) -> Result<Model> {
    let missing = || Error::NotFound("SYSTEM_TOKEN");
    let row = Entity::find_by_id(id.0).one(&tx.db()).await?.ok_or_else(missing)?;
    // Another region's is not found.
    let own = system_client::get(tx, SystemClientId(row.client_id)).await;
    own.map_err(|error| if matches!(error, Error::NotFound(_)) { missing() } else { error })?;
    tx.audit(line(Deed::U, row.id)).await?;
    if row.revoked_at.is_some() {
        return Ok(row);
    }
    let row = Model { revoked_at: Some(to_column(tx.now())), ..row };
    Ok(ActiveModel::from(row).reset_all().update(&tx.db()).await?)
}
