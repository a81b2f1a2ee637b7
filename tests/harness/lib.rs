//! A whole server in the test's own process: real database, real gRPC, no ports, a set clock.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails at once")]

pub mod agenda;
pub mod browser;
pub mod elsewhere;
mod folder;
pub mod frames;
pub mod http;
pub mod imap;
pub mod line;
pub mod mailbox;
pub mod mails;
pub mod needs;
pub mod program;
pub mod raw;
pub mod receiver;
pub mod table;
pub mod workplace;

use std::{
    cell::RefCell,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use hyper_util::rt::TokioIo;
use schakel_domain::ids::PersonId;
use schakel_proto::v1 as pb;
use schakel_server::{
    access::{
        found_region::{Founded, Founding, found_region},
        oidc::Issuers,
        token,
    },
    app::{App, Clock, Ids, Parts, Remembered},
    edge::Edge,
    entity::token as tokens,
    invitation::transport::Transport,
    serve,
    settings::{
        AuthSettings, DatabaseSettings, ForwardedHeader, KeySettings, LimitSettings, LogSettings,
        MailSettings, OutsideSettings, Profile, SecuritySettings, Settings,
    },
    store::{Database, keys::KeyRing},
};
use sea_orm::EntityTrait;
use tonic::{
    Request, Status,
    metadata::MetadataValue,
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint, Uri},
};
use uuid::Uuid;

pub use folder::{Folder, database};

mod seed;
pub mod seed_meetings;

/// The Monday on which every test begins: 2026-11-23 08:00 UTC, 09:00 in Amsterdam.
pub const MONDAY: i64 = 1_795_420_800;

/// A clock that stands still until it is moved.
pub struct SetClock(AtomicI64);

impl SetClock {
    /// Moves it.
    pub fn advance(&self, by: TimeDelta) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }

    /// Sets it.
    pub fn set(&self, to: DateTime<Utc>) {
        self.0.store(to.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn advance(&self, by: TimeDelta) {
        Self::advance(self, by);
    }

    fn is_movable(&self) -> bool {
        true
    }
}

/// Ids and secrets that count up, so that nothing in a test is left to chance.
pub struct CountingIds(AtomicU64);

impl Ids for CountingIds {
    fn next(&self, now: DateTime<Utc>) -> Uuid {
        let count = self.0.fetch_add(1, Ordering::SeqCst);
        let mut tail = [0; 10];
        tail[2..].copy_from_slice(&count.to_be_bytes());
        uuid::Builder::from_unix_timestamp_millis(now.timestamp_millis().unsigned_abs(), &tail).into_uuid()
    }

    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(1, Ordering::SeqCst).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes()[..chunk.len()]);
        }
    }
}

/// The statements of one server, as they are sent.
type Statements = Arc<Mutex<Vec<String>>>;

thread_local! {
    /// Those of the server that the test on this thread started last.
    static STATEMENTS: RefCell<Statements> = RefCell::default();
}

/// The server.
pub struct TestServer {
    /// Its parts.
    pub app: App,
    /// Its clock.
    pub clock: Arc<SetClock>,
    /// Its region and first administrator.
    pub founded: Founded,
    /// Where its files are.
    pub folder: Folder,
    channel: Channel,
}

/// A client's channel as one person.
pub type As = InterceptedService<Channel, Bearer>;

/// Puts the token, and what is acted for, on every call.
#[derive(Clone)]
pub struct Bearer {
    headers: Vec<(&'static str, String)>,
}

impl Bearer {
    /// These headers.
    pub fn with(headers: &[(&'static str, &str)]) -> Self {
        Self { headers: headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect() }
    }
}

impl tonic::service::Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        for (name, value) in &self.headers {
            request.metadata_mut().insert(*name, MetadataValue::try_from(value.as_str()).unwrap());
        }
        Ok(request)
    }
}

impl TestServer {
    /// Starts on an empty region PO9901. With `TEST_DATABASE_URL` it is a fresh PostgreSQL
    /// database on that server, else an SQLite file.
    pub async fn start() -> Self {
        Self::start_changed(|_| {}).await
    }

    /// The same, believing the identity providers of `auth`.
    pub async fn start_with(auth: AuthSettings) -> Self {
        Self::start_changed(|settings| settings.auth = auth).await
    }

