//! What a server remembers of the register is never older than the last change of it, whoever
//! made that.

use schakel_domain::{
    availability::Site,
    ids::{OrganisationId, PersonId},
    time::Period,
};
use schakel_migrations::COUNTED;
use schakel_proto::v1::{self as pb, agenda_service_client::AgendaServiceClient};
use schakel_server::{
    access::{Grant, Worker},
    availability::busy::{self, Booking},
};
use schakel_tests::statements;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::region::{Availability, Region, Somebody, hour, new_school, organisation, person, role};

const WEEK: (&str, &str) = ("2026-11-23T23:00:00Z", "2026-11-28T00:00:00Z");
const TUESDAY: &str = "2026-11-24";

/// A school's IB'er and anybody of the team, and somebody who asks when they can meet.
struct Asker {
    region: Region,
    ib: Somebody,
    smw: Somebody,
    database: DatabaseConnection,
    finder: Availability,
    question: pb::FindSlotsRequest,
    /// What was answered last.
    last: pb::FindSlotsResponse,
}

impl Asker {
    async fn start() -> Self {
        let region = Region::start().await;
        let ib = region.full_time("IB", &region.school, pb::Role::Iber).await;
        let smw = region.full_time("SMW1", &region.team, pb::Role::Smw).await;
        let database = sea_orm::Database::connect(&region.server.app.settings.database.url).await.unwrap();
        let mut finder = region.coordinator().await;
        let seats = vec![person(&ib.name), role(pb::Role::Smw)];
        let question = pb::FindSlotsRequest { max_slots: 50, ..hour(&region.school, seats, WEEK) };
        let last = finder.find_slots(question.clone()).await.unwrap().into_inner();
        assert_eq!(last.slots.len(), 50);
        Self { region, ib, smw, database, finder, question, last }
    }

    /// The answer has changed, and is what a server says that remembers nothing.
    async fn sees(&mut self, change: &str) {
        let warm = self.finder.find_slots(self.question.clone()).await.unwrap().into_inner();
        let raised = "UPDATE register_change SET number = number + 1";
        self.database.execute_unprepared(raised).await.unwrap();
        let cold = self.finder.find_slots(self.question.clone()).await.unwrap().into_inner();
        assert_eq!(warm, cold, "{change}");
        assert_ne!(warm, self.last, "{change} changes nothing");
        self.last = cold;
    }

    /// Takes the social worker for a meeting at a school on the other side of the region.
    async fn far_away(&self) -> String {
        let far = new_school(&self.region.server, "90BB00", "WK990102").await;
        let (app, grant) =
            (&self.region.server.app, Grant::worker(Worker::Setup, self.region.server.founded.region));
        let time = ("2026-11-26T10:00:00Z".parse().unwrap(), "2026-11-26T11:00:00Z".parse().unwrap());
        let there = Site::At(organisation(&far).parse::<OrganisationId>().unwrap());
        let meeting = &Booking {
            id: app.ids.next(app.now()),
            time: Period::new(time.0, time.1).unwrap(),
            seats: vec![(self.smw.name.parse::<PersonId>().unwrap().into(), there)],
            expires: None,
        };
        app.write(&grant, None, |tx| async move { busy::change(&tx, None, Some(meeting)).await })
            .await
            .unwrap();
        organisation(&far)
    }
}

#[tokio::test]
async fn a_search_knows_of_every_change_of_the_register_at_once() {
    let mut asker = Asker::start().await;
    let mut availability = asker.region.availability();
    let mut directory = asker.region.server.directory();
    let mut agenda = AgendaServiceClient::new(asker.region.server.administrator());

    let far = asker.far_away().await;
    asker.sees("a meeting elsewhere").await;
    let id = asker.region.server.request_id();
    let way = pb::travel::Way { from: organisation(&asker.region.school), to: far, minutes: Some(90) };
    let travel = pb::Travel { etag: "1".into(), ways: vec![way], ..Default::default() };
    agenda.set_travel(pb::SetTravelRequest { travel: Some(travel), request_id: id }).await.unwrap();
    asker.sees("a longer way").await;

    let id = asker.region.server.request_id();
    let off = pb::DateOverride {
        affiliation: asker.smw.affiliation.clone(),
        date: TUESDAY.into(),
        ..Default::default()
    };
    let request = pb::SetDateOverrideRequest { date_override: Some(off), request_id: id };
    availability.set_date_override(request).await.unwrap();
    asker.sees("a day off").await;

    let id = asker.region.server.request_id();
    let limits = pb::MeetingLimits { person: asker.smw.name.clone(), notice_hours: 72, ..Default::default() };
    let request = pb::SetMeetingLimitsRequest { meeting_limits: Some(limits), request_id: id };
    availability.set_meeting_limits(request).await.unwrap();
    asker.sees("three days' notice").await;

    let id = asker.region.server.request_id();
    let school = directory.get_school(pb::GetSchoolRequest { name: asker.region.school.clone() });
    let mut school = school.await.unwrap().into_inner();
    school.closures = vec![pb::school::Closure {
        display_name: "Studiedag".into(),
        from: "2026-11-26".into(),
        until: "2026-11-26".into(),
        opened: false,
    }];
    let request = pb::UpdateSchoolRequest { school: Some(school), request_id: id, ..Default::default() };
    directory.update_school(request).await.unwrap();
    asker.sees("a study day").await;

    let colleague = asker.region.full_time("SMW2", &asker.region.team, pb::Role::Smw).await;
    asker.sees("a colleague").await;

    asker.region.link(pb::Role::Smw, &colleague, None).await;
    asker.sees("a link").await;
    asker.region.away(&colleague, "2026-11-25", "2026-11-25").await;
    asker.sees("a day away").await;

    let id = asker.region.server.request_id();
    let name = asker.ib.affiliation.clone();
    let own = directory.get_affiliation(pb::GetAffiliationRequest { name: name.clone() }).await.unwrap();
    let request = pb::EndAffiliationRequest {
        name,
        valid_until: "2026-11-23".into(),
        etag: own.into_inner().etag,
        request_id: id,
    };
    directory.end_affiliation(request).await.unwrap();
    asker.sees("the end of the IB'er").await;
}

#[tokio::test]
async fn what_was_asked_before_is_found_with_a_few_statements() {
    let mut asker = Asker::start().await;
    let (found, warm) = statements(asker.finder.find_slots(asker.question.clone())).await;
    assert_eq!(found.unwrap().into_inner(), asker.last);
    asker.database.execute_unprepared("UPDATE register_change SET number = number + 1").await.unwrap();
    let (_, cold) = statements(asker.finder.find_slots(asker.question.clone())).await;
    println!("{} statements, and {} when the register has changed", warm.len(), cold.len());
    assert!(warm.len() + 10 < cold.len(), "{warm:#?} {cold:#?}");
}

/// A table that is made anew by a later step loses its triggers on SQLite.
#[tokio::test]
async fn every_table_that_is_remembered_counts_its_changes() {
    let asker = Asker::start().await;
    let backend = asker.database.get_database_backend();
    let (triggers, each) = if backend == DbBackend::Postgres {
        ("SELECT tgname::text FROM pg_trigger", &[""][..])
    } else {
        ("SELECT name FROM sqlite_master WHERE type = 'trigger'", &["_insert", "_update", "_delete"][..])
    };
    let rows = asker.database.query_all_raw(Statement::from_string(backend, triggers)).await.unwrap();
    let there: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    for table in COUNTED {
        for name in each.iter().map(|event| format!("{table}_counted{event}")) {
            assert!(there.contains(&name), "{name}");
        }
    }
}
