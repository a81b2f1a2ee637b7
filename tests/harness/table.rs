//! People and meetings, put straight into the register for tests that begin there.

use chrono::{DateTime, TimeDelta, Utc};
use schakel_domain::{
    access::Role,
    consultation::{Answer, Event, Kind, Place, State},
    ids::{ConsultationId, PersonId},
    reference::Reference,
    time::Period,
};
use schakel_server::{
    access::{Grant, Worker, person, professional},
    app::App,
    consultation::{
        self,
        meeting::{Meeting, Seat},
    },
    entity::professional::Model,
    store::{
        Tx,
        outbox::{Kind as WorkKind, Work},
    },
};
use sea_orm::{ConnectionTrait, Statement};

use crate::TestServer;

impl TestServer {
    fn setup_grant(&self) -> Grant {
        Grant::worker(Worker::Setup, self.founded.region)
    }

    /// A parent; without an address when there is none.
    pub async fn parent(&self, name: &str, email: Option<&str>) -> PersonId {
        let id = PersonId(self.app.ids.next(self.app.now()));
        let private = &person::PrivatePerson {
            name: name.parse().unwrap(),
            email: email.map(|email| email.parse().unwrap()),
            phone: None,
            birth_date: None,
            address_confidential: false,
            language: "nl".into(),
        };
        let setup = self.setup_grant();
        let keep = self
            .app
            .write(&setup, None, |tx| async move { person::insert(&tx, &[(id, private.clone())]).await });
        keep.await.unwrap();
        id
    }

    /// Somebody who works in the region.
    pub async fn colleague(&self, name: &str, email: &str) -> PersonId {
        let id = PersonId(self.app.ids.next(self.app.now()));
        let row = &Model {
            region_id: self.founded.region.0,
            person_id: id.0,
            code: id.0.simple().to_string(),
            display_name: name.into(),
            email: email.into(),
            phone: String::new(),
            valid_from: self.app.now().date_naive(),
            valid_until: None,
            version: 1,
        };
        let setup = self.setup_grant();
        let keep = self.app.write(&setup, None, |tx| async move {
            person::insert_professionals(&tx, &[id]).await?;
            professional::insert(&tx, vec![row.clone()]).await
        });
        keep.await.unwrap();
        self.affiliate(id, schakel_domain::access::Role::Smw, self.founded.organisation).await;
        id
    }

    /// A meeting of an hour at `start`, booked now.
    pub async fn meeting(&self, persons: &[PersonId], start: DateTime<Utc>) -> Meeting {
        self.meeting_in(&self.app, persons, start).await
    }

    /// The same in another database of this region.
    pub async fn meeting_in(&self, app: &App, persons: &[PersonId], start: DateTime<Utc>) -> Meeting {
        let id = ConsultationId(self.app.ids.next(self.app.now()));
        let mut bits = [0; 4];
        self.app.ids.fill(&mut bits);
        let seat = |person: &PersonId| Seat {
            person: *person,
            role: Role::Iber,
            optional: false,
            answer: Answer::NeedsAction,
            answered: None,
            reason: None,
            attended: None,
            fixed: false,
        };
        let meeting = &Meeting {
            id,
            reference: Reference::from_random(u32::from_be_bytes(bits)).to_string(),
            uid: format!("{}@schakel.example", self.app.ids.next(self.app.now())),
            kind: Kind::Mdo,
            state: State::Planned,
            case: None,
            subject: id.0,
            hulpvraag: None,
            time: Period::new(start, start + TimeDelta::hours(1)).unwrap(),
            place: Place::School,
            school: None,
            parent_exception: None,
            rooms: Vec::new(),
            alone_because: None,
            short_notice: None,
            within: None,
            sequence: 0,
            sealed_outcome: None,
            sealed_provider_reason: None,
            booked_by: self.founded.administrator,
            created: self.app.now(),
            updated: self.app.now(),
            version: 1,
            member: None,
            table: persons.iter().map(seat).collect(),
        };
        let setup = self.setup_grant();
        let keep = app.write(&setup, None, |tx| async move {
            consultation::store::insert(&tx, &[meeting]).await?;
            tx.enqueue(changed(&tx, meeting)).await
        });
        keep.await.unwrap();
        meeting.clone()
    }

    /// The meeting as it stands.
    pub async fn read_meeting(&self, id: ConsultationId) -> Meeting {
        consultation::store::get(&self.app.read(self.setup_grant()), id).await.unwrap()
    }

    /// Changes a meeting by hand, as a verb would.
    pub async fn change(&self, id: ConsultationId, edit: impl Fn(&mut Meeting)) {
        let edit = &edit;
        let setup = self.setup_grant();
        let keep = self.app.write(&setup, None, |tx| async move {
            let mut meeting = consultation::store::get(&tx, id).await?;
            edit(&mut meeting);
            consultation::store::update(&tx, &mut meeting).await?;
            tx.enqueue(changed(&tx, &meeting)).await
        });
        keep.await.unwrap();
    }

    /// Lets something happen to a meeting.
    pub async fn happen(&self, id: ConsultationId, event: Event) {
        let now = self.app.now();
        self.change(id, |meeting| meeting.live_on(meeting.life().after(event, now).unwrap())).await;
    }

    /// Moves a meeting to `start`.
    pub async fn move_to(&self, id: ConsultationId, start: DateTime<Utc>) {
        let time = Period::new(start, start + TimeDelta::hours(1)).unwrap();
        self.happen(id, Event::Move(time)).await;
    }

    /// Does to the database what the server would never do.
    pub async fn execute(&self, sql: &str) {
        let connection = sea_orm::Database::connect(&self.app.settings.database.url).await.unwrap();
        connection.execute_unprepared(sql).await.unwrap();
    }

    /// The one number that `sql` asks for, from the database itself.
    pub async fn number(&self, sql: &str) -> i64 {
        let url = &self.app.settings.database.url;
        let connection = sea_orm::Database::connect(url).await.unwrap();
        let asked = Statement::from_string(connection.get_database_backend(), sql);
        connection.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }
}

fn changed(tx: &Tx, meeting: &Meeting) -> Work {
    Work {
        kind: WorkKind::ConsultationChanged,
        dedupe: tx.new_id().to_string(),
        subject: meeting.id.0,
        due: tx.now(),
        note: None,
        mail: None,
    }
}
