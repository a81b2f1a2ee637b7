//! A small region to plan in: a school, a wijkteam, people with hours, a case with two parents.

use schakel_domain::{
    availability::Site,
    ids::{CaseId, PersonId, SchoolId},
    time::Period,
};
use schakel_proto::v1::{self as pb, availability_service_client::AvailabilityServiceClient};
use schakel_server::{
    access::{
        Grant, Worker,
        authenticate::today,
        circle::{self, Circle, Gezag},
        person, token,
    },
    availability::busy::{self, Booking},
    entity,
    store::instant::to_column,
};
use schakel_tests::{As, TestServer};
use sea_orm::EntityTrait;

/// A client of the service under test.
pub(crate) type Availability = AvailabilityServiceClient<As>;

/// Creates one thing, and gives it back as the register has it.
macro_rules! create {
    ($server:expr, $call:ident $request:ident { $field:ident: $thing:expr }) => {{
        let request = pb::$request { $field: Some($thing), request_id: $server.request_id() };
        $server.directory().$call(request).await.unwrap().into_inner()
    }};
}

/// The region, by resource names.
pub(crate) struct Region {
    pub server: TestServer,
    pub school: String,
    pub team: String,
}

/// Somebody who works in it.
pub(crate) struct Somebody {
    pub name: String,
    pub affiliation: String,
}

pub(crate) fn organisation(name: &str) -> String {
    format!("organisations/{}", name.split_once('/').unwrap().1)
}

impl Region {
    /// The school 90AA00 in wijk WK990101 of GM9901, and team T1 that works for that wijk.
    pub(crate) async fn start() -> Self {
        let server = TestServer::start().await;
        for (code, name) in [("GM9901", "Ravelmonde"), ("GM9902", "Lisdonk")] {
            let kind = pb::area::Kind::Gemeente.into();
            let area = pb::Area { kind, code: code.into(), display_name: name.into(), ..pb::Area::default() };
            create!(server, create_area CreateAreaRequest { area: area });
        }
        let school = new_school(&server, "90AA00", "WK990101").await;
        let team = new_team(&server, "T1", "WK990101").await;
        Self { server, school, team }
    }

    pub(crate) async fn somebody(&self, code: &str, at: &str, role: pb::Role) -> Somebody {
        let person = pb::Person {
            code: code.into(),
            display_name: format!("Mevrouw {code}"),
            email: format!("{}@team.example", code.to_lowercase()),
            phone: "077 000 00 02".into(),
            ..pb::Person::default()
        };
        let person = create!(self.server, create_person CreatePersonRequest { person: person });
        let affiliation = pb::Affiliation {
            person: person.name.clone(),
            organisation: organisation(at),
            role: role.into(),
            valid_from: "2026-08-01".into(),
            ..pb::Affiliation::default()
        };
        let affiliation =
            create!(self.server, create_affiliation CreateAffiliationRequest { affiliation: affiliation });
        Somebody { name: person.name, affiliation: affiliation.name }
    }

    /// Somebody who works Monday to Friday, 08:00 to 18:00.
    pub(crate) async fn full_time(&self, code: &str, at: &str, role: pb::Role) -> Somebody {
        let who = self.somebody(code, at, role).await;
        for weekday in 1..=5 {
            self.hours(&who, weekday, ("08:00", "18:00")).await;
        }
        who
    }

    pub(crate) async fn hours(
        &self,
        who: &Somebody,
        weekday: i32,
        (from, until): (&str, &str),
    ) -> pb::WeeklyHours {
        let weekly_hours = pb::WeeklyHours {
            affiliation: who.affiliation.clone(),
            weekday,
            from: from.into(),
            until: until.into(),
            ..pb::WeeklyHours::default()
        };
        let request = pb::CreateWeeklyHoursRequest {
            weekly_hours: Some(weekly_hours),
            request_id: self.server.request_id(),
        };
        self.availability().create_weekly_hours(request).await.unwrap().into_inner()
    }

    pub(crate) async fn away(&self, who: &Somebody, from: &str, until: &str) -> pb::Absence {
        let absence = pb::Absence {
            person: who.name.clone(),
            kind: pb::absence::Kind::Leave.into(),
            valid_from: from.into(),
            valid_until: until.into(),
            ..pb::Absence::default()
        };
        let request =
            pb::CreateAbsenceRequest { absence: Some(absence), request_id: self.server.request_id() };
        self.availability().create_absence(request).await.unwrap().into_inner()
    }

    pub(crate) async fn link(&self, role: pb::Role, person: &Somebody, deputy: Option<&Somebody>) {
        let link = pb::SchoolTeamLink {
            school: self.school.clone(),
            team: self.team.clone(),
            role: role.into(),
            person: person.name.clone(),
            deputy: deputy.map(|deputy| deputy.name.clone()).unwrap_or_default(),
            valid_from: "2026-08-01".into(),
            ..pb::SchoolTeamLink::default()
        };
        create!(self.server, create_school_team_link CreateSchoolTeamLinkRequest { school_team_link: link });
    }

    /// The organisation of a gemeente.
    pub(crate) async fn gemeente(&self, code: &str) -> String {
        let list =
            pb::ListOrganisationsRequest { code: code.into(), ..pb::ListOrganisationsRequest::default() };
        self.server.directory().list_organisations(list).await.unwrap().into_inner().organisations[0]
            .name
            .clone()
    }

    /// The administrator's client.
    pub(crate) fn availability(&self) -> Availability {
        Availability::new(self.server.administrator())
    }

    /// The administrator may not search; this coordinator of the samenwerkingsverband may.
    pub(crate) async fn coordinator(&self) -> Availability {
        let swv = self.server.founded.organisation.to_string();
        let who = self.somebody("COORD", &swv, pb::Role::Thuiszitterscoordinator).await;
        Availability::new(self.acting(&who).await)
    }

