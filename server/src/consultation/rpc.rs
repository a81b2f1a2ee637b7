//! Meetings on the wire.

use std::sync::Arc;

use chrono::TimeDelta;
use schakel_domain::{
    access::Action,
    consultation::Answer as Given,
    ids::{ConsultationId, PersonId},
    refusal::Refusal,
};
use schakel_proto::v1::{self as pb, consultation::Place, participant::Answer as WireAnswer};
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::{
    answer, book, cancel,
    conflict::{self, Wanted},
    missing, moving, outcome, parts, reach, reinstate, replace, shared, show,
    store::{self, Filter},
    watch::{self, Watcher},
    wire::{self, to_wire},
};
use crate::{
    access::{Grant, circle},
    app::App,
    error::{Error, Result},
    store::{Tx, request::Asked},
    wire::{
        call::{asked, call, permit},
        fields::Fields,
        page::{Bound, cut},
    },
};

type Answer = Result<Response<pb::Consultation>, Status>;

#[tonic::async_trait]
impl pb::consultation_service_server::ConsultationService for App {
    async fn book_consultation(&self, request: Request<pb::BookConsultationRequest>) -> Answer {
        let grant = permit(&request, Action::BookConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wire::wish(&mut fields, request.consultation.as_ref());
        let hold = fields.parse_if("hold", &request.hold);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &book::Wish { hold, over_outside_busy: request.over_outside_busy, ..wish };
        let verb = |tx: Arc<Tx>| async move {
            let booked = book::book(&tx, wish).await?;
            show::changed(&tx, booked).await.map(|shown| to_wire(&shown))
        };
        let booked = self.answer(&grant, &asked, verb).await;
        let wanted = || async {
            let persons = wish.guests.iter().map(|guest| (guest.person, guest.role)).collect();
            let (place, school) = (wish.place, wish.school);
            Ok(Wanted { persons, place, school, start: wish.start, length: wish.length })
        };
        Ok(Response::new(conflict::offer(self, &grant, booked, wanted).await?))
    }

    async fn get_consultation(&self, request: Request<pb::GetConsultationRequest>) -> Answer {
        let grant = permit(&request, Action::ReadConsultation)?;
        let mut fields = Fields::default();
        let id: Option<ConsultationId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        let shown = match show::get(self, &grant, id).await {
            Err(error @ Error::NotFound(_)) => shared::get(self, &grant, id, error).await?,
            found => found?,
        };
        Ok(Response::new(to_wire(&shown)))
    }

    async fn list_consultations(
        &self,
        request: Request<pb::ListConsultationsRequest>,
    ) -> Result<Response<pb::ListConsultationsResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let filter = Filter {
            case: fields.parse_if("case", &request.case),
            school: fields.parse_if("school", &request.school),
            after: fields.instant_if("after_time", request.after_time.as_ref()).unwrap_or(self.now()),
            cancelled: request.show_cancelled,
        };
        let vacant = request.needs_substitute;
        let after = request.after_time.map(|time| (time.seconds, time.nanos));
        let bound = format!("{:?} {:?} {after:?} {} {vacant}", filter.case, filter.school, filter.cancelled);
        let bound = Bound { app: self, grant: &grant, filter: bound };
        let page = bound.read::<(i64, Uuid)>(&mut fields, request.page_size, &request.page_token);
        let page = fields.finish(page)?;
        let read = self.read(grant.clone());
        if let Some(case) = filter.case {
            circle::reach(&read, case).await?;
        }
        let mut condition = filter.condition().add(store::reached(&read));
        if vacant {
            condition = condition.add(missing::possibly(&read));
        }
        let mut rows = store::list(&read, condition, page.after, page.size + 1).await?;
        let next = cut(&mut rows, page.size, |row| (row.time.start().timestamp_micros(), row.id.0));
        let found = reach::reached(&read, rows).await?;
        let mut shown = show::open(self, &grant, found).await?;
        shown.retain(|one| !vacant || !one.missing.is_empty());
        Ok(Response::new(pb::ListConsultationsResponse {
            consultations: shown.iter().map(to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn move_consultation(&self, request: Request<pb::MoveConsultationRequest>) -> Answer {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = wire::known(&mut fields, &request.name, &request.etag);
        let start = fields.instant("start_time", request.start_time.as_ref());
        let length = request.duration.and_then(|length| fields.length("duration", Some(&length)));
        let place = match request.place {
            0 => None,
            place => fields.choice("place", place, Place::as_str_name),
        };
        let rooms = wire::rooms(&mut fields, "rooms", &request.rooms);
        let alone_because = wire::alone(&mut fields, "alone_because", request.alone_because);
        let short_notice = wire::short_notice(&mut fields, "short_notice", request.short_notice);
        let ((asked, known), (start, rooms)) = fields.finish(asked.zip(known).zip(start.zip(rooms)))?;
        let wish = &moving::Wish { known, start, length, place, short_notice, rooms, alone_because };
        let verb = |tx: Arc<Tx>| async move {
            let moved = moving::move_to(&tx, wish).await?;
            show::changed(&tx, moved).await.map(|shown| to_wire(&shown))
        };
        let moved = self.answer(&grant, &asked, verb).await;
        let wanted = || async {
            let wanted = wanted(self, &grant, known.id).await?;
            let place = place.unwrap_or(wanted.place);
            Ok(Wanted { start, place, length: length.unwrap_or(wanted.length), ..wanted })
        };
        Ok(Response::new(conflict::offer(self, &grant, moved, wanted).await?))
    }

    async fn update_parts(&self, request: Request<pb::UpdatePartsRequest>) -> Answer {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = parts::wire::wish(&mut fields, &request);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move {
            let updated = parts::update::update(&tx, wish).await?;
            show::changed(&tx, updated).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn replace_participant(&self, request: Request<pb::ReplaceParticipantRequest>) -> Answer {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = wire::known(&mut fields, &request.name, &request.etag);
        let leaves: Option<PersonId> = fields.parse("leaves", &request.leaves);
        let comes = wire::guest(&mut fields, "comes", &request.comes.clone().unwrap_or_default());
        let (((asked, known), leaves), comes) = fields.finish(asked.zip(known).zip(leaves).zip(comes))?;
        let wish = replace::Wish { known, leaves: Some(leaves), comes: Some(comes) };
        reseat(self, &grant, &asked, wish).await
    }

    async fn add_participant(&self, request: Request<pb::AddParticipantRequest>) -> Answer {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = wire::known(&mut fields, &request.name, &request.etag);
        let comes = wire::guest(&mut fields, "comes", &request.comes.clone().unwrap_or_default());
        let ((asked, known), comes) = fields.finish(asked.zip(known).zip(comes))?;
        reseat(self, &grant, &asked, replace::Wish { known, leaves: None, comes: Some(comes) }).await
    }

    async fn remove_participant(&self, request: Request<pb::RemoveParticipantRequest>) -> Answer {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = wire::known(&mut fields, &request.name, &request.etag);
        let leaves: Option<PersonId> = fields.parse("leaves", &request.leaves);
        let ((asked, known), leaves) = fields.finish(asked.zip(known).zip(leaves))?;
        reseat(self, &grant, &asked, replace::Wish { known, leaves: Some(leaves), comes: None }).await
    }

    async fn reinstate_consultation(&self, request: Request<pb::ReinstateConsultationRequest>) -> Answer {
        let grant = permit(&request, Action::WriteConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = wire::known(&mut fields, &request.name, &request.etag);
        let short_notice = wire::short_notice(&mut fields, "short_notice", request.short_notice);
        let (asked, known) = fields.finish(asked.zip(known))?;
        let wish = reinstate::Wish { known, short_notice };
        let verb = |tx: Arc<Tx>| async move {
            let goes_on = reinstate::reinstate(&tx, &wish).await?;
            show::changed(&tx, goes_on).await.map(|shown| to_wire(&shown))
        };
        let reinstated = self.answer(&grant, &asked, verb).await;
        let offered = conflict::offer(self, &grant, reinstated, || wanted(self, &grant, known.id)).await;
        Ok(Response::new(offered?))
    }

    async fn cancel_consultation(&self, request: Request<pb::CancelConsultationRequest>) -> Answer {
        let grant = permit(&request, Action::CancelConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = wire::known(&mut fields, &request.name, &request.etag);
        let (asked, known) = fields.finish(asked.zip(known))?;
        let verb = |tx: Arc<Tx>| async move {
            let cancelled = cancel::cancel(&tx, known).await?;
            show::changed(&tx, cancelled).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn answer_consultation(&self, request: Request<pb::AnswerConsultationRequest>) -> Answer {
        let grant = permit(&request, Action::AnswerConsultation)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let id: Option<ConsultationId> = fields.parse("name", &request.name);
        let given: Option<Given> = fields.choice("answer", request.answer, WireAnswer::as_str_name);
        if given == Some(Given::NeedsAction) {
            fields.refuse("answer", Refusal::FieldInvalid);
        }
        let reason = wire::decline_reason(&mut fields, given, request.decline_reason);
        let ((asked, id), answer) = fields.finish(asked.zip(id).zip(given))?;
        let given = answer::Given { answer, reason };
        let verb = |tx: Arc<Tx>| async move {
            let answered = answer::own(&tx, id, given).await?;
            show::changed(&tx, answered).await.map(|shown| to_wire(&shown))
        };
        let answered = match self.answer(&grant, &asked, verb).await {
            Err(error @ Error::NotFound(_)) => {
                let there = shared::leave(self, &grant, id, error).await?;
                self.answer(&there, &asked, verb).await?
            }
            answered => answered?,
        };
        Ok(Response::new(answered))
    }

    async fn list_shared_consultations(
        &self,
        request: Request<pb::ListSharedConsultationsRequest>,
    ) -> Result<Response<pb::ListSharedConsultationsResponse>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        Ok(shared::list_rpc(self, &grant, request.into_inner()).await?)
    }

    async fn record_outcome(&self, request: Request<pb::RecordOutcomeRequest>) -> Answer {
        let grant = permit(&request, Action::RecordOutcome)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = wire::known(&mut fields, &request.name, &request.etag);
        let not_held = request.outcome.as_ref().is_some_and(|outcome| outcome.not_held);
        let wish = wire::outcome(&mut fields, known, request.outcome.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move {
            let held = if not_held {
                outcome::pass_over(&tx, wish.known).await?
            } else {
                outcome::record(&tx, wish).await?
            };
            show::changed(&tx, held).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    type WatchConsultationsStream = ReceiverStream<Result<pb::WatchConsultationsResponse, Status>>;

    async fn watch_consultations(
        &self,
        request: Request<pb::WatchConsultationsRequest>,
    ) -> Result<Response<Self::WatchConsultationsStream>, Status> {
        let grant = permit(&request, Action::ReadConsultation)?;
        let call = call(&request)?;
        let mut fields = Fields::default();
        let case = fields.parse_if("case", &request.get_ref().case);
        let consultation = fields.parse_if("consultation", &request.get_ref().consultation);
        fields.check()?;
        let read = self.read(grant.clone());
        if let Some(case) = case {
            circle::reach(&read, case).await?;
        }
        if let Some(consultation) = consultation {
            show::find(&read, consultation).await?;
        }
        let watcher = Watcher { app: self.clone(), call, grant, case, consultation };
        Ok(Response::new(watch::start(watcher).await?))
    }
}

/// Has somebody leave or come, and offers other times when whoever comes cannot.
async fn reseat(app: &App, grant: &Grant, asked: &Asked, wish: replace::Wish) -> Answer {
    let verb = |tx: Arc<Tx>| async move {
        let replaced = replace::replace(&tx, &wish).await?;
        show::changed(&tx, replaced).await.map(|shown| to_wire(&shown))
    };
    let replaced = app.answer(grant, asked, verb).await;
    let wanted = || async {
        let mut wanted = wanted(app, grant, wish.known.id).await?;
        wanted.persons.retain(|(person, _)| Some(*person) != wish.leaves);
        wanted.persons.extend(wish.comes.map(|guest| (guest.person, guest.role)));
        Ok(wanted)
    };
    Ok(Response::new(conflict::offer(app, grant, replaced, wanted).await?))
}

/// Who sits where and when at a meeting whose change met a taken time.
async fn wanted(app: &App, grant: &Grant, id: ConsultationId) -> Result<Wanted> {
    let meeting = store::get(&app.read(grant.clone()), id).await?;
    let length: TimeDelta = meeting.time.duration();
    Ok(Wanted {
        persons: meeting.roles(),
        place: meeting.place,
        school: meeting.school,
        start: meeting.time.start(),
        length,
    })
}
