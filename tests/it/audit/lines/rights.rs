//! Calls about consent, emergencies, logins, systems and the rights of people, made once each.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, access_service_client::AccessServiceClient, agenda_service_client::AgendaServiceClient,
    consent_service_client::ConsentServiceClient, privacy_service_client::PrivacyServiceClient,
    subscription_service_client::SubscriptionServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};

use super::{Story, absent, stamp};

fn id(story: &Story) -> String {
    story.scene.server.request_id()
}

pub(super) async fn consents(story: &mut Story, case: &pb::Case) {
    let mut iber = ConsentServiceClient::new(story.scene.iber.1.clone());
    let party = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
    let signed = |parent: &pb::case::Parent| pb::consent::Signature {
        person: parent.person.clone(),
        date: "2026-11-23".into(),
    };
    let consent = pb::Consent {
        case: case.name.clone(),
        purpose: "terugkeer_school".into(),
        gives: vec![party(pb::Role::Iber)],
        receives: vec![party(pb::Role::Smw)],
        classes: vec![pb::DataClass::K2.into()],
        expire_date: "2027-05-31".into(),
        signatures: case.parents.iter().map(signed).collect(),
        ..pb::Consent::default()
    };
    let record = pb::RecordConsentRequest { consent: Some(consent), request_id: id(story) };
    let consent = call!(story: iber.record_consent(record) => "RecordConsent");
    let name = consent.name.clone();
    call!(story: iber.get_consent(pb::GetConsentRequest { name: name.clone() }) => "GetConsent");
    let list = pb::ListConsentsRequest { case: case.name.clone(), ..Default::default() };
    call!(story: iber.list_consents(list) => "ListConsents");
    let withdraw = pb::WithdrawConsentRequest {
        name,
        etag: consent.etag,
        request_id: id(story),
        ..pb::WithdrawConsentRequest::default()
    };
    call!(story: iber.withdraw_consent(withdraw) => "WithdrawConsent");
}

pub(super) async fn emergency(story: &mut Story, case: &pb::Case) {
    let mut smw = AccessServiceClient::new(story.scene.smw.1.clone());
    let start = pb::StartEmergencyRequest {
        case: case.name.clone(),
        reason: "Er is vannacht iets gebeurd, wie kan ik bellen?".into(),
        duration: None,
        request_id: id(story),
    };
    let name = call!(story: smw.start_emergency(start) => "StartEmergency").name;
    call!(story: smw.end_emergency(pb::EndEmergencyRequest { name, request_id: id(story) }) => "EndEmergency");
    let swv = story.scene.server.founded.organisation;
    let mut fg = AccessServiceClient::new(story.scene.server.person(Role::Fg, swv).await.1);
    call!(story: fg.list_emergencies(pb::ListEmergenciesRequest::default()) => "ListEmergencies");
}

pub(super) async fn credentials(story: &mut Story) {
    let mut access = AccessServiceClient::new(story.scene.server.administrator());
    let client = pb::SystemClient {
        organisation: story.scene.server.founded.organisation.to_string(),
        display_name: "Leerlingsysteem".into(),
        scopes: vec!["READ_DIRECTORY".into()],
        ..pb::SystemClient::default()
    };
    let create = pb::CreateSystemClientRequest { system_client: Some(client), request_id: id(story) };
    let client = call!(story: access.create_system_client(create) => "CreateSystemClient");
    let system_client = client.name.clone();
    call!(story: access.list_system_clients(pb::ListSystemClientsRequest::default()) => "ListSystemClients");
    let create = pb::CreateSystemTokenRequest {
        system_client: system_client.clone(),
        display_name: "nachtelijk".into(),
        valid_days: 1,
        request_id: id(story),
    };
    let token = call!(story: access.create_system_token(create) => "CreateSystemToken").token.unwrap();
    let list = pb::ListSystemTokensRequest { system_client: system_client.clone(), ..Default::default() };
    call!(story: access.list_system_tokens(list) => "ListSystemTokens");
    let revoke = pb::RevokeSystemTokenRequest { name: token.name, request_id: id(story) };
    call!(story: access.revoke_system_token(revoke) => "RevokeSystemToken");
    let update = pb::UpdateSystemClientRequest {
        system_client: Some(pb::SystemClient { disabled: true, ..client }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["disabled".into()] }),
        request_id: id(story),
    };
    call!(story: access.update_system_client(update) => "UpdateSystemClient");
    let mut told = SubscriptionServiceClient::new(story.scene.server.administrator());
    let address = "https://lvs.example/schakel".to_owned();
    let create = pb::CreateSubscriptionRequest { address, kinds: Vec::new(), request_id: id(story) };
    let made = call!(story: told.create_subscription(create) => "CreateSubscription");
    let name = made.subscription.unwrap().name;
    let list = pb::ListSubscriptionsRequest::default();
    call!(story: told.list_subscriptions(list) => "ListSubscriptions");
    let rotate = pb::RotateSubscriptionSecretRequest { name: name.clone(), request_id: id(story) };
    call!(story: told.rotate_subscription_secret(rotate) => "RotateSubscriptionSecret");
    let test = pb::TestSubscriptionRequest { name: name.clone(), request_id: id(story) };
    call!(story: told.test_subscription(test) => "TestSubscription");
    let delete = pb::DeleteSubscriptionRequest { name, request_id: id(story) };
    call!(story: told.delete_subscription(delete) => "DeleteSubscription");
}

