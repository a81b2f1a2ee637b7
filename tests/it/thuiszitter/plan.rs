//! The plan of a case: education and care side by side, each to who may see it.

use chrono::TimeDelta;
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId},
};
use schakel_proto::v1::{
    self as pb,
    plan_action::{Side, State},
    plan_service_client::PlanServiceClient,
};
use schakel_tests::{As, reason, statements, told, violations};
use tonic::Status;

use super::{Region, absent, get, id_of};

type Plans = PlanServiceClient<As>;

/// A case with its school and a social worker who sits at its table.
pub(super) struct Planned {
    pub(super) region: Region,
    pub(super) case: pb::Case,
    pub(super) iber: (PersonId, As),
    pub(super) smw: (PersonId, As),
    pub(super) team: OrganisationId,
}

impl Planned {
    pub(super) async fn start() -> Self {
        let region = Region::start().await;
        Self::of(absent(region.school), region).await
    }

    pub(super) async fn of(case: pb::Case, region: Region) -> Self {
        let case = region.open(case).await;
        let team = region.server.organisation("TEAM", "T01").await;
        let smw = region.server.person(Role::Smw, team).await;
        region.server.invite(id_of(&case), smw.0).await;
        let iber = region.server.person(Role::Iber, region.school).await;
        Self { region, case, iber, smw, team }
    }

    /// An action of the school that begins on 1 December.
    pub(super) fn lessons(&self) -> pb::PlanAction {
        pb::PlanAction {
            case: self.case.name.clone(),
            side: Side::Education.into(),
            text: "Twee ochtenden naar school bij juf Sterre.".into(),
            organisation: OrganisationId::from(self.region.school).to_string(),
            start_date: "2026-12-01".into(),
            due_date: "2026-12-18".into(),
            ..Default::default()
        }
    }

    /// One of the social worker that begins the day before.
    pub(super) fn visits(&self) -> pb::PlanAction {
        pb::PlanAction {
            side: Side::Care.into(),
            text: "Elke week thuis langs voor haar angst.".into(),
            organisation: self.team.to_string(),
            person: self.smw.0.to_string(),
            start_date: "2026-11-30".into(),
            ..self.lessons()
        }
    }

    pub(super) async fn add(&self, channel: &As, action: pb::PlanAction) -> Result<pb::PlanAction, Status> {
        let request = pb::AddPlanActionRequest {
            plan_action: Some(action),
            request_id: self.region.server.request_id(),
        };
        Plans::new(channel.clone()).add_plan_action(request).await.map(tonic::Response::into_inner)
    }

    async fn change(
        &self,
        channel: &As,
        action: pb::PlanAction,
        paths: &[&str],
    ) -> Result<pb::PlanAction, Status> {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let request = pb::UpdatePlanActionRequest {
            plan_action: Some(action),
            update_mask: Some(prost_types::FieldMask { paths }),
            request_id: self.region.server.request_id(),
        };
        Plans::new(channel.clone()).update_plan_action(request).await.map(tonic::Response::into_inner)
    }

    async fn complete(&self, channel: &As, action: &pb::PlanAction) -> Result<pb::PlanAction, Status> {
        let request = pb::CompletePlanActionRequest {
            name: action.name.clone(),
            done_date: "2026-11-23".into(),
            etag: action.etag.clone(),
            request_id: self.region.server.request_id(),
        };
        Plans::new(channel.clone()).complete_plan_action(request).await.map(tonic::Response::into_inner)
    }

    async fn drop(&self, channel: &As, action: &pb::PlanAction) -> Result<pb::PlanAction, Status> {
        let request = pb::DropPlanActionRequest {
            name: action.name.clone(),
            reason: "Haar angst nam juist toe.".into(),
            etag: action.etag.clone(),
            request_id: self.region.server.request_id(),
        };
        Plans::new(channel.clone()).drop_plan_action(request).await.map(tonic::Response::into_inner)
    }

    async fn list(&self, channel: &As) -> Vec<pb::PlanAction> {
        let request = pb::ListPlanActionsRequest { case: self.case.name.clone(), ..Default::default() };
        Plans::new(channel.clone()).list_plan_actions(request).await.unwrap().into_inner().plan_actions
    }
}

