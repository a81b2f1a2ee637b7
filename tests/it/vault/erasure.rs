//! Forgetting a person: no key, no name, a line outside the database, and no way back.

use schakel_domain::ids::PersonId;
use schakel_server::{
    access::{Grant, Worker, person},
    entity::subject_key,
    error::Error,
};
use schakel_tests::{TestServer, seed_meetings::Scene};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

fn grant(server: &TestServer) -> Grant {
    Grant::worker(Worker::Setup, server.founded.region)
}

/// Forgets, as a use case does.
pub(super) async fn forget(server: &TestServer, subject: PersonId) {
    server.app.write(&grant(server), None, |tx| async move { tx.forget(subject.0).await }).await.unwrap();
}

async fn keys(server: &TestServer, subject: PersonId) -> usize {
    let rows = server.rows().await;
    let found = subject_key::Entity::find().filter(subject_key::Column::SubjectId.eq(subject.0));
    let count = found.all(&rows).await.unwrap().len();
    rows.close().await.unwrap();
    count
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_forgotten_has_no_key_and_gets_none_again() {
    let scene = Scene::start().await;
    let (server, child) = (&scene.server, scene.family.child);
    assert_eq!(keys(server, child).await, 1);
    forget(server, child).await;
    forget(server, child).await;
    assert_eq!(keys(server, child).await, 0);
    let read = server.app.read(grant(server));
    assert!(read.was_erased(child.0).await.unwrap());
    assert!(!read.was_erased(scene.family.parents[0].0).await.unwrap());
    let refused = server
        .app
        .write(&grant(server), None, |tx| async move { tx.subject_keys_or_new(&[child.0]).await.map(drop) })
        .await;
    assert!(matches!(refused, Err(Error::NotFound("PERSON"))), "{refused:?}");
    assert_eq!(keys(server, child).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_is_written_outside_the_database_once_it_is_committed() {
    let server = TestServer::start().await;
    let gone = server.parent("Willemijn Overbeek", None).await;
    let stays = server.parent("Sietske Overbeek", None).await;
    let journal = server.app.settings.keys.journal();
    let undone = server
        .app
        .write(&grant(&server), None, |tx| async move {
            tx.forget(gone.0).await?;
            Err::<(), _>(Error::Stale)
        })
        .await;
    assert!(undone.is_err());
    assert!(!journal.exists(), "what is rolled back was no erasure");
    forget(&server, gone).await;
    let lines = std::fs::read_to_string(&journal).unwrap();
    assert_eq!(lines.lines().count(), 1);
    assert!(!lines.contains(&gone.0.to_string()) && !lines.contains(&gone.0.simple().to_string()));
    let opened = person::open(&server.app.read(grant(&server)), &[stays]).await.unwrap();
    assert_eq!(opened[&stays].name.as_str(), "Sietske Overbeek");
}

/// What a copy from before holds comes back with it; the journal takes it away again.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_database_forgets_again_whom_the_journal_knows() {
    let server = TestServer::start().await;
    let gone = server.parent("Willemijn Overbeek", None).await;
    let stays = server.parent("Sietske Overbeek", None).await;
    let rows = server.rows().await;
    let before = subject_key::Entity::find().all(&rows).await.unwrap();
    forget(&server, gone).await;
    rows.execute_unprepared("DELETE FROM erasure").await.unwrap();
    let key = before.into_iter().find(|key| key.subject_id == gone.0).unwrap();
    subject_key::Entity::insert(subject_key::ActiveModel::from(key))
        .exec_without_returning(&rows)
        .await
        .unwrap();
    rows.close().await.unwrap();
    assert_eq!(keys(&server, gone).await, 1);

    assert_eq!(server.app.bring_erasures_together().await.unwrap(), [gone.0]);
    assert_eq!((keys(&server, gone).await, keys(&server, stays).await), (0, 1));
    assert!(server.app.bring_erasures_together().await.unwrap().is_empty(), "once is enough");

    // And a journal that was lost is written anew from the database.
    let journal = server.app.settings.keys.journal();
    let lines = std::fs::read_to_string(&journal).unwrap();
    std::fs::remove_file(&journal).unwrap();
    server.app.bring_erasures_together().await.unwrap();
    assert_eq!(std::fs::read_to_string(&journal).unwrap(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_an_erased_key_is_left_in_the_files_of_sqlite() {
    let server = TestServer::start().await;
    if !server.app.settings.database.url.starts_with("sqlite:") {
        return;
    }
    let gone = server.parent("Willemijn Overbeek", None).await;
    let rows = server.rows().await;
    let wrapped = subject_key::Entity::find().all(&rows).await.unwrap().remove(0).wrapped;
    rows.close().await.unwrap();
    let found = || {
        ["schakel.db", "schakel.db-wal"].into_iter().any(|file| {
            let bytes = std::fs::read(server.folder.join(file)).unwrap_or_default();
            bytes.windows(wrapped.len()).any(|window| window == wrapped)
        })
    };
    assert!(found());
    forget(&server, gone).await;
    assert!(!found());
}
