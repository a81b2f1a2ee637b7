//! Requests for a helper on the wire.

use std::sync::Arc;

use schakel_domain::{
    access::Action,
    ids::{HulpvraagId, PersonId, TeamId},
    refusal::Refusal,
    text::FreeText,
};
use schakel_proto::v1::{self as pb, hulpvraag::State as WireState};
use tonic::{Request, Response, Status};

use super::{
    create::{self, Wish},
    decide::{self, Known},
    request::Sight,
    show::{self, Shown},
    store::{self, Listed},
};
use crate::{
    access::rpc::role_to_wire,
    app::App,
    error::Result,
    store::Tx,
    wire::{
        call::{asked, permit},
        enums::number,
        fields::{Fields, text},
        page::{Bound, cut},
        time::timestamp,
    },
};

type Answer = Result<Response<pb::Hulpvraag>, Status>;

#[tonic::async_trait]
impl pb::hulpvraag_service_server::HulpvraagService for App {
    async fn create_hulpvraag(&self, request: Request<pb::CreateHulpvraagRequest>) -> Answer {
        let grant = permit(&request, Action::CreateHulpvraag)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let wish = wish(&mut fields, request.hulpvraag.as_ref());
        let (asked, wish) = fields.finish(asked.zip(wish))?;
        let wish = &wish;
        let verb = |tx: Arc<Tx>| async move {
            let created = create::create(&tx, wish).await?;
            show::changed(&tx, created).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn get_hulpvraag(&self, request: Request<pb::GetHulpvraagRequest>) -> Answer {
        let grant = permit(&request, Action::ReadHulpvraag)?;
        let mut fields = Fields::default();
        let id: Option<HulpvraagId> = fields.parse("name", &request.get_ref().name);
        let id = fields.finish(id)?;
        let shown = self.write(&grant, None, |tx| async move { show::get(&tx, id).await }).await?;
        Ok(Response::new(to_wire(&shown)))
    }

    async fn list_hulpvragen(
        &self,
        request: Request<pb::ListHulpvragenRequest>,
    ) -> Result<Response<pb::ListHulpvragenResponse>, Status> {
        let grant = permit(&request, Action::ReadHulpvraag)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let state = state(&mut fields, request.state);
        let filter = format!("{} {}", request.state, request.latest_first);
        let bound = Bound { app: self, grant: &grant, filter };
        let page = bound.read::<Listed>(&mut fields, request.page_size, &request.page_token);
        let page = &fields.finish(page)?;
        let first = if request.latest_first { Listed::LatestFirst(None) } else { Listed::ByTarget(None) };
        let listed = page.after.unwrap_or(first);
        let list = |tx: Arc<Tx>| async move {
            let mut rows = store::list(&tx, state, listed, page.size + 1).await?;
            let next = cut(&mut rows, page.size, |last| listed.behind(last));
            let sights = rows.into_iter().map(|row| row.sight(tx.grant()).map(|sight| (row, sight)));
            let shown = show::open(&tx, sights.collect::<Result<_>>()?).await?;
            Ok((shown, next))
        };
        let (shown, next) = self.write(&grant, None, list).await?;
        Ok(Response::new(pb::ListHulpvragenResponse {
            hulpvragen: shown.iter().map(to_wire).collect(),
            next_page_token: next.map(|key| bound.token(&key)).unwrap_or_default(),
        }))
    }

    async fn accept_hulpvraag(&self, request: Request<pb::AcceptHulpvraagRequest>) -> Answer {
        let grant = permit(&request, Action::DecideHulpvraag)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, &request.name, &request.etag);
        let person: Option<PersonId> = fields.parse("person", &request.person);
        let ((asked, known), person) = fields.finish(asked.zip(known).zip(person))?;
        let verb = |tx: Arc<Tx>| async move {
            let accepted = decide::accept(&tx, known, person).await?;
            show::changed(&tx, accepted).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn decline_hulpvraag(&self, request: Request<pb::DeclineHulpvraagRequest>) -> Answer {
        let grant = permit(&request, Action::DecideHulpvraag)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, &request.name, &request.etag);
        let reason: Option<FreeText> = fields.parse("reason", &request.reason);
        let ((asked, known), reason) = fields.finish(asked.zip(known).zip(reason))?;
        let reason = &reason;
        let verb = |tx: Arc<Tx>| async move {
            let declined = decide::decline(&tx, known, reason).await?;
            show::changed(&tx, declined).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn forward_hulpvraag(&self, request: Request<pb::ForwardHulpvraagRequest>) -> Answer {
        let grant = permit(&request, Action::DecideHulpvraag)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, &request.name, &request.etag);
        let team: Option<TeamId> = fields.parse("team", &request.team);
        let reason: Option<FreeText> = fields.parse("reason", &request.reason);
        let (((asked, known), team), reason) = fields.finish(asked.zip(known).zip(team).zip(reason))?;
        let reason = &reason;
        let verb = |tx: Arc<Tx>| async move {
            let sent = decide::forward(&tx, known, team, reason).await?;
            show::changed(&tx, sent).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }

    async fn complete_hulpvraag(&self, request: Request<pb::CompleteHulpvraagRequest>) -> Answer {
        let grant = permit(&request, Action::CompleteHulpvraag)?;
        let request = request.into_inner();
        let mut fields = Fields::default();
        let asked = asked(&mut fields, &request, &request.request_id);
        let known = known(&mut fields, &request.name, &request.etag);
        let (asked, known) = fields.finish(asked.zip(known))?;
        let verb = |tx: Arc<Tx>| async move {
            let done = decide::complete(&tx, known).await?;
            show::changed(&tx, done).await.map(|shown| to_wire(&shown))
        };
        Ok(Response::new(self.answer(&grant, &asked, verb).await?))
    }
}

fn known(fields: &mut Fields, name: &str, etag: &str) -> Option<Known> {
    let id = fields.parse("name", name);
    let etag = fields.etag("etag", etag);
    id.zip(etag).map(|(id, etag)| Known { id, etag })
}

fn wish(fields: &mut Fields, wire: Option<&pb::Hulpvraag>) -> Option<Wish> {
    let Some(wire) = wire else {
        fields.refuse("hulpvraag", Refusal::FieldRequired);
        return None;
    };
    let school = fields.parse("hulpvraag.school", &wire.school);
    let role = fields.choice("hulpvraag.role", wire.role, pb::Role::as_str_name);
    let target = fields.date("hulpvraag.target_date", &wire.target_date);
    let case = fields.parse_if("hulpvraag.case", &wire.case);
    let category = if wire.category == 0 {
        None
    } else {
        fields.choice("hulpvraag.category", wire.category, pb::hulpvraag::Category::as_str_name)
    };
    let question = fields.parse("hulpvraag.question", &wire.question);
    Some(Wish { school: school?, role: role?, target: target?, case, category, question: question? })
}

/// The state to filter by: none for 0, a violation for a number that is none.
fn state(fields: &mut Fields, number: i32) -> Option<&'static str> {
    match WireState::try_from(number) {
        Ok(WireState::Unspecified) => None,
        Ok(state) => state.as_str_name().strip_prefix("STATE_"),
        Err(_) => {
            fields.refuse("state", Refusal::FieldInvalid);
            None
        }
    }
}

fn to_wire(shown: &Shown) -> pb::Hulpvraag {
    let Shown { asked, sight, question, reason } = shown;
    let state: &str = asked.state.into();
    pb::Hulpvraag {
        name: asked.id.to_string(),
        state: number("STATE", state, WireState::from_str_name),
        school: asked.school.to_string(),
        team: asked.team.to_string(),
        role: role_to_wire(asked.role),
        target_date: asked.target.to_string(),
        category: asked.category.map_or(0, |category| {
            number("CATEGORY", category.into(), pb::hulpvraag::Category::from_str_name)
        }),
        case: text(asked.case.filter(|_| *sight == Sight::Whole)),
        question: question.clone(),
        person: text(asked.state.person()),
        reason: reason.clone(),
        consultation: text(asked.state.consultation()),
        create_time: Some(timestamp(asked.created)),
        answer_time: asked.answered.map(timestamp),
        answer_due_date: asked.answer_due.to_string(),
        etag: asked.version.to_string(),
    }
}
