//! API tokens of programs, on the wire.

use schakel_domain::{
    access::Action,
    ids::{SystemClientId, SystemTokenId},
    text::Name,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response};

use super::{
    rpc::lasts,
    system_token::{self, Model, Opening},
};
use crate::{
    app::App,
    error::Result,
    wire::{
        call::{asked, permit},
        fields::{Fields, text},
        page::{Bound, cut},
        time::timestamp_of,
    },
};

pub(super) async fn create(
    app: &App,
    request: Request<pb::CreateSystemTokenRequest>,
) -> Result<Response<pb::CreateSystemTokenResponse>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let system: Option<SystemClientId> = fields.parse("system_client", &request.system_client);
    let name: Option<Name> = fields.parse("display_name", &request.display_name);
    let lasts = lasts(&mut fields, request.valid_days);
    let read = asked.zip(system).zip(name.zip(lasts)).map(|((a, s), (n, l))| (a, s, n, l));
    let (asked, system, name, lasts) = fields.finish(read)?;
    let name = &name;
    let issued = app.answer(&grant, &asked, |tx| async move {
        let (row, secret) = system_token::issue(&tx, system, name, lasts, Opening::Register).await?;
        Ok(pb::CreateSystemTokenResponse { token: Some(to_wire(row)), secret })
    });
    issued.await.map(Response::new)
}

pub(super) async fn list(
    app: &App,
    request: Request<pb::ListSystemTokensRequest>,
) -> Result<Response<pb::ListSystemTokensResponse>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let bound = Bound { app, grant: &grant, filter: request.system_client.clone() };
    let mut fields = Fields::default();
    let system: Option<SystemClientId> = fields.parse("system_client", &request.system_client);
    let page = bound.read(&mut fields, request.page_size, &request.page_token);
    let (system, page) = fields.finish(system.zip(page))?;
    let mut rows = system_token::list(&app.read(grant.clone()), system, &page).await?;
    let next = cut(&mut rows, page.size, |row| row.id);
    Ok(Response::new(pb::ListSystemTokensResponse {
        tokens: rows.into_iter().map(to_wire).collect(),
        next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
    }))
}

pub(super) async fn revoke(
    app: &App,
    request: Request<pb::RevokeSystemTokenRequest>,
) -> Result<Response<pb::Token>> {
    let grant = permit(&request, Action::ManageAccess)?;
    let request = request.into_inner();
    let mut fields = Fields::default();
    let asked = asked(&mut fields, &request, &request.request_id);
    let id: Option<SystemTokenId> = fields.parse("name", &request.name);
    let (asked, id) = fields.finish(asked.zip(id))?;
    let revoked =
        app.answer(&grant, &asked, |tx| async move { Ok(to_wire(system_token::revoke(&tx, id).await?)) });
    revoked.await.map(Response::new)
}

fn to_wire(row: Model) -> pb::Token {
    pb::Token {
        name: SystemTokenId(row.id).to_string(),
        display_name: row.display_name,
        create_time: timestamp_of(row.created_at),
        expire_time: timestamp_of(row.expires_at),
        revoke_time: row.revoked_at.and_then(timestamp_of),
        last_use_date: text(row.last_used_on),
    }
}
