//! The list of what was agreed at meetings.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, action_service_client::ActionServiceClient, task_service_client::TaskServiceClient,
};
use schakel_tests::{
    As, reason,
    seed_meetings::{Scene, seat},
};
use tonic::Code;

fn actions(channel: &As) -> ActionServiceClient<As> {
    ActionServiceClient::new(channel.clone())
}

async fn listed(channel: &As, ask: pb::ListActionsRequest) -> Vec<pb::AgreedAction> {
    actions(channel).list_actions(ask).await.unwrap().into_inner().actions
}

fn action(text: &str, owner: schakel_domain::ids::PersonId, due: &str) -> pb::outcome::Action {
    pb::outcome::Action {
        text: text.into(),
        owner: owner.to_string(),
        due_date: due.into(),
        ..Default::default()
    }
}

/// An MDO that was held, with an action of the IB'er and one of the social worker.
async fn held(scene: &Scene) {
    let booked = scene.booked(scene.later(24)).await;
    scene.server.clock.advance(TimeDelta::hours(26));
    let parent = scene.family.parents[0].to_string();
    let outcome = pb::Outcome {
        attended: vec![scene.iber.0.to_string(), scene.smw.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Noor vertelde wat haar helpt.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
        jgt_decided_with: vec![parent],
        summary: "Opbouw met twee ochtenden.".into(),
        actions: vec![
            action("Rooster maken", scene.iber.0, "2026-12-04"),
            action("Thuis langsgaan", scene.smw.0, "2026-12-01"),
        ],
        ..Default::default()
    };
    let ask = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().record_outcome(ask).await.unwrap();
}

#[tokio::test]
async fn a13_actions_are_listed_by_owner_school_cluster_and_day_and_done_by_their_owner() {
    let scene = Scene::start().await;
    held(&scene).await;
    let (iber, smw) = (&scene.iber.1, &scene.smw.1);
    let all = listed(iber, pb::ListActionsRequest::default()).await;
    let told: Vec<_> = all.iter().map(|one| (one.text.as_str(), one.due_date.as_str())).collect();
    assert_eq!(told, [("Thuis langsgaan", "2026-12-01"), ("Rooster maken", "2026-12-04")]);
    assert_eq!(all[0].school, scene.school.to_string());

    // The social worker was told the own action at the table; the other's text is of the file.
    let seen = listed(smw, pb::ListActionsRequest::default()).await;
    let told: Vec<_> = seen.iter().map(|one| one.text.as_str()).collect();
    assert_eq!(told, ["Thuis langsgaan", ""]);
    let own = pb::ListActionsRequest { owner: scene.smw.0.to_string(), ..Default::default() };
    assert_eq!(listed(iber, own).await.len(), 1);
    let early = pb::ListActionsRequest { due_until: "2026-12-01".into(), ..Default::default() };
    assert_eq!(listed(iber, early).await.len(), 1);
    let page = pb::ListActionsRequest { page_size: 1, ..Default::default() };
    let first = actions(iber).list_actions(page.clone()).await.unwrap().into_inner();
    let next = pb::ListActionsRequest { page_token: first.next_page_token, ..page };
    assert_eq!(listed(iber, next).await[0].name, all[1].name);

    let member = pb::cluster::Member {
        school: scene.school.to_string(),
        valid_from: "2026-08-01".into(),
        ..Default::default()
    };
    let cluster = pb::Cluster {
        code: "R1".into(),
        kind: pb::cluster::Kind::Rok.into(),
        display_name: "ROK".into(),
        members: vec![member],
        ..Default::default()
    };
    let ask = pb::CreateClusterRequest { cluster: Some(cluster), request_id: scene.server.request_id() };
    let cluster = scene.server.directory().create_cluster(ask).await.unwrap().into_inner().name;
    let of_cluster = pb::ListActionsRequest { cluster: cluster.clone(), ..Default::default() };
    assert_eq!(listed(iber, of_cluster).await.len(), 2);
    let other = scene.server.school("99AC00", "GM9901").await;
    let both = pb::ListActionsRequest { cluster, school: other.to_string(), ..Default::default() };
    assert!(listed(iber, both).await.is_empty());
    let (_, stranger) = scene.server.person(Role::Iber, other).await;
    assert!(listed(&stranger, pb::ListActionsRequest::default()).await.is_empty());

    let done =
        |name: &str| pb::CompleteActionRequest { name: name.into(), request_id: scene.server.request_id() };
    let hidden = actions(&stranger).complete_action(done(&all[0].name)).await.unwrap_err();
    assert_eq!((hidden.code(), reason(&hidden).as_str()), (Code::NotFound, "ACTION_NOT_FOUND"));
    let refused = actions(smw).complete_action(done(&all[1].name)).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let finished = actions(smw).complete_action(done(&all[0].name)).await.unwrap().into_inner();
    assert_eq!(finished.done_date, "2026-11-24");
    scene.server.clock.advance(TimeDelta::days(1));
    let again = actions(smw).complete_action(done(&all[0].name)).await.unwrap().into_inner();
    assert_eq!(again.done_date, "2026-11-24", "what is done stays done on its day");
    let state = pb::list_actions_request::State::Done.into();
    let closed = listed(iber, pb::ListActionsRequest { state, ..Default::default() }).await;
    assert_eq!((closed.len(), closed[0].name.as_str()), (1, all[0].name.as_str()));
    assert_eq!(listed(iber, pb::ListActionsRequest::default()).await.len(), 1);
}

#[tokio::test]
async fn a13_what_a_rok_agreed_is_read_by_everybody_at_its_table() {
    let scene = Scene::start().await;
    let swv = scene.server.founded.organisation;
    let adviser = scene.server.person(Role::SwvAdviseur, swv).await;
    let mut rok = scene.mdo(scene.later(24));
    rok.kind = pb::consultation::Kind::Rok.into();
    rok.short_notice = pb::consultation::ShortNotice::AllAgreed.into();
    rok.case = String::new();
    rok.school = scene.school.to_string();
    rok.participants = vec![
        seat(scene.iber.0, pb::Role::Iber),
        seat(scene.smw.0, pb::Role::Smw),
        seat(adviser.0, pb::Role::SwvAdviseur),
    ];
    let booked = scene.meetings().book_consultation(scene.booking(rok)).await.unwrap().into_inner();
    scene.server.clock.advance(TimeDelta::hours(27));
    let outcome = pb::Outcome {
        attended: vec![scene.iber.0.to_string(), scene.smw.0.to_string(), adviser.0.to_string()],
        summary: "Afspraken over verzuim.".into(),
        actions: vec![action("Protocol delen", scene.iber.0, "2026-12-04")],
        ..Default::default()
    };
    let ask = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().record_outcome(ask).await.unwrap();
    let seen = listed(&scene.smw.1, pb::ListActionsRequest::default()).await;
    assert_eq!(seen.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["Protocol delen"]);
}

#[tokio::test]
async fn a13_what_was_agreed_stands_in_the_list_of_tasks_of_who_took_it_upon_themselves() {
    let scene = Scene::start().await;
    held(&scene).await;
    let tasks = async |channel: &As| {
        let kinds = vec![pb::task::Kind::AgreedAction.into()];
        let ask = pb::ListTasksRequest { kinds, ..Default::default() };
        TaskServiceClient::new(channel.clone()).list_tasks(ask).await.unwrap().into_inner().tasks
    };
    let smw = tasks(&scene.smw.1).await;
    let [own] = smw.as_slice() else { panic!("{smw:?}") };
    assert_eq!((own.due_date.as_str(), own.case.as_str()), ("2026-12-01", ""));
    assert!(!own.text.contains("langs") && !own.reference.is_empty());
    let listed = listed(&scene.smw.1, pb::ListActionsRequest::default()).await;
    assert!(listed.iter().any(|action| action.name == own.action && action.consultation == own.consultation));
    let done = pb::CompleteActionRequest { name: own.action.clone(), request_id: scene.server.request_id() };
    actions(&scene.smw.1).complete_action(done).await.unwrap();
    assert!(tasks(&scene.smw.1).await.is_empty());
    assert_eq!(tasks(&scene.iber.1).await.len(), 1);
    let (_, stranger) = scene.server.person(Role::Smw, scene.team).await;
    assert!(tasks(&stranger).await.is_empty());
}
