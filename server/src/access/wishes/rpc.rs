//! Wishes on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::{Action, Class, Denied},
    ids::{CaseId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    keep, line, store,
    wire::{self, to_wire},
};
use crate::{
    access::circle,
    app::App,
    error::Error,
    store::{Tx, audit::Deed},
    wire::{
        call::{asked, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::wishes_service_server::WishesService for App {
    async fn get_parent_wishes(
        &self,
        request: Request<pb::GetParentWishesRequest>,
    ) -> Result<Response<pb::ParentWishes>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let mut fields = Fields::default();
        let case: Option<CaseId> = fields.parse("case", &request.get_ref().case);
        let person: Option<PersonId> = fields.parse("person", &request.get_ref().person);
        let (case, person) = fields.finish(case.zip(person))?;
        let get = |tx: Arc<Tx>| async move {
            let (circle, classes) = circle::reach(&tx, case).await?;
            if !classes.has(Class::K2) {
                return Err(Denied::ActionNotAllowed.into());
            }
            if !circle.parents.iter().any(|(parent, _)| *parent == person) {
                return Err(Error::field("person", Refusal::PersonNotFound));
            }
            let kept = store::find(&tx, case, person).await?;
            if let Some(kept) = &kept {
                tx.audit(line(Deed::R, kept)).await?;
            }
            Ok(to_wire((case, person), kept.as_ref()))
        };
        Ok(Response::new(self.write(&grant, None, get).await?))
    }

    async fn set_parent_wishes(
        &self,
        request: Request<pb::SetParentWishesRequest>,
    ) -> Result<Response<pb::ParentWishes>, Status> {
        let grant = permit(&request, Action::WriteWishes)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, request.parent_wishes.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move {
            let kept = keep::keep(&tx, wish).await?;
            Ok(to_wire((wish.case, wish.person), Some(&kept)))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}
