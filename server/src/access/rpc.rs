//! Who am I, and my tokens, on the wire.

use chrono::TimeDelta;
use schakel_domain::{
    access::{Action, Class, Classes},
    ids::{SystemClientId, TokenId},
    refusal::Refusal,
    text::Name,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    Membership, emergency_rpc, issue_token::issue_token, login_rpc, professional, session_rpc, store,
    system_client, system_rpc, system_token_rpc,
};
use crate::{
    app::App,
    entity::token::Model,
    error::Result,
    store::audit::{Deed, Line},
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::{Bound, cut},
        time::timestamp_of,
    },
};

const USUAL_DAYS: i32 = 90;
const MOST_DAYS: i32 = 366;

#[tonic::async_trait]
impl pb::access_service_server::AccessService for App {
    async fn who_am_i(
        &self,
        request: Request<pb::WhoAmIRequest>,
    ) -> Result<Response<pb::WhoAmIResponse>, Status> {
        let grant = permit(&request, Action::OwnAccount)?;
        let caller = caller(&request)?;
        let read = self.read(grant);
        let system = caller.client.map(SystemClientId);
        let (person, display_name) = match system {
            Some(system) if caller.is_system_alone() => {
                (String::new(), system_client::get(&read, system).await?.display_name)
            }
            Some(_) | None => {
                (caller.person.to_string(), professional::get(&read, caller.person).await?.display_name)
            }
        };
        Ok(Response::new(pb::WhoAmIResponse {
            person,
            display_name,
            system_client: system.map(|system| system.to_string()).unwrap_or_default(),
            memberships: caller.memberships.iter().map(to_wire).collect(),
            acting_for: caller.organisation().organisation.to_string(),
            region: caller.organisation().region.to_string(),
        }))
    }

