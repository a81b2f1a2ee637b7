//! The tracks of an arrangement: asked for, decided, begun, evaluated and ended; with care beside education too.

use chrono::TimeDelta;
use pb::track::{Kind, Outcome, State, Step};
use schakel_domain::{access::Role, ids::PersonId};
use schakel_proto::v1 as pb;
use schakel_server::thuiszitter::task::ahead::due_days;
use schakel_tests::{reason, violations};

use super::{Tracking, Tracks, deadline, step};
use crate::thuiszitter::get;

/// An arrangement that begins today and lasts until a day.
fn begins(until: &str) -> Step {
    Step { until_date: until.into(), ..step(step::Kind::ArrangementStarted, "2026-11-23") }
}

/// An arrangement that is granted on a day, and why.
fn grants(date: &str, why: &str) -> Step {
    Step { note: why.into(), ..step(step::Kind::ArrangementGranted, date) }
}

/// WPO art. 40a: granted on 20 November, it asks for an ontwikkelingsperspectief by 1 January.
#[tokio::test]
async fn e12_an_arrangement_is_granted_begins_until_a_day_is_evaluated_and_runs_to_its_end() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let track = tracking.begin(by, tracking.track(Kind::Arrangement, *iber)).await.unwrap();
    let early = tracking.go(by, &track, begins("2027-07-16")).await.unwrap_err();
    assert_eq!(reason(&early), "STEP_NOT_ALLOWED", "nobody granted it");
    let granted = tracking.go(by, &track, grants("2026-11-20", "Vier uur per week.")).await.unwrap();
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
    let mut track = tracking.go(by, &track, grants("2026-11-18", "Thuis en op school.")).await.unwrap();
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

/// More than the basisondersteuning is decided with the reason for it, whoever tells the decision.
#[tokio::test]
async fn an_arrangement_is_granted_with_the_reason_that_the_log_tells() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let track = tracking.begin(by, tracking.track(Kind::Arrangement, *iber)).await.unwrap();
    for silent in ["", " "] {
        let refused = tracking.go(by, &track, grants("2026-11-20", silent)).await.unwrap_err();
        assert_eq!(violations(&refused), ["step.note: FIELD_REQUIRED"]);
    }
    assert!(tracking.decided(by).await.is_empty());
    tracking.go(by, &track, grants("2026-11-20", "De klas alleen is niet genoeg.")).await.unwrap();
    assert_eq!(tracking.decided(by).await, [said("2026-11-20", "De klas alleen is niet genoeg.")]);
}

/// The day and the reason of a decision.
fn said(date: &str, why: &str) -> (String, String) {
    (date.to_owned(), why.to_owned())
}

/// WPO art. 40a: six weeks after 18 November is 30 December, and after 20 November 1 January.
#[tokio::test]
async fn extra_support_that_two_arrangements_give_keeps_a_term_while_one_of_them_stands() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let (alone, together) = ("De klas alleen is niet genoeg.", "Thuis en op school is hulp nodig.");
    let mut tracks = Vec::new();
    for (kind, step) in
        [(Kind::Arrangement, grants("2026-11-18", alone)), (Kind::Oza, grants("2026-11-20", together))]
    {
        let track = tracking.begin(by, tracking.track(kind, *iber)).await.unwrap();
        tracks.push(tracking.go(by, &track, step).await.unwrap());
    }
    assert_eq!(tracking.stands("T06").await.unwrap().0, "2026-12-30");
    assert_eq!(tracking.decided(by).await, [said("2026-11-18", alone)], "the other decides nothing more");
    let undone = tracking.back(by, &tracks[0], step::Kind::ArrangementGranted).await.unwrap();
    assert_eq!(tracking.stands("T06").await.unwrap().0, "2027-01-01");
    assert_eq!(tracking.decided(by).await, [said("2026-11-20", together)]);

    // Of the same day too, each has a reason of its own.
    let again = tracking.go(by, &undone, grants("2026-11-20", alone)).await.unwrap();
    assert_eq!(tracking.decided(by).await, [said("2026-11-20", together)]);
    let other = tracking.back(by, &tracks[1], step::Kind::ArrangementGranted).await.unwrap();
    assert_eq!(tracking.decided(by).await, [said("2026-11-20", alone)]);
    assert!(other.steps.is_empty());
    // And goes with the last of them.
    tracking.back(by, &again, step::Kind::ArrangementGranted).await.unwrap();
    assert_eq!(tracking.stands("T06").await, None);
    assert!(tracking.decided(by).await.is_empty());
}

