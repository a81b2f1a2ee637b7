//! Who sees which facts.

use chrono::{NaiveDate, TimeDelta};
use schakel_domain::{access::Role, ids::CaseId};
use schakel_proto::v1::{
    self as pb, fact::Said, thuiszitter_service_client::ThuiszitterServiceClient, timeline::deadline,
};
use schakel_tests::{reason, told};

use super::{Facts, Log, Region, absent, get, happened, missed, norm, parent};

async fn colleague(
    case: &Log,
    role: Role,
    organisation: impl Into<schakel_domain::ids::OrganisationId>,
) -> Facts {
    Facts::new(case.region.server.person(role, organisation).await.1)
}

fn list(case: &str) -> pb::ListFactsRequest {
    pb::ListFactsRequest { case: case.to_owned(), ..Default::default() }
}

#[tokio::test]
async fn x09_a_school_neither_sees_nor_tells_facts_of_youth_help_or_of_a_doctor() {
    let case = Log::open().await;
    for moment in [pb::Moment::YouthHelpRequested, pb::Moment::DoctorStated] {
        let refused = case.record([happened(moment, "2026-11-20")]).await.unwrap_err();
        assert_eq!(reason(&refused), "ACTION_NOT_ALLOWED", "{moment:?}");
    }
    let officer = colleague(&case, Role::Leerplichtambtenaar, case.region.gemeente).await;
    let stated = case.telling([happened(pb::Moment::DoctorStated, "2026-11-20")]);
    let stated = officer.clone().record_facts(stated).await.unwrap().into_inner().facts.remove(0);
    let seen = officer.clone().list_facts(list(&case.case.name)).await.unwrap().into_inner().facts;
    assert!(seen.contains(&stated));
    let log = case.listed(pb::ListFactsRequest { show_corrected: true, ..Default::default() }).await;
    assert!(!log.iter().any(|fact| fact.name == stated.name));
    // For who may not see it, it is as if it were not there.
    let nothing = format!("facts/{}", uuid::Uuid::from_u128(7));
    let hidden = case.correct(&stated.name, None).await.unwrap_err();
    assert_eq!(told(&hidden), told(&case.correct(&nothing, None).await.unwrap_err()));
    let timeline = case.region.timeline(&case.case).await;
    assert!(timeline.events.iter().all(|event| !event.text.contains("arts")), "{timeline:?}");
}

#[tokio::test]
async fn facts_of_a_case_that_is_not_yours_are_facts_that_do_not_exist() {
    let case = Log::open().await;
    let other = case.region.server.school("90BB00", "GM9902").await;
    let mut stranger = colleague(&case, Role::Iber, other).await;
    let nowhere = CaseId(uuid::Uuid::from_u128(7)).to_string();
    let first = case.log().await.remove(0).name;
    let mut answers = Vec::new();
    for (name, entry) in [(&case.case.name, first), (&nowhere, format!("facts/{}", uuid::Uuid::from_u128(7)))]
    {
        let asked = pb::GetStandingRequest { case: name.clone(), ..Default::default() };
        answers.push(told(&stranger.get_standing(asked).await.unwrap_err()));
        answers.push(told(&stranger.list_facts(list(name)).await.unwrap_err()));
        let telling = pb::RecordFactsRequest {
            case: name.clone(),
            ..case.telling([missed("2026-11-20", 60, pb::AbsenceGround::Ziek)])
        };
        answers.push(told(&stranger.record_facts(telling).await.unwrap_err()));
        let correcting = pb::CorrectFactRequest {
            name: entry,
            fact: None,
            request_id: case.region.server.request_id(),
            ..Default::default()
        };
        answers.push(told(&stranger.correct_fact(correcting).await.unwrap_err()));
    }
    assert_eq!(answers[..4], answers[4..]);
}

#[tokio::test]
async fn a_head_is_told_no_address_and_no_birthday() {
    let case = Log::open().await;
    case.record([happened(pb::Moment::AdmissionWished, "2027-02-01")]).await.unwrap();
    let head = colleague(&case, Role::Directeur, case.region.school).await;
    let seen = head.clone().list_facts(list(&case.case.name)).await.unwrap().into_inner().facts;
    assert!(!seen.is_empty());
    assert!(!seen.iter().any(|fact| matches!(fact.said, Some(Said::Residence(_)))));
    let standing = head.clone().get_standing(case.asking(None, "")).await.unwrap().into_inner();
    assert!(standing.consent_tasks.is_empty());
    assert_eq!(norm(&standing.deadlines, "T13").due_date, "2027-01-26");
    for deadline in &standing.deadlines {
        assert_ne!(deadline.opens_date, "2020-05-14", "{deadline:?}");
    }
    for other in ["2026-11-22", "2035-05-14"] {
        let refused = head.clone().get_standing(case.asking(None, other)).await.unwrap_err();
        assert_eq!(
            schakel_tests::violations(&refused),
            ["date: TIME_OUT_OF_BOUNDS"],
            "labels tell birthdays"
        );
    }
    let refused =
        head.clone().record_facts(case.telling([happened(pb::Moment::OfferMade, "2026-11-20")])).await;
    assert_eq!(reason(&refused.unwrap_err()), "ACTION_NOT_ALLOWED");
}

