//! What waits for whom: one list, computed from what its reader may see.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use pb::{
    task::Kind,
    timeline::{Deadline, deadline},
};
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, consent_service_client::ConsentServiceClient, fact_service_client::FactServiceClient,
    task_service_client::TaskServiceClient,
};
use schakel_server::thuiszitter::task::ahead::due_days;
use schakel_tests::{As, reason, statements, violations};

use super::{Region, absent, facts::tell, get, id_of, named, plan::Planned};

type Tasks = TaskServiceClient<As>;

async fn tasks(channel: &As, kinds: &[Kind]) -> Vec<pb::Task> {
    let kinds = kinds.iter().map(|kind| i32::from(*kind)).collect();
    let request = pb::ListTasksRequest { kinds, page_size: 200, page_token: String::new() };
    Tasks::new(channel.clone()).list_tasks(request).await.unwrap().into_inner().tasks
}

const ALARMS: [Kind; 3] = [Kind::NoRegisseur, Kind::NoNextAction, Kind::NextActionPassed];

/// The alarms that somebody hears, each with its date.
async fn alarms(channel: &As) -> Vec<(Kind, String)> {
    tasks(channel, &ALARMS).await.into_iter().map(|task| (task.kind(), task.due_date)).collect()
}

/// The norms that press in the case and in which `role` acts, as the timeline of the case has them.
fn pressing(deadlines: &[Deadline], role: pb::Role) -> BTreeSet<String> {
    let presses = |deadline: &&Deadline| {
        matches!(deadline.state(), deadline::State::DueSoon | deadline::State::Overdue)
            && deadline.acts.contains(&role.into())
    };
    deadlines.iter().filter(presses).map(|deadline| deadline.norm.clone()).collect()
}

fn norms(tasks: &[pb::Task]) -> BTreeSet<String> {
    tasks.iter().filter(|task| task.kind() == Kind::Deadline).map(|task| task.norm.clone()).collect()
}