    /// Starts with other settings. The usual ones keep the limits of calls out of a test's way:
    /// its clock stands still, so that what is spent never comes back.
    pub async fn start_changed(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = Folder::new();
        let ids = Arc::new(CountingIds(AtomicU64::new(1)));
        let clock = Arc::new(SetClock(AtomicI64::new(MONDAY * 1_000_000)));
        let keys = folder.join("keys.toml");
        KeyRing::create(&keys, ids.as_ref()).unwrap();
        let mut settings = Settings {
            profile: Profile::Development,
            listen: "127.0.0.1:0".parse().unwrap(),
            public_url: "https://schakel.example".into(),
            database: DatabaseSettings { url: folder::migrated(&folder).await, migration_wait_seconds: 60 },
            keys: KeySettings { file: keys, erasure_journal: None },
            mail: MailSettings {
                sender: "overleg@schakel.example".parse().unwrap(),
                update_delay_seconds: 60,
                telephone: Some("077 000 00 00".into()),
                maildir: Some(folder.join("mail")),
                smtp: None,
                dkim: None,
                inbox: None,
            },
            tls: None,
            auth: AuthSettings::default(),
            mtls: None,
            log: LogSettings::default(),
            limits: LimitSettings::generous(),
            trusted_proxies: Vec::new(),
            forwarded_header: ForwardedHeader::default(),
            reflection: None,
            security: SecuritySettings::default(),
            outside: OutsideSettings::default(),
        };
        change(&mut settings);
        let sent = Statements::default();
        STATEMENTS.set(Arc::clone(&sent));
        let watch = Arc::new(move |info: &sea_orm::metric::Info<'_>| {
            sent.lock().unwrap().push(info.statement.sql.clone());
        });
        let database = Database::open(&settings.database.url, Some(watch)).await.unwrap();
        let app = put_together(database, settings, clock.clone(), ids);
        let founding = Founding {
            swv_code: "PO9901".into(),
            display_name: "SWV PO Maasduin".parse().unwrap(),
            sender_name: "Overleg".parse().unwrap(),
            administrator: (
                "BEH1".parse().unwrap(),
                "Bea Heer".parse().unwrap(),
                "beheer@maasduin.example".parse().unwrap(),
            ),
        };
        let founded = found_region(&app, &founding).await.unwrap();
        let channel = channel(&app).await;
        Self { app, clock, founded, folder, channel }
    }

    /// Another server on the same database, with a memory of its own.
    pub async fn another(&self) -> App {
        let settings = self.app.settings.clone();
        let database = Database::open(&settings.database.url, None).await.unwrap();
        put_together(database, settings, self.clock.clone(), Arc::clone(&self.app.ids))
    }

    /// A channel that bears `secret`.
    pub fn bearing(&self, secret: &str) -> As {
        self.with_headers(&[("authorization", &format!("Bearer {secret}"))])
    }

