//! Signatures on mail, checked by a stranger.

use std::{path::PathBuf, process::Command};

use base64::{Engine, engine::general_purpose::STANDARD};
use rcgen::{KeyPair, PKCS_ED25519, PublicKeyData};
use schakel_server::settings::DkimSettings;
use schakel_tests::{Folder, TestServer, needs::Need};

/// Verifies each file with dkimpy, which finds the public key in the record that it is given.
const VERIFY: &str = "
import sys, dkim
record = sys.argv[1].encode()
for path in sys.argv[2:]:
    message = open(path, 'rb').read()
    found = dkim.DKIM(message).verify(dnsfunc=lambda name, timeout=5: record)
    print(path, found)
    altered = message.replace(b'Overleg', b'Onderleg', 1)
    try:
        forged = dkim.DKIM(altered).verify(dnsfunc=lambda name, timeout=5: record)
    except dkim.DKIMException:
        forged = False
    assert found and (altered == message or not forged), path
";

/// A key of each kind, with the record that its public half makes.
fn keys(folder: &Folder) -> [(&'static str, PathBuf, String); 2] {
    let pair = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let modern = folder.join("ed25519.pem");
    std::fs::write(&modern, pair.serialize_pem()).unwrap();
    let usual = folder.join("rsa.pem");
    let openssl = |arguments: &[&str]| {
        let output = Command::new("openssl").args(arguments).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let path = usual.to_str().unwrap();
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path]);
    let public = openssl(&["pkey", "-in", path, "-pubout", "-outform", "DER"]);
    [
        ("ed25519-sha256", modern, format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(pair.der_bytes()))),
        ("rsa-sha256", usual, format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public))),
    ]
}

#[tokio::test]
async fn a_signature_on_mail_is_verified_by_dkimpy() {
    const NAME: &str = "a_signature_on_mail_is_verified_by_dkimpy";
    let Some(python) = Need::Python.or_skip(NAME) else { return };
    let folder = Folder::new();
    for (algorithm, key_file, record) in keys(&folder) {
        let domain = "schakel.example".to_owned();
        let dkim = DkimSettings { domain, selector: "one".into(), key_file };
        let server = TestServer::start_changed(|settings| settings.mail.dkim = Some(dkim)).await;
        let person = server.colleague("Zoë Smit", "zoe@school.example").await;
        server.meeting(&[person], "2026-12-01T09:00:00Z".parse().unwrap()).await;
        server.deliver().await;
        let mails = server.mailbox();
        assert_eq!(mails.len(), 1);
        let signature = mails[0].header("DKIM-Signature");
        assert!(signature.contains(&format!("a={algorithm}; c=relaxed/relaxed; d=schakel.example; s=one")));
        let path = folder.join(&format!("{algorithm}.eml"));
        std::fs::write(&path, &mails[0].raw).unwrap();
        let output = Command::new(&python).args(["-c", VERIFY, &record]).arg(&path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
