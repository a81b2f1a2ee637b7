//! Two regions with somebody of every role in every relation to one school's cases, and those
//! cases in every state.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId, SchoolId, TeamId},
};
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    consent_service_client::ConsentServiceClient, consultation_service_client::ConsultationServiceClient,
    hulpvraag_service_client::HulpvraagServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::{
    access::found_region::{Founding, found_region},
    entity::affiliation,
};
use schakel_tests::{
    As, TestServer,
    seed_meetings::{seat, stamp},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use strum::IntoEnumIterator;

use super::{
    inside,
    rights::{Programs, Rights, calendar_elsewhere},
    roles::{Home, by_invitation, home},
};
use crate::thuiszitter::{absent, escalation, named};

/// How somebody stands to the school's cases.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display, strum::EnumIter, strum::EnumString,
)]
#[strum(serialize_all = "kebab-case")]
pub(super) enum Relation {
    /// At the school, the team, the gemeente or the samenwerkingsverband of the case, and at
    /// its table where the role comes by invitation.
    Own,
    /// At a school or team of another wijk; others uninvited.
    OtherWijk,
    /// At another school of the wijk; others uninvited.
    OtherSchool,
    /// At a school, team or town hall of another gemeente; others uninvited.
    OtherGemeente,
    /// As own, but the membership ended yesterday.
    ExMember,
    /// As own, in another region.
    OtherRegion,
}

/// In what state a case is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display, strum::EnumIter, strum::EnumString,
)]
#[strum(serialize_all = "kebab-case")]
pub(super) enum State {
    Open,
    /// Open, at the level of doorzettingsmacht.
    Escalated,
    Closed,
    Restricted,
    Archived,
}

/// A case and what hangs on it.
pub(super) struct Things {
    pub case: pb::Case,
    pub planned: pb::Consultation,
    pub held: pb::Consultation,
    pub series: pb::Series,
    pub poll: pb::TimePoll,
    /// For another version of the planned one.
    pub proposal: String,
    /// About the planned one.
    pub inbound_mail: String,
    pub requested: String,
    pub accepted: String,
    pub consent: String,
    /// Why the child is away, from its log.
    pub fact: String,
    /// Of the school, still to be done.
    pub plan_action: String,
    /// A complaint that runs.
    pub track: String,
    /// Of the school, about the content of education, without an answer.
    pub information_request: String,
    /// About it, from when it was at the level of doorzettingsmacht.
    pub decision: String,
    pub view: String,
    pub rights: Rights,
}

/// Things of the register.
#[derive(Default)]
pub(super) struct Register {
    pub school: String,
    pub area: String,
    pub cluster: String,
    pub team: String,
    pub person: String,
    pub affiliation: String,
    pub link: String,
    pub organisation: String,
    pub weekly_hours: String,
    pub absence: String,
    pub room: String,
    pub outside_calendar: String,
    pub programs: Programs,
}

/// Everything.
pub(super) struct World {
    pub server: TestServer,
    pub people: BTreeMap<(Role, Relation), (PersonId, As)>,
    pub things: BTreeMap<State, Things>,
    pub register: Register,
    /// The first region's, and the second's.
    pub places: Vec<Places>,
    /// Whether changes are sent with the etag that things have, and not with one out of date.
    pub up_to_date: bool,
}

/// The organisations of one region.
pub(super) struct Places {
    pub(super) schools: [SchoolId; 4],
    pub(super) teams: [TeamId; 3],
    gemeenten: [OrganisationId; 2],
    swv: OrganisationId,
}

impl Places {
    async fn found(server: &TestServer) -> Self {
        Self {
            schools: [
                server.school("99AA00", "GM9901").await,
                server.school("99BB00", "GM9901").await,
                server.school("99CC00", "GM9901").await,
                server.school("99DD00", "GM9902").await,
            ],
            teams: [server.team("WT01").await, server.team("WT02").await, server.team("WT03").await],
            gemeenten: [
                server.organisation("GEMEENTE", "GM9901").await,
                server.organisation("GEMEENTE", "GM9902").await,
            ],
            swv: server.founded.organisation,
        }
    }

    fn of(&self, role: Role, relation: Relation) -> OrganisationId {
        let far = usize::from(relation == Relation::OtherGemeente);
        match (home(role), relation) {
            (Home::School, Relation::OtherWijk) => self.schools[1].into(),
            (Home::School, Relation::OtherSchool) => self.schools[2].into(),
            (Home::School, _) => self.schools[3 * far].into(),
            (Home::Team, Relation::OtherWijk) => self.teams[1].into(),
            (Home::Team, _) => self.teams[2 * far].into(),
            (Home::Gemeente, _) => self.gemeenten[far],
            (Home::Swv, _) => self.swv,
        }
    }
}