    async fn create_token(
        &self,
        request: Request<pb::CreateTokenRequest>,
    ) -> Result<Response<pb::CreateTokenResponse>, Status> {
        let grant = permit(&request, Action::OwnCredentials)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let name: Option<Name> = fields.parse("display_name", &request.display_name);
        let lasts = lasts(&mut fields, request.valid_days);
        let (asked, name, lasts) = fields.finish(asked.zip(name).zip(lasts).map(|((a, n), l)| (a, n, l)))?;
        let name = &name;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let (row, secret) = issue_token(&tx, person, name, lasts).await?;
                Ok(pb::CreateTokenResponse { token: Some(token_to_wire(row)), secret })
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_tokens(
        &self,
        request: Request<pb::ListTokensRequest>,
    ) -> Result<Response<pb::ListTokensResponse>, Status> {
        let grant = permit(&request, Action::OwnAccount)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let bound = Bound { app: self, grant: &grant, filter: String::new() };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let mut rows = store::list(&self.read(grant.clone()), person.0, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListTokensResponse {
            tokens: rows.into_iter().map(token_to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn revoke_token(
        &self,
        request: Request<pb::RevokeTokenRequest>,
    ) -> Result<Response<pb::Token>, Status> {
        let grant = permit(&request, Action::OwnCredentials)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<TokenId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                store::revoke(&tx, person.0, id.0).await?;
                let row = store::get(&tx, person.0, id.0).await?;
                tx.audit(line(Deed::U, &row)).await?;
                Ok(token_to_wire(row))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_sessions(
        &self,
        request: Request<pb::ListSessionsRequest>,
    ) -> Result<Response<pb::ListSessionsResponse>, Status> {
        session_rpc::list(self, request).await.map_err(Status::from)
    }

    async fn end_session(
        &self,
        request: Request<pb::EndSessionRequest>,
    ) -> Result<Response<pb::Session>, Status> {
        session_rpc::end(self, request).await.map_err(Status::from)
    }

    async fn end_other_sessions(
        &self,
        request: Request<pb::EndOtherSessionsRequest>,
    ) -> Result<Response<pb::EndOtherSessionsResponse>, Status> {
        session_rpc::end_others(self, request).await.map_err(Status::from)
    }

    async fn end_person_sessions(
        &self,
        request: Request<pb::EndPersonSessionsRequest>,
    ) -> Result<Response<pb::EndPersonSessionsResponse>, Status> {
        session_rpc::end_of_person(self, request).await.map_err(Status::from)
    }

    async fn bind_login(
        &self,
        request: Request<pb::BindLoginRequest>,
    ) -> Result<Response<pb::Login>, Status> {
        login_rpc::bind(self, request).await.map_err(Status::from)
    }

    async fn list_logins(
        &self,
        request: Request<pb::ListLoginsRequest>,
    ) -> Result<Response<pb::ListLoginsResponse>, Status> {
        login_rpc::list(self, request).await.map_err(Status::from)
    }

    async fn remove_login(
        &self,
        request: Request<pb::RemoveLoginRequest>,
    ) -> Result<Response<pb::Login>, Status> {
        login_rpc::remove(self, request).await.map_err(Status::from)
    }

    async fn create_system_client(
        &self,
        request: Request<pb::CreateSystemClientRequest>,
    ) -> Result<Response<pb::SystemClient>, Status> {
        system_rpc::create(self, request).await.map_err(Status::from)
    }

    async fn list_system_clients(
        &self,
        request: Request<pb::ListSystemClientsRequest>,
    ) -> Result<Response<pb::ListSystemClientsResponse>, Status> {
        system_rpc::list(self, request).await.map_err(Status::from)
    }

    async fn update_system_client(
        &self,
        request: Request<pb::UpdateSystemClientRequest>,
    ) -> Result<Response<pb::SystemClient>, Status> {
        system_rpc::update(self, request).await.map_err(Status::from)
    }

    async fn create_system_token(
        &self,
        request: Request<pb::CreateSystemTokenRequest>,
    ) -> Result<Response<pb::CreateSystemTokenResponse>, Status> {
        system_token_rpc::create(self, request).await.map_err(Status::from)
    }

    async fn list_system_tokens(
        &self,
        request: Request<pb::ListSystemTokensRequest>,
    ) -> Result<Response<pb::ListSystemTokensResponse>, Status> {
        system_token_rpc::list(self, request).await.map_err(Status::from)
    }

    async fn revoke_system_token(
        &self,
        request: Request<pb::RevokeSystemTokenRequest>,
    ) -> Result<Response<pb::Token>, Status> {
        system_token_rpc::revoke(self, request).await.map_err(Status::from)
    }

    async fn start_emergency(
        &self,
        request: Request<pb::StartEmergencyRequest>,
    ) -> Result<Response<pb::Emergency>, Status> {
        emergency_rpc::start(self, request).await.map_err(Status::from)
    }

    async fn end_emergency(
        &self,
        request: Request<pb::EndEmergencyRequest>,
    ) -> Result<Response<pb::Emergency>, Status> {
        emergency_rpc::end(self, request).await.map_err(Status::from)
    }

    async fn list_emergencies(
        &self,
        request: Request<pb::ListEmergenciesRequest>,
    ) -> Result<Response<pb::ListEmergenciesResponse>, Status> {
        emergency_rpc::list(self, request).await.map_err(Status::from)
    }
}

/// How long a new token is to work.
pub(super) fn lasts(fields: &mut Fields, valid_days: i32) -> Option<TimeDelta> {
    let days = match valid_days {
        0 => Some(USUAL_DAYS),
        days => Some(days).filter(|days| (1..=MOST_DAYS).contains(days)),
    };
    if days.is_none() {
        fields.refuse("valid_days", Refusal::FieldInvalid);
    }
    days.map(|days| TimeDelta::days(days.into()))
}

fn line(deed: Deed, token: &Model) -> Line {
    Line { deed, object: "token", id: Some(token.id), subject: None, classes: Classes::of(&[Class::K0]) }
}

fn to_wire(membership: &Membership) -> pb::who_am_i_response::Membership {
    pb::who_am_i_response::Membership {
        organisation: membership.organisation.to_string(),
        display_name: membership.display_name.clone(),
        role: role_to_wire(membership.role),
    }
}

/// A role's number on the wire.
pub fn role_to_wire(role: schakel_domain::access::Role) -> i32 {
    pb::Role::from_str_name(&format!("ROLE_{role}")).map_or(0, Into::into)
}

fn token_to_wire(row: Model) -> pb::Token {
    pb::Token {
        name: TokenId(row.id).to_string(),
        display_name: row.display_name,
        create_time: timestamp_of(row.created_at),
        expire_time: timestamp_of(row.expires_at),
        revoke_time: row.revoked_at.and_then(timestamp_of),
        last_use_date: row.last_used_on.map(|day| day.to_string()).unwrap_or_default(),
    }
}
