//! Organisations beside schools and teams, and what their people may do.

use schakel_proto::v1::{self as pb, thuiszitter_service_client::ThuiszitterServiceClient};
use schakel_tests::{
    reason,
    seed_meetings::{Scene, seat},
    violations,
};
use tonic::Code;

use super::{Region, create, meetings, partner};

#[tokio::test]
async fn c08_a_partner_has_only_the_roles_that_fit_and_sees_what_it_is_invited_to() {
    use pb::organisation::Kind;
    let region = Region::start().await;
    let creche = partner(&region, Kind::Kinderopvang, "KO1").await;
    assert_eq!((creche.etag.as_str(), creche.valid_from.as_str()), ("1", "2026-11-23"));
    let get = pb::GetOrganisationRequest { name: creche.name.clone() };
    let known = region.server.directory().get_organisation(get).await.unwrap().into_inner();
    assert_eq!(known, creche);
    let list = pb::ListOrganisationsRequest { kind: Kind::Kinderopvang.into(), ..Default::default() };
    let listed = region.server.directory().list_organisations(list).await.unwrap().into_inner();
    assert_eq!(listed.organisations, std::slice::from_ref(&creche));

    let carer = region.somebody("PM1", &creche.name, pb::Role::PedagogischMedewerker).await;
    let keeper = pb::Affiliation {
        person: carer.name.clone(),
        organisation: creche.name.clone(),
        role: pb::Role::Thuiszitterscoordinator.into(),
        ..Default::default()
    };
    let refused = create!(region.server, create_affiliation CreateAffiliationRequest { affiliation: keeper })
        .unwrap_err();
    assert_eq!(violations(&refused), ["affiliation.role: FIELD_INVALID"]);
    let school = pb::Organisation {
        kind: Kind::School.into(),
        code: "90ZZ00".into(),
        display_name: "School".into(),
        ..Default::default()
    };
    let refused =
        create!(region.server, create_organisation CreateOrganisationRequest { organisation: school })
            .unwrap_err();
    assert_eq!(violations(&refused), ["organisation.kind: FIELD_INVALID"]);

    let (case, _) = region.case().await;
    let mut cases = ThuiszitterServiceClient::new(region.acting(&carer).await);
    let hidden = cases.get_case(pb::GetCaseRequest { name: case }).await.unwrap_err();
    assert_eq!((hidden.code(), reason(&hidden).as_str()), (Code::NotFound, "CASE_NOT_FOUND"));
    let own = meetings(&region, &carer)
        .await
        .list_consultations(pb::ListConsultationsRequest::default())
        .await
        .unwrap();
    assert!(own.into_inner().consultations.is_empty());

    let changed = pb::UpdateOrganisationRequest {
        organisation: Some(pb::Organisation { phone: "077 000 00 10".into(), ..creche.clone() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["phone".into()] }),
        request_id: region.server.request_id(),
    };
    let changed = region.server.directory().update_organisation(changed).await.unwrap().into_inner();
    assert_eq!((changed.phone.as_str(), changed.etag.as_str()), ("077 000 00 10", "2"));
    let ended = pb::EndOrganisationRequest {
        name: creche.name,
        valid_until: "2026-11-22".into(),
        etag: "2".into(),
        request_id: region.server.request_id(),
    };
    let refused = region.server.directory().end_organisation(ended.clone()).await.unwrap_err();
    assert_eq!(violations(&refused), ["valid_until: TIME_RANGE_INVALID"]);
    let ended = pb::EndOrganisationRequest {
        valid_until: "2026-11-23".into(),
        request_id: region.server.request_id(),
        ..ended
    };
    region.server.directory().end_organisation(ended).await.unwrap();
    region.server.clock.advance(chrono::TimeDelta::days(1));
    let gone = cases.list_cases(pb::ListCasesRequest::default()).await.unwrap_err();
    assert_eq!(reason(&gone), "ACCOUNT_DISABLED");
}

#[tokio::test]
async fn d12_a_provider_comes_only_when_the_problem_exceeds_the_school() {
    let scene = Scene::start().await;
    let provider = scene.server.organisation("JEUGDHULPAANBIEDER", "JH1").await;
    let helper = scene.server.person(schakel_domain::access::Role::Jeugdhulpverlener, provider).await;
    let mut wish = scene.mdo(scene.later(48));
    wish.participants.push(seat(helper.0, pb::Role::Jeugdhulpverlener));
    let refused = scene.meetings().book_consultation(scene.booking(wish.clone())).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.participants[3].role: PROVIDER_REASON_REQUIRED"]);
    wish.provider_reason = "Te zwaar.".into();
    let refused = scene.meetings().book_consultation(scene.booking(wish.clone())).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.provider_reason: REASON_TOO_SHORT"]);
    let why = "Het kind heeft thuis hulp nodig die de school niet kan geven.";
    wish.provider_reason = why.into();
    let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    assert_eq!(booked.provider_reason, why);
    let mut asked = schakel_proto::v1::consultation_service_client::ConsultationServiceClient::new(helper.1);
    let get = pb::GetConsultationRequest { name: booked.name };
    let seen = asked.get_consultation(get).await.unwrap().into_inner();
    assert_eq!((seen.provider_reason.as_str(), seen.case.as_str()), ("", ""), "the envelope, no more");
    let stored = scene.server.rows().await;
    let bytes = "SELECT COUNT(*) FROM consultation WHERE sealed_provider_reason IS NOT NULL";
    assert_eq!(scene.server.number(bytes).await, 1);
    stored.close().await.unwrap();

    // Nobody comes for another without the reason that the table was given.
    let colleague = scene.server.person(schakel_domain::access::Role::Smw, scene.team).await.0;
    let mut wish = scene.mdo(scene.later(72));
    wish.participants.push(seat(colleague, pb::Role::Smw));
    let plain = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    let swap = pb::ReplaceParticipantRequest {
        name: plain.name,
        leaves: colleague.to_string(),
        comes: Some(seat(helper.0, pb::Role::Jeugdhulpverlener)),
        etag: plain.etag,
        request_id: scene.server.request_id(),
    };
    let refused = scene.meetings().replace_participant(swap).await.unwrap_err();
    assert_eq!(violations(&refused), ["comes.role: PROVIDER_REASON_REQUIRED"]);
}

#[tokio::test]
async fn b05_the_steunpunt_comes_when_the_parents_want_it_and_sees_the_envelope() {
    let scene = Scene::start().await;
    let steunpunt = scene.server.organisation("OUDER_JEUGDSTEUNPUNT", "OJS1").await;
    let who = scene.server.person(schakel_domain::access::Role::Steunpuntmedewerker, steunpunt).await;
    let mut wish = scene.mdo(scene.later(48));
    wish.participants.push(pb::Participant { optional: true, ..seat(who.0, pb::Role::Steunpuntmedewerker) });
    let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    assert!(booked.participants[3].optional);
    let mut own = schakel_proto::v1::consultation_service_client::ConsultationServiceClient::new(who.1);
    let seen = own.get_consultation(pb::GetConsultationRequest { name: booked.name }).await.unwrap();
    let seen = seen.into_inner();
    assert_eq!(seen.reference, booked.reference);
    assert!(seen.case.is_empty() && seen.participants[2].display_name.is_empty());
}
