//! Thirty-two clients that book, move, replace, hold and cancel at random: what was acknowledged is
//! there, once, and nobody is at two places.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Instant,
};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{
    self as pb, agenda_service_client::AgendaServiceClient, consultation::Place,
    consultation_service_client::ConsultationServiceClient,
};
use schakel_tests::{
    As,
    agenda::faults,
    needs::full_drill,
    reason,
    seed_meetings::{Family, Scene, seat, stamp},
};
use tonic::Status;

const CLIENTS: u64 = 32;

/// Steps of each client: the full drill takes a minute or more.
fn steps() -> usize {
    if full_drill() { 200 } else { 8 }
}

/// What a caller may be told in such a crowd; anything else is a fault of the server.
const REFUSALS: [&str; 7] = [
    "TIME_CONFLICT",
    "ETAG_MISMATCH",
    "CONSULTATION_CANCELLED",
    "DUPLICATE_ATTENDEE",
    "PARTICIPANT_UNKNOWN",
    "HOLD_NOT_FOUND",
    "TOO_MANY_HOLDS",
];

/// Numbers that are the same every time (xorshift).
struct Chance(u64);

/// On one of four days, on the half hour.
fn some_time(chance: &mut Chance) -> DateTime<Utc> {
    let day = i64::try_from(chance.below(4)).unwrap();
    let half_hour = i64::try_from(chance.below(16)).unwrap();
    let monday: DateTime<Utc> = "2026-12-07T07:30:00Z".parse().unwrap();
    monday + TimeDelta::days(day) + TimeDelta::minutes(30 * half_hour)
}

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap() % end
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }
}

/// A school with somebody who plans and two children.
struct School {
    planners: Vec<(PersonId, As)>,
    families: Vec<Family>,
    room: String,
}

struct Crowd {
    scene: Scene,
    schools: Vec<School>,
    helpers: Vec<PersonId>,
    /// Every meeting by the school at which it was booked.
    meetings: Mutex<Vec<(usize, String)>>,
    /// What was acknowledged, by meeting and etag.
    history: Mutex<BTreeMap<String, Vec<pb::Consultation>>>,
    told: Mutex<BTreeMap<String, usize>>,
}

impl Crowd {
    async fn gather() -> Self {
        let scene = Scene::start().await;
        let mut schools = Vec::new();
        for at in 0..3 {
            let id = scene.server.school(&format!("99AB0{at}"), "GM9901").await;
            let room = pb::Room {
                organisation: format!("organisations/{}", id.0),
                display_name: "Kamer".into(),
                seats: 10,
                valid_from: "2026-08-01".into(),
                ..Default::default()
            };
            let ask = pb::CreateRoomRequest { room: Some(room), request_id: scene.server.request_id() };
            schools.push(School {
                planners: vec![
                    scene.server.person(Role::Iber, id).await,
                    scene.server.person(Role::Iber, id).await,
                ],
                families: vec![scene.server.family(id).await, scene.server.family(id).await],
                room: scene.server.directory().create_room(ask).await.unwrap().into_inner().name,
            });
        }
        let mut helpers = Vec::new();
        for _ in 0..5 {
            helpers.push(scene.server.person(Role::Smw, scene.team).await.0);
        }
        Self {
            scene,
            schools,
            helpers,
            meetings: Mutex::default(),
            history: Mutex::default(),
            told: Mutex::default(),
        }
    }

    fn acknowledged(&self, meeting: pb::Consultation) {
        let mut history = self.history.lock().unwrap();
        history.entry(meeting.name.clone()).or_default().push(meeting);
    }

    /// Counts what was told, and fails for what should not be.
    fn told(&self, what: &str, done: Result<(), Status>) {
        let told = match done {
            Ok(()) => "OK".to_owned(),
            Err(status) => {
                let reason = reason(&status);
                assert!(REFUSALS.contains(&reason.as_str()), "{what}: {status:?}");
                reason
            }
        };
        *self.told.lock().unwrap().entry(format!("{what} {told}")).or_default() += 1;
    }

    async fn book(&self, at: usize, client: &As, chance: &mut Chance) -> Result<(), Status> {
        let school = &self.schools[at];
        let (planner, family) = (chance.of(&school.planners), chance.of(&school.families));
        let mut wish = self.scene.mdo(some_time(chance));
        wish.case = family.case.to_string();
        wish.place = chance.of(&[Place::School, Place::School, Place::Online, Place::Team]).into();
        wish.participants = vec![
            seat(planner.0, pb::Role::Iber),
            seat(chance.of(&self.helpers), pb::Role::Smw),
            seat(family.parents[0], pb::Role::Ouder),
        ];
        if wish.place() == Place::School && chance.below(2) == 0 {
            wish.rooms = vec![school.room.clone()];
        }
        let mut meetings = ConsultationServiceClient::new(client.clone());
        let mut booking = self.scene.booking(wish);
        if chance.below(3) == 0 {
            let held = self.hold(booking.consultation.as_ref().unwrap(), client).await?;
            // Some change their mind.
            if chance.below(4) == 0 {
                let ask = pb::ReleaseHoldRequest {
                    name: held.name.clone(),
                    request_id: self.scene.server.request_id(),
                };
                AgendaServiceClient::new(client.clone()).release_hold(ask).await?;
            }
            booking.hold = held.name;
        }
        let booked = meetings.book_consultation(booking).await?.into_inner();
        self.meetings.lock().unwrap().push((at, booked.name.clone()));
        self.acknowledged(booked);
        Ok(())
    }

