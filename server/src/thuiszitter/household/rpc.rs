//! Households, on the wire.

use schakel_domain::{access::Action, ids::CaseId};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    basis,
    list::list,
    wire::{to_wire, wish},
};
use crate::{
    app::App,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::household_service_server::HouseholdService for App {
    async fn get_household_basis(
        &self,
        request: Request<pb::GetHouseholdBasisRequest>,
    ) -> Result<Response<pb::HouseholdBasis>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let today = caller(&request)?.today;
        let standing = basis::get(&self.read(grant)).await?;
        Ok(Response::new(to_wire(&standing, today)))
    }

    async fn set_household_basis(
        &self,
        request: Request<pb::SetHouseholdBasisRequest>,
    ) -> Result<Response<pb::HouseholdBasis>, Status> {
        let grant = permit(&request, Action::SetHouseholdBasis)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wish(&mut fields, &request.household_basis.unwrap_or_default());
        let (asked, (etag, wish)) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                basis::set(&tx, etag, wish).await.map(|standing| to_wire(&standing, today))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_household(
        &self,
        request: Request<pb::ListHouseholdRequest>,
    ) -> Result<Response<pb::ListHouseholdResponse>, Status> {
        let grant = permit(&request, Action::AskHousehold)?;
        let mut fields = Fields::default();
        let case = fields.parse("case", &request.into_inner().case);
        let case: CaseId = fields.finish(case)?;
        let answer = self.write(&grant, None, |tx| async move { list(&tx, case).await }).await?;
        Ok(Response::new(answer))
    }
}