/// What comes next in an arrangement that runs again is not after its last day, 16 July.
#[tokio::test]
async fn an_arrangement_that_ended_by_mistake_runs_again_up_to_its_last_day() {
    let tracking = Tracking::start().await;
    let (iber, by) = &tracking.plan.iber;
    let track = tracking.begin(by, tracking.track(Kind::Arrangement, *iber)).await.unwrap();
    let granted = tracking.go(by, &track, grants("2026-11-20", "Vier uur per week.")).await.unwrap();
    let begun = tracking.go(by, &granted, begins("2027-07-16")).await.unwrap();
    let end = (step(step::Kind::ArrangementEnded, "2026-11-23"), Outcome::Unspecified);
    let ended = tracking.end(by, &begun, end).await.unwrap();
    let back = |next: &str| pb::TakeBackTrackStepRequest {
        name: ended.name.clone(),
        step: step::Kind::ArrangementEnded.into(),
        next_date: next.into(),
        etag: ended.etag.clone(),
        request_id: tracking.id(),
    };
    let mut tracks = Tracks::new(by.clone());
    let late = tracks.take_back_track_step(back("2027-07-17")).await.unwrap_err();
    assert_eq!(violations(&late), ["next_date: TIME_OUT_OF_BOUNDS"]);
    let runs = tracks.take_back_track_step(back("2027-07-16")).await.unwrap().into_inner();
    assert_eq!((runs.state(), runs.next_date.as_str()), (State::Open, "2027-07-16"));
    // Without its beginning it has no last day.
    let request = pb::TakeBackTrackStepRequest {
        step: step::Kind::ArrangementStarted.into(),
        etag: runs.etag.clone(),
        ..back("2027-07-17")
    };
    let waits = tracks.take_back_track_step(request).await.unwrap().into_inner();
    assert_eq!(waits.next_date, "2027-07-17");
}

/// Evaluated in the school year 2026-2027: by 31 July 2027.
#[tokio::test]
async fn an_arrangement_goes_on_when_its_case_is_closed_and_is_evaluated_and_ended_then() {
    let tracking = Tracking::start().await;
    let region = &tracking.plan.region;
    let (guide, by) = &tracking.guide().await;
    let track = tracking.begin(by, tracking.track(Kind::Arrangement, *guide)).await.unwrap();
    let granted = tracking.go(by, &track, grants("2026-11-20", "Vier uur per week.")).await.unwrap();
    let begun = tracking.go(by, &granted, begins("2027-07-16")).await.unwrap();
    let placement = tracking.begin(by, tracking.track(Kind::Placement, *guide)).await.unwrap();
    let now = region.iber.clone().get_case(get(&tracking.plan.case.name)).await.unwrap().into_inner();
    region.close(&now, pb::CaseOutcome::TerugEigenSchool, "2026-11-20").await.unwrap();

    let server = &region.server;
    let due = async |person: PersonId| {
        let days = due_days(&server.app, server.founded.region, person).await.unwrap();
        days.iter().filter(|day| day.to_string() == "2027-07-31").count()
    };
    let keeper = server.person(Role::Thuiszitterscoordinator, server.founded.organisation).await.0;
    let asked = (due(*guide).await, due(tracking.plan.iber.0).await, due(keeper).await);
    assert_eq!(asked, (1, 1, 0), "who sees to the track and the school");
    let running = Some(("2027-07-31".to_owned(), String::new(), deadline::State::Running));
    assert_eq!(tracking.stands("R30").await, running);
    let held = step(step::Kind::ArrangementEvaluated, "2026-11-23");
    let evaluated = tracking.go(by, &begun, held).await.unwrap();
    assert_eq!(tracking.stands("R30").await.unwrap().2, deadline::State::Met);
    assert_eq!(due(*guide).await, 0);
    let again = tracking.back(by, &evaluated, step::Kind::ArrangementEvaluated).await.unwrap();
    assert_eq!((tracking.stands("R30").await, due(*guide).await), (running, 1));

    let applied = tracking.go(by, &placement, step(step::Kind::TlvApplied, "2026-11-23")).await.unwrap_err();
    assert_eq!(reason(&applied), "CASE_CLOSED", "all else rests");
    let anew = tracking.begin(by, tracking.track(Kind::Oza, *guide)).await.unwrap_err();
    assert_eq!(reason(&anew), "CASE_CLOSED");
    server.clock.advance(TimeDelta::days(1));
    let end = (step(step::Kind::ArrangementEnded, "2026-11-24"), Outcome::Unspecified);
    let ended = tracking.end(by, &again, end).await.unwrap();
    assert_eq!((ended.state(), ended.outcome()), (State::Closed, Outcome::Completed));
    assert_eq!((tracking.stands("R30").await, due(*guide).await), (None, 0));
}
