//! The ladder of escalation, from nobody to outside the region, and how the parties see it, side by side.

mod decided;
mod levels;
mod viewed;
mod waiting;

use schakel_domain::{
    access::Role,
    ids::{CaseId, OrganisationId, PersonId},
};
use schakel_proto::v1::{
    self as pb, escalation_service_client::EscalationServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::entity::case_circle;
use schakel_tests::{As, TestServer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use tonic::{Response, Status};

use super::{Region, absent, get};

type Escalations = EscalationServiceClient<As>;

const WHY: &str = "Tien weken thuis en geen aanbod in zicht.";
const DECIDED: &str = "De school neemt Fenna op met twee uur begeleiding per dag.";
const FOUND: &str = "Er is geen plek gemaakt en niemand gebeld.";

/// Today, at the server.
fn today(server: &TestServer) -> String {
    server.app.now().date_naive().to_string()
}

/// Takes a case to `level`, up or down, today; gives it as it is then.
pub(crate) async fn taken(
    server: &TestServer,
    (keeper, swv): (&As, OrganisationId),
    case: &str,
    level: i32,
) -> Result<pb::Case, Status> {
    let mut cases = ThuiszitterServiceClient::new(keeper.clone());
    let mut ladder = Escalations::new(keeper.clone());
    let now = cases.get_case(get(case)).await?.into_inner();
    if level > now.escalation_level {
        let step = pb::EscalateCaseRequest {
            case: case.to_owned(),
            level,
            date: today(server),
            reason: WHY.into(),
            organisation: swv.to_string(),
            person: String::new(),
            etag: now.etag,
            request_id: server.request_id(),
            ..pb::EscalateCaseRequest::default()
        };
        ladder.escalate_case(step).await?;
    } else {
        let step = pb::DeescalateCaseRequest {
            case: case.to_owned(),
            level,
            date: today(server),
            reason: WHY.into(),
            etag: now.etag,
            request_id: server.request_id(),
            ..pb::DeescalateCaseRequest::default()
        };
        ladder.deescalate_case(step).await?;
    }
    Ok(cases.get_case(get(case)).await?.into_inner())
}

/// What a decision of today asks of an organisation, in three weeks.
pub(crate) fn deciding(
    server: &TestServer,
    case: &str,
    (holder, obliged): (PersonId, OrganisationId),
) -> pb::DecideDoorzettingsmachtRequest {
    pb::DecideDoorzettingsmachtRequest {
        case: case.to_owned(),
        decider: holder.to_string(),
        decide_date: today(server),
        text: DECIDED.into(),
        obliged_organisation: obliged.to_string(),
        due_date: (server.app.now().date_naive() + chrono::Days::new(21)).to_string(),
        request_id: server.request_id(),
    }
}

/// How an organisation sees a case.
pub(crate) fn saying(server: &TestServer, case: &str, organisation: OrganisationId) -> pb::RecordViewRequest {
    pb::RecordViewRequest {
        case: case.to_owned(),
        about: pb::case_view::About::Case.into(),
        organisation: organisation.to_string(),
        text: "Er is al genoeg geprobeerd.".into(),
        request_id: server.request_id(),
        ..Default::default()
    }
}

/// A decision and a view about a case that is at no level again: their names.
pub(crate) async fn decided_and_seen(
    server: &TestServer,
    (keeper, swv): (&As, OrganisationId),
    holder: PersonId,
    case: &str,
) -> (String, String) {
    taken(server, (keeper, swv), case, 3).await.unwrap();
    let mut ladder = Escalations::new(keeper.clone());
    let decision = ladder.decide_doorzettingsmacht(deciding(server, case, (holder, swv))).await.unwrap();
    let view = ladder.record_view(saying(server, case, swv)).await.unwrap();
    taken(server, (keeper, swv), case, 0).await.unwrap();
    (decision.into_inner().name, view.into_inner().name)
}

/// A region with a case of a child away for ten weeks, and everybody on the ladder.
struct Ladder {
    region: Region,
    case: pb::Case,
    keeper: As,
    iber: As,
    head: As,
    officer: As,
    holder: (PersonId, As),
}

impl Ladder {
    /// Away since 14 September; today is 23 November.
    async fn start() -> Self {
        let region = Region::start().await;
        let case = region.open(super::since("2026-09-14", absent(region.school))).await;
        let (server, swv) = (&region.server, region.server.founded.organisation);
        Self {
            keeper: server.person(Role::Thuiszitterscoordinator, swv).await.1,
            iber: server.person(Role::Iber, region.school).await.1,
            head: server.person(Role::Directeur, region.school).await.1,
            officer: server.person(Role::Leerplichtambtenaar, region.gemeente).await.1,
            holder: server.person(Role::Doorzettingsmacht, swv).await,
            case,
            region,
        }
    }

    /// Puts the case aside, or takes it back.
    async fn hold(&self, hold: Option<&str>) {
        let rows = self.region.server.rows().await;
        let id: CaseId = self.case.name.parse().unwrap();
        case_circle::Entity::update_many()
            .col_expr(case_circle::Column::Hold, Expr::value(hold))
            .filter(case_circle::Column::CaseId.eq(id.0))
            .exec(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
    }

    fn id(&self) -> String {
        self.region.server.request_id()
    }

    /// The case as it is now.
    async fn now(&self) -> pb::Case {
        ThuiszitterServiceClient::new(self.keeper.clone())
            .get_case(get(&self.case.name))
            .await
            .unwrap()
            .into_inner()
    }

    /// What is asked for to take the case up to `level`, today.
    async fn up(&self, level: i32) -> pb::EscalateCaseRequest {
        pb::EscalateCaseRequest {
            case: self.case.name.clone(),
            level,
            date: today(&self.region.server),
            reason: WHY.into(),
            organisation: self.region.server.founded.organisation.to_string(),
            person: String::new(),
            etag: self.now().await.etag,
            request_id: self.id(),
            ..pb::EscalateCaseRequest::default()
        }
    }

    async fn down(&self, level: i32) -> pb::DeescalateCaseRequest {
        pb::DeescalateCaseRequest {
            case: self.case.name.clone(),
            level,
            date: today(&self.region.server),
            reason: "Er is een aanbod.".into(),
            etag: self.now().await.etag,
            request_id: self.id(),
            ..pb::DeescalateCaseRequest::default()
        }
    }

    async fn raise(&self, by: &As, level: i32) -> Result<pb::EscalateCaseResponse, Status> {
        let step = self.up(level).await;
        Escalations::new(by.clone()).escalate_case(step).await.map(Response::into_inner)
    }

    async fn lower(&self, by: &As, level: i32) -> Result<pb::DeescalateCaseResponse, Status> {
        let step = self.down(level).await;
        Escalations::new(by.clone()).deescalate_case(step).await.map(Response::into_inner)
    }

    fn deciding(&self) -> pb::DecideDoorzettingsmachtRequest {
        let swv = self.region.server.founded.organisation;
        deciding(&self.region.server, &self.case.name, (self.holder.0, swv))
    }

    async fn decide(&self, by: &As) -> Result<pb::Decision, Status> {
        let wish = self.deciding();
        Escalations::new(by.clone()).decide_doorzettingsmacht(wish).await.map(Response::into_inner)
    }

    fn looking(&self, decision: &pb::Decision, state: pb::decision::State) -> pb::CheckComplianceRequest {
        pb::CheckComplianceRequest {
            name: decision.name.clone(),
            date: today(&self.region.server),
            state: state.into(),
            found: FOUND.into(),
            etag: decision.etag.clone(),
            request_id: self.id(),
        }
    }

    async fn check(
        &self,
        decision: &pb::Decision,
        state: pb::decision::State,
    ) -> Result<pb::Decision, Status> {
        let wish = self.looking(decision, state);
        Escalations::new(self.keeper.clone()).check_compliance(wish).await.map(Response::into_inner)
    }

    async fn decisions(&self, by: &As) -> Result<Vec<pb::Decision>, Status> {
        let asked = pb::ListDecisionsRequest { case: self.case.name.clone() };
        Ok(Escalations::new(by.clone()).list_decisions(asked).await?.into_inner().decisions)
    }

    async fn views(&self, by: &As) -> Result<Vec<pb::CaseView>, Status> {
        let asked = pb::ListViewsRequest { case: self.case.name.clone() };
        Ok(Escalations::new(by.clone()).list_views(asked).await?.into_inner().views)
    }

    fn saying(&self) -> pb::RecordViewRequest {
        saying(&self.region.server, &self.case.name, self.region.server.founded.organisation)
    }

    async fn say(&self, by: &As, wish: pb::RecordViewRequest) -> Result<pb::CaseView, Status> {
        Escalations::new(by.clone()).record_view(wish).await.map(Response::into_inner)
    }

    async fn answer(
        &self,
        by: &As,
        view: &pb::CaseView,
        (person, organisation, text): (String, Option<OrganisationId>, &str),
    ) -> Result<pb::CaseView, Status> {
        let wish = pb::AddRejoinderRequest {
            view: view.name.clone(),
            person,
            organisation: organisation.map(|id| id.to_string()).unwrap_or_default(),
            text: text.into(),
            request_id: self.id(),
        };
        Escalations::new(by.clone()).add_rejoinder(wish).await.map(Response::into_inner)
    }
}