/// Extra support and the ontwikkelingsperspectief are content of education, and no absence.
#[tokio::test]
async fn a_head_is_told_of_no_opp_nor_of_a_term_of_one() {
    let region = Region::start().await;
    let mut asked = absent(region.school);
    asked.milestones = Some(pb::case::Milestones {
        extra_support_date: "2026-11-02".into(),
        extra_support_reason: "De begeleiding in de klas is niet genoeg.".into(),
        opp_agreed_date: "2026-11-16".into(),
        offer_date: "2026-11-16".into(),
        child_heard_date: "2026-11-12".into(),
        ..Default::default()
    });
    let case = Log::of(region, asked).await;
    case.record([happened(pb::Moment::OppEvaluated, "2026-11-20")]).await.unwrap();
    let own = case.standing(None, "").await.deadlines;
    assert_eq!(norm(&own, "T06").state, i32::from(deadline::State::Met));

    let (_, head) = case.region.server.person(Role::Directeur, case.region.school).await;
    let mut facts = Facts::new(head.clone());
    let seen = facts.list_facts(list(&case.case.name)).await.unwrap().into_inner().facts;
    let moments: Vec<pb::Moment> = seen
        .iter()
        .filter_map(|fact| match &fact.said {
            Some(Said::Happened(dated)) => Some(dated.moment()),
            Some(_) | None => None,
        })
        .collect();
    assert!(moments.contains(&pb::Moment::OfferMade));
    for hidden in [
        pb::Moment::ExtraSupportDecided,
        pb::Moment::OppMade,
        pb::Moment::ActionPartAgreed,
        pb::Moment::OppEvaluated,
        pb::Moment::ChildHeard,
    ] {
        assert!(!moments.contains(&hidden), "{hidden:?}");
    }
    let mut cases = ThuiszitterServiceClient::new(head);
    let shown = cases.get_case(get(&case.case.name)).await.unwrap().into_inner().milestones.unwrap();
    let only = pb::case::Milestones { offer_date: "2026-11-16".into(), ..Default::default() };
    assert_eq!(shown, only);
    // None of its terms, rather than one that seems to have passed.
    let standing = facts.get_standing(case.asking(None, "")).await.unwrap().into_inner().deadlines;
    assert!(!standing.is_empty());
    for id in ["T06", "T06A", "T07", "T08", "T08B", "T09"] {
        assert!(standing.iter().all(|deadline| deadline.norm != id), "{id}");
    }
}

#[tokio::test]
async fn who_is_invited_alone_reads_what_was_told_since() {
    let case = Log::open().await;
    case.record([happened(pb::Moment::OfferMade, "2026-11-16")]).await.unwrap();
    case.region.server.clock.advance(TimeDelta::hours(1));
    let swv = case.region.server.founded.organisation;
    let (person, adviser) = case.region.server.person(Role::SwvAdviseur, swv).await;
    let mut adviser = Facts::new(adviser);
    case.region.server.invite(case.case.name.parse().unwrap(), person).await;
    let joined = case.clock();
    case.region.server.clock.advance(TimeDelta::hours(1));
    case.record([happened(pb::Moment::RondetafelHeld, "2026-11-20")]).await.unwrap();
    let seen = adviser.list_facts(list(&case.case.name)).await.unwrap().into_inner().facts;
    let texts: Vec<_> = seen.iter().map(|fact| fact.text.as_str()).collect();
    assert_eq!(texts, ["Op 20 november 2026: rondetafel."]);
    let before = pb::GetStandingRequest {
        as_of_time: Some(prost_types::Timestamp { seconds: joined.seconds - 60, nanos: 0 }),
        ..case.asking(None, "")
    };
    let refused = adviser.get_standing(before).await.unwrap_err();
    assert_eq!(schakel_tests::violations(&refused), ["as_of_time: TIME_OUT_OF_BOUNDS"]);
    let refused = adviser.get_standing(case.asking(None, "2026-11-20")).await.unwrap_err();
    assert_eq!(schakel_tests::violations(&refused), ["date: TIME_OUT_OF_BOUNDS"]);
    adviser.get_standing(case.asking(Some(joined), "")).await.unwrap();
}

/// Jeugdwet art. 7.3.4: from the twelfth birthday the child consents too.
#[tokio::test]
async fn x09_a_birthday_that_changes_who_consents_is_a_task_in_time() {
    let region = Region::start().await;
    let mut asked = absent(region.school);
    asked.parents.push(parent("Sem Zwanikken"));
    asked.child.as_mut().unwrap().birth_date = "2014-12-14".into();
    let case = Log::of(region, asked).await;
    let standing = case.standing(None, "2026-12-13").await;
    let first = &standing.consent_tasks[0];
    assert_eq!(
        (first.birthday.as_str(), first.before, first.after),
        ("2026-12-14", pb::ConsentHolder::Ouders.into(), pb::ConsentHolder::JeugdigeEnOuders.into())
    );
    let task: NaiveDate = first.task_date.parse().unwrap();
    assert!(task < "2026-12-14".parse().unwrap());
    assert_eq!(first.state, i32::from(pb::timeline::deadline::State::DueSoon));
    let birthdays: Vec<_> = standing.consent_tasks.iter().map(|task| task.birthday.as_str()).collect();
    assert_eq!(birthdays, ["2026-12-14", "2030-12-14", "2032-12-14"]);
    let later = case.standing(None, "2026-12-14").await;
    assert_eq!(later.consent_tasks[0].state, i32::from(pb::timeline::deadline::State::Overdue));
}