impl World {
    pub(super) async fn start() -> Self {
        let server = TestServer::start().await;
        let places = Places::found(&server).await;
        let mut people = BTreeMap::new();
        for relation in Relation::iter().filter(|relation| *relation != Relation::OtherRegion) {
            for role in Role::iter() {
                let somebody = server.person(role, places.of(role, relation)).await;
                people.insert((role, relation), somebody);
            }
        }
        let smw = people[&(Role::Smw, Relation::Own)].0;
        server.link(places.schools[0], places.teams[0], Role::Smw, smw).await;
        let other = people[&(Role::Smw, Relation::OtherWijk)].0;
        server.link(places.schools[2], places.teams[1], Role::Smw, other).await;
        let mut world = Self {
            server,
            people,
            things: BTreeMap::new(),
            register: Register::default(),
            places: Vec::new(),
            up_to_date: false,
        };
        world.open(&places).await;
        world.register(&places).await;
        world.settle().await;
        world.places.push(places);
        world.found_another().await;
        world
    }

    /// What a change of something at `etag` says that it changes.
    pub(super) fn etag(&self, etag: &str) -> String {
        if self.up_to_date { etag.to_owned() } else { "0".to_owned() }
    }

    /// Whoever has this role in this relation.
    pub(super) fn client(&self, role: Role, relation: Relation) -> As {
        self.people[&(role, relation)].1.clone()
    }

    fn own(&self, role: Role) -> As {
        self.client(role, Relation::Own)
    }

    pub(super) fn table(&self, parent: &str) -> Vec<pb::Participant> {
        let seated = |role: Role, relation| {
            let number = pb::Role::from_str_name(&format!("ROLE_{role}")).unwrap();
            seat(self.people[&(role, relation)].0, number)
        };
        let guests = Role::iter()
            .filter(|role| by_invitation(*role))
            .flat_map(|role| [seated(role, Relation::Own), seated(role, Relation::ExMember)]);
        let mut table: Vec<_> = guests.collect();
        table.push(seated(Role::Iber, Relation::Own));
        table.push(seat(parent.parse().unwrap(), pb::Role::Ouder));
        table
    }

    async fn book(&self, case: &pb::Case, hours: i64) -> pb::Consultation {
        let consultation = pb::Consultation {
            kind: pb::consultation::Kind::Mdo.into(),
            case: case.name.clone(),
            start_time: Some(stamp(self.server.app.now() + TimeDelta::hours(hours))),
            duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            participants: self.table(&case.parents[0].person),
            provider_reason: "De hulpvraag gaat de school te boven.".into(),
            ..Default::default()
        };
        let request = pb::BookConsultationRequest {
            consultation: Some(consultation),
            request_id: self.server.request_id(),
            ..Default::default()
        };
        let mut meetings = ConsultationServiceClient::new(self.own(Role::Iber));
        meetings.book_consultation(request).await.unwrap().into_inner()
    }

    /// A case for every state, with a meeting that was held and one that is planned.
    async fn open(&mut self, places: &Places) {
        let mut cases = ThuiszitterServiceClient::new(self.own(Role::Iber));
        let mut begun = Vec::new();
        for (at, state) in State::iter().enumerate() {
            let case = named(&format!("Kind {state}"), absent(places.schools[0]));
            let (case, request_id) = (Some(case), self.server.request_id());
            let request = pb::OpenCaseRequest { case, request_id, ..Default::default() };
            let case = cases.open_case(request).await.unwrap().into_inner();
            let held = self.book(&case, 24 + i64::try_from(at).unwrap()).await;
            begun.push((state, case, held));
        }
        self.server.clock.advance(TimeDelta::days(3));
        for (at, (state, case, held)) in begun.into_iter().enumerate() {
            let held = self.record(&case, &held).await;
            let planned = self.book(&case, 48 + i64::try_from(at).unwrap()).await;
            let holder = self.people[&(Role::Doorzettingsmacht, Relation::Own)].0;
            let keeper = self.own(Role::Thuiszitterscoordinator);
            let (decision, view) =
                escalation::decided_and_seen(&self.server, (&keeper, places.swv), holder, &case.name).await;
            let read = pb::GetCaseRequest { name: case.name };
            let case = cases.get_case(read).await.unwrap().into_inner();
            let things = Things {
                requested: self.ask(places, &case).await,
                accepted: self.accept(places, &case).await,
                consent: self.consent(places, &case).await,
                rights: self.rights(&case.name).await,
                series: super::series::booked(&self.server, self.own(Role::Iber), &planned).await,
                poll: self.propose(&case).await,
                proposal: self.outdated(&planned).await,
                inbound_mail: self.put_aside(&planned, &case).await,
                fact: inside::first_fact(self.own(Role::Iber), &case.name).await,
                plan_action: inside::plan_action(
                    &self.server,
                    self.own(Role::Iber),
                    (&case.name, places.schools[0]),
                )
                .await,
                track: inside::track(&self.server, self.own(Role::Iber), &case.name, holder).await,
                information_request: inside::information_request(
                    &self.server,
                    self.own(Role::Iber),
                    (&case.name, places.schools[0]),
                )
                .await,
                decision,
                view,
                case,
                planned,
                held,
            };
            self.things.insert(state, things);
        }
    }

