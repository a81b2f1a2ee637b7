//! The subscriptions of the caller's organisation, on the wire.

use http::Uri;
use schakel_domain::{access::Action, ids::SubscriptionId, refusal::Refusal};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    change::{self, Wish},
    store,
    wire::{kinds, to_wire},
};
use crate::{
    app::App,
    error::Result as Done,
    outward,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

/// Characters of an address.
const LONGEST: usize = 2000;

/// An address that may be called, as far as its form tells.
fn address(app: &App, fields: &mut Fields, text: &str) -> Option<Uri> {
    let address = text.parse::<Uri>().ok().filter(|url| {
        text.len() <= LONGEST
            && url.host().is_some_and(|host| !host.is_empty())
            && outward::takes(app.settings.outside.network, url)
    });
    if text.is_empty() {
        fields.refuse("address", Refusal::FieldRequired);
    } else if address.is_none() {
        let wanted = outward::wanted(app.settings.outside.network);
        fields.bound("address", Refusal::FieldInvalid, wanted);
    }
    address
}

#[tonic::async_trait]
impl pb::subscription_service_server::SubscriptionService for App {
    async fn create_subscription(
        &self,
        request: Request<pb::CreateSubscriptionRequest>,
    ) -> Result<Response<pb::CreateSubscriptionResponse>, Status> {
        let grant = permit(&request, Action::ManageSubscriptions)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let address = address(self, &mut fields, &request.address);
        let kinds = kinds(&mut fields, &request.kinds);
        let (asked, address) = fields.finish(asked.zip(address))?;
        let wish = &Wish { address, kinds };
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let (row, secret) = change::create(&tx, wish).await?;
                Ok(pb::CreateSubscriptionResponse { subscription: Some(to_wire(&row)?), secret })
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_subscriptions(
        &self,
        request: Request<pb::ListSubscriptionsRequest>,
    ) -> Result<Response<pb::ListSubscriptionsResponse>, Status> {
        let grant = permit(&request, Action::ManageSubscriptions)?;
        let own = caller(&request)?.organisation().organisation;
        let request = request.into_inner();
        let bound = Bound { app: self, grant: &grant, filter: own.to_string() };
        let mut fields = Fields::default();
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let mut rows = store::list(&self.read(grant.clone()), own, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListSubscriptionsResponse {
            subscriptions: rows.iter().map(to_wire).collect::<Done<_>>()?,
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn rotate_subscription_secret(
        &self,
        request: Request<pb::RotateSubscriptionSecretRequest>,
    ) -> Result<Response<pb::RotateSubscriptionSecretResponse>, Status> {
        let grant = permit(&request, Action::ManageSubscriptions)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<SubscriptionId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let (row, secret) = change::rotate(&tx, id).await?;
                Ok(pb::RotateSubscriptionSecretResponse { subscription: Some(to_wire(&row)?), secret })
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn delete_subscription(
        &self,
        request: Request<pb::DeleteSubscriptionRequest>,
    ) -> Result<Response<pb::DeleteSubscriptionResponse>, Status> {
        let grant = permit(&request, Action::ManageSubscriptions)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<SubscriptionId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                change::delete(&tx, id).await?;
                Ok(pb::DeleteSubscriptionResponse {})
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn test_subscription(
        &self,
        request: Request<pb::TestSubscriptionRequest>,
    ) -> Result<Response<pb::Subscription>, Status> {
        let grant = permit(&request, Action::ManageSubscriptions)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<SubscriptionId> = fields.parse("name", &request.name);
        let (asked, id) = fields.finish(asked.zip(id))?;
        let answer =
            self.answer(&grant, &asked, |tx| async move { to_wire(&change::test(&tx, id).await?) }).await?;
        Ok(Response::new(answer))
    }
}
