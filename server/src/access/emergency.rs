//! Breaking the glass: a professional opens a case that is not theirs, with a reason and for some
//! hours. The privacy officer and who keeps the case together are told.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::{CaseState, Class, Classes, Role},
    ids::{CaseId, EmergencyId, OrganisationId, PersonId},
    reference::Reference,
    refusal::Refusal,
    text::FreeText,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::{Caller, InEmergency, affiliation, authenticate::today, circle};
use crate::{
    app::App,
    entity::{
        emergency::{ActiveModel, Column, Entity, Model},
        thuiszitter,
    },
    error::{Error, Result},
    store::{
        Read, Tx,
        audit::{Deed, Line},
        instant::{from_column, to_column},
        outbox::{Kind, Work},
        vault::Place,
    },
    wire::page::Page,
};

/// The longest that an emergency lasts.
pub const LONGEST: TimeDelta = TimeDelta::hours(4);
/// A reason has at least so many characters.
pub const SHORTEST_REASON: usize = 20;

/// Which case, as somebody in a hurry names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// By its name.
    Case(CaseId),
    /// By the reference that is spoken.
    Reference(Reference),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub case: Named,
    pub reason: FreeText,
    pub length: TimeDelta,
}

/// Emergency access as it stands.
#[derive(Debug, Clone)]
pub struct Emergency {
    /// Which.
    pub id: EmergencyId,
    /// To which case.
    pub case: CaseId,
    /// Whose.
    pub person: PersonId,
    /// For which organisation.
    pub organisation: OrganisationId,
    /// In which function.
    pub role: Role,
    /// Only for its own user and the privacy officer.
    pub reason: String,
    /// Since when.
    pub started: DateTime<Utc>,
    /// Until when at the latest.
    pub ends: DateTime<Utc>,
    /// When its user ended it.
    pub ended: Option<DateTime<Utc>>,
}

fn place(id: Uuid) -> Place {
    Place { table: "emergency", column: "sealed_reason", row: id }
}

/// The emergency that the call says it uses, while it lasts.
///
/// # Errors
/// `EMERGENCY_NOT_FOUND` when there is none, it is over or somebody else's, alike.
pub(super) async fn used(app: &App, caller: &Caller, id: EmergencyId) -> Result<InEmergency> {
    let acting = caller.organisation();
    let row = Entity::find_by_id((acting.region.0, id.0))
        .filter(Column::PersonId.eq(caller.person.0))
        .filter(Column::OrganisationId.eq(acting.organisation.0))
        .filter(Column::EndedAt.is_null())
        .filter(Column::EndsAt.gt(to_column(app.now())))
        .one(app.database.reader())
        .await?
        .ok_or(Error::NotFound("EMERGENCY"))?;
    Ok(InEmergency { id, case: CaseId(row.case_id) })
}

/// Starts one.
///
/// # Errors
/// `CASE_NOT_FOUND`; `CASE_RESTRICTED`, which no emergency opens.
pub(super) async fn start(tx: &Tx, wish: &Wish) -> Result<Emergency> {
    let case = match &wish.case {
        Named::Case(case) => *case,
        Named::Reference(reference) => circle::by_reference(tx, reference).await?,
    };
    let (circle, _) = circle::reach(tx, case).await?;
    if circle.standing().state() == CaseState::Restricted {
        return Err(Refusal::CaseRestricted.into());
    }
    let id = tx.new_id();
    let role = tx.grant().role();
    let keys = tx.subject_keys_or_new(&[circle.child.0]).await?;
    let row = Model {
        region_id: tx.region(),
        id,
        case_id: case.0,
        person_id: tx.grant().actor().unwrap_or_default(),
        organisation_id: tx.grant().organisation().unwrap_or_default(),
        role: role.split(' ').next().unwrap_or_default().to_owned(),
        sealed_reason: tx.seal(&keys, circle.child.0, place(id), wish.reason.as_str())?,
        started_at: to_column(tx.now()),
        ends_at: to_column(tx.now() + wish.length),
        ended_at: None,
    };
    let started = emergency(&row, wish.reason.as_str().to_owned())?;
    Entity::insert(ActiveModel::from(row)).exec_without_returning(&tx.db()).await?;
    tx.audit(line(Deed::C, &started, circle.child)).await?;
    tx.tell_case(case, "EMERGENCY_STARTED", &started.id.to_string()).await?;
    let notice = Work {
        kind: Kind::EmergencyStarted,
        dedupe: id.to_string(),
        subject: id,
        due: tx.now(),
        note: None,
        mail: None,
    };
    tx.enqueue(notice).await?;
    Ok(started)
}

