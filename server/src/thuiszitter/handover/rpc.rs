//! Hand-overs on the wire.

use std::sync::Arc;

use chrono::NaiveDate;
use schakel_domain::{
    access::{Action, Role},
    bound::Bound,
    dutch::SchoolYear,
    ids::{ClusterId, ConsultationId, PersonId},
    refusal::Refusal,
    thuiszitter::handover::{HandoverAnswer, HandoverReason, HandoverState},
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    answer::answer,
    move_case::{self, move_case},
    reassign::{self, reassign},
    round,
};
use crate::{
    access::{Caller, Grant},
    app::App,
    availability::{find, line},
    consultation::shared,
    directory::guide::Succession,
    error::{Error, Result},
    store::Tx,
    thuiszitter::voice::Voice,
    wire::{
        call::{asked, caller, permit},
        fields::Fields,
    },
};

/// More times than this help nobody.
const MOST_TIMES: i32 = 5;

#[tonic::async_trait]
impl pb::handover_service_server::HandoverService for App {
    async fn move_case(
        &self,
        request: Request<pb::MoveCaseRequest>,
    ) -> Result<Response<pb::MoveCaseResponse>, Status> {
        let grant = permit(&request, Action::WriteCase)?;
        let searcher = caller(&request)?.clone();
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = fields.parse("name", &request.name);
        let etag = fields.etag("etag", &request.etag);
        let school = fields.parse_if("school", &request.school);
        let code = Some(request.residence_gemeente_code.as_str()).filter(|code| !code.is_empty());
        let gemeente =
            code.and_then(|code| fields.parse_as("residence_gemeente_code", code, Bound::Gemeente));
        let voice = Voice::read(&mut fields, &request.parents_involved, &request.child_heard);
        if request.school.is_empty() && request.residence_gemeente_code.is_empty() {
            fields.refuse("school", Refusal::FieldRequired);
        }
        let (asked, (case, etag)) = fields.finish(asked.zip(case.zip(etag)))?;
        let outside = request.confirm_outside_region;
        let wish = &move_case::Wish { case, etag, school, gemeente, outside, voice };
        let mut moved = self.answer(&grant, &asked, |tx| async move { move_case(&tx, wish).await }).await?;
        moved.times = times(self, &searcher, &moved).await?;
        Ok(Response::new(moved))
    }

    async fn reassign_cluster(
        &self,
        request: Request<pb::ReassignClusterRequest>,
    ) -> Result<Response<pb::ReassignClusterResponse>, Status> {
        let grant = permit(&request, Action::WriteCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let cluster: Option<ClusterId> = fields.parse("cluster", &request.cluster);
        let role: Option<Role> = fields.choice("role", request.role, pb::Role::as_str_name);
        if role.is_some_and(|role| ![Role::Trajectbegeleider, Role::Bocer].contains(&role)) {
            fields.refuse("role", Refusal::FieldInvalid);
        }
        let from: Option<PersonId> = fields.parse("from", &request.from);
        let to: Option<PersonId> = fields.parse("to", &request.to);
        if to.is_some() && to == from {
            fields.refuse("to", Refusal::FieldInvalid);
        }
        let day = fields.date("first_day", &request.first_day);
        let read = asked.zip(cluster.zip(role)).zip(from.zip(to).zip(day));
        let ((asked, (cluster, role)), ((from, to), day)) = fields.finish(read)?;
        let wish = &reassign::Wish {
            succession: Succession { cluster, role, from, to, day },
            cases: request.move_cases,
            consultations: request.move_consultations,
            dry_run: request.dry_run,
        };
        let done = self.answer(&grant, &asked, |tx| async move { reassign(&tx, wish).await }).await?;
        Ok(Response::new(done))
    }

    async fn list_handovers(
        &self,
        request: Request<pb::ListHandoversRequest>,
    ) -> Result<Response<pb::ListHandoversResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let year = fields.parse_if("school_year", &request.school_year);
        let sending = fields.parse_if("sending_school", &request.sending_school);
        let receiving = fields.parse_if("receiving_school", &request.receiving_school);
        fields.check()?;
        let wanted = round::Wanted { year: year.unwrap_or(SchoolYear::of(today)), sending, receiving };
        Ok(Response::new(counted(round::list(self, &grant, &wanted).await?, today)))
    }

