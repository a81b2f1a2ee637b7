//! HTTP/2 as somebody else speaks it.

use std::process::Command;

use schakel_tests::{
    needs::Need,
    program::{Outside, Program},
};

const NAME: &str = "a_client_of_another_make_is_served_over_http2";

#[test]
fn a_client_of_another_make_is_served_over_http2() {
    let Some(outside) = Outside::binary(NAME) else { return };
    let (Some(h2load), Some(nghttp)) = (Need::H2load.or_skip(NAME), Need::Nghttp.or_skip(NAME)) else {
        return;
    };
    let program = Program::start(&outside);
    let page = format!("http://{}/", program.address);

    let seen = Command::new(nghttp).args(["-v", "-n", &page]).output().unwrap();
    let seen = String::from_utf8_lossy(&seen.stdout).into_owned();
    assert!(seen.contains(":status: 200") && seen.contains("content-security-policy"), "{seen}");

    let load = Command::new(h2load).args(["-n", "400", "-c", "4", "-m", "20", &page]).output().unwrap();
    let told = String::from_utf8_lossy(&load.stdout).into_owned();
    assert!(told.contains("400 succeeded, 0 failed, 0 errored"), "{told}");
}
