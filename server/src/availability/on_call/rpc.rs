//! The roster on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{OnCallShiftId, PersonId, TeamId},
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, get_on_call_request::Where as WireWhere};
use sea_orm::{Condition, ExprTrait, sea_query::Expr};
use tonic::{Request, Response, Status};

use super::{Where, Wish, contacts, create, remove, store, to_wire};
use crate::{
    app::App,
    error::Result,
    store::{Tx, instant::to_column},
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

#[tonic::async_trait]
impl pb::on_call_service_server::OnCallService for App {
    async fn list_on_call_shifts(
        &self,
        request: Request<pb::ListOnCallShiftsRequest>,
    ) -> Result<Response<pb::ListOnCallShiftsResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let team: Option<TeamId> = fields.parse_if("team", &request.team);
        let person: Option<PersonId> = fields.parse_if("person", &request.person);
        let after = fields.instant_if("after_time", request.after_time.as_ref());
        let seconds = request.after_time.map(|time| time.seconds);
        let bound = Bound { app: self, grant: &grant, filter: format!("{team:?}|{person:?}|{seconds:?}") };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        let asked = Condition::all()
            .add(Expr::col("ends_at").gt(to_column(after.unwrap_or(read.now()))))
            .add_option(team.map(|team| Expr::col("team_id").eq(team.0)))
            .add_option(person.map(|person| Expr::col("person_id").eq(person.0)));
        let mut rows = store::list(&read, asked, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListOnCallShiftsResponse {
            on_call_shifts: rows.iter().map(to_wire).collect::<Result<_>>()?,
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn create_on_call_shift(
        &self,
        request: Request<pb::CreateOnCallShiftRequest>,
    ) -> Result<Response<pb::OnCallShift>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        if request.on_call_shift.is_none() {
            fields.refuse("on_call_shift", Refusal::FieldRequired);
        }
        let wish = request.on_call_shift.as_ref().and_then(|wire| Wish::read(&mut fields, wire));
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let done = |tx: Arc<Tx>| async move { to_wire(&create(&tx, wish).await?) };
        Ok(Response::new(self.answer(&grant, &asked, done).await?))
    }

    async fn remove_on_call_shift(
        &self,
        request: Request<pb::RemoveOnCallShiftRequest>,
    ) -> Result<Response<pb::OnCallShift>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<OnCallShiftId> = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let (asked, (id, etag)) = fields.finish(asked.zip(id.zip(etag)))?;
        let done = |tx: Arc<Tx>| async move { to_wire(&remove(&tx, id, etag).await?) };
        Ok(Response::new(self.answer(&grant, &asked, done).await?))
    }

    async fn get_on_call(
        &self,
        request: Request<pb::GetOnCallRequest>,
    ) -> Result<Response<pb::GetOnCallResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let place = match &request.r#where {
            Some(WireWhere::School(school)) => fields.parse("school", school).map(Where::School),
            Some(WireWhere::Team(team)) => fields.parse("team", team).map(Where::Team),
            None => {
                fields.refuse("where", Refusal::FieldRequired);
                None
            }
        };
        let at = fields.instant_if("at", request.at.as_ref());
        let place = fields.finish(place)?;
        let read = self.read(grant);
        let contacts = contacts(&read, place, at.unwrap_or(read.now())).await?;
        Ok(Response::new(pb::GetOnCallResponse { contacts }))
    }
}
