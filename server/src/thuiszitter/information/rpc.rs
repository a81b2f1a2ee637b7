//! Requests for information, on the wire.

use schakel_domain::{
    access::Action,
    ids::{CaseId, InformationRequestId},
    thuiszitter::information::InformationState,
};
use schakel_proto::v1::{self as pb, information_request};
use tonic::{Request, Response, Status};

use super::{
    ask::ask,
    end::{Ending, end},
    list::list,
    wire::wish,
};
use crate::{
    app::App,
    thuiszitter::reading::past,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::information_service_server::InformationService for App {
    async fn ask_information(
        &self,
        request: Request<pb::AskInformationRequest>,
    ) -> Result<Response<pb::InformationRequest>, Status> {
        let grant = permit(&request, Action::AskInformation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wish(&mut fields, request.information_request.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self.answer(&grant, &asked, |tx| async move { ask(&tx, wish).await }).await?;
        Ok(Response::new(answer))
    }

    async fn end_information_request(
        &self,
        request: Request<pb::EndInformationRequestRequest>,
    ) -> Result<Response<pb::InformationRequest>, Status> {
        let grant = permit(&request, Action::AskInformation)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<InformationRequestId> = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let state: Option<InformationState> =
            fields.choice("state", request.state, information_request::State::as_str_name);
        if let Some(Err(refusal)) = state.map(InformationState::must_end) {
            fields.refuse("state", refusal);
        }
        let on = past(&mut fields, "end_date", &request.end_date, today);
        let ((asked, (id, etag)), (state, on)) = fields.finish(asked.zip(id.zip(etag)).zip(state.zip(on)))?;
        let ending = &Ending { id, etag, state, on };
        let answer = self.answer(&grant, &asked, |tx| async move { end(&tx, ending).await }).await?;
        Ok(Response::new(answer))
    }

    async fn list_information_requests(
        &self,
        request: Request<pb::ListInformationRequestsRequest>,
    ) -> Result<Response<pb::ListInformationRequestsResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let mut fields = Fields::default();
        let case = fields.parse("case", &request.into_inner().case);
        let case: CaseId = fields.finish(case)?;
        let information_requests =
            self.write(&grant, None, |tx| async move { list(&tx, case).await }).await?;
        Ok(Response::new(pb::ListInformationRequestsResponse { information_requests }))
    }
}
