//! A random life of meetings, told to calendar clients that know nothing of the server but its mails:
//! in the end each of them has the server's view, and nobody heard anything twice or in vain.

mod steps;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1::{self as pb, consultation_service_client::ConsultationServiceClient};
use schakel_server::access::{
    Grant, Worker,
    person::{self, PrivatePerson},
};
use schakel_tests::{
    TestServer,
    needs::{Need, full_drill},
    seed_meetings::{Scene, stamp},
};
use serde_json::{Value, json};

/// How often something happens to a meeting.
fn size() -> usize {
    if full_drill() { 2_000 } else { 300 }
}

/// Numbers that look random and are the same in every run.
pub(super) struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// One of `all`.
    pub(super) fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// What the driver did, for the clients' owners and for who judges the mails.
#[derive(Default)]
pub(super) struct Diary {
    /// Who ever sat at which meeting.
    seated: BTreeSet<(String, String)>,
    /// When time, place or state changed, and whether everybody was asked anew.
    raised: Vec<(String, DateTime<Utc>, bool)>,
    /// Who answered what when.
    answers: Vec<(DateTime<Utc>, String, String, &'static str)>,
    /// How often each thing was done.
    pub(super) done: BTreeMap<&'static str, usize>,
}

impl Diary {
    /// Notes who sits at a meeting, once somebody changed it.
    pub(super) fn sits(&mut self, people: &BTreeMap<String, String>, meeting: &pb::Consultation) {
        for seat in &meeting.participants {
            self.seated.insert((meeting.reference.clone(), people[&seat.person].clone()));
        }
    }

    /// Notes that its number went up.
    pub(super) fn rises(&mut self, meeting: &pb::Consultation, now: DateTime<Utc>, anew: bool) {
        self.raised.push((meeting.reference.clone(), now, anew));
    }

    /// Notes an answer.
    pub(super) fn answers(&mut self, now: DateTime<Utc>, reference: &str, address: &str, word: &'static str) {
        self.answers.push((now, reference.to_owned(), address.to_owned(), word));
    }
}

/// A school, a team and a family, with all whom somebody may ask to a meeting.
pub(super) struct Life {
    pub(super) scene: Scene,
    /// The address of each, by `persons/…`.
    pub(super) people: BTreeMap<String, String>,
    /// Who may be asked beside the planner, and as what.
    pub(super) pool: Vec<(PersonId, pb::Role)>,
    pub(super) diary: Diary,
    pub(super) dice: Dice,
    /// When it began.
    began: DateTime<Utc>,
    /// The names of all meetings that ever were.
    pub(super) meetings: Vec<String>,
    /// Of all series.
    pub(super) series: Vec<String>,
}

impl Life {
    async fn begin(seed: u64) -> Self {
        let scene = Scene::start().await;
        let server = &scene.server;
        let mut pool = vec![(scene.smw.0, pb::Role::Smw)];
        for _ in 0..3 {
            pool.push((server.person(Role::Smw, scene.team).await.0, pb::Role::Smw));
        }
        for _ in 0..2 {
            pool.push((server.person(Role::Iber, scene.school).await.0, pb::Role::Iber));
        }
        pool.push((scene.leerplicht.0, pb::Role::Leerplichtambtenaar));
        let mut people = BTreeMap::new();
        for person in pool.iter().map(|(person, _)| *person).chain([scene.iber.0]) {
            people.insert(person.to_string(), address(server, person).await);
        }
        for (nth, parent) in scene.family.parents.iter().enumerate() {
            let own = format!("ouder{nth}@familie.example");
            reachable(server, *parent, &own).await;
            people.insert(parent.to_string(), own);
        }
        let (diary, dice) = (Diary::default(), Dice(seed));
        let began = scene.server.app.now();
        Self { scene, people, pool, diary, dice, began, meetings: Vec::new(), series: Vec::new() }
    }

    /// A while passes: mostly a moment, so that changes come within the minute; sometimes hours.
    fn pass(&mut self) {
        let seconds = match self.dice.below(20) {
            0..10 => self.dice.below(40),
            10..19 => 60 + self.dice.below(540),
            _ => 3_600 * (1 + self.dice.below(6)),
        };
        self.scene.server.clock.advance(TimeDelta::seconds(i64::try_from(seconds).unwrap()));
    }

