//! Where a test keeps its files, and its database: what it made goes when it ends.

use std::{
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use schakel_migrations::{Migrator, MigratorTrait};
use schakel_server::{app::Ids, world::SystemIds};
use sea_orm::{ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, DbErr, Statement};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// A folder that goes with the test.
pub struct Folder {
    path: PathBuf,
    databases: Mutex<Vec<(String, String)>>,
}

#[expect(clippy::new_without_default, reason = "a folder on disk is no default")]
impl Folder {
    /// An empty one.
    pub fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::SeqCst);
        Self::at(std::env::temp_dir().join(format!("schakel-test-{}-{count}", std::process::id())))
    }

    /// A process that is killed leaves its folders, and its number is given to another.
    fn at(path: PathBuf) -> Self {
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self { path, databases: Mutex::default() }
    }

    /// A file in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

/// Databases go with the folder: five hundred of them are 7 GB, and a full disk fails every test.
impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
        let databases = std::mem::take(&mut *self.databases.lock().unwrap());
        if !databases.is_empty() {
            // The runtime of the test waits for this very thread.
            let _ = std::thread::spawn(|| forget(databases)).join();
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn forget(databases: Vec<(String, String)>) {
    for (server, name) in databases {
        // A cluster that the test has killed keeps its databases until it is removed itself.
        if let Ok(connection) = postgres(&server).await {
            let _ = connection.execute_unprepared(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

/// A server that is not there fails a test at once, not after the half minute of the driver.
async fn postgres(server: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = sea_orm::ConnectOptions::new(server);
    options
        .max_connections(1)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .acquire_timeout(Duration::from_secs(5))
        .connect_timeout(Duration::from_secs(5));
    Database::connect(options).await
}

/// The address of an empty database: an SQLite file in `folder`, or with `TEST_DATABASE_URL` a
/// fresh one on that PostgreSQL server, which goes when `folder` goes.
pub async fn database(folder: &Folder) -> String {
    match server() {
        Some(server) => create(&server, folder, "").await,
        None => sqlite(folder),
    }
}

/// The same with the schema of today: a copy of one that was migrated once for this process, for to
/// take every step again for each of a thousand tests took longer than many of them.
pub(crate) async fn migrated(folder: &Folder) -> String {
    static MIGRATED: OnceCell<Vec<u8>> = OnceCell::const_new();
    static TEMPLATE: OnceCell<(String, DatabaseConnection)> = OnceCell::const_new();
    if let Some(server) = server() {
        let (template, _) = TEMPLATE.get_or_init(|| template(&server)).await;
        return create(&server, folder, &format!("TEMPLATE {template}")).await;
    }
    let bytes = MIGRATED.get_or_init(|| async {
        let folder = Folder::new();
        migrate(&format!("{}?mode=rwc", sqlite(&folder))).await;
        std::fs::read(file(&folder)).unwrap()
    });
    std::fs::write(file(folder), bytes.await).unwrap();
    sqlite(folder)
}

fn file(folder: &Folder) -> PathBuf {
    folder.join("schakel.db")
}

fn sqlite(folder: &Folder) -> String {
    format!("sqlite:{}", file(folder).display())
}

#[expect(clippy::disallowed_methods, reason = "tests are told by the environment which database to use")]
fn server() -> Option<String> {
    std::env::var("TEST_DATABASE_URL").ok()
}

async fn migrate(url: &str) {
    let connection = Database::connect(url).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    connection.close().await.unwrap();
}

async fn create(server: &str, folder: &Folder, how: &str) -> String {
    let name = format!("schakel_{}", Uuid::from_u128(random()).simple());
    let connection = postgres(server).await.unwrap();
    connection.execute_unprepared(&format!("CREATE DATABASE {name} {how}")).await.unwrap();
    folder.databases.lock().unwrap().push((server.to_owned(), name.clone()));
    beside(server, &name)
}

fn beside(server: &str, name: &str) -> String {
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}

/// A database to copy, and the session that is named after it for as long as this process lives.
/// Nothing tells a process that its last test has ended: a later one, on whatever machine, removes
/// the databases without such a session.
async fn template(server: &str) -> (String, DatabaseConnection) {
    const PREFIX: &str = "schakel_template_";
    let connection = postgres(server).await.unwrap();
    let left = Statement::from_string(
        DatabaseBackend::Postgres,
        format!(
            "SELECT datname FROM pg_database d WHERE datname LIKE '{PREFIX}%' AND NOT EXISTS \
             (SELECT 1 FROM pg_stat_activity WHERE application_name = d.datname)"
        ),
    );
    for row in connection.query_all_raw(left).await.unwrap() {
        let left: String = row.try_get_by_index(0).unwrap();
        let _ = connection.execute_unprepared(&format!("DROP DATABASE IF EXISTS {left}")).await;
    }
    let name = format!("{PREFIX}{}", Uuid::from_u128(random()).simple());
    // The session first: between the two another process would find a database of nobody.
    for step in [format!("SET application_name = '{name}'"), format!("CREATE DATABASE {name}")] {
        connection.execute_unprepared(&step).await.unwrap();
    }
    migrate(&beside(server, &name)).await;
    (name, connection)
}

/// Databases of several runs may stand beside each other on one server.
fn random() -> u128 {
    let mut bytes = [0; 16];
    SystemIds::default().fill(&mut bytes);
    u128::from_be_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn what_a_killed_process_left_is_not_in_the_folder_of_another() {
        let left = Folder::new();
        std::fs::write(left.join("schakel.db"), "old").unwrap();
        let path = left.path.clone();
        std::mem::forget(left);
        let folder = Folder::at(path);
        assert!(!folder.join("schakel.db").exists() && folder.path.is_dir());
    }
}
