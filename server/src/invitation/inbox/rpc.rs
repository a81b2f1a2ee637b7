//! The mails that changed nothing, for whoever plans the meeting.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{ConsultationId, InboundMailId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{store, wire::to_wire};
use crate::{
    app::App,
    consultation::told,
    entity::inbound_mail::Model,
    error::{Error, Result},
    store::{Read, Tx},
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

/// Opened together: their keys are one statement.
async fn opened(read: &Read, rows: &[Model]) -> Result<Vec<pb::InboundMail>> {
    let mut subjects: Vec<Uuid> = rows.iter().map(|row| row.subject_id).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let keys = read.subject_keys(&subjects).await?;
    // What is about somebody who was erased since says nothing any more.
    rows.iter().filter(|row| keys.knows(row.subject_id)).map(|row| to_wire(row, &keys)).collect()
}

#[tonic::async_trait]
impl pb::inbox_service_server::InboxService for App {
    async fn list_inbound_mails(
        &self,
        request: Request<pb::ListInboundMailsRequest>,
    ) -> Result<Response<pb::ListInboundMailsResponse>, Status> {
        // Whoever sits at the table too is not whom it was written to.
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let id: Option<ConsultationId> = fields.parse("consultation", &request.consultation);
        let filter = format!("{id:?} {}", request.show_dismissed);
        let bound = Bound { app: self, grant: &grant, filter };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let (id, page) = fields.finish(id.zip(page))?;
        if told::shown(self, &grant, id).await?.is_none() {
            return Ok(Response::new(pb::ListInboundMailsResponse::default()));
        }
        let read = self.read(grant.clone());
        let mut rows = store::aside(&read, id, request.show_dismissed, (page.after, page.size)).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListInboundMailsResponse {
            inbound_mails: opened(&read, &rows).await?,
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn dismiss_inbound_mail(
        &self,
        request: Request<pb::DismissInboundMailRequest>,
    ) -> Result<Response<pb::DismissInboundMailResponse>, Status> {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<InboundMailId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let verb = |tx: Arc<Tx>| async move {
            let row = store::get(&tx, id).await?;
            match told::tidied(&tx, ConsultationId(row.consultation_id)).await {
                Ok(_) => {}
                Err(Error::NotFound(_)) => return Err(store::MISSING),
                Err(error) => return Err(error),
            }
            if row.dismissed_at.is_none() {
                store::dismiss(&tx, id).await?;
            }
            Ok(pb::DismissInboundMailResponse {})
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}