/// Ends one's own. One that has ended stays as it is.
///
/// # Errors
/// `EMERGENCY_NOT_FOUND`.
pub(super) async fn end(tx: &Tx, id: EmergencyId) -> Result<Emergency> {
    let row = Entity::find_by_id((tx.region(), id.0))
        .filter(Column::PersonId.eq(tx.grant().actor()))
        .one(&tx.db())
        .await?
        .ok_or(Error::NotFound("EMERGENCY"))?;
    let mut shown = opened(tx, vec![row.clone()]).await?;
    let (mut ended, child) = shown.pop().ok_or(Error::NotFound("EMERGENCY"))?;
    if ended.ended.is_none() {
        ended.ended = Some(tx.now().min(ended.ends));
        let row = ActiveModel {
            region_id: Set(row.region_id),
            id: Set(row.id),
            ended_at: Set(ended.ended.map(to_column)),
            ..Default::default()
        };
        Entity::update(row).exec(&tx.db()).await?;
    }
    tx.audit(line(Deed::U, &ended, child)).await?;
    Ok(ended)
}

/// A page of all, newest first; one more than the page holds when there are more.
pub(super) async fn list(tx: &Tx, page: &Page<Uuid>) -> Result<Vec<Emergency>> {
    let mut query = Entity::find().filter(Column::RegionId.eq(tx.region()));
    if let Some(after) = page.after {
        query = query.filter(Column::Id.lt(after));
    }
    let rows = query.order_by_desc(Column::Id).limit(page.size + 1).all(&tx.db()).await?;
    let opened = opened(tx, rows).await?;
    let lines: Vec<_> = opened.iter().map(|(one, child)| line(Deed::R, one, *child)).collect();
    tx.audit_all(&lines).await?;
    Ok(opened.into_iter().map(|(one, _)| one).collect())
}

/// All to `case`, oldest first, whoever asks: the caller of this owes the policy and audit lines.
pub async fn of_case(read: &Read, case: CaseId) -> Result<Vec<Emergency>> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(read.region()))
        .filter(Column::CaseId.eq(case.0))
        .order_by_asc(Column::Id)
        .all(&read.db())
        .await?;
    Ok(opened(read, rows).await?.into_iter().map(|(one, _)| one).collect())
}

/// With their reasons, and about which child each is; in a constant number of statements.
async fn opened(read: &Read, rows: Vec<Model>) -> Result<Vec<(Emergency, PersonId)>> {
    let cases: Vec<Uuid> = rows.iter().map(|row| row.case_id).collect();
    let families = circle::families(read, &cases).await?;
    let children: Vec<Uuid> = families.values().map(|(child, _)| child.0).collect();
    let keys = read.subject_keys(&children).await?;
    rows.into_iter()
        .map(|row| {
            let corrupt = Error::Corrupt { table: "emergency", column: "case_id" };
            let (child, _) = families.get(&row.case_id).ok_or(corrupt)?;
            let reason = keys.open(child.0, place(row.id), &row.sealed_reason)?;
            Ok((emergency(&row, reason)?, *child))
        })
        .collect()
}

fn emergency(row: &Model, reason: String) -> Result<Emergency> {
    Ok(Emergency {
        id: EmergencyId(row.id),
        case: CaseId(row.case_id),
        person: PersonId(row.person_id),
        organisation: OrganisationId(row.organisation_id),
        role: row.role.parse().map_err(|_| Error::Corrupt { table: "emergency", column: "role" })?,
        reason,
        started: from_column(row.started_at)?,
        ends: from_column(row.ends_at)?,
        ended: row.ended_at.map(from_column).transpose()?,
    })
}

fn line(deed: Deed, emergency: &Emergency, child: PersonId) -> Line {
    Line {
        deed,
        object: "emergency",
        id: Some(emergency.id.0),
        subject: Some(child.0),
        classes: Classes::of(&[Class::K10]),
    }
}

/// Whom to tell that emergency `id` was started: every privacy officer, and who keeps the case
/// together; not who started it.
pub async fn told(read: &Read, id: EmergencyId) -> Result<Vec<PersonId>> {
    let row = Entity::find_by_id((read.region(), id.0)).one(&read.db()).await?;
    let row = row.ok_or(Error::NotFound("EMERGENCY"))?;
    let case = thuiszitter::Entity::find_by_id((read.region(), row.case_id)).one(&read.db()).await?;
    let mut told = affiliation::with_role(read, Role::Fg, today(read.now())).await?;
    told.extend(case.and_then(|case| case.regisseur_id).map(PersonId));
    told.retain(|person| person.0 != row.person_id);
    told.sort_unstable();
    told.dedup();
    Ok(told)
}
