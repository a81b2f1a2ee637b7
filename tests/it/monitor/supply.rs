//! What each wijk has and what is asked of it: hours granted, used and left, places, questions, gaps.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    report_service_client::ReportServiceClient,
};
use schakel_server::entity::case_circle;
use schakel_tests::{As, reason, seed_meetings::Scene, violations};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

const WIJK: &str = "WK990101";

fn granted(source: pb::HoursSource, hours: i32, etag: &str) -> pb::GrantedHours {
    pb::GrantedHours {
        school_year: "2026-2027".into(),
        wijk_code: WIJK.into(),
        source: source.into(),
        hours,
        etag: etag.into(),
    }
}

async fn grant(scene: &Scene, hours: pb::GrantedHours) -> Result<pb::GrantedHours, tonic::Status> {
    let request_id = scene.server.request_id();
    let setting = pb::SetGrantedHoursRequest { granted_hours: Some(hours), request_id };
    let mut keeper = ReportServiceClient::new(scene.server.administrator());
    keeper.set_granted_hours(setting).await.map(tonic::Response::into_inner)
}

async fn wijk(client: &As) -> pb::SupplyRow {
    let mut client = ReportServiceClient::new(client.clone());
    let found = client.get_supply(pb::GetSupplyRequest::default()).await.unwrap().into_inner();
    assert_eq!(found.school_year, "2026-2027");
    found.rows.into_iter().find(|row| row.wijk_code == WIJK).unwrap()
}

fn account(row: &pb::SupplyRow, source: pb::HoursSource) -> (i32, i32, i32) {
    let account = row.accounts.iter().find(|account| account.source() == source).unwrap();
    (account.granted_minutes, account.used_minutes, account.left_minutes)
}

async fn somebody(scene: &Scene, role: Role) -> As {
    scene.server.person(role, scene.server.founded.organisation).await.1
}

