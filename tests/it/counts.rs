//! What a read costs in statements is the same for few rows and for many.

use schakel_proto::v1::{
    self as pb, directory_service_client::DirectoryServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_tests::{As, seed_meetings::Scene, statements};

use crate::thuiszitter::{absent, named, parent};

/// More than any read here needs: with those that find the caller and write the audit.
const MOST: usize = 25;

fn same(few: &[String], many: &[String]) {
    assert_eq!(few.len(), many.len(), "{many:#?}");
    assert!(many.len() <= MOST, "{} statements: {many:#?}", many.len());
}

struct Cases {
    scene: Scene,
    client: ThuiszitterServiceClient<As>,
}

impl Cases {
    async fn start() -> Self {
        let scene = Scene::start().await;
        let client = ThuiszitterServiceClient::new(scene.iber.1.clone());
        Self { scene, client }
    }

    /// The case of a child with this name and as many parents.
    async fn open(&mut self, name: &str, parents: usize) -> pb::Case {
        let parents = (1..=parents).map(|at| parent(&format!("Ouder {at} van {name}"))).collect();
        let case = pb::Case { parents, ..named(name, absent(self.scene.school)) };
        let request_id = self.scene.server.request_id();
        let ask = pb::OpenCaseRequest { case: Some(case), request_id, ..Default::default() };
        self.client.open_case(ask).await.unwrap().into_inner()
    }
}

#[tokio::test]
async fn a_case_with_six_parents_costs_what_one_with_one_does() {
    let mut cases = Cases::start().await;
    let mut costs = Vec::new();
    for count in [1, 6] {
        let name = cases.open(&format!("Kind met {count}"), count).await.name;
        let (got, sent) = statements(cases.client.get_case(pb::GetCaseRequest { name })).await;
        assert_eq!(got.unwrap().into_inner().parents.len(), count);
        costs.push(sent);
    }
    same(&costs[0], &costs[1]);
}

#[tokio::test]
async fn twenty_cases_cost_what_two_do() {
    let mut cases = Cases::start().await;
    let mut costs = Vec::new();
    for (from, until) in [(0, 2), (2, 20)] {
        for at in from..until {
            cases.open(&format!("Kind nummer {at}"), 2).await;
        }
        let (listed, sent) = statements(cases.client.list_cases(pb::ListCasesRequest::default())).await;
        assert_eq!(listed.unwrap().into_inner().cases.len(), until);
        costs.push(sent);
    }
    same(&costs[0], &costs[1]);
}

#[tokio::test]
async fn ten_events_cost_what_one_does() {
    let mut cases = Cases::start().await;
    let mut case = cases.open("Kind van vandaag", 2).await;
    let mut costs = Vec::new();
    for (changes, events) in [(0, 1), (9, 10)] {
        for day in 1..=changes {
            let change = pb::Case { next_action_date: format!("2026-12-{day:02}"), ..case.clone() };
            let paths = vec!["next_action_date".to_owned()];
            let request = pb::UpdateCaseRequest {
                case: Some(change),
                update_mask: Some(prost_types::FieldMask { paths }),
                request_id: cases.scene.server.request_id(),
                ..Default::default()
            };
            case = cases.client.update_case(request).await.unwrap().into_inner();
        }
        let ask = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
        let (told, sent) = statements(cases.client.get_timeline(ask)).await;
        assert!(told.unwrap().into_inner().events.len() >= events);
        let keys = sent.iter().filter(|sent| sent.starts_with("SELECT \"subject_key\"")).count();
        assert_eq!(keys, 1, "a call asks for a key once: {sent:#?}");
        costs.push(sent);
    }
    same(&costs[0], &costs[1]);
}

#[tokio::test]
async fn twenty_schools_cost_what_two_do() {
    let scene = Scene::start().await;
    let mut directory = DirectoryServiceClient::new(scene.iber.1.clone());
    let mut costs = Vec::new();
    for (from, until) in [(1, 2), (2, 20)] {
        for at in from..until {
            scene.server.school(&format!("98AA{at:02}"), "GM9901").await;
        }
        let (listed, sent) = statements(directory.list_schools(pb::ListSchoolsRequest::default())).await;
        assert_eq!(listed.unwrap().into_inner().schools.len(), until);
        costs.push(sent);
    }
    same(&costs[0], &costs[1]);
}
