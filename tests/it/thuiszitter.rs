//! Cases: opened, advanced, closed, reopened; who sees what of them, and which clocks run.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops here")]

mod access;
mod ages;
mod ahead;
mod clocks;
mod duty;
mod ended;
pub(crate) mod escalation;
pub(crate) mod facts;
mod household;
mod information;
mod input;
mod life;
mod mistake;
mod plan;
mod policy;
mod references;
mod residence;
mod secrecy;
mod stories;
mod task;
mod track;
mod voice;

use schakel_domain::{
    access::Role,
    ids::{CaseId, OrganisationId, SchoolId},
};
use schakel_proto::v1::{self as pb, thuiszitter_service_client::ThuiszitterServiceClient};
use schakel_tests::{As, TestServer};
use tonic::Status;

type Cases = ThuiszitterServiceClient<As>;

const CHILD: &str = "Fenna Oudshoorn-Zwanikken";
const QUESTION: &str = "Hoe krijgen wij haar weer in de klas? Zij durft het lokaal niet meer in.";

/// A school with its intern begeleider, and the keeper of the register.
struct Region {
    server: TestServer,
    school: SchoolId,
    gemeente: OrganisationId,
    iber: Cases,
    keeper: Cases,
    /// The keeper, for what else it calls.
    on_ladder: As,
}

impl Region {
    async fn start() -> Self {
        Self::of(TestServer::start().await).await
    }

