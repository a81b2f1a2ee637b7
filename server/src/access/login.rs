//! Who an identity provider's subjects are: bound by hand, by (issuer, subject), never by an address.

use schakel_domain::{
    access::{Class, Classes, Denied},
    ids::{LoginId, PersonId, SystemClientId},
    refusal::Refusal,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{professional, system_client};
pub use crate::entity::login::Model;
use crate::{
    entity::login::{ActiveModel, Column, Entity},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
    wire::page::Page,
};

/// Whom a login lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// A professional of the region.
    Person(PersonId),
    /// One of the region's systems.
    System(SystemClientId),
}

impl Who {
    /// Fails unless it is of the region.
    async fn check(self, read: &Read) -> Result<()> {
        match self {
            Self::Person(person) => professional::get(read, person).await.map(|_| ()),
            Self::System(system) => system_client::get(read, system).await.map(|_| ()),
        }
    }

    fn of(row: &Model) -> Result<Self> {
        match (row.person_id, row.client_id) {
            (Some(person), None) => Ok(Self::Person(PersonId(person))),
            (None, Some(system)) => Ok(Self::System(SystemClientId(system))),
            (Some(_), Some(_)) | (None, None) => Err(Error::Corrupt { table: "login", column: "person_id" }),
        }
    }

    fn columns(self) -> (Option<Uuid>, Option<Uuid>) {
        match self {
            Self::Person(person) => (Some(person.0), None),
            Self::System(system) => (None, Some(system.0)),
        }
    }
}

/// Who lets others in cannot let itself in by another door.
fn not_oneself(tx: &Tx, who: Who) -> Result<()> {
    let own = matches!(who, Who::Person(person) if tx.grant().actor() == Some(person.0));
    if own { Err(Denied::ActionNotAllowed.into()) } else { Ok(()) }
}

fn line(deed: Deed, id: Uuid) -> Line {
    Line { deed, object: "login", id: Some(id), subject: None, classes: Classes::of(&[Class::K0]) }
}

/// Nothing, or removed → bound. A subject that was once somebody's is never another's.
pub async fn bind(tx: &Tx, issuer: &str, subject: &str, who: Who) -> Result<Model> {
    not_oneself(tx, who)?;
    who.check(tx).await?;
    let known = Entity::find()
        .filter(Column::Issuer.eq(issuer))
        .filter(Column::Subject.eq(subject))
        .one(&tx.db())
        .await?;
    let (person_id, client_id) = who.columns();
    let row = match known {
        Some(row) if Who::of(&row)? != who => return Err(Refusal::AlreadyExists.into()),
        Some(row) if row.removed_at.is_none() => row,
        Some(row) => keep(tx, Model { removed_at: None, ..row }).await?,
        None => {
            let row = Model {
                id: tx.new_id(),
                issuer: issuer.to_owned(),
                subject: subject.to_owned(),
                person_id,
                client_id,
                created_at: to_column(tx.now()),
                removed_at: None,
            };
            let kept = Entity::insert(ActiveModel::from(row.clone())).exec_without_returning(&tx.db()).await;
            kept.map_err(|error| Error::from(error).or_duplicate(Refusal::AlreadyExists))?;
            row
        }
    };
    tx.audit(line(Deed::C, row.id)).await?;
    Ok(row)
}

/// Bound → removed; one that was removed before stays so.
pub(super) async fn remove(tx: &Tx, id: LoginId) -> Result<Model> {
    let missing = || Error::NotFound("LOGIN");
    let row = Entity::find_by_id(id.0).one(&tx.db()).await?.ok_or_else(missing)?;
    let who = Who::of(&row)?;
    // Another region's is not found.
    who.check(tx)
        .await
        .map_err(|error| if matches!(error, Error::NotFound(_)) { missing() } else { error })?;
    not_oneself(tx, who)?;
    tx.audit(line(Deed::U, row.id)).await?;
    if row.removed_at.is_some() {
        return Ok(row);
    }
    keep(tx, Model { removed_at: Some(to_column(tx.now())), ..row }).await
}

async fn keep(tx: &Tx, row: Model) -> Result<Model> {
    Ok(ActiveModel::from(row).reset_all().update(&tx.db()).await?)
}

/// The logins of `who`, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, who: Who, page: &Page<Uuid>) -> Result<Vec<Model>> {
    who.check(read).await?;
    let (person, client) = who.columns();
    let mut query = Entity::find();
    if let Some(person) = person {
        query = query.filter(Column::PersonId.eq(person));
    }
    if let Some(client) = client {
        query = query.filter(Column::ClientId.eq(client));
    }
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}
