//! What is no longer kept goes, by two persons, with a signed statement; what must stay stays.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use pb::{RetentionClass, retention_term::Start};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_server::{
    entity::{audit, outbox, request, thuiszitter},
    privacy::{statement, worker},
};
use schakel_tests::{reason, violations};
use sea_orm::EntityTrait;
use tonic::Status;

use super::{Life, Rights};

async fn profile(fg: &Rights) -> pb::RetentionProfile {
    fg.clone().get_retention_profile(pb::GetRetentionProfileRequest {}).await.unwrap().into_inner()
}

/// The region sets its leerplicht term: seven years.
async fn complete(life: &Life) {
    let mut wanted = profile(&life.fg).await;
    let leerplicht = wanted.terms.iter_mut().find(|term| term.class() == RetentionClass::Leerplicht).unwrap();
    leerplicht.years = 7;
    let request = pb::SetRetentionProfileRequest { profile: Some(wanted), request_id: life.id() };
    life.fg.clone().set_retention_profile(request).await.unwrap();
}

async fn plan(life: &Life, as_whom: &Rights) -> Result<pb::Destruction, Status> {
    let request = pb::PlanRetentionRequest { request_id: life.id() };
    as_whom.clone().plan_retention(request).await.map(tonic::Response::into_inner)
}

async fn approve(life: &Life, as_whom: &Rights, name: &str) -> Result<pb::Destruction, Status> {
    let request = pb::ApproveRetentionRequest { name: name.to_owned(), request_id: life.id() };
    as_whom.clone().approve_retention(request).await.map(tonic::Response::into_inner)
}

async fn cases(life: &Life) -> BTreeSet<String> {
    let rows = life.scene.server.rows().await;
    let there = thuiszitter::Entity::find().all(&rows).await.unwrap();
    rows.close().await.unwrap();
    there.into_iter().map(|case| format!("cases/{}", case.id)).collect()
}

/// A privacy officer whose membership and token outlive the decades.
async fn years_later(life: &mut Life, years: i64) {
    life.scene.server.clock.advance(TimeDelta::days(years * 366));
    let swv = life.scene.server.founded.organisation;
    life.fg = Rights::new(life.scene.server.person(Role::Fg, swv).await.1);
    life.other_fg = Rights::new(life.scene.server.person(Role::Fg, swv).await.1);
}