#[tokio::test]
async fn d04_education_and_care_stand_side_by_side_and_each_is_read_by_who_may() {
    let plan = Planned::start().await;
    let provider = plan.region.server.organisation("JEUGDHULPAANBIEDER", "JH01").await;
    let lessons = plan.add(&plan.iber.1, plan.lessons()).await.unwrap();
    let visits = plan.add(&plan.smw.1, plan.visits()).await.unwrap();
    let therapy = pb::PlanAction {
        organisation: provider.to_string(),
        person: String::new(),
        start_date: "2026-12-03".into(),
        ..plan.visits()
    };
    let therapy = plan.add(&plan.smw.1, therapy).await.unwrap();
    assert_eq!((lessons.state(), visits.state()), (State::Open, State::Open));

    let shell = |action: &pb::PlanAction| pb::PlanAction {
        text: String::new(),
        person: String::new(),
        ..action.clone()
    };
    let nameless = pb::PlanAction { organisation: String::new(), ..shell(&therapy) };
    let seen = plan.list(&plan.iber.1).await;
    assert_eq!(seen, [shell(&visits), lessons.clone(), nameless], "that help runs, where and when");
    assert_eq!(plan.list(&plan.smw.1).await, [visits, therapy], "nothing of the school without consent");
    let swv = plan.region.server.founded.organisation;
    let keeper = plan.region.server.person(Role::Thuiszitterscoordinator, swv).await.1;
    assert_eq!(plan.list(&keeper).await, seen);
    let head = plan.region.server.person(Role::Directeur, plan.region.school).await.1;
    assert!(plan.list(&head).await.is_empty());
}

