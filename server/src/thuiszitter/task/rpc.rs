//! The task list, on the wire.

use schakel_domain::{access::Action, ids::PersonId, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    duty::owed,
    gather::Asking,
    list::{Wanted, agreed, list, of_meetings},
    milestone::milestones,
    outcome::outcomes,
    requests::requests,
    words::Kind,
};
use crate::{
    access::Grant,
    app::App,
    consultation::action::own,
    error::{Error, Result, language},
    wire::{
        call::{caller, permit},
        enums::bare,
        fields::Fields,
        page::Bound,
    },
};

/// Leave to do `action`, if the caller has it.
fn may<M>(request: &Request<M>, action: Action) -> Result<Option<Grant>> {
    match permit(request, action) {
        Ok(grant) => Ok(Some(grant)),
        Err(Error::Denied(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

#[tonic::async_trait]
impl pb::task_service_server::TaskService for App {
    async fn list_tasks(
        &self,
        request: Request<pb::ListTasksRequest>,
    ) -> Result<Response<pb::ListTasksResponse>, Status> {
        let sits = permit(&request, Action::ReadConsultation)?;
        let reads = may(&request, Action::ReadCase)?;
        let (writes, carries) = (may(&request, Action::WriteCase)?, may(&request, Action::DecideCase)?);
        let tracks = may(&request, Action::WriteTrack)?;
        let records = may(&request, Action::RecordOutcome)?;
        let caller = caller(&request)?.clone();
        let (asked, decides) =
            (may(&request, Action::ReadHulpvraag)?, may(&request, Action::DecideHulpvraag)?);
        let request = request.into_inner();
        let mut fields = Fields::default();
        let bound = Bound { app: self, grant: &sits, filter: format!("{:?}", request.kinds) };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let kinds = kinds(&mut fields, &request.kinds);
        let page = fields.finish(page)?;
        let wanted = &Wanted { kinds, page, language: language() };
        let read = self.read(sits.clone());
        let own = match sits.actor() {
            Some(actor) => own(&read, PersonId(actor)).await?,
            None => Vec::new(),
        };
        let mut own = agreed(&read, own, wanted.language).await?;
        own.extend(owed(&read, &caller, (wanted.language, false)).await?);
        own.extend(milestones(&read, &caller, false).await?);
        let wants = wanted.kinds.is_empty() || wanted.kinds.contains(&Kind::Outcome);
        own.extend(outcomes(self, records.as_ref().filter(|_| wants), wanted.language).await?);
        own.extend(requests(self, (asked.as_ref(), decides.as_ref()), wanted.language).await?);
        let (tasks, next) = match &reads {
            Some(reads) => {
                let (writes, decides) = (writes.as_ref(), carries.as_ref());
                let (tracks, language) = (tracks.as_ref(), wanted.language);
                let asking = Asking { writes, tracks, decides, language, ahead: false };
                list(self, wanted, own, (reads, asking)).await?
            }
            None => of_meetings(wanted, own),
        };
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        Ok(Response::new(pb::ListTasksResponse { tasks, next_page_token }))
    }
}

fn kinds(fields: &mut Fields, numbers: &[i32]) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for (at, number) in numbers.iter().enumerate() {
        let wire = pb::task::Kind::try_from(*number).ok();
        match wire.and_then(|wire| bare::<pb::task::Kind, Kind>(wire.as_str_name())) {
            Some(kind) => kinds.push(kind),
            None => fields.refuse(format!("kinds[{at}]"), Refusal::FieldInvalid),
        }
    }
    kinds
}