#[tokio::test]
async fn x10_twenty_one_years_on_exactly_what_is_no_longer_kept_vanishes() {
    let mut life = Life::start().await;
    life.close().await;
    complete(&life).await;
    // Another child's case stays open all the time, and a third is held.
    let mut iber = schakel_proto::v1::thuiszitter_service_client::ThuiszitterServiceClient::new(
        life.scene.iber.1.clone(),
    );
    let mut others = Vec::new();
    for name in ["Open Blijver", "Vast Gehouden"] {
        let case = crate::thuiszitter::named(name, crate::thuiszitter::absent(life.scene.school));
        let request = pb::OpenCaseRequest { case: Some(case), request_id: life.id(), ..Default::default() };
        others.push(iber.open_case(request).await.unwrap().into_inner());
    }
    let close = pb::CloseCaseRequest {
        name: others[1].name.clone(),
        outcome: pb::CaseOutcome::TerugEigenSchool.into(),
        outcome_date: "2026-11-24".into(),
        note: String::new(),
        etag: others[1].etag.clone(),
        request_id: life.id(),
        ..pb::CloseCaseRequest::default()
    };
    life.keeper.close_case(close).await.unwrap();
    let hold = pb::SetLegalHoldRequest {
        case: others[1].name.clone(),
        reason: "Procedure.".into(),
        request_id: life.id(),
    };
    life.fg.clone().set_legal_hold(hold).await.unwrap();
    let early = plan(&life, &life.fg).await.unwrap_err();
    assert_eq!(reason(&early), "NOTHING_TO_DESTROY");

    // After six years the school's term of the absence has ended, but there was youth help: the
    // case stays for that. Nothing of it had a term of the school's alone.
    years_later(&mut life, 6).await;
    assert_eq!(reason(&plan(&life, &life.fg).await.unwrap_err()), "NOTHING_TO_DESTROY");

    years_later(&mut life, 15).await;
    let planned = plan(&life, &life.fg).await.unwrap();
    let parts: Vec<_> = planned.parts.iter().map(|part| (part.class(), part.count)).collect();
    assert_eq!(parts, [(RetentionClass::Jeugdhulp, 2), (RetentionClass::Absence, 1)]);
    assert_eq!(planned.case, "");
    assert_eq!(cases(&life).await.len(), 3, "planned is not destroyed");
    assert_eq!(reason(&approve(&life, &life.fg, &planned.name).await.unwrap_err()), "SECOND_PERSON_REQUIRED");
    let as_erasure = life.approve(&life.other_fg, &planned.name).await.unwrap_err();
    assert_eq!(reason(&as_erasure), "DESTRUCTION_NOT_FOUND", "each is approved as what it is");
    let before = lines(&life).await;
    let done = approve(&life, &life.other_fg, &planned.name).await.unwrap();
    assert_eq!(done.state(), pb::destruction::State::Done);
    assert_eq!(cases(&life).await, others.iter().map(|case| case.name.clone()).collect());
    assert!(lines(&life).await > before, "the log only grows");
    assert_eq!(reason(&plan(&life, &life.fg).await.unwrap_err()), "NOTHING_TO_DESTROY");

    let listed =
        life.fg.clone().list_destructions(pb::ListDestructionsRequest::default()).await.unwrap().into_inner();
    assert_eq!(listed.destructions.len(), 1);
    let request = pb::GetDestructionRequest { name: done.name.clone() };
    let kept = life.fg.clone().get_destruction(request).await.unwrap().into_inner();
    assert_eq!(kept.statement, done.statement);
    assert!(
        kept.statement_text.starts_with("Verklaring van vernietiging")
            && kept.statement_text.contains("jeugdhulp: 2")
    );
}

async fn lines(life: &Life) -> usize {
    let rows = life.scene.server.rows().await;
    let lines = audit::Entity::find().all(&rows).await.unwrap().len();
    rows.close().await.unwrap();
    lines
}

#[tokio::test]
async fn x10_a_statement_of_destruction_is_signed_and_an_altered_one_is_known() {
    let life = Life::start().await;
    let proposal = life.propose(&life.school(), pb::ErasureGround::Unlawful).await.unwrap();
    let done = life.approve(&life.fg, &proposal.name).await.unwrap();
    assert!(!done.statement.contains("Fenna") && !done.statement.contains(&life.case.name));
    let valid = async |file: String| {
        let request = pb::VerifyStatementRequest { statement: file };
        life.fg.clone().verify_statement(request).await.unwrap().into_inner().valid
    };
    assert!(valid(done.statement.clone()).await);
    let told = statement::verify(&life.scene.server.app.keys, &done.statement).unwrap();
    assert_eq!((told.kind.as_str(), told.approved_as.as_str(), told.keys), ("ERASURE", "FG", 3));
    for (from, to) in
        [("\\\"keys\\\":3", "\\\"keys\\\":2"), ("\"signature\":\"", "\"signature\":\"00"), ("{", "[")]
    {
        assert!(done.statement.contains(from));
        assert!(!valid(done.statement.replacen(from, to, 1)).await, "{from}");
    }
    let none = life.fg.clone().verify_statement(pb::VerifyStatementRequest::default()).await.unwrap_err();
    assert_eq!(violations(&none), ["statement: FIELD_REQUIRED"]);
}

