//! Proposals of times on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{CaseId, PersonId, TimePollId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    answer, cancel, close, create, show,
    store::{self, Of},
    wire::{self, to_wire},
};
use crate::{
    access::circle,
    app::App,
    consultation::{self, show as meetings},
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
        time::timestamp,
    },
};

type Answer = Result<Response<pb::TimePoll>, Status>;

#[tonic::async_trait]
impl pb::time_poll_service_server::TimePollService for App {
    async fn create_time_poll(&self, request: Request<pb::CreateTimePollRequest>) -> Answer {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, request.time_poll.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move {
            let made = create::create(&tx, wish).await?;
            show::changed(&tx, made).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn get_time_poll(&self, request: Request<pb::GetTimePollRequest>) -> Answer {
        let grant = permit(&request, Action::ReadConsultation)?;
        let mut fields = Fields::default();
        let id: Option<TimePollId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        Ok(Response::new(to_wire(&show::get(self, &grant, id).await?)))
    }

    async fn list_time_polls(
        &self,
        request: Request<pb::ListTimePollsRequest>,
    ) -> Result<Response<pb::ListTimePollsResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let case: Option<CaseId> = fields.parse_if("case", &request.case);
        let bound = Bound { app: self, grant: &grant, filter: format!("{case:?} {}", request.show_closed) };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        let of = match case {
            Some(case) => {
                circle::reach(&read, case).await?;
                Of::Case(case)
            }
            None => Of::Maker(PersonId(grant.actor().unwrap_or_default())),
        };
        let mut rows = store::list(&read, of, request.show_closed, &page).await?;
        let next = cut(&mut rows, page.size, |poll| poll.id.0);
        let shown = show::all(self, &grant, rows).await?;
        Ok(Response::new(pb::ListTimePollsResponse {
            time_polls: shown.iter().map(to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn answer_time_poll(&self, request: Request<pb::AnswerTimePollRequest>) -> Answer {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<TimePollId> = fields.parse("name", &request.name);
        let person: Option<PersonId> = fields.parse("person", &request.person);
        let votes = wire::votes(&mut fields, &request.votes);
        let ((asked, id), (person, votes)) = fields.finish(asked.zip(id).zip(person.zip(votes)))?;
        let votes = &votes;
        let verb = |tx: Arc<Tx>| async move {
            let answered = answer::write_down(&tx, id, person, votes).await?;
            show::changed(&tx, answered).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn close_time_poll(
        &self,
        request: Request<pb::CloseTimePollRequest>,
    ) -> Result<Response<pb::CloseTimePollResponse>, Status> {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<TimePollId> = fields.parse("name", &request.name);
        let start = fields.instant_if("start_time", request.start_time.as_ref());
        let etag = fields.etag("etag", &request.etag);
        let ((asked, id), etag) = fields.finish(asked.zip(id).zip(etag))?;
        let wish = close::Wish { id, etag, start };
        let verb = |tx: Arc<Tx>| async move {
            let closed = close::close(&tx, wish).await?;
            let meeting = meetings::changed(&tx, closed.meeting).await?;
            let poll = show::changed(&tx, closed.poll).await?;
            Ok(pb::CloseTimePollResponse {
                time_poll: Some(to_wire(&poll)),
                consultation: Some(consultation::wire::to_wire(&meeting)),
                taken_times: closed.taken.into_iter().map(timestamp).collect(),
            })
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn cancel_time_poll(&self, request: Request<pb::CancelTimePollRequest>) -> Answer {
        let grant = permit(&request, Action::CancelConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<TimePollId> = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let ((asked, id), etag) = fields.finish(asked.zip(id).zip(etag))?;
        let verb = |tx: Arc<Tx>| async move {
            let off = cancel::cancel(&tx, id, etag).await?;
            show::changed(&tx, off).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}