/// That the meeting was held, and the social worker was there.
async fn held(scene: &Scene, booked: pb::Consultation) {
    let parent = scene.family.parents[0].to_string();
    let outcome = pb::Outcome {
        attended: vec![scene.iber.0.to_string(), scene.smw.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Noor vertelde wat haar helpt.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
        jgt_decided_with: vec![parent],
        summary: "Opbouw met twee ochtenden.".into(),
        actions: vec![pb::outcome::Action {
            text: "Rooster maken".into(),
            owner: scene.iber.0.to_string(),
            due_date: "2026-12-01".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let record = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: scene.server.request_id(),
    };
    scene.meetings().record_outcome(record).await.unwrap();
}

/// From nine to eleven on Thursdays the social worker is at the school.
async fn thursdays(scene: &Scene) {
    let list = pb::ListAffiliationsRequest { person: scene.smw.0.to_string(), ..Default::default() };
    let posts = scene.server.directory().list_affiliations(list).await.unwrap().into_inner().affiliations;
    let block = pb::WeeklyHours {
        affiliation: posts[0].name.clone(),
        weekday: 4,
        from: "09:00".into(),
        until: "11:00".into(),
        school: scene.school.to_string(),
        ..Default::default()
    };
    let request_id = scene.server.request_id();
    let ask = pb::CreateWeeklyHoursRequest { weekly_hours: Some(block), request_id };
    AvailabilityServiceClient::new(scene.server.administrator()).create_weekly_hours(ask).await.unwrap();
}

#[tokio::test]
async fn a12_education_and_gemeente_put_hours_into_a_wijk_and_see_what_is_left() {
    use pb::HoursSource::{Education, Municipality};
    let scene = Scene::start().await;
    let keeper = somebody(&scene, Role::Thuiszitterscoordinator).await;
    grant(&scene, granted(Municipality, 30, "0")).await.unwrap();
    let first = grant(&scene, granted(Education, 10, "0")).await.unwrap();
    let stale = grant(&scene, granted(Education, 12, "0")).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    grant(&scene, granted(Education, 12, &first.etag)).await.unwrap();
    let row = wijk(&keeper).await;
    assert_eq!(account(&row, Municipality), (1800, 0, 1800));
    assert_eq!(account(&row, Education), (720, 0, 720));

    // An hour of the social worker at a meeting on Wednesday.
    let booked = scene.booked(scene.later(48)).await;
    scene.server.clock.advance(TimeDelta::hours(50));
    held(&scene, booked).await;
    assert_eq!(account(&wijk(&keeper).await, Municipality), (1800, 60, 1740));
    // It would tell of a child to who counts no cases, or not those of that school.
    let elsewhere = scene.server.school("99BB00", "GM9901").await;
    let officer = scene.server.person(Role::Beleidsmedewerker, scene.gemeente).await.1;
    let other = scene.server.person(Role::Iber, elsewhere).await.1;
    for client in [&officer, &other] {
        let told = wijk(client).await;
        assert_eq!((account(&told, Municipality), told.meetings_withheld), ((1800, 0, 1800), true));
    }

    // Two hours a week that it keeps for the school, from Thursday on: today is one of them a week later.
    thursdays(&scene).await;
    scene.server.clock.advance(TimeDelta::days(8));
    // 26 November and 3 December.
    assert_eq!(account(&wijk(&keeper).await, Municipality), (1800, 60 + 240, 1500));
    assert_eq!(account(&wijk(&officer).await, Municipality), (1800, 240, 1560));

    let unknown = pb::GrantedHours { wijk_code: "WK999999".into(), ..granted(Education, 1, "0") };
    assert_eq!(reason(&grant(&scene, unknown).await.unwrap_err()), "AREA_NOT_FOUND");
    let wrong = granted(Education, -1, "1");
    assert_eq!(violations(&grant(&scene, wrong).await.unwrap_err()), ["granted_hours.hours: FIELD_INVALID"]);
    let request_id = scene.server.request_id();
    let setting = pb::SetGrantedHoursRequest { granted_hours: Some(granted(Education, 1, "2")), request_id };
    let refused = ReportServiceClient::new(keeper).set_granted_hours(setting).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn a12_hours_are_used_while_their_owner_works_there_and_is_not_away() {
    use pb::HoursSource::Municipality;
    let scene = Scene::start().await;
    let keeper = somebody(&scene, Role::Thuiszitterscoordinator).await;
    // From half past ten to half past eleven on Thursday 26 November: half of it in the hours kept.
    let booked = scene.booked(scene.later(73) + TimeDelta::minutes(30)).await;
    thursdays(&scene).await;
    let absence = pb::Absence {
        person: scene.smw.0.to_string(),
        kind: pb::absence::Kind::Leave.into(),
        valid_from: "2026-12-03".into(),
        valid_until: "2026-12-03".into(),
        until: "10:00".into(),
        ..Default::default()
    };
    let ask = pb::CreateAbsenceRequest { absence: Some(absence), request_id: scene.server.request_id() };
    AvailabilityServiceClient::new(scene.server.administrator()).create_absence(ask).await.unwrap();
    scene.server.clock.advance(TimeDelta::hours(76));
    held(&scene, booked).await;
    assert_eq!(account(&wijk(&keeper).await, Municipality), (0, 120 + 30, -150));
    scene.server.clock.advance(TimeDelta::days(7));
    assert_eq!(account(&wijk(&keeper).await, Municipality), (0, 150 + 60, -210), "away until ten");
    scene.server.end_affiliations(scene.smw.0).await;
    scene.server.clock.advance(TimeDelta::days(7));
    assert_eq!(account(&wijk(&keeper).await, Municipality), (0, 210, -210), "it works there no more");
}

#[tokio::test]
async fn a12_a_meeting_about_a_case_that_is_restricted_is_counted_nowhere() {
    let scene = Scene::start().await;
    let keeper = somebody(&scene, Role::Thuiszitterscoordinator).await;
    let booked = scene.booked(scene.later(48)).await;
    scene.server.clock.advance(TimeDelta::hours(50));
    held(&scene, booked).await;
    assert_eq!(account(&wijk(&keeper).await, pb::HoursSource::Municipality), (0, 60, -60));
    let rows = scene.server.rows().await;
    case_circle::Entity::update_many()
        .col_expr(case_circle::Column::Hold, Expr::value("RESTRICTED"))
        .filter(case_circle::Column::CaseId.eq(scene.family.case.0))
        .exec(&rows)
        .await
        .unwrap();
    rows.close().await.unwrap();
    assert_eq!(account(&wijk(&keeper).await, pb::HoursSource::Municipality), (0, 0, 0));
}

#[tokio::test]
async fn a12_of_who_set_the_same_hours_at_one_moment_one_does() {
    let scene = Scene::start().await;
    for (round, etag) in ["0", "1", "2"].into_iter().enumerate() {
        let mut setting = tokio::task::JoinSet::new();
        for hours in 1..=8 {
            let request_id = scene.server.request_id();
            let hours = Some(granted(pb::HoursSource::Education, hours, etag));
            let setter = pb::SetGrantedHoursRequest { granted_hours: hours, request_id };
            let mut keeper = ReportServiceClient::new(scene.server.administrator());
            setting.spawn(async move { keeper.set_granted_hours(setter).await });
        }
        let all = setting.join_all().await;
        let (set, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
        assert_eq!((set.len(), refused.len()), (1, 7), "round {round}");
        assert!(refused.iter().all(|one| reason(one.as_ref().unwrap_err()) == "ETAG_MISMATCH"));
        let kept = set.into_iter().next().unwrap().unwrap().into_inner();
        assert_eq!(kept.etag, (round + 1).to_string());
        let keeper = somebody(&scene, Role::Thuiszitterscoordinator).await;
        let row = wijk(&keeper).await;
        assert_eq!(account(&row, pb::HoursSource::Education).0, kept.hours * 60, "as was answered");
    }
}

#[tokio::test]
async fn d06_where_the_supply_of_a_wijk_falls_short_is_told_and_exported() {
    let scene = Scene::start().await;
    let keeper = somebody(&scene, Role::Thuiszitterscoordinator).await;
    let gaps = |row: &pb::SupplyRow| row.gaps().collect::<Vec<_>>();
    assert_eq!(gaps(&wijk(&keeper).await), [pb::SupplyGap::NoHours, pb::SupplyGap::NoProvision]);
    grant(&scene, granted(pb::HoursSource::Education, 10, "0")).await.unwrap();
    let provision = pb::Provision {
        topic: "STRUCTUURGROEP".into(),
        display_name: "Structuurgroep".into(),
        organisation: scene.school.to_string().replace("schools/", "organisations/"),
        audience: pb::provision::Audience::Region.into(),
        places: 8,
        taken: 8,
        waiting: 2,
        ..Default::default()
    };
    let request_id = scene.server.request_id();
    let ask = pb::CreateProvisionRequest { provision: Some(provision), request_id };
    scene.server.directory().create_provision(ask).await.unwrap();
    let hulpvraag = pb::Hulpvraag {
        school: scene.school.to_string(),
        role: pb::Role::Smw.into(),
        target_date: "2026-12-04".into(),
        question: "Kan iemand meedenken?".into(),
        ..Default::default()
    };
    let request_id = scene.server.request_id();
    let ask = pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id };
    scene.requests().create_hulpvraag(ask).await.unwrap();
    let row = wijk(&keeper).await;
    assert_eq!((row.provisions, row.places, row.taken_places, row.waiting), (1, 8, 8, 2));
    assert_eq!((row.asked, row.unanswered, row.demand_withheld), (1, 1, false));
    assert_eq!(gaps(&row), [pb::SupplyGap::WaitingList, pb::SupplyGap::Unanswered]);

    let format = pb::MonitorFormat::Csv.into();
    let asked = pb::ExportSupplyRequest { school_year: "2026-2027".into(), format };
    let file = ReportServiceClient::new(keeper.clone()).export_supply(asked).await.unwrap().into_inner();
    assert_eq!(file.file_name, "supply-2026-2027.csv");
    let text = String::from_utf8(file.content).unwrap();
    assert!(
        text.contains("WK990101,") && text.contains(",1,8,8,2,1,1,WAITING_LIST UNANSWERED,false"),
        "{text}"
    );
    // Who sees figures alone is told of no question of a year that is not over.
    let officer = scene.server.person(Role::Beleidsmedewerker, scene.gemeente).await.1;
    let told = wijk(&officer).await;
    assert!(told.demand_withheld && told.asked == 0 && told.places == 8);
    // Nor is who counts a part of the questions alone: it would take the others for none.
    for client in [&scene.iber.1, &scene.leerplicht.1] {
        let told = wijk(client).await;
        assert!(told.demand_withheld && told.asked == 0 && told.unanswered == 0);
        assert_eq!(gaps(&told), [pb::SupplyGap::WaitingList]);
    }
    // Who sets hours finds their etags, and no figure of a child.
    let set = wijk(&scene.server.administrator()).await;
    let education = set.accounts.iter().find(|one| one.source() == pb::HoursSource::Education).unwrap();
    assert_eq!((education.granted_minutes, education.etag.as_str()), (600, "1"));
    assert!(set.demand_withheld && set.meetings_withheld && set.asked == 0);
    let late = pb::GetSupplyRequest { school_year: "2029-2030".into() };
    let refused = ReportServiceClient::new(keeper).get_supply(late).await.unwrap_err();
    assert_eq!(violations(&refused), ["school_year: TIME_OUT_OF_BOUNDS"]);
}
