//! A school with a team, a child with parents and a case: what tests of meetings start from.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    consultation::proposal::Source,
    ids::{CaseId, ConsultationId, InboundMailId, OrganisationId, PersonId, ProposalId, SchoolId, TeamId},
};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    hulpvraag_service_client::HulpvraagServiceClient,
};
use schakel_server::{
    access::{
        Grant, Worker,
        circle::{self, Circle, Gezag},
        person::{self, PrivatePerson},
    },
    consultation::proposal::{
        make::{What, make},
        store,
    },
    entity::{consultation, counter_proposal, inbound_mail, school_team_link, team},
    settings::{AuthSettings, Settings},
    store::Tx,
};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::{As, TestServer};

/// The region that planned a meeting: a server has more than one.
async fn region(rows: &DatabaseConnection, meeting: ConsultationId) -> Uuid {
    let planned = consultation::Entity::find().filter(consultation::Column::Id.eq(meeting.0));
    planned.one(rows).await.unwrap().unwrap().region_id
}

/// A child with its case.
#[derive(Debug, Clone)]
pub struct Family {
    /// The case.
    pub case: CaseId,
    /// The child.
    pub child: PersonId,
    /// Its parents: the first with gezag, the second without.
    pub parents: Vec<PersonId>,
}

impl Family {
    /// The circle of its case.
    pub fn circle(&self, school: Option<SchoolId>, gemeente: &str, open: bool) -> Circle {
        let gezag = [Gezag::Yes, Gezag::No];
        Circle {
            case: self.case,
            school,
            gemeente: gemeente.to_owned(),
            child: self.child,
            open,
            hold: None,
            level: 0,
            escalated: None,
            parents: self.parents.iter().copied().zip(gezag).collect(),
            guests: Vec::new(),
        }
    }
}

/// A region in which one school can meet about one child.
pub struct Scene {
    /// The server.
    pub server: TestServer,
    /// The school.
    pub school: SchoolId,
    /// The wijkteam that serves it.
    pub team: TeamId,
    /// Its gemeente, GM9901.
    pub gemeente: OrganisationId,
    /// The school's IB'er.
    pub iber: (PersonId, As),
    /// The team's social worker, link person of the school.
    pub smw: (PersonId, As),
    /// The team's coordinator.
    pub planner: (PersonId, As),
    /// The gemeente's leerplichtambtenaar.
    pub leerplicht: (PersonId, As),
    /// The child of the case.
    pub family: Family,
}

impl Scene {
    /// Starts a server and fills it.
    pub async fn start() -> Self {
        Self::start_with(AuthSettings::default()).await
    }

    /// The same, believing the identity providers of `auth`.
    pub async fn start_with(auth: AuthSettings) -> Self {
        Self::start_changed(|settings| settings.auth = auth).await
    }

    /// The same with other settings.
    pub async fn start_changed(change: impl FnOnce(&mut Settings)) -> Self {
        let server = TestServer::start_changed(change).await;
        let school = server.school("99AA00", "GM9901").await;
        let team = server.team("WT01").await;
        let gemeente = server.organisation("GEMEENTE", "GM9901").await;
        let iber = server.person(Role::Iber, school).await;
        let smw = server.person(Role::Smw, team).await;
        let planner = server.person(Role::WijkteamCoordinator, team).await;
        let leerplicht = server.person(Role::Leerplichtambtenaar, gemeente).await;
        server.link(school, team, Role::Smw, smw.0).await;
        let family = server.family(school).await;
        Self { server, school, team, gemeente, iber, smw, planner, leerplicht, family }
    }

    /// The IB'er's meetings.
    pub fn meetings(&self) -> ConsultationServiceClient<As> {
        ConsultationServiceClient::new(self.iber.1.clone())
    }

    /// The IB'er's requests.
    pub fn requests(&self) -> HulpvraagServiceClient<As> {
        HulpvraagServiceClient::new(self.iber.1.clone())
    }

    /// The hour that begins `hours` after the server's now.
    pub fn later(&self, hours: i64) -> DateTime<Utc> {
        self.server.app.now() + TimeDelta::hours(hours)
    }

    /// An MDO of IB'er, social worker and the parent with gezag, an hour at school.
    pub fn mdo(&self, start: DateTime<Utc>) -> pb::Consultation {
        pb::Consultation {
            kind: pb::consultation::Kind::Mdo.into(),
            case: self.family.case.to_string(),
            start_time: Some(stamp(start)),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: vec![
                seat(self.iber.0, pb::Role::Iber),
                seat(self.smw.0, pb::Role::Smw),
                seat(self.family.parents[0], pb::Role::Ouder),
            ],
            ..Default::default()
        }
    }

    /// `consultation` as a fresh request.
    pub fn booking(&self, consultation: pb::Consultation) -> pb::BookConsultationRequest {
        let request_id = self.server.request_id();
        pb::BookConsultationRequest { consultation: Some(consultation), request_id, ..Default::default() }
    }

    /// The MDO, booked for `start`.
    pub async fn booked(&self, start: DateTime<Utc>) -> pb::Consultation {
        let booking = self.booking(self.mdo(start));
        self.meetings().book_consultation(booking).await.unwrap().into_inner()
    }
}

/// A seat.
pub fn seat(person: PersonId, role: pb::Role) -> pb::Participant {
    pb::Participant { person: person.to_string(), role: role.into(), ..Default::default() }
}

/// An instant on the wire.
pub fn stamp(instant: DateTime<Utc>) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: instant.timestamp(), nanos: 0 }
}

fn since() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 8, 1).unwrap()
}

