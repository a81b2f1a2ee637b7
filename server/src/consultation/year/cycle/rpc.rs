//! Cycles of plans, on the wire.

use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    mark::{Wish, mark},
    show::{Which, show},
};
use crate::{
    app::App,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::plan_cycle_service_server::PlanCycleService for App {
    async fn get_plan_cycle(
        &self,
        request: Request<pb::GetPlanCycleRequest>,
    ) -> Result<Response<pb::PlanCycle>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let which = Which::read(&mut fields, (request.plan, &request.gemeente_code, request.year));
        let which = fields.finish(which)?;
        Ok(Response::new(show(&self.read(grant), &which).await?))
    }

    async fn mark_milestone(
        &self,
        request: Request<pb::MarkMilestoneRequest>,
    ) -> Result<Response<pb::PlanCycle>, Status> {
        let grant = permit(&request, Action::MarkMilestone)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = Wish::read(&mut fields, &request, today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let cycle = self.answer(&grant, &asked, |tx| async move { mark(&tx, wish).await }).await?;
        Ok(Response::new(cycle))
    }
}
