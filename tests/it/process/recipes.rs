//! Every command that a page for newcomers or operators shows is one of the program, with those options.

use std::process::Command;

use schakel_tests::program::Outside;

use crate::recipes::{blocks, pages};

/// What may stand before a call of the program.
const BEFORE: [&str; 5] = [
    "sudo -u schakel env PGPASSFILE=/etc/schakel/pgpass ",
    "sudo -u schakel ",
    "sudo ",
    "podman exec schakel ",
    "$ ",
];

/// The words of each line that calls the program, without what stands before it and after a `#`.
fn commands(block: &str) -> Vec<Vec<String>> {
    let whole = block.replace("\\\n", " ");
    let mut found = Vec::new();
    for line in whole.lines() {
        let line = line.split(" #").next().unwrap_or_default().split(" && ").next().unwrap_or_default();
        let line = BEFORE.iter().find_map(|before| line.strip_prefix(before)).unwrap_or(line);
        let words: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        if words.first().is_some_and(|word| ["schakel", "schakelctl", "ctl"].contains(&word.as_str())) {
            found.push(words);
        }
    }
    found
}

/// The subcommands that the line names: plain words right behind the program.
fn subcommands(words: &[String]) -> Vec<&str> {
    let plain =
        |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
    let called = (words[0] != "schakel").then_some("ctl");
    called.into_iter().chain(words[1..].iter().map(String::as_str).take_while(plain)).collect()
}

#[test]
fn commands_are_found_behind_what_stands_before_them() {
    let told = |line: &str| commands(line).concat().join(" ");
    assert_eq!(told("sudo -u schakel schakel region found --swv \\\nX"), "schakel region found --swv X");
    assert_eq!(told("sudo schakel keys new /etc/k && sudo chown k"), "schakel keys new /etc/k");
    assert_eq!(told("podman exec schakel schakel backup # a copy"), "schakel backup");
    assert_eq!(told("$ ctl case list"), "ctl case list");
    assert_eq!(told("podman build -t schakel ."), "");
}

#[test]
fn every_command_of_a_recipe_is_one_of_the_program() {
    let Some(outside) = Outside::binary("every_command_of_a_recipe_is_one_of_the_program") else { return };
    let mut tried = 0;
    for (path, text) in pages() {
        let shown = path.display().to_string();
        if !(shown.contains("/docs/recipes/")
            || ["getting-started.md", "imports.md"].iter().any(|page| path.ends_with(format!("docs/{page}"))))
        {
            continue;
        }
        for words in blocks(&text, "sh").iter().flat_map(|block| commands(block)) {
            let mut asked = Command::new(&outside.binary);
            let told = asked.args(subcommands(&words)).arg("--help").output().unwrap();
            assert!(told.status.success(), "{shown}: {}", words.join(" "));
            let help = String::from_utf8(told.stdout).unwrap();
            let options = words.iter().filter(|word| word.starts_with("--"));
            let unknown: Vec<_> = options.filter(|option| !help.contains(option.as_str())).collect();
            assert!(unknown.is_empty(), "{shown}: {}: {unknown:?}", words.join(" "));
            tried += 1;
        }
    }
    assert!(tried > 15, "{tried}");
}
