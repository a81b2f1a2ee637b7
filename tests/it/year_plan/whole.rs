//! The year of the whole example region.

use std::{collections::BTreeSet, time::Instant};

use schakel_domain::{
    access::Role,
    consultation::series::Closed,
    dutch::{HolidayRegion, SchoolCalendar, SchoolHolidays},
};
use schakel_proto::v1::{self as pb, planned_meeting::Result as Done};
use schakel_server::{
    access::{Grant, Worker},
    demo::region::{Region as Demo, Size},
    directory::import::{ImportKind, import_file},
};
use schakel_tests::{TestServer, agenda::faults, statements};

use super::{Plans, day, each, role, sound};

/// The whole example region: what a year of all its clusters costs.
#[tokio::test]
async fn c07_a_year_of_thirteen_clusters_is_planned_and_booked_within_seconds() {
    let server = TestServer::start().await;
    let published = SchoolHolidays::shipped();
    let region = Closed::of(vec![SchoolCalendar::shipped(HolidayRegion::Zuid)], &published);
    let files = Demo::generate(Size::Full, 1, "2026-11-23".parse().unwrap()).files();
    let file = |name: &str| files.iter().find(|(file, _)| *file == name).unwrap().1.clone();
    let grant = Grant::worker(Worker::Setup, server.founded.region);
    for (name, kind) in [
        ("vestigingen.csv", ImportKind::Schools),
        ("wijken.csv", ImportKind::Wijken),
        ("schoolwijken.csv", ImportKind::SchoolWijken),
        ("clusters.csv", ImportKind::Clusters),
        ("teams.csv", ImportKind::Teams),
        ("personen.csv", ImportKind::Persons),
        ("koppelingen.csv", ImportKind::Links),
        ("afwijkingen.csv", ImportKind::Closures),
    ] {
        import_file(&server.app, &grant, (kind, false), file(name)).await.unwrap();
    }
    let mut availability =
        pb::availability_service_client::AvailabilityServiceClient::new(server.administrator());
    for (name, kind) in [
        ("werktijden.csv", pb::import_request::Kind::WeeklyHours),
        ("afwezigheid.csv", pb::import_request::Kind::Absences),
    ] {
        let request_id = server.request_id();
        let chunks: Vec<_> = file(name)
            .chunks(65_536)
            .map(|chunk| pb::ImportRequest {
                kind: kind.into(),
                request_id: request_id.clone(),
                chunk: chunk.to_vec(),
                ..Default::default()
            })
            .collect();
        availability.import_availability(tokio_stream::iter(chunks)).await.unwrap();
    }
    let (_, keeper) = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await;
    let mut plans = Plans::new(keeper);
    let optional = |seat: pb::PlanSeat| pb::PlanSeat { optional: true, ..seat };
    let asked = pb::PlanYearRequest {
        kind: pb::consultation::Kind::Rok.into(),
        by: pb::plan_year_request::By::Cluster.into(),
        seats: vec![
            role(pb::Role::Bocer),
            role(pb::Role::Iber),
            optional(each(pb::Role::Iber)),
            role(pb::Role::Smw),
        ],
        school_year: "2026-2027".into(),
        meetings: 6,
        duration: Some(prost_types::Duration { seconds: 5400, nanos: 0 }),
        place: pb::consultation::Place::Team.into(),
        mode: pb::BookingMode::AllOrNothing.into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    let begun = Instant::now();
    let dry = pb::PlanYearRequest { dry_run: true, ..asked.clone() };
    let proposal = plans.plan_year(dry).await.unwrap().into_inner();
    let planned = begun.elapsed();
    let without: Vec<_> = proposal
        .tables
        .iter()
        .flat_map(|table| table.meetings.iter().filter(|one| one.result() != Done::Planned))
        .map(|one| (&one.first_date, &one.last_date, &one.reasons))
        .collect();
    assert_eq!((proposal.planned_count, without), (78, Vec::new()));
    let begun = Instant::now();
    let (booked, sent) = statements(plans.plan_year(asked)).await;
    let booked = booked.unwrap().into_inner();
    println!(
        "{} tables, {} meetings: proposed in {planned:?}, proposed and booked in {:?}, {} statements",
        booked.tables.len(),
        booked.planned_count,
        begun.elapsed(),
        sent.len()
    );
    sound([&booked]);
    let days: BTreeSet<_> = booked
        .tables
        .iter()
        .flat_map(|table| table.meetings.iter().map(|one| day(one.start_time.as_ref())))
        .collect();
    let closed = days.iter().filter(|day| !region.is_open_weekday(**day));
    assert_eq!(closed.collect::<Vec<_>>(), Vec::<&chrono::NaiveDate>::new(), "holidays");
    let rows = server.rows().await;
    assert_eq!(faults(&rows).await, Vec::<String>::new());
    rows.close().await.unwrap();
    assert_eq!(booked.planned_count, 78);
    assert_eq!(booked.tables.len(), 13);
    let seats =
        |table: &pb::PlannedTable| table.meetings.iter().map(|one| one.participants.len()).sum::<usize>();
    let people: usize = booked.tables.iter().map(seats).sum();
    println!("{people} seats");
    assert!(sent.len() < 60, "{}", sent.len());
}
