//! Escalation, on the wire.

use chrono::NaiveDate;
use schakel_domain::{
    access::Action,
    bound::Bound,
    ids::{CaseId, CaseViewId},
    refusal::Refusal,
    thuiszitter::{
        EscalationLevel,
        escalation::{Check, Compliance, due_fits},
        view::{About, Party},
    },
};
use schakel_proto::v1 as pb;
use strum::IntoEnumIterator;
use tonic::{Request, Response, Status};

use super::{
    check::{Looking, check_compliance},
    decide::{Deciding, decide},
    level::{Step, deescalate_case, escalate_case},
    list::{list_decisions, list_views},
    record_view::{Saying, add_rejoinder, record_view},
};
use crate::{
    app::App,
    error::language,
    thuiszitter::{reading::past, voice::Voice},
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

#[tonic::async_trait]
impl pb::escalation_service_server::EscalationService for App {
    async fn escalate_case(
        &self,
        request: Request<pb::EscalateCaseRequest>,
    ) -> Result<Response<pb::EscalateCaseResponse>, Status> {
        let grant = permit(&request, Action::EscalateCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = fields.parse("case", &request.case);
        let to = level(&mut fields, request.level).filter(|level| *level > EscalationLevel::L0);
        if request.level == 0 {
            fields.refuse("level", Refusal::FieldRequired);
        }
        let date = past(&mut fields, "date", &request.date, today);
        let reason = fields.parse("reason", &request.reason);
        let organisation = fields.parse("organisation", &request.organisation);
        let person = fields.parse_if("person", &request.person);
        let voice = Voice::read(&mut fields, &request.parents_involved, &request.child_heard);
        let etag = fields.etag("etag", &request.etag);
        let step = case.zip(to).zip(date.zip(reason)).zip(etag);
        let (asked, (step, organisation)) = fields.finish(asked.zip(step.zip(organisation)))?;
        let (((case, to), (date, reason)), etag) = step;
        let step = &Step { case, etag, to, date, reason, voice };
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let done = escalate_case(&tx, step, (organisation, person), language()).await?;
                let (escalation_level, moved, etag) = (done.level, done.moved, done.etag);
                Ok(pb::EscalateCaseResponse { escalation_level, moved, etag })
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn deescalate_case(
        &self,
        request: Request<pb::DeescalateCaseRequest>,
    ) -> Result<Response<pb::DeescalateCaseResponse>, Status> {
        let grant = permit(&request, Action::EscalateCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = fields.parse("case", &request.case);
        let to = level(&mut fields, request.level);
        let date = past(&mut fields, "date", &request.date, today);
        let reason = fields.parse("reason", &request.reason);
        let voice = Voice::read(&mut fields, &request.parents_involved, &request.child_heard);
        let etag = fields.etag("etag", &request.etag);
        let step = case.zip(to).zip(date.zip(reason)).zip(etag);
        let (asked, (((case, to), (date, reason)), etag)) = fields.finish(asked.zip(step))?;
        let step = &Step { case, etag, to, date, reason, voice };
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let done = deescalate_case(&tx, step, language()).await?;
                let (escalation_level, moved, etag) = (done.level, done.moved, done.etag);
                Ok(pb::DeescalateCaseResponse { escalation_level, moved, etag })
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn decide_doorzettingsmacht(
        &self,
        request: Request<pb::DecideDoorzettingsmachtRequest>,
    ) -> Result<Response<pb::Decision>, Status> {
        let grant = permit(&request, Action::DecideCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = deciding(&mut fields, &request, today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self.answer(&grant, &asked, |tx| async move { decide(&tx, wish).await }).await?;
        Ok(Response::new(answer))
    }

    async fn check_compliance(
        &self,
        request: Request<pb::CheckComplianceRequest>,
    ) -> Result<Response<pb::Decision>, Status> {
        let grant = permit(&request, Action::DecideCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = looking(&mut fields, &request, today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer =
            self.answer(&grant, &asked, |tx| async move { check_compliance(&tx, wish).await }).await?;
        Ok(Response::new(answer))
    }

    async fn list_decisions(
        &self,
        request: Request<pb::ListDecisionsRequest>,
    ) -> Result<Response<pb::ListDecisionsResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let mut fields = Fields::default();
        let case = fields.parse("case", &request.into_inner().case);
        let case: CaseId = fields.finish(case)?;
        let decisions = self.write(&grant, None, |tx| async move { list_decisions(&tx, case).await }).await?;
        Ok(Response::new(pb::ListDecisionsResponse { decisions }))
    }

    async fn record_view(
        &self,
        request: Request<pb::RecordViewRequest>,
    ) -> Result<Response<pb::CaseView>, Status> {
        let grant = permit(&request, Action::RecordView)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case: Option<CaseId> = fields.parse("case", &request.case);
        let about: Option<About> = fields.choice("about", request.about, pb::case_view::About::as_str_name);
        let decision = fields.parse_if("decision", &request.decision);
        if about.is_some_and(|about| (about == About::Decision) == request.decision.is_empty()) {
            let missing = request.decision.is_empty();
            fields.refuse("decision", if missing { Refusal::FieldRequired } else { Refusal::FieldInvalid });
        }
        let saying = saying(&mut fields, (&request.person, &request.organisation), &request.text);
        let ((asked, case), (about, saying)) = fields.finish(asked.zip(case).zip(about.zip(saying)))?;
        let saying = &saying;
        let answer =
            self.answer(&grant, &asked, |tx| async move {
                record_view(&tx, case, (about, decision), saying).await
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn add_rejoinder(
        &self,
        request: Request<pb::AddRejoinderRequest>,
    ) -> Result<Response<pb::CaseView>, Status> {
        let grant = permit(&request, Action::RecordView)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let view: Option<CaseViewId> = fields.parse("view", &request.view);
        let saying = saying(&mut fields, (&request.person, &request.organisation), &request.text);
        let (asked, (view, saying)) = fields.finish(asked.zip(view.zip(saying)))?;
        let saying = &saying;
        let answer =
            self.answer(&grant, &asked, |tx| async move { add_rejoinder(&tx, view, saying).await }).await?;
        Ok(Response::new(answer))
    }

    async fn list_views(
        &self,
        request: Request<pb::ListViewsRequest>,
    ) -> Result<Response<pb::ListViewsResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let mut fields = Fields::default();
        let case = fields.parse("case", &request.into_inner().case);
        let case: CaseId = fields.finish(case)?;
        let views = self.write(&grant, None, |tx| async move { list_views(&tx, case).await }).await?;
        Ok(Response::new(pb::ListViewsResponse { views }))
    }
}

/// 0 to 4.
fn level(fields: &mut Fields, number: i32) -> Option<EscalationLevel> {
    let level = EscalationLevel::iter().find(|level| *level as i32 == number);
    if level.is_none() {
        fields.refuse("level", Refusal::FieldInvalid);
    }
    level
}

fn deciding(
    fields: &mut Fields,
    request: &pb::DecideDoorzettingsmachtRequest,
    today: NaiveDate,
) -> Option<Deciding> {
    let case = fields.parse("case", &request.case);
    let decider = fields.parse("decider", &request.decider);
    let date = past(fields, "decide_date", &request.decide_date, today);
    let text = fields.parse("text", &request.text);
    let obliged = fields.parse("obliged_organisation", &request.obliged_organisation);
    let due = fields.date("due_date", &request.due_date);
    if date.zip(due).is_some_and(|(date, due)| !due_fits(date, due)) {
        fields.bound("due_date", Refusal::TimeOutOfBounds, Bound::DecisionTerm);
    }
    Some(Deciding { case: case?, decider: decider?, date: date?, text: text?, obliged: obliged?, due: due? })
}

fn looking(fields: &mut Fields, request: &pb::CheckComplianceRequest, today: NaiveDate) -> Option<Looking> {
    let decision = fields.parse("name", &request.name);
    let on = past(fields, "date", &request.date, today);
    let state: Option<Compliance> = fields.choice("state", request.state, pb::decision::State::as_str_name);
    let complied = match state {
        Some(Compliance::Complied) => Some(true),
        Some(Compliance::NotComplied) => Some(false),
        Some(Compliance::Pending | Compliance::Overdue) => {
            fields.refuse("state", Refusal::FieldInvalid);
            None
        }
        None => None,
    };
    let found = fields.parse("found", &request.found);
    let etag = fields.etag("etag", &request.etag);
    let check = Check { on: on?, complied: complied? };
    Some(Looking { decision: decision?, etag: etag?, check, found: found? })
}

/// Whose words, and what they are: of a person or of an organisation, not of both.
fn saying(fields: &mut Fields, (person, organisation): (&str, &str), text: &str) -> Option<Saying> {
    let party = if organisation.is_empty() {
        fields.parse("person", person).map(Party::Person)
    } else {
        if !person.is_empty() {
            fields.refuse("person", Refusal::FieldInvalid);
        }
        fields.parse("organisation", organisation).map(Party::Organisation)
    };
    let text = fields.parse("text", text);
    Some(Saying { party: party?, text: text? })
}
