//! Who may subscribe, to which cases; and who may watch.

use std::time::Duration;

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient, case_change::Kind};
use schakel_server::{settings::Network, subscription};
use schakel_tests::{TestServer, descriptions, reason, receiver::Receiver, violations};
use tonic::Code;

use super::parts::{Cases, Region, Subscriptions, types};

#[tokio::test]
async fn x12_an_organisation_is_told_of_the_cases_that_it_reads_and_of_no_others() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let mut other = region.of(region.other).await;
    let mut gemeente = region.of(region.gemeente).await;
    let mut keeper = region.of(region.server.founded.organisation).await;
    region.subscribe(&mut school, "/school").await;
    region.subscribe(&mut other, "/other").await;
    region.subscribe(&mut gemeente, "/gemeente").await;
    region.subscribe(&mut keeper, "/keeper").await;
    let paths = |received: Vec<schakel_tests::receiver::Received>| {
        let path = |head: &str| head.split(' ').nth(1).unwrap().to_owned();
        let mut paths: Vec<_> = received.iter().map(|one| path(&one.head)).collect();
        paths.sort();
        paths
    };
    // The child lives in GM9901, whichever school it goes to.
    region.open("Bram Tuinman").await;
    assert_eq!(paths(region.told().await), ["/gemeente", "/keeper", "/school"]);
    let (_, iber) = region.server.person(Role::Iber, region.other).await;
    region.open_at(region.other, Cases::new(iber), "Saar Tuinman").await;
    assert_eq!(paths(region.told().await), ["/gemeente", "/keeper", "/other"]);

    // Only some kinds.
    let mut some = region.of(region.school).await;
    some.create_subscription(region.wish("/some", &[Kind::StageChanged, Kind::CaseClosed])).await.unwrap();
    let case = region.open("Noor Tuinman").await;
    assert_eq!(paths(region.told().await), ["/gemeente", "/keeper", "/school"]);
    region.advance(&case).await;
    assert_eq!(paths(region.told().await), ["/gemeente", "/keeper", "/school", "/some"]);
}

#[tokio::test]
async fn x12_only_an_administrator_of_an_organisation_that_reads_cases_subscribes_it() {
    let region = Region::start().await;
    let mut school = region.of(region.school).await;
    let team = region.server.organisation("TEAM", "WT1").await;
    let mut of_team = region.of(team).await;
    let refused = of_team.create_subscription(region.wish("/hook", &[])).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
    let mut iber = Subscriptions::new(region.server.person(Role::Iber, region.school).await.1);
    let refused = iber.create_subscription(region.wish("/hook", &[])).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");

    let wrong = pb::CreateSubscriptionRequest {
        address: "ftp://lvs.example/hook".into(),
        kinds: vec![99],
        request_id: String::new(),
    };
    let refused = school.create_subscription(wrong).await.unwrap_err();
    let told = ["request_id: REQUEST_ID_REQUIRED", "address: FIELD_INVALID", "kinds[0]: FIELD_INVALID"];
    assert_eq!(violations(&refused), told);
    let (name, _) = region.subscribe(&mut school, "/hook").await;
    let mut other = region.of(region.other).await;
    let refused = region.test(&mut other, &name).await.unwrap_err();
    assert_eq!(reason(&refused), "SUBSCRIPTION_NOT_FOUND");
    let ask = pb::RotateSubscriptionSecretRequest { name, request_id: region.server.request_id() };
    assert_eq!(reason(&other.rotate_subscription_secret(ask).await.unwrap_err()), "SUBSCRIPTION_NOT_FOUND");
    let listed = other.list_subscriptions(pb::ListSubscriptionsRequest::default()).await.unwrap();
    assert!(listed.into_inner().subscriptions.is_empty());
    for _ in 1..10 {
        region.subscribe(&mut school, "/hook").await;
    }
    let full = school.create_subscription(region.wish("/hook", &[])).await.unwrap_err();
    assert_eq!(reason(&full), "TOO_MANY_SUBSCRIPTIONS");
}

#[tokio::test]
async fn x12_a_system_of_the_organisation_subscribes_itself() {
    let region = Region::start().await;
    let mut access = AccessServiceClient::new(region.server.administrator());
    let client = pb::SystemClient {
        organisation: region.school.to_string().replace("schools/", "organisations/"),
        display_name: "Leerlingsysteem".into(),
        scopes: vec!["MANAGE_SUBSCRIPTIONS".into()],
        ..Default::default()
    };
    let ask =
        pb::CreateSystemClientRequest { system_client: Some(client), request_id: region.server.request_id() };
    let made = access.create_system_client(ask).await.unwrap().into_inner();
    let ask = pb::CreateSystemTokenRequest {
        system_client: made.name,
        display_name: "koppeling".into(),
        valid_days: 30,
        request_id: region.server.request_id(),
    };
    let token = access.create_system_token(ask).await.unwrap().into_inner();
    let mut system = Subscriptions::new(region.server.bearing(&token.secret));
    region.subscribe(&mut system, "/hook").await;
    region.open("Bram Tuinman").await;
    assert_eq!(types(&region.told().await), ["case.opened"]);
    let mut school = region.of(region.school).await;
    assert_eq!(region.only(&mut school).await.host, "127.0.0.1", "the organisation's administrator sees it");
}

