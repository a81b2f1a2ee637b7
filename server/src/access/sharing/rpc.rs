//! Agreements between regions on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::{Action, Role},
    dutch::codes::GemeenteCode,
    ids::RegionAgreementId,
    refusal::Refusal,
    text::Name,
};
use schakel_proto::v1::{self as pb, region_agreement::State};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    agreement::{self, instant},
    lookup::{self, Asked},
};
use crate::{
    access::region,
    app::App,
    entity::region_agreement::Model,
    error::{Error, Result},
    store::{Read, Tx},
    wire::{
        call::{asked, caller, permit},
        enums::number,
        fields::Fields,
        page::{Bound, cut},
        time::timestamp,
    },
};

/// More gemeenten than this are all of them.
const MOST_GEMEENTEN: usize = 50;

type Answer = Result<Response<pb::RegionAgreement>, Status>;

#[tonic::async_trait]
impl pb::region_service_server::RegionService for App {
    async fn propose_agreement(&self, request: Request<pb::ProposeAgreementRequest>) -> Answer {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let code: Option<Name> = fields.parse("swv_code", &request.swv_code);
        if request.gemeente_codes.len() > MOST_GEMEENTEN {
            fields.refuse("gemeente_codes", Refusal::FieldInvalid);
        }
        let mut gemeenten = Vec::new();
        for (at, code) in request.gemeente_codes.iter().enumerate().take(MOST_GEMEENTEN) {
            let code: Option<GemeenteCode> = fields.parse(format!("gemeente_codes[{at}]"), code);
            gemeenten.extend(code.map(|code| code.to_string()));
        }
        let (asked, code) = fields.finish(asked.zip(code))?;
        let (code, gemeenten) = (&code, &gemeenten);
        let verb = |tx: Arc<Tx>| async move {
            let made = agreement::propose(&tx, code.as_str(), gemeenten).await?;
            to_wire(&tx, made).await
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn accept_agreement(&self, request: Request<pb::AcceptAgreementRequest>) -> Answer {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<RegionAgreementId> = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let (asked, (id, etag)) = fields.finish(asked.zip(id.zip(etag)))?;
        let verb = |tx: Arc<Tx>| async move {
            let accepted = agreement::accept(&tx, id, etag).await?;
            to_wire(&tx, accepted).await
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn end_agreement(&self, request: Request<pb::EndAgreementRequest>) -> Answer {
        let grant = permit(&request, Action::WriteDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<RegionAgreementId> = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let (asked, (id, etag)) = fields.finish(asked.zip(id.zip(etag)))?;
        let verb = |tx: Arc<Tx>| async move {
            let ended = agreement::end(&tx, id, etag).await?;
            to_wire(&tx, ended).await
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn list_agreements(
        &self,
        request: Request<pb::ListAgreementsRequest>,
    ) -> Result<Response<pb::ListAgreementsResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let bound = Bound { app: self, grant: &grant, filter: String::new() };
        let page = bound.read::<Uuid>(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        let mut rows = agreement::list(&read, &page).await?;
        let next = cut(&mut rows, page.size, |row| row.id);
        Ok(Response::new(pb::ListAgreementsResponse {
            region_agreements: all_to_wire(&read, rows).await?,
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn list_partner_professionals(
        &self,
        request: Request<pb::ListPartnerProfessionalsRequest>,
    ) -> Result<Response<pb::ListPartnerProfessionalsResponse>, Status> {
        let grant = permit(&request, Action::ReadDirectory)?;
        let day = caller(&request)?.today;
        let mut request = request.into_inner();
        let size = std::mem::take(&mut request.page_size);
        let token = std::mem::take(&mut request.page_token);
        let mut fields = Fields::default();
        let id: Option<RegionAgreementId> = fields.parse("region_agreement", &request.region_agreement);
        let role: Option<Role> = fields.choice("role", request.role, pb::Role::as_str_name);
        let at = fields.parse_if::<Name>("organisation_code", &request.organisation_code);
        let at = at.map(|code| code.as_str().to_owned());
        let bound = Bound { app: self, grant: &grant, filter: format!("{request:?}") };
        let page = bound.read(&mut fields, size, &token);
        let (page, (agreement, role)) = fields.finish(page.zip(id.zip(role)))?;
        let asked = Asked { agreement, role, at, day };
        let (professionals, next) = lookup::find(&self.read(grant.clone()), &asked, &page).await?;
        Ok(Response::new(pb::ListPartnerProfessionalsResponse {
            professionals,
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }
}

async fn to_wire(read: &Read, row: Model) -> Result<pb::RegionAgreement> {
    all_to_wire(read, vec![row]).await?.pop().ok_or(Error::NotFound("REGION_AGREEMENT"))
}

/// With the names of the other regions, in one statement.
async fn all_to_wire(read: &Read, rows: Vec<Model>) -> Result<Vec<pb::RegionAgreement>> {
    let partners: Vec<Uuid> = rows.iter().map(|row| row.partner_id).collect();
    let called = region::called(read, &partners).await?;
    let at = |column| instant(column).map(|at| at.map(timestamp));
    rows.into_iter()
        .map(|row| {
            let (swv_code, display_name) = called.get(&row.partner_id).cloned().unwrap_or_default();
            Ok(pb::RegionAgreement {
                name: RegionAgreementId(row.id).to_string(),
                swv_code,
                display_name,
                state: number("STATE", &row.state, State::from_str_name),
                gemeente_codes: row.gemeente_codes.split_whitespace().map(str::to_owned).collect(),
                propose_time: at(Some(row.proposed_at))?,
                accept_time: at(row.accepted_at)?,
                end_time: at(row.ended_at)?,
                etag: row.version.to_string(),
            })
        })
        .collect()
}
