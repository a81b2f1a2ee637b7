//! Tokens of an identity provider: which are believed, and what is told of those that are not.

use chrono::TimeDelta;
use ring::hmac;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::settings::{Algorithm, AuthSettings};
use schakel_tests::{reason, violations};
use serde_json::{Value, json};
use tonic::{Code, Request};

use super::{
    SUBJECT, SignedIn, bind,
    provider::{Provider, Signer, but, unsigned},
};

fn unauthenticated(reason: &str) -> (Code, String) {
    (Code::Unauthenticated, reason.to_owned())
}

#[tokio::test]
async fn x11_a_person_signs_in_at_an_identity_provider_and_is_known_by_its_login() {
    let at = SignedIn::start().await;
    let me = at.who_am_i(&at.token()).await.unwrap();
    assert_eq!(me.person, at.scene.iber.0.to_string());
    assert_eq!(me.memberships[0].role, pb::Role::Iber as i32);
    let stranger = at.signer.token(&at.claims("somebody-else"));
    assert_eq!(at.refused(&stranger).await, (Code::PermissionDenied, "ACCOUNT_DISABLED".into()));
    let named = but(&at.claims("somebody-else"), json!({"email": "iber@school.example", "roles": ["IBER"]}));
    assert_eq!(at.refused(&at.signer.token(&named)).await.1, "ACCOUNT_DISABLED", "never by address or claim");
}

#[tokio::test]
async fn every_way_of_signing_that_is_allowed_is_checked() {
    let at = SignedIn::start().await;
    let signers = [
        Signer::ed25519("a"),
        Signer::p256("b"),
        Signer::rsa("c", Algorithm::RS256),
        Signer::rsa("d", Algorithm::PS256),
    ];
    at.provider.publish(&signers.iter().collect::<Vec<_>>());
    for signer in &signers {
        let token = signer.token(&at.claims(SUBJECT));
        at.who_am_i(&token).await.unwrap();
        let (message, signature) = token.rsplit_once('.').unwrap();
        let last = if signature.starts_with('A') { "B" } else { "A" };
        let forged = format!("{message}.{last}{}", &signature[1..]);
        assert_eq!(at.refused(&forged).await, unauthenticated("TOKEN_INVALID"), "{}", signer.kid);
    }
    let mixed = signers[0].token_with(&json!({"alg": "ES256", "kid": "a"}), &at.claims(SUBJECT));
    assert_eq!(at.refused(&mixed).await.1, "TOKEN_KEY_UNKNOWN", "a key signs in its own way only");
}

#[tokio::test]
async fn r02_two_tokens_and_a_token_in_the_address_are_malformed() {
    let at = SignedIn::start().await;
    let mut request = Request::new(pb::WhoAmIRequest {});
    let bearer = format!("Bearer {}", at.token());
    request.metadata_mut().append("authorization", bearer.parse().unwrap());
    request.metadata_mut().append("authorization", bearer.parse().unwrap());
    let mut access = AccessServiceClient::new(at.server().with_headers(&[]));
    assert_eq!(reason(&access.who_am_i(request).await.unwrap_err()), "MALFORMED_TOKEN");

    let path = format!("/schakel.v1.AccessService/WhoAmI?access_token={}", at.token());
    let headers = [("content-type", "application/grpc-web+proto"), ("authorization", bearer.as_str())];
    let answer = at.server().http().await.send("POST", &path, &headers, "\0\0\0\0\0").await;
    assert_eq!(answer.header("grpc-status"), "16", "{answer:?}");
}

#[tokio::test]
async fn r03_a_token_that_nobody_signed_or_anybody_could_is_refused() {
    let at = SignedIn::start_with(|mut auth| {
        auth.issuer[0].algorithms.retain(|algorithm| *algorithm != Algorithm::ES256);
        auth
    })
    .await;
    let (claims, refused) = (at.claims(SUBJECT), unauthenticated("TOKEN_ALG_NOT_ALLOWED"));
    for alg in ["none", "None", "nOnE"] {
        let token = format!("{}.", unsigned(&json!({"alg": alg, "kid": "k1"}), &claims));
        assert_eq!(at.refused(&token).await, refused);
    }
    // The published key as a shared secret, in the forms that a confused library would take.
    let published = at.signer.published();
    for secret in [published.to_string(), published["x"].as_str().unwrap().to_owned()] {
        let message = unsigned(&json!({"alg": "HS256", "kid": "k1", "typ": "JWT"}), &claims);
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let tag = hmac::sign(&key, message.as_bytes());
        let tag = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, tag.as_ref());
        assert_eq!(at.refused(&format!("{message}.{tag}")).await, refused);
    }
    assert_eq!(at.refused(&Signer::p256("k1").token(&claims)).await, refused, "not of this provider's");
}

