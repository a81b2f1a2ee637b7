//! What a server remembers of the register and of calendars is never older than the last change
//! of it, whoever made that.

use std::{collections::HashSet, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    availability::Site,
    ids::{OrganisationId, PersonId},
    time::Period,
};
use schakel_migrations::counted;
use schakel_proto::v1::{self as pb, agenda_service_client::AgendaServiceClient};
use schakel_server::{
    access::{Grant, Worker},
    app::App,
    availability::busy::{self, Booking},
    entity::busy_span,
    error::Error,
    store::Tx,
};
use schakel_tests::statements;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, Statement};
use uuid::Uuid;

use crate::region::{Availability, Region, Somebody, hour, new_school, organisation, person, role};

const WEEK: (&str, &str) = ("2026-11-23T23:00:00Z", "2026-11-28T00:00:00Z");
const TUESDAY: &str = "2026-11-24";

fn on_tuesday(hour: &str) -> String {
    format!("{TUESDAY}T{hour}:00:00Z")
}

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
        for forgotten in
            ["UPDATE register_change SET number = number + 1", "UPDATE busy_span SET spans = spans"]
        {
            self.database.execute_unprepared(forgotten).await.unwrap();
        }
        let cold = self.finder.find_slots(self.question.clone()).await.unwrap().into_inner();
        assert_eq!(warm, cold, "{change}");
        assert_ne!(warm, self.last, "{change} changes nothing");
        self.last = cold;
    }

    /// An hour of `who` at a school.
    fn meeting(&self, who: &str, start: &str, school: &str) -> Booking {
        let app = &self.region.server.app;
        let start: DateTime<Utc> = start.parse().unwrap();
        let there = Site::At(organisation(school).parse::<OrganisationId>().unwrap());
        Booking {
            id: app.ids.next(app.now()),
            time: Period::new(start, start + TimeDelta::hours(1)).unwrap(),
            seats: vec![(who.parse::<PersonId>().unwrap().into(), there)],
            expires: None,
        }
    }

    /// Has a server write one in place of the other, and `end` so.
    async fn changed(&self, app: &App, (before, after): (Option<&Booking>, Option<&Booking>), end: bool) {
        let grant = Grant::worker(Worker::Setup, self.region.server.founded.region);
        let change = |tx: Arc<Tx>| async move {
            busy::change(&tx, before, after).await?;
            if end { Ok(()) } else { Err(Error::NotFound("PERSON")) }
        };
        assert_eq!(app.write(&grant, None, change).await.is_ok(), end);
    }

    /// Takes the social worker for a meeting at a school on the other side of the region.
    async fn far_away(&self) -> String {
        let far = new_school(&self.region.server, "90BB00", "WK990102").await;
        let meeting = self.meeting(&self.smw.name, "2026-11-26T10:00:00Z", &far);
        self.changed(&self.region.server.app, (None, Some(&meeting)), true).await;
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
    let loads = |sent: &[String]| sent.iter().filter(|sql| sql.contains("\"spans\"")).count();
    assert_eq!((warm.len(), loads(&warm)), (3, 0), "the caller, versions, the audit: {warm:#?}");
}

#[tokio::test]
async fn a_search_sees_at_once_what_another_server_writes_in_a_calendar() {
    let mut asker = Asker::start().await;
    let (other, school) = (asker.region.server.another().await, asker.region.school.clone());
    let meetings = ["09", "11", "10"].map(|hour| asker.meeting(&asker.ib.name, &on_tuesday(hour), &school));
    let [first, second, third] = &meetings;
    asker.changed(&other, (None, Some(first)), true).await;
    asker.sees("a meeting").await;
    asker.changed(&other, (Some(first), Some(second)), true).await;
    asker.sees("a move").await;

    let same = asker.finder.find_slots(asker.question.clone());
    let (same, sent) = statements(same).await;
    assert_eq!(same.unwrap().into_inner(), asker.last);
    assert!(!sent.iter().any(|sql| sql.contains("\"spans\"")), "nothing changed: {sent:#?}");
    asker.changed(&other, (None, Some(third)), false).await;
    let undone = asker.finder.find_slots(asker.question.clone()).await.unwrap().into_inner();
    assert_eq!(undone, asker.last, "what was never committed is never seen");

    asker.changed(&other, (None, Some(third)), true).await;
    asker.sees("a second meeting").await;
    asker.changed(&other, (Some(second), None), true).await;
    asker.sees("one that is off").await;
    asker.changed(&other, (Some(third), None), true).await;
    asker.sees("an empty calendar").await;
    asker.changed(&other, (None, Some(third)), true).await;
    asker.sees("one that fills again").await;
}

