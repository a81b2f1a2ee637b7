//! What recipes and reference say is so: links lead somewhere, settings are understood, no method is left out.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use prost::Message;
use prost_types::{DescriptorProto, EnumDescriptorProto, FileDescriptorSet, MessageOptions};
use schakel_domain::{
    directory::import::{
        Record,
        duo::Vestiging,
        own::{
            AbsenceLine, ClosureLine, ClusterLine, HoursLine, LinkLine, PersonLine, SchoolWijkLine, TeamLine,
            Wijk,
        },
        parse,
    },
    dutch::SchoolHolidays,
};
use schakel_server::settings::{LimitSettings, Settings};
use schakel_tests::needs::Need;

/// Settings that a server could start with, over which a recipe puts its own.
const LEAST: &str = r#"
listen = "127.0.0.1:8480"
public_url = "https://schakel.example"
database.url = "sqlite:schakel.db"
keys.file = "keys.toml"
mail.sender = "overleg@schakel.example"
mail.smtp.host = "relay.example"
"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every page in Markdown: the documents, the README and those of the clients, each with its text.
pub(crate) fn pages() -> Vec<(PathBuf, String)> {
    let root = root();
    let mut found = vec![root.join("README.md")];
    let mut folders = vec![root.join("docs"), root.join("clients")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        (path, text)
    };
    found.into_iter().map(read).collect()
}

/// The blocks of a page in this language, without what they are indented by.
pub(crate) fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut block = String::new();
    let mut within = None;
    for line in text.lines().map(str::trim) {
        if let Some(said) = line.strip_prefix("```") {
            if within == Some(true) {
                found.push(std::mem::take(&mut block));
            }
            within = if within.is_some() { None } else { Some(said == language) };
        } else if within == Some(true) {
            block.push_str(line);
            block.push('\n');
        }
    }
    found
}

/// The part of a page that is no code.
fn prose(text: &str) -> String {
    let mut code = false;
    let mut found = String::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            found.push_str(line);
            found.push('\n');
        }
    }
    found
}

