//! Emergency access, on the wire.

use std::sync::Arc;

use schakel_domain::{access::Action, ids::EmergencyId, refusal::Refusal, text::FreeText};
use schakel_proto::v1 as pb;
use tonic::{Request, Response};

use super::{
    emergency::{self, Emergency, LONGEST, Named, SHORTEST_REASON, Wish},
    rpc::role_to_wire,
};
use crate::{
    app::App,
    error::Result,
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
        time::timestamp,
    },
};

pub(super) async fn start(
    app: &App,
    request: Request<pb::StartEmergencyRequest>,
) -> Result<Response<pb::Emergency>> {
    let grant = permit(&request, Action::UseEmergency)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let wish = emergency_wish(&mut fields, &request);
    let (asked, wish) = fields.finish(asked.zip(wish))?;
    let wish = &wish;
    let started = |tx: Arc<Tx>| async move { emergency::start(&tx, wish).await.map(emergency_to_wire) };
    Ok(Response::new(app.answer(&grant, &asked, started).await?))
}

pub(super) async fn end(
    app: &App,
    request: Request<pb::EndEmergencyRequest>,
) -> Result<Response<pb::Emergency>> {
    let grant = permit(&request, Action::UseEmergency)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let id: Option<EmergencyId> = fields.parse("name", &request.name);
    let (asked, id) = fields.finish(asked.zip(id))?;
    let ended = |tx: Arc<Tx>| async move { emergency::end(&tx, id).await.map(emergency_to_wire) };
    Ok(Response::new(app.answer(&grant, &asked, ended).await?))
}

pub(super) async fn list(
    app: &App,
    request: Request<pb::ListEmergenciesRequest>,
) -> Result<Response<pb::ListEmergenciesResponse>> {
    let grant = permit(&request, Action::ReadEmergencies)?;
    let request = request.into_inner();
    let bound = Bound { app, grant: &grant, filter: String::new() };
    let mut fields = Fields::default();
    let page = bound.read(&mut fields, request.page_size, &request.page_token);
    let page = &fields.finish(page)?;
    let list = |tx: Arc<Tx>| async move { emergency::list(&tx, page).await };
    let mut rows = app.write(&grant, None, list).await?;
    let next = cut(&mut rows, page.size, |row| row.id.0);
    Ok(Response::new(pb::ListEmergenciesResponse {
        emergencies: rows.into_iter().map(emergency_to_wire).collect(),
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

fn emergency_wish(fields: &mut Fields, request: &pb::StartEmergencyRequest) -> Option<Wish> {
    let case = match request.case.parse() {
        Ok(reference) => Some(Named::Reference(reference)),
        Err(_) => fields.parse("case", &request.case).map(Named::Case),
    };
    let reason: Option<FreeText> = fields.parse("reason", &request.reason);
    if reason.as_ref().is_some_and(|reason| reason.as_str().chars().count() < SHORTEST_REASON) {
        fields.refuse("reason", Refusal::ReasonTooShort);
    }
    let length = match &request.duration {
        None => Some(LONGEST),
        Some(length) => fields.length("duration", Some(length)),
    };
    if length.is_some_and(|length| length > LONGEST) {
        fields.refuse("duration", Refusal::TimeRangeInvalid);
    }
    Some(Wish { case: case?, reason: reason?, length: length? })
}

fn emergency_to_wire(emergency: Emergency) -> pb::Emergency {
    pb::Emergency {
        name: emergency.id.to_string(),
        case: emergency.case.to_string(),
        person: emergency.person.to_string(),
        organisation: emergency.organisation.to_string(),
        role: role_to_wire(emergency.role),
        reason: emergency.reason,
        start_time: Some(timestamp(emergency.started)),
        expire_time: Some(timestamp(emergency.ends)),
        end_time: emergency.ended.map(timestamp),
    }
}
