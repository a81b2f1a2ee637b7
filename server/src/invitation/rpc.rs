//! Letters on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{ConsultationId, PersonId},
    invitation::{Letter, Reading, Sample, preview},
};
use schakel_proto::v1::{self as pb, preview_letter_request::Kind};
use tonic::{Request, Response, Status};

use super::paper;
use crate::{
    app::App,
    store::Tx,
    wire::{
        call::{asked, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::letter_service_server::LetterService for App {
    async fn preview_letter(
        &self,
        request: Request<pb::PreviewLetterRequest>,
    ) -> Result<Response<pb::Letter>, Status> {
        permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let sample: Option<Sample> = fields.choice("kind", request.kind, Kind::as_str_name);
        let sample = fields.finish(sample)?;
        let reading = Reading {
            large_print: request.large_print,
            interpreter: request.interpreter,
            ..Reading::of(&request.language, None, false)
        };
        let letter = preview(sample, reading, &self.settings.public_url, self.now());
        Ok(Response::new(to_wire(letter)))
    }

    async fn print_invitation(
        &self,
        request: Request<pb::PrintInvitationRequest>,
    ) -> Result<Response<pb::Letter>, Status> {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let consultation: Option<ConsultationId> = fields.parse("consultation", &request.consultation);
        let person: Option<PersonId> = fields.parse("person", &request.person);
        let (asked, (consultation, person)) = fields.finish(asked.zip(consultation.zip(person)))?;
        let verb = |tx: Arc<Tx>| async move { paper::print(&tx, consultation, person).await.map(to_wire) };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}

fn to_wire(letter: Letter) -> pb::Letter {
    let language = letter.languages().to_owned();
    pb::Letter { title: letter.subject, text: letter.text, html: letter.html, language }
}
