//! Requests about accounts, consent, the log and rights.

use prost::Message;
use schakel_proto::v1 as pb;

use super::{Row, none, text};
use crate::matrix::world::{Things, World};

rows! { |w, t| {
    plain "AccessService.WhoAmI" => pb::WhoAmIRequest {};
    plain "AccessService.CreateToken" => pb::CreateTokenRequest::default();
    plain "AccessService.ListTokens" => pb::ListTokensRequest::default();
    plain "AccessService.RevokeToken" => pb::RevokeTokenRequest {
        name: format!("tokens/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    plain "AccessService.ListSessions" => pb::ListSessionsRequest::default();
    plain "AccessService.EndSession" => pb::EndSessionRequest {
        name: none("sessions"),
        request_id: w.server.request_id(),
    };
    plain "AccessService.EndOtherSessions" =>
        pb::EndOtherSessionsRequest { request_id: w.server.request_id() };
    plain "AccessService.EndPersonSessions" => pb::EndPersonSessionsRequest {
        person: w.register.person.clone(),
        request_id: w.server.request_id(),
    };
    plain "AccessService.BindLogin" => pb::BindLoginRequest::default();
    plain "AccessService.ListLogins" =>
        pb::ListLoginsRequest { person: w.register.person.clone(), ..Default::default() };
    plain "AccessService.RemoveLogin" => pb::RemoveLoginRequest {
        name: w.register.programs.login.clone(),
        request_id: w.server.request_id(),
    };
    plain "AccessService.CreateSystemClient" => pb::CreateSystemClientRequest::default();
    plain "AccessService.ListSystemClients" => pb::ListSystemClientsRequest::default();
    plain "AccessService.UpdateSystemClient" => pb::UpdateSystemClientRequest {
        update_mask: Some(prost_types::FieldMask { paths: vec![text("disabled")] }),
        ..changed!(UpdateSystemClientRequest, system_client: SystemClient, w, w.register.programs.client)
    };
    plain "AccessService.CreateSystemToken" => pb::CreateSystemTokenRequest::default();
    plain "AccessService.ListSystemTokens" => pb::ListSystemTokensRequest {
        system_client: w.register.programs.client.clone(),
        ..Default::default()
    };
    plain "AccessService.RevokeSystemToken" => pb::RevokeSystemTokenRequest {
        name: w.register.programs.token.clone(),
        request_id: w.server.request_id(),
    };
    plain "SubscriptionService.CreateSubscription" => pb::CreateSubscriptionRequest::default();
    plain "SubscriptionService.ListSubscriptions" => pb::ListSubscriptionsRequest::default();
    plain "SubscriptionService.RotateSubscriptionSecret" => pb::RotateSubscriptionSecretRequest {
        name: none("subscriptions"),
        request_id: w.server.request_id(),
    };
    plain "SubscriptionService.DeleteSubscription" => pb::DeleteSubscriptionRequest {
        name: none("subscriptions"),
        request_id: w.server.request_id(),
    };
    plain "SubscriptionService.TestSubscription" => pb::TestSubscriptionRequest {
        name: none("subscriptions"),
        request_id: w.server.request_id(),
    };
    case "AccessService.StartEmergency" => pb::StartEmergencyRequest {
        case: t.case.name.clone(),
        reason: text("Het kind is sinds vanmorgen spoorloos."),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    plain "AccessService.EndEmergency" => pb::EndEmergencyRequest {
        name: format!("emergencies/{}", uuid::Uuid::from_u128(7)),
        request_id: w.server.request_id(),
    };
    plain "AccessService.ListEmergencies" => pb::ListEmergenciesRequest::default();
    case "AuditService.WhoSaw" => pb::WhoSawRequest { case: t.case.name.clone(), ..Default::default() };
    plain "AuditService.ListAuditLines" =>
        pb::ListAuditLinesRequest { subject: w.register.person.clone(), ..Default::default() };
    case "ConsentService.RecordConsent" => pb::RecordConsentRequest {
        consent: Some(pb::Consent {
            case: t.case.name.clone(),
            purpose: text("zorgtoeleiding"),
            gives: vec![pb::consent::Party { role: pb::Role::Iber.into(), ..Default::default() }],
            receives: vec![pb::consent::Party { role: pb::Role::Smw.into(), ..Default::default() }],
            classes: vec![pb::DataClass::K2.into()],
            expire_date: text("2027-01-31"),
            ..Default::default()
        }),
        request_id: w.server.request_id(),
    };
    case "ConsentService.WithdrawConsent" => pb::WithdrawConsentRequest {
        name: t.consent.clone(),
        etag: w.etag("1"),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "ConsentService.GetConsent" => named!(GetConsentRequest, t.consent);
    case "ConsentService.ListConsents" =>
        pb::ListConsentsRequest { case: t.case.name.clone(), ..Default::default() };
    case "PrivacyService.FindSubject" =>
        pb::FindSubjectRequest { reference: t.case.reference.clone(), ..Default::default() };
    case "PrivacyService.GetCaseRights" => named!(GetCaseRightsRequest, t.case.name);
    case "PrivacyService.RestrictCase" => pb::RestrictCaseRequest {
        name: t.case.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "PrivacyService.LiftRestriction" => pb::LiftRestrictionRequest {
        name: t.case.name.clone(),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "PrivacyService.SetLegalHold" => pb::SetLegalHoldRequest {
        case: t.case.name.clone(),
        reason: text("Er loopt een klacht."),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.LiftLegalHold" => pb::LiftLegalHoldRequest {
        case: t.case.name.clone(),
        name: t.rights.lifted.clone(),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.ExportSubject" => pb::ExportSubjectRequest {
        case: t.case.name.clone(),
        format: pb::export_subject_request::Format::Json.into(),
        ..Default::default()
    };
    case "PrivacyService.RectifySubject" => pb::RectifySubjectRequest {
        case: t.case.name.clone(),
        person: t.case.child.clone().unwrap().person,
        statement: text("Het was geen maandag."),
        asked_by: pb::Requester::Parent.into(),
        reason: text("Op verzoek."),
        request_id: w.server.request_id(),
        ..Default::default()
    };
    case "PrivacyService.ProposeErasure" => pb::ProposeErasureRequest {
        case: t.case.name.clone(),
        ground: pb::ErasureGround::Unlawful.into(),
        asked_by: pb::Requester::Parent.into(),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.ApproveErasure" => pb::ApproveErasureRequest {
        name: t.rights.destruction.clone(),
        request_id: w.server.request_id(),
    };
    plain "PrivacyService.GetRetentionProfile" => pb::GetRetentionProfileRequest {};
    plain "PrivacyService.SetRetentionProfile" => pb::SetRetentionProfileRequest {
        profile: Some(pb::RetentionProfile { etag: text("7"), ..w.register.programs.terms.clone() }),
        request_id: w.server.request_id(),
    };
    plain "PrivacyService.PlanRetention" => pb::PlanRetentionRequest { request_id: w.server.request_id() };
    plain "PrivacyService.ApproveRetention" => pb::ApproveRetentionRequest {
        name: t.rights.destruction.clone(),
        request_id: w.server.request_id(),
    };
    case "PrivacyService.GetDestruction" => named!(GetDestructionRequest, t.rights.destruction);
    plain "PrivacyService.ListDestructions" => pb::ListDestructionsRequest::default();
    plain "PrivacyService.VerifyStatement" => pb::VerifyStatementRequest { statement: text("{}") };
}}
