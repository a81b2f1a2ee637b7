//! Outside calendars on the wire.

use std::sync::Arc;

use hyper::body::Bytes;
use schakel_domain::{
    access::Action,
    ical::limits::MOST_OCTETS,
    ids::{OutsideCalendarId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status, Streaming};

use super::{change, fetch, store, wire::to_wire, worker};
use crate::{
    app::App,
    availability::change::may_write,
    error::{Error, Result},
    outward,
    store::{Tx, keys::sha256, request::Asked},
    wire::{
        call::{asked, permit},
        fields::Fields,
    },
};

/// What one message may bring of a file.
const CHUNK: usize = 64 * 1024;
/// Characters of an address.
const LONGEST: usize = 2000;

#[tonic::async_trait]
impl pb::outside_service_server::OutsideService for App {
    async fn create_outside_calendar(
        &self,
        request: Request<pb::CreateOutsideCalendarRequest>,
    ) -> Result<Response<pb::OutsideCalendar>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let given = request.outside_calendar.unwrap_or_default();
        let person: Option<PersonId> = fields.parse("outside_calendar.person", &given.person);
        let address = fetch::address(&given.address).filter(|url| {
            given.address.len() <= LONGEST && outward::takes(self.settings.outside.network, url)
        });
        if given.address.is_empty() {
            fields.refuse("outside_calendar.address", Refusal::FieldRequired);
        } else if address.is_none() {
            let wanted = outward::wanted(self.settings.outside.network);
            fields.bound("outside_calendar.address", Refusal::FieldInvalid, wanted);
        }
        let (asked, (person, address)) = fields.finish(asked.zip(person.zip(address)))?;
        let address = &address;
        let made = |tx: Arc<Tx>| async move { to_wire(&change::create(&tx, person, address).await?) };
        Ok(Response::new(self.answer(&grant, &asked, made).await?))
    }

    async fn upload_outside_calendar(
        &self,
        request: Request<Streaming<pb::UploadOutsideCalendarRequest>>,
    ) -> Result<Response<pb::OutsideCalendar>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let mut stream = request.into_inner();
        let first = stream.message().await?.unwrap_or_default();
        let mut fields = Fields::default();
        let id = fields.request_id(&first.request_id);
        let person: Option<PersonId> = fields.parse("person", &first.person);
        let replaced: Option<OutsideCalendarId> = fields.parse_if("name", &first.name);
        let (id, person) = fields.finish(id.zip(person))?;
        let bytes = gather(&first.chunk, &mut stream).await?;
        let whole = [first.person.as_bytes(), b"|", first.name.as_bytes(), b"|", &sha256(&bytes)].concat();
        let asked = Asked { id, hash: sha256(&whole) };
        let known = worker::read(self, Bytes::from(bytes)).await;
        let known = &known.map_err(|_| Error::field("chunk", Refusal::CalendarUnreadable))?;
        let made =
            |tx: Arc<Tx>| async move { to_wire(&change::upload(&tx, (person, replaced), known).await?) };
        Ok(Response::new(self.answer(&grant, &asked, made).await?))
    }

    async fn list_outside_calendars(
        &self,
        request: Request<pb::ListOutsideCalendarsRequest>,
    ) -> Result<Response<pb::ListOutsideCalendarsResponse>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let mut fields = Fields::default();
        let person: Option<PersonId> = fields.parse("person", &request.get_ref().person);
        let person = fields.finish(person)?;
        may_write(&grant, person)?;
        let rows = store::list(&self.read(grant), person).await?;
        let outside_calendars = rows.iter().map(to_wire).collect::<Result<_>>()?;
        Ok(Response::new(pb::ListOutsideCalendarsResponse { outside_calendars }))
    }

    async fn refresh_outside_calendar(
        &self,
        request: Request<pb::RefreshOutsideCalendarRequest>,
    ) -> Result<Response<pb::OutsideCalendar>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<OutsideCalendarId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let refreshed = |tx: Arc<Tx>| async move { to_wire(&change::refresh(&tx, id).await?) };
        Ok(Response::new(self.answer(&grant, &asked, refreshed).await?))
    }

    async fn delete_outside_calendar(
        &self,
        request: Request<pb::DeleteOutsideCalendarRequest>,
    ) -> Result<Response<pb::DeleteOutsideCalendarResponse>, Status> {
        let grant = permit(&request, Action::WriteAvailability)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<OutsideCalendarId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let deleted = |tx: Arc<Tx>| async move {
            change::delete(&tx, id).await.map(|()| pb::DeleteOutsideCalendarResponse {})
        };
        Ok(Response::new(self.answer(&grant, &asked, deleted).await?))
    }
}

/// The whole file.
async fn gather(
    first: &[u8],
    stream: &mut Streaming<pb::UploadOutsideCalendarRequest>,
) -> Result<Vec<u8>, Status> {
    let mut bytes = Vec::new();
    let mut add = |chunk: &[u8]| {
        if chunk.len() > CHUNK || bytes.len() + chunk.len() > MOST_OCTETS {
            return Err(Error::field("chunk", Refusal::MessageTooLarge));
        }
        bytes.extend_from_slice(chunk);
        Ok(())
    };
    add(first)?;
    while let Some(message) = stream.message().await? {
        add(&message.chunk)?;
    }
    Ok(bytes)
}
