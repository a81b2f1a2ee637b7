//! A client made with stock tools from the shipped protos finds a time and books it.

use std::{path::Path, process::Command};

use schakel_client::v1 as pb;
use schakel_server::demo::{
    load,
    region::{Region, Size},
};
use schakel_tests::{
    Folder,
    needs::Need,
    program::{Outside, Program},
};

const NAME: &str = "a_python_client_made_with_stock_tools_finds_a_time_and_books_it";

#[tokio::test]
async fn a_python_client_made_with_stock_tools_finds_a_time_and_books_it() {
    let Some(outside) = Outside::binary(NAME) else { return };
    let Some(python) = Need::Python.or_skip(NAME) else { return };
    let program = Program::start(&outside);
    let iber = program.as_person("iber").await;
    let region = Region::generate(Size::Small, 9901, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    let schools = load::schools(&iber).await.unwrap();
    let case = load::to_wire(region.case_of_the_story(), &schools);
    let ask = pb::OpenCaseRequest { case: Some(case), request_id: load::fresh() };
    let case = iber.thuiszitter().open_case(ask).await.unwrap().into_inner();

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let stubs = Folder::new();
    let out = stubs.join("stubs");
    std::fs::create_dir_all(&out).unwrap();
    let protos = std::fs::read_dir(root.join("proto/schakel/v1")).unwrap().map(|file| file.unwrap().path());
    let made = Command::new(&python)
        .args(["-m", "grpc_tools.protoc", "-I", "proto"])
        .args([format!("--python_out={}", out.display()), format!("--grpc_python_out={}", out.display())])
        .args(protos.map(|path| format!("schakel/v1/{}", path.file_name().unwrap().to_str().unwrap())))
        .current_dir(root)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    let mut story = Command::new(&python);
    story.arg(root.join("clients/python/story.py")).env("PYTHONPATH", &out);
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
