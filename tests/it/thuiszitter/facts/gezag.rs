//! Who had to sign is judged by the parents with gezag as they were known then.

use chrono::TimeDelta;
use pb::timeline::deadline::State;
use schakel_domain::access::Role;
use schakel_proto::v1::{self as pb, consent_service_client::ConsentServiceClient};

use super::{Log, Region, absent, parent};

/// Changes the parents of the case as the school.
async fn change(case: &Log, parents: Vec<pb::case::Parent>) -> Vec<pb::case::Parent> {
    let changed = pb::Case { parents, ..case.now().await };
    case.region.update(changed, &["parents"]).await.unwrap().parents
}

/// How the task of the next birthday stood at an instant.
async fn stood(case: &Log, at: Option<prost_types::Timestamp>) -> State {
    case.standing(at, "").await.consent_tasks[0].state()
}

/// Jeugdwet art. 7.3.4(2): from the twelfth birthday, on 5 December, the child signs beside every parent with
/// gezag.
#[tokio::test]
async fn x09_a_task_of_the_past_asks_those_who_had_gezag_then() {
    let region = Region::start().await;
    let mut asked = absent(region.school);
    asked.child.as_mut().unwrap().birth_date = "2014-12-05".into();
    let case = Log::of(region, asked).await;
    let server = &case.region.server;
    let (_, iber) = server.person(Role::Iber, case.region.school).await;
    let noor = case.case.parents[0].clone();
    let child = case.case.child.as_ref().unwrap().person.clone();
    let role = |role: pb::Role| pb::consent::Party { role: role.into(), ..Default::default() };
    let signed =
        |person: &String| pb::consent::Signature { person: person.clone(), date: "2026-11-23".into() };
    let consent = pb::Consent {
        case: case.case.name.clone(),
        purpose: "terugkeer_school".into(),
        gives: vec![role(pb::Role::Iber)],
        receives: vec![role(pb::Role::Smw)],
        classes: vec![pb::DataClass::K2.into()],
        expire_date: "2027-05-31".into(),
        signatures: vec![signed(&noor.person), signed(&child)],
        ..Default::default()
    };
    let request = pb::RecordConsentRequest { consent: Some(consent), request_id: server.request_id() };
    ConsentServiceClient::new(iber).record_consent(request).await.unwrap();
    let mut seen = vec![(case.clock(), State::Met)];
    let wait = || server.clock.advance(TimeDelta::hours(1));

    wait();
    let both = change(&case, vec![noor.clone(), parent("Sem Zwanikken")]).await;
    seen.push((case.clock(), State::DueSoon));
    wait();
    let unknown = pb::case::Parent { gezag: pb::case::parent::Gezag::Unknown.into(), ..both[1].clone() };
    change(&case, vec![noor.clone(), unknown]).await;
    seen.push((case.clock(), State::Met));
    wait();
    // She has left the case, and he has gezag after all: he has not signed.
    change(&case, vec![both[1].clone()]).await;
    seen.push((case.clock(), State::DueSoon));
    wait();
    // What is changed beside the parents changes nothing of who signs.
    case.region.update(case.now().await, &["question"]).await.unwrap();

    assert_eq!(stood(&case, None).await, State::DueSoon);
    for (at, state) in seen {
        assert_eq!(stood(&case, Some(at)).await, state, "{at:?}");
    }
}
