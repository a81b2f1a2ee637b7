//! What the documents say of tests is so: each that is named exists, and no threat and no row is left out.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn document(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).unwrap()
}

/// The names of all functions below these folders.
fn functions() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join("tests"), root().join("server")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(path).unwrap();
                let names = text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
                found.extend(names.map(str::to_owned));
            }
        }
    }
    found
}

/// Names in code quotes that are sentences: those of tests.
fn named(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).filter(|name| {
        let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        name.matches('_').count() > 2 && name.chars().all(word)
    })
}

#[test]
fn every_test_that_a_document_names_exists() {
    let there = functions();
    for name in ["threats.md", "asvs.md"] {
        let text = document(name);
        let gone: Vec<_> = named(&text).filter(|test| !there.contains(*test)).collect();
        assert!(gone.is_empty(), "docs/{name} names tests that are not there: {gone:#?}");
        assert!(named(&text).count() > 50);
    }
}

/// The first cells of the table's rows.
fn rows(text: &str) -> Vec<String> {
    let cells = text.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    cells.map(str::to_owned).collect()
}

#[test]
fn no_threat_and_no_row_of_bad_input_is_left_out() {
    let rows = rows(&document("threats.md"));
    for threat in 1..=35 {
        assert_eq!(rows.iter().filter(|row| **row == format!("T{threat}")).count(), 1, "T{threat}");
    }
    let inputs = (9..=20).chain(25..=29).chain(36..=40).chain([43]);
    for row in inputs {
        assert_eq!(rows.iter().filter(|found| **found == row.to_string()).count(), 1, "row {row}");
    }
}

#[test]
fn every_requirement_is_answered_once_and_in_one_way() {
    let text = document("asvs.md");
    let mut seen = BTreeSet::new();
    for line in text.lines().filter(|line| line.starts_with("| ") && line.as_bytes()[2].is_ascii_digit()) {
        let cells: Vec<_> = line.split(" | ").map(str::trim).collect();
        assert_eq!(cells.len(), 4, "{line}");
        assert!(["met", "part", "open", "operator", "deviates", "n/a"].contains(&cells[2]), "{line}");
        assert!(seen.insert(cells[0].to_owned()), "{line}");
    }
    assert!(seen.len() > 100);
}

/// The fields of `structure` in a file of the server.
fn fields(file: &str, structure: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join("server/src").join(file)).unwrap();
    let (_, body) = text.split_once(&format!("pub struct {structure} {{")).unwrap();
    let body = body.split("\n}").next().unwrap();
    let names = body.lines().filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next());
    names.map(str::to_owned).collect()
}

#[test]
fn every_setting_is_told() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let missing = |text: &str, keys: Vec<String>, ends: &[char]| -> Vec<String> {
        let told = |key: &str| ends.iter().any(|end| text.contains(&format!("`{key}{end}")));
        keys.into_iter().filter(|key| !told(key)).collect()
    };
    let settings = fields("settings.rs", "Settings");
    assert!(settings.len() > 10);
    let mut untold = missing(&readme, settings, &['`', '.']);
    untold.retain(|key| !readme.contains(&format!("[[{key}.")));
    assert!(untold.is_empty(), "README.md: {untold:?}");
    let limits = fields("settings/limits.rs", "LimitSettings");
    assert!(limits.len() > 20);
    let untold = missing(&document("operations.md"), limits, &['`']);
    assert!(untold.is_empty(), "docs/operations.md: {untold:?}");
}
