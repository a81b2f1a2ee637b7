//! The program is killed while its keys turn: afterwards everything opens, and no old key is needed.

use std::{path::Path, sync::Arc, time::Duration};

use schakel_client::v1 as pb;
use schakel_domain::ids::PersonId;
use schakel_server::{
    access::{Grant, Worker, person, region},
    app::App,
    run,
    settings::Settings,
    store::{
        keys::{KeyFile, State},
        proof::needed,
    },
    world::{SystemClock, SystemIds},
};
use schakel_tests::{
    Folder, database,
    needs::{Need, full_drill},
    program::{FIRST, Outside, Program},
};

use super::kill::{TABLE, book_until_killed};

const NAME: &str = "no_kill_during_a_rotation_makes_a_row_unreadable";

/// The program's own database and keys, opened beside no server.
async fn open(folder: &Path, database: Option<&str>) -> App {
    let url =
        database.map_or_else(|| format!("sqlite:{}", folder.join("schakel.db").display()), str::to_owned);
    let settings = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1\"\nprofile = \"development\"\n\
         [database]\nurl = {url:?}\n[keys]\nfile = \"{}\"\n\
         [mail]\nsender = \"overleg@schakel.example\"\nmaildir = \"{}\"\n",
        folder.join("keys.toml").display(),
        folder.join("mail").display(),
    );
    let settings = Settings::parse(&settings, "settings").unwrap();
    run::assemble(settings, Arc::new(SystemClock), Arc::new(SystemIds::default())).await.unwrap()
}

/// So many parents that turning takes several transactions.
async fn fill(app: &App, count: usize) {
    let region = region::all(app).await.unwrap()[0];
    let grant = Grant::worker(Worker::Setup, region);
    let parent = person::PrivatePerson {
        name: "Willemijn Overbeek".parse().unwrap(),
        email: Some("willemijn@example.org".parse().unwrap()),
        phone: None,
        birth_date: None,
        address_confidential: false,
        language: "nl".into(),
    };
    for _ in 0..count / 500 {
        let some: Vec<_> = (0..500).map(|_| (PersonId(app.ids.next(app.now())), parent.clone())).collect();
        let some = &some;
        app.write(&grant, None, |tx| async move { person::insert(&tx, some).await }).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_kill_during_a_rotation_makes_a_row_unreadable() {
    let Some(mut outside) = Outside::binary(NAME) else { return };
    let (kills, persons) = if full_drill() { (50, 20_000) } else { (3, 5_000) };
    let mut databases = vec![None];
    let home = Folder::new();
    if Need::Postgres.or_skip(NAME).is_some() {
        databases.push(Some(database(&home).await));
    }
    for (at, url) in databases.into_iter().enumerate() {
        outside.database.clone_from(&url);
        let folder = home.join(&format!("data{at}"));
        Program::start_in(&outside, &folder, FIRST).terminate();
        let app = open(&folder, url.as_deref()).await;
        fill(&app, persons).await;
        let app_url = app.settings.database.url.clone();
        app.database.close().await.unwrap();
        let mut interrupted = 0;
        let mut first = 1_797_930_000;
        for kill in 0..kills {
            let program = Program::start_in(&outside, &folder, &[]);
            let iber = program.as_person("iber").await;
            let table = TABLE.map(|(name, role)| pb::Participant {
                person: program.named(name),
                role: role.into(),
                ..Default::default()
            });
            let booking =
                tokio::spawn(book_until_killed(iber, table.to_vec(), program.named("school"), first));
            let added = KeyFile::read(&folder.join("keys.toml")).unwrap().add(&SystemIds::default()).unwrap();
            program.signal("-HUP");
            begun(&program, &app_url, &added).await;
            tokio::time::sleep(Duration::from_millis((kill * 7) % 30)).await;
            program.kill();
            first += i64::try_from(booking.await.unwrap().len() + 2).unwrap() * 1800;
            let app = open(&folder, url.as_deref()).await;
            interrupted += usize::from(wrapping(&app_url).await > 1);
            app.database.close().await.unwrap();
        }
        assert!(interrupted > 0, "no kill fell within a rotation: the drill shows nothing");
        let app = open(&folder, url.as_deref()).await;
        app.rewrap().await.unwrap();
        let before = opened(&app).await;
        let mut file = KeyFile::read(&folder.join("keys.toml")).unwrap();
        let old: Vec<_> = file.keys.iter().filter(|key| key.state == State::DecryptOnly).cloned().collect();
        assert_eq!(old.len(), usize::try_from(kills).unwrap());
        for key in &old {
            file.retire(&key.id).unwrap();
        }
        app.reload_keys().await.unwrap();
        assert_eq!(opened(&app).await, before, "no old key is needed");
        println!(
            "{}: {kills} kills during rotations, {interrupted} of them with rows of several keys: {before} sealed values, 0 unreadable",
            if url.is_some() { "PostgreSQL" } else { "SQLite" },
        );
        app.database.close().await.unwrap();
    }
}

/// By how many keys rows are wrapped now.
async fn wrapping(url: &str) -> usize {
    let rows = sea_orm::Database::connect(url).await.unwrap();
    let keys = needed(&rows).await.unwrap().len();
    rows.close().await.unwrap();
    keys
}

/// Waits until the program wraps by the key `added`.
async fn begun(program: &Program, url: &str, added: &str) {
    let rows = sea_orm::Database::connect(url).await.unwrap();
    for _ in 0..10_000 {
        if needed(&rows).await.unwrap().iter().any(|needed| needed.kek_id == added) {
            rows.close().await.unwrap();
            return;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    panic!("the program did not turn to {added}: {:?}\n{}", needed(&rows).await.unwrap(), program.log());
}

/// How many sealed values open; all must.
async fn opened(app: &App) -> u64 {
    let found = app.check_sealed().await.unwrap();
    assert!(found.iter().all(|found| found.unreadable == 0), "{found:?}");
    found.iter().map(|found| found.open).sum()
}
