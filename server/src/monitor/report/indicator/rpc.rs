//! Indicators, on the wire: what is asked, and what is answered.

use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    change::{create, type_in, update},
    list::list,
    wire::{aim, given, known, readings, typed, wish},
};
use crate::{
    app::App,
    monitor::{
        report::{rpc::sees_or_sets, wire::year},
        wire::scope,
    },
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::Bound,
    },
};

#[tonic::async_trait]
impl pb::indicator_service_server::IndicatorService for App {
    async fn create_indicator(
        &self,
        request: Request<pb::CreateIndicatorRequest>,
    ) -> Result<Response<pb::Indicator>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wire = given(&mut fields, request.indicator);
        let wish = wire.and_then(|wire| wish(&mut fields, &wire));
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let made = self.answer(&grant, &asked, |tx| async move { create(&tx, wish).await }).await?;
        Ok(Response::new(made))
    }

    async fn update_indicator(
        &self,
        request: Request<pb::UpdateIndicatorRequest>,
    ) -> Result<Response<pb::Indicator>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wire = given(&mut fields, request.indicator);
        let known = wire.as_ref().and_then(|wire| known(&mut fields, wire));
        let aim = wire.and_then(|wire| aim(&mut fields, &wire));
        let ((asked, known), aim) = fields.finish(asked.zip(known).zip(aim))?;
        let aim = &aim;
        let changed = self.answer(&grant, &asked, |tx| async move { update(&tx, known, aim).await }).await?;
        Ok(Response::new(changed))
    }

    async fn set_indicator_value(
        &self,
        request: Request<pb::SetIndicatorValueRequest>,
    ) -> Result<Response<pb::IndicatorValue>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let typed = typed(&mut fields, request.indicator_value.as_ref());
        let (asked, typed) = fields.finish(asked.zip(typed))?;
        let set = self.answer(&grant, &asked, |tx| async move { type_in(&tx, typed).await }).await?;
        Ok(Response::new(set))
    }

    async fn list_indicators(
        &self,
        request: Request<pb::ListIndicatorsRequest>,
    ) -> Result<Response<pb::ListIndicatorsResponse>, Status> {
        let grant = sees_or_sets(&request)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let year = year(&mut fields, &request.school_year, today);
        let scope = scope(&mut fields, request.scope.as_ref());
        let bound = Bound { app: self, grant: &grant, filter: format!("{year:?}|{scope:?}") };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let ((year, scope), page) = fields.finish(year.zip(scope).zip(page))?;
        let found = list(&self.read(grant.clone()), year, &scope, &page).await?;
        let next_page_token = found.next.as_ref().map(|key| bound.token(key)).unwrap_or_default();
        Ok(Response::new(readings(&found, next_page_token)))
    }
}
