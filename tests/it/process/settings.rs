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