impl TestServer {
    /// A wijkteam, with its organisation.
    pub async fn team(&self, code: &str) -> TeamId {
        let id = TeamId(self.organisation("TEAM", code).await.0);
        let row = team::Model {
            region_id: self.founded.region.0,
            id: id.0,
            code: code.to_owned(),
            kind: "WIJKTEAM".into(),
            display_name: format!("Wijkteam {code}"),
            gemeente_code: "GM9901".into(),
            valid_from: since(),
            valid_until: None,
            version: 1,
        };
        let rows = self.rows().await;
        team::Entity::insert(row.into_active_model()).exec_without_returning(&rows).await.unwrap();
        rows.close().await.unwrap();
        id
    }

    /// What `person` proposes for a meeting, as on the page of the invitation.
    pub async fn proposed(&self, meeting: ConsultationId, person: PersonId, what: &What) -> ProposalId {
        self.proposed_by(Source::Web, (meeting, person), what).await
    }

    /// The same, whichever way it came.
    pub async fn proposed_by(
        &self,
        source: Source,
        (meeting, person): (ConsultationId, PersonId),
        what: &What,
    ) -> ProposalId {
        let grant = &Grant::link(self.founded.region, person);
        let make = |tx: Arc<Tx>| async move { make(&tx, (meeting, person), what, source).await };
        self.app.write(grant, None, make).await.unwrap();
        let all = store::of_person(&self.app.read(grant.clone()), meeting, person).await.unwrap();
        all.last().unwrap().id
    }

    /// A mail about `meeting` of `parent`, who has a key, that changed nothing.
    pub async fn put_aside(&self, meeting: ConsultationId, parent: PersonId) -> InboundMailId {
        let id = InboundMailId(self.app.ids.next(self.app.now()));
        let rows = self.rows().await;
        let row = inbound_mail::Model {
            region_id: region(&rows, meeting).await,
            id: id.0,
            message_hash: id.0.as_bytes().to_vec(),
            consultation_id: meeting.0,
            person_id: Some(parent.0),
            received_at: self.app.now().timestamp_micros(),
            method: String::new(),
            answer: String::new(),
            reason: "NO_CALENDAR".into(),
            subject_id: parent.0,
            sealed_from: None,
            sealed_text: None,
            dismissed_at: None,
        };
        inbound_mail::Entity::insert(row.into_active_model()).exec_without_returning(&rows).await.unwrap();
        rows.close().await.unwrap();
        id
    }

    /// A proposal for an earlier version of a meeting, which leaves the meeting as it is.
    pub async fn outdated(&self, meeting: ConsultationId, person: PersonId) -> ProposalId {
        let id = ProposalId(self.app.ids.next(self.app.now()));
        let now = self.app.now().timestamp_micros();
        let rows = self.rows().await;
        let row = counter_proposal::Model {
            region_id: region(&rows, meeting).await,
            id: id.0,
            consultation_id: meeting.0,
            person_id: person.0,
            kind: "OTHER_TIME".into(),
            state: "OPEN".into(),
            source: "WEB".into(),
            sequence: 99,
            starts_at: Some(now + 86_400_000_000),
            ends_at: Some(now + 90_000_000_000),
            sealed_substitute: None,
            subject_id: meeting.0,
            created_at: now,
            decided_at: None,
            decided_by: None,
            version: 1,
        };
        counter_proposal::Entity::insert(row.into_active_model())
            .exec_without_returning(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
        id
    }

    /// Ties `school` to `team`, which sends `person` as `role`.
    pub async fn link(&self, school: SchoolId, team: TeamId, role: Role, person: PersonId) {
        let row = school_team_link::Model {
            region_id: self.founded.region.0,
            id: self.app.ids.next(self.app.now()),
            school_id: school.0,
            team_id: team.0,
            role: role.to_string(),
            person_id: person.0,
            deputy_id: None,
            valid_from: since(),
            valid_until: None,
            version: 1,
        };
        let rows = self.rows().await;
        school_team_link::Entity::insert(row.into_active_model())
            .exec_without_returning(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
    }

    /// A child of `school` with two parents and an open case.
    pub async fn family(&self, school: SchoolId) -> Family {
        let id = || self.app.ids.next(self.app.now());
        let parents = vec![PersonId(id()), PersonId(id())];
        let family = &Family { case: CaseId(id()), child: PersonId(id()), parents };
        let named = |name: &str| PrivatePerson {
            name: name.parse().unwrap(),
            email: Some("thuis@familie.example".parse().unwrap()),
            phone: None,
            birth_date: None,
            address_confidential: false,
            language: "nl".into(),
        };
        let persons = &[
            (family.child, named("Noor de Wit")),
            (family.parents[0], named("Anna de Wit")),
            (family.parents[1], named("Bram de Wit")),
        ];
        self.setup(|tx| async move {
            person::insert(&tx, persons).await?;
            circle::insert(&tx, &family.circle(Some(school), "GM9901", true)).await
        })
        .await;
        family.clone()
    }

    /// Closes the case of `family` at `school`.
    pub async fn close(&self, family: &Family, school: SchoolId) {
        let circle = &family.circle(Some(school), "GM9901", false);
        self.setup(|tx| async move { circle::update(&tx, circle).await }).await;
    }

    async fn setup<F>(&self, verb: impl Fn(Arc<Tx>) -> F)
    where
        F: Future<Output = schakel_server::error::Result<()>>,
    {
        let grant = Grant::worker(Worker::Setup, self.founded.region);
        self.app.write(&grant, None, verb).await.unwrap();
    }
}
