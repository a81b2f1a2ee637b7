//! Consent: who must sign, what it opens to whom, and that it ends at once.

use chrono::TimeDelta;
use schakel_domain::{
    access::Role,
    ids::{CaseId, PersonId},
};
use schakel_proto::v1::{
    self as pb, consent_service_client::ConsentServiceClient,
    consultation_service_client::ConsultationServiceClient,
    thuiszitter_service_client::ThuiszitterServiceClient,
};
use schakel_server::entity::audit;
use schakel_tests::{
    As, reason,
    seed_meetings::{Scene, seat},
    told, violations,
};
use sea_orm::{EntityTrait, PaginatorTrait};
use tonic::{Code, Request, Status};

use crate::thuiszitter::{absent, parent};

/// A case whose table a helper and a doctor sit at.
struct Table {
    scene: Scene,
    case: pb::Case,
    doctor: As,
}

impl Table {
    /// The case of a child born on `birth`, with a mother and a father with gezag.
    async fn start(birth: &str) -> Self {
        let scene = Scene::start().await;
        let mut case = absent(scene.school);
        birth.clone_into(&mut case.child.as_mut().unwrap().birth_date);
        case.parents.push(parent("Vader Oudshoorn"));
        let opening = pb::OpenCaseRequest {
            case: Some(case),
            request_id: scene.server.request_id(),
            ..Default::default()
        };
        let case = cases(&scene.iber.1).open_case(opening).await.unwrap().into_inner();
        let (person, doctor) = scene.server.person(Role::Jeugdarts, scene.team).await;
        let id: CaseId = case.name.parse().unwrap();
        scene.server.invite(id, person).await;
        scene.server.invite(id, scene.smw.0).await;
        Self { scene, case, doctor }
    }

    fn child(&self) -> String {
        self.case.child.clone().unwrap().person
    }

    fn parents(&self) -> Vec<String> {
        self.case.parents.iter().map(|parent| parent.person.clone()).collect()
    }

    /// Of the identity and the absence, to the social worker, for half a year.
    fn consent(&self, signers: &[String]) -> pb::Consent {
        let role = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
        let signed =
            |person: &String| pb::consent::Signature { person: person.clone(), date: "2026-11-23".into() };
        pb::Consent {
            case: self.case.name.clone(),
            purpose: "terugkeer_school".into(),
            gives: vec![role(pb::Role::Iber)],
            receives: vec![role(pb::Role::Smw)],
            classes: vec![pb::DataClass::K2.into(), pb::DataClass::K3.into()],
            expire_date: "2027-05-31".into(),
            signatures: signers.iter().map(signed).collect(),
            note: "Op papier getekend, ligt in de map.".into(),
            ..pb::Consent::default()
        }
    }

    async fn record(&self, consent: pb::Consent) -> Result<pb::Consent, Status> {
        let request =
            pb::RecordConsentRequest { consent: Some(consent), request_id: self.scene.server.request_id() };
        let mut client = ConsentServiceClient::new(self.scene.iber.1.clone());
        client.record_consent(request).await.map(tonic::Response::into_inner)
    }

    async fn withdraw(&self, client: &As, consent: &pb::Consent) -> Result<pb::Consent, Status> {
        let request = pb::WithdrawConsentRequest {
            name: consent.name.clone(),
            person: self.parents()[0].clone(),
            note: "Liever niet meer.".into(),
            etag: consent.etag.clone(),
            request_id: self.scene.server.request_id(),
        };
        let mut client = ConsentServiceClient::new(client.clone());
        client.withdraw_consent(request).await.map(tonic::Response::into_inner)
    }

    /// The case as somebody sees it.
    async fn seen(&self, client: &As) -> pb::Case {
        let request = pb::GetCaseRequest { name: self.case.name.clone() };
        cases(client).get_case(request).await.unwrap().into_inner()
    }

    async fn days_listed(&self, client: &As) -> i32 {
        let listed = cases(client).list_cases(pb::ListCasesRequest::default()).await.unwrap().into_inner();
        listed.cases[0].days_absent
    }
}

fn cases(client: &As) -> ThuiszitterServiceClient<As> {
    ThuiszitterServiceClient::new(client.clone())
}

