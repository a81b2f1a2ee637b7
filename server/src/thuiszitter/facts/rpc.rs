//! Facts, on the wire.

use schakel_domain::{
    access::Action,
    ids::{CaseId, FactId},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    correct_fact::{Correction, correct_fact},
    list_facts::{self, list_facts},
    log::Reasons,
    reading,
    record_facts::{Telling, record_facts},
    standing::{self, get_standing},
};
use crate::{
    app::App,
    error::language,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
        page::Bound,
    },
};

#[tonic::async_trait]
impl pb::fact_service_server::FactService for App {
    async fn record_facts(
        &self,
        request: Request<pb::RecordFactsRequest>,
    ) -> Result<Response<pb::RecordFactsResponse>, Status> {
        let grant = permit(&request, Action::WriteCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case: Option<CaseId> = fields.parse("case", &request.case);
        let told = reading::facts(&mut fields, &request.facts, today);
        let ((asked, case), (told, reasons)) = fields.finish(asked.zip(case).zip(told))?;
        let wish = &Telling { told, reasons, outside: request.confirm_outside_region };
        let answer = self
            .answer(&grant, &asked, |tx| async move { record_facts(&tx, case, wish, language()).await })
            .await?;
        Ok(Response::new(answer))
    }

    async fn correct_fact(
        &self,
        request: Request<pb::CorrectFactRequest>,
    ) -> Result<Response<pb::CorrectFactResponse>, Status> {
        let grant = permit(&request, Action::WriteCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<FactId> = fields.parse("name", &request.name);
        let mut reasons = Reasons::new();
        let said = match &request.fact {
            Some(fact) => {
                let said = reading::said(&mut fields, "fact", fact, today);
                reading::one_day(&mut fields, "fact", fact);
                if let Some(said) = &said {
                    reading::reason(&mut fields, "fact", (fact, said), &mut reasons);
                }
                said.map(Some)
            }
            None => Some(None),
        };
        let ((asked, id), said) = fields.finish(asked.zip(id).zip(said))?;
        let wish = &Correction { said, reasons, outside: request.confirm_outside_region };
        let answer = self
            .answer(&grant, &asked, |tx| async move { correct_fact(&tx, id, wish, language()).await })
            .await?;
        Ok(Response::new(answer))
    }

    async fn list_facts(
        &self,
        request: Request<pb::ListFactsRequest>,
    ) -> Result<Response<pb::ListFactsResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let case: Option<CaseId> = fields.parse("case", &request.case);
        let as_of = fields.instant_if("as_of_time", request.as_of_time.as_ref());
        let filter = format!("{case:?}|{as_of:?}|{}", request.show_corrected);
        let bound = Bound { app: self, grant: &grant, filter };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let (case, page) = fields.finish(case.zip(page))?;
        let wanted = &list_facts::Wanted { case, as_of, corrected: request.show_corrected, page };
        let (facts, next) =
            self.write(&grant, None, |tx| async move { list_facts(&tx, wanted, language()).await }).await?;
        let next_page_token = next.map(|key| bound.token(&key)).unwrap_or_default();
        Ok(Response::new(pb::ListFactsResponse { facts, next_page_token }))
    }

    async fn get_standing(
        &self,
        request: Request<pb::GetStandingRequest>,
    ) -> Result<Response<pb::Standing>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let case: Option<CaseId> = fields.parse("case", &request.case);
        let as_of = fields.instant_if("as_of_time", request.as_of_time.as_ref());
        let date = fields.date_if("date", &request.date);
        let case = fields.finish(case)?;
        let wanted = &standing::Wanted { case, as_of, date };
        let standing =
            self.write(&grant, None, |tx| async move { get_standing(&tx, wanted, language()).await }).await?;
        Ok(Response::new(standing))
    }
}
