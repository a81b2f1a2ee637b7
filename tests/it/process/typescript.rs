//! The TypeScript client against the real program: its own tests, its example, and its page in a browser.

use std::{
    path::Path,
    process::{Command, Output},
};

use schakel_client::v1 as pb;
use schakel_server::demo::{
    load,
    region::{Region, Size},
};
use schakel_tests::{
    needs::Need,
    program::{Outside, Program},
};

/// A case of the story's school, with two parents.
async fn open_case(program: &Program) -> pb::Case {
    let iber = program.as_person("iber").await;
    let region = Region::generate(Size::Small, 9901, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    let schools = load::schools(&iber).await.unwrap();
    let case = load::to_wire(region.case_of_the_story(), &schools);
    let ask = pb::OpenCaseRequest { case: Some(case), request_id: load::fresh(), ..Default::default() };
    iber.thuiszitter().open_case(ask).await.unwrap().into_inner()
}

/// Node in the folder in which the client was built, told of this server.
fn node(folder: &str, program: &Program, case: &pb::Case) -> Command {
    let mut node = Command::new("node");
    node.current_dir(folder)
        .env("SCHAKEL_SERVER", format!("http://{}", program.address))
        .env("SCHAKEL_TOKEN", program.token("iber"))
        .env("SCHAKEL_SCHOOL", program.named("school"))
        .env("SCHAKEL_CASE", &case.name)
        .env("SCHAKEL_ADMIN_TOKEN", program.token("beheerder"))
        .env("SCHAKEL_IMPORT", program.folder.join("example/vestigingen.csv"));
    node
}

fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

/// Runs one of the client's files of tests.
fn run(folder: &str, file: &str, program: &Program, case: &pb::Case) {
    let mut command = node(folder, program, case);
    let told = command.args(["--test", "--test-timeout=120000", file]).output().unwrap();
    assert!(told.status.success(), "{}", said(&told));
}

#[tokio::test]
async fn the_typescript_client_keeps_its_word_over_ways_that_break() {
    const NAME: &str = "the_typescript_client_keeps_its_word_over_ways_that_break";
    let Some(outside) = Outside::binary(NAME) else { return };
    let Some(folder) = Need::TypeScript.or_skip(NAME) else { return };
    let program = Program::start(&outside);
    let case = open_case(&program).await;
    run(&folder, "dist/tests/client.test.js", &program, &case);
}

#[tokio::test]
async fn the_typescript_example_finds_a_time_and_books_it() {
    const NAME: &str = "the_typescript_example_finds_a_time_and_books_it";
    let Some(outside) = Outside::binary(NAME) else { return };
    let Some(folder) = Need::TypeScript.or_skip(NAME) else { return };
    let program = Program::start(&outside);
    let case = open_case(&program).await;
    let mut example = node(&folder, &program, &case);
    let (school, seats) = (program.named("school"), ["--seat", "SMW", "--seat", "LEERPLICHTAMBTENAAR"]);
    example.args(["dist/examples/book.js", "--school", &school, "--case", &case.name]).args(seats);
    let told = example.output().unwrap();
    assert!(told.status.success(), "{}", said(&told));
    let reference = String::from_utf8(told.stdout).unwrap().trim().to_owned();
    let ask = pb::ListConsultationsRequest { case: case.name, ..Default::default() };
    let iber = program.as_person("iber").await;
    let booked = iber.consultation().list_consultations(ask).await.unwrap().into_inner().consultations;
    assert_eq!(booked.len(), 1);
    assert_eq!(booked[0].reference, reference);
    assert_eq!(booked[0].participants.len(), 5, "both parents, herself, the SMW and the leerplichtambtenaar");
}

#[tokio::test]
async fn a_page_with_the_typescript_client_lists_a_meeting_in_a_browser() {
    const NAME: &str = "a_page_with_the_typescript_client_lists_a_meeting_in_a_browser";
    let Some(outside) = Outside::binary(NAME) else { return };
    let Some(folder) = Need::TypeScript.or_skip(NAME) else { return };
    // The file of tests finds both in the environment.
    if Need::BrowserTools.or_skip(NAME).is_none() || Need::Chromium.or_skip(NAME).is_none() {
        return;
    }
    let program = Program::start(&outside);
    let case = open_case(&program).await;
    run(&folder, "dist/tests/browser.test.js", &program, &case);
}

#[test]
fn the_typescript_client_has_the_version_of_the_api_and_names_no_registry() {
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("clients/typescript");
    let read = |name: &str| std::fs::read_to_string(client.join(name)).unwrap();
    for name in ["package.json", "package-lock.json"] {
        let text = read(name);
        let told: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(told["version"], env!("CARGO_PKG_VERSION"), "{name}");
        assert!(!text.contains("\"resolved\"") && !text.contains("http"), "{name}");
    }
}
