//! Cycles of plans, on the wire.

use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    goal,
    mark::{Wish, mark},
    show::{self, Which, show},
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

    async fn create_plan_goal(
        &self,
        request: Request<pb::CreatePlanGoalRequest>,
    ) -> Result<Response<pb::PlanGoal>, Status> {
        let grant = permit(&request, Action::MarkMilestone)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = goal::wish(&mut fields, request.plan_goal, today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let made = self.answer(&grant, &asked, |tx| async move { goal::create(&tx, wish).await }).await?;
        Ok(Response::new(made))
    }

    async fn update_plan_goal(
        &self,
        request: Request<pb::UpdatePlanGoalRequest>,
    ) -> Result<Response<pb::PlanGoal>, Status> {
        let grant = permit(&request, Action::MarkMilestone)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let change = goal::change(&mut fields, request.plan_goal, today);
        let (asked, change) = fields.finish(asked.zip(change))?;
        let change = &change;
        let told = self.answer(&grant, &asked, |tx| async move { goal::update(&tx, change).await }).await?;
        Ok(Response::new(told))
    }

    async fn list_plan_goals(
        &self,
        request: Request<pb::ListPlanGoalsRequest>,
    ) -> Result<Response<pb::ListPlanGoalsResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let year = request.into_inner().year;
        let mut fields = Fields::default();
        show::year(&mut fields, "year", year);
        fields.check()?;
        Ok(Response::new(goal::list(&self.read(grant), year).await?))
    }
}
