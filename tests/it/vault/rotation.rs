//! Keys turn while the server runs: everything opens before, during and after.

use std::{
    io::Write,
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
};

use schakel_domain::ids::PersonId;
use schakel_proto::v1 as pb;
use schakel_server::{
    access::{Grant, Worker, person},
    entity::{audit, request, subject_key},
    store::{
        check::{Found, columns},
        keys::{KeyFile, Use},
        proof::needed,
    },
    world::SystemIds,
};
use schakel_tests::{TestServer, reason, seed_meetings::Scene};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

use super::erasure::forget;

fn grant(server: &TestServer) -> Grant {
    Grant::worker(Worker::Setup, server.founded.region)
}

fn add_key(server: &TestServer) -> String {
    KeyFile::read(&server.app.settings.keys.file).unwrap().add(&SystemIds::default()).unwrap()
}

async fn wrapping(server: &TestServer) -> Vec<(String, i64)> {
    let rows = server.rows().await;
    let needed = needed(&rows).await.unwrap();
    rows.close().await.unwrap();
    needed.into_iter().map(|needed| (needed.kek_id, needed.rows)).collect()
}

async fn name(server: &TestServer, person: PersonId) -> String {
    let opened = person::open(&server.app.read(grant(server)), &[person]).await.unwrap();
    opened[&person].name.as_str().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_takes_over_what_the_old_one_wrapped() {
    let server = TestServer::start().await;
    let parent = server.parent("Willemijn Overbeek", None).await;
    let first = pb::CreatePersonRequest {
        person: Some(pb::Person { code: "X1".into(), display_name: "Mo Test".into(), ..Default::default() }),
        request_id: server.request_id(),
    };
    let answer = server.directory().create_person(first.clone()).await.unwrap().into_inner();
    let signed = server.app.keys.mac(Use::AnswerLink, b"before");
    let marked = server.app.keys.mac(Use::AuditLine, b"before");
    assert_eq!(wrapping(&server).await, [("k1".to_owned(), 2)]);

    assert_eq!(add_key(&server), "k2");
    server.app.reload_keys().await.unwrap();
    let second = server.parent("Sietske Overbeek", None).await;
    assert_eq!(wrapping(&server).await, [("k1".to_owned(), 2), ("k2".to_owned(), 1)]);
    assert_eq!(server.app.rewrap().await.unwrap(), 2);
    assert_eq!(server.app.rewrap().await.unwrap(), 0, "nothing is left to do");
    assert_eq!(wrapping(&server).await, [("k2".to_owned(), 3)]);

    assert_eq!(name(&server, parent).await, "Willemijn Overbeek");
    assert_eq!(name(&server, second).await, "Sietske Overbeek");
    let again = server.directory().create_person(first).await.unwrap().into_inner();
    assert_eq!(again, answer, "the same request has the same answer");
    assert!(server.app.keys.verify(Use::AnswerLink, b"before", &signed), "a link in a mail goes on working");
    assert_ne!(server.app.keys.mac(Use::AnswerLink, b"before"), signed);
    assert_eq!(server.app.keys.mac(Use::AuditLine, b"before"), marked, "what recognises stays");

    KeyFile::read(&server.app.settings.keys.file).unwrap().retire("k1").unwrap();
    server.app.reload_keys().await.unwrap();
    assert_eq!(name(&server, parent).await, "Willemijn Overbeek");
    assert!(!server.app.keys.verify(Use::AnswerLink, b"before", &signed), "a retired key signs nothing");
    let rows = server.rows().await;
    let lines = audit::Entity::find().filter(audit::Column::ObjectType.eq("keys"));
    assert_eq!(lines.all(&rows).await.unwrap().len(), 1, "the turn is in the audit log");
    rows.close().await.unwrap();
}

/// Another process has turned already: what it wraps opens here without a word from anybody.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_another_process_uses_already_is_found_in_the_file() {
    let server = TestServer::start().await;
    let parent = server.parent("Willemijn Overbeek", None).await;
    let keys = &server.app.settings.keys.file;
    let old = std::fs::read_to_string(keys).unwrap();
    add_key(&server);
    server.app.reload_keys().await.unwrap();
    server.app.rewrap().await.unwrap();
    let new = std::fs::read_to_string(keys).unwrap();
    // A server that read the old file and lives on.
    put(&server, &old);
    let late = schakel_server::store::keys::KeyRing::open(keys).unwrap();
    put(&server, &new);
    let message = b"k2 is known to it once it is asked for";
    assert!(!late.verify(Use::AnswerLink, message, &server.app.keys.mac(Use::AnswerLink, message)));
    drop(late);
    assert_eq!(name(&server, parent).await, "Willemijn Overbeek");
}

