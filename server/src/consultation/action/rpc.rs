//! Agreed actions on the wire.

use schakel_domain::{
    access::Action,
    ids::{ActionId, ClusterId, PersonId, SchoolId},
};
use schakel_proto::v1::{self as pb, list_actions_request::State};
use tonic::{Request, Response, Status};

use super::{complete::complete, list::list, store::Filter};
use crate::{
    app::App,
    directory::guide,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::Bound,
    },
};

#[tonic::async_trait]
impl pb::action_service_server::ActionService for App {
    async fn list_actions(
        &self,
        request: Request<pb::ListActionsRequest>,
    ) -> Result<Response<pb::ListActionsResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let today = caller(&request)?.today;
        let mut request = request.into_inner();
        let size = std::mem::take(&mut request.page_size);
        let token = std::mem::take(&mut request.page_token);
        let mut fields = Fields::default();
        let owner = fields.parse_if::<PersonId>("owner", &request.owner);
        let school = fields.parse_if::<SchoolId>("school", &request.school);
        let cluster = fields.parse_if::<ClusterId>("cluster", &request.cluster);
        let until = fields.date_if("due_until", &request.due_until);
        let state = State::try_from(request.state);
        if state.is_err() {
            fields.refuse("state", schakel_domain::refusal::Refusal::FieldInvalid);
        }
        let bound = Bound { app: self, grant: &grant, filter: format!("{request:?}") };
        let page = bound.read(&mut fields, size, &token);
        let page = &fields.finish(page)?;
        let of_cluster = match cluster {
            Some(cluster) => Some(guide::schools(&self.read(grant.clone()), cluster, today).await?),
            None => None,
        };
        let schools = match (school, of_cluster) {
            (Some(school), Some(all)) => Some(all.into_iter().filter(|one| *one == school).collect()),
            (Some(school), None) => Some(vec![school]),
            (None, all) => all,
        };
        let filter = &Filter { owner, schools, until, done: state == Ok(State::Done) };
        let (actions, next) =
            self.write(&grant, None, |tx| async move { list(&tx, filter, page).await }).await?;
        Ok(Response::new(pb::ListActionsResponse {
            actions,
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn complete_action(
        &self,
        request: Request<pb::CompleteActionRequest>,
    ) -> Result<Response<pb::AgreedAction>, Status> {
        let grant = permit(&request, Action::AnswerConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<ActionId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let done = self.answer(&grant, &asked, |tx| async move { complete(&tx, id).await }).await?;
        Ok(Response::new(done))
    }
}
