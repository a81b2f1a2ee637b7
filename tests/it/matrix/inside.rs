//! What stands in a case of the matrix: an entry of its log, an action of its plan, what was decided.

use schakel_domain::ids::{OrganisationId, PersonId, SchoolId};
use schakel_proto::v1::{
    self as pb, fact_service_client::FactServiceClient, plan_service_client::PlanServiceClient,
};
use schakel_tests::{As, TestServer};

use crate::thuiszitter::escalation;

/// The first entry of the log of a case.
pub(super) async fn first_fact(client: As, case: &str) -> String {
    let asked = pb::ListFactsRequest { case: case.to_owned(), ..Default::default() };
    let told = FactServiceClient::new(client).list_facts(asked).await.unwrap().into_inner();
    told.facts[0].name.clone()
}

/// An action that is added to the plan of a case.
pub(super) async fn plan_action(server: &TestServer, client: As, (case, school): (&str, SchoolId)) -> String {
    let action = pb::PlanAction {
        case: case.to_owned(),
        side: pb::plan_action::Side::Education.into(),
        text: "Twee ochtenden naar school.".into(),
        organisation: OrganisationId::from(school).to_string(),
        start_date: "2026-12-01".into(),
        due_date: "2026-12-18".into(),
        ..Default::default()
    };
    let asked = pb::AddPlanActionRequest { plan_action: Some(action), request_id: server.request_id() };
    PlanServiceClient::new(client).add_plan_action(asked).await.unwrap().into_inner().name
}

/// All of that, a decision and a view, of a case of a school: by its own people, by who holds
/// doorzettingsmacht and by who keeps the register.
pub(super) async fn everything(
    server: &TestServer,
    client: As,
    (case, school): (&str, SchoolId),
    (holder, keeper): (PersonId, As),
) -> [String; 4] {
    let fact = first_fact(client.clone(), case).await;
    let planned = plan_action(server, client, (case, school)).await;
    let own = OrganisationId::from(school);
    let (decision, view) = escalation::decided_and_seen(server, (&keeper, own), holder, case).await;
    [fact, planned, decision, view]
}
