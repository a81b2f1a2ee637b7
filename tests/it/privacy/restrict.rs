//! A case is restricted and held, and every step is on record.

use pb::{case_rights::Hold, export_subject_request::Format};
use schakel_proto::v1::{self as pb, thuiszitter_service_client::ThuiszitterServiceClient};
use schakel_server::entity::audit;
use schakel_tests::reason;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{Life, Rights};

fn restriction(life: &Life) -> pb::RestrictCaseRequest {
    pb::RestrictCaseRequest {
        name: life.case.name.clone(),
        ground: pb::RestrictionGround::Accuracy.into(),
        note: "De verzuimdagen kloppen niet.".into(),
        cancel_meetings: false,
        request_id: life.id(),
    }
}

fn lifting(life: &Life) -> pb::LiftRestrictionRequest {
    pb::LiftRestrictionRequest { name: life.case.name.clone(), note: String::new(), request_id: life.id() }
}

async fn kinds(life: &Life) -> Vec<String> {
    let mut cases = ThuiszitterServiceClient::new(life.scene.iber.1.clone());
    let asked = pb::GetTimelineRequest { name: life.case.name.clone(), ..Default::default() };
    let timeline = cases.get_timeline(asked).await.unwrap().into_inner();
    timeline.events.into_iter().map(|event| event.kind).collect()
}

async fn meeting(life: &Life, name: &str) -> pb::Consultation {
    let asked = pb::GetConsultationRequest { name: name.to_owned() };
    life.scene.meetings().get_consultation(asked).await.unwrap().into_inner()
}

#[tokio::test]
async fn x10_a_restriction_stands_until_the_privacy_officer_lifts_it_and_meetings_go_on() {
    let life = Life::start().await;
    let coming = life.book(life.scene.later(240)).await;
    let asked = restriction(&life);
    let done = life.school().restrict_case(asked.clone()).await.unwrap().into_inner();
    assert_eq!(done.hold(), Hold::Restricted);
    assert_eq!(life.school().restrict_case(asked).await.unwrap().into_inner(), done, "one id, one effect");
    let twice = life.fg.clone().restrict_case(restriction(&life)).await.unwrap_err();
    assert_eq!(reason(&twice), "ALREADY_RESTRICTED");
    assert_eq!(meeting(&life, &coming.name).await.state(), pb::consultation::State::Planned);
    assert_eq!(life.rights(&life.fg).await.unwrap().hold(), Hold::Restricted);

    let school = life.school().lift_restriction(lifting(&life)).await.unwrap_err();
    assert_eq!(reason(&school), "ACTION_NOT_ALLOWED", "who restricts does not decide the dispute");
    let lifted = life.fg.clone().lift_restriction(lifting(&life)).await.unwrap().into_inner();
    assert_eq!(lifted.hold(), Hold::Unspecified);
    let again = life.fg.clone().lift_restriction(lifting(&life)).await.unwrap_err();
    assert_eq!(reason(&again), "NOT_RESTRICTED");
    let kinds = kinds(&life).await;
    assert_eq!(kinds[kinds.len() - 2..], ["CASE_RESTRICTED", "RESTRICTION_LIFTED"]);

    let rows = life.scene.server.rows().await;
    let lines = audit::Entity::find()
        .filter(audit::Column::Method.contains("RestrictCase"))
        .all(&rows)
        .await
        .unwrap();
    rows.close().await.unwrap();
    assert_eq!(lines.len(), 3, "the child and two parents, one line each");
    assert!(lines.iter().all(|line| line.action == "U" && line.purpose == "rechten_betrokkene"));
}

#[tokio::test]
async fn x10_a_restriction_calls_meetings_off_only_when_that_is_asked() {
    let life = Life::start().await;
    let coming = life.book(life.scene.later(240)).await;
    let asked = pb::RestrictCaseRequest { cancel_meetings: true, ..restriction(&life) };
    life.fg.clone().restrict_case(asked).await.unwrap();
    assert_eq!(meeting(&life, &coming.name).await.state(), pb::consultation::State::Cancelled);
    assert_eq!(meeting(&life, &life.held.name).await.state(), pb::consultation::State::Held);
}

