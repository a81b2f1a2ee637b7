//! Two regions that meet together, because both want it.

use schakel_domain::{
    access::Role,
    ids::{OrganisationId, PersonId},
};
use schakel_proto::v1::{
    self as pb, consultation_service_client::ConsultationServiceClient,
    feed_service_client::FeedServiceClient, handover_service_client::HandoverServiceClient,
    region_service_client::RegionServiceClient, thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::access::found_region::{Founded, Founding, found_region};
use schakel_tests::{
    As, reason,
    seed_meetings::{Scene, seat},
    violations,
};
use tonic::Code;

use crate::thuiszitter::absent;

/// A region of primary schools as the scene, and one of secondary schools.
struct Regions {
    scene: Scene,
    /// The first region's.
    primary: Founded,
    secondary: Founded,
    /// The care coordinator of a school of the second.
    carer: (PersonId, As),
}

impl Regions {
    async fn start() -> Self {
        let mut scene = Scene::start().await;
        let founding = Founding {
            swv_code: "VO9901".into(),
            display_name: "SWV VO Lisdonk".parse().unwrap(),
            sender_name: "Overleg".parse().unwrap(),
            administrator: (
                "BEH1".parse().unwrap(),
                "Bo Heer".parse().unwrap(),
                "beheer@lisdonk.example".parse().unwrap(),
            ),
        };
        let secondary = found_region(&scene.server.app, &founding).await.unwrap();
        let primary = std::mem::replace(&mut scene.server.founded, secondary.clone());
        let school = scene.server.school("99VO00", "GM9901").await;
        let carer = scene.server.person(Role::Zorgcoordinator, school).await;
        scene.server.founded = primary.clone();
        Self { scene, primary, secondary, carer }
    }

    fn beheerder(&self, of: &Founded) -> RegionServiceClient<As> {
        RegionServiceClient::new(self.scene.server.bearing(&of.secret))
    }

    async fn proposed(&self, gemeenten: &[&str]) -> pb::RegionAgreement {
        let ask = pb::ProposeAgreementRequest {
            swv_code: "VO9901".into(),
            gemeente_codes: gemeenten.iter().map(|code| (*code).to_owned()).collect(),
            request_id: self.scene.server.request_id(),
        };
        self.beheerder(&self.primary).propose_agreement(ask).await.unwrap().into_inner()
    }

    /// Both agree.
    async fn agreed(&self, gemeenten: &[&str]) -> pb::RegionAgreement {
        let proposed = self.proposed(gemeenten).await;
        let ask = pb::AcceptAgreementRequest {
            name: proposed.name,
            etag: "1".into(),
            request_id: self.scene.server.request_id(),
        };
        self.beheerder(&self.secondary).accept_agreement(ask).await.unwrap().into_inner()
    }

    /// The MDO of the scene with the care coordinator of the other region.
    fn together(&self, hours: i64) -> pb::BookConsultationRequest {
        let mut wish = self.scene.mdo(self.scene.later(hours));
        wish.participants.push(seat(self.carer.0, pb::Role::Zorgcoordinator));
        self.scene.booking(wish)
    }

    fn carers(&self) -> ConsultationServiceClient<As> {
        ConsultationServiceClient::new(self.carer.1.clone())
    }

    async fn lines(&self, of: &Founded, object: &str) -> i64 {
        let region = of.region.0;
        let region = if self.scene.server.app.settings.database.url.starts_with("sqlite") {
            format!("X'{}'", region.simple())
        } else {
            format!("'{region}'")
        };
        let sql =
            format!("SELECT COUNT(*) FROM audit WHERE object_type = '{object}' AND region_id = {region}");
        self.scene.server.number(&sql).await
    }
}

#[tokio::test]
async fn e10_two_regions_meet_only_when_both_agree() {
    let regions = Regions::start().await;
    let server = &regions.scene.server;
    let nowhere = pb::ProposeAgreementRequest {
        swv_code: "VO9999".into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    let unknown = regions.beheerder(&regions.primary).propose_agreement(nowhere).await.unwrap_err();
    assert_eq!((unknown.code(), reason(&unknown).as_str()), (Code::NotFound, "REGION_NOT_FOUND"));
    let booked = regions.scene.meetings().book_consultation(regions.together(48)).await.unwrap_err();
    assert_eq!(violations(&booked), ["consultation.participants[3].person: PARTICIPANT_UNKNOWN"]);

    let proposed = regions.proposed(&[]).await;
    assert_eq!(
        (proposed.state(), proposed.swv_code.as_str()),
        (pb::region_agreement::State::Proposed, "VO9901")
    );
    let own = pb::AcceptAgreementRequest {
        name: proposed.name.clone(),
        etag: "1".into(),
        request_id: server.request_id(),
    };
    let refused = regions.beheerder(&regions.primary).accept_agreement(own.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "AGREEMENT_STATE");
    let twice = pb::ProposeAgreementRequest {
        swv_code: "VO9901".into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    let twice = regions.beheerder(&regions.primary).propose_agreement(twice).await.unwrap_err();
    assert_eq!(reason(&twice), "ALREADY_EXISTS");
    // What is proposed shares nothing yet.
    let look = |role: pb::Role, code: &str| pb::ListPartnerProfessionalsRequest {
        region_agreement: proposed.name.clone(),
        role: role.into(),
        organisation_code: code.into(),
        ..Default::default()
    };
    let mut iber = RegionServiceClient::new(regions.scene.iber.1.clone());
    let early = iber.list_partner_professionals(look(pb::Role::Zorgcoordinator, "")).await.unwrap_err();
    assert_eq!(reason(&early), "REGION_AGREEMENT_NOT_FOUND");

    let asked = regions
        .beheerder(&regions.secondary)
        .list_agreements(pb::ListAgreementsRequest::default())
        .await
        .unwrap();
    let asked = asked.into_inner().region_agreements.remove(0);
    assert_eq!((asked.state(), asked.swv_code.as_str()), (pb::region_agreement::State::Asked, "PO9901"));
    let accept = pb::AcceptAgreementRequest { request_id: server.request_id(), ..own };
    let active = regions.beheerder(&regions.secondary).accept_agreement(accept).await.unwrap().into_inner();
    assert_eq!(active.state(), pb::region_agreement::State::Active);
    for of in [&regions.primary, &regions.secondary] {
        assert_eq!(regions.lines(of, "region_agreement").await, 2, "both logs tell of both steps");
    }
    let found = iber.list_partner_professionals(look(pb::Role::Zorgcoordinator, "99VO00")).await.unwrap();
    let found = found.into_inner().professionals;
    assert_eq!((found.len(), found[0].person.as_str()), (1, regions.carer.0.to_string().as_str()));
    assert_eq!(found[0].organisation_code, "99VO00");
    let none = iber.list_partner_professionals(look(pb::Role::Zorgcoordinator, "99VO01")).await.unwrap();
    assert!(none.into_inner().professionals.is_empty());
    // Nothing else of the other region is seen.
    let seen =
        server.directory().get_person(pb::GetPersonRequest { name: regions.carer.0.to_string() }).await;
    assert_eq!(reason(&seen.unwrap_err()), "PERSON_NOT_FOUND");
}

#[tokio::test]
async fn e10_who_is_asked_from_another_region_sees_the_envelope_answers_and_has_it_in_the_feed() {
    let regions = Regions::start().await;
    let server = &regions.scene.server;
    let agreement = regions.agreed(&[]).await;
    let booked = regions.scene.meetings().book_consultation(regions.together(48)).await.unwrap().into_inner();
    assert!(booked.participants[3].display_name.starts_with("ZORGCOORDINATOR"));
    assert_eq!(regions.lines(&regions.secondary, "consultation").await, 1);

    let get = pb::GetConsultationRequest { name: booked.name.clone() };
    let seen = regions.carers().get_consultation(get.clone()).await.unwrap().into_inner();
    assert_eq!((seen.reference.as_str(), seen.case.as_str()), (booked.reference.as_str(), ""));
    assert!(seen.participants[2].display_name.is_empty(), "no parent is named");
    let listed = regions
        .carers()
        .list_shared_consultations(pb::ListSharedConsultationsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert_eq!(listed.consultations.len(), 1);
    let own = regions
        .carers()
        .list_consultations(pb::ListConsultationsRequest::default())
        .await
        .unwrap()
        .into_inner();
    assert!(own.consultations.is_empty(), "it stays where it was booked");
    let answer = pb::AnswerConsultationRequest {
        name: booked.name.clone(),
        answer: pb::participant::Answer::Accepted.into(),
        request_id: server.request_id(),
        ..Default::default()
    };
    let answered = regions.carers().answer_consultation(answer).await.unwrap().into_inner();
    assert_eq!(answered.participants[3].answer(), pb::participant::Answer::Accepted);
    assert!(regions.lines(&regions.secondary, "consultation").await >= 4);

    // Somebody else of that region learns nothing, and the case stays closed to whoever sits there.
    let school = OrganisationId(regions.carer_school().await);
    let other = regions.elsewhere(Role::Zorgcoordinator, school).await;
    let hidden = ConsultationServiceClient::new(other).get_consultation(get.clone()).await.unwrap_err();
    assert_eq!((hidden.code(), reason(&hidden).as_str()), (Code::NotFound, "CONSULTATION_NOT_FOUND"));
    let case = pb::GetCaseRequest { name: regions.scene.family.case.to_string() };
    let mut cases = ThuiszitterServiceClient::new(regions.carer.1.clone());
    assert_eq!(reason(&cases.get_case(case).await.unwrap_err()), "CASE_NOT_FOUND");
    let cancel = pb::CancelConsultationRequest {
        name: booked.name.clone(),
        etag: answered.etag,
        request_id: server.request_id(),
    };
    let refused = regions.carers().cancel_consultation(cancel).await.unwrap_err();
    assert_eq!(reason(&refused), "CONSULTATION_NOT_FOUND");

    let feed = pb::CreateFeedRequest { request_id: server.request_id(), ..Default::default() };
    let feed = FeedServiceClient::new(regions.carer.1.clone()).create_feed(feed).await.unwrap().into_inner();
    let http = server.http().await;
    let path = format!("/{}", feed.url.splitn(4, '/').nth(3).unwrap());
    assert!(http.get(&path).await.body.contains(&format!("SUMMARY:Overleg {}", booked.reference)));

    assert_eq!(server.news().await.len(), 4);
    let end = pb::EndAgreementRequest {
        name: agreement.name,
        etag: agreement.etag,
        request_id: server.request_id(),
    };
    regions.beheerder(&regions.secondary).end_agreement(end).await.unwrap();
    let now = regions.scene.meetings().get_consultation(get.clone()).await.unwrap().into_inner();
    assert!(now.participants[3].display_name.starts_with("ZORGCOORDINATOR"), "who sat there is known still");
    let moving = pb::MoveConsultationRequest {
        name: now.name,
        start_time: Some(schakel_tests::seed_meetings::stamp(regions.scene.later(50))),
        etag: now.etag,
        request_id: server.request_id(),
        ..Default::default()
    };
    regions.scene.meetings().move_consultation(moving).await.unwrap();
    server.clock.advance(chrono::TimeDelta::minutes(10));
    let told = server.news().await;
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|mail| !mail.to_name().starts_with("ZORGCOORDINATOR")), "and told no more");
    let closed = regions.carers().get_consultation(get).await.unwrap_err();
    assert_eq!(reason(&closed), "CONSULTATION_NOT_FOUND", "an agreement that has ended shares nothing");
    let again = regions.scene.meetings().book_consultation(regions.together(96)).await.unwrap_err();
    assert_eq!(violations(&again), ["consultation.participants[3].person: PARTICIPANT_UNKNOWN"]);
}

#[tokio::test]
async fn e10_the_log_of_the_region_that_shares_a_meeting_tells_that_it_did_not_take_place() {
    let regions = Regions::start().await;
    let server = &regions.scene.server;
    regions.agreed(&[]).await;
    let booked = regions.scene.meetings().book_consultation(regions.together(48)).await.unwrap().into_inner();
    assert_eq!(regions.lines(&regions.secondary, "consultation").await, 1);
    server.clock.advance(chrono::TimeDelta::hours(50));
    let passed = pb::RecordOutcomeRequest {
        name: booked.name,
        outcome: Some(pb::Outcome { not_held: true, ..Default::default() }),
        etag: booked.etag,
        request_id: server.request_id(),
    };
    let off = regions.scene.meetings().record_outcome(passed).await.unwrap().into_inner();
    assert_eq!(off.state(), pb::consultation::State::Cancelled);
    assert_eq!(regions.lines(&regions.secondary, "consultation").await, 2);
}

#[tokio::test]
async fn e10_an_agreement_about_some_gemeenten_is_about_their_children_only() {
    let regions = Regions::start().await;
    regions.agreed(&["GM9902"]).await;
    let refused = regions.scene.meetings().book_consultation(regions.together(48)).await.unwrap_err();
    assert_eq!(violations(&refused), ["consultation.participants[3].person: PARTICIPANT_UNKNOWN"]);
}

#[tokio::test]
async fn e10_consent_opens_to_another_region_what_it_names_and_no_more() {
    let regions = Regions::start().await;
    let scene = &regions.scene;
    regions.agreed(&[]).await;
    let opening = pb::OpenCaseRequest {
        case: Some(absent(scene.school)),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case = cases.open_case(opening).await.unwrap().into_inner();
    let parent = case.parents[0].person.clone();
    let mut wish = regions.together(48).consultation.unwrap();
    wish.case.clone_from(&case.name);
    wish.participants[2].person.clone_from(&parent);
    let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    let party = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
    let consent = pb::Consent {
        case: case.name.clone(),
        purpose: "terugkeer_school".into(),
        gives: vec![party(pb::Role::Iber)],
        receives: vec![party(pb::Role::Zorgcoordinator)],
        classes: vec![pb::DataClass::K2.into()],
        expire_date: "2027-01-31".into(),
        signatures: vec![pb::consent::Signature { person: parent, date: "2026-11-23".into() }],
        ..Default::default()
    };
    let ask = pb::RecordConsentRequest { consent: Some(consent), request_id: scene.server.request_id() };
    let mut consents =
        schakel_proto::v1::consent_service_client::ConsentServiceClient::new(scene.iber.1.clone());
    consents.record_consent(ask).await.unwrap();
    let get = pb::GetConsultationRequest { name: booked.name };
    let mut headed = tonic::Request::new(get);
    headed.metadata_mut().insert("schakel-purpose", "terugkeer_school".parse().unwrap());
    let seen = regions.carers().get_consultation(headed).await.unwrap().into_inner();
    assert_eq!(seen.participants[2].display_name, case.parents[0].display_name);
    assert_eq!(seen.case, case.name);
}

#[tokio::test]
async fn e09_a_school_of_another_region_confirms_a_hand_over_without_learning_more() {
    use pb::handover::State;
    let regions = Regions::start().await;
    let scene = &regions.scene;
    let agreement = regions.agreed(&[]).await;
    let opening = pb::OpenCaseRequest {
        case: Some(absent(scene.school)),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let mut cases = ThuiszitterServiceClient::new(scene.iber.1.clone());
    let case = cases.open_case(opening).await.unwrap().into_inner();
    let parent = case.parents[0].person.parse().unwrap();
    let wish = pb::Consultation {
        kind: pb::consultation::Kind::WarmeOverdracht.into(),
        case: case.name.clone(),
        participants: vec![
            seat(scene.iber.0, pb::Role::Iber),
            seat(regions.carer.0, pb::Role::Zorgcoordinator),
            seat(parent, pb::Role::Ouder),
        ],
        ..scene.mdo(scene.later(48))
    };
    let booked = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    let school = regions.carer_school().await;
    let list = async |by: &As| {
        let ask = pb::ListHandoversRequest::default();
        HandoverServiceClient::new(by.clone()).list_handovers(ask).await.unwrap().into_inner()
    };
    let seen = list(&regions.carer.1).await;
    let (there, told) = (&seen.handovers[0], regions.lines(&regions.secondary, "consultation").await);
    assert_eq!((seen.booked_count, there.case.as_str()), (1, ""));
    assert_eq!(
        (there.consultation.as_str(), there.receiving_school.as_str()),
        (booked.name.as_str(), format!("schools/{school}").as_str())
    );
    assert!(!there.sending_display_name.is_empty() && !there.receiving_display_name.is_empty());
    list(&regions.carer.1).await;
    assert_eq!(regions.lines(&regions.secondary, "consultation").await, told + 1, "its own log tells of it");
    let colleague = regions.elsewhere(Role::Zorgcoordinator, OrganisationId(school)).await;
    assert!(list(&colleague).await.handovers.is_empty());

    scene.server.clock.advance(chrono::TimeDelta::hours(50));
    let parent = case.parents[0].person.clone();
    let held = pb::RecordOutcomeRequest {
        name: booked.name.clone(),
        outcome: Some(pb::Outcome {
            attended: vec![scene.iber.0.to_string(), regions.carer.0.to_string(), parent.clone()],
            child_heard: pb::outcome::ChildHeard::Directly.into(),
            child_heard_note: "Vertelde wat helpt.".into(),
            jgt_hulp_gewenst: pb::outcome::JgtHulpGewenst::NogNiet.into(),
            jgt_decided_with: vec![parent],
            ..Default::default()
        }),
        etag: booked.etag.clone(),
        request_id: scene.server.request_id(),
    };
    scene.meetings().record_outcome(held).await.unwrap();
    let yes = || pb::AnswerHandoverRequest {
        consultation: booked.name.clone(),
        state: State::Confirmed.into(),
        request_id: scene.server.request_id(),
        ..Default::default()
    };
    let hidden = HandoverServiceClient::new(colleague).answer_handover(yes()).await.unwrap_err();
    assert_eq!(reason(&hidden), "CONSULTATION_NOT_FOUND");
    let sending = HandoverServiceClient::new(scene.iber.1.clone()).answer_handover(yes()).await.unwrap_err();
    assert_eq!(reason(&sending), "ACTION_NOT_ALLOWED");
    let mut carer = HandoverServiceClient::new(regions.carer.1.clone());
    let (once, lines) = (yes(), regions.lines(&regions.primary, "case").await);
    let answered = carer.answer_handover(once.clone()).await.unwrap().into_inner();
    assert_eq!((answered.state(), answered.case.as_str()), (State::Confirmed, ""));
    assert_eq!(regions.lines(&regions.primary, "case").await, lines + 1, "the log of the case tells of it");
    assert_eq!(carer.answer_handover(once).await.unwrap().into_inner(), answered, "one effect");
    let here = list(&scene.iber.1).await;
    assert_eq!((here.confirmed_count, here.handovers[0].case.as_str()), (1, case.name.as_str()));

    let end = pb::EndAgreementRequest {
        name: agreement.name,
        etag: agreement.etag,
        request_id: scene.server.request_id(),
    };
    regions.beheerder(&regions.secondary).end_agreement(end).await.unwrap();
    assert!(list(&regions.carer.1).await.handovers.is_empty(), "an agreement that has ended shares nothing");
    assert_eq!(list(&scene.iber.1).await.confirmed_count, 1, "what was answered stands");
}

impl Regions {
    /// The school of the care coordinator.
    async fn carer_school(&self) -> uuid::Uuid {
        let list = pb::ListOrganisationsRequest { code: "99VO00".into(), ..Default::default() };
        let channel = self.scene.server.bearing(&self.secondary.secret);
        let mut register = pb::directory_service_client::DirectoryServiceClient::new(channel);
        let found = register.list_organisations(list).await.unwrap().into_inner().organisations.remove(0);
        found.name.parse::<OrganisationId>().unwrap().0
    }

    /// Somebody of the second region.
    async fn elsewhere(&self, role: Role, at: OrganisationId) -> As {
        let person = pb::Person { code: "X9".into(), display_name: "Iemand".into(), ..Default::default() };
        let channel = self.scene.server.bearing(&self.secondary.secret);
        let mut register = pb::directory_service_client::DirectoryServiceClient::new(channel);
        let ask =
            pb::CreatePersonRequest { person: Some(person), request_id: self.scene.server.request_id() };
        let person = register.create_person(ask).await.unwrap().into_inner().name;
        let post = pb::Affiliation {
            person: person.clone(),
            organisation: at.to_string(),
            role: pb::Role::from_str_name(&format!("ROLE_{role}")).unwrap().into(),
            ..Default::default()
        };
        let ask = pb::CreateAffiliationRequest {
            affiliation: Some(post),
            request_id: self.scene.server.request_id(),
        };
        register.create_affiliation(ask).await.unwrap();
        self.scene.server.token(person.parse().unwrap()).await
    }
}
