//! Tracks, on the wire.

use schakel_domain::{access::Action, ids::CaseId};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    list::list,
    start::start,
    step::take,
    take_back::take_back,
    update::update,
    wire::{back, change, seen, taking, wish},
};
use crate::{
    app::App,
    error::language,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::track_service_server::TrackService for App {
    async fn start_track(
        &self,
        request: Request<pb::StartTrackRequest>,
    ) -> Result<Response<pb::Track>, Status> {
        let grant = permit(&request, Action::WriteTrack)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wish(&mut fields, request.track.as_ref(), today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer =
            self.answer(&grant, &asked, |tx| async move { start(&tx, wish, language()).await }).await?;
        Ok(Response::new(answer))
    }

    async fn add_track_step(
        &self,
        request: Request<pb::AddTrackStepRequest>,
    ) -> Result<Response<pb::Track>, Status> {
        let grant = permit(&request, Action::WriteTrack)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let taking = taking(&mut fields, &request, today);
        let (asked, taking) = fields.finish(asked.zip(taking))?;
        let taking = &taking;
        let answer =
            self.answer(&grant, &asked, |tx| async move { take(&tx, taking, language()).await }).await?;
        Ok(Response::new(answer))
    }

    async fn take_back_track_step(
        &self,
        request: Request<pb::TakeBackTrackStepRequest>,
    ) -> Result<Response<pb::Track>, Status> {
        let grant = permit(&request, Action::WriteTrack)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let back = back(&mut fields, &request);
        let (asked, back) = fields.finish(asked.zip(back))?;
        let back = &back;
        let answer =
            self.answer(&grant, &asked, |tx| async move { take_back(&tx, back, language()).await }).await?;
        Ok(Response::new(answer))
    }

    async fn update_track(
        &self,
        request: Request<pb::UpdateTrackRequest>,
    ) -> Result<Response<pb::Track>, Status> {
        let grant = permit(&request, Action::WriteTrack)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let track = request.track.unwrap_or_default();
        let seen = seen(&mut fields, ("track.name", &track.name), ("track.etag", &track.etag));
        let paths = request.update_mask.map(|mask| mask.paths).unwrap_or_default();
        let change = change(&mut fields, &track, paths);
        let ((asked, seen), change) = fields.finish(asked.zip(seen).zip(change))?;
        let change = &change;
        let answer = self
            .answer(&grant, &asked, |tx| async move { update(&tx, seen, change, language()).await })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_tracks(
        &self,
        request: Request<pb::ListTracksRequest>,
    ) -> Result<Response<pb::ListTracksResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let mut fields = Fields::default();
        let case = fields.parse("case", &request.into_inner().case);
        let case: CaseId = fields.finish(case)?;
        let tracks = self.write(&grant, None, |tx| async move { list(&tx, case).await }).await?;
        Ok(Response::new(pb::ListTracksResponse { tracks }))
    }
}
