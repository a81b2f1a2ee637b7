//! Cases, on the wire.

use schakel_domain::{access::Action, ids::CaseId, refusal::Refusal};
use schakel_proto::v1 as pb;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::{
    advance_case::{Step, advance_case},
    case::State,
    close_case::{Ending, close_case},
    get_case::get_case,
    list_cases::{Wanted, list_cases},
    open_case::{Opening, open_case},
    reading,
    reopen_case::{Relapse, reopen_case},
    take_back_closing::{Mistake, take_back_closing},
    timeline::get_timeline,
    update_case::{Change, FIELDS, update_case},
    voice::Voice,
    watch::{self, Watcher},
    wire::to_wire,
};
use crate::{
    access::circle,
    app::App,
    error::{Result, language},
    wire::{
        call::{asked, call, caller, permit},
        fields::Fields,
        page::Bound,
    },
};

#[tonic::async_trait]
impl pb::thuiszitter_service_server::ThuiszitterService for App {
    async fn open_case(&self, request: Request<pb::OpenCaseRequest>) -> Result<Response<pb::Case>, Status> {
        let grant = permit(&request, Action::OpenCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let outside = request.confirm_outside_region;
        let wish = opening(&mut fields, (&request.case.unwrap_or_default(), outside), today);
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let answer = self
            .answer(&grant, &asked, |tx| async move { open_case(&tx, wish).await.map(|view| to_wire(&view)) })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_case(&self, request: Request<pb::GetCaseRequest>) -> Result<Response<pb::Case>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let mut fields = Fields::default();
        let id = fields.parse("name", &request.into_inner().name);
        let id: CaseId = fields.finish(id)?;
        let view = self.write(&grant, None, |tx| async move { get_case(&tx, id).await }).await?;
        Ok(Response::new(to_wire(&view)))
    }

    async fn list_cases(
        &self,
        request: Request<pb::ListCasesRequest>,
    ) -> Result<Response<pb::ListCasesResponse>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let request = request.into_inner();
        let bound =
            Bound { app: self, grant: &grant, filter: format!("{}|{}", request.state, request.school) };
        let mut fields = Fields::default();
        let school = fields.parse_if("school", &request.school);
        let state = match request.state {
            0 => Some(State::Open),
            state => fields.choice("state", state, pb::case::State::as_str_name),
        };
        let page = bound.read(&mut fields, request.page_size, &request.page_token);
        let (page, state) = fields.finish(page.zip(state))?;
        let wanted = &Wanted { state, school, page };
        let (views, next) =
            self.write(&grant, None, |tx| async move { list_cases(&tx, wanted).await }).await?;
        Ok(Response::new(pb::ListCasesResponse {
            cases: views.iter().map(to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn update_case(
        &self,
        request: Request<pb::UpdateCaseRequest>,
    ) -> Result<Response<pb::Case>, Status> {
        let grant = permit(&request, Action::WriteCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let case = request.case.unwrap_or_default();
        let id = fields.parse("case.name", &case.name);
        let etag = fields.etag("case.etag", &case.etag);
        let paths = request.update_mask.map(|mask| mask.paths).unwrap_or_default();
        let change = change(&mut fields, (&case, request.confirm_outside_region), paths, today);
        let ((asked, id), (etag, change)) = fields.finish(asked.zip(id).zip(etag.zip(change)))?;
        let change = &change;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                update_case(&tx, id, etag, change).await.map(|view| to_wire(&view))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn get_timeline(
        &self,
        request: Request<pb::GetTimelineRequest>,
    ) -> Result<Response<pb::Timeline>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let id = fields.parse("name", &request.name);
        let as_of = fields.instant_if("as_of_time", request.as_of_time.as_ref());
        let id: CaseId = fields.finish(id)?;
        // On SQLite there is one writer, and this reads much: it waits for that only to be written down.
        let (timeline, line) = get_timeline(&self.read(grant.clone()), id, as_of, language()).await?;
        self.write(&grant, None, |tx| async move { tx.audit(line).await }).await?;
        Ok(Response::new(timeline))
    }

    async fn advance_case(
        &self,
        request: Request<pb::AdvanceCaseRequest>,
    ) -> Result<Response<pb::Case>, Status> {
        let grant = permit(&request, Action::WriteCase)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let step = step(&mut fields, &request);
        let (asked, step) = fields.finish(asked.zip(step))?;
        let step = &step;
        let answer =
            self.answer(&grant, &asked, |tx| async move {
                advance_case(&tx, step).await.map(|view| to_wire(&view))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn close_case(&self, request: Request<pb::CloseCaseRequest>) -> Result<Response<pb::Case>, Status> {
        let grant = permit(&request, Action::CloseCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let ending = ending(&mut fields, &request, today);
        let (asked, ending) = fields.finish(asked.zip(ending))?;
        let ending = &ending;
        let answer =
            self.answer(&grant, &asked, |tx| async move {
                close_case(&tx, ending).await.map(|view| to_wire(&view))
            })
            .await?;
        Ok(Response::new(answer))
    }

    async fn reopen_case(
        &self,
        request: Request<pb::ReopenCaseRequest>,
    ) -> Result<Response<pb::Case>, Status> {
        let grant = permit(&request, Action::ReopenCase)?;
        let today = caller(&request)?.today;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let going = going_on(&mut fields, &request, today);
        let (asked, going) = fields.finish(asked.zip(going))?;
        let going = &going;
        let answer = self
            .answer(&grant, &asked, |tx| async move {
                let view = match going {
                    GoingOn::Relapse(relapse) => reopen_case(&tx, relapse).await,
                    GoingOn::Mistake(mistake) => take_back_closing(&tx, mistake).await,
                };
                view.map(|view| to_wire(&view))
            })
            .await?;
        Ok(Response::new(answer))
    }

    type WatchCasesStream = ReceiverStream<Result<pb::WatchCasesResponse, Status>>;

    async fn watch_cases(
        &self,
        request: Request<pb::WatchCasesRequest>,
    ) -> Result<Response<Self::WatchCasesStream>, Status> {
        let grant = permit(&request, Action::ReadCase)?;
        let call = call(&request)?;
        let mut fields = Fields::default();
        let case: Option<CaseId> = fields.parse_if("case", &request.get_ref().case);
        let after = fields.parse_if("after", &request.get_ref().after);
        fields.check()?;
        if let Some(case) = case {
            circle::reach(&self.read(grant.clone()), case).await?;
        }
        let watcher = Watcher { app: self.clone(), call, grant, case };
        Ok(Response::new(watch::start(watcher, after).await?))
    }
}

fn opening(
    fields: &mut Fields,
    (case, outside): (&pb::Case, bool),
    today: chrono::NaiveDate,
) -> Option<Opening> {
    let school = fields.parse_if("case.school", &case.school);
    let gemeente = reading::gemeente(fields, &case.residence_gemeente_code);
    let absence = reading::absence(fields, case.absence.as_ref(), today);
    let unenrolled = case.absence.as_ref().is_some_and(reading::is_unenrolled);
    if case.school.is_empty() && !unenrolled {
        fields.refuse("case.school", Refusal::FieldRequired);
    }
    let milestones = reading::milestones(fields, case.milestones.as_ref());
    let extra_support_reason = reading::extra_support_reason(fields, case.milestones.as_ref());
    let unexplained = |wire: &pb::case::Milestones| {
        !wire.extra_support_date.is_empty() && wire.extra_support_reason.is_empty()
    };
    if case.milestones.as_ref().is_some_and(unexplained) {
        fields.refuse("case.milestones.extra_support_reason", Refusal::FieldRequired);
    }
    let child = reading::child(fields, case.child.as_ref(), today);
    if let Some(child) = &child {
        fields.add(reading::impossible(child.birth, (absence.as_ref(), Some(&milestones)), None));
    }
    let parents = reading::parents(fields, &case.parents);
    for (at, parent) in case.parents.iter().enumerate() {
        if !parent.person.is_empty() {
            fields.refuse(format!("case.parents[{at}].person"), Refusal::FieldInvalid);
        }
    }
    let question = fields.parse_if("case.question", &case.question);
    let regisseur = fields.parse_if("case.regisseur", &case.regisseur);
    let next_action = fields.date_if("case.next_action_date", &case.next_action_date);
    let level = reading::level(fields, case.escalation_level);
    let external = reading::external(fields, &case.external_references);
    Some(Opening {
        school,
        gemeente: gemeente?,
        outside,
        absence: absence?,
        milestones,
        extra_support_reason,
        child: child?,
        parents: parents?,
        question,
        regisseur,
        next_action,
        level: level?,
        external: external?,
    })
}

/// No mask and `*` mean every field that can change.
fn change(
    fields: &mut Fields,
    (case, outside): (&pb::Case, bool),
    paths: Vec<String>,
    today: chrono::NaiveDate,
) -> Option<Change> {
    let all = paths.is_empty() || paths.iter().any(|path| path == "*");
    let paths = if all { FIELDS.iter().map(|(field, _)| (*field).to_owned()).collect() } else { paths };
    if paths.iter().any(|path| !FIELDS.iter().any(|(field, _)| field == path)) {
        fields.refuse("update_mask", Refusal::MaskInvalid);
        return None;
    }
    let mut change = Change { outside, paths, ..Change::default() };
    if change.names("absence") {
        change.absence = reading::absence(fields, case.absence.as_ref(), today);
    }
    if change.names("milestones") {
        change.milestones = Some(reading::milestones(fields, case.milestones.as_ref()));
        change.extra_support_reason = reading::extra_support_reason(fields, case.milestones.as_ref());
    }
    if change.names("child") {
        change.child = reading::child(fields, case.child.as_ref(), today);
    }
    if change.names("parents") {
        change.parents = reading::parents(fields, &case.parents);
    }
    if change.names("question") {
        change.question = fields.parse_if("case.question", &case.question);
    }
    if change.names("residence_gemeente_code") {
        change.gemeente = reading::gemeente(fields, &case.residence_gemeente_code);
    }
    if change.names("regisseur") {
        change.regisseur = fields.parse_if("case.regisseur", &case.regisseur);
    }
    if change.names("next_action_date") {
        change.next_action = fields.date_if("case.next_action_date", &case.next_action_date);
    }
    if change.names("external_references") {
        change.external = reading::external(fields, &case.external_references);
    }
    Some(change)
}

fn step(fields: &mut Fields, request: &pb::AdvanceCaseRequest) -> Option<Step> {
    let case = fields.parse("name", &request.name);
    let stage = reading::stage(fields, "stage", request.stage);
    let voice = Voice::read_required(fields, &request.parents_involved, &request.child_heard);
    let next_action = fields.date_if("next_action_date", &request.next_action_date);
    let etag = fields.etag("etag", &request.etag);
    Some(Step { case: case?, etag: etag?, stage: stage?, voice: voice?, next_action })
}

fn ending(fields: &mut Fields, request: &pb::CloseCaseRequest, today: chrono::NaiveDate) -> Option<Ending> {
    let case = fields.parse("name", &request.name);
    let outcome = reading::outcome(fields, "outcome", request.outcome);
    let date = reading::past(fields, "outcome_date", &request.outcome_date, today);
    let note = fields.parse_if("note", &request.note);
    let voice = Voice::read(fields, &request.parents_involved, &request.child_heard);
    let etag = fields.etag("etag", &request.etag);
    Some(Ending { case: case?, etag: etag?, outcome: outcome?, date: date?, note, voice })
}

/// Why a closed case goes on.
enum GoingOn {
    Relapse(Relapse),
    Mistake(Mistake),
}

fn going_on(
    fields: &mut Fields,
    request: &pb::ReopenCaseRequest,
    today: chrono::NaiveDate,
) -> Option<GoingOn> {
    let case = fields.parse("name", &request.name);
    let mistaken = request.closed_by_mistake;
    let first_day = if mistaken {
        // Nothing is new of who was absent all along.
        if !request.first_day.is_empty() {
            fields.refuse("first_day", Refusal::FieldInvalid);
        }
        None
    } else {
        reading::past(fields, "first_day", &request.first_day, today)
    };
    let voice = Voice::read(fields, &request.parents_involved, &request.child_heard);
    let etag = fields.etag("etag", &request.etag);
    let (case, etag) = case.zip(etag)?;
    Some(if mistaken {
        GoingOn::Mistake(Mistake { case, etag, voice })
    } else {
        GoingOn::Relapse(Relapse { case, etag, first_day: first_day?, voice })
    })
}
