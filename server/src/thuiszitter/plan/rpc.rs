//! The plan of a case, on the wire.

use schakel_domain::{access::Action, ids::CaseId};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    add::add,
    change::{Known, complete, drop, update},
    list::list,
    wire::{change, wish},
};
use crate::{
    app::App,
    thuiszitter::reading::past,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::Bound,
    },
};

fn known(fields: &mut Fields, (name, id): (&str, &str), (path, etag): (&str, &str)) -> Option<Known> {
    let id = fields.parse(name, id);
    let etag = fields.etag(path, etag);
    Some(Known { id: id?, etag: etag? })
}

#[tonic::async_trait]
impl pb::plan_service_server::PlanService for App {
    async fn add_plan_action(
        &self,
        request: Request<pb::AddPlanActionRequest>,
    ) -> Result<Response<pb::PlanAction>, Status> {
        let grant = permit(&request, Action::WritePlan)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wish(&mut fields, request.plan_action.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self.answer(&grant, &asked, |tx| async move { add(&tx, wish).await }).await?;
        Ok(Response::new(answer))
    }

    async fn update_plan_action(
        &self,
        request: Request<pb::UpdatePlanActionRequest>,
    ) -> Result<Response<pb::PlanAction>, Status> {
        let grant = permit(&request, Action::WritePlan)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let action = request.plan_action.unwrap_or_default();
        let known =
            known(&mut fields, ("plan_action.name", &action.name), ("plan_action.etag", &action.etag));
        let paths = request.update_mask.map(|mask| mask.paths).unwrap_or_default();
        let change = change(&mut fields, &action, paths);
        let ((asked, known), change) = fields.finish(asked.zip(known).zip(change))?;
        let change = &change;
        let answer =
            self.answer(&grant, &asked, |tx| async move { update(&tx, known, change).await }).await?;
        Ok(Response::new(answer))
    }

    async fn complete_plan_action(
        &self,
        request: Request<pb::CompletePlanActionRequest>,
    ) -> Result<Response<pb::PlanAction>, Status> {
        let grant = permit(&request, Action::WritePlan)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, ("name", &request.name), ("etag", &request.etag));
        let day = past(&mut fields, "done_date", &request.done_date, today);
        let ((asked, known), day) = fields.finish(asked.zip(known).zip(day))?;
        let answer = self.answer(&grant, &asked, |tx| async move { complete(&tx, known, day).await }).await?;
        Ok(Response::new(answer))
    }

    async fn drop_plan_action(
        &self,
        request: Request<pb::DropPlanActionRequest>,
    ) -> Result<Response<pb::PlanAction>, Status> {
        let grant = permit(&request, Action::WritePlan)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, ("name", &request.name), ("etag", &request.etag));
        let reason = fields.parse("reason", &request.reason);
        let ((asked, known), reason) = fields.finish(asked.zip(known).zip(reason))?;
        let reason = &reason;
        let answer = self.answer(&grant, &asked, |tx| async move { drop(&tx, known, reason).await }).await?;
        Ok(Response::new(answer))
    }

    async fn list_plan_actions(
        &self,
        request: Request<pb::ListPlanActionsRequest>,
    ) -> Result<Response<pb::ListPlanActionsResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let case: Option<CaseId> = fields.parse("case", &request.case);
        let bound = Bound { app: self, grant: &grant, filter: format!("{case:?}") };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let (case, page) = fields.finish(case.zip(page))?;
        let page = &page;
        let (plan_actions, next) =
            self.write(&grant, None, |tx| async move { list(&tx, case, page).await }).await?;
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        Ok(Response::new(pb::ListPlanActionsResponse { plan_actions, next_page_token }))
    }
}
