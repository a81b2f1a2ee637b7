//! What people propose, decided on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{ConsultationId, PersonId, ProposalId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    accept, refuse, show,
    store::{self, MISSING, Of},
    wire::to_wire,
};
use crate::{
    access::Grant,
    app::App,
    consultation::{
        conflict::{self, Wanted},
        reach, show as meetings, store as of_meetings,
        wire::{self, to_wire as meeting_to_wire},
    },
    error::Result,
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

#[tonic::async_trait]
impl pb::proposal_service_server::ProposalService for App {
    async fn list_proposals(
        &self,
        request: Request<pb::ListProposalsRequest>,
    ) -> Result<Response<pb::ListProposalsResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let plans = permit(&request, Action::WriteConsultation).ok();
        let request = request.into_inner();
        let mut fields = Fields::default();
        let meeting: Option<ConsultationId> = fields.parse_if("consultation", &request.consultation);
        let bound =
            Bound { app: self, grant: &grant, filter: format!("{meeting:?} {}", request.show_decided) };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        let of = match meeting {
            Some(id) => {
                let meeting = of_meetings::get(&read, id).await?;
                let around = reach::around(&read, std::slice::from_ref(&meeting)).await?;
                reach::classes(&read, &meeting, around.first())?;
                Of::Meeting(id)
            }
            None => Of::Booker(PersonId(grant.actor().unwrap_or_default())),
        };
        let mut rows = store::list(&read, of, request.show_decided, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id.0);
        let shown = show::all(self, (&grant, plans), rows).await?;
        Ok(Response::new(pb::ListProposalsResponse {
            proposals: shown.iter().map(to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn accept_proposal(
        &self,
        request: Request<pb::AcceptProposalRequest>,
    ) -> Result<Response<pb::Consultation>, Status> {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<ProposalId> = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let comes = request.comes.as_ref().map(|comes| wire::guest(&mut fields, "comes", comes));
        let short_notice = wire::short_notice(&mut fields, "short_notice", request.short_notice);
        let ((asked, id), etag) = fields.finish(asked.zip(id).zip(etag))?;
        let wish = accept::Wish { id, etag, comes: comes.flatten(), short_notice };
        let verb = |tx: Arc<Tx>| async move {
            let meeting = accept::accept(&tx, wish).await?;
            meetings::changed(&tx, meeting).await.map(|shown| meeting_to_wire(&shown))
        };
        let accepted = self.answer(&grant, &asked, verb).await;
        let wanted = || wanted(self, &grant, wish);
        Ok(Response::new(conflict::offer(self, &grant, accepted, wanted).await?))
    }

    async fn refuse_proposal(
        &self,
        request: Request<pb::RefuseProposalRequest>,
    ) -> Result<Response<pb::Proposal>, Status> {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<ProposalId> = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let ((asked, id), etag) = fields.finish(asked.zip(id).zip(etag))?;
        let verb = |tx: Arc<Tx>| async move {
            let refused = refuse::refuse(&tx, (id, etag)).await?;
            let shown = show::changed(&tx, refused).await?.ok_or(MISSING)?;
            Ok(to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}

/// Who would sit where and when, had the time been free.
async fn wanted(app: &App, grant: &Grant, wish: accept::Wish) -> Result<Wanted> {
    let read = app.read(grant.clone());
    let proposal = store::get(&read, wish.id).await?;
    let meeting = of_meetings::get(&read, proposal.meeting).await?;
    let mut persons = meeting.roles();
    if let Some(comes) = wish.comes {
        persons.retain(|(person, _)| *person != proposal.person);
        persons.push((comes.person, comes.role));
    }
    let time = proposal.time.unwrap_or(meeting.time);
    let (place, school) = (meeting.place, meeting.school);
    Ok(Wanted { persons, place, school, start: time.start(), length: time.duration() })
}
