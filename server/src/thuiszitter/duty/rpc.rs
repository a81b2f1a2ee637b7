//! Duties of organisations, on the wire.

use schakel_domain::{
    access::Action,
    refusal::{Language, Refusal},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    mark::{Wish, mark},
    owed::{Duty, Owner, duties},
};
use crate::{
    app::App,
    error::language,
    thuiszitter::deadline::{name, state_to_wire},
    wire::{
        call::{asked, caller, permit},
        fields::{Fields, text},
    },
};

#[tonic::async_trait]
impl pb::duty_service_server::DutyService for App {
    async fn list_duties(
        &self,
        request: Request<pb::ListDutiesRequest>,
    ) -> Result<Response<pb::ListDutiesResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let Some(owner) = Owner::of(caller(&request)?) else {
            return Ok(Response::new(pb::ListDutiesResponse::default()));
        };
        let owed = duties(&self.read(grant), &owner).await?;
        let language = language();
        let duties = owed.iter().map(|duty| to_wire(duty, language)).collect();
        Ok(Response::new(pb::ListDutiesResponse { duties }))
    }

    async fn mark_duty(&self, request: Request<pb::MarkDutyRequest>) -> Result<Response<pb::Duty>, Status> {
        let grant = permit(&request, Action::MarkDuty)?;
        let caller = caller(&request)?;
        let (owner, today) = (Owner::of(caller), caller.today);
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        if request.norm.is_empty() {
            fields.refuse("norm", Refusal::FieldRequired);
        }
        let day = fields.date("done_date", &request.done_date);
        if day.is_some_and(|day| day > today) {
            fields.refuse("done_date", Refusal::TimeOutOfBounds);
        }
        let (asked, day) = fields.finish(asked.zip(day))?;
        let wish = &Wish { norm: request.norm, day, take_back: request.take_back };
        let owner = owner.as_ref();
        let language = language();
        let duty = self
            .answer(&grant, &asked, |tx| async move { Ok(to_wire(&mark(&tx, owner, wish).await?, language)) })
            .await?;
        Ok(Response::new(duty))
    }
}

fn to_wire(duty: &Duty, language: Language) -> pb::Duty {
    pb::Duty {
        norm: duty.norm.id.clone(),
        display_name: name(&duty.norm, language).to_owned(),
        law: duty.norm.basis.source.clone(),
        due_date: text(duty.due),
        state: state_to_wire(duty.state),
        done_date: text(duty.done),
    }
}