    async fn answer_handover(
        &self,
        request: Request<pb::AnswerHandoverRequest>,
    ) -> Result<Response<pb::Handover>, Status> {
        let grant = permit(&request, Action::AnswerConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<ConsultationId> = fields.parse("consultation", &request.consultation);
        let given = given(&mut fields, &request);
        let ((asked, id), given) = fields.finish(asked.zip(id).zip(given))?;
        let verb = |tx: Arc<Tx>| async move { answer(&tx, id, given).await };
        let answered = match self.answer(&grant, &asked, verb).await {
            Err(error @ Error::NotFound(_)) => {
                let there = shared::leave(self, &grant, id, error).await?;
                self.answer(&there, &asked, verb).await?
            }
            answered => answered?,
        };
        Ok(Response::new(answered))
    }
}

/// What the receiving school says.
fn given(fields: &mut Fields, request: &pb::AnswerHandoverRequest) -> Option<HandoverAnswer> {
    let state: Option<HandoverState> =
        fields.choice("state", request.state, pb::handover::State::as_str_name);
    let reason: Option<HandoverReason> = match request.reason {
        0 => None,
        number => Some(fields.choice("reason", number, pb::handover::Reason::as_str_name)?),
    };
    match HandoverAnswer::of(state?, reason) {
        Ok(answer) => Some(answer),
        Err((field, refusal)) => {
            fields.refuse(field, refusal);
            None
        }
    }
}

/// A round with its counts.
fn counted(handovers: Vec<pb::Handover>, today: NaiveDate) -> pb::ListHandoversResponse {
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let of = |state: pb::handover::State| {
        number(handovers.iter().filter(|one| one.state == i32::from(state)).count())
    };
    // Days are written so that they sort as they come.
    let today = today.to_string();
    let late = handovers.iter().filter(|one| !one.due_date.is_empty() && one.due_date < today).count();
    pb::ListHandoversResponse {
        missing_count: of(pb::handover::State::Proposed),
        booked_count: of(pb::handover::State::Booked),
        held_count: of(pb::handover::State::Held),
        confirmed_count: of(pb::handover::State::Confirmed),
        refused_count: of(pb::handover::State::Refused),
        overdue_count: number(late),
        handovers,
    }
}

/// When the professionals of the proposal can meet; none when the caller may not search.
async fn times(app: &App, caller: &Caller, moved: &pb::MoveCaseResponse) -> Result<Vec<pb::Slot>> {
    let Ok(grant) = Grant::of(caller, Action::FindSlots) else { return Ok(Vec::new()) };
    let Some(proposal) = &moved.proposal else { return Ok(Vec::new()) };
    let seated = proposal.participants.iter().filter(|seat| seat.role != i32::from(pb::Role::Ouder));
    let seats: Vec<pb::Seat> = seated
        .map(|seat| pb::Seat { who: Some(pb::seat::Who::Person(seat.person.clone())), ..pb::Seat::default() })
        .collect();
    if seats.is_empty() {
        return Ok(Vec::new());
    }
    let asked = pb::FindSlotsRequest {
        seats,
        duration: proposal.duration,
        max_slots: MOST_TIMES,
        ..pb::FindSlotsRequest::default()
    };
    let (found, lines) = find(app.read(grant.clone()), &asked).await?;
    let (line, count, lines) = (line(&asked), found.slots.len(), &lines);
    let audit = |tx: Arc<Tx>| async move {
        tx.audit_counted(line, count).await?;
        tx.audit_all(lines).await
    };
    app.write(&grant, None, audit).await?;
    Ok(found.slots)
}