/// A child's rights, to the end of all that is kept.
pub(super) async fn rights(story: &mut Story, case: &pb::Case) {
    let swv = story.scene.server.founded.organisation;
    let mut fg = PrivacyServiceClient::new(story.scene.server.person(Role::Fg, swv).await.1);
    let mut other = PrivacyServiceClient::new(story.scene.server.person(Role::Fg, swv).await.1);
    let child = case.child.clone().unwrap();
    let find = pb::FindSubjectRequest {
        display_name: child.display_name,
        birth_date: child.birth_date,
        ..Default::default()
    };
    call!(story: fg.find_subject(find) => "FindSubject");
    let name = case.name.clone();
    call!(story: fg.get_case_rights(pb::GetCaseRightsRequest { name: name.clone() }) => "GetCaseRights");
    let restrict = pb::RestrictCaseRequest {
        name: name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        note: "De datum wordt betwist.".into(),
        cancel_meetings: false,
        request_id: id(story),
    };
    call!(story: fg.restrict_case(restrict) => "RestrictCase");
    let lift =
        pb::LiftRestrictionRequest { name: name.clone(), note: "Uitgezocht.".into(), request_id: id(story) };
    call!(story: fg.lift_restriction(lift) => "LiftRestriction");
    let hold = pb::SetLegalHoldRequest {
        case: name.clone(),
        reason: "Er loopt een bezwaar.".into(),
        request_id: id(story),
    };
    let rights = call!(story: fg.set_legal_hold(hold) => "SetLegalHold");
    let lift = pb::LiftLegalHoldRequest {
        case: name.clone(),
        name: rights.legal_holds[0].name.clone(),
        request_id: id(story),
    };
    call!(story: fg.lift_legal_hold(lift) => "LiftLegalHold");
    let rectify = pb::RectifySubjectRequest {
        case: name.clone(),
        person: child.person,
        facts: Some(pb::PersonFacts { display_name: "Noortje Voorbeeld".into(), ..Default::default() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["display_name".into()] }),
        asked_by: pb::Requester::Parent.into(),
        reason: "Zo heet zij.".into(),
        request_id: id(story),
        ..Default::default()
    };
    call!(story: fg.rectify_subject(rectify) => "RectifySubject");
    let export = pb::ExportSubjectRequest {
        case: name.clone(),
        format: pb::export_subject_request::Format::Json.into(),
        ..Default::default()
    };
    let mut pieces = call!(story: fg.export_subject(export) => "ExportSubject");
    assert!(pieces.message().await.unwrap().is_some());
    let propose = pb::ProposeErasureRequest {
        case: name,
        ground: pb::ErasureGround::Order.into(),
        asked_by: pb::Requester::Parent.into(),
        request_id: id(story),
    };
    let proposed = call!(story: fg.propose_erasure(propose) => "ProposeErasure");
    let approve = pb::ApproveErasureRequest { name: proposed.name.clone(), request_id: id(story) };
    let done = call!(story: other.approve_erasure(approve) => "ApproveErasure");
    call!(story: fg.get_destruction(pb::GetDestructionRequest { name: done.name }) => "GetDestruction");
    call!(story: fg.list_destructions(pb::ListDestructionsRequest::default()) => "ListDestructions");
    retention(story).await;
}