#[tokio::test]
async fn a_plan_is_written_by_who_sees_its_side_and_is_nothing_to_others() {
    let plan = Planned::start().await;
    let lessons = plan.add(&plan.iber.1, plan.lessons()).await.unwrap();
    let visits = plan.add(&plan.smw.1, plan.visits()).await.unwrap();
    let refused = plan.add(&plan.iber.1, plan.visits()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let refused = plan.add(&plan.smw.1, plan.lessons()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    // That it runs is known to the school; what it is, is the helper's.
    assert_eq!(reason(&plan.complete(&plan.iber.1, &visits).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    let nowhere =
        pb::PlanAction { name: format!("planActions/{}", uuid::Uuid::from_u128(7)), ..lessons.clone() };
    let other = plan.region.server.school("90BB00", "GM9902").await;
    let stranger = plan.region.server.person(Role::Iber, other).await.1;
    for (who, action) in [(&plan.smw.1, &lessons), (&stranger, &lessons), (&stranger, &visits)] {
        let hidden = plan.complete(who, action).await.unwrap_err();
        assert_eq!(reason(&hidden), "PLAN_ACTION_NOT_FOUND");
        assert_eq!(told(&hidden), told(&plan.complete(who, &nowhere).await.unwrap_err()));
    }
    let list = pb::ListPlanActionsRequest { case: plan.case.name.clone(), ..Default::default() };
    let foreign = Plans::new(stranger).list_plan_actions(list).await.unwrap_err();
    assert_eq!(reason(&foreign), "CASE_NOT_FOUND");
}

#[tokio::test]
async fn an_action_is_changed_done_or_dropped_once_and_the_timeline_says_so_without_its_words() {
    let plan = Planned::start().await;
    let iber = &plan.iber.1;
    let lessons = plan.add(iber, plan.lessons()).await.unwrap();
    let sport =
        plan.add(iber, pb::PlanAction { text: "Gym op vrijdag.".into(), ..plan.lessons() }).await.unwrap();
    let own = pb::PlanAction {
        person: plan.iber.0.to_string(),
        due_date: "2027-01-08".into(),
        text: "Niet gevraagd.".into(),
        ..lessons.clone()
    };
    let changed = plan.change(iber, own.clone(), &["person", "due_date"]).await.unwrap();
    assert_eq!(changed, pb::PlanAction { text: lessons.text.clone(), etag: "2".into(), ..own.clone() });
    let stale = plan.change(iber, own, &["person"]).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let done = plan.complete(iber, &changed).await.unwrap();
    assert_eq!((done.state(), done.done_date.as_str()), (State::Done, "2026-11-23"));
    let twice = plan.drop(iber, &done).await.unwrap_err();
    assert_eq!(violations(&twice), ["name: FIELD_INVALID"]);
    let dropped = plan.drop(iber, &sport).await.unwrap();
    assert_eq!((dropped.state(), dropped.reason.as_str()), (State::Dropped, "Haar angst nam juist toe."));
    assert_eq!(plan.list(iber).await, [done, dropped]);

    let told = plan.region.timeline(&plan.case).await.events;
    let kinds: Vec<_> = told.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(
        kinds[kinds.len() - 5..],
        [
            "PLAN_ACTION_ADDED",
            "PLAN_ACTION_ADDED",
            "PLAN_ACTION_CHANGED",
            "PLAN_ACTION_DONE",
            "PLAN_ACTION_DROPPED"
        ]
    );
    assert!(told.iter().all(|event| !event.text.contains("angst") && !event.text.contains("Sterre")));
}

#[tokio::test]
async fn an_action_that_cannot_be_is_told_all_that_is_wrong_at_once() {
    let plan = Planned::start().await;
    let iber = &plan.iber.1;
    let nothing = plan.add(iber, pb::PlanAction::default()).await.unwrap_err();
    assert_eq!(
        violations(&nothing),
        [
            "plan_action.case: FIELD_REQUIRED",
            "plan_action.side: FIELD_REQUIRED",
            "plan_action.text: FIELD_REQUIRED",
            "plan_action.organisation: FIELD_REQUIRED",
            "plan_action.start_date: FIELD_REQUIRED",
            "plan_action.due_date: FIELD_REQUIRED",
        ]
    );
    let wrong = pb::PlanAction {
        organisation: format!("organisations/{}", uuid::Uuid::from_u128(7)),
        person: plan.smw.0.to_string(),
        due_date: "2026-11-30".into(),
        ..plan.lessons()
    };
    assert_eq!(
        violations(&plan.add(iber, wrong).await.unwrap_err()),
        [
            "plan_action.organisation: FIELD_INVALID",
            "plan_action.person: FIELD_INVALID",
            "plan_action.due_date: TIME_OUT_OF_BOUNDS",
        ]
    );
    let lessons = plan.add(iber, plan.lessons()).await.unwrap();
    let refused = plan.change(iber, lessons.clone(), &["side"]).await.unwrap_err();
    assert_eq!(violations(&refused), ["update_mask: MASK_INVALID"]);
    let early = pb::CompletePlanActionRequest {
        name: lessons.name,
        done_date: "2026-11-24".into(),
        etag: lessons.etag,
        request_id: plan.region.server.request_id(),
    };
    let refused = Plans::new(iber.clone()).complete_plan_action(early).await.unwrap_err();
    assert_eq!(violations(&refused), ["done_date: TIME_OUT_OF_BOUNDS"]);
    assert_eq!(plan.list(iber).await.len(), 1);
}

#[tokio::test]
async fn nothing_is_planned_in_a_case_that_is_closed() {
    let plan = Planned::start().await;
    let lessons = plan.add(&plan.iber.1, plan.lessons()).await.unwrap();
    plan.region.server.clock.advance(TimeDelta::days(1));
    let now = plan.region.iber.clone().get_case(get(&plan.case.name)).await.unwrap().into_inner();
    plan.region.close(&now, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    let refused = plan.add(&plan.iber.1, plan.lessons()).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_CLOSED");
    assert_eq!(reason(&plan.complete(&plan.iber.1, &lessons).await.unwrap_err()), "CASE_CLOSED");
    assert_eq!(plan.list(&plan.iber.1).await.len(), 1, "it is read");
}

#[tokio::test]
async fn a_long_plan_is_paged_and_costs_the_database_what_a_short_one_does() {
    let plan = Planned::start().await;
    let iber = &plan.iber.1;
    let page = |page_token: String| pb::ListPlanActionsRequest {
        case: plan.case.name.clone(),
        page_size: 2,
        page_token,
    };
    let mut costs = Vec::new();
    for _ in 0..2 {
        for _ in 0..3 {
            plan.add(iber, plan.lessons()).await.unwrap();
        }
        let (listed, sent) =
            statements(Plans::new(iber.clone()).list_plan_actions(page(String::new()))).await;
        assert_eq!(listed.unwrap().into_inner().plan_actions.len(), 2);
        costs.push(sent.len());
    }
    assert_eq!(costs[0], costs[1]);
    let whole = plan.list(iber).await;
    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let listed = Plans::new(iber.clone()).list_plan_actions(page(token)).await.unwrap().into_inner();
        paged.extend(listed.plan_actions);
        token = listed.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, whole);
}
