//! Hours of single dates, on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{AffiliationId, DateOverrideId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use sea_orm::{Condition, ExprTrait, sea_query::Expr};
use tonic::{Request, Response, Status};

use super::{Wish, first, remove, set, store, to_wire};
use crate::{
    access::authenticate::today,
    app::App,
    error::Result,
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

pub(in super::super) async fn get(
    app: &App,
    request: Request<pb::GetDateOverrideRequest>,
) -> Result<Response<pb::DateOverride>, Status> {
    let grant = permit(&request, Action::ReadDirectory)?;
    let mut fields = Fields::default();
    let id: Option<DateOverrideId> = fields.parse("name", &request.get_ref().name);
    let id = fields.finish(id)?;
    let row = store::get(&app.read(grant), id.0).await?;
    Ok(Response::new(to_wire(&row)?))
}

pub(in super::super) async fn list(
    app: &App,
    request: Request<pb::ListDateOverridesRequest>,
) -> Result<Response<pb::ListDateOverridesResponse>, Status> {
    let grant = permit(&request, Action::ReadDirectory)?;
    let request = request.into_inner();
    let filter = [&request.person, &request.affiliation, &request.from_date].map(String::as_str).join("|");
    let bound = Bound { app, grant: &grant, filter };
    let mut fields = Fields::default();
    let page = bound.read(&mut fields, request.page_size, &request.page_token);
    let person: Option<PersonId> = fields.parse_if("person", &request.person);
    let affiliation: Option<AffiliationId> = fields.parse_if("affiliation", &request.affiliation);
    let day = fields.date_if("from_date", &request.from_date);
    let page = fields.finish(page)?;
    let read = app.read(grant.clone());
    let asked = Condition::all()
        .add(Expr::col("date").gte(first(day, today(read.now()))))
        .add_option(person.map(|person| Expr::col("person_id").eq(person.0)))
        .add_option(affiliation.map(|affiliation| Expr::col("affiliation_id").eq(affiliation.0)));
    let mut rows = store::list(&read, asked, &page).await?;
    let next = cut(&mut rows, page.size, |row| row.id);
    Ok(Response::new(pb::ListDateOverridesResponse {
        date_overrides: rows.iter().map(to_wire).collect::<Result<_>>()?,
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

pub(in super::super) async fn set_one(
    app: &App,
    request: Request<pb::SetDateOverrideRequest>,
) -> Result<Response<pb::DateOverride>, Status> {
    let grant = permit(&request, Action::WriteAvailability)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    if request.date_override.is_none() {
        fields.refuse("date_override", Refusal::FieldRequired);
    }
    let wish = request.date_override.as_ref().and_then(|wire| Wish::read(&mut fields, wire));
    let (asked, wish) = fields.finish(asked.zip(wish))?;
    let wish = &wish;
    let done = |tx: Arc<Tx>| async move { to_wire(&set(&tx, wish).await?) };
    Ok(Response::new(app.answer(&grant, &asked, done).await?))
}

pub(in super::super) async fn remove_one(
    app: &App,
    request: Request<pb::RemoveDateOverrideRequest>,
) -> Result<Response<pb::DateOverride>, Status> {
    let grant = permit(&request, Action::WriteAvailability)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let id: Option<DateOverrideId> = fields.parse("name", &request.name);
    let etag = fields.etag("etag", &request.etag);
    let (asked, (id, etag)) = fields.finish(asked.zip(id.zip(etag)))?;
    let done = |tx: Arc<Tx>| async move { to_wire(&remove(&tx, id, etag).await?) };
    Ok(Response::new(app.answer(&grant, &asked, done).await?))
}
