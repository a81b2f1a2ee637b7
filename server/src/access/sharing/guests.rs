//! Who of a partner region sits at a table here: known by their posts there, and by the sharing row.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{ConsultationId, OrganisationId, PersonId, RegionId},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::agreement;
use crate::{
    access::{Grant, affiliation as posts_here, authenticate::today, professional},
    app::App,
    entity::{affiliation, consultation_share as share, professional as professionals},
    error::{Error, Result},
    store::{Read, Tx},
};

/// What somebody is in a partner region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// Who.
    pub person: PersonId,
    /// As what.
    pub role: Role,
    /// Where.
    pub organisation: OrganisationId,
    /// In which region.
    pub region: RegionId,
}

/// What `persons` are on `day` in regions with which this one meets about children of `gemeente`;
/// two statements, or one when there is no such region.
pub async fn posts(
    read: &Read,
    persons: &[PersonId],
    day: NaiveDate,
    gemeente: Option<&str>,
) -> Result<Vec<Post>> {
    if persons.is_empty() {
        return Ok(Vec::new());
    }
    let partners: Vec<Uuid> =
        agreement::active(read, gemeente).await?.into_iter().map(|row| row.partner_id).collect();
    if partners.is_empty() {
        return Ok(Vec::new());
    }
    let open = Condition::any()
        .add(affiliation::Column::ValidUntil.is_null())
        .add(affiliation::Column::ValidUntil.gte(day));
    let rows = affiliation::Entity::find()
        .filter(affiliation::Column::RegionId.is_in(partners))
        .filter(affiliation::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .filter(affiliation::Column::ValidFrom.lte(day))
        .filter(open)
        .all(&read.db())
        .await?;
    let corrupt = |_| Error::Corrupt { table: "affiliation", column: "role" };
    rows.into_iter()
        .map(|row| {
            Ok(Post {
                person: PersonId(row.person_id),
                role: row.role.parse().map_err(corrupt)?,
                organisation: OrganisationId(row.organisation_id),
                region: RegionId(row.region_id),
            })
        })
        .collect()
}

/// Shares a meeting with exactly those of `table` who have that role in a partner region and
/// not here; gives the regions that share it.
pub async fn share(
    tx: &Tx,
    meeting: ConsultationId,
    table: &[(PersonId, Role)],
    gemeente: Option<&str>,
) -> Result<Vec<RegionId>> {
    let day = today(tx.now());
    let persons: Vec<PersonId> = table.iter().map(|(person, _)| *person).collect();
    let mut posts = posts(tx, &persons, day, gemeente).await?;
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let here = posts_here::of(tx, &persons, day).await?;
    posts.retain(|post| {
        table.contains(&(post.person, post.role))
            && !here.iter().any(|here| here.person == post.person && here.role == post.role)
    });
    posts.sort_unstable_by_key(|post| (post.person, post.region));
    posts.dedup_by_key(|post| post.person);
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let rows = posts.iter().map(|post| share::Model {
        region_id: tx.region(),
        consultation_id: meeting.0,
        person_id: post.person.0,
        partner_id: post.region.0,
        organisation_id: post.organisation.0,
    });
    share::Entity::insert_many(rows.map(share::ActiveModel::from)).exec_without_returning(&tx.db()).await?;
    let regions: HashSet<RegionId> = posts.iter().map(|post| post.region).collect();
    Ok(regions.into_iter().collect())
}

/// The regions for which somebody sits at one of `meetings` of this one, with that; one statement.
pub async fn regions(
    read: &Read,
    meetings: &[ConsultationId],
) -> Result<HashSet<(RegionId, ConsultationId)>> {
    let rows = share::Entity::find()
        .filter(share::Column::RegionId.eq(read.region()))
        .filter(share::Column::ConsultationId.is_in(meetings.iter().map(|meeting| meeting.0)))
        .all(&read.db())
        .await?;
    Ok(rows.into_iter().map(|row| (RegionId(row.partner_id), ConsultationId(row.consultation_id))).collect())
}

/// Who sits at which of `meetings` for an organisation of which other region; one statement.
pub async fn seated(
    read: &Read,
    meetings: &[ConsultationId],
) -> Result<HashMap<(ConsultationId, PersonId), (RegionId, OrganisationId)>> {
    if meetings.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = share::Entity::find()
        .filter(share::Column::RegionId.eq(read.region()))
        .filter(share::Column::ConsultationId.is_in(meetings.iter().map(|meeting| meeting.0)))
        .all(&read.db())
        .await?;
    let one = |row: share::Model| {
        let seat = (ConsultationId(row.consultation_id), PersonId(row.person_id));
        (seat, (RegionId(row.partner_id), OrganisationId(row.organisation_id)))
    };
    Ok(rows.into_iter().map(one).collect())
}

/// Shares a meeting with nobody.
pub async fn unshare(tx: &Tx, meeting: ConsultationId) -> Result<()> {
    share::Entity::delete_many()
        .filter(share::Column::RegionId.eq(tx.region()))
        .filter(share::Column::ConsultationId.eq(meeting.0))
        .exec(&tx.db())
        .await?;
    Ok(())
}

/// The registrations of those of `persons` who sit at a table here for a partner region, as that
/// region has them; at most two statements.
pub async fn registrations(
    read: &Read,
    persons: &[PersonId],
) -> Result<HashMap<PersonId, professional::Model>> {
    if persons.is_empty() {
        return Ok(HashMap::new());
    }
    let shares = share::Entity::find()
        .filter(share::Column::RegionId.eq(read.region()))
        .filter(share::Column::PersonId.is_in(persons.iter().map(|person| person.0)))
        .all(&read.db())
        .await?;
    let pairs: HashSet<(Uuid, Uuid)> = shares.iter().map(|row| (row.partner_id, row.person_id)).collect();
    if pairs.is_empty() {
        return Ok(HashMap::new());
    }
    let mut any = Condition::any();
    for (region, person) in pairs {
        let one = Condition::all()
            .add(professionals::Column::RegionId.eq(region))
            .add(professionals::Column::PersonId.eq(person));
        any = any.add(one);
    }
    let rows = professionals::Entity::find().filter(any).all(&read.db()).await?;
    Ok(rows.into_iter().map(|row| (PersonId(row.person_id), row)).collect())
}

/// Those of `persons` who have a role today, here or in a region with which this one meets; in one
/// statement when all have one here.
pub async fn working(read: &Read, persons: &[PersonId]) -> Result<HashSet<PersonId>> {
    let day = today(read.now());
    let here = posts_here::of(read, persons, day).await?;
    let mut working: HashSet<PersonId> = here.into_iter().map(|post| post.person).collect();
    let others: Vec<PersonId> = persons.iter().copied().filter(|person| !working.contains(person)).collect();
    working.extend(posts(read, &others, day, None).await?.into_iter().map(|post| post.person));
    Ok(working)
}

/// The registrations of `persons` in this region, and of those who sit here for another one.
pub async fn known(read: &Read, persons: &[PersonId]) -> Result<HashMap<PersonId, Arc<professional::Model>>> {
    let mut known = professional::of(read, persons).await?;
    let missing: Vec<PersonId> =
        persons.iter().copied().filter(|person| !known.contains_key(person)).collect();
    let others = registrations(read, &missing).await?.into_iter();
    known.extend(others.map(|(person, row)| (person, Arc::new(row))));
    Ok(known)
}

/// A table of another region at which somebody of this one sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elsewhere {
    /// The region that booked it.
    pub region: RegionId,
    /// The meeting.
    pub meeting: ConsultationId,
}