    async fn hold(&self, wish: &pb::Consultation, client: &As) -> Result<pb::Hold, Status> {
        let ask = pb::HoldSlotRequest {
            persons: wish.participants.iter().map(|seat| seat.person.clone()).collect(),
            rooms: wish.rooms.clone(),
            start_time: wish.start_time,
            duration: wish.duration,
            place: wish.place,
            school: wish.school.clone(),
            case: wish.case.clone(),
            ttl: None,
            request_id: self.scene.server.request_id(),
        };
        AgendaServiceClient::new(client.clone()).hold_slot(ask).await.map(tonic::Response::into_inner)
    }

    async fn change(&self, at: usize, client: &As, chance: &mut Chance) -> Result<(), Status> {
        let known: Vec<String> = {
            let all = self.meetings.lock().unwrap();
            all.iter().filter(|(school, _)| *school == at).map(|(_, name)| name.clone()).collect()
        };
        let mut meetings = ConsultationServiceClient::new(client.clone());
        if known.is_empty() {
            return Ok(());
        }
        let name = chance.of(&known);
        let seen = meetings.get_consultation(pb::GetConsultationRequest { name: name.clone() }).await?;
        let (seen, request_id) = (seen.into_inner(), self.scene.server.request_id());
        let etag = seen.etag.clone();
        let changed = match chance.below(5) {
            0 => {
                let ask = pb::CancelConsultationRequest { name, etag, request_id };
                meetings.cancel_consultation(ask).await?
            }
            1 => {
                let comes = Some(seat(chance.of(&self.helpers), pb::Role::Smw));
                let leaves = seen.participants[1].person.clone();
                let ask = pb::ReplaceParticipantRequest { name, leaves, comes, etag, request_id };
                meetings.replace_participant(ask).await?
            }
            _ => {
                let ask = pb::MoveConsultationRequest {
                    name,
                    etag,
                    start_time: Some(stamp(some_time(chance))),
                    place: chance.of(&[0, Place::School.into(), Place::Online.into()]),
                    request_id,
                    ..Default::default()
                };
                meetings.move_consultation(ask).await?
            }
        };
        let changed = changed.into_inner();
        // Calling off twice, or to where it is, changes nothing.
        if changed.etag != seen.etag {
            self.acknowledged(changed);
        }
        Ok(())
    }

    async fn client(self: Arc<Self>, number: u64) {
        let mut chance = Chance(0x9e37_79b9_7f4a_7c15 ^ ((number + 1) * 0x1000_0001));
        let at = chance.below(self.schools.len());
        let client = chance.of(&self.schools[at].planners).1;
        for _ in 0..steps() {
            if chance.below(2) == 0 {
                let done = self.book(at, &client, &mut chance).await;
                self.told("book", done);
            } else {
                let done = self.change(at, &client, &mut chance).await;
                self.told("change", done);
            }
        }
    }

    /// Each etag was acknowledged once, none was left out, and the last is what stands there.
    async fn history_holds(&self) -> usize {
        let history = self.history.lock().unwrap().clone();
        let mut changes = 0;
        for (name, mut acknowledged) in history {
            acknowledged.sort_by_key(|meeting| meeting.etag.parse::<usize>().unwrap());
            // Calling off what is off already is answered as it was.
            let off = pb::consultation::State::Cancelled as i32;
            acknowledged.dedup_by(|one, other| one.etag == other.etag && one.state == off);
            let etags: Vec<usize> =
                acknowledged.iter().map(|meeting| meeting.etag.parse().unwrap()).collect();
            assert_eq!(etags, (1..=etags.len()).collect::<Vec<_>>(), "{name}");
            changes += etags.len();
            let school = self.meetings.lock().unwrap().iter().find(|(_, own)| *own == name).unwrap().0;
            let mut meetings = ConsultationServiceClient::new(self.schools[school].planners[0].1.clone());
            let there = meetings.get_consultation(pb::GetConsultationRequest { name }).await.unwrap();
            let (there, last) = (there.into_inner(), acknowledged.pop().unwrap());
            let people = |meeting: &pb::Consultation| -> BTreeSet<String> {
                meeting.participants.iter().map(|seat| seat.person.clone()).collect()
            };
            assert_eq!(
                (there.state, there.start_time, there.place, people(&there), there.rooms, there.etag),
                (last.state, last.start_time, last.place, people(&last), last.rooms, last.etag)
            );
        }
        changes
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn x02_thirty_two_clients_at_random_leave_every_calendar_sound() {
    let crowd = Arc::new(Crowd::gather().await);
    let began = Instant::now();
    let clients: Vec<_> =
        (0..CLIENTS).map(|number| tokio::spawn(Arc::clone(&crowd).client(number))).collect();
    for client in clients {
        client.await.unwrap();
    }
    let took = began.elapsed();
    let changes = crowd.history_holds().await;
    let rows = crowd.scene.server.rows().await;
    assert_eq!(faults(&rows).await, Vec::<String>::new());
    rows.close().await.unwrap();
    let told = crowd.told.lock().unwrap().clone();
    println!(
        "{CLIENTS} clients x {} steps in {took:?}: {changes} changes, each acknowledged and there; {told:?}",
        steps()
    );
    assert!(changes > 30, "{told:?}");
}
