//! A region with cases and their logs, made through the API: what figures about cases are taken of.

use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use schakel_domain::{
    access::Role,
    ids::{CaseId, SchoolId},
};
use schakel_proto::v1::{
    self as pb, fact::Said, fact_service_client::FactServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::access::authenticate::today;
use schakel_tests::{As, TestServer};

/// Facts of one call.
const TOGETHER: usize = 100;
/// Who open cases at once.
const AT_ONCE: usize = 16;
/// Schools, over which the cases are spread.
const SCHOOLS: u32 = 100;

/// A region, and who keeps its register.
pub(crate) struct Region {
    pub(crate) server: TestServer,
    pub(crate) keeper: As,
    pub(crate) cases: Vec<String>,
}

/// So many cases, with so many facts each beside those of opening it.
pub(crate) async fn region(cases: usize, facts: usize) -> Region {
    let server = TestServer::start().await;
    let (_, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let mut schools = Vec::new();
    for at in 0..SCHOOLS.min(u32::try_from(cases).unwrap()) {
        let gemeente = format!("GM990{}", 1 + at % 5);
        schools.push(server.school(&format!("{:02}AA{:02}", 10 + at / 100, at % 100), &gemeente).await);
    }
    let (schools, day) = (Arc::new(schools), today(server.app.now()));
    let mut at_once = tokio::task::JoinSet::new();
    for part in 0..AT_ONCE {
        let (keeper, schools) = (keeper.clone(), Arc::clone(&schools));
        at_once.spawn(async move {
            let mut names = Vec::new();
            for at in (part..cases).step_by(AT_ONCE) {
                names.push(live(&keeper, (at, facts), &schools, day).await);
            }
            names
        });
    }
    let cases = at_once.join_all().await.into_iter().flatten().collect();
    Region { server, keeper, cases }
}

/// Ids of requests need not be random, only each another one.
fn request_id(at: usize, nth: usize) -> String {
    let number = 0x8000_0000_0000_0000 + at as u64 * 1_000 + nth as u64;
    uuid::Uuid::from_u64_pair(0x0190_0000_0000_7000, number).to_string()
}

async fn live(keeper: &As, (at, facts): (usize, usize), schools: &[SchoolId], day: NaiveDate) -> String {
    let back = |days: usize| (day - Days::new(days as u64)).to_string();
    let case = pb::Case {
        school: schools[at % schools.len()].to_string(),
        residence_gemeente_code: format!("GM990{}", 1 + at % 5),
        absence: Some(pb::case::Absence {
            kind: pb::case::absence::Kind::Ongeoorloofd.into(),
            first_day: back(7 + at % 300),
            unauthorised: Vec::new(),
        }),
        child: Some(pb::case::Child {
            person: String::new(),
            display_name: format!("Kind {at}"),
            birth_date: "2017-05-14".into(),
        }),
        parents: vec![pb::case::Parent {
            display_name: format!("Ouder {at}"),
            email: format!("ouder{at}@thuis.example"),
            gezag: pb::case::parent::Gezag::Yes.into(),
            ..Default::default()
        }],
        question: "Hoe verder?".into(),
        next_action_date: (day + Days::new(7)).to_string(),
        ..Default::default()
    };
    // The register has none of the gemeenten.
    let opening =
        pb::OpenCaseRequest { case: Some(case), confirm_outside_region: true, request_id: request_id(at, 0) };
    let case = ThuiszitterServiceClient::new(keeper.clone()).open_case(opening).await.unwrap().into_inner();
    let mut log = FactServiceClient::new(keeper.clone());
    let all: Vec<pb::Fact> = said(at, day).take(facts).collect();
    for (nth, some) in all.chunks(TOGETHER).enumerate() {
        let facts = pb::RecordFactsRequest {
            case: case.name.clone(),
            facts: some.to_vec(),
            request_id: request_id(at, nth + 1),
            ..Default::default()
        };
        log.record_facts(facts).await.unwrap();
    }
    case.name
}

/// What is told of a case: mostly time that was missed, and some of it done.
fn said(at: usize, day: NaiveDate) -> impl Iterator<Item = pb::Fact> {
    let school_days = (1..).map(move |back| day - Days::new(back));
    let school_days = school_days.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun));
    let moments = [pb::Moment::OfferMade, pb::Moment::OppMade, pb::Moment::ChildHeard];
    school_days.enumerate().map(move |(nth, date)| {
        let date = date.to_string();
        let said = if nth % 40 == 10 + at % 20 {
            Said::Happened(pb::fact::Dated { moment: moments[at % moments.len()].into(), date })
        } else {
            let ground = pb::AbsenceGround::Ongeoorloofd.into();
            Said::Missed(pb::fact::Missed {
                date,
                minutes: 60 + i32::try_from(nth % 5).unwrap() * 60,
                ground,
                ..Default::default()
            })
        };
        pb::Fact { said: Some(said), ..Default::default() }
    })
}

/// The id in a name.
pub(crate) fn id(name: &str) -> CaseId {
    name.parse().unwrap()
}
