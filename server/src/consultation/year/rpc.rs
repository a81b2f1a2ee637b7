//! Year plans on the wire.

use std::sync::Arc;

use schakel_domain::{access::Action, consultation::series::Mode, ids::CaseId, refusal::Refusal};
use schakel_proto::v1::{self as pb, consultation::Kind as WireKind};
use tonic::{Request, Response, Status};

use super::{
    answer, book, coverage, oogo,
    propose::{Proposal, propose},
    question::Question,
    tables,
};
use crate::{
    access::{Grant, authenticate::today},
    app::App,
    consultation::together,
    error::{Error, Result},
    store::{Tx, request::Asked},
    wire::{
        call::{asked, permit},
        fields::Fields,
    },
};

/// How often a plan is made anew because somebody else was quicker.
const TRIES: u32 = 3;
const USUAL_WEEKS: i32 = 6;

#[tonic::async_trait]
impl pb::year_plan_service_server::YearPlanService for App {
    async fn plan_year(
        &self,
        request: Request<pb::PlanYearRequest>,
    ) -> Result<Response<pb::PlanYearResponse>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let question = Question::read(&mut fields, &request, today(self.now()));
        let (asked, question) = fields.finish(asked.zip(question))?;
        let plan = || async {
            let read = self.read(grant.clone());
            let tables = tables::lay(&read, &question).await?;
            propose(&read, question.what, tables).await
        };
        if request.dry_run {
            let proposal = plan().await?;
            let cases: Vec<CaseId> = question.by.cases().collect();
            together::searched(self, &grant, &cases).await?;
            return Ok(Response::new(answer::to_wire(&proposal, None)));
        }
        let told = |proposal: &Proposal, booked: &book::Booked| answer::to_wire(proposal, Some(booked));
        Ok(Response::new(commit(self, &grant, (&asked, question.mode), plan, told).await?))
    }

    async fn plan_oogo(
        &self,
        request: Request<pb::PlanOogoRequest>,
    ) -> Result<Response<pb::PlanOogoResponse>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let question = oogo::Question::read(&mut fields, &request);
        let (asked, question) = fields.finish(asked.zip(question))?;
        let road = oogo::road(&self.read(grant.clone()), &question).await?;
        let plan = || async { oogo::plan(&self.read(grant.clone()), &question, &road).await };
        let told = |proposal: &Proposal, booked: Option<&book::Booked>| pb::PlanOogoResponse {
            milestones: road.1.iter().map(oogo::to_wire).collect(),
            tables: answer::tables(proposal, booked),
            warnings: answer::warnings(proposal),
        };
        if request.dry_run {
            let proposal = plan().await?;
            together::searched(self, &grant, &[]).await?;
            return Ok(Response::new(told(&proposal, None)));
        }
        let booked = |proposal: &Proposal, booked: &book::Booked| told(proposal, Some(booked));
        Ok(Response::new(commit(self, &grant, (&asked, question.mode), plan, booked).await?))
    }

    async fn list_visit_coverage(
        &self,
        request: Request<pb::ListVisitCoverageRequest>,
    ) -> Result<Response<pb::ListVisitCoverageResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let kind = fields.choice("kind", request.kind, WireKind::as_str_name);
        let visitor = fields.parse_if("visitor", &request.visitor);
        let weeks = if request.every_weeks == 0 { USUAL_WEEKS } else { request.every_weeks };
        if !(1..=104).contains(&weeks) {
            fields.refuse("every_weeks", Refusal::FieldInvalid);
        }
        let kind = fields.finish(kind)?;
        let wish = coverage::Wish { kind, visitor, weeks: weeks.into() };
        let schools = coverage::list(&self.read(grant), wish).await?;
        let gaps = schools.iter().filter(|school| school.gap).count();
        let gap_count = i32::try_from(gaps).unwrap_or(i32::MAX);
        Ok(Response::new(pb::ListVisitCoverageResponse { schools, gap_count }))
    }
}

/// Plans before the transaction and books in it; plans anew when somebody else was quicker.
async fn commit<M, P, F>(
    app: &App,
    grant: &Grant,
    (asked, mode): (&Asked, Mode),
    plan: impl Fn() -> P,
    told: F,
) -> Result<M>
where
    M: prost::Message + Default,
    P: Future<Output = Result<Proposal>>,
    F: Fn(&Proposal, &book::Booked) -> M,
{
    if let Some(before) = app.answered(grant, asked).await? {
        return Ok(before);
    }
    let mut tries = 1;
    loop {
        let proposal = &plan().await?;
        let told = &told;
        let verb = |tx: Arc<Tx>| async move {
            let booked = book::book(&tx, proposal, mode).await?;
            Ok(told(proposal, &booked))
        };
        match app.answer(grant, asked, verb).await {
            Err(Error::Refused(Refusal::TimeConflict, _)) if tries < TRIES => tries += 1,
            done => return done,
        }
    }
}