#[tokio::test]
async fn x09_consent_opens_its_classes_to_its_receiver_and_withdrawal_closes_them_at_once() {
    let table = Table::start("2017-05-14").await;
    let Table { scene, doctor, .. } = &table;
    let smw = &scene.smw.1;
    let shell = table.seen(smw).await;
    assert!(shell.child.is_none() && shell.absence.is_none());
    assert_eq!(table.days_listed(smw).await, 0);

    let consent = table.record(table.consent(&table.parents())).await.unwrap();
    assert!(consent.valid);
    assert_eq!(
        (consent.given_date.as_str(), consent.needs_renewal_by.as_str()),
        ("2026-11-23", "2027-05-31")
    );
    let seen = table.seen(smw).await;
    assert_eq!((&seen.child, &seen.absence), (&table.case.child, &table.case.absence));
    assert!(seen.question.is_empty(), "what the school teaches is not what was agreed to");
    assert_eq!(table.days_listed(smw).await, 28);
    assert_eq!(table.seen(doctor).await, shell, "the doctor is no receiver");
    let read = Request::new(pb::GetCaseRequest { name: table.case.name.clone() });
    let elsewhere = scene.server.token(scene.smw.0).await;
    assert_eq!(table.seen(&elsewhere).await, seen, "the token matters not");
    let mut other = read;
    other.metadata_mut().insert("schakel-purpose", "zorgtoeleiding".parse().unwrap());
    assert_eq!(cases(smw).get_case(other).await.unwrap().into_inner(), shell, "another purpose");

    let rows = scene.server.rows().await;
    let written = audit::Entity::find().count(&rows).await.unwrap();
    let withdrawn = table.withdraw(smw, &consent).await.unwrap();
    assert!(!withdrawn.valid && withdrawn.withdraw_time.is_some());
    assert!(withdrawn.signatures.is_empty(), "who signed is not the helper's to read any more");
    assert_eq!(table.seen(smw).await, shell);
    assert_eq!(table.days_listed(smw).await, 0);
    assert!(audit::Entity::find().count(&rows).await.unwrap() > written, "what was read stays written down");
    rows.close().await.unwrap();
    let again = table.withdraw(&scene.iber.1, &consent).await.unwrap();
    assert_eq!(again.withdraw_time, withdrawn.withdraw_time, "once is for good");
    assert_eq!(again.withdrawal_note, "Liever niet meer.");
}

#[tokio::test]
async fn x09_who_signs_follows_from_the_age_on_the_day_of_the_meeting() {
    // Twelve on 1 December: parents alone until then (Jeugdwet 7.3.15), the child too from then on (7.3.4).
    let table = Table::start("2014-12-01").await;
    let parents = table.parents();
    let everybody: Vec<String> = parents.iter().cloned().chain([table.child()]).collect();
    let on = |day: &str, signers: &[String]| {
        let consent = table.consent(signers);
        pb::Consent { meeting_date: day.into(), ..consent }
    };
    let before = table.record(on("2026-11-30", &parents)).await.unwrap();
    assert_eq!(before.needs_renewal_by, "2026-11-30");
    for wrong in [on("2026-12-01", &parents), on("2026-11-30", &parents[..1]), on("2026-11-30", &[])] {
        let refused = table.record(wrong).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument);
        assert_eq!(violations(&refused), ["consent.signatures: SIGNER_REQUIRED"]);
    }
    let whole = table.record(on("2026-12-01", &everybody)).await.unwrap();
    assert_eq!(whole.needs_renewal_by, "2027-05-31");
    let mut wish = on("2026-12-01", &everybody[2..]);
    wish.exception = pb::consent::Exception::ErnstigNadeel.into();
    let alone = table.record(wish.clone()).await.unwrap();
    assert!(!alone.valid, "not before the birthday");
    wish.meeting_date = "2026-11-30".into();
    assert_eq!(violations(&table.record(wish).await.unwrap_err()), ["consent.exception: FIELD_INVALID"]);
}

#[tokio::test]
async fn x09_a_consent_ends_on_the_birthday_and_is_listed_before() {
    let table = Table::start("2014-12-01").await;
    let smw = &table.scene.smw.1;
    table.record(table.consent(&table.parents())).await.unwrap();
    let list = |by: &str| {
        let request = pb::ListConsentsRequest { case: table.case.name.clone(), renewal_by_date: by.into() };
        let mut client = ConsentServiceClient::new(table.scene.iber.1.clone());
        async move { client.list_consents(request).await.unwrap().into_inner().consents }
    };
    assert_eq!(
        (list("").await.len(), list("2026-11-29").await.len(), list("2026-11-30").await.len()),
        (1, 0, 1)
    );
    assert!(table.seen(smw).await.child.is_some());
    table.scene.server.clock.advance(TimeDelta::days(7));
    assert!(table.seen(smw).await.child.is_some(), "the eve of the birthday");
    table.scene.server.clock.advance(TimeDelta::days(1));
    assert!(table.seen(smw).await.child.is_none(), "twelve today: the child has not signed");
    let listed = list("").await;
    assert!(!listed[0].valid && listed[0].needs_renewal_by.is_empty());
    assert!(list("2030-01-01").await.is_empty(), "what does not hold is not renewed but given anew");
}

#[tokio::test]
async fn x09_a_parent_that_loses_gezag_or_gains_it_changes_what_holds() {
    let table = Table::start("2017-05-14").await;
    let smw = &table.scene.smw.1;
    table.record(table.consent(&table.parents())).await.unwrap();
    let mut case = table.seen(&table.scene.iber.1).await;
    case.parents.push(parent("Stiefouder met gezag"));
    let change = pb::UpdateCaseRequest {
        case: Some(case),
        update_mask: Some(prost_types::FieldMask { paths: vec!["parents".into()] }),
        request_id: table.scene.server.request_id(),
        ..Default::default()
    };
    cases(&table.scene.iber.1).update_case(change).await.unwrap();
    assert!(table.seen(smw).await.child.is_none(), "one with gezag has not signed");
}

