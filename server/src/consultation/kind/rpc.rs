//! The kinds on the wire.

use std::sync::Arc;

use schakel_domain::{access::Action, consultation::Kind, refusal::Refusal};
use schakel_proto::v1::{self as pb, consultation::Kind as WireKind};
use tonic::{Request, Response, Status};

use super::wire::{self, to_wire};
use crate::{
    access::authenticate::today,
    app::App,
    availability::kinds::{self, Wish},
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::kind_service_server::KindService for App {
    async fn list_kinds(
        &self,
        request: Request<pb::ListKindsRequest>,
    ) -> Result<Response<pb::ListKindsResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let mut fields = Fields::default();
        let day = fields.date_if("date", &request.get_ref().date);
        fields.check()?;
        let read = self.read(grant);
        let found = kinds::all(&read, day.unwrap_or_else(|| today(read.now()))).await?;
        let mut kinds: Vec<pb::KindRules> = found.iter().map(to_wire).collect();
        kinds.sort_by_key(|rules| rules.kind);
        Ok(Response::new(pb::ListKindsResponse { kinds }))
    }

    async fn get_kind(
        &self,
        request: Request<pb::GetKindRequest>,
    ) -> Result<Response<pb::KindRules>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let kind: Option<Kind> = fields.choice("kind", request.kind, WireKind::as_str_name);
        let day = fields.date_if("date", &request.date);
        let kind = fields.finish(kind)?;
        let read = self.read(grant);
        let found = kinds::get(&read, kind, day.unwrap_or_else(|| today(read.now()))).await?;
        Ok(Response::new(to_wire(&found)))
    }

    async fn update_kind(
        &self,
        request: Request<pb::UpdateKindRequest>,
    ) -> Result<Response<pb::KindRules>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let given = request.kind.unwrap_or_default();
        let kind: Option<Kind> = fields.choice("kind.kind", given.kind, WireKind::as_str_name);
        let etag = fields.etag("kind.etag", &given.etag);
        let from = fields.date("valid_from", &request.valid_from);
        if from.is_some_and(|from| from < today(self.now())) {
            fields.refuse("valid_from", Refusal::TimeOutOfBounds);
        }
        let changes = wire::changes(&mut fields, request.update_mask.as_ref(), &given);
        let (asked, ((kind, etag), from)) = fields.finish(asked.zip(kind.zip(etag).zip(from)))?;
        let wish = &Wish { kind, etag, from, changes };
        let verb =
            |tx: Arc<Tx>| async move { kinds::update(&tx, wish).await.map(|standing| to_wire(&standing)) };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}