#[tokio::test]
async fn x10_terms_are_a_regions_own_and_a_run_without_all_of_them_is_refused() {
    let mut life = Life::start().await;
    life.close().await;
    let refused = plan(&life, &life.fg).await.unwrap_err();
    assert_eq!(reason(&refused), "RETENTION_TERM_MISSING");
    let info = tonic_types::StatusExt::get_details_error_info(&refused).unwrap();
    assert_eq!(info.metadata.get("classes").map(String::as_str), Some("LEERPLICHT"));
    let shipped = profile(&life.fg).await;
    assert_eq!((shipped.terms.len(), shipped.etag.as_str(), shipped.set_time), (9, "0", None));
    let administrator = Rights::new(life.scene.server.administrator());
    let set = |profile: pb::RetentionProfile| pb::SetRetentionProfileRequest {
        profile: Some(profile),
        request_id: life.id(),
    };
    let mut own = shipped.clone();
    for term in &mut own.terms {
        if term.class() == RetentionClass::Leerplicht {
            term.years = 7;
        }
    }
    let kept = administrator.clone().set_retention_profile(set(own.clone())).await.unwrap().into_inner();
    assert_eq!(kept.etag, "1");
    assert_eq!(profile(&life.fg).await, kept);
    let stale = administrator.clone().set_retention_profile(set(own.clone())).await.unwrap_err();
    assert_eq!(reason(&stale), "ETAG_MISMATCH");
    let mut wrong = kept.clone();
    wrong.terms[0].years = 0;
    wrong.terms[1].starts = Start::Unspecified.into();
    let refused = administrator.clone().set_retention_profile(set(wrong)).await.unwrap_err();
    assert_eq!(violations(&refused), ["profile.terms[1].starts: FIELD_REQUIRED"]);
    let mut wrong = kept.clone();
    (wrong.terms[0].years, wrong.terms[2].days) = (0, 3);
    let refused = administrator.clone().set_retention_profile(set(wrong)).await.unwrap_err();
    assert_eq!(
        violations(&refused),
        ["profile.terms[2].years: FIELD_INVALID", "profile.terms[0]: FIELD_REQUIRED"]
    );

    let school = life.school().get_retention_profile(pb::GetRetentionProfileRequest {}).await.unwrap_err();
    assert_eq!(reason(&school), "ACTION_NOT_ALLOWED");
    let rights = life.rights(&life.school()).await.unwrap();
    let until: Vec<_> = rights.kept.iter().map(|kept| (kept.class(), kept.until.as_str())).collect();
    assert_eq!(
        until,
        [
            (RetentionClass::Jeugdhulp, "2046-11-25"),
            (RetentionClass::SchoolFile, "2028-11-25"),
            (RetentionClass::Absence, "2031-11-25"),
            (RetentionClass::SwvDossier, "2029-11-25")
        ]
    );
}

#[tokio::test]
async fn x10_a_case_that_was_held_or_grew_since_the_plan_is_not_destroyed() {
    let mut life = Life::start().await;
    life.close().await;
    complete(&life).await;
    years_later(&mut life, 21).await;
    let planned = plan(&life, &life.fg).await.unwrap();
    let hold = pb::SetLegalHoldRequest {
        case: life.case.name.clone(),
        reason: "Klacht.".into(),
        request_id: life.id(),
    };
    life.fg.clone().set_legal_hold(hold).await.unwrap();
    assert_eq!(reason(&approve(&life, &life.other_fg, &planned.name).await.unwrap_err()), "LEGAL_HOLD");
    assert_eq!(cases(&life).await.len(), 1);
}

