//! Calls about the plan of a case, made once each.

use schakel_domain::ids::OrganisationId;
use schakel_proto::v1::{
    self as pb, plan_service_client::PlanServiceClient, task_service_client::TaskServiceClient,
};

use super::Story;

/// Two actions, one changed and done and one dropped, and the list of what waits.
pub(super) async fn plan(story: &mut Story, case: &pb::Case) {
    let id = |story: &Story| story.scene.server.request_id();
    let mut plan = PlanServiceClient::new(story.scene.iber.1.clone());
    let action = pb::PlanAction {
        case: case.name.clone(),
        side: pb::plan_action::Side::Education.into(),
        text: "Twee ochtenden naar school.".into(),
        organisation: OrganisationId::from(story.scene.school).to_string(),
        start_date: "2026-11-24".into(),
        due_date: "2026-12-18".into(),
        ..Default::default()
    };
    let mut added = Vec::new();
    for _ in 0..2 {
        let adding = pb::AddPlanActionRequest { plan_action: Some(action.clone()), request_id: id(story) };
        added.push(call!(story: plan.add_plan_action(adding) => "AddPlanAction"));
    }
    let later = pb::PlanAction { due_date: "2026-12-19".into(), ..added.remove(0) };
    let change = pb::UpdatePlanActionRequest {
        plan_action: Some(later),
        update_mask: Some(prost_types::FieldMask { paths: vec!["due_date".into()] }),
        request_id: id(story),
    };
    let changed = call!(story: plan.update_plan_action(change) => "UpdatePlanAction");
    let done = pb::CompletePlanActionRequest {
        name: changed.name,
        done_date: "2026-11-23".into(),
        etag: changed.etag,
        request_id: id(story),
    };
    call!(story: plan.complete_plan_action(done) => "CompletePlanAction");
    let other = added.remove(0);
    let dropped = pb::DropPlanActionRequest {
        name: other.name,
        reason: "Niet nodig.".into(),
        etag: other.etag,
        request_id: id(story),
    };
    call!(story: plan.drop_plan_action(dropped) => "DropPlanAction");
    let asked = pb::ListPlanActionsRequest { case: case.name.clone(), ..Default::default() };
    call!(story: plan.list_plan_actions(asked) => "ListPlanActions");
    let mut tasks = TaskServiceClient::new(story.scene.iber.1.clone());
    call!(story: tasks.list_tasks(pb::ListTasksRequest::default()) => "ListTasks");
}
