//! Profiles and wishes on the wire.

use std::sync::Arc;

use schakel_domain::access::Action;
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    store,
    wire::{self, profile_to_wire, wishes_to_wire},
};
use crate::{
    app::App,
    error::Error,
    invitation::store::look_again,
    store::Tx,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::mail_profile_service_server::MailProfileService for App {
    async fn get_mail_profile(
        &self,
        request: Request<pb::GetMailProfileRequest>,
    ) -> Result<Response<pb::MailProfile>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let kept = store::profile(&self.read(grant)).await?;
        Ok(Response::new(profile_to_wire(&kept)))
    }

    async fn set_mail_profile(
        &self,
        request: Request<pb::SetMailProfileRequest>,
    ) -> Result<Response<pb::MailProfile>, Status> {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::profile(&mut fields, request.mail_profile.as_ref());
        let (asked, (profile, etag)) = fields.finish(asked.zip(wish))?;
        let profile = &profile;
        let verb = |tx: Arc<Tx>| async move {
            if store::profile(&tx).await?.version != etag {
                return Err(Error::Stale);
            }
            let kept = store::choose(&tx, etag, profile).await?;
            look_again(&tx, None).await?;
            Ok(profile_to_wire(&kept))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn get_mail_wishes(
        &self,
        request: Request<pb::GetMailWishesRequest>,
    ) -> Result<Response<pb::MailWishes>, Status> {
        let grant = permit(&request, Action::OwnAccount)?;
        let person = caller(&request)?.person;
        let kept = store::wishes(&self.read(grant), &[person]).await?.remove(&person);
        Ok(Response::new(wishes_to_wire(&kept.unwrap_or_default())))
    }

    async fn set_mail_wishes(
        &self,
        request: Request<pb::SetMailWishesRequest>,
    ) -> Result<Response<pb::MailWishes>, Status> {
        let grant = permit(&request, Action::OwnAccount)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wishes(&mut fields, request.mail_wishes.as_ref());
        let (asked, (wishes, etag)) = fields.finish(asked.zip(wish))?;
        let wishes = &wishes;
        let verb = |tx: Arc<Tx>| async move {
            let before = store::wishes(&tx, &[person]).await?.remove(&person);
            if before.map_or(0, |before| before.version) != etag {
                return Err(Error::Stale);
            }
            let kept = store::wish(&tx, person, etag, wishes).await?;
            look_again(&tx, Some(person)).await?;
            Ok(wishes_to_wire(&kept))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}
