//! Documents in a real browser: what axe finds wrong with them, and how they look.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use serde_json::{Value, json};

use crate::needs::{Need, pictures};

/// A document with the name that its pictures get.
pub fn document(name: &str, html: &str) -> Value {
    json!({ "name": name, "html": html })
}

/// Looks at all documents on a telephone and on a screen, light and dark; `test` is named as skipped
/// where there is no browser.
///
/// # Panics
/// When something shuts people out.
pub fn look(test: &str, documents: &[Value]) {
    let (Some(tools), Some(browser)) = (Need::BrowserTools.or_skip(test), Need::Chromium.or_skip(test))
    else {
        return;
    };
    let question = serde_json::to_vec(documents).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("independent").join("axe.mjs");
    let mut asked = Command::new("node")
        .args([script.as_os_str(), tools.as_ref(), browser.as_ref()])
        .args(pictures())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = asked.stdin.take().unwrap();
    let writing = thread::spawn(move || stdin.write_all(&question).unwrap());
    let told = asked.wait_with_output().unwrap();
    writing.join().unwrap();
    assert!(told.status.success());
    let faults: Vec<Vec<String>> = serde_json::from_slice(&told.stdout).unwrap();
    assert_eq!(faults.len(), documents.len());
    for (document, faults) in documents.iter().zip(faults) {
        assert_eq!(faults, Vec::<String>::new(), "{}", document["name"]);
    }
}
