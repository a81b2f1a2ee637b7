//! What is kept of each case is what its log comes to, whatever happens to it.

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_server::{
    app::App,
    entity::{monitor_case, school_closure},
    monitor::worker,
};
use schakel_tests::needs::full_drill;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};

use super::{Region, by, cases, table};

/// Numbers that a seed decides.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

fn today(app: &App) -> NaiveDate {
    schakel_server::access::authenticate::today(app.now())
}

/// One thing more happens to a case; what is refused is no matter.
async fn lives_on(region: &Region, name: &str, chance: &mut Chance) {
    let today = schakel_server::access::authenticate::today(region.server.app.now());
    let mut keeper = cases(&region.keeper);
    let now = keeper.get_case(pb::GetCaseRequest { name: name.into() }).await.unwrap().into_inner();
    let day = |back: u64| (today - chrono::Days::new(back)).to_string();
    let request_id = region.server.request_id();
    match chance.below(6) {
        0 => region.server.clock.advance(TimeDelta::hours(i64::try_from(chance.below(400)).unwrap())),
        1 if now.state() == pb::case::State::Open => region.offer(&now, &day(chance.below(3))).await,
        1 => {}
        2 => {
            let stage = 1 + i32::try_from(chance.below(9)).unwrap();
            let step = pb::AdvanceCaseRequest {
                name: name.into(),
                stage,
                parents_involved: "Besproken.".into(),
                next_action_date: day(0),
                etag: now.etag,
                request_id,
                ..pb::AdvanceCaseRequest::default()
            };
            let _ = keeper.advance_case(step).await;
        }
        3 => {
            let outcome = [pb::CaseOutcome::TerugEigenSchool, pb::CaseOutcome::VerhuisdNaarGemeente];
            let ending = pb::CloseCaseRequest {
                name: name.into(),
                outcome: outcome[usize::try_from(chance.below(2)).unwrap()].into(),
                outcome_date: day(chance.below(20)),
                note: "Met ouders afgesproken.".into(),
                etag: now.etag,
                request_id,
                ..pb::CloseCaseRequest::default()
            };
            let _ = keeper.close_case(ending).await;
        }
        4 => {
            let first_day = day(chance.below(10));
            let again = pb::ReopenCaseRequest {
                name: name.into(),
                first_day,
                etag: now.etag,
                request_id,
                ..pb::ReopenCaseRequest::default()
            };
            let _ = keeper.reopen_case(again).await;
        }
        _ => {
            let mut changed = now;
            changed.absence.as_mut().unwrap().first_day = day(chance.below(120));
            let update = pb::UpdateCaseRequest {
                case: Some(changed),
                update_mask: Some(prost_types::FieldMask { paths: vec!["absence".into()] }),
                request_id,
                ..Default::default()
            };
            let _ = keeper.update_case(update).await;
        }
    }
}

#[tokio::test]
async fn what_is_kept_of_random_lives_is_what_their_logs_come_to() {
    let steps = if full_drill() { 400 } else { 40 };
    let region = Region::start().await;
    let mut chance = Chance(7);
    let mut names = Vec::new();
    for nth in 0..4 {
        names.push(region.open(&format!("Kind {nth}"), nth % 2, "GM9901", "2026-10-26").await.name);
    }
    let (app, id) = (&region.server.app, region.server.founded.region);
    let rows = region.server.rows().await;
    for step in 0..steps {
        let name = &names[usize::try_from(chance.below(4)).unwrap()];
        lives_on(&region, name, &mut chance).await;
        // Behind, kept up, and from the logs alone: always the same figures.
        let behind = table(&region.keeper, by(pb::MonitorGroup::School)).await;
        worker::work(app, id).await.unwrap();
        assert_eq!(worker::work(app, id).await.unwrap(), 0, "nothing is left to do");
        let kept = table(&region.keeper, by(pb::MonitorGroup::School)).await;
        assert_eq!(behind, kept, "step {step}");
        // What this server remembers, what is kept for another, and what neither has, of today and before.
        for app in [app, &region.server.another().await] {
            for day in [None, today(app).checked_sub_days(chrono::Days::new(chance.below(40)))] {
                let checked = worker::check(app, id, day).await.unwrap();
                assert_eq!(checked.differing, [], "step {step}, {day:?}");
                assert!(checked.cases <= names.len());
            }
        }
        rows.execute_unprepared("DELETE FROM monitor_case").await.unwrap();
        let computed = worker::check(&region.server.another().await, id, None).await.unwrap();
        assert_eq!(computed.differing, [], "step {step}");
        let total = kept.total.unwrap();
        let open = cases(&region.keeper).list_cases(pb::ListCasesRequest::default()).await.unwrap();
        let open = i32::try_from(open.into_inner().cases.len()).unwrap();
        assert_eq!(super::figure(&total, "OPEN"), Some(open), "step {step}: as the register says");
        worker::work(app, id).await.unwrap();
    }
    rows.close().await.unwrap();
}