#[tokio::test]
async fn r04_a_token_whose_time_is_over_or_makes_no_sense_is_refused() {
    let at = SignedIn::start().await;
    let now = at.server().app.now().timestamp();
    let claims = at.claims(SUBJECT);
    let sign = |changes: Value| at.signer.token(&but(&claims, changes));
    at.who_am_i(&sign(json!({"iat": now - 600, "exp": now - 29}))).await.unwrap();
    let late = sign(json!({"iat": now - 600, "exp": now - 31}));
    assert_eq!(at.refused(&late).await, unauthenticated("TOKEN_EXPIRED"));
    for (changes, claim) in [
        (json!({"exp": "9999999999"}), "exp"),
        (json!({"exp": null}), "exp"),
        (json!({"exp": -1}), "exp"),
        (json!({"exp": 1e300}), "exp"),
        (json!({"exp": now + 10 * 365 * 86400}), "exp"),
        (json!({"exp": now + 3601}), "exp"),
        (json!({"exp": now, "iat": now}), "exp"),
        (json!({"iat": null}), "iat"),
        (json!({"iat": "now"}), "iat"),
        (json!({"iat": now + 31, "exp": now + 600}), "iat"),
        (json!({"nbf": now + 31}), "nbf"),
        (json!({"nbf": true}), "nbf"),
        (json!({"sub": null}), "sub"),
        (json!({"sub": 7}), "sub"),
        (json!({"sub": ""}), "sub"),
        (json!({"sub": "x".repeat(256)}), "sub"),
        (json!({"aud": null}), "aud"),
        (json!({"aud": 7}), "aud"),
        (json!({"aud": [7]}), "aud"),
        (json!({"iss": null}), "iss"),
        (json!({"iss": ["x"]}), "iss"),
        (json!({"acr": 3}), "acr"),
    ] {
        let refused = at.who_am_i(&sign(changes.clone())).await.unwrap_err();
        assert_eq!((refused.code(), reason(&refused)), unauthenticated("TOKEN_CLAIM_INVALID"), "{changes}");
        let details = tonic_types::StatusExt::get_details_error_info(&refused).unwrap();
        assert_eq!(details.metadata["claim"], claim, "{changes}");
    }
    at.who_am_i(&sign(json!({"iat": now + 29, "exp": now + 600, "nbf": now + 29}))).await.unwrap();
}

#[tokio::test]
async fn r05_a_token_for_others_or_by_others_is_refused_and_brings_no_key_of_its_own() {
    let at = SignedIn::start().await;
    let other = Provider::start(&[]).await;
    let claims = at.claims(SUBJECT);
    let sign = |changes: Value| at.signer.token(&but(&claims, changes));
    for (changes, expected) in [
        (json!({"aud": "https://other.example"}), "TOKEN_AUDIENCE"),
        (json!({"aud": ["https://other.example", "https://schakel.example/"]}), "TOKEN_AUDIENCE"),
        (json!({"aud": []}), "TOKEN_AUDIENCE"),
        (json!({"iss": "https://unknown.example"}), "TOKEN_ISSUER"),
        (json!({"iss": format!("{}/", at.provider.url)}), "TOKEN_ISSUER"),
        (json!({"iss": at.provider.url.to_uppercase()}), "TOKEN_ISSUER"),
    ] {
        assert_eq!(at.refused(&sign(changes.clone())).await, unauthenticated(expected), "{changes}");
    }
    at.who_am_i(&sign(json!({"aud": ["x", super::provider::AUDIENCE]}))).await.unwrap();
    let attacker = Signer::ed25519("theirs");
    let key = attacker.published();
    let address = format!("{}/jwks", other.url);
    for header in [
        json!({"alg": "EdDSA", "kid": "theirs"}),
        json!({"alg": "EdDSA"}),
        json!({"alg": "EdDSA", "kid": "theirs", "jku": address, "x5u": address}),
        json!({"alg": "EdDSA", "kid": "theirs", "jwk": key}),
    ] {
        let refused = at.refused(&attacker.token_with(&header, &claims)).await;
        assert_eq!(refused, unauthenticated("TOKEN_KEY_UNKNOWN"), "{header}");
    }
    let disguised = attacker.token_with(&json!({"alg": "EdDSA", "kid": "k1", "jwk": key}), &claims);
    assert_eq!(at.refused(&disguised).await, unauthenticated("TOKEN_INVALID"));
    assert_eq!(other.asked(), Vec::<String>::new(), "nobody else was asked");
}

