//! The tracks of an arrangement: asked for, decided, begun, evaluated and ended; with care beside education too.

use pb::track::{Kind, Outcome, State, Step};
use schakel_domain::access::Role;
use schakel_proto::v1 as pb;
use schakel_tests::{reason, violations};

use super::{Tracking, Tracks, deadline, step};

/// An arrangement that begins today and lasts until a day.
fn begins(until: &str) -> Step {
    Step { until_date: until.into(), ..step(step::Kind::ArrangementStarted, "2026-11-23") }
}

/// WPO art. 40a: granted on 20 November, it asks for an ontwikkelingsperspectief by 1 January.
#[tokio::test]
async fn e12_an_arrangement_is_granted_begins_until_a_day_is_evaluated_and_runs_to_its_end() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let track = tracking.begin(by, tracking.track(Kind::Arrangement, *iber)).await.unwrap();
    let early = tracking.go(by, &track, begins("2027-07-16")).await.unwrap_err();
    assert_eq!(reason(&early), "STEP_NOT_ALLOWED", "nobody granted it");
    let hours =
        Step { note: "Vier uur per week.".into(), ..step(step::Kind::ArrangementGranted, "2026-11-20") };
    let granted = tracking.go(by, &track, hours).await.unwrap();
    assert_eq!(granted.steps[0].note, "Vier uur per week.");
    assert_eq!(tracking.stands("T06").await.unwrap().0, "2027-01-01");

    let endless = tracking.go(by, &granted, begins("")).await.unwrap_err();
    assert_eq!(violations(&endless), ["step.until_date: FIELD_REQUIRED"]);
    let before = tracking.go(by, &granted, begins("2026-11-22")).await.unwrap_err();
    assert_eq!(violations(&before), ["step.until_date: TIME_OUT_OF_BOUNDS"]);
    // What comes next is on 2 December.
    let over = tracking.go(by, &granted, begins("2026-12-01")).await.unwrap_err();
    assert_eq!(violations(&over), ["next_date: TIME_OUT_OF_BOUNDS"]);
    let begun = tracking.go(by, &granted, begins("2027-07-16")).await.unwrap();
    assert_eq!((begun.steps[1].until_date.as_str(), begun.state()), ("2027-07-16", State::Open));
    let year = Some(("2027-07-31".to_owned(), String::new(), deadline::State::Running));
    assert_eq!(tracking.stands("R30").await, year);
    let late = pb::UpdateTrackRequest {
        track: Some(pb::Track { next_date: "2027-07-17".into(), ..begun.clone() }),
        update_mask: Some(prost_types::FieldMask { paths: vec!["next_date".into()] }),
        request_id: tracking.id(),
    };
    let late = Tracks::new(by.clone()).update_track(late).await.unwrap_err();
    assert_eq!(violations(&late), ["track.next_date: TIME_OUT_OF_BOUNDS"]);

    let stopped = (step(step::Kind::Ended, "2026-11-23"), Outcome::Unspecified);
    let stopped = tracking.end(by, &begun, stopped).await.unwrap_err();
    assert_eq!(reason(&stopped), "STEP_NOT_ALLOWED", "it runs");
    let evaluated = step(step::Kind::ArrangementEvaluated, "2026-11-23");
    let lasting = Step { until_date: "2027-07-16".into(), ..evaluated.clone() };
    let lasting = tracking.go(by, &begun, lasting).await.unwrap_err();
    assert_eq!(violations(&lasting), ["step.until_date: FIELD_INVALID"]);
    let evaluated = tracking.go(by, &begun, evaluated).await.unwrap();
    assert_eq!(tracking.stands("R30").await.unwrap().2, deadline::State::Met);
    let end = (step(step::Kind::ArrangementEnded, "2026-11-23"), Outcome::Unspecified);
    let ended = tracking.end(by, &evaluated, end).await.unwrap();
    assert_eq!((ended.state(), ended.outcome()), (State::Closed, Outcome::Completed));

    let anew = tracking.begin(by, tracking.track(Kind::Arrangement, *iber)).await.unwrap();
    let refused = (step(step::Kind::ArrangementRefused, "2026-11-23"), Outcome::Unspecified);
    assert_eq!(tracking.end(by, &anew, refused).await.unwrap().outcome(), Outcome::Refused);
}

/// Jeugdwet art. 7.3.11: that care comes is for the school to know, and what care it is stands in the plan, for
/// who may see that.
#[tokio::test]
async fn e12_an_onderwijszorgarrangement_begins_once_education_care_and_parents_agree() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let track = tracking.begin(by, tracking.track(Kind::Oza, *iber)).await.unwrap();
    let told = Step { note: "Therapie op maandag.".into(), ..step(step::Kind::CareAgreed, "2026-11-19") };
    let told = tracking.go(by, &track, told).await.unwrap_err();
    assert_eq!(violations(&told), ["step.note: FIELD_INVALID"]);
    let mut track =
        tracking.go(by, &track, step(step::Kind::ArrangementGranted, "2026-11-18")).await.unwrap();
    for kind in [step::Kind::EducationAgreed, step::Kind::CareAgreed, step::Kind::ParentsAgreed] {
        let early = tracking.go(by, &track, begins("2027-07-16")).await.unwrap_err();
        assert_eq!(reason(&early), "STEP_NOT_ALLOWED", "{kind:?} is still to come");
        track = tracking.go(by, &track, step(kind, "2026-11-19")).await.unwrap();
    }
    let begun = tracking.go(by, &track, begins("2027-07-16")).await.unwrap();
    assert_eq!(begun.steps.len(), 5);
    assert!(tracking.stands("R31").await.is_some());
    assert_eq!(tracking.stands("R30").await, None, "that is of another arrangement");
    let head = tracking.plan.region.server.person(Role::Directeur, tracking.plan.region.school).await.1;
    assert!(tracking.list(&head).await.is_empty(), "who does not see the content of education");
    assert_eq!(tracking.list(by).await, [begun]);
}