    async fn put_aside(&self, meeting: &pb::Consultation, case: &pb::Case) -> String {
        let parent = case.parents[0].person.parse().unwrap();
        self.server.put_aside(meeting.name.parse().unwrap(), parent).await.to_string()
    }

    async fn record(&self, case: &pb::Case, held: &pb::Consultation) -> pb::Consultation {
        let outcome = pb::Outcome {
            attended: vec![
                self.people[&(Role::Iber, Relation::Own)].0.to_string(),
                self.people[&(Role::Smw, Relation::Own)].0.to_string(),
                case.parents[0].person.clone(),
            ],
            child_heard: pb::outcome::ChildHeard::Directly.into(),
            child_heard_note: "Zij wil na de herfst beginnen.".into(),
            jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
            jgt_decided_with: vec![case.parents[0].person.clone()],
            summary: "Wij beginnen met twee uur per dag.".into(),
            actions: vec![pb::outcome::Action {
                text: "Het lokaal laten zien.".into(),
                owner: self.people[&(Role::Iber, Relation::Own)].0.to_string(),
                due_date: "2026-12-01".into(),
                ..Default::default()
            }],
            ..Default::default()
        };
        let request = pb::RecordOutcomeRequest {
            name: held.name.clone(),
            outcome: Some(outcome),
            etag: held.etag.clone(),
            request_id: self.server.request_id(),
        };
        let mut meetings = ConsultationServiceClient::new(self.own(Role::Iber));
        meetings.record_outcome(request).await.unwrap().into_inner()
    }

    async fn ask(&self, places: &Places, case: &pb::Case) -> String {
        let hulpvraag = pb::Hulpvraag {
            school: places.schools[0].to_string(),
            role: pb::Role::Smw.into(),
            target_date: "2026-12-10".into(),
            case: case.name.clone(),
            question: "Wie kan thuis meekijken?".into(),
            ..Default::default()
        };
        let request =
            pb::CreateHulpvraagRequest { hulpvraag: Some(hulpvraag), request_id: self.server.request_id() };
        let mut requests = HulpvraagServiceClient::new(self.own(Role::Iber));
        requests.create_hulpvraag(request).await.unwrap().into_inner().name
    }

    async fn accept(&self, places: &Places, case: &pb::Case) -> String {
        let name = self.ask(places, case).await;
        let request = pb::AcceptHulpvraagRequest {
            name: name.clone(),
            person: self.people[&(Role::Smw, Relation::Own)].0.to_string(),
            etag: "1".into(),
            request_id: self.server.request_id(),
        };
        let mut requests = HulpvraagServiceClient::new(self.own(Role::WijkteamCoordinator));
        requests.accept_hulpvraag(request).await.unwrap();
        name
    }

    /// A consent whose receiver is nobody of the matrix, so that it opens nothing here.
    async fn consent(&self, places: &Places, case: &pb::Case) -> String {
        let role = pb::consent::Party { role: pb::Role::Iber.into(), ..Default::default() };
        let team =
            pb::consent::Party { organisation: OrganisationId::from(places.teams[2]).to_string(), role: 0 };
        let signed =
            pb::consent::Signature { person: case.parents[0].person.clone(), date: "2026-11-23".into() };
        let consent = pb::Consent {
            case: case.name.clone(),
            purpose: "zorgtoeleiding".into(),
            gives: vec![role],
            receives: vec![team],
            classes: vec![pb::DataClass::K2.into()],
            expire_date: "2027-05-31".into(),
            signatures: vec![signed],
            note: "Op papier.".into(),
            ..Default::default()
        };
        let request =
            pb::RecordConsentRequest { consent: Some(consent), request_id: self.server.request_id() };
        let mut consents = ConsentServiceClient::new(self.own(Role::Iber));
        consents.record_consent(request).await.unwrap().into_inner().name
    }