/// The first is changed while searches go on; none of them is older than a change that had
/// ended before it began.
#[tokio::test]
async fn a_search_beside_many_bookings_is_never_older_than_one_that_was_answered() {
    let asker = Asker::start().await;
    let (other, school) = (asker.region.server.another().await, asker.region.school.clone());
    let mut before: Option<Booking> = None;
    for turn in 0..40 {
        let after = asker.meeting(&asker.ib.name, &on_tuesday(&format!("{:02}", 8 + turn % 8)), &school);
        asker.changed(&other, (before.as_ref(), Some(&after)), true).await;
        let answers = (0..4).map(|_| {
            let (mut finder, question) = (asker.finder.clone(), asker.question.clone());
            tokio::spawn(async move { finder.find_slots(question).await.unwrap().into_inner() })
        });
        for answer in answers.collect::<Vec<_>>() {
            let taken = (after.time.start().timestamp(), after.time.end().timestamp());
            let seconds = |at: &Option<prost_types::Timestamp>| at.unwrap().seconds;
            let slots = answer.await.unwrap().slots;
            let over = slots
                .iter()
                .find(|slot| seconds(&slot.start_time) < taken.1 && taken.0 < seconds(&slot.end_time));
            assert_eq!(over, None, "turn {turn}");
        }
        before = Some(after);
    }
}

#[tokio::test]
async fn when_a_parent_is_taken_is_read_each_time() {
    let asker = Asker::start().await;
    let (case, parents) = asker.region.case().await;
    let parent = parents[0].to_string();
    let meeting = asker.meeting(&parent, &on_tuesday("09"), &asker.region.school);
    asker.changed(&asker.region.server.app, (None, Some(&meeting)), true).await;
    let seats = vec![person(&asker.ib.name), person(&parent)];
    let question = pb::FindSlotsRequest { case, ..hour(&asker.region.school, seats, WEEK) };
    let mut finder = asker.finder.clone();
    for _ in 0..2 {
        let (found, sent) = statements(finder.find_slots(question.clone())).await;
        assert!(!found.unwrap().into_inner().slots.is_empty());
        assert_eq!(sent.iter().filter(|sql| sql.contains("\"spans\"")).count(), 1, "{sent:#?}");
    }
}

/// Also one that writes no version, as a program of before there were any.
#[tokio::test]
async fn whoever_writes_a_form_of_a_calendar_gives_it_another_version() {
    let asker = Asker::start().await;
    let meeting = asker.meeting(&asker.ib.name, &on_tuesday("09"), &asker.region.school);
    let app = &asker.region.server.app;
    let mut seen = Vec::new();
    for change in [(None, Some(&meeting)), (Some(&meeting), None), (None, Some(&meeting))] {
        asker.changed(app, change, true).await;
        let forms = busy_span::Entity::find().all(&asker.database).await.unwrap();
        seen.extend(forms.into_iter().map(|form| form.version));
    }
    asker.database.execute_unprepared("UPDATE busy_span SET spans = spans").await.unwrap();
    let forms = busy_span::Entity::find().all(&asker.database).await.unwrap();
    seen.extend(forms.into_iter().map(|form| form.version));
    let different: HashSet<Uuid> = seen.iter().copied().collect();
    assert_eq!((seen.len(), different.len()), (3, 3));
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
    for table in counted() {
        for name in each.iter().map(|event| format!("{table}_counted{event}")) {
            assert!(there.contains(&name), "{name}");
        }
    }
}
