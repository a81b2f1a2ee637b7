//! The command line client at work: methods by their names, completion, and what its readme shows.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use schakel_tests::program::{Outside, Program};
use serde_json::Value;

/// How a command ended, what it said, and what it complained of.
struct Said {
    code: Option<i32>,
    out: String,
    complaint: String,
}

impl Said {
    fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.complaint);
        serde_json::from_str(&self.out).unwrap()
    }
}

fn run(command: &mut Command) -> Said {
    let output = command.stdin(Stdio::null()).output().unwrap();
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        complaint: String::from_utf8(output.stderr).unwrap(),
    }
}

fn ctl(program: &Program, outside: &Outside, arguments: &[&str]) -> Said {
    let profile = program.folder.join("profile.toml");
    run(Command::new(&outside.binary).args(["ctl", "--profile"]).arg(profile).args(arguments))
}

const OPENING: &[&str] = &[
    "case",
    "open",
    "--called",
    "noor",
    "--school",
    "@school",
    "--residence",
    "GM9901",
    "--child-name",
    "Noor Bos",
    "--birth-date",
    "2018-03-14",
    "--absence-kind",
    "ONGEOORLOOFD",
    "--first-day",
    "2026-11-02",
    "--parent",
    "name=Eva Bos,email=eva@bos.example,gezag=yes",
];

#[test]
fn every_method_can_be_called_by_its_name_and_no_answer_holds_the_token() {
    let name = "every_method_can_be_called_by_its_name_and_no_answer_holds_the_token";
    let Some(outside) = Outside::binary(name) else { return };
    let program = Program::start(&outside);
    let mut all = String::new();
    let mut say = |arguments: &[&str]| {
        let said = ctl(&program, &outside, arguments);
        all += &said.out;
        all += &said.complaint;
        said
    };

    let me = say(&["call", "WhoAmI"]).json();
    assert_eq!(me["person"], program.named("iber"));
    assert_eq!(me, say(&["--json", "whoami"]).json(), "the verb and the call tell the same");

    say(&[&["--json"][..], OPENING].concat()).json();
    let case = say(&["call", "ThuiszitterService/GetCase", r#"{"name": "@noor"}"#]).json();
    assert_eq!(case["parents"][0]["display_name"], "Eva Bos");

    // A change without an id is given one: the server demands it.
    let facts = r#"{"case": {"name": "@noor", "question": "Wie denkt mee?", "etag": ETAG}, "updateMask": "question"}"#;
    let facts = facts.replace("ETAG", &case["etag"].to_string());
    let changed = say(&["call", "UpdateCase", &facts]).json();
    assert_eq!(changed["question"], "Wie denkt mee?");

    let export = r#"{"case": "@noor", "format": "FORMAT_JSON"}"#;
    let told = say(&["--as", "fg", "call", "ExportSubject", export]);
    assert_eq!(told.code, Some(0), "{}", told.complaint);
    let pieces: Vec<Value> = told.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(pieces.iter().all(|piece| piece["piece"].is_string()) && !pieces.is_empty());

    let pieces = r#"{"kind": "KIND_SCHOOLS", "dry_run": true} {"chunk": "YQ=="}"#;
    let told = say(&["--as", "beheerder", "call", "DirectoryService/Import", pieces]);
    assert!(told.code == Some(1) && told.complaint.contains("CSV_HEADER_INVALID"), "{}", told.complaint);

    let told = say(&["case", "get", "@noor", "--as-of", "2026-11-23"]);
    assert!(told.code == Some(2) && told.complaint.contains("case standing"), "{}", told.complaint);
    let told = say(&["call", "GetCas"]);
    assert_eq!(told.code, Some(2));
    assert!(told.complaint.contains("did you mean ThuiszitterService/GetCase"), "{}", told.complaint);
    let told = say(&["call", "GetCase", r#"{"nam": "@noor"}"#]);
    assert!(told.code == Some(2) && told.complaint.contains("--template"), "{}", told.complaint);
    let told = say(&["call", "GetCase", r#"{"name": "schools/1"}"#]);
    assert!(told.code == Some(1) && told.complaint.contains("name: "), "{}", told.complaint);
    let told = say(&["--json", "call", "AdvanceClock", "{}"]);
    assert!(told.code == Some(1) && told.complaint.starts_with('{'), "{}", told.complaint);

    for role in ["iber", "fg", "beheerder"] {
        assert!(!all.contains(&program.token(role)), "the token of {role} was printed");
    }
}

#[test]
fn methods_and_completion_are_told_without_a_server_or_a_profile() {
    let name = "methods_and_completion_are_told_without_a_server_or_a_profile";
    let Some(outside) = Outside::binary(name) else { return };
    let binary = std::fs::canonicalize(&outside.binary).unwrap();
    let alone = |arguments: &[&str]| {
        let said = run(Command::new(&binary).arg("ctl").args(arguments).current_dir("/"));
        assert_eq!(said.code, Some(0), "{arguments:?}: {}", said.complaint);
        said.out
    };
    let methods = alone(&["call", "--list"]);
    assert!(methods.lines().count() > 200 && methods.contains("ConsultationService/BookConsultation  "));
    assert!(alone(&["call", "BookConsultation", "--template"]).contains("KIND_UNSPECIFIED"));
    for shell in ["bash", "zsh", "fish"] {
        let script = alone(&["completion", shell]);
        for verb in ["consultation", "standing", "as-of", "call"] {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
    }
    let whole = run(Command::new(&binary).args(["completion", "bash"]).current_dir("/"));
    assert_eq!(whole.code, Some(0), "{}", whole.complaint);
    assert!(
        whole.out.contains("ctl") && whole.out.contains("as-of") && whole.out.contains("verify-statement")
    );
    for script in [alone(&["completion", "bash"]), whole.out] {
        let mut checked = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
        checked.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(checked.wait().unwrap().success());
    }
}

#[test]
fn what_the_readme_of_the_command_line_shows_can_be_typed() {
    let name = "what_the_readme_of_the_command_line_shows_can_be_typed";
    let Some(outside) = Outside::binary(name) else { return };
    let program = Program::start(&outside);
    let profile = program.folder.join("profile.toml");
    let binary = std::fs::canonicalize(&outside.binary).unwrap();
    let typed = format!("{} ctl --profile {}", binary.display(), profile.display());
    let folder = program.folder.join("example");
    let text = include_str!("../../../clients/cli/README.md");
    let shown: Vec<_> = text.lines().collect();
    let mut count = 0;
    for (at, line) in shown.iter().enumerate().filter(|(_, line)| line.starts_with("$ ")) {
        let command = line[2..].replacen("schakelctl", &typed, 1);
        let said = run(Command::new("sh").args(["-c", &command]).current_dir(&folder));
        let refused = shown[at + 1].strip_suffix('…').filter(|answer| answer.starts_with("schakelctl: "));
        match refused {
            Some(answer) => assert!(said.complaint.starts_with(answer), "{line}\n{}", said.complaint),
            None => assert_eq!(said.code, Some(0), "{line}\n{}{}", said.out, said.complaint),
        }
        count += 1;
    }
    assert!(count > 12, "{count}");
}
