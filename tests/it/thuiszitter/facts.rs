//! A case is a log of facts: told, corrected, never changed; and the case as it was known at any time.

mod as_of;
mod gezag;
mod home;
mod lives;
mod moved;
mod reasoned;
mod seen;
mod stretch;
mod told;
mod verbs;

use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, fact::Said, fact_service_client::FactServiceClient};
use schakel_tests::{As, TestServer};
use tonic::Status;

use super::{Region, absent, get, named, parent, since};

pub(super) type Facts = FactServiceClient<As>;

/// A region with a case, and the school's clients.
pub(super) struct Log {
    pub(super) region: Region,
    pub(super) facts: Facts,
    pub(super) case: pb::Case,
}

impl Log {
    /// Of a child of nine, away without a valid reason since 26 October; today is 23 November.
    async fn open() -> Self {
        let region = Region::start().await;
        let case = absent(region.school);
        Self::of(region, case).await
    }

    pub(super) async fn of(region: Region, case: pb::Case) -> Self {
        let (_, iber) = region.server.person(Role::Iber, region.school).await;
        let case = region.open(case).await;
        Self { facts: Facts::new(iber), case, region }
    }

    pub(super) fn telling(&self, said: impl IntoIterator<Item = Said>) -> pb::RecordFactsRequest {
        pb::RecordFactsRequest {
            case: self.case.name.clone(),
            facts: said.into_iter().map(fact).collect(),
            request_id: self.region.server.request_id(),
            ..Default::default()
        }
    }

    pub(super) async fn record(
        &self,
        said: impl IntoIterator<Item = Said>,
    ) -> Result<pb::RecordFactsResponse, Status> {
        let request = self.telling(said);
        self.facts.clone().record_facts(request).await.map(tonic::Response::into_inner)
    }

    pub(super) async fn correct(
        &self,
        name: &str,
        said: Option<Said>,
    ) -> Result<pb::CorrectFactResponse, Status> {
        let request = pb::CorrectFactRequest {
            name: name.to_owned(),
            fact: said.map(fact),
            request_id: self.region.server.request_id(),
            ..Default::default()
        };
        self.facts.clone().correct_fact(request).await.map(tonic::Response::into_inner)
    }

    /// The log as it stands, and whatever else `asked` wants of it.
    async fn listed(&self, asked: pb::ListFactsRequest) -> Vec<pb::Fact> {
        let asked = pb::ListFactsRequest { case: self.case.name.clone(), page_size: 200, ..asked };
        self.facts.clone().list_facts(asked).await.unwrap().into_inner().facts
    }

    async fn log(&self) -> Vec<pb::Fact> {
        self.listed(pb::ListFactsRequest::default()).await
    }

    pub(super) async fn standing(&self, as_of: Option<prost_types::Timestamp>, date: &str) -> pb::Standing {
        let asked = self.asking(as_of, date);
        self.facts.clone().get_standing(asked).await.unwrap().into_inner()
    }

    fn asking(&self, as_of: Option<prost_types::Timestamp>, date: &str) -> pb::GetStandingRequest {
        pb::GetStandingRequest { case: self.case.name.clone(), as_of_time: as_of, date: date.to_owned() }
    }

    /// The case as it is now.
    pub(super) async fn now(&self) -> pb::Case {
        self.region.iber.clone().get_case(get(&self.case.name)).await.unwrap().into_inner()
    }

    fn clock(&self) -> prost_types::Timestamp {
        schakel_tests::seed_meetings::stamp(self.region.server.app.now())
    }
}

fn fact(said: Said) -> pb::Fact {
    pb::Fact { said: Some(said), ..pb::Fact::default() }
}

pub(crate) fn happened(moment: pb::Moment, date: &str) -> Said {
    Said::Happened(pb::fact::Dated { moment: moment.into(), date: date.into() })
}

/// Tells that something happened, as somebody.
pub(crate) async fn tell_on(
    server: &TestServer,
    channel: &As,
    case: &pb::Case,
    (moment, date): (pb::Moment, &str),
) -> Result<(), Status> {
    let told = pb::RecordFactsRequest {
        case: case.name.clone(),
        facts: vec![fact(happened(moment, date))],
        request_id: server.request_id(),
        ..Default::default()
    };
    Facts::new(channel.clone()).record_facts(told).await.map(|_| ())
}

/// The same in a region of cases.
pub(super) async fn tell(
    channel: &As,
    region: &Region,
    case: &pb::Case,
    happened: (pb::Moment, &str),
) -> Result<(), Status> {
    tell_on(&region.server, channel, case, happened).await
}

pub(super) fn kind(kind: pb::case::absence::Kind, from: &str) -> Said {
    Said::Absence(pb::fact::Absence { kind: kind.into(), from_date: from.into() })
}

pub(super) fn missed(date: &str, minutes: i32, ground: pb::AbsenceGround) -> Said {
    Said::Missed(pb::fact::Missed { date: date.into(), minutes, ground: ground.into(), ..Default::default() })
}

fn norm<'a>(deadlines: &'a [pb::timeline::Deadline], id: &str) -> &'a pb::timeline::Deadline {
    deadlines.iter().find(|deadline| deadline.norm == id).unwrap_or_else(|| panic!("no {id}"))
}

/// The days of `moment` in a log.
fn days(log: &[pb::Fact], moment: pb::Moment) -> Vec<String> {
    let dated = log.iter().filter_map(|fact| match &fact.said {
        Some(Said::Happened(dated)) if dated.moment == i32::from(moment) => Some(dated.date.clone()),
        _ => None,
    });
    dated.collect()
}
