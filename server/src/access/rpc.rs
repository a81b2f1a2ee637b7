//! Who am I, and my tokens, on the wire.

use std::sync::Arc;

use chrono::TimeDelta;
use schakel_domain::{
    access::{Action, Class, Classes},
    ids::{EmergencyId, TokenId},
    refusal::Refusal,
    text::{FreeText, Name},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    Membership,
    emergency::{self, Emergency, LONGEST, Named, SHORTEST_REASON, Wish},
    issue_token::issue_token,
    professional, store,
};
use crate::{
    app::App,
    entity::token::Model,
    error::Result,
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::{Bound, cut},
        time::{timestamp, timestamp_of},
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
        let own = professional::get(&read, caller.person).await?;
        Ok(Response::new(pb::WhoAmIResponse {
            person: caller.person.to_string(),
            display_name: own.display_name,
            memberships: caller.memberships.iter().map(to_wire).collect(),
            acting_for: caller.organisation().organisation.to_string(),
            region: caller.organisation().region.to_string(),
        }))
    }

    async fn create_token(
        &self,
        request: Request<pb::CreateTokenRequest>,
    ) -> Result<Response<pb::CreateTokenResponse>, Status> {
        let grant = permit(&request, Action::OwnAccount)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let name: Option<Name> = fields.parse("display_name", &request.display_name);
        let days = match request.valid_days {
            0 => Some(USUAL_DAYS),
            days => Some(days).filter(|days| (1..=MOST_DAYS).contains(days)),
        };
        if days.is_none() {
            fields.refuse("valid_days", Refusal::FieldInvalid);
        }
        let (asked, name, days) = fields.finish(asked.zip(name).zip(days).map(|((a, n), d)| (a, n, d)))?;
        let name = &name;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let lasts = TimeDelta::days(i64::from(days));
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
        let grant = permit(&request, Action::OwnAccount)?;
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

    async fn start_emergency(
        &self,
        request: Request<pb::StartEmergencyRequest>,
    ) -> Result<Response<pb::Emergency>, Status> {
        let grant = permit(&request, Action::UseEmergency)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = emergency_wish(&mut fields, &request);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let started = |tx: Arc<Tx>| async move { emergency::start(&tx, wish).await.map(emergency_to_wire) };
        Ok(Response::new(self.answer(&grant, &asked, started).await?))
    }

    async fn end_emergency(
        &self,
        request: Request<pb::EndEmergencyRequest>,
    ) -> Result<Response<pb::Emergency>, Status> {
        let grant = permit(&request, Action::UseEmergency)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<EmergencyId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let ended = |tx: Arc<Tx>| async move { emergency::end(&tx, id).await.map(emergency_to_wire) };
        Ok(Response::new(self.answer(&grant, &asked, ended).await?))
    }

    async fn list_emergencies(
        &self,
        request: Request<pb::ListEmergenciesRequest>,
    ) -> Result<Response<pb::ListEmergenciesResponse>, Status> {
        let grant = permit(&request, Action::ReadEmergencies)?;
        let request = request.into_inner();
        let bound = Bound { app: self, grant: &grant, filter: String::new() };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = &fields.finish(page)?;
        let list = |tx: Arc<Tx>| async move { emergency::list(&tx, page).await };
        let mut rows = self.write(&grant, None, list).await?;
        let next = cut(&mut rows, page.size, |row| row.id.0);
        Ok(Response::new(pb::ListEmergenciesResponse {
            emergencies: rows.into_iter().map(emergency_to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }
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
    }
}
