//! The house keeps its order: who may know whom, where rows are read, how long a file may be.

mod owners;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use self::owners::OWNERS;

/// The subjects; each may use those before it, none behind it.
const SUBJECTS: &[&str] = &[
    "access",
    "audit",
    "directory",
    "availability",
    "hulpvraag",
    "consultation",
    "thuiszitter",
    "invitation",
    "feed",
    "subscription",
    "monitor",
    "privacy",
];

/// What stands below every subject; it knows callers and grants, nothing else of a subject.
const FOUNDATION: &[&str] = &[
    "entity/",
    "error.rs",
    "outward.rs",
    "settings.rs",
    "settings/",
    "store/",
    "telemetry.rs",
    "tls.rs",
    "wire/",
    "world.rs",
];

/// What a rule may not name: the domain is told the time and knows no database and no wire.
const NOT_IN_RULES: &[&str] =
    &["tokio", "sea_orm", "sqlx", "tonic", "prost", "Utc::now", "Local::now", "SystemTime", "now_v7"];

const VISIBLE: &[&str] =
    &["Cargo.toml", "Cargo.lock", "README.md", "proto", "server", "clients", "migrations", "tests", "docs"];

const MOST_LINES: usize = 500;

/// A file of the house.
struct File {
    /// Below the root, with `/`.
    name: String,
    text: String,
}

impl File {
    /// What the compiler reads: no comments, and no tests at the end of the file.
    fn code(&self) -> String {
        let lines = self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        lines.map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
    }

    /// The file below `folder`, if it is there.
    fn below(&self, folder: &str) -> Option<&str> {
        self.name.strip_prefix(folder)
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All files of the house whose name ends so.
fn files(endings: &[&str]) -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        VISIBLE.iter().map(|name| root.join(name)).filter(|path| path.is_dir()).collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
            let generated = ["target", "node_modules", "__pycache__", "generated", "dist"]
                .iter()
                .any(|end| path.ends_with(end));
            if path.is_dir() {
                folders.extend((!generated).then_some(path));
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(File { name, text: std::fs::read_to_string(&path).unwrap() });
            }
        }
    }
    assert!(!found.is_empty());
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

fn rust() -> Vec<File> {
    files(&[".rs"])
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// What stands directly behind `path::`: one name, or all names of a `{…}` at its first level.
fn heads(code: &str, path: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(&format!("{path}::")) {
        if code[..at].ends_with(is_word) {
            continue;
        }
        let rest = &code[at + path.len() + 2..];
        let Some(list) = rest.strip_prefix('{') else {
            found.insert(rest.chars().take_while(|&c| is_word(c)).collect());
            continue;
        };
        let mut depth = 0;
        let mut name = String::new();
        let mut over = false;
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    found.insert(std::mem::take(&mut name));
                    over = false;
                }
                _ if depth == 0 && is_word(c) && !over => name.push(c),
                _ if depth == 0 => over = !name.is_empty(),
                _ => {}
            }
        }
        found.insert(name);
    }
    found.retain(|name| !name.is_empty());
    found
}

fn none(faults: &[String], rule: &str) {
    assert!(faults.is_empty(), "{rule}:\n{}", faults.join("\n"));
}

#[test]
fn names_are_found_in_every_form_of_use() {
    let code = "use crate::{access::{Grant, layer}, entity::school as schools, error}; crate::feed::x();";
    assert_eq!(heads(code, "crate").into_iter().collect::<Vec<_>>(), ["access", "entity", "error", "feed"]);
    assert_eq!(heads(code, "entity").into_iter().collect::<Vec<_>>(), ["school"]);
    assert_eq!(heads("entity::{ a , b as c, d::{E, F} }", "entity").len(), 3);
    assert!(heads("my_crate::access", "crate").is_empty());
}

#[test]
fn a_subject_uses_only_those_below_it() {
    let mut faults = Vec::new();
    for file in rust() {
        let Some(inside) = file.below("server/src/") else { continue };
        let folder = inside.split('/').next().unwrap_or_default();
        let rank = SUBJECTS.iter().position(|subject| *subject == folder);
        let foundation = FOUNDATION.iter().any(|place| inside.starts_with(place));
        let reach = match rank {
            Some(rank) => rank,
            None if foundation => 0,
            None => continue,
        };
        if rank.is_some() && heads(&file.code(), "super").contains("super") {
            let nested = inside.matches('/').count() > 1;
            if !nested {
                faults.push(format!("{}: says crate:: for what is outside its folder", file.name));
            }
        }
        for used in heads(&file.code(), "crate") {
            let higher = SUBJECTS.iter().position(|subject| *subject == used).is_some_and(|at| at > reach);
            if higher {
                faults.push(format!("{} uses {used}", file.name));
            }
        }
    }
    none(&faults, "a subject uses a higher one; what it causes there is an outbox row");
}

