//! Settings, keys and certificates that would harm people: all are told at once, and nothing starts.

use std::{os::unix::fs::PermissionsExt, path::Path, process::Command};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use schakel_tests::{Folder, program::Outside};

use super::settings::{GOOD, serve};

fn production() -> String {
    GOOD.replace("profile = \"development\"\n", "")
        .replace("http://127.0.0.1:8480", "https://schakel.example")
        .replace("maildir = \"FOLDER/mail\"", "[mail.smtp]\nhost = \"relay.example\"")
}

fn new_keys(binary: &Path, folder: &Folder) {
    let made = Command::new(binary).args(["keys", "new"]).arg(folder.join("keys.toml")).status().unwrap();
    assert!(made.success());
}

fn write(path: &Path, text: &str, mode: u32) {
    let _ = std::fs::remove_file(path);
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn r40_production_refuses_every_development_setting_and_lists_them_all() {
    let Some(outside) =
        Outside::binary("r40_production_refuses_every_development_setting_and_lists_them_all")
    else {
        return;
    };
    let folder = Folder::new();
    let local =
        "[[auth.issuer]]\nurl = \"http://127.0.0.1:3000\"\naudience = \"x\"\nnetwork = \"loopback\"\n";
    let development = format!("{GOOD}[auth]\nbuiltin_issuer = true\n{local}");
    let (_, said) = serve(&outside.binary, &folder, &development);
    assert!(said.contains("KEYRING_MISSING"), "as development it goes on to its keys: {said}");
    let (status, said) =
        serve(&outside.binary, &folder, &development.replace("profile = \"development\"\n", ""));
    assert_eq!(status, Some(78), "{said}");
    let told: Vec<&str> = said.lines().filter(|line| line.contains("CONFIG_INSECURE")).collect();
    for wrong in ["public_url", "mail.maildir", "auth.builtin_issuer", "auth.issuer"] {
        assert!(told.iter().any(|line| line.contains(wrong)), "{wrong}: {said}");
    }
    assert_eq!(told.len(), 4, "{said}");
    let remote = production().replace("host =", "security = \"none\"\nhost =");
    let (status, said) = serve(&outside.binary, &folder, &remote);
    assert!(status == Some(78) && said.contains("mail.smtp.security"), "{said}");

    let (_, said) = serve(&outside.binary, &folder, &production());
    assert!(said.contains("KEYRING_MISSING"), "without them it goes on: {said}");
    assert!(!folder.join("schakel.db").exists(), "the database is untouched");
}

#[test]
fn providers_that_could_not_be_believed_are_told() {
    let Some(outside) = Outside::binary("providers_that_could_not_be_believed_are_told") else { return };
    let folder = Folder::new();
    let issuer = |more: &str| format!("{}[[auth.issuer]]\naudience = \"x\"\n{more}\n", production());
    for (more, told) in [
        ("url = \"http://idp.example\"", "url is https://"),
        ("url = \"https://idp.example/\"", "without a slash"),
        ("url = \"https://idp.example\"\nalgorithms = [\"HS256\"]", "unknown variant `HS256`"),
        ("url = \"https://idp.example\"\nalgorithms = []", "algorithms may not be empty"),
        ("url = \"https://idp.example\"\nuser_lifetime_seconds = 3601", "a minute to an hour"),
        ("url = \"https://idp.example\"\nnetwork = \"private\"\nurll = 1", "did you mean url?"),
    ] {
        let (status, said) = serve(&outside.binary, &folder, &issuer(more));
        assert!(status == Some(78) && said.contains(told), "{told}: {said}");
    }
    let twice =
        "url = \"https://idp.example\"\n[[auth.issuer]]\naudience = \"y\"\nurl = \"https://idp.example\"";
    let (_, said) = serve(&outside.binary, &folder, &issuer(twice));
    assert!(said.contains("twice"), "{said}");
}

#[test]
fn r41_a_key_file_with_a_short_key_or_two_active_ones_is_refused() {
    let Some(outside) = Outside::binary("r41_a_key_file_with_a_short_key_or_two_active_ones_is_refused")
    else {
        return;
    };
    let folder = Folder::new();
    new_keys(&outside.binary, &folder);
    let good = std::fs::read_to_string(folder.join("keys.toml")).unwrap();
    let secret =
        good.lines().find_map(|line| line.strip_prefix("secret = \"")).unwrap().trim_end_matches('"');
    assert_eq!(secret.len(), 64);
    let second = good.split_once("[[key]]").unwrap().1.replace("k1", "k2");
    for (text, told) in [
        (good.replace(secret, &secret[2..]), "KEYRING_MALFORMED"),
        (format!("{good}\n[[key]]{second}"), "KEYRING_ACTIVE"),
    ] {
        write(&folder.join("keys.toml"), &text, 0o400);
        let (status, said) = serve(&outside.binary, &folder, GOOD);
        assert!(status == Some(78) && said.contains(told), "{told}: {said}");
        assert!(!said.contains(&secret[2..]), "no secret is told");
    }
    assert!(!folder.join("schakel.db").exists(), "the database is untouched");
}

/// A certificate for this machine that ends in `until`, and its key.
fn certificate(until: i32) -> (String, String) {
    let mut params = CertificateParams::new(vec!["localhost".into()]).unwrap();
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    let key = KeyPair::generate().unwrap();
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}

#[test]
fn r43_a_certificate_that_is_over_a_strange_key_and_an_open_one_are_told() {
    let Some(outside) =
        Outside::binary("r43_a_certificate_that_is_over_a_strange_key_and_an_open_one_are_told")
    else {
        return;
    };
    let folder = Folder::new();
    new_keys(&outside.binary, &folder);
    let (pem, key) = certificate(2090);
    let (over, over_key) = certificate(2021);
    let (_, strange) = certificate(2090);
    let files = "certificate = \"FOLDER/server.pem\"\nkey = \"FOLDER/server.key\"\n";
    let public = format!("{GOOD}[tls]\n{files}");
    let mutual = format!(
        "{GOOD}[mtls]\nlisten = \"127.0.0.1:0\"\nclient_ca = \"FOLDER/server.pem\"\ncrl = [\"FOLDER/crl.pem\"]\n{files}"
    );
    for settings in [&public, &mutual] {
        for (pem, key, mode, told) in [
            (&over, &over_key, 0o400, "server.pem: is not valid now"),
            (&pem, &strange, 0o400, "server.key: does not belong"),
            (&pem, &key, 0o444, "server.key: can be read by others"),
        ] {
            write(&folder.join("server.pem"), pem, 0o644);
            write(&folder.join("server.key"), key, mode);
            if *settings == mutual && told.contains("belong") {
                continue; // The revocation lists are read before the pair is tried.
            }
            let (status, said) = serve(&outside.binary, &folder, settings);
            assert!(status == Some(71) && said.contains(told), "{told}: {said}");
        }
    }
    write(&folder.join("server.key"), &key, 0o400);
    let (status, said) = serve(&outside.binary, &folder, &mutual);
    assert!(status == Some(71) && said.contains("crl.pem: no PEM revocation list"), "{said}");
    let (status, said) = serve(&outside.binary, &folder, &mutual.replace("[\"FOLDER/crl.pem\"]", "[]"));
    assert!(status == Some(78) && said.contains("mtls.crl is empty"), "{said}");
}
