//! What `FindSlots` costs beside an empty call when four clients ask at once.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, availability_service_client::AvailabilityServiceClient,
    consultation_service_client::ConsultationServiceClient,
};
use schakel_tests::{As, TestServer};
use tonic_health::pb::{HealthCheckRequest, health_client::HealthClient};

use crate::{row, work};

const CLIENTS: usize = 4;
const EACH: usize = 150;
const PEOPLE: usize = 20;
const WEEKS: i64 = 13;
/// Meetings of each person, of four people each.
const BOOKINGS: usize = 200;
const TOGETHER: usize = 4;

struct Scene {
    server: TestServer,
    caller: As,
    school: String,
    people: Vec<String>,
}

/// The first at each table speaks for the school.
fn role(at: usize) -> Role {
    if at.is_multiple_of(TOGETHER) { Role::Iber } else { Role::Smw }
}

async fn scene() -> Scene {
    let server = TestServer::start().await;
    let school = server.school("90AA00", "GM9901").await;
    let (iber, caller) = server.person(Role::Iber, school).await;
    let mut people = vec![iber.to_string()];
    while people.len() < PEOPLE {
        people.push(server.person(role(people.len()), school).await.0.to_string());
    }
    for person in &people {
        work(&server, person).await;
    }
    let scene = Scene { server, caller, school: school.to_string(), people };
    let mut meetings = ConsultationServiceClient::new(scene.caller.clone());
    for group in 0..PEOPLE / TOGETHER {
        for at in 0..BOOKINGS {
            meetings.book_consultation(booking(&scene, group, at)).await.unwrap();
        }
    }
    scene
}

/// Three or four a day at hours that are never Thursday morning.
fn booking(scene: &Scene, group: usize, at: usize) -> pb::BookConsultationRequest {
    const HOURS: [i64; 4] = [9, 11, 13, 15];
    let (day, hour) = (at / 4, HOURS[at % 4]);
    let (week, weekday) = (i64::try_from(day / 4).unwrap(), i64::try_from(day % 4).unwrap());
    let weekday = if weekday == 3 { 4 } else { weekday };
    let start = scene.server.app.now() + TimeDelta::days(7 + week * 7 + weekday) + TimeDelta::hours(hour - 9);
    let people = &scene.people[group * TOGETHER..(group + 1) * TOGETHER];
    let participants = people.iter().enumerate().map(|(at, person)| pb::Participant {
        person: person.clone(),
        role: if role(at) == Role::Iber { pb::Role::Iber } else { pb::Role::Smw }.into(),
        ..Default::default()
    });
    pb::BookConsultationRequest {
        consultation: Some(pb::Consultation {
            kind: pb::consultation::Kind::Consult.into(),
            start_time: Some(prost_types::Timestamp { seconds: start.timestamp(), nanos: 0 }),
            duration: Some(prost_types::Duration { seconds: 1800, nanos: 0 }),
            place: pb::consultation::Place::School.into(),
            school: scene.school.clone(),
            participants: participants.collect(),
            ..Default::default()
        }),
        request_id: scene.server.request_id(),
        ..Default::default()
    }
}

fn question(scene: &Scene) -> pb::FindSlotsRequest {
    let seats = scene
        .people
        .iter()
        .map(|person| pb::Seat { who: Some(pb::seat::Who::Person(person.clone())), ..Default::default() });
    let now = scene.server.app.now();
    let at =
        |time: chrono::DateTime<chrono::Utc>| prost_types::Timestamp { seconds: time.timestamp(), nanos: 0 };
    pb::FindSlotsRequest {
        school: scene.school.clone(),
        seats: seats.collect(),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        start_time: Some(at(now)),
        end_time: Some(at(now + TimeDelta::weeks(WEEKS))),
        ..Default::default()
    }
}

/// How long each call of all clients took, sorted.
async fn at_once<F>(call: impl Fn() -> F) -> Vec<Duration>
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..CLIENTS {
        let calls: Vec<F> = (0..EACH).map(|_| call()).collect();
        clients.spawn(async move {
            let mut times = Vec::with_capacity(EACH);
            for call in calls {
                let start = Instant::now();
                call.await;
                times.push(start.elapsed());
            }
            times
        });
    }
    let mut times: Vec<Duration> = clients.join_all().await.into_iter().flatten().collect();
    times.sort_unstable();
    times
}

/// Prints them.
pub(crate) async fn figures() {
    let scene = scene().await;
    let health = HealthClient::new(scene.caller.clone());
    let slots = AvailabilityServiceClient::new(scene.caller.clone());
    let nothing = || {
        let mut health = health.clone();
        async move {
            health.check(HealthCheckRequest::default()).await.unwrap();
        }
    };
    let find = || {
        let (mut slots, ask) = (slots.clone(), question(&scene));
        async move {
            assert!(!slots.find_slots(ask).await.unwrap().into_inner().slots.is_empty());
        }
    };
    at_once(nothing).await;
    let empty = at_once(nothing).await;
    at_once(find).await;
    let found = at_once(find).await;
    let engine = scene.server.app.settings.database.url.split(':').next().unwrap_or_default();
    println!("\n{engine}, {CLIENTS} clients at once, {EACH} calls each:\n");
    println!("| call | median | p99 | × empty |\n|---|---|---|---|");
    let median = empty[empty.len() / 2];
    row("empty (health)", &empty, median);
    row("FindSlots, 20 people × 13 weeks × 200 bookings", &found, median);
}