#[test]
fn rows_are_read_only_in_the_folder_of_their_subject() {
    let mut faults = Vec::new();
    for file in rust() {
        let Some(inside) = file.below("server/src/") else { continue };
        let folder = inside.split('/').next().unwrap_or_default();
        if folder == "entity" {
            continue;
        }
        let code = file.code();
        let own: Vec<&str> = OWNERS
            .iter()
            .filter(|(owner, _)| *owner == folder)
            .flat_map(|(_, tables)| *tables)
            .copied()
            .collect();
        for table in heads(&code, "entity") {
            let known = schakel_migrations::TABLES.contains(&table.as_str());
            if known && !own.contains(&table.as_str()) {
                faults.push(format!("{} reads {table}", file.name));
            }
        }
        if code.contains("entity as ") || code.contains("entity::*") || code.contains("crate::entity;") {
            faults.push(format!("{} takes the entities whole", file.name));
        }
    }
    none(&faults, "another subject is asked through its verbs and store reads, never its rows");
    let owned: BTreeSet<&str> = OWNERS.iter().flat_map(|(_, tables)| *tables).copied().collect();
    let tables: BTreeSet<&str> = schakel_migrations::TABLES.iter().copied().collect();
    assert_eq!(owned, tables, "every table has an owner");
}

/// Migrating has no transaction of a region, and who seals does not wait.
#[test]
fn who_waits_for_a_turn_waits_in_one_way() {
    let own = ["store/turn.rs", "store/connect.rs", "audit/store.rs"];
    let mut faults = Vec::new();
    for file in rust() {
        let Some(inside) = file.below("server/src/") else { continue };
        if !own.contains(&inside) && file.code().contains("pg_advisory") {
            faults.push(file.name);
        }
    }
    none(&faults, "a lock of its own; Tx::alone waits for a turn");
}

#[test]
fn rules_know_no_clock_no_database_and_no_wire() {
    let mut faults = Vec::new();
    for file in rust() {
        if file.below("server/domain/src/").is_none() {
            continue;
        }
        for (number, line) in file.text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            for word in NOT_IN_RULES.iter().filter(|word| names(code, word)) {
                faults.push(format!("{}:{} names {word}", file.name, number + 1));
            }
        }
    }
    none(&faults, "a rule is told the time and the facts");
}

/// Whether `word` stands in `code` as a word of its own.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word)
        .any(|(at, _)| !code[..at].ends_with(is_word) && !code[at + word.len()..].starts_with(is_word))
}

#[test]
fn kinds_of_consultation_differ_in_data() {
    let comparisons = ["if kind ==", "if kind !=", "matches!(kind,", "matches!(self.kind,"];
    let everywhere = ["== Kind::", "!= Kind::", "== ConsultationKind::", "!= ConsultationKind::"];
    let mut faults = Vec::new();
    for file in rust() {
        let own = file.name.contains("/consultation/");
        let exempt =
            file.name.ends_with("domain/src/consultation/kinds.rs") || file.name.starts_with("tests/");
        if exempt {
            continue;
        }
        let code = file.code();
        for wrong in everywhere.iter().chain(comparisons.iter().filter(|_| own)) {
            let compared = code.match_indices(wrong).count();
            // `pb::ConsultationKind` is the same, with its module before it.
            let prefixed = code.matches(&wrong.replace("= ", "= pb::")).count();
            if compared + prefixed > 0 {
                faults.push(format!("{}: {wrong}", file.name));
            }
        }
    }
    none(&faults, "a kind is a row of KindRules, not a branch");
}

fn ends(file: &File, ending: &str) -> bool {
    Path::new(&file.name).extension().is_some_and(|found| found == ending)
}