    /// Whatever waits is told, and the calendars are compared with the server.
    async fn settle(&self, python: &str) -> Value {
        // Longer than anything is held back: a digest, a night, the most that one gets in a day.
        for _ in 0..60 {
            self.scene.server.deliver().await;
            self.scene.server.clock.advance(TimeDelta::hours(1));
        }
        self.scene.server.deliver().await;
        let life = self.scene.server.folder.join("life.json");
        std::fs::write(&life, serde_json::to_vec(&self.as_the_server_has_it().await).unwrap()).unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/independent/client_model.py");
        let mails = self.scene.server.folder.join("mail").join("new");
        let output = Command::new(python).arg(script).arg(&life).arg(mails).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    async fn as_the_server_has_it(&self) -> Value {
        let mut all = Vec::new();
        let mut client = ConsultationServiceClient::new(self.scene.iber.1.clone());
        let mut page_token = String::new();
        loop {
            let request = pb::ListConsultationsRequest {
                after_time: Some(stamp(self.began)),
                show_cancelled: true,
                page_size: 200,
                page_token,
                ..Default::default()
            };
            let page = client.list_consultations(request).await.unwrap().into_inner();
            all.extend(page.consultations);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        assert_eq!(all.len(), self.meetings.len(), "the planner sees every meeting");
        let meetings = all.iter().map(|meeting| {
            let start = micros(meeting.start_time.unwrap());
            let answers: BTreeMap<&str, &str> = meeting
                .participants
                .iter()
                .map(|seat| (self.people[&seat.person].as_str(), seat.answer().as_str_name()))
                .collect();
            json!({
                "reference": meeting.reference, "state": meeting.state().as_str_name(), "start": start,
                "end": start + meeting.duration.unwrap().seconds * 1_000_000,
                "place": meeting.place().as_str_name(), "participants": answers,
            })
        });
        let Diary { seated, raised, answers, .. } = &self.diary;
        let raised =
            raised.iter().map(|(reference, at, anew)| json!([reference, at.timestamp_micros(), anew]));
        let answers =
            answers.iter().map(|(at, meeting, who, word)| json!([at.timestamp_micros(), meeting, who, word]));
        let addresses: BTreeSet<&String> = self.people.values().collect();
        json!({
            "now": self.scene.server.app.now().timestamp_micros(),
            "people": addresses.into_iter().map(|address| (address, "")).collect::<BTreeMap<_, _>>(),
            "meetings": meetings.collect::<Vec<_>>(),
            "seated": seated,
            "raised": raised.collect::<Vec<_>>(),
            "answers": answers.collect::<Vec<_>>(),
        })
    }
}

fn micros(at: prost_types::Timestamp) -> i64 {
    at.seconds * 1_000_000 + i64::from(at.nanos) / 1_000
}

/// Where a professional's mail goes.
async fn address(server: &TestServer, person: PersonId) -> String {
    let request = pb::GetPersonRequest { name: person.to_string() };
    server.directory().get_person(request).await.unwrap().into_inner().email
}

/// Gives a parent an address of their own.
async fn reachable(server: &TestServer, parent: PersonId, address: &str) {
    let known = &PrivatePerson {
        name: "Anna de Wit".parse().unwrap(),
        email: Some(address.parse().unwrap()),
        phone: None,
        birth_date: None,
        address_confidential: false,
        language: "nl".into(),
    };
    let grant = Grant::worker(Worker::Setup, server.founded.region);
    server
        .app
        .write(&grant, None, |tx| async move { person::update(&tx, parent, known).await })
        .await
        .unwrap();
}

#[tokio::test]
async fn x06_every_calendar_is_as_the_server_has_it_after_a_random_life() {
    const NAME: &str = "x06_every_calendar_is_as_the_server_has_it_after_a_random_life";
    let Some(python) = Need::Python.or_skip(NAME) else { return };
    let mut life = Life::begin(5546).await;
    let (mut steps, mut tries) = (0, 0);
    let mut looks = vec![2 * size() / 3, size() / 3];
    while steps < size() {
        tries += 1;
        assert!(tries < 8 * size(), "too much is refused: {:?}", life.diary.done);
        if life.step().await {
            steps += 1;
        }
        life.pass();
        if life.dice.below(5) < 3 {
            life.scene.server.deliver().await;
        }
        if looks.last().is_some_and(|look| steps >= *look) {
            looks.pop();
            let counted = life.settle(&python).await;
            println!("after {steps} steps: {counted}");
        }
    }
    let counted = life.settle(&python).await;
    println!("{steps} steps, {} refused: {:?}; {counted}", tries - steps, life.diary.done);
    for what in steps::ALL {
        let done = life.diary.done.get(what).copied().unwrap_or_default();
        assert!(done >= size() / 150, "{what}: {done}");
    }
    for method in ["REQUEST", "CANCEL", "PUBLISH", "compared"] {
        assert!(counted[method].as_u64().unwrap_or_default() > 0, "{method}: {counted}");
    }
}