    async fn database(&self) -> sea_orm::DatabaseConnection {
        sea_orm::Database::connect(&self.server.app.settings.database.url).await.unwrap()
    }

    /// A channel as somebody.
    pub(crate) async fn acting(&self, who: &Somebody) -> As {
        let app = &self.server.app;
        let secret = token::mint(token::Opens::Api, app.ids.as_ref());
        let row = entity::token::Model {
            id: app.ids.next(app.now()),
            hash: token::hash(token::Opens::Api, &secret).unwrap(),
            person_id: who.name.parse::<PersonId>().unwrap().0,
            display_name: "test".into(),
            created_at: to_column(app.now()),
            expires_at: to_column(app.now() + chrono::TimeDelta::days(400)),
            revoked_at: None,
            last_used_on: Some(today(app.now())),
        };
        let row = entity::token::ActiveModel::from(row);
        entity::token::Entity::insert(row).exec_without_returning(&self.database().await).await.unwrap();
        self.server.bearing(&secret)
    }

    /// A case of a child at the school that lives in GM9902, with two parents of whom the first has gezag.
    pub(crate) async fn case(&self) -> (String, Vec<PersonId>) {
        let app = &self.server.app;
        let id = || app.ids.next(app.now());
        let (case, child, parents) = (CaseId(id()), PersonId(id()), [PersonId(id()), PersonId(id())]);
        let circle = Circle {
            case,
            school: Some(self.school.parse::<SchoolId>().unwrap()),
            gemeente: "GM9902".into(),
            child,
            open: true,
            hold: None,
            level: 0,
            escalated: None,
            parents: vec![(parents[0], Gezag::Yes), (parents[1], Gezag::No)],
            guests: Vec::new(),
        };
        let circle = &circle;
        let grant = Grant::worker(Worker::Setup, self.server.founded.region);
        app.write(&grant, None, |tx| async move {
            person::insert_professionals(&tx, &[child, parents[0], parents[1]]).await?;
            tx.subject_keys_or_new(&[child.0]).await?;
            circle::insert(&tx, circle).await
        })
        .await
        .unwrap();
        (case.to_string(), parents.to_vec())
    }

    /// Takes somebody for a meeting between two instants.
    pub(crate) async fn busy(&self, who: &str, from: &str, until: &str) {
        let (app, grant) = (&self.server.app, Grant::worker(Worker::Setup, self.server.founded.region));
        let meeting = &Booking {
            id: app.ids.next(app.now()),
            time: Period::new(from.parse().unwrap(), until.parse().unwrap()).unwrap(),
            seats: vec![(who.parse::<PersonId>().unwrap().into(), Site::Remote)],
            expires: None,
        };
        app.write(&grant, None, |tx| async move { busy::change(&tx, None, Some(meeting)).await })
            .await
            .unwrap();
    }
}

/// A school in a wijk of GM9901.
pub(crate) async fn new_school(server: &TestServer, code: &str, wijk: &str) -> String {
    let school = pb::School {
        vestigingscode: code.into(),
        display_name: format!("Basisschool {code}"),
        gemeente_code: "GM9901".into(),
        wijk_code: wijk.into(),
        holiday_region: pb::HolidayRegion::Zuid.into(),
        valid_from: "2026-08-01".into(),
        ..pb::School::default()
    };
    create!(server, create_school CreateSchoolRequest { school: school }).name
}

/// A team that works for a wijk.
pub(crate) async fn new_team(server: &TestServer, code: &str, wijk: &str) -> String {
    let area = pb::team::WorkArea {
        kind: pb::team::work_area::Kind::Wijk.into(),
        code: wijk.into(),
        valid_from: "2026-08-01".into(),
        ..pb::team::WorkArea::default()
    };
    let team = pb::Team {
        code: code.into(),
        kind: pb::team::Kind::Wijkteam.into(),
        display_name: format!("Team {code}"),
        gemeente_code: "GM9901".into(),
        work_areas: vec![area],
        valid_from: "2026-08-01".into(),
        ..pb::Team::default()
    };
    create!(server, create_team CreateTeamRequest { team: team }).name
}

/// A seat for somebody by name.
pub(crate) fn person(name: &str) -> pb::Seat {
    pb::Seat { who: Some(pb::seat::Who::Person(name.to_owned())), optional: false, ..pb::Seat::default() }
}

/// A seat for whoever has the role.
pub(crate) fn role(role: pb::Role) -> pb::Seat {
    pb::Seat { who: Some(pb::seat::Who::Role(role.into())), optional: false, ..pb::Seat::default() }
}

/// An instant on the wire.
pub(crate) fn at(text: &str) -> prost_types::Timestamp {
    let at: chrono::DateTime<chrono::Utc> = text.parse().unwrap();
    prost_types::Timestamp { seconds: at.timestamp(), nanos: 0 }
}

/// An instant off the wire, on the clock of Amsterdam.
pub(crate) fn shown(wire: Option<&prost_types::Timestamp>) -> String {
    let at = chrono::DateTime::from_timestamp(wire.unwrap().seconds, 0).unwrap();
    at.with_timezone(&chrono_tz::Europe::Amsterdam).format("%a %d-%m %H:%M").to_string()
}

/// An hour at a school with these seats, between two instants.
pub(crate) fn hour(school: &str, seats: Vec<pb::Seat>, (from, until): (&str, &str)) -> pb::FindSlotsRequest {
    pb::FindSlotsRequest {
        school: school.into(),
        seats,
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        start_time: Some(at(from)),
        end_time: Some(at(until)),
        ..pb::FindSlotsRequest::default()
    }
}