#[test]
fn every_file_is_short_and_says_first_what_it_is_for() {
    let mut faults = Vec::new();
    for file in files(&[".rs", ".proto", ".py", ".ts", ".html", ".sh"]) {
        let lines = file.text.lines().count();
        // A subject has one proto file: its whole contract stands in one place.
        if lines > MOST_LINES && !ends(&file, "proto") {
            faults.push(format!("{} has {lines} lines", file.name));
        }
        if ends(&file, "rs") && !file.text.starts_with("//! ") {
            faults.push(format!("{} does not begin with //!", file.name));
        }
        for word in [concat!("TO", "DO"), concat!("FIX", "ME")] {
            if names(&file.text, word) {
                faults.push(format!("{} leaves a {word}", file.name));
            }
        }
    }
    none(&faults, "files that a newcomer cannot read in one sitting");
}

#[test]
fn versions_and_features_stand_in_one_manifest() {
    let mut faults = Vec::new();
    for file in files(&["Cargo.toml"]) {
        // The fuzz targets are a workspace of their own: they need a nightly compiler.
        if file.name.starts_with("tests/fuzz/") {
            continue;
        }
        let mut dependencies = false;
        for line in file.text.lines().map(str::trim) {
            if line.starts_with('[') {
                dependencies = line.ends_with("dependencies]");
            } else if dependencies && !line.is_empty() && !line.starts_with('#') {
                let inherited = line.ends_with(".workspace = true");
                if !inherited {
                    faults.push(format!("{}: {line}", file.name));
                }
            }
        }
    }
    none(&faults, "members say `x.workspace = true`, or selections of crates are built twice");
}

#[test]
fn the_top_level_holds_only_what_the_map_shows() {
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap_or_default();
    let ignored: Vec<&str> = ignored.lines().map(|line| line.trim_matches('/')).collect();
    let mut faults = Vec::new();
    for entry in std::fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let known = VISIBLE.contains(&name.as_str()) || ignored.contains(&name.as_str());
        if !name.starts_with('.') && !known {
            faults.push(name);
        }
    }
    none(&faults, "visible at the top, but not on the map");
}

#[test]
fn security_speaks_of_the_versions_that_are_built_in() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let security = std::fs::read_to_string(root().join("docs/SECURITY.md")).unwrap();
    let rows: Vec<Vec<&str>> = security
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| Crate"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    assert!(!rows.is_empty());
    let differs = |row: &Vec<&str>| {
        let wanted = format!("name = \"{}\"\nversion = \"{}\"\n", row[1], row[2]);
        (!lock.contains(&wanted)).then(|| format!("{} {} is not in Cargo.lock", row[1], row[2]))
    };
    let faults: Vec<String> = rows.iter().filter_map(differs).collect();
    none(&faults, "docs/SECURITY.md was written for other versions: read the advisories again");
}

/// The table of capabilities names tests that exist, and every test that is named after one.
#[test]
fn the_table_of_capabilities_is_that_of_the_tests() {
    let table = std::fs::read_to_string(root().join("docs/capabilities.md")).unwrap();
    let told: BTreeSet<String> = table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|name| is_of_a_capability(name))
        .map(str::to_owned)
        .collect();
    let mut there = BTreeSet::new();
    for file in rust() {
        let names = file.text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next());
        there.extend(names.filter(|name| is_of_a_capability(name)).map(str::to_owned));
    }
    assert_eq!(told, there);
}

#[test]
fn the_table_of_capabilities_names_methods_of_the_protos() {
    let protos = files(&[".proto"]);
    let methods: BTreeSet<&str> = protos
        .iter()
        .flat_map(|file| file.text.lines())
        .filter_map(|line| line.trim_start().strip_prefix("rpc ")?.split('(').next())
        .collect();
    let table = std::fs::read_to_string(root().join("docs/capabilities.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    let named: Vec<&str> =
        rows.flat_map(|row| row.split('|').nth(3).unwrap_or_default().split(',')).map(str::trim).collect();
    assert!(named.len() > 100, "{}", named.len());
    let faults: Vec<String> =
        named.into_iter().filter(|name| !methods.contains(name)).map(str::to_owned).collect();
    none(&faults, "docs/capabilities.md names methods that are not there");
}

/// `a06_…`: a letter of a capability and its two digits.
fn is_of_a_capability(name: &str) -> bool {
    let bytes = name.as_bytes();
    bytes.len() > 4
        && b"abcdex".contains(&bytes[0])
        && bytes[1].is_ascii_digit()
        && bytes[2].is_ascii_digit()
        && bytes[3] == b'_'
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}