#[tokio::test]
async fn x09_at_a_table_names_are_shown_for_the_purpose_that_was_agreed_to() {
    let table = Table::start("2017-05-14").await;
    let scene = &table.scene;
    let mut wish = scene.mdo(scene.later(48));
    wish.case.clone_from(&table.case.name);
    let mother: PersonId = table.parents()[0].parse().unwrap();
    wish.participants[2] = seat(mother, pb::Role::Ouder);
    let meeting = scene.meetings().book_consultation(scene.booking(wish)).await.unwrap().into_inner();
    table.record(table.consent(&table.parents())).await.unwrap();
    let names = |purpose: Option<&'static str>| {
        let mut read = Request::new(pb::GetConsultationRequest { name: meeting.name.clone() });
        if let Some(purpose) = purpose {
            read.metadata_mut().insert("schakel-purpose", purpose.parse().unwrap());
        }
        let mut client = ConsultationServiceClient::new(scene.smw.1.clone());
        async move {
            let seen = client.get_consultation(read).await.unwrap().into_inner();
            seen.participants.iter().filter(|seat| !seat.display_name.is_empty()).count()
        }
    };
    assert_eq!(names(None).await, 2, "planning takes no parent's name");
    assert_eq!(names(Some("terugkeer_school")).await, 3);
}

#[tokio::test]
async fn x09_consents_are_recorded_by_those_who_know_the_family_and_found_by_nobody_else() {
    let table = Table::start("2017-05-14").await;
    let scene = &table.scene;
    let consent = table.record(table.consent(&table.parents())).await.unwrap();
    let mut smw = ConsentServiceClient::new(scene.smw.1.clone());
    let request = pb::RecordConsentRequest {
        consent: Some(table.consent(&table.parents())),
        request_id: scene.server.request_id(),
    };
    assert_eq!(reason(&smw.record_consent(request).await.unwrap_err()), "ACTION_NOT_ALLOWED");
    let get = |name: &str| pb::GetConsentRequest { name: name.into() };
    let seen = smw.get_consent(get(&consent.name)).await.unwrap().into_inner();
    assert!(seen.signatures.len() == 2 && seen.valid, "the consent opens K2, its signers too");
    let mut doctor = ConsentServiceClient::new(table.doctor.clone());
    let seen = doctor.get_consent(get(&consent.name)).await.unwrap().into_inner();
    assert!(seen.signatures.is_empty() && seen.note.is_empty() && seen.valid);

    let other = scene.server.school("99BB00", "GM9902").await;
    let mut stranger = ConsentServiceClient::new(scene.server.person(Role::Iber, other).await.1);
    let there = stranger.get_consent(get(&consent.name)).await.unwrap_err();
    let nowhere = format!("consents/{}", uuid::Uuid::from_u128(7));
    let nowhere = stranger.get_consent(get(&nowhere)).await.unwrap_err();
    assert_eq!(reason(&there), "CONSENT_NOT_FOUND");
    assert_eq!(told(&there), told(&nowhere));
    let refused = table.withdraw(&scene.planner.1, &consent).await.unwrap_err();
    assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED");
}

#[tokio::test]
async fn every_fault_of_a_consent_is_told_at_once() {
    let table = Table::start("2017-05-14").await;
    let stranger = PersonId(uuid::Uuid::from_u128(9)).to_string();
    let mut wrong = table.consent(&[table.parents(), vec![stranger]].concat());
    wrong.expire_date = "2028-01-01".into();
    wrong.meeting_date = "2025-01-01".into();
    wrong.given_date = "2026-11-24".into();
    wrong.receives[0] =
        pb::consent::Party { organisation: format!("organisations/{}", uuid::Uuid::from_u128(7)), role: 0 };
    let refused = table.record(wrong).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        [
            "consent.given_date: TIME_OUT_OF_BOUNDS",
            "consent.expire_date: TIME_OUT_OF_BOUNDS",
            "consent.meeting_date: TIME_OUT_OF_BOUNDS",
            "consent.signatures[2].person: FIELD_INVALID",
            "consent.receives[0].organisation: FIELD_INVALID",
        ]
    );
    let refused = table.record(pb::Consent { purpose: "statistiek".into(), ..pb::Consent::default() }).await;
    let faults = violations(&refused.unwrap_err());
    for field in
        ["case: FIELD_REQUIRED", "purpose: FIELD_INVALID", "gives: FIELD_REQUIRED", "classes: FIELD_REQUIRED"]
    {
        assert!(faults.contains(&format!("consent.{field}")), "{field}: {faults:?}");
    }
}