/// A case that was closed before its terms ended.
async fn long_closed(story: &mut Story) {
    let swv = story.scene.server.founded.organisation;
    let keeper = story.scene.server.person(Role::Thuiszitterscoordinator, swv).await.1;
    let mut keeper = ThuiszitterServiceClient::new(keeper);
    let mut iber = ThuiszitterServiceClient::new(story.scene.iber.1.clone());
    let asked = pb::OpenCaseRequest {
        case: Some(absent(story.scene.school)),
        request_id: id(story),
        ..Default::default()
    };
    let case = call!(story: iber.open_case(asked) => "OpenCase");
    let ending = pb::CloseCaseRequest {
        name: case.name,
        outcome: pb::CaseOutcome::TerugEigenSchool.into(),
        outcome_date: "2026-11-23".into(),
        note: "Weer op school.".into(),
        etag: case.etag,
        request_id: id(story),
        ..pb::CloseCaseRequest::default()
    };
    call!(story: keeper.close_case(ending) => "CloseCase");
    story.scene.server.clock.advance(TimeDelta::days(21 * 366));
}

async fn retention(story: &mut Story) {
    long_closed(story).await;
    let swv = story.scene.server.founded.organisation;
    let mut fg = PrivacyServiceClient::new(story.scene.server.person(Role::Fg, swv).await.1);
    let mut other = PrivacyServiceClient::new(story.scene.server.person(Role::Fg, swv).await.1);
    let mut profile =
        call!(story: fg.get_retention_profile(pb::GetRetentionProfileRequest {}) => "GetRetentionProfile");
    let leerplicht = |term: &&mut pb::RetentionTerm| term.class() == pb::RetentionClass::Leerplicht;
    profile.terms.iter_mut().find(leerplicht).unwrap().years = 7;
    let set = pb::SetRetentionProfileRequest { profile: Some(profile), request_id: id(story) };
    call!(story: fg.set_retention_profile(set) => "SetRetentionProfile");
    let planned = call!(story: fg.plan_retention(pb::PlanRetentionRequest { request_id: id(story) }) => "PlanRetention");
    let approve = pb::ApproveRetentionRequest { name: planned.name, request_id: id(story) };
    let done = call!(story: other.approve_retention(approve) => "ApproveRetention");
    let statement = pb::VerifyStatementRequest { statement: done.statement };
    call!(story: fg.verify_statement(statement) => "VerifyStatement");
}

/// What calendars are kept free for; each writes one line.
pub(super) async fn agenda(story: &mut Story) {
    let id = |story: &Story| story.scene.server.request_id();
    let mut agenda = AgendaServiceClient::new(story.scene.iber.1.clone());
    let ask = pb::HoldSlotRequest {
        persons: vec![story.scene.iber.0.to_string()],
        start_time: Some(stamp(story.scene.later(400))),
        duration: Some(prost_types::Duration { seconds: 3600, nanos: 0 }),
        place: pb::consultation::Place::Online.into(),
        request_id: id(story),
        ..Default::default()
    };
    let held = call!(story: agenda.hold_slot(ask) => "HoldSlot");
    call!(story: agenda.list_holds(pb::ListHoldsRequest::default()) => "ListHolds");
    let ask = pb::ReleaseHoldRequest { name: held.name, request_id: id(story) };
    call!(story: agenda.release_hold(ask) => "ReleaseHold");
    let mut keeper = AgendaServiceClient::new(story.scene.server.administrator());
    let travel = call!(story: keeper.get_travel(pb::GetTravelRequest {}) => "GetTravel");
    let ask = pb::SetTravelRequest {
        travel: Some(pb::Travel { usual_minutes: 25, ..travel }),
        request_id: id(story),
    };
    call!(story: keeper.set_travel(ask) => "SetTravel");
}