    async fn register(&mut self, places: &Places) {
        let mut directory = self.server.directory();
        let request_id = || self.server.request_id();
        let area = pb::Area {
            kind: pb::area::Kind::Gemeente.into(),
            code: "GM9901".into(),
            display_name: "Maasduin".into(),
            ..Default::default()
        };
        let area = pb::CreateAreaRequest { area: Some(area), request_id: request_id() };
        let cluster = pb::Cluster {
            code: "ROK1".into(),
            kind: pb::cluster::Kind::Rok.into(),
            display_name: "ROK Noord".into(),
            ..Default::default()
        };
        let cluster = pb::CreateClusterRequest { cluster: Some(cluster), request_id: request_id() };
        let smw = self.people[&(Role::Smw, Relation::Own)].0.to_string();
        let posts = pb::ListAffiliationsRequest { person: smw.clone(), ..Default::default() };
        let affiliation =
            directory.list_affiliations(posts).await.unwrap().into_inner().affiliations.remove(0).name;
        let links = directory.list_school_team_links(pb::ListSchoolTeamLinksRequest::default()).await;
        let hours = pb::WeeklyHours {
            affiliation: affiliation.clone(),
            weekday: 1,
            from: "09:00".into(),
            until: "12:00".into(),
            valid_from: "2026-11-26".into(),
            ..Default::default()
        };
        let hours = pb::CreateWeeklyHoursRequest { weekly_hours: Some(hours), request_id: request_id() };
        let absence = pb::Absence {
            person: smw.clone(),
            kind: pb::absence::Kind::Leave.into(),
            valid_from: "2027-02-01".into(),
            valid_until: "2027-02-05".into(),
            ..Default::default()
        };
        let absence = pb::CreateAbsenceRequest { absence: Some(absence), request_id: request_id() };
        let mut availability = AvailabilityServiceClient::new(self.server.administrator());
        self.register = Register {
            school: places.schools[0].to_string(),
            area: directory.create_area(area).await.unwrap().into_inner().name,
            cluster: directory.create_cluster(cluster).await.unwrap().into_inner().name,
            team: places.teams[0].to_string(),
            person: smw.clone(),
            affiliation,
            link: links.unwrap().into_inner().school_team_links.remove(0).name,
            organisation: OrganisationId::from(places.schools[0]).to_string(),
            weekly_hours: availability.create_weekly_hours(hours).await.unwrap().into_inner().name,
            absence: availability.create_absence(absence).await.unwrap().into_inner().name,
            room: super::rooms::room(&self.server, OrganisationId::from(places.schools[0])).await,
            outside_calendar: calendar_elsewhere(&self.server, &smw).await,
            programs: Programs::of(&self.server, &OrganisationId::from(places.schools[0]).to_string(), &smw)
                .await,
        };
    }

    /// The cases come to their states, and the memberships that have ended end.
    async fn settle(&self) {
        let keeper = ThuiszitterServiceClient::new(self.own(Role::Thuiszitterscoordinator));
        let case = |state| &self.things[&state].case;
        let by = self.own(Role::Thuiszitterscoordinator);
        let by = (&by, self.server.founded.organisation);
        escalation::taken(&self.server, by, &case(State::Escalated).name, 3).await.unwrap();
        let closed = pb::CloseCaseRequest {
            name: case(State::Closed).name.clone(),
            outcome: pb::CaseOutcome::TerugEigenSchool.into(),
            outcome_date: "2026-11-25".into(),
            note: "Terug in de klas.".into(),
            etag: case(State::Closed).etag.clone(),
            request_id: self.server.request_id(),
            ..pb::CloseCaseRequest::default()
        };
        keeper.clone().close_case(closed).await.unwrap();
        self.hold(State::Restricted).await;
        self.hold(State::Archived).await;
        let rows = self.server.rows().await;
        let gone = self.people.iter().filter(|((_, relation), _)| *relation == Relation::ExMember);
        let yesterday = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        affiliation::Entity::update_many()
            .col_expr(affiliation::Column::ValidUntil, Expr::value(yesterday))
            .filter(affiliation::Column::PersonId.is_in(gone.map(|(_, (person, _))| person.0)))
            .exec(&rows)
            .await
            .unwrap();
        rows.close().await.unwrap();
    }

    async fn found_another(&mut self) {
        let founding = Founding {
            swv_code: "PO9902".into(),
            display_name: "SWV PO Lisdonk".parse().unwrap(),
            sender_name: "Overleg".parse().unwrap(),
            administrator: (
                "BEH1".parse().unwrap(),
                "Bo Heer".parse().unwrap(),
                "beheer@lisdonk.example".parse().unwrap(),
            ),
        };
        self.server.founded = found_region(&self.server.app, &founding).await.unwrap();
        let places = Places::found(&self.server).await;
        for role in Role::iter() {
            let somebody = self.server.person(role, places.of(role, Relation::OtherRegion)).await;
            self.people.insert((role, Relation::OtherRegion), somebody);
        }
        let smw = self.people[&(Role::Smw, Relation::OtherRegion)].0;
        self.server.link(places.schools[0], places.teams[0], Role::Smw, smw).await;
        self.places.push(places);
    }
}