#[tokio::test]
async fn e02_a_case_without_regisseur_or_next_date_is_an_alarm() {
    let region = Region::start().await;
    let swv = region.server.founded.organisation;
    let keeper = region.server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let (regisseur, own) = region.server.person(Role::Iber, region.school).await;
    let (_, other) = region.server.person(Role::Iber, region.school).await;
    let mut case = region.open(pb::Case { regisseur: regisseur.to_string(), ..absent(region.school) }).await;
    assert!(alarms(&keeper).await.is_empty() && alarms(&own).await.is_empty());

    case.next_action_date = String::new();
    let mut case = region.update(case, &["next_action_date"]).await.unwrap();
    let nothing = [(Kind::NoNextAction, String::new())];
    assert_eq!((alarms(&keeper).await, alarms(&own).await), (nothing.to_vec(), nothing.to_vec()));
    assert!(alarms(&other).await.is_empty(), "who neither keeps the case nor the register");

    case.regisseur = String::new();
    let mut case = region.update(case, &["regisseur"]).await.unwrap();
    let lacks = [(Kind::NoRegisseur, String::new()), (Kind::NoNextAction, String::new())];
    assert_eq!(alarms(&keeper).await, lacks);
    assert!(alarms(&own).await.is_empty(), "not the regisseur any more");

    (case.regisseur, case.next_action_date) = (regisseur.to_string(), "2026-11-24".into());
    let case = region.update(case, &["regisseur", "next_action_date"]).await.unwrap();
    region.server.clock.advance(TimeDelta::days(1));
    assert!(alarms(&keeper).await.is_empty(), "it is today");
    region.server.clock.advance(TimeDelta::days(1));
    let passed = [(Kind::NextActionPassed, "2026-11-24".to_owned())];
    assert_eq!((alarms(&keeper).await, alarms(&own).await), (passed.to_vec(), passed.to_vec()));

    region.close(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();
    assert!(alarms(&keeper).await.is_empty(), "nobody works on it any more");
}

#[tokio::test]
async fn e03_everybody_has_a_list_of_what_waits_for_them_and_of_nothing_else() {
    let plan = Planned::start().await;
    let server = &plan.region.server;
    let officer = server.person(Role::Leerplichtambtenaar, plan.region.gemeente).await.1;
    let swv = server.founded.organisation;
    let keeper = server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let ours = plan.add(&plan.iber.1, plan.lessons()).await.unwrap();
    let mine =
        pb::PlanAction { person: plan.iber.0.to_string(), due_date: "2026-12-02".into(), ..plan.lessons() };
    let mine = plan.add(&plan.iber.1, mine).await.unwrap();
    let visits = plan.add(&plan.smw.1, plan.visits()).await.unwrap();
    server.clock.advance(TimeDelta::days(14));
    let timeline = plan.region.timeline(&plan.case).await.deadlines;

    // The school: its norms, its own actions and those of nobody in particular.
    let iber = tasks(&plan.iber.1, &[]).await;
    assert_eq!(norms(&iber), pressing(&timeline, pb::Role::Iber));
    assert!(!norms(&iber).is_empty());
    let planned = |tasks: &[pb::Task]| {
        let planned = tasks.iter().filter(|task| task.kind() == Kind::PlanAction);
        planned.map(|task| (task.action.clone(), task.state())).collect::<Vec<_>>()
    };
    assert_eq!(
        planned(&iber),
        [(mine.name, deadline::State::Overdue), (ours.name.clone(), deadline::State::Running)]
    );
    let due: Vec<_> = iber.iter().map(|task| task.due_date.clone()).collect();
    assert!(due.is_sorted(), "{due:?}");
    assert!(iber.iter().all(|task| task.reference == plan.case.reference));
    let colleague = server.person(Role::Iber, plan.region.school).await.1;
    let theirs: Vec<_> = planned(&tasks(&colleague, &[]).await).into_iter().map(|(name, _)| name).collect();
    assert_eq!(theirs, [ours.name]);

    // The attendance officer and the register: their norms, and no action of the school.
    for (channel, role) in
        [(&officer, pb::Role::Leerplichtambtenaar), (&keeper, pb::Role::Thuiszitterscoordinator)]
    {
        let seen = tasks(channel, &[]).await;
        assert_eq!(norms(&seen), pressing(&timeline, role), "{role:?}");
        assert!(planned(&seen).is_empty());
    }
    assert!(!norms(&tasks(&officer, &[]).await).is_empty());

    // The social worker sees the own action, and of the absence nothing.
    let smw = tasks(&plan.smw.1, &[]).await;
    let [only] = smw.as_slice() else { panic!("{smw:?}") };
    assert_eq!((only.action.as_str(), only.reference.as_str()), (visits.name.as_str(), ""));

    // Who sees figures has no task, and parents have no account.
    let policy = server.person(Role::Beleidsmedewerker, plan.region.gemeente).await.1;
    assert!(tasks(&policy, &[]).await.is_empty());
    let stranger = server.school("90BB00", "GM9902").await;
    let stranger = server.person(Role::Iber, stranger).await.1;
    assert!(tasks(&stranger, &[]).await.is_empty());
    let parent = server.person(Role::Ouder, plan.region.school).await.1;
    let refused = Tasks::new(parent).list_tasks(pb::ListTasksRequest::default()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");

    for task in iber.iter().chain(&smw) {
        for secret in ["Fenna", "Oudshoorn", "Sterre", "angst"] {
            assert!(!task.text.contains(secret), "{task:?}");
        }
    }
}

#[tokio::test]
async fn x09_a_birthday_that_changes_who_consents_is_a_task_of_who_may_ask() {
    let region = Region::start().await;
    let mut case = absent(region.school);
    case.child.as_mut().unwrap().birth_date = "2014-12-05".into();
    let plan = Planned::of(case, region).await;
    let asked = tasks(&plan.iber.1, &[Kind::Consent]).await;
    let [task] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!((task.due_date.as_str(), task.case.as_str()), ("2026-12-05", plan.case.name.as_str()));
    assert_eq!(task.state(), deadline::State::DueSoon);
    let head = plan.region.server.person(Role::Directeur, plan.region.school).await.1;
    for channel in [&head, &plan.smw.1] {
        assert!(tasks(channel, &[Kind::Consent]).await.is_empty());
    }
}

/// Jeugdwet 7.3.4(2): from its twelfth birthday the child consents beside its parents.
#[tokio::test]
async fn x09_the_task_of_a_birthday_waits_until_the_child_itself_consents_and_again_once_that_is_withdrawn() {
    let region = Region::start().await;
    let mut case = absent(region.school);
    case.child.as_mut().unwrap().birth_date = "2014-12-05".into();
    let plan = Planned::of(case, region).await;
    let server = &plan.region.server;
    let mut consents = ConsentServiceClient::new(plan.iber.1.clone());
    let parent = plan.case.parents[0].person.clone();
    let child = plan.case.child.as_ref().unwrap().person.clone();
    let waits = async || {
        let asked = pb::GetStandingRequest { case: plan.case.name.clone(), ..Default::default() };
        let standing = FactServiceClient::new(plan.iber.1.clone()).get_standing(asked).await.unwrap();
        let listed = tasks(&plan.iber.1, &[Kind::Consent]).await;
        (listed.len(), standing.into_inner().consent_tasks[0].state())
    };
    let mut given = Vec::new();
    let signed = [vec![parent.clone()], vec![parent, child]];
    let states = [(1, deadline::State::DueSoon), (0, deadline::State::Met)];
    for (signers, state) in signed.into_iter().zip(states) {
        let role = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
        let signed = |person| pb::consent::Signature { person, date: "2026-11-23".into() };
        let consent = pb::Consent {
            case: plan.case.name.clone(),
            purpose: "terugkeer_school".into(),
            gives: vec![role(pb::Role::Iber)],
            receives: vec![role(pb::Role::Smw)],
            classes: vec![pb::DataClass::K2.into()],
            expire_date: "2027-05-31".into(),
            signatures: signers.into_iter().map(signed).collect(),
            ..Default::default()
        };
        let request = pb::RecordConsentRequest { consent: Some(consent), request_id: server.request_id() };
        given.push(consents.record_consent(request).await.unwrap().into_inner());
        assert_eq!(waits().await, state);
    }
    let last = given.pop().unwrap();
    let back = pb::WithdrawConsentRequest {
        name: last.name,
        etag: last.etag,
        request_id: server.request_id(),
        ..Default::default()
    };
    consents.withdraw_consent(back).await.unwrap();
    assert_eq!(waits().await, (1, deadline::State::DueSoon));
}

#[tokio::test]
async fn a_list_of_tasks_is_paged_and_costs_the_same_for_one_case_as_for_several() {
    let plan = Planned::start().await;
    let channel = &plan.iber.1;
    plan.add(channel, plan.lessons()).await.unwrap();
    plan.region.server.clock.advance(TimeDelta::days(7));
    let page = |page_size, page_token| pb::ListTasksRequest { kinds: Vec::new(), page_size, page_token };
    let mut costs = Vec::new();
    for round in 0..2 {
        // The first call of a day notes that the token was used, and works out what waits in new cases.
        tasks(channel, &[]).await;
        let (listed, sent) =
            statements(Tasks::new(channel.clone()).list_tasks(page(200, String::new()))).await;
        assert!(!listed.unwrap().into_inner().tasks.is_empty());
        costs.push(sent.len());
        for child in ["Bram Tuinman", "Siem Dijkgraaf", "Lot Veenman"].into_iter().filter(|_| round == 0) {
            let case = named(child, absent(plan.region.school));
            plan.region.open(pb::Case { next_action_date: String::new(), ..case }).await;
        }
    }
    assert_eq!(costs[0], costs[1], "{costs:?}");
    let whole = tasks(channel, &[]).await;
    assert!(whole.len() > 4);
    let (mut paged, mut token) = (Vec::new(), String::new());
    loop {
        let listed = Tasks::new(channel.clone()).list_tasks(page(3, token)).await.unwrap().into_inner();
        paged.extend(listed.tasks);
        token = listed.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, whole);
    let wrong = pb::ListTasksRequest { kinds: vec![2, 0, 99], ..Default::default() };
    let refused = Tasks::new(channel.clone()).list_tasks(wrong).await.unwrap_err();
    assert_eq!(violations(&refused), ["kinds[1]: FIELD_INVALID", "kinds[2]: FIELD_INVALID"]);
}

#[tokio::test]
async fn what_is_remembered_of_tasks_is_what_a_server_that_remembers_nothing_works_out() {
    let plan = Planned::start().await;
    let (region, server) = (&plan.region, &plan.region.server);
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let agree = async |step: &str| {
        for person in [plan.iber.0, plan.smw.0, keeper.0] {
            let here = due_days(&server.app, server.founded.region, person).await.unwrap();
            let there = due_days(&server.another().await, server.founded.region, person).await.unwrap();
            assert_eq!(here, there, "{step}");
        }
    };
    agree("as it was opened").await;
    plan.add(&plan.iber.1, plan.lessons()).await.unwrap();
    agree("something was planned").await;
    let mut case = region.iber.clone().get_case(get(&plan.case.name)).await.unwrap().into_inner();
    case.milestones = Some(pb::case::Milestones { offer_date: "2026-11-20".into(), ..Default::default() });
    let case = region.update(case, &["milestones"]).await.unwrap();
    agree("something was done").await;
    server.clock.advance(TimeDelta::days(9));
    agree("days went by").await;
    // Asked again, nobody reads the log again.
    let request = pb::ListTasksRequest { page_size: 200, ..Default::default() };
    tasks(&keeper.1, &[]).await;
    let (_, sent) = statements(Tasks::new(keeper.1.clone()).list_tasks(request)).await;
    assert!(!sent.iter().any(|sql| sql.contains("case_fact")), "{sent:#?}");
    region.close(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-25").await.unwrap();
    agree("it was closed").await;
    assert!(tasks(&keeper.1, &[]).await.is_empty());
}

const HAND_OVER: [Kind; 2] = [Kind::HandOverGemeente, Kind::HandOverDoorstroompunt];

#[tokio::test]
async fn a_child_that_moved_is_a_task_of_the_regisseur_until_it_is_handed_over_to_the_new_gemeente() {
    let region = Region::start().await;
    let (regisseur, own) = region.server.person(Role::Iber, region.school).await;
    let officer = region.server.person(Role::Leerplichtambtenaar, region.gemeente).await.1;
    let case = region.open(pb::Case { regisseur: regisseur.to_string(), ..absent(region.school) }).await;
    let closed = region.close(&case, pb::CaseOutcome::VerhuisdNaarGemeente, "2026-11-20").await.unwrap();
    assert_eq!(closed.next_action_date, "2026-12-07", "two weeks on");
    let waiting = tasks(&own, &[]).await;
    let [task] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((task.kind(), task.case.as_str()), (Kind::HandOverGemeente, case.name.as_str()));
    assert_eq!((task.due_date.as_str(), task.reference.as_str()), ("2026-12-07", case.reference.as_str()));
    for other in [&officer, &region.on_ladder] {
        assert!(tasks(other, &HAND_OVER).await.is_empty(), "it has a regisseur");
    }
    let days = due_days(&region.server.app, region.server.founded.region, regisseur).await.unwrap();
    assert_eq!(days.len(), 1, "and is told by mail as any task");

    region.server.clock.advance(TimeDelta::days(16));
    let waiting = tasks(&own, &HAND_OVER).await;
    assert_eq!(waiting[0].state(), deadline::State::Overdue);
    let other = tell(&own, &region, &case, (pb::Moment::OfferMade, "2026-12-08")).await.unwrap_err();
    assert_eq!(reason(&other), "CASE_CLOSED", "nothing else is written in a closed case");
    let before = (pb::Moment::WarmlyHandedOver, "2026-10-25");
    tell(&own, &region, &case, before).await.unwrap();
    assert_eq!(tasks(&own, &HAND_OVER).await.len(), 1, "that was before the absence, to somebody else");
    tell(&own, &region, &case, (pb::Moment::WarmlyHandedOver, "2026-12-08")).await.unwrap();
    assert!(tasks(&own, &HAND_OVER).await.is_empty());
    let read = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
    assert_eq!((read.state(), read.next_action_date.as_str()), (pb::case::State::Closed, ""));
}

/// A trajectbegeleider takes steps of tracks and tells no facts.
#[tokio::test]
async fn a_hand_over_that_the_regisseur_cannot_tell_is_a_task_of_who_knows_every_case() {
    let region = Region::start().await;
    let officer = region.server.person(Role::Leerplichtambtenaar, region.gemeente).await.1;
    let swv = region.server.founded.organisation;
    let (guide, own) = region.server.person(Role::Trajectbegeleider, swv).await;
    let case = region.open(pb::Case { regisseur: guide.to_string(), ..absent(region.school) }).await;
    region.server.invite(id_of(&case), guide).await;
    region.close(&case, pb::CaseOutcome::VerhuisdNaarGemeente, "2026-11-20").await.unwrap();
    let over = (pb::Moment::WarmlyHandedOver, "2026-11-23");
    let refused = tell(&own, &region, &case, over).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    assert!(tasks(&own, &HAND_OVER).await.is_empty());
    for channel in [&officer, &region.on_ladder] {
        let waiting = tasks(channel, &HAND_OVER).await;
        assert_eq!(waiting.iter().map(pb::Task::kind).collect::<Vec<_>>(), [Kind::HandOverGemeente]);
    }
    tell(&officer, &region, &case, over).await.unwrap();
    for channel in [&officer, &region.on_ladder] {
        assert!(tasks(channel, &HAND_OVER).await.is_empty());
    }
}

#[tokio::test]
async fn a_youth_of_eighteen_is_handed_over_to_the_doorstroompunt_also_when_nobody_keeps_the_case() {
    let region = Region::start().await;
    let officer = region.server.person(Role::Leerplichtambtenaar, region.gemeente).await.1;
    let school = region.server.person(Role::Iber, region.school).await.1;
    let case = region.open(absent(region.school)).await;
    let done = region.open(named("Bram Tuinman", absent(region.school))).await;
    let back = region.open(named("Siem Dijkgraaf", absent(region.school))).await;
    tell(&school, &region, &done, (pb::Moment::WarmlyHandedOver, "2026-11-19")).await.unwrap();
    for (case, outcome) in [
        (&case, pb::CaseOutcome::Uitgestroomd18),
        (&done, pb::CaseOutcome::Uitgestroomd18),
        (&back, pb::CaseOutcome::TerugEigenSchool),
    ] {
        let now = region.iber.clone().get_case(get(&case.name)).await.unwrap().into_inner();
        let now = region.update(pb::Case { regisseur: String::new(), ..now }, &["regisseur"]).await.unwrap();
        region.close(&now, outcome, "2026-11-20").await.unwrap();
    }
    for channel in [&officer, &region.on_ladder] {
        let waiting = tasks(channel, &HAND_OVER).await;
        let [task] = waiting.as_slice() else { panic!("{waiting:?}") };
        assert_eq!((task.kind(), task.case.as_str()), (Kind::HandOverDoorstroompunt, case.name.as_str()));
    }
    assert!(tasks(&school, &HAND_OVER).await.is_empty(), "the school is not who hands it over");
    tell(&officer, &region, &case, (pb::Moment::WarmlyHandedOver, "2026-11-23")).await.unwrap();
    assert!(tasks(&officer, &HAND_OVER).await.is_empty());
    let refused = tell(&school, &region, &back, (pb::Moment::WarmlyHandedOver, "2026-11-23")).await;
    assert_eq!(reason(&refused.unwrap_err()), "CASE_CLOSED", "nobody is to be handed anything");
}