#[tokio::test]
async fn x10_what_is_kept_for_days_goes_by_itself_and_nothing_sooner() {
    let life = Life::start().await;
    let (app, region) = (&life.scene.server.app, life.scene.server.founded.region);
    let counted = async || {
        let rows = life.scene.server.rows().await;
        let answers = request::Entity::find().all(&rows).await.unwrap().len();
        let bodies = outbox::Entity::find().all(&rows).await.unwrap();
        rows.close().await.unwrap();
        (answers, bodies.iter().filter(|row| row.sealed_payload.is_some()).count())
    };
    life.book(life.scene.later(240)).await;
    schakel_server::invitation::worker::tell(app, region).await.unwrap();
    life.scene.server.clock.advance(TimeDelta::minutes(2));
    schakel_server::invitation::worker::tell(app, region).await.unwrap();
    let start = counted().await;
    assert!(start.0 > 3 && start.1 > 0, "{start:?}");
    life.scene.server.clock.advance(TimeDelta::days(4));
    worker::work(app, region).await.unwrap();
    assert_eq!(counted().await, start, "nothing is old enough");
    life.scene.server.clock.advance(TimeDelta::days(4));
    worker::work(app, region).await.unwrap();
    assert_eq!(counted().await, (0, start.1), "answers are kept for seven days");
    life.scene.server.clock.advance(TimeDelta::days(23));
    worker::work(app, region).await.unwrap();
    assert_eq!(counted().await, (0, 0), "bodies for thirty");
    assert_eq!(worker::work(app, region).await.unwrap(), 0);
}

#[tokio::test]
async fn x10_a_place_in_special_education_is_kept_by_its_own_term_and_another_place_is_not() {
    let mut life = Life::start().await;
    let mut wanted = profile(&life.fg).await;
    for term in &mut wanted.terms {
        let own = [(RetentionClass::Leerplicht, 7), (RetentionClass::SpecialEducation, 10)];
        if let Some((_, years)) = own.into_iter().find(|(class, _)| *class == term.class()) {
            term.years = years;
        }
    }
    let request = pb::SetRetentionProfileRequest { profile: Some(wanted), request_id: life.id() };
    life.fg.clone().set_retention_profile(request).await.unwrap();
    let iber = life.scene.iber.1.clone();
    let mut iber = schakel_proto::v1::thuiszitter_service_client::ThuiszitterServiceClient::new(iber);
    let mut closed = Vec::new();
    for (name, outcome) in [
        ("Gewone School", pb::CaseOutcome::Plaatsing),
        ("Speciale Basisschool", pb::CaseOutcome::PlaatsingSbo),
        ("Speciale School", pb::CaseOutcome::PlaatsingSo),
        ("Voortgezet Speciaal", pb::CaseOutcome::PlaatsingVso),
    ] {
        let case = crate::thuiszitter::named(name, crate::thuiszitter::absent(life.scene.school));
        let request = pb::OpenCaseRequest { case: Some(case), request_id: life.id(), ..Default::default() };
        let case = iber.open_case(request).await.unwrap().into_inner();
        let close = pb::CloseCaseRequest {
            name: case.name.clone(),
            outcome: outcome.into(),
            outcome_date: "2026-11-24".into(),
            note: String::new(),
            etag: case.etag,
            request_id: life.id(),
            ..pb::CloseCaseRequest::default()
        };
        life.keeper.close_case(close).await.unwrap();
        closed.push(case.name);
    }
    let told = |planned: &pb::Destruction| -> Vec<_> {
        planned.parts.iter().map(|part| (part.class(), part.count)).collect()
    };

    // The term of absence is five years: only the regular place has gone by then.
    years_later(&mut life, 6).await;
    let planned = plan(&life, &life.fg).await.unwrap();
    assert_eq!(told(&planned), [(RetentionClass::Absence, 1)]);
    approve(&life, &life.other_fg, &planned.name).await.unwrap();
    let left = cases(&life).await;
    let stays: Vec<_> = closed.iter().map(|name| left.contains(name)).collect();
    assert_eq!(stays, [false, true, true, true]);

    years_later(&mut life, 5).await;
    let planned = plan(&life, &life.fg).await.unwrap();
    assert_eq!(told(&planned), [(RetentionClass::SpecialEducation, 3)]);
}