    /// A channel with these headers on every call.
    pub fn with_headers(&self, headers: &[(&'static str, &str)]) -> As {
        InterceptedService::new(self.channel.clone(), Bearer::with(headers))
    }

    /// The administrator's channel.
    pub fn administrator(&self) -> As {
        self.bearing(&self.founded.secret)
    }

    /// The administrator's register.
    pub fn directory(&self) -> pb::directory_service_client::DirectoryServiceClient<As> {
        pb::directory_service_client::DirectoryServiceClient::new(self.administrator())
    }

    /// A new professional with this role at `organisations/…`, and its channel.
    pub async fn member(&self, role: pb::Role, organisation: &str) -> As {
        let mut directory = self.directory();
        let id = self.app.ids.next(self.app.now());
        let tail = id.simple().to_string().to_uppercase();
        let person = pb::Person {
            code: format!("X{}", &tail[20..]),
            display_name: "Mo Test".into(),
            ..pb::Person::default()
        };
        let request = pb::CreatePersonRequest { person: Some(person), request_id: self.request_id() };
        let person = directory.create_person(request).await.unwrap().into_inner().name;
        let affiliation = pb::Affiliation {
            person: person.clone(),
            organisation: organisation.to_owned(),
            role: role.into(),
            ..pb::Affiliation::default()
        };
        let request =
            pb::CreateAffiliationRequest { affiliation: Some(affiliation), request_id: self.request_id() };
        directory.create_affiliation(request).await.unwrap();
        let person: PersonId = person.parse().unwrap();
        let secret = token::mint(token::Opens::Api, self.app.ids.as_ref());
        let row = tokens::Model {
            id,
            hash: token::hash(token::Opens::Api, &secret).unwrap(),
            person_id: person.0,
            display_name: "test".into(),
            created_at: self.app.now().timestamp_micros(),
            expires_at: (self.app.now() + TimeDelta::days(300)).timestamp_micros(),
            revoked_at: None,
            last_used_on: None,
        };
        let database = sea_orm::Database::connect(&self.app.settings.database.url).await.unwrap();
        tokens::Entity::insert(tokens::ActiveModel::from(row))
            .exec_without_returning(&database)
            .await
            .unwrap();
        self.bearing(&secret)
    }

    /// A fresh id for a change.
    pub fn request_id(&self) -> String {
        self.app.ids.next(self.app.now()).to_string()
    }
}

/// What the server that this test started last sends to its database while `work` runs.
/// Other tests may run beside it: each server keeps its own list.
pub async fn statements<T>(work: impl Future<Output = T>) -> (T, Vec<String>) {
    let sent = STATEMENTS.with_borrow(Arc::clone);
    sent.lock().unwrap().clear();
    let done = work.await;
    (done, std::mem::take(&mut sent.lock().unwrap()))
}

/// The reason of an error.
pub fn reason(status: &Status) -> String {
    tonic_types::StatusExt::get_details_error_info(status).map(|info| info.reason).unwrap_or_default()
}

/// All that a caller can tell one error from another by: everything but the id of the request.
pub fn told(status: &Status) -> (tonic::Code, String, Vec<u8>) {
    use tonic_types::StatusExt;
    let mut details = status.get_error_details();
    details.set_request_info("", "");
    let same = Status::with_error_details(status.code(), status.message(), details);
    (status.code(), status.message().to_owned(), same.details().to_vec())
}

/// The violations of an error, as `field: REASON`.
pub fn violations(status: &Status) -> Vec<String> {
    let violations =
        tonic_types::StatusExt::get_details_bad_request(status).map(|details| details.field_violations);
    let violations = violations.into_iter().flatten();
    violations.map(|violation| format!("{}: {}", violation.field, violation.reason)).collect()
}

/// The sentences of the violations of an error, in the order of [`violations`].
pub fn descriptions(status: &Status) -> Vec<String> {
    let violations =
        tonic_types::StatusExt::get_details_bad_request(status).map(|details| details.field_violations);
    violations.into_iter().flatten().map(|violation| violation.description).collect()
}

fn put_together(database: Database, settings: Settings, clock: Arc<SetClock>, ids: Arc<dyn Ids>) -> App {
    App::new(Parts {
        database,
        clock,
        issuers: Issuers::new(&settings, ids.as_ref()).unwrap(),
        ids,
        keys: KeyRing::open(&settings.keys.file).unwrap(),
        mail: Transport::new(&settings.mail).unwrap(),
        edge: Edge::new(&settings),
        feeds: schakel_server::feed::memory::Memory::default(),
        settings,
        stopping: tokio_util::sync::CancellationToken::new(),
        committed: tokio::sync::watch::Sender::new(0),
        remembered: Remembered::default(),
    })
}

async fn channel(app: &App) -> Channel {
    let listener = serve::Listener::bind("127.0.0.1:0".parse().unwrap(), None, app.now()).await.unwrap();
    let address = listener.address().unwrap();
    let router = serve::router(app);
    tokio::spawn(listener.serve(app.clone(), router, tokio_util::sync::CancellationToken::new()));
    Endpoint::from_static("http://in-process")
        .connect_with_connector(tower::service_fn(move |_: Uri| async move {
            let stream = tokio::net::TcpStream::connect(address).await?;
            // Without it every call waits 40 ms for the acknowledgement of its first packet.
            stream.set_nodelay(true)?;
            Ok::<_, std::io::Error>(TokioIo::new(stream))
        }))
        .await
        .unwrap()
}
