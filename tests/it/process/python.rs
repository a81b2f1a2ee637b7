//! Python: a client made with stock tools from the shipped protos, and the package with its examples.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use schakel_client::{Connection, v1 as pb};
use schakel_server::demo::{
    load,
    region::{Region, Size},
};
use schakel_tests::{
    Folder,
    needs::Need,
    program::{FIRST, Outside, Program},
};

use super::settings::GOOD;

const NAME: &str = "a_python_client_made_with_stock_tools_finds_a_time_and_books_it";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

async fn case_of_the_story(iber: &Connection) -> pb::Case {
    let region = Region::generate(Size::Small, 9901, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    let schools = load::schools(iber).await.unwrap();
    let case = load::to_wire(region.case_of_the_story(), &schools);
    let ask = pb::OpenCaseRequest { case: Some(case), request_id: load::fresh(), ..Default::default() };
    iber.thuiszitter().open_case(ask).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_python_client_made_with_stock_tools_finds_a_time_and_books_it() {
    let Some(outside) = Outside::binary(NAME) else { return };
    let Some(python) = Need::Python.or_skip(NAME) else { return };
    let program = Program::start(&outside);
    let iber = program.as_person("iber").await;
    let case = case_of_the_story(&iber).await;
    let root = root();
    let stubs = Folder::new();
    let out = stubs.join("stubs");
    std::fs::create_dir_all(&out).unwrap();
    let protos = std::fs::read_dir(root.join("proto/schakel/v1")).unwrap().map(|file| file.unwrap().path());
    let made = Command::new(&python)
        .args(["-m", "grpc_tools.protoc", "-I", "proto"])
        .args([format!("--python_out={}", out.display()), format!("--grpc_python_out={}", out.display())])
        .args(protos.map(|path| format!("schakel/v1/{}", path.file_name().unwrap().to_str().unwrap())))
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    let mut story = Command::new(&python);
    story.arg(root.join("clients/python/examples/story.py")).env("PYTHONPATH", &out);
    for (name, value) in [
        ("--server", program.address.clone()),
        ("--token", program.token("iber")),
        ("--school", program.named("school")),
        ("--case", case.name.clone()),
        ("--seat", "role:SMW".to_owned()),
        ("--seat", "role:LEERPLICHTAMBTENAAR".to_owned()),
    ] {
        story.args([name, &value]);
    }
    let told = story.output().unwrap();
    let reference = String::from_utf8(told.stdout).unwrap().trim().to_owned();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let ask = pb::ListConsultationsRequest { case: case.name, ..Default::default() };
    let booked = iber.consultation().list_consultations(ask).await.unwrap().into_inner().consultations;
    assert_eq!(booked.len(), 1);
    assert_eq!(booked[0].reference, reference);
    assert_eq!(booked[0].participants.len(), 5, "both parents, herself, the SMW and the leerplichtambtenaar");
}

/// The package as pip installs it, in a folder of its own.
struct Package {
    folder: Folder,
    python: String,
}

impl Package {
    /// Installed from this checkout, without asking a registry for anything.
    fn install(test: &str) -> Option<Self> {
        let python = Need::Python.or_skip(test)?;
        let package = Self { folder: Folder::new(), python };
        let mut pip = Command::new(&package.python);
        pip.args(["-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-index", "--no-deps"])
            .args(["--no-build-isolation", "--target"])
            .arg(package.folder.join("site"))
            .arg(root().join("clients/python"));
        run(&mut pip);
        Some(package)
    }

    /// Python, which finds the package.
    fn python(&self) -> Command {
        let mut python = Command::new(&self.python);
        python
            .env("PYTHONPATH", self.folder.join("site"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("PYTHONUTF8", "1")
            .current_dir(root().join("clients/python"));
        python
    }

    /// Runs a file of tests against a program of its own.
    fn test(&self, outside: &Outside, file: &str) {
        let program = Program::start(outside);
        let profile = program.folder.join("profile.toml");
        run(self.python().arg(format!("tests/{file}")).env("SCHAKEL_TEST_PROFILE", profile));
    }
}

/// What it wrote on standard output; it must end well.
fn run(command: &mut Command) -> String {
    let told = command.output().unwrap();
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.status.success(), "{said}\n{}", String::from_utf8_lossy(&told.stderr));
    said
}

#[test]
fn python_calls_have_one_effect_and_tell_every_fault() {
    let test = "python_calls_have_one_effect_and_tell_every_fault";
    let (Some(outside), Some(package)) = (Outside::binary(test), Package::install(test)) else { return };
    package.test(&outside, "test_calls.py");
}

#[test]
fn python_watches_go_on_after_a_break_and_can_be_awaited() {
    let test = "python_watches_go_on_after_a_break_and_can_be_awaited";
    let (Some(outside), Some(package)) = (Outside::binary(test), Package::install(test)) else { return };
    package.test(&outside, "test_watch.py");
}

/// A system at `organisation`, with what it takes to book.
async fn system_of(program: &Program, organisation: &str) -> String {
    let scopes = ["OWN_ACCOUNT", "READ_CASE", "FIND_SLOTS", "BOOK_CONSULTATION"];
    let system = pb::SystemClient {
        organisation: organisation.to_owned(),
        display_name: "Zaaksysteem".into(),
        scopes: scopes.map(str::to_owned).to_vec(),
        ..Default::default()
    };
    let ask = pb::CreateSystemClientRequest { system_client: Some(system), request_id: load::fresh() };
    let keeper = program.as_person("beheerder").await;
    keeper.access().create_system_client(ask).await.unwrap().into_inner().name
}

/// Its token, as the operator makes it while the server is stopped.
fn token_of(outside: &Outside, folder: &Path, system: &str) -> String {
    let config = folder.with_extension("toml");
    std::fs::write(&config, GOOD.replace("FOLDER", folder.to_str().unwrap())).unwrap();
    let mut operator = Command::new(&outside.binary);
    operator.args(["token", "system", "--swv", "PO9901", "--system", system]).arg("--config").arg(&config);
    run(&mut operator).trim().to_owned()
}

/// As the README of the package says: the beheerder makes the system, the operator its token, and the
/// system says for which official it books.
#[tokio::test]
async fn a_gemeente_books_a_meeting_with_the_python_example() {
    let test = "a_gemeente_books_a_meeting_with_the_python_example";
    let (Some(outside), Some(package)) = (Outside::binary(test), Package::install(test)) else { return };
    let home = Folder::new();
    let folder = home.join("data");
    let program = Program::start_in(&outside, &folder, FIRST);
    let case = case_of_the_story(&program.as_person("iber").await).await;
    let official = program.as_person("leerplichtambtenaar").await;
    let me = official.access().who_am_i(pb::WhoAmIRequest {}).await.unwrap().into_inner();
    let system = system_of(&program, &me.acting_for).await;
    program.terminate();
    let token = token_of(&outside, &folder, &system);
    let program = Program::start_in(&outside, &folder, &[]);
    let example = |official: &str| {
        let mut example = package.python();
        example
            .args(["examples/book_a_meeting.py", &case.name])
            .env("SCHAKEL_SERVER", format!("http://{}", program.address))
            .env("SCHAKEL_TOKEN", &token)
            .env("SCHAKEL_ON_BEHALF_OF", official);
        example
    };
    let alone = example("").output().unwrap();
    let said = String::from_utf8_lossy(&alone.stderr);
    assert!(!alone.status.success() && said.contains("ON_BEHALF_OF_REQUIRED"), "{said}");
    let told = run(&mut example(&me.person));
    let ask = pb::ListConsultationsRequest { case: case.name.clone(), ..Default::default() };
    let iber = program.as_person("iber").await;
    let booked = iber.consultation().list_consultations(ask).await.unwrap().into_inner().consultations;
    assert_eq!(booked.len(), 1);
    assert!(told.starts_with(&booked[0].reference), "{told}");
    assert_eq!(booked[0].participants.len(), 5, "the official, both parents, the IB'er and the SMW");
}

#[test]
fn the_python_examples_say_what_they_were_not_told() {
    let test = "the_python_examples_say_what_they_were_not_told";
    let Some(package) = Package::install(test) else { return };
    for (example, argument, expected) in [
        ("examples/book_a_meeting.py", "--help", "missing: SCHAKEL_SERVER, SCHAKEL_TOKEN"),
        ("examples/region_table.py", "", "no profile at nowhere.toml"),
    ] {
        let mut python = package.python();
        python.arg(example).args(Some(argument).filter(|argument| !argument.is_empty()));
        python
            .env_remove("SCHAKEL_SERVER")
            .env_remove("SCHAKEL_TOKEN")
            .env("SCHAKEL_PROFILE", "nowhere.toml");
        let told = python.output().unwrap();
        let said = String::from_utf8_lossy(&told.stderr);
        assert!(!told.status.success() && said.contains(expected), "{example}: {said}");
        assert!(!said.contains("Traceback"), "{example}: {said}");
    }
}

#[test]
fn the_python_example_shows_a_region_to_who_may_see_it() {
    let test = "the_python_example_shows_a_region_to_who_may_see_it";
    let (Some(outside), Some(package)) = (Outside::binary(test), Package::install(test)) else { return };
    let program = Program::start(&outside);
    let shown = |person: &str| {
        let mut example = package.python();
        example
            .arg("examples/region_table.py")
            .env("SCHAKEL_PROFILE", program.folder.join("profile.toml"))
            .env("SCHAKEL_AS", person);
        run(&mut example)
    };
    let all = shown("thuiszitterscoordinator");
    assert!(all.contains("8 schools, 3 teams"), "{all}");
    assert!(all.contains("open cases on 2026-11-23, exactly"), "{all}");
    let totals = all.lines().filter(|line| line.starts_with("all "));
    assert_eq!(totals.count(), 1, "children without a school are a row of their own name: {all}");
    let none = shown("beheerder");
    assert!(none.contains("8 schools, 3 teams") && none.contains("Your role sees no figures."), "{none}");
}

#[test]
fn the_python_package_is_typed_throughout() {
    let Some(package) = Package::install("the_python_package_is_typed_throughout") else { return };
    let mypy = |more: &[&str]| {
        let mut check = Command::new(&package.python);
        check
            .args(["-m", "mypy", "--config-file"])
            .arg(root().join("clients/python/pyproject.toml"))
            .arg("--cache-dir")
            .arg(package.folder.join("cache"))
            .args(more)
            .env("MYPYPATH", package.folder.join("site"))
            .current_dir(package.folder.join("site"));
        run(&mut check);
    };
    mypy(&["--package", "schakel"]);
    let example = root().join("clients/python/examples/book_a_meeting.py");
    mypy(&[example.to_str().unwrap()]);
}

#[test]
fn the_python_package_has_the_version_of_the_workspace() {
    let text = std::fs::read_to_string(root().join("clients/python/pyproject.toml")).unwrap();
    let manifest: toml::Table = toml::from_str(&text).unwrap();
    assert_eq!(manifest["project"]["version"].as_str(), Some(env!("CARGO_PKG_VERSION")));
}
