//! The example of the Rust client books a meeting at the running program.

use schakel_client::v1 as pb;
use schakel_server::demo::{
    load,
    region::{Region, Size},
};
use schakel_tests::program::{Outside, Program};

#[path = "../../../clients/rust/examples/book.rs"]
#[expect(dead_code, reason = "its main reads the command line")]
mod book;

#[tokio::test]
async fn the_example_of_the_rust_client_finds_a_time_and_books_it() {
    let name = "the_example_of_the_rust_client_finds_a_time_and_books_it";
    let Some(outside) = Outside::binary(name) else { return };
    let program = Program::start(&outside);
    let iber = program.as_person("iber").await;
    let region = Region::generate(Size::Small, 9901, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
    let schools = load::schools(&iber).await.unwrap();
    let case = load::to_wire(region.case_of_the_story(), &schools);
    let ask = pb::OpenCaseRequest { case: Some(case), request_id: load::fresh(), ..Default::default() };
    let case = iber.thuiszitter().open_case(ask).await.unwrap().into_inner();

    let booked = book::book(&iber, case.name.clone()).await.unwrap();
    assert_eq!((booked.case.as_str(), booked.participants.len()), (case.name.as_str(), 5));
    let ask = pb::GetConsultationRequest { name: booked.name.clone() };
    let found = iber.consultation().get_consultation(ask).await.unwrap().into_inner();
    assert_eq!(found.reference, booked.reference);
}