async fn next(events: &mut tonic::Streaming<pb::WatchCasesResponse>) -> Option<pb::CaseChange> {
    let told = tokio::time::timeout(Duration::from_secs(2), events.message()).await.ok()?;
    told.unwrap().unwrap().change
}

async fn is_quiet(events: &mut tonic::Streaming<pb::WatchCasesResponse>) -> bool {
    tokio::time::timeout(Duration::from_millis(1300), events.message()).await.is_err()
}

#[tokio::test]
async fn x12_a_watcher_of_cases_is_told_that_they_changed_and_goes_on_where_it_broke_off() {
    let region = Region::start().await;
    let before = region.open("Bram Tuinman").await;
    let all = pb::WatchCasesRequest::default();
    let mut events = region.iber.clone().watch_cases(all.clone()).await.unwrap().into_inner();
    let (_, stranger) = region.server.person(Role::Iber, region.other).await;
    let mut strange = Cases::new(stranger.clone()).watch_cases(all).await.unwrap().into_inner();
    let case = region.open("Saar Tuinman").await;
    let opened = next(&mut events).await.unwrap();
    assert_eq!((opened.kind(), &opened.case, opened.norm.as_str()), (Kind::CaseOpened, &case.name, ""));
    region.advance(&before).await;
    let moved = next(&mut events).await.unwrap();
    assert_eq!((moved.kind(), &moved.case), (Kind::StageChanged, &before.name));
    assert!(is_quiet(&mut events).await, "each change once");
    assert!(is_quiet(&mut strange).await, "another school's");
    drop(events);

    region.server.clock.advance(TimeDelta::minutes(6));
    region.advance(&case).await;
    let after = pb::WatchCasesRequest { after: moved.name.clone(), ..Default::default() };
    let mut events = region.iber.clone().watch_cases(after).await.unwrap().into_inner();
    let mut told = Vec::new();
    while let Some(change) = next(&mut events).await {
        told.push((change.kind(), change.case));
    }
    assert_eq!(told.last(), Some(&(Kind::StageChanged, case.name.clone())), "{told:?}");
    assert!(!told.contains(&(Kind::StageChanged, before.name.clone())), "that one was told");

    let of_one = pb::WatchCasesRequest { case: before.name.clone(), after: String::new() };
    let refused = Cases::new(stranger.clone()).watch_cases(of_one).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_NOT_FOUND");
    let after = pb::WatchCasesRequest { case: String::new(), after: moved.name };
    let refused = Cases::new(stranger).watch_cases(after).await.unwrap_err();
    assert_eq!(reason(&refused), "CASE_EVENT_NOT_FOUND");
}

#[tokio::test]
async fn x12_a_watcher_of_cases_is_told_nothing_after_its_membership_ended() {
    let region = Region::start().await;
    let (person, channel) = region.server.person(Role::Iber, region.school).await;
    let all = pb::WatchCasesRequest::default();
    let mut events = Cases::new(channel).watch_cases(all).await.unwrap().into_inner();
    region.open("Bram Tuinman").await;
    assert!(next(&mut events).await.is_some());
    region.server.end_affiliations(person).await;
    region.server.clock.advance(TimeDelta::days(1));
    region.open("Saar Tuinman").await;
    let ended = tokio::time::timeout(Duration::from_secs(3), events.message()).await.unwrap();
    assert_eq!(ended.unwrap_err().code(), Code::PermissionDenied);
    let read = "SELECT COUNT(*) FROM audit WHERE method LIKE '%WatchCases' AND action = 'R'";
    assert_eq!(region.server.number(read).await, 1, "what was told is written down");
}

#[tokio::test]
async fn x12_an_address_that_is_not_taken_says_what_would_be_and_the_demo_tells_this_machine() {
    let elsewhere = Receiver::start().await;
    let wish = |server: &TestServer, address: String| pb::CreateSubscriptionRequest {
        address,
        kinds: Vec::new(),
        request_id: server.request_id(),
    };
    let usual = TestServer::start().await;
    let mut keeper = Subscriptions::new(usual.administrator());
    let refused = keeper.create_subscription(wish(&usual, elsewhere.at("/hook"))).await.unwrap_err();
    assert_eq!(violations(&refused), ["address: FIELD_INVALID"]);
    let told = "Vul een adres in dat met https:// begint, zonder naam of wachtwoord erin. Zonder https:// kan iedereen \
                onderweg meelezen.";
    assert_eq!(descriptions(&refused), [told]);

    let demo = TestServer::start_changed(|settings| settings.outside.network = Network::Demo).await;
    let mut keeper = Subscriptions::new(demo.administrator());
    let refused =
        keeper.create_subscription(wish(&demo, "http://lvs.example/hook".into())).await.unwrap_err();
    let told = descriptions(&refused);
    assert!(told.len() == 1 && told[0].contains("http://127.0.0.1:9000/"), "{told:?}");
    let made = keeper.create_subscription(wish(&demo, elsewhere.at("/hook"))).await.unwrap().into_inner();
    let name = made.subscription.unwrap().name;
    let ping = pb::TestSubscriptionRequest { name, request_id: demo.request_id() };
    keeper.test_subscription(ping).await.unwrap();
    let region = demo.founded.region;
    subscription::hand_out(&demo.app, region).await.unwrap();
    while subscription::deliver(&demo.app, region).await.unwrap() > 0 {}
    assert_eq!(types(&elsewhere.received()), ["subscription.ping"]);
}
