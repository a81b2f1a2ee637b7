//! Settings that are wrong are told with their place and remedy, and nothing starts.

use std::{path::Path, process::Command};

use schakel_tests::{Folder, program::Outside};

pub(super) const GOOD: &str = r#"profile = "development"
listen = "127.0.0.1:0"
public_url = "http://127.0.0.1:8480"
[database]
url = "sqlite:FOLDER/schakel.db"
[keys]
file = "FOLDER/keys.toml"
[mail]
sender = "overleg@schakel.example"
maildir = "FOLDER/mail"
"#;

/// How `serve` ends with `text` as its settings: exit code and what it says.
pub(super) fn serve(binary: &Path, folder: &Folder, text: &str) -> (Option<i32>, String) {
    let config = folder.join("schakel.toml");
    let here = folder.join("");
    let text = text.replace("FOLDER", here.to_str().unwrap().trim_end_matches('/'));
    std::fs::write(&config, text).unwrap();
    let output = Command::new(binary).arg("serve").arg("--config").arg(config).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn wrong_settings_are_told_with_line_and_remedy_and_nothing_starts() {
    let Some(outside) = Outside::binary("wrong_settings_are_told_with_line_and_remedy_and_nothing_starts")
    else {
        return;
    };
    let folder = Folder::new();
    let binary = &outside.binary;
    for (text, code, told) in [
        (GOOD.replace("maildir", "mailder"), 78, "schakel.toml:10: unknown field `mailder`"),
        (GOOD.replace("maildir", "mailder"), 78, "did you mean maildir?"),
        (GOOD.replace("\"127.0.0.1:0\"", "8480"), 78, "schakel.toml:2:"),
        (GOOD.replace("public_url = \"http://127.0.0.1:8480\"\n", ""), 78, "missing field `public_url`"),
        (GOOD.to_owned(), 78, "KEYRING_MISSING"),
        (GOOD.replace("127.0.0.1:0", "0.0.0.0:0"), 78, "CONFIG_INSECURE"),
    ] {
        let (status, said) = serve(binary, &folder, &text);
        assert_eq!(status, Some(code), "{said}");
        assert!(said.contains(told), "{told:?} is not in {said:?}");
    }
    assert!(!folder.join("schakel.db").exists(), "the database is untouched");
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let Some(outside) = Outside::binary("a_key_file_that_others_can_read_is_refused") else { return };
    let folder = Folder::new();
    let keys = folder.join("keys.toml");
    let made = Command::new(&outside.binary).args(["keys", "new"]).arg(&keys).status().unwrap();
    assert!(made.success());
    let secret = std::fs::read_to_string(&keys).unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o444);
    std::fs::set_permissions(&keys, open).unwrap();
    let (status, said) = serve(&outside.binary, &folder, GOOD);
    assert_eq!(status, Some(78), "{said}");
    assert!(
        said.contains("KEYRING_EXPOSED") && said.contains("keys.toml") && said.contains("chmod"),
        "{said}"
    );
    let mut secrets = secret.lines().filter(|line| line.contains("secret") || line.contains("root"));
    assert!(secrets.all(|line| !said.contains(line)), "no secret is told");
    assert!(!folder.join("schakel.db").exists(), "the database is untouched");
}

/// Founds a region, and with it the database and the keys.
fn found(binary: &Path, folder: &Folder, settings: &str) {
    let keys = Command::new(binary).args(["keys", "new"]).arg(folder.join("keys.toml")).status().unwrap();
    assert!(keys.success());
    let here = folder.join("");
    let text = settings.replace("FOLDER", here.to_str().unwrap().trim_end_matches('/'));
    std::fs::write(folder.join("schakel.toml"), text).unwrap();
    let (code, said) = command(
        binary,
        folder,
        &["region", "found"],
        &[
            "--swv",
            "PO9901",
            "--name",
            "SWV",
            "--admin-code",
            "B1",
            "--admin-name",
            "Bea Heer",
            "--admin-email",
            "beheer@maasduin.example",
        ],
    );
    assert_eq!(code, Some(0), "{said}");
}

/// How a command with these settings ends.
fn command(binary: &Path, folder: &Folder, words: &[&str], more: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(binary);
    let output =
        command.args(words).arg("--config").arg(folder.join("schakel.toml")).args(more).output().unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap() + &String::from_utf8(output.stdout).unwrap(),
    )
}

/// Replaces the key file.
fn put_keys(folder: &Folder, text: &str) {
    use std::{io::Write, os::unix::fs::OpenOptionsExt};
    let keys = folder.join("keys.toml");
    std::fs::remove_file(&keys).unwrap();
    let mut options = std::fs::File::options();
    options.write(true).create_new(true).mode(0o400).open(&keys).unwrap().write_all(text.as_bytes()).unwrap();
}

