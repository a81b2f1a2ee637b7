//! Programs of organisations: what each may do at most, and whether it is let in today.

use chrono::NaiveDate;
use schakel_domain::{
    access::{Action, Role},
    ids::{OrganisationId, RegionId, SystemClientId},
    refusal::Refusal,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::Membership;
use crate::{
    app::App,
    entity::{
        organisation,
        system_client::{ActiveModel, Column, Entity, Model},
    },
    error::{Credential, Error, Result},
    store::{Read, Tx},
    wire::page::Page,
};

/// A program, let in.
#[derive(Debug, Clone)]
pub(super) struct SystemClient {
    /// As it is kept.
    pub(super) row: Model,
    /// What it may do at most.
    pub(super) scopes: Vec<Action>,
}

/// Scopes as a column holds them.
pub(super) fn scopes(column: &str) -> Result<Vec<Action>> {
    let parse =
        |scope: &str| scope.parse().map_err(|_| Error::Corrupt { table: "system_client", column: "scopes" });
    column.split(' ').filter(|scope| !scope.is_empty()).map(parse).collect()
}

/// Scopes for a column.
pub(super) fn scopes_to_column(scopes: &[Action]) -> String {
    scopes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn is_live(row: &Model, today: NaiveDate) -> bool {
    row.disabled_at.is_none() && row.valid_from <= today && row.valid_until.is_none_or(|last| today <= last)
}

fn let_in(row: Option<Model>, today: NaiveDate) -> Result<SystemClient> {
    let row = row.filter(|row| is_live(row, today));
    let row = row.ok_or(Error::Unauthenticated(Credential::AccountDisabled))?;
    Ok(SystemClient { scopes: scopes(&row.scopes)?, row })
}

/// The system with this id, when it is let in today.
pub(super) async fn live(app: &App, id: Uuid, today: NaiveDate) -> Result<SystemClient> {
    let row = Entity::find().filter(Column::Id.eq(id)).one(app.database.reader()).await?;
    let_in(row, today)
}

/// The system with this OIN, when one is let in today; one supplier may have a system at many
/// organisations.
pub(super) async fn by_oin(
    app: &App,
    oin: &str,
    organisation: Option<OrganisationId>,
    today: NaiveDate,
) -> Result<SystemClient> {
    let mut rows = Entity::find().filter(Column::Oin.eq(oin)).all(app.database.reader()).await?;
    rows.retain(|row| is_live(row, today));
    if let Some(organisation) = organisation {
        rows.retain(|row| row.organisation_id == organisation.0);
    }
    if rows.len() > 1 {
        return Err(Error::field("schakel-acting-for", Refusal::ActingForRequired));
    }
    let_in(rows.pop(), today)
}

/// What a system is when it acts for nobody: it keeps registers, like an administrator, and
/// sees no case.
pub(super) async fn itself(app: &App, system: &SystemClient) -> Result<Membership> {
    let Model { region_id, organisation_id, .. } = system.row;
    let at =
        organisation::Entity::find_by_id((region_id, organisation_id)).one(app.database.reader()).await?;
    let at = at.ok_or(Error::Corrupt { table: "system_client", column: "organisation_id" })?;
    Ok(Membership {
        region: RegionId(region_id),
        organisation: OrganisationId(organisation_id),
        kind: at.kind,
        code: at.code,
        display_name: at.display_name,
        role: Role::Beheerder,
    })
}

/// One of the region's systems.
///
/// # Errors
/// `SYSTEM_CLIENT_NOT_FOUND`.
pub async fn get(read: &Read, id: SystemClientId) -> Result<Model> {
    let found = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    found.ok_or(Error::NotFound("SYSTEM_CLIENT"))
}

/// The region's systems, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(read.region()));
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Keeps a new one.
pub(super) async fn insert(tx: &Tx, row: Model) -> Result<()> {
    let kept = Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.db()).await;
    kept.map(|_| ()).map_err(|error| Error::from(error).or_duplicate(Refusal::AlreadyExists))
}

/// Keeps `row` as it is now, and counts the change.
pub(super) async fn update(tx: &Tx, mut row: Model) -> Result<Model> {
    row.version += 1;
    let kept =
        Entity::update(sea_orm::ActiveModelTrait::reset_all(ActiveModel::from(row))).exec(&tx.db()).await;
    kept.map_err(|error| Error::from(error).or_duplicate(Refusal::AlreadyExists))
}
