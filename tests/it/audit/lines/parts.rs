//! Calls about what came of a meeting, its parts, and the kinds, made once each.

use chrono::TimeDelta;
use schakel_domain::access::Role;
use schakel_proto::v1::{
    self as pb, kind_service_client::KindServiceClient, mail_profile_service_client::MailProfileServiceClient,
};
use schakel_tests::seed_meetings::seat;

use super::{Story, rows};

/// What came of a meeting, an hour after it.
pub(super) async fn outcome(story: &mut Story) {
    let mut iber = story.scene.meetings();
    let booking = story.scene.booking(story.scene.mdo(story.scene.later(24)));
    let booked = call!(story: iber.book_consultation(booking) => "BookConsultation");
    story.scene.server.clock.advance(TimeDelta::hours(26));
    let parent = story.scene.family.parents[0].to_string();
    let outcome = pb::Outcome {
        attended: vec![story.scene.iber.0.to_string(), story.scene.smw.0.to_string(), parent.clone()],
        child_heard: pb::outcome::ChildHeard::Directly.into(),
        child_heard_note: "Noor vertelde wat haar helpt.".into(),
        jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::Nee.into(),
        jgt_decided_with: vec![parent],
        summary: "Opbouw met twee ochtenden.".into(),
        actions: vec![pb::outcome::Action {
            text: "Rooster maken".into(),
            owner: story.scene.iber.0.to_string(),
            due_date: "2026-12-01".into(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let ask = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(outcome),
        etag: booked.etag,
        request_id: story.scene.server.request_id(),
    };
    call!(story: iber.record_outcome(ask) => "RecordOutcome");
    super::register::actions(story).await;
}

/// A child at a school social worker's hours.
pub(super) async fn parts(story: &mut Story) {
    let mut iber = story.scene.meetings();
    let family = story.scene.server.family(story.scene.school).await;
    let block = pb::Consultation {
        kind: pb::consultation::Kind::SmwBlok.into(),
        case: String::new(),
        school: story.scene.school.to_string(),
        participants: vec![seat(story.scene.iber.0, pb::Role::Iber), seat(story.scene.smw.0, pb::Role::Smw)],
        ..story.scene.mdo(story.scene.later(120))
    };
    let booked = iber.book_consultation(story.scene.booking(block)).await.unwrap().into_inner();
    story.seen = rows(&story.scene.server).await.len();
    let part = pb::consultation::Part {
        case: family.case.to_string(),
        duration: Some(prost_types::Duration { seconds: 1200, nanos: 0 }),
        participants: vec![seat(family.parents[0], pb::Role::Ouder)],
        ..Default::default()
    };
    let update = pb::UpdatePartsRequest {
        name: booked.name,
        parts: vec![part],
        etag: booked.etag,
        request_id: story.scene.server.request_id(),
    };
    call!(story: iber.update_parts(update) => "UpdateParts");
}

/// A kind as the region wants it.
pub(super) async fn kinds(story: &mut Story) {
    let server = &story.scene.server;
    let (_, keeper) = server.person(Role::Beheerder, server.founded.organisation).await;
    let mut kinds = KindServiceClient::new(keeper.clone());
    let mdo: i32 = pb::consultation::Kind::Mdo.into();
    call!(story: kinds.list_kinds(pb::ListKindsRequest::default()) => "ListKinds");
    let get = pb::GetKindRequest { kind: mdo, ..Default::default() };
    let rules = call!(story: kinds.get_kind(get) => "GetKind");
    let update = pb::UpdateKindRequest {
        kind: Some(pb::KindRules { quorum: 3, ..rules }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["quorum".into()] }),
        valid_from: "2027-01-01".into(),
        request_id: story.scene.server.request_id(),
    };
    call!(story: kinds.update_kind(update) => "UpdateKind");
    let mut mail = MailProfileServiceClient::new(keeper);
    let profile = call!(story: mail.get_mail_profile(pb::GetMailProfileRequest {}) => "GetMailProfile");
    let request_id = story.scene.server.request_id();
    let set = pb::SetMailProfileRequest { mail_profile: Some(profile), request_id };
    call!(story: mail.set_mail_profile(set) => "SetMailProfile");
    let wishes = call!(story: mail.get_mail_wishes(pb::GetMailWishesRequest {}) => "GetMailWishes");
    let request_id = story.scene.server.request_id();
    let set = pb::SetMailWishesRequest { mail_wishes: Some(wishes), request_id };
    call!(story: mail.set_mail_wishes(set) => "SetMailWishes");
}