/// Everything in the one file, so that a start that is refused has nothing to tidy up.
async fn settle(folder: &Folder) -> Vec<u8> {
    use sea_orm::ConnectionTrait;
    let path = folder.join("schakel.db");
    let rows = sea_orm::Database::connect(format!("sqlite:{}", path.display())).await.unwrap();
    rows.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    rows.close().await.unwrap();
    std::fs::read(path).unwrap()
}

#[tokio::test]
async fn a_key_file_that_cannot_be_right_is_told_by_its_reason_and_the_database_is_untouched() {
    const NAME: &str = "a_key_file_that_cannot_be_right_is_told_by_its_reason_and_the_database_is_untouched";
    let Some(outside) = Outside::binary(NAME) else { return };
    let (folder, other, binary) = (Folder::new(), Folder::new(), &outside.binary);
    found(binary, &folder, GOOD);
    found(binary, &other, GOOD);
    let good = std::fs::read_to_string(folder.join("keys.toml")).unwrap();
    let strange = std::fs::read_to_string(other.join("keys.toml")).unwrap();
    let secret =
        good.lines().find_map(|line| line.strip_prefix("secret = \"")).unwrap().trim_end_matches('"');
    let active = format!("[[key]]\nid = \"k2\"\nstate = \"active\"\nsecret = \"{secret}\"\n");
    let before = settle(&folder).await;
    for (text, reason) in [
        (good.replace(secret, &secret[..62]), "KEYRING_MALFORMED"),
        (format!("{good}\n{active}"), "KEYRING_ACTIVE"),
        (strange.clone(), "KEYRING_MISMATCH"),
        // The root is right and a key of the same name is not.
        (good.replace(secret, &secret.chars().rev().collect::<String>()), "KEYRING_MISMATCH"),
    ] {
        put_keys(&folder, &text);
        let (status, said) = serve(binary, &folder, GOOD);
        assert_eq!(status, Some(78), "{said}");
        assert!(said.contains(reason), "{reason} is not in {said:?}");
        assert!(!said.contains(&secret[..16]), "no secret is told");
        let after = std::fs::read(folder.join("schakel.db")).unwrap();
        assert!(after == before, "{reason}: untouched");
    }
    std::fs::remove_file(folder.join("keys.toml")).unwrap();
    let (status, said) = serve(binary, &folder, GOOD);
    assert_eq!((status, said.contains("KEYRING_MISSING")), (Some(78), true), "{said}");
    assert!(std::fs::read(folder.join("schakel.db")).unwrap() == before);
}

#[test]
fn an_operator_turns_keys_saves_and_is_refused_what_would_harm() {
    const NAME: &str = "an_operator_turns_keys_saves_and_is_refused_what_would_harm";
    let Some(outside) = Outside::binary(NAME) else { return };
    let (folder, binary) = (Folder::new(), &outside.binary);
    found(binary, &folder, GOOD);
    let run = |words: &[&str], more: &[&str]| command(binary, &folder, words, more);
    let (code, said) = run(&["keys", "list"], &[]);
    assert!(code == Some(0) && said.contains("k1") && said.contains("active"), "{said}");
    assert_eq!(run(&["keys", "add"], &[]).0, Some(0));
    for (id, why) in [("k9", "there is no key k9"), ("k2", "key k2 is active")] {
        let (code, said) = run(&["keys", "retire"], &[id]);
        assert!(code == Some(3) && said.contains(why), "{said}");
    }
    let (code, said) = run(&["keys", "retire"], &["k1"]);
    assert!(code == Some(3) && said.contains("KEYRING_KEY"), "no server knows k2 yet: {said}");
    let (code, said) = run(&["keys", "check"], &[]);
    assert!(code == Some(0) && said.contains("person.sealed_name"), "{said}");
    let copy = folder.join("copy");
    let to = copy.to_str().unwrap();
    let (code, said) = run(&["backup"], &["--to", to]);
    assert!(code == Some(0) && said.contains("Nothing in it is sealed yet"), "{said}");
    let (code, said) = run(&["backup"], &["--to", to]);
    assert!(code == Some(3) && said.contains("TARGET_NOT_EMPTY"), "{said}");
    let (code, said) = run(&["restore"], &["--from", to]);
    assert!(code == Some(3) && said.contains("TARGET_NOT_EMPTY"), "{said}");
    let (code, said) = run(&["release"], &[]);
    assert!(code == Some(3) && said.contains("NOT_HELD"), "{said}");
    std::fs::rename(folder.join("schakel.db"), folder.join("gone.db")).unwrap();
    let (code, said) = run(&["restore"], &["--from", to]);
    assert!(code == Some(0) && said.contains("Nothing is mailed"), "{said}");
    assert_eq!(run(&["release"], &["--send"]).0, Some(0));
    std::fs::rename(folder.join("schakel.db"), folder.join("again.db")).unwrap();
    std::fs::write(copy.join("schakel.db"), "cut off").unwrap();
    let (code, said) = run(&["restore"], &["--from", to]);
    assert!(code == Some(3) && said.contains("BACKUP_DAMAGED"), "{said}");
}