#[test]
fn every_link_of_a_page_leads_somewhere() {
    let mut faults = Vec::new();
    let mut followed = 0;
    for (path, text) in pages() {
        for link in prose(&text).split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap_or_default();
            if file.is_empty() || file.contains("://") {
                continue;
            }
            followed += 1;
            if !path.parent().unwrap().join(file).exists() {
                faults.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(followed > 150, "{followed}");
}

/// Puts `said` over what is there, table by table.
fn over(there: &mut toml::Table, said: toml::Table) {
    for (key, value) in said {
        let deeper = there.get_mut(&key).and_then(toml::Value::as_table_mut);
        if let (Some(deeper), Some(table)) = (deeper, value.as_table()) {
            over(deeper, table.clone());
        } else {
            there.insert(key, value);
        }
    }
}

#[test]
fn the_settings_of_every_recipe_are_understood() {
    let mut told = 0;
    for (path, text) in pages() {
        let shown = path.display().to_string();
        // Profiles and manifests are no settings of the server.
        if ["clients/cli", "clients/rust"].iter().any(|client| path.ends_with(format!("{client}/README.md")))
        {
            continue;
        }
        for block in blocks(&text, "toml") {
            let mut settings: toml::Table = toml::from_str(LEAST).unwrap();
            let said = toml::from_str(&block).unwrap_or_else(|error| panic!("{shown}: {error}\n{block}"));
            over(&mut settings, said);
            if let Err(wrong) = Settings::parse(&toml::to_string(&settings).unwrap(), &shown) {
                panic!("{wrong}\n{block}");
            }
            told += 1;
        }
    }
    assert!(told > 6, "{told}");
}

#[test]
fn the_unit_and_the_containerfile_name_what_is_there() {
    let recipes = root().join("docs/recipes");
    let unit = fs::read_to_string(recipes.join("schakel.service")).unwrap();
    let value = |key: &str| unit.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('=')).unwrap();
    assert_eq!(value("ExecStart"), "/usr/local/bin/schakel serve --config /etc/schakel/schakel.toml");
    let limits = LimitSettings::default();
    let patience: u32 = value("TimeoutStopSec").parse().unwrap();
    assert!(patience > limits.notice_seconds + limits.drain_seconds, "calls that run may finish");

    let file = fs::read_to_string(recipes.join("Containerfile")).unwrap();
    let copied = file.lines().filter_map(|line| line.strip_prefix("COPY "));
    let mut sources = Vec::new();
    for words in copied.filter(|words| !words.starts_with("--from")) {
        let words: Vec<_> = words.split_whitespace().collect();
        sources.extend(words[..words.len() - 1].iter().map(|word| (*word).to_owned()));
    }
    for source in &sources {
        assert!(root().join(source).exists(), "{source}");
    }
    let manifest: toml::Table =
        toml::from_str(&fs::read_to_string(root().join("Cargo.toml")).unwrap()).unwrap();
    for member in manifest["workspace"]["members"].as_array().unwrap() {
        let member = member.as_str().unwrap();
        let there = sources.iter().any(|source| Path::new(member).starts_with(source));
        assert!(there, "the Containerfile leaves out {member}");
    }
    let release = manifest["workspace"]["package"]["rust-version"].as_str().unwrap();
    assert!(file.contains(&format!("FROM docker.io/library/rust:{release}-")), "the compiler is {release}");
}

/// The page tells the columns of a kind of file as they are read, and its example can be imported.
fn tells_of<R: Record>(page: &str, kind: &str) {
    let title = format!("`{kind}`\n");
    let part = page.split("\n## ").find(|part| part.starts_with(&title));
    let part = part.unwrap_or_else(|| panic!("nothing of {kind}"));
    let told: Vec<_> = part.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    let read: Vec<_> = R::COLUMNS.iter().map(|column| column.name()).collect();
    assert_eq!(told, read, "{kind}");
    let example = blocks(part, "csv").concat();
    let parsed = parse::<R>(example.as_bytes()).unwrap_or_else(|refused| panic!("{kind}: {refused:?}"));
    assert!(parsed.bad.is_empty() && !parsed.rows.is_empty(), "{kind}: {:?}", parsed.bad);
}

#[test]
fn the_page_of_import_files_has_every_column_as_it_is_read() {
    let page = fs::read_to_string(root().join("docs/imports.md")).unwrap();
    tells_of::<Wijk>(&page, "wijken");
    tells_of::<Vestiging>(&page, "schools");
    tells_of::<ClusterLine>(&page, "clusters");
    tells_of::<SchoolWijkLine>(&page, "school-wijken");
    tells_of::<TeamLine>(&page, "teams");
    tells_of::<PersonLine>(&page, "persons");
    tells_of::<LinkLine>(&page, "links");
    tells_of::<HoursLine>(&page, "hours");
    tells_of::<AbsenceLine>(&page, "absences");
    tells_of::<ClosureLine>(&page, "closures");
    let holidays = blocks(&page, "json").concat();
    assert!(SchoolHolidays::default().import(&holidays).is_ok(), "{holidays}");
}

/// What a page of the reference must say of a message and of those within it.
fn of_message(within: &str, message: &DescriptorProto, wanted: &mut Vec<String>) {
    if message.options.as_ref().is_some_and(MessageOptions::map_entry) {
        return;
    }
    let name = format!("{within}{}", message.name());
    wanted.push(format!("### {name}"));
    wanted.extend(message.field.iter().map(|field| format!("| `{}` | {} |", field.name(), field.number())));
    for inner in &message.nested_type {
        of_message(&format!("{name}."), inner, wanted);
    }
    for inner in &message.enum_type {
        of_enum(&format!("{name}."), inner, wanted);
    }
}

fn of_enum(within: &str, values: &EnumDescriptorProto, wanted: &mut Vec<String>) {
    wanted.push(format!("### {within}{}", values.name()));
    wanted.extend(values.value.iter().map(|value| format!("| `{}` | {} |", value.name(), value.number())));
}

#[test]
fn the_reference_has_every_method_field_and_value() {
    let set = FileDescriptorSet::decode(schakel_proto::FILE_DESCRIPTOR_SET).unwrap();
    for file in set.file.iter().filter(|file| file.package() == "schakel.v1") {
        let page = Path::new(file.name()).with_extension("md");
        let page = root().join("docs/api").join(page.file_name().unwrap());
        let text = fs::read_to_string(&page).unwrap();
        let mut wanted = Vec::new();
        for service in &file.service {
            let methods = service.method.iter();
            wanted.extend(methods.map(|method| format!("### {}.{}", service.name(), method.name())));
        }
        for message in &file.message_type {
            of_message("", message, &mut wanted);
        }
        for values in &file.enum_type {
            of_enum("", values, &mut wanted);
        }
        let lost: Vec<_> =
            wanted.iter().filter(|row| !text.lines().any(|line| line.starts_with(*row))).collect();
        assert!(lost.is_empty(), "{}: {lost:#?}; docs/api/generate writes it", page.display());
    }
}

#[test]
fn the_reference_is_as_the_protos_say() {
    let Some(python) = Need::Python.or_skip("the_reference_is_as_the_protos_say") else { return };
    let told = Command::new(python).arg(root().join("docs/api/generate")).arg("--check").output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
}
