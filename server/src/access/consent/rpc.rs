//! Consents, on the wire.

use schakel_domain::{
    access::Action,
    ids::{CaseId, ConsentId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    record::record,
    store,
    wire::{self, Shown},
    withdraw::{self, withdraw},
};
use crate::{
    access::circle,
    app::App,
    store::audit::Deed,
    wire::{
        call::{asked, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::consent_service_server::ConsentService for App {
    async fn record_consent(
        &self,
        request: Request<pb::RecordConsentRequest>,
    ) -> Result<Response<pb::Consent>, Status> {
        let grant = permit(&request, Action::RecordConsent)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, request.consent.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self
            .answer(&grant, &asked, |tx| async move { record(&tx, wish).await.map(|shown| shown.to_wire()) })
            .await?;
        Ok(Response::new(answer))
    }

    async fn withdraw_consent(
        &self,
        request: Request<pb::WithdrawConsentRequest>,
    ) -> Result<Response<pb::Consent>, Status> {
        let grant = permit(&request, Action::WithdrawConsent)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<ConsentId> = fields.parse("name", &request.name);
        let person = fields.parse_if("person", &request.person);
        let note = fields.parse_if("note", &request.note);
        let etag = fields.etag("etag", &request.etag);
        let ((asked, id), etag) = fields.finish(asked.zip(id).zip(etag))?;
        let wish = &withdraw::Wish { id, etag, person, note };
        let answer =
            self.answer(&grant, &asked, |tx| async move {
                withdraw(&tx, wish).await.map(|shown| shown.to_wire())
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_consent(
        &self,
        request: Request<pb::GetConsentRequest>,
    ) -> Result<Response<pb::Consent>, Status> {
        let grant = permit(&request, Action::ReadConsent)?;
        let mut fields = Fields::default();
        let id = fields.parse("name", &request.get_ref().name);
        let id: ConsentId = fields.finish(id)?;
        let get = |tx: std::sync::Arc<crate::store::Tx>| async move {
            let (kept, circle, classes) = wire::reach(&tx, id).await?;
            let shown = Shown::of(&tx, kept, (&circle, classes)).await?;
            tx.audit_all(&shown.lines(Deed::R)).await?;
            Ok(shown)
        };
        Ok(Response::new(self.write(&grant, None, get).await?.to_wire()))
    }

    async fn list_consents(
        &self,
        request: Request<pb::ListConsentsRequest>,
    ) -> Result<Response<pb::ListConsentsResponse>, Status> {
        let grant = permit(&request, Action::ReadConsent)?;
        let mut fields = Fields::default();
        let case = fields.parse("case", &request.get_ref().case);
        let by = fields.date_if("renewal_by_date", &request.get_ref().renewal_by_date);
        let case: CaseId = fields.finish(case)?;
        let list = |tx: std::sync::Arc<crate::store::Tx>| async move {
            let (circle, classes) = circle::reach(&tx, case).await?;
            let kept = store::of_case(&tx, case).await?;
            let mut shown = Shown::all(&tx, kept, (&circle, classes)).await?;
            shown.retain(|shown| by.is_none_or(|day| shown.needs_renewal_by(day)));
            let lines: Vec<_> = shown.iter().flat_map(|shown| shown.lines(Deed::R)).collect();
            tx.audit_all(&lines).await?;
            Ok(shown)
        };
        let shown = self.write(&grant, None, list).await?;
        Ok(Response::new(pb::ListConsentsResponse { consents: shown.iter().map(Shown::to_wire).collect() }))
    }
}