/// The tables of other regions at which `person` sits for this one, as long as the two regions
/// meet together; `meeting` narrows to one. Two statements, or one when there are none.
pub async fn elsewhere(
    read: &Read,
    person: PersonId,
    meeting: Option<ConsultationId>,
) -> Result<Vec<Elsewhere>> {
    let mut query = share::Entity::find()
        .filter(share::Column::PartnerId.eq(read.region()))
        .filter(share::Column::PersonId.eq(person.0));
    if let Some(meeting) = meeting {
        query = query.filter(share::Column::ConsultationId.eq(meeting.0));
    }
    let rows = query.all(&read.db()).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let partners: HashSet<Uuid> =
        agreement::active(read, None).await?.into_iter().map(|row| row.partner_id).collect();
    let shared = rows.into_iter().filter(|row| partners.contains(&row.region_id));
    Ok(shared
        .map(|row| Elsewhere {
            region: RegionId(row.region_id),
            meeting: ConsultationId(row.consultation_id),
        })
        .collect())
}

/// Leave to do at the table of `meeting`, in the region that booked it, what `grant` does; none
/// when the caller does not sit at it for this region.
pub async fn at_table(app: &App, grant: &Grant, meeting: ConsultationId) -> Result<Option<Grant>> {
    let Some(actor) = grant.actor() else { return Ok(None) };
    let found = elsewhere(&app.read(grant.clone()), PersonId(actor), Some(meeting)).await?;
    Ok(found.first().map(|at| grant.at_table_in(at.region)))
}
