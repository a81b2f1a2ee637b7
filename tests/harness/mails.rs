//! Mails that a real SMTP server kept, read by parsers that are not ours.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::needs::Need;

/// Every mail below `folder`, as `tests/independent/mails.py` saw it; none without Python.
pub fn read_independently(folder: &Path, test: &str) -> Option<Vec<Value>> {
    let python = Need::Python.or_skip(test)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/independent/mails.py");
    let output = Command::new(python).arg(script).arg(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}
