//! Who is let in, and how tokens live and die.

use chrono::TimeDelta;
use schakel_proto::v1::{self as pb, access_service_client::AccessServiceClient};
use schakel_tests::{TestServer, reason, violations};
use tonic::Code;

mod sessions;

#[tokio::test]
async fn the_first_administrator_is_known_by_its_token() {
    let server = TestServer::start().await;
    let mut access = AccessServiceClient::new(server.administrator());
    let me = access.who_am_i(pb::WhoAmIRequest {}).await.unwrap().into_inner();
    assert_eq!(me.display_name, "Bea Heer");
    assert_eq!(me.memberships[0].role, pb::Role::Beheerder as i32);
    assert_eq!(me.acting_for, server.founded.organisation.to_string());
}

#[tokio::test]
async fn whoever_brings_no_good_token_is_told_what_is_wrong_with_it() {
    let server = TestServer::start().await;
    for (headers, expected) in [
        (vec![], "MISSING_TOKEN"),
        (vec![("authorization", "Bearer nonsense")], "MALFORMED_TOKEN"),
        (vec![("authorization", "Basic abc")], "MALFORMED_TOKEN"),
        (
            vec![("authorization", "Bearer ska_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA_99e5f1a4")],
            "MALFORMED_TOKEN",
        ),
    ] {
        let mut access = AccessServiceClient::new(server.with_headers(&headers));
        let refused = access.who_am_i(pb::WhoAmIRequest {}).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unauthenticated, expected));
    }
}

#[tokio::test]
async fn a_token_is_told_once_and_dies_when_it_is_revoked_or_expires() {
    let server = TestServer::start().await;
    let mut access = AccessServiceClient::new(server.administrator());
    let ask = pb::CreateTokenRequest {
        display_name: "leerlingsysteem".into(),
        valid_days: 2,
        request_id: server.request_id(),
    };
    let first = access.create_token(ask.clone()).await.unwrap().into_inner();
    let again = access.create_token(ask.clone()).await.unwrap().into_inner();
    assert_eq!(first, again, "the same request has one effect");
    let mut reused = ask;
    reused.valid_days = 3;
    assert_eq!(reason(&access.create_token(reused).await.unwrap_err()), "REQUEST_ID_REUSED");

    let mut program = AccessServiceClient::new(server.bearing(&first.secret));
    assert!(program.who_am_i(pb::WhoAmIRequest {}).await.is_ok());
    server.clock.advance(TimeDelta::days(2));
    assert_eq!(reason(&program.who_am_i(pb::WhoAmIRequest {}).await.unwrap_err()), "TOKEN_INVALID");
    server.clock.advance(-TimeDelta::days(1));
    assert!(program.who_am_i(pb::WhoAmIRequest {}).await.is_ok());

    let name = first.token.unwrap().name;
    access.revoke_token(pb::RevokeTokenRequest { name, request_id: server.request_id() }).await.unwrap();
    assert_eq!(reason(&program.who_am_i(pb::WhoAmIRequest {}).await.unwrap_err()), "TOKEN_INVALID");
}

#[tokio::test]
async fn every_bad_field_is_named_at_once() {
    let server = TestServer::start().await;
    let mut access = AccessServiceClient::new(server.administrator());
    let bad = pb::CreateTokenRequest {
        display_name: "a\u{202e}b".into(),
        valid_days: -1,
        request_id: String::new(),
    };
    let refused = access.create_token(bad).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert_eq!(
        violations(&refused),
        ["request_id: REQUEST_ID_REQUIRED", "display_name: TEXT_CONTROL_CHARS", "valid_days: FIELD_INVALID"]
    );
}
