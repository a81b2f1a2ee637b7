//! Who works in a partner region in one role: name and work contact, nothing else of that region.

use std::collections::HashMap;

use chrono::NaiveDate;
use schakel_domain::{
    access::Role,
    ids::{PersonId, RegionAgreementId},
};
use schakel_proto::v1::list_partner_professionals_response::Professional;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Query, SelectStatement},
};
use uuid::Uuid;

use super::agreement::{self, AgreementState};
use crate::{
    access::rpc::role_to_wire,
    entity::{affiliation, organisation, professional},
    error::{Error, Result},
    store::Read,
    wire::page::{Page, cut},
};

/// Whom one asks for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub agreement: RegionAgreementId,
    pub role: Role,
    /// The public code of the organisation.
    pub at: Option<String>,
    pub day: NaiveDate,
}

/// Professionals, and after which the next page begins.
pub(super) type Found = (Vec<Professional>, Option<(String, Uuid)>);

/// A page of them, by name; four statements.
///
/// # Errors
/// `REGION_AGREEMENT_NOT_FOUND`, also when it is not active.
pub(super) async fn find(read: &Read, asked: &Asked, page: &Page<(String, Uuid)>) -> Result<Found> {
    let agreement = agreement::get(read, asked.agreement).await?;
    if agreement.state != AgreementState::Active.to_string() {
        return Err(Error::NotFound("REGION_AGREEMENT"));
    }
    let partner = agreement.partner_id;
    let mut query = professional::Entity::find()
        .filter(professional::Column::RegionId.eq(partner))
        .filter(professional::Column::PersonId.in_subquery(persons(partner, asked)));
    if let Some((name, id)) = &page.after {
        let same = Condition::all()
            .add(professional::Column::DisplayName.eq(name.as_str()))
            .add(professional::Column::PersonId.gt(*id));
        let after = Condition::any().add(professional::Column::DisplayName.gt(name.as_str())).add(same);
        query = query.filter(after);
    }
    let query =
        query.order_by_asc(professional::Column::DisplayName).order_by_asc(professional::Column::PersonId);
    let mut people = query.limit(page.size + 1).all(&read.db()).await?;
    let next = cut(&mut people, page.size, |row| (row.display_name.clone(), row.person_id));
    let ids: Vec<Uuid> = people.iter().map(|row| row.person_id).collect();
    let places = places(read, partner, asked, &ids).await?;
    let one = |row: professional::Model| {
        let place = places.get(&row.person_id);
        Professional {
            person: PersonId(row.person_id).to_string(),
            display_name: row.display_name,
            role: role_to_wire(asked.role),
            organisation_code: place.map(|at| at.code.clone()).unwrap_or_default(),
            organisation_display_name: place.map(|at| at.display_name.clone()).unwrap_or_default(),
            email: row.email,
            phone: row.phone,
        }
    };
    Ok((people.into_iter().map(one).collect(), next))
}

/// The posts that count: that role, that day, that organisation.
fn held(region: Uuid, asked: &Asked) -> Condition {
    let open = Condition::any()
        .add(affiliation::Column::ValidUntil.is_null())
        .add(affiliation::Column::ValidUntil.gte(asked.day));
    let mut all = Condition::all()
        .add(affiliation::Column::RegionId.eq(region))
        .add(affiliation::Column::Role.eq(asked.role.to_string()))
        .add(affiliation::Column::ValidFrom.lte(asked.day))
        .add(open);
    if let Some(code) = &asked.at {
        let at = Query::select()
            .column(organisation::Column::Id)
            .from(organisation::Entity)
            .and_where(Expr::col((organisation::Entity, organisation::Column::RegionId)).eq(region))
            .and_where(Expr::col((organisation::Entity, organisation::Column::Code)).eq(code.as_str()))
            .to_owned();
        all = all.add(affiliation::Column::OrganisationId.in_subquery(at));
    }
    all
}

fn persons(region: Uuid, asked: &Asked) -> SelectStatement {
    Query::select()
        .column(affiliation::Column::PersonId)
        .from(affiliation::Entity)
        .cond_where(held(region, asked))
        .to_owned()
}

/// Where each of `persons` has that role; two statements.
async fn places(
    read: &Read,
    region: Uuid,
    asked: &Asked,
    persons: &[Uuid],
) -> Result<HashMap<Uuid, organisation::Model>> {
    let posts = affiliation::Entity::find()
        .filter(held(region, asked))
        .filter(affiliation::Column::PersonId.is_in(persons.iter().copied()))
        .order_by_desc(affiliation::Column::Id)
        .all(&read.db())
        .await?;
    let at: HashMap<Uuid, Uuid> = posts.into_iter().map(|row| (row.person_id, row.organisation_id)).collect();
    let rows = organisation::Entity::find()
        .filter(organisation::Column::RegionId.eq(region))
        .filter(organisation::Column::Id.is_in(at.values().copied()))
        .all(&read.db())
        .await?;
    let known: HashMap<Uuid, organisation::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
    Ok(at.into_iter().filter_map(|(person, id)| Some((person, known.get(&id)?.clone()))).collect())
}
