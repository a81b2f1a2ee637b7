//! Hand-overs on the wire.

use schakel_domain::{
    access::{Action, Role},
    ids::{ClusterId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1 as pb;
use tonic::{Request, Response, Status};

use super::{
    move_case::{self, move_case},
    reassign::{self, reassign},
};
use crate::{
    access::{Caller, Grant},
    app::App,
    availability::{find, line},
    directory::guide::Succession,
    error::Result,
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
        let gemeente = fields.parse_if("residence_gemeente_code", &request.residence_gemeente_code);
        if request.school.is_empty() && request.residence_gemeente_code.is_empty() {
            fields.refuse("school", Refusal::FieldRequired);
        }
        let (asked, (case, etag)) = fields.finish(asked.zip(case.zip(etag)))?;
        let wish = &move_case::Wish { case, etag, school, gemeente };
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
    let audit = |tx: std::sync::Arc<crate::store::Tx>| async move {
        tx.audit_counted(line, count).await?;
        tx.audit_all(lines).await
    };
    app.write(&grant, None, audit).await?;
    Ok(found.slots)
}