    async fn of(server: TestServer) -> Self {
        let school = server.school("90AA00", "GM9901").await;
        let gemeente = server.organisation("GEMEENTE", "GM9901").await;
        let (_, iber) = server.person(Role::Iber, school).await;
        let (_, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
        let on_ladder = keeper.clone();
        Self { iber: Cases::new(iber), keeper: Cases::new(keeper), on_ladder, server, school, gemeente }
    }

    /// Somebody else with `role`.
    async fn colleague(&self, role: Role, organisation: impl Into<OrganisationId>) -> Cases {
        Cases::new(self.server.person(role, organisation).await.1)
    }

    /// What is asked for to open `case`.
    fn opening(&self, case: pb::Case) -> pb::OpenCaseRequest {
        pb::OpenCaseRequest { case: Some(case), request_id: self.server.request_id(), ..Default::default() }
    }

    /// Opens `case` as the school.
    async fn open(&self, case: pb::Case) -> pb::Case {
        self.iber.clone().open_case(self.opening(case)).await.unwrap().into_inner()
    }

    /// Changes what `paths` name, as the school.
    async fn update(&self, case: pb::Case, paths: &[&str]) -> Result<pb::Case, Status> {
        let request = self.changing(case, paths);
        self.iber.clone().update_case(request).await.map(tonic::Response::into_inner)
    }

    /// Takes a case to a level, as the keeper of the register.
    async fn take_to(&self, case: &pb::Case, level: i32) -> Result<pb::Case, Status> {
        let by = (&self.on_ladder, self.server.founded.organisation);
        escalation::taken(&self.server, by, &case.name, level).await
    }

    fn changing(&self, case: pb::Case, paths: &[&str]) -> pb::UpdateCaseRequest {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        pb::UpdateCaseRequest {
            case: Some(case),
            update_mask: Some(prost_types::FieldMask { paths }),
            request_id: self.server.request_id(),
            ..Default::default()
        }
    }

    /// The day, so many days from now.
    fn day_in(&self, days: u64) -> String {
        let today = schakel_server::access::authenticate::today(self.server.app.now());
        (today + chrono::Days::new(days)).to_string()
    }

    fn step(&self, case: &pb::Case, stage: pb::Stage) -> pb::AdvanceCaseRequest {
        pb::AdvanceCaseRequest {
            name: case.name.clone(),
            stage: stage.into(),
            parents_involved: "Telefonisch met moeder besproken.".into(),
            next_action_date: self.day_in(7),
            etag: case.etag.clone(),
            request_id: self.server.request_id(),
            ..pb::AdvanceCaseRequest::default()
        }
    }

    /// Moves a case on, as the school.
    async fn advance(&self, case: &pb::Case, stage: pb::Stage) -> Result<pb::Case, Status> {
        self.iber.clone().advance_case(self.step(case, stage)).await.map(tonic::Response::into_inner)
    }

    fn ending(&self, case: &pb::Case, outcome: pb::CaseOutcome, date: &str) -> pb::CloseCaseRequest {
        pb::CloseCaseRequest {
            name: case.name.clone(),
            outcome: outcome.into(),
            outcome_date: date.into(),
            note: "Met ouders afgesproken.".into(),
            etag: case.etag.clone(),
            request_id: self.server.request_id(),
            ..pb::CloseCaseRequest::default()
        }
    }

    /// Closes a case, as the keeper of the register.
    async fn close(&self, case: &pb::Case, outcome: pb::CaseOutcome, date: &str) -> Result<pb::Case, Status> {
        let request = self.ending(case, outcome, date);
        self.keeper.clone().close_case(request).await.map(tonic::Response::into_inner)
    }

    async fn reopen(&self, case: &pb::Case, first_day: &str) -> Result<pb::Case, Status> {
        let request = pb::ReopenCaseRequest {
            name: case.name.clone(),
            first_day: first_day.into(),
            etag: case.etag.clone(),
            request_id: self.server.request_id(),
            ..pb::ReopenCaseRequest::default()
        };
        self.keeper.clone().reopen_case(request).await.map(tonic::Response::into_inner)
    }

    /// Takes back a closing that was a mistake, as `cases`.
    async fn go_on(&self, mut cases: Cases, case: &pb::Case) -> Result<pb::Case, Status> {
        let request = pb::ReopenCaseRequest {
            name: case.name.clone(),
            closed_by_mistake: true,
            etag: case.etag.clone(),
            request_id: self.server.request_id(),
            ..pb::ReopenCaseRequest::default()
        };
        cases.reopen_case(request).await.map(tonic::Response::into_inner)
    }

    /// The timeline, as the school sees it.
    async fn timeline(&self, case: &pb::Case) -> pb::Timeline {
        let request = pb::GetTimelineRequest { name: case.name.clone(), ..Default::default() };
        self.iber.clone().get_timeline(request).await.unwrap().into_inner()
    }
}

/// A child of nine, away without a valid reason since Monday four weeks ago.
pub(crate) fn absent(school: SchoolId) -> pb::Case {
    pb::Case {
        school: school.to_string(),
        residence_gemeente_code: "GM9901".into(),
        absence: Some(pb::case::Absence {
            kind: pb::case::absence::Kind::Ongeoorloofd.into(),
            first_day: "2026-10-26".into(),
            unauthorised: Vec::new(),
        }),
        child: Some(pb::case::Child {
            person: String::new(),
            display_name: CHILD.into(),
            birth_date: "2017-05-14".into(),
        }),
        parents: vec![parent("Noor Oudshoorn")],
        question: QUESTION.into(),
        next_action_date: "2026-11-25".into(),
        ..pb::Case::default()
    }
}

/// A parent with gezag.
pub(crate) fn parent(name: &str) -> pb::case::Parent {
    pb::case::Parent {
        display_name: name.into(),
        email: "noor@thuis.example".into(),
        phone: "06 0000 0000".into(),
        gezag: pb::case::parent::Gezag::Yes.into(),
        ..pb::case::Parent::default()
    }
}

/// The same child under another name, so that a second case is another child's.
pub(crate) fn named(name: &str, mut case: pb::Case) -> pb::Case {
    case.child.as_mut().unwrap().display_name = name.into();
    case
}

fn since(first_day: &str, mut case: pb::Case) -> pb::Case {
    case.absence.as_mut().unwrap().first_day = first_day.into();
    case
}

fn id_of(case: &pb::Case) -> CaseId {
    case.name.parse().unwrap()
}

fn get(name: &str) -> pb::GetCaseRequest {
    pb::GetCaseRequest { name: name.into() }
}

fn list() -> pb::ListCasesRequest {
    pb::ListCasesRequest::default()
}
