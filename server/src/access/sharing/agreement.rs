//! Agreements between regions: one row in each, under one id; both beheerders have to agree.

use chrono::{DateTime, Utc};
use schakel_domain::{
    access::{Class, Classes, Denied},
    ids::{RegionAgreementId, RegionId},
    refusal::Refusal,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};
use uuid::Uuid;

use crate::{
    access::region,
    entity::region_agreement::{ActiveModel, Column, Entity, Model},
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::to_column,
    },
    wire::page::Page,
};

/// How far an agreement is, as one region sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::Display, strum::EnumString, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum AgreementState {
    /// Proposed by this region.
    Proposed,
    /// Asked of this region.
    Asked,
    /// Both agree.
    Active,
    /// It holds no more.
    Ended,
}

fn line(deed: Deed, id: RegionAgreementId) -> Line {
    Line {
        deed,
        object: "region_agreement",
        id: Some(id.0),
        subject: None,
        classes: Classes::of(&[Class::K0]),
    }
}

/// One agreement of this region.
///
/// # Errors
/// `REGION_AGREEMENT_NOT_FOUND`.
pub async fn get(read: &Read, id: RegionAgreementId) -> Result<Model> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    row.ok_or(Error::NotFound("REGION_AGREEMENT"))
}

/// A page of them, newest first; one more than the page holds when there are more.
pub(super) async fn list(read: &Read, page: &Page<Uuid>) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(read.region()));
    if let Some(id) = page.after {
        query = query.filter(Column::Id.lt(id));
    }
    Ok(query.order_by_desc(Column::Id).limit(page.size + 1).all(&read.db()).await?)
}

/// Nothing → PROPOSED here, ASKED there.
///
/// # Errors
/// `REGION_NOT_FOUND`, also for the region itself; `ALREADY_EXISTS`.
pub(super) async fn propose(tx: &Tx, swv_code: &str, gemeenten: &[String]) -> Result<Model> {
    by_a_person(tx)?;
    let partner = region::of_swv(tx.app(), swv_code).await?.filter(|partner| partner.0 != tx.region());
    let partner = partner.ok_or(Error::NotFound("REGION"))?;
    let running = Entity::find()
        .filter(Column::RegionId.eq(tx.region()))
        .filter(Column::PartnerId.eq(partner.0))
        .filter(Column::State.ne(AgreementState::Ended.to_string()))
        .one(&tx.db())
        .await?;
    if running.is_some() {
        return Err(Refusal::AlreadyExists.into());
    }
    let id = RegionAgreementId(tx.new_id());
    let row = |region: Uuid, partner: Uuid, state: AgreementState| Model {
        region_id: region,
        id: id.0,
        partner_id: partner,
        state: state.to_string(),
        gemeente_codes: gemeenten.join(" "),
        proposed_by: tx.grant().actor().unwrap_or_default(),
        proposed_at: to_column(tx.now()),
        accepted_by: None,
        accepted_at: None,
        ended_at: None,
        version: 1,
    };
    let rows = [
        row(tx.region(), partner.0, AgreementState::Proposed),
        row(partner.0, tx.region(), AgreementState::Asked),
    ];
    Entity::insert_many(rows.map(ActiveModel::from)).exec_without_returning(&tx.db()).await?;
    both(tx, partner, line(Deed::C, id)).await?;
    get(tx, id).await
}

/// ASKED → ACTIVE, in both regions.
///
/// # Errors
/// `REGION_AGREEMENT_NOT_FOUND`, `ETAG_MISMATCH`, `AGREEMENT_STATE`.
pub(super) async fn accept(tx: &Tx, id: RegionAgreementId, etag: i32) -> Result<Model> {
    by_a_person(tx)?;
    let row = current(tx, id, etag).await?;
    if row.state != AgreementState::Asked.to_string() {
        return Err(Refusal::AgreementState.into());
    }
    let actor = tx.grant().actor();
    let set = [
        (Column::State, Expr::value(AgreementState::Active.to_string())),
        (Column::AcceptedBy, Expr::value(actor)),
        (Column::AcceptedAt, Expr::value(to_column(tx.now()))),
    ];
    write(tx, id, &row, set.to_vec()).await
}

/// Any → ENDED, in both regions.
///
/// # Errors
/// `REGION_AGREEMENT_NOT_FOUND`, `ETAG_MISMATCH`.
pub(super) async fn end(tx: &Tx, id: RegionAgreementId, etag: i32) -> Result<Model> {
    by_a_person(tx)?;
    let row = get(tx, id).await?;
    if row.state == AgreementState::Ended.to_string() {
        return Ok(row);
    }
    let row = current(tx, id, etag).await?;
    let set = [
        (Column::State, Expr::value(AgreementState::Ended.to_string())),
        (Column::EndedAt, Expr::value(to_column(tx.now()))),
    ];
    write(tx, id, &row, set.to_vec()).await
}

/// Two regions agree through people: a system that keeps the register opens it to nobody.
fn by_a_person(tx: &Tx) -> Result<()> {
    if tx.grant().actor_kind() == "user" { Ok(()) } else { Err(Denied::ActionNotAllowed.into()) }
}

/// Both rows, held in one order, so that two regions that change one agreement wait for each other.
async fn current(tx: &Tx, id: RegionAgreementId, etag: i32) -> Result<Model> {
    let rows = Entity::find()
        .filter(Column::Id.eq(id.0))
        .order_by_asc(Column::RegionId)
        .lock_exclusive()
        .all(&tx.db())
        .await?;
    let own = rows.into_iter().find(|row| row.region_id == tx.region());
    let own = own.ok_or(Error::NotFound("REGION_AGREEMENT"))?;
    if own.version == etag { Ok(own) } else { Err(Error::Stale) }
}

async fn write(tx: &Tx, id: RegionAgreementId, row: &Model, set: Vec<(Column, Expr)>) -> Result<Model> {
    let mut update = Entity::update_many().col_expr(Column::Version, Expr::value(row.version + 1));
    for (column, value) in set {
        update = update.col_expr(column, value);
    }
    let regions = [tx.region(), row.partner_id];
    update.filter(Column::Id.eq(id.0)).filter(Column::RegionId.is_in(regions)).exec(&tx.db()).await?;
    both(tx, RegionId(row.partner_id), line(Deed::U, id)).await?;
    get(tx, id).await
}

/// Writes a line down in this region and in `partner`.
pub(super) async fn both(tx: &Tx, partner: RegionId, line: Line) -> Result<()> {
    tx.audit(line).await?;
    tx.audit_in(partner, line).await
}

/// The active agreements of this region that are about children of `gemeente`; one statement.
pub async fn active(read: &Read, gemeente: Option<&str>) -> Result<Vec<Model>> {
    let own = Condition::all()
        .add(Column::RegionId.eq(read.region()))
        .add(Column::State.eq(AgreementState::Active.to_string()));
    let mut rows = Entity::find().filter(own).all(&read.db()).await?;
    rows.retain(|row| {
        let about = |gemeente: &str| row.gemeente_codes.split_whitespace().any(|code| code == gemeente);
        row.gemeente_codes.is_empty() || gemeente.is_none_or(about)
    });
    Ok(rows)
}

/// When something of an agreement happened.
pub(super) fn instant(column: Option<i64>) -> Result<Option<DateTime<Utc>>> {
    column.map(crate::store::instant::from_column).transpose()
}
