//! Mails and their states, on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{ConsultationId, PersonId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::wire::to_wire;
use crate::{
    app::App,
    consultation::{meeting::Meeting, told},
    invitation::prepare,
    store::{Tx, instant::to_column, messages::messages},
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

/// What mails about it are about: the meeting, and the series that it is part of.
fn subjects(meeting: &Meeting) -> Vec<Uuid> {
    [Some(meeting.id.0), meeting.member.map(|part| part.series.0)].into_iter().flatten().collect()
}

#[tonic::async_trait]
impl pb::message_service_server::MessageService for App {
    async fn list_messages(
        &self,
        request: Request<pb::ListMessagesRequest>,
    ) -> Result<Response<pb::ListMessagesResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let id: Option<ConsultationId> = fields.parse("consultation", &request.consultation);
        let person: Option<PersonId> = fields.parse_if("person", &request.person);
        let bound = Bound { app: self, grant: &grant, filter: format!("{id:?} {person:?}") };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let (id, page) = fields.finish(id.zip(page))?;
        let Some(meeting) = told::shown(self, &grant, id).await? else {
            return Ok(Response::new(pb::ListMessagesResponse::default()));
        };
        let read = self.read(grant.clone());
        let person = person.map(|person| person.0);
        let mut rows = messages(&read, &subjects(&meeting), person, (page.after, page.size)).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListMessagesResponse {
            messages: rows.iter().map(|row| to_wire(&meeting, row)).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn resend_invitation(
        &self,
        request: Request<pb::ResendInvitationRequest>,
    ) -> Result<Response<pb::ResendInvitationResponse>, Status> {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<ConsultationId> = fields.parse("consultation", &request.consultation);
        let person: Option<PersonId> = fields.parse("person", &request.person);
        let (asked, (id, person)) = fields.finish(asked.zip(id.zip(person)))?;
        let verb = |tx: Arc<Tx>| async move {
            let meeting = told::again(&tx, id).await?;
            prepare::again(&tx, &meeting, person).await?;
            let mut rows = messages(&tx, &[id.0], Some(person.0), (None, 10_000)).await?;
            let newest = rows.pop().filter(|row| row.created_at == to_column(tx.now()));
            Ok(pb::ResendInvitationResponse { message: newest.map(|row| to_wire(&meeting, &row)) })
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}
