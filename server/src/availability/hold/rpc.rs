//! Holds and ways, on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::{Action, Denied},
    ids::{HoldId, PersonId, RoomId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    store,
    take::{self, Held},
    wire,
};
use crate::{
    access::authenticate::today,
    app::App,
    availability::{busy, ways},
    directory::room,
    error::Result,
    store::{Read, Tx},
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

#[tonic::async_trait]
impl pb::agenda_service_server::AgendaService for App {
    async fn hold_slot(&self, request: Request<pb::HoldSlotRequest>) -> Result<Response<pb::Hold>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, &request, self.now());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move { take::take(&tx, wish).await.map(|held| wire::to_wire(&held)) };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn release_hold(
        &self,
        request: Request<pb::ReleaseHoldRequest>,
    ) -> Result<Response<pb::ReleaseHoldResponse>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<HoldId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let verb =
            |tx: Arc<Tx>| async move { take::release(&tx, id).await.map(|()| pb::ReleaseHoldResponse {}) };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn list_holds(
        &self,
        request: Request<pb::ListHoldsRequest>,
    ) -> Result<Response<pb::ListHoldsResponse>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let bound = Bound { app: self, grant: &grant, filter: String::new() };
        let page = bound.read::<Uuid>(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let owner =
            PersonId(grant.actor().ok_or(Denied::ActionNotAllowed).map_err(crate::error::Error::from)?);
        let read = self.read(grant.clone());
        let mut holds = store::list(&read, owner, &page).await?;
        let next = cut(&mut holds, page.size, |hold| hold.id.0);
        let held = with_calendars(&read, holds).await?;
        Ok(Response::new(pb::ListHoldsResponse {
            holds: held.iter().map(wire::to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn get_travel(
        &self,
        request: Request<pb::GetTravelRequest>,
    ) -> Result<Response<pb::Travel>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        Ok(Response::new(ways::get(&self.read(grant)).await?))
    }

    async fn set_travel(
        &self,
        request: Request<pb::SetTravelRequest>,
    ) -> Result<Response<pb::Travel>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = ways::Wish::read(&mut fields, request.travel.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move { ways::set(&tx, wish).await };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}

/// Whom each of `holds` keeps free, in two statements.
async fn with_calendars(read: &Read, holds: Vec<store::Hold>) -> Result<Vec<Held>> {
    let ids: Vec<Uuid> = holds.iter().map(|hold| hold.id.0).collect();
    let taken = busy::bookings(read, &ids).await?;
    let calendars: Vec<RoomId> =
        taken.iter().flat_map(|booking| &booking.seats).map(|(calendar, _)| RoomId(calendar.0)).collect();
    let rooms = room::among(read, &calendars, today(read.now())).await?;
    let held = holds.into_iter().map(|hold| {
        let seats = taken.iter().filter(|booking| booking.id == hold.id.0).flat_map(|booking| &booking.seats);
        let (rooms, persons): (Vec<_>, Vec<_>) =
            seats.map(|(calendar, _)| calendar.0).partition(|id| rooms.iter().any(|room| room.id.0 == *id));
        Held {
            hold,
            persons: persons.into_iter().map(PersonId).collect(),
            rooms: rooms.into_iter().map(RoomId).collect(),
        }
    });
    Ok(held.collect())
}
