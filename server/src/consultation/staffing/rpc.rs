//! Scarce time on the wire.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use schakel_domain::{
    access::{Action, Class, Classes},
    ids::{CaseId, PersonId, SchoolId},
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, get_workload_request::Of as WireOf};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    crisis::{self, Done},
    substitute, team, wire,
    workload::{self, Of},
};
use crate::{
    access::Grant,
    app::App,
    consultation::{reach, show, tell, waiting, wire::to_wire},
    error::{Error, Result},
    store::{
        Tx,
        audit::{Deed, Line},
    },
    wire::{
        call::{asked, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

const USUAL_ABSENCE: TimeDelta = TimeDelta::weeks(8);
const USUAL_WORKLOAD: TimeDelta = TimeDelta::weeks(4);

/// What a crisis made, as its booker sees it.
async fn crisis_to_wire(tx: &Tx, done: Done) -> Result<pb::BookCrisisResponse> {
    let before: Vec<_> = done.displaced.iter().map(|one| one.before.clone()).collect();
    let arounds = reach::around(tx, &before).await?;
    let displaced = done.displaced.iter().map(|one| {
        let case = one.before.case.map(|case| case.0);
        let around = arounds.iter().find(|around| Some(around.case) == case);
        wire::displaced(one, reach::classes(tx, &one.before, around).is_ok())
    });
    let displaced = displaced.collect();
    let shown = show::changed(tx, done.meeting).await?;
    Ok(pb::BookCrisisResponse { consultation: Some(to_wire(&shown)), displaced })
}

/// Books a crisis, tells what would come of it, and takes everything back.
async fn rehearse(app: &App, grant: &Grant, wish: &crisis::Wish) -> Result<pb::BookCrisisResponse> {
    let told: Mutex<Option<(pb::BookCrisisResponse, Vec<Line>)>> = Mutex::default();
    let kept = &told;
    let verb = |tx: Arc<Tx>| async move {
        let done = crisis::book(&tx, wish).await?;
        let mut lines = tell::lines(&done.meeting, Deed::R, &[Class::K1, Class::K2]);
        for line in &mut lines {
            line.id = None;
        }
        let answer = crisis_to_wire(&tx, done).await?;
        *kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((answer, lines));
        // Nothing of it stays.
        Err::<(), _>(Error::Stale)
    };
    let ended = app.write(grant, None, verb).await;
    let told = told.into_inner().unwrap_or_else(PoisonError::into_inner);
    // Whoever finds no time has looked into calendars as well.
    let (line, shown) =
        (&line(wish.case), told.as_ref().map(|(_, lines)| lines.as_slice()).unwrap_or_default());
    app.write(grant, None, |tx| async move {
        tx.audit_all(shown).await?;
        tx.audit_counted(*line, 1).await
    })
    .await?;
    match (told, ended) {
        (Some((mut answer, _)), Err(Error::Stale)) => {
            if let Some(meeting) = &mut answer.consultation {
                meeting.name.clear();
                meeting.reference.clear();
                meeting.etag.clear();
            }
            Ok(answer)
        }
        (_, Err(error)) => Err(error),
        (_, Ok(())) => Err(Error::Corrupt { table: "none", column: "rehearsal" }),
    }
}

/// That a time for a crisis was sought, about which case.
fn line(case: CaseId) -> Line {
    let classes = Classes::of(&[Class::K0, Class::K1]);
    Line { deed: Deed::S, object: "slots", id: Some(case.0), subject: None, classes }
}

#[tonic::async_trait]
impl pb::staffing_service_server::StaffingService for App {
    async fn book_crisis(
        &self,
        request: Request<pb::BookCrisisRequest>,
    ) -> Result<Response<pb::BookCrisisResponse>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::crisis(&mut fields, &request);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        if request.dry_run {
            return Ok(Response::new(rehearse(self, &grant, &wish).await?));
        }
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move {
            let done = crisis::book(&tx, wish).await?;
            crisis_to_wire(&tx, done).await
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn propose_substitutes(
        &self,
        request: Request<pb::ProposeSubstitutesRequest>,
    ) -> Result<Response<pb::ProposeSubstitutesResponse>, Status> {
        let grant = permit(&request, Action::Substitute)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let person = fields.parse("person", &request.person);
        let times = (request.start_time.as_ref(), request.end_time.as_ref());
        let window = wire::window(&mut fields, times, (self.now(), USUAL_ABSENCE));
        let (person, window) = fields.finish(person.zip(window))?;
        let proposals = substitute::propose(&self.read(grant), person, window).await?;
        Ok(Response::new(wire::proposals(&proposals)))
    }

    async fn substitute_participants(
        &self,
        request: Request<pb::SubstituteParticipantsRequest>,
    ) -> Result<Response<pb::SubstituteParticipantsResponse>, Status> {
        let grant = permit(&request, Action::Substitute)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let person: Option<PersonId> = fields.parse("person", &request.person);
        let choices = wire::choices(&mut fields, &request.choices);
        let ((asked, person), choices) = fields.finish(asked.zip(person).zip(choices))?;
        let choices = &choices;
        let verb = |tx: Arc<Tx>| async move {
            let changed = substitute::substitute(&tx, person, choices).await?;
            let changed = changed.iter().map(|meeting| pb::substitute_participants_response::Changed {
                consultation: meeting.id.to_string(),
                etag: meeting.version.to_string(),
            });
            Ok(pb::SubstituteParticipantsResponse { changed: changed.collect() })
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn list_team_meetings(
        &self,
        request: Request<pb::ListTeamMeetingsRequest>,
    ) -> Result<Response<pb::ListTeamMeetingsResponse>, Status> {
        let grant = permit(&request, Action::Substitute)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let team = fields.parse("team", &request.team);
        let times = (request.start_time.as_ref(), request.end_time.as_ref());
        let window = wire::window(&mut fields, times, (self.now(), USUAL_WORKLOAD));
        let (team, window) = fields.finish(team.zip(window))?;
        let agenda = team::agenda(&self.read(grant), team, window).await?;
        Ok(Response::new(wire::agenda(&agenda)))
    }

    async fn join_waiting_list(
        &self,
        request: Request<pb::JoinWaitingListRequest>,
    ) -> Result<Response<pb::WaitingEntry>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = waiting::read(&mut fields, request.waiting_entry.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move {
            let entry = waiting::join::join(&tx, wish).await?;
            Ok(waiting::to_wire(&waiting::list::Shown { entry, classes: tx.grant().classes() }))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn list_waiting(
        &self,
        request: Request<pb::ListWaitingRequest>,
    ) -> Result<Response<pb::ListWaitingResponse>, Status> {
        let grant = permit(&request, Action::FindSlots)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let school: Option<SchoolId> = fields.parse_if("school", &request.school);
        let bound = Bound { app: self, grant: &grant, filter: request.school.clone() };
        let page = bound.read::<Uuid>(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let shown =
            self.write(&grant, None, |tx| async move { waiting::list::list(&tx, school).await }).await?;
        let before =
            |after: Uuid| shown.iter().position(|one| one.entry.id.0 == after).map_or(0, |at| at + 1);
        let mut rest: Vec<_> = shown.iter().skip(page.after.map_or(0, before)).collect();
        rest.truncate(usize::try_from(page.size + 1).unwrap_or(usize::MAX));
        let next = cut(&mut rest, page.size, |one| one.entry.id.0);
        Ok(Response::new(pb::ListWaitingResponse {
            waiting_entries: rest.into_iter().map(waiting::to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn leave_waiting_list(
        &self,
        request: Request<pb::LeaveWaitingListRequest>,
    ) -> Result<Response<pb::WaitingEntry>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = waiting::known(&mut fields, &request.name, &request.etag);
        let (asked, known) = fields.finish(asked.zip(known))?;
        let verb = |tx: Arc<Tx>| async move {
            let entry = waiting::leave(&tx, known).await?;
            let classes = Classes::of(&[Class::K0, Class::K1]);
            Ok(waiting::to_wire(&waiting::list::Shown { entry, classes }))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn accept_offer(
        &self,
        request: Request<pb::AcceptOfferRequest>,
    ) -> Result<Response<pb::Consultation>, Status> {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = waiting::known(&mut fields, &request.name, &request.etag);
        let besides = waiting::besides(&mut fields, &request);
        let (asked, (known, besides)) = fields.finish(asked.zip(known.zip(besides)))?;
        let besides = &besides;
        let verb = |tx: Arc<Tx>| async move {
            let meeting = waiting::accept::accept(&tx, known, besides.clone()).await?;
            show::changed(&tx, meeting).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn get_workload(
        &self,
        request: Request<pb::GetWorkloadRequest>,
    ) -> Result<Response<pb::GetWorkloadResponse>, Status> {
        let grant = permit(&request, Action::ReadWorkload)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let of = match &request.of {
            Some(WireOf::Team(team)) => fields.parse("team", team).map(Of::Team),
            Some(WireOf::Person(person)) => fields.parse("person", person).map(Of::Person),
            None => {
                fields.refuse("of", Refusal::FieldRequired);
                None
            }
        };
        let times = (request.start_time.as_ref(), request.end_time.as_ref());
        let window = wire::window(&mut fields, times, (self.now(), USUAL_WORKLOAD));
        let (of, window) = fields.finish(of.zip(window))?;
        let workloads = workload::workload(&self.read(grant), of, window).await?;
        Ok(Response::new(pb::GetWorkloadResponse { workloads }))
    }
}
