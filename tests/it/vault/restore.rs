//! The restore drill: who was erased stays so, what was mailed is not mailed again, and nothing goes out before it is released.

use std::sync::Arc;

use chrono::TimeDelta;
use schakel_domain::ids::PersonId;
use schakel_server::{
    access::{Grant, Worker, circle, person},
    app::App,
    invitation::worker,
    operate::backup::{backup, release, restore},
    run,
    settings::{DatabaseSettings, Settings},
    world::SystemIds,
};
use schakel_tests::{Folder, TestServer, database, seed_meetings::Scene};

use super::erasure::forget;

/// The settings of `server` as a file, with another database when one is named.
fn config(server: &TestServer, url: Option<&str>) -> std::path::PathBuf {
    let settings = &server.app.settings;
    let file = server.folder.join(if url.is_some() { "restored.toml" } else { "schakel.toml" });
    let text = format!(
        "profile = \"development\"\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://schakel.example\"\n[database]\nurl = {:?}\n[keys]\nfile = \"{}\"\n[mail]\nsender = \"overleg@schakel.example\"\nmaildir = \"{}\"\n",
        url.unwrap_or(&settings.database.url),
        settings.keys.file.display(),
        settings.mail.maildir.as_ref().unwrap().display()
    );
    std::fs::write(&file, text).unwrap();
    file
}

/// How many mails stand in the Maildir.
fn mails(server: &TestServer) -> usize {
    let new = server.folder.join("mail").join("new");
    std::fs::read_dir(new).map(Iterator::count).unwrap_or_default()
}

/// A server on the restored database, at the time of the test.
async fn opened(server: &TestServer, url: &str) -> App {
    let settings = Settings {
        database: DatabaseSettings { url: url.to_owned(), migration_wait_seconds: 60 },
        ..server.app.settings.clone()
    };
    run::assemble(settings, server.clock.clone(), Arc::new(SystemIds::default())).await.unwrap()
}

fn grant(server: &TestServer) -> Grant {
    Grant::worker(Worker::Invitations, server.founded.region)
}

/// Turns what changed into mails, and sends none.
async fn prepare(server: &TestServer, app: &App) {
    worker::tell(app, server.founded.region).await.unwrap();
}

async fn deliver(server: &TestServer, app: &App) {
    worker::deliver(app, server.founded.region).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_database_keeps_the_erased_erased_and_mails_nothing_twice() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let first = server.parent("Willemijn Overbeek", Some("willemijn@example.org")).await;
    let second = server.parent("Sietske Overbeek", Some("sietske@example.org")).await;
    let start = server.app.now() + TimeDelta::days(14);
    server.meeting(&[first], start).await;
    prepare(server, &server.app).await;
    deliver(server, &server.app).await;
    let before = mails(server);
    assert!(before >= 1, "the first was mailed before the backup");
    server.meeting(&[second], start + TimeDelta::hours(2)).await;
    prepare(server, &server.app).await;

    let copy = server.folder.join("copy");
    let running = config(server, None);
    backup(&running, &copy).await.unwrap();
    let twice = backup(&running, &copy).await.unwrap_err().to_string();
    assert!(twice.starts_with("TARGET_NOT_EMPTY"), "{twice}");

    // After the backup: the second is mailed too, and the child of the scene is erased.
    deliver(server, &server.app).await;
    let sent = mails(server);
    assert!(sent > before, "the second was mailed after the backup");
    forget(server, scene.family.child).await;

    let onto = restore(&running, &copy).await.unwrap_err().to_string();
    assert!(onto.contains("TARGET_NOT_EMPTY") || onto.contains("another server"), "{onto}");
    let other = Folder::new();
    let url = database(&other).await;
    let restored = config(server, Some(&url));
    restore(&restored, &copy).await.unwrap();

    let app = opened(server, &url).await;
    erased_stays_erased(server, &app, scene.family.child, scene.family.case).await;
    let known = person::open(&app.read(grant(server)), &[second]).await.unwrap();
    assert_eq!(known[&second].name.as_str(), "Sietske Overbeek", "everybody else is there");
    assert!(app.check_sealed().await.unwrap().iter().all(|found| found.unreadable == 0));

    // In the pause nothing goes out, not even what is new.
    server.meeting_in(&app, &[first], start + TimeDelta::days(7)).await;
    prepare(server, &app).await;
    deliver(server, &app).await;
    assert_eq!(mails(server), sent, "nothing is mailed before the release");
    assert!(app.held_since().await.unwrap().is_some(), "which a server says while it lasts");
    release(&restored, false).await.unwrap();
    let again = release(&restored, false).await.unwrap_err().to_string();
    assert!(again.starts_with("NOT_HELD"), "{again}");
    assert_eq!(app.held_since().await.unwrap(), None);
    deliver(server, &app).await;
    assert_eq!(mails(server), sent + 1, "what is new goes out; what was mailed is not mailed again");
    app.database.close().await.unwrap();
}

async fn erased_stays_erased(
    server: &TestServer,
    app: &App,
    child: PersonId,
    case: schakel_domain::ids::CaseId,
) {
    let read = app.read(grant(server));
    assert!(read.was_erased(child.0).await.unwrap());
    assert!(!read.subject_keys(&[child.0]).await.unwrap().knows(child.0), "no key came back");
    assert!(person::open(&read, &[child]).await.unwrap().is_empty());
    assert!(circle::find(&read, case).await.unwrap().is_none(), "its case is not found");
}

/// A copy that was tampered with, or that other keys sealed, changes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_damaged_or_of_other_keys_is_not_restored() {
    let server = TestServer::start().await;
    server.parent("Willemijn Overbeek", None).await;
    let copy = server.folder.join("copy");
    backup(&config(&server, None), &copy).await.unwrap();
    let other = Folder::new();
    let url = database(&other).await;
    let restored = config(&server, Some(&url));
    let settings = std::fs::read_to_string(&restored).unwrap();

    let keys = other.join("keys.toml");
    schakel_server::store::keys::KeyRing::create(&keys, &SystemIds::default()).unwrap();
    let own = server.app.settings.keys.file.display().to_string();
    std::fs::write(&restored, settings.replace(&own, &keys.display().to_string())).unwrap();
    let refused = restore(&restored, &copy).await.unwrap_err().to_string();
    assert!(refused.starts_with("KEYRING_MISMATCH"), "{refused}");

    std::fs::write(&restored, settings).unwrap();
    let file =
        ["schakel.db", "schakel.sql"].map(|name| copy.join(name)).into_iter().find(|file| file.exists());
    let mut bytes = std::fs::read(file.as_ref().unwrap()).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(file.unwrap(), bytes).unwrap();
    let refused = restore(&restored, &copy).await.unwrap_err().to_string();
    assert!(refused.starts_with("BACKUP_DAMAGED"), "{refused}");
    assert!(schakel_server::store::Database::is_empty(&url).await.unwrap(), "nothing was written");
}