#[tokio::test]
async fn a_token_of_another_kind_or_form_is_malformed() {
    let at = SignedIn::start().await;
    let claims = at.claims(SUBJECT);
    let good = at.token();
    let typed = |header: Value| at.signer.token_with(&header, &claims);
    for typ in ["JWT", "jwt", "application/at+jwt", "at+JWT"] {
        at.who_am_i(&typed(json!({"alg": "EdDSA", "kid": "k1", "typ": typ}))).await.unwrap();
    }
    at.who_am_i(&typed(json!({"alg": "EdDSA", "kid": "k1"}))).await.unwrap();
    for token in [
        typed(json!({"alg": "EdDSA", "kid": "k1", "typ": "dpop+jwt"})),
        typed(json!({"alg": "EdDSA", "kid": "k1", "crit": ["b64"], "b64": false})),
        typed(json!({"alg": 7, "kid": "k1"})),
        typed(json!(["EdDSA"])),
        good.replacen('.', "", 1),
        format!("{good}.x"),
        format!("{good}="),
        at.signer.token(&json!([1])),
        at.signer.token(&but(&claims, json!({"filling": "x".repeat(8192)}))),
        ".".into(),
        "..".into(),
        "a.b.c".into(),
    ] {
        assert_eq!(at.refused(&token).await, unauthenticated("MALFORMED_TOKEN"), "{token:.60}");
    }
}

#[tokio::test]
async fn r06_who_is_removed_or_has_left_is_refused_from_the_next_call_on() {
    let at = SignedIn::start().await;
    let token = at.token();
    at.who_am_i(&token).await.unwrap();
    let mut access = AccessServiceClient::new(at.server().administrator());
    let list = pb::ListLoginsRequest { person: at.scene.iber.0.to_string(), ..Default::default() };
    let login = access.list_logins(list.clone()).await.unwrap().into_inner().logins.remove(0);
    assert_eq!((login.subject.as_str(), login.remove_time), (SUBJECT, None));
    let remove = |request_id| pb::RemoveLoginRequest { name: login.name.clone(), request_id };
    access.remove_login(remove(at.server().request_id())).await.unwrap();
    let disabled = (Code::PermissionDenied, "ACCOUNT_DISABLED".to_owned());
    assert_eq!(at.refused(&token).await, disabled);
    access.remove_login(remove(at.server().request_id())).await.unwrap();
    assert!(access.list_logins(list).await.unwrap().into_inner().logins[0].remove_time.is_some());

    at.bind(SUBJECT, at.scene.iber.0).await.unwrap();
    at.who_am_i(&token).await.unwrap();
    let mut register = at.server().directory();
    let list = pb::ListAffiliationsRequest { person: at.scene.iber.0.to_string(), ..Default::default() };
    let held = register.list_affiliations(list).await.unwrap().into_inner().affiliations.remove(0);
    let end = pb::EndAffiliationRequest {
        name: held.name,
        valid_until: "2026-11-22".into(),
        etag: held.etag,
        request_id: at.server().request_id(),
    };
    register.end_affiliation(end).await.unwrap();
    assert_eq!(at.refused(&token).await, disabled);
}

#[tokio::test]
async fn r06_who_signed_in_weakly_sees_registers_and_no_child() {
    let at = SignedIn::start_with(|mut auth: AuthSettings| {
        auth.issuer[0].required_acr = vec!["loa3".into(), "loa4".into()];
        auth
    })
    .await;
    for (acr, strong) in [(json!(null), false), (json!("loa1"), false), (json!("loa3"), true)] {
        let token = at.signer.token(&but(&at.claims(SUBJECT), json!({"acr": acr})));
        at.who_am_i(&token).await.unwrap();
        let mut cases = ThuiszitterServiceClient::new(at.server().bearing(&token));
        let listed = cases.list_cases(pb::ListCasesRequest::default()).await;
        let Err(refused) = listed else {
            assert!(strong);
            continue;
        };
        assert!(!strong, "{refused:?}");
        assert_eq!((refused.code(), reason(&refused).as_str()), (Code::PermissionDenied, "STEP_UP_REQUIRED"));
        let details = tonic_types::StatusExt::get_details_error_info(&refused).unwrap();
        assert_eq!(details.metadata["acr"], "loa3 loa4");
    }
}

