//! The demo's own identity provider, behind the same checks as any other.

use std::process::Command;

use schakel_proto::v1 as pb;
use schakel_tests::{
    http::Http,
    program::{Outside, Program},
};

#[tokio::test]
async fn x11_the_demo_signs_somebody_in_with_a_token_of_its_own_provider() {
    let Some(outside) = Outside::binary("x11_the_demo_signs_somebody_in_with_a_token_of_its_own_provider")
    else {
        return;
    };
    let program = Program::start(&outside);
    let server = format!("http://{}", program.address);
    let token = |who: [&str; 2]| {
        let output = Command::new(&outside.binary)
            .args(["token", "dev", "--server", &server])
            .args(who)
            .output()
            .unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap().trim().to_owned())
    };
    let (done, secret) = token(["--role", "FG"]);
    assert!(done && secret.starts_with("ey"), "{secret}");
    let profile = schakel_client::Profile::new(&server, secret.clone());
    let connection = schakel_client::Connection::open(&profile).await.unwrap();
    let me = connection.access().who_am_i(pb::WhoAmIRequest {}).await.unwrap().into_inner();
    assert_eq!(me.memberships[0].role, pb::Role::Fg as i32);
    assert!(!token(["--person", "NOBODY"]).0);

    let http = Http::at(program.address.parse().unwrap());
    let keys = http.get("/dev/jwks").await;
    assert!(keys.status == 200 && !keys.body.contains("\"d\""), "{keys:?}");
    assert_eq!(http.get("/readyz").await.status, 200);
    let people = http.get("/sign-in").await;
    assert!(people.status == 200 && people.body.contains("beleidsmedewerker"), "{people:?}");
    let letters = http.get("/preview").await;
    assert!(letters.status == 200 && letters.body.contains("href=\"/preview/poll-ask\""), "{letters:?}");
    let letter = http.get("/preview/invitation?language=en&large=1").await;
    assert!(letter.status == 200 && letter.body.contains("<html lang=\"en\">"), "{letter:?}");
    let policy = letter.header("content-security-policy");
    assert!(
        policy.contains("style-src 'unsafe-inline'") && policy.contains("default-src 'none'"),
        "{policy}"
    );
    assert_eq!(http.get("/preview/nothing").await.status, 404);
    let mut forged = secret;
    forged.pop();
    let connection = schakel_client::Connection::open(&schakel_client::Profile::new(&server, forged)).await;
    if let Ok(connection) = connection {
        assert!(connection.access().who_am_i(pb::WhoAmIRequest {}).await.is_err());
    }
}