#[tokio::test]
async fn what_is_restricted_is_not_counted() {
    let region = Region::start().await;
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    let mut privacy = pb::privacy_service_client::PrivacyServiceClient::new(region.keeper.clone());
    let request = pb::RestrictCaseRequest {
        name: case.name,
        ground: pb::RestrictionGround::Accuracy.into(),
        note: "Een ouder betwist de gegevens.".into(),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    privacy.restrict_case(request).await.unwrap();
    let found = table(&region.keeper, by(pb::MonitorGroup::Unspecified)).await;
    assert_eq!(super::total(&found, "OPEN"), Some(0));
}

/// What is kept of a case is right for its version: a birth date that is put right raises that.
#[tokio::test]
async fn what_is_kept_follows_a_birth_date_that_is_put_right() {
    let region = Region::start().await;
    let (app, id) = (&region.server.app, region.server.founded.region);
    let case = region.open("Een", 0, "GM9901", "2026-08-10").await;
    let long =
        async || super::total(&table(&region.keeper, by(pb::MonitorGroup::Unspecified)).await, "LABEL_LRV");
    worker::work(app, id).await.unwrap();
    assert_eq!(long().await, Some(1));
    let request = pb::RectifySubjectRequest {
        case: case.name.clone(),
        person: case.child.as_ref().unwrap().person.clone(),
        // Of 21 years: LRV is of who must attend.
        facts: Some(pb::PersonFacts { birth_date: "2005-05-14".into(), ..Default::default() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["birth_date".into()] }),
        asked_by: pb::Requester::Parent.into(),
        reason: "Verkeerd overgenomen.".into(),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    let mut privacy = pb::privacy_service_client::PrivacyServiceClient::new(region.keeper.clone());
    privacy.rectify_subject(request).await.unwrap();
    let now = cases(&region.keeper).get_case(pb::GetCaseRequest { name: case.name }).await.unwrap();
    assert_ne!(now.into_inner().etag, case.etag);
    assert_eq!(long().await, Some(0));
    worker::work(app, id).await.unwrap();
    assert_eq!(long().await, Some(0));
    assert_eq!(worker::check(&region.server.another().await, id, None).await.unwrap().differing, []);
}

#[tokio::test]
async fn what_is_remembered_of_a_region_ends_with_a_case_that_changes_is_put_aside_or_comes_back() {
    let region = Region::start().await;
    let (app, id) = (&region.server.app, region.server.founded.region);
    let one = region.open("Een", 0, "GM9901", "2026-10-26").await;
    let open = async || super::total(&table(&region.keeper, by(pb::MonitorGroup::Unspecified)).await, "OPEN");
    assert_eq!((open().await, open().await), (Some(1), Some(1)));
    region.open("Twee", 1, "GM9902", "2026-10-26").await;
    assert_eq!(open().await, Some(2));
    let mut privacy = pb::privacy_service_client::PrivacyServiceClient::new(region.keeper.clone());
    let request = pb::RestrictCaseRequest {
        name: one.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        note: "Een ouder betwist de gegevens.".into(),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    privacy.restrict_case(request).await.unwrap();
    assert_eq!(open().await, Some(1));
    // A second look at an unchanged region reads no log and no sealed life.
    worker::work(app, id).await.unwrap();
    open().await;
    let (again, sent) = schakel_tests::statements(open()).await;
    assert_eq!(again, Some(1));
    assert!(!sent.iter().any(|sql| sql.contains("case_fact") || sql.contains("monitor_case")), "{sent:#?}");
}

#[tokio::test]
async fn of_a_day_before_a_case_was_opened_nothing_is_worked_out() {
    let region = Region::start().await;
    region.open("Een", 0, "GM9901", "2026-10-26").await;
    let before = today(&region.server.app).checked_sub_days(chrono::Days::new(300)).unwrap();
    let wanted = pb::GetMonitorRequest { date: before.to_string(), ..by(pb::MonitorGroup::Unspecified) };
    let (found, sent) = schakel_tests::statements(table(&region.keeper, wanted)).await;
    assert_eq!(super::total(&found, "OPEN"), Some(0));
    assert!(!sent.iter().any(|sql| sql.contains("case_fact")), "{sent:#?}");
}

#[tokio::test]
async fn a_region_with_a_case_put_aside_is_kept_up_without_looking_again() {
    let region = Region::start().await;
    let (app, id) = (&region.server.app, region.server.founded.region);
    let one = region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.open("Twee", 1, "GM9902", "2026-10-26").await;
    worker::work(app, id).await.unwrap();
    let request = pb::RestrictCaseRequest {
        name: one.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        note: "Een ouder betwist de gegevens.".into(),
        request_id: region.server.request_id(),
        ..Default::default()
    };
    let mut privacy = pb::privacy_service_client::PrivacyServiceClient::new(region.keeper.clone());
    privacy.restrict_case(request).await.unwrap();
    region.server.clock.advance(TimeDelta::days(1));
    // The day is another: of the case that is counted alone.
    assert_eq!(worker::work(app, id).await.unwrap(), 1);
    assert_eq!(worker::work(app, id).await.unwrap(), 0);
    let (left, sent) = schakel_tests::statements(worker::work(app, id)).await;
    assert_eq!(left.unwrap(), 0);
    assert!(!sent.iter().any(|sql| sql.contains("monitor_case")), "{sent:#?}");
    region.open("Drie", 1, "GM9902", "2026-10-26").await;
    assert!(worker::work(app, id).await.unwrap() > 0, "another case is looked at");
}

#[tokio::test]
async fn what_is_kept_and_no_log_comes_to_is_found() {
    let region = Region::start().await;
    let (app, id) = (&region.server.app, region.server.founded.region);
    let case = region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.open("Twee", 1, "GM9902", "2026-10-26").await;
    worker::work(app, id).await.unwrap();
    let rows = region.server.rows().await;
    let kept = async || monitor_case::Entity::find().all(&rows).await.unwrap();
    let before = kept().await;
    region.offer(&case, "2026-11-20").await;
    worker::work(app, id).await.unwrap();
    assert_eq!(worker::check(&region.server.another().await, id, None).await.unwrap().differing, []);
    let after = kept().await;
    let changed = after
        .iter()
        .find(|row| !before.iter().any(|old| old.case_version == row.case_version && old.id == row.id));
    let changed = changed.unwrap();
    let old = before.into_iter().find(|old| old.id == changed.id).unwrap();
    // As it was, with the stamp of now.
    monitor_case::Entity::update_many()
        .col_expr(monitor_case::Column::SealedLife, Expr::value(old.sealed_life))
        .filter(monitor_case::Column::Id.eq(old.id))
        .exec(&rows)
        .await
        .unwrap();
    let checked = worker::check(&region.server.another().await, id, None).await.unwrap();
    let differing: Vec<String> = checked.differing.iter().map(ToString::to_string).collect();
    assert_eq!((checked.cases, differing), (2, vec![case.name]));
    rows.close().await.unwrap();
}

#[tokio::test]
async fn lives_are_worked_out_anew_for_a_day_off_and_for_no_colleague() {
    let region = Region::start().await;
    let (app, id) = (&region.server.app, region.server.founded.region);
    region.open("Een", 0, "GM9901", "2026-10-26").await;
    region.open("Twee", 1, "GM9902", "2026-10-26").await;
    worker::work(app, id).await.unwrap();
    region.somebody(Role::Iber, region.schools[0]).await;
    assert_eq!(worker::work(app, id).await.unwrap(), 0, "somebody came to a school");
    let study_day: NaiveDate = "2026-11-18".parse().unwrap();
    let closure = school_closure::Model {
        region_id: id.0,
        school_id: region.schools[0].0,
        position: 0,
        display_name: "Studiedag".into(),
        first_day: study_day,
        last_day: study_day,
        opened: false,
    };
    let rows = region.server.rows().await;
    school_closure::Entity::insert(closure.into_active_model()).exec_without_returning(&rows).await.unwrap();
    rows.close().await.unwrap();
    assert_eq!(worker::work(app, id).await.unwrap(), 2, "a school was closed");
    assert_eq!(worker::check(&region.server.another().await, id, None).await.unwrap().differing, []);
}
