//! Signals from practice, on the wire: what is asked, and what is answered.

use schakel_domain::{
    access::Action,
    ids::{ConsultationId, SignalId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    decide::{Known, answer, schedule},
    report::report,
    show,
    wire::{filter, wish},
    withdraw::withdraw,
};
use crate::{
    app::App,
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::Bound,
    },
};

fn known(fields: &mut Fields, name: &str, etag: &str) -> Option<Known> {
    let id: Option<SignalId> = fields.parse("name", name);
    let etag = fields.etag("etag", etag);
    Some(Known { id: id?, etag: etag? })
}

#[tonic::async_trait]
impl pb::signal_service_server::SignalService for App {
    async fn report_signal(
        &self,
        request: Request<pb::ReportSignalRequest>,
    ) -> Result<Response<pb::Signal>, Status> {
        let grant = permit(&request, Action::ReportSignal)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wish(&mut fields, request.signal.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let told = self.answer(&grant, &asked, |tx| async move { report(&tx, wish).await }).await?;
        Ok(Response::new(told))
    }

    async fn get_signal(
        &self,
        request: Request<pb::GetSignalRequest>,
    ) -> Result<Response<pb::Signal>, Status> {
        let grant = permit(&request, Action::ReadSignal)?;
        let mut fields = Fields::default();
        let id: Option<SignalId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        let found = self.write(&grant, None, |tx| async move { show::get(&tx, id).await }).await?;
        Ok(Response::new(found))
    }

    async fn list_signals(
        &self,
        request: Request<pb::ListSignalsRequest>,
    ) -> Result<Response<pb::ListSignalsResponse>, Status> {
        let grant = permit(&request, Action::ReadSignal)?;
        let mut request = request.into_inner();
        let size = std::mem::take(&mut request.page_size);
        let token = std::mem::take(&mut request.page_token);
        let mut fields = Fields::default();
        let filter = filter(&mut fields, &request);
        let bound = Bound { app: self, grant: &grant, filter: format!("{request:?}") };
        let page = bound.read(&mut fields, size, &token);
        let page = &fields.finish(page)?;
        let filter = &filter;
        let (signals, next) =
            self.write(&grant, None, |tx| async move { show::list(&tx, filter, page).await }).await?;
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        Ok(Response::new(pb::ListSignalsResponse { signals, next_page_token }))
    }

    async fn schedule_signal(
        &self,
        request: Request<pb::ScheduleSignalRequest>,
    ) -> Result<Response<pb::Signal>, Status> {
        let grant = permit(&request, Action::DecideSignal)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, &request.name, &request.etag);
        let meeting: Option<ConsultationId> = fields.parse("consultation", &request.consultation);
        let ((asked, known), meeting) = fields.finish(asked.zip(known).zip(meeting))?;
        let done =
            self.answer(&grant, &asked, |tx| async move { schedule(&tx, known, meeting).await }).await?;
        Ok(Response::new(done))
    }

    async fn answer_signal(
        &self,
        request: Request<pb::AnswerSignalRequest>,
    ) -> Result<Response<pb::Signal>, Status> {
        let grant = permit(&request, Action::DecideSignal)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, &request.name, &request.etag);
        let text = fields.parse("answer", &request.answer);
        let ((asked, known), text) = fields.finish(asked.zip(known).zip(text))?;
        let text = &text;
        let done = self.answer(&grant, &asked, |tx| async move { answer(&tx, known, text).await }).await?;
        Ok(Response::new(done))
    }

    async fn withdraw_signal(
        &self,
        request: Request<pb::WithdrawSignalRequest>,
    ) -> Result<Response<pb::Signal>, Status> {
        let grant = permit(&request, Action::WithdrawSignal)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, &request.name, &request.etag);
        let (asked, known) = fields.finish(asked.zip(known))?;
        let done = self.answer(&grant, &asked, |tx| async move { withdraw(&tx, known).await }).await?;
        Ok(Response::new(done))
    }
}