#[test]
fn a_command_that_is_refused_says_whom_or_what_it_is_about() {
    const NAME: &str = "a_command_that_is_refused_says_whom_or_what_it_is_about";
    let Some(outside) = Outside::binary(NAME) else { return };
    let (folder, binary) = (Folder::new(), &outside.binary);
    found(binary, &folder, GOOD);
    let run = |words: &[&str], more: &[&str]| command(binary, &folder, words, more);
    let names = ["--name", "SWV", "--admin-code", "B2", "--admin-name", "Bo Heer"];
    let again = [&["--swv", "PO9901", "--admin-email", "bo@maasduin.example"][..], &names[..]].concat();
    let (code, said) = run(&["region", "found"], &again);
    assert!(code == Some(3) && said.contains("PO9901: ALREADY_EXISTS"), "{said}");
    let (code, said) = run(&["token", "new"], &["--swv", "PO9901", "--person", "P7"]);
    assert!(code == Some(3) && said.contains("P7 in PO9901: PERSON_NOT_FOUND"), "{said}");
    let (code, said) = run(&["token", "new"], &["--swv", "PO9902", "--person", "P7"]);
    assert!(code == Some(3) && said.contains("REGION_NOT_FOUND"), "{said}");
    let keys = folder.join("keys.toml");
    let made = Command::new(binary).args(["keys", "new"]).arg(&keys).output().unwrap();
    let said = String::from_utf8(made.stderr).unwrap();
    assert!(made.status.code() == Some(3) && said.contains("KEYRING_EXISTS"), "{said}");
    let config = folder.join("schakel.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("maildir", "mailder")).unwrap();
    let (code, said) = run(&["release"], &[]);
    assert!(code == Some(78) && said.contains("mailder"), "{said}");
}

#[tokio::test]
async fn a_newer_schema_and_one_that_is_being_changed_are_left_alone() {
    use sea_orm::ConnectionTrait;
    const NAME: &str = "a_newer_schema_and_one_that_is_being_changed_are_left_alone";
    let Some(outside) = Outside::binary(NAME) else { return };
    let (folder, binary) = (Folder::new(), &outside.binary);
    let url = schakel_tests::database(&folder).await;
    let settings = GOOD
        .replace("sqlite:FOLDER/schakel.db", &url)
        .replace("[keys]", "migration_wait_seconds = 1\n[keys]");
    found(binary, &folder, &settings);
    let rows = sea_orm::Database::connect(&url).await.unwrap();
    if !url.starts_with("sqlite:") {
        let mut alone = sea_orm::ConnectOptions::new(&url);
        alone.max_connections(1);
        let lock = sea_orm::Database::connect(alone).await.unwrap();
        lock.execute_unprepared("SELECT pg_advisory_lock(hashtext('schakel.migrate'))").await.unwrap();
        let (status, said) = serve(binary, &folder, &settings);
        assert!(status == Some(75) && said.contains("SCHEMA_LOCKED"), "{said}");
        lock.close().await.unwrap();
    }
    rows.execute_unprepared(
        "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_future', 0)",
    )
    .await
    .unwrap();
    rows.close().await.unwrap();
    let (status, said) = serve(binary, &folder, &settings);
    assert!(status == Some(75) && said.contains("SCHEMA_TOO_NEW"), "{said}");
    assert!(said.contains("m20991231_000001_future"), "{said}");
}

#[test]
fn a_port_in_use_and_a_bad_certificate_are_told_by_their_names() {
    let Some(outside) = Outside::binary("a_port_in_use_and_a_bad_certificate_are_told_by_their_names") else {
        return;
    };
    let folder = Folder::new();
    let binary = &outside.binary;
    let made = Command::new(binary).args(["keys", "new"]).arg(folder.join("keys.toml")).status().unwrap();
    assert!(made.success());
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (status, said) = serve(binary, &folder, &GOOD.replace("127.0.0.1:0", &address));
    assert_eq!(status, Some(71), "{said}");
    assert!(said.contains(&address), "{said}");

    let tls = format!("{GOOD}[tls]\ncertificate = \"FOLDER/server.pem\"\nkey = \"FOLDER/server.key\"\n");
    std::fs::write(folder.join("server.key"), "no key").unwrap();
    for pem in [None, Some("no certificate")] {
        if let Some(pem) = pem {
            std::fs::write(folder.join("server.pem"), pem).unwrap();
        }
        let (status, said) = serve(binary, &folder, &tls);
        assert_eq!(status, Some(71), "{said}");
        assert!(said.contains("server.pem"), "{said}");
    }
}