#[tokio::test]
async fn r08_a_token_that_is_bound_to_a_certificate_is_worth_nothing_without_it() {
    let at = SignedIn::start().await;
    for cnf in [json!({"x5t#S256": "A".repeat(43)}), json!({"jkt": "A".repeat(43)}), json!({}), json!("x")] {
        let token = at.signer.token(&but(&at.claims(SUBJECT), json!({"cnf": cnf})));
        assert_eq!(at.refused(&token).await, unauthenticated("TOKEN_BINDING"), "{cnf}");
    }
}

#[tokio::test]
async fn a_login_is_bound_by_another_and_never_passes_to_somebody_else() {
    let at = SignedIn::start().await;
    let server = at.server();
    let (second, second_channel) = server.person(Role::Beheerder, server.founded.organisation).await;
    let own = server.founded.administrator;
    let not_allowed = (Code::PermissionDenied, "ACTION_NOT_ALLOWED".to_owned());
    let told = |status: tonic::Status| (status.code(), reason(&status));
    assert_eq!(told(at.bind("admin", own).await.unwrap_err()), not_allowed, "not one's own");
    let issuer = &at.provider.url;
    let login = bind(server, second_channel, issuer, "admin", &own.to_string()).await.unwrap();
    let mut access = AccessServiceClient::new(server.administrator());
    let remove = pb::RemoveLoginRequest { name: login.name, request_id: server.request_id() };
    assert_eq!(told(access.remove_login(remove).await.unwrap_err()), not_allowed, "nor removed");

    at.bind(SUBJECT, at.scene.iber.0).await.unwrap();
    for subject in [SUBJECT, "admin"] {
        let taken = at.bind(subject, second).await.unwrap_err();
        assert_eq!(told(taken), (Code::FailedPrecondition, "ALREADY_EXISTS".into()));
    }
    let by_iber = bind(server, at.scene.iber.1.clone(), issuer, "x", &second.to_string()).await;
    assert_eq!(told(by_iber.unwrap_err()), not_allowed);
    let stranger = format!("persons/{}", server.app.ids.next(server.app.now()));
    let nobody = bind(server, server.administrator(), issuer, "y", &stranger).await.unwrap_err();
    assert_eq!(told(nobody).1, "PERSON_NOT_FOUND");
    let parent = at.scene.family.parents[0];
    assert_eq!(told(at.bind("y", parent).await.unwrap_err()).1, "PERSON_NOT_FOUND", "professionals only");
    let missing = pb::RemoveLoginRequest {
        name: format!("logins/{}", server.app.ids.next(server.app.now())),
        request_id: server.request_id(),
    };
    assert_eq!(told(access.remove_login(missing).await.unwrap_err()).1, "LOGIN_NOT_FOUND");

    let bad = pb::BindLoginRequest {
        login: Some(pb::Login {
            issuer: "https://unknown.example".into(),
            subject: "a\u{7f}".into(),
            person: second.to_string(),
            system_client: "systemClients/x".into(),
            ..pb::Login::default()
        }),
        request_id: String::new(),
    };
    let refused = access.bind_login(bad).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "request_id: REQUEST_ID_REQUIRED",
            "login.issuer: FIELD_INVALID",
            "login.subject: TEXT_CONTROL_CHARS",
            "person: FIELD_INVALID"
        ]
    );
}

#[tokio::test]
async fn the_day_of_the_last_use_of_a_token_is_kept() {
    let at = SignedIn::start().await;
    let mut access = AccessServiceClient::new(at.scene.iber.1.clone());
    let token = |listed: pb::ListTokensResponse| listed.tokens[0].last_use_date.clone();
    for (days, expected) in [(1, "2026-11-24"), (3, "2026-11-27")] {
        at.server().clock.advance(TimeDelta::days(days));
        access.who_am_i(pb::WhoAmIRequest {}).await.unwrap();
        let listed = access.list_tokens(pb::ListTokensRequest::default()).await.unwrap().into_inner();
        assert_eq!(token(listed), expected);
    }
}
