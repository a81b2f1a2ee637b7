//! The audit log of the real program: killed again and again while many read, checked from beside it.

use std::{
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use schakel_client::{Connection, v1 as pb};
use schakel_server::entity::audit;
use schakel_tests::{
    Folder, database,
    needs::full_drill,
    program::{Outside, Program},
};
use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, QueryOrder};

const NAME: &str = "x10_a_log_that_is_killed_at_any_moment_raises_no_alarm_and_a_change_does";
const CLIENTS: usize = 4;
/// On the machine's clock, for the commands beside it judge by that one how old a line is.
const NOW: &[&str] = &["--without-past"];

/// Reads the list of cases, a line for each child, until the program is gone.
async fn read_until_killed(keeper: Connection) {
    loop {
        let ask = pb::ListCasesRequest { page_size: 200, ..Default::default() };
        if keeper.thuiszitter().list_cases(ask).await.is_err() {
            return;
        }
    }
}

/// The commands at the machine itself.
struct Machine<'a> {
    binary: &'a Path,
    settings: std::path::PathBuf,
}

impl Machine<'_> {
    fn audit(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.binary);
        command.arg("audit").args(arguments).arg("--config").arg(&self.settings);
        command.output().unwrap()
    }

    /// What a check says, and its exit code.
    fn verify(&self, more: &[&str]) -> (Option<i32>, String) {
        let output = self.audit(&[&["verify"], more].concat());
        let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        (output.status.code(), said)
    }
}

/// Settings for the commands, of a demo's folder.
fn settings(folder: &Path, url: &str) -> std::path::PathBuf {
    let file = folder.with_extension("toml");
    let text = format!(
        "listen = \"127.0.0.1:0\"\npublic_url = \"http://127.0.0.1:8480\"\nprofile = \"development\"\n[database]\nurl = \"{url}\"\n\
         [keys]\nfile = \"{0}/keys.toml\"\n[mail]\nsender = \"overleg@maasduin.example\"\nmaildir = \"{0}/mail\"\n",
        folder.display()
    );
    std::fs::write(&file, text).unwrap();
    file
}

#[tokio::test(flavor = "multi_thread")]
async fn x10_a_log_that_is_killed_at_any_moment_raises_no_alarm_and_a_change_does() {
    let Some(mut outside) = Outside::binary(NAME) else { return };
    let (kills, wanted, between): (u32, i64, u32) =
        if full_drill() { (200, 1_000_000, 20) } else { (4, 10_000, 1) };
    let home = Folder::new();
    let folder = home.join("data");
    let url = database(&home).await;
    outside.database = url.starts_with("postgres").then(|| url.clone());
    let url = outside.database.clone().unwrap_or_else(|| format!("sqlite:{}/schakel.db", folder.display()));
    let machine = Machine { binary: &outside.binary, settings: settings(&folder, &url) };
    for kill in 0..kills {
        let program = Program::start_in(&outside, &folder, if kill == 0 { NOW } else { &[] });
        let mut readers = tokio::task::JoinSet::new();
        for _ in 0..CLIENTS {
            readers.spawn(read_until_killed(program.as_person("thuiszitterscoordinator").await));
        }
        let wanted = wanted * i64::from(kill + 1) / i64::from(kills);
        while count(&url).await < wanted {
            tokio::time::sleep(Duration::from_millis(40 + u64::from(kill * 37) % 100)).await;
        }
        if kill == 0 {
            let (code, said) = machine.verify(&[]);
            assert_eq!(code, Some(0), "while the server runs: {said}");
        }
        program.kill();
        readers.join_all().await;
        // What a kill would break stays broken, for the log only grows: many kills share a check.
        if kill % between == 0 {
            let (code, said) = machine.verify(&[]);
            assert_eq!(code, Some(0), "after kill {kill}: {said}");
        }
    }
    let program = Program::start_in(&outside, &folder, &[]);
    assert!(program.terminate().success());
    let (code, said) = machine.verify(&[]);
    assert!(code == Some(0) && said.contains(" 0 waiting"), "a server that stops seals the last: {said}");
    println!("{kills} kills: 0 alarms; {said}");

    let anchors = String::from_utf8(machine.audit(&["anchor"]).stdout).unwrap();
    let anchor = anchors.lines().last().unwrap();
    assert!(said.contains(&format!("head={anchor}")), "{anchors}");
    assert_eq!(machine.verify(&["--anchor", anchor]).0, Some(0));
    let later = anchor.replacen(':', ":9", 1);
    let (code, said) = machine.verify(&["--anchor", &later]);
    assert!(code == Some(3) && said.starts_with("TRUNCATED seq="), "{said}");

    edit(&url).await;
    let (code, said) = machine.verify(&[]);
    assert!(code == Some(3) && said.starts_with("EDITED seq="), "{said}");
    let exported = machine.audit(&["export", "--swv", "PO9901", "--format", "csv"]);
    assert!(exported.status.success(), "{}", String::from_utf8_lossy(&exported.stderr));
    let lines = String::from_utf8(exported.stdout).unwrap().lines().count();
    assert_eq!(i64::try_from(lines).unwrap(), count(&url).await + 1, "a heading, and every line");
    let child = "persons/01900000-0000-7000-8000-000000000007";
    let told = machine.audit(&["who-saw", "--swv", "PO9901", "--child", child]);
    let told = String::from_utf8(told.stdout).unwrap();
    assert!(told.starts_with("datum\torganisatie\tfunctie"), "{told}");
}

/// How many lines stand in the log.
async fn count(url: &str) -> i64 {
    let db = sea_orm::Database::connect(url).await.unwrap();
    let asked = sea_orm::Statement::from_string(db.get_database_backend(), "SELECT COUNT(*) FROM audit");
    let count = db.query_one_raw(asked).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    db.close().await.unwrap();
    count
}

/// Changes one line, as the database's owner can.
async fn edit(url: &str) {
    let db = sea_orm::Database::connect(url).await.unwrap();
    let guard = if db.get_database_backend() == DbBackend::Postgres {
        "ALTER TABLE audit DISABLE TRIGGER ALL"
    } else {
        "DROP TRIGGER audit_no_update"
    };
    db.execute_unprepared(guard).await.unwrap();
    let line = audit::Entity::find().order_by_desc(audit::Column::Id).one(&db).await.unwrap().unwrap();
    let forged =
        audit::ActiveModel { role: sea_orm::ActiveValue::Set("FG".into()), ..audit::ActiveModel::from(line) };
    audit::Entity::update(forged).exec(&db).await.unwrap();
    db.close().await.unwrap();
}
