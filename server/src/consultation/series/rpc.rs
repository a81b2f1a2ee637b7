//! Series on the wire.

use std::sync::Arc;

use schakel_domain::{access::Action, ids::SeriesId};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{book, cancel, change, show, wire};
use crate::{
    app::App,
    consultation::together,
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

#[tonic::async_trait]
impl pb::series_service_server::SeriesService for App {
    async fn book_series(
        &self,
        request: Request<pb::BookSeriesRequest>,
    ) -> Result<Response<pb::BookSeriesResponse>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, &request);
        let mode = wire::mode(&mut fields, request.mode, request.dry_run);
        let ((asked, wish), mode) = fields.finish(asked.zip(wish).zip(mode))?;
        if request.dry_run {
            let proposed = book::propose(&self.read(grant.clone()), &wish).await?;
            let cases: Vec<_> = wish.first.case.into_iter().collect();
            together::searched(self, &grant, &cases).await?;
            return Ok(Response::new(proposed));
        }
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move { book::book(&tx, wish, mode).await };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn get_series(
        &self,
        request: Request<pb::GetSeriesRequest>,
    ) -> Result<Response<pb::GetSeriesResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let mut fields = Fields::default();
        let id: Option<SeriesId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        Ok(Response::new(show::get(self, &grant, id).await?))
    }

    async fn list_series(
        &self,
        request: Request<pb::ListSeriesRequest>,
    ) -> Result<Response<pb::ListSeriesResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let school = fields.parse_if("school", &request.school);
        let bound = Bound { app: self, grant: &grant, filter: format!("{school:?}") };
        let page = bound.read::<Uuid>(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        let mut rows = show::list(&read, school, &page).await?;
        let next = cut(&mut rows, page.size, |seen| seen.series.id.0);
        Ok(Response::new(pb::ListSeriesResponse {
            series: rows
                .iter()
                .map(|seen| wire::to_wire(&seen.series, (&seen.meetings, seen.is_whole), read.now()))
                .collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn update_series(
        &self,
        request: Request<pb::UpdateSeriesRequest>,
    ) -> Result<Response<pb::BookSeriesResponse>, Status> {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::change(&mut fields, &request);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move { change::change(&tx, wish).await };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn cancel_series(
        &self,
        request: Request<pb::CancelSeriesRequest>,
    ) -> Result<Response<pb::Series>, Status> {
        let grant = permit(&request, Action::CancelConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::cancel(&mut fields, &request);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let verb = |tx: Arc<Tx>| async move {
            let (series, meetings) = cancel::cancel(&tx, wish).await?;
            Ok(wire::to_wire(&series, (&meetings, true), tx.now()))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}
