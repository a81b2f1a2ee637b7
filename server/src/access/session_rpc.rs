//! Sessions of the pages, on the wire.

use schakel_domain::{
    access::Action,
    ids::{OrganisationId, PersonId, SessionId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response};

use super::end_session::{self, Model};
use crate::{
    app::App,
    error::Result,
    wire::{
        call::{asked, call, caller, permit},
        fields::Fields,
        page::{Bound, cut},
        time::timestamp_of,
    },
};

/// The session through which a call is made; none of a program's.
fn current<M>(request: &Request<M>) -> Result<Option<SessionId>> {
    Ok(call(request)?.signed_in.as_ref().and_then(|through| through.session))
}

pub(super) async fn list(
    app: &App,
    request: Request<pb::ListSessionsRequest>,
) -> Result<Response<pb::ListSessionsResponse>> {
    let grant = permit(&request, Action::OwnAccount)?;
    let (person, current) = (caller(&request)?.person, current(&request)?);
    let request = request.into_inner();
    let bound = Bound { app, grant: &grant, filter: String::new() };
    let mut fields = Fields::default();
    let page = bound.read(&mut fields, request.page_size, &request.page_token);
    let page = fields.finish(page)?;
    let mut rows = end_session::list(&app.read(grant.clone()), person, &page).await?;
    let next = cut(&mut rows, page.size, |row| row.id);
    Ok(Response::new(pb::ListSessionsResponse {
        sessions: rows.into_iter().map(|row| to_wire(&row, current)).collect(),
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

pub(super) async fn end(app: &App, request: Request<pb::EndSessionRequest>) -> Result<Response<pb::Session>> {
    let grant = permit(&request, Action::OwnCredentials)?;
    let (person, current) = (caller(&request)?.person, current(&request)?);
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let id: Option<SessionId> = fields.parse("name", &request.name);
    let (asked, id) = fields.finish(asked.zip(id))?;
    let ended = app.answer(&grant, &asked, |tx| async move {
        Ok(to_wire(&end_session::end(&tx, person, id).await?, current))
    });
    ended.await.map(Response::new)
}

pub(super) async fn end_others(
    app: &App,
    request: Request<pb::EndOtherSessionsRequest>,
) -> Result<Response<pb::EndOtherSessionsResponse>> {
    let grant = permit(&request, Action::OwnCredentials)?;
    let (person, current) = (caller(&request)?.person, current(&request)?);
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let asked = fields.finish(asked)?;
    let ended = app.answer(&grant, &asked, |tx| async move {
        let ended = counted(end_session::end_others(&tx, person, current).await?);
        Ok(pb::EndOtherSessionsResponse { ended })
    });
    ended.await.map(Response::new)
}

pub(super) async fn end_of_person(
    app: &App,
    request: Request<pb::EndPersonSessionsRequest>,
) -> Result<Response<pb::EndPersonSessionsResponse>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let person: Option<PersonId> = fields.parse("person", &request.person);
    let (asked, person) = fields.finish(asked.zip(person))?;
    let ended = app.answer(&grant, &asked, |tx| async move {
        let ended = counted(end_session::end_of_person(&tx, person).await?);
        Ok(pb::EndPersonSessionsResponse { ended })
    });
    ended.await.map(Response::new)
}

fn counted(ended: usize) -> i32 {
    i32::try_from(ended).unwrap_or(i32::MAX)
}

fn to_wire(row: &Model, current: Option<SessionId>) -> pb::Session {
    let id = SessionId(row.id);
    pb::Session {
        name: id.to_string(),
        organisation: OrganisationId(row.organisation_id).to_string(),
        create_time: timestamp_of(row.created_at),
        last_use_time: timestamp_of(row.used_at),
        expire_time: timestamp_of(row.ends_at),
        current: current == Some(id),
    }
}
