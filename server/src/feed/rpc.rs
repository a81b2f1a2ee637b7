//! One's own feeds, on the wire.

use schakel_domain::{
    access::{Action, Class, Classes},
    ids::FeedId,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    create::create,
    reach,
    rotate::rotate,
    store,
    wire::{created, own_alone, to_wire, wish},
};
use crate::{
    app::App,
    error::{Result as Done, language},
    store::audit::{Deed, Line},
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

#[tonic::async_trait]
impl pb::feed_service_server::FeedService for App {
    async fn create_feed(
        &self,
        request: Request<pb::CreateFeedRequest>,
    ) -> Result<Response<pb::CreateFeedResponse>, Status> {
        let grant = permit(&request, Action::OwnCredentials)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wish(&mut fields, &request);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let is_alone = reach::is_own_alone(&self.read(grant.clone()), person, wish.scope).await?;
        let warnings: Vec<String> = is_alone.then(|| own_alone(language())).into_iter().collect();
        let (wish, warnings) = (&wish, &warnings);
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let (feed, secret) = create(&tx, person, wish).await?;
                let made = created(tx.app(), &feed, &secret)?;
                Ok(pb::CreateFeedResponse { warnings: warnings.clone(), ..made })
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_feeds(
        &self,
        request: Request<pb::ListFeedsRequest>,
    ) -> Result<Response<pb::ListFeedsResponse>, Status> {
        let grant = permit(&request, Action::OwnAccount)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let bound = Bound { app: self, grant: &grant, filter: String::new() };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let mut rows = store::list(&self.read(grant.clone()), person.0, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListFeedsResponse {
            feeds: rows.iter().map(to_wire).collect::<Done<_>>()?,
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn rotate_feed(
        &self,
        request: Request<pb::RotateFeedRequest>,
    ) -> Result<Response<pb::CreateFeedResponse>, Status> {
        let grant = permit(&request, Action::OwnCredentials)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<FeedId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let (feed, secret) = rotate(&tx, person, id.0).await?;
                created(tx.app(), &feed, &secret)
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn revoke_feed(
        &self,
        request: Request<pb::RevokeFeedRequest>,
    ) -> Result<Response<pb::Feed>, Status> {
        let grant = permit(&request, Action::OwnCredentials)?;
        let person = caller(&request)?.person;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<FeedId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                store::revoke(&tx, person.0, id.0).await?;
                let row = store::get(&tx, person.0, id.0).await?;
                let classes = Classes::of(&[Class::K0]);
                let line = Line { deed: Deed::U, object: "feed", id: Some(id.0), subject: None, classes };
                tx.audit(line).await?;
                to_wire(&row)
            })
            .await?;
        Ok(Response::new(answer))
    }
}
