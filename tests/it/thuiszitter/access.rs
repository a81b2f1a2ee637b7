//! Who reaches a case, with which classes; and that the rest learns nothing.

use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{reason, statements, told};
use tonic::Code;

use super::{Cases, Region, absent, get, id_of, list};

#[tokio::test]
async fn a_case_that_is_not_yours_looks_exactly_like_one_that_does_not_exist() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let other = region.server.school("90BB00", "GM9902").await;
    let gemeente = region.server.organisation("GEMEENTE", "GM9902").await;
    let nowhere =
        schakel_domain::ids::CaseId(region.server.app.ids.next(region.server.app.now())).to_string();
    for mut stranger in [
        region.colleague(Role::Iber, other).await,
        region.colleague(Role::Leerplichtambtenaar, gemeente).await,
    ] {
        let not_mine = stranger.get_case(get(&case.name)).await.unwrap_err();
        let not_there = stranger.get_case(get(&nowhere)).await.unwrap_err();
        assert_eq!((not_mine.code(), reason(&not_mine).as_str()), (Code::NotFound, "CASE_NOT_FOUND"));
        assert_eq!(told(&not_mine), told(&not_there));
        let mut steps = Vec::new();
        for name in [&case.name, &nowhere] {
            let step =
                pb::AdvanceCaseRequest { name: name.clone(), ..region.step(&case, pb::Stage::Consult) };
            steps.push(told(&stranger.advance_case(step).await.unwrap_err()));
            let timeline = pb::GetTimelineRequest { name: name.clone(), ..Default::default() };
            steps.push(told(&stranger.get_timeline(timeline).await.unwrap_err()));
            let change = pb::Case { name: name.clone(), ..case.clone() };
            let change = region.changing(change, &["question"]);
            steps.push(told(&stranger.update_case(change).await.unwrap_err()));
        }
        assert_eq!(steps[..3], steps[3..]);
        assert!(stranger.list_cases(list()).await.unwrap().into_inner().cases.is_empty());
    }
}

#[tokio::test]
async fn t16_a_case_that_is_not_yours_costs_the_database_what_one_that_is_not_there_does() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let other = region.server.school("90BB00", "GM9902").await;
    let nowhere =
        schakel_domain::ids::CaseId(region.server.app.ids.next(region.server.app.now())).to_string();
    let mut stranger = region.colleague(Role::Iber, other).await;
    // The first call of a day notes that the token was used.
    stranger.list_cases(list()).await.unwrap();
    let mut costs = Vec::new();
    for name in [&case.name, &nowhere] {
        let (refused, sent) = statements(stranger.get_case(get(name))).await;
        assert_eq!(reason(&refused.unwrap_err()), "CASE_NOT_FOUND");
        costs.push(sent);
    }
    assert_eq!(costs[0], costs[1], "the same statements, in the same order");
}

#[tokio::test]
async fn a_school_opens_cases_of_its_own_only_and_is_not_told_which_others_exist() {
    let region = Region::start().await;
    let other = region.server.school("90BB00", "GM9901").await;
    let nowhere = schakel_domain::ids::SchoolId(region.server.app.ids.next(region.server.app.now()));
    let mut refused = Vec::new();
    for school in [other, nowhere] {
        let opening = region.opening(absent(school));
        refused.push(told(&region.iber.clone().open_case(opening).await.unwrap_err()));
    }
    assert_eq!(refused[0], refused[1]);
    let unknown = region.keeper.clone().open_case(region.opening(absent(nowhere))).await.unwrap_err();
    assert_eq!((told(&unknown), reason(&unknown).as_str()), (refused[0].clone(), "SCHOOL_NOT_FOUND"));
    region.keeper.clone().open_case(region.opening(absent(other))).await.unwrap();
}

#[tokio::test]
async fn a_helper_who_is_invited_sees_the_shell_and_writes_nothing() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let team = region.server.organisation("TEAM", "T01").await;
    let (person, channel) = region.server.person(Role::Smw, team).await;
    let mut helper = Cases::new(channel);
    assert_eq!(reason(&helper.get_case(get(&case.name)).await.unwrap_err()), "CASE_NOT_FOUND");
    region.server.invite(id_of(&case), person).await;
    let shell = pb::Case {
        name: case.name.clone(),
        state: case.state,
        school: case.school.clone(),
        ..pb::Case::default()
    };
    assert_eq!(helper.get_case(get(&case.name)).await.unwrap().into_inner(), shell);
    assert_eq!(helper.list_cases(list()).await.unwrap().into_inner().cases, [shell]);
    let timeline = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
    let timeline = helper.get_timeline(timeline).await.unwrap().into_inner();
    assert_eq!(timeline, pb::Timeline { case: case.name.clone(), ..pb::Timeline::default() });
    let change = region.changing(case.clone(), &["question"]);
    let refused = helper.update_case(change).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "ACTION_NOT_ALLOWED"));
}

#[tokio::test]
async fn an_attendance_officer_reads_and_changes_cases_of_children_that_live_in_its_gemeente() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let mut officer = region.colleague(Role::Leerplichtambtenaar, region.gemeente).await;
    assert_eq!(officer.get_case(get(&case.name)).await.unwrap().into_inner(), case);
    let closing = region.ending(&case, pb::CaseOutcome::TerugEigenSchool, "2026-11-20");
    let refused = officer.close_case(closing.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let refused = region.iber.clone().close_case(closing).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED", "a school does not close its own case");
    let moved = pb::Case { residence_gemeente_code: "GM9902".into(), ..case.clone() };
    let moving = pb::UpdateCaseRequest {
        confirm_outside_region: true,
        ..region.changing(moved, &["residence_gemeente_code"])
    };
    officer.update_case(moving).await.unwrap();
    let gone = officer.get_case(get(&case.name)).await.unwrap_err();
    assert_eq!(reason(&gone), "CASE_NOT_FOUND", "the child lives elsewhere now");
}

#[tokio::test]
async fn a_head_sees_how_long_but_not_who() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let mut head = region.colleague(Role::Directeur, region.school).await;
    let seen = head.get_case(get(&case.name)).await.unwrap().into_inner();
    assert!(seen.child.is_none() && seen.parents.is_empty() && seen.question.is_empty());
    assert!(seen.reference.is_empty() && seen.residence_gemeente_code.is_empty());
    assert_eq!((seen.stage, seen.days_absent, &seen.absence), (case.stage, 28, &case.absence));
    region.advance(&case, pb::Stage::Consult).await.unwrap();
    let timeline = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
    let timeline = head.get_timeline(timeline).await.unwrap().into_inner();
    assert_eq!(
        timeline.events[1].text, "De fase ging van ‘Signaal’ naar ‘Advies gevraagd’.",
        "what was said is K4"
    );
    let change = region.changing(case, &["next_action_date"]);
    assert_eq!(reason(&head.update_case(change).await.unwrap_err()), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn a_policy_officer_is_told_that_there_are_only_figures() {
    let region = Region::start().await;
    let case = region.open(absent(region.school)).await;
    let mut officer = region.colleague(Role::Beleidsmedewerker, region.gemeente).await;
    for refused in
        [officer.list_cases(list()).await.unwrap_err(), officer.get_case(get(&case.name)).await.unwrap_err()]
    {
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "AGGREGATES_ONLY"));
    }
    let administrator = Cases::new(region.server.administrator());
    let refused = administrator.clone().list_cases(list()).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}