fn put(server: &TestServer, text: &str) {
    let keys = &server.app.settings.keys.file;
    std::fs::remove_file(keys).unwrap();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o400).open(keys).unwrap().write_all(text.as_bytes()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_wrong_changes_nothing_in_a_running_server() {
    let server = TestServer::start().await;
    let parent = server.parent("Willemijn Overbeek", None).await;
    let good = std::fs::read_to_string(&server.app.settings.keys.file).unwrap();
    add_key(&server);
    let with_k2 = std::fs::read_to_string(&server.app.settings.keys.file).unwrap();
    let without_k1 = with_k2.replace("k1", "k9");
    let other_secret = good.replacen("secret = \"", "secret = \"00", 1);
    let other_secret = {
        let at = other_secret.find("secret = \"00").unwrap() + 10 + 64;
        format!("{}{}", &other_secret[..at], &other_secret[at + 2..])
    };
    for (text, told) in [
        ("", "KEYRING_MALFORMED"),
        (without_k1.as_str(), "KEYRING_MISMATCH"),
        (other_secret.as_str(), "KEYRING_MISMATCH"),
    ] {
        put(&server, text);
        let refused = server.app.reload_keys().await.unwrap_err().to_string();
        assert!(refused.starts_with(told), "{told}: {refused}");
        assert_eq!(name(&server, parent).await, "Willemijn Overbeek");
        assert_eq!(server.app.rewrap().await.unwrap(), 0);
    }
    let mode = std::fs::metadata(&server.app.settings.keys.file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o400);
}

/// Every sealed column of the schema is among those that are checked.
#[tokio::test(flavor = "multi_thread")]
async fn the_check_knows_every_sealed_column() {
    let server = TestServer::start().await;
    let rows = server.rows().await;
    let sql = if server.app.settings.database.url.starts_with("sqlite:") {
        "SELECT m.name || '.' || c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
         WHERE m.type = 'table' AND c.name LIKE 'sealed%'"
    } else {
        "SELECT (table_name || '.' || column_name)::text FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name LIKE 'sealed%'"
    };
    let found = rows.query_all_raw(Statement::from_string(rows.get_database_backend(), sql)).await.unwrap();
    let mut found: Vec<String> = found.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    rows.close().await.unwrap();
    // The seals of the log sign it; they hide nothing.
    found.retain(|column| !column.starts_with("audit_seal."));
    let mut known = columns();
    found.sort();
    known.sort();
    assert_eq!(known, found);
}

fn of(checked: &[Found], column: &str) -> (u64, u64, u64) {
    let one = checked.iter().find(|one| format!("{}.{}", one.table, one.name) == column).unwrap();
    (one.open, one.erased, one.unreadable)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_check_tells_what_is_open_erased_and_broken() {
    let scene = Scene::start().await;
    let server = &scene.server;
    let checked = server.app.check_sealed().await.unwrap();
    assert_eq!(of(&checked, "person.sealed_name"), (3, 0, 0));
    assert!(checked.iter().all(|one| one.unreadable == 0), "{checked:?}");
    forget(server, scene.family.parents[0]).await;
    let rows = server.rows().await;
    let broken = subject_key::Entity::find().filter(subject_key::Column::SubjectId.eq(scene.family.child.0));
    let mut broken = broken.one(&rows).await.unwrap().unwrap();
    broken.wrapped[20] ^= 1;
    let mut row: subject_key::ActiveModel = broken.clone().into();
    row.wrapped = sea_orm::ActiveValue::Set(broken.wrapped);
    subject_key::Entity::update(row).exec(&rows).await.unwrap();
    rows.close().await.unwrap();
    let checked = server.app.check_sealed().await.unwrap();
    assert_eq!(of(&checked, "person.sealed_name"), (1, 1, 1));
}

/// Whatever bit of whatever column is another: an error of its own, and never a word of garbage.
#[tokio::test(flavor = "multi_thread")]
async fn a_flipped_bit_is_told_as_such_and_as_nothing_else() {
    let server = TestServer::start().await;
    let ask = pb::CreatePersonRequest {
        person: Some(pb::Person { code: "X1".into(), display_name: "Mo Test".into(), ..Default::default() }),
        request_id: server.request_id(),
    };
    server.directory().create_person(ask.clone()).await.unwrap();
    let rows = server.rows().await;
    let row = request::Entity::find().one(&rows).await.unwrap().unwrap();
    for bit in (0..row.sealed_answer.len() * 8).step_by(7) {
        let mut sealed = row.sealed_answer.clone();
        sealed[bit / 8] ^= 1 << (bit % 8);
        let mut model: request::ActiveModel = row.clone().into();
        model.sealed_answer = sea_orm::ActiveValue::Set(sealed);
        request::Entity::update(model).exec(&rows).await.unwrap();
        let refused = server.directory().create_person(ask.clone()).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::DataLoss, "DECRYPT_FAILED"));
    }
    rows.close().await.unwrap();
}

/// The same of a sealed field, at the store: every bit.
#[tokio::test(flavor = "multi_thread")]
async fn every_bit_of_a_name_counts() {
    let server = TestServer::start().await;
    let parent = server.parent("Bo Ek", None).await;
    let rows = server.rows().await;
    let found =
        schakel_server::entity::person::Entity::find_by_id(parent.0).one(&rows).await.unwrap().unwrap();
    let sealed = found.sealed_name.clone().unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut other = sealed.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        let mut model: schakel_server::entity::person::ActiveModel = found.clone().into();
        model.sealed_name = sea_orm::ActiveValue::Set(Some(other));
        schakel_server::entity::person::Entity::update(model).exec(&rows).await.unwrap();
        let refused = person::open(&server.app.read(grant(&server)), &[parent]).await.unwrap_err();
        assert_eq!(refused.to_string(), "DECRYPT_FAILED person.sealed_name", "bit {bit}");
    }
    rows.close().await.unwrap();
}