#[tokio::test]
async fn x10_a_legal_hold_is_set_with_a_reason_and_ends_once() {
    let life = Life::start().await;
    let hold = |reason: &str| pb::SetLegalHoldRequest {
        case: life.case.name.clone(),
        reason: reason.into(),
        request_id: life.id(),
    };
    let leerplicht = Rights::new(life.scene.leerplicht.1.clone());
    leerplicht.clone().set_legal_hold(hold("Beroep bij de rechtbank.")).await.unwrap();
    let set = life.fg.clone().set_legal_hold(hold("Klacht.")).await.unwrap().into_inner();
    assert_eq!(
        set.legal_holds.iter().map(|hold| hold.reason.as_str()).collect::<Vec<_>>(),
        ["Beroep bij de rechtbank.", "Klacht."]
    );
    let school = life.school().set_legal_hold(hold("Nee.")).await.unwrap_err();
    assert_eq!(reason(&school), "ACTION_NOT_ALLOWED");
    let ending = |name: &str| pb::LiftLegalHoldRequest {
        case: life.case.name.clone(),
        name: name.to_owned(),
        request_id: life.id(),
    };
    let first = &set.legal_holds[0].name;
    let left = life.fg.clone().lift_legal_hold(ending(first)).await.unwrap().into_inner();
    assert!(left.legal_holds[0].lift_time.is_some() && left.legal_holds[1].lift_time.is_none());
    let again = life.fg.clone().lift_legal_hold(ending(first)).await.unwrap_err();
    assert_eq!(reason(&again), "ALREADY_ENDED");
    let unknown = ending(&format!("legalHolds/{}", life.id()));
    assert_eq!(reason(&life.fg.clone().lift_legal_hold(unknown).await.unwrap_err()), "LEGAL_HOLD_NOT_FOUND");
}

#[tokio::test]
async fn x10_a_restricted_case_is_erased_by_order_and_its_coming_meetings_are_off() {
    let life = Life::start().await;
    life.book(life.scene.later(240)).await;
    life.scene.server.news().await;
    life.school().restrict_case(restriction(&life)).await.unwrap();
    let proposal = life.propose(&life.fg, pb::ErasureGround::Order).await.unwrap();
    assert_eq!(proposal.meetings_cancelled, 1);
    let done = life.approve(&life.other_fg, &proposal.name).await.unwrap();
    assert_eq!(done.state(), pb::destruction::State::Done);
    assert_eq!(reason(&life.rights(&life.fg).await.unwrap_err()), "CASE_NOT_FOUND");
    let mails = life.scene.server.news().await;
    assert!(mails.iter().any(|mail| mail.calendar().contains("METHOD:CANCEL")));
}

#[tokio::test]
async fn x10_what_is_closed_and_archived_has_all_rights_through_the_privacy_officer_alone() {
    let mut life = Life::start().await;
    life.close().await;
    let closed = life.export(&life.school(), Format::Json, "").await.unwrap();
    assert!(closed.contains("Fenna Oudshoorn"), "a closed case is told by its school");
    let rows = life.scene.server.rows().await;
    rows.execute_unprepared("UPDATE case_circle SET hold = 'ARCHIVED'").await.unwrap();
    rows.close().await.unwrap();
    let told = life.export(&life.fg, Format::Json, "").await.unwrap();
    assert!(told.contains("Fenna Oudshoorn") && told.contains("\"hold\": \"ARCHIVED\""), "{told}");
    let hidden = life.export(&life.school(), Format::Json, "").await.unwrap_err();
    assert_eq!(reason(&hidden), "CASE_NOT_FOUND");
    let hidden = life.propose(&life.school(), pb::ErasureGround::Unlawful).await.unwrap_err();
    assert_eq!(reason(&hidden), "CASE_NOT_FOUND");

    let mut fg = life.fg.clone();
    let letter = pb::FindSubjectRequest { reference: life.case.reference.clone(), ..Default::default() };
    assert_eq!(fg.find_subject(letter).await.unwrap().into_inner().cases, [life.case.name.clone()]);
    assert_eq!(life.rights(&fg).await.unwrap().hold(), Hold::Archived);
    assert_eq!(reason(&fg.restrict_case(restriction(&life)).await.unwrap_err()), "ALREADY_RESTRICTED");
    assert_eq!(reason(&fg.lift_restriction(lifting(&life)).await.unwrap_err()), "NOT_RESTRICTED");
    let right = pb::RectifySubjectRequest {
        case: life.case.name.clone(),
        person: life.child().to_string(),
        facts: None,
        update_mask: None,
        statement: "Zij was niet ziek.".into(),
        asked_by: pb::Requester::Child.into(),
        reason: "Haar eigen woorden.".into(),
        request_id: life.id(),
    };
    fg.rectify_subject(right).await.unwrap();
    let set = pb::SetLegalHoldRequest {
        case: life.case.name.clone(),
        reason: "Klacht.".into(),
        request_id: life.id(),
    };
    let held = fg.set_legal_hold(set).await.unwrap().into_inner();
    let lifting = pb::LiftLegalHoldRequest {
        case: life.case.name.clone(),
        name: held.legal_holds[0].name.clone(),
        request_id: life.id(),
    };
    fg.lift_legal_hold(lifting).await.unwrap();
    let proposal = life.propose(&life.fg, pb::ErasureGround::Order).await.unwrap();
    life.approve(&life.other_fg, &proposal.name).await.unwrap();
    assert_eq!(reason(&life.rights(&life.fg).await.unwrap_err()), "CASE_NOT_FOUND");
}
